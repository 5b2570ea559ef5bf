//! What the window shows: data only. See [`crate::reduce`] for how it changes.

pub mod chat;
pub mod people;
pub mod prefs;
