//! Values that leave their place in a statement and go on with a condition, a query, a call or a statement
//! of their own, in one of the five dialects.

use syntrap::{Context, ContextSet, Language};

use super::{Rewriting, Writer};

/// What a value of SQL holds.
pub fn check(data: &[u8]) {
    super::check(data, |writer| {
        let context = writer.place(ContextSet::of_language(Language::Sql));
        let dialect = match context {
            Context::SqlDoubleQuoted | Context::SqlBackquoted => Dialect::MySql,
            Context::SqlBracketed => Dialect::SqlServer,
            _ => writer.pick(DIALECTS),
        };
        Sql { writer, context, dialect }.value();
        context
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    MySql,
    PostgreSql,
    SqlServer,
    Sqlite,
    Oracle,
}

const DIALECTS: &[Dialect] =
    &[Dialect::MySql, Dialect::PostgreSql, Dialect::SqlServer, Dialect::Sqlite, Dialect::Oracle];

const NAMES: &[&str] = &["orders", "price", "customer", "tags", "shelf", "secret"];

/// How deep expressions nest.
const DEPTH: usize = 3;

struct Sql<'w, 'a> {
    writer: &'w mut Writer<'a>,
    context: Context,
    dialect: Dialect,
}

impl Sql<'_, '_> {
    // ----------------------------------------------------------------------------------------
    // The value

    fn value(&mut self) {
        if self.context == Context::SqlStatement {
            self.statement();
            return;
        }
        // What the value leaves, and what opens it again.
        let quote = match self.context {
            Context::SqlSingleQuoted => Some("'"),
            Context::SqlDoubleQuoted => Some("\""),
            _ => None,
        };
        let leaves = match self.context {
            Context::SqlBackquoted => "a`",
            Context::SqlBracketed => "a]",
            Context::SqlComment => "*/",
            Context::SqlValue => "7",
            Context::SqlSuffix => "",
            _ => self.writer.pick(&["", "x", "42"]),
        };
        self.writer.text(leaves);
        self.writer.text(quote.unwrap_or_default());
        let closes = if self.context == Context::SqlSuffix { 0 } else { self.writer.choose(3) };
        self.writer.text(&")".repeat(closes));
        match self.writer.choose(5) {
            0 => self.condition_behind(),
            1 => self.set_operation(),
            2 => self.subquery_behind(),
            3 => self.call_behind(),
            _ => {
                self.gap();
                self.writer.text(";");
                self.gap();
                self.statement();
                self.truncate();
                return;
            }
        }
        match quote {
            Some(quote) if closes == 0 && self.writer.choose(2) == 1 => {
                self.connective();
                self.writer.text(quote);
                self.writer.text("k");
                self.writer.text(quote);
                self.equals();
                self.writer.text(quote);
                self.writer.text("k");
            }
            None if closes == 0 && self.context != Context::SqlComment && self.writer.choose(2) == 0 => {}
            _ => self.truncate(),
        }
    }

    /// A comment to the end.
    fn truncate(&mut self) {
        self.gap();
        let hash = if self.dialect == Dialect::MySql { "#" } else { "--" };
        let comment = self.writer.one_of(Rewriting::Comments, &["-- ", "--\t", "-- x", hash]);
        self.writer.text(comment);
    }

    fn connective(&mut self) {
        let and = self.writer.choose(2) == 1;
        // Behind a name in quotes, `||` is what many languages have.
        let bars = self.dialect == Dialect::MySql && self.context != Context::SqlBackquoted;
        let bars = bars && self.writer.way(Rewriting::Operators, 2) == 1;
        match (bars, and) {
            (false, _) => {
                self.blank();
                self.keyword(if and { "AND" } else { "OR" });
                self.blank();
            }
            (true, true) => self.writer.text("&&"),
            (true, false) => self.writer.text("||"),
        }
    }

    /// `OR 1 = 1`
    fn condition_behind(&mut self) {
        self.connective();
        self.condition();
    }

    /// `AND (SELECT …) > 1`
    fn subquery_behind(&mut self) {
        self.connective();
        let first = self.writer.choose(2) == 0;
        if first {
            self.subquery(DEPTH);
            self.compares();
            self.number();
        } else {
            self.number();
            self.compares();
            self.subquery(DEPTH);
        }
    }

    /// `OR sleep(5)`
    fn call_behind(&mut self) {
        self.connective();
        let name = match self.dialect {
            Dialect::MySql => "sleep",
            Dialect::PostgreSql => "pg_sleep",
            Dialect::SqlServer => "db_name",
            Dialect::Sqlite => "load_extension",
            Dialect::Oracle => "utl_inaddr.get_host_address",
        };
        self.writer.caseless(name);
        self.writer.text("(");
        self.gap();
        match self.dialect {
            Dialect::Sqlite | Dialect::Oracle => self.string(),
            _ => self.number(),
        }
        self.gap();
        self.writer.text(")");
        self.compares();
        self.number();
    }

    /// `UNION SELECT …`
    fn set_operation(&mut self) {
        self.blank();
        self.keyword("UNION");
        self.blank();
        if self.writer.choose(2) == 1 {
            self.keyword("ALL");
            self.blank();
        }
        let parentheses = match self.dialect {
            Dialect::Sqlite => 0,
            _ => self.writer.way(Rewriting::Parentheses, 3),
        };
        // PostgreSQL and MySQL take a query in parentheses here, and in any number of them.
        self.writer.text(&"(".repeat(parentheses));
        self.query(DEPTH);
        self.writer.text(&")".repeat(parentheses));
    }

    // ----------------------------------------------------------------------------------------
    // Statements and queries

    fn statement(&mut self) {
        // A query is no command that harms.
        let kinds = if self.context == Context::SqlStatement { 5 } else { 6 };
        match self.writer.choose(kinds) {
            0 => {
                self.keyword("DELETE");
                self.blank();
                self.keyword("FROM");
                self.blank();
                self.name();
                self.filter(1);
            }
            1 => {
                self.keyword("UPDATE");
                self.blank();
                self.name();
                self.blank();
                self.keyword("SET");
                self.blank();
                self.name();
                self.gap();
                self.writer.text("=");
                self.gap();
                self.expression(1);
                self.filter(1);
            }
            2 => {
                self.keyword("INSERT");
                self.blank();
                self.keyword("INTO");
                self.blank();
                self.name();
                self.blank();
                self.keyword("VALUES");
                self.gap();
                self.writer.text("(");
                self.list(1);
                self.writer.text(")");
            }
            3 => {
                let what = self.writer.pick(&["TABLE", "VIEW", "INDEX"]);
                self.keyword("DROP");
                self.blank();
                self.keyword(what);
                self.blank();
                self.name();
            }
            4 => {
                self.keyword("ALTER");
                self.blank();
                self.keyword("TABLE");
                self.blank();
                self.name();
                self.blank();
                self.keyword("ADD");
                self.blank();
                self.name();
                self.blank();
                self.keyword("INTEGER");
            }
            _ => {
                self.keyword("SELECT");
                self.blank();
                self.number();
                self.writer.text(",");
                self.gap();
                self.name();
                self.from(1);
            }
        }
    }

    fn query(&mut self, depth: usize) {
        self.keyword("SELECT");
        self.blank();
        // Behind a name in quotes, as Markdown has them, a query of nothing but names is no evidence.
        let constant =
            matches!(self.context, Context::SqlSingleQuoted | Context::SqlDoubleQuoted | Context::SqlValue);
        match self.writer.choose(if constant { 4 } else { 3 }) {
            0 => self.list(depth),
            1 => {
                self.list(depth);
                self.from(depth);
            }
            2 => {
                self.writer.text("*");
                self.from(depth);
            }
            _ => {
                self.name();
                self.from(depth);
            }
        }
    }

    fn from(&mut self, depth: usize) {
        self.blank();
        self.keyword("FROM");
        self.blank();
        self.name();
        if self.writer.choose(3) == 1 {
            self.writer.text(".");
            self.name();
        }
        self.filter(depth);
        if self.writer.choose(4) == 1 {
            self.blank();
            self.keyword("ORDER");
            self.blank();
            self.keyword("BY");
            self.blank();
            self.number();
        }
    }

    fn filter(&mut self, depth: usize) {
        if self.writer.choose(2) == 1 {
            self.blank();
            self.keyword("WHERE");
            self.blank();
            self.name();
            self.equals();
            self.expression(depth.saturating_sub(1));
        }
    }

    fn subquery(&mut self, depth: usize) {
        self.writer.text("(");
        self.gap();
        self.query(depth.saturating_sub(1));
        self.gap();
        self.writer.text(")");
    }

    // ----------------------------------------------------------------------------------------
    // Expressions

    /// A condition that no row decides.
    fn condition(&mut self) {
        let parentheses = self.writer.way(Rewriting::Parentheses, 3);
        self.writer.text(&"(".repeat(parentheses));
        match self.writer.choose(8) {
            0 => {
                self.number();
                self.equals();
                self.number();
            }
            1 => {
                self.string();
                self.equals();
                self.string();
            }
            2 => {
                self.number();
                self.compares();
                self.number();
            }
            3 => {
                self.number();
                self.blank();
                self.keyword("IN");
                self.gap();
                self.writer.text("(");
                self.number();
                self.writer.text(",");
                self.gap();
                self.number();
                self.writer.text(")");
            }
            4 => {
                self.number();
                self.blank();
                self.keyword("BETWEEN");
                self.blank();
                self.number();
                self.blank();
                self.keyword("AND");
                self.blank();
                self.number();
            }
            5 => {
                self.string();
                self.blank();
                self.keyword("LIKE");
                self.blank();
                self.string();
            }
            6 => {
                self.keyword("EXISTS");
                self.gap();
                self.subquery(DEPTH);
            }
            _ => {
                self.keyword("NOT");
                self.blank();
                self.number();
                self.compares();
                self.number();
            }
        }
        self.writer.text(&")".repeat(parentheses));
    }

    fn list(&mut self, depth: usize) {
        // A query that has but names has no structure: the first is a literal.
        self.number();
        for _ in 0..self.writer.choose(3) {
            self.gap();
            self.writer.text(",");
            self.gap();
            self.expression(depth.saturating_sub(1));
        }
    }

    fn expression(&mut self, depth: usize) {
        let parentheses = self.writer.way(Rewriting::Parentheses, 3);
        self.writer.text(&"(".repeat(parentheses));
        match self.writer.choose(if depth == 0 { 4 } else { 8 }) {
            0 => self.number(),
            1 => self.string(),
            2 => self.name(),
            3 => self.keyword("NULL"),
            4 => {
                let name = self.writer.pick(&["lower", "coalesce", "concat", "max"]);
                self.writer.caseless(name);
                self.writer.text("(");
                self.gap();
                self.expression(depth - 1);
                self.gap();
                self.writer.text(")");
            }
            5 => {
                self.expression(depth - 1);
                let operator = self.writer.pick(&["+", "-", "*", "/"]);
                // A blank, for `-` and `/` begin comments too.
                self.writer.text(" ");
                self.writer.text(operator);
                self.writer.text(" ");
                self.expression(depth - 1);
            }
            6 => self.subquery(depth),
            _ => {
                self.keyword("CASE");
                self.blank();
                self.keyword("WHEN");
                self.blank();
                self.expression(depth - 1);
                self.compares();
                self.number();
                self.blank();
                self.keyword("THEN");
                self.blank();
                self.expression(depth - 1);
                self.blank();
                self.keyword("ELSE");
                self.blank();
                self.number();
                self.blank();
                self.keyword("END");
            }
        }
        self.writer.text(&")".repeat(parentheses));
    }

    // ----------------------------------------------------------------------------------------
    // Tokens

    /// White space, or a comment in its place.
    fn blank(&mut self) {
        let line = if self.dialect == Dialect::MySql { "#x\n" } else { "--x\n" };
        let comment = self.writer.one_of(
            Rewriting::Comments,
            &[" ", "/**/", "/*x*/", " /* a b */ ", "/*'*/", "-- x\n", "/*\n*/", line],
        );
        match comment {
            " " => {
                let space = self
                    .writer
                    .one_of(Rewriting::WhiteSpace, &[" ", "\t", "\n", "\r\n", "  ", "\x0c", "\n\n\t "]);
                self.writer.text(space);
            }
            comment => self.writer.text(comment),
        }
    }

    /// Where white space may stand, and none does.
    fn gap(&mut self) {
        let space = self.writer.one_of(Rewriting::WhiteSpace, &["", " ", "\t", "\n", "\r\n", "\x0c", "  \n"]);
        self.writer.text(space);
        let comment =
            self.writer.one_of(Rewriting::Comments, &["", "/**/", "/*x*/", " /* a b */ ", "-- x\n"]);
        self.writer.text(comment);
    }

    fn keyword(&mut self, keyword: &str) {
        // MySQL runs what stands in such a comment.
        let version = match self.dialect {
            Dialect::MySql => self.writer.one_of(Rewriting::Encodings, &["", "/*!", "/*!50000", "/*! "]),
            _ => "",
        };
        self.writer.text(version);
        self.writer.caseless(keyword);
        if !version.is_empty() {
            self.writer.text("*/");
        }
    }

    fn name(&mut self) {
        let name = self.writer.pick(NAMES);
        let quoted = self.writer.way(Rewriting::Encodings, 2) == 1;
        let (open, close) = match self.dialect {
            _ if !quoted => ("", ""),
            Dialect::MySql => ("`", "`"),
            Dialect::SqlServer => ("[", "]"),
            _ => ("\"", "\""),
        };
        self.writer.text(open);
        if quoted {
            self.writer.text(name);
        } else {
            self.writer.caseless(name);
        }
        self.writer.text(close);
    }

    fn number(&mut self) {
        let digit = self.writer.choose(10).to_string();
        let ways: &[[&str; 2]] = match self.dialect {
            Dialect::Oracle | Dialect::PostgreSql => {
                &[["", ""], ["", ".0"], ["", "e0"], ["0", ""], ["", "."]]
            }
            Dialect::MySql => &[
                ["", ""],
                ["", ".0"],
                ["", "e0"],
                ["0", ""],
                ["", "."],
                ["0x0", ""],
                ["0x", ""],
                ["x'0", "'"],
            ],
            _ => &[["", ""], ["", ".0"], ["", "e0"], ["0", ""], ["", "."], ["0x0", ""]],
        };
        let [before, behind] = self.writer.one_of(Rewriting::Literals, ways);
        self.writer.text(before);
        self.writer.text(&digit);
        self.writer.text(behind);
    }

    fn string(&mut self) {
        let text = self.writer.pick(&["k", "shelf", "a-b", ""]);
        let ways: &[[&str; 2]] = match self.dialect {
            Dialect::MySql => &[["'", "'"], ["N'", "'"], ["_utf8'", "'"], ["n'", "'"], ["\"", "\""]],
            Dialect::PostgreSql => {
                &[["'", "'"], ["E'", "'"], ["U&'", "'"], ["$$", "$$"], ["$t$", "$t$"], ["N'", "'"]]
            }
            Dialect::SqlServer => &[["'", "'"], ["N'", "'"]],
            Dialect::Sqlite => &[["'", "'"]],
            Dialect::Oracle => &[["'", "'"], ["q'[", "]'"], ["q'!", "!'"], ["nq'{", "}'"], ["N'", "'"]],
        };
        let [open, close] = self.writer.one_of(Rewriting::Literals, ways);
        let escapes = self.writer.way(Rewriting::Encodings, 2) == 1;
        let (open, escape): (&str, fn(u8) -> String) = match self.dialect {
            _ if !escapes => (open, |byte| char::from(byte).to_string()),
            // No escape sequence has these letters.
            Dialect::MySql => (open, |byte| {
                if b"khelf".contains(&byte) {
                    format!("\\{}", char::from(byte))
                } else {
                    char::from(byte).to_string()
                }
            }),
            Dialect::PostgreSql => ("E'", |byte| format!("\\x{byte:02x}")),
            _ => (open, |byte| char::from(byte).to_string()),
        };
        self.writer.text(open);
        for byte in text.bytes() {
            self.writer.text(&escape(byte));
        }
        self.writer.text(close);
    }

    fn equals(&mut self) {
        let ways: &[&str] = match self.dialect {
            Dialect::MySql => &["=", "LIKE", "<=>"],
            Dialect::Sqlite => &["=", "==", "LIKE", "IS"],
            Dialect::PostgreSql => &["=", "IS NOT DISTINCT FROM"],
            _ => &["=", "LIKE"],
        };
        let operator = self.writer.one_of(Rewriting::Operators, ways);
        self.operator(operator);
    }

    fn compares(&mut self) {
        let operator = self.writer.pick(&["=", "<>", "<", ">", "<=", ">="]);
        let unequal = if self.dialect == Dialect::Oracle { "^=" } else { "!=" };
        let ways: &[&str] = match operator {
            "<>" => &["<>", "!=", unequal],
            only => &[only],
        };
        let operator = self.writer.one_of(Rewriting::Operators, ways);
        self.operator(operator);
    }

    fn operator(&mut self, operator: &str) {
        if operator.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.blank();
            for (i, word) in operator.split(' ').enumerate() {
                if i > 0 {
                    self.blank();
                }
                self.keyword(word);
            }
            self.blank();
        } else {
            self.gap();
            self.writer.text(operator);
            self.gap();
        }
    }
}
