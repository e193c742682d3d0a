//! Lexemes that most tokens are and that all dialects read alike: words, numbers, the operators and
//! punctuation of one or two bytes. The fast path beside logos (`lexer.rs`), which defines them: for
//! all that it is not sure of, it answers nothing.

use super::Terminal;
use super::token;

/// A lexeme, with the white space that stands before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Plain {
    pub(super) terminal: Terminal,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Plain {
    /// The hash of a word or number, 0 otherwise.
    #[inline]
    pub(super) fn hash(&self, text: &[u8]) -> u32 {
        let text = &text[self.start..self.end];
        if matches!(text, [b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'0'..=b'9' | 0x80.., ..]) {
            token::hash(text)
        } else {
            0
        }
    }
}

/// What a lexeme may be that begins with a byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Not known here.
    Other,
    Space,
    Word,
    Number,
    /// A lexeme of one byte, whatever follows.
    Single(Terminal),
    /// One that another byte may go on.
    Sign,
}

static KINDS: [Kind; 256] = {
    let mut table = [Kind::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            0..=b' ' => Kind::Space,
            b'A'..=b'Z' | b'a'..=b'z' | b'_' | 0x80.. => Kind::Word,
            b'0'..=b'9' => Kind::Number,
            b'(' => Kind::Single(Terminal::LeftParenthesis),
            b')' => Kind::Single(Terminal::RightParenthesis),
            b']' => Kind::Single(Terminal::RightBracket),
            b'{' => Kind::Single(Terminal::LeftBrace),
            b'}' => Kind::Single(Terminal::RightBrace),
            b',' => Kind::Single(Terminal::Comma),
            b';' => Kind::Single(Terminal::Semicolon),
            b'+' => Kind::Single(Terminal::Plus),
            b'%' => Kind::Single(Terminal::Percent),
            b'=' | b'-' | b'*' | b'/' | b'<' | b'>' | b'!' | b'|' | b'&' | b'^' | b'~' | b':' | b'.'
            | b'?' | b'@' => Kind::Sign,
            _ => Kind::Other,
        };
        byte += 1;
    }
    table
};

/// The bytes of a word.
static WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_';
        byte += 1;
    }
    table
};

/// The first lexeme of running text, if it is a plain one.
#[inline]
pub(super) fn plain(text: &[u8]) -> Option<Plain> {
    let mut start = 0;
    let kind = loop {
        let kind = KINDS[usize::from(*text.get(start)?)];
        if kind != Kind::Space {
            break kind;
        }
        start += 1;
    };
    // Mostly it is a word.
    if kind == Kind::Word {
        return word(text, start);
    }
    let (terminal, end) = match kind {
        Kind::Number => return number(text, start),
        Kind::Single(terminal) => (terminal, start + 1),
        Kind::Sign => {
            let (terminal, length) = sign(&text[start..])?;
            (terminal, start + length)
        }
        Kind::Space | Kind::Word | Kind::Other => return None,
    };
    Some(Plain { terminal, start, end })
}

/// The first lexeme of running text, if it is a plain word or number.
#[inline]
pub(super) fn plain_word(text: &[u8]) -> Option<Plain> {
    let start = text.iter().position(|&byte| byte > b' ')?;
    match KINDS[usize::from(text[start])] {
        Kind::Word => word(text, start),
        Kind::Number => number(text, start),
        _ => None,
    }
}

/// How many bytes a letter outside of ASCII has; 0 for white space, and for what is not UTF-8, which
/// logos must look at.
#[inline]
fn letter(text: &[u8]) -> usize {
    match text {
        [0xc3..=0xdf, 0x80..=0xbf, ..] => 2,
        [0xe2, 0x80, 0x80..=0x8b, ..] | [0xe3, 0x80, 0x80, ..] => 0,
        [0xe0..=0xef, 0x80..=0xbf, 0x80..=0xbf, ..] => 3,
        [0xf0..=0xf4, 0x80..=0xbf, 0x80..=0xbf, 0x80..=0xbf, ..] => 4,
        _ => 0,
    }
}

/// How many bytes of a long word are looked at together.
const TOGETHER: usize = 16;

/// How many bytes of words stand at the start of a text.
#[inline]
fn ascii_word(text: &[u8]) -> usize {
    let count = |text: &[u8]| text.iter().position(|&byte| !WORD[usize::from(byte)]).unwrap_or(text.len());
    let length = count(&text[..text.len().min(TOGETHER)]);
    if length < TOGETHER { length } else { length + long_word(&text[length..], count) }
}

#[cold]
fn long_word(text: &[u8], count: impl Fn(&[u8]) -> usize) -> usize {
    let is_word =
        |byte: u8| ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10) | (byte == b'_');
    let all = |chunk: &&[u8]| chunk.iter().fold(true, |all, &byte| all & is_word(byte));
    let length = text.chunks_exact(TOGETHER).take_while(all).count() * TOGETHER;
    length + count(&text[length..])
}

/// A word of ASCII letters, digits, underscores and other letters.
#[inline]
fn word(text: &[u8], start: usize) -> Option<Plain> {
    let mut end = start;
    loop {
        end += ascii_word(&text[end..]);
        let length = match text.get(end) {
            Some(0x80..) => letter(&text[end..]),
            _ => 0,
        };
        if length == 0 {
            break;
        }
        end += length;
    }
    let goes_on = match text.get(end) {
        // `$` in a name, another letter, `u&'…'`
        Some(b'$' | b'&' | 0x80..) => true,
        // the prefix of a literal: `n'…'`, `q'…'`
        Some(b'\'') => matches!(
            &text[start..end],
            [b'n' | b'N' | b'b' | b'B' | b'x' | b'X' | b'e' | b'E' | b'q' | b'Q'] | [_, b'q' | b'Q']
        ),
        _ => false,
    };
    if goes_on || end == start {
        return None;
    }
    let terminal = token::keyword_of(&text[start..end]).unwrap_or(Terminal::Identifier);
    Some(Plain { terminal, start, end })
}

/// A number of decimal digits, without an exponent.
#[inline]
fn number(text: &[u8], start: usize) -> Option<Plain> {
    let mut end = start;
    let mut period = false;
    while let Some(&byte) = text.get(end) {
        if !byte.is_ascii_digit() && (byte != b'.' || period) {
            break;
        }
        period |= byte == b'.';
        end += 1;
    }
    // an exponent, `0x…`, `0b…`, a name that begins with digits
    if matches!(text.get(end), Some(b'e' | b'E' | b'x' | b'X' | b'b' | b'B' | b'$')) {
        return None;
    }
    Some(Plain { terminal: Terminal::Number, start, end })
}

/// An operator that more bytes may go on, and its length.
#[inline]
fn sign(text: &[u8]) -> Option<(Terminal, usize)> {
    use Terminal::*;
    let next = text.get(1).copied().unwrap_or(b' ');
    Some(match (text[0], next) {
        (b'=', b'=' | b'>') => return None,
        (b'=', _) => (Equals, 1),
        (b'-', b'-' | b'>' | b'|') => return None,
        (b'-', _) => (Minus, 1),
        (b'*', b'/') | (b'/', b'*') => return None,
        (b'*', _) => (Asterisk, 1),
        (b'/', _) => (Slash, 1),
        (b'<', b'=') if text.get(2) != Some(&b'>') => (Comparison, 2),
        (b'<', b'>') => (Comparison, 2),
        (b'<', b'=' | b'@' | b'<' | b'-') => return None,
        (b'<', _) => (Comparison, 1),
        (b'>', b'=') => (Comparison, 2),
        (b'>', b'>') => return None,
        (b'>', _) => (Comparison, 1),
        (b'!', b'=') => (Comparison, 2),
        (b'!', b'<' | b'>' | b'~' | b'!') => return None,
        (b'!', _) => (Exclamation, 1),
        (b'|', b'|') if text.get(2) != Some(&b'/') => (DoubleBar, 2),
        (b'|', b'|' | b'/' | b'>' | b'&') => return None,
        (b'|', _) => (VerticalBar, 1),
        (b'&', b'&') => (DoubleAmpersand, 2),
        (b'&', b'<' | b'>') => return None,
        (b'&', _) => (Ampersand, 1),
        (b'^', b'=') => return None,
        (b'^', _) => (Caret, 1),
        (b'~', b'=' | b'*' | b'<' | b'>' | b'~') => return None,
        (b'~', _) => (Tilde, 1),
        (b':', b':' | b'=') => return None,
        (b':', next) if WORD[usize::from(next)] => return None,
        (b':', _) => (Colon, 1),
        (b'.', b'0'..=b'9') => return None,
        (b'.', _) => (Period, 1),
        (b'?', b'|' | b'&' | b'#' | b'-') => return None,
        (b'?', _) => (Parameter, 1),
        (b'@', next) if WORD[usize::from(next)] => {
            let name = |&byte: &u8| WORD[usize::from(byte)] || matches!(byte, b'$' | b'.');
            let length = text[1..].iter().take_while(|&byte| name(byte)).count() + 1;
            if text.get(length).is_some_and(|&byte| byte >= 0x80) {
                return None;
            }
            (Variable, length)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::lexer::Lexer;
    use super::super::{Dialect, Start};
    use super::*;
    use crate::run::Lexed;

    /// What logos makes of the first lexeme, and its hash.
    fn slowly(text: &[u8], dialect: Dialect) -> Option<(Plain, u32)> {
        match Lexer::new(dialect, Start::Text).next(text, 0, true) {
            Lexed::Token(token) => {
                Some((Plain { terminal: token.terminal, start: token.start, end: token.end }, token.word))
            }
            Lexed::More | Lexed::End => None,
        }
    }

    fn check(text: &[u8]) {
        if let Some(found) = plain(text) {
            let found = Some((found, found.hash(text)));
            for &dialect in Dialect::ALL {
                assert_eq!(found, slowly(text, dialect), "{} as {dialect:?}", text.escape_ascii());
            }
        }
    }

    #[test]
    fn a_plain_lexeme_is_what_logos_reads_in_every_dialect() {
        // What every lexeme may begin with and go on with.
        let bytes: Vec<u8> =
            (b' '..0x7f).filter(|byte| !b"cdfghijklmoprstvwyz".contains(&(byte | 0x20))).collect();
        for &first in &bytes {
            for &second in &bytes {
                check(&[first, second]);
                for &third in &bytes {
                    check(&[first, second, third]);
                    check(&[first, second, third, b'1']);
                    check(&[b' ', first, second, third, b'\'']);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_are_read_as_logos_reads_them(
            text in prop::collection::vec(prop_oneof![3 => b' '..0x7f, 1 => any::<u8>()], 0..12),
        ) {
            check(&text);
        }
    }
}
