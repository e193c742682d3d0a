//! oxc judges.

use syntrap_judges::js::{Oxc, SPACES};
use syntrap_judges::{Generator, hold};

#[test]
fn what_a_script_does_beyond_data_is_found() {
    hold(Oxc, Generator::new(include_str!("../grammars/js.bnf"), SPACES));
}
