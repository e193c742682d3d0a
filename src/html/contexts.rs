//! Contexts and the token streams that they share: a lane is a place read by one dialect. Here is
//! decided which lanes a value needs at all.

use super::evidence::Evidence;
use super::part::Part;
use super::plain::is_plain;
use super::source::Source;
use super::{Decode, Dialect, Start, attributes, encoded, url};
use crate::recogniser::Stack;
use crate::run::{Lanes, Listener, Run};
use crate::screen::Marks;
use crate::{Context, ContextKind, ContextSet, Effects, Language, Limits, Policy};

/// What values are tried in, chosen once.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    limits: Limits,
    /// Leave out what a value's bytes show to be without evidence.
    screen: bool,
    lanes: Vec<LanePlan>,
    /// The whole value may be a URL.
    urls: bool,
    /// Markup that only changes how text looks is forbidden.
    ornaments: bool,
}

/// One way to tokenize, and the context that reads those tokens.
#[derive(Clone, Debug)]
struct LanePlan {
    dialect: Dialect,
    context: [Context; 1],
    /// Where in its context the value lands, if there are two such places.
    start: Start,
}

/// The dialects that read a context. What is behind the way out of most places is read as a browser
/// does, for between tags the lenient reader sees it too.
const fn dialects(context: Context) -> &'static [Dialect] {
    match context {
        Context::HtmlData => Dialect::ALL,
        Context::HtmlDoubleQuoted | Context::HtmlSingleQuoted | Context::HtmlAttributeName => {
            &[Dialect::Browser, Dialect::Lenient]
        }
        _ => &[Dialect::Browser],
    }
}

impl Plan {
    pub(crate) fn new(contexts: ContextSet, policy: &Policy, limits: Limits, screen: bool) -> Self {
        let mut lanes = Vec::new();
        for context in contexts.intersection(ContextSet::of_language(Language::Html)).iter() {
            let dialects = dialects(context).iter();
            let start = Start::of(context);
            lanes.extend(dialects.map(|&dialect| LanePlan { dialect, context: [context], start }));
            if context == Context::HtmlUnquoted {
                // Right behind the equals sign it may bring quotes of its own.
                let (dialect, start) = (Dialect::Browser, Start::BeforeAttributeValue);
                lanes.push(LanePlan { dialect, context: [context], start });
            }
        }
        let urls = contexts.contains(Context::HtmlUrl);
        let ornaments = policy.forbids(ContextKind::Injection, Effects::MARKUP);
        Plan { limits, screen, lanes, urls, ornaments }
    }

    /// All lanes, for a value that arrives in pieces.
    pub(crate) fn lanes(&self) -> Lanes<Evidence> {
        let lanes = self.lanes.iter();
        let source = |lane: &LanePlan| lane.source(&self.limits).decoding();
        Lanes::new(lanes.map(|lane| (source(lane), &lane.context[..])), &self.limits)
    }
}

impl LanePlan {
    fn source(&self, limits: &Limits) -> Source {
        Source::new(self.context[0], self.dialect, limits).starting(self.start)
    }
}

bitflags::bitflags! {
    /// What a value has that makes a place of HTML matter.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    struct Needs: u16 {
        /// `<` and a letter, `!` or `?`: markup.
        const MARKUP = 1 << 0;
        /// An attribute that may act, with a value.
        const ATTRIBUTE = 1 << 1;
        /// A URL with a scheme that acts.
        const URL = 1 << 2;
        /// `</` and a letter.
        const END_TAG = 1 << 3;
        /// `<` with NUL, `%` or `//`: markup to the lenient reader alone.
        const NULL = 1 << 4;
        /// White space or a quote at its start, which mean something right behind an equals sign.
        const START = 1 << 5;
        /// What may be markup once it is decoded.
        const ENCODED = 1 << 6;

        /// What lanes are read for that begin in text or in a tag.
        const TAGS = Self::MARKUP.bits() | Self::ATTRIBUTE.bits() | Self::END_TAG.bits();
    }
}

/// Scans a whole value whose bytes have these marks; answers whether the listener wants more.
#[inline]
pub(crate) fn scan(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    if plan.lanes.is_empty() {
        return true;
    }
    if !plan.screen {
        return read(input, marks, Needs::all(), plan, listener);
    }
    let mut needs = Needs::empty();
    if marks.contains(Marks::LESS_THAN) {
        needs |= markup(input);
    }
    let encodings = Marks::PERCENT | Marks::BACKSLASH | Marks::FOREIGN;
    let less_than = marks.contains(Marks::LESS_THAN);
    if (marks.intersects(encodings)
        || less_than && marks.intersects(Marks::LEFT_BRACKET | Marks::RIGHT_BRACKET))
        && encoded::may_hide(input, less_than)
    {
        needs |= Needs::ENCODED;
    }
    if marks.contains(Marks::EQUALS) && attributes::may_act(input) {
        needs |= Needs::ATTRIBUTE;
    }
    if plan.urls && (may_be_active(input) || marks.intersects(OPENERS) && url::link(input).is_some()) {
        needs |= Needs::URL;
    }
    if needs.intersects(Needs::TAGS) && !plan.ornaments && is_plain(input, marks) {
        needs.remove(Needs::TAGS);
    }
    if needs.is_empty() {
        return true;
    }
    if matches!(input.first(), Some(b'"' | b'\'' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')) {
        needs |= Needs::START;
    }
    read(input, marks, needs, plan, listener)
}

/// What opens a link.
const OPENERS: Marks = Marks::BLOCK
    .union(Marks::LESS_THAN)
    .union(Marks::EQUALS)
    .union(Marks::DOUBLE_QUOTE)
    .union(Marks::SINGLE_QUOTE)
    .union(Marks::RIGHT_BRACKET);

/// What markup a value has.
fn markup(input: &[u8]) -> Needs {
    let mut needs = Needs::empty();
    for at in memchr::memchr_iter(b'<', input) {
        needs |= match input.get(at + 1) {
            Some(b'/') if input.get(at + 2).is_some_and(u8::is_ascii_alphabetic) => Needs::END_TAG,
            Some(0 | b'%') => Needs::NULL,
            Some(b'/') if input.get(at + 2) == Some(&b'/') => Needs::NULL,
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'!' | b'?') => Needs::MARKUP,
            _ => Needs::empty(),
        };
    }
    needs
}

/// Whether a value may be a URL with a scheme that acts.
fn may_be_active(input: &[u8]) -> bool {
    let Some(&first) = input.first() else { return false };
    // A scheme, or what hides one.
    match first {
        b'j' | b'J' | b'v' | b'V' | b'd' | b'D' | b'l' | b'L' | b'm' | b'M' | b'f' | b'F' => {
            let other = |byte: &u8| !byte.is_ascii_alphanumeric();
            let end = input.iter().position(other).and_then(|end| input.get(end));
            if !end.is_some_and(|&byte| {
                !(b' '..0x80).contains(&byte) || matches!(byte, b':' | b'&' | b'%' | b'<' | b']')
            }) {
                return false;
            }
        }
        b'&' | b'%' | 0..=b' ' => {}
        // Comments and borders of CDATA sections, perhaps as references.
        b'<' if matches!(input.get(1), Some(b'!' | b'&')) => {}
        b']' if matches!(input.get(1), Some(b']' | b'&')) => {}
        0x80.. if url::begins_dropped(input) => {}
        _ => return false,
    }
    let mut start = [0; 128];
    let (start, whole) = Decode::ATTRIBUTE.decoder(input).copy_to(&mut start);
    let url = url::read(start);
    !whole && !url.decided || url.acts()
}

/// Reads a value in the lanes that it needs.
#[cold]
#[inline(never)]
fn read(input: &[u8], marks: Marks, needs: Needs, plan: &Plan, listener: &mut impl Listener) -> bool {
    let mut stack: Stack<Part> = Stack::new();
    for lane in &plan.lanes {
        if plan.screen && !lane.matters(marks, needs) {
            continue;
        }
        if lane.dialect == Dialect::Decoded {
            if !read_decoded(input, lane, plan, listener) {
                return false;
            }
            continue;
        }
        let brief = listener.stops_at_any(lane.context[0].kind());
        let mut source = lane.source(&plan.limits).brief(brief);
        let mut run: Run<Evidence, _> = Run::new(&mut stack, lane.context[0], &source, &plan.limits);
        if !run.read(input, &[], &mut source, false, listener) {
            return false;
        }
    }
    true
}

/// Reads what a value is without its encodings.
#[inline(never)]
fn read_decoded(input: &[u8], lane: &LanePlan, plan: &Plan, listener: &mut impl Listener) -> bool {
    let text = encoded::decoded(input);
    if plan.screen && text.as_deref().is_none_or(|text| markup(text).is_empty()) {
        return true;
    }
    let text = text.as_deref().unwrap_or(input);
    let mut stack: Stack<Part> = Stack::new();
    let mut source = lane.source(&plan.limits).brief(listener.stops_at_any(lane.context[0].kind()));
    let mut run: Run<Evidence, _> = Run::new(&mut stack, lane.context[0], &source, &plan.limits);
    run.read(text, &[], &mut source, false, listener)
}

impl LanePlan {
    /// Whether a value with these bytes may have evidence here: it needs a way out of its place, and
    /// something that acts behind it.
    fn matters(&self, marks: Marks, needs: Needs) -> bool {
        let markup = needs.intersects(Needs::MARKUP | Needs::END_TAG);
        let in_tag = markup || needs.contains(Needs::ATTRIBUTE);
        match self.context[0] {
            Context::HtmlData => match self.dialect {
                Dialect::Browser => markup,
                Dialect::Lenient => markup || needs.contains(Needs::NULL),
                Dialect::Decoded => needs.contains(Needs::ENCODED),
            },
            Context::HtmlDoubleQuoted => in_tag && marks.contains(Marks::DOUBLE_QUOTE),
            Context::HtmlSingleQuoted => in_tag && marks.contains(Marks::SINGLE_QUOTE),
            Context::HtmlUnquoted if self.start == Start::BeforeAttributeValue => {
                in_tag && needs.contains(Needs::START)
            }
            Context::HtmlUnquoted | Context::HtmlAttributeName | Context::HtmlTagName => in_tag,
            Context::HtmlRcdata | Context::HtmlRawtext | Context::HtmlScriptData => {
                needs.contains(Needs::END_TAG)
            }
            Context::HtmlComment => markup && marks.contains(Marks::DASH_DASH),
            Context::HtmlCdata => markup && marks.contains(Marks::RIGHT_BRACKET),
            Context::HtmlDoctype => markup,
            Context::HtmlUrl => needs.contains(Needs::URL),
            _ => true,
        }
    }
}
