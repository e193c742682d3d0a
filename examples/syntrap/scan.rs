//! `scan`: reads values and prints those that are attacks.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use syntrap::{Detector, Report};

use crate::args::{ScanFormat, ScanOptions};
use crate::output::{self, FILE, Failure, Output, Status, reason};
use crate::print::{self, Record};
use crate::records::{BadEscape, Records};
use crate::sarif::Log;

/// Runs the command.
pub fn run(options: &ScanOptions) -> Result<Status, Failure> {
    let mut scan = Scan {
        options,
        log: Log::default(),
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
    log: Log,
    /// The number of the next record, over all inputs.
    index: u64,
    found: bool,
    failed: bool,
}

/// Why a record was not scanned.
enum Wrong {
    /// The scan goes on with the next record.
    Record(BadEscape),
    /// The scan goes on with the next input.
    Input(io::Error),
    /// The scan ends.
    Output(Failure),
}

impl From<BadEscape> for Wrong {
    fn from(error: BadEscape) -> Wrong {
        Wrong::Record(error)
    }
}

impl From<Failure> for Wrong {
    fn from(failure: Failure) -> Wrong {
        Wrong::Output(failure)
    }
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
        let sarif = self.options.format == ScanFormat::Sarif;
        if sarif {
            self.log.begin(&mut self.output, &self.detector)?;
        }
        for path in files {
            self.file(path)?;
            if self.options.quiet && self.found {
                break;
            }
        }
        if sarif {
            self.log.end(&mut self.output)?;
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
        let mut records = Records::new(input, self.options.records.format());
        let mut attacks = 0u64;
        loop {
            if records.would_read() {
                self.output.flush()?;
            }
            let attack = match records.advance() {
                Ok(true) => self.record(&mut records, &name),
                Ok(false) => break,
                Err(error) => Err(Wrong::Input(error)),
            };
            let line = records.line();
            match attack {
                Ok(attack) => attacks += u64::from(attack),
                Err(Wrong::Output(failure)) => return Err(failure),
                Err(Wrong::Record(error)) => self.fail(&format!("{name}:{line}: {error}"))?,
                Err(Wrong::Input(error)) if line == 0 => {
                    self.fail(&format!("{name}: {}", reason(&error)))?;
                    break;
                }
                Err(Wrong::Input(error)) => {
                    let reason = reason(&error);
                    self.fail(&format!("{name}: {reason}, behind line {line}"))?;
                    break;
                }
            }
            self.index += 1;
            if self.options.quiet && self.found {
                break;
            }
        }
        if self.options.count {
            if self.options.files.len() > 1 {
                let name = output::printable(name.as_bytes());
                write!(self.output, "{FILE}{name}{FILE:#}:")?;
            }
            writeln!(self.output, "{attacks}")?;
        }
        Ok(())
    }

    /// Scans one value and prints what the format wants; answers whether it is an attack.
    fn record<R: Read>(&mut self, records: &mut Records<R>, file: &str) -> Result<bool, Wrong> {
        let format = self.options.records.format();
        let text = records.piece().to_vec();
        let value = records.value()?.into_owned();
        let report = if records.is_cut() {
            let mut stream = self.detector.stream();
            stream.push(&value);
            while records.is_cut() {
                records.next_piece().map_err(Wrong::Input)?;
                stream.push(&records.value()?);
            }
            stream.finish()
        } else if self.options.count || self.options.quiet {
            let attack = self.detector.is_attack(&value);
            self.found |= attack;
            return Ok(attack);
        } else {
            self.detector.scan(&value)
        };
        self.found |= report.is_attack();
        if !self.options.count && !self.options.quiet {
            let record = Record {
                file,
                line: records.line(),
                index: self.index,
                format,
                text: &text,
                offset: records.offset(),
                value: &value,
            };
            self.print(&report, &record)?;
        }
        Ok(report.is_attack())
    }

    fn print(&mut self, report: &Report, record: &Record) -> Result<(), Failure> {
        match self.options.format {
            ScanFormat::Text => print::write_text(&mut self.output, report, record)?,
            ScanFormat::Ndjson => print::write_ndjson(&mut self.output, report, record)?,
            ScanFormat::Sarif => self.log.write(&mut self.output, report, record)?,
        }
        Ok(())
    }

    /// Tells what is wrong, after everything that was found before.
    fn fail(&mut self, message: &str) -> Result<(), Failure> {
        self.failed = true;
        self.log.note(message);
        self.output.flush()?;
        output::complain(message);
        Ok(())
    }
}
