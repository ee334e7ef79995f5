//! The front page: the tracer's run, playing; what the lab is; the course.

use leptos::prelude::*;

use crate::course::SceneId;
use crate::links::href;
use crate::route::Route;
use crate::scene::FrontStage;
use crate::words::{course, front as words};

#[component]
pub fn Front() -> impl IntoView {
    let first = SceneId::TRACER;
    let rows = SceneId::course().map(|scene| {
        let entry = scene.entry();
        let title = if scene.is_written() {
            view! { <a href=href(&Route::scene(scene))>{entry.title}</a> }.into_any()
        } else {
            view! { <span>{entry.title}</span> <span class="unseen">{course::NOT_WRITTEN}</span> }.into_any()
        };
        view! { <li class:unwritten=!scene.is_written()><span class="course-number">{entry.slug}</span> {title}</li> }
    });
    view! {
        <div class="scene">
            <article class="prose">
                <h1 tabindex="-1">{words::HEADING}</h1>
                <p class="lead">{words::LEAD}</p>
                <p>{words::TIME}</p>
                <p>{words::WHY}</p>
                <p>
                    <a class="button primary" href=href(&Route::scene(first))>{words::BEGIN} {first.entry().title}</a>
                </p>
                <h2 class="course-heading">{course::HEADING}</h2>
                <p>{course::EXPLAINED}</p>
                <ol class="course-list">{rows.collect_view()}</ol>
            </article>
            <FrontStage scene=first/>
        </div>
    }
}
