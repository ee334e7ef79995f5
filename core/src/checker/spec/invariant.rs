//! What should hold in every state, and which protocol keeps it.

use super::{Constants, Members, Protocol, State};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invariant {
    /// Every variable has a value of its type.
    TypeOk,
    /// Who leads, by its own belief, has below its high watermark what all its ISR has, as it believes it.
    WeakIsr,
    /// The same with the controller's ISR.
    StrongIsr,
    /// The controller's leader is in the controller's ISR. Not so at the start, where there is none.
    LeaderInIsr,
    /// The same, or there is no leader.
    LeaderInIsrOrNone,
    /// [`Invariant::StrongIsr`] for the leader of the newest epoch alone.
    StrongIsrTrueLeader,
    /// Any two logs hold the same records below both high watermarks.
    NoDivergenceBelowHw,
    /// No high watermark is above its log's end.
    HwLeqEnd,
}

impl Invariant {
    pub const ALL: [Invariant; 8] = [
        Invariant::TypeOk,
        Invariant::WeakIsr,
        Invariant::StrongIsr,
        Invariant::LeaderInIsr,
        Invariant::LeaderInIsrOrNone,
        Invariant::StrongIsrTrueLeader,
        Invariant::NoDivergenceBelowHw,
        Invariant::HwLeqEnd,
    ];

    /// By the name that the modules and the oracle give it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Invariant> {
        Invariant::ALL.into_iter().find(|invariant| invariant.name() == name)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Invariant::TypeOk => "TypeOk",
            Invariant::WeakIsr => "WeakIsr",
            Invariant::StrongIsr => "StrongIsr",
            Invariant::LeaderInIsr => "LeaderInIsr",
            Invariant::LeaderInIsrOrNone => "LeaderInIsrOrNone",
            Invariant::StrongIsrTrueLeader => "StrongIsrTrueLeader",
            Invariant::NoDivergenceBelowHw => "NoDivergenceBelowHw",
            Invariant::HwLeqEnd => "HwLeqEnd",
        }
    }

    /// Whether it holds in a state.
    #[must_use]
    pub fn holds(self, protocol: &Protocol, state: &State) -> bool {
        let replicas = 0..protocol.constants.replicas;
        match self {
            Invariant::TypeOk => type_ok(protocol.constants, state),
            Invariant::WeakIsr => replicas
                .filter(|leader| state.presumes_leadership(*leader))
                .all(|leader| all_have_committed(state, leader, state.replica(leader).isr)),
            Invariant::StrongIsr => replicas
                .filter(|leader| state.presumes_leadership(*leader))
                .all(|leader| all_have_committed(state, leader, state.isr)),
            Invariant::StrongIsrTrueLeader => replicas
                .filter(|leader| state.is_true_leader(*leader))
                .all(|leader| all_have_committed(state, leader, state.isr)),
            Invariant::LeaderInIsr => state.leader().is_some_and(|leader| state.isr.contains(leader)),
            Invariant::LeaderInIsrOrNone => state.leader().is_none_or(|leader| state.isr.contains(leader)),
            Invariant::NoDivergenceBelowHw => replicas.clone().all(|left| {
                let left = state.replica(left);
                replicas.clone().map(|right| state.replica(right)).all(|right| {
                    let mark = left.high_watermark.min(right.high_watermark);
                    (0..mark).all(|offset| left.record_at(offset) == right.record_at(offset))
                })
            }),
            Invariant::HwLeqEnd => {
                replicas.map(|replica| state.replica(replica)).all(|replica| replica.high_watermark <= replica.end)
            }
        }
    }
}

/// Whether each of the members holds what the leader holds at every offset below the leader's mark.
fn all_have_committed(state: &State, leader: u8, members: Members) -> bool {
    let leading = state.replica(leader);
    members.iter().map(|member| state.replica(member)).all(|member| {
        (0..leading.high_watermark)
            .all(|offset| leading.record_at(offset).is_some_and(|record| member.record_at(offset) == Some(record)))
    })
}

fn type_ok(constants: Constants, state: &State) -> bool {
    let all = Members::first(constants.replicas);
    let subset = |members: Members| members.0 & !all.0 == 0;
    let epoch = |epoch: u8| epoch <= constants.max_leader_epoch;
    let known = state.replicas.iter().take(usize::from(constants.replicas));
    state.next_epoch <= constants.max_leader_epoch + 1
        && state.next_record <= constants.max_records
        && subset(state.isr)
        && state
            .requests
            .iter()
            .all(|request| subset(request.isr) && request.leader.is_none_or(|leader| leader < constants.replicas))
        && known.clone().all(|replica| {
            replica.end <= constants.log_size
                && replica.high_watermark <= constants.log_size
                && replica.epoch.is_none_or(epoch)
                && subset(replica.isr)
                && replica
                    .records()
                    .iter()
                    .all(|record| *record < state.next_record && epoch(state.written_in[usize::from(*record)]))
                && replica.log.iter().skip(usize::from(replica.end)).all(|record| *record == 0)
        })
}
