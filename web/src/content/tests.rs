//! Every scene is played: what it says is there, is there.

use std::sync::Arc;

use kafka_lab::command::Script;
use kafka_lab::event::EventKind;
use kafka_lab::explain::decided;
use kafka_lab::frame::{Window, of_world};
use kafka_lab::timeline::Run;

use super::fetch::built_in;
use super::{Block, Inline, RuleText, SceneText};
use crate::course::SceneId;
use crate::scene::{Quantity, stage_question};

fn scenes() -> Vec<SceneText> {
    SceneId::written().map(|scene| built_in(&format!("{scene}.bin")).expect("the scene is there")).collect()
}

fn played(scene: &SceneText) -> Arc<Run> {
    let parsed = Script::parse(&scene.script);
    assert_eq!(parsed.problems, [], "{}", scene.slug);
    Arc::new(Run::play(&parsed.script))
}

#[test]
fn every_command_of_every_scene_is_carried_out() {
    for scene in scenes() {
        for (index, event) in played(&scene).events().iter().enumerate() {
            assert!(!matches!(event.kind, EventKind::Refused(_)), "{}: event {index}: {:?}", scene.slug, event.kind);
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
            let frame = |at_end: bool| {
                let moment = if at_end { borders[place + 1] } else { asked_at };
                of_world(&run.world_at(moment), Window::ALL)
            };
            let asked = beat.ask.iter().map(|ask| (ask.subject.as_str(), true));
            for (subject, at_end) in values(&beat.text).chain(values(&beat.after)).chain(asked) {
                let quantity = Quantity::parse(subject).unwrap_or_else(|| panic!("{}: {subject}", beat.id));
                assert!(quantity.read(&frame(at_end)).is_some(), "{}: {subject} has no value", beat.id);
            }
            if let Some(quantity) = beat.ask.as_ref().and_then(|ask| Quantity::parse(&ask.subject)) {
                assert!(stage_question(&quantity, &frame(false)).is_some(), "{} can't be answered there", beat.id);
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
