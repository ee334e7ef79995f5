//! The list of keys, behind `?`.

use wasm_bindgen::JsCast;
use wasm_split_helpers::wasm_split;
use web_sys::{Element, HtmlDialogElement};

use crate::markup::{El, NotLoaded, el, late, many, mount};
use crate::player::KEYS;
use crate::reactive::*;
use crate::words::help as words;

/// Whether the list is open; in context, so that the key and the button are one.
#[derive(Clone, Copy, Debug)]
pub struct HelpOpen(pub RwSignal<bool>);

fn is_open() -> RwSignal<bool> {
    use_context::<HelpOpen>().map_or_else(|| RwSignal::new(false), |HelpOpen(open)| open)
}

pub(super) fn help_button() -> El {
    let open = is_open();
    el("button")
        .class("button-plain")
        .attr("type", "button")
        .attr("aria-label", words::LABEL)
        .attr("aria-keyshortcuts", "?")
        .on_click(move || open.update(|open| *open = !*open))
        .child(words::BUTTON)
}

/// A modal dialogue: the browser keeps the focus inside and gives it back.
#[must_use]
pub fn help() -> El {
    let open = is_open();
    let close = el("button").class("button").attr("type", "submit").child(words::CLOSE);
    el("dialog")
        .class("help")
        .attr("aria-labelledby", "help-title")
        .on("close", move |_: web_sys::Event| open.set(false))
        .made(move |dialog| {
            let dialog: HtmlDialogElement = dialog.clone().unchecked_into();
            effect(move || match (open.get(), dialog.open()) {
                (true, false) => {
                    // It is in the page and not open: showing it can't fail.
                    let _ = dialog.show_modal();
                }
                (false, true) => dialog.close(),
                _ => {}
            });
        })
        .child(el("h2").attr("id", "help-title").child(words::LABEL))
        .child(late("help-keys", keys_into))
        .child(el("form").attr("method", "dialog").child(close))
}

#[wasm_split(menus, fallible)]
fn keys_into(place: Element, owner: Owner) -> Result<(), NotLoaded> {
    let playing = KEYS.iter().map(|key| (key.shown, key.does()));
    let rows =
        playing.chain(words::KEYS).flat_map(|(key, does)| [el("dt").child(el("kbd").child(key)), el("dd").child(does)]);
    owner.with(|| mount(&place, el("dl").child(many(rows)).into()));
    Ok(())
}
