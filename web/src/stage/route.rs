//! The way of a message: a curve from its sender's port to its receiver's, bulging into the lane.

use kafka_lab::command::Link;
use kafka_lab::ids::MessageId;

use super::layout::Layout;
use super::shape::{Point, point};

/// A cubic curve whose two inner points have the same x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Route {
    pub from: Point,
    pub to: Point,
    pub bulge_x: f64,
}

impl Route {
    /// `None` when an end is not on the stage.
    #[must_use]
    pub fn of(id: MessageId, layout: &Layout) -> Option<Self> {
        let (from, to) = (layout.port(id.from)?, layout.port(id.to)?);
        // Answers keep a little to the left of what was asked, so that the two are two lines.
        let reach = if id.kind.is_answer() { 0.55 } else { 0.8 };
        Some(Route { from, to, bulge_x: from.x + layout.metrics.lane * reach * 4.0 / 3.0 / 2.0 })
    }

    /// The line of a link, left of the messages; the further apart its ends are, the further out.
    #[must_use]
    pub fn of_link(link: Link, layout: &Layout) -> Option<Self> {
        const NEAR_PX: f64 = 120.0;
        let (from, to) = (layout.port(link.from)?, layout.port(link.to)?);
        let reach = 0.14 * ((to.y - from.y).abs() / NEAR_PX).clamp(1.0, 3.0);
        Some(Route { from, to, bulge_x: from.x + layout.metrics.lane * reach * 4.0 / 3.0 })
    }

    /// The place at `t`, 0 at the sender and 1 at the receiver.
    #[must_use]
    pub fn at(&self, t: f64) -> Point {
        let t = t.clamp(0.0, 1.0);
        let u = 1.0 - t;
        let (ends, inner) = (u * u * u + t * t * t, 3.0 * u * t);
        // x: both ends share one x, so do both inner points. y: eased by the curve itself.
        let x = ends * self.from.x + inner * self.bulge_x;
        let y = (u * u * u + 3.0 * u * u * t) * self.from.y + (t * t * t + 3.0 * u * t * t) * self.to.y;
        point(x, y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_begins_at_its_sender_ends_at_its_receiver_and_bulges_between() {
        let route = Route { from: point(700.0, 20.0), to: point(700.0, 240.0), bulge_x: 800.0 };
        assert_eq!(route.at(0.0), route.from);
        assert_eq!(route.at(1.0), route.to);
        let middle = route.at(0.5);
        assert!((middle.y - 130.0).abs() < 1e-9 && middle.x > 770.0, "{middle:?}");
        assert_eq!(route.at(-1.0), route.from);
        assert_eq!(route.at(7.0), route.to);
    }
}
