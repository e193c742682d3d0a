//! The lexemes of each dialect, recognised by logos, and the pieces that they are for the
//! tokenizer: what a byte sequence is as long as nothing is known about the place it stands in.

use logos::Logos;
use smallvec::SmallVec;

use super::Dialect;

/// What a lexeme is, in whatever dialect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    Blank,
    /// An escaped line end: nothing at all.
    Continuation,
    Newline,
    Hash,
    /// Unquoted text of a word.
    Text,
    /// A character that lost its meaning.
    Escape,
    SingleQuote,
    DollarSingleQuote,
    DoubleQuote,
    /// `@'` and `@"` at a line's end
    SingleQuotedLines,
    DoubleQuotedLines,
    Backquote,
    SubstitutionOpen,
    /// `{` and `(` of PowerShell: what runs there is a value.
    BlockOpen,
    ArithmeticOpen,
    BracketArithmeticOpen,
    ParameterOpen,
    Parameter,
    ProcessOpen,
    Semicolon,
    DoubleSemicolon,
    Ampersand,
    And,
    Pipe,
    Or,
    LeftParenthesis,
    RightParenthesis,
    RightBrace,
    Input,
    Output,
    HereDocument,
    StrippedHereDocument,
    HereString,
    /// `#` … `#>`
    BlockComment,
}

/// Unquoted text of the POSIX shell and bash (XCU §2.2, §2.3; bash §3.1.2, §3.5).
#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
#[logos(utf8 = false)]
enum Posix {
    #[regex(r"[ \t]+")]
    Blank,
    #[token("\\\n")]
    #[token("\\\r\n")]
    Continuation,
    #[regex(r"\n|\r\n?")]
    Newline,
    #[token("#", priority = 10)]
    Hash,
    #[regex(r"(?s-u:[^ \t\r\n;&|()<>$`'\x22\\#][^ \t\r\n;&|()<>$`'\x22\\]*)")]
    Text,
    #[regex(r"(?s-u:\\[^\r\n])")]
    Escape,
    #[token("'")]
    SingleQuote,
    #[token("$'")]
    DollarSingleQuote,
    #[token("\"")]
    #[token("$\"")]
    DoubleQuote,
    #[token("`")]
    Backquote,
    #[token("$(")]
    SubstitutionOpen,
    #[token("$((")]
    ArithmeticOpen,
    #[token("$[")]
    BracketArithmeticOpen,
    #[token("${")]
    ParameterOpen,
    #[regex(r"\$[A-Za-z_][A-Za-z0-9_]*")]
    #[regex(r"\$[0-9@*#?$!-]")]
    Parameter,
    #[token("<(")]
    #[token(">(")]
    ProcessOpen,
    #[token(";")]
    Semicolon,
    #[token(";;")]
    #[token(";&")]
    #[token(";;&")]
    DoubleSemicolon,
    #[token("&")]
    Ampersand,
    #[token("&&")]
    And,
    #[token("|")]
    #[token("|&")]
    Pipe,
    #[token("||")]
    Or,
    #[token("(")]
    LeftParenthesis,
    #[token(")")]
    RightParenthesis,
    #[token("<")]
    #[token("<>")]
    #[token("<&")]
    Input,
    #[token(">")]
    #[token(">>")]
    #[token(">|")]
    #[token(">&")]
    #[token("&>")]
    #[token("&>>")]
    Output,
    #[token("<<")]
    HereDocument,
    #[token("<<-")]
    StrippedHereDocument,
    #[token("<<<")]
    HereString,
}

/// Unquoted text of cmd.exe (`cmd /?`, `for /?`, `set /?`; "Windows Commands", command shell overview).
#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
#[logos(utf8 = false)]
enum Cmd {
    /// Commas, semicolons and equals signs part arguments as blanks do.
    #[regex(r"[ \t\x0b\x0c,;=]+")]
    Blank,
    #[token("^\n")]
    #[token("^\r\n")]
    Continuation,
    #[regex(r"\n|\r\n?")]
    Newline,
    #[regex(r"(?s-u:[^ \t\x0b\x0c\r\n,;=&|()<>^\x22%!]+)")]
    #[token("%", priority = 1)]
    #[token("!", priority = 1)]
    Text,
    /// Behind a line end that is escaped, the next character is, too.
    #[regex(r"(?s-u:\^[^\r\n])")]
    #[regex(r"(?s-u:\^\r?\n[^\r\n \t\x0b\x0c,;=])")]
    Escape,
    #[token("\"")]
    DoubleQuote,
    // `%x%`, `%x:~1,2%`, `%x:a=b%` (`set /?`); `%1`, `%%i`, `%~dp0` (`call /?`, `for /?`). The margin
    // behind a token (`lexer.rs`) bounds their lengths.
    #[regex(r"%[A-Za-z_][A-Za-z0-9_()#.-]{0,29}(:[^%\r\n]{0,29})?%")]
    #[regex(r"%%?[A-Za-z0-9*]")]
    #[regex(r"%%?~[fdpnxsatzFDPNXSATZ]{0,9}(\$[A-Za-z_]{1,16}:)?[A-Za-z0-9]")]
    #[regex(r"![A-Za-z_][A-Za-z0-9_()#.-]{0,29}(:[^!\r\n]{0,29})?!")]
    Parameter,
    #[token("&")]
    Ampersand,
    #[token("&&")]
    And,
    #[token("|")]
    Pipe,
    #[token("||")]
    Or,
    #[token("(")]
    LeftParenthesis,
    #[token(")")]
    RightParenthesis,
    #[token("<")]
    #[token("<&")]
    Input,
    #[token(">")]
    #[token(">>")]
    #[token(">&")]
    Output,
}

/// Unquoted text of PowerShell (Language Specification, chapter 2; about_Parsing, about_Operators). Its
/// blanks, §2.2.3, and its quotes, §2.3.5.2, are also some that ASCII has not.
#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
#[logos(utf8 = false)]
// What begins like one of those and is none.
#[logos(subpattern wide = r"(?-u:\xc2[\x80-\x84\x86-\x9f\xa1-\xbf]|\xe1[\x80-\x99\x9b-\xbf]|\xe1\x9a[\x81-\xbf]|\xe2[\x82-\xbf]|\xe2\x80[\x8b-\x97\x9f-\xa7\xaa-\xae\xb0-\xbf]|\xe2\x81[\x80-\x9e\xa0-\xbf]|\xe3[\x81-\xbf]|\xe3\x80[\x81-\xbf])")]
enum PowerShell {
    #[regex(r"[ \t\x0b\x0c]+")]
    #[regex(r"(?-u:\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)")]
    Blank,
    #[token("`\n")]
    #[token("`\r\n")]
    Continuation,
    #[regex(r"\n|\r\n?")]
    Newline,
    #[token("#", priority = 10)]
    Hash,
    #[token("<#")]
    BlockComment,
    #[regex(r"(?s-u:([^ \t\x0b\x0c\r\n;&|(){}<>$`'\x22#\xc2\xe1\xe2\xe3]|(?&wide))([^ \t\x0b\x0c\r\n;&|(){}<>$`'\x22\xc2\xe1\xe2\xe3]|(?&wide))*)")]
    #[token("$", priority = 1)]
    Text,
    #[regex(r"(?s-u:`[^\r\n])")]
    Escape,
    #[regex(r"(?-u:'|\xe2\x80[\x98-\x9b])")]
    SingleQuote,
    #[regex(r"(?-u:\x22|\xe2\x80[\x9c-\x9e])")]
    DoubleQuote,
    #[regex(r"(?-u:@('|\xe2\x80[\x98-\x9b])[ \t]{0,16}[\r\n])")]
    SingleQuotedLines,
    #[regex(r"(?-u:@(\x22|\xe2\x80[\x9c-\x9e])[ \t]{0,16}[\r\n])")]
    DoubleQuotedLines,
    #[token("$(")]
    SubstitutionOpen,
    #[token("(")]
    #[token("{")]
    #[token("@(")]
    #[token("@{")]
    BlockOpen,
    #[regex(r"\$[A-Za-z_0-9]([A-Za-z0-9_?]|:[A-Za-z0-9_])*")]
    #[regex(r"(?-u:\$\{[^}`\r\n]{1,48}\})")]
    #[token("$$")]
    #[token("$?")]
    #[token("$^")]
    Parameter,
    #[token(";")]
    Semicolon,
    #[token("&")]
    Ampersand,
    #[token("&&")]
    And,
    #[token("|")]
    Pipe,
    #[token("||")]
    Or,
    #[token(")")]
    RightParenthesis,
    #[token("}")]
    RightBrace,
    #[token("<")]
    Input,
    #[token(">")]
    #[token(">>")]
    #[token(">&")]
    Output,
}

impl Posix {
    fn piece(self) -> Piece {
        match self {
            Posix::Blank => Piece::Blank,
            Posix::Continuation => Piece::Continuation,
            Posix::Newline => Piece::Newline,
            Posix::Hash => Piece::Hash,
            Posix::Text => Piece::Text,
            Posix::Escape => Piece::Escape,
            Posix::SingleQuote => Piece::SingleQuote,
            Posix::DollarSingleQuote => Piece::DollarSingleQuote,
            Posix::DoubleQuote => Piece::DoubleQuote,
            Posix::Backquote => Piece::Backquote,
            Posix::SubstitutionOpen => Piece::SubstitutionOpen,
            Posix::ArithmeticOpen => Piece::ArithmeticOpen,
            Posix::BracketArithmeticOpen => Piece::BracketArithmeticOpen,
            Posix::ParameterOpen => Piece::ParameterOpen,
            Posix::Parameter => Piece::Parameter,
            Posix::ProcessOpen => Piece::ProcessOpen,
            Posix::Semicolon => Piece::Semicolon,
            Posix::DoubleSemicolon => Piece::DoubleSemicolon,
            Posix::Ampersand => Piece::Ampersand,
            Posix::And => Piece::And,
            Posix::Pipe => Piece::Pipe,
            Posix::Or => Piece::Or,
            Posix::LeftParenthesis => Piece::LeftParenthesis,
            Posix::RightParenthesis => Piece::RightParenthesis,
            Posix::Input => Piece::Input,
            Posix::Output => Piece::Output,
            Posix::HereDocument => Piece::HereDocument,
            Posix::StrippedHereDocument => Piece::StrippedHereDocument,
            Posix::HereString => Piece::HereString,
        }
    }
}

impl Cmd {
    fn piece(self) -> Piece {
        match self {
            Cmd::Blank => Piece::Blank,
            Cmd::Continuation => Piece::Continuation,
            Cmd::Newline => Piece::Newline,
            Cmd::Text => Piece::Text,
            Cmd::Escape => Piece::Escape,
            Cmd::DoubleQuote => Piece::DoubleQuote,
            Cmd::Parameter => Piece::Parameter,
            Cmd::Ampersand => Piece::Ampersand,
            Cmd::And => Piece::And,
            Cmd::Pipe => Piece::Pipe,
            Cmd::Or => Piece::Or,
            Cmd::LeftParenthesis => Piece::LeftParenthesis,
            Cmd::RightParenthesis => Piece::RightParenthesis,
            Cmd::Input => Piece::Input,
            Cmd::Output => Piece::Output,
        }
    }
}

impl PowerShell {
    fn piece(self) -> Piece {
        match self {
            PowerShell::Blank => Piece::Blank,
            PowerShell::Continuation => Piece::Continuation,
            PowerShell::Newline => Piece::Newline,
            PowerShell::Hash => Piece::Hash,
            PowerShell::BlockComment => Piece::BlockComment,
            PowerShell::Text => Piece::Text,
            PowerShell::Escape => Piece::Escape,
            PowerShell::SingleQuote => Piece::SingleQuote,
            PowerShell::DoubleQuote => Piece::DoubleQuote,
            PowerShell::SubstitutionOpen => Piece::SubstitutionOpen,
            PowerShell::SingleQuotedLines => Piece::SingleQuotedLines,
            PowerShell::DoubleQuotedLines => Piece::DoubleQuotedLines,
            PowerShell::BlockOpen => Piece::BlockOpen,
            PowerShell::Parameter => Piece::Parameter,
            PowerShell::Semicolon => Piece::Semicolon,
            PowerShell::Ampersand => Piece::Ampersand,
            PowerShell::And => Piece::And,
            PowerShell::Pipe => Piece::Pipe,
            PowerShell::Or => Piece::Or,
            PowerShell::RightParenthesis => Piece::RightParenthesis,
            PowerShell::RightBrace => Piece::RightBrace,
            PowerShell::Input => Piece::Input,
            PowerShell::Output => Piece::Output,
        }
    }
}

/// How much of an operator that goes on behind an escaped line end is looked at.
const JOINED: usize = 32;

/// How many bytes of escaped line ends, up to eight of them, stand behind the first byte of what may
/// be an operator or an expansion.
fn continuations(text: &[u8]) -> usize {
    match text {
        [b'$' | b'&' | b'|' | b'<' | b'>' | b';', rest @ ..] => {
            let mut behind = rest;
            for _ in 0..8 {
                let next = behind.strip_prefix(b"\\\n").or_else(|| behind.strip_prefix(b"\\\r\n"));
                let Some(next) = next else { break };
                behind = next;
            }
            rest.len() - behind.len()
        }
        _ => 0,
    }
}

/// The name of a parameter behind its `$`, where a line may have ended.
pub(super) fn parameter_name(text: &[u8]) -> &[u8] {
    let name = &text[1 + continuations(text)..];
    // `${x}` of PowerShell
    name.strip_prefix(b"{").and_then(|name| name.strip_suffix(b"}")).unwrap_or(name)
}

/// How many bytes a single quote at the start of a text has, 0 if there is none.
pub(super) fn single_quote(dialect: Dialect, text: &[u8]) -> usize {
    match text {
        [b'\'', ..] => 1,
        [0xe2, 0x80, 0x98..=0x9b, ..] if dialect == Dialect::PowerShell => 3,
        _ => 0,
    }
}

/// The same for a double quote.
pub(super) fn double_quote(dialect: Dialect, text: &[u8]) -> usize {
    match text {
        [b'"', ..] => 1,
        [0xe2, 0x80, 0x9c..=0x9e, ..] if dialect == Dialect::PowerShell => 3,
        _ => 0,
    }
}

/// The first lexeme of unquoted text and its length. A byte that begins none (a `$` before nothing,
/// a `\` at the end) is text.
#[inline]
pub(super) fn first(dialect: Dialect, text: &[u8]) -> (Piece, usize) {
    fn of<'a, L: Logos<'a, Source = [u8]>>(text: &'a [u8], piece: impl Fn(L) -> Piece) -> (Piece, usize)
    where
        L::Extras: Default,
    {
        let mut lexemes = L::lexer(text);
        match lexemes.next() {
            Some(Ok(lexeme)) => (piece(lexeme), lexemes.span().end),
            _ => (Piece::Text, 1),
        }
    }
    match dialect {
        Dialect::Posix => match continuations(text) {
            0 => of(text, Posix::piece),
            skipped => {
                // The line goes on inside of an operator, or behind a `$` (XCU §2.2.1).
                let mut joined: SmallVec<[u8; JOINED]> = SmallVec::from_slice(&text[..1]);
                joined.extend(text[1 + skipped..].iter().copied().take(JOINED - 1));
                match of(&joined, Posix::piece) {
                    (_, 1) => of(&text[..1], Posix::piece),
                    (piece, length) => (piece, length + skipped),
                }
            }
        },
        Dialect::Cmd => of(text, Cmd::piece),
        Dialect::PowerShell => of(text, PowerShell::piece),
    }
}
