//! `config.jsonl`: settings that somebody chose, and whether Kafka took them (Kafka: `LogConfig.validate`,
//! `ProducerConfig`, `ConsumerConfig`, `KafkaConfig`).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::row::Checks;
use crate::settings::{
    Chosen, Idempotence, Scope, acks_number, auto_commits, check as check_settings, delivery_timeout_ms,
    generated_client_id, idempotence,
};

pub(super) fn check(line: &str) -> Checks {
    let mut row = Fields::of_line(line);
    let mut checks = Checks::new(row.take::<String>("id"));
    let _: String = row.take("set");
    let props: BTreeMap<String, String> = row.take("props");
    let kind: String = row.take("kind");
    let scopes = [Scope::Producer, Scope::Consumer, Scope::Topic, Scope::Broker];
    let Some(scope) = scopes.into_iter().find(|scope| scope.word() == kind) else {
        row.fail("kind", "producer, consumer, topic or broker", kind);
        row.finish(&mut checks);
        return checks;
    };
    let outcome = check_settings(scope, props.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    row.compare("accepted", outcome.is_ok());
    match outcome {
        Ok(chosen) => {
            let expected: Map<String, Value> = row.take("values");
            compare_values(&mut row, expected, values(scope, &props, &chosen), &chosen);
        }
        Err(refused) => {
            row.compare("error", refused.error);
            row.compare("keys", refused.names);
        }
    }
    row.finish(&mut checks);
    checks
}

/// Value by value. A client id that a consumer gives itself has a number that the row does not tell.
fn compare_values(row: &mut Fields, expected: Map<String, Value>, mut got: Map<String, Value>, chosen: &Chosen) {
    for (name, expected) in expected {
        let value = got.shift_remove(&name).unwrap_or_default();
        let generated = name == "client.id" && value == json!("") && chosen.scope() == Scope::Consumer;
        let id = generated.then(|| generated_client_id(chosen));
        let number = id.as_ref().and_then(|id| expected.as_str()?.strip_prefix(id.as_str()));
        let fits = match number {
            Some(number) => number.bytes().all(|byte| byte.is_ascii_digit()),
            None => value == expected,
        };
        if !fits {
            row.fail(&format!("values, {name}"), expected, id.map_or(value, Value::from));
        }
    }
    for (name, value) in got {
        row.fail(&format!("values, {name}"), "not there", value);
    }
}

/// The values as Kafka prints them, and those that it worked out.
fn values(scope: Scope, props: &BTreeMap<String, String>, chosen: &Chosen) -> Map<String, Value> {
    let printed = |name: &String| (name.clone(), json!(chosen.given(name).map(ToString::to_string)));
    let mut values: Map<String, Value> = props.keys().map(printed).collect();
    let mut effective = |name: &str, value: String| values.insert(format!("effective {name}"), json!(value));
    match scope {
        Scope::Producer => {
            let acks = acks_number(chosen).to_string();
            effective("delivery.timeout.ms", delivery_timeout_ms(chosen).to_string());
            effective("enable.idempotence", (idempotence(chosen) == Idempotence::On).to_string());
            effective("acks", acks.clone());
            for name in ["retries", "max.in.flight.requests.per.connection"] {
                effective(name, chosen.value(name).map_or_else(String::new, |value| value.to_string()));
            }
            values.entry("acks").and_modify(|given| *given = json!(acks));
        }
        Scope::Consumer => {
            effective("enable.auto.commit", auto_commits(chosen).to_string());
        }
        Scope::Topic | Scope::Broker => {}
    }
    values
}
