//! The keys that play, as data: the list behind `?` and the listener read the same table.

use crate::playing_words::keys as words;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAction {
    Toggle,
    Step,
    Back,
    /// To the next event of the kind that is chosen.
    Next,
    Previous,
    Start,
    End,
    /// Forks here, or goes back to the lesson.
    Fork,
    /// Both runs beside each other, or one alone. Not the transport's: whoever has two runs listens to it.
    Compare,
}

/// One key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// As `KeyboardEvent.key` says it, in lower case.
    pub name: &'static str,
    /// As the list says it.
    pub shown: &'static str,
    pub action: KeyAction,
}

impl Key {
    /// What it does, in words.
    #[must_use]
    pub fn does(self) -> &'static str {
        words::does(self.action)
    }
}

const fn key(name: &'static str, shown: &'static str, action: KeyAction) -> Key {
    Key { name, shown, action }
}

/// Every key that plays, in the order of the list.
pub const KEYS: [Key; 9] = [
    key(" ", "Space", KeyAction::Toggle),
    key("arrowright", "\u{2192}", KeyAction::Step),
    key("arrowleft", "\u{2190}", KeyAction::Back),
    key("]", "]", KeyAction::Next),
    key("[", "[", KeyAction::Previous),
    key("home", "Home", KeyAction::Start),
    key("end", "End", KeyAction::End),
    key("f", "F", KeyAction::Fork),
    key("c", "C", KeyAction::Compare),
];

/// What the key asks for, if it is one of ours.
#[must_use]
pub fn action_of(name: &str) -> Option<KeyAction> {
    let name = name.to_ascii_lowercase();
    KEYS.iter().find(|key| key.name == name).map(|key| key.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_whatever_their_case_and_no_two_are_the_same() {
        assert_eq!(action_of("F"), Some(KeyAction::Fork));
        assert_eq!(action_of("ArrowRight"), Some(KeyAction::Step));
        assert_eq!(action_of("g"), None);
        for (index, key) in KEYS.iter().enumerate() {
            assert!(KEYS[index + 1..].iter().all(|other| other.name != key.name && other.action != key.action));
        }
    }
}
