//! Writes a text from bytes that the fuzzer chooses: some say what is written, the others how.

use arbitrary::Unstructured;
use syntrap::{Context, ContextSet};

/// A way to write the same otherwise. Every language has its own understanding of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rewriting {
    /// Letters of names that have no case.
    Case,
    /// Other white space, and more of it.
    WhiteSpace,
    /// Comments, where white space may stand.
    Comments,
    /// Numbers and texts in another spelling.
    Literals,
    /// Operators that do the same.
    Operators,
    /// Parentheses, and what brackets without a change.
    Parentheses,
    /// Encodings that the language itself undoes.
    Encodings,
}

impl Rewriting {
    /// All of them.
    pub const ALL: &[Rewriting] = &[
        Rewriting::Case,
        Rewriting::WhiteSpace,
        Rewriting::Comments,
        Rewriting::Literals,
        Rewriting::Operators,
        Rewriting::Parentheses,
        Rewriting::Encodings,
    ];
}

/// A text in the making. Bytes that ran out stand for the first choice: the simplest, and the plain one.
pub struct Writer<'a> {
    text: Vec<u8>,
    shape: Unstructured<'a>,
    style: Unstructured<'a>,
    rewriting: Option<Rewriting>,
}

impl<'a> Writer<'a> {
    /// Nothing is written yet.
    pub fn new(shape: &'a [u8], style: &'a [u8], rewriting: Option<Rewriting>) -> Self {
        let (shape, style) = (Unstructured::new(shape), Unstructured::new(style));
        Writer { text: Vec::new(), shape, style, rewriting }
    }

    /// What was written.
    pub fn into_text(self) -> Vec<u8> {
        self.text
    }

    /// Which of so many things is written.
    pub fn choose(&mut self, count: usize) -> usize {
        usize::from(self.shape.arbitrary::<u8>().unwrap_or(0)) % count
    }

    /// Which of these things is written.
    pub fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.choose(among.len())]
    }

    /// In which of these contexts the text lands.
    pub fn place(&mut self, among: ContextSet) -> Context {
        self.pick(&among.iter().collect::<Vec<_>>())
    }

    /// In which of so many ways it is written: 0, the plain one, unless it is to be rewritten like this.
    pub fn way(&mut self, rewriting: Rewriting, count: usize) -> usize {
        if self.rewriting != Some(rewriting) {
            return 0;
        }
        usize::from(self.style.arbitrary::<u8>().unwrap_or(0)) % count
    }

    /// In which of these ways it is written; the first is the plain one.
    pub fn one_of<T: Copy>(&mut self, rewriting: Rewriting, ways: &[T]) -> T {
        ways[self.way(rewriting, ways.len())]
    }

    /// Writes it as it is.
    pub fn text(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Writes a name that has no case.
    pub fn caseless(&mut self, name: &str) {
        for letter in name.chars() {
            let other = if letter.is_ascii_lowercase() {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            };
            let letter = self.one_of(Rewriting::Case, &[letter, other]);
            self.text(letter.encode_utf8(&mut [0; 4]));
        }
    }
}
