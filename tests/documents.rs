//! The documents say what holds: each row of an example table is scanned, each act of a grammar is
//! explained, and what a document links to or names is there.
//!
//! A table is one of examples if its head is `value | counts in | effects | why`. The heading above it,
//! of the second level, names the language. `counts in` names contexts, each of which must have a
//! finding with just these effects, `markup` aside; if they are commands, the value is no injection. Or it
//! is a dash, and the value must be benign. In a value `␀`, `␊` and `␠` stand for NUL, the end of a line
//! and a space.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use syntrap::{Context, ContextKind, ContextSet, Detector, Effects, Language, Policy};

const HEAD: [&str; 4] = ["value", "counts in", "effects", "why"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// README.md and what stands beside it and in docs/.
fn documents() -> Vec<PathBuf> {
    let mut documents: Vec<_> = [root().to_owned(), root().join("docs")]
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).expect("a folder can be listed"))
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    documents.sort();
    documents
}

fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

/// A table's rows, the head first, under the headings that it stands under.
struct Table {
    section: String,
    subsection: String,
    rows: Vec<Vec<String>>,
}

fn tables(text: &str) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let (mut section, mut subsection) = (String::new(), String::new());
    let mut words = String::new();
    for event in parser(text) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::TableCell) => words.clear(),
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => section.clone_from(&words),
            Event::End(TagEnd::Heading(_)) => subsection.clone_from(&words),
            Event::Start(Tag::Table(_)) => {
                let (section, subsection) = (section.clone(), subsection.clone());
                tables.push(Table { section, subsection, rows: Vec::new() });
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                tables.last_mut().expect("a row stands in a table").rows.push(Vec::new());
            }
            Event::End(TagEnd::TableCell) => {
                let row = tables.last_mut().and_then(|table| table.rows.last_mut());
                row.expect("a cell stands in a row").push(words.clone());
            }
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            _ => {}
        }
    }
    tables
}

fn language(section: &str) -> Language {
    match section {
        "SQL" => Language::Sql,
        "The shell" => Language::Shell,
        "Paths" => Language::Path,
        "HTML" => Language::Html,
        "JavaScript" => Language::Js,
        _ => panic!("`{section}` is no language"),
    }
}

/// What is wrong with a row; nothing if it holds.
fn fault(language: Language, [value, contexts, effects]: [&str; 3]) -> Option<String> {
    let bytes = value.replace('␀', "\0").replace('␊', "\n").replace('␠', " ");
    let names = contexts.split(", ").filter(|name| *name != "–");
    let wanted: Vec<Context> = names.map(|name| name.parse().expect("a context's name")).collect();
    let by_default = |context: &Context| {
        context.language() == language
            && (context.kind() == ContextKind::Injection || language == Language::Sql)
    };
    let tried = ContextSet::filter(|context| by_default(&context) || wanted.contains(&context));
    let mut builder = Detector::builder().contexts(tried);
    if !wanted.is_empty() {
        // What counts is not what is forbidden: of a command, everything that counts.
        let mut policy = Policy::DEFAULT;
        policy.command = Policy::STRICT.command;
        builder = builder.policy(policy);
    }
    let report = builder.build().scan(bytes.as_bytes());
    let found: HashMap<Context, String> = report
        .findings
        .iter()
        .map(|finding| (finding.context, finding.effects.difference(Effects::MARKUP).to_string()))
        .collect();
    let counts = wanted.iter().all(|context| found.get(context).is_some_and(|found| found == effects));
    let command = wanted.iter().all(|context| context.kind() == ContextKind::Command);
    let holds = match wanted.is_empty() {
        true => found.is_empty(),
        false => counts && !(command && report.has(ContextKind::Injection)),
    };
    if holds {
        return None;
    }
    let got: Vec<_> =
        report.findings.iter().map(|finding| format!("{}: {}", finding.context, finding.effects)).collect();
    Some(format!("`{value}` should count in {contexts} ({effects}); it counts in [{}]", got.join("; ")))
}

#[test]
fn every_example_counts_where_its_row_says() {
    let mut rows = 0;
    let mut faults = Vec::new();
    for document in documents() {
        for table in tables(&read(&document)) {
            let [head, examples @ ..] = &table.rows[..] else { continue };
            if *head != HEAD {
                continue;
            }
            for row in examples {
                rows += 1;
                let row = [0, 1, 2].map(|place| row[place].as_str());
                faults.extend(
                    fault(language(&table.section), row)
                        .map(|fault| format!("{}, {}: {fault}", table.section, table.subsection)),
                );
            }
        }
    }
    assert!(faults.is_empty(), "{} of {rows} rows do not hold:\n{}", faults.len(), faults.join("\n"));
    assert!(rows > 200, "{rows} rows were found");
}

/// The words behind `=>` in the productions of a grammar.
fn acts(grammar: &str) -> BTreeSet<String> {
    let productions = grammar.split_once("\n}\n").expect("the tokens come first").1;
    let code =
        productions.lines().map(|line| line.split("//").next().expect("split gives at least one part"));
    let code: Vec<_> = code.collect();
    let code = code.join("\n");
    let behind = code.split("=> ").skip(1);
    let names = behind.map(|text| text.chars().take_while(char::is_ascii_alphanumeric).collect());
    names.filter(|name: &String| !name.is_empty()).collect()
}

#[test]
fn every_act_of_a_grammar_is_explained() {
    let tables = tables(&read(&root().join("docs/evidence.md")));
    for (section, grammar) in
        [("SQL", "sql"), ("The shell", "shell"), ("Paths", "path"), ("HTML", "html"), ("JavaScript", "js")]
    {
        let of_acts = tables.iter().filter(|table| table.section == section && table.rows[0][0] == "act");
        let rows = of_acts.flat_map(|table| &table.rows[1..]);
        let explained: BTreeSet<_> =
            rows.flat_map(|row| row[0].split(", ").map(str::to_owned).collect::<Vec<_>>()).collect();
        let acts = acts(&read(&root().join(format!("grammars/{grammar}.lalrpop"))));
        let missing: Vec<_> = acts.difference(&explained).collect();
        let unknown: Vec<_> = explained.difference(&acts).collect();
        assert!(missing.is_empty() && unknown.is_empty(), "{section}: without {missing:?}, with {unknown:?}");
    }
}

#[test]
fn every_link_leads_to_a_file() {
    for document in documents() {
        let folder = document.parent().expect("a document stands in a folder");
        for event in parser(&read(&document)) {
            let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else {
                continue;
            };
            let file = dest_url.split('#').next().expect("split gives at least one part");
            if !file.is_empty() && !file.contains(':') {
                assert!(folder.join(file).exists(), "{} links to {dest_url}", document.display());
            }
        }
    }
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let places = [
        "src/",
        "tests/",
        "grammars/",
        "docs/",
        "examples/",
        "ffi/",
        "benches/",
        "fuzz/",
        "judges/",
        "include/",
    ];
    for document in documents() {
        for event in parser(&read(&document)) {
            let Event::Code(name) = event else { continue };
            let is_path = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
            // The language of docs/adding-a-language.md is not there.
            let made_up = name.contains("ldap");
            if places.iter().any(|place| name.starts_with(place)) && name.bytes().all(is_path) && !made_up {
                assert!(root().join(&*name).exists(), "{} names {name}", document.display());
            }
        }
    }
}
