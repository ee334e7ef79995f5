//! The folders that are open, as signals: what has been read of them, the place that is looked at, and what is asked
//! of the worker. Its answers are heard in `hearing`.

use std::rc::Rc;
use std::sync::Arc;

use js_sys::Array;
use kafka_lab::inspect::{
    Ask, BatchBytes, Filter, FolderGiven, Overview, Place, Progress, RecordRow, Request, Sought, Told, Window,
    is_segment, side_name,
};
use kafka_lab::words::counted;
use wasm_bindgen::JsValue;

use super::built_in::{self, Bundle};
use crate::reactive::*;
use crate::worker::{Client, Heard, Trade};

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
    pub(super) found: StoredValue<Option<(Sought, Place)>>,
    pub(super) sought: StoredValue<Option<Sought>>,
    pub(super) numbers: StoredValue<Numbers>,
    sources: StoredValue<Option<Sources>, LocalStorage>,
    pub(super) client: StoredValue<Option<Client>, LocalStorage>,
}

/// Numbers of requests: the last one given, and those whose answers are still of interest.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Numbers {
    last: u32,
    pub(super) file: u32,
    pub(super) look: u32,
    pub(super) export: u32,
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

    pub(super) fn look(self, ask: Ask) {
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

    fn send(self, request: Request, with_files: bool) {
        let sources = self.sources.with_value(Clone::clone);
        // At build time the answers are there at once.
        if let Some(Sources::BuiltIn(files)) = &sources {
            let replies = built_in::ask(&request, files).unwrap_or_default();
            return replies.into_iter().for_each(|reply| self.hear(reply));
        }
        if self.client.with_value(Option::is_none) {
            match Client::begin(Rc::new(move |heard| self.hear_worker(heard))) {
                Ok(client) => self.client.set_value(Some(client)),
                Err(problem) => return self.hear_worker(Heard::Failed(problem)),
            }
        }
        let files = match sources.filter(|_| with_files) {
            Some(Sources::Browser(files)) => files.into(),
            _ => JsValue::NULL,
        };
        let Ok(bytes) = postcard::to_allocvec(&request) else { return };
        self.client.with_value(|client| client.iter().for_each(|client| client.ask(Trade::Files, &bytes, &files)));
    }
}
