//! Markdown to blocks of spans.
//!
//! A beat is a second-level heading with an id (`## The mark moves {#the-mark-moves}`) and what follows it.
//! A block quote is its question; what stands behind a rule (`---`) is read once the question is answered.
//! `[broker 1](leader)` is a noun in its colour, `[](=high-watermark.1)` a number of the run,
//! `[](setting:topic/retention.ms)` a setting with its default.

use kafka_lab::settings::Setting;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::model::{Block, Inline};

/// The nouns that have a colour (`kafka_lab::words::Noun`).
const ROLES: [&str; 8] =
    ["leader", "follower", "producer", "consumer", "high-watermark", "transaction", "danger", "data"];

/// One beat's words.
#[derive(Debug, Default)]
pub(crate) struct Section {
    pub(crate) id: String,
    pub(crate) title: Vec<Inline>,
    pub(crate) text: Vec<Block>,
    pub(crate) question: Option<Vec<Inline>>,
    pub(crate) after: Vec<Block>,
}

/// Where the spans that are being read belong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Question,
    After,
}

struct Reader {
    done: Vec<Section>,
    place: Place,
    spans: Vec<Inline>,
    /// Items of the list that is open.
    list: Option<Vec<Vec<Inline>>>,
    /// The address of the link that is open, and its text so far.
    link: Option<(String, String)>,
    emphasis: bool,
    strong: bool,
}

/// The sections of a file of prose.
pub(crate) fn sections(markdown: &str) -> Result<Vec<Section>, String> {
    let options = Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_SMART_PUNCTUATION;
    let mut reader = Reader {
        done: Vec::new(),
        place: Place::Text,
        spans: Vec::new(),
        list: None,
        link: None,
        emphasis: false,
        strong: false,
    };
    for event in Parser::new_ext(markdown, options) {
        reader.take(event)?;
    }
    for section in &mut reader.done {
        settle_values(section);
    }
    Ok(reader.done)
}

impl Reader {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(tag) => return self.open(tag),
            Event::End(tag) => return self.close(tag),
            Event::Text(text) => match &mut self.link {
                Some((_, inside)) => inside.push_str(&text),
                None if self.strong => self.spans.push(Inline::Strong(text.into_string())),
                None if self.emphasis => self.spans.push(Inline::Emphasis(text.into_string())),
                None => self.spans.push(Inline::Text(text.into_string())),
            },
            Event::Code(text) => self.spans.push(Inline::Code(text.into_string())),
            Event::SoftBreak | Event::HardBreak => match &mut self.link {
                Some((_, inside)) => inside.push(' '),
                None => self.spans.push(Inline::Text(" ".to_owned())),
            },
            Event::Rule => self.place = Place::After,
            other => return Err(format!("nothing here can show {other:?}")),
        }
        Ok(())
    }

    fn open(&mut self, tag: Tag<'_>) -> Result<(), String> {
        match tag {
            Tag::Heading { level: HeadingLevel::H2, id: Some(id), .. } => {
                self.place = Place::Text;
                self.done.push(Section { id: id.into_string(), ..Section::default() });
            }
            Tag::Paragraph => {}
            Tag::BlockQuote(_) => self.place = Place::Question,
            Tag::List(None) => self.list = Some(Vec::new()),
            Tag::Item => {}
            Tag::Emphasis => self.emphasis = true,
            Tag::Strong => self.strong = true,
            Tag::Link { dest_url, .. } => self.link = Some((dest_url.into_string(), String::new())),
            other => return Err(format!("nothing here can show {other:?}")),
        }
        Ok(())
    }

    fn close(&mut self, tag: TagEnd) -> Result<(), String> {
        match tag {
            TagEnd::Emphasis => self.emphasis = false,
            TagEnd::Strong => self.strong = false,
            TagEnd::Link => {
                if let Some((address, text)) = self.link.take() {
                    self.spans.push(special(address, text)?);
                }
            }
            TagEnd::Item => {
                let spans = std::mem::take(&mut self.spans);
                if let Some(list) = &mut self.list {
                    list.push(spans);
                }
            }
            TagEnd::List(_) => {
                let list = self.list.take().unwrap_or_default();
                self.put(Block::List(list))?;
            }
            TagEnd::Heading(_) => self.section()?.title = std::mem::take(&mut self.spans),
            TagEnd::Paragraph if self.list.is_none() => {
                let spans = std::mem::take(&mut self.spans);
                self.put(Block::Paragraph(spans))?;
            }
            TagEnd::BlockQuote(_) => self.place = Place::Text,
            _ => {}
        }
        Ok(())
    }

    /// The section that is being read; taken out so that the borrow ends here.
    fn section(&mut self) -> Result<&mut Section, String> {
        self.done.last_mut().ok_or_else(|| "begin with `## Title {#id}`".to_owned())
    }

    fn put(&mut self, block: Block) -> Result<(), String> {
        let place = self.place;
        let section = self.section()?;
        match (place, block) {
            (Place::Text, block) => section.text.push(block),
            (Place::After, block) => section.after.push(block),
            (Place::Question, Block::Paragraph(spans)) if section.question.is_none() => section.question = Some(spans),
            (Place::Question, _) => return Err(format!("`{}`: a question is one paragraph", section.id)),
        }
        Ok(())
    }
}

/// What a link stands for: a noun or a number.
fn special(address: String, text: String) -> Result<Inline, String> {
    if let Some(subject) = address.strip_prefix('=') {
        return Ok(Inline::Value { subject: subject.replacen('.', " ", 1), at_end: true });
    }
    if let Some(path) = address.strip_prefix("setting:") {
        let setting = Setting::named(path).ok_or_else(|| format!("core/src/settings has no `{path}`"))?;
        let words = setting.in_words().map_or_else(String::new, |words| format!(" ({words})"));
        return Ok(Inline::Code(format!("{}={}{words}", setting.name, setting.default)));
    }
    match ROLES.contains(&address.as_str()) {
        true => Ok(Inline::Noun { role: address, text }),
        false => Err(format!("`{address}` is no noun; the nouns are {ROLES:?}")),
    }
}

/// A line of words outside of any section, as a title.
pub(crate) fn line(markdown: &str) -> Result<Vec<Inline>, String> {
    let mut sections = sections(&format!("## {markdown} {{#line}}"))?;
    sections.pop().map(|section| section.title).ok_or_else(|| format!("`{markdown}` is no line of words"))
}

/// Numbers before a question are those of the moment at which it is asked; all others those of the beat's end.
fn settle_values(section: &mut Section) {
    let Some(question) = &mut section.question else { return };
    let paragraphs = section.text.iter_mut().flat_map(|block| match block {
        Block::Paragraph(spans) => vec![spans],
        Block::List(items) => items.iter_mut().collect(),
    });
    for span in paragraphs.chain([question]).flatten() {
        if let Inline::Value { at_end, .. } = span {
            *at_end = false;
        }
    }
}
