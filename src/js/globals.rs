//! The names that a script finds without declaring them and that reach beyond its own data: the
//! functions that run text as code, talk to other hosts or to the user, and the objects of the page or
//! of the process. What only computes (`Math`, `parseInt`, `encodeURI` …) is not here.

use super::lexer::NAME;
use super::token::hash;
use crate::Effects;

/// What a global name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A function or a constructor: it acts when it is called.
    Function,
    /// An object that has what acts as its properties.
    Object,
    /// An object that leads to another page when something is assigned to it.
    Place,
    /// The global object itself, whose properties are the global names.
    Global,
    /// An attribute whose value is called later.
    Handler,
}

/// A global name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    pub(super) kind: Kind,
    pub(super) effects: Effects,
    pub(super) usage: Usage,
}

/// Where else the name is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Usage {
    /// In scripts alone.
    Own,
    /// In texts, where a parenthesis may follow it.
    Word,
    /// In texts, and in programs of other languages, as a function or an object.
    Shared,
}

const RUN: Effects = Effects::EXECUTE;
const LOAD: Effects = Effects::EXECUTE.union(Effects::NETWORK);
const STORE: Effects = Effects::EXECUTE.union(Effects::READ).union(Effects::WRITE);
const FILES: Effects = Effects::EXECUTE.union(Effects::FILE);

/// Names of one kind and section, and what they do.
type Section = (Kind, Effects, Usage, &'static [&'static str]);

const SECTIONS: &[Section] = &[
    // ECMA-262 §19.2.1, §20.2.1: text as code
    (Kind::Function, RUN, Usage::Own, &["eval", "Function"]),
    // ECMA-262 §19.1.1; HTML §7.2.2: the global object by its names
    (Kind::Global, RUN, Usage::Own, &["globalThis", "window", "self", "frames"]),
    (Kind::Global, RUN, Usage::Word, &["top", "parent", "opener"]),
    // HTML §8.6 timers, §8.7 microtasks, §8.11 animation frames: text or a function as code, later
    (
        Kind::Function,
        RUN,
        Usage::Own,
        &[
            "setTimeout",
            "setInterval",
            "queueMicrotask",
            "requestAnimationFrame",
            "requestIdleCallback",
            "setImmediate",
        ],
    ),
    // HTML §8.9: user prompts
    (Kind::Function, RUN, Usage::Word, &["alert", "confirm", "prompt"]),
    (Kind::Function, RUN, Usage::Shared, &["print"]),
    // HTML §7.2.2, §9.4, §10.2; Fetch §5.6; XMLHttpRequest; WebSockets; HTML §9.2, §9.3
    (Kind::Function, LOAD, Usage::Word, &["fetch"]),
    (Kind::Function, LOAD, Usage::Shared, &["open"]),
    (
        Kind::Function,
        LOAD,
        Usage::Own,
        &[
            "postMessage",
            "importScripts",
            "XMLHttpRequest",
            "WebSocket",
            "EventSource",
            "Worker",
            "SharedWorker",
            "BroadcastChannel",
            "Image",
            "Audio",
        ],
    ),
    // HTML §7.2.2, §7.2.4, §8.10: what a window holds
    (Kind::Object, LOAD, Usage::Own, &["navigator"]),
    (Kind::Object, LOAD, Usage::Word, &["document", "history", "navigation"]),
    (Kind::Place, LOAD, Usage::Word, &["location"]),
    // HTML §12; Indexed Database; Service Workers; Cookie Store
    (
        Kind::Object,
        STORE,
        Usage::Own,
        &["localStorage", "sessionStorage", "indexedDB", "caches", "cookieStore"],
    ),
    // HTML §8.1.8.2: what Window calls when an event comes
    (
        Kind::Handler,
        RUN,
        Usage::Own,
        &[
            "onerror",
            "onload",
            "onmessage",
            "onhashchange",
            "onpopstate",
            "onbeforeunload",
            "onunload",
            "onpagehide",
            "onpageshow",
            "onresize",
            "onscroll",
            "onfocus",
            "onblur",
            "onclick",
            "onmousemove",
            "onkeydown",
            "onstorage",
            "onunhandledrejection",
        ],
    ),
    // Node.js, "Global objects"
    (Kind::Function, FILES, Usage::Shared, &["require"]),
    (Kind::Object, FILES, Usage::Shared, &["process", "module"]),
    (Kind::Global, RUN, Usage::Word, &["global"]),
];

const COUNT: usize = {
    let mut count = 0;
    let mut section = 0;
    while section < SECTIONS.len() {
        count += SECTIONS[section].3.len();
        section += 1;
    }
    count
};

const SLOTS: usize = (4 * COUNT).next_power_of_two();

/// Open addressing from the hash of a name to its section, plus one.
static PLACES: [(u32, u8); SLOTS] = {
    let mut places = [(0, 0); SLOTS];
    let mut section = 0;
    while section < SECTIONS.len() {
        let names = SECTIONS[section].3;
        let mut i = 0;
        while i < names.len() {
            let hash = hash(names[i].as_bytes());
            let mut slot = hash as usize % SLOTS;
            while places[slot].1 != 0 {
                slot = (slot + 1) % SLOTS;
            }
            places[slot] = (hash, section as u8 + 1);
            i += 1;
        }
        section += 1;
    }
    places
};

/// The global name whose hash a word has.
#[inline]
pub(super) fn global(word: u32) -> Option<Name> {
    let mut slot = word as usize % SLOTS;
    while PLACES[slot].1 != 0 {
        if PLACES[slot].0 == word {
            let (kind, effects, usage, _) = SECTIONS[usize::from(PLACES[slot].1) - 1];
            return Some(Name { kind, effects, usage });
        }
        slot = (slot + 1) % SLOTS;
    }
    None
}

/// The property that leads from any value to the function that made it, and from there to the
/// one that makes functions of texts (ECMA-262 §20.2.3.1).
pub(super) const CONSTRUCTOR: u32 = hash(b"constructor");

/// The property that leads from any value to what all values of its kind share (ECMA-262 §B.2.2.1).
pub(super) const PROTO: u32 = hash(b"__proto__");

/// Whether operators call the method of this name: to make a value primitive (ECMA-262 §7.1.1), for
/// `instanceof` (§13.10.2), or to spread it (§7.4.3).
pub(super) fn converts(word: u32) -> bool {
    const HASHES: [u32; CONVERTING.len()] = hashes(CONVERTING);
    HASHES.contains(&word)
}

const CONVERTING: &[&str] = &["valueOf", "toString", "toPrimitive", "hasInstance", "iterator"];

const fn hashes<const N: usize>(names: &[&str]) -> [u32; N] {
    let mut hashes = [0; N];
    let mut i = 0;
    while i < N {
        hashes[i] = hash(names[i].as_bytes());
        i += 1;
    }
    hashes
}

/// Whether the method of this name, which all functions have, calls its function or gives one that does
/// (ECMA-262 §20.2.3).
pub(super) fn delegates(word: u32) -> bool {
    const NAMES: [u32; 3] = [hash(b"call"), hash(b"apply"), hash(b"bind")];
    NAMES.contains(&word)
}

/// What a text mentions, by a look at its words alone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mentions {
    /// A global name, `constructor`, `__proto__`, or `import`.
    pub(super) reach: bool,
    /// `function`, `class`, `get`, or a method that operators call.
    pub(super) structure: bool,
}

/// Keywords with which a text reaches beyond itself, or the names of properties that do.
const REACHING: &[&str] = &["import", "constructor", "__proto__"];

/// Keywords that only programs have.
const WRITTEN: &[&str] = &["function", "class", "get"];

/// For each first byte, the lengths of the names that [`mentions`] looks for, as bits: hardly any word of
/// a text is hashed.
static LENGTHS: [u32; 128] = {
    let mut lengths = [0; 128];
    let mut section = 0;
    while section < SECTIONS.len() {
        note_lengths(&mut lengths, SECTIONS[section].3);
        section += 1;
    }
    note_lengths(&mut lengths, REACHING);
    note_lengths(&mut lengths, WRITTEN);
    note_lengths(&mut lengths, CONVERTING);
    lengths
};

const fn note_lengths(lengths: &mut [u32; 128], names: &[&str]) {
    let mut i = 0;
    while i < names.len() {
        let name = names[i].as_bytes();
        lengths[name[0] as usize] |= 1 << name.len();
        i += 1;
    }
}

/// What the words of a text mention; a name that is written with escapes is none of them.
pub(super) fn mentions(text: &[u8]) -> Mentions {
    const REACHING_HASHES: [u32; REACHING.len()] = hashes(REACHING);
    const WRITTEN_HASHES: [u32; WRITTEN.len()] = hashes(WRITTEN);
    let mut mentions = Mentions::default();
    let mut at = 0;
    while let (false, Some(&first)) = (mentions.reach, text.get(at)) {
        let word = &text[at..];
        if !NAME[usize::from(first)] {
            at += 1;
            continue;
        }
        let length = word.iter().position(|&byte| !NAME[usize::from(byte)]).unwrap_or(word.len());
        at += length;
        let lengths = LENGTHS[usize::from(first)];
        if length < 32 && lengths & 1 << length != 0 {
            let word = hash(&word[..length]);
            mentions.reach = REACHING_HASHES.contains(&word) || global(word).is_some();
            mentions.structure |= WRITTEN_HASHES.contains(&word) || converts(word);
        }
    }
    mentions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_once() {
        let mut all = Vec::new();
        for (kind, effects, _, names) in SECTIONS {
            for name in *names {
                let found = global(hash(name.as_bytes())).expect(name);
                assert_eq!((found.kind, found.effects), (*kind, *effects), "{name}");
                all.push(name);
            }
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(global(hash(b"parseInt")).is_none());
    }
}
