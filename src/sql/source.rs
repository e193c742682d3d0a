//! The token source: what stands between the tokenizer and the grammar.
//!
//! It joins two words that are one terminal, counts parentheses, and writes `UNBALANCED operand`
//! where the value closes a parenthesis of the program, so that one token of lookahead and one
//! expression grammar suffice.

use super::lexer::{Lexer, OpenComment};
use super::token::PAIRS;
use super::{Dialect, Start, Terminal, Token};
use crate::run::{Lexed, TokenSource};

/// Tokens as the grammar wants them, piece by piece.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    lexer: Lexer,
    /// Tokens that are known and not given yet: `ready[next..filled]`.
    ready: [Token; 2],
    next: u8,
    filled: u8,
    /// A token that may be the first of a pair.
    held: Option<Token>,
    /// Parentheses that the value opened and did not close.
    open: u32,
    /// Parentheses of the program that the value closed.
    closed: u32,
}

/// How many parentheses a program has open around a value at the most: deeper than any that is
/// written or generated. A value that closes more of them is no fragment of one.
pub(super) const MOST_CLOSED: u32 = 64;

impl Source {
    pub(crate) fn new(dialect: Dialect, start: Start) -> Self {
        let none = Token::new(Terminal::Unknown, 0, 0);
        Source {
            lexer: Lexer::new(dialect, start),
            ready: [none; 2],
            next: 0,
            filled: 0,
            held: None,
            open: 0,
            closed: 0,
        }
    }

    /// The dialect family that it reads.
    pub(crate) fn dialect(&self) -> Dialect {
        self.lexer.dialect
    }

    /// Parentheses that the value opened and did not close.
    pub(crate) fn open_parentheses(&self) -> u32 {
        self.open
    }

    /// The comment in which the input ended, once the end was seen.
    pub(crate) fn open_comment(&self) -> Option<OpenComment> {
        self.lexer.open_comment
    }

    /// Gives a token now and one the next time.
    fn give(&mut self, now: Token, then: Token) -> Lexed<Token> {
        self.ready[0] = then;
        (self.next, self.filled) = (0, 1);
        if then.terminal == Terminal::Unbalanced {
            self.ready[1] = Token::new(Terminal::Operand, then.start, then.end);
            self.filled = 2;
        }
        Lexed::Token(now)
    }

    fn balance(&mut self, mut token: Token) -> Token {
        match token.terminal {
            Terminal::LeftParenthesis => self.open += 1,
            Terminal::RightParenthesis if self.open == 0 => {
                self.closed += 1;
                token.terminal =
                    if self.closed > MOST_CLOSED { Terminal::Unknown } else { Terminal::Unbalanced };
            }
            Terminal::RightParenthesis => self.open -= 1,
            _ => {}
        }
        token
    }
}

/// Whether a word may be one terminal together with the one behind it.
pub(super) fn begins_pair(first: Terminal) -> bool {
    matches!(first, Terminal::On | Terminal::With | Terminal::Between | Terminal::For)
}

/// The terminal that a word is together with the one behind it, which has this hash.
pub(super) fn pair(first: Terminal, second: u32) -> Option<Terminal> {
    PAIRS.iter().find(|(one, two, _)| *one == first && *two == second).map(|&(_, _, both)| both)
}

impl TokenSource for Source {
    type Token = Token;

    #[inline]
    fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed<Token> {
        if self.next < self.filled {
            self.next += 1;
            return Lexed::Token(self.ready[usize::from(self.next) - 1]);
        }
        loop {
            let token = match self.lexer.plain(piece, base, last) {
                Some(token) => token,
                None => match self.lexer.next(piece, base, last) {
                    Lexed::Token(token) => token,
                    Lexed::End => return self.held.take().map_or(Lexed::End, Lexed::Token),
                    Lexed::More => return Lexed::More,
                },
            };
            if let Some(first) = self.held.take() {
                if let Some(terminal) = pair(first.terminal, token.word) {
                    return Lexed::Token(Token::new(terminal, first.start, token.end));
                }
                let second = self.balance(token);
                return self.give(first, second);
            }
            if begins_pair(token.terminal) {
                self.held = Some(token);
                continue;
            }
            let token = self.balance(token);
            if token.terminal == Terminal::Unbalanced {
                return self.give(token, Token::new(Terminal::Operand, token.start, token.end));
            }
            return Lexed::Token(token);
        }
    }

    fn position(&self) -> usize {
        self.lexer.position
    }

    /// Leaves out the middle of a long word or number: the tokenizer stays in one state there, and
    /// nobody asks what is in it.
    fn elide(&mut self, pending: &mut Vec<u8>) {
        let end = pending.len().saturating_sub(KEPT);
        if end < 2 * KEPT || !self.lexer.in_text() {
            return;
        }
        let plain = |byte: u8| match pending[..2] {
            [b'0', b'x' | b'X'] => byte.is_ascii_hexdigit(),
            [b'0'..=b'9' | b'.', _] => byte.is_ascii_digit(),
            _ => byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80,
        };
        // Not inside of a letter of several bytes.
        let boundary = |at: &usize| !matches!(pending[*at], 0x80..=0xbf);
        let (Some(from), Some(to)) = ((KEPT..end).find(boundary), (KEPT..end).rev().find(boundary)) else {
            return;
        };
        if from < to && pending[from..to].iter().all(|&byte| plain(byte)) {
            pending.drain(from..to);
            self.lexer.position += to - from;
            self.lexer.elided += to - from;
        }
    }
}

/// How many bytes of a long token are kept at each end: more than any keyword, and more than can
/// still change behind it.
const KEPT: usize = 1024;

/// The tokens of a whole value: see [`tokens`](super::tokens).
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    source: Source,
    input: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(input: &'a [u8], start: Start, dialect: Dialect) -> Self {
        Tokens { source: Source::new(dialect, start), input }
    }

    /// Where the comment began in which the input ended, once all tokens were taken.
    pub fn open_comment(&self) -> Option<usize> {
        self.source.open_comment().map(|comment| comment.start)
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
