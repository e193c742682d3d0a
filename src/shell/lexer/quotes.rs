//! Quotes, and what is like them: single quotes, comments, and text in which only some bytes have a
//! meaning, as in double quotes, expansions, arithmetic and here-documents.

use super::super::commands;
use super::super::facts::Facts;
use super::super::lexeme::{self, Piece};
use super::super::{Dialect, Terminal, Token};
use super::frames::{Delimiter, Frame, Kind, Place, Read};
use super::{CHUNK, Lexer, MARGIN};
use crate::run::Lexed;

impl Lexer {
    pub(super) fn single_quote(
        &mut self,
        rest: &[u8],
        start: usize,
        escapes: bool,
        last: bool,
    ) -> Option<Lexed<Read>> {
        let found = if escapes { memchr::memchr2(b'\'', b'\\', rest) } else { memchr::memchr(b'\'', rest) };
        let Some(at) = found else {
            self.spell(rest, true);
            self.position += rest.len();
            return None;
        };
        if rest[at] == b'\\' {
            if at + 1 == rest.len() && !last {
                self.spell(&rest[..at], true);
                self.position += at;
                return Some(Lexed::More);
            }
            self.spell(&rest[..at], true);
            let length = (at + 2).min(rest.len());
            self.spell(&rest[at + 1..length], true);
            self.position += length;
            return None;
        }
        // PowerShell writes a quote twice for one (about_Quoting_Rules).
        if self.dialect == Dialect::PowerShell {
            if at + 1 == rest.len() && !last {
                self.position += at;
                self.spell(&rest[..at], true);
                return Some(Lexed::More);
            }
            if rest.get(at + 1) == Some(&b'\'') {
                self.spell(&rest[..=at], true);
                self.position += at + 2;
                return None;
            }
        }
        self.spell(&rest[..at], true);
        self.position += at + 1;
        self.close_in_word();
        Some(self.part(Token::new(Terminal::Quoted, start, self.position)))
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
            false => window.iter().position(|&byte| special(byte)),
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
            (b'"', Kind::DoubleQuote { .. }) => {
                self.position += 1;
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
                self.open_in_word(Kind::SingleQuote { start, escapes: false, confined: false });
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
                self.quoted_text(kind, &rest[..rest.len().min(2)])
            }
            (b'\\', _) if self.dialect == Dialect::Posix => self.quoted_escape(kind, rest, start),
            (b'`', _) if self.dialect == Dialect::PowerShell => {
                self.quoted_text(kind, &rest[..rest.len().min(2)])
            }
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
                        self.open_in_word(Kind::SingleQuote { start, escapes: true, confined: false });
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

    pub(super) fn quoted_text(&mut self, kind: Kind, text: &[u8]) -> Option<Lexed<Read>> {
        let start = self.position;
        self.position += text.len();
        let silent = matches!(kind, Kind::Parameter { yields: false, .. } | Kind::Pattern { .. });
        if !silent && !matches!(kind, Kind::Document { .. } | Kind::ProgramDocument) {
            self.spell(text, true);
        }
        let mut token = Token::new(Terminal::Text, start, self.position);
        if matches!(kind, Kind::DoubleQuote { .. } | Kind::ProgramDocument) {
            // How many words a sentence in quotes has.
            token.words = 1 + text.iter().filter(|byte| byte.is_ascii_whitespace()).count() as u32;
            token.facts.set(Facts::WIDE, !text.is_ascii());
        }
        if let Kind::Arithmetic { .. } = kind {
            token.command = self.place.word.spelling.known().and_then(commands::command);
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
            Some(b'$' | b'`' | b'"' | b'\\' | b'}') => self.quoted_text(kind, &rest[..2]),
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

/// Whether a byte means something inside of what is open.
fn is_special(kind: Kind, dialect: Dialect, byte: u8) -> bool {
    match byte {
        b'"' => !matches!(kind, Kind::Document { .. } | Kind::ProgramDocument),
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
