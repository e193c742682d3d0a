//! Syntrap decides whether a string is an injection by understanding the language it is written
//! in.

mod context;
mod detector;
mod effect;
mod policy;
mod recogniser;
mod report;
mod screen;
pub mod sql;

pub use context::{Context, ContextKind, ContextSet, Language, UnknownName};
pub use detector::{Detector, DetectorBuilder, Limits, Stream};
pub use effect::Effects;
pub use policy::Policy;
pub use recogniser::{Grammar, INLINE_DEPTH, Push, RecogniseOnly, Recogniser, Semantics, Symbol};
pub use report::{Finding, Instruction, Reason, Report, Trace, Verdict};
