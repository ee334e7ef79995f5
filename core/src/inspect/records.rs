//! Records as lines of a list, and what lets a record through to it.

use super::answer::Place;
use crate::frame::CellKind;

/// What is shown of the records; what is not set lets everything through.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Filter {
    pub kind: Option<CellKind>,
    pub producer: Option<i64>,
    pub epoch: Option<i32>,
    /// A part of the key, or of the value, as text.
    pub text: String,
    /// Only what is not the same in the other folder.
    pub only_differences: bool,
}

/// A record as a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RecordRow {
    pub place: Place,
    pub kind: CellKind,
    /// As a reader is told it; −1 is none.
    pub timestamp_ms: i64,
    pub producer: Option<i64>,
    pub epoch: Option<i32>,
    /// As text where it is text, else as hexadecimal; none is null. In one of Kafka's own topics the record's type.
    pub key: Option<String>,
    /// In one of Kafka's own topics the fields of key and value, by their names.
    pub value: Option<String>,
    pub headers: u32,
}

/// The records that a filter let through, from a place on.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RecordList {
    pub rows: Vec<RecordRow>,
    /// Where to go on, if there may be more.
    pub next: Option<Place>,
}
