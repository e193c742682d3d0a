//! Contexts and the token streams that they share: a lane is a start mode read by one dialect
//! family. Here is decided which lanes a value needs at all, and what its first tokens show.

use std::sync::LazyLock;

use smallvec::SmallVec;

use super::evidence::Evidence;
use super::facts::Contribution;
use super::lexer::plain_word;
use super::source::Source;
use super::{Dialect, GRAMMAR, Start, Terminal, Token};
use crate::recogniser::{Pairs, Push, Stack, Trial};
use crate::run::{Evidence as _, Lanes, Lexed, Listener, Run, TokenSource as _};
use crate::screen::{self, Marks, SINGLE_WORD};
use crate::{Context, ContextSet, Language, Limits};

/// The contexts that read from each start mode. Running text comes last: a value with a quote is
/// more often an attack on the quote.
const SHARED: [(Start, &[Context]); 6] = [
    (Start::SingleQuoted, &[Context::SqlSingleQuoted]),
    (Start::DoubleQuoted, &[Context::SqlDoubleQuoted]),
    (Start::Backquoted, &[Context::SqlBackquoted]),
    (Start::Bracketed, &[Context::SqlBracketed]),
    (Start::Comment, &[Context::SqlComment]),
    (Start::Text, &[Context::SqlValue, Context::SqlSuffix, Context::SqlStatement]),
];

/// The dialect families that have such a place. The first is always tried.
const fn dialects(start: Start) -> &'static [Dialect] {
    match start {
        Start::Backquoted => &[Dialect::MySql],
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
const fn own(dialect: Dialect) -> Marks {
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
        // `[x]`, `$1.50`; and what PostgreSQL alone reads otherwise, next to what MySQL alone does
        Dialect::SqlServer => {
            Marks::LEFT_BRACKET.union(Marks::DOLLAR).union(Marks::AT).union(Marks::PREFIXED)
        }
    }
}

/// What a value needs to leave any start mode but running text.
const EXITS: Marks = Marks::SINGLE_QUOTE
    .union(Marks::DOUBLE_QUOTE)
    .union(Marks::BACKQUOTE)
    .union(Marks::RIGHT_BRACKET)
    .union(Marks::COMMENT);

/// How many tokens are tried on the recognisers alone before evidence is collected. Ordinary text
/// is dead by then in all contexts.
const TRIAL: usize = 10;

/// What values are tried in, chosen once.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    limits: Limits,
    /// Leave out what a value's bytes and first tokens show to be without evidence.
    screen: bool,
    lanes: Vec<LanePlan>,
    /// How many of the lanes do not start in running text; they come first.
    quoted: usize,
}

/// One way to tokenize, and the contexts that read those tokens.
#[derive(Clone, Debug)]
struct LanePlan {
    start: Start,
    dialect: Dialect,
    contexts: SmallVec<[Context; SHARED_MOST]>,
    /// The dialect is the first one of the start mode.
    first: bool,
    exit: Marks,
    own: Marks,
}

impl Plan {
    pub(crate) fn new(contexts: ContextSet, limits: Limits, screen: bool) -> Self {
        LazyLock::force(&PAIRS);
        let mut lanes = Vec::new();
        for (start, shared) in SHARED {
            let contexts: SmallVec<_> =
                shared.iter().copied().filter(|&context| contexts.contains(context)).collect();
            if contexts.is_empty() {
                continue;
            }
            for (i, &dialect) in dialects(start).iter().enumerate() {
                lanes.push(LanePlan {
                    start,
                    dialect,
                    contexts: contexts.clone(),
                    first: i == 0,
                    exit: exit(start),
                    own: own(dialect),
                });
            }
        }
        let quoted = lanes.iter().filter(|lane| lane.start != Start::Text).count();
        Plan { limits, screen, lanes, quoted }
    }

    /// All lanes, for a value that arrives in pieces.
    pub(crate) fn lanes(&self) -> Lanes<Evidence> {
        let lanes = self.lanes.iter();
        Lanes::new(
            lanes.map(|lane| (Source::new(lane.dialect, lane.start), &lane.contexts[..])),
            &self.limits,
        )
    }
}

impl LanePlan {
    /// Whether a value with these bytes can leave the start mode and be more than one word there,
    /// and whether this dialect can read it otherwise than the first one.
    #[inline]
    fn matters(&self, marks: Marks) -> bool {
        marks.contains(self.exit) && (self.first || marks.intersects(self.own))
    }
}

/// Scans a whole value whose bytes have these marks; answers whether the listener wants more.
pub(crate) fn scan(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    let mut lanes = &plan.lanes[..];
    if plan.screen {
        let (quoted, text) = lanes.split_at(plan.quoted);
        let words = |lane: &LanePlan| SINGLE_WORD.contains(marks) || dies_in_words(input, &lane.contexts);
        lanes = match (text.first().is_none_or(words), marks.intersects(EXITS)) {
            (true, true) => quoted,
            (true, false) => &[],
            (false, true) => lanes,
            (false, false) => text,
        };
    }
    let mut union = None;
    let mut stack = Stack::new();
    // How far the first dialect of a start mode had to read to see that there is nothing.
    let mut reach = usize::MAX;
    let mut dead = false;
    for lane in lanes {
        if plan.screen {
            if !lane.matters(marks) {
                continue;
            }
            if lane.first {
                dead = dies_behind_quote(input, marks, lane);
            }
            if dead && lane.start != Start::Text {
                continue;
            }
            if !lane.first && reach < input.len() && !screen::marks(&input[..reach]).intersects(lane.own) {
                continue;
            }
        }
        let mut source = Source::new(lane.dialect, lane.start);
        let first = try_first(input, &mut source, &lane.contexts, plan.screen, &mut union);
        if lane.first {
            // A token is decided by at most two bytes behind it.
            reach = if first.doubtful == 0 && !first.ended { source.position() + 2 } else { usize::MAX };
        }
        for (i, &context) in lane.contexts.iter().enumerate() {
            if first.doubtful & (1 << i) == 0 {
                continue;
            }
            // The tokens that were kept and what stands behind them, or all of them again.
            let (kept, mut rest, ended) = match first.tokens.get(..first.length) {
                Some(kept) => (kept, source, first.ended),
                None => (&[][..], Source::new(lane.dialect, lane.start), false),
            };
            let mut run: Run<Evidence, _> = Run::new(&mut stack, context, &rest, &plan.limits);
            if !run.read(input, kept, &mut rest, ended, listener) {
                return false;
            }
        }
    }
    true
}

/// Whether text goes on with plain words, and perhaps a quote, behind which no context is alive, or
/// has no more than those: what prose, names and search terms do. The fast path beside
/// [`try_first`], for all dialects at once, which read plain words alike.
fn dies_in_words(text: &[u8], contexts: &[Context]) -> bool {
    let pairs = &*PAIRS;
    let mut terminals = [0; 3];
    let mut position = 0;
    for count in 0..terminals.len() {
        let rest = &text[position..];
        let terminal = match plain_word(rest) {
            Some(word) if Contribution::of(word.terminal).is_empty() => {
                position += word.end;
                word.terminal
            }
            Some(_) => return false,
            // Behind a quote only death is known.
            None => match rest.iter().find(|&&byte| byte != b' ') {
                None => return true,
                Some(b'\'') => Terminal::String,
                Some(b'"') => Terminal::DoubleQuoted,
                Some(_) => return false,
            },
        };
        terminals[count] = terminal.index();
        let [first, second, third] = terminals;
        let alive = |&context: &Context| match count {
            0 => pairs.first(context as usize, first),
            1 => pairs.second(context as usize, first, second).is_some(),
            _ => pairs
                .second(context as usize, first, second)
                .is_some_and(|stack| { *stack }.push(&GRAMMAR, third) != Push::Rejected),
        };
        if !contexts.iter().any(alive) {
            return true;
        }
        if matches!(terminal, Terminal::String | Terminal::DoubleQuoted) {
            return false;
        }
    }
    false
}

/// The same behind the quote that the value starts in, where no dialect escapes it.
fn dies_behind_quote(input: &[u8], marks: Marks, lane: &LanePlan) -> bool {
    let quote = match lane.start {
        Start::SingleQuoted => b'\'',
        Start::DoubleQuoted => b'"',
        _ => return false,
    };
    if marks.contains(Marks::BACKSLASH) {
        return false;
    }
    let Some(closed) = memchr::memchr(quote, input) else { return true };
    let behind = &input[closed + 1..];
    behind.first() != Some(&quote) && dies_in_words(behind, &lane.contexts)
}

/// The first tokens of a lane.
struct First {
    tokens: [Token; TRIAL],
    /// How many there are; those beyond [`TRIAL`] were not kept.
    length: usize,
    /// They are all there are.
    ended: bool,
    /// The contexts that could have evidence, a bit for each.
    doubtful: u8,
}

/// Tries the first tokens of a lane on the states alone.
fn try_first(
    input: &[u8],
    source: &mut Source,
    contexts: &[Context],
    screen: bool,
    union: &mut Option<bool>,
) -> First {
    let mut first =
        First { tokens: [Token::new(Terminal::Unknown, 0, 0); TRIAL], length: 0, ended: false, doubtful: 0 };
    let pairs = &*PAIRS;
    let mut trials = [Trial::new(); SHARED_MOST];
    let mut alive = (1u8 << contexts.len()) - 1;
    let mut contribution = Contribution::empty();
    let mut open = false;
    // The literal that the value leaves belongs to the opening.
    let given = usize::from(opens_with_literal(contexts[0]));
    let literal = matches!(contexts[0], Context::SqlSingleQuoted | Context::SqlDoubleQuoted);
    // Names, numbers and plain operators may go on for long; nothing is to be kept of them.
    while first.length < TRIAL || !contribution.matters_at_end(literal, false) {
        let Lexed::Token(token) = source.next(input, 0, true) else {
            // An instruction needs a token that acts, or a comment that hides the program's text; and
            // nothing closes a literal that was opened in running text.
            let matters = match first.length {
                0 => false,
                _ if given == 0 && open => contribution.matters_at_rejection(literal),
                _ => contribution.matters_at_end(literal, source.open_comment().is_some()),
            };
            if matters || !screen {
                first.doubtful |= alive;
            }
            first.ended = true;
            return first;
        };
        if let Some(place) = first.tokens.get_mut(first.length) {
            *place = token;
        }
        first.length += 1;
        open = token.is_open();
        let terminal = token.terminal.index();
        let own = first.length - given;
        if own == 0 {
            continue;
        }
        contribution |= Contribution::of(token.terminal);
        for (i, &context) in contexts.iter().enumerate() {
            let bit = 1 << i;
            if alive & bit == 0 {
                continue;
            }
            let push = match own {
                1 if pairs.first(context as usize, terminal) => Push::Shifted,
                1 => Push::Rejected,
                2 => match pairs.second(context as usize, first.tokens[given].terminal.index(), terminal) {
                    Some(stack) => {
                        trials[i] = *stack;
                        Push::Shifted
                    }
                    None => Push::Rejected,
                },
                _ => trials[i].push(&GRAMMAR, terminal),
            };
            match push {
                Push::Shifted => continue,
                Push::Rejected
                    if screen
                        && !contribution.matters_at_rejection(literal)
                        && (!contribution.computes() || !has_set_operator(input, union)) => {}
                Push::Rejected | Push::TooDeep => first.doubtful |= bit,
            }
            alive &= !bit;
        }
        // Evidence that would outlive a rejection needs the whole run, and what lives this long
        // behind a closed literal is no prose.
        let matters = contribution.matters_at_rejection(literal);
        if alive == 0 || matters || (given != 0 && own == 3) {
            break;
        }
    }
    first.doubtful |= alive;
    first
}

/// Whether the word UNION stands in a value, in any case; looked for once.
fn has_set_operator(input: &[u8], known: &mut Option<bool>) -> bool {
    *known.get_or_insert_with(|| {
        memchr::memchr2_iter(b'u', b'U', input)
            .any(|at| input.get(at + 1..at + 5).is_some_and(|rest| rest.eq_ignore_ascii_case(b"nion")))
    })
}

/// The most contexts that share a lane.
const SHARED_MOST: usize = 3;

/// Whether the first token of a context is the literal that the value leaves.
const fn opens_with_literal(context: Context) -> bool {
    !matches!(context, Context::SqlValue | Context::SqlSuffix | Context::SqlStatement)
}

/// What the first two tokens of a value lead to in each context of SQL; those are the first ones of
/// [`Context::ALL`], so their numbers are the places here.
static PAIRS: LazyLock<Pairs> = LazyLock::new(|| {
    let openings: Vec<Trial> = ContextSet::of_language(Language::Sql)
        .iter()
        .map(|context| {
            let mut opening = Trial::new();
            let literal = match context {
                Context::SqlSingleQuoted => Some(Terminal::String),
                Context::SqlDoubleQuoted => Some(Terminal::DoubleQuoted),
                Context::SqlBackquoted | Context::SqlBracketed => Some(Terminal::QuotedIdentifier),
                Context::SqlComment => Some(Terminal::Operand),
                _ => None,
            };
            for terminal in Evidence::prelude(context).iter().copied().chain(literal) {
                opening.push(&GRAMMAR, terminal.index());
            }
            opening
        })
        .collect();
    Pairs::new(&GRAMMAR, &openings)
});
