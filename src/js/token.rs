//! The tokens of JavaScript and its keywords.

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
    /// Whether a line ends between the token before and this one.
    pub newline: bool,
    /// The [`hash`] of a name, or of the text of a string or template, with escapes decoded; 0 for
    /// all others, and for a text of more than [`HASHED`] bytes.
    pub(crate) word: u32,
}

impl Token {
    pub(crate) const fn new(terminal: Terminal, start: usize, end: usize) -> Self {
        Token { terminal, start, end, newline: false, word: 0 }
    }

    /// Where the token stands in the value, in bytes.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether it is this name, or a string or template with this text, however it is escaped.
    pub fn is(&self, text: &str) -> bool {
        self.word != 0 && self.word == hash(text.as_bytes())
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
        self.start..self.end
    }
}

impl Terminal {
    /// Whether a word of the language is meant (§12.7.2), rather than a class of tokens or an
    /// operator.
    #[inline]
    pub fn is_keyword(self) -> bool {
        IS_KEYWORD[self as usize]
    }

    /// Whether it is a keyword or a name.
    #[inline]
    pub(crate) fn is_word(self) -> bool {
        self == Terminal::Identifier || self.is_keyword()
    }

    /// Whether it is a keyword that the next token can make a name.
    #[inline]
    pub(crate) fn is_contextual(self) -> bool {
        matches!(
            self,
            Terminal::Async
                | Terminal::Await
                | Terminal::Get
                | Terminal::Let
                | Terminal::Set
                | Terminal::Static
                | Terminal::Using
                | Terminal::Yield
        )
    }
}

/// The words that are keywords somewhere (§12.7.2). Where one is not, the token source makes an
/// identifier of it.
const KEYWORDS: &[(&str, Terminal)] = &[
    ("as", Terminal::As),
    ("async", Terminal::Async),
    ("await", Terminal::Await),
    ("break", Terminal::Break),
    ("case", Terminal::Case),
    ("catch", Terminal::Catch),
    ("class", Terminal::Class),
    ("const", Terminal::Const),
    ("continue", Terminal::Continue),
    ("debugger", Terminal::Debugger),
    ("default", Terminal::Default),
    ("delete", Terminal::Delete),
    ("do", Terminal::Do),
    ("else", Terminal::Else),
    ("enum", Terminal::Enum),
    ("export", Terminal::Export),
    ("extends", Terminal::Extends),
    ("false", Terminal::False),
    ("finally", Terminal::Finally),
    ("for", Terminal::For),
    ("from", Terminal::From),
    ("function", Terminal::Function),
    ("get", Terminal::Get),
    ("if", Terminal::If),
    ("import", Terminal::Import),
    ("in", Terminal::In),
    ("instanceof", Terminal::Instanceof),
    ("let", Terminal::Let),
    ("new", Terminal::New),
    ("null", Terminal::Null),
    ("of", Terminal::ForOf),
    ("return", Terminal::Return),
    ("set", Terminal::Set),
    ("static", Terminal::Static),
    ("super", Terminal::Super),
    ("switch", Terminal::Switch),
    ("this", Terminal::This),
    ("throw", Terminal::Throw),
    ("true", Terminal::True),
    ("try", Terminal::Try),
    ("typeof", Terminal::Typeof),
    ("using", Terminal::Using),
    ("var", Terminal::Var),
    ("void", Terminal::Void),
    ("while", Terminal::While),
    ("with", Terminal::With),
    ("yield", Terminal::Yield),
];

static IS_KEYWORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut i = 0;
    while i < KEYWORDS.len() {
        table[KEYWORDS[i].1 as usize] = true;
        i += 1;
    }
    table
};

/// Names and texts of up to this many bytes have a hash: longer than any name of the language.
pub(crate) const HASHED: u8 = 64;

/// The hash of no bytes.
pub(crate) const HASH_START: u32 = 0x811c_9dc5;

/// The hash with one byte more (FNV-1a).
#[inline]
pub(crate) const fn hash_step(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

/// The hash of a text.
#[inline]
pub(crate) const fn hash(text: &[u8]) -> u32 {
    let mut hash = HASH_START;
    let mut i = 0;
    while i < text.len() {
        hash = hash_step(hash, text[i]);
        i += 1;
    }
    hash
}

const SLOTS: usize = 256;

/// An open-addressing table from the hash of a spelling to its place in [`KEYWORDS`], plus one.
static PLACES: [u8; SLOTS] = {
    let mut places = [0; SLOTS];
    let mut i = 0;
    while i < KEYWORDS.len() {
        let mut slot = hash(KEYWORDS[i].0.as_bytes()) as usize % SLOTS;
        while places[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        places[slot] = i as u8 + 1;
        i += 1;
    }
    places
};

/// The keyword that a word is, if it is one.
#[inline]
pub(crate) fn keyword(word: &[u8], hash: u32) -> Option<Terminal> {
    let mut slot = hash as usize % SLOTS;
    while PLACES[slot] != 0 {
        let (spelling, terminal) = KEYWORDS[usize::from(PLACES[slot]) - 1];
        if word == spelling.as_bytes() {
            return Some(terminal);
        }
        slot = (slot + 1) % SLOTS;
    }
    None
}
