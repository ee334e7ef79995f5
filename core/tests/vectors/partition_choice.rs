//! Which partition a record goes to, and which one holds a group (MUR, STK, GRP).

use kafka_lab::rules::partition_for_group::{absolute, partition_for_group};
use kafka_lab::rules::partition_for_key::{murmur2, partition_for_key, to_positive};
use kafka_lab::rules::sticky_partition::{Odds, Stick, draw_partition, odds, stick};

/// Key, hash, and the partition among 2, 3, 4, 6 and 12.
const KEYS: [(&str, &str, i32, Option<[u32; 5]>); 20] = [
    ("MUR-01", "21", -973932308, Some([0, 0, 0, 0, 0])),
    ("MUR-02", "foobar", -790332482, Some([0, 0, 2, 0, 6])),
    ("MUR-03", "a-little-bit-long-string", -985981536, None),
    ("MUR-06", "abc", 479470107, Some([1, 0, 3, 3, 3])),
    ("MUR-07", "", 275646681, Some([1, 0, 1, 3, 9])),
    ("MUR-08", "a", -1563381124, Some([0, 1, 0, 4, 4])),
    ("MUR-10", "abcd", -1323649548, Some([0, 2, 0, 2, 8])),
    ("MUR-11", "key-0", 29210041, Some([1, 1, 1, 1, 1])),
    ("MUR-12", "key-1", 193331640, Some([0, 0, 0, 0, 0])),
    ("MUR-14", "key-3", -1839136101, Some([1, 2, 3, 5, 11])),
    ("MUR-16", "key-5", -1698326880, Some([0, 2, 0, 2, 8])),
    ("MUR-17", "user-1", 1404122828, Some([0, 2, 0, 2, 8])),
    ("MUR-18", "user-2", -324981792, Some([0, 2, 0, 2, 8])),
    ("MUR-20", "user-42", 1459644460, Some([0, 1, 0, 4, 4])),
    ("MUR-21", "order-1001", 297523878, Some([0, 0, 2, 0, 6])),
    ("MUR-23", "alice", 1951417749, Some([1, 0, 1, 3, 9])),
    ("MUR-24", "bob", -2048144690, Some([0, 0, 2, 0, 6])),
    ("MUR-25", "carol", 271431602, Some([0, 2, 2, 2, 2])),
    ("MUR-28", "é", 186971271, Some([1, 0, 3, 3, 3])),
    ("MUR-30", "kafka", -798503068, Some([0, 1, 0, 4, 4])),
];

#[test]
fn keys_have_their_hashes_and_partitions() {
    for (row, key, hash, partitions) in KEYS {
        assert_eq!(murmur2(key.as_bytes()), hash, "{row}");
        for (count, partition) in [2, 3, 4, 6, 12].into_iter().zip(partitions.into_iter().flatten()) {
            assert_eq!(partition_for_key(key.as_bytes(), count), Some(partition), "{row} of {count}");
        }
    }
}

#[test]
fn mur_32_an_int_is_hashed_as_its_four_bytes() {
    let keys = [0_i32, 1, 2, 3].map(i32::to_be_bytes);
    assert_eq!(keys.map(|key| murmur2(&key)), [850957120, -173113808, 1586072243, 841864711]);
    assert_eq!(keys.map(|key| partition_for_key(&key, 6)), [Some(4), Some(0), Some(5), Some(1)]);
}

/// Of `key-0` to `key-999`.
fn partitions_of_a_thousand_keys(count: u32) -> Vec<usize> {
    let partition =
        |number| partition_for_key(format!("key-{number}").as_bytes(), count).expect("there are partitions");
    (0..1000).map(|number| partition(number) as usize).collect()
}

fn keys_in_each(count: u32) -> Vec<usize> {
    let partitions = partitions_of_a_thousand_keys(count);
    (0..count as usize).map(|wanted| partitions.iter().filter(|partition| **partition == wanted).count()).collect()
}

#[test]
fn mur_34_a_thousand_keys_among_three() {
    assert_eq!(keys_in_each(3), [324, 336, 340]);
}

#[test]
fn mur_36_a_thousand_keys_among_six() {
    assert_eq!(keys_in_each(6), [170, 169, 179, 154, 167, 161]);
}

#[test]
fn mur_37_keys_that_move_when_three_become_six() {
    let (three, six) = (partitions_of_a_thousand_keys(3), partitions_of_a_thousand_keys(6));
    assert_eq!(three.iter().zip(&six).filter(|(before, after)| before != after).count(), 482);
}

#[test]
fn mur_39_the_sign_bit_goes_the_number_is_not_turned_round() {
    assert_eq!(to_positive(-2048144690), 99338958);
    assert_eq!([99338958_u32 % 6, 2048144690 % 6], [0, 2]);
}

/// One byte a record, three bytes a batch.
#[test]
fn stk_01_three_bytes_a_partition() {
    let after = |bytes| stick(bytes, 3, true);
    assert_eq!([after(1), after(2), after(3)], [Stick::Stay, Stick::Stay, Stick::Switch]);
}

#[test]
fn stk_02_a_partition_without_a_leader_is_not_drawn() {
    let drawn = |random| draw_partition(&Odds::Even, &[0, 2], 3, random);
    assert!((0..100).all(|random| matches!(drawn(random), Some(0 | 2))));
    assert!((0..100).all(|random| draw_partition(&Odds::Even, &[], 3, random).is_some_and(|drawn| drawn < 3)));
}

/// How often each partition is drawn in a full cycle.
fn frequencies(queues: &[u32]) -> Vec<usize> {
    let odds = odds(queues);
    let Odds::Weighted(sums) = &odds else { panic!("{queues:?} are not even") };
    let partitions: Vec<u32> = (0..).take(queues.len()).collect();
    let cycle = 0..*sums.last().expect("a queue");
    let drawn: Vec<u32> = cycle.filter_map(|random| draw_partition(&odds, &partitions, 9, random)).collect();
    partitions.iter().map(|wanted| drawn.iter().filter(|partition| *partition == wanted).count()).collect()
}

#[test]
fn stk_04_the_longest_queue_is_drawn_once_in_a_cycle() {
    assert_eq!(frequencies(&[5, 0, 3, 0, 1]), [1, 6, 3, 6, 5]);
}

#[test]
fn stk_05_sums_of_weights() {
    assert_eq!(odds(&[0, 3, 1]), Odds::Weighted(vec![4, 5, 8]));
    assert_eq!(frequencies(&[0, 3, 1]), [4, 1, 3]);
}

#[test]
fn grp_01_groups_among_fifty() {
    assert_eq!(["my-group", "orders"].map(|group| partition_for_group(group, 50)), [Some(12), Some(31)]);
}

#[test]
fn grp_03_the_smallest_int_has_no_absolute_value() {
    assert_eq!(absolute(i32::MIN), 0);
}
