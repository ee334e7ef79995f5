//! Space-time: who there is, what travels between them and what happens where, up to the moment that is shown and as
//! far as it has been seen. What is still to come is not told: it would answer the questions of the lesson.

mod geometry;
mod picture;

use std::sync::Arc;

use kafka_lab::frame::{SpaceTime, SpaceTimeWindow, chain};
use kafka_lab::ids::EventId;
use kafka_lab::timeline::BranchId;
use kafka_lab::words;
use wasm_bindgen::JsCast;
use wasm_split_helpers::wasm_split;
use web_sys::{Element, Event, EventTarget, HtmlElement, KeyboardEvent, MouseEvent, SvgElement};

use geometry::{At, Geometry, Time};
use picture::{Thing, lanes, times};

use crate::markup::{
    El, Item, Markup, NotLoaded, button, each, el, late, listen_to_window, live, many, mount, svg, text,
};
use crate::player::{Moment, Schedule};
use crate::reactive::*;
use crate::scene::{Lab, sentence_view};
use crate::stage::element::number;
use crate::words::{drawer as drawer_words, space_time as say};

/// So many things are drawn before the moment that is shown, and a quarter as many after it.
const THINGS_MOST: usize = 120;
/// Narrower than this, time goes down.
const ACROSS_FROM_PX: f64 = 560.0;

/// The panel; its code is fetched when it is first opened. `to_why` opens the panel that tells the chain.
pub(super) fn space_time(lab: Lab, to_why: Callback<()>) -> El {
    late("spacetime", move |place, owner| space_time_into(place, owner, lab, to_why))
}

#[wasm_split(spacetime, fallible)]
fn space_time_into(place: Element, owner: Owner, lab: Lab, to_why: Callback<()>) -> Result<(), NotLoaded> {
    let width_px = f64::from(place.client_width());
    owner.with(|| mount(&place, Panel::new(lab, &place, width_px).view(to_why)));
    Ok(())
}

/// A handle that is copied freely.
#[derive(Clone, Copy)]
struct Panel {
    lab: Lab,
    routine: RwSignal<bool>,
    /// Where the reader looks, if not at the moment that is shown.
    around: RwSignal<Option<usize>>,
    window: Memo<SpaceTimeWindow>,
    geometry: Memo<Geometry>,
    /// The event that the drawer speaks of with its causes; nothing while the run plays.
    chain: Memo<(Option<EventId>, Vec<EventId>)>,
    /// The one thing that the Tab key reaches.
    stop: RwSignal<Option<String>>,
}

impl Panel {
    fn new(lab: Lab, place: &Element, width_px: f64) -> Self {
        let (routine, around) = (RwSignal::new(false), RwSignal::new(None::<usize>));
        let width = RwSignal::new(width_px);
        let measured = StoredValue::new_local(place.clone());
        listen_to_window("resize", move |_: Event| {
            width.set(measured.with_value(|place| f64::from(place.client_width())));
        });
        let moment = lab.playback.moment();
        let diagram = memo(move || Arc::new(SpaceTime::of(&lab.run())));
        // How far this run has been seen since the panel was opened.
        let seen = Memo::new(move |before: Option<&(BranchId, usize)>| {
            let (branch, now) = (lab.branch(), moment.get().0);
            let before = before.filter(|(of, _)| *of == branch).map_or(0, |(_, seen)| *seen);
            (branch, before.max(now))
        });
        effect(move || {
            moment.track();
            around.set(None);
        });
        let window = memo(move || {
            let around = around.get().unwrap_or_else(|| moment.get().0);
            diagram.get().window(around, seen.get().1, THINGS_MOST, routine.get())
        });
        let clock = memo(move || Arc::new(Schedule::of(lab.playback.reel().get().beats, routine.get())));
        let geometry = memo(move || {
            let time = if width.get() < ACROSS_FROM_PX { Time::Down } else { Time::Across };
            window.with(|window| Geometry::new(window, clock.get(), time, width.get()))
        });
        let chain = memo(move || {
            let event = if lab.playback.playing().get() { None } else { lab.event().map(|event| event.id) };
            (event, event.map(|event| chain(&lab.run(), event)).unwrap_or_default())
        });
        Panel { lab, routine, around, window, geometry, chain, stop: RwSignal::new(None) }
    }

    fn view(self, to_why: Callback<()>) -> Markup {
        let ticked = el("input").attr("type", "checkbox").checked(move || self.routine.get());
        let ticked = ticked.on("change", move |event: Event| self.routine.set(event_target_checked(&event)));
        let turns = self.geometry;
        let is_down = memo(move || turns.with(|geometry| geometry.time == Time::Down));
        many([
            el("label").class("story-routine").child(ticked).child(drawer_words::ROUTINE).into(),
            self.said(to_why).into(),
            el("div")
                .class("spacetime-frame")
                .class_if("down", move || is_down.get())
                .child(live(move || self.names()))
                .child(self.scrolled())
                .into(),
            live(move || self.further()),
            self.in_words().into(),
        ])
    }

    /// The event that the drawer speaks of, and the way to why.
    fn said(self, to_why: Callback<()>) -> El {
        let sentence = move || match self.lab.event() {
            Some(event) => sentence_view(words::story(&event)),
            None => drawer_words::NOTHING_YET.into(),
        };
        let why = button("button-plain", say::WHY).on_click(move || to_why.run(()));
        el("p").class("spacetime-said").child(el("span").child(live(sentence))).child(" ").child(why)
    }

    /// Who there is, at the beginning of their lines.
    fn names(self) -> El {
        let (ends, whole) = self.geometry.with(|geometry| (geometry.ends.clone(), geometry.has_room_for_names()));
        let names = ends.into_iter().map(|end| {
            let name = words::endpoint_name(end);
            if whole {
                el("li").child(name)
            } else {
                el("li").child(el("abbr").attr("title", name.clone()).child(short(&name)))
            }
        });
        el("ol").class("spacetime-names").child(many(names))
    }

    fn scrolled(self) -> El {
        let things = move || {
            let geometry = self.geometry.get();
            let run = self.lab.run();
            let branch = self.lab.branch().0;
            let things = self.window.with(Thing::all);
            let items = things.into_iter().map(|thing| {
                let place = geometry.along(Moment(0));
                let key = format!("{branch} {} {} {}", thing.key, number(place), number(geometry.size().across));
                let open = matches!(&thing.what, picture::What::Message(line) if line.ended.is_none());
                // What is on its way is drawn to the edge, which moves.
                let key = if open { format!("{key} {}", number(geometry.size().along)) } else { key };
                let (geometry, run) = (geometry.clone(), Arc::clone(&run));
                Item::new(key, move || self.thing(&thing, &geometry, thing.label(&run)))
            });
            items.collect()
        };
        let back = move || {
            let geometry = self.geometry.get();
            many([lanes(&geometry), self.window.with(|window| times(window, &geometry))])
        };
        let size =
            move |of: fn((f64, f64)) -> f64| self.geometry.with(|geometry| number(of(geometry.xy(geometry.size()))));
        let now = move || {
            self.geometry.with(|geometry| {
                let along = geometry.along(self.lab.playback.moment().get());
                let edge = |across| geometry.point(At { along: along + 5.0, across });
                format!("M{}L{}", edge(0.0), edge(geometry.size().across))
            })
        };
        let picture = svg("svg")
            .class("spacetime-svg")
            .attr("role", "group")
            .attr("aria-label", say::LABEL)
            .live_attr("width", move || size(|(x, _)| x))
            .live_attr("height", move || size(|(_, y)| y))
            .on("click", move |event: MouseEvent| self.choose(&key_of(event.target())))
            .on("keydown", move |event: KeyboardEvent| self.on_key(&event))
            .child(svg("g").child(live(back)))
            .child(svg("path").class("now").attr("aria-hidden", "true").live_attr("d", now))
            .child(svg("g").child(each(things)));
        el("div").class("spacetime-scroll").child(picture).made(move |place| self.keep_in_view(place))
    }

    fn thing(self, thing: &Thing, geometry: &Geometry, label: String) -> El {
        let (of_chain, of_current, key) = (thing.clone(), thing.clone(), thing.key.clone());
        thing
            .draw(geometry, label)
            .class_if("in-chain", move || {
                self.chain.with(|(_, chain)| chain.iter().any(|event| of_chain.is_of(*event)))
            })
            .live_attr("aria-current", move || {
                self.chain.with(|(event, _)| event.is_some_and(|event| of_current.is_of(event))).then_some("true")
            })
            .live_attr("tabindex", move || if self.stop().as_deref() == Some(&key) { "0" } else { "-1" })
    }

    /// Where the Tab key enters: where it was last, or at the newest thing.
    fn stop(self) -> Option<String> {
        let stop = self.stop.get();
        self.window.with(|window| {
            let things = Thing::all(window);
            let kept = things.iter().position(|thing| Some(&thing.key) == stop.as_ref());
            things.get(kept.unwrap_or_else(|| things.len().saturating_sub(1))).map(|thing| thing.key.clone())
        })
    }

    fn choose(self, key: &Option<String>) {
        let things = self.window.with_untracked(Thing::all);
        let Some(thing) = things.iter().find(|thing| Some(&thing.key) == key.as_ref()) else { return };
        let event = thing.choice(untrack(|| self.lab.chosen()));
        self.stop.set(Some(thing.key.clone()));
        self.lab.choose(event);
    }

    fn on_key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Some(key) = key_of(event.target()) else { return };
        let things = self.window.with_untracked(Thing::all);
        let Some(here) = things.iter().position(|thing| thing.key == key) else { return };
        let is_down = self.geometry.with_untracked(|geometry| geometry.time == Time::Down);
        let next = match (event.key().as_str(), is_down) {
            ("Enter" | " ", _) => {
                self.choose(&Some(key));
                None
            }
            ("ArrowRight", false) | ("ArrowDown", true) => things.get(here + 1),
            ("ArrowLeft", false) | ("ArrowUp", true) => here.checked_sub(1).and_then(|before| things.get(before)),
            ("ArrowUp", false) | ("ArrowLeft", true) => self.beside(&things, here, false),
            ("ArrowDown", false) | ("ArrowRight", true) => self.beside(&things, here, true),
            ("Home", _) => things.first(),
            ("End", _) => things.last(),
            ("Escape", _) => {
                blur(event.target());
                None
            }
            _ => return,
        };
        event.prevent_default();
        // The arrows of the transport must not hear it too.
        event.stop_propagation();
        if let Some(next) = next {
            self.stop.set(Some(next.key.clone()));
            focus(&next.key);
        }
    }

    /// The nearest thing on the line of another end: the next one that way.
    fn beside(self, things: &[Thing], here: usize, after: bool) -> Option<&Thing> {
        self.geometry.with_untracked(|geometry| {
            let place = |thing: &Thing| geometry.across(thing.end());
            let (from, along) = (place(&things[here]), geometry.of_event(things[here].event()));
            let is_that_way = |thing: &&Thing| if after { place(thing) > from } else { place(thing) < from };
            let far = |thing: &Thing| {
                (place(thing) - from).abs() * 1_000.0 + (geometry.of_event(thing.event()) - along).abs()
            };
            things.iter().filter(is_that_way).min_by(|one, other| far(one).total_cmp(&far(other)))
        })
    }

    /// Ways to what lies before and after what is drawn.
    fn further(self) -> Option<El> {
        let window = self.window.get();
        let to = move |label, around: usize| button("button", label).on_click(move || self.around.set(Some(around)));
        let before = window.more_before.then(|| to(say::EARLIER, window.from));
        let after = window.more_after.then(|| to(say::LATER, window.to + THINGS_MOST));
        let any = before.is_some() || after.is_some();
        any.then(|| el("p").class("spacetime-further").child(before).child(after))
    }

    /// The diagram in words, for who does not see it and for who would rather read.
    fn in_words(self) -> El {
        let is_open = RwSignal::new(false);
        let told = move || {
            if !is_open.get() {
                return String::new();
            }
            self.window.with(|window| words::describe_space_time(window, &self.lab.run()))
        };
        el("details")
            .class("spacetime-words")
            .on("toggle", move |event: Event| {
                let list = event.target().and_then(|list| list.dyn_into::<Element>().ok());
                is_open.set(list.is_some_and(|list| list.has_attribute("open")));
            })
            .child(el("summary").child(say::IN_WORDS))
            .child(el("p").class("spacetime-told").child(text(told)))
    }

    /// Scrolls so that the moment that is shown is in view.
    fn keep_in_view(self, place: &Element) {
        let place: HtmlElement = place.clone().unchecked_into();
        effect(move || {
            let moment = self.lab.playback.moment().get();
            let (along, time) = self.geometry.with(|geometry| (geometry.along(moment), geometry.time));
            let place = place.clone();
            request_animation_frame(move || reveal(&place, along, time));
        });
    }
}

/// "b1" for "broker 1", "p1" for "producer p1".
fn short(name: &str) -> String {
    let last = name.rsplit(' ').next().unwrap_or(name);
    let is_number = last.starts_with(|letter: char| letter.is_ascii_digit());
    name.chars().take(usize::from(is_number)).chain(last.chars()).collect()
}

fn reveal(place: &HtmlElement, along: f64, time: Time) {
    const MARGIN: f64 = 40.0;
    #[expect(clippy::cast_possible_truncation, reason = "a place on a screen")]
    match time {
        Time::Across => {
            let (from, width) = (f64::from(place.scroll_left()), f64::from(place.client_width()));
            if along < from + MARGIN || along > from + width - MARGIN {
                place.set_scroll_left((along - width * 0.75).round() as i32);
            }
        }
        Time::Down => {
            // The panel scrolls, not the picture.
            let Ok(Some(panel)) = place.closest(".drawer-panel") else { return };
            let (top, view) = (place.get_bounding_client_rect().top(), panel.get_bounding_client_rect());
            let y = top + along;
            if y < view.top() + MARGIN || y > view.bottom() - MARGIN {
                let to = f64::from(panel.scroll_top()) + y - view.top() - view.height() * 0.75;
                panel.set_scroll_top(to.round() as i32);
            }
        }
    }
}

/// The key of the thing around an event's target.
fn key_of(target: Option<EventTarget>) -> Option<String> {
    let element: Element = target?.dyn_into().ok()?;
    element.closest("g[data-key]").ok()??.get_attribute("data-key")
}

fn focus(key: &str) {
    let found = document().query_selector(&format!(".spacetime-svg [data-key=\"{key}\"]")).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<SvgElement>().ok()) {
        // What can't have the focus leaves it where it is.
        let _ = element.focus();
    }
}

fn blur(target: Option<EventTarget>) {
    if let Some(element) = target.and_then(|target| target.dyn_into::<SvgElement>().ok()) {
        // Without the focus the arrow keys play again.
        let _ = element.blur();
    }
}
