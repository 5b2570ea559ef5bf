//! What a check of the network wants looked at, and what was seen.

use crate::api::doctor::{InterfaceKind, TcpAnswer};
use hutong_common::id::ServerId;
use std::net::{IpAddr, SocketAddr};

/// Names one check, from the command to its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckId(pub u64);

/// To be looked at.
#[derive(Debug)]
pub enum DoctorOutput {
    /// Look at this computer's adapters and at the way to the rendezvous, then say [`DoctorInput::Looked`].
    Look {
        /// For which check.
        check: CheckId,
        /// Where the rendezvous may be, best first.
        hosts: Vec<String>,
        /// Its key, where it is known.
        pin: Option<ServerId>,
        /// Whether to connect and see who answers: there is no connection that says so.
        knock: bool,
    },
}

/// What was seen.
#[derive(Debug)]
pub enum DoctorInput {
    /// → [`DoctorOutput::Look`].
    Looked {
        /// For which check.
        check: CheckId,
        /// This computer and its way to the rendezvous.
        looked: Looked,
    },
}

/// This computer and its way to the rendezvous.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Each address of each adapter.
    pub adapters: Vec<Adapter>,
    /// Where the rendezvous is.
    pub server: Option<SocketAddr>,
    /// Our own address on the way there.
    pub way: Option<IpAddr>,
    /// Who answers there, if that was asked.
    pub tcp: Option<TcpAnswer>,
}

/// One address of an adapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// What the system calls the adapter.
    pub name: String,
    /// What it is.
    pub kind: InterfaceKind,
    /// The address.
    pub ip: IpAddr,
    /// How many of its bits name the network.
    pub prefix: u8,
}
