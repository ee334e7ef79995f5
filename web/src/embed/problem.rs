//! What of an address or a message was not understood: where, what was found, what was expected.

use std::fmt;

use kafka_lab::command;

/// One thing that was not understood. What was understood beside it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// `?theme` of an address, `seek.moment` of a message, `address` itself.
    pub(super) place: String,
    pub(super) wrong: Wrong,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Version 1 has no such name.
    Name { known: &'static [&'static str] },
    /// A value of another kind, or out of its range. `found` is empty where nothing was.
    Value { found: String, expected: Expected },
    /// A line of a script.
    Line(command::Problem),
    /// Of a link to a run, in words.
    Link(String),
    /// From the window that may speak, and not in this lab's words.
    NotOurs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    OneOf(&'static [&'static str]),
    /// One of these, which are known at run time only.
    Either(Vec<String>),
    Text,
    /// A whole number, up to this.
    Count {
        most: usize,
    },
    /// The size of text, from the least to the most.
    Size {
        least: &'static str,
        most: &'static str,
    },
    /// As `https://course.example`.
    Origin,
    /// One of two fields, not both and not none.
    OneField(&'static str, &'static str),
}

impl Problem {
    pub(super) fn value(place: impl Into<String>, found: impl Into<String>, expected: Expected) -> Self {
        Problem { place: place.into(), wrong: Wrong::Value { found: found.into(), expected } }
    }

    pub(super) fn name(place: impl Into<String>, known: &'static [&'static str]) -> Self {
        Problem { place: place.into(), wrong: Wrong::Name { known } }
    }

    /// Line and column, 1 for the first, if it is in a script.
    pub(super) fn line_and_column(&self) -> Option<(u32, u32)> {
        match &self.wrong {
            Wrong::Line(problem) => Some((problem.line, problem.column)),
            _ => None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.wrong {
            Wrong::Name { known: [] } => f.write_str("no such name; none is expected here"),
            Wrong::Name { known } => write!(f, "no such name; expected one of {}", known.join(", ")),
            Wrong::Value { found, expected } if found.is_empty() => write!(f, "found nothing; expected {expected}"),
            Wrong::Value { found, expected } => write!(f, "found `{found}`; expected {expected}"),
            Wrong::Line(problem) => problem.fmt(f),
            Wrong::Link(said) => f.write_str(said),
            Wrong::NotOurs => f.write_str("a message without ns: \"kafka-lab\"; it was left alone, as others like it"),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::OneOf(words) => write!(f, "one of {}", words.join(", ")),
            Expected::Either(words) => write!(f, "one of {}", words.join(", ")),
            Expected::Text => f.write_str("a text"),
            Expected::Count { most } => write!(f, "a whole number from 0 to {most}"),
            Expected::Size { least, most } => write!(f, "a number from {least} to {most}"),
            Expected::Origin => f.write_str("an origin, as https://course.example"),
            Expected::OneField(one, other) => write!(f, "either {one} or {other}"),
        }
    }
}
