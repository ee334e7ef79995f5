//! The links of a cluster as they are to be drawn: those between brokers, and any other on which something is amiss.

use crate::command::Link;
use crate::ids::{Endpoint, MessageKind};
use crate::world::World;

/// A link both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The direction from the end that comes first.
    pub link: Link,
    pub there: Direction,
    pub back: Direction,
}

/// One direction of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Direction {
    /// Everything is lost.
    pub cut: bool,
    /// Nothing is let through for now.
    pub held: bool,
    /// Its own latency, if it has one.
    pub latency_ms: Option<u32>,
    /// The next message of this kind will be lost.
    pub loses_next: Option<MessageKind>,
}

impl Direction {
    /// Nothing is amiss.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        *self == Direction::default()
    }
}

/// Links between brokers in order, then the others on which something is amiss.
pub(super) fn wires(world: &World) -> Vec<Wire> {
    let mut links: Vec<Link> = Vec::new();
    let ids = || world.brokers.keys().copied().map(Endpoint::Broker);
    for from in ids() {
        links.extend(ids().filter(|to| from < *to).map(|to| Link { from, to }));
    }
    let network = &world.network;
    let amiss = network.cut.keys().chain(network.held.keys()).chain(network.links.keys()).copied();
    let loses = network.drop_next.keys().map(|(_, from, to)| Link { from: *from, to: *to });
    for link in amiss.chain(loses) {
        let link = if link.to < link.from { link.back() } else { link };
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links
        .into_iter()
        .map(|link| Wire { link, there: direction(world, link), back: direction(world, link.back()) })
        .collect()
}

fn direction(world: &World, link: Link) -> Direction {
    let network = &world.network;
    let loses = network.drop_next.keys().find(|(_, from, to)| (*from, *to) == (link.from, link.to));
    Direction {
        cut: network.cut.contains_key(&link),
        held: network.held.contains_key(&link),
        latency_ms: network.links.get(&link).copied(),
        loses_next: loses.map(|(kind, _, _)| *kind),
    }
}
