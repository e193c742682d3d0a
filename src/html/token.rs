//! The tokens of HTML: what the standard's tokenizer emits (§13.2.5), as spans of the value.
//!
//! A tag is not one token but several: its name, each attribute, its end; so is a DOCTYPE. So a tag
//! has no bound on its attributes and needs no memory for them, and what a value has begun is seen
//! though its `>` is still to come.

use super::Element;
use super::references::{Decode, Decoder};

/// A part of the value, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Span {
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last one.
    pub end: usize,
}

impl Span {
    /// From one byte to in front of another one.
    pub const fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }

    /// How many bytes it has; none where it ends before it starts.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it has none.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The bytes of the value that it covers; none where the value does not have them.
    pub fn of(self, input: &[u8]) -> &[u8] {
        input.get(self.start..self.end).unwrap_or_default()
    }
}

/// A token: what it is and where it stands in the value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// All of its bytes, delimiters included.
    pub span: Span,
    /// It began in front of the value, which starts inside of it.
    pub continued: bool,
    /// The input ended before it did. The standard drops the tag that such a token belongs to; here
    /// the program around the value may go on with it.
    pub open: bool,
}

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum TokenKind {
    /// `<!DOCTYPE name`: a DOCTYPE begins (§13.2.5.53). Its identifiers follow, then
    /// [`TokenKind::DoctypeEnd`].
    Doctype {
        /// Where the name stands, to be read with [`Decode::NAME`].
        name: Option<Span>,
    },
    /// The public identifier of a DOCTYPE, to be read with [`Decode::PLAIN`].
    PublicIdentifier(Span),
    /// The system identifier of a DOCTYPE, to be read with [`Decode::PLAIN`].
    SystemIdentifier(Span),
    /// `>`: the DOCTYPE ends, as it does where the input ends in it.
    DoctypeEnd {
        /// The force-quirks flag.
        force_quirks: bool,
    },
    /// `<name`: a start tag begins. Its attributes follow, then [`TokenKind::TagEnd`].
    StartTag(TagName),
    /// `</name`: an end tag begins, as a start tag does.
    EndTag(TagName),
    /// An attribute. A second one of the same name is given too, which the standard drops
    /// (§13.2.5.33): to compare names takes memory that grows with the tag.
    Attribute(Attribute),
    /// `>` or `/>`: the tag ends.
    TagEnd {
        /// The tag ends with `/>`.
        self_closing: bool,
    },
    /// A comment, bogus ones included: `<!-- … -->`, `<? … >`, `<! … >`, `</ … >`.
    Comment {
        /// Its data, to be read with [`Decode::PLAIN`].
        data: Span,
    },
    /// Characters, up to the next markup.
    Text {
        /// What was read as text, and how.
        kind: TextKind,
        /// Its data, to be read with [`TextKind::decode`].
        data: Span,
    },
}

/// The name of a tag (§13.2.5.8).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct TagName {
    /// The element that it names.
    pub element: Element,
    /// Where the name stands, to be read with [`Decode::NAME`].
    pub name: Span,
}

/// An attribute of a tag (§13.1.2.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Attribute {
    /// Where its name stands, to be read with [`Decode::NAME`]. Empty where the value starts behind
    /// the name.
    pub name: Span,
    /// Where its value stands without quotes, to be read with [`Decode::ATTRIBUTE`].
    pub value: Span,
    /// What stands around the value.
    pub quote: Quote,
}

/// How the value of an attribute is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Quote {
    /// There is no value.
    Empty,
    /// Without quotes.
    Unquoted,
    /// `'…'`.
    Single,
    /// `"…"`.
    Double,
    /// `` `…` ``, to a lenient reader.
    Backquote,
}

/// What is read as text: the content states of the standard.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum TextKind {
    /// Between tags: the data state.
    Data,
    /// In `title` and `textarea`: character references, no tags.
    Rcdata,
    /// In `style`, `xmp`, `iframe`, `noembed`, `noframes` and `noscript`: characters only.
    Rawtext,
    /// In `script`.
    ScriptData,
    /// Behind `<plaintext>`.
    Plaintext,
    /// In `<![CDATA[ … ]]>`.
    CdataSection,
}

impl TextKind {
    /// How characters of this kind are read.
    pub const fn decode(self) -> Decode {
        match self {
            TextKind::Data => Decode::DATA,
            TextKind::Rcdata => Decode::RCDATA,
            TextKind::Rawtext | TextKind::ScriptData | TextKind::Plaintext => Decode::PLAIN,
            TextKind::CdataSection => Decode::CDATA,
        }
    }
}

impl TagName {
    /// The name in lower case.
    pub fn decoded(self, input: &[u8]) -> Decoder<'_> {
        Decode::NAME.decoder(self.name.of(input))
    }
}

impl Attribute {
    /// The name in lower case.
    pub fn decoded_name(self, input: &[u8]) -> Decoder<'_> {
        Decode::NAME.decoder(self.name.of(input))
    }

    /// The value with its character references decoded.
    pub fn decoded_value(self, input: &[u8]) -> Decoder<'_> {
        Decode::ATTRIBUTE.decoder(self.value.of(input))
    }
}
