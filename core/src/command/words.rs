//! The words of the language: what each command is called and what may stand behind it.
//! The parser's errors, the terminal's completion and the printed help read the same table.

use super::Command;

/// One command, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandHelp {
    pub word: &'static str,
    pub usage: &'static str,
    pub says: &'static str,
}

const fn help(word: &'static str, usage: &'static str, says: &'static str) -> CommandHelp {
    CommandHelp { word, usage, says }
}

/// Every command, in the order in which a script meets them.
pub const COMMANDS: [CommandHelp; 22] = [
    help("cluster", "cluster brokers=2 storage=keep", "puts up brokers 1 to n; broker 1 leads"),
    help("network", "network latency.ms=10 jitter.ms=0", "sets the latency of every link"),
    help("link", "link 2-1 latency.ms=200", "sets the latency of one direction"),
    help("producer", "producer p1 acks=all linger.ms=5 batch.size=16384", "adds a producer"),
    help("consumer", "consumer c1 poll=loop auto.offset.reset=latest", "adds a consumer"),
    help("schedule", "schedule auto", "auto: messages arrive when due; hand: only when told"),
    help("send", "send p1 key=ada value=+50", "gives a producer one record"),
    help("flush", "flush p1", "sends the open batch now"),
    help("fetch", "fetch 2", "lets a follower fetch now"),
    help("poll", "poll c1", "lets a consumer poll once"),
    help("commit", "commit c1", "commits a consumer's position"),
    help("seek", "seek c1 offset=0", "moves a consumer's position"),
    help("restart", "restart c1", "ends and starts a consumer's process"),
    help("deploy", "deploy c1 program=balances-v2", "lets another program build its table from the log"),
    help("storage", "storage keep", "sets what becomes of records that have been read"),
    help("hold", "hold 2-1", "keeps the messages of one direction back"),
    help("release", "release 2-1", "lets them go again"),
    help("deliver", "deliver fetch.2-1.4", "lets one message arrive now"),
    help("drop", "drop fetch.2-1.4", "loses one message"),
    help("wait", "wait 500", "lets this many milliseconds pass"),
    help("step", "step 1", "lets the next due things happen"),
    help("mark", "mark name", "names this place of the script"),
];

/// Gives every command its word, with no catch-all, and the tests the list of them.
macro_rules! words {
    ($($command:ident => $word:literal,)+) => {
        impl Command {
            /// The first word of its line in a script.
            #[must_use]
            pub fn word(&self) -> &'static str {
                match self {
                    $(Command::$command { .. } => $word,)+
                }
            }
        }

        #[cfg(test)]
        const WORDS: &[&str] = &[$($word),+];
    };
}

words! {
    Cluster => "cluster",
    Network => "network",
    Link => "link",
    Producer => "producer",
    Consumer => "consumer",
    Schedule => "schedule",
    Send => "send",
    Flush => "flush",
    Fetch => "fetch",
    Poll => "poll",
    Commit => "commit",
    Seek => "seek",
    Restart => "restart",
    Deploy => "deploy",
    Storage => "storage",
    Hold => "hold",
    Release => "release",
    Deliver => "deliver",
    Drop => "drop",
    Wait => "wait",
    Step => "step",
    Mark => "mark",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_command_and_nothing_else() {
        let words = COMMANDS.map(|help| help.word);
        assert_eq!(words, WORDS);
    }
}
