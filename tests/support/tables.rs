//! Holds the tables that `build.rs` extracts against the parser that LALRPOP itself makes of a grammar.

#![allow(dead_code, reason = "each test asks for a part of it")]

use std::fmt::Debug;

use lalrpop_util::ParseError;
use syntrap::{Grammar, Push, RecogniseOnly, Recogniser};

/// The terminals of a language.
pub struct Terminals<T: 'static> {
    pub grammar: &'static Grammar,
    pub all: &'static [T],
    pub index: fn(T) -> u8,
}

impl<T: Copy + Debug> Terminals<T> {
    pub fn recogniser(&self) -> Recogniser {
        Recogniser::with_semantics(self.grammar, RecogniseOnly, usize::MAX)
    }

    /// Each terminal's number is its place among all.
    pub fn assert_numbered(&self) {
        for (place, &terminal) in self.all.iter().enumerate() {
            assert_eq!(usize::from((self.index)(terminal)), place, "{terminal:?}");
        }
    }

    /// At which terminal the recogniser says no, if it does.
    pub fn rejected_at(&self, terminals: &[T]) -> Option<usize> {
        let mut recogniser = self.recogniser();
        let rejects = |&terminal: &T| recogniser.push_terminal((self.index)(terminal)) == Push::Rejected;
        terminals.iter().position(rejects)
    }

    /// The terminals that can be shifted.
    pub fn viable(&self, recogniser: &Recogniser) -> Vec<T> {
        let can_shift = |&terminal: &T| recogniser.can_shift((self.index)(terminal));
        self.all.iter().copied().filter(can_shift).collect()
    }

    /// Goes on along the tables: each number chooses one of the terminals that can be shifted.
    pub fn wander(&self, recogniser: &mut Recogniser, choices: &[u16]) -> Vec<T> {
        let mut terminals = Vec::new();
        for &choice in choices {
            let viable = self.viable(recogniser);
            let Some(&terminal) = viable.get(usize::from(choice) % viable.len().max(1)) else {
                break;
            };
            let pushed = recogniser.push_terminal((self.index)(terminal));
            assert_eq!(pushed, Push::Shifted, "{terminals:?} then {terminal:?}");
            terminals.push(terminal);
        }
        terminals
    }

    /// Terminals behind these: mostly along the tables, where the second number is 0 any. The last one
    /// may be rejected.
    pub fn stray(&self, starts: &[T], choices: &[(u16, u8)]) -> Vec<T> {
        let mut recogniser = self.recogniser();
        let mut terminals = starts.to_vec();
        for &start in starts {
            recogniser.push_terminal((self.index)(start));
        }
        for &(choice, aside) in choices {
            let viable = self.viable(&recogniser);
            let from = if aside == 0 || viable.is_empty() { self.all } else { &viable };
            let terminal = from[usize::from(choice) % from.len()];
            terminals.push(terminal);
            if recogniser.push_terminal((self.index)(terminal)) == Push::Rejected {
                break;
            }
        }
        terminals
    }
}

/// At which terminal LALRPOP's parser says no. At the end of the input it may: then some rest is missing,
/// and what there is is viable.
pub fn stock_rejected_at<T: Copy + Debug, R>(
    terminals: &[T],
    parse: impl FnOnce(Vec<(usize, T, usize)>) -> Result<R, ParseError<usize, T, ()>>,
) -> Option<usize> {
    let tokens = terminals.iter().enumerate().map(|(at, &terminal)| (at, terminal, at + 1)).collect();
    match parse(tokens) {
        Ok(_) | Err(ParseError::UnrecognizedEof { .. }) => None,
        Err(ParseError::UnrecognizedToken { token: (at, ..), .. }) => Some(at),
        Err(error) => panic!("the parser has no other reason to stop: {error:?}"),
    }
}
