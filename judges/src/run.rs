//! The run that all engines share: generate, place, judge, compare, count.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};

use syntrap::{Context, ContextSet, Detector};

use crate::Generator;

/// A program's text around a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Template {
    /// Where the value stands.
    pub context: Context,
    /// What stands before it.
    pub before: &'static str,
    /// What stands behind it.
    pub after: &'static str,
    /// A value that is data here.
    pub plain: &'static str,
}

impl Template {
    /// The text with a value in it. `text` has `·` where the value goes.
    pub const fn new(
        context: Context,
        before: &'static str,
        plain: &'static str,
        after: &'static str,
    ) -> Self {
        Template { context, before, after, plain }
    }

    /// The program with a value in it.
    pub fn with(&self, value: &str) -> String {
        [self.before, value, self.after].concat()
    }
}

impl Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}·{}", self.before, self.after)
    }
}

/// What an engine says about a program with a value in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ruling {
    /// The engine does not take it.
    Refused,
    /// The engine does nothing that it would not do with a plain value.
    Data,
    /// What the engine does beyond that.
    Acts(BTreeSet<&'static str>),
}

/// An engine, with the programs that it judges.
pub trait Engine {
    /// What it is called.
    const NAME: &'static str;

    /// How many values are generated if the environment does not say.
    const VALUES: usize = 3_000;

    /// Where values are placed.
    fn templates(&self) -> Vec<Template>;

    /// These values are judged next: an engine that judges many at a time does it now.
    fn prepare(&mut self, _: &[String]) {}

    /// What the engine says about a value in a place.
    fn judge(&mut self, template: &Template, value: &str) -> Ruling;

    /// Whether a second engine that costs more agrees that the program is one. It is asked only about
    /// what is to be reported.
    fn confirms(&mut self, _: &Template, _: &str) -> bool {
        true
    }

    /// The exceptions to the invariant.
    fn exceptions(&self) -> &'static [Exception];
}

/// A class of values that carry an instruction and are not to be found.
#[derive(Clone, Copy, Debug)]
pub struct Exception {
    /// The heading in `docs/disagreements.md`.
    pub name: &'static str,
    /// Whether a value in a context that carries these instructions belongs to it.
    pub covers: fn(value: &str, context: Context, acts: &BTreeSet<&'static str>) -> bool,
}

/// How many values an engine is told of at a time.
const BATCH: usize = 500;

/// How many disagreements are shown.
const SHOWN: usize = 40;

/// Generates values and holds the detector to what the engine says about them.
///
/// # Panics
///
/// If an engine does more with a value than the detector finds, and no exception says why; if
/// `is_attack` and `scan` disagree; or if an exception covers nothing in a long run.
pub fn hold<E: Engine>(mut engine: E, mut generator: Generator) {
    let values = std::env::var("SYNTRAP_JUDGED_VALUES").map_or(E::VALUES, |n| n.parse().expect("a number"));
    let everywhere = Detector::default();
    let templates = engine.templates();
    let detectors: BTreeMap<Context, Detector> = templates
        .iter()
        .map(|template| {
            (template.context, Detector::builder().contexts(ContextSet::EMPTY.with(template.context)).build())
        })
        .collect();
    let mut tally = Tally::default();
    let mut disagreements: BTreeMap<String, String> = BTreeMap::new();
    let mut left = values;
    while left > 0 {
        let batch: Vec<String> = (0..left.min(BATCH)).map(|_| generator.value()).collect();
        left -= batch.len();
        engine.prepare(&batch);
        for value in &batch {
            let attack = everywhere.is_attack(value.as_bytes());
            let scanned = everywhere.scan(value.as_bytes()).is_attack();
            assert_eq!(attack, scanned, "is_attack and scan: {value:?}");
            let mut accepted = false;
            for template in &templates {
                let detector = &detectors[&template.context];
                let ruling = engine.judge(template, value);
                accepted |= tally.count(&ruling);
                if let Some(name) =
                    missed(&mut engine, detector, template, value, ruling, &mut tally.excepted)
                {
                    let least = generator.shrink(value, |value| {
                        let ruling = engine.judge(template, value);
                        let found =
                            missed(&mut engine, detector, template, value, ruling, &mut BTreeMap::new());
                        found.as_ref() == Some(&name)
                    });
                    disagreements.entry(least).or_insert_with(|| format!("{template}  {name}"));
                }
            }
            tally.flagged_alone += usize::from(attack && !accepted);
        }
    }
    println!("{}: {values} values, {tally}", E::NAME);
    for (value, place) in disagreements.iter().take(SHOWN) {
        println!("  not found: {value:?} in {place}");
    }
    assert!(disagreements.is_empty(), "{} disagreements with {}", disagreements.len(), E::NAME);
}

/// What the engine does with a value that the detector does not find and no exception covers.
fn missed<E: Engine>(
    engine: &mut E,
    detector: &Detector,
    template: &Template,
    value: &str,
    ruling: Ruling,
    excepted: &mut BTreeMap<&'static str, usize>,
) -> Option<String> {
    let Ruling::Acts(acts) = ruling else { return None };
    if detector.is_attack(value.as_bytes()) {
        return None;
    }
    let exception = engine.exceptions().iter().find(|e| (e.covers)(value, template.context, &acts));
    match exception {
        Some(exception) => {
            *excepted.entry(exception.name).or_default() += 1;
            None
        }
        None if engine.confirms(template, value) => Some(acts.into_iter().collect::<Vec<_>>().join(", ")),
        None => None,
    }
}

#[derive(Default)]
struct Tally {
    judged: usize,
    data: usize,
    acts: usize,
    flagged_alone: usize,
    excepted: BTreeMap<&'static str, usize>,
}

impl Tally {
    /// Counts what an engine says; answers whether it does something.
    fn count(&mut self, ruling: &Ruling) -> bool {
        self.judged += 1;
        self.data += usize::from(*ruling == Ruling::Data);
        let acts = matches!(ruling, Ruling::Acts(_));
        self.acts += usize::from(acts);
        acts
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { judged, data, acts, flagged_alone, excepted } = self;
        write!(f, "{judged} programs; {data} take the value for data, {acts} do more; ")?;
        write!(f, "{flagged_alone} values are found that no program does more with")?;
        excepted.iter().try_for_each(|(name, count)| write!(f, "\n  {count} times: {name}"))
    }
}
