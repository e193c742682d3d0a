//! The tokens of paths: components, separators, and what stands before them.

use std::ops::Range;

use super::Terminal;
use crate::run::Lexeme;

/// A token: its kind and where it stands in the value, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Token {
    /// Its kind.
    pub terminal: Terminal,
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last one.
    pub end: usize,
    /// What a filename is, or what a separator is made of.
    pub(crate) shape: Shape,
    /// The hash of a filename, as [`hash`] computes it; 0 otherwise.
    pub(crate) name: u64,
}

bitflags::bitflags! {
    /// What the evidence rules want to know about the text of a token.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub(crate) struct Shape: u8 {
        /// A filename has white space or a control character in it …
        const SPACE = 1 << 0;
        /// … or a character that no name of a file has on Windows: `<`, `>`, `"`, `|`, `?`, `*`.
        const RESERVED = 1 << 1;
        /// A filename is made of dots, three or more.
        const DOTS = 1 << 2;
        /// A filename has an extension …
        const EXTENSION = 1 << 3;
        /// … that of a configuration or a log.
        const SETTINGS = 1 << 4;
        /// Separators: a slash is among them …
        const SLASH = 1 << 5;
        /// … and a backslash.
        const BACKSLASH = 1 << 6;
        /// There are several.
        const SEVERAL = 1 << 7;
    }
}

impl Token {
    pub(crate) const fn new(terminal: Terminal, start: usize, end: usize) -> Self {
        Token { terminal, start, end, shape: Shape::empty(), name: 0 }
    }

    /// Where the token stands in the value, in bytes.
    pub fn span(&self) -> Range<usize> {
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
    fn range(&self) -> Range<usize> {
        self.span()
    }
}

/// Where the hash of a name starts (FNV-1a, 64 bits).
pub(super) const HASH_START: u64 = 0xcbf2_9ce4_8422_2325;

/// One more byte of a name. Case does not matter: it does not on Windows and macOS.
#[inline]
pub(super) const fn hash_step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte.to_ascii_lowercase() as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// The hash of a whole name.
pub(super) const fn hash(name: &[u8]) -> u64 {
    let mut hash = HASH_START;
    let mut at = 0;
    while at < name.len() {
        hash = hash_step(hash, name[at]);
        at += 1;
    }
    hash
}
