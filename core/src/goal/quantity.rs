//! Something in a run that has a number.

use super::{Sight, cluster, tables};
use crate::event::Subject;
use crate::ids::{BrokerId, BrokerSet, ConsumerIndex, LeaderEpoch, Offset, ProducerIndex};
use crate::words::Noun;
use crate::world::{Broker, Consumer, World};
use std::fmt;

/// Written as a word and whose it is: `log-end 1`, `position c1`, `row c1.ada`, `parted c1.c2`, `epoch-end 1.0`;
/// `acknowledged` and what else there is one of stand alone.
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
    /// Of those, how many the leader does not hold where they were acknowledged, whatever acks was. None while there
    /// is no leader that all agree on.
    Lost,
    /// The same of the records that were acknowledged under acks=all alone.
    LostUnderAll,
    /// How many records producers have given up on, or were refused.
    Failed,
    /// What has come of the last record of a producer: it waits, is stored, or has failed, by [`Fate`].
    Fate(ProducerIndex),
    /// The fewest replicas that held a record under acks=all when its producer was told. None before the first.
    FewestCopies,
    /// How many records lie on every replica and can't be read yet.
    HeldUnread,
    /// How many requests of a producer wait for their answer.
    Waiting(ProducerIndex),
    /// Who is in sync, as the leader has it: a set, a bit for each broker. A question may ask for it.
    InSync,
    /// 1 if this broker is in sync, or 0.
    IsInSync(BrokerId),
    /// How many are in sync.
    Isr,
    /// Who leads, by number.
    Leader,
    LeaderEpoch,
    PartitionEpoch,
    /// What a consumer can read to: the leader's high watermark.
    Readable,
    /// How long the leader's mark has stood still below the end of its log, the longest time, in milliseconds.
    MarkStood,
    /// How many broker processes have ended so far.
    Crashes,
    /// How many brokers do not work now: they are down, or stand still.
    Down,
    /// 1 if a write under acks=all would be taken now, or 0: nobody leads, or too few are in sync.
    TakesWrites,
    /// How many settings are not as the cluster was started with: the topic's, and how many replicas there are.
    KnobsTurned,
    /// How many rules of this run are not Kafka's.
    WrongRules,
    /// What a broker would answer to where this epoch ended.
    EpochEnd(BrokerId, LeaderEpoch),
    /// The last epoch that a broker's log knows of.
    LastEpoch(BrokerId),
    /// Below this offset two logs hold the same: where they part, or where the shorter one ends.
    AgreeTo(BrokerId, BrokerId),
}

impl Quantity {
    /// Reads it as content and goals write it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Quantity> {
        let Some((word, whose)) = text.split_once(' ') else { return Quantity::parse_alone(text) };
        let consumer_of = |name: &str| name.strip_prefix('c')?.parse().ok().map(ConsumerIndex);
        let broker = || whose.parse().ok().map(BrokerId);
        let consumer = || consumer_of(whose);
        let producer = || whose.strip_prefix('p')?.parse().ok().map(ProducerIndex);
        let two = || {
            let (left, right) = whose.split_once('.')?;
            Some((consumer_of(left)?, consumer_of(right)?))
        };
        let epoch_of = || {
            let (id, epoch) = whose.split_once('.')?;
            Some((BrokerId(id.parse().ok()?), LeaderEpoch(epoch.parse().ok()?)))
        };
        let two_brokers = || {
            let (left, right) = whose.split_once('.')?;
            Some((BrokerId(left.parse().ok()?), BrokerId(right.parse().ok()?)))
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
            "waiting" => producer().map(Quantity::Waiting),
            "fate" => producer().map(Quantity::Fate),
            "in-sync" => broker().map(Quantity::IsInSync),
            "epoch-end" => epoch_of().map(|(id, epoch)| Quantity::EpochEnd(id, epoch)),
            "last-epoch" => broker().map(Quantity::LastEpoch),
            "agree-to" => two_brokers().map(|(left, right)| Quantity::AgreeTo(left, right)),
            _ => None,
        }
    }

    /// Of what there is one in a run.
    fn parse_alone(text: &str) -> Option<Quantity> {
        ALONE.iter().find(|(word, _)| *word == text).map(|(_, quantity)| quantity.clone())
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
            Quantity::Lost => world.lost_records().map(counted),
            Quantity::LostUnderAll => world.lost_under_all().map(counted),
            Quantity::Failed => Some(counted(cluster::failed(sight))),
            Quantity::Fate(id) => cluster::fate(sight, *id).map(Fate::number),
            Quantity::FewestCopies => cluster::fewest_copies(sight).map(counted),
            Quantity::HeldUnread => cluster::held_unread(world).map(counted),
            Quantity::Waiting(id) => world.producers.get(id).map(|producer| counted(producer.asked.len())),
            Quantity::InSync => cluster::in_sync(world).map(cluster::as_number),
            Quantity::IsInSync(id) => cluster::in_sync(world).map(|isr| i64::from(isr.contains(*id))),
            Quantity::Isr => cluster::in_sync(world).map(|isr| counted(isr.len())),
            Quantity::Leader => world.leader().map(|(leader, _)| i64::from(leader.id.0)),
            Quantity::LeaderEpoch => world.leader().map(|(_, leading)| i64::from(leading.epoch.0)),
            Quantity::PartitionEpoch => world.leader().map(|(_, leading)| i64::from(leading.partition_epoch)),
            Quantity::Readable => world.leader().map(|(leader, _)| offset(leader.high_watermark)),
            Quantity::MarkStood => Some(cluster::mark_stood_ms(sight)),
            Quantity::Crashes => Some(counted(cluster::crashes(sight))),
            Quantity::Down => Some(counted(cluster::down(world))),
            Quantity::TakesWrites => Some(i64::from(cluster::takes_writes(world))),
            Quantity::KnobsTurned => cluster::knobs_turned(sight).map(counted),
            Quantity::WrongRules => Some(counted(cluster::wrong_rules(world))),
            Quantity::EpochEnd(id, epoch) => cluster::epoch_end(world, *id, *epoch).map(offset),
            Quantity::LastEpoch(id) => broker(id)?.epochs.entries().last().map(|entry| i64::from(entry.epoch.0)),
            Quantity::AgreeTo(left, right) => Some(offset(cluster::agree_to(broker(left)?, broker(right)?))),
        }
    }

    /// What an event that touches it touches, in this world; none if it is counted over many.
    #[must_use]
    pub fn subject(&self, world: &World) -> Option<Subject> {
        match self {
            Quantity::LogStart(id) => Some(Subject::LogStart(*id)),
            Quantity::LogEnd(id) | Quantity::Records(id) => Some(Subject::Log(*id)),
            Quantity::HighWatermark(id) => Some(Subject::HighWatermark(*id)),
            Quantity::Position(id) | Quantity::Read(id) => Some(Subject::Position(*id)),
            Quantity::Committed(id) => Some(Subject::CommittedOffset(*id)),
            Quantity::Row(id, _) | Quantity::Rows(id) | Quantity::WrongRows(id) => Some(Subject::Table(*id)),
            Quantity::Waiting(id) | Quantity::Fate(id) => Some(Subject::Producer(*id)),
            Quantity::InSync | Quantity::IsInSync(_) | Quantity::Isr => Some(Subject::Isr),
            Quantity::Leader | Quantity::LeaderEpoch | Quantity::PartitionEpoch => Some(Subject::Partition),
            Quantity::Readable => world.leader().map(|(leader, _)| Subject::HighWatermark(leader.id)),
            Quantity::EpochEnd(id, _) | Quantity::LastEpoch(id) | Quantity::AgreeTo(_, id) => Some(Subject::Log(*id)),
            _ => None,
        }
    }

    /// Of what names brokers, those that this value names.
    #[must_use]
    pub fn brokers(&self, value: i64) -> Option<BrokerSet> {
        match self {
            Quantity::InSync => Some(cluster::of_number(value)),
            Quantity::Leader => u8::try_from(value).ok().map(|id| BrokerSet::EMPTY.with(BrokerId(id))),
            _ => None,
        }
    }

    /// Whose colour its number wears.
    #[must_use]
    pub fn noun(&self) -> Noun {
        match self {
            Quantity::HighWatermark(_) | Quantity::Readable => Noun::HighWatermark,
            Quantity::Leader => Noun::Leader,
            Quantity::Position(_) | Quantity::Committed(_) => Noun::Consumer,
            Quantity::Fate(_) => Noun::Producer,
            _ => Noun::Data,
        }
    }
}

/// What there is one of in a run, by its word.
const ALONE: [(&str, Quantity); 18] = [
    ("acknowledged", Quantity::Acknowledged),
    ("lost", Quantity::Lost),
    ("lost-under-all", Quantity::LostUnderAll),
    ("failed", Quantity::Failed),
    ("fewest-copies", Quantity::FewestCopies),
    ("held-unread", Quantity::HeldUnread),
    ("in-sync", Quantity::InSync),
    ("isr", Quantity::Isr),
    ("leader", Quantity::Leader),
    ("leader-epoch", Quantity::LeaderEpoch),
    ("partition-epoch", Quantity::PartitionEpoch),
    ("readable", Quantity::Readable),
    ("mark-stood", Quantity::MarkStood),
    ("crashes", Quantity::Crashes),
    ("down", Quantity::Down),
    ("takes-writes", Quantity::TakesWrites),
    ("knobs-turned", Quantity::KnobsTurned),
    ("wrong-rules", Quantity::WrongRules),
];

/// What has come of a record, for its producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// No answer yet: it is in the accumulator, on its way, waits at the leader, or will be sent again.
    Waits,
    /// The producer was told that it is stored.
    Acknowledged,
    /// The producer was refused, or gave up. Whether a log holds it, it can't know.
    Failed,
}

impl Fate {
    /// As a number, in this order.
    pub const ALL: [Fate; 3] = [Fate::Waits, Fate::Acknowledged, Fate::Failed];

    /// Its place in [`Fate::ALL`].
    #[must_use]
    pub fn number(self) -> i64 {
        self as i64
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
            Quantity::Waiting(id) => write!(f, "waiting {id}"),
            Quantity::Fate(id) => write!(f, "fate {id}"),
            Quantity::IsInSync(id) => write!(f, "in-sync {id}"),
            Quantity::EpochEnd(id, epoch) => write!(f, "epoch-end {id}.{epoch}"),
            Quantity::LastEpoch(id) => write!(f, "last-epoch {id}"),
            Quantity::AgreeTo(left, right) => write!(f, "agree-to {left}.{right}"),
            alone => {
                let word = ALONE.iter().find(|(_, quantity)| quantity == alone).map(|(word, _)| *word);
                f.write_str(word.unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let good = "log-start 1,high-watermark 2,log-end 1,records 1,position c1,committed c1,read c1,row c1.ada,\
            rows c1,wrong-rows c2,differing-rows c1.c2,parted c1.c2,waiting p1,fate p1,in-sync 2,\
            epoch-end 1.0,last-epoch 3,agree-to 1.3";
        let alone = ALONE.iter().map(|(word, _)| *word);
        for text in good.split(',').map(str::trim).chain(alone) {
            assert_eq!(Quantity::parse(text).map(|quantity| quantity.to_string()).as_deref(), Some(text));
        }
        for text in
            ["", "high-watermark", "high-watermark x", "position 1", "lag c1", "row c1", "row 1.ada", "parted c1"]
                .into_iter()
                .chain([
                    "in-sync c1",
                    "epoch-end 1",
                    "agree-to 1.c2",
                    "agree-to 1.300",
                    "waiting c1",
                    "fate 1",
                    "lost 1",
                ])
        {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
