//! Chromium judges, where there is one.

use syntrap_judges::chromium::Chromium;
use syntrap_judges::html::SPACES;
use syntrap_judges::{Generator, hold};

#[test]
fn what_a_browser_runs_is_found() {
    match Chromium::new() {
        Ok(browser) => {
            hold(browser, Generator::new(include_str!("../grammars/html.bnf"), SPACES).in_any_case());
        }
        Err(error) => println!("SKIPPED: chromium cannot be started: {error}"),
    }
}
