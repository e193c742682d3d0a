//! The commands that a shell finds by their names. Which there are, and what they do, is data:
//! `commands.txt`, with the manuals that each section follows; `build.rs` makes tables of it. Whoever
//! builds a detector may name [`Program`]s of his own beside them.

use std::fmt;
use std::sync::Arc;

use crate::Effects;

/// How long a command's name may be, in bytes: as much as the tokenizer keeps of a word.
pub(super) const MAX_NAME: usize = 32;

bitflags::bitflags! {
    /// What a command is to the shells.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub(super) struct Traits: u8 {
        /// The name is also a word of a language.
        const WORD = 1 << 0;
        /// It runs a text as a program.
        const INTERPRETER = 1 << 1;
        /// It runs the command in its arguments.
        const PREFIX = 1 << 2;
        const POSIX = 1 << 3;
        const CMD = 1 << 4;
        const POWERSHELL = 1 << 5;
        /// It is a reserved word; written so that it is none, it names nothing.
        const RESERVED = 1 << 6;
    }
}

/// What is known about a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Command {
    pub(super) traits: Traits,
    /// What it does beside being run.
    pub(super) effects: Effects,
}

impl Command {
    /// The command that this one makes with the one in its arguments.
    pub(super) fn running(self, command: Command) -> Command {
        let own = self.traits - Traits::PREFIX;
        // Two words in a row are words.
        let word = own & command.traits & Traits::WORD;
        let traits = (own - Traits::WORD) | word | command.traits & (Traits::PREFIX | Traits::INTERPRETER);
        Command { traits, effects: self.effects | command.effects }
    }
}

#[allow(clippy::wildcard_imports, reason = "tables that build.rs writes")]
mod tables {
    use super::*;

    include!(concat!(env!("OUT_DIR"), "/commands.rs"));

    pub(super) static FILTER: Filter = Filter([0; Filter::WORDS]).with(&POSIX).with(&WINDOWS);

    pub(super) fn posix() -> (&'static [(&'static [u8], Command)], &'static [u16; 257]) {
        (&POSIX, &POSIX_STARTS)
    }

    pub(super) fn windows() -> (&'static [(&'static [u8], Command)], &'static [u16; 257]) {
        (&WINDOWS, &WINDOWS_STARTS)
    }
}

type Table = (&'static [(&'static [u8], Command)], &'static [u16; 257]);

/// The commands whose names begin with a byte.
fn beginning_with((commands, starts): Table, first: u8) -> &'static [(&'static [u8], Command)] {
    let first = usize::from(first);
    &commands[usize::from(starts[first])..usize::from(starts[first + 1])]
}

fn find(table: Table, name: &[u8]) -> Option<Command> {
    if !tables::FILTER.may_hold(name) {
        return None;
    }
    let same = beginning_with(table, *name.first()?);
    let at = same.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    Some(same[at].1)
}

/// A Bloom filter of the tables' names, without case: most words of a text are not among them.
struct Filter([u64; Filter::WORDS]);

impl Filter {
    const WORDS: usize = 256;

    /// The bit of a name: from its length and first three bytes.
    const fn place(name: &[u8]) -> usize {
        let mut key = name.len();
        let mut at = 0;
        while at < 3 {
            let byte = if at < name.len() { name[at].to_ascii_lowercase() } else { 0 };
            key = key.wrapping_mul(0x2f).wrapping_add(byte as usize);
            at += 1;
        }
        (key.wrapping_mul(0x9e37_79b9) >> 7) % (Filter::WORDS * 64)
    }

    const fn with(mut self, names: &[(&[u8], Command)]) -> Self {
        let mut at = 0;
        while at < names.len() {
            let place = Filter::place(names[at].0);
            self.0[place / 64] |= 1 << (place % 64);
            at += 1;
        }
        self
    }

    fn may_hold(&self, name: &[u8]) -> bool {
        let place = Filter::place(name);
        self.0[place / 64] & 1 << (place % 64) != 0
    }
}

/// A program that the shells of a server find beside those of the systems they run on: one of the
/// application's own, say. Every family of shells finds it, those of Windows in any case.
///
/// ```
/// use syntrap::shell::Program;
/// use syntrap::{Detector, Effects};
///
/// let value = b"x; deployctl --now";
/// assert!(!Detector::default().is_attack(value));
///
/// let deployctl = Program::new("deployctl")?.effects(Effects::NETWORK);
/// let detector = Detector::builder().programs([deployctl]).build();
/// assert!(detector.is_attack(value));
/// # Ok::<(), syntrap::shell::InvalidName>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    name: Box<[u8]>,
    command: Command,
}

impl Program {
    /// A program by its name, without a directory and without `.exe`; its name is no word of a
    /// language, and it runs no text as a program.
    ///
    /// # Errors
    ///
    /// The name is empty, has more than 32 bytes, or has a character that would have to be quoted in
    /// a shell.
    pub fn new(name: &str) -> Result<Self, InvalidName> {
        let bytes = name.as_bytes();
        let special = |byte: &u8| byte.is_ascii_whitespace() || b";&|(){}<>$`'\"\\/^%!*?[],=".contains(byte);
        if bytes.is_empty() || bytes.len() > MAX_NAME || bytes.iter().any(special) {
            return Err(InvalidName(name.to_owned()));
        }
        let command = Command {
            traits: Traits::POSIX.union(Traits::CMD).union(Traits::POWERSHELL),
            effects: Effects::empty(),
        };
        Ok(Program { name: bytes.into(), command })
    }

    /// People write the name as a word: evidence asks for more around it, as it does for `find`.
    #[must_use]
    pub fn word(mut self) -> Self {
        self.command.traits |= Traits::WORD;
        self
    }

    /// It runs a text as a program, as `sh` does.
    #[must_use]
    pub fn interpreter(mut self) -> Self {
        self.command.traits |= Traits::INTERPRETER;
        self
    }

    /// What it does beside being run.
    #[must_use]
    pub fn effects(mut self, effects: Effects) -> Self {
        self.command.effects = effects;
        self
    }
}

/// A text that is no name of a program: see [`Program::new`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvalidName(String);

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no name of a program: name the file alone, in 1 to {MAX_NAME} bytes, without \
             directories, blanks and characters that a shell reads as its own",
            self.0
        )
    }
}

impl std::error::Error for InvalidName {}

/// The commands that a detector knows: the tables, and before them the programs that its builder
/// named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary {
    own: Option<Arc<Programs>>,
}

/// Programs sorted by name, as the POSIX shell finds them and as Windows does.
#[derive(Debug)]
struct Programs {
    posix: Vec<Program>,
    windows: Vec<Program>,
}

impl Vocabulary {
    /// Of two programs of one name the first counts.
    pub(crate) fn new(programs: &[Program]) -> Self {
        let sorted = |mut programs: Vec<Program>| {
            programs.sort_by(|a, b| a.name.cmp(&b.name));
            programs.dedup_by(|a, b| a.name == b.name);
            programs
        };
        let mut folded = programs.to_vec();
        folded.iter_mut().for_each(|program| program.name.make_ascii_lowercase());
        let own = Programs { posix: sorted(programs.to_vec()), windows: sorted(folded) };
        Vocabulary { own: (!programs.is_empty()).then(|| Arc::new(own)) }
    }

    /// The caller's program of this name in a list of them.
    #[inline]
    fn own(&self, list: impl Fn(&Programs) -> &[Program], name: &[u8]) -> Option<Command> {
        let list = list(self.own.as_ref()?);
        let at = list.binary_search_by(|program| (*program.name).cmp(name)).ok()?;
        Some(list[at].command)
    }

    /// Whether a shell may find a command by this name; many that none finds are let through.
    #[inline]
    pub(super) fn may_know(&self, name: &[u8]) -> bool {
        // The ending of a program is no part of the name.
        self.own.is_some() || tables::FILTER.may_hold(name) || memchr::memchr(b'.', name).is_some()
    }

    /// The command that the POSIX shell or bash finds by this name.
    #[inline]
    pub(super) fn command(&self, name: &[u8]) -> Option<Command> {
        self.own(|own| &own.posix, name).or_else(|| find(tables::posix(), name))
    }

    /// The command that `cmd.exe` or, with these traits, PowerShell finds by this name, in any case,
    /// with the ending of a program or without.
    pub(super) fn windows(&self, name: &[u8], traits: Traits) -> Option<Command> {
        let mut folded = [0; MAX_NAME + 4];
        let folded = folded.get_mut(..name.len())?;
        folded.copy_from_slice(name);
        folded.make_ascii_lowercase();
        let endings: [&[u8]; 4] = [b".exe", b".com", b".cmd", b".bat"];
        let bare = endings.iter().find_map(|ending| folded.strip_suffix(*ending)).unwrap_or(folded);
        let known = || find(tables::windows(), bare).filter(|command| command.traits.intersects(traits));
        self.own(|own| &own.windows, bare).or_else(known)
    }

    /// The first command of the POSIX shell that a pattern fits (XCU §2.14). A pattern that begins
    /// with `*`, or has less than two letters or digits, fits too much to name one.
    pub(super) fn matching(&self, pattern: &[u8]) -> Option<Command> {
        let mut set = false;
        let literal = |byte: &&u8| {
            set = **byte == b'[' || set && **byte != b']';
            !set && byte.is_ascii_alphanumeric()
        };
        if pattern.len() > MAX_NAME
            || pattern.first() == Some(&b'*')
            || pattern.iter().filter(literal).count() < 2
        {
            return None;
        }
        let own = self.own.iter().flat_map(|own| &own.posix).map(|program| (&*program.name, program.command));
        // A name that the pattern fits begins as it does.
        let known = match pattern.first() {
            Some(&first) if !matches!(first, b'?' | b'[') => beginning_with(tables::posix(), first),
            _ => tables::posix().0,
        };
        let mut all = own.chain(known.iter().copied());
        all.find(|(name, _)| glob(pattern, name)).map(|(_, command)| command)
    }
}

/// Whether a pattern of `?`, `*` and `[…]` fits a name (XCU §2.14).
pub(super) fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    // Where to go on if what follows the last `*` does not fit.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let step = match pattern.get(p) {
            None => n == name.len(),
            Some(b'*') => {
                retry = Some((p + 1, n));
                p += 1;
                continue;
            }
            Some(b'?') => name.get(n).is_some_and(|_| {
                p += 1;
                n += 1;
                true
            }),
            Some(b'[') if n < name.len() => match bracket(&pattern[p..], name[n]) {
                Some((length, true)) => {
                    p += length;
                    n += 1;
                    true
                }
                _ => false,
            },
            Some(byte) if name.get(n) == Some(byte) => {
                p += 1;
                n += 1;
                true
            }
            Some(_) => false,
        };
        if step {
            if p == pattern.len() && n == name.len() {
                return true;
            }
            if p < pattern.len() {
                continue;
            }
        }
        match retry {
            Some((at, from)) if from < name.len() => {
                retry = Some((at, from + 1));
                (p, n) = (at, from + 1);
            }
            _ => return false,
        }
    }
}

/// Whether `[…]` at the start of a pattern holds a byte, and how long it is.
fn bracket(pattern: &[u8], byte: u8) -> Option<(usize, bool)> {
    let negated = matches!(pattern.get(1), Some(b'!' | b'^'));
    let first = 1 + usize::from(negated);
    let end = first + 1 + pattern.get(first + 1..)?.iter().position(|&byte| byte == b']')?;
    let set = &pattern[first..end];
    let range = |at: usize| set.get(at + 1) == Some(&b'-') && at + 2 < set.len();
    let (mut at, mut held) = (0, false);
    while at < set.len() {
        if range(at) {
            held |= (set[at]..=set[at + 2]).contains(&byte);
            at += 3;
        } else {
            held |= set[at] == byte;
            at += 1;
        }
    }
    Some((end + 1, held != negated))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(name: &[u8]) -> Option<Command> {
        Vocabulary::default().command(name)
    }

    fn windows(name: &[u8], traits: Traits) -> Option<Command> {
        Vocabulary::default().windows(name, traits)
    }

    #[test]
    fn a_command_is_found_by_its_whole_name_and_case() {
        assert!(command(b"chmod").is_some());
        assert!(command(b"chmo").is_none());
        assert!(command(b"CHMOD").is_none());
        assert!(command(b"").is_none());
    }

    #[test]
    fn windows_finds_a_program_in_any_case_with_its_ending() {
        let all = Traits::CMD | Traits::POWERSHELL;
        assert!(windows(b"IPConfig.EXE", Traits::CMD).is_some());
        assert!(windows(b"Get-ChildItem", all).is_some());
        assert!(windows(b"Get-ChildItem", Traits::CMD).is_none());
        assert!(windows(&[b'a'; 64], all).is_none());
    }

    #[test]
    fn a_word_of_a_language_is_marked() {
        assert!(command(b"find").is_some_and(|command| command.traits.contains(Traits::WORD)));
        assert!(command(b"chmod").is_some_and(|command| !command.traits.contains(Traits::WORD)));
    }

    #[test]
    fn a_pattern_fits_as_the_shell_fits_it() {
        assert!(glob(b"ch?od", b"chmod"));
        assert!(glob(b"c*d", b"chmod"));
        assert!(glob(b"*", b"chmod"));
        assert!(glob(b"[a-d]h[!x]od", b"chmod"));
        assert!(!glob(b"c*x", b"chmod"));
        assert!(!glob(b"chmo", b"chmod"));
        assert!(!glob(b"chmod?", b"chmod"));
        assert!(glob(b"*o*d*", b"chmod"));
        assert!(!glob(b"[", b"["));
    }

    #[test]
    fn a_pattern_of_signs_alone_names_nothing() {
        assert!(Vocabulary::default().matching(b"***").is_none());
        assert!(Vocabulary::default().matching(b"chmo?").is_some());
    }

    #[test]
    fn a_program_of_the_caller_is_found_by_every_shell() {
        let known = Vocabulary::new(&[Program::new("deployctl").unwrap().word()]);
        let found = |command: Option<Command>| command.is_some_and(|c| c.traits.contains(Traits::WORD));
        assert!(found(known.command(b"deployctl")));
        assert!(found(known.windows(b"DeployCtl.exe", Traits::CMD)));
        assert!(found(known.matching(b"deploy???")));
        assert!(known.command(b"deploy").is_none());
        assert!(found(known.command(b"find")), "the tables' own are still there");
    }

    #[test]
    fn a_name_that_a_shell_would_read_is_refused() {
        for name in ["", "a b", "bin/x", "x;y", "$x", "n".repeat(33).as_str()] {
            let refused = Program::new(name).unwrap_err().to_string();
            assert!(refused.contains(&format!("`{name}`")), "{refused}");
        }
        assert!(Program::new("n".repeat(32).as_str()).is_ok());
    }
}
