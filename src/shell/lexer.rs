//! Bytes to tokens: what a byte is depends on the quotes, expansions and commands around it, and
//! these nest. The tokenizer keeps a frame for each that is open and no text but the first bytes of
//! the word that it reads; so it can be fed in pieces. Unquoted text is recognised by logos
//! (`lexeme.rs`). What is open is in `frames`; the rest of the tokenizer is in `words`, `expansions` and
//! `quotes`, by what they read.
//!
//! Two things that the shell knows while it reads are settled here: where a command may begin, for
//! reserved words are only reserved there (XCU §2.4), and which word names the command.

mod expansions;
mod frames;
mod quotes;
mod words;

use smallvec::SmallVec;

use frames::{Delimiter, Expect, Frame, Kind, Line, Place, Style, Target, Word};
pub(super) use quotes::words_in;
use words::declares;

pub(super) use frames::Read;

use super::commands::{Command, Traits, Vocabulary};
use super::facts::Facts;
use super::lexeme::{self, Piece};
use super::token::function_hash;
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
    /// The value defines a function: names are hashed, for one may call it.
    defines: bool,
    /// The value ends what the program opened, or would if the program had opened it.
    reaches: bool,
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
            defines: false,
            reaches: false,
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

    /// Whether what the tokens are hangs on what the program opened around them.
    pub(super) fn reaches_out(&self) -> bool {
        self.reaches
    }

    /// Whether the program goes on with the file of a redirection.
    pub(super) fn awaits_file(&self) -> bool {
        self.place.target != Target::None && !self.place.word.begun
    }

    /// The terminals that may close what is open, innermost first. Where a command is wanted, the
    /// program's stands.
    pub(super) fn closing(&self) -> impl Iterator<Item = Terminal> {
        let given = self.place.command.then_some(Terminal::Given);
        let file = self.awaits_file().then_some(Terminal::Literal);
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
        file.into_iter().chain(given).chain(frames.copied())
    }

    fn top(&self) -> Option<Kind> {
        self.frames.last().map(|frame| frame.kind)
    }

    /// What is open where something is closed, or goes on: nothing of the value's own, perhaps.
    fn closes(&mut self) -> Option<Kind> {
        let top = self.top();
        self.reaches |= top.is_none();
        top
    }

    /// Opens something; what stands inside begins at `inner`.
    fn open(&mut self, kind: Kind, inner: Place) {
        // With one more around it the value would be too deep.
        self.reaches |= self.frames.len() + 1 >= self.depth;
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
            // The program's own quote closes it, and the word names what it spells.
            Some(Kind::DoubleQuote { own: true }) if self.place.looks_up() => {
                self.frames.pop();
                let part = self.closing_part(Terminal::CloseQuote, self.position);
                self.end_word();
                part
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
        if self.place.target == Target::File {
            token.facts |= self.place.word.facts & (Facts::ABSOLUTE | Facts::PATH);
            // What stands behind it is not known to be at the name's start.
            self.place.word.written |= token.facts.intersects(Facts::EXPANSION | Facts::SUBSTITUTION);
        }
        if self.place.looks_up() && self.place.target == Target::None {
            token.command = self.command();
            self.place.word.runs = token.command.map(|command| command.traits.contains(Traits::PREFIX));
        }
        if self.place.naming && self.place.target == Target::None {
            if self.defines && token.variable == 0 {
                let name = self.place.word.spelling.known();
                token.variable = name.map_or(0, |name| function_hash(name, self.dialect));
            }
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
        if self.place.target == Target::File {
            self.place.word.name_file(text);
            return;
        }
        // Of other words nobody asks what they are; what looks like arithmetic may be a subshell.
        if !self.place.looks_up() && !matches!(self.top(), Some(Kind::Arithmetic { .. })) {
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
                // A sentence in quotes
                b' ' | b'\t' | b'\n' | b'\r' if quoted && !windows => self.place.word.spelling.reject(),
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
                    place.prefixed = word.runs == Some(true);
                } else if let Some(prefixed) = word.runs {
                    place.prefixed = prefixed;
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
        match self.closes() {
            Some(Kind::Case { .. }) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.kind = Kind::Case { pattern: true };
                }
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
        match self.closes() {
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
            // The other one closes it: to the grammar both are one.
            Some(Kind::Substitution(_)) => self.token(Terminal::Unknown, start),
            None => {
                self.place = Place::ARGUMENT;
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
