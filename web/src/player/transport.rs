//! The transport: play, back, step, speed, jump by kind, fork, and the track.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent};

use super::beat::{BeatKind, Moment};
use super::keys::{KeyAction, action_of};
use super::playback::Playback;
use super::player::{PlayerCommand, SPEEDS};
use super::track::{TRACK_HEIGHT, TRACK_WIDTH, TickStyle, Track};
use crate::markup::{El, button, el, listen_to_window, live, many, svg, text};
use crate::playing_words::transport as words;
use crate::reactive::*;
use crate::stage::element::number;

/// How a page forks the run that is shown, and goes back.
#[derive(Clone, Copy, Debug)]
pub struct Forking {
    /// Where the run that is shown left the lesson; `None` is the lesson itself.
    pub forked_at: Signal<Option<Moment>>,
    pub fork: Callback<()>,
    pub back: Callback<()>,
    /// There is no lesson: what was forked is a run of the reader's own.
    pub is_sandbox: bool,
}

/// The controls under a stage. Listens to the keys of [`super::keys::KEYS`] as long as it is there.
#[must_use]
pub fn transport(playback: Playback, forking: Option<Forking>) -> El {
    let kind = RwSignal::new(BeatKind::MarkMoved);
    let is_open = RwSignal::new(false);
    listen_to_window("keydown", move |event: KeyboardEvent| on_key(playback, forking, kind, &event));
    let back = button("button transport-back", icon("M7 1L2 5L7 9z"))
        .attr("aria-keyshortcuts", "ArrowLeft")
        .on_click(move || playback.back())
        .child(words::BACK);
    let step = button("button transport-step", words::STEP)
        .attr("aria-keyshortcuts", "ArrowRight")
        .on_click(move || playback.step())
        .child(icon("M3 1L8 5L3 9z"));
    let more = button("button-plain transport-more", "\u{22ef}")
        .attr("aria-label", words::MORE)
        .live_attr("aria-expanded", move || is_open.get())
        .on_click(move || is_open.update(|open| *open = !*open));
    let extra = el("div")
        .class("transport-extra")
        .class_if("open", move || is_open.get())
        .child(speeds(playback))
        .child(jump(playback, kind))
        .child(place(playback, forking))
        .child(forking.map(fork_button));
    let row = el("div").class("transport-row").child(play_button(playback)).child(back).child(step).child(more);
    el("div")
        .class("transport")
        .attr("role", "group")
        .attr("aria-label", words::LABEL)
        .child(track_view(playback, forking.map(|forking| forking.forked_at)))
        .child(row.child(extra))
}

fn icon(d: &'static str) -> El {
    icon_around(svg("path").attr("d", d))
}

fn icon_around(path: El) -> El {
    let icon = svg("svg").class("icon").attr("width", "10").attr("height", "10").attr("viewBox", "0 0 10 10");
    icon.attr("aria-hidden", "true").child(path)
}

fn play_button(playback: Playback) -> El {
    let playing = playback.playing();
    let d = move || if playing.get() { "M1 1H4V9H1zM6 1H9V9H6z" } else { "M2 0.5L9 5L2 9.5z" };
    button("button primary transport-play", icon_around(svg("path").live_attr("d", d)))
        .attr("aria-keyshortcuts", "Space")
        .on_click(move || playback.toggle())
        .child(text(move || if playing.get() { words::PAUSE } else { words::PLAY }.to_owned()))
}

/// A list to choose from: `chosen` is the place of what is chosen, `choose` is told another.
fn choice(
    label: &'static str,
    options: impl Iterator<Item = &'static str>,
    chosen: impl Fn() -> usize + 'static,
    choose: impl Fn(usize) + 'static,
) -> El {
    let options = options.enumerate().map(|(at, shown)| el("option").attr("value", at.to_string()).child(shown));
    el("select")
        .class("transport-select")
        .attr("aria-label", label)
        .on("change", move |event: Event| {
            if let Ok(at) = event_target_value(&event).parse() {
                choose(at);
            }
        })
        .child(many(options))
        .value(move || chosen().to_string())
}

fn speeds(playback: Playback) -> El {
    let chosen = move || {
        let speed = playback.speed().get();
        SPEEDS.iter().position(|(other, _)| (speed - other).abs() < f64::EPSILON).unwrap_or(0)
    };
    choice(words::SPEED, SPEEDS.iter().map(|(_, shown)| *shown), chosen, move |at| {
        if let Some((speed, _)) = SPEEDS.get(at) {
            playback.set_speed(*speed);
        }
    })
}

/// Which kind of event is jumped to, and there and back.
fn jump(playback: Playback, kind: RwSignal<BeatKind>) -> El {
    let arrow = |label, key: &'static str, d, command: fn(BeatKind) -> PlayerCommand| {
        let go = move || playback.command(command(kind.get_untracked()));
        button("button-plain", icon(d)).attr("aria-label", label).attr("aria-keyshortcuts", key).on_click(go)
    };
    let chosen = move || BeatKind::JUMPS.iter().position(|jump| *jump == kind.get()).unwrap_or(0);
    let kinds = choice(words::KIND, BeatKind::JUMPS.iter().map(|jump| words::kind(*jump)), chosen, move |at| {
        if let Some(jump) = BeatKind::JUMPS.get(at) {
            kind.set(*jump);
        }
    });
    el("span")
        .class("transport-jump")
        .child(arrow(words::PREVIOUS, "[", "M1 1H2.5V9H1zM9 1L3.5 5L9 9z", PlayerCommand::Previous))
        .child(kinds)
        .child(arrow(words::NEXT, "]", "M1 1L6.5 5L1 9zM7.5 1H9V9H7.5z", PlayerCommand::Next))
}

/// "1.240 s · event 37 of 112", and whose run it is.
fn place(playback: Playback, forking: Option<Forking>) -> El {
    let forked = move || {
        let at = forking.and_then(|forking| forking.forked_at.get());
        at.map_or_else(String::new, |at| format!(" \u{b7} {} {}", words::FORKED, at.0))
    };
    el("span").class("transport-place").child(text(move || format!("{} {}", place_words(playback), forked())))
}

fn place_words(playback: Playback) -> String {
    let (moment, end) = (playback.moment().get(), playback.end().get());
    if let Some(place_at) = playback.reel().with(|reel| reel.place_at.clone()) {
        return place_at(moment);
    }
    let tick_ms = playback.frame().get().tick.0;
    let (s, ms) = (tick_ms.div_euclid(1_000), tick_ms.rem_euclid(1_000));
    format!("{s}.{ms:03} s \u{b7} {} {} {} {}", words::EVENT, moment.0, words::OF, end.0)
}

/// The way back from a fork stands where it is said what differs, under the stage. Not `disabled`: who forks by
/// keyboard keeps the focus.
fn fork_button(forking: Forking) -> El {
    let is_forked = move || forking.forked_at.get().is_some();
    button("button-plain transport-fork", words::FORK)
        .attr("aria-keyshortcuts", "F")
        .live_attr("aria-disabled", is_forked)
        .on_click(move || {
            if !untrack(is_forked) {
                forking.fork.run(());
            }
        })
}

/// Forks, or goes back.
fn turn(forking: Forking) {
    match forking.forked_at.get_untracked() {
        None => forking.fork.run(()),
        Some(_) => forking.back.run(()),
    }
}

/// The run as a line of ticks, and where it stands: a slider.
fn track_view(playback: Playback, forked_at: Option<Signal<Option<Moment>>>) -> El {
    let track = memo(move || {
        let _ = (playback.reel().get(), playback.shows_routine().get());
        playback.with_player(|player| Track::of(player.schedule()))
    });
    let paths = TickStyle::ALL
        .map(|style| svg("path").class(style.class()).live_attr("d", move || track.with(|track| track.path(style))));
    let fork = move || {
        let at = forked_at?.get()?;
        let x = track.with(|track| track.share_of(at)) * f64::from(TRACK_WIDTH);
        Some(svg("path").class("tick fork").attr("d", format!("M{} 0V{TRACK_HEIGHT}", number(x))))
    };
    let line = svg("path").class("track-line").attr("d", format!("M0 {}H{TRACK_WIDTH}", TRACK_HEIGHT / 2));
    let ticks = svg("svg")
        .class("track-ticks")
        .attr("viewBox", format!("0 0 {TRACK_WIDTH} {TRACK_HEIGHT}"))
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .child(line)
        .child(many(paths))
        .child(live(fork));
    let is_held = StoredValue::new(false);
    let thumb = el("div").class("track-thumb").made(move |thumb| {
        let thumb: HtmlElement = thumb.clone().unchecked_into();
        effect(move || {
            let percent = track.with(|track| track.share_of(playback.moment().get())) * 100.0;
            // The thumb's place is the CSSOM's: the content security policy forbids style attributes.
            let _ = thumb.style().set_property("left", &format!("{}%", number(percent)));
        });
    });
    el("div")
        .class("track")
        .attr("role", "slider")
        .attr("tabindex", "0")
        .attr("aria-label", words::TRACK)
        .attr("aria-valuemin", "0")
        .live_attr("aria-valuemax", move || playback.end().get().0.to_string())
        .live_attr("aria-valuenow", move || playback.moment().get().0.to_string())
        .live_attr("aria-valuetext", move || place_words(playback))
        .on("keydown", move |event: KeyboardEvent| on_track_key(playback, &event))
        .on("pointerdown", move |event: PointerEvent| {
            if event.button() == 0 {
                is_held.set_value(true);
                // A pointer that is gone already needs no capture.
                let _ = track_under(&event).map(|node| node.set_pointer_capture(event.pointer_id()));
                seek_to(&event, playback, track);
            }
        })
        .on("pointermove", move |event: PointerEvent| {
            if is_held.get_value() {
                seek_to(&event, playback, track);
            }
        })
        .on("pointerup", move |_: Event| is_held.set_value(false))
        .on("pointercancel", move |_: Event| is_held.set_value(false))
        .child(ticks)
        .child(thumb)
}

/// To the moment under the pointer.
fn seek_to(event: &PointerEvent, playback: Playback, track: Memo<Track>) {
    let Some(node) = track_under(event) else { return };
    let bounds = node.get_bounding_client_rect();
    if bounds.width() > 0.0 {
        let share = (f64::from(event.client_x()) - bounds.left()) / bounds.width();
        let moment = track.with_untracked(|track| track.moment_at(share));
        if playback.moment().get_untracked() != moment || playback.playing().get_untracked() {
            playback.seek(moment);
        }
    }
}

fn track_under(event: &PointerEvent) -> Option<Element> {
    event.current_target().and_then(|target| target.dyn_into().ok())
}

/// A slider's own keys; Home, End and the arrows mean the same everywhere.
fn on_track_key(playback: Playback, event: &KeyboardEvent) {
    const LEAP: usize = 10;
    let moment = playback.moment().get_untracked();
    match event.key().as_str() {
        "ArrowUp" => playback.step(),
        "ArrowDown" => playback.back(),
        "PageUp" => playback.seek(Moment(moment.0 + LEAP)),
        "PageDown" => playback.seek(Moment(moment.0.saturating_sub(LEAP))),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

/// What a key asks for, if it is for those who play and not for where it was pressed.
pub(crate) fn asked_by(event: &KeyboardEvent) -> Option<KeyAction> {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    action_of(&event.key()).filter(|action| !belongs_elsewhere(event, *action))
}

fn on_key(playback: Playback, forking: Option<Forking>, kind: RwSignal<BeatKind>, event: &KeyboardEvent) {
    let Some(action) = asked_by(event).filter(|action| *action != KeyAction::Compare) else { return };
    event.prevent_default();
    match action {
        KeyAction::Compare => {}
        KeyAction::Toggle => playback.toggle(),
        KeyAction::Step => playback.step(),
        KeyAction::Back => playback.back(),
        KeyAction::Next => playback.next_of_kind(kind.get_untracked()),
        KeyAction::Previous => playback.command(PlayerCommand::Previous(kind.get_untracked())),
        KeyAction::Start => playback.seek(Moment::START),
        KeyAction::End => playback.seek(playback.end().get_untracked()),
        KeyAction::Fork => forking.into_iter().for_each(turn),
    }
}

/// Where keys write, choose or press something, they do that and do not play.
fn belongs_elsewhere(event: &KeyboardEvent, action: KeyAction) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(target) = target else { return false };
    let is_in = |selector: &str| target.closest(selector).ok().flatten().is_some();
    if is_in("input, textarea, select, dialog, [contenteditable]") {
        return true;
    }
    match action {
        KeyAction::Toggle => is_in("button, a[href], summary, label, [role='button'], [role='tab']"),
        KeyAction::Step | KeyAction::Back | KeyAction::Start | KeyAction::End => is_in("[role='tab'], [role='radio']"),
        KeyAction::Next | KeyAction::Previous | KeyAction::Fork | KeyAction::Compare => false,
    }
}
