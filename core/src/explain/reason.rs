//! What can be asked, and what the answer is made of.

use crate::command::{Command, Link};
use crate::ids::{
    BrokerId, ConsumerIndex, Endpoint, EventId, LeaderEpoch, MessageId, MessageKind, Offset, RecordId, Tick,
};

/// What a person may ask about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Why has the producer not heard that this record is stored?
    NotAcknowledged(RecordId),
    /// Why can no consumer read what this broker has at this offset?
    NotReadable { at: BrokerId, offset: Offset },
    /// Why does the high watermark not move?
    MarkStands,
    /// Why does this consumer get nothing?
    ReadsNothing(ConsumerIndex),
    /// Why is this replica not in the ISR?
    NotInSync(BrokerId),
    /// Why has the partition no leader?
    NoLeader,
    /// Why is this broker fenced?
    Fenced(BrokerId),
}

/// The condition that is not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It has happened: there is nothing to explain.
    ItHas,
    /// Nothing of that name is known.
    Unknown,

    /// The record lies in its producer's open batch.
    InTheOpenBatch,
    /// Its batch has failed, and goes again when its pause is over and a leader is known.
    WillBeSentAgain,
    /// This message is on its way, or held.
    OnTheWay(MessageId),
    /// acks=0: there will be no answer.
    NoAnswerWanted,
    /// The request was given up, refused or lost; no answer will come. What became of the record.
    GivenUp(Fate),
    /// The client does not know who leads.
    KnowsNoLeader(Endpoint),
    /// The client asks a broker that does not lead; this one does.
    AsksAnother { client: Endpoint, asks: BrokerId, leader: BrokerId },
    /// The request waits at a broker that led in this epoch; another epoch has begun since.
    LedBefore { broker: BrokerId, epoch: LeaderEpoch, now: LeaderEpoch },

    /// The high watermark must reach this offset first, and this keeps it back.
    MarkBelow { wanted: Offset, mark: Offset, held_by: Option<Held> },
    /// Too few replicas are in sync: the mark stands still whatever they fetch (KIP-966).
    /// `out` is the first one that is missing.
    UnderMinIsr { in_sync: usize, wanted: usize, out: Option<BrokerId> },
    /// The offset is not written yet: the log ends here.
    BeyondLogEnd(Offset),
    /// The log begins here: what lay below is deleted.
    BelowLogStart(Offset),
    /// What this broker has there the leader does not have, so it is cut when the broker follows.
    NotInLeadersLog { broker: BrokerId, leader: BrokerId },
    /// The consumer has not polled since.
    NotPolled,
    /// Everything in the log is committed.
    AllCommitted,

    /// The controller has not heard of the broker since then (if at all), and takes it for dead.
    NoHeartbeat { broker: BrokerId, heard: Option<Tick> },
    /// This start of the broker is not registered.
    NotRegistered(BrokerId),
    /// The broker is registered and has replayed the metadata up to `end`; its own registration is at `registered_at`.
    NotCaughtUp { broker: BrokerId, end: Offset, registered_at: Offset },
    /// The broker is there and has caught up: the controller hears of that with the next heartbeat.
    HeartbeatDue(BrokerId),

    /// The partition is on other brokers.
    NoReplica(BrokerId),
    /// The replica's broker is fenced.
    IsFenced(BrokerId),
    /// The replica's broker is about to stop.
    ShuttingDown(BrokerId),
    /// The controller takes the replica's broker for alive; the leader has not replayed that yet.
    LeaderHasNotSeen { leader: BrokerId, broker: BrokerId },
    /// The replica lacks records below the high watermark.
    LacksCommitted { broker: BrokerId, end: Offset, mark: Offset },
    /// The replica lacks records from before this leader epoch, which the mark may not show yet.
    BelowEpochStart { broker: BrokerId, end: Offset, start: Offset },
    /// The replica has all it needs, as far as the leader knows: it joins with its next fetch.
    MustFetch(BrokerId),
    /// The leader has proposed it; the controller has not answered.
    Proposed(BrokerId),
    /// The leader has proposed another change, and proposes one at a time.
    OtherChangeProposed,

    /// This broker leads by the metadata, but it is down or stands still.
    LeaderNotThere(BrokerId),
    /// This broker is to lead and has not replayed that yet.
    LeaderHasNotHeard(BrokerId),
    /// None that has all committed records is alive. Any of these would do.
    NobodyFit { would_do: Vec<BrokerId> },
    /// Who was fit has died, and may have lost what it had not flushed. All of these have to come back before one of
    /// them leads, with what it has.
    NobodyCertain { must_return: Vec<BrokerId> },
}

/// What became of a record that its producer knows nothing of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is committed all the same, at this offset.
    Committed(Offset),
    /// It is in the leader's log, above the mark.
    InLeadersLog(Offset),
    /// Only this broker has it, which does not lead.
    OnlyAt(BrokerId, Offset),
    /// It is in no log.
    Nowhere,
}

/// The replica that keeps the mark where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    pub broker: BrokerId,
    /// What it last asked for.
    pub log_end: Option<Offset>,
}

/// What stands in the way of the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The process is gone.
    Down(Endpoint),
    /// The process stands still.
    Frozen(Endpoint),
    /// Everything in this direction is lost.
    Cut(Link),
    /// Messages in this direction wait.
    Held(Link),
    /// It has not arrived.
    OnTheWay(MessageId),
    /// The request waits where it arrived, until then at most.
    Parked { request: MessageId, until: Tick },
    /// Request or answer were lost; its sender waits until then before it does something else.
    AwaitsAnswer { request: MessageId, until: Tick },
    /// It failed, and is not tried again before then.
    Pauses { who: Endpoint, until: Tick },
    /// The next request of this kind has not been sent.
    NotAsked { who: Endpoint, kind: MessageKind },
    /// The broker's former start counts as alive until then, so its id is taken.
    FormerStart { broker: BrokerId, until: Tick },
    /// What lies in the way is a pause that ends then: a batch lingers, a program works.
    Busy { who: Endpoint, until: Tick },
    /// It was refused, and asks again when the metadata says something new; it knows all there is.
    AwaitsNews(Endpoint),
    /// The controllers are electing one of them.
    Electing,
    /// What was written has not come to a majority of the controllers.
    Committing,
    /// There is no controller: nobody changes the metadata, ever.
    NoController,
}

/// What would let it go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// This command.
    Do(Command),
    /// Nobody has to do anything: it goes on by itself then.
    Until(Tick),
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub reason: Reason,
    /// What stands in the way of the next step, if something does.
    pub obstacle: Option<Obstacle>,
    /// What would let it go on, each by itself, the usual way first. Empty if nothing would.
    pub remedies: Vec<Remedy>,
    /// Who last touched what is not as it would have to be.
    pub last_touch: Option<EventId>,
}

impl Explanation {
    pub(super) fn of(reason: Reason) -> Self {
        Explanation { reason, obstacle: None, remedies: Vec::new(), last_touch: None }
    }

    /// With another way, besides those there are.
    pub(super) fn or(mut self, remedy: Option<Remedy>) -> Self {
        self.remedies.extend(remedy);
        self
    }

    /// The same way out, for another reason.
    pub(super) fn because(self, reason: Reason) -> Self {
        Explanation { reason, ..self }
    }
}
