//! DOCTYPEs (§13.2.5.53 to 68).

use memchr::{memchr, memchr2};

use super::{Lexer, State, is_white_space};
use crate::html::token::{Span, TextKind, Token, TokenKind};

impl Lexer {
    /// All states of a DOCTYPE.
    pub(super) fn doctype(&mut self, byte: u8, rest: &[u8]) -> Option<Token> {
        let white_space = is_white_space(byte);
        match (self.state, byte) {
            (State::Doctype, _) if white_space => self.take(State::BeforeDoctypeName),
            (State::Doctype, _) => self.state = State::BeforeDoctypeName,

            (State::BeforeDoctypeName, _) if white_space => self.position += 1,
            (State::BeforeDoctypeName, b'>') => {
                // The DOCTYPE has no name, and ends with this very byte.
                self.become_bogus();
                return self.give_doctype(None);
            }
            (State::BeforeDoctypeName, _) => {
                self.mark = self.position;
                self.take(State::DoctypeName);
            }

            (State::DoctypeName, _) if white_space || byte == b'>' => {
                self.matched = 0;
                self.state = State::AfterDoctypeName;
                return self.give_doctype(Some(Span::new(self.mark, self.position)));
            }
            (State::DoctypeName, _) => {
                let ends = |&byte: &u8| is_white_space(byte) || byte == b'>';
                self.position += 1 + rest.iter().position(ends).unwrap_or(rest.len());
            }

            (State::AfterDoctypeName, _) => return self.after_doctype_name(byte),

            (State::AfterDoctypePublicKeyword, _) if white_space => {
                self.take(State::BeforeDoctypePublicIdentifier)
            }
            (State::BeforeDoctypePublicIdentifier, _) if white_space => self.position += 1,
            (State::AfterDoctypePublicKeyword | State::BeforeDoctypePublicIdentifier, b'"') => {
                self.begin_identifier(State::DoctypePublicIdentifierDoubleQuoted);
            }
            (State::AfterDoctypePublicKeyword | State::BeforeDoctypePublicIdentifier, b'\'') => {
                self.begin_identifier(State::DoctypePublicIdentifierSingleQuoted);
            }

            (State::DoctypePublicIdentifierDoubleQuoted, b'"')
            | (State::DoctypePublicIdentifierSingleQuoted, b'\'') => {
                return self
                    .give_identifier(TokenKind::PublicIdentifier, State::AfterDoctypePublicIdentifier);
            }
            (State::DoctypeSystemIdentifierDoubleQuoted, b'"')
            | (State::DoctypeSystemIdentifierSingleQuoted, b'\'') => {
                return self
                    .give_identifier(TokenKind::SystemIdentifier, State::AfterDoctypeSystemIdentifier);
            }
            // `>` ends all, a quote of the other kind nothing.
            (
                State::DoctypePublicIdentifierDoubleQuoted | State::DoctypePublicIdentifierSingleQuoted,
                b'>',
            ) => {
                self.become_bogus();
                return self.give_open_identifier(TokenKind::PublicIdentifier);
            }
            (
                State::DoctypeSystemIdentifierDoubleQuoted | State::DoctypeSystemIdentifierSingleQuoted,
                b'>',
            ) => {
                self.become_bogus();
                return self.give_open_identifier(TokenKind::SystemIdentifier);
            }
            (State::DoctypePublicIdentifierDoubleQuoted | State::DoctypeSystemIdentifierDoubleQuoted, _) => {
                self.position += 1 + memchr2(b'"', b'>', rest).unwrap_or(rest.len());
            }
            (State::DoctypePublicIdentifierSingleQuoted | State::DoctypeSystemIdentifierSingleQuoted, _) => {
                self.position += 1 + memchr2(b'\'', b'>', rest).unwrap_or(rest.len());
            }

            (State::AfterDoctypePublicIdentifier, _) if white_space => {
                self.take(State::BetweenDoctypePublicAndSystemIdentifiers);
            }
            (State::AfterDoctypeSystemKeyword, _) if white_space => {
                self.take(State::BeforeDoctypeSystemIdentifier)
            }
            (
                State::BetweenDoctypePublicAndSystemIdentifiers
                | State::BeforeDoctypeSystemIdentifier
                | State::AfterDoctypeSystemIdentifier,
                _,
            ) if white_space => self.position += 1,
            (
                State::AfterDoctypePublicIdentifier
                | State::BetweenDoctypePublicAndSystemIdentifiers
                | State::AfterDoctypeSystemKeyword
                | State::BeforeDoctypeSystemIdentifier,
                b'"',
            ) => self.begin_identifier(State::DoctypeSystemIdentifierDoubleQuoted),
            (
                State::AfterDoctypePublicIdentifier
                | State::BetweenDoctypePublicAndSystemIdentifiers
                | State::AfterDoctypeSystemKeyword
                | State::BeforeDoctypeSystemIdentifier,
                b'\'',
            ) => self.begin_identifier(State::DoctypeSystemIdentifierSingleQuoted),

            // Here the DOCTYPE is complete …
            (
                State::AfterDoctypePublicIdentifier
                | State::BetweenDoctypePublicAndSystemIdentifiers
                | State::AfterDoctypeSystemIdentifier
                | State::BogusDoctype,
                b'>',
            ) => return self.close_doctype(false),
            // … and in the other states it is not.
            (_, b'>') => return self.close_doctype(true),

            // What stands behind the identifiers makes no quirks.
            (State::AfterDoctypeSystemIdentifier, _) => self.state = State::BogusDoctype,
            (State::BogusDoctype, _) => self.position += 1 + memchr(b'>', rest).unwrap_or(rest.len()),
            _ => self.become_bogus(),
        }
        None
    }

    /// What is missing or wrong makes quirks; the rest is passed.
    fn become_bogus(&mut self) {
        self.force_quirks = true;
        self.state = State::BogusDoctype;
    }

    /// The after DOCTYPE name state (§13.2.5.56). What was read of a keyword that turns out to be
    /// none has no byte that would end the DOCTYPE.
    fn after_doctype_name(&mut self, byte: u8) -> Option<Token> {
        if self.matched == 0 {
            self.keyword = match byte {
                b'>' => return self.close_doctype(false),
                b'P' | b'p' => b"PUBLIC",
                b'S' | b's' => b"SYSTEM",
                byte if is_white_space(byte) => {
                    self.position += 1;
                    return None;
                }
                _ => b"",
            };
        }
        match self.keyword(byte) {
            None if !self.keyword.is_empty() => {}
            Some(true) if self.keyword == b"PUBLIC" => self.state = State::AfterDoctypePublicKeyword,
            Some(true) => self.state = State::AfterDoctypeSystemKeyword,
            _ => self.become_bogus(),
        }
        None
    }

    fn begin_identifier(&mut self, state: State) {
        self.take(state);
        self.mark = self.position;
    }

    fn give_doctype(&mut self, name: Option<Span>) -> Option<Token> {
        self.internal_subset = false;
        self.give(TokenKind::Doctype { name }, self.less_than)
    }

    /// The identifier that ends with the quote at the position.
    fn give_identifier(&mut self, kind: fn(Span) -> TokenKind, state: State) -> Option<Token> {
        let kind = kind(Span::new(self.mark, self.position));
        self.take(state);
        self.give(kind, self.mark.saturating_sub(1))
    }

    /// The identifier that ends at the position, without a quote.
    fn give_open_identifier(&mut self, kind: fn(Span) -> TokenKind) -> Option<Token> {
        self.give(kind(Span::new(self.mark, self.position)), self.mark.saturating_sub(1))
    }

    /// The DOCTYPE ends with the byte at the position.
    fn close_doctype(&mut self, force_quirks: bool) -> Option<Token> {
        let start = self.position;
        self.position += 1;
        self.back_to_text(TextKind::Data);
        let force_quirks = self.force_quirks || force_quirks;
        self.give(TokenKind::DoctypeEnd { force_quirks }, start)
    }

    /// The input ended in a DOCTYPE: the part that it ended in, then the end, which the standard
    /// gives here too.
    pub(super) fn end_of_file_in_doctype(&mut self, state: State) -> Option<Token> {
        // A bogus DOCTYPE makes quirks or not as it was when it became one.
        self.force_quirks |= state != State::BogusDoctype;
        self.state = State::BogusDoctype;
        match state {
            State::Doctype | State::BeforeDoctypeName => self.give_doctype(None),
            State::DoctypeName => self.give_doctype(Some(Span::new(self.mark, self.position))),
            State::DoctypePublicIdentifierDoubleQuoted | State::DoctypePublicIdentifierSingleQuoted => {
                self.give_open_identifier(TokenKind::PublicIdentifier)
            }
            State::DoctypeSystemIdentifierDoubleQuoted | State::DoctypeSystemIdentifierSingleQuoted => {
                self.give_open_identifier(TokenKind::SystemIdentifier)
            }
            _ => {
                self.state = State::End;
                let force_quirks = self.force_quirks;
                self.give(TokenKind::DoctypeEnd { force_quirks }, self.position)
            }
        }
    }
}
