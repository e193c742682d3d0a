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
//! `tests/cases/sql/evidence.toml` holds them to it.

use smallvec::SmallVec;

use super::facts::{Contribution, Facts, Meaning};
use super::functions;
use super::lexer::OpenComment;
use super::token::{TIGHT_END, Token};
use super::{Act, Terminal};
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
    /// It is the argument of the value's first word.
    argument: bool,
    noted: bool,
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
    /// quotes the comment must follow at once and not read as a sentence: that is how a quotation
    /// and its author are written. A comment that reads as a sentence does not lift what else was
    /// found in bare words, either.
    ///
    /// Counts: `admin' -- `. Does not: `from ' -- to`, `rock 'em # now`, `the end."  -- Jane Roe`.
    fn truncate(&mut self, comment: OpenComment) {
        let sentence = comment.words >= 2;
        if self.literal.is_some() || !sentence || !self.facts.contains(Facts::WORD) {
            self.effects |= self.truncated;
        }
        let quotation =
            self.literal == Some(Terminal::DoubleQuoted) && (sentence || comment.start > self.end + 1);
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
    /// something of the value's own.
    ///
    /// Counts: `1 union select 2`, `1 and (select name from users)`, `1; select a, b from t`.
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
            Place::Statement if from && structure > 0 && follows => ("query", Weight::IfViable),
            _ => return,
        };
        query.noted = true;
        self.note(kind, (start, token.end), Effects::READ, weight);
    }

    fn open_query(&self, start: usize) -> OpenQuery {
        let parenthesis = self.recent[0] == Terminal::LeftParenthesis;
        let place = match parenthesis {
            _ if self.set_operator => Place::SetOperation,
            true => Place::Parenthesised,
            false => Place::Statement,
        };
        let argument = parenthesis
            && matches!(self.recent[1], Terminal::Identifier | Terminal::Copy)
            && !(self.operator || self.separated || self.literal.is_some());
        OpenQuery { place, start, structure: 0, from: false, follows: self.follows(), argument, noted: false }
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

    // ----------------------------------------------------------------------------------------
    // Expressions

    /// Comparisons. A literal that is itself compared decides; a word of prose may be what it is
    /// compared with. Everything else waits for a logical operator, or a comment.
    ///
    /// Counts: `'='`, `' < 5 -- `, `1 || 1=1`, `||1=1`, `1=1 -- `. Does not: `$S' = T$`, `x = 1`.
    pub(super) fn compare(&mut self, left: &Meaning, right: &Meaning, whole: &mut Meaning) {
        whole.facts |= Facts::COMPARISON;
        let dynamic = self.dynamic(whole);
        let constant = |m: &Meaning| m.facts.intersects(Facts::CONSTANT) && !m.facts.intersects(dynamic);
        let same = left.word != 0 && left.word == right.word;
        if same || (constant(left) && constant(right)) {
            whole.facts |= Facts::CONSTANT_CONDITION;
        }
        if whole.facts.contains(Facts::DOUBLE_BAR | Facts::CONSTANT_CONDITION) {
            self.condition(whole, Weight::IfViable);
        }
        let named = whole.facts.intersects(Facts::WORD | Facts::SENTENCE);
        let calls = acts_when_run(whole.facts) && !whole.facts.contains(Facts::WORD);
        if self.literal.is_some() && left.facts.contains(Facts::GIVEN | Facts::TIGHT) {
            let value = Facts::CONSTANT | Facts::KNOWN_CALL | Facts::SUBQUERY | Facts::SYSTEM | Facts::NAME;
            let counts = !named && right.facts.intersects(value);
            self.condition(whole, if counts { Weight::IfViable } else { Weight::IfTruncated });
        } else if calls && (self.follows_operand || whole.facts.contains(Facts::DOUBLE_BAR)) {
            self.condition(whole, Weight::IfViable);
        } else if calls || !named {
            self.condition(whole, Weight::IfTruncated);
        }
    }

    /// `~` and its like: as comparisons, but for numbers, between which prose has it too.
    ///
    /// Counts: `1 or 'a' ~ 'a'`. Does not: `2 or 3 ~ 4`.
    pub(super) fn match_pattern(&mut self, left: &Meaning, right: &Meaning, whole: &mut Meaning) {
        let number =
            |m: &Meaning| m.facts.difference(Facts::ARITHMETIC | Facts::PARENTHESES) == Facts::NUMBER;
        if number(left) || number(right) {
            self.arithmetic(true, whole);
        } else {
            self.compare(left, right, whole);
        }
    }

    /// What of a comparison is known only when the program runs. An operand of the program's before MySQL's
    /// OR is no part of what is compared.
    fn dynamic(&self, whole: &Meaning) -> Facts {
        let apart = self.literal.is_none() && whole.facts.contains(Facts::DOUBLE_BAR);
        if apart { Facts::DYNAMIC.difference(Facts::GIVEN) } else { Facts::DYNAMIC }
    }

    /// BETWEEN, IN, IS, EXISTS …: as comparisons.
    ///
    /// Counts: `' is null -- `, `' in (1) or '`, `1 || 2 in (2)`. Does not: `Mike O'In <mike@example.com>`.
    pub(super) fn test(&mut self, whole: &mut Meaning) {
        whole.facts |= Facts::COMPARISON;
        if !whole.facts.intersects(self.dynamic(whole)) {
            whole.facts |= Facts::CONSTANT_CONDITION;
        }
        if whole.facts.contains(Facts::DOUBLE_BAR | Facts::CONSTANT_CONDITION) {
            self.condition(whole, Weight::IfViable);
        }
        if whole.facts.intersects(Facts::WORD | Facts::SENTENCE) {
            return;
        }
        let of_literal = self.literal.is_some() && whole.facts.contains(Facts::GIVEN | Facts::TIGHT);
        self.condition(whole, if of_literal { Weight::IfViable } else { Weight::IfTruncated });
    }

    /// AND, OR. Behind a closed literal every condition counts. Elsewhere it must be constant, or
    /// act when it runs, because `n > 1 and m = 3` is mathematics; and the value must not begin with
    /// a comparison, because `9 >= 4 or 4 < 9` is a formula of its own.
    ///
    /// Counts: `' or x=y -- `, `7 or 3=3`, `1 or true`, `7 or 7`, `4 or 0xA`, ` && (b=0)`.
    /// Does not: `5 or 6`, `yes and no`, `true or false`, `a < b && c > d`.
    pub(super) fn logic(&mut self, left: &Meaning, right: &Meaning, whole: &mut Meaning) {
        whole.facts |= Facts::LOGIC;
        let operand = left.facts.intersects(Facts::NUMBER | Facts::TEXT | Facts::GIVEN);
        let formula = left.facts.contains(Facts::COMPARISON)
            && !left.facts.intersects(Facts::GIVEN | Facts::PARENTHESES);
        let constant = right.facts.contains(Facts::CONSTANT_CONDITION) && !formula;
        let counts = if self.literal.is_some() {
            let condition = Facts::COMPARISON | Facts::NUMBER | Facts::TRUTH;
            right.facts.intersects(condition | Facts::CALL | Facts::SYSTEM | Facts::SUBQUERY)
        } else {
            let acts = Facts::KNOWN_CALL | Facts::SYSTEM | Facts::SUBQUERY | Facts::KEYWORD;
            let truth = right.facts.difference(Facts::ARITHMETIC) == Facts::TRUTH;
            // Nobody offers a choice between the same.
            let same = left.facts == Facts::NUMBER && right.facts == Facts::NUMBER && left.word == right.word;
            // The value begins with the operator.
            let continues = self.follows_operand
                && left.facts == Facts::GIVEN
                && right.facts.contains(Facts::COMPARISON)
                && right.facts.intersects(Facts::CONSTANT);
            right.facts.intersects(acts)
                || constant
                || same
                || continues
                || (operand && (truth || right.facts.contains(Facts::HEXADECIMAL)))
        };
        let value = Facts::CONSTANT | Facts::COMPARISON | Facts::ARITHMETIC | Facts::VARIABLE | Facts::LOGIC;
        if constant && operand && !right.facts.contains(Facts::SENTENCE) {
            self.condition(whole, Weight::Decisive);
        } else if counts {
            self.condition(whole, Weight::IfViable);
        } else if operand && right.facts.intersects(value) {
            self.condition(whole, Weight::IfTruncated);
        }
    }

    /// Arithmetic counts where it calls, reads or looks something up; between a closed literal and
    /// a comment, and with words that are operators, plain arithmetic does too.
    ///
    /// Counts: `'+sleep(5)+'`, `1-(select 1)`, `'-0 -- `. Does not: `6'-2"`, `salt & pepper`.
    pub(super) fn arithmetic(&mut self, binary: bool, whole: &mut Meaning) {
        whole.facts |= Facts::ARITHMETIC;
        // A division by an empty literal is NULL and decides nothing.
        if binary && whole.facts.contains(Facts::EMPTY) && self.recent[1] == Terminal::Slash {
            self.operator = false;
        }
        let named = whole.facts.contains(Facts::WORD);
        let acts = acts_when_run(whole.facts);
        let weight = if acts && binary && !named { Weight::IfViable } else { Weight::IfTruncated };
        if acts || whole.facts.contains(Facts::KEYWORD) || (self.literal.is_some() && !named) {
            self.note("arithmetic", (whole.start, whole.end), Effects::COMPUTE, weight);
        }
    }

    /// Calls. A documented function that does something counts, unless its arguments are words; one
    /// that only computes counts for a condition or a query among its arguments. A call of any other
    /// word is prose.
    ///
    /// Counts: `sleep(5)`, `if(1=1, 2, 3)`. Does not: `nap (8)`, `cos(angle)`, `User(name), text`.
    pub(super) fn call(&mut self, name: &Meaning, arguments: Facts, whole: &mut Meaning) {
        // The facts of a call are those of its arguments: its name is no word of prose.
        whole.facts = Facts::CALL | arguments;
        whole.word = 0;
        let Some(effects) = functions::effects(name.word) else { return };
        whole.facts |= Facts::KNOWN_CALL;
        let structure = Facts::STRUCTURE.difference(Facts::NUMBER | Facts::COMMA);
        let worded = arguments.contains(Facts::WORD) && !arguments.intersects(structure);
        // Prose has no numbers or literals among the arguments of a function that SQL knows.
        if arguments.intersects(Facts::CONSTANT | Facts::SUBQUERY | Facts::KNOWN_CALL) {
            whole.facts.remove(Facts::WORD);
        }
        let span = (whole.start, whole.end);
        if !effects.is_empty() && !worded {
            self.note("function call", span, effects, Weight::IfViable);
        } else if arguments.intersects(Facts::CONSTANT_CONDITION | Facts::SUBQUERY) {
            self.note("function call", span, Effects::LOGIC, Weight::IfViable);
        } else {
            self.note("function call", span, Effects::COMPUTE, Weight::IfTruncated);
        }
    }

    /// A complete CASE … WHEN … THEN … END: prose does not end its cases.
    ///
    /// Counts: `case when 1 then 2 end`. Does not: `in that case when needed`.
    pub(super) fn case(&mut self, whole: &mut Meaning) {
        whole.facts |= Facts::KEYWORD;
        self.note("CASE expression", (whole.start, whole.end), Effects::LOGIC, Weight::IfViable);
    }

    // ----------------------------------------------------------------------------------------
    // Clauses

    /// WHERE and HAVING with a constant condition, or any behind a closed literal.
    ///
    /// Counts: `' having x=1 -- `, `1 where 1=1`. Does not: `the place where x = y`.
    pub(super) fn filter(&mut self, whole: &Meaning) {
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
    pub(super) fn from(&mut self, whole: &Meaning) {
        let fragment = self.query.is_none() && self.statement == Statement::None;
        if fragment && (self.begun || self.closes.is_some()) {
            self.note("FROM clause", (whole.start, whole.end), Effects::READ, Weight::IfTruncated);
        }
    }

    /// What a set operator adds, where a constant or closed literal stands before.
    ///
    /// Counts: `1 union table users`, `1 union select name`. Does not: `union select committee`.
    pub(super) fn set_operation(&mut self, whole: &Meaning) {
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
    pub(super) fn arrange(&mut self, act: Act, whole: &Meaning) {
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
    pub(super) fn procedure(&mut self, whole: &Meaning) {
        if self.behind_constant() || whole.facts.intersects(Facts::CONSTANT | Facts::KNOWN_CALL) {
            self.note("PROCEDURE clause", (whole.start, whole.end), Effects::COMPUTE, Weight::Decisive);
        }
    }

    // ----------------------------------------------------------------------------------------
    // Statements

    /// A statement begins where no separator announced one.
    pub(super) fn begin_statement(&mut self) {
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
    fn follows(&self) -> bool {
        let operand = self.literal == Some(Terminal::String)
            || self.facts.intersects(Facts::CONSTANT | Facts::PARENTHESES);
        self.command || self.separated || (operand && self.literal != Some(Terminal::DoubleQuoted))
    }

    /// A statement counts behind a separator, a closed literal or an operand, or where the value is
    /// a program; without a separator it needs more than words.
    ///
    /// Counts: `1; drop table users`, `drop table users`. Does not: `5 drop table tennis`.
    pub(super) fn statement(&mut self, kind: &'static str, whole: &Meaning, effects: Effects) {
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
    pub(super) fn verb(&mut self, kind: &'static str, whole: &Meaning, effects: Effects) {
        if whole.facts.intersects(Facts::STRUCTURE) || (self.separated && self.behind_constant()) {
            self.statement(kind, whole, effects);
        } else if self.statement == Statement::Stacked {
            self.note(kind, (whole.start, whole.end), effects, Weight::IfTruncated);
        }
    }

    /// Definitions. A short one of words alone is an item of a to-do list.
    ///
    /// Counts: `create table t (id integer)`. Does not: `create schema drawings`.
    pub(super) fn definition(&mut self, whole: &Meaning) {
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
    pub(super) fn delete(&mut self, whole: &Meaning) {
        if self.command && whole.facts.contains(Facts::TABLE_ALIAS) {
            self.verb("DELETE statement", whole, Effects::WRITE);
        } else {
            self.statement("DELETE statement", whole, Effects::WRITE);
        }
    }

    /// SET of a variable, or of anything behind a constant and a separator.
    ///
    /// Counts: `set @x = 1`, `1; set global general_log = 1`. Does not: `set the table`.
    pub(super) fn assign(&mut self, whole: &Meaning) {
        let variable = whole.facts.intersects(Facts::VARIABLE | Facts::SYSTEM);
        if variable || (self.separated && self.behind_constant()) {
            self.statement("SET statement", whole, Effects::ADMINISTER);
        }
    }

    /// DECLARE of a variable: what follows runs as a program.
    ///
    /// Counts: `1; declare @x int`. Does not: `declare victory`.
    pub(super) fn declare(&mut self, whole: &Meaning) {
        if whole.facts.contains(Facts::VARIABLE) {
            self.statement("DECLARE statement", whole, Effects::EXECUTE);
        }
    }

    /// `WAITFOR DELAY '…'`: no prose says it, and no dialect is needed to see what it does.
    ///
    /// Counts: `") waitfor delay '0:0:5' and ?!`. Does not: `wait for delay`.
    pub(super) fn delay(&mut self, whole: &Meaning) {
        if self.literal.is_some() {
            self.statement = Statement::Stacked;
        }
        self.note("WAITFOR statement", (whole.start, whole.end), Effects::DELAY, Weight::Decisive);
    }

    /// INTO OUTFILE and the like.
    ///
    /// Counts: `1 into outfile '/tmp/x'`. Does not: `look into outfile formats`.
    pub(super) fn write_file(&mut self, whole: &Meaning) {
        self.note("file write", (whole.start, whole.end), Effects::FILE | Effects::WRITE, Weight::IfViable);
    }

    /// A word that is a keyword elsewhere and a name here.
    pub(super) fn word(&mut self, whole: &mut Meaning) {
        whole.facts |= Facts::WORD;
        self.facts |= Facts::WORD;
    }

    /// An alias; a bare one, without AS, is two words in a row. A literal that the input leaves open and
    /// that would be a bare alias is nothing that a program closes.
    ///
    /// Counts: `" or "" = "`. Does not: `15" or 17" screens`.
    pub(super) fn alias(&mut self, bare: bool, whole: &mut Meaning) {
        if bare && whole.facts.contains(Facts::OPEN) {
            self.open = Some(Terminal::Unknown);
        }
        whole.facts = Facts::ALIAS;
        self.facts |= Facts::ALIAS;
    }
}

/// What a statement that a `;` ends has done, whatever comes behind it.
const STATEMENT_EFFECTS: Effects = Effects::WRITE
    .union(Effects::DESTROY)
    .union(Effects::DEFINE)
    .union(Effects::EXECUTE)
    .union(Effects::DELAY)
    .union(Effects::GRANT);

/// Whether an expression calls, reads or looks something up.
fn acts_when_run(facts: Facts) -> bool {
    facts.contains(Facts::CALL | Facts::KNOWN_CALL) || facts.intersects(Facts::SUBQUERY | Facts::SYSTEM)
}

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
