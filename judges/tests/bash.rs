//! bash judges.

use syntrap_judges::shell::{Bash, SPACES};
use syntrap_judges::{Generator, hold};

#[test]
fn what_bash_runs_beyond_data_is_found() {
    match Bash::new() {
        Ok(bash) => hold(bash, Generator::new(include_str!("../grammars/bash.bnf"), SPACES)),
        Err(error) => println!("SKIPPED: bash cannot be started: {error}"),
    }
}
