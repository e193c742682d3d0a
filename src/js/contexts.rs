//! Contexts and how each is read: which dialects a value needs, and which contexts its bytes allow.
//! Each context has tokens of its own, for what a token is depends on the grammar.

use super::Token;
use super::effects::SILENT;
use super::evidence::Evidence;
use super::facts::Meaning;
use super::globals::{Mentions, mentions};
use super::input::{Dialect, Input};
use super::source::Guide;
use crate::recogniser::Stack;
use crate::report::{Instruction, Reason};
use crate::run::{Heard, Lanes, Lexed, Listener, Run, TokenSource};
use crate::screen::{Marks, has_pair};
use crate::{Context, ContextKind, ContextSet, Effects, Language, Limits};

/// What values are tried in, chosen once.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    limits: Limits,
    /// Leave out what a value's bytes show to be without evidence.
    screen: bool,
    contexts: Vec<Context>,
    /// The whole value may be a program.
    commands: bool,
}

impl Plan {
    pub(crate) fn new(contexts: ContextSet, limits: Limits, screen: bool) -> Self {
        let contexts = contexts.intersection(ContextSet::of_language(Language::Js));
        let commands = !contexts.intersection(ContextSet::of_kind(ContextKind::Command)).is_empty();
        Plan { limits, screen, contexts: contexts.iter().collect(), commands }
    }

    /// All lanes, for a value that arrives in pieces.
    pub(crate) fn lanes(&self) -> Lanes<Evidence> {
        let lanes = self.contexts.iter().flat_map(|context| {
            let source = |dialect: &Dialect| Input::new(*context, *dialect, self.limits.depth);
            Dialect::of(*context).iter().map(move |dialect| (source(dialect), std::slice::from_ref(context)))
        });
        Lanes::new(lanes, &self.limits)
    }
}

/// Scans a whole value whose bytes have these marks; answers whether the listener wants more.
#[inline]
pub(crate) fn scan(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    // Behind the program's own text, `throw` and `x--` act without any of these, and in `<%- … %>` `new` does.
    let leaves = || {
        marks.intersects(LEAVES)
            || marks.intersects(HIDES) && follows(input) && acts(input)
            || marks.contains(Marks::LESS_THAN | Marks::PERCENT) && opens(input)
    };
    if plan.contexts.is_empty() || plan.screen && !plan.commands && !leaves() {
        return true;
    }
    let mut look = Look { input, marks, mentions: None };
    let mut may_act = |context| !plan.screen || look.may_act(context);
    // Who wants one finding gets the likeliest context before the others.
    let mut ordered = !listener.takes_any();
    let mut tried = None;
    for &context in &plan.contexts {
        if tried == Some(context) || !may_act(context) {
            continue;
        }
        if !std::mem::replace(&mut ordered, true) {
            let other = |other: &Context| *other != context && plan.contexts.contains(other);
            tried = likely(input).filter(other).filter(|likely| may_act(*likely));
            if tried.is_some_and(|likely| !read(input, likely, plan, listener)) {
                return false;
            }
        }
        if !read(input, context, plan, listener) {
            return false;
        }
    }
    true
}

/// The context that a value leaves most likely: what its first quote closes.
fn likely(input: &[u8]) -> Option<Context> {
    if input.starts_with(b"*/") {
        return Some(Context::JsBlockComment);
    }
    memchr::memchr3(b'\'', b'"', b'`', input).map(|at| match input[at] {
        b'\'' => Context::JsSingleQuoted,
        b'"' => Context::JsDoubleQuoted,
        _ => Context::JsTemplate,
    })
}

/// What a call, a template or an assignment has.
const ACTS: Marks = Marks::PARENTHESIS.union(Marks::BACKQUOTE).union(Marks::EQUALS);

const QUOTES: Marks = Marks::SINGLE_QUOTE.union(Marks::DOUBLE_QUOTE).union(Marks::BACKQUOTE);

/// What any value that acts has one of: an act, an object, or a quote that it closes.
const LEAVES: Marks = ACTS.union(Marks::BLOCK).union(QUOTES);

/// What all comments begin with that hide what follows a value.
const HIDES: Marks = Marks::SLASH.union(Marks::DASH_DASH);

/// A look at the bytes and words of a value, as far as some context asks for it.
struct Look<'a> {
    input: &'a [u8],
    marks: Marks,
    mentions: Option<Mentions>,
}

impl Look<'_> {
    fn mentions(&mut self) -> Mentions {
        *self.mentions.get_or_insert_with(|| mentions(self.input))
    }

    /// Whether a name may be written with an escape, in itself or in a text.
    fn may_escape(&self) -> bool {
        self.marks.contains(Marks::BACKSLASH)
            && (self.marks.intersects(QUOTES) || has_two(self.input, *b"\\u"))
    }

    /// Whether there can be an act that reaches beyond its program: it names what it reaches.
    fn may_reach(&mut self) -> bool {
        self.marks.intersects(ACTS) && (self.may_escape() || self.mentions().reach)
    }

    /// Whether there can be an act that reaches beyond its program, or one that only programs have: a
    /// computed property that is called, or one of `this` that is assigned to, `?.`, a function, an object
    /// with a method that operators call.
    fn may_be_strong(&mut self) -> bool {
        let Look { input, marks, .. } = *self;
        if !marks.intersects(ACTS.union(Marks::BLOCK)) {
            return false;
        }
        if self.may_escape()
            || marks.contains(Marks::EQUALS) && has_two(input, *b"=>")
            || marks.contains(Marks::SIGN) && has_two(input, *b"?.")
            || marks.contains(Marks::RIGHT_BRACKET) && marks.intersects(ACTS) && may_compute(input)
            || marks.contains(Marks::RIGHT_BRACKET | Marks::EQUALS) && has(input, b"this")
        {
            return true;
        }
        let mentions = self.mentions();
        mentions.reach || mentions.structure
    }

    /// Whether a value that closes a literal can end in one, or in a comment, so that what the program
    /// goes on with is closed too.
    fn may_end(&self, quote: u8) -> bool {
        let Look { input, marks, .. } = *self;
        quote != b'/' && marks.contains(Marks::SLASH) && comments(input)
            || memchr::memchr_iter(quote, input).nth(1).is_some()
            || self.comments_as_html()
    }

    /// Whether it has a comment that begins as those of HTML begin or end.
    fn comments_as_html(&self) -> bool {
        let Look { input, marks, .. } = *self;
        marks.contains(Marks::REDIRECTION | Marks::DASH_DASH) && (has(input, b"<!--") || has(input, b"-->"))
    }

    /// Whether a value can end in a comment and act before it. Behind a comment with text that takes what
    /// reaches beyond the program.
    fn may_hide(&mut self) -> bool {
        let Look { input, marks, .. } = *self;
        let end = &input[input.len().saturating_sub(SILENT)..];
        let silent = || end.iter().any(|byte| matches!(byte, b'/' | b'<' | b'-'));
        (marks.contains(Marks::SLASH) && comments(input) || self.comments_as_html())
            && (silent() || self.may_reach())
    }

    /// Whether a value can leave what such quotes stand around, and act.
    fn may_leave(&mut self, quote: u8) -> bool {
        closes(self.input, quote) && (self.may_end(quote) || self.may_reach())
    }

    /// Whether there can be evidence in a context.
    fn may_act(&mut self, context: Context) -> bool {
        let Look { input, marks, .. } = *self;
        match context {
            Context::JsSingleQuoted => marks.contains(Marks::SINGLE_QUOTE) && self.may_leave(b'\''),
            Context::JsDoubleQuoted => marks.contains(Marks::DOUBLE_QUOTE) && self.may_leave(b'"'),
            Context::JsTemplate => {
                let substitutes = marks.contains(Marks::DOLLAR | Marks::BLOCK) && has_two(input, *b"${");
                marks.contains(Marks::BACKQUOTE) && self.may_leave(b'`')
                    || substitutes && (marks.contains(Marks::EQUALS) || self.may_be_strong())
            }
            Context::JsRegex => marks.contains(Marks::SLASH) && self.may_end(b'/') && self.may_be_strong(),
            Context::JsBlockComment => {
                marks.contains(Marks::COMMENT) && has_two(input, *b"*/") && self.may_be_strong()
            }
            // Lines end with a byte, or with three of which this is the first.
            Context::JsLineComment => {
                marks.intersects(Marks::SEPARATOR | Marks::QUOTATION)
                    && memchr::memchr3(b'\n', b'\r', 0xe2, input).is_some()
                    && self.may_reach()
            }
            Context::JsExpression => {
                marks.intersects(ACTS | Marks::BLOCK)
                    && !is_text(input)
                    && self.may_be_strong()
                    && !is_data(input)
            }
            // What acts need not have a byte of its own: `throw`.
            Context::JsSuffix => marks.intersects(HIDES) && follows(input) && self.may_hide(),
            Context::JsTemplateInjection => {
                marks.intersects(Marks::BLOCK | Marks::PERCENT)
                    && opens(input)
                    // Beside a name that reaches beyond it, whatever acts is strong.
                    && (marks.contains(Marks::EQUALS) || self.may_be_strong() || self.mentions().reach)
            }
            _ => true,
        }
    }
}

/// Whether what a computed property gives may be called: by what stands behind its bracket, and behind
/// white space. It may be in parentheses, or one of two operands.
fn may_compute(input: &[u8]) -> bool {
    memchr::memchr_iter(b']', input).any(|at| {
        let next = input[at + 1..].iter().find(|&&byte| byte > b' ' && byte < 0x80);
        matches!(next, Some(b'(' | b')' | b'`' | b'?' | b'/' | b'|' | b'&' | b'<' | b'-'))
    })
}

fn has(input: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find(input, text).is_some()
}

fn has_two(input: &[u8], [one, two]: [u8; 2]) -> bool {
    has_pair(input, |first, second| (first == one) & (second == two))
}

/// Whether a text has `throw`, `--` or `++`.
fn acts(input: &[u8]) -> bool {
    has_pair(input, |first, second| {
        ((first == b't') & (second == b'h')) | ((first == second) & ((first == b'-') | (first == b'+')))
    }) && [b"throw".as_slice(), b"--", b"++"].iter().any(|act| has(input, act))
}

/// Whether a text has `//`, `/*`, or perhaps the end tag of the script, which ends the program as well.
fn comments(input: &[u8]) -> bool {
    has_pair(input, |first, second| {
        ((first == b'/') & ((second == b'/') | (second == b'*'))) | ((first == b'<') & (second == b'/'))
    })
}

/// Whether an expression of a template may begin somewhere.
fn opens(input: &[u8]) -> bool {
    has_pair(input, |first, second| {
        ((second == b'{') & ((first == b'{') | (first == b'$') | (first == b'#')))
            | ((first == b'<') & (second == b'%'))
    })
}

/// Whether what stands behind the first quote of a value can follow a literal that it closes.
fn closes(input: &[u8], quote: u8) -> bool {
    let Some(at) = memchr::memchr(quote, input) else { return false };
    if at > 0 && input[at - 1] == b'\\' {
        return true;
    }
    let rest = &input[at + 1..];
    let blank = rest.iter().take_while(|&&byte| matches!(byte, b' ' | b'\t')).count();
    match rest[blank..] {
        [] | [b'0'..=b'9' | b'$' | b'_' | b'@' | b'#' | b'"' | b'\'', ..] => false,
        // `in`, `instanceof`
        [b'i', b'n', ..] => true,
        // A comment that hides everything: nothing acts.
        [b'/', b'/', ref comment @ ..] => memchr::memchr3(b'\n', b'\r', 0xe2, comment).is_some(),
        [byte, ..] => !byte.is_ascii_alphabetic() && !is_wide(byte),
    }
}

/// Whether a value begins with what ends an operand, a list or a block, perhaps behind a comment.
fn follows(input: &[u8]) -> bool {
    let first = input.iter().position(|byte| *byte > b' ' && *byte < 0x80);
    match first.map_or(&[][..], |first| &input[first..]) {
        [b')' | b']' | b'}' | b';', ..] => true,
        [b'/', next, ..] => matches!(next, b'/' | b'*'),
        [b'<', next, ..] => *next == b'!',
        [b'-', next, ..] => *next == b'-',
        _ => false,
    }
}

/// Whether a byte outside of ASCII is one of a name, or of nothing in a program: not one that begins
/// white space.
fn is_wide(byte: u8) -> bool {
    byte >= 0x80 && !matches!(byte, 0xa0 | 0xc2 | 0xe1 | 0xe2 | 0xe3 | 0xef)
}

/// Whether a value begins with two words that no expression begins with.
fn is_text(input: &[u8]) -> bool {
    /// Bytes of names.
    fn is_name(byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || is_wide(byte)
    }
    let first = input.iter().take_while(|&&byte| is_name(byte)).count();
    let rest = &input[first..];
    let blank = rest.iter().take_while(|&&byte| byte == b' ').count();
    let follows = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    if first == 0 || blank == 0 || !rest.get(blank).is_some_and(follows) {
        return false;
    }
    let operator = rest[blank..].starts_with(b"in") || rest[blank..].starts_with(b"of");
    !operator && !BEFORE_OPERANDS.contains(&&input[..first])
}

/// Whether a value is of the literals and punctuation of JSON alone (RFC 8259): nothing acts in that, whatever
/// its texts mention.
fn is_data(input: &[u8]) -> bool {
    let mut rest = input;
    // Whether a complete value stands before.
    let mut operand = false;
    while let Some(&first) = rest.first() {
        let length = match first {
            b' ' | b'\t' | b'\n' | b'\r' => {
                rest = &rest[1..];
                continue;
            }
            b'{' | b'[' | b',' | b':' => 1,
            b'}' | b']' => 1,
            b'"' => match text_length(rest) {
                Some(length) => length,
                None => return true,
            },
            b'-' if operand => return false,
            b'-' | b'0'..=b'9' => {
                let digits = usize::from(first == b'-');
                let number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.');
                match rest[digits..].iter().take_while(|byte| number(byte)).count() {
                    0 => return false,
                    count => digits + count,
                }
            }
            _ => match [&b"true"[..], b"false", b"null"].into_iter().find(|word| rest.starts_with(word)) {
                Some(word) => word.len(),
                None => return false,
            },
        };
        operand = !matches!(first, b'{' | b'[' | b',' | b':');
        rest = &rest[length..];
    }
    true
}

/// How long the text is that begins with a quote here, if something ends it.
fn text_length(text: &[u8]) -> Option<usize> {
    let mut end = 1;
    loop {
        end += memchr::memchr2(b'"', b'\\', text.get(end..)?)?;
        match text[end] {
            b'"' => return Some(end + 1),
            _ => end += 2,
        }
    }
}

/// The words that an operand, a name or a function follows in an expression.
const BEFORE_OPERANDS: &[&[u8]] = &[
    b"async",
    b"await",
    b"class",
    b"delete",
    b"function",
    b"let",
    b"new",
    b"typeof",
    b"using",
    b"void",
    b"yield",
];

/// Reads a value in a context, in every dialect that reads it otherwise than those before.
#[cold]
#[inline(never)]
fn read(input: &[u8], context: Context, plan: &Plan, listener: &mut impl Listener) -> bool {
    let limits = &plan.limits;
    let mut stack: Stack<Meaning> = Stack::new();
    let dialects = Dialect::of(context);
    let mut wanted = [false; Dialect::MOST];
    wanted[0] = true;
    for (place, &dialect) in dialects.iter().enumerate() {
        let unwanted = match dialect.opening() {
            Some(opening) => plan.screen && !has(input, opening),
            None => !wanted[place],
        };
        if unwanted {
            continue;
        }
        let mut source = Input::new(context, dialect, limits.depth);
        let mut run: Run<Evidence, _> = Run::new(&mut stack, context, &source, limits);
        if !run.read(input, &[], &mut source, false, listener) {
            return false;
        }
        let ambiguity = source.ambiguity();
        for (wanted, other) in wanted.iter_mut().zip(dialects).skip(place + 1) {
            *wanted |= other.differs(dialect, ambiguity);
        }
    }
    true
}

/// The names of a context's dialects.
pub(crate) fn dialects(context: Context) -> impl Iterator<Item = &'static str> {
    Dialect::of(context).iter().map(|dialect| dialect.name())
}

/// The tokens of a value in a context, as one of its dialects reads it.
pub(crate) fn tokens_in(input: &[u8], context: Context, dialect: usize) -> impl Iterator<Item = Token> {
    let mut source =
        Dialect::of(context).get(dialect).map(|&dialect| Input::new(context, dialect, usize::MAX));
    let mut guide = Guide::new(super::place(context).1, usize::MAX);
    std::iter::from_fn(move || {
        let lexed = source.as_mut()?.next_guided(input, 0, true, |terminal| guide.can_shift(terminal));
        let Lexed::Token(token) = lexed else { return None };
        guide.push(token);
        Some(token)
    })
}

/// What a text does as a program: see [`program`].
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Whether some program begins with the text.
    pub(crate) viable: bool,
    /// The limit that ended the reading, if one did.
    pub(crate) undecided: Option<Reason>,
    evidence: Evidence,
}

impl Outcome {
    /// What acts in it does; nothing unless it is viable. Reading a name or a property does nothing.
    pub(crate) fn effects(&self) -> Effects {
        self.evidence.counted()
    }

    /// Whether something acts in it that is more than a word before a parenthesis, viable or not.
    pub(crate) fn acts(&self) -> bool {
        self.evidence.acts()
    }

    /// What acts in it, in the order of the text.
    pub(crate) fn instructions(&self) -> Vec<Instruction> {
        self.evidence.instructions()
    }
}

/// Judges a whole text as a program: `context` is [`Context::JsScript`], [`Context::JsHandler`] or
/// [`Context::JsUrl`], whose body is percent-decoded. A text in which the program is cut off is viable.
/// It is read as a script, and as a module if it is none but may be one. Linear in
/// the length of the text, without an allocation under the default limits.
pub(crate) fn program(body: &[u8], context: Context, limits: &Limits) -> Outcome {
    let mut stack: Stack<Meaning> = Stack::new();
    let mut read = |dialect: Dialect| {
        let mut source = Input::new(context, dialect, limits.depth);
        let mut run: Run<Evidence, _> = Run::new(&mut stack, context, &source, limits);
        run.read(body, &[], &mut source, false, &mut Nobody);
        let outcome =
            Outcome { viable: run.is_viable(), undecided: run.undecided(), evidence: run.into_evidence() };
        (outcome, source.ambiguity())
    };
    let (script, ambiguity) = read(Dialect::SCRIPT);
    if script.viable || !ambiguity.goal {
        return script;
    }
    let (module, _) = read(Dialect::MODULE);
    if module.viable { module } else { script }
}

/// Waits for the end of every run.
struct Nobody;

impl Listener for Nobody {
    fn enough(&self, _: &impl Heard) -> bool {
        false
    }

    fn hear(&mut self, _: &impl Heard) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(body: &[u8], context: Context) -> Outcome {
        program(body, context, &Limits::default())
    }

    #[test]
    fn a_program_is_viable_and_acts() {
        // text, viable, acts
        let rows: &[(&[u8], bool, bool)] = &[
            (b"f(1)", true, true),
            (b"f(1);", true, true),
            (b"f(1) // x", true, true),
            (b"f(1", true, true),
            (b"f(1); g(", true, true),
            (b"x.y = 'z", true, true),
            (b"x", true, false),
            (b"x.y < z", true, false),
            (b"", true, false),
            (b"a word", false, false),
            (b"f(1); a word", false, false),
            (b"f(1))", false, false),
            (b"throw x", true, true),
            (b"import('x')", true, true),
            (b"x <!-- y\n f()", true, true),
            (b"return f()", true, true),
            (b"1()", true, false),
        ];
        for &(text, viable, acts) in rows {
            for context in [Context::JsScript, Context::JsHandler, Context::JsUrl] {
                let outcome = judge(text, context);
                let found = (outcome.viable, !outcome.effects().is_empty());
                assert_eq!(found, (viable, acts), "{context}: {}", text.escape_ascii());
            }
        }
    }

    #[test]
    fn the_body_of_a_url_is_decoded() {
        assert!(judge(b"%66%28%31%29", Context::JsUrl).viable);
        assert!(!judge(b"%66%28%31%29", Context::JsScript).viable);
        assert!(judge(b"%0af(50%25 3)", Context::JsUrl).viable);
        let long = [b"'%61'+".repeat(3000), b"f(1)".to_vec()].concat();
        assert!(!judge(&long, Context::JsUrl).effects().is_empty());
    }

    #[test]
    fn a_url_is_read_as_the_script_that_it_decodes_to() {
        for piece in ["1", "0x_f", "a", "'", "f(1);", "%28", "x=>", "/", "`${", "1.e", "\\u{0"] {
            let text = piece.repeat(4000 / piece.len());
            let encoded: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let found =
                |outcome: Outcome| (outcome.viable, outcome.undecided, outcome.evidence.instructions());
            let url = found(judge(encoded.as_bytes(), Context::JsUrl));
            assert_eq!(url, found(judge(text.as_bytes(), Context::JsScript)), "{piece}");
        }
    }
}
