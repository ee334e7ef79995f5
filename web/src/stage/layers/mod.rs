//! The layers of a stage, each a pure function of a frame and its layout. A scene adds one per idea.

pub mod actors;
pub mod answer;
pub mod batches;
pub mod beside;
pub mod cells;
pub mod epochs;
pub mod marks;
pub mod messages;
pub mod names;
pub mod parted;
pub mod readers;
pub mod ruler;
pub mod tables;
pub mod veils;
pub mod wires;

use std::rc::Rc;

use kafka_lab::frame::{Frame, TapeId};

use super::element;
use super::layout::Layout;
use super::shape::Shape;

/// Draws one idea. Shapes of later layers lie over those of earlier ones.
pub type Layer = fn(&Frame, &Layout) -> Vec<Shape>;

/// What lies over the standard layers: one that knows more than the frame.
pub type More = Rc<dyn Fn(&Layout) -> Vec<Shape>>;

/// What every stage shows, from the back to the front.
pub const STANDARD: &[Layer] = &[
    ruler::layer,
    epochs::layer,
    batches::layer,
    cells::layer,
    readers::layer,
    parted::layer,
    marks::layer,
    veils::layer,
    tables::layer,
    answer::layer,
    names::layer,
    actors::layer,
    wires::layer,
    messages::layer,
];

/// All shapes of a frame, back to front.
#[must_use]
pub fn draw(layers: &[Layer], frame: &Frame, layout: &Layout) -> Vec<Shape> {
    layers.iter().flat_map(|layer| layer(frame, layout)).collect()
}

/// A tape's part in the keys of its shapes.
fn tape_key(id: &TapeId) -> String {
    match id {
        TapeId::Broker(broker) => format!("b{broker}"),
        TapeId::File(name) => format!("file:{name}"),
    }
}

/// A number for path data.
fn n(value: f64) -> String {
    element::number(value)
}
