//! The shell: bash says whether a program is one, and tree-sitter's grammar of bash which commands and
//! redirections stand in it. Nothing is run: bash is started with `-n`, and only for what is to be
//! reported.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use syntrap::Context::{
    ShellArgument, ShellBackquoted, ShellDoubleQuoted, ShellHereDocument, ShellSingleQuoted,
    ShellSubstitution,
};
use tree_sitter::{Node, Parser};

use crate::{Engine, Exception, Ruling, Template};

mod exceptions;

use exceptions::EXCEPTIONS;

/// What a space may be. `$IFS` stands in the grammar, where it parts words.
pub const SPACES: &[&str] = &[" ", " ", "\t", "  ", " \\\n", " \t"];

/// Programs with one value in them.
const TEMPLATES: &[Template] = &[
    Template::new(ShellArgument, "ping -c 1 ", "x", ""),
    Template::new(ShellArgument, "convert ", "x", " -resize 50 y > list"),
    Template::new(ShellArgument, "if test -e ", "x", "; then echo y; fi"),
    Template::new(ShellDoubleQuoted, "ping -c 1 \"", "x", "\""),
    Template::new(ShellDoubleQuoted, "find . -name \"", "x", "\" | head"),
    Template::new(ShellSingleQuoted, "ping -c 1 '", "x", "'"),
    Template::new(ShellSingleQuoted, "find . -name '", "x", "' | head"),
    Template::new(ShellBackquoted, "echo `ping -c 1 ", "x", "`"),
    Template::new(ShellSubstitution, "echo $(ping -c 1 ", "x", ")"),
    Template::new(ShellSubstitution, "y=$(find . -name ", "x", " | head)"),
    Template::new(ShellHereDocument, "cat <<END\nto: ", "x", "\nEND\n"),
];

/// The names that Syntrap says a POSIX shell finds, and their flags: `w` for one that is a word of a
/// language too, `r` for a reserved word, which is no command.
static NAMES: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let table = include_str!("../../../src/shell/commands.txt");
    let posix = table.split("\n## ").find(|section| section.starts_with("posix")).expect("a section");
    let rows = posix.lines().skip(1).filter(|line| !line.is_empty() && !line.starts_with("# "));
    let named = |row: &'static str| {
        let mut fields = row.split(' ');
        (fields.next().expect("a name"), fields.next().expect("flags"))
    };
    rows.map(named).collect()
});

/// The flags of a command; a name of a single letter says too little.
fn flags(name: &str) -> Option<&'static str> {
    NAMES.get(name).copied().filter(|flags| name.len() > 1 && !flags.contains('r'))
}

// What a command is to somebody who looks for it: by its name, and by what it is given.
/// A name that is no word of a language, or that is written as only a shell reads it.
const COMMAND: &str = "a command behind a separator";
const COMMAND_INSIDE: &str = "a command in a substitution";
const COMMAND_IN_BACKQUOTES: &str = "a command in backquotes";
/// The same, with arguments that words of a sentence do not look like.
const GIVEN: &str = "a command with arguments behind a separator";
const GIVEN_INSIDE: &str = "a command with arguments in a substitution";
const GIVEN_IN_BACKQUOTES: &str = "a command with arguments in backquotes";
/// A name that is a word of a language too.
const WORD: &str = "a word";
/// The same, with arguments that words of a sentence do not look like.
const WORD_GIVEN: &str = "a word with arguments behind a separator";
const WORD_GIVEN_INSIDE: &str = "a word with arguments in a substitution";
const WORD_GIVEN_IN_BACKQUOTES: &str = "a word with arguments in backquotes";
/// Any of these behind a line end.
const LINE: &str = "a command behind a line end";
/// A name with several words behind it, or one that ends like a part of a sentence.
const SENTENCE: &str = "a name in a sentence";
/// A file that stands in no directory of programs.
const PATH: &str = "a path";
/// A name that is known only when the program runs.
const COMPUTED: &str = "a computed name";
const UNKNOWN: &str = "an unknown name";

/// What a command stands behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    Separator,
    Line,
    Substitution,
    Backquotes,
}

/// A command and what it stands behind, where that matters.
fn act(command: &'static str, lead: Lead) -> &'static str {
    match (command, lead) {
        (COMMAND | GIVEN | WORD_GIVEN, Lead::Line) => LINE,
        (COMMAND, Lead::Substitution) => COMMAND_INSIDE,
        (COMMAND, Lead::Backquotes) => COMMAND_IN_BACKQUOTES,
        (GIVEN, Lead::Substitution) => GIVEN_INSIDE,
        (GIVEN, Lead::Backquotes) => GIVEN_IN_BACKQUOTES,
        (WORD_GIVEN, Lead::Substitution) => WORD_GIVEN_INSIDE,
        (WORD_GIVEN, Lead::Backquotes) => WORD_GIVEN_IN_BACKQUOTES,
        _ => command,
    }
}

// Redirections.
/// To or from a file that is named from the root.
const FILE: &str = "a redirection from the root";
const REDIRECTION: &str = "a redirection";

/// bash, and tree-sitter's grammar of it.
pub struct Bash {
    parser: Parser,
}

impl Bash {
    /// The engine, if there is a bash.
    ///
    /// # Errors
    ///
    /// If bash cannot be started.
    ///
    /// # Panics
    ///
    /// If a program with a plain value is not one.
    pub fn new() -> io::Result<Self> {
        checked("")?;
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_bash::LANGUAGE.into()).expect("a grammar of this version");
        let mut engine = Bash { parser };
        for template in engine.templates() {
            assert_eq!(engine.judge(&template, template.plain), Ruling::Data, "{template}");
            assert!(engine.confirms(&template, template.plain), "{template}");
        }
        Ok(engine)
    }
}

/// What a command is whose name is `node`.
fn command(node: Node, text: &str, end: usize) -> &'static str {
    let name = Spelled::of(node, text);
    let file = name.text.rsplit('/').next().unwrap_or_default();
    let in_bin = name.text.contains("bin/");
    let before = text[..node.start_byte()].replace("\\\n", "");
    let escaped = before.trim_end_matches([' ', '\t']).ends_with('\\');
    let touches = |c: char| !c.is_ascii_whitespace() && !";&|()<>`}".contains(c);
    match () {
        // tree-sitter ends some words too soon, and begins some too late.
        () if text[node.end_byte()..].starts_with(touches) || escaped => COMPUTED,
        // A reserved word of bash: what stands behind it is run.
        () if name.text == "time"
            && node.prev_named_sibling().is_none()
            && !piped(text, node.start_byte()) =>
        {
            node.next_named_sibling().map_or(UNKNOWN, |node| command(node, text, end))
        }
        () if name.computed => COMPUTED,
        () if in_bin && !file.is_empty() && name.text.starts_with(['/', '.', '~']) => {
            given(node, &text[..end], false)
        }
        () if name.text.contains('/') => PATH,
        () => match flags(file) {
            Some(flags) => given(node, &text[..end], flags.contains('w') && name.plain),
            None => UNKNOWN,
        },
    }
}

/// What a command is that is a word or none, by its arguments.
fn given(name: Node, text: &str, word: bool) -> &'static str {
    let Some(command) = name.parent() else { return COMMAND };
    let mut cursor = command.walk();
    let (mut arguments, mut plain, mut structure, mut sentence) = (0, 0, false, false);
    let behind = |node: &Node| node.start_byte() > name.start_byte() && node.start_byte() < text.len();
    for argument in command.children(&mut cursor).filter(behind) {
        let argument = &text[argument.start_byte()..argument.end_byte().min(text.len())].replace("\\\n", "");
        let letters = argument.bytes().all(|byte| byte.is_ascii_alphabetic());
        arguments += 1;
        plain += usize::from(letters);
        sentence |= argument.ends_with([',', '.', ':', '!', '?']);
        let expands = argument.len() > 1
            && argument.contains('$')
            && !argument.starts_with("$((")
            && !argument.starts_with("$'");
        structure |= argument.starts_with(['/', '~', '<', '>', '&'])
            || argument.starts_with('-') && argument.len() > 1
            || argument.contains('`')
            || argument.contains('{') && argument.contains(',')
            || argument.contains("://")
            || expands
            || !argument.starts_with('\'') && argument.trim_end_matches('\\').contains('\\');
    }
    match (word, structure) {
        (true, true) => WORD_GIVEN,
        (false, true) => GIVEN,
        _ if sentence || plain > 1 || word && arguments > 1 => SENTENCE,
        (true, false) => WORD,
        (false, false) => COMMAND,
    }
}

/// What a command stands behind: the outermost substitution of the value's around it, or what parts it from the one
/// before. What a function begins with stands where the function is called.
fn lead(node: Node, text: &str, place: &Range<usize>, called: &BTreeMap<&str, Lead>) -> Lead {
    let mut lead = parted(text, node.start_byte());
    let start = node.start_byte();
    let mut around = node.parent();
    while let Some(node) = around.filter(|node| node.start_byte() >= place.start) {
        match node.kind() {
            "function_definition" => {
                let name = node.child_by_field_name("name").map(|name| &text[name.byte_range()]);
                let body = node.child_by_field_name("body").map(|body| &text[body.start_byte()..start]);
                let first = body
                    .is_some_and(|before| before.trim_matches(['{', '(', '!', ' ', '\t', '\n']).is_empty());
                if let Some(call) = name.and_then(|name| called.get(name)).filter(|_| first) {
                    lead = *call;
                }
            }
            "command_substitution" if text[node.start_byte()..].starts_with('`') => lead = Lead::Backquotes,
            "command_substitution" | "process_substitution" => lead = Lead::Substitution,
            _ => {}
        }
        around = node.parent();
    }
    lead
}

/// Whether what begins at `start` stands behind a pipe.
fn piped(text: &str, start: usize) -> bool {
    let before = text[..start].replace("\\\n", "");
    let before = before.trim_end().trim_end_matches('&');
    before.ends_with('|') && !before.ends_with("||")
}

/// Whether backquotes stand in backquotes without an escape.
fn nests(substitution: &str) -> bool {
    let inner = substitution.strip_prefix('`').and_then(|inner| inner.strip_suffix('`'));
    inner.is_some_and(|inner| inner.replace("\\`", "").contains('`'))
}

/// What parts a command that begins at `start` from the one before.
fn parted(text: &str, start: usize) -> Lead {
    let before = text[..start].trim_end_matches([' ', '\t', '\\', '(', '{', '!']);
    // The first command of a compound one stands where that one does.
    let reserved = ["if", "while", "until"].iter().find_map(|word| before.strip_suffix(word));
    if let Some(before) = reserved.filter(|before| !before.ends_with(char::is_alphanumeric)) {
        return parted(text, before.len());
    }
    match before.bytes().last() {
        Some(b'\n') if before.ends_with("\\\n") => parted(text, before.len() - 2),
        Some(b'\n') => Lead::Line,
        _ => Lead::Separator,
    }
}

/// Whether bash takes a text for a program. Nothing of it runs.
fn checked(text: &str) -> io::Result<bool> {
    let mut bash = Command::new("bash");
    bash.args(["--norc", "--noprofile", "-n", "-c", text]).env_clear();
    Ok(bash.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?.success())
}

/// The name of a command, as the shell spells it.
#[derive(Default)]
struct Spelled {
    text: String,
    /// It is written as it is spelled.
    plain: bool,
    /// A part of it is known only when it runs.
    computed: bool,
}

impl Spelled {
    fn of(node: Node, text: &str) -> Self {
        let mut spelled = Spelled::default();
        spelled.add(node, text);
        spelled.plain = spelled.text == text[node.byte_range()];
        spelled
    }

    fn add(&mut self, node: Node, text: &str) {
        let own = &text[node.byte_range()];
        match node.kind() {
            "raw_string" => self.text.push_str(own.trim_matches('\'')),
            "ansi_c_string" => self.text.push_str(own[1..].trim_matches('\'')),
            "word" => {
                let mut characters = own.chars();
                while let Some(character) = characters.next() {
                    let spelled = if character == '\\' { characters.next() } else { Some(character) };
                    self.text.extend(spelled.filter(|&c| c != '\n'));
                }
            }
            "string_content" => self.text.push_str(own),
            // Without positional parameters they are nothing.
            "simple_expansion" if own == "$@" || own == "$*" => {}
            "simple_expansion" | "expansion" | "command_substitution" | "arithmetic_expansion" => {
                self.computed = true;
            }
            _ if node.child_count() == 0 => self.text.push_str(own.trim_matches('"')),
            _ => {
                let mut cursor = node.walk();
                node.children(&mut cursor).for_each(|child| self.add(child, text));
            }
        }
    }
}

impl Engine for Bash {
    const NAME: &'static str = "bash";

    fn templates(&self) -> Vec<Template> {
        TEMPLATES.to_vec()
    }

    fn judge(&mut self, template: &Template, value: &str) -> Ruling {
        let text = template.with(value);
        let place = template.before.len()..template.before.len() + value.len();
        let tree = self.parser.parse(&text, None).expect("a tree");
        if tree.root_node().has_error() {
            return Ruling::Refused;
        }
        // tree-sitter sees no backquotes in a here-document; and that the program's backquote is closed by
        // the value's first it overlooks inside of quotes.
        let unseen = match template.context {
            ShellHereDocument => value.contains('`'),
            ShellBackquoted => value.split_once('`').is_some_and(|(before, _)| before.contains(['"', '\''])),
            _ => false,
        };
        // Lines that begin with an escape it takes for parts of those before.
        let unseen = unseen || text.contains("\n\\");
        // The number of the shell, and a parenthesis, it takes for a substitution.
        let unseen = unseen || text.contains("$$(");
        if unseen {
            return Ruling::Refused;
        }
        let mut acts = BTreeSet::new();
        let mut called = BTreeMap::new();
        let mut waiting = vec![tree.root_node()];
        while let Some(node) = waiting.pop() {
            let inside = |node: Node| node.start_byte() < place.end && place.start < node.end_byte();
            let begins = |node: Node| place.contains(&node.start_byte());
            match node.kind() {
                "command_name" if inside(node) => {
                    let command = command(node, &text, place.end);
                    let lead = lead(node.parent().unwrap_or(node), &text, &place, &called);
                    acts.insert(act(command, lead));
                    called.insert(&text[node.byte_range()], lead);
                }
                "declaration_command" | "unset_command" if begins(node) => {
                    acts.insert(WORD);
                }
                "file_redirect" if begins(node) => {
                    let file = node.child_by_field_name("destination").map(|file| &text[file.byte_range()]);
                    let root = file.is_some_and(|file| {
                        (file.starts_with('/') || file.starts_with("~/")) && file[1..].contains('/')
                    });
                    acts.insert(if root { FILE } else { REDIRECTION });
                }
                // A here-document has none.
                "process_substitution"
                    if template.context == ShellHereDocument
                        && lead(node, &text, &place, &called) != Lead::Substitution =>
                {
                    continue;
                }
                // What tree-sitter nests bash ends at the first.
                "command_substitution" if nests(&text[node.byte_range()]) => return Ruling::Refused,
                // bash reads arithmetic if it can.
                "command_substitution" if text[node.byte_range()].starts_with("$((") => continue,
                // Its commands run when it is called, so it is looked at again then.
                "function_definition" => {
                    let name = node.child_by_field_name("name").map(|name| &text[name.byte_range()]);
                    if !name.is_some_and(|name| called.contains_key(name)) {
                        continue;
                    }
                }
                _ => {}
            }
            // The last first, for a function is called behind its definition.
            let mut cursor = node.walk();
            waiting.extend(node.children(&mut cursor));
        }
        if acts.is_empty() { Ruling::Data } else { Ruling::Acts(acts) }
    }

    fn confirms(&mut self, template: &Template, value: &str) -> bool {
        let text = template.with(value);
        let tree = self.parser.parse(&text, None).expect("a tree");
        // What stands in backquotes bash reads when it runs, with what is escaped there undone; and what
        // is substituted in a here-document.
        let mut programs = vec![text.clone()];
        let mut waiting = vec![tree.root_node()];
        while let Some(node) = waiting.pop() {
            let written = &text[node.byte_range()];
            let substitutes = node.kind() == "command_substitution";
            let inner = written.strip_prefix("$(").and_then(|inner| inner.strip_suffix(')'));
            programs.extend(inner.filter(|_| substitutes).map(str::to_owned));
            if substitutes && written.starts_with('`') {
                let inner = written.trim_matches('`');
                programs.push(
                    ["\\`", "\\$"]
                        .iter()
                        .fold(inner.to_owned(), |text, escaped| text.replace(escaped, &escaped[1..])),
                );
            }
            let mut cursor = node.walk();
            waiting.extend(node.children(&mut cursor));
        }
        programs.iter().all(|program| checked(program).expect("bash is there"))
    }

    fn exceptions(&self) -> &'static [Exception] {
        EXCEPTIONS
    }
}
