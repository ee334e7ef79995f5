//! A state in two words, and the smallest of its images where replicas are interchangeable.
//!
//! A record is written once, so it has one offset and one epoch in all logs: a log is a set of records, and in which
//! order they lie is kept once for all. Every field has its place: shifts by constants are what wasm does fast.

use super::Constants;
use super::state::{MOST_EPOCHS, MOST_RECORDS, MOST_REPLICAS, Members, Replica, Request, State};

/// What replicas know, 14 bits each, over the records' offsets; then the records' epochs, the two sequences, the
/// requests and the ISR.
pub(super) type Packed = [u64; 2];

const REPLICA_BITS: u32 = 14;
const REQUEST_BITS: u32 = 7;

/// A way of naming the replicas anew: the new name of each, and with it the new form of sets and requests.
#[derive(Clone, Debug)]
pub(super) struct Permutation {
    /// `old[new]` is the replica that is called `new` now.
    old: [u8; MOST_REPLICAS],
    members: [u8; 1 << MOST_REPLICAS],
    /// By a packed request.
    requests: [u8; 1 << REQUEST_BITS],
}

/// All ways to name the replicas anew if they are interchangeable, without the one that changes nothing.
pub(super) fn permutations(constants: Constants) -> Vec<Permutation> {
    let mut orders = vec![Vec::new()];
    if constants.symmetry {
        for next in 0..constants.replicas {
            let longer = |order: Vec<u8>| {
                (0..=usize::from(next)).map(move |place| {
                    let mut order = order.clone();
                    order.insert(place, next);
                    order
                })
            };
            orders = orders.into_iter().flat_map(longer).collect();
        }
    }
    orders.retain(|order| !order.is_sorted());
    orders.iter().map(|order| Permutation::new(order)).collect()
}

impl Permutation {
    fn new(order: &[u8]) -> Permutation {
        let mut old = [0, 1, 2, 3];
        old[..order.len()].copy_from_slice(order);
        let new_name = |replica: u8| old.iter().position(|id| *id == replica).map_or(replica, |new| new as u8);
        let mut members = [0; 1 << MOST_REPLICAS];
        for (set, renamed) in members.iter_mut().enumerate() {
            let set = Members(set as u8);
            *renamed = set.iter().fold(Members::default(), |renamed, id| renamed.with(new_name(id))).0;
        }
        let mut requests = [0; 1 << REQUEST_BITS];
        for (packed, renamed) in requests.iter_mut().enumerate() {
            let Request { leader, isr } = unpack_request(packed as u64);
            let isr = Members(members[usize::from(isr.0)]);
            *renamed = pack_request(Request { leader: leader.map(new_name), isr }) as u8;
        }
        Permutation { old, members, requests }
    }
}

fn pack_request(request: Request) -> u64 {
    u64::from(request.leader.map_or(0, |leader| leader + 1)) << 4 | u64::from(request.isr.0)
}

fn unpack_request(bits: u64) -> Request {
    Request { leader: (bits as u8 >> 4 & 7).checked_sub(1), isr: Members(bits as u8 & 15) }
}

/// All but the ISR, which has the lowest four bits.
fn pack_replica(replica: &Replica) -> u64 {
    let log = replica.records().iter().fold(0, |log: u64, record| log | 1 << record);
    let epoch = u64::from(replica.epoch.map_or(0, |epoch| epoch + 1));
    log << 10 | u64::from(replica.high_watermark) << 7 | epoch << 4
}

fn unpack_replica(bits: u64, offsets: [u8; MOST_RECORDS]) -> Replica {
    let mut log = [0; MOST_RECORDS];
    let held = bits as u16 >> 10 & 15;
    for (record, offset) in (0..).zip(offsets) {
        if held >> record & 1 == 1 {
            log[usize::from(offset)] = record;
        }
    }
    Replica {
        log,
        end: held.count_ones() as u8,
        high_watermark: (bits >> 7) as u8 & 7,
        epoch: ((bits >> 4) as u8 & 7).checked_sub(1),
        isr: Members(bits as u8 & 15),
    }
}

/// The offset of each record; 0 for one that no log holds. Two bits each.
fn pack_offsets(state: &State) -> u64 {
    let mut offsets = 0;
    for replica in &state.replicas {
        for (offset, record) in replica.records().iter().enumerate() {
            offsets |= (offset as u64) << (2 * record);
        }
    }
    offsets
}

/// The records' epochs and the two sequences: no new name changes them.
fn pack_sequences(state: &State) -> u64 {
    let epochs = state.written_in.iter().rev().fold(0, |bits, epoch| bits << 3 | u64::from(*epoch));
    epochs << 6 | u64::from(state.next_record) << 3 | u64::from(state.next_epoch)
}

/// The smallest of the state's images under all new names.
pub(super) fn smallest(state: &State, permutations: &[Permutation]) -> Packed {
    let high = pack_offsets(state) << (REPLICA_BITS * MOST_REPLICAS as u32);
    let sequences = pack_sequences(state) << (4 + REQUEST_BITS * MOST_EPOCHS as u32);
    let replicas = state.replicas.each_ref().map(pack_replica);
    let requests = state.requests.map(pack_request);
    let in_order = |old: [u8; MOST_REPLICAS], members: &dyn Fn(u8) -> u8| {
        old.iter().fold(0, |bits, id| {
            let id = usize::from(*id);
            bits << REPLICA_BITS | replicas[id] | u64::from(members(state.replicas[id].isr.0))
        })
    };
    let asked = |renamed: &dyn Fn(u64) -> u64| {
        requests.iter().rev().fold(0, |bits, request| bits << REQUEST_BITS | renamed(*request)) << 4
    };
    let first = high | in_order([0, 1, 2, 3], &|set| set);
    let mut least = [first, sequences | asked(&|request| request) | u64::from(state.isr.0)];
    for Permutation { old, members, requests } in permutations {
        let first = high | in_order(*old, &|set| members[usize::from(set)]);
        // Most images are told to be larger by their first word.
        if first <= least[0] {
            let isr = u64::from(members[usize::from(state.isr.0)]);
            least = least.min([first, sequences | asked(&|request| u64::from(requests[request as usize])) | isr]);
        }
    }
    least
}

/// The state with that key.
pub(super) fn unpack(key: Packed) -> State {
    let [known, rest] = key;
    let offsets = [56, 58, 60, 62].map(|shift| (known >> shift) as u8 & 3);
    let request = |epoch: u32| unpack_request(rest >> (4 + REQUEST_BITS * epoch) & ((1 << REQUEST_BITS) - 1));
    State {
        replicas: [42, 28, 14, 0].map(|shift| unpack_replica(known >> shift, offsets)),
        requests: [0, 1, 2, 3, 4].map(request),
        next_epoch: (rest >> 39) as u8 & 7,
        next_record: (rest >> 42) as u8 & 7,
        isr: Members(rest as u8 & 15),
        written_in: [45, 48, 51, 54].map(|shift| (rest >> shift) as u8 & 7),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Protocol, Spec};
    use super::*;
    use crate::checker::search::{Model, Search};

    #[test]
    fn unpacking_undoes_packing() {
        let constants = "Replicas=4;LogSize=4;MaxRecords=4;MaxLeaderEpoch=4";
        let protocol = Protocol::new(Spec::Kip320FirstTry, Constants::parse(constants).expect("constants"));
        let mut search = Search::new(protocol, 0);
        for _ in 0..20_000 {
            let visited = search.visit_next().expect("there are many more");
            assert_eq!(search.model().unpack(search.model().pack(&visited.state)), visited.state);
        }
    }

    #[test]
    fn a_new_name_makes_no_new_state() {
        let constants = "Replicas=3;LogSize=2;MaxRecords=2;MaxLeaderEpoch=2;SYMMETRY=Permutations(Replicas)";
        let constants = Constants::parse(constants).expect("constants");
        let protocol = Protocol::new(Spec::Kip279, constants);
        assert_eq!(protocol.permutations.len(), 5);
        let mut search = Search::new(protocol, 0);
        for _ in 0..2_000 {
            let State { replicas, requests, isr, .. } = search.visit_next().expect("there are many more").state;
            let model = search.model();
            let visited = State { replicas, requests, isr, ..State::initial(3) };
            // Replicas 0, 1, 2 are called 1, 2, 0.
            let turned = |set: Members| Members((set.0 << 1 | set.0 >> 2) & 7);
            let mut renamed = visited;
            for (old, new) in [(0, 1), (1, 2), (2, 0)] {
                renamed.replicas[new] = Replica { isr: turned(replicas[old].isr), ..replicas[old] };
            }
            renamed.isr = turned(isr);
            renamed.requests = requests.map(|request| Request {
                leader: request.leader.map(|leader| (leader + 1) % 3),
                isr: turned(request.isr),
            });
            assert_eq!(model.pack(&visited), model.pack(&renamed));
        }
    }
}
