//! The peers that Syntrap's benchmarks are held against: libinjection, loaded at run time from a
//! system library that exports it, and crates.
//!
//! It is a package of its own because calling C is `unsafe` and Syntrap forbids that. Nothing but
//! the benchmarks uses it, and where the library is absent they go without.

mod crates;

pub use crates::{libinjectionrs, security_rust};

use std::ffi::{c_char, c_int};

use libloading::Library;

/// `int libinjection_sqli(const char *s, size_t slen, char fingerprint[])` of libinjection 3.
type Sqli = unsafe extern "C" fn(*const c_char, usize, *mut c_char) -> c_int;

/// `int libinjection_xss(const char *s, size_t slen)` of libinjection 3.
type Xss = unsafe extern "C" fn(*const c_char, usize) -> c_int;

/// Room for libinjection's fingerprint: five letters and a NUL, in the eight bytes that its
/// documentation asks for.
const FINGERPRINT: usize = 8;

/// libinjection's detectors.
#[derive(Debug)]
pub struct Libinjection {
    sqli: Sqli,
    xss: Xss,
    /// Keeps the code behind `sqli` and `xss` mapped.
    _library: Library,
}

impl Libinjection {
    /// The libraries that export libinjection, by the name that the loader looks for: ModSecurity
    /// of Debian and its kin (package `libmodsecurity3`).
    pub const LIBRARIES: &[&str] = &["libmodsecurity.so.3"];

    /// Loads libinjection from the first library that has it; `None` where there is none.
    pub fn load() -> Option<Self> {
        Self::LIBRARIES.iter().find_map(|name| {
            // SAFETY: the initialisers that run are those of a system library of this name, which
            // any program that links to it runs too.
            let library = unsafe { Library::new(name) }.ok()?;
            // SAFETY: the symbol is declared so in libinjection's header since version 3.0.
            let sqli = *unsafe { library.get::<Sqli>(b"libinjection_sqli\0") }.ok()?;
            // SAFETY: as above.
            let xss = *unsafe { library.get::<Xss>(b"libinjection_xss\0") }.ok()?;
            Some(Libinjection { sqli, xss, _library: library })
        })
    }

    /// Whether libinjection takes a value for an SQL injection.
    pub fn is_sqli(&self, value: &[u8]) -> bool {
        let mut fingerprint: [c_char; FINGERPRINT] = [0; FINGERPRINT];
        // SAFETY: `value` is readable for its length and `fingerprint` writable for the eight
        // bytes that libinjection may write; neither is kept after the call.
        unsafe { (self.sqli)(value.as_ptr().cast(), value.len(), fingerprint.as_mut_ptr()) != 0 }
    }

    /// Whether libinjection takes a value for markup that runs a script.
    pub fn is_xss(&self, value: &[u8]) -> bool {
        // SAFETY: `value` is readable for its length and is not kept after the call.
        unsafe { (self.xss)(value.as_ptr().cast(), value.len()) != 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::Libinjection;

    #[test]
    fn it_tells_an_attack_from_a_name_where_it_is_present() {
        let Some(peer) = Libinjection::load() else {
            eprintln!("libinjection not present: skipped");
            return;
        };
        assert!(peer.is_sqli(b"1' OR '1'='1"));
        assert!(!peer.is_sqli(b"Anna"));
        assert!(peer.is_xss(b"<script>f()</script>"));
        assert!(!peer.is_xss(b"Anna"));
    }
}
