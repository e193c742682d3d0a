//! A value as a terminal can show it, and where its parts are shown.

use std::io::{self, Write};
use std::ops::Range;

use syntrap::Token;

use crate::output::{self, DIM, Output};

/// A value on one line: escaped if it holds anything that does not print.
pub struct Shown {
    pub text: String,
    /// Where each byte of the value, and its end, is in the text.
    at: Vec<usize>,
}

impl Shown {
    pub fn new(value: &[u8]) -> Shown {
        // a backslash needs an escape only where others are
        let plain = output::printable(value).as_bytes() == value;
        let write = if plain { output::printable } else { output::escape };
        let (mut text, mut at) = (String::new(), Vec::with_capacity(value.len() + 1));
        let mut push = |part: &[u8]| {
            at.extend(part.iter().map(|_| text.len()));
            text.push_str(&write(part));
        };
        for chunk in value.utf8_chunks() {
            for c in chunk.valid().chars() {
                push(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            for byte in chunk.invalid() {
                push(&[*byte]);
            }
        }
        at.push(text.len());
        Shown { text, at }
    }

    /// Where a part of the value is shown.
    pub fn span(&self, span: &Range<usize>) -> Range<usize> {
        self.at[span.start]..self.at[span.end]
    }
}

/// How many columns a row of tokens takes, and how many tokens are shown.
const WIDTH: usize = 96;
const TOKENS: usize = 80;

/// Writes tokens in rows: their texts, underlined, and below them the names of their kinds.
pub fn write_tokens(output: &mut Output, shown: &Shown, tokens: &[Token]) -> io::Result<()> {
    let mut row = Row::default();
    for token in tokens.iter().take(TOKENS) {
        let text = shorten(&shown.text[shown.span(&token.span)]);
        let width = text.chars().count().max(token.terminal.chars().count()) + 2;
        if row.width + width > WIDTH {
            std::mem::take(&mut row).write(output)?;
        }
        row.push(&text, token.terminal, width);
    }
    row.write(output)?;
    if tokens.len() > TOKENS {
        let more = tokens.len() - TOKENS;
        writeln!(output, "  {DIM}and {more} tokens more{DIM:#}")?;
    }
    writeln!(output)
}

fn shorten(text: &str) -> String {
    const LONGEST: usize = 32;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[derive(Default)]
struct Row {
    texts: String,
    lines: String,
    names: String,
    width: usize,
}

impl Row {
    fn push(&mut self, text: &str, name: &str, width: usize) {
        let length = text.chars().count();
        self.texts.push_str(&format!("{text:width$}"));
        self.lines.push_str(&format!("{:width$}", "~".repeat(length)));
        self.names.push_str(&format!("{name:width$}"));
        self.width += width;
    }

    fn write(self, output: &mut Output) -> io::Result<()> {
        if self.width > 0 {
            writeln!(output, "  {}", self.texts.trim_end())?;
            writeln!(output, "  {DIM}{}{DIM:#}", self.lines.trim_end())?;
            writeln!(output, "  {DIM}{}{DIM:#}", self.names.trim_end())?;
        }
        Ok(())
    }
}
