//! The header: the name of the lab, the course as a tape, the settings.

use leptos::prelude::*;

use super::{HelpButton, SettingsMenu};
use crate::course::SceneId;
use crate::links::href;
use crate::progress::Progress;
use crate::route::Route;
use crate::words::{LAB, course as words};

#[component]
pub fn Header(route: Signal<Route>) -> impl IntoView {
    let at_front = move || route.with(|route| *route == Route::Front);
    view! {
        <header class="header">
            <a class="header-name" href=href(&Route::Front) aria-current=move || at_front().then_some("page")>{LAB}</a>
            <CourseTape route/>
            <div class="header-tools">
                <HelpButton/>
                <SettingsMenu/>
            </div>
        </header>
    }
}

/// The course as a tape of thirteen records: where the learner stands is a position, what is finished is committed.
#[component]
fn CourseTape(route: Signal<Route>) -> impl IntoView {
    let progress = Progress::use_context();
    let cells = SceneId::course().map(|scene| {
        let entry = scene.entry();
        let here = move || route.with(|route| matches!(route, Route::Scene { scene: at, .. } if *at == scene));
        let state = move || match (here(), progress.is_finished(scene)) {
            (true, _) => words::HERE,
            (false, true) => words::FINISHED,
            (false, false) if !scene.is_written() => words::NOT_WRITTEN,
            (false, false) => "",
        };
        let full = move || match state() {
            "" => format!("{}: {}", entry.slug, entry.title),
            state => format!("{}: {}, {state}", entry.slug, entry.title),
        };
        let inside = if scene.is_written() {
            let current = move || here().then_some("page");
            view! {
                <a
                    class="course-cell"
                    class:finished=move || progress.is_finished(scene)
                    href=href(&Route::scene(scene))
                    title=full
                    aria-label=full
                    aria-current=current
                >
                    {entry.slug}
                </a>
            }
            .into_any()
        } else {
            view! {
                <span class="course-cell unwritten" title=full>
                    <span aria-hidden="true">{entry.slug}</span>
                    <span class="unseen">{full}</span>
                </span>
            }
            .into_any()
        };
        view! { <li>{inside}</li> }
    });
    view! {
        <nav class="course" aria-label=words::LABEL>
            <ol>{cells.collect_view()}</ol>
        </nav>
    }
}
