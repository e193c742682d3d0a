//! PostgreSQL's own parser, without a database: names need not exist. The tree is read by the names of
//! its nodes.

use std::collections::BTreeMap;

use syntrap::Context;

use super::exceptions::EXCEPTIONS;
use super::{CUT, Deeds, TEMPLATES, ruling};
use crate::{Engine, Exception, Ruling, Template};

/// PostgreSQL's parser.
pub struct Postgres {
    /// What each program does with a plain value.
    plain: BTreeMap<String, Deeds>,
}

impl Postgres {
    /// The parser, with what it says of plain values.
    ///
    /// # Panics
    ///
    /// If a program with a plain value is not SQL.
    pub fn new() -> Self {
        let mut engine = Postgres { plain: BTreeMap::new() };
        for template in engine.templates() {
            let text = template.with(template.plain);
            let deeds = deeds(&text).unwrap_or_else(|| panic!("{text} is SQL"));
            engine.plain.insert(template.to_string(), deeds);
        }
        engine
    }
}

impl Default for Postgres {
    fn default() -> Self {
        Self::new()
    }
}

/// The functions that do more than compute with their arguments: they take time, read files, or tell
/// about the engine.
const ACTING: &[&str] =
    &["pg_sleep", "pg_read_file", "version", "current_setting", "query_to_xml", "lo_import"];

/// What a text does, if PostgreSQL parses it.
fn deeds(text: &str) -> Option<Deeds> {
    let tree = pg_query::parse(text).ok()?.protobuf;
    let mut deeds = Deeds::new();
    let mut count = |deed| *deeds.entry(deed).or_default() += 1;
    for _ in 1..tree.stmts.len() {
        count("statement");
    }
    let written = format!("{tree:?}");
    // The parser takes any run of operator characters; whether there is such an operator is asked later.
    let unknown = |(node, fields): (&str, &str)| {
        let known = if is_prefix(fields) { PREFIXES } else { OPERATORS };
        node == "AExpr" && !known.contains(&symbol(fields))
    };
    if nodes(&written).any(unknown) {
        return None;
    }
    for deed in nodes(&written).filter_map(|(node, fields)| deed(node, fields)) {
        count(deed);
    }
    Some(deeds)
}

/// The nodes of a tree that was written for debugging: their names, and what stands behind those.
fn nodes(written: &str) -> impl Iterator<Item = (&str, &str)> {
    written.match_indices(" {").map(|(end, _)| {
        let name = written[..end].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
        (&written[name..end], &written[end + 2..])
    })
}

/// The operators that the grammar writes, and what the parser writes for its own constructs.
const OPERATORS: &[&str] = &[
    "+",
    "-",
    "*",
    "/",
    "%",
    "||",
    "&",
    "|",
    "#",
    "^",
    "->>",
    "~",
    "!~*",
    "@>",
    "=",
    "<",
    ">",
    "<>",
    "<=",
    ">=",
    "~~",
    "!~~",
    "~~*",
    "!~~*",
    "!~",
    "BETWEEN",
    "NOT BETWEEN",
    "",
];

/// Those of them that stand before one operand.
const PREFIXES: &[&str] = &["+", "-", "~"];

/// Whether a node whose fields these are is an operator without an operand on its left.
fn is_prefix(fields: &str) -> bool {
    let own = fields.trim_start();
    own.starts_with("kind: AexprOp,")
        && own.split("lexpr: ").nth(1).is_some_and(|left| left.starts_with("None"))
}

/// The first name among the fields of a node.
fn symbol(fields: &str) -> &str {
    fields.split("sval: \"").nth(1).and_then(|text| text.split('"').next()).unwrap_or_default()
}

/// What a node does whose fields are `fields`, and whatever stands behind it.
fn deed(node: &str, fields: &str) -> Option<&'static str> {
    let name = || symbol(fields);
    Some(match node {
        "SelectStmt" => "query",
        "RangeVar" | "RangeFunction" => "read",
        "FuncCall" if ACTING.contains(&name()) => "call",
        "FuncCall" | "SqlValueFunction" | "CoalesceExpr" | "MinMaxExpr" => "computation",
        "BoolExpr" if fields.trim_start().starts_with("xpr: None, boolop: NotExpr") => "computation",
        "BoolExpr" | "CaseExpr" => "logic",
        "NullTest" | "BooleanTest" => "comparison",
        "SortBy" | "LimitCount" => "order",
        "AExpr"
            if fields.trim_start().starts_with("kind: AexprOp,")
                && (is_prefix(fields) || !name().contains(['=', '<', '>', '~'])) =>
        {
            "arithmetic"
        }
        "AExpr" => "comparison",
        "TransactionStmt" | "ResTarget" | "ColumnRef" | "AConst" | "Node" | "RawStmt" | "String" => {
            return None;
        }
        other if other.ends_with("Stmt") => "change",
        _ => return None,
    })
}

impl Engine for Postgres {
    const NAME: &'static str = "PostgreSQL";

    fn templates(&self) -> Vec<Template> {
        let elsewhere = |context| matches!(context, Context::SqlBackquoted | Context::SqlBracketed);
        // PostgreSQL's select list may be empty, so that any clause may follow at once.
        let empty = |template: &Template| template.before == "SELECT ";
        TEMPLATES.iter().copied().filter(|t| !elsewhere(t.context) && !empty(t)).collect()
    }

    fn judge(&mut self, template: &Template, value: &str) -> Ruling {
        let Some(deeds) = deeds(&template.with(value)) else { return Ruling::Refused };
        let cut =
            !template.after.is_empty() && self::deeds(&[template.before, value, CUT].concat()).is_some();
        ruling(&deeds, &self.plain[&template.to_string()], cut)
    }

    fn exceptions(&self) -> &'static [Exception] {
        EXCEPTIONS
    }
}
