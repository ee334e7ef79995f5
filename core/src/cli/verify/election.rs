//! `election.csv`: a partition, a change, and the registration after it (Kafka: `PartitionChangeBuilder`,
//! `PartitionRegistration.merge`).

use super::row::{Checks, CsvRow};
use crate::ids::{BrokerId, BrokerSet, LeaderEpoch};
use crate::rules::election::{Change, Election, Registration};
use crate::rules::partition_change::{Outcome, change_partition};

const INPUTS: [&str; 18] = [
    "id",
    "set",
    "replicas",
    "isr",
    "leader",
    "elr",
    "last_known_elr",
    "recovery",
    "leader_epoch",
    "partition_epoch",
    "live",
    "min_isr",
    "elr_enabled",
    "election",
    "target_isr",
    "unclean_shutdown",
    "use_last_known_leader",
    "target_recovery",
];

const RECOVERING: &str = "RECOVERING";
const NO_LEADER: &str = "-1";
/// Not given, or not set.
const NOT_GIVEN: &str = "~";

pub(super) fn check(row: &CsvRow) -> Checks {
    let mut checks = Checks::new(row.get("id"));
    let Some((partition, change)) = inputs(row) else {
        checks.fail("row", "numbers and names of the columns of election.csv", "something else");
        return checks;
    };
    let (names_leader, after) = match change_partition(&partition, &change) {
        Outcome::Unchanged => (false, None),
        Outcome::SameLeadership(after) => (false, Some(after)),
        Outcome::NewLeaderEpoch(after) => (true, Some(after)),
    };
    let cell = |text: &dyn Fn(&Registration) -> String| after.as_ref().map_or(String::new(), text);
    let leader = |after: &Registration| after.leader.map_or(NO_LEADER.to_owned(), |leader| leader.to_string());
    let answers = [
        ("changed", u8::from(after.is_some()).to_string()),
        ("record_leader", if names_leader { cell(&leader) } else { NOT_GIVEN.to_owned() }),
        ("new_leader", cell(&leader)),
        ("new_leader_epoch", cell(&|after| after.leader_epoch.to_string())),
        ("new_partition_epoch", cell(&|after| after.partition_epoch.to_string())),
        ("new_isr", cell(&|after| listed(&after.isr))),
        ("new_elr", cell(&|after| listed(&after.elr))),
        ("new_last_known_elr", cell(&|after| listed(&after.last_known_elr))),
        ("new_recovery", cell(&|after| if after.recovering { RECOVERING } else { "RECOVERED" }.to_owned())),
    ];
    for (column, got) in &answers {
        checks.compare(column, row.get(column), got);
    }
    let known: Vec<&str> = INPUTS.into_iter().chain(answers.iter().map(|(column, _)| *column)).collect();
    row.only(&known, &mut checks);
    checks
}

fn inputs(row: &CsvRow) -> Option<(Registration, Change)> {
    let given = |column: &str| Some(row.get(column)).filter(|cell| *cell != NOT_GIVEN);
    let number = |column: &str| row.get(column).parse::<i32>().ok();
    let partition = Registration {
        replicas: list(row.get("replicas"))?,
        adding: Vec::new(),
        removing: Vec::new(),
        isr: list(row.get("isr"))?,
        elr: list(row.get("elr"))?,
        last_known_elr: list(row.get("last_known_elr"))?,
        leader: list(Some(row.get("leader")).filter(|leader| *leader != NO_LEADER).unwrap_or_default())?
            .first()
            .copied(),
        recovering: row.get("recovery") == RECOVERING,
        leader_epoch: LeaderEpoch(number("leader_epoch")?),
        partition_epoch: number("partition_epoch")?,
    };
    let change = Change {
        election: match row.get("election") {
            "PREFERRED" => Election::Preferred,
            "ONLINE" => Election::Online,
            "UNCLEAN" => Election::Unclean,
            _ => return None,
        },
        reassign: None,
        target_isr: list(given("target_isr").unwrap_or(row.get("isr")))?,
        live: set(row.get("live"))?,
        unclean_shutdown: set(given("unclean_shutdown").unwrap_or_default())?,
        min_isr: row.get("min_isr").parse().ok()?,
        elr_enabled: row.get("elr_enabled") == "1",
        use_last_known_leader: row.get("use_last_known_leader") == "1",
        target_recovering: given("target_recovery").unwrap_or(row.get("recovery")) == RECOVERING,
    };
    Some((partition, change))
}

fn list(cell: &str) -> Option<Vec<BrokerId>> {
    cell.split_whitespace().map(|node| node.parse().ok().map(BrokerId).filter(|node| *node <= BrokerSet::MAX)).collect()
}

fn set(cell: &str) -> Option<BrokerSet> {
    list(cell).map(BrokerSet::from_iter)
}

fn listed(nodes: &[BrokerId]) -> String {
    nodes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
