//! The durability matrix: its rows, and that a world plays every run behind it to the same outcome.

use expect_test::{ExpectFile, expect_file};
use kafka_lab::checker::durability::matrix::{Filling, Loss, Row, rows};
use kafka_lab::checker::durability::{Action, Knobs, Question, State, play};
use kafka_lab::checker::{Cost, Model};
use kafka_lab::command::{Acks, Script};
use kafka_lab::ids::Offset;
use kafka_lab::timeline::Run;

/// Every loss in the matrix but four is found among fewer states, and those have a test of their own. Whole searches
/// take minutes.
const MOST_STATES: usize = 250_000;

/// A row, or none if that takes more states.
fn fill(knobs: Knobs) -> Option<Row> {
    let mut filling = Filling::new(knobs).expect("knobs within range");
    while filling.advance(1_000) {
        let looked_at: usize = filling.inquiry().levels().iter().flatten().sum();
        if looked_at >= MOST_STATES && !filling.inquiry().is_over() {
            return None;
        }
    }
    filling.row()
}

fn cost(cost: Cost) -> String {
    format!("{}, {}", count(cost.faults, "fault"), count(cost.steps, "step"))
}

fn count(of: u8, thing: &str) -> String {
    format!("{of} {thing}{}", if of == 1 { "" } else { "s" })
}

fn name(knobs: &Knobs) -> String {
    let words = [(knobs.unclean, " unclean"), (knobs.elr, " elr"), (knobs.power_loss, " power-loss")];
    let on: String = words.into_iter().filter(|(on, _)| *on).map(|(_, word)| word).collect();
    format!("rf={} acks={:?} min.insync.replicas={}{on}", knobs.replicas, knobs.acks, knobs.min_isr)
}

/// What a row says, after a world has played its runs.
fn told(row: &Row) -> String {
    let question = Question::new(row.knobs).expect("knobs within range");
    if let Some(loss) = &row.loss {
        plays_to_a_loss(&question, loss);
    }
    let stop = row.stop.as_ref().expect("whoever loses all machines stops");
    writes_no_more(&question, &stop.run);
    let how = if stop.is_leaderless { "nobody leads" } else { "a leader acknowledges nothing" };
    let [.., last] = row.cells;
    let lost = match last.loss {
        Loss::Loses(of) => format!("loses: {}", cost(of)),
        Loss::NotFound { states } => format!("no loss among {states} states"),
    };
    cells_agree(row);
    format!("{lost}; stops: {}, {how}", cost(stop.cost))
}

/// A cell knows of what its faults suffice for.
fn cells_agree(row: &Row) {
    let [.., last] = row.cells;
    let mut seen = 0;
    for (faults, cell) in (0_u8..).zip(row.cells) {
        match cell.loss {
            Loss::Loses(cost) => assert!(cost.faults <= faults && last.loss == cell.loss),
            Loss::NotFound { states } => {
                assert!(states >= seen, "more faults, no fewer states");
                seen = states;
                assert!(!matches!(last.loss, Loss::Loses(cost) if cost.faults <= faults));
            }
        }
        assert_eq!(cell.stops, last.stops.filter(|cost| cost.faults <= faults));
    }
}

fn plays_to_a_loss(question: &Question, run: &[(Action, State)]) {
    let played = play(question, run).unwrap_or_else(|stuck| panic!("{stuck:?} of {run:#?}"));
    assert!(played.world.lost_records() > Some(0));
    let parsed = Script::parse(&played.script.to_string());
    assert_eq!(parsed.problems, [], "{}", played.script);
    assert!(Run::play(&parsed.script).end().lost_records() > Some(0), "{}", played.script);
}

/// After the run all is done that the protocol does by itself; a record is sent to whoever leads, and never
/// acknowledged.
fn writes_no_more(question: &Question, run: &[(Action, State)]) {
    let mut run = run.to_vec();
    while let Some(step) = next_by_itself(question, &run) {
        run.push(step);
    }
    let acks = question.knobs().acks;
    let played = play(question, &run).unwrap_or_else(|stuck| panic!("{stuck:?} of {run:#?}"));
    assert_eq!(played.world.ledger.acknowledged.size(), 0, "{}", played.script);
    let is_empty = |broker: &kafka_lab::world::Broker| broker.log.log_end() == Offset(0);
    assert!(acks != Acks::None || played.world.brokers.values().all(is_empty), "{}", played.script);
}

/// The first thing that leads on without a fault and without mending anything.
fn next_by_itself(question: &Question, run: &[(Action, State)]) -> Option<(Action, State)> {
    let now = run.last().map_or_else(|| question.initial(), |(_, state)| *state);
    let mut next = None;
    question.enabled(&now, &mut |action| {
        let is_late = matches!(action, Action::Learn { epoch, .. } if epoch < now.newest);
        if next.is_none() && action.faults(&now) == 0 && !action.heals() && !is_late {
            let after = question.apply(&now, action);
            let is_new = after != now && run.iter().all(|(_, state)| *state != after);
            next = is_new.then_some((action, after));
        }
    });
    next
}

fn check(is_asked: impl Fn(&Knobs) -> bool, expected: &ExpectFile) {
    let mut text = String::new();
    for knobs in rows().into_iter().filter(is_asked) {
        let said =
            fill(knobs).map_or_else(|| format!("no loss among {MOST_STATES} states, and more"), |row| told(&row));
        text.push_str(&format!("{}: {said}\n", name(&knobs)));
    }
    expected.assert_eq(&text);
}

#[test]
fn rows_of_one_and_two_replicas() {
    check(|knobs| knobs.replicas < 3, &expect_file!["one-and-two.txt"]);
}

/// Without the rows of acks=0, where nothing is ever acknowledged.
#[test]
fn rows_of_three_replicas_where_one_is_enough() {
    let is_asked = |knobs: &Knobs| knobs.replicas == 3 && knobs.acks != Acks::None && knobs.min_isr == 1;
    check(is_asked, &expect_file!["three-one.txt"]);
}

#[test]
fn rows_of_three_replicas_where_more_are_asked_for() {
    check(|knobs| knobs.replicas == 3 && knobs.min_isr > 1, &expect_file!["three-more.txt"]);
}

/// The four losses that are found last, with three faults, among two to six million states: runs that whole searches
/// have found. That nothing is cheaper is not asked again.
///
/// ELR alone does not save the record. Each start after a crash leaves the ELR, and when nobody is left there the last
/// known leader leads, which here comes back with nothing. With unclean elections a start that lost its log leads as
/// soon as the controller believes in nobody else.
#[test]
fn losses_that_are_far_away_are_played_too() {
    let [minimum_2, minimum_3] = [
        "produce 1, fetch 2, fetch 2, fence 3, learn 1 epoch=0, crash 1, fence 1, restart 1, \
         crash 2 keep=0, fence 2, restart 2, learn 2 epoch=2, unfence 2, learn 2 epoch=3",
        "produce 1, fetch 2, fetch 2, fetch 3, fetch 3, crash 1, fence 1, restart 1, crash 3, fence 3, restart 3, \
         crash 2 keep=0, fence 2, restart 2, learn 2 epoch=2, unfence 2, learn 2 epoch=3",
    ];
    let unclean = "produce 1, fetch 2, fetch 2, fetch 3, fetch 3, crash 1 keep=0, fence 1, restart 1, \
                   learn 1 epoch=1, unfence 1, fence 2, fence 3, learn 1 epoch=3";
    let of_3 = Knobs { power_loss: true, min_isr: 3, ..Knobs::default() };
    for (knobs, run) in [
        (Knobs { min_isr: 2, ..of_3 }, minimum_2),
        (of_3, minimum_3),
        (Knobs { unclean: true, ..of_3 }, unclean),
        (Knobs { unclean: true, elr: false, ..of_3 }, unclean),
    ] {
        assert!(rows().contains(&knobs));
        let question = Question::new(knobs).expect("knobs within range");
        plays_to_a_loss(&question, &super::follow(&question, &run.split(", ").collect::<Vec<_>>()));
    }
}

#[test]
fn every_combination_has_a_row_once() {
    let rows = rows();
    assert_eq!(rows.len(), 96);
    assert!((1..rows.len()).all(|row| !rows[..row].contains(&rows[row])));
}
