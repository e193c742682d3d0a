//! SQL: what its engines say.

use std::collections::{BTreeMap, BTreeSet};

use syntrap::Context::{
    SqlBackquoted, SqlBracketed, SqlComment, SqlDoubleQuoted, SqlSingleQuoted, SqlSuffix, SqlValue,
};

use crate::{Ruling, Template};

mod exceptions;
mod postgres;
mod sqlite;

pub use postgres::Postgres;
pub use sqlite::Sqlite;

/// What a space may be: what the engines take for white space, and comments. Names and numbers must
/// not run together, so most are something.
pub const SPACES: &[&str] = &[" ", "\n", "\t", "/**/", " ", "  ", "\r\n", "/*x*/", "\x0c", "-- x\n"];

/// Programs with one value in them.
const TEMPLATES: &[Template] = &[
    Template::new(SqlValue, "SELECT name FROM items WHERE id = ", "5", ""),
    Template::new(SqlValue, "SELECT name FROM items WHERE id = ", "5", " AND price < 9"),
    Template::new(SqlValue, "SELECT name FROM items WHERE (id = ", "5", ") AND price < 9"),
    Template::new(SqlValue, "SELECT name FROM items WHERE id IN (2, ", "5", ")"),
    Template::new(SqlValue, "SELECT ", "5", " FROM items"),
    Template::new(SqlValue, "SELECT name FROM items ORDER BY ", "1", ""),
    Template::new(SqlValue, "SELECT name FROM items LIMIT ", "5", ""),
    Template::new(SqlValue, "INSERT INTO items (id, price) VALUES (", "5", ", 3)"),
    Template::new(SqlValue, "UPDATE items SET price = ", "5", " WHERE id = 2"),
    Template::new(SqlSuffix, "SELECT name FROM items WHERE id = (price)", "", ""),
    Template::new(SqlSuffix, "SELECT name FROM items WHERE (id = (price)", "", ") AND price < 9"),
    Template::new(SqlSuffix, "SELECT name FROM items ORDER BY (id)", "", ""),
    Template::new(SqlSingleQuoted, "SELECT name FROM items WHERE name = '", "x", "'"),
    Template::new(SqlSingleQuoted, "SELECT name FROM items WHERE name = '", "x", "' AND price < 9"),
    Template::new(SqlSingleQuoted, "SELECT name FROM items WHERE (name LIKE '%", "x", "%') AND price < 9"),
    Template::new(SqlSingleQuoted, "INSERT INTO items (name, price) VALUES ('", "x", "', 3)"),
    Template::new(SqlSingleQuoted, "UPDATE items SET name = '", "x", "' WHERE id = 2"),
    Template::new(SqlDoubleQuoted, "SELECT name FROM items WHERE name = \"", "x", "\""),
    Template::new(SqlDoubleQuoted, "SELECT name FROM items WHERE name = \"", "x", "\" AND price < 9"),
    Template::new(SqlBackquoted, "SELECT name FROM items ORDER BY `", "name", "`"),
    Template::new(SqlBackquoted, "SELECT `", "name", "` FROM items WHERE price < 9"),
    Template::new(SqlBracketed, "SELECT name FROM items ORDER BY [", "name", "]"),
    Template::new(SqlComment, "SELECT name /* ", "x", " */ FROM items WHERE price < 9"),
];

/// Text that no program goes on with, but behind a comment.
const CUT: &str = " ) '\"` */ (";

/// How often a program does each thing.
type Deeds = BTreeMap<&'static str, usize>;

/// What a program does more often than it would with a plain value.
fn ruling(deeds: &Deeds, plain: &Deeds, cut: bool) -> Ruling {
    let more = |deed: &&str| deeds[*deed] > plain.get(*deed).copied().unwrap_or_default();
    let mut acts: BTreeSet<_> = deeds.keys().copied().filter(more).collect();
    if cut {
        acts.insert("truncation");
    }
    if acts.is_empty() { Ruling::Data } else { Ruling::Acts(acts) }
}
