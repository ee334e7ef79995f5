//! Myths: a wrong belief, the truth, and a run of a few seconds that shows it.

use super::Stage;
use super::proof::{goal_of, standing};
use crate::content::MythText;
use crate::markup::{El, button, el, live, many};
use crate::player::Moment;
use crate::scene::Lab;
use crate::scene::prose::{Ends, blocks, inlines};
use crate::words::practice as words;

pub(super) fn view(lab: Lab, myths: &[MythText]) -> El {
    el("ul").class("myths").child(many(myths.iter().map(|myth| item(lab, myth))))
}

fn item(lab: Lab, myth: &MythText) -> El {
    let stage = Stage::new(lab);
    let ends = Ends::at(&lab.lesson(), Moment::START);
    let (script, goal) = (myth.script.clone(), goal_of(&myth.shows));
    let shown = move || stage.is_shown().then(|| el("div").child(standing(stage, &goal)));
    el("li")
        .child(el("h3").class("myth").child("\u{201c}").child(inlines(&myth.claim, &ends)).child("\u{201d}"))
        .child(blocks(&myth.text, &ends))
        .child(button("button", words::SHOW_ME).on_click(move || stage.open(&script, true)))
        .child(live(shown))
}
