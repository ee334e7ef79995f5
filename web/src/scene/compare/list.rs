//! What differs: at the moment that is shown, and over the whole run where each thing first went another way.

use std::sync::Arc;

use kafka_lab::event::Event;
use kafka_lab::frame::FrameDifference;
use kafka_lab::ids::EventId;
use kafka_lab::timeline::{Difference, Pair, Side};
use kafka_lab::words as core_words;

use super::pair::pair_of;
use super::view::shown;
use crate::markup::{El, Markup, el, live, many};
use crate::player::Moment;
use crate::reactive::*;
use crate::scene::{Lab, seconds, sentence_view};
use crate::words::compare as words;

/// So many differences are listed; what comes after them mostly follows from them.
const LISTED_MOST: usize = 60;

/// The panel of the drawer: a click seeks both runs there, and shows both.
pub(crate) fn differences(lab: Lab) -> Markup {
    live(move || {
        let right = lab.run();
        let Some(left) = lab.compared_with() else {
            return el("p").class("note").child(words::SAME);
        };
        let pair = pair_of(&left, &right);
        let whole = Arc::clone(&pair);
        let go = Callback::new(move |steps: usize| {
            if let Some(both) = shown().filter(|_| untrack(|| lab.is_comparing())) {
                return both.seek(Moment(steps));
            }
            let [left, right] = [Side::Left, Side::Right].map(|side| Moment(whole.moment(side, steps)));
            lab.playback.seek(right);
            lab.beside_begins.set_value(Some(left));
            lab.compare(true);
        });
        let names = [words::LETTERS[0].to_owned(), words::LETTERS[1].to_owned()];
        el("div").class("compare-list").child(list(&pair, &names, go))
    })
}

/// Each subject's first difference, as a button that goes there.
pub(super) fn list(pair: &Arc<Pair>, names: &[String; 2], go: Callback<usize>) -> Markup {
    let worth = pair.differences().iter().filter(|found| is_worth_a_line(pair, found));
    let all = worth.clone().count();
    let items = worth.take(LISTED_MOST).map(|found| item(pair, found, go));
    let more = all.saturating_sub(LISTED_MOST);
    let heads = words::LETTERS.iter().zip(names).filter(|(letter, name)| *letter != name);
    let legend = heads.map(|(letter, name)| format!("{letter}: {name}. ")).collect::<String>();
    many([
        el("p").class("compare-heading").child(words::LIST).into(),
        el("p").class("note").child(legend).child(words::IN_STEP).into(),
        if all == 0 { el("p").class("note").child(words::SAME).into() } else { Markup::Nothing },
        el("ol").class("compare-differences").child(many(items)).into(),
        Markup::from((more > 0).then(|| el("p").class("note").child(format!("{more} {}.", words::MORE)))),
    ])
}

/// Routine on both sides is not.
fn is_worth_a_line(pair: &Pair, found: &Difference) -> bool {
    let of = |side, id: Option<EventId>| event_of(pair, side, id);
    let mut events = of(Side::Left, found.left).into_iter().chain(of(Side::Right, found.right));
    events.any(|event| !event.kind.is_bookkeeping())
}

fn event_of(pair: &Pair, side: Side, id: Option<EventId>) -> Option<&Event> {
    id.and_then(|id| usize::try_from(id.0).ok()).and_then(|at| pair.run(side).event(at)).map(AsRef::as_ref)
}

fn item(pair: &Pair, found: &Difference, go: Callback<usize>) -> El {
    let steps = pair.steps_to_difference(found);
    let sides = [(Side::Left, found.left), (Side::Right, found.right)].into_iter().zip(words::LETTERS);
    let said = sides.map(|((side, id), letter)| {
        let event = event_of(pair, side, id);
        let words = event.map_or_else(|| words::NOTHING.into(), |event| sentence_view(core_words::story(event)));
        el("span").class("compare-of").child(el("strong").child(letter)).child(" ").child(words)
    });
    let line = el("button")
        .class("compare-difference")
        .attr("type", "button")
        .on_click(move || go.run(steps))
        .child(el("span").class("story-time").child(seconds(pair.tick(steps))))
        .child(el("span").child(many(said)));
    el("li").child(line)
}

/// What both frames show otherwise at this moment, a row a thing; said when the run stands still.
pub(super) fn now(differences: Memo<Arc<[FrameDifference]>>, names: [String; 2]) -> Markup {
    live(move || {
        let rows: Vec<El> = differences.get().iter().map(row).collect();
        if rows.is_empty() {
            return el("p").class("note").child(words::NOW_SAME);
        }
        let heads = words::LETTERS
            .iter()
            .zip(&names)
            .map(|(letter, name)| el("th").attr("scope", "col").attr("title", name.clone()).child(*letter));
        let head = el("tr").child(el("th").attr("scope", "col").child(words::ABOUT)).child(many(heads));
        el("table")
            .class("compare-rows")
            .child(el("caption").child(words::NOW))
            .child(el("thead").child(head))
            .child(el("tbody").child(many(rows)))
    })
}

fn row(difference: &FrameDifference) -> El {
    let core_words::DifferenceRow { about, left, right } = core_words::frame_difference(difference);
    el("tr")
        .child(el("th").attr("scope", "row").child(sentence_view(about)))
        .child(el("td").child(sentence_view(left)))
        .child(el("td").child(sentence_view(right)))
}
