//! A scene's page: the prose in steps, the stage with its transport, the drawer; and the run they share.

mod acting;
mod compare;
mod hook;
mod lab;
mod page;
mod practice;
mod prose;
mod question;
mod reel;
mod sentence;
mod sharing;
mod steps;
mod terminal;

pub(crate) use acting::with_what_comes;
pub(crate) use compare::{differences, pause, picture};
pub use lab::Lab;
pub use page::{front_stage, sandbox_page, scene_page};
pub(crate) use page::{loaded, panels, stage_column};
#[cfg(test)]
pub(crate) use question::stage_question;
#[cfg(any(feature = "csr", test))]
pub(crate) use reel::reel_of;
pub use sentence::{seconds, sentence_view};
pub(crate) use sharing::{made_link, said_of};
pub(crate) use steps::{Steps, step_list};
