//! SQLite. It has no tree to look at, but it says what a statement does when it compiles one: to its
//! authoriser, and in the program that EXPLAIN prints.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Batch, Connection};

use super::exceptions::EXCEPTIONS;
use super::{CUT, Deeds, TEMPLATES, ruling};
use crate::{Engine, Exception, Ruling, Template};

/// SQLite with tables of its own making; nothing is run but EXPLAIN.
pub struct Sqlite {
    connection: Connection,
    /// What the authoriser was asked.
    asked: Arc<Mutex<Deeds>>,
    /// What each program does with a plain value.
    plain: BTreeMap<String, Deeds>,
}

impl Sqlite {
    /// An engine with empty tables.
    ///
    /// # Panics
    ///
    /// If there is no memory for them.
    pub fn new() -> Self {
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch(
                "CREATE TABLE items (id INT, name TEXT, price INT, note TEXT);
                 CREATE TABLE users (id INT, name TEXT, secret TEXT);",
            )
            .expect("tables");
        let asked = Arc::<Mutex<Deeds>>::default();
        let counted = Arc::clone(&asked);
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            if let Some(deed) = deed(&context.action) {
                *counted.lock().unwrap_or_else(PoisonError::into_inner).entry(deed).or_default() += 1;
            }
            Authorization::Allow
        }));
        let mut engine = Sqlite { connection, asked, plain: BTreeMap::new() };
        for template in TEMPLATES {
            let text = template.with(template.plain);
            let deeds = engine.deeds(&text).unwrap_or_else(|| panic!("{text} is SQL"));
            engine.plain.insert(template.to_string(), deeds);
        }
        engine
    }

    /// What a text does, if SQLite takes all of it.
    fn deeds(&mut self, text: &str) -> Option<Deeds> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let explained = format!("EXPLAIN {text}");
        let mut batch = Batch::new(&self.connection, &explained);
        let mut first = batch.next().ok()??;
        if first.is_explain() == 0 {
            return None;
        }
        let mut codes: Deeds = BTreeMap::new();
        let mut rows = first.raw_query();
        while let Some(row) = rows.next().ok()? {
            let code: String = row.get(1).ok()?;
            if let Some(deed) = opcode(&code) {
                *codes.entry(deed).or_default() += 1;
            }
        }
        drop(rows);
        while batch.next().ok()?.is_some() {
            *codes.entry("statement").or_default() += 1;
        }
        codes.extend(mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner)));
        Some(codes)
    }
}

impl Default for Sqlite {
    fn default() -> Self {
        Self::new()
    }
}

/// What the authoriser is asked that a value must not make it ask. Columns are data.
fn deed(action: &AuthAction<'_>) -> Option<&'static str> {
    match action {
        // A transaction alone changes nothing.
        AuthAction::Read { .. } | AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => None,
        AuthAction::Select | AuthAction::Recursive => Some("query"),
        AuthAction::Function { function_name } if ACTING.contains(function_name) => Some("call"),
        AuthAction::Function { .. } => Some("computation"),
        _ => Some("change"),
    }
}

/// The functions that do more than compute with their arguments: they load code, take time or memory,
/// or tell about the engine.
const ACTING: &[&str] =
    &["load_extension", "randomblob", "zeroblob", "sqlite_version", "changes", "last_insert_rowid"];

/// What an instruction of SQLite's virtual machine does, of what expressions compile to.
fn opcode(code: &str) -> Option<&'static str> {
    match code {
        "Eq" | "Ne" | "Lt" | "Le" | "Gt" | "Ge" | "IsNull" | "NotNull" => Some("comparison"),
        "And" | "Or" | "If" | "IfNot" | "IsTrue" | "Not" | "NotFound" | "Found" | "Once" => Some("logic"),
        "Add" | "Subtract" | "Multiply" | "Divide" | "Remainder" | "Concat" | "BitAnd" | "BitOr"
        | "BitNot" | "ShiftLeft" | "ShiftRight" => Some("arithmetic"),
        "SorterOpen" | "SorterInsert" | "DecrJumpZero" => Some("order"),
        "OpenRead" | "OpenWrite" => Some("read"),
        _ => None,
    }
}

impl Engine for Sqlite {
    const NAME: &'static str = "SQLite";

    fn templates(&self) -> Vec<Template> {
        TEMPLATES.to_vec()
    }

    fn judge(&mut self, template: &Template, value: &str) -> Ruling {
        let Some(deeds) = self.deeds(&template.with(value)) else { return Ruling::Refused };
        let cut = !template.after.is_empty() && self.deeds(&[template.before, value, CUT].concat()).is_some();
        ruling(&deeds, &self.plain[template.to_string().as_str()], cut)
    }

    fn exceptions(&self) -> &'static [Exception] {
        EXCEPTIONS
    }
}
