//! The file that is open, as signals: what has been read of it, and the place that is looked at.

use std::sync::Arc;

use kafka_lab::frame::{Cell, CellKind};
use kafka_lab::inspect::{Answer, Ask, BatchBytes, Place, Progress, Request, Sought, Told, Totals, Window};
use wasm_bindgen::JsValue;

use super::built_in;
use super::client::{Client, Heard};
use super::words;
use crate::reactive::*;

/// A file that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) name: String,
    pub(super) size_bytes: u64,
    /// What an example is.
    pub(super) about: Option<&'static str>,
}

/// How far it has been read.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Read {
    pub(super) read_bytes: u64,
    pub(super) is_over: bool,
    pub(super) totals: Totals,
}

/// Everything that the page shows of a file, and the worker behind it.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub(super) file: RwSignal<Option<Opened>>,
    pub(super) read: RwSignal<Read>,
    pub(super) findings: RwSignal<Vec<Told>>,
    pub(super) window: RwSignal<Option<Arc<Window>>>,
    /// The place that was chosen: a record, a batch, a finding.
    pub(super) chosen: RwSignal<Option<Place>>,
    pub(super) bytes: RwSignal<Option<Arc<BatchBytes>>>,
    /// The byte that a search has come to.
    pub(super) looking: RwSignal<Option<u64>>,
    /// What the last search or the last choice of a file came to, if not to what was wanted.
    pub(super) notice: RwSignal<Option<String>>,
    /// The worker, or the file, is gone.
    pub(super) failed: RwSignal<Option<String>>,
    /// The tape takes the focus when it is next drawn.
    pub(super) takes_focus: StoredValue<bool>,
    /// What was found last, to go on from there.
    found: StoredValue<Option<(Sought, Place)>>,
    sought: StoredValue<Option<Sought>>,
    numbers: StoredValue<Numbers>,
    source: StoredValue<JsValue, LocalStorage>,
    client: StoredValue<Option<Client>, LocalStorage>,
}

/// Numbers of requests: the last one given, and those whose answers are still of interest.
#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    last: u32,
    file: u32,
    look: u32,
}

impl Reading {
    pub(super) fn new() -> Reading {
        Reading {
            file: RwSignal::new(None),
            read: RwSignal::new(Read::default()),
            findings: RwSignal::new(Vec::new()),
            window: RwSignal::new(None),
            chosen: RwSignal::new(None),
            bytes: RwSignal::new(None),
            looking: RwSignal::new(None),
            notice: RwSignal::new(None),
            failed: RwSignal::new(None),
            takes_focus: StoredValue::new(false),
            found: StoredValue::new(None),
            sought: StoredValue::new(None),
            numbers: StoredValue::new(Numbers::default()),
            source: StoredValue::new_local(JsValue::NULL),
            client: StoredValue::new_local(None),
        }
    }

    /// Opens a file, in the place of the one that was open.
    pub(super) fn open(self, file: Opened, source: JsValue) {
        let ask = Ask::Open { name: file.name.clone(), size_bytes: file.size_bytes };
        self.source.set_value(source);
        self.read.set(Read::default());
        self.findings.set(Vec::new());
        self.window.set(None);
        self.chosen.set(None);
        self.bytes.set(None);
        self.looking.set(None);
        self.notice.set(None);
        self.failed.set(None);
        self.found.set_value(None);
        self.file.set(Some(file));
        let id = self.number();
        self.numbers.update_value(|numbers| (numbers.file, numbers.look) = (id, 0));
        self.send(Request { id, ask }, true);
        self.go(Place::default());
    }

    /// The reader has gone to another page.
    pub(super) fn is_gone(self) -> bool {
        self.file.is_disposed()
    }

    /// The same file once more, after a failure.
    pub(super) fn again(self) {
        let Some(file) = self.file.get_untracked() else { return };
        self.open(file, self.source.with_value(Clone::clone));
    }

    /// Reads no further.
    pub(super) fn stop(self) {
        // Answered under the file's own number: what has been read stays.
        let id = self.numbers.with_value(|numbers| numbers.file);
        self.send(Request { id, ask: Ask::Stop }, false);
    }

    /// Shows a place: the tape from there on, and its batch's bytes.
    pub(super) fn go(self, place: Place) {
        self.chosen.set(Some(place));
        self.look(Ask::Window(place));
    }

    /// Shows what stands before the window; false if nothing does.
    pub(super) fn earlier(self) -> bool {
        let from = self.window.with_untracked(|window| window.as_ref().filter(|w| w.has_before).map(|w| w.from));
        if let Some(from) = from {
            self.chosen.set(None);
            self.look(Ask::Before(from));
        }
        from.is_some()
    }

    /// Shows what follows the window; false if nothing does.
    pub(super) fn later(self) -> bool {
        let next = self.window.with_untracked(|window| window.as_ref().and_then(|window| window.next));
        next.into_iter().for_each(|next| self.go(next));
        next.is_some()
    }

    /// Chooses a place that is in view already.
    pub(super) fn choose(self, place: Place) {
        let same = self.bytes.with_untracked(|b| b.as_ref().is_some_and(|bytes| bytes.position == place.position));
        self.chosen.set(Some(place));
        if !same {
            self.look(Ask::Bytes { position: place.position });
        }
    }

    /// Looks for something; again for the same, from where it was found.
    pub(super) fn find(self, sought: Sought) {
        let after =
            self.found.with_value(|found| found.as_ref().filter(|(last, _)| *last == sought).map(|(_, at)| *at));
        self.notice.set(None);
        self.sought.set_value(Some(sought.clone()));
        self.look(Ask::Find { sought, after });
    }

    /// Gives a search up: nothing that it finds is shown.
    pub(super) fn stop_looking(self) {
        let position = self.chosen.get_untracked().unwrap_or_default().position;
        self.look(Ask::Bytes { position });
    }

    fn look(self, ask: Ask) {
        self.looking.set(None);
        if !matches!(ask, Ask::Find { .. }) {
            self.sought.set_value(None);
        }
        let id = self.number();
        self.numbers.update_value(|numbers| numbers.look = id);
        self.send(Request { id, ask }, false);
    }

    fn number(self) -> u32 {
        self.numbers.update_value(|numbers| numbers.last += 1);
        self.numbers.with_value(|numbers| numbers.last)
    }

    fn hear(self, heard: Heard) {
        match heard {
            Heard::Failed(problem) => {
                self.client.set_value(None);
                self.failed.set(Some(format!("{}{problem}", words::NO_WORKER)));
            }
            Heard::Reply(reply) => {
                let numbers = self.numbers.with_value(|numbers| *numbers);
                match reply.answer {
                    Answer::Read(progress) if reply.id == numbers.file => self.progress(progress),
                    Answer::Unreadable { position } if [numbers.file, numbers.look].contains(&reply.id) => {
                        self.failed.set(Some(words::UNREADABLE.replace("{}", &position.to_string())));
                    }
                    answer if reply.id == numbers.look => self.seen(answer),
                    _ => {}
                }
            }
        }
    }

    fn progress(self, progress: Progress) {
        let Progress { read_bytes, is_over, totals, new } = progress;
        self.read.set(Read { read_bytes, is_over, totals });
        if !new.is_empty() {
            self.findings.update(|findings| findings.extend(new));
        }
        // Which records were aborted is known now.
        let open = self.window.with_untracked(|w| w.as_ref().filter(|w| !w.is_settled).map(|w| w.from));
        if let Some(from) = open.filter(|_| is_over && self.looking.get_untracked().is_none()) {
            self.look(Ask::Window(from));
        }
    }

    fn seen(self, answer: Answer) {
        match answer {
            Answer::Window(window) => self.show(*window),
            Answer::Looking { at } => self.looking.set(self.sought.with_value(Option::is_some).then_some(at)),
            Answer::Bytes(bytes) => {
                self.looking.set(None);
                self.bytes.set(bytes.map(Arc::new));
            }
            Answer::Found(place) => self.found_at(place),
            Answer::Read(_) | Answer::Unreadable { .. } => {}
        }
    }

    fn show(self, window: Window) {
        let chosen = self.chosen.get_untracked();
        let is_empty = window.batches.is_empty();
        let from = window.from;
        // What is no batch is shown behind the last batches before it.
        if is_empty && from.position > 0 && chosen == Some(from) {
            return self.look(Ask::Before(from));
        }
        let first =
            window.batches.first().map(|row| Place { position: row.position, offset: from.offset.max(row.base) });
        let first = first.unwrap_or(from);
        let is_record = |cell: &&Cell| cell.offset >= first.offset && cell.kind != CellKind::Gap;
        let first =
            window.tape.cells.iter().find(is_record).map_or(first, |cell| Place { offset: cell.offset, ..first });
        // The batch that was asked for may not be readable, and then others are shown behind which it stands.
        let is_there = |place: &Place| place.position >= first.position || is_empty;
        let chosen = chosen.filter(is_there).filter(|place| *place != Place::default()).unwrap_or(first);
        self.window.set(Some(Arc::new(window)));
        self.chosen.set(Some(chosen));
        self.look(Ask::Bytes { position: chosen.position });
    }

    fn found_at(self, place: Option<Place>) {
        self.looking.set(None);
        let Some(sought) = self.sought.with_value(Clone::clone) else { return };
        self.sought.set_value(None);
        let was_found = self.found.with_value(|found| found.as_ref().is_some_and(|(last, _)| *last == sought));
        match place {
            Some(place) => {
                self.found.set_value(Some((sought, place)));
                self.go(place);
            }
            None => {
                let kind = match sought {
                    Sought::Offset(_) => 0,
                    Sought::Time(_) => 1,
                    Sought::Key(_) => 2,
                    Sought::Producer(_) => 3,
                };
                self.found.set_value(None);
                self.notice.set(Some(if was_found { words::NO_FURTHER } else { words::NO_SUCH[kind] }.to_owned()));
            }
        }
    }

    fn send(self, request: Request, with_file: bool) {
        // At build time the answers are there at once.
        if let Some(replies) = built_in::ask(&request) {
            return replies.into_iter().for_each(|reply| self.hear(Heard::Reply(reply)));
        }
        if self.client.with_value(Option::is_none) {
            match Client::begin(move |heard| self.hear(heard)) {
                Ok(client) => self.client.set_value(Some(client)),
                Err(problem) => return self.hear(Heard::Failed(problem)),
            }
        }
        let file = if with_file { self.source.with_value(Clone::clone) } else { JsValue::NULL };
        self.client.with_value(|client| client.iter().for_each(|client| client.ask(&request, &file)));
    }
}
