//! Links: whole, cut, damaged, of another engine, and with a second run.

use super::*;
use crate::command::Command;
use crate::random::{Purpose, draw};
use crate::sample;
use crate::timeline::Timeline;
use std::sync::Arc;

fn run(seed: u64) -> Run {
    Run::play(&sample::script(seed, 30))
}

#[test]
fn a_link_comes_back_whole() {
    for seed in 0..60 {
        let run = run(seed);
        let moment = run.len() / 2;
        let Read { shared, problems } = read(&write(&run, moment));
        assert_eq!(problems, []);
        let shared = shared.expect("whole");
        assert!(shared.script.commands().eq(run.script().commands()));
        assert_eq!((shared.moment, shared.hash), (moment, run.world_at(moment).hash()));
        assert_eq!(shared.differs(&run), None);
    }
}

/// A run, a fork of it, and where they part.
fn fork(seed: u64) -> (Arc<Run>, Arc<Run>, Moment) {
    let mut timeline = Timeline::new(&sample::script(seed, 30));
    let added: Vec<Command> = sample::script(seed + 1, 5).commands().cloned().collect();
    let moment = timeline.run(Timeline::TRUNK).len() / 2;
    let (branch, parted) = timeline.fork(Timeline::TRUNK, moment, &added);
    (Arc::clone(timeline.run(Timeline::TRUNK)), Arc::clone(timeline.run(branch)), parted)
}

#[test]
fn a_link_to_a_fork_brings_both_runs_back_and_where_they_part() {
    for seed in 0..30 {
        let (trunk, fork, at) = fork(seed);
        let parted = (seed % 5 > 0).then_some(at);
        let (here, there) = (At { run: &fork, moment: fork.len() }, At { run: &trunk, moment: trunk.len() / 2 });
        let link = write_beside(here, there, parted);
        let Read { shared, problems } = read(&link);
        assert_eq!(problems, []);
        let shared = shared.expect("whole");
        assert!(shared.script.commands().eq(fork.script().commands()));
        assert_eq!((shared.moment, shared.differs(&fork)), (fork.len(), None));
        let beside = shared.beside.expect("whole");
        assert!(beside.shared.script.commands().eq(trunk.script().commands()));
        assert_eq!((beside.shared.moment, beside.shared.differs(&trunk)), (there.moment, None));
        assert_eq!(beside.parted, parted);
        let alone = write(&fork, fork.len()).len();
        assert!(link.len() < alone + alone / 2 + 120, "{} characters, {alone} for the fork alone", link.len());
    }
}

#[test]
fn of_a_damaged_link_to_a_fork_the_run_beside_it_comes_whole_or_not_at_all() {
    let (trunk, fork, parted) = fork(9);
    let of = |run: &Run| -> Vec<Command> { run.script().commands().cloned().collect() };
    let (here, there) = (At { run: &fork, moment: 7 }, At { run: &trunk, moment: 7 });
    let link = write_beside(here, there, Some(parted));
    let mut seen = [0, 0];
    for end in 0..link.len() {
        let Read { shared, problems } = read(&link[..end]);
        assert!(!problems.is_empty(), "cut at {end}");
        let Some(shared) = shared else { continue };
        let commands: Vec<Command> = shared.script.commands().cloned().collect();
        assert!(of(&fork).starts_with(&commands), "cut at {end}");
        let beside = shared.beside.map(|beside| beside.shared.script.commands().cloned().collect::<Vec<_>>());
        assert!(beside.is_none_or(|beside| beside == of(&trunk)), "cut at {end}");
        let said = problems.contains(&LinkProblem::BesideLeftOut);
        assert!(!said || commands == of(&fork), "cut at {end}: the second run is only begun after the first");
        seen[usize::from(said)] += 1;
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    // The text is whole, and only the checksum in front of it is not.
    let digit = if &link[2..3] == "0" { "1" } else { "0" };
    let Read { shared, problems } = read(&format!("1.{digit}{}", &link[3..]));
    let beside = shared.and_then(|shared| shared.beside).expect("whole");
    assert!(beside.shared.script.commands().cloned().eq(of(&trunk)) && !problems.is_empty());
}

#[test]
fn of_another_engine_it_is_said_where_it_differs() {
    let run = run(3);
    let mut shared = read(&write(&run, run.len())).shared.expect("whole");
    let (commands, hash) = shared.on_the_way[2];
    shared.on_the_way[2] = (commands, hash ^ 1);
    let to = |commands: usize| run.performed()[commands - 1].to;
    let expected = Differs { after: to(shared.on_the_way[1].0), by: to(commands) };
    assert_eq!(shared.differs(&run), Some(expected));
    assert!(expected.after < expected.by, "{expected:?}");
}

#[test]
fn of_a_cut_link_the_longest_good_part_comes_back() {
    let run = run(5);
    let link = write(&run, 3);
    let mut most = 0;
    for end in 0..link.len() {
        let Read { shared, problems } = read(&link[..end]);
        assert!(!problems.is_empty(), "cut at {end}");
        let commands: Vec<_> = shared.iter().flat_map(|shared| shared.script.commands()).cloned().collect();
        assert!(run.script().commands().cloned().collect::<Vec<_>>().starts_with(&commands), "cut at {end}");
        most = most.max(commands.len());
    }
    assert!(most >= 24, "{most} commands of the best cut");
}

#[test]
fn ten_thousand_damaged_links_never_play_what_was_not_sent() {
    let run = run(9);
    let own: Vec<_> = run.script().commands().cloned().collect();
    let link: Vec<char> = write(&run, 7).chars().collect();
    let alphabet: Vec<char> = "abcXYZ019-_.%é \n".chars().collect();
    for trial in 0..10_000u64 {
        let mut damaged = link.clone();
        for hit in 0..=draw(trial, 1, Purpose::Script, 0, 3) {
            let at = usize::try_from(draw(trial, 2, Purpose::Script, hit, damaged.len() as u64)).unwrap_or(0);
            let to = usize::try_from(draw(trial, 3, Purpose::Script, hit, alphabet.len() as u64)).unwrap_or(0);
            damaged[at] = alphabet[to];
        }
        let text: String = damaged.iter().collect();
        let Read { shared, problems } = read(&text);
        let commands: Vec<_> = shared.iter().flat_map(|shared| shared.script.commands()).cloned().collect();
        assert!(own.starts_with(&commands), "trial {trial}: {text}");
        assert!(!problems.is_empty() || commands == own, "trial {trial}: {text}");
        assert!(problems.iter().all(|problem| !problem.to_string().is_empty()));
    }
}
