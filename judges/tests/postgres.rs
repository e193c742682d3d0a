//! PostgreSQL's parser judges.

use syntrap_judges::sql::{Postgres, SPACES};
use syntrap_judges::{Generator, hold};

#[test]
fn what_postgresql_parses_beyond_data_is_found() {
    hold(Postgres::new(), Generator::new(include_str!("../grammars/postgres.bnf"), SPACES).in_any_case());
}
