//! What a scene's learner does after the beats: `practice.toml`, `practice.md`, and a script for each thing to do.
//!
//! `practice.md` has a section for each of `build`, `challenge-<id>`, `search`, `production`, `myth-<id>`. What stands
//! behind the rule (`---`) of a challenge is the list of its hints.

use std::path::Path;

use kafka_lab::command::Script;
use kafka_lab::goal::Goal;
use kafka_lab::worst_case::{Asked, Knob};
use serde::Deserialize;

use crate::model::{
    Block, BuildText, ChallengeText, ChoiceText, Inline, MythText, PartHead, PartKind, PracticeText, SearchText,
    WayText,
};
use crate::prose::{self, Section};
use crate::scenes::{sections_of, settings_of, varied};
use crate::text_of;

/// `practice.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    card: String,
    build: Option<BuildSettings>,
    #[serde(default)]
    challenge: Vec<ChallengeSettings>,
    search: Option<SearchSettings>,
    #[serde(default)]
    myth: Vec<MythSettings>,
}

/// The script is `build.lab`; where there are several troubles, `build-<id>.lab` of each.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuildSettings {
    rule: String,
    promise: Vec<String>,
    choice: Vec<ChoiceSettings>,
    #[serde(default)]
    trouble: Vec<TroubleSettings>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TroubleSettings {
    id: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceSettings {
    name: String,
    command: String,
    #[serde(default)]
    kafka: bool,
}

/// The script is `challenge-<id>.lab`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChallengeSettings {
    id: String,
    par: u32,
    goal: Vec<String>,
    /// Needed where there are no ways.
    solution: Option<String>,
    #[serde(default)]
    way: Vec<WaySettings>,
    wrong: Vec<String>,
}

/// The question as names and values: `question = ["acks=all"]`. The rest is as on the checker's own page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchSettings {
    question: Vec<String>,
    #[serde(default)]
    knobs: Vec<String>,
    #[serde(default)]
    matrix: bool,
}

/// One of several ways that a challenge asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WaySettings {
    id: String,
    name: String,
    goal: Vec<String>,
    solution: String,
}

/// The script is `myth-<id>.lab`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MythSettings {
    id: String,
    shows: Vec<String>,
}

/// The practice of a scene and its parts in order; none if the folder has no `practice.toml`.
pub(crate) fn read(folder: &Path) -> Result<Option<(Vec<PartHead>, PracticeText)>, String> {
    if !folder.join("practice.toml").exists() {
        return Ok(None);
    }
    let settings: Settings = settings_of(&folder.join("practice.toml"))?;
    let mut sections = sections_of(&folder.join("practice.md"))?;
    let mut parts = Vec::new();
    let mut take = |id: &str| {
        let at = sections.iter().position(|section| section.id == id);
        at.map(|at| sections.remove(at)).ok_or_else(|| format!("practice.md has no section `{id}`"))
    };
    let mut head = |kind, section: &Section| {
        parts.push(PartHead { id: section.id.clone(), kind, title: section.title.clone() });
    };
    let mut build = None;
    if let Some(settings) = settings.build {
        let section = take("build")?;
        head(PartKind::Build, &section);
        build = Some(build_text(folder, settings, section)?);
    }
    let mut challenges = Vec::new();
    for settings in settings.challenge {
        let section = take(&format!("challenge-{}", settings.id))?;
        head(PartKind::Challenge, &section);
        challenges.push(challenge(folder, settings, section)?);
    }
    let mut search = None;
    if let Some(settings) = settings.search {
        let section = take("search")?;
        head(PartKind::Search, &section);
        search = Some(search_text(settings, section)?);
    }
    let production = take("production")?;
    head(PartKind::Production, &production);
    let mut myths = Vec::new();
    for settings in settings.myth {
        let section = take(&format!("myth-{}", settings.id))?;
        myths.push(myth(folder, settings, section)?);
    }
    let whole = |kind, id: &str, title: &str| -> Result<PartHead, String> {
        Ok(PartHead { id: id.to_owned(), kind, title: prose::line(title)? })
    };
    if !myths.is_empty() {
        parts.push(whole(PartKind::Myths, "myths", "Myths")?);
    }
    parts.push(whole(PartKind::Card, "card", "The card")?);
    if let Some(section) = sections.first() {
        return Err(format!("practice.md has a section `{}` that practice.toml does not name", section.id));
    }
    let card = settings.card;
    let practice = PracticeText { build, challenges, search, production: production.text, myths, card };
    Ok(Some((parts, practice)))
}

fn build_text(folder: &Path, settings: BuildSettings, section: Section) -> Result<BuildText, String> {
    let troubles = &settings.trouble;
    let files: Vec<String> = match troubles.as_slice() {
        [] => vec!["build.lab".to_owned()],
        several => several.iter().map(|trouble| format!("build-{}.lab", trouble.id)).collect(),
    };
    let choice = |choice: ChoiceSettings| {
        let script = |name: &String| {
            let script = varied(&text_of(&folder.join(name))?, &choice.command).and_then(understood);
            script.map_err(|problem| format!("{name}: {problem}"))
        };
        let scripts = files.iter().map(script).collect::<Result<_, String>>()?;
        Ok(ChoiceText { name: choice.name, scripts, kafka: choice.kafka })
    };
    let choices: Vec<ChoiceText> = settings.choice.into_iter().map(choice).collect::<Result<_, String>>()?;
    if choices.iter().filter(|choice| choice.kafka).count() != 1 {
        return Err("practice.toml: exactly one choice of the build is `kafka = true`".to_owned());
    }
    let troubles = settings.trouble.into_iter().map(|trouble| trouble.name).collect();
    Ok(BuildText { text: section.text, rule: settings.rule, choices, troubles, promise: goal(settings.promise)? })
}

fn challenge(folder: &Path, settings: ChallengeSettings, section: Section) -> Result<ChallengeText, String> {
    let ChallengeSettings { id, par, goal: lines, solution, way: ways, wrong } = settings;
    let hints: Vec<Vec<Inline>> = section.after.into_iter().fold(Vec::new(), |mut hints, block| {
        match block {
            Block::List(items) => hints.extend(items),
            Block::Paragraph(spans) => hints.push(spans),
        }
        hints
    });
    if hints.is_empty() || wrong.len() < 2 {
        return Err(format!("challenge `{id}`: it needs hints behind a rule, and two wrong tries or more"));
    }
    let script = script_of(folder, &format!("challenge-{id}.lab"))?;
    let first = ways.first().map(|way| way.solution.clone());
    let solution = solution.or(first).ok_or_else(|| format!("challenge `{id}`: it has no solution"))?;
    for try_ in wrong.iter().chain([&solution]).chain(ways.iter().map(|way| &way.solution)) {
        understood(try_.clone()).map_err(|problem| format!("challenge `{id}`: {problem}"))?;
    }
    let ways = ways.into_iter().map(|way| {
        let WaySettings { id, name, goal: lines, solution } = way;
        Ok(WayText { id, name: prose::line(&name)?, goal: goal(lines)?, solution })
    });
    let ways = ways.collect::<Result<_, String>>()?;
    Ok(ChallengeText { id, text: section.text, hints, par, script, goal: goal(lines)?, ways, solution, wrong })
}

fn search_text(settings: SearchSettings, section: Section) -> Result<SearchText, String> {
    let SearchSettings { question, knobs, matrix: has_matrix } = settings;
    let pairs = question.iter().map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let question: Vec<(String, String)> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if let Some(wrong) = Asked::read(&question, &Asked::default()).1.first() {
        return Err(format!("practice.toml, search: {wrong}"));
    }
    if let Some(name) = knobs.iter().find(|name| Knob::ALL.iter().all(|knob| knob.name() != **name)) {
        return Err(format!("practice.toml, search: there is no knob `{name}`"));
    }
    Ok(SearchText { text: section.text, question, knobs, has_matrix })
}

fn myth(folder: &Path, settings: MythSettings, section: Section) -> Result<MythText, String> {
    let script = script_of(folder, &format!("myth-{}.lab", settings.id))?;
    let Section { title: claim, text, .. } = section;
    Ok(MythText { id: settings.id, claim, text, script, shows: goal(settings.shows)? })
}

fn script_of(folder: &Path, name: &str) -> Result<String, String> {
    understood(text_of(&folder.join(name))?).map_err(|problem| format!("{name}: {problem}"))
}

/// The text, if every line of it is understood.
fn understood(text: String) -> Result<String, String> {
    match Script::parse(&text).problems.first() {
        Some(problem) => Err(problem.to_string()),
        None => Ok(text),
    }
}

/// The lines, if they are a goal.
fn goal(lines: Vec<String>) -> Result<Vec<String>, String> {
    Goal::parse(&lines).map_err(|problem| format!("practice.toml: {problem}"))?;
    Ok(lines)
}
