//! Something in a run that has a number: what prose prints, and what a question asks for.

use std::fmt;

use kafka_lab::event::Subject;
use kafka_lab::frame::{Frame, ReaderMarkKind, TableView, Tape, TapeId};
use kafka_lab::ids::{BrokerId, ConsumerIndex};
use kafka_lab::words::Noun;

/// Written `high-watermark 1`, `log-end 2`, `log-start 1`, `position c1`, `committed c2`; `row c1.ada` is the row of
/// the key `ada` in the table that c1 has folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    LogStart(BrokerId),
    HighWatermark(BrokerId),
    LogEnd(BrokerId),
    Position(ConsumerIndex),
    Committed(ConsumerIndex),
    Row(ConsumerIndex, String),
}

impl Quantity {
    /// Reads it as the content writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Quantity> {
        let (word, whose) = text.split_once(' ')?;
        let broker = || whose.parse().ok().map(BrokerId);
        let consumer_of = |name: &str| name.strip_prefix('c')?.parse().ok().map(ConsumerIndex);
        let consumer = || consumer_of(whose);
        let row = |(name, key): (&str, &str)| Some(Quantity::Row(consumer_of(name)?, key.to_owned()));
        match word {
            "log-start" => broker().map(Quantity::LogStart),
            "high-watermark" => broker().map(Quantity::HighWatermark),
            "log-end" => broker().map(Quantity::LogEnd),
            "position" => consumer().map(Quantity::Position),
            "committed" => consumer().map(Quantity::Committed),
            "row" => whose.split_once('.').and_then(row),
            _ => None,
        }
    }

    /// Its value on this frame; none if the frame has no such thing.
    #[must_use]
    pub fn read(&self, frame: &Frame) -> Option<i64> {
        let tape = |id| frame.tapes.iter().find(move |tape| tape.id == TapeId::Broker(id));
        let mark = |consumer, kind| {
            let marks = frame.tapes.iter().flat_map(|tape| &tape.marks);
            marks.into_iter().find(|mark| mark.consumer == consumer && mark.kind == kind).map(|mark| mark.offset)
        };
        let offset = match self {
            Quantity::LogStart(id) => tape(*id)?.log_start,
            Quantity::HighWatermark(id) => tape(*id)?.high_watermark,
            Quantity::LogEnd(id) => tape(*id)?.log_end,
            Quantity::Position(consumer) => mark(*consumer, ReaderMarkKind::Position)?,
            Quantity::Committed(consumer) => mark(*consumer, ReaderMarkKind::Committed)?,
            Quantity::Row(consumer, key) => {
                let rows = &table(frame, *consumer)?.rows;
                return rows.iter().find(|(other, _)| other == key).map(|(_, row)| *row);
            }
        };
        Some(offset.0)
    }

    /// The tape that it is drawn on.
    #[must_use]
    pub fn tape<'a>(&self, frame: &'a Frame) -> Option<&'a Tape> {
        let carries = |tape: &&Tape| match self {
            Quantity::LogStart(id) | Quantity::HighWatermark(id) | Quantity::LogEnd(id) => {
                tape.id == TapeId::Broker(*id)
            }
            Quantity::Position(consumer) | Quantity::Committed(consumer) => {
                tape.marks.iter().any(|mark| mark.consumer == *consumer)
            }
            Quantity::Row(..) => false,
        };
        frame.tapes.iter().find(carries)
    }

    /// What the core calls it when it says who touched it last.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Quantity::LogStart(id) => Subject::LogStart(*id),
            Quantity::LogEnd(id) => Subject::Log(*id),
            Quantity::HighWatermark(id) => Subject::HighWatermark(*id),
            Quantity::Position(consumer) => Subject::Position(*consumer),
            Quantity::Committed(consumer) => Subject::CommittedOffset(*consumer),
            Quantity::Row(consumer, _) => Subject::Table(*consumer),
        }
    }

    /// Whose colour its number wears.
    #[must_use]
    pub fn noun(&self) -> Noun {
        match self {
            Quantity::HighWatermark(_) => Noun::HighWatermark,
            Quantity::Position(_) | Quantity::Committed(_) => Noun::Consumer,
            Quantity::LogStart(_) | Quantity::LogEnd(_) | Quantity::Row(..) => Noun::Data,
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
            Quantity::Row(consumer, key) => write!(f, "row {consumer}.{key}"),
        }
    }
}

/// The table that a consumer's program keeps.
fn table(frame: &Frame, consumer: ConsumerIndex) -> Option<&TableView> {
    frame.actors.iter().find(|actor| actor.id == consumer.into())?.table.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["log-start 1", "high-watermark 2", "log-end 1", "position c1", "committed c2", "row c1.ada"] {
            assert_eq!(Quantity::parse(text).map(|quantity| quantity.to_string()).as_deref(), Some(text));
        }
        for text in ["", "high-watermark", "high-watermark x", "position 1", "lag c1", "row c1", "row 1.ada"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_row_is_read_from_its_consumers_table() {
        let frame = crate::stage::sample::folded();
        let read = |text: &str| Quantity::parse(text).and_then(|quantity| quantity.read(&frame));
        assert_eq!(read("row c1.ada"), Some(45));
        assert_eq!(read("row c2.eve"), Some(3));
        assert_eq!(read("row c1.eve"), None);
        assert_eq!(read("row c3.ada"), None);
    }
}
