//! What the tests of the whole share, and the demo: a driver of the real programs, the story that the demo plays, the
//! measurements of `just bench`, the deterministic world, and the readers of hostile bytes.

pub mod bench;
pub mod classroom;
pub mod content;
pub mod crowd;
pub mod desk;
pub mod driver;
pub mod harness;
pub mod hostile;
pub mod kills;
pub mod siege;
pub mod story;
mod tongue;
