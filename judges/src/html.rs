//! HTML: html5ever, tokenizer and tree builder together, says which tags a document has.

use std::collections::{BTreeMap, BTreeSet};

use syntrap::Context::{
    HtmlAttributeName, HtmlComment, HtmlData, HtmlDoubleQuoted, HtmlRawtext, HtmlRcdata, HtmlSingleQuoted,
    HtmlUnquoted,
};

use crate::html_tokens::Emitted;
use crate::{Engine, Exception, Ruling, Template, browser, js};

/// What a space may be.
pub const SPACES: &[&str] = &[" ", " ", "\t", "\n", "\x0c", "/", "  "];

pub(crate) const TEMPLATES: &[Template] = &[
    Template::new(HtmlData, "<!DOCTYPE html><body><p>", "x", "</p>"),
    Template::new(HtmlDoubleQuoted, "<!DOCTYPE html><body><i title=\"", "x", "\">y</i>"),
    Template::new(HtmlSingleQuoted, "<!DOCTYPE html><body><i title='", "x", "'>y</i>"),
    Template::new(HtmlUnquoted, "<!DOCTYPE html><body><i title=", "x", ">y</i>"),
    Template::new(HtmlAttributeName, "<!DOCTYPE html><body><i ", "x", ">y</i>"),
    Template::new(HtmlRcdata, "<!DOCTYPE html><body><textarea>", "x", "</textarea>"),
    Template::new(HtmlRawtext, "<!DOCTYPE html><body><style>", "x", "</style>"),
    Template::new(HtmlComment, "<!DOCTYPE html><body><!-- ", "x", " -->"),
];

/// How often a document does each thing.
type Deeds = BTreeMap<&'static str, usize>;

/// html5ever.
pub struct Html5ever;

fn deeds(document: &str) -> Deeds {
    let mut deeds = Deeds::new();
    let mut script = false;
    for token in browser::parsed(document) {
        match token {
            Emitted::StartTag { name, attributes, .. } => {
                script = name == b"script";
                for (attribute, value) in attributes {
                    let text = String::from_utf8_lossy(&value);
                    let url: String = text.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
                    let url = url.trim_start_matches(|c: char| c <= ' ');
                    let (scheme, program) = url.split_at_checked(11).unwrap_or_default();
                    let runs = takes_url(&name, &attribute)
                        && scheme.eq_ignore_ascii_case("javascript:")
                        && js::acts(&program.replace("%0a", "\n").replace("%0A", "\n"));
                    let handles = HANDLERS.contains(&&attribute[..]) && js::acts(&text);
                    let loads = script && attribute == b"src" && !url.is_empty();
                    for (does, deed) in [(runs, "script URL"), (handles, "handler"), (loads, "script")] {
                        if does {
                            *deeds.entry(deed).or_default() += 1;
                        }
                    }
                }
            }
            Emitted::Text(text) if script && js::acts(&String::from_utf8_lossy(&text)) => {
                *deeds.entry("script").or_default() += 1;
            }
            _ => script = false,
        }
    }
    deeds
}

/// Whether an attribute of an element is a URL that a browser goes to.
fn takes_url(element: &[u8], attribute: &[u8]) -> bool {
    match attribute {
        b"href" => element == b"a",
        b"src" => matches!(element, b"iframe" | b"embed"),
        b"data" => element == b"object",
        b"action" => element == b"form",
        b"formaction" => matches!(element, b"button" | b"input"),
        _ => false,
    }
}

/// The handlers that the grammar writes.
const HANDLERS: &[&[u8]] = &[b"onerror", b"onload", b"onclick", b"onfocus", b"ontoggle", b"onpointerover"];

impl Engine for Html5ever {
    const NAME: &'static str = "html5ever";

    fn templates(&self) -> Vec<Template> {
        TEMPLATES.to_vec()
    }

    fn judge(&mut self, template: &Template, value: &str) -> Ruling {
        let deeds = deeds(&template.with(value));
        let acts: BTreeSet<_> = deeds.into_keys().collect();
        if acts.is_empty() { Ruling::Data } else { Ruling::Acts(acts) }
    }

    fn exceptions(&self) -> &'static [Exception] {
        EXCEPTIONS
    }
}

/// The classes, each with its heading in `docs/disagreements.md`.
pub(crate) const EXCEPTIONS: &[Exception] = &[Exception {
    name: "an end tag of another element in front",
    covers: |value, context, _| {
        let text = value.to_ascii_lowercase();
        let ends: &[&str] = match context {
            HtmlRcdata => &["</title"],
            HtmlRawtext => &["</xmp", "</iframe", "</noembed", "</noframes", "</noscript"],
            _ => return false,
        };
        ends.iter().any(|end| text.contains(end))
    },
}];
