//! What the address of a frame asks for: `?beat=fold&theme=dark&panels=prose,drawer`.

use super::problem::{Expected, Problem};
use crate::route::Query;

/// Everything that a query of version 1 can say.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Options {
    /// A step's name, not looked up here: the scene is loaded later.
    pub(super) beat: Option<String>,
    pub(super) theme: Theme,
    pub(super) panels: Panels,
    /// Whether the transport stands under the stage.
    pub(super) controls: bool,
    pub(super) autoplay: bool,
    /// What was asked for, if that is not English.
    pub(super) other_language: Option<String>,
    /// The size of the text, in hundredths of the usual one.
    pub(super) text_percent: u32,
    /// Who alone may speak to the frame, if the page around it said so.
    pub(super) origin: Option<String>,
    /// A run of somebody's own, as a link carries it.
    pub(super) run: Option<String>,
    /// A moment of the lesson, as a link carries it.
    pub(super) at: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Theme {
    Light,
    Dark,
    /// As the reader's system has it.
    #[default]
    Auto,
}

/// What is shown beside the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Panels {
    /// The steps with their text and questions.
    pub(super) prose: bool,
    /// What can be changed, the link to the moment, and the drawer.
    pub(super) drawer: bool,
}

const NAMES: &[&str] = &["beat", "theme", "panels", "controls", "autoplay", "lang", "text", "origin", "run", "at"];
const PANELS: &[&str] = &["prose", "drawer"];
const SWITCH: &[&str] = &["0", "1"];
const TEXT_PERCENT_LEAST: u32 = 80;
const TEXT_PERCENT_MOST: u32 = 160;
const TEXT_SIZES: Expected = Expected::Size { least: "0.8", most: "1.6" };

impl Theme {
    pub(super) const NAMES: &[&str] = &["light", "dark", "auto"];

    pub(super) fn parse(name: &str) -> Option<Theme> {
        [Theme::Light, Theme::Dark, Theme::Auto].into_iter().find(|theme| theme.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Auto => "auto",
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            beat: None,
            theme: Theme::Auto,
            panels: Panels::default(),
            controls: true,
            autoplay: false,
            other_language: None,
            text_percent: 100,
            origin: None,
            run: None,
            at: None,
        }
    }
}

impl Options {
    /// Reads a query. Total: what is not understood is as if it were not there, and a problem.
    pub(super) fn of(query: &Query) -> (Options, Vec<Problem>) {
        let mut options = Options::default();
        let mut problems = Vec::new();
        for (name, value) in &query.0 {
            problems.extend(options.read(name, value).err());
        }
        (options, problems)
    }

    fn read(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        let place = format!("?{name}");
        let not = |expected| Problem::value(place.clone(), value, expected);
        match name {
            "beat" => self.beat = Some(value.to_owned()).filter(|beat| !beat.is_empty()),
            "theme" => self.theme = Theme::parse(value).ok_or_else(|| not(Expected::OneOf(Theme::NAMES)))?,
            "panels" => return self.read_panels(value).then_some(()).ok_or_else(|| not(Expected::OneOf(PANELS))),
            "controls" => self.controls = switch(value).ok_or_else(|| not(Expected::OneOf(SWITCH)))?,
            "autoplay" => self.autoplay = switch(value).ok_or_else(|| not(Expected::OneOf(SWITCH)))?,
            "lang" => self.other_language = Some(value.to_owned()).filter(|tag| !is_english(tag)),
            "text" => {
                let percent = hundredths(value).ok_or_else(|| not(TEXT_SIZES))?;
                self.text_percent = percent.clamp(TEXT_PERCENT_LEAST, TEXT_PERCENT_MOST);
            }
            "origin" => {
                self.origin = Some(value.to_owned()).filter(|origin| is_origin(origin));
                self.origin.as_ref().ok_or_else(|| not(Expected::Origin))?;
            }
            "run" => self.run = Some(value.to_owned()),
            "at" => self.at = Some(value.parse().map_err(|_| not(Expected::Count { most: u32::MAX as usize }))?),
            _ => return Err(Problem::name(place, NAMES)),
        }
        Ok(())
    }

    /// False if a panel is named that there is not; the others are shown.
    fn read_panels(&mut self, list: &str) -> bool {
        let mut all_known = true;
        for panel in list.split(',').filter(|panel| !panel.is_empty()) {
            match panel {
                "prose" => self.panels.prose = true,
                "drawer" => self.panels.drawer = true,
                _ => all_known = false,
            }
        }
        all_known
    }
}

/// A decimal number in hundredths, what lies behind them cut off. By hand: the wasm needs no reading of floats then.
fn hundredths(decimal: &str) -> Option<u32> {
    let (whole, part) = decimal.split_once('.').unwrap_or((decimal, ""));
    let digits = |text: &str| text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    let part: String = part.chars().chain("00".chars()).take(2).collect();
    Some(whole.parse::<u32>().ok()? * 100 + part.parse::<u32>().ok()?)
}

fn switch(value: &str) -> Option<bool> {
    match value {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    }
}

/// A language tag: `en`, `en-GB`.
fn is_english(tag: &str) -> bool {
    tag.is_empty() || tag.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c)))
}
