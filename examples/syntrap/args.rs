//! The arguments, as clap reads them, and the detector that they describe.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use syntrap::shell::Program;
use syntrap::{Context, ContextSet, Detector, DetectorBuilder, Language, Policy};

use crate::output::Failure;
use crate::records::Format;

/// Finds injections by understanding the language that they are written in.
#[derive(Parser)]
#[command(name = "syntrap", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Exit status: 0 if an attack was found, 1 if none was, 2 after an error.")]
pub struct Cli {
    /// When to use colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Scan values, one a line, and print those that are attacks
    Scan(ScanOptions),
    /// Explain the verdict on one value
    Explain(ExplainOptions),
    /// Print the tokens of a value
    Tokens(TokensOptions),
    /// List the contexts that values are tried in
    Contexts,
    /// Score labelled corpora: recall on attacks, false positives on benign values
    Evaluate(EvaluateOptions),
    /// Print a completion script for a shell
    Completions {
        /// The shell to write for
        shell: clap_complete::Shell,
    },
}

/// Options of `scan`.
#[derive(Args)]
#[command(after_help = "A line ends with LF or CR LF; the last one needs no end. In text output \
    values are shown as --escaped reads them, long ones shortened.\n\n\
    Exit status: 0 if an attack was found, 1 if none was, 2 after an error.")]
pub struct ScanOptions {
    #[command(flatten)]
    pub detector: DetectorOptions,
    #[command(flatten)]
    pub records: RecordOptions,
    /// How to print what was found
    #[arg(long, value_enum, default_value = "text")]
    pub format: ScanFormat,
    /// Print only how many values of each file are attacks
    #[arg(short, long, conflicts_with = "format")]
    pub count: bool,
    /// Print nothing and stop at the first attack
    #[arg(short, long, conflicts_with_all = ["format", "count"])]
    pub quiet: bool,
    /// Files to read; `-`, or none, is the standard input
    pub files: Vec<PathBuf>,
}

/// What `scan` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScanFormat {
    /// A line for each attack
    Text,
    /// A JSON object a line for each value, benign ones included
    Ndjson,
    /// A SARIF 2.1.0 log
    Sarif,
}

/// Options of `explain`.
#[derive(Args)]
#[command(after_help = "Exit status: 0 if the value is an attack, 1 if not, 2 after an error.")]
pub struct ExplainOptions {
    #[command(flatten)]
    pub detector: DetectorOptions,
    #[command(flatten)]
    pub string: StringArgument,
}

/// Options of `tokens`.
#[derive(Args)]
pub struct TokensOptions {
    /// The language to read the value in; that of the context by default
    #[arg(long, value_name = "LANGUAGE", value_parser = names::<Language>(Language::ALL, |l| l.name()))]
    pub language: Option<Language>,
    /// Where the value stands; the first context of the language by default
    #[arg(long, value_name = "CONTEXT", value_parser = names::<Context>(Context::ALL, |c| c.name()))]
    pub context: Option<Context>,
    /// Whose reading; the first one of the language by default
    #[arg(long, value_name = "DIALECT", value_parser = dialects())]
    pub dialect: Option<String>,
    /// How to print the tokens
    #[arg(long, value_enum, default_value = "text")]
    pub format: TokensFormat,
    #[command(flatten)]
    pub string: StringArgument,
}

/// What `tokens` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TokensFormat {
    /// A line for each token: where it stands, its kind, its text
    Text,
    /// A JSON array
    Json,
}

/// A value that is given as an argument.
#[derive(Args)]
pub struct StringArgument {
    /// `\\`, `\n`, `\r`, `\t`, `\0` and `\xHH` in the value stand for bytes
    #[arg(long)]
    pub escaped: bool,
    /// The value; put `--` before one that is also an option
    #[arg(allow_hyphen_values = true)]
    pub string: OsString,
}

impl StringArgument {
    /// The value's bytes.
    pub fn value(&self) -> Result<Cow<'_, [u8]>, Failure> {
        let format = Format { escaped: self.escaped, ..Format::default() };
        let value = format.decode(self.string.as_encoded_bytes());
        value.map_err(|error| Failure::Message(format!("STRING: {error}")))
    }
}

/// Options of `evaluate`.
#[derive(Args)]
#[command(after_help = "Files are named CLASS-LABEL-SOURCE.txt, LABEL `attack` or `benign`, with one \
    record a line as `scan --escaped` reads it. An attack file counts towards the recall if its \
    class is `any` or one of the languages. The files of a language are scored by what was found in \
    that language; those of other classes by all that was found.\n\n\
    Exit status: 0, or 2 after an error.")]
pub struct EvaluateOptions {
    #[command(flatten)]
    pub detector: DetectorOptions,
    /// How to print the scores
    #[arg(long, value_enum, default_value = "text")]
    pub format: EvaluateFormat,
    /// List up to N wrong verdicts for each file, with what was found
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub list_errors: usize,
    /// The directory of the corpora
    pub dir: PathBuf,
}

/// What `evaluate` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EvaluateFormat {
    /// Tables
    Text,
    /// One JSON object
    Json,
}

/// How values are written in the input.
#[derive(Args)]
pub struct RecordOptions {
    /// Values end with NUL instead of a line end
    #[arg(long)]
    pub null: bool,
    /// `\\`, `\n`, `\r`, `\t`, `\0` and `\xHH` in a value stand for bytes
    #[arg(long)]
    pub escaped: bool,
}

impl RecordOptions {
    pub fn format(&self) -> Format {
        Format { null: self.null, escaped: self.escaped }
    }
}

/// Which detector to use.
#[derive(Args)]
pub struct DetectorOptions {
    /// What counts as an attack
    #[arg(long, value_enum, default_value = "default")]
    pub policy: PolicyName,
    /// Look only for this language (may be repeated)
    #[arg(long, value_name = "LANGUAGE", value_parser = names::<Language>(Language::ALL, |l| l.name()))]
    pub language: Vec<Language>,
    /// Try only this context (may be repeated); `syntrap contexts` lists them
    #[arg(long, value_name = "CONTEXT", value_parser = names::<Context>(Context::ALL, |c| c.name()))]
    pub context: Vec<Context>,
    /// A program that the server's shells find beside the known ones (may be repeated)
    #[arg(long, value_name = "NAME", value_parser = Program::new)]
    pub program: Vec<Program>,
}

impl DetectorOptions {
    /// The detector, or what is wrong with the options together.
    pub fn build(&self) -> Result<Detector, Failure> {
        self.configure(Detector::builder())
    }

    /// The same, made to try every context: its traces tell most.
    pub fn build_thorough(&self) -> Result<Detector, Failure> {
        self.configure(Detector::builder().screen(false))
    }

    fn configure(&self, builder: DetectorBuilder) -> Result<Detector, Failure> {
        let mut builder = builder.policy(self.policy.policy()).programs(self.program.iter().cloned());
        if !self.language.is_empty() {
            builder = builder.languages(self.language.iter().copied());
        }
        if !self.context.is_empty() {
            builder = builder.contexts(ContextSet::from_iter(self.context.iter().copied()));
        }
        let detector = builder.build();
        if detector.contexts().is_empty() {
            return Err("none of the contexts given belongs to a language given".into());
        }
        Ok(detector)
    }
}

/// The policies by name.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PolicyName {
    /// For a server in front of an unknown application
    Default,
    /// For an application that takes no free text
    Strict,
    /// For a place where people write about programs
    Lax,
}

impl PolicyName {
    pub fn name(self) -> &'static str {
        match self {
            PolicyName::Default => "default",
            PolicyName::Strict => "strict",
            PolicyName::Lax => "lax",
        }
    }

    pub fn policy(self) -> Policy {
        match self {
            PolicyName::Default => Policy::DEFAULT,
            PolicyName::Strict => Policy::STRICT,
            PolicyName::Lax => Policy::LAX,
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Makes the choice hold for all output of the program.
    pub fn set(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// Reads one of the library's names; clap lists them all where another one is given.
fn names<T>(all: &'static [T], name: fn(&T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(all.iter().map(name)).try_map(|name| name.parse::<T>())
}

/// Reads the name of a dialect of any language; the context says whether it has it.
fn dialects() -> PossibleValuesParser {
    let mut names: Vec<_> = Context::ALL.iter().flat_map(|context| context.dialects()).collect();
    names.sort_unstable();
    names.dedup();
    PossibleValuesParser::new(names)
}
