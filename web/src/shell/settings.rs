//! How the reader wants the page: paper, size of text, motion. Attributes of `<html>`, kept in the browser.

use wasm_split_helpers::wasm_split;
use web_sys::Element;

use super::keep::Keep;
use crate::markup::{El, Markup, NotLoaded, button, el, late, live, many, mount};
use crate::progress::{Forgotten, Progress};
use crate::reactive::*;
use crate::words::settings as words;

/// Where the settings are kept; `web/assets/early.js` reads the same before the first paint.
const KEPT_AS: &str = "settings";

/// A choice: its attribute, its label, and its options as value and words.
type Choice = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The choices, by the name of their attribute. The first of each is the default and writes no attribute.
const CHOICES: [Choice; 3] = [
    ("theme", words::THEME, &words::THEMES),
    ("text", words::TEXT, &words::TEXTS),
    ("motion", words::MOTION, &words::MOTIONS),
];

/// What is chosen, in the order of [`CHOICES`]: the place of each choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings([usize; CHOICES.len()]);

impl Settings {
    /// Reads `theme=dark&text=larger`; what is not understood is the default.
    #[must_use]
    pub fn parse(text: &str) -> Settings {
        let mut settings = Settings::default();
        for pair in text.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            for ((attribute, _, options), chosen) in CHOICES.iter().zip(&mut settings.0) {
                if let (true, Some(at)) = (*attribute == name, options.iter().position(|(word, _)| *word == value)) {
                    *chosen = at;
                }
            }
        }
        settings
    }

    /// Attribute and value of each choice; no value for a default.
    fn attributes(self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        CHOICES.iter().zip(self.0).map(|((attribute, _, options), chosen)| {
            let value = options.get(chosen).filter(|_| chosen > 0).map(|(word, _)| *word);
            (*attribute, value)
        })
    }

    #[cfg(feature = "csr")]
    fn apply(self) {
        let Some(root) = document().document_element() else { return };
        for (attribute, value) in self.attributes() {
            let name = format!("data-{attribute}");
            // Setting or removing an attribute of <html> can't fail in a way that the reader could mend.
            let _ = match value {
                Some(value) => root.set_attribute(&name, value),
                None => root.remove_attribute(&name),
            };
        }
    }
}

impl std::fmt::Display for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pairs = self.attributes().filter_map(|(name, value)| value.map(|value| format!("{name}={value}")));
        f.write_str(&pairs.collect::<Vec<_>>().join("&"))
    }
}

/// The menu behind "Aa".
pub(super) fn settings_menu() -> El {
    let button = el("summary").class("button-plain").attr("aria-label", words::LABEL).child(words::BUTTON);
    el("details").class("settings").child(button).child(late("settings-panel", settings_into))
}

#[wasm_split(menus, fallible)]
fn settings_into(place: Element, owner: Owner) -> Result<(), NotLoaded> {
    owner.with(|| mount(&place, settings_panel()));
    Ok(())
}

fn settings_panel() -> Markup {
    let keep = Keep::use_context();
    let settings = RwSignal::new(Settings::parse(&keep.read(KEPT_AS).unwrap_or_default()));
    #[cfg(feature = "csr")]
    effect(move || {
        let settings = settings.get();
        settings.apply();
        keep.write(KEPT_AS, &settings.to_string());
    });
    many([
        many((0..CHOICES.len()).map(|at| group(at, settings))),
        forget_progress().into(),
        el("p").class("note").child(if keep.lasts() { words::KEPT } else { words::NOT_KEPT }).into(),
    ])
}

/// Begins the course anew, with a way back; nothing where nothing is finished.
fn forget_progress() -> El {
    let progress = Progress::use_context();
    let was = RwSignal::new(None::<Forgotten>);
    let forget = move || {
        let said = || el("span").attr("role", "status").child(words::FORGOTTEN);
        match was.get() {
            Some(forgotten) => {
                Some(el("p").child(said()).child(button("button-plain", words::REMEMBER).on_click(move || {
                    progress.remember(forgotten.clone());
                    was.set(None);
                })))
            }
            None if progress.is_begun() => Some(
                el("p").child(button("button-plain", words::FORGET).on_click(move || was.set(Some(progress.forget())))),
            ),
            None => None,
        }
    };
    el("div").class("settings-group").child(live(forget))
}

/// The options of one choice.
fn group(at: usize, settings: RwSignal<Settings>) -> El {
    let (attribute, label, options) = CHOICES[at];
    let options = options.iter().enumerate().map(|(option, (word, text))| {
        let radio = el("input")
            .attr("type", "radio")
            .attr("name", attribute)
            .attr("value", *word)
            .checked(move || settings.get().0[at] == option)
            .on("change", move |_: web_sys::Event| settings.update(|settings| settings.0[at] = option));
        el("label").class("settings-option").child(radio).child(*text)
    });
    el("fieldset").class("settings-group").child(el("legend").child(label)).child(many(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        for text in ["", "theme=dark", "theme=light&text=larger&motion=reduced", "motion=reduced"] {
            assert_eq!(Settings::parse(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_not_understood_is_the_default() {
        assert_eq!(Settings::parse("theme=neon&size=9&text"), Settings::default());
        assert_eq!(Settings::parse("theme=neon&text=larger").to_string(), "text=larger");
    }
}
