//! Where a run parts from the turned one, in a sentence.

use super::{Does, Fit, No, Parting, Waits, What};
use crate::checker::durability::Epoch;
use crate::checker::durability::words::set;
use crate::ids::{BrokerId, BrokerSet};
use crate::rules::begin_to_follow::BeginToFollow;
use crate::rules::fetch_answer::FetchAnswer;
use crate::rules::offset_for_leader_epoch::LeaderAnswer;
use std::fmt;

/// The sentence behind "at step 3".
impl fmt::Display for Parting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.no.fmt(f)
    }
}

impl fmt::Display for No {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            No::NotAppended { leader, record, isr, needed } => {
                write!(f, "broker {leader} refuses m{record}: {}.", too_few(*isr, *needed))
            }
            No::NotAcknowledged { record, waits } => write!(f, "m{record} is not acknowledged: {waits}."),
            No::Leads { by: None, fit, .. } => write!(f, "nobody is elected: {}.", fit.says(None)),
            No::Leads { by: Some(by), stays, not, fit } => {
                let how = if *stays { "stays the leader" } else { "is elected" };
                let not = not.filter(|not| not != by).map(|not| format!(", not broker {not}")).unwrap_or_default();
                write!(f, "broker {by} {how}{not}: {}.", fit.says(Some(*by)))
            }
            No::Log { broker, record, what, does } => {
                match what {
                    What::Kept => write!(f, "broker {broker} keeps m{record}")?,
                    What::Cut => write!(f, "broker {broker} cuts m{record} off")?,
                    What::Copied => write!(f, "broker {broker} gets m{record}")?,
                    What::NotCopied => write!(f, "broker {broker} does not get m{record}")?,
                }
                match does {
                    Some(does) => write!(f, ": {does}."),
                    None => f.write_str("."),
                }
            }
            No::MarkStays { broker, mark, asks } => {
                write!(f, "broker {broker}\u{2019}s high watermark stays at {mark}")?;
                match asks {
                    Some((id, does)) => write!(f, " when broker {id} asks: {does}."),
                    None => f.write_str("."),
                }
            }
            No::NotPossible(action) => write!(f, "there is no such step any more ({action})."),
            No::OneEpochMore => f.write_str("a leader epoch would begin that is beyond the bounds of the search."),
        }
    }
}

impl fmt::Display for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Waits::TooFewInSync { isr, needed } => {
                write!(f, "{}, so the high watermark stands still", too_few(*isr, *needed))
            }
            Waits::TooFewAfterAppend { isr, needed } => f.write_str(&too_few(*isr, *needed)),
            Waits::For { broker, log_end: Some(end) } => {
                write!(f, "acks=all waits for broker {broker}, which has fetched no further than offset {end}")
            }
            Waits::For { broker, log_end: None } => {
                write!(f, "acks=all waits for broker {broker}, which has not fetched yet")
            }
            Waits::Nobody => f.write_str("the leader that was to answer is none any more"),
        }
    }
}

fn too_few(isr: BrokerSet, needed: usize) -> String {
    format!("{needed} must be in sync, and the ISR is {}", set(isr))
}

impl Fit {
    /// Where a broker stands, which is "it" if the sentence has been about it.
    fn says(self, it: Option<BrokerId>) -> String {
        let Fit { broker, fenced, isr, elr, unclean } = self;
        let name = if it == Some(broker) { "it".to_owned() } else { format!("broker {broker}") };
        let is_in = |list: BrokerSet| list.contains(broker);
        let unclean = format!("unclean elections are {}", if unclean { "on" } else { "off" });
        match elr {
            _ if fenced => format!("{name} counts as dead"),
            _ if is_in(isr) => format!("{name} is in the ISR {}", set(isr)),
            Some(elr) if is_in(elr) => format!("{name} is in the ELR {}", set(elr)),
            Some(elr) => {
                format!("{name} is neither in the ISR {} nor in the ELR {}, and {unclean}", set(isr), set(elr))
            }
            None => format!("{name} is not in the ISR {}, and {unclean}", set(isr)),
        }
    }
}

impl fmt::Display for Does {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Does::Begins { mark, begins: BeginToFollow::CutToHighWatermark } => {
                write!(f, "it cuts its log at its high watermark, {mark}")
            }
            Does::Begins { mark, begins: BeginToFollow::AskForEndOf(epoch) } => {
                write!(f, "it does not cut at its high watermark, {mark}, but asks first where epoch {epoch} ended")
            }
            Does::Begins { mark, begins: BeginToFollow::FetchNaming(epoch) } => {
                write!(f, "it does not cut at its high watermark, {mark}, but fetches, and names epoch {epoch}")
            }
            Does::Asks { leader, epoch, answer } => {
                write!(f, "it asks broker {leader} where epoch {epoch} ended, and ")?;
                match answer {
                    LeaderAnswer::Ends { epoch, end } => write!(f, "hears that epoch {epoch} ends at offset {end}"),
                    LeaderAnswer::EndsAt(end) => write!(f, "hears: at offset {end}"),
                    LeaderAnswer::Undefined => f.write_str("that one knows of no such epoch"),
                }
            }
            Does::Fetches { leader, epoch, leads_in, answer } => answered(f, *leader, [*epoch, *leads_in], *answer),
        }
    }
}

/// What a leader answers to a fetch. `epochs`: the one that the fetch names, and the leader's own.
fn answered(
    f: &mut fmt::Formatter<'_>,
    leader: BrokerId,
    epochs: [Option<Epoch>; 2],
    answer: FetchAnswer,
) -> fmt::Result {
    let [names, leads_in] = epochs.map(|epoch| epoch.map_or_else(|| "none".to_owned(), |epoch| epoch.to_string()));
    match answer {
        FetchAnswer::Refused(_) => {
            write!(
                f,
                "its fetch names leader epoch {names}, and broker {leader}, which leads in {leads_in}, refuses it"
            )
        }
        FetchAnswer::Diverging { epoch, end } => {
            write!(f, "broker {leader} tells it that the logs part, since its own epoch {epoch} ends at offset {end}")
        }
        FetchAnswer::OutOfRange => write!(f, "its fetch is out of the range of broker {leader}\u{2019}s log"),
        FetchAnswer::NothingYet => write!(f, "broker {leader} has nothing for it yet"),
        FetchAnswer::Records { .. } => write!(f, "broker {leader} sends what it has"),
        FetchAnswer::NotAReplica | FetchAnswer::StaleBrokerEpoch => write!(f, "broker {leader} refuses its fetch"),
    }
}
