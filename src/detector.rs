//! The detector: what a caller configures once and asks for every value.

use crate::report::{Finding, Reason, Report, Verdict};
use crate::screen;
use crate::sql::{self};
use crate::{Context, ContextKind, ContextSet, Language, Policy};

/// Bounds on what one value may cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// How many grammar symbols may be open at once, in each context: about the depth of
    /// parentheses. Up to [`INLINE_DEPTH`](crate::INLINE_DEPTH), the default, nothing is
    /// allocated. Beyond the limit the verdict is [`Reason::TooDeep`].
    pub depth: usize,
    /// How long a token other than a literal or a comment may be in a stream, in bytes; 64 KiB by
    /// default. Beyond the limit the verdict is [`Reason::TokenTooLong`].
    pub token_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { depth: crate::INLINE_DEPTH, token_bytes: 64 * 1024 }
    }
}

/// Decides whether values are attacks.
///
/// Immutable, `Send + Sync` and small; build one and share it.
///
/// ```
/// use syntrap::Detector;
///
/// let detector = Detector::default();
/// assert!(detector.is_attack(b"1' OR 'a'='a"));
/// assert!(!detector.is_attack(b"O'Brien and Sons"));
/// ```
#[derive(Clone, Debug)]
pub struct Detector {
    contexts: ContextSet,
    policy: Policy,
    limits: Limits,
}

impl Default for Detector {
    /// All languages, in all injection contexts, and SQL in its command context too.
    fn default() -> Self {
        Detector::builder().build()
    }
}

impl Detector {
    /// Configures a detector.
    pub fn builder() -> DetectorBuilder {
        DetectorBuilder { languages: None, contexts: None, policy: Policy::DEFAULT, limits: Limits::default() }
    }

    /// The contexts that a value is tried in.
    pub fn contexts(&self) -> ContextSet {
        self.contexts
    }

    /// What is forbidden.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The bounds on one value.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The verdict on a value, with a finding for each context in which it is an attack.
    ///
    /// Linear in the length of the value. Never fails and never panics.
    pub fn scan(&self, input: &[u8]) -> Report {
        let mut findings: Vec<Finding> = Vec::new();
        let mut undecided: Option<Reason> = None;
        self.run(input, false, &mut |context, outcome| {
            match outcome {
                sql::Outcome::Found(finding) if !findings.iter().any(|f| f.context == context) => findings.push(finding),
                sql::Outcome::Undecided(reason) => undecided = Some(reason),
                _ => {}
            }
            true
        });
        findings.sort_by_key(|finding| finding.context);
        let verdict = match undecided {
            _ if !findings.is_empty() => Verdict::Attack,
            Some(reason) => Verdict::Undecided(reason),
            None => Verdict::Benign,
        };
        Report { verdict, findings }
    }

    /// Whether a value is an attack: `scan(input).is_attack()`, but stops at the first finding
    /// and allocates nothing.
    pub fn is_attack(&self, input: &[u8]) -> bool {
        let mut attack = false;
        self.run(input, true, &mut |_, outcome| {
            attack = matches!(outcome, sql::Outcome::Found(_));
            !attack
        });
        attack
    }

    fn run(&self, input: &[u8], brief: bool, tell: &mut dyn FnMut(Context, sql::Outcome) -> bool) {
        let marks = screen::marks(input);
        sql::scan(input, marks, self.contexts, &self.policy, &self.limits, brief, tell);
    }
}

/// Configures a [`Detector`].
#[derive(Clone, Debug)]
pub struct DetectorBuilder {
    languages: Option<Vec<Language>>,
    contexts: Option<ContextSet>,
    policy: Policy,
    limits: Limits,
}

impl DetectorBuilder {
    /// Only these languages; all by default.
    #[must_use]
    pub fn languages(mut self, languages: impl IntoIterator<Item = Language>) -> Self {
        self.languages = Some(languages.into_iter().collect());
        self
    }

    /// Only these contexts; by default all injection contexts, and the command context of SQL.
    #[must_use]
    pub fn contexts(mut self, contexts: ContextSet) -> Self {
        self.contexts = Some(contexts);
        self
    }

    /// What is forbidden; [`Policy::DEFAULT`] by default.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Bounds on one value.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The detector.
    pub fn build(self) -> Detector {
        let default = ContextSet::filter(|context| context.kind() == ContextKind::Injection || context.language() == Language::Sql);
        let mut contexts = self.contexts.unwrap_or(default);
        if let Some(languages) = self.languages {
            contexts = contexts.intersection(ContextSet::filter(|context| languages.contains(&context.language())));
        }
        Detector { contexts, policy: self.policy, limits: self.limits }
    }
}
