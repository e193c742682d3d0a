//! Holds what the tokenizer of HTML believes about the tree builder against html5ever's: where start
//! tags switch to text, and where foreign content is.

#[path = "support/browser.rs"]
mod browser;
#[path = "support/html_tokens.rs"]
mod html_tokens;
#[path = "support/language.rs"]
mod language;
#[path = "support/markup.rs"]
mod markup;

use html_tokens::{Emitted, emitted};
use language::config;
use proptest::prelude::*;
use syntrap::html::{Start, Tokens, TreeBuilder};

/// What stands in front of the markup, so that the tree builder is "in body" and no formatting
/// element is open.
const DOCUMENT: &str = "<!DOCTYPE html><body><main>";

/// Elements whose tags may begin, end or leave foreign content, or switch to text.
const ELEMENTS: &[&str] = &[
    "<svg></svg>",
    "<math></math>",
    "<g></g>",
    "<desc></desc>",
    "<foreignObject></foreignObject>",
    "<title></title>",
    "<mi></mi>",
    "<mtext></mtext>",
    "<annotation-xml></annotation-xml>",
    "<annotation-xml encoding=x encoding='text/html'></annotation-xml>",
    "<annotation-xml encoding='text&#47;HTML'></annotation-xml>",
    "<annotation-xml definitionURL=a encoding=application/xhtml+xml></annotation-xml>",
    "<font></font>",
    "<font title=a size=1></font>",
    "<i></i>",
    "<section></section>",
    "<style></style>",
    "<script></script>",
    "<textarea></textarea>",
    "<noscript></noscript>",
    "<xmp></xmp>",
];

const LEAVES: &[&str] = &[
    "text",
    "&lt;",
    "<img>",
    "<br>",
    "<svg/>",
    "<math/>",
    "<!-- <svg> -->",
    "<![CDATA[<u>]]>",
    "<u title='</style></script></svg>'></u>",
];

/// Markup in which every element has its end tag, where the element's content allows one.
fn nested() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(LEAVES).prop_map(str::to_owned);
    let content = leaf.prop_recursive(6, 48, 4, |inner| {
        (prop::sample::select(ELEMENTS), prop::collection::vec(inner, 0..4)).prop_map(|(element, content)| {
            let end = element.rfind("</").expect("it has an end tag");
            [&element[..end], &content.concat(), &element[end..]].concat()
        })
    });
    prop::collection::vec(content, 1..4).prop_map(|content| content.concat())
}

/// What Syntrap makes of the document.
fn followed(document: &str) -> Vec<Emitted> {
    emitted(document.as_bytes(), Tokens::new(document.as_bytes(), Start::Data, TreeBuilder::DEFAULT))
}

#[test]
fn what_start_tags_switch_to_depends_on_the_namespace() {
    for markup in [
        "<style><i></i></style><i></i>",
        "<svg><style><i></i></style></svg>",
        "<svg><desc><style><i></i></style></desc><style><i></i></style></svg>",
        "<svg><title><i></i></title></svg><title><i></i></title>",
        "<math><mtext><style><i></i></style></mtext><style><i></i></style></math>",
        "<math><annotation-xml><style><i></i></style></annotation-xml></math>",
        "<math><annotation-xml encoding=text/html><style><i></i></style></annotation-xml></math>",
        "<math><annotation-xml><svg><desc><style><i></i></style></desc></svg></annotation-xml></math>",
        "<svg><p><style><i></i></style>",
        "<svg></p><style><i></i></style>",
        "<svg><g></br><style><i></i></style>",
        "<svg><desc></br><style><i></i></style>",
        "<svg><font color><style><i></i></style>",
        "<svg><font class><style><i></i></style>",
        "<svg><![CDATA[<i>]]></svg><![CDATA[<i>]]>",
        "<svg/><![CDATA[<i>]]>",
        "<svg><script><i></i></script></svg><script><i></i></script>",
    ] {
        let document = [DOCUMENT, markup].concat();
        assert_eq!(followed(&document), browser::parsed(&document), "{markup}");
    }
}

proptest! {
    #![proptest_config(config(4096))]

    #[test]
    fn nested_elements_are_followed_as_by_a_tree_builder(markup in nested()) {
        let document = [DOCUMENT, &markup].concat();
        prop_assert_eq!(followed(&document), browser::parsed(&document), "{}", markup);
    }
}
