//! The commands that a shell finds by their names. Which there are, and what they do, is data:
//! `commands.txt`, with the manuals that each section follows; `build.rs` makes tables of it.

use crate::Effects;

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
    }
}

/// What is known about a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Command {
    pub(super) traits: Traits,
    /// What it does beside being run.
    pub(super) effects: Effects,
}

#[allow(clippy::wildcard_imports, reason = "tables that build.rs writes")]
mod tables {
    use super::*;

    include!(concat!(env!("OUT_DIR"), "/commands.rs"));

    pub(super) fn posix() -> (&'static [(&'static [u8], Command)], &'static [u16; 257]) {
        (&POSIX, &POSIX_STARTS)
    }

    pub(super) fn windows() -> (&'static [(&'static [u8], Command)], &'static [u16; 257]) {
        (&WINDOWS, &WINDOWS_STARTS)
    }
}

type Table = (&'static [(&'static [u8], Command)], &'static [u16; 257]);

fn find((commands, starts): Table, name: &[u8]) -> Option<&'static Command> {
    let first = usize::from(*name.first()?);
    let same = &commands[usize::from(starts[first])..usize::from(starts[first + 1])];
    let at = same.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    Some(&same[at].1)
}

/// The command that the POSIX shell or bash finds by this name.
#[inline]
pub(super) fn command(name: &[u8]) -> Option<&'static Command> {
    find(tables::posix(), name)
}

/// The command that `cmd.exe` or, with these traits, PowerShell finds by this name, in any case, with
/// the ending of a program or without.
pub(super) fn windows(name: &[u8], traits: Traits) -> Option<&'static Command> {
    let mut folded = [0; 36];
    let folded = folded.get_mut(..name.len())?;
    folded.copy_from_slice(name);
    folded.make_ascii_lowercase();
    let endings: [&[u8]; 4] = [b".exe", b".com", b".cmd", b".bat"];
    let bare = endings.iter().find_map(|ending| folded.strip_suffix(*ending));
    find(tables::windows(), bare.unwrap_or(folded)).filter(|command| command.traits.intersects(traits))
}

/// The first command of the POSIX shell that a pattern fits (XCU §2.14). A pattern that begins
/// with `*`, or has less than two letters or digits, fits too much to name one.
pub(super) fn matching(pattern: &[u8]) -> Option<&'static Command> {
    let mut set = false;
    let literal = |byte: &&u8| {
        set = **byte == b'[' || set && **byte != b']';
        !set && byte.is_ascii_alphanumeric()
    };
    if pattern.len() > 32 || pattern.first() == Some(&b'*') || pattern.iter().filter(literal).count() < 2 {
        return None;
    }
    tables::posix().0.iter().find(|(name, _)| glob(pattern, name)).map(|(_, command)| command)
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
        assert!(matching(b"***").is_none());
        assert!(matching(b"chmo?").is_some());
    }
}
