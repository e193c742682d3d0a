//! How much of what the grammar accepted counts as evidence: the rules that keep ordinary text out,
//! in one place.
//!
//! What acts is a call, a construction, a tagged template, an assignment to something that outlives
//! the fragment, `import`, `throw`, and an operator that calls a method; reading a name does nothing.
//! Prose has what looks like a call (`see (2004)`), and so does every formula, so each act has a
//! *strength*, from 1 to 4, by what it is done to, and the place asks for one ([`Evidence::needed`]).
//! `tests/cases/js/evidence.toml` has examples that count and some that do not.

use smallvec::SmallVec;

use super::facts::{Facts, Meaning};
use super::globals::{self, Kind, Usage};
use super::input::Tail;
use super::{Terminal, Token};
use crate::report::Instruction;
use crate::{Context, ContextKind, Effects, Finding};

/// Something that acts.
#[derive(Clone, Copy, Debug)]
struct Noted {
    kind: &'static str,
    start: usize,
    end: usize,
    effects: Effects,
    strength: u8,
}

/// What only a program has: a property whose name is computed, a function that is called where it is
/// written, a call behind `?.`, a method that operators call.
const STRUCTURE: u8 = 3;

/// What reaches beyond the program: a global function, the page, the maker of functions, `import`.
const REACH: u8 = 4;

/// More than any act has.
const NEVER: u8 = 5;

/// What acts of each strength do, from 0 on.
type Strengths = [Effects; NEVER as usize];

/// What acts of this strength and more do.
fn strong(effects: &Strengths, needed: u8) -> Effects {
    effects.iter().skip(usize::from(needed)).fold(Effects::empty(), |all, &effects| all | effects)
}

/// What the accepted text does, so far.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    context: Context,
    noted: SmallVec<[Noted; Finding::MAX_INSTRUCTIONS]>,
    /// What acts of each strength do, all of them.
    effects: Strengths,
    /// The strength that counts; more than any is, while that is not decided.
    needed: u8,
    /// The first token, once there is one.
    first: Option<Terminal>,
    /// The last token.
    last: Option<Terminal>,
    /// The last one of the value's own is a `/`.
    slash: bool,
    /// A statement begins in a line of its own.
    lines: bool,
    end: usize,
    /// A literal was called: at that the program stops.
    thrown: bool,
    /// An expression of a template names the maker of functions or what all values share.
    reaches: bool,
    /// What the acts of that expression do.
    beside: Effects,
    /// A template that follows an operand, until something follows it: if nothing does, it may be that
    /// of the program.
    tag: Option<Noted>,
    /// The first statement that assigns to a name.
    alone: Option<(usize, usize)>,
    /// What stood in expressions that the value itself has closed: how many acts, and what they do.
    sealed: (usize, Strengths),
}

impl Evidence {
    #[inline(always)]
    pub(super) fn of(context: Context) -> Self {
        Evidence {
            context,
            noted: SmallVec::new(),
            effects: [Effects::empty(); NEVER as usize],
            needed: NEVER,
            first: None,
            last: None,
            slash: false,
            lines: false,
            tag: None,
            end: 0,
            thrown: false,
            reaches: false,
            alone: None,
            beside: Effects::empty(),
            sealed: (0, [Effects::empty(); NEVER as usize]),
        }
    }

    /// A symbol without text, where the value was read to.
    pub(super) fn nothing(&self) -> Meaning {
        Meaning::nothing(self.end)
    }

    /// A token was accepted.
    #[inline]
    pub(super) fn token(&mut self, token: Token) -> Meaning {
        let mut facts = Facts::empty();
        facts.set(Facts::APART, token.start > self.end);
        facts.set(Facts::STRING, matches!(token.terminal, Terminal::String | Terminal::Template));
        facts.set(Facts::OPTIONAL, token.terminal == Terminal::OptionalChain);
        if token.terminal == Terminal::InsertedSemicolon {
            self.last = Some(token.terminal);
        }
        if token.end > token.start {
            facts.set(Facts::CONFINED, self.first.is_none() && self.is_confined());
            self.first = self.first.or(Some(token.terminal));
            let statement = matches!(
                self.last,
                Some(
                    Terminal::Semicolon
                        | Terminal::InsertedSemicolon
                        | Terminal::LeftBrace
                        | Terminal::RightBrace
                )
            );
            self.lines |= token.newline && statement;
            self.end = token.end;
            if let Some(tag) = self.tag.take() {
                self.keep(tag);
            }
            self.last = Some(token.terminal);
            self.slash = token.terminal == Terminal::Slash;
        }
        Meaning { start: token.start, end: token.end, facts, word: token.word, effects: Effects::empty() }
    }

    /// Whether the first token is what the value stands in.
    fn is_confined(&self) -> bool {
        matches!(
            self.context,
            Context::JsSingleQuoted | Context::JsDoubleQuoted | Context::JsTemplate | Context::JsRegex
        )
    }

    fn note(&mut self, kind: &'static str, whole: &Meaning, effects: Effects, strength: u8) {
        let effects = effects | Effects::EXECUTE;
        self.keep(Noted { kind, start: whole.start, end: whole.end, effects, strength });
    }

    fn keep(&mut self, noted: Noted) {
        if self.thrown {
            return;
        }
        self.effects[usize::from(noted.strength)] |= noted.effects;
        self.beside |= noted.effects;
        if self.noted.len() < self.noted.inline_size() {
            self.noted.push(noted);
            return;
        }
        // No filler in front may hide what is strong.
        if let Some(weakest) = self.noted.iter_mut().min_by_key(|noted| noted.strength) {
            if weakest.strength < noted.strength {
                *weakest = noted;
            }
        }
    }

    /// A name is read.
    pub(super) fn reference(&mut self, name: &Meaning) -> Meaning {
        let apart = name.facts & Facts::APART;
        self.reaches |= name.word == globals::CONSTRUCTOR;
        self.global(name, Facts::NAME | apart)
    }

    /// What a name of the global object is.
    fn global(&self, name: &Meaning, mut facts: Facts) -> Meaning {
        let Some(global) = globals::global(name.word) else {
            return Meaning { facts, ..*name };
        };
        facts |= match global.kind {
            Kind::Function if global.usage == Usage::Own => Facts::GLOBAL_FUNCTION | Facts::OWN_FUNCTION,
            Kind::Function => Facts::GLOBAL_FUNCTION,
            Kind::Object => Facts::GLOBAL_OBJECT,
            Kind::Place => Facts::GLOBAL_OBJECT | Facts::PLACE,
            // What the page has made of it is the page's own.
            Kind::Global => Facts::GLOBAL,
            Kind::Handler => Facts::HANDLER,
        };
        facts.set(Facts::WORD, global.usage != Usage::Own);
        if global.usage == Usage::Shared {
            facts |= Facts::SHARED;
        }
        Meaning { facts, effects: global.effects, ..*name }
    }

    /// A property is read.
    pub(super) fn member(&mut self, object: &Meaning, name: &Meaning, whole: &Meaning) -> Meaning {
        let kept = Facts::CONVERTS | Facts::GETTER | Facts::APART;
        let mut facts = Facts::MEMBER | whole.facts & kept;
        facts |= object.facts & Facts::LED;
        self.get(object, facts, name.word, false, whole)
    }

    /// A property whose name is computed is read.
    ///
    /// Markdown has `text [text](URL)`.
    pub(super) fn computed_member(
        &mut self,
        object: &Meaning,
        bracket: &Meaning,
        name: &Meaning,
        whole: &Meaning,
    ) -> Meaning {
        let word = if name.facts.contains(Facts::STRING) { name.word } else { 0 };
        self.convert(name.facts & Facts::CONVERTS, whole);
        let kept = Facts::CONVERTS | Facts::GETTER | Facts::APART;
        let word_before = object.facts.intersects(Facts::NAME | Facts::MEMBER);
        let loose = word_before && bracket.facts.contains(Facts::APART);
        let facts = Facts::MEMBER
            | if loose { Facts::LOOSE } else { Facts::COMPUTED }
            | whole.facts & kept
            | object.facts & Facts::LED;
        // A number names none.
        let any = word == 0 && !name.facts.contains(Facts::LITERAL);
        self.get(object, facts, word, any, whole)
    }

    /// A property of an object; `any` says that it may have any name.
    fn get(&mut self, object: &Meaning, mut facts: Facts, word: u32, any: bool, whole: &Meaning) -> Meaning {
        if facts.contains(Facts::GETTER) {
            self.note("getter", whole, Effects::empty(), STRUCTURE);
        }
        facts.set(
            Facts::CONSTRUCTOR,
            word == globals::CONSTRUCTOR || object.facts.contains(Facts::CONSTRUCTOR),
        );
        self.reaches |= matches!(word, globals::CONSTRUCTOR | globals::PROTO);
        facts |= object.facts & Facts::DATA;
        let shared = Facts::CONSTRUCTOR | Facts::BUILTIN;
        // Programs do that to their own data, too; templates do not.
        let method = self.resumes() && object.facts.contains(Facts::DATA | Facts::MEMBER);
        facts.set(Facts::BUILTIN, method || object.facts.intersects(shared) || word == globals::PROTO);
        let quoted = matches!(self.context, Context::JsSingleQuoted | Context::JsDoubleQuoted);
        if quoted && object.facts.contains(Facts::GLOBAL_OBJECT) {
            // What the page knows, in a text of the program.
            let (start, end, effects) = (whole.start, whole.end, Effects::READ | Effects::DISCLOSE);
            self.keep(Noted { kind: "property of the page", start, end, effects, strength: 2 });
        }
        if object.facts.contains(Facts::GLOBAL) && any {
            facts |= Facts::GLOBAL_FUNCTION;
        }
        if globals::delegates(word) || object.facts.contains(Facts::LITERAL) {
            // `eval.call`; `{a: eval}.a`, whatever its name.
            facts |= object.facts & Facts::FUNCTIONS;
        }
        let property = Meaning { facts, word, ..*whole };
        // A property of the global object is the global name; objects have properties of that name too.
        match object.facts & (Facts::GLOBAL | Facts::THIS) {
            none if none.is_empty() => property,
            // A computed one may be any of them.
            Facts::THIS if any || globals::global(word).is_some() => {
                self.global(&property, facts | Facts::SHARED)
            }
            _ => self.global(&property, facts),
        }
    }

    /// The strength of calling something; `apart` says that white space stands before what it is
    /// called with.
    ///
    /// 4: `eval(x)`, `document.write(x)`, `a.constructor(x)`. 3: `a[b](c)`, `a?.(b)`. 2: `a.b(c)`, `a(b)`.
    /// 1: `a (b)`, `"a".trim()`.
    fn strength(&self, callee: &Meaning, apart: bool) -> u8 {
        let facts = callee.facts;
        match () {
            // A word before a parenthesis: `open (to all)`.
            () if apart && facts.contains(Facts::WORD) => 1,
            () if facts.intersects(Facts::GLOBAL_FUNCTION | Facts::CONSTRUCTOR)
                || facts.contains(Facts::GLOBAL_OBJECT | Facts::MEMBER) =>
            {
                if facts.contains(Facts::SHARED) {
                    STRUCTURE
                } else {
                    REACH
                }
            }
            () if facts.intersects(Facts::COMPUTED | Facts::FUNCTION) => STRUCTURE,
            // What `a?.b()` gave is called.
            () if facts.contains(Facts::OPTIONAL | Facts::CALL) => STRUCTURE,
            // Methods of texts and lists compute.
            () if apart || facts.intersects(Facts::DATA | Facts::LOOSE) => 1,
            () => 2,
        }
    }

    /// The result of a call.
    fn result(callee: &Meaning, whole: &Meaning) -> Meaning {
        let kept = callee.facts & (Facts::OPTIONAL | Facts::DATA);
        Meaning { facts: Facts::CALL | kept | whole.facts & Facts::APART, word: 0, ..*whole }
    }

    /// A call, or an optional one. `?.` before a name is an operator of other languages too.
    pub(super) fn call(
        &mut self,
        callee: &Meaning,
        optional: bool,
        arguments: &Meaning,
        whole: &Meaning,
    ) -> Meaning {
        if self.stops(callee) {
            return Meaning { facts: callee.facts, ..*whole };
        }
        let apart = arguments.facts.contains(Facts::APART);
        let mut strength = self.strength(callee, apart);
        if optional {
            strength = strength.max(STRUCTURE);
        }
        if !apart {
            strength = strength.max(Self::strength_of_arguments(callee, arguments));
        }
        self.note("call", whole, callee.effects | arguments.effects, strength);
        Self::result(callee, whole)
    }

    /// The strength of handing something to what is called: a global function may be called in turn.
    /// Variables of other languages are called `alert` and `prompt`; methods of literals call what
    /// they are given.
    ///
    /// 4: `f(eval)`, `[1].map(alert)`. 2: `f(alert)`.
    fn strength_of_arguments(callee: &Meaning, arguments: &Meaning) -> u8 {
        match arguments.facts {
            facts if !facts.contains(Facts::GLOBAL_FUNCTION) => 0,
            facts if facts.contains(Facts::OWN_FUNCTION) || callee.facts.contains(Facts::DATA) => REACH,
            _ => 2,
        }
    }

    /// Whether a literal is called, which throws; behind the one that the value stands in, nothing runs.
    fn stops(&mut self, callee: &Meaning) -> bool {
        let literal = callee.facts.contains(Facts::LITERAL);
        self.thrown |= literal && callee.facts.contains(Facts::CONFINED);
        literal
    }

    /// `new`, with arguments or without.
    pub(super) fn construct(&mut self, callee: &Meaning, arguments: bool, whole: &Meaning) -> Meaning {
        // What is constructed of nothing does nothing that lasts.
        let strength = if arguments { self.strength(callee, false) } else { 1 };
        self.note("construction", whole, callee.effects, strength);
        Self::result(callee, whole)
    }

    /// A tagged template.
    pub(super) fn tag(&mut self, tag: &Meaning, template: &Meaning, whole: &Meaning) -> Meaning {
        if self.stops(tag) {
            return Meaning { facts: tag.facts, ..*whole };
        }
        let mut strength = self.strength(tag, template.facts.contains(Facts::APART));
        strength = strength.max(Self::strength_of_arguments(tag, template));
        // In Markdown, code stands in backquotes, and everything between two stands behind one.
        let text = match self.context {
            Context::JsTemplate => true,
            Context::JsExpression => template.facts.contains(Facts::APART),
            _ => false,
        };
        if text && strength < REACH {
            return Meaning { facts: Facts::LITERAL | Facts::DATA | whole.facts & Facts::APART, ..*whole };
        }
        let effects = tag.effects | template.effects | Effects::EXECUTE;
        let noted = Noted { kind: "tagged template", start: whole.start, end: whole.end, effects, strength };
        match self.context {
            Context::JsTemplate => self.tag = Some(noted),
            _ => self.keep(noted),
        }
        Self::result(tag, whole)
    }

    /// `import(…)`; Go has `import (…)`.
    pub(super) fn import(&mut self, arguments: &Meaning, whole: &Meaning) -> Meaning {
        let strength = if arguments.facts.contains(Facts::APART) { 1 } else { REACH };
        self.note("import call", whole, Effects::NETWORK, strength);
        Meaning { facts: Facts::CALL | whole.facts & Facts::APART, word: 0, ..*whole }
    }

    /// `import … from "…"`, `export … from "…"`
    pub(super) fn import_declaration(&mut self, whole: &Meaning) -> Meaning {
        self.note("import declaration", whole, Effects::NETWORK, 2);
        *whole
    }

    /// `var x = y`: it outlives a script. In a part of a program it is the program's own matter.
    pub(super) fn declare(&mut self, whole: &Meaning) -> Meaning {
        self.note("declaration", whole, Effects::DEFINE, 1);
        *whole
    }

    /// `throw`: it ends in a handler.
    pub(super) fn throw(&mut self, whole: &Meaning) -> Meaning {
        self.note("throw", whole, Effects::empty(), 2);
        *whole
    }

    /// An assignment.
    ///
    /// 4: `location = "x"`, `document.title = x`, `onerror = alert`, `a.__proto__.b = x`. 3: `location = x`.
    /// 2: `a.b = c`, `a = eval`. 1: `a = b`; see [`assign_alone`](Self::assign_alone).
    pub(super) fn assign(&mut self, target: &Meaning, value: &Meaning, whole: &Meaning) -> Meaning {
        let strength = match target.facts {
            // Settings are called so, too: `location = Berlin`.
            facts if facts.intersects(Facts::HANDLER | Facts::PLACE) => {
                let setting = facts.contains(Facts::NAME)
                    && value.facts.contains(Facts::NAME)
                    && !value.facts.intersects(Facts::FUNCTIONS | Facts::GLOBAL_OBJECT | Facts::GLOBAL);
                if setting { STRUCTURE } else { REACH }
            }
            facts if facts.contains(Facts::BUILTIN | Facts::MEMBER) => REACH,
            facts if facts.contains(Facts::SHARED | Facts::MEMBER) => STRUCTURE,
            facts if facts.contains(Facts::GLOBAL_OBJECT | Facts::MEMBER) => REACH,
            facts if facts.contains(Facts::MEMBER) => 2,
            _ if value.facts.contains(Facts::GLOBAL_FUNCTION) => 2,
            _ => 1,
        };
        self.note("assignment", whole, target.effects | value.effects, strength);
        let mut facts = (value.facts - Facts::APART) | whole.facts;
        facts.set(Facts::ASSIGNED, target.facts.contains(Facts::NAME));
        Meaning { facts, word: value.word, ..*whole }
    }

    /// A statement is an assignment to a name: it outlives the fragment. Data have that too, so it
    /// counts behind a literal that the value closes only if a comment without text hides the rest.
    pub(super) fn assign_alone(&mut self, whole: &Meaning) {
        self.alone = self.alone.or(Some((whole.start, whole.end)));
    }

    /// `x++`, `delete x`
    pub(super) fn update(&mut self, target: &Meaning, whole: &Meaning) -> Meaning {
        let strength = if target.facts.contains(Facts::MEMBER) { 2 } else { 1 };
        self.note("assignment", whole, target.effects, strength);
        *whole
    }

    /// An operator makes its operands primitive.
    pub(super) fn convert(&mut self, operands: Facts, whole: &Meaning) -> Meaning {
        if operands.contains(Facts::CONVERTS) {
            self.note("conversion", whole, Effects::empty(), STRUCTURE);
        }
        // What an operator gives is no function.
        let facts = whole.facts - Facts::FUNCTIONS;
        Meaning { facts, word: 0, ..*whole }
    }

    /// A template engine reads each expression by itself.
    pub(super) fn resumes(&self) -> bool {
        self.context == Context::JsTemplateInjection
    }

    /// An expression in a template is complete: it runs whatever follows.
    pub(super) fn interpolate(&mut self, whole: &Meaning) -> Meaning {
        if std::mem::take(&mut self.reaches) {
            // Who writes a template has no use for that; beside it whatever acts is no part of one.
            let before = self.sealed.0.min(self.noted.len());
            self.noted[before..].iter_mut().for_each(|noted| noted.strength = REACH);
            self.effects[usize::from(REACH)] |= self.beside;
        }
        self.beside = Effects::empty();
        self.sealed = (self.noted.len(), self.effects);
        self.needed = STRUCTURE;
        *whole
    }

    /// The value ends here, or what follows is not viable: decides what counts.
    /// `silent` says that a comment in which it ends has no text.
    pub(super) fn conclude(&mut self, viable: bool, tail: Tail, silent: bool) {
        if self.resumes() {
            // What stands in an expression that is not complete does not run.
            self.noted.truncate(self.sealed.0);
            self.effects = self.sealed.1;
            (self.reaches, self.beside) = (false, Effects::empty());
            return;
        }
        if let Some(tag) = self.tag.take().filter(|_| tail != Tail::Reopened) {
            self.keep(tag);
        }
        if let Some((start, end)) = self.alone.filter(|_| tail == Tail::Comment && silent) {
            self.keep(Noted { kind: "assignment", start, end, effects: Effects::EXECUTE, strength: 2 });
        }
        self.needed = if viable { self.needed(tail, silent) } else { NEVER };
    }

    /// The strength that the place asks for.
    ///
    /// A value that leaves a literal or a comment ends, if it is to run, in one of the same kind or in a
    /// comment, for the program closes what it began. Text seldom does; without that, more is needed.
    fn needed(&self, tail: Tail, silent: bool) -> u8 {
        let ends = matches!(tail, Tail::Comment | Tail::Reopened);
        match self.context {
            context if context.kind() == ContextKind::Command => 1,
            Context::JsSingleQuoted | Context::JsDoubleQuoted if ends => 2,
            Context::JsSingleQuoted | Context::JsDoubleQuoted => REACH,
            // Texts about programs show substitutions; in Markdown, code stands in backquotes.
            Context::JsTemplate if self.first == Some(Terminal::TemplateHead) => STRUCTURE,
            Context::JsTemplate if ends => 2,
            // URLs and paths have slashes; programs have comments and several lines.
            Context::JsRegex | Context::JsBlockComment if ends => STRUCTURE,
            // Nothing that the program goes on with closes a literal here.
            Context::JsLineComment | Context::JsExpression if tail == Tail::Open => NEVER,
            Context::JsLineComment => REACH,
            // Who writes a program begins with a name; data do not.
            Context::JsExpression if self.begins_with_data() && !self.lines => STRUCTURE,
            Context::JsExpression if self.begins_with_data() => REACH,
            Context::JsExpression if !self.lines => REACH,
            // Lines of a program begin so, too, but what they have in a comment is for people.
            Context::JsSuffix if tail != Tail::Comment || self.lines => NEVER,
            Context::JsSuffix if self.begins_with_closer() && silent => 2,
            Context::JsSuffix if self.begins_with_closer() || self.first == Some(Terminal::Semicolon) => {
                REACH
            }
            _ => NEVER,
        }
    }

    /// Whether anything can count in a viable value that ends so, whatever acts.
    pub(super) fn may_need(&self, tail: Tail, silent: bool) -> bool {
        self.resumes() || self.needed(tail, silent) < NEVER
    }

    /// Whether the value first closes a part of the program.
    fn begins_with_closer(&self) -> bool {
        matches!(self.first, Some(Terminal::Unbalanced | Terminal::UnbalancedBrace))
    }

    /// Whether the value, which ends here, ends in a slash that opens a comment together with the one
    /// that ends the program's regular expression.
    pub(super) fn opens_comment(&self, end: usize) -> bool {
        self.context == Context::JsRegex && self.slash && self.end == end
    }

    /// Whether the value's first token is one of a number, a text, a list or an operator before one.
    fn begins_with_data(&self) -> bool {
        matches!(
            self.first,
            Some(
                Terminal::Number
                    | Terminal::String
                    | Terminal::Template
                    | Terminal::TemplateHead
                    | Terminal::RegularExpression
                    | Terminal::True
                    | Terminal::False
                    | Terminal::Null
                    | Terminal::LeftParenthesis
                    | Terminal::LeftBracket
                    | Terminal::LeftBrace
                    | Terminal::Exclamation
                    | Terminal::Plus
                    | Terminal::Minus
                    | Terminal::Tilde
            )
        )
    }

    /// What counts.
    #[inline]
    pub(super) fn counted(&self) -> Effects {
        // That is asked at every token.
        if self.needed == NEVER {
            return Effects::empty();
        }
        // An expression of a template that is not complete does not run.
        strong(if self.resumes() { &self.sealed.1 } else { &self.effects }, self.needed)
    }

    /// What counts in a viable value that ends so, of what was noted; in a template, what is complete has
    /// counted before.
    pub(super) fn noted_enough(&self, tail: Tail, silent: bool) -> Effects {
        if self.resumes() { Effects::empty() } else { strong(&self.effects, self.needed(tail, silent)) }
    }

    /// Whether something acts that is more than a word before a parenthesis, whatever the place asks for.
    pub(super) fn acts(&self) -> bool {
        self.effects[2..].iter().any(|effects| !effects.is_empty())
    }

    /// What acts, in the order of the text.
    pub(super) fn instructions(&self) -> Vec<Instruction> {
        let mut noted = self.noted.clone();
        noted.sort_by_key(|noted| (noted.start, noted.end));
        let of = |noted: Noted| Instruction {
            kind: noted.kind,
            span: noted.start..noted.end,
            effects: if noted.strength >= self.needed { noted.effects } else { Effects::empty() },
        };
        noted.into_iter().map(of).collect()
    }
}
