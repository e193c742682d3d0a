//! Floors for detection and false positives over the labelled corpora, where they are present:
//! the folder that `SYNTRAP_CORPORA` names, or `../shared/corpora` beside the repository.
//!
//! One record a line; in a record `\\`, `\n`, `\r`, `\t`, `\0` and `\xHH` are escapes. The file's
//! name is `CLASS-LABEL-SOURCE.txt`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use syntrap::{ContextKind, Detector, Language};

/// The least share of the records of each class of attacks that must be found, and the least mean of
/// that over its files.
const RECALL: [(Class, &[Language], f64, f64); 4] = [
    (Class::SqlAttack, &[Language::Sql], 0.99, 0.85),
    (Class::ShellAttack, &[Language::Shell], 0.97, 0.8),
    (Class::PathAttack, &[Language::Path], 0.98, 0.98),
    (Class::HtmlAttack, MARKUP, 0.985, 0.96),
];

/// What runs in a browser is markup or a script.
const MARKUP: &[Language] = &[Language::Html, Language::Js];

/// The greatest share of the records of each class that a language may take for an attack; of code,
/// for an injection: pasted code may be a command.
const FALSE_POSITIVES: [(Class, &[Language], f64); 19] = [
    (Class::Ordinary, &[Language::Sql], 0.000_15),
    (Class::Ordinary, &[Language::Shell], 0.000_3),
    (Class::Ordinary, &[Language::Path], 0.000_1),
    (Class::Hard, &[Language::Sql], 0.001),
    (Class::Hard, &[Language::Shell], 0.001_5),
    (Class::Hard, &[Language::Path], 0.000_5),
    (Class::Code, &[Language::Sql], 0.003),
    (Class::Code, &[Language::Shell], 0.005),
    (Class::Code, &[Language::Path], 0.000_5),
    (Class::SqlHard, &[Language::Sql], 0.02),
    (Class::SqlCode, &[Language::Sql], 0.001),
    (Class::ShellHard, &[Language::Shell], 0.03),
    (Class::ShellCode, &[Language::Shell], 0.05),
    (Class::PathBenign, &[Language::Path], 0.003),
    (Class::Ordinary, MARKUP, 0.000_03),
    (Class::Hard, MARKUP, 0.000_5),
    (Class::Code, MARKUP, 0.003),
    (Class::HtmlBenign, MARKUP, 0.001_5),
    (Class::HtmlHard, MARKUP, 0.1),
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Class {
    SqlAttack,
    Ordinary,
    Hard,
    Code,
    SqlHard,
    SqlCode,
    ShellAttack,
    ShellHard,
    ShellCode,
    PathAttack,
    PathBenign,
    HtmlAttack,
    HtmlBenign,
    HtmlHard,
}

impl Class {
    fn of(name: &str) -> Option<Class> {
        const PREFIXES: [(&str, Class); 17] = [
            ("sql-attack-", Class::SqlAttack),
            ("any-benign-hard-", Class::Hard),
            ("any-benign-code-", Class::Code),
            ("any-benign-", Class::Ordinary),
            ("sql-benign-hard-", Class::SqlHard),
            ("sql-benign-userreported", Class::SqlHard),
            ("sql-benign-code-", Class::SqlCode),
            ("shell-attack-", Class::ShellAttack),
            ("shell-benign-hard-", Class::ShellHard),
            ("shell-benign-userreported", Class::ShellHard),
            ("shell-benign-code-", Class::ShellCode),
            ("path-attack-", Class::PathAttack),
            ("path-benign-", Class::PathBenign),
            ("html-attack-", Class::HtmlAttack),
            ("html-benign-richtext-", Class::HtmlBenign),
            ("html-benign-hard-", Class::HtmlHard),
            ("html-benign-userreported", Class::HtmlHard),
        ];
        PREFIXES.iter().find(|(prefix, _)| name.starts_with(prefix)).map(|&(_, class)| class)
    }
}

impl Class {
    /// What the class is scored in.
    fn languages(self) -> &'static [&'static [Language]] {
        match self {
            Class::SqlAttack | Class::SqlHard | Class::SqlCode => &[&[Language::Sql]],
            Class::ShellAttack | Class::ShellHard | Class::ShellCode => &[&[Language::Shell]],
            Class::PathAttack | Class::PathBenign => &[&[Language::Path]],
            Class::HtmlAttack | Class::HtmlBenign | Class::HtmlHard => &[MARKUP],
            Class::Ordinary | Class::Hard | Class::Code => {
                &[&[Language::Sql], &[Language::Shell], &[Language::Path], MARKUP]
            }
        }
    }
}

/// How languages that are scored together are called.
fn names(languages: &[Language]) -> String {
    let names: Vec<_> = languages.iter().map(|language| language.name()).collect();
    names.join(" or ")
}

#[derive(Clone, Copy, Default)]
struct Count {
    records: usize,
    injections: usize,
    attacks: usize,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.records += other.records;
        self.injections += other.injections;
        self.attacks += other.attacks;
    }

    fn injections(&self) -> f64 {
        self.injections as f64 / self.records.max(1) as f64
    }

    fn attacks(&self) -> f64 {
        self.attacks as f64 / self.records.max(1) as f64
    }
}

fn unescaped(line: &[u8]) -> Vec<u8> {
    let mut record = Vec::with_capacity(line.len());
    let mut rest = line;
    while let [first, tail @ ..] = rest {
        let (byte, behind) = match rest {
            [b'\\', b'\\', tail @ ..] => (b'\\', tail),
            [b'\\', b'n', tail @ ..] => (b'\n', tail),
            [b'\\', b'r', tail @ ..] => (b'\r', tail),
            [b'\\', b't', tail @ ..] => (b'\t', tail),
            [b'\\', b'0', tail @ ..] => (0, tail),
            [b'\\', b'x', high, low, tail @ ..] => match hexadecimal(*high, *low) {
                Some(byte) => (byte, tail),
                None => (b'\\', &rest[1..]),
            },
            _ => (*first, tail),
        };
        record.push(byte);
        rest = behind;
    }
    record
}

fn hexadecimal(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

fn count(detector: &Detector, path: &Path) -> Count {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    let mut count = Count::default();
    for line in text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let report = detector.scan(&unescaped(line));
        count.records += 1;
        count.attacks += usize::from(report.is_attack());
        count.injections += usize::from(report.has(ContextKind::Injection));
    }
    count
}

fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("SYNTRAP_CORPORA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"));
    folder.is_dir().then_some(folder)
}

#[test]
fn escapes_are_read_as_the_corpora_write_them() {
    assert_eq!(unescaped(br"a\\n\n\x41\0\q\x4"), b"a\\n\nA\0\\q\\x4");
}

#[test]
fn floors_hold() {
    let Some(folder) = folder() else {
        println!("corpora: not present, skipped (SYNTRAP_CORPORA names another folder)");
        return;
    };
    let mut files: BTreeMap<(Class, &[Language], String), Count> = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Some(class) = Class::of(&name) else { continue };
        for &languages in class.languages() {
            let detector = Detector::builder().languages(languages.iter().copied()).build();
            files.insert((class, languages, name.clone()), count(&detector, &path));
        }
    }
    assert!(!files.is_empty(), "{} holds no corpora", folder.display());

    println!("{:<48} {:>8} {:>10} {:>10}", "file", "records", "attack", "injection");
    let mut classes: BTreeMap<(Class, &[Language]), (Count, f64, usize)> = BTreeMap::new();
    for ((class, languages, name), count) in &files {
        println!(
            "{:<48} {:>8} {:>9.3}% {:>9.3}%",
            format!("{name} ({})", names(languages)),
            count.records,
            100.0 * count.attacks(),
            100.0 * count.injections()
        );
        let (total, sum, files) = classes.entry((*class, *languages)).or_default();
        total.add(*count);
        *sum += count.attacks();
        *files += 1;
    }
    println!();
    for ((class, languages), (total, sum, files)) in &classes {
        let language = names(languages);
        let name = format!("{class:?} ({language}), all {files} files");
        println!(
            "{name:<48} {:>8} {:>9.3}% {:>9.3}%",
            total.records,
            100.0 * total.attacks(),
            100.0 * total.injections()
        );
        println!(
            "{:<48} {:>8} {:>9.3}%",
            format!("{class:?} ({language}), mean over files"),
            "",
            100.0 * sum / *files as f64
        );
    }

    let mut faults = Vec::new();
    for (class, languages, least, least_mean) in RECALL {
        let Some((total, sum, files)) = classes.get(&(class, languages)) else {
            continue;
        };
        let mean = sum / *files as f64;
        if total.attacks() < least {
            faults.push(format!("{class:?}: recall is {:.4}, the floor {least}", total.attacks()));
        }
        if mean < least_mean {
            faults.push(format!("{class:?}: mean recall over files is {mean:.4}, the floor {least_mean}"));
        }
    }
    for (class, languages, most) in FALSE_POSITIVES {
        let Some((total, ..)) = classes.get(&(class, languages)) else {
            continue;
        };
        let rate = match class {
            Class::Code | Class::SqlCode | Class::ShellCode => total.injections(),
            _ => total.attacks(),
        };
        if rate > most {
            let language = names(languages);
            faults.push(format!("{class:?}, {language}: false positives are {rate:.4}, the ceiling {most}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("; "));
}
