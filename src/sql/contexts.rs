//! Contexts and the token streams that they share.
//!
//! A *lane* is one way to tokenize a value: a start mode read by one dialect family. The contexts
//! of a lane run over the same tokens, each with a recogniser of its own.

use smallvec::SmallVec;

use super::effects::Evidence;
use super::lexer::Lexed;
use super::source::Source;
use super::{Dialect, GRAMMAR, Start, Terminal, Token};
use crate::recogniser::{Push, Recogniser};
use crate::report::{Finding, Instruction, Reason};
use crate::screen::{Marks, SINGLE_WORD};
use crate::{Context, ContextSet, Limits, Policy};

/// The contexts that read from each start mode.
const SHARED: [(Start, &[Context]); 6] = [
    (Start::Text, &[Context::SqlValue, Context::SqlSuffix, Context::SqlStatement]),
    (Start::SingleQuoted, &[Context::SqlSingleQuoted]),
    (Start::DoubleQuoted, &[Context::SqlDoubleQuoted]),
    (Start::Backquoted, &[Context::SqlBackquoted]),
    (Start::Bracketed, &[Context::SqlBracketed]),
    (Start::Comment, &[Context::SqlComment]),
];

/// Whether a dialect family has such a place at all.
const fn speaks(dialect: Dialect, start: Start) -> bool {
    match start {
        Start::Backquoted => matches!(dialect, Dialect::MySql),
        Start::Bracketed => matches!(dialect, Dialect::SqlServer),
        _ => true,
    }
}

/// The bytes that a value needs to leave a start mode.
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

/// Whether a dialect reads bytes with these marks otherwise than the ones before it.
fn differs(dialect: Dialect, marks: Marks) -> bool {
    match dialect {
        Dialect::MySql => true,
        // `\`, `#`, `--x`, `/*!`, nested comments, `$tag$`, `q'…'`, E'…'
        Dialect::PostgreSql => marks.intersects(Marks::BACKSLASH | Marks::HASH | Marks::DASH_DASH | Marks::DOLLAR)
            || marks.contains(Marks::ASTERISK | Marks::SLASH)
            || marks.contains(Marks::SINGLE_QUOTE | Marks::ALTERNATIVE),
        Dialect::SqlServer => marks.contains(Marks::LEFT_BRACKET),
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

/// What a scan found in one context.
pub(crate) enum Outcome {
    Nothing,
    Found(Finding),
    Undecided(Reason),
}

/// Scans a whole value and hands each outcome to `tell`, which answers whether to go on.
pub(crate) fn scan(
    input: &[u8],
    marks: Marks,
    contexts: ContextSet,
    policy: &Policy,
    limits: &Limits,
    brief: bool,
    tell: &mut dyn FnMut(Context, Outcome) -> bool,
) {
    for (start, shared) in SHARED {
        let wanted: SmallVec<[Context; 3]> = shared.iter().copied().filter(|&c| contexts.contains(c)).collect();
        if wanted.is_empty() || !marks.contains(exit(start)) || (start == Start::Text && marks.difference(SINGLE_WORD).is_empty()) {
            continue;
        }
        for &dialect in Dialect::ALL {
            if speaks(dialect, start) && (differs(dialect, marks) || start == Start::Bracketed) {
                let more = scan_lane(input, dialect, start, &wanted, policy, limits, brief, tell);
                if !more {
                    return;
                }
            }
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn scan_lane(
    input: &[u8],
    dialect: Dialect,
    start: Start,
    contexts: &[Context],
    policy: &Policy,
    limits: &Limits,
    brief: bool,
    tell: &mut dyn FnMut(Context, Outcome) -> bool,
) -> bool {
    let mut source = Source::new(dialect, start);
    let mut tokens: SmallVec<[Token; TRIAL]> = SmallVec::new();
    let mut ended = false;
    while tokens.len() < TRIAL {
        match source.next(input, 0, true) {
            Lexed::Token(token) => tokens.push(token),
            Lexed::More | Lexed::End => {
                ended = true;
                break;
            }
        }
    }
    if tokens.is_empty() {
        return true;
    }
    for &context in contexts {
        let mut run = Run::new(context, dialect, limits);
        let mut rest = source;
        for &token in &tokens {
            run.push(token);
        }
        while !ended && run.alive && !(brief && run.found(policy)) {
            match rest.next(input, 0, true) {
                Lexed::Token(token) => run.push(token),
                Lexed::More | Lexed::End => break,
            }
        }
        run.finish(rest.open_comment());
        if !tell(context, run.outcome(policy, brief)) {
            return false;
        }
    }
    true
}

/// One context over one lane: the recogniser and the evidence that it collects.
pub(crate) struct Run {
    context: Context,
    dialect: Dialect,
    recogniser: Recogniser<Evidence>,
    alive: bool,
    undecided: Option<Reason>,
    end: usize,
}

impl Run {
    fn new(context: Context, dialect: Dialect, limits: &Limits) -> Self {
        let recogniser = Recogniser::with_semantics(&GRAMMAR, Evidence::new(context), limits.depth);
        let mut run = Run { context, dialect, recogniser, alive: true, undecided: None, end: 0 };
        for &terminal in prelude(context) {
            run.push(Token::new(terminal, 0, 0));
        }
        run
    }

    fn push(&mut self, token: Token) {
        if !self.alive {
            return;
        }
        match self.recogniser.push(token.terminal.index(), token) {
            Push::Shifted => self.end = token.end,
            Push::Rejected => {
                self.alive = false;
                self.recogniser.settle();
                self.recogniser.semantics_mut().finish(false, None);
            }
            Push::TooDeep => {
                self.alive = false;
                self.undecided = Some(Reason::TooDeep);
            }
        }
    }

    fn finish(&mut self, comment: Option<usize>) {
        if self.alive {
            self.recogniser.settle();
            self.recogniser.semantics_mut().finish(true, comment);
            self.alive = false;
        }
    }

    /// Whether what counts so far is forbidden.
    fn found(&self, policy: &Policy) -> bool {
        policy.forbids(self.context.kind(), self.recogniser.semantics().effects)
    }

    fn outcome(&self, policy: &Policy, brief: bool) -> Outcome {
        if !self.found(policy) {
            return self.undecided.map_or(Outcome::Nothing, Outcome::Undecided);
        }
        let evidence = self.recogniser.semantics();
        let mut instructions = Vec::new();
        if !brief {
            instructions.extend(evidence.noted.iter().map(|noted| Instruction {
                kind: noted.kind,
                span: noted.start..noted.end,
                effects: noted.effects,
            }));
        }
        Outcome::Found(Finding {
            language: self.context.language(),
            context: self.context,
            kind: self.context.kind(),
            dialect: self.dialect.name(),
            span: 0..self.end,
            effects: evidence.effects,
            instructions,
        })
    }
}

/// All lanes of a value that arrives in pieces.
pub(crate) struct Lanes {
    lanes: Vec<Lane>,
}

struct Lane {
    source: Source,
    started: bool,
    runs: Vec<Run>,
    /// What was not read yet.
    pending: Vec<u8>,
}

impl Lanes {
    pub(crate) fn new(_contexts: ContextSet, _limits: &Limits) -> Self {
        Lanes { lanes: Vec::new() }
    }
}
