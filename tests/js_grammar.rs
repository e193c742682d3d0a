//! Holds the JavaScript grammar and the tables that `build.rs` extracts from it against LALRPOP's own
//! parser, against another parser of JavaScript, and against programs that people wrote.

#[path = "support/language.rs"]
mod language;
#[path = "support/tables.rs"]
mod tables;

use std::cell::Cell;
use std::path::{Path, PathBuf};

use language::config;
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use syntrap::Push;
use syntrap::js::{self, Continuation, Goal, Reading, Start, Terminal};
use tables::Terminals;

/// LALRPOP's own parser.
mod stock {
    #![allow(warnings, clippy::all, reason = "written by LALRPOP")]
    include!(concat!(env!("OUT_DIR"), "/js.rs"));
}

const STARTS: &[Terminal] = &[Terminal::StartScript, Terminal::StartStatement, Terminal::StartExpression];

// ---------------------------------------------------------------------------------------------
// LALRPOP's parser

const TERMINALS: Terminals<Terminal> =
    Terminals { grammar: &js::GRAMMAR, all: Terminal::ALL, index: Terminal::index };

/// At which terminal LALRPOP's parser says no.
fn stock_rejected_at(terminals: &[Terminal]) -> Option<usize> {
    tables::stock_rejected_at(terminals, |tokens| stock::InputParser::new().parse(tokens))
}

fn viable(longest: usize) -> impl Strategy<Value = Vec<Terminal>> {
    prop::collection::vec(any::<u16>(), 1..=longest)
        .prop_map(|choices| TERMINALS.wander(&mut TERMINALS.recogniser(), &choices))
}

#[test]
fn every_terminal_has_the_number_of_its_column() {
    TERMINALS.assert_numbered();
}

#[test]
fn every_pair_of_terminals_behind_a_start_is_judged_as_the_stock_parser_does() {
    for &start in STARTS {
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
    #![proptest_config(config(128))]

    #[test]
    fn a_walk_along_the_tables_is_viable_to_the_stock_parser(terminals in viable(48)) {
        prop_assert_eq!(TERMINALS.rejected_at(&terminals), None);
        prop_assert_eq!(stock_rejected_at(&terminals), None);
    }

    #[test]
    fn a_changed_walk_is_rejected_where_the_stock_parser_rejects_it(
        mut terminals in viable(32),
        at in any::<prop::sample::Index>(),
        stray in prop::sample::select(Terminal::ALL),
    ) {
        terminals.insert(at.index(terminals.len() + 1), stray);
        prop_assert_eq!(TERMINALS.rejected_at(&terminals), stock_rejected_at(&terminals));
    }

    #[test]
    fn any_terminals_are_rejected_where_the_stock_parser_rejects_them(
        start in prop::sample::select(STARTS),
        mut terminals in prop::collection::vec(prop::sample::select(Terminal::ALL), 0..8),
    ) {
        terminals.insert(0, start);
        prop_assert_eq!(TERMINALS.rejected_at(&terminals), stock_rejected_at(&terminals));
    }
}

// ---------------------------------------------------------------------------------------------
// Another parser

/// Where the grammar stops reading a program, and at which token.
fn read(program: &str, goal: Goal) -> Result<(), (usize, String)> {
    let mut recogniser = TERMINALS.recogniser();
    recogniser.push_terminal(Terminal::StartScript.index());
    let mut reading = Reading::default();
    reading.goal = goal;
    let tokens = js::tokens(program.as_bytes(), Start::Script, Terminal::StartScript, reading);
    for token in tokens.with_depth(usize::MAX) {
        if recogniser.push_terminal(token.terminal.index()) != Push::Shifted {
            return Err((token.start, format!("{:?}", token.terminal)));
        }
    }
    // The program is complete: a declaration may follow.
    let complete = [Terminal::Const, Terminal::InsertedSemicolon, Terminal::DoWhileSemicolon]
        .iter()
        .any(|terminal| recogniser.can_shift(terminal.index()));
    if complete { Ok(()) } else { Err((program.len(), "the end".into())) }
}

/// As what the peer takes a program, a script or a module, if it does.
fn peer_reads(program: &str) -> Option<Goal> {
    [(SourceType::cjs(), Goal::Script), (SourceType::mjs(), Goal::Module)].into_iter().find_map(
        |(kind, goal)| {
            let allocator = Allocator::default();
            let parsed = Parser::new(&allocator, program, kind).parse();
            (!parsed.panicked && parsed.errors.is_empty()).then_some(goal)
        },
    )
}

/// Puts a program together: `·` stands where white space may be put in any form.
fn spaced(program: &str, choices: &[u8]) -> String {
    const SPACES: &[&str] = &[
        " ",
        " ",
        " ",
        "\n",
        "\t",
        " /* x */ ",
        " // x\n",
        "/* \n */",
        "\u{2028}",
        "<!-- x\n",
        "\n --> x\n",
    ];
    let mut choices = choices.iter().cycle();
    let mut text = String::new();
    for part in program.split('·') {
        text.push_str(part);
        text.push_str(choices.next().map_or(" ", |&choice| SPACES[usize::from(choice) % SPACES.len()]));
    }
    text
}

/// Formats strategies: `build!("a·{}·b", one, two)`.
macro_rules! build {
    ($form:literal $(, $part:expr)*) => {
        build!(@ [$form] [] [$($part),*] a b c d)
    };
    (@ [$form:literal] [$($done:ident = $value:expr),*] [] $($rest:ident)*) => {
        ($($value,)* Just(())).prop_map(|($($done,)* ())| format!($form $(, $done)*)).boxed()
    };
    (@ [$form:literal] [$($done:ident = $value:expr),*] [$part:expr $(, $parts:expr)*] $name:ident $($rest:ident)*) => {
        build!(@ [$form] [$($done = $value,)* $name = $part] [$($parts),*] $($rest)*)
    };
}

type Text = BoxedStrategy<String>;

fn one_of(texts: &'static [&'static str]) -> Text {
    prop::sample::select(texts).prop_map(str::to_owned).boxed()
}

/// Names, half of them words that are keywords somewhere.
fn name() -> Text {
    one_of(&[
        "a",
        "b",
        "x1",
        "$",
        "_",
        "é",
        "\\u0061b",
        "x\\u{62}",
        "get",
        "set",
        "async",
        "static",
        "of",
        "from",
        "as",
        "let",
        "using",
        "await",
        "yield",
        "target",
        "meta",
        "constructor",
        "accessor",
    ])
}

fn plain_name() -> Text {
    one_of(&["a", "b", "c", "d$", "e_1"])
}

fn property_name(expression: &Text) -> Text {
    prop_oneof![
        4 => name(),
        2 => one_of(&["if", "class", "default", "function", "new", "null", "in", "delete", "import", "this"]),
        1 => one_of(&["1", "'s'", "\"t\"", "0x1f", "1n", ".5"]),
        1 => build!("[·{}·]", expression.clone()),
    ]
    .boxed()
}

fn list(item: Text, most: usize) -> Text {
    (prop::collection::vec(item, 0..=most)).prop_map(|items| items.join("·,·")).boxed()
}

/// A binding: a name or a pattern.
fn binding(expression: &Text) -> Text {
    let initialised = prop_oneof![plain_name(), build!("{}·=·{}", plain_name(), expression.clone())];
    prop_oneof![
        6 => name(),
        1 => build!("[·{}·,·,·...·{}·]", initialised.clone(), plain_name()),
        1 => build!("{{·{}·,·{}·:·{}·}}", initialised.clone(), property_name(expression), plain_name()),
        1 => build!("{{·{}·,·...·{}·}}", initialised, plain_name()),
    ]
    .boxed()
}

fn parameters(expression: &Text) -> Text {
    let parameter = prop_oneof![3 => binding(expression), 1 => build!("{}·=·{}", binding(expression), expression.clone())];
    prop_oneof![
        list(parameter.clone().boxed(), 3),
        build!("{}·,", parameter.clone().boxed()),
        build!("{}·,·...·{}", parameter.boxed(), binding(expression)),
    ]
    .boxed()
}

fn method(expression: &Text, body: &Text, private: bool) -> Text {
    let modifier = one_of(&["", "", "get·", "set·", "*·", "async ", "async ·*·"]);
    let key = match private {
        true => prop_oneof![3 => property_name(expression), 1 => one_of(&["#p", "#get"])].boxed(),
        false => property_name(expression),
    };
    prop_oneof![
        build!("{}{}·(·{}·)·{{·{}·}}", modifier, key.clone(), parameters(expression), body.clone()),
        build!("get·{}·(·)·{{·{}·}}", key.clone(), body.clone()),
        build!("set·{}·(·{}·)·{{·{}·}}", key, plain_name(), body.clone()),
    ]
    .boxed()
}

fn function(expression: &Text, body: &Text) -> Text {
    let head = one_of(&["function", "function·*", "async function", "async function·*"]);
    build!("{}·{}·(·{}·)·{{·{}·}}", head, name(), parameters(expression), body.clone())
}

fn class(expression: &Text, body: &Text) -> Text {
    let field = prop_oneof![
        build!("{}·;", property_name(expression)),
        build!("{}·=·{}·;", property_name(expression), expression.clone()),
        build!("#f·=·{}·;", expression.clone()),
        build!("{}\n", plain_name()),
    ];
    let element = prop_oneof![
        3 => method(expression, body, true),
        2 => field.clone(),
        1 => build!("static·{}", method(expression, body, true)),
        1 => build!("static·{}", field),
        1 => build!("static·{{·{}·}}", body.clone()),
    ];
    let elements = prop::collection::vec(element, 0..4).prop_map(|elements| elements.join("·")).boxed();
    prop_oneof![
        build!("class·{{·{}·}}", elements.clone()),
        build!("class·{}·extends·{}·{{·{}·}}", plain_name(), plain_name(), elements),
    ]
    .boxed()
}

/// Expressions over smaller expressions and function bodies.
fn larger_expression(inner: Text, body: &Text) -> Text {
    let e = || inner.clone();
    let binary = one_of(&[
        "+",
        "-",
        "*",
        "/",
        "%",
        "**",
        "<<",
        ">>>",
        "<",
        ">=",
        "==",
        "!==",
        "&",
        "|",
        "^",
        "&&",
        "||",
        "??",
        "in",
        "instanceof",
    ]);
    let assignment = one_of(&["=", "+=", "/=", "**=", ">>>=", "&&=", "??="]);
    let unary = one_of(&["!", "~", "+·", "-·", "typeof·", "void·", "delete·", "++·", "new·"]);
    let property = prop_oneof![
        name(),
        build!("{}·:·{}", property_name(&inner), e()),
        build!("...·{}", e()),
        method(&inner, body, false),
    ]
    .boxed();
    let element =
        prop_oneof![3 => inner.clone(), 1 => build!("...·{}", e()), 1 => Just(String::new())].boxed();
    let argument = prop_oneof![3 => inner.clone(), 1 => build!("...·{}", e())].boxed();
    prop_oneof![
        4 => build!("{}·{}·{}", e(), binary, e()),
        2 => build!("{}{}", unary, e()),
        // not before a regular expression: see `reference`
        1 => build!("await {}·.·a", reference()),
        1 => build!("await [·{}·]", e()),
        1 => build!("yield {}", reference()),
        1 => build!("yield [·{}·]", e()),
        1 => build!("{} --", plain_name()),
        1 => build!("{} ++", plain_name()),
        2 => build!("{}·?·{}·:·{}", e(), e(), e()),
        2 => build!("{}·{}·{}", reference(), assignment, e()),
        3 => build!("(·{}·)", e()),
        1 => build!("(·{}·,·{}·)", e(), e()),
        3 => build!("{}·(·{}·)", e(), list(argument.clone(), 3)),
        1 => build!("{}·(·{}·,·)", e(), e()),
        1 => build!("new·{}·(·{}·)", reference(), list(argument, 2)),
        2 => build!("{}·.·{}", e(), property_name(&plain_name())),
        1 => build!("{}·?.·{}", e(), name()),
        1 => build!("{}·?.·[·{}·]·.·{}", e(), e(), name()),
        1 => build!("{}·?.·(·{}·)", e(), e()),
        1 => build!("{}·[·{}·]", e(), e()),
        1 => build!("this·.·#p·+·(·#p·in·{}·)", e()),
        1 => build!("`a${{·{}·}}b${{·{}·}}`", e(), e()),
        1 => build!("{}·`x${{·{}·}}`", reference(), e()),
        2 => build!("[·{}·]", list(element, 3)),
        2 => build!("(·{{·{}·}}·)", list(property, 3)),
        1 => function(&inner, body),
        1 => class(&inner, body),
        2 => build!("{} =>·{}", name(), e()),
        2 => build!("(·{}·) =>·{}", parameters(&inner), e()),
        1 => build!("(·{}·) =>·{{·{}·}}", parameters(&inner), body.clone()),
        1 => build!("async {} =>·{}", name(), e()),
        1 => build!("async (·{}·) =>·{{·{}·}}", parameters(&inner), body.clone()),
        1 => build!("import(·{}·)", e()),
        1 => one_of(&["new·.·target", "import·.·meta", "import·.·meta·.·url", "(·yield·)", "(·yield·* a·)"]),
    ]
    .boxed()
}

/// Names as operands. `await` and `yield` are none of them: what they are depends on the function
/// around them, and the tokens behind can be read either way (`await / x`, a block in the next line).
fn reference() -> Text {
    name().prop_filter("an operator", |name| name != "await" && name != "yield").boxed()
}

fn atom() -> Text {
    prop_oneof![
        4 => reference(),
        1 => one_of(&["1", "0x1F", "1_000.5e-3", ".5", "1.", "9n", "017", "0b1", "0o7n"]),
        1 => one_of(&["'it\\'s'", "\"\\u{61}\\\n\"", "''", "'\u{2028}'"]),
        1 => one_of(&["/x/", "/[/]\\/=/gi", "/=a/u", "/(?<n>a)/"]),
        1 => one_of(&["`x`", "`$ {} \\` \n`", "this", "null", "true", "false"]),
    ]
    .boxed()
}

/// Statements over expressions and smaller statements.
fn larger_statement(inner: Text, expression: &Text) -> Text {
    let s = || inner.clone();
    let e = || expression.clone();
    let kind = || one_of(&["var", "let", "const", "using", "await using"]);
    let declarator = build!("{}·=·{}", binding(expression), e());
    prop_oneof![
        build!("{{·{}·}}", s()),
        build!("{{·{}·{}·}}", s(), s()),
        build!("if·(·{}·)·{}", e(), s()),
        build!("if·(·{}·)·{}·else·{}", e(), s(), s()),
        build!("do·{}·while·(·{}·)·;", s(), e()),
        build!("do·{}·while·(·{}·)·{}", s(), e(), s()),
        build!("while·(·{}·)·{}", e(), s()),
        build!("for·(·a·=·{}·;·{}·;·{}·)·;", e(), e(), e()),
        build!("for·(·{} {}·;·;·)·{}", kind(), declarator.clone(), s()),
        build!("for·(·{} {}·of·{}·)·;", kind(), binding(expression), e()),
        build!("for·(·{} {}·in·{}·)·;", kind(), binding(expression), e()),
        build!("for·(·{}·of·{}·)·{}", name(), e(), s()),
        build!("for·(·{}·in·{}·)·{}", name(), e(), s()),
        build!("async function f·(·)·{{·for·await·(·const {}·of·{}·)·{}·}}", name(), e(), s()),
        build!("{} {}·;", one_of(&["var", "let", "const"]), declarator.clone()),
        build!("{{·{} {}·;·}}", kind(), declarator),
        build!("{}·:·{}", name(), s()),
        build!("switch·(·{}·)·{{·case·{}·:·{}·default·:·{}·}}", e(), e(), s(), s()),
        build!("try·{{·{}·}}·catch·{{·{}·}}", s(), s()),
        build!("try·{{·{}·}}·catch·(·{}·)·{{·}}·finally·{{·{}·}}", s(), binding(expression), s()),
        build!("with·(·{}·)·{}", e(), s()),
        function(expression, &inner),
        class(expression, &inner),
        build!("{}·{}", s(), s()),
    ]
    .boxed()
}

fn simple_statement(expression: &Text) -> Text {
    let e = || expression.clone();
    prop_oneof![
        4 => build!("{}·;", e()),
        3 => build!("{}\n", e()),
        1 => build!("var·{}·=·{}\n", name(), e()),
        1 => build!("throw {}·;", e()),
        1 => build!("return·{}·;", e()),
        1 => one_of(&[";", "debugger·;", "break\n", "continue·;", "return\n"]),
    ]
    .boxed()
}

fn module_item(expression: &Text, statement: &Text) -> Text {
    let export_name = || prop_oneof![name(), one_of(&["default", "'s'", "if"])].boxed();
    let attributes = || one_of(&["", "", "·with·{·type·:·'json'·}", "·with·{·}"]);
    prop_oneof![
        build!("import·{}·from·'m'{}·;", name(), attributes()),
        build!("import·*·as·{}·from·'m'\n", name()),
        build!("import·{{·{}·,·{}·as·{}·}}·from·\"m\"·;", name(), export_name(), name()),
        build!("import·{}·,·{{·{}·as·{}·,·}}·from·'m'\n", name(), export_name(), name()),
        build!("import·'m'{}·;", attributes()),
        build!("export·{{·{}·as·{}·,·}}·;", name(), export_name()),
        build!("export·{{·{}·as·{}·}}·from·'m'{}\n", export_name(), export_name(), attributes()),
        build!("export·*·from·'m'{}·;", attributes()),
        build!("export·*·as·{}·from·'m'·;", export_name()),
        build!("export·default·{}·;", expression.clone()),
        build!("export·const·{}·=·{}\n", plain_name(), expression.clone()),
        build!("export·{}", function(expression, statement)),
        build!("export·default·{}", class(expression, statement)),
    ]
    .boxed()
}

/// Programs of every construct.
fn program() -> Text {
    let body = prop_oneof![Just(String::new()), simple_statement(&atom())].boxed();
    let expression =
        atom().prop_recursive(3, 24, 6, move |inner| larger_expression(inner.boxed(), &body)).boxed();
    let for_statements = expression.clone();
    let statement = simple_statement(&expression)
        .prop_recursive(2, 12, 4, move |inner| larger_statement(inner.boxed(), &for_statements))
        .boxed();
    let item = prop_oneof![4 => statement.clone(), 1 => module_item(&expression, &statement)];
    prop::collection::vec(item, 1..4).prop_map(|items| items.join("·")).boxed()
}

#[test]
fn what_the_peer_reads_is_read() {
    let accepted = Cell::new(0);
    let generated = Cell::new(0);
    let mut runner = TestRunner::new(config(4096));
    let spaces = prop::collection::vec(any::<u8>(), 1..24);
    runner
        .run(&(program(), spaces), |(program, spaces)| {
            generated.set(generated.get() + 1);
            let text = spaced(&program, &spaces);
            if let Some(goal) = peer_reads(&text) {
                accepted.set(accepted.get() + 1);
                prop_assert_eq!(read(&text, goal), Ok(()), "{:?} {}", goal, text);
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    eprintln!("{} of {} programs are the peer's", accepted.get(), generated.get());
    assert!(accepted.get() * 10 > generated.get(), "too few of the programs are programs");
}

fn programs(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            programs(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "js") {
            found.push(path);
        }
    }
}

/// Needs a folder of programs, for example one into which some packages were installed with npm.
#[test]
fn programs_that_people_wrote_are_read() {
    let Some(folder) = std::env::var_os("SYNTRAP_JS_PROGRAMS") else {
        eprintln!("skipped: SYNTRAP_JS_PROGRAMS names no folder of programs");
        return;
    };
    let mut paths = Vec::new();
    programs(Path::new(&folder), &mut paths);
    let (mut accepted, mut bytes, mut failed) = (0, 0, 0);
    for path in &paths {
        let Ok(program) = std::fs::read_to_string(path) else {
            continue;
        };
        let Some(goal) = peer_reads(&program) else {
            continue;
        };
        accepted += 1;
        bytes += program.len();
        if let Err((at, token)) = read(&program, goal) {
            failed += 1;
            let near = |range: std::ops::Range<usize>| {
                String::from_utf8_lossy(&program.as_bytes()[range]).replace('\n', "⏎")
            };
            let before = near(at.saturating_sub(60)..at);
            let behind = near(at..(at + 30).min(program.len()));
            eprintln!("{} at {at}: {token} in {before}👉{behind}", path.display());
        }
    }
    let rate = 100.0 * f64::from(accepted - failed) / f64::from(accepted);
    eprintln!("{} files, {accepted} read by the peer ({bytes} bytes), {rate:.3} % of them here", paths.len());
    assert!(rate >= 99.5, "{failed} of {accepted} programs are not read");
}

/// Whether some reading takes all tokens of a value.
fn is_viable(value: &[u8], start: Start, context: Terminal) -> bool {
    [Continuation::Expression, Continuation::Statement].into_iter().any(|continuation| {
        [false, true].into_iter().any(|in_template| {
            let mut reading = Reading::new(continuation, Goal::Script);
            reading.in_template = in_template;
            let mut tokens = js::tokens(value, start, context, reading).with_depth(usize::MAX);
            tokens.by_ref().all(|_| true) && tokens.answer() == Push::Shifted
        })
    })
}

/// A value may go on as the program would have gone on. The same folder of programs; the rate is
/// over places chosen at random in programs of a moderate size.
#[test]
fn the_rest_of_a_program_is_a_viable_value() {
    let Some(folder) = std::env::var_os("SYNTRAP_JS_PROGRAMS") else {
        eprintln!("skipped: SYNTRAP_JS_PROGRAMS names no folder of programs");
        return;
    };
    let mut paths = Vec::new();
    programs(Path::new(&folder), &mut paths);
    let (mut values, mut failed, mut state) = (0, 0, 1u64);
    for path in &paths {
        let Some(program) = std::fs::read(path).ok().filter(|program| program.len() < 50_000) else {
            continue;
        };
        let whole = js::tokens(&program, Start::Script, Terminal::StartScript, Reading::default());
        let tokens: Vec<_> = whole.with_depth(usize::MAX).collect();
        for _ in 0..tokens.len().min(12) {
            // Knuth's MMIX
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let token = &tokens[(state >> 33) as usize % tokens.len()];
            let (begin, start, context) = match (token.terminal, program.get(token.start)) {
                (Terminal::String, Some(b'\'')) => {
                    (token.start + 1, Start::SingleQuoted, Terminal::StartExpression)
                }
                (Terminal::String, _) => (token.start + 1, Start::DoubleQuoted, Terminal::StartExpression),
                (Terminal::Template, _) => (token.start + 1, Start::Template, Terminal::StartExpression),
                (Terminal::Number, _) => (token.start, Start::Text, Terminal::StartExpression),
                (Terminal::Equals, _) => (token.end, Start::Text, Terminal::StartExpression),
                (Terminal::Semicolon, _) => (token.end, Start::Text, Terminal::StartStatement),
                _ => continue,
            };
            values += 1;
            failed += u32::from(!is_viable(&program[begin..], start, context));
        }
    }
    let rate = 100.0 * f64::from(values - failed) / f64::from(values);
    eprintln!("{values} values, {rate:.3} % of them viable");
    assert!(rate >= 99.5, "{failed} of {values} are not viable");
}
