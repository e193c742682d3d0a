//! What holds for the tables that the library's `build.rs` extracts, and the recogniser that drives
//! them: they reject a terminal exactly where the parser does that LALRPOP makes of the grammar.

#[path = "../../../tests/support/tables.rs"]
mod tables;

use arbitrary::{Arbitrary, Unstructured};
use tables::Terminals;

/// LALRPOP's own parsers.
mod stock {
    macro_rules! parsers {
        ($($language:ident),*) => {$(
            #[allow(warnings, clippy::all, reason = "written by LALRPOP")]
            pub(super) mod $language {
                include!(concat!(env!("OUT_DIR"), "/", stringify!($language), ".rs"));
            }
        )*};
    }
    parsers!(sql, shell, path, html, js);
}

/// A walk along the tables of a grammar, or aside of them.
#[derive(Arbitrary)]
struct Walk {
    language: u8,
    /// The place of the terminal that it begins with; beyond the last there is none.
    start: u8,
    /// Which terminal comes next: of those that can be shifted, but where the second number is 0 of all.
    choices: Vec<(u16, u8)>,
}

/// No walk is longer: LALRPOP's parser is slow to say no.
const LONGEST: usize = 64;

macro_rules! check {
    ($walk:expr, $language:ident) => {{
        use syntrap::$language::{GRAMMAR, Terminal};
        let terminals = Terminals { grammar: &GRAMMAR, all: Terminal::ALL, index: Terminal::index };
        let start = Terminal::ALL.get(usize::from($walk.start)).copied();
        let choices = &$walk.choices[..$walk.choices.len().min(LONGEST)];
        let read = terminals.stray(start.as_slice(), choices);
        let rejected =
            tables::stock_rejected_at(&read, |tokens| stock::$language::InputParser::new().parse(tokens));
        assert_eq!(terminals.rejected_at(&read), rejected, "{read:?}");
    }};
}

/// The recogniser agrees with LALRPOP's parser.
pub(crate) fn recogniser(data: &[u8]) {
    let Ok(walk) = Walk::arbitrary_take_rest(Unstructured::new(data)) else { return };
    match walk.language % 5 {
        0 => check!(walk, sql),
        1 => check!(walk, shell),
        2 => check!(walk, path),
        3 => check!(walk, html),
        _ => check!(walk, js),
    }
}
