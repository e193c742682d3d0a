//! HTML: documents, and what makes them active.
//!
//! The rooms, in the order in which data flows: the lexer, which is the tokenizer of the WHATWG
//! standard (§13.2.5) on bytes, state by state; the tree builder's part in it (which text a start tag
//! switches to), the elements that it must know by name, the [`Token`]s, and the character references
//! (what the bytes of a token mean). Then the token source, which sorts attributes (`attributes`,
//! `attributes.txt`) and reads their values (`url`, `style`, `script`) to make the [`Part`]s that the
//! grammar takes; the grammar's tables, the contexts, the effects and the evidence.
//!
//! Input is in any encoding in which ASCII is ASCII, or in none. For every input the tokens and their
//! decoded text take time in the order of its length, and no memory; nothing panics. [`tokens`] reads
//! whole values, a [`Lexer`] reads pieces.
//!
//! ```
//! use syntrap::{Detector, Language};
//!
//! let detector = Detector::builder().languages([Language::Html]).build();
//! assert!(detector.is_attack(b"<b onclick=draw(1)>"));
//! assert!(detector.is_attack(b"x\" onclick=\"draw(1)"));
//! assert!(detector.is_attack(b"javascript:draw(1)"));
//! assert!(!detector.is_attack(b"<a href=\"https://example.org/\">a <b>link</b></a>"));
//! ```

mod attributes;
mod contexts;
mod effects;
mod element;
mod encoded;
mod evidence;
mod lexer;
mod part;
mod plain;
mod references;
mod script;
mod source;
mod style;
mod token;
mod tree;
mod url;

#[allow(clippy::large_stack_arrays, reason = "tables that build.rs writes")]
mod tables {
    use super::effects::Act;
    use crate::recogniser::{Grammar, Production};

    include!(concat!(env!("OUT_DIR"), "/html_tables.rs"));
}

use tables::ACTS;

pub use effects::Act;
pub use element::Element;
pub use lexer::{Lexed, Lexer, Tokens};
pub use part::Part;
pub use references::{Chunk, Decode, Decoder};
pub use source::Parts;
pub use tables::{GRAMMAR, Terminal};
pub use token::{Attribute, Quote, Span, TagName, TextKind, Token, TokenKind};
pub use tree::{Namespace, TreeBuilder};

pub(crate) use contexts::{Plan, scan};
pub(crate) use evidence::Evidence;

use crate::{Context, Recogniser};

/// How much decoded text is kept without allocating, in bytes.
const INLINE: usize = 4096;

/// Who reads the document, as far as it reads the same bytes differently.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[non_exhaustive]
pub enum Dialect {
    /// A browser in which scripts run.
    Browser,
    /// What reads tags alone, as browsers did before there was a standard: no comment, raw text or
    /// foreign content hides them, and what is no name in a tag is white space. Filters read so too,
    /// and what one of them deletes may join the rest. See [`TreeBuilder::LENIENT`].
    Lenient,
    /// The same, behind a program that undoes an encoding of the value once more: percent-encoding,
    /// escapes of a string, characters of other sets that stand for those of ASCII, the borders of
    /// CDATA sections. Spans count the bytes of the decoded text.
    Decoded,
}

impl Dialect {
    /// All dialects.
    pub const ALL: &[Dialect] = &[Dialect::Browser, Dialect::Lenient, Dialect::Decoded];

    /// The dialect's name: `browser`, `lenient`, `decoded`.
    pub const fn name(self) -> &'static str {
        match self {
            Dialect::Browser => "browser",
            Dialect::Lenient => "lenient",
            Dialect::Decoded => "decoded",
        }
    }

    const fn tree(self) -> TreeBuilder {
        match self {
            Dialect::Browser => TreeBuilder::DEFAULT,
            Dialect::Lenient | Dialect::Decoded => TreeBuilder::LENIENT,
        }
    }
}

/// Where a value lands: the tokenizer's state in front of its first byte.
///
/// In the states inside of a tag the program has written the tag's beginning, and its element is not
/// known. See [`tokens`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Start {
    /// Between tags: the data state (§13.2.5.1).
    Data,
    /// In the text of a `title` or `textarea`, or, if the element is not known, of either: the RCDATA
    /// state (§13.2.5.2).
    Rcdata(Element),
    /// In the text of a `style`, `xmp`, `iframe`, `noembed`, `noframes` or `noscript`, or, if the
    /// element is not known, of any: the RAWTEXT state (§13.2.5.3).
    Rawtext(Element),
    /// In a `script`: the script data state (§13.2.5.4).
    ScriptData,
    /// In a `script`, behind `<!--`: the script data escaped state (§13.2.5.20).
    ScriptDataEscaped,
    /// In a `script`, behind `<!--` and `<script>`: the script data double escaped state
    /// (§13.2.5.27).
    ScriptDataDoubleEscaped,
    /// Behind `<plaintext>`: the PLAINTEXT state (§13.2.5.5).
    Plaintext,
    /// Behind `<`: the tag open state (§13.2.5.6).
    TagOpen,
    /// Behind `</`: the end tag open state (§13.2.5.7).
    EndTagOpen,
    /// In the name of a start tag: the tag name state (§13.2.5.8).
    TagName,
    /// In a tag, behind white space: the before attribute name state (§13.2.5.32).
    BeforeAttributeName,
    /// In the name of an attribute: the attribute name state (§13.2.5.33).
    AttributeName,
    /// Behind `=`, where the value may bring its own quotes: the before attribute value state
    /// (§13.2.5.35).
    BeforeAttributeValue,
    /// In `"…"`: the attribute value (double-quoted) state (§13.2.5.36).
    AttributeValueDoubleQuoted,
    /// In `'…'`: the attribute value (single-quoted) state (§13.2.5.37).
    AttributeValueSingleQuoted,
    /// In a value without quotes, behind its first character: the attribute value (unquoted) state
    /// (§13.2.5.38).
    AttributeValueUnquoted,
    /// In `<? … >`, `<! … >`, `</ … >`: the bogus comment state (§13.2.5.41).
    BogusComment,
    /// Right behind `<!--`: the comment start state (§13.2.5.43).
    CommentStart,
    /// In a comment, behind its first character: the comment state (§13.2.5.45).
    Comment,
    /// Behind `<!DOCTYPE `: the before DOCTYPE name state (§13.2.5.54).
    BeforeDoctypeName,
    /// In `<![CDATA[ … ]]>`: the CDATA section state (§13.2.5.69).
    CdataSection,
}

impl Start {
    /// Where a value lands in a context of HTML; between tags in any other.
    pub const fn of(context: Context) -> Start {
        match context {
            Context::HtmlDoubleQuoted | Context::HtmlUrl => Start::AttributeValueDoubleQuoted,
            Context::HtmlSingleQuoted => Start::AttributeValueSingleQuoted,
            Context::HtmlUnquoted => Start::AttributeValueUnquoted,
            Context::HtmlAttributeName => Start::BeforeAttributeName,
            Context::HtmlTagName => Start::TagName,
            Context::HtmlRcdata => Start::Rcdata(Element::Unknown),
            Context::HtmlRawtext => Start::Rawtext(Element::Unknown),
            Context::HtmlScriptData => Start::ScriptData,
            Context::HtmlComment => Start::Comment,
            Context::HtmlCdata => Start::CdataSection,
            Context::HtmlDoctype => Start::BeforeDoctypeName,
            _ => Start::Data,
        }
    }
}

/// The tokens of a value that lands where `start` says, with the standard's tree builder behind
/// the tokenizer and scripting enabled.
///
/// Where the value starts inside of a token, that token is [`continued`](Token::continued), and its
/// span begins with the value. Where the value ends inside of one, it is [`open`](Token::open).
///
/// ```
/// use syntrap::html::{self, Decode, Element, Start, TokenKind};
///
/// // <input value="⟨value⟩">
/// let value = b"7\" title=\"salt &amp; pepper\"><b>";
/// let mut tokens = html::tokens(value, Start::AttributeValueDoubleQuoted);
///
/// let first = tokens.next().unwrap();
/// assert!(first.continued);
/// let TokenKind::Attribute(attribute) = first.kind else { panic!() };
/// assert_eq!(attribute.value.of(value), b"7");
///
/// let TokenKind::Attribute(attribute) = tokens.next().unwrap().kind else { panic!() };
/// assert_eq!(attribute.name.of(value), b"title");
/// assert!(attribute.decoded_value(value).bytes().eq(*b"salt & pepper"));
///
/// assert_eq!(tokens.next().unwrap().kind, TokenKind::TagEnd { self_closing: false });
/// let TokenKind::StartTag(tag) = tokens.next().unwrap().kind else { panic!() };
/// assert_eq!(tag.element, Element::B);
/// ```
pub fn tokens(input: &[u8], start: Start) -> Tokens<'_> {
    Tokens::new(input, start, TreeBuilder::DEFAULT)
}

/// The parts of a value that lands in a context of HTML, as one dialect reads it.
///
/// ```
/// use syntrap::html::{self, Dialect};
/// use syntrap::Context;
///
/// let names = |context| -> Vec<_> {
///     html::parts(b"7\" onload=f()>", context, Dialect::Browser).map(|part| part.terminal.name()).collect()
/// };
/// assert_eq!(names(Context::HtmlDoubleQuoted), ["attribute", "event-handler", ">"]);
/// assert_eq!(names(Context::HtmlData), ["text"]);
/// ```
pub fn parts(input: &[u8], context: Context, dialect: Dialect) -> Parts<'_> {
    Parts::new(input, context, dialect)
}

/// A recogniser of the grammar of HTML, at the very start: the first terminal to push says where the
/// value lands.
///
/// ```
/// use syntrap::html::{self, Terminal};
/// use syntrap::Push;
///
/// let mut recogniser = html::recogniser();
/// for terminal in [Terminal::StartContent, Terminal::TagName, Terminal::EventHandler] {
///     assert_eq!(recogniser.push_terminal(terminal.index()), Push::Shifted);
/// }
/// assert!(recogniser.can_shift(Terminal::TagEnd.index()));
/// assert!(!recogniser.can_shift(Terminal::Text.index()));
/// ```
pub fn recogniser() -> Recogniser {
    Recogniser::new(&GRAMMAR)
}
