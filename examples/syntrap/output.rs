//! What goes out, and how the program ends.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};

/// The styles of the output; [`Output`] leaves them out where there is no terminal.
pub const BOLD: Style = Style::new().bold();
pub const DIM: Style = Style::new().dimmed();
pub const FILE: Style = AnsiColor::Magenta.on_default();
pub const LINE: Style = AnsiColor::Green.on_default();
pub const BAD: Style = AnsiColor::Red.on_default().bold();
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
pub const WARN: Style = AnsiColor::Yellow.on_default().bold();

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// An attack was found, or the command did what it was asked for.
    Found,
    /// No attack was found.
    NotFound,
    /// Something went wrong, and a message said what.
    Error,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(match status {
            Status::Found => 0,
            Status::NotFound => 1,
            Status::Error => 2,
        })
    }
}

/// Why a command stopped.
#[derive(Debug)]
pub enum Failure {
    /// Nobody reads the output any more. That is not an error.
    Pipe,
    /// What to tell the user.
    Message(String),
}

impl From<&str> for Failure {
    fn from(message: &str) -> Failure {
        Failure::Message(message.to_owned())
    }
}

/// For errors of the output; those of the input are made messages where the file is known.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::Pipe,
            _ => Failure::Message(format!("cannot write the output: {}", reason(&error))),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Failure {
        io::Error::from(error).into()
    }
}

/// The standard output, buffered, without colour where it is not wanted.
pub struct Output(BufWriter<AutoStream<io::StdoutLock<'static>>>);

/// Opens the standard output.
pub fn stdout() -> Output {
    Output(BufWriter::with_capacity(1 << 16, AutoStream::auto(io::stdout().lock())))
}

impl Output {
    /// Everything is written.
    pub fn finish(mut self) -> Result<(), Failure> {
        Ok(self.flush()?)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Tells the user on the standard error that something is wrong.
pub fn complain(message: &str) {
    // nobody may be listening there either
    let message = printable(message.as_bytes());
    let _ = writeln!(anstream::stderr(), "{BAD}syntrap:{BAD:#} {message}");
}

/// The system's reason, without the number that Rust adds.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// Writes bytes as `--escaped` reads them, so that nothing is lost and nothing that a terminal
/// would obey or hide is printed as it is.
pub fn escape(bytes: &[u8]) -> String {
    write_escaped(bytes, true)
}

/// The same for text that is escaped already: its backslashes stay as they are.
pub fn printable(record: &[u8]) -> String {
    write_escaped(record, false)
}

fn write_escaped(bytes: &[u8], backslash: bool) -> String {
    let mut text = String::with_capacity(bytes.len());
    let hex = |text: &mut String, bytes: &[u8]| {
        bytes.iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    };
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' if backslash => text.push_str("\\\\"),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                '\0' => text.push_str("\\0"),
                c if c.is_control() || is_invisible(c) => {
                    hex(&mut text, c.encode_utf8(&mut [0; 4]).as_bytes())
                }
                c => text.push(c),
            }
        }
        hex(&mut text, chunk.invalid());
    }
    text
}

/// Characters that print nothing but change how the text around them is shown.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}
