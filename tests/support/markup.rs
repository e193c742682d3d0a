//! Pieces from which HTML and what looks like it is put together, for inputs made at random.

#![allow(dead_code, reason = "each test asks for a part of it")]

use proptest::prelude::*;

/// Each piece is something that one of the tokenizer's states cares about; those of one row belong
/// together.
const PIECES: &[&[&str]] = &[
    // what begins and ends markup
    &[
        "<", ">", "/", "=", "!", "?", "</", "/>", "<!", "<?", "<a", "<a ", "</a>", "<br/>", "<B C>", "< a>",
        "</ a>", "</>",
    ],
    // white space
    &[" ", "\t", "\n", "\r", "\r\n", "\x0c"],
    // attributes
    &[
        "a",
        "A",
        "b=c",
        "b='c'",
        "b=\"c\"",
        "'",
        "\"",
        "`",
        "id",
        "==",
        "= ",
        " =",
        "href=&amp;",
        "x=&lt",
        "y='&copy=1'",
        "z=\"&notit;\"",
        " onfocus ",
        "'<a ",
    ],
    // text that tags switch to
    &[
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea ",
        "<style>",
        "</style/",
        "<script>",
        "<script",
        "</script>",
        "</SCRIPT\n",
        "</scrip",
        "</script",
        "script",
        "<xmp>",
        "</xmp>",
        "<plaintext>",
        "<noscript>",
        "</noscript>",
        "<iframe>",
        "</iframe>",
        "<noembed>",
        "<noframes>",
        "</noframes>",
    ],
    // script data and its escaped states
    &[
        "<!--", "-->", "-", "<script", "</script", "<SCRIPT>", "</scr", "</x", "script", ">", "/", " ", "<",
        "!", "x",
    ],
    // comments and what looks like them
    &["<!--", "-->", "--!>", "--", "-", "->", "<!-", "<!-->", "<!--->", "<!--<!--", "<!-- ", "<!a", "--!"],
    // DOCTYPEs
    &[
        "<!DOCTYPE",
        "<!doctype html>",
        "<!DOCTYPE a ",
        "PUBLIC",
        "SYSTEM",
        "public 'x'",
        "system \"y\"",
        "PUB",
        "html",
    ],
    // CDATA sections
    &["<![CDATA[", "<![cdata[", "]]>", "]", "]]", "["],
    // foreign content
    &[
        "<svg>",
        "</svg>",
        "<math>",
        "</math>",
        "<desc>",
        "</desc>",
        "<foreignObject>",
        "<mi>",
        "<svg/>",
        "<annotation-xml encoding='text/html'>",
        "<font color>",
        "</p>",
    ],
    // character references
    &[
        "&",
        "&amp;",
        "&amp",
        "&AMP",
        "&lt;",
        "&notit;",
        "&notin;",
        "&not",
        "&NotEqualTilde;",
        "&#",
        "&#x",
        "&#X41",
        "&#65;",
        "&#128;",
        "&#0",
        "&#xD800;",
        "&#x110000;",
        "&#99999999999",
        "&#13;",
        ";",
        "x",
        "4",
        "#",
        "&CounterClockwiseContourIntegral;",
        "&bne;",
        "&unknown;",
    ],
    // what is data everywhere
    &[
        "\0",
        "\u{7f}",
        "\u{80}",
        "é",
        "\u{feff}",
        "\u{fffd}",
        "\u{ffff}",
        "日本",
        "😀",
        "\u{2028}",
        "word",
        "1",
        "a-very-long-name-of-an-element-or-an-attribute",
    ],
];

/// Up to so many pieces, valid UTF-8: of all rows, or of two.
pub fn text(pieces: usize) -> impl Strategy<Value = String> {
    let of_all = prop::collection::vec(piece(PIECES.to_vec()), 0..=pieces);
    let of_two = prop::sample::subsequence(PIECES, 2)
        .prop_flat_map(move |rows| prop::collection::vec(piece(rows), 0..=pieces));
    prop_oneof![of_all, of_two].prop_map(|pieces| pieces.concat())
}

fn piece(rows: Vec<&'static [&'static str]>) -> impl Strategy<Value = String> {
    let select = prop::sample::select(rows).prop_flat_map(prop::sample::select);
    prop_oneof![
        12 => select.clone().prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => select.prop_map(|piece| piece.chars().rev().collect()),
    ]
}

/// The same with some bytes changed, in no encoding.
pub fn bytes(pieces: usize) -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3);
    (text(pieces), changes).prop_map(|(text, changes)| {
        let mut bytes = text.into_bytes();
        for (index, byte) in changes {
            if !bytes.is_empty() {
                let at = index.index(bytes.len());
                bytes[at] = byte;
            }
        }
        bytes
    })
}
