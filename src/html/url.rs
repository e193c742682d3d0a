//! URLs, as far as they make a document active: which scheme a URL has, and what stands behind it.
//! Read as the basic URL parser reads it (URL standard, §4.4): controls and spaces around it are
//! stripped, tabs and newlines in it removed.

use smallvec::SmallVec;

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
    let first = url.iter().position(|&byte| byte > b' ').unwrap_or(url.len());
    let mut body = first;
    let mut decided = false;
    while let Some(&byte) = url.get(body) {
        body += 1;
        match byte {
            b'\t' | b'\n' | b'\r' => {}
            b':' if length > 0 => {
                let (kind, decided) = of_scheme(&scheme[..length], &url[body..]);
                return Url { kind, body, decided };
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.' if length < LONGEST => {
                scheme[length] = byte.to_ascii_lowercase();
                length += 1;
            }
            _ => {
                decided = true;
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

/// The program in a `javascript:` URL, whose scheme is left out: without tabs and newlines (§4.4),
/// percent-decoded (HTML, §7.4.2.3.2).
pub(super) fn program<R>(body: &[u8], run: impl FnOnce(&[u8]) -> R) -> R {
    if !body.iter().any(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b'%')) {
        return run(body);
    }
    let mut program: SmallVec<[u8; super::INLINE]> = SmallVec::new();
    let mut bytes = body.iter().copied().filter(|byte| !matches!(byte, b'\t' | b'\n' | b'\r')).peekable();
    let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            program.push(byte);
            continue;
        }
        let mut ahead = bytes.clone();
        match (digit(ahead.next()), digit(ahead.next())) {
            (Some(high), Some(low)) => {
                program.push((high * 16 + low) as u8);
                bytes = ahead;
            }
            _ => program.push(byte),
        }
    }
    run(&program)
}

/// Whether the body of a `vbscript:` URL is more than a word: an argument follows its first name, or
/// something is assigned. No grammar reads it.
pub(super) fn is_vbscript(body: &[u8]) -> bool {
    let body = body.trim_ascii_start();
    let name = body.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'_'));
    let Some((name, behind)) = name.and_then(|name| body.split_at_checked(name)) else { return false };
    let behind = behind.trim_ascii_start();
    !name.is_empty() && matches!(behind.first(), Some(b'(' | b'=' | b'"' | b'%' | b'0'..=b'9'))
}
