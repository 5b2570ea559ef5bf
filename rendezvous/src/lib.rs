//! The rendezvous of Hutong: where accounts live, people find each other, and sealed mail waits.
//!
//! [`service`] decides, [`store`] keeps, [`sessions`] knows who is connected; the shell around them ([`commands`] and
//! what it starts) reads clocks, sockets and files and decides nothing.

mod addresses;
mod admin;
mod announce;
pub mod args;
mod client;
mod clock;
pub mod commands;
pub mod config;
mod connection;
mod control;
mod database;
pub mod failure;
mod frame_memory;
mod frames;
mod http;
mod invites;
mod keys;
mod listen;
mod mailbox;
mod opened;
pub mod platform;
pub mod policy;
mod relay;
pub mod relay_join;
pub mod render;
mod self_check;
mod server;
pub mod service;
pub mod sessions;
mod slots;
pub mod store;
mod udp_check;
mod writer;
