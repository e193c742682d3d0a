//! html5ever judges.

use syntrap_judges::html::{Html5ever, SPACES};
use syntrap_judges::{Generator, hold};

#[test]
fn what_a_document_runs_beyond_data_is_found() {
    hold(Html5ever, Generator::new(include_str!("../grammars/html.bnf"), SPACES).in_any_case());
}
