//! The token source: what stands between the tokenizer and the grammar.
//!
//! JavaScript has no tokens without a grammar: whether a `/` divides, a `}` ends a template's
//! substitution, a line end is a semicolon or `async` a keyword depends on what the grammar could
//! take. The source therefore asks the recogniser that it feeds. It holds at most one word and one
//! token back, and allocates nothing.
//!
//! Where the value closes a parenthesis, bracket or brace of the program, it writes `UNBALANCED`,
//! and an `operand` where what follows goes on with an expression, so that one token of lookahead
//! and one grammar serve every depth.

use std::ops::{Deref, DerefMut};

use super::lexer::Lexer;
use super::{Ambiguity, Continuation, Reading, Start, Terminal, Token};
use crate::recogniser::Stack;
use crate::run;
use crate::{INLINE_DEPTH, Push, RecogniseOnly, Recogniser};

type Lexed = run::Lexed<Token>;

/// Tokens as the grammar wants them, piece by piece.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    pub(super) lexer: Lexer,
    /// A token of the tokenizer that is known and not given yet.
    pending: Option<Token>,
    /// A word that is a keyword before some tokens, until the next one is known.
    held: Option<Token>,
    /// The last two terminals that were given.
    previous: [Terminal; 2],
    /// Parentheses, brackets and braces that the value opened and did not close.
    pub(super) open: u32,
    /// Those of the program that the value closed.
    closed: u32,
    /// Templates whose substitution is open.
    templates: u32,
    /// `do` statements that may await their `while`.
    loops: u32,
    /// Whether the next token may go on with an expression that the grammar has not seen: the value
    /// has just closed a part of the program, or begins.
    detached: bool,
    /// A block is open whose head the value ended: the body of a function, perhaps, that is an
    /// operand.
    body: bool,
    /// The value stands in a substitution of a template of the program.
    in_substitution: bool,
    continuation: Continuation,
    /// Whether the other continuation could have read the value otherwise.
    ambiguous: bool,
    /// Whether the value closed a brace of the program.
    closed_brace: bool,
}

/// How many parentheses, brackets and braces a program has open around a value at the most: deeper
/// than any that is written or generated. A value that closes more of them is no fragment of one.
const MOST_CLOSED: u32 = 64;

/// Whether a token can follow a complete operand only, may do so, or does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum GoesOn {
    Always,
    Perhaps,
    Never,
}

fn goes_on(token: Token) -> GoesOn {
    match token.terminal {
        Terminal::AssignmentOperator
        | Terminal::BinaryOperator
        | Terminal::Comparison
        | Terminal::LogicalOperator
        | Terminal::Comma
        | Terminal::Period
        | Terminal::Colon
        | Terminal::Equals
        | Terminal::Arrow
        | Terminal::Question
        | Terminal::OptionalChain
        | Terminal::In
        | Terminal::Instanceof => GoesOn::Always,
        Terminal::LeftParenthesis
        | Terminal::LeftBracket
        | Terminal::Asterisk
        | Terminal::Plus
        | Terminal::Minus
        | Terminal::Slash
        | Terminal::Template
        | Terminal::TemplateHead => GoesOn::Perhaps,
        // §12.10.1: not behind a line end
        Terminal::UpdateOperator if !token.newline => GoesOn::Perhaps,
        _ => GoesOn::Never,
    }
}

/// Whether a token is a word that may be the name of a variable.
fn is_identifier(terminal: Terminal) -> bool {
    matches!(
        terminal,
        Terminal::Identifier
            | Terminal::As
            | Terminal::Async
            | Terminal::Await
            | Terminal::ForOf
            | Terminal::From
            | Terminal::Get
            | Terminal::Let
            | Terminal::Set
            | Terminal::Static
            | Terminal::Using
            | Terminal::Yield
    )
}

/// Whether the name of a property or class element may begin with a token.
fn begins_name(terminal: Terminal) -> bool {
    terminal.is_word()
        || matches!(
            terminal,
            Terminal::String | Terminal::Number | Terminal::LeftBracket | Terminal::PrivateIdentifier
        )
}

/// Whether the operand of a unary operator may begin with a token.
fn begins_operand(terminal: Terminal) -> bool {
    is_identifier(terminal)
        || matches!(
            terminal,
            Terminal::String
                | Terminal::Number
                | Terminal::Template
                | Terminal::TemplateHead
                | Terminal::LeftParenthesis
                | Terminal::LeftBracket
                | Terminal::LeftBrace
                | Terminal::Plus
                | Terminal::Minus
                | Terminal::Slash
                | Terminal::Exclamation
                | Terminal::Tilde
                | Terminal::UpdateOperator
                | Terminal::Class
                | Terminal::Delete
                | Terminal::False
                | Terminal::Function
                | Terminal::Import
                | Terminal::New
                | Terminal::Null
                | Terminal::Super
                | Terminal::This
                | Terminal::True
                | Terminal::Typeof
                | Terminal::Void
        )
}

impl Source {
    pub(crate) fn new(start: Start, context: Terminal, reading: Reading) -> Self {
        Source {
            lexer: Lexer::new(start, reading),
            pending: None,
            held: None,
            previous: [context; 2],
            open: 0,
            closed: 0,
            templates: 0,
            loops: 0,
            detached: context == Terminal::StartStatement,
            body: false,
            in_substitution: reading.in_template || start == Start::Substitution,
            continuation: reading.continuation,
            ambiguous: false,
            closed_brace: false,
        }
    }

    /// Which other readings differ from this one, so far.
    pub(crate) fn ambiguity(&self) -> Ambiguity {
        Ambiguity {
            continuation: self.ambiguous,
            goal: self.lexer.html_like,
            in_template: self.closed_brace,
            escaped: self.lexer.escape_matters,
        }
    }

    /// The next token of a piece that begins at `base` in the whole input; `last` says that the
    /// input ends with the piece, `can_shift` what the grammar could take behind the tokens that
    /// were given. In the loop of who asks, a token need not be copied.
    #[inline(always)]
    pub(crate) fn next(
        &mut self,
        piece: &[u8],
        base: usize,
        last: bool,
        can_shift: impl Fn(u8) -> bool,
    ) -> Lexed {
        let can_shift = |terminal: Terminal| can_shift(terminal.index());
        loop {
            // Seldom is one pending or held, and taking what is not there costs more than a look.
            let lexed = match self.pending {
                Some(token) => {
                    self.pending = None;
                    Lexed::Token(token)
                }
                None => self.lexer.next(piece, base, last),
            };
            let raw = match lexed {
                Lexed::Token(token) => token,
                Lexed::More => return Lexed::More,
                Lexed::End => {
                    // Anything may follow the word.
                    let Some(word) = self.held.take() else {
                        return Lexed::End;
                    };
                    let terminal = match can_shift(Terminal::Identifier) {
                        true => Terminal::Identifier,
                        false => word.terminal,
                    };
                    return self.give(Token { terminal, ..word });
                }
            };
            if let Some(word) = self.held {
                self.held = None;
                self.pending = Some(raw);
                let terminal = match self.is_keyword(word, raw, can_shift) {
                    true => word.terminal,
                    false => Terminal::Identifier,
                };
                return self.give(Token { terminal, ..word });
            }
            if std::mem::take(&mut self.detached) && self.goes_on(raw) {
                self.pending = Some(raw);
                return self.give(Token::new(Terminal::Operand, raw.start, raw.start));
            }
            let Some(terminal) = self.terminal(raw, can_shift) else {
                // The tokenizer reads on from here in another mode.
                continue;
            };
            let token = Token { terminal, ..raw };
            if let Some(semicolon) = self.missing_semicolon(token, can_shift) {
                self.pending = Some(raw);
                return self.give(Token::new(semicolon, raw.start, raw.start));
            }
            if terminal.is_contextual() {
                if can_shift(terminal) {
                    self.held = Some(token);
                    continue;
                }
                return self.give(Token { terminal: Terminal::Identifier, ..token });
            }
            return self.give(token);
        }
    }

    /// Whether a token goes on with an expression whose beginning is the program's own.
    #[inline(never)]
    fn goes_on(&mut self, token: Token) -> bool {
        match goes_on(token) {
            GoesOn::Always => true,
            GoesOn::Never => false,
            GoesOn::Perhaps => {
                self.ambiguous = true;
                self.continuation == Continuation::Expression
            }
        }
    }

    /// What a token of the tokenizer is here, but for words that the next token decides about.
    #[inline]
    fn terminal(&mut self, token: Token, can_shift: impl Fn(Terminal) -> bool) -> Option<Terminal> {
        let terminal = token.terminal;
        Some(match terminal {
            // §12.1: InputElementRegExp or InputElementDiv
            Terminal::Slash => {
                let after_line =
                    || token.newline && !can_shift(Terminal::Slash) && can_shift(Terminal::InsertedSemicolon);
                if can_shift(Terminal::RegularExpression) || after_line() {
                    self.lexer.begin_regular_expression(token);
                    return None;
                }
                if token.end - token.start == 2 { Terminal::AssignmentOperator } else { Terminal::Slash }
            }
            // §12.1: InputElementTemplateTail
            Terminal::RightBrace if self.templates > 0 && can_shift(Terminal::TemplateMiddle) => {
                self.lexer.continue_template(token);
                return None;
            }
            Terminal::RightParenthesis | Terminal::RightBracket | Terminal::RightBrace if self.open == 0 => {
                match terminal {
                    _ if self.closed == MOST_CLOSED => Terminal::Unknown,
                    Terminal::RightBrace => Terminal::UnbalancedBrace,
                    _ => Terminal::Unbalanced,
                }
            }
            // of a conditional expression, a property or a `case` that the program began
            Terminal::Colon if self.open == 0 && !can_shift(Terminal::Colon) => {
                let case = can_shift(Terminal::CaseColon);
                self.ambiguous |= case;
                match self.continuation {
                    Continuation::Statement if case => Terminal::CaseColon,
                    _ => Terminal::OuterColon,
                }
            }
            // §14.14, §15.3: no line end may stand here
            _ if token.newline && (terminal == Terminal::Arrow || self.previous[1] == Terminal::Throw) => {
                Terminal::Unknown
            }
            // any name may stand behind a dot
            _ if matches!(self.previous[1], Terminal::Period | Terminal::OptionalChain)
                && terminal.is_word() =>
            {
                Terminal::Identifier
            }
            Terminal::In if can_shift(Terminal::ForIn) => Terminal::ForIn,
            Terminal::ForOf | Terminal::As | Terminal::From if !can_shift(terminal) => Terminal::Identifier,
            other => other,
        })
    }

    /// The semicolon that the program left out before a token (§12.10.1).
    #[inline]
    fn missing_semicolon(&self, token: Token, can_shift: impl Fn(Terminal) -> bool) -> Option<Terminal> {
        let terminal = token.terminal;
        if terminal == Terminal::Semicolon {
            return None;
        }
        let fits = || can_shift(terminal) || (terminal.is_contextual() && can_shift(Terminal::Identifier));
        // the restricted productions
        let restricted = token.newline
            && (terminal == Terminal::UpdateOperator
                || matches!(
                    self.previous[1],
                    Terminal::Return | Terminal::Break | Terminal::Continue | Terminal::Yield
                ));
        let offending = token.newline || matches!(terminal, Terminal::RightBrace | Terminal::UnbalancedBrace);
        if (restricted || (offending && !fits())) && can_shift(Terminal::InsertedSemicolon) {
            return Some(Terminal::InsertedSemicolon);
        }
        let may_end_loop = self.loops > 0 && self.previous[1] == Terminal::RightParenthesis;
        (may_end_loop && can_shift(Terminal::DoWhileSemicolon)).then_some(Terminal::DoWhileSemicolon)
    }

    /// Whether a word that the grammar could take as a keyword is one, now that the next token is
    /// known.
    fn is_keyword(&self, word: Token, next: Token, can_shift: impl Fn(Terminal) -> bool) -> bool {
        let terminal = next.terminal;
        // §14.7.5: in `for (using of …)`, `for (async of …)` and their like the first word is a name
        let of_header = terminal == Terminal::ForOf
            && matches!(self.previous, [Terminal::For | Terminal::Await, Terminal::LeftParenthesis]);
        match word.terminal {
            _ if of_header && word.terminal != Terminal::Let => false,
            // §14.3.1
            Terminal::Let => {
                is_identifier(terminal) || matches!(terminal, Terminal::LeftBracket | Terminal::LeftBrace)
            }
            Terminal::Using => is_identifier(terminal) && !next.newline,
            // §15.6, §15.8, §15.9
            Terminal::Async if next.newline => false,
            Terminal::Async if terminal == Terminal::Function => true,
            Terminal::Async if can_shift(Terminal::Get) => {
                begins_name(terminal) || terminal == Terminal::Asterisk
            }
            Terminal::Async => is_identifier(terminal),
            // §15.4
            Terminal::Get | Terminal::Set => begins_name(terminal),
            // §15.7
            Terminal::Static => {
                begins_name(terminal) || matches!(terminal, Terminal::Asterisk | Terminal::LeftBrace)
            }
            // §15.5: what can follow an expression alone shows that `yield` is a name. Before a
            // parenthesis it is read as one too, for arguments are more than an expression.
            Terminal::Yield if terminal == Terminal::Asterisk => !next.newline,
            Terminal::Yield => !matches!(
                terminal,
                Terminal::Equals
                    | Terminal::LeftParenthesis
                    | Terminal::AssignmentOperator
                    | Terminal::Arrow
                    | Terminal::Period
                    | Terminal::OptionalChain
                    | Terminal::Question
                    | Terminal::Colon
                    | Terminal::BinaryOperator
                    | Terminal::LogicalOperator
                    | Terminal::Comparison
                    | Terminal::In
                    | Terminal::Instanceof
            ),
            // §15.8, and as above but for `for await (`
            Terminal::Await if terminal == Terminal::LeftParenthesis => self.previous[1] == Terminal::For,
            // a block in the next line, after a name, rather than an object
            Terminal::Await if terminal == Terminal::LeftBrace => !next.newline,
            Terminal::Await => begins_operand(terminal),
            _ => true,
        }
    }

    /// Gives a token and takes note of it.
    #[inline]
    fn give(&mut self, token: Token) -> Lexed {
        self.previous = [self.previous[1], token.terminal];
        match token.terminal {
            Terminal::LeftParenthesis | Terminal::LeftBracket | Terminal::LeftBrace => {
                let head = matches!(self.previous[0], Terminal::Unbalanced | Terminal::StartStatement);
                self.body |= self.open == 0 && head && token.terminal == Terminal::LeftBrace;
                self.open += 1;
            }
            Terminal::RightParenthesis | Terminal::RightBracket | Terminal::RightBrace => {
                self.open = self.open.saturating_sub(1);
                if self.open == 0 && std::mem::take(&mut self.body) {
                    self.detached = true;
                }
            }
            Terminal::TemplateHead => {
                self.open += 1;
                self.templates += 1;
            }
            Terminal::TemplateTail => {
                self.open = self.open.saturating_sub(1);
                self.templates = self.templates.saturating_sub(1);
            }
            Terminal::UnbalancedBrace if self.in_substitution => {
                self.closed_brace = true;
                // The text of the program's template follows.
                self.closed += 1;
                self.in_substitution = false;
                self.lexer.resume_template();
                return Lexed::Token(Token { terminal: Terminal::Unbalanced, ..token });
            }
            Terminal::Unbalanced | Terminal::UnbalancedBrace => {
                self.closed_brace |= token.terminal == Terminal::UnbalancedBrace;
                self.closed += 1;
                self.detached = true;
            }
            Terminal::Do => self.loops += 1,
            _ => {}
        }
        Lexed::Token(token)
    }
}

/// How many bytes of a long number are kept at each end: more than can still change behind it.
pub(super) const KEPT: usize = 128;

impl Source {
    /// Leaves out the middle of a long number, of which nobody asks what is in it. Answers how many
    /// bytes behind the first [`KEPT`] to leave out.
    pub(super) fn elide(&mut self, pending: &[u8]) -> usize {
        let end = pending.len().saturating_sub(KEPT);
        if end < 2 * KEPT || !self.lexer.in_text() {
            return 0;
        }
        let digit = |byte: &u8| match pending[..2] {
            [b'0', b'x' | b'X'] => byte.is_ascii_hexdigit() || *byte == b'_',
            [b'0'..=b'9' | b'.', _] => byte.is_ascii_digit() || *byte == b'_',
            _ => false,
        };
        if !pending[KEPT..end].iter().all(digit) {
            return 0;
        }
        self.lexer.position += end - KEPT;
        self.lexer.elided += end - KEPT;
        end - KEPT
    }
}

/// A stack without an allocation of its own, up to the depth that is kept inline.
#[derive(Clone, Debug, Default)]
struct InlineStack(Stack<()>);

impl Deref for InlineStack {
    type Target = Stack<()>;

    fn deref(&self) -> &Stack<()> {
        &self.0
    }
}

impl DerefMut for InlineStack {
    fn deref_mut(&mut self) -> &mut Stack<()> {
        &mut self.0
    }
}

/// A recogniser for a source to ask whose tokens no run reads.
#[derive(Clone, Debug)]
pub(super) struct Guide {
    recogniser: Recogniser<RecogniseOnly, InlineStack>,
    /// What the grammar said to the last token.
    pub(super) answer: Push,
}

impl Guide {
    pub(super) fn new(context: Terminal, depth: usize) -> Self {
        let mut recogniser = Recogniser::on(InlineStack::default(), &super::GRAMMAR, RecogniseOnly, depth);
        let answer = recogniser.push(context.index(), ());
        Guide { recogniser, answer }
    }

    /// Whether the grammar could take a terminal now.
    pub(super) fn can_shift(&self, terminal: u8) -> bool {
        self.answer == Push::Shifted && self.recogniser.can_shift(terminal)
    }

    pub(super) fn push(&mut self, token: Token) {
        if self.answer == Push::Shifted {
            self.answer = self.recogniser.push(token.terminal.index(), ());
        }
    }
}

/// A source with a recogniser of its own to ask, so that whoever reads its tokens need not answer.
#[derive(Clone, Debug)]
pub(crate) struct GuidedSource {
    pub(super) source: Source,
    guide: Guide,
}

impl GuidedSource {
    pub(crate) fn new(start: Start, context: Terminal, reading: Reading, depth: usize) -> Self {
        GuidedSource { source: Source::new(start, context, reading), guide: Guide::new(context, depth) }
    }

    /// The same, of a text that begins at a byte of the value.
    pub(super) fn at(mut self, position: usize) -> Self {
        self.source.lexer.position = position;
        self
    }

    /// The next token; arguments as of [`Source::next`].
    pub(crate) fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed {
        let lexed = self.source.next(piece, base, last, |terminal| self.guide.can_shift(terminal));
        if let Lexed::Token(token) = lexed {
            self.guide.push(token);
        }
        lexed
    }

    /// What the grammar said to the last token.
    pub(crate) fn answer(&self) -> Push {
        self.guide.answer
    }

    /// The terminals with which a program could end what the tokens so far left open.
    pub(crate) fn closing(&self) -> impl Iterator<Item = Terminal> {
        let mut guide = self.guide.clone();
        let next = move || {
            let terminal = closer(|terminal| guide.can_shift(terminal.index()))?;
            guide.push(Token::new(terminal, 0, 0));
            Some(terminal)
        };
        std::iter::from_fn(next).take(most_closers(self.source.open))
    }
}

/// How many terminals end what a value left open that has so many brackets open: each takes a closer, and
/// what it encloses two more tokens at the most.
pub(super) const fn most_closers(open: u32) -> usize {
    4 * open as usize + 8
}

/// The next terminal with which a program could end what is open, if it is not complete; `can_shift` says
/// what the grammar could take.
pub(super) fn closer(can_shift: impl Fn(Terminal) -> bool) -> Option<Terminal> {
    let can_shift = |terminal: &&Terminal| can_shift(**terminal);
    let closer = CLOSERS.iter().find(can_shift);
    // Where a declaration may begin and nothing is open the program is complete.
    let missing = || if can_shift(&&Terminal::Const) { None } else { MISSING.iter().find(can_shift) };
    closer.or_else(missing).copied()
}

/// What ends something that is complete but for its end.
const CLOSERS: &[Terminal] = &[
    Terminal::InsertedSemicolon,
    Terminal::RightParenthesis,
    Terminal::RightBracket,
    Terminal::TemplateTail,
    Terminal::RightBrace,
];

/// What goes on with something that is not complete.
const MISSING: &[Terminal] = &[
    Terminal::Identifier,
    Terminal::Colon,
    Terminal::Semicolon,
    Terminal::LeftBrace,
    Terminal::LeftParenthesis,
    Terminal::String,
    Terminal::While,
    Terminal::Finally,
    Terminal::From,
    Terminal::As,
    Terminal::Arrow,
];

/// The tokens of a whole value: see [`tokens`](super::tokens).
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    source: GuidedSource,
    input: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(input: &'a [u8], start: Start, context: Terminal, reading: Reading) -> Self {
        Tokens { source: GuidedSource::new(start, context, reading, INLINE_DEPTH), input }
    }

    /// The same tokens, of which none was taken yet, with a recogniser that holds up to `depth`
    /// symbols: see [`Push::TooDeep`].
    pub fn with_depth(mut self, depth: usize) -> Self {
        let source = self.source.source;
        let context = source.previous[1];
        self.source = GuidedSource::new(Start::Text, context, Reading::default(), depth);
        self.source.source = source;
        self
    }

    /// What the grammar said to the last token. Behind one that it rejected the tokens are those
    /// that no grammar asks for: every `/` divides, no semicolon is missing.
    pub fn answer(&self) -> Push {
        self.source.answer()
    }

    /// Which other readings differ from this one, so far.
    pub fn ambiguity(&self) -> Ambiguity {
        self.source.source.ambiguity()
    }

    /// Where the comment began in which the input ended, once all tokens were taken.
    pub fn open_comment(&self) -> Option<usize> {
        self.source.source.lexer.open_comment
    }

    /// The terminals with which a program could end what the tokens so far left open, innermost
    /// first.
    ///
    /// ```
    /// use syntrap::js::{self, Reading, Start, Terminal};
    ///
    /// let mut tokens = js::tokens(b"a([b, ", Start::Text, Terminal::StartStatement, Reading::default());
    /// tokens.by_ref().for_each(drop);
    /// let names: Vec<_> = tokens.closing().map(Terminal::name).collect();
    /// assert_eq!(names, ["]", ")", "INSERTED_SEMICOLON"]);
    /// ```
    pub fn closing(&self) -> impl Iterator<Item = Terminal> {
        self.source.closing()
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        match self.source.next(self.input, 0, true) {
            Lexed::Token(token) => Some(token),
            Lexed::More | Lexed::End => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::js::Goal;

    const CONTEXTS: &[(Start, Terminal)] = &[
        (Start::Script, Terminal::StartScript),
        (Start::Text, Terminal::StartStatement),
        (Start::Text, Terminal::StartExpression),
        (Start::SingleQuoted, Terminal::StartExpression),
        (Start::DoubleQuoted, Terminal::StartExpression),
        (Start::Template, Terminal::StartExpression),
        (Start::Substitution, Terminal::StartExpression),
        (Start::RegularExpression, Terminal::StartExpression),
        (Start::LineComment, Terminal::StartStatement),
        (Start::BlockComment, Terminal::StartStatement),
    ];

    /// The tokens of an input that comes in pieces of these lengths, the last one repeated.
    fn in_pieces(
        input: &[u8],
        start: Start,
        context: Terminal,
        reading: Reading,
        lengths: &[usize],
    ) -> Vec<Token> {
        let mut source = GuidedSource::new(start, context, reading, INLINE_DEPTH);
        let mut tokens = Vec::new();
        let mut end = 0;
        let mut lengths = lengths.iter().copied();
        loop {
            let base = source.source.lexer.position;
            match source.next(&input[base..end], base, end == input.len()) {
                Lexed::Token(token) => tokens.push(token),
                Lexed::More => end = (end + lengths.next().unwrap_or(1)).min(input.len()),
                Lexed::End => return tokens,
            }
        }
    }

    const FRAGMENTS: &[&str] = &[
        "'", "\"", "`", "${", "}", "{", "(", ")", "[", "]", "\\", "\\'", "\\u0061", "\\u{61}", "\\x41",
        "\\\n", "\\101", "//", "/*", "*/", "<!--", "-->", "#!", "/", "/=", "/[/]/g", "\n", "\r\n",
        "\u{2028}", " ", "\u{a0}", "\u{feff}", "a", "async", "await ", "yield", "let ", "of ", "in ",
        "for (", "get ", "static", "using ", "return", "do ", "while", "1", ".5", "1e+", "0x", "0b1n",
        "017.", "=>", "=", "===", ">>>=", "?.", "??=", "++", "--", "...", ".", ",", ";", ":", "?", "#p", "é",
        "名", "😀", "“", "\0", "function", "class", "import ", "x;", "f(1)", "$",
    ];

    #[test]
    fn tokens_do_not_depend_on_the_pieces_that_the_input_comes_in() {
        // A generator of numbers (Knuth's MMIX) is random enough.
        let mut state = 1u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for _ in 0..20_000 {
            let mut input = Vec::new();
            for _ in 0..random(14) {
                match random(24) {
                    0 => input.extend(std::iter::repeat_n(b"a1\\/` u0{"[random(9)], random(120))),
                    1 => input.push(random(256) as u8),
                    _ => input.extend(FRAGMENTS[random(FRAGMENTS.len())].as_bytes()),
                }
            }
            let (start, context) = CONTEXTS[random(CONTEXTS.len())];
            let reading = Reading {
                continuation: [Continuation::Expression, Continuation::Statement][random(2)],
                goal: [Goal::Script, Goal::Module][random(2)],
                in_template: random(2) == 0,
                escaped: random(2) == 0,
            };
            let whole = in_pieces(&input, start, context, reading, &[input.len()]);
            let cut = in_pieces(&input, start, context, reading, &[random(input.len() + 1)]);
            let bytes = in_pieces(&input, start, context, reading, &[]);
            assert_eq!(whole, cut, "{}", input.escape_ascii());
            assert_eq!(whole, bytes, "{}", input.escape_ascii());
        }
    }

    #[test]
    fn names_and_texts_are_known_however_they_are_escaped() {
        let written = [
            ("name", "name"),
            ("name", "n\\u0061me"),
            ("name", "\\u{6e}\\u{0000061}me"),
            ("name", "'name'"),
            ("name", "'n\\x61me'"),
            ("name", "\"na\\\nme\""),
            ("name", "'\\156ame'"),
            ("name", "`n\\ame`"),
            ("a\nb", "'a\\nb'"),
            ("", "''"),
        ];
        for (text, source) in written {
            let tokens = in_pieces(
                source.as_bytes(),
                Start::Script,
                Terminal::StartScript,
                Reading::default(),
                &[source.len()],
            );
            assert_eq!(tokens.len(), 1, "{source}");
            assert!(tokens[0].is(text), "{source} is {text}");
            assert!(!tokens[0].is("mane"));
        }
    }
}
