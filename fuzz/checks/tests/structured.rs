//! The claims about values that are attacks by construction, over bytes made at random. libFuzzer
//! searches longer and better; this is what every change is held against.

use proptest::prelude::*;

/// Bytes enough for the style and for a value of some depth; small numbers are the plain choices.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop_oneof![Just(0), 0..16u8, any::<u8>()], 0..200)
}

fn config() -> ProptestConfig {
    let cases = std::env::var_os("PROPTEST_CASES").map_or(2048, |_| ProptestConfig::default().cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_statement_cut_at_its_value_is_found_however_it_is_written(data in bytes()) {
        syntrap_checks::sql::check(&data);
    }

    #[test]
    fn a_command_line_cut_at_its_value_is_found_however_it_is_written(data in bytes()) {
        syntrap_checks::shell::check(&data);
    }

    #[test]
    fn a_document_cut_at_its_value_is_found_however_it_is_written(data in bytes()) {
        syntrap_checks::html::check(&data);
    }

    #[test]
    fn a_script_cut_at_its_value_is_found_however_it_is_written(data in bytes()) {
        syntrap_checks::js::check(&data);
    }
}
