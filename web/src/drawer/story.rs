//! The story so far: each event as a sentence, the latest in full ink. What is still to come is not told:
//! it would answer the questions of the lesson.

use kafka_lab::event::Event;
use kafka_lab::words;
use leptos::prelude::*;

use crate::scene::{Lab, SentenceView, seconds};
use crate::words::drawer as say;

/// How many sentences are in the page at once: enough to scroll back through, few enough for any run.
const SHOWN_BEFORE: usize = 120;
const SHOWN_AFTER: usize = 30;
/// The window moves in steps of this size, so that it is not built anew at every event.
const STRIDE: usize = 30;

#[component]
pub(super) fn Story() -> impl IntoView {
    let lab = Lab::expect_context();
    let routine = RwSignal::new(false);
    let moment = lab.playback.moment();
    // The latest event that is listed, by its place in the run.
    let current = Memo::new(move |_| {
        let (run, all, moment) = (lab.run(), routine.get(), moment.get().0);
        let happened = run.events().get(..moment).unwrap_or_default();
        happened.iter().rposition(|event| all || !event.kind.is_bookkeeping())
    });
    let around = Memo::new(move |_| moment.get().0 / STRIDE);
    let listed = move || {
        let (run, all) = (lab.run(), routine.get());
        let middle = around.get() * STRIDE;
        let events = run.events();
        let wanted = |event: &&Event| all || !event.kind.is_bookkeeping();
        let (before, after) = events.split_at(middle.min(events.len()));
        let mut shown: Vec<Event> = before.iter().rev().filter(wanted).take(SHOWN_BEFORE).cloned().collect();
        shown.reverse();
        shown.extend(after.iter().filter(wanted).take(STRIDE + SHOWN_AFTER).cloned());
        shown
    };
    Effect::new(move |_| {
        current.track();
        reveal_current();
    });
    let nothing = move || current.get().is_none().then(|| view! { <p class="note">{say::NOTHING_YET}</p> });
    view! {
        <label class="story-routine">
            <input type="checkbox" prop:checked=move || routine.get() on:change=move |event| {
                routine.set(event_target_checked(&event));
            }/>
            {say::ROUTINE}
        </label>
        {nothing}
        <ol class="story">
            <For each=listed key=move |event| (lab.branch().0, event.id) let:event>
                <StoryLine event current/>
            </For>
        </ol>
    }
}

#[component]
fn StoryLine(event: Event, current: Memo<Option<usize>>) -> impl IntoView {
    let lab = Lab::expect_context();
    let id = event.id;
    let place = usize::try_from(id.0).unwrap_or(usize::MAX);
    let is_current = Memo::new(move |_| current.get() == Some(place));
    let coming = Memo::new(move |_| lab.playback.moment().get().0 <= place);
    view! {
        <li hidden=move || coming.get()>
            <button
                type="button"
                class="story-line"
                aria-current=move || is_current.get().then_some("true")
                on:click=move |_| lab.choose(id)
            >
                <span class="story-time">{seconds(event.tick)}</span>
                <span class="story-text"><SentenceView sentence=words::story(&event)/></span>
            </button>
        </li>
    }
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
