//! How the parts of a world change, each by itself: what [`super::apply`] calls.

use super::StoredBatch;
use super::state::{Again, Asked, Consumer, Network, Producer, Sent};
use crate::command::Link;
use crate::event::PendingSend;
use crate::ids::{MessageId, Offset, RecordId, Tick};
use crate::rules::fold::Program;
use std::sync::Arc;

impl Network {
    pub(super) fn set(&mut self, latency_ms: u32, jitter_ms: u32) {
        self.latency_ms = latency_ms;
        self.jitter_ms = jitter_ms;
    }

    pub(super) fn set_link(&mut self, link: Link, latency_ms: u32) {
        self.links.insert(link, latency_ms);
    }

    pub(super) fn hold(&mut self, link: Link) {
        self.held.insert(link, ());
    }

    pub(super) fn release(&mut self, link: Link) {
        self.held.remove(&link);
    }

    /// The message is no longer on its way.
    pub(super) fn forget(&mut self, message: MessageId) {
        self.on_the_way.remove(&message);
    }
}

impl Producer {
    pub(super) fn add(&mut self, record: &PendingSend) {
        self.given = record.name.count;
        self.open.push(record.clone());
    }

    /// The batch was sent: the open one, or one that had failed.
    pub(super) fn ask(&mut self, asked: Asked, batch: &Arc<StoredBatch>) {
        let failed = self.again.iter().position(|again| again.batch.names == batch.names);
        let attempts = match failed {
            Some(at) => self.again.remove(at).attempts,
            None => {
                self.close();
                0
            }
        };
        self.asked.insert(asked.request, Sent { give_up: asked.give_up, batch: Arc::clone(batch), attempts });
    }

    /// It failed, and goes before all that was not sent yet.
    pub(super) fn send_again(&mut self, again: &Again) {
        self.forget(&again.batch.names);
        self.again.insert(0, again.clone());
    }

    /// Nothing is waited for any more about these records.
    pub(super) fn forget(&mut self, records: &[RecordId]) {
        self.asked.retain(|_, sent| sent.batch.names != records);
        self.again.retain(|again| again.batch.names != records);
        if !records.is_empty() && self.open.iter().map(|send| &send.name).eq(records) {
            self.close();
        }
    }

    fn close(&mut self) {
        self.open.clear();
        self.flushing = false;
    }
}

impl Consumer {
    /// A poll returns so many records, and the program works on them.
    pub(super) fn take(&mut self, records: usize, position: Offset, busy_until: Tick) {
        self.position = position;
        self.read += u64::try_from(records).unwrap_or(u64::MAX);
        self.busy_until = busy_until;
        self.buffer.retain(|batch| batch.next_offset() > position);
    }

    pub(super) fn set_row(&mut self, key: &str, to: Option<i64>) {
        match to {
            Some(to) => self.table.insert(key.to_owned(), to),
            None => self.table.remove(key),
        };
    }

    pub(super) fn deploy(&mut self, program: Program, to: Offset) {
        self.settings.program = Some(program);
        self.start_anew(to);
    }

    /// A new process: what was only in memory is gone.
    pub(super) fn start_anew(&mut self, at: Offset) {
        self.move_to(at);
        self.table.clear();
        self.folded = None;
        self.fetch = None;
        self.commit = None;
        self.busy_until = Tick::ZERO;
    }

    /// Another place: what was fetched for the old one is of no use.
    pub(super) fn move_to(&mut self, to: Offset) {
        self.position = to;
        self.position_epoch = None;
        self.validates = false;
        self.buffer.clear();
    }
}
