//! What a context feeds to the token source: the value as it is, the percent-decoded body of a URL, or
//! the expressions that a template engine finds in a text.

use memchr::memmem;
use smallvec::SmallVec;

use super::source::{GuidedSource, KEPT};
use super::{Ambiguity, Continuation, Goal, Reading, Start, Terminal, Token, place};
use crate::report::Reason;
use crate::run::{self, TokenSource};
use crate::{Context, Push};

type Lexed = run::Lexed<Token>;

/// How a program goes on behind a value that ends here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tail {
    /// With its own text.
    None,
    /// The value hides it in a comment.
    Comment,
    /// The value has opened again what it stands in, so that the program closes it.
    Reopened,
    /// In a literal that the value has opened.
    Open,
}

/// How a program is read where the value alone does not decide it; or what stands around the
/// expressions of a template.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dialect {
    /// With the place among [`READINGS`].
    Program(usize),
    Template(Delimiters),
}

/// The readings of a program, by name.
const READINGS: [(&str, Reading); 7] = {
    let script = Reading::new(Continuation::Expression, Goal::Script);
    let block = Reading::new(Continuation::Statement, Goal::Script);
    [
        ("script", script),
        ("script-block", block),
        ("module", Reading::new(Continuation::Expression, Goal::Module)),
        ("module-block", Reading::new(Continuation::Statement, Goal::Module)),
        ("substitution", Reading { in_template: true, ..script }),
        ("escaped", Reading { escaped: true, ..script }),
        ("escaped-block", Reading { escaped: true, ..block }),
    ]
};

/// What stands around an expression in a template.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Delimiters {
    /// `{{…}}`: AngularJS, Angular, Vue, Handlebars
    DoubleBrace,
    /// `{{{…}}}`: Vue 1, Handlebars
    TripleBrace,
    /// `${…}`
    DollarBrace,
    /// `#{…}`: Pug
    HashBrace,
    /// `<%= … %>`, `<%- … %>`: EJS
    Percent,
}

/// How long a delimiter is at the most, to begin with.
const DELIMITER: usize = 3;

impl Delimiters {
    /// The bytes that begin an expression, and for some one more follows.
    pub(super) const fn opening(self) -> &'static [u8] {
        match self {
            Delimiters::DoubleBrace => b"{{",
            Delimiters::TripleBrace => b"{{{",
            Delimiters::DollarBrace => b"${",
            Delimiters::HashBrace => b"#{",
            Delimiters::Percent => b"<%",
        }
    }

    /// How many bytes end one.
    const fn closing(self) -> usize {
        match self {
            Delimiters::DoubleBrace | Delimiters::Percent => 2,
            Delimiters::TripleBrace => 3,
            Delimiters::DollarBrace | Delimiters::HashBrace => 1,
        }
    }
}

impl Dialect {
    /// All of them, those of programs first.
    pub(super) const ALL: &[Dialect] = &[
        Dialect::Program(0),
        Dialect::Program(1),
        Dialect::Program(2),
        Dialect::Program(3),
        Dialect::Program(4),
        Dialect::Program(5),
        Dialect::Program(6),
        Dialect::Template(Delimiters::DoubleBrace),
        Dialect::Template(Delimiters::TripleBrace),
        Dialect::Template(Delimiters::DollarBrace),
        Dialect::Template(Delimiters::HashBrace),
        Dialect::Template(Delimiters::Percent),
    ];

    /// A script, and a module.
    pub(super) const SCRIPT: Dialect = Dialect::Program(0);
    pub(super) const MODULE: Dialect = Dialect::Program(2);

    /// Those that a context has.
    pub(super) fn of(context: Context) -> impl Iterator<Item = Dialect> + Clone {
        let wanted = move |dialect: &Dialect| match (*dialect, context) {
            (Dialect::Template(_), _) => context == Context::JsTemplateInjection,
            (_, Context::JsTemplateInjection) => false,
            (Dialect::Program(place), _) => {
                let reading = READINGS[place].1;
                let quoted = matches!(context, Context::JsSingleQuoted | Context::JsDoubleQuoted);
                // Only an expression stands in a substitution without a literal around it.
                (!reading.in_template || context == Context::JsExpression) && (!reading.escaped || quoted)
            }
        };
        Dialect::ALL.iter().copied().filter(wanted)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Dialect::Program(place) => READINGS[place].0,
            Dialect::Template(Delimiters::DoubleBrace) => "double-brace",
            Dialect::Template(Delimiters::TripleBrace) => "triple-brace",
            Dialect::Template(Delimiters::DollarBrace) => "dollar-brace",
            Dialect::Template(Delimiters::HashBrace) => "hash-brace",
            Dialect::Template(Delimiters::Percent) => "percent",
        }
    }

    pub(super) const fn reading(self) -> Reading {
        match self {
            Dialect::Program(place) => READINGS[place].1,
            Dialect::Template(_) => READINGS[0].1,
        }
    }

    /// What a value has that an engine reads as a template in this dialect.
    pub(super) const fn opening(self) -> Option<&'static [u8]> {
        match self {
            Dialect::Template(delimiters) => Some(delimiters.opening()),
            Dialect::Program(_) => None,
        }
    }

    /// Whether the dialect reads a value otherwise than another one of which this is known.
    pub(super) fn differs(self, other: Dialect, ambiguity: Ambiguity) -> bool {
        let (own, known) = (self.reading(), other.reading());
        ambiguity.continuation && own.continuation != known.continuation
            || ambiguity.goal && own.goal != known.goal
            || ambiguity.in_template && own.in_template != known.in_template
            || ambiguity.escaped && own.escaped != known.escaped
    }
}

/// The tokens of a value in a context.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    dialect: Dialect,
    start: Start,
    depth: usize,
    guided: GuidedSource,
    form: Form,
}

/// What the value is for the tokenizer.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "nothing is allocated")]
enum Form {
    /// The text itself.
    Text,
    /// A text that is percent-encoded.
    Encoded(Decoder),
    /// A text with expressions between delimiters.
    Template {
        delimiters: Delimiters,
        /// The first byte that was not read yet, outside of expressions; in one, its first byte.
        position: usize,
        /// The tokenizer is in an expression.
        inside: bool,
    },
}

/// The part of a percent-encoded text that was decoded and not read yet.
#[derive(Clone, Debug, Default)]
struct Decoder {
    bytes: SmallVec<[u8; Decoder::SIZE]>,
    /// Where the first of them stands in the decoded text.
    base: usize,
    /// How much of the encoded text was taken.
    taken: usize,
    /// A token is longer than what is kept.
    stuck: bool,
}

impl Decoder {
    const SIZE: usize = 1024;

    /// Decodes as much as there is room for (URL standard, "percent-decode").
    fn fill(&mut self, mut encoded: &[u8], last: bool) {
        let before = encoded.len();
        while self.bytes.len() < Self::SIZE {
            let digit = |at: usize| encoded.get(at).and_then(|&byte| (byte as char).to_digit(16));
            let (byte, length) = match encoded {
                [] => break,
                [b'%', rest @ ..] if rest.len() < 2 && !last => break,
                [b'%', ..] => match (digit(1), digit(2)) {
                    (Some(high), Some(low)) => ((high * 16 + low) as u8, 3),
                    _ => (b'%', 1),
                },
                [byte, ..] => (*byte, 1),
            };
            self.bytes.push(byte);
            encoded = &encoded[length..];
        }
        self.taken += before - encoded.len();
    }
}

impl Input {
    pub(super) fn new(context: Context, dialect: Dialect, depth: usize) -> Self {
        let (start, terminal) = place(context);
        let form = match (dialect, context) {
            (Dialect::Template(delimiters), _) => Form::Template { delimiters, position: 0, inside: false },
            (_, Context::JsUrl) => Form::Encoded(Decoder::default()),
            _ => Form::Text,
        };
        let guided = GuidedSource::new(start, terminal, dialect.reading(), depth);
        Input { dialect, start, depth, guided, form }
    }

    /// How the dialect that it reads is called.
    pub(super) fn dialect(&self) -> &'static str {
        self.dialect.name()
    }

    /// Which other dialects read the value otherwise.
    pub(super) fn ambiguity(&self) -> Ambiguity {
        self.guided.ambiguity()
    }

    /// Whether the value is read as a part of a program, of which its text is all.
    pub(super) fn is_program(&self) -> bool {
        matches!(self.form, Form::Text)
    }

    /// What the grammar said to the last token.
    pub(super) fn answer(&self) -> Push {
        self.guided.answer()
    }

    /// How the program goes on behind the value.
    pub(super) fn tail(&self) -> Tail {
        match self.guided.unclosed() {
            Some(Start::LineComment | Start::BlockComment) => Tail::Comment,
            Some(literal) if literal == self.start => Tail::Reopened,
            Some(_) => Tail::Open,
            None => Tail::None,
        }
    }

    /// Where the comment begins that the value ended in.
    pub(super) fn open_comment(&self) -> Option<usize> {
        self.guided.open_comment()
    }

    /// The terminals that close what is open, innermost first, and those that complete what is not.
    pub(super) fn closing(&self) -> impl Iterator<Item = Terminal> {
        let program = !matches!(self.form, Form::Template { .. });
        // Mostly only the semicolon behind the last statement is missing.
        let semicolon = program && self.guided.lacks_semicolon();
        // A parenthesis would call what the value ends in.
        let calls = |terminal: &Terminal| *terminal == Terminal::LeftParenthesis;
        let rest = (program && !semicolon).then(|| self.guided.closing().take_while(move |end| !calls(end)));
        semicolon.then_some(Terminal::InsertedSemicolon).into_iter().chain(rest.into_iter().flatten())
    }

    /// The next token of a text in which expressions stand between delimiters: they are those of a
    /// template literal, each a `template_head`, the expression and a `template_tail`.
    fn next_of_template(
        &mut self,
        delimiters: Delimiters,
        position: usize,
        piece: &[u8],
        base: usize,
        last: bool,
    ) -> Lexed {
        let outside = |position| Form::Template { delimiters, position, inside: false };
        let rest = &piece[position - base..];
        let opening = delimiters.opening();
        let mut from = 0;
        loop {
            let Some(at) = memmem::find(&rest[from..], opening) else {
                let kept = if last { 0 } else { (opening.len() - 1).min(rest.len()) };
                self.form = outside(position + rest.len() - kept);
                return if last { Lexed::End } else { Lexed::More };
            };
            let at = from + at;
            let mut end = at + opening.len();
            let next = match delimiters {
                Delimiters::Percent => {
                    end += 1;
                    rest.get(end - 1)
                }
                _ => Some(&b' '),
            };
            match next {
                None if !last => {
                    self.form = outside(position + at);
                    return Lexed::More;
                }
                // A statement, which gives the page no text, or a comment.
                Some(&next) if delimiters == Delimiters::Percent && !matches!(next, b'=' | b'-') => {
                    from = end - 1;
                    continue;
                }
                None => {
                    self.form = outside(position + rest.len());
                    return Lexed::End;
                }
                _ => {}
            }
            let (start, end) = (position + at, position + end);
            self.form = Form::Template { delimiters, position: end, inside: true };
            let reading = self.dialect.reading();
            self.guided =
                GuidedSource::new(Start::Text, Terminal::StartExpression, reading, self.depth).at(end);
            return Lexed::Token(Token::new(Terminal::TemplateHead, start, end));
        }
    }

    /// The next token of an expression between delimiters.
    fn next_of_expression(&mut self, delimiters: Delimiters, piece: &[u8], base: usize, last: bool) -> Lexed {
        let token = match self.guided.next(piece, base, last) {
            Lexed::Token(token) => token,
            other => return other,
        };
        let byte = |at: usize| at.checked_sub(base).and_then(|at| piece.get(at)).copied();
        let closes = match token.terminal {
            Terminal::Unbalanced | Terminal::UnbalancedBrace if byte(token.start) == Some(b'}') => {
                (1..delimiters.closing()).all(|more| byte(token.start + more) == Some(b'}'))
                    && delimiters != Delimiters::Percent
            }
            Terminal::BinaryOperator if delimiters == Delimiters::Percent => {
                byte(token.start) == Some(b'%') && byte(token.end) == Some(b'>')
            }
            _ => false,
        };
        let outside = |position| Form::Template { delimiters, position, inside: false };
        if closes {
            let end = token.start + delimiters.closing();
            self.form = outside(end);
            return Lexed::Token(Token { terminal: Terminal::TemplateTail, end, ..token });
        }
        // The delimiters belong to the template: an expression ends nowhere else.
        let leaves = matches!(token.terminal, Terminal::Unbalanced | Terminal::UnbalancedBrace);
        if self.guided.answer() == Push::Rejected || leaves {
            // What was rejected may be the beginning of the next delimiter.
            self.form = outside(self.position());
        }
        let terminal = if leaves { Terminal::Unknown } else { token.terminal };
        Lexed::Token(Token { terminal, ..token })
    }
}

impl TokenSource for Input {
    type Token = Token;

    #[inline]
    fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed {
        match &mut self.form {
            Form::Text => self.guided.next(piece, base, last),
            Form::Encoded(decoder) => loop {
                let complete = last && decoder.taken == base + piece.len();
                match self.guided.next(&decoder.bytes, decoder.base, complete) {
                    Lexed::More => {}
                    known => return known,
                }
                let read = self.guided.position() - decoder.base;
                decoder.bytes.drain(..read);
                decoder.base += read;
                if decoder.bytes.len() == Decoder::SIZE {
                    let left_out = self.guided.elide(&decoder.bytes);
                    if left_out == 0 {
                        decoder.stuck = true;
                        return Lexed::End;
                    }
                    decoder.bytes.drain(KEPT..KEPT + left_out);
                    decoder.base += left_out;
                }
                let before = decoder.taken;
                decoder.fill(&piece[before - base..], last);
                if decoder.taken == before {
                    return Lexed::More;
                }
            },
            &mut Form::Template { delimiters, position, inside: false } => {
                self.next_of_template(delimiters, position, piece, base, last)
            }
            &mut Form::Template { delimiters, .. } => self.next_of_expression(delimiters, piece, base, last),
        }
    }

    fn position(&self) -> usize {
        match &self.form {
            Form::Text => self.guided.position(),
            Form::Encoded(decoder) => decoder.taken,
            &Form::Template { position, inside: false, .. } => position,
            &Form::Template { position, .. } => {
                position.max(self.guided.position().saturating_sub(DELIMITER))
            }
        }
    }

    fn undecided(&self) -> Option<Reason> {
        match &self.form {
            Form::Encoded(decoder) if decoder.stuck => Some(Reason::TokenTooLong),
            _ => None,
        }
    }

    fn elide(&mut self, pending: &mut Vec<u8>) {
        if matches!(self.form, Form::Text | Form::Template { inside: true, .. }) {
            let read = self.guided.position() - self.position();
            let left_out = self.guided.elide(pending.get(read..).unwrap_or_default());
            if left_out > 0 {
                pending.drain(read + KEPT..read + KEPT + left_out);
            }
        }
    }
}
