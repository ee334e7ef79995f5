//! How much one batch may unpack to. A few bytes can say "64 MiB of zeros"; somebody has to stop believing them.

use super::problem::Fault;

/// The most bytes that the records of one compressed batch may unpack to, and the most memory that the records and
/// headers read out of it may take beside that. A broker's default limit for a packed batch is 1 MiB.
pub const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Takes `bytes` out of what is left.
///
/// # Errors
/// [`Fault::UnpacksTooFar`] if that is not enough.
#[inline]
pub(super) fn charge(left_bytes: &mut u64, bytes: usize) -> Result<(), Fault> {
    match left_bytes.checked_sub(bytes as u64) {
        Some(left) => {
            *left_bytes = left;
            Ok(())
        }
        None => Err(Fault::UnpacksTooFar { limit_bytes: UNPACKED_BYTES_MAX }),
    }
}
