//! What the tokenizer remembers: what is open around a byte, where in a command it stands, and the
//! first bytes of the word that it is in.

use super::super::Token;
use super::super::commands;
use super::super::facts::Facts;

/// A token, and what the token source has to write beside it.
#[derive(Clone, Copy, Debug)]
pub(in crate::shell) struct Read {
    pub(in crate::shell) token: Token,
    /// The part touches the one before.
    pub(in crate::shell) touches: bool,
    /// A command of the program, or one that was taken for arithmetic, ends with the token.
    pub(in crate::shell) ends_command: bool,
}

/// How many bytes of a word are kept: as many as a command's name may have.
pub(super) const KEPT: usize = commands::MAX_NAME;

/// The first bytes of a word as the shell will see it, without quotes and with expansions that
/// yield nothing; of a path the last segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling {
    pub(super) bytes: [u8; KEPT],
    /// More than [`KEPT`] says that there were more.
    pub(super) length: u8,
    /// What follows belongs to another word.
    pub(super) complete: bool,
    /// A brace expansion began it.
    pub(super) braced: bool,
    /// It has a comma.
    pub(super) listed: bool,
}

impl Spelling {
    pub(super) const EMPTY: Spelling =
        Spelling { bytes: [0; KEPT], length: 0, complete: false, braced: false, listed: false };

    pub(super) fn push(&mut self, byte: u8) {
        if self.complete || usize::from(self.length) > KEPT {
            return;
        }
        if let Some(place) = self.bytes.get_mut(usize::from(self.length)) {
            *place = byte;
        }
        self.length += 1;
    }

    /// What the word is cannot be known.
    pub(super) fn spoil(&mut self) {
        self.length = KEPT as u8 + 1;
    }

    /// No command has such a name, whatever follows.
    pub(super) fn reject(&mut self) {
        self.spoil();
        self.complete = true;
    }

    pub(super) fn known(&self) -> Option<&[u8]> {
        self.bytes.get(..usize::from(self.length)).filter(|bytes| !bytes.is_empty())
    }

    /// A path goes on behind this segment; answers whether programs lie in such a directory.
    pub(super) fn next_segment(&mut self) -> bool {
        let bin = match self.known() {
            Some(b"bin" | b"sbin") => true,
            // `/???/`, `/b*/`: a pattern that such a name fits
            Some(pattern)
                if pattern.iter().any(|byte| matches!(byte, b'?' | b'['))
                    || pattern.contains(&b'*') && pattern.iter().any(u8::is_ascii_alphanumeric) =>
            {
                commands::glob(pattern, b"bin") || commands::glob(pattern, b"sbin")
            }
            _ => false,
        };
        if !self.complete {
            self.length = 0;
        }
        bin
    }
}

/// The word that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// A part of it was given.
    pub(super) begun: bool,
    /// The last part was the `x=` of an assignment: `(` begins an array.
    pub(super) assigning: bool,
    /// It began with `x[` where an assignment may stand: the hash of the name. `]=` makes it one.
    pub(super) subscripted: Option<u32>,
    pub(super) facts: Facts,
    pub(super) spelling: Spelling,
    /// Of a file's name, some text was read.
    pub(super) written: bool,
    /// It names a command so far, and whether that runs another one that its arguments name.
    pub(super) runs: Option<bool>,
}

impl Word {
    pub(super) const NONE: Word = Word {
        begun: false,
        assigning: false,
        subscripted: None,
        facts: Facts::empty(),
        spelling: Spelling::EMPTY,
        written: false,
        runs: None,
    };

    /// The name of a file goes on, in quotes or outside of them.
    pub(super) fn name_file(&mut self, text: &[u8]) {
        let rooted = !self.written && text.first() == Some(&b'/');
        self.facts.set(Facts::ABSOLUTE, rooted || self.facts.contains(Facts::ABSOLUTE));
        self.facts.set(
            Facts::PATH,
            memchr::memchr(b'/', &text[usize::from(rooted)..]).is_some() || self.facts.contains(Facts::PATH),
        );
        self.written |= !text.is_empty();
    }
}

/// What the next word is, where it is not just any.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Expect {
    Any,
    /// Behind `for`: a name, and then perhaps `in`.
    ForName,
    ForIn,
    /// Behind `case`: a word, and then `in`.
    CaseWord,
    CaseIn,
    /// Behind `function`.
    FunctionName,
    /// cmd.exe, behind `rem`: a comment.
    Remark,
    /// cmd.exe, behind `if`: options and an operand; then an operator, or the last operand.
    Operand,
    Comparison,
    LastOperand,
}

/// The word behind a redirection operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    None,
    File,
    /// The delimiter of a here-document, without leading tabs or with them.
    Delimiter {
        stripped: bool,
    },
}

/// Where in a command the tokenizer is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// A command may begin here.
    pub(super) command: bool,
    /// It stands behind a `|`, where `time` is no reserved word, or behind another operator that
    /// PowerShell wants a command behind.
    pub(super) piped: bool,
    /// The command's name did not come yet.
    pub(super) naming: bool,
    /// The command runs one that its arguments name, which did not come yet.
    pub(super) prefixed: bool,
    /// The command takes assignments, arrays too, as its arguments (bash §4.2).
    pub(super) declaring: bool,
    pub(super) target: Target,
    pub(super) expect: Expect,
    pub(super) word: Word,
}

impl Place {
    /// At the start of a command.
    pub(super) const COMMAND: Place = Place {
        command: true,
        piped: false,
        naming: true,
        prefixed: false,
        declaring: false,
        target: Target::None,
        expect: Expect::Any,
        word: Word::NONE,
    };

    /// Among its arguments.
    pub(super) const ARGUMENT: Place = Place { command: false, naming: false, ..Place::COMMAND };

    /// Whether the word may name a command.
    pub(super) fn looks_up(&self) -> bool {
        self.naming || self.prefixed
    }
}

/// How a text in single quotes ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    Plain,
    /// `$'…'`: a quote may be escaped.
    Escapes,
    /// `@'` … `'@`: the quote begins a line.
    Lines,
}

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// `$(…)`, `<(…)`, and what PowerShell has for it: closed by this byte.
    Substitution(u8),
    /// `(…)`
    Parenthesis,
    /// `x=(…)`
    Array,
    /// `` `…` ``, the first one, or one inside of another.
    Backquote(u8),
    Brace,
    If,
    /// `for` or `select`, before its `do` or `{`.
    For,
    Loop,
    /// `case … esac`, before the `)` of a pattern or behind it.
    Case {
        pattern: bool,
    },
    /// `[[ … ]]`
    Conditions,
    /// `"…"`, the value's own or the program's.
    DoubleQuote {
        own: bool,
    },
    /// `'…'` and what is like it; a value that started inside has no token before it closes.
    SingleQuote {
        start: usize,
        style: Style,
        confined: bool,
    },
    /// The lines of `@"` … `"@`.
    DoubleQuotedLines,
    /// Behind `--%` of PowerShell: text to the line's end, or to an operator outside of double quotes.
    Verbatim {
        quoted: bool,
    },
    /// `${…}`
    Parameter {
        /// The operator behind the name did not come yet.
        fresh: bool,
        /// The text may become a part of the word.
        yields: bool,
        /// It stands in double quotes, or in what is like them.
        quoted: bool,
    },
    /// `?(…)`, `@(…)` and the like, with so many parentheses open inside.
    Pattern {
        depth: u32,
    },
    /// `$((…))`, `((…))`, `$[…]`
    Arithmetic {
        depth: u32,
        close: u8,
        command: bool,
    },
    Comment,
    /// `<# … #>`
    BlockComment,
    /// The lines of a here-document; the delimiter waits in `documents`.
    Document {
        line_start: bool,
    },
    /// The lines of the program's own here-document.
    ProgramDocument,
}

/// A line, as far as two of them are told apart: of any length, in a few bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Line {
    length: usize,
    hash: u64,
}

impl Line {
    pub(super) const EMPTY: Line = Line { length: 0, hash: 0xcbf2_9ce4_8422_2325 };

    pub(super) fn push(&mut self, text: &[u8]) {
        self.length += text.len();
        // FNV-1a
        self.hash = text
            .iter()
            .fold(self.hash, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    }

    pub(super) fn is(self, text: &[u8]) -> bool {
        if self.length != text.len() {
            return false;
        }
        let mut line = Line::EMPTY;
        line.push(text);
        line == self
    }
}

/// Something open, and where to go on behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) outer: Place,
}

/// A here-document whose lines stand behind the next newline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delimiter {
    pub(super) line: Line,
    /// Nothing is expanded in the lines.
    pub(super) quoted: bool,
    pub(super) stripped: bool,
}
