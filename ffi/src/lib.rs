//! The C face of Syntrap: what `include/syntrap.h` declares.
//!
//! Each function turns raw pointers into references, calls the Rust library inside `call`, which
//! lets no panic through, and writes what came of it behind the caller's pointers. Nothing is
//! decided here, and nothing about languages or contexts is written here: they are enumerated.
//!
//! The documentation comments are the header's, so they speak of C. cbindgen writes the header from
//! them; `tests/header.rs` holds the committed one against it.

#[cfg(feature = "caller")]
pub mod caller;
mod config;
mod detector;
mod names;
mod pointers;
mod report;
mod status;
mod stream;

use std::ffi::c_char;

pub use config::*;
pub use detector::*;
pub use names::*;
pub use pointers::Text;
pub use report::*;
pub use status::*;
pub use stream::*;

/// The version of the library that is loaded: `SYNTRAP_VERSION` is that of the header.
/// NUL-terminated and static.
#[unsafe(no_mangle)]
pub extern "C" fn syntrap_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Panics inside, while it changes `stream` unless that is NULL: for the test that C sees a status
/// and no panic.
#[cfg(feature = "panic-call")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_panic(stream: *mut Stream) -> Status {
    // SAFETY: the test passes NULL or a stream that only its thread uses.
    status::call(|| match unsafe { stream.as_mut() } {
        Some(stream) => stream.with(|_| panic!("as asked")),
        None => panic!("as asked"),
    })
}
