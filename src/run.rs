//! A run reads one context: a recogniser over the tokens of a lane, and the evidence that it
//! collects. Here is what all languages share; what a language adds is its [`Evidence`] and the
//! [`TokenSource`] that the evidence is read from. Nothing here knows any language.
//!
//! A *lane* is one way to tokenize a value. The contexts of a lane read the same tokens.

use std::borrow::Borrow;
use std::fmt::Debug;
use std::ops::{DerefMut, Range};

use crate::recogniser::{Grammar, Push, Recogniser, Semantics, Stack};
use crate::report::{Instruction, Reason, Trace};
use crate::{Context, ContextKind, Effects, Limits, Policy};

/// What a tokenizer says when asked for the next token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lexed<T> {
    Token(T),
    /// The piece has no further token; what stands behind the position is wanted again, with the
    /// next piece behind it.
    More,
    /// The input has no further token.
    End,
}

/// A token of a language.
pub(crate) trait Lexeme: Copy + Debug {
    /// The kinds of tokens.
    type Terminal: Copy + 'static;

    /// A token without text, which no value holds: it fixes the context.
    fn marker(terminal: Self::Terminal, at: usize) -> Self;

    /// The column of its kind in the tables.
    fn index(&self) -> u8;

    /// Where it stands in the value, in bytes.
    fn range(&self) -> Range<usize>;
}

/// The tokens of one lane as the grammar wants them, piece by piece.
pub(crate) trait TokenSource: Debug {
    type Token: Lexeme;

    /// The next token of a piece that begins at byte `base` of the value; `last` says that nothing
    /// comes behind it.
    fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed<Self::Token>;

    /// The same where the tokens of a language depend on what its grammar could take behind those before:
    /// `can_shift` says of a terminal, by its index, whether it could.
    #[inline]
    fn next_guided(
        &mut self,
        piece: &[u8],
        base: usize,
        last: bool,
        _can_shift: impl Fn(u8) -> bool,
    ) -> Lexed<Self::Token> {
        self.next(piece, base, last)
    }

    /// The first byte that was not read yet.
    fn position(&self) -> usize;

    /// Leaves out what nobody will ask for of a token that goes on.
    fn elide(&mut self, _pending: &mut Vec<u8>) {}

    /// The limit that the tokenizer ran into, if it did.
    fn undecided(&self) -> Option<Reason> {
        None
    }
}

/// The terminals of an evidence's tokens.
pub(crate) type TerminalOf<E> = <<E as Semantics>::Token as Lexeme>::Terminal;

/// The semantics of a language: how much of what a context accepted counts.
pub(crate) trait Evidence: Semantics<Token: Lexeme, Value: Debug> + Sized {
    type Source: TokenSource<Token = Self::Token>;

    const GRAMMAR: &'static Grammar;

    fn new(context: Context) -> Self;

    /// The tokens that stand before the value's own.
    fn prelude(context: Context) -> &'static [TerminalOf<Self>];

    /// How many symbols may be open in a context, of those that a limit allows.
    fn depth(_context: Context, limit: usize) -> usize {
        limit
    }

    /// How the language's dialect is called that a source reads.
    fn dialect(source: &Self::Source) -> &'static str;

    /// A token was met, whether the grammar takes it or not.
    fn meet(&mut self, _token: Self::Token) {}

    /// A token was rejected; what was accepted stands.
    fn reject(&mut self) {}

    /// Whether a later token may go on behind one that was rejected; `end` is where the accepted
    /// ones end.
    fn may_resume(&self, _end: usize) -> bool {
        false
    }

    /// The tokens to begin anew with where `token` goes on; none where it does not.
    fn resume(&mut self, _token: Self::Token) -> &'static [TerminalOf<Self>] {
        &[]
    }

    /// The value is viable and ends here, and what it left open was closed.
    fn finish(&mut self, source: &Self::Source);

    /// Whether anything can count, now that a viable value ends; if not, nobody closes what it left open.
    fn may_count(&self, _source: &Self::Source) -> bool {
        true
    }

    /// What counts for certain, now that a viable value ends, whatever is closed; nothing where that is not
    /// known.
    fn certain(&self, _source: &Self::Source) -> Effects {
        Effects::empty()
    }

    /// The tokens with which the program may close what the value left open, innermost first; those
    /// that do not fit are left out.
    fn closing(_source: &Self::Source) -> impl Iterator<Item = TerminalOf<Self>> {
        std::iter::empty()
    }

    /// Gives the recogniser these tokens, which stand behind byte `at`.
    fn close<K: DerefMut<Target = Stack<Self::Value>>>(
        recogniser: &mut Recogniser<Self, K>,
        source: &Self::Source,
        at: usize,
    ) {
        for terminal in Self::closing(source) {
            give(recogniser, terminal, at);
        }
    }

    /// What counts.
    fn effects(&self) -> Effects;

    /// What acted, in order.
    fn instructions(&self) -> Vec<Instruction>;
}

/// Gives a recogniser a token without text.
pub(crate) fn give<E: Evidence, K: DerefMut<Target = Stack<E::Value>>>(
    recogniser: &mut Recogniser<E, K>,
    terminal: TerminalOf<E>,
    at: usize,
) {
    let marker = E::Token::marker(terminal, at);
    recogniser.push(marker.index(), marker);
}

/// One context over one lane.
#[derive(Debug)]
pub(crate) struct Run<E: Semantics, K> {
    context: Context,
    dialect: &'static str,
    recogniser: Recogniser<E, K>,
    alive: bool,
    undecided: Option<Reason>,
    /// The end of the last token that was accepted.
    end: usize,
    /// The first token that was not.
    rejected: Option<Range<usize>>,
    /// A token was rejected, and one is waited for that goes on behind it.
    lost: bool,
}

impl<E: Evidence, K: DerefMut<Target = Stack<E::Value>>> Run<E, K> {
    #[inline(always)]
    pub(crate) fn new(stack: K, context: Context, source: &E::Source, limits: &Limits) -> Self {
        let mut run = Run {
            context,
            dialect: E::dialect(source),
            recogniser: Recogniser::on(stack, E::GRAMMAR, E::new(context), E::depth(context, limits.depth)),
            alive: true,
            undecided: None,
            end: 0,
            rejected: None,
            lost: false,
        };
        run.begin(E::prelude(context), 0);
        run
    }

    fn begin(&mut self, prelude: &[TerminalOf<E>], at: usize) {
        for &terminal in prelude {
            give(&mut self.recogniser, terminal, at);
        }
    }

    /// Whether a token of this kind would be accepted now.
    fn can_shift(&self, terminal: u8) -> bool {
        self.alive && !self.lost && self.recogniser.can_shift(terminal)
    }

    #[inline]
    pub(crate) fn push(&mut self, token: E::Token) {
        if !self.alive {
            return;
        }
        self.recogniser.semantics_mut().meet(token);
        if self.lost {
            self.resume(token);
            return;
        }
        match self.recogniser.push(token.index(), token) {
            Push::Shifted => self.end = token.range().end,
            Push::Rejected => self.reject(token),
            Push::TooDeep => self.give_up(Reason::TooDeep),
        }
    }

    /// A token was rejected: what was accepted stands.
    #[cold]
    fn reject(&mut self, token: E::Token) {
        self.rejected = Some(token.range());
        self.recogniser.settle();
        self.recogniser.semantics_mut().reject();
        self.lost = true;
        self.alive = self.recogniser.semantics().may_resume(self.end);
        self.resume(token);
    }

    /// Goes on at a token that the language names (panic-mode recovery).
    fn resume(&mut self, token: E::Token) {
        if !self.alive {
            return;
        }
        let prelude = self.recogniser.semantics_mut().resume(token);
        if prelude.is_empty() {
            return;
        }
        self.lost = false;
        self.recogniser.restart();
        self.begin(prelude, token.range().start);
        self.push(token);
    }

    /// Whether every token was accepted.
    pub(crate) fn is_viable(&self) -> bool {
        self.rejected.is_none() && self.undecided.is_none()
    }

    /// How many symbols are on the stack.
    pub(crate) fn height(&self) -> usize {
        self.recogniser.height()
    }

    /// Whether nothing acts, as far as is known.
    pub(crate) fn is_idle(&self) -> bool {
        self.undecided.is_none() && self.recogniser.semantics().effects().is_empty()
    }

    /// What was collected.
    pub(crate) fn into_evidence(self) -> E {
        self.recogniser.into_semantics()
    }

    pub(crate) fn give_up(&mut self, reason: Reason) {
        self.alive = false;
        self.undecided = Some(reason);
    }

    /// The input ended. What it leaves open, the program's own text may close.
    pub(crate) fn finish(&mut self, source: &E::Source, listener: &impl Listener) {
        if let Some(reason) = source.undecided().filter(|_| self.alive) {
            self.give_up(reason);
        }
        if !self.alive || self.lost {
            return;
        }
        self.alive = false;
        let evidence = self.recogniser.semantics();
        if evidence.may_count(source) && !listener.settles_for(self.context.kind(), evidence.certain(source))
        {
            E::close(&mut self.recogniser, source, self.end);
            self.recogniser.settle();
        }
        self.recogniser.semantics_mut().finish(source);
    }

    /// Reads a whole value: the tokens that are known already, then those of the source, unless
    /// they `ended`. Answers whether to go on with other contexts.
    #[inline]
    pub(crate) fn read(
        &mut self,
        input: &[u8],
        known: &[E::Token],
        source: &mut E::Source,
        ended: bool,
        listener: &mut impl Listener,
    ) -> bool {
        self.read_until(input, known, source, ended, listener, |_| false)
    }

    /// The same, but only as far as `over` says that nothing can count of what follows. It is asked before
    /// each token.
    #[inline]
    pub(crate) fn read_until(
        &mut self,
        input: &[u8],
        known: &[E::Token],
        source: &mut E::Source,
        ended: bool,
        listener: &mut impl Listener,
        mut over: impl FnMut(&Recogniser<E, K>) -> bool,
    ) -> bool {
        let mut known = known.iter();
        loop {
            if listener.enough(self) || over(&self.recogniser) {
                break;
            }
            let token = match known.next() {
                Some(&token) => token,
                None if ended || !self.alive => {
                    self.finish(source, listener);
                    break;
                }
                None => match source.next_guided(input, 0, true, |terminal| self.can_shift(terminal)) {
                    Lexed::Token(token) => token,
                    Lexed::More | Lexed::End => {
                        self.finish(source, listener);
                        break;
                    }
                },
            };
            self.push(token);
        }
        listener.hear(self)
    }
}

/// What a run tells, wherever its stack lives.
pub(crate) trait Heard {
    /// Whether what counts is an attack.
    fn is_forbidden(&self, policy: &Policy) -> bool;

    /// The limit that ended the reading, if one did.
    fn undecided(&self) -> Option<Reason>;

    /// All that is known.
    fn trace(&self) -> Trace;
}

impl<E: Evidence, K: DerefMut<Target = Stack<E::Value>>> Heard for Run<E, K> {
    #[inline]
    fn is_forbidden(&self, policy: &Policy) -> bool {
        let effects = self.recogniser.semantics().effects();
        !effects.is_empty() && policy.forbids(self.context.kind(), effects)
    }

    fn undecided(&self) -> Option<Reason> {
        self.undecided
    }

    fn trace(&self) -> Trace {
        let evidence = self.recogniser.semantics();
        Trace {
            context: self.context,
            dialect: self.dialect,
            accepted: 0..self.end,
            rejected: self.rejected.clone(),
            undecided: self.undecided,
            effects: evidence.effects(),
            instructions: evidence.instructions(),
        }
    }
}

/// Who asked for a scan.
pub(crate) trait Listener {
    /// Whether a run may stop before its end.
    fn enough(&self, run: &impl Heard) -> bool;

    /// Whether a run in a context of this kind is stopped by whatever acts, so that nobody asks what
    /// else it does.
    fn stops_at_any(&self, _kind: ContextKind) -> bool {
        false
    }

    /// Whether these effects in a context of this kind are all that it asks for.
    fn settles_for(&self, _kind: ContextKind, _effects: Effects) -> bool {
        false
    }

    /// Whether the first finding is all that is asked for, so that the order of the runs is free.
    fn takes_any(&self) -> bool {
        false
    }

    /// Whether runs are read on where nothing can count any more.
    fn reads_on(&self) -> bool {
        false
    }

    /// A run is finished; answers whether to go on with the others.
    fn hear(&mut self, run: &impl Heard) -> bool;
}

/// The lanes of a value that arrives in pieces.
#[derive(Debug)]
pub(crate) struct Lanes<E: Evidence> {
    lanes: Vec<Lane<E>>,
    token_bytes: usize,
}

/// A lane that waits for the next piece.
#[derive(Debug)]
struct Lane<E: Evidence> {
    source: E::Source,
    runs: Vec<Run<E, Box<Stack<E::Value>>>>,
    /// What was not read yet: bytes from the source's position on, less what was left out.
    pending: Vec<u8>,
    /// How much of it was there when it was last looked at.
    tried: usize,
}

impl<E: Evidence> Lanes<E> {
    /// The lanes with these sources and the contexts that read each.
    pub(crate) fn new(
        lanes: impl Iterator<Item = (E::Source, impl IntoIterator<Item: Borrow<Context>>)>,
        limits: &Limits,
    ) -> Self {
        let lanes = lanes.map(|(source, contexts)| {
            let runs = contexts
                .into_iter()
                .map(|context| Run::new(Box::default(), *context.borrow(), &source, limits));
            Lane { runs: runs.collect(), source, pending: Vec::new(), tried: 0 }
        });
        Lanes { lanes: lanes.collect(), token_bytes: limits.token_bytes }
    }

    pub(crate) fn push(&mut self, piece: &[u8]) {
        for lane in &mut self.lanes {
            lane.push(piece, self.token_bytes);
        }
    }

    pub(crate) fn finish(&mut self, listener: &mut impl Listener) {
        for lane in &mut self.lanes {
            let pending = std::mem::take(&mut lane.pending);
            // Nobody kept what dead runs have not read.
            if lane.runs.iter().any(|run| run.alive) {
                lane.read(&pending, true);
            }
            for run in &mut lane.runs {
                run.finish(&lane.source, listener);
                listener.hear(run);
            }
        }
    }
}

impl<E: Evidence> Lane<E> {
    fn push(&mut self, piece: &[u8], token_bytes: usize) {
        if self.runs.iter().all(|run| !run.alive) {
            self.pending = Vec::new();
            return;
        }
        if self.pending.is_empty() {
            let read = self.read(piece, false);
            self.pending.extend_from_slice(&piece[read..]);
        } else {
            self.pending.extend_from_slice(piece);
            // A token that did not end is looked at again when there is twice as much of it, so that
            // small pieces of a long one cost linear time.
            if self.pending.len() < 2 * self.tried {
                return;
            }
            let pending = std::mem::take(&mut self.pending);
            let read = self.read(&pending, false);
            self.pending = pending;
            self.pending.drain(..read);
        }
        self.source.elide(&mut self.pending);
        self.tried = self.pending.len();
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
        let runs = &mut self.runs;
        loop {
            // Where the grammar decides what the tokens are, a lane has one run.
            let can_shift = |terminal| runs.first().is_some_and(|run| run.can_shift(terminal));
            let Lexed::Token(token) = self.source.next_guided(piece, base, last, can_shift) else {
                break;
            };
            runs.iter_mut().for_each(|run| run.push(token));
        }
        self.source.position() - base
    }
}
