//! `scan`: reads values and prints those that are attacks.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use syntrap::{Detector, Finding, Report, Verdict};

use crate::args::{ScanFormat, ScanOptions};
use crate::output::{self, BAD, BOLD, DIM, FILE, Failure, LINE, Output, Status, WARN, reason};
use crate::records::Records;

/// Runs the command.
pub fn run(options: &ScanOptions) -> Result<Status, Failure> {
    let mut scan = Scan {
        options,
        detector: options.detector.build()?,
        output: output::stdout(),
        index: 0,
        found: false,
        failed: false,
    };
    match scan.all() {
        Ok(()) | Err(Failure::Pipe) => Ok(scan.status()),
        Err(Failure::Message(message)) => Err(Failure::Message(message)),
    }
}

/// A scan of some inputs.
struct Scan<'a> {
    options: &'a ScanOptions,
    detector: Detector,
    output: Output,
    /// The number of the next record, over all inputs.
    index: u64,
    found: bool,
    failed: bool,
}

/// Where a record stands.
pub struct Place<'a> {
    /// The name of the input; `-` for the standard input.
    pub file: &'a str,
    /// The record's number in the input, from 1.
    pub line: u64,
    /// The record's number over all inputs, from 0.
    pub index: u64,
}

impl Scan<'_> {
    fn status(&self) -> Status {
        match (self.failed, self.found) {
            // as with grep: who asks only whether there is an attack has the answer
            (true, found) if !(found && self.options.quiet) => Status::Error,
            (_, true) => Status::Found,
            (_, false) => Status::NotFound,
        }
    }

    fn all(&mut self) -> Result<(), Failure> {
        let standard_input = [PathBuf::from("-")];
        let files = match &self.options.files[..] {
            [] => &standard_input[..],
            files => files,
        };
        for path in files {
            self.file(path)?;
            if self.options.quiet && self.found {
                break;
            }
        }
        Ok(self.output.flush()?)
    }

    /// Scans one input. What is wrong with it is told, and the scan goes on with the next one.
    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let name = path.to_string_lossy();
        let input: Box<dyn Read> = if name == "-" {
            Box::new(io::stdin().lock())
        } else {
            match File::open(path) {
                Ok(file) => Box::new(file),
                Err(error) => return self.fail(&format!("{name}: {}", reason(&error))),
            }
        };
        let format = self.options.records.format();
        let mut records = Records::new(input, format);
        let mut attacks = 0u64;
        loop {
            if records.would_read() {
                self.output.flush()?;
            }
            match records.advance() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.fail(&format!(
                        "{name}:{}: {}",
                        records.line() + 1,
                        reason(&error)
                    ))?;
                    break;
                }
            }
            let place = Place {
                file: &name,
                line: records.line(),
                index: self.index,
            };
            self.index += 1;
            let attack = match format.decode(records.record()) {
                Ok(value) => self.value(&value, &place)?,
                Err(error) => {
                    self.fail(&format!("{name}:{}: {error}", place.line))?;
                    false
                }
            };
            attacks += u64::from(attack);
            if attack && self.options.quiet {
                break;
            }
        }
        if self.options.count {
            if self.options.files.len() > 1 {
                write!(self.output, "{FILE}{name}{FILE:#}:")?;
            }
            writeln!(self.output, "{attacks}")?;
        }
        Ok(())
    }

    /// Scans one value and prints what the format wants; answers whether it is an attack.
    fn value(&mut self, value: &[u8], place: &Place) -> Result<bool, Failure> {
        if self.options.count || self.options.quiet {
            let attack = self.detector.is_attack(value);
            self.found |= attack;
            return Ok(attack);
        }
        let report = self.detector.scan(value);
        self.found |= report.is_attack();
        match self.options.format {
            ScanFormat::Text => write_text(&mut self.output, &report, value, place)?,
            ScanFormat::Ndjson | ScanFormat::Sarif => {
                write_ndjson(&mut self.output, &report, place)?
            }
        }
        Ok(report.is_attack())
    }

    /// Tells what is wrong, after everything that was found before.
    fn fail(&mut self, message: &str) -> Result<(), Failure> {
        self.failed = true;
        self.output.flush()?;
        output::complain(message);
        Ok(())
    }
}

/// One line for a record that is an attack or could not be decided.
fn write_text(output: &mut Output, report: &Report, value: &[u8], place: &Place) -> io::Result<()> {
    let Place { file, line, .. } = place;
    let place = format!("{FILE}{file}{FILE:#}:{LINE}{line}{LINE:#}:");
    match report.verdict {
        Verdict::Benign => Ok(()),
        Verdict::Undecided(reason) => {
            let excerpt = excerpt(value, 0);
            writeln!(
                output,
                "{place} {WARN}undecided{WARN:#} ({reason}): {excerpt}"
            )
        }
        Verdict::Attack => {
            write!(output, "{place} {BAD}attack{BAD:#} ")?;
            for (i, finding) in report.findings.iter().enumerate() {
                let Finding {
                    context,
                    kind,
                    effects,
                    ..
                } = finding;
                let separator = if i > 0 { "; " } else { "" };
                write!(
                    output,
                    "{separator}{BOLD}{context}{BOLD:#} {DIM}({kind}){DIM:#}: {effects}"
                )?;
            }
            let instruction = report
                .findings
                .first()
                .and_then(|finding| finding.instructions.first());
            let excerpt = excerpt(
                value,
                instruction.map_or(0, |instruction| instruction.span.start),
            );
            writeln!(output, ": {excerpt}")
        }
    }
}

/// How many bytes of a value are shown, and how many of them before the place of interest.
const EXCERPT: usize = 160;
const BEFORE: usize = 60;

/// The part of a value around a place, escaped.
fn excerpt(value: &[u8], place: usize) -> String {
    if value.len() <= EXCERPT {
        return output::escape(value);
    }
    let start = place.saturating_sub(BEFORE).min(value.len() - EXCERPT);
    // not in the middle of a character
    let is_boundary = |&at: &usize| value.get(at).is_none_or(|byte| byte & 0xc0 != 0x80);
    let start = (start..value.len()).find(is_boundary).unwrap_or(start);
    let end = start + EXCERPT;
    let end = (end..value.len()).find(is_boundary).unwrap_or(value.len());
    let cut = |cut| if cut { "…" } else { "" };
    let text = output::escape(&value[start..end]);
    format!("{}{text}{}", cut(start > 0), cut(end < value.len()))
}

/// A record's line in `ndjson`.
#[derive(Serialize)]
struct Line<'a> {
    index: u64,
    file: &'a str,
    line: u64,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    findings: Vec<Found<'a>>,
}

/// A finding, and an instruction of it, as JSON shows them: in the terms of the library's own
/// `serde` feature, which an example cannot switch on.
#[derive(Serialize)]
struct Found<'a> {
    language: &'static str,
    context: &'static str,
    kind: &'static str,
    dialect: &'static str,
    effects: Vec<&'static str>,
    span: &'a std::ops::Range<usize>,
    instructions: Vec<Acts<'a>>,
}

#[derive(Serialize)]
struct Acts<'a> {
    kind: &'static str,
    span: &'a std::ops::Range<usize>,
    effects: Vec<&'static str>,
}

impl<'a> From<&'a Finding> for Found<'a> {
    fn from(finding: &'a Finding) -> Self {
        let acts = finding.instructions.iter().map(|instruction| Acts {
            kind: instruction.kind,
            span: &instruction.span,
            effects: instruction.effects.names().collect(),
        });
        Found {
            language: finding.language.name(),
            context: finding.context.name(),
            kind: finding.kind.name(),
            dialect: finding.dialect,
            effects: finding.effects.names().collect(),
            span: &finding.span,
            instructions: acts.collect(),
        }
    }
}

fn write_ndjson(output: &mut Output, report: &Report, place: &Place) -> Result<(), Failure> {
    let reason = match report.verdict {
        Verdict::Undecided(reason) => Some(reason.name()),
        _ => None,
    };
    let line = Line {
        index: place.index,
        file: place.file,
        line: place.line,
        verdict: report.verdict.name(),
        reason,
        findings: report.findings.iter().map(Found::from).collect(),
    };
    serde_json::to_writer(&mut *output, &line)?;
    Ok(output.write_all(b"\n")?)
}
