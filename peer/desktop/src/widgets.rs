//! Small widgets that screens are built from.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "druid has more events and keys than a widget cares for"
)]

pub mod badge;
pub mod button;
pub mod changed;
pub mod chat_view;
pub mod deeds;
pub mod emoji_grid;
pub mod face;
pub mod icon;
pub mod layers;
pub mod line;
pub mod pane;
pub mod picture_view;
pub mod press;
pub mod text;
pub mod text_box;
pub mod tick;
pub mod toasts;
pub mod wake;
