//! Small widgets that screens are built from.

pub mod icon;
pub mod text_box;
