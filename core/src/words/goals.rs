//! Numbers of a run and conditions over them, in words.

use super::names::{broker, endpoint, high_watermark};
use super::{Noun, Sentence};
use crate::goal::{Comparison, Condition, Fate, Outcome, Quantity, Right};
use crate::ids::{ConsumerIndex, Endpoint};

/// What a number counts: "the position of consumer c1".
#[must_use]
pub fn quantity(quantity: &Quantity) -> Sentence {
    let say = |words: &str| Sentence::new().say(words);
    let reader = |id: &ConsumerIndex| endpoint(Endpoint::Consumer(*id));
    match quantity {
        Quantity::LogStart(id) => say("the log start of ").span(broker(*id)),
        Quantity::HighWatermark(id) => say("the ").span(high_watermark()).say(" of ").span(broker(*id)),
        Quantity::LogEnd(id) => say("the log end of ").span(broker(*id)),
        Quantity::Records(id) => say("the records that ").span(broker(*id)).say(" holds"),
        Quantity::Position(id) => say("the position of ").span(reader(id)),
        Quantity::Committed(id) => say("the committed offset of ").span(reader(id)),
        Quantity::Read(id) => say("the records that ").span(reader(id)).say(" has read"),
        Quantity::Row(id, key) => say("the row of ").noun(Noun::Data, key).say(" at ").span(reader(id)),
        Quantity::Rows(id) => say("the rows of the table of ").span(reader(id)),
        Quantity::WrongRows(id) => say("the wrong rows in the table of ").span(reader(id)),
        Quantity::DifferingRows(left, right) => {
            say("the rows that differ between ").span(reader(left)).say(" and ").span(reader(right))
        }
        Quantity::Parted(left, right) => {
            say("the first offset whose tables differ between ").span(reader(left)).say(" and ").span(reader(right))
        }
        Quantity::Acknowledged => say("the records that were acknowledged"),
        other => of_cluster(other),
    }
}

fn of_cluster(quantity: &Quantity) -> Sentence {
    let say = |words: &str| Sentence::new().say(words);
    match quantity {
        Quantity::Lost => say("the acknowledged records that the leader does not hold"),
        Quantity::LostUnderAll => say("the records acknowledged under acks=all that the leader does not hold"),
        Quantity::Failed => say("the records that producers gave up on"),
        Quantity::Fate(id) => say("what has come of the last record of ").span(endpoint(Endpoint::Producer(*id))),
        Quantity::FewestCopies => say("the fewest replicas that held a record when acks=all was answered"),
        Quantity::HeldUnread => say("the records that every replica holds and no consumer can read"),
        Quantity::Waiting(id) => say("the unanswered requests of ").span(endpoint(Endpoint::Producer(*id))),
        Quantity::InSync => say("the replicas in sync"),
        Quantity::IsInSync(id) => say("whether ").span(broker(*id)).say(" is in sync (1) or not (0)"),
        Quantity::Isr => say("how many replicas are in sync"),
        Quantity::Leader => say("the broker that leads"),
        Quantity::LeaderEpoch => say("the leader epoch"),
        Quantity::PartitionEpoch => say("the partition epoch"),
        Quantity::Readable => say("the offset that a consumer can read to"),
        Quantity::MarkStood => {
            let stood = say("the milliseconds that the ").span(high_watermark());
            stood.say(" stood still below the log end, at the longest")
        }
        Quantity::Crashes => say("the broker processes that ended"),
        Quantity::Down => say("the brokers that do not work now"),
        Quantity::TakesWrites => say("whether a write under acks=all would be taken (1) or not (0)"),
        Quantity::KnobsTurned => say("the settings of the topic that were changed"),
        Quantity::WrongRules => say("the rules that are not Kafka's"),
        Quantity::EpochEnd(id, epoch) => {
            say("where epoch ").noun(Noun::Data, epoch.to_string()).say(" ended in the log of ").span(broker(*id))
        }
        Quantity::LastEpoch(id) => say("the last epoch in the log of ").span(broker(*id)),
        Quantity::AgreeTo(left, right) => {
            let below = say("the offset below which ").span(broker(*left)).say(" and ").span(broker(*right));
            below.say(" hold the same")
        }
        // All others are worded above.
        _ => Sentence::new(),
    }
}

/// What has come of a record, as its producer would say it.
#[must_use]
pub fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Waits => "waits",
        Fate::Acknowledged => "acknowledged",
        Fate::Failed => "failed",
    }
}

/// A value as it is read: the brokers of a set by their numbers, what has come of a record in a word, all else as a
/// number.
#[must_use]
pub fn value(quantity: &Quantity, value: i64) -> String {
    if let Quantity::Fate(_) = quantity {
        let named = Fate::ALL.into_iter().find(|fate| fate.number() == value);
        return named.map_or("", fate).to_owned();
    }
    match quantity.brokers(value) {
        Some(brokers) if brokers.is_empty() => String::from("none"),
        Some(brokers) => brokers.iter().map(|id| id.to_string()).collect::<Vec<_>>().join(", "),
        None => value.to_string(),
    }
}

/// What must be so, and how it stands: "the wrong rows in the table of consumer c1: 2, and must be 0".
#[must_use]
pub fn condition(condition: &Condition, outcome: Outcome) -> Sentence {
    match condition {
        Condition::Runs { consumer, program } => {
            let who = Sentence::new().span(endpoint(Endpoint::Consumer(*consumer)));
            who.say(if outcome.holds { " runs " } else { " must run " }).noun(Noun::Data, program.word())
        }
        Condition::Number { left, comparison, right } => {
            let so_far = quantity(left).say(": ").noun(Noun::Data, number(outcome.left));
            let must = so_far.say(if outcome.holds { ", " } else { ", and must be " });
            let must = if outcome.holds { must.say("as it must be: ") } else { must };
            compared(must.say(words_of(*comparison)), right, outcome.right)
        }
    }
}

fn compared(sentence: Sentence, right: &Right, value: Option<i64>) -> Sentence {
    let sentence = sentence.noun(Noun::Data, number(value));
    match right {
        Right::Number(_) => sentence,
        Right::AtStart => sentence.say(", what it was at the start"),
        Right::Quantity(other) => {
            let mut sentence = sentence.say(", ");
            sentence.spans.extend(quantity(other).spans);
            sentence
        }
    }
}

fn words_of(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "",
        Comparison::NotEqual => "other than ",
        Comparison::Less => "less than ",
        Comparison::AtMost => "at most ",
        Comparison::More => "more than ",
        Comparison::AtLeast => "at least ",
    }
}

fn number(value: Option<i64>) -> String {
    value.map_or_else(|| String::from("none"), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goal::Goal;

    fn said(line: &str, holds: bool, left: Option<i64>, right: Option<i64>) -> String {
        let goal = Goal::parse(&[line.to_owned()]).expect("a goal");
        condition(&goal.0[0], Outcome { holds, left, right }).to_string()
    }

    #[test]
    fn a_condition_says_what_is_and_what_must_be() {
        let wrong = "the wrong rows in the table of consumer c1: 2, and must be 0";
        assert_eq!(said("wrong-rows c1 = 0", false, Some(2), Some(0)), wrong);
        let read = "the records that consumer c1 has read: 4, as it must be: at least 4, the records that were \
            acknowledged";
        assert_eq!(said("read c1 >= acknowledged", true, Some(4), Some(4)), read);
        let none = "the first offset whose tables differ between consumer c1 and consumer c2: none, and must be more \
            than 1";
        assert_eq!(said("parted c1.c2 > 1", false, None, Some(1)), none);
        assert_eq!(said("runs c1 orders", false, None, None), "consumer c1 must run orders");
    }

    #[test]
    fn every_number_has_its_words() {
        let all = "log-start 1,high-watermark 1,log-end 1,records 1,position c1,committed c1,read c1,row c1.ada,\
            rows c1,wrong-rows c1,differing-rows c1.c2,parted c1.c2,acknowledged,lost,lost-under-all,failed,fate p1,\
            fewest-copies,held-unread,waiting p1,down,takes-writes,knobs-turned,in-sync,in-sync 2,isr,leader,\
            leader-epoch,partition-epoch,readable,mark-stood,crashes,wrong-rules,epoch-end 1.0,last-epoch 1,\
            agree-to 1.2";
        let mut said: Vec<String> =
            all.split(',').map(|word| quantity(&Quantity::parse(word).expect(word)).to_string()).collect();
        assert!(said.iter().all(|words| !words.is_empty()), "{said:?}");
        said.sort();
        said.dedup();
        assert_eq!(said.len(), 36);
    }

    #[test]
    fn a_set_is_read_as_its_brokers() {
        let in_sync = Quantity::parse("in-sync").expect("a quantity");
        assert_eq!([0, 2, 14].map(|number| value(&in_sync, number)), ["none", "1", "1, 2, 3"]);
        assert_eq!(value(&Quantity::Isr, 14), "14");
        let fate = Quantity::parse("fate p1").expect("a quantity");
        assert_eq!([0, 1, 2, 3].map(|number| value(&fate, number)), ["waits", "acknowledged", "failed", ""]);
    }
}
