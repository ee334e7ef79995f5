//! `kafka-lab inspect FOLDER [FOLDER]`: what a partition's folder holds, and what is wrong with it; of two, how they
//! differ. The same that the page about segments says.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Exit, Streams};
use crate::inspect::{
    Answer, Ask, CHECKPOINTS, Desk, FolderGiven, Overview, Report, Request, Told, is_segment, partitions, shortened,
};

/// The command's arguments.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// A partition's folder, as orders-0; or two, to be compared: leader and follower, before and after a cleaning. A
    /// single .log file will do too.
    #[arg(required = true, num_args = 1..=2)]
    folders: Vec<PathBuf>,
    /// Print one JSON object instead.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &InspectArgs, streams: &mut Streams<'_>) -> io::Result<Exit> {
    let mut paths = Vec::new();
    let mut given = Vec::new();
    for folder in &args.folders {
        match folder_given(folder, &mut paths) {
            Ok(Some(folder)) => given.push(folder),
            Ok(None) => {
                let path = folder.display();
                writeln!(
                    streams.err,
                    "kafka-lab: {path}: found no segment, expected a partition's folder, as orders-0"
                )?;
                return Ok(Exit::Usage);
            }
            Err(error) => {
                writeln!(streams.err, "kafka-lab: {}: cannot read: {error}", folder.display())?;
                return Ok(Exit::Usage);
            }
        }
    }
    let mut told: Vec<Told> = Vec::new();
    let mut overview = Overview::default();
    let mut exit = Exit::Fine;
    let mut desk = Desk::new();
    let mut replies = desk.ask(Request { id: 1, ask: Ask::Open(shortened(given)) });
    loop {
        for reply in std::mem::take(&mut replies) {
            match reply.answer {
                Answer::Read(progress) => told.extend(progress.new),
                Answer::Overview(seen) => overview = *seen,
                Answer::Unreadable { file, position } => {
                    exit = Exit::Problems;
                    writeln!(streams.err, "kafka-lab: {file}: byte {position}: cannot be read")?;
                }
                _ => {}
            }
        }
        let Some(want) = desk.wants() else { break };
        let bytes = paths.get(want.handle as usize).and_then(|path| read(path, want.range.clone()).ok());
        replies = desk.feed(&want, &bytes.unwrap_or_default());
    }
    let report = Report::new(&overview, &told, &[]);
    if args.json {
        writeln!(streams.out, "{}", report.json())?;
    } else {
        write!(streams.out, "{}", report.text())?;
    }
    if told.iter().any(|told| told.is_wrong) {
        exit = exit.max(Exit::Problems);
    }
    Ok(exit)
}

/// The files of a folder, in name order, and the broker's checkpoints beside it; none if it has no segment.
fn folder_given(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<Option<FolderGiven>> {
    let whole = folder.canonicalize()?;
    let mut files = vec![whole.clone()];
    if whole.is_dir() {
        files = std::fs::read_dir(&whole)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        files.sort();
        let above = whole.parent().unwrap_or(&whole).to_path_buf();
        files.extend(CHECKPOINTS.iter().map(|name| above.join(name)));
    }
    files.retain(|path| path.is_file());
    let is_log = |path: &PathBuf| path.file_name().is_some_and(|name| is_segment(&name.to_string_lossy()));
    if whole.is_dir() && !files.iter().any(is_log) {
        return Ok(None);
    }
    let names = files.iter().map(|path| Ok((path.to_string_lossy().into_owned(), path.metadata()?.len())));
    let names: Vec<(String, u64)> = names.collect::<io::Result<_>>()?;
    let Some(mut given) = partitions(&names).into_iter().next() else { return Ok(None) };
    given.name = whole.to_string_lossy().into_owned();
    let before = u32::try_from(paths.len()).unwrap_or(u32::MAX);
    given.files.iter_mut().for_each(|file| file.handle = file.handle.saturating_add(before));
    paths.extend(files);
    Ok(Some(given))
}

fn read(path: &Path, range: std::ops::Range<u64>) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(range.start))?;
    let mut piece = Vec::new();
    file.take(range.end.saturating_sub(range.start)).read_to_end(&mut piece)?;
    Ok(piece)
}
