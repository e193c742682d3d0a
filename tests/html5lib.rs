//! The public tokenizer tests of html5lib, one test for each case and initial state.
//!
//! They are read from the folder that `HTML5LIB_TESTS` names, or from `../shared/html5lib` beside
//! this package; the `*.test` files may stand there or in `tokenizer/` below it. Where there are
//! none, the run says so and passes. Parse errors are not compared.

#[path = "support/html_tokens.rs"]
mod html_tokens;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use html_tokens::{Doctype, Emitted, emitted};
use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use serde_json::Value;
use syntrap::html::{Element, Start, Tokens, TreeBuilder};

#[derive(Deserialize)]
struct File {
    /// `xmlViolationTests` are not among them: those are for tokenizers that emit XML's characters only.
    #[serde(default)]
    tests: Vec<Case>,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Case {
    description: String,
    input: String,
    output: Vec<Value>,
    #[serde(default)]
    initial_states: Vec<String>,
    last_start_tag: Option<String>,
    #[serde(default)]
    double_escaped: bool,
}

/// Text of a case in bytes. Where it is escaped twice, it may have lone surrogates: they become what
/// UTF-8 would be for them.
fn bytes(text: &str, double_escaped: bool) -> Vec<u8> {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let unit = rest.strip_prefix("\\u").and_then(|digits| digits.get(..4)).filter(|_| double_escaped);
        if let Some(unit) = unit.and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
            units.push(unit);
            rest = &rest[6..];
            continue;
        }
        units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
        rest = &rest[character.len_utf8()..];
    }
    let mut bytes = Vec::new();
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(character) => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(error) => {
                let unit = error.unpaired_surrogate();
                bytes.extend([
                    0xe0 | (unit >> 12) as u8,
                    0x80 | (unit >> 6 & 0x3f) as u8,
                    0x80 | (unit & 0x3f) as u8,
                ]);
            }
        }
    }
    bytes
}

impl Case {
    /// What the case says that is emitted, with its characters in one token where they adjoin.
    fn expected(&self) -> Result<Vec<Emitted>, Failed> {
        let text = |value: &Value| value.as_str().map(|text| bytes(text, self.double_escaped));
        let mut expected = Vec::new();
        for token in &self.output {
            let kind = token[0].as_str().ok_or("a token without a kind")?;
            let emitted = match kind {
                "DOCTYPE" => Emitted::Doctype(Doctype {
                    name: text(&token[1]),
                    public_identifier: text(&token[2]),
                    system_identifier: text(&token[3]),
                    force_quirks: token[4] == Value::Bool(false),
                }),
                "StartTag" => {
                    let attributes = token[2].as_object().ok_or("attributes are an object")?;
                    Emitted::StartTag {
                        name: text(&token[1]).ok_or("a tag without a name")?,
                        attributes: attributes
                            .iter()
                            .map(|(name, value)| {
                                (bytes(name, self.double_escaped), text(value).unwrap_or_default())
                            })
                            .collect(),
                        self_closing: token[3] == Value::Bool(true),
                    }
                }
                "EndTag" => Emitted::EndTag { name: text(&token[1]).ok_or("a tag without a name")? },
                "Comment" => Emitted::Comment(text(&token[1]).ok_or("a comment without data")?),
                "Character" => Emitted::Text(text(&token[1]).ok_or("text without characters")?),
                other => return Err(format!("no token is called {other}").into()),
            };
            Emitted::append(&mut expected, emitted);
        }
        Ok(expected)
    }

    fn last_start_tag(&self) -> Result<Element, Failed> {
        let Some(name) = &self.last_start_tag else {
            return Ok(Element::Unknown);
        };
        match Element::named(name.as_bytes()) {
            Element::Unknown => Err(format!("no element is called {name}").into()),
            element => Ok(element),
        }
    }

    fn start(&self, state: &str) -> Result<Start, Failed> {
        let element = self.last_start_tag()?;
        Ok(match state {
            "Data state" => Start::Data,
            "PLAINTEXT state" => Start::Plaintext,
            "RCDATA state" => Start::Rcdata(element),
            "RAWTEXT state" => Start::Rawtext(element),
            "Script data state" => Start::ScriptData,
            "CDATA section state" => Start::CdataSection,
            other => return Err(format!("no value starts in the {other}").into()),
        })
    }

    fn run(&self, state: &str) -> Result<(), Failed> {
        let input = bytes(&self.input, self.double_escaped);
        let start = self.start(state)?;
        let tokens =
            Tokens::new(&input, start, TreeBuilder::NONE).with_last_start_tag(self.last_start_tag()?);
        let found = emitted(&input, tokens);
        let expected = self.expected()?;
        if found == expected {
            return Ok(());
        }
        Err(format!("{}\n  expected {expected:?}\n  found    {found:?}", input.escape_ascii()).into())
    }
}

fn folder() -> PathBuf {
    let root = std::env::var_os("HTML5LIB_TESTS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/html5lib"), PathBuf::from);
    let below = root.join("tokenizer");
    if below.is_dir() { below } else { root }
}

fn trials(folder: &Path) -> Vec<Trial> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "test"))
        .collect();
    files.sort();
    let mut trials = Vec::new();
    for path in files {
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file: File =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let group = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        for (number, mut case) in file.tests.into_iter().enumerate() {
            let mut states = std::mem::take(&mut case.initial_states);
            if states.is_empty() {
                states.push("Data state".to_owned());
            }
            for state in states {
                let name = format!("{group} {number}, {state}: {}", case.description.escape_debug());
                let case = case.clone();
                trials.push(Trial::test(name, move || case.run(&state)));
            }
        }
    }
    trials
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let folder = folder();
    let trials = trials(&folder);
    if trials.is_empty() {
        println!("SKIPPED: there are no html5lib tests in {}", folder.display());
        return ExitCode::SUCCESS;
    }
    // Thousands of lines that say `ok` say nothing.
    arguments.quiet |= !arguments.list && arguments.format.is_none();
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        let run = conclusion.num_passed + conclusion.num_failed;
        println!("html5lib tokenizer tests: {} of {run} pass", conclusion.num_passed);
    }
    conclusion.exit_code()
}
