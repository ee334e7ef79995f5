//! Draws that do not disturb each other.
//!
//! A draw is named by (seed, who, what for, the how-many-eth). There is no stream to be shifted: after a
//! fork, the draws of everything that the fork did not touch stay the same. Integers only, our own, for ever:
//! a library's next version would break every shared link.

/// What a draw decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// How much longer than the link's latency a message takes.
    Jitter,
    /// What a random script does next.
    Script,
    /// How much longer than the setting a voter of the metadata quorum waits in an election.
    ElectionTimeout,
}

/// A number below `bound` (0 if `bound` is 0), the same for the same arguments on every machine.
#[must_use]
pub fn draw(seed: u64, entity: u64, purpose: Purpose, count: u64, bound: u64) -> u64 {
    let purpose = match purpose {
        Purpose::Jitter => 1,
        Purpose::Script => 2,
        Purpose::ElectionTimeout => 3,
    };
    let mut mixed = seed;
    for word in [entity, purpose, count] {
        mixed = mix(mixed ^ mix(word.wrapping_add(0x9e37_79b9_7f4a_7c15)));
    }
    if bound == 0 { 0 } else { mixed % bound }
}

/// A bijection that spreads every input bit over all output bits (the finaliser of SplitMix64).
fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_each_argument() {
        let base = draw(1, 2, Purpose::Jitter, 3, u64::MAX);
        assert_eq!(base, draw(1, 2, Purpose::Jitter, 3, u64::MAX));
        assert_ne!(base, draw(2, 2, Purpose::Jitter, 3, u64::MAX));
        assert_ne!(base, draw(1, 3, Purpose::Jitter, 3, u64::MAX));
        assert_ne!(base, draw(1, 2, Purpose::Script, 3, u64::MAX));
        assert_ne!(base, draw(1, 2, Purpose::Jitter, 4, u64::MAX));
    }

    #[test]
    fn draws_reach_every_value_below_the_bound() {
        let mut seen = [0u32; 7];
        for count in 0..700 {
            let value = draw(42, 1, Purpose::Jitter, count, 7);
            seen[usize::try_from(value).expect("below 7")] += 1;
        }
        assert!(seen.iter().all(|n| (60..=140).contains(n)), "{seen:?}");
    }
}
