//! The decisions of Kafka, one a file: small pure functions over small values.
//!
//! The world calls them, the checker calls them, and the page prints them with the line that just ran
//! marked. A rule returns a decision enum; the line that makes the variant is the line that decided.

pub mod acknowledge;
pub mod alter_partition;
pub mod alter_partition_check;
pub mod append;
pub mod append_check;
pub mod begin_to_follow;
pub mod broker_registration;
pub mod broker_session;
pub mod broker_state;
pub mod commit_rule;
pub mod election;
pub mod eligible_leader_replicas;
pub mod end_txn_marker;
pub mod epoch_cache;
pub mod fencing;
pub mod fetch_answer;
pub mod fetch_divergence;
pub mod fetch_error;
pub mod fetch_size;
pub mod fold;
pub mod high_watermark;
pub mod isr;
pub mod last_stable_offset;
pub mod latest_offset;
pub mod linger;
pub mod list_offsets;
pub mod log_start;
pub mod min_isr;
pub mod offset_for_leader_epoch;
pub mod out_of_range;
pub mod partition;
pub mod partition_change;
pub mod partition_fetch;
pub mod partition_for_group;
pub mod partition_for_key;
pub mod produce_retry;
pub mod producer_append;
pub mod producer_entry;
pub mod producer_expiry;
pub mod producer_snapshot;
pub mod producer_state;
pub mod quorum_election;
pub mod quorum_fetch;
pub mod quorum_high_watermark;
pub mod quorum_resignation;
pub mod quorum_role;
#[cfg(test)]
mod quorum_story;
pub mod quorum_timer;
pub mod quorum_vote;
pub mod quorum_voter;
pub mod quorum_voting;
pub mod read;
pub mod reassignment;
pub mod replica;
pub mod retention;
pub mod roll;
pub mod sticky_partition;
pub mod storage;
#[cfg(test)]
mod testing;
pub mod truncate;
pub mod truncation;
pub mod truncation_rule;
pub mod verification;
