//! Offsets that do not follow each other, as Kafka's dump tool tells them at a file's end.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::ids::Offset;

/// Pairs of neighbouring records whose offsets do not follow each other. Kafka keeps them by the first of the two,
/// begins before all offsets, and prints them sorted.
#[derive(Debug)]
pub(super) struct Gaps {
    last: Offset,
    pairs: BTreeMap<Offset, Offset>,
}

impl Default for Gaps {
    fn default() -> Gaps {
        Gaps { last: Offset(-1), pairs: BTreeMap::new() }
    }
}

impl Gaps {
    /// Notes the next record's offset. Gives the one before it, if it is not above that.
    pub(super) fn follow(&mut self, offset: Offset) -> Option<Offset> {
        let last = std::mem::replace(&mut self.last, offset);
        if offset.0 != last.0.wrapping_add(1) {
            self.pairs.insert(last, offset);
        }
        (offset <= last).then_some(last)
    }

    pub(super) fn tell(&self, name: &str, out: &mut dyn Write) -> io::Result<()> {
        if !self.pairs.is_empty() {
            writeln!(out, "Non-consecutive offsets in {name}")?;
        }
        for (first, second) in &self.pairs {
            writeln!(out, "  {first} is followed by {second}")?;
        }
        Ok(())
    }
}
