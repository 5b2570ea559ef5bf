//! A network thread's parts without a core: outputs go in, inputs come out.

use crate::core::io::{FileOutput, Input, KeySeed, LinkId, LinkInput, LinkOutput};
use crate::engine::clock::Clock;
use crate::engine::doctor::Knocks;
use crate::engine::driver::{Inputs, Work};
use crate::engine::endpoint::{self, Endpoint};
use crate::engine::files::{Files, Pace, Streams, Transfers};
use crate::engine::links::Links;
use crate::engine::mux::Mux;
use crate::paths::PeerAddr;
use hutong_common::id::PublicKey;
use hutong_common::identity::KeyPair;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::mpsc;

/// Nothing on loopback takes this long.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Room {
    pub(super) links: Links,
    pub(super) files: Files,
    pub(super) work: mpsc::Receiver<Work>,
    pub(super) folder: TempDir,
    pub(super) address: SocketAddr,
    seed: [u8; 32],
}

impl Room {
    pub(super) fn new(number: u8, max_rate_bytes: Option<u64>) -> Self {
        let (sender, work) = mpsc::channel(4096);
        let inputs = Inputs::new(sender);
        let folder = tempfile::tempdir().unwrap();
        for name in ["offers", "parts"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let socket = endpoint::bind(Some(Ipv4Addr::LOCALHOST.into()), 0).unwrap();
        let address = socket.local_addr().unwrap();
        let streams = Streams::default();
        let transfers = Transfers {
            inputs: inputs.clone(),
            clock: Clock::start(0),
            offers: folder.path().join("offers"),
            parts: folder.path().join("parts"),
            sending: Pace::new(max_rate_bytes),
            receiving: Pace::new(None),
        };
        let mux = Mux::new(Some(socket), Knocks::default()).unwrap();
        let endpoint = Endpoint::new(&mux).unwrap();
        tokio::spawn(mux.clone().tend(inputs.clone()));
        let mut room = Self {
            links: Links::new(inputs, streams.clone(), (mux, endpoint)),
            files: Files::new(transfers, streams),
            work,
            folder,
            address,
            seed: [number; 32],
        };
        room.identify(true);
        room
    }

    pub(super) fn identify(&mut self, known: bool) {
        let seed = known.then_some(KeySeed(self.seed));
        self.links.perform(LinkOutput::Identity(seed));
    }

    pub(super) fn key(&self) -> PublicKey {
        KeyPair::from_seed(self.seed).public()
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn dial(&mut self, number: u64, pin: PublicKey, to: SocketAddr) -> LinkId {
        let link = LinkId::Dialled(number);
        let to = PeerAddr::Direct(to);
        self.links.perform(LinkOutput::Dial { link, pin, to });
        link
    }

    pub(super) fn perform_file(&mut self, output: FileOutput) {
        let links = &self.links;
        self.files.perform(output, |link| links.connection(link));
    }

    /// The next input that is no report of a round-trip time, while this room's links are tended.
    pub(super) async fn next(&mut self) -> Input {
        let waiting = async {
            loop {
                tokio::select! {
                    work = self.work.recv() => match work {
                        Some(Work::Input(Input::Link(LinkInput::RoundTrip { rtt_us, .. }))) => {
                            assert!(rtt_us > 0);
                        }
                        Some(Work::Input(input)) => return input,
                        other => panic!("{other:?}"),
                    },
                    () = self.links.tend() => {}
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .expect("in time")
    }

    /// Tends the links while something else goes on.
    pub(super) async fn tend_while<T>(&mut self, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = self.links.tend() => {}
            }
        }
    }
}

/// A link from `left` to `right`, up on both sides after a first frame; the names that each side gives it.
pub(super) async fn linked(left: &mut Room, right: &mut Room) -> (LinkId, LinkId) {
    let dialled = left.dial(1, right.key(), right.address);
    left.links.perform(LinkOutput::Send {
        link: dialled,
        frame: Box::new(super::links::shown(0)),
    });
    let (up, other) = tokio::join!(left.next(), right.next());
    let Input::Link(LinkInput::Up { link, key, remote }) = up else {
        panic!("{up:?}");
    };
    assert_eq!((link, key), (dialled, right.key()));
    assert_eq!(remote, PeerAddr::Direct(right.address));
    let Input::Link(LinkInput::Up {
        link: accepted,
        key,
        ..
    }) = other
    else {
        panic!("{other:?}");
    };
    assert_eq!(key, left.key());
    let first = left.tend_while(right.next()).await;
    assert!(matches!(first, Input::Link(LinkInput::Frame { link, .. }) if link == accepted));
    (dialled, accepted)
}
