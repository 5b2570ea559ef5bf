//! A connection between two computers: two ordered flows of parcels, and what stands at either end.
//!
//! A control connection and a direct link differ only in what they are told when they open. A parcel never overtakes
//! another; what a broken network holds back arrives when it heals, or the pipe is given up after its silence.

use super::network::Place;
use hutong_common::id::{PublicKey, RelaySession};
use hutong_common::limits::{LINK_IDLE_TIMEOUT_MS, SILENCE_MAX_MS};
use hutong_common::tls::Exporters;
use hutong_engine::core::io::{Attempt, LinkId};
use std::collections::VecDeque;
use std::net::SocketAddr;

/// Names a pipe for the whole run.
pub type PipeId = u64;

/// What a pipe is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A client (side 0) at a rendezvous (side 1).
    Control {
        /// The client's number of it.
        attempt: Attempt,
        /// Under which address it was dialled.
        host: String,
        /// The client's own address on it.
        local: SocketAddr,
        /// Number of the rendezvous.
        server: usize,
        /// The key that the client shows.
        key: PublicKey,
        /// What TLS would export at both ends.
        exporters: Exporters,
    },
    /// The dialler (side 0) and the listener (side 1) of a direct link.
    Link {
        /// What each side calls it.
        names: [LinkId; 2],
        /// Which key each side shows.
        keys: [PublicKey; 2],
        /// Where each side is.
        places: [Place; 2],
        /// The session over which it was dialled, if it was.
        over: Option<RelaySession>,
    },
}

/// What goes through a pipe.
#[derive(Debug)]
pub enum Parcel {
    /// The handshake is done.
    Open,
    /// A frame as it lies on the wire, without its length.
    Frame(Vec<u8>),
    /// The other end is gone.
    Gone,
}

/// One end of a pipe.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// The computer.
    pub place: Place,
    /// Which of its lives; a restarted program has no old connections.
    pub life: u64,
    /// Whether anybody still listens here.
    pub open: bool,
}

/// A connection.
#[derive(Debug)]
pub struct Pipe {
    /// What it is.
    pub kind: Kind,
    /// Both ends.
    pub ends: [End; 2],
    /// What is under way towards each end, with its time of arrival.
    pub flows: [VecDeque<(u64, Parcel)>; 2],
    /// Since when the network holds parcels back.
    pub stuck_since_us: Option<u64>,
}

impl Pipe {
    /// A connection that is not open yet.
    pub fn new(kind: Kind, ends: [(Place, u64); 2]) -> Self {
        Self {
            kind,
            ends: ends.map(|(place, life)| End {
                place,
                life,
                open: true,
            }),
            flows: [VecDeque::new(), VecDeque::new()],
            stuck_since_us: None,
        }
    }

    /// Sends towards `side`; says when it arrives.
    pub fn send(&mut self, side: usize, at_us: u64, parcel: Parcel) -> u64 {
        let last = self.flows[side].back().map_or(0, |(at, _)| *at);
        let at_us = at_us.max(last);
        self.flows[side].push_back((at_us, parcel));
        at_us
    }

    /// Takes what has arrived at `side`.
    pub fn take(&mut self, side: usize, now_us: u64) -> Option<Parcel> {
        let due = self.flows[side]
            .front()
            .is_some_and(|(at, _)| *at <= now_us);
        if due {
            self.flows[side].pop_front().map(|(_, parcel)| parcel)
        } else {
            None
        }
    }

    /// Which side is at `place`.
    pub fn side_of(&self, place: Place) -> Option<usize> {
        self.ends.iter().position(|end| end.place == place)
    }

    /// How long it may be silent before an end gives it up, in microseconds.
    pub const fn patience_us(&self) -> u64 {
        match self.kind {
            Kind::Control { .. } => SILENCE_MAX_MS * 1000,
            Kind::Link { .. } => LINK_IDLE_TIMEOUT_MS * 1000,
        }
    }
}
