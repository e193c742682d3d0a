//! What holds for every value of JavaScript: any bytes, any cut, with and without the screen; and that
//! reading one takes linear time and no allocation. The tokens are in `js_tokens.rs`, the grammar in
//! `js_grammar.rs`.

#[path = "support/streams.rs"]
mod streams;

use std::hint::black_box;
use std::time::{Duration, Instant};

use allocation_counter::measure;
use proptest::prelude::*;
use streams::streamed;
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

fn input(pieces: usize) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        40 => prop::sample::select(FRAGMENTS).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 1..4),
        // Longer than the margin behind which a stream decides a token, and than a buffer.
        1 => (prop::sample::select(b"a1 '{\\/".as_slice()), prop::sample::select(&[70usize, 300, 1500]))
            .prop_map(|(byte, count)| vec![byte; count]),
    ];
    prop::collection::vec(piece, 0..=pieces).prop_map(|pieces| pieces.concat())
}

/// So many cases, or what `PROPTEST_CASES` says.
fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var_os("PROPTEST_CASES").map_or(cases, |_| ProptestConfig::default().cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
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
        let detector = scripts().screen(false).build();
        let whole = detector.scan(&input);
        prop_assert_eq!(&streamed(&detector, &input, cuts), &whole, "{}", input.escape_ascii());
        if input.len() < 200 {
            let every = (0..=input.len()).collect();
            prop_assert_eq!(&streamed(&detector, &input, every), &whole, "{}", input.escape_ascii());
        }
    }

    #[test]
    fn a_report_is_about_its_input(input in input(16)) {
        for finding in &scripts().build().scan(&input).findings {
            prop_assert!(finding.span.end <= input.len());
            prop_assert!(finding.instructions.iter().all(|i| i.span.start <= i.span.end && i.span.end <= input.len()));
        }
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

fn repeated(piece: &str, bytes: usize) -> Vec<u8> {
    piece.bytes().cycle().take(bytes).collect()
}

/// The best of several runs; noise only ever adds.
fn time(run: &dyn Fn()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..2 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed());
    }
    best
}

/// How long a long value is; without optimisation the same is shown on less.
const LONG: usize = if cfg!(debug_assertions) { 4 << 10 } else { 64 << 10 };
const SHORT: usize = LONG / 8;

/// Whether the time for a long value is at most that of a short one by its length, with room for
/// noise.
fn is_linear(run: &dyn Fn(&[u8]), value: &dyn Fn(usize) -> Vec<u8>) -> bool {
    let (short, long) = (value(SHORT), value(LONG));
    // Later rounds are for machines that are busy with something else.
    (0..8).any(|_| {
        let (short, long) = (time(&|| run(&short)), time(&|| run(&long)));
        long <= short * 8 * 3 + Duration::from_micros(500)
    })
}

#[test]
fn a_value_takes_linear_time_and_no_allocation() {
    let detector = scripts().screen(false).build();
    for opening in OPENINGS {
        for piece in REPETITIONS {
            let value = |bytes| [opening.as_bytes(), &repeated(piece, bytes)].concat();
            let scan = |value: &[u8]| _ = black_box(detector.scan(value));
            assert!(is_linear(&scan, &value), "{opening:?}, {piece:?} …");
            let long = value(LONG);
            let counted = measure(|| _ = black_box(detector.is_attack(&long)));
            assert_eq!(counted.count_total, 0, "{opening:?}, {piece:?} …");
        }
    }
}

#[test]
fn a_megabyte_that_nests_is_answered_soon() {
    let detector = Detector::default();
    for piece in ["((((", "[[[[", "{{", "`", "${", "/*", "`${", "{{a /*", "'{{\"", "*/"] {
        let value = repeated(piece, 1 << 20);
        let start = Instant::now();
        black_box(detector.scan(&value));
        let limit = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 2 });
        assert!(start.elapsed() < limit, "{piece:?} …: {:?}", start.elapsed());
    }
}

#[test]
fn a_stream_takes_linear_time_and_little_memory() {
    let detector = injections().build();
    for piece in REPETITIONS {
        let value = |bytes| [b"x".as_slice(), &repeated(piece, bytes)].concat();
        let run = |value: &[u8]| {
            let mut stream = detector.stream();
            value.chunks(61).for_each(|piece| stream.push(piece));
            black_box(stream.finish());
        };
        assert!(is_linear(&run, &value), "{piece:?} …");
        let long = value(LONG);
        let counted = measure(|| run(&long));
        assert!(counted.bytes_max < 2 << 20, "{piece:?} …: {} bytes", counted.bytes_max);
    }
}
