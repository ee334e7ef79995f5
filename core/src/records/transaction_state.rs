//! What is in `__transaction_state`: for each transactional id its producer, and how far its transaction is.

use super::schema::Type::{Array, Int8, Int16, Int32, Int64, String, Struct};
use super::schema::{Message, RecordType, field};

/// There is one type. The tagged fields came with KIP-890.
pub(super) const TYPES: [RecordType; 1] = [RecordType::keyed(
    0,
    "TransactionLog",
    Message::fixed(&[field("transactionalId", String)]),
    Message::flexible_since(
        1,
        1,
        &[
            field("producerId", Int64),
            field("previousProducerId", Int64).since(1).tagged(0).or(-1),
            field("nextProducerId", Int64).since(1).tagged(1).or(-1),
            field("producerEpoch", Int16),
            field("nextProducerEpoch", Int16).since(1).tagged(3).or(-1),
            field("transactionTimeoutMs", Int32),
            field("transactionStatus", Int8),
            field(
                "transactionPartitions",
                Array(&Struct(&[field("topic", String), field("partitionIds", Array(&Int32))])),
            )
            .nullable(),
            field("transactionLastUpdateTimestampMs", Int64),
            field("transactionStartTimestampMs", Int64),
            field("clientTransactionVersion", Int16).since(1).tagged(2),
        ],
    ),
)];
