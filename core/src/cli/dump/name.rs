//! What a file is, by its name: Kafka's dump tool goes by that alone.

use std::fmt;

use crate::cli::Exit;

/// A file that dump reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Log(FileKind),
    Beside(BesideKind),
}

/// A file that lies beside a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BesideKind {
    /// `<base offset>.index`
    OffsetIndex { base_offset: i64 },
    /// `<base offset>.timeindex`
    TimeIndex { base_offset: i64 },
    /// `<base offset>.txnindex`
    TransactionIndex,
    /// `<offset>.snapshot`: of the producers, as they were there.
    ProducerSnapshot,
}

/// A file of batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// `<base offset>.log`
    Segment { base_offset: i64 },
    /// `<end offset>-<epoch>.checkpoint`: a snapshot of the metadata log.
    Snapshot { end_offset: i64, epoch: i32 },
    /// `bootstrap.checkpoint`: the records that a KRaft cluster is formatted with.
    Bootstrap,
}

/// Why a file is not dumped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A kind that nobody reads.
    Unknown,
    /// A segment's file whose name says no offset.
    NoOffset,
    /// A snapshot whose name says no offset and epoch.
    NoSnapshotId,
}

impl Refusal {
    pub(super) fn exit(self) -> Exit {
        match self {
            Refusal::Unknown => Exit::Usage,
            Refusal::NoOffset | Refusal::NoSnapshotId => Exit::Problems,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::Unknown => {
                "file name: found no kind that is known, expected .log, .checkpoint, .index, .timeindex, .txnindex or \
                 .snapshot"
            }
            Refusal::NoOffset => "file name: found no offset, expected a number before the first dot",
            Refusal::NoSnapshotId => "file name: found no snapshot id, expected <20 digits>-<10 digits>.checkpoint",
        })
    }
}

/// Tells by the last suffix, as Kafka does.
pub(super) fn kind_of(base_name: &str) -> Result<Kind, Refusal> {
    let suffix = base_name.rfind('.').and_then(|dot| base_name.get(dot..)).ok_or(Refusal::Unknown)?;
    let base_offset = || stem(base_name).parse().map_err(|_| Refusal::NoOffset);
    Ok(match suffix {
        ".log" => Kind::Log(FileKind::Segment { base_offset: base_offset()? }),
        ".checkpoint" if base_name == "bootstrap.checkpoint" => Kind::Log(FileKind::Bootstrap),
        ".checkpoint" => Kind::Log(snapshot_id(base_name).ok_or(Refusal::NoSnapshotId)?),
        ".index" => Kind::Beside(BesideKind::OffsetIndex { base_offset: base_offset()? }),
        ".timeindex" => Kind::Beside(BesideKind::TimeIndex { base_offset: base_offset()? }),
        ".txnindex" => base_offset().map(|_| Kind::Beside(BesideKind::TransactionIndex))?,
        ".snapshot" => Kind::Beside(BesideKind::ProducerSnapshot),
        _ => return Err(Refusal::Unknown),
    })
}

/// What stands before the first dot: a segment's files share it.
pub(super) fn stem(base_name: &str) -> &str {
    base_name.split('.').next().unwrap_or_default()
}

/// `Snapshots.parse`: 20 digits of offset, a dash, 10 digits of epoch.
fn snapshot_id(base_name: &str) -> Option<FileKind> {
    let (end_offset, epoch) = (base_name.get(..20)?, base_name.get(21..31)?);
    if base_name.get(20..21) != Some("-") {
        return None;
    }
    Some(FileKind::Snapshot { end_offset: end_offset.parse().ok()?, epoch: epoch.parse().ok()? })
}
