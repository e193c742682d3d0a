//! Crates that do the same work: a port of libinjection, and a set of regular expressions for each
//! kind of attack.

use security_rust::Detector;
use security_rust::file::path_traversal::PathTraversalDetector;
use security_rust::injection::command_injection::CommandInjectionDetector;
use security_rust::injection::sql_injection::SqlInjectionDetector;
use security_rust::injection::xss::XssDetector;

/// Whether libinjectionrs takes a value for SQL or markup that acts.
pub fn libinjectionrs(value: &[u8]) -> bool {
    libinjectionrs::detect_sqli(value).is_injection() || libinjectionrs::detect_xss(value).is_injection()
}

/// Whether security-rust takes a value for SQL, markup, a command line or a path that acts; a value
/// that is no UTF-8 cannot be given to it.
pub fn security_rust(value: &[u8]) -> bool {
    let Ok(value) = std::str::from_utf8(value) else { return false };
    SqlInjectionDetector.detect(value).is_some()
        || XssDetector.detect(value).is_some()
        || CommandInjectionDetector.detect(value).is_some()
        || PathTraversalDetector.detect(value).is_some()
}
