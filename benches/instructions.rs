//! How many instructions a verdict takes, counted by valgrind's callgrind and held against
//! `benches/instructions.toml`: unlike times, counts are the same on a busy machine.
//!
//! `cargo bench --bench instructions` fails where a group takes 5 % more than in the baseline. After a
//! change that is meant, or of the values, `cargo bench --bench instructions -- --write` writes the
//! baseline anew. Counts depend on the compiler, so with another than the baseline's the table is only
//! shown. `-- --only NAME` leaves out the groups whose name does not contain `NAME`.

#[path = "../tests/support/repetitions.rs"]
mod repetitions;
#[path = "support/values.rs"]
mod values;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

use clap::Parser;
use serde::{Deserialize, Serialize};
use syntrap::{Detector, Language};
use values::Group;

/// What a count may exceed the baseline's by.
const TOLERANCE: f64 = 0.05;

/// Counts below this a value are a few branches, of which 5 % is less than one.
const SLACK: u64 = 2;

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.toml");

/// Set in the process that valgrind runs.
const COUNTED: &str = "SYNTRAP_COUNTED";

/// Counts instructions of `Detector::is_attack` and holds them against the baseline.
#[derive(Parser)]
struct Arguments {
    /// Write the baseline anew
    #[arg(long, conflicts_with = "only")]
    write: bool,
    /// Count only groups with this in their name
    #[arg(long, value_name = "NAME", default_value = "")]
    only: String,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// Instructions a value (the mean of a group), by group and by the languages that the detector reads.
type Counts = BTreeMap<String, BTreeMap<String, u64>>;

#[derive(Serialize, Deserialize)]
struct Baseline {
    /// What `rustc --version` says.
    rustc: String,
    #[serde(default)]
    instructions: Counts,
}

/// Callgrind counts what runs in here.
#[inline(never)]
fn counted_pass(detector: &Detector, values: &[Vec<u8>]) -> usize {
    values.iter().filter(|value| detector.is_attack(black_box(value))).count()
}

/// Callgrind writes a file with its counts when this is left. What is computed once in a process, and
/// what is remembered from value to value, is there before it counts.
#[inline(never)]
fn dumped_pass(detector: &Detector, values: &[Vec<u8>]) {
    let warm = values.iter().filter(|value| detector.is_attack(black_box(value))).count();
    assert_eq!(warm, counted_pass(detector, values));
}

/// One detector for all languages, one for each.
fn detectors() -> Vec<(&'static str, Detector)> {
    let mut detectors = vec![("all", Detector::default())];
    detectors.extend(
        Language::ALL
            .iter()
            .map(|&language| (language.name(), Detector::builder().languages([language]).build())),
    );
    detectors
}

fn groups(only: &str) -> Vec<Group> {
    values::groups().into_iter().filter(|group| name(group).contains(only)).collect()
}

fn name(group: &Group) -> String {
    format!("{}-{}", group.kind, group.name)
}

/// The other side of [`count`]: each group with each detector, in the same order.
fn run(groups: &[Group]) {
    for (_, detector) in detectors() {
        for group in groups {
            dumped_pass(&detector, &group.values);
        }
    }
}

/// Runs this program under callgrind; `None` where there is no valgrind.
fn count(only: &str) -> Option<Counts> {
    let directory = tempfile::tempdir().expect("a directory for callgrind's files");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*counted_pass*", "--dump-after=*dumped_pass*"])
        .arg(format!("--callgrind-out-file={}", directory.path().join("out").display()))
        .arg(env::current_exe().expect("the path of this program"))
        .env(COUNTED, only)
        .output()
        .ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let groups = groups(only);
    let mut counts = Counts::new();
    let mut part = 0;
    for (detector, _) in detectors() {
        for group in &groups {
            part += 1;
            let total = total(&directory.path().join(format!("out.{part}")));
            counts
                .entry(name(group))
                .or_default()
                .insert(detector.to_owned(), total.div_ceil(group.values.len() as u64));
        }
    }
    Some(counts)
}

/// The number of instructions in a file that callgrind wrote.
fn total(file: &Path) -> u64 {
    let text = fs::read_to_string(file).expect("callgrind writes a file for each pass");
    text.lines()
        .find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok())
        .expect("callgrind writes a line of totals")
}

fn rustc() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

fn write(counts: Counts) {
    let baseline = Baseline { rustc: rustc(), instructions: counts };
    let text = format!(
        "# Instructions that a verdict takes, the mean of a group's values, by the languages that are read.\n\
        # Written by `cargo bench --bench instructions -- --write`.\n\n{}",
        toml::to_string(&baseline).expect("strings and numbers"),
    );
    fs::write(BASELINE, text).expect("the baseline can be written");
    println!("written: {BASELINE}");
}

/// A row for each group, a column for each detector; how many are above the baseline.
fn compare(counts: &Counts, baseline: &Counts) -> usize {
    let (mut above, mut below) = (0, 0);
    print!("{:<26}", "instructions a value");
    for (detector, _) in detectors() {
        print!("{detector:>18}");
    }
    println!();
    for (group, row) in counts {
        print!("{group:<26}");
        for (detector, _) in detectors() {
            let count = row[detector];
            let change = match baseline.get(group).and_then(|row| row.get(detector)) {
                None => "new".to_owned(),
                Some(&before) => {
                    let ratio = count as f64 / before as f64 - 1.0;
                    let beyond = ratio.abs() > TOLERANCE && count.abs_diff(before) > SLACK;
                    above += usize::from(beyond && ratio > 0.0);
                    below += usize::from(beyond && ratio < 0.0);
                    format!("{:+.1} %{}", ratio * 100.0, if beyond { '!' } else { ' ' })
                }
            };
            print!("{count:>8} {change:>9}");
        }
        println!();
    }
    println!("\n{above} above the baseline, {below} below it");
    above
}

fn main() -> ExitCode {
    if let Ok(only) = env::var(COUNTED) {
        run(&groups(&only));
        return ExitCode::SUCCESS;
    }
    let arguments = Arguments::parse();
    let Some(counts) = count(&arguments.only) else {
        println!("SKIPPED: valgrind is not installed");
        return ExitCode::SUCCESS;
    };
    let baseline: Option<Baseline> = fs::read_to_string(BASELINE)
        .ok()
        .map(|text| toml::from_str(&text).expect("the baseline is well formed"));
    let above = compare(
        &counts,
        &baseline.as_ref().map(|baseline| baseline.instructions.clone()).unwrap_or_default(),
    );
    if arguments.write {
        write(counts);
        return ExitCode::SUCCESS;
    }
    match baseline {
        Some(baseline) if baseline.rustc != rustc() => {
            println!("not judged: the baseline is of {}, this is {}", baseline.rustc, rustc());
            ExitCode::SUCCESS
        }
        Some(_) if above == 0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
