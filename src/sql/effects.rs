//! What an accepted SQL text does, and how much of it counts as evidence.
//!
//! [`Evidence`] listens to the recogniser: it sees every token that the grammar shifts and every
//! production that it reduces, computes a [`Meaning`] for each symbol, and notes instructions.
//! All rules that keep ordinary text out are here, each with its reason and an example on both
//! sides.
//!
//! The rules ask three questions. *Did the value break out of a literal?* Then it holds a closing
//! quote, and little more is needed; without one, prose like `5 or more` is near to SQL. *Is there
//! structure?* Bare words and single numbers are what prose is made of; literals next to
//! operators, calls of documented functions, lists, wildcards and variables are not. *Must the
//! rest be viable too?* An instruction that no prose contains counts as soon as it was accepted,
//! so that text in an unknown dialect behind it hides nothing; the others count only if the whole
//! value is viable.

use smallvec::SmallVec;

use super::{ACTS, PRODUCTION_NAMES, Terminal, Token, functions};
use crate::recogniser::Semantics;
use crate::{Context, Effects, Finding};

/// What a production of the grammar does when it runs: the word behind `=>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the grammar explains each by the productions that carry it")]
#[non_exhaustive]
pub enum Act {
    Pass,
    Leave,
    Items,
    Join,
    Stack,
    Query,
    QueryTable,
    SetOperation,
    Subquery,
    Wildcard,
    Alias,
    From,
    Where,
    GroupBy,
    OrderBy,
    Limit,
    Into,
    WriteFile,
    ReadFile,
    ExecuteProgram,
    Call,
    Table,
    TableFunction,
    Logic,
    Compare,
    Test,
    Match,
    Between,
    Arithmetic,
    Concatenate,
    Unary,
    Negate,
    Cast,
    Parenthesise,
    Case,
    Qualify,
    Insert,
    Update,
    Delete,
    Destroy,
    Define,
    Grant,
    Execute,
    Declare,
    Assign,
    Control,
    Delay,
    Transaction,
    Administer,
    Inspect,
}

bitflags::bitflags! {
    /// What a symbol is made of.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub(crate) struct Facts: u32 {
        const NUMBER = 1 << 0;
        const TEXT = 1 << 1;
        /// `TRUE`, `FALSE`, `NULL`
        const TRUTH = 1 << 2;
        /// a plain name
        const WORD = 1 << 3;
        /// a name in quotes, brackets or backquotes, or with a dot
        const NAME = 1 << 4;
        /// `@x`, `:x`, `?`
        const VARIABLE = 1 << 5;
        /// `@@x`
        const SYSTEM = 1 << 6;
        const CALL = 1 << 7;
        /// a call of a documented function
        const KNOWN = 1 << 8;
        const SUBQUERY = 1 << 9;
        const ARITHMETIC = 1 << 10;
        const COMPARISON = 1 << 11;
        /// a condition whose truth is known without data: `1=1`, `x=x`
        const CONSTANT_CONDITION = 1 << 12;
        const LOGIC = 1 << 13;
        /// the operand that stands for the program's own text
        const GIVEN = 1 << 14;
        const PARENTHESES = 1 << 15;
        const ALIAS = 1 << 16;
        const NEGATED = 1 << 17;
        const WILDCARD = 1 << 18;
        const COMMA = 1 << 19;
        /// two strings side by side, or a name and one
        const ADJACENT = 1 << 20;
        const KEYWORD = 1 << 21;
        const OR = 1 << 22;
        const TEST = 1 << 23;
        const CLAUSE = 1 << 24;

        const CONSTANT = Self::NUMBER.bits() | Self::TEXT.bits() | Self::TRUTH.bits();
        /// More than words and single values.
        const STRUCTURE = Self::VARIABLE.bits() | Self::SYSTEM.bits() | Self::KNOWN.bits() | Self::SUBQUERY.bits()
            | Self::COMPARISON.bits() | Self::WILDCARD.bits() | Self::ARITHMETIC.bits();
    }
}

/// What is known about a symbol on the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meaning {
    start: usize,
    end: usize,
    facts: Facts,
    /// The hash of a single name or number, 0 for anything else.
    word: u32,
}

/// An instruction, before it becomes part of a report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noted {
    pub(crate) kind: &'static str,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) effects: Effects,
}

/// How much of the value must be viable for an instruction to count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Weight {
    /// No ordinary text contains this; what follows does not matter.
    Decisive,
    /// Counts if the value is viable to its end, or to the end of the statement.
    IfViable,
}

/// The query that is being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum QueryPlace {
    /// Behind a set operator.
    SetOperation,
    /// Behind a parenthesis.
    Parenthesised,
    /// At the start of a statement.
    Statement,
}

#[derive(Clone, Copy, Debug)]
struct OpenQuery {
    place: QueryPlace,
    start: usize,
    facts: Facts,
    commas: u32,
    from: bool,
    noted: bool,
}

/// Listens to the recogniser and collects what the accepted text does.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// The value broke out of a literal, a quoted name or a comment.
    escaped: bool,
    /// The whole value is a program.
    command: bool,
    /// What counts whatever follows.
    pub(crate) effects: Effects,
    /// What counts if the value is viable to its end.
    pending: Effects,
    pub(crate) noted: SmallVec<[Noted; Finding::MAX_INSTRUCTIONS]>,
    /// The last three terminals, the newest first.
    recent: [Terminal; 3],
    query: Option<OpenQuery>,
    /// Facts of the whole value, but for its context's own operand.
    facts: Facts,
    tokens: u32,
    /// Tokens of the value since the literal was closed, `)` aside.
    end: usize,
}

impl Evidence {
    pub(crate) fn new(context: Context) -> Self {
        Evidence {
            escaped: !matches!(context, Context::SqlValue | Context::SqlSuffix | Context::SqlStatement),
            command: context == Context::SqlStatement,
            effects: Effects::empty(),
            pending: Effects::empty(),
            noted: SmallVec::new(),
            recent: [Terminal::Unknown; 3],
            query: None,
            facts: Facts::empty(),
            tokens: 0,
            end: 0,
        }
    }

    fn note(&mut self, kind: &'static str, start: usize, end: usize, effects: Effects, weight: Weight) {
        match weight {
            Weight::Decisive => self.effects |= effects,
            Weight::IfViable => self.pending |= effects,
        }
        if self.noted.len() < Finding::MAX_INSTRUCTIONS {
            self.noted.push(Noted { kind, start, end, effects });
        }
    }

    /// The input ended, or the next token was rejected. `viable` says which; `comment` is where
    /// the comment began that the input ended in.
    pub(crate) fn finish(&mut self, viable: bool, comment: Option<usize>) {
        if !viable {
            return;
        }
        if let Some(start) = comment {
            self.truncate(start);
        }
        self.effects |= self.pending;
    }

    /// `admin' -- `: the value closed its literal and hides what follows. Only directly behind
    /// the literal, its parentheses or an expression: `'em # hashtag` has an alias before the
    /// comment.
    fn truncate(&mut self, start: usize) {
        let directly = matches!(
            self.recent[0],
            Terminal::String | Terminal::DoubleQuoted | Terminal::QuotedIdentifier | Terminal::Operand | Terminal::Number | Terminal::RightParenthesis | Terminal::Semicolon
        );
        if self.escaped && directly {
            self.note("comment to the end", start, start, Effects::TRUNCATE, Weight::IfViable);
        }
    }

    /// A token of a query: `UNION SELECT 1`, `(SELECT a FROM b WHERE …`.
    fn query_token(&mut self, token: Token) {
        if token.terminal == Terminal::Select {
            let place = match self.recent[0] {
                Terminal::Union | Terminal::All | Terminal::Distinct | Terminal::Except | Terminal::Intersect => QueryPlace::SetOperation,
                Terminal::LeftParenthesis => QueryPlace::Parenthesised,
                _ => QueryPlace::Statement,
            };
            self.query = Some(OpenQuery { place, start: token.start, facts: Facts::empty(), commas: 0, from: false, noted: false });
            return;
        }
        let Some(query) = &mut self.query else { return };
        match token.terminal {
            Terminal::Comma => query.commas += 1,
            Terminal::From => query.from = true,
            Terminal::Asterisk => query.facts |= Facts::WILDCARD,
            other => query.facts |= facts(other),
        }
        if query.noted {
            return;
        }
        let OpenQuery { place, start, facts, commas, from, .. } = *query;
        // What prose puts behind "union select": bare words. A number, a literal, a wildcard, a
        // variable or a second item is a select list.
        let list = facts.intersects(Facts::CONSTANT | Facts::VARIABLE | Facts::SYSTEM | Facts::WILDCARD | Facts::NAME) || commas > 0;
        let given = self.facts.intersects(Facts::NUMBER | Facts::TEXT | Facts::GIVEN | Facts::PARENTHESES) || self.escaped;
        let (kind, done) = match place {
            QueryPlace::SetOperation => ("set operation", list || (from && given)),
            QueryPlace::Parenthesised => ("subquery", from && list && !matches!(token.terminal, Terminal::From)),
            QueryPlace::Statement => ("query", from && list && !matches!(token.terminal, Terminal::From)),
        };
        if done {
            query.noted = true;
            let weight = if place == QueryPlace::Statement { Weight::IfViable } else { Weight::Decisive };
            self.note(kind, start, token.end, Effects::READ, weight);
        }
    }

    fn condition(&mut self, meaning: &Meaning) {
        self.note("condition", meaning.start, meaning.end, Effects::LOGIC, Weight::IfViable);
    }

    fn compare(&mut self, left: &Meaning, right: &Meaning, whole: &mut Meaning) {
        whole.facts |= Facts::COMPARISON;
        let known = |m: &Meaning| m.facts.intersects(Facts::CONSTANT) && !m.facts.intersects(Facts::WORD | Facts::NAME | Facts::CALL | Facts::SUBQUERY | Facts::VARIABLE | Facts::SYSTEM | Facts::GIVEN);
        let same = left.word != 0 && left.word == right.word;
        if (known(left) && known(right)) || same {
            whole.facts |= Facts::CONSTANT_CONDITION;
        }
        // `'='`, `' < 5 -- `: the literal itself is compared.
        if self.escaped && left.facts.contains(Facts::GIVEN) {
            self.condition(whole);
        }
    }

    /// `… OR 1=1`. Behind a closing quote every condition counts; elsewhere the condition must be
    /// constant or call, because `n > 1 and m = 3` is mathematics.
    fn logic(&mut self, left: &Meaning, right: &Meaning, whole: &mut Meaning) {
        let either = left.facts | right.facts;
        whole.facts |= Facts::LOGIC;
        let constant = either.contains(Facts::CONSTANT_CONDITION);
        let decided = if self.escaped {
            right.facts.intersects(Facts::COMPARISON | Facts::TEST | Facts::NUMBER | Facts::TRUTH | Facts::CALL | Facts::SYSTEM | Facts::SUBQUERY | Facts::VARIABLE)
        } else {
            constant || right.facts.intersects(Facts::KNOWN | Facts::SYSTEM | Facts::SUBQUERY)
        };
        if decided {
            self.condition(whole);
        }
    }

    fn call(&mut self, right: &[Meaning], whole: &mut Meaning) {
        whole.facts |= Facts::CALL;
        let Some(name) = right.first() else { return };
        let effects = functions::effects(name.word);
        if let Some(effects) = effects {
            whole.facts |= Facts::KNOWN;
            if !effects.is_empty() {
                self.note("function call", whole.start, whole.end, effects, Weight::IfViable);
            }
        }
        whole.word = 0;
    }

    fn statement(&mut self, kind: &'static str, whole: &Meaning, effects: Effects) {
        self.note(kind, whole.start, whole.end, effects, Weight::IfViable);
    }
}

/// What a single terminal is.
fn facts(terminal: Terminal) -> Facts {
    match terminal {
        Terminal::Number => Facts::NUMBER,
        Terminal::String => Facts::TEXT,
        Terminal::DoubleQuoted => Facts::TEXT,
        Terminal::True | Terminal::False | Terminal::Null => Facts::TRUTH,
        Terminal::Identifier => Facts::WORD,
        Terminal::QuotedIdentifier => Facts::NAME,
        Terminal::Variable | Terminal::Parameter => Facts::VARIABLE,
        Terminal::SystemVariable => Facts::SYSTEM,
        Terminal::Operand => Facts::GIVEN,
        _ => Facts::empty(),
    }
}

impl Semantics for Evidence {
    type Token = Token;
    type Value = Meaning;

    fn shift(&mut self, token: Token) -> Meaning {
        self.query_token(token);
        let mut facts = facts(token.terminal);
        self.tokens += 1;
        if self.escaped && self.tokens == 2 {
            facts |= Facts::GIVEN;
        }
        match token.terminal {
            Terminal::Semicolon => {
                self.effects |= self.pending & (Effects::WRITE | Effects::DESTROY | Effects::DEFINE | Effects::EXECUTE | Effects::DELAY | Effects::GRANT);
            }
            Terminal::SystemVariable if token.end - token.start > 2 => {
                self.note("system variable", token.start, token.end, Effects::DISCLOSE, Weight::IfViable);
            }
            _ => {}
        }
        self.facts |= facts;
        self.end = token.end;
        self.recent = [token.terminal, self.recent[0], self.recent[1]];
        Meaning { start: token.start, end: token.end, facts, word: token.word }
    }

    fn reduce(&mut self, production: usize, right: &[Meaning]) -> Meaning {
        let mut whole = Meaning { start: self.end, end: self.end, facts: Facts::empty(), word: 0 };
        if let (Some(first), Some(last)) = (right.first(), right.last()) {
            whole.start = first.start;
            whole.end = last.end;
        }
        for part in right {
            whole.facts |= part.facts;
        }
        if let [only] = right {
            whole.word = only.word;
        }
        let act = ACTS[production];
        match act {
            Act::Pass | Act::Leave | Act::Items => {}
            Act::Compare | Act::Match => {
                if let (Some(left), Some(last)) = (right.first(), right.last()) {
                    self.compare(left, last, &mut whole);
                }
            }
            Act::Between | Act::Test => {
                whole.facts |= Facts::COMPARISON | Facts::TEST;
                if self.escaped && right.first().is_some_and(|left| left.facts.contains(Facts::GIVEN)) {
                    self.condition(&whole);
                }
            }
            Act::Logic => {
                if let (Some(left), Some(last)) = (right.first(), right.last()) {
                    self.logic(left, last, &mut whole);
                }
            }
            Act::Arithmetic => {
                whole.facts |= Facts::ARITHMETIC;
                if self.escaped && right.last().is_some_and(|last| last.facts.intersects(Facts::CALL | Facts::SUBQUERY | Facts::SYSTEM | Facts::VARIABLE)) {
                    self.note("arithmetic", whole.start, whole.end, Effects::COMPUTE, Weight::IfViable);
                }
            }
            Act::Call | Act::TableFunction | Act::Cast => self.call(right, &mut whole),
            Act::Qualify => {
                whole.facts |= Facts::NAME;
                // A package is known by its first part, a procedure by its last.
                let first = right.first().map_or(0, |m| m.word);
                let last = right.last().map_or(0, |m| m.word);
                whole.word = if functions::effects(first).is_some() { first } else { last };
            }
            Act::Subquery => whole.facts = Facts::SUBQUERY,
            Act::Parenthesise => whole.facts |= Facts::PARENTHESES,
            Act::Alias => whole.facts = Facts::ALIAS,
            Act::Wildcard => whole.facts |= Facts::WILDCARD,
            Act::Where => {
                if whole.facts.contains(Facts::CONSTANT_CONDITION) || (self.escaped && whole.facts.contains(Facts::COMPARISON)) {
                    self.condition(&whole);
                }
            }
            Act::OrderBy | Act::GroupBy => {
                if whole.facts.contains(Facts::NUMBER) && self.escaped {
                    self.note("order", whole.start, whole.end, Effects::ARRANGE | Effects::COMPUTE, Weight::IfViable);
                }
            }
            Act::Insert => self.statement("INSERT statement", &whole, Effects::WRITE),
            Act::Update => self.statement("UPDATE statement", &whole, Effects::WRITE),
            Act::Delete => self.statement("DELETE statement", &whole, Effects::WRITE),
            Act::Destroy => self.statement("DROP or TRUNCATE statement", &whole, Effects::DESTROY),
            Act::Define => self.statement("definition", &whole, Effects::DEFINE),
            Act::Grant => self.statement("privileges", &whole, Effects::GRANT),
            Act::Execute => self.statement("EXECUTE statement", &whole, Effects::EXECUTE),
            Act::Delay => self.statement("WAITFOR statement", &whole, Effects::DELAY),
            Act::Administer => self.statement("administration", &whole, Effects::ADMINISTER),
            Act::ReadFile => self.statement("file read", &whole, Effects::FILE | Effects::READ),
            Act::WriteFile => self.statement("file write", &whole, Effects::FILE | Effects::WRITE),
            Act::ExecuteProgram => self.statement("program", &whole, Effects::EXECUTE),
            _ => {
                let _ = PRODUCTION_NAMES;
            }
        }
        whole
    }
}
