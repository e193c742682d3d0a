//! What is weighed when an expression is complete: conditions, arithmetic, calls.

use super::super::facts::{Facts, Meaning};
use super::super::{Terminal, functions};
use super::{Evidence, Weight};
use crate::Effects;

impl Evidence {
    /// Comparisons. A literal that is itself compared decides; a word of prose may be what it is
    /// compared with. Everything else waits for a logical operator, or a comment.
    ///
    /// Counts: `'='`, `' < 5 -- `, `1 || 1=1`, `||1=1`, `1=1 -- `. Does not: `$S' = T$`, `x = 1`.
    pub(in crate::sql) fn compare(&mut self, left: &Meaning, right: &Meaning, whole: &mut Meaning) {
        whole.facts |= Facts::COMPARISON;
        let dynamic = self.dynamic(whole);
        let constant = |m: &Meaning| m.facts.intersects(Facts::CONSTANT) && !m.facts.intersects(dynamic);
        let same = left.word != 0 && left.word == right.word;
        if same || (constant(left) && constant(right)) {
            whole.facts |= Facts::CONSTANT_CONDITION;
            whole.facts.set(Facts::ITSELF, same && constant(left) && constant(right));
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
    pub(in crate::sql) fn match_pattern(&mut self, left: &Meaning, right: &Meaning, whole: &mut Meaning) {
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
    pub(in crate::sql) fn test(&mut self, whole: &mut Meaning) {
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
    /// a comparison, because `9 >= 4 or 4 < 9` is a formula of its own, unless the right side compares a
    /// constant with itself.
    ///
    /// Counts: `' or x=y -- `, `7 or 3=3`, `x=7 or 3=3`, `1 or true`, `7 or 7`, `4 or 0xA`, ` && (b=0)`.
    /// Does not: `5 or 6`, `yes and no`, `true or false`, `a < b && c > d`.
    pub(in crate::sql) fn logic(&mut self, left: &Meaning, right: &Meaning, whole: &mut Meaning) {
        whole.facts |= Facts::LOGIC;
        let operand = left.facts.intersects(Facts::NUMBER | Facts::TEXT | Facts::GIVEN);
        let formula = left.facts.contains(Facts::COMPARISON)
            && !left.facts.intersects(Facts::GIVEN | Facts::PARENTHESES)
            && !right.facts.contains(Facts::ITSELF);
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
            // Formulas compare numbers.
            let texts = right.facts.contains(Facts::CONSTANT_CONDITION | Facts::TEXT)
                && !right.facts.contains(Facts::SENTENCE);
            right.facts.intersects(acts)
                || constant
                || same
                || continues
                || texts
                || (operand && (truth || right.facts.contains(Facts::HEXADECIMAL)))
        };
        let value = Facts::CONSTANT | Facts::COMPARISON | Facts::ARITHMETIC | Facts::VARIABLE | Facts::LOGIC;
        let truth_or_text = left.facts == Facts::TRUTH && right.facts.contains(Facts::TEXT);
        if constant && operand && !right.facts.contains(Facts::SENTENCE) {
            self.condition(whole, Weight::Decisive);
        } else if counts {
            self.condition(whole, Weight::IfViable);
        } else if (operand && right.facts.intersects(value)) || truth_or_text {
            self.condition(whole, Weight::IfTruncated);
        }
    }

    /// Arithmetic counts where it calls, reads or looks something up; before a comment, plain arithmetic
    /// does too behind a closed literal, behind a parenthesis of the program's if the value has a literal, and with
    /// words that are operators.
    ///
    /// Counts: `'+sleep(5)+'`, `1-(select 1)`, `'-0 -- `, `7)-'a' -- `, `'')+5 -- `.
    /// Does not: `6'-2"`, `salt & pepper`.
    pub(in crate::sql) fn arithmetic(&mut self, binary: bool, whole: &mut Meaning) {
        whole.facts |= Facts::ARITHMETIC;
        // A division by an empty literal is NULL and decides nothing.
        if binary && whole.facts.contains(Facts::EMPTY) && self.recent[1] == Terminal::Slash {
            self.operator = false;
        }
        let named = whole.facts.contains(Facts::WORD);
        let acts = acts_when_run(whole.facts);
        let closes =
            self.facts.contains(Facts::PARENTHESES) && !self.facts.intersects(Facts::WORD | Facts::SENTENCE);
        let literal = self.literal.is_some() || (binary && closes && self.facts.contains(Facts::TEXT));
        let weight = if acts && binary && !named { Weight::IfViable } else { Weight::IfTruncated };
        if acts || whole.facts.contains(Facts::KEYWORD) || (literal && !named) {
            self.note("arithmetic", (whole.start, whole.end), Effects::COMPUTE, weight);
        }
    }

    /// Calls. A documented function that does something counts, unless its arguments are words; one
    /// that only computes counts for a condition or a query among its arguments. A call of any other
    /// word is prose.
    ///
    /// Counts: `sleep(5)`, `if(1=1, 2, 3)`. Does not: `nap (8)`, `cos(angle)`, `User(name), text`.
    pub(in crate::sql) fn call(&mut self, name: &Meaning, arguments: Facts, whole: &mut Meaning) {
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
    pub(in crate::sql) fn case(&mut self, whole: &mut Meaning) {
        whole.facts |= Facts::KEYWORD;
        self.note("CASE expression", (whole.start, whole.end), Effects::LOGIC, Weight::IfViable);
    }
}

/// Whether an expression calls, reads or looks something up.
fn acts_when_run(facts: Facts) -> bool {
    facts.contains(Facts::CALL | Facts::KNOWN_CALL) || facts.intersects(Facts::SUBQUERY | Facts::SYSTEM)
}
