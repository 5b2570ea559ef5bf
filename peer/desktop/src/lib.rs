//! The desktop client: a thin face of the engine, drawn with druid.
//!
//! Data runs in a circle: what the engine tells and what the person wants are [`input::Input`]s, [`reduce`] turns them into a
//! new state and effects, widgets paint the state, and a click is the next input.

pub mod model;
pub mod platform;
pub mod selectors;
pub mod theme;
pub mod widgets;
pub mod words;
