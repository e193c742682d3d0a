//! Bytes to tokens (ECMA-262 §12). The tokenizer can start in running text or inside a literal or a
//! comment, and can be fed in pieces: it keeps no text, only its mode.
//!
//! Numbers and punctuators of several bytes are recognised by logos, names by hand; literals and comments, which have
//! no bound on their length, are skipped by searching for their end. Which of the standard's goal
//! symbols applies, only the grammar knows: a `/` and a `}` are given as they are, and the token
//! source sends the tokenizer on into the regular expression or the template that they begin.
//!
//! Running text is read here, names in `names`, and literals and comments in `literals`.

mod literals;
mod names;

use logos::Logos;

use literals::Cooked;

pub(super) use names::NAME;

use super::{Goal, Reading, Start, Terminal, Token};
use crate::run;

type Lexed = run::Lexed<Token>;

/// How many bytes behind a number or a punctuator can still change it (`1` + `e` + `+` + `5`, `>>>=`),
/// and how long an escape sequence or a short name is: in a piece that is not the last one, what
/// stands nearer to its end waits for the next.
pub(crate) const MARGIN: usize = 80;

/// The lexemes that are no names, literals or comments, and that their first byte does not decide (§12.8,
/// §12.9.3).
#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
#[logos(utf8 = false)]
enum Lexeme {
    #[regex(r"[0-9][0-9_]*n")]
    #[regex(r"([0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9][0-9_]*)([eE][+-]?[0-9][0-9_]*)?")]
    #[regex(r"0[xX][0-9A-Fa-f_]+n?")]
    #[regex(r"0[oO][0-7_]+n?")]
    #[regex(r"0[bB][01_]+n?")]
    Number,
    #[token("//")]
    LineComment,
    /// §B.1.1
    #[token("<!--")]
    HtmlOpenComment,
    #[token("/*")]
    BlockComment,

    #[token(".")]
    Period,
    #[token("...")]
    Ellipsis,
    #[token("?")]
    Question,
    #[token("?.")]
    OptionalChain,
    #[token("=>")]
    Arrow,
    #[token("=")]
    Equals,
    #[regex(r"\+=|-=|\*=|%=|\*\*=|<<=|>>=|>>>=|&=|\|=|\^=|&&=|\|\|=|\?\?=")]
    AssignmentOperator,
    #[regex(r"<|>|<=|>=|==|!=|===|!==")]
    Comparison,
    #[regex(r"&&|\|\||\?\?")]
    LogicalOperator,
    #[regex(r"%|\*\*|<<|>>|>>>|&|\||\^")]
    BinaryOperator,
    #[regex(r"\+\+|--")]
    UpdateOperator,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Asterisk,
    #[token("/")]
    #[token("/=")]
    Slash,
    #[token("!")]
    Exclamation,
}

/// How many bytes the white space (§12.2) or line terminator (§12.3) at the start of a text has, 0
/// for anything else, and whether it ends a line.
#[inline]
fn white(text: &[u8]) -> (usize, bool) {
    match text {
        [b' ' | b'\t' | 0x0b | 0x0c | 0xa0, ..] => (1, false),
        [b'\n' | b'\r', ..] => (1, true),
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => (3, true),
        [0xc2, 0xa0, ..] => (2, false),
        [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..]
        | [0xef, 0xbb, 0xbf, ..] => (3, false),
        _ => (0, false),
    }
}

/// Whether the end tag of a `script` begins a text (HTML, §13.2.5.15 to 17).
fn ends_script(text: &[u8]) -> bool {
    let tag = b"</script";
    text.get(..tag.len()).is_some_and(|text| text.eq_ignore_ascii_case(tag))
        && text.get(tag.len()).is_none_or(|byte| matches!(byte, b'/' | b'>') || byte.is_ascii_whitespace())
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    Text,
    /// A name that began in an earlier piece and is longer than any that matters.
    LongName {
        terminal: Terminal,
        start: usize,
        escape: bool,
    },
    /// `'…'` or `"…"`, with the quote that closes it. Of a confined literal the value itself stands
    /// inside: if nothing closes it, there is no token.
    String {
        start: usize,
        close: u8,
        confined: bool,
    },
    /// The part of a template behind `` ` `` or behind the `}` of a substitution.
    Template {
        start: usize,
        continued: bool,
        confined: bool,
    },
    RegularExpression {
        start: usize,
        class: bool,
        confined: bool,
    },
    RegularExpressionFlags {
        start: usize,
    },
    LineComment {
        start: usize,
        confined: bool,
    },
    BlockComment {
        start: usize,
        confined: bool,
    },
    /// What stands behind the end tag of the script.
    Outside {
        start: usize,
    },
}

/// The tokenizer: a mode and a position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer {
    mode: Mode,
    goal: Goal,
    /// Whether there was a `<!--` or `-->` that is a comment in a script alone.
    pub(crate) html_like: bool,
    /// The first byte that was not read yet, in the whole input.
    pub(crate) position: usize,
    /// How many bytes of the token at `position` the caller left out of the piece.
    pub(crate) elided: usize,
    /// Whether a line ended since the last token, or the program begins here.
    newline: bool,
    /// The literal or the name that is being read.
    cooked: Cooked,
    /// Where the comment begins that the input ended in, once the end was seen.
    pub(crate) open_comment: Option<usize>,
    /// In which literal or comment that the value opened the input ended.
    pub(crate) unclosed: Option<Start>,
    /// The program may stand in a page, where the end tag of its `script` ends it.
    in_page: bool,
    /// See [`Reading::escaped`](super::Reading::escaped), and whether it would matter.
    escaped: bool,
    pub(crate) escape_matters: bool,
}

impl Lexer {
    pub(crate) fn new(start: Start, reading: Reading) -> Self {
        let confined = true;
        let mode = match start {
            Start::Script | Start::Text | Start::Substitution => Mode::Text,
            Start::SingleQuoted => Mode::String { start: 0, close: b'\'', confined },
            Start::DoubleQuoted => Mode::String { start: 0, close: b'"', confined },
            Start::Template => Mode::Template { start: 0, continued: false, confined },
            Start::RegularExpression => Mode::RegularExpression { start: 0, class: false, confined },
            Start::LineComment => Mode::LineComment { start: 0, confined },
            Start::BlockComment => Mode::BlockComment { start: 0, confined },
        };
        Lexer {
            mode,
            goal: reading.goal,
            html_like: false,
            position: 0,
            elided: 0,
            newline: start == Start::Script,
            cooked: Cooked::EMPTY,
            open_comment: None,
            unclosed: None,
            in_page: !matches!(start, Start::Script | Start::Text | Start::Substitution),
            escaped: reading.escaped,
            escape_matters: false,
        }
    }

    /// The next token of a piece that begins at `base` in the whole input. `last` says that the
    /// input ends with the piece. In the loop of who asks, a token need not be copied.
    #[inline(always)]
    pub(crate) fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed {
        loop {
            let rest = &piece[self.position - base..];
            let lexed = match self.mode {
                Mode::Text => self.text(rest, last),
                _ => self.literal(rest, last),
            };
            if let Some(lexed) = lexed {
                return lexed;
            }
        }
    }

    /// The rest of a literal or a comment, or `None` where it has ended and gives no token.
    #[inline(never)]
    fn literal(&mut self, rest: &[u8], last: bool) -> Option<Lexed> {
        match self.mode {
            Mode::Text => None,
            Mode::LongName { terminal, start, escape } => self.long_name(terminal, start, escape, rest, last),
            Mode::String { start, close, confined } => self.string(start, close, confined, rest, last),
            Mode::Template { start, continued, confined } => {
                self.template(start, continued, confined, rest, last)
            }
            Mode::RegularExpression { start, class, confined } => {
                self.regular_expression(start, class, confined, rest, last)
            }
            Mode::RegularExpressionFlags { start } => self.flags(start, rest, last),
            Mode::LineComment { start, confined } => self.line_comment(start, confined, rest, last),
            Mode::BlockComment { start, confined } => self.block_comment(start, confined, rest, last),
            Mode::Outside { start } => self.outside(start, rest, last),
        }
    }

    /// The `/` or `/=` that was given last begins a regular expression.
    pub(crate) fn begin_regular_expression(&mut self, slash: Token) {
        self.newline = slash.newline;
        self.mode = Mode::RegularExpression { start: slash.start, class: false, confined: false };
    }

    /// The `}` that was given last ends a substitution of a template.
    pub(crate) fn continue_template(&mut self, brace: Token) {
        self.newline = brace.newline;
        self.mode = Mode::Template { start: brace.start, continued: true, confined: false };
    }

    /// The `}` that was given last ends the substitution of the program's own template in which
    /// the value stands.
    pub(crate) fn resume_template(&mut self) {
        self.cooked = Cooked::EMPTY;
        self.mode = Mode::Template { start: self.position, continued: false, confined: true };
    }

    /// Whether the next byte is one of running text.
    pub(crate) fn in_text(&self) -> bool {
        self.mode == Mode::Text
    }

    /// The token from `start` to the position.
    fn token(&mut self, terminal: Terminal, start: usize, word: u32) -> Option<Lexed> {
        self.mode = Mode::Text;
        let newline = std::mem::take(&mut self.newline);
        Some(Lexed::Token(Token { terminal, start, end: self.position, newline, word }))
    }

    /// One token of running text, or `None` after a change of mode.
    #[inline(always)]
    fn text(&mut self, mut rest: &[u8], last: bool) -> Option<Lexed> {
        // Most tokens have none before them.
        while rest.first().is_some_and(|&byte| byte <= b' ' || byte >= 0x80) {
            let (length, newline) = white(rest);
            if length == 0 {
                break;
            }
            self.newline |= newline;
            self.position += length;
            rest = &rest[length..];
        }
        let Some(&first) = rest.first() else {
            return Some(if last { Lexed::End } else { Lexed::More });
        };
        let punctuator = match first {
            b'(' => Terminal::LeftParenthesis,
            b')' => Terminal::RightParenthesis,
            b'[' => Terminal::LeftBracket,
            b']' => Terminal::RightBracket,
            b'{' => Terminal::LeftBrace,
            b'}' => Terminal::RightBrace,
            b',' => Terminal::Comma,
            b';' => Terminal::Semicolon,
            b':' => Terminal::Colon,
            b'~' => Terminal::Tilde,
            b'\'' | b'"' => {
                self.mode = Mode::String { start: self.position, close: first, confined: false };
                self.position += 1;
                self.cooked = Cooked::EMPTY;
                return None;
            }
            b'`' => {
                self.mode = Mode::Template { start: self.position, continued: false, confined: false };
                self.position += 1;
                self.cooked = Cooked::EMPTY;
                return None;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | b'\\' | 0x80.. => {
                return self.name(Terminal::Identifier, 0, rest, last);
            }
            // §12.5
            b'#' if rest.len() == 1 && !last => return Some(Lexed::More),
            b'#' if self.position == 0 && self.newline && rest.get(1) == Some(&b'!') => {
                self.mode = Mode::LineComment { start: 0, confined: false };
                return None;
            }
            b'#' => return self.name(Terminal::PrivateIdentifier, 1, rest, last),
            _ => return self.lexeme(first, rest, last),
        };
        self.position += 1;
        self.token(punctuator, self.position - 1, 0)
    }

    /// A token of running text that its first byte does not decide, or `None` after a change of mode.
    #[inline(never)]
    fn lexeme(&mut self, first: u8, rest: &[u8], last: bool) -> Option<Lexed> {
        let mut lexemes = Lexeme::lexer(rest);
        let lexeme = lexemes.next();
        let mut length = lexemes.span().end;
        if !last && rest.len() - length < MARGIN {
            return Some(Lexed::More);
        }
        let start = self.position - self.elided;
        self.elided = 0;
        let Some(Ok(lexeme)) = lexeme else {
            // No lexeme begins here: the byte is one that the language does not use.
            self.position += 1;
            return self.token(Terminal::Unknown, start, 0);
        };
        let next = rest.get(length).copied();
        match lexeme {
            Lexeme::LineComment => {
                self.mode = Mode::LineComment { start, confined: false };
                self.position += length;
                return None;
            }
            Lexeme::HtmlOpenComment => {
                self.html_like = true;
                if self.goal == Goal::Module {
                    self.position += 1;
                    return self.token(Terminal::Comparison, start, 0);
                }
                self.mode = Mode::LineComment { start, confined: false };
                self.position += length;
                return None;
            }
            Lexeme::BlockComment => {
                self.mode = Mode::BlockComment { start, confined: false };
                self.position += length;
                return None;
            }
            // §B.1.1 `-->` in front of which a line has nothing
            Lexeme::UpdateOperator if self.newline && first == b'-' && next == Some(b'>') => {
                self.html_like = true;
                if self.goal == Goal::Script {
                    self.mode = Mode::LineComment { start, confined: false };
                    self.position += length;
                    return None;
                }
            }
            Lexeme::Comparison if self.in_page && ends_script(rest) => {
                self.html_like = true;
                if self.goal == Goal::Script {
                    self.mode = Mode::Outside { start };
                    return None;
                }
            }
            // §12.8: `a?.5:b`
            Lexeme::OptionalChain if next.is_some_and(|byte| byte.is_ascii_digit()) => {
                self.position += 1;
                return self.token(Terminal::Question, start, 0);
            }
            Lexeme::Number => {
                // §B.1.1: a legacy octal number has no fraction: `017.toString()`
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                if first == b'0' && digits > 1 && rest[..digits].iter().all(|&byte| byte < b'8') {
                    length = digits;
                }
                // §12.9.3: no name follows at once
                let name = |&byte: &u8| NAME[usize::from(byte)] || byte == b'\\';
                if rest.get(length).is_some_and(name) {
                    self.position += length;
                    return self.token(Terminal::Unknown, start, 0);
                }
            }
            _ => {}
        }
        self.position += length;
        self.token(lexeme.terminal(), start, 0)
    }
}

impl Lexeme {
    /// The terminal of a lexeme that needs no look at its text.
    fn terminal(self) -> Terminal {
        match self {
            Lexeme::Number => Terminal::Number,
            Lexeme::Period => Terminal::Period,
            Lexeme::Ellipsis => Terminal::Ellipsis,
            Lexeme::Question => Terminal::Question,
            Lexeme::OptionalChain => Terminal::OptionalChain,
            Lexeme::Arrow => Terminal::Arrow,
            Lexeme::Equals => Terminal::Equals,
            Lexeme::AssignmentOperator => Terminal::AssignmentOperator,
            Lexeme::Comparison => Terminal::Comparison,
            Lexeme::LogicalOperator => Terminal::LogicalOperator,
            Lexeme::BinaryOperator => Terminal::BinaryOperator,
            Lexeme::UpdateOperator => Terminal::UpdateOperator,
            Lexeme::Plus => Terminal::Plus,
            Lexeme::Minus => Terminal::Minus,
            Lexeme::Asterisk => Terminal::Asterisk,
            Lexeme::Slash => Terminal::Slash,
            Lexeme::Exclamation => Terminal::Exclamation,
            Lexeme::LineComment | Lexeme::HtmlOpenComment | Lexeme::BlockComment => Terminal::Unknown,
        }
    }
}
