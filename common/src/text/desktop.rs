//! What the desktop client says, one child per screen.

pub mod chat;
