//! Runs lalrpop on `grammars/` and turns each parser that it writes into static tables.
//!
//! lalrpop's own driver decides at the end of the input, asks for the expected tokens on every
//! rejection and cannot be cloned; the library drives the tables itself (`src/recogniser.rs`).
//! This file is the only one that knows what lalrpop's output looks like. It fails, with the
//! place named, when the output does not look as expected; `tests/recogniser.rs` holds the tables
//! against the parser they came from.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The languages that have a grammar.
const LANGUAGES: &[&str] = &["sql", "shell", "path", "html", "js"];

/// The commands that a shell finds.
const COMMANDS: &str = "src/shell/commands.txt";

/// The attributes of HTML that act.
const ATTRIBUTES: &str = "src/html/attributes.txt";

fn main() {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    lalrpop::Configuration::new()
        .set_in_dir("grammars")
        .set_out_dir(&out)
        .emit_comments(false)
        .process()
        .unwrap_or_else(|error| panic!("lalrpop rejects a file in grammars/: {error}"));
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=grammars");
    println!("cargo::rerun-if-changed={COMMANDS}");
    println!("cargo::rerun-if-changed={ATTRIBUTES}");
    let vocabularies = [
        ("commands.rs", commands(&read(PathBuf::from(COMMANDS)))),
        ("attributes.rs", attributes(&read(PathBuf::from(ATTRIBUTES)))),
    ];
    for (name, table) in vocabularies {
        let file = out.join(name);
        std::fs::write(&file, table)
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
    }
    for language in LANGUAGES {
        let grammar = read(Path::new("grammars").join(format!("{language}.lalrpop")));
        let parser = read(out.join(format!("{language}.rs")));
        let tables = Tables::extract(&grammar, &parser);
        let file = out.join(format!("{language}_tables.rs"));
        std::fs::write(&file, tables.emit())
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
    }
}

fn read(path: PathBuf) -> String {
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// The text between two markers, or the end of the build with the missing one named.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap_or_else(|| panic!("lalrpop's output has no `{from}`"));
    let rest = &text[start + from.len()..];
    let end = rest.find(to).unwrap_or_else(|| panic!("lalrpop's output has no `{to}` after `{from}`"));
    &rest[..end]
}

/// The elements of one of the parser's tables, whose numbers are as wide as they have to be.
fn array_of<'a>(parser: &'a str, name: &str) -> &'a str {
    let table = between(parser, &format!("const {name}: &["), "];");
    table.split_once("] = &[").unwrap_or_else(|| panic!("`{name}` is no table of lalrpop's")).1
}

/// Every whole number in a piece of text, signs included; comment lines are left out.
fn numbers(text: &str) -> Vec<i32> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split(|c: char| !c.is_ascii_digit() && c != '-'))
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().unwrap_or_else(|_| panic!("`{word}` in a table is not a number")))
        .collect()
}

/// One production: its left side, how many symbols stand on its right side, and its act.
struct Production {
    nonterminal: usize,
    length: usize,
    act: String,
}

/// The left side of the production that ends the parse.
const ACCEPT: usize = u16::MAX as usize;

struct Tables {
    /// Variant name and spelling of each terminal, in the order of the action columns.
    terminals: Vec<(String, String)>,
    /// One row a state: a shift is the next state + 1, a reduction −(production + 1), 0 an error.
    action: Vec<Vec<i32>>,
    end_action: Vec<i32>,
    /// For each nonterminal the usual next state, and the states that have another one.
    goto: BTreeMap<usize, (i32, BTreeMap<usize, i32>)>,
    productions: Vec<Production>,
}

/// What every language's terminals offer.
const TERMINAL: &str = "
impl Terminal {
    /// Every kind of token, in the order of their numbers.
    pub const ALL: &[Terminal] = &TERMINALS;

    /// How the grammar spells it: an operator or a keyword as itself, a class of tokens by its name.
    pub const fn name(self) -> &'static str {
        TERMINAL_NAMES[self as usize]
    }

    /// The kind's number: its column in the tables.
    #[inline]
    pub const fn index(self) -> u8 {
        self as u8
    }
}
";

impl Tables {
    fn extract(grammar: &str, parser: &str) -> Tables {
        let terminals = terminals(grammar, parser);
        let cells = numbers(array_of(parser, "__ACTION"));
        assert_eq!(cells.len() % terminals.len(), 0, "the action table is not a rectangle");
        let action: Vec<Vec<i32>> = cells.chunks(terminals.len()).map(<[i32]>::to_vec).collect();
        let end_action = numbers(array_of(parser, "__EOF_ACTION"));
        assert_eq!(end_action.len(), action.len(), "one end-of-input action a state");
        Tables { terminals, action, end_action, goto: goto(parser), productions: productions(parser) }
    }

    fn emit(&self) -> String {
        let mut out = String::new();
        out.push_str("/// A kind of token: the terminals of the grammar.\n#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]\n#[repr(u8)]\n#[non_exhaustive]\npub enum Terminal {\n");
        for (variant, spelling) in &self.terminals {
            writeln!(out, "    /// `{spelling}`\n    {variant},").unwrap();
        }
        out.push_str("}\n");
        let names: Vec<_> = self.terminals.iter().map(|(_, spelling)| format!("{spelling:?}")).collect();
        array(&mut out, "TERMINAL_NAMES", "&str", &names);
        let variants: Vec<_> = self.terminals.iter().map(|(v, _)| format!("Terminal::{v}")).collect();
        array(&mut out, "TERMINALS", "Terminal", &variants);
        out.push_str(TERMINAL);

        // Many states have the same row; each is kept once.
        let mut rows: Vec<&Vec<i32>> = Vec::new();
        let mut index = BTreeMap::new();
        let row_of: Vec<usize> = self
            .action
            .iter()
            .map(|row| {
                *index.entry(row).or_insert_with(|| {
                    rows.push(row);
                    rows.len() - 1
                })
            })
            .collect();
        let row_of: Vec<_> = row_of.iter().map(|row| row * self.terminals.len()).collect();
        array(&mut out, "ROW", "u32", &row_of);
        let cells: Vec<_> = rows.iter().flat_map(|row| row.iter()).collect();
        array(&mut out, "ACTION", "i16", &cells);
        let settle: Vec<_> = (0..self.action.len()).map(|state| self.settle(state)).collect();
        array(&mut out, "SETTLE", "i16", &settle);

        let nonterminals = self.goto.keys().max().map_or(0, |last| last + 1);
        let (base, cells) = self.displace(nonterminals);
        let usual = |n| self.goto.get(&n).map_or(0, |goto| goto.0);
        let ends: Vec<_> = (0..nonterminals).map(|n| format!("({},{})", usual(n), base[n])).collect();
        array(&mut out, "NONTERMINALS", "(u16, u32)", &ends);
        let nobody = (u16::MAX as usize, 0);
        let goto = cells.iter().map(|cell| cell.unwrap_or(nobody));
        let goto: Vec<_> = goto.map(|(owner, state)| format!("({owner},{state})")).collect();
        array(&mut out, "GOTO", "(u16, u16)", &goto);

        let productions: Vec<_> = self
            .productions
            .iter()
            .map(|Production { nonterminal: left, length, act }| {
                let unit = *length == 1 && act == "Pass" && *left != ACCEPT;
                format!("Production {{ length: {length}, unit: {unit}, left: {left} }}")
            })
            .collect();
        array(&mut out, "PRODUCTIONS", "Production", &productions);
        let acts: Vec<_> = self.productions.iter().map(|p| format!("Act::{}", p.act)).collect();
        array(&mut out, "ACTS", "Act", &acts);
        writeln!(
            out,
            "/// The tables of the grammar.\npub static GRAMMAR: Grammar = Grammar {{\n    terminals: TERMINALS.len(),\n    row: &ROW,\n    action: &ACTION,\n    settle: &SETTLE,\n    nonterminals: &NONTERMINALS,\n    goto: &GOTO,\n    productions: &PRODUCTIONS,\n    chains: &CHAINS,\n}};\nstatic CHAINS: crate::recogniser::Chains = crate::recogniser::Chains::new();"
        )
        .unwrap();
        out
    }

    /// What a state reduces when nothing more comes: its end-of-input action, or else the one
    /// reduction that it has.
    fn settle(&self, state: usize) -> i32 {
        if self.end_action[state] < 0 {
            return self.end_action[state];
        }
        let mut reductions: Vec<i32> = self.action[state].iter().copied().filter(|&a| a < 0).collect();
        reductions.sort_unstable();
        reductions.dedup();
        match reductions[..] {
            [only] => only,
            _ => 0,
        }
    }

    /// Lays the unusual transitions of all nonterminals into one row, each where it fits first.
    fn displace(&self, nonterminals: usize) -> (Vec<usize>, Vec<Option<(usize, i32)>>) {
        let mut cells: Vec<Option<(usize, i32)>> = Vec::new();
        let mut base = vec![0; nonterminals];
        let mut order: Vec<_> = self.goto.iter().collect();
        order.sort_by_key(|(_, (_, unusual))| std::cmp::Reverse(unusual.len()));
        for (&nonterminal, (_, unusual)) in order {
            let fits = |at: usize| unusual.keys().all(|s| cells.get(at + s).is_none_or(Option::is_none));
            let at = (0..).find(|&at| fits(at)).expect("an infinite row has room");
            base[nonterminal] = at;
            for (&state, &next) in unusual {
                if cells.len() <= at + state {
                    cells.resize(at + state + 1, None);
                }
                cells[at + state] = Some((nonterminal, next));
            }
        }
        // Every base may be asked for every state.
        let end = base.iter().max().copied().unwrap_or(0) + self.action.len();
        cells.resize(end.max(cells.len()), None);
        (base, cells)
    }
}

fn array(out: &mut String, name: &str, kind: &str, values: &[impl std::fmt::Display]) {
    write!(out, "pub(crate) static {name}: [{kind}; {}] = [", values.len()).unwrap();
    for (i, value) in values.iter().enumerate() {
        let separator = if i % 64 == 63 { ",\n" } else { "," };
        write!(out, "{value}{separator}").unwrap();
    }
    out.push_str("];\n");
}

/// Variant and spelling of each terminal, in the order of lalrpop's columns.
fn terminals(grammar: &str, parser: &str) -> Vec<(String, String)> {
    let declared: BTreeMap<&str, &str> = between(grammar, "enum Terminal {", "\n    }")
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split_once("\" => Terminal::"))
        .map(|(spelling, variant)| (variant.trim_end_matches(','), spelling))
        .collect();
    let mut found = Vec::new();
    let body = between(parser, "fn __token_to_integer<", "_ => None");
    for (column, arm) in body.lines().filter(|line| line.contains("=> Some(")).enumerate() {
        let variant = between(arm, "Terminal::", " if true");
        assert_eq!(numbers(between(arm, "Some(", ")")), [column as i32], "columns are in order");
        let spelling = declared.get(variant).unwrap_or_else(|| panic!("terminal {variant} is not declared"));
        found.push((variant.to_owned(), (*spelling).to_owned()));
    }
    assert_eq!(found.len(), declared.len(), "every declared terminal has a column");
    assert!(found.len() < 256, "a terminal is a byte");
    found
}

fn goto(parser: &str) -> BTreeMap<usize, (i32, BTreeMap<usize, i32>)> {
    let mut tables = BTreeMap::new();
    let mut open: Option<usize> = None;
    for line in between(parser, "fn __goto(", "\n    fn ").lines().map(str::trim) {
        let Some((left, right)) = line.split_once(" => ") else {
            if line.starts_with('}') {
                open = None;
            }
            continue;
        };
        match (open, right) {
            (None, "match state {") => {
                let nonterminal = numbers(left)[0] as usize;
                open = Some(nonterminal);
                tables.insert(nonterminal, (0, BTreeMap::new()));
            }
            (None, _) if left != "_" => {
                tables.insert(numbers(left)[0] as usize, (numbers(right)[0], BTreeMap::new()));
            }
            (None, _) => {}
            (Some(nonterminal), _) => {
                let table = tables.get_mut(&nonterminal).expect("opened above");
                let next = numbers(right)[0];
                if left == "_" {
                    table.0 = next;
                    continue;
                }
                for pattern in left.split('|') {
                    let ends = match pattern.split_once("..=") {
                        Some((first, last)) => (numbers(first)[0], numbers(last)[0]),
                        None => (numbers(pattern)[0], numbers(pattern)[0]),
                    };
                    for state in ends.0..=ends.1 {
                        table.1.insert(state as usize, next);
                    }
                }
            }
        }
    }
    assert!(!tables.is_empty(), "lalrpop's goto function has no arms");
    tables
}

fn productions(parser: &str) -> Vec<Production> {
    let acts = acts(parser);
    let mut found = Vec::new();
    let body = between(parser, "fn __simulate_reduce<", "_ => panic!");
    for arm in body.split("SimulatedReduce::").skip(1) {
        let index = found.len();
        if arm.starts_with("Accept") {
            found.push(Production { nonterminal: ACCEPT, length: 1, act: "Pass".into() });
            continue;
        }
        let length = numbers(between(arm, "states_to_pop:", ","))[0] as usize;
        let nonterminal = numbers(between(arm, "nonterminal_produced:", ","))[0] as usize;
        let reduce = between(parser, &format!("fn __reduce{index}<"), ";\n");
        let comment = reduce.rsplit("// ").next().expect("split gives at least one part");
        let action = numbers(between(comment, "ActionFn(", ")"))[0] as usize;
        let act = acts.get(&action).unwrap_or_else(|| panic!("`{comment}` has no action")).clone();
        found.push(Production { nonterminal, length, act });
    }
    assert!(!found.is_empty(), "lalrpop's output has no productions");
    found
}

/// The word behind `=>` of each alternative, by the number of the action function that holds it.
fn acts(parser: &str) -> BTreeMap<usize, String> {
    let mut acts = BTreeMap::new();
    for part in parser.split("\nfn __action").skip(1) {
        let number = numbers(part.split('<').next().expect("split gives at least one part"))[0] as usize;
        let body = between(part, "\n{\n", "\n}");
        let word = body.trim();
        // An alternative of one nonterminal hands its act on.
        let act = if word == "__0" { "Pass" } else { word };
        assert!(act.chars().all(char::is_alphanumeric), "`{act}` is not the name of an act");
        acts.insert(number, act.to_owned());
    }
    acts
}

/// The commands of the shell as tables, one for the POSIX shell and one for those of Windows, each
/// sorted by name with the place where each first byte begins.
fn commands(text: &str) -> String {
    // The traits and effects of each command, by name.
    type Table<'a> = BTreeMap<&'a str, (Vec<String>, Vec<String>)>;
    let mut tables: [Table<'_>; 2] = Default::default();
    let mut world = "";
    for (number, line) in text.lines().enumerate() {
        let fail = |what: &str| -> ! { panic!("{COMMANDS}:{}: {what}: `{line}`", number + 1) };
        if let Some(name) = line.strip_prefix("## ") {
            if !["posix", "cmd", "powershell"].contains(&name) {
                fail("no such shell");
            }
            world = name;
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> = line.split(' ').collect();
        let &[name, flags, effects] = &fields[..] else { fail("not `NAME FLAGS EFFECTS`") };
        if name.len() > 31 || !name.is_ascii() {
            fail("a name is ASCII and shorter than 32 bytes");
        }
        let mut traits = vec![match world {
            "posix" => "POSIX",
            "cmd" => "CMD",
            "powershell" => "POWERSHELL",
            _ => fail("no shell was named before"),
        }];
        traits.extend(flags.chars().filter(|&flag| flag != '-').map(|flag| match flag {
            'w' => "WORD",
            'i' => "INTERPRETER",
            'p' => "PREFIX",
            'r' => "RESERVED",
            _ => fail("no such flag"),
        }));
        let entry = tables[usize::from(world != "posix")].entry(name).or_default();
        let own = traits[0].to_owned();
        if entry.0.contains(&own) {
            fail("named twice");
        }
        entry.0.extend(traits.into_iter().map(str::to_owned));
        let effects = effects.split(',').filter(|&effect| effect != "-");
        entry.1.extend(effects.map(str::to_uppercase));
    }
    let mut out = String::new();
    for (name, table) in ["POSIX", "WINDOWS"].into_iter().zip(&tables) {
        writeln!(out, "static {name}: [(&[u8], Command); {}] = [", table.len()).unwrap();
        for (command, (traits, effects)) in table {
            let set = |kind: &str, flags: &[String]| {
                let flags = flags.iter().map(|flag| format!(".union({kind}::{flag})"));
                format!("{kind}::empty(){}", flags.collect::<String>())
            };
            let (traits, effects) = (set("Traits", traits), set("Effects", effects));
            writeln!(out, "    (b{command:?}, Command {{ traits: {traits}, effects: {effects} }}),").unwrap();
        }
        writeln!(out, "];").unwrap();
        let starts = (0..=256usize)
            .map(|byte| table.keys().filter(|name| usize::from(name.as_bytes()[0]) < byte).count());
        array(&mut out, &format!("{name}_STARTS"), "u16", &starts.collect::<Vec<_>>());
    }
    out
}

/// The attributes of HTML as a table.
fn attributes(text: &str) -> String {
    let mut table = BTreeMap::new();
    let mut class = String::new();
    for (number, line) in text.lines().enumerate() {
        let fail = |what: &str| -> ! { panic!("{ATTRIBUTES}:{}: {what}: `{line}`", number + 1) };
        if let Some(name) = line.strip_prefix("## ") {
            let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
            class = name.split('-').map(capital).collect();
        } else if !line.is_empty() && !line.starts_with('#') {
            if class.is_empty() {
                fail("no class was named before");
            }
            if table.insert(line, class.clone()).is_some() {
                fail("named twice");
            }
        }
    }
    let mut out = String::new();
    writeln!(out, "static ATTRIBUTES: [(&[u8], Class); {}] = [", table.len()).unwrap();
    for (name, class) in &table {
        writeln!(out, "    (b{name:?}, Class::{class}),").unwrap();
    }
    writeln!(out, "];").unwrap();
    out
}
