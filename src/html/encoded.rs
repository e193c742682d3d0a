//! Encodings that a program undoes before it writes a value into a page: percent-encoding (URL standard,
//! §1.3), the escapes of strings in JavaScript and JSON (ECMA-262 §12.9.4, RFC 8259 §7), characters that
//! stand for those of ASCII in other sets (Unicode, compatibility decompositions and case mappings), and
//! the borders of CDATA sections, which are nothing in the text of XML (XML 1.0, §2.7).

use smallvec::SmallVec;

use crate::screen::has_pair;

/// The longest encoding of a character, in bytes.
const LONGEST: usize = 10;

/// How much is decoded at once, in bytes.
const AT_ONCE: usize = 4096;

/// The text that is encoded in another one, as it comes.
#[derive(Clone, Debug, Default)]
pub(super) struct Decoding {
    /// What was decoded and is still wanted.
    pub(super) text: Vec<u8>,
    /// Where it begins in the decoded text.
    pub(super) base: usize,
    /// How much of the encoded text was taken.
    pub(super) taken: usize,
}

impl Decoding {
    /// Decodes more.
    pub(super) fn fill(&mut self, encoded: &[u8], last: bool) {
        let (piece, last) = match encoded.get(..AT_ONCE) {
            Some(piece) if piece.len() < encoded.len() => (piece, false),
            _ => (encoded, last),
        };
        self.taken += decode(piece, last, |text| self.text.extend_from_slice(text));
    }

    /// What stands before this place in the decoded text is not wanted any more.
    pub(super) fn forget(&mut self, before: usize) {
        let read = before.saturating_sub(self.base).min(self.text.len());
        self.text.drain(..read);
        self.base += read;
    }
}

/// A whole text without its encodings, if it has some.
pub(super) fn decoded(encoded: &[u8]) -> Option<SmallVec<[u8; super::INLINE]>> {
    let mut encodings = (0..encoded.len()).filter(|&at| begins(encoded[at]));
    encodings.find(|&at| !matches!(character(&encoded[at..]).0, Character::Itself))?;
    let mut text = SmallVec::new();
    decode(encoded, true, |piece| text.extend_from_slice(piece));
    Some(text)
}

/// Whether a value may have markup that is encoded, in whole or in part.
pub(super) fn may_hide(input: &[u8], less_than: bool) -> bool {
    // Where no `<` is written as it is, one is encoded: `%3c`, `\x3c`, `\u003c`, `\74`, U+FF1C.
    let starts = |first: u8, second: u8| {
        ((first == b'%') & (second == b'3'))
            | ((first == b'\\') & ((second == b'x') | (second == b'u') | (second & 0xf8 == b'0')))
            | ((first == 0xbc) & (second == 0x9c))
    };
    let third = |first: u8, second: u8| (first == b'3') & (second | 0x20 == b'c');
    let any = |first: u8, second: u8| {
        (first == b'%')
            | (first == b'\\')
            | ((first == b'<') & (second == b'!'))
            | ((first == b']') & (second == b']'))
            | ((first == 0xef) & ((second == 0xbc) | (second == 0xbd)))
            | ((first == 0xc5) & (second == 0xbf))
            | ((first == 0xe2) & (second == 0x84))
            | ((first == 0xca) & (second == 0xba))
    };
    let hides = match less_than {
        true => has_pair(input, any),
        false => {
            has_pair(input, starts)
                && (has_pair(input, third) || has_pair(input, |first, _| (first == b'\\') | (first == 0xbc)))
        }
    };
    if !hides {
        return false;
    }
    let mut rest = input;
    while let Some(at) = rest.iter().position(|&byte| begins(byte)) {
        rest = &rest[at..];
        let (character, length) = character(rest);
        match character {
            Character::Itself => {}
            Character::Byte(b'<') => return true,
            _ if less_than => return true,
            _ => {}
        }
        rest = &rest[length..];
    }
    false
}

/// Whether an encoding may begin with a byte.
fn begins(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'<' | b']' | 0xc5 | 0xca | 0xe2 | 0xef)
}

/// Decodes a text; answers how much of it was read. What the end of a text that is not the last one cuts
/// is left.
fn decode(encoded: &[u8], last: bool, mut give: impl FnMut(&[u8])) -> usize {
    let mut at = 0;
    while at < encoded.len() {
        let rest = &encoded[at..];
        let plain = rest.iter().position(|&byte| begins(byte)).unwrap_or(rest.len());
        if plain > 0 {
            give(&rest[..plain]);
            at += plain;
            continue;
        }
        if rest.len() < LONGEST && !last {
            break;
        }
        let (character, length) = character(rest);
        match character {
            Character::Itself => give(&rest[..length]),
            Character::Byte(byte) => give(&[byte]),
            Character::Wide(character) => give(character.encode_utf8(&mut [0; 4]).as_bytes()),
            Character::Nothing => {}
        }
        at += length;
    }
    at
}

/// What stands for itself or for something else.
enum Character {
    Itself,
    Byte(u8),
    Wide(char),
    Nothing,
}

/// The character at the start of a text that is not empty, and its length.
fn character(text: &[u8]) -> (Character, usize) {
    let digit = |at: usize| text.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let number = |from: usize, count: usize| {
        (from..from + count).try_fold(0, |number, at| digit(at).map(|digit| number * 16 + digit))
    };
    let of = |number: u32| match u8::try_from(number) {
        Ok(byte) if byte.is_ascii() => Character::Byte(byte),
        _ => char::from_u32(number).map_or(Character::Nothing, Character::Wide),
    };
    let found = match text {
        [b'%', ..] => number(1, 2).map(|number| (Character::Byte(number as u8), 3)),
        [b'\\', b'x', ..] => number(2, 2).map(|number| (of(number), 4)),
        [b'\\', b'u', b'{', ..] => {
            let digits = (3..9).take_while(|&at| digit(at).is_some()).count();
            let closed = digits > 0 && text.get(3 + digits) == Some(&b'}');
            number(3, digits).filter(|_| closed).map(|number| (of(number), 4 + digits))
        }
        [b'\\', b'u', ..] => number(2, 4).map(|number| (of(number), 6)),
        [b'\\', b'0'..=b'7', ..] => {
            let octal = text[1..].iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
            let number = octal.clone().fold(0, |number, byte| number * 8 + u32::from(byte - b'0'));
            Some((of(number), 1 + octal.count()))
        }
        [b'\\', b'n' | b'r' | b't', ..] => Some((Character::Byte(b' '), 2)),
        [b'\\', byte @ (b'/' | b'"' | b'\''), ..] => Some((Character::Byte(*byte), 2)),
        // What stands behind the second one is not escaped.
        [b'\\', b'\\', ..] => Some((Character::Itself, 2)),
        [b'<', ..] if text.starts_with(b"<![CDATA[") => Some((Character::Nothing, 9)),
        [b']', b']', b'>', ..] => Some((Character::Nothing, 3)),
        // U+FF01 to U+FF5E, full-width forms; the long s and the Kelvin sign, which are letters of ASCII in
        // upper or lower case; a modifier letter that becomes a quote
        [0xef, 0xbc, byte @ 0x81..=0xbf, ..] => Some((Character::Byte(byte - 0x60), 3)),
        [0xef, 0xbd, byte @ 0x80..=0x9e, ..] => Some((Character::Byte(byte - 0x20), 3)),
        [0xc5, 0xbf, ..] => Some((Character::Byte(b's'), 2)),
        [0xe2, 0x84, 0xaa, ..] => Some((Character::Byte(b'k'), 3)),
        [0xca, 0xba, ..] => Some((Character::Byte(b'"'), 2)),
        _ => None,
    };
    found.unwrap_or((Character::Itself, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_once_and_the_rest_is_left() {
        let rows: &[(&str, &str)] = &[
            ("%3cb%3E", "<b>"),
            ("%253c", "%3c"),
            ("100% %zz %", "100% %zz %"),
            (r"\x3cb\u003e\u{3c}i\76", "<b><i>"),
            (r"\x3 \u00 \u{} \q", r"\x3 \u00 \u{} \q"),
            (r#"<\/b \"x\" \\n"#, r#"</b "x" \\n"#),
            ("a\\0b", "a\0b"),
            ("\u{ff1c}\u{ff42}\u{ff1e} \u{17f}\u{212a}", "<b> sk"),
            ("<![CDATA[<]]>b", "<b"),
            ("é ]] <!-- x", "é ]] <!-- x"),
        ];
        for (encoded, text) in rows {
            let whole = decoded(encoded.as_bytes());
            assert_eq!(whole.as_deref().unwrap_or(encoded.as_bytes()), text.as_bytes(), "{encoded}");
            for cut in 0..encoded.len() {
                let mut decoding = Decoding::default();
                decoding.fill(&encoded.as_bytes()[..cut], false);
                decoding.fill(&encoded.as_bytes()[decoding.taken..], true);
                assert_eq!(decoding.text, text.as_bytes(), "{encoded} at {cut}");
            }
        }
    }
}
