//! The names of files: POSIX pathnames, the paths of Windows and `file:` URLs, as one language.
//!
//! A program that opens `dir/·` means a file below `dir`. A value is a *path traversal* when, read
//! as a path, it leads out of there: it climbs above the place where it starts, or it names, from
//! the root, a part of the system that ordinary values do not name.
//!
//! The rooms, in the order in which data flows: [`Token`] and the lexer (bytes to components, by
//! dialect), the encodings that it undoes, the grammar's tables, the contexts (which dialects a
//! value needs), the effects and the evidence (how much of what was read counts), and the locations
//! that count.
//!
//! ```
//! use syntrap::{Detector, Language};
//!
//! let detector = Detector::builder().languages([Language::Path]).build();
//! assert!(detector.is_attack(b"../secret/key.pem"));
//! assert!(detector.is_attack(b"notes/..%2f..%2fsecret"));
//! assert!(detector.is_attack(b"/etc/acme"));
//! assert!(!detector.is_attack(b"photos/../notes/today.txt"));
//! assert!(!detector.is_attack(b"/usr/share/dict/words"));
//! ```

mod contexts;
mod effects;
mod encoding;
mod evidence;
mod lexer;
mod locations;
mod token;

#[allow(clippy::large_stack_arrays, reason = "tables that build.rs writes")]
mod tables {
    use super::effects::Act;
    use crate::recogniser::{Grammar, Production};

    include!(concat!(env!("OUT_DIR"), "/path_tables.rs"));
}

use tables::ACTS;

pub use effects::Act;
pub use lexer::Tokens;
pub use tables::{GRAMMAR, Terminal};
pub use token::Token;

pub(crate) use contexts::{Plan, scan};
pub(crate) use evidence::Evidence;

use crate::Recogniser;

/// Who reads the path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[non_exhaustive]
pub enum Dialect {
    /// A kernel that follows POSIX: `/` separates, every other byte but NUL is part of a name.
    Posix,
    /// Windows: `/` and `\` separate, `C:`, `\\server\share`, `\\?\`; spaces at the end of a
    /// component are dropped, `:` begins the name of a stream.
    Windows,
    /// A program that decodes first: percent-encoding, as often as three times, UTF-8 with more
    /// bytes than it needs, `;` and parameters behind it, `file:` URLs; both separators.
    Url,
}

impl Dialect {
    /// All dialects.
    pub const ALL: &[Dialect] = &[Dialect::Posix, Dialect::Windows, Dialect::Url];

    /// The dialect's name: `posix`, `windows`, `url`.
    pub const fn name(self) -> &'static str {
        match self {
            Dialect::Posix => "posix",
            Dialect::Windows => "windows",
            Dialect::Url => "url",
        }
    }
}

/// The tokens of a path, as one dialect reads it.
///
/// ```
/// use syntrap::path::{self, Dialect};
///
/// let names = |dialect| -> Vec<_> {
///     path::tokens(br"a\..%2f./b", dialect).map(|token| token.terminal.name()).collect()
/// };
/// assert_eq!(names(Dialect::Posix), ["filename", "separator", "filename"]);
/// assert_eq!(
///     names(Dialect::Url),
///     ["filename", "separator", "dot-dot", "separator", "dot", "separator", "filename"]
/// );
/// ```
pub fn tokens(input: &[u8], dialect: Dialect) -> Tokens<'_> {
    Tokens::new(input, dialect)
}

/// A recogniser of the grammar of paths, at the very start: the first terminal to push is
/// [`Terminal::StartPath`].
///
/// ```
/// use syntrap::path::{self, Terminal};
/// use syntrap::Push;
///
/// let mut recogniser = path::recogniser();
/// for terminal in [Terminal::StartPath, Terminal::DotDot, Terminal::Separator] {
///     assert_eq!(recogniser.push_terminal(terminal.index()), Push::Shifted);
/// }
/// assert!(recogniser.can_shift(Terminal::Filename.index()));
/// assert!(!recogniser.can_shift(Terminal::Disk.index()));
/// ```
pub fn recogniser() -> Recogniser {
    Recogniser::new(&GRAMMAR)
}
