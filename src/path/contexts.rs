//! The context of paths and the dialects that a value is read in; what its bytes show about it.

use super::encoding;
use super::evidence::Evidence;
use super::lexer::Lexer;
use super::{Dialect, locations};
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
    scan_marked(input, marks, plan, listener)
}

fn scan_marked(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    let mut stack = Stack::new();
    for &dialect in Dialect::ALL {
        let mut source = Lexer::new(dialect);
        let mut run: Run<Evidence, _> = Run::new(&mut stack, Context::PathSegment, &source, &plan.limits);
        if !run.read(input, &[], &mut source, false, listener) {
            return false;
        }
    }
    let _ = (marks, encoding::begins(0));
    true
}
