//! The second screen: where in a value some shell may find a command, or a file from the root, and in which
//! lanes that could count. What has no such place is read by no lane, so most of ordinary text ends here,
//! which has separators too.
//!
//! It looks at words where a command may begin (`names`) and at what stands behind them (`texts`), in all three
//! shells' ways at once, and says how strong a command there may be at most to each shell. A lane asks for a
//! strength at each kind of place (`places`), at least so much as `Evidence::needed` does. Whoever changes a rule
//! of `evidence.rs` or a tokenizer must keep that; `tests/shell.rs` holds the two together
//! (`the_screen_changes_no_report`), and that time is linear: each byte is looked at once for the opener before
//! it.

mod names;
mod places;
mod texts;

use super::Dialect;
use super::commands::{Traits, Vocabulary};
use crate::screen::Marks;
use names::Name;
pub(super) use places::{Carrier, Lane};
use texts::is_blank;

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

/// What a command would run behind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// Anywhere: what is not known.
    Any,
    /// Where a compound command or a substitution has its commands, or what could be that.
    Reserved,
    /// An operator between two commands.
    Separator,
    /// A line end that stands behind none of these.
    Line,
    Backquote,
    /// `(`, `{` behind a word: PowerShell alone has a command there.
    Block,
    /// No command, but a file.
    Redirection,
}

/// How many places there are.
const PLACES: usize = 7;

bitflags::bitflags! {
    /// Families of shells.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    struct Shells: u8 {
        const POSIX = 1 << Dialect::Posix as u8;
        const CMD = 1 << Dialect::Cmd as u8;
        const POWERSHELL = 1 << Dialect::PowerShell as u8;
    }
}

impl Shells {
    /// Those of Windows that find a program with these traits: PowerShell finds what cmd.exe does, too.
    /// `delimited` says that the name ends as only cmd.exe ends one.
    fn of(traits: Traits, delimited: bool) -> Shells {
        let mut shells = Shells::empty();
        shells.set(Shells::CMD, traits.contains(Traits::CMD));
        shells.set(Shells::POWERSHELL, !delimited);
        shells
    }
}

/// What may stand at a place: how strong it is as evidence at most to each shell, 0 for nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Found {
    place: Place,
    strengths: [u8; Dialect::ALL.len()],
}

impl Found {
    const NOTHING: Found = Found::at(Place::Any, 0);
    const UNKNOWN: Found = Found::at(Place::Any, 3);

    /// What every shell may find.
    const fn at(place: Place, strength: u8) -> Found {
        Found { place, strengths: [strength; Dialect::ALL.len()] }
    }

    /// Which shells may find something.
    fn shells(self) -> Shells {
        let found = Dialect::ALL.iter().filter(|&&dialect| self.strengths[dialect as usize] > 0);
        found.fold(Shells::empty(), |shells, &dialect| shells | Shells::from_bits_retain(1 << dialect as u8))
    }

    /// The stronger of two, shell by shell.
    fn or(self, other: Found) -> Found {
        let (mut found, other) = match self.shells().is_empty() {
            false if other.place == Place::Any && !other.shells().is_empty() => (other, self),
            false => (self, other),
            true => (other, self),
        };
        for (strength, other) in found.strengths.iter_mut().zip(other.strengths) {
            *strength = other.max(*strength);
        }
        found
    }

    /// The same, if only these find it.
    fn only(mut self, shells: Shells) -> Found {
        for &dialect in Dialect::ALL {
            if !shells.contains(Shells::from_bits_retain(1 << dialect as u8)) {
                self.strengths[dialect as usize] = 0;
            }
        }
        self
    }
}

/// Where commands may begin: for each shell, place and strength, how far the last one is from the value's start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Findings {
    last: [[[usize; 3]; PLACES]; Dialect::ALL.len()],
    any: bool,
}

impl Findings {
    const NONE: Findings = Findings { last: [[[0; 3]; PLACES]; Dialect::ALL.len()], any: false };

    fn add(&mut self, found: Found, at: usize) {
        for (last, strength) in self.last.iter_mut().zip(found.strengths) {
            if let Some(strength) = strength.checked_sub(1) {
                last[found.place as usize][usize::from(strength)] = at;
                self.any = true;
            }
        }
    }

    /// Whether a command may count in a lane.
    pub(super) fn reach(&self, lane: &Lane, dialect: Dialect) -> bool {
        self.last[dialect as usize]
            .iter()
            .zip(lane.needed)
            .any(|(last, needed)| last.iter().skip(usize::from(needed - 1)).any(|&at| at > lane.exit))
    }
}

/// What is asked once of the whole value, so that time stays linear.
#[derive(Clone, Copy)]
struct Whole {
    /// The last `/`.
    slash: Option<usize>,
    /// `%` stands somewhere: a variable of a loop of cmd.exe, perhaps.
    percent: bool,
    /// `=` and `$` stand somewhere: a variable that the value sets, perhaps.
    sets: bool,
    /// `|` stands somewhere.
    pipes: bool,
}

impl Whole {
    fn of(input: &[u8], marks: Marks) -> Whole {
        let slash = if marks.contains(Marks::SLASH) { memchr::memrchr(b'/', input) } else { None };
        Whole {
            slash,
            percent: marks.contains(Marks::PERCENT),
            sets: marks.contains(Marks::EQUALS | Marks::DOLLAR) && assigns(input),
            pipes: memchr::memchr(b'|', input).is_some(),
        }
    }
}

/// Whether some word may assign a variable, as the POSIX shell does it: `x=`, `x+=`, `x[…]=`.
fn assigns(input: &[u8]) -> bool {
    memchr::memchr_iter(b'=', input).any(|at| {
        let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let before = input[..at].strip_suffix(b"+").unwrap_or(&input[..at]);
        let near = &before[before.len().saturating_sub(64)..];
        let length = near.iter().rev().take_while(|byte| name(byte)).count();
        let starts = |byte: &u8| {
            OPENERS[usize::from(*byte)] || matches!(byte, b' ' | b'\t' | b')' | b'}' | b'!' | b'\\')
        };
        let begins = near.len() == length || starts(&near[near.len() - length - 1]);
        near.ends_with(b"]") || length > 0 && begins
    })
}

/// The first opener of a text. Blocks without any are passed over at once, by comparisons that the compiler
/// does side by side.
fn next_opener(text: &[u8]) -> Option<usize> {
    const BLOCK: usize = 32;
    let opens = |byte: u8| {
        (byte == b';')
            | (byte == b'&')
            | (byte == b'|')
            | (byte == b'\n')
            | (byte == b'\r')
            | (byte == b'(')
            | (byte == b'{')
            | (byte == b'`')
            | (byte == b'<')
            | (byte == b'>')
    };
    let mut from = 0;
    while let Some(block) = text.get(from..).and_then(|text| text.first_chunk::<BLOCK>()) {
        let found = block.iter().fold(0, |found, &byte| found | u8::from(opens(byte)));
        if found != 0 {
            break;
        }
        from += BLOCK;
    }
    text[from..].iter().position(|&byte| OPENERS[usize::from(byte)]).map(|at| from + at)
}

/// Whether a text behind `<` or `>` may name a file from the root, or any where the operator is `&>`;
/// `slash` says that the text has a `/`.
fn may_redirect(text: &[u8], both: bool, slash: bool) -> bool {
    let operator = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b',' | b';' | b'=' | b'&' | b'|');
    let start = text.iter().position(|byte| !operator(byte)).unwrap_or(text.len());
    // The last sign of an operator is looked at by itself.
    let named = match &text[start..] {
        [b'/', next, ..] => !next.is_ascii_whitespace(),
        // What is quoted or escaped
        [b'~' | b'\'' | b'"' | b'\\' | b'^' | b'`' | b'$' | b'@' | 0xe2, ..] => true,
        text => is_blank(text),
    };
    // `<#` begins a comment of PowerShell.
    both || text.starts_with(b"#") || named && slash
}

/// What a value has where some shell may find a command; nothing if there is none.
pub(super) fn find<'a>(
    input: &'a [u8],
    marks: Marks,
    vocabulary: &'a Vocabulary,
) -> Option<(Findings, Carrier<'a>)> {
    let whole = Whole::of(input, marks);
    let mut findings = Findings::NONE;
    let mut from = 0;
    while let Some(at) = next_opener(&input[from..]) {
        from += at + 1;
        let (before, text) = input.split_at(from);
        let opener = before[from - 1];
        match opener {
            b'<' | b'>' => {
                let both = before.ends_with(b"&>") || before.ends_with(b"&<");
                let named = may_redirect(text, both, whole.slash.is_some_and(|last| last > from));
                findings.add(Found::at(Place::Redirection, u8::from(named)), from);
                continue;
            }
            // What is no arithmetic after all.
            b'(' if before.ends_with(b"((") && places::of(&before[..from - 1]) != Place::Block => {
                findings.add(Found::UNKNOWN.only(Shells::POSIX), from);
            }
            _ => {}
        }
        let (place, defines) = places::find(before);
        // A compound command counts where it stands, and touches what its parenthesis touches.
        let separated = matches!(opener, b';' | b'&' | b'|' | b'\n' | b'\r')
            || opener == b'(' && place == Place::Reserved;
        if names::is_ordinary(text, separated && whole.slash.is_some(), vocabulary) {
            continue;
        }
        let shells = match opener {
            _ if place == Place::Block => Shells::POWERSHELL,
            // A letter to cmd.exe
            b'{' | b'`' => Shells::POSIX | Shells::POWERSHELL,
            _ => Shells::all(),
        };
        let piped = match opener {
            b'|' => true,
            // `|&`, and PowerShell's call operator behind a pipe.
            b'&' => before[..from - 1].trim_ascii_end().ends_with(b"|"),
            _ => false,
        };
        let name = Name {
            whole,
            separated,
            braced: opener == b'{',
            glued: true,
            place,
            piped,
            parts: opener == b';' && !places::is_blank_behind_opener(before),
            prefixed: false,
            shells,
            vocabulary,
        };
        name.find(text, from, &mut findings);
        // `f() if` begins a function, too.
        let conditional = opener == b'(' && matches!(text, [b')' | b' ' | b'\t', _, _, _, ..]);
        if place == Place::Block && (defines || conditional) {
            name.find_in_body(before, text, &mut findings);
        }
    }
    findings.any.then(|| (findings, Carrier::of(input, marks)))
}
