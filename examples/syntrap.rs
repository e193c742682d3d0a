//! The command line: scans values, explains verdicts, shows tokens and contexts, and scores
//! labelled corpora.
//!
//! It ends with status 0 if an attack was found (or the command did what it was asked for), with
//! 1 if none was, and with 2 after an error, as grep does. A closed pipe ends it quietly.

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

#[path = "syntrap/args.rs"]
mod args;
#[path = "syntrap/evaluate.rs"]
mod evaluate;
#[path = "syntrap/explain.rs"]
mod explain;
#[path = "syntrap/output.rs"]
mod output;
#[path = "syntrap/print.rs"]
mod print;
#[path = "syntrap/records.rs"]
mod records;
#[path = "syntrap/sarif.rs"]
mod sarif;
#[path = "syntrap/scan.rs"]
mod scan;
#[path = "syntrap/scores.rs"]
mod scores;
#[path = "syntrap/shown.rs"]
mod shown;
#[path = "syntrap/tally.rs"]
mod tally;
#[path = "syntrap/tokens.rs"]
mod tokens;

use args::{Cli, Command};
use output::{Failure, Status};

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.color.set();
    let outcome = match &cli.command {
        Command::Scan(options) => scan::run(options),
        Command::Explain(options) => explain::run(options),
        Command::Tokens(options) => tokens::run(options),
        Command::Contexts => tokens::contexts(),
        Command::Evaluate(options) => evaluate::run(options),
        Command::Completions { shell } => completions(*shell),
    };
    match outcome {
        Ok(status) => status.into(),
        Err(Failure::Pipe) => Status::Found.into(),
        Err(Failure::Message(message)) => {
            output::complain(&message);
            Status::Error.into()
        }
    }
}

fn completions(shell: clap_complete::Shell) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "syntrap", &mut script);
    let mut output = output::stdout();
    output.write_all(&script)?;
    output.finish()?;
    Ok(Status::Found)
}
