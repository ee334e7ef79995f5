//! What the measurements ask of the page: a stage on which as many records move as they want.

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use kafka_lab::ids::Tick;

use crate::player::{Beat, BeatKind, Playback, Reel};
use crate::stage::{Stage, sample};

/// Puts a stage in the place of the page, on which `records` records move in every frame for the next minutes.
/// `columns` records stand on each tape. Called by `tests/browser/frames.measure.test.mjs`.
#[wasm_bindgen]
pub fn measure_moving_records(records: u32, columns: u32) {
    const EVENTS: usize = 2_000;
    let Some(body) = document().body() else { return };
    body.set_text_content(None);
    let records = usize::try_from(records).unwrap_or(usize::MAX);
    let beat = Beat { tick: Tick::ZERO, kind: BeatKind::MarkMoved, routine: false, message: None };
    let reel = Reel::new(vec![beat; EVENTS], move |moment| sample::procession(records, i64::from(columns), moment.0));
    mount_to(body, move || {
        let playback = Playback::new(reel.clone());
        playback.play();
        view! { <Stage playback/> }
    })
    .forget();
}
