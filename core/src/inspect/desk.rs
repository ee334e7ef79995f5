//! Where questions about one file are put, and answered as its bytes come in. It knows no file and no thread: whoever
//! holds one asks [`Desk::wants`], reads that much, and feeds it.

use std::ops::Range;

use super::answer::{Answer, Ask, Progress, Reply, Request, Told};
use super::inspector::Inspector;
use super::look::{About, Look};
use crate::words::finding_words;

/// Bytes that are needed next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    id: u32,
    pub range: Range<u64>,
}

/// One file, the reading of it, and the latest look at a place of it.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    file: Option<OpenFile>,
    look: Option<(u32, Look)>,
}

#[derive(Clone, Debug)]
struct OpenFile {
    id: u32,
    name: String,
    size_bytes: u64,
    inspector: Inspector,
}

impl Desk {
    #[must_use]
    pub fn new() -> Desk {
        Desk::default()
    }

    /// Takes a request. What can be answered at once is.
    pub fn ask(&mut self, Request { id, ask }: Request) -> Vec<Reply> {
        match ask {
            Ask::Open { name, size_bytes } => {
                let inspector = Inspector::new(&name, size_bytes);
                self.look = None;
                self.file = Some(OpenFile { id, name, size_bytes, inspector });
                // A file of no bytes is read already.
                self.file.iter_mut().filter(|file| file.inspector.is_over()).map(OpenFile::progress).collect()
            }
            Ask::Stop => {
                let Some(file) = &mut self.file else { return Vec::new() };
                file.inspector.stop();
                vec![file.progress()]
            }
            ask => {
                let Some(file) = &self.file else { return Vec::new() };
                self.look = Look::new(ask, file.inspector.index(), file.size_bytes).map(|look| (id, look));
                // A file of no bytes has nothing to wait for.
                self.run_look().into_iter().collect()
            }
        }
    }

    /// What must be read next: for a look first, since somebody waits for it.
    #[must_use]
    pub fn wants(&self) -> Option<Want> {
        let look = self.look.as_ref().and_then(|(id, look)| Some(Want { id: *id, range: look.wants()? }));
        look.or_else(|| {
            let file = self.file.as_ref()?;
            Some(Want { id: file.id, range: file.inspector.wants()? })
        })
    }

    /// Takes the bytes that were wanted; fewer are fine, none means that they can't be had. Bytes that a request was
    /// waiting for which is no longer there are dropped.
    pub fn feed(&mut self, want: &Want, bytes: &[u8]) -> Vec<Reply> {
        if let Some((id, look)) = self.look.as_mut().filter(|(id, _)| *id == want.id) {
            if look.wants().is_none_or(|wanted| wanted.start != want.range.start) {
                return Vec::new();
            }
            if bytes.is_empty() {
                let reply = Reply { id: *id, answer: Answer::Unreadable { position: want.range.start } };
                self.look = None;
                return vec![reply];
            }
            look.feed(bytes);
            return self.run_look().into_iter().collect();
        }
        let Some(file) = self.file.as_mut().filter(|file| file.id == want.id) else { return Vec::new() };
        if file.inspector.wants().is_none_or(|wanted| wanted.start != want.range.start) {
            return Vec::new();
        }
        if bytes.is_empty() {
            file.inspector.stop();
            let answer = Answer::Unreadable { position: want.range.start };
            return vec![file.progress(), Reply { id: file.id, answer }];
        }
        file.inspector.feed(bytes);
        vec![file.progress()]
    }

    fn run_look(&mut self) -> Option<Reply> {
        let file = self.file.as_ref()?;
        let (id, look) = self.look.as_mut()?;
        let id = *id;
        let about = About {
            name: &file.name,
            bytes: file.size_bytes,
            transactions: file.inspector.transactions(),
            is_read: file.inspector.is_over(),
        };
        let answer = look.run(&about);
        let at = look.at();
        if answer.is_some() {
            self.look = None;
        }
        Some(Reply { id, answer: answer.unwrap_or(Answer::Looking { at }) })
    }
}

impl OpenFile {
    fn progress(&mut self) -> Reply {
        let (read_bytes, is_over, totals) =
            (self.inspector.read_bytes(), self.inspector.is_over(), self.inspector.totals());
        let told = |finding: &super::Finding| {
            let (what, then) = finding_words(finding);
            let (is_wrong, position, offset) = (finding.wrong.is_wrong(), finding.position, finding.offset);
            Told { is_wrong, what, then, position, offset }
        };
        let new = self.inspector.take_new().iter().map(told).collect();
        Reply { id: self.id, answer: Answer::Read(Progress { read_bytes, is_over, totals, new }) }
    }
}
