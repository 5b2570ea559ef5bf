//! What people and programs say to the engine and hear from it: the public contract of every face.
//!
//! The desktop, the command line, the JSON-lines agent and the tests all speak these types, and nothing else. Their
//! serde names are the names in the agent's JSON: they stay stable once published, new fields may be added.

pub mod announcement;
mod avatar;
pub mod classroom;
pub mod command;
pub mod doctor;
pub mod done;
pub mod event;
pub mod failure;
pub mod group;
pub mod policy;
mod position;
mod secret;

pub use command::Command;
pub use done::Done;
pub use event::Event;
pub use failure::Failure;

use serde::{Deserialize, Serialize};

/// By which way a message or file went, or would go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// Computer to computer.
    Direct,
    /// Through the rendezvous, inside a direct connection.
    Relay,
    /// Sealed, in the rendezvous' mail.
    Mail,
    /// Not at all.
    #[default]
    None,
}

/// Why packets to somebody go by relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PathWhy {
    /// UDP is off here.
    UdpOffHere,
    /// UDP is off there.
    UdpOffThere,
    /// Nothing answered at any address.
    NoAnswer,
    /// The direct way has stopped answering.
    Silent,
}
