//! Command lines: the POSIX shell and bash, and, as far as a value that leaves its argument needs
//! them, `cmd.exe` and PowerShell.
//!
//! The rooms are those of [`sql`](crate::sql), in the order in which data flows: lexemes (bytes, by
//! dialect), the lexer (what bytes are depends on what is open around them) and its tokens, the token
//! source, the grammar's tables, the contexts, the effects, the facts and the evidence; and the
//! commands that a shell finds.

mod commands;
mod contexts;
mod effects;
mod evidence;
mod facts;
mod lexeme;
mod lexer;
mod screen;
mod source;
mod token;

#[allow(clippy::large_stack_arrays, reason = "tables that build.rs writes")]
mod tables {
    use super::effects::Act;
    use crate::recogniser::{Grammar, Production};

    include!(concat!(env!("OUT_DIR"), "/shell_tables.rs"));
}

use tables::ACTS;

pub use commands::{InvalidName, Program};
pub use effects::Act;
pub use source::Tokens;
pub use tables::{GRAMMAR, Terminal};
pub use token::Token;

pub(crate) use commands::Vocabulary;
pub(crate) use contexts::{Plan, scan};
pub(crate) use evidence::Evidence;

use crate::{Context, Recogniser};

/// A family of shells that read the same bytes alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[non_exhaustive]
pub enum Dialect {
    /// The POSIX shell and bash.
    Posix,
    /// The command interpreter of Windows, `cmd.exe`.
    Cmd,
    /// PowerShell.
    PowerShell,
}

impl Dialect {
    /// All families.
    pub const ALL: &[Dialect] = &[Dialect::Posix, Dialect::Cmd, Dialect::PowerShell];

    /// The family's name: `posix`, `cmd`, `powershell`.
    pub const fn name(self) -> &'static str {
        match self {
            Dialect::Posix => "posix",
            Dialect::Cmd => "cmd",
            Dialect::PowerShell => "powershell",
        }
    }
}

/// How the tokenizer starts: in an argument, or inside something that the value must close.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Start {
    /// In an argument without quotes.
    Argument,
    /// Inside `"…"`.
    DoubleQuoted,
    /// Inside `'…'`.
    SingleQuoted,
    /// In an argument inside `` `…` ``.
    Backquoted,
    /// In an argument inside `$(…)`.
    Substitution,
    /// In the lines of a here-document.
    HereDocument,
    /// In an environment variable that bash takes for a function (before 4.3 patch 25).
    Environment,
    /// At the start of a command line.
    Command,
}

impl Start {
    /// How the tokenizer starts in a context of the shell; in an argument for any other.
    pub const fn of(context: Context) -> Start {
        match context {
            Context::ShellDoubleQuoted => Start::DoubleQuoted,
            Context::ShellSingleQuoted => Start::SingleQuoted,
            Context::ShellBackquoted => Start::Backquoted,
            Context::ShellSubstitution => Start::Substitution,
            Context::ShellHereDocument => Start::HereDocument,
            Context::ShellEnvironment => Start::Environment,
            Context::ShellCommand => Start::Command,
            _ => Start::Argument,
        }
    }
}

/// The tokens of a value that lands where `start` says, as one family of shells reads it.
///
/// A word is a row of parts with a `JOIN` between two that touch. A value that never closes the
/// single quotes it starts in has no tokens.
///
/// ```
/// use syntrap::shell::{self, Dialect, Start};
///
/// let names: Vec<_> = shell::tokens(b"x; e'ch'o $HOME", Start::Argument, Dialect::Posix)
///     .map(|token| token.terminal.name())
///     .collect();
/// assert_eq!(names, ["literal", ";", "literal", "JOIN", "quoted", "JOIN", "literal", "parameter"]);
/// ```
pub fn tokens(input: &[u8], start: Start, dialect: Dialect) -> Tokens<'_> {
    Tokens::new(input, start, dialect)
}

/// A recogniser of the shell grammar, at the very start: the first terminal to push is
/// [`Terminal::Start`], the second one, where a command of the program stands before the value,
/// [`Terminal::Given`].
///
/// ```
/// use syntrap::shell::{self, Terminal};
/// use syntrap::Push;
///
/// let mut recogniser = shell::recogniser();
/// for terminal in [Terminal::Start, Terminal::Given, Terminal::Pipe] {
///     assert_eq!(recogniser.push_terminal(terminal.index()), Push::Shifted);
/// }
/// assert!(recogniser.can_shift(Terminal::Literal.index()));
/// assert!(!recogniser.can_shift(Terminal::Pipe.index()));
/// ```
pub fn recogniser() -> Recogniser {
    Recogniser::new(&GRAMMAR)
}
