//! What the C face costs and what the drop-in gives, held against bars.
//!
//! `cargo build --release -p syntrap-ffi -p syntrap-libinjection && cargo bench -p syntrap-ffi`
//!
//! * `syntrap_check` of the shared library costs at most 15 ns more than the call in Rust.
//! * The drop-in is at least three times as fast as libinjection on benign values.
//! * It finds at least three points more of the SQL attacks in the corpora, of all records and as
//!   the mean over files, with at most a tenth of the false alarms on ordinary text.
//!
//! The last two need libinjection (`libmodsecurity3` on Debian) and the corpora, and say so if they
//! are missing. `-- --no-times` leaves out what a busy machine disturbs. Exit status 1 if a bar is missed.

use std::ffi::{c_char, c_int, c_void};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs, ptr};

use libloading::{Library, Symbol};
use syntrap::Detector;

/// `syntrap_detector_new`, `syntrap_check` and `libinjection_sqli` as C declares them; a status and a
/// verdict are an `int` there.
type New = unsafe extern "C" fn(*const c_void, *mut *mut c_void) -> c_int;
type Check = unsafe extern "C" fn(*const c_void, *const c_void, usize, *mut c_int) -> c_int;
type Sqli = unsafe extern "C" fn(*const c_char, usize, *mut c_char) -> c_int;

const BENIGN: &[&str] = &[
    "48213",
    "19.99",
    "blue",
    "created_at",
    "0b5f2e9c-7d41-4c5e-9a3e-6f1d2c8b7a90",
    "2025-03-14T09:26:53Z",
    "+49 (0)30 5550-1234",
    "Margarethe von der Heide",
    "Siobhan O'Malley",
    "margarethe.heide@mail.example.org",
    "17 Harbour Rd., Apt. 4/B, 20095 Hamburg",
    "https://shop.example.org/list?page=2&sort=price&q=garden+chair#top",
    "garden chair wood -plastic",
    "Please leave the parcel with the neighbours on the left.",
    "It's late and we can't come, but we'll call you at 5 o'clock.",
    "Select a table from the list and order by phone or update your group.",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
];

fn main() {
    let times = !env::args().any(|argument| argument == "--no-times");
    let mut missed = 0;
    let mut bar = |text: String, held: bool| {
        println!("{}  {text}", if held { "held  " } else { "MISSED" });
        missed += usize::from(!held);
    };
    let values: Vec<Vec<u8>> = BENIGN.iter().map(|value| value.as_bytes().to_vec()).collect();

    if times {
        let over = overhead(&values);
        bar(format!("the C call costs {over:.1} ns more than the Rust call (at most 15)"), over <= 15.0);
    }

    let ours = Peer::load(&built("libsyntrap_libinjection.so")).expect("the drop-in is built");
    match Peer::load(Path::new("libmodsecurity.so.3")) {
        None => println!("SKIPPED: libinjection is not installed (libmodsecurity3)"),
        Some(theirs) => {
            if times {
                let ratio = speed(&ours, &theirs, &values);
                bar(
                    format!("{ratio:.1} times as fast as libinjection on form values (at least 3)"),
                    ratio >= 3.0,
                );
            }
            match corpora() {
                None => println!("SKIPPED: there are no corpora"),
                Some(corpora) => compare(&corpora, &ours, &theirs, times, &mut bar),
            }
        }
    }
    std::process::exit(i32::from(missed > 0));
}

/// A shared library beside the benchmark's own directory.
fn built(name: &str) -> PathBuf {
    let here = env::current_exe().expect("the benchmark has a path");
    here.parent().and_then(Path::parent).expect("in target/release/deps").join(name)
}

/// `libinjection_sqli` of some library.
struct Peer {
    sqli: Sqli,
    _library: Library,
}

impl Peer {
    fn load(path: &Path) -> Option<Self> {
        // SAFETY: the initialisers are those of a library that programs link to.
        let library = unsafe { Library::new(path) }.ok()?;
        // SAFETY: both libraries declare the symbol so.
        let sqli = *unsafe { library.get::<Sqli>(b"libinjection_sqli\0") }.ok()?;
        Some(Peer { sqli, _library: library })
    }

    fn flags(&self, value: &[u8]) -> bool {
        let mut fingerprint: [c_char; 8] = [0; 8];
        // SAFETY: the value is readable for its length, the fingerprint has its eight bytes.
        unsafe { (self.sqli)(value.as_ptr().cast(), value.len(), fingerprint.as_mut_ptr()) != 0 }
    }
}

/// What is measured: a call about a value.
type Call<'a> = &'a dyn Fn(&[u8]) -> bool;

/// The least time that the calls take for all values, in nanoseconds a value. Rounds are short and
/// alternate, so that each call has some that nothing else on the machine disturbs.
fn fastest<const N: usize>(values: &[Vec<u8>], calls: [Call; N]) -> [f64; N] {
    let repeats = 2_000 / values.len().max(1) + 1;
    let mut best = [f64::INFINITY; N];
    for _ in 0..400 {
        for (call, best) in calls.iter().zip(&mut best) {
            let start = Instant::now();
            for _ in 0..repeats {
                for value in values {
                    black_box(call(black_box(value)));
                }
            }
            let nanoseconds = start.elapsed().as_nanos() as f64 / (repeats * values.len()) as f64;
            *best = best.min(nanoseconds);
        }
    }
    best
}

/// How much longer `syntrap_check` takes than `Detector::verdict`: the median over the values, for
/// where two copies of the same code lie in memory matters more to the slow ones.
fn overhead(values: &[Vec<u8>]) -> f64 {
    // SAFETY: the library of this workspace.
    let library = unsafe { Library::new(built("libsyntrap_ffi.so")) }.expect("libsyntrap is built");
    // SAFETY: the header declares both so.
    let (new, check): (Symbol<New>, Symbol<Check>) = unsafe {
        (library.get(b"syntrap_detector_new\0").unwrap(), library.get(b"syntrap_check\0").unwrap())
    };
    let mut handle = ptr::null_mut();
    // SAFETY: `handle` may be written to. The detector lives as long as the process.
    assert_eq!(unsafe { new(ptr::null(), &mut handle) }, 0);
    let in_c = |value: &[u8]| {
        let mut verdict = 2;
        // SAFETY: `handle` is a detector, the value is readable, `verdict` may be written to.
        unsafe { check(handle, value.as_ptr().cast(), value.len(), &mut verdict) != 0 || verdict != 0 }
    };
    let detector = Detector::default();
    let in_rust = |value: &[u8]| detector.verdict(value) != syntrap::Verdict::Benign;
    let mut over: Vec<f64> = values
        .iter()
        .map(|value| {
            let [c, rust] = fastest(std::slice::from_ref(value), [&in_c, &in_rust]);
            println!("        {c:8.1} ns in C, {rust:8.1} ns in Rust, {} bytes", value.len());
            c - rust
        })
        .collect();
    over.sort_by(f64::total_cmp);
    over[over.len() / 2]
}

fn speed(ours: &Peer, theirs: &Peer, values: &[Vec<u8>]) -> f64 {
    let [our_time, their_time] = fastest(values, [&|value| ours.flags(value), &|value| theirs.flags(value)]);
    println!("        drop-in {our_time:.1} ns a value, libinjection {their_time:.1} ns");
    their_time / our_time
}

/// The labelled corpora, as `tests/corpora.rs` finds them.
fn corpora() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let directory = env::var_os("SYNTRAP_CORPORA").map_or(beside, PathBuf::from);
    directory.is_dir().then_some(directory)
}

fn compare(corpora: &Path, ours: &Peer, theirs: &Peer, times: bool, bar: &mut impl FnMut(String, bool)) {
    let mut files: Vec<PathBuf> =
        fs::read_dir(corpora).expect("readable").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let (mut attacks, mut benign) = (Tally::default(), Tally::default());
    let mut sample = Vec::new();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let ordinary = name.starts_with("any-benign-")
            && !name.starts_with("any-benign-hard-")
            && !name.starts_with("any-benign-code-");
        let tally = match name.starts_with("sql-attack-") {
            true => &mut attacks,
            false if ordinary => &mut benign,
            false => continue,
        };
        let records = records(&fs::read(&path).expect("readable"));
        if ordinary {
            sample.extend(records.iter().step_by(50).cloned());
        }
        tally.add(&records, ours, theirs);
    }
    let [our_recall, their_recall] = attacks.shares();
    let [our_mean, their_mean] = attacks.means();
    println!(
        "        of {} attacks: drop-in {our_recall:.2} %, libinjection {their_recall:.2} %",
        attacks.records
    );
    let files = attacks.means.len();
    println!("        mean over {files} files: drop-in {our_mean:.2} %, libinjection {their_mean:.2} %");
    let gain = (our_recall - their_recall).min(our_mean - their_mean);
    bar(format!("finds {gain:.2} points more (at least 3)"), gain >= 3.0);
    let [our_false, their_false] = benign.flagged;
    bar(
        format!("{our_false} false alarms to {their_false} in {} (at most a tenth)", benign.records),
        our_false * 10 <= their_false,
    );
    if times {
        let ratio = speed(ours, theirs, &sample);
        println!("        {ratio:.1} times as fast on every fiftieth ordinary record, long ones too");
    }
}

/// What each of the two flagged.
#[derive(Default)]
struct Tally {
    records: usize,
    flagged: [usize; 2],
    /// The shares of each file.
    means: Vec<[f64; 2]>,
}

impl Tally {
    fn add(&mut self, records: &[Vec<u8>], ours: &Peer, theirs: &Peer) {
        let flagged = [ours, theirs].map(|peer| records.iter().filter(|record| peer.flags(record)).count());
        self.records += records.len();
        self.means.push(flagged.map(|flagged| 100.0 * flagged as f64 / records.len().max(1) as f64));
        for (sum, flagged) in self.flagged.iter_mut().zip(flagged) {
            *sum += flagged;
        }
    }

    fn shares(&self) -> [f64; 2] {
        self.flagged.map(|flagged| 100.0 * flagged as f64 / self.records.max(1) as f64)
    }

    fn means(&self) -> [f64; 2] {
        [0, 1].map(|which| self.means.iter().map(|means| means[which]).sum::<f64>() / self.means.len() as f64)
    }
}

/// The records of a file: one a line, with escapes.
fn records(text: &[u8]) -> Vec<Vec<u8>> {
    text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).map(unescape).collect()
}

fn unescape(line: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(line.len());
    let mut rest = line;
    while let [first, tail @ ..] = rest {
        let (byte, next) = match (first, tail) {
            (b'\\', [b'n', next @ ..]) => (b'\n', next),
            (b'\\', [b'r', next @ ..]) => (b'\r', next),
            (b'\\', [b't', next @ ..]) => (b'\t', next),
            (b'\\', [b'0', next @ ..]) => (0, next),
            (b'\\', [b'\\', next @ ..]) => (b'\\', next),
            (b'\\', [b'x', high, low, next @ ..]) => {
                let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
                (digit(*high) << 4 | digit(*low), next)
            }
            (&byte, next) => (byte, next),
        };
        value.push(byte);
        rest = next;
    }
    value
}
