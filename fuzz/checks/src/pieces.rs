//! What holds for a value that comes in pieces, and for one that comes through the C face: the answer is
//! that of `scan`.

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Unstructured};
use syntrap::{ContextSet, Detector, Report, Verdict};
use syntrap_ffi::caller;

use crate::shown;

/// A value, and where it is cut.
#[derive(Arbitrary)]
struct Pieces<'a> {
    cuts: [u8; 4],
    value: &'a [u8],
}

impl<'a> Pieces<'a> {
    fn of(data: &'a [u8]) -> Self {
        Pieces::arbitrary_take_rest(Unstructured::new(data)).unwrap_or(Pieces { cuts: [0; 4], value: data })
    }

    /// The value from cut to cut.
    fn iter(&self) -> impl Iterator<Item = &'a [u8]> {
        let mut cuts = self.cuts.map(|cut| usize::from(cut) % (self.value.len() + 1));
        cuts.sort_unstable();
        let mut rest = self.value;
        let mut from = 0;
        cuts.into_iter().chain([self.value.len()]).map(move |cut| {
            let (piece, behind) = rest.split_at(cut - from);
            (rest, from) = (behind, cut);
            piece
        })
    }
}

fn streamed<'a>(detector: &Detector, pieces: impl Iterator<Item = &'a [u8]>) -> Report {
    let mut stream = detector.stream();
    pieces.for_each(|piece| stream.push(piece));
    stream.finish()
}

/// However a value is cut, its report is that of the whole.
pub(crate) fn stream(data: &[u8]) {
    static DETECTOR: LazyLock<Detector> =
        LazyLock::new(|| Detector::builder().contexts(ContextSet::filter(|_| true)).screen(false).build());
    let pieces = Pieces::of(data);
    let whole = DETECTOR.scan(pieces.value);
    let value = shown(pieces.value);
    assert_eq!(streamed(&DETECTOR, pieces.iter()), whole, "cut at {:?}: {value}", pieces.cuts);
    assert_eq!(streamed(&DETECTOR, pieces.value.chunks(1)), whole, "byte by byte: {value}");
}

/// C gets the answers that Rust gets.
pub(crate) fn c_face(data: &[u8]) {
    static DETECTOR: LazyLock<(Detector, caller::Caller)> =
        LazyLock::new(|| (Detector::default(), caller::Caller::new()));
    let (detector, face) = &*DETECTOR;
    let pieces = Pieces::of(data);
    let value = shown(pieces.value);
    let report = detector.scan(pieces.value);
    assert_eq!(face.check(pieces.value), report.verdict.into(), "{value}");
    assert_eq!(face.scan(pieces.value), caller::Answer::of(&report), "{value}");
    // A stream has no screen: it may run into a limit where nothing can count.
    let streamed = face.stream(pieces.iter());
    if !matches!(streamed.verdict(), syntrap_ffi::Verdict::SYNTRAP_UNDECIDED)
        || report.verdict != Verdict::Benign
    {
        assert_eq!(streamed, caller::Answer::of(&report), "cut at {:?}: {value}", pieces.cuts);
    }
}
