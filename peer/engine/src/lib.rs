//! One client of Hutong without a face: a pure core that decides, and a thin shell that does.
//!
//! Every face (command line, agent, desktop, tests) speaks [`api::Command`] and [`api::Event`] to the same engine.

pub mod api;
pub mod core;
pub mod doctor;
pub mod engine;
pub mod files;
pub mod paths;
pub mod pictures;
mod platform;
pub mod store;
