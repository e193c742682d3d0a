//! How long a verdict takes, beside detectors that do the same work, in one run over the same values.
//!
//! `cargo bench --bench peers` takes about half a minute. It prints for each group of
//! `benches/values.toml` how many times as fast as each peer Syntrap is, holds the figures against bars,
//! and draws them to `target/peers.svg`. libinjection is left out where the system does not have it
//! (`libmodsecurity3` on Debian).

#[path = "support/chart.rs"]
mod chart;
#[path = "../tests/support/repetitions.rs"]
mod repetitions;
#[path = "support/values.rs"]
mod values;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use syntrap::{Detector, Language};
use syntrap_peer::Libinjection;

/// A name and what says whether a value is an attack.
type Judge = (&'static str, Box<dyn Fn(&[u8]) -> bool>);

/// Places in [`judges`]: Syntrap with all languages, and with those that libinjection reads.
const ALL: usize = 0;
const SAME: usize = 1;

/// What one judge made of one group.
struct Measured {
    /// Nanoseconds for each value.
    times: Vec<f64>,
    flagged: usize,
}

/// A group, and what each judge made of it, in the order of [`judges`].
struct Row {
    kind: String,
    name: String,
    bytes: usize,
    measured: Vec<Measured>,
}

/// Syntrap with all languages, Syntrap with those that libinjection reads, and the peers.
fn judges() -> Vec<Judge> {
    let all = Detector::default();
    let some = Detector::builder().languages([Language::Sql, Language::Html, Language::Js]).build();
    let mut judges: Vec<Judge> = vec![
        ("syntrap", Box::new(move |value| all.is_attack(value))),
        ("sql+html+js", Box::new(move |value| some.is_attack(value))),
    ];
    match Libinjection::load() {
        Some(peer) => {
            judges.push(("libinjection", Box::new(move |value| peer.is_sqli(value) | peer.is_xss(value))))
        }
        None => println!("SKIPPED: libinjection is not installed (libmodsecurity3)"),
    }
    judges.push(("libinjectionrs", Box::new(syntrap_peer::libinjectionrs)));
    judges.push(("security-rust", Box::new(syntrap_peer::security_rust)));
    judges
}

/// Nanoseconds a call, of the fastest of several batches: what else the machine does only adds.
fn nanoseconds(call: impl Fn() -> bool) -> f64 {
    let start = Instant::now();
    black_box(call());
    let once = start.elapsed().max(Duration::from_nanos(20));
    let batch = (Duration::from_micros(100).as_nanos() / once.as_nanos()).clamp(1, 5_000) as u32;
    (0..15)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..batch {
                black_box(call());
            }
            start.elapsed().as_nanos() as f64 / f64::from(batch)
        })
        .fold(f64::INFINITY, f64::min)
}

fn measure(judges: &[Judge]) -> Vec<Row> {
    values::groups()
        .into_iter()
        .map(|group| {
            let measured = judges
                .iter()
                .map(|(_, judge)| Measured {
                    times: group.values.iter().map(|value| nanoseconds(|| judge(black_box(value)))).collect(),
                    flagged: group.values.iter().filter(|value| judge(value)).count(),
                })
                .collect();
            let bytes = group.values.iter().map(Vec::len).sum();
            Row { kind: group.kind, name: group.name, bytes, measured }
        })
        .collect()
}

impl Row {
    fn mean(&self, judge: usize) -> f64 {
        let times = &self.measured[judge].times;
        times.iter().sum::<f64>() / times.len() as f64
    }

    /// How many times as fast as another judge Syntrap is.
    fn ratio(&self, judge: usize) -> f64 {
        self.mean(judge) / self.mean(ALL)
    }
}

/// The value below which a share of them lies.
fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}

/// Times over all values of a kind.
struct Spread {
    median: f64,
    mean: f64,
    p99: f64,
    /// A second.
    bytes: f64,
}

fn spread(rows: &[Row], kind: &str, judge: usize) -> Spread {
    let rows = rows.iter().filter(|row| row.kind == kind);
    let bytes: usize = rows.clone().map(|row| row.bytes).sum();
    let mut times: Vec<f64> = rows.flat_map(|row| row.measured[judge].times.iter().copied()).collect();
    let sum: f64 = times.iter().sum();
    Spread {
        median: quantile(&mut times, 0.5),
        mean: sum / times.len() as f64,
        p99: quantile(&mut times, 0.99),
        bytes: bytes as f64 * 1e9 / sum,
    }
}

/// A row for each group: nanoseconds a value, values flagged, times as fast as the judge.
fn print_groups(judges: &[Judge], rows: &[Row]) {
    print!("{:<25} {:>6} {:>8}", "group", "values", "bytes");
    for (name, _) in judges {
        print!(" {name:>24}");
    }
    println!("\n{:<25} {:>6} {:>8}{}", "", "", "", "  flagged       ns   ratio".repeat(judges.len()));
    for row in rows {
        let name = format!("{}-{}", row.kind, row.name);
        print!("{name:<25} {:>6} {:>8}", row.measured[ALL].times.len(), row.bytes);
        for (judge, measured) in row.measured.iter().enumerate() {
            print!("{:>9} {:>8.0} {:>7.2}", measured.flagged, row.mean(judge), row.ratio(judge));
        }
        println!();
    }
}

fn print_kinds(judges: &[Judge], rows: &[Row]) {
    for kind in ["benign", "long", "attacks", "adversarial"] {
        println!(
            "\n{kind:<16} {:>10} {:>10} {:>10} {:>12} {:>10}",
            "median ns", "mean ns", "p99 ns", "p99/median", "MB/s"
        );
        for (judge, (name, _)) in judges.iter().enumerate() {
            let Spread { median, mean, p99, bytes } = spread(rows, kind, judge);
            println!(
                "{name:<16} {median:>10.0} {mean:>10.0} {p99:>10.0} {:>12.1} {:>10.0}",
                p99 / median,
                bytes / 1e6
            );
        }
    }
}

/// What we want to reach.
fn print_bars(judges: &[Judge], rows: &[Row]) {
    let bar = |held: bool, text: String| println!("{}  {text}", if held { "held  " } else { "MISSED" });
    println!();
    let ours = spread(rows, "benign", ALL);
    if let Some(peer) = judges.iter().position(|(name, _)| *name == "libinjection") {
        let theirs = spread(rows, "benign", peer);
        let (median, mean) = (theirs.median / ours.median, theirs.mean / ours.mean);
        bar(
            median >= 10.0,
            format!("the median benign value: {median:.1} times as fast as libinjection (10)"),
        );
        bar(mean >= 10.0, format!("all benign values: {mean:.1} times as fast as libinjection (10)"));
        for row in rows.iter().filter(|row| row.kind == "attacks") {
            let ratio = row.ratio(peer);
            bar(ratio >= 2.0, format!("attacks, {}: {ratio:.1} times as fast as libinjection (2)", row.name));
        }
    }
    let spread = ours.p99 / ours.median;
    bar(spread <= 4.0, format!("p99 over benign values: {spread:.1} medians (at most 4)"));
    for row in rows.iter().filter(|row| row.kind == "long") {
        let rate = row.bytes as f64 / row.measured[ALL].times.iter().sum::<f64>();
        bar(rate >= 1.0, format!("long text, {}: {rate:.2} GB/s (1)", row.name));
    }
}

fn main() {
    let judges = judges();
    let rows = measure(&judges);
    print_groups(&judges, &rows);
    print_kinds(&judges, &rows);
    print_bars(&judges, &rows);

    let chart = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers.svg");
    let names: Vec<&str> = judges.iter().map(|(name, _)| *name).collect();
    chart::draw(&chart, &names, &rows).expect("the chart can be written");
    println!("\ndrawn: {}", chart.display());
}
