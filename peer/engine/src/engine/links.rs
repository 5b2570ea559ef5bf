//! All links to peers: which are open, and the task of each.
//!
//! Owned by the network's thread. A link's task tells the core once that it is up, at most, and exactly once that it is
//! down. A link that does not take what it is sent is closed; the messages are still in the outbox.

use super::driver::Inputs;
use super::endpoint::Endpoint;
use super::files::Streams;
use super::mux::Mux;
use super::peer_link::{Link, Origin};
use crate::core::io::{Input, KeySeed, LinkId, LinkInput, LinkOutput};
use crate::paths::PeerAddr;
use crate::paths::link::ProbeKeys;
use crate::paths::probe::{EXPORTED_BYTES, ProbeKey};
use hutong_common::codec;
use hutong_common::direct::Direct;
use hutong_common::id::PublicKey;
use hutong_common::identity::KeyPair;
use hutong_common::labels;
use hutong_common::limits::{INCOMING_HANDSHAKES_MAX, LINK_QUEUE_MAX, LINKS_MAX};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

/// All links.
#[derive(Debug)]
pub(super) struct Links {
    inputs: Inputs,
    streams: Streams,
    mux: Mux,
    endpoint: Endpoint,
    identity: Option<KeyPair>,
    open: BTreeMap<LinkId, Open>,
    tasks: JoinSet<LinkId>,
    accepted: u64,
}

#[derive(Debug)]
struct Open {
    frames: mpsc::Sender<Vec<u8>>,
    connection: Arc<OnceLock<quinn::Connection>>,
    kill: Arc<Notify>,
}

impl Links {
    pub(super) fn new(inputs: Inputs, streams: Streams, (mux, endpoint): (Mux, Endpoint)) -> Self {
        Self {
            inputs,
            streams,
            mux,
            endpoint,
            identity: None,
            open: BTreeMap::new(),
            tasks: JoinSet::new(),
            accepted: 0,
        }
    }

    /// Waits for the next link that comes or ends, and takes it.
    pub(super) async fn tend(&mut self) {
        tokio::select! {
            Some(incoming) = self.endpoint.accept() => self.accept(incoming),
            Some(ended) = self.tasks.join_next() => match ended {
                Ok(link) => drop(self.open.remove(&link)),
                Err(error) => tracing::error!(%error, "the task of a link failed"),
            },
            else => std::future::pending().await,
        }
    }

    fn accept(&mut self, incoming: quinn::Incoming) {
        if self.open.len() >= LINKS_MAX + INCOMING_HANDSHAKES_MAX {
            incoming.refuse();
        } else if self.open.len() >= LINKS_MAX && incoming.may_retry() {
            // Whoever comes back with the token has at least the address he says.
            incoming.retry().ok();
        } else {
            self.accepted += 1;
            self.begin(
                LinkId::Accepted(self.accepted),
                Origin::Accepted(Box::new(incoming)),
            );
        }
    }

    pub(super) fn perform(&mut self, output: LinkOutput) {
        match output {
            LinkOutput::Identity(seed) => self.set_identity(seed.as_ref()),
            LinkOutput::Dial { link, pin, to } => self.dial(link, pin, to),
            LinkOutput::Send { link, frame } => self.send(link, &frame),
            LinkOutput::Candidates { link, to } => self.begin_paths(link, &to),
            LinkOutput::Attach { link, session } => self.mux.attach(link, session),
            LinkOutput::DoubtPaths => self.mux.doubt_all(),
            // Without its entry the task sees the end of its queue, sends the rest and closes.
            LinkOutput::Close { link } => drop(self.open.remove(&link)),
        }
    }

    /// The connection of a link that is up.
    pub(super) fn connection(&self, link: LinkId) -> Option<quinn::Connection> {
        self.open.get(&link)?.connection.get().cloned()
    }

    fn set_identity(&mut self, seed: Option<&KeySeed>) {
        let identity = seed.map(|seed| KeyPair::from_seed(seed.0));
        let public = |key: &Option<KeyPair>| key.as_ref().map(KeyPair::public);
        if public(&identity) == public(&self.identity) {
            return;
        }
        // A link stands for the key that it was made with.
        while let Some((_, open)) = self.open.pop_first() {
            open.kill.notify_one();
        }
        self.identity = identity;
        if let Err(error) = self.endpoint.listen(self.identity.as_ref()) {
            tracing::error!(%error, "no links can be accepted");
        }
    }

    fn dial(&mut self, link: LinkId, pin: PublicKey, to: PeerAddr) {
        let address = self.mux.virtual_of(to);
        let begun = self.identity.as_ref().and_then(|key| {
            let begun = self.endpoint.dial(key, pin, address);
            begun
                .inspect_err(|error| tracing::debug!(%error, "a dial did not begin"))
                .ok()
        });
        match begun {
            Some(connecting) => self.begin(link, Origin::Dialled(connecting)),
            None => self.tell_down(link),
        }
    }

    /// The core has checked who is on the other end: all ways there may be used.
    fn begin_paths(&self, link: LinkId, candidates: &[SocketAddr]) {
        let Some(connection) = self.connection(link) else {
            return;
        };
        if !self.mux.knows(link) {
            let role = matches!(link, LinkId::Accepted(_));
            match probe_keys(&connection, role) {
                Some(keys) => self.mux.add(link, connection.remote_address(), keys),
                None => return,
            }
        }
        self.mux.try_candidates(link, candidates);
    }

    fn tell_down(&self, link: LinkId) {
        let inputs = self.inputs.clone();
        tokio::spawn(async move { inputs.send(Input::Link(LinkInput::Down { link })).await });
    }

    fn begin(&mut self, link: LinkId, origin: Origin) {
        let (frames, queue) = mpsc::channel(LINK_QUEUE_MAX);
        let open = Open {
            frames,
            connection: Arc::default(),
            kill: Arc::default(),
        };
        let task = Link {
            link,
            inputs: self.inputs.clone(),
            streams: self.streams.clone(),
            mux: self.mux.clone(),
            connection: Arc::clone(&open.connection),
            kill: Arc::clone(&open.kill),
        };
        self.open.insert(link, open);
        self.tasks.spawn(task.run(origin, queue));
    }

    fn send(&mut self, link: LinkId, frame: &Direct) {
        let Some(open) = self.open.get(&link) else {
            return;
        };
        let bytes = codec::frame(&codec::encode(frame));
        if let Err(mpsc::error::TrySendError::Full(_)) = open.frames.try_send(bytes) {
            tracing::warn!("a peer does not take what it is sent; the link is closed");
            open.kill.notify_one();
            self.open.remove(&link);
        }
    }

    /// Lets every link send what is queued, then closes the endpoint.
    pub(super) async fn close(&mut self) {
        while let Some((_, open)) = self.open.pop_first() {
            // A handshake under way has nothing to send.
            if open.connection.get().is_none() {
                open.kill.notify_one();
            }
        }
        while self.tasks.join_next().await.is_some() {}
        self.endpoint.close().await;
    }
}

/// Keys of a link's probes, from its TLS; `accepted` says which end we are.
fn probe_keys(connection: &quinn::Connection, accepted: bool) -> Option<ProbeKeys> {
    let key = |of_listener: bool| {
        let mut exported = [0; EXPORTED_BYTES];
        let (label, role) = (labels::EXPORTER_PROBE.as_bytes(), [u8::from(of_listener)]);
        let made = connection.export_keying_material(&mut exported, label, &role);
        made.ok().map(|()| ProbeKey::new(&exported))
    };
    Some(ProbeKeys {
        ours: key(accepted)?,
        theirs: key(!accepted)?,
    })
}
