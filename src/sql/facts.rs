//! What tokens and symbols are made of: the vocabulary of the evidence rules.

use super::token::{EMPTY, HEXADECIMAL, OPEN, TIGHT_START, Token};
use super::{Terminal, functions};

bitflags::bitflags! {
    /// What a symbol is made of: the union over its tokens, and what its productions add.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub(super) struct Facts: u32 {
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
        const CALL = 1 << 7;
        /// a call of a documented function
        const KNOWN_CALL = 1 << 8;
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
        const TABLE_ALIAS = 1 << 17;
        const WILDCARD = 1 << 18;
        const COMMA = 1 << 19;
        /// CASE, BINARY and other words that are operators
        const KEYWORD = 1 << 20;
        /// `||`, which is OR in MySQL
        const DOUBLE_BAR = 1 << 21;
        const HEXADECIMAL = 1 << 22;
        /// a literal without content
        const EMPTY = 1 << 23;
        /// a literal that the input's end left open
        const OPEN = 1 << 24;
        /// a literal that reads as a sentence: several words, or open and begun with a space
        const SENTENCE = 1 << 25;
        /// the literal that the value left touches the quote that closes it
        const TIGHT = 1 << 26;
        /// a constant that is compared with itself: no formula has that
        const ITSELF = 1 << 27;

        const CONSTANT = Self::NUMBER.bits() | Self::TEXT.bits() | Self::TRUTH.bits();
        /// Operands that are known only when the program runs.
        const DYNAMIC = Self::WORD.bits() | Self::NAME.bits() | Self::VARIABLE.bits() | Self::SYSTEM.bits()
            | Self::CALL.bits() | Self::SUBQUERY.bits() | Self::GIVEN.bits();
        /// What no list of words has.
        const STRUCTURE = Self::CONSTANT.bits() | Self::NAME.bits() | Self::VARIABLE.bits()
            | Self::SYSTEM.bits() | Self::KNOWN_CALL.bits() | Self::SUBQUERY.bits() | Self::WILDCARD.bits()
            | Self::COMMA.bits() | Self::KEYWORD.bits() | Self::COMPARISON.bits() | Self::ARITHMETIC.bits();
    }
}

impl Facts {
    /// What a single token is, read in a context whose literal, if it has one, the value left.
    pub(super) fn of(token: Token, in_literal: bool) -> Facts {
        match token.terminal {
            Terminal::Number if token.word == HEXADECIMAL => Facts::NUMBER | Facts::HEXADECIMAL,
            Terminal::Number => Facts::NUMBER,
            Terminal::String | Terminal::DoubleQuoted => Facts::TEXT | Facts::of_literal(token, in_literal),
            Terminal::QuotedIdentifier => Facts::NAME | Facts::of_literal(token, in_literal),
            Terminal::True | Terminal::False | Terminal::Null => Facts::TRUTH,
            Terminal::Identifier if functions::is_niladic(token.word) => Facts::KNOWN_CALL,
            Terminal::Identifier => Facts::WORD,
            Terminal::Variable | Terminal::Parameter => Facts::VARIABLE,
            Terminal::SystemVariable => Facts::SYSTEM,
            Terminal::Operand => Facts::GIVEN,
            Terminal::Comma => Facts::COMMA,
            Terminal::DoubleBar => Facts::DOUBLE_BAR,
            Terminal::Binary | Terminal::Case | Terminal::Exists | Terminal::Match | Terminal::Assignment => {
                Facts::KEYWORD
            }
            _ => Facts::empty(),
        }
    }

    fn of_literal(token: Token, in_literal: bool) -> Facts {
        let open = token.word & OPEN != 0;
        let spaced = open && in_literal && token.word & TIGHT_START == 0;
        let mut facts = Facts::empty();
        facts.set(Facts::OPEN, open);
        facts.set(Facts::SENTENCE, spaced || token.word & 0xff >= 2);
        facts.set(Facts::EMPTY, token.word & EMPTY != 0);
        facts
    }
}

/// What is known about a symbol on the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meaning {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) facts: Facts,
    /// The hash of a single name or number, 0 for anything else.
    pub(super) word: u32,
}

bitflags::bitflags! {
    /// What tokens can contribute to evidence: a summary from which most values are seen to have
    /// none, without a look at their structure.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub(super) struct Contribution: u8 {
        /// arithmetic
        const OPERATOR = 1 << 0;
        /// comparisons and tests
        const COMPARISON = 1 << 1;
        /// AND, OR
        const LOGIC = 1 << 2;
        /// what statements and decisive instructions begin with
        const STATEMENT = 1 << 3;
        /// everything else that acts: clauses, system variables, parentheses in a value that names a function
        const OTHER = 1 << 4;
        /// `;`
        const SEPARATOR = 1 << 5;
        /// parentheses around what may be no argument of a function
        const PARENTHESIS = 1 << 6;
    }
}

impl Contribution {
    /// What a token can contribute. Names, literals and commas do nothing, however many.
    #[inline]
    pub(super) fn of(terminal: Terminal) -> Contribution {
        CONTRIBUTIONS[terminal as usize]
    }

    const fn compute(terminal: Terminal) -> Contribution {
        use Terminal::*;
        match terminal {
            Identifier | Number | String | DoubleQuoted | QuotedIdentifier | Comma | Period | As
            | Variable | Parameter | Operand | Unbalanced => Contribution::empty(),
            // words that the grammar needs and that prose is full of
            TimeUnit | CatalogueList | ObjectKind | CreateModifier | KeyKind | TableOperator | First
            | Last | Next | Data | Time | Zone | Option | Session | Role | Mode | Value | View | Share
            | Rows | Only | Of | Off | To | At | Key | Xml | Language | Fields | Charset | Cascade
            | Connect | Identified | Infile | Keep | Member | Modify | Nothing | Output | Soname
            | Transaction | Try | Window | Delay | Placing | Qualify => Contribution::empty(),
            Plus | Minus | Asterisk | Slash | Percent | Ampersand | VerticalBar | Caret | Exclamation
            | Operator | Mod => Contribution::OPERATOR,
            Equals | Comparison | Tilde | Assignment | Between | Is | Like | In | Isnull | Not | Sounds => {
                Contribution::COMPARISON
            }
            And | Or | Xor | DoubleAmpersand | DoubleBar => Contribution::LOGIC,
            Regexp => Contribution::LOGIC.union(Contribution::COMPARISON),
            Select | Waitfor | Procedure => Contribution::STATEMENT,
            Semicolon => Contribution::SEPARATOR,
            LeftParenthesis | RightParenthesis => Contribution::PARENTHESIS,
            _ => Contribution::OTHER,
        }
    }

    /// Whether a value that was accepted to its end could have evidence: outside of literals and
    /// without a comment, arithmetic and comparisons of names and numbers have none, in parentheses or not.
    pub(super) fn matters_at_end(self, left_literal: bool, comment: bool) -> bool {
        match left_literal {
            _ if comment => true,
            true => !self.is_empty(),
            false => self.intersects(Contribution::LOGIC | Contribution::STATEMENT | Contribution::OTHER),
        }
    }

    /// Whether evidence could outlive a rejected token: a decisive instruction, or one that a
    /// separator ended; behind a literal that is any, elsewhere a statement or a call.
    pub(super) fn matters_at_rejection(self, left_literal: bool) -> bool {
        let ended =
            if left_literal { self != Contribution::SEPARATOR } else { self.contains(Contribution::OTHER) };
        self.contains(Contribution::STATEMENT)
            || (self.contains(Contribution::SEPARATOR) && ended)
            || (self.contains(Contribution::LOGIC)
                && self
                    .intersects(Contribution::COMPARISON | Contribution::OTHER | Contribution::PARENTHESIS))
    }

    /// Whether there is an expression, not only names and punctuation.
    pub(super) fn computes(self) -> bool {
        self.intersects(Contribution::OPERATOR | Contribution::COMPARISON | Contribution::LOGIC)
    }
}

static CONTRIBUTIONS: [Contribution; 256] = {
    let mut table = [Contribution::OTHER; 256];
    let mut i = 0;
    while i < Terminal::ALL.len() {
        table[i] = Contribution::compute(Terminal::ALL[i]);
        i += 1;
    }
    table
};
