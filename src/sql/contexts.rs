//! Contexts and the token streams that they share: a lane is a start mode read by one dialect
//! family. Here is decided which lanes a value needs at all, and what its first tokens show.

use super::evidence::Evidence;
use super::source::Source;
use super::trial::{First, Mentions, Outlook, Room};
use super::{Dialect, Start};
use crate::recogniser::Stack;
use crate::run::{Lanes, Listener, Run, TokenSource as _};
use crate::screen::{self, Marks, SINGLE_WORD};
use crate::{Context, ContextSet, Limits};

/// The dialect families that have such a place. The first is always tried.
const fn dialects(start: Start) -> &'static [Dialect] {
    match start {
        // SQLite has MySQL's backquotes.
        Start::Backquoted => &[Dialect::MySql, Dialect::SqlServer],
        Start::Bracketed => &[Dialect::SqlServer],
        _ => Dialect::ALL,
    }
}

/// What a value needs to leave a start mode.
const fn exit(start: Start) -> Marks {
    match start {
        Start::Text => Marks::empty(),
        Start::SingleQuoted => Marks::SINGLE_QUOTE,
        Start::DoubleQuoted => Marks::DOUBLE_QUOTE,
        Start::Backquoted => Marks::BACKQUOTE,
        Start::Bracketed => Marks::RIGHT_BRACKET,
        Start::Comment => Marks::COMMENT,
    }
}

/// The marks of bytes that a dialect may read otherwise than the first one does.
const fn own(start: Start, dialect: Dialect) -> Marks {
    match dialect {
        Dialect::MySql => Marks::empty(),
        // `\`, `#`, `--x`, `$tag$`, `@`, `/*!` and nested comments, `q'…'`
        Dialect::PostgreSql => Marks::BACKSLASH
            .union(Marks::HASH)
            .union(Marks::DASH_DASH)
            .union(Marks::DOLLAR)
            .union(Marks::AT)
            .union(Marks::OPERATOR)
            .union(Marks::COMMENT)
            .union(Marks::PREFIXED),
        // In backquotes PostgreSQL does not stand between.
        Dialect::SqlServer if matches!(start, Start::Backquoted) => {
            own(start, Dialect::PostgreSql).union(Marks::LEFT_BRACKET)
        }
        // `[x]`, `$1.50`; and what PostgreSQL alone reads otherwise, next to what MySQL alone does
        Dialect::SqlServer => {
            Marks::LEFT_BRACKET.union(Marks::DOLLAR).union(Marks::AT).union(Marks::PREFIXED)
        }
    }
}

/// What values are tried in, chosen once.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    limits: Limits,
    /// Leave out what a value's bytes and first tokens show to be without evidence.
    screen: bool,
    places: Vec<Place>,
}

/// A start mode and the dialects that read from it, each in its way.
#[derive(Clone, Debug)]
struct Place {
    room: Room,
    dialects: &'static [Dialect],
    exit: Marks,
}

impl Plan {
    pub(crate) fn new(contexts: ContextSet, limits: Limits, screen: bool) -> Self {
        let place = |start| {
            let room = Room::new(start, contexts)?;
            Some(Place { room, dialects: dialects(start), exit: exit(start) })
        };
        let places = Start::ALL.into_iter().filter_map(place).collect();
        Plan { limits, screen, places }
    }

    /// All lanes, for a value that arrives in pieces.
    pub(crate) fn lanes(&self) -> Lanes<Evidence> {
        let lanes = self.places.iter().flat_map(|place| {
            let source = |&dialect| {
                (Source::new(dialect, place.room.start), place.contexts().map(|(_, context)| context))
            };
            place.dialects.iter().map(source)
        });
        Lanes::new(lanes, &self.limits)
    }
}

impl Place {
    /// The contexts that are tried, each with its bit.
    fn contexts(&self) -> impl Iterator<Item = (u8, Context)> {
        let contexts = self.room.start.contexts().iter().enumerate();
        contexts.map(|(i, &context)| (1 << i, context)).filter(|(bit, _)| self.room.contexts & bit != 0)
    }

    /// Whether a value with these bytes can leave the start mode and be more than one word there.
    #[inline]
    fn matters(&self, marks: Marks) -> bool {
        marks.contains(self.exit) && (self.room.start != Start::Text || !SINGLE_WORD.contains(marks))
    }
}

/// Scans a whole value whose bytes have these marks; answers whether the listener wants more.
pub(crate) fn scan(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    let mut mentions = Mentions::default();
    for place in &plan.places {
        let mut outlook = Outlook::Unknown;
        if plan.screen {
            if !place.matters(marks) {
                continue;
            }
            outlook = Outlook::of(input, &place.room, &mut mentions);
        }
        if outlook != Outlook::Dead && !read(input, marks, place, outlook, &mut mentions, plan, listener) {
            return false;
        }
    }
    true
}

/// Reads a value in all dialects of a place that can read it otherwise than the first one.
#[inline(never)]
fn read(
    input: &[u8],
    marks: Marks,
    place: &Place,
    outlook: Outlook,
    mentions: &mut Mentions,
    plan: &Plan,
    listener: &mut impl Listener,
) -> bool {
    let mut stack = Stack::new();
    // How far the dialects before had to read to see that there is nothing.
    let mut reach = 0;
    for (number, &dialect) in place.dialects.iter().enumerate() {
        if plan.screen && number > 0 {
            let own = own(place.room.start, dialect);
            if !marks.intersects(own)
                || reach < input.len() && !screen::marks(&input[..reach]).intersects(own)
            {
                continue;
            }
        }
        let mut source = Source::new(dialect, place.room.start);
        let first = match outlook {
            Outlook::Doubtful(contexts) => First::doubtful(contexts),
            _ => First::of(input, &mut source, &place.room, plan.screen, mentions),
        };
        // A token is decided by at most two bytes behind it.
        let read = if first.doubtful == 0 && !first.ended { source.position() + 2 } else { usize::MAX };
        reach = reach.max(read);
        for (_, context) in place.contexts().filter(|(bit, _)| first.doubtful & bit != 0) {
            // The tokens that were kept and what stands behind them, or all of them again.
            let (kept, mut rest, ended) = match first.tokens() {
                Some(kept) => (kept, source, first.ended),
                None => (&[][..], Source::new(dialect, place.room.start), false),
            };
            let mut run: Run<Evidence, _> = Run::new(&mut stack, context, &rest, &plan.limits);
            if !run.read(input, kept, &mut rest, ended, listener) {
                return false;
            }
        }
    }
    true
}
