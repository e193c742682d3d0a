//! The committed header is what cbindgen writes from the documentation comments of `src/`.
//!
//! `SYNTRAP_WRITE_HEADER=1 cargo test -p syntrap-ffi --test header` writes it anew.

use std::path::Path;
use std::{env, fs};

const DIRECTORY: &str = env!("CARGO_MANIFEST_DIR");

/// What a reader must know before the first declaration.
const PREAMBLE: &str = "\
// Syntrap decides whether a string is an injection by reading it as what it would become: SQL, a
// command line, a file's path, HTML, JavaScript.
//
// Written by cbindgen from ffi/src; do not edit.
//
//     syntrap_detector *detector;
//     syntrap_verdict verdict;
//     if (syntrap_detector_new(NULL, &detector) != SYNTRAP_OK) { ... syntrap_message() ... }
//     if (syntrap_check(detector, value, length, &verdict) != SYNTRAP_OK || verdict != SYNTRAP_BENIGN) {
//         // block the value
//     }
//     syntrap_detector_free(detector);
//
// Rules that all calls share:
//
// - A value is a pointer and a length. NULL with length 0 is the empty value; NUL is a byte like any
//   other. No value is kept by pointer after a call.
// - Each call returns a syntrap_status; all but SYNTRAP_OK leave a text that syntrap_message returns
//   on the same thread. Nothing is initialised globally, and nothing unwinds into C.
// - What a _new, _scan or _finish call hands over belongs to the caller, until the _free of the same
//   type, which takes NULL too. None of these objects keeps another one alive or needs it.
// - A detector and a report may be used by many threads at once; a configuration and a stream by one
//   thread at a time.
// - Where a call asks for a pointer to a result, it must be writable. Results are set to NULL, empty
//   or SYNTRAP_UNDECIDED if the call fails; structures are left as they were.
// - Pointers must come from this library, unfreed: that is not checked.";

fn header() -> String {
    let mut config = cbindgen::Config::from_file(Path::new(DIRECTORY).join("cbindgen.toml")).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let parts: Vec<&str> = version.split('.').collect();
    config.header = Some(PREAMBLE.to_owned());
    config.after_includes = Some(format!(
        "\n// The version of this header; syntrap_version is that of the library that was loaded.\n\
        #define SYNTRAP_VERSION \"{version}\"\n\
        #define SYNTRAP_VERSION_MAJOR {}\n#define SYNTRAP_VERSION_MINOR {}\n#define SYNTRAP_VERSION_PATCH {}",
        parts[0], parts[1], parts[2]
    ));
    let mut text = Vec::new();
    cbindgen::Builder::new().with_crate(DIRECTORY).with_config(config).generate().unwrap().write(&mut text);
    String::from_utf8(text).unwrap()
}

#[test]
fn the_committed_header_is_the_generated_one() {
    let path = Path::new(DIRECTORY).join("../include/syntrap.h");
    let generated = header();
    if env::var_os("SYNTRAP_WRITE_HEADER").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differs = committed.lines().zip(generated.lines()).position(|(old, new)| old != new);
    assert!(
        committed == generated,
        "include/syntrap.h is not what cbindgen writes, from line {} on: see ffi/tests/header.rs",
        differs.map_or(committed.lines().count().min(generated.lines().count()), |line| line) + 1
    );
}

/// The version that a manifest gives its package.
fn version(manifest: &str) -> String {
    let text = fs::read_to_string(Path::new(DIRECTORY).join(manifest)).unwrap();
    let line = text.lines().find(|line| line.starts_with("version = ")).unwrap();
    line["version = ".len()..].trim_matches('"').to_owned()
}

#[test]
fn header_and_packages_have_the_version_of_the_library() {
    let library = version("../Cargo.toml");
    assert_eq!(version("Cargo.toml"), library);
    assert_eq!(version("libinjection/Cargo.toml"), library);
    let header = fs::read_to_string(Path::new(DIRECTORY).join("../include/syntrap.h")).unwrap();
    assert!(header.contains(&format!("#define SYNTRAP_VERSION \"{library}\"\n")));
}
