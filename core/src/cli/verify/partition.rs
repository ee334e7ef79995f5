//! `partition.jsonl`: what happens to a leader, step by step (Kafka: `kafka.cluster.Partition`).

use std::collections::{BTreeMap, VecDeque};

use super::fields::Fields;
use super::row::Checks;
use crate::command::Acks;
use crate::ids::{BrokerId, BrokerSet, LeaderEpoch, Offset};
use crate::rules::acknowledge::{Admission, LateAnswer, answer_waiting};
use crate::rules::alter_partition::{AlterResponse, Proposal};
use crate::rules::commit_rule::CommitRule;
use crate::rules::fencing::Fencing;
use crate::rules::isr::{BrokerFacts, Isr};
use crate::rules::min_isr::{MinIsr, compare_min_isr};
use crate::rules::partition::Partition;
use crate::rules::partition_fetch::{FetchOutcome, FollowerFetch};
use crate::rules::replica::Follower;

/// The leader's own number; it is the first replica.
const LEADER: BrokerId = BrokerId(0);

/// A leader, and what stands around it.
struct Stage {
    partition: Partition,
    /// To the controller, the oldest first.
    requests: VecDeque<Proposal>,
    /// The mark that the latest acks=all produce of this leader epoch waits for.
    waits_for: Option<Offset>,
    now_ms: i64,
}

pub(super) fn check(line: &str) -> Checks {
    let mut row = Fields::of_line(line);
    let mut checks = Checks::new(row.take::<String>("id"));
    let mut stage = stage(&mut row);
    for (op, mut step) in row.steps("ops") {
        stage.now_ms = step.take_if_given("time").unwrap_or(0);
        stage.perform(&op, &mut step);
        stage.compare(&mut step);
        if !step.finish(&mut checks) {
            return checks;
        }
    }
    row.finish(&mut checks);
    checks
}

fn stage(row: &mut Fields) -> Stage {
    let replicas = broker_set(row, "replicas");
    let min_in_sync: usize = row.take("min_insync_replicas");
    let followers = replicas.without(LEADER);
    // The stub registers broker n with epoch 100 + n.
    let facts = |broker: BrokerId| BrokerFacts { epoch: 100 + i64::from(broker.0), ..BrokerFacts::default() };
    let partition = Partition {
        followers: followers.iter().map(|broker| (broker, Follower::default())).collect(),
        brokers: followers.iter().map(|broker| (broker, facts(broker))).collect(),
        isr: Isr { committed: BrokerSet::EMPTY, in_flight: None },
        commit_rule: CommitRule::InSyncReplicas,
        log_end: Offset(row.take("log_end_at_start")),
        high_watermark: Offset::ZERO,
        leader_epoch: LeaderEpoch(-1),
        partition_epoch: -1,
        epoch_start: Offset::ZERO,
        min_in_sync: min_in_sync.min(replicas.len()),
        lag_max_ms: row.take("replica_lag_time_max_ms"),
    };
    Stage { partition, requests: VecDeque::new(), waits_for: None, now_ms: 0 }
}

impl Stage {
    fn perform(&mut self, op: &str, step: &mut Fields) {
        let now_ms = self.now_ms;
        match op {
            "become_leader" => {
                let (epoch, partition_epoch) = (LeaderEpoch(step.take("leader_epoch")), step.take("partition_epoch"));
                let isr = broker_set(step, "isr");
                self.partition.become_leader(epoch, partition_epoch, isr, now_ms);
                // What was asked for in an earlier epoch, the stub does not answer any more.
                self.requests.clear();
                self.waits_for = None;
            }
            "produce" => self.produce(step),
            "follower_fetch" => self.fetch(step),
            "shrink_check" => self.requests.extend(self.partition.shrink_isr(now_ms)),
            "controller_answer" => {
                let error: String = step.take("answer");
                let Some(request) = self.requests.pop_front() else {
                    return step.fail("answer", error, "no request");
                };
                step.compare("isr", numbers(request.isr));
                self.requests.extend(self.partition.controller_answered(request, response(&error), now_ms));
            }
            "broker_fenced" => self.broker(step).fenced = step.take("now"),
            "broker_shutting_down" => self.broker(step).shutting_down = step.take("now"),
            "wait" => {
                let _: i64 = step.take("ms");
            }
            _ => step.fail("op", "something that happens to a leader", op),
        }
    }

    fn broker(&mut self, step: &mut Fields) -> &mut BrokerFacts {
        self.partition.brokers.entry(broker(step, "replica")).or_default()
    }

    fn produce(&mut self, step: &mut Fields) {
        let acks = match step.take("acks") {
            -1 => Acks::All,
            0 => Acks::None,
            _ => Acks::Leader,
        };
        let mark = self.partition.high_watermark;
        match self.partition.append(acks, step.take("count"), self.now_ms) {
            Ok(first) => {
                step.compare("first_offset", first.0);
                let moved = self.partition.high_watermark > mark;
                step.compare("leader_hw_change", if moved { "INCREASED" } else { "SAME" });
                self.waits_for = if acks == Acks::All { Some(self.partition.log_end) } else { self.waits_for };
            }
            Err(Admission::NotEnoughReplicas) => step.compare("error", "NOT_ENOUGH_REPLICAS"),
            Err(Admission::Append) => step.fail("error", "a reason", "none"),
        }
    }

    fn fetch(&mut self, step: &mut Fields) {
        let fetch = FollowerFetch {
            follower: broker(step, "replica"),
            broker_epoch: step.take("broker_epoch"),
            leader_epoch: LeaderEpoch(step.take("leader_epoch")),
            offset: Offset(step.take("offset")),
        };
        match self.partition.fetch(fetch, self.now_ms) {
            FetchOutcome::Read { log_end, high_watermark, proposal } => {
                step.compare("got_up_to", log_end.0);
                step.compare("told_hw", high_watermark.0);
                self.requests.extend(proposal);
            }
            FetchOutcome::Refused(fencing) => step.compare("error", error_name(fencing)),
            FetchOutcome::StaleBrokerEpoch => step.compare("error", "NOT_LEADER_OR_FOLLOWER"),
        }
    }

    fn compare(&self, step: &mut Fields) {
        let partition = &self.partition;
        let isr = &partition.isr;
        step.compare("leo", partition.log_end.0);
        step.compare("hw", partition.high_watermark.0);
        step.compare("committed_isr", numbers(isr.committed));
        step.compare("maximal_isr", isr.in_flight.is_some().then(|| numbers(isr.maximal())));
        let under = compare_min_isr(isr.committed.len(), partition.min_in_sync) == MinIsr::Under;
        step.compare("under_min_isr", under.then_some(true));
        let known = |(broker, follower): (&BrokerId, &Follower)| {
            let log_end = follower.log_end.map_or(-1, |end| end.0);
            (broker.to_string(), (log_end, follower.caught_up_ms.unwrap_or(0)))
        };
        step.compare("replica_state", partition.followers.iter().map(known).collect::<BTreeMap<_, _>>());
        let answer = |required| match answer_waiting(
            required,
            partition.high_watermark,
            isr.maximal().len(),
            partition.min_in_sync,
        ) {
            LateAnswer::Waits => "waits",
            LateAnswer::Committed => "NONE",
            LateAnswer::NotEnoughReplicasAfterAppend => "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
        };
        step.compare("acks_all_up_to", self.waits_for.map(|required| required.0));
        step.compare("acks_all_answer", self.waits_for.map(answer));
    }
}

fn error_name(fencing: Fencing) -> Option<&'static str> {
    match fencing {
        Fencing::Pass => None,
        Fencing::FencedLeaderEpoch => Some("FENCED_LEADER_EPOCH"),
        Fencing::UnknownLeaderEpoch => Some("UNKNOWN_LEADER_EPOCH"),
    }
}

/// A broker of a step; one whose number no set can hold is the row's mistake.
fn broker(fields: &mut Fields, name: &str) -> BrokerId {
    let broker = BrokerId(fields.take(name));
    if broker > BrokerSet::MAX {
        fields.fail(name, "a broker below 64", broker);
    }
    broker
}

fn broker_set(fields: &mut Fields, name: &str) -> BrokerSet {
    let numbers: Vec<u8> = fields.take(name);
    for number in numbers.iter().filter(|number| BrokerId(**number) > BrokerSet::MAX) {
        fields.fail(name, "brokers below 64", number);
    }
    numbers.into_iter().map(BrokerId).collect()
}

fn numbers(brokers: BrokerSet) -> Vec<u8> {
    brokers.iter().map(|broker| broker.0).collect()
}

/// Every error that is not named here is one that the leader takes for no answer.
fn response(error: &str) -> AlterResponse {
    match error {
        "NONE" => AlterResponse::Accepted,
        "INELIGIBLE_REPLICA" => AlterResponse::IneligibleReplica,
        "OPERATION_NOT_ATTEMPTED" => AlterResponse::OperationNotAttempted,
        "FENCED_LEADER_EPOCH" => AlterResponse::FencedLeaderEpoch,
        "INVALID_UPDATE_VERSION" => AlterResponse::InvalidUpdateVersion,
        "INVALID_REQUEST" => AlterResponse::InvalidRequest,
        "NEW_LEADER_ELECTED" => AlterResponse::NewLeaderElected,
        "UNKNOWN_TOPIC_OR_PARTITION" | "UNKNOWN_TOPIC_ID" => AlterResponse::UnknownPartition,
        "NOT_CONTROLLER" => AlterResponse::NotController,
        _ => AlterResponse::NoVerdict,
    }
}
