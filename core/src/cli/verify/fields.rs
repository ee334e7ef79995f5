//! The fields of a JSON row, or of a step in one: inputs are taken, answers compared, and none is left over.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::row::Checks;

/// An object's fields that nobody has looked at yet.
#[derive(Debug)]
pub(super) struct Fields {
    /// What stands before a field's name where it differs: empty, or a step's number and kind.
    place: String,
    values: Map<String, Value>,
    differing: Vec<(String, String, String)>,
}

impl Fields {
    pub(super) fn of_line(line: &str) -> Fields {
        Fields::new(String::new(), serde_json::from_str(line).unwrap_or_default())
    }

    fn new(place: String, value: Value) -> Fields {
        let mut fields = Fields { place, values: Map::new(), differing: Vec::new() };
        match value {
            Value::Object(values) => fields.values = values,
            other => fields.fail("row", "an object", other),
        }
        fields
    }

    /// The steps of a sequence, each with its field `op`; empty if a step has none.
    pub(super) fn steps(&mut self, name: &str) -> impl Iterator<Item = (String, Fields)> + use<> {
        let steps: Vec<Value> = self.take(name);
        steps.into_iter().enumerate().map(|(number, step)| {
            let op = step.get("op").and_then(Value::as_str).unwrap_or_default().to_owned();
            let kind = if op.is_empty() { String::new() } else { format!(", {op}") };
            let mut fields = Fields::new(format!("step {number}{kind}: "), step);
            fields.values.shift_remove("op");
            (op, fields)
        })
    }

    /// A field that the answers depend on.
    pub(super) fn take<T: DeserializeOwned + Default>(&mut self, name: &str) -> T {
        self.take_if_given(name).unwrap_or_else(|| {
            self.fail(name, "an input of its kind", "nothing");
            T::default()
        })
    }

    /// The same, of a field that may be null or not there at all.
    pub(super) fn take_if_given<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let value = self.values.shift_remove(name).filter(|value| !value.is_null())?;
        match serde_json::from_value(value.clone()) {
            Ok(input) => Some(input),
            Err(_) => {
                self.fail(name, "an input of its kind", value);
                None
            }
        }
    }

    /// A field that is an answer. None is the same as a field that is not there.
    pub(super) fn compare(&mut self, name: &str, got: impl Serialize) {
        let expected = self.values.shift_remove(name).unwrap_or_default();
        let got = serde_json::to_value(got).unwrap_or_default();
        if expected != got {
            self.fail(name, expected, got);
        }
    }

    /// A list of questions and answers: each is its question, followed by what `answer` gives.
    pub(super) fn compare_each(&mut self, name: &str, answer: impl Fn(i64) -> Vec<Option<i64>>) {
        let expected: Vec<Vec<Option<i64>>> = self.take(name);
        for list in expected {
            let Some((Some(asked), answers)) = list.split_first() else {
                self.fail(name, "a question and its answers", format!("{list:?}"));
                continue;
            };
            let got = answer(*asked);
            if got != answers {
                self.fail(&format!("{name} [{asked}]"), format!("{answers:?}"), format!("{got:?}"));
            }
        }
    }

    /// Notes a field that cannot be compared.
    pub(super) fn fail(&mut self, name: &str, expected: impl ToString, got: impl ToString) {
        self.differing.push((format!("{}{name}", self.place), expected.to_string(), got.to_string()));
    }

    /// Hands over what differs, and what nobody has looked at. Was all well?
    pub(super) fn finish(self, checks: &mut Checks) -> bool {
        let well = self.differing.is_empty() && self.values.is_empty();
        for (column, expected, got) in self.differing {
            checks.fail(&column, expected, got);
        }
        for (name, value) in self.values {
            checks.fail(&format!("{}{name}", self.place), value, "a field that this version does not compare");
        }
        well
    }
}
