//! Values that become markup which acts: an element with a program, an event handler, a URL with a program in
//! it, or another document, from every place where a value may land.

use syntrap::{Context, ContextSet, Language};

use super::{Rewriting, Writer};

/// What a value of HTML holds.
pub fn check(data: &[u8]) {
    super::check(data, |writer| {
        let context = writer.place(ContextSet::of_language(Language::Html));
        Html { writer }.value(context);
        context
    });
}

/// Programs, which may stand in an attribute without quotes too.
const PROGRAMS: &[&str] = &["f(1)", "alert(1)", "a.b(document.cookie)", "top.x(y)", "f(x);g(y)"];

const HANDLERS: &[&str] = &["onclick", "onload", "onerror", "onfocus", "ontoggle"];

/// Elements that hold nothing but their like.
const PLAIN: &[&str] = &["p", "b", "svg", "img", "details", "body", "x-item"];

/// How deep elements nest.
const DEPTH: usize = 3;

struct Html<'w, 'a> {
    writer: &'w mut Writer<'a>,
}

impl Html<'_, '_> {
    fn value(&mut self, context: Context) {
        let word = self.writer.pick(&["", "x", "two words"]);
        let in_tag = matches!(
            context,
            Context::HtmlDoubleQuoted
                | Context::HtmlSingleQuoted
                | Context::HtmlUnquoted
                | Context::HtmlAttributeName
                | Context::HtmlTagName
        );
        match context {
            Context::HtmlUrl => {
                self.script_url();
                return;
            }
            Context::HtmlDoubleQuoted => self.text(&[word, "\""]),
            Context::HtmlSingleQuoted => self.text(&[word, "'"]),
            Context::HtmlUnquoted | Context::HtmlAttributeName | Context::HtmlTagName => {
                self.writer.text("x")
            }
            Context::HtmlRcdata => self.leave(word, &["title", "textarea"]),
            Context::HtmlRawtext => self.leave(word, &["style", "xmp", "iframe", "noembed", "noframes"]),
            Context::HtmlScriptData => self.leave(word, &["script"]),
            Context::HtmlComment => self.text(&[word, "-->"]),
            Context::HtmlCdata => self.text(&[word, "]]>"]),
            Context::HtmlDoctype => self.text(&["html", ">"]),
            _ => self.writer.text(word),
        }
        // In the tag that the program began, an attribute may act.
        if in_tag && self.writer.choose(2) == 0 {
            if context == Context::HtmlUnquoted {
                // A slash would be part of the value.
                self.writer.text(" ");
            }
            self.separator();
            self.handler();
            if self.writer.choose(2) == 1 {
                self.separator();
                self.text(&["y", "="]);
                self.writer.text(if context == Context::HtmlSingleQuoted { "'" } else { "\"" });
            }
            return;
        }
        if in_tag {
            self.writer.text(">");
        }
        self.content(DEPTH);
    }

    fn text(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.writer.text(part));
    }

    /// Ends the element that the value stands in.
    fn leave(&mut self, word: &str, elements: &[&str]) {
        let element = self.writer.pick(elements);
        self.writer.text(word);
        self.end_tag(element);
    }

    // ----------------------------------------------------------------------------------------
    // Content

    /// What acts, with or without something around it.
    fn content(&mut self, depth: usize) {
        self.comment();
        let around = self.writer.way(Rewriting::Parentheses, 3);
        (0..around).for_each(|_| self.writer.text("<i>"));
        match self.writer.choose(if depth == 0 { 7 } else { 9 }) {
            0 => {
                let element = self.writer.pick(PLAIN);
                self.start_tag(element);
                self.separator();
                self.handler();
                self.close_tag();
            }
            1 => {
                // In SVG, a slash would end it.
                self.start_tag("script");
                self.writer.text(">");
                let program = self.writer.pick(PROGRAMS);
                self.writer.text(program);
                self.end_tag("script");
            }
            2 => {
                self.start_tag("script");
                self.separator();
                self.attribute("src", "//host.example/x.js");
                self.writer.text(">");
                self.end_tag("script");
            }
            3 => {
                let (element, name) = self.writer.pick(&[
                    ("a", "href"),
                    ("iframe", "src"),
                    ("form", "action"),
                    ("object", "data"),
                ]);
                self.start_tag(element);
                self.separator();
                self.name(name);
                self.equals();
                self.quoted(|html| html.script_url());
                self.close_tag();
            }
            4 => {
                self.start_tag("base");
                self.separator();
                self.attribute("href", "//host.example/");
                self.close_tag();
            }
            5 => {
                self.start_tag("meta");
                self.separator();
                self.attribute("http-equiv", "refresh");
                self.separator();
                self.attribute("content", "0;url=//host.example/");
                self.close_tag();
            }
            6 => {
                self.start_tag("iframe");
                self.separator();
                self.attribute("srcdoc", "<svg onload=f(1)>");
                self.close_tag();
            }
            _ => {
                let element = self.writer.pick(&["p", "b", "div", "svg", "table"]);
                self.start_tag(element);
                if self.writer.choose(2) == 1 {
                    self.separator();
                    self.attribute("class", "note");
                }
                self.close_tag();
                self.writer.text("text ");
                self.content(depth - 1);
                self.end_tag(element);
            }
        }
        (0..around).for_each(|_| self.writer.text("</i>"));
    }

    /// What is no element.
    fn comment(&mut self) {
        let comment = self.writer.one_of(
            Rewriting::Comments,
            &["", "<!-- x -->", "<!x>", "<?x>", "</ x>", "<!-->", "<!-- <b> --!>"],
        );
        self.writer.text(comment);
    }

    fn name(&mut self, name: &str) {
        self.writer.caseless(name);
    }

    fn start_tag(&mut self, element: &str) {
        self.writer.text("<");
        self.name(element);
        // What no one reads; more attributes.
        let more = self.writer.one_of(Rewriting::Parentheses, &["", " x", " y=1", " z='<b>'", " a=\"b\" c"]);
        self.writer.text(more);
    }

    fn close_tag(&mut self) {
        self.space();
        // An attribute without quotes would take the slash.
        let close = self.writer.one_of(Rewriting::Operators, &[">", " />"]);
        self.writer.text(close);
        self.comment();
    }

    fn end_tag(&mut self, element: &str) {
        self.writer.text("</");
        self.name(element);
        let rest = self.writer.one_of(Rewriting::WhiteSpace, &["", " ", "\n", "\t", "\x0c"]);
        self.writer.text(rest);
        let rest = self.writer.one_of(Rewriting::Operators, &[">", "/>", " x>"]);
        self.writer.text(rest);
        self.comment();
    }

    /// Between two attributes.
    fn separator(&mut self) {
        let separator = self.writer.one_of(Rewriting::Operators, &[" ", "/", " / ", "//"]);
        if separator != " " {
            self.writer.text(separator);
            return;
        }
        let space = self.writer.one_of(Rewriting::WhiteSpace, &[" ", "\t", "\n", "\x0c", "\r\n", "  \n"]);
        self.writer.text(space);
    }

    fn space(&mut self) {
        let space = self.writer.one_of(Rewriting::WhiteSpace, &["", " ", "\t", "\n", "\x0c", "\r\n"]);
        self.writer.text(space);
    }

    // ----------------------------------------------------------------------------------------
    // Attributes

    fn handler(&mut self) {
        let name = self.writer.pick(HANDLERS);
        let program = self.writer.pick(PROGRAMS);
        self.attribute(name, program);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.name(name);
        self.equals();
        self.quoted(|html| html.encoded(value));
    }

    fn equals(&mut self) {
        self.space();
        self.writer.text("=");
        self.space();
    }

    fn quoted(&mut self, value: impl Fn(&mut Self)) {
        let quote = self.writer.one_of(Rewriting::Literals, &["\"", "'"]);
        self.writer.text(quote);
        value(self);
        self.writer.text(quote);
    }

    /// `javascript:f()`
    fn script_url(&mut self) {
        let before = self.writer.one_of(Rewriting::WhiteSpace, &["", " ", "\t", "\n", "\x01", "\r\n "]);
        self.writer.text(before);
        for letter in "javascript".chars() {
            let letter = self.writer.one_of(Rewriting::Case, &[letter, letter.to_ascii_uppercase()]);
            self.encoded(letter.encode_utf8(&mut [0; 4]));
            // The URL standard takes these away.
            let between = self.writer.one_of(Rewriting::WhiteSpace, &["", "", "", "\t", "\n", "\r"]);
            self.writer.text(between);
        }
        let colon = self.writer.one_of(Rewriting::Encodings, &[":", "&colon;", "&#58;", "&#x3a;"]);
        self.writer.text(colon);
        let comment = self.writer.one_of(Rewriting::Comments, &["", "/**/", "/* x */", "//x\n"]);
        self.writer.text(comment);
        let program = self.writer.pick(PROGRAMS);
        self.encoded(program);
    }

    /// The value of an attribute, its characters or references to them.
    fn encoded(&mut self, value: &str) {
        for character in value.chars() {
            let code = u32::from(character);
            match self.writer.way(Rewriting::Encodings, 6) {
                1 => self.writer.text(&format!("&#{code};")),
                2 => self.writer.text(&format!("&#x{code:x};")),
                3 => self.writer.text(&format!("&#X{code:04X};")),
                4 => self.writer.text(&format!("&#{code:07};")),
                _ => self.writer.text(character.encode_utf8(&mut [0; 4])),
            }
        }
    }
}
