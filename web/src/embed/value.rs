//! A message as plain data, so that what reads and writes messages needs no browser.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

/// What a message holds, or a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Nothing, or something that no message of ours holds.
    Nothing,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<Value>),
    /// In their order.
    Fields(Vec<(String, Value)>),
}

/// How far down a message is read: one that comes in is flat.
const DEPTH_MOST: usize = 1;

impl Value {
    /// What came from another window. Total: what is not data of these kinds is [`Value::Nothing`].
    pub(super) fn from_js(value: &JsValue) -> Value {
        read(value, DEPTH_MOST)
    }

    pub(super) fn to_js(&self) -> JsValue {
        match self {
            Value::Nothing => JsValue::NULL,
            Value::Flag(flag) => (*flag).into(),
            Value::Number(number) => (*number).into(),
            Value::Text(text) => text.into(),
            Value::List(values) => {
                let list = Array::new();
                for (place, value) in (0u32..).zip(values) {
                    set(&list, place.into(), value);
                }
                list.into()
            }
            Value::Fields(fields) => {
                let object = Object::new();
                for (name, value) in fields {
                    set(&object, name.into(), value);
                }
                object.into()
            }
        }
    }

    /// The field of this name, [`Value::Nothing`] if it has none.
    pub(super) fn field(&self, name: &str) -> &Value {
        let Value::Fields(fields) = self else { return &Value::Nothing };
        fields.iter().find(|(field, _)| field == name).map_or(&Value::Nothing, |(_, value)| value)
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A number that can count: whole, not negative, of at most 32 bits.
    pub(super) fn count(&self) -> Option<usize> {
        let Value::Number(number) = self else { return None };
        let is_count = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was just looked at")]
        is_count.then_some(*number as usize)
    }
}

fn read(value: &JsValue, depth: usize) -> Value {
    if let Some(text) = value.as_string() {
        return Value::Text(text);
    }
    if let Some(number) = value.as_f64() {
        return Value::Number(number);
    }
    if let Some(flag) = value.as_bool() {
        return Value::Flag(flag);
    }
    if depth == 0 || !value.is_object() {
        return Value::Nothing;
    }
    let names = Reflect::own_keys(value).unwrap_or_default();
    let fields = names.iter().filter_map(|name| {
        let name = name.as_string()?;
        let field = read(&property(value, &name), depth - 1);
        Some((name, field))
    });
    Value::Fields(fields.collect())
}

/// What an object of the browser has under this name. By reflection: each getter of its own would be a part of the
/// first load, which imports it for what is loaded late.
pub(super) fn property(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

/// Objects and arrays that were just made take anything.
fn set(object: &JsValue, name: JsValue, value: &Value) {
    let _ = Reflect::set(object, &name, &value.to_js());
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Flag(flag)
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "no run has 2^53 events")]
        Value::Number(count as f64)
    }
}

/// Named fields, in their order.
pub(super) fn fields<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Fields(fields.map(|(name, value)| (name.to_owned(), value)).into())
}
