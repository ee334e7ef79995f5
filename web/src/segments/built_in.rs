//! What stands on the page before any script: the first example, read by the same inspector at build time.

use kafka_lab::inspect::{Reply, Request};

/// Asks, reads all that is wanted, and gives the answers; none where there is a worker for it.
#[cfg(feature = "ssr")]
pub(super) fn ask(request: &Request) -> Option<Vec<Reply>> {
    Some(DESK.with_borrow_mut(|desk| {
        let mut replies = desk.ask(request.clone());
        while let Some(want) = desk.wants() {
            let range = usize::try_from(want.range.start).ok().zip(usize::try_from(want.range.end).ok());
            let bytes = range.and_then(|(start, end)| EXAMPLE.get(start..end)).unwrap_or_default();
            replies.extend(desk.feed(&want, bytes));
        }
        replies
    }))
}

#[cfg(not(feature = "ssr"))]
pub(super) fn ask(_: &Request) -> Option<Vec<Reply>> {
    None
}

/// How long the example is, where it is built in.
pub(super) fn size_bytes() -> Option<u64> {
    #[cfg(feature = "ssr")]
    return Some(EXAMPLE.len() as u64);
    #[cfg(not(feature = "ssr"))]
    None
}

/// The file that the first example is (`tools/lib/build.sh`).
#[cfg(feature = "ssr")]
const EXAMPLE: &[u8] = include_bytes!(
    "../../../tests/fixtures/kafka-4.3.1/05-compaction/keys/03-after-pass-3/ckeys-0/00000000000000000000.log"
);

#[cfg(feature = "ssr")]
thread_local! {
    static DESK: std::cell::RefCell<kafka_lab::inspect::Desk> = std::cell::RefCell::default();
}
