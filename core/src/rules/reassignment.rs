//! How a partition moves to other brokers (Kafka: `PartitionReassignmentReplicas`, `kafka-reassign-partitions`).
//!
//! At first who comes is added, and nobody leaves: the replicas are the old ones and the new ones. Once all that are
//! to stay are in sync, one record takes out who is to go. So there are never fewer copies than before.

use super::election::{BrokerList, Registration};
use crate::ids::{BrokerId, BrokerSet};

/// Which replicas a partition has, and which of them come and go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment<List = Vec<BrokerId>> {
    /// Their order is the order of preference.
    pub replicas: List,
    /// They are replicas already, and have to be in sync before the reassignment is done.
    pub adding: List,
    /// They are replicas still.
    pub removing: List,
}

/// Who is in `list` and not in `other`, in ascending order.
fn minus(list: &[BrokerId], other: &[BrokerId]) -> Vec<BrokerId> {
    let set = |brokers: &[BrokerId]| brokers.iter().copied().collect::<BrokerSet>();
    set(list).minus(set(other)).iter().collect()
}

/// What a reassignment to `target` begins with. One that is under way already counts as what there is.
#[must_use]
pub fn begin_reassignment(partition: &Registration, target: &[BrokerId]) -> Assignment {
    let or_as_before =
        |list: Vec<BrokerId>, before: &Vec<BrokerId>| if list.is_empty() { before.clone() } else { list };
    let removing = minus(&partition.replicas, target);
    let replicas = target.iter().chain(&removing).copied().collect();
    let adding = minus(target, &partition.replicas);
    Assignment {
        replicas,
        adding: or_as_before(adding, &partition.adding),
        removing: or_as_before(removing, &partition.removing),
    }
}

/// What is left once it is done, with the ISR of then; none while somebody who is to stay is not in sync, or if there
/// is nothing to do.
#[must_use]
pub fn complete_reassignment<List: BrokerList>(
    wanted: &Assignment<List>,
    isr: &[BrokerId],
) -> Option<(Assignment<List>, List)> {
    if wanted.adding.is_empty() && wanted.removing.is_empty() {
        return None;
    }
    let stay = |list: &[BrokerId]| -> List {
        list.iter().copied().filter(|broker| !wanted.removing.contains(broker)).collect()
    };
    let (replicas, isr) = (stay(&wanted.replicas), stay(isr));
    let done = !replicas.is_empty() && replicas.iter().all(|replica| isr.contains(replica));
    done.then(|| (Assignment { replicas, adding: List::default(), removing: List::default() }, isr))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{brokers, led_by_1};
    use super::*;

    #[test]
    fn who_comes_is_added_and_nobody_leaves_yet() {
        let begun = begin_reassignment(&led_by_1(), &brokers(&[4, 2]));
        let expected =
            Assignment { replicas: brokers(&[4, 2, 1, 3]), adding: brokers(&[4]), removing: brokers(&[1, 3]) };
        assert_eq!(begun, expected);
        assert_eq!(complete_reassignment(&begun, &brokers(&[1, 2, 3])), None, "broker 4 lacks records");
        let done = Assignment { replicas: brokers(&[4, 2]), adding: vec![], removing: vec![] };
        assert_eq!(complete_reassignment(&begun, &brokers(&[1, 2, 4])), Some((done, brokers(&[2, 4]))));
    }

    #[test]
    fn another_order_is_no_reassignment() {
        let begun = begin_reassignment(&led_by_1(), &brokers(&[3, 2, 1]));
        assert_eq!(begun, Assignment { replicas: brokers(&[3, 2, 1]), adding: vec![], removing: vec![] });
        assert_eq!(complete_reassignment(&begun, &brokers(&[1, 2, 3])), None);
    }
}
