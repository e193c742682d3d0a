//! The calls with a state that the caller allocates: libinjection's layout, Syntrap's answers.

use std::ffi::{c_char, c_int, c_void};
use std::mem::{offset_of, size_of};
use std::ptr;

use crate::fingerprint::{Fingerprint, ROOM};
use crate::{SQL, judge};

/// A token of libinjection. Only its size matters here: none is ever made.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Token {
    pos: usize,
    len: usize,
    count: c_int,
    kind: c_char,
    str_open: c_char,
    str_close: c_char,
    val: [c_char; 32],
}

/// Asked about a fingerprint (`lookup_type` 4); answers `X` if it is an attack's.
pub type Lookup =
    unsafe extern "C" fn(state: *mut State, lookup_type: c_int, word: *const c_char, length: usize) -> c_char;

/// The state of one question, allocated by the caller.
#[derive(Debug)]
#[repr(C)]
pub struct State {
    s: *const c_char,
    slen: usize,
    lookup: Option<Lookup>,
    userdata: *mut c_void,
    flags: c_int,
    pos: usize,
    tokenvec: [Token; 8],
    current: *mut Token,
    fingerprint: [u8; ROOM],
    reason: c_int,
    stats: [c_int; 6],
}

#[cfg(target_pointer_width = "64")]
const _: () = {
    assert!(size_of::<State>() == 544 && size_of::<Token>() == 56);
    assert!(offset_of!(State, lookup) == 16 && offset_of!(State, flags) == 32);
    assert!(offset_of!(State, pos) == 40 && offset_of!(State, tokenvec) == 48);
    assert!(offset_of!(State, current) == 496 && offset_of!(State, fingerprint) == 504);
};

const LOOKUP_FINGERPRINT: c_int = 4;

/// Without quotes, ANSI SQL: what libinjection takes flags of 0 for.
const DEFAULT_FLAGS: c_int = 1 | 8;

/// Sets a state up for a value, which must stay readable until the last question about it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libinjection_sqli_init(
    state: *mut State,
    s: *const c_char,
    slen: usize,
    flags: c_int,
) {
    if state.is_null() {
        return;
    }
    // SAFETY: the header asks for a state that may be written to. All zero is a state: every field
    // is a number, a pointer or an optional function.
    unsafe {
        ptr::write_bytes(state, 0, 1);
        (*state).s = s;
        (*state).slen = slen;
        (*state).flags = if flags == 0 { DEFAULT_FLAGS } else { flags };
        (*state).current = (&raw mut (*state).tokenvec).cast();
    }
}

/// Sets a state up for the value that it has, which is asked about again; the lookup stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libinjection_sqli_reset(state: *mut State, flags: c_int) {
    if state.is_null() {
        return;
    }
    // SAFETY: the header asks for a state that was initialised.
    unsafe {
        let (lookup, userdata) = ((*state).lookup, (*state).userdata);
        libinjection_sqli_init(state, (*state).s, (*state).slen, flags);
        (*state).lookup = lookup;
        (*state).userdata = userdata;
    }
}

/// Lets a function have the last word on what is found; NULL takes it back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libinjection_sqli_callback(
    state: *mut State,
    lookup: Option<Lookup>,
    userdata: *mut c_void,
) {
    if state.is_null() {
        return;
    }
    // SAFETY: the header asks for a state that was initialised.
    unsafe {
        (*state).lookup = lookup;
        (*state).userdata = if lookup.is_some() { userdata } else { ptr::null_mut() };
    }
}

/// Whether the state's value is an SQL injection, in any context: 1 or 0. The fingerprint is in
/// the state.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libinjection_is_sqli(state: *mut State) -> c_int {
    if state.is_null() {
        return 0;
    }
    // SAFETY: the header asks for a state that was initialised, with `slen` readable bytes.
    let (found, lookup) = unsafe { (judge(&SQL, (*state).s, (*state).slen), (*state).lookup) };
    // SAFETY: as above.
    unsafe { (*state).fingerprint = found.unwrap_or(Fingerprint::NONE).padded() };
    let Some(fingerprint) = found else { return 0 };
    let Some(lookup) = lookup else { return 1 };
    // SAFETY: the caller's own function, called as the header says. No reference to the state is
    // held, so that the function may change it.
    let answer = unsafe {
        let word = (&raw const (*state).fingerprint).cast();
        lookup(state, LOOKUP_FINGERPRINT, word, fingerprint.bytes().len() - 1)
    };
    c_int::from(answer as u8 == b'X')
}
