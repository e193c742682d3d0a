//! How much of a path counts as evidence: the rules that keep ordinary values out, in one place.
//!
//! The rules ask two questions. *Does the path climb?* Where `..` stands with nothing left to go up
//! from, it leaves the directory that the program meant, whatever follows. *What does it name?* From
//! the root, a place that belongs to the system and that no ordinary value is about
//! (`locations.rs`). The second asks for the whole value, without spaces: a sentence may begin with
//! a path.
//!
//! Each rule says why it is, with an example that counts and one that does not;
//! `tests/cases/path/evidence.toml` holds them to it.

use smallvec::SmallVec;

use super::Terminal;
use super::locations::{self, Place};
use super::token::{Shape, Token};
use crate::Effects;

/// An instruction, before it becomes part of a report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    pub(super) kind: &'static str,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) effects: Effects,
}

/// Where a path starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Start {
    /// Where the program puts it.
    #[default]
    Relative,
    /// At the root.
    Root,
    /// At a disk's root, or where the disk's current directory is.
    Disk,
    /// At `\\`, before a server and a share.
    Share,
}

/// What all instructions of a path do: the program opens another file than it means.
const ACCESS: Effects = Effects::READ.union(Effects::FILE);

/// How many instructions are kept: each kind once.
const KINDS: usize = 4;

/// What the path does, so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    pub(super) effects: Effects,
    pub(super) noted: SmallVec<[Noted; KINDS]>,

    start: Start,
    /// How many directories the path has gone down.
    depth: usize,
    /// The names on the way down, as far as locations ask for them; 0 for one that names nothing.
    names: [u64; locations::DEPTH],
    /// What stands behind the last dot of the last name.
    extension: u64,
    /// At which depth a name stands that is secret in every directory.
    secret: Option<usize>,
    /// The span of the names.
    first: Option<usize>,
    end: usize,
    /// The kind of the last token, and whether a separator stands before it.
    last: Option<Terminal>,
    separated: bool,
    /// A `..` that leads out, if a separator follows.
    climbs: Option<(usize, usize)>,
    /// What separators the path has.
    separators: Shape,
    /// How many parts it has that change nothing.
    redundant: u32,
    /// A name before the last one has a space, and the last one has.
    spaces: bool,
    last_space: bool,
}

impl Evidence {
    fn note(&mut self, kind: &'static str, span: (usize, usize)) {
        self.effects |= ACCESS;
        if self.noted.len() < KINDS && self.noted.iter().all(|noted| noted.kind != kind) {
            self.noted.push(Noted { kind, start: span.0, end: span.1, effects: ACCESS });
        }
    }

    // ----------------------------------------------------------------------------------------
    // Tokens

    /// A token was accepted.
    #[inline]
    pub(super) fn token(&mut self, token: Token) {
        self.separated = self.last == Some(Terminal::Separator);
        match token.terminal {
            Terminal::Separator => {
                self.separators |= token.shape;
                let several = token.shape.contains(Shape::SEVERAL) && self.last != Some(Terminal::StartPath);
                self.redundant += u32::from(several);
                if let Some(span) = self.climbs.take() {
                    self.note("parent directory", span);
                }
            }
            Terminal::Filename | Terminal::Dot | Terminal::DotDot => {
                self.spaces |= self.last_space;
                self.last_space = token.shape.contains(Shape::SPACE);
            }
            _ => {}
        }
        if token.terminal != Terminal::StartPath && self.first.is_none() {
            self.first = Some(token.start);
        }
        self.last = Some(token.terminal);
        self.end = token.end;
    }

    // ----------------------------------------------------------------------------------------
    // Where the path starts

    pub(super) fn root(&mut self, _: &Token) {
        if self.start == Start::Relative {
            self.start = Start::Root;
        }
    }

    pub(super) fn disk(&mut self, _: &Token) {
        self.start = Start::Disk;
    }

    pub(super) fn share(&mut self) {
        self.start = Start::Share;
    }

    pub(super) fn device(&mut self, _: &Token) {
        self.start = Start::Share;
    }

    pub(super) fn url(&mut self, _: &Token) {}

    // ----------------------------------------------------------------------------------------
    // Components

    pub(super) fn name(&mut self, token: &Token) {
        let dots = token.shape.contains(Shape::DOTS);
        if let Some(place) = self.names.get_mut(self.depth) {
            *place = if dots { 0 } else { token.name };
        }
        self.redundant = self.redundant.saturating_add(u32::from(dots));
        self.extension = token.extension;
        if self.secret.is_none() && locations::is_secret(token.name) {
            self.secret = Some(self.depth);
        }
        self.depth += 1;
    }

    pub(super) fn here(&mut self) {
        self.redundant = self.redundant.saturating_add(1);
    }

    /// `..` goes up. Where there is nothing to go up from, the path leaves the directory that the
    /// program meant; at the root too, for a program puts its own directory before the value. A lone
    /// `..` is punctuation.
    ///
    /// Counts: `../config`, `a/../../b`, `/../x`. Does not: `..`, `a/../b`, `1..2`.
    pub(super) fn parent(&mut self, token: &Token) {
        if self.depth > 0 {
            self.depth -= 1;
            self.extension = 0;
            if self.secret.is_some_and(|secret| secret >= self.depth) {
                self.secret = None;
            }
            return;
        }
        let span = (token.start, token.end);
        if self.separated {
            self.note("parent directory", span);
        } else {
            self.climbs = Some(span);
        }
    }

    /// A NUL ends the name for the kernel, not for the program that looks at what the name ends with.
    /// No file has one in its name. Text in UTF-16 has them behind every letter, so it takes a
    /// directory or an extension before it.
    ///
    /// Counts: `report.php<NUL>.png`, `logs/today<NUL>`. Does not: `a<NUL>b<NUL>`.
    pub(super) fn null(&mut self, token: &Token) {
        let path = self.extension != 0 || !self.separators.is_empty();
        if path && self.depth > 0 && !self.spaces && !self.last_space {
            self.note("null byte", (token.start, token.end));
        }
    }

    // ----------------------------------------------------------------------------------------
    // The value's end

    /// The whole value is a path. What it names counts where ordinary values never point; a sentence
    /// that begins with such a name is a sentence.
    ///
    /// Counts: `/etc/hosts`, `C:\Windows\win.ini`, `x/.ssh/config`, `././/etc/group`. Does not:
    /// `/etc/hosts has the names`, `/usr/share/doc`, `etc/hosts`.
    pub(super) fn end(&mut self) {
        if self.last_space || (self.spaces && self.start != Start::Disk) {
            return;
        }
        let known = self.depth.min(locations::DEPTH);
        let mut names: SmallVec<[u64; locations::DEPTH]> =
            self.names[..known].iter().copied().filter(|&name| name != 0).collect();
        let mut disk = self.start == Start::Disk;
        if self.start == Start::Share && names.len() > 1 && locations::is_disk_share(names[1]) {
            names.drain(..2);
            disk = true;
        }
        let dodges = self.redundant > 1;
        let rooted = disk || dodges || self.start == Start::Root;
        let windows = disk || dodges || self.separators.contains(Shape::BACKSLASH);
        let place = Place { names: &names, extension: self.extension, deeper: self.depth > known };
        let secret = self.secret.is_some() && !self.separators.is_empty();
        if secret || (rooted && locations::is_system(&place, windows)) {
            self.note("system location", (self.first.unwrap_or(0), self.end));
        }
    }
}
