//! The values that are measured, by kind and group: those of `benches/values.toml`, and pieces over and
//! over, made to be slow.

use std::collections::BTreeMap;

use crate::repetitions::{REPETITIONS, repeated};

/// Values of one kind.
pub struct Group {
    /// `benign`, `long`, `attacks` or `adversarial`.
    pub kind: String,
    pub name: String,
    pub values: Vec<Vec<u8>>,
}

/// All groups, always in the same order.
pub fn groups() -> Vec<Group> {
    let kinds: BTreeMap<String, BTreeMap<String, Vec<String>>> =
        toml::from_str(include_str!("../values.toml")).expect("benches/values.toml is well formed");
    let mut groups: Vec<Group> = kinds
        .into_iter()
        .flat_map(|(kind, groups)| {
            groups.into_iter().map(move |(name, values)| Group {
                kind: kind.clone(),
                name,
                values: values.into_iter().map(String::into_bytes).collect(),
            })
        })
        .collect();
    groups.push(Group {
        kind: "adversarial".to_owned(),
        name: "repetitions".to_owned(),
        values: REPETITIONS.iter().map(|piece| repeated(piece, 4 << 10)).collect(),
    });
    groups
}
