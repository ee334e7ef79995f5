//! A log that no world wrote. What a tape needs of a log is little: which batches there are, and the bytes of those
//! that are looked at. A dropped file gives them late, a segment in memory at once; the tape need not know.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;

use super::scan::BatchSummary;
use super::segment::Segment;
use crate::bytes::Problem;
use crate::ids::Offset;

/// An answer that may come later.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, ViewFault>> + 'a>>;

/// Why a log could not be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewFault {
    /// The bytes there are no batch.
    Bytes(Problem),
    /// The bytes could not be had: the file is gone, or may not be read.
    Unreadable { position: u64, bytes: u64 },
}

impl fmt::Display for ViewFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ViewFault::Bytes(problem) => problem.fmt(f),
            ViewFault::Unreadable { position, bytes } => write!(f, "byte {position}: {bytes} bytes cannot be read"),
        }
    }
}

impl std::error::Error for ViewFault {}

/// A log as something to look at.
pub trait LogView {
    /// The first offset: of the first batch.
    fn start(&self) -> Offset;

    /// The log end: one more than the last offset.
    fn end(&self) -> Offset;

    /// Up to `most` batches, from the first whose last offset is at or above `from`.
    fn batches(&self, from: Offset, most: usize) -> Pending<'_, Vec<BatchSummary>>;

    /// The whole bytes of a batch that [`LogView::batches`] named.
    fn bytes(&self, batch: &BatchSummary) -> Pending<'_, Bytes>;
}

impl LogView for Segment {
    fn start(&self) -> Offset {
        self.batches_at(0).next().map_or(self.base_offset(), |batch| batch.base_offset())
    }

    fn end(&self) -> Offset {
        let from = self.offset_index().entries().last().map_or(0, |entry| entry.position);
        self.batches_at(from.into()).last().map_or(self.base_offset(), |batch| batch.last_offset().plus(1))
    }

    fn batches(&self, from: Offset, most: usize) -> Pending<'_, Vec<BatchSummary>> {
        let position = self.offset_index().lookup(from).position;
        let batches = self.batches_at(position.into()).filter(move |batch| batch.last_offset() >= from);
        let batches = batches.take(most).collect();
        Box::pin(std::future::ready(Ok(batches)))
    }

    fn bytes(&self, batch: &BatchSummary) -> Pending<'_, Bytes> {
        let (position, bytes) = (batch.position, batch.size_bytes);
        let range = usize::try_from(position).ok().zip(usize::try_from(batch.end_position()).ok());
        let part = range.and_then(|(start, end)| self.file().get(start..end));
        let answer = part.map(Bytes::copy_from_slice).ok_or(ViewFault::Unreadable { position, bytes });
        Box::pin(std::future::ready(answer))
    }
}

/// The answer, if it is there already: at once for a log in memory.
pub fn finished<T>(mut pending: Pending<'_, T>) -> Option<Result<T, ViewFault>> {
    match pending.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}
