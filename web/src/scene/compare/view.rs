//! Both stages, what they differ in first, and the way from difference to difference.

use std::cell::Cell;
use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;

use kafka_lab::timeline::{Pair, Side};
use kafka_lab::words as core_words;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::list::{list, now};
use super::pair::{Frames, pair_of};
use crate::markup::{El, Markup, button, el, listen_on_the_way_down, live, many};
use crate::player::{Forking, Moment, Playback, transport};
use crate::reactive::*;
use crate::scene::{Lab, seconds, sentence_view};
use crate::stage::Layout;
use crate::stage::layers::beside;
use crate::stage::stage_with;
use crate::words::compare as words;

thread_local!(static SHOWN: Cell<Option<Playback>> = const { Cell::new(None) });

/// What plays both runs of the page's lab, if they are shown.
pub(super) fn shown() -> Option<Playback> {
    SHOWN.get().filter(|both| both.moment().try_get_untracked().is_some())
}

/// On a phone one of these is shown at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Side(Side),
    Difference,
}

/// The lab's run beside the one that it is compared with. What is played here is sought in the lab, and the other way.
pub(super) fn of_lab(lab: Lab, forking: Option<Forking>, controls: bool) -> Markup {
    // Another act makes another run, and so another pair.
    live(move || {
        let right = lab.run();
        let left = lab.compared_with()?;
        Some(untrack(|| {
            let begins = lab.beside_begins.get_value();
            lab.beside_begins.set_value(None);
            let pair = pair_of(&left, &right);
            let right_at = lab.playback.moment().get().0;
            let steps = begins.map_or_else(
                || pair.steps_to(Side::Right, right_at),
                |left_at| pair.steps_to_both(left_at.0, right_at),
            );
            let both = play(&pair, Moment(steps), lab.playback.speed().get());
            follow(lab, both, &pair);
            let is_sandbox = forking.is_some_and(|forking| forking.is_sandbox);
            let is_lesson = !is_sandbox && Arc::ptr_eq(&left, &lab.lesson());
            let name = if is_lesson { words::LESSON } else { words::BEFORE };
            let names = [name.to_owned(), words::YOURS.to_owned()];
            let leave = Callback::new(move |()| lab.compare(false));
            let controls = controls.then(|| transport(both, forking));
            view(&pair, both, &names, leave).child(controls).made(come_into_view)
        }))
    })
}

/// The runs of two labs, from where they stand; what differs stands under them.
pub(super) fn of_labs(labs: Vec<(String, Lab)>, comparing: RwSignal<bool>) -> Markup {
    let Ok([(left_name, left), (right_name, right)]) = <[_; 2]>::try_from(labs) else { return Markup::Nothing };
    let at = |lab: Lab| untrack(|| lab.playback.moment().get().0);
    let names = [left_name, right_name];
    let pair = pair_of(&left.lesson(), &right.lesson());
    let both = play(&pair, Moment(pair.steps_to_both(at(left), at(right))), 1.0);
    let go = Callback::new(move |steps| both.seek(Moment(steps)));
    let list = el("div").class("compare-list").child(list(&pair, &names, go));
    let leave = Callback::new(move |()| comparing.set(false));
    view(&pair, both, &names, leave).child(transport(both, None)).child(list).into()
}

/// On a page where the stage stands above the prose, who asked from further down is taken there.
fn come_into_view(both: &Element) {
    let both = both.clone();
    request_animation_frame(move || {
        let top = both.get_bounding_client_rect().top();
        let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::MAX);
        if top < 0.0 || top > height / 2.0 {
            both.scroll_into_view();
        }
    });
}

/// A player of both runs, at a place on the pair's line.
fn play(pair: &Arc<Pair>, at: Moment, speed: f64) -> Playback {
    let both = Playback::new(Frames::new(pair).reel(Side::Right));
    both.set_speed(speed);
    both.seek(at);
    both
}

/// Keeps the lab's own place, which the drawer and links speak of, and the place of both together.
fn follow(lab: Lab, both: Playback, pair: &Arc<Pair>) {
    SHOWN.set(Some(both));
    effect(move || lab.both_play.set_value(both.playing().get()));
    let (of_both, of_lab, of_play) = (Arc::clone(pair), Arc::clone(pair), Arc::clone(pair));
    effect(move || {
        let here = Moment(of_both.moment(Side::Right, both.moment().get().0));
        if lab.playback.moment().get_untracked() != here {
            lab.playback.seek(here);
        }
    });
    effect(move || {
        let here = lab.playback.moment().get();
        if of_lab.moment(Side::Right, both.moment().get_untracked().0) != here.0 {
            both.seek(Moment(of_lab.steps_to(Side::Right, here.0)));
        }
    });
    // What the lab begins to play is played for both.
    effect(move || {
        if lab.playback.playing().get() {
            let goal = lab.playback.with_player(|player| player.goal());
            lab.playback.pause();
            let goal = goal.map_or(usize::MAX, |goal| of_play.steps_to(Side::Right, goal.0));
            both.play_until(Moment(goal));
        }
    });
}

fn view(pair: &Arc<Pair>, both: Playback, names: &[String; 2], leave: Callback<()>) -> El {
    drive(both);
    let shown = RwSignal::new(Shown::Side(Side::Right));
    let frames = Frames::new(pair);
    let sides = [Side::Left, Side::Right].into_iter().zip(words::LETTERS).zip(names);
    let sides = sides.map(|((side, letter), name)| {
        let heading = el("p").class("compare-name").child(el("strong").child(letter)).child(format!(" {name}"));
        let differing = frames.clone();
        let more =
            move |layout: &Layout| beside::layer(&differing.differences(both.moment().get_untracked()), side, layout);
        el("section")
            .class("compare-side")
            .class_if("shown", move || shown.get() == Shown::Side(side))
            .attr("aria-label", format!("{letter}, {name}"))
            .child(heading)
            .child(stage_with(both.led(side, frames.reel(side)), black_box(Some(Rc::new(more)))))
    });
    let differing = frames.clone();
    let difference = el("section")
        .class("compare-now")
        .class_if("shown", move || shown.get() == Shown::Difference)
        .attr("aria-label", words::NOW)
        .child(now(memo(move || differing.differences(both.moment().get())), names.clone()));
    el("div")
        .class("compare-both")
        .attr("role", "group")
        .attr("aria-label", words::LABEL)
        .child(head(pair, both, leave))
        .child(choice(shown))
        .child(el("div").class("compare-sides").child(many(sides)).child(difference).made(scroll_together))
}

/// The first difference with its time, and the way to it, to the next and back.
fn head(pair: &Arc<Pair>, both: Playback, leave: Callback<()>) -> El {
    let first = match pair.differences().first() {
        None => el("p").class("compare-first").child(words::SAME),
        Some(difference) => {
            let at = pair.steps_to_difference(difference);
            let sides = [(Side::Left, difference.left), (Side::Right, difference.right)].into_iter();
            let said = sides.zip(words::LETTERS).map(|((side, event), letter)| {
                let event = event.and_then(|id| usize::try_from(id.0).ok()).and_then(|at| pair.run(side).event(at));
                let said = event.map_or_else(|| words::NOTHING.into(), |event| sentence_view(core_words::story(event)));
                many([Markup::from(" "), el("strong").child(letter).into(), ": ".into(), said])
            });
            let when = format!("{}{}.", words::FIRST, seconds(pair.tick(at)));
            el("p").class("compare-first").child(when).child(many(said))
        }
    };
    let mut places: Vec<usize> = pair.differences().iter().map(|found| pair.steps_to_difference(found)).collect();
    places.sort_unstable();
    places.dedup();
    let (places, after) = (Rc::new(places.clone()), places);
    let back = move || {
        let here = both.moment().get_untracked().0;
        places.iter().rev().find(|place| **place < here).into_iter().for_each(|place| both.seek(Moment(*place)));
    };
    let on = move || {
        let here = both.moment().get_untracked().0;
        after.iter().find(|place| **place > here).into_iter().for_each(|place| both.seek(Moment(*place)));
    };
    let ways = el("p")
        .class("compare-ways")
        .child(button("button", words::PREVIOUS).on_click(back))
        .child(button("button", words::NEXT).on_click(on))
        .child(button("button-plain", words::LEAVE).attr("aria-keyshortcuts", "C").on_click(move || leave.run(())));
    el("div").class("compare-head").child(first).child(ways)
}

/// For a phone: A, B or what differs.
fn choice(shown: RwSignal<Shown>) -> El {
    let [a, b] = words::LETTERS;
    let choices = [(Shown::Side(Side::Left), a), (Shown::Side(Side::Right), b), (Shown::Difference, words::DIFFERENCE)];
    let buttons = choices.map(|(this, label)| {
        button("button", label).live_attr("aria-pressed", move || shown.get() == this).on_click(move || shown.set(this))
    });
    el("div").class("compare-choice").attr("role", "group").attr("aria-label", words::CHOICE).child(many(buttons))
}

/// Lets the time of both pass, an animation frame after the other, while they play: neither stage does.
fn drive(both: Playback) {
    const DELTA_MOST_MS: f64 = 100.0;
    let is_there = StoredValue::new(true);
    let last_ms: Rc<Cell<Option<f64>>> = Rc::default();
    let is_asked_for: Rc<Cell<bool>> = Rc::default();
    fn turn(both: Playback, there: StoredValue<bool>, last: Rc<Cell<Option<f64>>>, asked: Rc<Cell<bool>>) {
        if asked.replace(true) {
            return;
        }
        request_animation_frame(move || {
            asked.set(false);
            if there.try_get_value().is_none() {
                return;
            }
            let now_ms = window().performance().map_or(0.0, |performance| performance.now());
            let delta_ms = last.get().map_or(0.0, |last_ms| (now_ms - last_ms).min(DELTA_MOST_MS));
            let is_moving = both.advance(delta_ms);
            last.set(is_moving.then_some(now_ms));
            if is_moving {
                turn(both, there, last, asked);
            }
        });
    }
    effect(move || {
        both.commands().track();
        turn(both, is_there, Rc::clone(&last_ms), Rc::clone(&is_asked_for));
    });
}

/// Scrolling one stage sideways scrolls the other: they have one ruler.
fn scroll_together(sides: &Element) {
    let all = sides.clone();
    // A scroll does not rise to what is around it.
    listen_on_the_way_down(sides, "scroll", move |event| {
        let Some(scrolled) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return };
        let Ok(planes) = all.query_selector_all(".stage-scroll") else { return };
        let planes = (0..planes.length()).filter_map(|at| planes.item(at)?.dyn_into::<HtmlElement>().ok());
        if scrolled.class_name() == "stage-scroll" {
            planes.for_each(|plane| plane.set_scroll_left(scrolled.scroll_left()));
        }
    });
}
