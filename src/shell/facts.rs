//! What words, operators and commands are made of: the vocabulary of the evidence rules.

use super::Terminal;
use super::commands::{Command, Traits};

bitflags::bitflags! {
    /// What a symbol is made of: the union over its tokens, and what its productions add.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub(super) struct Facts: u64 {
        /// a letter
        const LETTERS = 1 << 0;
        const DIGITS = 1 << 1;
        /// the word begins with a capital letter
        const CAPITAL = 1 << 2;
        /// a byte outside of ASCII
        const WIDE = 1 << 3;
        /// the word ends like a part of a sentence: `,` `.` `:` `!` `?`
        const PUNCTUATED = 1 << 4;
        /// the word begins with `-` and goes on
        const OPTION = 1 << 5;
        /// a `/` inside of the word
        const PATH = 1 << 6;
        /// the word begins with `/` or `~`
        const ABSOLUTE = 1 << 7;
        /// `*`, `[…]`, or `?` before more
        const GLOB = 1 << 8;
        /// a brace expansion (bash §3.5.1)
        const BRACES = 1 << 9;
        const URL = 1 << 10;
        /// `.` between letters or digits: a host, a file with an extension
        const DOT = 1 << 11;
        const EQUALS = 1 << 12;
        /// another character that neither names nor numbers have
        const SIGN = 1 << 13;
        const QUOTED = 1 << 14;
        const ESCAPED = 1 << 15;
        const EXPANSION = 1 << 16;
        /// `$(…)`, `` `…` ``, `<(…)`
        const SUBSTITUTION = 1 << 17;
        /// `$IFS`: the word falls into several where it stands (XCU §2.6.5)
        const SPLIT = 1 << 18;
        const INPUT = 1 << 19;
        const OUTPUT = 1 << 20;
        /// the program's own part of the command
        const GIVEN = 1 << 21;
        const ASSIGNMENT = 1 << 22;
        /// a path through `bin` or `sbin`
        const BIN = 1 << 23;
        /// a drive, `%name%`, `/x`: arguments as the Windows commands take them
        const WINDOWS = 1 << 24;
        /// a literal, or a substitution, that the input's end left open
        const OPEN = 1 << 25;
        const SEMICOLON = 1 << 26;
        const AMPERSAND = 1 << 27;
        const PIPE = 1 << 28;
        const AND = 1 << 29;
        const OR = 1 << 30;
        const NEWLINE = 1 << 31;
        /// `&>`: no other language has that before a name
        const BOTH = 1 << 32;
        /// a compound command or the definition of a function
        const COMPOUND = 1 << 33;
        /// an expansion of a variable that the value itself has set
        const OWN_VARIABLE = 1 << 34;
        /// the word names a command of the POSIX shell where another one reads it
        const FOREIGN = 1 << 35;
        /// the word begins with `.` or `..` and a separator
        const RELATIVE = 1 << 36;
        /// the quotation, or the expansion, touches other text
        const MIXED = 1 << 37;
        const ARITHMETIC = 1 << 38;
        /// `` `…` `` rather than `$(…)`
        const BACKQUOTE = 1 << 39;
        /// a capital letter anywhere
        const UPPER = 1 << 42;
        /// `-` inside of the word
        const HYPHEN = 1 << 43;
        /// `(…)`, `{…}` of PowerShell: what runs there is a value
        const BLOCK = 1 << 41;
        /// text in quotes that begins with a blank
        const PARTED = 1 << 44;
        /// a comment stands before the line's end
        const COMMENT = 1 << 40;
        /// the word of PowerShell that a function's definition begins with, or a brace, which may open its body
        const DEFINITION = 1 << 45;

        /// What stands between two commands.
        const SEPARATOR = Self::SEMICOLON.bits() | Self::AMPERSAND.bits() | Self::PIPE.bits()
            | Self::AND.bits() | Self::OR.bits() | Self::NEWLINE.bits();
        /// What words of a sentence may be made of.
        const PROSE = Self::LETTERS.bits() | Self::UPPER.bits() | Self::HYPHEN.bits() | Self::CAPITAL.bits() | Self::WIDE.bits()
            | Self::PUNCTUATED.bits();
        /// What arguments have, and words in a text may have.
        const LOOSE = Self::DOT.bits() | Self::QUOTED.bits() | Self::GLOB.bits() | Self::PATH.bits();
        /// What arguments of programs have and words of a sentence have not.
        const STRUCTURE = Self::OPTION.bits() | Self::PATH.bits() | Self::GLOB.bits() | Self::BRACES.bits()
            | Self::URL.bits() | Self::ESCAPED.bits() | Self::EXPANSION.bits() | Self::SUBSTITUTION.bits()
            | Self::SPLIT.bits() | Self::INPUT.bits() | Self::OUTPUT.bits() | Self::WINDOWS.bits()
            | Self::DOT.bits() | Self::QUOTED.bits() | Self::ABSOLUTE.bits();
    }
}

impl Facts {
    /// What a token is, before a look at its text.
    pub(super) const fn of(terminal: Terminal) -> Facts {
        match terminal {
            Terminal::Semicolon | Terminal::DoubleSemicolon => Facts::SEMICOLON,
            Terminal::Ampersand => Facts::AMPERSAND,
            Terminal::Pipe => Facts::PIPE,
            Terminal::And => Facts::AND,
            Terminal::Or => Facts::OR,
            Terminal::Newline => Facts::NEWLINE,
            Terminal::Given => Facts::GIVEN,
            Terminal::Parameter | Terminal::ParameterOpen => Facts::EXPANSION,
            Terminal::Quoted | Terminal::OpenQuote => Facts::QUOTED,
            Terminal::Assignment => Facts::ASSIGNMENT,
            Terminal::BackquoteOpen => Facts::BACKQUOTE,
            Terminal::PatternOpen => Facts::GLOB,
            _ => Facts::empty(),
        }
    }

    /// What unquoted text is made of; `first` says that the word begins with it.
    pub(super) fn of_text(text: &[u8], first: bool) -> Facts {
        let mut facts = Facts::empty();
        let mut brace = false;
        for (i, &byte) in text.iter().enumerate() {
            let next = text.get(i + 1).copied();
            facts |= match byte {
                b'a'..=b'z' => Facts::LETTERS,
                b'A'..=b'Z' if i == 0 && first && next.is_none_or(|byte| byte.is_ascii_lowercase()) => {
                    Facts::LETTERS | Facts::CAPITAL | Facts::UPPER
                }
                b'A'..=b'Z' => Facts::LETTERS | Facts::UPPER,
                b'0'..=b'9' => Facts::DIGITS,
                b'_' => Facts::SIGN,
                0x80.. => Facts::WIDE,
                b'-' if i == 0 && first => match next {
                    Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9') => Facts::OPTION,
                    Some(b'-') if text.get(2).is_some_and(u8::is_ascii_alphabetic) => Facts::OPTION,
                    _ => Facts::SIGN,
                },
                b'-' => Facts::HYPHEN,
                b'/' if i == 0 && first => match next {
                    // `/x`, `/all`: an option of a Windows command, or a path
                    Some(byte) if byte.is_ascii_alphabetic() && !text[1..].contains(&b'/') => {
                        Facts::ABSOLUTE | Facts::WINDOWS
                    }
                    Some(_) => Facts::ABSOLUTE,
                    None => Facts::ABSOLUTE | Facts::SIGN,
                },
                b'/' => Facts::PATH,
                b'~' if i == 0 && first && matches!(next, None | Some(b'/')) => Facts::ABSOLUTE,
                b'*' | b'[' => Facts::GLOB,
                b'?' if next.is_some() => Facts::GLOB,
                b'{' => {
                    brace = true;
                    Facts::empty()
                }
                b',' if brace => Facts::BRACES,
                b':' if text[i..].starts_with(b"://") => Facts::URL,
                b':' if i == 1 && first && matches!(next, Some(b'\\' | b'/')) => Facts::WINDOWS,
                b'.' if i == 0 && first && matches!(next, Some(b'/' | b'.')) => Facts::RELATIVE,
                b'.' if i > 0
                    && text[i - 1].is_ascii_alphanumeric()
                    && next.is_some_and(|byte| byte.is_ascii_alphanumeric()) =>
                {
                    Facts::DOT
                }
                b',' | b'.' | b':' | b'!' | b'?' if next.is_none() => Facts::PUNCTUATED,
                b'=' => Facts::EQUALS,
                b'\'' => Facts::empty(),
                _ => Facts::SIGN,
            };
        }
        facts
    }
}

/// What is known about a symbol on the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meaning {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Of a simple command, those of its arguments.
    pub(super) facts: Facts,
    /// The command that the word, or the first word of the command, names.
    pub(super) command: Option<Command>,
    /// What the command's name is made of, once there is one.
    pub(super) name: Facts,
    /// Whether there is a name.
    pub(super) named: bool,
    /// How many arguments there are, and how many of them are plain words.
    pub(super) arguments: u16,
    pub(super) plain: u16,
    /// The hash of the name that the word spells, or the first word of the command, or that a definition
    /// gives; 0 if no function has that name for certain.
    pub(super) called: u32,
}

impl Meaning {
    /// What stands nowhere.
    pub(super) const fn nothing(at: usize) -> Meaning {
        Meaning {
            start: at,
            end: at,
            facts: Facts::empty(),
            command: None,
            name: Facts::empty(),
            named: false,
            arguments: 0,
            plain: 0,
            called: 0,
        }
    }

    /// Whether it is a word like those of a sentence.
    fn is_plain(&self) -> bool {
        Facts::PROSE.contains(self.facts - Facts::FOREIGN)
    }

    /// A command that begins with this element.
    pub(super) fn command(element: &Meaning) -> Meaning {
        let nothing = Meaning { start: element.start, ..Meaning::nothing(element.end) };
        Meaning { start: element.start, ..nothing.extended(element) }
    }

    /// A command with one element more (XCU §2.9.1): its name, an argument, or what goes before a
    /// name and between arguments.
    pub(super) fn extended(mut self, element: &Meaning) -> Meaning {
        self.end = element.end;
        if element.facts.intersects(Facts::ASSIGNMENT | Facts::INPUT | Facts::OUTPUT) {
            self.facts |= element.facts;
        } else if !self.named {
            self.named = true;
            self.name = element.facts;
            // One letter is too little of a name: formulas and lists are full of them.
            self.command = element.command.filter(|_| element.end - element.start > 1);
            self.called = element.called;
            if element.facts.contains(Facts::SPLIT) {
                // One word becomes several: a name and arguments.
                self.facts |= Facts::SPLIT;
            }
        } else {
            self.facts |= element.facts;
            if self.runs(element) {
                return self;
            }
            self.arguments = self.arguments.saturating_add(1);
            self.plain = self.plain.saturating_add(u16::from(element.is_plain()));
        }
        self
    }

    /// Whether a command that runs the one in its arguments, as `env` does, has that here, perhaps behind
    /// options and numbers: from there on both are one.
    fn runs(&mut self, element: &Meaning) -> bool {
        let (Some(prefix), Some(command)) = (&mut self.command, element.command) else { return false };
        let option = self.plain == 1 && self.facts.contains(Facts::OPTION);
        if !prefix.traits.contains(Traits::PREFIX) || !(self.plain == 0 || option) {
            return false;
        }
        *prefix = prefix.running(command);
        (self.arguments, self.plain) = (0, 0);
        true
    }
}
