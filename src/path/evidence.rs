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
use super::locations::{self, Place, Wrapper};
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
    /// At a disk's root.
    Disk,
    /// Before a server and a share: `\\server\share`.
    Share,
    /// In the namespace of devices: `\\.\`, `\\?\`.
    Device,
}

/// What all instructions of a path do: the program opens another file than it means.
pub(super) const ACCESS: Effects = Effects::READ.union(Effects::FILE);

/// How many instructions are kept: each kind once.
const KINDS: usize = 5;

/// What the path does, so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    pub(super) effects: Effects,
    pub(super) noted: SmallVec<[Noted; KINDS]>,

    start: Start,
    /// What the wrapper before the path opens.
    wrapper: Option<Wrapper>,
    /// A disk was named.
    disk: bool,
    /// How many directories the path has gone down.
    depth: usize,
    /// The names on the way down, as far as locations ask for them.
    names: [u64; locations::DEPTH],
    /// What the last name is like; nothing once the path went up again.
    last: Shape,
    /// At which depth a name stands that is secret in every directory.
    secret: Option<usize>,
    /// Where the path begins and ends.
    begin: Option<usize>,
    end: usize,
    /// The kinds of the last two tokens, the newer first.
    recent: [Option<Terminal>; 2],
    /// A `..` that leads out, if a separator follows.
    climbs: Option<(usize, usize)>,
    /// What separators the path has.
    separators: Shape,
    /// How many parts it has that change nothing.
    redundant: u32,
    /// At which depth a name stands that has white space, and one with reserved characters.
    spaced: Option<usize>,
    reserved: Option<usize>,
}

impl Evidence {
    fn note(&mut self, kind: &'static str, span: (usize, usize)) {
        self.note_as(kind, span, ACCESS);
    }

    fn note_as(&mut self, kind: &'static str, span: (usize, usize), effects: Effects) {
        self.effects |= effects;
        if self.noted.len() < KINDS && self.noted.iter().all(|noted| noted.kind != kind) {
            self.noted.push(Noted { kind, start: span.0, end: span.1, effects });
        }
    }

    // ----------------------------------------------------------------------------------------
    // Tokens

    /// A token was accepted.
    #[inline]
    pub(super) fn token(&mut self, token: Token) {
        match token.terminal {
            Terminal::StartPath => return,
            Terminal::Separator => {
                self.separators |= token.shape;
                let several = token.shape.contains(Shape::SEVERAL) && self.recent[0].is_some();
                self.redundant = self.redundant.saturating_add(u32::from(several));
                if let Some(span) = self.climbs.take() {
                    self.note("parent directory", span);
                }
            }
            _ => {}
        }
        self.begin.get_or_insert(token.start);
        self.end = token.end;
        self.recent = [Some(token.terminal), self.recent[0]];
    }

    /// Whether what is left of the value may be a path: it has no character that none has, and white
    /// space only where Windows has it, in the names of directories.
    fn is_path(&self) -> bool {
        let sentence = || {
            let windows =
                self.start == Start::Disk || (self.depth > 0 && locations::is_spaced(self.names[0]));
            !windows || self.last.contains(Shape::SPACE)
        };
        self.reserved.is_none() && (self.spaced.is_none() || !sentence())
    }

    // ----------------------------------------------------------------------------------------
    // Where the path starts

    /// A disk's own root takes the place of another: `/C:/`.
    pub(super) fn root(&mut self) {
        match self.start {
            _ if self.disk => self.start = Start::Disk,
            Start::Relative => self.start = Start::Root,
            _ => {}
        }
    }

    /// Without a root behind it, the disk's current directory is meant.
    pub(super) fn disk(&mut self) {
        self.disk = true;
    }

    pub(super) fn share(&mut self) {
        self.start = Start::Share;
    }

    pub(super) fn device(&mut self) {
        self.start = Start::Device;
    }

    pub(super) fn wrapper(&mut self, token: &Token) {
        self.wrapper = locations::wrapper(token.name);
    }

    // ----------------------------------------------------------------------------------------
    // Components

    /// A name goes down. One that is made of dots does not, for Windows drops dots at the end of a
    /// name, and nothing is left of it.
    pub(super) fn name(&mut self, token: &Token) {
        if token.shape.contains(Shape::DOTS) {
            self.redundant = self.redundant.saturating_add(2);
            return;
        }
        if let Some(place) = self.names.get_mut(self.depth) {
            *place = token.name;
        }
        let marks = [
            (&mut self.secret, locations::is_secret(token.name)),
            (&mut self.spaced, token.shape.contains(Shape::SPACE)),
            (&mut self.reserved, token.shape.contains(Shape::RESERVED)),
        ];
        for (mark, found) in marks {
            if found {
                mark.get_or_insert(self.depth);
            }
        }
        self.last = token.shape;
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
            self.last = Shape::empty();
            self.redundant = self.redundant.saturating_add(1);
            for mark in [&mut self.secret, &mut self.spaced, &mut self.reserved] {
                if mark.is_some_and(|mark| mark >= self.depth) {
                    *mark = None;
                }
            }
            return;
        }
        let span = (token.start, token.end);
        if self.recent[1] == Some(Terminal::Separator) {
            self.note("parent directory", span);
        } else {
            self.climbs = Some(span);
        }
    }

    /// A NUL ends the name for the kernel, not for the program that looks at what the name ends with.
    /// No file has one in its name. Text in UTF-16 has them behind every letter, so it takes a
    /// directory or an extension before it.
    ///
    /// Counts: `report.php<NUL>.png`, `logs/today<NUL>`. Does not: `a<NUL>b<NUL>`, `<b<NUL>/>`.
    pub(super) fn null(&mut self, token: &Token) {
        let named = self.last.contains(Shape::EXTENSION) || !self.separators.is_empty();
        if named && self.depth > 0 && self.is_path() {
            self.note("null byte", (token.start, token.end));
        }
    }

    // ----------------------------------------------------------------------------------------
    // The value's end

    /// The whole value is a path. What it names from the root counts where ordinary values never
    /// point; a sentence that begins with such a name is a sentence. From elsewhere it counts only
    /// with two parts or more that change nothing: those are for the eyes of a filter.
    ///
    /// Counts: `/etc/fstab`, `C:\Windows\acme.ini`, `x/.ssh/config`, `././/etc/group`, `\\.\com1`. Does
    /// not: `/etc/fstab has the names`, `/usr/share/doc`, `etc/fstab`, `./etc/fstab`, `.ssh`.
    pub(super) fn end(&mut self) {
        let span = (self.begin.unwrap_or(0), self.end);
        if self.is_path() && self.is_system() {
            self.note("system location", span);
        }
        if let Some(wrapper) = self.opens() {
            self.note_as("stream wrapper", span, wrapper.effects);
        }
    }

    /// What stands behind a wrapper is a stream that the program takes for a file: an archive's entry, what
    /// a filter makes of a file, the request itself, what a program prints. Behind `data:` stands a text, in
    /// the others no white space; a sentence may begin with one.
    ///
    /// Counts: `php://input`, `zip://x.zip#y`. Does not: `php://`, `php://input is a stream`.
    fn opens(&self) -> Option<Wrapper> {
        self.wrapper.filter(|wrapper| self.depth > 0 && (wrapper.text || self.spaced.is_none()))
    }

    fn is_system(&self) -> bool {
        if self.secret.is_some() && !self.separators.is_empty() {
            return true;
        }
        let known = self.depth.min(locations::DEPTH);
        let mut names = &self.names[..known];
        let mut disk = self.start == Start::Disk;
        match (self.start, names) {
            (Start::Device, [locations::UNC, share @ ..]) => names = share,
            // what is no disk and no server is a device
            (Start::Device, _) => return self.depth > 0,
            _ => {}
        }
        if let (Start::Share | Start::Device, [_, share, behind @ ..]) = (self.start, names) {
            if locations::is_disk_share(*share) {
                (disk, names) = (true, behind);
            }
        }
        let dodges = self.redundant > 1;
        if !(disk || dodges || self.start == Start::Root) {
            return false;
        }
        let place = Place {
            names,
            deeper: self.depth > known,
            settings: (disk || self.start == Start::Root) && self.last.contains(Shape::SETTINGS),
            disk,
            windows: disk || dodges || self.separators.contains(Shape::BACKSLASH),
        };
        place.is_system()
    }
}
