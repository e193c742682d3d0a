//! The tokens of SQL and its keywords.
//!
//! Keywords are the terminals of the grammar that are spelled in capitals; [`SYNONYMS`] adds other
//! spellings with the same place in the grammar. Everything here is case-insensitive, as in the
//! engines.

use super::Terminal;
use crate::run::Lexeme;

/// A token: its kind and where it stands in the value, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Token {
    /// Its kind.
    pub terminal: Terminal,
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last one.
    pub end: usize,
    /// The case-folded hash of its text, for names and numbers; [`OPEN`] and its neighbours, and a
    /// count of words in the low byte, for literals; 0 otherwise.
    pub(crate) word: u32,
}

/// The input ended before the literal did.
pub(crate) const OPEN: u32 = 1 << 8;
/// The literal is empty or begins with a letter, a digit or a sign.
pub(crate) const TIGHT_START: u32 = 1 << 9;
/// The literal is empty or ends with a letter, a digit, `%` or an escape.
pub(crate) const TIGHT_END: u32 = 1 << 10;
/// What [`Token::word`] of a hexadecimal or binary number is.
pub(crate) const HEXADECIMAL: u32 = 1;
/// The literal is empty.
pub(crate) const EMPTY: u32 = 1 << 11;

impl Token {
    pub(crate) const fn new(terminal: Terminal, start: usize, end: usize) -> Self {
        Token { terminal, start, end, word: 0 }
    }

    /// Whether it is a literal that the input ended in.
    pub(crate) fn is_open(&self) -> bool {
        let literal =
            matches!(self.terminal, Terminal::String | Terminal::DoubleQuoted | Terminal::QuotedIdentifier);
        literal && self.word & OPEN != 0
    }

    /// Where the token stands in the value, in bytes.
    pub fn span(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

impl Lexeme for Token {
    type Terminal = Terminal;

    fn marker(terminal: Terminal, at: usize) -> Self {
        Token::new(terminal, at, at)
    }

    #[inline]
    fn index(&self) -> u8 {
        self.terminal.index()
    }

    #[inline]
    fn range(&self) -> std::ops::Range<usize> {
        self.span()
    }
}

impl Terminal {
    /// Whether a word of the language is meant, rather than a class of tokens or an operator.
    pub fn is_keyword(self) -> bool {
        is_keyword_name(self.name().as_bytes())
    }
}

/// Other spellings of a keyword that stand in the same places of the grammar.
const SYNONYMS: &[(Terminal, &[&str])] = &[
    // words that only modify a statement of data manipulation (MySQL §15.2)
    (Terminal::DmlOption, &["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "QUICK", "IGNORE"]),
    // words that only modify SELECT (MySQL §15.2.13), and hierarchical queries (Oracle)
    (
        Terminal::SelectOption,
        &[
            "SQL_CALC_FOUND_ROWS",
            "SQL_NO_CACHE",
            "SQL_CACHE",
            "SQL_BIG_RESULT",
            "SQL_SMALL_RESULT",
            "SQL_BUFFER_RESULT",
            "UNIQUEROWS",
            "NOCYCLE",
        ],
    ),
    (Terminal::Prior, &["CONNECT_BY_ROOT"]),
    // Oracle's EXCEPT
    (Terminal::Except, &["MINUS"]),
    // quantifiers
    (Terminal::Any, &["SOME"]),
    // operators that match or compare (MySQL §14.8, PostgreSQL §9.7, SQLite `expr`)
    (Terminal::Like, &["ILIKE", "GLOB"]),
    (Terminal::Regexp, &["RLIKE", "OVERLAPS"]),
    (Terminal::Sounds, &["SIMILAR"]),
    (Terminal::Isnull, &["NOTNULL"]),
    // verbs of routines
    (Terminal::Exec, &["EXECUTE"]),
    (Terminal::Call, &["PERFORM"]),
    (Terminal::Procedure, &["PROC"]),
    (Terminal::Character, &["CHAR"]),
    (Terminal::Fields, &["COLUMNS", "LINES"]),
    (Terminal::Outfile, &["DUMPFILE"]),
    (Terminal::Left, &["RIGHT"]),
    (Terminal::Elsif, &["ELSEIF"]),
    (Terminal::Database, &["SCHEMA"]),
    (Terminal::Return, &["RETURNS"]),
    (Terminal::Transaction, &["TRAN", "WORK"]),
    (Terminal::Save, &["RELEASE"]),
    // verbs of administration that take the same operands
    (Terminal::Shutdown, &["RECONFIGURE", "CHECKPOINT"]),
    (Terminal::Grant, &["REVOKE", "DENY"]),
    (Terminal::Attach, &["DETACH"]),
    (Terminal::Backup, &["RESTORE"]),
    (Terminal::Close, &["DEALLOCATE"]),
    (Terminal::Explain, &["DESCRIBE"]),
    (Terminal::Vacuum, &["REINDEX"]),
    (Terminal::Optimize, &["REPAIR", "CHECKSUM"]),
    (Terminal::Flush, &["RESET", "DISCARD", "PURGE"]),
    (Terminal::Install, &["UNINSTALL"]),
    (Terminal::Listen, &["UNLISTEN", "NOTIFY"]),
    (Terminal::Lock, &["UNLOCK"]),
    // statements that jump and statements that raise
    (Terminal::Leave, &["ITERATE", "EXIT", "CONTINUE", "BREAK"]),
    (Terminal::Raise, &["RAISERROR", "THROW", "SIGNAL", "RESIGNAL"]),
    (Terminal::Try, &["CATCH"]),
    // words of definitions
    (Terminal::Constraint, &["CONSTRAINTS"]),
    (Terminal::Role, &["LOGIN"]),
    (Terminal::Session, &["GLOBAL", "SYSTEM", "PERSIST"]),
    (Terminal::Option, &["OPTIONS"]),
    (Terminal::Charset, &["NAMES"]),
    (Terminal::Xml, &["JSON"]),
    (Terminal::Range, &["GROUPS"]),
    (Terminal::TableOperator, &["PIVOT", "UNPIVOT", "TABLESAMPLE"]),
    // units of INTERVAL and EXTRACT (MySQL §11.2.5, SQL:2016 §5.2)
    (
        Terminal::TimeUnit,
        &[
            "MICROSECOND",
            "SECOND",
            "MINUTE",
            "HOUR",
            "DAY",
            "WEEK",
            "MONTH",
            "QUARTER",
            "YEAR",
            "SECOND_MICROSECOND",
            "MINUTE_MICROSECOND",
            "MINUTE_SECOND",
            "HOUR_MICROSECOND",
            "HOUR_SECOND",
            "HOUR_MINUTE",
            "DAY_MICROSECOND",
            "DAY_SECOND",
            "DAY_MINUTE",
            "DAY_HOUR",
            "YEAR_MONTH",
        ],
    ),
    // what SHOW lists
    (
        Terminal::CatalogueList,
        &[
            "TABLES",
            "DATABASES",
            "SCHEMAS",
            "VARIABLES",
            "STATUS",
            "PROCESSLIST",
            "PRIVILEGES",
            "GRANTS",
            "TRIGGERS",
            "EVENTS",
            "ENGINES",
            "PLUGINS",
            "WARNINGS",
            "ERRORS",
            "INDEXES",
            "KEYS",
            "COLLATION",
            "HOSTS",
            "LOGS",
            "SEQUENCES",
            "FUNCTIONS",
            "PROCEDURES",
            "ROUTINES",
            "VIEWS",
        ],
    ),
    // what may stand between CREATE and the kind of object
    (
        Terminal::CreateModifier,
        &[
            "TEMPORARY",
            "TEMP",
            "UNLOGGED",
            "EXTERNAL",
            "VIRTUAL",
            "MATERIALIZED",
            "BITMAP",
            "CLUSTERED",
            "NONCLUSTERED",
            "CONCURRENTLY",
            "EDITIONABLE",
            "NONEDITIONABLE",
            "PUBLIC",
            "SHARED",
            "TRUSTED",
            "COLUMNSTORE",
        ],
    ),
    (Terminal::KeyKind, &["PRIMARY", "UNIQUE", "FOREIGN", "FULLTEXT", "SPATIAL"]),
    (Terminal::Before, &["AFTER", "INSTEAD"]),
    (Terminal::Modify, &["CHANGE"]),
    // kinds of objects whose definitions look alike
    (
        Terminal::ObjectKind,
        &[
            "OBJECT",
            "SEQUENCE",
            "TYPE",
            "DOMAIN",
            "EXTENSION",
            "OPERATOR",
            "AGGREGATE",
            "SERVER",
            "SYNONYM",
            "PACKAGE",
            "ASSEMBLY",
            "TABLESPACE",
            "DIRECTORY",
            "LIBRARY",
            "EVENT",
            "PLUGIN",
            "PUBLICATION",
            "SUBSCRIPTION",
            "POLICY",
            "RULE",
            "CREDENTIAL",
            "CERTIFICATE",
            "ENDPOINT",
            "CONTEXT",
            "PROFILE",
        ],
    ),
    (Terminal::Preceding, &["FOLLOWING"]),
    (Terminal::Join, &["STRAIGHT_JOIN"]),
    (Terminal::Distinct, &["DISTINCTROW"]),
    // an operator that is a word
    (Terminal::Operator, &["DIV"]),
];

/// Two words that are one terminal together: the first, the second, both.
pub(crate) const PAIRS: &[(Terminal, u32, Terminal)] = &[
    (Terminal::On, hash(b"duplicate"), Terminal::OnDuplicate),
    (Terminal::On, hash(b"conflict"), Terminal::OnConflict),
    (Terminal::With, hash(b"rollup"), Terminal::WithRollup),
    (Terminal::For, hash(b"system_time"), Terminal::ForSystemTime),
    // PostgreSQL 9.2: the bounds stand in either order
    (Terminal::Between, hash(b"symmetric"), Terminal::Between),
    (Terminal::Between, hash(b"asymmetric"), Terminal::Between),
];

/// The case-folded hash of a word (FNV-1a over bytes with the case bit set).
#[inline]
pub(crate) const fn hash(word: &[u8]) -> u32 {
    let mut hash = HASH_START;
    let mut i = 0;
    while i < word.len() {
        hash = hash_step(hash, word[i]);
        i += 1;
    }
    hash
}

/// The hash of no bytes.
pub(crate) const HASH_START: u32 = 0x811c_9dc5;

/// The hash with one byte more.
#[inline]
pub(crate) const fn hash_step(hash: u32, byte: u8) -> u32 {
    (hash ^ (byte | 0x20) as u32).wrapping_mul(0x0100_0193)
}

/// A terminal whose name is a word in capitals is that keyword; the token source writes those
/// with an underscore by itself.
const fn is_keyword_name(name: &[u8]) -> bool {
    let mut i = 0;
    while i < name.len() {
        if !name[i].is_ascii_uppercase() {
            return false;
        }
        i += 1;
    }
    name.len() > 1 && !matches!(name, b"UNBALANCED")
}

/// The longest keyword; a longer word is a name.
const LONGEST: usize = 24;

const SLOTS: usize = 2048;

/// An open-addressing table from the hash of a spelling to the keyword. The hashes stand apart
/// from the rest: most words are names, and end at an empty slot of a table that stays in cache.
struct Keywords {
    /// 0 for an empty slot.
    hashes: [u32; SLOTS],
    spellings: [(&'static str, Terminal); SLOTS],
}

static KEYWORDS: Keywords = {
    let mut keywords = Keywords { hashes: [0; SLOTS], spellings: [("", Terminal::Unknown); SLOTS] };
    let mut i = 0;
    while i < Terminal::ALL.len() {
        let terminal = Terminal::ALL[i];
        if is_keyword_name(terminal.name().as_bytes()) {
            keywords = keywords.with(terminal.name(), terminal);
        }
        i += 1;
    }
    i = 0;
    while i < SYNONYMS.len() {
        let (terminal, spellings) = SYNONYMS[i];
        let mut j = 0;
        while j < spellings.len() {
            keywords = keywords.with(spellings[j], terminal);
            j += 1;
        }
        i += 1;
    }
    keywords
};

impl Keywords {
    const fn with(mut self, spelling: &'static str, terminal: Terminal) -> Self {
        assert!(spelling.len() <= LONGEST);
        let hash = hash(spelling.as_bytes());
        assert!(hash != 0);
        let mut slot = hash as usize % SLOTS;
        while self.hashes[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        self.hashes[slot] = hash;
        self.spellings[slot] = (spelling, terminal);
        self
    }
}

/// For each first and last letter, the lengths of the keywords that have them, as bits: most words need no
/// hash.
static LENGTHS: [[u32; 32]; 32] = {
    let mut lengths = [[0; 32]; 32];
    let mut slot = 0;
    while slot < SLOTS {
        if KEYWORDS.hashes[slot] != 0 {
            let spelling = KEYWORDS.spellings[slot].0.as_bytes();
            let last = spelling[spelling.len() - 1] as usize % 32;
            lengths[spelling[0] as usize % 32][last] |= 1 << spelling.len();
        }
        slot += 1;
    }
    lengths
};

/// The keyword that a word is, if it is one.
#[inline]
pub(crate) fn keyword_of(word: &[u8]) -> Option<Terminal> {
    let (&first, &last) = (word.first()?, word.last()?);
    let lengths = LENGTHS[usize::from(first % 32)][usize::from(last % 32)];
    if word.len() > LONGEST || lengths >> word.len() & 1 == 0 {
        return None;
    }
    keyword(word, hash(word))
}

/// The same, of a word that has this hash.
#[inline]
pub(crate) fn keyword(word: &[u8], hash: u32) -> Option<Terminal> {
    let mut slot = hash as usize % SLOTS;
    while KEYWORDS.hashes[slot] != 0 {
        let (spelling, terminal) = KEYWORDS.spellings[slot];
        if KEYWORDS.hashes[slot] == hash && word.eq_ignore_ascii_case(spelling.as_bytes()) {
            return Some(terminal);
        }
        slot = (slot + 1) % SLOTS;
    }
    None
}
