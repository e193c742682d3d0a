//! What an accepted instruction does when it runs: a small set of flags, taken from the
//! language's own definition.

use std::fmt;

bitflags::bitflags! {
    /// What the instructions of a finding would do.
    ///
    /// The flags say what the *language* defines an instruction to do, not how attackers spell
    /// it. A [`Policy`](crate::Policy) says which of them make a finding an attack.
    #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
    pub struct Effects: u32 {
        /// Reads stored data: a query over a table, a subquery, a set operation.
        const READ = 1 << 0;
        /// Changes stored data.
        const WRITE = 1 << 1;
        /// Creates or changes what data is stored in: tables, views, routines.
        const DEFINE = 1 << 2;
        /// Removes tables, routines, databases or all rows.
        const DESTROY = 1 << 3;
        /// Runs code of its own in a script, stored code, text as code, or a program of the operating system.
        const EXECUTE = 1 << 4;
        /// Reads or writes a file, or another one than the program means.
        const FILE = 1 << 5;
        /// Talks to another host.
        const NETWORK = 1 << 6;
        /// Takes time that the input chooses.
        const DELAY = 1 << 7;
        /// Decides the truth of a condition that it was put into.
        const LOGIC = 1 << 8;
        /// Tells about the server: its version, users, settings, catalogue.
        const DISCLOSE = 1 << 9;
        /// Changes accounts and privileges.
        const GRANT = 1 << 10;
        /// Runs the server: settings, sessions, shutdown, maintenance.
        const ADMINISTER = 1 << 11;
        /// Computes with data of the program where a plain value was expected.
        const COMPUTE = 1 << 12;
        /// Leaves its literal and cuts off the rest of the program's text.
        const TRUNCATE = 1 << 13;
        /// Makes the order or number of results another one.
        const ARRANGE = 1 << 14;
        /// Takes the reader of a document elsewhere, or changes where its links lead.
        const REDIRECT = 1 << 15;
        /// Sends what a form holds elsewhere.
        const SUBMIT = 1 << 16;
        /// Adds elements to a document, and nothing that acts.
        const MARKUP = 1 << 17;
    }
}

impl Effects {
    /// The names of the flags that are set, in the order of their declaration, lower case.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        const NAMES: [(Effects, &str); 18] = [
            (Effects::READ, "read"),
            (Effects::WRITE, "write"),
            (Effects::DEFINE, "define"),
            (Effects::DESTROY, "destroy"),
            (Effects::EXECUTE, "execute"),
            (Effects::FILE, "file"),
            (Effects::NETWORK, "network"),
            (Effects::DELAY, "delay"),
            (Effects::LOGIC, "logic"),
            (Effects::DISCLOSE, "disclose"),
            (Effects::GRANT, "grant"),
            (Effects::ADMINISTER, "administer"),
            (Effects::COMPUTE, "compute"),
            (Effects::TRUNCATE, "truncate"),
            (Effects::ARRANGE, "arrange"),
            (Effects::REDIRECT, "redirect"),
            (Effects::SUBMIT, "submit"),
            (Effects::MARKUP, "markup"),
        ];
        NAMES.into_iter().filter(move |(flag, _)| self.contains(*flag)).map(|(_, name)| name)
    }
}

impl fmt::Display for Effects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, name) in self.names().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Effects {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}
