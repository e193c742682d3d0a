//! HTML: the tokenizer of the WHATWG standard (§13.2.5), on bytes.
//!
//! The rooms, in the order in which data flows: the lexer (bytes to tokens, state by state as in the
//! standard), the tree builder's part in it (which text a start tag switches to), the elements that
//! it must know by name, the [`token`](Token)s, and the character references (what the bytes of a
//! token mean).
//!
//! Input is in any encoding in which ASCII is ASCII, or in none. For every input the tokens and their
//! decoded text take time in the order of its length, and no memory; nothing panics. [`tokens`] reads
//! whole values, a [`Lexer`] reads pieces.

mod element;
mod lexer;
mod references;
mod token;
mod tree;

pub use element::Element;
pub use lexer::{Lexed, Lexer, Tokens};
pub use references::{Chunk, Decode, Decoder};
pub use token::{Attribute, Quote, Span, TagName, TextKind, Token, TokenKind};
pub use tree::{Namespace, TreeBuilder};

/// Where a value lands: the tokenizer's state in front of its first byte.
///
/// In the states inside of a tag the program has written the tag's beginning, and its element is not
/// known. See [`tokens`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Start {
    /// Between tags: the data state (§13.2.5.1).
    Data,
    /// In the text of a `title` or `textarea`: the RCDATA state (§13.2.5.2).
    Rcdata(Element),
    /// In the text of a `style`, `xmp`, `iframe`, `noembed`, `noframes` or `noscript`: the RAWTEXT
    /// state (§13.2.5.3).
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
