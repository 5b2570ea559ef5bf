//! What the tests of the whole share, and the demo: a driver of the real programs, the story that the demo plays, and
//! the deterministic world.

pub mod driver;
pub mod harness;
pub mod report;
pub mod story;
