//! A SARIF 2.1.0 log, written while the scan goes on: the head, a result for each finding, and
//! the tail with what went wrong.

use std::io::{self, Write};

use serde_json::{Map, Value, json};
use syntrap::{ContextKind, Detector, Finding, Report, Verdict};

use crate::output::{Failure, Output};
use crate::print::{self, Record};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The rule of values that a limit left undecided.
const UNDECIDED: &str = "undecided";

/// The log of one scan.
#[derive(Default)]
pub struct Log {
    /// Whether a result was written already.
    results: bool,
    /// What went wrong.
    notes: Vec<String>,
}

impl Log {
    /// Writes everything in front of the results: the rules are the contexts.
    pub fn begin(&self, output: &mut Output, detector: &Detector) -> io::Result<()> {
        let contexts = detector.contexts();
        let mut rules: Vec<_> = contexts
            .iter()
            .map(|context| {
                let what = match context.kind() {
                    ContextKind::Injection => "Injection",
                    ContextKind::Command => "Command",
                };
                let text = format!("{what}, {}", context.description());
                rule(context.name(), &text, level(context.kind()))
            })
            .collect();
        let text = "A limit was reached before the verdict was known";
        rules.push(rule(UNDECIDED, text, "none"));
        let driver = json!({"name": "syntrap", "version": env!("CARGO_PKG_VERSION"), "rules": rules});
        write!(
            output,
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\
             \"tool\":{{\"driver\":{driver}}},\"columnKind\":\"unicodeCodePoints\",\"results\":["
        )
    }

    /// Writes a record's results, one a line.
    pub fn write(&mut self, output: &mut Output, report: &Report, record: &Record) -> Result<(), Failure> {
        if let Verdict::Undecided(reason) = report.verdict {
            let text = format!("{reason}: {}", print::excerpt(record.value, 0));
            let mut result = result(UNDECIDED, "none", &text, record, 0..record.value.len());
            result["kind"] = "open".into();
            self.push(output, &result)?;
        }
        for finding in &report.findings {
            self.push(output, &finding_result(finding, record))?;
        }
        Ok(())
    }

    fn push(&mut self, output: &mut Output, result: &Value) -> Result<(), Failure> {
        output.write_all(if self.results { b",\n" } else { b"\n" })?;
        self.results = true;
        Ok(serde_json::to_writer(output, result)?)
    }

    /// Notes what went wrong, for the tail.
    pub fn note(&mut self, message: &str) {
        self.notes.push(message.to_owned());
    }

    /// Writes everything behind the results.
    pub fn end(&self, output: &mut Output) -> io::Result<()> {
        let notes = self.notes.iter();
        let notes = notes.map(|text| json!({"level": "error", "message": {"text": text}}));
        let invocation = json!({
            "executionSuccessful": self.notes.is_empty(),
            "toolExecutionNotifications": notes.collect::<Vec<_>>(),
        });
        writeln!(output, "\n],\"invocations\":[{invocation}]}}]}}")
    }
}

fn rule(id: &str, text: &str, level: &str) -> Value {
    json!({
        "id": id,
        "shortDescription": {"text": text},
        "defaultConfiguration": {"level": level},
    })
}

/// An injection is wrong anywhere; a command may be what a console is for.
fn level(kind: ContextKind) -> &'static str {
    match kind {
        ContextKind::Injection => "error",
        ContextKind::Command => "warning",
    }
}

fn finding_result(finding: &Finding, record: &Record) -> Value {
    let start = finding.instructions.iter().map(|i| i.span.start).min();
    let excerpt = print::excerpt(record.value, start.unwrap_or(0));
    let text = format!("{}: {excerpt}", finding.effects);
    let (id, level) = (finding.context.name(), level(finding.kind));
    let mut result = result(id, level, &text, record, finding.span.clone());
    let kinds = finding.instructions.iter().map(|i| i.kind);
    result["properties"] = json!({
        "index": record.index,
        "language": finding.language.name(),
        "kind": finding.kind.name(),
        "dialect": finding.dialect,
        "effects": finding.effects.names().collect::<Vec<_>>(),
        "instructions": kinds.collect::<Vec<_>>(),
    });
    result
}

fn result(rule: &str, level: &str, text: &str, record: &Record, span: std::ops::Range<usize>) -> Value {
    let location = json!({
        "artifactLocation": artifact(record.file),
        "region": region(record, span),
    });
    json!({
        "ruleId": rule,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    })
}

fn artifact(file: &str) -> Value {
    match file {
        "-" => json!({"description": {"text": "standard input"}}),
        file => json!({"uri": uri(file)}),
    }
}

/// A path as a URI reference (RFC 3986).
fn uri(file: &str) -> String {
    let mut uri = String::from(if file.starts_with('/') { "file://" } else { "" });
    for &byte in file.as_bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(byte.into()),
            byte if byte.is_ascii_alphanumeric() => uri.push(byte.into()),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// Where a part of a value is written: in bytes of the input, and in lines and characters where
/// records are lines. Of a long record only the first piece is known.
fn region(record: &Record, span: std::ops::Range<usize>) -> Value {
    let position = |index| {
        let index = record.value.len().min(index);
        record.format.position(record.text, index)
    };
    let (start, end) = (position(span.start), position(span.end));
    let mut region = Map::new();
    let mut insert = |name: &str, value: u64| region.insert(name.to_owned(), value.into());
    if !record.format.null {
        let column = |at: usize| 1 + String::from_utf8_lossy(&record.text[..at]).chars().count();
        insert("startLine", record.line);
        insert("startColumn", column(start) as u64);
        insert("endColumn", column(end) as u64);
    }
    insert("byteOffset", record.offset + start as u64);
    insert("byteLength", (end - start) as u64);
    region.into()
}
