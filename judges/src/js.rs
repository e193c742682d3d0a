//! JavaScript: oxc's parser says whether a program in a document is one, and whether it does anything.

use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;

use crate::nodes;

/// Whether a text is a script that calls or assigns. The tree is read by the names of its nodes.
pub fn acts(text: &str) -> bool {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::cjs()).parse();
    let acting = ["CallExpression", "NewExpression", "AssignmentExpression", "UpdateExpression"];
    !parsed.panicked
        && parsed.errors.is_empty()
        && nodes(&format!("{:?}", parsed.program)).any(|(node, _)| acting.contains(&node))
}
