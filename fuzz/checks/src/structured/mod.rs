//! What holds for values that are attacks by construction: the value part of a well-formed program, which
//! was cut where a context begins and carries an instruction. It is found in that context, and however
//! it is written without a change of its meaning, it is found still.

pub mod html;
pub mod js;
pub mod shell;
pub mod sql;
mod writer;

use std::sync::LazyLock;

use syntrap::{Context, ContextSet, Detector};

use crate::shown;
pub use writer::{Rewriting, Writer};

/// How many bytes say how a value is written; those behind say what it is.
const STYLE: usize = 64;

/// Has a value written plainly, and then in each other way, from the same bytes.
fn check(data: &[u8], write: fn(&mut Writer) -> Context) {
    for rewriting in std::iter::once(None).chain(Rewriting::ALL.iter().copied().map(Some)) {
        let (context, value) = written(data, rewriting, write);
        let how = rewriting.map_or("plain".to_owned(), |rewriting| format!("{rewriting:?}"));
        assert!(detector(context).is_attack(&value), "{context}, {how}: {}", shown(&value));
    }
}

/// The value that the bytes stand for, and where it lands.
fn written(
    data: &[u8],
    rewriting: Option<Rewriting>,
    write: fn(&mut Writer) -> Context,
) -> (Context, Vec<u8>) {
    let (style, shape) = data.split_at(data.len().min(STYLE));
    let mut writer = Writer::new(shape, style, rewriting);
    let context = write(&mut writer);
    (context, writer.into_text())
}

/// The detector of one context.
fn detector(context: Context) -> &'static Detector {
    static DETECTORS: LazyLock<Vec<(Context, Detector)>> = LazyLock::new(|| {
        let alone = |&context| {
            let contexts = ContextSet::EMPTY.with(context);
            (context, Detector::builder().contexts(contexts).build())
        };
        Context::ALL.iter().map(alone).collect()
    });
    let found = DETECTORS.iter().find(|(of, _)| *of == context);
    &found.expect("every context has a detector").1
}
