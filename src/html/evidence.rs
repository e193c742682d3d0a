//! How much of a document counts. HTML gives every text a meaning, so viability decides nothing here:
//! a part counts by what it does.
//!
//! Each rule has examples that count and that do not; `tests/cases/html/evidence.toml` runs them.

use smallvec::SmallVec;

use super::Terminal;
use super::effects::of_element;
use super::part::{Facts, Part};
use crate::{Effects, Finding};

/// An instruction, before it becomes part of a report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    pub(super) kind: &'static str,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) effects: Effects,
}

/// How many instructions are kept.
const KEPT: usize = Finding::MAX_INSTRUCTIONS;

/// What the document does, so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    pub(super) effects: Effects,
    pub(super) noted: SmallVec<[Noted; KEPT]>,
}

impl Evidence {
    fn note(&mut self, kind: &'static str, part: &Part, effects: Effects) {
        if effects.is_empty() {
            return;
        }
        self.effects |= effects;
        if self.noted.len() < KEPT {
            self.noted.push(Noted { kind, start: part.start, end: part.end, effects });
        }
    }

    /// What acts in the programs of the document, each behind the part that has it.
    pub(super) fn tell(&mut self, told: &[Noted]) {
        let free = KEPT - self.noted.len();
        self.noted.extend(told.iter().take(free).copied());
        self.noted.sort_by_key(|noted| (noted.start, std::cmp::Reverse(noted.end)));
    }

    /// A part that acts by itself.
    pub(super) fn act(&mut self, kind: &'static str, part: &Part) {
        self.note(kind, part, part.effects);
    }

    /// An attribute of a tag whose value is a program, a URL with a program in it, a style sheet that
    /// runs one, or a document that does.
    ///
    /// Counts: `onload=x`, `href="javascript:f()"`, `style="x:expression(f())"`. Does not:
    /// `onload=""`, `href="https://example.org/"`, `style="color:red"`.
    pub(super) fn attribute(&mut self, part: &Part) {
        let kind = match part.terminal {
            Terminal::EventHandler => "event handler",
            Terminal::StyleAttribute => "style attribute",
            Terminal::Document => "document",
            _ => "url",
        };
        self.act(kind, part);
    }

    /// An element. What it takes from elsewhere counts where it becomes a part of the document or of
    /// what the document does, and where it takes the reader away; an image or a link does not.
    ///
    /// Counts: `<script src=x>`, `<iframe src=x>`, `<base href=x>`, `<form action=//host>`. Does not:
    /// `<img src=x>`, `<a href=//host>`, `<form action=/x>`, `<script>` alone.
    pub(super) fn element(&mut self, tag: &Part) {
        let effects = of_element(tag.element, tag.facts);
        if effects.is_empty() {
            self.effects |= Effects::MARKUP;
        }
        self.note("element", tag, effects);
    }

    /// A tag that the program began, whose element is not known.
    pub(super) fn given(&mut self, tag: &Part) {
        if tag.facts.contains(Facts::FORMACTION) {
            self.element(tag);
        }
    }
}
