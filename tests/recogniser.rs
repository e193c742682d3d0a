//! Holds the tables that `build.rs` extracts, and the recogniser that drives them, against the
//! parser that LALRPOP itself makes of the grammar.

#[path = "support/fragments.rs"]
mod fragments;
#[path = "support/language.rs"]
mod language;
#[path = "support/tables.rs"]
mod tables;

/// LALRPOP's own parser.
mod stock {
    #![allow(warnings, clippy::all, reason = "written by LALRPOP")]
    include!(concat!(env!("OUT_DIR"), "/sql.rs"));
}

use language::config;
use proptest::prelude::*;
use syntrap::sql::{self, Dialect, Start, Terminal};
use syntrap::{Push, Recogniser};
use tables::Terminals;

const TERMINALS: Terminals<Terminal> =
    Terminals { grammar: &sql::GRAMMAR, all: Terminal::ALL, index: Terminal::index };

/// At which terminal LALRPOP's parser says no.
fn stock_rejected_at(terminals: &[Terminal]) -> Option<usize> {
    tables::stock_rejected_at(terminals, |tokens| stock::InputParser::new().parse(tokens))
}

fn terminal() -> impl Strategy<Value = Terminal> {
    prop::sample::select(Terminal::ALL)
}

/// Walks of up to this many terminals.
fn viable(longest: usize) -> impl Strategy<Value = Vec<Terminal>> {
    prop::collection::vec(any::<u16>(), 1..=longest)
        .prop_map(|choices| TERMINALS.wander(&mut TERMINALS.recogniser(), &choices))
}

/// A change of one place.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(Terminal),
    Insert(Terminal),
    Remove,
    Double,
    SwapWithNext,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        terminal().prop_map(Mutation::Replace),
        terminal().prop_map(Mutation::Insert),
        Just(Mutation::Remove),
        Just(Mutation::Double),
        Just(Mutation::SwapWithNext),
    ]
}

fn mutated(mut terminals: Vec<Terminal>, mutations: Vec<(prop::sample::Index, Mutation)>) -> Vec<Terminal> {
    for (index, mutation) in mutations {
        if terminals.is_empty() {
            break;
        }
        let at = index.index(terminals.len());
        match mutation {
            Mutation::Replace(terminal) => terminals[at] = terminal,
            Mutation::Insert(terminal) => terminals.insert(at, terminal),
            Mutation::Remove => drop(terminals.remove(at)),
            Mutation::Double => terminals.insert(at, terminals[at]),
            Mutation::SwapWithNext if at + 1 < terminals.len() => terminals.swap(at, at + 1),
            Mutation::SwapWithNext => {}
        }
    }
    terminals
}

fn mutated_walk(longest: usize) -> impl Strategy<Value = Vec<Terminal>> {
    (viable(longest), prop::collection::vec((any::<prop::sample::Index>(), mutation()), 1..4))
        .prop_map(|(terminals, mutations)| mutated(terminals, mutations))
}

/// Any terminals behind one that starts the input, so that they are not all dead at once.
fn uniform() -> impl Strategy<Value = Vec<Terminal>> {
    let start = prop::sample::select(&[Terminal::StartStatement, Terminal::StartValue]);
    prop_oneof![
        1 => prop::collection::vec(terminal(), 0..8),
        3 => (start, prop::collection::vec(terminal(), 0..8)).prop_map(|(start, mut terminals)| {
            terminals.insert(0, start);
            terminals
        }),
    ]
}

#[test]
fn every_terminal_has_the_number_of_its_column() {
    TERMINALS.assert_numbered();
}

#[test]
fn every_pair_of_terminals_behind_a_start_is_judged_as_the_stock_parser_does() {
    for start in [Terminal::StartStatement, Terminal::StartValue] {
        for &first in Terminal::ALL {
            for &second in Terminal::ALL {
                let terminals = [start, first, second];
                let found = TERMINALS.rejected_at(&terminals);
                // The stock parser is slow to say no; dead at the first needs no second.
                if found == Some(1) && second != Terminal::ALL[0] {
                    continue;
                }
                assert_eq!(found, stock_rejected_at(&terminals), "{terminals:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn any_terminals_are_rejected_where_the_stock_parser_rejects_them(terminals in uniform()) {
        prop_assert_eq!(TERMINALS.rejected_at(&terminals), stock_rejected_at(&terminals));
    }

    #[test]
    fn the_tokens_of_text_are_rejected_where_the_stock_parser_rejects_them(
        input in fragments::input(24),
        dialect in prop::sample::select(Dialect::ALL),
        begin in prop::sample::select(&[Start::Text, Start::SingleQuoted, Start::DoubleQuoted]),
        start in prop::sample::select(&[Terminal::StartStatement, Terminal::StartValue]),
    ) {
        let tokens = sql::tokens(&input, begin, dialect).map(|token| token.terminal);
        let terminals: Vec<Terminal> = std::iter::once(start).chain(tokens).collect();
        prop_assert_eq!(TERMINALS.rejected_at(&terminals), stock_rejected_at(&terminals));
    }
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn a_walk_along_the_tables_is_viable_to_the_stock_parser(terminals in viable(48)) {
        prop_assert_eq!(TERMINALS.rejected_at(&terminals), None);
        prop_assert_eq!(stock_rejected_at(&terminals), None);
    }

    #[test]
    fn a_changed_walk_is_rejected_where_the_stock_parser_rejects_it(terminals in mutated_walk(32)) {
        prop_assert_eq!(TERMINALS.rejected_at(&terminals), stock_rejected_at(&terminals));
    }

    #[test]
    fn can_shift_foretells_push(terminals in viable(32)) {
        let mut recogniser = TERMINALS.recogniser();
        for terminal in &terminals {
            recogniser.push_terminal(terminal.index());
        }
        for &next in Terminal::ALL {
            let pushed = recogniser.clone().push_terminal(next.index());
            prop_assert_eq!(recogniser.can_shift(next.index()), pushed == Push::Shifted, "{:?}", next);
        }
    }

    #[test]
    fn a_clone_goes_its_own_way(
        before in viable(24),
        aside in prop::collection::vec(any::<u16>(), 1..24),
        behind in prop::collection::vec(terminal(), 0..8),
    ) {
        let push = |recogniser: &mut Recogniser, terminals: &[Terminal]| -> Vec<Push> {
            terminals.iter().map(|terminal| recogniser.push_terminal(terminal.index())).collect()
        };
        let mut original = TERMINALS.recogniser();
        push(&mut original, &before);
        let mut untouched = TERMINALS.recogniser();
        push(&mut untouched, &before);
        TERMINALS.wander(&mut original.clone(), &aside);
        prop_assert_eq!(push(&mut original, &behind), push(&mut untouched, &behind));
        for &next in Terminal::ALL {
            prop_assert_eq!(original.can_shift(next.index()), untouched.can_shift(next.index()), "{:?}", next);
        }
    }

    #[test]
    fn a_rejected_terminal_makes_nothing_viable_that_was_not(terminals in viable(24), stray in terminal()) {
        let mut recogniser = TERMINALS.recogniser();
        for terminal in &terminals {
            recogniser.push_terminal(terminal.index());
        }
        if recogniser.can_shift(stray.index()) {
            return Ok(());
        }
        // The reductions before the rejection were those that this lookahead called for; what
        // they leave is viable still.
        let before = recogniser.clone();
        prop_assert_eq!(recogniser.push_terminal(stray.index()), Push::Rejected);
        prop_assert_eq!(recogniser.push_terminal(stray.index()), Push::Rejected);
        for &next in Terminal::ALL {
            if recogniser.can_shift(next.index()) {
                prop_assert!(before.can_shift(next.index()), "{:?} became viable", next);
            }
        }
    }
}
