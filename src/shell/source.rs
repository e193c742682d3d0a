//! The token source: what stands between the tokenizer and the grammar. It writes `JOIN` between
//! two parts of a word, and `GIVEN` for a command of the program that the value ended, and for a
//! subshell that was taken for arithmetic.

use super::commands::Vocabulary;
use super::lexer::{Lexer, Read};
use super::{Dialect, Start, Terminal, Token};
use crate::report::Reason;
use crate::run::{Lexed, TokenSource};

/// Tokens as the grammar wants them, piece by piece.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    lexer: Lexer,
    /// A token that is known and not given yet.
    ready: Option<Token>,
}

impl Source {
    /// `depth` bounds how many quotes, expansions and compound commands may be open at once.
    pub(crate) fn new(dialect: Dialect, start: Start, vocabulary: Vocabulary, depth: usize) -> Self {
        Source { lexer: Lexer::new(dialect, start, vocabulary, depth), ready: None }
    }

    /// The dialect that it reads.
    pub(super) fn dialect(&self) -> Dialect {
        self.lexer.dialect
    }

    /// Whether what the tokens are hangs on what the program opened around the value.
    pub(super) fn reaches_out(&self) -> bool {
        self.lexer.reaches_out()
    }

    /// Whether the program goes on with the file of a redirection.
    pub(super) fn awaits_file(&self) -> bool {
        self.lexer.awaits_file()
    }

    /// The terminals that close what is open, innermost first.
    pub(super) fn closing(&self) -> impl Iterator<Item = Terminal> {
        self.lexer.closing()
    }
}

impl TokenSource for Source {
    type Token = Token;

    #[inline]
    fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed<Token> {
        if let Some(token) = self.ready.take() {
            return Lexed::Token(token);
        }
        let Read { token, touches, ends_command } = match self.lexer.next(piece, base, last) {
            Lexed::Token(read) => read,
            Lexed::More => return Lexed::More,
            Lexed::End => return Lexed::End,
        };
        if touches {
            self.ready = Some(token);
            return Lexed::Token(Token::new(Terminal::Join, token.start, token.start));
        }
        if ends_command {
            self.ready = Some(Token::new(Terminal::Given, token.end, token.end));
        }
        Lexed::Token(token)
    }

    fn position(&self) -> usize {
        self.lexer.position
    }

    fn undecided(&self) -> Option<Reason> {
        self.lexer.undecided()
    }
}

/// The tokens of a whole value: see [`tokens`](super::tokens).
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    source: Source,
    input: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(input: &'a [u8], start: Start, dialect: Dialect) -> Self {
        Tokens { source: Source::new(dialect, start, Vocabulary::default(), usize::MAX), input }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        match self.source.next(self.input, 0, true) {
            Lexed::Token(token) => Some(token),
            Lexed::More | Lexed::End => None,
        }
    }
}
