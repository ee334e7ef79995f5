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
    /// The mark at which the stage stands when it is shown without the prose.
    pub hook: String,
    /// In the command language. Every beat's id is a `mark` in it.
    pub script: String,
    /// In the order of their marks. A beat ends where the next begins, the last with the script.
    pub beats: Vec<BeatText>,
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
