//! Tokens as the standard emits them: tags whole, characters joined, all text decoded.

use std::collections::BTreeMap;

use syntrap::html::{Decode, Decoder, Quote, Span, Token, TokenKind};

/// A token of the standard (§13.2.5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Emitted {
    Doctype(Doctype),
    StartTag { name: Vec<u8>, attributes: BTreeMap<Vec<u8>, Vec<u8>>, self_closing: bool },
    EndTag { name: Vec<u8> },
    Comment(Vec<u8>),
    Text(Vec<u8>),
}

/// A DOCTYPE token.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Doctype {
    pub name: Option<Vec<u8>>,
    pub public_identifier: Option<Vec<u8>>,
    pub system_identifier: Option<Vec<u8>>,
    pub force_quirks: bool,
}

impl Emitted {
    /// Adds a token; characters join those in front of them.
    pub fn append(tokens: &mut Vec<Emitted>, token: Emitted) {
        match (tokens.last_mut(), token) {
            (_, Emitted::Text(text)) if text.is_empty() => {}
            (Some(Emitted::Text(before)), Emitted::Text(text)) => before.extend(text),
            (_, token) => tokens.push(token),
        }
    }
}

fn bytes(decoder: Decoder<'_>) -> Vec<u8> {
    decoder.bytes().collect()
}

/// What the standard emits for these tokens of an input.
pub fn emitted(input: &[u8], tokens: impl IntoIterator<Item = Token>) -> Vec<Emitted> {
    let mut found = Vec::new();
    let mut tag: Option<Emitted> = None;
    let mut doctype = Doctype::default();
    let read = |how: Decode, span: Span| bytes(how.decoder(span.of(input)));
    for token in tokens {
        match token.kind {
            TokenKind::Doctype { name } => {
                doctype.name = name.map(|span| read(Decode::NAME, span));
            }
            TokenKind::PublicIdentifier(span) => doctype.public_identifier = Some(read(Decode::PLAIN, span)),
            TokenKind::SystemIdentifier(span) => doctype.system_identifier = Some(read(Decode::PLAIN, span)),
            TokenKind::DoctypeEnd { force_quirks } => {
                let doctype = std::mem::take(&mut doctype);
                found.push(Emitted::Doctype(Doctype { force_quirks, ..doctype }));
            }
            TokenKind::StartTag(name) => {
                let name = bytes(name.decoded(input));
                tag = Some(Emitted::StartTag { name, attributes: BTreeMap::new(), self_closing: false });
            }
            TokenKind::EndTag(name) => tag = Some(Emitted::EndTag { name: bytes(name.decoded(input)) }),
            TokenKind::Attribute(attribute) => {
                assert!(attribute.quote != Quote::Empty || attribute.value.is_empty());
                if let Some(Emitted::StartTag { attributes, .. }) = &mut tag {
                    // The first one of a name counts.
                    attributes
                        .entry(bytes(attribute.decoded_name(input)))
                        .or_insert_with(|| bytes(attribute.decoded_value(input)));
                }
            }
            // A tag that does not end is none.
            TokenKind::TagEnd { self_closing: closing } => {
                if let Some(Emitted::StartTag { self_closing, .. }) = &mut tag {
                    *self_closing = closing;
                }
                found.extend(tag.take());
            }
            TokenKind::Comment { data } => found.push(Emitted::Comment(read(Decode::PLAIN, data))),
            TokenKind::Text { kind, data } => {
                Emitted::append(&mut found, Emitted::Text(read(kind.decode(), data)))
            }
            other => panic!("what is {other:?}?"),
        }
    }
    found
}
