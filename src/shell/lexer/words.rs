//! Unquoted text of a word: a reserved word where one may stand (XCU §2.4), an assignment, a descriptor, a
//! pattern, or a literal.

use smallvec::SmallVec;

use super::super::commands::MAX_NAME;
use super::super::facts::Facts;
use super::super::token::{function_hash, hash};
use super::super::{Dialect, Terminal, Token};
use super::frames::{Expect, Frame, Kind, Place, Read, Spelling, Target};
use super::{Lexer, MARGIN};
use crate::run::Lexed;

impl Lexer {
    /// Text of a word: a reserved word, an assignment, a descriptor, or a literal.
    pub(super) fn word_text(&mut self, rest: &[u8], text: &[u8], start: usize) -> Option<Lexed<Read>> {
        let behind = &rest[text.len()..];
        let begun = self.place.word.begun;
        if self.dialect == Dialect::Cmd && self.place.command && !begun {
            match text[0] {
                // The command runs without being shown.
                b'@' => {
                    self.position = start + 1;
                    return None;
                }
                // A label goes to the line's end.
                b':' => {
                    self.open_in_word(Kind::Comment);
                    return None;
                }
                _ => {}
            }
        }
        if !begun && self.place.target == Target::None {
            let alone = ends_word(self.dialect, behind);
            let reserved = if alone { self.reserved(text, behind, start) } else { None };
            if let Some(read) = reserved {
                return read;
            }
            if self.dialect == Dialect::Posix && behind.starts_with(b"\\") {
                // A line may end inside of a reserved word, too.
                let (word, length) = joined(rest);
                let behind = &rest[length..];
                self.position = start + length;
                let alone = length > text.len() && ends_word(self.dialect, behind);
                let reserved = if alone { self.reserved(&word, behind, start) } else { None };
                if let Some(read) = reserved {
                    return read;
                }
                self.position = start + text.len();
            }
            let function = match self.place.command && self.dialect == Dialect::Posix {
                true => function_parentheses(text, behind),
                false => None,
            };
            if let Some(length) = function {
                self.position += length;
                self.begin_command();
                return self.function(function_hash(text, self.dialect), start);
            }
            // A declaration has arrays as its arguments.
            let array = self.place.declaring && behind.starts_with(b"(") && text.ends_with(b"=");
            let assigns = self.dialect == Dialect::Posix && (self.place.naming || array);
            if let Some(length) = assigns.then(|| assignment(text)).flatten() {
                return Some(self.assignment(variable(text), start, length));
            }
            if self.is_descriptor(text, behind) {
                return self.token(Terminal::Descriptor, start);
            }
            if self.dialect == Dialect::Posix && self.place.naming {
                self.place.word.subscripted = opens_subscript(text).map(hash);
            }
        } else if let Some(name) = self.place.word.subscripted {
            if let Some(length) = closes_subscript(text) {
                return Some(self.assignment(name, start, length));
            }
        }
        let pattern = self.dialect == Dialect::Posix && behind.starts_with(b"(");
        let text = match text.split_last() {
            Some((b'?' | b'*' | b'+' | b'@' | b'!', [])) if pattern => return Some(self.pattern(start)),
            // The last byte belongs to the pattern.
            Some((b'?' | b'*' | b'+' | b'@' | b'!', before)) if pattern => {
                self.position -= 1;
                before
            }
            _ => text,
        };
        let mut token = Token::new(Terminal::Literal, start, self.position);
        token.facts = match text {
            // PowerShell has other dashes before a parameter (Language Specification §2.3.4).
            [0xe2, 0x80, 0x93..=0x95, name @ ..] if !begun && self.dialect == Dialect::PowerShell => {
                let option = name.first().is_some_and(u8::is_ascii_alphabetic);
                Facts::of_text(name, false) | if option { Facts::OPTION } else { Facts::WIDE }
            }
            _ => Facts::of_text(text, !begun),
        };
        if self.dialect == Dialect::PowerShell && !begun && self.place.command && defines(text) {
            // Its block is an argument (Language Specification §8.10).
            token.facts |= Facts::DEFINITION;
            token.variable = function_name(behind, self.dialect);
            self.defines = true;
        }
        self.spell(text, false);
        let part = self.part(token);
        if text == b"--%" && !begun && self.dialect == Dialect::PowerShell && !self.place.command {
            self.open_in_word(Kind::Verbatim { quoted: false });
        }
        Some(part)
    }

    /// What a function's definition begins with; the name has this hash.
    fn function(&mut self, name: u32, start: usize) -> Option<Lexed<Read>> {
        self.defines |= name != 0;
        let mut token = Token::new(Terminal::Function, start, self.position);
        token.variable = name;
        Some(Lexed::Token(Read { token, touches: false, ends_command: false }))
    }

    /// The part of a word that makes an assignment of it, up to its `=`.
    fn assignment(&mut self, variable: u32, start: usize, length: usize) -> Lexed<Read> {
        self.position = start + length;
        self.place.command = false;
        let mut token = Token::new(Terminal::Assignment, start, self.position);
        token.variable = variable;
        let part = self.part(token);
        self.place.word.subscripted = None;
        self.place.word.spelling = Spelling::EMPTY;
        part
    }

    /// Whether text before `<` or `>` says which descriptor is redirected: its number, or the name of
    /// a variable for it, `{fd}>` (XCU §2.7; bash §3.6). The others have fewer of them.
    fn is_descriptor(&self, text: &[u8], behind: &[u8]) -> bool {
        if !matches!(behind.first(), Some(b'<' | b'>')) {
            return false;
        }
        let named = text.strip_prefix(b"{").and_then(|text| text.strip_suffix(b"}"));
        match self.dialect {
            // `2<(x)` is one word.
            Dialect::Posix if behind.get(1) == Some(&b'(') => false,
            Dialect::Posix => text.iter().all(u8::is_ascii_digit) || named.is_some_and(is_variable),
            Dialect::Cmd => matches!(text, [b'0'..=b'9']),
            Dialect::PowerShell => matches!(text, [b'1'..=b'6' | b'*']),
        }
    }

    /// `?(`, `*(`, `+(`, `@(`, `!(` in a word (bash §3.5.8.1): a pattern that runs to its `)`, blanks and
    /// operators in it are text. In the path of a command it is as good as `*`; without a path it finds
    /// files of the current directory, which are not known, and source code has names like that.
    pub(super) fn pattern(&mut self, start: usize) -> Lexed<Read> {
        self.position = start + 2;
        match self.place.word.facts.intersects(Facts::ABSOLUTE | Facts::PATH) {
            true => self.spell(b"*", false),
            false => self.place.word.spelling.spoil(),
        }
        let part = self.part(Token::new(Terminal::PatternOpen, start, self.position));
        self.open_in_word(Kind::Pattern { depth: 0 });
        part
    }

    /// What stands between the operands of cmd.exe's IF, if it is not `==` (`if /?`).
    pub(super) fn comparison(&mut self, rest: &[u8], text: &[u8], start: usize) -> Option<Lexed<Read>> {
        let operators: [&[u8]; 6] = [b"equ", b"neq", b"lss", b"leq", b"gtr", b"geq"];
        let alone = ends_word(self.dialect, &rest[text.len()..]);
        let compares = alone && operators.iter().any(|operator| text.eq_ignore_ascii_case(operator));
        self.place.expect = Expect::LastOperand;
        self.token(if compares { Terminal::Literal } else { Terminal::Unknown }, start)
    }

    /// A word that is reserved here.
    #[allow(clippy::option_option, reason = "not reserved; reserved, and no token; a token")]
    pub(super) fn reserved(
        &mut self,
        text: &[u8],
        behind: &[u8],
        start: usize,
    ) -> Option<Option<Lexed<Read>>> {
        match (self.place.expect, text) {
            (Expect::ForIn | Expect::CaseIn, b"in") if self.dialect == Dialect::Posix => {
                let case = self.place.expect == Expect::CaseIn;
                self.place.expect = Expect::Any;
                if case {
                    self.open(Kind::Case { pattern: true }, Place { command: true, ..Place::ARGUMENT });
                }
                return Some(self.token(Terminal::In, start));
            }
            (Expect::ForIn, b"do") if self.dialect == Dialect::Posix => return Some(self.begin_loop(start)),
            (Expect::FunctionName, _) => {
                self.position += function_parentheses(text, behind).unwrap_or(0);
                self.begin_command();
                return Some(None);
            }
            _ => {}
        }
        if self.top() == Some(Kind::Conditions) {
            if text == b"]]" {
                self.close_compound();
                return Some(self.token(Terminal::RightBrackets, start));
            }
            if text == b"!" {
                return Some(self.token(Terminal::Bang, start));
            }
        }
        if self.place.expect == Expect::Operand {
            // `if /i not exist name` (`if /?`)
            let among = |words: &[&[u8]]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
            let last = among(&[b"exist", b"defined", b"errorlevel", b"cmdextversion"]);
            if last {
                self.place.expect = Expect::LastOperand;
            }
            if last || among(&[b"/i", b"not"]) {
                return Some(self.token(Terminal::Literal, start));
            }
            return None;
        }
        if !self.place.command {
            // cmd.exe's FOR has its words behind it.
            let loops = self.dialect == Dialect::Cmd && self.place.expect == Expect::ForIn;
            if loops && text.eq_ignore_ascii_case(b"in") {
                self.place.expect = Expect::CaseIn;
                return Some(self.token(Terminal::CmdIn, start));
            }
            return None;
        }
        if self.dialect == Dialect::Cmd {
            return match () {
                () if text.eq_ignore_ascii_case(b"for") => {
                    self.place = Place { expect: Expect::ForIn, ..Place::ARGUMENT };
                    Some(self.token(Terminal::CmdFor, start))
                }
                () if text.eq_ignore_ascii_case(b"if") => {
                    self.place = Place { expect: Expect::Operand, ..Place::ARGUMENT };
                    Some(self.token(Terminal::CmdIf, start))
                }
                // Behind a block
                () if text.eq_ignore_ascii_case(b"else") && !self.place.naming => {
                    self.begin_command();
                    Some(self.token(Terminal::CmdElse, start))
                }
                () if text.eq_ignore_ascii_case(b"rem") => {
                    self.place.expect = Expect::Remark;
                    None
                }
                () if text.eq_ignore_ascii_case(b"do") => {
                    self.begin_command();
                    Some(self.token(Terminal::CmdDo, start))
                }
                () => None,
            };
        }
        if self.dialect == Dialect::PowerShell && text == b"." {
            // The dot sourcing operator (Language Specification §8.2.3)
            self.place = Place { piped: true, ..Place::COMMAND };
            return Some(self.token(Terminal::Bang, start));
        }
        if self.dialect != Dialect::Posix {
            return None;
        }
        let pattern = matches!(self.top(), Some(Kind::Case { pattern: true }));
        if pattern && text != b"esac" {
            return None;
        }
        let opens = |lexer: &mut Self, terminal, kind, inner| {
            lexer.open(kind, inner);
            Some(lexer.token(terminal, start))
        };
        let expecting = |expect| Place { expect, ..Place::ARGUMENT };
        match text {
            b"time" | b"coproc" if self.place.piped => None,
            b"!" | b"time" | b"coproc" => {
                self.position += prefix_argument(text, behind);
                self.place = Place::COMMAND;
                Some(self.token(Terminal::Bang, start))
            }
            // In the place of `do` … `done`
            b"{" if self.top() == Some(Kind::For) => {
                self.frames.pop();
                opens(self, Terminal::LeftBrace, Kind::Brace, Place::COMMAND)
            }
            b"{" => opens(self, Terminal::LeftBrace, Kind::Brace, Place::COMMAND),
            b"if" => opens(self, Terminal::If, Kind::If, Place::COMMAND),
            b"while" | b"until" => opens(self, Terminal::While, Kind::Loop, Place::COMMAND),
            b"for" | b"select" => {
                let inner = Place { command: true, ..expecting(Expect::ForName) };
                opens(self, Terminal::For, Kind::For, inner)
            }
            b"[[" => opens(self, Terminal::LeftBrackets, Kind::Conditions, Place::ARGUMENT),
            b"case" => {
                self.place = expecting(Expect::CaseWord);
                Some(self.token(Terminal::Case, start))
            }
            b"function" => {
                self.place = expecting(Expect::FunctionName);
                // Behind an escaped line end inside of the word the name is not looked for.
                let whole = self.position == start + text.len();
                let name = if whole { function_name(behind, self.dialect) } else { 0 };
                Some(self.function(name, start))
            }
            b"then" => Some(self.middle(Terminal::Then, start)),
            b"else" => Some(self.middle(Terminal::Else, start)),
            b"elif" => Some(self.middle(Terminal::Elif, start)),
            b"do" => Some(self.begin_loop(start)),
            b"fi" => Some(self.closer(Terminal::Fi, Kind::If, start)),
            b"done" => Some(self.closer(Terminal::Done, Kind::Loop, start)),
            b"}" => match self.top() {
                // `${ …; }`
                Some(Kind::Substitution(b'}')) => Some(self.right(b'}', start)),
                _ => Some(self.closer(Terminal::RightBrace, Kind::Brace, start)),
            },
            b"esac" => {
                let pattern = self.top() == Some(Kind::Case { pattern: true });
                Some(self.closer(Terminal::Esac, Kind::Case { pattern }, start))
            }
            _ => None,
        }
    }

    /// The `do` of a loop.
    fn begin_loop(&mut self, start: usize) -> Option<Lexed<Read>> {
        if let Some(Frame { kind: kind @ Kind::For, .. }) = self.frames.last_mut() {
            *kind = Kind::Loop;
        }
        self.middle(Terminal::Do, start)
    }

    /// A reserved word in the middle of a compound command, the value's own or the program's.
    fn middle(&mut self, terminal: Terminal, start: usize) -> Option<Lexed<Read>> {
        self.place = Place::COMMAND;
        let own = self.closes().is_some();
        self.token(if own { terminal } else { Terminal::Unbalanced }, start)
    }

    /// A reserved word at the end of a compound command.
    fn closer(&mut self, terminal: Terminal, kind: Kind, start: usize) -> Option<Lexed<Read>> {
        match self.closes() {
            Some(open) if open == kind => {
                self.close_compound();
                self.token(terminal, start)
            }
            None => {
                self.place = Place { command: true, ..Place::ARGUMENT };
                self.command_end(Terminal::Unbalanced, start)
            }
            Some(_) => self.token(terminal, start),
        }
    }
}

/// Whether a word ends before this text.
fn ends_word(dialect: Dialect, behind: &[u8]) -> bool {
    match behind.first() {
        None | Some(b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'(' | b')') => true,
        Some(b',' | b'=' | b'\x0b' | b'\x0c') => dialect == Dialect::Cmd,
        Some(b'<' | b'>' | b'`') => dialect == Dialect::Posix,
        Some(_) => false,
    }
}

/// Whether a word of PowerShell begins the definition of a function (its specification, §8.10).
fn defines(word: &[u8]) -> bool {
    word.eq_ignore_ascii_case(b"function") || word.eq_ignore_ascii_case(b"filter")
}

/// The hash of the name behind `function`, which escaped line ends may part (XCU §2.2.1); 0 for none, and for
/// one that is too long for a command's.
fn function_name(behind: &[u8], dialect: Dialect) -> u32 {
    let mut name: SmallVec<[u8; MAX_NAME]> = SmallVec::new();
    let mut at = 0;
    while at < MARGIN / 2 + 8 && name.len() <= MAX_NAME {
        match &behind[at.min(behind.len())..] {
            [b'\\', b'\n', ..] if dialect == Dialect::Posix => at += 1,
            [b' ' | b'\t', ..] if name.is_empty() => {}
            [byte, ..] if !ends_word(dialect, &[*byte]) && !matches!(byte, b'{' | b'(' | b'\\') => {
                name.push(*byte)
            }
            _ => break,
        }
        at += 1;
    }
    if name.is_empty() || name.len() > MAX_NAME { 0 } else { function_hash(&name, dialect) }
}

/// The `()` behind a function's name, with the blanks before: how many bytes.
fn function_parentheses(name: &[u8], behind: &[u8]) -> Option<usize> {
    if name.iter().any(|byte| b"=*?[]{}".contains(byte)) {
        return None;
    }
    let blanks = |text: &[u8]| text.iter().take(8).take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    let open = blanks(behind);
    let inside = behind.get(open..)?.strip_prefix(b"(")?;
    let close = blanks(inside);
    (inside.get(close) == Some(&b')')).then_some(open + 1 + close + 1)
}

/// What a reserved word may be made of, without escaped line ends (XCU §2.2.1, §2.4), and how many bytes
/// it takes.
fn joined(text: &[u8]) -> (SmallVec<[u8; 12]>, usize) {
    let mut word = SmallVec::new();
    let mut at = 0;
    while at < MARGIN / 2 {
        match &text[at..] {
            [b'\\', b'\n', ..] => at += 2,
            [b'\\', b'\r', b'\n', ..] => at += 3,
            [byte @ (b'a'..=b'z' | b'!' | b'{' | b'}' | b'[' | b']'), ..] => {
                word.push(*byte);
                at += 1;
            }
            _ => break,
        }
    }
    (word, at)
}

/// Whether a byte may stand in a name (XBD §3.216).
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_variable(name: &[u8]) -> bool {
    name.iter().all(|&byte| is_name(byte)) && name.first().is_some_and(|byte| !byte.is_ascii_digit())
}

/// The name at the start of a text.
fn name(text: &[u8]) -> &[u8] {
    &text[..text.iter().take_while(|&&byte| is_name(byte)).count()]
}

/// The hash of the variable that an assignment names.
fn variable(text: &[u8]) -> u32 {
    hash(name(text))
}

/// `name=`, `name+=`, `name[…]=` at the start of a word: how many bytes.
fn assignment(text: &[u8]) -> Option<usize> {
    let name = name(text);
    if !is_variable(name) {
        return None;
    }
    let at = name.len();
    match &text[at..] {
        [b'=', ..] => Some(at + 1),
        [b'+', b'=', ..] => Some(at + 2),
        subscript @ [b'[', ..] => closes_subscript(subscript).map(|length| at + length),
        _ => None,
    }
}

/// The name before the `[` of a subscript that goes on behind the text, as in `x[$i]=`.
fn opens_subscript(text: &[u8]) -> Option<&[u8]> {
    let name = name(text);
    (is_variable(name) && text.get(name.len()) == Some(&b'[')).then_some(name)
}

/// The end of a subscript with the `=` or `+=` behind it: how many bytes.
fn closes_subscript(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b']', text).find_map(|at| match text[at + 1..] {
        [b'=', ..] => Some(at + 2),
        [b'+', b'=', ..] => Some(at + 3),
        _ => None,
    })
}

/// Whether a command takes arrays as its arguments (bash §4.2, §4.3).
pub(super) fn declares(name: &[u8]) -> bool {
    matches!(name, b"declare" | b"export" | b"local" | b"readonly" | b"typeset")
}

/// The option behind `time`, or the name between `coproc` and a compound command (bash §3.2.3,
/// §3.2.6), with the blanks before it: how many bytes.
fn prefix_argument(reserved: &[u8], behind: &[u8]) -> usize {
    let blanks = |text: &[u8]| text.iter().take(8).take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    let word =
        |text: &[u8]| text.iter().take(16).take_while(|&&byte| !ends_word(Dialect::Posix, &[byte])).count();
    let start = blanks(behind);
    let argument = &behind[start..];
    match reserved {
        b"time" if argument.starts_with(b"-p") && word(argument) == 2 => start + 2,
        b"coproc" => {
            let (name, compound) = argument.split_at(word(argument));
            let compound = &compound[blanks(compound)..];
            let opens = matches!(
                &compound[..word(compound)],
                b"{" | b"[[" | b"if" | b"for" | b"case" | b"while" | b"until" | b"select"
            );
            let named = is_variable(name) && (opens || compound.starts_with(b"("));
            if named { start + name.len() } else { 0 }
        }
        _ => 0,
    }
}
