//! Every druid selector of the client.

use druid::Selector;
use druid::im::Vector;
use std::path::PathBuf;

/// Files and pictures were dropped on the window or pasted into it; pictures lie in the outbox.
pub const DROPPED: Selector<Vector<PathBuf>> = Selector::new("hutong.dropped");
/// Something that could be dropped is over the window, or no longer.
pub const DRAGGED_OVER: Selector<bool> = Selector::new("hutong.dragged-over");
