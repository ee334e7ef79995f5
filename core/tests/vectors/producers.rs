//! Idempotence and transactions on one partition (SEQ, LSO; Kafka: `ProducerAppendInfo`, `ProducerStateManager`).

use kafka_lab::ids::{Offset, ProducerEpoch, ProducerId};
use kafka_lab::rules::end_txn_marker::{MarkerVerdict, check_marker};
use kafka_lab::rules::producer_append::{Origin, Verdict, check_batch};
use kafka_lab::rules::producer_entry::{ProducerBatch, ProducerEntry};
use kafka_lab::rules::producer_state::{Content, LoggedBatch, ProducerState};

const COMMIT: bool = false;
const ABORT: bool = true;

fn sequences(epoch: i16, first_sequence: i32, last_sequence: i32) -> ProducerBatch {
    ProducerBatch { epoch: ProducerEpoch(epoch), first_sequence, last_sequence, transactional: false }
}

fn one(epoch: i16, sequence: i32) -> ProducerBatch {
    sequences(epoch, sequence, sequence)
}

/// Of a producer whose last batch, of two records or one, ends with this sequence.
fn state(epoch: i16, last_sequence: i32) -> ProducerEntry {
    let mut entry = ProducerEntry::unheard_of();
    entry.remember(sequences(epoch, (last_sequence - 1).max(0), last_sequence), Offset(10), Offset(11));
    entry
}

fn check(entry: Option<&ProducerEntry>, batch: ProducerBatch) -> Verdict {
    check_batch(entry, batch, Origin::Client, None, true)
}

/// Epoch and last sequence that are known, none if the producer is not; epoch and sequence of what comes.
type Row = (&'static str, Option<(i16, i32)>, (i16, i32), Verdict);

#[test]
fn what_comes_is_held_against_what_is_known() {
    let rows: [Row; 8] = [
        ("SEQ-01", None, (0, 0), Verdict::Append),
        // A transactional batch that was verified for transaction.version 2 has to begin with 0 even then.
        ("SEQ-02", None, (0, 5), Verdict::Append),
        ("SEQ-03", Some((0, 9)), (0, 10), Verdict::Append),
        ("SEQ-04", Some((0, 9)), (0, 11), Verdict::OutOfOrderSequence),
        ("SEQ-05", Some((0, 9)), (0, 9), Verdict::OutOfOrderSequence),
        ("SEQ-07", Some((0, 9)), (1, 0), Verdict::Append),
        ("SEQ-09", Some((1, 9)), (0, 10), Verdict::InvalidProducerEpoch),
        ("SEQ-10", Some((15, i32::MAX)), (15, 0), Verdict::Append),
    ];
    for (row, known, (epoch, sequence), expected) in rows {
        let entry = known.map(|(epoch, last)| state(epoch, last));
        assert_eq!(check(entry.as_ref(), one(epoch, sequence)), expected, "{row}");
    }
    let mut wrapped = state(15, i32::MAX);
    wrapped.remember(one(15, 0), Offset(12), Offset(12));
    assert_eq!(wrapped.batches.back().map(|cached| cached.last_sequence), Some(0), "SEQ-10");
}

/// A log of producers; what is written is not checked.
#[derive(Default)]
struct Log {
    state: ProducerState,
    aborted: Vec<(i64, i64, i64, i64)>,
}

impl Log {
    fn write(&mut self, producer: i64, (first, last): (i64, i64), content: Content) {
        let row = self.state.update(&LoggedBatch {
            producer: ProducerId(producer),
            first_offset: Offset(first),
            last_offset: Offset(last),
            timestamp_ms: first,
            content,
        });
        let row = row.map(|row| (row.producer.0, row.first_offset.0, row.last_offset.0, row.last_stable_offset.0));
        self.aborted.extend(row);
    }

    fn txn(&mut self, producer: i64, first: i64, last: i64) {
        let batch = sequences(0, 0, i32::try_from(last - first).expect("small"));
        self.write(producer, (first, last), Content::Data(ProducerBatch { transactional: true, ..batch }));
    }

    fn marker(&mut self, producer: i64, at: i64, epoch: i16, aborts: bool) {
        let epoch = ProducerEpoch(epoch);
        self.write(producer, (at, at), Content::Marker { epoch, coordinator_epoch: 0, aborts });
    }

    fn entry(&self, producer: i64) -> &ProducerEntry {
        &self.state.producers[&ProducerId(producer)]
    }

    fn first_unstable(&self) -> Option<i64> {
        self.state.open.first_unstable_offset().map(|offset| offset.0)
    }

    fn first_unstable_at(&mut self, high_watermark: i64) -> Option<i64> {
        self.state.open.high_watermark_updated(Offset(high_watermark));
        self.first_unstable()
    }
}

/// Sequence 0 of epoch 0, then an ABORT marker of epoch 1.
fn bumped() -> ProducerEntry {
    let mut log = Log::default();
    log.txn(1, 0, 0);
    log.marker(1, 1, 1, ABORT);
    log.entry(1).clone()
}

#[test]
fn seq_13_a_marker_raises_the_epoch() {
    let entry = bumped();
    assert_eq!((entry.epoch, entry.batches.len()), (ProducerEpoch(1), 0));
    assert_eq!(check(Some(&entry), one(1, 0)), Verdict::Append);
}

#[test]
fn seq_14_each_epoch_begins_with_sequence_0() {
    let entry = bumped();
    let verdicts = [one(1, 2), one(2, 2), one(1, 0)].map(|batch| check(Some(&entry), batch));
    assert_eq!(verdicts, [Verdict::OutOfOrderSequence, Verdict::OutOfOrderSequence, Verdict::Append]);
}

#[test]
fn seq_15_a_plain_batch_amid_a_transaction() {
    let mut log = Log::default();
    log.txn(1, 0, 0);
    assert_eq!(check(Some(log.entry(1)), one(0, 1)), Verdict::NotTransactional);
}

fn check_end(entry: &ProducerEntry, epoch: i16, coordinator_epoch: i32) -> MarkerVerdict {
    check_marker(Some(entry), ProducerEpoch(epoch), coordinator_epoch, 1, Origin::Coordinator)
}

#[test]
fn seq_17_a_marker_of_an_older_epoch() {
    assert_eq!(check_end(&state(5, 0), 3, 0), MarkerVerdict::InvalidProducerEpoch);
}

#[test]
fn seq_18_a_coordinator_that_was_replaced() {
    let mut entry = state(0, 0);
    let verdicts = [1, 1, 2, 1].map(|coordinator_epoch| {
        let verdict = check_end(&entry, 0, coordinator_epoch);
        entry.coordinator_epoch = entry.coordinator_epoch.max(coordinator_epoch);
        verdict
    });
    let (fine, fenced) = (MarkerVerdict::Append, MarkerVerdict::CoordinatorFenced);
    assert_eq!(verdicts, [fine, fine, fine, fenced]);
}

#[test]
fn seq_21_five_batches_are_remembered_by_both_ends() {
    let mut entry = ProducerEntry::unheard_of();
    for first in (0..70).step_by(10) {
        let offset = Offset(1000 + i64::from(first));
        entry.remember(sequences(0, first, first + 9), offset, offset.plus(9));
    }
    let found = |first, last| entry.duplicate_of(sequences(0, first, last)).map(|cached| cached.first_offset.0);
    assert_eq!([found(20, 29), found(60, 69)], [Some(1020), Some(1060)]);
    assert_eq!([found(0, 9), found(10, 19), found(60, 64), found(65, 69)], [None; 4]);
}

#[test]
fn seq_22_what_is_sent_again() {
    let mut entry = ProducerEntry::unheard_of();
    (0..6).for_each(|sequence| entry.remember(one(0, sequence), Offset(sequence.into()), Offset(sequence.into())));
    entry.remember(sequences(0, 6, 8), Offset(6), Offset(8));
    let again = |batch| match check(Some(&entry), batch) {
        Verdict::Duplicate(cached) => Ok((cached.first_offset.0, cached.last_offset.0)),
        verdict => Err(verdict),
    };
    assert_eq!([again(sequences(0, 6, 8)), again(one(0, 2))], [Ok((6, 8)), Ok((2, 2))]);
    assert_eq!([again(sequences(0, 7, 8)), again(one(0, 1))], [Err(Verdict::OutOfOrderSequence); 2]);
}

#[test]
fn seq_23_a_decided_transaction_waits_for_its_marker_to_be_replicated() {
    let mut log = Log::default();
    log.txn(1, 99, 99);
    log.txn(2, 105, 105);
    assert_eq!(log.first_unstable(), Some(99));
    log.marker(1, 109, 0, COMMIT);
    assert_eq!(log.first_unstable(), Some(99));
    assert_eq!([log.first_unstable_at(100), log.first_unstable_at(110)], [Some(99), Some(105)]);
    log.marker(2, 112, 0, ABORT);
    assert_eq!([log.first_unstable(), log.first_unstable_at(113)], [Some(105), None]);
}

#[test]
fn seq_25_a_transaction_of_two_batches() {
    let mut log = Log::default();
    log.write(1, (9, 9), Content::Data(one(0, 0)));
    for (offsets, first, last) in [((16, 20), 1, 5), ((26, 30), 6, 10)] {
        let batch = ProducerBatch { transactional: true, ..sequences(0, first, last) };
        log.write(1, offsets, Content::Data(batch));
    }
    assert_eq!(log.entry(1).txn_first_offset, Some(Offset(16)));
    log.marker(1, 40, 0, COMMIT);
    assert_eq!((log.entry(1).txn_first_offset, log.aborted.len()), (None, 0));
    assert_eq!([log.first_unstable_at(40), log.first_unstable_at(41)], [Some(16), None]);
    let cached = log.entry(1).batches.iter().map(|cached| (cached.first_sequence, cached.last_sequence));
    assert_eq!(cached.collect::<Vec<_>>(), [(0, 0), (1, 5), (6, 10)]);
}

/// Four producers' transactions, in and among each other.
fn interleaved() -> Log {
    let mut log = Log::default();
    log.txn(1, 0, 4);
    log.txn(2, 8, 9);
    log.txn(1, 10, 13);
    log.txn(3, 14, 16);
    log.txn(1, 19, 28);
    log.marker(1, 29, 0, ABORT);
    log.txn(2, 30, 35);
    log.txn(4, 36, 38);
    log.txn(3, 49, 57);
    log.marker(3, 58, 0, COMMIT);
    log.txn(4, 59, 66);
    log.txn(2, 67, 73);
    log.marker(2, 74, 0, ABORT);
    log.txn(4, 85, 88);
    log.marker(4, 89, 0, COMMIT);
    log
}

#[test]
fn lso_01_the_rows_of_the_transaction_index() {
    assert_eq!(interleaved().aborted, [(1, 0, 29, 8), (2, 8, 74, 36)]);
}

#[test]
fn lso_02_the_first_unstable_offset_goes_with_the_mark() {
    let mut log = interleaved();
    assert_eq!([30, 75, 90].map(|mark| log.first_unstable_at(mark)), [Some(8), Some(36), None]);
}

#[test]
fn lso_04_one_transaction() {
    let mut log = Log::default();
    log.txn(1, 0, 2);
    log.txn(1, 3, 3);
    assert_eq!(log.first_unstable(), Some(0));
    log.marker(1, 4, 0, COMMIT);
    assert_eq!([log.first_unstable(), log.first_unstable_at(4), log.first_unstable_at(5)], [Some(0), Some(0), None]);
}
