//! The single-page app: frames in, commands out. Nothing here decides anything about Kafka.

pub mod app;
pub mod course;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod player;
pub mod route;
pub mod shell;
pub mod stage;
