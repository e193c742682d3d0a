//! Which effects, in which kind of context, make a value an attack.

use crate::{ContextKind, Effects};

/// What a caller forbids.
///
/// The evidence rules of a language decide which effects an accepted text has; the policy only
/// says which of them matter here.
///
/// What the presets find as SQL, in version 0.1.0, on labelled corpora:
///
/// | records | | `DEFAULT` | `STRICT` | `LAX` |
/// |---|--:|--:|--:|--:|
/// | attacks, found | 11,463 | 99.13 % | 99.14 % | 84.5 % |
/// | ordinary text, flagged | 130,502 | 0.007 % | 0.016 % | 0.002 % |
/// | text close to code, flagged | 8,314 | 0.012 % | 0.144 % | 0.012 % |
/// | whole SQL statements, flagged as an injection | 9,074 | 0.09 % | 0.09 % | 0.07 % |
/// | whole SQL statements, flagged as a command | 9,074 | 10.9 % | 57.4 % | 0 % |
///
/// Other traffic has other rates. To measure them, label some of your own values, one a line in
/// files named `sql-attack-NAME.txt` and `any-benign-NAME.txt`, and let the command line of
/// `examples/` score them: `cargo run --release --example syntrap -- evaluate --policy strict DIR`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Policy {
    /// Effects that make a value an attack when it broke out of data.
    pub injection: Effects,
    /// Effects that make a value an attack when the whole of it is a program.
    pub command: Effects,
}

impl Policy {
    /// For a server in front of an unknown application.
    ///
    /// A whole statement that only reads is no attack: people paste such statements when they
    /// write about SQL, and an application that runs them is a console. Elements of HTML that only
    /// change how text looks are no attack either.
    pub const DEFAULT: Policy = Policy {
        injection: Effects::all().difference(Effects::MARKUP),
        command: Effects::all()
            .difference(Effects::READ.union(Effects::LOGIC).union(Effects::COMPUTE).union(Effects::ARRANGE)),
    };

    /// For an application that takes no free text: everything that counts as evidence counts,
    /// whole statements that only read too.
    pub const STRICT: Policy = Policy { injection: Effects::all(), command: Effects::all() };

    /// For a place where people write about programs: only what reads or changes stored data,
    /// runs code, or reaches files and hosts counts, and only when it broke out of data.
    pub const LAX: Policy = Policy {
        injection: Effects::READ
            .union(Effects::WRITE)
            .union(Effects::DEFINE)
            .union(Effects::DESTROY)
            .union(Effects::EXECUTE)
            .union(Effects::FILE)
            .union(Effects::NETWORK)
            .union(Effects::DELAY)
            .union(Effects::GRANT)
            .union(Effects::ADMINISTER)
            .union(Effects::REDIRECT)
            .union(Effects::SUBMIT),
        command: Effects::empty(),
    };

    /// Whether these effects are an attack in a context of this kind.
    #[inline]
    pub const fn forbids(&self, kind: ContextKind, effects: Effects) -> bool {
        match kind {
            ContextKind::Injection => self.injection.intersects(effects),
            ContextKind::Command => self.command.intersects(effects),
        }
    }
}

impl Policy {
    /// Whether whatever acts is an attack in a context of this kind.
    pub(crate) const fn forbids_all_acts(&self, kind: ContextKind) -> bool {
        let forbidden = match kind {
            ContextKind::Injection => self.injection,
            ContextKind::Command => self.command,
        };
        forbidden.contains(Effects::all().difference(Effects::MARKUP))
    }
}

impl Default for Policy {
    fn default() -> Self {
        Policy::DEFAULT
    }
}
