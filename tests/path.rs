//! What holds for every path: any bytes, any cut, with and without the screen; and that reading one
//! takes linear time.

#[path = "support/language.rs"]
mod language;
#[path = "support/tables.rs"]
mod tables;

/// LALRPOP's own parser.
mod stock {
    #![allow(warnings, clippy::all, reason = "written by LALRPOP")]
    include!(concat!(env!("OUT_DIR"), "/path.rs"));
}

use std::time::Duration;

use language::{Scale, assert_frugal, check_pieces, check_spans, config};
use proptest::prelude::*;
use syntrap::path::{self, Dialect, Terminal};
use syntrap::{Detector, DetectorBuilder, Language, Push, Verdict};
use tables::Terminals;

const TERMINALS: Terminals<Terminal> =
    Terminals { grammar: &path::GRAMMAR, all: Terminal::ALL, index: Terminal::index };

/// At which terminal LALRPOP's parser says no.
fn stock_rejected_at(terminals: &[Terminal]) -> Option<usize> {
    tables::stock_rejected_at(terminals, |tokens| stock::InputParser::new().parse(tokens))
}

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

#[test]
fn every_terminal_has_the_number_of_its_place() {
    TERMINALS.assert_numbered();
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
    #![proptest_config(config(4096))]

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
        check_pieces(&paths().build(), &input, cuts, usize::MAX)?;
    }

    #[test]
    fn a_path_is_decided_at_any_length(input in input(12)) {
        let detector = paths().screen(false).build();
        prop_assert!(!matches!(detector.scan(&input).verdict, Verdict::Undecided(_)));
        check_spans(&detector, &input)?;
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
        prop_assert_eq!(TERMINALS.rejected_at(&terminals), stock_rejected_at(&terminals), "{:?}", terminals);
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

const SCALE: Scale = Scale { short: 4 << 10, long: 64 << 10, noise: Duration::from_micros(200) };

#[test]
fn a_path_takes_linear_time_and_no_allocation() {
    let openings = ["", "/", "x", "../"];
    for detector in [paths().build(), paths().screen(false).build()] {
        SCALE.assert_linear(&detector, &openings, REPETITIONS);
        assert_frugal(&detector, &openings, REPETITIONS, SCALE.long);
    }
}

#[test]
fn a_stream_of_paths_takes_linear_time_and_little_memory() {
    SCALE.assert_streams(&paths().build(), REPETITIONS, 7, 128 << 10);
}
