//! What a word may name where a command may begin, as some shell reads it, and how strong that would be as
//! evidence at most.

use super::{Findings, Found, OPENERS, Place, Shells, Whole};
use crate::shell::commands::{Command, MAX_NAME, Traits, Vocabulary};

/// Words before a command's name: a shell that reserves them goes on with a command, as PowerShell does
/// behind `.`.
pub(super) const LEADING: [&[u8]; 14] = [
    b"if", b"then", b"else", b"elif", b"while", b"until", b"do", b"time", b"coproc", b"fi", b"done", b"esac",
    b"}", b".",
];

/// Whether a text begins with a word that no shell reads as anything but a name, and finds no command by;
/// `rooted` says that a path behind it may count.
pub(super) fn is_ordinary(text: &[u8], rooted: bool, vocabulary: &Vocabulary) -> bool {
    let start = text.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(text.len());
    let text = &text[start..];
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':');
    let (word, behind) = text.split_at(text.iter().position(|byte| !part(byte)).unwrap_or(text.len()));
    let ends = matches!(
        behind,
        [] | [b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b')', ..] | [b',', b' ' | b'\n', ..]
    );
    let path = memchr::memchr(b'/', word).is_some();
    word.first().is_some_and(u8::is_ascii_alphanumeric)
        && ends
        && !(rooted && word.iter().all(u8::is_ascii_alphabetic))
        && if path {
            !has_bin(word) && word.iter().any(u8::is_ascii_alphabetic)
        } else {
            !vocabulary.may_know(word)
        }
}

fn has_bin(word: &[u8]) -> bool {
    word.windows(3).any(|part| part == b"bin")
}

/// What is asked about words that may be a command's name.
#[derive(Clone, Copy)]
pub(super) struct Name<'a> {
    pub(super) whole: Whole,
    pub(super) place: Place,
    /// The opener is a separator, or may stand behind one.
    pub(super) separated: bool,
    /// The opener is a brace: a brace expansion has several bytes.
    pub(super) braced: bool,
    /// The word touches the opener.
    pub(super) glued: bool,
    /// It stands behind a pipe.
    pub(super) piped: bool,
    /// No shell takes a `;` behind it for a blank.
    pub(super) parts: bool,
    /// A redirection or an assignment stands before it, which counts with its arguments.
    pub(super) prefixed: bool,
    /// Who takes the opener for one.
    pub(super) shells: Shells,
    pub(super) vocabulary: &'a Vocabulary,
}

impl Name<'_> {
    /// Notes what some shell may find at the start of a text, behind redirections, assignments and reserved
    /// words. The text begins at this byte of the value.
    pub(super) fn find(self, text: &[u8], at: usize, findings: &mut Findings) {
        let found = self.in_text(text, |found| findings.add(found.only(self.shells), at));
        findings.add(found.only(self.shells), at);
    }

    /// What some shell may find there; `one` hears of what some do where others go on.
    fn in_text(mut self, mut text: &[u8], mut one: impl FnMut(Found)) -> Found {
        let (mut begun, mut blocks) = (false, 0);
        loop {
            let lead = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b',' | b'=' | b'@' | b'!');
            let start = text.iter().position(|byte| !lead(byte)).unwrap_or(text.len());
            self.glued &= begun || start == 0;
            begun = true;
            // `!x!` of cmd.exe, a history expansion, and a pattern.
            let pattern = |lead| lead == b'@' && text.get(start) == Some(&b'(');
            if start > 0 && (text[start - 1] == b'!' || pattern(text[start - 1])) {
                return Found::UNKNOWN;
            }
            text = &text[start..];
            let (word, behind) = text.split_at(word(text));
            // The end of a block of PowerShell ends a word, too.
            let block = memchr::memchr(b'}', word).filter(|&at| at > 0);
            if matches!(behind.first(), Some(0x0b | 0x0c)) {
                // A blank to PowerShell, and to the POSIX shell a part of the word.
                return Found::UNKNOWN;
            }
            // Letters of a word that they touch
            let letters = match behind.first() {
                Some(b'{') => Shells::POSIX | Shells::CMD,
                Some(b'(') => Shells::CMD,
                _ => Shells::empty(),
            };
            if !word.is_empty() && self.shells.intersects(letters) && goes_on(behind) {
                one(self.unknown().only(letters));
            }
            // A remark is one only where a command begins.
            let posix_loop =
                matches!(word, b"for" | b"select") && is_structured(behind, false) && !is_call(behind);
            if posix_loop {
                one(Found::UNKNOWN.only(Shells::POSIX));
            }
            let windows = word.eq_ignore_ascii_case(b"for") && self.whole.percent
                || word.eq_ignore_ascii_case(b"rem")
                || word.eq_ignore_ascii_case(b"if") && is_condition(behind);
            if windows {
                one(Found::UNKNOWN.only(Shells::CMD));
            }
            let whole = self.named(word, behind);
            let inside = block.map_or(Found::NOTHING, |at| self.named(&word[..at], &text[at..]));
            let found = if inside.strength > whole.strength { inside } else { whole };
            let parts = !word.contains(&b'}') && !matches!(behind.first(), Some(b'<' | b'>'));
            if found.strength > 0 && found.shells == Shells::CMD && word.contains(&b'=') && parts {
                // To the others it is an assignment.
                one(found);
            } else if found.strength > 0 {
                // Another shell may go on behind the word.
                let ends = !word.iter().any(|byte| matches!(byte, b'=' | b'}'))
                    && !matches!(behind.first(), Some(b'<' | b'>'))
                    && !LEADING.contains(&word);
                return if ends { found } else { Name { place: Place::Reserved, ..self }.unknown() };
            }
            if behind.first() == Some(&b'(') && matches!(word.last(), Some(b'?' | b'*' | b'+' | b'@' | b'!'))
            {
                // A pattern may stand in the name.
                return Found::UNKNOWN;
            }
            let redirection = matches!(behind.first(), Some(b'<' | b'>'));
            let assignment = word.contains(&b'=');
            text = if redirection && (word == b"*" || word.iter().all(u8::is_ascii_digit)) {
                // `<`, `>>`, `<<-`, `>&`, `>|`
                let sign = |byte: &u8| matches!(byte, b'<' | b'>' | b'&' | b'|' | b'-');
                let operator = behind.iter().take(4).take_while(|byte| sign(byte)).count();
                let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c);
                let blanks = behind[operator..].iter().take_while(|byte| blank(byte)).count();
                let target = &behind[operator + blanks..];
                let (word, behind) = target.split_at(self::word(target));
                let special = |byte: &u8| {
                    matches!(
                        byte,
                        b'\''
                            | b'"'
                            | b'\\'
                            | b'^'
                            | b'$'
                            | b'%'
                            | b'!'
                            | b','
                            | b'='
                            | 0x0b
                            | 0x0c
                            | 0xc2
                            | 0xe1..=0xe3
                    )
                };
                let opens = matches!(behind.first(), Some(b'(' | b'{' | b'`' | 0x0b | 0x0c));
                if matches!(target, [] | [b'\n' | b'\r' | b';' | b'&' | b'|' | b')', ..]) {
                    // No shell goes on behind an operator that names nothing.
                    return Found::NOTHING;
                }
                if word.is_empty() || opens || word.iter().any(special) {
                    return Found::UNKNOWN;
                }
                behind
            } else if word.is_empty() {
                // What opens is looked at where it stands, and what it yields may be a name. To cmd.exe
                // a brace is a letter.
                let brace = behind.first() == Some(&b'{');
                let unknown = self.separated && self.glued && self.whole.slash.is_some();
                return match behind.first() {
                    Some(b'`') => self.unknown(),
                    _ if brace && unknown && names_root(b"", &behind[1..]) => self.found(2),
                    _ => Found::NOTHING,
                };
            } else if assignment && !is_plain(word, behind) {
                match behind_quotes(text) {
                    Some(behind) => behind,
                    None => return Found::UNKNOWN,
                }
            } else if (assignment || LEADING.contains(&word))
                && matches!(behind.first(), Some(b' ' | b'\t' | 0x0b | 0x0c))
            {
                behind
            } else if let Some(at) = memchr::memchr(b'}', word) {
                // So many are not looked through.
                blocks += 1;
                if blocks > 4 {
                    return Found::UNKNOWN;
                }
                &text[at + 1..]
            } else {
                return Found::NOTHING;
            };
            self.prefixed |= assignment || redirection;
            if !(assignment || redirection) {
                self.place = Place::Reserved;
            }
        }
    }

    /// A command here that is so strong at most.
    fn found(self, strength: u8) -> Found {
        Found::at(self.place, strength)
    }

    /// A command here whose name is not known. A variable that the value has set, and an interpreter behind
    /// a pipe, count anywhere.
    fn unknown(self) -> Found {
        let piped = self.piped || self.whole.pipes && self.place == Place::Reserved;
        if self.whole.sets || piped { Found::UNKNOWN } else { self.found(3) }
    }

    /// What a word may name that has a `$` or a `\` and no quotes: as each shell puts it together, no command,
    /// unless it is told otherwise.
    fn put_together(self, word: &[u8], behind: &[u8], least: Found) -> Found {
        let unclear =
            |byte: &u8| matches!(byte, b'\'' | b'"' | b'%' | b'*' | b'?' | b'[' | b'}' | b'!' | 0x80..);
        let goes_on = matches!(behind, [b'`', ..] | [b'<' | b'>', b'(', ..])
            || word.ends_with(b"$") && matches!(behind.first(), Some(b'(' | b'{' | b'\n' | b'\r'))
            || (word.ends_with(b"\\") || word.ends_with(b"^")) && !behind.is_empty()
            || word.iter().any(delimiter);
        if goes_on || word.iter().any(unclear) || memchr::memmem::find(word, b"IFS").is_some() {
            return self.unknown();
        }
        let variable = memchr::memchr(b'$', word).is_some();
        if variable && self.whole.sets {
            return Found::UNKNOWN;
        }
        for posix in [true, false] {
            let (mut name, mut length, mut rest) = ([0; MAX_NAME], 0, word);
            while let [byte, behind @ ..] = rest {
                rest = behind;
                match byte {
                    b'$' => {
                        let special = usize::from(matches!(rest.first(), Some(b'@' | b'#' | b'$' | b'-')));
                        let letter = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                        let letters = match rest.first() {
                            Some(b'0'..=b'9') if posix => 1,
                            _ if posix => rest.iter().take_while(letter).count(),
                            // `$scope:name`
                            _ => rest.iter().take_while(|byte| letter(byte) || b":?".contains(byte)).count(),
                        };
                        rest = &rest[letters.max(special)..];
                        continue;
                    }
                    b'/' => length = 0,
                    b'\\' if !posix => length = 0,
                    b'^' if !posix => {}
                    b'\\' if rest.is_empty() => {}
                    _ => {
                        let (byte, behind) = match (byte, rest) {
                            (b'\\', [escaped, behind @ ..]) => (escaped, behind),
                            _ => (byte, rest),
                        };
                        rest = behind;
                        if let Some(place) = name.get_mut(length) {
                            *place = *byte;
                        }
                        length += 1;
                    }
                }
            }
            let unnamed = length == 0 && behind.first() == Some(&b'{');
            if unnamed
                || name.get(..length).is_some_and(|name| !name.is_empty() && self.vocabulary.may_know(name))
            {
                return self.unknown();
            }
        }
        if variable { self.found(2) } else { least }
    }

    /// How strong a name that is a word of a language may be with arguments that sentences have, too.
    fn strength_of_word(self, behind: &[u8]) -> u8 {
        let (text, _) = arguments(behind, self.parts);
        let digits = text.iter().any(u8::is_ascii_digit);
        // To cmd.exe alone a `;` is a blank.
        let alone =
            text.iter().take_while(|&&byte| byte != b';').all(|byte| matches!(byte, b' ' | b'\t' | b','));
        1 + u8::from(digits || self.touches() && alone)
    }

    /// Whether it may touch a separator: what a compound command begins with touches what that touches.
    fn touches(self) -> bool {
        self.glued || !matches!(self.place, Place::Separator | Place::Line)
    }

    /// What some shell may take a word for that counts with what stands behind it.
    fn named(self, word: &[u8], behind: &[u8]) -> Found {
        let found = self.spelled(word, behind);
        // An expansion of cmd.exe, before what ends a name there
        match word.iter().position(|byte| *byte == b'%' || delimiter(byte)) {
            Some(at @ 1..) if word[at] == b'%' => found.or(self.unknown().only(Shells::CMD)),
            _ => found,
        }
    }

    /// The same, but for expansions of cmd.exe inside of the word.
    fn spelled(self, word: &[u8], behind: &[u8]) -> Found {
        // Up to the delimiters of cmd.exe, and of brace expansions.
        let head = word.split(delimiter).next().unwrap_or(word);
        let mut bare = [0; MAX_NAME];
        let mut length = 0;
        let escaped = memchr::memchr2(b'$', b'\\', word).is_some();
        let (mut pattern, mut quoted, mut open) = (false, false, None);
        let mut rest = head;
        while let [byte, behind @ ..] = rest {
            let (byte, from) = (*byte, rest);
            rest = behind;
            match byte {
                // Quotes of PowerShell
                0xe2 if matches!(rest, [0x80, 0x98..=0x9e, ..]) => {
                    rest = &rest[2..];
                    quoted = true;
                    open = Some(byte);
                    continue;
                }
                0x80.. if is_blank(from) => return self.unknown(),
                // An expansion of cmd.exe, or a name of PowerShell.
                b'%' if length == 0 => return self.unknown(),
                b'!' if head.iter().filter(|&&byte| byte == b'!').count() > 1 => return self.unknown(),
                b'\'' | b'"' => {
                    quoted = true;
                    open = match open {
                        None => Some(byte),
                        Some(quote) => Some(quote).filter(|&quote| quote != byte),
                    };
                    continue;
                }
                b'^' => continue,
                b'*' | b'?' | b'[' => pattern = true,
                _ => {}
            }
            if let Some(place) = bare.get_mut(length) {
                *place = byte;
            }
            length += 1;
        }
        let parted =
            matches!(behind.first(), None | Some(b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b')'));
        if parted && word.iter().all(|byte| matches!(byte, b'/' | b'*' | b'-')) {
            return Found::NOTHING;
        }
        if matches!(word, [b'/' | b'~', ..] | [b'.', b'/' | b'.', ..])
            || self.whole.slash.is_some() && has_bin(word)
        {
            return self.unknown();
        }
        // A name with a path behind it counts even if it is unknown.
        let mut least = Found::NOTHING;
        let letters = head.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'\'' | b'"'));
        let separated = self.separated && self.touches() && self.whole.slash.is_some();
        if separated && letters && !head.is_empty() && names_root(&word[head.len()..], behind) {
            least = self.found(2);
        }
        // Quotes hold what would end it.
        if open.is_some() {
            let text = !escaped && (holds_text(word, behind) || is_key(word, behind));
            return if text { least } else { self.unknown() };
        }
        if word.ends_with(b"^") && !behind.is_empty() {
            // A blank or a line end that cmd.exe takes for a part of the word
            return self.unknown();
        }
        if escaped {
            return self.put_together(word, behind, least);
        }
        // PowerShell escapes with it.
        if matches!(behind, [b'`', next, ..] if next.is_ascii_alphanumeric() || matches!(next, b'\'' | b'"'))
        {
            return self.unknown();
        }
        // One letter names nothing, nor does a relative path: that is a file of the application's own.
        let alone =
            head.len() == word.len() && !matches!(behind.first(), Some(b'`' | b'<' | b'>' | b'(' | b'{'));
        if head.len() < 2 && alone && !self.braced {
            return least;
        }
        if head.contains(&b'/') {
            // What quotes hold is no path to the evidence, nor is a function's name, nor signs alone.
            let letters = head.iter().any(u8::is_ascii_alphabetic);
            let names = quoted || !letters || behind.first() == Some(&b'(');
            return if names { self.unknown() } else { least };
        }
        let Some(bare) = bare.get(..length) else {
            // Longer than any name.
            return least;
        };
        if bare == b"case" {
            // Its commands stand behind patterns.
            return Found::UNKNOWN;
        }
        if matches!(bare, b"coproc" | b"time") {
            // A name or an option may stand before a compound command.
            return Found::UNKNOWN;
        }
        let plain = word.iter().all(u8::is_ascii_lowercase);
        let sentence = !self.prefixed && plain && is_sentence(behind);
        let counts = |command: Command| match command.traits {
            traits if traits.contains(Traits::RESERVED) => false,
            traits => !(sentence && traits.contains(Traits::WORD)),
        };
        // What is put together, or has arguments that a sentence has not, counts most.
        let assembled = self.prefixed || self.braced || length < word.len() || pattern;
        let structured = || assembled || is_structured(behind, self.parts);
        let rate = |command: Command| match command.traits {
            traits if traits.contains(Traits::INTERPRETER) => self.unknown(),
            _ if structured() => self.found(3),
            traits if traits.contains(Traits::WORD) && least == Found::NOTHING => {
                self.found(self.strength_of_word(behind))
            }
            _ => self.found(2),
        };
        // cmd.exe ends a name at `=` and `,`, and a brace expansion of the POSIX shell at `,`.
        let parted = word.get(head.len());
        let known = pattern || self.vocabulary.may_know(bare);
        let windows = match parted {
            Some(_) => Traits::CMD,
            None => Traits::CMD | Traits::POWERSHELL,
        };
        let windows = known.then(|| self.vocabulary.windows(bare, windows)).flatten();
        let posix = match parted {
            Some(b',') => self.braced,
            Some(_) => false,
            None => true,
        };
        let matching = || if pattern { self.vocabulary.matching(bare) } else { None };
        let posix = (known && posix).then(|| self.vocabulary.command(bare).or_else(matching));
        let finders = windows.map_or(Shells::empty(), |known| Shells::of(known.traits, parted.is_some()));
        let mut found = least;
        for (command, shells) in [(windows, finders), (posix.flatten(), Shells::POSIX)] {
            if let Some(command) = command.filter(|&command| counts(command)) {
                found = found.or(rate(command).only(shells));
            }
        }
        found
    }
}

/// Whether the quotes that a word opens hold a blank, and nothing that may make a path or an expansion of
/// what is in them or touches them: no shell finds a command of such a name.
fn holds_text(word: &[u8], behind: &[u8]) -> bool {
    let Some(at) = word.iter().position(|byte| matches!(byte, b'\'' | b'"')) else { return false };
    let unclear = |byte: &u8| {
        matches!(
            byte,
            b'/' | b'\\' | b'$' | b'`' | b'%' | b'!' | b'^' | b'~' | b'*' | b'?' | b'[' | b'{' | 0xe2
        )
    };
    let (quote, inside) = (word[at], &word[at + 1..]);
    // A path's last segment goes on behind the blank.
    let clear = |byte: &u8| *byte == b'/' || !unclear(byte);
    if !matches!(behind.first(), Some(b' ' | b'\t')) || !inside.iter().chain(&word[..at]).all(clear) {
        return false;
    }
    let near = &behind[..behind.len().min(ARGUMENTS / 4)];
    let Some(end) = near.iter().position(|&byte| byte == quote || unclear(&byte)) else { return false };
    let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b')');
    let touching = near[end + 1..].iter().take_while(|byte| !ends(byte));
    near[end] == quote
        && !inside.contains(&quote)
        && touching
            .clone()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b',' | b':' | b'-'))
        && touching.count() < near.len() - end - 1
}

/// Whether a word is put together from a text with a `:` in it, which no name has, and nothing that makes a path
/// or an expansion of what follows: the members of an object in JSON are such.
fn is_key(word: &[u8], behind: &[u8]) -> bool {
    let near = &behind[..behind.len().min(ARGUMENTS)];
    let plain = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'"');
    let key = word.iter().take_while(plain).count();
    let unclear = |byte: &u8| b"/\\$`%!^~".contains(byte);
    word.get(key) == Some(&b':')
        && word[..key].iter().any(u8::is_ascii_alphanumeric)
        && near.len() < ARGUMENTS
        && !word.iter().chain(near).any(unclear)
}

/// Whether a text begins with a blank or a line end that only PowerShell knows (its specification, §2.2.2,
/// §2.2.4).
pub(super) fn is_blank(text: &[u8]) -> bool {
    matches!(
        text,
        [0xc2, 0x85 | 0xa0, ..]
            | [0xe1, 0x9a, 0x80, ..]
            | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..]
            | [0xe2, 0x81, 0x9f, ..]
            | [0xe3, 0x80, 0x80, ..]
    )
}

/// Whether a word that goes on behind a brace or a parenthesis may be a path there, the last segment of which is
/// the name, or have an expansion, of what the value has set itself perhaps.
fn goes_on(behind: &[u8]) -> bool {
    let near = &behind[..behind.len().min(ARGUMENTS)];
    // What is quoted or substituted holds blanks.
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let end = near.iter().position(|byte| blank(byte) || b"'\"\\^$`".contains(byte));
    let near = &near[..end.filter(|&at| blank(&near[at])).unwrap_or(near.len())];
    near.len() == ARGUMENTS || memchr::memchr3(b'/', b'\\', b'$', near).is_some()
}

/// Whether parentheses stand behind a word that hold a word: no loop of the POSIX shell has those.
fn is_call(behind: &[u8]) -> bool {
    matches!(behind.trim_ascii_start(), [b'(', next, ..] if next.is_ascii_alphanumeric())
}

/// What ends a name for cmd.exe, or in a brace expansion.
fn delimiter(byte: &u8) -> bool {
    matches!(byte, b',' | b'=' | b';')
}

/// Whether a condition of cmd.exe stands behind `if`, and then a command (`if /?`).
fn is_condition(behind: &[u8]) -> bool {
    let (text, _) = arguments(behind, false);
    let words = text.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty());
    memchr::memmem::find(text, b"==").is_some()
        || words.take(4).any(|word| CONDITIONS.iter().any(|condition| word.eq_ignore_ascii_case(condition)))
}

/// What a condition of cmd.exe has among its first words.
const CONDITIONS: [&[u8]; 10] =
    [b"exist", b"defined", b"errorlevel", b"cmdextversion", b"equ", b"neq", b"lss", b"leq", b"gtr", b"geq"];

/// Whether an assignment ends with its word.
fn is_plain(word: &[u8], behind: &[u8]) -> bool {
    !word.iter().any(|byte| matches!(byte, b'\'' | b'"' | b'\\' | b'$' | b'^' | 0xe2))
        && !matches!(behind.first(), Some(b'<' | b'>' | b'`' | b'(' | b'{'))
}

/// What stands behind an assignment whose value is one text in double quotes, in which nothing is expanded or
/// escaped: to the POSIX shell, for to the others it is none.
fn behind_quotes(text: &[u8]) -> Option<&[u8]> {
    let near = &text[..text.len().min(ARGUMENTS)];
    let equals = memchr::memchr(b'=', near)?;
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let inside = near[equals + 1..].iter().take_while(|byte| name(byte)).count() + equals + 1;
    if !near[..equals].iter().all(name) || near.get(inside) != Some(&b'"') {
        return None;
    }
    let special = |byte: &u8| b"\"\\$`".contains(byte) || *byte == 0xe2;
    match near[inside + 1..].iter().position(special) {
        // What it holds goes on to the value's end.
        None if near.len() == text.len() => Some(&[]),
        Some(at) if near[inside + 1 + at] == b'"' => {
            let behind = &text[inside + 1 + at + 1..];
            let behind = behind.strip_prefix(b",").unwrap_or(behind);
            let ends = matches!(behind, [] | [b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b')', ..]);
            ends.then_some(behind)
        }
        _ => None,
    }
}

/// How many bytes of a text are one word.
fn word(text: &[u8]) -> usize {
    let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b')') || OPENERS[usize::from(*byte)];
    text.iter().position(ends).unwrap_or(text.len())
}

/// How many bytes behind a name are looked at: a bound, for one name's arguments may be all that follows.
const ARGUMENTS: usize = 512;

/// What may be a name's arguments: the text up to what parts two commands in every shell, and whether they
/// end so, with no opening before. To cmd.exe a `;` parts arguments.
fn arguments(behind: &[u8], parts: bool) -> (&[u8], bool) {
    let near = &behind[..behind.len().min(ARGUMENTS)];
    let opens = |byte: &u8| OPENERS[usize::from(*byte)] && (parts || *byte != b';');
    let end = near.iter().position(opens).unwrap_or(near.len());
    let ended = match behind.get(end) {
        None => true,
        // Redirects.
        Some(b'&') if behind.get(end + 1) == Some(&b'>') => false,
        Some(byte) => end < ARGUMENTS && matches!(byte, b'&' | b'|' | b'\n' | b'\r' | b';'),
    };
    (&near[..end], ended)
}

/// Whether a byte may be of a word of a sentence. Other dashes and quotes of PowerShell begin with 0xe2.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80 && byte != 0xe2
}

/// Whether what stands behind a name may have a path from the root among its arguments.
fn names_root(rest: &[u8], behind: &[u8]) -> bool {
    let near = &behind[..behind.len().min(ARGUMENTS)];
    // `>&` and `>|` redirect.
    let ends = |at: &usize| match near[*at] {
        b'&' | b'|' => *at == 0 || !matches!(near[at - 1], b'<' | b'>'),
        byte => matches!(byte, b'\n' | b'\r'),
    };
    // What is open holds separators.
    let opens = |&at: &usize| b"({`'\"".contains(&near[at]);
    let end = (0..near.len()).take_while(|at| !opens(at)).find(ends);
    let Some(end) = end.or((near.len() == behind.len()).then_some(near.len())) else {
        return true;
    };
    if near[..end].ends_with(b"^") || near[..end].ends_with(b"\\") {
        // The line goes on.
        return true;
    }
    // A word that begins with `/` or `~`, and a `/` inside of this word or another; of some bytes the shells
    // differ whether a word goes on behind them.
    let word = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-_:+*".contains(&byte);
    let parts = |byte: u8| b" \t<>;()".contains(&byte);
    let (mut rooted, mut tilde, mut inside) = (false, false, false);
    for text in [rest, &near[..end]] {
        for at in memchr::memchr2_iter(b'/', b'~', text) {
            let before = at.checked_sub(1).map(|at| text[at]);
            let begins = before.is_none_or(|byte| !word(byte));
            rooted |= begins;
            tilde |= begins && text[at] == b'~';
            inside |= text[at] == b'/' && before.is_none_or(|byte| !parts(byte));
        }
    }
    (rooted || tilde) && inside
}

/// Whether two words or more stand behind a name, and all of its arguments are words of a sentence:
/// evidence wants more behind a name that is a word itself.
fn is_sentence(behind: &[u8]) -> bool {
    let (text, ended) = arguments(behind, false);
    if !ended {
        return false;
    }
    let mut counts = text.split(|&byte| byte == b';').map(|text| {
        let words = text.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty());
        words
            .map(|word| {
                let word = word.strip_suffix(b",").or_else(|| word.strip_suffix(b".")).unwrap_or(word);
                let letters = |at: usize| is_letter(word[at]) && !is_blank(&word[at..]);
                let letters = !word.is_empty() && (0..word.len()).all(letters);
                // `for x in`, `for x do`
                letters && !matches!(word, b"in" | b"do")
            })
            .try_fold(0, |count, letters| letters.then_some(count + 1))
    });
    // To every other shell they end at the first `;`.
    counts.next().flatten().is_some_and(|count| count >= 2) && counts.all(|count| count.is_some())
}

/// Whether arguments stand behind a name that a sentence does not have:
/// what stands on a line behind others counts only with such.
fn is_structured(behind: &[u8], parts: bool) -> bool {
    let (text, ended) = arguments(behind, parts);
    let letter =
        |byte: u8| is_letter(byte) || byte.is_ascii_digit() || matches!(byte, b' ' | b'\t' | b',' | b';');
    let ends = |at: usize| matches!(text.get(at + 1), None | Some(b' ' | b'\t'));
    let structure =
        |(at, &byte): (usize, &u8)| !(letter(byte) || matches!(byte, b'.' | b':' | b'!') && ends(at));
    !ended || text.iter().enumerate().any(structure)
}
