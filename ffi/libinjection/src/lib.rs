//! libinjection's calls, answered by Syntrap: what the headers in `include/` declare.
//!
//! A program that was built against libinjection 3 uses this library by `LD_PRELOAD` or by being
//! linked to it. Callers allocate the state themselves, so its layout is libinjection's to the byte;
//! of what is in it, Syntrap fills what callers read: the fingerprint. Both calls about a value fail
//! closed: what reaches a limit is reported.

mod fingerprint;
mod state;

use std::ffi::{c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;
use std::sync::LazyLock;

use syntrap::{ContextKind, ContextSet, Detector, Language, Verdict};

use crate::fingerprint::Fingerprint;
pub use crate::state::*;

/// Detectors of one language's injections, made when they are first asked.
static SQL: LazyLock<Detector> = LazyLock::new(|| injections(Language::Sql));
static HTML: LazyLock<Detector> = LazyLock::new(|| injections(Language::Html));

fn injections(language: Language) -> Detector {
    let injections = ContextSet::of_kind(ContextKind::Injection);
    Detector::builder().languages([language]).contexts(injections).build()
}

/// What is wrong with a value, if anything is. NULL is an empty value.
///
/// # Safety
///
/// The pointer is NULL or valid for reading `length` bytes.
unsafe fn judge(detector: &LazyLock<Detector>, data: *const c_char, length: usize) -> Option<Fingerprint> {
    if data.is_null() || length == 0 {
        return None;
    }
    if length > isize::MAX as usize {
        return Some(Fingerprint::LIMIT);
    }
    // SAFETY: not NULL and of a length that a slice may have; the rest is the caller's promise.
    let value = unsafe { slice::from_raw_parts(data.cast::<u8>(), length) };
    // Nothing that a panic could leave half done outlives it.
    catch_unwind(AssertUnwindSafe(|| match detector.verdict(value) {
        Verdict::Benign => None,
        Verdict::Undecided(_) => Some(Fingerprint::LIMIT),
        Verdict::Attack => detector.scan(value).findings.first().map(Fingerprint::of),
    }))
    .unwrap_or(Some(Fingerprint::PANIC))
}

/// Which library answers: `syntrap-` and its version.
#[unsafe(no_mangle)]
pub extern "C" fn libinjection_version() -> *const c_char {
    concat!("syntrap-", env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Whether a value is an SQL injection: 1 or 0. The fingerprint, with its NUL at most 8 bytes, is
/// written to `fingerprint` unless that is NULL; it is empty if the answer is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libinjection_sqli(s: *const c_char, slen: usize, fingerprint: *mut c_char) -> c_int {
    // SAFETY: the header asks for `slen` readable bytes.
    let found = unsafe { judge(&SQL, s, slen) };
    if !fingerprint.is_null() {
        let found = found.unwrap_or(Fingerprint::NONE);
        let text = found.bytes();
        // SAFETY: the header asks for room for 8 bytes; what stands behind the NUL stays.
        unsafe { fingerprint.copy_from_nonoverlapping(text.as_ptr().cast(), text.len()) };
    }
    c_int::from(found.is_some())
}

/// Whether a value injects script into HTML, in any place of a document: 1 or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libinjection_xss(s: *const c_char, slen: usize) -> c_int {
    // SAFETY: the header asks for `slen` readable bytes.
    c_int::from(unsafe { judge(&HTML, s, slen) }.is_some())
}

/// The same as [`libinjection_xss`]: all places are tried, whichever `flags` names.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libinjection_is_xss(s: *const c_char, slen: usize, _flags: c_int) -> c_int {
    // SAFETY: the header asks for `slen` readable bytes.
    unsafe { libinjection_xss(s, slen) }
}
