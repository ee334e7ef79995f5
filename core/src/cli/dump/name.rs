//! What a file is, by its name: Kafka's dump tool goes by that alone.

use std::fmt;

use crate::cli::Exit;

/// A file that dump reads.
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
    /// A kind that Kafka's tool reads and this version does not, yet.
    NotYet { suffix: &'static str },
    /// A kind that nobody reads.
    Unknown,
    /// A segment whose name says no offset.
    NoOffset,
    /// A snapshot whose name says no offset and epoch.
    NoSnapshotId,
}

impl Refusal {
    /// Kafka's tool names every file before it looks what it is.
    pub(super) fn kafka_says_dumping(self) -> bool {
        !matches!(self, Refusal::NotYet { .. })
    }

    pub(super) fn exit(self) -> Exit {
        match self {
            Refusal::NotYet { .. } | Refusal::Unknown => Exit::Usage,
            Refusal::NoOffset | Refusal::NoSnapshotId => Exit::Problems,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NotYet { suffix } => {
                write!(f, "this version reads .log and .checkpoint files, and no {suffix} files yet")
            }
            Refusal::Unknown => f.write_str("file name: found no kind that is known, expected .log or .checkpoint"),
            Refusal::NoOffset => f.write_str("file name: found no offset, expected a number before .log"),
            Refusal::NoSnapshotId => {
                f.write_str("file name: found no snapshot id, expected <20 digits>-<10 digits>.checkpoint")
            }
        }
    }
}

/// Tells by the last suffix, as Kafka does.
pub(super) fn kind_of(base_name: &str) -> Result<FileKind, Refusal> {
    let suffix = base_name.rfind('.').and_then(|dot| base_name.get(dot..)).ok_or(Refusal::Unknown)?;
    match suffix {
        ".log" => {
            let stem = base_name.split('.').next().unwrap_or_default();
            stem.parse().map(|base_offset| FileKind::Segment { base_offset }).map_err(|_| Refusal::NoOffset)
        }
        ".checkpoint" if base_name == "bootstrap.checkpoint" => Ok(FileKind::Bootstrap),
        ".checkpoint" => snapshot_id(base_name).ok_or(Refusal::NoSnapshotId),
        ".index" => Err(Refusal::NotYet { suffix: ".index" }),
        ".timeindex" => Err(Refusal::NotYet { suffix: ".timeindex" }),
        ".txnindex" => Err(Refusal::NotYet { suffix: ".txnindex" }),
        ".snapshot" => Err(Refusal::NotYet { suffix: ".snapshot" }),
        _ => Err(Refusal::Unknown),
    }
}

/// `Snapshots.parse`: 20 digits of offset, a dash, 10 digits of epoch.
fn snapshot_id(base_name: &str) -> Option<FileKind> {
    let (end_offset, epoch) = (base_name.get(..20)?, base_name.get(21..31)?);
    if base_name.get(20..21) != Some("-") {
        return None;
    }
    Some(FileKind::Snapshot { end_offset: end_offset.parse().ok()?, epoch: epoch.parse().ok()? })
}
