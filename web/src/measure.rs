//! What the measurements ask of the page: a stage on which as many records move as they want.

use wasm_bindgen::prelude::*;
use wasm_split_helpers::wasm_split;

use kafka_lab::ids::Tick;
use kafka_lab::timeline::Sides;

use crate::markup;
use crate::player::{Beat, BeatKind, Playback, Reel};
use crate::reactive::*;
use crate::stage::{sample, stage};

/// Puts a stage in the place of the page, on which `records` records move in every frame for the next minutes.
/// `columns` records stand on each tape. Called by `tests/browser/frames.measure.test.mjs`.
#[wasm_bindgen]
pub fn measure_moving_records(records: u32, columns: u32) {
    wasm_bindgen_futures::spawn_local(show_procession(records, columns));
}

#[wasm_split(measure)]
fn show_procession(records: u32, columns: u32) {
    const EVENTS: usize = 2_000;
    let Some(body) = document().body() else { return };
    body.set_text_content(None);
    let records = usize::try_from(records).unwrap_or(usize::MAX);
    let beat = Beat { tick: Tick::ZERO, kind: BeatKind::MarkMoved, routine: false, message: None, sides: Sides::Left };
    let reel = Reel::new(vec![beat; EVENTS], move |moment| sample::procession(records, i64::from(columns), moment.0));
    let owner = Owner::new();
    owner.with(|| {
        let playback = Playback::new(reel);
        playback.play();
        markup::mount(&body, stage(playback).into());
    });
    // As long as the page.
    std::mem::forget(owner);
}
