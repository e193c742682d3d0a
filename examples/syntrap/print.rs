//! How `scan` prints what it found, as text and as JSON.

use std::io::{self, Write};

use serde::Serialize;
use syntrap::{Finding, Report, Verdict};

use crate::output::{self, BAD, BOLD, DIM, FILE, Failure, LINE, Output, WARN};
use crate::records::Format;

/// A record and where it stands.
pub struct Record<'a> {
    /// The name of the input; `-` for the standard input.
    pub file: &'a str,
    /// The record's number in the input, from 1.
    pub line: u64,
    /// The record's number over all inputs, from 0.
    pub index: u64,
    /// How the record is written.
    pub format: Format,
    /// The record as it is written; of a long one, its first piece.
    pub text: &'a [u8],
    /// Where it begins in the input, in bytes.
    pub offset: u64,
    /// What that text stands for.
    pub value: &'a [u8],
}

/// One line for a record that is an attack or could not be decided; nothing for any other.
pub fn write_text(output: &mut Output, report: &Report, record: &Record) -> io::Result<()> {
    let file = output::printable(record.file.as_bytes());
    let place = format!("{FILE}{file}{FILE:#}:{LINE}{}{LINE:#}:", record.line);
    match report.verdict {
        Verdict::Benign => Ok(()),
        Verdict::Undecided(reason) => {
            let excerpt = excerpt(record.value, 0);
            writeln!(output, "{place} {WARN}undecided{WARN:#} ({reason}): {excerpt}")
        }
        Verdict::Attack => {
            write!(output, "{place} {BAD}attack{BAD:#} ")?;
            for (i, finding) in report.findings.iter().enumerate() {
                let (context, kind) = (finding.context, finding.kind);
                let separator = if i > 0 { "; " } else { "" };
                write!(
                    output,
                    "{separator}{BOLD}{context}{BOLD:#} {DIM}({kind}){DIM:#}: {}",
                    finding.effects
                )?;
            }
            let excerpt = excerpt(record.value, first_instruction(report));
            writeln!(output, ": {excerpt}")
        }
    }
}

/// Where a value begins to act.
fn first_instruction(report: &Report) -> usize {
    let finding = report.findings.first();
    let instruction = finding.and_then(|finding| finding.instructions.first());
    instruction.map_or(0, |instruction| instruction.span.start)
}

/// How many bytes of a value are shown, and how many of them before the place of interest.
const EXCERPT: usize = 160;
const BEFORE: usize = 60;

/// The part of a value around a place, escaped.
pub fn excerpt(value: &[u8], place: usize) -> String {
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

/// One JSON object a line, for every record.
pub fn write_ndjson(output: &mut Output, report: &Report, record: &Record) -> Result<(), Failure> {
    let reason = match report.verdict {
        Verdict::Undecided(reason) => Some(reason.name()),
        _ => None,
    };
    let line = Line {
        index: record.index,
        file: record.file,
        line: record.line,
        verdict: report.verdict.name(),
        reason,
        findings: report.findings.iter().map(Found::from).collect(),
    };
    serde_json::to_writer(&mut *output, &line)?;
    Ok(output.write_all(b"\n")?)
}
