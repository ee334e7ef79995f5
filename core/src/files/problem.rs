//! What can be wrong with a file beside a log: where, what was found, what was expected.

use std::fmt;

use crate::bytes;

/// The most characters of a foreign text that a problem repeats.
const FOUND_CHARS_MAX: usize = 60;

/// Where a problem sits in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilePlace {
    /// Byte offset, of a file that is not text.
    Byte(u64),
    /// Line of a text; the first is 1. One more than the last where a line is missing.
    Line(u64),
}

impl fmt::Display for FilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FilePlace::Byte(at) => write!(f, "byte {at}"),
            FilePlace::Line(number) => write!(f, "line {number}"),
        }
    }
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    pub place: FilePlace,
    /// What it is about, as a short noun: a field, a key, a line.
    pub subject: &'static str,
    pub fault: FileFault,
}

/// The ways in which such a file can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// The file ends inside a field or an entry.
    CutOff { left_bytes: u64, needed_bytes: u64 },
    /// There are bytes behind the last thing that the file says it has.
    LeftOver { bytes: u64 },
    /// A number is below the least it can be.
    TooSmall { found: i64, least: i64 },
    /// A count is above what the bytes that follow can hold.
    TooLarge { found: i64, most: i64 },
    /// The format's version is one that this reader does not read.
    Version { found: i64, known: &'static str },
    /// The stored CRC-32C is not that of the bytes behind it.
    Crc { stored: u32, computed: u32 },
    /// Room set aside for later entries is not all zeros.
    NotZero { found: u8 },
    /// An entry is not above the one before it.
    NotAbove { found: i64, before: i64 },
    /// There are more lines, or fewer, than the file says.
    Count { found: u64, stated: i64 },
    /// The bytes are no UTF-8.
    NotUtf8,
    /// A text is not what stands there in a file that Kafka wrote; none if there is nothing.
    Text { found: Option<String>, expected: &'static str },
}

impl FileProblem {
    /// A problem `at` bytes into the file.
    #[must_use]
    pub fn at_byte(at: usize, subject: &'static str, fault: FileFault) -> FileProblem {
        FileProblem { place: FilePlace::Byte(at as u64), subject, fault }
    }

    /// A problem in a line of the file; the first is 1.
    #[must_use]
    pub fn in_line(number: usize, subject: &'static str, fault: FileFault) -> FileProblem {
        FileProblem { place: FilePlace::Line(number as u64), subject, fault }
    }

    /// A line, or a part of it, that says something else than it should.
    #[must_use]
    pub fn text(number: usize, subject: &'static str, found: Option<&str>, expected: &'static str) -> FileProblem {
        let found = found.map(|found| found.chars().take(FOUND_CHARS_MAX).collect());
        FileProblem::in_line(number, subject, FileFault::Text { found, expected })
    }
}

impl FileFault {
    /// What stands there.
    #[must_use]
    pub fn found(&self) -> String {
        match self {
            FileFault::CutOff { left_bytes, .. } => format!("{left_bytes} bytes left"),
            FileFault::LeftOver { bytes } => format!("{bytes} bytes"),
            FileFault::TooSmall { found, .. }
            | FileFault::TooLarge { found, .. }
            | FileFault::Version { found, .. }
            | FileFault::NotAbove { found, .. } => found.to_string(),
            FileFault::Crc { stored, .. } => format!("{stored:08x}"),
            FileFault::NotZero { found } => format!("{found:02x}"),
            FileFault::Count { found, .. } => format!("{found} entries"),
            FileFault::NotUtf8 => "bytes that are no UTF-8".to_owned(),
            FileFault::Text { found: Some(found), .. } => format!("{found:?}"),
            FileFault::Text { found: None, .. } => "nothing".to_owned(),
        }
    }

    /// What should stand there.
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            FileFault::CutOff { needed_bytes, .. } => format!("{needed_bytes} bytes"),
            FileFault::LeftOver { .. } => "the end of the file".to_owned(),
            FileFault::TooSmall { least, .. } => format!("{least} or more"),
            FileFault::TooLarge { most, .. } => format!("{most} or less"),
            FileFault::Version { known, .. } => (*known).to_owned(),
            FileFault::Crc { computed, .. } => format!("{computed:08x}"),
            FileFault::NotZero { .. } => "zeros to the end of the file".to_owned(),
            FileFault::NotAbove { before, .. } => format!("more than {before}"),
            FileFault::Count { stated, .. } => format!("{stated} entries, as line 2 says"),
            FileFault::NotUtf8 => "text in UTF-8".to_owned(),
            FileFault::Text { expected, .. } => (*expected).to_owned(),
        }
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (found, expected) = (self.fault.found(), self.fault.expected());
        write!(f, "{}: {}: found {found}, expected {expected}", self.place, self.subject)
    }
}

impl std::error::Error for FileProblem {}

/// The live indexes read their entries themselves, and know fewer ways to be wrong.
impl From<bytes::Problem> for FileProblem {
    fn from(problem: bytes::Problem) -> FileProblem {
        let (subject, fault) = match problem.fault {
            bytes::Fault::TooSmall { field, found, least } => (field.name(), FileFault::TooSmall { found, least }),
            bytes::Fault::LeftOver { bytes } => ("after the last entry", FileFault::LeftOver { bytes }),
            _ => {
                let text = FileFault::Text { found: Some(problem.found()), expected: "an entry of an index" };
                ("entry", text)
            }
        };
        FileProblem { place: FilePlace::Byte(problem.place.at), subject, fault }
    }
}

/// The file as text.
///
/// # Errors
/// [`FileFault::NotUtf8`], with the line that can't be read.
pub(super) fn utf8(file: &[u8]) -> Result<&str, FileProblem> {
    std::str::from_utf8(file).map_err(|error| {
        let before = file.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        FileProblem::in_line(line, "text", FileFault::NotUtf8)
    })
}

/// What the JSON reader says, with its line; its own words stand for what was found.
#[cfg(feature = "cli")]
pub(super) fn json_problem(error: &serde_json::Error) -> FileProblem {
    FileProblem::text(error.line(), "JSON", Some(&error.to_string()), "an object with the names that Kafka writes")
}
