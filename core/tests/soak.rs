//! The soak: random runs full of faults keep every promise inside its premises, and each wrong rule has a schedule,
//! kept in `schedules/`, on which it fails as is known of it. Kafka's own rule keeps its promises on the same one.

use kafka_lab::command::{Command, Script};
use kafka_lab::event::EventKind;
use kafka_lab::ids::{BrokerId, Offset};
use kafka_lab::rules::alter_partition_check::AlterCheck;
use kafka_lab::rules::commit_rule::CommitRule;
use kafka_lab::rules::truncation_rule::TruncationRule;
use kafka_lab::soak::{Soaked, Tally, judge, shorten, soak, still_violates};
use kafka_lab::timeline::Run;
use kafka_lab::words::violation_words;
use kafka_lab::world::{Premise, Property, Recording, Violation, Watch, World};

const COMMIT_LEADER: &str = include_str!("schedules/commit-leader.lab");
const COMMIT_MAJORITY: &str = include_str!("schedules/commit-majority.lab");
const COMMIT_ALL: &str = include_str!("schedules/commit-all.lab");
const TO_HIGH_WATERMARK: &str = include_str!("schedules/truncation-high-watermark.lab");
const KIP_101: &str = include_str!("schedules/truncation-kip-101.lab");
const CUT_INSIDE_A_BATCH: &str = include_str!("schedules/cut-inside-a-batch.lab");
const MINIMUM_NOT_HEARD: &str = include_str!("schedules/minimum-not-heard.lab");
const ELIGIBLE_WITHOUT_A_REPLICA: &str = include_str!("schedules/eligible-without-a-replica.lab");
const ANOTHER_START: &str = include_str!("schedules/another-start.lab");
const OUT_AND_BACK: &str = include_str!("schedules/replica-out-and-back.lab");
const TOO_LATE: &str = include_str!("schedules/proposal-too-late.lab");
const KIP_279: &str = include_str!("schedules/truncation-kip-279.lab");

fn script(text: &str) -> Script {
    let parsed = Script::parse(text);
    assert_eq!(parsed.problems, []);
    parsed.script
}

/// What the schedule comes to, with the rule that it names replaced.
fn under_commit_rule(text: &str, rule: CommitRule) -> Soaked {
    let replaced = |command: &Command| match command {
        Command::CommitRule(_) => Command::CommitRule(rule),
        other => other.clone(),
    };
    let script = script(text);
    judge(&Script::of(script.seed, script.commands().map(replaced).collect()))
}

fn under_truncation_rule(text: &str, rule: TruncationRule) -> Soaked {
    let replaced = |command: &Command| match command {
        Command::TruncationRule(_) => Command::TruncationRule(rule),
        other => other.clone(),
    };
    let script = script(text);
    judge(&Script::of(script.seed, script.commands().map(replaced).collect()))
}

/// The violations in words, and the premises that they name.
fn found(soaked: &Soaked) -> Vec<(String, Vec<Premise>)> {
    soaked.found.iter().map(|found| (violation_words(found.violation), found.because.clone())).collect()
}

#[test]
fn what_the_leader_alone_commits_dies_with_it() {
    let lost = "record p1.1 was acknowledged under acks=all at 0, and the leader does not have it";
    let wrong = under_commit_rule(COMMIT_LEADER, CommitRule::LeaderOnly);
    let last = found(&wrong).pop();
    assert_eq!(last, Some((lost.to_owned(), vec![Premise::KafkasCommitRule])));
    let kafkas = under_commit_rule(COMMIT_LEADER, CommitRule::InSyncReplicas);
    assert_eq!((found(&kafkas), kafkas.reached.acknowledged), (vec![], 0));
}

#[test]
fn a_majority_does_not_help_where_anybody_in_sync_may_lead() {
    let lost = "record p1.1 was acknowledged under acks=all at 0, and the leader does not have it";
    let wrong = under_commit_rule(COMMIT_MAJORITY, CommitRule::Majority);
    assert_eq!(found(&wrong).pop(), Some((lost.to_owned(), vec![Premise::KafkasCommitRule])));
    let kafkas = under_commit_rule(COMMIT_MAJORITY, CommitRule::InSyncReplicas);
    assert_eq!((found(&kafkas), kafkas.reached.acknowledged), (vec![], 0));
}

/// It loses nothing. It fails by standing still.
#[test]
fn waiting_for_all_replicas_stands_still_while_one_is_dead() {
    let wrong = under_commit_rule(COMMIT_ALL, CommitRule::AllReplicas);
    assert_eq!((found(&wrong), wrong.reached.appended, wrong.reached.acknowledged), (vec![], 1, 0));
    let kafkas = under_commit_rule(COMMIT_ALL, CommitRule::InSyncReplicas);
    assert_eq!((found(&kafkas), kafkas.reached.appended, kafkas.reached.acknowledged), (vec![], 1, 1));
}

/// Truncation to the mark, and what KIP-101 mends of it.
#[test]
fn a_replica_that_cuts_to_its_mark_drops_what_was_acknowledged() {
    let lost = "record p1.1 was acknowledged under acks=all at 0, and the leader does not have it";
    let wrong = under_truncation_rule(TO_HIGH_WATERMARK, TruncationRule::ToHighWatermark);
    assert_eq!(found(&wrong).pop(), Some((lost.to_owned(), vec![Premise::KafkasTruncation])));
    for mended in [TruncationRule::Kip101, TruncationRule::Kip279, TruncationRule::Kip320] {
        let kept = under_truncation_rule(TO_HIGH_WATERMARK, mended);
        assert_eq!((found(&kept), kept.reached.acknowledged), (vec![], 1), "{mended:?}");
    }
}

/// Two histories at one offset, and what KIP-279 mends.
#[test]
fn where_the_next_epoch_began_is_not_enough_when_leaders_change_fast() {
    let differ = "brokers 1 and 2 hold different batches at 0, below both their marks";
    let wrong = under_truncation_rule(KIP_101, TruncationRule::Kip101);
    assert!(found(&wrong).contains(&(differ.to_owned(), vec![Premise::KafkasTruncation])), "{:?}", found(&wrong));
    for mended in [TruncationRule::Kip279, TruncationRule::Kip320] {
        let properties = under_truncation_rule(KIP_101, mended).found;
        assert!(properties.iter().all(|found| found.violation.of() == Property::LeaderAcknowledgedKept), "{mended:?}");
    }
}

/// Followers of another epoch, and what KIP-320 mends.
#[test]
fn a_follower_of_an_old_epoch_is_counted_unless_it_is_refused() {
    let lost = "record p1.1 was acknowledged under acks=all at 0, and the leader does not have it";
    let wrong = under_truncation_rule(KIP_279, TruncationRule::Kip279);
    assert_eq!(found(&wrong).pop(), Some((lost.to_owned(), vec![Premise::KafkasTruncation])));
    let kafkas = under_truncation_rule(KIP_279, TruncationRule::Kip320);
    assert_eq!((found(&kafkas), kafkas.reached.appended, kafkas.reached.acknowledged), (vec![], 1, 0));
}

/// A setting is metadata, too: who has not heard of it acts on the old one.
#[test]
fn a_leader_that_has_not_heard_of_a_higher_minimum_commits_with_fewer() {
    let lost = "record p2.1 was acknowledged under acks=all at 0, and the leader does not have it";
    let found = found(&judge(&script(MINIMUM_NOT_HEARD)));
    assert_eq!(found, [(lost.to_owned(), vec![Premise::MinInSyncHeard])]);
}

/// A log that is cut inside a batch ends before the batch, and the mark goes back as far.
#[test]
fn the_mark_goes_back_with_a_batch_that_is_cut() {
    let script = script(CUT_INSIDE_A_BATCH);
    let properties: Vec<Property> = judge(&script).found.iter().map(|found| found.violation.of()).collect();
    assert!(!properties.contains(&Property::MarkInsideLog), "{properties:?}");
    let run = Run::play(&script);
    let broker = run.end().brokers.get(&BrokerId(3)).expect("there are three");
    assert_eq!((broker.high_watermark, broker.log.log_end()), (Offset(0), Offset(0)));
}

/// A million is what `./lab soak` is for; so many are played at each change.
#[test]
fn five_thousand_runs_keep_every_promise_inside_its_premises() {
    let mut tally = Tally::default();
    for seed in 0..5_000 {
        let soaked = soak(seed, 200);
        assert!(soaked.broken().is_none(), "seed {seed}: {:?}\n{}", soaked.broken(), soaked.script);
        tally.add(&soaked);
    }
    let reached = tally.reached;
    assert!(tally.steps > 950_000, "{} steps", tally.steps);
    let counts = [reached.leaders, reached.acknowledged, reached.read, reached.truncated, reached.isr_changes];
    assert!(counts.iter().all(|count| *count > 500), "{reached:?}");
    // What is given up does break something, so that the checks are known to see it.
    let named = |premise: Premise| tally.counts.iter().any(|count| count.because == [premise]);
    for premise in [Premise::AcksAll, Premise::KafkasCommitRule, Premise::KafkasTruncation] {
        assert!(named(premise), "{premise:?}: {:?}", tally.counts);
    }
}

/// What is looked at by the events of a step is all that a look at everything would have seen.
#[test]
fn the_watch_sees_what_the_whole_check_sees() {
    let mut seen = 0;
    for seed in 0..600 {
        let script = soak(seed, 200).script;
        let (mut world, mut watch) = (World::new(seed), Watch::default());
        let mut recording = Recording::at_most(usize::MAX);
        let mut known: Vec<Property> = Vec::new();
        for command in script.commands() {
            let singly = match command {
                Command::Step { count } => vec![Command::Step { count: 1 }; usize::try_from(*count).expect("small")],
                other => vec![other.clone()],
            };
            for command in singly {
                recording.forget();
                world.perform(&command, &mut recording);
                let watched: Vec<Property> =
                    watch.after_step(&world, &recording.events).iter().map(Violation::of).collect();
                known.extend(&watched);
                let whole: Vec<Property> = world.violations().map(|violation| violation.of()).collect();
                for property in &whole {
                    assert!(known.contains(property), "seed {seed}: {property:?} was missed at `{command}`");
                }
                // What only the course of the run shows is not in one world.
                let of_moments = |property: &&Property| {
                    let of_runs = [Property::MarkGoesForward, Property::OneLeaderAnEpoch];
                    !of_runs.contains(property)
                };
                for property in watched.iter().filter(of_moments) {
                    assert!(whole.contains(property), "seed {seed}: {property:?} is not so after `{command}`");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 20, "{seen} violations compared");
}

#[test]
fn a_script_of_the_soak_is_the_run() {
    for seed in 0..100 {
        let soaked = soak(seed, 200);
        let printed = script(&soaked.script.to_string());
        assert_eq!(found(&judge(&printed)), found(&soaked), "seed {seed}");
        assert_eq!(Run::play(&printed).end().hash(), Run::play(&soaked.script).end().hash(), "seed {seed}");
    }
}

#[test]
fn a_shortened_script_violates_the_same_and_needs_each_command() {
    let (property, whole) = (Property::AcknowledgedKept, script(COMMIT_LEADER));
    let mut padded: Vec<Command> = whole.commands().cloned().collect();
    padded.insert(5, Command::Mark { name: "nothing".to_owned() });
    let short = shorten(&Script::of(whole.seed, padded.clone()), property, false);
    assert!(short.lines.len() < padded.len() && still_violates(&short, property, false));
    for at in 0..short.lines.len() {
        let rest = short.commands().enumerate().filter(|(other, _)| *other != at).map(|(_, command)| command.clone());
        let rest = Script::of(short.seed, rest.collect());
        assert!(!still_violates(&rest, property, false), "line {at} of\n{short}");
    }
}

#[test]
fn who_has_no_replica_any_more_may_be_counted_for_eligible() {
    let lost = "record p1.1 was acknowledged under acks=all at 0, and the leader does not have it";
    let found = found(&judge(&script(ELIGIBLE_WITHOUT_A_REPLICA)));
    assert_eq!(found, [(lost.to_owned(), vec![Premise::ElrOfReplicas])]);
}

#[test]
fn a_leader_may_miss_that_a_follower_was_no_replica() {
    let counted = "the leader counts 1 for broker 3, whose log ends at 0";
    let found = found(&judge(&script(OUT_AND_BACK)));
    assert_eq!(found, [(counted.to_owned(), vec![Premise::NoReignMissed])]);
}

#[test]
fn a_proposal_means_one_start_of_a_broker() {
    let run = Run::play(&script(ANOTHER_START));
    let refused = EventKind::IsrRefused { broker: BrokerId(1), error: AlterCheck::IneligibleReplica, falls_back: true };
    assert!(run.events().iter().any(|event| event.kind == refused));
    let partition = &run.end().active_controller().expect("there is one").image.partition;
    assert_eq!(partition.leader, Some(BrokerId(3)), "it has m0; broker 2 has not");
    let judged = judge(&script(ANOTHER_START));
    assert!(judged.found.iter().all(|found| found.violation.of() != Property::AcknowledgedKept), "{:?}", judged.found);
}

/// The leader proposes for a partition that has changed since; once it has heard of the change it proposes anew.
#[test]
fn a_leader_whose_proposal_came_too_late_proposes_again() {
    let run = Run::play(&script(TOO_LATE));
    let error = AlterCheck::InvalidUpdateVersion;
    let refused = EventKind::IsrRefused { broker: BrokerId(1), error, falls_back: false };
    assert!(run.events().iter().any(|event| event.kind == refused));
    let partition = &run.end().active_controller().expect("there is one").image.partition;
    assert_eq!(partition.isr, [BrokerId(1), BrokerId(3)]);
}
