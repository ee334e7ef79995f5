//! What a frame shows, and how it follows its address and the page around it.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::host::Host;
use super::message::{self, Given, Load, Order, Place};
use super::options::{Options, Panels};
use super::problem::{Expected, Problem, Wrong};
use super::report::{Progress, Seen, State, ready};
use super::value::{Value, fields};
use super::words;
use crate::content::SceneText;
use crate::course::SceneId;
use crate::links;
use crate::markup::{El, el, live, many, mount};
use crate::player::{Forking, Moment};
use crate::reactive::*;
use crate::route::{Query, Route};
use crate::scene::{Lab, Steps, loaded, panels as drawer_panels, pause, picture, said_of, step_list};
use crate::stage::wants_motion;
use crate::words::scene as scene_words;

/// While a run plays, its state is told this often.
const STATE_EVERY_MS: f64 = 250.0;
/// Orders that wait for a scene that is on its way.
const WAITING_MOST: usize = 16;

/// A frame at work. A handle that is copied freely.
#[derive(Clone, Copy)]
struct Session {
    host: Host,
    route: Signal<Route>,
    options: Memo<Options>,
    shown: StoredValue<Option<Shown>>,
    /// With the ids of the messages that they came in.
    waiting: StoredValue<Vec<(Value, Order)>>,
    /// The address changes because the page around said so, not by the reader's hand.
    is_led: StoredValue<bool>,
}

/// The scene that is there now.
#[derive(Clone, Copy)]
struct Shown {
    lab: Lab,
    steps: Steps,
    since_ms: f64,
}

/// What a frame is built of; another one is built anew.
#[derive(Clone, Debug, PartialEq)]
enum View {
    Scene { scene: SceneId, panels: Panels, controls: bool },
    Nowhere { wanted: String },
}

/// Builds the frame's page in `place`, and listens to the page around it.
pub(super) fn begin(place: &Element, route: Signal<Route>) {
    provide_context(links::Frame { shown: route, step });
    let options = memo(move || route.with(options_of).0);
    let (shown, waiting, is_led) = (StoredValue::new(None), StoredValue::new(Vec::new()), StoredValue::new(false));
    let origin = options.with_untracked(|options| options.origin.clone());
    let host = Host::listen(origin, move |host, heard| {
        Session { host, route, options, shown, waiting, is_led }.hear(heard);
    });
    let session = Session { host, route, options, shown, waiting, is_led };
    effect(move || options.with(apply));
    effect(move || {
        for problem in route.with(options_of).1 {
            host.report(&problem, &Value::Nothing);
        }
    });
    let view = memo(move || view_of(&route.get(), &options.get()));
    let page = move || {
        shown.set_value(None);
        match view.get() {
            View::Scene { scene, panels, controls } => {
                loaded(scene, move |text| scene_page(session, scene, text, panels, controls))
            }
            View::Nowhere { wanted } => nowhere(host, wanted).into(),
        }
    };
    mount(place, many([live(move || options.with(english_only)), live(page)]));
    host.follow_height(place);
}

fn options_of(route: &Route) -> (Options, Vec<Problem>) {
    match route {
        Route::Embed { query, .. } => Options::of(query),
        _ => (Options::default(), Vec::new()),
    }
}

fn view_of(route: &Route, options: &Options) -> View {
    match route {
        Route::Embed { scene, .. } if scene.is_written() => {
            View::Scene { scene: *scene, panels: options.panels, controls: options.controls }
        }
        other => View::Nowhere { wanted: other.to_string() },
    }
}

/// Paper and size of text, on the whole document.
fn apply(options: &Options) {
    let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
    let Some(root) = root else { return };
    // `<html>` takes any attribute and any size; "auto" is no theme of the style sheet, so the system's holds.
    let _ = root.set_attribute("data-theme", options.theme.name());
    let _ = root.style().set_property("font-size", &format!("{}%", options.text_percent));
}

fn english_only(options: &Options) -> Option<El> {
    let (before, after) = words::ENGLISH_ONLY;
    let tag = options.other_language.as_ref()?;
    Some(el("p").class("note embed-note").child(format!("{before}{tag}{after}")))
}

/// The page for an address that shows no scene: what was asked for, what could be.
fn nowhere(host: Host, wanted: String) -> El {
    let stages = SceneId::written().map(|scene| Route::Embed { scene, query: Query::default() });
    let stages: Vec<String> = stages.map(|route| route.to_string()).collect();
    let links =
        stages.clone().into_iter().map(|stage| el("li").child(el("a").attr("href", stage.clone()).child(stage)));
    host.report(&Problem::value("address", wanted.clone(), Expected::Either(stages)), &Value::Nothing);
    el("div")
        .class("page")
        .child(el("h1").child(words::HEADING))
        .child(el("p").child(words::WANTED).child(el("code").class("wanted").child(wanted)).child("."))
        .child(el("p").child(words::EXPECTED))
        .child(el("ul").child(many(links)))
}

/// The stage, and what of the lab was asked for beside it.
fn scene_page(session: Session, scene: SceneId, text: Arc<SceneText>, panels: Panels, controls: bool) -> El {
    let lab = Lab::new(&text.script);
    let title = el("h1").child(text.title.clone());
    let lead = el("p").class("lead").child(text.lead.clone());
    let own = Signal::derive(move || session.route.with(place_in_lab));
    // A frame begins with the first beat: the hook is a page of its own.
    let text = Arc::new(SceneText { hook: None, ..SceneText::clone(&text) });
    let steps = Steps::new(lab, scene, text, own);
    let shown = Shown { lab, steps, since_ms: now_ms() };
    session.stand(shown, session.options.with_untracked(|options| options.autoplay));
    session.shown.set_value(Some(shown));
    session.tell_what_happens(scene, shown, panels);

    let forking = panels.drawer.then(|| Forking {
        forked_at: Signal::derive(move || lab.left_lesson_at()),
        fork: Callback::new(move |()| {
            lab.act(&[]);
        }),
        back: Callback::new(move |()| lab.back_to_lesson()),
        is_sandbox: false,
    });
    let column = el("section")
        .class("stage-column")
        .attr("aria-label", scene_words::STAGE)
        .child(picture(lab, forking, controls))
        .child(panels.drawer.then(|| drawer_panels(lab, Route::scene(scene), own)));
    if panels.prose {
        let prose = el("article").class("prose").child(title).child(lead).child(step_list(steps));
        el("div").class("scene").child(prose).child(column)
    } else {
        el("div").child(title.class("unseen")).child(column)
    }
}

/// The same place on the lab's own page, without the run: that is played here.
fn place_in_lab(route: &Route) -> Route {
    match route {
        Route::Embed { scene, query } => {
            let beat = query.get("beat").filter(|beat| !beat.is_empty()).map(str::to_owned);
            Route::Scene { scene: *scene, beat, query: Query::default() }
        }
        other => other.clone(),
    }
}

/// The address of a step of the scene that a frame shows; everything else that its address asks for stays.
fn step(shown: &Route, beat: Option<&str>) -> Route {
    match shown {
        Route::Embed { scene, query } => Route::Embed { scene: *scene, query: at_beat(query, beat) },
        other => other.clone(),
    }
}

fn at_beat(query: &Query, beat: Option<&str>) -> Query {
    with(&with(&with(query, "run", None), "at", None), "beat", beat)
}

/// The same with one value of this name, or none.
fn with(query: &Query, name: &str, value: Option<&str>) -> Query {
    let others = query.0.iter().filter(|(key, _)| key != name).cloned();
    Query(others.chain(value.map(|value| (name.to_owned(), value.to_owned()))).collect())
}

/// Milliseconds of the browser's clock.
fn now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

impl Session {
    fn hear(self, said: &Value) {
        let heard = message::read(said);
        for problem in &heard.problems {
            self.host.report(problem, &heard.id);
        }
        if let Some(order) = heard.order {
            self.carry_out(heard.id, order);
        }
    }

    fn carry_out(self, id: Value, order: Order) {
        match (order, self.shown.get_value()) {
            (Order::Theme(theme), _) => self.go(|query| with(query, "theme", Some(theme.name()))),
            (Order::Load(Load { scene: Some(scene), beat, given }), _) if Some(scene) != self.scene() => {
                self.shown.set_value(None);
                self.later(id, given);
                let query = at_beat(&self.query(), beat.as_deref());
                self.go_to(&Route::Embed { scene, query });
            }
            (order, None) => self.waiting.update_value(|waiting| {
                if waiting.len() < WAITING_MOST {
                    waiting.push((id, order));
                }
            }),
            (Order::Load(load), Some(shown)) => self.load(shown, id, load),
            (Order::Seek(place), Some(shown)) => self.seek(shown, &id, place),
            (Order::Play, Some(shown)) => shown.lab.playback.play(),
            (Order::Pause, Some(shown)) => pause(shown.lab),
        }
    }

    /// A run to be shown once the place is there that it was asked for with.
    fn later(self, id: Value, given: Option<Given>) {
        let given = given.map(|given| (id, Order::Load(Load { given: Some(given), ..Load::default() })));
        self.waiting.update_value(|waiting| waiting.extend(given));
    }

    fn load(self, shown: Shown, id: Value, load: Load) {
        let Load { scene, beat, given } = load;
        let beat = beat.filter(|beat| self.is_known(shown, "load.beat", beat, &id));
        if scene.is_some() || beat.is_some() {
            let before = self.route.get_untracked();
            self.later(id, given);
            let wanted = at_beat(&self.query(), beat.as_deref());
            if wanted == self.query() {
                self.stand(shown, self.options.with_untracked(|options| options.autoplay));
            } else if let Route::Embed { scene, .. } = before {
                self.go_to(&Route::Embed { scene, query: wanted });
            }
        } else if let Some(given) = given {
            self.play_given(shown, &id, &given);
        }
    }

    fn seek(self, shown: Shown, id: &Value, place: Place) {
        let playback = shown.lab.playback;
        match place {
            Place::Moment(moment) => {
                let end = playback.end().get_untracked();
                if moment > end.0 {
                    let expected = Expected::Count { most: end.0 };
                    self.host.report(&Problem::value("seek.moment", moment.to_string(), expected), id);
                }
                playback.seek(Moment(moment));
            }
            Place::Beat(beat) if self.is_known(shown, "seek.beat", &beat, id) => {
                let names = shown.steps.names();
                let at = names.iter().position(|name| *name == beat).unwrap_or(names.len());
                shown.lab.back_to_lesson();
                playback.seek(shown.steps.begins(at));
            }
            Place::Beat(_) => {}
        }
    }

    /// Whether the scene has a step of this name; says so if not.
    fn is_known(self, shown: Shown, place: &str, beat: &str, id: &Value) -> bool {
        let names = shown.steps.all_names();
        let is_known = names.iter().any(|name| name == beat);
        if !is_known {
            self.host.report(&Problem::value(place, beat, Expected::Either(names)), id);
        }
        is_known
    }

    fn play_given(self, shown: Shown, id: &Value, given: &Given) {
        let report = |place: &str, wrong| self.host.report(&Problem { place: place.to_owned(), wrong }, id);
        match given {
            Given::Script(script) => {
                for problem in shown.lab.play_text(script) {
                    report("load.script", Wrong::Line(problem));
                }
                shown.lab.playback.seek(Moment::START);
            }
            Given::Run(run) => {
                for note in shown.lab.play_link(run) {
                    report("load.run", Wrong::Link(said_of(&note)));
                }
            }
        }
        if self.options.with_untracked(|options| options.autoplay) && wants_motion() {
            shown.lab.playback.play();
        }
    }

    /// Stands where the address says; plays from there, if it does.
    fn stand(self, shown: Shown, plays: bool) {
        let options = self.options.get_untracked();
        let (lab, playback) = (shown.lab, shown.lab.playback);
        let plays = plays && wants_motion();
        if options.panels.prose {
            shown.steps.open(shown.steps.current.get_untracked(), plays && options.at.is_none());
        } else {
            lab.back_to_lesson();
            playback.seek(shown.steps.current_begins());
        }
        options.at.into_iter().for_each(|at| playback.seek(Moment(at)));
        if plays && !options.panels.prose {
            playback.play();
        }
        if let Some(run) = options.run {
            self.play_given(shown, &Value::Nothing, &Given::Run(run));
        }
        if let Some(beat) = &options.beat {
            self.is_known(shown, "?beat", beat, &Value::Nothing);
        }
        for (id, order) in self.waiting.try_update_value(std::mem::take).unwrap_or_default() {
            match order {
                Order::Load(Load { scene: None, beat: None, given: Some(given) }) => {
                    self.play_given(shown, &id, &given);
                }
                order => self.carry_out(id, order),
            }
        }
    }

    /// Tells the host that the scene is there, and then of all that changes.
    fn tell_what_happens(self, scene: SceneId, shown: Shown, panels: Panels) {
        let (lab, all) = (shown.lab, shown.steps);
        let names = all.names();
        let borders: Vec<usize> = (0..=names.len()).map(|beat| all.begins(beat).0).collect();
        let end = borders.last().copied().unwrap_or_default();
        let told = names.clone();
        effect(move || self.host.tell("ready", ready(scene, told.clone(), end)));
        self.follow_address(shown, panels);
        let steps = Seen::none_of(borders.clone());
        let last = RefCell::new(None::<(f64, State)>);
        effect(move || {
            let by_moment = || steps.at(lab.lesson_moment().0).and_then(|at| names.get(at).cloned());
            let state = State {
                scene,
                beat: if panels.prose { all.current_name() } else { by_moment() },
                moment: lab.playback.moment().get().0,
                end: lab.playback.end().get().0,
                playing: lab.playback.playing().get(),
                forked: lab.is_forked(),
            };
            let now_ms = now_ms();
            let goes_on = |(at_ms, before): &(f64, State)| {
                let moved_on = State { moment: state.moment, ..before.clone() };
                *before == state || state.playing && moved_on == state && now_ms - at_ms < STATE_EVERY_MS
            };
            if !last.borrow().as_ref().is_some_and(goes_on) {
                self.host.tell("state", state.fields());
                last.replace(Some((now_ms, state)));
            }
        });
        self.tell_progress(scene, shown, panels, borders);
    }

    fn tell_progress(self, scene: SceneId, shown: Shown, panels: Panels, borders: Vec<usize>) {
        let (lab, steps) = (shown.lab, shown.steps);
        let count = borders.len().saturating_sub(1);
        let seen = RefCell::new(Seen::none_of(borders));
        let was_playing = Cell::new(false);
        let told = RefCell::new(None::<Progress>);
        let is_completed = Cell::new(false);
        effect(move || {
            let (moment, playing) = (lab.playback.moment().get(), lab.playback.playing().get());
            let played = was_playing.replace(playing) || playing;
            if !lab.is_forked() {
                seen.borrow_mut().note(moment.0, played);
            }
            let (questions, answered, right) = if panels.prose { steps.score() } else { (0, 0, 0) };
            let progress = Progress { scene, beats: count, seen: seen.borrow().count(), questions, answered, right };
            if told.borrow().as_ref() == Some(&progress) {
                return;
            }
            self.host.tell("progress", progress.fields());
            if progress.is_complete() && !is_completed.replace(true) {
                let seconds = (now_ms() - shown.since_ms) / 1_000.0;
                let statement = progress.statement(address_of(scene), seconds);
                let said = [("scene", scene.to_string().into()), ("statement", statement)];
                self.host.tell("completed", fields(said));
            }
            told.replace(Some(progress));
        });
    }

    /// Goes where the address leads, when it changes.
    fn follow_address(self, shown: Shown, panels: Panels) {
        let place = memo(move || self.options.with(|options| (options.beat.clone(), options.at, options.run.clone())));
        let is_first = Cell::new(true);
        effect(move || {
            // Read, not only tracked: a memo that nobody reads follows nothing.
            let _ = place.get();
            if !is_first.replace(false) {
                // A step that is opened plays, as in the lab.
                let plays = panels.prose || self.options.with_untracked(|options| options.autoplay);
                untrack(|| self.stand(shown, plays));
                if !self.is_led.try_update_value(std::mem::take).unwrap_or_default() {
                    request_animation_frame(focus_step);
                }
            }
        });
    }

    fn scene(self) -> Option<SceneId> {
        self.route.with_untracked(|route| match route {
            Route::Embed { scene, .. } => Some(*scene),
            _ => None,
        })
    }

    fn query(self) -> Query {
        self.route.with_untracked(|route| match route {
            Route::Embed { query, .. } => query.clone(),
            _ => Query::default(),
        })
    }

    /// To the same scene, asked for otherwise.
    fn go(self, change: impl FnOnce(&Query) -> Query) {
        if let Some(scene) = self.scene() {
            self.go_to(&Route::Embed { scene, query: change(&self.query()) });
        }
    }

    /// Changes the address, and leaves no trace in the history of the page around.
    fn go_to(self, route: &Route) {
        self.is_led.set_value(true);
        // A fragment is no other page: nothing forbids it.
        let _ = window().location().replace(&route.to_string());
    }
}

/// The address of the scene's own page, beside the one that the frame was loaded from.
fn address_of(scene: SceneId) -> String {
    let href = window().location().href().unwrap_or_default();
    let page = href.split(['#', '?']).next().unwrap_or_default();
    let folder = page.rsplit_once('/').map_or(page, |(folder, _)| folder);
    format!("{folder}/{scene}/")
}

/// Who reads on in the frame goes on at the step that is open.
fn focus_step() {
    let heading = document().query_selector(".beat.open h2").ok().flatten();
    let heading = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok());
    if let Some(heading) = heading {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        // A heading that can't be focused is still there to be read.
        let _ = heading.focus_with_options(&options);
    }
}
