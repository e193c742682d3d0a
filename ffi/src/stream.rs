//! Values that arrive in pieces.

use std::ffi::c_void;
use std::ptr;

use crate::detector::Detector;
use crate::pointers::{bytes, exclusive, hand_over, place, release, shared};
use crate::report::Report;
use crate::status::{Failure, Status, call};

/// A scan in progress. Used by one thread at a time. However the value is cut, the report is that
/// of the whole; memory does not grow with it.
pub struct Stream {
    /// `None` once the value is complete.
    scan: Option<syntrap::Stream>,
    /// Set while a call changes the scan: if it is still set at the next one, that call panicked.
    busy: bool,
}

impl Stream {
    /// Runs `change` on a scan that is neither finished nor broken.
    pub(crate) fn with<T>(
        &mut self,
        change: impl FnOnce(&mut Option<syntrap::Stream>) -> T,
    ) -> Result<T, Failure> {
        if self.busy || self.scan.is_none() {
            let what = if self.busy { "a panic broke the stream" } else { "the stream is finished" };
            return Err(Failure::new(Status::SYNTRAP_BAD_STATE, what));
        }
        self.busy = true;
        let result = change(&mut self.scan);
        self.busy = false;
        Ok(result)
    }
}

/// A new stream, in `*stream`. It keeps nothing of the detector. `*stream` is NULL if the call
/// fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_stream_new(detector: *const Detector, stream: *mut *mut Stream) -> Status {
    call(|| {
        // SAFETY: the header asks for a pointer that may be written to, or NULL.
        let stream = unsafe { place(stream, "stream", ptr::null_mut()) }?;
        // SAFETY: the header asks for a detector.
        let detector = unsafe { shared(detector, "detector") }?;
        *stream = hand_over(Stream { scan: Some(detector.0.stream()), busy: false });
        Ok(())
    })
}

/// Frees a stream, finished or not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_stream_free(stream: *mut Stream) {
    // SAFETY: the header asks for NULL or a stream that is not used again.
    unsafe { release(stream) };
}

/// Takes the next piece of the value, of any length; nothing of it is kept by pointer.
/// `SYNTRAP_BAD_STATE` if the stream is finished.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_stream_push(
    stream: *mut Stream,
    data: *const c_void,
    length: usize,
) -> Status {
    call(|| {
        // SAFETY: the header asks for a stream that only this thread uses, and for `length` bytes.
        let (stream, piece) = unsafe { (exclusive(stream, "stream")?, bytes(data, length, "data")?) };
        stream.with(|scan| {
            if let Some(scan) = scan {
                scan.push(piece);
            }
        })
    })
}

/// The value is complete: its report, in `*report`. The stream can then only be freed. `*report`
/// is NULL if the call fails: `SYNTRAP_BAD_STATE` if the stream is finished.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syntrap_stream_finish(stream: *mut Stream, report: *mut *mut Report) -> Status {
    call(|| {
        // SAFETY: the header asks for a pointer that may be written to, or NULL.
        let report = unsafe { place(report, "report", ptr::null_mut()) }?;
        // SAFETY: the header asks for a stream that only this thread uses.
        let stream = unsafe { exclusive(stream, "stream") }?;
        let finished = stream.with(|scan| scan.take().map(syntrap::Stream::finish))?;
        if let Some(finished) = finished {
            *report = hand_over(Report::new(finished));
        }
        Ok(())
    })
}
