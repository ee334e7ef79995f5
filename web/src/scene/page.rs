//! The page of a scene: wide, prose at the left and the stage at the right; narrow, the stage on top.

use std::sync::Arc;

use wasm_split_helpers::wasm_split;
use web_sys::Element;

use super::acting::acting;
use super::compare::{listen, picture};
use super::hook::hook_stage;
use super::lab::Lab;
use super::sharing::sharing;
use super::steps::{Step, Steps, step_list};
use crate::content::{Content, Load, SceneText};
use crate::course::SceneId;
use crate::drawer::drawer;
use crate::markup::{El, Markup, NotLoaded, button, el, late, live, many, mount};
use crate::player::{Forking, Moment};
use crate::reactive::*;
use crate::route::{Query, Route};
use crate::words::{acting as acting_words, notices, sandbox, scene as words};

/// A scene, once its content is there.
#[must_use]
pub fn scene_page(scene: SceneId, route: Signal<Route>) -> Markup {
    loaded(scene, move |text| lesson(scene, text, route))
}

/// What opens a scene, without its prose: the front page's.
#[must_use]
pub fn front_stage(scene: SceneId) -> Markup {
    shown(scene, Box::new(move |content| viewed(content.hook(scene), |hook| hook_stage(&hook))))
}

/// A stage of one's own: what a link holds, or a small cluster to begin with.
#[must_use]
pub fn sandbox_page(route: Signal<Route>) -> Markup {
    let lab = Lab::new(SANDBOX);
    lab.playback.seek(Moment(usize::MAX));
    let prose = el("article")
        .class("prose")
        .child(el("h1").attr("tabindex", "-1").child(sandbox::HEADING))
        .child(el("p").class("lead").child(sandbox::LEAD))
        .child(many(sandbox::TEXT.map(|text| el("p").child(text))));
    let base = Route::Sandbox { query: Query::default() };
    el("div").class("scene sandbox").child(prose).child(stage_column(lab, base, route)).into()
}

/// What the sandbox begins with: brokers and clients, and nothing sent.
const SANDBOX: &str = include_str!("../../content/sandbox.lab");

/// Shows a scene's content, or that it is on its way, or that it could not be fetched.
pub(crate) fn loaded(scene: SceneId, body: impl Fn(Arc<SceneText>) -> El + 'static) -> Markup {
    let view = move |content: Content| viewed(content.scene(scene), &body);
    shown(scene, Box::new(view))
}

/// What is shown of what has come; what has not stays as it is.
fn viewed<T>(load: Load<Arc<T>>, body: impl Fn(Arc<T>) -> El) -> Load<El> {
    match load {
        Load::Ready(text) => Load::Ready(untrack(|| body(text))),
        Load::Loading => Load::Loading,
        Load::Failed(problem) => Load::Failed(problem),
    }
}

/// As [`loaded`], of any content of the scene.
fn shown(scene: SceneId, view: Box<dyn Fn(Content) -> Load<El>>) -> Markup {
    let content = Content::use_context();
    let notice = move || el("div").class("page").child(el("h1").attr("tabindex", "-1").child(scene.entry().title));
    live(move || match view(content) {
        Load::Ready(view) => view,
        Load::Loading => notice().child(el("p").attr("role", "status").child(notices::LOADING)),
        Load::Failed(problem) => {
            let said = el("p").attr("role", "alert").child(notices::NOT_LOADED).child(" ");
            let again = button("button", notices::AGAIN).on_click(move || content.again(scene));
            notice().child(said.child(el("code").child(problem.0))).child(again)
        }
    })
}

fn lesson(scene: SceneId, text: Arc<SceneText>, route: Signal<Route>) -> El {
    let lab = Lab::new(&text.script);
    let kicker = match scene.offset() {
        Some(offset) => format!("offset {offset} \u{b7} scene {scene} \u{b7} {} {}", text.minutes, words::MINUTES),
        None => format!("{} {}", text.minutes, words::MINUTES),
    };
    let (title, lead) = (text.title.clone(), text.lead.clone());
    let hook = text.hook.clone();
    let steps = Steps::new(lab, scene, text, route);
    steps.open(steps.current.get_untracked(), false);
    let linked = memo(move || route.with(linked_moment));
    if let Some(moment) = linked.get_untracked() {
        lab.playback.seek(moment);
    }
    // A link may be opened on a page that is there already.
    effect(move || {
        if let Some(moment) = linked.get() {
            untrack(|| lab.playback.seek(moment));
        }
    });
    #[cfg(feature = "csr")]
    {
        effect(move || crate::shell::panic::remember_moment(lab.lesson_moment().0));
        if route.with_untracked(|route| matches!(route, Route::Scene { beat: Some(_), .. })) {
            request_animation_frame(focus_beat);
        }
        let shown = std::cell::Cell::new(None);
        effect(move || {
            let step = steps.current.get();
            if shown.replace(Some(step)).is_some_and(|before| before != step) {
                // A link to a moment of the step stands there; else the step is played.
                let linked = linked.get_untracked();
                untrack(|| steps.open(step, linked.is_none()));
                linked.into_iter().for_each(|moment| lab.playback.seek(moment));
                request_animation_frame(focus_beat);
            }
        });
    }
    let prose = el("article")
        .class("prose")
        .child(el("p").class("kicker").child(kicker))
        .child(el("h1").attr("tabindex", "-1").child(title))
        .child(el("p").class("lead").child(lead))
        .child(step_list(steps));
    let at_hook = memo(move || steps.current.get() == Step::Hook);
    let column = move || match hook.as_ref().filter(|_| at_hook.get()) {
        Some(hook) => untrack(|| hook_stage(hook)),
        None => untrack(|| stage_column(lab, Route::scene(scene), route)),
    };
    el("div").class("scene").child(prose).child(live(column))
}

/// The moment that a link names: `#/tracer/pull?at=120`.
fn linked_moment(route: &Route) -> Option<Moment> {
    match route {
        Route::Scene { query, .. } => query.get("at")?.parse().ok().map(Moment),
        _ => None,
    }
}

/// The stage, the transport under it, what can be done, and the drawer. `base`: the page that links lead to.
pub(crate) fn stage_column(lab: Lab, base: Route, route: Signal<Route>) -> El {
    let forking = Forking {
        forked_at: Signal::derive(move || lab.left_lesson_at()),
        fork: Callback::new(move |()| {
            lab.act(&[]);
        }),
        back: Callback::new(move |()| lab.back_to_lesson()),
        is_sandbox: is_sandbox(&base),
    };
    let picture = picture(lab, Some(forking), true);
    el("section").class("stage-column").attr("aria-label", words::STAGE).child(picture).child(panels(lab, base, route))
}

/// What is forked there is no lesson.
fn is_sandbox(base: &Route) -> bool {
    matches!(base, Route::Sandbox { .. } | Route::Checker { .. })
}

/// What stands under the stage, once something was seen: its code is fetched when the page runs.
pub(crate) fn panels(lab: Lab, base: Route, route: Signal<Route>) -> El {
    late("stage-late", move |place, owner| panels_into(place, owner, lab, base.clone(), route))
}

#[wasm_split(panels, fallible)]
fn panels_into(place: Element, owner: Owner, lab: Lab, base: Route, route: Signal<Route>) -> Result<(), NotLoaded> {
    owner.with(|| listen(lab));
    owner.with(|| {
        mount(
            &place,
            many([
                acting(lab, if is_sandbox(&base) { sandbox::BACK } else { acting_words::BACK })
                    .child(sharing(lab, base, route)),
                drawer(lab),
            ]),
        )
    });
    Ok(())
}

/// The open step's heading gets the focus, so that who reads with the ears hears where they are, and comes into view.
#[cfg(feature = "csr")]
fn focus_beat() {
    use wasm_bindgen::JsCast;
    let find = |selector| document().query_selector(selector).ok().flatten();
    let heading = find(".beat.open h2").and_then(|heading| heading.dyn_into::<web_sys::HtmlElement>().ok());
    let Some(heading) = heading else { return };
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    // A heading that can't be focused is still there to be read.
    let _ = heading.focus_with_options(&options);
    // On narrow screens the stage lies over the top of the prose, on wide ones the header.
    let is_over = |element: &web_sys::Element| element.get_bounding_client_rect().left() <= 1.0;
    let over = [find(".header"), find(".stage-top")].into_iter().flatten().filter(is_over);
    let covered = over.map(|element| element.get_bounding_client_rect().bottom()).fold(0.0, f64::max);
    let top = heading.get_bounding_client_rect().top();
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::MAX);
    if top < covered || top > height * MOST_OF_THE_WINDOW {
        window().scroll_by_with_x_and_y(0.0, top - covered - HEADING_GAP_PX);
    }
}

/// A heading further down than this has too little of its text in view.
#[cfg(feature = "csr")]
const MOST_OF_THE_WINDOW: f64 = 0.6;
/// What stays free above a heading that was scrolled to.
#[cfg(feature = "csr")]
const HEADING_GAP_PX: f64 = 16.0;
