//! What holds for every value: the answers of a detector agree with each other, and what they say
//! about places is about places in the value.

use std::sync::LazyLock;

use syntrap::{ContextSet, Detector, Finding, Language, Policy};

use crate::shown;

/// Three detectors that differ in what they forbid, the laxest first.
struct Detectors([Detector; 3]);

impl Detectors {
    fn of(contexts: Option<ContextSet>) -> Self {
        Detectors([Policy::LAX, Policy::DEFAULT, Policy::STRICT].map(|policy| {
            let builder = Detector::builder().policy(policy);
            match contexts {
                Some(contexts) => builder.contexts(contexts).build(),
                None => builder.build(),
            }
        }))
    }

    fn check(&self, value: &[u8]) {
        let verdicts = self.0.each_ref().map(|detector| check(detector, value));
        assert!(verdicts.is_sorted(), "a stricter policy forbids less: {}", shown(value));
    }
}

/// Holds the answers of one detector against each other; answers whether the value is an attack.
fn check(detector: &Detector, value: &[u8]) -> bool {
    let report = detector.scan(value);
    let attack = report.is_attack();
    assert_eq!(attack, !report.findings.is_empty(), "{}", shown(value));
    assert_eq!(detector.is_attack(value), attack, "is_attack is not scan: {}", shown(value));
    assert_eq!(detector.verdict(value), report.verdict, "verdict is not scan: {}", shown(value));
    assert!(report.findings.is_sorted_by_key(|finding| finding.context));
    for finding in &report.findings {
        assert!(detector.contexts().contains(finding.context));
        assert!(detector.policy().forbids(finding.kind, finding.effects));
        assert!(finding.instructions.len() <= Finding::MAX_INSTRUCTIONS);
        let places = finding.instructions.iter().map(|instruction| &instruction.span);
        for span in places.chain([&finding.span]) {
            assert!(span.start <= span.end && span.end <= value.len(), "{span:?}: {}", shown(value));
        }
    }
    let traces = detector.trace(value);
    let forbidden = traces.iter().any(|trace| detector.policy().forbids(trace.context.kind(), trace.effects));
    assert_eq!(forbidden, attack, "trace is not scan: {}", shown(value));
    attack
}

macro_rules! languages {
    ($($name:ident: $language:expr),*) => {$(
        pub(crate) fn $name(value: &[u8]) {
            static DETECTORS: LazyLock<Detectors> =
                LazyLock::new(|| Detectors::of(Some(ContextSet::of_language($language))));
            DETECTORS.check(value);
        }
    )*};
}

languages!(
    sql: Language::Sql,
    shell: Language::Shell,
    path: Language::Path,
    html: Language::Html,
    js: Language::Js
);

/// All languages, and that together they find what each of them finds alone.
pub(crate) fn detector(value: &[u8]) {
    static TOGETHER: LazyLock<Detectors> = LazyLock::new(|| Detectors::of(None));
    static APART: LazyLock<Vec<Detector>> = LazyLock::new(|| {
        Language::ALL.iter().map(|&language| Detector::builder().languages([language]).build()).collect()
    });
    TOGETHER.check(value);
    let together = Detector::default().scan(value).findings;
    let apart: Vec<Finding> = APART.iter().flat_map(|detector| detector.scan(value).findings).collect();
    assert_eq!(together, apart, "{}", shown(value));
}
