//! The page of a scene: wide, prose at the left and the stage at the right; narrow, the stage on top.

use std::sync::Arc;

use leptos::prelude::*;

use super::acting::Acting;
use super::beats::{BeatList, Beats};
use super::lab::Lab;
use crate::content::{Content, Load, SceneText};
use crate::course::SceneId;
use crate::drawer::Drawer;
use crate::player::{Forking, Moment, Transport};
use crate::route::Route;
use crate::stage::Stage;
use crate::words::{notices, scene as words};

/// A scene, once its content is there.
#[component]
pub fn ScenePage(scene: SceneId, route: Signal<Route>) -> impl IntoView {
    view! {
        <Loaded scene body=move |text| view! { <Lesson scene text route/> }.into_any()/>
    }
}

/// The stage of a scene without its prose: the front page's.
#[component]
pub fn FrontStage(scene: SceneId) -> impl IntoView {
    let body = move |text: Arc<SceneText>| {
        let lab = Lab::new(&text.script);
        // Untracked: a fork is another run, and must not build the page anew.
        let from = untrack(|| lab.run().moment_of_mark(&text.hook).unwrap_or(0));
        lab.playback.seek(Moment(from));
        #[cfg(feature = "csr")]
        if !prefers_stillness() {
            lab.playback.play();
        }
        view! { <StageColumn lab/> }.into_any()
    };
    view! { <Loaded scene body/> }
}

/// Shows a scene's content, or that it is on its way, or that it could not be fetched.
#[component]
fn Loaded<F>(scene: SceneId, body: F) -> impl IntoView
where
    F: Fn(Arc<SceneText>) -> AnyView + Send + Sync + 'static,
{
    let content = Content::use_context();
    let heading = scene.entry().title;
    move || match content.scene(scene) {
        Load::Ready(text) => body(text),
        Load::Loading => view! {
            <div class="page"><h1>{heading}</h1><p role="status">{notices::LOADING}</p></div>
        }
        .into_any(),
        Load::Failed(problem) => view! {
            <div class="page">
                <h1>{heading}</h1>
                <p role="alert">{notices::NOT_LOADED} " " <code>{problem.0}</code></p>
                <button class="button" type="button" on:click=move |_| content.again(scene)>{notices::AGAIN}</button>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Lesson(scene: SceneId, text: Arc<SceneText>, route: Signal<Route>) -> impl IntoView {
    let lab = Lab::new(&text.script);
    provide_context(lab);
    let kicker = match scene.offset() {
        Some(offset) => format!("offset {offset} \u{b7} scene {scene} \u{b7} {} {}", text.minutes, words::MINUTES),
        None => format!("{} {}", text.minutes, words::MINUTES),
    };
    let (title, lead) = (text.title.clone(), text.lead.clone());
    let beats = Beats::new(lab, scene, text, route);
    beats.open(beats.current.get_untracked(), false);
    if let Some(moment) = route.with_untracked(linked_moment) {
        lab.playback.seek(moment);
    }
    #[cfg(feature = "csr")]
    {
        Effect::new(move |_| crate::shell::panic::remember_moment(lab.lesson_moment().0));
        if route.with_untracked(|route| matches!(route, Route::Scene { beat: Some(_), .. })) {
            request_animation_frame(focus_beat);
        }
    }
    Effect::watch(
        move || beats.current.get(),
        move |beat, _, _| {
            beats.open(*beat, true);
            #[cfg(feature = "csr")]
            request_animation_frame(focus_beat);
        },
        false,
    );
    view! {
        <div class="scene">
            <article class="prose">
                <p class="kicker">{kicker}</p>
                <h1 tabindex="-1">{title}</h1>
                <p class="lead">{lead}</p>
                <BeatList beats/>
            </article>
            <StageColumn lab/>
        </div>
    }
}

/// The moment that a link names: `#/tracer/pull?at=120`.
fn linked_moment(route: &Route) -> Option<Moment> {
    match route {
        Route::Scene { query, .. } => query.get("at")?.parse().ok().map(Moment),
        Route::Front | Route::Unknown { .. } => None,
    }
}

/// The stage, the transport under it, what can be done, and the drawer.
#[component]
fn StageColumn(lab: Lab) -> impl IntoView {
    provide_context(lab);
    let playback = lab.playback;
    let forking = Forking {
        forked_at: Signal::derive(move || lab.left_lesson_at()),
        fork: Callback::new(move |()| lab.act(&[])),
        back: Callback::new(move |()| lab.back_to_lesson()),
    };
    // Each part's type is erased: together they are too deep for the compiler.
    let picture = view! {
        <div class="stage-top">
            <Stage playback/>
            <Transport playback forking=Some(forking)/>
        </div>
    };
    let parts = [picture.into_any(), view! { <Acting/> }.into_any(), view! { <Drawer/> }.into_any()];
    view! {
        <section class="stage-column" aria-label=words::STAGE>
            {parts.into_iter().collect_view()}
        </section>
    }
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

/// The reader or the system asked for no motion.
#[cfg(feature = "csr")]
fn prefers_stillness() -> bool {
    let system = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    let root = document().document_element();
    let chosen = root.and_then(|root| root.get_attribute("data-motion"));
    system.is_some_and(|query| query.matches()) || chosen.as_deref() == Some("reduced")
}
