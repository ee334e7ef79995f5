//! The settings that somebody has chosen, and whether Kafka takes them (Kafka: `AbstractConfig`, `LogConfig.validate`,
//! `KafkaConfig`).

use std::collections::BTreeMap;

use super::value::{Value, Verdict, judge_value};
use super::{SETTINGS, Scope, Setting, broker_conflict, consumer_conflict, producer_conflict, topic_conflict};

/// Values by the names of their settings; for all others the defaults hold.
#[derive(Clone, Debug)]
pub struct Chosen {
    scope: Scope,
    values: BTreeMap<&'static str, Value>,
}

/// Why Kafka does not start with these settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The class of the exception.
    pub error: &'static str,
    /// The settings that its message names, in alphabetical order.
    pub names: Vec<String>,
}

pub(super) const CONFIG_EXCEPTION: &str = "ConfigException";
pub(super) const INVALID_CONFIGURATION: &str = "InvalidConfigurationException";
pub(super) const ILLEGAL_ARGUMENT: &str = "IllegalArgumentException";

impl Refused {
    pub(super) fn new(error: &'static str, names: &[&str]) -> Refused {
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort();
        Refused { error, names }
    }
}

/// Reads chosen settings, names and values as text. A name that is not known is refused for a topic, and ignored
/// elsewhere.
///
/// # Errors
/// The first thing that Kafka would not take: a value, or values that do not go together.
pub fn check<'a>(scope: Scope, given: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Chosen, Refused> {
    let mut chosen = Chosen { scope, values: BTreeMap::new() };
    for (name, text) in given {
        let Some(setting) = chosen.setting(name) else {
            if scope == Scope::Topic {
                return Err(Refused::new(INVALID_CONFIGURATION, &[name]));
            }
            continue;
        };
        match judge_value(setting.kind, text) {
            Verdict::Accepted(value) => chosen.values.insert(setting.name, value),
            Verdict::WrongType | Verdict::OutOfLimits => return Err(Refused::new(CONFIG_EXCEPTION, &[name])),
        };
    }
    let refused = match scope {
        Scope::Producer => producer_conflict(&chosen).map(|conflict| conflict.refused()),
        Scope::Consumer => consumer_conflict(&chosen).map(|conflict| conflict.refused()),
        Scope::Topic => topic_conflict(&chosen).map(|conflict| conflict.refused()),
        Scope::Broker => broker_conflict(&chosen).map(|conflict| conflict.refused()),
    };
    refused.map_or(Ok(chosen), Err)
}

impl Chosen {
    fn setting(&self, name: &str) -> Option<&'static Setting> {
        SETTINGS.iter().find(|setting| setting.scope == self.scope && setting.name == name)
    }

    /// Whose settings they are.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// The value that was chosen; none if the default holds.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// The value that was chosen, or else the default; none if there is no default.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Value> {
        self.given(name).cloned().or_else(|| {
            let setting = self.setting(name)?;
            match judge_value(setting.kind, setting.default) {
                Verdict::Accepted(value) if setting.default != "(null)" => Some(value),
                _ => None,
            }
        })
    }

    /// The same, of a setting that is a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The same, of a setting that is a word.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Is it switched on?
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        self.value(name) == Some(Value::Boolean(true))
    }

    /// Is the first number larger than the second? Not if one of them has no value.
    pub(super) fn exceeds(&self, larger: &str, smaller: &str) -> bool {
        self.number(larger).zip(self.number(smaller)).is_some_and(|(larger, smaller)| larger > smaller)
    }
}
