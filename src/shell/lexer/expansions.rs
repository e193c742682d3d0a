//! What a shell puts in the place of a part of a word: substitutions, arithmetic, parameters (XCU §2.6); and
//! what a backslash escapes.

use super::super::facts::Facts;
use super::super::lexeme;
use super::super::token::hash;
use super::super::{Dialect, Terminal, Token};
use super::frames::{Kind, Place, Read, Target};
use super::{CHUNK, Lexer, MARGIN};
use crate::run::Lexed;

impl Lexer {
    pub(super) fn substitution(
        &mut self,
        terminal: Terminal,
        start: usize,
        close: u8,
        block: bool,
    ) -> Option<Lexed<Read>> {
        let mut token = Token::new(terminal, start, self.position);
        token.facts |= Facts::SUBSTITUTION;
        token.facts.set(Facts::BLOCK, block);
        token.facts.set(Facts::DEFINITION, block && close == b'}');
        let part = self.part(token);
        self.open(Kind::Substitution(close), Place::COMMAND);
        Some(part)
    }

    pub(super) fn arithmetic(&mut self, start: usize, close: u8) -> Option<Lexed<Read>> {
        let mut token = Token::new(Terminal::ArithmeticOpen, start, self.position);
        token.facts |= Facts::ARITHMETIC;
        let part = self.part(token);
        self.open(Kind::Arithmetic { depth: 0, close, command: false }, Place::ARGUMENT);
        Some(part)
    }

    /// A backquote behind so many backslashes: those inside of another are escaped (XCU §2.6.3).
    pub(super) fn backquote(&mut self, start: usize, backslashes: usize) -> Option<Lexed<Read>> {
        let level = (backslashes + 1).trailing_zeros() as u8 + 1;
        let innermost = self.frames.iter().rposition(|frame| matches!(frame.kind, Kind::Backquote(_)));
        let open = innermost.map_or(0, |at| match self.frames[at].kind {
            Kind::Backquote(level) => level,
            _ => 0,
        });
        if level == open + 1 {
            let mut token = Token::new(Terminal::BackquoteOpen, start, self.position);
            token.facts |= Facts::SUBSTITUTION;
            let part = self.part(token);
            self.open(Kind::Backquote(level), Place::COMMAND);
            return Some(part);
        }
        self.end_word();
        // What is open inside ends with it; the grammar says whether it may.
        if let Some(at) = innermost.filter(|_| level <= open) {
            self.frames.truncate(at + 1);
        }
        self.close();
        Some(self.closing_part(Terminal::BackquoteClose, start))
    }

    /// A backslash and what it escapes; in front of a backquote, all of them.
    pub(super) fn escape(&mut self, rest: &[u8], start: usize) -> Option<Lexed<Read>> {
        let in_backquote = self.frames.iter().any(|frame| matches!(frame.kind, Kind::Backquote(_)));
        if in_backquote && self.dialect == Dialect::Posix {
            let backslashes = rest.iter().take(MARGIN / 2).take_while(|&&byte| byte == b'\\').count();
            let level = (backslashes + 1).is_power_of_two();
            if rest.get(backslashes) == Some(&b'`') && level {
                self.position = start + backslashes + 1;
                return self.backquote(start, backslashes);
            }
        }
        let escaped = rest[..self.position - start].last().copied().unwrap_or(b'\\');
        self.spell(&[escaped], true);
        let mut token = Token::new(Terminal::Literal, start, self.position);
        token.facts = Facts::ESCAPED;
        Some(self.part(token))
    }

    pub(super) fn parameter(&mut self, text: &[u8], start: usize) -> Lexed<Read> {
        let mut token = Token::new(Terminal::Parameter, start, self.position);
        let name = lexeme::parameter_name(text);
        if let Target::Delimiter { .. } = self.place.target {
            // Nothing is expanded there.
            self.delimiter.push(text);
        }
        if matches!(name, b"IFS") {
            token.facts |= Facts::SPLIT;
            self.place.word.spelling.complete = true;
        }
        token.facts.set(Facts::WINDOWS, self.dialect == Dialect::Cmd);
        token.variable = hash(name);
        self.part(token)
    }

    /// `${` with the parameter's name (XCU §2.6.2; bash §3.5.3), which begins `inner`. Before a blank or
    /// `|` it is a command substitution (bash §3.5.4).
    pub(super) fn parameter_open(&mut self, inner: &[u8], start: usize, last: bool) -> Option<Lexed<Read>> {
        if self.dialect == Dialect::Posix && matches!(inner.first(), Some(b' ' | b'\t' | b'\n' | b'|')) {
            self.position += usize::from(inner[0] == b'|');
            return self.substitution(Terminal::SubstitutionOpen, start, b'}', false);
        }
        let mut length = usize::from(matches!(inner.first(), Some(b'#' | b'!')));
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        length += inner[length..].iter().take(CHUNK).take_while(|byte| word(byte)).count();
        if !last && length == inner.len() {
            self.position = start;
            return Some(Lexed::More);
        }
        if length == 0 && matches!(inner.first(), Some(b'@' | b'*' | b'?' | b'$' | b'-')) {
            length = 1;
        }
        let name = &inner[..length];
        self.position += length;
        let mut token = Token::new(Terminal::ParameterOpen, start, self.position);
        token.variable = hash(name);
        if name == b"IFS" {
            token.facts |= Facts::SPLIT;
            self.place.word.spelling.complete = true;
        }
        let quoted = match self.top() {
            Some(Kind::Parameter { quoted, .. }) => quoted,
            Some(Kind::DoubleQuote { .. } | Kind::Arithmetic { .. } | Kind::Document { .. }) => true,
            Some(Kind::ProgramDocument) => true,
            _ => false,
        };
        let part = self.part(token);
        self.open_in_word(Kind::Parameter { fresh: true, yields: false, quoted });
        Some(part)
    }
}
