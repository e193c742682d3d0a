//! Time is linear in the length of the input and memory is bounded, whatever the input.

#[path = "support/repetitions.rs"]
mod repetitions;

use std::hint::black_box;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use allocation_counter::measure;
use repetitions::{REPETITIONS, repeated};
use syntrap::{Detector, Limits, Reason, Verdict};

const SHORT: usize = 4 << 10;

/// Without optimisation the same is shown on less.
const LONG: usize = if cfg!(debug_assertions) { 64 << 10 } else { 1 << 20 };

/// How much more a byte of a long input may cost than one of a short input.
const FACTOR: f64 = 3.0;

/// The same where the stack may grow with the value: a stack of many megabytes leaves the caches.
const DEEP_FACTOR: f64 = 8.0;

/// What the clock and the scheduler may add to a measurement.
const NOISE: Duration = Duration::from_micros(200);

/// Tests that measure time do so one after the other.
static CLOCK: Mutex<()> = Mutex::new(());

fn time(run: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// Fails if `run` costs more than [`FACTOR`] times as much for a byte of a long input as for one
/// of a short input. Either takes its best run of several; noise only ever adds.
fn assert_linear(what: &str, short: &[u8], long: &[u8], run: &dyn Fn(&[u8])) {
    assert_linear_by(FACTOR, what, short, long, run);
}

fn assert_linear_by(factor: f64, what: &str, short: &[u8], long: &[u8], run: &dyn Fn(&[u8])) {
    let _alone = CLOCK.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let ratio = long.len() as f64 / short.len() as f64;
    let mut best_short = Duration::MAX;
    let mut best_long = Duration::MAX;
    let mut allowed = Duration::ZERO;
    // Later rounds are for machines that are busy with something else, unless all is lost.
    for round in 0..12 {
        for _ in 0..3 {
            best_short = best_short.min(time(&mut || run(black_box(short))));
        }
        best_long = best_long.min(time(&mut || run(black_box(long))));
        allowed = best_short.mul_f64(ratio * factor) + NOISE;
        if best_long <= allowed {
            return;
        }
        if round > 1 && best_long > allowed * 3 {
            break;
        }
    }
    let (short, long) = (short.len(), long.len());
    panic!(
        "{what}: {short} bytes take {best_short:?}, {long} bytes take {best_long:?}, more than {allowed:?}"
    );
}

fn deep() -> Detector {
    let mut limits = Limits::default();
    limits.depth = usize::MAX;
    Detector::builder().limits(limits).build()
}

/// A stream of so many bytes in pieces.
fn stream(detector: &Detector, input: &[u8], piece: usize) -> Verdict {
    let mut stream = detector.stream();
    input.chunks(piece).for_each(|piece| stream.push(piece));
    stream.finish().verdict
}

/// What stands before the repetition, so that it is read in more than one state.
const OPENINGS: &[&str] = &["", "' or ", "1;select "];

fn assert_linear_behind_openings(factor: f64, what: &str, run: &dyn Fn(&[u8])) {
    for piece in REPETITIONS {
        for opening in OPENINGS {
            let input = |bytes| [opening.as_bytes(), &repeated(piece, bytes)].concat();
            let what = format!("{what} of {opening:?}, {piece:?} …");
            assert_linear_by(factor, &what, &input(SHORT), &input(LONG), run);
        }
    }
}

#[test]
fn is_attack_takes_linear_time() {
    let detector = Detector::default();
    assert_linear_behind_openings(FACTOR, "is_attack", &|value| {
        black_box(detector.is_attack(value));
    });
}

#[test]
fn scan_takes_linear_time() {
    let detector = Detector::default();
    assert_linear_behind_openings(FACTOR, "scan", &|value| {
        black_box(detector.scan(value));
    });
}

#[test]
fn scan_without_a_limit_of_depth_takes_linear_time() {
    let detector = deep();
    assert_linear_behind_openings(DEEP_FACTOR, "scan without a limit of depth", &|value| {
        black_box(detector.scan(value));
    });
}

#[test]
fn a_stream_takes_linear_time() {
    let detector = Detector::default();
    for piece in REPETITIONS {
        let input = |bytes| repeated(piece, bytes);
        assert_linear(&format!("stream of {piece:?} …"), &input(SHORT), &input(LONG), &|value| {
            black_box(stream(&detector, value, 1 << 10));
        });
    }
}

#[test]
fn a_long_token_in_small_pieces_takes_linear_time() {
    let detector = Detector::default();
    for token in ["1", "a", " ", "@a", "'a", "/*a", "--a", "$a$b", "q'[a"] {
        let filler = &token[token.len() - 1..];
        let input = |bytes| [token.as_bytes(), &repeated(filler, bytes)].concat();
        // No longer than what a stream holds of one token.
        assert_linear(
            &format!("{token:?} … byte by byte"),
            &input(1 << 10),
            &input(if cfg!(debug_assertions) { 8 << 10 } else { 32 << 10 }),
            &|value| {
                black_box(stream(&detector, value, 1));
            },
        );
    }
}

/// A stream of many megabytes in pieces of 64 KiB.
const STREAM: usize = if cfg!(debug_assertions) { 4 << 20 } else { 64 << 20 };
/// So many pieces show growth where 8 do not.
const MANY: usize = if cfg!(debug_assertions) { 16 } else { 64 };
const PIECE: usize = 64 << 10;

/// The most bytes that a stream held at once, and its verdict.
fn held(opening: &[u8], filler: u8, bytes: usize) -> (u64, Verdict) {
    let detector = Detector::default();
    let piece = vec![filler; PIECE];
    let mut verdict = Verdict::Benign;
    let counted = measure(|| {
        let mut stream = detector.stream();
        stream.push(opening);
        for _ in 0..bytes / PIECE {
            stream.push(&piece);
        }
        verdict = stream.finish().verdict;
    });
    (counted.bytes_max, verdict)
}

#[test]
fn the_memory_of_a_stream_does_not_grow_with_it() {
    let openings = ["'", "1 or '", "/*", "1 -- ", "$a$", "1", "a", "@", " ", "1 or q'[", "(", "1,"];
    for opening in openings {
        for filler in *b"1a '-(,*" {
            let (short, _) = held(opening.as_bytes(), filler, 8 * PIECE);
            let (long, _) = held(opening.as_bytes(), filler, MANY * PIECE);
            assert!(
                long <= short + 4096,
                "{opening:?} and {:?}: {short} bytes, then {long}",
                char::from(filler)
            );
        }
    }
}

#[test]
fn a_stream_holds_no_more_than_its_limits_allow() {
    // A few kilobytes for each context and dialect, and a token for each way to read the value.
    for (opening, filler) in [("'", b'a'), ("", b'7'), ("1 or ", b'7'), ("1 or '", b'x'), ("1 /*", b'*')] {
        let (bytes, _) = held(opening.as_bytes(), filler, STREAM);
        assert!(bytes < 8 << 20, "{opening:?} and {:?}: {bytes} bytes", char::from(filler));
    }
}

#[test]
fn a_literal_of_any_length_is_decided_in_a_stream() {
    assert_eq!(held(b"1 union select '", b'a', STREAM).1, Verdict::Attack);
    assert_eq!(held(b"it is quoted: '", b'.', STREAM).1, Verdict::Benign);
}

#[test]
fn a_number_beyond_the_limit_of_a_token_is_not_called_benign_in_a_stream() {
    let detector = Detector::default();
    let digits = vec![b'7'; 2 * detector.limits().token_bytes];
    let mut stream = detector.stream();
    stream.push(b"1 or 1=");
    stream.push(&digits);
    stream.push(b" or sleep(5)");
    let verdict = stream.finish().verdict;
    assert!(matches!(verdict, Verdict::Attack | Verdict::Undecided(Reason::TokenTooLong)), "{verdict}");
}
