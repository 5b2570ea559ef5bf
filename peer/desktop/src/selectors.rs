//! Every druid selector of the client.

use crate::input::Intent;
use crate::model::chat::RowAct;
use crate::model::compose::{Insertion, Spot};
use druid::Selector;
use druid::im::Vector;
use std::path::PathBuf;

/// A person wants something; the root reduces it.
pub const INTENT: Selector<Intent> = Selector::new("hutong.intent");
/// Files and pictures were dropped on the window or pasted into it; pictures lie in the outbox.
pub const DROPPED: Selector<Vector<PathBuf>> = Selector::new("hutong.dropped");
/// Something that could be dropped is over the window, or no longer.
pub const DRAGGED_OVER: Selector<bool> = Selector::new("hutong.dragged-over");
/// Somebody clicked something in a conversation, or its list asks for more.
pub const ROW_ACT: Selector<RowAct> = Selector::new("hutong.row-act");
/// A picture of oneself was chosen.
pub const OPEN_PICTURE: Selector<druid::FileInfo> = Selector::new("hutong.open-picture");
/// Leads to the text box of this place.
pub const LEAD: Selector<Spot> = Selector::new("hutong.lead");
/// The widget that this is sent to takes the focus.
pub const TAKE_FOCUS: Selector = Selector::new("hutong.take-focus");
/// Puts this where the caret of the composer is.
pub const INSERT: Selector<Insertion> = Selector::new("hutong.insert");
/// No widget has the keys.
pub const KEYS_ARE_FREE: Selector = Selector::new("hutong.keys-are-free");
