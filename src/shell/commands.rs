//! The commands that a shell finds.

use crate::Effects;

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

static STUB: Command = Command { effects: Effects::EXECUTE, traits: Traits::POSIX };

pub(super) fn command(name: &[u8]) -> Option<&'static Command> {
    matches!(name, b"id" | b"ls" | b"cat" | b"echo" | b"sleep" | b"wget" | b"whoami").then_some(&STUB)
}

pub(super) fn windows(name: &[u8]) -> Option<&'static Command> {
    command(name)
}

pub(super) fn matching(_pattern: &[u8]) -> Option<&'static Command> {
    None
}

pub(super) fn glob(_pattern: &[u8], _name: &[u8]) -> bool {
    false
}
