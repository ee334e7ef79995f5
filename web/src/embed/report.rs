//! What the frame tells the page around it, as plain data.

use super::value::{Value, fields};
use crate::course::SceneId;
use crate::stage::element::number;
use crate::words::SITE_TITLE;

/// How the stage stands: `state`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) scene: SceneId,
    /// The step that it stands in, by name; none before the first begins.
    pub(super) beat: Option<String>,
    pub(super) moment: usize,
    pub(super) end: usize,
    pub(super) playing: bool,
    /// Whether another run than the lesson's is shown.
    pub(super) forked: bool,
}

/// How far the reader has come: `progress`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) scene: SceneId,
    /// How many steps the scene has, and in how many of them the stage has stood.
    pub(super) beats: usize,
    pub(super) seen: usize,
    /// All 0 where the prose, which asks, is not shown.
    pub(super) questions: usize,
    pub(super) answered: usize,
    pub(super) right: usize,
}

impl State {
    pub(super) fn fields(&self) -> Value {
        fields([
            ("scene", self.scene.to_string().into()),
            ("beat", self.beat.clone().map_or(Value::Nothing, Value::Text)),
            ("moment", self.moment.into()),
            ("end", self.end.into()),
            ("playing", self.playing.into()),
            ("forked", self.forked.into()),
        ])
    }
}

impl Progress {
    /// Every step seen, every question that was asked answered.
    pub(super) fn is_complete(&self) -> bool {
        self.seen == self.beats && self.answered == self.questions
    }

    pub(super) fn fields(&self) -> Value {
        fields([
            ("scene", self.scene.to_string().into()),
            ("beats", self.beats.into()),
            ("seen", self.seen.into()),
            ("questions", self.questions.into()),
            ("answered", self.answered.into()),
            ("right", self.right.into()),
        ])
    }

    /// An xAPI statement without its actor, whom only the host knows. `activity` is the address of the scene's page.
    pub(super) fn statement(&self, activity: String, seconds: f64) -> Value {
        let in_english = |text: &str| fields([("en", text.into())]);
        let verb =
            fields([("id", "http://adlnet.gov/expapi/verbs/completed".into()), ("display", in_english("completed"))]);
        let definition = fields([
            ("type", "http://adlnet.gov/expapi/activities/lesson".into()),
            ("name", in_english(self.scene.entry().title)),
        ]);
        let object = fields([("objectType", "Activity".into()), ("id", activity.into()), ("definition", definition)]);
        let context = fields([("platform", SITE_TITLE.into()), ("language", "en".into())]);
        fields([("verb", verb), ("object", object), ("result", self.result(seconds)), ("context", context)])
    }

    fn result(&self, seconds: f64) -> Value {
        let mut result = vec![
            ("completion".to_owned(), Value::Flag(true)),
            ("duration".to_owned(), Value::Text(format!("PT{}S", number(seconds)))),
        ];
        if self.questions > 0 {
            #[expect(clippy::cast_precision_loss, reason = "a scene asks a handful of questions")]
            let scaled = self.right as f64 / self.questions as f64;
            let score = fields([
                ("scaled", Value::Number(scaled)),
                ("raw", self.right.into()),
                ("min", 0.into()),
                ("max", self.questions.into()),
            ]);
            result.extend([
                ("success".to_owned(), Value::Flag(self.right == self.questions)),
                ("score".to_owned(), score),
            ]);
        }
        Value::Fields(result)
    }
}

/// How a scene may be told from the steps that it has: `ready`.
pub(super) fn ready(scene: SceneId, beats: Vec<String>, end: usize) -> Value {
    fields([
        ("scene", scene.to_string().into()),
        ("title", scene.entry().title.into()),
        ("beats", Value::List(beats.into_iter().map(Value::Text).collect())),
        ("end", end.into()),
    ])
}

/// Which steps of the lesson the stage has stood in; of the last one, at its end.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Where each step begins, and the run's end.
    borders: Vec<usize>,
    seen: Vec<bool>,
    ended: bool,
    last: usize,
}

impl Seen {
    /// `borders`: where each step begins, and the run's end.
    pub(super) fn none_of(borders: Vec<usize>) -> Self {
        let steps = borders.len().saturating_sub(1);
        Seen { borders, seen: vec![false; steps], ended: false, last: 0 }
    }

    /// The stage stands at `moment` now; `played` if it came there by playing, past all that lies between.
    pub(super) fn note(&mut self, moment: usize, played: bool) {
        let from = if played { self.last.min(moment) } else { moment };
        for (seen, ends) in self.seen.iter_mut().zip(self.borders.windows(2)) {
            *seen |= ends[0] < moment && from < ends[1];
        }
        // What is begun is seen by its border to the next; the last has none.
        if let (Some(seen), Some(end)) = (self.seen.last_mut(), self.borders.last()) {
            self.ended |= moment >= *end;
            *seen = self.ended;
        }
        self.last = moment;
    }

    pub(super) fn count(&self) -> usize {
        self.seen.iter().filter(|seen| **seen).count()
    }

    /// The step that begins at or before the moment.
    pub(super) fn at(&self, moment: usize) -> Option<usize> {
        let begun = self.borders.partition_point(|border| *border <= moment);
        begun.min(self.seen.len()).checked_sub(1)
    }
}
