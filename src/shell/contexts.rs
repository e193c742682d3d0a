//! Contexts and the token streams that they share: a lane is a start mode read by one family of
//! shells. Here is decided which lanes a value needs at all.

use super::commands::{Traits, Vocabulary};
use super::evidence::Evidence;
use super::facts::Meaning;
use super::source::Source;
use super::{Dialect, Start};
use crate::recogniser::Stack;
use crate::run::{Lanes, Listener, Run};
use crate::screen::Marks;
use crate::{Context, ContextSet, Language, Limits};

/// The families of shells that have the context's place.
const fn dialects(context: Context) -> &'static [Dialect] {
    match context {
        Context::ShellSingleQuoted => &[Dialect::Posix, Dialect::PowerShell],
        Context::ShellBackquoted | Context::ShellHereDocument | Context::ShellEnvironment => {
            &[Dialect::Posix]
        }
        _ => Dialect::ALL,
    }
}

/// What values are tried in, chosen once.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    limits: Limits,
    vocabulary: Vocabulary,
    /// Leave out what a value's bytes show to be without evidence.
    screen: bool,
    lanes: Vec<LanePlan>,
    /// The whole value may be a program.
    commands: bool,
}

/// One way to tokenize, and the context that reads those tokens.
#[derive(Clone, Debug)]
struct LanePlan {
    start: Start,
    dialect: Dialect,
    context: [Context; 1],
    exit: Exit,
}

/// How many quotes, expansions and compound commands may be open: each takes several symbols.
fn depth(limits: &Limits) -> usize {
    limits.depth / 8
}

impl Plan {
    pub(crate) fn new(contexts: ContextSet, limits: Limits, vocabulary: Vocabulary, screen: bool) -> Self {
        let mut lanes = Vec::new();
        for context in contexts.intersection(ContextSet::of_language(Language::Shell)).iter() {
            let start = Start::of(context);
            let dialects = dialects(context).iter();
            lanes.extend(dialects.map(|&dialect| LanePlan {
                start,
                dialect,
                context: [context],
                exit: exit(start, dialect),
            }));
        }
        let commands = contexts.contains(Context::ShellCommand);
        Plan { limits, vocabulary, screen, lanes, commands }
    }

    /// All lanes, for a value that arrives in pieces.
    pub(crate) fn lanes(&self) -> Lanes<Evidence> {
        let lanes = self.lanes.iter();
        Lanes::new(lanes.map(|lane| (lane.source(self), &lane.context[..])), &self.limits)
    }
}

impl LanePlan {
    fn source(&self, plan: &Plan) -> Source {
        Source::new(self.dialect, self.start, plan.vocabulary.clone(), depth(&plan.limits))
    }
}

/// What a value needs to run a command in a context: to end the command that it completes, or to
/// have one substituted, and to leave its quotes before.
#[derive(Clone, Copy, Debug)]
struct Exit {
    /// One of these, if there are any, …
    quotes: Marks,
    /// … and one of these …
    any: Marks,
    /// … or one of these alone.
    alone: Marks,
}

const SUBSTITUTIONS: Marks = Marks::BACKQUOTE.union(Marks::DOLLAR);
const ACTS: Marks = SUBSTITUTIONS.union(Marks::SEPARATOR).union(Marks::REDIRECTION).union(Marks::BLOCK);

const fn exit(start: Start, dialect: Dialect) -> Exit {
    let quotation = match dialect {
        Dialect::PowerShell => Marks::QUOTATION,
        _ => Marks::empty(),
    };
    match start {
        Start::Argument | Start::Backquoted | Start::Substitution => {
            Exit { quotes: Marks::empty(), any: ACTS, alone: Marks::empty() }
        }
        Start::DoubleQuoted => {
            Exit { quotes: Marks::DOUBLE_QUOTE.union(quotation), any: ACTS, alone: SUBSTITUTIONS }
        }
        Start::SingleQuoted => {
            Exit { quotes: Marks::SINGLE_QUOTE.union(quotation), any: ACTS, alone: Marks::empty() }
        }
        Start::HereDocument => Exit { quotes: Marks::empty(), any: SUBSTITUTIONS, alone: Marks::empty() },
        Start::Environment => Exit { quotes: Marks::empty(), any: Marks::SEPARATOR, alone: Marks::empty() },
        Start::Command => Exit { quotes: Marks::empty(), any: Marks::empty(), alone: Marks::all() },
    }
}

/// Scans a whole value whose bytes have these marks; answers whether the listener wants more.
pub(crate) fn scan(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    let unscreened = !plan.screen || plan.commands;
    if plan.lanes.is_empty() || !unscreened && !marks.intersects(ACTS) {
        return true;
    }
    if !unscreened && !may_run(input, &plan.vocabulary) {
        return true;
    }
    read(input, marks, plan, listener)
}

/// Reads a value in the lanes that it needs.
#[cold]
#[inline(never)]
fn read(input: &[u8], marks: Marks, plan: &Plan, listener: &mut impl Listener) -> bool {
    let mut stack: Stack<Meaning> = Stack::new();
    for lane in &plan.lanes {
        if plan.screen && !lane.exit.allows(marks) {
            continue;
        }
        let mut source = lane.source(plan);
        let mut run: Run<Evidence, _> = Run::new(&mut stack, lane.context[0], &source, &plan.limits);
        if !run.read(input, &[], &mut source, false, listener) {
            return false;
        }
    }
    true
}

/// Where a command may begin: behind a separator or an opening; and where a file may be named.
const OPENERS: [bool; 256] = {
    let mut table = [false; 256];
    let openers = b";&|\n\r({`<>";
    let mut i = 0;
    while i < openers.len() {
        table[openers[i] as usize] = true;
        i += 1;
    }
    table
};

/// Whether some shell may find a command where one may begin. Without that no evidence rule counts
/// anything, for all of them ask for a name. One look-up for each separator; sentences, lists and
/// data end here.
fn may_run(input: &[u8], vocabulary: &Vocabulary) -> bool {
    let slash = memchr::memchr(b'/', input).is_some();
    let mut from = 0;
    while let Some(at) = input[from..].iter().position(|&byte| OPENERS[usize::from(byte)]) {
        from += at + 1;
        if let b'<' | b'>' = input[from - 1] {
            if may_redirect(&input[from..], from > 1 && input[from - 2] == b'&') {
                return true;
            }
            continue;
        }
        let separated = matches!(input[from - 1], b';' | b'&' | b'|' | b'\n' | b'\r');
        if may_name(&input[from..], slash, separated, vocabulary) {
            return true;
        }
    }
    false
}

/// Whether a text behind `<` or `>` may name a file from the root, or any where the operator is `&>`.
fn may_redirect(text: &[u8], both: bool) -> bool {
    let start = text.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'>' | b'<' | b'&' | b'|'));
    let text = &text[start.unwrap_or(text.len())..];
    both || matches!(text, [b'/', next, ..] if !next.is_ascii_whitespace())
        && memchr::memchr(b'/', &text[1..]).is_some()
        || matches!(text, [b'~', ..])
}

/// Whether some shell may find a command at the start of a text, behind assignments.
fn may_name(mut text: &[u8], slash: bool, mut glued: bool, vocabulary: &Vocabulary) -> bool {
    loop {
        let start = text.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b',' | b'=' | b'@' | b'!'));
        let start = start.unwrap_or(text.len());
        glued &= start == 0;
        if start > 0 && text[start - 1] == b'!' && start < text.len() {
            // `!x!` of cmd.exe, and a history expansion.
            return true;
        }
        text = &text[start..];
        let ends =
            |byte: &u8| matches!(byte, b' ' | b'\t' | b'<' | b'>' | b')') || OPENERS[usize::from(*byte)];
        let length = text.iter().position(ends).unwrap_or(text.len());
        let (word, behind) = text.split_at(length);
        let redirection = matches!(behind.first(), Some(b'<' | b'>'));
        if redirection && word.iter().all(u8::is_ascii_digit) {
            // Before the name.
            return true;
        }
        if behind.first() == Some(&b'(') && matches!(word.last(), Some(b'?' | b'*' | b'+' | b'@' | b'!')) {
            // A pattern may stand in the name.
            return true;
        }
        if word.is_empty() {
            // A brace expansion, or a block.
            let braces = matches!(behind, [b'{', next, ..] if !next.is_ascii_whitespace());
            return braces;
        }
        // The end of a block of PowerShell ends a word, too.
        let block = memchr::memchr(b'}', word).filter(|&at| at > 0);
        let named = |word, glued| named(word, slash, glued, vocabulary);
        if named(word, glued) || block.is_some_and(|at| named(&word[..at], false)) {
            return true;
        }
        // Behind an assignment the name is still to come.
        if word.contains(&b'=') && (redirection || matches!(behind.first(), Some(b'`' | b'(' | b'{'))) {
            return true;
        }
        if !word.contains(&b'=') || !matches!(behind.first(), Some(b' ' | b'\t')) {
            return false;
        }
        text = behind;
        glued = false;
    }
}

/// Whether some shell may take a word for a command's name.
fn named(word: &[u8], slash: bool, glued: bool, vocabulary: &Vocabulary) -> bool {
    let mut bare = [0; 32];
    let mut length = 0;
    let mut pattern = false;
    let mut quotes = 0;
    let mut rest = word;
    while let [byte, behind @ ..] = rest {
        let byte = *byte;
        rest = behind;
        match byte {
            // Quotes and blanks of PowerShell
            0xe2 if matches!(rest, [0x80, 0x98..=0x9e, ..]) => {
                rest = &rest[2..];
                quotes += 1;
                continue;
            }
            0xc2 if matches!(rest, [0x85 | 0xa0, ..]) => return true,
            0xe1 if matches!(rest, [0x9a, 0x80, ..]) => return true,
            0xe2 if matches!(rest, [0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..] | [0x81, 0x9f, ..]) => {
                return true;
            }
            0xe3 if matches!(rest, [0x80, 0x80, ..]) => return true,
            // An expansion, or one of cmd.exe: what it yields is not known.
            b'$' | b'%' => return true,
            b'!' if word.iter().filter(|&&byte| byte == b'!').count() > 1 => return true,
            b'\'' | b'"' => {
                quotes += 1;
                continue;
            }
            b'^' => continue,
            b'\\' => {}
            b'*' | b'?' | b'[' => pattern = true,
            _ => {}
        }
        if let Some(place) = bare.get_mut(length) {
            *place = byte;
        }
        length += 1;
    }
    let path = matches!(word, [b'/' | b'~', ..] | [b'.'] | [b'.', b'/' | b'.', ..]);
    if path || memchr::memmem::find(word, b"bin").is_some() || pattern && word.contains(&b'/') {
        return true;
    }
    if length > bare.len() {
        // Longer than any name, but for quotes and escapes.
        return word.iter().any(|byte| matches!(byte, b'\\' | b'/' | b','));
    }
    let bare = &bare[..length];
    let mut unescaped = [0; 32];
    let mut kept = 0;
    for &byte in bare.iter().filter(|&&byte| byte != b'\\') {
        unescaped[kept] = byte;
        kept += 1;
    }
    // A name with a path behind it counts even if it is unknown, and what quotes hold goes on behind a
    // blank. Whether there is a path is asked once for the whole value, so that time stays linear.
    let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let unknown = glued && letters > 0 && matches!(word.get(letters), None | Some(b',' | b'=' | b';'));
    let plain = (unknown || quotes % 2 == 1) && slash;
    // Windows has `\\` between the segments of a path and other blanks.
    let last = bare.split(|byte| matches!(byte, b',' | b'=' | b';')).next().unwrap_or(bare);
    let last = last.rsplit(|byte| matches!(byte, b'\\' | b'/')).next().unwrap_or(last);
    let name = &unescaped[..kept];
    word == b"{"
        || plain
        || bare.contains(&b'\\')
        || vocabulary.command(name).is_some()
        || vocabulary.windows(last, Traits::CMD | Traits::POWERSHELL).is_some()
        || pattern && vocabulary.matching(name).is_some()
}

impl Exit {
    fn allows(self, marks: Marks) -> bool {
        let leaves = self.quotes.is_empty() || marks.intersects(self.quotes);
        leaves && marks.intersects(self.any) || marks.intersects(self.alone)
    }
}
