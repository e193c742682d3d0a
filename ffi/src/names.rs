//! What there is: languages, contexts and effects, as the Rust library enumerates them.

use crate::pointers::{Text, room};
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
    call(|| {
        // SAFETY: the header asks for a place that may be written to, or NULL.
        let name = unsafe { room(name, "name") }?;
        let language = nth(syntrap::Language::ALL.iter(), index)?;
        name.write(language.name().into());
        Ok(())
    })
}

/// The context with this index, from 0 on; `SYNTRAP_OUT_OF_RANGE` behind the last one. Another
/// version may have more, in another order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_context(index: usize, context: *mut ContextInfo) -> Status {
    call(|| {
        // SAFETY: the header asks for a place that may be written to, or NULL.
        let info = unsafe { room(context, "context") }?;
        let context = nth(syntrap::Context::ALL.iter(), index)?;
        info.write(ContextInfo {
            name: context.name().into(),
            description: context.description().into(),
            language: context.language().name().into(),
            kind: context.kind().into(),
        });
        Ok(())
    })
}

/// The effect with this index, from 0 on; `SYNTRAP_OUT_OF_RANGE` behind the last one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_effect(index: usize, effect: *mut EffectInfo) -> Status {
    call(|| {
        // SAFETY: the header asks for a place that may be written to, or NULL.
        let info = unsafe { room(effect, "effect") }?;
        let effect = nth(syntrap::Effects::all().iter(), index)?;
        info.write(EffectInfo { name: effect.names().next().unwrap_or_default().into(), bit: effect.bits() });
        Ok(())
    })
}

fn nth<T>(mut all: impl Iterator<Item = T>, index: usize) -> Result<T, Failure> {
    all.nth(index).ok_or_else(Failure::out_of_range)
}
