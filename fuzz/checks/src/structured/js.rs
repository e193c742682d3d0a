//! Values that leave a literal, a comment or an expression of a script and go on with something that reaches
//! beyond the program.

use syntrap::{Context, ContextSet, Language};

use super::{Rewriting, Writer};

/// What a value of JavaScript holds.
pub fn check(data: &[u8]) {
    super::check(data, |writer| {
        // Directly behind an operand only a value of one line counts, and white space that is written
        // otherwise may have several.
        let context = writer.place(ContextSet::of_language(Language::Js).without(Context::JsSuffix));
        Js { writer, context }.value();
        context
    });
}

const NAMES: &[&str] = &["x", "item", "$", "_price", "shelf2"];

/// How deep expressions nest.
const DEPTH: usize = 3;

struct Js<'w, 'a> {
    writer: &'w mut Writer<'a>,
    context: Context,
}

impl Js<'_, '_> {
    // ----------------------------------------------------------------------------------------
    // The value

    fn value(&mut self) {
        let word = self.writer.pick(&["", "x", "two words"]);
        match self.context {
            Context::JsSingleQuoted => self.literal(word, "'"),
            Context::JsDoubleQuoted => self.literal(word, "\""),
            Context::JsTemplate if self.writer.choose(2) == 0 => {
                self.text(&[word, "${"]);
                self.gap();
                self.act();
                self.gap();
                self.text(&["}", word]);
            }
            Context::JsTemplate => self.literal(word, "`"),
            Context::JsRegex => {
                self.text(&["x", "/"]);
                self.statement();
                self.writer.text("//");
            }
            Context::JsLineComment => {
                self.text(&[word, "\n"]);
                self.act();
                self.gap();
                self.writer.text(";");
            }
            Context::JsBlockComment => {
                self.text(&[word, "*/"]);
                self.gap();
                self.act();
                self.gap();
                self.writer.text("/*");
            }
            Context::JsExpression => {
                self.number();
                match self.writer.choose(2) {
                    0 => self.statement(),
                    _ => {
                        self.gap();
                        let operator =
                            self.writer.one_of(Rewriting::Operators, &[",", "&&", "||", "??", "+"]);
                        self.writer.text(operator);
                        self.gap();
                        self.call();
                    }
                }
            }
            Context::JsTemplateInjection => {
                let [open, close] = self.writer.pick(&[
                    ["{{", "}}"],
                    ["${", "}"],
                    ["#{", "}"],
                    ["<%=", "%>"],
                    ["{{{", "}}}"],
                ]);
                self.text(&[word, open]);
                self.gap();
                self.call();
                self.gap();
                self.text(&[close, word]);
            }
            _ => self.act(),
        }
    }

    fn text(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.writer.text(part));
    }

    /// Leaves a literal and gets rid of what the program closes it with.
    fn literal(&mut self, word: &str, quote: &str) {
        self.text(&[word, quote]);
        match self.writer.choose(3) {
            0 => {
                self.statement();
                self.gap();
                self.writer.text("//");
            }
            1 => {
                self.statement();
                self.text(&[";", quote]);
            }
            _ => {
                let operator = self.writer.pick(&["+", "-", "&&", "||", ",", "=="]);
                self.gap();
                self.writer.text(operator);
                self.gap();
                self.call();
                self.gap();
                self.text(&[operator, quote, word]);
            }
        }
    }

    /// `;f(x)`
    fn statement(&mut self) {
        self.gap();
        let ends = self.writer.one_of(Rewriting::Operators, &[";", ";;", ";{}"]);
        self.writer.text(ends);
        self.gap();
        self.act();
    }

    // ----------------------------------------------------------------------------------------
    // What acts

    fn act(&mut self) {
        if self.writer.choose(3) > 0 {
            self.call();
            return;
        }
        // A name that is given a name may be a setting: `location = Berlin`.
        match self.writer.choose(3) {
            0 => {
                self.name("location");
                self.assigns();
                self.string();
            }
            1 => {
                self.name("onerror");
                self.assigns();
                self.name("eval");
            }
            _ => {
                self.name("document");
                self.property("title");
                self.assigns();
                self.expression(DEPTH);
            }
        }
    }

    fn assigns(&mut self) {
        self.gap();
        self.writer.text("=");
        self.gap();
    }

    /// A call of what the page or the language gives every script.
    fn call(&mut self) {
        let parentheses = self.writer.way(Rewriting::Parentheses, 3);
        self.writer.text(&"(".repeat(parentheses));
        match self.writer.choose(6) {
            0 => {
                let name = self.writer.pick(&["eval", "setTimeout", "postMessage"]);
                self.callee(name);
                self.arguments();
            }
            1 => {
                self.name("document");
                self.property("write");
                self.arguments();
            }
            2 => {
                self.name("x");
                self.property("constructor");
                self.property("constructor");
                self.arguments();
            }
            3 => {
                self.writer.text("import(");
                self.gap();
                self.string();
                self.gap();
                self.writer.text(")");
            }
            4 => {
                self.writer.text("new ");
                self.name("WebSocket");
                self.writer.text("(");
                self.expression(1);
                self.writer.text(")");
            }
            _ => {
                self.writer.text("[]");
                self.property("constructor");
                self.property("constructor");
                self.arguments();
                self.arguments();
            }
        }
        self.writer.text(&")".repeat(parentheses));
    }

    fn callee(&mut self, name: &str) {
        let parentheses = self.writer.way(Rewriting::Parentheses, 2);
        self.writer.text(&"(".repeat(parentheses));
        self.name(name);
        self.writer.text(&")".repeat(parentheses));
    }

    fn arguments(&mut self) {
        let open = self.writer.one_of(Rewriting::Operators, &["(", "?.("]);
        self.writer.text(open);
        self.gap();
        self.expression(DEPTH);
        self.gap();
        self.writer.text(")");
    }

    /// `.x` or `["x"]`
    fn property(&mut self, name: &str) {
        match self.writer.way(Rewriting::Operators, 2) {
            0 => {
                self.gap();
                self.writer.text(".");
                self.name(name);
            }
            _ => self.text(&["[\"", name, "\"]"]),
        }
    }

    // ----------------------------------------------------------------------------------------
    // Expressions

    fn expression(&mut self, depth: usize) {
        let parentheses = self.writer.way(Rewriting::Parentheses, 3);
        self.writer.text(&"(".repeat(parentheses));
        match self.writer.choose(if depth == 0 { 3 } else { 8 }) {
            0 => self.number(),
            1 => self.string(),
            2 => {
                let name = self.writer.pick(NAMES);
                self.name(name);
            }
            3 => {
                self.expression(depth - 1);
                let operator = self.writer.pick(&["+", "*", "===", "<", "??", ">>>"]);
                self.gap();
                self.writer.text(operator);
                self.gap();
                self.expression(depth - 1);
            }
            4 => {
                self.writer.text("[");
                self.expression(depth - 1);
                self.writer.text(",");
                self.gap();
                self.expression(depth - 1);
                self.writer.text("]");
            }
            5 => {
                self.writer.text("({");
                self.name("k");
                self.gap();
                self.writer.text(":");
                self.gap();
                self.expression(depth - 1);
                self.writer.text("})");
            }
            6 => {
                self.writer.text("(");
                self.name("y");
                self.writer.text("=>");
                self.gap();
                self.expression(depth - 1);
                self.writer.text(")");
            }
            _ => {
                self.writer.text("(");
                self.expression(depth - 1);
                self.gap();
                self.writer.text("?");
                self.gap();
                self.expression(depth - 1);
                self.gap();
                self.writer.text(":");
                self.gap();
                self.expression(depth - 1);
                self.writer.text(")");
            }
        }
        self.writer.text(&")".repeat(parentheses));
    }

    // ----------------------------------------------------------------------------------------
    // Tokens

    /// Where white space may stand, and none does. No line ends: a statement might end there, and a URL
    /// has none.
    fn gap(&mut self) {
        let space = self
            .writer
            .one_of(Rewriting::WhiteSpace, &["", " ", "\t", "  ", "\x0c", "\x0b", "\u{a0}", "\u{2003}"]);
        self.writer.text(space);
        let comment = self.writer.one_of(Rewriting::Comments, &["", "/**/", "/*x*/", "/* ' \" ` */"]);
        self.writer.text(comment);
    }

    /// A name, its first character escaped perhaps.
    fn name(&mut self, name: &str) {
        let mut rest = name.chars();
        let first = rest.next().expect("a name has a character");
        let code = u32::from(first);
        match self.writer.way(Rewriting::Encodings, 4) {
            1 => self.writer.text(&format!("\\u{code:04x}")),
            2 => self.writer.text(&format!("\\u{{{code:x}}}")),
            3 => self.writer.text(&format!("\\u{{{code:06X}}}")),
            _ => self.writer.text(first.encode_utf8(&mut [0; 4])),
        }
        self.writer.text(rest.as_str());
    }

    fn number(&mut self) {
        let digit = self.writer.choose(8).to_string();
        let [before, behind] = self.writer.one_of(
            Rewriting::Literals,
            &[["", ""], ["", ".0"], ["0x", ""], ["", "e0"], ["0b0", "0"], ["0o", ""], ["", "n"]],
        );
        let digit = if before == "0b0" { "1" } else { &digit };
        self.writer.text(before);
        self.writer.text(digit);
        let exponent = if behind == "e0" { "E0" } else { behind };
        let behind = self.writer.one_of(Rewriting::Case, &[behind, exponent]);
        self.writer.text(behind);
    }

    fn string(&mut self) {
        let quote = self.writer.one_of(Rewriting::Literals, &["\"", "'", "`"]);
        self.writer.text(quote);
        let text = self.writer.pick(&["m", "shelf", ""]);
        for character in text.chars() {
            let code = u32::from(character);
            // The digits of a number in another base have no case.
            let upper = self.writer.way(Rewriting::Case, 2) == 1;
            match self.writer.way(Rewriting::Encodings, 4) {
                _ if upper => self.writer.text(&format!("\\x{code:02X}")),
                1 => self.writer.text(&format!("\\x{code:02x}")),
                2 => self.writer.text(&format!("\\u{code:04x}")),
                3 => self.writer.text(&format!("\\u{{{code:x}}}")),
                _ => self.writer.text(character.encode_utf8(&mut [0; 4])),
            }
        }
        self.writer.text(quote);
    }
}
