//! The report: verdict, findings, instructions, JSON.

use std::ffi::CString;
use std::sync::OnceLock;

use crate::detector::Verdict;
use crate::names::Kind;
use crate::pointers::{Text, place, release, room, shared};
use crate::status::{Failure, Status, call};

/// The answer about one value, with its reasons. Immutable: threads may share one. Its texts are
/// valid until it is freed.
pub struct Report {
    report: syntrap::Report,
    /// Written when it is first asked for.
    json: OnceLock<CString>,
}

impl Report {
    pub(crate) fn new(report: syntrap::Report) -> Self {
        Report { report, json: OnceLock::new() }
    }
}

/// A context in which the value is an attack.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Finding {
    /// The language that the value speaks: `sql`.
    pub language: Text,
    /// The place that it speaks from: `sql-single-quoted`.
    pub context: Text,
    /// The dialects' reading under which it was found: `mysql`.
    pub dialect: Text,
    /// Whether the value broke out of data or is a program as a whole.
    pub kind: Kind,
    /// What the accepted instructions do, all together: bits as in `syntrap_effect`.
    pub effects: u32,
    /// The part of the value that the grammar accepted: its first byte.
    pub begin: usize,
    /// The byte behind the part that the grammar accepted. Behind it nothing was read.
    pub end: usize,
    /// How many instructions `syntrap_report_instruction` has.
    pub instructions: usize,
}

/// One construct that the grammar accepted and that acts.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Instruction {
    /// What the language's manual calls the construct: `set operation`.
    pub kind: Text,
    /// What it does: bits as in `syntrap_effect`.
    pub effects: u32,
    /// Its first byte in the value.
    pub begin: usize,
    /// The byte behind it.
    pub end: usize,
}

const NO_TEXT: Text = Text { data: c"".as_ptr(), length: 0 };

/// Frees a report and its texts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_report_free(report: *mut Report) {
    // SAFETY: the header asks for NULL or a report that is not used again.
    unsafe { release(report) };
}

/// The verdict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_report_verdict(report: *const Report, verdict: *mut Verdict) -> Status {
    call(|| {
        // SAFETY: the header asks for a pointer that may be written to, or NULL.
        let verdict = unsafe { place(verdict, "verdict", Verdict::SYNTRAP_UNDECIDED) }?;
        // SAFETY: the header asks for a report.
        *verdict = unsafe { shared(report, "report") }?.report.verdict.into();
        Ok(())
    })
}

/// Which limit was reached: `too-deep`, `token-too-long`; empty unless the verdict is
/// `SYNTRAP_UNDECIDED`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_report_reason(report: *const Report, reason: *mut Text) -> Status {
    call(|| {
        // SAFETY: the header asks for a pointer that may be written to, or NULL.
        let reason = unsafe { place(reason, "reason", NO_TEXT) }?;
        // SAFETY: the header asks for a report.
        if let syntrap::Verdict::Undecided(why) = unsafe { shared(report, "report") }?.report.verdict {
            *reason = why.name().into();
        }
        Ok(())
    })
}

/// The finding with this index, from 0 on; `SYNTRAP_OUT_OF_RANGE` behind the last one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_report_finding(
    report: *const Report,
    index: usize,
    finding: *mut Finding,
) -> Status {
    call(|| {
        // SAFETY: the header asks for a place that may be written to, or NULL, and for a report.
        let (finding, report) = unsafe { (room(finding, "finding")?, shared(report, "report")?) };
        let found = report.report.findings.get(index).ok_or_else(Failure::out_of_range)?;
        finding.write(Finding {
            language: found.language.name().into(),
            context: found.context.name().into(),
            dialect: found.dialect.into(),
            kind: found.kind.into(),
            effects: found.effects.bits(),
            begin: found.span.start,
            end: found.span.end,
            instructions: found.instructions.len(),
        });
        Ok(())
    })
}

/// An instruction of a finding, both by index from 0 on; `SYNTRAP_OUT_OF_RANGE` behind the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_report_instruction(
    report: *const Report,
    finding: usize,
    index: usize,
    instruction: *mut Instruction,
) -> Status {
    call(|| {
        // SAFETY: the header asks for a place that may be written to, or NULL, and for a report.
        let (room, report) = unsafe { (room(instruction, "instruction")?, shared(report, "report")?) };
        let finding = report.report.findings.get(finding).ok_or_else(Failure::out_of_range)?;
        let found = finding.instructions.get(index).ok_or_else(Failure::out_of_range)?;
        room.write(Instruction {
            kind: found.kind.into(),
            effects: found.effects.bits(),
            begin: found.span.start,
            end: found.span.end,
        });
        Ok(())
    })
}

/// The whole report as JSON, on one line, in `*json`. NUL-terminated too, behind its length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_report_json(report: *const Report, json: *mut Text) -> Status {
    call(|| {
        // SAFETY: the header asks for a pointer that may be written to, or NULL.
        let json = unsafe { place(json, "json", NO_TEXT) }?;
        // SAFETY: the header asks for a report.
        let report = unsafe { shared(report, "report") }?;
        let text = report.json.get_or_init(|| {
            let text = serde_json::to_string(&report.report).expect("a report has only texts and numbers");
            CString::new(text).expect("JSON escapes NUL")
        });
        *json = Text { data: text.as_ptr(), length: text.count_bytes() };
        Ok(())
    })
}
