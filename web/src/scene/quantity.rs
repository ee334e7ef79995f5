//! Something in a run that has an offset: what prose prints, and what a question asks for.

use std::fmt;

use kafka_lab::event::Subject;
use kafka_lab::frame::{Frame, ReaderMarkKind, Tape, TapeId};
use kafka_lab::ids::{BrokerId, ConsumerIndex, Offset};
use kafka_lab::words::Noun;

/// Written `high-watermark 1`, `log-end 2`, `log-start 1`, `position c1`, `committed c2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    LogStart(BrokerId),
    HighWatermark(BrokerId),
    LogEnd(BrokerId),
    Position(ConsumerIndex),
    Committed(ConsumerIndex),
}

impl Quantity {
    /// Reads it as the content writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Quantity> {
        let (word, whose) = text.split_once(' ')?;
        let broker = || whose.parse().ok().map(BrokerId);
        let consumer = || whose.strip_prefix('c')?.parse().ok().map(ConsumerIndex);
        match word {
            "log-start" => broker().map(Quantity::LogStart),
            "high-watermark" => broker().map(Quantity::HighWatermark),
            "log-end" => broker().map(Quantity::LogEnd),
            "position" => consumer().map(Quantity::Position),
            "committed" => consumer().map(Quantity::Committed),
            _ => None,
        }
    }

    /// Its value on this frame; none if the frame has no such thing.
    #[must_use]
    pub fn read(self, frame: &Frame) -> Option<Offset> {
        let tape = |id| frame.tapes.iter().find(move |tape| tape.id == TapeId::Broker(id));
        let mark = |consumer, kind| {
            let marks = frame.tapes.iter().flat_map(|tape| &tape.marks);
            marks.into_iter().find(|mark| mark.consumer == consumer && mark.kind == kind).map(|mark| mark.offset)
        };
        match self {
            Quantity::LogStart(id) => tape(id).map(|tape| tape.log_start),
            Quantity::HighWatermark(id) => tape(id).map(|tape| tape.high_watermark),
            Quantity::LogEnd(id) => tape(id).map(|tape| tape.log_end),
            Quantity::Position(consumer) => mark(consumer, ReaderMarkKind::Position),
            Quantity::Committed(consumer) => mark(consumer, ReaderMarkKind::Committed),
        }
    }

    /// The tape that it is drawn on.
    #[must_use]
    pub fn tape(self, frame: &Frame) -> Option<&Tape> {
        let carries = |tape: &&Tape| match self {
            Quantity::LogStart(id) | Quantity::HighWatermark(id) | Quantity::LogEnd(id) => {
                tape.id == TapeId::Broker(id)
            }
            Quantity::Position(consumer) | Quantity::Committed(consumer) => {
                tape.marks.iter().any(|mark| mark.consumer == consumer)
            }
        };
        frame.tapes.iter().find(carries)
    }

    /// What the core calls it when it says who touched it last.
    #[must_use]
    pub fn subject(self) -> Subject {
        match self {
            Quantity::LogStart(id) | Quantity::LogEnd(id) => Subject::Log(id),
            Quantity::HighWatermark(id) => Subject::HighWatermark(id),
            Quantity::Position(consumer) => Subject::Position(consumer),
            Quantity::Committed(consumer) => Subject::CommittedOffset(consumer),
        }
    }

    /// Whose colour its number wears.
    #[must_use]
    pub fn noun(self) -> Noun {
        match self {
            Quantity::HighWatermark(_) => Noun::HighWatermark,
            Quantity::Position(_) | Quantity::Committed(_) => Noun::Consumer,
            Quantity::LogStart(_) | Quantity::LogEnd(_) => Noun::Data,
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quantity::LogStart(id) => write!(f, "log-start {id}"),
            Quantity::HighWatermark(id) => write!(f, "high-watermark {id}"),
            Quantity::LogEnd(id) => write!(f, "log-end {id}"),
            Quantity::Position(consumer) => write!(f, "position {consumer}"),
            Quantity::Committed(consumer) => write!(f, "committed {consumer}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["log-start 1", "high-watermark 2", "log-end 1", "position c1", "committed c2"] {
            assert_eq!(Quantity::parse(text).map(|quantity| quantity.to_string()).as_deref(), Some(text));
        }
        for text in ["", "high-watermark", "high-watermark x", "position 1", "lag c1"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
