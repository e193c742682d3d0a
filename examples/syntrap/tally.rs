//! Counts for `evaluate`: what a corpus file's name says, and what was found in its records.

use std::ops::AddAssign;

use syntrap::{ContextKind, Language, Report, Verdict};

/// What the records of a file are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Label {
    Attack,
    Benign,
}

impl Label {
    pub fn name(self) -> &'static str {
        match self {
            Label::Attack => "attack",
            Label::Benign => "benign",
        }
    }
}

/// What the name of a corpus file says: `CLASS-LABEL-SOURCE.txt`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// The file's name.
    pub file: String,
    /// The language that the attacks are written in, or `any`.
    pub class: String,
    pub label: Label,
    /// The class, the label, and the word that sets some files apart.
    pub group: String,
}

/// Words behind the label that make a group of their own.
const APART: [&str; 4] = ["hard", "code", "richtext", "userreported"];

impl Name {
    /// Reads a file's name; `None` if it is not that of a corpus.
    pub fn parse(file: &str) -> Option<Name> {
        let mut words = file.strip_suffix(".txt")?.split('-');
        let class = words.next().filter(|class| !class.is_empty())?;
        let label = match words.next()? {
            "attack" => Label::Attack,
            "benign" => Label::Benign,
            _ => return None,
        };
        let mut group = format!("{class}-{}", label.name());
        if let Some(word) = words.next().filter(|word| APART.contains(word)) {
            group = format!("{group}-{word}");
        }
        let (file, class) = (file.to_owned(), class.to_owned());
        Some(Name { file, class, label, group })
    }

    /// The languages that the records of the class are scored in: markup and scripts run in the same
    /// place. All where there are none.
    pub fn languages(&self) -> &'static [Language] {
        languages(&self.class)
    }

    /// Whether the records are code that somebody pastes.
    pub fn is_code(&self) -> bool {
        self.group.ends_with("-code")
    }

    /// The class and the label: what a total counts together.
    pub fn total(&self) -> String {
        format!("{}-{}", self.class, self.label.name())
    }
}

/// The languages of a class's attacks; none where the class is that of no language.
pub fn languages(class: &str) -> &'static [Language] {
    const HTML: &[Language] = &[Language::Html, Language::Js];
    if class == Language::Html.name() {
        return HTML;
    }
    let place = Language::ALL.iter().position(|language| language.name() == class);
    place.map_or(&[], |place| &Language::ALL[place..=place])
}

/// How many records of one or more files were found to be what. Of the files of a language, only
/// what was found in that language counts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    pub records: u64,
    /// Records with a finding.
    pub attack: u64,
    /// Records with a finding in an injection context.
    pub injection: u64,
    /// Records with a finding in a command context.
    pub command: u64,
    pub undecided: u64,
    /// Findings of each language, in the order of [`Language::ALL`].
    pub flagged: [Flagged; Language::ALL.len()],
}

/// Records with a finding in one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Flagged {
    pub injection: u64,
    pub command: u64,
}

impl Tally {
    /// Counts one record of a class that is scored in these languages.
    pub fn count(&mut self, report: &Report, languages: &[Language]) {
        self.records += 1;
        self.undecided += u64::from(matches!(report.verdict, Verdict::Undecided(_)));
        if report.findings.is_empty() {
            return;
        }
        let has = |languages: &[Language], kind: Option<ContextKind>| {
            let mut findings = report.findings.iter();
            u64::from(findings.any(|finding| {
                (languages.is_empty() || languages.contains(&finding.language))
                    && kind.is_none_or(|kind| finding.kind == kind)
            }))
        };
        self.attack += has(languages, None);
        self.injection += has(languages, Some(ContextKind::Injection));
        self.command += has(languages, Some(ContextKind::Command));
        for (flagged, &language) in self.flagged.iter_mut().zip(Language::ALL) {
            flagged.injection += has(&[language], Some(ContextKind::Injection));
            flagged.command += has(&[language], Some(ContextKind::Command));
        }
    }

    /// The share of records with a finding, in percent; 0 of no records.
    pub fn rate(&self) -> f64 {
        percent(self.attack, self.records)
    }
}

pub fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        self.records += other.records;
        self.attack += other.attack;
        self.injection += other.injection;
        self.command += other.command;
        self.undecided += other.undecided;
        for (flagged, other) in self.flagged.iter_mut().zip(&other.flagged) {
            flagged.injection += other.injection;
            flagged.command += other.command;
        }
    }
}
