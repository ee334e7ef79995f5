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
pub const COMMANDS: [CommandHelp; 45] = [
    help("cluster", "cluster brokers=3 controllers=1", "puts up brokers 1 to n; broker 1 leads"),
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
    help("config", "config min.insync.replicas=2", "sets the topic's settings, through the controller"),
    help("commit-rule", "commit-rule isr", "sets when a record counts as committed"),
    help("truncation-rule", "truncation-rule kip-320", "sets where a replica cuts its log when it follows"),
    help("crash", "crash 2", "ends a process at once; keep=8: power is lost, what lies below 8 was flushed"),
    help("stop", "stop 2", "lets a broker hand over and stop cleanly"),
    help("start", "start 2", "starts a process that is down"),
    help("freeze", "freeze 2", "lets a process stand still"),
    help("thaw", "thaw 2", "lets it go on"),
    help("wipe", "wipe 2", "empties the disk of a broker that is down"),
    help("sync", "sync 2", "forces what a broker has written to its disk"),
    help("slow-disk", "slow-disk 2 ms=400", "sets how long each write of a broker takes"),
    help("clock", "clock 2 ahead.ms=60000", "sets how far a broker's clock is ahead"),
    help("cut", "cut 2-1", "loses everything on a link; both=true: both ways"),
    help("heal", "heal 2-1", "ends that"),
    help("drop-next", "drop-next fetch 2-1", "loses the next message of a kind on a link"),
    help("elect", "elect preferred", "lets the controller elect: preferred or unclean"),
    help("reassign", "reassign 2,3,1", "gives the partition to these brokers, the preferred one first"),
    help("fence", "fence 2", "lets the controller take a broker for dead"),
    help("learn", "learn 2", "lets a broker fetch the metadata now"),
    help("heartbeat", "heartbeat 2", "lets a broker send its heartbeat now"),
    help("register", "register 2", "lets a broker that has started register now"),
    help("check-isr", "check-isr 1", "lets a leader look for late replicas now"),
    help("checkpoint", "checkpoint 2", "lets a broker write its high watermark down now"),
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
    Config => "config",
    CommitRule => "commit-rule",
    TruncationRule => "truncation-rule",
    Crash => "crash",
    Stop => "stop",
    Start => "start",
    Freeze => "freeze",
    Thaw => "thaw",
    Wipe => "wipe",
    Sync => "sync",
    SlowDisk => "slow-disk",
    Clock => "clock",
    Cut => "cut",
    Heal => "heal",
    DropNext => "drop-next",
    Elect => "elect",
    Reassign => "reassign",
    Fence => "fence",
    Learn => "learn",
    Heartbeat => "heartbeat",
    Register => "register",
    CheckIsr => "check-isr",
    Checkpoint => "checkpoint",
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
