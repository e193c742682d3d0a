//! What a SQL engine does with a value that Syntrap does not call an attack, and why.

use std::collections::BTreeSet;

use syntrap::Context;
use syntrap::sql::{self, Dialect, Start, Terminal, Token};

use crate::Exception;

/// What an expression does that calls and reads nothing.
const COMPUTES: &[&str] = &["arithmetic", "computation", "order"];
/// … and one with a NOT in it.
const NEGATES: &[&str] = &["arithmetic", "computation", "logic", "order"];
/// … and one that decides something.
const DECIDES: &[&str] = &["arithmetic", "computation", "comparison", "logic", "order"];

/// The classes, each with its heading in `docs/disagreements.md`.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        name: "running text that computes",
        covers: |value, context, acts| {
            let tokens = tokens(value, context);
            let connective = has_connective(&tokens);
            let negated = has(&tokens, |t| t == Terminal::Not) && !connective;
            let computes = only(acts, COMPUTES, true) || (negated && only(acts, NEGATES, true));
            running(context) && computes && !(acts.contains("truncation") && connective)
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
                let ends = [Terminal::Limit, Terminal::RightParenthesis];
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
            let tokens = outside_parentheses(&tokens(value, context));
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
            let verb = |statement: &[Token]| match statement {
                [] | [_] | [_, _] => true,
                [explain, select, name] => {
                    (explain.terminal, select.terminal) == (Terminal::Explain, Terminal::Select)
                        && is_name(name.terminal)
                }
                _ => false,
            };
            acts.contains("statement")
                && before.first().is_none_or(|token| token.terminal != Terminal::Number)
                && statements.all(verb)
        },
    },
    Exception {
        name: "a mark in a transaction",
        covers: |value, context, acts| {
            let tokens = tokens(value, context);
            let marks = |statement: &[Token]| {
                statement.len() <= 2
                    && statement
                        .first()
                        .is_none_or(|token| matches!(token.terminal, Terminal::Savepoint | Terminal::Begin))
            };
            let mut statements = tokens.split(|token| token.terminal == Terminal::Semicolon).skip(1);
            running(context) && !acts.contains("change") && !acts.contains("read") && statements.all(marks)
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
        covers: |value, context, _| {
            let tokens: Vec<Terminal> = tokens(value, context).iter().map(|token| token.terminal).collect();
            (0..tokens.len()).any(|at| {
                let behind = tokens.get(at + 1);
                let named = match tokens[at] {
                    Terminal::Between => true,
                    Terminal::Delete | Terminal::Insert | Terminal::Update => {
                        at > 0 && is_operator(tokens[at - 1])
                    }
                    Terminal::By => at > 0 && tokens[at - 1] == Terminal::By,
                    Terminal::Is => matches!(behind, Some(Terminal::String | Terminal::LeftParenthesis)),
                    Terminal::Like => behind == Some(&Terminal::String),
                    _ => false,
                };
                let before = tokens[..at].iter().rev().find(|terminal| **terminal != Terminal::Not);
                named && before.map_or(context == Context::SqlValue, |&terminal| !ends_operand(terminal))
            })
        },
    },
    Exception {
        name: "a quotation and a dash",
        covers: |value, context, acts| {
            let mut tokens = sql::tokens(value.as_bytes(), Start::of(context), Dialect::SqlServer);
            let end = tokens.by_ref().next().map_or(0, |token| token.end);
            let alone = tokens.by_ref().count() == 0;
            let quotation = tokens.open_comment().is_some_and(|comment| {
                let words = value[comment..].split_whitespace();
                let words = words.filter(|word| word.contains(|c: char| c.is_ascii_alphabetic()));
                (alone && comment > end + 1) || words.count() > 1
            });
            context == Context::SqlDoubleQuoted && only(acts, &[], true) && quotation
        },
    },
    Exception {
        name: "a comment in a comment",
        covers: |value, context, _| {
            let closed = value.find("*/").unwrap_or_default();
            let nested = value.get(..=closed).is_some_and(|before| before.contains("/*"));
            let touching = value.match_indices("--").any(|(at, dashes)| {
                !value[at + dashes.len()..].starts_with(|c: char| c.is_ascii_whitespace())
            });
            context == Context::SqlComment && nested && (value.contains('[') || touching)
        },
    },
    Exception {
        name: "sorting by what is no number",
        covers: |value, context, acts| {
            let tokens = tokens(value, context);
            let grouped = has(&tokens, |t| t == Terminal::Group) && only(acts, &["computation"], false);
            let limited = has(&tokens, |t| t == Terminal::Limit) && only(acts, &["logic", "order"], false);
            let sorts = grouped || limited || only(acts, &["order"], false);
            sorts && !has(&tokens, |t| t == Terminal::Number)
        },
    },
    Exception {
        name: "a division by an empty literal",
        covers: |value, context, acts| {
            let tokens = tokens(value, context);
            let divides = tokens.windows(2).any(|two| {
                let length = two[1].end - two[1].start;
                let empty = length == 2 || (length == 1 && two[1].end == value.len());
                two[0].terminal == Terminal::Slash && is_literal(two[1].terminal) && empty
            });
            !running(context) && only(acts, COMPUTES, false) && divides
        },
    },
    Exception {
        name: "a sentence at a quote",
        covers: |value, context, acts| {
            let quote = match context {
                Context::SqlSingleQuoted => '\'',
                Context::SqlDoubleQuoted => '"',
                _ => return false,
            };
            let loose =
                |text: &str| text.ends_with(|c: char| !c.is_ascii_alphanumeric() && c != '%' && c != '\'');
            let marked =
                |text: &str| text.starts_with(|c: char| !c.is_ascii_alphanumeric() && !"%+-_@".contains(c));
            let tokens = tokens(value, context);
            let left = tokens.first().and_then(|token| token.end.checked_sub(1));
            let first = left.and_then(|end| value.get(..end)).unwrap_or_default();
            // The text of the literal that the value leaves open.
            let literal = tokens.last().filter(|token| is_literal(token.terminal));
            let literal = literal.and_then(|token| value.get(token.start..)).unwrap_or_default();
            let opened = literal.matches(quote).count() % 2 == 1;
            let last = literal.split_once(quote).filter(|_| opened).map_or("", |(_, text)| text);
            let doubled: String = [quote, quote].iter().collect();
            loose(first)
                || value.ends_with(&doubled)
                || last.starts_with(&doubled)
                || (marked(last) && only(acts, DECIDES, false))
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

/// The tokens that stand in no parentheses of the value's own.
fn outside_parentheses(tokens: &[Token]) -> Vec<Token> {
    let mut open = 0;
    let mut outside = Vec::new();
    for token in tokens {
        open += u32::from(token.terminal == Terminal::LeftParenthesis);
        if open == 0 {
            outside.push(*token);
        }
        open -= u32::from(token.terminal == Terminal::RightParenthesis);
    }
    outside
}

fn has(tokens: &[Token], is: impl Fn(Terminal) -> bool) -> bool {
    tokens.iter().any(|token| is(token.terminal))
}

fn is_literal(terminal: Terminal) -> bool {
    matches!(terminal, Terminal::String | Terminal::DoubleQuoted)
}

fn is_operator(terminal: Terminal) -> bool {
    use Terminal::{And, Asterisk, Comparison, Equals, Minus, Or, Percent, Plus, Slash};
    matches!(terminal, And | Asterisk | Comparison | Equals | Minus | Or | Percent | Plus | Slash)
}

/// Whether an operand may end with it, so that an operator is expected behind.
fn ends_operand(terminal: Terminal) -> bool {
    is_literal(terminal)
        || is_name(terminal)
        || matches!(
            terminal,
            Terminal::Number
                | Terminal::Null
                | Terminal::True
                | Terminal::False
                | Terminal::End
                | Terminal::Isnull
                | Terminal::RightParenthesis
                | Terminal::Operand
        )
}

fn is_name(terminal: Terminal) -> bool {
    matches!(terminal, Terminal::Identifier | Terminal::QuotedIdentifier)
}

/// Whether there is an OR, or an AND that is not BETWEEN's.
fn has_connective(tokens: &[Token]) -> bool {
    let count = |terminal| tokens.iter().filter(|token| token.terminal == terminal).count();
    count(Terminal::Or) > 0 || count(Terminal::And) > count(Terminal::Between)
}
