//! What a context feeds to the token source: the value as it is, the percent-decoded body of a URL, or
//! the expressions that a template engine finds in a text.

use memchr::memmem;
use smallvec::SmallVec;

use super::source::{GuidedSource, KEPT, Source};
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
    /// A script, and a module.
    pub(super) const SCRIPT: Dialect = Dialect::Program(0);
    pub(super) const MODULE: Dialect = Dialect::Program(2);

    /// How many a context has at the most.
    pub(super) const MOST: usize = 6;

    /// Those that a context has.
    pub(super) const fn of(context: Context) -> &'static [Dialect] {
        use Delimiters::{DollarBrace, DoubleBrace, HashBrace, Percent, TripleBrace};
        use Dialect::{Program, Template};

        match context {
            Context::JsTemplateInjection => &[
                Template(DoubleBrace),
                Template(TripleBrace),
                Template(DollarBrace),
                Template(HashBrace),
                Template(Percent),
            ],
            // Only an expression stands in a substitution without a literal around it.
            Context::JsExpression => &[Program(0), Program(1), Program(2), Program(3), Program(4)],
            Context::JsSingleQuoted | Context::JsDoubleQuoted => {
                &[Program(0), Program(1), Program(2), Program(3), Program(5), Program(6)]
            }
            _ => &[Program(0), Program(1), Program(2), Program(3)],
        }
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
    form: Form,
}

/// What the value is for the tokenizer.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "nothing is allocated")]
enum Form {
    /// The text itself.
    Text(Source),
    /// A text that is percent-encoded.
    Encoded(Source, Decoder),
    /// A text with expressions between delimiters.
    Template(Template),
}

/// A text with expressions between delimiters. Each is read by itself, so that where one is not viable the
/// next is read all the same.
#[derive(Clone, Debug)]
struct Template {
    delimiters: Delimiters,
    depth: usize,
    /// The expression that was entered last.
    guided: GuidedSource,
    /// The first byte that was not read yet, outside of expressions; in one, its first byte.
    position: usize,
    /// The tokenizer is in an expression.
    inside: bool,
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
        let source = || Source::new(start, terminal, dialect.reading());
        let form = match (dialect, context) {
            (Dialect::Template(delimiters), _) => Form::Template(Template::new(delimiters, depth)),
            (_, Context::JsUrl) => Form::Encoded(source(), Decoder::default()),
            _ => Form::Text(source()),
        };
        Input { dialect, start, form }
    }

    /// How the dialect that it reads is called.
    pub(super) fn dialect(&self) -> &'static str {
        self.dialect.name()
    }

    /// Where the tokens come from.
    fn source(&self) -> &Source {
        match &self.form {
            Form::Text(source) | Form::Encoded(source, _) => source,
            Form::Template(template) => &template.guided.source,
        }
    }

    /// Which other dialects read the value otherwise.
    pub(super) fn ambiguity(&self) -> Ambiguity {
        self.source().ambiguity()
    }

    /// How the program goes on behind the value.
    pub(super) fn tail(&self) -> Tail {
        match self.source().lexer.unclosed {
            Some(Start::LineComment | Start::BlockComment) => Tail::Comment,
            Some(literal) if literal == self.start => Tail::Reopened,
            Some(_) => Tail::Open,
            None => Tail::None,
        }
    }

    /// Where the comment begins that the value ended in.
    pub(super) fn open_comment(&self) -> Option<usize> {
        self.source().lexer.open_comment
    }

    /// How many brackets are open, if the program closes them: what a template leaves open is left.
    pub(super) fn open(&self) -> Option<u32> {
        match self.form {
            Form::Template(_) => None,
            _ => Some(self.source().open),
        }
    }
}

impl Template {
    fn new(delimiters: Delimiters, depth: usize) -> Self {
        Template {
            delimiters,
            depth,
            guided: Template::expression(delimiters, depth, 0),
            position: 0,
            inside: false,
        }
    }

    /// An expression that begins at a byte of the value.
    fn expression(delimiters: Delimiters, depth: usize, at: usize) -> GuidedSource {
        let reading = Dialect::Template(delimiters).reading();
        GuidedSource::new(Start::Text, Terminal::StartExpression, reading, depth).at(at)
    }

    fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed {
        if self.inside {
            self.next_of_expression(piece, base, last)
        } else {
            self.next_of_text(piece, base, last)
        }
    }

    /// The first byte that is still needed: what an expression ends in may begin the next.
    fn needed(&self) -> usize {
        if self.inside { self.position.max(self.read().saturating_sub(DELIMITER)) } else { self.position }
    }

    /// The first byte that was not read yet in an expression.
    fn read(&self) -> usize {
        self.guided.source.lexer.position
    }

    /// Nothing is left of an expression before this byte.
    fn leave(&mut self, position: usize) {
        self.position = position;
        self.inside = false;
    }

    /// The next token of a text in which expressions stand between delimiters: they are those of a
    /// template literal, each a `template_head`, the expression and a `template_tail`.
    fn next_of_text(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed {
        let (delimiters, position) = (self.delimiters, self.position);
        let rest = &piece[position - base..];
        let opening = delimiters.opening();
        let mut from = 0;
        loop {
            let Some(at) = memmem::find(&rest[from..], opening) else {
                let kept = if last { 0 } else { (opening.len() - 1).min(rest.len()) };
                self.position = position + rest.len() - kept;
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
                    self.position = position + at;
                    return Lexed::More;
                }
                // A statement, which gives the page no text, or a comment.
                Some(&next) if delimiters == Delimiters::Percent && !matches!(next, b'=' | b'-') => {
                    from = end - 1;
                    continue;
                }
                None => {
                    self.position = position + rest.len();
                    return Lexed::End;
                }
                _ => {}
            }
            let (start, end) = (position + at, position + end);
            self.position = end;
            self.inside = true;
            self.guided = Template::expression(delimiters, self.depth, end);
            return Lexed::Token(Token::new(Terminal::TemplateHead, start, end));
        }
    }

    /// The next token of an expression between delimiters.
    fn next_of_expression(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed {
        let delimiters = self.delimiters;
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
        if closes {
            let end = token.start + delimiters.closing();
            self.leave(end);
            return Lexed::Token(Token { terminal: Terminal::TemplateTail, end, ..token });
        }
        // The delimiters belong to the template: an expression ends nowhere else.
        let leaves = matches!(token.terminal, Terminal::Unbalanced | Terminal::UnbalancedBrace);
        if self.guided.answer() == Push::Rejected || leaves {
            // What was rejected may be the beginning of the next delimiter.
            self.leave(self.needed());
        }
        let terminal = if leaves { Terminal::Unknown } else { token.terminal };
        Lexed::Token(Token { terminal, ..token })
    }
}

impl TokenSource for Input {
    type Token = Token;

    /// Without a grammar to ask, every `/` divides and no semicolon is missing.
    fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed {
        self.next_guided(piece, base, last, |_| false)
    }

    #[inline]
    fn next_guided(
        &mut self,
        piece: &[u8],
        base: usize,
        last: bool,
        can_shift: impl Fn(u8) -> bool,
    ) -> Lexed {
        match &mut self.form {
            Form::Text(source) => source.next(piece, base, last, can_shift),
            Form::Encoded(source, decoder) => loop {
                let complete = last && decoder.taken == base + piece.len();
                match source.next(&decoder.bytes, decoder.base, complete, &can_shift) {
                    Lexed::More => {}
                    known => return known,
                }
                let read = source.lexer.position - decoder.base;
                decoder.bytes.drain(..read);
                decoder.base += read;
                if decoder.bytes.len() == Decoder::SIZE {
                    let left_out = source.elide(&decoder.bytes);
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
            Form::Template(template) => template.next(piece, base, last),
        }
    }

    fn position(&self) -> usize {
        match &self.form {
            Form::Text(source) => source.lexer.position,
            Form::Encoded(_, decoder) => decoder.taken,
            Form::Template(template) => template.needed(),
        }
    }

    fn undecided(&self) -> Option<Reason> {
        match &self.form {
            Form::Encoded(_, decoder) if decoder.stuck => Some(Reason::TokenTooLong),
            _ => None,
        }
    }

    fn elide(&mut self, pending: &mut Vec<u8>) {
        let (source, read) = match &mut self.form {
            Form::Text(source) => (source, 0),
            Form::Template(template) if template.inside => {
                let read = template.read() - template.needed();
                (&mut template.guided.source, read)
            }
            Form::Encoded(..) | Form::Template(_) => return,
        };
        let left_out = source.elide(pending.get(read..).unwrap_or_default());
        if left_out > 0 {
            pending.drain(read + KEPT..read + KEPT + left_out);
        }
    }
}
