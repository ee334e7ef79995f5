//! What a frame says of a cluster in which things fail, and that it says no more of it once they are mended.

use kafka_lab::command::Script;
use kafka_lab::event::EventKind;
use kafka_lab::frame::{CellState, Frame, Health, Membership, Standing, TapeId, Window, of_world};
use kafka_lab::ids::{BrokerId, Offset};
use kafka_lab::timeline::Run;
use kafka_lab::words::{Noun, Span, caption, describe, story};

const THREE: &str = "version 1\ncluster brokers=3 controllers=1 min.insync.replicas=2\n\
    producer p1 acks=all linger.ms=0\nwait 600\nsend p1 key=ada value=+50\nwait 1200\n";

fn play(script: &str) -> Run {
    let parsed = Script::parse(script);
    assert_eq!(parsed.problems, []);
    let run = Run::play(&parsed.script);
    let refused = run.events().iter().find(|event| matches!(event.kind, EventKind::Refused(_)));
    assert_eq!(refused.map(|event| story(event).to_string()), None);
    run
}

/// The frame at the end of the three brokers' script and what follows.
fn after(more: &str) -> Frame {
    of_world(play(&format!("{THREE}{more}")).end(), Window::ALL)
}

fn standing(frame: &Frame, broker: u8) -> Standing {
    let tape = frame.tapes.iter().find(|tape| tape.id == TapeId::Broker(BrokerId(broker))).expect("it has a tape");
    tape.standing.clone().expect("a broker stands somehow")
}

/// The line of a broker's tape, without what is in it.
fn line(frame: &Frame, broker: u8) -> String {
    let text = describe(frame);
    let begins = format!("Broker {broker}, ");
    text.lines().find(|line| line.starts_with(&begins)).expect("it is described").to_owned()
}

#[test]
fn tapes_stand_in_the_order_of_the_brokers_whoever_leads() {
    let ids = |frame: &Frame| frame.tapes.iter().map(|tape| tape.id.clone()).collect::<Vec<_>>();
    let (before, failed_over) = (after(""), after("crash 1\nwait 14000\n"));
    assert!(line(&before, 1).starts_with("Broker 1, leader, epoch 0: "), "{}", line(&before, 1));
    assert!(line(&failed_over, 1).starts_with("Broker 1, crashed, fenced, not in sync: "), "{}", line(&failed_over, 1));
    assert!(line(&failed_over, 2).starts_with("Broker 2, leader, epoch 1: "), "{}", line(&failed_over, 2));
    assert_eq!(ids(&before), ids(&failed_over));
}

#[test]
fn what_a_fault_shows_is_gone_with_it() {
    let cases = [
        ("crash 3\n", "start 3\nwait 20000\n", "crashed"),
        ("freeze 3\n", "thaw 3\nwait 20000\n", "frozen"),
        ("stop 3\nwait 5000\n", "start 3\nwait 20000\n", "stopped, fenced"),
        ("freeze 3\nwait 12000\n", "thaw 3\nwait 20000\n", "fenced"),
        ("slow-disk 3 ms=400\n", "slow-disk 3 ms=0\n", "disk +400 ms"),
        ("clock 3 ahead.ms=60000\n", "clock 3 ahead.ms=0\n", "clock +"),
        ("cut 3-1 both=true\n", "heal 3-1 both=true\nwait 20000\n", "Between broker 1 and broker 3: cut."),
        ("cut 3-1\n", "heal 3-1\nwait 20000\n", "Between broker 1 and broker 3: cut 3 to 1."),
        ("hold 1-3\n", "release 1-3\nwait 20000\n", "Between broker 1 and broker 3: held 1 to 3."),
        ("drop-next fetch 3-1\n", "wait 5000\n", "Between broker 1 and broker 3: loses the next fetch 3 to 1."),
    ];
    for (fault, mended, said) in cases {
        let (broken, whole) = (describe(&after(fault)), describe(&after(&format!("{fault}{mended}"))));
        assert!(broken.contains(said), "{fault}{broken}");
        assert!(!whole.contains(said), "{fault}{mended}{whole}");
        assert!(whole.contains("ISR {1, 2, 3}, min 2.\n"), "{fault}{mended}{whole}");
    }
}

#[test]
fn who_is_about_to_leave_or_join_is_told_from_who_is_in() {
    let run = play(&format!("{THREE}freeze 3\nwait 12000\nthaw 3\nwait 20000\n"));
    let mut seen = Vec::new();
    for moment in 20..=run.len() {
        let is = standing(&of_world(&run.world_at(moment), Window::ALL), 3).membership;
        if seen.last() != Some(&is) {
            seen.push(is);
        }
    }
    let wanted =
        [Membership::InSync, Membership::Leaving, Membership::Outside, Membership::Joining, Membership::InSync];
    assert_eq!(seen, wanted);
}

#[test]
fn a_leader_that_is_cut_off_leads_an_old_epoch() {
    let frame = after("cut 1-2 both=true\ncut 1-3 both=true\ncut 1-k1 both=true\nwait 12000\n");
    assert!(line(&frame, 1).starts_with("Broker 1, leads old epoch 0, fenced, not in sync, metadata 9 of "));
    assert!(line(&frame, 2).starts_with("Broker 2, leader, epoch 1: "), "{}", line(&frame, 2));
    assert!(describe(&frame).contains("producer p1: goes by broker 1, epoch 0, acks=all."), "{}", describe(&frame));
}

#[test]
fn a_process_that_has_started_is_starting_until_it_has_caught_up() {
    let run = play(&format!("{THREE}crash 3\nwait 2000\nstart 3\nwait 30000\n"));
    let mut seen = Vec::new();
    for moment in 20..=run.len() {
        let is = standing(&of_world(&run.world_at(moment), Window::ALL), 3).health;
        if seen.last() != Some(&is) {
            seen.push(is);
        }
    }
    assert_eq!(seen, [Health::Running, Health::Crashed, Health::Starting, Health::Running]);
}

#[test]
fn where_two_histories_part_is_said_and_a_log_that_only_ends_sooner_does_not_part() {
    let story = include_str!("replication/stories/06-kip-101-divergence.lab");
    let by_the_mark = story.replace("elr=false\n", "elr=false\ntruncation-rule high-watermark\n");
    let parts = |script: &str| -> Vec<Option<Offset>> {
        of_world(play(script).end(), Window::ALL).tapes.iter().map(|tape| tape.parts_at).collect()
    };
    assert_eq!(parts(&by_the_mark), [Some(Offset(1)), None]);
    assert_eq!(parts(story), [None, None]);
    let behind = after("freeze 3\nsend p1 key=bo value=+20\nwait 100\n");
    assert_ne!(behind.tapes[0].log_end, behind.tapes[2].log_end);
    assert_eq!(behind.tapes[2].parts_at, None);
}

#[test]
fn what_was_acknowledged_and_is_not_in_the_leaders_log_is_lost() {
    let story = include_str!("replication/stories/05-stale-leader.lab");
    let lost = |script: &str| -> Vec<(TapeId, Offset)> {
        let frame = of_world(play(script).end(), Window::ALL);
        let of = |tape: &kafka_lab::frame::Tape| {
            let cells = tape.cells.iter().filter(|cell| cell.state == CellState::Lost);
            cells.map(|cell| (tape.id.clone(), cell.offset)).collect::<Vec<_>>()
        };
        frame.tapes.iter().flat_map(of).collect()
    };
    let (answered, _) = story.split_once("mark stale-answered").expect("it has this mark");
    assert_eq!(lost(answered), [(TapeId::Broker(BrokerId(2)), Offset(1))]);
    let (whole, _) = story.split_once("mark cut-off").expect("it has this mark");
    assert_eq!(lost(whole), []);
}

#[test]
fn a_broker_wears_the_colour_of_its_role_in_the_event() {
    let run = play(&format!(
        "{THREE}crash 1\nwait 14000\nproducer p2 acks=all linger.ms=0\nsend p2 key=bo value=x\nwait 900\n"
    ));
    let nouns = |wanted: fn(&EventKind) -> bool| -> Vec<(Noun, String)> {
        let events = run.events().iter().filter(|event| wanted(&event.kind));
        let mut nouns: Vec<(Noun, String)> = Vec::new();
        for span in events.flat_map(|event| story(event).spans) {
            if let Span::Noun(noun, words) = span
                && words.to_lowercase().starts_with("broker")
            {
                nouns.push((noun, words.to_lowercase()));
            }
        }
        nouns.sort();
        nouns.dedup();
        nouns
    };
    let of = |noun, id: u8| (noun, format!("broker {id}"));
    assert_eq!(
        nouns(|kind| matches!(kind, EventKind::BatchAppended { .. })),
        [of(Noun::Leader, 1), of(Noun::Leader, 2)]
    );
    assert_eq!(
        nouns(|kind| matches!(kind, EventKind::BatchCopied { .. })),
        [of(Noun::Follower, 2), of(Noun::Follower, 3)]
    );
    assert_eq!(nouns(|kind| matches!(kind, EventKind::Crashed { .. })), [of(Noun::Broker(BrokerId(1)), 1)]);
}

/// Under each commit rule the sentence names those whose logs decide.
#[test]
fn the_caption_names_who_has_to_hold_a_record() {
    let falls_behind = "crash 3\nwait 12000\nsend p1 key=bo value=+20\nwait 1000\n";
    let said = |rule: &str| caption(play(&format!("{THREE}{rule}{falls_behind}")).end()).to_string();
    let cases = [
        ("", "The high watermark is min(2, 2) = 2: every replica in sync holds all there is."),
        (
            "commit-rule leader\n",
            "The high watermark is min(2) = 2: the leader, which is enough by this rule, holds all there is.",
        ),
        ("commit-rule majority\n", "The high watermark is majority(2, 2, 1) = 2: a majority holds all there is."),
        (
            "commit-rule all\n",
            "The high watermark is min(2, 2, 1) = 1 until broker 1 sees broker 3 ask for more than 1.",
        ),
    ];
    for (rule, expected) in cases {
        assert_eq!(said(rule), expected);
    }
}
