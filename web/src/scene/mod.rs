//! A scene's page: the prose in steps, the stage with its transport, the drawer; and the run they share.

mod acting;
mod beats;
mod lab;
mod page;
mod prose;
mod quantity;
mod question;
mod reel;
mod sentence;
mod sharing;

pub use lab::Lab;
pub use page::{front_stage, scene_page};
pub use quantity::Quantity;
#[cfg(test)]
pub(crate) use question::stage_question;
pub use sentence::{seconds, sentence_view};
