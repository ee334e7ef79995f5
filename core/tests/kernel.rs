//! The kernel: a run is the same every time, wherever it is entered, and can be forked anywhere.

use expect_test::{Expect, expect, expect_file};
use kafka_lab::command::{COMMANDS, Command, Script};
use kafka_lab::explain::{Held, Question, Reason, explain};
use kafka_lab::frame::{Window, of_world};
use kafka_lab::ids::{BrokerId, ConsumerIndex, LeaderEpoch, Offset, ProducerIndex, RecordId};
use kafka_lab::random::{Purpose, draw};
use kafka_lab::sample;
use kafka_lab::timeline::{BranchId, Run, Timeline, Walk};
use kafka_lab::words::{because, describe, story};
use kafka_lab::world::World;
use proptest::prelude::*;
use std::sync::Arc;

/// One record, by hand: kafka-truth scenario 04-S1 with one follower.
const ONE_RECORD: &str = include_str!("stories/one-record.lab");

fn play(text: &str) -> Run {
    let parsed = Script::parse(text);
    assert_eq!(parsed.problems, []);
    Run::play(&parsed.script)
}

fn at_mark(run: &Run, mark: &str) -> World {
    run.world_at(run.moment_of_mark(mark).expect("the mark is in the script"))
}

#[test]
fn the_story_of_one_record() {
    let run = play(ONE_RECORD);
    let lines: Vec<String> = run
        .events()
        .iter()
        .filter(|event| !event.kind.is_bookkeeping())
        .map(|event| story(event).to_string())
        .collect();
    expect_file!["stories/one-record.txt"].assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn the_frame_of_each_mark_in_words() {
    let run = play(ONE_RECORD);
    let mut text = String::new();
    for mark in ["copied", "promised", "read", "told"] {
        let frame = of_world(&at_mark(&run, mark), Window::ALL);
        text.push_str(&format!("== {mark}\n{}", describe(&frame)));
    }
    expect_file!["stories/one-record-frames.txt"].assert_eq(&text);
}

/// The mark that a follower's own fetch moves is told to it in the answer to the next one (04-S1).
#[test]
fn a_follower_learns_the_mark_one_fetch_late() {
    let run = play(ONE_RECORD);
    let marks = |world: &World| world.brokers.values().map(|broker| broker.high_watermark.0).collect::<Vec<i64>>();
    assert_eq!(marks(&at_mark(&run, "promised")), [0, 0]);
    assert_eq!(marks(&at_mark(&run, "read")), [1, 0]);
    assert_eq!(marks(run.end()), [1, 1]);
}

#[test]
fn every_promise_holds_in_every_world_of_random_runs() {
    for seed in 0..400 {
        let run = Run::play(&sample::script(seed, 60));
        let mut world = World::new(seed);
        let mut marks: std::collections::BTreeMap<(BrokerId, LeaderEpoch, u32), Offset> = Default::default();
        for event in run.events() {
            world.apply_event(event);
            assert_eq!(world.broken_promise(), None, "seed {seed}, after {event:?}");
            for (leader, leading) in world.brokers.keys().filter_map(|id| world.leading(*id)) {
                let mark = marks.entry((leader.id, leading.epoch, leader.duties.start)).or_default();
                assert!(leader.high_watermark >= *mark, "seed {seed}: the mark went back at {event:?}");
                *mark = leader.high_watermark;
            }
        }
        assert_eq!(world.hash(), run.end().hash(), "seed {seed}: the events are the run");
    }
}

/// A reader has to be ahead of a loss, or a leader behind its controller: once in some hundred runs.
const BY_LUCK: [&str; 2] = ["TruncationDetected", "IsrRefused"];

#[test]
fn random_runs_reach_what_they_are_for() {
    let mut kinds = std::collections::BTreeMap::new();
    for seed in 0..600 {
        for event in Run::play(&sample::script(seed, 100)).events() {
            let name = format!("{:?}", event.kind);
            let name: String = name.chars().take_while(|c| c.is_alphanumeric()).collect();
            *kinds.entry(name).or_insert(0u32) += 1;
        }
    }
    kinds.retain(|kind, _| !BY_LUCK.contains(&kind.as_str()));
    let rare: Vec<_> = kinds.iter().filter(|(_, count)| **count < 3).collect();
    assert!(rare.is_empty(), "hardly ever seen: {rare:?}");
    assert_eq!(kinds.len(), 83, "kinds of event seen: {kinds:?}");
}

#[test]
fn a_seek_shows_what_playing_shows() {
    for seed in 0..40 {
        let run = Run::play(&sample::script(seed, 80));
        let mut world = World::new(seed);
        for (index, event) in run.events().iter().enumerate() {
            assert_eq!(run.world_at(index).hash(), world.hash(), "seed {seed}, moment {index}");
            world.apply_event(event);
        }
    }
}

#[test]
fn a_walk_to_and_fro_shows_what_a_seek_shows() {
    for seed in 0..20 {
        let run = Arc::new(Run::play(&sample::script(seed, 80)));
        let mut walk = Walk::along(Arc::clone(&run));
        let end = run.len();
        for moment in [0, 1, 2, 5, 5, 63, 64, 65, 200, 130, 128, 127, 3, end, end + 1, end / 2, end / 2 + 1] {
            assert_eq!(walk.to(moment).hash(), run.world_at(moment).hash(), "seed {seed}, moment {moment}");
        }
    }
}

#[test]
fn a_fork_that_changes_nothing_ends_the_same() {
    for seed in 0..60 {
        let script = sample::script(seed, 40);
        let mut timeline = Timeline::new(&script);
        let trunk = timeline.run(Timeline::TRUNK).clone();
        for part in 0..=8 {
            let moment = trunk.len() * part / 8;
            let (branch, parted) = timeline.fork(Timeline::TRUNK, moment, &[]);
            let run = timeline.run(branch);
            assert_eq!(run.world_at(parted).hash(), trunk.world_at(parted).hash(), "seed {seed}, moment {moment}");
            assert_eq!(run.end().hash(), trunk.end().hash(), "seed {seed}, moment {moment}");
        }
    }
}

#[test]
fn a_fork_says_what_differs_first() {
    let parsed = Script::parse(ONE_RECORD);
    let mut timeline = Timeline::new(&parsed.script);
    let moment = timeline.run(Timeline::TRUNK).moment_of_mark("promised").expect("marked");
    let message = "fetch.2-1.2";
    let drop = Script::parse(&format!("fetch 2\ndrop {message}")).script.commands().cloned().collect::<Vec<Command>>();
    let (branch, _) = timeline.fork(Timeline::TRUNK, moment, &drop);
    let difference = timeline.first_difference(Timeline::TRUNK, branch).expect("they differ");
    let left = difference.left.and_then(|id| timeline.run(Timeline::TRUNK).event(id.0 as usize));
    let right = difference.right.and_then(|id| timeline.run(branch).event(id.0 as usize));
    assert_eq!(
        left.map(|event| story(event).to_string()).as_deref(),
        Some("Broker 1 gets the fetch of broker 2 from 1.")
    );
    let lost = "The message “fetch from 1” from broker 2 to broker 1 is lost.";
    assert_eq!(right.map(|event| story(event).to_string()).as_deref(), Some(lost));
    assert_eq!(timeline.first_difference(branch, branch), None);
    assert_eq!(timeline.branch(BranchId(99)).parent, None);
}

#[test]
fn every_event_but_commands_has_a_cause_before_it() {
    for seed in 0..60 {
        for event in Run::play(&sample::script(seed, 60)).events() {
            let is_command = matches!(event.kind, kafka_lab::event::EventKind::Commanded(_));
            assert_eq!(event.trigger.is_none(), is_command, "{event:?}");
            assert!(event.trigger.iter().chain(&event.rests_on).all(|cause| *cause < event.id), "{event:?}");
        }
    }
}

#[test]
fn why_not_names_the_condition_and_who_touched_it() {
    let run = play(ONE_RECORD);
    let record = RecordId { producer: ProducerIndex(1), count: 1 };
    let why = |mark: &str| explain(&at_mark(&run, mark), Question::NotAcknowledged(record)).reason;
    let held = |log_end: Option<i64>| Reason::MarkBelow {
        wanted: Offset(1),
        mark: Offset(0),
        held_by: Some(Held { broker: BrokerId(2), log_end: log_end.map(Offset) }),
    };
    assert_eq!(why("sent"), Reason::Unknown);
    assert_eq!(why("copied"), held(None));
    assert_eq!(why("promised"), held(Some(0)));
    assert_eq!(why("read"), Reason::ItHas);
    let unread = |offset| Question::NotReadable { at: BrokerId(1), offset: Offset(offset) };
    let words = "The high watermark is 0 and must reach 1. It waits for broker 2 to ask for more than 0.";
    assert_eq!(because(Question::MarkStands, &held(Some(0))).to_string(), words);
    let promised = at_mark(&run, "promised");
    let explanation = explain(&promised, unread(0));
    let touched = explanation.last_touch.and_then(|id| run.event(id.0 as usize)).map(|event| story(event).to_string());
    assert_eq!(touched.as_deref(), Some("Broker 1 notes broker 2 at 0: it holds nothing yet."));
    assert_eq!(explain(&promised, unread(1)).reason, Reason::BeyondLogEnd(Offset(1)));
    assert_eq!(explain(run.end(), Question::MarkStands).reason, Reason::AllCommitted);
    let reader = ConsumerIndex(1);
    assert_eq!(explain(&at_mark(&run, "read"), Question::ReadsNothing(reader)).reason, Reason::NotPolled);
}

fn check_problems(text: &str, expected: &Expect) {
    let problems: Vec<String> = Script::parse(text).problems.iter().map(ToString::to_string).collect();
    expected.assert_eq(&problems.join("\n"));
}

#[test]
fn problems_name_their_place() {
    check_problems(
        "cluster\nsend p1 key=\"ada\nwait soon\ndeliver fetch.2.4\nflush p1 now\nsend c1\n\
         version 9\nlink 2-1 latency.ms=x\nschedule later\nsend p1 value=\"\\q\"",
        &expect![[r#"
            line 1, column 8: the line ends here; expected brokers=…
            line 2, column 17: the line ends here; expected a quote that ends the text
            line 3, column 6: found `soon`; expected a whole number from 0 to 86400000
            line 4, column 9: found `fetch.2.4`; expected a message, such as fetch.2-1.4
            line 5, column 10: found `now`; expected the end of the line
            line 6, column 6: found `c1`; expected a producer, such as p1
            line 7, column 9: found `9`; expected 1, the version that this engine speaks
            line 8, column 10: found `latency.ms=x`; expected a whole number from 0 to 600000
            line 9, column 10: found `later`; expected auto or hand
            line 10, column 17: found `\q`; expected one of \" \\ \n \t \r \u{…}"#]],
    );
}

#[test]
fn printing_and_parsing_are_inverse() {
    for seed in 0..300 {
        let script = sample::script(seed, 60);
        let parsed = Script::parse(&script.to_string());
        assert_eq!(parsed.problems, []);
        assert!(parsed.script.commands().eq(script.commands()), "seed {seed}");
        assert_eq!(parsed.script.seed, seed);
    }
}

#[test]
fn ten_thousand_damaged_scripts_are_read_or_refused_with_a_place() {
    let letters: Vec<char> = "abcpdk019=-.+ \"\\\n#\u{e9}\u{1f600}".chars().collect();
    let mut problems_found = 0;
    for trial in 0..10_000u64 {
        let pick = |count, bound: usize| {
            usize::try_from(draw(trial, count, Purpose::Script, 0, bound as u64)).expect("below the bound")
        };
        let mut text: Vec<char> = sample::script(trial % 50, 20).to_string().chars().collect();
        for hit in 0..=pick(1, 4) as u64 {
            let (at, letter) = (pick(10 + hit, text.len()), letters[pick(20 + hit, letters.len())]);
            match pick(30 + hit, 3) {
                0 => text[at] = letter,
                1 => text.insert(at, letter),
                _ => drop(text.remove(at)),
            }
        }
        let text: String = text.into_iter().collect();
        let parsed = Script::parse(&text);
        let lines: Vec<&str> = text.lines().collect();
        for problem in &parsed.problems {
            let line = lines.get(usize::try_from(problem.line).expect("small") - 1).expect("the line is there");
            let column = usize::try_from(problem.column).expect("small");
            assert!((1..=line.chars().count() + 1).contains(&column), "trial {trial}: {problem}");
            assert!(!problem.to_string().is_empty());
        }
        problems_found += parsed.problems.len();
        assert!(Run::play_at_most(&parsed.script, 400).len() <= 2_000, "trial {trial}");
    }
    assert!(problems_found > 5_000, "{problems_found} problems");
}

#[test]
fn a_script_that_asks_for_too_much_is_cut() {
    let parsed = Script::parse("cluster brokers=3\nwait 86400000");
    let run = Run::play_at_most(&parsed.script, 1_000);
    assert!(run.is_cut());
    assert!(run.len() < 1_050, "{}", run.len());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_a_place(text in "(?s).{0,200}") {
        let parsed = Script::parse(&text);
        for problem in parsed.problems {
            prop_assert!(problem.line >= 1 && problem.column >= 1);
        }
    }

    #[test]
    fn any_key_and_value_come_back(
        key in proptest::option::of(".{0,12}"),
        value in proptest::option::of("(?s).{0,12}"),
    ) {
        let send = Command::Send { producer: ProducerIndex(1), key, value };
        let parsed = Script::parse(&send.to_string());
        prop_assert_eq!(parsed.problems, vec![]);
        prop_assert_eq!(parsed.script.commands().next(), Some(&send));
    }

    #[test]
    fn a_script_with_lines_lost_or_moved_still_runs(seed in 0u64..200, cut in 0usize..40, swap in 0usize..40) {
        let mut lines = sample::script(seed, 40).lines;
        if cut < lines.len() {
            lines.remove(cut);
        }
        if swap + 1 < lines.len() {
            lines.swap(swap, swap + 1);
        }
        let run = Run::play(&Script { seed, lines });
        prop_assert_eq!(run.end().broken_promise(), None);
    }
}

#[test]
fn every_command_has_help_and_reads_back() {
    let words: std::collections::BTreeSet<&str> = COMMANDS.iter().map(|help| help.word).collect();
    assert_eq!(words.len(), COMMANDS.len(), "a word is there twice");
    let mut seen = std::collections::BTreeSet::new();
    for help in COMMANDS {
        let parsed = Script::parse(help.usage);
        assert_eq!(parsed.problems, [], "the usage of {} must be a command", help.word);
        let command = parsed.script.commands().next().unwrap();
        assert_eq!(command.word(), help.word);
        assert_eq!(command.to_string().split(' ').next(), Some(help.word));
        seen.insert(help.word);
    }
    for seed in 0..200 {
        for command in sample::script(seed, 60).commands() {
            let printed = command.to_string();
            let word = printed.split(' ').next().unwrap_or_default();
            assert_eq!(word, command.word());
            assert!(seen.contains(word), "`{word}` is not in the table");
        }
    }
}

#[test]
fn every_event_has_a_sentence() {
    for seed in 0..600 {
        for event in Run::play(&sample::script(seed, 100)).events() {
            let sentence = story(event).to_string();
            assert!(sentence.ends_with('.') && sentence.len() > 12, "{event:?}: “{sentence}”");
        }
    }
}

/// Scene 02: what one reader has acknowledged is gone for all in a queue, and stays in a log.
#[test]
fn a_late_reader_finds_everything_in_a_log_and_nothing_in_a_queue() {
    let story = |storage: &str| {
        let text = format!(
            "version 1\ncluster brokers=1 storage={storage}\nproducer p1 linger.ms=0\n\
             consumer c1 poll=hand auto.offset.reset=earliest program=balances-v2\n\
             send p1 key=ada value=+50\nsend p1 key=bo value=+20\nsend p1 key=ada value=-30\nwait 100\n\
             poll c1\nwait 100\ncommit c1\nwait 100\n\
             consumer c2 poll=hand auto.offset.reset=earliest program=orders\npoll c2\nwait 600\n"
        );
        let run = play(&text);
        let rows =
            |id| run.end().consumers[&ConsumerIndex(id)].table.clone().into_iter().collect::<Vec<(String, i64)>>();
        (rows(1), rows(2))
    };
    let balances = vec![(String::from("ada"), 20), (String::from("bo"), 20)];
    let orders = vec![(String::from("ada"), 2), (String::from("bo"), 1)];
    assert_eq!(story("keep"), (balances.clone(), orders));
    assert_eq!(story("delete-on-acknowledge"), (balances, vec![]));
}

/// The rule can change while records lie there: what a queue took does not come back, what a log has stays.
#[test]
fn a_queue_that_becomes_a_log_keeps_what_comes_from_then_on() {
    let run = play(
        "version 1\ncluster brokers=1 storage=delete-on-acknowledge\nproducer p1 linger.ms=0\n\
         consumer c1 poll=hand auto.offset.reset=earliest\nsend p1 key=ada value=+50\nwait 100\n\
         poll c1\nwait 100\ncommit c1\nwait 100\nmark log\nstorage keep\nsend p1 key=ada value=+50\nwait 100\n\
         poll c1\nwait 100\ncommit c1\nwait 100\n",
    );
    let ends = |world: &World| world.leader().map(|(leader, _)| (leader.log.log_start.0, leader.log.log_end().0));
    assert_eq!(ends(&at_mark(&run, "log")), Some((1, 1)));
    assert_eq!(ends(run.end()), Some((1, 2)));
    assert_eq!(run.end().check(), None);
}

/// What the stage draws of a table, and what a screen reader hears.
#[test]
fn a_frame_tells_the_table_and_what_the_last_record_did_to_it() {
    let run = play(
        "version 1\ncluster brokers=1\nproducer p1 linger.ms=0\n\
         consumer c1 poll=hand auto.offset.reset=earliest program=balances-v1\nmark empty\n\
         send p1 key=ada value=+50\nwait 100\npoll c1\nwait 100\nmark folded\n\
         send p1 key=ada value=-20\nwait 100\npoll c1\nwait 100\n",
    );
    let said = |world: &World| describe(&of_world(world, Window::ALL));
    let told = |world: &World, words: &str| assert!(said(world).contains(words), "{}", said(world));
    told(&at_mark(&run, "empty"), "Its table (balances-v1): empty.\n");
    told(&at_mark(&run, "folded"), "Its table (balances-v1): ada 50. The record at 0 changed ada.\n");
    told(run.end(), "Its table (balances-v1): ada 50. The record at 1 left ada as it was.\n");
}

/// The table of any moment is the fold of the records below the position.
#[test]
fn a_new_version_of_the_program_corrects_its_table_by_replaying() {
    let run = play(
        "version 1\ncluster brokers=1\nproducer p1 linger.ms=0\n\
         consumer c1 auto.offset.reset=earliest program=balances-v1\n\
         send p1 key=ada value=+50\nsend p1 key=ada value=-20\nwait 200\nmark wrong\n\
         deploy c1 program=balances-v2\nmark empty\nwait 200\n",
    );
    let ada = |world: &World| world.consumers[&ConsumerIndex(1)].table.get("ada").copied();
    assert_eq!(ada(&at_mark(&run, "wrong")), Some(50));
    assert_eq!(ada(&at_mark(&run, "empty")), None);
    assert_eq!(ada(run.end()), Some(30));
}

#[test]
fn an_unknown_word_is_answered_with_every_word_there_is() {
    let problem = Script::parse("clustr brokers=2").problems.remove(0);
    let text = problem.to_string();
    assert!(text.starts_with("line 1, column 1: found `clustr`; expected a command: cluster, "), "{text}");
    assert!(COMMANDS.iter().all(|help| text.contains(help.word)), "{text}");
}
