use super::*;
use crate::checker::Model;
use crate::checker::durability::{Action, Harm, Inquiry, Question, in_causal_order};
use crate::command::Script;
use crate::ids::BrokerId;

/// Puts a question, and works until nothing is left to do.
fn answered(asked: &Asked) -> Vec<Answer> {
    answered_by(Desk::new(), asked, 1_000)
}

/// The same with slices of so many states.
fn answered_by(mut desk: Desk, asked: &Asked, states: usize) -> Vec<Answer> {
    let mut replies = desk.ask(Request { id: 7, ask: Ask::Search(asked.pairs()) });
    while desk.is_working() {
        replies.extend(desk.work(states));
    }
    assert!(replies.iter().all(|reply| reply.id == 7));
    replies.into_iter().map(|reply| reply.answer).collect()
}

fn verdict(answers: &[Answer]) -> &Verdict {
    let is_verdict = |answer: &&Answer| matches!(answer, Answer::Verdict(_));
    match answers.iter().find(is_verdict) {
        Some(Answer::Verdict(verdict)) => verdict,
        _ => panic!("no verdict among {answers:?}"),
    }
}

fn with(pairs: &[(&str, &str)]) -> Asked {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let (asked, problems) = Asked::read(&pairs, &Asked::default());
    assert_eq!(problems, []);
    asked
}

#[test]
fn a_link_holds_every_knob() {
    for knob in Knob::ALL {
        for value in knob.values(&Asked::default()) {
            let mut asked = Asked::default();
            assert_eq!(asked.set(knob, &value), Ok(()), "{knob:?}");
            assert_eq!(knob.value(&asked), value, "{knob:?}");
            assert_eq!(Asked::read(&asked.pairs(), &Asked::default()), (asked, Vec::new()));
        }
    }
}

#[test]
fn faults_are_left_out_one_or_several() {
    let asked = with(&[("without", "fence,crash")]);
    assert_eq!((Knob::Without.value(&asked).as_str(), asked.without.iter().count()), ("crash,fence", 2));
    assert_eq!(Asked::read(&asked.pairs(), &Asked::default()), (asked, Vec::new()));
    let mut wrong = asked;
    assert!(wrong.set(Knob::Without, "crash,flood").is_err());
    assert_eq!((wrong, wrong.set(Knob::Without, "none"), wrong.without.is_empty()), (asked, Ok(()), true));
}

#[test]
fn fewer_replicas_leave_no_knob_out_of_range() {
    let mut asked = with(&[("min.insync.replicas", "3")]);
    for replicas in ["1", "2", "3"] {
        assert_eq!(asked.set(Knob::Replicas, replicas), Ok(()));
        assert_eq!(asked.knobs.check(), Ok(()));
        assert_eq!(Knob::InSync.value(&asked), replicas, "all of them");
    }
}

#[test]
fn what_a_link_says_wrongly_is_said_and_left_as_it_was() {
    let pairs = [("acks", "2"), ("replication.factor", "1"), ("min.insync.replicas", "2"), ("ackz", "all")];
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let (asked, problems) = Asked::read(&pairs, &Asked::default());
    assert_eq!((asked.knobs.acks, asked.knobs.replicas), (Asked::default().knobs.acks, 1));
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected =
        ["acks=2: expected 0, 1, all", "min.insync.replicas=2: expected 1", "ackz=all: there is no such knob"];
    assert_eq!(said, expected);
}

#[test]
fn a_run_is_told_with_its_faults_its_promise_and_a_script() {
    let answers = answered(&Asked::default());
    let Verdict { outcome, run, .. } = verdict(&answers);
    let Outcome::Found { faults, steps } = outcome else { panic!("{outcome:?}") };
    let run = run.as_ref().expect("it was found");
    assert_eq!(run.steps.len(), usize::from(*steps));
    assert_eq!(run.steps.iter().filter(|step| step.is_fault).count(), usize::from(*faults));
    assert_eq!(run.steps.iter().filter(|step| step.acknowledges).count(), 1);
    let script = Script::parse(run.script.as_deref().expect("a world plays it"));
    assert_eq!(script.problems, []);
}

#[test]
fn with_one_fault_fewer_nothing_is_found() {
    let asked = Asked::default();
    let Outcome::Found { faults, .. } = verdict(&answered(&asked)).outcome.clone() else { panic!("a run") };
    let fewer = with(&[("faults", &(faults - 1).to_string())]);
    let answers = answered(&fewer);
    assert_eq!((verdict(&answers).outcome.clone(), verdict(&answers).run.clone()), (Outcome::NotFound, None));
    assert!(verdict(&answers).looked_at() > 0);
    assert!(!answers.iter().any(|answer| matches!(answer, Answer::Turned(_))), "there is nothing to be saved");
}

/// Each knob that is said to save the record does, when its own question is put.
#[test]
fn what_would_have_helped_is_the_answer_to_the_turned_question() {
    let answers = answered(&Asked::default());
    let Outcome::Found { faults, .. } = verdict(&answers).outcome else { panic!("a run") };
    let turns: Vec<&Turned> = answers.iter().filter_map(turned).collect();
    let saves = |turned: &&Turned| turned.is_turn && turned.outcome == Outcome::NotFound;
    assert!(turns.iter().any(saves), "{turns:?}");
    let left_out: Vec<&str> =
        turns.iter().filter(|turned| !turned.is_turn).map(|turned| turned.says.as_str()).collect();
    assert!(left_out.contains(&"without a loss of power"), "{left_out:?}");
    let steps = verdict(&answers).run.as_ref().map_or(0, |run| run.steps.len() as u64);
    for turned in turns {
        let no = turned.no.as_ref().filter(|no| no.step < steps && no.says.ends_with('.'));
        assert_eq!(no.is_some(), saves(&turned), "a step says no: {turned:?}");
        let (mut asked, problems) = Asked::read(&turned.asked, &Asked::default());
        assert_eq!((problems, asked.set(Knob::Faults, &faults.to_string())), (Vec::new(), Ok(())));
        assert_eq!(verdict(&answered(&asked)).outcome, turned.outcome, "{}", turned.says);
    }
}

fn turned(answer: &Answer) -> Option<&Turned> {
    match answer {
        Answer::Turned(turned) => Some(turned),
        _ => None,
    }
}

/// acks=1, and the leader is taken for dead. Broker 2 is elected, but until it hears of that it follows, and may still
/// fetch the record.
#[test]
fn the_point_of_no_return_is_where_nobody_can_fetch_the_record_any_more() {
    let asked = with(&[("acks", "1"), ("power.loss", "false")]);
    let question = Question::new(asked.knobs).expect("knobs that go together");
    let mut inquiry = Inquiry::new(question, Harm::Lost).expect("knobs that go together");
    while inquiry.advance(1_000) {}
    let found = inquiry.found(Harm::Lost).expect("acks=1 loses");
    let run = in_causal_order(inquiry.question(), &inquiry.run_to(found));
    let steps: Vec<String> = run.iter().map(|(action, _)| action.to_string()).collect();
    assert_eq!(steps, ["produce 1", "fence 1", "learn 2 epoch=1"]);
    let mut hindsight = Hindsight::new(inquiry.question(), &run, 0).expect("it is acknowledged");
    while hindsight.advance(1) {}
    assert_eq!(hindsight.no_return(), Some(2));
    let (leader, fetches) = (Action::Learn { broker: BrokerId(2), epoch: 1 }, Action::Fetch(BrokerId(2)));
    let question = inquiry.question();
    let fenced = run[1].1;
    let too_late = question.apply(&fenced, leader);
    let in_time = question.apply(&question.apply(&fenced, fetches), leader);
    assert_eq!([too_late, in_time].map(|state| state.replica(BrokerId(2)).holds(0)), [false, true]);
}

#[test]
fn a_search_that_is_cancelled_says_what_it_has_seen() {
    let mut desk = Desk::new();
    desk.ask(Request { id: 1, ask: Ask::Search(with(&[("min.insync.replicas", "2")]).pairs()) });
    desk.work(5_000);
    let looking = desk.progress().expect("it is under way");
    let replies = desk.ask(Request { id: 2, ask: Ask::Cancel });
    assert!(!desk.is_working());
    let answers: Vec<Answer> = replies.into_iter().map(|reply| reply.answer).collect();
    let said = verdict(&answers);
    assert_eq!((said.outcome.clone(), said.looked_at()), (Outcome::Cancelled, 5_000));
    assert_eq!(looking.answer, Answer::Looking(said.looked));
}

/// What comes after the answer is worked out in slices too: nobody waits for it who has asked for something else.
#[test]
fn each_part_of_an_answer_ends_when_it_is_cancelled() {
    let asked = with(&[("acks", "1"), ("power.loss", "false")]);
    let mut desk = Desk::new();
    desk.ask(Request { id: 1, ask: Ask::Search(asked.pairs()) });
    assert_eq!(desk.work(1_000), [], "the run is there, and looked at from its end");
    assert!(desk.work(1).is_empty() && desk.is_working());
    let cancelled = |desk: &mut Desk| {
        let replies = desk.ask(Request { id: 1, ask: Ask::Cancel });
        assert!(!desk.is_working() && desk.work(1).is_empty());
        replies.into_iter().map(|reply| reply.answer).collect::<Vec<_>>()
    };
    let answers = cancelled(&mut desk);
    let run = verdict(&answers).run.as_ref().expect("it was found");
    assert_eq!((answers.len(), answers.last(), run.no_return), (2, Some(&Answer::Done), None));

    let mut parts = 0;
    desk.ask(Request { id: 1, ask: Ask::Search(asked.pairs()) });
    // Whatever is under way, one state more is never the rest of it.
    while desk.is_working() {
        let slices = std::iter::repeat_with(|| desk.work(1)).take_while(Vec::is_empty).count();
        assert!(slices > 1 || !desk.is_working(), "{parts}");
        parts += 1;
        if parts == 2 {
            desk.work(1);
            assert_eq!(cancelled(&mut desk), [Answer::Done]);
        }
    }
    assert_eq!(parts, 2);
}

#[test]
fn slices_do_not_change_an_answer() {
    let asked = with(&[("acks", "1"), ("power.loss", "false")]);
    assert_eq!(answered_by(Desk::new(), &asked, 1), answered_by(Desk::new(), &asked, usize::MAX));
}

#[test]
fn a_search_that_takes_too_much_memory_says_so_and_what_it_has_seen() {
    let bytes_most = 1 << 20;
    let full = Outcome::MemoryFull { bytes_most: bytes_most as u64 };
    let answers = answered_by(Desk::with_bytes_most(bytes_most), &Asked::default(), 1_000);
    let said = verdict(&answers);
    assert_eq!((&said.outcome, &said.run), (&full, &None));
    assert!(said.looked.bytes > bytes_most as u64 && said.looked_at() > 1_000, "{:?}", said.looked);
    assert!(said.looked_at() < said.looked.states, "{:?}", said.looked);
    assert!(matches!(answers[1..], [Answer::Stop(Some(_)), Answer::Done]), "it is still said when it stops");

    // A run is found in little memory, and the turned question takes more.
    let small = with(&[("acks", "1"), ("power.loss", "false")]);
    let answers = answered_by(Desk::with_bytes_most(1 << 15), &small, 100);
    assert!(matches!(verdict(&answers).outcome, Outcome::Found { .. }));
    let outcomes: Vec<&Outcome> = answers.iter().filter_map(turned).map(|turned| &turned.outcome).collect();
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Outcome::MemoryFull { .. })), "{outcomes:?}");

    let large = rows().iter().position(|row| row.knobs.replicas == 3 && row.knobs.min_isr == 2).expect("a row");
    let mut desk = Desk::with_bytes_most(bytes_most);
    desk.ask(Request { id: 1, ask: Ask::Matrix(vec![large as u32]) });
    let mut replies = Vec::new();
    while desk.is_working() {
        replies.extend(desk.work(1_000));
    }
    let row = replies.into_iter().find_map(|reply| match reply.answer {
        Answer::Row(row) => Some(row),
        _ => None,
    });
    let row = row.expect("it is given up, not left out");
    assert_eq!((row.loss, row.stop.map(|(faults, _)| faults)), (full, Some(2)));
}

#[test]
fn a_row_of_the_matrix_is_the_answer_to_its_question() {
    let rows = rows();
    assert_eq!(rows.len(), 8 * (3 + 4 + 5));
    for row in &rows {
        assert_eq!(row.knobs.check(), Ok(()));
        assert_eq!(rows.iter().filter(|other| *other == row).count(), 1, "{row:?}");
    }
    // Those of one and two replicas are small, and come first.
    let wanted: Vec<u32> = (0..56).filter(|row| row % 5 == 0).collect();
    assert!(wanted.iter().all(|row| rows[*row as usize].knobs.replicas < 3));
    let mut desk = Desk::new();
    desk.ask(Request { id: 1, ask: Ask::Matrix(wanted.clone()) });
    let mut told = Vec::new();
    while desk.is_working() {
        let replies = desk.work(1_000);
        told.extend(replies.into_iter().filter_map(|reply| match reply.answer {
            Answer::Row(row) => Some(row),
            _ => None,
        }));
    }
    assert_eq!(told.iter().map(|row| row.row).collect::<Vec<_>>(), wanted);
    for row in told {
        let answers = answered(&rows[row.row as usize]);
        assert_eq!(verdict(&answers).outcome, row.loss, "{}", row.row);
        assert_eq!(verdict(&answers).looked_at(), row.looked_at.iter().sum::<u64>());
        let stops = answers.iter().find_map(|answer| match answer {
            Answer::Stop(stop) => Some(stop.as_ref().map(|stop| (stop.faults, stop.steps))),
            _ => None,
        });
        assert_eq!(stops, Some(row.stop));
    }
}
