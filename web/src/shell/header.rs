//! The header: the name of the lab, the course as a tape, the settings.

use super::help::help_button;
use super::settings::settings_menu;
use crate::course::SceneId;
use crate::links::href;
use crate::markup::{El, el, many, text};
use crate::progress::Progress;
use crate::reactive::*;
use crate::route::{Query, Route};
use crate::words::{LAB, course as words};

#[must_use]
pub fn header(route: Signal<Route>) -> El {
    let at_front = move || route.with(|route| *route == Route::Front);
    let name = el("a")
        .class("header-name")
        .attr("href", href(&Route::Front))
        .live_attr("aria-current", move || at_front().then_some("page"))
        .child(LAB);
    let at_segments = move || route.with(|route| matches!(route, Route::Segments { .. }));
    let segments = el("a")
        .class("button-plain header-link")
        .attr("href", href(&Route::Segments { query: Query::default() }))
        .live_attr("aria-current", move || at_segments().then_some("page"))
        .child(crate::segments::words::LINK);
    let tools = el("div").class("header-tools").child(segments).child(help_button()).child(settings_menu());
    el("header").class("header").child(name).child(course_tape(route)).child(tools)
}

/// The course as a tape of thirteen records: where the learner stands is a position, what is finished is committed.
fn course_tape(route: Signal<Route>) -> El {
    let progress = Progress::use_context();
    let cells = SceneId::course().map(|scene| el("li").child(cell(scene, route, progress)));
    el("nav").class("course").attr("aria-label", words::LABEL).child(el("ol").child(many(cells)))
}

fn cell(scene: SceneId, route: Signal<Route>, progress: Progress) -> El {
    let entry = scene.entry();
    let here = move || route.with(|route| matches!(route, Route::Scene { scene: at, .. } if *at == scene));
    let full = move || {
        let state = match (here(), progress.is_finished(scene)) {
            (true, _) => words::HERE,
            (false, true) => words::FINISHED,
            (false, false) if !scene.is_written() => words::NOT_WRITTEN,
            (false, false) => return format!("{}: {}", entry.slug, entry.title),
        };
        format!("{}: {}, {state}", entry.slug, entry.title)
    };
    if scene.is_written() {
        el("a")
            .class("course-cell")
            .class_if("finished", move || progress.is_finished(scene))
            .attr("href", href(&Route::scene(scene)))
            .live_attr("title", full)
            .live_attr("aria-label", full)
            .live_attr("aria-current", move || here().then_some("page"))
            .child(entry.slug)
    } else {
        el("span")
            .class("course-cell unwritten")
            .live_attr("title", full)
            .child(el("span").attr("aria-hidden", "true").child(entry.slug))
            .child(el("span").class("unseen").child(text(full)))
    }
}
