//! What the check of the network goes by, as plain functions: which adapter is what, and what facts amount to.
//!
//! The steps of a check are in [`crate::core`], its sockets in [`crate::engine`].

pub mod interfaces;
pub mod verdict;
