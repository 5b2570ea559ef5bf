//! The rendezvous: where people register, find each other, and leave sealed mail for those who are away.
//!
//! [`service`] decides, [`store`] keeps, [`sessions`] knows who is connected; the shell around them reads clocks,
//! sockets and files and decides nothing.

mod addresses;
mod admin;
mod announce;
pub mod args;
mod clock;
pub mod config;
mod control;
pub mod failure;
mod frames;
mod http;
pub mod keys;
mod platform;
pub mod policy;
mod relay_join;
pub mod service;
pub mod sessions;
mod slots;
pub mod store;
pub mod text;
