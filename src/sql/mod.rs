//! SQL: MySQL/MariaDB, PostgreSQL, SQLite, SQL Server and Oracle as one language.
//!
//! The rooms, in the order in which data flows: [`token`](Token) and the lexer (bytes to tokens,
//! by dialect), the token source (what a context adds to them), the grammar's tables, the contexts
//! (which of them share a token stream), the effects (what an accepted text does), the facts and the
//! evidence (how much of it counts).

mod contexts;
mod effects;
mod evidence;
mod facts;
mod functions;
mod lexer;
mod plain;
mod source;
mod token;
mod trial;

#[allow(clippy::large_stack_arrays, reason = "tables that build.rs writes")]
mod tables {
    use super::effects::Act;
    use crate::recogniser::{Grammar, Production};

    include!(concat!(env!("OUT_DIR"), "/sql_tables.rs"));
}

use tables::ACTS;

pub use effects::Act;
pub use source::Tokens;
pub use tables::{GRAMMAR, Terminal};
pub use token::Token;

pub(crate) use contexts::{Plan, scan};
pub(crate) use evidence::Evidence;

use crate::{Context, Recogniser};

/// A family of dialects that read the same bytes alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[non_exhaustive]
pub enum Dialect {
    /// MySQL and MariaDB: a backslash escapes, `#` and `-- ` begin a comment, `/*! … */` is code.
    MySql,
    /// PostgreSQL and Oracle: comments nest, `$tag$ … $tag$`, `q'[…]'`, `[ ]` subscripts.
    PostgreSql,
    /// SQL Server and SQLite: `[ ]` quotes a name.
    SqlServer,
}

impl Dialect {
    /// All dialect families.
    pub const ALL: &[Dialect] = &[Dialect::MySql, Dialect::PostgreSql, Dialect::SqlServer];

    /// The family's name: `mysql`, `postgresql`, `sql-server`.
    pub const fn name(self) -> &'static str {
        match self {
            Dialect::MySql => "mysql",
            Dialect::PostgreSql => "postgresql",
            Dialect::SqlServer => "sql-server",
        }
    }
}

/// How the tokenizer starts: in running text, or inside something that the value must close.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Start {
    /// Inside `'…'`.
    SingleQuoted,
    /// Inside `"…"`.
    DoubleQuoted,
    /// Inside `` `…` ``.
    Backquoted,
    /// Inside `[…]`.
    Bracketed,
    /// Inside `/* … */`.
    Comment,
    /// In running text.
    Text,
}

impl Start {
    /// All start modes. Running text comes last: a value with a quote is more often an attack on the
    /// quote.
    const ALL: [Start; 6] = [
        Start::SingleQuoted,
        Start::DoubleQuoted,
        Start::Backquoted,
        Start::Bracketed,
        Start::Comment,
        Start::Text,
    ];

    /// The contexts that read from it.
    const fn contexts(self) -> &'static [Context] {
        match self {
            Start::SingleQuoted => &[Context::SqlSingleQuoted],
            Start::DoubleQuoted => &[Context::SqlDoubleQuoted],
            Start::Backquoted => &[Context::SqlBackquoted],
            Start::Bracketed => &[Context::SqlBracketed],
            Start::Comment => &[Context::SqlComment],
            Start::Text => &[Context::SqlValue, Context::SqlSuffix, Context::SqlStatement],
        }
    }

    /// How the tokenizer starts in a context of SQL; in running text for any other.
    pub const fn of(context: Context) -> Start {
        match context {
            Context::SqlSingleQuoted => Start::SingleQuoted,
            Context::SqlDoubleQuoted => Start::DoubleQuoted,
            Context::SqlBackquoted => Start::Backquoted,
            Context::SqlBracketed => Start::Bracketed,
            Context::SqlComment => Start::Comment,
            _ => Start::Text,
        }
    }
}

/// The tokens of a value that lands where `start` says, as one dialect family reads it.
///
/// A value that never closes the literal it starts in has no tokens. At a `)` that closes none of
/// the value's own parentheses stand two tokens, `UNBALANCED` and `operand`: see the grammar.
///
/// ```
/// use syntrap::sql::{self, Dialect, Start};
///
/// let names: Vec<_> = sql::tokens(b"x' OR 1=1 -- ", Start::SingleQuoted, Dialect::MySql)
///     .map(|token| token.terminal.name())
///     .collect();
/// assert_eq!(names, ["string", "OR", "number", "=", "number"]);
/// ```
pub fn tokens(input: &[u8], start: Start, dialect: Dialect) -> Tokens<'_> {
    Tokens::new(input, start, dialect)
}

/// A recogniser of the SQL grammar, at the very start: the first terminal to push selects the
/// context, [`Terminal::StartStatement`] or [`Terminal::StartValue`].
///
/// ```
/// use syntrap::sql::{self, Terminal};
/// use syntrap::Push;
///
/// let mut recogniser = sql::recogniser();
/// for terminal in [Terminal::StartStatement, Terminal::Select, Terminal::Number] {
///     assert_eq!(recogniser.push_terminal(terminal.index()), Push::Shifted);
/// }
/// assert!(recogniser.can_shift(Terminal::From.index()));
/// assert!(!recogniser.can_shift(Terminal::RightParenthesis.index()));
/// ```
pub fn recogniser() -> Recogniser {
    Recogniser::new(&GRAMMAR)
}
