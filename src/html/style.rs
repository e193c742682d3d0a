//! Style sheets, as far as they run or load something: the functions, properties and at-rules that
//! do. Read as CSS Syntax (level 3, §4) reads them: comments are nothing, escapes are resolved.

use super::url::{self, Kind};
use crate::Effects;

bitflags::bitflags! {
    /// What a style sheet does.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    struct Does: u8 {
        /// Runs a script: `expression(…)`, a URL with a scripting scheme, a URL where no image can be.
        const RUN = 1 << 0;
        /// Takes something from elsewhere: `@import`, a URL that is no image in the text itself and no
        /// part of the document.
        const LOAD = 1 << 1;
    }
}

/// The longest name that matters, in bytes.
const LONGEST: usize = 24;

/// How much of a URL is looked at, in bytes.
const URL: usize = 64;

/// The characters of a style sheet without comments, escapes resolved, in lower case; what is not
/// ASCII is `DEL`.
#[derive(Clone)]
struct Characters<'a> {
    text: &'a [u8],
}

const OTHER: u8 = 0x7f;

impl Iterator for Characters<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        loop {
            let (&byte, rest) = self.text.split_first()?;
            match (byte, rest.first()) {
                (b'/', Some(b'*')) => {
                    let end = memchr::memmem::find(&rest[1..], b"*/").map_or(rest.len(), |end| end + 3);
                    self.text = &rest[end..];
                }
                // What stands for NUL, which older browsers drop.
                (0xef, Some(0xbf)) if rest.get(1) == Some(&0xbd) => self.text = &rest[2..],
                (b'\\', Some(next)) => {
                    let digits = rest.iter().take(6).take_while(|byte| byte.is_ascii_hexdigit()).count();
                    if digits == 0 {
                        self.text = &rest[1..];
                        if matches!(next, b'\n' | b'\r' | b'\x0c' | 0) {
                            continue;
                        }
                        return Some(next.to_ascii_lowercase());
                    }
                    let value = rest[..digits].iter().fold(0_u32, |value, &digit| {
                        value * 16 + char::from(digit).to_digit(16).unwrap_or_default()
                    });
                    let rest = &rest[digits..];
                    let space = rest.first().is_some_and(u8::is_ascii_whitespace);
                    self.text = &rest[usize::from(space)..];
                    let character = u8::try_from(value).ok().filter(u8::is_ascii).unwrap_or(OTHER);
                    return Some(character.to_ascii_lowercase());
                }
                _ => {
                    self.text = rest;
                    if byte == 0 {
                        continue;
                    }
                    let character = if byte.is_ascii() { byte.to_ascii_lowercase() } else { OTHER };
                    return Some(character);
                }
            }
        }
    }
}

/// What a style sheet, or a part of one, does.
pub(super) fn effects(text: &[u8]) -> Effects {
    let does = does(text);
    let mut effects = Effects::empty();
    effects.set(Effects::EXECUTE, does.contains(Does::RUN));
    effects.set(Effects::NETWORK, does.contains(Does::LOAD));
    effects
}

/// What a style sheet, or the declarations of a style attribute, do.
fn does(text: &[u8]) -> Does {
    let mut does = Does::empty();
    // Most declarations have none of these.
    if memchr::memchr3(b'(', b':', b'@', text).is_none() && memchr::memchr(b'\\', text).is_none() {
        return does;
    }
    let mut characters = Characters { text };
    let mut name = [0; LONGEST];
    let mut length = 0;
    let mut spaced = false;
    // The property whose value is read takes no image.
    let mut program = false;
    while let Some(character) = characters.next() {
        match character {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'@' => {
                if spaced {
                    (length, spaced) = (0, false);
                }
                // Longer ones are no known names.
                if let Some(place) = name.get_mut(length) {
                    *place = character;
                }
                length += 1;
                if name.get(..length) == Some(b"@import") {
                    does |= Does::LOAD;
                }
                continue;
            }
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' => {
                spaced = true;
                continue;
            }
            b'(' => match name.get(..length) {
                // What stands before it is nothing to some browsers.
                Some(function) if function.ends_with(b"expression") => does |= Does::RUN,
                Some(b"url") => does |= if program { Does::RUN } else { of_url(characters.clone()) },
                _ => {}
            },
            b':' => program = length > 0 && !name.get(..length).is_some_and(takes_image),
            b';' | b'}' | b'{' => program = false,
            b'"' | b'\'' => does |= of_url(characters.clone()).intersection(Does::RUN),
            _ => {}
        }
        (length, spaced) = (0, false);
    }
    does
}

/// Whether the value of a property may have an image, a font or a shape in it. What stands in the
/// URL of any other one is a program: `behavior`, `-moz-binding` and their like.
fn takes_image(property: &[u8]) -> bool {
    const TAKE: [&[u8]; 18] = [
        b"background",
        b"border-image",
        b"clip-path",
        b"content",
        b"cursor",
        b"fill",
        b"filter",
        b"list-style",
        b"marker",
        b"mask",
        b"offset",
        b"shape-",
        b"src",
        b"stroke",
        b"-webkit-",
        b"-ms-filter",
        b"backdrop-filter",
        b"--",
    ];
    TAKE.iter().any(|take| property.starts_with(take))
}

/// What a URL does that begins here.
fn of_url(characters: Characters<'_>) -> Does {
    let mut url = [0; URL];
    let mut length = 0;
    for character in characters {
        match character {
            b'"' | b'\'' | b' ' if length == 0 => {}
            b')' => break,
            _ => match url.get_mut(length) {
                Some(place) => {
                    *place = character;
                    length += 1;
                }
                None => break,
            },
        }
    }
    let read = url::read(&url[..length]);
    match read.kind {
        _ if read.acts() => Does::RUN,
        Kind::Nothing | Kind::Data | Kind::ImageDocument => Does::empty(),
        _ if url[0] == b'#' => Does::empty(),
        _ => Does::LOAD,
    }
}
