//! What holds for every value of HTML: any bytes, any cut, with and without the screen; and that
//! reading one takes linear time and no allocation. The tokenizer is in `html_tokenizer.rs` and
//! `html5lib.rs`.

#[path = "support/streams.rs"]
mod streams;

/// LALRPOP's own parser.
mod stock {
    #![allow(warnings, clippy::all, reason = "written by LALRPOP")]
    include!(concat!(env!("OUT_DIR"), "/html.rs"));
}

use std::hint::black_box;
use std::time::{Duration, Instant};

use allocation_counter::measure;
use lalrpop_util::ParseError;
use proptest::prelude::*;
use streams::streamed;
use syntrap::html::{self, Terminal};
use syntrap::{ContextSet, Detector, DetectorBuilder, Language, Push, RecogniseOnly, Recogniser, Verdict};

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

fn input(pieces: usize) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        40 => prop::sample::select(FRAGMENTS).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 1..4),
        // Longer than any margin, and than what is kept of a name.
        1 => (prop::sample::select(b"a1 <&".as_slice()), prop::sample::select(&[70usize, 300]))
            .prop_map(|(byte, count)| vec![byte; count]),
    ];
    prop::collection::vec(piece, 0..=pieces).prop_map(|pieces| pieces.concat())
}

/// So many cases, or what `PROPTEST_CASES` says.
fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var_os("PROPTEST_CASES").map_or(cases, |_| ProptestConfig::default().cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(4096))]

    #[test]
    fn the_screen_changes_no_report(input in input(12)) {
        let (screened, unscreened) = (documents().build(), documents().screen(false).build());
        prop_assert_eq!(screened.scan(&input), unscreened.scan(&input), "{}", input.escape_ascii());
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
        let detector = documents().screen(false).build();
        let whole = detector.scan(&input);
        prop_assert_eq!(&streamed(&detector, &input, cuts), &whole, "{}", input.escape_ascii());
        if input.len() < 200 {
            let every = (0..=input.len()).collect();
            prop_assert_eq!(&streamed(&detector, &input, every), &whole, "{}", input.escape_ascii());
        }
    }

    #[test]
    fn a_report_is_about_its_input(input in input(16)) {
        for finding in &documents().build().scan(&input).findings {
            prop_assert!(finding.span.end <= input.len());
            for instruction in &finding.instructions {
                prop_assert!(instruction.span.start <= instruction.span.end);
                prop_assert!(instruction.span.end <= input.len());
            }
        }
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
        // Mostly along the tables, now and then aside.
        let mut recogniser = Recogniser::with_semantics(&html::GRAMMAR, RecogniseOnly, usize::MAX);
        let mut terminals = Vec::new();
        let mut rejected = None;
        for (choice, aside) in choices {
            let viable: Vec<Terminal> =
                Terminal::ALL.iter().copied().filter(|terminal| recogniser.can_shift(terminal.index())).collect();
            let from = if aside == 0 || viable.is_empty() { Terminal::ALL } else { &viable };
            let terminal = from[usize::from(choice) % from.len()];
            terminals.push(terminal);
            if recogniser.push_terminal(terminal.index()) == Push::Rejected {
                rejected = Some(terminals.len() - 1);
                break;
            }
        }
        let tokens = terminals.iter().enumerate().map(|(at, &terminal)| (at, terminal, at + 1));
        let expected = match stock::InputParser::new().parse(tokens) {
            Ok(_) | Err(ParseError::UnrecognizedEof { .. }) => None,
            Err(ParseError::UnrecognizedToken { token: (at, ..), .. }) => Some(at),
            Err(error) => panic!("the parser has no other reason to stop: {error:?}"),
        };
        prop_assert_eq!(rejected, expected, "{:?}", terminals);
    }
}

#[test]
fn every_terminal_has_the_number_of_its_place() {
    for (place, terminal) in Terminal::ALL.iter().enumerate() {
        assert_eq!(usize::from(terminal.index()), place, "{terminal:?}");
    }
}

/// No number of elements in front hides the one that acts.
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

const OPENINGS: &[&str] =
    if cfg!(debug_assertions) { &["", "\" "] } else { &["", "\" ", "' ", "<a ", "<script>", "javascript:"] };

fn repeated(piece: &str, bytes: usize) -> Vec<u8> {
    piece.bytes().cycle().take(bytes).collect()
}

/// The best of several runs; noise only ever adds.
fn time(run: &dyn Fn()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..2 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed());
    }
    best
}

/// How long a long value is; without optimisation the same is shown on less.
const LONG: usize = if cfg!(debug_assertions) { 16 << 10 } else { 64 << 10 };
const SHORT: usize = LONG / 8;

/// Whether the time for a long value is at most that of a short one by its length, with room for
/// noise.
fn is_linear(run: &dyn Fn(&[u8]), value: &dyn Fn(usize) -> Vec<u8>) -> bool {
    let (short, long) = (value(SHORT), value(LONG));
    // Later rounds are for machines that are busy with something else.
    (0..8).any(|_| {
        let (short, long) = (time(&|| run(&short)), time(&|| run(&long)));
        long <= short * 8 * 3 + Duration::from_micros(500)
    })
}

#[test]
fn a_value_takes_linear_time_and_no_allocation() {
    let detector = documents().screen(false).build();
    for opening in OPENINGS {
        for piece in REPETITIONS {
            let value = |bytes| [opening.as_bytes(), &repeated(piece, bytes)].concat();
            let scan = |value: &[u8]| _ = black_box(detector.scan(value));
            assert!(is_linear(&scan, &value), "{opening:?}, {piece:?} …");
            // A NUL is decoded to three bytes.
            let short = value(if piece.contains('\0') { 1300 } else { 4000 });
            let counted = measure(|| _ = black_box(detector.is_attack(&short)));
            assert_eq!(counted.count_total, 0, "{opening:?}, {piece:?} …");
        }
    }
}

#[test]
fn a_megabyte_is_answered_soon() {
    let detector = Detector::default();
    for piece in ["<", "<a ", "on'<a ", "a='", "<!--", "&amp;", "<script>", "<b>"] {
        let value = repeated(piece, 1 << 20);
        let start = Instant::now();
        black_box(detector.scan(&value));
        let limit = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });
        assert!(start.elapsed() < limit, "{piece:?} …: {:?}", start.elapsed());
    }
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
    let detector = documents().build();
    for piece in REPETITIONS {
        let value = |bytes| [b"x".as_slice(), &repeated(piece, bytes)].concat();
        let run = |value: &[u8]| {
            let mut stream = detector.stream();
            value.chunks(61).for_each(|piece| stream.push(piece));
            black_box(stream.finish());
        };
        assert!(is_linear(&run, &value), "{piece:?} …");
        let long = value(LONG);
        let counted = measure(|| run(&long));
        assert!(counted.bytes_max < 4 << 20, "{piece:?} …: {} bytes", counted.bytes_max);
    }
}
