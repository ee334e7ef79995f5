//! "Go to": an offset, a time, a key, a producer.

use kafka_lab::inspect::{Sought, read_time, side_name};
use kafka_lab::words::counted;
use web_sys::Event;

use super::reading::Reading;
use super::words;
use crate::markup::{El, button, el, live, many, text};
use crate::reactive::*;

pub(super) fn go_to(reading: Reading) -> El {
    let kind = RwSignal::new(0_usize);
    let wanted = RwSignal::new(String::new());
    let side = RwSignal::new(0_u8);
    let options = words::KINDS
        .iter()
        .enumerate()
        .map(|(place, (name, _))| el("option").attr("value", place.to_string()).child(*name));
    let choose = el("select")
        .attr("aria-label", words::GO_TO)
        .on("change", move |event: Event| kind.set(event_target_value(&event).parse().unwrap_or(0)))
        .child(many(options));
    let field = el("input")
        .attr("type", "text")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("aria-label", words::WANTED)
        .attr("aria-describedby", "segments-expected")
        .on("input", move |event: Event| wanted.set(event_target_value(&event)));
    let go = move |event: Event| {
        event.prevent_default();
        match sought(kind.get_untracked(), &wanted.get_untracked()) {
            Ok(sought) => reading.find(if reading.are_two() { side.get_untracked() } else { 0 }, sought),
            Err(said) => reading.notice.set(Some(said)),
        }
    };
    let expected = move || format!("{}{}.", words::EXPECTED, words::KINDS[kind.get()].1);
    let looking = move || {
        reading.looking.get().map(|at| {
            let stop = button("button", words::STOP_LOOKING).on_click(move || reading.stop_looking());
            el("p").class("segments-paging").child(format!("{} {}", words::LOOKING, counted(at))).child(stop)
        })
    };
    // Where two are open, in which of them.
    let sides = move || {
        reading.are_two().then(|| {
            let options = [0_u8, 1].map(|side| el("option").attr("value", side.to_string()).child(side_name(side)));
            let choose = el("select")
                .attr("aria-label", words::IN)
                .on("change", move |event: Event| side.set(event_target_value(&event).parse().unwrap_or(0)))
                .child(many(options));
            el("span").child(words::IN).child(" ").child(choose)
        })
    };
    let form = el("form")
        .class("segments-go")
        .on("submit", go)
        .child(el("span").child(words::GO_TO))
        .child(choose)
        .child(field)
        .child(live(sides))
        .child(el("button").class("button").attr("type", "submit").child(words::GO))
        .child(el("span").class("note").attr("id", "segments-expected").child(text(expected)));
    el("div").child(form).child(live(looking))
}

/// What was typed, as something to look for; or what was expected.
fn sought(kind: usize, typed: &str) -> Result<Sought, String> {
    let number = || typed.trim().replace([',', '_'], "").parse::<i64>().ok();
    let sought = match kind {
        0 => number().filter(|offset| *offset >= 0).map(Sought::Offset),
        1 => read_time(typed).map(Sought::Time),
        2 => Some(typed).filter(|key| !key.is_empty()).map(|key| Sought::Key(key.to_owned())),
        _ => number().map(Sought::Producer),
    };
    let (name, expected) = words::KINDS.get(kind).copied().unwrap_or_default();
    sought.ok_or_else(|| format!("\u{201c}{typed}\u{201d} is no {name}. {}{expected}.", words::EXPECTED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_understood_or_what_was_expected_is_said() {
        assert_eq!(sought(0, " 1,024 "), Ok(Sought::Offset(1024)));
        assert_eq!(sought(1, "1970-01-02"), Ok(Sought::Time(86_400_000)));
        assert_eq!(sought(2, " a"), Ok(Sought::Key(" a".to_owned())));
        assert_eq!(sought(3, "4000"), Ok(Sought::Producer(4000)));
        for (kind, typed) in [(0, "-1"), (0, "x"), (1, "soon"), (2, ""), (3, "p1")] {
            let said = sought(kind, typed).expect_err("not understood");
            assert!(said.contains("Expected") && said.contains(words::KINDS[kind].0), "{said}");
        }
    }
}
