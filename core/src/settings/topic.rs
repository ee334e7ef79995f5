//! What goes together in a topic (Kafka: `LogConfig.validateValues`).

use super::chosen::{Chosen, INVALID_CONFIGURATION, Refused};

const MIN_LAG: &str = "min.compaction.lag.ms";
const MAX_LAG: &str = "max.compaction.lag.ms";

/// What does not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicConflict {
    /// A record would have to be compacted before it may be.
    CompactionLags,
}

/// The conflict, if there is one.
#[must_use]
pub fn topic_conflict(chosen: &Chosen) -> Option<TopicConflict> {
    chosen.exceeds(MIN_LAG, MAX_LAG).then_some(TopicConflict::CompactionLags)
}

impl TopicConflict {
    pub(super) fn refused(self) -> Refused {
        match self {
            TopicConflict::CompactionLags => Refused::new(INVALID_CONFIGURATION, &[MIN_LAG, MAX_LAG]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Scope, check};
    use super::*;

    #[test]
    fn the_lags_may_be_equal() {
        let lags = |min, max| check(Scope::Topic, [(MIN_LAG, min), (MAX_LAG, max)]).is_ok();
        assert!(lags("5000", "5000") && !lags("5001", "5000"));
    }
}
