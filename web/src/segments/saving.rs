//! Taking away what was found: as text, as JSON.

use super::reading::Reading;
use super::words;
use crate::markup::{El, button, el, live};
use crate::reactive::*;

/// Two buttons; what is written down becomes a link to a file, which the browser saves.
pub(super) fn saving(reading: Reading) -> El {
    let file = move || {
        let (content, is_json) = reading.exported.get().filter(|(content, _)| !content.is_empty())?;
        let (kind, name) =
            if is_json { ("application/json", "kafka-lab.json") } else { ("text/plain", "kafka-lab.txt") };
        let address = format!("data:{kind};charset=utf-8,{}", percent_encoded(&content));
        Some(el("a").class("button primary").attr("href", address).attr("download", name).child(name))
    };
    let is_off = move || !reading.is_over();
    let save = move |label: &'static str, as_json: bool| {
        button("button", label).live_attr("aria-disabled", is_off).on_click(move || {
            if reading.is_over() {
                reading.export(as_json);
            }
        })
    };
    el("p")
        .class("segments-open")
        .child(save(words::SAVE_TEXT, false))
        .child(save(words::SAVE_JSON, true))
        .child(live(file))
        .child(el("span").class("note").child(words::SAVE_NOTE))
}

/// For an address: letters and digits as they are, each other byte as `%` and two digits.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_letter_is_encoded() {
        assert_eq!(percent_encoded("a b\n\u{e9}"), "a%20b%0a%c3%a9");
    }
}
