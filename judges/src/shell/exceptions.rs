//! What bash does with a value that Syntrap does not call an attack, and why.

use std::collections::BTreeSet;

use syntrap::Context;

use super::{
    COMMAND, COMMAND_IN_BACKQUOTES, COMMAND_INSIDE, COMPUTED, FILE, GIVEN, GIVEN_IN_BACKQUOTES, GIVEN_INSIDE,
    LINE, NAMES, PATH, REDIRECTION, SENTENCE, UNKNOWN, WORD, WORD_GIVEN, WORD_GIVEN_IN_BACKQUOTES,
    WORD_GIVEN_INSIDE,
};
use crate::Exception;

/// The classes, each with its heading in `docs/disagreements.md`.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        name: "a name that no shell is known to find",
        covers: |_, _, acts| only(acts, &[UNKNOWN, COMPUTED, PATH]),
    },
    Exception {
        name: "a file in the program's own directory",
        covers: |_, _, acts| only(acts, &[UNKNOWN, COMPUTED, PATH, REDIRECTION]),
    },
    Exception { name: "a command written like a sentence", covers: |_, _, acts| only(acts, SENTENCES) },
    Exception {
        name: "lines of a text",
        covers: |value, context, acts| {
            only(acts, &[SENTENCES, &[LINE]].concat())
                && (Around::of(value, context).words() > 0 || unknown(acts))
        },
    },
    Exception {
        name: "words in front",
        covers: |value, context, acts| {
            let around = Around::of(value, context);
            around.words() > 1
                && acts.iter().all(|act| strength(act) < around.needed(act, context, unknown(acts)))
        },
    },
    Exception {
        name: "a command line from its first word on",
        covers: |value, context, _| {
            let front = front(value, context);
            let first = front.split_ascii_whitespace().next().unwrap_or_default();
            NAMES.contains_key(first.split('$').next().unwrap_or_default())
                || first.contains('=')
                || front.split_ascii_whitespace().skip(1).any(|w| w.starts_with('-'))
        },
    },
    Exception {
        name: "a command among unknown names",
        covers: |_, _, acts| unknown(acts) && only(acts, UNSURE),
    },
    Exception {
        name: "a quote inside of a word",
        covers: |value, context, _| {
            let quote = match context {
                Context::ShellDoubleQuoted => '"',
                Context::ShellSingleQuoted => '\'',
                _ => return false,
            };
            let blank = |c: char| c.is_ascii_whitespace() || ";&|<>()".contains(c);
            value.split(quote).nth(1).is_some_and(|text| !text.is_empty() && !text.starts_with(blank))
        },
    },
    Exception {
        name: "a redirection that the program completes",
        covers: |value, _, acts| {
            only(acts, UNSURE) && value.trim_end().trim_end_matches(['&', '|']).ends_with(['<', '>'])
        },
    },
    Exception {
        name: "names in angle brackets",
        covers: |value, _, acts| {
            let names = |text: &str| !text.trim_start().starts_with(['/', '~', '<', '(', '&']);
            let allowed = if unknown(acts) { UNSURE } else { SENTENCES };
            only(acts, &[allowed, &[FILE]].concat()) && value.split('<').skip(1).any(names)
        },
    },
    Exception {
        name: "backquotes among words",
        covers: |value, context, acts| {
            only(acts, &[SENTENCES, IN_BACKQUOTES, &[LINE]].concat())
                && IN_BACKQUOTES.iter().any(|act| acts.contains(act))
                && (Around::of(value, context).words() > 0 || acts.contains(UNKNOWN))
        },
    },
];

/// What sentences have.
const SENTENCES: &[&str] = &[WORD, SENTENCE, UNKNOWN, COMPUTED, PATH, REDIRECTION];
/// What counts for too little where a name is not known.
const UNSURE: &[&str] = &[
    COMMAND,
    COMMAND_INSIDE,
    COMMAND_IN_BACKQUOTES,
    GIVEN_IN_BACKQUOTES,
    LINE,
    WORD,
    WORD_GIVEN,
    WORD_GIVEN_INSIDE,
    WORD_GIVEN_IN_BACKQUOTES,
    SENTENCE,
    UNKNOWN,
    COMPUTED,
    PATH,
    REDIRECTION,
];
/// What Markdown has in a text.
const IN_BACKQUOTES: &[&str] = &[COMMAND_IN_BACKQUOTES, GIVEN_IN_BACKQUOTES, WORD_GIVEN_IN_BACKQUOTES];

/// Whether a command has a name that no shell is known to find.
fn unknown(acts: &BTreeSet<&'static str>) -> bool {
    [UNKNOWN, COMPUTED, PATH].iter().any(|name| acts.contains(name))
}

/// Whether nothing else is done.
fn only(acts: &BTreeSet<&'static str>, allowed: &[&str]) -> bool {
    acts.iter().all(|act| allowed.contains(act))
}

/// The value with the quotes that the program has around it.
fn quoted(value: &str, context: Context) -> String {
    match context {
        Context::ShellDoubleQuoted | Context::ShellHereDocument => format!("\"{value}\""),
        Context::ShellSingleQuoted => format!("'{value}'"),
        // The value's first closes the program's, which is a word then.
        Context::ShellBackquoted => value.replacen('`', "x", 1),
        Context::ShellSubstitution
            if value.find(['(', ')']).is_some_and(|at| value[at..].starts_with(')')) =>
        {
            value.replacen(')', "x", 1)
        }
        _ => value.to_owned(),
    }
}

/// The text in front of what parts commands; a substitution is a letter of it.
fn front(value: &str, context: Context) -> String {
    let mut value = quoted(value, context);
    for (written, plain) in [("\\\n", ""), (">|", ">"), ("&>", ">"), (">&", ">")] {
        value = value.replace(written, plain);
    }
    let mut open = None;
    let value = outside(&value, 'x');
    let unquoted = value.chars().map(|character| {
        match open {
            Some(quote) if quote == character => open = None,
            Some(_) => return 'x',
            None if matches!(character, '\'' | '"') => open = Some(character),
            None => return character,
        }
        'x'
    });
    let value: String = unquoted.collect();
    value.split([';', '&', '|', '\n', ')']).next().unwrap_or_default().to_owned()
}

/// How strong a command is by its name and by what it is given, 3 at most: see the document.
fn strength(act: &str) -> usize {
    match act {
        GIVEN | GIVEN_INSIDE | GIVEN_IN_BACKQUOTES | LINE => 3,
        COMMAND | COMMAND_INSIDE | COMMAND_IN_BACKQUOTES => 2,
        WORD_GIVEN | WORD_GIVEN_INSIDE | WORD_GIVEN_IN_BACKQUOTES => 2,
        FILE | WORD => 1,
        _ => 0,
    }
}

/// The words around the commands.
struct Around {
    /// In front of the first one, files left out.
    front: usize,
    /// In double quotes, where an expansion parts words.
    quoted: usize,
}

impl Around {
    fn of(value: &str, context: Context) -> Self {
        let front = front(value, context);
        let blank = |c: char| c.is_ascii_whitespace() || matches!(c, '<' | '>');
        let files = front.split(['<', '>']).skip(1).filter(|text| !text.is_empty()).count();
        let front = front.split(blank).filter(|word| !word.is_empty()).count().saturating_sub(files);
        let count = |text: &str| {
            let goes_on = text.ends_with(|c: char| c.is_ascii_whitespace());
            (text.split_ascii_whitespace().count() + usize::from(goes_on)).max(usize::from(!text.is_empty()))
        };
        let count = |text: &str| outside(text, '\0').split('\0').flat_map(texts).map(count).sum::<usize>();
        let quoted = match context {
            Context::ShellHereDocument => count(value),
            _ => quoted(value, context).split('"').skip(1).step_by(2).map(count).sum(),
        };
        Around { front, quoted }
    }

    fn words(&self) -> usize {
        self.front.max(self.quoted)
    }

    /// How strong a command has to be behind so many words; 4 is more than any is.
    fn needed(&self, act: &str, context: Context, unknown: bool) -> usize {
        let left = matches!(context, Context::ShellDoubleQuoted | Context::ShellSingleQuoted);
        match act {
            FILE if self.words() > 1 => 4,
            FILE => 0,
            COMMAND_INSIDE | GIVEN_INSIDE | WORD_GIVEN_INSIDE => {
                1 + usize::from(self.front > 3) + self.quoted.saturating_sub(1).min(3)
            }
            COMMAND_IN_BACKQUOTES | GIVEN_IN_BACKQUOTES | WORD_GIVEN_IN_BACKQUOTES => match self.words() {
                _ if unknown => 4,
                words => words.clamp(1, 3) + 1,
            },
            LINE if unknown => 4,
            // What stands between the quote and the separator is no argument of its own.
            _ if left && self.front > 1 => 4,
            LINE => 2 + self.front.min(2),
            _ => 1 + self.front.min(2) + usize::from(unknown),
        }
    }
}

/// The texts around the parameters of a text in quotes.
fn texts(text: &str) -> impl Iterator<Item = &str> {
    let special = |c: char| "@*#?$!-0".contains(c);
    text.split('$').enumerate().map(move |(at, text)| match text.strip_prefix(special) {
        _ if at == 0 => text,
        Some(behind) => behind,
        None => text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_'),
    })
}

/// A text with a sign for each substitution.
fn outside(text: &str, sign: char) -> String {
    // In quotes none begins with `<(`.
    let opens = |before: &str| before.ends_with('$') || sign == 'x' && before.ends_with(['<', '>']);
    let (mut outside, mut depth, mut backquoted) = (String::new(), 0usize, false);
    for (at, character) in text.char_indices() {
        match character {
            '(' if opens(&text[..at]) || depth > 0 => {
                depth += 1;
                outside.push(sign);
            }
            ')' if depth > 0 => depth -= 1,
            '`' if depth == 0 => {
                backquoted = !backquoted;
                outside.extend(backquoted.then_some(sign));
            }
            _ if depth == 0
                && character.is_ascii()
                && text[at + 1..].starts_with('(')
                && opens(&text[..=at]) => {}
            _ if depth == 0 && !backquoted => outside.push(character),
            _ => {}
        }
    }
    outside
}
