//! The folders that are open, as signals: what has been read of them, and the place that is looked at.

use std::sync::Arc;

use js_sys::Array;
use kafka_lab::frame::{Cell, CellKind};
use kafka_lab::inspect::{
    Answer, Ask, BatchBytes, Filter, FolderGiven, Overview, Place, Progress, RecordRow, Request, Sought, Told, Window,
    is_segment, side_name,
};
use kafka_lab::words::counted;
use wasm_bindgen::JsValue;

use super::built_in::{self, Bundle};
use super::client::{Client, Heard};
use super::words;
use crate::reactive::*;

/// What was opened: one folder, or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) folders: Vec<FolderGiven>,
    /// What an example is.
    pub(super) about: Option<String>,
}

impl Opened {
    /// What a folder is called; a file by itself by its own name.
    pub(super) fn name(&self, side: usize) -> String {
        let Some(folder) = self.folders.get(side) else { return String::new() };
        match folder.files.as_slice() {
            [file] => file.name.clone(),
            _ => folder.name.clone(),
        }
    }

    /// Where a batch begins, as in "B 73 · 1,024": of two folders which, of several segments which, and the byte.
    pub(super) fn byte_of(&self, place: Place) -> String {
        let side = (self.folders.len() > 1).then(|| side_name(place.side).to_owned());
        let segment = self.folders.get(usize::from(place.side)).and_then(|folder| segment_of(folder, place));
        let segment = segment.map(|base| format!("{base} \u{b7}"));
        let parts: Vec<String> = [side, segment, Some(counted(place.position))].into_iter().flatten().collect();
        parts.join(" ")
    }
}

/// Of a folder with several segments, which one a place is in: its base offset.
fn segment_of(folder: &FolderGiven, place: Place) -> Option<String> {
    let mut segments: Vec<&str> =
        folder.files.iter().map(|file| file.name.as_str()).filter(|name| is_segment(name)).collect();
    segments.sort_unstable();
    let name = segments.get(place.segment as usize).filter(|_| segments.len() > 1)?;
    let base = name.trim_end_matches(".log").trim_start_matches('0');
    Some(if base.is_empty() { "0".to_owned() } else { base.to_owned() })
}

/// The bytes of the files, by their handles.
#[derive(Clone, Debug)]
pub(super) enum Sources {
    /// Files of the reader's, or arrays of bytes, for the worker.
    Browser(Array),
    /// At build time.
    BuiltIn(Arc<Vec<Vec<u8>>>),
}

/// The list of records: those that a filter let through so far.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Listed {
    pub(super) filter: Filter,
    pub(super) rows: Vec<RecordRow>,
    pub(super) next: Option<Place>,
}

/// Everything that the page shows of a file, and the worker behind it.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub(super) file: RwSignal<Option<Opened>>,
    /// None until they have come.
    pub(super) examples: RwSignal<Option<Arc<Bundle>>>,
    /// All partitions that were found in what was chosen, and what each of their files is read from.
    pub(super) partitions: RwSignal<Vec<FolderGiven>>,
    /// None until a first answer has come.
    pub(super) read: RwSignal<Option<Progress>>,
    pub(super) overview: RwSignal<Option<Arc<Overview>>>,
    pub(super) listed: RwSignal<Option<Listed>>,
    /// What is to be saved, and as which file.
    pub(super) exported: RwSignal<Option<(String, bool)>>,
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
    sources: StoredValue<Option<Sources>, LocalStorage>,
    client: StoredValue<Option<Client>, LocalStorage>,
}

/// Numbers of requests: the last one given, and those whose answers are still of interest.
#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    last: u32,
    file: u32,
    look: u32,
    export: u32,
}

impl Reading {
    pub(super) fn new() -> Reading {
        Reading {
            file: RwSignal::new(None),
            examples: RwSignal::new(None),
            partitions: RwSignal::new(Vec::new()),
            read: RwSignal::new(None),
            overview: RwSignal::new(None),
            listed: RwSignal::new(None),
            exported: RwSignal::new(None),
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
            sources: StoredValue::new_local(None),
            client: StoredValue::new_local(None),
        }
    }

    /// Opens what was chosen: two partitions side by side, of more the first.
    pub(super) fn take(self, partitions: Vec<FolderGiven>, sources: Sources) {
        let most = if partitions.len() == 2 { 2 } else { 1 };
        let folders = partitions.iter().take(most).cloned().collect();
        self.partitions.set(partitions);
        self.sources.set_value(Some(sources));
        self.open(Opened { folders, about: None });
    }

    /// Opens an example.
    pub(super) fn take_example(self, folders: Vec<FolderGiven>, sources: Sources, about: String) {
        self.partitions.set(Vec::new());
        self.sources.set_value(Some(sources));
        self.open(Opened { folders, about: Some(about) });
    }

    /// Opens folders whose files are known, in the place of what was open.
    pub(super) fn open(self, opened: Opened) {
        let ask = Ask::Open(opened.folders.clone());
        self.read.set(None);
        self.overview.set(None);
        self.listed.set(None);
        self.exported.set(None);
        self.findings.set(Vec::new());
        self.window.set(None);
        self.chosen.set(None);
        self.bytes.set(None);
        self.looking.set(None);
        self.notice.set(None);
        self.failed.set(None);
        self.found.set_value(None);
        self.file.set(Some(opened));
        let id = self.number();
        self.numbers.update_value(|numbers| *numbers = Numbers { last: id, file: id, look: 0, export: 0 });
        self.send(Request { id, ask }, true);
        self.go(Place::default());
    }

    /// The reader has gone to another page.
    pub(super) fn is_gone(self) -> bool {
        self.file.is_disposed()
    }

    /// The same once more, after a failure.
    pub(super) fn again(self) {
        self.file.get_untracked().into_iter().for_each(|opened| self.open(opened));
    }

    /// Whether two folders are open.
    pub(super) fn are_two(self) -> bool {
        self.file.with(|opened| opened.as_ref().is_some_and(|opened| opened.folders.len() > 1))
    }

    /// Whether everything was read, or it was given up.
    pub(super) fn is_over(self) -> bool {
        self.read.with(|read| read.as_ref().is_some_and(|read| read.is_over))
    }

    /// Lists records from the beginning of a side.
    pub(super) fn list(self, side: u8, filter: Filter) {
        self.listed.set(Some(Listed { filter: filter.clone(), ..Listed::default() }));
        self.look(Ask::Records { from: Place { side, ..Place::default() }, filter });
    }

    /// Lists the next ones.
    pub(super) fn list_on(self) {
        let listed = self.listed.get_untracked();
        if let Some((from, filter)) = listed.and_then(|listed| Some((listed.next?, listed.filter))) {
            self.look(Ask::Records { from, filter });
        }
    }

    /// Has everything that is known written down.
    pub(super) fn export(self, as_json: bool) {
        let records = self.listed.with_untracked(|listed| listed.as_ref().map(|listed| listed.rows.clone()));
        let id = self.number();
        self.numbers.update_value(|numbers| numbers.export = id);
        self.exported.set(Some((String::new(), as_json)));
        self.send(Request { id, ask: Ask::Export { as_json, records: records.unwrap_or_default() } }, false);
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
        let is_same = |shown: &BatchBytes| {
            (shown.place.side, shown.place.segment, shown.place.position) == (place.side, place.segment, place.position)
        };
        let same = self.bytes.with_untracked(|bytes| bytes.as_ref().is_some_and(|bytes| is_same(bytes)));
        self.chosen.set(Some(place));
        if !same {
            self.look(Ask::Bytes(place));
        }
    }

    /// Looks for something on a side; again for the same, from where it was found.
    pub(super) fn find(self, side: u8, sought: Sought) {
        let after =
            self.found.with_value(|found| found.as_ref().filter(|(last, _)| *last == sought).map(|(_, at)| *at));
        let after = after.filter(|after| after.side == side);
        self.notice.set(None);
        self.sought.set_value(Some(sought.clone()));
        self.look(Ask::Find { side, sought, after });
    }

    /// Gives a search up: nothing that it finds is shown.
    pub(super) fn stop_looking(self) {
        self.look(Ask::Bytes(self.chosen.get_untracked().unwrap_or_default()));
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
                    Answer::Overview(overview) if reply.id == numbers.file => self.overview.set(Some(overview.into())),
                    Answer::Exported(text) if reply.id == numbers.export => {
                        self.exported.update(|exported| exported.iter_mut().for_each(|(into, _)| *into = text.clone()));
                    }
                    Answer::Unreadable { file, position } if [numbers.file, numbers.look].contains(&reply.id) => {
                        let said = words::UNREADABLE.replacen("{}", &file, 1).replacen("{}", &position.to_string(), 1);
                        self.failed.set(Some(said));
                    }
                    answer if reply.id == numbers.look => self.seen(answer),
                    _ => {}
                }
            }
        }
    }

    fn progress(self, mut progress: Progress) {
        let new = std::mem::take(&mut progress.new);
        let is_over = progress.is_over;
        self.read.set(Some(progress));
        if !new.is_empty() {
            self.findings.update(|findings| {
                findings.extend(new);
                // What two folders say together comes first.
                findings.sort_by_key(|told| (!told.file.is_empty(), told.side));
            });
        }
        // Which records were aborted is known now, and which differ.
        let open =
            self.window.with_untracked(|w| w.as_ref().filter(|w| !w.is_settled || w.parts.len() > 1).map(|w| w.from));
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
            Answer::Records(list) => {
                self.looking.set(None);
                self.listed.update(|listed| {
                    if let Some(listed) = listed {
                        listed.rows.extend(list.rows);
                        listed.next = list.next;
                    }
                });
            }
            Answer::Read(_) | Answer::Overview(_) | Answer::Exported(_) | Answer::Unreadable { .. } => {}
        }
    }

    fn show(self, window: Window) {
        let chosen = self.chosen.get_untracked();
        let is_empty = window.parts.iter().all(|part| part.batches.is_empty());
        let from = window.from;
        let at_start = Place { side: from.side, ..Place::default() };
        // What is no batch is shown behind the last batches before it.
        if is_empty && from != at_start && chosen == Some(from) {
            return self.look(Ask::Before(from));
        }
        let first = first_of(&window, from.side).or_else(|| first_of(&window, 1 - from.side.min(1))).unwrap_or(from);
        // The batch that was asked for may not be readable, and then others are shown behind which it stands.
        let is_there =
            |place: &Place| place.side != first.side || *place >= Place { offset: place.offset, ..first } || is_empty;
        let chosen = chosen.filter(is_there).filter(|place| *place != at_start).unwrap_or(first);
        self.window.set(Some(Arc::new(window)));
        self.chosen.set(Some(chosen));
        self.look(Ask::Bytes(chosen));
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

    fn send(self, request: Request, with_files: bool) {
        let sources = self.sources.with_value(Clone::clone);
        // At build time the answers are there at once.
        if let Some(Sources::BuiltIn(files)) = &sources {
            let replies = built_in::ask(&request, files).unwrap_or_default();
            return replies.into_iter().for_each(|reply| self.hear(Heard::Reply(reply)));
        }
        if self.client.with_value(Option::is_none) {
            match Client::begin(move |heard| self.hear(heard)) {
                Ok(client) => self.client.set_value(Some(client)),
                Err(problem) => return self.hear(Heard::Failed(problem)),
            }
        }
        let files = match sources.filter(|_| with_files) {
            Some(Sources::Browser(files)) => files.into(),
            _ => JsValue::NULL,
        };
        self.client.with_value(|client| client.iter().for_each(|client| client.ask(&request, &files)));
    }
}

/// The first record that a window shows of a side.
fn first_of(window: &Window, side: u8) -> Option<Place> {
    let part = window.parts.iter().find(|part| part.side == side)?;
    let row = part.batches.first()?;
    let from = window.first.max(row.place.offset);
    let is_record = |cell: &&Cell| cell.offset >= from && cell.kind != CellKind::Gap;
    let offset = part.tape.cells.iter().find(is_record).map_or(from, |cell| cell.offset);
    // Which may be of a later batch, where the first has lost its records to compaction.
    let of = part.batches.iter().rev().find(|row| row.place.offset <= offset).unwrap_or(row);
    Some(Place { offset, ..of.place })
}
