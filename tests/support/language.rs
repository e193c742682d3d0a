//! What holds for every value of any language: the tests of each bring the values.

#![allow(dead_code, reason = "each test asks for a part of it")]

use std::hint::black_box;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use allocation_counter::measure;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use syntrap::{Detector, Report};

/// So many cases, or what `PROPTEST_CASES` says.
pub fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var_os("PROPTEST_CASES").map_or(cases, |_| ProptestConfig::default().cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Up to so many pieces: of the language, now and then of any bytes, or one byte at a length of its own.
pub fn input(
    fragments: &'static [&'static [u8]],
    filler: &'static [u8],
    lengths: &'static [usize],
    pieces: usize,
) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        40 => prop::sample::select(fragments).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 1..4),
        1 => (prop::sample::select(filler), prop::sample::select(lengths))
            .prop_map(|(byte, count)| vec![byte; count]),
    ];
    prop::collection::vec(piece, 0..=pieces).prop_map(|pieces| pieces.concat())
}

/// The report on a value that is cut at these places.
pub fn streamed(detector: &Detector, input: &[u8], mut cuts: Vec<usize>) -> Report {
    cuts.retain(|&cut| cut <= input.len());
    cuts.sort_unstable();
    let mut stream = detector.stream();
    let mut from = 0;
    for cut in cuts {
        stream.push(&input[from..cut]);
        from = cut;
    }
    stream.push(&input[from..]);
    stream.finish()
}

/// A value that is cut at these places has the report of the whole, and so has, up to this length, one
/// that is cut at every byte.
pub fn check_pieces(
    detector: &Detector,
    input: &[u8],
    cuts: Vec<usize>,
    every: usize,
) -> Result<(), TestCaseError> {
    let whole = detector.scan(input);
    prop_assert_eq!(&streamed(detector, input, cuts), &whole, "{}", input.escape_ascii());
    if input.len() < every {
        let cuts = (0..=input.len()).collect();
        prop_assert_eq!(&streamed(detector, input, cuts), &whole, "{}", input.escape_ascii());
    }
    Ok(())
}

/// What a report says about places, it says about places in the value.
pub fn check_spans(detector: &Detector, input: &[u8]) -> Result<(), TestCaseError> {
    for finding in &detector.scan(input).findings {
        prop_assert!(finding.span.end <= input.len());
        for instruction in &finding.instructions {
            prop_assert!(instruction.span.start <= instruction.span.end);
            prop_assert!(instruction.span.end <= input.len());
        }
    }
    Ok(())
}

/// A piece, repeated up to so many bytes.
pub fn repeated(piece: &str, bytes: usize) -> Vec<u8> {
    piece.bytes().cycle().take(bytes).collect()
}

/// Two lengths whose times are compared.
pub struct Scale {
    pub short: usize,
    pub long: usize,
    /// What is forgiven, however short the time.
    pub noise: Duration,
}

/// One clock at a time: tests run side by side.
static CLOCK: Mutex<()> = Mutex::new(());

impl Scale {
    /// Whether a long value takes at most three times as long a byte as a short one. Either has its best
    /// run of several, for noise only ever adds; later rounds are for machines that are busy.
    fn is_linear(&self, value: &dyn Fn(usize) -> Vec<u8>, run: &dyn Fn(&[u8])) -> bool {
        let _alone = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
        let (short, long) = (value(self.short), value(self.long));
        let factor = u32::try_from(self.long / self.short * 3).expect("lengths are moderate");
        let time = |value: &[u8]| {
            let timed = |_| {
                let start = Instant::now();
                run(value);
                start.elapsed()
            };
            (0..3).map(timed).min().expect("it ran")
        };
        (0..8).any(|_| time(&long) <= time(&short) * factor + self.noise)
    }

    /// Scanning any of these pieces behind any of these openings takes linear time.
    pub fn assert_linear(&self, detector: &Detector, openings: &[&str], pieces: &[&str]) {
        for opening in openings {
            for piece in pieces {
                let value = |bytes| [opening.as_bytes(), &repeated(piece, bytes)].concat();
                let scan = |value: &[u8]| _ = black_box(detector.scan(value));
                assert!(self.is_linear(&value, &scan), "{opening:?}, {piece:?} …");
            }
        }
    }

    /// A stream of any of these pieces takes linear time, however small its pieces, and at most this
    /// memory at once.
    pub fn assert_streams(&self, detector: &Detector, pieces: &[&str], cut: usize, memory: u64) {
        for piece in pieces {
            let value = |bytes| [b"x".as_slice(), &repeated(piece, bytes)].concat();
            let run = |value: &[u8]| {
                let mut stream = detector.stream();
                value.chunks(cut).for_each(|piece| stream.push(piece));
                black_box(stream.finish());
            };
            assert!(self.is_linear(&value, &run), "{piece:?} …");
            let long = value(self.long);
            let counted = measure(|| run(&long));
            assert!(counted.bytes_max < memory, "{piece:?} …: {} bytes", counted.bytes_max);
        }
    }
}

/// Deciding these pieces behind these openings, so many bytes of each, allocates nothing.
pub fn assert_frugal(detector: &Detector, openings: &[&str], pieces: &[&str], bytes: usize) {
    for opening in openings {
        for piece in pieces {
            let value = [opening.as_bytes(), &repeated(piece, bytes)].concat();
            let counted = measure(|| _ = black_box(detector.is_attack(&value)));
            assert_eq!(counted.count_total, 0, "{opening:?}, {piece:?} …");
        }
    }
}

/// A megabyte of any of these pieces is answered soon, in all languages.
pub fn assert_soon(pieces: &[&str]) {
    let detector = Detector::default();
    for piece in pieces {
        let value = repeated(piece, 1 << 20);
        let start = Instant::now();
        black_box(detector.scan(&value));
        let limit = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });
        assert!(start.elapsed() < limit, "{piece:?} …: {:?}", start.elapsed());
    }
}
