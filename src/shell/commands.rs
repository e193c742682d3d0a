//! The commands that a shell finds.

use crate::Effects;
use std::collections::HashMap;
use std::sync::LazyLock;

bitflags::bitflags! {
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub(super) struct Traits: u8 {
        const WORD = 1 << 0;
        const INTERPRETER = 1 << 1;
        const PREFIX = 1 << 2;
        const POSIX = 1 << 3;
        const CMD = 1 << 4;
        const POWERSHELL = 1 << 5;
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Command {
    pub(super) effects: Effects,
    pub(super) traits: Traits,
}

static ALL: LazyLock<HashMap<&'static [u8], Command>> = LazyLock::new(|| {
    include_str!("tmp_commands.txt").lines().filter_map(|l| {
        let (n, f) = l.split_once(' ')?;
        let mut traits = Traits::empty();
        for c in f.chars() { traits |= match c { 'w' => Traits::WORD, 'i' => Traits::INTERPRETER, 'x' => Traits::POSIX, _ => Traits::CMD | Traits::POWERSHELL }; }
        Some((n.as_bytes(), Command { effects: Effects::EXECUTE, traits }))
    }).collect()
});

pub(super) fn command(name: &[u8]) -> Option<&'static Command> {
    ALL.get(name).filter(|c| c.traits.contains(Traits::POSIX))
}

pub(super) fn windows(name: &[u8]) -> Option<&'static Command> {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(b".exe").unwrap_or(&name);
    ALL.get(name).filter(|c| c.traits.contains(Traits::CMD))
}

pub(super) fn matching(pattern: &[u8]) -> Option<&'static Command> {
    ALL.iter().find(|(n, c)| c.traits.contains(Traits::POSIX) && glob(pattern, n)).map(|(_, c)| c)
}

pub(super) fn glob(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        ([b'*', p @ ..], n) => glob(p, n) || !n.is_empty() && glob(pattern, &n[1..]),
        ([b'?', p @ ..], [_, n @ ..]) => glob(p, n),
        ([a, p @ ..], [b, n @ ..]) if a == b => glob(p, n),
        _ => false,
    }
}
