//! What the desktop client says, one child per screen.

pub mod chat;
pub mod class;
pub mod compose;
pub mod entry;
pub mod failure;
pub mod files;
pub mod groups;
pub mod help;
pub mod home;
pub mod past;
pub mod people;
pub mod settings;
