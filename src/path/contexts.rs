//! The context of paths and the dialects that a value is read in; what its bytes show about it.

use super::encoding;
use super::evidence::Evidence;
use super::lexer::Lexer;
use super::{Dialect, Token, locations};
use crate::recogniser::Stack;
use crate::run::{Lanes, Listener, Run};
use crate::screen::Marks;
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
    for &dialect in dialects {
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
    let encoded = marks.intersects(Marks::PERCENT.union(Marks::OVERLONG)) && is_encoded(input);
    if encoded || marks.contains(Marks::NULL) {
        return Dialect::ALL;
    }
    if !marks.intersects(Marks::SLASH.union(Marks::BACKSLASH)) || !stands_out(input) {
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

/// Whether a value without encoded characters can have evidence: it has a component that begins with
/// two dots; or it is no text, and starts at a root, or has a component that begins with a dot, two
/// empty ones, or a secret one.
fn stands_out(input: &[u8]) -> bool {
    let Some(start) = input.iter().position(|&byte| byte > b' ') else { return false };
    let value = &input[start..];
    // Windows has directories with spaces.
    let prefix = value.iter().position(|&byte| !is_separator(byte) && !matches!(byte, b'?' | b'.'));
    let windows = prefix.is_some_and(|prefix| {
        value.get(prefix + 1) == Some(&b':') || locations::begins_spaced(&value[prefix..])
    });
    if windows || begins(value, b"file:") || goes_up(value) {
        return true;
    }
    if is_text(value) {
        return false;
    }
    if is_separator(value[0]) || speaks(value) {
        return true;
    }
    let mut empty = 0;
    memchr::memchr2_iter(b'/', b'\\', value).any(|at| {
        let component = &value[at + 1..];
        empty += usize::from(component.first().is_some_and(|&byte| is_separator(byte)));
        empty > 1 || speaks(component)
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
    memchr::memmem::find_iter(value, b"..").any(|at| at == 0 || is_separator(value[at - 1]))
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
