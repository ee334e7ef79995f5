//! What has to be counted or remembered on the way, since no world holds it.

use super::Metric;
use crate::event::{Event, EventKind};
use crate::ids::{BrokerId, BrokerSet, Endpoint, Offset};
use crate::timeline::{Moment, Run};
use crate::world::{Body, ErrorCode, Message, MetadataRecord};
use litemap::LiteMap;

/// The counts of all meters, and the high watermarks that were told last.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    counts: LiteMap<(Metric, Endpoint), i64>,
    told: LiteMap<Endpoint, Offset>,
    /// The committed ISR of each who leads.
    isr: LiteMap<BrokerId, BrokerSet>,
    /// ISR and ELR as the controllers last wrote them.
    fit: (Vec<BrokerId>, Vec<BrokerId>),
    /// What a leader has asked the controller for.
    proposed: LiteMap<BrokerId, BrokerSet>,
}

impl Meter {
    /// After the first `moment` events of a run.
    #[must_use]
    pub fn at(run: &Run, moment: Moment) -> Meter {
        let mut meter = Meter::default();
        run.events().iter().take(moment).for_each(|event| meter.note(event));
        meter
    }

    /// How often it has happened in this process.
    #[must_use]
    pub fn count(&self, metric: Metric, of: Endpoint) -> i64 {
        self.counts.get(&(metric, of)).copied().unwrap_or(0)
    }

    /// The high watermark in the last answer that it got.
    #[must_use]
    pub fn told(&self, end: Endpoint) -> Option<Offset> {
        self.told.get(&end).copied()
    }

    fn add(&mut self, metric: Metric, of: Endpoint, count: usize) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let so_far = self.count(metric, of);
        self.counts.insert((metric, of), so_far.saturating_add(count));
    }

    /// Takes the next event into account.
    pub fn note(&mut self, event: &Event) {
        match &event.kind {
            EventKind::ClusterStarted(settings) => {
                self.fit = ((1..=settings.replication_factor).map(BrokerId).collect(), Vec::new());
                self.isr.insert(BrokerId(1), self.fit.0.iter().copied().collect());
            }
            EventKind::Crashed { at, .. } => self.forget(*at),
            EventKind::Stopped { broker } => self.forget(Endpoint::Broker(*broker)),
            EventKind::MessageSent { message, .. } => self.sent(message),
            EventKind::MessageDelivered { message } => self.delivered(message),
            EventKind::BatchAppended { broker, batch } => {
                self.add(Metric::MessagesIn, Endpoint::Broker(*broker), batch.names.len());
            }
            EventKind::BecameLeader { broker, leading } => {
                self.told.remove(&Endpoint::Broker(*broker));
                self.proposed.remove(broker);
                self.isr.insert(*broker, leading.isr.committed);
            }
            // The fetcher is a new one.
            EventKind::BecameFollower { broker, .. } | EventKind::LostRole { broker } => {
                self.told.remove(&Endpoint::Broker(*broker));
            }
            EventKind::IsrProposed { broker, isr } => {
                self.proposed.insert(*broker, *isr);
            }
            EventKind::IsrCommitted { broker, isr, .. } => self.isr_committed(*broker, *isr),
            EventKind::MetadataAppended { controller, record, .. } => {
                self.elected(Endpoint::Controller(*controller), record);
            }
            EventKind::SendFailed { producer, records, .. } => {
                self.add(Metric::RecordErrors, Endpoint::Producer(*producer), records.len());
            }
            EventKind::ConsumerRestarted { consumer, .. } => {
                self.told.remove(&Endpoint::Consumer(*consumer));
            }
            _ => {}
        }
    }

    /// The process is gone, and all that it had counted with it.
    fn forget(&mut self, end: Endpoint) {
        self.told.remove(&end);
        let of_it: Vec<(Metric, Endpoint)> = self.counts.keys().filter(|(_, of)| *of == end).copied().collect();
        for key in of_it {
            self.counts.remove(&key);
        }
    }

    fn sent(&mut self, message: &Message) {
        let from = message.id.from;
        if let Body::ProduceResponse { answer: Err(error), .. } = &message.body {
            match error {
                ErrorCode::NotEnoughReplicas => self.add(Metric::FailedProduceRequests, from, 1),
                ErrorCode::RequestTimedOut => self.add(Metric::ProduceExpires, from, 1),
                _ => {}
            }
        }
    }

    fn delivered(&mut self, message: &Message) {
        if let Body::FetchResponse { answer: Ok(fetched), .. } = &message.body
            && fetched.diverging.is_none()
        {
            self.told.insert(message.id.to, fetched.high_watermark);
        }
    }

    /// Only what the leader itself has asked for is counted, when it is granted (`notifyListener`). Kafka counts it if
    /// the controller's answer comes before the metadata, as it mostly does; here both come at once.
    fn isr_committed(&mut self, broker: BrokerId, isr: BrokerSet) {
        let before = self.isr.insert(broker, isr).unwrap_or_default();
        if self.proposed.remove(&broker) == Some(isr) {
            let metric = if isr.len() < before.len() { Metric::IsrShrinks } else { Metric::IsrExpands };
            self.add(metric, Endpoint::Broker(broker), 1);
        }
    }

    /// Source: `PartitionRegistration.electionWasClean`, `electionFromElr`.
    fn elected(&mut self, controller: Endpoint, record: &MetadataRecord) {
        let MetadataRecord::PartitionChange { partition, .. } = record else { return };
        let (isr, elr) = &self.fit;
        if let Some(leader) = partition.leader {
            let from_elr = elr.contains(&leader);
            let clean = from_elr || isr.contains(&leader);
            if !clean {
                self.add(Metric::UncleanLeaderElections, controller, 1);
            } else if from_elr {
                self.add(Metric::ElectionsFromElr, controller, 1);
            }
        }
        self.fit = (partition.isr.clone(), partition.elr.clone());
    }
}
