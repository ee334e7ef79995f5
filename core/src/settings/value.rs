//! What a value may be (Kafka: `ConfigDef.parseType` and its validators).
//!
//! Values come as text; blanks around them do not count, and the case of words mostly does.

use std::fmt;

/// The type of a setting, with its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    /// 16 bits.
    Short(Limit),
    /// 32 bits.
    Int(Limit),
    /// 64 bits.
    Long(Limit),
    /// A number from 0 to 1.
    Ratio,
    Text(Words),
    /// Words with commas between them, none of them empty: these, or any if none is named. One that comes again is
    /// dropped. There may be no word at all.
    List(&'static [&'static str]),
    /// The same, with one word at least.
    FilledList(&'static [&'static str]),
    /// The name of a class.
    Class,
}

/// The limits of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Any,
    AtLeast(i64),
    Between(i64, i64),
    /// Between the first two, or the third.
    BetweenOr(i64, i64, i64),
}

/// The limits of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    Free,
    NonEmpty,
    OneOf(&'static [&'static str]),
    OneOfAnyCase(&'static [&'static str]),
    /// `auto.offset.reset`: a word, or a duration that is not negative (KIP-1106).
    OffsetReset,
}

/// A value that was understood. It is printed as Kafka prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Boolean(bool),
    Number(i64),
    /// In the spelling of Java.
    Ratio(String),
    Text(String),
    List(Vec<String>),
}

impl Value {
    /// Nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Text(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Boolean(_) | Value::Number(_) | Value::Ratio(_) => false,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Boolean(flag) => flag.fmt(f),
            Value::Number(number) => number.fmt(f),
            Value::Ratio(text) | Value::Text(text) => text.fmt(f),
            Value::List(items) => write!(f, "[{}]", items.join(", ")),
        }
    }
}

/// Whether a text is a value of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Accepted(Value),
    /// It is not of the setting's type.
    WrongType,
    /// It is of the type, but not one of the values that are allowed.
    OutOfLimits,
}

/// Judges a text.
#[must_use]
pub fn judge_value(kind: Kind, text: &str) -> Verdict {
    let Some(value) = parse(kind, text) else { return Verdict::WrongType };
    if is_within_limits(kind, &value) { Verdict::Accepted(value) } else { Verdict::OutOfLimits }
}

fn parse(kind: Kind, text: &str) -> Option<Value> {
    let trimmed = text.trim();
    Some(match kind {
        Kind::Boolean => Value::Boolean(trimmed.to_ascii_lowercase().parse().ok()?),
        Kind::Short(_) => Value::Number(trimmed.parse::<i16>().ok()?.into()),
        Kind::Int(_) => Value::Number(trimmed.parse::<i32>().ok()?.into()),
        Kind::Long(_) => Value::Number(trimmed.parse().ok()?),
        Kind::Ratio => Value::Ratio(decimal(trimmed)?),
        Kind::Text(_) => Value::Text(trimmed.to_owned()),
        Kind::List(_) | Kind::FilledList(_) => Value::List(items(trimmed)),
        Kind::Class => Value::Text(format!("class {}", Some(trimmed).filter(|name| CLASSES.contains(name))?)),
    })
}

fn items(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    for item in text.split(',').map(|item| item.trim().to_owned()).filter(|_| !text.is_empty()) {
        if !items.contains(&item) {
            items.push(item);
        }
    }
    items
}

/// The classes that this core knows to be there.
const CLASSES: [&str; 1] = ["org.apache.kafka.clients.producer.RoundRobinPartitioner"];

fn is_within_limits(kind: Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Short(limit) | Kind::Int(limit) | Kind::Long(limit), Value::Number(number)) => limit.allows(*number),
        (Kind::Ratio, Value::Ratio(text)) => text == "1.0" || text.starts_with("0.") || text.contains("E-"),
        (Kind::Text(words), Value::Text(text)) => words.allow(text),
        (Kind::List(known) | Kind::FilledList(known), Value::List(items)) => {
            let is_known = |item: &String| known.is_empty() || known.contains(&item.as_str());
            let may_be_empty = matches!(kind, Kind::List(_));
            (may_be_empty || !items.is_empty()) && items.iter().all(|item| !item.is_empty() && is_known(item))
        }
        _ => true,
    }
}

impl Limit {
    fn allows(self, number: i64) -> bool {
        match self {
            Limit::Any => true,
            Limit::AtLeast(least) => number >= least,
            Limit::Between(least, most) => (least..=most).contains(&number),
            Limit::BetweenOr(least, most, other) => (least..=most).contains(&number) || number == other,
        }
    }
}

impl Words {
    fn allow(self, text: &str) -> bool {
        match self {
            Words::Free => true,
            Words::NonEmpty => !text.is_empty(),
            Words::OneOf(words) => words.contains(&text),
            Words::OneOfAnyCase(words) => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
            Words::OffsetReset => match text.strip_prefix("by_duration:") {
                Some(duration) => duration_ns(duration).is_some_and(|ns| ns >= 0),
                None => ["latest", "earliest", "none"].contains(&text),
            },
        }
    }
}

/// A decimal number that is not negative, as Java prints it: `0.5`, `1.0`, `5.0E-4`.
fn decimal(text: &str) -> Option<String> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // The number is 0.digits, its point shifted to the right so far.
    let significant = digits.trim_start_matches('0');
    let skipped = i32::try_from(digits.len() - significant.len()).ok()?;
    let shift = i32::try_from(whole.len()).ok()?.checked_add(exponent.parse().ok()?)?.checked_sub(skipped)?;
    let significant = significant.trim_end_matches('0');
    let Some((first, others)) = significant.split_at_checked(1) else { return Some("0.0".to_owned()) };
    let others = if others.is_empty() { "0" } else { others };
    match shift {
        1 => Some(format!("{first}.{others}")),
        // A thousandth and more has its zeros written out.
        -2..=0 => Some(format!("0.{}{significant}", "00".get(..shift.unsigned_abs() as usize).unwrap_or_default())),
        shift => Some(format!("{first}.{others}E{}", shift.saturating_sub(1))),
    }
}

/// Nanoseconds of a duration as ISO 8601 writes it, days and smaller: `P3D`, `PT1H30M`, `-PT0.5S`.
fn duration_ns(text: &str) -> Option<i128> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let text = text.to_ascii_uppercase();
    let (date, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text.strip_prefix('P')?, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let days = parts(date, &[('D', 86_400)])?;
    let rest = parts(time, &[('H', 3600), ('M', 60), ('S', 1)])?;
    let ns = days.checked_add(rest)?;
    Some(if negative { -ns } else { ns })
}

/// Numbers, each with its unit behind it, the units in this order; seconds may have a fraction.
fn parts(mut text: &str, units: &[(char, i128)]) -> Option<i128> {
    const NS: i128 = 1_000_000_000;
    let mut ns: i128 = 0;
    for (unit, seconds) in units {
        let Some((number, rest)) = text.split_once(*unit) else { continue };
        let (whole, fraction) = match number.split_once(['.', ',']) {
            Some((whole, fraction)) if *unit == 'S' && fraction.len() <= 9 => (whole, fraction),
            Some(_) => return None,
            None => (number, ""),
        };
        let negative = whole.starts_with('-');
        let whole: i64 = whole.parse().ok()?;
        let fraction: i128 = format!("{fraction:0<9}").parse::<u32>().ok()?.into();
        ns += i128::from(whole) * seconds * NS + if negative { -fraction } else { fraction };
        text = rest;
    }
    text.is_empty().then_some(ns)
}

impl fmt::Display for Kind {
    /// Type and limits, as the table of 4.3.1 writes them: two columns, with a comma between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Boolean => write!(f, "BOOLEAN,"),
            Kind::Short(limit) => write!(f, "SHORT,{limit}"),
            Kind::Int(limit) => write!(f, "INT,{limit}"),
            Kind::Long(limit) => write!(f, "LONG,{limit}"),
            Kind::Ratio => write!(f, "DOUBLE,[0,...,1]"),
            Kind::Text(words) => write!(f, "STRING,{words}"),
            Kind::List([]) | Kind::FilledList([]) => write!(f, "LIST,"),
            Kind::List(known) | Kind::FilledList(known) => write!(f, "LIST,[{}]", known.join(", ")),
            Kind::Class => write!(f, "CLASS,"),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Any => Ok(()),
            Limit::AtLeast(least) => write!(f, "[{least},...]"),
            Limit::Between(least, most) => write!(f, "[{least},...,{most}]"),
            Limit::BetweenOr(least, most, other) => write!(f, "[{least},...,{most}] or {other}"),
        }
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Words::Free => Ok(()),
            Words::NonEmpty => write!(f, "non-empty string"),
            Words::OneOf(words) => write!(f, "[{}]", words.join(", ")),
            Words::OneOfAnyCase(words) => write!(f, "(case insensitive) [{}]", words.join(", ")),
            Words::OffsetReset => write!(f, "[latest, earliest, none, by_duration:PnDTnHnMn.nS]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(kind: Kind, text: &str) -> Option<String> {
        match judge_value(kind, text) {
            Verdict::Accepted(value) => Some(value.to_string()),
            Verdict::WrongType | Verdict::OutOfLimits => None,
        }
    }

    #[test]
    fn blanks_do_not_count_and_case_does() {
        assert_eq!(printed(Kind::Int(Limit::AtLeast(0)), " 7 ").as_deref(), Some("7"));
        assert_eq!(judge_value(Kind::Int(Limit::AtLeast(0)), "-1"), Verdict::OutOfLimits);
        assert_eq!(judge_value(Kind::Int(Limit::Any), "2147483648"), Verdict::WrongType);
        assert_eq!(printed(Kind::Boolean, "TRUE").as_deref(), Some("true"));
        let acks = Kind::Text(Words::OneOf(&["all", "1"]));
        assert_eq!([printed(acks, "ALL"), printed(acks, " all")], [None, Some("all".to_owned())]);
    }

    #[test]
    fn ratios_lists_and_durations() {
        let ratio = |text| printed(Kind::Ratio, text);
        assert_eq!([ratio("0"), ratio(".50"), ratio("1")].map(Option::unwrap_or_default), ["0.0", "0.5", "1.0"]);
        assert_eq!([ratio("0.00025"), ratio("1e-3")].map(Option::unwrap_or_default), ["2.5E-4", "0.001"]);
        assert_eq!([ratio("1.01"), ratio("-0.1"), ratio("half")], [None, None, None]);
        let policy = |text| printed(Kind::List(&["compact", "delete"]), text);
        assert_eq!(policy("compact, delete").as_deref(), Some("[compact, delete]"));
        assert_eq!([policy("compact,compact"), policy("")].map(Option::unwrap_or_default), ["[compact]", "[]"]);
        assert_eq!([policy("keep"), policy("compact,")], [None, None]);
        let reset = |text| printed(Kind::Text(Words::OffsetReset), text).is_some();
        assert!(
            reset("by_duration:P3D") && reset("by_duration:PT1H30M") && reset("by_duration:PT-1S+1S") == reset("x")
        );
        assert!(!reset("by_duration:-PT1H") && !reset("by_duration:") && !reset("by_duration:PT"));
    }
}
