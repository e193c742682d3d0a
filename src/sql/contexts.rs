//! Contexts and the token streams that they share.
//!
//! A *lane* is one way to tokenize a value: a start mode read by one dialect family. The contexts
//! of a lane run over the same tokens, each with a recogniser of its own.

use std::sync::LazyLock;

use smallvec::SmallVec;

use super::effects::{Acts, Evidence};
use super::lexer::Lexed;
use super::source::Source;
use super::{Dialect, GRAMMAR, Start, Terminal, Token};
use crate::recogniser::{Pairs, Push, Recogniser, Trial};
use crate::report::{Instruction, Reason, Trace};
use crate::screen::{self, Marks, SINGLE_WORD};
use crate::{Context, ContextKind, ContextSet, Effects, Limits};

/// The contexts that read from each start mode.
const SHARED: [(Start, &[Context]); 6] = [
    (Start::Text, &[Context::SqlValue, Context::SqlSuffix, Context::SqlStatement]),
    (Start::SingleQuoted, &[Context::SqlSingleQuoted]),
    (Start::DoubleQuoted, &[Context::SqlDoubleQuoted]),
    (Start::Backquoted, &[Context::SqlBackquoted]),
    (Start::Bracketed, &[Context::SqlBracketed]),
    (Start::Comment, &[Context::SqlComment]),
];

/// The dialect families that have such a place. The first is always tried.
const fn dialects(start: Start) -> &'static [Dialect] {
    match start {
        Start::Backquoted => &[Dialect::MySql],
        Start::Bracketed => &[Dialect::SqlServer],
        _ => Dialect::ALL,
    }
}

/// The bytes that a value needs to leave a start mode, all of them.
const fn exit(start: Start) -> Marks {
    match start {
        Start::Text => Marks::empty(),
        Start::SingleQuoted => Marks::SINGLE_QUOTE,
        Start::DoubleQuoted => Marks::DOUBLE_QUOTE,
        Start::Backquoted => Marks::BACKQUOTE,
        Start::Bracketed => Marks::RIGHT_BRACKET,
        Start::Comment => Marks::ASTERISK.union(Marks::SLASH),
    }
}

/// Whether a dialect reads bytes with these marks otherwise than the first one does.
fn differs(dialect: Dialect, marks: Marks) -> bool {
    match dialect {
        Dialect::MySql => false,
        // `\`, `#`, `--x`, `$tag$`, `@`, `/*!` and nested comments, `q'…'` and `e'…'`
        Dialect::PostgreSql => {
            marks.intersects(Marks::BACKSLASH | Marks::HASH | Marks::DASH_DASH | Marks::DOLLAR | Marks::AT)
                || marks.contains(Marks::ASTERISK | Marks::SLASH)
                || marks.contains(Marks::SINGLE_QUOTE | Marks::ALTERNATIVE)
        }
        // `[x]`, `$1.50`
        Dialect::SqlServer => marks.intersects(Marks::LEFT_BRACKET | Marks::DOLLAR),
    }
}

/// The tokens that stand before the value's own.
fn prelude(context: Context) -> &'static [Terminal] {
    match context {
        Context::SqlStatement => &[Terminal::StartStatement],
        Context::SqlSuffix => &[Terminal::StartValue, Terminal::Operand],
        _ => &[Terminal::StartValue],
    }
}

/// How many tokens are tried on the recognisers alone before evidence is collected. Ordinary text
/// is dead by then in all contexts.
const TRIAL: usize = 12;

/// What values are tried in, chosen once.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) contexts: ContextSet,
    pub(crate) limits: Limits,
    /// Leave out what a value's bytes and first tokens show to be without evidence.
    pub(crate) screen: bool,
    lanes: Vec<LanePlan>,
}

/// One way to tokenize, and the contexts that read those tokens.
#[derive(Clone, Debug)]
struct LanePlan {
    start: Start,
    dialect: Dialect,
    contexts: SmallVec<[Context; SHARED_MOST]>,
    /// The dialect is the first one of the start mode.
    first: bool,
}

impl Plan {
    pub(crate) fn new(contexts: ContextSet, limits: Limits, screen: bool) -> Self {
        LazyLock::force(&PAIRS);
        let mut lanes = Vec::new();
        for (start, shared) in SHARED {
            let contexts: SmallVec<_> = shared.iter().copied().filter(|&context| contexts.contains(context)).collect();
            if contexts.is_empty() {
                continue;
            }
            for (i, &dialect) in dialects(start).iter().enumerate() {
                lanes.push(LanePlan { start, dialect, contexts: contexts.clone(), first: i == 0 });
            }
        }
        Plan { contexts, limits, screen, lanes }
    }
}

impl LanePlan {
    /// Whether a value with these bytes can leave the start mode and be more than one word there,
    /// and whether this dialect can read it otherwise than the first one.
    #[inline]
    fn matters(&self, marks: Marks) -> bool {
        let leaves = match self.start {
            Start::Text => !SINGLE_WORD.contains(marks),
            start => marks.contains(exit(start)),
        };
        leaves && (self.first || differs(self.dialect, marks))
    }
}

/// Scans a whole value. Hands each context's run, finished, to `tell`, which answers whether to
/// go on. A run stops early where `enough` says so.
pub(crate) fn scan(
    input: &[u8],
    plan: &Plan,
    enough: impl Fn(&Run) -> bool,
    mut tell: impl FnMut(&Run) -> bool,
) {
    let marks = screen::marks(input);
    for lane in &plan.lanes {
        if plan.screen && !lane.matters(marks) {
            continue;
        }
        let mut source = Source::new(lane.dialect, lane.start);
        let mut tokens: SmallVec<[Token; TRIAL]> = SmallVec::new();
        let (doubtful, ended) = try_first(input, &mut source, &lane.contexts, plan.screen, &mut tokens);
        for (i, &context) in lane.contexts.iter().enumerate() {
            if doubtful & (1 << i) == 0 {
                continue;
            }
            let mut run = Run::new(context, lane.dialect, &plan.limits);
            let mut rest = source;
            let mut known = tokens.iter();
            while run.alive && !enough(&run) {
                let token = match known.next() {
                    Some(&token) => token,
                    None if ended => break,
                    None => match rest.next(input, 0, true) {
                        Lexed::Token(token) => token,
                        Lexed::More | Lexed::End => break,
                    },
                };
                run.push(token);
            }
            run.finish(&rest);
            if !tell(&run) {
                return;
            }
        }
    }
}

/// Tries the first tokens of a lane on the states alone. Answers which of the contexts could have
/// evidence (a bit for each), and whether the tokens are all there are.
fn try_first(
    input: &[u8],
    source: &mut Source,
    contexts: &[Context],
    screen: bool,
    tokens: &mut SmallVec<[Token; TRIAL]>,
) -> (u8, bool) {
    let pairs = &*PAIRS;
    let mut trials = [Trial::new(); SHARED_MOST];
    let all = (1u8 << contexts.len()) - 1;
    let mut union = None;
    let (mut alive, mut doubtful, mut acts) = (all, 0, Acts::empty());
    // The literal that the value leaves belongs to the opening.
    let given = usize::from(opens_with_literal(contexts[0]));
    while tokens.len() < TRIAL {
        let Lexed::Token(token) = source.next(input, 0, true) else {
            // An instruction needs a token that acts, or a comment that hides the program's text.
            if acts.matter_at_end(given != 0, source.open_comment().is_some()) || !screen {
                doubtful |= alive;
            }
            return (if tokens.is_empty() { 0 } else { doubtful }, true);
        };
        tokens.push(token);
        let terminal = token.terminal.index();
        let own = tokens.len() - given;
        if own == 0 {
            continue;
        }
        acts |= Acts::of(token.terminal);
        for (i, &context) in contexts.iter().enumerate() {
            let bit = 1 << i;
            if alive & bit == 0 {
                continue;
            }
            let push = match own {
                1 if pairs.first(context as usize, terminal) => Push::Shifted,
                1 => Push::Rejected,
                2 => match pairs.second(context as usize, tokens[given].terminal.index(), terminal) {
                    Some(stack) => {
                        trials[i] = stack;
                        Push::Shifted
                    }
                    None => Push::Rejected,
                },
                _ => trials[i].push(&GRAMMAR, terminal),
            };
            match push {
                Push::Shifted => continue,
                Push::Rejected if screen && !acts.matter_at_rejection() && (acts.is_empty() || !has_set_operator(input, &mut union)) => {}
                Push::Rejected | Push::TooDeep => doubtful |= bit,
            }
            alive &= !bit;
        }
        if alive == 0 || acts.contains(Acts::STATEMENT) {
            break;
        }
    }
    (doubtful | alive, false)
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

/// What the first two tokens of a value lead to in each context.
static PAIRS: LazyLock<Pairs> = LazyLock::new(|| {
    let openings: Vec<Trial> = Context::ALL
        .iter()
        .map(|&context| {
            let mut opening = Trial::new();
            let literal = match context {
                Context::SqlSingleQuoted => Some(Terminal::String),
                Context::SqlDoubleQuoted => Some(Terminal::DoubleQuoted),
                Context::SqlBackquoted | Context::SqlBracketed => Some(Terminal::QuotedIdentifier),
                Context::SqlComment => Some(Terminal::Operand),
                _ => None,
            };
            for terminal in prelude(context).iter().copied().chain(literal) {
                opening.push(&GRAMMAR, terminal.index());
            }
            opening
        })
        .collect();
    Pairs::new(&GRAMMAR, &openings)
});

/// One context over one lane: the recogniser and the evidence that it collects.
#[derive(Debug)]
pub(crate) struct Run {
    context: Context,
    dialect: Dialect,
    recogniser: Recogniser<Evidence>,
    alive: bool,
    undecided: Option<Reason>,
    /// The end of the last token that was accepted.
    end: usize,
    /// The first token that was not.
    rejected: Option<Token>,
    /// A token was rejected; only a set operator is waited for.
    lost: bool,
    acts: Acts,
}

impl Run {
    fn new(context: Context, dialect: Dialect, limits: &Limits) -> Self {
        let recogniser = Recogniser::with_semantics(&GRAMMAR, Evidence::new(context), limits.depth);
        let mut run = Run { context, dialect, recogniser, alive: true, undecided: None, end: 0, rejected: None, lost: false, acts: Acts::empty() };
        for &terminal in prelude(context) {
            run.push(Token::new(terminal, 0, 0));
        }
        run
    }

    fn push(&mut self, token: Token) {
        if !self.alive {
            return;
        }
        self.acts |= Acts::of(token.terminal);
        if self.lost {
            self.resume(token);
            return;
        }
        match self.recogniser.push(token.terminal.index(), token) {
            Push::Shifted => self.end = token.end,
            Push::Rejected => {
                self.rejected = Some(token);
                self.recogniser.settle();
                self.recogniser.semantics_mut().finish(false, None);
                self.lost = true;
                self.alive = self.may_resume();
                self.resume(token);
            }
            Push::TooDeep => self.give_up(Reason::TooDeep),
        }
    }

    /// Text that acts and then is not viable may be in a dialect that the grammar does not know.
    fn may_resume(&self) -> bool {
        !self.acts.is_empty() && self.end > 0 && self.context.kind() == ContextKind::Injection && !self.recogniser.semantics().resumed
    }

    /// Goes on at a set operator, as if an operand stood before it (panic-mode recovery): what
    /// `UNION SELECT` begins is a query, whatever the text before it was.
    fn resume(&mut self, token: Token) {
        if !self.alive || token.terminal != Terminal::Union {
            return;
        }
        self.lost = false;
        self.recogniser.semantics_mut().resumed = true;
        self.recogniser.restart();
        for terminal in [Terminal::StartValue, Terminal::Operand] {
            self.recogniser.push(terminal.index(), Token::new(terminal, token.start, token.start));
        }
        self.push(token);
    }

    fn give_up(&mut self, reason: Reason) {
        self.alive = false;
        self.undecided = Some(reason);
    }

    /// The input ended. What it leaves open, the program's own text may close.
    fn finish(&mut self, source: &Source) {
        if !self.alive || self.lost {
            return;
        }
        self.alive = false;
        let close = Token::new(Terminal::RightParenthesis, self.end, self.end);
        for _ in 0..source.open_parentheses() {
            if self.recogniser.push(close.terminal.index(), close) != Push::Shifted {
                break;
            }
        }
        self.recogniser.settle();
        self.recogniser.semantics_mut().finish(true, source.open_comment());
    }

    pub(crate) fn context(&self) -> Context {
        self.context
    }

    /// What counts so far.
    pub(crate) fn effects(&self) -> Effects {
        self.recogniser.semantics().effects
    }

    pub(crate) fn undecided(&self) -> Option<Reason> {
        self.undecided
    }

    pub(crate) fn trace(&self) -> Trace {
        let noted = self.recogniser.semantics().noted.iter();
        Trace {
            context: self.context,
            dialect: self.dialect.name(),
            accepted: 0..self.end,
            rejected: self.rejected.map(|token| token.span()),
            undecided: self.undecided,
            effects: self.effects(),
            instructions: noted
                .map(|noted| Instruction { kind: noted.kind, span: noted.start..noted.end, effects: noted.effects })
                .collect(),
        }
    }
}

/// All lanes of a value that arrives in pieces.
#[derive(Debug)]
pub(crate) struct Lanes {
    lanes: Vec<Lane>,
    token_bytes: usize,
}

/// A lane that waits for the next piece.
#[derive(Debug)]
struct Lane {
    source: Source,
    runs: Vec<Run>,
    /// What was not read yet: bytes from the source's position on, less what was left out.
    pending: Vec<u8>,
}

impl Lanes {
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut lanes = Vec::new();
        for lane in &plan.lanes {
            let runs = lane.contexts.iter().map(|&context| Run::new(context, lane.dialect, &plan.limits)).collect();
            lanes.push(Lane { source: Source::new(lane.dialect, lane.start), runs, pending: Vec::new() });
        }
        Lanes { lanes, token_bytes: plan.limits.token_bytes }
    }

    pub(crate) fn push(&mut self, piece: &[u8]) {
        for lane in &mut self.lanes {
            lane.push(piece, self.token_bytes);
        }
    }

    pub(crate) fn finish(&mut self, tell: &mut dyn FnMut(&Run)) {
        for lane in &mut self.lanes {
            let pending = std::mem::take(&mut lane.pending);
            lane.read(&pending, true);
            for run in &mut lane.runs {
                run.finish(&lane.source);
                tell(run);
            }
        }
    }
}

impl Lane {
    fn push(&mut self, piece: &[u8], token_bytes: usize) {
        if self.runs.iter().all(|run| !run.alive) {
            return;
        }
        if self.pending.is_empty() {
            let read = self.read(piece, false);
            self.pending.extend_from_slice(&piece[read..]);
        } else {
            let mut pending = std::mem::take(&mut self.pending);
            pending.extend_from_slice(piece);
            let read = self.read(&pending, false);
            pending.drain(..read);
            self.pending = pending;
        }
        if self.pending.len() > token_bytes {
            for run in self.runs.iter_mut().filter(|run| run.alive) {
                run.give_up(Reason::TokenTooLong);
            }
        }
    }

    /// Reads the tokens of a piece that begins at the source's position; answers how many bytes
    /// were read.
    fn read(&mut self, piece: &[u8], last: bool) -> usize {
        let base = self.source.position();
        while let Lexed::Token(token) = self.source.next(piece, base, last) {
            for run in &mut self.runs {
                run.push(token);
            }
        }
        self.source.position() - base
    }
}
