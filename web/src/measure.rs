//! What the measurements ask of the page: a stage on which as many records move as they want, or a long run is played.

use wasm_bindgen::prelude::*;
use wasm_split_helpers::wasm_split;

use std::sync::Arc;

use kafka_lab::command::Script;
use kafka_lab::ids::Tick;
use kafka_lab::timeline::{Run, Sides};

use crate::markup;
use crate::player::{Beat, BeatKind, Moment, Playback, Reel};
use crate::reactive::*;
use crate::scene::reel_of;
use crate::stage::{sample, stage};

/// Puts a stage in the place of the page, on which `records` records move in every frame for the next minutes.
/// `columns` records stand on each tape. Called by `tests/browser/frames.measure.test.mjs`.
#[wasm_bindgen]
pub fn measure_moving_records(records: u32, columns: u32) {
    wasm_bindgen_futures::spawn_local(show_procession(records, columns));
}

/// Puts a stage in the place of the page, on which three brokers replicate what a producer never stops to send: a run
/// of so many events, played on from its middle.
#[wasm_bindgen]
pub fn measure_long_run(events: u32) {
    wasm_bindgen_futures::spawn_local(show_long_run(events));
}

#[wasm_split(measure_run)]
fn show_long_run(events: u32) {
    let Some(body) = document().body() else { return };
    body.set_text_content(None);
    let mut script = String::from(
        "version 1\nseed 1\ncluster brokers=3 controllers=1\nnetwork latency.ms=10 jitter.ms=8\n\
         producer p1 linger.ms=0\nconsumer c1 auto.offset.reset=earliest\n",
    );
    for record in 0..events / 10 {
        script.push_str(&format!("send p1 key=k{} value=+{record}\nwait 30\n", record % 5));
    }
    let events = usize::try_from(events).unwrap_or(usize::MAX);
    let run = Arc::new(Run::play_at_most(&Script::parse(&script).script, events));
    let reel = reel_of(&run);
    let owner = Owner::new();
    owner.with(|| {
        let playback = Playback::new(reel);
        playback.seek(Moment(events / 2));
        playback.play();
        markup::mount(&body, stage(playback).into());
    });
    // As long as the page.
    std::mem::forget(owner);
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
