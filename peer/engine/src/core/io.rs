//! The seam between the core, which decides, and the shell, which does.
//!
//! The core is handed [`Input`]s, a few at a time, inside one transaction of the home's database; the [`Output`]s of the
//! whole batch are performed in order, *after* that transaction is committed. So nothing leaves this computer that rests
//! on a row which a crash could take back. A shell (or the simulated world) holds no decisions of its own.

mod doctor;
mod files;
mod pictures;

pub use doctor::{Adapter, CheckId, DoctorInput, DoctorOutput, Echoed, Looked};
pub use files::{Fetch, FetchEnd, FileInput, FileOutput, Hashed, Prepared, Target};
pub use pictures::{KeepPicture, PictureInput, PictureOutput};

use crate::api::{Command, Done, Event, Failure};
use crate::paths::PeerAddr;
use crate::paths::link::PathNow;
use hutong_common::direct::Direct;
use hutong_common::id::{PublicKey, RelaySession, ServerId};
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::relay_join::JoinKey;
use hutong_common::rpc::{Reply, Request};
use hutong_common::tls::Exporters;
use hutong_common::wrap::frames::{Role, Secret};
use std::net::{IpAddr, SocketAddr};

use super::stretch::{StretchJob, Stretched};
use crate::store::home::ScrubRow;

/// The time at which something is handled. Both advance together except when the wall clock is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// This computer's clock, Unix milliseconds; may be wrong.
    pub wall_ms: u64,
    /// Milliseconds since some fixed moment before the engine started; never goes back.
    pub mono_ms: u64,
}

/// Names a command until it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandId(pub u64);

/// Names one connection to the rendezvous; a later attempt has a larger number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attempt(pub u64);

/// Names one QUIC connection to a peer, from the first packet to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkId {
    /// Dialled by us; numbered by the core.
    Dialled(u64),
    /// Dialled by the other side; numbered by the shell.
    Accepted(u64),
}

/// Names one file stream that a peer opened towards us; numbered by the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u64);

/// What happened outside.
#[derive(Debug)]
pub enum Input {
    /// A person or program wants something.
    Command(CommandId, Command),
    /// The deadline that the core named has passed.
    Deadline,
    /// UDP is bound and the interfaces are known; again when they change.
    Addresses {
        /// Our UDP port; none when UDP is off.
        udp_port: Option<u16>,
        /// Addresses of this computer's interfaces.
        interfaces: Vec<IpAddr>,
    },
    /// About the connection to the rendezvous.
    Server(ServerInput),
    /// About links to peers.
    Link(LinkInput),
    /// About relayed sessions.
    Relay(RelayInput),
    /// About files.
    File(FileInput),
    /// About pictures of people.
    Picture(PictureInput),
    /// Seen by mDNS.
    Found(Found),
    /// Looked at for a check of the network.
    Doctor(DoctorInput),
    /// A password was stretched.
    Stretched(Box<Stretched>),
}

/// About the connection to the rendezvous.
#[derive(Debug)]
pub enum ServerInput {
    /// TLS is established, and the key is the one asked for.
    Up {
        /// Which attempt.
        attempt: Attempt,
        /// The key that the other side proved.
        server: ServerId,
        /// What this connection exports.
        exporters: Exporters,
        /// Our own address on this connection.
        local: SocketAddr,
        /// The address at which the rendezvous answered, as `HOST:PORT` from the list that was tried.
        host: String,
    },
    /// An answer.
    Reply {
        /// Which attempt.
        attempt: Attempt,
        /// Id of the request.
        id: u32,
        /// The outcome.
        result: Result<Reply, Refusal>,
    },
    /// A hint.
    Push {
        /// Which attempt.
        attempt: Attempt,
        /// The hint.
        push: Push,
    },
    /// The connection is gone, or never came to be.
    Down {
        /// Which attempt.
        attempt: Attempt,
        /// Why.
        why: ServerDown,
    },
}

/// Why there is no connection to the rendezvous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerDown {
    /// Nobody answers, or the connection broke.
    Unreachable,
    /// Somebody answers with another key than the pinned one.
    WrongKey {
        /// That key.
        found: Option<ServerId>,
    },
}

/// About links to peers. What a link carries is not believed before the core has checked its Hello.
#[derive(Debug)]
pub enum LinkInput {
    /// A QUIC connection stands, with a first stream for frames.
    Up {
        /// Which.
        link: LinkId,
        /// The key that the other side proved in TLS.
        key: PublicKey,
        /// Where it was met.
        remote: PeerAddr,
    },
    /// A frame came.
    Frame {
        /// On which link.
        link: LinkId,
        /// The frame.
        frame: Direct,
    },
    /// The smoothed round-trip time, at most once a second and only when it changed by a tenth.
    RoundTrip {
        /// Of which link.
        link: LinkId,
        /// In microseconds.
        rtt_us: u64,
    },
    /// The packets of a link go by another way than before.
    Path {
        /// Of which link.
        link: LinkId,
        /// By which.
        now: PathNow,
    },
    /// The connection is gone, or never came to be. Frames handed over before may be lost.
    Down {
        /// Which.
        link: LinkId,
    },
}

/// About relayed sessions.
#[derive(Debug)]
pub enum RelayInput {
    /// The other end is there: links may use the session.
    Up {
        /// Which.
        session: RelaySession,
    },
    /// It is over, or never came to be; told once.
    Down {
        /// Which.
        session: RelaySession,
    },
}

/// Seen by mDNS: hints, never proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Some client announces itself.
    Peer {
        /// Its tag of today.
        tag: [u8; 8],
        /// Where it may be dialled.
        addresses: Vec<SocketAddr>,
    },
    /// A rendezvous announces itself.
    Rendezvous {
        /// Its key, as it says.
        server: ServerId,
        /// Its name, as it says.
        name: String,
        /// Where it may be reached.
        addresses: Vec<SocketAddr>,
    },
}

/// What the shell shall do.
#[derive(Debug)]
pub enum Output {
    /// Answer a command.
    Answer(CommandId, Result<Done, Failure>),
    /// Tell everybody who listens.
    Event(Event),
    /// About the connection to the rendezvous.
    Server(ServerOutput),
    /// About links to peers.
    Link(LinkOutput),
    /// About relayed sessions.
    Relay(RelayOutput),
    /// About files.
    File(FileOutput),
    /// About pictures of people.
    Picture(PictureOutput),
    /// Announce this tag by mDNS, or nothing.
    Announce(Option<[u8; 8]>),
    /// Look at the network for a check.
    Doctor(DoctorOutput),
    /// Stretch a password away from the core's thread, then say [`Input::Stretched`].
    Stretch(Box<StretchJob>),
    /// Somebody is gone from this home: leave no byte of what the transaction removed, and nothing of transfers. A crash in
    /// between is noticed by the row [`SCRUB`](crate::store::home::SCRUB).
    Scrub(ScrubRow),
}

/// About the connection to the rendezvous. There is at most one; a new `Connect` closes the one before.
#[derive(Debug)]
pub enum ServerOutput {
    /// Connect, trying the hosts in order.
    Connect {
        /// Number of the attempt.
        attempt: Attempt,
        /// `HOST:PORT`, most likely first.
        hosts: Vec<String>,
        /// The only acceptable key; `None` at first contact, to learn the fingerprint.
        pin: Option<ServerId>,
        /// Seed of the Ed25519 key to show.
        key_seed: KeySeed,
    },
    /// Ask something on the connection that is up.
    Ask {
        /// Which attempt.
        attempt: Attempt,
        /// Id of the request.
        id: u32,
        /// The request.
        request: Box<Request>,
    },
    /// Close, after what was asked has been handed over.
    Disconnect,
}

/// Seed of an Ed25519 key; wiped when dropped and never printed.
#[derive(Clone, PartialEq, Eq, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct KeySeed(pub [u8; 32]);

impl std::fmt::Debug for KeySeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeySeed")
    }
}

/// About links to peers.
#[derive(Debug)]
pub enum LinkOutput {
    /// Listen and dial with this device key from now on; `None`: refuse everybody and close all links.
    Identity(Option<KeySeed>),
    /// Dial; the TLS handshake succeeds only with exactly this key.
    Dial {
        /// Name of the link, used until it is down.
        link: LinkId,
        /// The device that must answer.
        pin: PublicKey,
        /// Where.
        to: PeerAddr,
    },
    /// Send a frame; silently lost when the link is down.
    Send {
        /// On which link.
        link: LinkId,
        /// The frame.
        frame: Box<Direct>,
    },
    /// Where the checked peer of a link may be reached: these addresses are probed beside the one that it has.
    Candidates {
        /// Which link.
        link: LinkId,
        /// Where.
        to: Vec<SocketAddr>,
    },
    /// A session may carry packets of a link with a checked peer.
    Attach {
        /// Which link.
        link: LinkId,
        /// Which session.
        session: RelaySession,
    },
    /// This computer's network is another one: all ways are in doubt.
    DoubtPaths,
    /// Close.
    Close {
        /// Which link.
        link: LinkId,
    },
}

/// About relayed sessions.
#[derive(Debug)]
pub enum RelayOutput {
    /// Join one.
    Join(Box<RelayJoin>),
    /// Leave one, joined or not; [`RelayInput::Down`] follows.
    Leave {
        /// Which.
        session: RelaySession,
    },
}

/// How to join a relayed session.
#[derive(Clone, Debug)]
pub struct RelayJoin {
    /// Which.
    pub session: RelaySession,
    /// As which end.
    pub role: Role,
    /// What its frames are wrapped with.
    pub secret: Secret,
    /// What proves that we may.
    pub key: JoinKey,
    /// Where the rendezvous is, `HOST:PORT`.
    pub host: String,
}
