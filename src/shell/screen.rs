//! The second screen: whether some shell may find a command, or a file from the root, in a value at all.
//! Without that no evidence rule counts anything, so most of ordinary text, which has separators too, is
//! read by no lane.
//!
//! It looks at words where a command may begin, in all three shells' ways at once, and says yes whenever
//! it does not know: what it says no to must be nothing to `evidence.rs`. Whoever changes a rule there or a
//! tokenizer must keep that; `tests/shell.rs` holds the two together (`the_screen_changes_no_report`), and
//! that time is linear: each byte is looked at once for the opener before it.

use super::commands::{Command, MAX_NAME, Traits, Vocabulary};

/// Where a command may begin: behind a separator or an opening; and where a file may be named.
const OPENERS: [bool; 256] = {
    let mut table = [false; 256];
    let openers = b";&|\n\r({`<>";
    let mut i = 0;
    while i < openers.len() {
        table[openers[i] as usize] = true;
        i += 1;
    }
    table
};

/// Whether some shell may find a command where one may begin. Without that no evidence rule counts
/// anything, for all of them ask for a name. One look-up for each separator; sentences, lists and
/// data end here.
pub(super) fn may_run(input: &[u8], vocabulary: &Vocabulary) -> bool {
    let whole = Whole::of(input);
    let mut from = 0;
    while let Some(at) = input[from..].iter().position(|&byte| OPENERS[usize::from(byte)]) {
        from += at + 1;
        let (before, text) = input.split_at(from);
        let found = match before[from - 1] {
            b'<' | b'>' => {
                let both = before.ends_with(b"&>") || before.ends_with(b"&<");
                may_redirect(text, both, whole.slash.is_some_and(|last| last > from))
            }
            // What is no arithmetic after all.
            b'(' if before.ends_with(b"((") => true,
            opener => {
                let line = matches!(opener, b'\n' | b'\r') && from <= whole.nests && !continues(before);
                let glued = matches!(opener, b';' | b'&' | b'|' | b'\n' | b'\r') && !line;
                Name { whole, glued, line, vocabulary }.in_text(text)
            }
        };
        if found {
            return true;
        }
    }
    false
}

/// What is asked once of the whole value, so that time stays linear.
#[derive(Clone, Copy)]
struct Whole {
    /// The last `/`.
    slash: Option<usize>,
    /// `bin` stands somewhere: a directory of programs, perhaps.
    bin: bool,
    /// Where the first substitution, block, quotation or comment may begin: up to there, the lines
    /// behind a first one are lines.
    nests: usize,
}

impl Whole {
    fn of(input: &[u8]) -> Whole {
        let slash = memchr::memrchr(b'/', input);
        let nests = input.iter().position(|byte| matches!(byte, b'(' | b'`' | b'{' | b'#' | b'\'' | b'"'));
        let text = input.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
        Whole {
            slash,
            bin: slash.is_some() && memchr::memmem::find(input, b"bin").is_some(),
            nests: if text { nests.unwrap_or(input.len()) } else { 0 },
        }
    }
}

/// Whether a line end stands behind another separator or an opening: the two are one.
fn continues(before: &[u8]) -> bool {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'=');
    // So many blanks are not looked through.
    let near = &before[before.len().saturating_sub(16)..];
    let last = near.iter().rev().find(|byte| !blank(byte));
    last.is_none_or(|&byte| OPENERS[usize::from(byte)] || matches!(byte, b')' | b'}' | b'\\' | b'^'))
}

/// Whether a text behind `<` or `>` may name a file from the root, or any where the operator is `&>`;
/// `slash` says that the text has a `/`.
fn may_redirect(text: &[u8], both: bool, slash: bool) -> bool {
    let operator = |byte: &u8| matches!(byte, b' ' | b'\t' | b',' | b';' | b'=' | b'&' | b'|');
    let start = text.iter().position(|byte| !operator(byte)).unwrap_or(text.len());
    // The last sign of an operator is looked at by itself.
    let named = match &text[start..] {
        [b'/', next, ..] => !next.is_ascii_whitespace(),
        [b'~', ..] => true,
        // Blanks of PowerShell
        [0xc2 | 0xe1..=0xe3, ..] => true,
        _ => false,
    };
    both || named && slash
}

/// Words before a command's name: a shell that reserves them goes on with a command.
const LEADING: [&[u8]; 13] = [
    b"if", b"then", b"else", b"elif", b"while", b"until", b"do", b"time", b"coproc", b"fi", b"done", b"esac",
    b"}",
];

/// What is asked about words that may be a command's name.
#[derive(Clone, Copy)]
struct Name<'a> {
    whole: Whole,
    /// The word touches a separator.
    glued: bool,
    /// It stands on a line behind others.
    line: bool,
    vocabulary: &'a Vocabulary,
}

impl Name<'_> {
    /// Whether some shell may find a command at the start of a text, behind redirections, assignments
    /// and reserved words.
    fn in_text(mut self, mut text: &[u8]) -> bool {
        loop {
            let lead = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b',' | b'=' | b'@' | b'!');
            let start = text.iter().position(|byte| !lead(byte)).unwrap_or(text.len());
            self.glued &= start == 0;
            // `!x!` of cmd.exe, a history expansion, and a pattern.
            let pattern = |lead| lead == b'@' && text.get(start) == Some(&b'(');
            if start > 0 && (text[start - 1] == b'!' || pattern(text[start - 1])) {
                return true;
            }
            text = &text[start..];
            let (word, behind) = text.split_at(word(text));
            // The end of a block of PowerShell ends a word, too.
            let block = memchr::memchr(b'}', word).filter(|&at| at > 0);
            // A remark is one only where a command begins.
            if word.eq_ignore_ascii_case(b"rem") || word.eq_ignore_ascii_case(b"if") && is_condition(behind) {
                return true;
            }
            if self.is(word, behind) || block.is_some_and(|at| self.is(&word[..at], &text[at..])) {
                return true;
            }
            if behind.first() == Some(&b'(') && matches!(word.last(), Some(b'?' | b'*' | b'+' | b'@' | b'!'))
            {
                // A pattern may stand in the name.
                return true;
            }
            let redirection = matches!(behind.first(), Some(b'<' | b'>'));
            let assignment = word.contains(&b'=');
            text = if redirection && word.iter().all(u8::is_ascii_digit) {
                // `<`, `>>`, `<<-`, `>&`, `>|`
                let sign = |byte: &u8| matches!(byte, b'<' | b'>' | b'&' | b'|' | b'-');
                let operator = behind.iter().take(4).take_while(|byte| sign(byte)).count();
                let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c);
                let blanks = behind[operator..].iter().take_while(|byte| blank(byte)).count();
                let target = &behind[operator + blanks..];
                let (word, behind) = target.split_at(self::word(target));
                let special =
                    |byte: &u8| matches!(byte, b'\'' | b'"' | b'\\' | b'^' | b'$' | b'%' | b',' | b'=');
                let opens = matches!(behind.first(), Some(b'(' | b'{' | b'`'));
                if word.is_empty() || opens || word.iter().any(special) {
                    return true;
                }
                behind
            } else if word.is_empty() {
                // What opens is looked at where it stands, and what it yields may be a name.
                return behind.first() == Some(&b'`') && !self.line;
            } else if assignment && !is_plain(word, behind) {
                return true;
            } else if (assignment || LEADING.contains(&word))
                && matches!(behind.first(), Some(b' ' | b'\t' | 0x0b | 0x0c))
            {
                behind
            } else {
                return false;
            };
            self.glued = false;
            self.line &= assignment || redirection;
        }
    }

    /// Whether some shell may take a word for a command's name that counts with what stands behind it.
    fn is(self, word: &[u8], behind: &[u8]) -> bool {
        // Up to the delimiters of cmd.exe, and of brace expansions.
        let head = word.split(delimiter).next().unwrap_or(word);
        let mut bare = [0; MAX_NAME];
        let mut length = 0;
        if memchr::memchr(b'$', word).is_some() {
            // What it yields is not known.
            return true;
        }
        let escaped = memchr::memchr(b'\\', word).is_some();
        let (mut pattern, mut open) = (false, None);
        let mut rest = head;
        while let [byte, behind @ ..] = rest {
            let byte = *byte;
            rest = behind;
            match byte {
                // Quotes and blanks of PowerShell
                0xe2 if matches!(rest, [0x80, 0x98..=0x9e, ..]) => {
                    rest = &rest[2..];
                    open = Some(byte);
                    continue;
                }
                0xc2 if matches!(rest, [0x85 | 0xa0, ..]) => return true,
                0xe1 if matches!(rest, [0x9a, 0x80, ..]) => return true,
                0xe2 if matches!(rest, [0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..] | [0x81, 0x9f, ..]) => {
                    return true;
                }
                0xe3 if matches!(rest, [0x80, 0x80, ..]) => return true,
                // An expansion of cmd.exe
                b'%' => return true,
                b'!' if head.iter().filter(|&&byte| byte == b'!').count() > 1 => return true,
                b'\'' | b'"' => {
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
        if matches!(word, [b'/' | b'~', ..] | [b'.', b'/' | b'.', ..])
            || self.whole.bin && memchr::memmem::find(word, b"bin").is_some()
        {
            return true;
        }
        // A name with a path behind it counts even if it is unknown.
        let letters = head.iter().all(u8::is_ascii_alphabetic);
        if self.whole.slash.is_some() && self.glued && letters && names_root(&word[head.len()..], behind) {
            return true;
        }
        if open.is_some() && self.goes_on(&word[head.len()..], behind) {
            return true;
        }
        if escaped {
            // It escapes, or parts the segments of a path of Windows.
            let blank = matches!(behind.first(), None | Some(b' ' | b'\t' | b'\n' | b'\r'));
            return word.len() > 1 || !blank;
        }
        // PowerShell escapes with it.
        if matches!(behind, [b'`', next, ..] if next.is_ascii_alphanumeric()) {
            return true;
        }
        // One letter names nothing, nor does a file of the application's own.
        let alone =
            head.len() == word.len() && !matches!(behind.first(), Some(b'`' | b'<' | b'>' | b'(' | b'{'));
        if head.len() < 2 && alone || head.contains(&b'/') {
            return false;
        }
        let Some(bare) = bare.get(..length) else {
            // Longer than any name.
            return false;
        };
        if bare == b"case" {
            // Its commands stand behind patterns.
            return true;
        }
        let plain = word.iter().all(u8::is_ascii_lowercase);
        if self.line && plain && !is_structured(behind) {
            return false;
        }
        let sentence = plain && is_sentence(behind);
        let counts = |command: Command| match command.traits {
            traits if traits.contains(Traits::RESERVED) => false,
            traits => !(sentence && traits.contains(Traits::WORD)),
        };
        self.vocabulary.command(bare).is_some_and(counts)
            || self.vocabulary.windows(bare, Traits::CMD | Traits::POWERSHELL).is_some_and(counts)
            || pattern && self.vocabulary.matching(bare).is_some_and(counts)
    }

    /// Whether a name may go on where quotes hold what would end it.
    fn goes_on(self, rest: &[u8], behind: &[u8]) -> bool {
        let quote = |byte: &u8| matches!(byte, b'\'' | b'"');
        let held = behind.iter().position(quote).unwrap_or(behind.len());
        self.whole.bin
            || memchr::memchr(b'\\', rest).is_some()
            || memchr::memchr(b'\\', &behind[..held]).is_some()
    }
}

/// What ends a name for cmd.exe, or in a brace expansion.
fn delimiter(byte: &u8) -> bool {
    matches!(byte, b',' | b'=' | b';')
}

/// Whether a condition of cmd.exe stands behind `if`, and then a command (`if /?`).
fn is_condition(behind: &[u8]) -> bool {
    let (text, _) = segment(behind);
    let words = text.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty());
    memchr::memmem::find(text, b"==").is_some()
        || words.take(4).any(|word| CONDITIONS.iter().any(|condition| word.eq_ignore_ascii_case(condition)))
}

/// What a condition of cmd.exe has among its first words.
const CONDITIONS: [&[u8]; 10] =
    [b"exist", b"defined", b"errorlevel", b"cmdextversion", b"equ", b"neq", b"lss", b"leq", b"gtr", b"geq"];

/// Whether an assignment ends with its word.
fn is_plain(word: &[u8], behind: &[u8]) -> bool {
    !word.iter().any(|byte| matches!(byte, b'\'' | b'"' | b'\\' | b'$' | b'^'))
        && !matches!(behind.first(), Some(b'<' | b'>' | b'`' | b'(' | b'{'))
}

/// How many bytes of a text are one word.
fn word(text: &[u8]) -> usize {
    let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b')') || OPENERS[usize::from(*byte)];
    text.iter().position(ends).unwrap_or(text.len())
}

/// Whether a byte parts two commands.
fn separates(byte: &u8) -> bool {
    matches!(byte, b';' | b'&' | b'|' | b'\n' | b'\r')
}

/// The text up to the next opener, and whether a separator, or nothing, ends it.
fn segment(text: &[u8]) -> (&[u8], bool) {
    let end = text.iter().position(|&byte| OPENERS[usize::from(byte)]).unwrap_or(text.len());
    (&text[..end], text.get(end).is_none_or(separates))
}

/// Whether what stands behind a name, up to the next separator, may have a path from the root.
fn names_root(rest: &[u8], behind: &[u8]) -> bool {
    let end = behind.iter().position(separates).unwrap_or(behind.len());
    let rooted = |text: &[u8]| {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-_:+".contains(&byte) || byte >= 0x80;
        let deeper = |text: &[u8]| {
            text[1..].iter().take_while(|&&byte| byte != b' ' && byte != b'~').any(|&byte| byte == b'/')
        };
        memchr::memchr2_iter(b'/', b'~', text)
            .any(|at| (at == 0 || !word(text[at - 1])) && deeper(&text[at..]))
    };
    rooted(rest) || rooted(&behind[..end])
}

/// Whether two words or more stand behind a name, up to the next separator, and all of them are words
/// of a sentence: evidence wants more behind a name that is a word itself.
fn is_sentence(behind: &[u8]) -> bool {
    let (text, separated) = segment(behind);
    if !separated {
        return false;
    }
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let words = text.split(blank).filter(|word| !word.is_empty());
    let mut count = 0;
    for word in words {
        let word = word.strip_suffix(b",").or_else(|| word.strip_suffix(b".")).unwrap_or(word);
        let letters = word.iter().all(|&byte| byte.is_ascii_alphabetic() || byte >= 0x80);
        // `for x in`, `for x do`
        if word.is_empty() || !letters || matches!(word, b"in" | b"do") {
            return false;
        }
        count += 1;
    }
    count >= 2
}

/// Whether arguments stand behind a name, up to the next separator, that a sentence does not have:
/// what stands on a line behind others counts only with such.
fn is_structured(behind: &[u8]) -> bool {
    let (text, separated) = segment(behind);
    let letter =
        |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b' ' | b'\t' | b',' | b'!');
    let ends = |at: usize| matches!(text.get(at + 1), None | Some(b' ' | b'\t'));
    let structure = |(at, &byte): (usize, &u8)| !(letter(byte) || matches!(byte, b'.' | b':') && ends(at));
    !separated || text.iter().enumerate().any(structure)
}
