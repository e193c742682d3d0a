//! Values that complete an argument and go on with a command of their own, for the POSIX shell and bash, for
//! cmd.exe and for PowerShell.

use syntrap::{Context, ContextSet, Language};

use super::{Rewriting, Writer};

/// What a value of the shell holds.
pub fn check(data: &[u8]) {
    super::check(data, |writer| {
        // A whole command line is a command whatever it does, and the policy asks what that is.
        let context = writer.place(ContextSet::of_language(Language::Shell).without(Context::ShellCommand));
        let shell = match context {
            Context::ShellArgument | Context::ShellDoubleQuoted => {
                writer.pick(&[Dialect::Posix, Dialect::Cmd, Dialect::PowerShell])
            }
            _ => Dialect::Posix,
        };
        Line { writer, context, shell }.value();
        context
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    Posix,
    Cmd,
    PowerShell,
}

/// Commands whose names are no words, with arguments that no sentence has.
const POSIX: &[(&str, &[&str])] = &[
    ("chmod", &["-R", "700", "/srv/app"]),
    ("uname", &["-a"]),
    ("curl", &["-o", "/srv/x", "host.example/x"]),
    ("wget", &["-q", "//host.example/list.txt"]),
    ("mkfifo", &["/srv/app/pipe"]),
    ("useradd", &["-m", "guest2"]),
    ("netstat", &["-an"]),
];

const CMD: &[(&str, &[&str])] = &[
    ("ipconfig", &["/all"]),
    ("netstat", &["-an"]),
    ("tasklist", &["/v"]),
    ("whoami", &["/groups"]),
    ("certutil", &["-dump", "C:\\app\\x.cer"]),
];

const POWERSHELL: &[(&str, &[&str])] = &[
    ("Get-ChildItem", &["-Path", "C:\\app"]),
    ("Remove-Item", &["-Recurse", "C:\\app\\x"]),
    ("Get-Process", &["-Id", "7"]),
];

struct Line<'w, 'a> {
    writer: &'w mut Writer<'a>,
    context: Context,
    shell: Dialect,
}

impl Line<'_, '_> {
    // ----------------------------------------------------------------------------------------
    // The value

    fn value(&mut self) {
        let word = self.writer.pick(&["", "x", "42"]);
        match self.context {
            Context::ShellEnvironment => {
                self.writer.text("() { :; }");
                self.gap();
                self.writer.text(";");
                self.gap();
                self.command();
            }
            Context::ShellHereDocument => {
                self.writer.text(word);
                self.substitution();
            }
            Context::ShellDoubleQuoted if self.shell == Dialect::Posix && self.writer.choose(2) == 1 => {
                self.writer.text(word);
                self.substitution();
            }
            Context::ShellDoubleQuoted => self.quoted(word, "\""),
            Context::ShellSingleQuoted => self.quoted(word, "'"),
            Context::ShellArgument if self.shell == Dialect::Posix && self.writer.choose(3) == 1 => {
                self.writer.text(word);
                self.substitution();
            }
            Context::ShellArgument => {
                self.writer.text(word);
                self.separator();
                self.command();
                self.tail();
            }
            _ => {
                self.writer.text("x");
                self.separator();
                self.command();
            }
        }
    }

    /// Leaves a quote and opens it again, or hides it.
    fn quoted(&mut self, word: &str, quote: &str) {
        self.writer.text(word);
        self.writer.text(quote);
        self.separator();
        self.command();
        if self.shell == Dialect::Posix && self.writer.choose(2) == 1 {
            self.writer.text(" #");
        } else {
            self.writer.text(" ");
            self.writer.text(quote);
        }
    }

    fn separator(&mut self) {
        self.gap();
        let separators: &[&str] = match self.shell {
            Dialect::Posix => &[";", "|", "&", "&&", "||"],
            Dialect::Cmd => &["&", "|", "&&", "||"],
            Dialect::PowerShell => &[";", "|"],
        };
        let separator = self.writer.pick(separators);
        // A pipe feeds what follows; of the others, these two let it run as well.
        let ways: &[&str] =
            if separator == ";" && self.shell == Dialect::Posix { &[";", "&"] } else { &[separator] };
        let separator = self.writer.one_of(Rewriting::Operators, ways);
        self.writer.text(separator);
        self.gap();
    }

    /// `$(…)`, or with backquotes.
    fn substitution(&mut self) {
        let quoted = self.context == Context::ShellDoubleQuoted;
        let [open, close] = self.writer.one_of(Rewriting::Operators, &[["$(", ")"], ["`", "`"]]);
        self.writer.text(open);
        self.gap();
        if open == "`" || quoted {
            self.simple();
        } else {
            self.command();
        }
        self.gap();
        self.writer.text(close);
    }

    /// What may stand behind the command.
    fn tail(&mut self) {
        let comment = match self.shell {
            Dialect::Posix => self.writer.one_of(Rewriting::Comments, &["", " #", " # x", "\n#x\n"]),
            Dialect::PowerShell => self.writer.one_of(Rewriting::Comments, &["", " #", " # x", " <# x #>"]),
            Dialect::Cmd => self.writer.one_of(Rewriting::Comments, &["", "& rem x", "&::x"]),
        };
        self.writer.text(comment);
    }

    // ----------------------------------------------------------------------------------------
    // Commands

    fn command(&mut self) {
        let way = self.writer.way(Rewriting::Parentheses, 6);
        match (self.shell, way) {
            (Dialect::Posix, 1) | (Dialect::Cmd, 1 | 2) => {
                // Two parentheses would be arithmetic.
                self.writer.text(" (");
                self.simple();
                self.writer.text(")");
            }
            (Dialect::Posix, 2) => {
                self.writer.text("{ ");
                self.simple();
                self.writer.text("; }");
            }
            (Dialect::Posix, 3) => {
                self.writer.text(" ( (");
                self.simple();
                self.writer.text("))");
            }
            // A function that is called; the name may be quoted.
            (Dialect::Posix, way @ (4 | 5)) => {
                self.writer.text(if way == 4 { "fn() { " } else { "function fn { " });
                self.simple();
                self.writer.text("; }; ");
                let call = self.writer.one_of(Rewriting::Literals, &["fn", "'fn'", "\\fn", "f\"n\""]);
                self.writer.text(call);
            }
            (Dialect::PowerShell, 1 | 2) => {
                self.writer.text("function fn { ");
                self.simple();
                self.writer.text(" }; ");
                self.writer.caseless("fn");
            }
            _ => self.simple(),
        }
    }

    fn simple(&mut self) {
        let (name, arguments) = self.writer.pick(match self.shell {
            Dialect::Posix => POSIX,
            Dialect::Cmd => CMD,
            Dialect::PowerShell => POWERSHELL,
        });
        self.name(name);
        for argument in arguments {
            self.blank();
            self.argument(argument);
        }
    }

    fn name(&mut self, name: &str) {
        let (first, rest) = name.split_at(1);
        match (self.shell, self.writer.way(Rewriting::Literals, 6), self.writer.way(Rewriting::Encodings, 4))
        {
            (Dialect::Posix, 1, _) => self.text(&["\"", name, "\""]),
            (Dialect::Posix, 2, _) => self.text(&[first, "'", rest, "'"]),
            (Dialect::Posix, 3, _) => self.text(&["\\", name]),
            (Dialect::Posix, 4, _) => self.text(&[first, "\"\"", rest]),
            (Dialect::Posix, 5, _) => self.text(&["''", name]),
            (Dialect::Posix, _, 1) => {
                let code = first.as_bytes()[0];
                self.text(&[&format!("$'\\x{code:02x}"), rest, "'"]);
            }
            (Dialect::Posix, _, 2) => {
                let code = first.as_bytes()[0];
                self.text(&[&format!("$'\\{code:03o}'"), rest]);
            }
            (Dialect::Posix, _, 3) => self.text(&["$'", name, "'"]),
            (Dialect::Cmd, 1, _) => {
                self.text(&["\""]);
                self.writer.caseless(name);
                self.text(&["\""]);
            }
            (Dialect::Cmd, _, 1..) => {
                self.text(&[first, "^"]);
                self.writer.caseless(rest);
            }
            (Dialect::PowerShell, 1, _) => self.text(&["& '", name, "'"]),
            (Dialect::PowerShell, _, 1..) => {
                // No escape sequence has these letters.
                let at = if name.starts_with('G') { 0 } else { 2 };
                self.text(&[&name[..at], "`", &name[at..]]);
            }
            (Dialect::Posix, ..) => self.writer.text(name),
            _ => self.writer.caseless(name),
        }
    }

    fn argument(&mut self, argument: &str) {
        let quote = match self.shell {
            Dialect::Posix => self.writer.one_of(Rewriting::Literals, &["", "'", "\""]),
            _ => "",
        };
        self.text(&[quote, argument, quote]);
    }

    fn text(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.writer.text(part));
    }

    fn blank(&mut self) {
        let ways: &[&str] = match self.shell {
            Dialect::Posix => &[" ", "  ", "\t", " \\\n"],
            _ => &[" ", "  ", "\t"],
        };
        let blank = self.writer.one_of(Rewriting::WhiteSpace, ways);
        let fields = if self.shell == Dialect::Posix {
            self.writer.one_of(Rewriting::Encodings, &["", "${IFS}"])
        } else {
            ""
        };
        self.writer.text(if fields.is_empty() { blank } else { fields });
    }

    fn gap(&mut self) {
        let blank = self.writer.one_of(Rewriting::WhiteSpace, &["", " ", "\t", "  "]);
        self.writer.text(blank);
    }
}
