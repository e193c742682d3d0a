//! What holds for every value of the shell: any bytes, any cut, with and without the screen; that
//! reading one takes linear time; and that the command structure is the one that a real shell reads.

#[path = "support/language.rs"]
mod language;
#[path = "support/tables.rs"]
mod tables;

/// LALRPOP's own parser.
mod stock {
    #![allow(warnings, clippy::all, reason = "written by LALRPOP")]
    include!(concat!(env!("OUT_DIR"), "/shell.rs"));
}

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use language::{Scale, assert_frugal, assert_soon, check_pieces, check_spans, config, streamed};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use syntrap::shell::{self, Dialect, Program, Start, Terminal};
use syntrap::{ContextSet, Detector, DetectorBuilder, Effects, Language, Push};
use tables::Terminals;

const TERMINALS: Terminals<Terminal> =
    Terminals { grammar: &shell::GRAMMAR, all: Terminal::ALL, index: Terminal::index };

/// At which terminal LALRPOP's parser says no.
fn stock_rejected_at(terminals: &[Terminal]) -> Option<usize> {
    tables::stock_rejected_at(terminals, |tokens| stock::InputParser::new().parse(tokens))
}

fn shells() -> DetectorBuilder {
    Detector::builder().contexts(ContextSet::of_language(Language::Shell))
}

/// Each piece is something that one of the tokenizer's modes, dialects or rules cares about.
const FRAGMENTS: &[&[u8]] = &[
    b"'",
    b"\"",
    b"`",
    b"\\`",
    b"\\\\\\`",
    b"\\",
    b"\\\n",
    b"$'",
    b"$\"",
    b"$(",
    b"$((",
    b"$[",
    b"${",
    b"${ ",
    b"${x",
    b"${#x}",
    b"${x:-",
    b"${IFS}",
    b"$IFS",
    b"$x",
    b"$1",
    b"$@",
    b"$",
    b"<(",
    b"@(",
    b"c?(a|h)mod ",
    b">(",
    b"(",
    b")",
    b"((",
    b"))",
    b"{",
    b"}",
    b"{ ",
    b" }",
    b"[[ ",
    b" ]]",
    b"[",
    b"]",
    b";",
    b";;",
    b"&",
    b"&&",
    b"|",
    b"||",
    b"|&",
    b"\n",
    b"\r\n",
    b" ",
    b"\t",
    b"!",
    b" ! ",
    b"#",
    b" # x\n",
    b"::",
    b"<",
    b">",
    b">>",
    b"2>&1",
    b"&>",
    b"<<E\n",
    b"<<-'E'\n",
    b"\nE\n",
    b"<<<",
    b"x=",
    b"x+=",
    b"x[1]=",
    b"x[$i]=",
    b"declare ",
    b"x=(",
    b"a",
    b"b1",
    b"id",
    b"ls",
    b"cat",
    b"find",
    b"echo",
    b"chmod ",
    b"curl ",
    b"sh",
    b" -l",
    b"--all",
    b"/etc/x",
    b"/bin/ls",
    b"./x",
    b"../y",
    b"~",
    b"*",
    b"?",
    b"c?t",
    b"{a,b}",
    b",",
    b"..",
    b"if ",
    b"then ",
    b"elif ",
    b"else ",
    b" fi",
    b"for x in ",
    b"do ",
    b" done",
    b"while ",
    b"case x in ",
    b"esac",
    b"function f",
    b"function f { mkdir x }",
    b"f() { chmod 7 x; }",
    b"; f",
    b" f ",
    b"f()",
    b"() {",
    b"select ",
    b"time ",
    b"coproc ",
    b"%x%",
    b"%x:~1,2%",
    b"%a",
    b"!x!",
    b"^",
    b"^&",
    b"FOR %a IN (",
    b"if 1==1 ",
    b"IF not exist x ",
    b" else ",
    b"rem ",
    b"^\n",
    b"%~dp0",
    b") DO ",
    b"dir",
    b"/s",
    b"C:\\x",
    b"@",
    b"@{",
    b"@'\n",
    b"\n'@",
    b"@\"\n",
    b"\n\"@",
    b" --% ",
    b"${env:x}",
    b"\xe2\x80\x99",
    b"\xe2\x80\x9d",
    b"\xc2\xa0",
    b"&{",
    b"iex",
    b"Get-Item ",
    b"-Path ",
    b"[a.b]::c",
    b"<#",
    b"#>",
    b"=",
    b":",
    b"100",
    b".",
    b"word",
    b"The ",
    b"some words ",
    b"a word or more, in all ",
    b"\n  word and word",
    b"\xc3\xa9",
    b"\xff",
    b"\0",
];

/// Longer than the margin behind which a stream decides a token, and than a part of a word.
const LENGTHS: &[usize] = &[70, 300, 5000];

fn input(pieces: usize) -> impl Strategy<Value = Vec<u8>> {
    language::input(FRAGMENTS, b"a1 '-*.\\", LENGTHS, pieces)
}

/// No number of commands, or of assignments, in front hides the one that counts.
#[test]
fn filler_hides_no_command() {
    let detector = shells().build();
    for filler in ["x;", "find the other one;", "v=1;", ";find it", "\nword and word"] {
        for count in [0, 1, 15, 16, 17, 300] {
            let value = format!("x;{}tool=uname;$tool -a", filler.repeat(count));
            assert!(detector.is_attack(value.as_bytes()), "{filler:?} {count} times");
            let value = format!("x;{}ch'mo'd -R 700 /srv/x", "v=1;".repeat(count));
            assert!(detector.is_attack(value.as_bytes()), "{count} assignments");
        }
    }
}

/// What was left open inside of backquotes is forgotten behind them, however often.
#[test]
fn backquotes_that_hold_no_command_are_counted_at_any_number() {
    let detector = shells().build();
    let value = "`\")`".repeat(70_000);
    assert!(!detector.is_attack(value.as_bytes()));
}

#[test]
fn every_terminal_has_the_number_of_its_place() {
    TERMINALS.assert_numbered();
}

proptest! {
    #![proptest_config(config(4096))]

    #[test]
    fn the_screen_changes_no_report(input in input(14)) {
        let contexts = Detector::default().contexts().intersection(ContextSet::of_language(Language::Shell));
        let screened = Detector::builder().contexts(contexts).build();
        let unscreened = Detector::builder().contexts(contexts).screen(false).build();
        prop_assert_eq!(screened.scan(&input), unscreened.scan(&input), "{}", input.escape_ascii());
    }

    #[test]
    fn is_attack_is_the_verdict_of_scan(input in input(14)) {
        let detector = shells().build();
        prop_assert_eq!(detector.is_attack(&input), detector.scan(&input).is_attack());
    }

    #[test]
    fn a_value_in_pieces_has_the_report_of_the_whole(
        input in input(14),
        cuts in prop::collection::vec(0..200usize, 0..6),
    ) {
        check_pieces(&shells().screen(false).build(), &input, cuts, 400)?;
    }

    #[test]
    fn a_report_is_about_its_input(input in input(20)) {
        check_spans(&shells().screen(false).build(), &input)?;
    }

    #[test]
    fn tokens_stand_in_order_inside_the_input(
        input in input(20),
        dialect in prop::sample::select(Dialect::ALL),
        start in prop::sample::select(&[
            Start::Argument, Start::DoubleQuoted, Start::SingleQuoted, Start::Backquoted, Start::Substitution,
            Start::HereDocument, Start::Environment, Start::Command,
        ]),
    ) {
        let mut from = 0;
        for token in shell::tokens(&input, start, dialect) {
            let span = token.span();
            prop_assert!(span.start <= span.end && span.end <= input.len(), "{:?}", token);
            prop_assert!(span.start >= from, "{:?} behind {}: {}", token, from, input.escape_ascii());
            from = span.end;
        }
    }

    /// The tables that `build.rs` extracts say what the parser says that they are from.
    #[test]
    fn the_tables_agree_with_the_parser(
        choices in prop::collection::vec((any::<u16>(), 0..8u8), 0..24),
    ) {
        let terminals = TERMINALS.stray(&[Terminal::Start], &choices);
        prop_assert_eq!(TERMINALS.rejected_at(&terminals), stock_rejected_at(&terminals), "{:?}", terminals);
    }
}

// --------------------------------------------------------------------------------------------
// Time and memory

/// What a value is repeated from to make a detector slow.
const REPETITIONS: &[&str] = &[
    "(",
    ")",
    "$(",
    "$((",
    "${",
    "{",
    "}",
    "`",
    "\\`",
    "`\\`",
    "[[ ",
    "case x in ",
    "if ",
    "for ",
    "<<a\n",
    "a=(",
    ";",
    "& ",
    "|id",
    "\n",
    "'",
    "\"",
    "\"$(",
    "$'\\'",
    "\\",
    "f()",
    "x}}}}",
    "a{b,",
    "%a%",
    "^",
    "%",
    "!x!",
    "#",
    "<#",
    "{a,",
    "?",
    "/*",
    "$x",
    "a",
    " ",
    "a ",
    "x=",
    "`a`",
    "$(a)",
    "1>",
    "<",
    "@(",
    "&{",
];

/// Two inputs that hurt another detector: deep parentheses, and braces that close nothing.
const HARMFUL: &[&str] = &["((((", "x}}}}}}}}}}}}}}}};aaaaaaa{b,"];

/// What the second screen looks at, over and over.
const SCREENED: &[&str] = &[
    "<",
    ">",
    "&<",
    ";<",
    "&>",
    ";~",
    "; ~ ",
    ",/",
    ";x/",
    ";x /",
    ";a=b ",
    ";'",
    ";\"a ",
    "; if ",
    "\n",
    "\nx ",
    ";\\",
    "{a,",
    "<\u{a0}",
    ";\u{2019}",
    ";rem",
    "((",
    ";find it ",
    ";1>x ",
    "|x y z ",
];

const SCALE: Scale = Scale { short: 4 << 10, long: 64 << 10, noise: Duration::from_micros(500) };

#[test]
fn a_value_takes_linear_time_and_no_allocation() {
    let unscreened = shells().screen(false).build();
    let openings = ["", "x; id ", "x' ", "x\" ", "x` ", ") "];
    for pieces in [REPETITIONS, HARMFUL] {
        SCALE.assert_linear(&unscreened, &openings, pieces);
        assert_frugal(&unscreened, &openings, pieces, SCALE.long);
    }
}

#[test]
fn the_screen_takes_linear_time() {
    let screened = Detector::builder().languages([Language::Shell]).build();
    for pieces in [REPETITIONS, HARMFUL, SCREENED] {
        SCALE.assert_linear(&screened, &["", "x"], pieces);
    }
}

#[test]
fn a_megabyte_that_nests_is_answered_soon() {
    assert_soon(&["((((", "$($($(", "${${", "{{{{", "```", "x}}}}}}}}}}}}}}}};aaaaaaa{b,", "<<<<", "&<"]);
}

#[test]
fn a_stream_takes_linear_time_and_little_memory() {
    SCALE.assert_streams(&shells().build(), REPETITIONS, 61, 2 << 20);
}

// --------------------------------------------------------------------------------------------
// Programs of the caller

#[test]
fn a_program_of_the_caller_is_found_wherever_a_known_one_is() {
    let program = |name| Program::new(name).unwrap();
    let programs = [program("deployctl").effects(Effects::NETWORK), program("ledger").word()];
    let builder = shells().programs(programs.clone());
    let detector = builder.clone().build();
    let unscreened = builder.screen(false).build();
    for value in ["x; deployctl --now", "x$(deployctl)", "x|deploy'ctl' -v", "x & DEPLOYCTL.EXE /now"] {
        assert!(!shells().build().is_attack(value.as_bytes()), "{value:?} names nothing without");
        let report = detector.scan(value.as_bytes());
        assert!(report.is_attack(), "{value:?}");
        assert_eq!(report, unscreened.scan(value.as_bytes()), "{value:?}");
        assert_eq!(report, streamed(&detector, value.as_bytes(), vec![3, 7]), "{value:?}");
        assert!(
            report.findings.iter().any(|finding| finding.effects.contains(Effects::NETWORK)),
            "{value:?}"
        );
    }
    // A word needs arguments that a sentence has not.
    assert!(detector.is_attack(b"x; ledger --post /srv/books"));
    assert!(!detector.is_attack(b"x; ledger of the year"));
}

// --------------------------------------------------------------------------------------------
// What a real shell reads

/// Words, commands and lists of bash, as text: mostly well-formed.
fn program() -> impl Strategy<Value = String> {
    let part = prop::sample::select(
        &[
            "a",
            "b1",
            "x-y",
            "'q r'",
            "\"d e\"",
            "\"$x\"",
            "\\ ",
            "$x",
            "${x}",
            "${x:-y}",
            "${#x}",
            "${x//a/b}",
            "${x:0:1}",
            "$(c d)",
            "`e f`",
            "\"$(g \"h\")\"",
            "$((1 + 2))",
            "$'t\\'u'",
            "*",
            "?[ab]",
            "{p,q}",
            "~",
            "/bin/r",
            "$@",
            "$1",
            "\"`s`\"",
            "${x:-$(t)}",
            "é",
        ][..],
    );
    let word = prop::collection::vec(part, 1..4).prop_map(|parts| parts.concat());
    let redirection = prop::sample::select(&[" >f", " 2>&1", " <g", " >>h", " <<<w", " &>i"][..]);
    let simple = (
        prop::option::of(prop::sample::select(&["v=1 ", "v=$(k) ", "v+=z "][..])),
        prop::collection::vec(word.clone(), 1..4),
        prop::option::of(redirection),
    )
        .prop_map(|(assignment, words, redirection)| {
            // A name that is not a reserved word.
            format!(
                "{}cmd {}{}",
                assignment.unwrap_or_default(),
                words.join(" "),
                redirection.unwrap_or_default()
            )
        });
    simple.prop_recursive(4, 24, 3, move |command| {
        let word = word.clone();
        let join = prop::sample::select(&["; ", " & ", " && ", " || ", " | ", " |& ", "\n", " # note\n"][..]);
        prop_oneof![
            4 => (command.clone(), join, command.clone()).prop_map(|(a, join, b)| format!("{a}{join}{b}")),
            1 => command.clone().prop_map(|c| format!("( {c} )")),
            1 => command.clone().prop_map(|c| format!("{{ {c}; }}")),
            1 => command.clone().prop_map(|c| format!("! {c}")),
            1 => command.clone().prop_map(|c| format!("time {c}")),
            1 => (command.clone(), command.clone(), command.clone())
                .prop_map(|(a, b, c)| format!("if {a}; then {b}; else {c}; fi")),
            1 => (command.clone(), command.clone()).prop_map(|(a, b)| format!("while {a}; do {b}; done")),
            1 => (word.clone(), command.clone()).prop_map(|(w, c)| format!("for i in {w} z; do {c}; done")),
            1 => (word.clone(), command.clone()).prop_map(|(w, c)| format!("case {w} in a|b) {c};; *) {c};; esac")),
            1 => command.clone().prop_map(|c| format!("fn() {{ {c}; }}")),
            1 => command.clone().prop_map(|c| format!("function fn {{ {c}; }}")),
            1 => (word, command.clone()).prop_map(|(w, c)| format!("[[ -n {w} && ( a < b ) ]] && {c}")),
            1 => command.clone().prop_map(|c| format!("cat <<E\nline $x\nE\n{c}")),
            1 => command.clone().prop_map(|c| format!("((i++)); arr=(a b); {c}")),
            1 => command.clone().prop_map(|c| format!("diff <({c}) >(w)")),
        ]
    })
}

/// A piece is taken out, doubled or put in.
fn damaged() -> impl Strategy<Value = String> {
    (
        program(),
        any::<prop::sample::Index>(),
        0..4u8,
        prop::sample::select(&[";", "'", "\"", ")", "(", "fi", "&", "\n", "`"][..]),
    )
        .prop_map(|(text, at, how, piece)| {
            let at = at.index(text.len() + 1);
            // What stands in backquotes bash reads only when it runs it, and of a damaged `[[` it reads
            // more than its manual says: `fi[[ x && ( a < b ) ]]`.
            let how = if text.contains('`') || text.contains("[[") { 3 } else { how };
            let Some((before, behind)) = text.split_at_checked(at) else { return text };
            match how {
                0 => format!("{before}{piece}{behind}"),
                1 => format!("{before}{}", behind.chars().skip(1).collect::<String>()),
                _ => text,
            }
        })
}

/// Whether bash takes each text for a program. It only parses (`-n`).
fn parsed_by_bash(programs: &[String]) -> Option<Vec<bool>> {
    let works = Command::new("bash").args(["-n", "-c", ":"]).status().is_ok_and(|status| status.success());
    if !works {
        return None;
    }
    let parse = |program: &String| {
        let mut bash = Command::new("bash")
            .args(["--norc", "-n"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("bash ran above");
        bash.stdin
            .take()
            .expect("it was piped")
            .write_all(format!("{program}\n").as_bytes())
            .expect("bash reads");
        let output = bash.wait_with_output().expect("bash ends");
        // An unfinished here-document or quote is a warning on the standard error.
        output.status.success() && output.stderr.is_empty()
    };
    Some(programs.iter().map(parse).collect())
}

/// The command names that `shfmt` sees, as text, in the order in which they stand; `None` for what it
/// does not take. It only parses.
fn named_by_shfmt(program: &str) -> Option<Vec<String>> {
    let mut shfmt = Command::new("shfmt")
        .args(["--to-json", "-ln", "bash"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    shfmt.stdin.take()?.write_all(program.as_bytes()).ok()?;
    let output = shfmt.wait_with_output().ok()?;
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    let mut found = Vec::new();
    collect_names(&json, program, &mut found);
    found.sort_unstable();
    found.dedup();
    Some(found.into_iter().map(|(start, end)| program[start..end].to_owned()).collect())
}

fn collect_names(json: &serde_json::Value, program: &str, found: &mut Vec<(usize, usize)>) {
    match json {
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect_names(item, program, found)),
        serde_json::Value::Object(fields) => {
            if fields.get("Type").and_then(|kind| kind.as_str()) == Some("CallExpr")
                && let Some(first) = fields.get("Args").and_then(|args| args.get(0))
            {
                let offset = |field: &str| first[field]["Offset"].as_u64().unwrap_or(0) as usize;
                let span = (offset("Pos"), offset("End"));
                if program.get(span.0..span.1).is_some_and(|text| !text.is_empty()) {
                    found.push(span);
                }
            }
            fields.values().for_each(|value| collect_names(value, program, found));
        }
        _ => {}
    }
}

/// Whether our grammar takes a text to its end, with the offset of the token that it does not.
fn rejected_at(program: &str) -> Option<usize> {
    let mut recogniser = TERMINALS.recogniser();
    recogniser.push_terminal(Terminal::Start.index());
    shell::tokens(program.as_bytes(), Start::Command, Dialect::Posix)
        .find(|token| recogniser.push_terminal(token.terminal.index()) != Push::Shifted)
        .map(|token| token.start)
}

#[test]
fn what_bash_takes_the_grammar_takes() {
    let mut runner = TestRunner::deterministic();
    let strategy = damaged();
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1500);
    let programs: Vec<String> =
        (0..cases).map(|_| strategy.new_tree(&mut runner).expect("programs can be made").current()).collect();
    let Some(verdicts) = parsed_by_bash(&programs) else {
        println!("bash: not present, skipped");
        return;
    };
    // `${` and a line end begin commands since bash 5.3; before, it takes any text. Before the
    // parenthesis of an array it asks for a `=`, but for no name.
    let read = |program: &str| {
        let mut arrays = program.match_indices("=(").map(|(at, _)| &program[..at]);
        !program.contains("${\n") && arrays.all(|before| before.ends_with(char::is_alphanumeric))
    };
    let taken: Vec<_> =
        programs.iter().zip(verdicts).filter(|(program, taken)| *taken && read(program)).collect();
    println!("bash takes {} of {} programs", taken.len(), programs.len());
    assert!(taken.len() > programs.len() / 2, "the programs are mostly well-formed");
    for (program, _) in taken {
        let rejected = rejected_at(program);
        assert_eq!(rejected, None, "{program:?} at {:?}", rejected.map(|at| &program[at..]));
    }
}

/// What we take for a command, shfmt takes for one: each holds the first word of a call that shfmt
/// sees. (The first command of a program stands behind nothing and is not listed.)
#[test]
fn shfmt_names_the_commands_that_the_detector_names() {
    if Command::new("shfmt").arg("--version").output().is_err() {
        println!("shfmt: not present, skipped");
        return;
    }
    let mut runner = TestRunner::deterministic();
    let strategy = program();
    let commands =
        shells().contexts(ContextSet::EMPTY.with(syntrap::Context::ShellCommand)).screen(false).build();
    let mut compared = 0;
    for _ in 0..300 {
        let program = strategy.new_tree(&mut runner).expect("programs can be made").current();
        let Some(names) = named_by_shfmt(&program) else { continue };
        let traces = commands.trace(program.as_bytes());
        let Some(trace) = traces.iter().find(|trace| trace.dialect == "posix") else { continue };
        // A report lists only so many instructions.
        if trace.instructions.len() >= syntrap::Finding::MAX_INSTRUCTIONS || trace.rejected.is_some() {
            assert!(trace.rejected.is_none(), "{program:?}");
            continue;
        }
        for instruction in &trace.instructions {
            let text = &program[instruction.span.clone()];
            let named = names.iter().any(|name| text.contains(name.as_str()));
            assert!(
                named || text.starts_with(['(', '{', '[']),
                "{text:?} in {program:?} is no command of {names:?}"
            );
        }
        compared += 1;
    }
    assert!(compared > 100, "only {compared} programs were compared");
}
