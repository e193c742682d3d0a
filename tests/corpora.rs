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
const RECALL: [(Class, f64, f64); 2] = [(Class::SqlAttack, 0.99, 0.85), (Class::PathAttack, 0.98, 0.98)];

/// The greatest share of the records of each class that may be taken for an attack; for code, for
/// an injection: pasted code may be a command.
const FALSE_POSITIVES: [(Class, f64); 6] = [
    (Class::Ordinary, 0.000_15),
    (Class::Hard, 0.001),
    (Class::Code, 0.003),
    (Class::SqlHard, 0.02),
    (Class::SqlCode, 0.001),
    (Class::PathBenign, 0.003),
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Class {
    SqlAttack,
    Ordinary,
    Hard,
    Code,
    SqlHard,
    SqlCode,
    PathAttack,
    PathBenign,
}

impl Class {
    fn of(name: &str) -> Option<Class> {
        const PREFIXES: [(&str, Class); 9] = [
            ("sql-attack-", Class::SqlAttack),
            ("any-benign-hard-", Class::Hard),
            ("any-benign-code-", Class::Code),
            ("any-benign-", Class::Ordinary),
            ("sql-benign-hard-", Class::SqlHard),
            ("sql-benign-userreported", Class::SqlHard),
            ("sql-benign-code-", Class::SqlCode),
            ("path-attack-", Class::PathAttack),
            ("path-benign-", Class::PathBenign),
        ];
        PREFIXES.iter().find(|(prefix, _)| name.starts_with(prefix)).map(|&(_, class)| class)
    }
}

impl Class {
    /// The language that the class is scored in; none where all are.
    fn language(self) -> Option<Language> {
        match self {
            Class::SqlAttack | Class::SqlHard | Class::SqlCode => Some(Language::Sql),
            Class::PathAttack | Class::PathBenign => Some(Language::Path),
            Class::Ordinary | Class::Hard | Class::Code => None,
        }
    }

    fn detector(self) -> Detector {
        self.language()
            .map_or_else(Detector::default, |language| Detector::builder().languages([language]).build())
    }
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
    let mut files: BTreeMap<(Class, String), Count> = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(class) = Class::of(&name) {
            files.insert((class, name), count(&class.detector(), &path));
        }
    }
    assert!(!files.is_empty(), "{} holds no corpora", folder.display());

    println!("{:<48} {:>8} {:>10} {:>10}", "file", "records", "attack", "injection");
    let mut classes: BTreeMap<Class, (Count, f64, usize)> = BTreeMap::new();
    for ((class, name), count) in &files {
        println!(
            "{name:<48} {:>8} {:>9.3}% {:>9.3}%",
            count.records,
            100.0 * count.attacks(),
            100.0 * count.injections()
        );
        let (total, sum, files) = classes.entry(*class).or_default();
        total.add(*count);
        *sum += count.attacks();
        *files += 1;
    }
    println!();
    for (class, (total, sum, files)) in &classes {
        let name = format!("{class:?}, all {files} files");
        println!(
            "{name:<48} {:>8} {:>9.3}% {:>9.3}%",
            total.records,
            100.0 * total.attacks(),
            100.0 * total.injections()
        );
        println!(
            "{:<48} {:>8} {:>9.3}%",
            format!("{class:?}, mean over files"),
            "",
            100.0 * sum / *files as f64
        );
    }

    let mut faults = Vec::new();
    for (class, least, least_mean) in RECALL {
        let Some((total, sum, files)) = classes.get(&class) else {
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
    for (class, most) in FALSE_POSITIVES {
        let Some((total, ..)) = classes.get(&class) else {
            continue;
        };
        let rate = match class {
            Class::Code | Class::SqlCode => total.injections(),
            _ => total.attacks(),
        };
        if rate > most {
            faults.push(format!("{class:?}: false positives are {rate:.4}, the ceiling {most}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("; "));
}
