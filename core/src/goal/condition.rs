//! Goals: conditions over numbers of a run, all of which must hold.

use super::{Quantity, Sight};
use crate::ids::ConsumerIndex;
use crate::rules::fold::Program;
use std::fmt;

/// One thing that must be so: `wrong-rows c1 = 0`, `log-end 1 = at-start`, `runs c1 balances-v2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A number stands so to another.
    Number { left: Quantity, comparison: Comparison, right: Right },
    /// The consumer runs this program now.
    Runs { consumer: ConsumerIndex, program: Program },
}

/// What a number is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Right {
    Number(i64),
    Quantity(Quantity),
    /// What it was where the challenge began.
    AtStart,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Comparison {
    const ALL: [Comparison; 6] = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::AtMost,
        Comparison::More,
        Comparison::AtLeast,
    ];

    /// As goals write it.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::More => ">",
            Comparison::AtLeast => ">=",
        }
    }

    fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::AtMost => left <= right,
            Comparison::More => left > right,
            Comparison::AtLeast => left >= right,
        }
    }
}

/// Conditions that must all hold.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Goal(pub Vec<Condition>);

/// A line of a goal that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoalProblem {
    pub found: String,
}

impl fmt::Display for GoalProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no condition: expected `wrong-rows c1 = 0` or `runs c1 balances-v2`", self.found)
    }
}

/// How a condition stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub holds: bool,
    /// What the two sides are; none where the moment has no such number, and where no number is asked for.
    pub left: Option<i64>,
    pub right: Option<i64>,
}

impl Goal {
    /// Reads one condition a line; the first line that is none stops it.
    ///
    /// # Errors
    /// The line that is no condition.
    pub fn parse(lines: &[String]) -> Result<Goal, GoalProblem> {
        let read = |line: &String| Condition::parse(line).ok_or_else(|| GoalProblem { found: line.clone() });
        lines.iter().map(read).collect::<Result<_, _>>().map(Goal)
    }

    /// How each condition stands now, in a run that was handed over at `start`.
    #[must_use]
    pub fn outcomes(&self, start: &Sight, now: &Sight) -> Vec<Outcome> {
        self.0.iter().map(|condition| condition.outcome(start, now)).collect()
    }

    /// Whether all of it holds now.
    #[must_use]
    pub fn is_reached(&self, start: &Sight, now: &Sight) -> bool {
        self.outcomes(start, now).iter().all(|outcome| outcome.holds)
    }
}

impl Condition {
    fn parse(line: &str) -> Option<Condition> {
        if let Some(rest) = line.strip_prefix("runs ") {
            let (consumer, program) = rest.split_once(' ')?;
            let consumer = ConsumerIndex(consumer.strip_prefix('c')?.parse().ok()?);
            let program = Program::ALL.into_iter().find(|other| other.word() == program)?;
            return Some(Condition::Runs { consumer, program });
        }
        let split = |comparison: Comparison| {
            let (left, right) = line.split_once(&format!(" {} ", comparison.sign()))?;
            Some((comparison, left, right))
        };
        let (comparison, left, right) = Comparison::ALL.into_iter().find_map(split)?;
        let right = match right {
            "at-start" => Right::AtStart,
            other => match other.parse() {
                Ok(number) => Right::Number(number),
                Err(_) => Right::Quantity(Quantity::parse(other)?),
            },
        };
        Some(Condition::Number { left: Quantity::parse(left)?, comparison, right })
    }

    fn outcome(&self, start: &Sight, now: &Sight) -> Outcome {
        match self {
            Condition::Runs { consumer, program } => {
                let runs = now.world.consumers.get(consumer).and_then(|consumer| consumer.settings.program);
                Outcome { holds: runs == Some(*program), left: None, right: None }
            }
            Condition::Number { left, comparison, right } => {
                let right = match right {
                    Right::Number(number) => Some(*number),
                    Right::Quantity(quantity) => quantity.read(now),
                    Right::AtStart => left.read(start),
                };
                let left = left.read(now);
                let holds = left.zip(right).is_some_and(|(left, right)| comparison.holds(left, right));
                Outcome { holds, left, right }
            }
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Runs { consumer, program } => write!(f, "runs {consumer} {}", program.word()),
            Condition::Number { left, comparison, right } => {
                write!(f, "{left} {} ", comparison.sign())?;
                match right {
                    Right::Number(number) => write!(f, "{number}"),
                    Right::Quantity(quantity) => write!(f, "{quantity}"),
                    Right::AtStart => f.write_str("at-start"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Script;
    use crate::timeline::Run;
    use std::sync::Arc;

    const REFUND: &str = "version 1\nseed 1\ncluster brokers=1\nproducer p1\n\
        consumer c1 poll=hand auto.offset.reset=earliest program=balances-v1\n\
        consumer c2 poll=hand auto.offset.reset=earliest program=balances-v2\n\
        send p1 key=ada value=+50\nsend p1 key=ada value=-20\nwait 100\nmark start\n";

    fn sights(more: &str) -> (Sight, Sight) {
        let parsed = Script::parse(&format!("{REFUND}{more}"));
        assert_eq!(parsed.problems, []);
        let run = Arc::new(Run::play(&parsed.script));
        (Sight::new(&run, run.moment_of_mark("start").expect("marked")), Sight::new(&run, usize::MAX))
    }

    fn reached(more: &str, lines: &[&str]) -> bool {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let (start, now) = sights(more);
        Goal::parse(&lines).expect("a goal").is_reached(&start, &now)
    }

    #[test]
    fn what_is_written_is_read_again() {
        for line in ["wrong-rows c1 = 0", "log-end 1 = at-start", "position c1 >= parted c1.c2", "runs c2 orders"] {
            assert_eq!(Condition::parse(line).map(|condition| condition.to_string()).as_deref(), Some(line));
        }
        for line in ["", "wrong-rows c1", "wrong-rows c1 = many", "runs c1 excel", "lag c1 = 0", "1 = 1"] {
            assert_eq!(Condition::parse(line), None, "{line}");
        }
    }

    #[test]
    fn a_table_is_wrong_if_it_is_not_what_all_acknowledged_records_make() {
        assert!(reached("poll c1\nwait 100\n", &["wrong-rows c1 = 1", "row c1.ada = 50"]));
        assert!(reached("poll c2\nwait 100\n", &["wrong-rows c2 = 0", "row c2.ada = 30"]));
        assert!(reached(
            "poll c2\nstorage delete-on-acknowledge\nwait 100\ncommit c2\nwait 100\n\
            deploy c1 program=balances-v2\npoll c1\nwait 600\n",
            &["wrong-rows c1 = 1", "log-start 1 = 2"]
        ));
    }

    #[test]
    fn tables_part_behind_the_record_that_they_see_differently() {
        assert!(reached("", &["parted c1.c2 = 2", "differing-rows c1.c2 = 0"]));
        assert!(reached("poll c1\npoll c2\nwait 100\n", &["differing-rows c1.c2 = 1", "position c1 = parted c1.c2"]));
        assert!(!reached("deploy c1 program=balances-v2\n", &["parted c1.c2 >= 0"]));
    }

    const CLUSTER: &str = "version 1\ncluster brokers=3 controllers=1 min.insync.replicas=2\nschedule hand\n\
        producer p1 acks=all linger.ms=0\nmark start\nsend p1 value=+1\ndeliver produce.p1-1.1\n";
    const COPIED: &str = "fetch 3\ndeliver fetch.3-1.1\ndeliver fetch-response.1-3.1\nfetch 3\ndeliver fetch.3-1.2\n";

    fn of_cluster(more: &str, lines: &[&str]) {
        let parsed = Script::parse(&format!("{CLUSTER}{more}"));
        assert_eq!(parsed.problems, []);
        let run = Arc::new(Run::play(&parsed.script));
        let (start, now) = (Sight::new(&run, 0), Sight::new(&run, usize::MAX));
        for line in lines {
            let goal = Goal::parse(&[(*line).to_owned()]).expect("a goal");
            assert!(goal.is_reached(&start, &now), "{line}: {:?}", goal.outcomes(&start, &now));
        }
    }

    #[test]
    fn who_is_in_sync_and_who_leads() {
        let whole = ["in-sync = 14", "in-sync 3 = 1", "isr = 3", "leader = 1", "leader-epoch = 0", "crashes = 0"];
        of_cluster("", &whole);
        let fenced = "crash 3\nfence 3\nlearn 1\ndeliver fetch-metadata.1-k1.1\n\
            deliver fetch-metadata-response.k1-1.1\n";
        of_cluster(fenced, &["in-sync = 6", "in-sync 3 = 0", "isr = 2", "crashes = 1", "partition-epoch = 1"]);
        // Nobody leads: the controller's word counts.
        of_cluster("crash 1\nfence 1\n", &["in-sync = 12", "isr = 2"]);
    }

    #[test]
    fn what_was_acknowledged_by_too_few_may_be_lost() {
        let dies = "crash 1\nfence 1\nlearn 2\ndeliver fetch-metadata.2-k1.1\n\
            deliver fetch-metadata-response.k1-2.1\n";
        of_cluster(COPIED, &["waiting p1 = 1", "readable = 0", "acknowledged = 0", "wrong-rules = 0"]);
        let told = format!("commit-rule majority\n{COPIED}deliver produce-response.1-p1.1\n");
        let one = ["waiting p1 = 0", "readable = 1", "fewest-copies = 2", "lost = 0", "wrong-rules = 1"];
        of_cluster(&told, &one);
        of_cluster(&format!("{told}{dies}"), &["lost = 1", "leader = 2", "leader-epoch = 1"]);
        of_cluster("commit-rule leader\ndrop produce-response.1-p1.1\n", &["acknowledged = 0", "lost = 0"]);
    }

    #[test]
    fn what_came_of_a_record_and_what_was_lost_under_all() {
        of_cluster("", &["fate p1 = 0", "failed = 0", "lost-under-all = 0", "takes-writes = 1", "down = 0"]);
        of_cluster("drop-next produce-response 1-p1\nwait 30000\n", &["fate p1 = 2", "failed = 1"]);
        // A leader that has fewer in sync than the minimum takes nothing under acks=all, and all else.
        let alone = "fence 2\nfence 3\nlearn 1\ndeliver fetch-metadata.1-k1.1\n\
            deliver fetch-metadata-response.k1-1.1\n";
        of_cluster(&format!("{alone}freeze 3\n"), &["isr = 1", "takes-writes = 0", "down = 1", "fate p1 = 0"]);
        let refused = format!(
            "{alone}producer p2 acks=all linger.ms=0\nsend p2 value=+2\ndeliver produce.p2-1.1\n\
            deliver produce-response.1-p2.1\n"
        );
        of_cluster(&refused, &["fate p2 = 2", "failed = 1", "log-end 1 = 1"]);
        // Acknowledged by the leader alone, and lost with it: nobody asked for more.
        let of_one = "producer p2 acks=1 linger.ms=0\nsend p2 value=+2\ndeliver produce.p2-1.1\n\
            deliver produce-response.1-p2.1\ncrash 1\nfence 1\nlearn 2\ndeliver fetch-metadata.2-k1.1\n\
            deliver fetch-metadata-response.k1-2.1\n";
        of_cluster(of_one, &["fate p2 = 1", "lost = 1", "lost-under-all = 0", "down = 1", "takes-writes = 1"]);
        of_cluster("crash 1\n", &["takes-writes = 0", "down = 1"]);
    }

    #[test]
    fn knobs_are_counted_that_are_not_as_they_were() {
        of_cluster("", &["knobs-turned = 0"]);
        of_cluster("config min.insync.replicas=1\n", &["knobs-turned = 1"]);
        of_cluster("config min.insync.replicas=1\nconfig min.insync.replicas=2\n", &["knobs-turned = 0"]);
        let two = "config min.insync.replicas=3 unclean.leader.election.enable=true\n";
        of_cluster(two, &["knobs-turned = 2"]);
        // What is not named stays as it is.
        let one_by_one = "config unclean.leader.election.enable=true\nconfig min.insync.replicas=3\n";
        of_cluster(one_by_one, &["knobs-turned = 2"]);
        of_cluster("reassign 1,2\n", &["knobs-turned = 1"]);
    }

    #[test]
    fn a_record_may_lie_on_every_replica_and_be_read_by_nobody() {
        of_cluster(COPIED, &["held-unread = 0"]);
        let all = format!("{COPIED}fetch 2\ndeliver fetch.2-1.1\ndeliver fetch-response.1-2.1\n");
        of_cluster(&all, &["held-unread = 1", "readable = 0"]);
        of_cluster(&format!("{all}fetch 2\ndeliver fetch.2-1.2\n"), &["held-unread = 0", "readable = 1"]);
    }

    #[test]
    fn a_mark_that_stands_is_timed() {
        of_cluster("wait 700\n", &["mark-stood = 700"]);
        let freed = format!("wait 300\n{COPIED}commit-rule majority\nfetch 2\ndeliver fetch.2-1.1\nwait 2000\n");
        of_cluster(&freed, &["mark-stood = 300", "readable = 1"]);
    }

    #[test]
    fn where_an_epoch_ended_and_where_logs_part() {
        of_cluster(COPIED, &["last-epoch 1 = 0", "epoch-end 1.0 = 1", "epoch-end 3.0 = 1", "agree-to 1.3 = 1"]);
        of_cluster(COPIED, &["agree-to 1.2 = 0", "agree-to 2.3 = 0", "agree-to 3.3 = log-end 3"]);
        let parted = "crash 1\nfence 1\nlearn 2\ndeliver fetch-metadata.2-k1.1\n\
            deliver fetch-metadata-response.k1-2.1\nproducer p2 acks=1 linger.ms=0\nsend p2 value=+2\n\
            deliver produce.p2-2.1\n";
        of_cluster(parted, &["leader = 2", "agree-to 1.2 = 0", "log-end 2 = 1"]);
    }

    #[test]
    fn a_number_may_be_held_to_what_it_was() {
        assert!(reached("", &["log-end 1 = at-start"]));
        assert!(!reached("send p1 key=ada value=+1\nwait 100\n", &["log-end 1 = at-start"]));
    }
}
