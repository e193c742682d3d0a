//! SQLite judges.

use syntrap_judges::sql::{SPACES, Sqlite};
use syntrap_judges::{Generator, hold};

#[test]
fn what_sqlite_runs_beyond_data_is_found() {
    hold(Sqlite::new(), Generator::new(include_str!("../grammars/sqlite.bnf"), SPACES).in_any_case());
}
