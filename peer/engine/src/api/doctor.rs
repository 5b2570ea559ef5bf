//! → `doctor`: what was found about the network, and the verdict on it.

use super::Path;
use super::event::ServerState;
use hutong_common::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// The outcome of a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoctorShown {
    /// What to mend first.
    pub verdict: Verdict,
    /// What else holds, most important first.
    #[serde(default)]
    pub also: Vec<Verdict>,
    /// What it was judged by.
    #[serde(default)]
    pub facts: Facts,
}

/// What is known about the network. What could not be found out is left empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Adapters of this computer with an address.
    pub interfaces: Vec<Interface>,
    /// The rendezvous.
    pub server: ServerFacts,
    /// UDP, here and to the rendezvous.
    pub udp: UdpFacts,
    /// Multicast.
    pub multicast: MulticastFacts,
    /// Whoever was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<PeerFacts>,
}

/// An adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// What the system calls it.
    pub name: String,
    /// What it is, as far as its name and flags tell.
    pub kind: InterfaceKind,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// Whether the way to the rendezvous leads through it.
    pub to_server: bool,
}

/// What an adapter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InterfaceKind {
    /// A cable or a Wi-Fi.
    Real,
    /// The end of a tunnel.
    Vpn,
    /// For machines and containers on this computer.
    Virtual,
    /// This computer itself.
    Loopback,
}

/// About the rendezvous.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServerFacts {
    /// Whether it is connected.
    pub state: Option<ServerState>,
    /// Where it was tried last.
    pub address: Option<String>,
    /// What answers there over TCP.
    pub tcp: Option<TcpAnswer>,
    /// Whether a connection that is thought to stand brings no answer.
    pub silent: bool,
    /// How long a question takes.
    pub rtt_ms: Option<u64>,
    /// How far this computer's clock is ahead of its.
    pub clock_ahead_ms: Option<i64>,
    /// Whether it is on a network of this computer.
    pub same_subnet: Option<bool>,
    /// Whether another computer under this device's key was seen lately.
    pub identity_twice: bool,
}

/// What happens when one connects to the rendezvous, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TcpAnswer {
    /// The right key answers.
    Right,
    /// Another key answers.
    WrongKey,
    /// A web page answers.
    WebPage,
    /// Something answers that is no rendezvous.
    NotTls,
    /// The connection is closed at once.
    Closed,
    /// The computer is there and the port closed.
    Refused,
    /// No such computer is found.
    NoRoute,
    /// Nothing answers in time.
    TimedOut,
    /// The name cannot be resolved.
    NoName,
}

/// How many packets went, and how many came back or through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packets {
    /// Sent.
    pub sent: u32,
    /// Arrived.
    pub arrived: u32,
}

/// About UDP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UdpFacts {
    /// Our port; none when UDP is off.
    pub port: Option<u16>,
    /// Small packets to the rendezvous and back.
    pub small: Option<Packets>,
    /// The same with a burst of large ones.
    pub large: Option<Packets>,
    /// The shortest way there and back.
    pub rtt_us: Option<u64>,
}

/// About multicast.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MulticastFacts {
    /// Whether this program uses it.
    pub on: bool,
    /// Other clients that were heard.
    pub clients: usize,
    /// Rendezvous nodes that were heard.
    pub servers: usize,
    /// Whether our rendezvous says that it announces itself.
    pub announced: Option<bool>,
}

/// About a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeerFacts {
    /// Who.
    pub login: String,
    /// Whether they are there.
    pub online: bool,
    /// The path to them now.
    pub path: Path,
    /// Its round-trip time.
    pub rtt_us: Option<u64>,
    /// Whether their computer is on a network of this one, as far as its addresses tell.
    pub same_subnet: Option<bool>,
    /// What they sent and was heard here.
    pub here: Option<Packets>,
    /// What was sent from here and they heard.
    pub there: Option<Packets>,
    /// Whether UDP to the rendezvous works for them.
    pub udp_there: Option<bool>,
}
