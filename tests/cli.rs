//! Drives the command line, `examples/syntrap.rs`, as a user does.
//!
//! `cargo test` builds the examples first; `cargo test --test cli` alone does not, and would drive
//! the program of the last build.

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A value that is an attack in one context, and one that is none in any.
const ATTACK: &str = "x' or 'k'='k";
const BENIGN: &str = "see you at the harbour";

/// The program, which `cargo test` builds because it is an example.
fn program() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let target = test.parent().and_then(|deps| deps.parent());
    let name = format!("syntrap{}", std::env::consts::EXE_SUFFIX);
    let path = target.expect("a build directory").join("examples").join(name);
    assert!(path.exists(), "{} is missing: run `cargo build --example syntrap`", path.display());
    path
}

fn syntrap(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).stdin(Stdio::null());
    command.env_remove("CLICOLOR_FORCE").env_remove("CLICOLOR").env_remove("NO_COLOR");
    command
}

fn run(arguments: &[&str]) -> Output {
    syntrap(arguments).output().expect("the program runs")
}

/// Runs with bytes on the standard input.
fn feed(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = syntrap(arguments);
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // a command that wants no input may have ended
    let _ = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("the program was not killed")
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("the output is UTF-8")
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("messages are UTF-8")
}

fn objects(output: &Output) -> Vec<Value> {
    let lines = stdout(output).lines();
    lines.map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn verdicts(output: &Output) -> Vec<String> {
    let objects = objects(output);
    let verdicts = objects.iter().map(|object| object["verdict"].as_str());
    verdicts.map(|verdict| verdict.expect("a verdict").to_owned()).collect()
}

/// A directory with files.
fn files(files: &[(&str, &[u8])]) -> TempDir {
    let dir = TempDir::new().expect("a temporary directory");
    for (name, content) in files {
        fs::write(dir.path().join(name), content).expect("a file");
    }
    dir
}

fn path(dir: &TempDir, name: &str) -> String {
    let path = dir.path().join(name);
    path.to_str().expect("a path in UTF-8").to_owned()
}

#[test]
fn the_exit_status_is_that_of_grep() {
    let both = format!("{BENIGN}\n{ATTACK}\n");
    for (arguments, input, expected) in [
        (&["scan"][..], both.as_str(), 0),
        (&["scan"], BENIGN, 1),
        (&["scan"], "", 1),
        (&["scan", "-"], ATTACK, 0),
        (&["scan", "--count"], BENIGN, 1),
        (&["scan", "--quiet"], &both, 0),
        (&["scan", "--format", "ndjson"], BENIGN, 1),
        (&["scan", "--format", "sarif"], BENIGN, 1),
        (&["scan", "--policy", "lax"], ATTACK, 1),
        (&["scan", "--context", "sql-double-quoted"], ATTACK, 1),
        (&["scan", "--context", "sql-single-quoted"], ATTACK, 0),
        (&["scan", "--language", "sql"], ATTACK, 0),
        (&["scan", "no/such/file"], "", 2),
        (&["scan", "no/such/file", "-"], ATTACK, 2),
        (&["scan", "--quiet", "no/such/file", "-"], ATTACK, 0),
        (&["scan", "--escaped"], "a\\", 2),
        (&["scan", "--context", "nowhere"], "", 2),
        (&["scan", "--no-such-option"], "", 2),
        (&["explain", ATTACK], "", 0),
        (&["explain", BENIGN], "", 1),
        (&["explain", ""], "", 1),
        (&["explain"], "", 2),
        (&["evaluate", "no/such/directory"], "", 2),
        (&["contexts"], "", 0),
        (&["tokens", BENIGN], "", 0),
        (&["completions", "bash"], "", 0),
        (&["--help"], "", 0),
        (&[], "", 2),
    ] {
        let output = feed(arguments, input.as_bytes());
        let message = stderr(&output);
        assert_eq!(status(&output), expected, "{arguments:?}: {message}");
        assert_eq!(message.is_empty(), expected != 2 && !arguments.contains(&"no/such/file"));
    }
}

#[test]
fn text_tells_where_what_and_which_value() {
    let input = format!("{BENIGN}\n{ATTACK}\n{BENIGN}");
    let output = feed(&["scan"], input.as_bytes());
    let found = stdout(&output);
    let start = "-:2: attack sql-single-quoted (injection): logic";
    let end = format!(": {ATTACK}\n");
    assert!(found.starts_with(start) && found.ends_with(&end), "{found}");
    assert_eq!(found.lines().count(), 1);
}

#[test]
fn text_shows_nothing_that_a_terminal_obeys() {
    let output = feed(&["scan"], b"\x1b[2J\xff\\ \xe2\x80\xae' or 'k'='k\x07\xc2\x9b");
    let expected = "\\x1b[2J\\xff\\\\ \\xe2\\x80\\xae' or 'k'='k\\x07\\xc2\\x9b\n";
    let found = stdout(&output);
    assert!(found.ends_with(expected), "{found}");
}

#[test]
fn a_long_value_is_shortened_around_what_acts() {
    let input = format!("{}{ATTACK}{}", "é ".repeat(500), " ü".repeat(500));
    let output = feed(&["scan", "--policy", "strict"], input.as_bytes());
    let found = stdout(&output);
    assert!(found.contains('…') && found.len() < 600, "{found}");
}

#[test]
fn ndjson_has_an_object_for_each_record() {
    let dir = files(&[("one", b"tea\nx' or 'k'='k\n"), ("two", b""), ("three", b"; drop table t")]);
    let names: Vec<_> = ["one", "two", "three"].iter().map(|n| path(&dir, n)).collect();
    let output = run(&["scan", "--format", "ndjson", &names[0], &names[1], &names[2]]);
    let objects = objects(&output);
    let places: Vec<_> = objects
        .iter()
        .map(|object| (&object["index"], &object["file"], &object["line"]))
        .map(|(index, file, line)| (index.as_u64(), file.as_str(), line.as_u64()))
        .collect();
    let (one, three) = (Some(names[0].as_str()), Some(names[2].as_str()));
    let expected = [(Some(0), one, Some(1)), (Some(1), one, Some(2)), (Some(2), three, Some(1))];
    assert_eq!(places, expected);
    assert_eq!(objects[0]["verdict"], "benign");
    assert_eq!(objects[0]["findings"], Value::Array(Vec::new()));
    assert_eq!(objects[1]["verdict"], "attack");
    let finding = &objects[1]["findings"][0];
    assert_eq!(finding["language"], "sql");
    assert_eq!(finding["context"], "sql-single-quoted");
    assert_eq!(finding["kind"], "injection");
    assert_eq!(finding["effects"][0], "logic");
    assert_eq!(finding["span"], serde_json::json!({"start": 0, "end": ATTACK.len()}));
}

#[test]
fn a_line_ends_with_lf_or_cr_lf_and_the_last_one_needs_no_end() {
    let input = b"a\r\n\r\nb\rc\nd";
    let output = feed(&["scan", "--format", "ndjson"], input);
    assert_eq!(verdicts(&output).len(), 4);
    // the value before CR LF has no CR: the span of its finding ends before it
    let output = feed(&["scan", "--format", "ndjson"], format!("{ATTACK}\r\n").as_bytes());
    assert_eq!(objects(&output)[0]["findings"][0]["span"]["end"], ATTACK.len());
}

#[test]
fn null_ends_records_that_hold_line_ends() {
    let input = "two\nlines\0x'\nor 'a'='a\0\0last";
    let output = feed(&["scan", "--null", "--format", "ndjson"], input.as_bytes());
    assert_eq!(verdicts(&output), ["benign", "attack", "benign", "benign"]);
}

#[test]
fn escapes_stand_for_bytes_and_spans_are_those_of_the_value() {
    let input = r"\x78\x27\n\tor\r'a'='a";
    let output = feed(&["scan", "--escaped", "--format", "ndjson"], input.as_bytes());
    let object = &objects(&output)[0];
    assert_eq!(object["verdict"], "attack");
    assert_eq!(object["findings"][0]["span"]["end"], "x'\n\tor\r'a'='a".len());
    // without the option a backslash is a backslash
    let output = feed(&["scan"], input.as_bytes());
    assert_eq!(status(&output), 1);
}

#[test]
fn a_malformed_escape_is_told_with_its_place_and_the_rest_is_scanned() {
    for escape in [r"\q", r"\", r"\x4", r"\xg0", r"\u0041"] {
        let content = format!("{ATTACK}\nab{escape}\n{ATTACK}\n");
        let dir = files(&[("values", content.as_bytes())]);
        let file = path(&dir, "values");
        let output = run(&["scan", "--escaped", "--format", "ndjson", &file]);
        assert_eq!(status(&output), 2);
        let indices: Vec<_> = objects(&output).iter().map(|o| o["index"].as_u64()).collect();
        assert_eq!(indices, [Some(0), Some(2)], "{escape}");
        let message = stderr(&output);
        let expected = format!("{file}:2: malformed escape `{}", &escape[..2.min(escape.len())]);
        assert!(message.contains(&expected), "{message}");
    }
}

#[test]
fn a_missing_file_is_told_and_the_others_are_scanned() {
    let dir = files(&[("values", ATTACK.as_bytes())]);
    let (missing, values) = (path(&dir, "missing"), path(&dir, "values"));
    let output = run(&["scan", &missing, &values]);
    assert_eq!(status(&output), 2);
    assert!(stdout(&output).contains(ATTACK));
    assert!(stderr(&output).contains(&missing), "{}", stderr(&output));
}

#[test]
fn count_is_of_values_for_each_file() {
    let input = format!("{ATTACK}\n{BENIGN}\n-7 or 3=3\n");
    let output = feed(&["scan", "--count"], input.as_bytes());
    assert_eq!(stdout(&output), "2\n");
    let dir = files(&[("a", input.as_bytes()), ("b", b"")]);
    let (a, b) = (path(&dir, "a"), path(&dir, "b"));
    let output = run(&["scan", "-c", &a, &b]);
    assert_eq!(stdout(&output), format!("{a}:2\n{b}:0\n"));
}

#[test]
fn a_record_longer_than_the_buffer_is_scanned_to_its_end() {
    let filler = "a ".repeat(600 << 10);
    let input = format!("{filler}{ATTACK}\r\n{BENIGN}\n");
    let output = feed(&["scan", "--format", "ndjson"], input.as_bytes());
    assert_eq!(verdicts(&output), ["attack", "benign"]);
    // an escape and a line end may be cut by the end of the buffer
    for shift in 0..5 {
        let input = format!("{}{}\\x27 or 'a'='a\r\n", &filler[..(1 << 20) - 5], &"     "[shift..]);
        let output = feed(&["scan", "--escaped", "--format", "ndjson"], input.as_bytes());
        let object = &objects(&output)[0];
        assert_eq!(object["verdict"], "attack", "{shift}");
        let expected = (1 << 20) - shift + ATTACK.len() - 1;
        assert_eq!(object["findings"][0]["span"]["end"], expected, "{shift}");
    }
}

#[test]
fn findings_come_while_the_input_is_open() {
    let mut command = syntrap(&["scan"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut stdout = child.stdout.take().expect("a pipe");
    stdin.write_all(format!("{ATTACK}\n").as_bytes()).expect("the program reads");
    let mut first = [0; 10];
    stdout.read_exact(&mut first).expect("the finding is printed");
    assert_eq!(&first, b"-:1: attac");
    drop(stdin);
    assert_eq!(child.wait().expect("the program ends").code(), Some(0));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let line = format!("{ATTACK}\n");
    let dir = files(&[("values", line.repeat(100_000).as_bytes())]);
    let values = path(&dir, "values");
    for format in ["text", "ndjson", "sarif"] {
        let mut command = syntrap(&["scan", "--format", format, &values]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut first = [0; 1];
        let mut stdout = child.stdout.take().expect("a pipe");
        stdout.read_exact(&mut first).expect("something is printed");
        drop(stdout);
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(status(&output), 0, "{format}");
        assert_eq!(stderr(&output), "", "{format}");
    }
}

#[test]
fn sarif_is_one_valid_log_with_regions_of_the_file() {
    let dir = files(&[("my values.txt", "tea\né\\x41' or 'k'='k\n\\q\n".as_bytes())]);
    let file = path(&dir, "my values.txt");
    let output = run(&["scan", "--escaped", "--format", "sarif", &file]);
    assert_eq!(status(&output), 2);
    let log: Value = serde_json::from_str(stdout(&output)).expect("the log is JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "syntrap");
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 1);
    let result = &results[0];
    assert_eq!(result["ruleId"], "sql-single-quoted");
    let rules = driver["rules"].as_array().expect("rules");
    assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
    let location = &result["locations"][0]["physicalLocation"];
    let uri = location["artifactLocation"]["uri"].as_str();
    assert!(uri.is_some_and(|uri| uri.ends_with("my%20values.txt")));
    let region = serde_json::json!({
        "startLine": 2, "startColumn": 1, "endColumn": 17, "byteOffset": 4, "byteLength": 17,
    });
    assert_eq!(location["region"], region);
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let note = &invocation["toolExecutionNotifications"][0]["message"]["text"];
    assert!(note.as_str().is_some_and(|text| text.contains(":3: malformed escape")));
}

#[test]
fn colour_is_only_for_terminals_unless_it_is_asked_for() {
    let escape = '\x1b';
    for arguments in [&["scan"][..], &["explain", ATTACK], &["contexts"]] {
        let output = feed(arguments, ATTACK.as_bytes());
        assert!(!stdout(&output).contains(escape), "{arguments:?}");
        let always = [arguments, &["--color", "always"]].concat();
        let output = feed(&always, ATTACK.as_bytes());
        assert!(stdout(&output).contains(escape), "{always:?}");
    }
}

#[test]
fn explain_tells_why_a_value_is_an_attack() {
    let output = run(&["explain", "--escaped", r"x'\nUNION SELECT secret FROM vault -- "]);
    let text = stdout(&output);
    for part in [
        "attack: sql-single-quoted (injection)",
        r"x'\nUNION SELECT secret FROM vault -- ",
        "^^^",
        ": read",
        "inside a single-quoted literal",
        "it reads stored data",
        "the default policy forbids read",
        "in an injection context",
        "identifier",
    ] {
        assert!(text.contains(part), "`{part}` is missing:\n{text}");
    }
}

#[test]
fn explain_tells_why_a_value_is_none() {
    let output = run(&["explain", BENIGN]);
    let text = stdout(&output);
    for part in ["benign", "got furthest", "stops at `", "sql-single-quoted"] {
        assert!(text.contains(part), "`{part}` is missing:\n{text}");
    }
    let output = run(&["explain", "--policy", "lax", ATTACK]);
    let text = stdout(&output);
    assert!(text.contains("which the lax policy allows"), "{text}");
}

#[test]
fn tokens_are_those_of_the_context() {
    let value = "x' OR 1=1 -- ";
    let arguments = ["tokens", "--language", "sql", "--context", "sql-single-quoted"];
    let output = run(&[&arguments[..], &[value]].concat());
    let rows: Vec<Vec<_>> = stdout(&output).lines().map(|line| line.split_whitespace().collect()).collect();
    let expected = [
        ["0..2", "string", "x'"],
        ["3..5", "OR", "OR"],
        ["6..7", "number", "1"],
        ["7..8", "=", "="],
        ["8..9", "number", "1"],
    ];
    assert_eq!(rows, expected);
    let output = run(&[&arguments[..], &["--format", "json", value]].concat());
    let tokens: Value = serde_json::from_str(stdout(&output)).expect("the tokens are JSON");
    let expected = serde_json::json!({
        "span": {"start": 3, "end": 5}, "terminal": "OR", "text": "OR",
    });
    assert_eq!(tokens[1], expected);
}

#[test]
fn a_value_may_begin_with_a_hyphen() {
    let output = run(&["explain", "-7 or 3=3"]);
    assert_eq!(status(&output), 0);
    let output = run(&["tokens", "--", "--version"]);
    assert_eq!(status(&output), 0);
}

#[test]
fn contexts_lists_every_context() {
    let output = run(&["contexts"]);
    for context in syntrap::Context::ALL {
        let line =
            stdout(&output).lines().find(|line| line.split_whitespace().next() == Some(context.name()));
        let line = line.unwrap_or_else(|| panic!("{context} is missing"));
        assert!(line.contains(context.kind().name()) && line.contains(context.description()));
    }
}

/// A small corpus: two found of three, one missed; one false positive; one class without a
/// language.
fn corpus() -> TempDir {
    files(&[
        ("sql-attack-mine.txt", b"x' or 'k'='k\n1 union select a, b from t\nnothing at all\n"),
        ("sql-attack-userreported.txt", b"x'\\nor 'a'='a\n"),
        ("any-benign-mine.txt", b"tea\ncoffee \\xe2\\x98\\x95\n"),
        ("any-benign-hard-mine.txt", b"-7 or 3=3\nplain or not\n"),
        ("sql-benign-code-mine.txt", b"drop table t\n"),
        ("cobol-attack-mine.txt", b"x' or 'k'='k\n"),
        ("README.md", b"not a corpus \\q"),
    ])
}

#[test]
fn evaluate_counts_for_each_file() {
    let dir = corpus();
    let output = run(&["evaluate", "--format", "json", &path(&dir, "")]);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let scores: Value = serde_json::from_str(stdout(&output)).expect("the scores are JSON");
    let files = scores["files"].as_array().expect("files");
    let file = |name: &str| {
        let found = files.iter().find(|file| file["name"] == name);
        found.unwrap_or_else(|| panic!("{name} is missing"))
    };
    assert_eq!(files.len(), 6);
    for (name, records, attack, injection, command, measured) in [
        ("sql-attack-mine.txt", 3, 2, 2, 0, true),
        ("sql-attack-userreported.txt", 1, 1, 1, 0, true),
        ("any-benign-mine.txt", 2, 0, 0, 0, true),
        ("any-benign-hard-mine.txt", 2, 1, 1, 0, true),
        ("cobol-attack-mine.txt", 1, 1, 1, 0, false),
    ] {
        let file = file(name);
        assert_eq!(file["records"], records, "{name}");
        assert_eq!(file["attack"], attack, "{name}");
        assert_eq!(file["undecided"], 0, "{name}");
        assert_eq!(file["flagged"]["sql"]["injection"], injection, "{name}");
        assert_eq!(file["flagged"]["sql"]["command"], command, "{name}");
        assert_eq!(file["measured"], measured, "{name}");
    }
    let code = file("sql-benign-code-mine.txt");
    assert_eq!(code["flagged"]["sql"]["command"], 1);
    assert_eq!(scores["recall"]["total"], 75.0);
    let totals = scores["totals"].as_array().expect("totals");
    let total = totals.iter().find(|total| total["name"] == "sql-attack");
    assert_eq!(total.expect("a total")["records"], 4);
}

#[test]
fn evaluate_prints_tables_and_wrong_verdicts() {
    let dir = corpus();
    let output = run(&["evaluate", "--list-errors", "5", &path(&dir, "")]);
    let text = stdout(&output);
    for part in [
        "injection",
        "any-benign-hard\n",
        "sql-attack-userreported\n",
        "    3 nothing at all\n",
        "    1 -7 or 3=3\n",
        "sql-value (mysql): logic; ",
        "sql-attack-*",
        "75.000 % of 4 records in 2 files; macro average over files 83.333 %",
        "MB/s",
        "cobol-attack  (no such language",
    ] {
        assert!(text.contains(part), "`{part}` is missing:\n{text}");
    }
    assert_eq!(stderr(&output), "");
}

#[test]
fn evaluate_tells_the_place_of_a_malformed_escape() {
    let dir = files(&[("any-benign-mine.txt", b"fine\nbad \\q\n")]);
    let output = run(&["evaluate", &path(&dir, "")]);
    assert_eq!(status(&output), 2);
    let message = stderr(&output);
    assert!(message.contains("any-benign-mine.txt:2: malformed escape"), "{message}");
    let empty = files(&[("README.md", b"")]);
    let output = run(&["evaluate", &path(&empty, "")]);
    assert_eq!(status(&output), 2);
}

/// The words of a command line in which double quotes hold spaces.
fn words(line: &str) -> Vec<&str> {
    let pieces = line.split('"').enumerate();
    pieces
        .flat_map(|(at, piece)| match at % 2 {
            0 => piece.split_whitespace().collect::<Vec<_>>(),
            _ => vec![piece],
        })
        .collect()
}

/// `docs/tuning.md` shows files in blocks of `text NAME`, and commands with the output that they have
/// over those files in blocks of `console`; a `…` stands for the rest.
#[test]
fn the_walk_through_of_tuning_is_what_the_commands_print() {
    use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tuning.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let folder = TempDir::new().expect("a folder for files");
    let mut commands = 0;
    let (mut info, mut text) = (String::new(), String::new());
    for event in Parser::new(&page) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                info = kind.into_string();
                text.clear();
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::End(TagEnd::CodeBlock) => {
                if let Some(name) = info.strip_prefix("text ") {
                    let file = folder.path().join(name);
                    fs::create_dir_all(file.parent().expect("a file stands in a folder")).expect("a folder");
                    fs::write(file, &text).expect("a file can be written");
                } else if info == "console" {
                    let (command, shown) = text.split_once('\n').expect("a command and its output");
                    let arguments = command.strip_prefix("$ syntrap ").expect("a command of syntrap's");
                    let output = syntrap(&words(arguments)).current_dir(folder.path()).output();
                    let output = output.expect("the program runs");
                    let printed = stdout(&output);
                    match shown.strip_suffix("…\n") {
                        Some(begin) => assert!(printed.starts_with(begin), "{command}\n{printed}"),
                        None => assert_eq!(printed, shown, "{command}"),
                    }
                    commands += 1;
                }
            }
            _ => {}
        }
    }
    assert!(commands > 3, "{commands} commands were run");
}
