//! Measuring text without a browser: every label on a stage is set in one monospace.

use super::shape::{Anchor, Bounds, Line, TextStyle};

/// The width of a character of IBM Plex Mono, in ems.
const ADVANCE_EM: f64 = 0.6;
/// Above and below the baseline, in ems: what the letters reach, not the line's full height.
const ASCENT_EM: f64 = 0.78;
const DESCENT_EM: f64 = 0.22;

#[must_use]
pub fn width_px(text: &str, style: TextStyle) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a label has fewer than 2^52 characters")]
    let columns = text.chars().map(columns).sum::<usize>() as f64;
    columns * ADVANCE_EM * style.size_px()
}

/// Chinese, Japanese and Korean letters and pictures come from another typeface, and are about twice as wide.
fn columns(c: char) -> usize {
    match c {
        '\u{2e80}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{1f000}'..='\u{3ffff}' => 2,
        _ => 1,
    }
}

/// The box that a line of text covers.
#[must_use]
pub fn bounds(line: &Line) -> Bounds {
    let width = width_px(&line.text, line.style);
    let x = match line.anchor {
        Anchor::Start => line.at.x,
        Anchor::Middle => line.at.x - width / 2.0,
        Anchor::End => line.at.x - width,
    };
    let size = line.style.size_px();
    Bounds { x, y: line.at.y - ASCENT_EM * size, width, height: (ASCENT_EM + DESCENT_EM) * size }
}

/// The text if it fits into `width`, else as much of its beginning as fits with "…" after it.
#[must_use]
pub fn elide(text: &str, style: TextStyle, width: f64) -> String {
    // Control characters would be drawn as boxes or not at all; foreign records may hold any.
    let clean: String = text.chars().map(|c| if c.is_control() { '·' } else { c }).collect();
    if width_px(&clean, style) <= width {
        return clean;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a label's length")]
    let fit = (width / (ADVANCE_EM * style.size_px())).floor().clamp(1.0, 1_000.0) as usize;
    let mut taken = 0;
    let fits = |c: &char| {
        taken += columns(*c);
        taken < fit
    };
    let mut head: String = clean.chars().take_while(fits).collect();
    head.push('…');
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_stays() {
        assert_eq!(elide("ada", TextStyle::Small, 40.0), "ada");
    }

    #[test]
    fn a_long_text_keeps_its_beginning_and_fits() {
        let elided = elide("customer-000194", TextStyle::Small, 40.0);
        assert_eq!(elided, "cust…");
        assert!(width_px(&elided, TextStyle::Small) <= 40.0);
    }

    #[test]
    fn no_width_at_all_leaves_the_sign_that_something_is_there() {
        assert_eq!(elide("ada", TextStyle::Small, 0.0), "…");
    }

    #[test]
    fn letters_of_any_script_are_never_cut_in_two() {
        assert_eq!(elide("łóżko-żółte", TextStyle::Small, 30.0), "łóż…");
    }

    #[test]
    fn wide_letters_take_two_places() {
        let elided = elide("日本語のテキスト", TextStyle::Small, 40.0);
        assert_eq!(elided, "日本…");
        assert!(width_px(&elided, TextStyle::Small) <= 40.0);
    }

    #[test]
    fn control_characters_are_shown_as_dots() {
        assert_eq!(elide("a\nb\0", TextStyle::Small, 99.0), "a·b·");
    }
}
