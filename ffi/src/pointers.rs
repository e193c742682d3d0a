//! From C's pointers to Rust's references and back: the checks that every call makes.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::{slice, str};

use crate::status::{Failure, Status};

/// Text that belongs to the library: UTF-8, `length` bytes. Not NUL-terminated unless it is said:
/// print it with `%.*s`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Text {
    /// The first byte.
    pub data: *const c_char,
    /// How many bytes.
    pub length: usize,
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text { data: text.as_ptr().cast(), length: text.len() }
    }
}

fn null(name: &str) -> Failure {
    Failure::new(Status::SYNTRAP_NULL_ARGUMENT, format!("`{name}` is NULL"))
}

/// What an argument points to.
///
/// # Safety
///
/// The pointer is NULL, or valid and not written to while the reference lives.
pub(crate) unsafe fn shared<'a, T>(pointer: *const T, name: &str) -> Result<&'a T, Failure> {
    // SAFETY: the caller's promise is that of `as_ref`.
    unsafe { pointer.as_ref() }.ok_or_else(|| null(name))
}

/// What an argument points to, to change it.
///
/// # Safety
///
/// The pointer is NULL, or valid and used by nobody else while the reference lives.
pub(crate) unsafe fn exclusive<'a, T>(pointer: *mut T, name: &str) -> Result<&'a mut T, Failure> {
    // SAFETY: the caller's promise is that of `as_mut`.
    unsafe { pointer.as_mut() }.ok_or_else(|| null(name))
}

/// The bytes of a value.
///
/// # Safety
///
/// The pointer is NULL, or valid for reading `length` bytes that do not change while the slice
/// lives.
pub(crate) unsafe fn bytes<'a>(data: *const c_void, length: usize, name: &str) -> Result<&'a [u8], Failure> {
    if length == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(null(name));
    }
    if length > isize::MAX as usize {
        return Err(Failure::new(Status::SYNTRAP_LIMIT, "the length is more than memory can hold"));
    }
    // SAFETY: not NULL and of a length that a slice may have; the rest is the caller's promise.
    Ok(unsafe { slice::from_raw_parts(data.cast(), length) })
}

/// Text of a configuration.
///
/// # Safety
///
/// As for [`bytes`].
pub(crate) unsafe fn text<'a>(data: *const c_char, length: usize, name: &str) -> Result<&'a str, Failure> {
    // SAFETY: the caller's promise is the same.
    let bytes = unsafe { bytes(data.cast(), length, name) }?;
    str::from_utf8(bytes).map_err(|_| Failure::bad_config(format!("`{name}` is not UTF-8")))
}

/// Room for a result, whatever C left there.
///
/// # Safety
///
/// The pointer is NULL, or valid for writing, and used by nobody else while the reference lives.
pub(crate) unsafe fn room<'a, T>(out: *mut T, name: &str) -> Result<&'a mut MaybeUninit<T>, Failure> {
    // SAFETY: the caller's promise; what need not be initialised need not be a valid `T` either.
    unsafe { exclusive(out.cast::<MaybeUninit<T>>(), name) }
}

/// Room for a result, written to before anything can fail so that it never holds garbage.
///
/// # Safety
///
/// As for [`room`].
pub(crate) unsafe fn place<'a, T>(out: *mut T, name: &str, until_known: T) -> Result<&'a mut T, Failure> {
    // SAFETY: the caller's promise is the same.
    Ok(unsafe { room(out, name) }?.write(until_known))
}

/// Hands an object to the caller, who frees it with [`release`].
pub(crate) fn hand_over<T>(object: T) -> *mut T {
    Box::into_raw(Box::new(object))
}

/// Takes an object back and frees it. NULL is nothing to free.
///
/// # Safety
///
/// The pointer is NULL or from [`hand_over`], and is not used again.
pub(crate) unsafe fn release<T>(object: *mut T) {
    if !object.is_null() {
        // SAFETY: it came from `Box::into_raw` and nobody uses it any more, says the caller.
        drop(unsafe { Box::from_raw(object) });
    }
}
