//! The only door to JavaScript: text that HTML takes for a program, and what that does.

use crate::Effects;

/// What the program is for HTML.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// The text of a `script` (§4.12.1).
    Script,
    /// The body of an event handler (§8.1.8.1).
    Handler,
    /// What stands behind `javascript:` (§7.4.2.3.2).
    Url,
}

pub(super) fn effects(body: &[u8], _place: Place) -> Effects {
    if body.iter().any(|b| matches!(b, b'(' | b'=' | b'`')) { Effects::EXECUTE } else { Effects::empty() }
}
