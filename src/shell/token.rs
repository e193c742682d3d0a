//! The tokens of the shell.

use super::commands::Command;
use super::facts::Facts;
use super::{Dialect, Terminal};
use crate::run::Lexeme;

/// A token: its kind and where it stands in the value, in bytes.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Token {
    /// Its kind.
    pub terminal: Terminal,
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last one.
    pub end: usize,
    /// What the text of a part of a word, or an operator, is made of.
    pub(super) facts: Facts,
    /// Where a command is named: the command that the word names, as far as it was read.
    pub(super) command: Option<Command>,
    /// The hash of the name of a parameter or a variable, or of a function that is defined, or that may be
    /// called; 0 for anything else.
    pub(super) variable: u32,
    /// Of text in quotes, how many words stand in it, with one that may follow a blank at its end.
    pub(super) words: u32,
}

/// The hash of a variable's name (FNV-1a).
pub(super) fn hash(name: &[u8]) -> u32 {
    fnv(name.iter().copied())
}

/// The hash of a function's name, which is not 0. PowerShell reads names in any case.
pub(super) fn function_hash(name: &[u8], dialect: Dialect) -> u32 {
    let hash = match dialect {
        Dialect::Posix => hash(name),
        Dialect::Cmd | Dialect::PowerShell => fnv(name.iter().map(u8::to_ascii_lowercase)),
    };
    hash.max(1)
}

fn fnv(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Token {
    pub(super) const fn new(terminal: Terminal, start: usize, end: usize) -> Self {
        Token { terminal, start, end, facts: Facts::of(terminal), command: None, variable: 0, words: 0 }
    }

    /// Where the token stands in the value, in bytes.
    pub fn span(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

impl Lexeme for Token {
    type Terminal = Terminal;

    fn marker(terminal: Terminal, at: usize) -> Self {
        Token::new(terminal, at, at)
    }

    #[inline]
    fn index(&self) -> u8 {
        self.terminal.index()
    }

    #[inline]
    fn range(&self) -> std::ops::Range<usize> {
        self.span()
    }
}
