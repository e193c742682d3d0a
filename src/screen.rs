//! Byte classes: which contexts can a value leave at all? Sound: a value that could be an attack
//! in a context is never dropped there.

bitflags::bitflags! {
    /// Which kinds of bytes a value has.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub(crate) struct Marks: u32 {
        const SINGLE_QUOTE = 1 << 0;
        const DOUBLE_QUOTE = 1 << 1;
        const BACKQUOTE = 1 << 2;
        const RIGHT_BRACKET = 1 << 3;
        const LEFT_BRACKET = 1 << 4;
        const ASTERISK = 1 << 5;
        const SLASH = 1 << 6;
        const BACKSLASH = 1 << 7;
        const HASH = 1 << 8;
        /// two in a row
        const DASH_DASH = 1 << 9;
        const DOLLAR = 1 << 10;
        /// the letter of `q'…'`
        const ALTERNATIVE = 1 << 11;
        /// what can stand between two words: white space, operators, punctuation
        const BREAK = 1 << 12;
        const DASH = 1 << 13;
        /// `@` that begins no variable
        const AT = 1 << 14;
        /// a byte that begins an operator of several
        const SIGN = 1 << 17;
        /// an operator that not every dialect has
        const OPERATOR = 1 << 18;
        /// `*` beside `/`: perhaps a comment
        const COMMENT = 1 << 15;
        /// `'` beside `q`: perhaps `q'…'`
        const PREFIXED = 1 << 16;
        /// what ends a command: `;`, `&`, `|`, a line end
        const SEPARATOR = 1 << 19;
        /// `(`, `{`: a block of PowerShell
        const BLOCK = 1 << 24;
        /// `<`, `>`
        const REDIRECTION = 1 << 20;
        const PERCENT = 1 << 21;
        /// begins a character of UTF-8 that may have more bytes than it needs
        const OVERLONG = 1 << 22;
        const NULL = 1 << 23;
        const LESS_THAN = 1 << 25;
        const EQUALS = 1 << 26;
        const PARENTHESIS = 1 << 28;
        /// begins a character that may be a quote of PowerShell
        const QUOTATION = 1 << 27;
        /// begins a character that may stand for one of ASCII
        const FOREIGN = 1 << 29;
    }
}

/// Marks of values without white space or operators: one word or a few with `.`, `-`, `,`.
pub(crate) const SINGLE_WORD: Marks = Marks::DASH.union(Marks::ALTERNATIVE).union(Marks::SLASH);

static CLASS: [Marks; 256] = {
    let mut table = [Marks::BREAK; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'q' | b'Q' => Marks::ALTERNATIVE,
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'.' | b',' | b':' => Marks::empty(),
            b'-' => Marks::DASH,
            b'/' => Marks::SLASH,
            b'\'' => Marks::SINGLE_QUOTE,
            b'"' => Marks::DOUBLE_QUOTE,
            b'`' => Marks::BACKQUOTE,
            b']' => Marks::RIGHT_BRACKET,
            b'[' => Marks::LEFT_BRACKET,
            b'*' => Marks::ASTERISK,
            b'\\' => Marks::BACKSLASH,
            b'#' => Marks::HASH,
            b'$' => Marks::DOLLAR,
            b'@' => Marks::BREAK.union(Marks::AT),
            b'~' | b'!' | b'?' => Marks::SIGN,
            b'|' | b'&' => Marks::SIGN.union(Marks::SEPARATOR),
            b'<' => Marks::SIGN.union(Marks::REDIRECTION).union(Marks::LESS_THAN),
            b'=' => Marks::BREAK.union(Marks::EQUALS),
            b'(' => Marks::BREAK.union(Marks::BLOCK).union(Marks::PARENTHESIS),
            b'{' => Marks::BREAK.union(Marks::BLOCK),
            b'>' => Marks::BREAK.union(Marks::REDIRECTION),
            b';' | b'\n' | b'\r' => Marks::BREAK.union(Marks::SEPARATOR),
            b'%' => Marks::BREAK.union(Marks::PERCENT),
            0xc0 | 0xc1 | 0xe0 | 0xf0 | 0xf8 | 0xfc => Marks::BREAK.union(Marks::OVERLONG),
            0xe2 => Marks::BREAK.union(Marks::QUOTATION).union(Marks::FOREIGN),
            0xc5 | 0xca | 0xef => Marks::BREAK.union(Marks::FOREIGN),
            0 => Marks::BREAK.union(Marks::NULL),
            _ => Marks::BREAK,
        };
        byte += 1;
    }
    table
};

/// One pass over the value.
#[inline]
pub(crate) fn marks(input: &[u8]) -> Marks {
    let mut marks = classes(input);
    if marks.contains(Marks::DASH) && has_pair(input, |first, second| (first == b'-') & (second == b'-')) {
        marks |= Marks::DASH_DASH;
    }
    if marks.contains(Marks::AT) {
        marks.remove(Marks::AT);
        for at in memchr::memchr_iter(b'@', input) {
            marks |= match input.get(at + 1) {
                Some(b'@') if input.get(at + 2) == Some(&b'@') => Marks::OPERATOR,
                Some(b'@') => Marks::empty(),
                next if begins_nothing(next) => Marks::AT,
                _ => Marks::empty(),
            };
        }
    }
    if marks.contains(Marks::SIGN) && has_pair(input, are_operator) {
        marks |= Marks::OPERATOR;
    }
    let comment =
        |first: u8, second: u8| ((first == b'*') & (second == b'/')) | ((first == b'/') & (second == b'*'));
    if marks.contains(Marks::ASTERISK | Marks::SLASH) && has_pair(input, comment) {
        marks |= Marks::COMMENT;
    }
    let prefixed = |first: u8, second: u8| {
        ((first == b'\'') & (second | 0x20 == b'q')) | ((first | 0x20 == b'q') & (second == b'\''))
    };
    if marks.contains(Marks::SINGLE_QUOTE | Marks::ALTERNATIVE) && has_pair(input, prefixed) {
        marks |= Marks::PREFIXED;
    }
    marks
}

/// The classes of all bytes. Two sums, so that one need not wait for the other.
#[inline]
fn classes(input: &[u8]) -> Marks {
    let class = |byte: u64| CLASS[byte as usize & 0xff];
    let (mut even, mut odd) = (Marks::empty(), Marks::empty());
    let words = input.chunks_exact(8);
    let rest = words.remainder();
    for word in words {
        let word = word.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
        even |= class(word) | class(word >> 16) | class(word >> 32) | class(word >> 48);
        odd |= class(word >> 8) | class(word >> 24) | class(word >> 40) | class(word >> 56);
    }
    rest.iter().fold(even | odd, |marks, &byte| marks | CLASS[usize::from(byte)])
}

/// How many pairs of bytes are looked at together.
const TOGETHER: usize = 16;

/// Whether two bytes in a row are such a pair. Many pairs are tested at once, so the test is to have no
/// branches and no calls.
#[inline(always)]
pub(crate) fn has_pair(text: &[u8], test: impl Fn(u8, u8) -> bool) -> bool {
    let any = |first: &[u8], second: &[u8]| {
        first.iter().zip(second).fold(false, |found, (&first, &second)| found | test(first, second))
    };
    let Some(count) = text.len().checked_sub(1) else { return false };
    let (first, second) = (&text[..count], &text[1..]);
    if count < TOGETHER {
        return any(first, second);
    }
    let chunks = first.chunks_exact(TOGETHER).zip(second.chunks_exact(TOGETHER));
    // The last ones are perhaps looked at twice.
    let rest = count - TOGETHER;
    chunks.into_iter().any(|(first, second)| any(first, second)) || any(&first[rest..], &second[rest..])
}

/// Whether two bytes begin an operator that PostgreSQL has and MySQL has not.
#[inline(always)]
fn are_operator(first: u8, second: u8) -> bool {
    let is = |byte: u8| second == byte;
    let angle = is(b'<') | is(b'>');
    let tilde = is(b'~');
    let bar = is(b'|');
    ((first == b'~') & (angle | tilde | is(b'*') | is(b'=')))
        | ((first == b'!') & (tilde | is(b'!')))
        | ((first == b'?') & (bar | is(b'&') | is(b'#') | is(b'-')))
        | ((first == b'|') & (is(b'/') | is(b'-') | is(b'>') | is(b'&')))
        | ((first == b'&') & (angle | bar))
        | ((first == b'<') & (is(b'-') | is(b'<') | is(b'@')))
        | ((first == b'@') & is(b'>'))
}

/// Whether no variable goes on with this byte.
fn begins_nothing(byte: Option<&u8>) -> bool {
    !byte.is_some_and(|&byte| {
        byte.is_ascii_alphanumeric()
            // Of these some begin white space.
            || byte >= 0x80 && !matches!(byte, 0xa0 | 0xc2 | 0xe2 | 0xe3)
            || matches!(byte, b'_' | b'$' | b'.' | b'@' | b'`' | b'\'' | b'"')
    })
}
