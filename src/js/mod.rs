//! JavaScript: ECMA-262 of 2025, scripts and modules as one language, with the additions for web
//! browsers (annex B).
//!
//! The rooms, in the order in which data flows: the contexts (which readings a value needs), the input
//! (the value as it is, the decoded body of a URL, the expressions of a template), the lexer (bytes to
//! [`Token`]s), the token source (what only the grammar can decide about them), the grammar's tables,
//! the effects (what each production does), the evidence and the global names (how much of that
//! counts).
//!
//! ```
//! use syntrap::{Detector, Language};
//!
//! let detector = Detector::builder().languages([Language::Js]).build();
//! assert!(detector.is_attack(b"x'; draw(1); //"));
//! assert!(!detector.is_attack(b"it's all right (see below)"));
//! ```

mod contexts;
mod effects;
mod evidence;
mod facts;
mod globals;
mod input;
mod lexer;
mod source;
mod token;

#[allow(clippy::large_stack_arrays, reason = "tables that build.rs writes")]
mod tables {
    use super::effects::Act;
    use crate::recogniser::{Grammar, Production};

    include!(concat!(env!("OUT_DIR"), "/js_tables.rs"));
}

use tables::ACTS;

pub use effects::Act;
pub use source::Tokens;
pub use tables::{GRAMMAR, Terminal};
pub use token::Token;

pub(crate) use contexts::{Plan, dialects, program, scan, tokens_in};
pub(crate) use evidence::Evidence;

use crate::{Context, Recogniser};

/// How the tokenizer starts: in running text, or inside something that the value must close.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Start {
    /// At the start of a program, where `#!` and `-->` begin a comment.
    Script,
    /// In running text.
    Text,
    /// Inside `'…'`.
    SingleQuoted,
    /// Inside `"…"`.
    DoubleQuoted,
    /// Inside `` `…` ``, outside of its substitutions.
    Template,
    /// Inside `${…}` of a template: in running text, until an unmatched `}`.
    Substitution,
    /// Inside `/…/`.
    RegularExpression,
    /// Inside `// …`.
    LineComment,
    /// Inside `/* … */`.
    BlockComment,
}

/// How the tokenizer starts in a context of JavaScript, and the terminal that says what may stand there;
/// in an expression for any other.
pub(crate) const fn place(context: Context) -> (Start, Terminal) {
    match context {
        Context::JsSingleQuoted => (Start::SingleQuoted, Terminal::StartExpression),
        Context::JsDoubleQuoted => (Start::DoubleQuoted, Terminal::StartExpression),
        Context::JsTemplate => (Start::Template, Terminal::StartExpression),
        Context::JsRegex => (Start::RegularExpression, Terminal::StartExpression),
        Context::JsLineComment => (Start::LineComment, Terminal::StartStatement),
        Context::JsBlockComment => (Start::BlockComment, Terminal::StartStatement),
        Context::JsSuffix => (Start::Text, Terminal::StartStatement),
        Context::JsScript | Context::JsUrl => (Start::Script, Terminal::StartScript),
        Context::JsHandler => (Start::Text, Terminal::StartScript),
        Context::JsTemplateInjection => (Start::Text, Terminal::StartText),
        _ => (Start::Text, Terminal::StartExpression),
    }
}

/// How to read what the value alone does not decide. A value of which [`Tokens::ambiguity`] says
/// that another reading differs may be an attack in either.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[non_exhaustive]
pub struct Reading {
    /// How the text goes on where the value ends a part of the program.
    pub continuation: Continuation,
    /// What kind of program it is.
    pub goal: Goal,
    /// Whether the first brace of the program that the value closes is that of a substitution
    /// `${…}`, so that the text of the program's template follows. [`Start::Substitution`] says so
    /// too.
    pub in_template: bool,
    /// Whether the program puts a backslash before the quotes of a value, but none before its
    /// backslashes: one of the value's own does not keep the quote behind it from closing the literal
    /// that the value stands in.
    pub escaped: bool,
}

impl Reading {
    /// A reading, not in a template and not escaped.
    pub const fn new(continuation: Continuation, goal: Goal) -> Self {
        Reading { continuation, goal, in_template: false, escaped: false }
    }
}

/// What stands behind a parenthesis, bracket, brace or colon of the program that the value ends,
/// where the next token can go on with an expression as well as begin a statement: in
/// `} (x)` the brace may end an object that is called, or a block.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Continuation {
    /// The expression goes on.
    #[default]
    Expression,
    /// A statement begins.
    Statement,
}

/// The goal symbol of the program's grammar (§16).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Goal {
    /// `<!--` and `-->` begin comments (§B.1.1).
    #[default]
    Script,
    /// They are operators.
    Module,
}

/// Which parts of another [`Reading`] would read a value otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub struct Ambiguity {
    /// The other [`Continuation`] would.
    pub continuation: bool,
    /// The other [`Goal`] would.
    pub goal: bool,
    /// Another [`Reading::in_template`] would.
    pub in_template: bool,
    /// Another [`Reading::escaped`] would.
    pub escaped: bool,
}

/// The tokens of a value that lands where `start` says, in a program of which `context` says what
/// may stand there: [`Terminal::StartScript`], [`Terminal::StartStatement`] or
/// [`Terminal::StartExpression`].
///
/// What the tokens of JavaScript are depends on the grammar: the iterator drives a recogniser of its
/// own, and [`Tokens::answer`] says what that thought of the last token. A value that never closes
/// the literal or comment it starts in has no tokens. Where one closes a parenthesis, bracket or
/// brace that it did not open stands `UNBALANCED` or `UNBALANCED_BRACE`, and an `operand` if
/// what follows goes on with an expression; semicolons that the program leaves out are written
/// `INSERTED_SEMICOLON`.
///
/// ```
/// use syntrap::js::{self, Reading, Start, Terminal};
///
/// let value = b"x'), y = a / b\n/c, /d/";
/// let names: Vec<_> =
///     js::tokens(value, Start::SingleQuoted, Terminal::StartExpression, Reading::default())
///         .map(|token| token.terminal.name())
///         .collect();
/// let expected = "string UNBALANCED operand , identifier = identifier / identifier / identifier , \
///                 regular_expression";
/// assert_eq!(names.join(" "), expected);
/// ```
pub fn tokens(input: &[u8], start: Start, context: Terminal, reading: Reading) -> Tokens<'_> {
    Tokens::new(input, start, context, reading)
}

/// A recogniser of the JavaScript grammar, at the very start: the first terminal to push selects
/// the context, [`Terminal::StartScript`], [`Terminal::StartStatement`] or
/// [`Terminal::StartExpression`].
///
/// ```
/// use syntrap::js::{self, Terminal};
/// use syntrap::Push;
///
/// let mut recogniser = js::recogniser();
/// for terminal in [Terminal::StartScript, Terminal::Throw, Terminal::New] {
///     assert_eq!(recogniser.push_terminal(terminal.index()), Push::Shifted);
/// }
/// assert!(recogniser.can_shift(Terminal::RegularExpression.index()));
/// assert!(!recogniser.can_shift(Terminal::Slash.index()));
/// ```
pub fn recogniser() -> Recogniser {
    Recogniser::new(&GRAMMAR)
}
