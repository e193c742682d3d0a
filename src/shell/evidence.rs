//! How much of what the grammar accepted counts as evidence: the rules that keep ordinary text out,
//! in one place.
//!
//! Any two words are a well-formed command, so that a value fits says nothing. The rules ask four
//! questions. *What is it behind?* A command runs behind a separator, in a substitution, in a
//! compound command; prose has `;` and `&` too, it has line ends everywhere, and Markdown has
//! backquotes. *Does the first word name a command?* One that only a shell would find there counts
//! most: a word put together from quotes, escapes and expansions, a path through `bin`, a variable
//! that the value has set itself; then names that are words of no language (`chmod`), then those that
//! are (`find`). *Do the arguments look like arguments?* Options, paths, expansions, redirections do;
//! words of a sentence do not. *What is before it?* A value completes one argument, so before the
//! first separator there is a word at the most; a sentence there makes all of it prose.
//!
//! A command has a *strength* from its name and arguments (`Evidence::strength`), and its place asks
//! for one (`Evidence::needed`). `tests/cases/shell/evidence.toml` has examples that count and some that
//! do not.

use smallvec::SmallVec;

use super::commands::{Command, Traits};
use super::facts::{Facts, Meaning};
use super::{Terminal, Token};
use crate::report::Instruction;
use crate::{Context, Effects, Finding};

/// What a command runs behind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lead {
    Semicolon,
    Ampersand,
    Pipe,
    /// `&&`, `||`
    Logic,
    Newline,
    /// In `$(…)`.
    Substitution,
    /// In `<(…)`.
    Process,
    /// In `` `…` ``.
    Backquote,
    /// In `(…)` or `{…}` of PowerShell.
    Block,
    /// In a compound command behind `then`, `do` and the like.
    Reserved,
    /// `<`, `>`: no command, but the file that one is to read or write.
    Redirection,
}

impl Lead {
    fn of(facts: Facts) -> Lead {
        match () {
            () if facts.intersects(Facts::AND | Facts::OR) => Lead::Logic,
            () if facts.contains(Facts::PIPE) => Lead::Pipe,
            () if facts.contains(Facts::AMPERSAND) => Lead::Ampersand,
            () if facts.contains(Facts::SEMICOLON) => Lead::Semicolon,
            () => Lead::Newline,
        }
    }

    /// Whether it stands between two commands.
    fn separates(self) -> bool {
        !matches!(
            self,
            Lead::Substitution
                | Lead::Process
                | Lead::Backquote
                | Lead::Block
                | Lead::Reserved
                | Lead::Redirection
        )
    }
}

/// What the name of a command is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Name {
    /// Nothing that a shell is known to find.
    Unknown,
    /// An expansion: what it names is not known.
    Expansion,
    /// A path that leads through no known directory of programs.
    Path,
    /// A command whose name is also a word of a language.
    Word,
    /// A command whose name is no word.
    Program,
    /// A name that only a shell reads: put together, or a path to a program.
    Assembled,
}

/// A command that would run, before it is decided whether it counts.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    lead: Lead,
    name: Name,
    interpreter: bool,
    start: usize,
    end: usize,
    effects: Effects,
    /// Of its arguments.
    facts: Facts,
    arguments: u16,
    plain: u16,
    /// Nothing stands between the separator and it.
    glued: bool,
    /// It stands in double quotes.
    quoted: bool,
    /// Its name is a variable that the value has set.
    own: bool,
    /// Its name is a word of letters.
    plain_name: bool,
}

impl Candidate {
    /// Which of two commands is the better evidence, whatever stands around them.
    fn rank(&self) -> (bool, Name, bool, bool) {
        let fed = self.interpreter && self.arguments == 0;
        (self.own || fed, self.name, self.facts.intersects(Facts::STRUCTURE), self.glued)
    }
}

/// What the value has before its first separator.
#[derive(Clone, Copy, Debug, Default)]
struct Carrier {
    words: u16,
    facts: Facts,
    /// Words of the text that stands in the program's quotes.
    quoted: u16,
    /// The first word names a command.
    command: bool,
    /// The first word assigns a variable.
    assigns: bool,
    /// The first word is one of letters alone.
    letters: bool,
    /// It ends with a comment.
    commented: bool,
    /// There is a `<` in front of what is named from no root: a tag has that, and so has who speaks in a
    /// chat.
    tag: bool,
}

impl Carrier {
    /// Whether the value reads as a command line: it begins with a command's name, or with a word and
    /// options behind it.
    fn reads_as_command(&self) -> bool {
        self.command || self.letters && self.words > 1 && self.facts.contains(Facts::OPTION)
    }
}

/// The functions of these names, and what the first of their commands does. What else stands in them is
/// weighed where it stands.
#[derive(Clone, Copy, Debug)]
struct Function {
    /// A Bloom filter, so that any number of functions fits into the last one that is kept.
    names: u128,
    body: Meaning,
    /// The definition was a command with a name that no shell knows, to PowerShell.
    unknown: bool,
}

/// How many calls of functions in each other are followed.
const CALLS: usize = 4;

/// How many functions of a value are told apart.
const FUNCTIONS: usize = 2;

/// What the accepted text does, so far.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    context: Context,
    /// What counts.
    pub(super) effects: Effects,
    noted: SmallVec<[Candidate; Finding::MAX_INSTRUCTIONS]>,
    carrier: Carrier,
    /// The command that the value completes is still open.
    carrying: bool,
    tokens: u32,
    /// The value begins with the quote that closes the program's.
    left_at_once: bool,
    /// Where the last token begins, if it stands between two commands.
    separator: Option<usize>,
    /// The value ended a compound command of the program.
    left: bool,
    end: usize,
    /// Where the last text in quotes ended.
    text_end: usize,
    /// Double quotes, and backquotes, that are open.
    quotes: u16,
    backquotes: u16,
    /// Substitutions of the value's own that are open: text in them is no text around a command.
    substitutions: u16,
    /// The variables that the value has set: a Bloom filter, so that any number fits.
    variables: u128,
    /// The functions that the value has defined.
    functions: SmallVec<[Function; FUNCTIONS]>,
    /// The name of the function that PowerShell begins to define.
    defining: u32,
    /// Commands behind separators whose names no shell knows: sentences have those.
    unknown: u32,
    counted: SmallVec<[bool; Finding::MAX_INSTRUCTIONS]>,
}

impl Evidence {
    #[inline(always)]
    pub(super) fn of(context: Context) -> Self {
        Evidence {
            context,
            effects: Effects::empty(),
            noted: SmallVec::new(),
            carrier: Carrier::default(),
            carrying: !matches!(context, Context::ShellCommand | Context::ShellEnvironment),
            tokens: 0,
            left_at_once: false,
            separator: None,
            left: false,
            end: 0,
            text_end: 0,
            quotes: 0,
            backquotes: 0,
            substitutions: 0,
            variables: 0,
            functions: SmallVec::new(),
            defining: 0,
            unknown: 0,
            counted: SmallVec::new(),
        }
    }

    /// A symbol without text, where the value was read to.
    pub(super) fn nothing(&self) -> Meaning {
        Meaning::nothing(self.end)
    }

    /// A token was accepted.
    #[inline]
    pub(super) fn token(&mut self, token: Token) -> Meaning {
        let mut facts = token.facts;
        // Most tokens name no variable and no function.
        let called = match token.variable | self.defining {
            0 => 0,
            _ => self.names(&token),
        };
        match token.terminal {
            Terminal::Assignment => self.variables |= variable(token.variable),
            Terminal::Parameter | Terminal::ParameterOpen => {
                let bits = variable(token.variable);
                facts.set(Facts::OWN_VARIABLE, self.variables & bits == bits);
            }
            Terminal::Unbalanced => self.left = true,
            Terminal::BackquoteOpen => self.backquotes = self.backquotes.saturating_add(1),
            Terminal::BackquoteClose => self.backquotes = self.backquotes.saturating_sub(1),
            Terminal::OpenQuote => self.quotes = self.quotes.saturating_add(1),
            Terminal::CloseQuote => {
                self.quotes = self.quotes.saturating_sub(1);
                self.left_at_once |= token.end == 1;
            }
            Terminal::Quoted => self.left_at_once |= token.end == 1 && self.in_quotes(),
            Terminal::Text if self.substitutions == 0 => {
                self.carrier.facts |= facts & Facts::WIDE;
                // An escape parts no words.
                let goes_on = self.text_end == token.start && !facts.contains(Facts::PARTED);
                let words = token.words.saturating_sub(u32::from(goes_on && self.carrier.quoted > 0));
                self.carrier.quoted = self.carrier.quoted.saturating_add(words as u16);
                self.text_end = token.end;
            }
            _ => {}
        }
        if facts.contains(Facts::SUBSTITUTION) && token.end > token.start {
            self.substitutions = self.substitutions.saturating_add(1);
        }
        self.separator = facts.intersects(Facts::SEPARATOR).then_some(token.start);
        if self.separator.is_some() && std::mem::take(&mut self.carrying) {
            self.carrier.commented = facts.contains(Facts::COMMENT);
            self.carrier.words = match self.tokens {
                // The quote that closes the program's is no word of the value's.
                1 if self.left_at_once => 0,
                // A redirection, or what a block began with.
                tokens => self.carrier.words.max(u16::from(tokens > 0)),
            };
        }
        // What the program opened before the value has no text of the value's.
        if token.end > token.start {
            self.tokens += 1;
        }
        self.end = token.end;
        Meaning {
            start: token.start,
            end: token.end,
            facts,
            command: token.command,
            called,
            ..Meaning::nothing(0)
        }
    }

    /// The hash of the function's name that a token may be, or that its block defines in PowerShell.
    #[cold]
    #[inline(never)]
    fn names(&mut self, token: &Token) -> u32 {
        match token.terminal {
            Terminal::Assignment | Terminal::Parameter | Terminal::ParameterOpen => 0,
            Terminal::SubstitutionOpen if token.facts.contains(Facts::DEFINITION) => self.defining,
            Terminal::SubstitutionOpen => 0,
            Terminal::Literal if token.facts.contains(Facts::DEFINITION) => {
                self.defining = token.variable;
                0
            }
            _ => {
                if token.facts.intersects(Facts::SEPARATOR) {
                    self.defining = 0;
                }
                token.variable
            }
        }
    }

    fn in_quotes(&self) -> bool {
        matches!(self.context, Context::ShellDoubleQuoted | Context::ShellSingleQuoted)
    }

    /// A command has one element more.
    pub(super) fn extended(&mut self, command: &Meaning, element: &Meaning) -> Meaning {
        let whole = command.extended(element);
        if self.carrying && command.name.contains(Facts::GIVEN) {
            // The program's own substitution around the value is no part of what the value begins with.
            let around = element.facts.contains(Facts::SUBSTITUTION | Facts::OPEN);
            if whole.arguments == 1 && command.arguments == 0 && !around {
                let known = element.command.is_some() || element.facts.contains(Facts::FOREIGN);
                self.carrier.command = known && !element.facts.contains(Facts::GLOB);
                self.carrier.letters = element.facts - Facts::FOREIGN == Facts::LETTERS;
            }
            if command.facts.is_empty() && command.arguments == 0 && !around {
                self.carrier.assigns = element.facts.contains(Facts::ASSIGNMENT)
                    || element.facts.contains(Facts::LETTERS | Facts::EQUALS)
                        && !element.facts.intersects(Facts::HYPHEN | Facts::OPTION | Facts::URL);
            }
            self.carrier.words = self.carrier.words.max(whole.arguments);
            self.carrier.facts |= whole.facts;
        }
        self.redirected(element, command.end == element.start);
        whole
    }

    /// A command begins with this element, which may be a redirection.
    pub(super) fn begun(&mut self, element: &Meaning) -> Meaning {
        self.redirected(element, false);
        Meaning::command(element)
    }

    /// A command has an element: if it redirects, it names a file.
    fn redirected(&mut self, element: &Meaning, glued: bool) {
        if element.facts.intersects(Facts::INPUT | Facts::OUTPUT) {
            self.carrier.tag |= !element.facts.intersects(Facts::ABSOLUTE | Facts::OUTPUT);
            self.note(&Meaning { named: true, ..*element }, Lead::Redirection, glued);
        }
    }

    /// Two commands with a separator between.
    pub(super) fn sequence(&mut self, separator: &Meaning, right: &Meaning) {
        self.note(right, Lead::of(separator.facts), separator.end == right.start);
    }

    /// The value ended a compound command of the program.
    pub(super) fn leave(&mut self, right: &Meaning) {
        self.note(right, Lead::Reserved, false);
    }

    /// A command is substituted; `open` is what it stands behind.
    pub(super) fn substitutes(&mut self, open: &Meaning, command: &Meaning, lead: Lead) {
        if open.end > open.start {
            self.substitutions = self.substitutions.saturating_sub(1);
            // The other commands in the parentheses count as the first one does.
            let inside = |inner: &&mut Candidate| inner.start >= open.end && inner.lead != Lead::Redirection;
            for inner in self.noted.iter_mut().filter(inside) {
                inner.lead = lead;
                inner.quoted |= self.quotes > 0;
            }
        }
        self.note(command, lead, open.end == command.start);
        if open.facts.contains(Facts::DEFINITION) && open.called != 0 {
            self.defines(open.called, command, true);
        }
    }

    /// A function whose name has this hash is defined; `body` is the first command in it.
    #[cold]
    #[inline(never)]
    pub(super) fn defines(&mut self, hash: u32, body: &Meaning, unknown: bool) {
        let defined = Function { names: variable(hash), body: *body, unknown };
        if self.functions.len() < FUNCTIONS {
            self.functions.push(defined);
        } else if let Some(last) = self.functions.last_mut() {
            last.names |= defined.names;
            let rank = |body: &Meaning| (name(body), body.facts.intersects(Facts::STRUCTURE));
            if rank(&last.body) < rank(body) {
                last.body = *body;
            }
        }
    }

    /// What a command does whose name is that of a function of the value's: what the function's first command
    /// does. Nothing if there is no such function.
    ///
    /// Counts: `x; f() { chmod 7 x; }; f`. Does not: `x; f() { chmod 7 x; }`.
    #[cold]
    #[inline(never)]
    fn called(&mut self, call: &Meaning) -> Option<Meaning> {
        if call.name.intersects(Facts::PATH | Facts::ABSOLUTE | Facts::RELATIVE | Facts::GLOB) {
            return None;
        }
        let mut body = None;
        let mut called = call.called;
        // A function may call another one, or itself.
        for _ in 0..CALLS {
            if called == 0 {
                break;
            }
            let names = variable(called);
            let named = |function: &&mut Function| function.names & names == names;
            let Some(function) = self.functions.iter_mut().rev().find(named) else { break };
            if std::mem::take(&mut function.unknown) {
                self.unknown = self.unknown.saturating_sub(1);
            }
            called = function.body.called;
            body = Some(function.body);
        }
        body
    }

    /// A command runs. In a compound command it touches what that touches: no sentence has `do` or `then`
    /// behind a separator.
    pub(super) fn runs(&mut self, command: &Meaning, lead: Lead) {
        self.note(command, lead, lead == Lead::Reserved);
    }

    fn note(&mut self, command: &Meaning, lead: Lead, glued: bool) {
        if !command.named || command.name.contains(Facts::GIVEN) {
            return;
        }
        let (start, end) = (command.start, command.end);
        let mut known = name(command);
        let body = if self.functions.is_empty() { None } else { self.called(command) };
        if known == Name::Unknown
            && body.is_none()
            && command.name.intersects(Facts::LETTERS | Facts::WIDE)
            && lead.separates()
        {
            self.unknown += 1;
        }
        let body = body.map(|body| {
            // An expansion names what the call hands it.
            let handed =
                command.arguments > 0 && body.name.contains(Facts::EXPANSION) && body.command.is_none();
            (body, if handed { Name::Assembled } else { name(&body) })
        });
        // What defines a function of a command's name may not be run.
        let command = match &body {
            Some((body, name)) if *name > known => {
                known = *name;
                body
            }
            _ => command,
        };
        let traits = command.command.map_or(Traits::empty(), |command| command.traits);
        let candidate = Candidate {
            lead,
            name: known,
            interpreter: traits.contains(Traits::INTERPRETER) && known >= Name::Word,
            start,
            end,
            effects: match lead {
                Lead::Redirection => Effects::FILE,
                _ => Effects::EXECUTE | command.command.map_or(Effects::empty(), |command| command.effects),
            },
            facts: command.facts,
            arguments: command.arguments,
            plain: command.plain,
            glued,
            quoted: self.quotes > 0,
            own: known == Name::Assembled && command.name.contains(Facts::OWN_VARIABLE),
            plain_name: command.name - Facts::FOREIGN == Facts::LETTERS,
        };
        if self.noted.len() < self.noted.inline_size() {
            self.noted.push(candidate);
            return;
        }
        // No filler in front may hide a command: a weaker one makes place.
        if let Some(weakest) = self.noted.iter_mut().min_by_key(|noted| noted.rank()) {
            if weakest.rank() < candidate.rank() {
                *weakest = candidate;
            }
        }
    }

    /// What stands in backquotes is read when it runs: if it is no command, the line goes on behind
    /// them all the same.
    pub(super) fn resumes_behind_backquotes(&self) -> bool {
        self.backquotes > 0
    }

    /// The line goes on outside of whatever was open.
    pub(super) fn resume(&mut self) {
        (self.quotes, self.backquotes, self.substitutions) = (0, 0, 0);
    }

    /// The value ends here, or what follows is not viable: decides what counts.
    pub(super) fn conclude(&mut self, viable: bool) {
        self.counted.clear();
        self.effects = Effects::empty();
        for i in 0..self.noted.len() {
            let counts = self.counts(&self.noted[i], viable);
            self.counted.push(counts);
            if counts {
                self.effects |= self.noted[i].effects;
            }
        }
    }

    /// Whether a command counts: if it is strong enough for its place. What is not viable to its end
    /// needs more.
    fn counts(&self, command: &Candidate, viable: bool) -> bool {
        let Candidate { lead, interpreter, arguments, .. } = *command;
        // An interpreter at the end of a pipe runs what it is fed, and a variable that the value has set
        // names what the value chose, whatever stands before.
        if command.own || interpreter && lead == Lead::Pipe && arguments == 0 {
            return viable;
        }
        if lead == Lead::Redirection {
            // The imported function is not called.
            return viable && self.context != Context::ShellEnvironment && self.is_redirected(command);
        }
        let runs = match self.context {
            // Only what follows the imported function runs.
            Context::ShellEnvironment => lead.separates(),
            // Backquotes come in pairs; what the program's own opened is closed by the value's first.
            Context::ShellBackquoted => lead != Lead::Backquote,
            _ => true,
        };
        runs && !self.is_sentence(command)
            && !self.is_pasted(command)
            && self.strength(command) >= self.needed(command) + u8::from(!viable)
    }

    /// Whether a command, the program's or one more, reads or writes another file: one that is named from
    /// the root, or both of its outputs with an operator that nothing else has. Markup and comparisons have
    /// `<` and `>` too, but seldom such names behind them.
    ///
    /// Counts: `x > /srv/x/list`, `x; y > /srv/x/list`, `&> list`. Does not: `x > list`, `</p>`, `a -> /b`,
    /// `<x>/srv/x`.
    fn is_redirected(&self, file: &Candidate) -> bool {
        let Carrier { words, quoted, tag, .. } = self.carrier;
        let rooted = file.facts.contains(Facts::ABSOLUTE | Facts::PATH) && words.max(quoted) <= 1;
        !tag && (rooted || file.facts.contains(Facts::BOTH) && words.max(quoted) == 0)
    }

    /// Words of a sentence behind a name. Behind a name that is no word of a language two words, or one with a
    /// capital letter, are that only where text stands before it.
    ///
    /// Counts: `| netsh show all things`, `; mkdir Photos`. Does not: `x; find the other one`, `x; time, please`.
    fn is_sentence(&self, command: &Candidate) -> bool {
        let prose = command.name < Name::Program || self.carrier.words > 0;
        let words = prose && (command.plain >= 2 || command.facts.contains(Facts::CAPITAL));
        let written = command.facts.intersects(Facts::PUNCTUATED | Facts::WIDE);
        (words || written) && !command.facts.intersects(Facts::STRUCTURE)
    }

    /// How strong a command is as evidence, from 0 to 3: by its name, and by what it is given.
    ///
    /// 3: `ch'mo'd`, `chmod -R x`, `find /srv/x`. 2: `chmod x`, `find -x`, `/srv/x -y`. 1: `find it`.
    fn strength(&self, command: &Candidate) -> u8 {
        let Candidate { name, facts, arguments, plain, glued, .. } = *command;
        let structure = facts.intersects(Facts::STRUCTURE);
        let bare = self.carrier.words == 0;
        match name {
            Name::Assembled => 3,
            Name::Program if structure => 3,
            Name::Program if plain <= 1 || bare => 2,
            Name::Program => 0,
            Name::Path | Name::Expansion if structure => 2,
            Name::Path if facts.is_empty() => 2,
            Name::Path | Name::Expansion => 0,
            Name::Word if facts.contains(Facts::ABSOLUTE | Facts::PATH) => 3,
            // What files, globs and quotations have, sentences have too.
            Name::Word if facts.intersects(Facts::STRUCTURE - Facts::LOOSE) => 2,
            // No argument at all: a separator that touches it is none of a sentence.
            Name::Word if arguments == 0 && glued => 2,
            Name::Word if bare && facts.contains(Facts::QUOTED) => 2,
            Name::Word
                if plain == 0
                    && command.lead != Lead::Newline
                    && facts.intersects(Facts::DIGITS | Facts::LOOSE) =>
            {
                2
            }
            Name::Word if arguments <= 1 => 1,
            Name::Word => 0,
            // A program of the application's own, with a file.
            Name::Unknown
                if command.lead.separates()
                    && glued
                    && command.plain_name
                    && facts.contains(Facts::ABSOLUTE | Facts::PATH) =>
            {
                2
            }
            Name::Unknown => 0,
        }
    }

    /// The strength that a command's place asks for.
    fn needed(&self, command: &Candidate) -> u8 {
        self.asked(command.lead, command.name, command.arguments)
    }

    /// The strength that a place asks for of a command of this name, with so many arguments. The more text
    /// stands before, and the more the lead is like what text has, the more.
    fn asked(&self, lead: Lead, name: Name, arguments: u16) -> u8 {
        let unknown = self.unknown > 0;
        let Carrier { words, quoted, facts, commented, .. } = self.carrier;
        match lead {
            // `$(` and a name is no prose; a document about programs has it in sentences.
            Lead::Substitution | Lead::Process => {
                1 + u8::from(words > 3) + u8::from(name < Name::Word) + quoted.saturating_sub(1).min(3) as u8
            }
            // Markdown writes names and files like that, among words.
            Lead::Backquote => match words.max(quoted) {
                _ if unknown || commented || name == Name::Path => NEVER,
                _ if facts.intersects(Facts::WIDE) => NEVER,
                0..=1 => 2,
                2 if !facts.contains(Facts::CAPITAL) => 3,
                _ => NEVER,
            },
            // Every parenthesis of a text.
            Lead::Block => 3 + u8::from(words > 1),
            Lead::Redirection => NEVER,
            _ if commented => NEVER,
            // Behind the quote that the value closes stands the separator.
            _ if self.in_quotes() && (words > 1 || facts.contains(Facts::MIXED)) => NEVER,
            Lead::Reserved => 2 + u8::from(words > 1),
            Lead::Newline if unknown => NEVER,
            Lead::Newline => (2 + words.min(2)) as u8,
            // A host, an address, a file: arguments, and seldom the one word of a text.
            _ if words == 1
                && facts.contains(Facts::DOT)
                && (Facts::PROSE | Facts::DIGITS | Facts::DOT).contains(facts)
                && arguments == 0 =>
            {
                1 + u8::from(unknown)
            }
            Lead::Semicolon | Lead::Ampersand | Lead::Pipe | Lead::Logic => {
                (1 + words.min(2)) as u8 + u8::from(unknown)
            }
        }
    }

    /// How strong a command must be at least that follows behind such a lead, now that the value's first
    /// separator was read.
    pub(super) fn least(&self, lead: Lead) -> u8 {
        match lead {
            Lead::Redirection => {
                let Carrier { words, quoted, tag, .. } = self.carrier;
                if tag || words.max(quoted) > 1 { NEVER } else { 1 }
            }
            _ if self.pastes(lead, false) => NEVER,
            _ => self.asked(lead, Name::Assembled, 0),
        }
    }

    /// Where the last token begins, if it is a separator outside of quotes and substitutions, and what stands
    /// before the first one is known.
    pub(super) fn separator(&self) -> Option<usize> {
        let inside = self.quotes > 0 || self.backquotes > 0 || self.substitutions > 0;
        self.separator.filter(|_| !inside && !self.left && !self.carrying)
    }

    /// Whether a command that was read may count at the end, or where a function is called that has it.
    pub(super) fn may_count(&self) -> bool {
        !self.functions.is_empty() || self.noted.iter().any(|command| self.counts(command, true))
    }

    /// A value that reads as a command line from its first word on was pasted by somebody who writes
    /// about commands: what stands behind its separators is not counted, nor is a substitution in
    /// double quotes. The context `shell-command` is for who wants to find whole command lines.
    ///
    /// Counts: `x; ls -l /srv`, `ls $(cat /srv/list)`. Does not: `ls /srv; ls -l /tmp`,
    /// `ls "$(cat /srv/list)"`.
    fn is_pasted(&self, command: &Candidate) -> bool {
        self.pastes(command.lead, command.quoted)
    }

    /// The same of any command behind a lead, in double quotes or not.
    fn pastes(&self, lead: Lead, quoted: bool) -> bool {
        match lead {
            Lead::Substitution | Lead::Backquote => {
                self.carrier.assigns || self.carrier.reads_as_command() && quoted
            }
            Lead::Logic if self.carrier.assigns && self.carrier.words <= 1 => false,
            _ => self.carrier.assigns || self.carrier.reads_as_command(),
        }
    }

    /// The commands that would run.
    pub(super) fn instructions(&self) -> Vec<Instruction> {
        let all = self.noted.iter().zip(self.counted.iter().copied().chain(std::iter::repeat(false)));
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|(command, _)| command.start);
        let of = |(command, counts): (&Candidate, bool)| Instruction {
            kind: if command.lead == Lead::Redirection { "redirection" } else { "command" },
            span: command.start..command.end,
            effects: if counts { command.effects } else { Effects::empty() },
        };
        all.into_iter().map(of).collect()
    }
}

/// More than any command has.
pub(super) const NEVER: u8 = 4;

/// The places of a variable in the filter, from the hash of its name.
fn variable(hash: u32) -> u128 {
    1 << (hash & 127) | 1 << (hash >> 8 & 127) | 1 << (hash >> 16 & 127)
}

/// What the name of a command is.
fn name(meaning: &Meaning) -> Name {
    let facts = meaning.name;
    let assembled = Facts::QUOTED
        | Facts::ESCAPED
        | Facts::EXPANSION
        | Facts::SPLIT
        | Facts::GLOB
        | Facts::BRACES
        | Facts::SUBSTITUTION;
    match meaning.command.filter(|command| !command.traits.contains(Traits::RESERVED)) {
        Some(command) if facts.contains(Facts::BLOCK) && !command.traits.contains(Traits::WORD) => {
            Name::Program
        }
        _ if facts.contains(Facts::BLOCK) => Name::Unknown,
        // `.` and `[` are no names without what stands behind them.
        Some(_) if !facts.intersects(Facts::LETTERS | Facts::EXPANSION | Facts::QUOTED | Facts::ESCAPED) => {
            Name::Word
        }
        // A file of that name in a directory of the application. Where one word becomes several, the
        // path is an argument's.
        Some(_)
            if facts.contains(Facts::PATH)
                && !facts.intersects(Facts::ABSOLUTE | Facts::RELATIVE | Facts::BRACES | Facts::SPLIT) =>
        {
            Name::Unknown
        }
        Some(_) if facts.intersects(assembled | Facts::BIN) => Name::Assembled,
        _ if facts.contains(Facts::OWN_VARIABLE) && !facts.contains(Facts::QUOTED) => Name::Assembled,
        // Words in capitals are those of a title; Windows would find them.
        Some(Command { traits, .. }) if traits.contains(Traits::WORD) && facts.contains(Facts::UPPER) => {
            Name::Unknown
        }
        Some(Command { traits, .. }) if traits.contains(Traits::WORD) => Name::Word,
        Some(_) => Name::Program,
        None if facts.contains(Facts::BIN) && facts.intersects(Facts::ABSOLUTE | Facts::RELATIVE) => {
            Name::Assembled
        }
        // What stands beside the expansion is not known to be a name.
        None if facts.intersects(Facts::QUOTED | Facts::MIXED | Facts::ESCAPED) => Name::Unknown,
        None if facts.intersects(Facts::EXPANSION | Facts::SUBSTITUTION) => Name::Expansion,
        None if facts.contains(Facts::LETTERS)
            && (facts.contains(Facts::ABSOLUTE | Facts::PATH) || facts.contains(Facts::RELATIVE)) =>
        {
            Name::Path
        }
        None => Name::Unknown,
    }
}
