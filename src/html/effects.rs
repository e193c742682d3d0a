//! What a document does: the acts of the grammar's productions, handed to the evidence.

use super::evidence::Evidence;
use super::part::{Facts, Part};
use super::source::Source;
use super::{ACTS, Element, GRAMMAR, Terminal};
use crate::recogniser::{Grammar, Recogniser, Semantics, Stack, Symbol};
use crate::report::Instruction;
use crate::run::{self, Evidence as _, Lexed, TokenSource};
use crate::{Context, Effects, Limits};

/// What a production of the grammar does: the word behind `=>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the grammar explains each by the productions that carry it")]
#[non_exhaustive]
pub enum Act {
    Pass,
    Nothing,
    // tags
    Extend,
    Element,
    EndTag,
    Given,
    Navigate,
    // text
    Script,
    StyleSheet,
    Text,
    Instruction,
}

impl Semantics for Evidence {
    type Token = Part;
    type Value = Part;

    #[inline]
    fn shift(&mut self, part: Part) -> Part {
        part
    }

    fn reduce(&mut self, production: usize, right: &[Symbol<Part>]) -> Part {
        let (Some(first), Some(last)) = (right.first(), right.last()) else {
            return Part::new(Terminal::Text, 0, 0);
        };
        let (first, last) = (first.value, last.value);
        match ACTS[production] {
            Act::Extend => {
                self.attribute(&last);
                return Part { facts: first.facts | last.facts, end: last.end, ..first };
            }
            Act::Element => self.element(&Part { end: last.end, ..first }),
            // Behind the context's own terminal.
            Act::Given => self.given(&right.get(1).map_or(first, |tag| tag.value)),
            Act::Navigate => self.attribute(&last),
            Act::Script | Act::EndTag => self.act("script", &first),
            Act::StyleSheet => self.act("style sheet", &first),
            Act::Text => self.act("text", &first),
            Act::Instruction => self.act("processing instruction", &first),
            Act::Pass | Act::Nothing => {}
        }
        first
    }
}

impl run::Evidence for Evidence {
    type Source = Source;

    const GRAMMAR: &'static Grammar = &GRAMMAR;

    #[inline(always)]
    fn new(_: Context) -> Self {
        Evidence::default()
    }

    fn prelude(context: Context) -> &'static [Terminal] {
        match context {
            Context::HtmlUrl => &[Terminal::StartUrl],
            Context::HtmlDoubleQuoted
            | Context::HtmlSingleQuoted
            | Context::HtmlUnquoted
            | Context::HtmlAttributeName
            | Context::HtmlTagName => &[Terminal::StartTag],
            _ => &[Terminal::StartContent],
        }
    }

    fn dialect(source: &Source) -> &'static str {
        source.dialect.name()
    }

    fn finish(&mut self, source: &Source) {
        self.tell(source.told());
    }

    /// What the value leaves open, the program's next `>` closes.
    fn closing(_: &Source) -> impl Iterator<Item = Terminal> {
        std::iter::once(Terminal::TagEnd)
    }

    fn effects(&self) -> Effects {
        self.effects
    }

    fn instructions(&self) -> Vec<Instruction> {
        let noted = self.noted.iter();
        noted.map(|n| Instruction { kind: n.kind, span: n.start..n.end, effects: n.effects }).collect()
    }
}

/// What a document does that stands in another one, around which there are `nested` more.
pub(super) fn document(text: &[u8], nested: u8, limits: &Limits) -> Effects {
    let Some(mut source) = Source::inside(nested, limits) else { return Effects::empty() };
    let mut stack: Stack<Part> = Stack::new();
    let context = Context::HtmlData;
    let mut recogniser = Recogniser::on(&mut stack, &GRAMMAR, Evidence::new(context), usize::MAX);
    let markers = |terminals: &[Terminal], recogniser: &mut Recogniser<Evidence, &mut Stack<Part>>| {
        for &terminal in terminals {
            recogniser.push(terminal.index(), Part::new(terminal, 0, 0));
        }
    };
    markers(Evidence::prelude(context), &mut recogniser);
    while let Lexed::Token(part) = source.next(text, 0, true) {
        recogniser.push(part.terminal.index(), part);
    }
    markers(&[Terminal::TagEnd], &mut recogniser);
    recogniser.settle();
    recogniser.semantics().effects.difference(Effects::MARKUP)
}

/// Whether a document takes the place of an element, and its scripts run.
fn holds_documents(element: Element) -> bool {
    matches!(
        element,
        Element::A
            | Element::Area
            | Element::Embed
            | Element::Frame
            | Element::Iframe
            | Element::Object
            | Element::Script
            | Element::Use
    )
}

/// Whether an element does nothing by itself, whatever its attributes say that do not act themselves:
/// [`of_element`] says nothing about it, and its text is text.
pub(super) fn is_ornament(element: Element) -> bool {
    matches!(
        element,
        Element::A
            | Element::Abbr
            | Element::Acronym
            | Element::Address
            | Element::Article
            | Element::Aside
            | Element::Audio
            | Element::B
            | Element::Bdi
            | Element::Bdo
            | Element::Big
            | Element::Blockquote
            | Element::Body
            | Element::Br
            | Element::Button
            | Element::Caption
            | Element::Center
            | Element::Cite
            | Element::Code
            | Element::Col
            | Element::Colgroup
            | Element::Dd
            | Element::Del
            | Element::Details
            | Element::Dfn
            | Element::Dir
            | Element::Div
            | Element::Dl
            | Element::Dt
            | Element::Em
            | Element::Fieldset
            | Element::Figcaption
            | Element::Figure
            | Element::Font
            | Element::Footer
            | Element::H1
            | Element::H2
            | Element::H3
            | Element::H4
            | Element::H5
            | Element::H6
            | Element::Head
            | Element::Header
            | Element::Hr
            | Element::Html
            | Element::I
            | Element::Img
            | Element::Input
            | Element::Ins
            | Element::Kbd
            | Element::Label
            | Element::Legend
            | Element::Li
            | Element::Main
            | Element::Mark
            | Element::Menu
            | Element::Nav
            | Element::Ol
            | Element::Optgroup
            | Element::Option
            | Element::P
            | Element::Picture
            | Element::Pre
            | Element::Q
            | Element::Rp
            | Element::Rt
            | Element::Ruby
            | Element::S
            | Element::Samp
            | Element::Section
            | Element::Select
            | Element::Small
            | Element::Source
            | Element::Span
            | Element::Strike
            | Element::Strong
            | Element::Sub
            | Element::Summary
            | Element::Sup
            | Element::Table
            | Element::Tbody
            | Element::Td
            | Element::Tfoot
            | Element::Th
            | Element::Thead
            | Element::Time
            | Element::Tr
            | Element::Tt
            | Element::U
            | Element::Ul
            | Element::Var
            | Element::Video
            | Element::Wbr
            | Element::Circle
            | Element::Defs
            | Element::Ellipse
            | Element::G
            | Element::Line
            | Element::Path
            | Element::Polygon
            | Element::Polyline
            | Element::Rect
            | Element::Svg
            | Element::Text
            | Element::Tspan
    )
}

/// What an element does, from what its tag says.
pub(super) fn of_element(element: Element, facts: Facts) -> Effects {
    let has = |wanted: Facts| facts.intersects(wanted);
    let elsewhere = has(Facts::ELSEWHERE);
    let effects = match element {
        Element::Script if has(Facts::SRC | Facts::HREF) => Effects::EXECUTE | Effects::NETWORK,
        Element::Iframe | Element::Frame if has(Facts::SRC) => Effects::NETWORK,
        Element::Embed if has(Facts::SRC | Facts::HREF | Facts::CODE) => Effects::NETWORK,
        Element::Object if has(Facts::DATA | Facts::CODE) => Effects::NETWORK,
        Element::Applet if has(Facts::CODE | Facts::SRC) => Effects::EXECUTE | Effects::NETWORK,
        // Elements that no standard defines, of which no one knows what they load.
        Element::Unknown if elsewhere && has(Facts::SRC | Facts::DATA) => Effects::NETWORK,
        Element::Param if has(Facts::VALUE) => Effects::NETWORK,
        Element::Link if has(Facts::HREF) && has(Facts::RESOURCE) => Effects::NETWORK,
        Element::Base if has(Facts::HREF) => Effects::REDIRECT,
        Element::Meta if has(Facts::REFRESH) && has(Facts::TARGET) => Effects::REDIRECT,
        Element::Meta if has(Facts::COOKIE) => Effects::WRITE,
        Element::Meta if has(Facts::MODE) && has(Facts::OLD_MODE) => Effects::EXECUTE,
        Element::Meta if has(Facts::ENCODING) => Effects::EXECUTE,
        Element::Set | Element::Animate
            if has(Facts::CHANGES_HANDLER) && has(Facts::PROGRAM)
                || has(Facts::CHANGES_URL) && has(Facts::DATA_URL)
                || has(Facts::CHANGES_MARKUP) && has(Facts::ACTIVE_MARKUP) =>
        {
            Effects::EXECUTE
        }
        // A key or a click may change it.
        Element::Set | Element::Animate if has(Facts::CHANGES_URL) && elsewhere => Effects::REDIRECT,
        Element::Form | Element::Isindex if has(Facts::ACTION | Facts::POST) => Effects::SUBMIT,
        Element::Button | Element::Input | Element::Unknown if has(Facts::FORMACTION) => Effects::SUBMIT,
        _ => Effects::empty(),
    };
    if has(Facts::IMAGE_DOCUMENT) && holds_documents(element) { effects | Effects::EXECUTE } else { effects }
}
