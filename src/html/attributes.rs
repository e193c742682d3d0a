//! The attributes that act, by name: `attributes.txt`, of which `build.rs` makes a table.

include!(concat!(env!("OUT_DIR"), "/attributes.rs"));

/// What an attribute is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    /// An event handler that some specification defines: a function's body.
    Handler,
    /// A name of the form that event handlers have, which no specification defines.
    UnknownHandler,
    // URLs, told apart where their elements need it
    Href,
    Src,
    Data,
    Action,
    Formaction,
    Code,
    /// A URL that nothing but its scheme makes active.
    Url,
    /// A value that SVG puts into another attribute.
    Animated,
    Style,
    /// A document.
    Srcdoc,
    /// What `http-equiv` speaks about.
    Content,
    HttpEquiv,
    /// The encoding of the document.
    Charset,
    /// How text is read that is bound to an element.
    Binding,
    /// How a form is sent.
    Method,
    /// Which attribute SVG changes.
    AttributeName,
    Rel,
    Type,
    /// The value of a parameter.
    Value,
    /// Where an event is handled, as XML has it.
    Listener,
    /// An expression for a framework that reads the page.
    Directive,
    Other,
}

/// The class of the attribute of this name, which is in lower case.
pub(super) fn class(name: &[u8]) -> Class {
    match known(name) {
        Some(class) => class,
        None if is_handler(name) => Class::UnknownHandler,
        None if is_directive(name) => Class::Directive,
        None => Class::Other,
    }
}

/// The class of the attribute of this name, if it stands in the table.
#[inline]
fn known(name: &[u8]) -> Option<Class> {
    let first = usize::from(*name.first()?);
    if name.len() > LONGEST || LENGTHS[first] >> name.len() & 1 == 0 {
        return None;
    }
    let mut slot = slot(name);
    loop {
        let (known, class) = ATTRIBUTES[usize::from(PLACES[slot]).checked_sub(1)?];
        if known == name {
            return Some(class);
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// For each first byte, the lengths of the names in the table, as bits: most names are none of them.
static LENGTHS: [u64; 256] = {
    let mut lengths = [0; 256];
    let mut place = 0;
    while place < ATTRIBUTES.len() {
        let name = ATTRIBUTES[place].0;
        assert!(name.len() <= LONGEST);
        lengths[name[0] as usize] |= 1 << name.len();
        place += 1;
    }
    lengths
};

const SLOTS: usize = (4 * ATTRIBUTES.len()).next_power_of_two();

/// Open addressing from a name's slot to its place in the table, plus one.
static PLACES: [u16; SLOTS] = {
    let mut places = [0; SLOTS];
    let mut place = 0;
    while place < ATTRIBUTES.len() {
        let mut slot = slot(ATTRIBUTES[place].0);
        while places[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        place += 1;
        places[slot] = place as u16;
    }
    places
};

/// Where a name is looked for first (FNV-1a).
const fn slot(name: &[u8]) -> usize {
    let mut hash = 0x811c_9dc5_u32;
    let mut at = 0;
    while at < name.len() {
        hash = (hash ^ name[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash as usize % SLOTS
}

/// Whether a name has the form of an event handler's: `on` and letters.
fn is_handler(name: &[u8]) -> bool {
    matches!(name, [b'o', b'n', event @ ..] if event.len() > 2 && event.iter().all(u8::is_ascii_lowercase))
}

/// Whether a name has the form of those in which frameworks find expressions: AngularJS (`ng-`,
/// `data-ng-`, `x-ng-`), Angular (`(event)`, `[property]`, `on-`, `bind-`), Vue (`v-`, `@`, `:`), Alpine
/// (`x-`, `@`, `:`), htmx (`hx-on`).
fn is_directive(name: &[u8]) -> bool {
    const PREFIXES: [&[u8]; 11] =
        [b"ng-", b"data-ng-", b"v-", b"x-", b"hx-on", b"data-hx-on", b"on-", b"bind-", b"@", b":", b"("];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || matches!(name, [b'[', .., b']'])
}

/// The longest name that has a class, in bytes.
pub(super) const LONGEST: usize = 48;

/// Whether some attribute that acts on an element of any name is given a value: a name of that kind
/// stands before an equals sign. Never says no where the tokenizer finds one.
pub(super) fn may_act(input: &[u8]) -> bool {
    memchr::memchr_iter(b'=', input).any(|equals| {
        // What the lenient reader takes for nothing may stand between.
        let nothing = |byte: &u8| !byte.is_ascii_alphanumeric() && *byte != b'=';
        let behind = input[..equals].iter().rposition(|byte| !nothing(byte)).map_or(0, |last| last + 1);
        let before = &input[..behind];
        let mut name = [0; LONGEST];
        let mut start = LONGEST;
        for byte in before.iter().rev() {
            match byte {
                // Nothing, to the lenient reader.
                0 => {}
                b'a'..=b'z' | b'A'..=b'Z' | b':' | b'-' if start > 0 => {
                    start -= 1;
                    name[start] = byte.to_ascii_lowercase();
                }
                b'a'..=b'z' | b'A'..=b'Z' | b':' | b'-' => return false,
                _ => break,
            }
        }
        // To the lenient reader a name begins with a letter.
        let name = &name[start..];
        let name = &name[name.iter().position(u8::is_ascii_alphabetic).unwrap_or(name.len())..];
        known(name).map_or_else(|| is_handler(name), acts)
    })
}

/// Whether an attribute of this class may act on an element that is not known.
fn acts(class: Class) -> bool {
    !matches!(
        class,
        Class::Content
            | Class::HttpEquiv
            | Class::Charset
            | Class::AttributeName
            | Class::Method
            | Class::Rel
            | Class::Type
            | Class::Listener
            | Class::Directive
            | Class::Other
    )
}
