//! html5ever: what its tokenizer emits, alone and with its tree builder behind it.

#![allow(dead_code, reason = "each test asks for a part of it")]

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::State;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, ExpandedName, QualName};

use crate::html_tokens::{Doctype, Emitted};

/// What html5ever's tokenizer emits from `state` on, with `sink` behind it.
pub fn tokenized<S: TokenSink>(
    input: &str,
    state: State,
    last_start_tag: Option<&str>,
    sink: S,
) -> Vec<Emitted> {
    let options = TokenizerOpts {
        discard_bom: false,
        initial_state: Some(state),
        last_start_tag_name: last_start_tag.map(str::to_owned),
        ..TokenizerOpts::default()
    };
    let tokenizer = Tokenizer::new(Recorder { tokens: RefCell::default(), sink }, options);
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(input));
    // Behind a script it waits for its caller.
    while !matches!(tokenizer.feed(&queue), html5ever::TokenizerResult::Done) {}
    assert!(queue.is_empty());
    tokenizer.end();
    tokenizer.sink.tokens.into_inner()
}

/// What html5ever emits for a document.
pub fn parsed(input: &str) -> Vec<Emitted> {
    let options = TreeBuilderOpts { scripting_enabled: true, ..TreeBuilderOpts::default() };
    tokenized(input, State::Data, None, TreeBuilder::new(NoTree::default(), options))
}

/// Writes down the tokens and gives them on.
struct Recorder<S> {
    tokens: RefCell<Vec<Emitted>>,
    sink: S,
}

fn emitted(token: &Token) -> Option<Emitted> {
    let bytes = |text: &str| text.as_bytes().to_vec();
    Some(match token {
        Token::DoctypeToken(doctype) => Emitted::Doctype(Doctype {
            name: doctype.name.as_deref().map(bytes),
            public_identifier: doctype.public_id.as_deref().map(bytes),
            system_identifier: doctype.system_id.as_deref().map(bytes),
            force_quirks: doctype.force_quirks,
        }),
        Token::TagToken(tag) if tag.kind == TagKind::EndTag => Emitted::EndTag { name: bytes(&tag.name) },
        Token::TagToken(tag) => Emitted::StartTag {
            name: bytes(&tag.name),
            attributes: tag
                .attrs
                .iter()
                .map(|attribute| (bytes(&attribute.name.local), bytes(&attribute.value)))
                .collect(),
            self_closing: tag.self_closing,
        },
        Token::CommentToken(data) => Emitted::Comment(bytes(data)),
        Token::CharacterTokens(text) => Emitted::Text(bytes(text)),
        Token::NullCharacterToken => Emitted::Text(vec![0]),
        Token::EOFToken | Token::ParseError(_) => return None,
    })
}

impl<S: TokenSink> TokenSink for Recorder<S> {
    type Handle = S::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<S::Handle> {
        if let Some(emitted) = emitted(&token) {
            Emitted::append(&mut self.tokens.borrow_mut(), emitted);
        }
        self.sink.process_token(token, line)
    }

    fn end(&self) {
        self.sink.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.sink.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Elements with a name and without a tree.
#[derive(Default)]
struct NoTree {
    nodes: Cell<usize>,
    names: RefCell<HashMap<usize, &'static QualName>>,
    annotations: RefCell<HashMap<usize, bool>>,
}

impl NoTree {
    fn node(&self) -> usize {
        self.nodes.set(self.nodes.get() + 2);
        self.nodes.get()
    }
}

impl TreeSink for NoTree {
    type Handle = usize;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, node: &'a usize) -> ExpandedName<'a> {
        self.names.borrow()[node].expanded()
    }

    fn create_element(&self, name: QualName, _: Vec<Attribute>, flags: ElementFlags) -> usize {
        let node = self.node();
        // A name is handed out for as long as the sink lives, so it must stay where it is.
        self.names.borrow_mut().insert(node, Box::leak(Box::new(name)));
        self.annotations.borrow_mut().insert(node, flags.mathml_annotation_xml_integration_point);
        node
    }

    fn create_comment(&self, _: StrTendril) -> usize {
        self.node()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        self.node()
    }

    fn append(&self, _: &usize, _: NodeOrText<usize>) {}

    fn append_based_on_parent_node(&self, _: &usize, _: &usize, _: NodeOrText<usize>) {}

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, node: &usize) -> usize {
        node + 1
    }

    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, _: &usize, _: NodeOrText<usize>) {}

    fn add_attrs_if_missing(&self, _: &usize, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, _: &usize) {}

    fn reparent_children(&self, _: &usize, _: &usize) {}

    fn is_mathml_annotation_xml_integration_point(&self, node: &usize) -> bool {
        self.annotations.borrow()[node]
    }
}
