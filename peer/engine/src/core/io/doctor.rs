//! What a check of the network wants looked at, and what was seen.

use crate::api::doctor::{InterfaceKind, Packets, TcpAnswer};
use hutong_common::check::CheckToken;
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
    /// Send packets to the rendezvous and count those that come back, then say [`DoctorInput::Echoed`].
    Echo {
        /// For which check.
        check: CheckId,
        /// The rendezvous, as `HOST:PORT`.
        host: String,
        /// Its UDP port.
        port: u16,
        /// What the packets carry.
        token: CheckToken,
        /// Whether many large ones follow the few small ones.
        burst: bool,
    },
    /// Send packets to the other side of a check from a fresh socket, and count what comes from it to the socket of the
    /// links, then say [`DoctorInput::Heard`].
    Knock {
        /// For which check.
        check: CheckId,
        /// What the packets carry, in both directions.
        token: CheckToken,
        /// Where the other side may be.
        to: Vec<SocketAddr>,
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
    /// → [`DoctorOutput::Echo`].
    Echoed {
        /// For which check.
        check: CheckId,
        /// What came back.
        echoed: Echoed,
    },
    /// → [`DoctorOutput::Knock`].
    Heard {
        /// For which check.
        check: CheckId,
        /// What came of the other side's packets.
        heard: Packets,
    },
}

/// What came back of packets to the rendezvous.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Echoed {
    /// Of a few small ones.
    pub small: Packets,
    /// Of a burst of large ones, where one was sent.
    pub large: Option<Packets>,
    /// The shortest way there and back.
    pub rtt_us: Option<u64>,
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
