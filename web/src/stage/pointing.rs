//! What mouse, finger and keys do on a stage: choose a thing, go from thing to thing, give an answer.

use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent, SvgElement};

use super::focus::{self, Direction};
use super::layers::answer;
use super::stagehand::Stagehand;
use super::subject::Subject;
use super::turning::Turning;
use crate::player::Playback;
use crate::reactive::*;

/// A click or a tap: answers the question that is open on this tape, or chooses what was hit.
pub(super) fn click(turning: &Turning, playback: Playback, event: &MouseEvent) {
    let Some(key) = key_of(event.target()) else {
        return playback.selected.set(None);
    };
    choose(turning, playback, &key);
}

fn choose(turning: &Turning, playback: Playback, key: &str) {
    if key == answer::KEY {
        return;
    }
    let subject = turning.with_hand(|hand| {
        // A stop that the document refuses is only a stop that Tab does not reach.
        let _ = hand.painter.set_stop(Some(key.to_owned()));
        hand.subject(key)
    });
    match answered_by(playback, subject.as_ref()) {
        Some(number) => playback.set_candidate(number),
        None => playback.selected.set(subject),
    }
}

/// The answer to an open question about brokers or a record, once this was pointed at.
fn answered_by(playback: Playback, subject: Option<&Subject>) -> Option<i64> {
    let question = playback.question().get_untracked()?;
    question.with(playback.candidate().get_untracked()?, subject?)
}

/// A press on the tape that is asked about takes hold of the answer. True when it did.
pub(super) fn take_hold(turning: &Turning, playback: Playback, event: &PointerEvent) -> bool {
    if event.button() != 0 {
        return false;
    }
    let Some((x, y)) = turning.with_hand(|hand| place(hand, event)) else { return false };
    let asked = turning.with_hand(|hand| {
        let answer = hand.answer()?;
        let (tape, asks) = answer.question.on_tape()?;
        let handle = key_of(event.target()).as_deref() == Some(answer::KEY);
        (handle || hand.is_on_tape(tape, y)).then_some((asks, handle))
    });
    let Some((asks, handle)) = asked else { return false };
    if !handle {
        playback.set_candidate(turning.with_hand(|hand| hand.answer_at(x, asks)));
    }
    true
}

/// A held answer follows the pointer.
pub(super) fn drag(turning: &Turning, playback: Playback, event: &PointerEvent) {
    let dragged = turning.with_hand(|hand| {
        let (x, _) = place(hand, event)?;
        Some(hand.answer_at(x, hand.answer()?.question.on_tape()?.1))
    });
    if let Some(number) = dragged {
        playback.set_candidate(number);
    }
}

/// Where on the scrolled plane an event took place.
fn place(hand: &Stagehand, event: &PointerEvent) -> Option<(f64, f64)> {
    let bounds = hand.painter.scroller.get_bounding_client_rect();
    let x = f64::from(event.client_x()) - bounds.left() + f64::from(hand.painter.scroller.scroll_left());
    let y = f64::from(event.client_y()) - bounds.top();
    (bounds.width() > 0.0).then_some((x, y))
}

/// Keys while something on the stage has the focus. True when the key was used here.
pub(super) fn key(turning: &Turning, playback: Playback, event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return false;
    }
    let Some(key) = key_of(event.target()) else { return false };
    if key == answer::KEY {
        return move_answer(turning, playback, &event.key());
    }
    let direction = match event.key().as_str() {
        "ArrowLeft" => Direction::Left,
        "ArrowRight" => Direction::Right,
        "ArrowUp" => Direction::Up,
        "ArrowDown" => Direction::Down,
        "Enter" | " " => {
            choose(turning, playback, &key);
            return true;
        }
        "Escape" => {
            leave(event.target());
            return true;
        }
        _ => return false,
    };
    turning.with_hand(|hand| {
        let next = focus::neighbour(&hand.shapes, &hand.layout, &key, direction).map(str::to_owned);
        if let Some(next) = next {
            // What can't have the focus leaves it where it is.
            let _ = hand.painter.set_stop(Some(next.clone()));
            let _ = hand.painter.group(&next).map(SvgElement::focus);
        }
    });
    true
}

fn move_answer(turning: &Turning, playback: Playback, key: &str) -> bool {
    let Some(candidate) = playback.candidate().get_untracked() else { return false };
    let (first, last) = turning.with_hand(|hand| hand.answers());
    let number = match key {
        "ArrowLeft" | "ArrowDown" => candidate - 1,
        "ArrowRight" | "ArrowUp" => candidate + 1,
        "PageDown" => candidate - 10,
        "PageUp" => candidate + 10,
        "Home" => first,
        "End" => last,
        "Enter" => {
            playback.commit_answer();
            return true;
        }
        _ => return false,
    };
    playback.set_candidate(number.clamp(first, last));
    true
}

/// The key of the shape around an event's target.
fn key_of(target: Option<EventTarget>) -> Option<String> {
    let element: Element = target?.dyn_into().ok()?;
    element.closest("g[data-key][role]").ok()??.get_attribute("data-key")
}

fn leave(target: Option<EventTarget>) {
    if let Some(element) = target.and_then(|target| target.dyn_into::<SvgElement>().ok()) {
        // Without the focus the arrow keys play again.
        let _ = element.blur();
    }
}

/// Gives all that a pointer does next to the canvas, so that a drag may leave the tape.
pub(super) fn capture(canvas: &HtmlElement, event: &PointerEvent) {
    // A pointer that is gone already needs no capture.
    let _ = canvas.set_pointer_capture(event.pointer_id());
}
