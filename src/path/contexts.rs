//! The context of paths and the dialects that a value is read in; what its bytes show about it.

use super::encoding;
use super::evidence::Evidence;
use super::lexer::Lexer;
use super::{Dialect, Token, locations};
use crate::recogniser::Stack;
use crate::run::{Lanes, Listener, Run};
use crate::screen::{Marks, has_pair};
use crate::{Context, ContextSet, Limits};

/// The contexts that read a path.
const CONTEXTS: &[Context] = &[Context::PathSegment];

/// What a value needs to be more than one plain name.
const NEEDED: Marks =
    Marks::SLASH.union(Marks::BACKSLASH).union(Marks::PERCENT).union(Marks::OVERLONG).union(Marks::NULL);

/// What values are tried in, chosen once.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    limits: Limits,
    /// Leave out what a value's bytes show to be without evidence.
    screen: bool,
    /// Whether the context is wanted.
    wanted: bool,
}

impl Plan {
    pub(crate) fn new(contexts: ContextSet, limits: Limits, screen: bool) -> Self {
        locations::prepare();
        Plan { limits, screen, wanted: contexts.contains(Context::PathSegment) }
    }

    /// All lanes, for a value that arrives in pieces.
    pub(crate) fn lanes(&self) -> Lanes<Evidence> {
        let dialects = if self.wanted { Dialect::ALL } else { &[] };
        Lanes::new(dialects.iter().map(|&dialect| (Lexer::new(dialect), CONTEXTS)), &self.limits)
    }
}

/// Scans a whole value whose bytes have these marks; answers whether the listener wants more.
#[inline]
pub(crate) fn scan(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    if !plan.wanted || (plan.screen && !marks.intersects(NEEDED)) {
        return true;
    }
    let dialects = if plan.screen { dialects(input, marks) } else { Dialect::ALL };
    dialects.is_empty() || read(input, dialects, plan, listener)
}

/// Reads a value as these dialects do.
#[cold]
#[inline(never)]
fn read(input: &[u8], dialects: &[Dialect], plan: &Plan, listener: &mut impl Listener) -> bool {
    let mut stack: Stack<Token> = Stack::new();
    // The last one decodes, and has the separators and the disks of the others.
    let backwards = listener.takes_any();
    for place in 0..dialects.len() {
        let dialect = dialects[if backwards { dialects.len() - 1 - place } else { place }];
        let mut source = Lexer::new(dialect);
        let mut run: Run<Evidence, _> = Run::new(&mut stack, CONTEXTS[0], &source, &plan.limits);
        if !run.read(input, &[], &mut source, false, listener) {
            return false;
        }
    }
    true
}

/// The dialects in which a value with these marks may have evidence; those that read it as the first
/// one does are left out.
fn dialects(input: &[u8], marks: Marks) -> &'static [Dialect] {
    if marks.contains(Marks::NULL) {
        return Dialect::ALL;
    }
    let written = marks.intersects(Marks::SLASH.union(Marks::BACKSLASH)) && stands_out(input);
    if marks.intersects(Marks::PERCENT.union(Marks::OVERLONG)) && is_encoded(input) {
        return if written || stands_out_decoded(input) { Dialect::ALL } else { &[] };
    }
    if !written {
        return &[];
    }
    // `\`, `;`, `?`, `#`, `:`, white space in a component of dots, `//server/share`
    let own = Marks::BACKSLASH.union(Marks::BREAK).union(Marks::SIGN).union(Marks::HASH);
    if marks.intersects(own) || input.starts_with(b"//") || memchr::memchr(b':', input).is_some() {
        return Dialect::ALL;
    }
    &Dialect::ALL[..1]
}

/// Whether a character of a value is encoded.
fn is_encoded(input: &[u8]) -> bool {
    let mut begins = (0..input.len()).filter(|&at| encoding::begins(input[at]));
    begins.any(|at| encoding::character(&input[at..]).1 > 1)
}

/// Whether a value without encoded characters can have evidence: see [`Look`].
fn stands_out(input: &[u8]) -> bool {
    let mut look = Look::default();
    look.at(input, true) || look.found()
}

/// How much of a value is decoded at once, in bytes.
const AT_ONCE: usize = 1024;

/// Whether a value can have evidence once its characters are decoded.
fn stands_out_decoded(input: &[u8]) -> bool {
    let mut look = Look::default();
    let mut text = [0; AT_ONCE];
    let (mut at, mut length) = (0, 0);
    loop {
        while let (Some(&byte), true) = (input.get(at), length < AT_ONCE) {
            let (byte, taken) =
                if encoding::begins(byte) { encoding::character(&input[at..]) } else { (byte, 1) };
            if byte == 0 {
                return true;
            }
            text[length] = byte;
            length += 1;
            at += taken;
        }
        // What is cut begins with separators, so that components are whole.
        let begins = |&place: &usize| is_separator(text[place]) && !is_separator(text[place - 1]);
        let end = match at == input.len() {
            true => length,
            false => (1..length).rev().find(begins).unwrap_or(length),
        };
        if look.at(&text[..end], at == input.len()) {
            return true;
        }
        if at == input.len() {
            return look.found();
        }
        text.copy_within(end..length, 0);
        length -= end;
    }
}

/// A look at a value, piece by piece, each of whole components. It can have evidence if it has a component that
/// begins with two dots; or if it is no text, and starts at a root with a name or an extension of the system,
/// or has a component that begins with a dot, two empty ones, or a secret one.
#[derive(Default)]
struct Look {
    /// Something stands before.
    begun: bool,
    /// The value starts at a root.
    rooted: bool,
    /// How many components are empty.
    empty: usize,
    /// It has a part that evidence needs, or several that change nothing.
    parts: bool,
    /// Some component has white space.
    text: bool,
    /// So has one that Windows has.
    spaced: bool,
}

impl Look {
    /// Looks at the next piece; answers whether that decides.
    fn at(&mut self, piece: &[u8], last: bool) -> bool {
        let mut value = piece;
        if !self.begun {
            let Some(start) = piece.iter().position(|&byte| byte > b' ') else { return false };
            value = &piece[start..];
            self.begun = true;
            self.rooted = is_separator(value[0]);
            // Windows has directories with spaces.
            let windows =
                match value.iter().position(|&byte| !is_separator(byte) && !matches!(byte, b'?' | b'.')) {
                    Some(prefix) => {
                        value.get(prefix + 1) == Some(&b':') || locations::begins_spaced(&value[prefix..])
                    }
                    None => value.len() > LONGEST_PREFIX,
                };
            if windows || begins(value, b"file:") || locations::wrapper_name(value).is_some() {
                return true;
            }
            self.parts |= self.rooted && begins_system(value) || speaks(value);
        }
        if goes_up(value) {
            return true;
        }
        self.parts |= self.rooted && has_settings(value);
        for at in memchr::memchr2_iter(b'/', b'\\', value) {
            if self.parts {
                break;
            }
            let component = &value[at + 1..];
            self.empty += usize::from(component.first().is_some_and(|&byte| is_separator(byte)));
            self.parts = self.empty > 1 || speaks(component);
        }
        // Nobody asks what else a value is that has no such parts.
        if self.parts || !last {
            self.text = self.text || is_text(value);
            self.spaced = self.spaced || self.text && has_spaced(value);
        }
        false
    }

    /// Whether what was looked at can have evidence.
    fn found(&self) -> bool {
        self.parts && (!self.text || self.spaced)
    }
}

/// How many separators and dots may stand before what a value begins with.
const LONGEST_PREFIX: usize = 64;

/// Whether some component begins as those of Windows do that have white space.
fn has_spaced(value: &[u8]) -> bool {
    memchr::memchr2_iter(b'/', b'\\', value).any(|at| locations::begins_spaced(&value[at + 1..]))
}

/// Whether a value that starts at a root may name a place of the system by its first name, or what is a
/// device or the share of a disk.
fn begins_system(value: &[u8]) -> bool {
    let Some(start) = value.iter().position(|&byte| !is_separator(byte)) else { return true };
    // `\??\` is a namespace, too.
    matches!(value[start], b'?' | b'.') && (start > 1 || value[start] == b'?')
        || start > 1 && memchr::memchr(b'$', value).is_some()
        || locations::may_begin_row(&value[start..])
}

/// Whether a text has what an extension or the name of a configuration or a log may begin with.
fn has_settings(text: &[u8]) -> bool {
    has_pair(text, |first, second| {
        let second = second | 0x20;
        ((first == b'.') | (first == b'~')) & ((second == b'c') | (second == b'i') | (second == b'l'))
            | (first == b'_') & (second == b'l')
    })
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'/' | b'\\')
}

fn begins(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
}

/// Whether a component begins with two dots.
fn goes_up(value: &[u8]) -> bool {
    has_pair(value, |first, second| (first == b'.') & (second == b'.'))
        && memchr::memmem::find_iter(value, b"..").any(|at| at == 0 || is_separator(value[at - 1]))
}

/// Whether some component of a value has white space in it, whoever reads it: before anything that
/// ends a name.
fn is_text(value: &[u8]) -> bool {
    let (mut space, mut ended) = (false, false);
    value.iter().any(|&byte| {
        match byte {
            0..=b' ' => space = true,
            b';' | b':' | b'?' | b'#' => ended = true,
            b'/' | b'\\' => (space, ended) = (false, false),
            b'.' => {}
            _ => return space && !ended,
        }
        false
    })
}

/// Whether a component may be redundant or secret.
fn speaks(component: &[u8]) -> bool {
    match component {
        [b'.', ..] => true,
        [b'w' | b'W', ..] => begins(component, b"web-") || begins(component, b"web."),
        [b'a' | b'A', ..] => begins(component, b"app_"),
        _ => false,
    }
}
