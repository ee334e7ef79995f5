//! What goes together in a producer (Kafka: `ProducerConfig.postProcessAndValidateIdempotenceConfigs`,
//! `KafkaProducer.configureDeliveryTimeout`; KIP-91, KIP-679).

use super::chosen::{CONFIG_EXCEPTION, Chosen, Refused};

const ACKS: &str = "acks";
const DELIVERY_TIMEOUT: &str = "delivery.timeout.ms";
const IDEMPOTENCE: &str = "enable.idempotence";
const IN_FLIGHT: &str = "max.in.flight.requests.per.connection";
const LINGER: &str = "linger.ms";
const REQUEST_TIMEOUT: &str = "request.timeout.ms";
const RETRIES: &str = "retries";
const TRANSACTION_TIMEOUT: &str = "transaction.timeout.ms";
const TRANSACTIONAL_ID: &str = "transactional.id";
const TWO_PHASE_COMMIT: &str = "transaction.two.phase.commit.enable";

/// The most batches in flight of which a broker remembers the sequences.
const MOST_IN_FLIGHT: i64 = 5;

/// Whether the producer numbers its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotence {
    On,
    Off,
    /// It was not asked for, and acks or retries do not allow it: it is off, and nobody is told.
    SilentlyOff,
}

/// Is the producer idempotent? By default it is, as long as nothing else was chosen that speaks against it.
#[must_use]
pub fn idempotence(chosen: &Chosen) -> Idempotence {
    if !chosen.is_on(IDEMPOTENCE) {
        Idempotence::Off
    } else if acks_number(chosen) != -1 || chosen.number(RETRIES) == Some(0) {
        Idempotence::SilentlyOff
    } else {
        Idempotence::On
    }
}

/// What does not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProducerConflict {
    /// Idempotence was asked for: what is lost has to be sent again.
    NoRetries,
    /// Idempotence was asked for: an answer has to mean that the record stays.
    AcksNotAll,
    /// More than a broker remembers. It is refused even where acks or retries switch idempotence off.
    TooManyInFlight,
    TransactionsWithoutIdempotence,
    /// With two-phase commit a transaction has no time-out.
    TwoPhaseCommitWithTimeout,
    /// A record may be sent once at least: after linger.ms, for request.timeout.ms.
    DeliveryTimeoutTooShort,
}

/// The first conflict that Kafka finds.
#[must_use]
pub fn producer_conflict(chosen: &Chosen) -> Option<ProducerConflict> {
    let idempotence = idempotence(chosen);
    let asked_for = chosen.given(IDEMPOTENCE).is_some() && idempotence != Idempotence::Off;
    let in_flight = chosen.number(IN_FLIGHT).unwrap_or_default();
    if asked_for && chosen.number(RETRIES) == Some(0) {
        Some(ProducerConflict::NoRetries)
    } else if asked_for && acks_number(chosen) != -1 {
        Some(ProducerConflict::AcksNotAll)
    } else if idempotence != Idempotence::Off && in_flight > MOST_IN_FLIGHT {
        Some(ProducerConflict::TooManyInFlight)
    } else if idempotence != Idempotence::On && chosen.given(TRANSACTIONAL_ID).is_some() {
        Some(ProducerConflict::TransactionsWithoutIdempotence)
    } else if chosen.is_on(TWO_PHASE_COMMIT) && chosen.given(TRANSACTION_TIMEOUT).is_some() {
        Some(ProducerConflict::TwoPhaseCommitWithTimeout)
    } else if chosen.number(DELIVERY_TIMEOUT) < Some(delivery_takes_ms(chosen))
        && chosen.given(DELIVERY_TIMEOUT).is_some()
    {
        Some(ProducerConflict::DeliveryTimeoutTooShort)
    } else {
        None
    }
}

impl ProducerConflict {
    pub(super) fn refused(self) -> Refused {
        let names: &[&str] = match self {
            ProducerConflict::NoRetries => &[RETRIES],
            ProducerConflict::AcksNotAll => &[ACKS],
            ProducerConflict::TooManyInFlight => &[IN_FLIGHT],
            ProducerConflict::TransactionsWithoutIdempotence => &[TRANSACTIONAL_ID],
            ProducerConflict::TwoPhaseCommitWithTimeout => &[TRANSACTION_TIMEOUT, TWO_PHASE_COMMIT],
            ProducerConflict::DeliveryTimeoutTooShort => &[DELIVERY_TIMEOUT, LINGER, REQUEST_TIMEOUT],
        };
        Refused::new(CONFIG_EXCEPTION, names)
    }
}

/// `acks` as the protocol has it: `all` is −1.
#[must_use]
pub fn acks_number(chosen: &Chosen) -> i16 {
    chosen.text(ACKS).and_then(|acks| acks.parse().ok()).unwrap_or(-1)
}

/// How long a record is tried, in milliseconds. If it was not chosen, and the default is too short for one try, it is
/// as long as one try takes.
#[must_use]
pub fn delivery_timeout_ms(chosen: &Chosen) -> i64 {
    chosen.number(DELIVERY_TIMEOUT).unwrap_or_default().max(delivery_takes_ms(chosen))
}

/// One try, at the longest; an int in Kafka.
fn delivery_takes_ms(chosen: &Chosen) -> i64 {
    let linger_ms = chosen.number(LINGER).unwrap_or_default().min(i32::MAX.into());
    linger_ms.saturating_add(chosen.number(REQUEST_TIMEOUT).unwrap_or_default()).min(i32::MAX.into())
}

#[cfg(test)]
mod tests {
    use super::super::{Scope, check};
    use super::*;

    fn producer(given: &[(&str, &str)]) -> Result<Chosen, Refused> {
        check(Scope::Producer, given.iter().copied())
    }

    #[test]
    fn acks_one_switches_idempotence_off_unless_it_was_asked_for() {
        let silent = producer(&[(ACKS, "1")]).expect("accepted");
        assert_eq!(idempotence(&silent), Idempotence::SilentlyOff);
        let refused = producer(&[(ACKS, "1"), (IDEMPOTENCE, "true")]).expect_err("refused");
        assert_eq!(refused.names, [ACKS]);
        assert!(producer(&[(ACKS, "1"), (IN_FLIGHT, "6")]).is_err());
        assert!(producer(&[(IDEMPOTENCE, "false"), (IN_FLIGHT, "6")]).is_ok());
    }

    #[test]
    fn the_delivery_timeout_is_raised_or_refused() {
        let raised = producer(&[(LINGER, "100000")]).expect("accepted");
        assert_eq!(delivery_timeout_ms(&raised), 130_000);
        assert!(producer(&[(DELIVERY_TIMEOUT, "30004")]).is_err());
        assert!(producer(&[(DELIVERY_TIMEOUT, "30005")]).is_ok());
    }
}
