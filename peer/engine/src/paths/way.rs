//! What is known of one direct address of a link, and what is asked and told about it.

use super::probe::{Probe, ProbeKey};
use std::net::SocketAddr;

/// Both directions of a connection.
#[derive(Debug)]
pub struct ProbeKeys {
    /// What we sign with.
    pub ours: ProbeKey,
    /// What the other side signs with.
    pub theirs: ProbeKey,
}

/// What a link goes by, as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathNow {
    /// Computer to computer.
    Direct,
    /// Computer to computer, where nothing has answered for a moment, and there is no relay.
    Doubtful,
    /// By no way that answers.
    Silent,
    /// Through the rendezvous.
    Relay,
}

/// One direct address.
#[derive(Debug, Default)]
pub(super) struct Way {
    /// Whether the other side was heard from here.
    pub(super) receives: bool,
    /// Whether it ever answered us.
    pub(super) answered: bool,
    /// Answers since the last survey.
    pub(super) pongs: u32,
    pub(super) rtt_us: Option<u64>,
    /// When it is probed next.
    pub(super) probe_at_us: Option<u64>,
    /// Probes left in this survey.
    pub(super) tries: u32,
}

/// A probe of ours.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// Where it goes.
    pub to: SocketAddr,
    /// The probe.
    pub probe: Probe,
    /// Whether anything ever came from there.
    pub is_known: bool,
}

/// What a probe of the other side came to.
#[derive(Debug, Default)]
pub struct Heard {
    /// To be sent back to where the probe came from.
    pub answer: Option<Probe>,
    /// Packets from there are the link's from now on.
    pub is_new_address: bool,
}
