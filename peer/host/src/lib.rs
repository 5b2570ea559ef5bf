//! What every program shares that runs an engine for a person: the home folder and its preset, the start and the end, and
//! the talk in JSON lines, on standard streams or through the local socket of the home.
//!
//! A class on this computer, with a rendezvous of its own, is started here too.
//! So a command of the command line works beside an open window as it does beside an agent. Nothing here parses a command
//! line or shows anything; sentences for people are those of failures alone.

pub mod class;
pub mod conversation;
pub mod doctor;
pub mod home;
pub mod lines;
pub mod local;
mod platform;
pub mod request;
mod start;
pub mod time;
pub mod wording;

pub use platform::{computer_name, lang};
pub use start::{config, farewell, start};
