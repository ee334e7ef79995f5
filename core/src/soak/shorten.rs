//! A script that violates something, without the commands that it does not take.

use super::judge;
use crate::command::{Command, Script};
use crate::world::Property;

/// Whether the property is violated somewhere in the script, inside the premises or outside as `broken` says.
#[must_use]
pub fn still_violates(script: &Script, property: Property, broken: bool) -> bool {
    let found = judge(script).found;
    found.iter().any(|found| found.violation.of() == property && found.because.is_empty() == broken)
}

/// Leaves out what can be left out, larger pieces first, until each single command is needed.
#[must_use]
pub fn shorten(script: &Script, property: Property, broken: bool) -> Script {
    let mut commands: Vec<Command> = script.commands().cloned().collect();
    let mut piece = commands.len().div_ceil(2);
    while piece > 0 {
        let before = commands.len();
        let mut at = 0;
        while at < commands.len() {
            let to = (at + piece).min(commands.len());
            let rest: Vec<Command> = commands.iter().take(at).chain(commands.iter().skip(to)).cloned().collect();
            if still_violates(&Script::of(script.seed, rest.clone()), property, broken) {
                commands = rest;
            } else {
                at = to;
            }
        }
        piece = if commands.len() < before && piece == 1 { 1 } else { piece / 2 };
    }
    Script::of(script.seed, commands)
}
