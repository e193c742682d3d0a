//! Bytes to tokens: the standard's tokenizer (§13.2.5), with its states under their names.
//!
//! It can start in any state that a value can land in, and be fed in pieces. It reads every byte
//! once and keeps no text: where a token began, the name of the tag that it reads, and its state.
//!
//! What differs from the standard, and nothing else does:
//!
//! * Character references are left where they are. None contains a byte that ends the state it
//!   stands in; [`Decode`](super::Decode) reads them. So it is with newlines and NUL.
//! * A state that differs from another one only in its parse errors or in the element that it stands
//!   in is not there twice: RCDATA, RAWTEXT and script data share the states of their end tags, and
//!   the comment less-than sign states are those of the dashes behind them.
//! * A tag is given in parts, as its parts end: see [`token`](super::token).

mod comment;
mod doctype;
mod script;
mod tag;

use memchr::{memchr, memchr2};

use super::element::Name;
use super::token::{Attribute, Quote, Span, TextKind, Token, TokenKind};
use super::tree::Namespaces;
use super::{Element, Start, TreeBuilder};

/// The states of §13.2.5.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// The data, RCDATA, RAWTEXT and PLAINTEXT states: text of the kind [`Lexer::content`].
    Text,
    TagOpen,
    EndTagOpen,
    TagName,
    /// The RCDATA and RAWTEXT less-than sign states.
    LessThanSign,
    /// The RCDATA, RAWTEXT, script data and script data escaped end tag open states.
    TextEndTagOpen,
    /// The RCDATA, RAWTEXT, script data and script data escaped end tag name states.
    TextEndTagName,
    ScriptData,
    ScriptDataLessThanSign,
    ScriptDataEscapeStart,
    ScriptDataEscapeStartDash,
    ScriptDataEscaped,
    ScriptDataEscapedDash,
    ScriptDataEscapedDashDash,
    ScriptDataEscapedLessThanSign,
    ScriptDataDoubleEscapeStart,
    ScriptDataDoubleEscaped,
    ScriptDataDoubleEscapedDash,
    ScriptDataDoubleEscapedDashDash,
    ScriptDataDoubleEscapedLessThanSign,
    ScriptDataDoubleEscapeEnd,
    BeforeAttributeName,
    AttributeName,
    AfterAttributeName,
    BeforeAttributeValue,
    AttributeValueDoubleQuoted,
    AttributeValueSingleQuoted,
    AttributeValueUnquoted,
    /// The lenient reader's `` `…` ``.
    AttributeValueBackquoted,
    /// A blank in a value without quotes, to the lenient reader.
    BlankInAttributeValue,
    AfterAttributeValueQuoted,
    SelfClosingStartTag,
    /// `<` in a tag, to the lenient reader.
    LessThanSignInTag,
    /// `?` in a tag, to the lenient reader.
    QuestionMarkInTag,
    BogusComment,
    MarkupDeclarationOpen,
    CommentStart,
    CommentStartDash,
    Comment,
    CommentEndDash,
    CommentEnd,
    CommentEndBang,
    Doctype,
    BeforeDoctypeName,
    DoctypeName,
    AfterDoctypeName,
    AfterDoctypePublicKeyword,
    BeforeDoctypePublicIdentifier,
    DoctypePublicIdentifierDoubleQuoted,
    DoctypePublicIdentifierSingleQuoted,
    AfterDoctypePublicIdentifier,
    BetweenDoctypePublicAndSystemIdentifiers,
    AfterDoctypeSystemKeyword,
    BeforeDoctypeSystemIdentifier,
    DoctypeSystemIdentifierDoubleQuoted,
    DoctypeSystemIdentifierSingleQuoted,
    AfterDoctypeSystemIdentifier,
    BogusDoctype,
    CdataSection,
    CdataSectionBracket,
    CdataSectionEnd,
    /// The end of the file was given.
    End,
}

/// What the tokenizer says when asked for the next token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lexed {
    /// The next token.
    Token(Token),
    /// The piece was read to its end and has no further token: the next piece is wanted.
    More,
    /// The input has no further token.
    End,
}

/// The tokenizer, to be fed in pieces: a state and some positions, all of them in the whole input.
///
/// ```
/// use syntrap::html::{Lexed, Lexer, Start, TokenKind, TreeBuilder};
///
/// let mut lexer = Lexer::new(Start::Data, TreeBuilder::DEFAULT);
/// assert_eq!(lexer.next(b"<hr", 0, false), Lexed::More);
/// let Lexed::Token(tag) = lexer.next(b" id=a>", 3, true) else { panic!() };
/// assert_eq!((tag.span.start, tag.span.end), (0, 3));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Lexer {
    state: State,
    tree: TreeBuilder,
    namespaces: Namespaces,
    /// The first byte that was not read yet.
    position: usize,
    /// The kind of the text around the markup that is being read.
    content: TextKind,
    /// The first character of text that was not given yet.
    text: usize,
    /// The last `<` that may begin markup: the first byte of the token.
    less_than: usize,
    /// The first byte of a name, of a comment's data or of an identifier.
    mark: usize,
    /// How much of a keyword was read.
    matched: u8,
    /// The keyword: see [`Lexer::keyword`].
    keyword: &'static [u8],
    /// A script's end tag stands in the script data escaped state.
    escaped: bool,
    /// The token that is being read began in front of the value.
    continued: bool,
    /// The tag that is being read is an end tag.
    end_tag: bool,
    /// What it names.
    element: Element,
    /// The tag has what the tree builder wants to know of its attributes.
    html_font: bool,
    html_encoding: Option<bool>,
    /// The tree builder wants the value of this attribute, which is in `name`.
    keeps_value: bool,
    /// The name that is being read: the temporary buffer of the standard.
    name: Name,
    /// What an appropriate end tag names.
    last_start_tag: Element,
    /// The attribute whose end was not seen yet.
    attribute: Option<Attribute>,
    /// The force-quirks flag of the DOCTYPE that is being read.
    force_quirks: bool,
    /// It has an internal subset, as only XML has.
    internal_subset: bool,
}

/// White space in a tag (§13.2.5.8); a carriage return is a newline to the standard (§13.2.3.5).
fn is_white_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

impl Lexer {
    /// A tokenizer in front of a value that lands where `start` says.
    pub fn new(start: Start, tree: TreeBuilder) -> Self {
        let mut lexer = Lexer {
            state: State::Text,
            tree,
            namespaces: Namespaces::new(tree),
            position: 0,
            content: TextKind::Data,
            text: 0,
            less_than: 0,
            mark: 0,
            matched: 0,
            keyword: b"",
            escaped: false,
            continued: false,
            end_tag: false,
            element: Element::Unknown,
            html_font: false,
            html_encoding: None,
            keeps_value: false,
            name: Name::EMPTY,
            last_start_tag: Element::Unknown,
            attribute: None,
            force_quirks: false,
            internal_subset: false,
        };
        let unnamed = Attribute { name: Span::new(0, 0), value: Span::new(0, 0), quote: Quote::Empty };
        let mut inside = |state| {
            lexer.state = state;
            lexer.continued = true;
        };
        match start {
            Start::Data => {}
            Start::Rcdata(element) => lexer.enter(TextKind::Rcdata, element),
            Start::Rawtext(element) => lexer.enter(TextKind::Rawtext, element),
            Start::ScriptData => lexer.enter(TextKind::ScriptData, Element::Script),
            Start::ScriptDataEscaped | Start::ScriptDataDoubleEscaped => {
                lexer.enter(TextKind::ScriptData, Element::Script);
                lexer.state = match start {
                    Start::ScriptDataEscaped => State::ScriptDataEscaped,
                    _ => State::ScriptDataDoubleEscaped,
                };
            }
            Start::Plaintext => lexer.enter(TextKind::Plaintext, Element::Plaintext),
            Start::TagOpen => inside(State::TagOpen),
            Start::EndTagOpen => inside(State::EndTagOpen),
            Start::TagName => {
                inside(State::TagName);
                lexer.name.begin_unknown();
            }
            Start::BeforeAttributeName => lexer.state = State::BeforeAttributeName,
            Start::AttributeName => {
                inside(State::AttributeName);
                lexer.name.begin_unknown();
            }
            Start::BeforeAttributeValue => inside(State::BeforeAttributeValue),
            Start::AttributeValueDoubleQuoted => inside(State::AttributeValueDoubleQuoted),
            Start::AttributeValueSingleQuoted => inside(State::AttributeValueSingleQuoted),
            Start::AttributeValueUnquoted => inside(State::AttributeValueUnquoted),
            Start::BogusComment => inside(State::BogusComment),
            Start::CommentStart => inside(State::CommentStart),
            Start::Comment => inside(State::Comment),
            Start::BeforeDoctypeName => inside(State::BeforeDoctypeName),
            Start::CdataSection => {
                inside(State::CdataSection);
                lexer.content = TextKind::CdataSection;
            }
        }
        if matches!(
            lexer.state,
            State::AttributeName
                | State::BeforeAttributeValue
                | State::AttributeValueDoubleQuoted
                | State::AttributeValueSingleQuoted
                | State::AttributeValueUnquoted
        ) {
            lexer.attribute = Some(unnamed);
        }
        lexer
    }

    /// Begins the text of an element.
    fn enter(&mut self, content: TextKind, element: Element) {
        self.content = content;
        self.state = text_state(content);
        self.last_start_tag = element;
    }

    /// The tree builder behind it.
    pub(super) fn tree(&self) -> TreeBuilder {
        self.tree
    }

    /// The first byte that was not read yet, in the whole input.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The first byte of the token that is being read: who keeps the pieces from here on can read the
    /// text of every token that is still to come.
    pub fn pending(&self) -> usize {
        match self.state {
            State::BeforeAttributeName
            | State::AfterAttributeValueQuoted
            | State::AfterDoctypeName
            | State::AfterDoctypePublicKeyword
            | State::BeforeDoctypePublicIdentifier
            | State::AfterDoctypePublicIdentifier
            | State::BetweenDoctypePublicAndSystemIdentifiers
            | State::AfterDoctypeSystemKeyword
            | State::BeforeDoctypeSystemIdentifier
            | State::AfterDoctypeSystemIdentifier
            | State::BogusDoctype
            | State::End => self.position,
            State::SelfClosingStartTag | State::LessThanSignInTag => self.position.saturating_sub(1),
            State::QuestionMarkInTag => {
                self.attribute.map_or(self.position.saturating_sub(1), |attribute| attribute.name.start)
            }
            State::AttributeName
            | State::AfterAttributeName
            | State::BeforeAttributeValue
            | State::AttributeValueDoubleQuoted
            | State::AttributeValueSingleQuoted
            | State::AttributeValueUnquoted
            | State::AttributeValueBackquoted
            | State::BlankInAttributeValue => {
                self.attribute.map_or(self.position, |attribute| attribute.name.start)
            }
            State::DoctypePublicIdentifierDoubleQuoted
            | State::DoctypePublicIdentifierSingleQuoted
            | State::DoctypeSystemIdentifierDoubleQuoted
            | State::DoctypeSystemIdentifierSingleQuoted => self.mark.saturating_sub(1),
            State::TagName
            | State::BogusComment
            | State::MarkupDeclarationOpen
            | State::CommentStart
            | State::CommentStartDash
            | State::Comment
            | State::CommentEndDash
            | State::CommentEnd
            | State::CommentEndBang
            | State::Doctype
            | State::BeforeDoctypeName
            | State::DoctypeName
            | State::CdataSection
            | State::CdataSectionBracket
            | State::CdataSectionEnd => self.less_than,
            _ => self.text,
        }
    }

    /// The first byte of the token that is being read, if it is not text and the program did not begin
    /// it, else the position: for who reads neither.
    pub(super) fn pending_markup(&self) -> usize {
        match self.state {
            State::Text
            | State::ScriptData
            | State::ScriptDataEscapeStart
            | State::ScriptDataEscapeStartDash
            | State::ScriptDataEscaped
            | State::ScriptDataEscapedDash
            | State::ScriptDataEscapedDashDash
            | State::ScriptDataDoubleEscapeStart
            | State::ScriptDataDoubleEscaped
            | State::ScriptDataDoubleEscapedDash
            | State::ScriptDataDoubleEscapedDashDash
            | State::ScriptDataDoubleEscapedLessThanSign
            | State::ScriptDataDoubleEscapeEnd => self.position,
            State::TagOpen
            | State::EndTagOpen
            | State::LessThanSign
            | State::TextEndTagOpen
            | State::TextEndTagName
            | State::ScriptDataLessThanSign
            | State::ScriptDataEscapedLessThanSign => self.less_than,
            // A name of so many bytes is none that is known.
            State::CdataSection
            | State::AttributeName
            | State::AfterAttributeName
            | State::BeforeAttributeValue => self.position,
            // The program began it, and nobody asks what it says.
            State::TagName
            | State::AttributeValueDoubleQuoted
            | State::AttributeValueSingleQuoted
            | State::AttributeValueUnquoted
            | State::Comment
            | State::DoctypeName
                if self.continued =>
            {
                self.position
            }
            _ => self.pending(),
        }
    }

    /// Whether the last DOCTYPE has an internal subset (XML 1.0, §2.8).
    pub(super) fn has_internal_subset(&self) -> bool {
        self.internal_subset
    }

    /// The name that the last token has, if it was a tag's or an attribute: ASCII letters in lower
    /// case. `None` where it began in front of the value, or is longer than any name that HTML, SVG
    /// or MathML knows.
    pub fn name(&self) -> Option<&[u8]> {
        self.name.get()
    }

    /// The next token of a piece that begins at `base` in the whole input. `last` says that the
    /// input ends with the piece.
    ///
    /// However the input is cut, the tokens are the same. Where the answer is [`Lexed::More`], all
    /// of the piece was read and none of it is wanted again, but by who wants to see the text of the
    /// tokens. It takes time in the order of the bytes that it reads, and no memory.
    ///
    /// Pieces are given in their order, each until the answer is no token. What is left out between two
    /// is not read.
    pub fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed {
        // In front of the piece there is nothing to read.
        self.position = self.position.max(base);
        match self.token(piece, base) {
            Some(token) => Lexed::Token(token),
            None if last => self.end_of_file().map_or(Lexed::End, Lexed::Token),
            None => Lexed::More,
        }
    }

    /// The next token that ends in the piece.
    fn token(&mut self, piece: &[u8], base: usize) -> Option<Token> {
        while let Some((&byte, rest)) = piece.get(self.position - base..).and_then(<[u8]>::split_first) {
            let token = self.step(byte, rest);
            if token.is_some() {
                return token;
            }
        }
        None
    }

    /// One state's look at the next byte, `rest` being what stands behind it. A byte that is to be
    /// reconsumed is not passed; where nothing but text or a long run follows, more than one is.
    fn step(&mut self, byte: u8, rest: &[u8]) -> Option<Token> {
        match self.state {
            State::Text => self.text_state(byte, rest),
            State::TagOpen => self.tag_open(byte),
            State::EndTagOpen => self.end_tag_open(byte),
            State::TagName => self.tag_name(byte, rest),
            State::LessThanSign => {
                self.escaped = false;
                self.take_if(byte == b'/', State::TextEndTagOpen, text_state(self.content))
            }
            State::TextEndTagOpen => self.text_end_tag_open(byte),
            State::TextEndTagName => self.text_end_tag_name(byte),
            State::ScriptData
            | State::ScriptDataLessThanSign
            | State::ScriptDataEscapeStart
            | State::ScriptDataEscapeStartDash
            | State::ScriptDataEscaped
            | State::ScriptDataEscapedDash
            | State::ScriptDataEscapedDashDash
            | State::ScriptDataEscapedLessThanSign
            | State::ScriptDataDoubleEscapeStart
            | State::ScriptDataDoubleEscaped
            | State::ScriptDataDoubleEscapedDash
            | State::ScriptDataDoubleEscapedDashDash
            | State::ScriptDataDoubleEscapedLessThanSign
            | State::ScriptDataDoubleEscapeEnd => {
                self.script(byte, rest);
                None
            }
            State::BeforeAttributeName => {
                self.before_attribute_name(byte);
                None
            }
            State::AttributeName => {
                self.attribute_name(byte, rest);
                None
            }
            State::AfterAttributeName => self.after_attribute_name(byte),
            State::BeforeAttributeValue => self.before_attribute_value(byte),
            State::AttributeValueDoubleQuoted => self.attribute_value_quoted(b'"', byte, rest),
            State::AttributeValueSingleQuoted => self.attribute_value_quoted(b'\'', byte, rest),
            State::AttributeValueUnquoted => self.attribute_value_unquoted(byte, rest),
            State::AttributeValueBackquoted => self.attribute_value_quoted(b'`', byte, rest),
            State::BlankInAttributeValue => self.blank_in_attribute_value(byte),
            State::LessThanSignInTag => self.less_than_sign_in_tag(byte),
            State::QuestionMarkInTag => self.question_mark_in_tag(byte),
            State::AfterAttributeValueQuoted => self.after_attribute_value_quoted(byte),
            State::SelfClosingStartTag => self.self_closing_start_tag(byte),
            State::BogusComment => self.bogus_comment(byte, rest),
            State::MarkupDeclarationOpen => {
                self.markup_declaration_open(byte);
                None
            }
            State::CommentStart => self.comment_start(byte),
            State::CommentStartDash => self.comment_start_dash(byte),
            State::Comment => {
                self.comment(byte, rest);
                None
            }
            State::CommentEndDash => {
                self.comment_end_dash(byte);
                None
            }
            State::CommentEnd => self.comment_end(byte),
            State::CommentEndBang => self.comment_end_bang(byte),
            State::CdataSection | State::CdataSectionBracket | State::CdataSectionEnd => {
                self.cdata_section(byte, rest)
            }
            State::End => {
                self.position += 1 + rest.len();
                None
            }
            _ => {
                let outside = matches!(
                    self.state,
                    State::AfterDoctypeName
                        | State::AfterDoctypePublicIdentifier
                        | State::BetweenDoctypePublicAndSystemIdentifiers
                        | State::AfterDoctypeSystemIdentifier
                );
                self.internal_subset |= outside && byte == b'[';
                self.doctype(byte, rest)
            }
        }
    }

    /// The data, RCDATA, RAWTEXT and PLAINTEXT states (§13.2.5.1 to 3, 5).
    fn text_state(&mut self, byte: u8, rest: &[u8]) -> Option<Token> {
        if self.content == TextKind::Plaintext {
            self.position += 1 + rest.len();
            return None;
        }
        if byte != b'<' {
            self.position += 1 + memchr(b'<', rest).unwrap_or(rest.len());
            return None;
        }
        self.less_than = self.position;
        self.position += 1;
        self.state = if self.content == TextKind::Data { State::TagOpen } else { State::LessThanSign };
        None
    }

    /// Passes the byte and goes to one state, or leaves it to be reconsumed in the other one.
    fn take_if(&mut self, condition: bool, then: State, otherwise: State) -> Option<Token> {
        self.position += usize::from(condition);
        self.state = if condition { then } else { otherwise };
        None
    }

    /// Passes up to the first of the bytes, or all.
    fn skip_to(&mut self, first: u8, second: u8, byte: u8, rest: &[u8]) {
        if byte != first && byte != second {
            self.position += 1 + memchr2(first, second, rest).unwrap_or(rest.len());
        }
    }

    /// Markup begins at `less_than`: what stands in front of it is a token of text.
    fn flush_text(&mut self) -> Option<Token> {
        self.give_text(self.less_than)
    }

    /// The text up to `end`, if there is any.
    fn give_text(&mut self, end: usize) -> Option<Token> {
        let data = Span::new(self.text, end.max(self.text));
        self.text = data.end;
        let kind = TokenKind::Text { kind: self.content, data };
        (!data.is_empty()).then_some(Token { kind, span: data, continued: false, open: false })
    }

    /// A token that ends at the position.
    fn give(&mut self, kind: TokenKind, start: usize) -> Option<Token> {
        let continued = std::mem::take(&mut self.continued);
        Some(Token { kind, span: Span::new(start, self.position), continued, open: false })
    }

    /// Goes to the state of text of this kind.
    fn back_to_text(&mut self, content: TextKind) {
        self.content = content;
        self.state = text_state(content);
        self.text = self.position;
    }

    /// The keyword of which the byte is the next one was read as far as it goes: `Some(true)` if all
    /// of it, `Some(false)` if the byte does not belong to it.
    fn keyword(&mut self, byte: u8) -> Option<bool> {
        let next = self.keyword.get(usize::from(self.matched))?;
        if !next.eq_ignore_ascii_case(&byte) {
            return Some(false);
        }
        self.position += 1;
        self.matched += 1;
        (usize::from(self.matched) == self.keyword.len()).then_some(true)
    }

    /// What is left when the input ends, one token at a time.
    fn end_of_file(&mut self) -> Option<Token> {
        let state = std::mem::replace(&mut self.state, State::End);
        let token = match state {
            State::End
            | State::SelfClosingStartTag
            | State::BeforeAttributeName
            | State::AfterAttributeValueQuoted
            | State::LessThanSignInTag => None,
            State::TagName => self.give_tag_name(),
            State::AttributeName
            | State::AfterAttributeName
            | State::BeforeAttributeValue
            | State::AttributeValueDoubleQuoted
            | State::AttributeValueSingleQuoted
            | State::AttributeValueUnquoted
            | State::AttributeValueBackquoted
            | State::BlankInAttributeValue
            | State::QuestionMarkInTag => self.end_of_file_in_attribute(state),
            State::BogusComment | State::MarkupDeclarationOpen | State::CommentStart | State::Comment => {
                self.give_comment(self.position)
            }
            State::CommentStartDash | State::CommentEndDash => {
                self.give_comment(self.position.saturating_sub(1))
            }
            State::CommentEnd => self.give_comment(self.position.saturating_sub(2)),
            State::CommentEndBang => self.give_comment(self.position.saturating_sub(3)),
            State::CdataSection | State::CdataSectionBracket | State::CdataSectionEnd => {
                self.give_cdata(self.position)
            }
            State::Text
            | State::TagOpen
            | State::EndTagOpen
            | State::LessThanSign
            | State::TextEndTagOpen
            | State::TextEndTagName
            | State::ScriptData
            | State::ScriptDataLessThanSign
            | State::ScriptDataEscapeStart
            | State::ScriptDataEscapeStartDash
            | State::ScriptDataEscaped
            | State::ScriptDataEscapedDash
            | State::ScriptDataEscapedDashDash
            | State::ScriptDataEscapedLessThanSign
            | State::ScriptDataDoubleEscapeStart
            | State::ScriptDataDoubleEscaped
            | State::ScriptDataDoubleEscapedDash
            | State::ScriptDataDoubleEscapedDashDash
            | State::ScriptDataDoubleEscapedLessThanSign
            | State::ScriptDataDoubleEscapeEnd => return self.give_text(self.position),
            _ => self.end_of_file_in_doctype(state),
        };
        token.map(|token| Token { open: true, ..token })
    }
}

/// The state in which text of a kind is read.
fn text_state(content: TextKind) -> State {
    match content {
        TextKind::ScriptData => State::ScriptData,
        TextKind::CdataSection => State::CdataSection,
        _ => State::Text,
    }
}

/// The tokens of a whole value: see [`tokens`](super::tokens).
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    lexer: Lexer,
    input: &'a [u8],
}

impl<'a> Tokens<'a> {
    /// The tokens of a value that lands where `start` says, with this tree builder.
    pub fn new(input: &'a [u8], start: Start, tree: TreeBuilder) -> Self {
        Tokens { lexer: Lexer::new(start, tree), input }
    }

    /// The same, behind a start tag of this element, which says what an appropriate end tag is
    /// (§13.2.5): for text in an element that usually has none.
    pub fn with_last_start_tag(mut self, element: Element) -> Self {
        self.lexer.last_start_tag = element;
        self
    }

    /// The name of the last token: see [`Lexer::name`].
    pub fn name(&self) -> Option<&[u8]> {
        self.lexer.name()
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let token = self.lexer.token(self.input, 0);
        if token.is_some() { token } else { self.lexer.end_of_file() }
    }
}
