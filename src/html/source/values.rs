//! What the values of attributes say: programs, URLs, style sheets, documents, and what the rest of a tag is
//! asked about. Takes their text as the standard decodes it; knows no tokens.

use super::{Source, Speaks, Text, begins, decoded, has_word};
use crate::Effects;
use crate::html::attributes::{self, Class};
use crate::html::effects::document;
use crate::html::part::{Facts, Part};
use crate::html::script::{self, Place, Program};
use crate::html::style;
use crate::html::token::Attribute;
use crate::html::url::{self, Kind};
use crate::html::{Decode, Dialect, Element, Terminal};

/// How long a scheme may be in which blanks stand, in bytes.
const SCHEME: usize = 64;

impl Source {
    pub(super) fn program(&mut self, text: &[u8], place: Place) -> Program {
        let told = (!self.brief && self.nested == 0).then_some(&mut self.told);
        let program = script::read(text, place, &self.limits, told);
        self.undecided = self.undecided.or(program.undecided);
        program
    }

    /// What a program does of which is known whether it `runs` at all.
    pub(super) fn program_effects(&mut self, text: &[u8], place: Place, runs: bool) -> Effects {
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
    pub(super) fn url(&mut self, text: &[u8]) -> Effects {
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

    pub(super) fn attribute(
        &mut self,
        class: Class,
        attribute: &Attribute,
        part: Part,
        text: &Text<'_>,
    ) -> Part {
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
                part.effects = style::effects(text);
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

/// Whether a tag begins in text.
fn has_tag(text: &[u8]) -> bool {
    memchr::memchr_iter(b'<', text).any(|at| text.get(at + 1).is_some_and(u8::is_ascii_alphabetic))
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
