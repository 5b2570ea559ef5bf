//! The desktop client: a thin face of the engine, drawn with druid.
//!
//! Data runs in a circle: what the engine tells and what the person wants are [`input::Input`]s, [`reduce`] turns them into a
//! new state and effects, widgets paint the state, and a click is the next input.

#![expect(
    missing_debug_implementations,
    reason = "widgets of druid have none to show"
)]

pub mod app;
pub mod args;
pub mod attendance;
pub mod bridge;
pub mod emoji;
pub mod finding;
pub mod frames;
pub mod input;
pub mod model;
pub mod moment;
pub mod pictures;
pub mod platform;
pub mod reduce;
#[cfg(test)]
mod scene;
pub mod screens;
pub mod selectors;
pub mod theme;
pub mod widgets;
pub mod words;
