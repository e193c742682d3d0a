#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| syntrap_checks::run("screen", data));
