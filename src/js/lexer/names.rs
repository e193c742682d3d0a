//! Names (§12.7): of ASCII's letters, of Unicode's, and of the escape sequences that stand for either.

use super::super::Terminal;
use super::super::token::{self, HASHED};
use super::literals::Cooked;
use super::{Lexed, Lexer, MARGIN, Mode};

/// The letters of ASCII that a name may have (§12.7).
pub(in crate::js) static NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'_' | b'$');
        byte += 1;
    }
    table
};

/// How many bytes the letter outside of ASCII at the start of a text has, 0 for what no name has:
/// white space, and the blocks of punctuation, symbols and emoji. The rest of Unicode is taken for
/// letters, and so are bytes that are no UTF-8, for in another encoding they are.
#[inline]
fn wide_letter(text: &[u8]) -> usize {
    pub(super) const NONE: usize = 0;
    match text {
        [0xc2, 0xaa | 0xb5 | 0xba, ..] => 2,
        [0xc2, 0x80..=0xbf, ..] | [0xc3, 0x97 | 0xb7, ..] => NONE,
        [0xc3..=0xdf, 0x80..=0xbf, ..] => 2,
        // U+2000 to U+206F: joiners and ties belong to names, the rest is punctuation
        [0xe2, 0x80, 0x8c | 0x8d | 0xbf, ..] | [0xe2, 0x81, 0x80 | 0x94 | 0xb1 | 0xbf, ..] => 3,
        [0xe2, 0x80 | 0x81, 0x80..=0xbf, ..] => NONE,
        // U+2190 to U+2BFF: arrows, mathematics, boxes, dingbats
        [0xe2, 0x86, 0x90..=0xbf, ..] | [0xe2, 0x87..=0xaf, 0x80..=0xbf, ..] => NONE,
        [0xe1, 0x9a, 0x80, ..] | [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbc, 0x80..=0x8f, ..] => NONE,
        [0xe3, 0x80, 0x85..=0x87 | 0xa1..=0xa9 | 0xb1..=0xb5 | 0xb8..=0xbc, ..] => 3,
        [0xe3, 0x80, 0x80..=0xbf, ..] => NONE,
        [0xe0..=0xef, 0x80..=0xbf, 0x80..=0xbf, ..] => 3,
        // U+1F000 to U+1FFFF: emoji
        [0xf0, 0x9f, 0x80..=0xbf, 0x80..=0xbf, ..] => NONE,
        [0xf0..=0xf4, 0x80..=0xbf, 0x80..=0xbf, 0x80..=0xbf, ..] => 4,
        [0xa0, ..] => NONE,
        [0x80..=0xff, ..] => 1,
        _ => NONE,
    }
}

/// A Unicode escape sequence (§12.7), from the `u` on.
pub(super) enum UnicodeEscape {
    CodePoint {
        code_point: u32,
        length: usize,
    },
    /// So many digits that nobody reads them, with no end so far.
    Long {
        length: usize,
    },
    Malformed,
}

/// The escape `u0061` or `u{61}` at the start of a text.
pub(super) fn unicode_escape(text: &[u8]) -> UnicodeEscape {
    let braced = text.get(1) == Some(&b'{');
    let first = if braced { 2 } else { 1 };
    let longest = if braced { usize::from(HASHED) } else { 4 };
    let digits = text.iter().skip(first).take(longest).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let code_point = || {
        text[first..first + digits].iter().fold(0u32, |number, &byte| {
            number.saturating_mul(16).saturating_add((byte as char).to_digit(16).unwrap_or_default())
        })
    };
    let length = first + digits;
    match text.get(length) {
        _ if text.first() != Some(&b'u') || digits == 0 => UnicodeEscape::Malformed,
        _ if !braced && digits == 4 => UnicodeEscape::CodePoint { code_point: code_point(), length },
        Some(b'}') if braced => UnicodeEscape::CodePoint { code_point: code_point(), length: length + 1 },
        _ if digits == usize::from(HASHED) => UnicodeEscape::Long { length },
        _ => UnicodeEscape::Malformed,
    }
}

impl Lexer {
    /// A name behind the first `from` bytes of the piece.
    pub(super) fn name(&mut self, terminal: Terminal, from: usize, rest: &[u8], last: bool) -> Option<Lexed> {
        let start = self.position - self.elided;
        let mut end = from;
        let mut hash = token::HASH_START;
        let mut escaped = false;
        // A digit begins no private name, and ended the text before an ordinary one.
        let most = if rest.get(from).is_some_and(u8::is_ascii_digit) { from } else { MARGIN };
        while end < most {
            let letters = rest[end..].iter().take(most - end).take_while(|byte| NAME[usize::from(**byte)]);
            (hash, end) =
                letters.fold((hash, end), |(hash, end), &byte| (token::hash_step(hash, byte), end + 1));
            let byte = match rest.get(end) {
                Some(&byte) if end < most => byte,
                _ => break,
            };
            if byte == b'\\' {
                let (code_point, length) = match unicode_escape(&rest[end + 1..]) {
                    UnicodeEscape::CodePoint { code_point, length } => (code_point, length),
                    UnicodeEscape::Long { length } => {
                        self.elided = 0;
                        self.position += end + 1 + length;
                        self.mode = Mode::LongName { terminal, start, escape: true };
                        return None;
                    }
                    UnicodeEscape::Malformed => break,
                };
                escaped = true;
                let mut cooked = Cooked { hash, length: 0 };
                cooked.read_code_point(code_point);
                hash = cooked.hash;
                end += length + 1;
                continue;
            }
            let length = match byte {
                // cut
                0x80.. if !last && rest.len() - end < 4 => 0,
                0x80.. => wide_letter(&rest[end..]),
                _ => 0,
            };
            if length == 0 {
                break;
            }
            hash = rest[end..end + length].iter().fold(hash, |hash, &byte| token::hash_step(hash, byte));
            end += length;
        }
        if end >= MARGIN {
            // Longer than any that matters.
            self.elided = 0;
            self.position += end;
            self.mode = Mode::LongName { terminal, start, escape: false };
            return None;
        }
        // The name, a letter or an escape may go on in the next piece.
        let left = rest.len() - end;
        if !last && (left < 4 || (rest[end] == b'\\' && left < MARGIN)) {
            return Some(Lexed::More);
        }
        self.elided = 0;
        if end == from {
            // White space that is cut is no name; a byte that begins none is a token of its own.
            self.position += 1;
            return self.token(Terminal::Unknown, start, 0);
        }
        self.position += end;
        let mut terminal = terminal;
        if terminal == Terminal::Identifier && !escaped {
            terminal = token::keyword(&rest[..end], hash).unwrap_or(terminal);
        }
        self.token(terminal, start, if end - from > usize::from(HASHED) { 0 } else { hash })
    }

    /// The rest of a name whose text does not matter.
    pub(super) fn long_name(
        &mut self,
        terminal: Terminal,
        start: usize,
        mut escape: bool,
        rest: &[u8],
        last: bool,
    ) -> Option<Lexed> {
        let mut end = 0;
        while let Some(&byte) = rest.get(end) {
            // Whether the digits of an escape are there was not looked at: a name that has one
            // behind this many bytes is no keyword, whatever they say.
            if escape {
                escape = byte.is_ascii_hexdigit() || matches!(byte, b'u' | b'{');
                if escape || byte == b'}' {
                    end += 1;
                    continue;
                }
            }
            let length = match byte {
                b'\\' => {
                    escape = true;
                    1
                }
                _ if NAME[usize::from(byte)] => 1,
                0x80.. if rest.len() - end < 4 && !last => break,
                0x80.. => wide_letter(&rest[end..]),
                _ => 0,
            };
            if length == 0 {
                break;
            }
            end += length;
        }
        self.position += end;
        if !last && rest.len() - end < 4 {
            self.mode = Mode::LongName { terminal, start, escape };
            return Some(Lexed::More);
        }
        self.token(terminal, start, 0)
    }
}
