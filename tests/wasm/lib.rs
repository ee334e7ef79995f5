//! The core as the browser runs it, with no page around it. It is built beside the site and is no part of it.

use kafka_lab::sample;
use wasm_bindgen::prelude::wasm_bindgen;

/// Commands of each random script, after its set-up.
const COMMANDS: usize = 60;

/// The hash of the world at the end of the random script with this seed.
#[wasm_bindgen]
#[must_use]
pub fn sample_hash(seed: u32) -> u64 {
    sample::end_hash(u64::from(seed), COMMANDS)
}
