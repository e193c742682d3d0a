//! The tokens of a value in any context, for explanations and experiments: what the tokenizer of the
//! context's language makes of it.

use std::fmt;
use std::ops::Range;

use crate::context::UnknownName;
use crate::{Context, Language, js, path, shell, sql};

/// A token of any language.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Token {
    /// Where it stands in the value, in bytes.
    pub span: Range<usize>,
    /// How the language's grammar spells its kind.
    pub terminal: &'static str,
}

impl Context {
    /// The names of the dialects of the context's language.
    pub fn dialects(self) -> impl Iterator<Item = &'static str> {
        let (sql, shell, path) = match self.language() {
            Language::Sql => (sql::Dialect::ALL, &[][..], &[][..]),
            Language::Shell => (&[][..], shell::Dialect::ALL, &[][..]),
            Language::Path => (&[][..], &[][..], path::Dialect::ALL),
            Language::Js => (&[][..], &[][..], &[][..]),
        };
        let js = (self.language() == Language::Js).then(|| js::dialects(self));
        let sql = sql.iter().map(|dialect| dialect.name());
        let shell = shell.iter().map(|dialect| dialect.name());
        let path = path.iter().map(|dialect| dialect.name());
        sql.chain(shell).chain(path).chain(js.into_iter().flatten())
    }

    /// The tokens of a value that lands in the context, as a dialect reads it; the language's first
    /// one where none is named.
    ///
    /// ```
    /// use syntrap::Context;
    ///
    /// let tokens = Context::SqlSingleQuoted.tokens(b"x' OR 1", None).unwrap();
    /// let kinds: Vec<_> = tokens.iter().map(|token| token.terminal).collect();
    /// assert_eq!(kinds, ["string", "OR", "number"]);
    /// assert!(Context::ShellArgument.tokens(b"x", Some("mysql")).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// The context has no dialect of that name.
    pub fn tokens(self, input: &[u8], dialect: Option<&str>) -> Result<Vec<Token>, UnknownName> {
        let unknown = |name: &str| UnknownName::new("dialect", name, self.dialects());
        let place = match dialect {
            None => 0,
            Some(name) => self.dialects().position(|known| known == name).ok_or_else(|| unknown(name))?,
        };
        Ok(match self.language() {
            Language::Sql => sql::tokens(input, sql::Start::of(self), sql::Dialect::ALL[place])
                .map(|token| Token { span: token.span(), terminal: token.terminal.name() })
                .collect(),
            Language::Shell => shell::tokens(input, shell::Start::of(self), shell::Dialect::ALL[place])
                .map(|token| Token { span: token.span(), terminal: token.terminal.name() })
                .collect(),
            Language::Path => path::tokens(input, path::Dialect::ALL[place])
                .map(|token| Token { span: token.span(), terminal: token.terminal.name() })
                .collect(),
            Language::Js => js::tokens_in(input, self, place)
                .map(|token| Token { span: token.span(), terminal: token.terminal.name() })
                .collect(),
        })
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}..{}", self.terminal, self.span.start, self.span.end)
    }
}
