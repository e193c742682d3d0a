//! `Detector::is_attack` allocates nothing, whatever the value.

#[path = "support/repetitions.rs"]
mod repetitions;
#[path = "../benches/support/values.rs"]
mod values;

use allocation_counter::measure;
use repetitions::{REPETITIONS, repeated};
use syntrap::{Detector, INLINE_DEPTH};

/// How often `is_attack` allocates.
fn allocations(detector: &Detector, value: &[u8]) -> u64 {
    let mut attack = false;
    let counted = measure(|| attack = detector.is_attack(value));
    std::hint::black_box(attack);
    counted.count_total
}

fn assert_none(values: impl IntoIterator<Item = impl AsRef<[u8]>>) {
    let detector = Detector::default();
    let unscreened = Detector::builder().screen(false).build();
    for value in values {
        let value = value.as_ref();
        let shown = String::from_utf8_lossy(&value[..value.len().min(60)]);
        assert_eq!(allocations(&detector, value), 0, "{shown}");
        assert_eq!(allocations(&unscreened, value), 0, "{shown}, without the screen");
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(std::hint::black_box(Box::new(1)))).count_total, 1);
}

#[test]
fn a_benign_value_costs_no_allocation() {
    assert_none([
        "",
        "42",
        "3.14",
        "Anna",
        "O'Brien",
        "D'Arcy O'Neill-Smith",
        "anna.meyer@example.org",
        "+49 30 123456",
        "2024-02-29T12:30:00Z",
        "it's 5 o'clock and we're late",
        "salt & pepper; call me",
        "Smith (2004), pp. 17-19",
        "select one of the following options",
        "a < b && c > d",
        "5 or more items",
        "https://example.org/a/b?c=d&e=f#g",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        r#"{"id": 7, "name": "chair", "tags": ["wood", "blue"], "price": 19.99}"#,
        "f(x) = 2 * x + 1 for x in [0, 1]",
        "Ünïcödé, 日本語 and 😀",
    ]);
    assert_none([b"\xff\xfe\x00a\x00'".as_slice(), b"\x00\x01\x02", b"\xc2\xa0\xe2\x80"]);
}

#[test]
fn an_attack_costs_no_allocation() {
    assert_none([
        "7 or 3=3",
        "' or 'k'='k",
        "\" or \"\"=\"k",
        "admin' -- ",
        "1' union select 1, 2, 3 -- ",
        "-1 union all select name, secret from accounts limit 1 offset 3",
        "1; drop table accounts",
        "1'; exec xp_cmdshell 'dir' --",
        "x' and (select count(*) from accounts where name like 'a%') > 0 and 'x'='x",
        "1 and sleep(5)",
        "1'||(select version())||'",
        "1) or (1=1",
        "1')) or (('1'='1",
        "(select case when (1=1) then pg_sleep(5) else null end)",
        "/*!50000union*//*!50000select*/1,2",
        "1];waitfor delay '0:0:5'--",
        "select * from accounts",
        "insert into accounts values (1, 'a'), (2, 'b')",
    ]);
}

#[test]
fn what_the_benchmarks_measure_costs_no_allocation() {
    for group in values::groups() {
        assert_none(&group.values);
    }
}

#[test]
fn what_the_benchmarks_call_benign_is_and_what_they_call_attacks_are() {
    let detector = Detector::default();
    for group in values::groups() {
        for value in &group.values {
            let shown = String::from_utf8_lossy(&value[..value.len().min(60)]);
            match &*group.kind {
                "benign" | "long" => assert!(!detector.is_attack(value), "{}: {shown}", group.name),
                "attacks" => assert!(detector.is_attack(value), "{}: {shown}", group.name),
                _ => {}
            }
        }
    }
}

#[test]
fn a_value_made_to_be_costly_costs_no_allocation() {
    for bytes in [64, 4096, 1 << 16] {
        assert_none(REPETITIONS.iter().map(|piece| repeated(piece, bytes)));
    }
}

#[test]
fn a_repetition_behind_an_opening_costs_no_allocation() {
    for opening in ["1 or ", "' or ", "select ", "1 union select ", "1;", "1)"] {
        assert_none(REPETITIONS.iter().map(|piece| [opening.as_bytes(), &repeated(piece, 4096)].concat()));
    }
}

#[test]
fn only_a_limit_beyond_the_default_lets_nesting_allocate() {
    let mut limits = syntrap::Limits::default();
    assert_eq!(limits.depth, INLINE_DEPTH);
    limits.depth = 1 << 14;
    let deep = Detector::builder().limits(limits).build();
    let value = [repeated("(", 1 << 12).as_slice(), b"1"].concat();
    assert_eq!(allocations(&Detector::default(), &value), 0);
    assert!(allocations(&deep, &value) > 0);
}
