//! A caller of the C functions that is safe Rust: what the fuzz target needs to hold the C face against
//! the library. Each method makes the calls that a program in C makes, frees what it was given, and
//! panics where a call fails that must not.

use std::{ptr, slice, str};

use crate::pointers::Text;
use crate::report::{Finding, Instruction, Report};
use crate::status::Status;
use crate::*;

/// Holds a detector with the defaults, and calls it.
pub struct Caller(*mut crate::detector::Detector);

// SAFETY: any number of threads may use a detector at the same time, says the header.
unsafe impl Send for Caller {}
// SAFETY: as above.
unsafe impl Sync for Caller {}

/// A report, read out: the verdict, and the texts, places and effects of each finding and of each of its
/// instructions.
#[derive(PartialEq, Eq, Debug)]
pub struct Answer {
    verdict: Verdict,
    findings: Vec<(String, String, String, Part)>,
    instructions: Vec<(String, Part)>,
}

/// Effects, first byte, and the byte behind.
type Part = (u32, usize, usize);

impl Answer {
    /// What the library's own report says.
    pub fn of(report: &syntrap::Report) -> Self {
        let found = |finding: &syntrap::Finding| {
            let part = (finding.effects.bits(), finding.span.start, finding.span.end);
            let names = [finding.language.name(), finding.context.name(), finding.dialect];
            let [language, context, dialect] = names.map(str::to_owned);
            (language, context, dialect, part)
        };
        let acts = |instruction: &syntrap::Instruction| {
            let part = (instruction.effects.bits(), instruction.span.start, instruction.span.end);
            (instruction.kind.to_owned(), part)
        };
        Answer {
            verdict: report.verdict.into(),
            findings: report.findings.iter().map(found).collect(),
            instructions: report.findings.iter().flat_map(|f| f.instructions.iter().map(acts)).collect(),
        }
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Reads a report out and frees it.
    fn take(report: *mut Report) -> Self {
        let mut answer =
            Answer { verdict: Verdict::SYNTRAP_UNDECIDED, findings: Vec::new(), instructions: Vec::new() };
        // SAFETY: the report is from the library and is freed at the end of this function.
        let status = unsafe { syntrap_report_verdict(report, &mut answer.verdict) };
        assert_eq!(status, Status::SYNTRAP_OK);
        for index in 0.. {
            let mut room = std::mem::MaybeUninit::<Finding>::uninit();
            // SAFETY: as above; the room may be written to.
            let status = unsafe { syntrap_report_finding(report, index, room.as_mut_ptr()) };
            if status == Status::SYNTRAP_OUT_OF_RANGE {
                break;
            }
            assert_eq!(status, Status::SYNTRAP_OK);
            // SAFETY: the call succeeded, so it wrote a finding.
            let found = unsafe { room.assume_init() };
            let part = (found.effects, found.begin, found.end);
            answer.findings.push((copy(found.language), copy(found.context), copy(found.dialect), part));
            for place in 0..found.instructions {
                let mut room = std::mem::MaybeUninit::<Instruction>::uninit();
                // SAFETY: as above.
                let status = unsafe { syntrap_report_instruction(report, index, place, room.as_mut_ptr()) };
                assert_eq!(status, Status::SYNTRAP_OK);
                // SAFETY: the call succeeded, so it wrote an instruction.
                let acts = unsafe { room.assume_init() };
                answer.instructions.push((copy(acts.kind), (acts.effects, acts.begin, acts.end)));
            }
        }
        // SAFETY: nothing keeps the report.
        unsafe { syntrap_report_free(report) };
        answer
    }
}

/// The library's text, copied.
fn copy(text: Text) -> String {
    // SAFETY: the library's texts are valid until the report is freed, and are UTF-8.
    let bytes = unsafe { slice::from_raw_parts(text.data.cast::<u8>(), text.length) };
    str::from_utf8(bytes).expect("the library's texts are UTF-8").to_owned()
}

impl Caller {
    /// A new detector.
    #[allow(clippy::new_without_default, reason = "there is one way to make it, and it allocates")]
    pub fn new() -> Self {
        let mut detector = ptr::null_mut();
        // SAFETY: NULL stands for the defaults; the place may be written to.
        let status = unsafe { syntrap_detector_new(ptr::null(), &mut detector) };
        assert_eq!(status, Status::SYNTRAP_OK);
        Caller(detector)
    }

    /// `syntrap_check`.
    pub fn check(&self, value: &[u8]) -> Verdict {
        let mut verdict = Verdict::SYNTRAP_UNDECIDED;
        // SAFETY: the detector lives, and the value has so many bytes.
        let status = unsafe { syntrap_check(self.0, value.as_ptr().cast(), value.len(), &mut verdict) };
        let limit = verdict == Verdict::SYNTRAP_UNDECIDED;
        assert_eq!(status, if limit { Status::SYNTRAP_LIMIT } else { Status::SYNTRAP_OK });
        verdict
    }

    /// `syntrap_scan`.
    pub fn scan(&self, value: &[u8]) -> Answer {
        let mut report = ptr::null_mut();
        // SAFETY: the detector lives, the value has so many bytes, and the place may be written to.
        let status = unsafe { syntrap_scan(self.0, value.as_ptr().cast(), value.len(), &mut report) };
        assert_eq!(status, Status::SYNTRAP_OK);
        Answer::take(report)
    }

    /// `syntrap_stream_push` for each piece.
    pub fn stream<'a>(&self, pieces: impl Iterator<Item = &'a [u8]>) -> Answer {
        let (mut stream, mut report) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: the detector lives, and the place may be written to.
        let status = unsafe { syntrap_stream_new(self.0, &mut stream) };
        assert_eq!(status, Status::SYNTRAP_OK);
        for piece in pieces {
            // SAFETY: the stream is this function's, and the piece has so many bytes.
            let status = unsafe { syntrap_stream_push(stream, piece.as_ptr().cast(), piece.len()) };
            assert_eq!(status, Status::SYNTRAP_OK);
        }
        // SAFETY: the stream is this function's, and the place may be written to.
        let status = unsafe { syntrap_stream_finish(stream, &mut report) };
        assert_eq!(status, Status::SYNTRAP_OK);
        // SAFETY: the stream is not used again.
        unsafe { syntrap_stream_free(stream) };
        Answer::take(report)
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        // SAFETY: the detector is not used again.
        unsafe { syntrap_detector_free(self.0) };
    }
}
