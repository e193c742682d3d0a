//! The only door to JavaScript: text that HTML takes for a program, and what that does.

use super::evidence::Noted;
use crate::report::{Instruction, Reason};
use crate::{Context, Effects, Limits, js};

/// What the program is for HTML.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// The text of a `script` (§4.12.1).
    Script,
    /// The body of an event handler (§8.1.8.1).
    Handler,
    /// What stands behind `javascript:` (§7.4.2.3.2), percent signs not decoded yet.
    Url,
    /// An expression that a framework runs. Only what reaches beyond the page's own names is no use of it.
    Expression,
}

/// What is known about a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Program {
    /// Some program begins with it.
    pub(super) viable: bool,
    /// What it does.
    pub(super) effects: Effects,
    /// It is none, and what stands before its error calls or assigns something.
    pub(super) begins: bool,
    /// Something acts in it that is more than a word before a parenthesis.
    pub(super) acts: bool,
    /// The limit that ended the reading.
    pub(super) undecided: Option<Reason>,
}

/// Reads a program. What acts in it is told with its places in the text; in a URL, in the decoded one.
pub(super) fn read(body: &[u8], place: Place, limits: &Limits, told: Option<&mut Vec<Noted>>) -> Program {
    let context = match place {
        Place::Script => Context::JsScript,
        Place::Handler => Context::JsHandler,
        Place::Url => Context::JsUrl,
        Place::Expression => Context::JsExpression,
    };
    let outcome = js::program(body, context, limits);
    if let Some(told) = told {
        let counts = outcome.instructions().into_iter().filter(|told| !told.effects.is_empty());
        told.extend(counts.map(|Instruction { kind, span, effects }| Noted {
            kind,
            start: span.start,
            end: span.end,
            effects,
        }));
    }
    Program {
        viable: outcome.viable,
        effects: outcome.effects(),
        begins: !outcome.viable && outcome.acts(),
        acts: outcome.acts(),
        undecided: outcome.undecided,
    }
}

/// Whether a program has no text.
pub(super) fn is_blank(body: &[u8]) -> bool {
    body.iter().all(u8::is_ascii_whitespace)
}

/// Whether a program has more than punctuation, and does not only say what a handler or a URL yields:
/// `return false`, `void(0)`.
pub(super) fn says_something(body: &[u8]) -> bool {
    let text = body.trim_ascii();
    let yields: [&[u8]; 5] = [b"return", b"void", b"false", b"true", b"null"];
    !text.iter().all(|byte| matches!(byte, b';' | b'/' | b'#' | b' '))
        && !yields.iter().any(|word| text.starts_with(word))
}

/// Whether text is more than a word of VBScript: an argument follows its first name, or something is
/// assigned. No grammar reads it.
pub(super) fn is_vbscript(body: &[u8]) -> bool {
    let body = body.trim_ascii_start();
    let name = body.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'_'));
    let Some((name, behind)) = name.and_then(|name| body.split_at_checked(name)) else { return false };
    let behind = behind.trim_ascii_start();
    !name.is_empty() && matches!(behind.first(), Some(b'(' | b'=' | b'"' | b'%' | b'0'..=b'9'))
}
