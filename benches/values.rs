//! How long a verdict takes: ordinary values, attacks, and values made to be slow; beside
//! libinjection where the system has it.
//!
//! `cargo bench --bench values -- --quick` takes a minute or two. A table at the end holds
//! Syntrap's time against libinjection's for each value and for each group.

#[path = "../tests/support/repetitions.rs"]
mod repetitions;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput};
use repetitions::{REPETITIONS, repeated};
use syntrap::Detector;
use syntrap_peer::Libinjection;

const BENIGN: &[(&str, &str)] = &[
    ("digits", "48213"),
    ("decimal", "19.99"),
    ("negative", "-17"),
    ("word", "blue"),
    ("identifier", "created_at"),
    ("uuid", "0b5f2e9c-7d41-4c5e-9a3e-6f1d2c8b7a90"),
    ("token", "dGhpcyBpcyBhIHNlc3Npb24gdG9rZW4_kq81Zx"),
    ("date", "2025-03-14T09:26:53Z"),
    ("phone", "+49 (0)30 5550-1234"),
    ("name", "Margarethe von der Heide"),
    ("name with apostrophe", "Siobhan O'Malley"),
    ("two apostrophes", "D'Angelo's and O'Hara's"),
    ("email", "margarethe.heide@mail.example.org"),
    ("address", "17 Harbour Rd., Apt. 4/B, 20095 Hamburg"),
    ("path", "/srv/www/images/2025/spring-sale.jpg"),
    ("url", "https://shop.example.org/list?page=2&sort=price&q=garden+chair#top"),
    ("search", "garden chair wood -plastic"),
    ("measure", "2x4 boards, 8' or 10' long"),
    ("sentence", "Please leave the parcel with the neighbours on the left."),
    ("sentence with contractions", "It's late and we can't come, but we'll call you at 5 o'clock."),
    ("sentence with SQL words", "Select a table from the list and order by phone or update your group."),
    ("formula", "if a < b and b < c then a < c (for all a, b, c)"),
    ("Cyrillic", "Пожалуйста, оставьте посылку у соседей слева."),
    ("Chinese", "请把包裹放在左边的邻居家。"),
    (
        "paragraph",
        "The chairs arrived on time, and the wood's as good as promised. Two of the screws were \
        missing; the shop sent new ones the day after I'd written to them. Would I buy there again? Yes - or \
        rather: I have already (a table, this time). 5/5.",
    ),
    (
        "user agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    ),
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"),
    ("cookie", "theme=dark; lang=en-GB; session=9f8e7d6c5b4a; seen=1,4,9"),
    (
        "JSON",
        r#"{"id": 4711, "items": [{"sku": "GC-7", "count": 2, "note": "it's a gift"}], "express": false}"#,
    ),
    ("code", "for (int i = 0; i < n && a[i] != '\\0'; i++) { total += a[i]; }"),
];

const ATTACKS: &[(&str, &str)] = &[
    ("tautology", "7 or 3=3"),
    ("quoted tautology", "' or 'x'='x"),
    ("double-quoted tautology", "\" or \"k\"=\"k"),
    ("truncation", "root' -- "),
    ("union of numbers", "-4 union select 5,6,7,4,5,6"),
    ("quoted union", "x' union all select login, secret from accounts -- "),
    (
        "union with comments",
        "1/**/union/**/all/**/select/**/null,concat(login,0x3a,secret),null/**/from/**/accounts",
    ),
    ("stacked", "1; drop table accounts"),
    ("quoted stacked", "x'; update accounts set role = 'root' where login = 'me' -- "),
    ("procedure", "1'; exec master..xp_cmdshell 'dir c:' -- "),
    ("blind subquery", "1 and ascii(substring((select secret from accounts limit 1), 1, 1)) > 77"),
    ("blind in quotes", "x' and (select count(*) from accounts where login like 'a%') > 0 and 'x'='x"),
    ("delay", "1 and sleep(9)"),
    ("quoted delay", "x' waitfor delay '0:0:9' -- "),
    ("error", "1 and extractvalue(1, concat(0x5c, (select group_concat(login) from accounts)))"),
    ("concatenated", "x'||(select banner from v$version where rownum = 1)||'"),
    ("parentheses", "1'))) or ((('1'='1"),
    (
        "long",
        "a long text before it, which is what a form for remarks would hold, and only then the point of it \
        all: ' union select a.login, b.secret, c.note from accounts a join vault b on a.id = b.id left join notes c \
        on c.id = a.id where a.role in ('root', 'admin') and b.secret is not null order by 1 desc limit 10 offset 20 -- ",
    ),
];

/// Runs the group for Syntrap and, where it is there, for libinjection.
fn group(criterion: &mut Criterion, peer: Option<&Libinjection>, name: &str, values: &[(String, Vec<u8>)]) {
    let detector = Detector::default();
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400));
    for (name, value) in values {
        group.throughput(Throughput::Bytes(value.len() as u64));
        group.bench_with_input(BenchmarkId::new("syntrap", name), value, |bencher, value| {
            bencher.iter(|| detector.is_attack(black_box(value)));
        });
        if let Some(peer) = peer {
            group.bench_with_input(BenchmarkId::new("libinjection", name), value, |bencher, value| {
                bencher.iter(|| peer.is_sqli(black_box(value)));
            });
        }
    }
    // The group as a whole: values a second.
    group.throughput(Throughput::Elements(values.len() as u64));
    group.bench_function("syntrap, all", |bencher| {
        bencher.iter(|| values.iter().filter(|(_, value)| detector.is_attack(black_box(value))).count());
    });
    if let Some(peer) = peer {
        group.bench_function("libinjection, all", |bencher| {
            bencher.iter(|| values.iter().filter(|(_, value)| peer.is_sqli(black_box(value))).count());
        });
    }
    group.finish();
}

/// The median of several timed batches, in nanoseconds a call.
fn nanoseconds(mut call: impl FnMut()) -> f64 {
    let start = Instant::now();
    call();
    let once = start.elapsed().max(Duration::from_nanos(20));
    let batch = (Duration::from_micros(200).as_nanos() / once.as_nanos()).clamp(1, 20_000) as u32;
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..batch {
                call();
            }
            start.elapsed().as_nanos() as f64 / f64::from(batch)
        })
        .collect();
    median(&mut times)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Syntrap's time over libinjection's, for each value and for the group.
fn table(peer: &Libinjection, name: &str, values: &[(String, Vec<u8>)]) {
    let detector = Detector::default();
    println!("\n{name:<34} {:>8} {:>12} {:>14} {:>8}", "bytes", "syntrap ns", "libinjection ns", "ratio");
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let row = |name: &str, bytes: usize, our: f64, their: f64| {
        println!("{name:<34} {bytes:>8} {our:>12.0} {their:>14.0} {:>8.2}", our / their);
    };
    for (name, value) in values {
        let our = nanoseconds(|| {
            black_box(detector.is_attack(black_box(value)));
        });
        let their = nanoseconds(|| {
            black_box(peer.is_sqli(black_box(value)));
        });
        row(name, value.len(), our, their);
        ours.push(our);
        theirs.push(their);
        ratios.push(our / their);
    }
    let bytes: usize = values.iter().map(|(_, value)| value.len()).sum();
    row("all together", bytes, ours.iter().sum(), theirs.iter().sum());
    row("median value", 0, median(&mut ours), median(&mut theirs));
    println!("{:<34} {:>8} {:>12} {:>14} {:>8.2}", "median of the ratios", "", "", "", median(&mut ratios));
}

fn main() {
    let named = |values: &[(&str, &str)]| -> Vec<(String, Vec<u8>)> {
        values.iter().map(|&(name, value)| (name.to_owned(), value.as_bytes().to_vec())).collect()
    };
    let repetitions = |bytes| -> Vec<(String, Vec<u8>)> {
        REPETITIONS.iter().map(|piece| (format!("{piece:?}"), repeated(piece, bytes))).collect()
    };
    let groups = [
        ("benign", named(BENIGN)),
        ("attacks", named(ATTACKS)),
        ("repetitions of 4 KB", repetitions(4 << 10)),
        ("repetitions of 1 MB", repetitions(1 << 20)),
    ];
    let peer = Libinjection::load();
    if peer.is_none() {
        println!("libinjection not present: skipped");
    }
    let mut criterion = Criterion::default().configure_from_args();
    for (name, values) in &groups {
        group(&mut criterion, peer.as_ref(), name, values);
    }
    criterion.final_summary();

    // Only in a run of everything: not where a test or a list was asked for, nor with a filter.
    let whole = std::env::args().skip(1).all(|argument| matches!(&*argument, "--bench" | "--quick"));
    if let (Some(peer), true) = (&peer, whole) {
        for (name, values) in &groups {
            table(peer, name, values);
        }
    }
}
