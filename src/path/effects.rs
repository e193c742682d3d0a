//! What a path does: the acts of the grammar's productions, handed to the evidence.

use super::evidence::Evidence;
use super::lexer::Lexer;
use super::token::Token;
use super::{ACTS, GRAMMAR, Terminal};
use crate::recogniser::{Grammar, Semantics, Symbol};
use crate::report::Instruction;
use crate::{Context, Effects, run};

/// What a production of the grammar does: the word behind `=>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the grammar explains each by the productions that carry it")]
#[non_exhaustive]
pub enum Act {
    Pass,
    // where the path starts
    Root,
    Disk,
    Share,
    Device,
    Wrapper,
    // components
    Name,
    Here,
    Parent,
    // the end of a name
    Null,
}

impl Semantics for Evidence {
    type Token = Token;
    type Value = Token;

    #[inline]
    fn shift(&mut self, token: Token) -> Token {
        self.token(token);
        token
    }

    fn reduce(&mut self, production: usize, right: &[Symbol<Token>]) -> Token {
        let Some(first) = right.first().map(|symbol| symbol.value) else {
            return Token::new(Terminal::StartPath, 0, 0);
        };
        match ACTS[production] {
            Act::Root => self.root(),
            Act::Disk => self.disk(),
            Act::Share => self.share(),
            Act::Device => self.device(),
            Act::Wrapper => self.wrapper(&first),
            Act::Name => self.name(&first),
            Act::Here => self.here(),
            Act::Parent => self.parent(&first),
            Act::Null => self.null(&first),
            Act::Pass => {}
        }
        first
    }
}

impl run::Evidence for Evidence {
    type Source = Lexer;

    const GRAMMAR: &'static Grammar = &GRAMMAR;

    #[inline(always)]
    fn new(_: Context) -> Self {
        Evidence::default()
    }

    fn prelude(_: Context) -> &'static [Terminal] {
        &[Terminal::StartPath]
    }

    fn dialect(source: &Lexer) -> &'static str {
        source.dialect.name()
    }

    fn finish(&mut self, _: &Lexer) {
        self.end();
    }

    fn closing(_: &Lexer) -> impl Iterator<Item = Terminal> {
        std::iter::empty()
    }

    fn effects(&self) -> Effects {
        self.effects
    }

    fn instructions(&self) -> Vec<Instruction> {
        let noted = self.noted.iter();
        noted.map(|n| Instruction { kind: n.kind, span: n.start..n.end, effects: n.effects }).collect()
    }
}
