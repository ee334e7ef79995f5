//! Level 1 of the checker: what settings lose, and that the world loses it too.

use kafka_lab::checker::durability::{
    Action, Bounds, Guard, Harm, Inquiry, Knobs, Question, Removed, State, in_causal_order, play, stop,
};
use kafka_lab::checker::{Cost, Model, Search};
use kafka_lab::command::{Acks, Script};
use kafka_lab::rules::truncation_rule::TruncationRule;
use kafka_lab::timeline::Run;

fn ask(knobs: Knobs) -> Inquiry {
    ask_for(knobs, Harm::Lost)
}

fn ask_for(knobs: Knobs, harm: Harm) -> Inquiry {
    let question = Question::new(knobs).expect("knobs within range");
    let mut inquiry = Inquiry::new(question, harm).expect("knobs within range");
    while inquiry.advance(usize::MAX) {}
    inquiry
}

fn with_faults(knobs: Knobs, faults: u8) -> Knobs {
    Knobs { bounds: Bounds { faults, ..knobs.bounds }, ..knobs }
}

/// The cost of the cheapest loss. Its run is played by a world, with the same end at every step, and read again from
/// its text the script loses the record once more. With one fault fewer there is no loss.
fn loss(knobs: Knobs) -> Option<Cost> {
    let inquiry = ask(knobs);
    let found = inquiry.found(Harm::Lost)?;
    let run = in_causal_order(inquiry.question(), &inquiry.run_to(found));
    assert_eq!(run.len(), usize::from(found.cost.steps));
    let played = play(inquiry.question(), &run).unwrap_or_else(|stuck| panic!("{stuck:?} of {knobs:?}: {run:#?}"));
    assert!(played.world.lost_records() > Some(0), "{knobs:?}");
    let parsed = Script::parse(&played.script.to_string());
    assert_eq!(parsed.problems, [], "{}", played.script);
    assert!(Run::play(&parsed.script).end().lost_records() > Some(0), "{}", played.script);
    if let Some(fewer) = found.cost.faults.checked_sub(1) {
        assert_eq!(ask(with_faults(knobs, fewer)).found(Harm::Lost), None, "{knobs:?}");
    }
    Some(found.cost)
}

fn cost(faults: u8, steps: u8) -> Option<Cost> {
    Some(Cost { faults, steps })
}

#[test]
fn unpacking_undoes_packing() {
    let bounds = Bounds { records: 3, epochs: 5, faults: 3 };
    for truncation in [TruncationRule::Kip279, TruncationRule::Kip320] {
        let knobs = Knobs { truncation, power_loss: true, bounds, ..Knobs::default() };
        let mut search = Search::new(Question::new(knobs).expect("knobs within range"), 3);
        for _ in 0..20_000 {
            let visited = search.visit_next().expect("there are many more");
            let (question, state) = (search.model(), visited.state);
            let key = question.pack(&state);
            assert_eq!(question.unpack(key), state);
            question.enabled(&state, &mut |action| {
                let next = question.apply(&state, action);
                assert_eq!(question.pack_next((&state, key), &next), question.pack(&next), "{action}");
            });
        }
    }
}

#[test]
fn the_leaders_word_alone_is_lost_with_it() {
    for truncation in TruncationRule::ALL {
        assert_eq!(loss(Knobs { acks: Acks::Leader, truncation, ..Knobs::default() }), cost(1, 3));
    }
}

#[test]
fn under_acks_all_what_is_lost_goes_by_the_settings() {
    let base = Knobs::default();
    let to_mark = Knobs { truncation: TruncationRule::ToHighWatermark, elr: false, ..base };
    assert_eq!(loss(to_mark), cost(2, 9));
    assert_eq!(loss(Knobs { unclean: true, ..base }), cost(3, 8));
    // Last replica standing: it is the ISR, whatever is left on its disk.
    assert_eq!(loss(Knobs { power_loss: true, elr: false, ..base }), cost(2, 13));
    // One replica in sync is enough, and it is the last known leader when it comes back with nothing.
    assert_eq!(loss(Knobs { power_loss: true, min_isr: 1, ..base }), cost(2, 9));
    assert_eq!(loss(with_faults(base, 2)), None);
}

#[test]
fn writing_stops_when_too_few_are_left() {
    let faults = |knobs: Knobs| {
        let stop = stop(&Question::new(knobs).expect("knobs within range"))?;
        Some((stop.cost.faults, stop.is_leaderless))
    };
    let base = Knobs::default();
    assert_eq!(faults(base).map(|(faults, _)| faults), Some(2));
    assert_eq!(faults(Knobs { min_isr: 3, ..base }).map(|(faults, _)| faults), Some(1));
    // The ISR shrinks to the leader, which dies: the two others live, and may not lead.
    assert_eq!(faults(Knobs { min_isr: 1, ..base }), Some((2, true)));
    assert_eq!(faults(Knobs { replicas: 1, initial_isr: 1, ..base }), Some((1, true)));
    assert_eq!(faults(with_faults(base, 1)), None);
}
/// A run of so many steps, each drawn from what can happen and does something.
fn random_run(question: &Question, seed: u64, steps: usize) -> Vec<(Action, State)> {
    let (mut state, mut run, mut drawn) = (question.initial(), Vec::<((Action, State), bool)>::new(), seed);
    while run.len() < steps {
        let mut next = Vec::new();
        question.enabled(&state, &mut |action| {
            let after = question.apply(&state, action);
            // One fault in four steps: else little else happens.
            let faults = usize::from(action.faults(&state));
            if after != state && run.len() >= 4 * faults * run.iter().filter(|(_, fault)| *fault).count() {
                next.push((action, after, faults > 0));
            }
        });
        drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let Some((action, after, is_fault)) = next.get((drawn >> 33) as usize % next.len().max(1)).copied() else {
            break;
        };
        state = after;
        run.push(((action, after), is_fault));
    }
    run.into_iter().map(|(step, _)| step).collect()
}

#[test]
fn random_runs_are_played_by_the_world() {
    let (mut told, mut steps) = (Vec::new(), 0);
    for seed in 0..400 {
        let truncation = TruncationRule::ALL[seed as usize % 4];
        let knobs = Knobs {
            truncation,
            elr: seed / 4 % 2 == 0,
            power_loss: seed / 8 % 2 == 0,
            unclean: seed / 16 % 2 == 0,
            acks: [Acks::All, Acks::Leader][seed as usize / 32 % 2],
            min_isr: 1 + (seed / 64 % 3) as u8,
            bounds: Bounds { records: 1, epochs: 5, faults: 3 },
            ..Knobs::default()
        };
        let question = Question::new(knobs).expect("knobs within range");
        let run = random_run(&question, seed, 16);
        steps += run.len();
        if let Err(stuck) = play(&question, &run) {
            let actions: Vec<String> = run.iter().map(|(action, _)| action.to_string()).collect();
            told.push(format!("{seed} {stuck:?} {truncation:?} of {actions:?}"));
        }
    }
    // A fetch that is slow or waits is answered with what there was; the model's, with what there is. Such a run leaves
    // the model's way; every other one keeps to it, field by field.
    assert!(told.len() <= 20, "{} of {steps} steps\n{}", told.len(), told.join("\n"));
}

#[test]
fn each_guard_is_for_something() {
    let small = Knobs { bounds: Bounds { records: 1, epochs: 3, faults: 3 }, ..Knobs::default() };
    let two_in_sync = Knobs { initial_isr: 2, ..small };
    let two_records = Knobs { bounds: Bounds { records: 2, ..small.bounds }, ..small };
    let guards = [
        (Guard::LogEndKnown, small, Harm::Lost, cost(1, 3)),
        (Guard::MetadataEpoch, small, Harm::Lost, cost(1, 9)),
        (Guard::JoinsAtMark, small, Harm::Lost, cost(2, 9)),
        (Guard::JoinsAtEpochStart, two_in_sync, Harm::Lost, cost(2, 10)),
        (Guard::FetchLastEpoch, two_records, Harm::Diverged, cost(1, 8)),
    ];
    for (guard, knobs, harm, expected) in guards {
        let unguarded = Knobs { removed: Removed::default().with(guard), ..knobs };
        let cost_of = |knobs| ask_for(knobs, harm).found(harm).map(|found| found.cost);
        assert_eq!(cost_of(unguarded), expected, "{guard}");
        let faults = expected.map_or(0, |cost| cost.faults);
        assert_eq!(cost_of(with_faults(unguarded, faults - 1)), None, "{guard}: with one fault fewer");
        assert_eq!(cost_of(with_faults(knobs, faults)), None, "{guard}: in its place");
    }
}

/// A follower in an old epoch copies from the newest leader, hears late of an epoch between, and cuts to that log.
#[test]
fn without_leader_epochs_a_follower_cuts_what_is_committed() {
    assert_eq!(loss(Knobs { truncation: TruncationRule::Kip101, elr: false, ..Knobs::default() }), cost(3, 16));
}

#[cfg(feature = "cli")]
fn check(words: &[&str]) -> (kafka_lab::cli::Exit, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["kafka-lab", "check"].iter().chain(words).map(Into::into);
    let exit = kafka_lab::cli::run(words, &mut out, &mut err);
    (exit, [out, err].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat())
}

#[cfg(feature = "cli")]
#[test]
fn the_program_says_what_is_lost_and_how() {
    let (exit, told) = check(&["--acks", "1", "--what-if"]);
    assert_eq!(exit, kafka_lab::cli::Exit::Fine);
    for line in [
        "an acknowledged record is lost: 1 fault, 3 steps; nothing cheaper among 97 states\n",
        "stops writing after 3 faults: nobody can be elected\n",
        "  1.       broker 1 appends m0; m0 is acknowledged\n",
        "  2. FAULT the controller takes broker 1 for dead, though it works; broker 2 is elected, epoch 1,",
        "with acks=all: none within 1 fault\n",
    ] {
        assert!(told.contains(line), "{line} in {told}");
    }
    let (_, json) = check(&["--acks", "1", "--json"]);
    for part in [r#""harm":"lost","faults":1,"steps":3"#, r#""action":"fence 1","fault":true"#] {
        assert!(json.contains(part), "{part} in {json}");
    }
    let (_, script) = check(&["--acks", "1", "--script"]);
    assert!(Run::play(&Script::parse(&script).script).end().lost_records() > Some(0), "{script}");
    let (exit, told) = check(&["--max-faults", "1", "--script"]);
    assert_eq!(exit, kafka_lab::cli::Exit::Problems);
    assert!(told.contains("not found within these bounds"), "{told}");
    assert!(check(&["--rf", "4"]).1.contains("--rf 4: expected 1 to 3"));
}
