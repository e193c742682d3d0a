//! What the characters of a token mean: character references (§13.2.5.72 to §13.2.5.80), newlines
//! (§13.2.3.5) and NUL.
//!
//! No reference contains a byte that the tokenizer looks for, so it leaves them where they are, and
//! they are decoded only when somebody wants to read the text. In go the bytes of a span, out come
//! pieces of the same bytes and, between them, what the references stand for. Nothing is allocated,
//! and each byte is looked at a bounded number of times.

use memchr::memchr3;

/// How the bytes of a token are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decode {
    references: bool,
    attribute: bool,
    keep_null: bool,
    lower_case: bool,
}

impl Decode {
    const NONE: Decode = Decode { references: false, attribute: false, keep_null: false, lower_case: false };
    /// Text in the data state: references are decoded, NUL stays (§13.2.5.1).
    pub const DATA: Decode = Decode { references: true, keep_null: true, ..Decode::NONE };
    /// Text in the RCDATA state: references are decoded, NUL is U+FFFD (§13.2.5.2).
    pub const RCDATA: Decode = Decode { references: true, ..Decode::NONE };
    /// The value of an attribute: as RCDATA, but for names without a semicolon in front of `=`, a
    /// letter or a digit (§13.2.5.73).
    pub const ATTRIBUTE: Decode = Decode { references: true, attribute: true, ..Decode::NONE };
    /// Text of RAWTEXT, script data and PLAINTEXT, data of comments, identifiers of a DOCTYPE: no
    /// references, NUL is U+FFFD.
    pub const PLAIN: Decode = Decode::NONE;
    /// CDATA sections: no references, NUL stays (§13.2.5.69).
    pub const CDATA: Decode = Decode { keep_null: true, ..Decode::NONE };
    /// Names of tags, attributes and DOCTYPEs: ASCII letters in lower case, NUL is U+FFFD.
    pub const NAME: Decode = Decode { lower_case: true, ..Decode::NONE };

    /// Reads `text` so.
    pub const fn decoder(self, text: &[u8]) -> Decoder<'_> {
        Decoder { how: self, text, position: 0 }
    }
}

/// Decoded text, piece by piece.
///
/// ```
/// use syntrap::html::Decode;
///
/// let mut buffer = [0; 16];
/// let copied = Decode::DATA.decoder(b"&lt;b&#x3e &copy;").copy_to(&mut buffer);
/// assert_eq!(copied, (&b"<b> \xc2\xa9"[..], true));
/// ```
#[derive(Clone, Debug)]
pub struct Decoder<'a> {
    how: Decode,
    text: &'a [u8],
    position: usize,
}

/// Some decoded bytes, and where they come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Chunk<'a> {
    bytes: Bytes<'a>,
    /// The first of the bytes that were read for it, in the text that was given.
    pub start: usize,
    /// The byte behind the last one.
    pub end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Bytes<'a> {
    Same(&'a [u8]),
    Other([u8; LONGEST_VALUE], u8),
}

impl Chunk<'_> {
    /// The decoded bytes.
    pub fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Same(bytes) => bytes,
            Bytes::Other(bytes, length) => &bytes[..usize::from(*length)],
        }
    }

    /// Whether they stand in the text as they are.
    pub fn is_literal(&self) -> bool {
        matches!(self.bytes, Bytes::Same(_))
    }
}

impl<'a> Iterator for Decoder<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let start = self.position;
        let rest = self.text.get(start..)?;
        let &first = rest.first()?;
        let (bytes, length) = match self.special(rest, first) {
            Some((value, length)) => (Bytes::Other(value.bytes, value.length), length),
            None => {
                // The first byte stands for itself, though it may look special.
                let length = 1 + self.literal(&rest[1..]);
                (Bytes::Same(&rest[..length]), length)
            }
        };
        self.position += length;
        Some(Chunk { bytes, start, end: self.position })
    }
}

impl<'a> Decoder<'a> {
    /// How many bytes stand for themselves for certain.
    fn literal(&self, text: &[u8]) -> usize {
        if self.how.lower_case {
            let other = |byte: &u8| matches!(byte, 0 | b'\r' | b'A'..=b'Z');
            return text.iter().position(other).unwrap_or(text.len());
        }
        let ampersand = if self.how.references { b'&' } else { b'\r' };
        let null = if self.how.keep_null { b'\r' } else { 0 };
        memchr3(ampersand, null, b'\r', text).unwrap_or(text.len())
    }

    /// What the first byte, or a reference that it begins, stands for, and how long that is; `None`
    /// where the byte stands for itself.
    fn special(&self, rest: &[u8], first: u8) -> Option<(Value, usize)> {
        match first {
            b'&' if self.how.references => {
                reference(&rest[1..], self.how.attribute).map(|(value, length)| (value, 1 + length))
            }
            b'\r' => Some((Value::of(u32::from(b'\n')), 1 + usize::from(rest.get(1) == Some(&b'\n')))),
            0 if !self.how.keep_null => Some((Value::of(REPLACEMENT), 1)),
            b'A'..=b'Z' if self.how.lower_case => Some((Value::of(u32::from(first | 0x20)), 1)),
            _ => None,
        }
    }

    /// Copies as much as fits, and says whether that is all.
    pub fn copy_to(self, buffer: &mut [u8]) -> (&[u8], bool) {
        let mut filled = 0;
        let mut whole = true;
        for chunk in self {
            let bytes = chunk.bytes();
            let length = bytes.len().min(buffer.len() - filled);
            buffer[filled..filled + length].copy_from_slice(&bytes[..length]);
            filled += length;
            if length < bytes.len() {
                whole = false;
                break;
            }
        }
        (&buffer[..filled], whole)
    }

    /// The decoded bytes one by one.
    pub fn bytes(self) -> impl Iterator<Item = u8> + use<'a> {
        let mut chunks = self;
        let mut current = None;
        let mut next = 0;
        std::iter::from_fn(move || {
            loop {
                if let Some(&byte) = current.as_ref().and_then(|chunk: &Chunk<'a>| chunk.bytes().get(next)) {
                    next += 1;
                    return Some(byte);
                }
                current = Some(chunks.next()?);
                next = 0;
            }
        })
    }

    /// Whether the decoded bytes are these, ASCII letters being the same in either case.
    pub fn eq_ignore_ascii_case(self, other: &[u8]) -> bool {
        let mut rest = other;
        for chunk in self {
            let Some((same, behind)) = rest.split_at_checked(chunk.bytes().len()) else {
                return false;
            };
            if !same.eq_ignore_ascii_case(chunk.bytes()) {
                return false;
            }
            rest = behind;
        }
        rest.is_empty()
    }
}

/// U+FFFD REPLACEMENT CHARACTER.
const REPLACEMENT: u32 = 0xfffd;

/// The longest text that a reference stands for, in bytes of UTF-8.
const LONGEST_VALUE: usize = 6;

/// What a reference stands for, in UTF-8.
#[derive(Clone, Copy)]
struct Value {
    bytes: [u8; LONGEST_VALUE],
    length: u8,
}

impl Value {
    fn of(code_point: u32) -> Value {
        let mut value = Value { bytes: [0; LONGEST_VALUE], length: 0 };
        value.push(code_point);
        value
    }

    fn push(&mut self, code_point: u32) {
        let character = char::from_u32(code_point).unwrap_or(char::REPLACEMENT_CHARACTER);
        let mut buffer = [0; 4];
        for &byte in character.encode_utf8(&mut buffer).as_bytes() {
            if let Some(place) = self.bytes.get_mut(usize::from(self.length)) {
                *place = byte;
                self.length += 1;
            }
        }
    }
}

/// The reference that stands behind an ampersand, and its length: the character reference state.
fn reference(text: &[u8], attribute: bool) -> Option<(Value, usize)> {
    match text.first()? {
        b'#' => numeric(&text[1..]).map(|(value, length)| (value, 1 + length)),
        byte if byte.is_ascii_alphanumeric() => named(text, attribute),
        _ => None,
    }
}

/// The named character reference state (§13.2.5.73): the longest name in the table.
fn named(text: &[u8], attribute: bool) -> Option<(Value, usize)> {
    // A name is letters and digits; a semicolon can only be its last character.
    let window = &text[..text.len().min(LONGEST_NAME)];
    let letters = window.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(window.len());
    if window.get(letters) == Some(&b';') {
        if let Some(value) = NAMED.get(&window[..=letters]) {
            return Some((value, letters + 1));
        }
    }
    let length =
        (1..=letters.min(LONGEST_OPEN_NAME)).rev().find(|&length| NAMED.find(&window[..length]).is_some())?;
    if attribute && matches!(text.get(length), Some(b'=' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')) {
        return None;
    }
    Some((NAMED.get(&window[..length])?, length))
}

/// The numeric character reference states (§13.2.5.75 to §13.2.5.80).
fn numeric(text: &[u8]) -> Option<(Value, usize)> {
    let (radix, prefix) = match text.first() {
        Some(b'x' | b'X') => (16, 1),
        _ => (10, 0),
    };
    let mut code_point = 0_u32;
    let mut length = prefix;
    while let Some(digit) = text.get(length).and_then(|&byte| char::from(byte).to_digit(radix)) {
        code_point = code_point.saturating_mul(radix).saturating_add(digit);
        length += 1;
    }
    if length == prefix {
        return None;
    }
    let semicolon = usize::from(text.get(length) == Some(&b';'));
    Some((Value::of(replaced(code_point)), length + semicolon))
}

/// The numeric character reference end state (§13.2.5.80). What is beyond Unicode or a surrogate
/// becomes U+FFFD in [`Value::push`].
fn replaced(code_point: u32) -> u32 {
    match code_point {
        0 => REPLACEMENT,
        0x80..=0x9f => u32::from(WINDOWS_1252[code_point as usize - 0x80]),
        _ => code_point,
    }
}

/// The characters that windows-1252 has in place of the C1 controls (the table of §13.2.5.80).
const WINDOWS_1252: [u16; 32] = [
    0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d,
    0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a,
    0x153, 0x9d, 0x17e, 0x178,
];

/// The longest name, its semicolon included, and the longest that may stand without one.
const LONGEST_NAME: usize = 32;
const LONGEST_OPEN_NAME: usize = 6;

/// The table of §13.5, as text.
static TABLE: &[u8] = include_bytes!("references.tsv");

static NAMED: Named = Named::read(TABLE);

const NAMES: usize = 2231;
const SLOTS: usize = 8192;

/// An open-addressing table of the lines of [`TABLE`].
struct Named {
    slots: [Line; SLOTS],
}

/// Where a name stands in [`TABLE`]; without a length there is none.
#[derive(Clone, Copy)]
struct Line {
    start: u16,
    length: u8,
}

impl Named {
    #[allow(long_running_const_eval, reason = "reads 33 KB once, when the crate is compiled")]
    const fn read(table: &[u8]) -> Named {
        assert!(table.len() <= u16::MAX as usize);
        let mut slots = [Line { start: 0, length: 0 }; SLOTS];
        let mut names = 0;
        let mut i = 0;
        while i < table.len() {
            let start = i;
            while table[i] != b'\t' && table[i] != b'\n' {
                i += 1;
            }
            if table[start] != b'#' {
                assert!(i - start <= LONGEST_NAME);
                assert!(table[i - 1] == b';' || i - start <= LONGEST_OPEN_NAME);
                let name = table.split_at(i).0.split_at(start).1;
                let mut slot = slot(name);
                while slots[slot].length != 0 {
                    slot = (slot + 1) % SLOTS;
                }
                slots[slot] = Line { start: start as u16, length: (i - start) as u8 };
                names += 1;
            }
            while table[i] != b'\n' {
                i += 1;
            }
            i += 1;
        }
        assert!(names == NAMES);
        Named { slots }
    }

    fn find(&self, name: &[u8]) -> Option<Line> {
        let mut slot = slot(name);
        loop {
            let line = self.slots[slot];
            if line.length == 0 {
                return None;
            }
            let start = usize::from(line.start);
            if TABLE[start..start + usize::from(line.length)] == *name {
                return Some(line);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    fn get(&self, name: &[u8]) -> Option<Value> {
        let line = self.find(name)?;
        let behind = &TABLE[usize::from(line.start) + usize::from(line.length) + 1..];
        let mut value = Value { bytes: [0; LONGEST_VALUE], length: 0 };
        let mut code_point = 0;
        for &byte in behind {
            match char::from(byte).to_digit(16) {
                Some(digit) => code_point = code_point * 16 + digit,
                None => {
                    value.push(std::mem::take(&mut code_point));
                    if byte == b'\n' {
                        break;
                    }
                }
            }
        }
        Some(value)
    }
}

/// The slot of a name: FNV-1a, its low bits mixed with the high ones.
const fn slot(name: &[u8]) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    let mut i = 0;
    while i < name.len() {
        hash = (hash ^ name[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    (hash ^ hash >> 16) as usize % SLOTS
}
