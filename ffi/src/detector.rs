//! The detector: one-call check and full scan.

use std::ffi::c_void;
use std::ptr;

use crate::config::Config;
use crate::pointers::{bytes, hand_over, place, release, shared};
use crate::report::Report;
use crate::status::{Failure, Status, call};

/// Decides whether values are attacks. Immutable: any number of threads may use one at the same
/// time. Make one and share it.
pub struct Detector(pub(crate) syntrap::Detector);

/// The answer about one value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(non_camel_case_types)]
#[repr(C)]
pub enum Verdict {
    /// In no context does the value do what the policy forbids.
    SYNTRAP_BENIGN = 0,
    /// In at least one context it does.
    SYNTRAP_ATTACK = 1,
    /// Nothing is known: a limit was reached or the call failed. Honest values do not come to
    /// that; who blocks attacks blocks these too.
    SYNTRAP_UNDECIDED = 2,
}

impl From<syntrap::Verdict> for Verdict {
    fn from(verdict: syntrap::Verdict) -> Self {
        match verdict {
            syntrap::Verdict::Benign => Verdict::SYNTRAP_BENIGN,
            syntrap::Verdict::Attack => Verdict::SYNTRAP_ATTACK,
            syntrap::Verdict::Undecided(_) => Verdict::SYNTRAP_UNDECIDED,
        }
    }
}

/// A new detector, in `*detector`. `config` may be NULL for the defaults. `*detector` is NULL if
/// the call fails: `SYNTRAP_BAD_CONFIG` if the languages leave none of the contexts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_detector_new(config: *const Config, detector: *mut *mut Detector) -> Status {
    call(|| {
        // SAFETY: the header asks for a pointer that may be written to, or NULL.
        let detector = unsafe { place(detector, "detector", ptr::null_mut()) }?;
        // SAFETY: the header asks for NULL or a configuration that no other thread changes.
        let built = match unsafe { config.as_ref() } {
            Some(config) => config.detector()?,
            None => syntrap::Detector::default(),
        };
        *detector = hand_over(Detector(built));
        Ok(())
    })
}

/// Frees a detector; reports and streams that were made with it live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_detector_free(detector: *mut Detector) {
    // SAFETY: the header asks for NULL or a detector that no thread uses again.
    unsafe { release(detector) };
}

/// The verdict on a value, in `*verdict`: stops at the first finding and allocates nothing. At a
/// limit the status is `SYNTRAP_LIMIT` and the verdict `SYNTRAP_UNDECIDED`, so a value may pass
/// only if the status is `SYNTRAP_OK` and the verdict `SYNTRAP_BENIGN`. Linear in the length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_check(
    detector: *const Detector,
    data: *const c_void,
    length: usize,
    verdict: *mut Verdict,
) -> Status {
    call(|| {
        // SAFETY: the header asks for a pointer that may be written to, or NULL.
        let verdict = unsafe { place(verdict, "verdict", Verdict::SYNTRAP_UNDECIDED) }?;
        // SAFETY: the header asks for a detector, and for `length` bytes that nobody changes.
        let (detector, value) = unsafe { (shared(detector, "detector")?, bytes(data, length, "data")?) };
        let decided = detector.0.verdict(value);
        *verdict = decided.into();
        match decided {
            syntrap::Verdict::Undecided(reason) => Err(at_limit(reason)),
            _ => Ok(()),
        }
    })
}

#[cold]
fn at_limit(reason: syntrap::Reason) -> Failure {
    Failure::new(Status::SYNTRAP_LIMIT, reason.to_string())
}

/// The report on a value, in `*report`, with a finding for each context in which it is an attack.
/// The report keeps nothing of the detector or of the value. `*report` is NULL if the call fails.
/// A limit does not make it fail: the report's verdict is `SYNTRAP_UNDECIDED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_scan(
    detector: *const Detector,
    data: *const c_void,
    length: usize,
    report: *mut *mut Report,
) -> Status {
    call(|| {
        // SAFETY: the header asks for a pointer that may be written to, or NULL.
        let report = unsafe { place(report, "report", ptr::null_mut()) }?;
        // SAFETY: the header asks for a detector, and for `length` bytes that nobody changes.
        let (detector, value) = unsafe { (shared(detector, "detector")?, bytes(data, length, "data")?) };
        *report = hand_over(Report::new(detector.0.scan(value)));
        Ok(())
    })
}
