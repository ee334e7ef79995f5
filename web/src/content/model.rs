//! The words of a scene as data. Written by `build.rs` from `web/content`, read by the page.

use serde::{Deserialize, Serialize};

/// One scene: a script, and beats that are ranges of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SceneText {
    pub slug: String,
    pub title: String,
    /// One or two sentences under the title; also the page's description.
    pub lead: String,
    pub minutes: u32,
    /// What is on the stage before the first beat; without one, the first beat.
    pub hook: Option<HookText>,
    /// In the command language. Every beat's id is a `mark` in it.
    pub script: String,
    /// In the order of their marks. A beat ends where the next begins, the last with the script.
    pub beats: Vec<BeatText>,
    /// What can be done after the beats. Their texts are a file of their own, [`PracticeText`].
    pub parts: Vec<PartHead>,
}

/// The same run in worlds that differ by one command, side by side, and a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookText {
    /// What the button says.
    pub button: String,
    /// The mark where every world stands when the page opens.
    pub from: String,
    /// The mark up to which every world plays by itself; the button plays it to its end.
    pub press: String,
    pub worlds: Vec<WorldText>,
}

/// One world of a hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorldText {
    pub name: String,
    pub script: String,
    /// What it has come to, its numbers those of the moment that is shown.
    pub told: Vec<Inline>,
}

/// What a part of the practice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PartKind {
    /// The rule, chosen among versions.
    Build,
    /// A goal to be reached.
    Challenge,
    /// A question to the checker.
    Search,
    Production,
    Myths,
    Card,
}

/// A part of the practice, as the list of steps shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartHead {
    /// Its name in links.
    pub id: String,
    pub kind: PartKind,
    pub title: Vec<Inline>,
}

/// What stands behind a scene's parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeText {
    pub build: Option<BuildText>,
    pub challenges: Vec<ChallengeText>,
    pub search: Option<SearchText>,
    pub production: Vec<Block>,
    pub myths: Vec<MythText>,
    /// The trade-off in one sentence.
    pub card: String,
}

/// Versions of a rule, and the runs that each is put through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildText {
    pub text: Vec<Block>,
    /// The function that decides, as `rules.toml` lists it.
    pub rule: String,
    pub choices: Vec<ChoiceText>,
    /// What the runs are called; nothing if there is one.
    pub troubles: Vec<String>,
    /// Conditions ([`kafka_lab::goal::Condition`]) that the rule should keep.
    pub promise: Vec<String>,
}

/// One version of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceText {
    pub name: String,
    /// One for each of the troubles.
    pub scripts: Vec<String>,
    /// Whether it is what Kafka does. The tests hold the promise to it; the page says it.
    pub kafka: bool,
}

/// A situation and a goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeText {
    pub id: String,
    pub text: Vec<Block>,
    /// Given one at a time.
    pub hints: Vec<Vec<Inline>>,
    /// How many commands a short way takes, without waiting.
    pub par: u32,
    /// Plays up to where the learner takes over: its end, or its `mark here`, and then what follows is still to come.
    pub script: String,
    /// Conditions that must all hold.
    pub goal: Vec<String>,
    /// If there are any, the goal is to be reached in each of these ways.
    pub ways: Vec<WayText>,
    /// Commands that reach it; any others may too. Where there are several ways, in the first.
    pub solution: String,
    /// Commands that look right and do not reach it; for the tests.
    pub wrong: Vec<String>,
}

/// A question to the checker ([`kafka_lab::worst_case::Asked`]), to be changed and put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchText {
    pub text: Vec<Block>,
    /// Names and values of the question that the form begins with.
    pub question: Vec<(String, String)>,
    /// The names of those knobs that the form shows; all, if none is named.
    pub knobs: Vec<String>,
    /// Whether the matrix of all settings stands under it.
    pub has_matrix: bool,
}

/// One of several ways to reach a goal, told apart by what comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayText {
    pub id: String,
    /// What is said of it once it is found.
    pub name: Vec<Inline>,
    /// Conditions that hold besides the challenge's.
    pub goal: Vec<String>,
    pub solution: String,
}

/// A wrong belief, and a run that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MythText {
    pub id: String,
    pub claim: Vec<Inline>,
    pub text: Vec<Block>,
    pub script: String,
    /// Conditions that hold at the run's end and could not if the belief were true.
    pub shows: Vec<String>,
}

/// One idea, one change on the stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeatText {
    /// Its name in links, and the mark where it begins.
    pub id: String,
    pub title: Vec<Inline>,
    /// What is read first. With a question: before the answer, its numbers those of the moment of asking.
    pub text: Vec<Block>,
    pub ask: Option<Ask>,
    /// What is read once the question is answered.
    pub after: Vec<Block>,
}

/// A question that is answered on the stage. The engine knows the answer; nothing here does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    pub question: Vec<Inline>,
    /// What will have a value at the end of the beat: `high-watermark 1`.
    pub subject: String,
    /// The mark up to which the beat plays before it asks; its numbers until then are read there.
    pub at: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    Paragraph(Vec<Inline>),
    List(Vec<Vec<Inline>>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inline {
    Text(String),
    Emphasis(String),
    Strong(String),
    Code(String),
    /// A noun in its colour: `[broker 1](leader)`.
    Noun {
        role: String,
        text: String,
    },
    /// A number of the run: `[](=high-watermark.1)`, at the beat's end or where it asks.
    Value {
        subject: String,
        at_end: bool,
    },
}

/// The source text of one rule of the core.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleText {
    /// The function's name.
    pub name: String,
    /// From the root of the repository.
    pub file: String,
    /// Of the first of `lines`, in the file.
    pub first_line: usize,
    /// Pieces of source with a highlighting class, which may be empty.
    pub lines: Vec<Vec<(String, String)>>,
    /// Which of `lines` makes each variant of the decision.
    pub marks: Vec<(String, usize)>,
}
