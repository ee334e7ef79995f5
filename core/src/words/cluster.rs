//! What happens to machines, metadata and roles, as sentences.

use super::names::{broker, brokers, endpoint, high_watermark, list_of, offset, offsets};
use super::story::duration;
use super::{Noun, Sentence};
use crate::event::EventKind;
use crate::ids::{BrokerId, Endpoint, Offset};
use crate::rules::commit_rule::CommitRule;
use crate::rules::truncation::TruncationPoint;
use crate::rules::truncation_rule::TruncationRule;
use crate::world::{MetadataRecord, MetadataWants};

fn at(id: BrokerId) -> Sentence {
    Sentence::new().span(broker(id))
}

fn of(end: Endpoint) -> Sentence {
    Sentence::new().span(endpoint(end))
}

/// What happened, if it is of this kind.
pub(super) fn in_cluster(kind: &EventKind) -> Option<Sentence> {
    at_machines(kind).or_else(|| at_links(kind)).or_else(|| in_metadata(kind)).or_else(|| in_roles(kind))
}

fn at_machines(kind: &EventKind) -> Option<Sentence> {
    Some(match kind {
        EventKind::Crashed { at, lost_power: false, .. } => {
            of(*at).say(" dies. What it had in memory is gone; what it wrote is in the page cache still.")
        }
        EventKind::Crashed { at, log_end, lost_power: true } => of(*at)
            .say(" loses power. Of what was not on its disk nothing is left: its log ends at ")
            .span(offset(*log_end))
            .say("."),
        EventKind::Stopped { broker: id } => at(*id).say(" has written all down and stops."),
        EventKind::Started { at } => of(*at).say(" starts."),
        EventKind::Froze { at } => of(*at).say(" stands still. Its connections stay open."),
        EventKind::Thawed { at } => of(*at).say(" goes on as if nothing had been."),
        EventKind::StopAsked { broker: id } => at(*id).say(" wants to stop, and asks the controller for leave."),
        EventKind::DiskWiped { broker: id } => at(*id).say(" has an empty disk."),
        EventKind::ReplicaDeleted { broker: id } => at(*id).say(" deletes its replica: it is none any more."),
        EventKind::DiskSlowed { broker: id, ms: 0 } => at(*id).say(" writes at its usual speed again."),
        EventKind::DiskSlowed { broker: id, ms } => {
            at(*id).say(" has a slow disk: each write takes ").noun(Noun::Data, duration(i64::from(*ms))).say(".")
        }
        EventKind::Flushed { broker: id, to } => {
            at(*id).say(" has everything below ").span(offset(*to)).say(" on its disk.")
        }
        EventKind::MarkCheckpointed { broker: id, to } => {
            at(*id).say(" writes its ").span(high_watermark()).say(" down: ").span(offset(*to)).say(".")
        }
        EventKind::ClockSet { broker: id, ahead_ms: 0 } => at(*id).say(" has the right time again."),
        EventKind::ClockSet { broker: id, ahead_ms } => {
            at(*id).say(" has a clock that is ").noun(Noun::Data, duration(*ahead_ms)).say(" ahead.")
        }
        EventKind::DutiesPlanned { broker: id, next_isr_check, .. } => {
            at(*id).say(" will look at its in-sync replicas at ").noun(Noun::Data, duration(next_isr_check.0)).say(".")
        }
        EventKind::AskLater { request, until: Some(until) } => {
            of(request.from).say(" will ask again at ").noun(Noun::Data, duration(until.0)).say(".")
        }
        EventKind::AskLater { request, until: None } => {
            of(request.from).say(" waits for new metadata before it asks again.")
        }
        _ => return None,
    })
}

fn at_links(kind: &EventKind) -> Option<Sentence> {
    let say = Sentence::new();
    Some(match kind {
        EventKind::LinkCut { link } => say
            .say("everything from ")
            .span(endpoint(link.from))
            .say(" to ")
            .span(endpoint(link.to))
            .say(" is lost from now on."),
        EventKind::LinkHealed { link } => say
            .say("messages from ")
            .span(endpoint(link.from))
            .say(" arrive at ")
            .span(endpoint(link.to))
            .say(" again."),
        EventKind::NextWillBeLost { kind, link } => say
            .say("the next ")
            .noun(Noun::Data, kind.word())
            .say(" from ")
            .span(endpoint(link.from))
            .say(" to ")
            .span(endpoint(link.to))
            .say(" will be lost."),
        EventKind::CommitRuleSet(rule) => say.say(match rule {
            CommitRule::LeaderOnly => "from now on a record counts as committed when the leader has it.",
            CommitRule::Majority => "from now on a record counts as committed when a majority has it.",
            CommitRule::InSyncReplicas => "from now on a record counts as committed when all in-sync replicas have it.",
            CommitRule::AllReplicas => "from now on a record counts as committed when every replica has it.",
        }),
        EventKind::TruncationRuleSet(rule) => say.say(match rule {
            TruncationRule::ToHighWatermark => "from now on who follows first cuts its log at its high watermark.",
            TruncationRule::Kip101 => "from now on who follows first asks where its last epoch ended (KIP-101).",
            TruncationRule::Kip279 => "from now on the leader names the epoch in its answer, too (KIP-279).",
            TruncationRule::Kip320 => "from now on every fetch names its epochs (KIP-320).",
        }),
        EventKind::LeaderLearnt { client, leader: Some(leader), epoch } => {
            of(*client).say(" learns that ").span(broker(*leader)).say(format!(" leads in epoch {epoch}."))
        }
        EventKind::LeaderLearnt { client, leader: None, .. } => of(*client).say(" learns that nobody leads."),
        EventKind::LeaderDoubted { client } => of(*client).say(" no longer knows who leads, and asks."),
        EventKind::PositionValidated { consumer } => {
            of((*consumer).into()).say(" hears that what it has read is in the new leader's log.")
        }
        EventKind::TruncationDetected { consumer, from, to } => of((*consumer).into())
            .say(" has read ")
            .say(offsets(*to, from.plus(-1)))
            .say(", which the new leader does not have. It goes back to ")
            .span(offset(*to))
            .say("."),
        _ => return None,
    })
}

fn in_metadata(kind: &EventKind) -> Option<Sentence> {
    Some(match kind {
        EventKind::MetadataAppended { controller, record, .. } => {
            of((*controller).into()).say(" writes: ").say(record_in_words(record)).say(".")
        }
        EventKind::MetadataCommitted { controller, to } => {
            of((*controller).into()).say(" knows that a majority has the metadata below ").span(offset(*to)).say(".")
        }
        EventKind::MetadataReplayed { broker: id, record, .. } => {
            at(*id).say(" replays: ").say(record_in_words(record)).say(".")
        }
        EventKind::MetadataCaughtUp { broker: id } => at(*id).say(" has caught up with the metadata."),
        EventKind::HeartbeatNoted { controller, broker: id, .. } => {
            of((*controller).into()).say(" hears of ").span(broker(*id)).say(".")
        }
        EventKind::MetadataRequestParked { controller, waiting } => {
            let waits = Sentence::new().span(endpoint(waiting.request.from)).say(" waits at ");
            let waits = waits.span(endpoint((*controller).into()));
            match waiting.wants {
                MetadataWants::Records { .. } | MetadataWants::Voter { .. } => waits.say(" for new metadata."),
                MetadataWants::Commit { .. } => waits.say(" until a majority of the controllers has it."),
            }
        }
        EventKind::Registered { broker: id, epoch } => {
            at(*id).say(" is registered, with broker epoch ").noun(Noun::Data, epoch).say(".")
        }
        EventKind::ControllerKnown { broker: id, controller } => {
            at(*id).say(" turns to ").span(endpoint((*controller).into())).say(" from now on.")
        }
        _ => return None,
    })
}

/// "broker 2 is fenced", "broker 2 leads in epoch 1, in sync: 2, 3".
fn record_in_words(record: &MetadataRecord) -> String {
    match record {
        MetadataRecord::LeaderChange { controller, epoch } => {
            format!("controller {controller} leads the quorum in epoch {epoch}")
        }
        MetadataRecord::RegisterBroker { broker, .. } => format!("broker {broker} registers"),
        MetadataRecord::BrokerRegistrationChange { broker, shutting_down: true, .. } => {
            format!("broker {broker} is about to stop")
        }
        MetadataRecord::BrokerRegistrationChange { broker, fenced: true, .. } => format!("broker {broker} is fenced"),
        MetadataRecord::BrokerRegistrationChange { broker, .. } => format!("broker {broker} is unfenced"),
        MetadataRecord::Partition(partition) | MetadataRecord::PartitionChange { partition, .. } => {
            let leads = match partition.leader {
                Some(leader) => format!("broker {leader} leads in epoch {}", partition.leader_epoch),
                None => format!("nobody leads, epoch {}", partition.leader_epoch),
            };
            let recovering = if partition.recovering { ", recovering" } else { "" };
            let elr = if partition.elr.is_empty() {
                String::new()
            } else {
                format!(", eligible: {}", list_of(&partition.elr))
            };
            let moves = if partition.adding.is_empty() && partition.removing.is_empty() {
                String::new()
            } else {
                format!(", coming: {}, going: {}", list_of(&partition.adding), list_of(&partition.removing))
            };
            format!("{leads}, in sync: {}{elr}{recovering}{moves}", list_of(&partition.isr))
        }
        MetadataRecord::Config(topic) => format!(
            "min.insync.replicas={}, unclean.leader.election.enable={}",
            topic.min_in_sync, topic.unclean_elections
        ),
    }
}

fn in_roles(kind: &EventKind) -> Option<Sentence> {
    Some(match kind {
        EventKind::BecameLeader { broker: id, leading } => at(*id)
            .say(format!(" leads from now on, in epoch {}, which begins at ", leading.epoch))
            .span(offset(leading.epoch_start))
            .say("."),
        EventKind::BecameFollower { broker: id, following } => {
            at(*id).say(" follows ").span(broker(following.leader)).say(format!(" in epoch {}.", following.epoch))
        }
        EventKind::LostRole { broker: id } => at(*id).say(" has no part in the partition for now."),
        EventKind::LogTruncated { broker: id, from, to, .. } if from == to => {
            at(*id).say(" forgets an epoch without records: its log ends at ").span(offset(*to)).say(".")
        }
        EventKind::LogTruncated { broker: id, from, to, point } => {
            let cuts = at(*id).say(" cuts its log at ").span(offset(*to)).say(": ").say(offsets(*to, from.plus(-1)));
            cuts.say(if from.plus(-1) > *to { " are gone" } else { " is gone" }).say(why_cut(*point))
        }
        EventKind::IsrProposed { broker: id, isr } => {
            at(*id).say(" asks the controller for the in-sync replicas ").noun(Noun::Data, brokers(*isr)).say(".")
        }
        EventKind::IsrCommitted { broker: id, isr, .. } => {
            at(*id).say(" has in sync from now on: ").noun(Noun::Data, brokers(*isr)).say(".")
        }
        EventKind::IsrRefused { broker: id, .. } => {
            at(*id).say(" hears that the controller will not have these in-sync replicas.")
        }
        EventKind::EpochEndTold { broker: id, ask_next: Some(epoch) } => {
            at(*id).say(format!(" has to ask about epoch {epoch} next."))
        }
        EventKind::EpochEndTold { broker: id, ask_next: None } => at(*id).say(" knows where to go on, and may fetch."),
        EventKind::FollowerSeen { leader, follower, .. } => {
            at(*leader).say(" sees ").span(broker(*follower)).say(" ask for the same as before.")
        }
        _ => return None,
    })
}

fn why_cut(point: TruncationPoint) -> &'static str {
    match point {
        TruncationPoint::HighWatermark(Offset(_)) => ". It went by its high watermark.",
        TruncationPoint::LeaderEnd(_) => ". The leader has no more of that epoch.",
        TruncationPoint::OwnEnd(_) => ". The leader does not know what came after.",
        TruncationPoint::AskAgain(_) => ". What came before may part too, so it asks again.",
        TruncationPoint::LogEnd(_) => ".",
    }
}
