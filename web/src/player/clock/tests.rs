use super::*;
use kafka_lab::ids::{BrokerId, Endpoint, MessageKind, ProducerIndex};
use kafka_lab::timeline::Sides;

fn message(count: u32) -> MessageId {
    MessageId {
        kind: MessageKind::Produce,
        from: Endpoint::Producer(ProducerIndex(1)),
        to: Endpoint::Broker(BrokerId(1)),
        count,
    }
}

fn beat(tick: i64, kind: BeatKind) -> Beat {
    Beat { tick: Tick(tick), kind, routine: false, message: None, sides: Sides::Left }
}

fn routine(tick: i64) -> Beat {
    Beat { routine: true, ..beat(tick, BeatKind::Other) }
}

fn flying(tick: i64, kind: BeatKind, count: u32) -> Beat {
    Beat { message: Some(message(count)), ..beat(tick, kind) }
}

fn of(beats: Vec<Beat>) -> Schedule {
    Schedule::of(beats.into(), false)
}

#[test]
fn an_event_that_the_eye_must_follow_takes_150_to_400_ms() {
    for kind in [
        BeatKind::Command,
        BeatKind::Append,
        BeatKind::MarkMoved,
        BeatKind::Sent,
        BeatKind::Arrived,
        BeatKind::Dropped,
        BeatKind::Acknowledged,
        BeatKind::Read,
        BeatKind::Committed,
        BeatKind::Other,
    ] {
        let schedule = of(vec![beat(0, kind)]);
        assert!((150.0..=400.0).contains(&schedule.total_ms()), "{kind:?}: {} ms", schedule.total_ms());
    }
}

#[test]
fn routine_events_take_no_presentation_time_unless_asked_for() {
    let beats: Arc<[Beat]> = vec![beat(0, BeatKind::Append), routine(0), routine(0), beat(0, BeatKind::Append)].into();
    let without = Schedule::of(beats.clone(), false);
    let with = Schedule::of(beats, true);
    assert!((without.total_ms() - 2.0 * CHANGE_MS).abs() < 1e-9);
    assert!((with.total_ms() - 2.0 * CHANGE_MS - 2.0 * SMALL_MS).abs() < 1e-9);
}

#[test]
fn idle_time_collapses_and_is_said_while_it_passes() {
    let schedule = of(vec![beat(0, BeatKind::Append), routine(20_000), beat(44_000, BeatKind::Append)]);
    assert!(schedule.total_ms() <= 2.0 * CHANGE_MS + 1_000.0);
    let in_the_gap_ms = CHANGE_MS + 200.0;
    let moment = schedule.moment_at(in_the_gap_ms);
    assert_eq!(schedule.idle_at(moment, in_the_gap_ms), Some(Idle { passes_ms: 44_000 }));
    assert_eq!(schedule.idle_at(Moment(1), 100.0), None, "an event is showing");
    assert_eq!(schedule.idle_at(Moment(3), schedule.total_ms()), None, "the run is over");
}

#[test]
fn a_short_wait_is_not_said() {
    let schedule = of(vec![beat(0, BeatKind::Append), beat(999, BeatKind::Append)]);
    assert_eq!(schedule.idle_at(Moment(1), CHANGE_MS + 100.0), None);
}

#[test]
fn a_longer_wait_never_takes_less_time() {
    let mut last_ms = 0.0;
    for passes_ms in [0, 1, 2, 5, 10, 100, 500, 1_000, 44_000, 1_000_000, i64::MAX] {
        let now_ms = gap_ms(passes_ms);
        assert!(now_ms >= last_ms && now_ms <= 1_000.0, "{passes_ms} ms take {now_ms} ms");
        last_ms = now_ms;
    }
}

#[test]
fn moments_and_rests_agree_in_both_directions() {
    let schedule = of(vec![
        beat(0, BeatKind::Append),
        flying(0, BeatKind::Sent, 1),
        routine(3),
        flying(10, BeatKind::Arrived, 1),
        beat(10, BeatKind::MarkMoved),
    ]);
    for event in 0..=5 {
        let moment = Moment(event);
        let at = schedule.moment_at(schedule.rest_ms(moment));
        // A routine event begins where the one before it rests, so it may already have begun.
        assert!(at == moment || at == Moment(event + 1), "{event} rests at moment {at:?}");
    }
    assert_eq!(schedule.moment_at(-1.0), Moment::START);
    assert_eq!(schedule.moment_at(1e9), Moment(5));
}

#[test]
fn a_message_flies_only_between_events_and_arrives_when_it_is_due() {
    let schedule =
        of(vec![flying(0, BeatKind::Sent, 1), beat(5, BeatKind::MarkMoved), flying(10, BeatKind::Arrived, 1)]);
    let at = |clock_ms: f64| schedule.progress((message(1), Side::Left), false, clock_ms);
    assert!(at(0.0).abs() < 1e-9 && at(schedule.rest_ms(Moment(1))).abs() < 1e-9);
    let moving = schedule.moment_at(schedule.rest_ms(Moment(1)) + 1.0);
    assert_eq!(moving, Moment(1));
    let mark_begins_ms = schedule.rest_ms(Moment(2)) - MARK_MS;
    assert!((at(mark_begins_ms) - at(mark_begins_ms + MARK_MS)).abs() < 1e-9, "it stands still while a mark moves");
    assert!((at(schedule.total_ms()) - 1.0).abs() < 1e-9);
    let mut last = 0.0;
    for clock_ms in 0..1_500 {
        let now = at(f64::from(clock_ms));
        assert!(now >= last, "it never goes back");
        last = now;
    }
}

#[test]
fn a_message_delivered_at_once_by_hand_is_still_seen_flying() {
    let schedule = of(vec![flying(7, BeatKind::Sent, 1), flying(7, BeatKind::Arrived, 1)]);
    let flight_ms = schedule.total_ms() - 2.0 * SMALL_MS - gap_ms(7);
    assert!((flight_ms - FLIGHT_MS).abs() < 1e-9, "{flight_ms}");
}

#[test]
fn a_held_message_waits_halfway() {
    let by_hand = Beat { routine: true, ..beat(5_000, BeatKind::Command) };
    let arrives = flying(5_000, BeatKind::Arrived, 1);
    let schedule = of(vec![flying(0, BeatKind::Sent, 1), beat(5_000, BeatKind::MarkMoved), by_hand, arrives]);
    let waiting = schedule.progress((message(1), Side::Left), true, schedule.rest_ms(Moment(2)));
    assert!((waiting - 0.5).abs() < 1e-9, "{waiting}");
    assert!((schedule.progress((message(1), Side::Left), true, schedule.total_ms()) - 1.0).abs() < 1e-9);
}

#[test]
fn a_dropped_message_never_reaches_its_receiver() {
    let schedule = of(vec![flying(0, BeatKind::Sent, 1), flying(10, BeatKind::Dropped, 1)]);
    assert!(schedule.progress((message(1), Side::Left), false, 1e9) < 0.7);
}

#[test]
fn a_message_still_under_way_at_the_end_stays_under_way() {
    let schedule = of(vec![flying(0, BeatKind::Sent, 1), beat(10, BeatKind::Append)]);
    let at_the_end = schedule.progress((message(1), Side::Left), false, 1e9);
    assert!(at_the_end > 0.0 && at_the_end <= 0.5);
}

#[test]
fn easing_begins_and_ends_without_speed() {
    assert!(ease(0.0).abs() < 1e-12 && (ease(1.0) - 1.0).abs() < 1e-12 && (ease(0.5) - 0.5).abs() < 1e-12);
    assert!(ease(0.01) < 0.001 && ease(0.99) > 0.999);
}

#[test]
fn steps_skip_what_is_routine() {
    let schedule = of(vec![routine(0), beat(0, BeatKind::Append), routine(1), routine(2), beat(3, BeatKind::Read)]);
    assert_eq!(schedule.step_after(Moment(0)), Moment(2));
    assert_eq!(schedule.step_after(Moment(2)), Moment(5));
    assert_eq!(schedule.step_after(Moment(5)), Moment(5));
    assert_eq!(schedule.step_before(Moment(5)), Moment(2), "it undoes the step from there");
    assert_eq!(schedule.step_before(Moment(4)), Moment(0), "only one followed event had happened");
    assert_eq!(schedule.step_before(Moment(1)), Moment(0));
}

#[test]
fn jumps_find_the_next_and_the_one_before() {
    let schedule = of(vec![beat(0, BeatKind::Append), beat(1, BeatKind::Read), beat(2, BeatKind::Append)]);
    assert_eq!(schedule.next_of(BeatKind::Append, Moment(0)), Some(Moment(1)));
    assert_eq!(schedule.next_of(BeatKind::Append, Moment(1)), Some(Moment(3)));
    assert_eq!(schedule.next_of(BeatKind::Append, Moment(3)), None);
    assert_eq!(schedule.previous_of(BeatKind::Append, Moment(3)), Some(Moment(1)));
    assert_eq!(schedule.previous_of(BeatKind::Append, Moment(1)), None);
}

#[test]
fn two_runs_share_the_clock_and_each_message_flies_in_its_own() {
    let on = |sides, beat: Beat| Beat { sides, ..beat };
    let schedule = of(vec![
        on(Sides::Both, flying(0, BeatKind::Sent, 1)),
        on(Sides::Left, flying(10, BeatKind::Arrived, 1)),
        on(Sides::Right, flying(40, BeatKind::Dropped, 1)),
    ]);
    let at = |side, moment| schedule.progress((message(1), side), false, schedule.rest_ms(Moment(moment)));
    assert!((at(Side::Left, 2) - 1.0).abs() < 1e-9, "it has arrived on the left");
    let on_the_right = at(Side::Right, 2);
    assert!(on_the_right > 0.0 && on_the_right < at(Side::Right, 3), "{on_the_right}");
    assert!(at(Side::Right, 3) < 0.7, "it is lost on the right");
}
