//! What an accepted SQL text does.
//!
//! Each production of the grammar carries an [`Act`]: what the construct does when it runs. The
//! recogniser reports every token that it shifts and every production that it reduces; here each
//! act is handed to the evidence rule that weighs it.

use super::evidence::Evidence;
use super::facts::{Contribution, Facts, Meaning};
use super::source::Source;
use super::{ACTS, GRAMMAR, Terminal, Token, functions};
use crate::recogniser::{Grammar, Semantics, Symbol};
use crate::report::Instruction;
use crate::{Context, Effects, run};

/// What a production of the grammar does when it runs: the word behind `=>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the grammar explains each by the productions that carry it")]
#[non_exhaustive]
pub enum Act {
    Pass,
    // contexts
    Leave,
    Begin,
    Stack,
    // queries
    With,
    Query,
    QueryTable,
    SetOperation,
    Subquery,
    Items,
    Wildcard,
    Alias,
    From,
    Join,
    Table,
    TableFunction,
    TableAlias,
    Where,
    GroupBy,
    OrderBy,
    Limit,
    Into,
    Procedure,
    // expressions
    Logic,
    Compare,
    Match,
    MatchPattern,
    Test,
    Between,
    Arithmetic,
    Concatenate,
    Unary,
    Negate,
    Parenthesise,
    Case,
    Cast,
    Call,
    Literal,
    Qualify,
    Word,
    // statements
    Insert,
    Update,
    Delete,
    Destroy,
    Define,
    Grant,
    Execute,
    ExecuteProgram,
    ReadFile,
    WriteFile,
    Declare,
    Assign,
    Control,
    Delay,
    Transaction,
    Administer,
    Inspect,
}

impl Semantics for Evidence {
    type Token = Token;
    type Value = Meaning;

    #[inline]
    fn shift(&mut self, token: Token) -> Meaning {
        self.token(token)
    }

    fn reduce(&mut self, production: usize, right: &[Symbol<Meaning>]) -> Meaning {
        let (Some(first), Some(last)) = (right.first(), right.last()) else {
            if ACTS[production] == Act::Begin {
                self.begin_statement();
            }
            return self.nothing();
        };
        let (first, last) = (&first.value, &last.value);
        let facts = right.iter().fold(Facts::empty(), |facts, part| facts | part.value.facts);
        let mut whole = Meaning { start: first.start, end: last.end, facts, word: 0 };
        if right.len() == 1 {
            whole.word = first.word;
        }
        match ACTS[production] {
            Act::Logic => self.logic(first, last, &mut whole),
            Act::Compare | Act::Match => self.compare(first, last, &mut whole),
            Act::MatchPattern => self.match_pattern(first, last, &mut whole),
            Act::Test | Act::Between => self.test(&mut whole),
            Act::Arithmetic => self.arithmetic(true, &mut whole),
            Act::Unary | Act::Negate => self.arithmetic(false, &mut whole),
            // `x::type`, `x COLLATE name`: the operand, whatever the type is called.
            Act::Cast if right.len() == 3 => whole.facts = first.facts,
            Act::Call | Act::TableFunction | Act::Cast => {
                let arguments =
                    right.iter().skip(1).fold(Facts::empty(), |facts, part| facts | part.value.facts);
                self.call(first, arguments, &mut whole);
            }
            Act::Case => self.case(&mut whole),
            Act::Subquery => self.subquery(&mut whole),
            Act::Parenthesise => whole.facts |= Facts::PARENTHESES,
            Act::Literal if functions::introduces_literal(first.word) => whole.facts.remove(Facts::WORD),
            Act::Qualify => {
                whole.facts |= Facts::NAME;
                // A package is known by its first part, a procedure by its last.
                let package = functions::effects(first.word).is_some();
                whole.word = if package { first.word } else { last.word };
            }
            Act::Word => self.word(&mut whole),
            Act::Wildcard => whole.facts |= Facts::WILDCARD,
            Act::Alias => self.alias(right.len() == 1, &mut whole),
            Act::TableAlias => whole.facts = Facts::TABLE_ALIAS,

            Act::With => self.with(),
            Act::From => self.from(&whole),
            Act::Where => self.filter(&whole),
            Act::SetOperation => self.set_operation(&whole),
            act @ (Act::OrderBy | Act::GroupBy | Act::Limit) => self.arrange(act, &whole),
            Act::Procedure => self.procedure(&whole),

            Act::Insert => self.statement("INSERT statement", &whole, Effects::WRITE),
            Act::Update => self.statement("UPDATE statement", &whole, Effects::WRITE),
            Act::Delete => self.delete(&whole),
            Act::Destroy => self.statement("DROP or TRUNCATE statement", &whole, Effects::DESTROY),
            Act::Define => self.definition(&whole),
            Act::Grant => self.statement("account or privilege statement", &whole, Effects::GRANT),
            Act::Execute => self.verb("EXECUTE statement", &whole, Effects::EXECUTE),
            Act::ExecuteProgram => self.statement("program of the system", &whole, Effects::EXECUTE),
            Act::ReadFile => self.statement("file read", &whole, Effects::FILE | Effects::READ),
            Act::WriteFile => self.write_file(&whole),
            Act::Declare => self.declare(&whole),
            Act::Assign => self.assign(&whole),
            Act::Delay => self.delay(&whole),
            Act::Administer => self.verb("administration", &whole, Effects::ADMINISTER),
            Act::Inspect => self.verb("inspection", &whole, Effects::DISCLOSE),
            _ => {}
        }
        whole
    }
}

impl run::Evidence for Evidence {
    type Source = Source;

    const GRAMMAR: &'static Grammar = &GRAMMAR;

    #[inline(always)]
    fn new(context: Context) -> Self {
        Evidence::of(context)
    }

    fn prelude(context: Context) -> &'static [Terminal] {
        match context {
            Context::SqlStatement => &[Terminal::StartStatement],
            Context::SqlSuffix => &[Terminal::StartValue, Terminal::Operand],
            _ => &[Terminal::StartValue],
        }
    }

    fn dialect(source: &Source) -> &'static str {
        source.dialect().name()
    }

    #[inline]
    fn meet(&mut self, token: Token) {
        self.contribution |= Contribution::of(token.terminal);
    }

    fn may_resume(&self, end: usize) -> bool {
        self.may_resume(end)
    }

    fn resume(&mut self, token: Token) -> &'static [Terminal] {
        if token.terminal != Terminal::Union {
            return &[];
        }
        self.resume();
        &[Terminal::StartValue, Terminal::Operand]
    }

    fn finish(&mut self, source: &Source) {
        self.end(source.open_comment());
    }

    fn closing(source: &Source) -> impl Iterator<Item = Terminal> {
        (0..source.open_parentheses()).map(|_| Terminal::RightParenthesis)
    }

    fn effects(&self) -> Effects {
        self.effects
    }

    fn instructions(&self) -> Vec<Instruction> {
        let noted = self.noted.iter();
        noted.map(|n| Instruction { kind: n.kind, span: n.start..n.end, effects: n.effects }).collect()
    }
}
