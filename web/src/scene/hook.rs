//! What opens a scene: the same run in worlds that differ by one command, and one button.

use web_sys::KeyboardEvent;

use super::compare::compared;
use super::lab::Lab;
use super::prose::{Ends, inlines};
use crate::content::{HookText, WorldText};
use crate::markup::{El, button, el, listen_to_window, live, many, text};
use crate::player::{KeyAction, Moment, asked_by};
use crate::reactive::*;
use crate::stage::stage;
use crate::words::{compare as compare_words, hook as words};

/// The button, and the worlds together, so that their tapes can be compared offset by offset.
///
/// They play by themselves up to where the button takes over; where nothing may move they stand there.
pub(super) fn hook_stage(hook: &HookText) -> El {
    let worlds: Vec<World> = hook.worlds.iter().map(|world| World::new(hook, world)).collect();
    let labs: Vec<Lab> = worlds.iter().map(|world| world.lab).collect();
    let pressed = StoredValue::new(worlds.iter().map(|world| (world.lab, world.press)).collect::<Vec<_>>());
    let press = move || {
        pressed.with_value(|worlds| {
            for (lab, press) in worlds {
                lab.playback.seek(*press);
                lab.playback.play();
            }
        });
    };
    let plays = labs.clone();
    let is_playing = memo(move || plays.iter().any(|lab| lab.playback.playing().get()));
    let turn = move || {
        let playing = is_playing.get_untracked();
        labs.iter().for_each(|lab| if playing { lab.playback.pause() } else { lab.playback.play() });
    };
    let label = move || if is_playing.get() { words::PAUSE } else { words::PLAY }.to_owned();
    // Above the worlds: it is in view wherever they begin to be.
    let controls = el("p")
        .class("hook-controls")
        .child(button("button primary", hook.button.clone()).on_click(press))
        .child(button("button-plain", text(label)).on_click(turn));
    let comparing = RwSignal::new(false);
    let pair: Vec<(String, Lab)> = worlds.iter().map(|world| (world.text.name.clone(), world.lab)).collect();
    let compare = (pair.len() == 2).then(|| {
        listen_to_window("keydown", move |event: KeyboardEvent| {
            if asked_by(&event) == Some(KeyAction::Compare) {
                comparing.update(|comparing| *comparing = !*comparing);
            }
        });
        button("button-plain", compare_words::COMPARE)
            .attr("aria-keyshortcuts", "C")
            .on_click(move || comparing.set(true))
    });
    let shown = move || if comparing.get() { compared(pair.clone(), comparing) } else { together(&worlds) };
    el("section")
        .class("stage-column hook")
        .attr("aria-label", words::LABEL)
        .child(controls.child(compare).live_attr("hidden", move || comparing.get().then_some("")))
        .child(live(shown))
}

/// The worlds in one picture: those of one tape under each other, higher ones beside each other where there is room, so
/// that all of each is in view.
fn together(worlds: &[World]) -> El {
    let is_high = worlds.iter().any(|world| world.lab.playback.frame().get_untracked().tapes.len() > 1);
    let class = if is_high { "hook-worlds hook-worlds-high" } else { "hook-worlds" };
    el("div").class(class).child(many(worlds.iter().map(World::view)))
}

/// One of the worlds, with a run of its own.
struct World {
    text: WorldText,
    lab: Lab,
    press: Moment,
}

impl World {
    fn new(hook: &HookText, text: &WorldText) -> Self {
        let lab = Lab::new(&text.script);
        let at = |mark: &str| Moment(lab.lesson().moment_of_mark(mark).unwrap_or(0));
        let (from, press) = (at(&hook.from), at(&hook.press));
        lab.playback.seek(from);
        lab.playback.set_speed(SPEED);
        #[cfg(feature = "csr")]
        if crate::stage::wants_motion() {
            lab.playback.play_until(press);
        } else {
            lab.playback.seek(press);
        }
        World { text: text.clone(), lab, press }
    }

    fn view(&self) -> El {
        let (world, lab) = (self.text.clone(), self.lab);
        let told = move || inlines(&world.told, &Ends::at(&lab.lesson(), lab.playback.moment().get()));
        el("div")
            .class("hook-world")
            .child(el("p").class("hook-name").child(el("strong").child(world.name)).child(" ").child(live(told)))
            .child(stage(lab.playback))
    }
}

/// What happens in a hook happens again in the beats, where there is time to read.
const SPEED: f64 = 2.0;
