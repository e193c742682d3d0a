//! The C face names the languages, contexts and effects that the Rust library has.

use std::slice;

use syntrap_ffi::{ContextInfo, EffectInfo, Status, Text};

fn text(text: Text) -> &'static str {
    // SAFETY: the texts of an enumeration are static UTF-8 of this length.
    unsafe { std::str::from_utf8(slice::from_raw_parts(text.data.cast(), text.length)).unwrap() }
}

/// Calls with rising indices until the enumeration ends.
fn all<T: Copy>(call: unsafe extern "C" fn(usize, *mut T) -> Status) -> Vec<T> {
    let mut found = Vec::new();
    let mut place = std::mem::MaybeUninit::uninit();
    // SAFETY: the call writes to the place whenever it returns `SYNTRAP_OK`.
    while unsafe { call(found.len(), place.as_mut_ptr()) } == Status::SYNTRAP_OK {
        // SAFETY: it has just been written to.
        found.push(unsafe { place.assume_init() });
    }
    found
}

#[test]
fn languages_are_those_of_the_library() {
    let names: Vec<&str> = all(syntrap_ffi::syntrap_language).into_iter().map(text).collect();
    assert!(names.iter().copied().eq(syntrap::Language::ALL.iter().map(|language| language.name())));
}

#[test]
fn contexts_are_those_of_the_library() {
    let contexts: Vec<ContextInfo> = all(syntrap_ffi::syntrap_context);
    assert_eq!(contexts.len(), syntrap::Context::ALL.len());
    for (info, context) in contexts.iter().zip(syntrap::Context::ALL) {
        assert_eq!(text(info.name), context.name());
        assert_eq!(text(info.description), context.description());
        assert_eq!(text(info.language), context.language().name());
        assert_eq!(info.kind, context.kind().into());
    }
}

#[test]
fn effects_are_those_of_the_library() {
    let effects: Vec<EffectInfo> = all(syntrap_ffi::syntrap_effect);
    let names: Vec<&str> = effects.iter().map(|effect| text(effect.name)).collect();
    assert!(names.iter().copied().eq(syntrap::Effects::all().names()));
    assert_eq!(effects.iter().fold(0, |bits, effect| bits | effect.bit), syntrap::Effects::all().bits());
}
