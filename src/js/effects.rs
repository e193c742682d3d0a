//! What an accepted JavaScript text does.
//!
//! Each production of the grammar carries an [`Act`]: what the construct does when it runs. The
//! recogniser reports every production that it reduces, from which the acts are read.

use std::ops::DerefMut;

use super::evidence::Evidence;
use super::facts::{Facts, Meaning};
use super::input::{Input, Tail};
use super::source::{closer, most_closers};
use super::{ACTS, GRAMMAR, Terminal, Token, globals};
use crate::recogniser::{Grammar, Recogniser, Semantics, Stack, Symbol};
use crate::report::Instruction;
use crate::run::TokenSource;
use crate::{Context, Effects, run};

/// What a production of the grammar does when it runs: the word behind `=>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the grammar explains each by the productions that carry it")]
#[non_exhaustive]
pub enum Act {
    Pass,
    // contexts
    Leave,
    Interpolate,
    // §13 expressions
    Operand,
    Reference,
    This,
    Super,
    Literal,
    RegularExpression,
    Template,
    Parenthesise,
    Array,
    Spread,
    Object,
    Property,
    Shorthand,
    ComputedName,
    Member,
    ComputedMember,
    MetaProperty,
    Call,
    Arguments,
    New,
    TaggedTemplate,
    ImportCall,
    Update,
    Delete,
    Unary,
    Await,
    Yield,
    Arithmetic,
    Compare,
    Logic,
    Conditional,
    Assign,
    Initialize,
    Sequence,
    // §14 statements and declarations
    Block,
    Declare,
    Binding,
    Pattern,
    ExpressionStatement,
    If,
    Loop,
    ForEach,
    Jump,
    Return,
    With,
    Switch,
    Case,
    Label,
    Throw,
    Try,
    Catch,
    Debugger,
    // §15 functions and classes
    Function,
    Arrow,
    ArrowBody,
    Method,
    Getter,
    Setter,
    Class,
    Extends,
    Field,
    StaticField,
    StaticBlock,
    // §16 modules
    Import,
    Export,
}

impl Act {
    /// The act of a production, by the number that [`Semantics::reduce`](crate::Semantics::reduce)
    /// is given.
    #[inline]
    pub fn of(production: usize) -> Act {
        ACTS[production]
    }
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
            return self.nothing();
        };
        let (first, last) = (&first.value, &last.value);
        let act = ACTS[production];
        match act {
            Act::Reference => return self.reference(first),
            Act::Operand => return *first,
            _ => {}
        }
        let at = |place: usize| right.get(place).map_or(*last, |symbol| symbol.value);
        let (mut parts, mut effects) = (first.facts, first.effects);
        for part in &right[1..] {
            parts |= part.value.facts;
            effects |= part.value.effects;
        }
        let apart = first.facts & Facts::APART;
        // What most symbols are: a row of parts that is none of them.
        let row = Meaning {
            start: first.start,
            end: last.end,
            facts: parts & Facts::DEEP | apart,
            word: first.word,
            effects,
        };
        let of = |facts: Facts| Meaning { facts: row.facts | facts, ..row };
        match act {
            Act::This => of(Facts::THIS),
            Act::Interpolate => self.interpolate(&row),
            Act::Literal | Act::RegularExpression | Act::Template => Meaning {
                facts: row.facts
                    | Facts::LITERAL
                    | Facts::DATA
                    | first.facts & (Facts::STRING | Facts::CONFINED),
                word: if first.facts.contains(Facts::STRING) { first.word } else { 0 },
                ..row
            },
            Act::Array | Act::Object => of(Facts::LITERAL | Facts::DATA),
            Act::Function | Act::Arrow | Act::Class => of(Facts::FUNCTION),
            Act::Parenthesise => {
                Meaning { facts: (at(1).facts - Facts::APART) | apart, ..span(&at(1), &row) }
            }
            // In parentheses it is no word before others.
            Act::Sequence => {
                let facts = (last.facts - Facts::APART - Facts::WORD) | row.facts;
                Meaning { facts, ..span(last, &row) }
            }
            Act::Logic | Act::Conditional => Meaning { word: 0, ..of(parts & Facts::REACH) },

            Act::Property | Act::Method if globals::converts(first.word) => of(Facts::CONVERTS),
            Act::Getter => of(Facts::GETTER),
            Act::Member => self.member(&optional(first, &at(1)), last, &row),
            Act::ComputedMember => {
                let object = optional(first, &at(1));
                self.computed_member(&object, &at(right.len() - 3), &at(right.len() - 2), &row)
            }

            // `a?.(b)`
            Act::Call if right.len() > 2 => self.call(&optional(first, &at(1)), true, last, &row),
            Act::Call => self.call(first, false, last, &row),
            Act::New if right.len() == 3 => self.construct(&at(1), true, &row),
            Act::New => self.construct(last, false, &row),
            Act::TaggedTemplate => self.tag(first, last, &row),
            Act::ImportCall => self.import(last, &row),
            Act::Import => self.import_declaration(&row),
            // The operator stands before its operand or behind it.
            Act::Update if (first.facts - Facts::APART).is_empty() => self.update(last, &row),
            Act::Update => self.update(first, &row),
            Act::Delete => self.update(last, &row),
            Act::Throw => self.throw(&row),
            Act::Declare => self.declare(&row),
            // `for (x in y)` assigns as `=` does, and `await x = y` has one token more.
            Act::ExpressionStatement if first.facts.contains(Facts::ASSIGNED) => {
                self.assign_alone(&row);
                row
            }
            Act::Assign if right.len() > 1 => self.assign(&at(right.len() - 3), last, &row),
            Act::Unary | Act::Arithmetic | Act::Compare => self.convert(parts, &row),
            Act::Spread | Act::ForEach => {
                self.convert(parts, &row);
                row
            }
            // `[Symbol.toPrimitive]`, too
            Act::ComputedName => Meaning { word: at(1).word, ..self.convert(parts, &row) },
            Act::Pass if right.len() == 1 => *first,
            _ => row,
        }
    }
}

/// What a link of a chain stands behind: `?.` may come between.
fn optional(object: &Meaning, between: &Meaning) -> Meaning {
    Meaning { facts: object.facts | between.facts & Facts::OPTIONAL, ..*object }
}

/// How long a comment is that says nothing, in bytes.
pub(super) const SILENT: usize = 4;

/// A meaning that stands where a larger one does.
fn span(meaning: &Meaning, whole: &Meaning) -> Meaning {
    Meaning { start: whole.start, end: whole.end, ..*meaning }
}

impl Evidence {
    /// How the program goes on behind the value, and whether a comment in which it ends has no text.
    fn ending(&self, source: &Input) -> (Tail, bool) {
        let end = source.position();
        let tail = match source.tail() {
            Tail::None if self.opens_comment(end) => Tail::Comment,
            tail => tail,
        };
        (tail, source.open_comment().is_none_or(|start| end.saturating_sub(start) <= SILENT))
    }
}

impl run::Evidence for Evidence {
    type Source = Input;

    const GRAMMAR: &'static Grammar = &GRAMMAR;

    #[inline(always)]
    fn new(context: Context) -> Self {
        Evidence::of(context)
    }

    fn prelude(context: Context) -> &'static [Terminal] {
        match super::place(context).1 {
            Terminal::StartScript => &[Terminal::StartScript],
            Terminal::StartStatement => &[Terminal::StartStatement],
            Terminal::StartText => &[Terminal::StartText],
            _ => &[Terminal::StartExpression],
        }
    }

    fn dialect(source: &Input) -> &'static str {
        source.dialect()
    }

    fn reject(&mut self) {
        self.conclude(false, Tail::None, false);
    }

    fn may_resume(&self, _end: usize) -> bool {
        self.resumes()
    }

    fn resume(&mut self, token: Token) -> &'static [Terminal] {
        if token.terminal == Terminal::TemplateHead { &[Terminal::StartText] } else { &[] }
    }

    fn finish(&mut self, source: &Input) {
        let (tail, silent) = self.ending(source);
        self.conclude(true, tail, silent);
    }

    fn may_count(&self, source: &Input) -> bool {
        let (tail, silent) = self.ending(source);
        self.may_need(tail, silent)
    }

    fn certain(&self, source: &Input) -> Effects {
        let (tail, silent) = self.ending(source);
        self.noted_enough(tail, silent)
    }

    fn close<K: DerefMut<Target = Stack<Meaning>>>(
        recogniser: &mut Recogniser<Self, K>,
        source: &Input,
        at: usize,
    ) {
        let Some(open) = source.open() else { return };
        for given in 0..most_closers(open) {
            let next = closer(|terminal| recogniser.can_shift(terminal.index()));
            // A parenthesis would call what the value ends in.
            let Some(terminal) = next.filter(|next| *next != Terminal::LeftParenthesis) else { return };
            run::give(recogniser, terminal, at);
            // Mostly only the semicolon behind the last statement is missing.
            if terminal == Terminal::InsertedSemicolon && given == 0 && open == 0 {
                return;
            }
        }
    }

    fn effects(&self) -> Effects {
        self.counted()
    }

    fn instructions(&self) -> Vec<Instruction> {
        self.instructions()
    }
}
