use super::*;
use kafka_lab::ids::Tick;
use kafka_lab::timeline::Sides;

fn player() -> Player {
    let beat =
        |tick, routine| Beat { tick: Tick(tick), kind: BeatKind::Append, routine, message: None, sides: Sides::Left };
    Player::new(vec![beat(0, false), beat(5, true), beat(10, false), beat(20, false)].into())
}

/// Runs the player as a window would: a frame every 16 ms, until it stands still.
fn run(player: &mut Player) -> Vec<Moment> {
    let mut seen = vec![player.moment()];
    for _ in 0..10_000 {
        if !player.is_moving() {
            return seen;
        }
        player.advance(16.0);
        if seen.last() != Some(&player.moment()) {
            seen.push(player.moment());
        }
    }
    panic!("the player never comes to rest");
}

#[test]
fn playing_passes_every_moment_and_pauses_at_the_end() {
    let mut player = player();
    player.command(PlayerCommand::Play);
    assert!(player.is_playing());
    let seen = run(&mut player);
    assert_eq!(seen.first(), Some(&Moment(0)));
    assert_eq!(seen.last(), Some(&Moment(4)));
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(!player.is_playing());
}

#[test]
fn speed_divides_the_time_it_takes() {
    let frames = |speed| {
        let mut player = player();
        player.command(PlayerCommand::Speed(speed));
        player.command(PlayerCommand::Play);
        let mut count = 0_i32;
        while player.is_moving() {
            player.advance(1.0);
            count += 1;
        }
        count
    };
    let (once, twice) = (frames(1.0), frames(2.0));
    assert!((once - 2 * twice).abs() <= 2, "{once} against {twice}");
}

#[test]
fn a_step_shows_one_event_and_is_not_playing() {
    let mut player = player();
    player.command(PlayerCommand::Step);
    assert!(player.is_moving() && !player.is_playing());
    assert_eq!(run(&mut player).last(), Some(&Moment(1)));
    player.command(PlayerCommand::Step);
    assert_eq!(run(&mut player).last(), Some(&Moment(3)), "the routine event is passed over");
}

#[test]
fn steps_in_a_hurry_are_all_taken() {
    let mut player = player();
    for _ in 0..3 {
        player.command(PlayerCommand::Step);
        player.advance(5.0);
    }
    assert_eq!(run(&mut player).last(), Some(&Moment(4)));
}

#[test]
fn back_is_at_once_and_undoes_a_step() {
    let mut player = player();
    player.command(PlayerCommand::Seek(Moment(3)));
    player.command(PlayerCommand::Back);
    assert_eq!(player.moment(), Moment(1));
    assert!(!player.is_moving());
    player.command(PlayerCommand::Step);
    assert_eq!(run(&mut player).last(), Some(&Moment(3)));
}

#[test]
fn seeking_never_animates_and_pauses() {
    let mut player = player();
    player.command(PlayerCommand::Play);
    player.advance(50.0);
    player.command(PlayerCommand::Seek(Moment(4)));
    assert!(!player.is_moving() && !player.is_playing());
    assert!((player.shown() - 1.0).abs() < 1e-9);
    player.command(PlayerCommand::Seek(Moment(99)));
    assert_eq!(player.moment(), Moment(4), "the end is as far as it goes");
}

#[test]
fn what_is_paused_is_fully_shown() {
    let mut player = player();
    player.command(PlayerCommand::Play);
    player.advance(50.0);
    assert!(player.shown() < 1.0);
    player.command(PlayerCommand::Pause);
    assert!((player.shown() - 1.0).abs() < 1e-9);
    assert_eq!(player.moment(), Moment(1));
}

#[test]
fn play_until_stops_there_and_seeks_when_it_lies_behind() {
    let mut player = player();
    player.command(PlayerCommand::PlayUntil(Moment(3)));
    assert_eq!(run(&mut player).last(), Some(&Moment(3)));
    player.command(PlayerCommand::PlayUntil(Moment(1)));
    assert_eq!((player.moment(), player.is_moving()), (Moment(1), false));
}

#[test]
fn playing_from_the_end_begins_again() {
    let mut player = player();
    player.command(PlayerCommand::Seek(Moment(4)));
    player.command(PlayerCommand::Toggle);
    assert_eq!(player.moment(), Moment(0));
    assert!(player.is_playing());
}

#[test]
fn without_motion_a_step_is_at_once_and_nothing_is_half_shown() {
    let mut player = player();
    player.set_motion(false);
    player.command(PlayerCommand::Step);
    assert_eq!((player.moment(), player.is_moving()), (Moment(1), false));
    player.command(PlayerCommand::Play);
    player.advance(1.0);
    assert!((player.shown() - 1.0).abs() < 1e-9);
}

#[test]
fn routine_events_are_stepped_through_when_asked_for() {
    let mut player = player();
    player.command(PlayerCommand::Seek(Moment(1)));
    player.command(PlayerCommand::ShowRoutine(true));
    assert_eq!(player.moment(), Moment(1));
    player.command(PlayerCommand::Step);
    assert_eq!(run(&mut player).last(), Some(&Moment(2)));
}

#[test]
fn speeds_stay_within_what_is_offered() {
    let mut player = player();
    for _ in 0..9 {
        player.command(PlayerCommand::Faster);
    }
    assert!((player.speed() - 4.0).abs() < 1e-9);
    for _ in 0..9 {
        player.command(PlayerCommand::Slower);
    }
    assert!((player.speed() - 0.25).abs() < 1e-9);
}

#[test]
fn an_empty_run_can_be_commanded() {
    let mut player = Player::new(Vec::new().into());
    for command in [PlayerCommand::Play, PlayerCommand::Step, PlayerCommand::Back, PlayerCommand::Seek(Moment(3))] {
        player.command(command);
        player.advance(16.0);
        assert_eq!((player.moment(), player.is_moving()), (Moment(0), false));
    }
}
