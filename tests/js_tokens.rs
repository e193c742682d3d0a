//! What values become in each context of a JavaScript program: their tokens, as the grammar wants
//! them, and whether it takes them.

use std::time::{Duration, Instant};

use syntrap::js::{self, Act, Continuation, Goal, Reading, Start, Terminal};
use syntrap::{Push, Recogniser, Semantics, Symbol};

const SCRIPT: (Start, Terminal) = (Start::Script, Terminal::StartScript);
const STATEMENT: (Start, Terminal) = (Start::Text, Terminal::StartStatement);
const EXPRESSION: (Start, Terminal) = (Start::Text, Terminal::StartExpression);
const QUOTED: (Start, Terminal) = (Start::SingleQuoted, Terminal::StartExpression);
const TEMPLATE: (Start, Terminal) = (Start::Template, Terminal::StartExpression);
const SUBSTITUTION: (Start, Terminal) = (Start::Substitution, Terminal::StartExpression);
const REGULAR_EXPRESSION: (Start, Terminal) = (Start::RegularExpression, Terminal::StartExpression);
const LINE_COMMENT: (Start, Terminal) = (Start::LineComment, Terminal::StartStatement);
const BLOCK_COMMENT: (Start, Terminal) = (Start::BlockComment, Terminal::StartStatement);

/// The names of the tokens, up to one that is rejected, and whether all were taken.
fn read(value: &str, (start, context): (Start, Terminal), continuation: Continuation) -> (String, bool) {
    read_as(value, (start, context), Reading::new(continuation, Goal::Script))
}

fn read_as(value: &str, (start, context): (Start, Terminal), reading: Reading) -> (String, bool) {
    let mut tokens = js::tokens(value.as_bytes(), start, context, reading);
    let mut names = Vec::new();
    while let Some(token) = tokens.next() {
        names.push(token.terminal.name());
        if tokens.answer() != Push::Shifted {
            return (names.join(" "), false);
        }
    }
    (names.join(" "), true)
}

#[test]
fn values_have_the_tokens_of_their_context() {
    let rows: &[((Start, Terminal), &str, &str)] = &[
        // closers of the program
        (QUOTED, "x') + y", "string UNBALANCED operand + identifier"),
        (QUOTED, "x']; y", "string UNBALANCED ; identifier"),
        (QUOTED, "x'}); y", "string UNBALANCED_BRACE UNBALANCED ; identifier"),
        (QUOTED, "x'}, y: 'z", "string UNBALANCED_BRACE operand , identifier : string"),
        (
            EXPRESSION,
            "1} catch (e) {} finally {",
            "number UNBALANCED_BRACE catch ( identifier ) { } finally {",
        ),
        (EXPRESSION, "1) { x } else {", "number UNBALANCED { identifier INSERTED_SEMICOLON } else {"),
        (EXPRESSION, "1} else y", "number UNBALANCED_BRACE else identifier"),
        (EXPRESSION, "1) => y", "number UNBALANCED operand => identifier"),
        (STATEMENT, "} function f() {", "UNBALANCED_BRACE function identifier ( ) {"),
        (STATEMENT, "y }", "identifier UNBALANCED_BRACE"),
        // what stands beside the value
        (QUOTED, "x', y: 1, ...z", "string , identifier : number , ... identifier"),
        (QUOTED, "x': y, 'z", "string OUTER_COLON identifier , string"),
        (
            EXPRESSION,
            "1, get x() {}, y() {}, default: 2",
            "number , get identifier ( ) { } , identifier ( ) { } , default : number",
        ),
        (EXPRESSION, "...x, y", "... identifier , identifier"),
        (
            EXPRESSION,
            "1: y; break; case 2: z",
            "number OUTER_COLON identifier ; break ; case number : identifier",
        ),
        (EXPRESSION, "1].x : y", "number UNBALANCED operand . identifier OUTER_COLON identifier"),
        (
            EXPRESSION,
            "1) ? x : y : z",
            "number UNBALANCED operand ? identifier : identifier OUTER_COLON identifier",
        ),
        // a function or a `switch` whose head the value ends
        (
            QUOTED,
            "x') { y }, 1)",
            "string UNBALANCED { identifier INSERTED_SEMICOLON } operand , number UNBALANCED",
        ),
        (QUOTED, "x') { case 1: y }", "string UNBALANCED { case number : identifier INSERTED_SEMICOLON }"),
        // elements of a class
        (
            QUOTED,
            "'} delete() {} return(x) {} x(",
            "string UNBALANCED_BRACE delete ( ) { } return ( identifier ) { } identifier (",
        ),
        (
            QUOTED,
            "'} static { x } y() {} get z() {} #w = 1; async v() { '",
            "string UNBALANCED_BRACE static { identifier INSERTED_SEMICOLON } identifier ( ) { } get identifier ( ) { } private_identifier = number ; async identifier ( ) { string",
        ),
        (STATEMENT, "+ y", "operand + identifier"),
        (STATEMENT, ", y = 1", "operand , identifier = number"),
        (STATEMENT, ") ; y", "UNBALANCED ; identifier"),
        // literals and comments that the value leaves, or does not
        (QUOTED, "it\\'s", ""),
        (QUOTED, "a\\\\' + b", "string + identifier"),
        (TEMPLATE, "a $ {b} \\` c", ""),
        (TEMPLATE, "a${b}c", "template_head identifier template_tail"),
        (TEMPLATE, "a` + b", "template + identifier"),
        (
            SUBSTITUTION,
            "a} b ${c} d` + e",
            "identifier UNBALANCED template_head identifier template_tail + identifier",
        ),
        (SUBSTITUTION, "{a: `${b}`}", "{ identifier : template_head identifier template_tail }"),
        (REGULAR_EXPRESSION, "a[/]b/g.c", "regular_expression . identifier"),
        (REGULAR_EXPRESSION, "a[/]b", ""),
        (LINE_COMMENT, "a; b", ""),
        (LINE_COMMENT, "a\u{2028}b; }", "identifier ; UNBALANCED_BRACE"),
        (BLOCK_COMMENT, "a */ b /* c", "identifier"),
        (BLOCK_COMMENT, "a */ + b", "operand + identifier"),
        // regular expression or division
        (SCRIPT, "a = b / c / d", "identifier = identifier / identifier / identifier"),
        (
            SCRIPT,
            "a = {} / /}/ / `${/`/}`",
            "identifier = { } / regular_expression / template_head regular_expression template_tail",
        ),
        (
            SCRIPT,
            "if (a) /b/.c; (a) / b",
            "if ( identifier ) regular_expression . identifier ; ( identifier ) / identifier",
        ),
        (SCRIPT, "a\n/b/c", "identifier / identifier / identifier"),
        (SCRIPT, "a => {}\n/=b/.c", "identifier => { } INSERTED_SEMICOLON regular_expression . identifier"),
        // semicolons
        (
            SCRIPT,
            "a = b\n++c\nreturn\nd",
            "identifier = identifier INSERTED_SEMICOLON update_operator identifier INSERTED_SEMICOLON return INSERTED_SEMICOLON identifier",
        ),
        (SCRIPT, "do ; while (a) b", "do ; while ( identifier ) DO_WHILE_SEMICOLON identifier"),
        // §B.1.1
        (
            SCRIPT,
            "a <!-- b\n --> c\n d --> e",
            "identifier INSERTED_SEMICOLON identifier update_operator comparison identifier",
        ),
        (SCRIPT, "--> a", ""),
        (SCRIPT, "#!a\nb", "identifier"),
    ];
    for &(context, value, names) in rows {
        assert_eq!(read(value, context, Continuation::Expression), (names.to_owned(), true), "{value}");
    }
}

#[test]
fn what_a_closer_ended_decides_how_the_text_goes_on() {
    let rows = [
        (QUOTED, "'}(f)", "operand (", "UNBALANCED_BRACE ("),
        (QUOTED, "'}/f/", "operand / identifier /", "UNBALANCED_BRACE regular_expression"),
        (QUOTED, "': {}", "string OUTER_COLON", "string CASE_COLON"),
        (STATEMENT, "[f]", "operand [", "[ identifier"),
    ];
    for (context, value, expression, statement) in rows {
        let tokens = |continuation| read(value, context, continuation).0;
        assert!(tokens(Continuation::Expression).contains(expression), "{value}");
        assert!(tokens(Continuation::Statement).contains(statement), "{value}");
        let mut tokens = js::tokens(value.as_bytes(), context.0, context.1, Reading::default());
        tokens.by_ref().for_each(drop);
        assert!(tokens.ambiguity().continuation, "{value}");
    }
}

#[test]
fn a_brace_that_the_value_closes_may_be_one_of_a_template() {
    let value = "x'} y ${z} w`, v";
    let (names, taken) = read(value, QUOTED, Continuation::Expression);
    assert!(!taken, "{names}");
    let mut reading = Reading::default();
    reading.in_template = true;
    let names = "string UNBALANCED template_head identifier template_tail , identifier";
    assert_eq!(read_as(value, QUOTED, reading), (names.to_owned(), true));
    let mut tokens = js::tokens(value.as_bytes(), QUOTED.0, QUOTED.1, Reading::default());
    tokens.by_ref().for_each(drop);
    assert!(tokens.ambiguity().in_template);
}

#[test]
fn what_is_a_comment_in_a_script_is_an_operator_in_a_module() {
    let reading = Reading::new(Continuation::Expression, Goal::Module);
    let rows = [
        ("a <!-- b", "identifier comparison ! update_operator identifier"),
        ("a\n--> b", "identifier INSERTED_SEMICOLON update_operator comparison"),
    ];
    for (value, names) in rows {
        assert_eq!(read_as(value, EXPRESSION, reading).0, names, "{value}");
        let mut tokens = js::tokens(value.as_bytes(), EXPRESSION.0, EXPRESSION.1, Reading::default());
        assert_eq!(tokens.by_ref().count(), 1);
        assert!(tokens.ambiguity().goal);
    }
}

#[test]
fn what_a_value_leaves_open_the_program_can_close() {
    let rows = [
        ("a(", ") INSERTED_SEMICOLON"),
        ("a = [{b: `${c", "template_tail } ] INSERTED_SEMICOLON"),
        ("a +", "identifier INSERTED_SEMICOLON"),
        ("if (a", ") identifier INSERTED_SEMICOLON"),
        ("x => {", "} INSERTED_SEMICOLON"),
        ("function f(", ") { }"),
        ("new", "identifier INSERTED_SEMICOLON"),
        ("a ? b", ": identifier INSERTED_SEMICOLON"),
        ("class", "identifier { }"),
        ("a;", ""),
        ("", ""),
        ("try {", "} finally { }"),
        ("a b", ""),
    ];
    for (value, names) in rows {
        let mut tokens = js::tokens(value.as_bytes(), STATEMENT.0, STATEMENT.1, Reading::default());
        tokens.by_ref().for_each(drop);
        let closing: Vec<_> = tokens.closing().map(Terminal::name).collect();
        assert_eq!(closing.join(" "), names, "{value}");
    }
}

/// Collects what a text does.
struct Acts(Vec<Act>);

impl Semantics for Acts {
    type Token = ();
    type Value = ();

    fn shift(&mut self, (): ()) {}

    fn reduce(&mut self, production: usize, _: &[Symbol<()>]) {
        self.0.push(Act::of(production));
    }
}

#[test]
fn acts_are_what_the_text_does() {
    let rows: &[(&str, &[Act])] = &[
        (
            "a.b(c)",
            &[
                Act::Reference,
                Act::Member,
                Act::Reference,
                Act::Arguments,
                Act::Call,
                Act::ExpressionStatement,
            ],
        ),
        ("a[b]", &[Act::ComputedMember]),
        ("a?.b?.()", &[Act::Member, Act::Call]),
        ("new a; new b()", &[Act::New, Act::New]),
        ("a`b`", &[Act::Template, Act::TaggedTemplate]),
        ("import('a'); import.meta", &[Act::ImportCall, Act::MetaProperty]),
        ("import a from 'b'; export {a}", &[Act::Binding, Act::Import, Act::Export]),
        ("a = b; c += d", &[Act::Assign, Act::Assign]),
        ("a++; --b", &[Act::Update, Act::Update]),
        ("delete a.b", &[Act::Delete]),
        ("a + b < c && !d", &[Act::Arithmetic, Act::Compare, Act::Unary, Act::Logic]),
        ("a ? b : c", &[Act::Conditional]),
        ("throw a", &[Act::Throw]),
        ("async () => await a", &[Act::Arguments, Act::Await, Act::ArrowBody, Act::Arrow]),
        ("function* f() { yield a }", &[Act::Yield, Act::Function]),
        (
            "({get a() {}, set b(c) {}, [d]: 1, e, f() {}})",
            &[
                Act::Getter,
                Act::Setter,
                Act::ComputedName,
                Act::Property,
                Act::Shorthand,
                Act::Method,
                Act::Object,
            ],
        ),
        ("[a, ...b]", &[Act::Spread, Act::Array]),
        (
            "class A extends B { c = 1; static d; static {} e() {} }",
            &[Act::Extends, Act::Field, Act::StaticField, Act::StaticBlock, Act::Method, Act::Class],
        ),
        ("let a = 1", &[Act::Binding, Act::Initialize, Act::Declare]),
        ("if (a) b; else c", &[Act::If]),
        ("for (;;) break", &[Act::Jump, Act::Loop]),
        ("for (a of b) c", &[Act::Assign, Act::ForEach, Act::Loop]),
        ("with (a) b", &[Act::With]),
        ("switch (a) { case b: c }", &[Act::Case, Act::Switch]),
        ("try {} catch (a) {}", &[Act::Catch, Act::Try]),
        ("/a/", &[Act::RegularExpression]),
    ];
    for &(program, expected) in rows {
        let mut recogniser = Recogniser::with_semantics(&js::GRAMMAR, Acts(Vec::new()), usize::MAX);
        recogniser.push(Terminal::StartScript.index(), ());
        for token in js::tokens(program.as_bytes(), SCRIPT.0, SCRIPT.1, Reading::default()) {
            assert_eq!(recogniser.push(token.terminal.index(), ()), Push::Shifted, "{program}");
        }
        recogniser.push(Terminal::InsertedSemicolon.index(), ());
        recogniser.settle();
        let mut acts = recogniser.semantics().0.iter();
        for act in expected {
            assert!(acts.any(|found| found == act), "{program}: {act:?} in {:?}", recogniser.semantics().0);
        }
    }
}

#[test]
fn tokens_allocate_nothing() {
    let value =
        "x'), a = {b: [c, d => `e${f / 2}`]}\nfor (g in h) i(/j/)\ndo k(); while (l) m } else { ".repeat(20);
    let counted = allocation_counter::measure(|| {
        let tokens = js::tokens(value.as_bytes(), QUOTED.0, QUOTED.1, Reading::default());
        assert!(tokens.count() > 50);
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn contextual_keywords_are_names_methods_and_properties() {
    let words = [
        "get", "set", "async", "static", "of", "from", "as", "let", "using", "await", "yield", "accessor",
        "meta",
    ];
    let places = [
        "@ = 1",
        "@.@ = @",
        "@(1)",
        "@[1]",
        "var @ = 1, b",
        "function @(@) {}",
        "(@) => @",
        "@ => 1",
        "async @ => 1",
        "async (@) => @",
        "@: for (;;) break @",
        "a = {@, b, @: 1, @() {}}",
        "a = {get @() {}, set @(b) {}, async @() {}, *@() {}, async *@() {}}",
        "({@}) => @",
        "class A {@; b}",
        "class A {@ = 1}",
        "class A {@\nb}",
        "class A {@() {} static @() {} static @; static @ = 1}",
        "class A {get @() {} set @(b) {} async @() {} *@() {} static async *@() {} static get @() {}}",
        "import @ from 'b'",
        "import {@ as b} from 'c'",
        "import {b as @} from 'c'",
        "import * as @ from 'c'",
        "export {@ as @}",
        "export * as @ from 'c'",
        "for (var @ of b) ;",
        "for (@ of b) ;",
        "for (var @ in b) ;",
        "for (@ in b) ;",
        "try {} catch (@) {}",
        "@\n(1)",
        "a ? @ : @",
        "if (@) @",
        "a[@]",
        "[@, @] = b",
        "a?.@",
    ];
    let allowed = |word: &str, place: &str| {
        // ECMA-262 itself reads these otherwise.
        match place {
            "for (@ of b) ;" | "@[1]" => word != "let",
            "class A {@\nb}" => !matches!(word, "get" | "set"),
            _ => true,
        }
    };
    for word in words {
        for place in places.iter().filter(|place| allowed(word, place)) {
            let program = place.replace('@', word);
            let (names, taken) = read(&program, SCRIPT, Continuation::Statement);
            assert!(taken, "{program}: {names}");
        }
    }
}

#[test]
fn what_is_no_program_is_rejected() {
    let values = [
        (SCRIPT, "a b"),
        (SCRIPT, "var a = ;"),
        (SCRIPT, "if (a) }"),
        (SCRIPT, "a = 'b\nc'"),
        (SCRIPT, "a\n=> b"),
        (SCRIPT, "for (a of b; c; d) e"),
        (SCRIPT, "let = let a"),
        (SCRIPT, "throw\na"),
        (SCRIPT, "{a: 1, b: 2}"),
        (SCRIPT, "3in a"),
        (EXPRESSION, "O'Brien"),
        (EXPRESSION, "5 or more"),
        (EXPRESSION, "it’s"),
        (EXPRESSION, "some words"),
        (STATEMENT, "some words"),
        (QUOTED, "a' b"),
        (QUOTED, "a'\n\n'b' 'c"),
    ];
    for (context, value) in values {
        for continuation in [Continuation::Expression, Continuation::Statement] {
            assert!(!read(value, context, continuation).1, "{value}");
        }
    }
}

#[test]
fn time_is_linear_and_depth_is_bounded() {
    let pieces = [
        "(",
        "[",
        "{",
        "`",
        "{{",
        "${",
        "`${",
        "a=>",
        "/",
        "<!--",
        "-->",
        "\n-->",
        "a=",
        "a?",
        "a?b:",
        "!",
        "'",
        "\\",
        "\\u{",
        "\\u{0",
        "#",
        "\"\\",
        "/[",
        "/*",
        "*/",
        "//\n",
        "a\n",
        "a in ",
        "for(",
        "for(a in ",
        "async ",
        "await ",
        "yield ",
        "get ",
        "let ",
        "new ",
        "if(a)",
        "do ",
        "do;while(a)",
        "do a=f()()\n",
        "a=b=c in d\n",
        "}",
        ")",
        "]",
        "}(",
        ")/",
        "else ",
        "a:",
        "case a:",
        "a,",
        "a,b:",
        "function(){",
        "class{",
        "class a{[",
        "1.",
        ".",
        "\u{2028}",
        "\0",
        "\u{e9}",
        "import ",
        "a`",
        "x=>{",
        "a/b/",
        "a\n/b/\n",
        "?.",
        "...",
    ];
    let contexts = [SCRIPT, EXPRESSION, QUOTED, TEMPLATE];
    // What the value goes on from: nothing, a literal, and stacks that are deep but not too deep.
    let prefixes = [
        String::new(),
        "'".into(),
        format!("for({}", "x=".repeat(100)),
        "a=>".repeat(80),
        "x=>{".repeat(30),
        "(".repeat(200),
        "a?".repeat(100),
        "do ".repeat(200),
        format!("{}x=", "`${".repeat(60)),
        format!("{{{}", "a:{b:".repeat(20)),
    ];
    for piece in pieces {
        for (start, context) in contexts {
            for prefix in &prefixes {
                // A build that is not optimised is twenty times slower.
                let length = if cfg!(debug_assertions) { 1 << 13 } else { 1 << 17 };
                let length = if prefix.is_empty() { 8 * length } else { length };
                let value = format!("{prefix}{}", piece.repeat(length / piece.len()));
                let begun = Instant::now();
                let mut tokens = js::tokens(value.as_bytes(), start, context, Reading::default());
                tokens.by_ref().for_each(drop);
                let taken = begun.elapsed();
                assert!(taken < Duration::from_secs(5), "{piece:?} in {start:?}: {taken:?}");
            }
        }
    }
    for piece in ["(", "[", "a=>", "`${", "{", "if(a)", "a?", "!"] {
        let value = piece.repeat(1000);
        let mut tokens = js::tokens(value.as_bytes(), SCRIPT.0, SCRIPT.1, Reading::default());
        tokens.by_ref().for_each(drop);
        assert_eq!(tokens.answer(), Push::TooDeep, "{piece}");
    }
}
