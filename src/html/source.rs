//! The token source: what stands between the tokenizer and the grammar. It sorts attributes by what
//! their values are and text by the element that holds it, reads both, and hands script text to
//! JavaScript.

use smallvec::SmallVec;

use super::attributes::{self, Class};
use super::effects::document;
use super::encoded::Decoding;
use super::evidence::Noted;
use super::part::{Facts, Part};
use super::script::{self, Place, Program};
use super::style::{self, Does};
use super::token::{Attribute, Span, TextKind, Token, TokenKind};
use super::url::{self, Kind};
use super::{Decode, Dialect, Element, INLINE, Lexed as Read, Lexer, Namespace, Start, Terminal};
use crate::report::Reason;
use crate::run::{Lexed, TokenSource};
use crate::{Context, Effects, Limits};

/// How many documents may stand in one another: `srcdoc` in `srcdoc`.
const NESTED: u8 = 2;

/// How long a scheme may be in which blanks stand, in bytes.
const SCHEME: usize = 64;

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
                    let behind_tag = (begin > 0).then_some(&raw[begin..]);
                    for raw in std::iter::once(raw).chain(behind_tag) {
                        let program = decoded(kind.decode(), raw, |text| self.program(text, Place::Script));
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
                    document(text, self.nested + 1, &self.limits) | style_effects(text)
                });
                Part { effects, ..part }
            }
            Holder::Style => {
                let effects = decoded(kind.decode(), raw, style_effects);
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

    fn program(&mut self, text: &[u8], place: Place) -> Program {
        let told = (!self.brief && self.nested == 0).then_some(&mut self.told);
        let program = script::read(text, place, &self.limits, told);
        self.undecided = self.undecided.or(program.undecided);
        program
    }

    /// What a program does of which is known whether it `runs` at all.
    fn program_effects(&mut self, text: &[u8], place: Place, runs: bool) -> Effects {
        let runs_at_least = if runs { Effects::EXECUTE } else { Effects::empty() };
        if runs && self.brief {
            return runs_at_least;
        }
        self.program(text, place).effects | runs_at_least
    }

    /// What an event handler does. One of a tag that the value brings is there to run, if its name is
    /// known; where the program began the tag, its value must be a program. A name that no
    /// specification has needs one that acts.
    fn handler(&mut self, class: Class, text: &[u8]) -> Effects {
        let says = script::says_something(text);
        if !self.given {
            return self.program_effects(text, Place::Handler, class == Class::Handler && says);
        }
        let mut program = self.program(text, Place::Handler);
        let mut says = says;
        if let Some((b'"' | b'\'', before)) = text.split_last().filter(|_| !program.viable) {
            // The value's own quote comes before the program's.
            program = self.program(before, Place::Handler);
            says = script::says_something(before);
        }
        let runs = class == Class::Handler && program.viable && says;
        if runs { program.effects | Effects::EXECUTE } else { program.effects }
    }

    /// What a URL does wherever it is followed. Text behind a scripting scheme is a program; in a tag
    /// that the value brings, it need not be one that the grammar knows.
    fn url(&mut self, text: &[u8]) -> Effects {
        let own = !self.given;
        if let Some(entity) = text.strip_prefix(b"&{").filter(|_| own) {
            // An entity of JavaScript (Netscape 4).
            let end = memchr::memchr(b'}', entity).unwrap_or(entity.len());
            return self.program(&entity[..end], Place::Handler).effects;
        }
        let url = url::read(text);
        let body = &text[url.body..];
        let runs = match url.kind {
            Kind::JavaScript => {
                let before = self.told.len();
                let (program, runs) = url::body(body, |body| {
                    let runs = own && script::says_something(body);
                    ((!runs || !self.brief).then(|| self.program(body, Place::Url)), runs)
                });
                // What the scheme's body is decoded from has no places of its own.
                let same = !body.iter().any(|byte| matches!(byte, b'%' | b'\t' | b'\n' | b'\r'));
                for told in self.told.iter_mut().skip(before) {
                    let (start, end) = (told.start + url.body, told.end + url.body);
                    (told.start, told.end) = if same { (start, end) } else { (url.body, text.len()) };
                }
                let Some(program) = program else { return Effects::EXECUTE };
                let touches = body.first().is_some_and(|byte| !byte.is_ascii_whitespace());
                if !own && !touches && !program.acts {
                    // A word, a colon and a sentence.
                    return Effects::empty();
                }
                if !program.effects.is_empty() {
                    return program.effects;
                }
                // Who takes the scheme off by hand runs it with its line ends.
                if memchr::memchr2(b'\n', b'\r', body).is_some() {
                    let program = self.program(body, Place::Url);
                    if !program.effects.is_empty() {
                        return program.effects;
                    }
                }
                // A string that the program yields is a document.
                let yields = matches!(body.trim_ascii_start(), [b'"' | b'\'' | b'`', ..]);
                yields && program.viable || runs
            }
            Kind::Local | Kind::Nothing if own && self.dialect != Dialect::Browser => {
                is_script_with_blanks(text)
            }
            Kind::VbScript => script::is_vbscript(body) || own && !body.trim_ascii().is_empty(),
            Kind::Document => true,
            _ => false,
        };
        if runs { Effects::EXECUTE } else { Effects::empty() }
    }

    fn attribute(&mut self, class: Class, attribute: &Attribute, part: Part, text: &Text<'_>) -> Part {
        let raw = text.of(attribute.value);
        let other = match class {
            Class::Other => self.given || !may_hide(raw),
            Class::Directive | Class::Listener => self.given,
            _ => false,
        };
        if other {
            return part;
        }
        let before = self.told.len();
        let part = decoded(Decode::ATTRIBUTE, raw, |text| self.value(class, text, part));
        match part.terminal {
            Terminal::EventHandler | Terminal::Url if class != Class::Animated => {
                self.locate(before, Decode::ATTRIBUTE, raw, attribute.value.start);
            }
            // What stands in a part of the value is not told.
            _ => self.told.truncate(before),
        }
        part
    }

    /// The value of an attribute.
    fn value(&mut self, class: Class, text: &[u8], mut part: Part) -> Part {
        match class {
            Class::Handler | Class::UnknownHandler => {
                part.terminal = Terminal::EventHandler;
                part.effects = self.handler(class, text);
            }
            Class::Style => {
                part.terminal = Terminal::StyleAttribute;
                part.effects = style_effects(text);
            }
            Class::Srcdoc => {
                part.terminal = Terminal::Document;
                part.effects = document(text, self.nested + 1, &self.limits);
            }
            Class::Href
            | Class::Src
            | Class::Data
            | Class::Action
            | Class::Formaction
            | Class::Code
            | Class::Url => {
                part.terminal = Terminal::Url;
                part.effects = self.url(text);
                part.facts = url_facts(class, text);
            }
            Class::Animated => {
                part.terminal = Terminal::Url;
                let mut values = text.split(|&byte| byte == b';');
                let effects = values.find_map(|value| Some(self.url(value)).filter(|e| !e.is_empty()));
                part.effects = effects.unwrap_or_default();
                if matches!(self.element, Some(Element::Set | Element::Animate)) {
                    let program = !self.program(text, Place::Handler).effects.is_empty();
                    let active = !document(text, self.nested + 1, &self.limits).is_empty();
                    part.facts.set(Facts::PROGRAM, program);
                    part.facts.set(Facts::ACTIVE_MARKUP, active);
                    let kind = url::read(text).kind;
                    part.facts.set(Facts::DATA_URL, matches!(kind, Kind::Data | Kind::ImageDocument));
                    part.facts.set(Facts::ELSEWHERE, kind == Kind::Elsewhere);
                }
            }
            Class::AttributeName => {
                part.facts.set(Facts::CHANGES_HANDLER, begins(text.trim_ascii(), b"on"));
                part.facts.set(Facts::CHANGES_MARKUP, begins(text.trim_ascii(), b"innerhtml"));
                let url = attributes::class(text.trim_ascii()) == Class::Href;
                part.facts.set(Facts::CHANGES_URL, url);
            }
            Class::Content => {
                let target = text.iter().any(|byte| byte.is_ascii_alphabetic() || *byte == b'/');
                part.facts.set(Facts::TARGET, target);
                let charset = text.windows(8).position(|window| window.eq_ignore_ascii_case(b"charset="));
                part.facts.set(Facts::ENCODING, charset.is_some_and(|at| !is_ascii(&text[at + 8..])));
                part.facts.set(Facts::OLD_MODE, is_old_mode(text));
            }
            Class::Binding => {
                if text.trim_ascii().eq_ignore_ascii_case(b"html") {
                    part.effects = Effects::EXECUTE;
                }
            }
            Class::Method => part.facts.set(Facts::POST, text.trim_ascii().eq_ignore_ascii_case(b"post")),
            Class::Charset => part.facts.set(Facts::ENCODING, !is_ascii(text)),
            Class::HttpEquiv => {
                let text = text.trim_ascii();
                part.facts.set(Facts::REFRESH, begins(text, b"refresh"));
                part.facts.set(Facts::MODE, text.eq_ignore_ascii_case(b"x-ua-compatible"));
                part.facts.set(Facts::COOKIE, text.eq_ignore_ascii_case(b"set-cookie"));
            }
            Class::Rel => {
                let resource = text.split(u8::is_ascii_whitespace).any(is_resource);
                part.facts.set(Facts::RESOURCE, resource);
            }
            Class::Type => match speaks(text) {
                Speaks::JavaScript => self.says_so |= !text.trim_ascii().is_empty(),
                other => self.speaks = other,
            },
            Class::Listener => {
                let kind = url::read(text).kind;
                if matches!(kind, Kind::Elsewhere | Kind::Data | Kind::Document | Kind::ImageDocument) {
                    part.effects = Effects::EXECUTE;
                }
            }
            Class::Directive => {
                part.terminal = Terminal::EventHandler;
                part.effects = self.program(text, Place::Expression).effects;
            }
            Class::Value => {
                part.facts.set(Facts::VALUE, url::read(text).kind == Kind::Elsewhere);
                part.effects = self.url(text);
            }
            Class::Other => part.effects = self.url(text),
        }
        // What is markup in a value becomes markup where scripts put it, and where a reader takes the
        // quotes for something else.
        if part.effects.is_empty() && !self.given && self.dialect != Dialect::Browser {
            if has_tag(text) {
                part.terminal = Terminal::Document;
                part.effects = document(text, self.nested + 1, &self.limits);
            } else if let Some(body) = inner_handler(text) {
                part.terminal = Terminal::EventHandler;
                part.effects = self.program(body, Place::Handler).effects;
            }
        }
        part
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

/// What an attribute's URL says about its tag.
fn url_facts(class: Class, text: &[u8]) -> Facts {
    let kind = url::read(text).kind;
    let mut facts = match (class, kind) {
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
    facts.set(Facts::ELSEWHERE, kind == Kind::Elsewhere);
    facts.set(Facts::IMAGE_DOCUMENT, kind == Kind::ImageDocument);
    facts
}

fn style_effects(text: &[u8]) -> Effects {
    let does = style::does(text);
    let mut effects = Effects::empty();
    effects.set(Effects::EXECUTE, does.contains(Does::RUN));
    effects.set(Effects::NETWORK, does.contains(Does::LOAD));
    effects
}

/// Whether text is a URL with a scripting scheme for who deletes the blanks in it.
fn is_script_with_blanks(text: &[u8]) -> bool {
    let Some(colon) = memchr::memchr(b':', &text[..text.len().min(SCHEME)]) else { return false };
    let (scheme, body) = text.split_at(colon + 1);
    let mut kept = [0; SCHEME];
    let mut length = 0;
    for &byte in scheme.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        kept[length] = byte;
        length += 1;
    }
    let kind = url::read(&kept[..length]).kind;
    matches!(kind, Kind::JavaScript | Kind::VbScript) && !body.trim_ascii().is_empty()
}

/// Whether a value that no attribute's name gives a meaning may have one: a URL with a scheme that
/// acts, or markup.
fn may_hide(raw: &[u8]) -> bool {
    let first = raw.iter().find(|&&byte| byte > b' ');
    matches!(first, Some(b'j' | b'J' | b'v' | b'V')) || memchr::memchr3(b'<', b'&', b'=', raw).is_some()
}

/// The value of an event handler that a value has in it, at its start or behind a slash.
fn inner_handler(text: &[u8]) -> Option<&[u8]> {
    let (name, body) = text.split_at_checked(memchr::memchr(b'=', text)?)?;
    let name = name.rsplit(|byte| *byte == b'/').next().unwrap_or(name).trim_ascii();
    let mut lower = [0; attributes::LONGEST];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    (attributes::class(lower) == Class::Handler).then_some(&body[1..])
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

/// Whether a tag begins in text.
fn has_tag(text: &[u8]) -> bool {
    memchr::memchr_iter(b'<', text).any(|at| text.get(at + 1).is_some_and(u8::is_ascii_alphabetic))
}

/// Whether text begins with a word, in any case.
fn begins(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
}

/// Whether text has a word in it, in any case.
fn has_word(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

/// Whether text in an encoding of this name reads ASCII as ASCII (Encoding standard, §4.2: its labels,
/// by their beginnings). Any other one makes markup out of what is none.
fn is_ascii(label: &[u8]) -> bool {
    const LABELS: [&[u8]; 22] = [
        b"utf-8",
        b"utf8",
        b"iso-8859",
        b"iso8859",
        b"iso_8859",
        b"latin",
        b"windows-",
        b"cp125",
        b"cp866",
        b"us-ascii",
        b"ascii",
        b"gb",
        b"big5",
        b"euc-",
        b"shift",
        b"sjis",
        b"koi",
        b"tis-620",
        b"macintosh",
        b"ks_c",
        b"dos-874",
        b"x-sjis",
    ];
    let label = label.trim_ascii_start();
    let label = label.strip_prefix(b"\"").or(label.strip_prefix(b"'")).unwrap_or(label);
    label.is_empty() || LABELS.iter().any(|known| begins(label, known))
}

/// Whether text names a document mode of Internet Explorer in which style sheets run programs
/// ("Specifying legacy document modes": `IE=5` to `IE=8`, and what emulates 7 and 8).
fn is_old_mode(text: &[u8]) -> bool {
    let Some(version) = text.split(|&byte| byte == b'=').nth(1) else { return false };
    let version = version.trim_ascii();
    let version = if begins(version, b"emulateie") { &version[9..] } else { version };
    matches!(version, [b'5'..=b'8'] | [b'5'..=b'8', b',' | b';' | b'.', ..])
}

/// Whether a keyword of `rel` makes a document take what the link names (HTML, §4.6.7).
fn is_resource(keyword: &[u8]) -> bool {
    let known: [&[u8]; 4] = [b"stylesheet", b"import", b"manifest", b"modulepreload"];
    known.iter().any(|known| keyword.eq_ignore_ascii_case(known))
}

/// What a script of this type is written in (HTML, §4.12.1; MIME Sniffing, §4.6).
fn speaks(kind: &[u8]) -> Speaks {
    let known: [&[u8]; 5] = [b"javascript", b"ecmascript", b"jscript", b"livescript", b"module"];
    match kind.trim_ascii() {
        b"" => Speaks::JavaScript,
        kind if known.iter().any(|known| has_word(kind, known)) => Speaks::JavaScript,
        kind if has_word(kind, b"vbs") => Speaks::VbScript,
        _ => Speaks::Nothing,
    }
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
