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
            running(context) && only(acts, DECIDES, true) && !has(&tokens, is_literal)
        },
    },
    Exception {
        name: "literals joined by AND and OR",
        covers: |value, context, acts| {
            let tokens = tokens(value, context);
            let constant = |token: &Token| is_literal(token.terminal) || token.terminal == Terminal::Number;
            let compared = tokens.windows(3).any(|three| {
                let sign = matches!(three[1].terminal, Terminal::Equals | Terminal::Comparison);
                sign && constant(&three[0]) && constant(&three[2])
            });
            let named = has(&tokens, is_name);
            running(context)
                && only(acts, DECIDES, named)
                && has(&tokens, is_literal)
                && has_connective(&tokens)
                && !compared
        },
    },
    Exception {
        name: "not a word in quotes",
        covers: |value, context, acts| {
            let tokens = tokens(value, context);
            let sign = tokens.first().is_some_and(|token| {
                matches!(token.terminal, Terminal::Not | Terminal::Plus | Terminal::Minus | Terminal::Tilde)
            });
            let cut = acts.contains("truncation") && !has_connective(&tokens);
            running(context) && only(acts, DECIDES, true) && cut && sign && has(&tokens, is_literal)
        },
    },
    Exception {
        name: "a truth behind a name in quotes",
        covers: |value, context, acts| {
            let quoted = matches!(context, Context::SqlBackquoted | Context::SqlBracketed);
            let tokens = tokens(value, context);
            let named = has(tokens.get(1..).unwrap_or_default(), is_name);
            quoted && only(acts, DECIDES, true) && (named || !acts.contains("comparison"))
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
        name: "a query without columns",
        covers: |value, context, acts| {
            let empty = |two: &[Token]| {
                let ends = [Terminal::From, Terminal::Limit, Terminal::RightParenthesis];
                two[0].terminal == Terminal::Select && ends.contains(&two[1].terminal)
            };
            acts.contains("query") && !acts.contains("call") && tokens(value, context).windows(2).any(empty)
        },
    },
    Exception {
        name: "a FROM clause of words",
        covers: |value, context, acts| {
            let listed = |terminal| matches!(terminal, Terminal::Comma);
            let constant = |terminal| matches!(terminal, Terminal::String | Terminal::Number);
            let reads = acts.contains("read") && !acts.contains("query") && !acts.contains("change");
            let tokens = tokens(value, context);
            running(context) && reads && !(has(&tokens, listed) && has(&tokens, constant))
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
                && before.first().is_none_or(|token| token.terminal != Terminal::Number)
                && statements.all(|statement| statement.len() <= 2)
        },
    },
    Exception {
        name: "setting a name",
        covers: |value, context, acts| {
            let tokens = tokens(value, context);
            let sets = |statement: &[Token]| {
                statement.len() <= 4
                    && statement.first().is_none_or(|token| token.terminal == Terminal::Set)
                    && statement.get(1).is_none_or(|token| is_name(token.terminal))
            };
            let mut statements = tokens.split(|token| token.terminal == Terminal::Semicolon).skip(1);
            running(context) && acts.contains("statement") && statements.all(sets)
        },
    },
    Exception {
        name: "a keyword for a name",
        covers: |value, context, acts| {
            let prefix = |token: &&Token| {
                matches!(token.terminal, Terminal::Not | Terminal::Plus | Terminal::Minus | Terminal::Tilde)
            };
            let tokens = tokens(value, context);
            let first = tokens.iter().find(|token| !prefix(token)).map(|token| token.terminal);
            let infix =
                matches!(first, Some(Terminal::Between | Terminal::Is | Terminal::Like | Terminal::Zone));
            context == Context::SqlValue && infix && !acts.contains("statement") && !acts.contains("change")
        },
    },
    Exception {
        name: "a limit that is computed",
        covers: |value, context, acts| {
            !running(context)
                && only(acts, DECIDES, false)
                && has(&tokens(value, context), |t| t == Terminal::Limit)
        },
    },
    Exception {
        name: "a quotation and a dash",
        covers: |_, context, acts| {
            context == Context::SqlDoubleQuoted && !acts.is_empty() && only(acts, &[], true)
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

fn is_literal(terminal: Terminal) -> bool {
    matches!(terminal, Terminal::String | Terminal::DoubleQuoted)
}

fn is_name(terminal: Terminal) -> bool {
    matches!(terminal, Terminal::Identifier | Terminal::QuotedIdentifier)
}

/// Whether there is an OR, or an AND that is not BETWEEN's.
fn has_connective(tokens: &[Token]) -> bool {
    let count = |terminal| tokens.iter().filter(|token| token.terminal == terminal).count();
    count(Terminal::Or) > 0 || count(Terminal::And) > count(Terminal::Between)
}
