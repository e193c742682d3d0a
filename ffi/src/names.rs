//! What there is: languages, contexts and effects, as the Rust library enumerates them.

use crate::pointers::Text;
use crate::status::{Failure, Status, call};

/// Whether a value must break out of data to act, or is a program as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(non_camel_case_types)]
#[repr(C)]
pub enum Kind {
    /// The value was put where data belongs and became something else.
    SYNTRAP_INJECTION = 0,
    /// The whole value is a program. A console receives such values legitimately.
    SYNTRAP_COMMAND = 1,
}

impl From<syntrap::ContextKind> for Kind {
    fn from(kind: syntrap::ContextKind) -> Self {
        match kind {
            syntrap::ContextKind::Injection => Kind::SYNTRAP_INJECTION,
            syntrap::ContextKind::Command => Kind::SYNTRAP_COMMAND,
        }
    }
}

/// A place in a program's text where a value may land. All texts are static.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ContextInfo {
    /// The name that `syntrap_config_contexts` takes: `sql-single-quoted`.
    pub name: Text,
    /// One sentence about the place.
    pub description: Text,
    /// The language that is spoken there: `sql`.
    pub language: Text,
    /// Whether a value must break out of data there.
    pub kind: Kind,
}

/// Something that an instruction does when it runs.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct EffectInfo {
    /// The name that `syntrap_config_forbid_injection` takes: `read`. Static.
    pub name: Text,
    /// Its bit in a set of effects.
    pub bit: u32,
}

/// The name of the language with this index, from 0 on, which `syntrap_config_languages` takes;
/// `SYNTRAP_OUT_OF_RANGE` behind the last one. Another version may have more, in another order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_language(index: usize, name: *mut Text) -> Status {
    // SAFETY: the header asks for a place that may be written to, or NULL.
    unsafe { nth(syntrap::Language::ALL, index, name, |language| language.name().into()) }
}

/// The context with this index, from 0 on; `SYNTRAP_OUT_OF_RANGE` behind the last one. Another
/// version may have more, in another order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_context(index: usize, context: *mut ContextInfo) -> Status {
    // SAFETY: the header asks for a place that may be written to, or NULL.
    unsafe {
        nth(syntrap::Context::ALL, index, context, |context| ContextInfo {
            name: context.name().into(),
            description: context.description().into(),
            language: context.language().name().into(),
            kind: context.kind().into(),
        })
    }
}

/// The effect with this index, from 0 on; `SYNTRAP_OUT_OF_RANGE` behind the last one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_effect(index: usize, effect: *mut EffectInfo) -> Status {
    let all: Vec<syntrap::Effects> = syntrap::Effects::all().iter().collect();
    // SAFETY: the header asks for a place that may be written to, or NULL.
    unsafe {
        nth(&all, index, effect, |effect| EffectInfo {
            name: effect.names().next().unwrap_or_default().into(),
            bit: effect.bits(),
        })
    }
}

/// Describes the element with this index.
///
/// # Safety
///
/// `out` is NULL or valid for writing.
unsafe fn nth<T: Copy, D>(all: &[T], index: usize, out: *mut D, describe: impl FnOnce(T) -> D) -> Status {
    call(|| {
        if out.is_null() {
            return Err(Failure::new(Status::SYNTRAP_NULL_ARGUMENT, "the place for the result is NULL"));
        }
        let element = *all.get(index).ok_or_else(Failure::out_of_range)?;
        // SAFETY: not NULL, so valid for writing, says the caller.
        unsafe { out.write(describe(element)) };
        Ok(())
    })
}
