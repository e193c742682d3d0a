//! What a script does with a value that Syntrap does not call an attack, and why.

use std::collections::BTreeSet;

use syntrap::Context::{
    JsBlockComment, JsExpression, JsLineComment, JsRegex, JsScript, JsSuffix, JsTemplate,
};

use super::{
    APART, CALL, COMMENTED, COMPUTED, CONSTRUCTION, HIDDEN, LITERAL, METHOD, SET, SET_PROPERTY, TAGGED, THROW,
};
use crate::Exception;

/// The classes, each with its heading in `docs/disagreements.md`.
pub const EXCEPTIONS: &[Exception] = &[
    Exception { name: "behind a literal that is called", covers: |_, _, acts| acts.contains(LITERAL) },
    Exception { name: "a literal's method", covers: |_, _, acts| only(acts, &[METHOD, LITERAL]) },
    Exception {
        name: "what sentences and data have",
        covers: |_, context, acts| {
            context != JsScript && only(acts, &[METHOD, LITERAL, APART, SET, CONSTRUCTION])
        },
    },
    Exception {
        name: "the program's own functions",
        covers: |_, context, acts| {
            let elsewhere =
                matches!(context, JsTemplate | JsRegex | JsLineComment | JsBlockComment | JsExpression);
            elsewhere && only(acts, OWN)
        },
    },
    Exception {
        name: "a computed function",
        covers: |_, context, acts| matches!(context, JsLineComment | JsExpression) && only(acts, COMPUTES),
    },
    Exception {
        name: "a line of a program",
        covers: |value, context, acts| {
            let closes = value.trim_start().starts_with([')', ']', '}']);
            let ends = closes || value.trim_start().starts_with(';');
            let commented = acts.contains(HIDDEN) || acts.contains(COMMENTED);
            let strong = !only(acts, COMPUTES);
            let found = commented && (closes && acts.contains(HIDDEN) || ends && strong);
            context == JsSuffix && (!found || has_lines(value))
        },
    },
    Exception {
        name: "slashes that divide",
        covers: |_, context, acts| context == JsRegex && !acts.contains(HIDDEN) && !acts.contains(COMMENTED),
    },
    Exception {
        name: "lines that begin with a name",
        covers: |value, context, _| context == JsExpression && has_lines(value),
    },
    Exception {
        name: "no operand in front",
        covers: |value, context, _| {
            context == JsExpression && value.trim_start().starts_with([')', ']', '}', ',', ';'])
        },
    },
];

/// What programs with functions of their own do.
const OWN: &[&str] = &[METHOD, LITERAL, APART, CALL, CONSTRUCTION, TAGGED, SET, SET_PROPERTY, THROW];
/// The same, with functions that are computed or written out.
const COMPUTES: &[&str] =
    &[METHOD, LITERAL, APART, CALL, CONSTRUCTION, TAGGED, SET, SET_PROPERTY, THROW, COMPUTED];

/// Whether nothing else is done, whatever is hidden.
fn only(acts: &BTreeSet<&'static str>, allowed: &[&str]) -> bool {
    acts.iter().all(|act| allowed.contains(act) || matches!(*act, HIDDEN | COMMENTED))
}

fn has_lines(value: &str) -> bool {
    value.contains(['\n', '\r', '\u{2028}', '\u{2029}'])
}
