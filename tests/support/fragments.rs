//! Pieces from which SQL and what looks like it is put together, for inputs made at random.

use proptest::prelude::*;

/// Each piece is something that one of the tokenizer's modes, dialects or margins cares about.
const FRAGMENTS: &[&[u8]] = &[
    // quotes and what they are doubled or escaped with
    b"'",
    b"''",
    b"\"",
    b"\"\"",
    b"`",
    b"``",
    b"[",
    b"]",
    b"]]",
    b"\\",
    b"\\'",
    b"\\\"",
    b"\\\\",
    // prefixed literals
    b"N'",
    b"x'41'",
    b"b'01'",
    b"e'\\'",
    b"U&'",
    b"_utf8'a'",
    b"q'[",
    b"]'",
    b"q'{",
    b"}'",
    b"nq'!",
    b"!'",
    b"$tag$",
    b"$$",
    b"$1",
    b"$",
    b"$a",
    b"@'v'",
    b"@`v`",
    b"@\"v\"",
    // comments
    b"--",
    b"-- ",
    b"--\n",
    b"-",
    b"#",
    b"# ",
    b"/*",
    b"*/",
    b"/*!",
    b"/*!50000",
    b"/*M!100100 ",
    b"/**/",
    b"/",
    b"*",
    b"\n",
    b"\r",
    b"\t",
    b" ",
    b"  ",
    b"\x0b",
    b"\x0c",
    // keywords
    b"select ",
    b"SELECT",
    b" union all ",
    b"UNION",
    b" from ",
    b" where ",
    b" or ",
    b"OR",
    b" and ",
    b" not ",
    b" between ",
    b" in ",
    b" is null",
    b" like ",
    b" order by ",
    b" group by ",
    b" having ",
    b" limit ",
    b" into ",
    b" outfile ",
    b"insert into ",
    b" values ",
    b"update ",
    b" set ",
    b"delete from ",
    b"drop table ",
    b"exec ",
    b"waitfor delay ",
    b"declare ",
    b"begin ",
    b" end",
    b"case when ",
    b" then ",
    b" else ",
    b"if",
    b" on duplicate key ",
    b" on ",
    b" with rollup",
    b" with ",
    b" as ",
    b"cast(",
    b"null",
    b"true",
    b"xor",
    b"div",
    b" collate ",
    // names, numbers, variables, parameters
    b"a",
    b"users",
    b"t.c",
    b"t.*",
    b"sleep(5)",
    b"version()",
    b"concat(",
    b"1",
    b"0",
    b"1.5",
    b".5",
    b"1.",
    b"1e1",
    b"1e+",
    b"0x41",
    b"0x",
    b"0b1",
    b"99999999999999999999",
    b"@v",
    b"@@version",
    b"@",
    b"@@",
    b":p",
    b":",
    b"?",
    // operators and punctuation
    b"(",
    b")",
    b"((",
    b"))",
    b",",
    b";",
    b".",
    b"=",
    b"==",
    b"<",
    b">",
    b"<=>",
    b"<>",
    b"!=",
    b"!",
    b"||",
    b"|",
    b"&&",
    b"&",
    b"+",
    b"%",
    b"^",
    b"~",
    b"->>",
    b"->",
    b"::",
    b":=",
    b"=>",
    b"{",
    b"}",
    b"\\N",
    b"~*",
    b"@>",
    // text
    b"O'Brien",
    b"it's",
    b"fish & chips",
    b"5 or more",
    b"e.g. ",
    // UTF-8, white space outside of ASCII, and bytes that are no UTF-8
    "é".as_bytes(),
    "名前".as_bytes(),
    "😀".as_bytes(),
    b"\xc2\xa0",
    b"\xe2\x80\x83",
    b"\xe3\x80\x80",
    b"\xa0",
    b"\xc2",
    b"\xe2\x80",
    b"\xe3",
    b"\xf0\x9f",
    b"\xff",
    b"\xfe",
    b"\xed\xa0\x80",
    b"\x00",
    b"\x7f",
    b"\x1b",
];

/// One of the pieces, or a few bytes of any kind.
fn fragment() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        30 => prop::sample::select(FRAGMENTS).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 1..4),
        // Runs, up to some longer than the margin behind which a stream decides a token.
        1 => (prop::sample::select(b"a1 '-*$.)".as_slice()), 1..100usize).prop_map(|(byte, count)| vec![byte; count]),
    ]
}

/// What takes an input past its first tokens, so that the pieces behind are read at all.
const OPENINGS: &[&[u8]] = &[
    b"",
    b"1 ",
    b"'",
    b"\"",
    b"1 or ",
    b"' or ",
    b"\" or ",
    b"') and ",
    b"1 union select ",
    b"' union select ",
    b"1;select ",
    b"select ",
    b"select a from t where ",
    b"1*/ or ",
    b"1] or ",
    b"` or ",
    b"1 or 'a'='",
    b"x', 1, ",
    b"1 or f(",
    b"/*!50000 1 or ",
    b"1 --\n or ",
];

/// An input, shown as text where it is text.
#[derive(Clone, PartialEq, Eq)]
pub struct Input(pub Vec<u8>);

impl std::ops::Deref for Input {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// An input of up to `pieces` pieces behind an opening.
pub fn input(pieces: usize) -> impl Strategy<Value = Input> {
    let pieces = prop::collection::vec(fragment(), 0..=pieces);
    (prop::sample::select(OPENINGS), pieces)
        .prop_map(|(opening, pieces)| Input([opening, &pieces.concat()].concat()))
}
