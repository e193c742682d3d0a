//! Bytes to tokens (ECMA-262 §12). The tokenizer can start in running text or inside a literal or a
//! comment, and can be fed in pieces: it keeps no text, only its mode.
//!
//! Punctuators and numbers are recognised by logos, names by hand; literals and comments, which have
//! no bound on their length, are skipped by searching for their end. Which of the standard's goal
//! symbols applies, only the grammar knows: a `/` and a `}` are given as they are, and the token
//! source sends the tokenizer on into the regular expression or the template that they begin.

use logos::Logos;
use memchr::{memchr2, memchr3, memmem};

use super::token::{self, HASHED, Token};
use super::{Goal, Reading, Start, Terminal};
use crate::run;

type Lexed = run::Lexed<Token>;

/// How many bytes behind a number or a punctuator can still change it (`1` + `e` + `+` + `5`, `>>>=`),
/// and how long an escape sequence or a short name is: in a piece that is not the last one, what
/// stands nearer to its end waits for the next.
pub(crate) const MARGIN: usize = 80;

/// The lexemes that are no names, literals or comments (§12.8, §12.9.3).
#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
#[logos(utf8 = false)]
enum Lexeme {
    #[regex(r"[0-9][0-9_]*n")]
    #[regex(r"([0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9][0-9_]*)([eE][+-]?[0-9][0-9_]*)?")]
    #[regex(r"0[xX][0-9A-Fa-f_]+n?")]
    #[regex(r"0[oO][0-7_]+n?")]
    #[regex(r"0[bB][01_]+n?")]
    Number,
    #[token("'")]
    #[token("\"")]
    Quote,
    #[token("`")]
    Backquote,
    #[token("//")]
    LineComment,
    /// §B.1.1
    #[token("<!--")]
    HtmlOpenComment,
    #[token("/*")]
    BlockComment,

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
    #[token(":")]
    Colon,
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
    #[token("~")]
    Tilde,
}

/// The letters of ASCII that a name may have (§12.7).
pub(super) static NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'_' | b'$');
        byte += 1;
    }
    table
};

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

/// How many bytes the letter outside of ASCII at the start of a text has, 0 for what no name has:
/// white space, and the blocks of punctuation, symbols and emoji. The rest of Unicode is taken for
/// letters, and so are bytes that are no UTF-8, for in another encoding they are.
#[inline]
fn wide_letter(text: &[u8]) -> usize {
    const NONE: usize = 0;
    match text {
        [0xc2, 0xaa | 0xb5 | 0xba, ..] => 2,
        [0xc2, 0x80..=0xbf, ..] | [0xc3, 0x97 | 0xb7, ..] => NONE,
        [0xc3..=0xdf, 0x80..=0xbf, ..] => 2,
        // U+2000 to U+206F: joiners and ties belong to names, the rest is punctuation
        [0xe2, 0x80, 0x8c | 0x8d | 0xbf, ..] | [0xe2, 0x81, 0x80 | 0x94 | 0xb1 | 0xbf, ..] => 3,
        [0xe2, 0x80 | 0x81, 0x80..=0xbf, ..] => NONE,
        // U+2190 to U+2BFF: arrows, mathematics, boxes, dingbats
        [0xe2, 0x86, 0x90..=0xbf, ..] | [0xe2, 0x87..=0xaf, 0x80..=0xbf, ..] => NONE,
        [0xe1, 0x9a, 0x80, ..] | [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbc, 0x80..=0x8f, ..] => NONE,
        [0xe3, 0x80, 0x85..=0x87 | 0xa1..=0xa9 | 0xb1..=0xb5 | 0xb8..=0xbc, ..] => 3,
        [0xe3, 0x80, 0x80..=0xbf, ..] => NONE,
        [0xe0..=0xef, 0x80..=0xbf, 0x80..=0xbf, ..] => 3,
        // U+1F000 to U+1FFFF: emoji
        [0xf0, 0x9f, 0x80..=0xbf, 0x80..=0xbf, ..] => NONE,
        [0xf0..=0xf4, 0x80..=0xbf, 0x80..=0xbf, 0x80..=0xbf, ..] => 4,
        [0xa0, ..] => NONE,
        [0x80..=0xff, ..] => 1,
        _ => NONE,
    }
}

/// Whether the end tag of a `script` begins a text (HTML, §13.2.5.15 to 17).
fn ends_script(text: &[u8]) -> bool {
    let tag = b"</script";
    text.get(..tag.len()).is_some_and(|text| text.eq_ignore_ascii_case(tag))
        && text.get(tag.len()).is_none_or(|byte| matches!(byte, b'/' | b'>') || byte.is_ascii_whitespace())
}

/// Whether a line ends in a text.
fn ends_line(text: &[u8]) -> bool {
    memchr2(b'\n', b'\r', text).is_some()
        || memmem::find(text, "\u{2028}".as_bytes()).is_some()
        || memmem::find(text, "\u{2029}".as_bytes()).is_some()
}

/// A Unicode escape sequence (§12.7), from the `u` on.
enum UnicodeEscape {
    CodePoint {
        code_point: u32,
        length: usize,
    },
    /// So many digits that nobody reads them, with no end so far.
    Long {
        length: usize,
    },
    Malformed,
}

/// The escape `u0061` or `u{61}` at the start of a text.
fn unicode_escape(text: &[u8]) -> UnicodeEscape {
    let braced = text.get(1) == Some(&b'{');
    let first = if braced { 2 } else { 1 };
    let longest = if braced { usize::from(HASHED) } else { 4 };
    let digits = text.iter().skip(first).take(longest).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let code_point = || {
        text[first..first + digits].iter().fold(0u32, |number, &byte| {
            number.saturating_mul(16).saturating_add((byte as char).to_digit(16).unwrap_or_default())
        })
    };
    let length = first + digits;
    match text.get(length) {
        _ if text.first() != Some(&b'u') || digits == 0 => UnicodeEscape::Malformed,
        _ if !braced && digits == 4 => UnicodeEscape::CodePoint { code_point: code_point(), length },
        Some(b'}') if braced => UnicodeEscape::CodePoint { code_point: code_point(), length: length + 1 },
        _ if digits == usize::from(HASHED) => UnicodeEscape::Long { length },
        _ => UnicodeEscape::Malformed,
    }
}

/// The hash of a text whose escapes are decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Cooked {
    hash: u32,
    length: u8,
}

impl Cooked {
    const EMPTY: Cooked = Cooked { hash: token::HASH_START, length: 0 };
    /// What is known about a text that is too long, or has an escape that cannot be decoded.
    const UNKNOWN: u8 = HASHED + 1;

    fn read(&mut self, text: &[u8]) {
        if text.len() > usize::from(HASHED.saturating_sub(self.length)) {
            self.length = Self::UNKNOWN;
            return;
        }
        self.length += text.len() as u8;
        self.hash = text.iter().fold(self.hash, |hash, &byte| token::hash_step(hash, byte));
    }

    fn read_code_point(&mut self, code_point: u32) {
        match char::from_u32(code_point) {
            Some(character) => self.read(character.encode_utf8(&mut [0; 4]).as_bytes()),
            None => self.length = Self::UNKNOWN,
        }
    }

    fn word(self) -> u32 {
        if self.length > HASHED { 0 } else { self.hash }
    }
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
    /// input ends with the piece.
    pub(crate) fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed {
        loop {
            let rest = &piece[self.position - base..];
            let lexed = match self.mode {
                Mode::Text => self.text(rest, last),
                Mode::LongName { terminal, start, escape } => {
                    self.long_name(terminal, start, escape, rest, last)
                }
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
            };
            if let Some(lexed) = lexed {
                return lexed;
            }
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
    fn text(&mut self, mut rest: &[u8], last: bool) -> Option<Lexed> {
        loop {
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
        if NAME[usize::from(first)] && !first.is_ascii_digit() || first == b'\\' || first >= 0x80 {
            return self.name(Terminal::Identifier, 0, rest, last);
        }
        if first == b'#' {
            // §12.5
            if rest.len() == 1 && !last {
                return Some(Lexed::More);
            }
            if self.position == 0 && self.newline && rest.get(1) == Some(&b'!') {
                self.mode = Mode::LineComment { start: 0, confined: false };
                return None;
            }
            return self.name(Terminal::PrivateIdentifier, 1, rest, last);
        }
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
            Lexeme::Quote => {
                self.position += 1;
                self.cooked = Cooked::EMPTY;
                self.mode = Mode::String { start, close: first, confined: false };
                return None;
            }
            Lexeme::Backquote => {
                self.position += 1;
                self.cooked = Cooked::EMPTY;
                self.mode = Mode::Template { start, continued: false, confined: false };
                return None;
            }
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

    /// A name behind the first `from` bytes of the piece.
    fn name(&mut self, terminal: Terminal, from: usize, rest: &[u8], last: bool) -> Option<Lexed> {
        let start = self.position - self.elided;
        let mut end = from;
        let mut hash = token::HASH_START;
        let mut escaped = false;
        // A digit begins no private name, and ended the text before an ordinary one.
        let begins = !rest.get(from).is_some_and(u8::is_ascii_digit);
        while let (true, Some(&byte)) = (begins && end < MARGIN, rest.get(end)) {
            if NAME[usize::from(byte)] {
                hash = token::hash_step(hash, byte);
                end += 1;
                continue;
            }
            if byte == b'\\' {
                let (code_point, length) = match unicode_escape(&rest[end + 1..]) {
                    UnicodeEscape::CodePoint { code_point, length } => (code_point, length),
                    UnicodeEscape::Long { length } => {
                        self.elided = 0;
                        self.position += end + 1 + length;
                        self.mode = Mode::LongName { terminal, start, escape: true };
                        return None;
                    }
                    UnicodeEscape::Malformed => break,
                };
                escaped = true;
                let mut cooked = Cooked { hash, length: 0 };
                cooked.read_code_point(code_point);
                hash = cooked.hash;
                end += length + 1;
                continue;
            }
            let length = match byte {
                // cut
                0x80.. if !last && rest.len() - end < 4 => 0,
                0x80.. => wide_letter(&rest[end..]),
                _ => 0,
            };
            if length == 0 {
                break;
            }
            hash = rest[end..end + length].iter().fold(hash, |hash, &byte| token::hash_step(hash, byte));
            end += length;
        }
        if end >= MARGIN {
            // Longer than any that matters.
            self.elided = 0;
            self.position += end;
            self.mode = Mode::LongName { terminal, start, escape: false };
            return None;
        }
        // The name, a letter or an escape may go on in the next piece.
        let left = rest.len() - end;
        if !last && (left < 4 || (rest[end] == b'\\' && left < MARGIN)) {
            return Some(Lexed::More);
        }
        self.elided = 0;
        if end == from {
            // White space that is cut is no name; a byte that begins none is a token of its own.
            self.position += 1;
            return self.token(Terminal::Unknown, start, 0);
        }
        self.position += end;
        let mut terminal = terminal;
        if terminal == Terminal::Identifier && !escaped {
            terminal = token::keyword(&rest[..end], hash).unwrap_or(terminal);
        }
        self.token(terminal, start, if end - from > usize::from(HASHED) { 0 } else { hash })
    }

    /// The rest of a name whose text does not matter.
    fn long_name(
        &mut self,
        terminal: Terminal,
        start: usize,
        mut escape: bool,
        rest: &[u8],
        last: bool,
    ) -> Option<Lexed> {
        let mut end = 0;
        while let Some(&byte) = rest.get(end) {
            // Whether the digits of an escape are there was not looked at: a name that has one
            // behind this many bytes is no keyword, whatever they say.
            if escape {
                escape = byte.is_ascii_hexdigit() || matches!(byte, b'u' | b'{');
                if escape || byte == b'}' {
                    end += 1;
                    continue;
                }
            }
            let length = match byte {
                b'\\' => {
                    escape = true;
                    1
                }
                _ if NAME[usize::from(byte)] => 1,
                0x80.. if rest.len() - end < 4 && !last => break,
                0x80.. => wide_letter(&rest[end..]),
                _ => 0,
            };
            if length == 0 {
                break;
            }
            end += length;
        }
        self.position += end;
        if !last && rest.len() - end < 4 {
            self.mode = Mode::LongName { terminal, start, escape };
            return Some(Lexed::More);
        }
        self.token(terminal, start, 0)
    }

    /// Reads an escape sequence of a string or template (§12.9.4), whose backslash begins the text.
    /// `None` says that it may be cut.
    fn escape(&mut self, text: &[u8], last: bool) -> Option<()> {
        if !last && text.len() < MARGIN {
            return None;
        }
        let text = &text[..text.len().min(MARGIN)];
        let mut length = 2;
        match text[1..] {
            [] => length = 1,
            [b'u', ..] => match unicode_escape(&text[1..]) {
                UnicodeEscape::CodePoint { code_point, length: escape } => {
                    length = escape + 1;
                    self.cooked.read_code_point(code_point);
                }
                _ => self.cooked.length = Cooked::UNKNOWN,
            },
            [b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                length = 4;
                let digit = |byte: u8| (byte as char).to_digit(16).unwrap_or_default();
                self.cooked.read_code_point(digit(high) * 16 + digit(low));
            }
            [b'0'..=b'7', ..] => {
                // §B.1.2, up to \377
                let longest = if text[1] < b'4' { 3 } else { 2 };
                let digits =
                    text[1..].iter().take(longest).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
                let number =
                    text[1..=digits].iter().fold(0, |number, digit| number * 8 + u32::from(digit - b'0'));
                length = digits + 1;
                self.cooked.read_code_point(number);
            }
            // a line that goes on
            [b'\r', b'\n', ..] => length = 3,
            [b'\r' | b'\n', ..] => {}
            [0xe2, 0x80, 0xa8 | 0xa9, ..] => length = 4,
            [byte, ..] => self.cooked.read(&[match byte {
                b'b' => 0x08,
                b't' => b'\t',
                b'n' => b'\n',
                b'v' => 0x0b,
                b'f' => 0x0c,
                b'r' => b'\r',
                other => other,
            }]),
        }
        self.position += length;
        Some(())
    }

    /// Skips to the end of a string (§12.9.4).
    fn string(
        &mut self,
        start: usize,
        close: u8,
        confined: bool,
        mut rest: &[u8],
        last: bool,
    ) -> Option<Lexed> {
        loop {
            let found = memchr2(close, b'\\', rest);
            let text = &rest[..found.unwrap_or(rest.len())];
            if let Some(line) = memchr2(b'\n', b'\r', text) {
                // A string does not go on in the next line.
                self.position += line;
                return self.token(Terminal::Unknown, start, 0);
            }
            self.cooked.read(text);
            self.position += text.len();
            let Some(found) = found else {
                if !last {
                    return Some(Lexed::More);
                }
                // The program's own text closes it.
                if confined {
                    return Some(Lexed::End);
                }
                self.unclosed = Some(if close == b'"' { Start::DoubleQuoted } else { Start::SingleQuoted });
                return self.token(Terminal::String, start, 0);
            };
            if rest[found] == close {
                self.position += 1;
                return self.token(Terminal::String, start, self.cooked.word());
            }
            if confined && rest.get(found + 1) == Some(&close) {
                self.escape_matters = true;
                if self.escaped {
                    self.position += 2;
                    return self.token(Terminal::String, start, 0);
                }
            }
            let before = self.position;
            if self.escape(&rest[found..], last).is_none() {
                return Some(Lexed::More);
            }
            rest = &rest[found + self.position - before..];
        }
    }

    /// Skips to the end of a template or to its next substitution (§12.9.6).
    fn template(
        &mut self,
        start: usize,
        continued: bool,
        confined: bool,
        mut rest: &[u8],
        last: bool,
    ) -> Option<Lexed> {
        let (ended, substituted) = if continued {
            (Terminal::TemplateTail, Terminal::TemplateMiddle)
        } else {
            (Terminal::Template, Terminal::TemplateHead)
        };
        loop {
            let found = memchr3(b'`', b'\\', b'$', rest);
            let text = &rest[..found.unwrap_or(rest.len())];
            self.cooked.read(text);
            self.position += text.len();
            let Some(found) = found else {
                if !last {
                    return Some(Lexed::More);
                }
                if confined {
                    return Some(Lexed::End);
                }
                self.unclosed = Some(Start::Template);
                return self.token(ended, start, 0);
            };
            let length = match rest[found..] {
                [b'`', ..] => {
                    self.position += 1;
                    let word = if continued { 0 } else { self.cooked.word() };
                    return self.token(ended, start, word);
                }
                [b'$', b'{', ..] => {
                    self.position += 2;
                    return self.token(substituted, start, 0);
                }
                [b'$'] if !last => return Some(Lexed::More),
                [b'$', ..] => {
                    self.cooked.read(b"$");
                    self.position += 1;
                    1
                }
                _ => {
                    let before = self.position;
                    if self.escape(&rest[found..], last).is_none() {
                        return Some(Lexed::More);
                    }
                    self.position - before
                }
            };
            rest = &rest[found + length..];
        }
    }

    /// Skips to the end of a regular expression (§12.9.5).
    fn regular_expression(
        &mut self,
        start: usize,
        mut class: bool,
        confined: bool,
        rest: &[u8],
        last: bool,
    ) -> Option<Lexed> {
        let mut at = 0;
        while let Some(&byte) = rest.get(at) {
            match byte {
                b'\n' | b'\r' => {
                    self.position += at;
                    return self.token(Terminal::Unknown, start, 0);
                }
                b'\\' if matches!(rest.get(at + 1), Some(b'\n' | b'\r')) => {}
                b'\\' if at + 1 < rest.len() => at += 1,
                b'\\' if !last => break,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    self.position += at + 1;
                    self.mode = Mode::RegularExpressionFlags { start };
                    return None;
                }
                _ => {}
            }
            at += 1;
        }
        self.position += at;
        self.mode = Mode::RegularExpression { start, class, confined };
        match (last, confined) {
            (false, _) => Some(Lexed::More),
            (true, true) => Some(Lexed::End),
            (true, false) => {
                self.unclosed = Some(Start::RegularExpression);
                self.token(Terminal::RegularExpression, start, 0)
            }
        }
    }

    fn flags(&mut self, start: usize, rest: &[u8], last: bool) -> Option<Lexed> {
        let length = rest.iter().take_while(|&&byte| NAME[usize::from(byte)]).count();
        self.position += length;
        if length == rest.len() && !last {
            return Some(Lexed::More);
        }
        self.token(Terminal::RegularExpression, start, 0)
    }

    fn line_comment(&mut self, start: usize, confined: bool, rest: &[u8], last: bool) -> Option<Lexed> {
        let mut at = 0;
        while let Some(found) = memchr3(b'\n', b'\r', 0xe2, &rest[at..]) {
            let (length, newline) = white(&rest[at + found..]);
            if newline {
                self.position += at + found + length;
                self.newline = true;
                self.mode = Mode::Text;
                return None;
            }
            if !last && rest.len() - at - found < 3 {
                self.position += at + found;
                return Some(Lexed::More);
            }
            at += found + 1;
        }
        self.position += rest.len();
        if !last {
            return Some(Lexed::More);
        }
        if !confined {
            self.open_comment = Some(start);
            self.unclosed = Some(Start::LineComment);
        }
        Some(Lexed::End)
    }

    /// Nothing of the program is left, as behind a comment that nothing ends.
    fn outside(&mut self, start: usize, rest: &[u8], last: bool) -> Option<Lexed> {
        self.position += rest.len();
        if !last {
            return Some(Lexed::More);
        }
        self.open_comment = Some(start);
        self.unclosed = Some(Start::LineComment);
        Some(Lexed::End)
    }

    fn block_comment(&mut self, start: usize, confined: bool, rest: &[u8], last: bool) -> Option<Lexed> {
        let found = memmem::find(rest, b"*/");
        self.newline |= ends_line(&rest[..found.unwrap_or(rest.len())]);
        // A `*` or a line separator may be cut.
        let end = found.unwrap_or(if last { rest.len() } else { rest.len().saturating_sub(2) });
        self.position += end;
        if found.is_some() {
            self.position += 2;
            self.mode = Mode::Text;
            return None;
        }
        if !last {
            return Some(Lexed::More);
        }
        if !confined {
            self.open_comment = Some(start);
            self.unclosed = Some(Start::BlockComment);
        }
        Some(Lexed::End)
    }
}

impl Lexeme {
    /// The terminal of a lexeme that needs no look at its text.
    fn terminal(self) -> Terminal {
        match self {
            Lexeme::Number => Terminal::Number,
            Lexeme::LeftParenthesis => Terminal::LeftParenthesis,
            Lexeme::RightParenthesis => Terminal::RightParenthesis,
            Lexeme::LeftBracket => Terminal::LeftBracket,
            Lexeme::RightBracket => Terminal::RightBracket,
            Lexeme::LeftBrace => Terminal::LeftBrace,
            Lexeme::RightBrace => Terminal::RightBrace,
            Lexeme::Comma => Terminal::Comma,
            Lexeme::Semicolon => Terminal::Semicolon,
            Lexeme::Colon => Terminal::Colon,
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
            Lexeme::Tilde => Terminal::Tilde,
            Lexeme::Quote
            | Lexeme::Backquote
            | Lexeme::LineComment
            | Lexeme::HtmlOpenComment
            | Lexeme::BlockComment => Terminal::Unknown,
        }
    }
}
