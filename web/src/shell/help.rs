//! The list of keys, behind `?`.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::player::KEYS;
use crate::words::help as words;

/// Whether the list is open; in context, so that the key and the button are one.
#[derive(Clone, Copy, Debug)]
pub struct HelpOpen(pub RwSignal<bool>);

#[component]
pub fn HelpButton() -> impl IntoView {
    let open = use_context::<HelpOpen>();
    let toggle = move |_| {
        if let Some(HelpOpen(open)) = open {
            open.update(|open| *open = !*open);
        }
    };
    view! {
        <button class="button-plain" type="button" aria-label=words::LABEL aria-keyshortcuts="?" on:click=toggle>
            {words::BUTTON}
        </button>
    }
}

/// A modal dialogue: the browser keeps the focus inside and gives it back.
#[component]
pub fn Help() -> impl IntoView {
    let dialog: NodeRef<Dialog> = NodeRef::new();
    let open = use_context::<HelpOpen>().map_or_else(|| RwSignal::new(false), |HelpOpen(open)| open);
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                // It is in the page and not open: showing it can't fail.
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let playing = KEYS.iter().map(|key| (key.shown, key.does()));
    let rows = playing.chain(words::KEYS).map(|(key, does)| view! { <dt><kbd>{key}</kbd></dt><dd>{does}</dd> });
    view! {
        <dialog class="help" node_ref=dialog aria-labelledby="help-title" on:close=move |_| open.set(false)>
            <h2 id="help-title">{words::LABEL}</h2>
            <dl>{rows.collect_view()}</dl>
            <form method="dialog">
                <button class="button" type="submit">{words::CLOSE}</button>
            </form>
        </dialog>
    }
}
