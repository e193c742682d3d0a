//! What is known about a symbol on the stack: what the rules of `evidence.rs` ask for, and no text.

use crate::Effects;

bitflags::bitflags! {
    /// What an expression is.
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
    pub(crate) struct Facts: u32 {
        /// a string, number, template, regular expression, array or object, written out
        const LITERAL = 1 << 0;
        const STRING = 1 << 1;
        /// a name alone
        const NAME = 1 << 2;
        /// a property of something
        const MEMBER = 1 << 3;
        /// a property whose name is computed
        const COMPUTED = 1 << 4;
        /// what a call or construction gave
        const CALL = 1 << 5;
        /// a function or class, written out
        const FUNCTION = 1 << 6;
        /// `?.` begins it
        const OPTIONAL = 1 << 7;
        /// begins at a global function of `globals.rs`, and is that function
        const GLOBAL_FUNCTION = 1 << 8;
        /// is one whose name only scripts have
        const OWN_FUNCTION = 1 << 9;
        /// is a global object of the page or process, or leads on from it
        const GLOBAL_OBJECT = 1 << 10;
        /// is the global object
        const GLOBAL = 1 << 11;
        /// is an attribute of the global object that is called later
        const HANDLER = 1 << 12;
        /// `location`
        const PLACE = 1 << 13;
        /// the global name is also a word of texts …
        const WORD = 1 << 14;
        /// … and a name in programs of other languages
        const SHARED = 1 << 15;
        /// `this`
        const THIS = 1 << 16;
        /// is the property `constructor` of something
        const CONSTRUCTOR = 1 << 17;
        /// a property of what all values of a kind share: of a method, or of a prototype
        const BUILTIN = 1 << 18;
        /// a literal, or what methods of one gave
        const DATA = 1 << 19;
        /// has a method that operators call …
        const CONVERTS = 1 << 20;
        /// … or one that is called where a property is read
        const GETTER = 1 << 21;
        /// the literal that the value stands in
        const CONFINED = 1 << 22;
        /// white space stands before it
        const APART = 1 << 23;
        /// a bracket with white space before it, behind a word
        const LOOSE = 1 << 24;
        /// an assignment to a name
        const ASSIGNED = 1 << 25;

        /// What a global function is.
        const FUNCTIONS = Self::GLOBAL_FUNCTION.bits() | Self::OWN_FUNCTION.bits();
        /// What a whole has if one of its parts has it.
        const DEEP = Self::CONVERTS.bits() | Self::GETTER.bits() | Self::FUNCTIONS.bits();
        /// What a property has from its object.
        const LED = Self::GLOBAL_OBJECT.bits() | Self::SHARED.bits() | Self::OPTIONAL.bits();
        /// What one of two operands may be.
        const REACH = Self::GLOBAL_FUNCTION.bits() | Self::GLOBAL_OBJECT.bits() | Self::GLOBAL.bits()
            | Self::CALL.bits() | Self::COMPUTED.bits() | Self::CONSTRUCTOR.bits() | Self::FUNCTION.bits()
            | Self::MEMBER.bits();
    }
}

/// What is known about a symbol on the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meaning {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) facts: Facts,
    /// The hash of the name that it is or ends in, or of the text that it is.
    pub(super) word: u32,
    /// What the global name that it begins at does.
    pub(super) effects: Effects,
}

impl Meaning {
    /// A symbol without text.
    pub(super) const fn nothing(at: usize) -> Meaning {
        Meaning { start: at, end: at, facts: Facts::empty(), word: 0, effects: Effects::empty() }
    }
}
