//! Choosing what is read: by the buttons, by dropping it, or one of the examples that ship with the site.

use std::sync::Arc;

use js_sys::{Reflect, Uint8Array};
use kafka_lab::inspect::{FileGiven, FolderGiven, partitions};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, Response};

use super::built_in::{self, Bundle, EXAMPLES_FILE};
use super::dropped::{self, Picked};
use super::reading::{Opened, Reading, Sources};
use super::words;
use crate::content::late_address;
use crate::markup::{El, button, el, live, many};
use crate::reactive::*;
use crate::worker::part;

/// The buttons and the examples.
pub(super) fn opening(reading: Reading) -> El {
    let examples = move || {
        let bundle = reading.examples.get();
        let names =
            bundle.iter().flat_map(|bundle| bundle.iter().map(|example| (example.label.clone(), example.name.clone())));
        let example = |(label, name): (String, String)| {
            button("button", label).on_click(move || open_example(reading, Some(&name)))
        };
        names.map(example).collect::<Vec<El>>()
    };
    el("p")
        .class("segments-open")
        .child(field(words::CHOOSE_FOLDER, "button primary", reading).attr("data-takes", "folder"))
        .child(field(words::CHOOSE, "button", reading))
        .child(el("span").child(words::DROP))
        .child(live(examples))
}

/// A button that lets files be chosen; for a folder, the attribute that browsers agree on is set on its field.
fn field(label: &'static str, class: &'static str, reading: Reading) -> El {
    let of_folder = label == words::CHOOSE_FOLDER;
    let input = el("input")
        .class("unseen")
        .attr("type", "file")
        .attr("multiple", "")
        .attr("webkitdirectory", of_folder.then_some(""))
        .on("change", move |event: Event| {
            let field = part(&event, "target");
            take(reading, dropped::picked(&part(&field, "files")));
            // The same can be chosen again.
            let _ = Reflect::set(&field, &"value".into(), &"".into());
        });
    el("label").class(class).child(input).child(label)
}

/// Which of many partitions is read, and which beside it.
pub(super) fn choice(reading: Reading) -> El {
    let chosen = RwSignal::new((0_usize, None::<usize>));
    let open = move || {
        let (first, second) = chosen.get_untracked();
        let all = reading.partitions.get_untracked();
        let folders = [Some(first), second].into_iter().flatten().filter_map(|at| all.get(at).cloned()).collect();
        reading.open(Opened { folders, about: None });
    };
    // As it was opened.
    effect(move || {
        let found = reading.partitions.with(Vec::len);
        chosen.set((0, (found == 2).then_some(1)));
    });
    let select = move |label: &'static str, with_none: bool| {
        let all = reading.partitions.get();
        let none = with_none.then(|| el("option").attr("value", "").child(words::NOTHING_ELSE));
        let is_at = move |place: Option<usize>| {
            let (first, second) = chosen.get_untracked();
            if with_none { second == place } else { Some(first) == place }
        };
        let options = all.iter().enumerate().map(move |(place, folder)| {
            let selected = is_at(Some(place)).then_some("");
            el("option").attr("value", place.to_string()).attr("selected", selected).child(folder.name.clone())
        });
        el("select")
            .attr("aria-label", label)
            .on("change", move |event: Event| {
                let place = event_target_value(&event).parse().ok();
                chosen.update(|chosen| if with_none { chosen.1 = place } else { chosen.0 = place.unwrap_or(0) });
                open();
            })
            .child(none)
            .child(many(options))
    };
    let choice = move || {
        let found = reading.partitions.with(Vec::len);
        (found > 1).then(|| {
            el("p")
                .class("segments-open")
                .child(el("span").child(format!("{found} {}", words::PARTITIONS)))
                .child(select(words::PARTITIONS, false))
                .child(el("span").child(words::COMPARED_WITH))
                .child(select(words::COMPARED_WITH, true))
        })
    };
    el("div").child(live(choice))
}

/// Takes what is dropped anywhere on the page.
pub(super) fn take_drops(reading: Reading) {
    // Else the browser would leave the page for the file.
    crate::markup::listen_to_window("dragover", |event: Event| event.prevent_default());
    crate::markup::listen_to_window("drop", move |event: Event| {
        event.prevent_default();
        let transfer = part(&event, "dataTransfer");
        let (entries, files) = (dropped::entries(&transfer), dropped::picked(&part(&transfer, "files")));
        spawn_local(async move {
            let inside = dropped::files(entries).await;
            if !reading.is_gone() {
                take(reading, if inside.is_empty() { files } else { inside });
            }
        });
    });
}

/// Opens the partitions that are among the files, or says that there are none.
fn take(reading: Reading, picked: Vec<Picked>) {
    let sizes: Vec<(String, u64)> =
        picked.iter().map(|(path, file)| (path.clone(), bytes_of(&part(file, "size")))).collect();
    let found = partitions(&sizes);
    let said = match (found.as_slice(), sizes.as_slice()) {
        (_, []) => Some(words::NO_FILES.to_owned()),
        (_, [(path, _)]) => beside(path),
        ([], _) => Some(words::NO_SEGMENT.to_owned()),
        _ => None,
    };
    if said.is_some() {
        return reading.notice.set(said);
    }
    reading.take(found, Sources::Browser(picked.into_iter().map(|(_, file)| file).collect()));
}

/// What a file is that has no records in it.
fn beside(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (_, what) = words::BESIDE.iter().find(|(ending, _)| name.ends_with(ending))?;
    let (is, expected) = words::NO_RECORDS;
    Some(format!("{name}: {is}{what}{expected}"))
}

/// Has the examples at hand, and opens the one of this name.
pub(super) fn begin_with(reading: Reading, name: Option<String>) {
    if reading.examples.with_untracked(Option::is_some) {
        return open_example(reading, name.as_deref());
    }
    if let Some(bundle) = built_in::bundle() {
        reading.examples.set(Some(Arc::new(bundle)));
        return open_example(reading, name.as_deref());
    }
    spawn_local(async move {
        let bundle = fetched().await;
        if reading.is_gone() {
            return;
        }
        match bundle {
            Some(bundle) => {
                reading.examples.set(Some(Arc::new(bundle)));
                // Somebody may have been quicker.
                if reading.file.with_untracked(Option::is_none) {
                    open_example(reading, name.as_deref());
                }
            }
            None => reading.notice.set(Some(words::NO_EXAMPLE.to_owned())),
        }
    });
}

/// Opens the example of this name, or the first.
fn open_example(reading: Reading, name: Option<&str>) {
    let Some(bundle) = reading.examples.get_untracked() else { return };
    let named = bundle.iter().find(|example| Some(example.name.as_str()) == name);
    let Some(example) = named.or(bundle.first()) else { return };
    let mut files = Vec::new();
    let folders = example.folders.iter().map(|folder| {
        let given = folder.files.iter().map(|(name, bytes)| {
            let handle = u32::try_from(files.len()).unwrap_or(u32::MAX);
            files.push(bytes.clone());
            FileGiven { handle, name: name.clone(), size_bytes: bytes.len() as u64 }
        });
        FolderGiven { files: given.collect(), name: folder.name.clone() }
    });
    let folders = folders.collect();
    let sources = if cfg!(feature = "ssr") {
        Sources::BuiltIn(Arc::new(files))
    } else {
        Sources::Browser(files.iter().map(|file| JsValue::from(Uint8Array::from(file.as_slice()))).collect())
    };
    reading.take_example(folders, sources, example.about.clone());
}

async fn fetched() -> Option<Bundle> {
    let answer = JsFuture::from(window().fetch_with_str(&late_address(EXAMPLES_FILE)?)).await.ok()?;
    let answer: Response = answer.unchecked_into();
    if !answer.ok() {
        return None;
    }
    let bytes = Uint8Array::new(&JsFuture::from(answer.array_buffer().ok()?).await.ok()?).to_vec();
    postcard::from_bytes(&bytes).ok()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size is a whole number")]
fn bytes_of(size: &JsValue) -> u64 {
    size.as_f64().unwrap_or(0.0) as u64
}
