//! Small widgets that screens are built from.

pub mod badge;
pub mod button;
pub mod changed;
pub mod chat_view;
pub mod face;
pub mod icon;
pub mod layers;
pub mod pane;
pub mod picture_view;
pub mod press;
pub mod text;
pub mod text_box;
