//! What a lane asks for at each kind of place: at least so much as `Evidence::needed` does, from what the
//! value's first bytes say about the text before any command.

use super::texts::LEADING;
use super::{OPENERS, PLACES, Place, Shells};
use crate::screen::Marks;
use crate::shell::evidence::{Evidence, Lead, NEVER};
use crate::shell::lexer::words_in;
use crate::shell::{Dialect, Start};

/// How far from an opener it is looked what stands before it.
const NEAR: usize = 16;

/// How far it is looked for the start of the word before it.
const WORD: usize = 64;

/// What a command stands behind whose opener is the last byte of this text.
pub(super) fn of(before: &[u8]) -> Place {
    find(before).0
}

/// The same, and whether a block behind a word may be the body of a function.
pub(super) fn find(before: &[u8]) -> (Place, bool) {
    let Some((opener, before)) = before.split_last() else { return (Place::Any, false) };
    let place = match opener {
        b'`' => Place::Backquote,
        b';' | b'&' | b'|' if before.ends_with(b";") => Place::Reserved,
        b';' | b'&' | b'|' => Place::Separator,
        b'\n' | b'\r' if continues(before) => Place::Reserved,
        b'\n' | b'\r' => Place::Line,
        _ if before.ends_with(b"\\\n") || before.ends_with(b"\\\r\n") => Place::Any,
        _ => match behind_word(before, *opener) {
            Some(defines) => return (Place::Block, defines),
            None => Place::Reserved,
        },
    };
    (place, false)
}

/// Whether a line end stands behind another separator, an opening or a reserved word: the two are one.
fn continues(before: &[u8]) -> bool {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'=');
    // So many blanks are not looked through.
    let near = before.len().saturating_sub(NEAR);
    let Some(end) = before[near..].iter().rposition(|byte| !blank(byte)) else { return true };
    let before = &before[..=near + end];
    let last = before[near + end];
    OPENERS[usize::from(last)]
        || matches!(last, b')' | b'}' | b'\\' | b'^' | b'@' | 0x0b | 0x0c | 0x80..)
        || LEADING.contains(&last_word(&before[near..]))
        || has_comment(before)
}

/// Whether a comment, or a label of cmd.exe, may stand in the last line of a text.
fn has_comment(text: &[u8]) -> bool {
    let start = memchr::memrchr2(b'\n', b'\r', text).map_or(0, |at| at + 1);
    let line = &text[start..];
    let labels = |at: usize| {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b',' | b'=' | b'@');
        line[..at]
            .iter()
            .rev()
            .find(|byte| !blank(byte))
            .is_none_or(|&byte| OPENERS[usize::from(byte)] || byte == b')')
    };
    memchr::memchr(b'#', line).is_some() || memchr::memchr_iter(b':', line).any(labels)
}

/// Whether the `;` at the end of a text is a blank to cmd.exe where a command may begin.
pub(super) fn is_blank_behind_opener(before: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(NEAR)..before.len() - 1];
    let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b',' | b'=' | b'@');
    near.iter().rev().find(|byte| !blank(byte)).is_none_or(|&byte| OPENERS[usize::from(byte)] || byte == b')')
}

/// Whether what stands before an opening makes it a part of a word, or an argument, to every shell but
/// PowerShell: a word that is no reserved one and no assignment, the parentheses behind a function's name, or
/// nothing, for a value begins in an argument. If so, whether it may be the body of a function.
fn behind_word(before: &[u8], opener: u8) -> Option<bool> {
    let near = &before[before.len().saturating_sub(WORD)..];
    let all = near.len() == before.len();
    let Some(end) = near.iter().rposition(|byte| !matches!(byte, b' ' | b'\t')) else {
        return all.then_some(false);
    };
    let touches = end + 1 == near.len();
    let parts = |byte: &u8| matches!(byte, b' ' | b'\t') || OPENERS[usize::from(*byte)];
    let start = near[..end].iter().rposition(parts).map(|at| at + 1).or(all.then_some(0));
    let assigns = match start {
        // A command may stand behind it.
        Some(start) => near[start..=end].contains(&b'='),
        None => true,
    };
    let behind = match near[end] {
        _ if assigns && !touches => false,
        b')' | b']' | b':' | b'_' | b'-' | b'*' | b'+' | b'?' | b'/' | b'#' => true,
        // What quotes hold may be nothing, and a brace expansion behind them the name.
        b'"' | b'\'' => opener == b'(',
        // Blanks to cmd.exe, to which `{` is a letter.
        b',' | b'=' | b'[' => opener == b'{',
        byte if byte.is_ascii_alphanumeric() => !LEADING.contains(&last_word(&near[..=end])),
        _ => false,
    };
    let defines = || match near[end] {
        b')' => opener == b'{' || matches!(near.get(end.wrapping_sub(1)), Some(b'(' | b' ' | b'\t')),
        _ => start.is_none_or(|start| is_named(&near[..start], all)),
    };
    behind.then(defines)
}

/// Whether a text may end with `function` or `filter`, and blanks or escaped line ends behind it; `all` says
/// that nothing stands before it.
fn is_named(text: &[u8], all: bool) -> bool {
    let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\\');
    match text.iter().rev().find(|byte| !blank(byte)) {
        Some(last) => matches!(last, b'n' | b'N' | b'r' | b'R'),
        None => !all,
    }
}

/// Which shells may take the block that the last byte of this text opens behind a word for the body of a
/// function: the POSIX shell behind `f()` and `function f`, PowerShell behind `function f` and `function f(…)`.
pub(super) fn defined(before: &[u8]) -> Shells {
    let start = before.len().saturating_sub(WORD);
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\\');
    let trimmed = |text: &[u8]| text.iter().rposition(|byte| !blank(byte)).map_or(0, |end| end + 1);
    let near = &before[start..before.len() - 1];
    let mut near = &near[..trimmed(near)];
    let mut shells = Shells::POSIX | Shells::POWERSHELL;
    let mut least = Shells::empty();
    if let Some(inside) = near.strip_suffix(b")") {
        let Some(open) = memchr::memrchr(b'(', inside) else {
            return if start > 0 { Shells::POWERSHELL } else { Shells::empty() };
        };
        match inside[open + 1..].iter().all(blank) {
            true => least = Shells::POSIX,
            false => shells = Shells::POWERSHELL,
        }
        near = &near[..trimmed(&near[..open])];
    }
    let name = near.iter().rev().take_while(|byte| !blank(byte)).count();
    let near = &near[..trimmed(&near[..near.len() - name])];
    let word = last_word(near);
    let cut = near.is_empty() && start > 0;
    let defines = word.eq_ignore_ascii_case(b"function") || word.eq_ignore_ascii_case(b"filter");
    if cut || defines { shells | least } else { least }
}

/// The letters at the end of a text.
fn last_word(text: &[u8]) -> &[u8] {
    let start = text.iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |at| at + 1);
    &text[start..]
}

/// What stands before any command in a value.
#[derive(Clone, Copy, Debug)]
pub(in crate::shell) struct Carrier<'a> {
    input: &'a [u8],
    /// How many words there are at least, if the value starts in an argument, up to 4.
    words: u8,
    /// It begins like a tag, perhaps behind words: no redirection counts.
    tagged: bool,
    /// There is a dot somewhere.
    dotted: bool,
    /// Something may be substituted with parentheses, and with backquotes.
    substitutes: bool,
    backquotes: bool,
    /// The last `(` or `{`.
    block: Option<usize>,
}

/// What is asked for behind each kind of lead at least.
struct Asked {
    separator: u8,
    line: u8,
    substitution: u8,
    backquote: u8,
    reserved: u8,
    block: u8,
    redirection: u8,
}

/// How a context is read by a dialect.
#[derive(Clone, Copy, Debug)]
pub(in crate::shell) struct Lane {
    /// How strong a command must be at each place.
    pub(super) needed: [u8; PLACES],
    /// Nothing counts that begins up to here.
    pub(super) exit: usize,
}

impl<'a> Carrier<'a> {
    pub(super) fn of(input: &'a [u8], marks: Marks) -> Self {
        let opens = |at: usize| matches!(input.get(at + 1), Some(b'(' | b'{' | b'\\'));
        let substitutes = marks.intersects(Marks::DOLLAR | Marks::REDIRECTION)
            && memchr::memchr3_iter(b'$', b'<', b'>', input).any(opens)
            || marks.contains(Marks::PARENTHESIS) && memchr::memmem::find(input, b"((").is_some();
        let dotted = memchr::memchr(b'.', input).is_some();
        Carrier {
            input,
            words: words(input),
            tagged: is_tagged(input),
            dotted,
            substitutes,
            backquotes: marks.contains(Marks::BACKQUOTE),
            block: if marks.contains(Marks::BLOCK) { memchr::memrchr2(b'(', b'{', input) } else { None },
        }
    }

    /// How a dialect reads the value in a context that starts so; nothing if nothing can count.
    pub(in crate::shell) fn lane(&self, start: Start, dialect: Dialect) -> Option<Lane> {
        match start {
            Start::DoubleQuoted => self.quoted(b'"', dialect),
            Start::SingleQuoted => self.quoted(b'\'', dialect),
            Start::HereDocument => {
                // What is substituted may be cut off, and then its commands stand by themselves.
                let (text, _) = until(self.input, b"$`\\");
                let needed = self.needed(0, text_words(text), false, 2, 3);
                (self.substitutes || self.backquotes).then_some(Lane { needed, exit: text.len() })
            }
            Start::Environment if !self.input.starts_with(b"()") => None,
            Start::Environment | Start::Command => Some(Lane { needed: [1; PLACES], exit: 0 }),
            Start::Argument | Start::Backquoted | Start::Substitution => {
                let words = self.words.min(2);
                // A host or a file before a separator is an argument, and counts as no text.
                let separator = if words == 1 && self.dotted { 1 } else { 1 + words };
                let mut needed = self.needed(self.words, 0, self.words > 1, separator, 2 + words);
                if self.tagged {
                    needed[Place::Redirection as usize] = NEVER;
                }
                Some(Lane { needed, exit: 0 })
            }
        }
    }

    /// How a value is read that starts in quotes.
    fn quoted(&self, quote: u8, dialect: Dialect) -> Option<Lane> {
        let specials: &[u8] = match (quote, dialect) {
            (b'\'', Dialect::PowerShell) => b"'\xe2",
            (b'\'', _) => b"'",
            (_, Dialect::Posix) => b"\"\\$`",
            (_, Dialect::Cmd) => b"\"%!",
            (_, Dialect::PowerShell) => b"\"$`\xe2",
        };
        let (text, special) = until(self.input, specials);
        let words = if quote == b'"' { text_words(text) } else { 0 };
        let special = special?;
        let behind = &self.input[text.len() + 1..];
        let doubled = dialect == Dialect::PowerShell && matches!(behind.first(), Some(b'"' | b'\'' | 0xe2));
        if special != quote || doubled {
            return Some(Lane { needed: self.needed(1, words, false, 2, 3), exit: 0 });
        }
        // A quote that is left at once is no word.
        let word = u8::from(!text.is_empty());
        // What touches the quotes is of one word with them, and another word is one too many; but in a block
        // of PowerShell separators count as the block does.
        let touched = behind.first().is_some_and(u8::is_ascii_alphanumeric);
        let blanks = behind.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let crowded = blanks > 0 && behind.get(blanks).is_some_and(u8::is_ascii_alphabetic);
        let (separator, line) = match touched || crowded {
            false => (1 + word, 2 + word),
            true if dialect == Dialect::PowerShell && self.block.is_some() => (3, 3),
            true => (NEVER, NEVER),
        };
        let mut needed = self.needed(word + u8::from(crowded), words, crowded, separator, line);
        if dialect == Dialect::PowerShell {
            // So does a file; and the word that the block is a part of has not ended there.
            needed[Place::Block as usize] = needed[Place::Block as usize].min(3);
            if words <= 1 {
                needed[Place::Redirection as usize] = 1;
            }
        }
        Some(Lane { needed, exit: text.len() + 1 })
    }

    /// What is needed behind so many words at least, so many of them in the program's quotes.
    fn needed(&self, words: u8, quoted: u8, several: bool, separator: u8, line: u8) -> [u8; PLACES] {
        let backquote = match words.max(quoted) {
            0..=1 => 2,
            2 => 3,
            _ => NEVER,
        };
        self.at_places(Asked {
            separator,
            line,
            substitution: 1 + u8::from(words > 3) + quoted.saturating_sub(1).min(3),
            backquote,
            // A compound command stands behind a separator.
            reserved: separator.max(2 + u8::from(several)),
            block: 3 + u8::from(several),
            redirection: if words.max(quoted) <= 1 || words == 0 { 1 } else { NEVER },
        })
    }

    /// How the rest of a value is read, behind a separator that begins there: what the rules ask for, now that they
    /// know what stands before the first one.
    pub(in crate::shell) fn rest(&self, evidence: &Evidence, dialect: Dialect, separator: usize) -> Lane {
        let mut needed = self.at_places(Asked {
            separator: evidence.least(Lead::Semicolon).min(evidence.least(Lead::Logic)),
            line: evidence.least(Lead::Newline),
            substitution: evidence.least(Lead::Substitution).min(evidence.least(Lead::Process)),
            backquote: evidence.least(Lead::Backquote),
            reserved: evidence.least(Lead::Reserved),
            block: evidence.least(Lead::Block),
            redirection: evidence.least(Lead::Redirection),
        });
        if dialect == Dialect::PowerShell && self.block.is_some_and(|last| last > separator) {
            // What stands in a block counts as the block does.
            for needed in needed.iter_mut().take(Place::Redirection as usize) {
                *needed = evidence.least(Lead::Block).min(*needed);
            }
        }
        Lane { needed, exit: separator }
    }

    /// What is needed at each place.
    fn at_places(&self, asked: Asked) -> [u8; PLACES] {
        // The commands in a substitution count as the first one does.
        let inside = |substitutes: bool, asked: u8| if substitutes { asked.min(NEVER) } else { NEVER };
        let inside =
            inside(self.substitutes, asked.substitution).min(inside(self.backquotes, asked.backquote));
        let mut needed = [inside; PLACES];
        for (place, least) in [
            (Place::Any, 1),
            (Place::Reserved, asked.reserved.min(asked.separator)),
            (Place::Separator, asked.separator),
            (Place::Line, asked.line),
            (Place::Backquote, asked.backquote),
            (Place::Block, asked.block),
        ] {
            let needed = &mut needed[place as usize];
            *needed = least.min(*needed);
        }
        needed[Place::Redirection as usize] = asked.redirection;
        needed
    }
}

/// The text before the first of these bytes, and which one it is.
fn until<'a>(input: &'a [u8], specials: &[u8]) -> (&'a [u8], Option<u8>) {
    let at = input.iter().position(|byte| specials.contains(byte));
    (&input[..at.unwrap_or(input.len())], at.map(|at| input[at]))
}

/// How many words a text in quotes counts for at least, up to 4.
fn text_words(text: &[u8]) -> u8 {
    words_in(text).min(4) as u8
}

/// With how many words a value begins that every shell reads as such, up to 4.
fn words(input: &[u8]) -> u8 {
    let (mut words, mut word) = (0, false);
    for &byte in input {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => word = true,
            b'_' | b'.' | b':' | b'-' | b',' | b'/' => {}
            b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' => {
                words += u8::from(std::mem::take(&mut word));
                if words > 3 || !matches!(byte, b' ' | b'\t') {
                    break;
                }
            }
            _ => return words,
        }
    }
    // The value's end ends a word.
    (words + u8::from(word)).min(4)
}

/// Whether the first redirection of a value is one from a file that begins with a letter, behind plain words
/// at most: the command that the value completes has it.
fn is_tagged(input: &[u8]) -> bool {
    let plain = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b',' | b'.');
    let end = input.iter().take_while(plain).count();
    matches!(&input[end..], [b'<', b'a'..=b'z' | b'A'..=b'Z', ..])
}
