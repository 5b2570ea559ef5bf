//! Everything that the client decides, as a plain state machine: no IO, no clock, no randomness of its own.
//!
//! [`io`] is its whole contract with the outside.

pub mod io;
pub mod stretch;
