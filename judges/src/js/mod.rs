//! JavaScript: oxc's parser says whether a program is one, and which calls, assignments and the like
//! stand in it.

use std::collections::BTreeSet;
use std::ops::Range;

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    AssignmentExpression, AssignmentTarget, CallExpression, Comment, Expression, ImportExpression,
    NewExpression, TaggedTemplateExpression, ThrowStatement, UnaryExpression, UnaryOperator,
    UpdateExpression,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType};
use syntrap::Context::{
    JsBlockComment, JsDoubleQuoted, JsExpression, JsLineComment, JsRegex, JsScript, JsSingleQuoted, JsSuffix,
    JsTemplate,
};

use crate::{Engine, Exception, Ruling, Template};

mod exceptions;

use exceptions::EXCEPTIONS;

/// What a space may be. None of them ends a line: a line end ends statements and literals too, and
/// stands in the grammar.
pub const SPACES: &[&str] = &[" ", " ", "\t", "/**/", "  ", "\u{a0}", "\x0c", "/*x*/"];

/// Programs with one value in them.
const TEMPLATES: &[Template] = &[
    Template::new(JsSingleQuoted, "var a = '", "x", "';"),
    Template::new(JsSingleQuoted, "f({ a: '", "x", "', b: 1 });"),
    Template::new(JsSingleQuoted, "if (a == 'x", "x", "') { b = 1; }"),
    Template::new(JsDoubleQuoted, "var a = \"", "x", "\";"),
    Template::new(JsDoubleQuoted, "var a = [\"", "x", "\", \"y\"];"),
    Template::new(JsTemplate, "var a = `b ", "x", "`;"),
    Template::new(JsTemplate, "f(`", "x", " b`, 1);"),
    Template::new(JsRegex, "var a = /^", "x", "/;"),
    Template::new(JsRegex, "a = a.replace(/b", "x", "/g, '');"),
    Template::new(JsLineComment, "// ", "x", "\nvar a = 1;"),
    Template::new(JsBlockComment, "/* ", "x", " */ var a = 1;"),
    Template::new(JsExpression, "var a = ", "1", ";"),
    Template::new(JsExpression, "f(", "1", ", 2);"),
    Template::new(JsExpression, "var a = { b: ", "1", ", c: 2 };"),
    Template::new(JsSuffix, "var a = 1", "", ";"),
    Template::new(JsSuffix, "f(1", "", ");"),
    Template::new(JsSuffix, "if (a == 1", "", ") { b = 1; }"),
    Template::new(JsScript, "", "1", ""),
];

/// oxc.
pub struct Oxc;

impl Engine for Oxc {
    const NAME: &'static str = "oxc";

    fn templates(&self) -> Vec<Template> {
        TEMPLATES.to_vec()
    }

    fn judge(&mut self, template: &Template, value: &str) -> Ruling {
        let place = template.before.len()..template.before.len() + value.len();
        match acts_in(&template.with(value), place) {
            None => Ruling::Refused,
            Some(acts) if !does(&acts) => Ruling::Data,
            Some(acts) => Ruling::Acts(acts),
        }
    }

    fn exceptions(&self) -> &'static [Exception] {
        EXCEPTIONS
    }
}

/// Whether a text is a script in which something acts.
pub fn acts(text: &str) -> bool {
    acts_in(text, 0..text.len()).is_some_and(|acts| does(&acts))
}

/// Whether something acts, whatever is hidden. Nothing is done by what only throws because it is no function.
fn does(acts: &BTreeSet<&'static str>) -> bool {
    acts.iter().any(|act| !matches!(*act, HIDDEN | COMMENTED | LITERAL))
}

/// What acts in a part of a text, if the text is a script.
fn acts_in(text: &str, place: Range<usize>) -> Option<BTreeSet<&'static str>> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::cjs()).parse();
    let mut acts = Acts { text, place, acts: BTreeSet::new() };
    acts.visit_program(&parsed.program);
    let hides = |comment: &&Comment| {
        let span = comment.span.start as usize..comment.span.end as usize;
        acts.place.contains(&span.start) && span.end >= acts.place.end
    };
    if let Some(comment) = parsed.program.comments.iter().find(hides) {
        let silent = acts.place.end - comment.span.start as usize <= 4;
        acts.acts.insert(if silent { HIDDEN } else { COMMENTED });
    }
    (!parsed.panicked && parsed.errors.is_empty()).then_some(acts.acts)
}

/// What acts in a place.
struct Acts<'p> {
    text: &'p str,
    place: Range<usize>,
    acts: BTreeSet<&'static str>,
}

impl Acts<'_> {
    /// Something acts by what stands from `at` on.
    fn note(&mut self, at: u32, act: &'static str) {
        if self.place.contains(&(at as usize)) {
            self.acts.insert(act);
        }
    }

    /// Whether something stands between an object and the bracket of its property.
    fn loose(&self, callee: &Expression) -> bool {
        match callee.without_parentheses() {
            Expression::ComputedMemberExpression(member) => {
                !self.text[member.object.span().end as usize..].starts_with(['[', '?'])
            }
            _ => false,
        }
    }

    /// Whether something stands between what is called and its parenthesis.
    fn apart(&self, end: u32) -> bool {
        !self.text[end as usize..].starts_with(['(', '?', '`'])
    }
}

/// The functions that the grammar writes and that a script finds without declaring them.
const FUNCTIONS: &[&str] = &["eval", "Function", "setTimeout", "fetch", "alert", "postMessage"];
/// The objects that hold such functions.
const OBJECTS: &[&str] = &["document", "location", "localStorage"];
/// The global object, by its names.
const GLOBAL: &[&str] = &["window", "self", "top", "globalThis"];
/// Those of them all that texts have too.
const WORDS: &[&str] = &["fetch", "alert", "document", "location", "top"];

// What acts, and how far it reaches.
/// A call, or a construction, of what the page and the language give.
const BEYOND: &str = "a call beyond the program";
/// A call of what is computed or written out.
const COMPUTED: &str = "a computed call";
/// A call of a function of the program's own.
const CALL: &str = "a call";
/// The same, with white space before the parenthesis.
const APART: &str = "a call with a space";
/// A call of a method of a text, a number or a list.
const METHOD: &str = "a literal's method";
/// A call of a text or a number, which throws.
const LITERAL: &str = "a call of a literal";
const CONSTRUCTION: &str = "a construction";
const TAGGED: &str = "a tagged template";
/// An assignment to what belongs to the page.
const SET_BEYOND: &str = "an assignment beyond the program";
/// An assignment to another property.
const SET_PROPERTY: &str = "an assignment to a property";
/// An assignment to a name.
const SET: &str = "an assignment";
const THROW: &str = "a throw";

// What becomes of the program behind the value.
/// A comment without text hides it.
const HIDDEN: &str = "the rest is hidden";
/// A comment that says something does.
const COMMENTED: &str = "the rest is a comment";

/// What can be called, from the strongest to the weakest.
const CALLS: &[&str] = &[BEYOND, COMPUTED, CALL, METHOD, LITERAL];

/// What calling an expression is.
fn call(callee: &Expression) -> &'static str {
    let stronger = |one, other| if strength(one) < strength(other) { one } else { other };
    match callee.without_parentheses() {
        callee if global(callee).is_some_and(|name| FUNCTIONS.contains(&name)) => BEYOND,
        Expression::StaticMemberExpression(member) => match member.property.name.as_str() {
            "constructor" => BEYOND,
            "call" | "apply" | "bind" => stronger(call(&member.object), CALL),
            _ if reaches(&member.object) => BEYOND,
            _ if is_data(&member.object) => METHOD,
            _ => CALL,
        },
        Expression::ComputedMemberExpression(member) if reaches(&member.object) => BEYOND,
        Expression::ComputedMemberExpression(_)
        | Expression::FunctionExpression(_)
        | Expression::ArrowFunctionExpression(_) => COMPUTED,
        Expression::SequenceExpression(all) => all.expressions.last().map_or(CALL, call),
        Expression::ConditionalExpression(either) => {
            stronger(call(&either.consequent), call(&either.alternate))
        }
        Expression::LogicalExpression(either) => stronger(call(&either.left), call(&either.right)),
        Expression::CallExpression(inner) if matches!(call(&inner.callee), LITERAL | METHOD) => {
            call(&inner.callee)
        }
        Expression::ArrayExpression(_) | Expression::ObjectExpression(_) | Expression::TemplateLiteral(_) => {
            LITERAL
        }
        callee if callee.is_literal() => LITERAL,
        _ => CALL,
    }
}

/// The global name that an expression is.
fn global<'e>(expression: &'e Expression) -> Option<&'e str> {
    let is_global = |object: &Expression| global(object).is_some_and(|name| GLOBAL.contains(&name));
    match expression.without_parentheses() {
        Expression::Identifier(name) => Some(&name.name),
        Expression::StaticMemberExpression(member) if is_global(&member.object) => {
            Some(&member.property.name)
        }
        Expression::ComputedMemberExpression(member) if is_global(&member.object) => {
            match member.expression.without_parentheses() {
                Expression::StringLiteral(name) => Some(&name.value),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether texts have what a name or a link of names begins with.
fn is_word(callee: &Expression) -> bool {
    match callee.without_parentheses() {
        Expression::Identifier(name) => WORDS.contains(&name.name.as_str()),
        Expression::StaticMemberExpression(member) => is_word(&member.object),
        _ => false,
    }
}

fn strength(call: &str) -> usize {
    CALLS.iter().position(|known| *known == call).unwrap_or(CALLS.len())
}

/// Whether an object is one of the page's, or what one of them holds.
fn reaches(object: &Expression) -> bool {
    match object.without_parentheses() {
        object if global(object).is_some_and(|name| OBJECTS.contains(&name)) => true,
        Expression::StaticMemberExpression(member) => {
            matches!(member.property.name.as_str(), "constructor" | "__proto__") || reaches(&member.object)
        }
        Expression::ComputedMemberExpression(member) => reaches(&member.object),
        Expression::CallExpression(inner) => reaches(&inner.callee),
        _ => false,
    }
}

/// Whether an object is written out, or comes from a method of one that is.
fn is_data(object: &Expression) -> bool {
    match object.without_parentheses() {
        Expression::StaticMemberExpression(member) => is_data(&member.object),
        Expression::ComputedMemberExpression(member) => is_data(&member.object),
        Expression::CallExpression(inner) => is_data(&inner.callee),
        Expression::ArrayExpression(_) | Expression::ObjectExpression(_) => true,
        object => object.is_literal() || matches!(object, Expression::TemplateLiteral(_)),
    }
}

/// What assigning something is. Settings are called `location`, and their values have names.
fn assignment(target: &AssignmentTarget, value: &Expression) -> &'static str {
    let beyond = |name: &str| matches!(name, "location" | "onerror");
    let is_global = |object: &Expression| global(object).is_some_and(|name| GLOBAL.contains(&name));
    match target {
        AssignmentTarget::AssignmentTargetIdentifier(name) if beyond(&name.name) => match assigned(value) {
            Expression::Identifier(name) if !FUNCTIONS.contains(&name.name.as_str()) => SET,
            _ => SET_BEYOND,
        },
        AssignmentTarget::StaticMemberExpression(member)
            if reaches(&member.object) || is_global(&member.object) && beyond(&member.property.name) =>
        {
            SET_BEYOND
        }
        AssignmentTarget::ComputedMemberExpression(member) if reaches(&member.object) => SET_BEYOND,
        AssignmentTarget::StaticMemberExpression(_) | AssignmentTarget::ComputedMemberExpression(_) => {
            SET_PROPERTY
        }
        _ => SET,
    }
}

/// What is assigned in the end: in `x = (y = z)`, `z`.
fn assigned<'e, 'a>(value: &'e Expression<'a>) -> &'e Expression<'a> {
    match value.without_parentheses() {
        Expression::AssignmentExpression(inner) => assigned(&inner.right),
        value => value,
    }
}

impl<'a> Visit<'a> for Acts<'_> {
    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        let called = call(&it.callee);
        let called = match called {
            CALL if it.optional => COMPUTED,
            CALL | BEYOND if self.apart(it.callee.span().end) && (called == CALL || is_word(&it.callee)) => {
                APART
            }
            COMPUTED if self.loose(&it.callee) => APART,
            called => called,
        };
        self.note(it.callee.span().end, called);
        walk::walk_call_expression(self, it);
    }

    fn visit_new_expression(&mut self, it: &NewExpression<'a>) {
        // What is constructed of nothing does nothing that lasts.
        let beyond = call(&it.callee) == BEYOND && self.text[..it.span.end as usize].ends_with(')');
        self.note(it.span.start, if beyond { BEYOND } else { CONSTRUCTION });
        walk::walk_new_expression(self, it);
    }

    fn visit_tagged_template_expression(&mut self, it: &TaggedTemplateExpression<'a>) {
        let called = call(&it.tag);
        // The program's own text says nothing that the value has chosen.
        let own = it.quasi.span.end as usize > self.place.end;
        let tagged = match called {
            LITERAL | METHOD => called,
            _ if self.text[..it.quasi.span.start as usize].ends_with(char::is_whitespace) => APART,
            BEYOND if !own => BEYOND,
            _ => TAGGED,
        };
        self.note(it.quasi.span.start, tagged);
        walk::walk_tagged_template_expression(self, it);
    }

    fn visit_import_expression(&mut self, it: &ImportExpression<'a>) {
        self.note(it.span.start, BEYOND);
        walk::walk_import_expression(self, it);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        self.note(it.left.span().end, assignment(&it.left, &it.right));
        walk::walk_assignment_expression(self, it);
    }

    fn visit_update_expression(&mut self, it: &UpdateExpression<'a>) {
        self.note(if it.prefix { it.span.start } else { it.argument.span().end }, SET);
        walk::walk_update_expression(self, it);
    }

    fn visit_unary_expression(&mut self, it: &UnaryExpression<'a>) {
        if it.operator == UnaryOperator::Delete {
            self.note(it.span.start, SET);
        }
        walk::walk_unary_expression(self, it);
    }

    fn visit_throw_statement(&mut self, it: &ThrowStatement<'a>) {
        self.note(it.span.start, THROW);
        walk::walk_throw_statement(self, it);
    }
}
