//! What an address and a message ask for, understood or not.

use super::message::{Given, Load, Order, Place, is_ours, read};
use super::options::{Options, Panels, Theme};
use super::report::{Progress, Seen};
use super::value::{Value, fields};
use crate::course::SceneId;
use crate::route::Route;

fn options(query: &str) -> (Options, Vec<String>) {
    let Route::Embed { query, .. } = Route::parse(&format!("#/embed/v1/tracer{query}")) else { panic!("{query}") };
    let (options, problems) = Options::of(&query);
    (options, problems.iter().map(|problem| format!("{}: {problem}", problem.place)).collect())
}

#[test]
fn an_address_says_what_is_shown_and_how() {
    assert_eq!(options(""), (Options::default(), Vec::new()));
    let (options, problems) = options(
        "?beat=pull&theme=dark&panels=prose,drawer&controls=0&autoplay=1&lang=en-GB&text=1.2\
         &origin=https%3A%2F%2Fcourse.example%3A8443&at=12&run=1.x",
    );
    let all = Options {
        beat: Some("pull".to_owned()),
        theme: Theme::Dark,
        panels: Panels { prose: true, drawer: true },
        controls: false,
        autoplay: true,
        other_language: None,
        text_percent: 120,
        origin: Some("https://course.example:8443".to_owned()),
        run: Some("1.x".to_owned()),
        at: Some(12),
    };
    assert_eq!((options, problems), (all, Vec::new()));
}

#[test]
fn what_an_address_does_not_mean_is_a_problem_and_the_rest_holds() {
    let (read, problems) =
        options("?theme=neon&panels=prose,ads&controls=yes&text=huge&origin=javascript:1&at=x&colour=red&autoplay=1");
    assert_eq!((read.theme, read.panels.prose, read.controls, read.autoplay), (Theme::Auto, true, true, true));
    assert_eq!(
        problems,
        [
            "?theme: found `neon`; expected one of light, dark, auto",
            "?panels: found `prose,ads`; expected one of prose, drawer",
            "?controls: found `yes`; expected one of 0, 1",
            "?text: found `huge`; expected a number from 0.8 to 1.6",
            "?origin: found `javascript:1`; expected an origin, as https://course.example",
            "?at: found `x`; expected a whole number from 0 to 4294967295",
            "?colour: no such name; \
             expected one of beat, theme, panels, controls, autoplay, lang, text, origin, run, at",
        ]
    );
}

#[test]
fn the_size_of_text_keeps_its_bounds_and_another_language_is_noted() {
    let percent = |query| options(query).0.text_percent;
    assert_eq!(
        (percent("?text=9"), percent("?text=0.1"), percent("?text=1.255"), percent("?text=1")),
        (160, 80, 125, 100)
    );
    assert_eq!(options("?lang=fr").0.other_language.as_deref(), Some("fr"));
    assert_eq!(options("?lang=EN").0.other_language, None);
}

fn message<const N: usize>(said: [(&str, Value); N]) -> Value {
    let Value::Fields(mut all) =
        fields([("ns", "kafka-lab".into()), ("v", Value::Number(1.0)), ("id", Value::Number(7.0))])
    else {
        unreachable!("fields are fields")
    };
    all.extend(said.map(|(name, value)| (name.to_owned(), value)));
    Value::Fields(all)
}

fn heard<const N: usize>(said: [(&str, Value); N]) -> (Option<Order>, Vec<String>) {
    let heard = read(&message(said));
    assert_eq!(heard.id, Value::Number(7.0));
    (heard.order, heard.problems.iter().map(|problem| format!("{}: {problem}", problem.place)).collect())
}

#[test]
fn every_order_is_understood() {
    assert_eq!(heard([("type", "play".into())]), (Some(Order::Play), vec![]));
    assert_eq!(heard([("type", "pause".into())]), (Some(Order::Pause), vec![]));
    let seek = heard([("type", "seek".into()), ("moment", 12.into())]);
    assert_eq!(seek, (Some(Order::Seek(Place::Moment(12))), vec![]));
    let seek = heard([("type", "seek".into()), ("beat", "pull".into())]);
    assert_eq!(seek, (Some(Order::Seek(Place::Beat("pull".into()))), vec![]));
    let theme = heard([("type", "theme".into()), ("theme", "dark".into())]);
    assert_eq!(theme, (Some(Order::Theme(Theme::Dark)), vec![]));
    let load = heard([("type", "load".into()), ("scene", "tracer".into()), ("script", "send p1 a=1".into())]);
    let given = Some(Given::Script("send p1 a=1".into()));
    assert_eq!(load, (Some(Order::Load(Load { scene: Some(SceneId::TRACER), beat: None, given })), vec![]));
}

#[test]
fn what_is_not_understood_is_named_and_what_is_left_is_done() {
    let (order, problems) = heard([("type", "load".into()), ("beat", "pull".into()), ("colour", "red".into())]);
    assert_eq!(order, Some(Order::Load(Load { beat: Some("pull".into()), ..Load::default() })));
    assert_eq!(problems, ["load.colour: no such name; expected one of scene, beat, script, run"]);
    let cases = [
        (vec![("type", "jump".into())], "type: found `jump`; expected one of load, play, pause, seek, theme"),
        (vec![], "type: found nothing; expected one of load, play, pause, seek, theme"),
        (
            vec![("type", "seek".into()), ("moment", Value::Number(1.5))],
            "seek.moment: found `1.5`; expected a whole number from 0 to 4294967295",
        ),
        (vec![("type", "seek".into())], "seek: found nothing; expected either moment or beat"),
        (vec![("type", "theme".into())], "theme.theme: found nothing; expected one of light, dark, auto"),
        (
            vec![("type", "load".into()), ("script", "a".into()), ("run", "b".into())],
            "load: found `both`; expected either script or run",
        ),
        (vec![("type", "load".into()), ("beat", true.into())], "load.beat: found `true`; expected a text"),
    ];
    for (said, problem) in cases {
        let Value::Fields(mut all) = message([]) else { unreachable!("fields are fields") };
        all.extend(said.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let heard = read(&Value::Fields(all));
        let problems: Vec<String> = heard.problems.iter().map(|p| format!("{}: {p}", p.place)).collect();
        assert_eq!((heard.order, problems), (None, vec![problem.to_owned()]));
    }
    let nowhere = heard([("type", "load".into()), ("scene", "99".into()), ("beat", "pull".into())]);
    assert!(nowhere.0.is_none() && nowhere.1[0].starts_with("load.scene: found `99`; expected one of "), "{nowhere:?}");
}

#[test]
fn another_version_is_not_guessed_at_and_what_is_not_ours_is_left_alone() {
    let other = fields([("ns", "kafka-lab".into()), ("v", Value::Number(2.0)), ("type", "play".into())]);
    let heard = read(&other);
    assert_eq!((heard.order, heard.problems.len()), (None, 1));
    assert!(is_ours(&other));
    for foreign in [Value::Nothing, "kafka-lab".into(), fields([("ns", "other".into())]), Value::List(vec![])] {
        assert!(!is_ours(&foreign), "{foreign:?}");
    }
}

#[test]
fn a_step_is_seen_when_the_stage_stood_in_it_and_the_last_when_its_end_was_shown() {
    let mut seen = Seen::none_of(vec![4, 10, 10, 20]);
    seen.note(4, false);
    assert_eq!((seen.count(), seen.at(3), seen.at(4), seen.at(20)), (0, None, Some(0), Some(2)));
    seen.note(10, false);
    assert_eq!(seen.count(), 0, "a leap over a step is not a look at it");
    seen.note(6, false);
    assert_eq!(seen.count(), 1);
    let mut played = Seen::none_of(vec![4, 10, 20]);
    for moment in [4, 5, 15] {
        played.note(moment, true);
    }
    assert_eq!(played.count(), 1);
    played.note(20, true);
    assert_eq!(played.count(), 2);
}

#[test]
fn a_statement_has_a_score_only_if_something_was_asked() {
    let progress = Progress { scene: SceneId::TRACER, beats: 2, seen: 2, questions: 4, answered: 4, right: 3 };
    assert!(progress.is_complete());
    let statement = progress.statement("https://lab.example/tracer/".to_owned(), 93.45);
    assert_eq!(statement.field("object").field("id").text(), Some("https://lab.example/tracer/"));
    assert_eq!(statement.field("verb").field("id").text(), Some("http://adlnet.gov/expapi/verbs/completed"));
    let result = statement.field("result");
    assert_eq!(result.field("duration").text(), Some("PT93.45S"));
    assert_eq!(result.field("score").field("scaled"), &Value::Number(0.75));
    assert_eq!(result.field("success"), &Value::Flag(false));
    let unasked = Progress { questions: 0, answered: 0, right: 0, ..progress.clone() };
    assert_eq!(unasked.statement(String::new(), 1.0).field("result").field("score"), &Value::Nothing);
    assert!(!Progress { answered: 3, ..progress }.is_complete());
}
