//! How a line that is being typed may go on. Reads the same table as the help and the errors.

use super::words::COMMANDS;
use crate::rules::fold::Program;

/// Values that a name can have; where a setting is not listed any value may stand.
const VALUES: [(&str, &[&str]); 5] = [
    ("acks=", &["all", "1", "0"]),
    ("poll=", &["loop", "hand"]),
    ("auto.offset.reset=", &["earliest", "latest"]),
    ("storage=", STORAGE),
    ("program=", &[Program::ALL[0].word(), Program::ALL[1].word(), Program::ALL[2].word()]),
];
const STORAGE: &[&str] = &["keep", "delete-on-acknowledge"];

/// What is there to be named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// `p1`, `c1`, `c2`.
    pub clients: Vec<String>,
    /// `fetch.2-1.4`.
    pub messages: Vec<String>,
}

/// The words that the last word of `line` may become, in their order. Empty if nothing is known to fit.
#[must_use]
pub fn complete(line: &str, known: &Known) -> Vec<String> {
    let (before, begun) = line.rsplit_once(' ').unwrap_or(("", line));
    let fits = |word: &&str| word.starts_with(begun) && *word != begun;
    let all = |words: &[&str]| words.iter().copied().filter(fits).map(str::to_owned).collect();
    let mut words = before.split_whitespace();
    let Some(command) = words.next() else {
        return all(&COMMANDS.map(|help| help.word));
    };
    if let Some((name, values)) = VALUES.iter().find(|(name, _)| begun.starts_with(name)) {
        let whole: Vec<String> = values.iter().map(|value| format!("{name}{value}")).collect();
        return whole.into_iter().filter(|word| fits(&word.as_str())).collect();
    }
    let Some(help) = COMMANDS.iter().find(|help| help.word == command) else { return Vec::new() };
    let arguments: Vec<&str> = help.usage.split(' ').skip(1).collect();
    let given: Vec<&str> = words.collect();
    let first = arguments.first().copied().unwrap_or_default();
    if given.is_empty() && !first.contains('=') {
        return match first.split_once(|c: char| c.is_ascii_digit()).map(|(kind, _)| kind) {
            Some(kind @ ("p" | "c")) => {
                let of_kind: Vec<&str> = known.clients.iter().map(String::as_str).collect();
                all(&of_kind.into_iter().filter(|name| name.starts_with(kind)).collect::<Vec<_>>())
            }
            Some("fetch.") => all(&known.messages.iter().map(String::as_str).collect::<Vec<_>>()),
            Some(_) => Vec::new(),
            None => match command {
                "storage" => all(STORAGE),
                "schedule" => all(&["auto", "hand"]),
                _ => Vec::new(),
            },
        };
    }
    let names = arguments.iter().filter_map(|argument| argument.split_once('=').map(|(name, _)| format!("{name}=")));
    let new = |name: &String| !given.iter().any(|given| given.starts_with(name.as_str()));
    names.filter(new).filter(|name| fits(&name.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(line: &str) -> String {
        let known = Known {
            clients: ["p1", "c1", "c2"].map(str::to_owned).to_vec(),
            messages: vec!["fetch.2-1.4".to_owned(), "produce.p1-1.1".to_owned()],
        };
        complete(line, &known).join(" ")
    }

    #[test]
    fn the_first_word_is_a_command() {
        assert_eq!(completed("dep"), "deploy");
        assert_eq!(completed("se"), "send seek");
        assert_eq!(completed("send"), "");
        assert_eq!(completed("x"), "");
    }

    #[test]
    fn what_follows_is_what_is_there() {
        assert_eq!(completed("poll "), "c1 c2");
        assert_eq!(completed("send "), "p1");
        assert_eq!(completed("deliver f"), "fetch.2-1.4");
        assert_eq!(completed("storage d"), "delete-on-acknowledge");
        assert_eq!(completed("nonsense "), "");
    }

    #[test]
    fn then_come_settings_that_are_not_there_yet_and_their_values() {
        assert_eq!(completed("send p1 "), "key= value=");
        assert_eq!(completed("send p1 key=ada v"), "value=");
        assert_eq!(completed("deploy c1 program=bal"), "program=balances-v1 program=balances-v2");
        assert_eq!(completed("consumer c3 poll=h"), "poll=hand");
    }
}
