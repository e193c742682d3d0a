//! What the public types say about themselves: names, sentences, sets, and the tokens of any context.

use std::collections::BTreeSet;

use syntrap::{
    Context, ContextKind, ContextSet, Detector, Effects, Language, Limits, Policy, Reason, Verdict,
};

#[test]
fn every_context_has_a_sentence_of_its_own_that_shows_the_place() {
    let sentences: BTreeSet<_> = Context::ALL.iter().map(|context| context.description()).collect();
    assert_eq!(sentences.len(), Context::ALL.len());
    for context in Context::ALL {
        let sentence = context.description();
        let shows = sentence.contains('·') || sentence.contains("{{…}}") || sentence.contains("cat <<END");
        let whole = sentence.starts_with("the whole text");
        assert!(shows || whole, "{context}: {sentence}");
        assert_eq!(whole, context.kind() == ContextKind::Command, "{context}: {sentence}");
    }
}

#[test]
fn answers_have_names_for_machines_and_texts_for_people() {
    let undecided = Verdict::Undecided(Reason::TooDeep);
    let names = [Verdict::Benign, Verdict::Attack, undecided].map(Verdict::name);
    assert_eq!(names, ["benign", "attack", "undecided"]);
    assert_eq!(Verdict::Attack.to_string(), "attack");
    assert_eq!(undecided.to_string(), format!("undecided: {}", Reason::TooDeep));
    assert_eq!([Reason::TooDeep, Reason::TokenTooLong].map(Reason::name), ["too-deep", "token-too-long"]);
    assert_ne!(Reason::TooDeep.to_string(), Reason::TokenTooLong.to_string());
    assert_eq!(
        [ContextKind::Injection, ContextKind::Command].map(ContextKind::name),
        ["injection", "command"]
    );
    assert_eq!((Effects::READ | Effects::DELAY).to_string(), "read, delay");
    assert_eq!(Effects::empty().to_string(), "");
    assert_eq!(Effects::all().names().count(), Effects::all().iter().count());
}

#[test]
fn an_unknown_name_is_refused_with_those_that_are_known() {
    let error = "sqlite".parse::<Language>().unwrap_err().to_string();
    assert!(error.contains("`sqlite`") && error.contains("sql, shell, path, html, js"), "{error}");
    let error = "sql".parse::<Context>().unwrap_err().to_string();
    assert!(error.contains("`sql`") && error.contains("sql-single-quoted"), "{error}");
}

#[test]
fn sets_of_contexts_are_sets() {
    let sql = ContextSet::of_language(Language::Sql);
    let commands = ContextSet::of_kind(ContextKind::Command);
    assert_eq!(sql.intersection(commands).iter().collect::<Vec<_>>(), [Context::SqlStatement]);
    assert_eq!(sql.without(Context::SqlStatement).with(Context::SqlStatement), sql);
    assert!(!sql.without(Context::SqlValue).contains(Context::SqlValue));
    assert_eq!(sql.union(commands).iter().count(), sql.iter().count() + commands.iter().count() - 1);
    assert_eq!(Context::ALL.iter().copied().collect::<ContextSet>(), ContextSet::filter(|_| true));
    assert!(ContextSet::EMPTY.is_empty() && ContextSet::default().is_empty() && !sql.is_empty());
    assert_eq!(format!("{:?}", ContextSet::EMPTY.with(Context::JsUrl)), "{JsUrl}");
}

#[test]
fn a_detector_is_what_was_asked_for() {
    let mut limits = Limits::default();
    limits.depth = 32;
    let contexts = ContextSet::of_language(Language::Sql).with(Context::HtmlData);
    let detector = Detector::builder()
        .contexts(contexts)
        .policy(Policy::LAX)
        .limits(limits)
        .languages([Language::Sql])
        .build();
    assert_eq!(detector.contexts(), ContextSet::of_language(Language::Sql));
    assert_eq!((*detector.policy(), *detector.limits()), (Policy::LAX, limits));
    assert_eq!(detector.verdict(&b"(".repeat(40)), Verdict::Undecided(Reason::TooDeep));

    let detector = Detector::default();
    assert_eq!((*detector.policy(), *detector.limits()), (Policy::default(), Limits::default()));
    let commands = detector.contexts().intersection(ContextSet::of_kind(ContextKind::Command));
    assert_eq!(commands.iter().collect::<Vec<_>>(), [Context::SqlStatement]);
    assert!(
        ContextSet::of_kind(ContextKind::Injection)
            .iter()
            .all(|context| detector.contexts().contains(context))
    );
}

#[test]
fn a_context_shows_the_tokens_of_its_language_in_any_dialect() {
    let value = b"x' \" ; <b> } or (1) -- ";
    for &context in Context::ALL {
        let first = context.dialects().next();
        assert_eq!(context.tokens(value, None), context.tokens(value, first), "{context}");
        for dialect in context.dialects() {
            let tokens = context.tokens(value, Some(dialect)).unwrap();
            let ends = tokens.iter().map(|token| token.span.end);
            assert!(
                ends.is_sorted() && tokens.iter().all(|token| token.span.end <= value.len()),
                "{context}"
            );
        }
        assert!(context.tokens(value, Some("esperanto")).is_err(), "{context}");
    }
    let tokens = Context::ShellArgument.tokens(b"x; ls", Some("posix")).unwrap();
    let shown: Vec<_> = tokens.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["literal at 0..1", "; at 1..2", "literal at 3..5"]);
}

#[test]
fn of_long_tokens_in_a_stream_only_those_with_a_limit_are_undecided() {
    let detector = Detector::default();
    let scanned_in_pieces = |value: &[u8]| {
        let mut stream = detector.stream();
        value.chunks(1000).for_each(|piece| stream.push(piece));
        stream.finish()
    };
    // The middle of a word and of a number is left out; what stands behind them is where it is.
    let limit = detector.limits().token_bytes;
    for byte in ["a", "7", "\u{e9}"] {
        let value = format!("1 or {} = 3 union select 1, 2 from shelf", byte.repeat(2 * limit)).into_bytes();
        let report = scanned_in_pieces(&value);
        assert_eq!(report, detector.scan(&value), "{byte}");
        assert!(report.is_attack(), "{byte}");
    }
    let mut limits = Limits::default();
    limits.token_bytes = 16;
    let strict = Detector::builder().languages([Language::Html]).limits(limits).build();
    let mut stream = strict.stream();
    stream.push(b"<script>");
    stream.push("x".repeat(4096).as_bytes());
    assert_eq!(stream.finish().verdict, Verdict::Undecided(Reason::TokenTooLong));
}
