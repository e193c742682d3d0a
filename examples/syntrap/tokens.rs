//! `tokens` and `contexts`: what the languages make of a text, and where they look for one.

use std::io::Write;
use std::ops::Range;

use serde::Serialize;
use syntrap::{Context, Language, Token};

use crate::args::{TokensFormat, TokensOptions};
use crate::output::{self, BOLD, DIM, Failure, Output, Status};

/// Runs `tokens`.
pub fn run(options: &TokensOptions) -> Result<Status, Failure> {
    let context = match options.context {
        Some(context) if options.language.is_some_and(|l| l != context.language()) => {
            let language = context.language();
            let message = format!("the context {context} belongs to the language {language}");
            return Err(Failure::Message(message));
        }
        Some(context) => context,
        None => first_context(options.language.unwrap_or(Language::Sql)),
    };
    let value = options.string.value()?;
    let tokens = context.tokens(&value, options.dialect.as_deref());
    let tokens = tokens.map_err(|error| Failure::Message(error.to_string()))?;
    let mut output = output::stdout();
    match options.format {
        TokensFormat::Text => write_text(&mut output, &tokens, &value)?,
        TokensFormat::Json => write_json(&mut output, &tokens, &value)?,
    }
    output.finish()?;
    Ok(Status::Found)
}

fn first_context(language: Language) -> Context {
    let mut contexts = Context::ALL.iter().copied();
    let first = contexts.find(|context| context.language() == language);
    first.expect("every language has contexts")
}

fn write_text(output: &mut Output, tokens: &[Token], value: &[u8]) -> Result<(), Failure> {
    for token in tokens {
        let (span, terminal) = (&token.span, token.terminal);
        let place = format!("{}..{}", span.start, span.end);
        let text = output::escape(&value[span.clone()]);
        writeln!(output, "{DIM}{place:<10}{DIM:#} {terminal:<18} {text}")?;
    }
    Ok(())
}

/// A token in JSON, with its text as `--escaped` reads it.
#[derive(Serialize)]
struct TokenRow<'a> {
    span: &'a Range<usize>,
    terminal: &'static str,
    text: String,
}

fn write_json(output: &mut Output, tokens: &[Token], value: &[u8]) -> Result<(), Failure> {
    let rows = tokens.iter().map(|token| TokenRow {
        span: &token.span,
        terminal: token.terminal,
        text: output::escape(&value[token.span.clone()]),
    });
    serde_json::to_writer_pretty(&mut *output, &rows.collect::<Vec<_>>())?;
    Ok(output.write_all(b"\n")?)
}

/// Runs `contexts`.
pub fn contexts() -> Result<Status, Failure> {
    let mut output = output::stdout();
    let names = Context::ALL.iter().map(|context| context.name().len());
    let width = names.max().unwrap_or(0);
    for &context in Context::ALL {
        let (name, kind) = (context.name(), context.kind().name());
        let description = context.description();
        writeln!(output, "{BOLD}{name:width$}{BOLD:#}  {DIM}{kind:9}{DIM:#}  {description}")?;
    }
    output.finish()?;
    Ok(Status::Found)
}
