//! Literals and comments, which have no bound on their length: each is skipped to its end, and of a string
//! is kept what it says.

use memchr::{memchr2, memchr3, memmem};

use super::super::token::{self, HASHED};
use super::super::{Start, Terminal};
use super::names::{NAME, UnicodeEscape, unicode_escape};
use super::{Lexed, Lexer, MARGIN, Mode, white};

/// Whether a line ends in a text.
fn ends_line(text: &[u8]) -> bool {
    memchr2(b'\n', b'\r', text).is_some()
        || memmem::find(text, "\u{2028}".as_bytes()).is_some()
        || memmem::find(text, "\u{2029}".as_bytes()).is_some()
}

/// The hash of a text whose escapes are decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cooked {
    pub(super) hash: u32,
    pub(super) length: u8,
}

impl Cooked {
    pub(super) const EMPTY: Cooked = Cooked { hash: token::HASH_START, length: 0 };
    /// What is known about a text that is too long, or has an escape that cannot be decoded.
    const UNKNOWN: u8 = HASHED + 1;

    fn read(&mut self, text: &[u8]) {
        if text.len() > usize::from(HASHED.saturating_sub(self.length)) {
            self.length = Self::UNKNOWN;
            return;
        }
        self.length += text.len() as u8;
        self.hash = text.iter().fold(self.hash, |hash, &byte| token::hash_step(hash, byte));
    }

    pub(super) fn read_code_point(&mut self, code_point: u32) {
        match char::from_u32(code_point) {
            Some(character) => self.read(character.encode_utf8(&mut [0; 4]).as_bytes()),
            None => self.length = Self::UNKNOWN,
        }
    }

    fn word(self) -> u32 {
        if self.length > HASHED { 0 } else { self.hash }
    }
}

impl Lexer {
    /// Reads an escape sequence of a string or template (§12.9.4), whose backslash begins the text.
    /// `None` says that it may be cut.
    fn escape(&mut self, text: &[u8], last: bool) -> Option<()> {
        if !last && text.len() < MARGIN {
            return None;
        }
        let text = &text[..text.len().min(MARGIN)];
        let mut length = 2;
        match text[1..] {
            [] => length = 1,
            [b'u', ..] => match unicode_escape(&text[1..]) {
                UnicodeEscape::CodePoint { code_point, length: escape } => {
                    length = escape + 1;
                    self.cooked.read_code_point(code_point);
                }
                _ => self.cooked.length = Cooked::UNKNOWN,
            },
            [b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                length = 4;
                let digit = |byte: u8| (byte as char).to_digit(16).unwrap_or_default();
                self.cooked.read_code_point(digit(high) * 16 + digit(low));
            }
            [b'0'..=b'7', ..] => {
                // §B.1.2, up to \377
                let longest = if text[1] < b'4' { 3 } else { 2 };
                let digits =
                    text[1..].iter().take(longest).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
                let number =
                    text[1..=digits].iter().fold(0, |number, digit| number * 8 + u32::from(digit - b'0'));
                length = digits + 1;
                self.cooked.read_code_point(number);
            }
            // a line that goes on
            [b'\r', b'\n', ..] => length = 3,
            [b'\r' | b'\n', ..] => {}
            [0xe2, 0x80, 0xa8 | 0xa9, ..] => length = 4,
            [byte, ..] => self.cooked.read(&[match byte {
                b'b' => 0x08,
                b't' => b'\t',
                b'n' => b'\n',
                b'v' => 0x0b,
                b'f' => 0x0c,
                b'r' => b'\r',
                other => other,
            }]),
        }
        self.position += length;
        Some(())
    }

    /// Skips to the end of a string (§12.9.4).
    pub(super) fn string(
        &mut self,
        start: usize,
        close: u8,
        confined: bool,
        mut rest: &[u8],
        last: bool,
    ) -> Option<Lexed> {
        loop {
            let found = memchr2(close, b'\\', rest);
            let text = &rest[..found.unwrap_or(rest.len())];
            if let Some(line) = memchr2(b'\n', b'\r', text) {
                // A string does not go on in the next line.
                self.position += line;
                return self.token(Terminal::Unknown, start, 0);
            }
            self.cooked.read(text);
            self.position += text.len();
            let Some(found) = found else {
                if !last {
                    return Some(Lexed::More);
                }
                // The program's own text closes it.
                if confined {
                    return Some(Lexed::End);
                }
                self.unclosed = Some(if close == b'"' { Start::DoubleQuoted } else { Start::SingleQuoted });
                return self.token(Terminal::String, start, 0);
            };
            if rest[found] == close {
                self.position += 1;
                return self.token(Terminal::String, start, self.cooked.word());
            }
            if confined && rest.get(found + 1) == Some(&close) {
                self.escape_matters = true;
                if self.escaped {
                    self.position += 2;
                    return self.token(Terminal::String, start, 0);
                }
            }
            let before = self.position;
            if self.escape(&rest[found..], last).is_none() {
                return Some(Lexed::More);
            }
            rest = &rest[found + self.position - before..];
        }
    }

    /// Skips to the end of a template or to its next substitution (§12.9.6).
    pub(super) fn template(
        &mut self,
        start: usize,
        continued: bool,
        confined: bool,
        mut rest: &[u8],
        last: bool,
    ) -> Option<Lexed> {
        let (ended, substituted) = if continued {
            (Terminal::TemplateTail, Terminal::TemplateMiddle)
        } else {
            (Terminal::Template, Terminal::TemplateHead)
        };
        loop {
            let found = memchr3(b'`', b'\\', b'$', rest);
            let text = &rest[..found.unwrap_or(rest.len())];
            self.cooked.read(text);
            self.position += text.len();
            let Some(found) = found else {
                if !last {
                    return Some(Lexed::More);
                }
                if confined {
                    return Some(Lexed::End);
                }
                self.unclosed = Some(Start::Template);
                return self.token(ended, start, 0);
            };
            let length = match rest[found..] {
                [b'`', ..] => {
                    self.position += 1;
                    let word = if continued { 0 } else { self.cooked.word() };
                    return self.token(ended, start, word);
                }
                [b'$', b'{', ..] => {
                    self.position += 2;
                    return self.token(substituted, start, 0);
                }
                [b'$'] if !last => return Some(Lexed::More),
                [b'$', ..] => {
                    self.cooked.read(b"$");
                    self.position += 1;
                    1
                }
                _ => {
                    let before = self.position;
                    if self.escape(&rest[found..], last).is_none() {
                        return Some(Lexed::More);
                    }
                    self.position - before
                }
            };
            rest = &rest[found + length..];
        }
    }

    /// Skips to the end of a regular expression (§12.9.5).
    pub(super) fn regular_expression(
        &mut self,
        start: usize,
        mut class: bool,
        confined: bool,
        rest: &[u8],
        last: bool,
    ) -> Option<Lexed> {
        let mut at = 0;
        while let Some(&byte) = rest.get(at) {
            match byte {
                b'\n' | b'\r' => {
                    self.position += at;
                    return self.token(Terminal::Unknown, start, 0);
                }
                b'\\' if matches!(rest.get(at + 1), Some(b'\n' | b'\r')) => {}
                b'\\' if at + 1 < rest.len() => at += 1,
                b'\\' if !last => break,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    self.position += at + 1;
                    self.mode = Mode::RegularExpressionFlags { start };
                    return None;
                }
                _ => {}
            }
            at += 1;
        }
        self.position += at;
        self.mode = Mode::RegularExpression { start, class, confined };
        match (last, confined) {
            (false, _) => Some(Lexed::More),
            (true, true) => Some(Lexed::End),
            (true, false) => {
                self.unclosed = Some(Start::RegularExpression);
                self.token(Terminal::RegularExpression, start, 0)
            }
        }
    }

    pub(super) fn flags(&mut self, start: usize, rest: &[u8], last: bool) -> Option<Lexed> {
        let length = rest.iter().take_while(|&&byte| NAME[usize::from(byte)]).count();
        self.position += length;
        if length == rest.len() && !last {
            return Some(Lexed::More);
        }
        self.token(Terminal::RegularExpression, start, 0)
    }

    pub(super) fn line_comment(
        &mut self,
        start: usize,
        confined: bool,
        rest: &[u8],
        last: bool,
    ) -> Option<Lexed> {
        let mut at = 0;
        while let Some(found) = memchr3(b'\n', b'\r', 0xe2, &rest[at..]) {
            let (length, newline) = white(&rest[at + found..]);
            if newline {
                self.position += at + found + length;
                self.newline = true;
                self.mode = Mode::Text;
                return None;
            }
            if !last && rest.len() - at - found < 3 {
                self.position += at + found;
                return Some(Lexed::More);
            }
            at += found + 1;
        }
        self.position += rest.len();
        if !last {
            return Some(Lexed::More);
        }
        if !confined {
            self.open_comment = Some(start);
            self.unclosed = Some(Start::LineComment);
        }
        Some(Lexed::End)
    }

    /// Nothing of the program is left, as behind a comment that nothing ends.
    pub(super) fn outside(&mut self, start: usize, rest: &[u8], last: bool) -> Option<Lexed> {
        self.position += rest.len();
        if !last {
            return Some(Lexed::More);
        }
        self.open_comment = Some(start);
        self.unclosed = Some(Start::LineComment);
        Some(Lexed::End)
    }

    pub(super) fn block_comment(
        &mut self,
        start: usize,
        confined: bool,
        rest: &[u8],
        last: bool,
    ) -> Option<Lexed> {
        let found = memmem::find(rest, b"*/");
        self.newline |= ends_line(&rest[..found.unwrap_or(rest.len())]);
        // A `*` or a line separator may be cut.
        let end = found.unwrap_or(if last { rest.len() } else { rest.len().saturating_sub(2) });
        self.position += end;
        if found.is_some() {
            self.position += 2;
            self.mode = Mode::Text;
            return None;
        }
        if !last {
            return Some(Lexed::More);
        }
        if !confined {
            self.open_comment = Some(start);
            self.unclosed = Some(Start::BlockComment);
        }
        Some(Lexed::End)
    }
}
