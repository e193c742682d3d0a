//! URLs, as far as they make a document active: which scheme a URL has, and what stands behind it.
//! Read as the basic URL parser reads it (URL standard, §4.4): controls and spaces around it are
//! stripped, tabs and newlines in it removed.

use std::ops::Range;

use smallvec::SmallVec;

use super::Decode;

/// How long a comment in a scheme may be, in bytes.
const DROPPED: usize = 64;

/// What a URL names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Nothing, or a place that does not matter.
    Nothing,
    /// Something on this host.
    Local,
    /// Something on another host, or of a scheme that is not known.
    Elsewhere,
    /// `javascript:` and the schemes that stood for it.
    JavaScript,
    /// `vbscript:`.
    VbScript,
    /// A `data:` URL with a document in which scripts run.
    Document,
    /// A `data:` URL with an image that is such a document where it does not stand in an image's
    /// place.
    ImageDocument,
    /// Any other `data:` URL.
    Data,
}

/// The longest scheme that matters.
const LONGEST: usize = 12;

/// A URL, or the beginning of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Url {
    /// What it names.
    pub(super) kind: Kind,
    /// Where the text behind the scheme begins.
    pub(super) body: usize,
    /// Whether it names that whatever comes behind.
    pub(super) decided: bool,
}

impl Url {
    /// Whether following it runs something.
    pub(super) fn acts(&self) -> bool {
        matches!(self.kind, Kind::JavaScript | Kind::VbScript | Kind::Document)
    }
}

/// Reads a URL.
pub(super) fn read(url: &[u8]) -> Url {
    let mut scheme = [0; LONGEST];
    let mut length = 0;
    let mut first = 0;
    while let length @ 1.. = dropped(&url[first..], true) {
        first += length;
    }
    let mut body = first;
    let mut decided = false;
    while let Some(&byte) = url.get(body) {
        let skipped = dropped(&url[body..], false);
        body += skipped.max(1);
        match byte {
            _ if skipped > 0 => {}
            b'%' if length > 0 && begins(&url[body..], b"3a") => {
                body += 2;
                let (kind, decided) = of_scheme(&scheme[..length], &url[body..]);
                return Url { kind, body, decided };
            }
            b':' if length > 0 => {
                let (kind, decided) = of_scheme(&scheme[..length], &url[body..]);
                return Url { kind, body, decided };
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.' if length < LONGEST => {
                scheme[length] = byte.to_ascii_lowercase();
                length += 1;
            }
            _ => {
                // What may go on as something that is dropped.
                let open = matches!(byte, b'%' | b'<' | b']' | 0x80..);
                decided = !open || url.len() - body >= DROPPED;
                break;
            }
        }
    }
    let slash = |at: usize| matches!(url.get(at), Some(b'/' | b'\\'));
    let kind = match () {
        () if first == url.len() => Kind::Nothing,
        () if slash(first) && slash(first + 1) => Kind::Elsewhere,
        () => Kind::Local,
    };
    Url { kind, body: first, decided }
}

/// What a scheme and the text behind it name, and whether that is certain.
fn of_scheme(scheme: &[u8], behind: &[u8]) -> (Kind, bool) {
    match scheme {
        b"javascript" | b"livescript" | b"mocha" | b"jscript" => (Kind::JavaScript, true),
        b"vbscript" | b"vbs" => (Kind::VbScript, true),
        b"data" => of_data(behind),
        b"about" => (Kind::Nothing, true),
        // The scheme of a feed stands before that of the document.
        b"feed" => {
            let url = read(behind);
            (if url.kind == Kind::JavaScript { url.kind } else { Kind::Elsewhere }, url.decided)
        }
        _ => (Kind::Elsewhere, true),
    }
}

/// The media types of documents in which scripts run (HTML, §8.1, "XML and HTML documents"; MIME
/// Sniffing, §4.6).
fn of_data(behind: &[u8]) -> (Kind, bool) {
    let mut media = [0; 40];
    let mut length = 0;
    let mut ended = false;
    for &byte in behind {
        match byte {
            b'\t' | b'\n' | b'\r' | b' ' => {}
            b',' | b';' => {
                ended = true;
                break;
            }
            _ => {
                let Some(place) = media.get_mut(length) else { return (Kind::Data, true) };
                *place = byte.to_ascii_lowercase();
                length += 1;
            }
        }
    }
    let kind = match &media[..length] {
        b"image/svg+xml" | b"image/svg-xml" => Kind::ImageDocument,
        b"text/html" | b"text/xml" | b"application/xml" | b"text/xsl" | b"text/x-scriptlet" => Kind::Document,
        b"text/javascript" | b"application/javascript" | b"text/ecmascript" => Kind::Document,
        media if media.starts_with(b"application/") && media.ends_with(b"+xml") => Kind::Document,
        _ => return (Kind::Data, ended),
    };
    // Without a comma there is no data.
    if memchr::memchr(b',', behind).is_some() { (kind, true) } else { (Kind::Data, false) }
}

/// What stands behind the scheme of a `javascript:` URL, without tabs and newlines (§4.4).
pub(super) fn body<R>(body: &[u8], read: impl FnOnce(&[u8]) -> R) -> R {
    let removed = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r');
    if !body.iter().any(removed) {
        return read(body);
    }
    let kept: SmallVec<[u8; super::INLINE]> = body.iter().copied().filter(|byte| !removed(byte)).collect();
    read(&kept)
}

/// A link in text: a URL with a scripting scheme behind what opens one in a lighter markup, a string
/// or an attribute.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// Where its opening stands.
    pub(super) opener: usize,
    /// Where its URL stands.
    pub(super) url: Range<usize>,
    /// Whether its end was found.
    pub(super) closed: bool,
}

/// How much of a link's beginning says that it is one, in bytes: its opening and its scheme, in which
/// references may stand.
pub(super) const LONGEST_OPENING: usize = 16 + REFERENCES;

/// How long a scheme with references in it may be, in bytes.
const REFERENCES: usize = 128;

/// The first link in text: `](URL)`, `"URL"`, `'URL'`, `<URL>`, `[url=URL]`, `[label]: URL`.
pub(super) fn link(text: &[u8]) -> Option<Link> {
    memchr::memchr2_iter(b':', b'&', text).find_map(|at| {
        // Both schemes end so.
        if text[at] == b':' && !matches!(text[..at].last(), Some(b't' | b'T')) {
            return None;
        }
        let letters = text[..at].iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).take(LONGEST);
        let start = at - letters.count();
        let opener = start.checked_sub(1)?;
        let closer = match text[opener] {
            b'(' => b')',
            b'<' => b'>',
            b'=' => b']',
            quote @ (b'"' | b'\'') => quote,
            b' ' if defines_label(&text[..opener]) => b' ',
            _ => return None,
        };
        match text[at] {
            b':' => {
                let schemes: [&[u8]; 2] = [b"javascript", b"vbscript"];
                schemes.iter().find(|scheme| text[start..at].eq_ignore_ascii_case(scheme))?;
            }
            // Markdown (CommonMark, §6.3) has references in what stands in parentheses.
            _ if text[..opener].last() == Some(&b']') && closer == b')' => {
                let mut scheme = [0; REFERENCES];
                let raw = &text[start..text.len().min(start + REFERENCES)];
                let (scheme, _) = Decode::ATTRIBUTE.decoder(raw).copy_to(&mut scheme);
                Some(read(scheme).acts()).filter(|acts| *acts)?;
            }
            _ => return None,
        }
        let mut depth = 0_usize;
        let end = text[at..].iter().position(|&byte| match byte {
            b'(' | b'[' => {
                depth += 1;
                false
            }
            b')' | b']' if depth > 0 => {
                depth -= 1;
                false
            }
            _ => byte == closer || closer == b' ' && byte == b'\n',
        });
        let closed = end.is_some();
        Some(Link { opener, url: start..end.map_or(text.len(), |end| at + end), closed })
    })
}

/// Whether a text begins with a character that is dropped before a scheme.
pub(super) fn begins_dropped(text: &[u8]) -> bool {
    dropped(text, true) > 0
}

/// Whether text ends in the label of a link and its colon (CommonMark, §4.7), perhaps with blanks.
fn defines_label(text: &[u8]) -> bool {
    let blanks = text.iter().rev().take(3).take_while(|&&byte| byte == b' ').count();
    text[..text.len() - blanks].ends_with(b"]:")
}

fn begins(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
}

/// The length of a character at the start of text that browsers have dropped from URLs, standard or
/// not: controls, what stands for NUL, and, before the scheme, white space of any script.
#[inline]
fn dropped(text: &[u8], before: bool) -> usize {
    match text {
        // Most characters are letters of the scheme.
        [b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9', ..] => 0,
        _ => dropped_sign(text, before),
    }
}

/// The same of a character that is no letter.
#[inline(never)]
fn dropped_sign(text: &[u8], before: bool) -> usize {
    match text {
        [0..b' ', ..] => 1,
        [0xef, 0xbf, 0xbd, ..] => 3,
        [b' ', ..] if before => 1,
        [0xc2, 0xa0 | 0x85, ..] if before => 2,
        [0xe1, 0x9a, 0x80, ..] | [0xe1, 0xa0, 0x8e, ..] | [0xe3, 0x80, 0x80, ..] if before => 3,
        // Typographic quotes, which some readers take for quotes.
        [0xe2, 0x80, 0x98..=0x9f, ..] if before => 3,
        [0xe2, 0x80, 0x80..=0x8f | 0xa8 | 0xa9 | 0xaf, ..] | [0xe2, 0x81, 0x9f | 0xa0, ..] if before => 3,
        [0xef, 0xbb, 0xbf, ..] if before => 3,
        // The program around may undo percent-encoding once more.
        [b'%', b'0' | b'1', digit, ..] if digit.is_ascii_hexdigit() => 3,
        // Comments and borders of CDATA sections are nothing in the text of XML.
        [b'<', b'!', b'-', b'-', ..] => {
            let end = memchr::memmem::find(&text[..text.len().min(DROPPED)], b"-->");
            end.map_or(0, |end| end + 3)
        }
        _ if text.starts_with(b"<![CDATA[") => 9,
        [b']', b']', b'>', ..] => 3,
        [b']', b']', ..] => 2,
        _ => 0,
    }
}
