//! The encodings that programs undo before they open a file: percent-encoding (RFC 3986, section
//! 2.1), once or more, with Microsoft's `%uXXXX`; and UTF-8 in more bytes than a character needs,
//! which RFC 3629, section 3, forbids and old decoders take.

/// How often percent-encoding is undone: a proxy, a server and a program may each do it.
const PASSES: u8 = 3;

/// How many bytes of the value one character may take, at most: six bytes of UTF-8, each `%uXXXX`
/// whose six characters are themselves encoded, and theirs again.
pub(super) const LONGEST: usize = 6 * 6usize.pow(PASSES as u32);

/// What stands for every character outside of ASCII.
pub(super) const OTHER: u8 = 0xff;

/// Whether a byte may begin an encoded character.
#[inline]
pub(super) const fn begins(byte: u8) -> bool {
    byte == b'%' || begins_overlong(byte)
}

/// Whether a byte begins a sequence of UTF-8 that may be longer than needed.
const fn begins_overlong(byte: u8) -> bool {
    matches!(byte, 0xc0 | 0xc1 | 0xe0 | 0xf0 | 0xf8 | 0xfc)
}

/// The first character of a text and how many bytes it takes there. The text must have one.
pub(super) fn character(text: &[u8]) -> (u8, usize) {
    let (lead, mut length) = byte(text, PASSES);
    let more = match lead {
        0xc0 | 0xc1 => 1,
        0xe0 => 2,
        0xf0 => 3,
        0xf8 => 4,
        0xfc => 5,
        _ => return (lead, length),
    };
    // The bits of a character that fits one byte are in the last two bytes; decoders that take such
    // sequences do not look at the high bits of the last one, either.
    let alone = (lead, length);
    let mut before = lead;
    for place in 1..=more {
        let Some(rest) = text.get(length..).filter(|rest| !rest.is_empty()) else {
            return alone;
        };
        let (next, taken) = byte(rest, PASSES);
        length += taken;
        if place < more && next & 0xc0 != 0x80 {
            return alone;
        }
        if place < more {
            before = next;
            continue;
        }
        // What is not well-formed stands for what its bits say, where that matters in a path, or
        // the decoder skips what is wrong with it.
        let bits = u32::from(before & 0x3f & if more == 1 { 1 } else { 0x3f }) << 6 | u32::from(next & 0x3f);
        return match u8::try_from(bits) {
            Ok(ascii @ ..=0x7f) if next & 0xc0 == 0x80 || separates(ascii) => (ascii, length),
            _ if separates(next) => (next, length),
            _ => alone,
        };
    }
    alone
}

/// Whether a path is made of this character.
const fn separates(byte: u8) -> bool {
    matches!(byte, b'.' | b'/' | b'\\')
}

/// What a hexadecimal digit says.
fn digit(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(16)
}

/// The first byte of a text once percent-encoding was undone so often, and how many bytes it takes.
fn byte(text: &[u8], passes: u8) -> (u8, usize) {
    let [first, ..] = *text else { return (OTHER, 0) };
    if first != b'%' || passes == 0 {
        return (first, 1);
    }
    // Most often the two digits stand there as they are, and what they say is undone no further.
    if let [_, high, low, ..] = *text {
        if let (Some(high), Some(low)) = (digit(high), digit(low)) {
            let decoded = (high << 4 | low) as u8;
            if decoded != b'%' {
                return (decoded, 3);
            }
        }
    }
    let (before, length) = byte(text, passes - 1);
    if before != b'%' {
        return (before, length);
    }
    let mut at = length;
    let mut next = || {
        let (byte, taken) = byte(text.get(at..)?, passes - 1);
        at += taken;
        (taken > 0).then_some(byte)
    };
    let Some(high) = next() else { return (before, length) };
    if high | 0x20 == b'u' {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = next().and_then(digit) else { return (before, length) };
            code = code << 4 | digit;
        }
        return (best_fit(code), at);
    }
    let Some(high) = digit(high) else { return (before, length) };
    match next().and_then(digit) {
        Some(low) => ((high << 4 | low) as u8, at),
        None => (before, length),
    }
}

/// The character that a program of one byte a character sees: Microsoft's best-fit table of code
/// page 1252 (WindowsBestFit), for the characters that matter in a path.
fn best_fit(code: u32) -> u8 {
    match code {
        ..=0x7f => code as u8,
        // fraction slash, division slash, fullwidth solidus
        0x2044 | 0x2215 | 0xff0f => b'/',
        // set minus, fullwidth reverse solidus
        0x2216 | 0xff3c => b'\\',
        // fullwidth full stop
        0xff0e => b'.',
        // fullwidth letters and digits
        0xff01..=0xff5e => (code - 0xfee0) as u8,
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_decoded_as_often_as_programs_do_it() {
        let cases: &[(&[u8], u8)] = &[
            (b".", b'.'),
            (b"%2e", b'.'),
            (b"%2E", b'.'),
            (b"%252e", b'.'),
            (b"%25252e", b'.'),
            (b"%%32%65", b'.'),
            (b"%25%32%65", b'.'),
            (b"%u002e", b'.'),
            (b"%u2215", b'/'),
            (b"%%u0032f", b'/'),
            (b"\xc0\xae", b'.'),
            (b"%c0%af", b'/'),
            (b"%25c0%25af", b'/'),
            (b"%c1%9c", b'\\'),
            (b"%c1%1c", b'\\'),
            (b"%c0%5c", b'\\'),
            (b"%c0.", b'.'),
            (b"%e0%80%af", b'/'),
            (b"\xf0\x80\x80\xae", b'.'),
            (b"%f8%80%80%80%af", b'/'),
            (b"%fc%80%80%80%80%ae", b'.'),
            (b"%00", 0),
        ];
        for (text, expected) in cases {
            assert_eq!(character(text), (*expected, text.len()), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn what_is_not_encoded_stands_for_itself() {
        let cases: &[(&[u8], u8)] = &[
            (b"%", b'%'),
            (b"%2", b'%'),
            (b"%zz", b'%'),
            (b"% of", b'%'),
            (b"%u12", b'%'),
            (b"\xc0", 0xc0),
            (b"\xc0a", 0xc0),
            (b"\xe0\xa4\xb9", 0xe0),
            (b"\xf0\x9f\x98\x80", 0xf0),
            (b"\xc3\xa9", 0xc3),
        ];
        for (text, expected) in cases {
            assert_eq!(character(text), (*expected, 1), "{}", text.escape_ascii());
        }
    }
}
