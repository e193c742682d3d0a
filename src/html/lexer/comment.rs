//! Comments, and what else `<!` begins (§13.2.5.41 to 52, 69 to 71).

use memchr::memchr;

use super::{Lexer, State};
use crate::html::token::{Span, TextKind, Token, TokenKind};

impl Lexer {
    /// The bogus comment state (§13.2.5.41).
    pub(super) fn bogus_comment(&mut self, byte: u8, rest: &[u8]) -> Option<Token> {
        if byte != b'>' {
            self.position += 1 + memchr(b'>', rest).unwrap_or(rest.len());
            return None;
        }
        self.close_comment(0)
    }

    /// The markup declaration open state (§13.2.5.42). What was read of a keyword that turns out to
    /// be none belongs to a bogus comment and has no byte that would end it.
    pub(super) fn markup_declaration_open(&mut self, byte: u8) {
        if self.matched == 0 {
            self.keyword = match byte {
                b'-' => b"--",
                b'D' | b'd' => b"DOCTYPE",
                b'[' if self.namespaces.is_foreign() => b"[CDATA[",
                _ => b"",
            };
        }
        // Of these keywords only DOCTYPE may be in either case.
        let differs = self.keyword.first() == Some(&b'[') && byte.is_ascii_lowercase();
        match if differs { Some(false) } else { self.keyword(byte) } {
            Some(true) => {}
            None if !self.keyword.is_empty() => return,
            _ => {
                self.state = State::BogusComment;
                return;
            }
        }
        match self.keyword {
            b"--" => {
                self.mark = self.position;
                self.state = State::CommentStart;
            }
            b"DOCTYPE" => {
                self.force_quirks = false;
                self.state = State::Doctype;
            }
            _ => self.back_to_text(TextKind::CdataSection),
        }
    }

    /// The comment start state (§13.2.5.43).
    pub(super) fn comment_start(&mut self, byte: u8) -> Option<Token> {
        match byte {
            b'-' => {
                self.take(State::CommentStartDash);
                None
            }
            b'>' => self.close_comment(0),
            _ => {
                self.state = State::Comment;
                None
            }
        }
    }

    /// The comment start dash state (§13.2.5.44).
    pub(super) fn comment_start_dash(&mut self, byte: u8) -> Option<Token> {
        match byte {
            b'-' => {
                self.take(State::CommentEnd);
                None
            }
            b'>' => self.close_comment(1),
            _ => {
                self.state = State::Comment;
                None
            }
        }
    }

    /// The comment state (§13.2.5.45), and the comment less-than sign states (46 to 49), in which a
    /// dash leads where it leads from here.
    pub(super) fn comment(&mut self, byte: u8, rest: &[u8]) {
        match byte {
            b'-' => self.take(State::CommentEndDash),
            _ => self.position += 1 + memchr(b'-', rest).unwrap_or(rest.len()),
        }
    }

    /// The comment end dash state (§13.2.5.50).
    pub(super) fn comment_end_dash(&mut self, byte: u8) {
        match byte {
            b'-' => self.take(State::CommentEnd),
            _ => self.state = State::Comment,
        }
    }

    /// The comment end state (§13.2.5.51).
    pub(super) fn comment_end(&mut self, byte: u8) -> Option<Token> {
        match byte {
            b'>' => return self.close_comment(2),
            b'!' => self.take(State::CommentEndBang),
            b'-' => self.position += 1,
            _ => self.state = State::Comment,
        }
        None
    }

    /// The comment end bang state (§13.2.5.52).
    pub(super) fn comment_end_bang(&mut self, byte: u8) -> Option<Token> {
        match byte {
            b'>' => return self.close_comment(3),
            b'-' => self.take(State::CommentEndDash),
            _ => self.state = State::Comment,
        }
        None
    }

    /// The comment ends with the byte at the position, and its data so many bytes in front of it.
    fn close_comment(&mut self, delimiter: usize) -> Option<Token> {
        let end = self.position.saturating_sub(delimiter);
        self.position += 1;
        self.back_to_text(TextKind::Data);
        self.give_comment(end)
    }

    /// The comment whose data ends there.
    pub(super) fn give_comment(&mut self, end: usize) -> Option<Token> {
        let data = Span::new(self.mark, end.max(self.mark));
        self.give(TokenKind::Comment { data }, self.less_than)
    }

    /// The CDATA section, CDATA section bracket and CDATA section end states (§13.2.5.69 to 71).
    pub(super) fn cdata_section(&mut self, byte: u8, rest: &[u8]) -> Option<Token> {
        match (self.state, byte) {
            (State::CdataSection, b']') => self.take(State::CdataSectionBracket),
            (State::CdataSection, _) => self.position += 1 + memchr(b']', rest).unwrap_or(rest.len()),
            (State::CdataSectionBracket, b']') => self.take(State::CdataSectionEnd),
            (State::CdataSectionEnd, b']') => self.position += 1,
            (State::CdataSectionEnd, b'>') => {
                let end = self.position.saturating_sub(2);
                self.position += 1;
                let token = self.give_cdata(end);
                self.back_to_text(TextKind::Data);
                return token;
            }
            _ => self.state = State::CdataSection,
        }
        None
    }

    /// The section whose data ends there.
    pub(super) fn give_cdata(&mut self, end: usize) -> Option<Token> {
        let data = Span::new(self.text, end.max(self.text));
        self.give(TokenKind::Text { kind: TextKind::CdataSection, data }, self.less_than)
    }
}
