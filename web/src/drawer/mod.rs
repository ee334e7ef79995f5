//! The drawer under the stage: the story, why, the bytes, the code, the script, space-time, metrics, and between two
//! runs what differs. Narrow, it is a sheet.

mod bytes;
mod code;
mod metrics;
mod script;
mod space_time;
mod story;
mod tabs;
mod why;

pub(crate) use bytes::inspector;
pub use tabs::drawer;
