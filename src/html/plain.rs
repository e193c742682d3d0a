//! A look at the markup of a value before any lane reads it: most of what people write changes how
//! text looks and does nothing else. Never says so where some lane finds more: it looks at every `<`
//! and every `=`, whatever stands around them.

use super::Element;
use super::attributes::{self, Class, LONGEST};
use super::effects::is_ornament;
use super::element::Name;
use super::source::acts_as;
use crate::screen::Marks;

/// How far a scheme may reach into a URL, in bytes.
const SCHEME: usize = 64;

/// How much of a value is looked at, in bytes: so much at each `=` takes linear time.
const LOOK: usize = 256;

/// Whether nothing in the markup of a value acts, wherever the value lands.
pub(super) fn is_plain(input: &[u8], marks: Marks) -> bool {
    // NUL is nothing to the lenient reader.
    if marks.contains(Marks::NULL) {
        return false;
    }
    let mut unknown = false;
    for at in memchr::memchr_iter(b'<', input) {
        match tag(&input[at + 1..], marks) {
            Tag::Acts => return false,
            Tag::Unknown => unknown = true,
            Tag::Plain => {}
        }
    }
    if !marks.contains(Marks::EQUALS) {
        return true;
    }
    // What is written as a reference is markup, or a name, in a value that is read as a document.
    let hides = |at: usize| {
        let reference = &input[at + 1..];
        reference.first() == Some(&b'#') || begins(reference, b"lt") || begins(reference, b"eq")
    };
    memchr::memchr_iter(b'=', input).all(|at| is_plain_attribute(input, at, unknown))
        && !memchr::memchr_iter(b'&', input).any(hides)
}

/// What begins with a `<`.
enum Tag {
    Plain,
    /// An element that nobody defines, which may load something.
    Unknown,
    Acts,
}

fn tag(rest: &[u8], marks: Marks) -> Tag {
    let acts = match rest {
        [b'a'..=b'z' | b'A'..=b'Z', ..] => return element(rest),
        // Text before the end of a script is one, wherever it began.
        [b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => begins(&rest[1..], b"script"),
        [b'/', b'?', ..] => true,
        // A comment that is an instruction, the declaration of an entity, a DOCTYPE of XML or one with an
        // internal subset
        [b'?', ..] => begins(rest, b"?xml-") || begins(rest, b"?im"),
        [b'!', rest @ ..] => match rest.iter().find(|&&byte| byte != b'-') {
            Some(b'?' | b'[' | b'e' | b'E') => true,
            Some(b'd' | b'D') => marks.contains(Marks::LEFT_BRACKET) || !is_html_doctype(rest),
            _ => false,
        },
        _ => false,
    };
    if acts { Tag::Acts } else { Tag::Plain }
}

/// Whether a DOCTYPE names HTML.
fn is_html_doctype(declaration: &[u8]) -> bool {
    let Some(name) = declaration.get(7..).map(<[u8]>::trim_ascii_start) else { return false };
    begins(name, b"html") && name.get(4).is_none_or(|&byte| ends_name(byte))
}

/// What begins with the name of an element. Where a browser's name goes on behind a byte that ends the
/// lenient reader's, it is none that is known, and neither is one that is longer than the longest.
fn element(rest: &[u8]) -> Tag {
    let rest = &rest[..rest.len().min(LONGEST + 1)];
    let end = rest.iter().position(|&byte| !is_name(byte)).unwrap_or(rest.len());
    let whole = &rest[..rest.iter().position(|&byte| ends_name(byte)).unwrap_or(rest.len())];
    let name = Name::new(&rest[..end]);
    match name.element() {
        _ if name.get().is_none_or(|name| acts_as(name).is_some()) => Tag::Acts,
        _ if ends(whole, b":script") => Tag::Acts,
        Element::Unknown => Tag::Unknown,
        element if !is_ornament(element) => Tag::Acts,
        _ if whole.len() > end => Tag::Unknown,
        _ => Tag::Plain,
    }
}

/// Whether the attribute that a `=` may give a value to does nothing, for either reader; `unknown` says
/// that it may stand in the tag of an element that nobody defines.
fn is_plain_attribute(input: &[u8], equals: usize, unknown: bool) -> bool {
    // Whatever stands between them, the lenient reader sees the name.
    let between = |byte: &u8| !byte.is_ascii_alphanumeric() && *byte != b'=';
    let end = input[..equals].iter().rposition(|byte| !between(byte)).map_or(0, |last| last + 1);
    if matches!(input[..equals].last(), Some(b')' | b']')) {
        return false;
    }
    let before = &input[end.saturating_sub(LONGEST + 1)..end];
    let start = before.iter().rposition(|&byte| !is_name(byte)).map_or(0, |start| start + 1);
    let odd = matches!(before.get(start), Some(b':'))
        || start.checked_sub(1).is_some_and(|at| matches!(before[at], b'@' | b'(' | b'[' | b'#' | b'*'));
    // A name begins with a letter or a digit, to the lenient reader.
    let name = &before[start..];
    let name = &name[name.iter().position(u8::is_ascii_alphanumeric).unwrap_or(name.len())..];
    let mut lower = [0; LONGEST];
    let Some(lower) = lower.get_mut(..name.len()) else { return false };
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    // A browser may take more for the name, which is none that is known then.
    let value = value(&input[equals + 1..]);
    !odd && is_plain_url(value)
        && match attributes::class(lower) {
            Class::Src | Class::Data => !unknown,
            Class::Style => is_plain_style(value),
            Class::Href | Class::Action | Class::Code | Class::Url | Class::Value | Class::Other => true,
            Class::Content | Class::HttpEquiv | Class::Charset | Class::AttributeName => true,
            Class::Method | Class::Rel | Class::Type => true,
            _ => false,
        }
}

/// The value behind a `=`, or the beginning of one that is longer than [`LOOK`]. One without quotes is
/// taken to go on behind white space, as it does for some.
fn value(behind: &[u8]) -> &[u8] {
    let start = behind.iter().position(|byte| *byte > b' ' && !matches!(byte, b'+' | b'\\'));
    let value = &behind[start.unwrap_or(behind.len())..];
    let value = &value[..value.len().min(LOOK)];
    match value {
        [quote @ (b'"' | b'\'' | b'`'), value @ ..] => {
            &value[..memchr::memchr(*quote, value).unwrap_or(value.len())]
        }
        _ => &value[..memchr::memchr(b'>', value).unwrap_or(value.len())],
    }
}

/// Whether text is a URL without a scheme that acts.
fn is_plain_url(value: &[u8]) -> bool {
    let whole = value.len() < LOOK - 1;
    let value = value.trim_ascii_start();
    match value.first() {
        None => whole,
        // A scheme that acts, if it is one, or what hides one.
        Some(b'j' | b'J' | b'v' | b'V' | b'd' | b'D' | b'l' | b'L' | b'm' | b'M' | b'f' | b'F') => {
            let start = &value[..value.len().min(SCHEME)];
            let ends = |byte: &u8| matches!(byte, 0x7f..|b':'| b'&' | b'%' | b'<' | b']');
            // Controls in a scheme are dropped, however many.
            let goes_on = |byte: &u8| *byte < b' ' || byte.is_ascii_alphanumeric();
            !start.iter().any(ends) && (value.len() <= SCHEME && whole || !start.iter().all(goes_on))
        }
        Some(b'!'..b'\x7f') => !matches!(value[0], b'&' | b'%' | b'<' | b']'),
        _ => false,
    }
}

/// Whether declarations of styles run and load nothing: without these there is no function, no at-rule
/// and no text in them.
fn is_plain_style(value: &[u8]) -> bool {
    value.len() < LOOK - 1
        && !value.iter().any(|byte| matches!(byte, b'(' | b'@' | b'\\' | b'&' | b'"' | b'\''))
}

/// Whether a byte ends a browser's name of an element (HTML, §13.2.5.8).
fn ends_name(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>')
}

/// A byte of names to the lenient reader, but for NUL.
#[inline]
fn is_name(byte: u8) -> bool {
    static NAME: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            let letter = byte as u8;
            table[byte] = letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'.' | b':' | b'_');
            byte += 1;
        }
        table
    };
    NAME[usize::from(byte)]
}

fn begins(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
}

fn ends(text: &[u8], word: &[u8]) -> bool {
    text.len() >= word.len() && text[text.len() - word.len()..].eq_ignore_ascii_case(word)
}
