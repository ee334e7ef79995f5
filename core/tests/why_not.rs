//! Why something has not happened, in a cluster that fails: each reason is reached by a script, and what is said to
//! help is done until it has happened. What a person is told must be true.

use expect_test::{ExpectFile, expect_file};
use kafka_lab::command::{Command, Script};
use kafka_lab::event::EventKind;
use kafka_lab::explain::{Question, Reason, Remedy, explain};
use kafka_lab::ids::{BrokerId, ConsumerIndex, Offset, ProducerIndex, RecordId};
use kafka_lab::sample;
use kafka_lab::timeline::Run;
use kafka_lab::words::{remedy, why_not};
use kafka_lab::world::{Recording, World};

const RECORD: Question = Question::NotAcknowledged(RecordId { producer: ProducerIndex(1), count: 1 });
const SECOND: Question = Question::NotAcknowledged(RecordId { producer: ProducerIndex(1), count: 2 });
const AUTO: &str = "cluster brokers=3 controllers=1 min.insync.replicas=2\nproducer p1 linger.ms=0\n";
const HAND: &str = "cluster brokers=3 controllers=1 min.insync.replicas=2\nproducer p1 linger.ms=0\nschedule hand\n";

/// After this many remedies it must have happened.
const REMEDIES_MOST: usize = 100;

fn after(script: &str) -> World {
    let parsed = Script::parse(script);
    assert_eq!(parsed.problems, [], "{script}");
    let run = Run::play(&parsed.script);
    let refused: Vec<_> = run.events().iter().filter(|event| matches!(event.kind, EventKind::Refused(_))).collect();
    assert!(refused.is_empty(), "{refused:?}");
    run.end().clone()
}

/// Does what helps; panics if that is refused.
fn do_it(world: &mut World, remedy: &Remedy) {
    let command = match remedy {
        Remedy::Do(command) => command.clone(),
        Remedy::Until(tick) => Command::Wait { ms: u32::try_from(tick.0 - world.tick.0).expect("it is not over") },
    };
    let mut recording = Recording::at_most(usize::MAX);
    world.perform(&command, &mut recording);
    let refused = recording.events.iter().find(|event| matches!(event.kind, EventKind::Refused(_)));
    assert!(refused.is_none(), "{command}: {refused:?}");
}

/// What is said, with what is done about it, until it has happened or nothing helps any more.
fn follow(mut world: World, question: Question, way: usize) -> (String, World) {
    let mut said = String::new();
    for step in 0..REMEDIES_MOST {
        let told = explain(&world, question);
        said.push_str(&format!("{}\n", why_not(question, &told)));
        let Some(helps) = told.remedies.get(if step == 0 { way } else { 0 }).filter(|_| told.reason != Reason::ItHas)
        else {
            return (said, world);
        };
        said.push_str(&format!("  > {}\n", remedy(helps)));
        let read = read_so_far(&world, question);
        do_it(&mut world, helps);
        if read_so_far(&world, question) > read {
            said.push_str("It reads.\n");
            return (said, world);
        }
    }
    panic!("still not after {REMEDIES_MOST} remedies:\n{said}");
}

/// How many records the consumer has read that is asked about.
fn read_so_far(world: &World, question: Question) -> u64 {
    match question {
        Question::ReadsNothing(consumer) => world.consumers.get(&consumer).map_or(0, |consumer| consumer.read),
        _ => 0,
    }
}

fn check(script: &str, question: Question, expected: &ExpectFile) {
    let (said, _) = follow(after(script), question, 0);
    expected.assert_eq(&said);
}

/// The second way out.
fn check_other_way(script: &str, question: Question, expected: &ExpectFile) {
    let (said, _) = follow(after(script), question, 1);
    expected.assert_eq(&said);
}

#[test]
fn the_mark_waits_for_a_follower_that_is_down() {
    let script = format!("{AUTO}wait 500\ncrash 3\nsend p1 value=a\nwait 300\n");
    check(&script, RECORD, &expect_file!["stories/why-not/the-mark-waits-for-a-follower-that-is-down.txt"]);
    check_other_way(&script, RECORD, &expect_file!["stories/why-not/the-mark-waits-for-a-follower-that-is-down-2.txt"]);
}

#[test]
fn the_mark_waits_for_a_follower_that_stands_still() {
    let script = format!("{AUTO}wait 500\nfreeze 3\nsend p1 value=a\nwait 300\n");
    check(&script, RECORD, &expect_file!["stories/why-not/the-mark-waits-for-a-follower-that-stands-still.txt"]);
}

#[test]
fn the_mark_waits_for_a_follower_behind_a_cut_link() {
    let script = format!("{AUTO}wait 500\ncut 3-1\nwait 100\nsend p1 value=a\nwait 300\n");
    check(&script, RECORD, &expect_file!["stories/why-not/the-mark-waits-for-a-follower-behind-a-cut-link.txt"]);
    check_other_way(
        &script,
        Question::MarkStands,
        &expect_file!["stories/why-not/the-mark-waits-for-a-follower-behind-a-cut-link-2.txt"],
    );
}

#[test]
fn the_mark_waits_for_fetches_that_somebody_has_to_allow() {
    let script = format!("{HAND}send p1 value=a\ndeliver produce.p1-1.1\n");
    check(&script, RECORD, &expect_file!["stories/why-not/the-mark-waits-for-fetches-that-somebody-has-to-allow.txt"]);
}

#[test]
fn a_batch_lingers() {
    let script = "cluster brokers=1\nproducer p1 linger.ms=50\nsend p1 value=a\n";
    check(script, RECORD, &expect_file!["stories/why-not/a-batch-lingers.txt"]);
    check_other_way(script, RECORD, &expect_file!["stories/why-not/a-batch-lingers-2.txt"]);
}

#[test]
fn too_few_are_in_sync_and_the_record_waits_for_them() {
    let script = format!("{AUTO}wait 500\nfreeze 2\nfreeze 3\nsend p1 value=a\nwait 12000\n");
    check(
        &script,
        Question::MarkStands,
        &expect_file!["stories/why-not/too-few-are-in-sync-and-the-record-waits-for-them.txt"],
    );
}

#[test]
fn too_few_are_in_sync_and_the_record_is_refused() {
    let script = format!("{AUTO}wait 500\ncrash 2\ncrash 3\nfence 2\nfence 3\nwait 100\nsend p1 value=a\nwait 100\n");
    check(&script, RECORD, &expect_file!["stories/why-not/too-few-are-in-sync-and-the-record-is-refused.txt"]);
}

#[test]
fn the_request_goes_to_a_leader_that_was() {
    let script = format!("{AUTO}wait 500\nfence 1\ncut 1-k1 both=true\nwait 100\nsend p1 value=a\nwait 200\n");
    check(&script, RECORD, &expect_file!["stories/why-not/the-request-goes-to-a-leader-that-was.txt"]);
    let script = format!("{HAND}fence 1\nlearn 1\ndeliver fetch-metadata.1-k1.1\n");
    let script = format!("{script}deliver fetch-metadata-response.k1-1.1\nsend p1 value=a\n");
    check(&script, RECORD, &expect_file!["stories/why-not/the-request-goes-to-a-leader-that-was-2.txt"]);
}

#[test]
fn the_request_is_lost_and_what_became_of_the_record_is_said() {
    let script = format!("{AUTO}wait 500\ndrop-next produce-response 1-p1\nsend p1 value=a\nwait 200\n");
    check(
        &script,
        RECORD,
        &expect_file!["stories/why-not/the-request-is-lost-and-what-became-of-the-record-is-said.txt"],
    );
    let script = format!("{AUTO}wait 500\ndrop-next produce p1-1\nsend p1 value=a\nwait 200\n");
    check(
        &script,
        RECORD,
        &expect_file!["stories/why-not/the-request-is-lost-and-what-became-of-the-record-is-said-2.txt"],
    );
}

#[test]
fn nobody_leads_because_the_leader_died() {
    let script = format!("{AUTO}wait 500\ncrash 1\nwait 200\n");
    check(&script, Question::NoLeader, &expect_file!["stories/why-not/nobody-leads-because-the-leader-died.txt"]);
    check_other_way(
        &script,
        Question::NoLeader,
        &expect_file!["stories/why-not/nobody-leads-because-the-leader-died-2.txt"],
    );
}

#[test]
fn nobody_leads_because_who_is_fit_is_gone() {
    let script = format!("{AUTO}wait 500\nstop 3\nwait 3000\nstop 2\nwait 3000\nfreeze 1\nfence 1\nwait 200\n");
    check(&script, Question::NoLeader, &expect_file!["stories/why-not/nobody-leads-because-who-is-fit-is-gone.txt"]);
    let script = format!("{AUTO}wait 500\ncrash 3\ncrash 2\ncrash 1\nwait 12000\n");
    check(&script, Question::NoLeader, &expect_file!["stories/why-not/nobody-leads-because-who-is-fit-is-gone-2.txt"]);
}

#[test]
fn an_unclean_election_is_another_way() {
    let script =
        format!("{AUTO}wait 500\ncrash 3\nwait 12000\ncrash 2\nwait 12000\ncrash 1\nwait 12000\nstart 3\nwait 3000\n");
    check_other_way(
        &script,
        Question::NoLeader,
        &expect_file!["stories/why-not/an-unclean-election-is-another-way.txt"],
    );
}

#[test]
fn a_broker_is_fenced() {
    let fenced = Question::Fenced(BrokerId(3));
    let script = format!("{AUTO}wait 500\ncrash 3\nwait 12000\n");
    check(&script, fenced, &expect_file!["stories/why-not/a-broker-is-fenced.txt"]);
    let script = format!("{AUTO}wait 500\nfreeze 3\nwait 12000\n");
    check(&script, fenced, &expect_file!["stories/why-not/a-broker-is-fenced-2.txt"]);
    let script = format!("{AUTO}wait 500\ncut 3-k1 both=true\nwait 20000\n");
    check(&script, fenced, &expect_file!["stories/why-not/a-broker-is-fenced-3.txt"]);
    let script = format!("{HAND}fence 3\ncrash 3\nstart 3\n");
    check(&script, fenced, &expect_file!["stories/why-not/a-broker-is-fenced-4.txt"]);
}

#[test]
fn a_replica_is_not_in_sync() {
    let out = Question::NotInSync(BrokerId(3));
    let script = format!("{AUTO}wait 500\nfreeze 3\nwait 12000\nsend p1 value=a\nwait 500\n");
    check(&script, out, &expect_file!["stories/why-not/a-replica-is-not-in-sync.txt"]);
    let script = format!("{AUTO}wait 500\ncut 3-1\nsend p1 value=a\nwait 47000\n");
    check(&script, out, &expect_file!["stories/why-not/a-replica-is-not-in-sync-2.txt"]);
    let script =
        format!("{HAND}fence 3\nlearn 1\ndeliver fetch-metadata.1-k1.1\ndeliver fetch-metadata-response.k1-1.1\n");
    check(&script, out, &expect_file!["stories/why-not/a-replica-is-not-in-sync-3.txt"]);
}

#[test]
fn there_is_no_controller_to_ask() {
    let script = format!("{AUTO}wait 500\nfreeze 3\nwait 12000\ncrash k1\nthaw 3\nwait 2000\n");
    check(
        &script,
        Question::NotInSync(BrokerId(3)),
        &expect_file!["stories/why-not/there-is-no-controller-to-ask.txt"],
    );
}

/// Three controllers, of whom two make a majority.
#[test]
fn the_controllers_have_no_majority() {
    let three = "cluster brokers=3 controllers=3 min.insync.replicas=2\nproducer p1 linger.ms=0\n";
    let script = format!("{three}wait 500\nfreeze 3\nwait 12000\ncrash k1\ncrash k2\nthaw 3\nwait 2000\n");
    check(
        &script,
        Question::NotInSync(BrokerId(3)),
        &expect_file!["stories/why-not/the-controllers-have-no-majority.txt"],
    );
    let script = format!("{three}wait 500\ncut k1-k2 both=true\ncut k1-k3 both=true\nfence 3\nwait 500\n");
    check(
        &script,
        Question::NotInSync(BrokerId(3)),
        &expect_file!["stories/why-not/the-controllers-have-no-majority-2.txt"],
    );
}

#[test]
fn a_record_that_only_a_former_leader_has_is_not_readable() {
    let stale = "send p1 value=a\nwait 300\ncut 1-2 both=true\ncut 1-3 both=true\ncut 1-k1 both=true\nwait 200\n";
    let script = format!("{AUTO}wait 500\n{stale}send p1 value=b\nwait 12000\n");
    let at = |broker, offset| Question::NotReadable { at: BrokerId(broker), offset: Offset(offset) };
    check(
        &script,
        at(1, 1),
        &expect_file!["stories/why-not/a-record-that-only-a-former-leader-has-is-not-readable.txt"],
    );
    check(
        &script,
        at(2, 1),
        &expect_file!["stories/why-not/a-record-that-only-a-former-leader-has-is-not-readable-2.txt"],
    );
    check(
        &script,
        SECOND,
        &expect_file!["stories/why-not/a-record-that-only-a-former-leader-has-is-not-readable-3.txt"],
    );
}

#[test]
fn a_reader_asks_who_led_before() {
    let script = "consumer c1 auto.offset.reset=earliest\nsend p1 value=a\nwait 1000\nfreeze 1\n\
        wait 12000\nsend p1 value=b\nwait 30000\n";
    let script = format!("{AUTO}wait 500\n{script}");
    check(
        &script,
        Question::ReadsNothing(ConsumerIndex(1)),
        &expect_file!["stories/why-not/a-reader-asks-who-led-before.txt"],
    );
    let script = format!("{AUTO}consumer c1 poll=hand auto.offset.reset=earliest\nsend p1 value=a\nwait 1000\n");
    check(
        &script,
        Question::ReadsNothing(ConsumerIndex(1)),
        &expect_file!["stories/why-not/a-reader-asks-who-led-before-2.txt"],
    );
}

/// Nobody fences it, and nobody registers it anew.
#[test]
fn without_a_controller_a_follower_comes_back_as_it_was() {
    let script = "cluster brokers=2\nproducer p1 linger.ms=0\nwait 500\ncrash 2\nsend p1 value=a\nwait 300\n";
    check(script, RECORD, &expect_file!["stories/why-not/without-a-controller-a-follower-comes-back-as-it-was.txt"]);
    let script = "cluster brokers=2\nwait 500\ncrash 1\nwait 300\n";
    check(
        script,
        Question::NoLeader,
        &expect_file!["stories/why-not/without-a-controller-a-follower-comes-back-as-it-was-2.txt"],
    );
    check(
        "cluster brokers=2\n",
        Question::Fenced(BrokerId(2)),
        &expect_file!["stories/why-not/without-a-controller-a-follower-comes-back-as-it-was-3.txt"],
    );
}

/// In worlds that chance has made: what is said to help can be done, and it happens then, or nothing helps.
#[test]
fn whatever_is_said_to_help_can_be_done_and_helps() {
    for seed in 0..400 {
        let run = Run::play(&sample::script(seed, 80));
        let world = run.end();
        let brokers: Vec<BrokerId> = world.brokers.keys().copied().collect();
        let mut questions = vec![Question::NoLeader, Question::MarkStands, RECORD, SECOND];
        questions.extend(brokers.iter().flat_map(|id| [Question::NotInSync(*id), Question::Fenced(*id)]));
        questions.extend(world.consumers.keys().map(|id| Question::ReadsNothing(*id)));
        for question in questions {
            follow(world.clone(), question, 0);
        }
    }
}
