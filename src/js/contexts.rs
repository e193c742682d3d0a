//! Contexts and how each is read: which dialects a value needs, and which contexts its bytes allow.
//! Each context has tokens of its own, for what a token is depends on the grammar.

use smallvec::SmallVec;

use super::Token;
use super::evidence::Evidence;
use super::facts::Meaning;
use super::input::{Dialect, Input};
use crate::recogniser::Stack;
use crate::report::{Instruction, Reason};
use crate::run::{Heard, Lanes, Lexed, Listener, Run, TokenSource};
use crate::screen::Marks;
use crate::{Context, ContextSet, Effects, Language, Limits};

/// What values are tried in, chosen once.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    limits: Limits,
    /// Leave out what a value's bytes show to be without evidence.
    screen: bool,
    contexts: Vec<Context>,
}

impl Plan {
    pub(crate) fn new(contexts: ContextSet, limits: Limits, screen: bool) -> Self {
        let contexts = contexts.intersection(ContextSet::of_language(Language::Js));
        Plan { limits, screen, contexts: contexts.iter().collect() }
    }

    /// All lanes, for a value that arrives in pieces.
    pub(crate) fn lanes(&self) -> Lanes<Evidence> {
        let lanes = self.contexts.iter().flat_map(|context| {
            let source = |dialect| Input::new(*context, dialect, self.limits.depth);
            Dialect::of(*context).map(move |dialect| (source(dialect), std::slice::from_ref(context)))
        });
        Lanes::new(lanes, &self.limits)
    }
}

/// Scans a whole value whose bytes have these marks; answers whether the listener wants more.
pub(crate) fn scan(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    let wanted = |context| !plan.screen || may_leave(context, marks);
    plan.contexts.iter().all(|&context| !wanted(context) || read(input, context, &plan.limits, listener))
}

/// Whether a value with these marks can leave its place.
fn may_leave(context: Context, marks: Marks) -> bool {
    match context {
        Context::JsSingleQuoted => marks.contains(Marks::SINGLE_QUOTE),
        Context::JsDoubleQuoted => marks.contains(Marks::DOUBLE_QUOTE),
        Context::JsTemplate => marks.intersects(Marks::BACKQUOTE | Marks::DOLLAR),
        Context::JsRegex => marks.contains(Marks::SLASH),
        Context::JsBlockComment => marks.contains(Marks::COMMENT),
        // Lines end with three bytes too.
        Context::JsLineComment => marks.contains(Marks::BREAK),
        Context::JsTemplateInjection => marks.intersects(Marks::BLOCK | Marks::REDIRECTION),
        _ => true,
    }
}

/// Reads a value in a context, in every dialect that reads it otherwise than those before.
#[cold]
#[inline(never)]
fn read(input: &[u8], context: Context, limits: &Limits, listener: &mut impl Listener) -> bool {
    let mut stack: Stack<Meaning> = Stack::new();
    let dialects = Dialect::of(context);
    let mut wanted = [false; Dialect::ALL.len()];
    wanted[0] = true;
    for (place, dialect) in dialects.clone().enumerate() {
        if !wanted[place] && !dialect.is_template() {
            continue;
        }
        let mut source = Input::new(context, dialect, limits.depth);
        let mut run: Run<Evidence, _> = Run::new(&mut stack, context, &source, limits);
        if !run.read(input, &[], &mut source, false, listener) {
            return false;
        }
        let ambiguity = source.ambiguity();
        for (wanted, other) in wanted.iter_mut().zip(dialects.clone()).skip(place + 1) {
            *wanted |= other.differs(dialect, ambiguity);
        }
    }
    true
}

/// The names of a context's dialects.
pub(crate) fn dialects(context: Context) -> impl Iterator<Item = &'static str> {
    Dialect::of(context).map(Dialect::name)
}

/// The tokens of a value in a context, as one of its dialects reads it.
pub(crate) fn tokens_in(input: &[u8], context: Context, dialect: usize) -> impl Iterator<Item = Token> {
    let mut source =
        Dialect::of(context).nth(dialect).map(|dialect| Input::new(context, dialect, usize::MAX));
    std::iter::from_fn(move || match source.as_mut()?.next(input, 0, true) {
        Lexed::Token(token) => Some(token),
        Lexed::More | Lexed::End => None,
    })
}

/// What a text does as a program: see [`program`].
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Whether some program begins with the text.
    pub(crate) viable: bool,
    /// Whether it is a program as it stands: nothing in it waits for its end.
    pub(crate) complete: bool,
    /// The limit that ended the reading, if one did.
    pub(crate) undecided: Option<Reason>,
    evidence: Evidence,
}

impl Outcome {
    /// What acts in it does; nothing unless it is viable. Reading a name or a property does nothing.
    pub(crate) fn effects(&self) -> Effects {
        self.evidence.counted()
    }

    /// What acts, in the order of the text; spans count the bytes of the text, of the decoded one in
    /// a URL. Allocates.
    pub(crate) fn instructions(&self) -> Vec<Instruction> {
        self.evidence.instructions()
    }
}

/// Judges a whole text as a program: `context` is [`Context::JsScript`], [`Context::JsHandler`] or
/// [`Context::JsUrl`], whose body is percent-decoded. A text in which the program is cut off is viable
/// but not complete. Linear in the length of the text, without an allocation under the default limits.
pub(crate) fn program(body: &[u8], context: Context, limits: &Limits) -> Outcome {
    in_either_goal(context, limits, |source, run| {
        run.read(body, &[], source, false, &mut Nobody);
    })
}

/// The same of a text whose bytes come one by one, as they are decoded.
#[allow(dead_code, reason = "for languages in which scripts stand")]
pub(crate) fn program_of(
    body: impl Iterator<Item = u8> + Clone,
    context: Context,
    limits: &Limits,
) -> Outcome {
    in_either_goal(context, limits, |source, run| {
        let mut body = body.clone();
        let mut piece: SmallVec<[u8; PIECE]> = SmallVec::new();
        let (mut base, mut last) = (0, false);
        loop {
            match source.next(&piece, base, last) {
                Lexed::Token(token) => run.push(token),
                Lexed::End => break,
                Lexed::More => {
                    piece.drain(..source.position() - base);
                    if piece.len() == PIECE && source.shorten(&mut piece) == 0 {
                        return run.give_up(Reason::TokenTooLong);
                    }
                    base = source.position();
                    let known = piece.len();
                    piece.extend(body.by_ref().take(PIECE - known));
                    last = piece.len() < PIECE;
                }
            }
        }
        run.finish(source);
    })
}

/// How many bytes of a text that comes one by one are held.
const PIECE: usize = 1024;

type OnStack<'a> = Run<Evidence, &'a mut Stack<Meaning>>;

/// What a text does in a script, or in a module if it is no script but is one.
fn in_either_goal(
    context: Context,
    limits: &Limits,
    reader: impl Fn(&mut Input, &mut OnStack<'_>),
) -> Outcome {
    let mut stack: Stack<Meaning> = Stack::new();
    let mut read = |dialect: Dialect| {
        let mut source = Input::new(context, dialect, limits.depth);
        let mut run: OnStack<'_> = Run::new(&mut stack, context, &source, limits);
        reader(&mut source, &mut run);
        let viable = run.is_viable();
        let outcome = Outcome {
            viable,
            complete: viable && source.is_complete(),
            undecided: run.undecided(),
            evidence: run.into_evidence(),
        };
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
        let limits = Limits::default();
        let whole = program(body, context, &limits);
        let bytewise = program_of(body.iter().copied(), context, &limits);
        assert_eq!(
            (whole.viable, whole.complete, whole.undecided, whole.instructions()),
            (bytewise.viable, bytewise.complete, bytewise.undecided, bytewise.instructions()),
            "{}",
            body.escape_ascii()
        );
        whole
    }

    #[test]
    fn a_program_is_viable_complete_and_acts() {
        // text, viable, complete, acts
        let rows: &[(&[u8], bool, bool, bool)] = &[
            (b"f(1)", true, true, true),
            (b"f(1);", true, true, true),
            (b"f(1) // x", true, true, true),
            (b"f(1", true, false, true),
            (b"f(1); g(", true, false, true),
            (b"x.y = 'z", true, false, true),
            (b"x", true, true, false),
            (b"x.y < z", true, true, false),
            (b"", true, true, false),
            (b"a word", false, false, false),
            (b"f(1); a word", false, false, false),
            (b"f(1))", false, false, false),
            (b"throw x", true, true, true),
            (b"import('x')", true, true, true),
            (
                b"x <!-- y
 f()",
                true,
                true,
                true,
            ),
            (b"return f()", true, true, true),
            (b"1()", true, true, false),
        ];
        for &(text, viable, complete, acts) in rows {
            for context in [Context::JsScript, Context::JsHandler, Context::JsUrl] {
                let outcome = judge(text, context);
                let found = (outcome.viable, outcome.complete, !outcome.effects().is_empty());
                assert_eq!(found, (viable, complete, acts), "{context}: {}", text.escape_ascii());
            }
        }
    }

    #[test]
    fn the_body_of_a_url_is_decoded() {
        assert!(judge(b"%66%28%31%29", Context::JsUrl).complete);
        assert!(!judge(b"%66%28%31%29", Context::JsScript).viable);
        assert!(judge(b"%0af(50%25 3)", Context::JsUrl).complete);
        let long = [b"'%61'+".repeat(3000), b"f(1)".to_vec()].concat();
        assert!(!judge(&long, Context::JsUrl).effects().is_empty());
    }

    #[test]
    fn what_comes_one_by_one_is_read_alike() {
        for piece in ["1", "0x_f", "a", "'", "f(1);", "%28", "x=>", "/", "`${", "1.e", "\\u{0"] {
            let text = piece.repeat(4000 / piece.len());
            for context in [Context::JsScript, Context::JsHandler, Context::JsUrl] {
                judge(text.as_bytes(), context);
            }
        }
    }
}
