//! Tables as a judge makes them: out of every record that was acknowledged, or out of what the log still holds.

use super::Sight;
use crate::bytes::Record;
use crate::event::EventKind;
use crate::frame::readable;
use crate::ids::{ConsumerIndex, Offset};
use crate::rules::fold::{Fold, Program, fold};
use litemap::LiteMap;

pub(super) type Table = LiteMap<String, i64>;

/// Folds one record into a table, as a consumer's program does; says the key whose row it looked at.
fn fold_record(program: Program, table: &mut Table, record: &Record) -> String {
    let key = record.key.as_deref().map_or_else(String::new, readable);
    let value = record.value.as_deref().map(readable);
    match fold(program, table.get(&key).copied(), value.as_deref()) {
        Fold::Set(row) => {
            table.insert(key.clone(), row);
        }
        Fold::Remove => {
            table.remove(&key);
        }
        Fold::DropRefund | Fold::NotAnAmount => {}
    }
    key
}

/// The number of keys whose rows are not the same in both.
pub(super) fn differing_rows(left: &Table, right: &Table) -> i64 {
    let only_right = right.keys().filter(|key| !left.contains_key(*key)).count();
    let others = left.iter().filter(|(key, row)| right.get(*key) != Some(row)).count();
    i64::try_from(only_right + others).unwrap_or(i64::MAX)
}

/// Rows of the consumer's table that are not what its program, without its bug, makes of every record that was ever
/// acknowledged, deleted ones too. None if it runs no program.
pub(super) fn wrong_rows(sight: &Sight, consumer: ConsumerIndex) -> Option<i64> {
    let consumer = sight.world.consumers.get(&consumer)?;
    let program = consumer.settings.program?.without_bug();
    let leader = sight.world.leader()?.0.id;
    let mut truth = Table::new();
    for event in sight.happened() {
        let EventKind::BatchAppended { broker, batch } = &event.kind else { continue };
        for (record, name) in batch.batch.records.iter().zip(&batch.names) {
            if *broker == leader && sight.world.ledger.acknowledged.contains_key(name) {
                fold_record(program, &mut truth, record);
            }
        }
    }
    Some(differing_rows(&consumer.table, &truth))
}

/// The first offset whose tables differ, when both consumers' programs fold the log from its start; none if they
/// never do. The table of an offset is made of the records below it.
pub(super) fn parted(sight: &Sight, left: ConsumerIndex, right: ConsumerIndex) -> Option<Offset> {
    let program = |id: &ConsumerIndex| sight.world.consumers.get(id)?.settings.program;
    let (left, right) = (program(&left)?, program(&right)?);
    let log = &sight.world.leader()?.0.log;
    let (mut one, mut other) = (Table::new(), Table::new());
    let records = log.batches().flat_map(|batch| &batch.batch.records);
    for record in records.into_iter().filter(|record| record.offset >= log.log_start) {
        let key = fold_record(left, &mut one, record);
        fold_record(right, &mut other, record);
        if one.get(&key) != other.get(&key) {
            return Some(record.offset.plus(1));
        }
    }
    None
}
