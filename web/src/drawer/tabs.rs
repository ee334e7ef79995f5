//! The tabs of the drawer, as WAI-ARIA describes them: arrows move between them, the panel follows.

use leptos::prelude::*;

use super::bytes::Bytes;
use super::code::Code;
use super::script::ScriptPanel;
use super::story::Story;
use super::why::Why;
use crate::words::drawer as words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Story,
    Why,
    Bytes,
    Code,
    Script,
}

impl Tab {
    const ALL: [(Tab, &str, &str); 5] = [
        (Tab::Story, "story", words::STORY),
        (Tab::Why, "why", words::WHY),
        (Tab::Bytes, "bytes", words::BYTES),
        (Tab::Code, "code", words::CODE),
        (Tab::Script, "script", words::SCRIPT),
    ];

    fn name(self) -> &'static str {
        Tab::ALL.iter().find(|(tab, _, _)| *tab == self).map_or("", |(_, name, _)| name)
    }

    /// The tab so many places further on, around the end.
    fn turned(self, by: usize) -> Tab {
        let at = Tab::ALL.iter().position(|(tab, _, _)| *tab == self).unwrap_or(0);
        Tab::ALL[(at + by) % Tab::ALL.len()].0
    }
}

#[component]
pub fn Drawer() -> impl IntoView {
    let tab = RwSignal::new(Tab::Story);
    let sheet_open = RwSignal::new(false);
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let next = match event.key().as_str() {
            "ArrowRight" => tab.get_untracked().turned(1),
            "ArrowLeft" => tab.get_untracked().turned(Tab::ALL.len() - 1),
            "Home" => Tab::Story,
            "End" => Tab::Script,
            _ => return,
        };
        event.prevent_default();
        // The arrows of the transport must not hear it too.
        event.stop_propagation();
        tab.set(next);
        focus_tab(next);
    };
    let tabs = Tab::ALL.map(|(this, name, label)| {
        let selected = move || tab.get() == this;
        view! {
            <button
                type="button"
                role="tab"
                id=format!("tab-{name}")
                aria-controls="drawer-panel"
                aria-selected=move || if selected() { "true" } else { "false" }
                tabindex=move || if selected() { "0" } else { "-1" }
                on:click=move |_| tab.set(this)
            >
                {label}
            </button>
        }
    });
    Effect::new(move |_| {
        tab.track();
        to_the_top();
    });
    view! {
        <section class="drawer" class:sheet-open=move || sheet_open.get() aria-label=words::LABEL>
            <button
                class="button drawer-open"
                type="button"
                aria-expanded=move || if sheet_open.get() { "true" } else { "false" }
                on:click=move |_| sheet_open.update(|open| *open = !*open)
            >
                {move || if sheet_open.get() { words::CLOSE } else { words::OPEN }}
            </button>
            <div class="drawer-sheet">
                <div class="tabs" role="tablist" aria-label=words::LABEL on:keydown=on_key>
                    {tabs.into_iter().collect_view()}
                </div>
                <div
                    class="drawer-panel"
                    id="drawer-panel"
                    role="tabpanel"
                    tabindex="0"
                    aria-labelledby=move || format!("tab-{}", tab.get().name())
                >
                    {move || match tab.get() {
                        Tab::Story => view! { <Story/> }.into_any(),
                        Tab::Why => view! { <Why/> }.into_any(),
                        Tab::Bytes => view! { <Bytes/> }.into_any(),
                        Tab::Code => view! { <Code/> }.into_any(),
                        Tab::Script => view! { <ScriptPanel/> }.into_any(),
                    }}
                </div>
            </div>
        </section>
    }
}

/// Another panel is read from its beginning.
fn to_the_top() {
    #[cfg(feature = "csr")]
    if let Some(panel) = document().get_element_by_id("drawer-panel") {
        panel.set_scroll_top(0);
    }
}

fn focus_tab(tab: Tab) {
    #[cfg(feature = "csr")]
    {
        use wasm_bindgen::JsCast;
        let button = document().get_element_by_id(&format!("tab-{}", tab.name()));
        if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
            // A tab that can't take the focus is still selected.
            let _ = button.focus();
        }
    }
    #[cfg(not(feature = "csr"))]
    let _ = tab;
}
