//! What consumers of the classic protocol put into `subscription` and `assignment` of their group's record
//! (`ConsumerProtocol`): two bytes of version, and fields. To the broker these are bytes like any others.

use super::problem::Side;
use super::read::Reader;
use super::schema::Type::{Array, Bytes, Int32, String, Struct as Fields};
use super::schema::{Field, Message, Versions, field};
use super::value::{Struct, Value};

const SUBSCRIPTION: Message = Message {
    newest: 3,
    flexible: Versions::NONE,
    fields: &[
        field("topics", Array(&String)),
        field("userData", Bytes).nullable(),
        field("ownedPartitions", Array(&Fields(TOPIC_PARTITION))).since(1),
        field("generationId", Int32).since(2),
        field("rackId", String).since(3).nullable(),
    ],
};

const ASSIGNMENT: Message = Message {
    newest: 3,
    flexible: Versions::NONE,
    fields: &[field("assignedPartitions", Array(&Fields(TOPIC_PARTITION))), field("userData", Bytes).nullable()],
};

const TOPIC_PARTITION: &[Field] = &[field("topic", String), field("partitions", Array(&Int32))];

/// A group's value with its members' subscriptions and assignments as fields: all that can be read, of a group whose
/// protocol type is `consumer`. The rest stays bytes.
pub(super) fn unfolded(group: &Struct) -> Struct {
    let mut group = group.clone();
    if !matches!(group.get("protocolType"), Some(Value::Text(text)) if **text == *b"consumer") {
        return group;
    }
    let members = group.fields.iter_mut().filter(|field| field.name == "members");
    for member in members.flat_map(|field| elements(&mut field.value)) {
        let Value::Struct(member) = member else { continue };
        for field in &mut member.fields {
            let message = match field.name {
                "subscription" => &SUBSCRIPTION,
                "assignment" => &ASSIGNMENT,
                _ => continue,
            };
            if let Value::Bytes(bytes) = &field.value
                && let Some(fields) = read(message, bytes)
            {
                field.value = Value::Struct(fields);
            }
        }
    }
    group
}

fn elements(value: &mut Value) -> &mut [Value] {
    match value {
        Value::Array(elements) => elements,
        _ => &mut [],
    }
}

fn read(message: &Message, bytes: &bytes::Bytes) -> Option<Struct> {
    let mut reader = Reader::new(Side::Value, bytes);
    let version = reader.i16("version").ok()?;
    reader.message_in_nearest_version(message, version).ok()
}
