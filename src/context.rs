//! Where in a program's text a value lands. A context fixes how the tokenizer starts and which
//! parser states are possible there.

use std::fmt;
use std::str::FromStr;

/// A language whose text a value may become.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Language {
    /// SQL: MySQL/MariaDB, PostgreSQL, SQLite, SQL Server and Oracle as one language.
    Sql,
    /// Command lines: the POSIX shell and bash, `cmd.exe`, PowerShell.
    Shell,
    /// File names: POSIX paths, Windows paths, `file:` URLs.
    Path,
    /// Documents: HTML, with SVG and MathML in it.
    Html,
    /// JavaScript: scripts, modules, and expressions in templates.
    Js,
}

impl Language {
    /// All languages.
    pub const ALL: &[Language] =
        &[Language::Sql, Language::Shell, Language::Path, Language::Html, Language::Js];

    /// The language's name: `sql`.
    pub const fn name(self) -> &'static str {
        match self {
            Language::Sql => "sql",
            Language::Shell => "shell",
            Language::Path => "path",
            Language::Html => "html",
            Language::Js => "js",
        }
    }
}

/// Whether a value must break out of data to act, or is a program as a whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ContextKind {
    /// The program put the value where data belongs; the value became something else.
    Injection,
    /// The whole value is a program of the language. A console receives such values legitimately.
    Command,
}

impl ContextKind {
    /// `injection` or `command`.
    pub const fn name(self) -> &'static str {
        match self {
            ContextKind::Injection => "injection",
            ContextKind::Command => "command",
        }
    }
}

/// A place in a program's text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[non_exhaustive]
pub enum Context {
    /// SQL, where a number or a name is expected: `WHERE id = ·`, `ORDER BY ·`, `LIMIT ·`.
    SqlValue,
    /// SQL, directly behind a complete operand: `WHERE id = 1·`.
    SqlSuffix,
    /// SQL, inside `'…'`.
    SqlSingleQuoted,
    /// SQL, inside `"…"`.
    SqlDoubleQuoted,
    /// SQL, inside `` `…` ``.
    SqlBackquoted,
    /// SQL, inside `[…]`.
    SqlBracketed,
    /// SQL, inside `/* … */`.
    SqlComment,
    /// SQL, the whole text: one or more statements.
    SqlStatement,
    /// Shell, an argument without quotes: `ping ·`.
    ShellArgument,
    /// Shell, inside `"…"`.
    ShellDoubleQuoted,
    /// Shell, inside `'…'`.
    ShellSingleQuoted,
    /// Shell, an argument of a command inside `` `…` ``.
    ShellBackquoted,
    /// Shell, an argument of a command inside `$(…)` or `(…)`.
    ShellSubstitution,
    /// Shell, a line of a here-document.
    ShellHereDocument,
    /// Shell, an environment variable that bash takes for a function (before 4.3 patch 25).
    ShellEnvironment,
    /// Shell, the whole text: one or more command lines.
    ShellCommand,
    /// Path, the name of a file or a part of it: `open("dir/·")`.
    PathSegment,
    /// HTML, between tags: `<p>·</p>`.
    HtmlData,
    /// HTML, inside `"…"`, the value of an attribute.
    HtmlDoubleQuoted,
    /// HTML, inside `'…'`, the value of an attribute.
    HtmlSingleQuoted,
    /// HTML, the value of an attribute without quotes: `<a title=·>`.
    HtmlUnquoted,
    /// HTML, where an attribute may begin: `<a ·>`.
    HtmlAttributeName,
    /// HTML, in the name of a tag: `<h·>`.
    HtmlTagName,
    /// HTML, in the text of `title` or `textarea`.
    HtmlRcdata,
    /// HTML, in the text of `style`, `xmp`, `iframe`, `noembed`, `noframes` or `noscript`.
    HtmlRawtext,
    /// HTML, in the text of `script`, to leave the element.
    HtmlScriptData,
    /// HTML, inside `<!-- … -->`.
    HtmlComment,
    /// HTML, inside `<![CDATA[ … ]]>`, in SVG or MathML.
    HtmlCdata,
    /// HTML, in a DOCTYPE: `<!DOCTYPE ·>`.
    HtmlDoctype,
    /// HTML, the whole value of an attribute that takes a URL: `<a href="·">`; links in text that
    /// becomes HTML: `[text](URL)`.
    HtmlUrl,
    /// JavaScript, inside `'…'`.
    JsSingleQuoted,
    /// JavaScript, inside `"…"`; JSON in a script too.
    JsDoubleQuoted,
    /// JavaScript, inside `` `…` ``, outside of its substitutions.
    JsTemplate,
    /// JavaScript, inside `/…/`.
    JsRegex,
    /// JavaScript, inside `// …`.
    JsLineComment,
    /// JavaScript, inside `/* … */`.
    JsBlockComment,
    /// JavaScript, where data is expected: `x = ·`, a value of JSON.
    JsExpression,
    /// JavaScript, directly behind a complete operand: `f(1·)`.
    JsSuffix,
    /// A page's template, read by a framework that runs the expressions in it: `{{…}}`, `${…}`,
    /// `#{…}`, `<%= … %>`. The value has the delimiters.
    JsTemplateInjection,
    /// JavaScript, the whole text: a script.
    JsScript,
    /// JavaScript, the whole text: the body of an event handler.
    JsHandler,
    /// JavaScript, the whole text: what stands behind `javascript:` in a URL. Percent signs are
    /// decoded; spans count the bytes of the decoded text.
    JsUrl,
}

impl Context {
    /// All contexts, in the order in which findings are reported.
    pub const ALL: &[Context] = &[
        Context::SqlValue,
        Context::SqlSuffix,
        Context::SqlSingleQuoted,
        Context::SqlDoubleQuoted,
        Context::SqlBackquoted,
        Context::SqlBracketed,
        Context::SqlComment,
        Context::SqlStatement,
        Context::ShellArgument,
        Context::ShellDoubleQuoted,
        Context::ShellSingleQuoted,
        Context::ShellBackquoted,
        Context::ShellSubstitution,
        Context::ShellHereDocument,
        Context::ShellEnvironment,
        Context::ShellCommand,
        Context::PathSegment,
        Context::HtmlData,
        Context::HtmlDoubleQuoted,
        Context::HtmlSingleQuoted,
        Context::HtmlUnquoted,
        Context::HtmlAttributeName,
        Context::HtmlTagName,
        Context::HtmlRcdata,
        Context::HtmlRawtext,
        Context::HtmlScriptData,
        Context::HtmlComment,
        Context::HtmlCdata,
        Context::HtmlDoctype,
        Context::HtmlUrl,
        Context::JsSingleQuoted,
        Context::JsDoubleQuoted,
        Context::JsTemplate,
        Context::JsRegex,
        Context::JsLineComment,
        Context::JsBlockComment,
        Context::JsExpression,
        Context::JsSuffix,
        Context::JsTemplateInjection,
        Context::JsScript,
        Context::JsHandler,
        Context::JsUrl,
    ];

    /// The context's name, for people and for configuration: `sql-single-quoted`.
    pub const fn name(self) -> &'static str {
        match self {
            Context::SqlValue => "sql-value",
            Context::SqlSuffix => "sql-suffix",
            Context::SqlSingleQuoted => "sql-single-quoted",
            Context::SqlDoubleQuoted => "sql-double-quoted",
            Context::SqlBackquoted => "sql-backquoted",
            Context::SqlBracketed => "sql-bracketed",
            Context::SqlComment => "sql-comment",
            Context::SqlStatement => "sql-statement",
            Context::ShellArgument => "shell-argument",
            Context::ShellDoubleQuoted => "shell-double-quoted",
            Context::ShellSingleQuoted => "shell-single-quoted",
            Context::ShellBackquoted => "shell-backquoted",
            Context::ShellSubstitution => "shell-substitution",
            Context::ShellHereDocument => "shell-here-document",
            Context::ShellEnvironment => "shell-environment",
            Context::ShellCommand => "shell-command",
            Context::PathSegment => "path-segment",
            Context::HtmlData => "html-data",
            Context::HtmlDoubleQuoted => "html-double-quoted",
            Context::HtmlSingleQuoted => "html-single-quoted",
            Context::HtmlUnquoted => "html-unquoted",
            Context::HtmlAttributeName => "html-attribute-name",
            Context::HtmlTagName => "html-tag-name",
            Context::HtmlRcdata => "html-rcdata",
            Context::HtmlRawtext => "html-rawtext",
            Context::HtmlScriptData => "html-script-data",
            Context::HtmlComment => "html-comment",
            Context::HtmlCdata => "html-cdata",
            Context::HtmlDoctype => "html-doctype",
            Context::HtmlUrl => "html-url",
            Context::JsSingleQuoted => "js-single-quoted",
            Context::JsDoubleQuoted => "js-double-quoted",
            Context::JsTemplate => "js-template",
            Context::JsRegex => "js-regex",
            Context::JsLineComment => "js-line-comment",
            Context::JsBlockComment => "js-block-comment",
            Context::JsExpression => "js-expression",
            Context::JsSuffix => "js-suffix",
            Context::JsTemplateInjection => "js-template-injection",
            Context::JsScript => "js-script",
            Context::JsHandler => "js-handler",
            Context::JsUrl => "js-url",
        }
    }

    /// One sentence about the place.
    pub const fn description(self) -> &'static str {
        match self {
            Context::SqlValue => "where a number or a name is expected: WHERE id = ·",
            Context::SqlSuffix => "directly behind a complete operand: WHERE id = 1·",
            Context::SqlSingleQuoted => "inside a single-quoted literal: WHERE name = '·'",
            Context::SqlDoubleQuoted => "inside double quotes: WHERE name = \"·\"",
            Context::SqlBackquoted => "inside a backquoted name: SELECT `·`",
            Context::SqlBracketed => "inside a bracketed name: SELECT [·]",
            Context::SqlComment => "inside a block comment: SELECT /* · */ 1",
            Context::SqlStatement => "the whole text is one or more statements",
            Context::ShellArgument => "an argument without quotes: ping ·",
            Context::ShellDoubleQuoted => "inside a double-quoted argument: ping \"·\"",
            Context::ShellSingleQuoted => "inside a single-quoted argument: ping '·'",
            Context::ShellBackquoted => "an argument inside backquotes: echo `ping ·`",
            Context::ShellSubstitution => "an argument inside parentheses: echo $(ping ·)",
            Context::ShellHereDocument => "inside a here-document: cat <<END",
            Context::ShellEnvironment => "an environment variable, as bash imports functions: x='·' bash",
            Context::ShellCommand => "the whole text is one or more command lines",
            Context::PathSegment => "a file's name or a part of it: open(\"dir/·\")",
            Context::HtmlData => "between tags: <p>·</p>",
            Context::HtmlDoubleQuoted => "inside a double-quoted attribute value: <a title=\"·\">",
            Context::HtmlSingleQuoted => "inside a single-quoted attribute value: <a title='·'>",
            Context::HtmlUnquoted => "an attribute value without quotes: <a title=·>",
            Context::HtmlAttributeName => "where an attribute may begin: <a ·>",
            Context::HtmlTagName => "in the name of a tag: <h·>",
            Context::HtmlRcdata => "in a title or textarea: <title>·</title>",
            Context::HtmlRawtext => "in an element whose content is text: <style>·</style>",
            Context::HtmlScriptData => "in a script, to leave the element: <script>·</script>",
            Context::HtmlComment => "inside a comment: <!-- · -->",
            Context::HtmlCdata => "inside a CDATA section of SVG: <![CDATA[ · ]]>",
            Context::HtmlDoctype => "in a DOCTYPE: <!DOCTYPE ·>",
            Context::HtmlUrl => {
                "the value of an attribute that takes a URL, or links in text: <a href=\"·\">"
            }
            Context::JsSingleQuoted => "inside a single-quoted string: x = '·'",
            Context::JsDoubleQuoted => "inside a double-quoted string: x = \"·\"",
            Context::JsTemplate => "inside a template literal: x = `·`",
            Context::JsRegex => "inside a regular expression: x = /·/",
            Context::JsLineComment => "inside a line comment: x = 1; // ·",
            Context::JsBlockComment => "inside a block comment: x /* · */ = 1",
            Context::JsExpression => "where a number or another value is expected: x = ·",
            Context::JsSuffix => "directly behind a complete operand: f(1·)",
            Context::JsTemplateInjection => {
                "a template's text, with expressions in {{…}}, ${…}, #{…} or <%= … %>"
            }
            Context::JsScript => "the whole text is a script",
            Context::JsHandler => "the whole text is the body of an event handler",
            Context::JsUrl => "the whole text stands behind javascript: in a URL",
        }
    }

    /// The language that is spoken there.
    pub const fn language(self) -> Language {
        match self {
            Context::SqlValue
            | Context::SqlSuffix
            | Context::SqlSingleQuoted
            | Context::SqlDoubleQuoted
            | Context::SqlBackquoted
            | Context::SqlBracketed
            | Context::SqlComment
            | Context::SqlStatement => Language::Sql,
            Context::ShellArgument
            | Context::ShellDoubleQuoted
            | Context::ShellSingleQuoted
            | Context::ShellBackquoted
            | Context::ShellSubstitution
            | Context::ShellHereDocument
            | Context::ShellEnvironment
            | Context::ShellCommand => Language::Shell,
            Context::PathSegment => Language::Path,
            Context::HtmlData
            | Context::HtmlDoubleQuoted
            | Context::HtmlSingleQuoted
            | Context::HtmlUnquoted
            | Context::HtmlAttributeName
            | Context::HtmlTagName
            | Context::HtmlRcdata
            | Context::HtmlRawtext
            | Context::HtmlScriptData
            | Context::HtmlComment
            | Context::HtmlCdata
            | Context::HtmlDoctype
            | Context::HtmlUrl => Language::Html,
            Context::JsSingleQuoted
            | Context::JsDoubleQuoted
            | Context::JsTemplate
            | Context::JsRegex
            | Context::JsLineComment
            | Context::JsBlockComment
            | Context::JsExpression
            | Context::JsSuffix
            | Context::JsTemplateInjection
            | Context::JsScript
            | Context::JsHandler
            | Context::JsUrl => Language::Js,
        }
    }

    /// Whether a value has to break out of data there.
    pub const fn kind(self) -> ContextKind {
        match self {
            Context::SqlStatement
            | Context::ShellCommand
            | Context::JsScript
            | Context::JsHandler
            | Context::JsUrl => ContextKind::Command,
            _ => ContextKind::Injection,
        }
    }

    const fn bit(self) -> u64 {
        1 << self as u8
    }
}

macro_rules! named {
    ($($kind:ty),*) => {$(
        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    )*};
}

named!(Language, ContextKind, Context);

/// A name that is none of a language, a context or a dialect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownName {
    what: &'static str,
    name: String,
    known: String,
}

impl UnknownName {
    pub(crate) fn new(what: &'static str, name: &str, known: impl Iterator<Item = &'static str>) -> Self {
        UnknownName { what, name: name.to_owned(), known: known.collect::<Vec<_>>().join(", ") }
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {} `{}`; known are: {}", self.what, self.name, self.known)
    }
}

impl std::error::Error for UnknownName {}

impl FromStr for Language {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let found = Language::ALL.iter().copied().find(|language| language.name() == name);
        found.ok_or_else(|| UnknownName::new("language", name, Language::ALL.iter().map(|l| l.name())))
    }
}

impl FromStr for Context {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let found = Context::ALL.iter().copied().find(|context| context.name() == name);
        found.ok_or_else(|| UnknownName::new("context", name, Context::ALL.iter().map(|c| c.name())))
    }
}

/// A set of contexts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ContextSet(u64);

impl ContextSet {
    /// No context.
    pub const EMPTY: ContextSet = ContextSet(0);

    /// The contexts for which the function answers `true`.
    pub fn filter(accept: impl Fn(Context) -> bool) -> Self {
        Context::ALL.iter().copied().filter(|&context| accept(context)).collect()
    }

    /// The contexts of one language.
    pub fn of_language(language: Language) -> Self {
        ContextSet::filter(|context| context.language() == language)
    }

    /// The contexts of one kind.
    pub fn of_kind(kind: ContextKind) -> Self {
        ContextSet::filter(|context| context.kind() == kind)
    }

    /// Whether the context is in the set.
    #[inline]
    pub const fn contains(self, context: Context) -> bool {
        self.0 & context.bit() != 0
    }

    /// Whether the set has no context.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set and one context more.
    #[must_use]
    pub const fn with(self, context: Context) -> Self {
        ContextSet(self.0 | context.bit())
    }

    /// The set without one context.
    #[must_use]
    pub const fn without(self, context: Context) -> Self {
        ContextSet(self.0 & !context.bit())
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        ContextSet(self.0 & other.0)
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        ContextSet(self.0 | other.0)
    }

    /// The contexts of the set, in the order of [`Context::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Context> {
        Context::ALL.iter().copied().filter(move |&context| self.contains(context))
    }
}

impl FromIterator<Context> for ContextSet {
    fn from_iter<I: IntoIterator<Item = Context>>(contexts: I) -> Self {
        contexts.into_iter().fold(ContextSet::EMPTY, ContextSet::with)
    }
}

impl fmt::Debug for ContextSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
