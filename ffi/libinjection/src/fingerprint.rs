//! A finding in at most seven printable characters: two letters for the context, a colon, and a
//! letter for each of up to four effects, as in `sq:rt` for what leaves a `single-quoted` literal,
//! reads, and truncates.
//!
//! The letters are made from the names, so that a new context or effect has its own by itself.

use syntrap::{Context, Effects, Finding};

/// Room for libinjection's fingerprints.
pub const ROOM: usize = 8;

/// Text with a NUL behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fingerprint {
    text: [u8; ROOM],
    length: usize,
}

impl Fingerprint {
    /// Nothing was found.
    pub const NONE: Fingerprint = Fingerprint { text: [0; ROOM], length: 0 };
    /// A limit was reached.
    pub const LIMIT: Fingerprint = Fingerprint { text: *b"limit\0\0\0", length: 5 };
    /// Syntrap is broken.
    pub const PANIC: Fingerprint = Fingerprint { text: *b"panic\0\0\0", length: 5 };

    /// The fingerprint of a finding.
    pub fn of(finding: &Finding) -> Self {
        let mut fingerprint = Fingerprint::NONE;
        let context = place(finding.context);
        let effects = finding.effects.iter().map(letter);
        for byte in context.into_iter().chain([b':']).chain(effects).take(ROOM - 1) {
            fingerprint.text[fingerprint.length] = byte;
            fingerprint.length += 1;
        }
        fingerprint
    }

    /// The text, and NUL up to the end of the room.
    pub fn padded(&self) -> [u8; ROOM] {
        self.text
    }

    /// The text and its NUL.
    pub fn bytes(&self) -> &[u8] {
        &self.text[..=self.length]
    }
}

/// The initials of a context's name behind its language, or the first two letters of a single word.
fn place(context: Context) -> [u8; 2] {
    let name = context.name();
    let place = name.split_once('-').map_or(name, |(_, place)| place);
    let mut letters = match place.split_once('-') {
        Some((first, second)) => first.bytes().take(1).chain(second.bytes().take(1)),
        None => place.bytes().take(1).chain(place[1..].bytes().take(1)),
    };
    [letters.next().unwrap_or(b'?'), letters.next().unwrap_or(b'?')]
}

/// The first letter of an effect's name that no effect before it has, in capitals if all are taken.
fn letter(effect: Effects) -> u8 {
    let mut taken = [false; 256];
    let mut last = b'?';
    for flag in Effects::all().iter() {
        let name = flag.names().next().unwrap_or("?");
        let free = name.bytes().chain(name.bytes().map(|byte| byte.to_ascii_uppercase()));
        last = free.into_iter().find(|&byte| !taken[usize::from(byte)]).unwrap_or(b'?');
        taken[usize::from(last)] = true;
        if flag == effect {
            break;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use syntrap::{ContextSet, Detector, Language};

    use super::*;

    #[test]
    fn each_context_of_sql_has_letters_of_its_own() {
        let contexts: Vec<Context> = ContextSet::of_language(Language::Sql).iter().collect();
        let places: BTreeSet<[u8; 2]> = contexts.iter().copied().map(place).collect();
        assert_eq!(places.len(), contexts.len());
    }

    #[test]
    fn each_effect_has_a_letter_of_its_own() {
        let letters: BTreeSet<u8> = Effects::all().iter().map(letter).collect();
        assert_eq!(letters.len(), Effects::all().iter().count());
        assert!(letters.iter().all(u8::is_ascii_alphabetic));
    }

    #[test]
    fn a_fingerprint_is_at_most_seven_printable_characters_and_nul() {
        let report = Detector::default().scan(b"1; drop table a; select load_file('x'), sleep(9), version()");
        for finding in &report.findings {
            let fingerprint = Fingerprint::of(finding);
            let [text @ .., 0] = fingerprint.bytes() else { panic!("no NUL: {fingerprint:?}") };
            assert!((4..ROOM).contains(&text.len()) && text.iter().all(u8::is_ascii_graphic));
        }
        assert!(!report.findings.is_empty());
    }
}
