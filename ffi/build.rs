//! Gives the shared library the name that programs record: libsyntrap.so and the part of the
//! version that stays the same while the ABI does. cargo-c does that by itself.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let by_cargo_c = env::var_os("CARGO_FEATURE_CAPI").is_some();
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") && !by_cargo_c {
        let part = |name: &str| env::var(name).expect("cargo sets the version");
        let (major, minor) = (part("CARGO_PKG_VERSION_MAJOR"), part("CARGO_PKG_VERSION_MINOR"));
        let abi = if major == "0" { format!("0.{minor}") } else { major };
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libsyntrap.so.{abi}");
    }
}
