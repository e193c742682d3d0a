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

use super::lexer::OpenComment;
use super::token::{EMPTY, HEXADECIMAL, OPEN, TIGHT_END, TIGHT_START};
use super::{ACTS, Terminal, Token, functions};
use crate::recogniser::{Semantics, Symbol};
use crate::{Context, Effects, Finding};

/// What a production of the grammar does when it runs: the word behind `=>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(
    missing_docs,
    reason = "the grammar explains each by the productions that carry it"
)]
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
    Begin,
    Word,
    Procedure,
    Literal,
    TableAlias,
}

bitflags::bitflags! {
    /// What a symbol is made of.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub(crate) struct Facts: u32 {
        const NUMBER = 1 << 0;
        /// a string, or something in double quotes
        const TEXT = 1 << 1;
        /// `TRUE`, `FALSE`, `NULL`
        const TRUTH = 1 << 2;
        /// a plain name
        const WORD = 1 << 3;
        /// a name with a dot, or in backquotes or brackets
        const NAME = 1 << 4;
        /// `@x`, `:x`, `?`
        const VARIABLE = 1 << 5;
        /// `@@x`
        const SYSTEM = 1 << 6;
        /// a call of a documented function
        const KNOWN_CALL = 1 << 7;
        const CALL = 1 << 8;
        const SUBQUERY = 1 << 9;
        const ARITHMETIC = 1 << 10;
        const COMPARISON = 1 << 11;
        /// a condition whose truth is known without data: `1=1`, `x=x`
        const CONSTANT_CONDITION = 1 << 12;
        const LOGIC = 1 << 13;
        /// the operand that is the program's own, or the literal that the value left
        const GIVEN = 1 << 14;
        const PARENTHESES = 1 << 15;
        const ALIAS = 1 << 16;
        const WILDCARD = 1 << 17;
        const COMMA = 1 << 18;
        /// CASE, BINARY and other words that are operators
        const KEYWORD = 1 << 19;
        /// a literal that the input's end left open
        const OPEN = 1 << 20;
        /// … and that reads as a sentence
        const SENTENCE = 1 << 21;
        /// the given literal touches the quote that closes it
        const TIGHT = 1 << 22;
        const EMPTY = 1 << 23;
        const HEXADECIMAL = 1 << 24;
        /// `||`, which is OR in MySQL
        const DOUBLE_BAR = 1 << 25;
        const TABLE_ALIAS = 1 << 26;

        const CONSTANT = Self::NUMBER.bits() | Self::TEXT.bits() | Self::TRUTH.bits();
        /// Operands that are known only when the program runs.
        const DYNAMIC = Self::WORD.bits() | Self::NAME.bits() | Self::VARIABLE.bits() | Self::SYSTEM.bits()
            | Self::CALL.bits() | Self::SUBQUERY.bits() | Self::GIVEN.bits();
        /// What no list of words has.
        const STRUCTURE = Self::NUMBER.bits() | Self::TEXT.bits() | Self::TRUTH.bits() | Self::NAME.bits() | Self::VARIABLE.bits()
            | Self::SYSTEM.bits() | Self::KNOWN_CALL.bits() | Self::SUBQUERY.bits() | Self::WILDCARD.bits() | Self::COMMA.bits()
            | Self::KEYWORD.bits() | Self::COMPARISON.bits() | Self::ARITHMETIC.bits();
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

/// When an instruction counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Weight {
    /// No ordinary text contains this; what follows does not matter.
    Decisive,
    /// If the value is viable to its end.
    IfViable,
    /// If the value is viable to its end and hides the rest of the program behind a comment.
    IfTruncated,
}

/// Where the query that is being read stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// Behind a set operator: `… UNION SELECT`.
    SetOperation,
    /// In parentheses: `(SELECT`.
    Parenthesised,
    /// At the start of a statement.
    Statement,
}

#[derive(Clone, Copy, Debug)]
struct OpenQuery {
    place: Place,
    start: usize,
    /// How many tokens it has that no list of words has.
    structure: u32,
    from: bool,
    /// The value has something of its own before it, or it is a program.
    follows: bool,
    /// It stands right behind the first word of the value.
    argument: bool,
    noted: bool,
}

/// Listens to the recogniser and collects what the accepted text does.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// The literal that the value left, if it left one: the terminal that it became.
    escaped: Option<Terminal>,
    /// The literal or quoted name that the value left: the program closes another one.
    left: Option<Terminal>,
    /// The value left a name in backquotes or brackets, or a comment: Markdown does that too, so
    /// it counts no more than no quote at all; or it stands behind an operand.
    suffix: bool,
    /// The value left a comment.
    comment: bool,
    /// The whole value is a program.
    command: bool,
    /// What counts whatever follows.
    pub(crate) effects: Effects,
    /// What counts if the value is viable to its end.
    pending: Effects,
    /// … and if it truncates, too.
    truncated: Effects,
    pub(crate) noted: SmallVec<[Noted; Finding::MAX_INSTRUCTIONS]>,
    /// The last three terminals, the newest first.
    recent: [Terminal; 3],
    query: Option<OpenQuery>,
    /// Facts of all tokens of the value.
    facts: Facts,
    tokens: u32,
    /// A `;` was read.
    separated: bool,
    /// A statement began, and something of the value's own stands before it.
    stacked: Option<bool>,
    /// The value begins with a statement although it is not a program.
    script: bool,
    /// How many tokens stand before the value's own.
    prelude: u32,
    /// An operator stands in the value.
    operator: bool,
    /// The value began with a literal, or closed a parenthesis of the program.
    literal: bool,
    /// A comparison was read.
    compared: bool,
    /// The word of the last token.
    word: u32,
    /// The last tokens were a set operator, and parentheses perhaps.
    set_operator: bool,
    /// The text before was not viable, and the recogniser went on at a set operator.
    pub(crate) resumed: bool,
    /// The kind of the literal that the input's end left open.
    open: Option<Terminal>,
    end: usize,
}

impl Evidence {
    pub(crate) fn new(context: Context) -> Self {
        Evidence {
            escaped: match context {
                Context::SqlSingleQuoted => Some(Terminal::String),
                Context::SqlDoubleQuoted => Some(Terminal::DoubleQuoted),
                _ => None,
            },
            left: match context {
                Context::SqlSingleQuoted => Some(Terminal::String),
                Context::SqlDoubleQuoted => Some(Terminal::DoubleQuoted),
                Context::SqlBackquoted | Context::SqlBracketed => Some(Terminal::QuotedIdentifier),
                _ => None,
            },
            suffix: matches!(
                context,
                Context::SqlSuffix
                    | Context::SqlBackquoted
                    | Context::SqlBracketed
                    | Context::SqlComment
            ),
            comment: context == Context::SqlComment,
            command: context == Context::SqlStatement,
            effects: Effects::empty(),
            pending: Effects::empty(),
            truncated: Effects::empty(),
            noted: SmallVec::new(),
            recent: [Terminal::Unknown; 3],
            query: None,
            facts: Facts::empty(),
            tokens: 0,
            separated: false,
            stacked: if context == Context::SqlStatement {
                Some(true)
            } else {
                None
            },
            script: false,
            prelude: if context == Context::SqlSuffix { 2 } else { 1 },
            operator: false,
            literal: false,
            compared: false,
            word: 0,
            set_operator: false,
            resumed: false,
            open: None,
            end: 0,
        }
    }

    fn note(&mut self, kind: &'static str, span: (usize, usize), effects: Effects, weight: Weight) {
        if self.stacked == Some(false) {
            return;
        }
        match weight {
            Weight::Decisive => self.effects |= effects,
            Weight::IfViable => self.pending |= effects,
            Weight::IfTruncated => self.truncated |= effects,
        }
        if self.noted.len() < Finding::MAX_INSTRUCTIONS {
            self.noted.push(Noted {
                kind,
                start: span.0,
                end: span.1,
                effects,
            });
        }
    }

    /// The input ended, or the next token was rejected: `viable` says which. `comment` is the one
    /// that the input ended in.
    pub(crate) fn finish(&mut self, viable: bool, comment: Option<OpenComment>) {
        if !viable || !self.closable() {
            return;
        }
        if let Some(comment) = comment {
            self.truncate(comment);
        } else {
            self.reopen();
        }
        self.effects |= self.pending;
    }

    /// A literal that the value leaves open is closed by the program only where the value itself
    /// left a literal of the same kind: `' or 'a'='a`, but not `Rick's 7" single`.
    fn closable(&self) -> bool {
        self.open.is_none() || self.open == self.left
    }

    /// `admin' -- `: the value closed its literal and hides what follows. The literal must touch
    /// its quote, for prose has quotes around a space (`from ' -- to`), and no alias may stand
    /// before the comment (`rock 'em # hashtag`). In double quotes the comment must follow at once
    /// and not read as a sentence: that is how a quotation and its author are written.
    fn truncate(&mut self, comment: OpenComment) {
        let sentence = comment.words >= 2;
        if self.escaped.is_some() || !sentence || !self.facts.contains(Facts::WORD) {
            self.effects |= self.truncated;
        }
        let quotation = self.escaped == Some(Terminal::DoubleQuoted)
            && (sentence || comment.start > self.end + 1);
        if self.escaped.is_some()
            && self.facts.contains(Facts::TIGHT)
            && !self.facts.contains(Facts::ALIAS)
            && !quotation
        {
            self.note(
                "comment to the end",
                (comment.start, comment.start),
                Effects::TRUNCATE,
                Weight::IfViable,
            );
        }
    }

    /// `'-'`, `x' or 'y`, `1' * id - '0`: the value closes the literal and opens one of the same
    /// kind, with an operator between, so that the program's own quote fits again. Both literals
    /// must touch their quotes: in `the word 'and' is` they do not.
    fn reopen(&mut self) {
        let tight = Facts::TIGHT | Facts::OPEN;
        if self.escaped.is_some()
            && self.operator
            && self.facts.contains(tight)
            && !self.facts.intersects(Facts::SENTENCE | Facts::ALIAS)
        {
            self.note(
                "operators between literals",
                (0, self.end),
                Effects::COMPUTE,
                Weight::IfViable,
            );
        }
    }

    /// A token of a query. Prose puts bare words behind "union select" and "(select … from": what
    /// counts is a literal, a list, a wildcard, a variable, a call.
    fn query_token(&mut self, token: Token, facts: Facts) {
        if token.terminal == Terminal::Select {
            let parenthesis = self.recent[0] == Terminal::LeftParenthesis;
            let place = if self.set_operator {
                Place::SetOperation
            } else if parenthesis {
                Place::Parenthesised
            } else {
                Place::Statement
            };
            let follows = self.follows();
            let argument = parenthesis
                && matches!(self.recent[1], Terminal::Identifier | Terminal::Copy)
                && !self.operator
                && !self.separated
                && self.escaped.is_none();
            self.query = Some(OpenQuery {
                place,
                start: token.start,
                structure: 0,
                from: false,
                follows,
                argument,
                noted: false,
            });
            return;
        }
        let Some(query) = &mut self.query else { return };
        let call = token.terminal == Terminal::LeftParenthesis
            && matches!(
                self.recent[0],
                Terminal::Identifier | Terminal::Character | Terminal::Cast | Terminal::Convert
            );
        match token.terminal {
            Terminal::From => query.from = true,
            Terminal::Comma
            | Terminal::Asterisk
            | Terminal::Period
            | Terminal::Case
            | Terminal::Top => query.structure += 1,
            _ => query.structure += u32::from(call || facts.intersects(Facts::STRUCTURE)),
        }
        if query.noted {
            return;
        }
        let OpenQuery {
            place,
            start,
            structure,
            from,
            follows,
            argument,
            ..
        } = *query;
        // What stands before the query in the value: a literal or an operator, or only words.
        let expected = self.escaped.is_some()
            || self.comment
            || self.operator
            || self.facts.intersects(Facts::CONSTANT);
        let (kind, weight) = match place {
            Place::SetOperation if self.resumed && structure < 3 => return,
            Place::SetOperation if structure > 0 || (from && expected) => {
                ("set operation", Weight::Decisive)
            }
            // `COPY (SELECT …) TO …`: the argument of no function that a manual has.
            Place::Parenthesised if argument => return,
            Place::Parenthesised
                if from
                    && (structure > 1
                        || (structure > 0 && expected)
                        || ((self.operator || self.escaped.is_some()) && expected)) =>
            {
                ("subquery", Weight::Decisive)
            }
            Place::Parenthesised if structure > 2 || (structure > 1 && self.operator) => {
                ("subquery", Weight::Decisive)
            }
            Place::Parenthesised if from && structure > 0 => ("subquery", Weight::IfViable),
            Place::Parenthesised if structure > 0 => {
                self.truncated |= Effects::READ;
                return;
            }
            Place::Statement if from && structure > 0 && follows => ("query", Weight::IfViable),
            _ => return,
        };
        query.noted = true;
        self.note(kind, (start, token.end), Effects::READ, weight);
    }

    /// Whether what begins now stands behind something of the value's own. At the start of a value a
    /// statement is a command that somebody pasted, not an injection. Without a separator only SQL
    /// Server goes on, whose literals have single quotes.
    fn follows(&self) -> bool {
        let operand = self.escaped == Some(Terminal::String)
            || self.facts.intersects(Facts::CONSTANT | Facts::PARENTHESES);
        self.command || self.separated || (operand && self.escaped != Some(Terminal::DoubleQuoted))
    }

    /// `x' OR 1=`, `1 AND sleep(`, `1) RLIKE (SELECT`: behind a literal, an operator that decides
    /// and then a number that is compared, a call of a documented function, or a query. Whatever
    /// follows, no prose goes on like this.
    fn operand_of_logic(&mut self, token: Token) {
        let decides = |terminal| {
            matches!(
                terminal,
                Terminal::And
                    | Terminal::Or
                    | Terminal::Xor
                    | Terminal::DoubleAmpersand
                    | Terminal::Regexp
            )
        };
        let acts = match token.terminal {
            Terminal::Equals | Terminal::Comparison => self.recent[0] == Terminal::Number,
            Terminal::LeftParenthesis => {
                self.recent[0] == Terminal::Identifier && functions::effects(self.word).is_some()
            }
            Terminal::Select => self.recent[0] == Terminal::LeftParenthesis,
            _ => false,
        };
        if acts
            && decides(self.recent[1])
            && (self.escaped.is_some() || (self.literal && !self.compared))
        {
            self.note(
                "condition",
                (token.start, token.end),
                Effects::LOGIC,
                Weight::Decisive,
            );
        }
        match token.terminal {
            Terminal::Equals | Terminal::Comparison => self.compared = true,
            Terminal::Number | Terminal::String if self.tokens <= self.prelude + 2 => {
                self.literal = true
            }
            Terminal::Unbalanced => self.literal = true,
            _ => {}
        }
        self.word = token.word;
    }

    fn condition(&mut self, meaning: &Meaning, weight: Weight) {
        self.note(
            "condition",
            (meaning.start, meaning.end),
            Effects::LOGIC,
            weight,
        );
    }

    fn compare(&mut self, left: &Meaning, right: &Meaning, whole: &mut Meaning) {
        whole.facts |= Facts::COMPARISON;
        let known = |m: &Meaning| {
            m.facts.intersects(Facts::CONSTANT) && !m.facts.intersects(Facts::DYNAMIC)
        };
        let same = left.word != 0 && left.word == right.word;
        if (known(left) && known(right)) || same {
            whole.facts |= Facts::CONSTANT_CONDITION;
        }
        let named = whole.facts.intersects(Facts::WORD | Facts::SENTENCE);
        // `1 || 1=1`
        if left.facts.contains(Facts::DOUBLE_BAR) && whole.facts.contains(Facts::CONSTANT_CONDITION)
        {
            self.condition(whole, Weight::IfViable);
        }
        // `'='`, `' < 5 -- `: the literal itself is compared, with more than a word of prose.
        if self.escaped.is_some() && left.facts.contains(Facts::GIVEN | Facts::TIGHT) {
            let constant = right.facts.intersects(
                Facts::CONSTANT | Facts::KNOWN_CALL | Facts::SUBQUERY | Facts::SYSTEM | Facts::NAME,
            );
            self.condition(
                whole,
                if !named && constant {
                    Weight::IfViable
                } else {
                    Weight::IfTruncated
                },
            );
        } else if whole
            .facts
            .intersects(Facts::CALL | Facts::SUBQUERY | Facts::SYSTEM)
            && whole
                .facts
                .intersects(Facts::KNOWN_CALL | Facts::SUBQUERY | Facts::SYSTEM)
            && !whole.facts.contains(Facts::WORD)
        {
            self.condition(
                whole,
                if self.suffix {
                    Weight::IfViable
                } else {
                    Weight::IfTruncated
                },
            );
        } else if !named {
            self.condition(whole, Weight::IfTruncated);
        }
    }

    /// `… OR 1=1`. Behind a closing quote every condition counts; elsewhere the condition must be
    /// constant or call, because `n > 1 and m = 3` is mathematics; and the value must begin with an
    /// operand, because `0 > 78 or 78 < 0` is a formula of its own.
    fn logic(&mut self, left: &Meaning, right: &Meaning, whole: &mut Meaning) {
        whole.facts |= Facts::LOGIC;
        let constant = right.facts.contains(Facts::CONSTANT_CONDITION);
        let dynamic = Facts::KNOWN_CALL | Facts::SYSTEM | Facts::SUBQUERY | Facts::KEYWORD;
        let formula = left.facts.contains(Facts::COMPARISON)
            && !left.facts.intersects(Facts::GIVEN | Facts::PARENTHESES);
        let operand = left
            .facts
            .intersects(Facts::NUMBER | Facts::TEXT | Facts::GIVEN);
        let truth = right.facts.difference(Facts::ARITHMETIC) == Facts::TRUTH;
        // `1 or 1`: nobody offers a choice between the same.
        // `&&(b=0)`: the value begins with the operator.
        let continues = self.suffix
            && left.facts == Facts::GIVEN
            && right.facts.contains(Facts::COMPARISON)
            && right.facts.intersects(Facts::CONSTANT);
        let same =
            left.facts == Facts::NUMBER && right.facts == Facts::NUMBER && left.word == right.word;
        let decided = if self.escaped.is_some() {
            right.facts.intersects(
                Facts::COMPARISON
                    | Facts::NUMBER
                    | Facts::TRUTH
                    | Facts::CALL
                    | Facts::SYSTEM
                    | Facts::SUBQUERY,
            )
        } else {
            right.facts.intersects(dynamic)
                || (constant && !formula)
                || same
                || continues
                || (operand && (truth || right.facts.contains(Facts::HEXADECIMAL)))
        };
        if constant && operand && !formula && !right.facts.contains(Facts::SENTENCE) {
            self.condition(whole, Weight::Decisive);
        } else if decided {
            self.condition(whole, Weight::IfViable);
        } else if operand
            && right.facts.intersects(
                Facts::CONSTANT
                    | Facts::COMPARISON
                    | Facts::ARITHMETIC
                    | Facts::VARIABLE
                    | Facts::LOGIC,
            )
        {
            self.condition(whole, Weight::IfTruncated);
        }
    }

    fn call(&mut self, right: &[Symbol<Meaning>], whole: &mut Meaning) {
        // The facts of a call are those of its arguments: its name is no word of prose.
        whole.facts = right
            .iter()
            .skip(1)
            .fold(Facts::CALL, |facts, part| facts | part.value.facts);
        whole.word = 0;
        let Some(name) = right.first() else { return };
        let Some(effects) = functions::effects(name.value.word) else {
            return;
        };
        whole.facts |= Facts::KNOWN_CALL;
        let arguments = right.get(2).map_or(Facts::empty(), |m| m.value.facts);
        // `User(foo)` is nobody's way to ask for the user; `sleep(eight hours)` is prose.
        let worded = arguments.intersects(Facts::WORD)
            && !arguments.intersects(Facts::STRUCTURE.difference(Facts::NUMBER | Facts::COMMA));
        // Prose has no numbers or literals among the arguments of a function that SQL knows.
        if arguments.intersects(Facts::CONSTANT | Facts::SUBQUERY | Facts::KNOWN_CALL) {
            whole.facts.remove(Facts::WORD);
        }
        let span = (whole.start, whole.end);
        if !effects.is_empty() && !worded {
            self.note("function call", span, effects, Weight::IfViable);
        } else if arguments.contains(Facts::CONSTANT_CONDITION)
            || arguments.intersects(Facts::SUBQUERY)
        {
            self.note("function call", span, Effects::LOGIC, Weight::IfViable);
        } else {
            self.note("function call", span, Effects::COMPUTE, Weight::IfTruncated);
        }
    }

    /// A statement counts where a separator, a closed literal or an operand stands before it, or
    /// where the value is a program; without a separator it needs more than words.
    fn statement(&mut self, kind: &'static str, whole: &Meaning, effects: Effects) {
        let structured = whole.facts.intersects(Facts::STRUCTURE);
        let begun = self.stacked == Some(true) || (self.stacked.is_none() && self.follows());
        if !begun || (!self.separated && !self.command && !structured) {
            return;
        }
        self.note(kind, (whole.start, whole.end), effects, Weight::IfViable);
    }

    /// `exec noun`, `vacuum belts`, `shutdown`: a statement of one verb and a word needs structure,
    /// or a comment behind it.
    fn verb(&mut self, kind: &'static str, whole: &Meaning, effects: Effects) {
        let behind_literal = self.separated && (self.literal || self.escaped.is_some());
        if whole.facts.intersects(Facts::STRUCTURE) || behind_literal {
            self.statement(kind, whole, effects);
        } else if self.stacked == Some(true) {
            self.note(kind, (whole.start, whole.end), effects, Weight::IfTruncated);
        }
    }
}

bitflags::bitflags! {
    /// What tokens can contribute to evidence: a summary from which most values are seen to have
    /// none, without a look at their structure.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub(crate) struct Acts: u8 {
        /// arithmetic
        const OPERATOR = 1 << 0;
        /// comparisons and tests
        const COMPARISON = 1 << 1;
        /// AND, OR
        const LOGIC = 1 << 2;
        /// what statements and decisive instructions begin with
        const STATEMENT = 1 << 3;
        /// everything else that acts: parentheses, clauses, system variables
        const OTHER = 1 << 4;
    }
}

impl Acts {
    /// What a token can contribute. Names, literals and commas do nothing, however many.
    #[inline]
    pub(crate) fn of(terminal: Terminal) -> Acts {
        OF[terminal as usize]
    }

    const fn compute(terminal: Terminal) -> Acts {
        match terminal {
            Terminal::Identifier
            | Terminal::Number
            | Terminal::String
            | Terminal::DoubleQuoted
            | Terminal::QuotedIdentifier
            | Terminal::Comma
            | Terminal::Period
            | Terminal::As
            | Terminal::Variable
            | Terminal::Parameter
            | Terminal::Operand
            | Terminal::Unbalanced
            | Terminal::TimeUnit
            | Terminal::CatalogueList
            | Terminal::ObjectKind
            | Terminal::CreateModifier
            | Terminal::KeyKind
            | Terminal::First
            | Terminal::Last
            | Terminal::Next
            | Terminal::Data
            | Terminal::Time
            | Terminal::Zone
            | Terminal::Option
            | Terminal::Session
            | Terminal::Role
            | Terminal::Mode
            | Terminal::Value
            | Terminal::View
            | Terminal::Share
            | Terminal::Rows
            | Terminal::Only
            | Terminal::Of
            | Terminal::To
            | Terminal::At
            | Terminal::Key => Acts::empty(),
            Terminal::Plus
            | Terminal::Minus
            | Terminal::Asterisk
            | Terminal::Slash
            | Terminal::Percent
            | Terminal::Ampersand
            | Terminal::VerticalBar
            | Terminal::Caret
            | Terminal::Tilde
            | Terminal::Exclamation
            | Terminal::Operator
            | Terminal::Mod => Acts::OPERATOR,
            Terminal::Equals
            | Terminal::Comparison
            | Terminal::Assignment
            | Terminal::Between
            | Terminal::Is
            | Terminal::Like
            | Terminal::In
            | Terminal::Isnull
            | Terminal::Not
            | Terminal::Sounds => Acts::COMPARISON,
            Terminal::And
            | Terminal::Or
            | Terminal::Xor
            | Terminal::DoubleAmpersand
            | Terminal::DoubleBar
            | Terminal::Regexp => Acts::LOGIC,
            Terminal::Select | Terminal::Semicolon | Terminal::Waitfor | Terminal::Procedure => {
                Acts::STATEMENT
            }
            _ => Acts::OTHER,
        }
    }

    /// Whether a value that was accepted to its end could have evidence: outside of literals and
    /// without a comment, arithmetic and comparisons of names and numbers have none.
    pub(crate) fn matter_at_end(self, escaped: bool, comment: bool) -> bool {
        if escaped || comment {
            return comment || !self.is_empty();
        }
        self.intersects(Acts::LOGIC | Acts::STATEMENT | Acts::OTHER)
    }

    /// Whether there is an expression, not only names and punctuation.
    pub(crate) fn compute_something(self) -> bool {
        self.intersects(Acts::OPERATOR | Acts::COMPARISON | Acts::LOGIC)
    }

    /// Whether evidence could outlive a rejected token.
    pub(crate) fn matter_at_rejection(self) -> bool {
        self.contains(Acts::STATEMENT)
            || (self.contains(Acts::LOGIC) && self.intersects(Acts::COMPARISON | Acts::OTHER))
    }
}

static OF: [Acts; 256] = {
    let mut table = [Acts::OTHER; 256];
    let mut i = 0;
    while i < super::TERMINALS.len() {
        table[i] = Acts::compute(super::TERMINALS[i]);
        i += 1;
    }
    table
};

/// How many tokens a definition has that no prose goes on to.
const LONG_STATEMENT: u32 = 7;

/// What a statement that a `;` ends has done, whatever comes behind it.
const STATEMENTS: Effects = Effects::WRITE
    .union(Effects::DESTROY)
    .union(Effects::DEFINE)
    .union(Effects::EXECUTE)
    .union(Effects::DELAY)
    .union(Effects::GRANT);

/// A word that can stand before the SELECT of a set operation.
fn is_set_word(terminal: Terminal) -> bool {
    matches!(
        terminal,
        Terminal::Union
            | Terminal::All
            | Terminal::Distinct
            | Terminal::Except
            | Terminal::Intersect
    )
}

/// What a single token is.
fn token_facts(token: Token, escaped: Option<Terminal>) -> Facts {
    match token.terminal {
        Terminal::Number if token.word == HEXADECIMAL => Facts::NUMBER | Facts::HEXADECIMAL,
        Terminal::Number => Facts::NUMBER,
        Terminal::Binary
        | Terminal::Case
        | Terminal::Exists
        | Terminal::Match
        | Terminal::Assignment => Facts::KEYWORD,
        Terminal::DoubleBar => Facts::DOUBLE_BAR,
        Terminal::Comma => Facts::COMMA,
        Terminal::String | Terminal::DoubleQuoted | Terminal::QuotedIdentifier => {
            let mut facts = if token.terminal == Terminal::QuotedIdentifier {
                Facts::NAME
            } else {
                Facts::TEXT
            };
            let loose =
                token.word & OPEN != 0 && token.word & TIGHT_START == 0 && escaped.is_some();
            facts.set(Facts::OPEN, token.word & OPEN != 0);
            facts.set(Facts::SENTENCE, token.word & 0xff >= 2 || loose);
            facts.set(Facts::EMPTY, token.word & EMPTY != 0);
            facts
        }
        Terminal::True | Terminal::False | Terminal::Null => Facts::TRUTH,
        Terminal::Identifier if functions::is_niladic(token.word) => Facts::KNOWN_CALL,
        Terminal::Identifier => Facts::WORD,
        Terminal::Variable | Terminal::Parameter => Facts::VARIABLE,
        Terminal::SystemVariable => Facts::SYSTEM,
        Terminal::Operand => Facts::GIVEN,
        _ => Facts::empty(),
    }
}

impl Semantics for Evidence {
    type Token = Token;
    type Value = Meaning;

    #[inline]
    fn shift(&mut self, token: Token) -> Meaning {
        let mut facts = token_facts(token, self.escaped);
        self.tokens += 1;
        if self.tokens == 2 && self.escaped == Some(token.terminal) {
            // The literal that the value left.
            facts = Facts::GIVEN | Facts::TEXT;
            facts.set(Facts::TIGHT, token.word & TIGHT_END != 0);
        } else {
            if facts.contains(Facts::OPEN) {
                self.open = Some(token.terminal);
            }
            self.query_token(token, facts);
        }
        self.operand_of_logic(token);
        match token.terminal {
            Terminal::Equals
            | Terminal::Comparison
            | Terminal::And
            | Terminal::Or
            | Terminal::Xor
            | Terminal::Like
            | Terminal::Regexp
            | Terminal::Operator
            | Terminal::Plus
            | Terminal::Minus
            | Terminal::Asterisk
            | Terminal::Slash
            | Terminal::DoubleBar
            | Terminal::DoubleAmpersand
            | Terminal::Percent
            | Terminal::Caret
            | Terminal::Ampersand
            | Terminal::VerticalBar
            | Terminal::Mod
            | Terminal::In
            | Terminal::Between
            | Terminal::Is
                if self.tokens > 2 =>
            {
                self.operator = true
            }
            // A query that begins with FROM is a script too.
            Terminal::From if self.suffix && self.tokens == self.prelude + 1 => {
                (self.script, self.stacked) = (true, Some(false));
            }
            Terminal::Semicolon => {
                self.separated = true;
                // A value that begins with a statement is a script, to its end.
                self.stacked = Some(self.stacked != Some(false) || !self.script);
                let complete = if self.escaped.is_some() {
                    Effects::all()
                } else {
                    STATEMENTS
                };
                self.effects |= self.pending & complete;
            }
            Terminal::Unbalanced => self.facts |= Facts::PARENTHESES,
            Terminal::SystemVariable if token.end - token.start > 2 => {
                self.note(
                    "system variable",
                    (token.start, token.end),
                    Effects::DISCLOSE,
                    Weight::IfViable,
                );
            }
            _ => {}
        }
        self.set_operator = is_set_word(token.terminal)
            || (self.set_operator && token.terminal == Terminal::LeftParenthesis);
        self.facts |= facts;
        self.end = token.end;
        self.recent = [token.terminal, self.recent[0], self.recent[1]];
        Meaning {
            start: token.start,
            end: token.end,
            facts,
            word: token.word,
        }
    }

    fn reduce(&mut self, production: usize, right: &[Symbol<Meaning>]) -> Meaning {
        let mut whole = Meaning {
            start: self.end,
            end: self.end,
            facts: Facts::empty(),
            word: 0,
        };
        let ends = right
            .first()
            .zip(right.last())
            .map(|(first, last)| (&first.value, &last.value));
        if let Some((first, last)) = ends {
            whole.start = first.start;
            whole.end = last.end;
        }
        for part in right {
            whole.facts |= part.value.facts;
        }
        if let [only] = right {
            whole.word = only.value.word;
        }
        match ACTS[production] {
            Act::Compare | Act::Match => {
                if let Some((left, last)) = ends {
                    self.compare(left, last, &mut whole);
                }
            }
            Act::Between | Act::Test => {
                whole.facts |= Facts::COMPARISON;
                if !whole.facts.intersects(Facts::DYNAMIC) {
                    whole.facts |= Facts::CONSTANT_CONDITION;
                }
                let named = whole.facts.intersects(Facts::WORD | Facts::SENTENCE);
                if self.escaped.is_some()
                    && whole.facts.contains(Facts::GIVEN | Facts::TIGHT)
                    && !named
                {
                    self.condition(&whole, Weight::IfViable);
                } else if !named {
                    self.condition(&whole, Weight::IfTruncated);
                }
            }
            Act::Logic => {
                if let Some((left, last)) = ends {
                    self.logic(left, last, &mut whole);
                }
            }
            Act::Arithmetic | Act::Unary | Act::Negate => {
                whole.facts |= Facts::ARITHMETIC;
                // A division by an empty literal is NULL: `"/"` decides nothing.
                if whole.facts.contains(Facts::EMPTY)
                    && right.len() > 2
                    && self.recent[1] == Terminal::Slash
                {
                    self.operator = false;
                }
                let acts = whole.facts.contains(Facts::CALL | Facts::KNOWN_CALL)
                    || whole.facts.intersects(Facts::SUBQUERY | Facts::SYSTEM);
                let weight = if acts && right.len() > 2 && !whole.facts.contains(Facts::WORD) {
                    Weight::IfViable
                } else {
                    Weight::IfTruncated
                };
                if acts
                    || whole.facts.contains(Facts::KEYWORD)
                    || (self.escaped.is_some() && !whole.facts.contains(Facts::WORD))
                {
                    self.note(
                        "arithmetic",
                        (whole.start, whole.end),
                        Effects::COMPUTE,
                        weight,
                    );
                }
            }
            Act::Begin => {
                self.script = self.tokens == self.prelude;
                self.stacked = Some(self.follows());
            }
            Act::Literal => {
                if ends.is_some_and(|(first, _)| functions::introduces_literal(first.word)) {
                    whole.facts.remove(Facts::WORD);
                }
            }
            Act::TableAlias => whole.facts = Facts::TABLE_ALIAS,
            Act::Word => {
                whole.facts |= Facts::WORD;
                self.facts |= Facts::WORD;
            }
            Act::Call | Act::TableFunction | Act::Cast => self.call(right, &mut whole),
            Act::Case => {
                whole.facts |= Facts::KEYWORD;
                self.note(
                    "CASE expression",
                    (whole.start, whole.end),
                    Effects::LOGIC,
                    Weight::IfViable,
                );
            }
            Act::Qualify => {
                whole.facts |= Facts::NAME;
                // A package is known by its first part, a procedure by its last.
                if let Some((first, last)) = ends {
                    whole.word = if functions::effects(first.word).is_some() {
                        first.word
                    } else {
                        last.word
                    };
                }
            }
            Act::Subquery => whole.facts = Facts::SUBQUERY | (whole.facts & Facts::OPEN),
            Act::Parenthesise => whole.facts |= Facts::PARENTHESES,
            Act::Alias => {
                // Not the empty alternative.
                if !right.is_empty() {
                    whole.facts = Facts::ALIAS;
                    self.facts |= Facts::ALIAS;
                }
            }
            Act::Wildcard => whole.facts |= Facts::WILDCARD,
            Act::Where => {
                if whole.facts.contains(Facts::CONSTANT_CONDITION)
                    || (self.escaped.is_some() && whole.facts.contains(Facts::COMPARISON))
                {
                    self.condition(&whole, Weight::IfViable);
                } else if whole.facts.contains(Facts::COMPARISON)
                    && whole.facts.intersects(Facts::CONSTANT)
                {
                    self.condition(&whole, Weight::IfTruncated);
                }
            }
            Act::SetOperation => {
                // `1 UNION TABLE users`, `1 UNION SELECT name`
                if self.escaped.is_some() || self.facts.intersects(Facts::CONSTANT) {
                    self.note(
                        "set operation",
                        (whole.start, whole.end),
                        Effects::READ,
                        Weight::IfViable,
                    );
                }
            }
            // `1, password from users -- `: the program's own query reads another table.
            Act::From
                if self.query.is_none()
                    && self.stacked.is_none()
                    && (self.literal || self.left.is_some()) =>
            {
                self.note(
                    "FROM clause",
                    (whole.start, whole.end),
                    Effects::READ,
                    Weight::IfTruncated,
                );
            }
            Act::OrderBy | Act::GroupBy | Act::Limit => {
                let numbers =
                    whole.facts.intersects(Facts::NUMBER) && ACTS[production] != Act::Limit;
                let counts =
                    numbers && (self.escaped.is_some() || !self.facts.contains(Facts::WORD));
                let effects = Effects::ARRANGE | Effects::COMPUTE;
                if whole.facts.intersects(Facts::STRUCTURE) {
                    self.note(
                        "order",
                        (whole.start, whole.end),
                        effects,
                        if counts {
                            Weight::IfViable
                        } else {
                            Weight::IfTruncated
                        },
                    );
                }
            }
            Act::Insert => self.statement("INSERT statement", &whole, Effects::WRITE),
            Act::Update => self.statement("UPDATE statement", &whole, Effects::WRITE),
            // `delete from the contract`: an alias and words.
            Act::Delete if self.command && whole.facts.contains(Facts::TABLE_ALIAS) => {
                self.verb("DELETE statement", &whole, Effects::WRITE)
            }
            Act::Delete => self.statement("DELETE statement", &whole, Effects::WRITE),
            Act::Destroy => self.statement("DROP or TRUNCATE statement", &whole, Effects::DESTROY),
            // `create directory aaa` is a to-do list.
            Act::Define if self.command && self.tokens < LONG_STATEMENT => {
                self.verb("definition", &whole, Effects::DEFINE)
            }
            Act::Define => self.statement("definition", &whole, Effects::DEFINE),
            Act::Grant => self.statement("privileges", &whole, Effects::GRANT),
            Act::Execute => self.verb("EXECUTE statement", &whole, Effects::EXECUTE),
            // No prose says WAITFOR DELAY '…' or PROCEDURE name(…) behind an operand.
            Act::Delay => {
                if self.escaped.is_some() {
                    self.stacked = Some(true);
                }
                self.note(
                    "WAITFOR statement",
                    (whole.start, whole.end),
                    Effects::DELAY,
                    Weight::Decisive,
                );
            }
            Act::Procedure => {
                if whole.facts.intersects(Facts::CONSTANT | Facts::KNOWN_CALL)
                    || self.literal
                    || self.escaped.is_some()
                {
                    self.note(
                        "PROCEDURE clause",
                        (whole.start, whole.end),
                        Effects::COMPUTE,
                        Weight::Decisive,
                    );
                }
            }
            Act::Administer => self.verb("administration", &whole, Effects::ADMINISTER),
            Act::Inspect => self.verb("inspection", &whole, Effects::DISCLOSE),
            Act::Assign => {
                if whole.facts.intersects(Facts::VARIABLE | Facts::SYSTEM)
                    || (self.separated && (self.literal || self.escaped.is_some()))
                {
                    self.statement("SET statement", &whole, Effects::ADMINISTER);
                }
            }
            Act::Declare => {
                if whole.facts.intersects(Facts::VARIABLE) {
                    self.statement("DECLARE statement", &whole, Effects::EXECUTE);
                }
            }
            Act::ReadFile => self.statement("file read", &whole, Effects::FILE | Effects::READ),
            Act::WriteFile => self.note(
                "file write",
                (whole.start, whole.end),
                Effects::FILE | Effects::WRITE,
                Weight::IfViable,
            ),
            Act::ExecuteProgram => self.statement("program", &whole, Effects::EXECUTE),
            _ => {}
        }
        whole
    }
}
