//! Bytes to tokens: what a byte is depends on the quotes, expansions and commands around it, and
//! these nest. The tokenizer keeps a frame for each that is open and no text but the first bytes of
//! the word that it reads; so it can be fed in pieces. Unquoted text is recognised by logos
//! (`lexeme.rs`).
//!
//! Two things that the shell knows while it reads are settled here: where a command may begin, for
//! reserved words are only reserved there (XCU §2.4), and which word names the command.

mod frames;
mod quotes;

use smallvec::SmallVec;

use frames::{Delimiter, Expect, Frame, Kind, Line, Place, Spelling, Style, Target, Word};

pub(super) use frames::Read;

use super::commands::{Command, Traits, Vocabulary};
use super::facts::Facts;
use super::lexeme::{self, Piece};
use super::token::hash;
use super::{Dialect, Start, Terminal, Token};
use crate::report::Reason;
use crate::run::Lexed;

/// The longest part of a word or a text that is one token; a longer one falls into several.
const CHUNK: usize = 4096;

/// How many bytes behind a token can still change it: in a piece that is not the last one, tokens
/// nearer to its end wait for the next.
const MARGIN: usize = 64;

/// How many frames are kept without allocating.
const INLINE_FRAMES: usize = 32;

/// The tokenizer.
#[derive(Clone, Debug)]
pub(super) struct Lexer {
    pub(super) dialect: Dialect,
    vocabulary: Vocabulary,
    /// The first byte that was not read yet.
    pub(super) position: usize,
    frames: SmallVec<[Frame; INLINE_FRAMES]>,
    /// How many frames may be open.
    depth: usize,
    too_deep: bool,
    place: Place,
    documents: SmallVec<[Delimiter; 2]>,
    /// The delimiter of a here-document, as far as it was read.
    delimiter: Line,
    /// Nothing was read yet: the opening that the context has is to be given.
    opening: Option<Terminal>,
    /// The value starts with a definition, or is data.
    environment: bool,
    /// The line has a comment.
    commented: bool,
    ended: bool,
}

impl Lexer {
    pub(super) fn new(dialect: Dialect, start: Start, vocabulary: Vocabulary, depth: usize) -> Self {
        let mut lexer = Lexer {
            dialect,
            vocabulary,
            position: 0,
            frames: SmallVec::new(),
            depth,
            too_deep: false,
            place: Place::ARGUMENT,
            documents: SmallVec::new(),
            delimiter: Line::EMPTY,
            opening: None,
            environment: false,
            commented: false,
            ended: false,
        };
        let outer = Place::ARGUMENT;
        let mut open = |kind, opening| {
            lexer.frames.push(Frame { kind, outer });
            lexer.opening = opening;
        };
        match start {
            Start::Argument => {}
            Start::DoubleQuoted => open(Kind::DoubleQuote { own: false }, Some(Terminal::OpenQuote)),
            Start::SingleQuoted => {
                open(Kind::SingleQuote { start: 0, style: Style::Plain, confined: true }, None)
            }
            Start::Backquoted => open(Kind::Backquote(1), Some(Terminal::BackquoteOpen)),
            Start::Substitution => open(Kind::Substitution(b')'), Some(Terminal::SubstitutionOpen)),
            Start::HereDocument => open(Kind::ProgramDocument, None),
            Start::Environment => {
                lexer.place = Place::COMMAND;
                lexer.environment = true;
            }
            Start::Command => lexer.place = Place::COMMAND,
        }
        // The value may be a command line as a whole: its first word is looked up.
        if matches!(start, Start::Argument | Start::Backquoted | Start::Substitution) {
            lexer.place.naming = true;
        }
        lexer
    }

    /// The limit that was reached.
    pub(super) fn undecided(&self) -> Option<Reason> {
        self.too_deep.then_some(Reason::TooDeep)
    }

    /// The terminals that may close what is open, innermost first. Where a command is wanted, the
    /// program's stands.
    pub(super) fn closing(&self) -> impl Iterator<Item = Terminal> {
        let given = self.place.command.then_some(Terminal::Given);
        let frames = self.frames.iter().rev().flat_map(|frame| -> &[Terminal] {
            match frame.kind {
                Kind::Substitution(_) | Kind::Parenthesis | Kind::Array | Kind::Pattern { .. } => {
                    &[Terminal::RightParenthesis]
                }
                Kind::Backquote(_) => &[Terminal::BackquoteClose],
                Kind::Brace => &[Terminal::RightBrace],
                Kind::If => &[Terminal::Then, Terminal::Given, Terminal::Fi],
                Kind::For | Kind::Loop => &[Terminal::Do, Terminal::Given, Terminal::Done],
                Kind::Case { .. } => &[Terminal::RightParenthesis, Terminal::Given, Terminal::Esac],
                Kind::Conditions => &[Terminal::RightBrackets],
                Kind::DoubleQuote { .. } | Kind::DoubleQuotedLines => &[Terminal::CloseQuote],
                Kind::Parameter { .. } => &[Terminal::ParameterClose],
                Kind::Arithmetic { .. } => &[Terminal::ArithmeticClose],
                Kind::Document { .. } | Kind::ProgramDocument => &[Terminal::DocumentClose],
                Kind::SingleQuote { .. } | Kind::Verbatim { .. } | Kind::Comment | Kind::BlockComment => &[],
            }
        });
        given.into_iter().chain(frames.copied())
    }

    fn top(&self) -> Option<Kind> {
        self.frames.last().map(|frame| frame.kind)
    }

    /// Opens something; what stands inside begins at `inner`.
    fn open(&mut self, kind: Kind, inner: Place) {
        if self.frames.len() >= self.depth {
            self.too_deep = true;
            self.ended = true;
            return;
        }
        self.frames.push(Frame { kind, outer: self.place });
        self.place = inner;
    }

    /// Opens something inside of a word.
    fn open_in_word(&mut self, kind: Kind) {
        self.open(kind, self.place);
    }

    /// Closes the innermost frame and goes on with the word around it.
    fn close_in_word(&mut self) {
        self.frames.pop();
    }

    /// The same, where nothing of what stood inside is text of the word.
    fn close_unspelled(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.place.word.spelling = frame.outer.word.spelling;
        }
    }

    /// Closes the innermost frame and goes on as before it.
    fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.place = frame.outer;
        }
    }

    /// Closes a compound command: what follows is a separator, a redirection, or another reserved
    /// word.
    fn close_compound(&mut self) {
        self.frames.pop();
        self.place = Place { command: true, ..Place::ARGUMENT };
    }

    /// The next token of a piece that begins at byte `base` of the value; `last` says that nothing
    /// comes behind it.
    pub(super) fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed<Read> {
        loop {
            if self.ended {
                // Nothing that follows matters.
                self.position = base + piece.len();
                return Lexed::End;
            }
            if let Some(terminal) = self.opening.take() {
                let token = Token::new(terminal, self.position, self.position);
                // The program's own command stands before the value inside of a substitution.
                let ends_command = matches!(terminal, Terminal::BackquoteOpen | Terminal::SubstitutionOpen);
                return Lexed::Token(Read { token, touches: false, ends_command });
            }
            let rest = &piece[self.position - base..];
            if rest.is_empty() {
                if !last {
                    return Lexed::More;
                }
                return self.end();
            }
            let read = match self.top() {
                Some(Kind::SingleQuote { start, style, .. }) => self.single_quote(rest, start, style, last),
                Some(Kind::Comment) => self.comment(rest),
                Some(Kind::Verbatim { quoted }) => self.verbatim(quoted, rest, last),
                Some(Kind::BlockComment) => self.block_comment(rest, last),
                Some(
                    kind @ (Kind::DoubleQuote { .. }
                    | Kind::DoubleQuotedLines
                    | Kind::Parameter { .. }
                    | Kind::Pattern { .. }
                    | Kind::Arithmetic { .. }
                    | Kind::Document { .. }
                    | Kind::ProgramDocument),
                ) => self.quoted(kind, rest, last),
                _ => self.command_text(rest, last),
            };
            if let Some(read) = read {
                return read;
            }
        }
    }

    /// The input ended; an open literal is a token of its own.
    fn end(&mut self) -> Lexed<Read> {
        self.ended = true;
        match self.top() {
            Some(Kind::SingleQuote { start, confined: false, .. }) => {
                self.frames.pop();
                let mut token = Token::new(Terminal::Quoted, start, self.position);
                token.facts |= Facts::OPEN;
                self.part(token)
            }
            _ => {
                self.end_word();
                Lexed::End
            }
        }
    }

    // ----------------------------------------------------------------------------------------
    // Tokens

    /// A part of a word, as far as it was read.
    fn part(&mut self, mut token: Token) -> Lexed<Read> {
        // Inside of quotes the parts stand in a row anyway.
        let quoted = matches!(
            self.top(),
            Some(
                Kind::DoubleQuote { .. }
                    | Kind::DoubleQuotedLines
                    | Kind::Parameter { .. }
                    | Kind::Pattern { .. }
                    | Kind::Arithmetic { .. }
                    | Kind::Document { .. }
                    | Kind::ProgramDocument
            )
        );
        let touches = self.place.word.begun && !quoted;
        self.place.word.begun = true;
        self.place.word.assigning = token.terminal == Terminal::Assignment;
        self.place.word.facts |= token.facts;
        if self.place.naming && self.place.target == Target::None {
            token.command = self.command();
            token.facts |= self.place.word.facts & (Facts::BIN | Facts::SPLIT | Facts::BRACES);
            let elsewhere =
                || self.place.word.spelling.known().and_then(|name| self.vocabulary.command(name));
            let foreign = self.dialect != Dialect::Posix && token.command.is_none() && elsewhere().is_some();
            token.facts.set(Facts::FOREIGN, foreign);
        }
        Lexed::Token(Read { token, touches, ends_command: false })
    }

    /// The command that the word names so far.
    fn command(&self) -> Option<Command> {
        let spelling = &self.place.word.spelling;
        // Braces without a comma are text (bash §3.5.1).
        let name = spelling.known().filter(|_| spelling.listed || !spelling.braced)?;
        match self.dialect {
            Dialect::Posix if self.place.word.facts.contains(Facts::GLOB) => self.vocabulary.matching(name),
            Dialect::Posix => self.vocabulary.command(name),
            Dialect::Cmd => self.vocabulary.windows(name, Traits::CMD),
            Dialect::PowerShell => self.vocabulary.windows(name, Traits::CMD | Traits::POWERSHELL),
        }
    }

    /// A token that is no part of a word.
    fn token(&mut self, terminal: Terminal, start: usize) -> Option<Lexed<Read>> {
        let token = Token::new(terminal, start, self.position);
        Some(Lexed::Token(Read { token, touches: false, ends_command: false }))
    }

    /// A token that ends a command of the program, or one that stood in parentheses.
    fn command_end(&mut self, terminal: Terminal, start: usize) -> Option<Lexed<Read>> {
        let token = Token::new(terminal, start, self.position);
        Some(Lexed::Token(Read { token, touches: false, ends_command: true }))
    }

    fn spell(&mut self, text: &[u8], quoted: bool) {
        if let Target::Delimiter { .. } = self.place.target {
            self.delimiter.push(text);
            return;
        }
        // Of other words nobody asks what they are; what looks like arithmetic may be a subshell.
        if !self.place.naming && !matches!(self.top(), Some(Kind::Arithmetic { .. })) {
            return;
        }
        let windows = self.dialect != Dialect::Posix;
        for &byte in text {
            match byte {
                b'/' => {
                    let bin = self.place.word.spelling.next_segment();
                    if bin {
                        self.place.word.facts |= Facts::BIN;
                    }
                }
                b'\\' if windows => {
                    self.place.word.spelling.next_segment();
                }
                // `{cat,/etc/passwd}`: the first word that the expansion makes and that is not empty
                b'{' if !quoted && self.place.word.spelling.length == 0 => {
                    self.place.word.spelling.braced = true;
                }
                b',' if !quoted && self.place.word.spelling.braced => {
                    self.place.word.spelling.listed = true;
                    self.place.word.spelling.complete = self.place.word.spelling.length > 0;
                }
                b'}' if !quoted && self.place.word.spelling.listed => {
                    self.place.word.spelling.complete = true;
                }
                _ => self.place.word.spelling.push(byte),
            }
        }
    }

    // ----------------------------------------------------------------------------------------
    // Words and operators

    /// The word ended.
    fn end_word(&mut self) {
        let place = &mut self.place;
        if !place.word.begun {
            return;
        }
        let word = place.word;
        place.word = Word::NONE;
        match place.target {
            Target::File => place.target = Target::None,
            Target::Delimiter { stripped } => {
                place.target = Target::None;
                let quoted = word.facts.intersects(Facts::QUOTED | Facts::ESCAPED);
                self.documents.push(Delimiter { line: self.delimiter, quoted, stripped });
            }
            Target::None => {
                place.expect = match place.expect {
                    Expect::ForName => Expect::ForIn,
                    Expect::CaseWord => Expect::CaseIn,
                    Expect::Operand => Expect::Comparison,
                    other => other,
                };
                if !word.facts.contains(Facts::ASSIGNMENT) && place.naming {
                    place.naming = false;
                    place.declaring = word.spelling.known().is_some_and(declares);
                }
                place.command = false;
                if place.expect == Expect::LastOperand {
                    self.opening = Some(Terminal::CmdDo);
                    self.begin_command();
                }
            }
        }
    }

    /// A command begins.
    fn begin_command(&mut self) {
        self.place = match self.top() {
            Some(Kind::Array | Kind::Conditions) => Place::ARGUMENT,
            Some(Kind::Case { pattern: true }) => Place { command: true, ..Place::ARGUMENT },
            _ => Place::COMMAND,
        };
    }

    /// Text outside of quotes.
    fn command_text(&mut self, rest: &[u8], last: bool) -> Option<Lexed<Read>> {
        let (mut piece, mut length) = lexeme::first(self.dialect, &rest[..rest.len().min(CHUNK)]);
        if piece == Piece::Hash && self.place.word.begun {
            // Inside of a word it is text.
            piece = Piece::Text;
            length = rest[..rest.len().min(CHUNK)].iter().take_while(|&&byte| is_text(byte)).count();
        }
        if !last && rest.len() < CHUNK + MARGIN && rest.len() - length < MARGIN {
            return Some(Lexed::More);
        }
        let start = self.position;
        let text = &rest[..length];
        if self.environment {
            self.environment = false;
            if !rest.starts_with(b"()") {
                self.ended = true;
                return None;
            }
        }
        self.position += length;
        if self.dialect == Dialect::Cmd && !self.place.word.begun {
            let begins = matches!(
                piece,
                Piece::Text | Piece::Escape | Piece::DoubleQuote | Piece::Parameter | Piece::LeftParenthesis
            );
            match self.place.expect {
                // The first word of it begins the comment.
                Expect::Remark if begins => {
                    self.open_in_word(Kind::Comment);
                    return None;
                }
                Expect::Comparison if begins => return self.comparison(rest, text, start),
                _ => {}
            }
        }
        match piece {
            Piece::Blank => {
                self.end_word();
                if self.place.expect == Expect::Comparison && memchr::memmem::find(text, b"==").is_some() {
                    self.place.expect = Expect::LastOperand;
                }
                None
            }
            Piece::Continuation => None,
            Piece::Hash => {
                self.commented = true;
                self.open_in_word(Kind::Comment);
                None
            }
            Piece::BlockComment => {
                self.end_word();
                self.open_in_word(Kind::BlockComment);
                None
            }
            Piece::Text => self.word_text(rest, text, start),
            Piece::Escape => self.escape(rest, start),
            Piece::SingleQuote | Piece::DollarSingleQuote => {
                let style = match piece {
                    Piece::DollarSingleQuote => Style::Escapes,
                    _ => Style::Plain,
                };
                self.open_in_word(Kind::SingleQuote { start, style, confined: false });
                None
            }
            // The line end that opens it may be the one before the quote that closes it.
            Piece::SingleQuotedLines => {
                self.position -= 1;
                self.open_in_word(Kind::SingleQuote { start, style: Style::Lines, confined: false });
                None
            }
            Piece::DoubleQuotedLines => {
                self.position -= 1;
                let part = self.part(Token::new(Terminal::OpenQuote, start, self.position));
                self.open_in_word(Kind::DoubleQuotedLines);
                Some(part)
            }
            Piece::DoubleQuote => {
                let part = self.part(Token::new(Terminal::OpenQuote, start, self.position));
                self.open_in_word(Kind::DoubleQuote { own: true });
                Some(part)
            }
            Piece::Backquote => self.backquote(start, 0),
            Piece::SubstitutionOpen | Piece::ProcessOpen | Piece::BlockOpen => {
                let terminal = match piece {
                    Piece::ProcessOpen => Terminal::ProcessOpen,
                    _ => Terminal::SubstitutionOpen,
                };
                let close = if text.ends_with(b"{") { b'}' } else { b')' };
                self.substitution(terminal, start, close, piece == Piece::BlockOpen)
            }
            Piece::ArithmeticOpen => self.arithmetic(start, b')'),
            Piece::BracketArithmeticOpen => self.arithmetic(start, b']'),
            Piece::ParameterOpen => self.parameter_open(&rest[length..], start, last),
            Piece::Parameter => Some(self.parameter(text, start)),
            Piece::Newline => self.newline(start),
            // PowerShell has empty statements.
            Piece::Semicolon
                if self.dialect == Dialect::PowerShell
                    && self.place.command
                    && !self.place.word.begun
                    && !self.place.piped =>
            {
                None
            }
            Piece::Semicolon => self.separator(Terminal::Semicolon, start),
            Piece::DoubleSemicolon => self.double_semicolon(start),
            Piece::Ampersand => {
                // PowerShell's call operator stands where a command begins.
                let call =
                    self.dialect == Dialect::PowerShell && self.place.command && !self.place.word.begun;
                self.separator(if call { Terminal::Bang } else { Terminal::Ampersand }, start)
            }
            Piece::And => self.separator(Terminal::And, start),
            Piece::Or => self.separator(Terminal::Or, start),
            Piece::Pipe => self.separator(Terminal::Pipe, start),
            Piece::LeftParenthesis => self.left_parenthesis(rest, start),
            Piece::RightParenthesis => self.right(b')', start),
            Piece::RightBrace => self.right(b'}', start),
            Piece::Input => self.redirect(Terminal::Input, Target::File, text, start),
            Piece::Output => self.redirect(Terminal::Output, Target::File, text, start),
            Piece::HereString => self.redirect(Terminal::HereString, Target::File, text, start),
            Piece::HereDocument => {
                self.redirect(Terminal::HereDocument, Target::Delimiter { stripped: false }, text, start)
            }
            Piece::StrippedHereDocument => {
                self.redirect(Terminal::HereDocument, Target::Delimiter { stripped: true }, text, start)
            }
        }
    }

    fn separator(&mut self, terminal: Terminal, start: usize) -> Option<Lexed<Read>> {
        self.end_word();
        self.begin_command();
        self.place.piped = match terminal {
            Terminal::Pipe => true,
            Terminal::And | Terminal::Or | Terminal::Bang => self.dialect == Dialect::PowerShell,
            _ => false,
        };
        self.token(terminal, start)
    }

    fn newline(&mut self, start: usize) -> Option<Lexed<Read>> {
        self.end_word();
        // Between `for x` or `case x` and their `in` a line may end.
        if !matches!(self.place.expect, Expect::ForIn | Expect::CaseIn) {
            self.begin_command();
        }
        let mut token = Token::new(Terminal::Newline, start, self.position);
        if std::mem::take(&mut self.commented) {
            token.facts |= Facts::COMMENT;
        }
        let token = Some(Lexed::Token(Read { token, touches: false, ends_command: false }));
        if !self.documents.is_empty() {
            self.opening = Some(Terminal::DocumentOpen);
            self.open(Kind::Document { line_start: true }, self.place);
        }
        token
    }

    fn double_semicolon(&mut self, start: usize) -> Option<Lexed<Read>> {
        self.end_word();
        match self.frames.last_mut().map(|frame| &mut frame.kind) {
            Some(Kind::Case { pattern }) => {
                *pattern = true;
                self.begin_command();
                self.token(Terminal::DoubleSemicolon, start)
            }
            None => {
                self.begin_command();
                self.token(Terminal::Unbalanced, start)
            }
            Some(_) => self.token(Terminal::DoubleSemicolon, start),
        }
    }

    fn redirect(
        &mut self,
        terminal: Terminal,
        target: Target,
        operator: &[u8],
        start: usize,
    ) -> Option<Lexed<Read>> {
        self.end_word();
        if self.top() != Some(Kind::Conditions) {
            self.place.target = target;
            self.delimiter = Line::EMPTY;
            // A reserved word is none behind a redirection.
            self.place.command = false;
        }
        let mut token = Token::new(terminal, start, self.position);
        token.facts.set(Facts::BOTH, operator.starts_with(b"&"));
        Some(Lexed::Token(Read { token, touches: false, ends_command: false }))
    }

    fn left_parenthesis(&mut self, rest: &[u8], start: usize) -> Option<Lexed<Read>> {
        if self.place.word.assigning {
            let touches = true;
            self.open(Kind::Array, Place::ARGUMENT);
            let token = Token::new(Terminal::LeftParenthesis, start, self.position);
            return Some(Lexed::Token(Read { token, touches, ends_command: false }));
        }
        let begins = self.place.command && !self.place.word.begun;
        if self.dialect == Dialect::Cmd {
            // Parentheses are operators where a command begins, and around the set of FOR.
            if !begins && self.place.expect != Expect::CaseIn {
                return self.word_text(rest, b"(", start);
            }
            let inner = if begins { Place::COMMAND } else { Place::ARGUMENT };
            let token = self.token(Terminal::LeftParenthesis, start);
            self.open(Kind::Parenthesis, inner);
            return token;
        }
        self.end_word();
        if let Some(Kind::Case { pattern: true } | Kind::Conditions) = self.top() {
            return self.token(Terminal::LeftParenthesis, start);
        }
        if begins && rest.get(1) == Some(&b')') {
            // `() {`: a function without a name, as the environment has them.
            self.position += 1;
            self.begin_command();
            return self.token(Terminal::Function, start);
        }
        if begins && rest.get(1) == Some(&b'(') {
            self.position += 1;
            let token = self.token(Terminal::DoubleParenthesis, start);
            self.open(Kind::Arithmetic { depth: 0, close: b')', command: true }, Place::ARGUMENT);
            return token;
        }
        let token = self.token(Terminal::LeftParenthesis, start);
        self.open(Kind::Parenthesis, Place::COMMAND);
        token
    }

    /// A `)`, or the `}` of a dialect where that is an operator.
    fn right(&mut self, close: u8, start: usize) -> Option<Lexed<Read>> {
        self.end_word();
        let terminal = if close == b')' { Terminal::RightParenthesis } else { Terminal::RightBrace };
        match self.top() {
            Some(Kind::Substitution(byte)) if byte == close => {
                self.close();
                Some(self.closing_part(Terminal::RightParenthesis, start))
            }
            Some(Kind::Array) => {
                self.close();
                self.place.word.begun = true;
                self.token(terminal, start)
            }
            Some(Kind::Parenthesis) => {
                self.close_compound();
                self.token(terminal, start)
            }
            Some(Kind::Case { pattern: true }) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.kind = Kind::Case { pattern: false };
                }
                self.begin_command();
                self.token(terminal, start)
            }
            None => {
                self.place = Place::ARGUMENT;
                self.command_end(Terminal::Unbalanced, start)
            }
            Some(_) => self.token(terminal, start),
        }
    }

    fn substitution(
        &mut self,
        terminal: Terminal,
        start: usize,
        close: u8,
        block: bool,
    ) -> Option<Lexed<Read>> {
        let mut token = Token::new(terminal, start, self.position);
        token.facts |= Facts::SUBSTITUTION;
        token.facts.set(Facts::BLOCK, block);
        let part = self.part(token);
        self.open(Kind::Substitution(close), Place::COMMAND);
        Some(part)
    }

    fn arithmetic(&mut self, start: usize, close: u8) -> Option<Lexed<Read>> {
        let mut token = Token::new(Terminal::ArithmeticOpen, start, self.position);
        token.facts |= Facts::ARITHMETIC;
        let part = self.part(token);
        self.open(Kind::Arithmetic { depth: 0, close, command: false }, Place::ARGUMENT);
        Some(part)
    }

    /// A backquote behind so many backslashes: those inside of another are escaped (XCU §2.6.3).
    fn backquote(&mut self, start: usize, backslashes: usize) -> Option<Lexed<Read>> {
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
    fn escape(&mut self, rest: &[u8], start: usize) -> Option<Lexed<Read>> {
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

    fn parameter(&mut self, text: &[u8], start: usize) -> Lexed<Read> {
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
    fn parameter_open(&mut self, inner: &[u8], start: usize, last: bool) -> Option<Lexed<Read>> {
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

    /// Text of a word: a reserved word, an assignment, a descriptor, or a literal.
    fn word_text(&mut self, rest: &[u8], text: &[u8], start: usize) -> Option<Lexed<Read>> {
        let behind = &rest[text.len()..];
        let begun = self.place.word.begun;
        if self.dialect == Dialect::Cmd && self.place.command && !begun {
            match text[0] {
                // The command runs without being shown.
                b'@' => {
                    self.position = start + 1;
                    return None;
                }
                // A label goes to the line's end.
                b':' => {
                    self.open_in_word(Kind::Comment);
                    return None;
                }
                _ => {}
            }
        }
        if !begun && self.place.target == Target::None {
            let alone = ends_word(self.dialect, behind);
            let reserved = if alone { self.reserved(text, behind, start) } else { None };
            if let Some(read) = reserved {
                return read;
            }
            if self.dialect == Dialect::Posix && behind.starts_with(b"\\") {
                // A line may end inside of a reserved word, too.
                let (word, length) = joined(rest);
                let behind = &rest[length..];
                self.position = start + length;
                let alone = length > text.len() && ends_word(self.dialect, behind);
                let reserved = if alone { self.reserved(&word, behind, start) } else { None };
                if let Some(read) = reserved {
                    return read;
                }
                self.position = start + text.len();
            }
            let function = match self.place.command && self.dialect == Dialect::Posix {
                true => function_parentheses(text, behind),
                false => None,
            };
            if let Some(length) = function {
                self.position += length;
                self.begin_command();
                return self.token(Terminal::Function, start);
            }
            // A declaration has arrays as its arguments.
            let array = self.place.declaring && behind.starts_with(b"(") && text.ends_with(b"=");
            let assigns = self.dialect == Dialect::Posix && (self.place.naming || array);
            if let Some(length) = assigns.then(|| assignment(text)).flatten() {
                return Some(self.assignment(variable(text), start, length));
            }
            if self.is_descriptor(text, behind) {
                return self.token(Terminal::Descriptor, start);
            }
            if self.dialect == Dialect::Posix && self.place.naming {
                self.place.word.subscripted = opens_subscript(text).map(hash);
            }
        } else if let Some(name) = self.place.word.subscripted {
            if let Some(length) = closes_subscript(text) {
                return Some(self.assignment(name, start, length));
            }
        }
        let pattern = self.dialect == Dialect::Posix && behind.starts_with(b"(");
        let text = match text.split_last() {
            Some((b'?' | b'*' | b'+' | b'@' | b'!', [])) if pattern => return Some(self.pattern(start)),
            // The last byte belongs to the pattern.
            Some((b'?' | b'*' | b'+' | b'@' | b'!', before)) if pattern => {
                self.position -= 1;
                before
            }
            _ => text,
        };
        let mut token = Token::new(Terminal::Literal, start, self.position);
        token.facts = match text {
            // PowerShell has other dashes before a parameter (Language Specification §2.3.4).
            [0xe2, 0x80, 0x93..=0x95, name @ ..] if !begun && self.dialect == Dialect::PowerShell => {
                let option = name.first().is_some_and(u8::is_ascii_alphabetic);
                Facts::of_text(name, false) | if option { Facts::OPTION } else { Facts::WIDE }
            }
            _ => Facts::of_text(text, !begun),
        };
        self.spell(text, false);
        let part = self.part(token);
        if text == b"--%" && !begun && self.dialect == Dialect::PowerShell && !self.place.command {
            self.open_in_word(Kind::Verbatim { quoted: false });
        }
        Some(part)
    }

    /// The part of a word that makes an assignment of it, up to its `=`.
    fn assignment(&mut self, variable: u32, start: usize, length: usize) -> Lexed<Read> {
        self.position = start + length;
        self.place.command = false;
        let mut token = Token::new(Terminal::Assignment, start, self.position);
        token.variable = variable;
        let part = self.part(token);
        self.place.word.subscripted = None;
        self.place.word.spelling = Spelling::EMPTY;
        part
    }

    /// Whether text before `<` or `>` says which descriptor is redirected: its number, or the name of
    /// a variable for it, `{fd}>` (XCU §2.7; bash §3.6). The others have fewer of them.
    fn is_descriptor(&self, text: &[u8], behind: &[u8]) -> bool {
        if !matches!(behind.first(), Some(b'<' | b'>')) {
            return false;
        }
        let named = text.strip_prefix(b"{").and_then(|text| text.strip_suffix(b"}"));
        match self.dialect {
            // `2<(x)` is one word.
            Dialect::Posix if behind.get(1) == Some(&b'(') => false,
            Dialect::Posix => text.iter().all(u8::is_ascii_digit) || named.is_some_and(is_variable),
            Dialect::Cmd => matches!(text, [b'0'..=b'9']),
            Dialect::PowerShell => matches!(text, [b'1'..=b'6' | b'*']),
        }
    }

    /// `?(`, `*(`, `+(`, `@(`, `!(` in a word (bash §3.5.8.1): a pattern that runs to its `)`, blanks and
    /// operators in it are text. In the path of a command it is as good as `*`; without a path it finds
    /// files of the current directory, which are not known, and source code has names like that.
    fn pattern(&mut self, start: usize) -> Lexed<Read> {
        self.position = start + 2;
        match self.place.word.facts.intersects(Facts::ABSOLUTE | Facts::PATH) {
            true => self.spell(b"*", false),
            false => self.place.word.spelling.spoil(),
        }
        let part = self.part(Token::new(Terminal::PatternOpen, start, self.position));
        self.open_in_word(Kind::Pattern { depth: 0 });
        part
    }

    /// What stands between the operands of cmd.exe's IF, if it is not `==` (`if /?`).
    fn comparison(&mut self, rest: &[u8], text: &[u8], start: usize) -> Option<Lexed<Read>> {
        let operators: [&[u8]; 6] = [b"equ", b"neq", b"lss", b"leq", b"gtr", b"geq"];
        let alone = ends_word(self.dialect, &rest[text.len()..]);
        let compares = alone && operators.iter().any(|operator| text.eq_ignore_ascii_case(operator));
        self.place.expect = Expect::LastOperand;
        self.token(if compares { Terminal::Literal } else { Terminal::Unknown }, start)
    }

    /// A word that is reserved here.
    #[allow(clippy::option_option, reason = "not reserved; reserved, and no token; a token")]
    fn reserved(&mut self, text: &[u8], behind: &[u8], start: usize) -> Option<Option<Lexed<Read>>> {
        match (self.place.expect, text) {
            (Expect::ForIn | Expect::CaseIn, b"in") if self.dialect == Dialect::Posix => {
                let case = self.place.expect == Expect::CaseIn;
                self.place.expect = Expect::Any;
                if case {
                    self.open(Kind::Case { pattern: true }, Place { command: true, ..Place::ARGUMENT });
                }
                return Some(self.token(Terminal::In, start));
            }
            (Expect::ForIn, b"do") if self.dialect == Dialect::Posix => return Some(self.begin_loop(start)),
            (Expect::FunctionName, _) => {
                self.position += function_parentheses(text, behind).unwrap_or(0);
                self.begin_command();
                return Some(None);
            }
            _ => {}
        }
        if self.top() == Some(Kind::Conditions) {
            if text == b"]]" {
                self.close_compound();
                return Some(self.token(Terminal::RightBrackets, start));
            }
            if text == b"!" {
                return Some(self.token(Terminal::Bang, start));
            }
        }
        if self.place.expect == Expect::Operand {
            // `if /i not exist name` (`if /?`)
            let among = |words: &[&[u8]]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
            let last = among(&[b"exist", b"defined", b"errorlevel", b"cmdextversion"]);
            if last {
                self.place.expect = Expect::LastOperand;
            }
            if last || among(&[b"/i", b"not"]) {
                return Some(self.token(Terminal::Literal, start));
            }
            return None;
        }
        if !self.place.command {
            // cmd.exe's FOR has its words behind it.
            let loops = self.dialect == Dialect::Cmd && self.place.expect == Expect::ForIn;
            if loops && text.eq_ignore_ascii_case(b"in") {
                self.place.expect = Expect::CaseIn;
                return Some(self.token(Terminal::CmdIn, start));
            }
            return None;
        }
        if self.dialect == Dialect::Cmd {
            return match () {
                () if text.eq_ignore_ascii_case(b"for") => {
                    self.place = Place { expect: Expect::ForIn, ..Place::ARGUMENT };
                    Some(self.token(Terminal::CmdFor, start))
                }
                () if text.eq_ignore_ascii_case(b"if") => {
                    self.place = Place { expect: Expect::Operand, ..Place::ARGUMENT };
                    Some(self.token(Terminal::CmdIf, start))
                }
                // Behind a block
                () if text.eq_ignore_ascii_case(b"else") && !self.place.naming => {
                    self.begin_command();
                    Some(self.token(Terminal::CmdElse, start))
                }
                () if text.eq_ignore_ascii_case(b"rem") => {
                    self.place.expect = Expect::Remark;
                    None
                }
                () if text.eq_ignore_ascii_case(b"do") => {
                    self.begin_command();
                    Some(self.token(Terminal::CmdDo, start))
                }
                () => None,
            };
        }
        if self.dialect == Dialect::PowerShell && text == b"." {
            // The dot sourcing operator (Language Specification §8.2.3)
            self.place = Place { piped: true, ..Place::COMMAND };
            return Some(self.token(Terminal::Bang, start));
        }
        if self.dialect != Dialect::Posix {
            return None;
        }
        let pattern = matches!(self.top(), Some(Kind::Case { pattern: true }));
        if pattern && text != b"esac" {
            return None;
        }
        let opens = |lexer: &mut Self, terminal, kind, inner| {
            lexer.open(kind, inner);
            Some(lexer.token(terminal, start))
        };
        let expecting = |expect| Place { expect, ..Place::ARGUMENT };
        match text {
            b"time" | b"coproc" if self.place.piped => None,
            b"!" | b"time" | b"coproc" => {
                self.position += prefix_argument(text, behind);
                self.place = Place::COMMAND;
                Some(self.token(Terminal::Bang, start))
            }
            // In the place of `do` … `done`
            b"{" if self.top() == Some(Kind::For) => {
                self.frames.pop();
                opens(self, Terminal::LeftBrace, Kind::Brace, Place::COMMAND)
            }
            b"{" => opens(self, Terminal::LeftBrace, Kind::Brace, Place::COMMAND),
            b"if" => opens(self, Terminal::If, Kind::If, Place::COMMAND),
            b"while" | b"until" => opens(self, Terminal::While, Kind::Loop, Place::COMMAND),
            b"for" | b"select" => {
                let inner = Place { command: true, ..expecting(Expect::ForName) };
                opens(self, Terminal::For, Kind::For, inner)
            }
            b"[[" => opens(self, Terminal::LeftBrackets, Kind::Conditions, Place::ARGUMENT),
            b"case" => {
                self.place = expecting(Expect::CaseWord);
                Some(self.token(Terminal::Case, start))
            }
            b"function" => {
                self.place = expecting(Expect::FunctionName);
                Some(self.token(Terminal::Function, start))
            }
            b"then" => Some(self.middle(Terminal::Then, start)),
            b"else" => Some(self.middle(Terminal::Else, start)),
            b"elif" => Some(self.middle(Terminal::Elif, start)),
            b"do" => Some(self.begin_loop(start)),
            b"fi" => Some(self.closer(Terminal::Fi, Kind::If, start)),
            b"done" => Some(self.closer(Terminal::Done, Kind::Loop, start)),
            b"}" => match self.top() {
                // `${ …; }`
                Some(Kind::Substitution(b'}')) => Some(self.right(b'}', start)),
                _ => Some(self.closer(Terminal::RightBrace, Kind::Brace, start)),
            },
            b"esac" => {
                let pattern = self.top() == Some(Kind::Case { pattern: true });
                Some(self.closer(Terminal::Esac, Kind::Case { pattern }, start))
            }
            _ => None,
        }
    }

    /// The `do` of a loop.
    fn begin_loop(&mut self, start: usize) -> Option<Lexed<Read>> {
        if let Some(Frame { kind: kind @ Kind::For, .. }) = self.frames.last_mut() {
            *kind = Kind::Loop;
        }
        self.middle(Terminal::Do, start)
    }

    /// A reserved word in the middle of a compound command, the value's own or the program's.
    fn middle(&mut self, terminal: Terminal, start: usize) -> Option<Lexed<Read>> {
        self.place = Place::COMMAND;
        let own = !self.frames.is_empty();
        self.token(if own { terminal } else { Terminal::Unbalanced }, start)
    }

    /// A reserved word at the end of a compound command.
    fn closer(&mut self, terminal: Terminal, kind: Kind, start: usize) -> Option<Lexed<Read>> {
        match self.top() {
            Some(open) if open == kind => {
                self.close_compound();
                self.token(terminal, start)
            }
            None => {
                self.place = Place { command: true, ..Place::ARGUMENT };
                self.command_end(Terminal::Unbalanced, start)
            }
            Some(_) => self.token(terminal, start),
        }
    }
}

/// Whether a byte is text outside of quotes, in every dialect.
fn is_text(byte: u8) -> bool {
    !b" \t\r\n;&|(){}<>$`'\"\\^%!".contains(&byte)
}

/// Whether a word ends before this text.
fn ends_word(dialect: Dialect, behind: &[u8]) -> bool {
    match behind.first() {
        None | Some(b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'(' | b')') => true,
        Some(b',' | b'=' | b'\x0b' | b'\x0c') => dialect == Dialect::Cmd,
        Some(b'<' | b'>' | b'`') => dialect == Dialect::Posix,
        Some(_) => false,
    }
}

/// The `()` behind a function's name, with the blanks before: how many bytes.
fn function_parentheses(name: &[u8], behind: &[u8]) -> Option<usize> {
    if name.iter().any(|byte| b"=*?[]{}".contains(byte)) {
        return None;
    }
    let blanks = |text: &[u8]| text.iter().take(8).take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    let open = blanks(behind);
    let inside = behind.get(open..)?.strip_prefix(b"(")?;
    let close = blanks(inside);
    (inside.get(close) == Some(&b')')).then_some(open + 1 + close + 1)
}

/// What a reserved word may be made of, without escaped line ends (XCU §2.2.1, §2.4), and how many bytes
/// it takes.
fn joined(text: &[u8]) -> (SmallVec<[u8; 12]>, usize) {
    let mut word = SmallVec::new();
    let mut at = 0;
    while at < MARGIN / 2 {
        match &text[at..] {
            [b'\\', b'\n', ..] => at += 2,
            [b'\\', b'\r', b'\n', ..] => at += 3,
            [byte @ (b'a'..=b'z' | b'!' | b'{' | b'}' | b'[' | b']'), ..] => {
                word.push(*byte);
                at += 1;
            }
            _ => break,
        }
    }
    (word, at)
}

/// Whether a byte may stand in a name (XBD §3.216).
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_variable(name: &[u8]) -> bool {
    name.iter().all(|&byte| is_name(byte)) && name.first().is_some_and(|byte| !byte.is_ascii_digit())
}

/// The name at the start of a text.
fn name(text: &[u8]) -> &[u8] {
    &text[..text.iter().take_while(|&&byte| is_name(byte)).count()]
}

/// The hash of the variable that an assignment names.
fn variable(text: &[u8]) -> u32 {
    hash(name(text))
}

/// `name=`, `name+=`, `name[…]=` at the start of a word: how many bytes.
fn assignment(text: &[u8]) -> Option<usize> {
    let name = name(text);
    if !is_variable(name) {
        return None;
    }
    let at = name.len();
    match &text[at..] {
        [b'=', ..] => Some(at + 1),
        [b'+', b'=', ..] => Some(at + 2),
        subscript @ [b'[', ..] => closes_subscript(subscript).map(|length| at + length),
        _ => None,
    }
}

/// The name before the `[` of a subscript that goes on behind the text, as in `x[$i]=`.
fn opens_subscript(text: &[u8]) -> Option<&[u8]> {
    let name = name(text);
    (is_variable(name) && text.get(name.len()) == Some(&b'[')).then_some(name)
}

/// The end of a subscript with the `=` or `+=` behind it: how many bytes.
fn closes_subscript(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b']', text).find_map(|at| match text[at + 1..] {
        [b'=', ..] => Some(at + 2),
        [b'+', b'=', ..] => Some(at + 3),
        _ => None,
    })
}

/// Whether a command takes arrays as its arguments (bash §4.2, §4.3).
fn declares(name: &[u8]) -> bool {
    matches!(name, b"declare" | b"export" | b"local" | b"readonly" | b"typeset")
}

/// The option behind `time`, or the name between `coproc` and a compound command (bash §3.2.3,
/// §3.2.6), with the blanks before it: how many bytes.
fn prefix_argument(reserved: &[u8], behind: &[u8]) -> usize {
    let blanks = |text: &[u8]| text.iter().take(8).take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    let word =
        |text: &[u8]| text.iter().take(16).take_while(|&&byte| !ends_word(Dialect::Posix, &[byte])).count();
    let start = blanks(behind);
    let argument = &behind[start..];
    match reserved {
        b"time" if argument.starts_with(b"-p") && word(argument) == 2 => start + 2,
        b"coproc" => {
            let (name, compound) = argument.split_at(word(argument));
            let compound = &compound[blanks(compound)..];
            let opens = matches!(
                &compound[..word(compound)],
                b"{" | b"[[" | b"if" | b"for" | b"case" | b"while" | b"until" | b"select"
            );
            let named = is_variable(name) && (opens || compound.starts_with(b"("));
            if named { start + name.len() } else { 0 }
        }
        _ => 0,
    }
}
