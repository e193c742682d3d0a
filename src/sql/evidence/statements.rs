//! What is weighed when a clause or a statement is complete.

use super::super::facts::{Facts, Meaning};
use super::super::{Act, Terminal};
use super::{Evidence, Place, Statement, Weight};
use crate::Effects;

impl Evidence {
    /// WHERE and HAVING with a constant condition, or any behind a closed literal.
    ///
    /// Counts: `' having x=1 -- `, `1 where 1=1`. Does not: `the place where x = y`.
    pub(in crate::sql) fn filter(&mut self, whole: &Meaning) {
        let compares = whole.facts.contains(Facts::COMPARISON);
        if whole.facts.contains(Facts::CONSTANT_CONDITION) || (self.literal.is_some() && compares) {
            self.condition(whole, Weight::IfViable);
        } else if compares && whole.facts.intersects(Facts::CONSTANT) {
            self.condition(whole, Weight::IfTruncated);
        }
    }

    /// A FROM clause for the program's own select list.
    ///
    /// Counts: `1, password from users -- `. Does not: `bread from the oven -- fresh`.
    pub(in crate::sql) fn from(&mut self, whole: &Meaning) {
        let fragment = self.query.is_none() && self.statement == Statement::None;
        if fragment && (self.begun || self.closes.is_some()) {
            self.note("FROM clause", (whole.start, whole.end), Effects::READ, Weight::IfTruncated);
        }
    }

    /// A WITH clause is complete: a query or a statement comes next.
    pub(in crate::sql) fn with(&mut self) {
        self.with = true;
    }

    /// A query in parentheses, or the argument of a function. Two words in a row are no prose there, for
    /// SELECT and the parentheses stand around them.
    ///
    /// Counts: `' + (select 1 x) + '`.
    pub(in crate::sql) fn subquery(&mut self, whole: &mut Meaning) {
        whole.facts = Facts::SUBQUERY;
        if self.query.is_some_and(|query| query.place == Place::Parenthesised && !query.aliased) {
            self.facts.remove(Facts::ALIAS);
        }
    }

    /// What a set operator adds, where a constant or closed literal stands before.
    ///
    /// Counts: `1 union table users`, `1 union select name`. Does not: `union select committee`.
    pub(in crate::sql) fn set_operation(&mut self, whole: &Meaning) {
        let expected = self.literal.is_some() || self.facts.intersects(Facts::CONSTANT);
        let noted = self.query.is_some_and(|query| query.noted);
        if expected && !noted && !self.resumed {
            self.note("set operation", (whole.start, whole.end), Effects::READ, Weight::IfViable);
        }
    }

    /// ORDER BY, GROUP BY and LIMIT: how an attacker counts columns. By a number, behind a closed
    /// literal or where the value has no word at all; with a comment, by anything but words.
    ///
    /// Counts: `' order by 3`, `1 order by 3`, `name order by 3 -- `. Does not: `tea order by noon`.
    pub(in crate::sql) fn arrange(&mut self, act: Act, whole: &Meaning) {
        let numbered = act != Act::Limit && whole.facts.contains(Facts::NUMBER);
        let counts = numbered && (self.literal.is_some() || !self.facts.contains(Facts::WORD));
        if whole.facts.intersects(Facts::STRUCTURE) {
            let weight = if counts { Weight::IfViable } else { Weight::IfTruncated };
            self.note("order", (whole.start, whole.end), Effects::ARRANGE, weight);
        }
    }

    /// `PROCEDURE name(…)` behind an operand (MySQL): no prose says it.
    ///
    /// Counts: `1 procedure analyse()`. Does not: `the procedure (see below)`.
    pub(in crate::sql) fn procedure(&mut self, whole: &Meaning) {
        if self.behind_constant() || whole.facts.intersects(Facts::CONSTANT | Facts::KNOWN_CALL) {
            self.note("PROCEDURE clause", (whole.start, whole.end), Effects::COMPUTE, Weight::Decisive);
        }
    }

    /// A statement begins where no separator announced one.
    pub(in crate::sql) fn begin_statement(&mut self) {
        self.statement = match self.follows() {
            true => Statement::Stacked,
            false if self.tokens == self.prelude => Statement::Script,
            false => Statement::Pasted,
        };
    }

    /// Whether what begins now stands behind something of the value's own. Without a separator only
    /// SQL Server goes on, whose literals have single quotes.
    ///
    /// Counts: `1 drop table a.t`, `' exec p 1`. Does not: `drop by and select a gift`,
    /// `the "create table" statement`.
    pub(super) fn follows(&self) -> bool {
        let operand = self.literal == Some(Terminal::String)
            || self.facts.intersects(Facts::CONSTANT | Facts::PARENTHESES);
        self.command || self.separated || (operand && self.literal != Some(Terminal::DoubleQuoted))
    }

    /// A statement counts behind a separator, a closed literal or an operand, or where the value is
    /// a program; without a separator it needs more than words.
    ///
    /// Counts: `1; drop table users`, `drop table users`. Does not: `5 drop table tennis`.
    pub(in crate::sql) fn statement(&mut self, kind: &'static str, whole: &Meaning, effects: Effects) {
        let stands = match self.statement {
            Statement::Stacked => true,
            Statement::None => self.follows(),
            Statement::Pasted | Statement::Script => false,
        };
        if stands && (self.separated || self.command || whole.facts.intersects(Facts::STRUCTURE)) {
            self.note(kind, (whole.start, whole.end), effects, Weight::IfViable);
        }
    }

    /// A statement of one verb and a word or two, as prose has them: it needs structure, a constant
    /// before its separator, or a comment behind it.
    ///
    /// Counts: `exec sp_who 1`, `1; shutdown`, `'; shutdown -- `. Does not: `exec summary`,
    /// `vacuum daily`, `lights off; shutdown`.
    pub(in crate::sql) fn verb(&mut self, kind: &'static str, whole: &Meaning, effects: Effects) {
        if whole.facts.intersects(Facts::STRUCTURE) || (self.separated && self.behind_constant()) {
            self.statement(kind, whole, effects);
        } else if self.statement == Statement::Stacked {
            self.note(kind, (whole.start, whole.end), effects, Weight::IfTruncated);
        }
    }

    /// Definitions. A short one of words alone is an item of a to-do list.
    ///
    /// Counts: `create table t (id integer)`. Does not: `create schema drawings`.
    pub(in crate::sql) fn definition(&mut self, whole: &Meaning) {
        /// How many tokens a definition has that no prose goes on to.
        const LONG: u32 = 7;
        if self.command && self.tokens < LONG {
            self.verb("definition", whole, Effects::DEFINE);
        } else {
            self.statement("definition", whole, Effects::DEFINE);
        }
    }

    /// DELETE from a table with an alias, and nothing but words, is a sentence.
    ///
    /// Counts: `delete from users`. Does not: `delete from the contract where applicable`.
    pub(in crate::sql) fn delete(&mut self, whole: &Meaning) {
        if self.command && whole.facts.contains(Facts::TABLE_ALIAS) {
            self.verb("DELETE statement", whole, Effects::WRITE);
        } else {
            self.statement("DELETE statement", whole, Effects::WRITE);
        }
    }

    /// SET of a variable, or of anything behind a constant and a separator.
    ///
    /// Counts: `set @x = 1`, `1; set global general_log = 1`. Does not: `set the table`.
    pub(in crate::sql) fn assign(&mut self, whole: &Meaning) {
        let variable = whole.facts.intersects(Facts::VARIABLE | Facts::SYSTEM);
        if variable || (self.separated && self.behind_constant()) {
            self.statement("SET statement", whole, Effects::ADMINISTER);
        }
    }

    /// DECLARE of a variable: what follows runs as a program.
    ///
    /// Counts: `1; declare @x int`. Does not: `declare victory`.
    pub(in crate::sql) fn declare(&mut self, whole: &Meaning) {
        if whole.facts.contains(Facts::VARIABLE) {
            self.statement("DECLARE statement", whole, Effects::EXECUTE);
        }
    }

    /// `WAITFOR DELAY '…'`: no prose says it, and no dialect is needed to see what it does.
    ///
    /// Counts: `") waitfor delay '0:0:5' and ?!`. Does not: `wait for delay`.
    pub(in crate::sql) fn delay(&mut self, whole: &Meaning) {
        if self.literal.is_some() {
            self.statement = Statement::Stacked;
        }
        self.note("WAITFOR statement", (whole.start, whole.end), Effects::DELAY, Weight::Decisive);
    }

    /// INTO OUTFILE and the like.
    ///
    /// Counts: `1 into outfile '/tmp/x'`. Does not: `look into outfile formats`.
    pub(in crate::sql) fn write_file(&mut self, whole: &Meaning) {
        self.note("file write", (whole.start, whole.end), Effects::FILE | Effects::WRITE, Weight::IfViable);
    }

    /// A word that is a keyword elsewhere and a name here.
    pub(in crate::sql) fn word(&mut self, whole: &mut Meaning) {
        whole.facts |= Facts::WORD;
        self.facts |= Facts::WORD;
    }

    /// An alias; a bare one, without AS, is two words in a row. A literal that the input leaves open and
    /// that would be a bare alias is nothing that a program closes; a name in quotes may be one.
    /// In a query that follows something of the value's own and has structure, two words in a row are no prose.
    ///
    /// Counts: `" or "" = "`. Does not: `15" or 17" screens`.
    pub(in crate::sql) fn alias(&mut self, bare: bool, whole: &mut Meaning) {
        if bare && whole.facts.contains(Facts::OPEN | Facts::TEXT) {
            self.open = Some(Terminal::Unknown);
        }
        whole.facts = Facts::ALIAS;
        if !self.query.is_some_and(|query| query.is_statement()) {
            self.facts |= Facts::ALIAS;
        }
    }
}
