//! The tree builder's part in tokenization (§13.2.6): after a start tag it may switch the tokenizer
//! to text that ends only at the tag's own end tag, and in SVG and MathML it does not, and lets
//! `<![CDATA[` begin a section.
//!
//! There is no tree. Where SVG and MathML begin and end is followed by the tags alone, which is exact
//! where every element has its end tag. What else is open is not known: not in the value, and not in
//! the program around it, whose end tag would end the SVG that stands in its element.

use super::{Element, TextKind};

/// What stands behind the tokenizer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct TreeBuilder {
    /// Whether start tags of `title`, `script` and their like switch the tokenizer. Without that,
    /// only [`Start`](super::Start) decides what is text, and the namespace stays as it is.
    pub switches: bool,
    /// Whether scripts run: then the content of `noscript` is text (§13.2.6.4.4).
    pub scripting: bool,
    /// Whether only tags are markup, and are read as leniently as browsers did before there was a
    /// standard, and as filters do: comments, raw text and foreign content are not known; NUL is
    /// nothing; a name has letters, digits, `-`, `.`, `:` and `_`, and what is no name, `=` or `>`
    /// stands between names like white space; `` ` `` quotes values; `<` in a tag begins the next one.
    pub lenient: bool,
    /// Whether `svg` and `math` begin foreign content. The program around the value may undo that
    /// (its `select` ignores `svg`, the end tag of its `div` ends it): who cannot see the program
    /// reads the value both ways.
    pub foreign: bool,
    /// The namespace of the element around the value.
    pub namespace: Namespace,
}

/// The namespace of an element (§8 of the Infra standard).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Namespace {
    /// HTML.
    Html,
    /// SVG.
    Svg,
    /// MathML.
    MathMl,
}

impl TreeBuilder {
    /// That of a browser, the value standing in HTML.
    pub const DEFAULT: TreeBuilder = TreeBuilder {
        switches: true,
        scripting: true,
        lenient: false,
        foreign: true,
        namespace: Namespace::Html,
    };
    /// None: every tag is followed by the data state.
    pub const NONE: TreeBuilder = TreeBuilder { switches: false, ..TreeBuilder::DEFAULT };
    /// None, and what reads tags as browsers once did.
    pub const LENIENT: TreeBuilder = TreeBuilder { lenient: true, ..TreeBuilder::NONE };

    /// What is read behind a start tag of this element in HTML.
    fn text_behind(self, element: Element) -> TextKind {
        match element {
            Element::Noscript if !self.scripting => TextKind::Data,
            _ => text_behind(element),
        }
    }
}

/// What is read behind a start tag of this element in HTML, where scripts run.
pub(super) fn text_behind(element: Element) -> TextKind {
    match element {
        // "in head" (§13.2.6.4.4), "in body" (§13.2.6.4.7)
        Element::Title | Element::Textarea => TextKind::Rcdata,
        Element::Style
        | Element::Xmp
        | Element::Iframe
        | Element::Noembed
        | Element::Noframes
        | Element::Noscript => TextKind::Rawtext,
        Element::Script => TextKind::ScriptData,
        Element::Plaintext => TextKind::Plaintext,
        _ => TextKind::Data,
    }
}

impl Default for TreeBuilder {
    fn default() -> Self {
        TreeBuilder::DEFAULT
    }
}

/// A tag that ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag {
    pub(super) element: Element,
    pub(super) self_closing: bool,
    /// A `font` has an attribute that no element of SVG has (§13.2.6.5).
    pub(super) html_font: bool,
    /// An `annotation-xml` says that its content is HTML (§13.2.6).
    pub(super) html_encoding: bool,
}

/// What stands around the text: an element that begins foreign content, or HTML in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
enum Level {
    /// HTML at the bottom of all.
    Html,
    Svg,
    MathMl,
    /// An `annotation-xml` in which `svg` is SVG's and all else MathML.
    AnnotationXml,
    // HTML and MathML text integration points (§13.2.6)
    ForeignObject,
    Desc,
    Title,
    Mi,
    Mo,
    Mn,
    Ms,
    Mtext,
    HtmlAnnotationXml,
}

impl Level {
    const ALL: [Level; 13] = [
        Level::Html,
        Level::Svg,
        Level::MathMl,
        Level::AnnotationXml,
        Level::ForeignObject,
        Level::Desc,
        Level::Title,
        Level::Mi,
        Level::Mo,
        Level::Mn,
        Level::Ms,
        Level::Mtext,
        Level::HtmlAnnotationXml,
    ];

    /// Whether a start tag in it is one of SVG or MathML.
    fn is_foreign(self) -> bool {
        matches!(self, Level::Svg | Level::MathMl | Level::AnnotationXml)
    }

    /// The element that begins it.
    fn element(self) -> Element {
        match self {
            Level::Html => Element::Unknown,
            Level::Svg => Element::Svg,
            Level::MathMl => Element::Math,
            Level::AnnotationXml | Level::HtmlAnnotationXml => Element::AnnotationXml,
            Level::ForeignObject => Element::ForeignObject,
            Level::Desc => Element::Desc,
            Level::Title => Element::Title,
            Level::Mi => Element::Mi,
            Level::Mo => Element::Mo,
            Level::Mn => Element::Mn,
            Level::Ms => Element::Ms,
            Level::Mtext => Element::Mtext,
        }
    }

    /// The level that a start tag in this one begins.
    fn opened_by(self, tag: Tag) -> Option<Level> {
        Some(match (self, tag.element) {
            (Level::MathMl, Element::Svg) | (Level::Svg, Element::Math) => return None,
            (_, Element::Svg) => Level::Svg,
            (_, Element::Math) => Level::MathMl,
            (Level::Svg, Element::ForeignObject) => Level::ForeignObject,
            (Level::Svg, Element::Desc) => Level::Desc,
            (Level::Svg, Element::Title) => Level::Title,
            (Level::MathMl | Level::AnnotationXml, element) => match element {
                Element::Mi => Level::Mi,
                Element::Mo => Level::Mo,
                Element::Mn => Level::Mn,
                Element::Ms => Level::Ms,
                Element::Mtext => Level::Mtext,
                Element::AnnotationXml if tag.html_encoding => Level::HtmlAnnotationXml,
                Element::AnnotationXml => Level::AnnotationXml,
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// The levels around the text, four bits each, the innermost lowest. Of more than 16 the outermost
/// are forgotten.
#[derive(Clone, Copy, Debug)]
pub(super) struct Namespaces {
    levels: u64,
    /// How many elements of HTML are open in each level, as far as their tags tell; 15 for more.
    open: u64,
}

impl Namespaces {
    pub(super) fn new(tree: TreeBuilder) -> Self {
        let level = match tree.namespace {
            Namespace::Html => Level::Html,
            Namespace::Svg => Level::Svg,
            Namespace::MathMl => Level::MathMl,
        };
        Namespaces { levels: level as u64, open: 0 }
    }

    fn current(&self) -> Level {
        Level::ALL.get((self.levels & 15) as usize).copied().unwrap_or(Level::Html)
    }

    fn push(&mut self, level: Level) {
        self.levels = self.levels << 4 | level as u64;
        self.open <<= 4;
    }

    fn pop(&mut self) {
        self.levels >>= 4;
        self.open >>= 4;
    }

    fn leave_foreign_content(&mut self) {
        while self.current().is_foreign() {
            self.pop();
        }
    }

    /// Whether an element of HTML is open in the innermost level.
    fn is_open(&self) -> bool {
        self.open & 15 != 0
    }

    /// Whether the adjusted current node is foreign: then `<![CDATA[` begins a section.
    pub(super) fn is_foreign(&self) -> bool {
        self.levels != 0 && !self.is_open()
    }

    /// Whether the attributes of an element are asked for.
    pub(super) fn wants_attributes(&self, element: Element) -> bool {
        self.levels != 0 && matches!(element, Element::Font | Element::AnnotationXml)
    }

    /// A start tag; what is read behind it.
    pub(super) fn start_tag(&mut self, tree: TreeBuilder, tag: Tag) -> TextKind {
        if !tree.switches {
            return TextKind::Data;
        }
        if leaves_foreign_content(tag) {
            self.leave_foreign_content();
        }
        let level = self.current();
        match level.opened_by(tag).filter(|_| tree.foreign) {
            Some(opened) if !tag.self_closing => self.push(opened),
            None if self.levels != 0
                && !level.is_foreign()
                && !is_void(tag.element)
                && self.open & 15 != 15 =>
            {
                self.open += 1;
            }
            _ => {}
        }
        if level.is_foreign() { TextKind::Data } else { tree.text_behind(tag.element) }
    }

    /// An end tag.
    pub(super) fn end_tag(&mut self, tree: TreeBuilder, element: Element) {
        // Nearly all text has no foreign content.
        if self.levels == 0 || !tree.switches {
            return;
        }
        if matches!(element, Element::P | Element::Br) {
            // These end what a breakout start tag would end (§13.2.6.5).
            self.leave_foreign_content();
            return;
        }
        if self.is_open() {
            self.open -= u64::from(self.open & 15 != 15);
            return;
        }
        // As far as elements are foreign, the innermost one of this name ends, and what is in it.
        let mut inner = *self;
        while inner.levels != 0 && !inner.is_open() {
            let found = inner.current().element() == element;
            inner.pop();
            if found {
                *self = inner;
                return;
            }
        }
    }
}

/// The elements of HTML that have no end tag (§13.1.2), and the obsolete ones that are treated so.
fn is_void(element: Element) -> bool {
    matches!(
        element,
        Element::Area
            | Element::Base
            | Element::Basefont
            | Element::Bgsound
            | Element::Br
            | Element::Col
            | Element::Embed
            | Element::Frame
            | Element::Hr
            | Element::Image
            | Element::Img
            | Element::Input
            | Element::Keygen
            | Element::Link
            | Element::Meta
            | Element::Param
            | Element::Source
            | Element::Track
            | Element::Wbr
    )
}

/// The start tags that end foreign content (§13.2.6.5).
fn leaves_foreign_content(tag: Tag) -> bool {
    match tag.element {
        Element::B
        | Element::Big
        | Element::Blockquote
        | Element::Body
        | Element::Br
        | Element::Center
        | Element::Code
        | Element::Dd
        | Element::Div
        | Element::Dl
        | Element::Dt
        | Element::Em
        | Element::Embed
        | Element::H1
        | Element::H2
        | Element::H3
        | Element::H4
        | Element::H5
        | Element::H6
        | Element::Head
        | Element::Hr
        | Element::I
        | Element::Img
        | Element::Li
        | Element::Listing
        | Element::Menu
        | Element::Meta
        | Element::Nobr
        | Element::Ol
        | Element::P
        | Element::Pre
        | Element::Ruby
        | Element::S
        | Element::Small
        | Element::Span
        | Element::Strong
        | Element::Strike
        | Element::Sub
        | Element::Sup
        | Element::Table
        | Element::Tt
        | Element::U
        | Element::Ul
        | Element::Var => true,
        Element::Font => tag.html_font,
        _ => false,
    }
}
