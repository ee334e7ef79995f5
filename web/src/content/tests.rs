//! Every scene is played: what it says is there, is there.

use std::sync::Arc;

use kafka_lab::command::Script;
use kafka_lab::event::EventKind;
use kafka_lab::explain::decided;
use kafka_lab::frame::{Window, of_world};
use kafka_lab::goal::{Condition, Goal, Quantity, Sight};
use kafka_lab::timeline::Run;
use kafka_lab::words::describe;

use super::fetch::built_in;
use super::{Block, ChallengeText, Inline, PracticeText, RuleText, SceneText, WayText};
use crate::course::SceneId;
use crate::player::{Moment, Schedule};
use crate::scene::{reel_of, stage_question};

fn scenes() -> Vec<SceneText> {
    SceneId::written().map(|scene| built_in(&format!("{scene}.bin")).expect("the scene is there")).collect()
}

/// The practice of every scene that has one, with the scene's name.
fn practices() -> Vec<(String, PracticeText)> {
    let with_parts = scenes().into_iter().filter(|scene| !scene.parts.is_empty());
    let read = |slug: String| {
        let practice = built_in(&format!("{slug}-practice.bin")).expect("the practice is there");
        (slug, practice)
    };
    with_parts.map(|scene| read(scene.slug)).collect()
}

fn run_of(what: &str, script: &str) -> Arc<Run> {
    let parsed = Script::parse(script);
    assert_eq!(parsed.problems, [], "{what}");
    Arc::new(Run::play(&parsed.script))
}

fn played(scene: &SceneText) -> Arc<Run> {
    run_of(&scene.slug, &scene.script)
}

fn end_of(run: &Arc<Run>) -> Sight {
    Sight::new(run, run.len())
}

fn goal_of(lines: &[String]) -> Goal {
    Goal::parse(lines).expect("build.rs read it")
}

#[test]
fn every_command_of_every_scene_is_carried_out() {
    let mut scripts = Vec::new();
    for scene in scenes() {
        scripts.push((scene.slug.clone(), scene.script));
        let worlds = scene.hook.into_iter().flat_map(|hook| hook.worlds);
        scripts.extend(worlds.map(|world| (format!("{}, {}", scene.slug, world.name), world.script)));
    }
    for (slug, practice) in practices() {
        let choices = practice.build.into_iter().flat_map(|build| build.choices);
        for choice in choices {
            let what = format!("{slug}, {}", choice.name);
            scripts.extend(choice.scripts.into_iter().map(|script| (what.clone(), script)));
        }
        for challenge in practice.challenges {
            let ways = challenge.ways.iter().map(|way| &way.solution).chain([&challenge.solution]);
            scripts.extend(ways.map(|way| (format!("{slug}, {}", challenge.id), challenge.with(way))));
        }
        scripts.extend(practice.myths.into_iter().map(|myth| (format!("{slug}, {}", myth.id), myth.script)));
    }
    for (what, script) in scripts {
        for (index, event) in run_of(&what, &script).events().iter().enumerate() {
            assert!(!matches!(event.kind, EventKind::Refused(_)), "{what}: event {index}: {:?}", event.kind);
        }
    }
}

#[test]
fn every_beat_that_is_jumped_to_is_the_beat_that_was_played_to() {
    for scene in scenes() {
        let run = played(&scene);
        for beat in &scene.beats {
            let mark = format!("mark {}\n", beat.id);
            let (before, _) = scene.script.split_once(&mark).expect("build.rs compared the marks");
            let played_to = run_of(&scene.slug, &format!("{before}{mark}"));
            let jumped_to = run.world_at(run.moment_of_mark(&beat.id).expect("marked"));
            assert_eq!(jumped_to.hash(), played_to.end().hash(), "{}: {}", scene.slug, beat.id);
        }
    }
}

/// Every beat as a screen reader has it: a snapshot beside the scene, made anew with `UPDATE_EXPECT=1`.
#[test]
fn every_beat_in_words_is_as_it_was() {
    for scene in scenes() {
        let run = played(&scene);
        let mut told = String::new();
        let ends = scene.beats.iter().skip(1).map(|beat| run.moment_of_mark(&beat.id).expect("marked"));
        for (beat, end) in scene.beats.iter().zip(ends.chain([run.len()])) {
            told.push_str(&format!("== {}, at its end\n", beat.id));
            told.push_str(&describe(&of_world(&run.world_at(end), Window::ALL)));
            told.push_str("\n\n");
        }
        let file = format!("{}/content/{}/frames.txt", env!("CARGO_MANIFEST_DIR"), scene.slug);
        expect_test::expect_file![file].assert_eq(&told);
    }
}

#[test]
fn every_hook_comes_out_differently_in_its_worlds() {
    for hook in scenes().into_iter().filter_map(|scene| scene.hook) {
        let runs: Vec<Arc<Run>> = hook.worlds.iter().map(|world| run_of(&world.name, &world.script)).collect();
        let told: Vec<Vec<Option<i64>>> = hook
            .worlds
            .iter()
            .zip(&runs)
            .map(|(world, run)| {
                let quantities = world.told.iter().filter_map(|span| match span {
                    Inline::Value { subject, .. } => Some(Quantity::parse(subject).expect("a quantity")),
                    _ => None,
                });
                for mark in [&hook.from, &hook.press] {
                    assert!(run.moment_of_mark(mark).is_some(), "{}: {mark}", world.name);
                }
                quantities.map(|quantity| quantity.read(&end_of(run))).collect()
            })
            .collect();
        assert!(told.iter().flatten().all(Option::is_some), "{told:?}");
        assert!(told.windows(2).all(|two| two[0] != two[1]), "the button changes nothing: {told:?}");
    }
}

#[test]
fn every_challenge_is_solved_by_its_solution_and_by_no_wrong_try() {
    for (slug, practice) in practices() {
        assert!(practice.challenges.len() >= 2, "{slug}");
        for challenge in practice.challenges {
            let what = format!("{slug}, {}", challenge.id);
            let goal = goal_of(&challenge.goal);
            let begin = run_of(&what, &challenge.script);
            let start = Sight::new(&begin, begin.moment_of_mark(ChallengeText::HERE).unwrap_or(begin.len()));
            assert!(!goal.is_reached(&start, &start), "{what} is solved before it begins");
            assert!(!goal.is_reached(&start, &end_of(&begin)), "{what} is solved by doing nothing");
            let after = |commands: &str| run_of(&what, &challenge.with(commands));
            for way in &challenge.ways {
                let end = end_of(&after(&way.solution));
                assert!(goal.is_reached(&start, &end), "{what}, {}", way.id);
                let is_gone = |other: &WayText| goal_of(&other.goal).is_reached(&start, &end);
                let gone: Vec<&str> =
                    challenge.ways.iter().filter(|way| is_gone(way)).map(|way| way.id.as_str()).collect();
                assert_eq!(gone, [way.id.as_str()], "{what}: ways are told apart");
            }
            assert!(goal.is_reached(&start, &end_of(&after(&challenge.solution))), "{what}: the solution");
            for wrong in &challenge.wrong {
                assert!(!goal.is_reached(&start, &end_of(&after(wrong))), "{what}: {wrong}");
            }
            let acts = Script::parse(&challenge.solution).script;
            let acts = acts.commands().filter(|command| command.word() != "wait" && command.word() != "step").count();
            assert_eq!(u32::try_from(acts), Ok(challenge.par), "{what}: the solution sets the par");
        }
    }
}

#[test]
fn every_myth_is_refuted_by_its_run() {
    for (slug, practice) in practices() {
        assert!((3..=5).contains(&practice.myths.len()), "{slug}");
        for myth in practice.myths {
            let run = run_of(&myth.id, &myth.script);
            let goal = goal_of(&myth.shows);
            let outcomes = goal.outcomes(&end_of(&run), &end_of(&run));
            let fails: Vec<&Condition> = goal
                .0
                .iter()
                .zip(&outcomes)
                .filter(|(_, outcome)| !outcome.holds)
                .map(|(condition, _)| condition)
                .collect();
            assert!(fails.is_empty() && !outcomes.is_empty(), "{slug}, {}: {fails:?}", myth.id);
        }
    }
}

/// A proof is watched while a sentence is still in mind.
const PROOF_MOST_MS: f64 = 6_500.0;

#[test]
fn every_myth_is_refuted_in_a_few_seconds() {
    for (slug, practice) in practices() {
        for myth in practice.myths {
            let run = run_of(&myth.id, &myth.script);
            let schedule = Schedule::of(reel_of(&run).beats, false);
            let from = run.moment_of_mark(PracticeText::SHOW).map_or(Moment::START, Moment);
            let plays_ms = schedule.total_ms() - schedule.rest_ms(from);
            assert!(plays_ms <= PROOF_MOST_MS, "{slug}, {}: {plays_ms:.0} ms", myth.id);
        }
    }
}

#[test]
fn the_promise_of_a_rule_is_kept_by_kafkas_version_and_broken_by_every_other() {
    let rules: Vec<RuleText> = built_in("rules.bin").expect("the rules are there");
    for (slug, practice) in practices() {
        let Some(build) = practice.build else { continue };
        assert!(rules.iter().any(|rule| rule.name == build.rule), "{slug}: rules.toml does not list {}", build.rule);
        let goal = goal_of(&build.promise);
        for choice in build.choices {
            assert_eq!(choice.scripts.len(), build.troubles.len().max(1), "{slug}, {}", choice.name);
            let kept = choice.scripts.iter().filter(|script| {
                let end = end_of(&run_of(&choice.name, script));
                goal.is_reached(&end, &end)
            });
            assert_eq!(kept.count() == choice.scripts.len(), choice.kafka, "{slug}, {}", choice.name);
        }
    }
}

#[test]
fn the_title_on_the_tape_is_the_scenes_own() {
    for (id, scene) in SceneId::written().zip(scenes()) {
        assert_eq!(id.entry().title, scene.title);
    }
}

/// The numbers of a beat, and where each is read.
fn values(blocks: &[Block]) -> impl Iterator<Item = (&str, bool)> {
    let spans = blocks.iter().flat_map(|block| match block {
        Block::Paragraph(spans) => vec![spans],
        Block::List(items) => items.iter().collect(),
    });
    spans.flatten().filter_map(|span| match span {
        Inline::Value { subject, at_end } => Some((subject.as_str(), *at_end)),
        _ => None,
    })
}

#[test]
fn every_number_of_every_beat_is_read_from_its_run() {
    for scene in scenes() {
        let run = played(&scene);
        let starts = scene.beats.iter().map(|beat| run.moment_of_mark(&beat.id).expect("build.rs compared the marks"));
        let borders: Vec<usize> = starts.chain([run.len()]).collect();
        for (place, beat) in scene.beats.iter().enumerate() {
            let asked_at = beat.ask.as_ref().and_then(|ask| run.moment_of_mark(&ask.at)).unwrap_or(borders[place]);
            assert!((borders[place]..borders[place + 1]).contains(&asked_at), "{} asks outside of itself", beat.id);
            let sight = |at_end: bool| Sight::new(&run, if at_end { borders[place + 1] } else { asked_at });
            let asked = beat.ask.iter().map(|ask| (ask.subject.as_str(), true));
            for (subject, at_end) in values(&beat.text).chain(values(&beat.after)).chain(asked) {
                let quantity = Quantity::parse(subject).unwrap_or_else(|| panic!("{}: {subject}", beat.id));
                assert!(quantity.read(&sight(at_end)).is_some(), "{}: {subject} has no value", beat.id);
            }
            if let Some(quantity) = beat.ask.as_ref().and_then(|ask| Quantity::parse(&ask.subject)) {
                assert!(stage_question(&quantity, &sight(false)).is_some(), "{} can't be answered there", beat.id);
            }
        }
    }
}

#[test]
fn every_decision_of_every_run_has_its_line_on_the_page() {
    let rules: Vec<RuleText> = built_in("rules.bin").expect("the rules are there");
    for scene in scenes() {
        let run = played(&scene);
        let mut seen = 0;
        for decided in run.events().iter().filter_map(|event| decided(&run, event.id)) {
            let rule = rules.iter().find(|rule| rule.name == decided.rule);
            let rule = rule.unwrap_or_else(|| panic!("content/rules.toml does not list {}", decided.rule));
            let mark = rule.marks.iter().find(|(variant, _)| *variant == decided.variant);
            let line = mark.and_then(|(_, line)| rule.lines.get(*line));
            let line = line.unwrap_or_else(|| panic!("{}: no line for {}", decided.rule, decided.variant));
            let text: String = line.iter().map(|(_, text)| text.as_str()).collect();
            assert!(text.contains(&decided.variant), "{}: {text}", decided.rule);
            seen += 1;
        }
        assert!(seen > 0, "{}", scene.slug);
    }
}

/// A rule that is listed and that no event is said to be decided by is never shown.
#[test]
fn every_rule_on_the_page_is_said_to_decide_something() {
    let rules: Vec<RuleText> = built_in("rules.bin").expect("the rules are there");
    let decided = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src/explain/decided.rs");
    let source = std::fs::read_to_string(decided).expect("the file is there");
    let (source, _) = source.split_once("#[cfg(test)]").expect("it has tests");
    for rule in rules {
        assert!(source.contains(&format!("\"{}\"", rule.name)), "no event is decided by {}", rule.name);
    }
}

#[test]
fn the_rules_are_the_source_itself() {
    let rules: Vec<RuleText> = built_in("rules.bin").expect("the rules are there");
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    for rule in rules {
        let source = std::fs::read_to_string(format!("{root}/{}", rule.file)).expect("the file is there");
        let shown: Vec<String> =
            rule.lines.iter().map(|pieces| pieces.iter().map(|(_, text)| text.as_str()).collect()).collect();
        let there: Vec<&str> = source.lines().skip(rule.first_line - 1).take(shown.len()).collect();
        assert_eq!(shown, there, "{}", rule.name);
    }
}
