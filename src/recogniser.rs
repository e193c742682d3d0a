//! A push recogniser over LALR tables: it takes one token at a time and says whether the tokens
//! so far are a viable prefix of the language. It works for every grammar of the crate, can be
//! cloned between two tokens, can be asked what it would accept, and reports each shift and
//! reduction to a [`Semantics`], from which a language reads what the accepted text does.
//!
//! An LR parser never shifts a token that no sentence continues, so "every token was shifted" is
//! exactly "some rest of the program makes this well formed" (Aho and Ullman, *The Theory of
//! Parsing*, vol. 1, §5.2).

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::DerefMut;
use std::sync::atomic::{AtomicU64, Ordering};

use smallvec::SmallVec;

/// The tables of one grammar, as `build.rs` writes them.
#[derive(Debug)]
pub struct Grammar {
    /// Columns of the action table.
    pub(crate) terminals: usize,
    /// Where the action row of each state begins; states that act alike share one.
    pub(crate) row: &'static [u32],
    /// Rows of actions: a shift is the next state + 1, a reduction −(production + 1), 0 an error.
    pub(crate) action: &'static [i16],
    /// What each state reduces when the input ends there, 0 for nothing.
    pub(crate) settle: &'static [i16],
    /// For each nonterminal the usual state behind it, and its base …
    pub(crate) nonterminals: &'static [(u16, u32)],
    /// … in one row of the unusual ones of all, from where each cell names its nonterminal and the state.
    pub(crate) goto: &'static [(u16, u16)],
    pub(crate) productions: &'static [Production],
    /// Chains of such productions that were seen.
    pub(crate) chains: &'static Chains,
}

/// One production of a grammar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Production {
    /// How many symbols it has on its right side.
    pub(crate) length: u8,
    /// It has one symbol on its right side and means what that symbol means.
    pub(crate) unit: bool,
    /// Its left side.
    pub(crate) left: u16,
}

/// Remembers chains of unit reductions: for a state, the state below it and a lookahead, the state
/// that the chain ends in. An operand climbs ten levels of expressions before its operator; the
/// memory makes that one look-up. Each entry is one atomic word that holds its own key, so threads
/// share it without locks, and a lost or overwritten entry only costs time.
pub(crate) struct Chains([AtomicU64; Chains::SLOTS]);

impl Chains {
    const SLOTS: usize = 4096;

    pub(crate) const fn new() -> Self {
        Chains([const { AtomicU64::new(0) }; Chains::SLOTS])
    }

    #[inline]
    fn key(below: u16, top: u16, terminal: u8) -> u64 {
        // Not 0: the start state is never on top of another.
        (u64::from(below) << 24 | u64::from(top) << 8 | u64::from(terminal)) << 16
    }

    #[inline]
    fn slot(key: u64) -> usize {
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52) as usize
    }

    #[inline]
    fn get(&self, key: u64) -> Option<u16> {
        let entry = self.0[Self::slot(key)].load(Ordering::Relaxed);
        (entry & !0xffff == key).then_some(entry as u16)
    }

    fn set(&self, key: u64, end: u16) {
        self.0[Self::slot(key)].store(key | u64::from(end), Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Chains {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chains")
    }
}

/// The start state of every table that lalrpop writes.
const START: u16 = 0;

/// The left side of the production that ends the parse.
const ACCEPT: u16 = u16::MAX;

impl Grammar {
    /// Number of states of the automaton.
    pub fn states(&self) -> usize {
        self.row.len()
    }

    #[inline]
    fn action(&self, state: u16, terminal: u8) -> i16 {
        self.action[self.row[usize::from(state)] as usize + usize::from(terminal)]
    }

    /// The production that a negative action reduces.
    #[inline]
    fn production(&self, action: i16) -> Production {
        self.productions[production(action)]
    }

    /// The state that takes the place of `top` once its unit reductions are done.
    #[inline]
    fn climb(&self, below: u16, top: u16, terminal: u8) -> u16 {
        let key = Chains::key(below, top, terminal);
        self.chains.get(key).unwrap_or_else(|| self.climb_slowly(below, top, terminal, key))
    }

    #[cold]
    fn climb_slowly(&self, below: u16, mut top: u16, terminal: u8, key: u64) -> u16 {
        loop {
            let action = self.action(top, terminal);
            if action >= 0 || !self.production(action).unit {
                self.chains.set(key, top);
                return top;
            }
            top = self.goto(below, self.production(action).left);
        }
    }

    /// The same where no token follows.
    #[inline]
    fn climb_at_end(&self, below: u16, mut top: u16) -> u16 {
        let key = Chains::key(below, top, u8::MAX);
        if let Some(end) = self.chains.get(key) {
            return end;
        }
        loop {
            let action = self.settle[usize::from(top)];
            if action >= 0 || !self.production(action).unit {
                self.chains.set(key, top);
                return top;
            }
            top = self.goto(below, self.production(action).left);
        }
    }

    #[inline]
    fn goto(&self, state: u16, nonterminal: u16) -> u16 {
        let (usual, base) = self.nonterminals[usize::from(nonterminal)];
        let (owner, next) = self.goto[base as usize + usize::from(state)];
        if owner == nonterminal { next } else { usual }
    }
}

/// The production that a negative action reduces.
#[inline]
fn production(action: i16) -> usize {
    -(i32::from(action) + 1) as usize
}

/// A symbol on the stack: the state that it led to, and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Symbol<V> {
    state: u16,
    /// What [`Semantics`] computed for it.
    pub value: V,
}

/// What a language computes while its text is recognised: a value for every symbol on the stack.
pub trait Semantics {
    /// What a terminal brings.
    type Token: Copy;
    /// What the stack holds for each symbol.
    type Value: Copy;

    /// The value of a terminal that was shifted.
    fn shift(&mut self, token: Self::Token) -> Self::Value;

    /// The value of a production's left side, from those of its right side. Not asked for
    /// productions of one symbol whose act is `Pass`: they hand its value on.
    fn reduce(&mut self, production: usize, right: &[Symbol<Self::Value>]) -> Self::Value;
}

/// Recognises and computes nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecogniseOnly;

impl Semantics for RecogniseOnly {
    type Token = ();
    type Value = ();

    #[inline]
    fn shift(&mut self, (): ()) {}

    #[inline]
    fn reduce(&mut self, _: usize, _: &[Symbol<()>]) {}
}

/// What became of a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Push {
    /// Accepted: the tokens so far are a viable prefix.
    Shifted,
    /// Nothing that begins like this is a sentence. The recogniser is as it was before the
    /// token, but for reductions.
    Rejected,
    /// The nesting is deeper than the limit; nothing is known about the input.
    TooDeep,
}

/// How many states are kept without allocating; the default of
/// [`Limits::depth`](crate::Limits::depth).
pub const INLINE_DEPTH: usize = 256;

/// A parser stack: [`INLINE_DEPTH`] symbols without an allocation of its own.
#[derive(Clone, Debug)]
pub struct Stack<V>(SmallVec<[Symbol<V>; INLINE_DEPTH]>);

impl<V> Stack<V> {
    #[inline]
    pub(crate) fn new() -> Self {
        Stack(SmallVec::new())
    }
}

impl<V> Default for Stack<V> {
    fn default() -> Self {
        Stack::new()
    }
}

/// A push recogniser. Pushing costs a few table look-ups a token, amortised: every reduction
/// takes away what an earlier token put on the stack. The stack is large, so it lives in a box, or
/// where a scan put it.
#[derive(Clone, Debug)]
pub struct Recogniser<S: Semantics = RecogniseOnly, K = Box<Stack<<S as Semantics>::Value>>> {
    grammar: &'static Grammar,
    stack: K,
    depth: usize,
    semantics: S,
}

impl Recogniser {
    /// A recogniser of viable prefixes, at the start of the input.
    pub fn new(grammar: &'static Grammar) -> Self {
        Recogniser::with_semantics(grammar, RecogniseOnly, INLINE_DEPTH)
    }

    /// Takes one terminal, by its number: see [`push`](Self::push).
    ///
    /// # Panics
    ///
    /// As `push` does.
    pub fn push_terminal(&mut self, terminal: u8) -> Push {
        self.push(terminal, ())
    }
}

impl<S: Semantics> Recogniser<S> {
    /// A recogniser that tells `semantics` what it does and answers [`Push::TooDeep`] rather than
    /// hold more than `depth` states.
    pub fn with_semantics(grammar: &'static Grammar, semantics: S, depth: usize) -> Self {
        Recogniser::on(Box::default(), grammar, semantics, depth)
    }
}

impl<S: Semantics, K: DerefMut<Target = Stack<S::Value>>> Recogniser<S, K> {
    /// A recogniser on this stack.
    #[inline(always)]
    pub(crate) fn on(mut stack: K, grammar: &'static Grammar, semantics: S, depth: usize) -> Self {
        stack.0.clear();
        Recogniser { grammar, stack, depth, semantics }
    }

    /// What the semantics know so far.
    pub fn semantics(&self) -> &S {
        &self.semantics
    }

    /// How many symbols are on the stack.
    pub(crate) fn height(&self) -> usize {
        self.stack.0.len()
    }

    /// What the semantics know.
    pub(crate) fn into_semantics(self) -> S {
        self.semantics
    }

    /// What the semantics know so far, to change.
    pub fn semantics_mut(&mut self) -> &mut S {
        &mut self.semantics
    }

    /// Takes one token, of the terminal with this number: the `index` of the grammar's own `Terminal`.
    ///
    /// # Panics
    ///
    /// It may, where the number is that of no terminal of the grammar.
    #[inline]
    pub fn push(&mut self, terminal: u8, token: S::Token) -> Push {
        let grammar = self.grammar;
        loop {
            let symbols = self.stack.0.as_mut_slice();
            let (below, mut top) = ends(symbols);
            let mut action = grammar.action(top, terminal);
            if action < 0 && grammar.production(action).unit {
                top = grammar.climb(below, top, terminal);
                if let Some(symbol) = symbols.last_mut() {
                    symbol.state = top;
                }
                action = grammar.action(top, terminal);
            }
            if action == 0 {
                return Push::Rejected;
            }
            if symbols.len() >= self.depth {
                return Push::TooDeep;
            }
            if action > 0 {
                let value = self.semantics.shift(token);
                self.stack.0.push(Symbol { state: (action - 1) as u16, value });
                return Push::Shifted;
            }
            self.reduce(action);
        }
    }

    /// Puts the left side of a production into the place of its right side.
    #[inline(always)]
    fn reduce(&mut self, action: i16) {
        let Production { length, left, .. } = self.grammar.production(action);
        let symbols = self.stack.0.as_mut_slice();
        let kept = symbols.len() - usize::from(length);
        let (before, right) = symbols.split_at_mut(kept);
        let value = self.semantics.reduce(production(action), right);
        let state = self.grammar.goto(before.last().map_or(START, |symbol| symbol.state), left);
        let symbol = Symbol { state, value };
        match right.first_mut() {
            Some(first) => *first = symbol,
            None => return self.stack.0.push(symbol),
        }
        if length > 1 {
            self.stack.0.truncate(kept + 1);
        }
    }

    /// Whether [`push`](Self::push) would shift this terminal now. Takes the time of that push, and
    /// allocates where more than 32 symbols would be new on the stack.
    ///
    /// # Panics
    ///
    /// As `push` does.
    #[inline]
    pub fn can_shift(&self, terminal: u8) -> bool {
        let top = self.stack.0.last().map_or(START, |symbol| symbol.state);
        match self.grammar.action(top, terminal) {
            0 => false,
            1.. => true,
            _ => self.can_shift_behind(terminal),
        }
    }

    /// The same where something is reduced first.
    fn can_shift_behind(&self, terminal: u8) -> bool {
        // The reductions before the shift, played on the states below `kept` and those in `new`.
        let mut kept = self.stack.0.len();
        let mut new: SmallVec<[u16; 32]> = SmallVec::new();
        let old = |kept: usize| kept.checked_sub(1).map_or(START, |place| self.stack.0[place].state);
        loop {
            let top = new.last().copied().unwrap_or_else(|| old(kept));
            let mut action = self.grammar.action(top, terminal);
            if action < 0 && self.grammar.production(action).unit {
                let below = match new.len() {
                    0 => old(kept.saturating_sub(1)),
                    1 => old(kept),
                    length => new[length - 2],
                };
                let end = self.grammar.climb(below, top, terminal);
                action = self.grammar.action(end, terminal);
                match new.last_mut() {
                    Some(top) => *top = end,
                    None if action < 0 => {
                        kept -= 1;
                        new.push(end);
                    }
                    None => {}
                }
            }
            if action >= 0 {
                return action > 0;
            }
            let Production { length, left, .. } = self.grammar.production(action);
            let length = usize::from(length);
            let from_new = length.min(new.len());
            new.truncate(new.len() - from_new);
            kept -= length - from_new;
            let top = new.last().copied().unwrap_or_else(|| old(kept));
            new.push(self.grammar.goto(top, left));
        }
    }

    /// Forgets the tokens, but not what the semantics know.
    pub fn restart(&mut self) {
        self.stack.0.clear();
    }

    /// Reduces what is complete, now that no token follows, so that the semantics see it. The
    /// recogniser takes no more tokens afterwards.
    pub fn settle(&mut self) {
        // Each round shortens the stack or climbs a chain of one-symbol productions; the bound
        // only guards against tables with a cycle.
        for _ in 0..=self.stack.0.len() * 64 {
            let symbols = self.stack.0.as_mut_slice();
            let (below, top) = ends(symbols);
            let Some(last) = symbols.last_mut() else {
                return;
            };
            last.state = self.grammar.climb_at_end(below, top);
            let action = self.grammar.settle[usize::from(last.state)];
            if action >= 0 {
                return;
            }
            let Production { length, left, .. } = self.grammar.production(action);
            // Above the context and one complete symbol only empty clauses are left.
            if left == ACCEPT || (symbols.len() <= 2 && length == 0) {
                return;
            }
            self.reduce(action);
        }
    }
}

/// The two topmost states of a stack.
#[inline]
fn ends<V>(symbols: &[Symbol<V>]) -> (u16, u16) {
    match symbols {
        [.., below, top] => (below.state, top.state),
        [top] => (START, top.state),
        [] => (START, START),
    }
}

/// How many states a [`Trial`] holds.
const TRIAL_DEPTH: usize = 15;

/// A recogniser for the first tokens of a value, where almost all ordinary text ends: states
/// alone, in a fixed array, copied freely.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Trial {
    states: [u16; TRIAL_DEPTH],
    length: u8,
}

impl Trial {
    /// At the very start.
    pub(crate) const fn new() -> Self {
        Trial { states: [START; TRIAL_DEPTH], length: 1 }
    }

    /// Takes one terminal; [`Push::TooDeep`] says that a [`Recogniser`] must decide.
    #[inline]
    pub(crate) fn push(&mut self, grammar: &Grammar, terminal: u8) -> Push {
        loop {
            let length = usize::from(self.length);
            if length >= TRIAL_DEPTH {
                return Push::TooDeep;
            }
            let mut action = grammar.action(self.states[length - 1], terminal);
            if action < 0 && length > 1 && grammar.production(action).unit {
                let end = grammar.climb(self.states[length - 2], self.states[length - 1], terminal);
                self.states[length - 1] = end;
                action = grammar.action(end, terminal);
            }
            if action > 0 {
                self.states[length] = (action - 1) as u16;
                self.length += 1;
                return Push::Shifted;
            }
            if action == 0 {
                return Push::Rejected;
            }
            self.reduce(grammar, action);
        }
    }

    /// Puts the left side of a production into the place of its right side.
    #[inline]
    fn reduce(&mut self, grammar: &Grammar, action: i16) {
        let length = usize::from(self.length);
        let production = grammar.production(action);
        let kept = length - usize::from(production.length);
        self.states[kept] = grammar.goto(self.states[kept - 1], production.left);
        // What lies above the top is cleared, so that equal stacks are equal values.
        if kept + 1 < length {
            self.states[kept + 1..length].fill(START);
        }
        self.length = kept as u8 + 1;
    }

    /// Hands on each terminal that [`push`](Self::push) would shift, with what it leads to. Terminals
    /// before which the same is reduced go through that together.
    fn push_all(self, grammar: &Grammar, mut shifted: impl FnMut(u8, Trial)) {
        let mut waiting =
            vec![(self, (0..grammar.terminals).map(|terminal| terminal as u8).collect::<Vec<_>>())];
        while let Some((trial, mut terminals)) = waiting.pop() {
            let length = usize::from(trial.length);
            if length >= TRIAL_DEPTH {
                continue;
            }
            let action = |terminal: &u8| grammar.action(trial.states[length - 1], *terminal);
            terminals.sort_by_key(action);
            for alike in terminals.chunk_by(|one, other| action(one) == action(other)) {
                let mut next = trial;
                match action(&alike[0]) {
                    0 => {}
                    reduction @ ..0 => {
                        next.reduce(grammar, reduction);
                        waiting.push((next, alike.to_vec()));
                    }
                    shift => {
                        next.states[length] = (shift - 1) as u16;
                        next.length += 1;
                        shifted(alike[0], next);
                    }
                }
            }
        }
    }
}

/// How many contexts are tried side by side at the most.
pub(crate) const TOGETHER: usize = 3;

/// Hashes eight bytes at once: the keys are stacks of our own, and there are many.
#[derive(Default)]
struct Words(u64);

impl Hasher for Words {
    fn write(&mut self, bytes: &[u8]) {
        for word in bytes.chunks(8) {
            let mut padded = [0; 8];
            padded[..word.len()].copy_from_slice(word);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(padded)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What two tokens lead to from a few openings, computed once: ordinary text seldom lives longer, and
/// its first tokens cost the most reductions.
#[derive(Debug)]
pub(crate) struct Pairs {
    /// For each first terminal, the openings that accept it, a bit for each, and where its row of cells
    /// begins.
    rows: Vec<(u8, u32)>,
    /// For each second terminal, the place of what both lead to.
    cells: Vec<u16>,
    ends: Vec<Pair>,
}

/// What two tokens lead to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Pair {
    /// The openings that accept both, a bit for each.
    pub(crate) alive: u8,
    /// The stacks behind them, for each opening that does.
    pub(crate) trials: [Trial; TOGETHER],
}

impl Pairs {
    /// At most [`TOGETHER`] openings.
    pub(crate) fn new(grammar: &Grammar, openings: &[Trial]) -> Self {
        let nowhere = Pair { alive: 0, trials: [Trial::new(); TOGETHER] };
        let terminals = grammar.terminals;
        let push = |from: &Pair| {
            let mut to = vec![nowhere.clone(); terminals];
            for (i, trial) in from.trials.iter().enumerate().filter(|(i, _)| from.alive & (1 << i) != 0) {
                trial.push_all(grammar, |terminal, trial| {
                    let to = &mut to[usize::from(terminal)];
                    to.alive |= 1 << i;
                    to.trials[i] = trial;
                });
            }
            to
        };
        let mut begin = Pair { alive: (1 << openings.len()) - 1, ..nowhere.clone() };
        begin.trials[..openings.len()].copy_from_slice(openings);

        let mut pairs = Pairs {
            rows: Vec::new(),
            // That of the terminals which no opening accepts.
            cells: vec![0; terminals],
            ends: vec![nowhere.clone()],
        };
        let mut ends = HashMap::with_hasher(BuildHasherDefault::<Words>::default());
        let mut rows = HashMap::new();
        for one in push(&begin) {
            if one.alive == 0 {
                pairs.rows.push((0, 0));
                continue;
            }
            let end = |two: Pair| match two.alive {
                0 => 0,
                _ => *ends.entry(two).or_insert_with_key(|two| {
                    pairs.ends.push(two.clone());
                    (pairs.ends.len() - 1) as u16
                }),
            };
            let row: Vec<u16> = push(&one).into_iter().map(end).collect();
            let row = *rows.entry(row).or_insert_with_key(|row| {
                pairs.cells.extend(row);
                (pairs.cells.len() - terminals) as u32
            });
            pairs.rows.push((one.alive, row));
        }
        pairs
    }

    /// Which openings accept a first terminal, a bit for each.
    #[inline]
    pub(crate) fn first(&self, terminal: u8) -> u8 {
        self.rows[usize::from(terminal)].0
    }

    /// What two terminals lead to.
    #[inline]
    pub(crate) fn second(&self, first: u8, second: u8) -> &Pair {
        let row = self.rows[usize::from(first)].1 as usize;
        &self.ends[usize::from(self.cells[row + usize::from(second)])]
    }
}
