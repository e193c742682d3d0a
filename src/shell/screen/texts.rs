//! What stands behind a command's name, as far as some shell may read it: its arguments, quotes, redirections.

use super::{OPENERS, Shells};

/// Words before a command's name: a shell that reserves them goes on with a command, as PowerShell does
/// behind `.`.
pub(super) const LEADING: [&[u8]; 14] = [
    b"if", b"then", b"else", b"elif", b"while", b"until", b"do", b"time", b"coproc", b"fi", b"done", b"esac",
    b"}", b".",
];

/// Whether the quotes that a word opens hold a blank or an operator, and nothing that may make a path or an
/// expansion of what is in them or touches them: no shell finds a command of such a name.
pub(super) fn holds_text(word: &[u8], behind: &[u8]) -> bool {
    let Some(at) = word.iter().position(|byte| matches!(byte, b'\'' | b'"')) else { return false };
    let unclear = |byte: &u8| {
        matches!(
            byte,
            b'/' | b'\\' | b'$' | b'`' | b'%' | b'!' | b'^' | b'~' | b'*' | b'?' | b'[' | b'{' | 0xe2
        )
    };
    let (quote, inside) = (word[at], &word[at + 1..]);
    // A path's last segment goes on behind that.
    let clear = |byte: &u8| *byte == b'/' || !unclear(byte);
    let holds = |byte: &u8| matches!(byte, b' ' | b'\t' | b'(' | b')' | b';' | b'&' | b'|');
    if !behind.first().is_some_and(holds) || !inside.iter().chain(&word[..at]).all(clear) {
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

/// Whether a word is put together from a text with a `:` or a quoted `,` in it, which no name has, and nothing
/// that makes a path or an expansion of what follows: the members of an object in JSON are such.
pub(super) fn is_member(word: &[u8], behind: &[u8]) -> bool {
    let near = &behind[..behind.len().min(ARGUMENTS)];
    let plain = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'"');
    let length = word.iter().take_while(plain).count();
    let name = &word[..length];
    let quoted = name.iter().filter(|&&byte| byte == b'"').count() % 2 == 1;
    let unclear = |byte: &u8| b"/\\$`%!^~".contains(byte);
    matches!((word.get(length), quoted), (Some(b':'), _) | (Some(b','), true))
        && name.iter().any(u8::is_ascii_alphanumeric)
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

/// Whether a word that goes on behind a brace or a parenthesis may be a path there, the last segment of which
/// is the name, or have an expansion, of what the value has set itself perhaps.
pub(super) fn goes_on(behind: &[u8]) -> bool {
    let near = &behind[..behind.len().min(ARGUMENTS)];
    // What is quoted or substituted holds blanks.
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let end = near.iter().position(|byte| blank(byte) || b"'\"\\^$`".contains(byte));
    let near = &near[..end.filter(|&at| blank(&near[at])).unwrap_or(near.len())];
    near.len() == ARGUMENTS || memchr::memchr3(b'/', b'\\', b'$', near).is_some()
}

/// Whether parentheses stand behind a word that hold a word: no loop of the POSIX shell has those.
pub(super) fn is_call(behind: &[u8]) -> bool {
    matches!(behind.trim_ascii_start(), [b'(', next, ..] if next.is_ascii_alphanumeric())
}

/// What stands behind the parenthesis that closes at once, and makes a name that of a function: a compound
/// command that begins with another one.
pub(super) fn conditional_body(text: &[u8]) -> Option<&[u8]> {
    let body = text.trim_ascii_start().strip_prefix(b")")?.trim_ascii_start();
    // An escaped line end may stand before the word and in it.
    matches!(body.first(), Some(b'i' | b'w' | b'u' | b'\\')).then_some(body)
}

/// What ends a name for cmd.exe, or in a brace expansion.
pub(super) fn delimiter(byte: &u8) -> bool {
    matches!(byte, b',' | b'=' | b';')
}

/// Whether a condition of cmd.exe stands behind `if`, and then a command (`if /?`).
pub(super) fn is_condition(behind: &[u8]) -> bool {
    let (text, _) = arguments(behind, false);
    let words = text.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty());
    memchr::memmem::find(text, b"==").is_some()
        || words.take(4).any(|word| CONDITIONS.iter().any(|condition| word.eq_ignore_ascii_case(condition)))
}

/// What a condition of cmd.exe has among its first words.
const CONDITIONS: [&[u8]; 10] =
    [b"exist", b"defined", b"errorlevel", b"cmdextversion", b"equ", b"neq", b"lss", b"leq", b"gtr", b"geq"];

/// Whether an assignment ends with its word.
pub(super) fn is_plain(word: &[u8], behind: &[u8]) -> bool {
    !word.iter().any(|byte| matches!(byte, b'\'' | b'"' | b'\\' | b'$' | b'^' | 0xe2))
        && !matches!(behind.first(), Some(b'<' | b'>' | b'`' | b'(' | b'{'))
}

/// What stands behind a redirection, or what is found there if that is not known: nothing behind an operator
/// that names no file, for no shell goes on there.
pub(super) fn behind_redirection(text: &[u8]) -> Result<&[u8], Shells> {
    // `<`, `>>`, `<<-`, `>&`, `>|`
    let sign = |byte: &u8| matches!(byte, b'<' | b'>' | b'&' | b'|' | b'-');
    let operator = text.iter().take(4).take_while(|byte| sign(byte)).count();
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c);
    let blanks = text[operator..].iter().take_while(|byte| blank(byte)).count();
    let target = &text[operator + blanks..];
    match target {
        [] | [b'\n' | b'\r' | b'&' | b'|' | b')', ..] => return Err(Shells::empty()),
        // A blank to cmd.exe
        [b';', ..] => return Err(Shells::CMD),
        _ => {}
    }
    let (word, behind) = target.split_at(word(target));
    let special = |byte: &u8| b"'\"\\^$%!,=\x0b\x0c\xc2\xe1\xe2\xe3".contains(byte);
    let opens = matches!(behind.first(), Some(b'(' | b'{' | b'`' | 0x0b | 0x0c));
    match word.is_empty() || opens || word.iter().any(special) {
        true => Err(Shells::all()),
        false => Ok(behind),
    }
}

/// What stands behind an assignment whose value is one text in double quotes, in which nothing is expanded or
/// escaped: to the POSIX shell, for to the others it is none.
pub(super) fn behind_quotes(text: &[u8]) -> Option<&[u8]> {
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
pub(super) fn word(text: &[u8]) -> usize {
    let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c | b')') || OPENERS[usize::from(*byte)];
    text.iter().position(ends).unwrap_or(text.len())
}

/// How many bytes behind a name are looked at: a bound, for one name's arguments may be all that follows.
const ARGUMENTS: usize = 512;

/// What may be a name's arguments: the text up to what parts two commands in every shell, and whether they
/// end so, with no opening before. To cmd.exe a `;` parts arguments.
pub(super) fn arguments(behind: &[u8], parts: bool) -> (&[u8], bool) {
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
pub(super) fn names_root(rest: &[u8], behind: &[u8]) -> bool {
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

/// Whether an argument may be a path from the root, as it stands or in quotes.
pub(super) fn may_name_root(behind: &[u8], parts: bool) -> bool {
    let near = &behind[..behind.len().min(ARGUMENTS)];
    let separates = |byte: &u8| matches!(byte, b'\n' | b'\r' | b'&' | b'|') || parts && *byte == b';';
    let end = near.iter().position(separates);
    let text = &near[..end.unwrap_or(near.len())];
    let hides = |byte: &u8| {
        matches!(byte, b'/' | b'\'' | b'"' | b'`' | b'\\' | b'^' | b'$' | b'%' | b'!' | b'@' | 0x80..)
    };
    // What is open there holds the separator.
    let open = |open: u8, close: u8| {
        let count = |sign: u8| text.iter().filter(|&&byte| byte == sign).count();
        count(open) != count(close)
    };
    text.len() == ARGUMENTS || text.iter().any(hides) || open(b'(', b')') || open(b'{', b'}')
}

/// Whether two words or more stand behind a name, and all of its arguments are words of a sentence:
/// evidence wants more behind a name that is a word itself.
pub(super) fn is_sentence(behind: &[u8]) -> bool {
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
pub(super) fn is_structured(behind: &[u8], parts: bool) -> bool {
    let (text, ended) = arguments(behind, parts);
    let letter =
        |byte: u8| is_letter(byte) || byte.is_ascii_digit() || matches!(byte, b' ' | b'\t' | b',' | b';');
    let ends = |at: usize| matches!(text.get(at + 1), None | Some(b' ' | b'\t'));
    let structure =
        |(at, &byte): (usize, &u8)| !(letter(byte) || matches!(byte, b'.' | b':' | b'!') && ends(at));
    !ended || text.iter().enumerate().any(structure)
}
