//! The picture: tapes on one ruler, marks, and messages in motion.
//!
//! A stage is a list of layers, each a pure function `fn(&Frame, &Layout) -> Vec<Shape>`. Layers return
//! plain data, not elements: it can be tested natively, a keyed difference of two pictures says what
//! moves, a thousand things move without a reactive node for each, and the same shapes are written into
//! a page at build time ([`svg_text`]) and into the document's SVG (`painter`).

mod by_key;
mod crowd;
pub mod element;
pub mod focus;
pub mod key_fill;
pub mod labels;
pub mod layers;
pub mod layout;
pub mod motion;
mod painter;
mod pointing;
pub mod question;
pub mod route;
pub mod sample;
pub mod shape;
mod stagehand;
pub mod subject;
pub mod svg_text;
pub mod text;
mod turning;
mod view;

pub use layout::{Layout, SizeClass, View};
pub use question::{Asks, Place, Question};
pub use subject::{MarkName, Subject};
pub(crate) use turning::wants_motion;
pub use view::{stage, stage_with};
