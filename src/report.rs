//! What a scan tells: a verdict, and a finding for each context in which the value is an attack.

use std::fmt;
use std::ops::Range;

use crate::{Context, ContextKind, Effects, Language};

/// The answer about one value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Verdict {
    /// In no context does the value do what the policy forbids.
    Benign,
    /// In at least one context it does.
    Attack,
    /// A limit was reached before the answer was known; nothing was found until then.
    Undecided(Reason),
}

impl Verdict {
    /// `benign`, `attack` or `undecided`.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Benign => "benign",
            Verdict::Attack => "attack",
            Verdict::Undecided(_) => "undecided",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Undecided(reason) => write!(f, "undecided: {reason}"),
            decided => f.write_str(decided.name()),
        }
    }
}

/// Which limit was reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Reason {
    /// Constructs are nested deeper than [`Limits::depth`](crate::Limits::depth).
    TooDeep,
    /// One token is longer than [`Limits::token_bytes`](crate::Limits::token_bytes).
    TokenTooLong,
}

impl Reason {
    /// The reason's name, for machines: `too-deep`, `token-too-long`.
    pub const fn name(self) -> &'static str {
        match self {
            Reason::TooDeep => "too-deep",
            Reason::TokenTooLong => "token-too-long",
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::TooDeep => "constructs are nested deeper than the limit",
            Reason::TokenTooLong => "a token is longer than the limit",
        })
    }
}

/// One construct that the grammar accepted and that acts.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Instruction {
    /// What the language's manual calls the construct: `comparison`, `set operation`,
    /// `function call`.
    pub kind: &'static str,
    /// Where it stands in the value, in bytes.
    pub span: Range<usize>,
    /// What it does.
    pub effects: Effects,
}

/// A context in which the value is an attack.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Finding {
    /// The language that the value speaks.
    pub language: Language,
    /// The place that it speaks from.
    pub context: Context,
    /// Injection or command.
    pub kind: ContextKind,
    /// The dialects' reading under which it was found: `mysql`, `postgresql`, `sql-server`.
    pub dialect: &'static str,
    /// The part of the value that the grammar accepted, in bytes. Behind it nothing was read.
    pub span: Range<usize>,
    /// What the accepted instructions do, all together.
    pub effects: Effects,
    /// The instructions, in the order in which they were accepted; at most
    /// [`Finding::MAX_INSTRUCTIONS`].
    pub instructions: Vec<Instruction>,
}

impl Finding {
    /// How many instructions a finding lists.
    pub const MAX_INSTRUCTIONS: usize = 16;
}

/// How far one context got with a value, attack or not: what an explanation is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Trace {
    /// The place that was tried.
    pub context: Context,
    /// The dialects' reading.
    pub dialect: &'static str,
    /// The part of the value that the grammar accepted, in bytes.
    pub accepted: Range<usize>,
    /// The token at which no rest of a program could go on, if there was one.
    pub rejected: Option<Range<usize>>,
    /// The limit that ended the reading, if one did.
    pub undecided: Option<Reason>,
    /// What counts as evidence.
    pub effects: Effects,
    /// What acted; an instruction may be here without its effects counting, because the rest of
    /// the value was not viable.
    pub instructions: Vec<Instruction>,
}

impl Trace {
    pub(crate) fn into_finding(self) -> Finding {
        Finding {
            language: self.context.language(),
            context: self.context,
            kind: self.context.kind(),
            dialect: self.dialect,
            span: self.accepted,
            effects: self.effects,
            instructions: self.instructions,
        }
    }
}

/// The answer about one value, with its reasons.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The answer.
    pub verdict: Verdict,
    /// The contexts in which the value is an attack, in the order of [`Context::ALL`].
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether the verdict is [`Verdict::Attack`].
    pub fn is_attack(&self) -> bool {
        self.verdict == Verdict::Attack
    }

    /// Whether there is a finding in a context of this kind.
    pub fn has(&self, kind: ContextKind) -> bool {
        self.findings.iter().any(|finding| finding.kind == kind)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Report {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut report = serializer.serialize_struct("Report", 3)?;
        report.serialize_field("verdict", self.verdict.name())?;
        match self.verdict {
            Verdict::Undecided(reason) => report.serialize_field("reason", reason.name())?,
            _ => report.skip_field("reason")?,
        }
        report.serialize_field("findings", &self.findings)?;
        report.end()
    }
}
