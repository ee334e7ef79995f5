//! How a replica gets rid of what its new leader does not have: Kafka's way, and the three that came before it.
//!
//! Each mended what the one before it lost. Up to 0.10 replicas went by their high watermarks; KIP-101 has them ask
//! where their last epoch ended, KIP-279 which epoch that was, and KIP-320 asks with every fetch.

/// Which version of the protocol all replicas go by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TruncationRule {
    /// Before 0.11: each cuts to its own high watermark, and asks nobody.
    ToHighWatermark,
    /// 0.11: it asks the leader where its last epoch ended, and cuts there.
    Kip101,
    /// 2.0: the leader's answer names the epoch that ended there, and both look for the last one that both have.
    Kip279,
    /// Kafka's today (2.1, 2.7): a fetch names the leader's epoch and that of the last record; the leader tells if the
    /// logs part, and refuses whoever lives in another epoch.
    #[default]
    Kip320,
}

impl TruncationRule {
    pub const ALL: [TruncationRule; 4] =
        [TruncationRule::ToHighWatermark, TruncationRule::Kip101, TruncationRule::Kip279, TruncationRule::Kip320];

    /// The word for it in the command language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            TruncationRule::ToHighWatermark => "high-watermark",
            TruncationRule::Kip101 => "kip-101",
            TruncationRule::Kip279 => "kip-279",
            TruncationRule::Kip320 => "kip-320",
        }
    }

    /// Does a fetch name the current leader epoch, and the epoch of the last record that the follower has? Without them
    /// a leader can neither refuse who follows in another epoch, nor see that the logs part.
    #[must_use]
    pub fn fetch_names_epochs(self) -> bool {
        self == TruncationRule::Kip320
    }
}
