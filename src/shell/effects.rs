//! What an accepted command line does.
//!
//! Each production of the grammar carries an [`Act`]: what the construct is for the shell. The
//! recogniser reports every token that it shifts and every production that it reduces; here the
//! commands are put together from their words, and each command that would run is handed to the
//! evidence rules together with what it runs behind.

use super::evidence::{Evidence, Lead};
use super::facts::{Facts, Meaning};
use super::source::Source;
use super::{ACTS, GRAMMAR, Terminal, Token};
use crate::recogniser::{Grammar, Semantics, Symbol};
use crate::report::Instruction;
use crate::{Context, Effects, run};

/// What a production of the grammar is for the shell: the word behind `=>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the grammar explains each by the productions that carry it")]
#[non_exhaustive]
pub enum Act {
    Pass,
    Empty,
    // contexts
    Begin,
    Leave,
    // lists and commands
    List,
    Terminated,
    Sequence,
    Prefixed,
    Simple,
    Extend,
    Assign,
    Compound,
    Branch,
    If,
    Loop,
    Choose,
    ForEach,
    Test,
    Define,
    // redirections
    RedirectInput,
    RedirectOutput,
    Redirected,
    // words
    Join,
    Quote,
    Append,
    Expand,
    Arithmetic,
    SubshellInArithmetic,
    Substitute,
    SubstituteProcess,
}

impl Semantics for Evidence {
    type Token = Token;
    type Value = Meaning;

    #[inline]
    fn shift(&mut self, token: Token) -> Meaning {
        self.token(token)
    }

    fn reduce(&mut self, production: usize, right: &[Symbol<Meaning>]) -> Meaning {
        let (Some(first), Some(last)) = (right.first(), right.last()) else {
            return self.nothing();
        };
        let (first, last) = (&first.value, &last.value);
        let facts = right.iter().fold(Facts::empty(), |facts, part| facts | part.value.facts);
        // Most symbols are a row of parts, and what the last part names is what the row names.
        let whole = Meaning {
            start: first.start,
            end: last.end,
            facts,
            command: last.command,
            called: last.called,
            ..*first
        };
        let at = |place: usize| right.get(place).map_or(*last, |symbol| symbol.value);
        match ACTS[production] {
            // A block behind a name is an argument of it.
            Act::Join if facts.contains(Facts::BLOCK) => {
                Meaning { facts: facts | Facts::MIXED, command: first.command, called: first.called, ..whole }
            }
            Act::Join => Meaning { facts: facts | Facts::MIXED, ..whole },
            // The program closes a quote that the value opened at its end: the word names what it named.
            Act::Quote if last.start == last.end && at(1).start == at(1).end => Meaning {
                facts: facts | Facts::QUOTED,
                command: first.command,
                called: first.called,
                ..whole
            },
            Act::Quote => Meaning { facts: facts | Facts::QUOTED, ..whole },
            Act::Expand => Meaning { facts: facts | Facts::EXPANSION, ..whole },
            Act::Arithmetic => Meaning { facts: Facts::ARITHMETIC, ..whole },
            Act::Substitute | Act::SubstituteProcess => {
                let lead = match first.facts {
                    facts if facts.contains(Facts::BACKQUOTE) => Lead::Backquote,
                    facts if facts.contains(Facts::BLOCK) => Lead::Block,
                    _ if ACTS[production] == Act::SubstituteProcess => Lead::Process,
                    _ => Lead::Substitution,
                };
                self.substitutes(first, &at(1), lead);
                let mut facts = Facts::SUBSTITUTION | first.facts & Facts::BLOCK;
                facts.set(Facts::OPEN, last.end == last.start);
                Meaning { facts, ..whole }
            }
            Act::SubshellInArithmetic => {
                self.runs(&Meaning { named: true, ..at(1) }, Lead::Substitution);
                Meaning { facts: Facts::SUBSTITUTION, ..whole }
            }
            Act::Assign => Meaning { facts: facts | Facts::ASSIGNMENT, ..whole },
            Act::RedirectInput => Meaning { facts: facts | Facts::INPUT, command: None, ..whole },
            Act::RedirectOutput => Meaning { facts: facts | Facts::OUTPUT, command: None, ..whole },

            Act::Simple => self.begun(first),
            Act::Extend => self.extended(first, last),
            Act::Sequence => {
                self.sequence(&at(1), last);
                Meaning { end: last.end, ..*first }
            }
            Act::Prefixed => *last,
            Act::List | Act::Terminated => at(1),
            Act::Leave => {
                self.leave(last);
                Meaning { end: last.end, ..*first }
            }
            // What stands in a compound command runs; its first command counts where the compound
            // command stands.
            Act::Compound => Meaning { start: first.start, end: last.end, ..at(1) },
            Act::Branch => {
                self.runs(last, Lead::Reserved);
                whole
            }
            Act::If => {
                self.runs(&at(3), Lead::Reserved);
                self.runs(&at(4), Lead::Reserved);
                Meaning { start: first.start, end: last.end, ..at(1) }
            }
            Act::Loop => {
                self.runs(last, Lead::Reserved);
                Meaning { start: first.start, end: last.end, ..at(1) }
            }
            Act::ForEach => {
                self.runs(last, Lead::Reserved);
                Meaning { start: first.start, end: last.end, ..Meaning::nothing(last.end) }
            }
            Act::Define => {
                if first.called != 0 {
                    self.defines(first.called, &at(2), false);
                }
                Meaning { start: first.start, facts: Facts::COMPOUND, ..Meaning::nothing(last.end) }
            }
            Act::Choose | Act::Test => {
                Meaning { start: first.start, facts: Facts::COMPOUND, ..Meaning::nothing(last.end) }
            }
            _ => whole,
        }
    }
}

impl run::Evidence for Evidence {
    type Source = Source;

    const GRAMMAR: &'static Grammar = &GRAMMAR;

    #[inline(always)]
    fn new(context: Context) -> Self {
        Evidence::of(context)
    }

    fn prelude(context: Context) -> &'static [Terminal] {
        match context {
            Context::ShellCommand | Context::ShellEnvironment => &[Terminal::Start],
            Context::ShellHereDocument => {
                &[Terminal::Start, Terminal::Given, Terminal::Newline, Terminal::DocumentOpen]
            }
            _ => &[Terminal::Start, Terminal::Given],
        }
    }

    /// As deep as in a substitution of the program, which opens three symbols around it.
    fn depth(context: Context, limit: usize) -> usize {
        if context == Context::ShellArgument { limit.saturating_sub(3) } else { limit }
    }

    fn dialect(source: &Source) -> &'static str {
        source.dialect().name()
    }

    fn reject(&mut self) {
        self.conclude(false);
    }

    fn may_resume(&self, _end: usize) -> bool {
        self.resumes_behind_backquotes()
    }

    fn resume(&mut self, token: Token) -> &'static [Terminal] {
        if token.terminal != Terminal::BackquoteClose {
            return &[];
        }
        self.resume();
        &[Terminal::Start, Terminal::Given, Terminal::BackquoteOpen]
    }

    fn finish(&mut self, source: &Source) {
        // Markup ends like a redirection without its file.
        self.conclude(!source.awaits_file());
    }

    fn closing(source: &Source) -> impl Iterator<Item = Terminal> {
        source.closing()
    }

    fn effects(&self) -> Effects {
        self.effects
    }

    fn instructions(&self) -> Vec<Instruction> {
        self.instructions()
    }
}
