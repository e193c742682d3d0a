//! What holds for every value of JavaScript: any bytes, any cut, with and without the screen; and that
//! reading one takes linear time and no allocation. The tokens are in `js_tokens.rs`, the grammar in
//! `js_grammar.rs`.

#[path = "support/language.rs"]
mod language;

use std::time::Duration;

use language::{Scale, assert_frugal, assert_soon, check_pieces, check_spans, config};
use proptest::prelude::*;
use syntrap::{Context, ContextSet, Detector, DetectorBuilder, Language, Reason, Verdict};

/// All contexts of JavaScript, those of programs too.
fn scripts() -> DetectorBuilder {
    Detector::builder().contexts(ContextSet::of_language(Language::Js))
}

/// Those in which a value has to break out of data.
fn injections() -> DetectorBuilder {
    Detector::builder().languages([Language::Js])
}

/// Each piece is something that one of the tokenizer's modes, readings or rules cares about.
const FRAGMENTS: &[&[u8]] = &[
    b"'",
    b"\"",
    b"`",
    b"${",
    b"#{",
    b"{{",
    b"{{{",
    b"}}}",
    b"}}",
    b"<%=",
    b"<%-",
    b"<%",
    b"%>",
    b"}",
    b"{",
    b"(",
    b")",
    b"[",
    b"]",
    b"\\",
    b"\\'",
    b"\\\"",
    b"\\u0061",
    b"\\x41",
    b"\\\n",
    b"//",
    b"/*",
    b"*/",
    b"<!--",
    b"-->",
    b"#!",
    b"/",
    b"/=",
    b"/[/]/g",
    b"\n",
    b"\r\n",
    b"\xe2\x80\xa8",
    b" ",
    b"\xc2\xa0",
    b"\xa0",
    b"a",
    b"x1",
    b"async ",
    b"await ",
    b"yield ",
    b"let ",
    b" of ",
    b" in ",
    b"for (",
    b"get ",
    b"static ",
    b"return ",
    b"do ",
    b"while",
    b"if (a) ",
    b"else ",
    b"1",
    b".5",
    b"0x",
    b"1n",
    b"=>",
    b"=",
    b"===",
    b"+=",
    b"?.",
    b"??",
    b"++",
    b"--",
    b"...",
    b".",
    b",",
    b";",
    b":",
    b"?",
    b"+",
    b"-",
    b"*",
    b"<",
    b">",
    b"!",
    b"#p",
    b"\xc3\xa9",
    b"\xff",
    b"\0",
    b"function",
    b"class ",
    b"new ",
    b"throw ",
    b"import(",
    b"import 'm'",
    b"delete ",
    b"typeof ",
    b"void ",
    b"f(1)",
    b"g (2)",
    b"alert(1)",
    b"eval",
    b"top[",
    b"constructor",
    b".__proto__",
    b"[].a.b=",
    b"document.",
    b"location=",
    b"onerror=",
    b"this",
    b"{valueOf:",
    b"%27",
    b"%2f",
    b"%",
    b"word ",
    b"The ",
    b"100",
];

/// Longer than the margin behind which a stream decides a token, and than a buffer.
const LENGTHS: &[usize] = &[70, 300, 1500];

fn input(pieces: usize) -> impl Strategy<Value = Vec<u8>> {
    language::input(FRAGMENTS, b"a1 '{\\/", LENGTHS, pieces)
}

proptest! {
    #![proptest_config(config(4096))]

    #[test]
    fn the_screen_changes_no_report(input in input(10)) {
        let (screened, unscreened) = (injections().build(), injections().screen(false).build());
        let mut expected = unscreened.scan(&input);
        // Where nothing can count, no limit is reached.
        if matches!(expected.verdict, Verdict::Undecided(_)) {
            expected.verdict = screened.scan(&input).verdict;
            prop_assert_ne!(expected.verdict, Verdict::Attack);
        }
        prop_assert_eq!(screened.scan(&input), expected, "{}", input.escape_ascii());
    }

    #[test]
    fn is_attack_is_the_verdict_of_scan(input in input(12)) {
        let detector = scripts().build();
        prop_assert_eq!(detector.is_attack(&input), detector.scan(&input).is_attack());
    }
}

proptest! {
    #![proptest_config(config(1024))]

    #[test]
    fn a_value_in_pieces_has_the_report_of_the_whole(
        input in input(12),
        cuts in prop::collection::vec(0..200usize, 0..6),
    ) {
        check_pieces(&scripts().screen(false).build(), &input, cuts, 200)?;
    }

    #[test]
    fn a_report_is_about_its_input(input in input(16)) {
        check_spans(&scripts().build(), &input)?;
    }

    #[test]
    fn tokens_stand_in_order_inside_the_input(input in input(16)) {
        for context in ContextSet::of_language(Language::Js).iter() {
            for dialect in context.dialects() {
                let mut from = 0;
                for token in context.tokens(&input, Some(dialect)).expect("the context has the dialect") {
                    let span = token.span;
                    prop_assert!(span.start <= span.end && span.end <= input.len(), "{context} {dialect}: {span:?}");
                    // What an expression of a template ends in may begin the next.
                    let overlap = if context == Context::JsTemplateInjection { 3 } else { 0 };
                    prop_assert!(span.start + overlap >= from, "{context} {dialect}: {span:?} behind {from}");
                    from = span.end;
                }
            }
        }
    }
}

/// No number of calls in front hides the one that counts.
#[test]
fn filler_hides_no_act() {
    let detector = injections().build();
    for filler in ["x=1;", "f (2);", "a.b;", "[1];", "'x'.trim();"] {
        for count in [0, 1, 15, 16, 17, 300] {
            let filler = filler.repeat(count);
            for value in [
                format!("';{filler}document.write(y)//"),
                format!("1;{filler}document.write(y)"),
                format!("{{{{{filler}document.write(y)}}}}"),
                format!("{}{{{{x={{y:[].constructor}};f(x.y)}}}}", "{{f(1)}}".repeat(count)),
            ] {
                assert!(detector.is_attack(value.as_bytes()), "{value}");
            }
        }
    }
}

/// Expressions of a template are read one by one, whatever stands between them.
#[test]
fn an_expression_is_found_behind_others_and_behind_text() {
    let detector = injections().build();
    for before in ["", "{{name}} ", "{{ a b ", "{{", "{{{x", "'", "\"", "{{(", "{{ x | y: z }}", "}}"] {
        for count in [1, 2, 300] {
            let value = format!("{}{{{{[].a.constructor('x')()}}}}", before.repeat(count));
            assert!(detector.is_attack(value.as_bytes()), "{before:?} {count} times");
        }
    }
}

#[test]
fn an_expression_that_is_not_complete_does_not_count_for_who_asks_only_for_an_attack() {
    let contexts = ContextSet::EMPTY.with(Context::JsTemplateInjection);
    let detector = Detector::builder().contexts(contexts).build();
    for value in ["{{x}}{{fetch(y)", "${[]}${fetch()`"] {
        assert!(!detector.scan(value.as_bytes()).is_attack(), "{value}");
        assert!(!detector.is_attack(value.as_bytes()), "{value}");
    }
}

#[test]
fn a_template_of_any_number_of_substitutions_is_decided() {
    let detector = Detector::builder().contexts(ContextSet::EMPTY.with(Context::JsTemplate)).build();
    let names = "${name} and ".repeat(1000);
    assert_eq!(detector.scan(names.as_bytes()).verdict, Verdict::Benign);
    assert!(detector.is_attack(format!("{names}${{eval(x)}}").as_bytes()));
}

#[test]
fn what_is_nested_too_deep_is_undecided() {
    let contexts = ContextSet::EMPTY.with(Context::JsExpression);
    let detector = Detector::builder().contexts(contexts).screen(false).build();
    for piece in ["(", "[", "[[(", "!", "`${", "a=>", "a?"] {
        let verdict = detector.scan(piece.repeat(400).as_bytes()).verdict;
        assert_eq!(verdict, Verdict::Undecided(Reason::TooDeep), "{piece}");
    }
}

// --------------------------------------------------------------------------------------------
// Time and memory

/// What a value is repeated from to make a detector slow.
const REPETITIONS: &[&str] = &[
    "(", ")", "[", "]", "{", "}", "{{", "}}", "`", "${", "`${", "#{", "<%=", "/*", "*/", "//", "/", "'",
    "\"", "\\", "\\'", "<!--", "-->", "\n", "a", "1", ".", "?.", "=>", "a=>", "=", "a=", "new ", "await ",
    "f(", "a?b:", "x[", "{{a ", "{{'", "${\"", "{{f(1)}}", "${f}", "<%=a%>", "{{/*", ";", "a;", ",", "%",
    "%28", "\u{2028}", "async ", "do ", "get ", "if(a)", "}(", "else ", "\\u{0", "`a`", "a\n", "/[",
    "\"a\"+",
];

/// Openings that bring the repetition to where it is read.
/// Fewer without optimisation.
const OPENINGS: &[&str] =
    if cfg!(debug_assertions) { &["", "';"] } else { &["", "1;", "';", "\";", "`;", "*/", "\n", "{{", "${"] };

/// How long a long value is; without optimisation the same is shown on less.
const LONG: usize = if cfg!(debug_assertions) { 4 << 10 } else { 64 << 10 };

const SCALE: Scale = Scale { short: LONG / 8, long: LONG, noise: Duration::from_micros(500) };

#[test]
fn a_value_takes_linear_time_and_no_allocation() {
    let detector = scripts().screen(false).build();
    SCALE.assert_linear(&detector, OPENINGS, REPETITIONS);
    SCALE.assert_linear(&injections().build(), &[""], REPETITIONS);
    assert_frugal(&detector, OPENINGS, REPETITIONS, LONG);
}

#[test]
fn a_megabyte_that_nests_is_answered_soon() {
    assert_soon(&["((((", "[[[[", "{{", "`", "${", "/*", "`${", "{{a /*", "'{{\"", "*/"]);
}

#[test]
fn a_stream_takes_linear_time_and_little_memory() {
    SCALE.assert_streams(&injections().build(), REPETITIONS, 61, 2 << 20);
}
