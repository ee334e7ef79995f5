//! Messages from the page around the frame: `{ns: "kafka-lab", v: 1, id, type, …}`.

use super::options::Theme;
use super::problem::{Expected, Problem, Wrong};
use super::value::Value;
use crate::course::SceneId;
use crate::stage::element::number;

/// What every message of ours carries, in both directions.
pub(super) const NAMESPACE: &str = "kafka-lab";
/// The version of the messages. They change no more; another version would be spoken beside this one.
pub(super) const VERSION: f64 = 1.0;

/// What the page around the frame can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Load(Load),
    Play,
    Pause,
    Seek(Place),
    Theme(Theme),
}

/// Another scene, another step, a run of one's own: what is not said stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) scene: Option<SceneId>,
    pub(super) beat: Option<String>,
    pub(super) given: Option<Given>,
}

/// A run that is no lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// In the command language.
    Script(String),
    /// As a link carries it.
    Run(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Moment(usize),
    /// The beginning of a step.
    Beat(String),
}

/// What was understood of a message, and what was not.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Heard {
    /// What its sender calls it; an answer says it again.
    pub(super) id: Value,
    pub(super) order: Option<Order>,
    pub(super) problems: Vec<Problem>,
}

const TYPES: &[&str] = &["load", "play", "pause", "seek", "theme"];
const IN_ALL: [&str; 4] = ["ns", "v", "id", "type"];

/// Whether a message means this lab at all.
pub(super) fn is_ours(message: &Value) -> bool {
    message.field("ns").text() == Some(NAMESPACE)
}

/// Reads a message of ours. Total: an order is carried out as far as it was understood.
pub(super) fn read(message: &Value) -> Heard {
    let mut problems = Vec::new();
    let order = match version_of(message) {
        Ok(()) => order_of(message, &mut problems),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    Heard { id: message.field("id").clone(), order, problems }
}

fn version_of(message: &Value) -> Result<(), Problem> {
    match message.field("v") {
        Value::Number(VERSION) => Ok(()),
        other => Err(Problem::value("v", shown(other), Expected::OneOf(&["1"]))),
    }
}

fn order_of(message: &Value, problems: &mut Vec<Problem>) -> Option<Order> {
    let kind = message.field("type");
    let (order, known): (Option<Order>, &'static [&'static str]) = match kind.text() {
        Some("play") => (Some(Order::Play), &[]),
        Some("pause") => (Some(Order::Pause), &[]),
        Some("seek") => (kept(seek(message), problems).map(Order::Seek), &["moment", "beat"]),
        Some("theme") => (kept(theme(message), problems).map(Order::Theme), &["theme"]),
        Some("load") => (load(message, problems).map(Order::Load), &["scene", "beat", "script", "run"]),
        _ => {
            problems.push(Problem::value("type", shown(kind), Expected::OneOf(TYPES)));
            return None;
        }
    };
    if let (Value::Fields(fields), Some(kind)) = (message, kind.text()) {
        let unknown = fields.iter().filter(|(name, _)| !IN_ALL.contains(&name.as_str()) && !known.contains(&&**name));
        problems.extend(unknown.map(|(name, _)| Problem::name(format!("{kind}.{name}"), known)));
    }
    order
}

fn kept<T>(result: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

fn seek(message: &Value) -> Result<Place, Problem> {
    match (message.field("moment"), message.field("beat")) {
        (moment, Value::Nothing) if *moment != Value::Nothing => {
            let expected = || Expected::Count { most: u32::MAX as usize };
            moment.count().map(Place::Moment).ok_or_else(|| Problem::value("seek.moment", shown(moment), expected()))
        }
        (Value::Nothing, beat) if *beat != Value::Nothing => text("seek.beat", beat).map(Place::Beat),
        (moment, _) => Err(Problem::value("seek", shown(moment), Expected::OneField("moment", "beat"))),
    }
}

fn theme(message: &Value) -> Result<Theme, Problem> {
    let value = message.field("theme");
    let theme = value.text().and_then(Theme::parse);
    theme.ok_or_else(|| Problem::value("theme.theme", shown(value), Expected::OneOf(Theme::NAMES)))
}

/// `None` if nothing of it is left to be done.
fn load(message: &Value, problems: &mut Vec<Problem>) -> Option<Load> {
    let wanted = |name: &str| Some(message.field(name)).filter(|value| **value != Value::Nothing);
    let mut load = Load::default();
    if let Some(scene) = wanted("scene") {
        // Of a scene that there is not, nothing else can be shown.
        load.scene = Some(kept(written_scene("load.scene", scene), problems)?);
    }
    if let Some(beat) = wanted("beat") {
        load.beat = kept(text("load.beat", beat), problems);
    }
    load.given = match (wanted("script"), wanted("run")) {
        (Some(script), None) => kept(text("load.script", script), problems).map(Given::Script),
        (None, Some(run)) => kept(text("load.run", run), problems).map(Given::Run),
        (Some(_), Some(_)) => {
            problems.push(Problem::value("load", "both", Expected::OneField("script", "run")));
            None
        }
        (None, None) => None,
    };
    (load != Load::default()).then_some(load)
}

fn text(place: &str, value: &Value) -> Result<String, Problem> {
    value.text().map(str::to_owned).ok_or_else(|| Problem::value(place, shown(value), Expected::Text))
}

fn written_scene(place: &str, value: &Value) -> Result<SceneId, Problem> {
    let scene = value.text().and_then(SceneId::from_slug).filter(|scene| scene.is_written());
    scene.ok_or_else(|| Problem::value(place, shown(value), scenes()))
}

/// The scenes that a frame can show.
pub(super) fn scenes() -> Expected {
    Expected::Either(SceneId::written().map(|scene| scene.to_string()).collect())
}

/// A value in few words, for a problem.
fn shown(value: &Value) -> String {
    const CHARACTERS_MOST: usize = 40;
    match value {
        Value::Nothing => String::new(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(value) => number(*value),
        Value::Text(text) => text.chars().take(CHARACTERS_MOST).collect(),
        Value::List(_) => "a list".to_owned(),
        Value::Fields(_) => "an object".to_owned(),
    }
}

/// The problem with what is not ours, said once.
pub(super) fn not_ours() -> Problem {
    Problem { place: "ns".to_owned(), wrong: Wrong::NotOurs }
}
