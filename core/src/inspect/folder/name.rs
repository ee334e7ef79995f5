//! What a file in a partition's folder is, by its name (Kafka: `LogFileUtils`).

use crate::ids::Offset;

/// The kinds of file that tell something of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Log,
    OffsetIndex,
    TimeIndex,
    TxnIndex,
    Snapshot,
    LeaderEpochs,
    Metadata,
    /// `replication-offset-checkpoint`: how far each partition is replicated.
    HighWatermarks,
    /// `recovery-point-offset-checkpoint`: up to where each partition was flushed.
    RecoveryPoints,
    LogStarts,
    /// `cleaner-offset-checkpoint`: up to where each partition was compacted.
    Cleaned,
    /// Nothing is read of it.
    Other,
}

pub(crate) fn kind_of(name: &str) -> Kind {
    match name {
        "leader-epoch-checkpoint" => Kind::LeaderEpochs,
        "partition.metadata" => Kind::Metadata,
        "replication-offset-checkpoint" => Kind::HighWatermarks,
        "recovery-point-offset-checkpoint" => Kind::RecoveryPoints,
        "log-start-offset-checkpoint" => Kind::LogStarts,
        "cleaner-offset-checkpoint" => Kind::Cleaned,
        _ => match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("log") => Kind::Log,
            Some("index") => Kind::OffsetIndex,
            Some("timeindex") => Kind::TimeIndex,
            Some("txnindex") => Kind::TxnIndex,
            Some("snapshot") => Kind::Snapshot,
            _ => Kind::Other,
        },
    }
}

/// The offset in a name as `00000000000000000042.log`.
pub(crate) fn offset_in(name: &str) -> Option<Offset> {
    let digits = name.split_once('.').map(|(stem, _)| stem).filter(|stem| stem.len() == 20)?;
    digits.parse().ok().map(Offset)
}

/// Topic and partition of a folder, as `broker-1/orders-0`.
pub(crate) fn partition_in(folder: &str) -> Option<(&str, i32)> {
    let (topic, partition) = folder.rsplit('/').next()?.rsplit_once('-')?;
    Some((topic, partition.parse().ok()?))
}
