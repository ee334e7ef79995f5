//! What the worker answers, and what the page then shows or asks next.

use std::sync::Arc;

use kafka_lab::frame::{Cell, CellKind};
use kafka_lab::inspect::{Answer, Ask, Place, Progress, Reply, Sought, Window};

use super::reading::Reading;
use super::words;
use crate::reactive::*;
use crate::worker::Heard;

impl Reading {
    /// What comes from the worker.
    pub(super) fn hear_worker(self, heard: Heard) {
        let problem = match heard {
            Heard::Reply(bytes) => match postcard::from_bytes(&bytes) {
                Ok(reply) => return self.hear(reply),
                Err(problem) => problem.to_string(),
            },
            Heard::Failed(problem) => problem,
        };
        self.client.set_value(None);
        self.failed.set(Some(format!("{}{problem}", words::NO_WORKER)));
    }

    pub(super) fn hear(self, reply: Reply) {
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
