//! One test for each case in `tests/cases/LANGUAGE/*.toml`, read in that language alone.
//!
//! A case is a `[[case]]` with
//!
//! * `name`: the claim, unique in its file;
//! * `value`: the input; or `bytes`, a list of numbers, for one that is no UTF-8;
//! * `verdict`: `attack` or `benign`; `injection` is an attack that needs a finding in an
//!   injection context, `command` one that has findings in command contexts only;
//! * `policy`: `default`, which it is where nothing is said, `strict` or `lax`;
//! * `contexts`, `not_contexts`: contexts that must be, or must not be, among the findings;
//! * `effects`: what the findings must have, all together.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use syntrap::{Context, ContextKind, Detector, Effects, Language, Policy, Report};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    bytes: Vec<u8>,
    verdict: Expected,
    #[serde(default)]
    policy: PolicyName,
    #[serde(default)]
    contexts: Vec<String>,
    #[serde(default)]
    not_contexts: Vec<String>,
    #[serde(default)]
    effects: Vec<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
enum Expected {
    Attack,
    Injection,
    Command,
    Benign,
}

#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "lowercase")]
enum PolicyName {
    #[default]
    Default,
    Strict,
    Lax,
}

impl PolicyName {
    fn policy(self) -> Policy {
        match self {
            PolicyName::Default => Policy::DEFAULT,
            PolicyName::Strict => Policy::STRICT,
            PolicyName::Lax => Policy::LAX,
        }
    }
}

impl Expected {
    fn is_met_by(self, report: &Report) -> bool {
        let injection = report.has(ContextKind::Injection);
        match self {
            Expected::Attack => report.is_attack(),
            Expected::Injection => injection,
            Expected::Command => report.is_attack() && !injection,
            Expected::Benign => !report.is_attack(),
        }
    }
}

impl Case {
    fn run(&self, language: Language) -> Result<(), Failed> {
        let value = if self.bytes.is_empty() { self.value.as_bytes() } else { &self.bytes };
        let detector = Detector::builder().languages([language]).policy(self.policy.policy()).build();
        let report = detector.scan(value);
        let mut faults = Vec::new();
        if !self.verdict.is_met_by(&report) {
            faults.push(format!("expected {:?}", self.verdict).to_lowercase());
        }
        let found = |name: &String| -> Result<bool, Failed> {
            let context: Context = name.parse().map_err(|error: syntrap::UnknownName| error.to_string())?;
            Ok(report.findings.iter().any(|finding| finding.context == context))
        };
        for name in &self.contexts {
            if !found(name)? {
                faults.push(format!("not found in {name}"));
            }
        }
        for name in &self.not_contexts {
            if found(name)? {
                faults.push(format!("found in {name}"));
            }
        }
        let effects = report.findings.iter().fold(Effects::empty(), |all, finding| all | finding.effects);
        for name in &self.effects {
            if !Effects::all().names().any(|known| known == name) {
                return Err(format!("there is no effect `{name}`").into());
            }
            if !effects.names().any(|effect| effect == name) {
                faults.push(format!("without the effect {name}"));
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        let mut message =
            format!("{}\n  {}; got {}", value.escape_ascii(), faults.join(", "), report.verdict);
        for finding in &report.findings {
            message += &format!("\n  {} ({}): {}", finding.context, finding.dialect, finding.effects);
        }
        Err(message.into())
    }
}

/// What a folder holds, in the order of the names.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder can be listed").path())
        .collect();
    entries.sort();
    entries
}

fn trials(language: Language, path: &Path) -> Vec<Trial> {
    let stem = path.file_stem().expect("a file has a name").to_string_lossy();
    let group = format!("{language}/{stem}");
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {group}: {error}"));
    let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{group}.toml: {error}"));
    let mut names = HashSet::new();
    let trial = |case: Case| {
        assert!(names.insert(case.name.clone()), "{group}.toml has two cases `{}`", case.name);
        Trial::test(format!("{group}: {}", case.name), move || case.run(language))
    };
    file.case.into_iter().map(trial).collect()
}

fn main() {
    let arguments = Arguments::from_args();
    let mut all = Vec::new();
    for folder in entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")) {
        let name = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        let language = name.parse().unwrap_or_else(|error| panic!("tests/cases/{name}: {error}"));
        let files = entries(&folder).into_iter();
        let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
        all.extend(files.flat_map(|path| trials(language, &path)));
    }
    libtest_mimic::run(&arguments, all).exit();
}
