//! The shell on loopback: homes, links, the connection to a rendezvous, and files over a link.

mod home;
mod links;
mod room;
mod server;
mod transfers;
