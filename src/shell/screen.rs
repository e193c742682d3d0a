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
                Name { whole, glued, line, prefixed: false, vocabulary }.in_text(text)
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
    /// `%` stands somewhere: a variable of a loop of cmd.exe, perhaps.
    percent: bool,
    /// Where the first substitution, block, quotation or comment may begin: up to there, the lines
    /// behind a first one are lines.
    nests: usize,
}

impl Whole {
    fn of(input: &[u8]) -> Whole {
        let slash = memchr::memrchr(b'/', input);
        let nests = input.iter().position(|byte| matches!(byte, b'(' | b'`' | b'{' | b'#' | b'\'' | b'"'));
        let letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80;
        let text = input.first().is_some_and(letter) && !is_blank(input);
        Whole {
            slash,
            bin: slash.is_some() && memchr::memmem::find(input, b"bin").is_some(),
            percent: memchr::memchr(b'%', input).is_some(),
            nests: if text { nests.unwrap_or(input.len()) } else { 0 },
        }
    }
}

/// Whether a line end stands behind another separator, an opening or a reserved word: the two are one.
fn continues(before: &[u8]) -> bool {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'=');
    // So many blanks are not looked through.
    let near = &before[before.len().saturating_sub(16)..];
    let Some(end) = near.iter().rposition(|byte| !blank(byte)) else { return true };
    let word = near[..=end].iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |at| at + 1);
    let last = near[end];
    OPENERS[usize::from(last)]
        || matches!(last, b')' | b'}' | b'\\' | b'^')
        || LEADING.contains(&&near[word..=end])
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
        text => is_blank(text),
    };
    // `<#` begins a comment of PowerShell.
    both || text.starts_with(b"#") || named && slash
}

/// Words before a command's name: a shell that reserves them goes on with a command, as PowerShell does
/// behind `.`.
const LEADING: [&[u8]; 14] = [
    b"if", b"then", b"else", b"elif", b"while", b"until", b"do", b"time", b"coproc", b"fi", b"done", b"esac",
    b"}", b".",
];

/// What is asked about words that may be a command's name.
#[derive(Clone, Copy)]
struct Name<'a> {
    whole: Whole,
    /// The word touches a separator.
    glued: bool,
    /// It stands on a line behind others.
    line: bool,
    /// A redirection or an assignment stands before it, which counts with its arguments.
    prefixed: bool,
    vocabulary: &'a Vocabulary,
}

impl Name<'_> {
    /// Whether some shell may find a command at the start of a text, behind redirections, assignments
    /// and reserved words.
    fn in_text(mut self, mut text: &[u8]) -> bool {
        let (mut begun, mut blocks) = (false, 0);
        loop {
            let lead = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b',' | b'=' | b'@' | b'!');
            let start = text.iter().position(|byte| !lead(byte)).unwrap_or(text.len());
            self.glued &= begun || start == 0;
            begun = true;
            // `!x!` of cmd.exe, a history expansion, and a pattern.
            let pattern = |lead| lead == b'@' && text.get(start) == Some(&b'(');
            if start > 0 && (text[start - 1] == b'!' || pattern(text[start - 1])) {
                return true;
            }
            text = &text[start..];
            let (word, behind) = text.split_at(word(text));
            // The end of a block of PowerShell ends a word, too.
            let block = memchr::memchr(b'}', word).filter(|&at| at > 0);
            if matches!(behind.first(), Some(0x0b | 0x0c)) {
                // A blank to PowerShell, and to the POSIX shell a part of the word.
                return true;
            }
            // A remark is one only where a command begins.
            let posix_loop = matches!(word, b"for" | b"select") && is_structured(behind);
            if posix_loop || word.eq_ignore_ascii_case(b"for") && self.whole.percent {
                return true;
            }
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
                if word.is_empty() || opens || word.iter().any(special) {
                    return true;
                }
                behind
            } else if word.is_empty() {
                // What opens is looked at where it stands, and what it yields may be a name. To cmd.exe
                // a brace is a letter.
                let brace = behind.first() == Some(&b'{');
                let unknown = self.glued && self.whole.slash.is_some();
                return behind.first() == Some(&b'`') && !self.line
                    || brace && unknown && names_root(b"", &behind[1..]);
            } else if assignment && !is_plain(word, behind) {
                return true;
            } else if (assignment || LEADING.contains(&word))
                && matches!(behind.first(), Some(b' ' | b'\t' | 0x0b | 0x0c))
            {
                behind
            } else if let Some(at) = memchr::memchr(b'}', word) {
                // So many are not looked through.
                blocks += 1;
                if blocks > 4 {
                    return true;
                }
                &text[at + 1..]
            } else {
                return false;
            };
            self.prefixed |= assignment || redirection;
            self.line = false;
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
                0x80.. if is_blank(from) => return true,
                // An expansion of cmd.exe
                b'%' => return true,
                b'!' if head.iter().filter(|&&byte| byte == b'!').count() > 1 => return true,
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
        if matches!(word, [b'/' | b'~', ..] | [b'.', b'/' | b'.', ..])
            || self.whole.bin && memchr::memmem::find(word, b"bin").is_some()
        {
            return true;
        }
        // A name with a path behind it counts even if it is unknown.
        let letters = head.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'\'' | b'"'));
        if self.whole.slash.is_some() && self.glued && letters && names_root(&word[head.len()..], behind) {
            return true;
        }
        // Quotes hold what would end it.
        if open.is_some() {
            return true;
        }
        if escaped {
            // It escapes, or parts the segments of a path of Windows.
            let ends = matches!(behind.first(), None | Some(b'\n' | b'\r'));
            return word.len() > 1 || !ends;
        }
        // PowerShell escapes with it.
        if matches!(behind, [b'`', next, ..] if next.is_ascii_alphanumeric() || matches!(next, b'\'' | b'"'))
        {
            return true;
        }
        // One letter names nothing, nor does a relative path: that is a file of the application's own.
        let alone =
            head.len() == word.len() && !matches!(behind.first(), Some(b'`' | b'<' | b'>' | b'(' | b'{'));
        if head.len() < 2 && alone {
            return false;
        }
        if head.contains(&b'/') {
            // What quotes hold is no path to the evidence, nor is a function's name, nor signs alone.
            let letters = head.iter().any(u8::is_ascii_alphabetic);
            return quoted || !letters || behind.first() == Some(&b'(');
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
        let sentence = !self.prefixed && plain && is_sentence(behind);
        let counts = |command: Command| match command.traits {
            traits if traits.contains(Traits::RESERVED) => false,
            traits => !(sentence && traits.contains(Traits::WORD)),
        };
        // Only cmd.exe ends a name at `=`.
        let equals = word.get(head.len()) == Some(&b'=');
        let windows = if equals { Traits::CMD } else { Traits::CMD | Traits::POWERSHELL };
        self.vocabulary.windows(bare, windows).is_some_and(counts)
            || !equals && self.vocabulary.command(bare).is_some_and(counts)
            || pattern && self.vocabulary.matching(bare).is_some_and(counts)
    }
}

/// Whether a text begins with a blank or a line end that only PowerShell knows (its specification, §2.2.2,
/// §2.2.4).
fn is_blank(text: &[u8]) -> bool {
    matches!(
        text,
        [0xc2, 0x85 | 0xa0, ..]
            | [0xe1, 0x9a, 0x80, ..]
            | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..]
            | [0xe2, 0x81, 0x9f, ..]
            | [0xe3, 0x80, 0x80, ..]
    )
}

/// What ends a name for cmd.exe, or in a brace expansion.
fn delimiter(byte: &u8) -> bool {
    matches!(byte, b',' | b'=' | b';')
}

/// Whether a condition of cmd.exe stands behind `if`, and then a command (`if /?`).
fn is_condition(behind: &[u8]) -> bool {
    let (text, _) = arguments(behind);
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

/// How many bytes of a text are one word.
fn word(text: &[u8]) -> usize {
    let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b')') || OPENERS[usize::from(*byte)];
    text.iter().position(ends).unwrap_or(text.len())
}

/// How many bytes behind a name are looked at: a bound, for one name's arguments may be all that follows.
const ARGUMENTS: usize = 512;

/// What may be a name's arguments: the text up to what parts two commands in every shell, and whether they
/// end so, with no opening before. To cmd.exe a `;` parts arguments.
fn arguments(behind: &[u8]) -> (&[u8], bool) {
    let near = &behind[..behind.len().min(ARGUMENTS)];
    let opens = |byte: &u8| OPENERS[usize::from(*byte)] && *byte != b';';
    let end = near.iter().position(opens).unwrap_or(near.len());
    let ended = match behind.get(end) {
        None => true,
        Some(byte) => end < ARGUMENTS && matches!(byte, b'&' | b'|' | b'\n' | b'\r'),
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
    let end = (0..near.len()).find(ends).or((near.len() == behind.len()).then_some(near.len()));
    let Some(end) = end else {
        return true;
    };
    if near[..end].ends_with(b"^") || near[..end].ends_with(b"\\") {
        // The line goes on.
        return true;
    }
    // A word that begins with `/` or `~`, and a `/` inside of this word or another.
    let word = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-_:+".contains(&byte);
    let (mut rooted, mut tilde, mut slashes) = (false, false, 0);
    for text in [rest, &near[..end]] {
        for at in memchr::memchr2_iter(b'/', b'~', text) {
            let begins = at == 0 || !word(text[at - 1]);
            rooted |= begins;
            tilde |= begins && text[at] == b'~';
            slashes += usize::from(text[at] == b'/');
        }
    }
    rooted && slashes > 1 || tilde && slashes > 0
}

/// Whether two words or more stand behind a name, and all of its arguments are words of a sentence:
/// evidence wants more behind a name that is a word itself.
fn is_sentence(behind: &[u8]) -> bool {
    let (text, ended) = arguments(behind);
    if !ended {
        return false;
    }
    let mut counts = text.split(|&byte| byte == b';').map(|text| {
        let words = text.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty());
        words
            .map(|word| {
                let word = word.strip_suffix(b",").or_else(|| word.strip_suffix(b".")).unwrap_or(word);
                let letters = !word.is_empty() && word.iter().all(|&byte| is_letter(byte));
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
fn is_structured(behind: &[u8]) -> bool {
    let (text, ended) = arguments(behind);
    let letter =
        |byte: u8| is_letter(byte) || byte.is_ascii_digit() || matches!(byte, b' ' | b'\t' | b',' | b';');
    let ends = |at: usize| matches!(text.get(at + 1), None | Some(b' ' | b'\t'));
    let structure =
        |(at, &byte): (usize, &u8)| !(letter(byte) || matches!(byte, b'.' | b':' | b'!') && ends(at));
    !ended || text.iter().enumerate().any(structure)
}
