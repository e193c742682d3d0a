//! Contexts and the token streams that they share: a lane is a start mode read by one family of
//! shells. Here is decided which lanes a value needs at all.

use super::commands::may_be_command;
use super::evidence::Evidence;
use super::facts::Meaning;
use super::source::Source;
use super::{Dialect, Start};
use crate::recogniser::Stack;
use crate::run::{Lanes, Listener, Run};
use crate::screen::Marks;
use crate::{Context, ContextSet, Language, Limits};

/// The families of shells that have the context's place.
const fn dialects(context: Context) -> &'static [Dialect] {
    match context {
        Context::ShellSingleQuoted => &[Dialect::Posix, Dialect::PowerShell],
        Context::ShellBackquoted | Context::ShellHereDocument | Context::ShellEnvironment => {
            &[Dialect::Posix]
        }
        _ => Dialect::ALL,
    }
}

/// What values are tried in, chosen once.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    limits: Limits,
    /// Leave out what a value's bytes show to be without evidence.
    screen: bool,
    lanes: Vec<LanePlan>,
    /// The whole value may be a program.
    commands: bool,
}

/// One way to tokenize, and the context that reads those tokens.
#[derive(Clone, Debug)]
struct LanePlan {
    start: Start,
    dialect: Dialect,
    context: [Context; 1],
    exit: Exit,
}

/// How many quotes, expansions and compound commands may be open: each takes several symbols.
fn depth(limits: &Limits) -> usize {
    limits.depth / 8
}

impl Plan {
    pub(crate) fn new(contexts: ContextSet, limits: Limits, screen: bool) -> Self {
        let mut lanes = Vec::new();
        for context in contexts.intersection(ContextSet::of_language(Language::Shell)).iter() {
            let start = Start::of(context);
            let dialects = dialects(context).iter();
            lanes.extend(dialects.map(|&dialect| LanePlan {
                start,
                dialect,
                context: [context],
                exit: exit(start),
            }));
        }
        let commands = contexts.contains(Context::ShellCommand);
        Plan { limits, screen, lanes, commands }
    }

    /// All lanes, for a value that arrives in pieces.
    pub(crate) fn lanes(&self) -> Lanes<Evidence> {
        let lanes = self.lanes.iter();
        Lanes::new(lanes.map(|lane| (lane.source(&self.limits), &lane.context[..])), &self.limits)
    }
}

impl LanePlan {
    fn source(&self, limits: &Limits) -> Source {
        Source::new(self.dialect, self.start, depth(limits))
    }
}

/// What a value needs to run a command in a context: to end the command that it completes, or to
/// have one substituted, and to leave its quotes before.
#[derive(Clone, Copy, Debug)]
struct Exit {
    /// All of these …
    all: Marks,
    /// … and one of these …
    any: Marks,
    /// … or one of these alone.
    alone: Marks,
}

const SUBSTITUTIONS: Marks = Marks::BACKQUOTE.union(Marks::DOLLAR);
const ACTS: Marks = SUBSTITUTIONS.union(Marks::SEPARATOR).union(Marks::REDIRECTION).union(Marks::BLOCK);

const fn exit(start: Start) -> Exit {
    match start {
        Start::Argument | Start::Backquoted | Start::Substitution => {
            Exit { all: Marks::empty(), any: ACTS, alone: Marks::empty() }
        }
        Start::DoubleQuoted => Exit { all: Marks::DOUBLE_QUOTE, any: ACTS, alone: SUBSTITUTIONS },
        Start::SingleQuoted => Exit { all: Marks::SINGLE_QUOTE, any: ACTS, alone: Marks::empty() },
        Start::HereDocument => Exit { all: Marks::empty(), any: SUBSTITUTIONS, alone: Marks::empty() },
        Start::Environment => Exit { all: Marks::empty(), any: Marks::SEPARATOR, alone: Marks::empty() },
        Start::Command => Exit { all: Marks::empty(), any: Marks::empty(), alone: Marks::all() },
    }
}

/// Scans a whole value whose bytes have these marks; answers whether the listener wants more.
pub(crate) fn scan(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    let unscreened = !plan.screen || plan.commands;
    if plan.lanes.is_empty() || !unscreened && !(marks.intersects(ACTS) && may_run(input)) {
        return true;
    }
    read(input, marks, plan, listener)
}

/// Reads a value in the lanes that it needs.
#[cold]
#[inline(never)]
fn read(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    let mut stack: Stack<Meaning> = Stack::new();
    for lane in &plan.lanes {
        if plan.screen && !lane.exit.allows(marks) {
            continue;
        }
        let mut source = lane.source(&plan.limits);
        let mut run: Run<Evidence, _> = Run::new(&mut stack, lane.context[0], &source, &plan.limits);
        if !run.read(input, &[], &mut source, false, listener) {
            return false;
        }
    }
    true
}

/// Where a command may begin: behind a separator or an opening.
const OPENERS: [bool; 256] = {
    let mut table = [false; 256];
    let openers = b";&|\n\r({`";
    let mut i = 0;
    while i < openers.len() {
        table[openers[i] as usize] = true;
        i += 1;
    }
    table
};

/// Whether somewhere in the value stands what may name a command where a command may begin. Without
/// that no evidence rule counts anything, for all of them ask for a name. One look-up for each
/// separator; sentences and lists end here.
fn may_run(input: &[u8]) -> bool {
    let mut from = 0;
    while let Some(at) = input[from..].iter().position(|&byte| OPENERS[usize::from(byte)]) {
        from += at + 1;
        if may_name(&input[from..]) {
            return true;
        }
    }
    false
}

/// Whether a text begins with what may name a command.
fn may_name(text: &[u8]) -> bool {
    let start = text.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b',' | b'=' | b'@' | b'!'));
    let text = &text[start.unwrap_or(text.len())..];
    let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'<' | b'>' | b')') || OPENERS[usize::from(*byte)];
    let length = text.iter().position(ends).unwrap_or(text.len());
    let (word, behind) = text.split_at(length);
    let Some(&first) = word.first() else {
        // A redirection before the name.
        return matches!(behind.first(), Some(b'<' | b'>'));
    };
    let mut plain = true;
    let mut alphanumeric = false;
    for byte in word {
        match byte {
            // Quotes and expansions, which may be anything.
            b'\'' | b'"' | b'\\' | b'$' => return true,
            b'*' | b'?' | b'[' | b'%' | b'^' | b'=' | b'/' | b'~' | b'}' | b'.' | b':' | b',' | b'+'
            | b'-' | b'!' | b'#' | b'@' | b']' => plain = false,
            _ => alphanumeric |= byte.is_ascii_alphanumeric(),
        }
    }
    if word.iter().all(u8::is_ascii_digit) {
        // The descriptor of a redirection.
        return matches!(behind.first(), Some(b'<' | b'>'));
    }
    if plain || !alphanumeric {
        let line = &behind[..memchr::memchr2(b'\n', b'\r', behind).unwrap_or(behind.len())];
        return may_be_command(word)
            // An unknown name counts with a path behind it.
            || plain && first.is_ascii_alphabetic() && memchr::memchr2(b'/', b'~', line).is_some();
    }
    true
}

impl Exit {
    fn allows(self, marks: Marks) -> bool {
        marks.contains(self.all) && marks.intersects(self.any) || marks.intersects(self.alone)
    }
}
