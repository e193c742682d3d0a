//! How much of what the grammar accepted counts as evidence: the rules that keep ordinary text
//! out, in one place.
//!
//! The rules ask three questions. *Did the value break out of a literal?* Then it holds a closing
//! quote, and little more is needed; without one, prose like `5 or more` is near to SQL. *Is there
//! structure?* Bare words and single numbers are what prose is made of; literals next to operators,
//! calls of documented functions, lists, wildcards and variables are not. *Must the rest be viable
//! too?* An instruction that no prose contains counts as soon as it was accepted, so that text in
//! an unknown dialect behind it hides nothing; the others count only if the whole value is viable,
//! and the weakest only if the value also hides the rest of the program behind a comment.
//!
//! Each rule says why it is, with an example that counts and one that does not;
//! `tests/cases/sql/evidence.toml` holds them to it. The rules of single tokens and of the value's end
//! are here, those of what a production completes in `expressions` and `statements`.

mod expressions;
mod statements;

use std::mem;

use smallvec::SmallVec;

use super::facts::{Contribution, Facts, Meaning};
use super::lexer::OpenComment;
use super::token::{TIGHT_END, Token};
use super::{Terminal, functions};
use crate::{Context, Effects, Finding};

/// An instruction, before it becomes part of a report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    pub(super) kind: &'static str,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) effects: Effects,
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
    /// It is the argument of the value's first word, or words that people are told.
    argument: bool,
    /// A bare alias stands before it.
    aliased: bool,
    noted: bool,
}

impl OpenQuery {
    /// Whether it is a statement behind something of the value's own, and more than words.
    fn is_statement(&self) -> bool {
        self.place == Place::Statement && self.follows && self.structure > 0
    }
}

/// Whether the value stands in a statement of its own making.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Statement {
    /// Not yet.
    None,
    /// Yes, and something of the value's own stands before it, or the value is a program.
    Stacked,
    /// Yes, but nothing stands before it: somebody pasted a command. Nothing counts until the next
    /// separator.
    Pasted,
    /// The value began with it: a pasted script, to its end.
    Script,
}

/// What the accepted text does, so far.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// The value left a literal, and this is the terminal that it became.
    literal: Option<Terminal>,
    /// What the program closes behind the value: that literal, or the quoted name that was left.
    closes: Option<Terminal>,
    /// An operand of the program stands before the value: it follows one, or left a name in quotes
    /// or a comment. Markdown has backquotes and brackets too, so these count no more than nothing.
    follows_operand: bool,
    left_comment: bool,
    /// The whole value is a program.
    command: bool,
    /// How many tokens stand before the value's own.
    prelude: u32,

    /// What counts whatever follows.
    pub(super) effects: Effects,
    /// What counts if the value is viable to its end …
    pending: Effects,
    /// … and what counts if it truncates the program, too.
    truncated: Effects,
    pub(super) noted: SmallVec<[Noted; Finding::MAX_INSTRUCTIONS]>,

    tokens: u32,
    end: usize,
    /// The last two terminals, the newer first, and the hash of the newer one.
    recent: [Terminal; 2],
    word: u32,
    /// Facts of all tokens.
    facts: Facts,
    /// The literal that the input's end left open.
    open: Option<Terminal>,
    query: Option<OpenQuery>,
    /// A WITH clause was read, and its query comes next.
    with: bool,
    statement: Statement,
    /// A `;` was read.
    separated: bool,
    /// An operator was read, and a comparison.
    operator: bool,
    compared: bool,
    /// The value began with a constant, or closed a parenthesis of the program.
    begun: bool,
    /// The last tokens were a set operator, and parentheses perhaps.
    set_operator: bool,
    /// The text before was not viable, and the recogniser went on at a set operator.
    resumed: bool,
    /// What all tokens that were met can contribute.
    pub(super) contribution: Contribution,
}

impl Evidence {
    #[inline(always)]
    pub(super) fn of(context: Context) -> Self {
        let literal = match context {
            Context::SqlSingleQuoted => Some(Terminal::String),
            Context::SqlDoubleQuoted => Some(Terminal::DoubleQuoted),
            _ => None,
        };
        let quoted_name = matches!(context, Context::SqlBackquoted | Context::SqlBracketed);
        Evidence {
            literal,
            closes: if quoted_name { Some(Terminal::QuotedIdentifier) } else { literal },
            follows_operand: quoted_name || matches!(context, Context::SqlSuffix | Context::SqlComment),
            left_comment: context == Context::SqlComment,
            command: context == Context::SqlStatement,
            prelude: if context == Context::SqlSuffix { 2 } else { 1 },
            effects: Effects::empty(),
            pending: Effects::empty(),
            truncated: Effects::empty(),
            noted: SmallVec::new(),
            tokens: 0,
            end: 0,
            recent: [Terminal::Unknown; 2],
            word: 0,
            facts: Facts::empty(),
            open: None,
            query: None,
            with: false,
            statement: if context == Context::SqlStatement { Statement::Stacked } else { Statement::None },
            separated: false,
            operator: false,
            compared: false,
            begun: false,
            set_operator: false,
            resumed: false,
            contribution: Contribution::empty(),
        }
    }

    /// Text that computes and then is not viable may be in a dialect that the grammar does not know.
    pub(super) fn may_resume(&self, end: usize) -> bool {
        self.contribution.computes() && end > 0 && !self.command && !self.resumed
    }

    /// A set operator behind such text: what `UNION SELECT` begins is a query, whatever the text
    /// before it was.
    pub(super) fn resume(&mut self) {
        self.resumed = true;
    }

    fn note(&mut self, kind: &'static str, span: (usize, usize), effects: Effects, weight: Weight) {
        if matches!(self.statement, Statement::Pasted | Statement::Script) {
            return;
        }
        match weight {
            Weight::Decisive => self.effects |= effects,
            Weight::IfViable => self.pending |= effects,
            Weight::IfTruncated => self.truncated |= effects,
        }
        if self.noted.len() < Finding::MAX_INSTRUCTIONS {
            self.noted.push(Noted { kind, start: span.0, end: span.1, effects });
        }
    }

    fn condition(&mut self, whole: &Meaning, weight: Weight) {
        self.note("condition", (whole.start, whole.end), Effects::LOGIC, weight);
    }

    /// Whether the value has a constant, or the literal that it left, in front.
    fn behind_constant(&self) -> bool {
        self.begun || self.literal.is_some()
    }

    // ----------------------------------------------------------------------------------------
    // The value's end

    /// The value is viable and ends here. A literal that it leaves open is closed by the program
    /// only where the value itself left one of the same kind.
    ///
    /// Counts: `' or 'k'='k`, `6' or 'tall`. Does not: `6' or "tall`.
    pub(super) fn end(&mut self, comment: Option<OpenComment>) {
        if self.open.is_some() && self.open != self.closes {
            return;
        }
        match comment {
            Some(comment) => self.truncate(comment),
            None => self.reopen(),
        }
        self.effects |= self.pending;
    }

    /// The value closed its literal and hides what follows. The literal must touch its quote, for
    /// prose has quotes around a space, and no alias may stand before the comment. In double
    /// quotes the comment must not read as a sentence, and follow at once where there is nothing else: that is
    /// how a quotation and its author are written. A comment that reads as a sentence does not lift what else was
    /// found in bare words, either.
    ///
    /// Counts: `admin' -- `. Does not: `from ' -- to`, `rock 'em # now`, `the end."  -- Jane Roe`.
    fn truncate(&mut self, comment: OpenComment) {
        let sentence = comment.words >= 2;
        if self.literal.is_some() || !sentence || !self.facts.contains(Facts::WORD) {
            self.effects |= self.truncated;
        }
        let apart = self.tokens == 2 && comment.start > self.end + 1;
        let quotation = self.literal == Some(Terminal::DoubleQuoted) && (sentence || apart);
        let touches = self.facts.contains(Facts::TIGHT) && !self.facts.contains(Facts::ALIAS);
        if self.literal.is_some() && touches && !quotation {
            let span = (comment.start, comment.end);
            self.note("comment to the end", span, Effects::TRUNCATE, Weight::IfViable);
        }
    }

    /// The value closes the literal and opens one of the same kind, with an operator between, so
    /// that the program's own quote fits again. Both literals must touch their quotes.
    ///
    /// Counts: `'-'`, `x' or 'y`, `2' * price - '3`. Does not: `the word 'and' is short`.
    fn reopen(&mut self) {
        let reopened = self.facts.contains(Facts::TIGHT | Facts::OPEN);
        let prose = self.facts.intersects(Facts::SENTENCE | Facts::ALIAS);
        if self.literal.is_some() && self.operator && reopened && !prose {
            self.note("operators between literals", (0, self.end), Effects::COMPUTE, Weight::IfViable);
        }
    }

    // ----------------------------------------------------------------------------------------
    // Tokens

    /// A token was accepted.
    #[inline]
    pub(super) fn token(&mut self, token: Token) -> Meaning {
        let mut facts = Facts::of(token, self.literal.is_some());
        self.tokens += 1;
        if self.tokens == 2 && self.literal == Some(token.terminal) {
            // The literal that the value left.
            facts = Facts::GIVEN | Facts::TEXT;
            facts.set(Facts::TIGHT, token.word & TIGHT_END != 0);
        } else {
            if facts.contains(Facts::OPEN) {
                self.open = Some(token.terminal);
            }
            self.query_token(token, facts);
            self.logic_token(token);
        }
        match token.terminal {
            Terminal::Semicolon => self.separator(),
            Terminal::From if self.follows_operand && self.tokens == self.prelude + 1 => {
                // A query that begins with FROM is a script.
                self.statement = Statement::Script;
            }
            Terminal::SystemVariable => {
                self.note("system variable", (token.start, token.end), Effects::DISCLOSE, Weight::IfViable);
            }
            terminal => self.operator |= self.tokens > 2 && is_operator(terminal),
        }
        self.set_operator =
            is_set_word(token.terminal) || (self.set_operator && token.terminal == Terminal::LeftParenthesis);
        self.facts |= facts;
        self.end = token.end;
        self.recent = [token.terminal, self.recent[0]];
        self.word = token.word;
        Meaning { start: token.start, end: token.end, facts, word: token.word }
    }

    /// A symbol without text, where the value was read to.
    pub(super) fn nothing(&self) -> Meaning {
        Meaning { start: self.end, end: self.end, facts: Facts::empty(), word: 0 }
    }

    /// A `;` ends a statement, and engines that run one statement after another have run it,
    /// whatever comes behind. Prose has semicolons; only behind a closed literal does everything
    /// before one count.
    ///
    /// Counts: `' or 1=1; ?!`, `1; drop table t; ?!`. Does not: `1 and 1; later more`.
    fn separator(&mut self) {
        self.separated = true;
        if self.statement != Statement::Script {
            self.statement = Statement::Stacked;
        }
        let complete = if self.literal.is_some() { Effects::all() } else { STATEMENT_EFFECTS };
        self.effects |= self.pending & complete;
    }

    /// Queries. Prose puts bare words behind "union select" and "(select … from": what counts is a
    /// number, a literal, a list, a wildcard, a variable, a call. In parentheses it takes a FROM,
    /// or more of them; behind an operator or a closed literal less. A query in parentheses right
    /// behind the value's first word is the argument of a command. A whole query counts behind
    /// something of the value's own; behind a WITH clause it reads what that names.
    ///
    /// Counts: `1 union select 2`, `1 and (select name from users)`, `1; select a, b from t`,
    /// `;with x as (select name from users) select 1`, `'; select name n from users -- `.
    /// Does not: `the western union select committee`, `dessert (select one from the list)`,
    /// `copy (select * from t) to 'file'`.
    fn query_token(&mut self, token: Token, facts: Facts) {
        if token.terminal == Terminal::Select {
            self.query = Some(self.open_query(token.start));
            return;
        }
        let Some(query) = &mut self.query else { return };
        let structure = match token.terminal {
            Terminal::From => {
                query.from = true;
                // Instructions to people begin with "select from".
                query.argument |=
                    self.recent[0] == Terminal::Select && !(self.operator || self.literal.is_some());
                false
            }
            Terminal::Asterisk | Terminal::Period | Terminal::Top => true,
            Terminal::LeftParenthesis => matches!(
                self.recent[0],
                Terminal::Identifier | Terminal::Character | Terminal::Cast | Terminal::Convert
            ),
            _ => facts.intersects(Facts::STRUCTURE),
        };
        query.structure += u32::from(structure);
        if query.noted {
            return;
        }
        let OpenQuery { place, start, structure, from, follows, argument, .. } = *query;
        let behind = self.literal.is_some() || self.operator;
        let expected = behind || self.left_comment || self.facts.intersects(Facts::CONSTANT);
        let (kind, weight) = match place {
            // Behind text that was not viable it takes a whole list.
            Place::SetOperation if self.resumed && structure < 3 => return,
            Place::SetOperation if structure > 0 || (from && expected) => ("set operation", Weight::Decisive),
            Place::Parenthesised if argument => return,
            Place::Parenthesised if from && (structure > 1 || behind || (structure > 0 && expected)) => {
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
            Place::Statement if from && structure > u32::from(argument) && follows => {
                ("query", Weight::IfViable)
            }
            Place::Statement if from && follows && self.literal.is_some() => {
                self.truncated |= Effects::READ;
                return;
            }
            _ => return,
        };
        query.noted = true;
        self.note(kind, (start, token.end), Effects::READ, weight);
    }

    fn open_query(&mut self, start: usize) -> OpenQuery {
        let parenthesis = self.recent[0] == Terminal::LeftParenthesis;
        let place = match parenthesis {
            _ if self.set_operator => Place::SetOperation,
            true => Place::Parenthesised,
            false => Place::Statement,
        };
        let argument = parenthesis
            && matches!(self.recent[1], Terminal::Identifier | Terminal::Copy)
            && !(self.operator || self.separated || self.literal.is_some());
        let with = mem::take(&mut self.with);
        OpenQuery {
            place,
            start,
            structure: u32::from(with),
            from: with,
            follows: self.follows(),
            argument,
            aliased: self.facts.contains(Facts::ALIAS),
            noted: false,
        }
    }

    /// Behind a constant or a closed literal, an operator that decides, and then a number that is
    /// compared, a call of a documented function, or a query: whatever follows, no prose goes on
    /// like this.
    ///
    /// Counts: `x' OR 1= ?!`, `1 AND sleep( ?!`. Does not: `5 or 3 apples`, `9 >= 4 or 4 < 9`.
    fn logic_token(&mut self, token: Token) {
        let acts = match token.terminal {
            Terminal::Equals | Terminal::Comparison => self.recent[0] == Terminal::Number,
            Terminal::LeftParenthesis => {
                self.recent[0] == Terminal::Identifier && functions::effects(self.word).is_some()
            }
            Terminal::Select => self.recent[0] == Terminal::LeftParenthesis,
            _ => false,
        };
        let behind = self.literal.is_some() || (self.begun && !self.compared);
        if acts && behind && decides(self.recent[1]) {
            self.note("condition", (token.start, token.end), Effects::LOGIC, Weight::Decisive);
        }
        match token.terminal {
            Terminal::Equals | Terminal::Comparison => self.compared = true,
            Terminal::Number | Terminal::String => self.begun |= self.tokens <= self.prelude + 2,
            Terminal::Unbalanced => {
                self.begun = true;
                self.facts |= Facts::PARENTHESES;
            }
            _ => {}
        }
    }
}

/// What a statement that a `;` ends has done, whatever comes behind it.
const STATEMENT_EFFECTS: Effects = Effects::WRITE
    .union(Effects::DESTROY)
    .union(Effects::DEFINE)
    .union(Effects::EXECUTE)
    .union(Effects::DELAY)
    .union(Effects::GRANT);

/// A word that can stand before the SELECT of a set operation.
fn is_set_word(terminal: Terminal) -> bool {
    use Terminal::*;
    matches!(terminal, Union | All | Distinct | Except | Intersect)
}

/// An operator whose right side decides the truth of the whole.
fn decides(terminal: Terminal) -> bool {
    use Terminal::*;
    matches!(terminal, And | Or | Xor | DoubleAmpersand | Regexp)
}

fn is_operator(terminal: Terminal) -> bool {
    use Terminal::*;
    matches!(
        terminal,
        Equals
            | Comparison
            | And
            | Or
            | Xor
            | Like
            | Regexp
            | Operator
            | Plus
            | Minus
            | Asterisk
            | Slash
            | DoubleBar
            | DoubleAmpersand
            | Percent
            | Caret
            | Tilde
            | Ampersand
            | VerticalBar
            | Mod
            | In
            | Between
            | Is
    )
}
