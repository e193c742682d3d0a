//! Quotes, and what is like them: single quotes, comments, and text in which only some bytes have a
//! meaning, as in double quotes, expansions, arithmetic and here-documents.

use super::super::facts::Facts;
use super::super::lexeme::{self, Piece};
use super::super::{Dialect, Terminal, Token};
use super::frames::{Delimiter, Frame, Kind, Place, Read, Style};
use super::{CHUNK, Lexer, MARGIN};
use crate::run::Lexed;

impl Lexer {
    pub(super) fn single_quote(
        &mut self,
        rest: &[u8],
        start: usize,
        style: Style,
        last: bool,
    ) -> Option<Lexed<Read>> {
        let dialect = self.dialect;
        let found = match (style, dialect) {
            (Style::Escapes, _) => memchr::memchr2(b'\'', b'\\', rest),
            (Style::Lines, _) => memchr::memchr2(b'\n', b'\r', rest),
            // Other quotes begin with this byte.
            (Style::Plain, Dialect::PowerShell) => memchr::memchr2(b'\'', 0xe2, rest),
            (Style::Plain, _) => memchr::memchr(b'\'', rest),
        };
        let Some(at) = found else {
            self.spell(rest, true);
            self.position += rest.len();
            return None;
        };
        self.spell(&rest[..at], true);
        self.position += at;
        let rest = &rest[at..];
        // Two quotes and an `@`, or an escape sequence.
        if !last && rest.len() < 10 {
            return Some(Lexed::More);
        }
        // What follows is text, or the quote of this length ends it.
        let (text, quote) = match style {
            Style::Escapes if rest[0] == b'\\' => {
                let (length, byte) = escape_sequence(rest);
                self.spell(&[byte], true);
                self.position += length;
                return None;
            }
            Style::Lines => match lexeme::single_quote(dialect, &rest[1..]) {
                quote if quote > 0 && rest.get(1 + quote) == Some(&b'@') => (0, 1 + quote + 1),
                _ => (1, 0),
            },
            _ => match lexeme::single_quote(dialect, rest) {
                0 => (1, 0),
                quote if dialect == Dialect::PowerShell => {
                    // Two quotes are one (Language Specification §2.3.5.2).
                    match lexeme::single_quote(dialect, &rest[quote..]) {
                        0 => (0, quote),
                        second => (quote + second, 0),
                    }
                }
                quote => (0, quote),
            },
        };
        if quote == 0 {
            self.spell(&rest[text.saturating_sub(1)..text], true);
            self.position += text;
            return None;
        }
        self.position += quote;
        self.close_in_word();
        Some(self.part(Token::new(Terminal::Quoted, start, self.position)))
    }

    /// Arguments behind `--%` (about_Parsing): words to the line's end, or to an operator.
    pub(super) fn verbatim(&mut self, mut quoted: bool, rest: &[u8], last: bool) -> Option<Lexed<Read>> {
        let window = &rest[..rest.len().min(CHUNK)];
        let blank = |byte: u8| matches!(byte, b' ' | b'\t');
        let blanks = window.iter().take_while(|&&byte| blank(byte)).count();
        if blanks > 0 && !quoted {
            self.position += blanks;
            self.end_word();
            return None;
        }
        let ends = |at: usize| match window[at] {
            b'\n' | b'\r' | b'|' => true,
            b'&' => window.get(at + 1) == Some(&b'&'),
            byte => blank(byte),
        };
        let mut length = 0;
        while length < window.len() && (!ends(length) || quoted && !matches!(window[length], b'\n' | b'\r')) {
            quoted ^= window[length] == b'"';
            length += 1;
        }
        if !last && rest.len() < CHUNK && rest.len() - length < 2 {
            return Some(Lexed::More);
        }
        if length == 0 {
            self.frames.pop();
            return None;
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.kind = Kind::Verbatim { quoted };
        }
        let start = self.position;
        self.position += length;
        let mut token = Token::new(Terminal::Literal, start, self.position);
        token.facts = Facts::of_text(&window[..length], !self.place.word.begun);
        Some(self.part(token))
    }

    pub(super) fn comment(&mut self, rest: &[u8]) -> Option<Lexed<Read>> {
        let length = memchr::memchr2(b'\n', b'\r', rest);
        self.position += length.unwrap_or(rest.len());
        if length.is_some() {
            self.frames.pop();
        }
        None
    }

    pub(super) fn block_comment(&mut self, rest: &[u8], last: bool) -> Option<Lexed<Read>> {
        match memchr::memmem::find(rest, b"#>") {
            Some(at) => {
                self.position += at + 2;
                self.frames.pop();
                None
            }
            None if last => {
                self.position += rest.len();
                None
            }
            None => {
                self.position += rest.len() - 1;
                Some(Lexed::More)
            }
        }
    }

    /// Text in which only some bytes have a meaning.
    pub(super) fn quoted(&mut self, kind: Kind, rest: &[u8], last: bool) -> Option<Lexed<Read>> {
        if let Kind::Document { line_start: true } = kind {
            return self.document_line(rest, last);
        }
        if let Kind::Parameter { fresh: true, .. } = kind {
            return self.parameter_operator(rest, last);
        }
        let start = self.position;
        let special = |byte: u8| is_special(kind, self.dialect, byte);
        let verbatim = matches!(kind, Kind::Document { .. })
            && self.documents.first().is_some_and(|document| document.quoted);
        let window = &rest[..rest.len().min(CHUNK)];
        let length = match verbatim {
            true => memchr::memchr(b'\n', window),
            false => window.iter().enumerate().position(|(at, &byte)| {
                // Only some characters that begin so are quotes.
                special(byte) && (byte != 0xe2 || lexeme::double_quote(self.dialect, &rest[at..]) > 0)
            }),
        };
        match length {
            Some(0) => {}
            None if !last && rest.len() < CHUNK => return Some(Lexed::More),
            length => {
                let length = length.unwrap_or(window.len());
                return self.quoted_text(kind, &rest[..length]);
            }
        }
        if !last && rest.len() < MARGIN {
            return Some(Lexed::More);
        }
        match (rest[0], kind) {
            (b'\n', Kind::Document { .. }) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.kind = Kind::Document { line_start: true };
                }
                self.position += 1;
                None
            }
            // Quotes of cmd.exe end with the line. Behind the program's own nothing is run.
            (b'\n' | b'\r', Kind::DoubleQuote { own: true }) if self.dialect == Dialect::Cmd => {
                self.close_in_word();
                Some(self.closing_part(Terminal::CloseQuote, start))
            }
            (b'\n' | b'\r', Kind::DoubleQuotedLines) => {
                let quote = lexeme::double_quote(self.dialect, &rest[1..]);
                if quote == 0 || rest.get(1 + quote) != Some(&b'@') {
                    return self.quoted_text(kind, &rest[..1]);
                }
                self.position += 1 + quote + 1;
                self.close_in_word();
                Some(self.closing_part(Terminal::CloseQuote, start))
            }
            (b'"' | 0xe2, Kind::DoubleQuote { .. }) => {
                let quote = lexeme::double_quote(self.dialect, rest);
                if self.dialect == Dialect::PowerShell {
                    // Two quotes are one (Language Specification §2.3.5.2).
                    let second = lexeme::double_quote(self.dialect, &rest[quote..]);
                    if second > 0 {
                        return self.quoted_text(kind, &rest[..quote + second]);
                    }
                }
                self.position += quote;
                self.close_in_word();
                Some(self.closing_part(Terminal::CloseQuote, start))
            }
            (b'"', _) => {
                self.position += 1;
                let token = self.token(Terminal::OpenQuote, start);
                self.open_in_word(Kind::DoubleQuote { own: true });
                token
            }
            (b'\'', Kind::Parameter { .. } | Kind::Pattern { .. } | Kind::Arithmetic { .. }) => {
                self.position += 1;
                self.open_in_word(Kind::SingleQuote { start, style: Style::Plain, confined: false });
                None
            }
            (b'}', Kind::Parameter { yields, .. }) => {
                self.position += 1;
                match yields {
                    true => self.close_in_word(),
                    false => self.close_unspelled(),
                }
                Some(self.closing_part(Terminal::ParameterClose, start))
            }
            (b'(' | b')' | b'[' | b']', Kind::Arithmetic { .. }) => self.arithmetic_bracket(rest, start),
            (b'(' | b')', Kind::Pattern { .. }) => self.pattern_parenthesis(rest, start),
            (b'\\', Kind::Parameter { quoted: false, .. } | Kind::Pattern { .. })
                if self.dialect == Dialect::Posix =>
            {
                self.quoted_character(kind, rest)
            }
            (b'\\', _) if self.dialect == Dialect::Posix => self.quoted_escape(kind, rest, start),
            (b'`', _) if self.dialect == Dialect::PowerShell => self.quoted_character(kind, rest),
            (b'`', _) => {
                self.position += 1;
                self.backquote(start, 0)
            }
            (b'$', _) => {
                let (piece, length) = lexeme::first(self.dialect, &rest[..rest.len().min(CHUNK)]);
                let unquoted = matches!(kind, Kind::Parameter { quoted: false, .. } | Kind::Pattern { .. });
                if !last && length == rest.len() {
                    return Some(Lexed::More);
                }
                let expands = match piece {
                    Piece::ArithmeticOpen | Piece::BracketArithmeticOpen | Piece::SubstitutionOpen => true,
                    Piece::ParameterOpen | Piece::Parameter => true,
                    Piece::DollarSingleQuote => unquoted,
                    _ => false,
                };
                if !expands {
                    return self.quoted_text(kind, &rest[..1]);
                }
                self.position += length;
                match piece {
                    Piece::ArithmeticOpen => self.arithmetic(start, b')'),
                    Piece::BracketArithmeticOpen => self.arithmetic(start, b']'),
                    Piece::SubstitutionOpen => {
                        self.substitution(Terminal::SubstitutionOpen, start, b')', false)
                    }
                    Piece::ParameterOpen => self.parameter_open(&rest[length..], start, last),
                    Piece::Parameter => Some(self.parameter(&rest[..length], start)),
                    _ => {
                        self.open_in_word(Kind::SingleQuote {
                            start,
                            style: Style::Escapes,
                            confined: false,
                        });
                        None
                    }
                }
            }
            (b'%' | b'!', _) => match lexeme::first(self.dialect, &rest[..rest.len().min(CHUNK)]) {
                (Piece::Parameter, length) => {
                    self.position += length;
                    Some(self.parameter(&rest[..length], start))
                }
                _ => self.quoted_text(kind, &rest[..1]),
            },
            _ => self.quoted_text(kind, &rest[..1]),
        }
    }

    /// The end of a part of a word.
    pub(super) fn closing_part(&mut self, terminal: Terminal, start: usize) -> Lexed<Read> {
        let part = self.part(Token::new(terminal, start, self.position));
        match part {
            Lexed::Token(read) => Lexed::Token(Read { touches: false, ..read }),
            other => other,
        }
    }

    /// A character that is escaped; a line end is nothing at all.
    fn quoted_character(&mut self, kind: Kind, rest: &[u8]) -> Option<Lexed<Read>> {
        match rest {
            [_, b'\n', ..] => {
                self.position += 2;
                None
            }
            [_, character, ..] => self.quoted_text_as(kind, &rest[..2], &[*character]),
            _ => self.quoted_text(kind, rest),
        }
    }

    pub(super) fn quoted_text(&mut self, kind: Kind, text: &[u8]) -> Option<Lexed<Read>> {
        self.quoted_text_as(kind, text, text)
    }

    /// Text of which the word has only a part.
    fn quoted_text_as(&mut self, kind: Kind, text: &[u8], spelled: &[u8]) -> Option<Lexed<Read>> {
        let start = self.position;
        self.position += text.len();
        let silent = matches!(kind, Kind::Parameter { yields: false, .. } | Kind::Pattern { .. });
        if !silent && !matches!(kind, Kind::Document { .. } | Kind::ProgramDocument) {
            self.spell(spelled, true);
        }
        let mut token = Token::new(Terminal::Text, start, self.position);
        if matches!(kind, Kind::DoubleQuote { .. } | Kind::DoubleQuotedLines | Kind::ProgramDocument) {
            token.words = words_in(text);
            token.facts.set(Facts::PARTED, text.first().is_some_and(u8::is_ascii_whitespace));
            token.facts.set(Facts::WIDE, !text.is_ascii());
        }
        if let Kind::Arithmetic { .. } = kind {
            token.command = self.place.word.spelling.known().and_then(|name| self.vocabulary.command(name));
            if text.iter().any(u8::is_ascii_whitespace) {
                self.place.word.spelling.complete = true;
            }
        }
        Some(Lexed::Token(Read { token, touches: false, ends_command: false }))
    }

    /// In double quotes a backslash escapes only some characters (XCU §2.2.3).
    pub(super) fn quoted_escape(&mut self, kind: Kind, rest: &[u8], start: usize) -> Option<Lexed<Read>> {
        let in_backquote = self.frames.iter().any(|frame| matches!(frame.kind, Kind::Backquote(_)));
        if in_backquote {
            let backslashes = rest.iter().take(MARGIN / 2).take_while(|&&byte| byte == b'\\').count();
            if rest.get(backslashes) == Some(&b'`') && (backslashes + 1).is_power_of_two() {
                self.position = start + backslashes + 1;
                return self.backquote(start, backslashes);
            }
        }
        match rest.get(1) {
            Some(b'$' | b'`' | b'"' | b'\\' | b'}' | b'\n') => self.quoted_character(kind, rest),
            _ => self.quoted_text(kind, &rest[..1]),
        }
    }

    /// What stands behind the name of a parameter: its end, or an operator (XCU §2.6.2; bash §3.5.3).
    pub(super) fn parameter_operator(&mut self, rest: &[u8], last: bool) -> Option<Lexed<Read>> {
        if !last && rest.len() < 3 {
            return Some(Lexed::More);
        }
        let length = match rest {
            [b':', b'-' | b'+' | b'=' | b'?', ..] | [b'/', b'/' | b'#' | b'%', ..] => 2,
            [byte @ (b'#' | b'%' | b'^' | b','), next, ..] if byte == next => 2,
            [byte, ..] if b":-+=?#%/^,@[".contains(byte) => 1,
            _ => 0,
        };
        if let Some(Frame { kind: Kind::Parameter { fresh, yields, .. }, .. }) = self.frames.last_mut() {
            *fresh = false;
            *yields = length > 0 && matches!(rest[length - 1], b'-' | b'=' | b'+');
        }
        if length == 0 {
            return None;
        }
        let start = self.position;
        self.position += length;
        self.token(Terminal::Operator, start)
    }

    /// Parentheses in a pattern: they nest, and the last one ends it.
    fn pattern_parenthesis(&mut self, rest: &[u8], start: usize) -> Option<Lexed<Read>> {
        match self.frames.last_mut() {
            Some(Frame { kind: Kind::Pattern { depth: 0 }, .. }) if rest[0] == b')' => {
                self.position += 1;
                self.close_unspelled();
                return Some(self.closing_part(Terminal::RightParenthesis, start));
            }
            Some(Frame { kind: Kind::Pattern { depth }, .. }) if rest[0] == b')' => *depth -= 1,
            Some(Frame { kind: Kind::Pattern { depth }, .. }) => *depth += 1,
            _ => {}
        }
        self.quoted_text(Kind::Pattern { depth: 0 }, &rest[..1])
    }

    pub(super) fn arithmetic_bracket(&mut self, rest: &[u8], start: usize) -> Option<Lexed<Read>> {
        let Some(Frame { kind: Kind::Arithmetic { depth, close, command }, .. }) = self.frames.last_mut()
        else {
            return None;
        };
        let (close, command) = (*close, *command);
        let open = if close == b')' { b'(' } else { b'[' };
        match rest[0] {
            byte if byte == open => *depth += 1,
            byte if byte == close && *depth > 0 => *depth -= 1,
            byte if byte == close => {
                if close == b']' || rest.get(1) == Some(&b')') {
                    self.position += if close == b']' { 1 } else { 2 };
                    if command {
                        self.close_compound();
                    } else {
                        self.close();
                    }
                    return match command {
                        true => self.token(Terminal::ArithmeticClose, start),
                        false => Some(self.closing_part(Terminal::ArithmeticClose, start)),
                    };
                }
                // It was a subshell at the start of a substitution, or of another subshell.
                self.position += 1;
                let kind = if command { Kind::Parenthesis } else { Kind::Substitution(b')') };
                if let Some(frame) = self.frames.last_mut() {
                    frame.kind = kind;
                }
                self.place = Place { command: true, ..Place::ARGUMENT };
                return self.command_end(Terminal::RightParenthesis, start);
            }
            _ => {}
        }
        let kind = self.top().unwrap_or(Kind::Comment);
        self.quoted_text(kind, &rest[..1])
    }

    /// The start of a line of a here-document, which may be its delimiter (XCU §2.7.4).
    pub(super) fn document_line(&mut self, rest: &[u8], last: bool) -> Option<Lexed<Read>> {
        let end = memchr::memchr(b'\n', &rest[..rest.len().min(CHUNK)]);
        if end.is_none() && !last && rest.len() < CHUNK {
            return Some(Lexed::More);
        }
        let line = &rest[..end.unwrap_or(rest.len().min(CHUNK))];
        let Some(&Delimiter { line: delimiter, stripped, .. }) = self.documents.first() else {
            // What was around the here-document ended before its lines did.
            self.close();
            return None;
        };
        let tabs = if stripped { line.iter().take_while(|&&byte| byte == b'\t').count() } else { 0 };
        if delimiter.is(&line[tabs..]) {
            self.documents.remove(0);
            let start = self.position;
            self.position += (line.len() + 1).min(rest.len());
            self.close();
            if !self.documents.is_empty() {
                self.opening = Some(Terminal::DocumentOpen);
                self.open(Kind::Document { line_start: true }, self.place);
            }
            return self.token(Terminal::DocumentClose, start);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.kind = Kind::Document { line_start: false };
        }
        None
    }
}

/// An escape sequence of `$'…'`: how many bytes it has, and the byte that it stands for; one outside of
/// ASCII is no byte of a command's name (XCU §2.2.4; bash §3.1.2.4).
fn escape_sequence(text: &[u8]) -> (usize, u8) {
    let number = |start: usize, digits: usize, radix: u32| {
        let digit = |byte: &u8| char::from(*byte).to_digit(radix);
        let digits = text.get(start..).unwrap_or_default().iter().take(digits).map_while(digit);
        let (count, value) =
            digits.fold((0, 0u32), |(count, value), digit| (count + 1, value << radix.ilog2() | digit));
        (start + count, u8::try_from(value).unwrap_or(u8::MAX))
    };
    match text {
        [_, b'0'..=b'7', ..] => number(1, 3, 8),
        [_, b'x', digit, ..] if digit.is_ascii_hexdigit() => number(2, 2, 16),
        [_, b'u', digit, ..] if digit.is_ascii_hexdigit() => number(2, 4, 16),
        [_, b'U', digit, ..] if digit.is_ascii_hexdigit() => number(2, 8, 16),
        [_, b'c', control, ..] => (3, control & 0x1f),
        [_, byte, ..] => {
            let byte = match byte {
                b'a' => 0x07,
                b'b' => 0x08,
                b'e' | b'E' => 0x1b,
                b'f' => 0x0c,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 0x0b,
                other => *other,
            };
            (2, byte)
        }
        _ => (1, b'\\'),
    }
}

/// Whether a byte means something inside of what is open.
#[inline(always)]
fn is_special(kind: Kind, dialect: Dialect, byte: u8) -> bool {
    match byte {
        b'"' => !matches!(kind, Kind::Document { .. } | Kind::ProgramDocument | Kind::DoubleQuotedLines),
        0xe2 => dialect == Dialect::PowerShell && matches!(kind, Kind::DoubleQuote { .. }),
        b'\n' | b'\r' if kind == Kind::DoubleQuotedLines => true,
        b'\n' if matches!(kind, Kind::Document { .. }) => true,
        b'\n' | b'\r' => dialect == Dialect::Cmd && kind == Kind::DoubleQuote { own: true },
        b'\'' => matches!(kind, Kind::Parameter { .. } | Kind::Pattern { .. } | Kind::Arithmetic { .. }),
        b'}' => matches!(kind, Kind::Parameter { .. }),
        b'(' | b')' => matches!(kind, Kind::Pattern { .. } | Kind::Arithmetic { .. }),
        b'[' | b']' => matches!(kind, Kind::Arithmetic { close: b']', .. }),
        b'$' | b'`' => dialect != Dialect::Cmd,
        b'\\' => dialect == Dialect::Posix,
        b'%' | b'!' => dialect == Dialect::Cmd,
        _ => false,
    }
}

/// How many words a sentence in quotes has: those of a text, and the one that may follow a blank at its end.
pub(in crate::shell) fn words_in(text: &[u8]) -> u32 {
    let words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count() as u32;
    let goes_on = text.last().is_some_and(u8::is_ascii_whitespace);
    (words + u32::from(goes_on)).max(u32::from(!text.is_empty()))
}
