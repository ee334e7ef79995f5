//! What stands around every page: the header with the course tape, settings, help, "not found".

pub mod front;
pub mod header;
pub mod not_found;

pub use front::Front;
pub use header::Header;
pub use not_found::NotFound;
