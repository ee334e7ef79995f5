//! Where questions about one partition's folder, or two, are put, and answered as their bytes come in. It knows no file
//! and no thread: whoever holds them asks [`Desk::wants`], reads that much, and feeds it.

use std::ops::Range;

use super::answer::{Answer, Ask, Part, Place, Progress, Reply, Request, Told, Window};
use super::finding::{Finding, Recovery, Wrong};
use super::folder::{Comparison, Folder, FolderGiven, Found, Overview, compare};
use super::look::{About, Done, Look};
use super::report::Report;
use super::side_name;
use super::window::{COLUMNS, Filling, Marks};
use crate::ids::Offset;
use crate::words::finding_words;

/// Bytes that are needed next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    id: u32,
    side: usize,
    /// The number that the file was given under.
    pub handle: u32,
    pub range: Range<u64>,
}

/// The folders that are open, the reading of them, and the latest look at a place.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    id: u32,
    folders: Vec<Folder>,
    comparison: Comparison,
    /// All that was told.
    told: Vec<Told>,
    look: Option<Looking>,
}

/// A look, and in a window of two logs what the first of them came to.
#[derive(Clone, Debug)]
struct Looking {
    id: u32,
    look: Look,
    other: Option<(Box<Filling>, Option<Place>)>,
}

impl Desk {
    #[must_use]
    pub fn new() -> Desk {
        Desk::default()
    }

    /// Takes a request. What can be answered at once is.
    pub fn ask(&mut self, Request { id, ask }: Request) -> Vec<Reply> {
        match ask {
            Ask::Open(folders) => self.open(id, folders),
            Ask::Stop => {
                self.folders.iter_mut().for_each(Folder::stop);
                self.progress()
            }
            Ask::Export { as_json, records } => {
                let overview = self.overview();
                let report = Report::new(&overview, &self.told, &records);
                let text = if as_json { json(&report) } else { report.text() };
                vec![Reply { id, answer: Answer::Exported(text) }]
            }
            ask => {
                self.look = self.begin(ask).map(|look| Looking { id, look, other: None });
                // A file of no bytes has nothing to wait for.
                self.run_look().into_iter().collect()
            }
        }
    }

    fn open(&mut self, id: u32, folders: Vec<FolderGiven>) -> Vec<Reply> {
        let is_compared = folders.len() > 1;
        let folders = folders.into_iter().take(2).map(|given| Folder::new(given, is_compared)).collect();
        *self = Desk { id, folders, ..Desk::default() };
        // Files of no bytes are read already.
        if self.is_over() { self.over() } else { Vec::new() }
    }

    fn begin(&self, ask: Ask) -> Option<Look> {
        let side = match &ask {
            Ask::Window(place) | Ask::Before(place) | Ask::Bytes(place) => place.side,
            Ask::Find { side, .. } => *side,
            Ask::Records { from, .. } => from.side,
            Ask::Open(_) | Ask::Stop | Ask::Export { .. } => return None,
        };
        let folder = self.folders.get(usize::from(side))?;
        let begin = self.folders.iter().filter_map(Folder::first_offset).min().filter(|_| self.folders.len() > 1);
        match (&ask, begin) {
            // Both begin where the first of them does.
            (Ask::Window(place), Some(begin)) if *place == (Place { side, ..Place::default() }) => {
                Look::with_first(*place, begin, folder)
            }
            // Both go back to the last offset that either of them has.
            (Ask::Before(until), Some(begin)) => {
                let last = self.folders.iter().filter_map(|folder| folder.log().last_below(until.offset)).max();
                let first = last.map_or(begin, |last| Offset(last.0.saturating_sub(COLUMNS - 1)).max(begin));
                Look::from_offset(side, first, folder)
            }
            _ => Look::new(ask, folder),
        }
    }

    fn is_over(&self) -> bool {
        self.folders.iter().all(Folder::is_over)
    }

    /// What must be read next: for a look first, since somebody waits for it.
    #[must_use]
    pub fn wants(&self) -> Option<Want> {
        let look = self.look.as_ref().and_then(|Looking { id, look, .. }| {
            let side = usize::from(look.side());
            let (handle, range) = look.wants(self.folders.get(side)?)?;
            Some(Want { id: *id, side, handle, range })
        });
        look.or_else(|| {
            self.folders.iter().enumerate().find_map(|(side, folder)| {
                let (handle, range) = folder.wants()?;
                Some(Want { id: self.id, side, handle, range })
            })
        })
    }

    /// Takes the bytes that were wanted; fewer are fine, none means that they can't be had. Bytes that a request was
    /// waiting for which is no longer there are dropped.
    pub fn feed(&mut self, want: &Want, bytes: &[u8]) -> Vec<Reply> {
        let is_wanted = self.wants().is_some_and(|wanted| {
            (wanted.id, wanted.side, wanted.handle, wanted.range.start)
                == (want.id, want.side, want.handle, want.range.start)
        });
        if !is_wanted {
            return Vec::new();
        }
        if let Some(looking) = self.look.as_mut().filter(|looking| looking.id == want.id) {
            if bytes.is_empty() {
                self.look = None;
                return vec![self.unreadable(want)];
            }
            looking.look.feed(bytes);
            return self.run_look().into_iter().collect();
        }
        let Some(folder) = self.folders.get_mut(want.side) else { return Vec::new() };
        if bytes.is_empty() {
            self.folders.iter_mut().for_each(Folder::stop);
            let mut replies = self.progress();
            replies.push(self.unreadable(want));
            return replies;
        }
        folder.feed(bytes);
        if self.is_over() { self.over() } else { self.progress() }
    }

    fn unreadable(&self, want: &Want) -> Reply {
        let folder = self.folders.get(want.side);
        let file = folder.map(|folder| folder.name_of(want.handle).to_owned()).unwrap_or_default();
        Reply { id: want.id, answer: Answer::Unreadable { file, position: want.range.start } }
    }

    /// All has been read: two logs are compared, and there is an overview.
    fn over(&mut self) -> Vec<Reply> {
        if let [one, other] = self.folders.as_slice() {
            self.comparison = compare([one.log(), other.log()]);
            if let (Some(relation), [first, _]) = (self.comparison.relation, self.folders.as_mut_slice()) {
                let offset = relation.offset();
                first.note(Finding { position: 0, offset, wrong: Wrong::Related(relation) });
                if let Some((start, limit)) = self.comparison.within {
                    let wrong = Wrong::ComparedWithin { start, limit };
                    first.note(Finding { position: 0, offset: None, wrong });
                }
            }
        }
        self.progress()
    }

    fn overview(&self) -> Overview {
        Overview { sides: self.folders.iter().map(Folder::view).collect() }
    }

    fn progress(&mut self) -> Vec<Reply> {
        let is_over = self.is_over();
        let names: Vec<String> = self.folders.iter().map(|folder| folder.name().to_owned()).collect();
        let mut new = Vec::new();
        for (side, folder) in (0..).zip(&mut self.folders) {
            let found: Vec<Found> = folder.take_new().to_vec();
            new.extend(found.iter().map(|found| told(found, side, folder, &names)));
        }
        self.told.extend_from_slice(&new);
        let progress = Progress {
            read_bytes: self.folders.iter().map(Folder::read_bytes).sum(),
            size_bytes: self.folders.iter().map(Folder::size_bytes).sum(),
            is_over,
            totals: self.folders.iter().map(Folder::totals).collect(),
            new,
        };
        let mut replies = Vec::new();
        if is_over {
            replies.push(Reply { id: self.id, answer: Answer::Overview(Box::new(self.overview())) });
        }
        replies.push(Reply { id: self.id, answer: Answer::Read(progress) });
        replies
    }

    fn run_look(&mut self) -> Option<Reply> {
        loop {
            let Looking { id, look, other } = self.look.as_mut()?;
            let id = *id;
            let side = look.side();
            let folder = self.folders.get(usize::from(side))?;
            let differs = self.comparison.differs.get(usize::from(side)).map_or(&[][..], |all| all);
            let about = About { folder, differs };
            let done = look.run(&about);
            let at = look.at_byte();
            let (filling, next) = match done {
                None => return Some(Reply { id, answer: Answer::Looking { at } }),
                Some(Done::Answer(answer)) => {
                    self.look = None;
                    return Some(Reply { id, answer });
                }
                Some(Done::Window(filling, next)) => (filling, next),
            };
            match other.take() {
                // The other log, at the same offsets.
                None if self.folders.len() > 1 => {
                    let (first, _) = filling.columns();
                    // What comes next may lie far behind a gap.
                    let most = Offset(first.0.saturating_add(COLUMNS));
                    let end = next.map_or(most, |next| next.offset.min(most));
                    let second = self.folders.get(usize::from(1 - side.min(1)));
                    let look = second.and_then(|folder| Look::of_columns(1 - side.min(1), first, end, folder));
                    let Some(look) = look else {
                        return Some(self.window(id, vec![(side, filling, next)]));
                    };
                    self.look = Some(Looking { id, look, other: Some((filling, next)) });
                    if self.look.as_ref()?.look.wants(second?).is_some() {
                        return Some(Reply { id, answer: Answer::Looking { at: 0 } });
                    }
                }
                None => return Some(self.window(id, vec![(side, filling, next)])),
                Some((first, first_next)) => {
                    return Some(self.window(id, vec![(1 - side.min(1), first, first_next), (side, filling, next)]));
                }
            }
        }
    }

    /// The log that was gone through first, and at the same offsets the other one.
    fn window(&mut self, id: u32, logs: Vec<(u8, Box<Filling>, Option<Place>)>) -> Reply {
        self.look = None;
        let Some((_, leading, _)) = logs.first() else { return Reply { id, answer: Answer::Found(None) } };
        let from = leading.from();
        let (first, _) = leading.columns();
        let is_settled = logs.iter().all(|(_, filling, _)| filling.is_settled());
        let has_before = logs.iter().any(|(_, filling, _)| filling.has_before());
        // The first may have ended where the other goes on.
        let next = logs.iter().filter_map(|(_, _, next)| *next).min_by_key(|next| next.offset);
        let mut parts: Vec<Part> =
            logs.into_iter().filter_map(|(side, filling, next)| self.part(side, *filling, next)).collect();
        parts.sort_by_key(|part| part.side);
        let end = parts.iter().map(|part| part.tape.log_end).max().unwrap_or(first);
        let window = Window { first, end, parts, from, next, has_before, is_settled };
        Reply { id, answer: Answer::Window(Box::new(window)) }
    }

    fn part(&self, side: u8, filling: Filling, next: Option<Place>) -> Option<Part> {
        let folder = self.folders.get(usize::from(side))?;
        let [high_watermark, log_start, last_stable] = folder.marks();
        let name = if folder.name().is_empty() { folder.log_name(0) } else { folder.name() };
        // On one ruler two logs of the same name are told apart by their sides.
        let name = if self.folders.len() > 1 { format!("{}: {name}", side_name(side)) } else { name.to_owned() };
        let mut part = filling.done(side, &name, next, Marks { high_watermark, log_start, last_stable });
        let (first, end) = (part.tape.cells.first()?.offset, part.tape.log_end);
        part.indexed = folder.indexed(first..end);
        let differs = self.comparison.differs.get(usize::from(side)).map_or(&[][..], |all| all);
        let within = differs.partition_point(|offset| *offset < first)..differs.partition_point(|offset| *offset < end);
        part.differs = differs.get(within).unwrap_or_default().to_vec();
        Some(part)
    }
}

#[cfg(feature = "json")]
fn json(report: &Report<'_>) -> String {
    report.json()
}

#[cfg(not(feature = "json"))]
fn json(report: &Report<'_>) -> String {
    report.text()
}

fn told(found: &Found, side: u8, folder: &Folder, names: &[String]) -> Told {
    let Found { file, segment, finding } = found;
    let recovery = segment.map_or(Recovery::Last, |segment| folder.recovery(segment));
    let (what, then) = finding_words(finding, names, recovery);
    let place = segment.and_then(|segment| u32::try_from(segment).ok()).map(|segment| Place {
        side,
        segment,
        position: finding.position,
        offset: finding.offset.unwrap_or(Offset::ZERO),
    });
    Told {
        is_wrong: finding.wrong.is_wrong(),
        kind: finding.wrong.name().to_owned(),
        what,
        then,
        side,
        file: folder.file_name(*file).to_owned(),
        position: finding.position,
        offset: finding.offset,
        place,
    }
}
