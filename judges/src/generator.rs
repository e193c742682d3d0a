//! Values: sentences of a grammar, with white space in all its spellings, and with noise.

use bnf::{Expression, GenerationStrategy, Grammar, Production, Term};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

/// Writes values, the same ones in each run.
pub struct Generator {
    grammar: Grammar,
    /// What a space of the grammar may be.
    spaces: &'static [&'static str],
    /// The language reads letters in either case.
    folds: bool,
    walk: Walk,
}

impl Generator {
    /// A generator of the sentences of a grammar, whose first rule they begin with. Each space in them
    /// becomes one of `spaces`; `␣` becomes a space, `␤` a line end, `␉` a tab.
    ///
    /// # Panics
    ///
    /// If the grammar cannot be read.
    pub fn new(grammar: &str, spaces: &'static [&'static str]) -> Self {
        let seed = std::env::var("SYNTRAP_JUDGES_SEED").map_or(1, |n| n.parse().expect("a number"));
        let grammar = grammar.parse().expect("a grammar");
        Generator { grammar, spaces, folds: false, walk: Walk(StdRng::seed_from_u64(seed)) }
    }

    /// Letters are written in either case.
    pub fn in_any_case(self) -> Self {
        Generator { folds: true, ..self }
    }

    /// The next value.
    ///
    /// # Panics
    ///
    /// If the grammar has a rule without an end.
    pub fn value(&mut self) -> String {
        let mut value = self.sentence();
        if self.walk.0.random_ratio(1, 8) {
            value = self.noise(&value);
        }
        value
    }

    fn sentence(&mut self) -> String {
        let sentence = self.grammar.generate_seeded_with_strategy(&mut self.walk).expect("a sentence");
        // Most values have one kind of space, as those of a person or a program have.
        let random = &mut self.walk.0;
        let plain = random.random_bool(0.6);
        let mut written = String::with_capacity(sentence.len());
        for character in sentence.chars() {
            match character {
                ' ' if !plain => written.push_str(self.spaces.choose(random).expect("a space")),
                '␣' => written.push(' '),
                '␉' => written.push('\t'),
                '␤' => written.push('\n'),
                other => written.push(other),
            }
        }
        match random.random_range(0..6) {
            _ if !self.folds => written,
            0 => written.to_uppercase(),
            1 => written.chars().map(|c| if random.random() { c.to_ascii_uppercase() } else { c }).collect(),
            _ => written,
        }
    }

    /// A value with a piece cut out, repeated, or replaced by one of another value.
    fn noise(&mut self, value: &str) -> String {
        let other = self.sentence();
        let random = &mut self.walk.0;
        let mut cut = |text: &str| {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let from = random.random_range(0..places.len());
            let to = (from + random.random_range(0..8)).min(places.len() - 1);
            places[from]..places[to]
        };
        let (piece, strange) = (cut(value), cut(&other));
        let (before, after) = (&value[..piece.start], &value[piece.end..]);
        match random.random_range(0..3) {
            0 => [before, after].concat(),
            1 => [before, &value[piece.clone()], &value[piece], after].concat(),
            _ => [before, &other[strange], after].concat(),
        }
    }

    /// A short value for which `still` holds, made by leaving out pieces of one for which it does.
    pub fn shrink(&self, value: &str, mut still: impl FnMut(&str) -> bool) -> String {
        let mut least: Vec<char> = value.chars().collect();
        let mut size = least.len() / 2;
        while size > 0 {
            let mut at = 0;
            let before = least.len();
            while at < least.len() {
                let end = (at + size).min(least.len());
                let shorter: String = least[..at].iter().chain(&least[end..]).collect();
                if still(&shorter) {
                    least = shorter.chars().collect();
                } else {
                    at += 1;
                }
            }
            if least.len() == before {
                size /= 2;
            }
        }
        least.into_iter().collect()
    }
}

/// Chooses among the alternatives of a rule; deep inside, one with the fewest rules in it.
struct Walk(StdRng);

/// How deep rules may stand in each other before all choices lead out.
const DEPTH: usize = 24;

impl GenerationStrategy for Walk {
    fn choose<'p>(&mut self, production: &'p Production, depth: usize) -> Option<&'p Expression> {
        let rules =
            |e: &Expression| e.terms_iter().filter(|term| matches!(term, Term::Nonterminal(_))).count();
        if depth > DEPTH {
            return production.rhs_iter().min_by_key(|expression| rules(expression));
        }
        production.rhs_iter().nth(self.0.random_range(0..production.len()))
    }
}
