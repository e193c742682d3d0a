//! Names of elements. The tokenizer asks for them because the standard's tree builder switches it
//! by them (§13.2.6.4); what else they mean is for others to say.

/// The longest name that is kept: longer than any that HTML, SVG or MathML gives to an element or an
/// attribute.
const LONGEST: usize = 48;

/// A name as it is read: ASCII letters in lower case, as much of it as can be a known one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    bytes: [u8; LONGEST],
    /// [`Name::UNKNOWN`] for a name that is too long, or whose beginning is not known.
    length: u8,
    hash: u32,
}

impl Name {
    const UNKNOWN: u8 = u8::MAX;

    pub(super) const EMPTY: Name = Name { bytes: [0; LONGEST], length: 0, hash: HASH_START };

    pub(super) fn new(name: &[u8]) -> Name {
        let mut new = Name::EMPTY;
        new.extend(name);
        new
    }

    /// Begins a name.
    #[inline]
    pub(super) fn clear(&mut self) {
        self.length = 0;
        self.hash = HASH_START;
    }

    /// Goes on with a name that began in front of the value.
    pub(super) fn begin_unknown(&mut self) {
        self.length = Name::UNKNOWN;
    }

    #[inline]
    pub(super) fn extend(&mut self, text: &[u8]) {
        let free = self.bytes.get_mut(usize::from(self.length)..).filter(|free| free.len() >= text.len());
        let Some(free) = free else {
            self.length = Name::UNKNOWN;
            return;
        };
        let mut hash = self.hash;
        for (place, byte) in free.iter_mut().zip(text) {
            *place = byte.to_ascii_lowercase();
            hash = hash_step(hash, *place);
        }
        self.hash = hash;
        self.length += text.len() as u8;
    }

    /// Goes on with one byte.
    #[inline]
    pub(super) fn push(&mut self, byte: u8) {
        let Some(place) = self.bytes.get_mut(usize::from(self.length)) else {
            self.length = Name::UNKNOWN;
            return;
        };
        *place = byte.to_ascii_lowercase();
        self.hash = hash_step(self.hash, *place);
        self.length += 1;
    }

    /// The name, if it is known whole.
    #[inline]
    pub(super) fn get(&self) -> Option<&[u8]> {
        self.bytes.get(..usize::from(self.length))
    }

    /// The element of this name.
    #[inline]
    pub(super) fn element(&self) -> Element {
        self.get().map_or(Element::Unknown, |name| lookup(name, self.hash))
    }
}

macro_rules! elements {
    ($($variant:ident $name:literal,)*) => {
        /// An element that HTML, SVG or MathML defines, by its name in lower case.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Element {
            /// Any other name.
            Unknown,
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Element {
            /// Every element that has a name, sorted by namespace and name.
            pub const ALL: &[Element] = &[$(Element::$variant),*];

            /// Its name in lower case; empty for [`Element::Unknown`].
            pub const fn name(self) -> &'static str {
                const NAMES: &[&str] = &["", $($name),*];
                NAMES[self as usize]
            }
        }
    };
}

elements! {
    // HTML (§4, obsolete ones of §16.2 included)
    A "a",
    Abbr "abbr",
    Acronym "acronym",
    Address "address",
    Applet "applet",
    Area "area",
    Article "article",
    Aside "aside",
    Audio "audio",
    B "b",
    Base "base",
    Basefont "basefont",
    Bdi "bdi",
    Bdo "bdo",
    Bgsound "bgsound",
    Big "big",
    Blink "blink",
    Blockquote "blockquote",
    Body "body",
    Br "br",
    Button "button",
    Canvas "canvas",
    Caption "caption",
    Center "center",
    Cite "cite",
    Code "code",
    Col "col",
    Colgroup "colgroup",
    Data "data",
    Datalist "datalist",
    Dd "dd",
    Del "del",
    Details "details",
    Dfn "dfn",
    Dialog "dialog",
    Dir "dir",
    Div "div",
    Dl "dl",
    Dt "dt",
    Em "em",
    Embed "embed",
    Fieldset "fieldset",
    Figcaption "figcaption",
    Figure "figure",
    Font "font",
    Footer "footer",
    Form "form",
    Frame "frame",
    Frameset "frameset",
    H1 "h1",
    H2 "h2",
    H3 "h3",
    H4 "h4",
    H5 "h5",
    H6 "h6",
    Head "head",
    Header "header",
    Hgroup "hgroup",
    Hr "hr",
    Html "html",
    I "i",
    Iframe "iframe",
    Image "image",
    Img "img",
    Input "input",
    Ins "ins",
    Isindex "isindex",
    Kbd "kbd",
    Keygen "keygen",
    Label "label",
    Legend "legend",
    Li "li",
    Link "link",
    Listing "listing",
    Main "main",
    Map "map",
    Mark "mark",
    Marquee "marquee",
    Menu "menu",
    Menuitem "menuitem",
    Meta "meta",
    Meter "meter",
    Multicol "multicol",
    Nav "nav",
    Nextid "nextid",
    Nobr "nobr",
    Noembed "noembed",
    Noframes "noframes",
    Noscript "noscript",
    Object "object",
    Ol "ol",
    Optgroup "optgroup",
    Option "option",
    Output "output",
    P "p",
    Param "param",
    Picture "picture",
    Plaintext "plaintext",
    Pre "pre",
    Progress "progress",
    Q "q",
    Rb "rb",
    Rbc "rbc",
    Rp "rp",
    Rt "rt",
    Rtc "rtc",
    Ruby "ruby",
    S "s",
    Samp "samp",
    Script "script",
    Search "search",
    Section "section",
    Select "select",
    Selectedcontent "selectedcontent",
    Slot "slot",
    Small "small",
    Source "source",
    Spacer "spacer",
    Span "span",
    Strike "strike",
    Strong "strong",
    Style "style",
    Sub "sub",
    Summary "summary",
    Sup "sup",
    Table "table",
    Tbody "tbody",
    Td "td",
    Template "template",
    Textarea "textarea",
    Tfoot "tfoot",
    Th "th",
    Thead "thead",
    Time "time",
    Title "title",
    Tr "tr",
    Track "track",
    Tt "tt",
    U "u",
    Ul "ul",
    Var "var",
    Video "video",
    Wbr "wbr",
    Xmp "xmp",
    // SVG 2, in foreign content
    Svg "svg",
    Animate "animate",
    AnimateMotion "animatemotion",
    AnimateTransform "animatetransform",
    Circle "circle",
    ClipPath "clippath",
    Defs "defs",
    Desc "desc",
    Discard "discard",
    Ellipse "ellipse",
    Filter "filter",
    ForeignObject "foreignobject",
    G "g",
    Line "line",
    LinearGradient "lineargradient",
    Marker "marker",
    Mask "mask",
    Metadata "metadata",
    Mpath "mpath",
    Path "path",
    Pattern "pattern",
    Polygon "polygon",
    Polyline "polyline",
    RadialGradient "radialgradient",
    Rect "rect",
    Set "set",
    Stop "stop",
    Switch "switch",
    Symbol "symbol",
    Text "text",
    TextPath "textpath",
    Tspan "tspan",
    Use "use",
    View "view",
    // MathML Core, in foreign content
    Math "math",
    Annotation "annotation",
    AnnotationXml "annotation-xml",
    Maction "maction",
    Merror "merror",
    Mfrac "mfrac",
    Mi "mi",
    Mmultiscripts "mmultiscripts",
    Mn "mn",
    Mo "mo",
    Mover "mover",
    Mpadded "mpadded",
    Mphantom "mphantom",
    Mprescripts "mprescripts",
    Mroot "mroot",
    Mrow "mrow",
    Ms "ms",
    Mspace "mspace",
    Msqrt "msqrt",
    Mstyle "mstyle",
    Msub "msub",
    Msubsup "msubsup",
    Msup "msup",
    Mtable "mtable",
    Mtd "mtd",
    Mtext "mtext",
    Mtr "mtr",
    Munder "munder",
    Munderover "munderover",
    Semantics "semantics",
    Malignmark "malignmark",
    Mglyph "mglyph",
}

impl Element {
    /// The element of this name, which is in lower case.
    pub fn named(name: &[u8]) -> Element {
        lookup(name, hash(name))
    }
}

#[inline]
fn lookup(name: &[u8], hash: u32) -> Element {
    let mut slot = slot(hash);
    loop {
        let element = ELEMENTS[slot];
        let known = element.name().as_bytes();
        // A loop is faster than a call for so few bytes, which were written just now.
        let same = known.len() == name.len() && known.iter().zip(name).all(|(known, byte)| known == byte);
        if same || element == Element::Unknown {
            return element;
        }
        slot = (slot + 1) % SLOTS;
    }
}

const SLOTS: usize = 1024;

/// An open-addressing table.
static ELEMENTS: [Element; SLOTS] = {
    let mut table = [Element::Unknown; SLOTS];
    let mut i = 0;
    while i < Element::ALL.len() {
        let element = Element::ALL[i];
        assert!(element.name().len() <= LONGEST);
        let mut slot = slot(hash(element.name().as_bytes()));
        while table[slot] as u8 != Element::Unknown as u8 {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = element;
        i += 1;
    }
    table
};

const HASH_START: u32 = 0;

#[inline]
const fn hash_step(hash: u32, byte: u8) -> u32 {
    hash.rotate_left(5) ^ byte as u32
}

const fn hash(name: &[u8]) -> u32 {
    let mut hash = HASH_START;
    let mut i = 0;
    while i < name.len() {
        hash = hash_step(hash, name[i]);
        i += 1;
    }
    hash
}

#[inline]
const fn slot(hash: u32) -> usize {
    (hash.wrapping_mul(0x9e37_79b1) >> 22) as usize % SLOTS
}
