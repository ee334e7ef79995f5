//! Something in a run that has a number.

use super::{Sight, tables};
use crate::event::Subject;
use crate::ids::{BrokerId, ConsumerIndex, Offset};
use crate::words::Noun;
use crate::world::{Broker, Consumer};
use std::fmt;

/// Written as a word and whose it is: `log-end 1`, `position c1`, `row c1.ada`, `parted c1.c2`; `acknowledged` alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    LogStart(BrokerId),
    HighWatermark(BrokerId),
    LogEnd(BrokerId),
    /// How many offsets lie between a log's start and its end.
    Records(BrokerId),
    Position(ConsumerIndex),
    Committed(ConsumerIndex),
    /// How many records polls have returned to it so far; a record that is read again counts again.
    Read(ConsumerIndex),
    /// The row of a key in its table.
    Row(ConsumerIndex, String),
    /// How many rows its table has.
    Rows(ConsumerIndex),
    /// How many rows are not what its program, without its bug, makes of every acknowledged record.
    WrongRows(ConsumerIndex),
    /// How many rows differ between two tables.
    DifferingRows(ConsumerIndex, ConsumerIndex),
    /// The first offset whose tables differ.
    Parted(ConsumerIndex, ConsumerIndex),
    /// How many records producers have been told are stored.
    Acknowledged,
}

impl Quantity {
    /// Reads it as content and goals write it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Quantity> {
        if text == "acknowledged" {
            return Some(Quantity::Acknowledged);
        }
        let (word, whose) = text.split_once(' ')?;
        let consumer_of = |name: &str| name.strip_prefix('c')?.parse().ok().map(ConsumerIndex);
        let broker = || whose.parse().ok().map(BrokerId);
        let consumer = || consumer_of(whose);
        let two = || {
            let (left, right) = whose.split_once('.')?;
            Some((consumer_of(left)?, consumer_of(right)?))
        };
        let row = |(name, key): (&str, &str)| Some(Quantity::Row(consumer_of(name)?, key.to_owned()));
        match word {
            "log-start" => broker().map(Quantity::LogStart),
            "high-watermark" => broker().map(Quantity::HighWatermark),
            "log-end" => broker().map(Quantity::LogEnd),
            "records" => broker().map(Quantity::Records),
            "position" => consumer().map(Quantity::Position),
            "committed" => consumer().map(Quantity::Committed),
            "read" => consumer().map(Quantity::Read),
            "row" => whose.split_once('.').and_then(row),
            "rows" => consumer().map(Quantity::Rows),
            "wrong-rows" => consumer().map(Quantity::WrongRows),
            "differing-rows" => two().map(|(left, right)| Quantity::DifferingRows(left, right)),
            "parted" => two().map(|(left, right)| Quantity::Parted(left, right)),
            _ => None,
        }
    }

    /// Its value at this moment; none if the moment has no such thing.
    #[must_use]
    pub fn read(&self, sight: &Sight) -> Option<i64> {
        let world = &sight.world;
        let broker = |id: &BrokerId| world.brokers.get(id);
        let reader = |id: &ConsumerIndex| world.consumers.get(id);
        let table = |id| reader(id).filter(|reader| reader.settings.program.is_some()).map(|reader| &reader.table);
        let offset = |offset: Offset| offset.0;
        let counted = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        match self {
            Quantity::LogStart(id) => broker(id).map(|broker| offset(broker.log.log_start)),
            Quantity::HighWatermark(id) => broker(id).map(|broker| offset(broker.high_watermark)),
            Quantity::LogEnd(id) => broker(id).map(|broker| offset(broker.log.log_end())),
            Quantity::Records(id) => broker(id).map(records),
            Quantity::Position(id) => reader(id).map(|reader| offset(reader.position)),
            Quantity::Committed(id) => world.topic.committed.get(id).map(|committed| offset(*committed)),
            Quantity::Read(id) => reader(id).map(read),
            Quantity::Row(id, key) => table(id)?.get(key).copied(),
            Quantity::Rows(id) => Some(counted(table(id)?.len())),
            Quantity::WrongRows(id) => tables::wrong_rows(sight, *id),
            Quantity::DifferingRows(left, right) => Some(tables::differing_rows(table(left)?, table(right)?)),
            Quantity::Parted(left, right) => tables::parted(sight, *left, *right).map(offset),
            Quantity::Acknowledged => Some(counted(world.ledger.acknowledged.size())),
        }
    }

    /// What an event that touches it touches; none if it is counted over many.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Quantity::LogStart(id) => Some(Subject::LogStart(*id)),
            Quantity::LogEnd(id) | Quantity::Records(id) => Some(Subject::Log(*id)),
            Quantity::HighWatermark(id) => Some(Subject::HighWatermark(*id)),
            Quantity::Position(id) | Quantity::Read(id) => Some(Subject::Position(*id)),
            Quantity::Committed(id) => Some(Subject::CommittedOffset(*id)),
            Quantity::Row(id, _) | Quantity::Rows(id) | Quantity::WrongRows(id) => Some(Subject::Table(*id)),
            Quantity::DifferingRows(..) | Quantity::Parted(..) | Quantity::Acknowledged => None,
        }
    }

    /// Whose colour its number wears.
    #[must_use]
    pub fn noun(&self) -> Noun {
        match self {
            Quantity::HighWatermark(_) => Noun::HighWatermark,
            Quantity::Position(_) | Quantity::Committed(_) => Noun::Consumer,
            _ => Noun::Data,
        }
    }
}

fn records(broker: &Broker) -> i64 {
    broker.log.log_end().0.saturating_sub(broker.log.log_start.0)
}

fn read(reader: &Consumer) -> i64 {
    i64::try_from(reader.read).unwrap_or(i64::MAX)
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quantity::LogStart(id) => write!(f, "log-start {id}"),
            Quantity::HighWatermark(id) => write!(f, "high-watermark {id}"),
            Quantity::LogEnd(id) => write!(f, "log-end {id}"),
            Quantity::Records(id) => write!(f, "records {id}"),
            Quantity::Position(id) => write!(f, "position {id}"),
            Quantity::Committed(id) => write!(f, "committed {id}"),
            Quantity::Read(id) => write!(f, "read {id}"),
            Quantity::Row(id, key) => write!(f, "row {id}.{key}"),
            Quantity::Rows(id) => write!(f, "rows {id}"),
            Quantity::WrongRows(id) => write!(f, "wrong-rows {id}"),
            Quantity::DifferingRows(left, right) => write!(f, "differing-rows {left}.{right}"),
            Quantity::Parted(left, right) => write!(f, "parted {left}.{right}"),
            Quantity::Acknowledged => f.write_str("acknowledged"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let good = "log-start 1,high-watermark 2,log-end 1,records 1,position c1,committed c1,read c1,row c1.ada,\
            rows c1,wrong-rows c2,differing-rows c1.c2,parted c1.c2,acknowledged";
        for text in good.split(',').map(str::trim) {
            assert_eq!(Quantity::parse(text).map(|quantity| quantity.to_string()).as_deref(), Some(text));
        }
        for text in
            ["", "high-watermark", "high-watermark x", "position 1", "lag c1", "row c1", "row 1.ada", "parted c1"]
        {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
