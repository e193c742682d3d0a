//! Tags (§13.2.5.6 to 14, 32 to 40).

use memchr::memchr;

use super::{Lexer, State, is_white_space, text_state};
use crate::html::Element;
use crate::html::element::Name;
use crate::html::references::Decode;
use crate::html::token::{Attribute, Quote, Span, TagName, TextKind, Token, TokenKind};
use crate::html::tree::{Tag, text_behind};

/// The attribute that says whether an `annotation-xml` has HTML in it.
const ENCODING: &[u8] = b"encoding";

/// Whether a byte belongs to a name to the lenient reader; what is none between names does not.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'_' | 0)
}

impl Lexer {
    /// The tag open state (§13.2.5.6).
    pub(super) fn tag_open(&mut self, byte: u8) -> Option<Token> {
        match byte {
            0 if self.tree.lenient => {
                self.position += 1;
                None
            }
            // A tag without a name.
            b'%' if self.tree.lenient => self.begin_tag(false),
            b'!' | b'?' if self.tree.lenient => {
                self.leave_markup();
                None
            }
            b'!' => {
                self.take(State::MarkupDeclarationOpen);
                self.mark = self.position;
                self.matched = 0;
                self.flush_text()
            }
            b'/' => {
                self.take(State::EndTagOpen);
                None
            }
            b'A'..=b'Z' | b'a'..=b'z' => self.begin_tag(false),
            b'?' => {
                self.mark = self.position;
                self.state = State::BogusComment;
                self.flush_text()
            }
            _ => {
                self.leave_markup();
                None
            }
        }
    }

    /// The end tag open state (§13.2.5.7).
    pub(super) fn end_tag_open(&mut self, byte: u8) -> Option<Token> {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' => self.begin_tag(true),
            b'>' => {
                let text = self.flush_text();
                self.position += 1;
                self.leave_markup();
                self.text = self.position;
                text
            }
            b'/' if self.tree.lenient => self.begin_tag(false),
            _ if self.tree.lenient => {
                self.leave_markup();
                None
            }
            _ => {
                self.mark = self.position;
                self.state = State::BogusComment;
                self.flush_text()
            }
        }
    }

    /// What looked like markup is text.
    fn leave_markup(&mut self) {
        self.continued = false;
        self.state = State::Text;
    }

    fn begin_tag(&mut self, end_tag: bool) -> Option<Token> {
        self.mark = self.position;
        self.end_tag = end_tag;
        self.name.clear();
        self.state = State::TagName;
        self.flush_text()
    }

    /// The tag name state (§13.2.5.8).
    pub(super) fn tag_name(&mut self, byte: u8, rest: &[u8]) -> Option<Token> {
        let lenient = self.tree.lenient;
        let ends = |byte: u8| match lenient {
            true => !is_name(byte),
            false => is_white_space(byte) || matches!(byte, b'/' | b'>'),
        };
        if ends(byte) {
            // The before attribute name state does with the byte what this one does.
            self.state = State::BeforeAttributeName;
            return self.give_tag_name();
        }
        self.position += self.name_run(byte, rest, ends);
        None
    }

    /// Reads a byte of a name and the rest up to where it ends; answers how many bytes that are.
    fn name_run(&mut self, byte: u8, rest: &[u8], ends: impl Fn(u8) -> bool) -> usize {
        let length = rest.iter().position(|&byte| ends(byte)).unwrap_or(rest.len());
        self.push_name(byte);
        if self.tree.lenient {
            rest[..length].split(|&byte| byte == 0).for_each(|text| self.name.extend(text));
        } else {
            self.name.extend(&rest[..length]);
        }
        1 + length
    }

    /// A byte of a name; NUL is nothing to the lenient reader.
    fn push_name(&mut self, byte: u8) {
        if !self.tree.lenient || byte != 0 {
            self.name.push(byte);
        }
    }

    pub(super) fn give_tag_name(&mut self) -> Option<Token> {
        self.element = self.name.element();
        (self.html_font, self.html_encoding) = (false, None);
        let tag = TagName { element: self.element, name: Span::new(self.mark, self.position) };
        if self.end_tag {
            return self.give(TokenKind::EndTag(tag), self.less_than);
        }
        self.give(TokenKind::StartTag(tag), self.less_than)
    }

    /// The RCDATA, RAWTEXT, script data and script data escaped end tag open states (§13.2.5.10, 13,
    /// 16, 24).
    pub(super) fn text_end_tag_open(&mut self, byte: u8) -> Option<Token> {
        if !byte.is_ascii_alphabetic() {
            return self.no_end_tag();
        }
        self.mark = self.position;
        self.name.clear();
        self.state = State::TextEndTagName;
        None
    }

    /// The end tag name states of the same (§13.2.5.11, 14, 17, 25).
    pub(super) fn text_end_tag_name(&mut self, byte: u8) -> Option<Token> {
        if byte.is_ascii_alphabetic() {
            self.name.push(byte);
            self.position += 1;
            return None;
        }
        let ends = is_white_space(byte) || matches!(byte, b'/' | b'>');
        if !ends || !self.is_appropriate(self.name.element()) {
            return self.no_end_tag();
        }
        // The tag name state ends the name at this very byte.
        self.end_tag = true;
        self.state = State::TagName;
        self.flush_text()
    }

    /// Whether an end tag of this element is appropriate (§13.2.5). Where the value starts in text of
    /// an element that is not known, that of each element with such text is.
    fn is_appropriate(&self, element: Element) -> bool {
        match self.last_start_tag {
            Element::Unknown => self.content != TextKind::Data && text_behind(element) == self.content,
            known => element == known,
        }
    }

    /// What looked like an end tag is text.
    fn no_end_tag(&mut self) -> Option<Token> {
        self.state = if self.escaped { State::ScriptDataEscaped } else { text_state(self.content) };
        None
    }

    /// The before attribute name state (§13.2.5.32).
    pub(super) fn before_attribute_name(&mut self, byte: u8) {
        match byte {
            b'/' | b'>' => self.state = State::AfterAttributeName,
            b'<' if self.tree.lenient => self.take(State::LessThanSignInTag),
            b'?' | b'%' if self.tree.lenient => self.take(State::QuestionMarkInTag),
            byte if self.is_between(byte) => self.position += 1,
            b'=' if self.tree.lenient => {
                // A value without a name.
                let start = Span::new(self.position, self.position);
                self.name.clear();
                self.attribute = Some(Attribute { name: start, value: start, quote: Quote::Empty });
                self.take(State::BeforeAttributeValue);
            }
            _ => self.begin_attribute(byte),
        }
    }

    /// Whether a byte stands between attributes and means nothing.
    fn is_between(&self, byte: u8) -> bool {
        match self.tree.lenient {
            true => !byte.is_ascii_alphanumeric() && !matches!(byte, b'=' | b'>' | b'<'),
            false => is_white_space(byte),
        }
    }

    /// Whether white space, or what else is nothing to a lenient reader, stands before a value or ends
    /// one.
    fn is_space(&self, byte: u8) -> bool {
        is_white_space(byte) || self.tree.lenient && byte < b' ' && byte != 0
    }

    /// `?` or `%` in a tag, to the lenient reader: `?>` and `%>` end code of the program, not the tag.
    pub(super) fn question_mark_in_tag(&mut self, byte: u8) -> Option<Token> {
        self.state = State::AfterAttributeName;
        if byte != b'>' {
            return None;
        }
        self.position += 1;
        self.give_attribute()
    }

    /// `<` in a tag, to the lenient reader: if a name follows, the tag ends before it. That of a script
    /// always does, but for code of the program, for anything may follow in its text.
    pub(super) fn less_than_sign_in_tag(&mut self, byte: u8) -> Option<Token> {
        let script = self.element == Element::Script && !self.end_tag && !matches!(byte, b'?' | b'%');
        if !byte.is_ascii_alphabetic() && byte != b'/' && !script {
            self.state = State::BeforeAttributeName;
            return None;
        }
        let start = self.position.saturating_sub(1);
        self.end_tag = false;
        self.back_to_text(TextKind::Data);
        (self.text, self.less_than, self.state) = (start, start, State::TagOpen);
        let span = Span::new(start, start);
        let continued = std::mem::take(&mut self.continued);
        let kind = TokenKind::TagEnd { self_closing: false };
        Some(Token { kind, span, continued, open: false })
    }

    fn begin_attribute(&mut self, byte: u8) {
        self.mark = self.position;
        self.name.clear();
        self.push_name(byte);
        let start = Span::new(self.position, self.position);
        self.attribute = Some(Attribute { name: start, value: start, quote: Quote::Empty });
        // The first byte belongs to the name whatever it is: an equals sign is no exception.
        self.take(State::AttributeName);
    }

    /// The attribute name state (§13.2.5.33).
    pub(super) fn attribute_name(&mut self, byte: u8, rest: &[u8]) {
        let lenient = self.tree.lenient;
        let ends = |byte: u8| match lenient {
            true => !is_name(byte),
            false => is_white_space(byte) || matches!(byte, b'/' | b'>' | b'='),
        };
        if !ends(byte) {
            self.position += self.name_run(byte, rest, ends);
            return;
        }
        self.end_attribute_name();
        match byte {
            b'=' => self.take(State::BeforeAttributeValue),
            _ => self.state = State::AfterAttributeName,
        }
    }

    fn end_attribute_name(&mut self) {
        let end = Span::new(self.position, self.position);
        if let Some(attribute) = &mut self.attribute {
            attribute.name.end = self.position;
            attribute.value = end;
        }
    }

    /// The after attribute name state (§13.2.5.34).
    pub(super) fn after_attribute_name(&mut self, byte: u8) -> Option<Token> {
        match byte {
            b'?' | b'%' if self.tree.lenient => {
                self.take(State::QuestionMarkInTag);
                None
            }
            byte if is_white_space(byte)
                || byte != b'/' && self.is_between(byte)
                || self.tree.lenient && byte == b'/' && self.attribute.is_some() =>
            {
                self.position += 1;
                None
            }
            b'=' if self.attribute.is_some() => {
                self.take(State::BeforeAttributeValue);
                None
            }
            // The attribute has no value; the byte is looked at again behind it.
            _ if self.attribute.is_some() => self.give_attribute(),
            b'/' => {
                self.take(State::SelfClosingStartTag);
                None
            }
            b'>' => self.give_tag_end(false),
            b'<' if self.tree.lenient => {
                self.take(State::LessThanSignInTag);
                None
            }
            _ => {
                self.begin_attribute(byte);
                None
            }
        }
    }

    /// The attribute, which ends where its name or its value does, its closing quote included.
    fn give_attribute(&mut self) -> Option<Token> {
        let attribute = self.attribute.take()?;
        if self.namespaces.wants_attributes(self.element) {
            self.note_attribute();
        }
        let end = match attribute.quote {
            Quote::Empty | Quote::Unquoted => attribute.value.end,
            Quote::Single | Quote::Double | Quote::Backquote => self.position,
        };
        let continued = std::mem::take(&mut self.continued);
        let span = Span::new(attribute.name.start, end);
        Some(Token { kind: TokenKind::Attribute(attribute), span, continued, open: false })
    }

    /// Keeps what the tree builder wants to know of the attribute.
    #[cold]
    fn note_attribute(&mut self) {
        if self.keeps_value {
            self.keeps_value = false;
            let value = std::mem::replace(&mut self.name, Name::new(ENCODING));
            let is = |name: &[u8]| {
                let value = value.get().map(|value| Decode::ATTRIBUTE.decoder(value));
                value.is_some_and(|value| value.eq_ignore_ascii_case(name))
            };
            self.html_encoding = Some(is(b"text/html") || is(b"application/xhtml+xml"));
            return;
        }
        match self.name.get() {
            Some(b"color" | b"face" | b"size") => self.html_font = true,
            // Of two with the same name the first one counts.
            Some(ENCODING) if self.html_encoding.is_none() => self.html_encoding = Some(false),
            _ => {}
        }
    }

    /// Passes bytes of a value.
    fn pass_value(&mut self, byte: u8, rest: &[u8]) {
        if self.keeps_value {
            self.name.extend(&[byte]);
            self.name.extend(rest);
        }
        self.position += 1 + rest.len();
    }

    /// The before attribute value state (§13.2.5.35).
    pub(super) fn before_attribute_value(&mut self, byte: u8) -> Option<Token> {
        let (quote, state, length) = match byte {
            byte if self.is_space(byte) || self.tree.lenient && matches!(byte, b'+' | b'\\') => {
                self.position += 1;
                return None;
            }
            b'"' => (Quote::Double, State::AttributeValueDoubleQuoted, 1),
            b'\'' => (Quote::Single, State::AttributeValueSingleQuoted, 1),
            b'`' if self.tree.lenient => (Quote::Backquote, State::AttributeValueBackquoted, 1),
            b'>' => {
                self.begin_value(Quote::Empty);
                self.state = State::AfterAttributeName;
                return self.give_attribute();
            }
            _ => (Quote::Unquoted, State::AttributeValueUnquoted, 0),
        };
        self.position += length;
        self.begin_value(quote);
        self.state = state;
        None
    }

    /// The value begins at the position.
    fn begin_value(&mut self, quote: Quote) {
        if let Some(attribute) = &mut self.attribute {
            attribute.value = Span::new(self.position, self.position);
            attribute.quote = quote;
        }
        if self.element == Element::AnnotationXml
            && self.html_encoding.is_none()
            && self.name.get() == Some(ENCODING)
            && self.namespaces.wants_attributes(self.element)
        {
            // The name is put back where the attribute is given.
            self.keeps_value = true;
            self.name.clear();
        }
    }

    /// The value ends at the position.
    fn end_value(&mut self, quote: Quote) {
        if let Some(attribute) = &mut self.attribute {
            attribute.value.end = self.position;
            attribute.quote = quote;
        }
    }

    /// The attribute value (double-quoted) and (single-quoted) states (§13.2.5.36 and 37).
    pub(super) fn attribute_value_quoted(&mut self, quote: u8, byte: u8, rest: &[u8]) -> Option<Token> {
        if byte != quote {
            self.pass_value(byte, &rest[..memchr(quote, rest).unwrap_or(rest.len())]);
            return None;
        }
        self.end_value(match quote {
            b'"' => Quote::Double,
            b'\'' => Quote::Single,
            _ => Quote::Backquote,
        });
        self.take(State::AfterAttributeValueQuoted);
        self.give_attribute()
    }

    /// The attribute value (unquoted) state (§13.2.5.38).
    pub(super) fn attribute_value_unquoted(&mut self, byte: u8, rest: &[u8]) -> Option<Token> {
        let lenient = self.tree.lenient;
        let ends = |byte: u8| is_white_space(byte) || byte == b'>' || lenient && byte < b' ' && byte != 0;
        if !ends(byte) {
            let length = rest.iter().position(|&byte| ends(byte)).unwrap_or(rest.len());
            self.pass_value(byte, &rest[..length]);
            return None;
        }
        if lenient && byte == b' ' {
            self.take(State::BlankInAttributeValue);
            return None;
        }
        self.end_value(Quote::Unquoted);
        self.state = State::BeforeAttributeName;
        self.give_attribute()
    }

    /// A blank in a value without quotes, to the lenient reader: no name begins with a reference, which
    /// goes on with the value.
    pub(super) fn blank_in_attribute_value(&mut self, byte: u8) -> Option<Token> {
        if byte == b'&' {
            self.state = State::AttributeValueUnquoted;
            return None;
        }
        self.end_value_before_blank();
        self.state = State::BeforeAttributeName;
        self.give_attribute()
    }

    fn end_value_before_blank(&mut self) {
        self.end_value(Quote::Unquoted);
        if let Some(attribute) = &mut self.attribute {
            attribute.value.end -= 1;
        }
    }

    /// The after attribute value (quoted) state (§13.2.5.39).
    pub(super) fn after_attribute_value_quoted(&mut self, byte: u8) -> Option<Token> {
        match byte {
            b'/' => {
                self.take(State::SelfClosingStartTag);
                None
            }
            b'>' => self.give_tag_end(false),
            _ => {
                self.state = State::BeforeAttributeName;
                None
            }
        }
    }

    /// The self-closing start tag state (§13.2.5.40).
    pub(super) fn self_closing_start_tag(&mut self, byte: u8) -> Option<Token> {
        if byte == b'>' {
            return self.give_tag_end(true);
        }
        self.state = State::BeforeAttributeName;
        None
    }

    /// The tag ends with the byte at the position; the tree builder says what follows.
    fn give_tag_end(&mut self, self_closing: bool) -> Option<Token> {
        let start = self.position.saturating_sub(usize::from(self_closing));
        self.position += 1;
        let content = if self.end_tag {
            self.namespaces.end_tag(self.tree, self.element);
            TextKind::Data
        } else {
            let (html_font, html_encoding) = (self.html_font, self.html_encoding == Some(true));
            let tag = Tag { element: self.element, self_closing, html_font, html_encoding };
            self.namespaces.start_tag(self.tree, tag)
        };
        self.back_to_text(content);
        if content != TextKind::Data {
            self.last_start_tag = self.element;
        }
        let token = self.give(TokenKind::TagEnd { self_closing }, start);
        // The next tag may be one of the program's.
        self.end_tag = false;
        token
    }

    /// The input ended in an attribute.
    pub(super) fn end_of_file_in_attribute(&mut self, state: State) -> Option<Token> {
        match state {
            State::AttributeName => self.end_attribute_name(),
            State::BeforeAttributeValue => self.begin_value(Quote::Empty),
            State::AttributeValueDoubleQuoted => self.end_value(Quote::Double),
            State::AttributeValueSingleQuoted => self.end_value(Quote::Single),
            State::AttributeValueUnquoted => self.end_value(Quote::Unquoted),
            State::BlankInAttributeValue => self.end_value_before_blank(),
            State::AttributeValueBackquoted => self.end_value(Quote::Backquote),
            _ => {}
        }
        self.give_attribute()
    }
}
