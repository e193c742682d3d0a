//! What holds for every value of HTML: any bytes, any cut, with and without the screen; and that
//! reading one takes linear time and no allocation. The tokenizer is in `html_tokenizer.rs` and
//! `html5lib.rs`.

#[path = "support/language.rs"]
mod language;
#[path = "support/tables.rs"]
mod tables;

/// LALRPOP's own parser.
mod stock {
    #![allow(warnings, clippy::all, reason = "written by LALRPOP")]
    include!(concat!(env!("OUT_DIR"), "/html.rs"));
}

use std::time::Duration;

use language::{Scale, assert_frugal, assert_soon, check_pieces, check_spans, config, repeated};
use proptest::prelude::*;
use syntrap::html::{self, Terminal};
use syntrap::{ContextSet, Detector, DetectorBuilder, Language, Verdict};
use tables::Terminals;

const TERMINALS: Terminals<Terminal> =
    Terminals { grammar: &html::GRAMMAR, all: Terminal::ALL, index: Terminal::index };

/// At which terminal LALRPOP's parser says no.
fn stock_rejected_at(terminals: &[Terminal]) -> Option<usize> {
    tables::stock_rejected_at(terminals, |tokens| stock::InputParser::new().parse(tokens))
}

fn documents() -> DetectorBuilder {
    Detector::builder().languages([Language::Html])
}

/// Each piece is something that one of the tokenizer's states or of the rules cares about.
const FRAGMENTS: &[&[u8]] = &[
    b"<",
    b">",
    b"/",
    b"=",
    b"</",
    b"/>",
    b"<!--",
    b"-->",
    b"--!>",
    b"<!",
    b"<?",
    b"<![CDATA[",
    b"]]>",
    b"<!doctype ",
    b"'",
    b"\"",
    b"`",
    b" ",
    b"\n",
    b"\x0c",
    b"\0",
    b"\xff",
    b"\xc3\xa9",
    b"&",
    b"&amp;",
    b"&#106;",
    b"&#x6a",
    b"&colon;",
    b"&Tab;",
    b"%3a",
    b"<a ",
    b"<b>",
    b"<p",
    b"<svg>",
    b"<svg ",
    b"<math>",
    b"<img ",
    b"<iframe ",
    b"<object ",
    b"<meta ",
    b"<base ",
    b"<link ",
    b"<form ",
    b"<input ",
    b"<set ",
    b"<script",
    b"<script>",
    b"<script:",
    b"<layer ",
    b"<x-y ",
    b"<name@host",
    b"<?xml-stylesheet ",
    b"<!entity ",
    b"</script>",
    b"<style>",
    b"</style>",
    b"<title>",
    b"</title>",
    b"</textarea>",
    b"<template ",
    b"<plaintext>",
    b"<noscript>",
    b" onload=",
    b" onclick='",
    b" onx=",
    b" on",
    b" href=",
    b" src=\"",
    b" srcdoc=",
    b" style=",
    b" action=",
    b" data=",
    b" http-equiv=refresh ",
    b" content=",
    b" value=",
    b" title=\"",
    b" from=",
    b" dataformatas=html",
    b" rel=stylesheet ",
    b" attributeName=href ",
    b"javascript:",
    b"java\tscript:",
    b"data:text/html,",
    b"https://x.example/",
    b"alert(1)",
    b"f()",
    b"x=1",
    b"url(",
    b"@import ",
    b"expression(",
    b"word ",
    b"The ",
    b"a",
    b"1",
];

/// Longer than any margin, and than what is kept of a name.
const LENGTHS: &[usize] = &[70, 300];

fn input(pieces: usize) -> impl Strategy<Value = Vec<u8>> {
    language::input(FRAGMENTS, b"a1 <&", LENGTHS, pieces)
}

proptest! {
    #![proptest_config(config(4096))]

    #[test]
    fn the_screen_changes_no_report(input in input(12)) {
        let (screened, unscreened) = (documents().build(), documents().screen(false).build());
        let report = screened.scan(&input);
        prop_assert_eq!(&report, &unscreened.scan(&input), "{}", input.escape_ascii());
        prop_assert_eq!(screened.verdict(&input), report.verdict, "{}", input.escape_ascii());
    }

    #[test]
    fn is_attack_is_the_verdict_of_scan(input in input(12)) {
        let detector = documents().build();
        prop_assert_eq!(detector.is_attack(&input), detector.scan(&input).is_attack());
    }
}

proptest! {
    #![proptest_config(config(1024))]

    #[test]
    fn a_value_in_pieces_has_the_report_of_the_whole(
        input in input(14),
        cuts in prop::collection::vec(0..200usize, 0..6),
    ) {
        check_pieces(&documents().screen(false).build(), &input, cuts, 200)?;
    }

    #[test]
    fn a_report_is_about_its_input(input in input(16)) {
        check_spans(&documents().build(), &input)?;
    }

    #[test]
    fn tokens_stand_in_order_inside_the_input(input in input(16)) {
        for context in ContextSet::of_language(Language::Html).iter() {
            for dialect in context.dialects() {
                let mut from = 0;
                for token in context.tokens(&input, Some(dialect)).expect("the context has the dialect") {
                    let span = token.span;
                    prop_assert!(span.start <= span.end && span.end <= input.len(), "{context}: {span:?}");
                    prop_assert!(span.start >= from, "{context} {dialect}: {span:?} behind {from}");
                    from = span.start;
                }
            }
        }
    }

    /// The tables that `build.rs` extracts say what the parser says that they are from.
    #[test]
    fn the_tables_agree_with_the_parser(choices in prop::collection::vec((any::<u16>(), 0..8u8), 0..24)) {
        let terminals = TERMINALS.stray(&[], &choices);
        prop_assert_eq!(TERMINALS.rejected_at(&terminals), stock_rejected_at(&terminals), "{:?}", terminals);
    }
}

#[test]
fn every_terminal_has_the_number_of_its_place() {
    TERMINALS.assert_numbered();
}

/// No number of elements in front hides the one that acts.
#[test]
fn filler_hides_no_scheme() {
    for filler in [1, 70, 300, 5000] {
        let (lines, blanks) = ("\n".repeat(filler), " ".repeat(filler));
        for value in [
            format!("<a href=\"java{lines}script:f()\">x</a>"),
            format!("<a href=\"{blanks}javascript:f()\">x</a>"),
        ] {
            assert!(documents().build().is_attack(value.as_bytes()), "{filler}: {}", &value[..20]);
        }
    }
}

#[test]
fn filler_hides_no_element() {
    let detector = documents().build();
    for filler in ["<b>", "<p>text</p>", "<img src=/x.png>", "<!-- x -->", "<a href=/x>y</a>", "&amp;", "<"] {
        for count in [0, 1, 15, 16, 17, 300] {
            let value = format!("{} <svg onload=f(1)>", filler.repeat(count));
            assert!(detector.is_attack(value.as_bytes()), "{filler:?} {count} times");
        }
    }
}

// --------------------------------------------------------------------------------------------
// Time and memory

/// What a value is repeated from to make a detector slow.
const REPETITIONS: &[&str] = &[
    "<",
    "<a ",
    "on'<a ",
    "a='",
    "<!--",
    "&amp;",
    "&nGt;",
    "&",
    "&#",
    "<script>",
    "</script>",
    "<script>f(",
    "<b>",
    "<b",
    ">",
    "'",
    "\"",
    "=",
    " a=b",
    " onx=f()",
    " href=javascript:",
    "<a href=java",
    "<svg>",
    "<![CDATA[",
    "]]>",
    "<?",
    "-->",
    "<style>",
    "</style>",
    "<title>",
    "<!doctype ",
    "javascript:",
    "data:,",
    "url(",
    "<x/onload=f()>",
    "&#x6a;",
    "[x](",
    "\0",
    "<\0",
    "<template>",
    " style=x:y;",
];

const OPENINGS: &[&str] = if cfg!(debug_assertions) {
    &["", "\" "]
} else {
    &["", "\" ", "' ", "<a ", "<a href=\"", "<script>", "javascript:"]
};

/// How long a long value is; without optimisation the same is shown on less.
const LONG: usize = if cfg!(debug_assertions) { 16 << 10 } else { 64 << 10 };

const SCALE: Scale = Scale { short: LONG / 8, long: LONG, noise: Duration::from_micros(500) };

#[test]
fn a_value_takes_linear_time() {
    SCALE.assert_linear(&documents().screen(false).build(), OPENINGS, REPETITIONS);
    SCALE.assert_linear(&documents().build(), &[""], REPETITIONS);
}

#[test]
fn a_value_takes_no_allocation() {
    let detector = documents().screen(false).build();
    // A NUL is decoded to three bytes.
    let (nulls, others): (Vec<&str>, Vec<&str>) = REPETITIONS.iter().partition(|piece| piece.contains('\0'));
    assert_frugal(&detector, OPENINGS, &others, 4000);
    assert_frugal(&detector, OPENINGS, &nulls, 1300);
}

#[test]
fn a_megabyte_is_answered_soon() {
    assert_soon(&["<", "<a ", "on'<a ", "a='", "<!--", "&amp;", "<script>", "<b>"]);
}

/// Behind a name that is too long to be kept, its value is read all the same.
#[test]
fn a_stream_goes_on_behind_a_long_name() {
    let detector = documents().build();
    for (name, byte) in [("x ", b'a'), ("x y", b' '), ("x \"", b'.')] {
        let name = [name.as_bytes(), &vec![byte; 300 << 10]].concat();
        for (rest, attack) in [("=y' onclick=f(1) z='", true), ("=y", false)] {
            let mut stream = detector.stream();
            name.chunks(4096).for_each(|piece| stream.push(piece));
            stream.push(rest.as_bytes());
            let verdict = stream.finish().verdict;
            let expected = if attack { Verdict::Attack } else { Verdict::Benign };
            assert_eq!(verdict, expected, "{:?} … {rest}", name.escape_ascii().to_string().get(..8));
        }
    }
}

/// Text, and what the program began, may be of any length.
#[test]
fn a_stream_of_long_text_is_decided() {
    let detector = documents().build();
    for piece in ["word ", "a", "<b>text</b>", "x=y ", "é", "- ", "] "] {
        let value = repeated(piece, 1 << 20);
        let mut stream = detector.stream();
        value.chunks(4096).for_each(|piece| stream.push(piece));
        assert_eq!(stream.finish().verdict, Verdict::Benign, "{piece:?} …");
    }
}

#[test]
fn a_stream_takes_linear_time_and_little_memory() {
    SCALE.assert_streams(&documents().build(), REPETITIONS, 61, 4 << 20);
}
