//! What a SQL engine does with a value that Syntrap does not call an attack, and why.

use std::collections::BTreeSet;

use syntrap::Context;
use syntrap::sql::{self, Dialect, Start, Terminal, Token};

use crate::Exception;

/// What an expression does that calls and reads nothing.
const COMPUTES: &[&str] = &["arithmetic", "computation", "order"];
/// … and one that decides something.
const DECIDES: &[&str] = &["arithmetic", "computation", "comparison", "logic", "order"];

/// The classes, each with its heading in `docs/disagreements.md`.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        name: "running text that computes",
        covers: |value, context, acts| {
            let cut_connective = acts.contains("truncation") && has_connective(&tokens(value, context));
            running(context) && only(acts, COMPUTES, true) && !cut_connective
        },
    },
    Exception {
        name: "a comparison by itself in running text",
        covers: |value, context, acts| {
            let tokens = tokens(value, context);
            let named = has(&tokens, is_name);
            running(context) && only(acts, DECIDES, named) && !has_connective(&tokens)
        },
    },
    Exception {
        name: "words and numbers joined by AND and OR",
        covers: |value, context, acts| {
            let tokens = tokens(value, context);
            let literal = |terminal| matches!(terminal, Terminal::String | Terminal::DoubleQuoted);
            running(context) && only(acts, DECIDES, true) && !has(&tokens, literal)
        },
    },
    Exception {
        name: "a truth behind a name in quotes",
        covers: |_, context, acts| {
            let named = matches!(context, Context::SqlBackquoted | Context::SqlBracketed);
            named && only(acts, &["arithmetic", "computation", "logic", "order"], true)
        },
    },
    Exception {
        name: "a query of words",
        covers: |value, context, acts| {
            let structure = |token: &Token| {
                let terminal = token.terminal;
                matches!(terminal, Terminal::String | Terminal::Number | Terminal::Comma | Terminal::Asterisk)
            };
            let tokens = tokens(value, context);
            let mut queries = tokens.split(|token| token.terminal == Terminal::Select).skip(1);
            let inside = |query: &[Token]| {
                let ends = |token: &&Token| token.terminal != Terminal::RightParenthesis;
                query.iter().take_while(ends).any(structure)
            };
            running(context) && acts.contains("query") && !queries.any(inside)
        },
    },
    Exception {
        name: "a FROM clause of words",
        covers: |value, context, acts| {
            let constant = |terminal| matches!(terminal, Terminal::String | Terminal::Number);
            let reads = acts.contains("read") && !acts.contains("query") && !acts.contains("change");
            running(context) && reads && !has(&tokens(value, context), constant)
        },
    },
    Exception {
        name: "a query that reads nothing",
        covers: |_, context, acts| {
            running(context) && acts.contains("query") && !acts.contains("read") && !acts.contains("change")
        },
    },
    Exception {
        name: "a statement of one verb",
        covers: |value, context, acts| {
            let tokens = tokens(value, context);
            let mut statements = tokens.split(|token| token.terminal == Terminal::Semicolon);
            let before = statements.next().unwrap_or_default();
            acts.contains("statement")
                && !before.first().is_some_and(|token| token.terminal == Terminal::Number)
                && statements.all(|statement| statement.len() <= 2)
        },
    },
    Exception {
        name: "sorting by what is no number",
        covers: |value, context, acts| {
            only(acts, &["order"], false) && !has(&tokens(value, context), |t| t == Terminal::Number)
        },
    },
    Exception {
        name: "a sentence at a quote",
        covers: |value, context, _| {
            let quote = match context {
                Context::SqlSingleQuoted => '\'',
                Context::SqlDoubleQuoted => '"',
                _ => return false,
            };
            let loose =
                |text: &str| text.ends_with(|c: char| !c.is_ascii_alphanumeric() && c != '%' && c != '\'');
            let first = value.split(quote).next().unwrap_or_default();
            let last = value.rsplit(quote).next().unwrap_or_default();
            loose(first)
                || value.ends_with(&[quote, quote].iter().collect::<String>())
                || last.starts_with(|c: char| c.is_ascii_whitespace())
                || last.split_whitespace().count() > 1
        },
    },
];

/// Whether the value stands where text of the program runs on, or where only a name was left.
fn running(context: Context) -> bool {
    !matches!(context, Context::SqlSingleQuoted | Context::SqlDoubleQuoted)
}

/// Whether nothing else is done, but perhaps that the rest of the program is cut off.
fn only(acts: &BTreeSet<&'static str>, allowed: &[&str], cut: bool) -> bool {
    acts.iter().all(|act| allowed.contains(act) || (cut && *act == "truncation"))
}

fn tokens(value: &str, context: Context) -> Vec<Token> {
    sql::tokens(value.as_bytes(), Start::of(context), Dialect::SqlServer).collect()
}

fn has(tokens: &[Token], is: impl Fn(Terminal) -> bool) -> bool {
    tokens.iter().any(|token| is(token.terminal))
}

fn is_name(terminal: Terminal) -> bool {
    matches!(terminal, Terminal::Identifier | Terminal::QuotedIdentifier)
}

/// Whether there is an OR, or an AND that is not BETWEEN's.
fn has_connective(tokens: &[Token]) -> bool {
    let count = |terminal| tokens.iter().filter(|token| token.terminal == terminal).count();
    count(Terminal::Or) > 0 || count(Terminal::And) > count(Terminal::Between)
}
