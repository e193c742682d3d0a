//! Contexts and the token streams that they share: a lane is a start mode read by one family of
//! shells. Here is decided which lanes a value needs at all.

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
const ACTS: Marks = SUBSTITUTIONS.union(Marks::SEPARATOR).union(Marks::REDIRECTION);

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
    if plan.screen && !plan.commands && !marks.intersects(ACTS) {
        return true;
    }
    if plan.lanes.is_empty() {
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

impl Exit {
    fn allows(self, marks: Marks) -> bool {
        marks.contains(self.all) && marks.intersects(self.any) || marks.intersects(self.alone)
    }
}
