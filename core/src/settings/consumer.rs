//! What goes together in a consumer (Kafka: `ConsumerConfig`, `Heartbeat`; KIP-289, KIP-848).

use super::chosen::{CONFIG_EXCEPTION, Chosen, ILLEGAL_ARGUMENT, INVALID_CONFIGURATION, Refused};
use super::value::Value;

const AUTO_COMMIT: &str = "enable.auto.commit";
const GROUP_ID: &str = "group.id";
const GROUP_PROTOCOL: &str = "group.protocol";
const INSTANCE_ID: &str = "group.instance.id";
const HEARTBEAT: &str = "heartbeat.interval.ms";
const SESSION_TIMEOUT: &str = "session.timeout.ms";

/// With the new protocol the broker decides these. The last is of share groups.
const NOT_OF_CONSUMER: [&str; 4] =
    ["partition.assignment.strategy", HEARTBEAT, SESSION_TIMEOUT, "share.acknowledgement.mode"];
/// With the classic protocol a member decides.
const NOT_OF_CLASSIC: [&str; 2] = ["group.remote.assignor", "share.acknowledgement.mode"];
/// The longest name of a member.
const INSTANCE_ID_BYTES_MAX: usize = 249;

/// What does not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsumerConflict {
    /// Offsets are committed for a group, and there is none.
    AutoCommitWithoutGroup,
    /// Settings of the other group protocol.
    OtherProtocol(Vec<&'static str>),
    /// The name of a static member has to be one of a topic too.
    InstanceIdNotAName,
    /// A member that heartbeats so seldom would be taken for dead.
    HeartbeatNotBelowSession,
}

/// The first conflict that Kafka finds.
#[must_use]
pub fn consumer_conflict(chosen: &Chosen) -> Option<ConsumerConflict> {
    let is_classic = chosen.text(GROUP_PROTOCOL).is_some_and(|protocol| protocol.eq_ignore_ascii_case("classic"));
    let unsupported: &[&str] = if is_classic { &NOT_OF_CLASSIC } else { &NOT_OF_CONSUMER };
    let is_set = |name: &&&str| chosen.given(name).is_some_and(|value| !value.is_empty());
    let unsupported: Vec<&'static str> = unsupported.iter().filter(is_set).copied().collect();
    let heartbeat_ms = chosen.number(HEARTBEAT).unwrap_or_default();
    let session_ms = chosen.number(SESSION_TIMEOUT).unwrap_or_default();
    if chosen.given(GROUP_ID).is_none() && chosen.given(AUTO_COMMIT) == Some(&Value::Boolean(true)) {
        Some(ConsumerConflict::AutoCommitWithoutGroup)
    } else if !unsupported.is_empty() {
        Some(ConsumerConflict::OtherProtocol(unsupported))
    } else if chosen.text(INSTANCE_ID).is_some_and(|id| !is_name(&id)) {
        Some(ConsumerConflict::InstanceIdNotAName)
    } else if is_classic && (heartbeat_ms < 0 || heartbeat_ms >= session_ms) {
        Some(ConsumerConflict::HeartbeatNotBelowSession)
    } else {
        None
    }
}

fn is_name(id: &str) -> bool {
    let may_be = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    id.bytes().all(may_be) && id.len() <= INSTANCE_ID_BYTES_MAX && ![".", ".."].contains(&id)
}

impl ConsumerConflict {
    pub(super) fn refused(&self) -> Refused {
        match self {
            ConsumerConflict::AutoCommitWithoutGroup => Refused::new(INVALID_CONFIGURATION, &[AUTO_COMMIT]),
            ConsumerConflict::OtherProtocol(names) => {
                let names: Vec<&str> = names.iter().copied().chain([GROUP_PROTOCOL]).collect();
                Refused::new(CONFIG_EXCEPTION, &names)
            }
            ConsumerConflict::InstanceIdNotAName => Refused::new(INVALID_CONFIGURATION, &[]),
            // Its message speaks of them, but not by their names.
            ConsumerConflict::HeartbeatNotBelowSession => Refused::new(ILLEGAL_ARGUMENT, &[]),
        }
    }
}

/// Does the consumer commit by itself? Not without a group, whatever the default says.
#[must_use]
pub fn auto_commits(chosen: &Chosen) -> bool {
    chosen.is_on(AUTO_COMMIT) && (chosen.given(GROUP_ID).is_some() || chosen.given(AUTO_COMMIT).is_some())
}

/// The beginning of the client id that a consumer without one gives itself, its number to follow; the whole of it for a
/// static member.
#[must_use]
pub fn generated_client_id(chosen: &Chosen) -> String {
    let group = chosen.text(GROUP_ID).unwrap_or_else(|| "null".to_owned());
    format!("consumer-{group}-{}", chosen.text(INSTANCE_ID).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::{Scope, check};
    use super::*;

    fn consumer(given: &[(&str, &str)]) -> Result<Chosen, Refused> {
        check(Scope::Consumer, given.iter().copied())
    }

    #[test]
    fn without_a_group_nothing_is_committed() {
        assert!(consumer(&[(AUTO_COMMIT, "true")]).is_err());
        assert!(consumer(&[]).is_ok_and(|chosen| !auto_commits(&chosen)));
        assert!(consumer(&[(GROUP_ID, "g")]).is_ok_and(|chosen| auto_commits(&chosen)));
    }

    #[test]
    fn each_protocol_has_settings_of_its_own() {
        let refused = consumer(&[(GROUP_PROTOCOL, "consumer"), (HEARTBEAT, "3000")]).expect_err("refused");
        assert_eq!(refused.names, [GROUP_PROTOCOL, HEARTBEAT]);
        assert!(consumer(&[(HEARTBEAT, "3000"), (SESSION_TIMEOUT, "3000")]).is_err());
    }
}
