//! A value that arrives in pieces.

use syntrap::{Detector, Report};

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
