//! The deterministic world: the real service and the real cores over a network, clock and disks that are simulated.

pub mod actor;
pub mod agreement;
pub mod computer;
pub mod content;
pub mod dice;
pub mod errors;
pub mod evil;
pub mod invariants;
mod judged;
mod looks;
pub mod model;
pub mod network;
pub mod pipe;
pub mod plan;
pub mod play;
pub mod schedule;
pub mod school;
pub mod server;
pub mod simulation;
pub mod world;
