//! `evaluate`: scores labelled corpora.
//!
//! The files are scanned in batches: a batch is decoded first, then scanned against the clock,
//! then counted, so that the throughput is that of the detector alone.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use syntrap::{Detector, Report};

use crate::args::{EvaluateFormat, EvaluateOptions};
use crate::output::{self, Failure, Status, reason};
use crate::records::{Format, Records};
use crate::scores;
use crate::tally::{Label, Name, Tally, languages};

/// How many records are scanned between two looks at the clock.
const BATCH: usize = 1024;

/// What a whole run found.
#[derive(Default)]
pub struct Scores {
    /// The files, by group and name.
    pub files: Vec<FileScores>,
    pub speed: Speed,
}

/// What was found in one file.
pub struct FileScores {
    pub name: Name,
    /// Whether the file counts: an attack in a language that the detector does not know is not
    /// missed.
    pub measured: bool,
    pub tally: Tally,
    /// Wrong verdicts, as many as were asked for.
    pub errors: Vec<WrongVerdict>,
}

/// A record whose verdict is not its label.
pub struct WrongVerdict {
    pub line: u64,
    /// The record as it stands in the file.
    pub record: Vec<u8>,
    pub report: Report,
}

/// How fast the detector was.
#[derive(Default)]
pub struct Speed {
    pub values: u64,
    pub bytes: u64,
    pub time: Duration,
}

impl Speed {
    /// Values and bytes a second; 0 if nothing was scanned.
    pub fn rates(&self) -> (f64, f64) {
        let seconds = self.time.as_secs_f64();
        if seconds == 0.0 {
            return (0.0, 0.0);
        }
        (self.values as f64 / seconds, self.bytes as f64 / seconds)
    }
}

/// Runs the command.
pub fn run(options: &EvaluateOptions) -> Result<Status, Failure> {
    let detector = options.detector.build()?;
    let corpora = corpora(&options.dir)?;
    let progress = progress(corpora.iter().map(|(_, _, size)| size).sum());
    let mut scores = Scores::default();
    for (name, path, _) in corpora {
        let measured = name.label == Label::Benign || covers(&detector, &name.class);
        let file = FileScores { name, measured, tally: Tally::default(), errors: Vec::new() };
        progress.set_message(file.name.file.clone());
        let file = file_scores(file, &path, &detector, options.list_errors, &mut scores.speed, &progress);
        scores.files.push(file?);
    }
    progress.finish_and_clear();
    let mut output = output::stdout();
    match options.format {
        EvaluateFormat::Text => scores::write_text(&mut output, &scores)?,
        EvaluateFormat::Json => scores::write_json(&mut output, &scores)?,
    }
    output.finish()?;
    Ok(Status::Found)
}

/// Whether attacks of a class are the detector's to find.
fn covers(detector: &Detector, class: &str) -> bool {
    let languages = languages(class);
    class == "any" || detector.contexts().iter().any(|context| languages.contains(&context.language()))
}

/// The corpus files of a directory with their sizes, in the order of their groups and names.
fn corpora(dir: &Path) -> Result<Vec<(Name, PathBuf, u64)>, Failure> {
    let fail = |error| Failure::Message(format!("{}: {}", dir.display(), reason(&error)));
    let mut corpora = Vec::new();
    for entry in fs::read_dir(dir).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let Some(name) = entry.file_name().to_str().and_then(Name::parse) else {
            continue;
        };
        let size = entry.metadata().map_err(fail)?.len();
        corpora.push((name, entry.path(), size));
    }
    if corpora.is_empty() {
        return Err(Failure::Message(format!(
            "{}: no file is named CLASS-attack-SOURCE.txt or CLASS-benign-SOURCE.txt",
            dir.display()
        )));
    }
    corpora.sort_by(|(a, ..), (b, ..)| (&a.group, &a.file).cmp(&(&b.group, &b.file)));
    Ok(corpora)
}

/// A bar that shows itself only on a terminal.
fn progress(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {bytes_per_sec}  {msg}");
    ProgressBar::new(bytes).with_style(style.expect("the template is well-formed"))
}

fn file_scores(
    mut file: FileScores,
    path: &Path,
    detector: &Detector,
    list_errors: usize,
    speed: &mut Speed,
    progress: &ProgressBar,
) -> Result<FileScores, Failure> {
    let fail = |line: u64, what: &str| match line {
        0 => Failure::Message(format!("{}: {what}", path.display())),
        line => Failure::Message(format!("{}:{line}: {what}", path.display())),
    };
    let input = File::open(path).map_err(|error| fail(0, &reason(&error)))?;
    let mut records = Records::whole(input, Format::CORPUS);
    let mut batch = Batch::default();
    loop {
        batch.clear();
        while batch.records.len() < BATCH && records.advance().map_err(|error| fail(0, &reason(&error)))? {
            let value = records.value();
            let value = value.map_err(|error| fail(records.line(), &error.to_string()))?;
            batch.push(records.line(), records.piece(), &value);
        }
        if batch.records.is_empty() {
            return Ok(file);
        }
        batch.scan(detector, speed);
        for (record, report) in batch.records.iter().zip(batch.reports.drain(..)) {
            let before = file.tally.attack;
            file.tally.count(&report, file.name.languages());
            let wrong = (file.tally.attack > before) != (file.name.label == Label::Attack);
            if wrong && file.measured && file.errors.len() < list_errors {
                let BatchRecord { line, text, .. } = record;
                let record = text.clone();
                file.errors.push(WrongVerdict { line: *line, record, report });
            }
        }
        progress.inc(batch.read);
    }
}

/// Records that are scanned together.
#[derive(Default)]
struct Batch {
    records: Vec<BatchRecord>,
    reports: Vec<Report>,
    /// Bytes of the file.
    read: u64,
}

struct BatchRecord {
    line: u64,
    text: Vec<u8>,
    value: Vec<u8>,
}

impl Batch {
    fn clear(&mut self) {
        self.records.clear();
        self.read = 0;
    }

    fn push(&mut self, line: u64, text: &[u8], value: &[u8]) {
        self.read += text.len() as u64 + 1;
        let (text, value) = (text.to_vec(), value.to_vec());
        self.records.push(BatchRecord { line, text, value });
    }

    fn scan(&mut self, detector: &Detector, speed: &mut Speed) {
        self.reports.reserve(self.records.len());
        let start = Instant::now();
        for record in &self.records {
            self.reports.push(detector.scan(&record.value));
        }
        speed.time += start.elapsed();
        speed.values += self.records.len() as u64;
        speed.bytes += self.records.iter().map(|record| record.value.len() as u64).sum::<u64>();
    }
}
