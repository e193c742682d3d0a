//! What holds for the screen: it saves work, and changes no report.

use std::sync::LazyLock;

use syntrap::{ContextSet, Detector, Language, Verdict};

use crate::shown;

/// Every language by itself with the screen and without it.
pub(crate) fn screen(value: &[u8]) {
    static PAIRS: LazyLock<Vec<(Language, Detector, Detector)>> = LazyLock::new(|| {
        let pair = |&language| {
            let builder = Detector::builder().contexts(ContextSet::of_language(language));
            (language, builder.clone().build(), builder.screen(false).build())
        };
        Language::ALL.iter().map(pair).collect()
    });
    for (language, screened, unscreened) in PAIRS.iter() {
        let found = screened.scan(value);
        let mut expected = unscreened.scan(value);
        // What the screen leaves out of JavaScript cannot count, however deep it nests.
        let undecided = matches!(expected.verdict, Verdict::Undecided(_));
        if *language == Language::Js && undecided && found.verdict == Verdict::Benign {
            expected.verdict = Verdict::Benign;
        }
        assert_eq!(found, expected, "{language}: {}", shown(value));
        assert_eq!(screened.is_attack(value), unscreened.is_attack(value), "{language}: {}", shown(value));
    }
}
