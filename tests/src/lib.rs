//! What the tests of the whole share, and the demo: a driver of the real programs.

pub mod driver;
pub mod story;
