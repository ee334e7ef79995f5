//! Messages and what they say.

use super::feed_acks;
use crate::fingerprint::{Fingerprint, Fingerprinted};
use crate::rules::alter_partition::Proposal;
use crate::rules::offset_for_leader_epoch::LeaderAnswer;
use crate::world::{Body, ControllerError, Fetched, HeartbeatAnswer, Message, MetadataFetched};

impl Fingerprinted for Message {
    fn feed(&self, into: &mut Fingerprint) {
        let Message { id, body, routine } = self;
        id.feed(into);
        into.flag(*routine);
        body.feed(into);
    }
}

impl Fingerprinted for Body {
    /// What kind of message it is stands in its name.
    fn feed(&self, into: &mut Fingerprint) {
        if let Some(request) = self.request() {
            request.feed(into);
        }
        match self {
            Body::Produce { batch, acks, timeout_ms } => {
                into.number(*timeout_ms);
                feed_acks(*acks, into);
                batch.feed(into);
            }
            Body::ProduceResponse { answer, .. } => match answer {
                Ok(base) => base.feed(into),
                Err(error) => into.number(-i64::from(error.code())),
            },
            Body::Fetch { offset, leader_epoch, last_fetched, broker_epoch, most_records } => {
                offset.feed(into);
                into.number(leader_epoch.map_or(-1, |epoch| epoch.0));
                into.number(last_fetched.map_or(-1, |epoch| epoch.0));
                into.number(*broker_epoch);
                into.number(*most_records);
            }
            Body::FetchResponse { answer, .. } => match answer {
                Ok(fetched) => fetched.feed(into),
                Err(error) => into.number(-i64::from(error.code())),
            },
            Body::OffsetCommit { offset } | Body::OffsetCommitResponse { offset, .. } => offset.feed(into),
            body => body.feed_in_cluster(into),
        }
    }
}

impl Body {
    /// What is about epochs and metadata.
    fn feed_in_cluster(&self, into: &mut Fingerprint) {
        match self {
            Body::OffsetForLeaderEpoch { leader_epoch, asked } => {
                into.number(leader_epoch.map_or(-1, |epoch| epoch.0));
                into.number(asked.0);
            }
            Body::OffsetForLeaderEpochResponse { answer, .. } => match answer {
                Ok(answer) => answer.feed(into),
                Err(error) => into.number(-i64::from(error.code())),
            },
            Body::Metadata => {}
            Body::MetadataResponse { leader, leader_epoch, .. } => {
                leader.feed(into);
                into.number(leader_epoch.0);
            }
            Body::BrokerRegistration { start, clean } => {
                into.number(*start);
                into.flag(*clean);
            }
            Body::BrokerRegistrationResponse { answer, .. } => match answer {
                Ok(epoch) => into.number(*epoch),
                Err(error) => error.feed(into),
            },
            Body::BrokerHeartbeat { broker_epoch, metadata_end, wants_to_stop } => {
                into.number(*broker_epoch);
                metadata_end.feed(into);
                into.flag(*wants_to_stop);
            }
            Body::BrokerHeartbeatResponse { answer, .. } => match answer {
                Ok(HeartbeatAnswer { fenced, may_stop }) => {
                    into.flag(*fenced);
                    into.flag(*may_stop);
                }
                Err(error) => error.feed(into),
            },
            Body::FetchMetadata { offset } => offset.feed(into),
            Body::FetchMetadataResponse { answer, .. } => match answer {
                Ok(MetadataFetched { from, records, committed }) => {
                    from.feed(into);
                    committed.feed(into);
                    into.count(records.len());
                    records.iter().for_each(|record| record.feed(into));
                }
                Err(error) => error.feed(into),
            },
            Body::AlterPartition { proposal, broker_epochs, recovering } => {
                proposal.feed(into);
                into.count(broker_epochs.len());
                for (broker, epoch) in broker_epochs {
                    into.number(broker.0);
                    into.number(*epoch);
                }
                into.flag(*recovering);
            }
            Body::AlterPartitionResponse { proposal, answer, .. } => {
                proposal.feed(into);
                into.number(*answer as u8);
            }
            Body::Quorum(message) => message.feed(into),
            Body::FetchQuorum(fetch) => fetch.feed(into),
            Body::FetchQuorumResponse { answer, .. } => match answer {
                Ok(fetched) => fetched.feed(into),
                Err(refusal) => refusal.feed(into),
            },
            // All others are fed above.
            _ => {}
        }
    }
}

impl Fingerprinted for LeaderAnswer {
    fn feed(&self, into: &mut Fingerprint) {
        match self {
            LeaderAnswer::Ends { epoch, end } => {
                into.number(epoch.0);
                end.feed(into);
            }
            LeaderAnswer::EndsAt(end) => {
                into.number(-1);
                end.feed(into);
            }
            LeaderAnswer::Undefined => into.number(-2),
        }
    }
}

impl Fingerprinted for ControllerError {
    fn feed(&self, into: &mut Fingerprint) {
        into.number(match self {
            ControllerError::NotController(hint) => hint.map_or(0, |controller| i64::from(controller.0)),
            ControllerError::DuplicateBrokerRegistration => -1,
            ControllerError::StaleBrokerEpoch => -2,
        });
    }
}

impl Fingerprinted for Proposal {
    fn feed(&self, into: &mut Fingerprint) {
        let Proposal { isr, leader_epoch, partition_epoch } = self;
        into.count(isr.len());
        isr.iter().for_each(|id| into.number(id.0));
        into.number(leader_epoch.0);
        into.number(*partition_epoch);
    }
}

impl Fingerprinted for Fetched {
    fn feed(&self, into: &mut Fingerprint) {
        let Fetched { batches, high_watermark, log_start, diverging } = self;
        into.number(diverging.map_or(-1, |(epoch, _)| epoch.0));
        diverging.map(|(_, end)| end).feed(into);
        high_watermark.feed(into);
        log_start.feed(into);
        into.count(batches.len());
        batches.iter().for_each(|batch| batch.feed(into));
    }
}
