//! The claims of the fuzz targets hold over all seeds, and over everything that once broke one.

use std::fs;
use std::path::{Path, PathBuf};

use syntrap_checks::{TARGETS, run};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it stands in fuzz/").to_owned()
}

/// The files of a directory, which may be missing.
fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file can be listed").path()).collect();
    files.sort();
    files
}

fn replay(directory: &str) {
    for (target, _) in TARGETS {
        for file in files(&fuzz().join(directory).join(target)) {
            eprintln!("{}", file.display());
            run(target, &fs::read(&file).expect("a file can be read"));
        }
    }
}

#[test]
fn the_seeds_break_no_claim() {
    replay("seeds");
}

#[test]
fn what_once_broke_a_claim_breaks_none() {
    replay("regressions");
}

#[test]
fn every_claim_has_a_target_and_seeds() {
    for (target, _) in TARGETS {
        let program = fs::read_to_string(fuzz().join(format!("fuzz_targets/{target}.rs")));
        let program = program.unwrap_or_else(|error| panic!("{target}: {error}"));
        assert!(program.contains(&format!("run(\"{target}\", data)")), "{target} runs its claim");
        assert!(!files(&fuzz().join("seeds").join(target)).is_empty(), "{target} has seeds");
    }
}

#[test]
fn no_file_belongs_to_a_target_that_does_not_exist() {
    for directory in ["seeds", "regressions"] {
        for path in files(&fuzz().join(directory)) {
            let name = path.file_name().and_then(|name| name.to_str()).expect("names are text");
            assert!(TARGETS.iter().any(|(target, _)| *target == name), "{}", path.display());
        }
    }
}
