//! Contexts and the token streams that they share: a lane is a start mode read by one family of
//! shells. Here is decided which lanes a value needs at all.

use std::ops::DerefMut;

use super::commands::Vocabulary;
use super::evidence::Evidence;
use super::facts::Meaning;
use super::screen::{self, Carrier, Findings, Lane};
use super::source::Source;
use super::{Dialect, Start};
use crate::recogniser::{Recogniser, Stack};
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
    vocabulary: Vocabulary,
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
    pub(crate) fn new(contexts: ContextSet, limits: Limits, vocabulary: Vocabulary, screen: bool) -> Self {
        let mut lanes = Vec::new();
        for context in contexts.intersection(ContextSet::of_language(Language::Shell)).iter() {
            let start = Start::of(context);
            let dialects = dialects(context).iter();
            lanes.extend(dialects.map(|&dialect| LanePlan {
                start,
                dialect,
                context: [context],
                exit: exit(start, dialect),
            }));
        }
        let commands = contexts.contains(Context::ShellCommand);
        Plan { limits, vocabulary, screen, lanes, commands }
    }

    /// All lanes, for a value that arrives in pieces.
    pub(crate) fn lanes(&self) -> Lanes<Evidence> {
        let lanes = self.lanes.iter();
        Lanes::new(lanes.map(|lane| (lane.source(self), &lane.context[..])), &self.limits)
    }
}

impl LanePlan {
    /// Whether the tokens of a value that has these marks are those of an argument, in a substitution of
    /// the program: what finds nothing there, and closes nothing that it has not opened, finds nothing here.
    fn is_argument_inside(&self, marks: Marks) -> bool {
        match self.start {
            Start::Substitution => true,
            Start::Backquoted => !marks.contains(Marks::BACKQUOTE),
            _ => false,
        }
    }

    fn source(&self, plan: &Plan) -> Source {
        Source::new(self.dialect, self.start, plan.vocabulary.clone(), depth(&plan.limits))
    }
}

/// What a value needs to run a command in a context: to end the command that it completes, or to
/// have one substituted, and to leave its quotes before.
#[derive(Clone, Copy, Debug)]
struct Exit {
    /// One of these, if there are any, …
    quotes: Marks,
    /// … and one of these …
    any: Marks,
    /// … or one of these alone.
    alone: Marks,
}

const SUBSTITUTIONS: Marks = Marks::BACKQUOTE.union(Marks::DOLLAR);
const ACTS: Marks = SUBSTITUTIONS.union(Marks::SEPARATOR).union(Marks::REDIRECTION).union(Marks::BLOCK);

const fn exit(start: Start, dialect: Dialect) -> Exit {
    let quotation = match dialect {
        Dialect::PowerShell => Marks::QUOTATION,
        _ => Marks::empty(),
    };
    match start {
        Start::Argument | Start::Backquoted | Start::Substitution => {
            Exit { quotes: Marks::empty(), any: ACTS, alone: Marks::empty() }
        }
        Start::DoubleQuoted => {
            Exit { quotes: Marks::DOUBLE_QUOTE.union(quotation), any: ACTS, alone: SUBSTITUTIONS }
        }
        Start::SingleQuoted => {
            Exit { quotes: Marks::SINGLE_QUOTE.union(quotation), any: ACTS, alone: Marks::empty() }
        }
        Start::HereDocument => Exit { quotes: Marks::empty(), any: SUBSTITUTIONS, alone: Marks::empty() },
        Start::Environment => Exit { quotes: Marks::empty(), any: Marks::SEPARATOR, alone: Marks::empty() },
        Start::Command => Exit { quotes: Marks::empty(), any: Marks::empty(), alone: Marks::all() },
    }
}

/// Scans a whole value whose bytes have these marks; answers whether the listener wants more.
pub(crate) fn scan(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    let unscreened = !plan.screen || plan.commands;
    if plan.lanes.is_empty() || !unscreened && !marks.intersects(ACTS) {
        return true;
    }
    if unscreened {
        return read(input, marks, None, plan, listener);
    }
    match screen::find(input, marks, &plan.vocabulary) {
        Some(found) => read(input, marks, Some(&found), plan, listener),
        None => true,
    }
}

/// Reads a value in the lanes that it needs.
#[cold]
#[inline(never)]
fn read(
    input: &[u8],
    marks: Marks,
    found: Option<&(Findings, Carrier)>,
    plan: &Plan,
    listener: &mut impl Listener,
) -> bool {
    let mut stack: Stack<Meaning> = Stack::new();
    // The dialects in which the value is an argument that does nothing.
    let mut idle = [false; Dialect::ALL.len()];
    for lane in &plan.lanes {
        if plan.screen && !lane.exit.allows(marks) {
            continue;
        }
        if let Some((findings, carrier)) = found {
            let reached = |read: Lane| findings.reach(&read, lane.dialect);
            if !carrier.lane(lane.start, lane.dialect).is_some_and(reached) {
                continue;
            }
        }
        if plan.screen && lane.is_argument_inside(marks) && idle[lane.dialect as usize] {
            continue;
        }
        let mut source = lane.source(plan);
        let mut run: Run<Evidence, _> = Run::new(&mut stack, lane.context[0], &source, &plan.limits);
        let mut rest =
            found.filter(|_| !listener.reads_on()).map(|found| Rest::new(found, lane, run.height()));
        let over = |recogniser: &_| rest.as_mut().is_some_and(|rest| rest.is_over(recogniser));
        if !run.read_until(input, &[], &mut source, false, listener, over) {
            return false;
        }
        if lane.start == Start::Argument {
            // In the substitution nothing counts behind the same separator.
            idle[lane.dialect as usize] = run.is_idle() && !source.reaches_out();
        }
    }
    true
}

/// Watches over a run for the separator behind which nothing can count: the value's first words are known then,
/// which the screen could only guess at, and places that it found may all lie before.
struct Rest<'a> {
    findings: &'a Findings,
    carrier: &'a Carrier<'a>,
    dialect: Dialect,
    /// How many symbols there are at most where no command of the value's is open or waits to be told.
    height: usize,
}

impl<'a> Rest<'a> {
    /// `height` symbols stand before the value.
    fn new((findings, carrier): &'a (Findings, Carrier<'a>), lane: &LanePlan, height: usize) -> Self {
        let opening = match lane.start {
            Start::Backquoted | Start::Substitution => 2,
            _ => 0,
        };
        Rest { findings, carrier, dialect: lane.dialect, height: height + opening + 1 }
    }

    #[inline]
    fn is_over<K: DerefMut<Target = Stack<Meaning>>>(
        &mut self,
        recogniser: &Recogniser<Evidence, K>,
    ) -> bool {
        let evidence = recogniser.semantics();
        let Some(separator) = evidence.separator() else { return false };
        if recogniser.height() > self.height {
            return false;
        }
        // Behind the end of what the program opened there are fewer.
        self.height = recogniser.height();
        let reached =
            self.findings.reach(&self.carrier.rest(evidence, self.dialect, separator), self.dialect);
        !reached && !evidence.may_count()
    }
}

impl Exit {
    fn allows(self, marks: Marks) -> bool {
        let leaves = self.quotes.is_empty() || marks.intersects(self.quotes);
        leaves && marks.intersects(self.any) || marks.intersects(self.alone)
    }
}
