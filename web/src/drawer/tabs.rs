//! The tabs of the drawer, as WAI-ARIA describes them: arrows move between them, the panel follows.

use web_sys::KeyboardEvent;

use super::bytes::bytes;
use super::code::code;
use super::metrics::metrics;
use super::script::script_panel;
use super::space_time::space_time;
use super::story::story;
use super::why::why;
use crate::markup::{El, button, el, live, many, text};
use crate::reactive::*;
use crate::scene::{Lab, differences};
use crate::words::drawer as words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Story,
    Why,
    Bytes,
    Code,
    Script,
    SpaceTime,
    Metrics,
    /// While there are two runs to compare.
    Differences,
}

impl Tab {
    const ALL: [(Tab, &str, &str); 8] = [
        (Tab::Story, "story", words::STORY),
        (Tab::Why, "why", words::WHY),
        (Tab::Bytes, "bytes", words::BYTES),
        (Tab::Code, "code", words::CODE),
        (Tab::Script, "script", words::SCRIPT),
        (Tab::SpaceTime, "space-time", words::SPACE_TIME),
        (Tab::Metrics, "metrics", words::METRICS),
        (Tab::Differences, "differences", words::DIFFERENCES),
    ];

    /// Those that there are now.
    fn there(two_runs: bool) -> impl Iterator<Item = (Tab, &'static str, &'static str)> {
        Tab::ALL.into_iter().filter(move |(tab, _, _)| two_runs || *tab != Tab::Differences)
    }

    fn name(self) -> &'static str {
        Tab::ALL.iter().find(|(tab, _, _)| *tab == self).map_or("", |(_, name, _)| name)
    }

    /// The tab so many places further on, around the end.
    fn turned(self, by: isize, two_runs: bool) -> Tab {
        let there: Vec<Tab> = Tab::there(two_runs).map(|(tab, _, _)| tab).collect();
        let at = there.iter().position(|tab| *tab == self).unwrap_or(0).checked_add_signed(by);
        let at = at.unwrap_or(there.len() - 1) % there.len();
        there[at]
    }
}

/// The tabs and the panel of the chosen one.
#[must_use]
pub fn drawer(lab: Lab) -> El {
    let tab = RwSignal::new(Tab::Story);
    let sheet_open = RwSignal::new(false);
    effect(move || {
        tab.track();
        to_the_top();
    });
    let two_runs = memo(move || lab.compared_with().is_some());
    effect(move || {
        if !two_runs.get() && tab.get() == Tab::Differences {
            tab.set(Tab::Story);
        }
    });
    let panel = move || match tab.get() {
        Tab::Story => story(lab),
        Tab::Why => why(lab),
        Tab::Bytes => bytes(lab),
        Tab::Code => code(lab),
        Tab::Script => script_panel(lab).into(),
        Tab::SpaceTime => space_time(lab, Callback::new(move |()| tab.set(Tab::Why))).into(),
        Tab::Metrics => metrics(lab).into(),
        Tab::Differences => differences(lab),
    };
    // All panels but the differences speak of one run.
    let of_which = move || {
        let of_one = lab.is_comparing() && tab.get() != Tab::Differences;
        of_one.then(|| el("p").class("note drawer-of").child(words::OF_YOURS))
    };
    let open = el("button")
        .class("button drawer-open")
        .attr("type", "button")
        .live_attr("aria-expanded", move || sheet_open.get())
        .on_click(move || sheet_open.update(|open| *open = !*open))
        .child(text(move || if sheet_open.get() { words::CLOSE } else { words::OPEN }.to_owned()));
    let panel = el("div")
        .class("drawer-panel")
        .attr("id", "drawer-panel")
        .attr("role", "tabpanel")
        .attr("tabindex", "0")
        .live_attr("aria-labelledby", move || format!("tab-{}", tab.get().name()))
        .child(live(panel));
    el("section")
        .class("drawer")
        .class_if("sheet-open", move || sheet_open.get())
        .attr("aria-label", words::LABEL)
        .child(open)
        .child(el("div").class("drawer-sheet").child(tab_list(tab, two_runs)).child(live(of_which)).child(panel))
}

fn tab_list(tab: RwSignal<Tab>, two_runs: Memo<bool>) -> El {
    let on_key = move |event: KeyboardEvent| {
        let next = match event.key().as_str() {
            "ArrowRight" => tab.get_untracked().turned(1, two_runs.get_untracked()),
            "ArrowLeft" => tab.get_untracked().turned(-1, two_runs.get_untracked()),
            "Home" => Tab::Story,
            "End" => Tab::Story.turned(-1, two_runs.get_untracked()),
            _ => return,
        };
        event.prevent_default();
        // The arrows of the transport must not hear it too.
        event.stop_propagation();
        tab.set(next);
        focus_tab(next);
    };
    let one = move |(this, name, label)| {
        let selected = move || tab.get() == this;
        button("", label)
            .attr("role", "tab")
            .attr("id", format!("tab-{name}"))
            .attr("aria-controls", "drawer-panel")
            .live_attr("aria-selected", selected)
            .live_attr("tabindex", move || if selected() { "0" } else { "-1" })
            .on_click(move || tab.set(this))
    };
    let tabs = move || many(Tab::there(two_runs.get()).map(one));
    el("div")
        .class("tabs")
        .attr("role", "tablist")
        .attr("aria-label", words::LABEL)
        .on("keydown", on_key)
        .child(live(tabs))
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
