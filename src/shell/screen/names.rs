//! What a word may name where a command may begin, as some shell reads it, and how strong that would be as
//! evidence at most.

use super::places::defined;
use super::texts::{
    self, LEADING, arguments, behind_quotes, behind_redirection, conditional_body, delimiter, goes_on,
    holds_text, is_blank, is_call, is_condition, is_member, is_plain, is_sentence, is_structured,
    may_name_root, names_root, word,
};
use super::{Findings, Found, Place, Shells, Whole};
use crate::shell::commands::{Command, MAX_NAME, Traits, Vocabulary};

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
    #[inline(always)]
    pub(super) fn find(self, text: &[u8], at: usize, findings: &mut Findings) {
        let found = self.in_text(text, |found| findings.add(found.only(self.shells), at));
        findings.add(found.only(self.shells), at);
    }

    /// The same of a block behind a word that may be the body of a function: where that is called is not known.
    #[cold]
    #[inline(never)]
    pub(super) fn find_in_body(self, before: &[u8], text: &[u8], findings: &mut Findings) {
        let called = Name { place: Place::Reserved, ..self };
        let conditional = conditional_body(text).filter(|_| before.ends_with(b"("));
        for (shells, body) in [(defined(before), Some(text)), (Shells::POSIX, conditional)] {
            if let Some(body) = body.filter(|_| !shells.is_empty()) {
                Name { shells, ..called }.find(body, before.len(), findings);
            }
        }
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
            // To the POSIX shell a part of the word
            let joined = start > 0 && !matches!(text[start - 1], b' ' | b'\t');
            text = &text[start..];
            let (word, behind) = text.split_at(word(text));
            // The end of a block of PowerShell ends a word, too.
            let block = memchr::memchr(b'}', word).filter(|&at| at > 0);
            if matches!(behind.first(), Some(0x0b | 0x0c)) {
                // A blank to PowerShell, and to the POSIX shell a part of the word.
                return self.unknown();
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
            let found = whole.or(inside);
            let parts = !word.contains(&b'}') && !matches!(behind.first(), Some(b'<' | b'>'));
            let finders = found.shells();
            if finders == Shells::CMD && word.contains(&b'=') && parts {
                // To the others it is an assignment.
                one(found);
            } else if !finders.is_empty() {
                // Another shell may go on behind the word.
                let ends = !word.iter().any(|byte| matches!(byte, b'=' | b'}'))
                    && !matches!(behind.first(), Some(b'<' | b'>'))
                    && !LEADING.contains(&word)
                    && word != b"function";
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
                match behind_redirection(behind) {
                    // A blank to cmd.exe
                    Ok([b';', ..]) => return self.unknown().only(Shells::CMD),
                    Ok(behind) => behind,
                    Err(shells) => return self.unknown().only(shells),
                }
            } else if word.is_empty() {
                // What opens is looked at where it stands, and what it yields may be a name. To cmd.exe
                // a brace is a letter.
                let brace = behind.first() == Some(&b'{');
                let unknown = self.separated && self.glued && self.whole.slash.is_some();
                return match behind.first() {
                    Some(b'`') => self.unknown(),
                    _ if brace && joined => self.unknown().only(Shells::POSIX),
                    _ if brace && unknown && names_root(b"", &behind[1..]) => self.found(2),
                    _ => Found::NOTHING,
                };
            } else if assignment && !is_plain(word, behind) {
                match behind_quotes(text) {
                    Some(behind) => behind,
                    None => return self.unknown(),
                }
            } else if (assignment || LEADING.contains(&word))
                && matches!(behind.first(), Some(b' ' | b'\t' | 0x0b | 0x0c))
            {
                behind
            } else if word == b"function" && matches!(behind.first(), Some(b' ' | b'\t')) {
                // Its body may begin with another command.
                let name = behind.trim_ascii_start();
                &name[texts::word(name)..]
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
        let mut found = if variable { self.found(2) } else { least };
        for shells in [Shells::POSIX, Shells::CMD | Shells::POWERSHELL] {
            let posix = shells == Shells::POSIX;
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
                found = found.or(self.unknown().only(shells));
            }
        }
        found
    }

    /// How strong a name that is a word of a language may be with arguments that sentences have, too.
    fn strength_of_word(self, behind: &[u8]) -> u8 {
        let (text, _) = arguments(behind, self.parts);
        let digits = text.iter().any(u8::is_ascii_digit);
        // To cmd.exe alone a `;` is a blank; PowerShell has some outside of ASCII.
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b',' | 0x80..);
        let alone = text.iter().take_while(|&&byte| byte != b';').all(blank);
        1 + u8::from(digits || self.touches() && alone)
    }

    /// Whether an argument among these may name a command, which one before it runs.
    fn names_command(self, behind: &[u8]) -> bool {
        let (text, ended) = arguments(behind, self.parts);
        let mut words = text.split(|byte| matches!(byte, b' ' | b'\t' | b',' | b';' | b'='));
        let plain =
            |word: &[u8]| word.iter().all(|&byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        !ended || words.any(|word| !word.is_empty() && (!plain(word) || self.vocabulary.may_know(word)))
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
        let rooted = || self.prefixed || names_root(&word[head.len()..], behind);
        if separated && letters && !head.is_empty() && rooted() {
            least = self.found(2);
        }
        // Quotes hold what would end it.
        if open.is_some() {
            let text = !escaped && (holds_text(word, behind) || is_member(word, behind));
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
        let runs = |command: Command| command.traits.contains(Traits::PREFIX) && self.names_command(behind);
        let counts = |command: Command| match command.traits {
            traits if traits.contains(Traits::RESERVED) => false,
            traits => !(sentence && traits.contains(Traits::WORD)) || runs(command),
        };
        // What is put together, or has arguments that a sentence has not, counts most.
        let assembled = self.prefixed || self.braced || length < word.len() || pattern;
        let structured = || assembled || is_structured(behind, self.parts);
        let rate = |command: Command| match command.traits {
            traits if traits.contains(Traits::INTERPRETER) || runs(command) => self.unknown(),
            traits if structured() => {
                let word = traits.contains(Traits::WORD) && !assembled && !may_name_root(behind, self.parts);
                self.found(if word { 2 } else { 3 })
            }
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
