use super::*;
use crate::checker::Model;
use crate::checker::durability::{Action, Harm, Inquiry, Question, in_causal_order};
use crate::command::Script;
use crate::ids::BrokerId;

/// Puts a question, and works until nothing is left to do.
fn answered(asked: &Asked) -> Vec<Answer> {
    let mut desk = Desk::new();
    let mut replies = desk.ask(Request { id: 7, ask: Ask::Search(asked.pairs()) });
    while desk.is_working() {
        replies.extend(desk.work(1_000));
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
    assert!(turns.iter().any(|turned| turned.outcome == Outcome::NotFound), "{turns:?}");
    for turned in turns {
        let (mut asked, problems) = Asked::read(&turned.asked, &Asked::default());
        assert_eq!((problems, asked.set(Knob::Faults, &faults.to_string())), (Vec::new(), Ok(())));
        assert_eq!(verdict(&answered(&asked)).outcome, turned.outcome, "{}", turned.turn);
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
    assert_eq!(point_of_no_return(inquiry.question(), &run, 0), Some(2));
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
