//! A question that is answered on the stage: by a click, a drag, or the arrow keys and Enter.

use kafka_lab::frame::TapeId;
use kafka_lab::goal::Fate;
use kafka_lab::ids::{BrokerId, ConsumerIndex, Endpoint, ProducerIndex};

use super::subject::Subject;

/// What the learner is asked. The stage never judges: it hands the number on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub place: Place,
    /// Where the answer stands before it is moved: an offset, or what the row says now.
    pub start: i64,
}

/// Where the answer is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The answer is an offset: the learner points at it.
    OnTape { tape: TapeId, asks: Asks },
    /// The answer is what the row of this key will say.
    InTable { consumer: ConsumerIndex, key: String },
    /// The learner points at the names of brokers: at one, whose number is the answer, or at each of a set.
    AtBrokers { set: bool },
    /// What comes of the producer's last record, a [`Fate`] by its number: one of the words beside the stage, or the
    /// next of them with each click on the producer's name.
    OfRecord { producer: ProducerIndex },
}

impl Question {
    /// The tape that is pointed at, and at what of it.
    #[must_use]
    pub fn on_tape(&self) -> Option<(&TapeId, Asks)> {
        match &self.place {
            Place::OnTape { tape, asks } => Some((tape, *asks)),
            Place::InTable { .. } | Place::AtBrokers { .. } | Place::OfRecord { .. } => None,
        }
    }

    /// The answer after something was pointed at; none if the question is not about that.
    #[must_use]
    pub fn with(&self, candidate: i64, subject: &Subject) -> Option<i64> {
        match (&self.place, subject) {
            (_, Subject::Tape(TapeId::Broker(broker))) => self.with_broker(candidate, *broker),
            (Place::OfRecord { producer }, Subject::Actor(Endpoint::Producer(pointed))) if producer == pointed => {
                let next = Fate::ALL.into_iter().find(|fate| fate.number() > candidate);
                Some(next.unwrap_or(Fate::ALL[0]).number())
            }
            _ => None,
        }
    }

    /// The answer after a broker was pointed at; none if the question is not about brokers.
    #[must_use]
    pub fn with_broker(&self, candidate: i64, broker: BrokerId) -> Option<i64> {
        match self.place {
            Place::AtBrokers { set: true } => Some(candidate ^ bit(broker)),
            Place::AtBrokers { set: false } => Some(i64::from(broker.0)),
            Place::OnTape { .. } | Place::InTable { .. } | Place::OfRecord { .. } => None,
        }
    }

    /// Whether the answer names this broker.
    #[must_use]
    pub fn names(&self, candidate: i64, broker: BrokerId) -> bool {
        match self.place {
            Place::AtBrokers { set: true } => candidate & bit(broker) != 0,
            Place::AtBrokers { set: false } => candidate == i64::from(broker.0),
            Place::OnTape { .. } | Place::InTable { .. } | Place::OfRecord { .. } => false,
        }
    }

    /// Whether this row of this consumer's table is asked about.
    #[must_use]
    pub fn is_about_row(&self, of: ConsumerIndex, row: &str) -> bool {
        matches!(&self.place, Place::InTable { consumer, key } if *consumer == of && key == row)
    }
}

/// A set of brokers is a number with a bit for each.
fn bit(broker: BrokerId) -> i64 {
    1_i64.checked_shl(u32::from(broker.0)).unwrap_or(0)
}

/// The thing that is moved to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Which record: the answer is a cell.
    Cell,
    /// Where the high watermark will stand: the answer is a border between two cells, or the log end.
    HighWatermark,
    /// Where the log will end.
    LogEnd,
    /// Where something else in the log ends, as an epoch does: a border between two cells.
    Border,
}

#[cfg(test)]
mod tests {
    use super::*;
    use kafka_lab::goal::Quantity;

    #[test]
    fn what_comes_of_a_record_is_chosen_word_by_word() {
        let producer = ProducerIndex(1);
        let asked = Question { place: Place::OfRecord { producer }, start: -1 };
        let click = |at, on: Endpoint| asked.with(at, &Subject::Actor(on));
        let clicks = [-1, 0, 1, 2].map(|at| click(at, producer.into()));
        assert_eq!(clicks, [Some(0), Some(1), Some(2), Some(0)]);
        assert_eq!(click(0, ProducerIndex(2).into()), None);
        assert_eq!(asked.with(0, &Subject::Tape(TapeId::Broker(BrokerId(1)))), None);
    }

    #[test]
    fn brokers_are_chosen_one_by_one_or_one_instead_of_another() {
        let asked = |set| Question { place: Place::AtBrokers { set }, start: 0 };
        let pick = |set, brokers: &[u8]| {
            let question = asked(set);
            brokers.iter().try_fold(0, |at, id| question.with_broker(at, BrokerId(*id)))
        };
        assert_eq!(pick(false, &[1, 3]), Some(3));
        let set = pick(true, &[1, 2, 3, 2]).expect("it is about brokers");
        let named = Quantity::InSync.brokers(set).expect("a set");
        assert_eq!(named.iter().map(|id| id.0).collect::<Vec<_>>(), [1, 3]);
        assert_eq!([1, 2, 3].map(|id| asked(true).names(set, BrokerId(id))), [true, false, true]);
    }
}
