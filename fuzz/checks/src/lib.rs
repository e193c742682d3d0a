//! What Syntrap's fuzz targets hold. Each claim is a function over any bytes that panics where the
//! claim is broken, so that libFuzzer and ordinary tests run the same code: the targets in
//! `fuzz/fuzz_targets/` search for bytes that break one, `tests/replay.rs` holds them over all seeds
//! and over what once broke one, and `tests/structured.rs` over values made at random.

mod pieces;
mod recogniser;
mod screen;
mod structured;
mod values;

pub use structured::{html, js, shell, sql};

/// A claim, by the name of its target.
pub type Target = (&'static str, fn(&[u8]));

/// All claims. The targets that libFuzzer runs have these names, and so have the directories of seeds
/// and of regressions.
pub const TARGETS: &[Target] = &[
    ("sql", values::sql),
    ("shell", values::shell),
    ("path", values::path),
    ("html", values::html),
    ("js", values::js),
    ("detector", values::detector),
    ("stream", pieces::stream),
    ("c_face", pieces::c_face),
    ("screen", screen::screen),
    ("recogniser", recogniser::recogniser),
    ("structured_sql", sql::check),
    ("structured_shell", shell::check),
    ("structured_html", html::check),
    ("structured_js", js::check),
];

/// Runs the claim of a target.
///
/// # Panics
///
/// Where the bytes break it, or where no target has the name.
pub fn run(target: &str, data: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    let (_, claim) = found.unwrap_or_else(|| panic!("there is no target {target}"));
    claim(data);
}

/// A value, as a message shows it.
fn shown(value: &[u8]) -> impl std::fmt::Display {
    value.escape_ascii()
}
