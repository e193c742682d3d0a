//! Reads values one at a time: splits the input into records and undoes their escapes.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

/// How values are written in the input.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Format {
    /// A record ends with NUL. Otherwise it ends with LF or CR LF.
    pub null: bool,
    /// `\\`, `\n`, `\r`, `\t`, `\0` and `\xHH` stand for bytes.
    pub escaped: bool,
}

impl Format {
    /// Records that are written as the labelled corpora are.
    pub const CORPUS: Format = Format { null: false, escaped: true };

    /// The value of a record.
    pub fn decode(self, record: &[u8]) -> Result<Cow<'_, [u8]>, BadEscape> {
        if !self.escaped || memchr::memchr(b'\\', record).is_none() {
            return Ok(Cow::Borrowed(record));
        }
        let mut value = Vec::with_capacity(record.len());
        let mut at = 0;
        while at < record.len() {
            let (byte, length) = unescape(&record[at..]).ok_or_else(|| BadEscape::at(record, at))?;
            value.push(byte);
            at += length;
        }
        Ok(Cow::Owned(value))
    }

    /// How much of the beginning of a record can be decoded without the rest: no escape and no
    /// line end is cut.
    fn complete(self, piece: &[u8]) -> usize {
        let mut at = 0;
        while self.escaped && at < piece.len() {
            match unescape(&piece[at..]) {
                Some((_, length)) => at += length,
                // perhaps only cut; if not, it is found malformed with the next piece
                None if piece.len() - at < 4 => return at,
                None => break,
            }
        }
        piece.len() - usize::from(!self.null && piece.ends_with(b"\r"))
    }

    /// Where in a record, which must be well-formed, the byte of its value at `index` is written.
    pub fn position(self, record: &[u8], index: usize) -> usize {
        if !self.escaped {
            return index;
        }
        (0..index).fold(0, |at, _| at + unescape(&record[at..]).map_or(1, |(_, length)| length))
    }
}

/// The first byte of what an escaped text stands for, and the length of what stands for it.
fn unescape(text: &[u8]) -> Option<(u8, usize)> {
    Some(match text {
        [b'\\', b'\\', ..] => (b'\\', 2),
        [b'\\', b'n', ..] => (b'\n', 2),
        [b'\\', b'r', ..] => (b'\r', 2),
        [b'\\', b't', ..] => (b'\t', 2),
        [b'\\', b'0', ..] => (0, 2),
        [b'\\', b'x', high, low, ..] => {
            let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
            (digit(*high)? << 4 | digit(*low)?, 4)
        }
        [b'\\', ..] | [] => return None,
        [byte, ..] => (*byte, 1),
    })
}

/// A backslash that begins no known escape.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadEscape {
    column: usize,
    text: String,
}

impl BadEscape {
    fn at(record: &[u8], at: usize) -> BadEscape {
        let length = if record.get(at + 1) == Some(&b'x') { 4 } else { 2 };
        let text = &record[at..record.len().min(at + length)];
        // only the backslash itself would read as an escape of its own
        let text = format!("\\{}", crate::output::escape(&text[1..]));
        BadEscape { column: at + 1, text }
    }
}

impl fmt::Display for BadEscape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "malformed escape `{}` at byte {}; known are \\\\ \\n \\r \\t \\0 \\xHH",
            self.text, self.column
        )
    }
}

/// How much of a record is in memory at once, unless a reader wants records whole. Values are
/// rarely as long; one that is may reach the detector's limit for a token in a stream.
const PIECE: usize = 1 << 20;

/// The records of an input. A long one comes in pieces, so that memory holds one piece at a time.
pub struct Records<R> {
    reader: BufReader<R>,
    format: Format,
    /// How long a piece may be.
    limit: usize,
    piece: Vec<u8>,
    /// How much of the record stands before the piece.
    start: usize,
    /// What was read behind the piece and belongs to the next one of the same record.
    held: Vec<u8>,
    /// Whether the record goes on behind the piece.
    cut: bool,
    line: u64,
    /// The first byte of the record in the input.
    offset: u64,
    /// The first byte that was not read yet.
    next: u64,
}

impl<R: Read> Records<R> {
    pub fn new(input: R, format: Format) -> Self {
        Records {
            reader: BufReader::with_capacity(1 << 16, input),
            format,
            limit: PIECE,
            piece: Vec::new(),
            start: 0,
            held: Vec::new(),
            cut: false,
            line: 0,
            offset: 0,
            next: 0,
        }
    }

    /// Records that come whole, however long.
    pub fn whole(input: R, format: Format) -> Self {
        Records { limit: usize::MAX, ..Records::new(input, format) }
    }

    /// Whether the next record is not in memory yet, so that asking for it may wait.
    pub fn would_read(&self) -> bool {
        memchr::memchr(self.separator(), self.reader.buffer()).is_none()
    }

    /// Goes to the next record, if there is one. The last one needs no end.
    pub fn advance(&mut self) -> io::Result<bool> {
        while self.cut {
            self.next_piece()?;
        }
        let offset = self.next;
        self.piece.clear();
        self.next_piece()?;
        self.start = 0;
        let found = self.next > offset;
        if found {
            self.line += 1;
            self.offset = offset;
        }
        Ok(found)
    }

    /// Goes to the next piece of the record.
    pub fn next_piece(&mut self) -> io::Result<()> {
        self.start += self.piece.len();
        std::mem::swap(&mut self.piece, &mut self.held);
        self.held.clear();
        let separator = self.separator();
        let limit = self.limit as u64;
        let mut input = (&mut self.reader).take(limit);
        let read = input.read_until(separator, &mut self.piece)? as u64;
        self.next += read;
        let ended = self.piece.ends_with(&[separator]);
        self.cut = read == limit && !ended;
        if self.cut {
            let complete = self.format.complete(&self.piece);
            self.held.extend_from_slice(&self.piece[complete..]);
            self.piece.truncate(complete);
        } else if ended {
            self.piece.pop();
            if !self.format.null && self.piece.ends_with(b"\r") {
                self.piece.pop();
            }
        }
        Ok(())
    }

    /// The piece, as it is written.
    pub fn piece(&self) -> &[u8] {
        &self.piece
    }

    /// What the piece stands for.
    pub fn value(&self) -> Result<Cow<'_, [u8]>, BadEscape> {
        self.format.decode(&self.piece).map_err(|mut error| {
            error.column += self.start;
            error
        })
    }

    /// Whether the record goes on behind the piece.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// The record's number in the input, from 1; the line's number unless records end with NUL.
    /// 0 before the first record.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Where the record begins in the input, in bytes.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    fn separator(&self) -> u8 {
        if self.format.null { 0 } else { b'\n' }
    }
}
