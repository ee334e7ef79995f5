//! `kafka-lab check l0`: the published protocols, counted beside what TLC counted.

use std::fmt::Debug;
use std::path::PathBuf;

use kafka_lab::checker::durability::{Bounds, Knobs, Question};
use kafka_lab::checker::spec::{Constants, Protocol, Spec};
use kafka_lab::checker::{Model, Search};
use kafka_lab::cli::{Exit, run};

use stateright::Checker as _;

use crate::fixtures::folder;

fn check(words: &[&str]) -> (Exit, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["kafka-lab", "check", "l0"].iter().chain(words).map(Into::into);
    let exit = run(words, &mut out, &mut err);
    let told = [out, err].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (exit, told.concat())
}

#[test]
fn every_row_is_as_tlc_counted() {
    let files = ["states.csv", "levels.csv"].map(|name| folder("oracle").join(name).display().to_string());
    let (exit, told) = check(&["--oracle", &files[0], &files[1]]);
    assert!(told.contains("906 of 906 rows equal\n"), "{told}");
    assert_eq!(exit, Exit::Fine);
}

/// A copy of an oracle's file with one thing changed wherever it stands.
fn wrong(name: &str, from: &str, to: &str) -> PathBuf {
    let text = std::fs::read_to_string(folder("oracle").join(name)).expect("an oracle's file");
    assert!(text.contains(from), "{from}");
    let path = std::env::temp_dir().join(format!("kafka-lab-{}-{name}", std::process::id()));
    std::fs::write(&path, text.replace(from, to)).expect("a temporary file");
    path
}

#[test]
fn a_row_that_differs_is_told_with_its_place() {
    let counts = wrong("states.csv", ",353,12,2", ",354,12,2");
    let (exit, told) = check(&["--oracle", &counts.display().to_string()]);
    assert_eq!(exit, Exit::Problems);
    assert!(told.contains("states.csv:2: distinct_states: expected 354, got 353"), "{told}");
    assert!(told.contains("\n347 of 356 rows equal\n"), "{told}");
    // A level that is not there is missed, too.
    let last = "KafkaTruncateToHighWatermark,Replicas=2;LogSize=1;MaxRecords=1;MaxLeaderEpoch=1,12,";
    let text = std::fs::read_to_string(folder("oracle").join("levels.csv")).expect("an oracle's file");
    let line = text.lines().find(|line| line.starts_with(last)).expect("its last level").to_owned() + "\n";
    let levels = wrong("levels.csv", &line, "");
    let (exit, told) = check(&["--oracle", &levels.display().to_string()]);
    assert_eq!(exit, Exit::Problems);
    assert!(told.contains("expected 11 levels, got 12"), "{told}");
    for path in [counts, levels] {
        std::fs::remove_file(path).expect("the copy");
    }
}

#[test]
fn what_is_not_understood_is_said() {
    let (exit, told) = check(&["--spec", "Kip320", "--constants", "Replicas=3;LogSize=2"]);
    assert_eq!(exit, Exit::Usage);
    assert!(told.contains("MaxRecords is missing"), "{told}");
    let (exit, told) = check(&["--spec", "Kip320"]);
    assert_eq!(exit, Exit::Usage);
    assert!(told.contains("--constants"), "{told}");
    let (exit, told) = check(&["--oracle", "/no/such/file"]);
    assert_eq!(exit, Exit::Usage);
    assert!(told.contains("cannot read"), "{told}");
}

/// The three that take longest: what a throw-away checker had counted too.
#[test]
fn large_models_have_as_many_states_as_they_should() {
    for (spec, symmetry, expected) in [
        (Spec::Kip320, false, 737_794),
        (Spec::TruncateToHighWatermark, false, 1_988_158),
        (Spec::TruncateToHighWatermark, true, 332_037),
    ] {
        let constants = Constants { replicas: 3, log_size: 2, max_records: 2, max_leader_epoch: 2, symmetry };
        let mut search = Search::new(Protocol::new(spec, constants), 0);
        while search.visit_next().is_some() {}
        assert_eq!(search.states(), expected, "{spec}, {constants}");
        assert!(search.bytes() / search.states() <= 48);
    }
}

/// How long the shortest runs are that break each protocol, and that they end in what they should break.
#[test]
fn a_shortest_run_breaks_what_it_says() {
    for (spec, constants, invariant, steps) in [
        ("KafkaTruncateToHighWatermark", "Replicas=2;LogSize=1;MaxRecords=1;MaxLeaderEpoch=1", "WeakIsr", 8),
        ("Kip101", "Replicas=2;LogSize=2;MaxRecords=2;MaxLeaderEpoch=2", "StrongIsr", 11),
        ("Kip279", "Replicas=3;LogSize=1;MaxRecords=1;MaxLeaderEpoch=2", "WeakIsr", 10),
        (
            "Kip320FirstTry",
            "Replicas=3;LogSize=1;MaxRecords=1;MaxLeaderEpoch=2;SYMMETRY=Permutations(Replicas)",
            "WeakIsr",
            11,
        ),
    ] {
        let (exit, told) = check(&["--spec", spec, "--constants", constants, "--trace", invariant]);
        assert_eq!(exit, Exit::Fine);
        let run: Vec<&str> = told.split("\n\n").nth(1).expect("a run").lines().collect();
        assert_eq!(run.len(), steps, "{spec}: {run:#?}");
        assert_eq!(run[0].trim(), "1  the controller elects r1", "{spec}: {run:#?}");
    }
}

/// The same model for another checker, which has a search and a table of states of its own.
struct Other<M>(M);

impl<M, const WORDS: usize> stateright::Model for Other<M>
where
    M: Model<Key = [u64; WORDS]>,
    M::Action: Debug + PartialEq,
{
    type State = [u64; WORDS];
    type Action = M::Action;

    fn init_states(&self) -> Vec<Self::State> {
        vec![self.0.pack(&self.0.initial())]
    }

    fn actions(&self, state: &Self::State, actions: &mut Vec<M::Action>) {
        self.0.enabled(&self.0.unpack(*state), &mut |action| actions.push(action));
    }

    fn next_state(&self, state: &Self::State, action: M::Action) -> Option<Self::State> {
        Some(self.0.pack(&self.0.apply(&self.0.unpack(*state), action)))
    }

    /// It stops as soon as nothing is left to be found out, so it is asked for what there is not.
    fn properties(&self) -> Vec<stateright::Property<Self>> {
        vec![stateright::Property::sometimes("what never is", |_: &Self, _| false)]
    }
}

#[test]
fn another_checker_counts_the_same() {
    for (spec, constants) in [
        (Spec::TruncateToHighWatermark, "Replicas=2;LogSize=2;MaxRecords=2;MaxLeaderEpoch=2"),
        (Spec::Kip320, "Replicas=3;LogSize=1;MaxRecords=1;MaxLeaderEpoch=2;SYMMETRY=Permutations(Replicas)"),
    ] {
        let protocol = Protocol::new(spec, Constants::parse(constants).expect("constants"));
        let mut search = Search::new(protocol.clone(), 0);
        while search.visit_next().is_some() {}
        let other = stateright::Model::checker(Other(protocol)).spawn_bfs().join();
        assert_eq!(search.states(), other.unique_state_count(), "{spec}, {constants}");
        assert!(search.states() > 10_000);
    }
}

/// With no bound of faults, since the other checker keeps none: then as many as the bounds of records and epochs allow.
#[test]
fn another_checker_counts_what_settings_can_come_to() {
    let bounds = Bounds { records: 1, epochs: 3, faults: 3 };
    for knobs in [
        Knobs { replicas: 2, initial_isr: 2, power_loss: true, bounds, ..Knobs::default() },
        Knobs { replicas: 2, initial_isr: 1, min_isr: 1, unclean: true, elr: false, bounds, ..Knobs::default() },
    ] {
        let question = Question::new(knobs).expect("knobs within range");
        let mut search = Search::new(question.clone(), u8::MAX);
        while search.visit_next().is_some() {}
        let other = stateright::Model::checker(Other(question)).spawn_bfs().join();
        assert_eq!(search.states(), other.unique_state_count(), "{knobs:?}");
        assert!(search.states() > 10_000, "{}", search.states());
    }
}
