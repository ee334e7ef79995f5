//! A state in three words: a broker each, over what the controller and the records are.
//!
//! A record is written once, so it has one offset in all logs: a log is a set of records, and where they lie is kept
//! once for all.

use super::state::{Leadership, MOST_RECORDS, MOST_REPLICAS, Replica, State};
use crate::ids::{BrokerId, BrokerSet};

pub(super) type Packed = [u64; 3];

const REPLICA_BITS: u32 = 36;

/// Fields one behind the other, the first in the lowest bits.
#[derive(Default)]
struct Writer {
    word: u64,
    used: u32,
}

impl Writer {
    fn put(&mut self, bits: u32, value: u8) {
        debug_assert!(u64::from(value) < 1 << bits, "{value} in {bits} bits");
        self.word |= u64::from(value) << self.used;
        self.used += bits;
    }

    fn put_option(&mut self, bits: u32, value: Option<u8>) {
        self.put(bits, value.map_or(0, |value| value + 1));
    }
}

struct Reader(u64);

impl Reader {
    fn take(&mut self, bits: u32) -> u8 {
        let value = self.0 & ((1 << bits) - 1);
        self.0 >>= bits;
        value as u8
    }

    fn take_option(&mut self, bits: u32) -> Option<u8> {
        self.take(bits).checked_sub(1)
    }
}

/// A bit for each of the brokers 1 to 3.
fn members(set: BrokerSet) -> u8 {
    (set.bits() >> 1) as u8
}

fn set_of(members: u8) -> BrokerSet {
    BrokerSet::of_bits(u64::from(members) << 1)
}

fn leader_bits(leader: Option<BrokerId>) -> u8 {
    leader.map_or(0, |leader| leader.0)
}

fn leader_of(bits: u8) -> Option<BrokerId> {
    Some(BrokerId(bits)).filter(|leader| leader.0 > 0)
}

/// A bit for each record of a log.
fn held(replica: &Replica) -> u8 {
    let bit = |(at, record): (u8, u8)| u8::from(at < replica.end) << record;
    (0..).zip(replica.log).map(bit).fold(0, |held, bit| held | bit)
}

fn put_replica(to: &mut Writer, replica: &Replica) {
    to.put(1, replica.up.into());
    to.put(1, replica.fenced.into());
    to.put(3, replica.heard);
    to.put_option(3, replica.epoch);
    to.put(4, held(replica));
    to.put(3, replica.mark);
    to.put_option(3, replica.empty_epoch);
    to.put(1, replica.asks.into());
    to.put(3, members(replica.isr));
    to.put(3, members(replica.in_flight));
    to.put(1, replica.is_up_to_date.into());
    to.put(1, replica.names_old_start.into());
    replica.noted.into_iter().for_each(|end| to.put_option(3, end));
}

fn take_replica(from: &mut Reader, offsets: [u8; MOST_RECORDS]) -> Replica {
    let (up, fenced) = (from.take(1) == 1, from.take(1) == 1);
    let (heard, epoch) = (from.take(3), from.take_option(3));
    let held = from.take(4);
    let mut log = [0; MOST_RECORDS];
    for (record, offset) in (0..).zip(offsets) {
        if held >> record & 1 == 1 {
            log[usize::from(offset)] = record;
        }
    }
    Replica {
        up,
        fenced,
        heard,
        epoch,
        log,
        end: held.count_ones() as u8,
        mark: from.take(3),
        empty_epoch: from.take_option(3),
        asks: from.take(1) == 1,
        isr: set_of(from.take(3)),
        in_flight: set_of(from.take(3)),
        asked_late: BrokerSet::EMPTY,
        is_up_to_date: from.take(1) == 1,
        names_old_start: from.take(1) == 1,
        noted: [(); MOST_REPLICAS].map(|()| from.take_option(3)),
    }
}

pub(super) fn pack(state: &State) -> Packed {
    pack_rest(state, state.replicas.each_ref().map(word_of))
}

/// The key of what follows a state with that key: most actions leave two brokers as they are.
pub(super) fn pack_next((before, key): (&State, Packed), next: &State) -> Packed {
    let mut words = key.map(|word| word & ((1 << REPLICA_BITS) - 1));
    for ((word, was), is) in words.iter_mut().zip(&before.replicas).zip(&next.replicas) {
        if is != was {
            *word = word_of(is);
        }
    }
    pack_rest(next, words)
}

fn word_of(replica: &Replica) -> u64 {
    let mut writer = Writer::default();
    put_replica(&mut writer, replica);
    debug_assert_eq!(writer.used, REPLICA_BITS, "each has as many bits");
    writer.word
}

fn pack_rest(state: &State, replicas: [u64; MOST_REPLICAS]) -> Packed {
    let mut words = replicas.map(|word| Writer { word, used: REPLICA_BITS });
    let [records, epochs, rest] = &mut words;
    let mut offsets = [0; MOST_RECORDS];
    for replica in &state.replicas {
        for (offset, record) in (0..replica.end).zip(replica.log) {
            offsets[usize::from(record)] = offset;
        }
    }
    offsets.into_iter().for_each(|offset| records.put(2, offset));
    state.written_in.into_iter().for_each(|epoch| records.put(3, epoch));
    records.put(4, state.acknowledged);
    records.put(3, state.next_record);
    for Leadership { leader, isr } in state.epochs {
        epochs.put(2, leader_bits(leader));
        epochs.put(3, members(isr));
    }
    rest.put(3, state.newest);
    rest.put(3, members(state.elr));
    rest.put(2, leader_bits(state.last_known_leader));
    rest.put(1, state.recovering.into());
    state.replicas.iter().for_each(|replica| rest.put(3, members(replica.asked_late)));
    words.map(|word| word.word)
}

/// The state with that key.
pub(super) fn unpack(key: Packed) -> State {
    let [mut records, mut epochs, mut rest] = key.map(|word| Reader(word >> REPLICA_BITS));
    let offsets = [(); MOST_RECORDS].map(|()| records.take(2));
    let mut state = State {
        replicas: key.map(|word| take_replica(&mut Reader(word), offsets)),
        written_in: [(); MOST_RECORDS].map(|()| records.take(3)),
        acknowledged: records.take(4),
        next_record: records.take(3),
        epochs: [(); 5].map(|()| {
            let leader = leader_of(epochs.take(2));
            Leadership { leader, isr: set_of(epochs.take(3)) }
        }),
        newest: rest.take(3),
        elr: set_of(rest.take(3)),
        last_known_leader: leader_of(rest.take(2)),
        recovering: rest.take(1) == 1,
    };
    state.replicas.iter_mut().for_each(|replica| replica.asked_late = set_of(rest.take(3)));
    state
}
