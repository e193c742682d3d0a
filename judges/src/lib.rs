//! Real engines judge what Syntrap says. Sentences of small grammars (`grammars/*.bnf`), and such
//! sentences with something cut out, repeated or put in, are placed where a program would place a
//! value; the engine's own parser says whether the result is well formed, and what it holds beyond
//! what it holds with a plain value.
//!
//! The invariant: what carries an instruction, [`Detector::is_attack`] finds, in the context in which
//! the value stands. Each exception has a name, a predicate and a reason, beside its engine and in
//! `docs/disagreements.md`; what none of them explains fails the test.
//!
//! [`Detector::is_attack`]: syntrap::Detector::is_attack

#[path = "../../tests/support/browser.rs"]
mod browser;
pub mod chromium;
mod generator;
pub mod html;
#[allow(dead_code, missing_docs, reason = "html5ever's side of it is asked for")]
#[path = "../../tests/support/html_tokens.rs"]
mod html_tokens;
pub mod js;
mod run;
pub mod shell;
pub mod sql;

pub use generator::Generator;
pub use run::{Engine, Exception, Ruling, Template, hold};
