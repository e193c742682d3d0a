//! The parts of a document: what the grammar takes. A part is a token of the tokenizer together with
//! what its text says, for the text is at hand only while it is read.

use std::ops::Range;

use super::{Element, Terminal};
use crate::Effects;
use crate::run::Lexeme;

/// A part of a document: its kind and where it stands in the value, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Part {
    /// Its kind.
    pub terminal: Terminal,
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last one.
    pub end: usize,
    /// The element that a tag names.
    pub(crate) element: Element,
    pub(crate) facts: Facts,
    /// What it does by itself, wherever it stands.
    pub(crate) effects: Effects,
}

bitflags::bitflags! {
    /// What the evidence rules want to know about the attributes of a tag.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub(crate) struct Facts: u32 {
        /// It has a URL in `href`, …
        const HREF = 1 << 0;
        /// … `src`, …
        const SRC = 1 << 1;
        /// … `data`, …
        const DATA = 1 << 2;
        /// … one of the attributes that name a plug-in's program, …
        const CODE = 1 << 3;
        /// … `formaction`, …
        const FORMACTION = 1 << 4;
        /// … or one of another host in `action`, …
        const ACTION = 1 << 5;
        /// … or in `value`.
        const VALUE = 1 << 6;
        /// Some URL of it is on another host.
        const ELSEWHERE = 1 << 7;
        /// Some URL of it is an image in which scripts run where it is no image.
        const IMAGE_DOCUMENT = 1 << 8;
        /// `http-equiv` is `refresh` …
        const REFRESH = 1 << 9;
        /// … or `set-cookie`.
        const COOKIE = 1 << 10;
        /// `content` names a place to go to.
        const TARGET = 1 << 11;
        /// `rel` takes a style sheet, a document or a program.
        const RESOURCE = 1 << 12;
        /// The document's encoding reads ASCII as something else.
        const ENCODING = 1 << 13;
        /// `method` is `post`.
        const POST = 1 << 14;
        /// It changes an event handler …
        const CHANGES_HANDLER = 1 << 15;
        /// … into a program.
        const PROGRAM = 1 << 16;
        /// It changes a URL …
        const CHANGES_URL = 1 << 17;
        /// … into one of data.
        const DATA_URL = 1 << 18;
        /// It changes markup …
        const CHANGES_MARKUP = 1 << 19;
        /// … into markup that acts.
        const ACTIVE_MARKUP = 1 << 20;
        /// `http-equiv` asks for the reading of another version of the browser …
        const MODE = 1 << 21;
        /// … and `content` names one that runs what later ones do not.
        const OLD_MODE = 1 << 22;
    }
}

impl Part {
    pub(crate) const fn new(terminal: Terminal, start: usize, end: usize) -> Self {
        let (element, facts, effects) = (Element::Unknown, Facts::empty(), Effects::empty());
        Part { terminal, start, end, element, facts, effects }
    }

    /// Where it stands in the value, in bytes.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl Lexeme for Part {
    type Terminal = Terminal;

    fn marker(terminal: Terminal, at: usize) -> Self {
        Part::new(terminal, at, at)
    }

    #[inline]
    fn index(&self) -> u8 {
        self.terminal.index()
    }

    #[inline]
    fn range(&self) -> Range<usize> {
        self.span()
    }
}
