//! The transport: play, back, step, speed, jump by kind, fork, and the track.

use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::beat::{BeatKind, Moment};
use super::keys::{KeyAction, action_of};
use super::playback::Playback;
use super::player::{PlayerCommand, SPEEDS};
use super::track::{TRACK_HEIGHT, TRACK_WIDTH, TickStyle, Track};
use crate::playing_words::transport as words;
use crate::stage::element::number;

/// How a page forks the run that is shown, and goes back.
#[derive(Clone, Copy, Debug)]
pub struct Forking {
    /// Where the run that is shown left the lesson; `None` is the lesson itself.
    pub forked_at: Signal<Option<Moment>>,
    pub fork: Callback<()>,
    pub back: Callback<()>,
}

/// The controls under a stage. Listens to the keys of [`super::keys::KEYS`] as long as it is there.
#[component]
pub fn Transport(playback: Playback, #[prop(optional_no_strip)] forking: Option<Forking>) -> impl IntoView {
    let kind = RwSignal::new(BeatKind::MarkMoved);
    let is_open = RwSignal::new(false);
    Effect::new(move |_| {
        let listener = window_event_listener(ev::keydown, move |event| on_key(playback, forking, kind, &event));
        on_cleanup(move || listener.remove());
    });
    view! {
        <div class="transport" role="group" aria-label=words::LABEL>
            <TrackView playback forked_at=forking.map(|forking| forking.forked_at)/>
            <div class="transport-row">
                <PlayButton playback/>
                <button class="button transport-back" type="button" aria-keyshortcuts="ArrowLeft"
                    on:click=move |_| playback.back()>
                    <Icon d="M7 1L2 5L7 9z"/>
                    {words::BACK}
                </button>
                <button class="button transport-step" type="button" aria-keyshortcuts="ArrowRight"
                    on:click=move |_| playback.step()>
                    {words::STEP}
                    <Icon d="M3 1L8 5L3 9z"/>
                </button>
                <button class="button-plain transport-more" type="button" aria-label=words::MORE
                    aria-expanded=move || is_open.get().to_string()
                    on:click=move |_| is_open.update(|open| *open = !*open)>
                    "\u{22ef}"
                </button>
                <div class="transport-extra" class:open=move || is_open.get()>
                    <Speed playback/>
                    <Jump playback kind/>
                    <Place playback forking/>
                    {forking.map(|forking| view! { <Fork forking/> })}
                </div>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Icon(d: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><path d=d></path></svg>
    }
}

#[component]
fn PlayButton(playback: Playback) -> impl IntoView {
    let playing = playback.playing();
    let d = move || if playing.get() { "M1 1H4V9H1zM6 1H9V9H6z" } else { "M2 0.5L9 5L2 9.5z" };
    view! {
        <button class="button primary transport-play" type="button" aria-keyshortcuts="Space"
            on:click=move |_| playback.toggle()>
            <svg class="icon" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><path d=d></path></svg>
            {move || if playing.get() { words::PAUSE } else { words::PLAY }}
        </button>
    }
    .into_any()
}

#[component]
fn Speed(playback: Playback) -> impl IntoView {
    let chosen = move |event: ev::Event| {
        let speed = event_target_value(&event).parse::<usize>().ok().and_then(|at| SPEEDS.get(at).copied());
        if let Some((speed, _)) = speed {
            playback.set_speed(speed);
        }
    };
    let options = SPEEDS.iter().enumerate().map(|(at, (speed, shown))| {
        let is_it = move || (playback.speed().get() - speed).abs() < f64::EPSILON;
        view! { <option value=at.to_string() selected=is_it>{*shown}</option> }
    });
    view! {
        <select class="transport-select" aria-label=words::SPEED on:change=chosen>
            {options.collect_view()}
        </select>
    }
}

/// Which kind of event is jumped to, and there and back.
#[component]
fn Jump(playback: Playback, kind: RwSignal<BeatKind>) -> impl IntoView {
    let chosen = move |event: ev::Event| {
        let at = event_target_value(&event).parse::<usize>().ok().and_then(|at| BeatKind::JUMPS.get(at).copied());
        if let Some(at) = at {
            kind.set(at);
        }
    };
    let options = BeatKind::JUMPS.iter().enumerate().map(|(index, choice)| {
        view! { <option value=index.to_string() selected=move || kind.get() == *choice>{words::kind(*choice)}</option> }
    });
    let options = options.collect_view();
    let jump = move |command: fn(BeatKind) -> PlayerCommand| playback.command(command(kind.get_untracked()));
    view! {
        <span class="transport-jump">
            <button class="button-plain" type="button" aria-label=words::PREVIOUS aria-keyshortcuts="["
                on:click=move |_| jump(PlayerCommand::Previous)>
                <Icon d="M1 1H2.5V9H1zM9 1L3.5 5L9 9z"/>
            </button>
            <select class="transport-select" aria-label=words::KIND on:change=chosen>{options}</select>
            <button class="button-plain" type="button" aria-label=words::NEXT aria-keyshortcuts="]"
                on:click=move |_| jump(PlayerCommand::Next)>
                <Icon d="M1 1L6.5 5L1 9zM7.5 1H9V9H7.5z"/>
            </button>
        </span>
    }
    .into_any()
}

/// "1.240 s · event 37 of 112", and whose run it is.
#[component]
fn Place(playback: Playback, forking: Option<Forking>) -> impl IntoView {
    let forked = move || {
        let at = forking.and_then(|forking| forking.forked_at.get())?;
        Some(format!(" \u{b7} {} {}", words::FORKED, at.0))
    };
    view! { <span class="transport-place">{move || place_words(playback)} {forked}</span> }
}

fn place_words(playback: Playback) -> String {
    let (moment, end) = (playback.moment().get(), playback.end().get());
    let tick_ms = playback.frame().get().tick.0;
    let (s, ms) = (tick_ms.div_euclid(1_000), tick_ms.rem_euclid(1_000));
    format!("{s}.{ms:03} s \u{b7} {} {} {} {}", words::EVENT, moment.0, words::OF, end.0)
}

#[component]
fn Fork(forking: Forking) -> impl IntoView {
    let is_forked = move || forking.forked_at.get().is_some();
    view! {
        <button class="button-plain transport-fork" type="button" aria-keyshortcuts="F" on:click=move |_| turn(forking)>
            {move || if is_forked() { words::RETURN } else { words::FORK }}
        </button>
    }
    .into_any()
}

/// Forks, or goes back.
fn turn(forking: Forking) {
    match forking.forked_at.get_untracked() {
        None => forking.fork.run(()),
        Some(_) => forking.back.run(()),
    }
}

/// The run as a line of ticks, and where it stands: a slider.
#[component]
fn TrackView(playback: Playback, forked_at: Option<Signal<Option<Moment>>>) -> impl IntoView {
    let track = Memo::new(move |_| {
        let _ = (playback.reel().get(), playback.shows_routine().get());
        playback.with_player(|player| Track::of(player.schedule()))
    });
    let node: NodeRef<Div> = NodeRef::new();
    let thumb: NodeRef<Div> = NodeRef::new();
    let is_held = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(thumb) = thumb.get() else { return };
        let percent = track.with(|track| track.share_of(playback.moment().get())) * 100.0;
        // The thumb's place is the CSSOM's: the content security policy forbids style attributes.
        let _ = web_sys::HtmlElement::style(&thumb).set_property("left", &format!("{}%", number(percent)));
    });
    let seek_to = move |event: &ev::PointerEvent| {
        let Some(node) = node.get_untracked() else { return };
        let bounds = node.get_bounding_client_rect();
        if bounds.width() > 0.0 {
            let share = (f64::from(event.client_x()) - bounds.left()) / bounds.width();
            let moment = track.with_untracked(|track| track.moment_at(share));
            if playback.moment().get_untracked() != moment || playback.playing().get_untracked() {
                playback.seek(moment);
            }
        }
    };
    let press = move |event: ev::PointerEvent| {
        if event.button() == 0 {
            is_held.set(true);
            if let Some(node) = node.get_untracked() {
                // A pointer that is gone already needs no capture.
                let _ = node.set_pointer_capture(event.pointer_id());
            }
            seek_to(&event);
        }
    };
    let paths =
        TickStyle::ALL.map(|style| view! { <path class=style.class() d=move || track.with(|t| t.path(style))></path> });
    let fork = move || {
        let at = forked_at?.get()?;
        let x = track.with(|track| track.share_of(at)) * f64::from(TRACK_WIDTH);
        Some(view! { <path class="tick fork" d=format!("M{} 0V{TRACK_HEIGHT}", number(x))></path> })
    };
    view! {
        <div class="track" role="slider" tabindex="0" node_ref=node
            aria-label=words::TRACK
            aria-valuemin="0"
            aria-valuemax=move || playback.end().get().0.to_string()
            aria-valuenow=move || playback.moment().get().0.to_string()
            aria-valuetext=move || place_words(playback)
            on:keydown=move |event| on_track_key(playback, &event)
            on:pointerdown=press
            on:pointermove=move |event| if is_held.get_untracked() { seek_to(&event) }
            on:pointerup=move |_| is_held.set(false)
            on:pointercancel=move |_| is_held.set(false)
        >
            <svg class="track-ticks" viewBox=format!("0 0 {TRACK_WIDTH} {TRACK_HEIGHT}") preserveAspectRatio="none"
                aria-hidden="true">
                <path class="track-line" d=format!("M0 {}H{TRACK_WIDTH}", TRACK_HEIGHT / 2)></path>
                {paths.into_iter().collect_view()}
                {fork}
            </svg>
            <div class="track-thumb" node_ref=thumb></div>
        </div>
    }
    .into_any()
}

/// A slider's own keys; Home, End and the arrows mean the same everywhere.
fn on_track_key(playback: Playback, event: &ev::KeyboardEvent) {
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

fn on_key(playback: Playback, forking: Option<Forking>, kind: RwSignal<BeatKind>, event: &ev::KeyboardEvent) {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let Some(action) = action_of(&event.key()) else { return };
    if belongs_elsewhere(event, action) {
        return;
    }
    event.prevent_default();
    match action {
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
fn belongs_elsewhere(event: &ev::KeyboardEvent, action: KeyAction) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(target) = target else { return false };
    let is_in = |selector: &str| target.closest(selector).ok().flatten().is_some();
    if is_in("input, textarea, select, dialog, [contenteditable]") {
        return true;
    }
    match action {
        KeyAction::Toggle => is_in("button, a[href], summary, label, [role='button'], [role='tab']"),
        KeyAction::Step | KeyAction::Back | KeyAction::Start | KeyAction::End => is_in("[role='tab'], [role='radio']"),
        KeyAction::Next | KeyAction::Previous | KeyAction::Fork => false,
    }
}
