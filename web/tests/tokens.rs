//! The colours can be read: contrast as WCAG 2.2 works it out (success criteria 1.4.3 and 1.4.11),
//! for every ink on every ground, in both themes.

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../style/tokens.css");

const TEXT: [&str; 10] =
    ["ink", "quiet", "faint", "leader", "follower", "producer", "consumer", "high-watermark", "transaction", "danger"];
const GROUNDS: [&str; 2] = ["paper", "stage"];

type Colours = BTreeMap<String, [u8; 3]>;

/// The colours of the block that begins with `selector`.
fn colours(selector: &str) -> Colours {
    let (_, block) = TOKENS.split_once(&format!("{selector} {{")).expect("the block is there");
    let (block, _) = block.split_once('}').expect("the block ends");
    let rows = block.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": "));
    rows.filter_map(|(name, value)| Some((name.to_owned(), rgb(value)?))).collect()
}

fn rgb(value: &str) -> Option<[u8; 3]> {
    let number = u32::from_str_radix(value.strip_prefix('#').filter(|hex| hex.len() == 6)?, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn too_weak(colours: &Colours, inks: &[&str], grounds: &[&str], least: f64) -> Vec<String> {
    let pairs = inks.iter().flat_map(|ink| grounds.iter().map(move |ground| (*ink, *ground)));
    let measured = pairs.map(|(ink, ground)| (ink, ground, contrast(colours[ink], colours[ground])));
    measured
        .filter(|(_, _, ratio)| *ratio < least)
        .map(|(ink, ground, ratio)| format!("{ink} on {ground}: {ratio:.2}, less than {least}"))
        .collect()
}

#[test]
fn text_and_marks_can_be_read_in_both_themes() {
    for selector in [":root", ":root[data-theme=\"dark\"]"] {
        let colours = colours(selector);
        let keys: Vec<String> = (0..5).map(|n| format!("key-{n}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let mut problems = too_weak(&colours, &TEXT, &GROUNDS, 4.5);
        problems.extend(too_weak(&colours, &["ink", "quiet"], &keys, 4.5));
        problems.extend(too_weak(&colours, &["ink"], &["marked"], 4.5));
        problems.extend(too_weak(&colours, &["edge"], &GROUNDS, 3.0));
        // A flag's name is paper on the mark's colour.
        problems.extend(too_weak(&colours, &["paper"], &["high-watermark", "danger", "ink"], 4.5));
        assert_eq!(problems, Vec::<String>::new(), "{selector}");
    }
}

#[test]
fn the_systems_dark_is_the_readers_dark() {
    assert_eq!(colours(":root[data-theme=\"dark\"]"), colours("  :root:not([data-theme=\"light\"])"));
}

/// What a deuteranope and a protanope see, after Viénot, Brettel and Mollon (1999), on linear channels.
fn seen_by(blindness: [[f64; 3]; 3], colour: [u8; 3]) -> [f64; 3] {
    let linear = colour.map(|channel| (f64::from(channel) / 255.0).powf(2.2));
    blindness.map(|row| {
        row.iter().zip(linear).map(|(weight, channel)| weight * channel).sum::<f64>().max(0.0).powf(1.0 / 2.2)
    })
}

#[test]
fn roles_that_meet_on_a_stage_differ_for_the_colour_blind() {
    const DEUTERANOPE: [[f64; 3]; 3] = [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]];
    const PROTANOPE: [[f64; 3]; 3] = [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]];
    let meet = [
        ("leader", "high-watermark"),
        ("leader", "producer"),
        ("leader", "consumer"),
        ("follower", "producer"),
        ("follower", "high-watermark"),
        ("consumer", "high-watermark"),
        ("consumer", "producer"),
    ];
    for selector in [":root", ":root[data-theme=\"dark\"]"] {
        let colours = colours(selector);
        for (one, other) in meet {
            for blindness in [DEUTERANOPE, PROTANOPE] {
                let (a, b) = (seen_by(blindness, colours[one]), seen_by(blindness, colours[other]));
                let distance = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                assert!(distance > 0.12, "{selector}: {one} and {other} are {distance:.2} apart");
            }
        }
    }
}
