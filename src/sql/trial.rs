//! What a value's first tokens show: ordinary text is dead after a few of them. They are tried on the
//! states of the recogniser alone, first those that [`plain`] reads without a tokenizer, in all dialects
//! at once, and where these do not decide, those of one dialect's source.

use std::sync::LazyLock;

use memchr::{memchr, memchr2, memmem};

use super::evidence::Evidence;
use super::facts::Contribution;
use super::plain::{plain, plain_word};
use super::source::{MOST_CLOSED, Source, begins_pair, pair};
use super::{GRAMMAR, Start, Terminal, Token, functions, token};
use crate::recogniser::{Pairs, Push, TOGETHER, Trial};
use crate::run::{Evidence as _, Lexed, TokenSource as _};
use crate::{Context, ContextSet};

/// How many tokens are tried before evidence is collected.
const TRIAL: usize = 10;

/// What stands next in a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ahead {
    Token(Terminal),
    /// The value ends. A literal that it opened may be open, or a comment.
    End {
        literal: bool,
        comment: bool,
    },
    /// Only a tokenizer can tell.
    Unknown,
}

/// What the plain tokens that a value begins with tell about it, in all dialects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outlook {
    /// No context could have evidence.
    Dead,
    /// These could, a bit for each.
    Doubtful(u8),
    Unknown,
}

impl Outlook {
    pub(super) fn of(input: &[u8], room: &Room, mentions: &mut Mentions) -> Outlook {
        let rest = match room.start {
            Start::Text => input,
            start => match leave(input, start) {
                Ok(rest) => rest,
                Err(outlook) => return outlook,
            },
        };
        let mut words = Words { rest, given: room.start != Start::Text, ..Words::default() };
        if words.die_in_names(room.dead) {
            return Outlook::Dead;
        }
        match try_tokens(input, room, true, mentions, || words.next()) {
            None => Outlook::Unknown,
            Some(0) => Outlook::Dead,
            Some(doubtful) => Outlook::Doubtful(doubtful),
        }
    }
}

/// What stands behind the literal or comment that a value starts in, where all dialects agree.
fn leave(input: &[u8], start: Start) -> Result<&[u8], Outlook> {
    if start == Start::Comment {
        let closed = memmem::find(input, b"*/").ok_or(Outlook::Dead)?;
        let nested = memmem::find(&input[..closed + 1], b"/*").is_some();
        return if nested { Err(Outlook::Unknown) } else { Ok(&input[closed + 2..]) };
    }
    let (quote, escapes) = match start {
        Start::SingleQuoted => (b'\'', true),
        Start::DoubleQuoted => (b'"', true),
        Start::Backquoted => (b'`', false),
        _ => (b']', false),
    };
    let closed = memchr(quote, input).ok_or(Outlook::Dead)?;
    let behind = &input[closed + 1..];
    let content = behind.first() == Some(&quote) || escapes && memchr(b'\\', &input[..closed]).is_some();
    if content { Err(Outlook::Unknown) } else { Ok(behind) }
}

/// How many names and numbers decide that there is no more than text.
const NAMES: usize = 3;

/// Plain tokens, as the token source would give them.
#[derive(Default)]
struct Words<'a> {
    /// Names and numbers that were read already, as a row of [`dead_rows`], and how many are given.
    row: u16,
    names: u32,
    rest: &'a [u8],
    /// The literal that the value leaves comes next.
    given: bool,
    /// An operand comes next, behind a parenthesis of the program.
    unbalanced: bool,
    /// Parentheses that the value opened and did not close, and those of the program that it closed.
    open: u32,
    closed: u32,
    /// The last token is a literal that the value's end left open.
    literal: bool,
}

impl Words<'_> {
    /// Reads the names and numbers that come first. Answers whether there is nothing else, or a row of them
    /// that no context accepts: there is no evidence in that.
    #[inline]
    fn die_in_names(&mut self, dead: u16) -> bool {
        self.row = 1;
        for _ in 0..NAMES {
            let Some(next) = plain_word(self.rest) else {
                if self.row > 1 && self.rest.iter().all(|&byte| byte <= b' ') {
                    return true;
                }
                break;
            };
            self.row = match next.terminal {
                Terminal::Identifier => 2 * self.row,
                Terminal::Number => 2 * self.row + 1,
                _ => break,
            };
            self.rest = &self.rest[next.end..];
            if dead & 1 << self.row != 0 {
                return true;
            }
        }
        self.names = self.row.ilog2();
        false
    }

    #[inline]
    fn next(&mut self) -> Ahead {
        if self.given || self.unbalanced {
            (self.given, self.unbalanced) = (false, false);
            return Ahead::Token(Terminal::Operand);
        }
        if self.names > 0 {
            self.names -= 1;
            return Ahead::Token(name_or_number(self.row, self.names));
        }
        let Some(next) = plain(self.rest) else {
            return self.literal();
        };
        self.rest = &self.rest[next.end..];
        match next.terminal {
            Terminal::LeftParenthesis => self.open += 1,
            Terminal::RightParenthesis if self.open > 0 => self.open -= 1,
            Terminal::RightParenthesis => {
                self.closed += 1;
                if self.closed > MOST_CLOSED {
                    return Ahead::Unknown;
                }
                self.unbalanced = true;
                return Ahead::Token(Terminal::Unbalanced);
            }
            first if begins_pair(first) && self.may_be_pair(first) => return Ahead::Unknown,
            _ => {}
        }
        Ahead::Token(next.terminal)
    }

    /// Whether a word may follow with which the one before is one terminal.
    fn may_be_pair(&self, first: Terminal) -> bool {
        match plain(self.rest) {
            Some(second) => pair(first, second.hash(self.rest)).is_some(),
            None => !matches!(self.rest.trim_ascii_start(), [] | [b'\'' | b'"', ..]),
        }
    }

    /// A literal or a quoted name, or the end.
    fn literal(&mut self) -> Ahead {
        let Some(start) = self.rest.iter().position(|&byte| byte > b' ') else {
            return Ahead::End { literal: self.literal, comment: false };
        };
        let quote = self.rest[start];
        let (terminal, escape) = match quote {
            b'\'' => (Terminal::String, b'\\'),
            b'"' => (Terminal::DoubleQuoted, b'\\'),
            b'`' => (Terminal::QuotedIdentifier, b'`'),
            _ => return Ahead::Unknown,
        };
        let text = &self.rest[start + 1..];
        self.rest = match memchr2(quote, escape, text) {
            None => {
                self.literal = true;
                &[]
            }
            Some(end) if text[end] != quote || text.get(end + 1) == Some(&quote) => return Ahead::Unknown,
            Some(end) => &text[end + 1..],
        };
        Ahead::Token(terminal)
    }
}

/// The first tokens of a lane, and what they show.
pub(super) struct First {
    tokens: [Token; TRIAL],
    /// How many there are; those beyond [`TRIAL`] were not kept.
    length: usize,
    /// They are all there are.
    pub(super) ended: bool,
    /// The contexts that could have evidence, a bit for each.
    pub(super) doubtful: u8,
}

impl First {
    /// No tokens, and the contexts that could have evidence.
    pub(super) fn doubtful(contexts: u8) -> First {
        First {
            tokens: [Token::new(Terminal::Unknown, 0, 0); TRIAL],
            length: 0,
            ended: false,
            doubtful: contexts,
        }
    }

    /// Tries the tokens of a source.
    pub(super) fn of(
        input: &[u8],
        source: &mut Source,
        room: &Room,
        screen: bool,
        mentions: &mut Mentions,
    ) -> First {
        let mut first = First::doubtful(0);
        let mut literal = false;
        let next = || match source.next(input, 0, true) {
            Lexed::Token(token) => {
                if let Some(place) = first.tokens.get_mut(first.length) {
                    *place = token;
                }
                first.length += 1;
                literal = token.is_open();
                Ahead::Token(token.terminal)
            }
            Lexed::More | Lexed::End => {
                first.ended = true;
                Ahead::End { literal, comment: source.open_comment().is_some() }
            }
        };
        let doubtful = try_tokens(input, room, screen, mentions, next);
        first.doubtful = doubtful.unwrap_or(u8::MAX);
        first
    }

    /// The tokens, if all were kept.
    pub(super) fn tokens(&self) -> Option<&[Token]> {
        self.tokens.get(..self.length)
    }
}

/// Tries tokens on the states alone; answers which contexts could have evidence, if the tokens were
/// known for as long as that takes.
#[inline(always)]
fn try_tokens(
    input: &[u8],
    room: &Room,
    screen: bool,
    mentions: &mut Mentions,
    mut next: impl FnMut() -> Ahead,
) -> Option<u8> {
    let pairs = room.pairs;
    let mut trials = [Trial::new(); TOGETHER];
    let mut alive = room.contexts;
    let mut doubtful = 0;
    let mut contribution = Contribution::empty();
    // The literal that the value leaves belongs to the opening.
    let given = usize::from(room.start != Start::Text);
    let literal = matches!(room.start, Start::SingleQuoted | Start::DoubleQuoted);
    let mut one = 0;
    let mut length = 0;
    // Names, numbers and plain operators may go on for long; nothing is to be kept of them.
    while length < TRIAL || !contribution.matters_at_end(literal, false) {
        let token = match next() {
            Ahead::Token(token) => token,
            Ahead::Unknown => return None,
            Ahead::End { literal: open, comment } => {
                // An instruction needs a token that acts, or a comment that hides the program's text;
                // and nothing closes a literal that was opened in running text.
                let matters = match length {
                    0 => false,
                    _ if given == 0 && open => contribution.matters_at_rejection(literal),
                    _ => contribution.matters_at_end(literal, comment),
                };
                return Some(if matters || !screen { doubtful | alive } else { doubtful });
            }
        };
        length += 1;
        let own = length - given;
        if own == 0 {
            continue;
        }
        let terminal = token.index();
        contribution |= Contribution::of(token);
        // Where the value matters anyway, or left a literal, nobody looks for a function.
        if token == Terminal::LeftParenthesis
            && (literal || contribution.matters_at_end(false, false) || mentions.function(input))
        {
            contribution |= Contribution::OTHER;
        }
        let mut shifted = 0;
        match own {
            1 => {
                one = terminal;
                shifted = pairs.first(one);
            }
            2 => {
                let pair = pairs.second(one, terminal);
                shifted = pair.alive;
                if alive & shifted != 0 {
                    trials = pair.trials;
                }
            }
            _ => {
                for (i, trial) in trials.iter_mut().enumerate().filter(|(i, _)| alive & (1 << i) != 0) {
                    match trial.push(&GRAMMAR, terminal) {
                        Push::Shifted => shifted |= 1 << i,
                        Push::Rejected => {}
                        Push::TooDeep => doubtful |= 1 << i,
                    }
                }
            }
        }
        // Evidence that would outlive a rejection needs the whole run …
        let matters = contribution.matters_at_rejection(literal);
        let rejected = alive & !shifted;
        if rejected != 0 && (!screen || matters || (contribution.computes() && mentions.union(input))) {
            doubtful |= rejected;
        }
        alive &= shifted;
        // … and what lives this long behind a closed literal is no prose.
        if alive == 0 || matters || (given != 0 && own == 3) {
            break;
        }
    }
    Some(doubtful | alive)
}

/// How long a value is of which every word is looked at, in bytes.
const LOOK: usize = 256;

/// What words stand in a value, in any case; looked for once.
#[derive(Default)]
pub(super) struct Mentions {
    union: Option<bool>,
    function: Option<bool>,
}

impl Mentions {
    /// Whether the word UNION does.
    fn union(&mut self, input: &[u8]) -> bool {
        *self.union.get_or_insert_with(|| {
            memchr::memchr2_iter(b'u', b'U', input)
                .any(|at| input.get(at + 1..at + 5).is_some_and(|rest| rest.eq_ignore_ascii_case(b"nion")))
        })
    }

    /// Whether the name of a documented function does, as far as a look at every word is no longer than to read
    /// the value. Behind digits a name may begin that does not look like one.
    fn function(&mut self, input: &[u8]) -> bool {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let names_function = |word: &[u8]| match word.first() {
            None => false,
            Some(b'0'..=b'9') => !word.iter().all(u8::is_ascii_digit),
            Some(_) => {
                let hash = token::hash(word);
                functions::effects(hash).is_some() || functions::is_niladic(hash)
            }
        };
        *self.function.get_or_insert_with(|| {
            input.len() > LOOK || input.split(|byte| !is_word(byte)).any(names_function)
        })
    }
}

/// A start mode and what of it is tried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) start: Start,
    /// Which of the contexts that read from it, a bit for each in the order of [`Start::contexts`].
    pub(super) contexts: u8,
    pairs: &'static Pairs,
    /// See [`dead_rows`].
    dead: u16,
}

impl Room {
    /// The room with those of these contexts that read from the start mode, if there are any.
    pub(super) fn new(start: Start, wanted: ContextSet) -> Option<Room> {
        let bit = |(i, &context)| u8::from(wanted.contains(context)) << i;
        let contexts = start.contexts().iter().enumerate().map(bit).sum();
        let openings = || {
            let tried = start.contexts().iter().filter(|&&context| wanted.contains(context));
            tried.map(|&context| opening(context, start)).collect::<Vec<_>>()
        };
        (contexts != 0).then(|| Room {
            start,
            contexts,
            pairs: &PAIRS[start as usize],
            dead: dead_rows(&openings()),
        })
    }
}

/// What stands at a place of a row, counted from its end.
fn name_or_number(row: u16, place: u32) -> Terminal {
    if row >> place & 1 != 0 { Terminal::Number } else { Terminal::Identifier }
}

/// Which rows of up to [`NAMES`] names and numbers no context accepts that begins like this: a bit for each
/// row, which is the number 1 with a 0 behind it for each name and a 1 for each number.
fn dead_rows(openings: &[Trial]) -> u16 {
    (2..2 << NAMES)
        .filter(|&row: &u16| {
            let length = row.ilog2();
            let accepts = |opening: &Trial| {
                let mut trial = *opening;
                (0..length)
                    .rev()
                    .all(|place| trial.push(&GRAMMAR, name_or_number(row, place).index()) != Push::Rejected)
            };
            !openings.iter().any(accepts)
        })
        .fold(0, |dead, row| dead | 1 << row)
}

/// What the first two tokens of a value lead to, for each start mode in the order of [`Start::ALL`].
static PAIRS: [LazyLock<Pairs>; Start::ALL.len()] = [
    LazyLock::new(|| pairs(0)),
    LazyLock::new(|| pairs(1)),
    LazyLock::new(|| pairs(2)),
    LazyLock::new(|| pairs(3)),
    LazyLock::new(|| pairs(4)),
    LazyLock::new(|| pairs(5)),
];

fn pairs(place: usize) -> Pairs {
    let start = Start::ALL[place];
    let openings: Vec<Trial> = start.contexts().iter().map(|&context| opening(context, start)).collect();
    Pairs::new(&GRAMMAR, &openings)
}

/// The states before a value's own tokens.
fn opening(context: Context, start: Start) -> Trial {
    let mut opening = Trial::new();
    let literal = match start {
        Start::Text => None,
        Start::SingleQuoted => Some(Terminal::String),
        Start::DoubleQuoted => Some(Terminal::DoubleQuoted),
        Start::Backquoted | Start::Bracketed => Some(Terminal::QuotedIdentifier),
        Start::Comment => Some(Terminal::Operand),
    };
    for terminal in Evidence::prelude(context).iter().copied().chain(literal) {
        opening.push(&GRAMMAR, terminal.index());
    }
    opening
}
