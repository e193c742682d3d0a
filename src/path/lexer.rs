//! The tokenizer: components, runs of separators, and what may stand before them. It reads every
//! byte once and keeps of a component only what the evidence asks for, so a component of any length
//! costs no memory in a stream.

use super::token::{HASH_START, Shape, Token, hash, hash_step};
use super::{Dialect, Terminal};
use super::{encoding, locations};
use crate::run::{Lexed, TokenSource};

/// How far the tokenizer is with a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// Before the path: programs take away white space around a value, and NUL too.
    Leading,
    /// Where a scheme, `\\server` or a namespace may stand.
    Prefix,
    /// Behind `file:`.
    Scheme,
    /// In the host of a `file:` URL, which began here.
    Authority(usize),
    /// Where a disk designator may stand.
    Disk,
    /// Between two tokens.
    Between,
    /// In a run of separators.
    Separator(Token),
    Component(Component),
}

/// A component that is being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Component {
    start: usize,
    /// Behind the last byte that is part of it.
    end: usize,
    shape: Shape,
    /// It has other characters than dots and white space.
    letters: bool,
    /// Dots so far; whether white space was read, and whether a dot stands behind it.
    dots: u32,
    space: bool,
    spaced: bool,
    /// The hash of all characters, and of those up to the last that is no dot or white space.
    running: u64,
    name: u64,
    /// The hash of what stands behind the last dot; 0 where there is none.
    extension: u64,
    /// The name has ended: what follows are parameters, a query or the name of a stream.
    ended: bool,
}

impl Component {
    fn new(start: usize) -> Self {
        Component {
            start,
            end: start,
            shape: Shape::empty(),
            letters: false,
            dots: 0,
            space: false,
            spaced: false,
            running: HASH_START,
            name: HASH_START,
            extension: 0,
            ended: false,
        }
    }

    #[inline]
    fn push(&mut self, byte: u8, end: usize) {
        self.end = end;
        if self.ended {
            return;
        }
        self.running = hash_step(self.running, byte);
        match byte {
            // A tilde marks a copy that an editor left.
            b'.' | b'~' => self.part(),
            0..=b' ' => self.space = true,
            _ if self.extension != 0 => self.extension = hash_step(self.extension, byte),
            _ => {}
        }
        match byte {
            b'.' => {
                self.dots = self.dots.saturating_add(1);
                self.spaced |= self.space;
            }
            0..=b' ' => {}
            _ => {
                let reserved = matches!(byte, b'<' | b'>' | b'"' | b'|' | b'?' | b'*');
                self.shape.set(Shape::RESERVED, reserved || self.shape.contains(Shape::RESERVED));
                self.letters = true;
                self.name = self.running;
                self.shape.set(Shape::SPACE, self.space);
            }
        }
    }

    /// Takes bytes that are letters to every dialect, as [`push`](Self::push) does one by one.
    #[inline]
    fn push_letters(&mut self, letters: &[u8]) {
        self.end += letters.len();
        if self.ended || letters.is_empty() {
            return;
        }
        let with = |hash| letters.iter().fold(hash, |hash, &byte| hash_step(hash, byte));
        self.running = with(self.running);
        if self.extension != 0 {
            self.extension = with(self.extension);
        }
        self.letters = true;
        self.name = self.running;
        self.shape.set(Shape::SPACE, self.space);
    }

    /// A part of the name between two dots ends.
    fn part(&mut self) {
        if !matches!(self.extension, 0 | HASH_START) {
            self.shape |= Shape::EXTENSION;
        }
        if locations::is_settings(self.extension) {
            self.shape |= Shape::SETTINGS;
        }
        self.extension = HASH_START;
    }

    fn token(mut self, dialect: Dialect) -> Token {
        self.part();
        // Windows drops white space at the end of a component.
        let dots = !self.letters && !self.spaced && (!self.space || dialect != Dialect::Posix);
        let terminal = match self.dots {
            1 if dots => Terminal::Dot,
            2 if dots => Terminal::DotDot,
            _ => Terminal::Filename,
        };
        let mut token = Token::new(terminal, self.start, self.end);
        if terminal == Terminal::Filename {
            token.name = self.name;
            token.shape = self.shape;
            if locations::is_settings_file(token.name) {
                token.shape |= Shape::SETTINGS;
            }
            token.shape.set(Shape::DOTS, !self.letters && !self.spaced && self.dots > 2);
        }
        token
    }
}

/// The bytes that are a part of a name wherever they stand, and of nothing else.
static LETTERS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = !matches!(
            byte as u8,
            0..=b' '
                | b'/'
                | b'\\'
                | b'.'
                | b'~'
                | b'<'
                | b'>'
                | b'"'
                | b'|'
                | b'?'
                | b'*'
                | b';'
                | b'#'
                | b':'
        ) && !encoding::begins(byte as u8);
        byte += 1;
    }
    table
};

/// Reads the tokens of a value, piece by piece.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer {
    pub(super) dialect: Dialect,
    /// The first byte that was not read yet.
    position: usize,
    place: Place,
    /// A disk designator may stand behind the next separators.
    rooted: bool,
    /// The path is that of a `file:` URL.
    scheme: bool,
}

/// How many bytes decide about a prefix: `file:`, `\\?\` and one more, `C:` and one more, or a wrapper.
const PREFIX: usize = locations::LONGEST_WRAPPER;

impl Lexer {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Lexer { dialect, position: 0, place: Place::Leading, rooted: true, scheme: false }
    }

    fn is_separator(&self, byte: u8) -> bool {
        byte == b'/' || (byte == b'\\' && self.dialect != Dialect::Posix)
    }

    /// What stands before the first component.
    fn prefix(&mut self, rest: &[u8]) -> Option<Token> {
        let start = self.position;
        self.place = Place::Disk;
        let token = |terminal, length| Some(Token::new(terminal, start, start + length));
        if self.dialect == Dialect::Url && rest.len() >= 5 && rest[..5].eq_ignore_ascii_case(b"file:") {
            self.position += 5;
            self.scheme = true;
            self.place = Place::Scheme;
            return token(Terminal::Scheme, 5);
        }
        if let Some(length) = locations::wrapper_name(rest).filter(|_| self.dialect == Dialect::Url) {
            let end = length + b"://".len();
            self.position += end;
            self.place = Place::Between;
            let wrapper = Token::new(Terminal::Wrapper, start, start + end);
            return Some(Token { name: hash(&rest[..length]), ..wrapper });
        }
        if self.dialect != Dialect::Windows {
            return None;
        }
        let separator = |at: usize| rest.get(at).is_some_and(|&byte| self.is_separator(byte));
        if !separator(0) {
            return None;
        }
        match rest {
            // the namespaces of files and devices, and `\??\` of the kernel
            [_, b'?' | b'/' | b'\\', b'?' | b'.', ..] if separator(3) => {
                self.position += 4;
                token(Terminal::Device, 4)
            }
            [first, second, third, ..]
                if second == first && separator(1) && !separator(2) && !matches!(third, 0..=b' ' | b'.') =>
            {
                self.position += 2;
                self.place = Place::Between;
                token(Terminal::Unc, 2)
            }
            _ => None,
        }
    }

    /// A letter and a colon, or a bar in a URL (RFC 8089, section E.2.2), before a separator, a dot or the end.
    fn disk(&mut self, rest: &[u8]) -> Option<Token> {
        if self.dialect == Dialect::Posix {
            return None;
        }
        let colon = |byte: u8| byte == b':' || (byte == b'|' && self.scheme);
        match *rest {
            [letter, mark, ref behind @ ..] if letter.is_ascii_alphabetic() && colon(mark) => {
                let complete =
                    behind.first().is_none_or(|&byte| matches!(byte, 0 | b'.') || self.is_separator(byte));
                complete.then(|| {
                    self.position += 2;
                    Token::new(Terminal::Disk, self.position - 2, self.position)
                })
            }
            _ => None,
        }
    }

    /// The token that the place has begun ends here.
    fn complete(&mut self) -> Option<Token> {
        let place = std::mem::replace(&mut self.place, Place::Between);
        match place {
            Place::Separator(token) => {
                if self.rooted {
                    self.place = Place::Disk;
                }
                Some(token)
            }
            Place::Component(component) => Some(component.token(self.dialect)),
            Place::Authority(start) => {
                self.rooted = true;
                Some(Token::new(Terminal::Authority, start, self.position))
            }
            _ => None,
        }
    }

    /// Takes a character into the place; answers the token that ends before it.
    #[inline]
    fn take(&mut self, byte: u8, length: usize) -> Option<Token> {
        let (start, end) = (self.position, self.position + length);
        let separator = self.is_separator(byte);
        match &mut self.place {
            Place::Separator(token) if separator => {
                token.end = end;
                token.shape |= separator_shape(byte) | Shape::SEVERAL;
            }
            Place::Component(component) if !separator && byte != 0 => {
                component.ended |= match byte {
                    b';' | b'?' | b'#' => self.dialect == Dialect::Url,
                    b':' => self.dialect == Dialect::Windows,
                    _ => false,
                };
                component.push(byte, end);
            }
            Place::Authority(_) if !separator && byte != 0 => {}
            Place::Separator(_) | Place::Component(_) | Place::Authority(_) => return self.complete(),
            _ if separator => {
                let mut token = Token::new(Terminal::Separator, start, end);
                token.shape = separator_shape(byte);
                self.place = Place::Separator(token);
            }
            _ if byte == 0 => {
                self.position = end;
                self.rooted = false;
                self.place = Place::Between;
                return Some(Token::new(Terminal::Null, start, end));
            }
            _ => {
                self.rooted = false;
                self.place = Place::Component(Component::new(start));
                return self.take(byte, length);
            }
        }
        self.position = end;
        None
    }
}

const fn separator_shape(byte: u8) -> Shape {
    match byte {
        b'\\' => Shape::BACKSLASH,
        _ => Shape::SLASH,
    }
}

impl TokenSource for Lexer {
    type Token = Token;

    fn next(&mut self, piece: &[u8], base: usize, last: bool) -> Lexed<Token> {
        loop {
            let rest = &piece[self.position - base..];
            let Some(&first) = rest.first() else {
                if !last {
                    return Lexed::More;
                }
                return self.complete().map_or(Lexed::End, Lexed::Token);
            };
            match &mut self.place {
                Place::Component(component) if LETTERS[usize::from(first)] => {
                    let length = rest.iter().take_while(|&&byte| LETTERS[usize::from(byte)]).count();
                    component.push_letters(&rest[..length]);
                    self.position += length;
                    continue;
                }
                Place::Prefix | Place::Disk | Place::Scheme if rest.len() < PREFIX && !last => {
                    return Lexed::More;
                }
                Place::Prefix => {
                    if let Some(token) = self.prefix(rest) {
                        return Lexed::Token(token);
                    }
                    continue;
                }
                Place::Scheme => {
                    self.place = Place::Disk;
                    if let [b'/', b'/', ..] = rest {
                        self.place = Place::Authority(self.position);
                        self.position += 2;
                    }
                    continue;
                }
                Place::Disk => {
                    self.place = Place::Between;
                    if let Some(token) = self.disk(rest) {
                        self.rooted = false;
                        return Lexed::Token(token);
                    }
                }
                _ => {}
            }
            let (byte, length) = match self.dialect {
                Dialect::Url if encoding::begins(first) => {
                    if rest.len() < encoding::LONGEST && !last {
                        return Lexed::More;
                    }
                    encoding::character(rest)
                }
                _ => (first, 1),
            };
            if self.place == Place::Leading {
                match byte {
                    0..=b' ' => self.position += length,
                    _ => self.place = Place::Prefix,
                }
                continue;
            }
            if let Some(token) = self.take(byte, length) {
                return Lexed::Token(token);
            }
        }
    }

    fn position(&self) -> usize {
        self.position
    }
}

/// The tokens of a whole value: see [`tokens`](super::tokens).
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    lexer: Lexer,
    input: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(input: &'a [u8], dialect: Dialect) -> Self {
        Tokens { lexer: Lexer::new(dialect), input }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        match self.lexer.next(self.input, 0, true) {
            Lexed::Token(token) => Some(token),
            Lexed::More | Lexed::End => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_change_a_component_as_one_by_one() {
        for text in ["", "a", "access_log", "a.conf", ".x", "a b.Ini", "~", "Zz9-_$!(é", "x;y", "a.b.c d"] {
            for ended in [false, true] {
                let mut one_by_one = Component { ended, ..Component::new(0) };
                let mut together = one_by_one;
                for (at, byte) in text.bytes().enumerate() {
                    one_by_one.push(byte, at + 1);
                }
                for part in text
                    .as_bytes()
                    .chunk_by(|one, other| LETTERS[usize::from(*one)] && LETTERS[usize::from(*other)])
                {
                    match part {
                        [letter, ..] if LETTERS[usize::from(*letter)] => together.push_letters(part),
                        _ => together.push(part[0], together.end + 1),
                    }
                }
                assert_eq!(one_by_one, together, "{text}");
            }
        }
    }
}
