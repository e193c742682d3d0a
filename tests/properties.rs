//! What holds for every input: any bytes, any cut, any configuration.

#[path = "support/fragments.rs"]
mod fragments;
#[path = "support/language.rs"]
mod language;

use language::{config, streamed};
use proptest::prelude::*;
use syntrap::sql::{self, Dialect, Start, Terminal};
use syntrap::{Context, ContextKind, ContextSet, Detector, Finding, Policy, Report, Verdict};

fn unscreened() -> Detector {
    Detector::builder().screen(false).build()
}

/// What a report says about an input must be about that input.
fn check(report: &Report, detector: &Detector, input: &[u8]) -> Result<(), TestCaseError> {
    prop_assert_eq!(report.is_attack(), !report.findings.is_empty());
    prop_assert!(report.findings.is_sorted_by_key(|finding| finding.context), "in the order of contexts");
    for finding in &report.findings {
        prop_assert!(detector.contexts().contains(finding.context));
        prop_assert_eq!(finding.language, finding.context.language());
        prop_assert_eq!(finding.kind, finding.context.kind());
        prop_assert!(detector.policy().forbids(finding.kind, finding.effects));
        prop_assert!(
            finding.span.start <= finding.span.end && finding.span.end <= input.len(),
            "{:?}",
            finding
        );
        prop_assert!(finding.instructions.len() <= Finding::MAX_INSTRUCTIONS);
        for instruction in &finding.instructions {
            let span = &instruction.span;
            prop_assert!(span.start <= span.end && span.end <= input.len(), "{:?}", instruction);
        }
    }
    Ok(())
}

#[test]
fn a_detector_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    fn sent<T: Send + 'static>() {}
    shared::<Detector>();
    shared::<Report>();
    sent::<syntrap::Stream>();
}

#[test]
fn every_terminal_has_the_number_of_its_place() {
    for (place, terminal) in Terminal::ALL.iter().enumerate() {
        assert_eq!(usize::from(terminal.index()), place, "{terminal:?}");
    }
}

#[test]
fn every_context_is_found_by_its_name() {
    for &context in Context::ALL {
        assert_eq!(context.name().parse(), Ok(context));
    }
    let error = "sql-nowhere".parse::<Context>().expect_err("there is no such context");
    assert!(error.to_string().contains("sql-statement"), "{error}");
}

#[test]
fn an_empty_value_is_benign() {
    assert_eq!(Detector::default().scan(b"").verdict, Verdict::Benign);
    assert_eq!(Detector::default().stream().finish().verdict, Verdict::Benign);
}

#[test]
fn a_single_byte_is_no_attack() {
    let detector = Detector::default();
    for byte in 0..=u8::MAX {
        assert_eq!(detector.scan(&[byte]).verdict, Verdict::Benign, "{:?}", char::from(byte));
    }
}

#[test]
fn a_detector_without_contexts_finds_nothing() {
    let detector = Detector::builder().contexts(ContextSet::EMPTY).build();
    assert_eq!(detector.scan(b"1' UNION SELECT password FROM users -- ").verdict, Verdict::Benign);
}

/// Values that the screen took for harmless: dialects that read them each in its own way, a set operator
/// behind text that is not SQL, and a statement without white space.
#[test]
fn the_screen_changes_no_report_on_values_that_it_once_dropped() {
    let values: [&[u8]; 12] = [
        b"' or $1$t$--x",
        b"' or nq'!\\'--",
        b"' or nq'!\\'/*!",
        b"x' where nq'!\\'--",
        b"1 or @)/*!",
        b"1 union select 1.51e+/",
        b"1 or f(select @@@v(N'",
        b"'1 union all --",
        b"do@x",
        b"\"@\xa0--",
        b"/*!a table */$t$-sleep(5)",
        b" * @a or '1'/1 regexp '0",
    ];
    for value in values {
        let shown = value.escape_ascii();
        assert_eq!(Detector::default().scan(value), unscreened().scan(value), "{shown}");
    }
}

/// White space of several bytes, one of which lies where a stream lets go of what it has read.
#[test]
fn a_cut_in_wide_white_space_changes_no_report() {
    let detector = unscreened();
    for space in ["\u{a0}", "\u{2003}", "\u{3000}"] {
        for digits in 60..100 {
            let value = format!("1 or{space}{space}1=1{}", "0".repeat(digits));
            let whole = detector.scan(value.as_bytes());
            for cut in 0..=value.len() {
                assert_eq!(streamed(&detector, value.as_bytes(), vec![cut]), whole, "{value:?} cut at {cut}");
            }
            let cuts = (0..=value.len()).collect();
            assert_eq!(streamed(&detector, value.as_bytes(), cuts), whole, "{value:?} byte by byte");
        }
    }
}

proptest! {
    #![proptest_config(config(1024))]

    #[test]
    fn the_screen_changes_no_report(input in fragments::input(16)) {
        let screened = Detector::default();
        let unscreened = unscreened();
        prop_assert_eq!(screened.scan(&input), unscreened.scan(&input));
        prop_assert_eq!(screened.is_attack(&input), unscreened.is_attack(&input));
    }

    #[test]
    fn is_attack_is_the_verdict_of_scan(input in fragments::input(16)) {
        let detector = Detector::default();
        prop_assert_eq!(detector.is_attack(&input), detector.scan(&input).is_attack());
        prop_assert_eq!(detector.verdict(&input), detector.scan(&input).verdict);
        let strict = Detector::builder().policy(Policy::STRICT).build();
        prop_assert_eq!(strict.is_attack(&input), strict.scan(&input).is_attack());
    }

    #[test]
    fn a_report_is_about_its_input(input in fragments::input(24)) {
        let detector = Detector::default();
        check(&detector.scan(&input), &detector, &input)?;
        let strict = Detector::builder().policy(Policy::STRICT).build();
        check(&strict.scan(&input), &strict, &input)?;
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(input in prop::collection::vec(any::<u8>(), 0..96)) {
        let detector = unscreened();
        check(&detector.scan(&input), &detector, &input)?;
        check(&streamed(&detector, &input, Vec::new()), &detector, &input)?;
    }

    #[test]
    fn what_a_lax_policy_forbids_a_strict_one_forbids(input in fragments::input(16)) {
        let lax = Detector::builder().policy(Policy::LAX).build();
        let strict = Detector::builder().policy(Policy::STRICT).build();
        prop_assert!(!lax.is_attack(&input) || Detector::default().is_attack(&input));
        prop_assert!(!Detector::default().is_attack(&input) || strict.is_attack(&input));
    }

    #[test]
    fn a_context_alone_finds_what_it_finds_among_others(input in fragments::input(12)) {
        let together = Detector::default().scan(&input);
        let apart: Vec<Finding> = Detector::default()
            .contexts()
            .iter()
            .flat_map(|context| Detector::builder().contexts(ContextSet::EMPTY.with(context)).build().scan(&input).findings)
            .collect();
        prop_assert_eq!(together.findings, apart);
    }

    #[test]
    fn a_trace_is_about_its_input_and_agrees_with_the_report(input in fragments::input(12)) {
        let detector = Detector::default();
        let traces = detector.trace(&input);
        for trace in &traces {
            prop_assert!(trace.accepted.start <= trace.accepted.end && trace.accepted.end <= input.len(), "{:?}", trace);
            if let Some(rejected) = &trace.rejected {
                prop_assert!(rejected.start <= rejected.end && rejected.end <= input.len(), "{:?}", trace);
            }
        }
        let forbidden = |trace: &syntrap::Trace| detector.policy().forbids(trace.context.kind(), trace.effects);
        prop_assert_eq!(traces.iter().any(forbidden), detector.is_attack(&input));
    }

    #[test]
    fn tokens_stand_in_order_inside_the_input(
        input in fragments::input(24),
        dialect in prop::sample::select(Dialect::ALL),
        start in prop::sample::select(&[
            Start::Text, Start::SingleQuoted, Start::DoubleQuoted, Start::Backquoted, Start::Bracketed, Start::Comment,
        ]),
    ) {
        let mut from = 0;
        for token in sql::tokens(&input, start, dialect) {
            let span = token.span();
            prop_assert!(span.start <= span.end && span.end <= input.len(), "{:?}", token);
            prop_assert!(span.start >= from || token.terminal == Terminal::Operand, "{:?} behind {}", token, from);
            from = span.start;
        }
    }

    #[test]
    fn however_a_value_is_cut_the_report_is_the_same(
        input in fragments::input(24),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let detector = unscreened();
        let cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
        prop_assert_eq!(streamed(&detector, &input, cuts.clone()), detector.scan(&input), "cut at {:?}", cuts);
    }
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn wherever_a_short_value_is_cut_in_two_the_report_is_the_same(input in fragments::input(10)) {
        let detector = unscreened();
        let whole = detector.scan(&input);
        for cut in 0..=input.len() {
            prop_assert_eq!(&streamed(&detector, &input, vec![cut]), &whole, "cut at {}", cut);
        }
    }

    #[test]
    fn a_value_that_comes_byte_by_byte_has_the_same_report(input in fragments::input(16)) {
        let detector = unscreened();
        let cuts = (0..=input.len()).collect();
        prop_assert_eq!(streamed(&detector, &input, cuts), detector.scan(&input));
    }

    #[test]
    fn a_command_is_only_found_in_command_contexts(input in fragments::input(12)) {
        for kind in [ContextKind::Injection, ContextKind::Command] {
            let detector = Detector::builder().contexts(ContextSet::of_kind(kind)).build();
            prop_assert!(detector.scan(&input).findings.iter().all(|finding| finding.kind == kind));
        }
    }
}
