//! A scene's folder: `scene.toml`, `script.lab`, `prose.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::model::{Ask, BeatText, SceneText};
use crate::{prose, text_of};

/// `scene.toml`: what is neither prose nor script.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    title: String,
    lead: String,
    minutes: u32,
    hook: String,
    /// By beat: what its question asks for.
    #[serde(default)]
    ask: BTreeMap<String, AskSettings>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskSettings {
    subject: String,
    /// The mark where it is asked; without one, where the beat begins.
    at: Option<String>,
}

/// Every scene under `folder`, by name.
pub(crate) fn read(folder: &Path) -> Result<Vec<SceneText>, String> {
    let entries = fs::read_dir(folder).map_err(|problem| format!("{}: {problem}", folder.display()))?;
    let mut folders: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders.iter().map(|path| scene(path)).collect()
}

fn scene(folder: &Path) -> Result<SceneText, String> {
    let place = |problem: String| format!("{}: {problem}", folder.display());
    let mut settings: Settings =
        toml::from_str(&text_of(&folder.join("scene.toml"))?).map_err(|problem| place(problem.to_string()))?;
    let script = text_of(&folder.join("script.lab"))?;
    let marks: Vec<&str> = script.lines().filter_map(|line| line.trim().strip_prefix("mark ")).map(str::trim).collect();
    let mut beats = Vec::new();
    for section in prose::sections(&text_of(&folder.join("prose.md"))?).map_err(place)? {
        let ask = settings.ask.remove(&section.id);
        beats.push(beat(section, ask).map_err(place)?);
    }
    if let Some((id, _)) = settings.ask.first_key_value() {
        return Err(place(format!("scene.toml asks at `{id}`, and prose.md has no beat of that name")));
    }
    let ids: Vec<&str> = beats.iter().map(|beat| beat.id.as_str()).collect();
    let at: Vec<&str> = marks.iter().copied().filter(|mark| ids.contains(mark)).collect();
    if at != ids {
        return Err(place(format!("the beats of prose.md are {ids:?}, their marks in script.lab {at:?}")));
    }
    let asked_at = beats.iter().filter_map(|beat| beat.ask.as_ref()).map(|ask| &ask.at);
    if let Some(missing) = asked_at.into_iter().find(|at| !marks.contains(&at.as_str())) {
        return Err(place(format!("a question is asked at `{missing}`, which is no mark of script.lab")));
    }
    let slug = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Settings { title, lead, minutes, hook, .. } = settings;
    if !marks.contains(&hook.as_str()) {
        return Err(place(format!("the hook `{hook}` is no mark of script.lab")));
    }
    Ok(SceneText { slug, title, lead, minutes, hook, script, beats })
}

fn beat(section: prose::Section, ask: Option<AskSettings>) -> Result<BeatText, String> {
    let prose::Section { id, title, text, question, after } = section;
    let ask = match (question, ask) {
        (Some(question), Some(settings)) => {
            let at = settings.at.unwrap_or_else(|| id.clone());
            Some(Ask { question, subject: settings.subject, at })
        }
        (None, None) => None,
        (Some(_), None) => return Err(format!("`{id}` has a question, and scene.toml does not say what it asks for")),
        (None, Some(_)) => return Err(format!("scene.toml asks at `{id}`, and prose.md has no question there")),
    };
    Ok(BeatText { id, title, text, ask, after })
}
