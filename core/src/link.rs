//! A run in a link: script, seed, moment, version and the world's hash there.
//!
//! `1.` version, `.` checksum, `.` then the text: `t` as it is or `z` deflated, in base64url. The text begins with the
//! moment and the hash; a comment after every few commands is a checksum of all before it, so that of a damaged link
//! the longest part that is surely right can be told from the rest, and the world's hash there, cut to 16 bits, so
//! that it can be told where another engine begins to differ.
//!
//! A run that is compared with another carries that one behind it, in the same manner: `beside`, its moment and hash,
//! where the two parted, how many lines its script has, and the script. Most of their lines are the same, so the link
//! grows by little.

use crate::command::Script;
use crate::timeline::{Moment, Run};
use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::fmt;

/// The version of the link format.
pub const LINK_VERSION: u32 = 1;
/// A link's text may unpack to this much.
const TEXT_BYTES_MOST: usize = 1 << 20;
/// Commands between two checksums in the text.
const CHECK_EVERY: usize = 8;
/// Lines of a script before its first command: the version and the seed.
const HEAD_LINES: usize = 2;
/// Texts shorter than this are not deflated.
const DEFLATE_FROM_BYTES: usize = 160;

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    pub script: Script,
    pub moment: Moment,
    /// The hash of the world at that moment, as the engine that made the link had it.
    pub hash: u64,
    /// After so many commands, the last 16 bits of the world's hash.
    pub on_the_way: Vec<(usize, u16)>,
    /// The run that it is compared with.
    pub beside: Option<Box<SharedBeside>>,
}

/// The run that a link's run is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedBeside {
    /// It has none beside itself.
    pub shared: Shared,
    /// Where the link's run was forked from it; none if it came from elsewhere.
    pub parted: Option<Moment>,
}

/// A run and the moment that it stands at.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    pub run: &'a Run,
    pub moment: Moment,
}

/// Where a run is not the one that a link was made of: it is the same at `after`, and another at `by`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differs {
    pub after: Moment,
    pub by: Moment,
}

impl Shared {
    /// Where this engine's run of the script first differs from that of the engine that made the link.
    #[must_use]
    pub fn differs(&self, run: &Run) -> Option<Differs> {
        let mut after = 0;
        for (commands, expected) in &self.on_the_way {
            let last = commands.checked_sub(1).and_then(|last| run.performed().get(last));
            let by = last.map_or(run.len(), |performed| performed.to);
            if short_hash(run, by) != *expected {
                return Some(Differs { after, by });
            }
            after = by;
        }
        let same = self.moment <= run.len() && run.world_at(self.moment).hash() == self.hash;
        (!same).then(|| Differs { after: after.min(self.moment), by: self.moment.min(run.len()) })
    }
}

fn short_hash(run: &Run, moment: Moment) -> u16 {
    u16::try_from(run.world_at(moment).hash() & 0xffff).unwrap_or(0)
}

/// What could be read of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The part that is surely right; nothing, if not even the beginning is.
    pub shared: Option<Shared>,
    /// What is wrong, with its place.
    pub problems: Vec<LinkProblem>,
}

/// Something wrong with a link. Places count characters of the link, 0 for the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkProblem {
    /// It does not begin with a version and a checksum.
    NotALink { found: String },
    /// Made by a later lab.
    UnknownVersion { found: String },
    /// A character that no link has.
    Character { at: usize, found: char },
    /// The text ends in the middle of what was packed.
    Torn { after_bytes: usize },
    /// The text is not what it was when the link was made.
    Checksum { expected: u32, found: u32 },
    /// The text up to here is right; what follows is left out.
    KeptUntil { line: usize, left_out: usize },
    /// The text has no moment, or no hash.
    NoMoment { found: String },
    /// A line that is no command, though the text is undamaged.
    Line(crate::command::Problem),
    /// The same, in the run that it is compared with.
    LineBeside(crate::command::Problem),
    /// The run that it is compared with is not there whole, so it is left out.
    BesideLeftOut,
}

/// The link's text for a run at a moment, without the address in front.
#[must_use]
pub fn write(run: &Run, moment: Moment) -> String {
    let mut text = String::new();
    write_run("at", At { run, moment }, "", &mut text);
    pack(text)
}

/// As [`write`], with the run that it is compared with, and where it was forked from that.
#[must_use]
pub fn write_beside(here: At<'_>, beside: At<'_>, parted: Option<Moment>) -> String {
    let mut text = String::new();
    write_run("at", here, "", &mut text);
    let parted = parted.map_or_else(|| NOT_PARTED.to_owned(), |parted| parted.to_string());
    let lines = beside.run.script().to_string().lines().count();
    write_run(BESIDE, beside, &format!(" {parted} {lines}"), &mut text);
    pack(text)
}

/// The word that the second run of a link begins with.
const BESIDE: &str = "beside";
/// Stands for the moment of a fork, where there was none.
const NOT_PARTED: &str = "-";

/// A line with the moment and the world's hash there, then the script, with checksums on the way.
fn write_run(word: &str, at: At<'_>, more: &str, text: &mut String) {
    let At { run, moment } = at;
    text.push_str(&format!("{word} {moment} {:016x}{more}\n", run.world_at(moment).hash()));
    let script = run.script().to_string();
    let lines = script.lines().count();
    for (index, line) in script.lines().enumerate() {
        text.push_str(line);
        text.push('\n');
        if index % CHECK_EVERY == CHECK_EVERY - 1 || index + 1 == lines {
            let performed = index.checked_sub(HEAD_LINES).and_then(|last| run.performed().get(last));
            let hash_there = short_hash(run, performed.map_or(0, |performed| performed.to));
            text.push_str(&check_line(text, hash_there));
        }
    }
}

fn pack(text: String) -> String {
    let checksum = crc32c::crc32c(text.as_bytes());
    let (mode, bytes) = if text.len() < DEFLATE_FROM_BYTES {
        ('t', text.into_bytes())
    } else {
        ('z', miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 9))
    };
    format!("{LINK_VERSION}.{checksum:08x}.{mode}{}", BASE64.encode(&bytes))
}

/// Reads a link's text. Total: whatever stands there, the part that is surely right comes back.
#[must_use]
pub fn read(link: &str) -> Read {
    let mut problems = Vec::new();
    let shared = read_parts(link, &mut problems);
    Read { shared, problems }
}

fn read_parts(link: &str, problems: &mut Vec<LinkProblem>) -> Option<Shared> {
    let mut parts = link.splitn(3, '.');
    let (version, checksum, packed) = (parts.next()?, parts.next(), parts.next());
    let (Some(checksum), Some(packed)) = (checksum, packed) else {
        problems.push(LinkProblem::NotALink { found: link.chars().take(24).collect() });
        return None;
    };
    if version.parse() != Ok(LINK_VERSION) {
        problems.push(LinkProblem::UnknownVersion { found: version.chars().take(12).collect() });
        return None;
    }
    let text = unpack(packed, link.len() - packed.len(), problems)?;
    let found = crc32c::crc32c(text.as_bytes());
    let expected = u32::from_str_radix(checksum, 16).unwrap_or(0);
    if expected == found {
        return read_text(&text, problems);
    }
    problems.push(LinkProblem::Checksum { expected, found });
    let (good, line) = longest_good(&text);
    let left_out = text.get(good.len()..).map_or(0, |rest| rest.lines().count());
    problems.push(LinkProblem::KeptUntil { line, left_out });
    read_text(good, problems)
}

/// The text that was packed, as far as it can be had.
fn unpack(packed: &str, begins_at: usize, problems: &mut Vec<LinkProblem>) -> Option<String> {
    let mode = packed.chars().next();
    let Some(mode @ ('t' | 'z')) = mode else {
        problems.push(LinkProblem::NotALink { found: packed.chars().take(24).collect() });
        return None;
    };
    let body = packed.get(1..)?;
    let good = body.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    if let Some(found) = good.and_then(|at| body.get(at..)).and_then(|rest| rest.chars().next()) {
        problems.push(LinkProblem::Character { at: begins_at + 1 + good.unwrap_or(0), found });
    }
    let mut body = body.get(..good.unwrap_or(body.len()))?;
    if body.len() % 4 == 1 {
        body = body.get(..body.len() - 1)?;
    }
    let bytes = BASE64.decode(body.as_bytes()).ok()?;
    let bytes = match mode {
        't' => bytes,
        _ => match miniz_oxide::inflate::decompress_to_vec_with_limit(&bytes, TEXT_BYTES_MOST) {
            Ok(text) => text,
            Err(torn) => {
                problems.push(LinkProblem::Torn { after_bytes: torn.output.len() });
                torn.output
            }
        },
    };
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// base64url that does not mind where it was cut.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

fn check_line(text_so_far: &str, hash_there: u16) -> String {
    format!("{} {hash_there:04x}\n", check_of(text_so_far))
}

fn check_of(text_so_far: &str) -> String {
    format!("#{:04x}", crc32c::crc32c(text_so_far.as_bytes()) & 0xffff)
}

/// The text up to the last checksum that is right, and its number of lines.
fn longest_good(text: &str) -> (&str, usize) {
    let (mut good, mut lines_good) = (0, 0);
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let so_far = text.get(..at).unwrap_or_default();
        if line.starts_with('#') && line.split(' ').next() == Some(check_of(so_far).as_str()) {
            (good, lines_good) = (at + line.len(), index + 1);
        }
        at += line.len();
    }
    (text.get(..good).unwrap_or_default(), lines_good)
}

fn read_text(text: &str, problems: &mut Vec<LinkProblem>) -> Option<Shared> {
    let begins = text.find(&format!("\n{BESIDE} ")).map(|end| end + 1);
    let (here, beside) = begins.map_or((text, None), |begins| (&text[..begins], Some(&text[begins..])));
    let mut shared = read_run("at", here, LinkProblem::Line, problems)?;
    if let Some(beside) = beside {
        shared.beside = read_beside(beside, problems);
        if shared.beside.is_none() {
            problems.push(LinkProblem::BesideLeftOut);
        }
    }
    Some(shared)
}

/// The second run, if all of its lines are there.
fn read_beside(text: &str, problems: &mut Vec<LinkProblem>) -> Option<Box<SharedBeside>> {
    let (first, script) = text.split_once('\n')?;
    let mut words = first.split(' ').skip(3);
    let (parted, lines) = (words.next()?, words.next()?.parse::<usize>().ok()?);
    if script.lines().filter(|line| !line.starts_with('#')).count() != lines {
        return None;
    }
    let parted = if parted == NOT_PARTED { None } else { Some(parted.parse().ok()?) };
    let shared = read_run(BESIDE, text, LinkProblem::LineBeside, problems)?;
    Some(Box::new(SharedBeside { shared, parted }))
}

fn read_run(
    word: &str,
    text: &str,
    of_line: fn(crate::command::Problem) -> LinkProblem,
    problems: &mut Vec<LinkProblem>,
) -> Option<Shared> {
    let (first, rest) = text.split_once('\n')?;
    let mut words = first.split(' ');
    let moment = (words.next() == Some(word)).then(|| words.next()?.parse::<Moment>().ok()).flatten();
    let hash = words.next().and_then(|word| u64::from_str_radix(word, 16).ok());
    let (Some(moment), Some(hash)) = (moment, hash) else {
        problems.push(LinkProblem::NoMoment { found: first.chars().take(40).collect() });
        return None;
    };
    let parsed = Script::parse(rest);
    problems.extend(parsed.problems.into_iter().map(of_line));
    Some(Shared { script: parsed.script, moment, hash, on_the_way: hashes(rest), beside: None })
}

/// The hashes on the way, each with how many commands stand before it.
fn hashes(script: &str) -> Vec<(usize, u16)> {
    let mut lines = 0usize;
    let mut found = Vec::new();
    for line in script.lines() {
        match line.strip_prefix('#') {
            Some(check) => {
                let hash = check.split(' ').nth(1).and_then(|hash| u16::from_str_radix(hash, 16).ok());
                found.extend(hash.map(|hash| (lines.saturating_sub(HEAD_LINES), hash)));
            }
            None => lines += 1,
        }
    }
    found
}

impl fmt::Display for LinkProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkProblem::NotALink { found } => {
                write!(f, "`{found}` is not a link of the lab: expected `{LINK_VERSION}.checksum.text`")
            }
            LinkProblem::UnknownVersion { found } => {
                write!(f, "the link has version `{found}`; this lab reads version {LINK_VERSION}")
            }
            LinkProblem::Character { at, found } => {
                write!(f, "character {at} is `{found}`; expected a letter, a digit, - or _")
            }
            LinkProblem::Torn { after_bytes } => write!(f, "the link is torn: its text ends after {after_bytes} bytes"),
            LinkProblem::Checksum { expected, found } => {
                write!(f, "the link is damaged: its checksum is {found:08x}, expected {expected:08x}")
            }
            LinkProblem::KeptUntil { line, left_out } => {
                write!(f, "its first {line} lines are whole and are played; {left_out} more are left out")
            }
            LinkProblem::NoMoment { found } => write!(f, "found `{found}`; expected `at`, a moment and a hash"),
            LinkProblem::Line(problem) => problem.fmt(f),
            LinkProblem::LineBeside(problem) => write!(f, "in the run beside it, {problem}"),
            LinkProblem::BesideLeftOut => {
                write!(f, "the run that it is compared with is not whole in the link, and is left out")
            }
        }
    }
}

#[cfg(test)]
mod tests;
