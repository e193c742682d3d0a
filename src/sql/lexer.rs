//! Bytes to tokens. The tokenizer can start in running text or inside a literal, a quoted name or
//! a comment, reads one dialect family at a time, and can be fed in pieces: it keeps no text, only
//! its mode.
//!
//! Tokens of running text are recognised by logos; literals and comments, which have no bound on
//! their length, are skipped by searching for their end.

use logos::Logos;
use memchr::{memchr2, memmem};

use super::plain::{Plain, plain};
use super::token::{self, Token};
use super::{Dialect, Start, Terminal};
use crate::run::Lexed;

/// How many bytes behind a token can still change it (`1` + `e` + `+` + `5`, `$tag$` with a tag of
/// 63 bytes): in a piece that is not the last one, tokens nearer to its end wait for the next.
pub(crate) const MARGIN: usize = 80;

/// The lexemes of running text. White space is what some engine takes for it: control characters,
/// U+0020, U+00A0, U+2000 to U+200B, U+3000, and the byte A0 outside of UTF-8 (MySQL in latin1).
#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
#[logos(utf8 = false)]
#[logos(skip r"(?-u:[\x00-\x20\x7f\xa0]|\xc2\xa0|\xe2\x80[\x80-\x8b]|\xe3\x80\x80)+")]
// A letter outside of ASCII: every other UTF-8 sequence, and stray bytes.
#[logos(subpattern wide = r"(?-u:\xc2[\x80-\x9f\xa1-\xbf]|[\xc3-\xdf][\x80-\xbf]|\xe2[\x81-\xbf][\x80-\xbf]|\xe2\x80[\x8c-\xbf]|\xe3[\x81-\xbf][\x80-\xbf]|\xe3\x80[\x81-\xbf]|[\xe0\xe1\xe4-\xef][\x80-\xbf][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf][\x80-\xbf][\x80-\xbf]|[\x80-\x9f\xa1-\xc1\xc3-\xe1\xe4-\xff])")]
enum Lexeme {
    #[regex(r"([A-Za-z_]|(?&wide))([A-Za-z0-9_$]|(?&wide))*")]
    #[regex(r"[0-9]+\$[A-Za-z0-9_$]*")]
    Word,
    #[regex(r"[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")]
    #[regex(r"\.[0-9]+([eE][+-]?[0-9]+)?")]
    Number,
    #[regex(r"0[xX][0-9A-Fa-f]+")]
    #[regex(r"0[bB][01]+")]
    BitNumber,
    /// An exponent without digits: MySQL drops the whole (`1.e(2)` is `(2)`), the others reject it.
    #[regex(r"([0-9]+\.[0-9]*|\.[0-9]+)[eE]")]
    DanglingExponent,

    #[token("'")]
    SingleQuote,
    #[regex(r"[nNbBxX]'")]
    #[regex(r"[uU]&'")]
    PrefixedQuote,
    #[regex(r"[eE]'")]
    EscapeQuote,
    #[regex(r"[nN]?[qQ]'")]
    AlternativeQuote,
    #[token("\"")]
    DoubleQuote,
    #[token("`")]
    Backquote,
    #[regex(r"\$([A-Za-z_]([A-Za-z0-9_])*)?\$")]
    DollarQuote,

    #[regex(r"\$( +[0-9]+(\.[0-9]*)?| *[0-9]*\.[0-9]+)?")]
    Money,

    #[token("--")]
    DashDash,
    #[token("#")]
    Hash,
    #[token("/*")]
    CommentOpen,
    #[regex(r"/\*M?![0-9]*", priority = 10)]
    ExecutableCommentOpen,
    #[token("*/")]
    CommentClose,

    #[regex(r"@([A-Za-z0-9_$.]|(?&wide))*")]
    Variable,
    #[token("@'")]
    #[token("@\"")]
    #[token("@`")]
    QuotedVariable,
    #[regex(r"@@([A-Za-z0-9_$.`]|(?&wide))*", priority = 10)]
    SystemVariable,
    #[token("?")]
    #[regex(r":[A-Za-z_][A-Za-z0-9_$]*")]
    #[regex(r":[0-9]+")]
    #[regex(r"\$[0-9]+")]
    Parameter,

    #[token("(")]
    LeftParenthesis,
    #[token(")")]
    RightParenthesis,
    #[token("[")]
    LeftBracket,
    #[token("]")]
    RightBracket,
    #[token("{")]
    LeftBrace,
    #[token("}")]
    RightBrace,
    #[token(",")]
    Comma,
    #[token(";")]
    Semicolon,
    #[token(".")]
    Period,
    #[token("::")]
    Typecast,
    #[token(":=")]
    Assignment,
    #[token("=>")]
    Arrow,
    #[token("=")]
    Equals,
    #[regex(r"<|>|<=|>=|<>|!=|<=>|==|!<|!>|\^=|~=")]
    Comparison,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Asterisk,
    #[token("/")]
    Slash,
    #[token("%")]
    Percent,
    #[token("^")]
    Caret,
    #[token("|")]
    VerticalBar,
    #[token("||")]
    DoubleBar,
    #[token("&")]
    Ampersand,
    #[token("&&")]
    DoubleAmpersand,
    #[token("~")]
    Tilde,
    #[token("!")]
    Exclamation,
    // PostgreSQL's operators of JSON, arrays, ranges, text search and geometry (§9), SQLite's `->`
    #[regex(r"->|->>|#>|#>>|#-|@>|<@|<<|>>|\?\||\?&|@@@|@\?|!~|!~\*|~\*|~~|!~~|~~\*|!~~\*|&>|&<|-\|-|<->|\|/|\|\|/|!!|<<\||\|>>|&<\||\|&>|\?#|\?-|\?-\||##|@-@|~>=~|~<=~")]
    Operator,
    #[token(":")]
    Colon,
    #[token("\\N")]
    NullEscape,
}

/// The longest token that has a hash: of a longer one a stream may have left out the middle.
const LONG: usize = 1024;

/// Whether the last byte of an operator begins a comment.
fn cut_by_comment(operator: &[u8], behind: &[u8]) -> bool {
    matches!((operator.last(), behind.first()), (Some(b'/'), Some(b'*')) | (Some(b'-'), Some(b'-')))
}

fn word_hash(text: &[u8], start: usize, end: usize) -> u32 {
    if end - start > LONG { 0 } else { token::hash(text) }
}

/// What the evidence rules want to know about the text of a literal or a comment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Shape {
    /// Bytes seen, at most [`Shape::WINDOW`].
    seen: u8,
    /// Words among them: letters behind white space or at the start.
    words: u8,
    in_word: bool,
    first: u8,
    last: u8,
}

impl Shape {
    /// How far words are counted, and how many: two make a sentence.
    const WINDOW: usize = 64;
    const WORDS: u8 = 2;

    fn read(&mut self, text: &[u8]) {
        let (Some(&first), Some(&last)) = (text.first(), text.last()) else {
            return;
        };
        if self.seen == 0 {
            self.first = first;
        }
        self.last = last;
        let window = text.len().min(Self::WINDOW - usize::from(self.seen));
        self.seen += window as u8;
        for &byte in &text[..window] {
            if self.words == Self::WORDS {
                return;
            }
            let letter = byte.is_ascii_alphabetic() || byte >= 0x80;
            self.words += u8::from(letter && !self.in_word);
            self.in_word = letter || (self.in_word && byte > b' ');
        }
    }

    /// As [`Token::word`] has it.
    fn pack(self, open: bool) -> u32 {
        let tight = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || byte == b'%';
        let begins = |byte: u8| tight(byte) || matches!(byte, b'+' | b'-' | b'_' | b'@');
        let ends = |byte: u8| tight(byte) || matches!(byte, b'\\' | b'\'');
        let mut packed = u32::from(self.words);
        packed |= if open { token::OPEN } else { 0 };
        packed |= if self.seen == 0 || begins(self.first) { token::TIGHT_START } else { 0 };
        packed |= if self.seen == 0 { token::EMPTY } else { 0 };
        packed | if self.seen == 0 || ends(self.last) { token::TIGHT_END } else { 0 }
    }
}

/// What a skipped literal becomes and how it ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Literal {
    terminal: Terminal,
    start: usize,
    /// The byte that closes it; twice in a row it is content.
    close: u8,
    /// Whether a backslash takes the next byte with it.
    escapes: bool,
    /// The value itself started inside: if nothing closes it, there is no token.
    confined: bool,
}

/// A tag of `$tag$`: at most 63 bytes, as PostgreSQL's names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Tag {
    bytes: [u8; 65],
    length: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    Text,
    Literal(Literal),
    /// Oracle's `q'[…]'`: ends with this byte and a quote.
    Alternative {
        start: usize,
        close: Option<u8>,
    },
    Dollar {
        start: usize,
    },
    LineComment {
        start: usize,
    },
    BlockComment {
        start: usize,
        depth: u32,
        confined: bool,
    },
}

/// The tokenizer: a mode and a position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer {
    pub(super) dialect: Dialect,
    mode: Mode,
    /// The first byte that was not read yet, in the whole input.
    pub(crate) position: usize,
    /// How many bytes of the token at `position` the caller left out of the piece.
    pub(crate) elided: usize,
    /// MySQL's `/*! … */`: its end is white space.
    executable: bool,
    /// The tag of [`Mode::Dollar`].
    tag: Tag,
    /// What the literal or comment that is being skipped looks like.
    shape: Shape,
    /// The comment that the input ended in, once the end was seen.
    pub(crate) open_comment: Option<OpenComment>,
}

/// A comment in which the input ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OpenComment {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// How many words it has, within a window.
    pub(crate) words: u8,
}

impl Lexer {
    pub(crate) fn new(dialect: Dialect, start: Start) -> Self {
        let literal = |terminal, close: u8, escapes| {
            Mode::Literal(Literal { terminal, start: 0, close, escapes, confined: true })
        };
        let escapes = dialect == Dialect::MySql;
        let mode = match start {
            Start::Text => Mode::Text,
            Start::SingleQuoted => literal(Terminal::String, b'\'', escapes),
            Start::DoubleQuoted => literal(Terminal::DoubleQuoted, b'"', escapes),
            Start::Backquoted => literal(Terminal::QuotedIdentifier, b'`', false),
            Start::Bracketed => literal(Terminal::QuotedIdentifier, b']', false),
            Start::Comment => Mode::BlockComment { start: 0, depth: 1, confined: true },
        };
        Lexer {
            dialect,
            mode,
            position: 0,
            elided: 0,
            executable: false,
            tag: Tag { bytes: [0; 65], length: 0 },
            shape: Shape::default(),
            open_comment: None,
        }
    }

    /// The next token of a piece that begins at `base` in the whole input. `last` says that the
    /// input ends with the piece.
    #[inline]
    pub(crate) fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed<Token> {
        loop {
            let lexed = match self.mode {
                Mode::Text => self.text(piece, base, last),
                Mode::Literal(literal) => self.literal(literal, piece, base, last),
                Mode::Alternative { start, close } => self.alternative(start, close, piece, base, last),
                Mode::Dollar { start } => self.dollar(start, piece, base, last),
                Mode::LineComment { start } => self.line_comment(start, piece, base, last),
                Mode::BlockComment { start, depth, confined } => {
                    self.block_comment(start, depth, confined, piece, base, last)
                }
            };
            if let Some(lexed) = lexed {
                return lexed;
            }
        }
    }

    /// One token of running text, or `None` after a change of mode.
    #[inline]
    fn text(&mut self, piece: &[u8], base: usize, last: bool) -> Option<Lexed<Token>> {
        let rest = &piece[self.position - base..];
        if rest.is_empty() && last {
            return Some(Lexed::End);
        }
        let mut lexemes = Lexeme::lexer(rest);
        let Some(lexeme) = lexemes.next() else {
            // Only white space. One of several bytes may be cut: it is left, from its first byte on.
            let cut = rest.len().saturating_sub(3);
            let whole = rest[cut..].iter().position(|&byte| byte >= 0xc0).map_or(rest.len(), |at| cut + at);
            self.position += if last { rest.len() } else { whole };
            return Some(if last { Lexed::End } else { Lexed::More });
        };
        let span = lexemes.span();
        if !last && rest.len() - span.end < MARGIN {
            self.position += span.start;
            return Some(Lexed::More);
        }
        let start = self.position + span.start - if span.start == 0 { self.elided } else { 0 };
        let text = &rest[span.clone()];
        self.position += span.end;
        self.elided = 0;
        let end = self.position;
        let token = |terminal| Some(Lexed::Token(Token::new(terminal, start, end)));
        // No lexeme begins here: the byte is one that no dialect uses (`\`, a lone `$`).
        let Ok(lexeme) = lexeme else {
            return token(Terminal::Unknown);
        };
        let mysql = self.dialect == Dialect::MySql;
        match lexeme {
            Lexeme::Word => {
                let word = word_hash(text, start, end);
                let terminal = token::keyword(text, word).unwrap_or(Terminal::Identifier);
                Some(Lexed::Token(Token { terminal, start, end, word }))
            }
            Lexeme::Number => Some(Lexed::Token(Token {
                terminal: Terminal::Number,
                start,
                end,
                word: word_hash(text, start, end),
            })),
            Lexeme::BitNumber => {
                Some(Lexed::Token(Token { terminal: Terminal::Number, start, end, word: token::HEXADECIMAL }))
            }
            Lexeme::DanglingExponent => {
                let word_follows = rest
                    .get(span.end)
                    .is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80);
                if !word_follows {
                    return None;
                }
                // Before more letters the `e` begins a name.
                self.position -= 1;
                let word = token::hash(&text[..text.len() - 1]);
                Some(Lexed::Token(Token { terminal: Terminal::Number, start, end: end - 1, word }))
            }
            Lexeme::SingleQuote | Lexeme::PrefixedQuote => {
                self.open(Terminal::String, start, b'\'', mysql);
                None
            }
            Lexeme::EscapeQuote => {
                self.open(Terminal::String, start, b'\'', true);
                None
            }
            Lexeme::AlternativeQuote => {
                if self.dialect == Dialect::PostgreSql {
                    self.mode = Mode::Alternative { start, close: None };
                    return None;
                }
                // Elsewhere the letter is a name and the quote a token of its own.
                self.position -= 1;
                let word = token::hash(&text[..text.len() - 1]);
                Some(Lexed::Token(Token { terminal: Terminal::Identifier, start, end: end - 1, word }))
            }
            Lexeme::DoubleQuote => {
                self.open(Terminal::DoubleQuoted, start, b'"', mysql);
                None
            }
            Lexeme::Backquote => {
                self.open(Terminal::QuotedIdentifier, start, b'`', false);
                None
            }
            Lexeme::QuotedVariable => {
                self.open(Terminal::Variable, start, text[1], mysql && text[1] != b'`');
                None
            }
            Lexeme::DollarQuote => {
                if self.dialect != Dialect::PostgreSql || text.len() > 65 {
                    // MySQL lets a name begin with `$`.
                    return Some(Lexed::Token(Token { terminal: Terminal::Identifier, start, end, word: 0 }));
                }
                let mut bytes = [0; 65];
                bytes[..text.len()].copy_from_slice(text);
                self.tag = Tag { bytes, length: text.len() as u8 };
                self.mode = Mode::Dollar { start };
                None
            }
            Lexeme::DashDash => {
                // MySQL wants white space or the end behind the dashes (§11.7).
                if mysql && rest.get(span.end).is_some_and(|&byte| byte > b' ') {
                    self.position -= 1;
                    return Some(Lexed::Token(Token::new(Terminal::Minus, start, end - 1)));
                }
                self.mode = Mode::LineComment { start };
                None
            }
            Lexeme::Hash => {
                if mysql {
                    self.mode = Mode::LineComment { start };
                    return None;
                }
                token(Terminal::Operator)
            }
            Lexeme::CommentOpen => {
                self.mode = Mode::BlockComment { start, depth: 1, confined: false };
                None
            }
            Lexeme::ExecutableCommentOpen => {
                if mysql {
                    self.executable = true;
                    // A version has five digits or six; fewer are the first number of the text, but
                    // for those that touch a word: some engines skip any.
                    let digits = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
                    let touches = rest.get(span.end).is_some_and(u8::is_ascii_alphabetic);
                    if digits < 5 && !touches {
                        self.position -= digits;
                    }
                } else {
                    self.position = start + 2;
                    self.mode = Mode::BlockComment { start, depth: 1, confined: false };
                }
                None
            }
            Lexeme::CommentClose => {
                if self.executable {
                    self.executable = false;
                    return None;
                }
                self.position -= 1;
                Some(Lexed::Token(Token::new(Terminal::Asterisk, start, end - 1)))
            }
            Lexeme::LeftBracket => {
                if self.dialect == Dialect::SqlServer {
                    self.open(Terminal::QuotedIdentifier, start, b']', false);
                    return None;
                }
                token(Terminal::LeftBracket)
            }
            Lexeme::SystemVariable if text.len() == 2 => token(Terminal::Variable),
            Lexeme::SystemVariable => Some(Lexed::Token(Token {
                terminal: Terminal::SystemVariable,
                start,
                end,
                word: token::hash(text),
            })),
            // An operator ends where a comment begins: `||/**/`, `@--`.
            Lexeme::Operator if cut_by_comment(text, &rest[span.end..]) => {
                self.position -= 1;
                let terminal = match &text[..text.len() - 1] {
                    b"||" => Terminal::DoubleBar,
                    b"|" => Terminal::VerticalBar,
                    b"?" => Terminal::Parameter,
                    b"#" if mysql => {
                        self.mode = Mode::LineComment { start };
                        return None;
                    }
                    _ => Terminal::Operator,
                };
                Some(Lexed::Token(Token::new(terminal, start, end - 1)))
            }
            Lexeme::Operator if !mysql && (text.starts_with(b"~") || text.starts_with(b"!~")) => {
                token(Terminal::Tilde)
            }
            // Most of these are PostgreSQL's alone; MySQL reads `<@x` as `<` and `@x`.
            Lexeme::Operator if mysql && !matches!(text, b"->" | b"->>" | b"<<" | b">>") => {
                self.position = start + 1;
                let terminal = match text[0] {
                    b'<' | b'>' => Terminal::Comparison,
                    b'!' => Terminal::Exclamation,
                    b'~' => Terminal::Tilde,
                    b'&' => Terminal::Ampersand,
                    b'|' => Terminal::VerticalBar,
                    b'-' => Terminal::Minus,
                    b'?' => Terminal::Parameter,
                    b'@' => Terminal::Variable,
                    _ => {
                        self.mode = Mode::LineComment { start };
                        return None;
                    }
                };
                Some(Lexed::Token(Token::new(terminal, start, start + 1)))
            }
            // PostgreSQL's absolute value
            Lexeme::Variable if text.len() == 1 && self.dialect == Dialect::PostgreSql => {
                token(Terminal::Operator)
            }
            // `$` begins an amount of money (SQL Server), or a name (MySQL)
            Lexeme::Money => token(if mysql { Terminal::Identifier } else { Terminal::Number }),
            other => token(other.terminal()),
        }
    }

    /// The next token, if it is a [`plain`] one.
    #[inline]
    pub(crate) fn plain(&mut self, piece: &[u8], base: usize, last: bool) -> Option<Token> {
        if self.mode != Mode::Text {
            return None;
        }
        let rest = &piece[self.position - base..];
        let plain = plain(rest)?;
        let Plain { terminal, start, end } = plain;
        if !last && rest.len() - end < MARGIN {
            return None;
        }
        let start = self.position + start - if start == 0 { self.elided } else { 0 };
        self.position += end;
        self.elided = 0;
        let word = if self.position - start > LONG { 0 } else { plain.hash(rest) };
        Some(Token { terminal, start, end: self.position, word })
    }

    /// Whether the next byte is one of running text.
    pub(crate) fn in_text(&self) -> bool {
        self.mode == Mode::Text
    }

    fn open(&mut self, terminal: Terminal, start: usize, close: u8, escapes: bool) {
        self.mode = Mode::Literal(Literal { terminal, start, close, escapes, confined: false });
    }

    /// Skips to the end of a literal.
    fn literal(&mut self, literal: Literal, piece: &[u8], base: usize, last: bool) -> Option<Lexed<Token>> {
        loop {
            let rest = &piece[self.position - base..];
            let escape = if literal.escapes { b'\\' } else { literal.close };
            let Some(found) = memchr2(literal.close, escape, rest) else {
                if last && literal.confined {
                    self.position += rest.len();
                    return Some(Lexed::End);
                }
                self.skip(rest);
                return Some(if last { self.unclosed(literal) } else { Lexed::More });
            };
            self.skip(&rest[..found]);
            let Some(&next) = rest.get(found + 1) else {
                if !last {
                    return Some(Lexed::More);
                }
                self.position += 1;
                return Some(if rest[found] == literal.close {
                    self.close(literal, false)
                } else {
                    self.unclosed(literal)
                });
            };
            if rest[found] == literal.close && next != literal.close {
                self.position += 1;
                return Some(self.close(literal, false));
            }
            self.skip(&rest[found..found + 2]);
        }
    }

    /// Reads the text of a literal or comment.
    fn skip(&mut self, text: &[u8]) {
        self.shape.read(text);
        self.position += text.len();
    }

    fn close(&mut self, literal: Literal, open: bool) -> Lexed<Token> {
        self.mode = Mode::Text;
        let word = std::mem::take(&mut self.shape).pack(open);
        Lexed::Token(Token { terminal: literal.terminal, start: literal.start, end: self.position, word })
    }

    /// The input ended inside a literal: the program's own text closes it.
    fn unclosed(&mut self, literal: Literal) -> Lexed<Token> {
        if literal.confined {
            return Lexed::End;
        }
        self.close(literal, true)
    }

    fn alternative(
        &mut self,
        start: usize,
        close: Option<u8>,
        piece: &[u8],
        base: usize,
        last: bool,
    ) -> Option<Lexed<Token>> {
        let rest = &piece[self.position - base..];
        let finish = |lexer: &mut Self, length: usize| {
            lexer.position += length;
            lexer.mode = Mode::Text;
            Some(Lexed::Token(Token::new(Terminal::String, start, lexer.position)))
        };
        let Some(close) = close else {
            let Some(&open) = rest.first() else {
                return if last { finish(self, 0) } else { Some(Lexed::More) };
            };
            let close = match open {
                b'[' => b']',
                b'{' => b'}',
                b'(' => b')',
                b'<' => b'>',
                other => other,
            };
            self.position += 1;
            self.mode = Mode::Alternative { start, close: Some(close) };
            return None;
        };
        match memmem::find(rest, &[close, b'\'']) {
            Some(found) => finish(self, found + 2),
            None if last => finish(self, rest.len()),
            None => {
                self.position += rest.len().saturating_sub(1);
                Some(Lexed::More)
            }
        }
    }

    fn dollar(&mut self, start: usize, piece: &[u8], base: usize, last: bool) -> Option<Lexed<Token>> {
        let rest = &piece[self.position - base..];
        let tag = &self.tag.bytes[..usize::from(self.tag.length)];
        let length = match memmem::find(rest, tag) {
            Some(found) => found + tag.len(),
            None if last => rest.len(),
            None => {
                self.position += rest.len().saturating_sub(tag.len() - 1);
                return Some(Lexed::More);
            }
        };
        self.position += length;
        self.mode = Mode::Text;
        Some(Lexed::Token(Token::new(Terminal::String, start, self.position)))
    }

    fn line_comment(&mut self, start: usize, piece: &[u8], base: usize, last: bool) -> Option<Lexed<Token>> {
        let rest = &piece[self.position - base..];
        if let Some(found) = memchr2(b'\n', b'\r', rest) {
            self.position += found + 1;
            self.shape = Shape::default();
            self.mode = Mode::Text;
            return None;
        }
        self.skip(rest);
        if last {
            self.open_comment = Some(OpenComment { start, end: self.position, words: self.shape.words });
            return Some(Lexed::End);
        }
        Some(Lexed::More)
    }

    fn block_comment(
        &mut self,
        start: usize,
        mut depth: u32,
        confined: bool,
        piece: &[u8],
        base: usize,
        last: bool,
    ) -> Option<Lexed<Token>> {
        let nests = self.dialect != Dialect::MySql;
        let end = base + piece.len();
        loop {
            let rest = &piece[self.position - base..];
            let Some(found) = memchr2(b'*', if nests { b'/' } else { b'*' }, rest) else {
                self.position = end;
                break;
            };
            let Some(&next) = rest.get(found + 1) else {
                self.position += if last { found + 1 } else { found };
                break;
            };
            match (rest[found], next) {
                (b'*', b'/') => {
                    self.position += found + 2;
                    depth -= 1;
                    if depth == 0 {
                        self.mode = Mode::Text;
                        return confined.then_some(Lexed::Token(Token::new(
                            Terminal::Operand,
                            0,
                            self.position,
                        )));
                    }
                }
                (b'/', b'*') => {
                    self.position += found + 2;
                    depth += 1;
                }
                _ => self.position += found + 1,
            }
        }
        self.mode = Mode::BlockComment { start, depth, confined };
        if !last {
            return Some(Lexed::More);
        }
        if !confined {
            self.open_comment = Some(OpenComment { start, end: self.position, words: 0 });
        }
        Some(Lexed::End)
    }
}

impl Lexeme {
    /// The terminal of a lexeme that needs no look at its text or dialect.
    fn terminal(self) -> Terminal {
        match self {
            Lexeme::Word => Terminal::Identifier,
            Lexeme::Number => Terminal::Number,
            Lexeme::Variable | Lexeme::QuotedVariable => Terminal::Variable,
            Lexeme::SystemVariable => Terminal::SystemVariable,
            Lexeme::Parameter => Terminal::Parameter,
            Lexeme::LeftParenthesis => Terminal::LeftParenthesis,
            Lexeme::RightParenthesis => Terminal::RightParenthesis,
            Lexeme::LeftBracket => Terminal::LeftBracket,
            Lexeme::RightBracket => Terminal::RightBracket,
            Lexeme::LeftBrace => Terminal::LeftBrace,
            Lexeme::RightBrace => Terminal::RightBrace,
            Lexeme::Comma => Terminal::Comma,
            Lexeme::Semicolon => Terminal::Semicolon,
            Lexeme::Period => Terminal::Period,
            Lexeme::Typecast => Terminal::Typecast,
            Lexeme::Assignment => Terminal::Assignment,
            Lexeme::Arrow => Terminal::Arrow,
            Lexeme::Equals => Terminal::Equals,
            Lexeme::Comparison => Terminal::Comparison,
            Lexeme::Plus => Terminal::Plus,
            Lexeme::Minus => Terminal::Minus,
            Lexeme::Asterisk => Terminal::Asterisk,
            Lexeme::Slash => Terminal::Slash,
            Lexeme::Percent => Terminal::Percent,
            Lexeme::Caret => Terminal::Caret,
            Lexeme::VerticalBar => Terminal::VerticalBar,
            Lexeme::DoubleBar => Terminal::DoubleBar,
            Lexeme::Ampersand => Terminal::Ampersand,
            Lexeme::DoubleAmpersand => Terminal::DoubleAmpersand,
            Lexeme::Tilde => Terminal::Tilde,
            Lexeme::Exclamation => Terminal::Exclamation,
            Lexeme::NullEscape => Terminal::Null,
            Lexeme::Colon => Terminal::Colon,
            _ => Terminal::Operator,
        }
    }
}
