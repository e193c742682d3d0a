//! Holds the tokenizer of HTML against html5ever's, against itself in other states and in pieces,
//! and against the clock.

#[path = "support/browser.rs"]
mod browser;
#[path = "support/html_tokens.rs"]
mod html_tokens;
#[path = "support/language.rs"]
mod language;
#[path = "support/markup.rs"]
mod markup;

use std::hint::black_box;
use std::time::{Duration, Instant};

use html_tokens::emitted;
use html5ever::tokenizer::states::{RawKind, ScriptEscapeKind, State};
use html5ever::tokenizer::{Tag, TagKind, Token as OtherToken, TokenSink, TokenSinkResult};
use proptest::prelude::*;
use syntrap::html::{
    self, Attribute, Decode, Element, Lexed, Lexer, Namespace, Quote, Span, Start, TextKind, Token,
    TokenKind, Tokens, TreeBuilder,
};

/// Every place that a value can land in, with a program in front of it that leads there.
const STARTS: &[(Start, &str)] = &[
    (Start::Data, ""),
    (Start::Rcdata(Element::Title), "<title>"),
    (Start::Rcdata(Element::Textarea), "<textarea>"),
    (Start::Rawtext(Element::Style), "<style>"),
    (Start::Rawtext(Element::Noscript), "<noscript>"),
    (Start::ScriptData, "<script>"),
    (Start::ScriptDataEscaped, "<script><!--x"),
    (Start::ScriptDataDoubleEscaped, "<script><!--<script>"),
    (Start::Plaintext, "<plaintext>"),
    (Start::TagOpen, "<"),
    (Start::EndTagOpen, "</"),
    (Start::TagName, "<unknown-"),
    (Start::BeforeAttributeName, "<unknown "),
    (Start::AttributeName, "<unknown a"),
    (Start::BeforeAttributeValue, "<unknown a="),
    (Start::AttributeValueDoubleQuoted, "<unknown a=\""),
    (Start::AttributeValueSingleQuoted, "<unknown a='"),
    (Start::AttributeValueUnquoted, "<unknown a=b"),
    (Start::BogusComment, "<?"),
    (Start::CommentStart, "<!--"),
    (Start::Comment, "<!--a"),
    (Start::BeforeDoctypeName, "<!DOCTYPE "),
    (Start::CdataSection, "<![CDATA["),
];

fn start() -> impl Strategy<Value = (Start, &'static str)> {
    prop::sample::select(STARTS)
}

fn tree() -> impl Strategy<Value = TreeBuilder> {
    let mut svg = TreeBuilder::NONE;
    svg.namespace = Namespace::Svg;
    prop_oneof![Just(TreeBuilder::DEFAULT), Just(TreeBuilder::NONE), Just(svg)]
}

/// A tree builder that only switches.
struct Switch(TreeBuilder);

impl TokenSink for Switch {
    type Handle = ();

    fn process_token(&self, token: OtherToken, _line: u64) -> TokenSinkResult<()> {
        let OtherToken::TagToken(Tag { kind: TagKind::StartTag, name, .. }) = token else {
            return TokenSinkResult::Continue;
        };
        match &*name {
            _ if !self.0.switches => TokenSinkResult::Continue,
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.0.namespace != Namespace::Html
    }
}

/// A token on one line: its kind, its text, `…` where it is cut off.
fn shown(value: &[u8], token: &Token) -> String {
    let text = |how: Decode, span: Span| {
        String::from_utf8_lossy(&how.decoder(span.of(value)).bytes().collect::<Vec<u8>>()).into_owned()
    };
    let shown = match token.kind {
        TokenKind::StartTag(tag) => format!("<{}", text(Decode::NAME, tag.name)),
        TokenKind::EndTag(tag) => format!("</{}", text(Decode::NAME, tag.name)),
        TokenKind::Attribute(Attribute { name, quote: Quote::Empty, .. }) => text(Decode::NAME, name),
        TokenKind::Attribute(Attribute { name, value, quote, .. }) => {
            format!("{}={quote:?} {}", text(Decode::NAME, name), text(Decode::ATTRIBUTE, value))
        }
        TokenKind::TagEnd { self_closing } => (if self_closing { "/>" } else { ">" }).to_owned(),
        TokenKind::Comment { data } => format!("comment {}", text(Decode::PLAIN, data)),
        TokenKind::Text { kind, data } => format!("{kind:?} {}", text(kind.decode(), data)),
        other => format!("{other:?}"),
    };
    let (before, behind) = (if token.continued { "…" } else { "" }, if token.open { "…" } else { "" });
    format!("{before}{shown}{behind}")
}

fn assert_tokens(rows: &[(Start, &str, &[&str])]) {
    for &(start, value, expected) in rows {
        let value = value.as_bytes();
        let found: Vec<_> = html::tokens(value, start).map(|token| shown(value, &token)).collect();
        assert_eq!(found, expected, "{} from {start:?}", value.escape_ascii());
    }
}

#[test]
fn a_value_that_does_not_leave_its_place_is_one_token() {
    assert_tokens(&[
        (Start::Data, "a < b &amp; c > d", &["Data a < b & c > d"]),
        (Start::AttributeValueDoubleQuoted, "it's <b>", &["…=Double it's <b>…"]),
        (Start::AttributeValueSingleQuoted, "\"<b>\"", &["…=Single \"<b>\"…"]),
        (Start::AttributeValueUnquoted, "a'b=c<", &["…=Unquoted a'b=c<…"]),
        (Start::AttributeName, "b\"<", &["…b\"<…"]),
        (Start::TagName, "b<c", &["…<b<c…"]),
        (Start::Rcdata(Element::Title), "</style> <b>", &["Rcdata </style> <b>"]),
        (Start::Rawtext(Element::Style), "</title> &lt;", &["Rawtext </title> &lt;"]),
        (Start::ScriptData, "</scripts>", &["ScriptData </scripts>"]),
        (Start::ScriptDataDoubleEscaped, "</script><!--", &["ScriptData </script><!--"]),
        (Start::ScriptDataEscaped, "</a<script></script>b", &["ScriptData </a<script></script>b"]),
        (Start::Plaintext, "</plaintext>", &["Plaintext </plaintext>"]),
        (Start::Comment, "> -> --", &["…comment > -> …"]),
        (Start::BogusComment, "-- ", &["…comment -- …"]),
    ]);
}

#[test]
fn a_value_leaves_its_place_as_the_standard_says() {
    assert_tokens(&[
        (Start::AttributeValueDoubleQuoted, "a\"b", &["…=Double a", "b…"]),
        (Start::AttributeValueUnquoted, "a\x0cb", &["…=Unquoted a", "b…"]),
        (Start::AttributeValueUnquoted, "/>c", &["…=Unquoted /", ">", "Data c"]),
        (Start::BeforeAttributeValue, "'a b'c", &["…=Single a b", "c…"]),
        (Start::BeforeAttributeValue, ">a", &["…", ">", "Data a"]),
        (Start::BeforeAttributeName, "/a=b/c", &["a=Unquoted b/c…"]),
        (Start::AttributeName, "=b c", &["…=Unquoted b", "c…"]),
        (Start::TagName, " a>", &["…<", "a", ">"]),
        (Start::TagOpen, "b/>", &["…<b", "/>"]),
        (Start::TagOpen, "!-->a", &["…comment ", "Data a"]),
        (Start::TagOpen, " b<i", &["Data  b", "<i…"]),
        (Start::EndTagOpen, "b c>", &["…</b", "c", ">"]),
        (Start::CommentStart, ">a", &["…comment ", "Data a"]),
        (Start::CommentStart, "->a", &["…comment ", "Data a"]),
        (Start::Comment, "a--!>b", &["…comment a", "Data b"]),
        (Start::Rcdata(Element::Title), "a</TITLE\n>b", &["Rcdata a", "</title", ">", "Data b"]),
        (Start::ScriptDataEscaped, "</script >b", &["</script", ">", "Data b"]),
        (Start::ScriptDataDoubleEscaped, "--></script>b", &["ScriptData -->", "</script", ">", "Data b"]),
        (Start::CdataSection, "a]]]>b", &["…CdataSection a]", "Data b"]),
    ]);
}

#[test]
fn a_start_tag_switches_to_the_text_of_its_element() {
    assert_tokens(&[
        (Start::Data, "<style/><b>", &["<style", "/>", "Rawtext <b>"]),
        (Start::Data, "<textarea><b>&lt;", &["<textarea", ">", "Rcdata <b><"]),
        (Start::Data, "</style><b>", &["</style", ">", "<b", ">"]),
        (Start::Data, "<svg><style><b>", &["<svg", ">", "<style", ">", "<b", ">"]),
        (
            Start::AttributeValueDoubleQuoted,
            "\"><script>a",
            &["…=Double ", ">", "<script", ">", "ScriptData a"],
        ),
    ]);
}

#[test]
fn references_are_decoded_where_the_standard_decodes_them() {
    assert_tokens(&[
        (Start::Data, "&notit; &ampx", &["Data \u{ac}it; &x"]),
        (Start::AttributeValueDoubleQuoted, "&notit; &ampx &amp= &amp", &["…=Double &notit; &ampx &amp= &…"]),
        (Start::AttributeValueDoubleQuoted, "&#x6a&#97;&Tab;&colon;", &["…=Double ja\t:…"]),
        (Start::Data, "&#x80;&#0;&#xd800;&#x110000;&#", &["Data \u{20ac}\u{fffd}\u{fffd}\u{fffd}&#"]),
        (Start::Data, "a\r\nb\rc&#13;", &["Data a\nb\nc\r"]),
        (Start::ScriptData, "&lt;", &["ScriptData &lt;"]),
    ]);
}

#[test]
fn a_name_is_given_in_lower_case_while_it_is_not_too_long() {
    let mut tokens = html::tokens(b"<SVG \xc3\x84B=c \n>", Start::Data);
    assert_eq!(tokens.name(), Some(&b""[..]));
    for name in [&b"svg"[..], b"\xc3\x84b"] {
        assert!(tokens.next().is_some());
        assert_eq!(tokens.name(), Some(name));
    }
    let long = [b"<".as_slice(), &[b'a'; 100]].concat();
    let mut tokens = html::tokens(&long, Start::Data);
    assert!(tokens.next().is_some());
    assert_eq!(tokens.name(), None);
}

#[test]
fn every_element_is_found_by_its_name() {
    for &element in Element::ALL {
        assert_eq!(Element::named(element.name().as_bytes()), element);
    }
    assert_eq!(Element::named(b"unknown"), Element::Unknown);
    assert_eq!(Element::named(b""), Element::Unknown);
}

/// The tokens of an input that comes in pieces, cut at these places.
fn in_pieces(input: &[u8], mut cuts: Vec<usize>, start: Start, tree: TreeBuilder) -> Vec<Token> {
    cuts.push(0);
    cuts.push(input.len());
    cuts.sort_unstable();
    let mut lexer = Lexer::new(start, tree);
    let mut tokens = Vec::new();
    let mut pending = 0;
    for (number, cut) in cuts.windows(2).enumerate() {
        let last = number + 2 == cuts.len();
        loop {
            match lexer.next(&input[cut[0]..cut[1]], cut[0], last) {
                Lexed::Token(token) => {
                    assert!(token.span.start >= pending, "{token:?} begins in front of {pending}");
                    tokens.push(token);
                }
                Lexed::More => {
                    assert!(!last);
                    pending = pending.max(lexer.pending());
                    break;
                }
                Lexed::End => {
                    assert!(last);
                    break;
                }
            }
        }
        assert_eq!(lexer.position(), cut[1]);
    }
    tokens
}

proptest! {
    #![proptest_config(language::config(4096))]

    #[test]
    fn the_tokens_are_those_of_html5ever(
        input in markup::text(16),
        (start, state, last_start_tag) in prop::sample::select(&[
            (Start::Data, State::Data, None),
            (Start::Rcdata(Element::Textarea), State::RawData(RawKind::Rcdata), Some("textarea")),
            (Start::Rawtext(Element::Style), State::RawData(RawKind::Rawtext), Some("style")),
            (Start::ScriptData, State::RawData(RawKind::ScriptData), Some("script")),
            (
                Start::ScriptDataEscaped,
                State::RawData(RawKind::ScriptDataEscaped(ScriptEscapeKind::Escaped)),
                Some("script"),
            ),
            (
                Start::ScriptDataDoubleEscaped,
                State::RawData(RawKind::ScriptDataEscaped(ScriptEscapeKind::DoubleEscaped)),
                Some("script"),
            ),
            (Start::Plaintext, State::Plaintext, None),
            (Start::CommentStart, State::CommentStart, None),
            (Start::BogusComment, State::BogusComment, None),
            (Start::CdataSection, State::CdataSection, None),
        ]),
        mut tree in tree(),
    ) {
        tree.foreign = false;
        prop_assert_eq!(
            emitted(input.as_bytes(), Tokens::new(input.as_bytes(), start, tree)),
            browser::tokenized(&input, state, last_start_tag, Switch(tree))
        );
    }

    #[test]
    fn a_value_is_read_as_it_is_behind_a_program(
        value in markup::bytes(12),
        (start, program) in start(),
    ) {
        let mut tree = TreeBuilder::DEFAULT;
        if start == Start::CdataSection {
            tree.namespace = Namespace::Svg;
        }
        let of_value: Vec<_> = Tokens::new(&value, start, tree).collect();
        let mut lexer = Lexer::new(Start::Data, tree);
        while let Lexed::Token(_) = lexer.next(program.as_bytes(), 0, false) {}
        let mut behind = Vec::new();
        while let Lexed::Token(token) = lexer.next(&value, program.len(), true) {
            behind.extend(shifted(token, program.len()));
        }
        prop_assert_eq!(of_value, behind, "behind {}", program);
    }

    #[test]
    fn however_a_value_is_cut_the_tokens_are_the_same(
        input in markup::bytes(16),
        (start, _) in start(),
        tree in tree(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
        let whole: Vec<_> = Tokens::new(&input, start, tree).collect();
        prop_assert_eq!(&in_pieces(&input, cuts.clone(), start, tree), &whole, "cut at {:?}", cuts);
        prop_assert_eq!(&in_pieces(&input, (0..input.len()).collect(), start, tree), &whole, "byte by byte");
    }

    #[test]
    fn tokens_stand_in_order_inside_the_input(
        input in markup::bytes(16),
        (start, _) in start(),
        tree in tree(),
    ) {
        let mut end = 0;
        for (number, token) in Tokens::new(&input, start, tree).enumerate() {
            prop_assert!(token.span.start >= end, "{:?} behind {}", token, end);
            prop_assert!(token.span.start <= token.span.end && token.span.end <= input.len(), "{:?}", token);
            prop_assert!(number == 0 || !token.continued, "{:?}", token);
            for part in parts(&token) {
                prop_assert!(token.span.start <= part.start && part.start <= part.end && part.end <= token.span.end, "{:?}", token);
            }
            end = token.span.end;
        }
    }

    #[test]
    fn decoding_says_where_its_bytes_come_from(input in markup::bytes(12), how in decode()) {
        let mut end = 0;
        let mut decoded = Vec::new();
        for chunk in how.decoder(&input) {
            prop_assert_eq!(chunk.start, end);
            prop_assert!(chunk.end > chunk.start && chunk.end <= input.len());
            if chunk.is_literal() {
                prop_assert_eq!(chunk.bytes(), &input[chunk.start..chunk.end]);
            }
            end = chunk.end;
            decoded.extend_from_slice(chunk.bytes());
        }
        prop_assert_eq!(end, input.len());
        prop_assert!(how.decoder(&input).bytes().eq(decoded.iter().copied()));
        prop_assert!(how.decoder(&input).eq_ignore_ascii_case(&decoded));
        for room in [0, 1, decoded.len() / 2, decoded.len(), decoded.len() + 1] {
            let mut buffer = vec![0; room];
            let (copied, whole) = how.decoder(&input).copy_to(&mut buffer);
            prop_assert_eq!(copied, &decoded[..room.min(decoded.len())]);
            prop_assert_eq!(whole, room >= decoded.len());
        }
    }
}

fn decode() -> impl Strategy<Value = Decode> {
    prop::sample::select(&[
        Decode::DATA,
        Decode::RCDATA,
        Decode::ATTRIBUTE,
        Decode::PLAIN,
        Decode::CDATA,
        Decode::NAME,
    ])
}

/// The spans in a token.
fn parts(token: &Token) -> Vec<Span> {
    match token.kind {
        TokenKind::StartTag(tag) | TokenKind::EndTag(tag) => vec![tag.name],
        TokenKind::Attribute(attribute) => vec![attribute.name, attribute.value],
        TokenKind::Comment { data } | TokenKind::Text { data, .. } => vec![data],
        TokenKind::Doctype { name } => name.into_iter().collect(),
        TokenKind::PublicIdentifier(span) | TokenKind::SystemIdentifier(span) => vec![span],
        _ => Vec::new(),
    }
}

/// A token that ends in the value behind a program, as one of the value alone; `None` where it is
/// text of the program.
fn shifted(mut token: Token, by: usize) -> Option<Token> {
    let text = matches!(token.kind, TokenKind::Text { kind, .. } if kind != TextKind::CdataSection);
    if text && token.span.end == by {
        return None;
    }
    token.continued = token.span.start < by && !text;
    let shift =
        |span: &mut Span| *span = Span::new(span.start.saturating_sub(by), span.end.saturating_sub(by));
    shift(&mut token.span);
    match &mut token.kind {
        TokenKind::StartTag(tag) | TokenKind::EndTag(tag) => shift(&mut tag.name),
        TokenKind::Attribute(attribute) => {
            shift(&mut attribute.name);
            shift(&mut attribute.value);
        }
        TokenKind::Comment { data } | TokenKind::Text { data, .. } => shift(data),
        TokenKind::Doctype { name } => name.iter_mut().for_each(shift),
        TokenKind::PublicIdentifier(span) | TokenKind::SystemIdentifier(span) => shift(span),
        _ => {}
    }
    Some(token)
}

/// What an input is repeated from to make the tokenizer or the decoder slow.
const REPETITIONS: &[&str] = &[
    "<",
    "<a ",
    "on'<a ",
    "a='",
    "<!--",
    "&amp;",
    "&#x",
    "&",
    "&a",
    "&#",
    "&#1",
    "&notit",
    "-",
    "--",
    "--!",
    "<!",
    "</",
    "</>",
    "</a",
    "</script",
    "<script",
    "<script>",
    "<!--<script>",
    "<title>",
    "</title",
    "a",
    "a ",
    "a=",
    "=",
    "\"",
    "'",
    "/",
    "/>",
    ">",
    "]",
    "]]",
    "<![CDATA[",
    "<!DOCTYPE",
    "<!DOCTYPE a PUBLIC'",
    " ",
    "\r",
    "\0",
    "A",
    "\u{e9}",
    "<svg>",
    "<svg><desc>",
    "</svg>",
    "<textarea></textarea",
    "<b c d=e f='g'>",
];

const SHORT: usize = 4 << 10;
const LONG: usize = if cfg!(debug_assertions) { 64 << 10 } else { 1 << 20 };
/// How much more a byte of a long input may cost than one of a short input.
const FACTOR: f64 = 3.0;
/// What the clock and the scheduler may add to a measurement.
const NOISE: Duration = Duration::from_micros(200);

/// Reads all tokens and decodes all of their text.
fn read(input: &[u8], start: Start) {
    for token in html::tokens(input, start) {
        match token.kind {
            TokenKind::Text { kind, data } => kind.decode().decoder(data.of(input)).for_each(|chunk| {
                black_box(chunk.bytes());
            }),
            TokenKind::Attribute(attribute) => attribute.decoded_value(input).for_each(|chunk| {
                black_box(chunk.bytes());
            }),
            _ => {
                black_box(token);
            }
        }
    }
}

fn best(input: &[u8], start: Start, rounds: usize) -> Duration {
    let run = || {
        let begin = Instant::now();
        read(black_box(input), start);
        begin.elapsed()
    };
    (0..rounds).map(|_| run()).min().unwrap_or_default()
}

#[test]
fn tokens_take_linear_time() {
    for piece in REPETITIONS {
        for &(start, _) in STARTS {
            let input = |bytes| piece.bytes().cycle().take(bytes).collect::<Vec<u8>>();
            let (short, long) = (input(SHORT), input(LONG));
            let ratio = long.len() as f64 / short.len() as f64;
            // Noise only ever adds; later rounds are for machines that are busy.
            let linear = (0..8)
                .any(|_| best(&long, start, 1) <= best(&short, start, 3).mul_f64(ratio * FACTOR) + NOISE);
            assert!(linear, "{piece:?} … from {start:?}");
        }
    }
}

#[test]
fn tokens_are_read_without_allocation() {
    for piece in REPETITIONS {
        for &(start, _) in STARTS {
            let input: Vec<u8> = piece.bytes().cycle().take(SHORT).collect();
            let counted = allocation_counter::measure(|| read(&input, start));
            assert_eq!(counted.count_total, 0, "{piece:?} … from {start:?}");
        }
    }
}
