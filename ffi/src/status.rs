//! How a call fails: the status, the thread's message, and the boundary that no panic crosses.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a call came to. Everything but `SYNTRAP_OK` leaves a message: see `syntrap_message`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(non_camel_case_types)]
#[repr(C)]
pub enum Status {
    /// The call did what it is for.
    SYNTRAP_OK = 0,
    /// A pointer that must not be NULL was NULL. NULL with length 0 is an empty value.
    SYNTRAP_NULL_ARGUMENT = 1,
    /// A part of the configuration is unknown or makes no sense.
    SYNTRAP_BAD_CONFIG = 2,
    /// A limit ended the reading before the answer was known: see `syntrap_config_depth`. Also: a
    /// length that no object in memory can have.
    SYNTRAP_LIMIT = 3,
    /// The library panicked, which is a defect of it. The process is sound; the object that was
    /// changed by the call can only be freed.
    SYNTRAP_PANIC = 4,
    /// An index beyond the last element: the end of an enumeration.
    SYNTRAP_OUT_OF_RANGE = 5,
    /// The stream was finished before, or broken by a panic.
    SYNTRAP_BAD_STATE = 6,
}

/// Why a call did not succeed.
pub(crate) struct Failure {
    pub status: Status,
    pub message: Cow<'static, str>,
}

impl Failure {
    pub fn new(status: Status, message: impl Into<Cow<'static, str>>) -> Self {
        Failure { status, message: message.into() }
    }

    pub fn bad_config(message: impl Into<Cow<'static, str>>) -> Self {
        Failure::new(Status::SYNTRAP_BAD_CONFIG, message)
    }

    pub fn out_of_range() -> Self {
        Failure::new(Status::SYNTRAP_OUT_OF_RANGE, "the index is beyond the last element")
    }
}

thread_local! {
    static MESSAGE: RefCell<Cow<'static, CStr>> = const { RefCell::new(Cow::Borrowed(c"")) };
}

/// Runs the body of a call. A failure or a panic becomes a status and the thread's message.
#[inline]
pub(crate) fn call(body: impl FnOnce() -> Result<(), Failure>) -> Status {
    // A body that panics has changed nothing but a stream, which marks itself as broken.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => Status::SYNTRAP_OK,
        Ok(Err(failure)) => fail(failure),
        Err(panic) => {
            let message = match panic.downcast::<String>().map_err(|panic| panic.downcast::<&str>()) {
                Ok(said) => format!("panic: {said}"),
                Err(Ok(said)) => format!("panic: {said}"),
                Err(Err(other)) => {
                    // It might panic again when it is dropped.
                    std::mem::forget(other);
                    "panic".to_owned()
                }
            };
            fail(Failure::new(Status::SYNTRAP_PANIC, message))
        }
    }
}

#[cold]
fn fail(failure: Failure) -> Status {
    // A name that the caller passed may hold a NUL, where its message would end.
    let text = failure.message.replace('\0', "\u{fffd}");
    let text = CString::new(text).unwrap_or_default();
    // While a thread ends there is no message any more, only the status.
    let _ = MESSAGE.try_with(|message| message.replace(text.into()));
    failure.status
}

/// What the last call on this thread that did not return `SYNTRAP_OK` had to say, for people.
/// NUL-terminated UTF-8; empty if all calls succeeded. Valid until the thread's next such call.
#[unsafe(no_mangle)]
pub extern "C" fn syntrap_message() -> *const c_char {
    MESSAGE.try_with(|message| message.borrow().as_ptr()).unwrap_or(c"".as_ptr())
}
