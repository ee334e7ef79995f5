//! The single-page app: frames in, commands out. Nothing here decides anything about Kafka.

pub mod app;
pub mod checker;
pub mod content;
pub mod course;
pub mod drawer;
pub mod embed;
pub mod links;
pub mod markup;
#[cfg(feature = "csr")]
pub mod measure;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod player;
#[path = "../content/playing.rs"]
pub(crate) mod playing_words;
pub mod progress;
pub mod reactive;
pub mod route;
pub mod scene;
pub mod segments;
pub mod shell;
pub mod stage;
#[path = "../content/words.rs"]
pub(crate) mod words;
pub(crate) mod worker;
