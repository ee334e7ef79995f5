//! A scene's folder: `scene.toml`, `script.lab`, `prose.md`, and what `practice.rs` reads.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::model::{Ask, BeatText, HookText, PracticeText, SceneText, WorldText};
use crate::{practice, prose, text_of};

/// `scene.toml`: what is neither prose nor script.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    title: String,
    lead: String,
    minutes: u32,
    hook: Option<HookSettings>,
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

/// The script is `hook.lab`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HookSettings {
    button: String,
    /// The mark where it stands when the page opens.
    from: String,
    /// The mark up to which it plays by itself.
    press: String,
    world: Vec<WorldSettings>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WorldSettings {
    name: String,
    /// What makes this world differ from the other.
    command: String,
    told: String,
}

/// A scene as it is read: what is needed at once, and what is needed when the learner comes to it.
pub(crate) struct Scene {
    pub(crate) text: SceneText,
    pub(crate) practice: Option<PracticeText>,
}

/// Every scene under `folder`, by name.
pub(crate) fn read(folder: &Path) -> Result<Vec<Scene>, String> {
    let entries = fs::read_dir(folder).map_err(|problem| format!("{}: {problem}", folder.display()))?;
    let mut folders: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders.iter().map(|path| scene(path).map_err(|problem| format!("{}: {problem}", path.display()))).collect()
}

fn scene(folder: &Path) -> Result<Scene, String> {
    let mut settings: Settings = settings_of(&folder.join("scene.toml"))?;
    let script = text_of(&folder.join("script.lab"))?;
    let beats = beats(folder, &script, &mut settings.ask)?;
    let slug = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Settings { title, lead, minutes, hook, .. } = settings;
    let hook = hook.map(|hook| hook_text(folder, hook)).transpose()?;
    let (parts, practice) = match practice::read(folder)? {
        Some((parts, practice)) => (parts, Some(practice)),
        None => (Vec::new(), None),
    };
    if let Some(part) = parts.iter().find(|part| beats.iter().any(|beat| beat.id == part.id)) {
        return Err(format!("`{}` is the name of a beat and of a part", part.id));
    }
    Ok(Scene { text: SceneText { slug, title, lead, minutes, hook, script, beats, parts }, practice })
}

/// A file of settings; the problem says which.
pub(crate) fn settings_of<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<T, String> {
    toml::from_str(&text_of(path)?).map_err(|problem| format!("{}: {problem}", path.display()))
}

fn marks(script: &str) -> Vec<&str> {
    script.lines().filter_map(|line| line.trim().strip_prefix("mark ")).map(str::trim).collect()
}

fn beats(folder: &Path, script: &str, asks: &mut BTreeMap<String, AskSettings>) -> Result<Vec<BeatText>, String> {
    let marks = marks(script);
    let mut beats = Vec::new();
    for section in sections_of(&folder.join("prose.md"))? {
        let ask = asks.remove(&section.id);
        beats.push(beat(section, ask)?);
    }
    if let Some((id, _)) = asks.first_key_value() {
        return Err(format!("scene.toml asks at `{id}`, and prose.md has no beat of that name"));
    }
    let ids: Vec<&str> = beats.iter().map(|beat| beat.id.as_str()).collect();
    let at: Vec<&str> = marks.iter().copied().filter(|mark| ids.contains(mark)).collect();
    if at != ids {
        return Err(format!("the beats of prose.md are {ids:?}, their marks in script.lab {at:?}"));
    }
    let asked_at = beats.iter().filter_map(|beat| beat.ask.as_ref()).map(|ask| &ask.at);
    if let Some(missing) = asked_at.into_iter().find(|at| !marks.contains(&at.as_str())) {
        return Err(format!("a question is asked at `{missing}`, which is no mark of script.lab"));
    }
    Ok(beats)
}

/// The sections of a file of prose; the problem says which file.
pub(crate) fn sections_of(path: &Path) -> Result<Vec<prose::Section>, String> {
    prose::sections(&text_of(path)?).map_err(|problem| format!("{}: {problem}", path.display()))
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

fn hook_text(folder: &Path, settings: HookSettings) -> Result<HookText, String> {
    let script = text_of(&folder.join("hook.lab"))?;
    let HookSettings { button, from, press, world: worlds } = settings;
    if let Some(missing) = [&from, &press].into_iter().find(|at| !marks(&script).contains(&at.as_str())) {
        return Err(format!("the hook names `{missing}`, which is no mark of hook.lab"));
    }
    let world = |world: WorldSettings| {
        let script = varied(&script, &world.command).map_err(|problem| format!("hook.lab: {problem}"))?;
        Ok(WorldText { name: world.name, script, told: prose::line(&world.told)? })
    };
    let worlds = worlds.into_iter().map(world).collect::<Result<_, String>>()?;
    Ok(HookText { button, from, press, worlds })
}

/// A script with this command where it says `mark vary`.
pub(crate) fn varied(script: &str, command: &str) -> Result<String, String> {
    const VARY: &str = "mark vary\n";
    match script.matches(VARY).count() {
        1 => Ok(script.replace(VARY, &format!("{VARY}{command}\n"))),
        count => Err(format!("`mark vary` stands there {count} times, expected once")),
    }
}
