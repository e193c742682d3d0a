//! The token source: what stands between the tokenizer and the grammar. It sorts attributes by what
//! their values are and text by the element that holds it, reads both, and hands script text to
//! JavaScript.

mod values;

use smallvec::SmallVec;

use super::attributes::{self, Class};
use super::effects::document;
use super::encoded::Decoding;
use super::evidence::Noted;
use super::part::Part;
use super::script::{self, Place};
use super::style;
use super::token::{Span, TextKind, Token, TokenKind};
use super::url;
use super::{Decode, Dialect, Element, INLINE, Lexed as Read, Lexer, Namespace, Start, Terminal};
use crate::report::Reason;
use crate::run::{Lexed, TokenSource};
use crate::{Context, Effects, Limits};

/// How many documents may stand in one another: `srcdoc` in `srcdoc`.
const NESTED: u8 = 2;

/// What the text is that comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Holder {
    /// Nothing that matters.
    Shown,
    /// A script. One whose tag closed itself has no text in foreign content.
    Script {
        self_closing: bool,
    },
    /// A script in VBScript.
    VbScript,
    Style,
    /// An element whose text some browsers write as it is (`listing`, an empty `title`), so that what
    /// is escaped in it becomes markup.
    Escaped,
}

/// What a script is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Speaks {
    JavaScript,
    VbScript,
    /// It is data.
    Nothing,
}

/// What a DOCTYPE says about the document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Doctype {
    /// It is HTML, or of a kind that readers know by a public name.
    Html,
    /// It is XML …
    Xml,
    /// … and its declarations stand elsewhere (XML 1.0, §2.8).
    External,
}

/// Parts of a document as the grammar wants them, piece by piece.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    lexer: Lexer,
    pub(super) dialect: Dialect,
    /// The whole value is a URL.
    url: bool,
    /// Bytes before this one are not wanted again.
    floor: usize,
    /// The element of the tag that is being read; none where its attributes mean nothing.
    element: Option<Element>,
    /// The program began the tag that is being read.
    given: bool,
    /// A script's tag was ended by the next one.
    unclosed: bool,
    /// What the script is written in whose start tag is being read.
    speaks: Speaks,
    /// Its tag says so.
    says_so: bool,
    holder: Holder,
    /// How many documents stand around this one.
    nested: u8,
    doctype: Doctype,
    /// The value is decoded while it is read.
    encoded: Option<Box<Decoding>>,
    limits: Limits,
    /// Whatever acts is enough: what else it does is not asked.
    brief: bool,
    /// What acts in the programs of the document, unless the source is brief.
    told: Vec<Noted>,
    undecided: Option<Reason>,
}

impl Source {
    pub(super) fn new(context: Context, dialect: Dialect, limits: &Limits) -> Self {
        let mut tree = dialect.tree();
        if context == Context::HtmlCdata {
            // There are none in HTML's own namespace.
            tree.namespace = Namespace::Svg;
        }
        Source {
            lexer: Lexer::new(Start::of(context), tree),
            dialect,
            url: context == Context::HtmlUrl,
            floor: 0,
            element: Some(Element::Unknown),
            given: true,
            unclosed: false,
            speaks: Speaks::JavaScript,
            says_so: false,
            holder: Holder::Shown,
            nested: 0,
            doctype: Doctype::Html,
            encoded: None,
            limits: *limits,
            brief: false,
            told: Vec::new(),
            undecided: None,
        }
    }

    /// The same, for who asks only whether something acts.
    pub(super) fn brief(self, brief: bool) -> Self {
        Source { brief, ..self }
    }

    /// The same, for who has the value as it is encoded.
    pub(super) fn decoding(self) -> Self {
        let encoded = (self.dialect == Dialect::Decoded).then(Box::default);
        Source { encoded, ..self }
    }

    /// The same, of a value that lands here.
    pub(super) fn starting(self, start: Start) -> Self {
        Source { lexer: Lexer::new(start, self.lexer.tree()), ..self }
    }

    /// That of a document in a document, if there are not too many around it.
    pub(super) fn inside(nested: u8, limits: &Limits) -> Option<Self> {
        let source = Source::new(Context::HtmlData, Dialect::Browser, limits);
        (nested <= NESTED).then_some(Source { nested, ..source })
    }

    /// The part that a token is, if the grammar wants it.
    fn part(&mut self, token: &Token, text: &Text<'_>) -> Option<Part> {
        let part = |terminal| Part::new(terminal, token.span.start, token.span.end);
        Some(match token.kind {
            // The program began it.
            TokenKind::StartTag(_) if token.continued => return None,
            TokenKind::StartTag(tag) => {
                let element = self.lexer.name().and_then(acts_as).unwrap_or(tag.element);
                self.element = Some(element);
                self.given = false;
                self.speaks = Speaks::JavaScript;
                self.says_so = false;
                self.holder = Holder::Shown;
                Part { element, ..part(Terminal::TagName) }
            }
            TokenKind::EndTag(tag) => {
                self.element = (self.dialect != Dialect::Browser).then_some(Element::Unknown);
                self.given = false;
                self.holder = Holder::Shown;
                if std::mem::take(&mut self.unclosed) && tag.element == Element::Script {
                    // The tag had the program in it.
                    return Some(Part { effects: Effects::EXECUTE, ..part(Terminal::EndTagName) });
                }
                part(Terminal::EndTagName)
            }
            TokenKind::Attribute(_) if token.continued || self.element.is_none() => part(Terminal::Attribute),
            TokenKind::Attribute(attribute) => {
                let class = self.lexer.name().map_or(Class::Other, attributes::class);
                self.attribute(class, &attribute, part(Terminal::Attribute), text)
            }
            TokenKind::TagEnd { self_closing } => {
                self.holder = match (self.element, self.speaks) {
                    (Some(Element::Script), Speaks::JavaScript) => Holder::Script { self_closing },
                    (Some(Element::Script), Speaks::VbScript) => Holder::VbScript,
                    (Some(Element::Title | Element::Style | Element::Iframe), _) if self_closing => {
                        Holder::Escaped
                    }
                    // JavaScript style sheets (Netscape 4).
                    (Some(Element::Style), Speaks::JavaScript) if self.says_so => {
                        Holder::Script { self_closing: false }
                    }
                    (Some(Element::Style), _) => Holder::Style,
                    (Some(Element::Listing), _) => Holder::Escaped,
                    _ => Holder::Shown,
                };
                self.given = false;
                let cut = token.span.is_empty();
                self.unclosed = cut && (self.unclosed || self.element == Some(Element::Script));
                part(Terminal::TagEnd)
            }
            TokenKind::Text { kind, data } => {
                let behind = text.behind(data);
                if self.holder == Holder::Shown && begins(behind, b"</script") && data.len() <= INLINE {
                    // What stands before the end of a script was one, wherever it began.
                    self.holder = Holder::Script { self_closing: false };
                    let raw = text.of(data);
                    let begin = memchr::memrchr(b'>', raw).map_or(0, |end| end + 1);
                    let mut effects = Effects::empty();
                    let behind_tag = (begin > 0).then_some(begin);
                    for from in std::iter::once(0).chain(behind_tag) {
                        let (raw, before) = (&raw[from..], self.told.len());
                        let program = decoded(kind.decode(), raw, |text| self.program(text, Place::Script));
                        self.locate(before, kind.decode(), raw, data.start + from);
                        effects |= program.effects;
                    }
                    return Some(Part { effects, ..part(Terminal::Text) });
                }
                self.text(kind, text.of(data), behind, part(Terminal::Text))
            }
            TokenKind::Comment { data } => comment(token, text.of(data), part(Terminal::Comment)),
            TokenKind::Doctype { name } => {
                self.given = token.continued;
                let html = name.is_some_and(|name| text.of(name).eq_ignore_ascii_case(b"html"));
                self.doctype = if html || self.given { Doctype::Html } else { Doctype::Xml };
                return None;
            }
            TokenKind::DoctypeEnd { .. } => {
                let external = self.doctype == Doctype::External;
                let declares = (self.lexer.has_internal_subset() || external) && !self.given;
                let effects = if declares { Effects::DEFINE } else { Effects::empty() };
                Part { effects, ..part(Terminal::Doctype) }
            }
            TokenKind::PublicIdentifier(_) => {
                self.doctype = Doctype::Html;
                return None;
            }
            TokenKind::SystemIdentifier(_) => {
                if self.doctype == Doctype::Xml {
                    self.doctype = Doctype::External;
                }
                return None;
            }
        })
    }

    /// Text, by the element that holds it; `behind` is what is at hand behind it.
    fn text(&mut self, kind: TextKind, raw: &[u8], behind: &[u8], part: Part) -> Part {
        match self.holder {
            Holder::Script { self_closing: true } if kind == TextKind::Data => part,
            Holder::Script { .. } => {
                // One that is closed is there to run, whatever it says; words between the names of two
                // tags are a sentence about them.
                let runs = (begins(behind, b"</script") || has_word(raw, b"\\/script>")) && !is_sentence(raw);
                // Words do not touch the tag that they are about.
                let touches = raw.first().is_some_and(|byte| !byte.is_ascii_whitespace());
                let before = self.told.len();
                let effects = decoded(kind.decode(), raw, |text| {
                    let runs = runs && !script::is_blank(text);
                    if runs && self.brief {
                        return Effects::EXECUTE;
                    }
                    let program = self.program(text, Place::Script);
                    let runs = runs || touches && program.begins;
                    if runs { program.effects | Effects::EXECUTE } else { program.effects }
                });
                self.locate(before, kind.decode(), raw, part.start);
                Part { terminal: Terminal::Script, effects, ..part }
            }
            Holder::VbScript => {
                let effects = if raw.trim_ascii().is_empty() { Effects::empty() } else { Effects::EXECUTE };
                Part { terminal: Terminal::Script, effects, ..part }
            }
            Holder::Style if kind == TextKind::Data => {
                // In foreign content: written and read again, it is raw text (§13.3).
                let effects = decoded(kind.decode(), raw, |text| {
                    document(text, self.nested + 1, &self.limits) | style::effects(text)
                });
                Part { effects, ..part }
            }
            Holder::Style => {
                let effects = decoded(kind.decode(), raw, style::effects);
                Part { terminal: Terminal::StyleSheet, effects, ..part }
            }
            Holder::Escaped if raw.len() <= INLINE => {
                let effects =
                    decoded(kind.decode(), raw, |text| document(text, self.nested + 1, &self.limits));
                Part { effects, ..part }
            }
            Holder::Escaped | Holder::Shown => part,
        }
    }

    /// The next part of a text that is decoded first.
    fn next_decoded(
        &mut self,
        mut decoding: Box<Decoding>,
        piece: &[u8],
        base: usize,
        last: bool,
    ) -> Lexed<Part> {
        let lexed = loop {
            let complete = last && decoding.taken == base + piece.len();
            match self.next(&decoding.text, decoding.base, complete) {
                Lexed::More => {}
                known => break known,
            }
            decoding.forget(self.position());
            if decoding.text.len() > self.limits.token_bytes {
                self.undecided = Some(Reason::TokenTooLong);
                break Lexed::End;
            }
            let before = decoding.taken;
            decoding.fill(piece.get(before - base..).unwrap_or_default(), last);
            if decoding.taken == before {
                break Lexed::More;
            }
        };
        self.encoded = Some(decoding);
        lexed
    }

    /// What acted in programs.
    pub(super) fn told(&self) -> &[Noted] {
        &self.told
    }

    /// Finds the places in a value of what acts in its text, which was told behind the first `before`.
    fn locate(&mut self, before: usize, how: Decode, raw: &[u8], start: usize) {
        for told in self.told.iter_mut().skip(before) {
            told.start = start + encoded_place(how, raw, told.start);
            told.end = start + encoded_place(how, raw, told.end);
        }
    }

    /// Text that is a URL, or has links in it. Where it comes in pieces, what is there may decide.
    fn links(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed<Part> {
        if self.element.is_some() {
            let url = &piece[..if last { piece.len() } else { open_reference(piece) }];
            let url = decoded(Decode::ATTRIBUTE, url, url::read);
            if !last && (url.acts() || !url.decided) {
                return Lexed::More;
            }
            self.element = None;
            if url.acts() {
                self.floor = base + piece.len();
                let effects = decoded(Decode::ATTRIBUTE, piece, |text| self.url(text));
                self.locate(0, Decode::ATTRIBUTE, piece, base);
                return Lexed::Token(Part { effects, ..Part::new(Terminal::Url, base, self.floor) });
            }
        }
        let mut from = 0;
        while let Some(link) = url::link(&piece[from..]) {
            let (start, end) = (from + link.url.start, from + link.url.end);
            if !link.closed && !last {
                self.floor = base + from + link.opener;
                return Lexed::More;
            }
            let told = self.told.len();
            let mut effects = decoded(Decode::ATTRIBUTE, &piece[start..end], |text| self.url(text));
            // A title follows a link's URL; a parameter of a query ends where the next one begins, or with
            // the quotes that it stands in.
            let ends: &[u8] = match piece[start - 1] {
                b'(' => b" ",
                b'=' if !link.closed => b"& '\"",
                _ => b"",
            };
            if effects.is_empty() && !ends.is_empty() {
                let first = piece[start..end].split(|byte| ends.contains(byte)).next();
                effects = self.url(first.unwrap_or_default());
            }
            self.locate(told, Decode::ATTRIBUTE, &piece[start..end], base + start);
            from = end;
            self.floor = base + from;
            if !effects.is_empty() {
                return Lexed::Token(Part { effects, ..Part::new(Terminal::Url, base + start, base + end) });
            }
        }
        let kept = if last { 0 } else { (piece.len() - from).min(url::LONGEST_OPENING) };
        self.floor = base + piece.len() - kept;
        if last { Lexed::End } else { Lexed::More }
    }
}

/// The element as which one acts whose name the standard does not know.
pub(super) fn acts_as(name: &[u8]) -> Option<Element> {
    match name {
        // A prefix of XML's namespaces.
        name if name.ends_with(b":script") => Some(Element::Script),
        // XML Events, §4.
        b"handler" => Some(Element::Script),
        // Elements of old browsers: those that hold a document, and one that shows nothing.
        b"layer" | b"ilayer" | b"xml" => Some(Element::Iframe),
        b"comment" => Some(Element::Listing),
        _ => None,
    }
}

/// Where a reference begins that the end of a piece cuts off, which may become any character.
fn open_reference(piece: &[u8]) -> usize {
    let cut = |at: &usize| piece[at + 1..].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#');
    memchr::memrchr(b'&', piece).filter(cut).unwrap_or(piece.len())
}

impl TokenSource for Source {
    type Token = Part;

    fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed<Part> {
        if let Some(decoding) = self.encoded.take() {
            return self.next_decoded(decoding, piece, base, last);
        }
        if self.url {
            let piece = piece.get(self.floor.saturating_sub(base)..).unwrap_or_default();
            return self.links(piece, base.max(self.floor), last);
        }
        self.floor = self.floor.max(base);
        let text = Text { piece, base };
        loop {
            let before = (!last).then_some(self.lexer);
            match self.lexer.next(piece, base, last) {
                Read::Token(token) => {
                    if let Some(before) = before.filter(|_| text.may_end_script(&token)) {
                        // What ends the text is wanted whole.
                        self.lexer = before;
                        return Lexed::More;
                    }
                    if let Some(part) = self.part(&token, &text) {
                        return Lexed::Token(part);
                    }
                }
                Read::More => return Lexed::More,
                Read::End => return Lexed::End,
            }
        }
    }

    fn position(&self) -> usize {
        if let Some(decoding) = &self.encoded {
            return decoding.taken;
        }
        let wanted = match self.holder {
            _ if self.url => self.floor,
            // Short text may turn out to be more.
            Holder::Shown if self.lexer.position() - self.lexer.pending() > INLINE => {
                self.lexer.pending_markup()
            }
            _ => self.lexer.pending(),
        };
        // What was left out once does not come back.
        wanted.max(self.floor)
    }

    fn undecided(&self) -> Option<Reason> {
        self.undecided
    }
}

/// The bytes that are at hand.
struct Text<'a> {
    piece: &'a [u8],
    base: usize,
}

impl Text<'_> {
    fn of(&self, span: Span) -> &[u8] {
        let start = span.start.saturating_sub(self.base);
        self.piece.get(start..span.end.saturating_sub(self.base)).unwrap_or_default()
    }

    /// What is at hand behind the span.
    fn behind(&self, span: Span) -> &[u8] {
        self.piece.get(span.end.saturating_sub(self.base)..).unwrap_or_default()
    }

    /// Whether the end tag of a script may begin behind text, and is not all at hand.
    fn may_end_script(&self, token: &Token) -> bool {
        let TokenKind::Text { data, .. } = token.kind else { return false };
        let behind = self.behind(data);
        b"</script".get(..behind.len()).is_some_and(|tag| behind.eq_ignore_ascii_case(tag))
    }
}

/// Where a place of a decoded text stands in the text that it was decoded from.
fn encoded_place(how: Decode, raw: &[u8], place: usize) -> usize {
    let mut decoded = 0;
    for chunk in how.decoder(raw) {
        let length = chunk.bytes().len();
        if place < decoded + length {
            return if chunk.is_literal() { chunk.start + place - decoded } else { chunk.start };
        }
        decoded += length;
    }
    raw.len()
}

/// How much [`INLINE`] bytes are at the most once they are decoded: some characters have a reference
/// that is shorter than they are, by a sixth.
const DECODED: usize = INLINE / 5 * 6 + 16;

/// Reads text as it is meant. Up to [`INLINE`] bytes nothing is allocated, but for NUL.
fn decoded<R>(how: Decode, raw: &[u8], read: impl FnOnce(&[u8]) -> R) -> R {
    let mut chunks = how.decoder(raw);
    match chunks.next() {
        None => read(b""),
        Some(chunk) if chunk.is_literal() && chunk.end == raw.len() => read(raw),
        Some(chunk) => {
            let mut text: SmallVec<[u8; DECODED]> = SmallVec::from_slice(chunk.bytes());
            chunks.for_each(|chunk| text.extend_from_slice(chunk.bytes()));
            read(&text)
        }
    }
}

/// A comment, of which only the beginning is looked at: a processing instruction of XML may load a
/// style sheet, and the declaration of an entity brings text.
fn comment(token: &Token, data: &[u8], part: Part) -> Part {
    let data = &data[..data.len().min(INLINE)];
    let names = |name: &[u8]| !token.continued && begins(data, name);
    let effects = match () {
        () if names(b"?xml-stylesheet") && has_word(data, b"href")
            || names(b"?import") && has_word(data, b"implementation") =>
        {
            Effects::EXECUTE | Effects::NETWORK
        }
        () if names(b"entity ") && memchr::memchr2(b'"', b'\'', data).is_some() => Effects::DEFINE,
        () => return part,
    };
    Part { terminal: Terminal::Instruction, effects, ..part }
}

/// Whether text has words, blanks and the punctuation of sentences alone, and begins with a blank.
fn is_sentence(text: &[u8]) -> bool {
    let word = |byte: &u8| {
        byte.is_ascii_alphanumeric()
            || byte.is_ascii_whitespace()
            || matches!(byte, b',' | b'.' | b';' | b':' | b'!' | b'?' | b'-' | b'\'' | b'"' | 0x80..)
    };
    text.first().is_some_and(u8::is_ascii_whitespace) && text.iter().all(word)
}

/// Whether text begins with a word, in any case.
fn begins(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
}

/// Whether text has a word in it, in any case.
fn has_word(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

/// The parts of a whole value: see [`parts`](super::parts).
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    source: Source,
    input: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(super) fn new(input: &'a [u8], context: Context, dialect: Dialect) -> Self {
        Parts { source: Source::new(context, dialect, &Limits::default()).decoding(), input }
    }
}

impl Iterator for Parts<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        match self.source.next(self.input, 0, true) {
            Lexed::Token(part) => Some(part),
            Lexed::More | Lexed::End => None,
        }
    }
}
