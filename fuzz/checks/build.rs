//! Runs lalrpop on the library's grammars: its parsers are what the recogniser is held against.

fn main() {
    lalrpop::Configuration::new()
        .set_in_dir("../../grammars")
        .set_out_dir(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"))
        .emit_comments(false)
        .process()
        .unwrap_or_else(|error| panic!("lalrpop rejects a file in grammars/: {error}"));
    println!("cargo::rerun-if-changed=../../grammars");
}
