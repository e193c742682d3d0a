//! Configuration: what a detector looks for, and at what cost.

use std::ffi::c_char;
use std::str::FromStr;

use syntrap::shell::Program;
use syntrap::{ContextSet, Effects, Language, Limits, Policy, UnknownName};

use crate::pointers::{exclusive, hand_over, place, release, text};
use crate::status::{Failure, Status, call};

/// What a detector will be. Used by one thread at a time. A call that fails changes nothing.
///
/// Lists are names, separated by commas or white space. `syntrap_language`, `syntrap_context` and
/// `syntrap_effect` enumerate the names.
#[derive(Default)]
pub struct Config {
    languages: Option<Vec<Language>>,
    contexts: Option<ContextSet>,
    policy: Policy,
    limits: Limits,
    programs: Vec<Program>,
}

impl Config {
    pub(crate) fn detector(&self) -> Result<syntrap::Detector, Failure> {
        let mut builder = syntrap::Detector::builder()
            .policy(self.policy)
            .limits(self.limits)
            .programs(self.programs.iter().cloned());
        if let Some(languages) = &self.languages {
            builder = builder.languages(languages.iter().copied());
        }
        if let Some(contexts) = self.contexts {
            builder = builder.contexts(contexts);
        }
        let detector = builder.build();
        if detector.contexts().is_empty() {
            return Err(Failure::bad_config("none of the contexts is of one of the languages"));
        }
        Ok(detector)
    }
}

/// A new configuration, in `*config`: all languages in their default contexts, the default policy
/// and limits. `*config` is NULL if the call fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_config_new(config: *mut *mut Config) -> Status {
    call(|| {
        // SAFETY: the header asks for a pointer that may be written to, or NULL.
        let config = unsafe { place(config, "config", std::ptr::null_mut()) }?;
        *config = hand_over(Config::default());
        Ok(())
    })
}

/// Frees a configuration; detectors that were made with it live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_config_free(config: *mut Config) {
    // SAFETY: the header asks for NULL or a configuration that is not used again.
    unsafe { release(config) };
}

/// Only these languages, such as `sql, shell`; by default all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_config_languages(
    config: *mut Config,
    names: *const c_char,
    length: usize,
) -> Status {
    // SAFETY: the header asks for a configuration that only this thread uses, and for text.
    unsafe {
        set(config, names, length, "names", languages, |config, languages| config.languages = Some(languages))
    }
}

/// Only these contexts, such as `sql-value, sql-single-quoted`. By default all injection contexts
/// and SQL's command context, of the languages that are configured.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_config_contexts(
    config: *mut Config,
    names: *const c_char,
    length: usize,
) -> Status {
    // SAFETY: the header asks for a configuration that only this thread uses, and for text.
    unsafe {
        set(config, names, length, "names", contexts, |config, contexts| config.contexts = Some(contexts))
    }
}

/// What is forbidden, by the name of a policy: `default`, `strict` or `lax`. Replaces what
/// `syntrap_config_forbid_injection` and `_command` have set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_config_policy(
    config: *mut Config,
    name: *const c_char,
    length: usize,
) -> Status {
    // SAFETY: the header asks for a configuration that only this thread uses, and for text.
    unsafe { set(config, name, length, "name", policy, |config, policy| config.policy = policy) }
}

/// The effects that make a value an attack where it broke out of data, such as `read, execute`;
/// an empty list forbids nothing there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_config_forbid_injection(
    config: *mut Config,
    names: *const c_char,
    length: usize,
) -> Status {
    // SAFETY: the header asks for a configuration that only this thread uses, and for text.
    unsafe {
        set(config, names, length, "names", effects, |config, effects| config.policy.injection = effects)
    }
}

/// The effects that make a value an attack where the whole of it is a program; an empty list
/// forbids nothing there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_config_forbid_command(
    config: *mut Config,
    names: *const c_char,
    length: usize,
) -> Status {
    // SAFETY: the header asks for a configuration that only this thread uses, and for text.
    unsafe { set(config, names, length, "names", effects, |config, effects| config.policy.command = effects) }
}

/// One more program that the server's shells find beside those of the systems they run on, such as
/// `deployctl`: its file's name without a directory and without `.exe`, in 1 to 32 bytes, none of
/// which a shell reads as its own. None by default.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_config_add_program(
    config: *mut Config,
    name: *const c_char,
    length: usize,
) -> Status {
    // SAFETY: the header asks for a configuration that only this thread uses, and for text.
    unsafe { set(config, name, length, "name", program, |config, program| config.programs.push(program)) }
}

/// How many grammar symbols may be open at once, about the depth of parentheses; 256 by default.
/// Beyond, a value is undecided.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_config_depth(config: *mut Config, depth: usize) -> Status {
    call(|| {
        // SAFETY: the header asks for a configuration that only this thread uses.
        let config = unsafe { exclusive(config, "config") }?;
        config.limits.depth = positive("depth", depth)?;
        Ok(())
    })
}

/// How long a token other than a literal or a comment may be in a stream, in bytes; 65,536 by
/// default. In HTML, comments and attributes' values that the checked value itself began count too.
/// Beyond, a stream is undecided.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_config_token_bytes(config: *mut Config, bytes: usize) -> Status {
    call(|| {
        // SAFETY: the header asks for a configuration that only this thread uses.
        let config = unsafe { exclusive(config, "config") }?;
        config.limits.token_bytes = positive("bytes", bytes)?;
        Ok(())
    })
}

/// Reads a field from text, and stores it only if that succeeds.
///
/// # Safety
///
/// As for [`exclusive`] and [`text`].
unsafe fn set<T>(
    config: *mut Config,
    data: *const c_char,
    length: usize,
    name: &str,
    read: impl FnOnce(&str) -> Result<T, Failure>,
    store: impl FnOnce(&mut Config, T),
) -> Status {
    call(|| {
        // SAFETY: the caller's promises are theirs.
        let (config, text) = unsafe { (exclusive(config, "config")?, text(data, length, name)?) };
        store(config, read(text)?);
        Ok(())
    })
}

fn languages(names: &str) -> Result<Vec<Language>, Failure> {
    list("language", names)
}

fn contexts(names: &str) -> Result<ContextSet, Failure> {
    list("context", names).map(ContextSet::from_iter)
}

fn policy(name: &str) -> Result<Policy, Failure> {
    match name {
        "default" => Ok(Policy::DEFAULT),
        "strict" => Ok(Policy::STRICT),
        "lax" => Ok(Policy::LAX),
        _ => Err(Failure::bad_config(format!("unknown policy `{name}`; known are: default, strict, lax"))),
    }
}

fn effects(names: &str) -> Result<Effects, Failure> {
    words(names)
        .map(|name| {
            Effects::all().iter().find(|effect| effect.names().eq([name])).ok_or_else(|| {
                let known: Vec<&str> = Effects::all().names().collect();
                Failure::bad_config(format!("unknown effect `{name}`; known are: {}", known.join(", ")))
            })
        })
        .collect()
}

fn program(name: &str) -> Result<Program, Failure> {
    Program::new(name).map_err(|error| Failure::bad_config(error.to_string()))
}

/// The names of a list, which has at least one.
fn list<T: FromStr<Err = UnknownName>>(what: &str, names: &str) -> Result<Vec<T>, Failure> {
    let list: Result<Vec<T>, UnknownName> = words(names).map(str::parse).collect();
    let list = list.map_err(|error| Failure::bad_config(error.to_string()))?;
    if list.is_empty() {
        return Err(Failure::bad_config(format!("the list names no {what}")));
    }
    Ok(list)
}

fn words(names: &str) -> impl Iterator<Item = &str> {
    names.split(|c: char| c == ',' || c.is_ascii_whitespace()).filter(|name| !name.is_empty())
}

fn positive(name: &str, limit: usize) -> Result<usize, Failure> {
    if limit == 0 {
        return Err(Failure::bad_config(format!("`{name}` is 0, so that no value could be decided")));
    }
    Ok(limit)
}
