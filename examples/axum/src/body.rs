//! The body: passes frames through and judges the values in them.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use http_body::Frame;
use syntrap::{Detector, Stream, Verdict};

/// A value up to this length is judged in one call; a longer one goes through a stream.
const WHOLE: usize = 4096;

/// A body that ends with [`Refused`] when one of its values is not benign.
///
/// One frame is held back until it is known whether it is the last, so the service never has the whole
/// of a body with a finding. The names and values of a form are decoded and judged one by one; a body of
/// another type is one value.
pub struct CheckedBody {
    inner: Body,
    held: Option<Frame<Bytes>>,
    ended: bool,
    form: bool,
    /// What is read of a form now is a name.
    in_name: bool,
    escape: Escape,
    value: Value,
    refused: Arc<AtomicBool>,
}

/// The body has a finding.
#[derive(Debug)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body was refused")
    }
}

impl Error for Refused {}

/// What was read of a percent-encoded byte.
enum Escape {
    None,
    Percent,
    Digit(u8),
}

impl CheckedBody {
    pub(crate) fn new(inner: Body, detector: Arc<Detector>, form: bool, refused: Arc<AtomicBool>) -> Self {
        let value = Value { detector, short: Vec::new(), long: None };
        let escape = Escape::None;
        CheckedBody { inner, held: None, ended: false, form, in_name: true, escape, value, refused }
    }

    /// Judges the next bytes of the body.
    fn take(&mut self, data: &[u8]) -> Result<(), Refused> {
        if !self.form {
            self.value.push(data);
            return Ok(());
        }
        for &byte in data {
            self.take_form(byte)?;
        }
        Ok(())
    }

    fn take_form(&mut self, byte: u8) -> Result<(), Refused> {
        let digit = char::from(byte).to_digit(16).map(|digit| digit as u8);
        match (std::mem::replace(&mut self.escape, Escape::None), digit) {
            (Escape::Percent, Some(_)) => {
                self.escape = Escape::Digit(byte);
                return Ok(());
            }
            (Escape::Digit(first), Some(low)) => {
                let high = char::from(first).to_digit(16).unwrap_or(0) as u8;
                self.value.push(&[high << 4 | low]);
                return Ok(());
            }
            (unfinished, _) => self.put_back(unfinished),
        }
        match byte {
            b'%' => self.escape = Escape::Percent,
            b'+' => self.value.push(b" "),
            b'&' => {
                self.in_name = true;
                return self.value.end();
            }
            b'=' if self.in_name => {
                self.in_name = false;
                return self.value.end();
            }
            _ => self.value.push(&[byte]),
        }
        Ok(())
    }

    /// What only began like a percent-encoded byte is text.
    fn put_back(&mut self, unfinished: Escape) {
        match unfinished {
            Escape::None => {}
            Escape::Percent => self.value.push(b"%"),
            Escape::Digit(first) => self.value.push(&[b'%', first]),
        }
    }

    fn finish(&mut self) -> Result<(), Refused> {
        let unfinished = std::mem::replace(&mut self.escape, Escape::None);
        self.put_back(unfinished);
        self.value.end()
    }

    fn refuse(&mut self) -> Box<dyn Error + Send + Sync> {
        self.ended = true;
        self.held = None;
        self.refused.store(true, Ordering::Release);
        Box::new(Refused)
    }
}

impl http_body::Body for CheckedBody {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        while !self.ended {
            match ready!(Pin::new(&mut self.inner).poll_frame(context)) {
                Some(Ok(frame)) => {
                    let judged = frame.data_ref().map_or(Ok(()), |data| self.take(&data.clone()));
                    if judged.is_err() {
                        return Poll::Ready(Some(Err(self.refuse())));
                    }
                    if let Some(ready) = self.held.replace(frame) {
                        return Poll::Ready(Some(Ok(ready)));
                    }
                }
                Some(Err(error)) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(error.into())));
                }
                None => {
                    if self.finish().is_err() {
                        return Poll::Ready(Some(Err(self.refuse())));
                    }
                    self.ended = true;
                }
            }
        }
        Poll::Ready(self.held.take().map(Ok))
    }
}

/// A value that arrives in pieces.
struct Value {
    detector: Arc<Detector>,
    short: Vec<u8>,
    long: Option<Stream>,
}

impl Value {
    fn push(&mut self, piece: &[u8]) {
        if self.long.is_none() && self.short.len() + piece.len() <= WHOLE {
            self.short.extend_from_slice(piece);
            return;
        }
        let stream = self.long.get_or_insert_with(|| self.detector.stream());
        // Bytes are collected for the stream too: it is slower on single ones.
        if !self.short.is_empty() && self.short.len() + piece.len() > WHOLE {
            stream.push(&self.short);
            self.short.clear();
        }
        if piece.len() > WHOLE {
            stream.push(piece);
        } else {
            self.short.extend_from_slice(piece);
        }
    }

    fn end(&mut self) -> Result<(), Refused> {
        let verdict = match self.long.take() {
            None => self.detector.verdict(&self.short),
            Some(mut stream) => {
                stream.push(&self.short);
                stream.finish().verdict
            }
        };
        self.short.clear();
        if verdict == Verdict::Benign { Ok(()) } else { Err(Refused) }
    }
}
