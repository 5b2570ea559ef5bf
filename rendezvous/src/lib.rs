//! The rendezvous: where people register, find each other, and leave sealed mail for those who are away.

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
mod relay_join;
mod slots;
pub mod text;
