//! The token source: what stands between the tokenizer and the grammar. It sorts attributes by what
//! their values are and text by the element that holds it, reads both, and hands script text to
//! JavaScript.

use smallvec::SmallVec;

use super::attributes::{self, Class};
use super::effects::document;
use super::part::{Facts, Part};
use super::script::{self, Place};
use super::style::{self, Does};
use super::token::{Attribute, Span, TextKind, Token, TokenKind};
use super::url::{self, Kind};
use super::{Decode, Dialect, Element, INLINE, Lexed as Read, Lexer, Namespace, Start, Terminal};
use crate::run::{Lexed, TokenSource};
use crate::{Context, Effects};

/// How many documents may stand in one another: `srcdoc` in `srcdoc`.
pub(super) const NESTED: u8 = 2;

/// What the text is that comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Holder {
    /// Nothing that matters.
    Shown,
    /// A script. One whose tag closed itself has no text in foreign content.
    Script {
        self_closing: bool,
    },
    Style,
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
    /// The element of the start tag that is being read; none in an end tag.
    element: Option<Element>,
    /// The start tag is that of a script that does not run.
    inert: bool,
    holder: Holder,
    /// How many documents stand around this one.
    nested: u8,
}

impl Source {
    pub(super) fn new(context: Context, dialect: Dialect) -> Self {
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
            inert: false,
            holder: Holder::Shown,
            nested: 0,
        }
    }

    /// That of a document in a document, if there are not too many around it.
    pub(super) fn inside(nested: u8) -> Option<Self> {
        let source = Source::new(Context::HtmlData, Dialect::Browser);
        (nested <= NESTED).then_some(Source { nested, ..source })
    }

    /// The part that a token is, if the grammar wants it.
    fn part(&mut self, token: &Token, text: &Text<'_>) -> Option<Part> {
        let part = |terminal| Part::new(terminal, token.span.start, token.span.end);
        Some(match token.kind {
            // The program began it.
            TokenKind::StartTag(_) if token.continued => return None,
            TokenKind::StartTag(tag) => {
                let element = match self.lexer.name() {
                    // A prefix of XML's namespaces.
                    Some(name) if name.ends_with(b":script") => Element::Script,
                    _ => tag.element,
                };
                self.element = Some(element);
                self.inert = false;
                self.holder = Holder::Shown;
                Part { element, ..part(Terminal::TagName) }
            }
            TokenKind::EndTag(_) => {
                self.element = None;
                self.holder = Holder::Shown;
                part(Terminal::EndTagName)
            }
            TokenKind::Attribute(attribute) => {
                let class = match self.lexer.name().filter(|_| !token.continued) {
                    Some(name) if self.element.is_some() => attributes::class(name),
                    _ => Class::Other,
                };
                self.attribute(class, &attribute, part(Terminal::Attribute), text)
            }
            TokenKind::TagEnd { self_closing } => {
                self.holder = match self.element {
                    Some(Element::Script) if !self.inert => Holder::Script { self_closing },
                    Some(Element::Style) => Holder::Style,
                    _ => Holder::Shown,
                };
                part(Terminal::TagEnd)
            }
            TokenKind::Text { kind, data } => self.text(kind, text.of(data), part(Terminal::Text)),
            TokenKind::Comment { data } => self.comment(token, text.of(data), part(Terminal::Comment)),
            TokenKind::Doctype { .. } => part(Terminal::Doctype),
            TokenKind::PublicIdentifier(_)
            | TokenKind::SystemIdentifier(_)
            | TokenKind::DoctypeEnd { .. } => return None,
        })
    }

    fn text(&self, kind: TextKind, raw: &[u8], part: Part) -> Part {
        match self.holder {
            Holder::Script { self_closing: true } if kind == TextKind::Data => part,
            Holder::Script { .. } => {
                let effects = decoded(kind.decode(), raw, |text| script::effects(text, Place::Script));
                Part { terminal: Terminal::Script, effects, ..part }
            }
            Holder::Style => {
                let does = decoded(kind.decode(), raw, style::does);
                let mut effects = Effects::empty();
                effects.set(Effects::EXECUTE, does.contains(Does::RUN));
                effects.set(Effects::NETWORK, does.contains(Does::LOAD));
                Part { terminal: Terminal::StyleSheet, effects, ..part }
            }
            Holder::Shown => part,
        }
    }

    /// A comment, of which only the beginning is looked at.
    fn comment(&self, token: &Token, data: &[u8], part: Part) -> Part {
        let data = &data[..data.len().min(INLINE)];
        if let Some(instruction) = data.strip_prefix(b"?") {
            let target =
                |name: &[u8]| instruction.get(..name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name));
            let loads = target(b"xml-stylesheet") && has_word(instruction, b"href")
                || target(b"import") && has_word(instruction, b"implementation");
            let effects = if loads { Effects::EXECUTE | Effects::NETWORK } else { Effects::empty() };
            return Part { terminal: Terminal::Instruction, effects, ..part };
        }
        let condition = data.trim_ascii_start();
        let begins = condition.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case(b"[if"));
        match memchr::memmem::find(data, b"]>").filter(|_| begins && !token.continued) {
            Some(end) => {
                let effects = document(&data[end + 2..], self.nested + 1);
                Part { terminal: Terminal::ConditionalComment, effects, ..part }
            }
            None => part,
        }
    }

    fn attribute(&mut self, class: Class, attribute: &Attribute, part: Part, text: &Text<'_>) -> Part {
        let raw = text.of(attribute.value);
        let value = |read: &mut dyn FnMut(&[u8])| decoded(Decode::ATTRIBUTE, raw, read);
        let mut part = part;
        match class {
            Class::Handler | Class::UnknownHandler => {
                part.terminal = Terminal::EventHandler;
                value(&mut |text| part.effects = script::effects(text, Place::Handler));
            }
            Class::Style => {
                part.terminal = Terminal::StyleAttribute;
                let mut runs = false;
                value(&mut |text| runs = style::does(text).contains(Does::RUN));
                part.effects.set(Effects::EXECUTE, runs);
            }
            Class::Srcdoc => {
                part.terminal = Terminal::Document;
                let nested = self.nested + 1;
                value(&mut |text| part.effects = document(text, nested));
            }
            Class::Href
            | Class::Src
            | Class::Data
            | Class::Action
            | Class::Formaction
            | Class::Code
            | Class::Url => {
                part.terminal = Terminal::Url;
                value(&mut |text| part = url_part(class, text, part));
            }
            Class::Animated => {
                part.terminal = Terminal::Url;
                value(&mut |text| {
                    let mut values = text.split(|&byte| byte == b';');
                    let effects = values.find_map(|value| Some(url_effects(value)).filter(|e| !e.is_empty()));
                    part.effects = effects.unwrap_or_default();
                });
            }
            Class::Content => value(&mut |text| part.facts.set(Facts::TARGET, has_word(text, b"url"))),
            Class::HttpEquiv => value(&mut |text| {
                let text = text.trim_ascii();
                part.facts.set(Facts::REFRESH, text.eq_ignore_ascii_case(b"refresh"));
                part.facts.set(Facts::COOKIE, text.eq_ignore_ascii_case(b"set-cookie"));
            }),
            Class::Rel => value(&mut |text| {
                let resource = text.split(u8::is_ascii_whitespace).any(is_resource);
                part.facts.set(Facts::RESOURCE, resource);
            }),
            Class::Type => value(&mut |text| self.inert |= !is_script(text)),
            Class::Value => value(&mut |text| {
                part.facts.set(Facts::VALUE, url::read(text).kind == Kind::Elsewhere);
                part.effects = url_effects(text);
            }),
            Class::Other => {}
        }
        part
    }

    /// The value that is a URL as a whole. Where it is in pieces, what has come of it may decide.
    fn whole_url(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed<Part> {
        let end = base + piece.len();
        if self.element.is_none() {
            self.floor = end;
            return if last { Lexed::End } else { Lexed::More };
        }
        if !last {
            // A reference that is not complete yet may become any character.
            let open = memchr::memrchr(b'&', piece).filter(|&at| {
                piece[at + 1..].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
            });
            let url = decoded(Decode::ATTRIBUTE, &piece[..open.unwrap_or(piece.len())], url::read);
            if url.acts() || !url.decided {
                return Lexed::More;
            }
        }
        self.element = None;
        self.floor = end;
        if !last {
            return Lexed::More;
        }
        let part = Part::new(Terminal::Url, base, end);
        Lexed::Token(decoded(Decode::ATTRIBUTE, piece, |text| url_part(Class::Href, text, part)))
    }
}

impl TokenSource for Source {
    type Token = Part;

    fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed<Part> {
        if self.url {
            let piece = piece.get(self.floor.saturating_sub(base)..).unwrap_or_default();
            return self.whole_url(piece, base.max(self.floor), last);
        }
        loop {
            match self.lexer.next(piece, base, last) {
                Read::Token(token) => {
                    if let Some(part) = self.part(&token, &Text { piece, base }) {
                        return Lexed::Token(part);
                    }
                }
                Read::More => return Lexed::More,
                Read::End => return Lexed::End,
            }
        }
    }

    fn position(&self) -> usize {
        match self.holder {
            _ if self.url => self.floor,
            Holder::Shown => self.lexer.pending_markup(),
            _ => self.lexer.pending(),
        }
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
}

/// Reads text as it is meant. Up to [`INLINE`] bytes nothing is allocated.
fn decoded<R>(how: Decode, raw: &[u8], read: impl FnOnce(&[u8]) -> R) -> R {
    let mut chunks = how.decoder(raw);
    match chunks.next() {
        None => read(b""),
        Some(chunk) if chunk.is_literal() && chunk.end == raw.len() => read(raw),
        Some(chunk) => {
            let mut text: SmallVec<[u8; INLINE]> = SmallVec::from_slice(chunk.bytes());
            chunks.for_each(|chunk| text.extend_from_slice(chunk.bytes()));
            read(&text)
        }
    }
}

/// What a URL does wherever it is followed.
fn url_effects(text: &[u8]) -> Effects {
    let url = url::read(text);
    let body = &text[url.body..];
    match url.kind {
        Kind::JavaScript => url::program(body, |body| script::effects(body, Place::Url)),
        Kind::VbScript if url::is_vbscript(body) => Effects::EXECUTE,
        Kind::Document => Effects::EXECUTE,
        _ => Effects::empty(),
    }
}

fn url_part(class: Class, text: &[u8], mut part: Part) -> Part {
    let kind = url::read(text).kind;
    part.effects = url_effects(text);
    part.facts |= match (class, kind) {
        (_, Kind::Nothing) => Facts::empty(),
        (Class::Action, kind) if kind != Kind::Elsewhere => Facts::empty(),
        (Class::Href, _) => Facts::HREF,
        (Class::Src, _) => Facts::SRC,
        (Class::Data, _) => Facts::DATA,
        (Class::Code, _) => Facts::CODE,
        (Class::Formaction, _) => Facts::FORMACTION,
        (Class::Action, _) => Facts::ACTION,
        _ => Facts::empty(),
    };
    part.facts.set(Facts::IMAGE_DOCUMENT, kind == Kind::ImageDocument);
    part
}

/// Whether text has a word in it, in any case.
fn has_word(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

/// Whether a keyword of `rel` makes a document take what the link names (HTML, §4.6.7).
fn is_resource(keyword: &[u8]) -> bool {
    let known: [&[u8]; 4] = [b"stylesheet", b"import", b"manifest", b"modulepreload"];
    known.iter().any(|known| keyword.eq_ignore_ascii_case(known))
}

/// Whether a script of this type is JavaScript (HTML, §4.12.1; MIME Sniffing, §4.6).
fn is_script(kind: &[u8]) -> bool {
    let kind = kind.trim_ascii();
    let known: [&[u8]; 5] = [b"javascript", b"ecmascript", b"jscript", b"livescript", b"module"];
    kind.is_empty() || known.iter().any(|known| has_word(kind, known))
}

/// The parts of a whole value: see [`parts`](super::parts).
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    source: Source,
    input: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(super) fn new(input: &'a [u8], context: Context, dialect: Dialect) -> Self {
        Parts { source: Source::new(context, dialect), input }
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
