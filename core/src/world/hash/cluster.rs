//! Machines, replicas and metadata.

use crate::fingerprint::{Fingerprint, Fingerprinted};
use crate::rules::election::Registration;
use crate::rules::isr::Isr;
use crate::rules::replica::{Follower, LastFetch};
use crate::rules::storage::StorageRule;
use crate::world::metadata::{Image, MetadataRecord, RegisteredBroker, TopicSettings};
use crate::world::state::{
    Asking, Broker, Controller, Disk, Duties, Following, Leading, MetadataWaiting, MetadataWants, Process, ReplicaLog,
    Role, Session, Topic, Waiting, Wants,
};

impl Fingerprinted for Topic {
    fn feed(&self, into: &mut Fingerprint) {
        let Topic { storage, deleted_below, committed, commit_rule, truncation_rule, elr, lag_max_ms } = self;
        into.flag(match storage {
            StorageRule::Keep => false,
            StorageRule::DeleteOnAcknowledge => true,
        });
        deleted_below.feed(into);
        into.count(committed.len());
        for (id, offset) in committed {
            into.number(id.0);
            offset.feed(into);
        }
        into.bytes(commit_rule.word().as_bytes());
        into.bytes(truncation_rule.word().as_bytes());
        into.flag(*elr);
        into.number(*lag_max_ms);
    }
}

impl Fingerprinted for Controller {
    fn feed(&self, into: &mut Fingerprint) {
        let Controller { id, process, log, committed, image, epochs: _, voter, .. } = self;
        let Controller { fetch, sessions, active_since, waiting, .. } = self;
        into.number(id.0);
        process.feed(into);
        into.count(log.size());
        for (epoch, record) in log.values() {
            into.number(*epoch);
            record.feed(into);
        }
        committed.feed(into);
        image.feed(into);
        voter.feed(into);
        fetch.feed(into);
        into.number(active_since.0);
        into.count(sessions.len());
        for (broker, Session { heard, metadata_end, may_stop_at }) in sessions {
            into.number(broker.0);
            into.number(heard.0);
            metadata_end.feed(into);
            may_stop_at.feed(into);
        }
        into.count(waiting.len());
        for MetadataWaiting { request, wants } in waiting {
            request.feed(into);
            match wants {
                MetadataWants::Records { offset, until } => {
                    into.word(1);
                    offset.feed(into);
                    into.number(until.0);
                }
                MetadataWants::Voter { offset, until } => {
                    into.word(3);
                    offset.feed(into);
                    into.number(until.0);
                }
                MetadataWants::Commit { committed, answer } => {
                    into.word(2);
                    committed.feed(into);
                    answer.feed(into);
                }
            }
        }
    }
}

impl Fingerprinted for Process {
    fn feed(&self, into: &mut Fingerprint) {
        into.word(match self {
            Process::Up => 0,
            Process::Frozen => 1,
            Process::Down { clean: true } => 2,
            Process::Down { clean: false } => 3,
        });
    }
}

impl Fingerprinted for Image {
    fn feed(&self, into: &mut Fingerprint) {
        let Image { end, brokers, partition, topic } = self;
        end.feed(into);
        into.count(brokers.len());
        for (id, RegisteredBroker { epoch, start, fenced, shutting_down }) in brokers {
            into.number(id.0);
            into.number(*epoch);
            into.number(*start);
            into.flag(*fenced);
            into.flag(*shutting_down);
        }
        partition.feed(into);
        topic.feed(into);
    }
}

impl Fingerprinted for TopicSettings {
    fn feed(&self, into: &mut Fingerprint) {
        let TopicSettings { min_in_sync, unclean_elections } = self;
        into.number(*min_in_sync);
        into.flag(*unclean_elections);
    }
}

impl Fingerprinted for Registration {
    fn feed(&self, into: &mut Fingerprint) {
        let Registration { replicas, adding, removing, isr, elr, last_known_elr, .. } = self;
        let Registration { leader, recovering, leader_epoch, partition_epoch, .. } = self;
        for list in [replicas, adding, removing, isr, elr, last_known_elr] {
            into.count(list.len());
            list.iter().for_each(|id| into.number(id.0));
        }
        leader.feed(into);
        into.flag(*recovering);
        into.number(leader_epoch.0);
        into.number(*partition_epoch);
    }
}

impl Fingerprinted for MetadataRecord {
    fn feed(&self, into: &mut Fingerprint) {
        match self {
            MetadataRecord::LeaderChange { controller, epoch } => {
                into.word(1);
                into.number(controller.0);
                into.number(*epoch);
            }
            MetadataRecord::RegisterBroker { broker, start } => {
                into.word(2);
                into.number(broker.0);
                into.number(*start);
            }
            MetadataRecord::BrokerRegistrationChange { broker, fenced, shutting_down } => {
                into.word(3);
                into.number(broker.0);
                into.flag(*fenced);
                into.flag(*shutting_down);
            }
            MetadataRecord::Partition(partition) => {
                into.word(4);
                partition.feed(into);
            }
            // How its leader was found is history.
            MetadataRecord::PartitionChange { partition, elected } => {
                into.word(5);
                partition.feed(into);
                into.flag(elected.is_some());
            }
            MetadataRecord::Config(topic) => {
                into.word(6);
                topic.feed(into);
            }
        }
    }
}

impl Fingerprinted for Broker {
    fn feed(&self, into: &mut Fingerprint) {
        let Broker { id, process, log, high_watermark, epochs, role, disk, clock_ahead_ms, image, duties } = self;
        into.number(id.0);
        process.feed(into);
        log.feed(into);
        high_watermark.feed(into);
        into.count(epochs.entries().len());
        for entry in epochs.entries() {
            into.number(entry.epoch.0);
            entry.start.feed(into);
        }
        let Disk { flushed, checkpointed, slow_ms } = disk;
        flushed.feed(into);
        checkpointed.feed(into);
        into.number(*slow_ms);
        into.number(*clock_ahead_ms);
        image.feed(into);
        duties.feed(into);
        match role {
            Role::None => into.word(0),
            Role::Leader(leading) => {
                into.word(1);
                leading.feed(into);
            }
            Role::Follower(following) => {
                into.word(2);
                following.feed(into);
            }
        }
    }
}

impl Fingerprinted for Duties {
    fn feed(&self, into: &mut Fingerprint) {
        let Duties {
            start,
            clean_start,
            epoch,
            caught_up,
            stopping,
            controller,
            registration,
            heartbeat,
            metadata,
            alter_partition,
            next_isr_check,
            next_checkpoint,
        } = self;
        into.number(*start);
        into.flag(*clean_start);
        into.number(epoch.unwrap_or(-1));
        into.flag(*caught_up);
        into.flag(*stopping);
        into.number(controller.0);
        [registration, heartbeat, metadata, alter_partition].into_iter().for_each(|asking| asking.feed(into));
        into.number(next_isr_check.0);
        into.number(next_checkpoint.0);
    }
}

impl Fingerprinted for Asking {
    fn feed(&self, into: &mut Fingerprint) {
        match self {
            Asking::Idle => into.word(0),
            Asking::Asked(asked) => {
                into.word(1);
                asked.feed(into);
            }
            Asking::BackOff { until } => {
                into.word(2);
                into.number(until.0);
            }
            Asking::AwaitsMetadata => into.word(3),
        }
    }
}

impl Fingerprinted for ReplicaLog {
    fn feed(&self, into: &mut Fingerprint) {
        let ReplicaLog { batches, log_start } = self;
        log_start.feed(into);
        into.count(batches.size());
        batches.values().for_each(|batch| batch.feed(into));
    }
}

impl Fingerprinted for Leading {
    fn feed(&self, into: &mut Fingerprint) {
        let Leading { epoch, partition_epoch, epoch_start, isr, proposed_epochs, followers, waiting } = self;
        into.number(epoch.0);
        into.number(*partition_epoch);
        epoch_start.feed(into);
        let Isr { committed, in_flight } = isr;
        for set in [Some(*committed), *in_flight] {
            into.flag(set.is_some());
            set.into_iter().flat_map(|set| set.iter()).for_each(|id| into.number(id.0));
        }
        into.count(proposed_epochs.len());
        for (id, epoch) in proposed_epochs {
            into.number(id.0);
            into.number(*epoch);
        }
        into.count(followers.len());
        for (id, Follower { log_end, last_fetch, caught_up_ms, broker_epoch }) in followers {
            into.number(id.0);
            log_end.feed(into);
            into.flag(last_fetch.is_some());
            if let Some(LastFetch { at_ms, leader_end }) = last_fetch {
                into.number(*at_ms);
                leader_end.feed(into);
            }
            into.number(caught_up_ms.unwrap_or(-1));
            into.number(broker_epoch.unwrap_or(-1));
        }
        into.count(waiting.len());
        waiting.iter().for_each(|waiting| waiting.feed(into));
    }
}

impl Fingerprinted for Following {
    fn feed(&self, into: &mut Fingerprint) {
        let Following { leader, epoch, fetch, last_asked, asks_end_of } = self;
        into.number(leader.0);
        into.number(epoch.0);
        fetch.feed(into);
        last_asked.feed(into);
        into.number(asks_end_of.map_or(-1, |epoch| epoch.0));
    }
}

impl Fingerprinted for Waiting {
    fn feed(&self, into: &mut Fingerprint) {
        let Waiting { request, wants, until } = self;
        request.feed(into);
        into.number(until.0);
        match wants {
            Wants::Records { offset, most_records, last_fetched } => {
                into.word(1);
                offset.feed(into);
                into.number(*most_records);
                into.number(last_fetched.map_or(-1, |epoch| epoch.0));
            }
            Wants::HighWatermark { base, mark } => {
                into.word(2);
                base.feed(into);
                mark.feed(into);
            }
        }
    }
}
