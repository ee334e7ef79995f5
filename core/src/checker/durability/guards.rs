//! Guards of the protocol that can be taken away, to see what each is for.

use std::fmt;

/// One thing that is looked at before something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// A heartbeat counts for the start of the broker that sent it (`ClusterControlManager.checkBrokerEpoch`).
    ///
    /// Taken away, a new start passes for the one before: the session goes on, so nobody takes the broker out of the
    /// ISR, or has it lead no more, though it came back without what it had not flushed. And a late heartbeat makes the
    /// controller believe in a broker that is down, or in a start that has not replayed its registration; that alone
    /// loses nothing, since belief puts nobody into the ISR or the ELR.
    HeartbeatStart,
    /// Metadata of an older leader epoch than a broker knows is no news.
    MetadataEpoch,
    /// The mark waits for a member of the ISR whose log end is not known yet.
    LogEndKnown,
    /// Who joins the ISR has all below the high watermark.
    JoinsAtMark,
    /// Who joins the ISR has all from before the leader's epoch.
    JoinsAtEpochStart,
    /// A fetch names the leader's epoch, and another leadership is refused.
    FetchLeaderEpoch,
    /// A fetch names the epoch of the last record, and the leader holds it against its own log.
    FetchLastEpoch,
    /// Whoever is to join the ISR is still the start of the broker that has fetched (KIP-903).
    IsrBrokerEpoch,
    /// The partition has not changed since the leader asked for its ISR.
    IsrPartitionEpoch,
    /// A broker that begins to lead knows nothing of where its followers are, whatever it knew when it led before.
    FollowerState,
}

impl Guard {
    pub const ALL: [Guard; 10] = [
        Guard::HeartbeatStart,
        Guard::MetadataEpoch,
        Guard::LogEndKnown,
        Guard::JoinsAtMark,
        Guard::JoinsAtEpochStart,
        Guard::FetchLeaderEpoch,
        Guard::FetchLastEpoch,
        Guard::IsrBrokerEpoch,
        Guard::IsrPartitionEpoch,
        Guard::FollowerState,
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Guard::HeartbeatStart => "heartbeat-start",
            Guard::MetadataEpoch => "metadata-epoch",
            Guard::LogEndKnown => "log-end-known",
            Guard::JoinsAtMark => "joins-at-mark",
            Guard::JoinsAtEpochStart => "joins-at-epoch-start",
            Guard::FetchLeaderEpoch => "fetch-leader-epoch",
            Guard::FetchLastEpoch => "fetch-last-epoch",
            Guard::IsrBrokerEpoch => "isr-broker-epoch",
            Guard::IsrPartitionEpoch => "isr-partition-epoch",
            Guard::FollowerState => "follower-state",
        }
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Those that are taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed(u16);

impl Removed {
    #[must_use]
    pub fn with(self, guard: Guard) -> Removed {
        Removed(self.0 | 1 << guard as u16)
    }

    #[must_use]
    pub fn contains(self, guard: Guard) -> bool {
        self.0 >> guard as u16 & 1 == 1
    }
}
