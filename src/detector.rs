//! The detector: what a caller configures once and asks for every value.

use crate::report::{Finding, Reason, Report, Trace, Verdict};
use crate::run::{Heard, Lanes, Listener};
use crate::{ContextKind, ContextSet, Effects, Language, Policy, html, js, path, screen, shell, sql};

/// Bounds on what one value may cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// How many grammar symbols may be open at once, in each context: about the depth of
    /// parentheses. Up to [`INLINE_DEPTH`](crate::INLINE_DEPTH), the default, nothing is
    /// allocated. Beyond the limit the verdict is [`Reason::TooDeep`].
    pub depth: usize,
    /// How long a token other than a literal or a comment may be in a stream, in bytes; 64 KiB by
    /// default. In HTML the comments, scripts and attribute values that the value itself begins count
    /// too. Beyond the limit the verdict is [`Reason::TokenTooLong`].
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
    sql: sql::Plan,
    shell: shell::Plan,
    path: path::Plan,
    html: html::Plan,
    js: js::Plan,
}

impl Default for Detector {
    /// All languages, in all injection contexts, and SQL in its command context too.
    fn default() -> Self {
        Detector::builder().build()
    }
}

impl Detector {
    /// Configures a detector: all languages, in all injection contexts and in SQL's command context,
    /// with [`Policy::DEFAULT`] and the default [`Limits`].
    pub fn builder() -> DetectorBuilder {
        DetectorBuilder {
            languages: None,
            contexts: None,
            policy: Policy::DEFAULT,
            limits: Limits::default(),
            programs: Vec::new(),
            screen: true,
        }
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
    /// Linear in the length of the value. Never fails and never panics. Allocates for findings alone.
    pub fn scan(&self, input: &[u8]) -> Report {
        let mut judge = Judge::new(self.policy);
        self.read(input, &mut judge);
        judge.report()
    }

    /// Whether a value is an attack: `scan(input).is_attack()`, but stops at the first finding
    /// and allocates nothing.
    pub fn is_attack(&self, input: &[u8]) -> bool {
        self.verdict(input) == Verdict::Attack
    }

    /// The verdict on a value: `scan(input).verdict`, but stops at the first finding and allocates
    /// nothing.
    pub fn verdict(&self, input: &[u8]) -> Verdict {
        let mut first = First { policy: self.policy, found: false, undecided: None };
        self.read(input, &mut first);
        match first.undecided {
            _ if first.found => Verdict::Attack,
            Some(reason) => Verdict::Undecided(reason),
            None => Verdict::Benign,
        }
    }

    /// Reads a value in all languages, until the listener has enough. The order is of no matter to a
    /// report. What finds nothing soonest is asked first: HTML's screen knows markup that acts when it
    /// sees it, and the shell reads more of what is not its own than the others.
    fn read(&self, input: &[u8], listener: &mut impl Listener) {
        let marks = screen::marks(input);
        let _ = html::scan(input, marks, &self.html, listener)
            && sql::scan(input, marks, &self.sql, listener)
            && path::scan(input, marks, &self.path, listener)
            && js::scan(input, marks, &self.js, listener)
            && shell::scan(input, marks, &self.shell, listener);
    }

    /// Scans a value that arrives in pieces. The report is that of [`scan`](Self::scan) over the
    /// whole, however it is cut; memory does not grow with the value. Only a token longer than
    /// [`Limits::token_bytes`] that is neither a literal, a comment, a word nor a number can make it
    /// [undecided](Reason::TokenTooLong) where a scan is not.
    pub fn stream(&self) -> Stream {
        Stream {
            sql: self.sql.lanes(),
            shell: self.shell.lanes(),
            path: self.path.lanes(),
            html: self.html.lanes(),
            js: self.js.lanes(),
            judge: Judge::new(self.policy),
        }
    }

    /// How far each context got with the value, in every dialect's reading that can matter: what
    /// an explanation of a verdict is made of. In the order of [`Context::ALL`](crate::Context::ALL);
    /// a context that the [screen](DetectorBuilder::screen) left out has no trace.
    ///
    /// Costs what a [`scan`](Self::scan) does, and allocations for each trace.
    pub fn trace(&self, input: &[u8]) -> Vec<Trace> {
        let mut traces = Traces(Vec::new());
        self.read(input, &mut traces);
        let Traces(mut traces) = traces;
        traces.sort_by_key(|trace| trace.context);
        traces
    }
}

/// A scan in progress: see [`Detector::stream`].
///
/// ```
/// let detector = syntrap::Detector::default();
/// let mut stream = detector.stream();
/// stream.push(b"1 UNI");
/// stream.push(b"ON SELECT passw");
/// stream.push(b"ord FROM users");
/// assert_eq!(stream.finish(), detector.scan(b"1 UNION SELECT password FROM users"));
/// ```
#[derive(Debug)]
pub struct Stream {
    sql: Lanes<sql::Evidence>,
    shell: Lanes<shell::Evidence>,
    path: Lanes<path::Evidence>,
    html: Lanes<html::Evidence>,
    js: Lanes<js::Evidence>,
    judge: Judge,
}

impl Stream {
    /// Takes the next piece, of any length. All pieces together take time in the order of their bytes,
    /// however short they are.
    pub fn push(&mut self, piece: &[u8]) {
        self.sql.push(piece);
        self.shell.push(piece);
        self.path.push(piece);
        self.html.push(piece);
        self.js.push(piece);
    }

    /// The value is complete: the report on the whole of it.
    pub fn finish(mut self) -> Report {
        self.sql.finish(&mut self.judge);
        self.shell.finish(&mut self.judge);
        self.path.finish(&mut self.judge);
        self.html.finish(&mut self.judge);
        self.js.finish(&mut self.judge);
        self.judge.report()
    }
}

/// Stops at the first finding.
struct First {
    policy: Policy,
    found: bool,
    undecided: Option<Reason>,
}

impl Listener for First {
    #[inline]
    fn enough(&self, run: &impl Heard) -> bool {
        run.is_forbidden(&self.policy)
    }

    #[inline]
    fn stops_at_any(&self, kind: ContextKind) -> bool {
        self.policy.forbids_all_acts(kind)
    }

    fn settles_for(&self, kind: ContextKind, effects: Effects) -> bool {
        self.policy.forbids(kind, effects)
    }

    fn takes_any(&self) -> bool {
        true
    }

    #[inline]
    fn hear(&mut self, run: &impl Heard) -> bool {
        self.undecided = self.undecided.max(run.undecided());
        self.found = run.is_forbidden(&self.policy);
        !self.found
    }
}

/// Collects how far the contexts got.
struct Traces(Vec<Trace>);

impl Listener for Traces {
    fn enough(&self, _: &impl Heard) -> bool {
        false
    }

    fn reads_on(&self) -> bool {
        true
    }

    fn hear(&mut self, run: &impl Heard) -> bool {
        self.0.push(run.trace());
        true
    }
}

/// Collects what the contexts found.
#[derive(Debug)]
struct Judge {
    policy: Policy,
    findings: Vec<Finding>,
    undecided: Option<Reason>,
}

impl Judge {
    fn new(policy: Policy) -> Self {
        Judge { policy, findings: Vec::new(), undecided: None }
    }

    fn report(mut self) -> Report {
        self.findings.sort_by_key(|finding| finding.context);
        let verdict = match self.undecided {
            _ if !self.findings.is_empty() => Verdict::Attack,
            Some(reason) => Verdict::Undecided(reason),
            None => Verdict::Benign,
        };
        Report { verdict, findings: self.findings }
    }
}

impl Listener for Judge {
    fn enough(&self, _: &impl Heard) -> bool {
        false
    }

    /// A context was read to its end. Only the first dialect's finding of a context is kept.
    fn hear(&mut self, run: &impl Heard) -> bool {
        self.undecided = self.undecided.max(run.undecided());
        if run.is_forbidden(&self.policy) {
            let trace = run.trace();
            if self.findings.iter().all(|finding| finding.context != trace.context) {
                self.findings.push(trace.into_finding());
            }
        }
        true
    }
}

/// Configures a [`Detector`].
#[derive(Clone, Debug)]
pub struct DetectorBuilder {
    languages: Option<Vec<Language>>,
    contexts: Option<ContextSet>,
    policy: Policy,
    limits: Limits,
    programs: Vec<shell::Program>,
    screen: bool,
}

impl DetectorBuilder {
    /// Only these languages; all by default. With [`contexts`](Self::contexts), what both allow.
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

    /// Bounds on one value; [`Limits::default`] by default.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Programs that the server's shells find, beside those that [`shell`] knows; none by default. Adds
    /// to those of an earlier call.
    #[must_use]
    pub fn programs(mut self, programs: impl IntoIterator<Item = shell::Program>) -> Self {
        self.programs.extend(programs);
        self
    }

    /// Whether byte classes may leave out the contexts that they cannot matter in, as they do by
    /// default. The reports are the same without; a test holds that.
    #[must_use]
    pub fn screen(mut self, screen: bool) -> Self {
        self.screen = screen;
        self
    }

    /// The detector. The first one of a process computes tables that all share, which takes some
    /// milliseconds; each is worth keeping.
    pub fn build(self) -> Detector {
        let default = ContextSet::filter(|context| {
            context.kind() == ContextKind::Injection || context.language() == Language::Sql
        });
        let mut contexts = self.contexts.unwrap_or(default);
        if let Some(languages) = self.languages {
            contexts =
                contexts.intersection(ContextSet::filter(|context| languages.contains(&context.language())));
        }
        Detector {
            contexts,
            policy: self.policy,
            limits: self.limits,
            sql: sql::Plan::new(contexts, self.limits, self.screen),
            shell: shell::Plan::new(
                contexts,
                self.limits,
                shell::Vocabulary::new(&self.programs),
                self.screen,
            ),
            path: path::Plan::new(contexts, self.limits, self.screen),
            html: html::Plan::new(contexts, &self.policy, self.limits, self.screen),
            js: js::Plan::new(contexts, self.limits, self.screen),
        }
    }
}
