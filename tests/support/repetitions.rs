//! What a value is repeated from to make a detector slow.

/// Pieces, each of which is most costly for some part of a parser when it comes in great number:
/// nesting, literals that open or close, comments, lists, operators, statements.
pub const REPETITIONS: &[&str] = &[
    "(",
    "'",
    "/*",
    "select ",
    "1 or 1 ",
    "--\n",
    "$",
    "[",
    "\"",
    "a ",
    "1,",
    "((1)",
    "' or '",
    "/*!",
    "@",
    "\\",
    ";",
    "x'",
    "union select 1 ",
    // beyond the list: closing ones, unary ones, concatenated literals, joined words
    ")",
    "1)",
    "-",
    "''",
    "1+",
    "1 or ",
    "on ",
    "$a$",
    "q'[",
    "*/",
    "`",
    "1;select 1;",
    "a.",
];

/// The piece over and over, `bytes` long.
pub fn repeated(piece: &str, bytes: usize) -> Vec<u8> {
    piece.bytes().cycle().take(bytes).collect()
}
