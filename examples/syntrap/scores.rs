//! Prints what `evaluate` found: tables for people, JSON for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use syntrap::{Language, Verdict};

use crate::evaluate::{FileScores, Scores, WrongVerdict};
use crate::output::{self, BAD, BOLD, DIM, Failure, Output};
use crate::tally::{Flagged, Label, Name, Tally, percent};

impl Scores {
    /// The files of each group, or of each total, with its name.
    fn by(&self, key: impl Fn(&Name) -> String) -> BTreeMap<String, Vec<&FileScores>> {
        let mut files: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for file in &self.files {
            files.entry(key(&file.name)).or_default().push(file);
        }
        files
    }

    /// The files of a label that count. Code does not: a whole statement is a command, whose
    /// finding may be right, so it is counted in its own group and total alone.
    fn measured(&self, label: Label) -> Vec<&FileScores> {
        let counts = |file: &&FileScores| file.measured && !file.name.is_code();
        let files = self.files.iter().filter(counts);
        files.filter(|file| file.name.label == label).collect()
    }
}

/// Everything in some files together.
fn sum(files: &[&FileScores]) -> Tally {
    let mut total = Tally::default();
    files.iter().for_each(|file| total += &file.tally);
    total
}

/// The mean of the files' rates, in percent: each source counts alike, however large.
fn macro_average(files: &[&FileScores]) -> f64 {
    let rates: f64 = files.iter().map(|file| file.tally.rate()).sum();
    rates / files.len().max(1) as f64
}

/// Writes the tables.
pub fn write_text(output: &mut Output, scores: &Scores) -> io::Result<()> {
    let names = scores.files.iter().map(|file| file.name.file.len() + 2);
    let width = names.max().unwrap_or(0).max(24);
    let heading = ["records", "attack", "injection", "command", "undecided", "rate %"];
    write!(output, "{BOLD}{:width$}", "")?;
    heading.iter().try_for_each(|column| write!(output, " {column:>9}"))?;
    writeln!(output, "{BOLD:#}")?;
    for (group, files) in scores.by(|name| name.group.clone()) {
        let note = if files[0].measured { "" } else { "  (no such language: left out of the recall)" };
        writeln!(output, "{BOLD}{group}{BOLD:#}{DIM}{note}{DIM:#}")?;
        for file in &files {
            row(output, width, &format!("  {}", file.name.file), &file.tally)?;
            file.errors.iter().try_for_each(|error| wrong_verdict(output, error))?;
        }
        if files.len() > 1 {
            row(output, width, "  total", &sum(&files))?;
        }
    }
    writeln!(output, "{BOLD}totals{BOLD:#}")?;
    for (total, files) in scores.by(Name::total) {
        row(output, width, &format!("  {total}-*"), &sum(&files))?;
    }
    by_language(output, width, scores)?;
    writeln!(output)?;
    summary(output, scores)
}

fn row(output: &mut Output, width: usize, name: &str, tally: &Tally) -> io::Result<()> {
    let Tally { records, attack, injection, command, undecided, .. } = tally;
    let rate = tally.rate();
    writeln!(
        output,
        "{name:width$} {records:>9} {attack:>9} {injection:>9} {command:>9} {undecided:>9} {rate:>9.3}"
    )
}

/// The records of each group with an injection in each language, in percent.
fn by_language(output: &mut Output, width: usize, scores: &Scores) -> io::Result<()> {
    write!(output, "{BOLD}{:width$}", "injections by language, %")?;
    Language::ALL.iter().try_for_each(|language| write!(output, " {:>9}", language.name()))?;
    writeln!(output, "{BOLD:#}")?;
    for (group, files) in scores.by(|name| name.group.clone()) {
        let tally = sum(&files);
        write!(output, "{:width$}", format!("  {group}"))?;
        for flagged in tally.flagged {
            write!(output, " {:>9.3}", percent(flagged.injection, tally.records))?;
        }
        writeln!(output)?;
    }
    Ok(())
}

/// A wrong verdict: where, what the record is, and what was found in it.
fn wrong_verdict(output: &mut Output, error: &WrongVerdict) -> io::Result<()> {
    let WrongVerdict { line, record, report } = error;
    // the record is escaped as it stands; only what a terminal would obey is left to do
    let record = output::printable(record);
    writeln!(output, "    {BAD}{line}{BAD:#} {record}")?;
    if let Verdict::Undecided(reason) = report.verdict {
        writeln!(output, "      {DIM}undecided: {reason}{DIM:#}")?;
    }
    for finding in &report.findings {
        let mut kinds: Vec<_> = finding.instructions.iter().map(|instruction| instruction.kind).collect();
        kinds.dedup();
        let (context, dialect, effects) = (finding.context, finding.dialect, finding.effects);
        let kinds = kinds.join(", ");
        writeln!(output, "      {DIM}{context} ({dialect}): {effects}; {kinds}{DIM:#}")?;
    }
    Ok(())
}

fn summary(output: &mut Output, scores: &Scores) -> io::Result<()> {
    for (label, what) in [(Label::Attack, "recall"), (Label::Benign, "false positives outside code")] {
        let files = scores.measured(label);
        if files.is_empty() {
            continue;
        }
        let total = sum(&files);
        write!(
            output,
            "{BOLD}{what}{BOLD:#}: {:.3} % of {} records in {} files",
            total.rate(),
            total.records,
            files.len()
        )?;
        match label {
            Label::Attack => writeln!(output, "; macro average over files {:.3} %", macro_average(&files))?,
            Label::Benign => writeln!(output)?,
        }
    }
    let (values, bytes) = scores.speed.rates();
    writeln!(
        output,
        "{BOLD}throughput{BOLD:#}: {:.1} MB/s, {values:.0} values/s (detector alone, one thread)",
        bytes / 1e6
    )
}

/// What `--format json` prints.
#[derive(Serialize)]
struct Evaluation<'a> {
    files: Vec<FileRow<'a>>,
    totals: Vec<TotalRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recall: Option<Recall>,
    throughput: Throughput,
}

#[derive(Serialize)]
struct FileRow<'a> {
    name: &'a str,
    group: &'a str,
    /// Whether the file counts in the recall or the false positive rate.
    measured: bool,
    records: u64,
    attack: u64,
    undecided: u64,
    flagged: BTreeMap<&'static str, Flagged>,
}

#[derive(Serialize)]
struct TotalRow {
    name: String,
    files: usize,
    records: u64,
    attack: u64,
    undecided: u64,
    /// Records with a finding, in percent.
    rate: f64,
    /// The mean of the files' rates, in percent.
    macro_average: f64,
    flagged: BTreeMap<&'static str, Flagged>,
}

/// Over all attack files that count, in percent.
#[derive(Serialize)]
struct Recall {
    total: f64,
    macro_average: f64,
}

#[derive(Serialize)]
struct Throughput {
    values_per_second: f64,
    bytes_per_second: f64,
}

fn flagged(tally: &Tally) -> BTreeMap<&'static str, Flagged> {
    let names = Language::ALL.iter().map(|language| language.name());
    names.zip(tally.flagged.iter().copied()).collect()
}

/// Writes one JSON object.
pub fn write_json(output: &mut Output, scores: &Scores) -> Result<(), Failure> {
    let files = scores.files.iter().map(|file| FileRow {
        name: &file.name.file,
        group: &file.name.group,
        measured: file.measured,
        records: file.tally.records,
        attack: file.tally.attack,
        undecided: file.tally.undecided,
        flagged: flagged(&file.tally),
    });
    let totals = scores.by(Name::total).into_iter().map(|(name, files)| {
        let tally = sum(&files);
        TotalRow {
            name,
            files: files.len(),
            records: tally.records,
            attack: tally.attack,
            undecided: tally.undecided,
            rate: tally.rate(),
            macro_average: macro_average(&files),
            flagged: flagged(&tally),
        }
    });
    let attacks = scores.measured(Label::Attack);
    let (values_per_second, bytes_per_second) = scores.speed.rates();
    let evaluation = Evaluation {
        files: files.collect(),
        totals: totals.collect(),
        recall: (!attacks.is_empty())
            .then(|| Recall { total: sum(&attacks).rate(), macro_average: macro_average(&attacks) }),
        throughput: Throughput { values_per_second, bytes_per_second },
    };
    serde_json::to_writer_pretty(&mut *output, &evaluation)?;
    Ok(output.write_all(b"\n")?)
}
