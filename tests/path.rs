//! What holds for every path: any bytes, any cut, with and without the screen; and that reading one
//! takes linear time.

#[path = "support/streams.rs"]
mod streams;

/// LALRPOP's own parser.
mod stock {
    #![allow(warnings, clippy::all, reason = "written by LALRPOP")]
    include!(concat!(env!("OUT_DIR"), "/path.rs"));
}

use std::hint::black_box;
use std::time::{Duration, Instant};

use allocation_counter::measure;
use lalrpop_util::ParseError;
use proptest::prelude::*;
use streams::streamed;
use syntrap::path::{self, Dialect, Terminal};
use syntrap::{Detector, DetectorBuilder, Language, Push, Verdict};

fn paths() -> DetectorBuilder {
    Detector::builder().languages([Language::Path])
}

/// Each piece is something that the tokenizer, an encoding or a rule cares about.
const FRAGMENTS: &[&[u8]] = &[
    b"/",
    b"\\",
    b"//",
    b"\\\\",
    b".",
    b"..",
    b"...",
    b" ",
    b"\t",
    b"\n",
    b"\0",
    b":",
    b"|",
    b";",
    b"?",
    b"#",
    b"~",
    b"%",
    b"%2e",
    b"%2f",
    b"%5c",
    b"%00",
    b"%25",
    b"%252e",
    b"%u002e",
    b"%u2215",
    b"%c0",
    b"%af",
    b"2e",
    b"\xc0\xae",
    b"\xc0",
    b"\xaf",
    b"\xe0\x80",
    b"\xf0\x80\x80",
    b"\xfc\x80\x80\x80\x80\xae",
    b"\xff",
    "é".as_bytes(),
    "名".as_bytes(),
    b"file:",
    b"FILE://localhost",
    b"C:",
    b"c|",
    b"c$",
    b"unc",
    b"?",
    b"a",
    b"b.txt",
    b"x.conf",
    b"y.log~",
    b"etc",
    b"usr",
    b"local",
    b"windows",
    b"Program Files",
    b"boot.ini",
    b".ssh",
    b"web-inf",
    b"App_Data",
    b"home",
    b"<b>",
];

const OPENINGS: &[&[u8]] =
    &[b"", b"/", b"../", b"a/", b"\\\\", b"//", b"\\\\?\\", b"\\\\.\\", b"C:\\", b"file:///", b" ", b"\0"];

fn input(pieces: usize) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        20 => prop::sample::select(FRAGMENTS).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 1..4),
        1 => (prop::sample::select(b"a/.% \\".as_slice()), 1..100usize).prop_map(|(byte, count)| vec![byte; count]),
    ];
    (prop::sample::select(OPENINGS), prop::collection::vec(piece, 0..=pieces))
        .prop_map(|(opening, pieces)| [opening, &pieces.concat()].concat())
}

/// So many cases, or what `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let cases = std::env::var_os("PROPTEST_CASES").map_or(4096, |_| ProptestConfig::default().cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn every_terminal_has_the_number_of_its_place() {
    for (place, terminal) in Terminal::ALL.iter().enumerate() {
        assert_eq!(usize::from(terminal.index()), place, "{terminal:?}");
    }
}

#[test]
fn no_one_or_two_bytes_are_an_attack_but_a_parent_of_the_root() {
    let detector = paths().build();
    for first in 0..=u8::MAX {
        assert!(!detector.is_attack(&[first]), "{:?}", char::from(first));
        for second in 0..=u8::MAX {
            assert!(
                !detector.is_attack(&[first, second]),
                "{:?}",
                [first, second].escape_ascii().to_string()
            );
        }
    }
    assert!(detector.is_attack(b"/.."));
}

/// The name before a parent pays for it; a second one leaves.
#[test]
fn depth_is_counted_however_long_the_path() {
    let detector = paths().build();
    for names in [1, 7, 8, 9, 100] {
        let inside = format!("{}{}", "a/".repeat(names), "../".repeat(names));
        assert!(!detector.is_attack(inside.as_bytes()), "{names}");
        assert!(detector.is_attack(format!("{inside}../x").as_bytes()), "{names}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_screen_changes_no_report(input in input(12)) {
        let unscreened = paths().screen(false).build();
        prop_assert_eq!(paths().build().scan(&input), unscreened.scan(&input), "{}", input.escape_ascii());
    }

    #[test]
    fn is_attack_is_the_verdict_of_scan(input in input(12)) {
        let detector = paths().build();
        prop_assert_eq!(detector.is_attack(&input), detector.scan(&input).is_attack());
    }

    #[test]
    fn a_value_in_pieces_has_the_report_of_the_whole(
        input in input(12),
        cuts in prop::collection::vec(0..120usize, 0..6),
    ) {
        let detector = paths().build();
        let whole = detector.scan(&input);
        prop_assert_eq!(&streamed(&detector, &input, cuts), &whole);
        prop_assert_eq!(&streamed(&detector, &input, (0..=input.len()).collect()), &whole);
    }

    #[test]
    fn a_path_is_decided_at_any_length(input in input(12)) {
        let report = paths().screen(false).build().scan(&input);
        prop_assert!(!matches!(report.verdict, Verdict::Undecided(_)));
        for finding in &report.findings {
            prop_assert!(finding.span.end <= input.len());
            prop_assert!(finding.instructions.iter().all(|i| i.span.start <= i.span.end && i.span.end <= input.len()));
        }
    }

    /// Tokens cover the path and are all accepted: every text is a path.
    #[test]
    fn tokens_stand_in_order_and_are_accepted(input in input(12), dialect in prop::sample::select(Dialect::ALL)) {
        let mut recogniser = path::recogniser();
        recogniser.push_terminal(Terminal::StartPath.index());
        let mut from = None;
        for token in path::tokens(&input, dialect) {
            let span = token.span();
            prop_assert!(from.is_none_or(|from| span.start == from), "{:?} behind {:?}", token, from);
            prop_assert!(span.start < span.end && span.end <= input.len(), "{:?}", token);
            prop_assert_eq!(recogniser.push_terminal(token.terminal.index()), Push::Shifted, "{:?}", token);
            from = Some(span.end);
        }
        prop_assert!(from.is_none_or(|from| from == input.len()));
    }

    /// The tables that `build.rs` extracts say what the parser says that they are from.
    #[test]
    fn the_tables_agree_with_the_parser(
        terminals in prop::collection::vec(prop::sample::select(Terminal::ALL), 0..8),
        begins in any::<bool>(),
    ) {
        let terminals: Vec<_> = begins.then_some(Terminal::StartPath).into_iter().chain(terminals).collect();
        let mut recogniser = path::recogniser();
        let rejected = terminals.iter().position(|terminal| recogniser.push_terminal(terminal.index()) == Push::Rejected);
        let tokens = terminals.iter().enumerate().map(|(at, &terminal)| (at, terminal, at + 1));
        let expected = match stock::InputParser::new().parse(tokens) {
            Ok(_) | Err(ParseError::UnrecognizedEof { .. }) => None,
            Err(ParseError::UnrecognizedToken { token: (at, ..), .. }) => Some(at),
            Err(error) => panic!("the parser has no other reason to stop: {error:?}"),
        };
        prop_assert_eq!(rejected, expected, "{:?}", terminals);
    }

    /// What stands in front of a path that leaves cannot bring it back, as long as it is of names
    /// that are fewer than its parents.
    #[test]
    fn names_in_front_do_not_hide_more_parents(
        names in prop::collection::vec("[a-z0-9 _-]{0,6}[a-z0-9_-]", 0..12),
        more in 1..4usize,
    ) {
        let path = format!("{}{}x", names.iter().map(|n| format!("{n}/")).collect::<String>(), "../".repeat(names.len() + more));
        prop_assert!(paths().build().is_attack(path.as_bytes()), "{}", path);
    }
}

/// What a path is repeated from to make a detector slow.
const REPETITIONS: &[&str] = &[
    "/", "\\", ".", "..", "../", "a/", "a/../", "./", "%", "%2", "%25", "%u", "%%", "%c0", "%2e", "a", " ",
    ".a", ";", "\0", "\u{0}/", "\\\\", "C:", "file:", ".ssh/", "%u%", "%25%",
];

fn repeated(piece: &str, bytes: usize) -> Vec<u8> {
    piece.bytes().cycle().take(bytes).collect()
}

/// The best of several runs; noise only ever adds.
fn time(run: &dyn Fn()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed());
    }
    best
}

#[test]
fn a_path_takes_linear_time_and_no_allocation() {
    let unscreened = paths().screen(false).build();
    for detector in [&paths().build(), &unscreened] {
        for opening in ["", "/", "x", "../"] {
            for piece in REPETITIONS {
                let value = |bytes| [opening.as_bytes(), &repeated(piece, bytes)].concat();
                let (short, long) = (value(4 << 10), value(64 << 10));
                let run = |value: &[u8]| {
                    black_box(detector.scan(value));
                };
                // Later rounds are for machines that are busy with something else.
                let linear = (0..8).any(|_| {
                    let (short, long) = (time(&|| run(&short)), time(&|| run(&long)));
                    long <= short * 16 * 3 + Duration::from_micros(200)
                });
                assert!(linear, "{opening:?}, {piece:?} …");
                let counted = measure(|| {
                    black_box(detector.is_attack(&long));
                });
                assert_eq!(counted.count_total, 0, "{opening:?}, {piece:?} …");
            }
        }
    }
}

#[test]
fn a_stream_of_paths_takes_linear_time_and_little_memory() {
    let detector = paths().build();
    for piece in REPETITIONS {
        let value = |bytes| [b"x".as_slice(), &repeated(piece, bytes)].concat();
        let (short, long) = (value(4 << 10), value(64 << 10));
        let run = |value: &[u8]| {
            let mut stream = detector.stream();
            value.chunks(7).for_each(|piece| stream.push(piece));
            stream.finish().verdict
        };
        let linear = (0..8).any(|_| {
            let short = time(&|| _ = black_box(run(&short)));
            let long = time(&|| _ = black_box(run(&long)));
            long <= short * 16 * 3 + Duration::from_micros(200)
        });
        assert!(linear, "{piece:?} …");
        let counted = measure(|| _ = black_box(run(&long)));
        assert!(counted.bytes_max < 128 << 10, "{piece:?} …: {} bytes", counted.bytes_max);
    }
}
