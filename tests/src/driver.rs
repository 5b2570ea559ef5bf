//! Drives the real programs from outside, by what the headless contract promises and nothing else.
//!
//! The suite and the demo use it. Everything waits for a line with a deadline and nothing sleeps; whatever was started
//! is killed when its handle is dropped, also after a failure.

mod agent;
mod deadline;
pub mod disk;
mod display;
mod light;
mod memory;
mod namespace;
mod process;
mod recorder;
mod rendezvous;
mod stage;
mod wall;

pub use agent::Agent;
pub use deadline::{Deadline, Stopwatch, wall_clock_ms};
pub use display::{Display, LETTERS, PINYIN, Window, desktop_example};
pub use light::{ControlPort, LightClient};
pub use memory::Memory;
pub use namespace::{Namespace, Network};
pub(crate) use process::Process;
pub use process::{Programs, interrupt, is_interrupted};
pub use recorder::{Recorder, Recording};
pub use rendezvous::Rendezvous;
pub use stage::Stage;
pub use wall::Wall;
