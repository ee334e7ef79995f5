//! The story so far: each event as a sentence, the latest in full ink. What is still to come is not told:
//! it would answer the questions of the lesson.

use kafka_lab::timeline::Run;
use kafka_lab::words;
use web_sys::Event;

use crate::markup::{El, Item, Markup, each, el, live, many};
use crate::reactive::*;
use crate::scene::{Lab, seconds, sentence_view};
use crate::words::drawer as say;

/// How many sentences are in the page at once: enough to scroll back through, few enough for any run.
const SHOWN_BEFORE: usize = 120;
const SHOWN_AFTER: usize = 30;
/// The window moves in steps of this size, so that it is not built anew at every event.
const STRIDE: usize = 30;

pub(super) fn story(lab: Lab) -> Markup {
    let routine = RwSignal::new(false);
    let moment = lab.playback.moment();
    // The latest event that is listed, by its place in the run.
    let current = memo(move || {
        let (run, all, moment) = (lab.run(), routine.get(), moment.get().0);
        let happened = run.events().get(..moment).unwrap_or_default();
        happened.iter().rposition(|event| all || !event.kind.is_bookkeeping())
    });
    let around = memo(move || moment.get().0 / STRIDE);
    let lines = move || {
        let branch = lab.branch().0;
        let listed = listed(&lab.run(), routine.get(), around.get() * STRIDE);
        let lines = listed
            .into_iter()
            .map(|event| Item::new(format!("{branch} {}", event.id.0), move || story_line(lab, &event, current)));
        lines.collect()
    };
    effect(move || {
        current.track();
        reveal_current();
    });
    let ticked =
        el("input").attr("type", "checkbox").checked(move || routine.get()).on("change", move |event: Event| {
            routine.set(event_target_checked(&event));
        });
    let nothing = move || current.get().is_none().then(|| el("p").class("note").child(say::NOTHING_YET));
    many([
        el("label").class("story-routine").child(ticked).child(say::ROUTINE).into(),
        live(nothing),
        el("ol").class("story").child(each(lines)).into(),
    ])
}

/// The events around the `middle` of the run that are worth a line.
fn listed(run: &Run, all: bool, middle: usize) -> Vec<std::sync::Arc<kafka_lab::event::Event>> {
    let events = run.events();
    let wanted = |event: &&std::sync::Arc<kafka_lab::event::Event>| all || !event.kind.is_bookkeeping();
    let (before, after) = events.split_at(middle.min(events.len()));
    let mut shown: Vec<_> = before.iter().rev().filter(wanted).take(SHOWN_BEFORE).cloned().collect();
    shown.reverse();
    shown.extend(after.iter().filter(wanted).take(STRIDE + SHOWN_AFTER).cloned());
    shown
}

fn story_line(lab: Lab, event: &kafka_lab::event::Event, current: Memo<Option<usize>>) -> El {
    let id = event.id;
    let place = usize::try_from(id.0).unwrap_or(usize::MAX);
    let line = el("button")
        .class("story-line")
        .attr("type", "button")
        .live_attr("aria-current", move || (current.get() == Some(place)).then_some("true"))
        .on_click(move || lab.choose(id))
        .child(el("span").class("story-time").child(seconds(event.tick)))
        .child(el("span").class("story-text").child(sentence_view(words::story(event))));
    let coming = move || lab.playback.moment().get().0 <= place;
    el("li").live_attr("hidden", move || coming().then_some("")).child(line)
}

/// Scrolls the panel, and only the panel, so that the latest sentence can be seen.
fn reveal_current() {
    #[cfg(feature = "csr")]
    request_animation_frame(|| {
        let find = |selector| document().query_selector(selector).ok().flatten();
        let (Some(panel), Some(line)) = (find("#drawer-panel"), find(".story-line[aria-current]")) else { return };
        let (panel_box, line_box) = (panel.get_bounding_client_rect(), line.get_bounding_client_rect());
        let below = line_box.bottom() - panel_box.bottom();
        let above = panel_box.top() - line_box.top();
        // Whole pixels are enough to scroll by.
        #[expect(clippy::cast_possible_truncation, reason = "a panel is never 2^31 pixels high")]
        if below > 0.0 {
            panel.set_scroll_top(panel.scroll_top() + below.ceil() as i32 + 8);
        } else if above > 0.0 {
            panel.set_scroll_top(panel.scroll_top() - above.ceil() as i32 - 8);
        }
    });
}
