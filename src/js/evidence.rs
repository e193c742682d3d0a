//! How much of what the grammar accepted counts as evidence: the rules that keep ordinary text out,
//! in one place.
//!
//! What acts is a call, a construction, a tagged template, an assignment to something that outlives
//! the fragment, `import`, `throw`, and an operator that calls a method; reading a name does nothing.
//! Prose has what looks like a call (`see (2004)`), and so does every formula, so each act has a
//! *strength*, from 1 to 3, by what it is done to, and the place asks for one ([`Evidence::needed`]).
//! `tests/cases/js/evidence.toml` has examples that count and some that do not.

use smallvec::SmallVec;

use super::facts::{Facts, Meaning};
use super::globals::{self, Kind};
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

/// The greatest strength.
const STRONG: u8 = 3;

/// What the accepted text does, so far.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    context: Context,
    noted: SmallVec<[Noted; Finding::MAX_INSTRUCTIONS]>,
    /// What acts of each strength do, all of them.
    effects: [Effects; STRONG as usize + 1],
    /// The strength that counts; more than any is, while that is not decided.
    needed: u8,
    tokens: u32,
    end: usize,
    /// A literal was called: at that the program stops.
    thrown: bool,
    /// What stood in expressions that the value itself has closed: how many acts, and what they do.
    sealed: (usize, [Effects; STRONG as usize + 1]),
}

impl Evidence {
    #[inline(always)]
    pub(super) fn of(context: Context) -> Self {
        Evidence {
            context,
            noted: SmallVec::new(),
            effects: [Effects::empty(); STRONG as usize + 1],
            needed: STRONG + 1,
            tokens: 0,
            end: 0,
            thrown: false,
            sealed: (0, [Effects::empty(); STRONG as usize + 1]),
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
        facts.set(Facts::STRING, token.terminal == Terminal::String);
        facts.set(Facts::OPTIONAL, token.terminal == Terminal::OptionalChain);
        if token.terminal == Terminal::TemplateTail && self.context == Context::JsTemplateInjection {
            self.seal();
        }
        if token.end > token.start {
            facts.set(Facts::CONFINED, self.tokens == 0 && self.is_confined());
            self.tokens = self.tokens.saturating_add(1);
            self.end = token.end;
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
        if self.thrown {
            return;
        }
        let effects = effects | Effects::EXECUTE;
        self.effects[usize::from(strength)] |= effects;
        let noted = Noted { kind, start: whole.start, end: whole.end, effects, strength };
        if self.noted.len() < self.noted.inline_size() {
            self.noted.push(noted);
            return;
        }
        // No filler in front may hide what is strong.
        if let Some(weakest) = self.noted.iter_mut().min_by_key(|noted| noted.strength) {
            if weakest.strength < strength {
                *weakest = noted;
            }
        }
    }

    /// A name is read.
    pub(super) fn reference(&mut self, name: &Meaning) -> Meaning {
        let apart = name.facts & Facts::APART;
        self.global(name, Facts::NAME | apart)
    }

    /// What a name of the global object is.
    fn global(&self, name: &Meaning, mut facts: Facts) -> Meaning {
        let Some(global) = globals::global(name.word) else {
            return Meaning { facts, ..*name };
        };
        facts |= match global.kind {
            Kind::Function => Facts::GLOBAL_FUNCTION,
            Kind::Object => Facts::GLOBAL_OBJECT,
            Kind::Global => Facts::GLOBAL_OBJECT | Facts::GLOBAL,
            Kind::Handler => Facts::HANDLER,
        };
        facts.set(Facts::WORD, global.word);
        Meaning { facts, effects: global.effects, ..*name }
    }

    /// A property is read.
    pub(super) fn member(&mut self, object: &Meaning, name: &Meaning, whole: &Meaning) -> Meaning {
        let kept = Facts::CONVERTS | Facts::GETTER | Facts::APART;
        let mut facts = Facts::MEMBER | whole.facts & kept;
        facts |= object.facts & (Facts::GLOBAL_OBJECT | Facts::OPTIONAL);
        self.get(object, facts, name.word, whole)
    }

    /// A property whose name is computed is read.
    pub(super) fn computed_member(&mut self, object: &Meaning, name: &Meaning, whole: &Meaning) -> Meaning {
        let word = if name.facts.contains(Facts::STRING) { name.word } else { 0 };
        self.convert(name.facts & Facts::CONVERTS, whole);
        let kept = Facts::CONVERTS | Facts::GETTER | Facts::APART;
        let facts = Facts::MEMBER
            | Facts::COMPUTED
            | whole.facts & kept
            | object.facts & (Facts::GLOBAL_OBJECT | Facts::OPTIONAL);
        self.get(object, facts, word, whole)
    }

    fn get(&mut self, object: &Meaning, mut facts: Facts, word: u32, whole: &Meaning) -> Meaning {
        if facts.contains(Facts::GETTER) {
            self.note("getter", whole, Effects::empty(), STRONG);
        }
        facts.set(
            Facts::CONSTRUCTOR,
            word == globals::CONSTRUCTOR || object.facts.contains(Facts::CONSTRUCTOR),
        );
        let property = Meaning { facts, word, ..*whole };
        // A property of the global object is the global name.
        if object.facts.contains(Facts::GLOBAL) { self.global(&property, facts) } else { property }
    }

    /// The strength of calling something; `apart` says that white space stands before what it is
    /// called with.
    ///
    /// 3: `eval(x)`, `document.write(x)`, `a.constructor(x)`, `a[b](c)`, `a(b)(c)`. 2: `a.b(c)`, `a(b)`.
    /// 1: `a (b)`.
    fn strength(&self, callee: &Meaning, apart: bool) -> u8 {
        let facts = callee.facts;
        let strong = Facts::GLOBAL_FUNCTION
            | Facts::GLOBAL_OBJECT
            | Facts::CONSTRUCTOR
            | Facts::COMPUTED
            | Facts::CALL
            | Facts::FUNCTION
            | Facts::OPTIONAL;
        match () {
            // A word before a parenthesis: `open (to all)`.
            () if apart && facts.contains(Facts::WORD) => 1,
            () if facts.intersects(strong) && !(apart && facts.contains(Facts::CALL)) => STRONG,
            () if apart => 1,
            () => 2,
        }
    }

    /// A call: of what a `?.` follows, nothing is known yet.
    pub(super) fn call(&mut self, callee: &Meaning, arguments: &Meaning, whole: &Meaning) -> Meaning {
        let result = Meaning {
            facts: Facts::CALL | whole.facts & Facts::APART | callee.facts & Facts::OPTIONAL,
            word: 0,
            ..*whole
        };
        if self.stops(callee) {
            return result;
        }
        let apart = arguments.facts.contains(Facts::APART);
        let mut strength = self.strength(callee, apart);
        if arguments.facts.contains(Facts::GLOBAL_FUNCTION) && !apart {
            strength = STRONG;
        }
        self.note("call", whole, callee.effects | arguments.effects, strength);
        result
    }

    /// Whether a literal is called, which throws; behind the one that the value stands in, nothing runs.
    fn stops(&mut self, callee: &Meaning) -> bool {
        let literal = callee.facts.contains(Facts::LITERAL);
        self.thrown |=
            literal && callee.facts.contains(Facts::CONFINED) && self.context != Context::JsTemplateInjection;
        literal
    }

    /// `new`, with arguments or without.
    pub(super) fn construct(&mut self, callee: &Meaning, arguments: bool, whole: &Meaning) -> Meaning {
        let strength = match self.strength(callee, false) {
            STRONG => STRONG,
            _ if arguments => 2,
            _ => 1,
        };
        self.note("construction", whole, callee.effects, strength);
        Meaning { facts: Facts::CALL | whole.facts & Facts::APART, word: 0, ..*whole }
    }

    /// A tagged template.
    pub(super) fn tag(&mut self, tag: &Meaning, template: &Meaning, whole: &Meaning) -> Meaning {
        let result = Meaning { facts: Facts::CALL | whole.facts & Facts::APART, word: 0, ..*whole };
        if !self.stops(tag) {
            let strength = self.strength(tag, template.facts.contains(Facts::APART));
            self.note("tagged template", whole, tag.effects, strength);
        }
        result
    }

    /// `import(…)`
    pub(super) fn import(&mut self, whole: &Meaning) -> Meaning {
        self.note("import call", whole, Effects::NETWORK, STRONG);
        Meaning { facts: Facts::CALL | whole.facts & Facts::APART, word: 0, ..*whole }
    }

    /// `import … from "…"`, `export … from "…"`
    pub(super) fn import_declaration(&mut self, whole: &Meaning) -> Meaning {
        self.note("import declaration", whole, Effects::NETWORK, 2);
        *whole
    }

    /// `throw`: it ends in a handler.
    pub(super) fn throw(&mut self, whole: &Meaning) -> Meaning {
        self.note("throw", whole, Effects::empty(), 2);
        *whole
    }

    /// An assignment.
    ///
    /// 3: `location = x`, `document.title = x`, `onerror = x`. 2: `a.b = c`, `a = eval`. 1: `a = b`.
    pub(super) fn assign(&mut self, target: &Meaning, value: &Meaning, whole: &Meaning) -> Meaning {
        let strength = match target.facts {
            facts if facts.intersects(Facts::HANDLER) => STRONG,
            facts if facts.contains(Facts::GLOBAL_OBJECT) => STRONG,
            facts if facts.contains(Facts::MEMBER) => 2,
            _ if value.facts.contains(Facts::GLOBAL_FUNCTION) => 2,
            _ => 1,
        };
        self.note("assignment", whole, target.effects | value.effects, strength);
        Meaning { facts: (value.facts - Facts::APART) | whole.facts, word: value.word, ..*whole }
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
            self.note("conversion", whole, Effects::empty(), STRONG);
        }
        Meaning { word: 0, ..*whole }
    }

    /// A template engine reads each expression by itself.
    pub(super) fn resumes(&self) -> bool {
        self.context == Context::JsTemplateInjection
    }

    /// An expression in a template is complete: it runs whatever follows.
    fn seal(&mut self) {
        self.sealed = (self.noted.len(), self.effects);
        self.needed = STRONG;
    }

    /// The value ends here, or what follows is not viable: decides what counts.
    pub(super) fn conclude(&mut self, viable: bool, tail: Tail) {
        if self.resumes() {
            // What stands in an expression that is not complete does not run.
            self.noted.truncate(self.sealed.0);
            self.effects = self.sealed.1;
            return;
        }
        self.needed = if viable { self.needed(tail) } else { STRONG + 1 };
    }

    /// The strength that the place asks for; 4 is more than any act has.
    fn needed(&self, tail: Tail) -> u8 {
        if self.context.kind() == ContextKind::Command {
            return 1;
        }
        match tail {
            Tail::None => STRONG + 1,
            _ => 2,
        }
    }

    /// What counts.
    pub(super) fn counted(&self) -> Effects {
        let counted = self.effects.iter().skip(usize::from(self.needed));
        counted.fold(Effects::empty(), |all, &effects| all | effects)
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
