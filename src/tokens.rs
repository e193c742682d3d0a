//! The tokens of a value in any context, for explanations and experiments: what the tokenizer of the
//! context's language makes of it.

use std::fmt;
use std::ops::Range;

use crate::context::UnknownName;
use crate::{Context, Language, html, js, path, shell, sql};

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
        /// Those of a language that is the context's.
        fn of<D>(own: bool, all: &'static [D]) -> std::slice::Iter<'static, D> {
            if own { all.iter() } else { [].iter() }
        }

        let language = self.language();
        let sql = of(language == Language::Sql, sql::Dialect::ALL).map(|dialect| dialect.name());
        let shell = of(language == Language::Shell, shell::Dialect::ALL).map(|dialect| dialect.name());
        let path = of(language == Language::Path, path::Dialect::ALL).map(|dialect| dialect.name());
        let html = of(language == Language::Html, html::Dialect::ALL).map(|dialect| dialect.name());
        let js = (language == Language::Js).then(|| js::dialects(self));
        sql.chain(shell).chain(path).chain(html).chain(js.into_iter().flatten())
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
            Language::Html => html::parts(input, self, html::Dialect::ALL[place])
                .map(|part| Token { span: part.span(), terminal: part.terminal.name() })
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
