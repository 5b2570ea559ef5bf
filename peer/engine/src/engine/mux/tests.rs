//! Sockets of loopback, with a relay between them that only copies, or does worse.

use super::leg::Leg;
use super::*;
use crate::core::io::{RelayInput, RelayJoin};
use crate::engine::driver::Work;
use crate::engine::endpoint::{self, Endpoint};
use crate::engine::wrap::Des;
use crate::paths::link::PathNow;
use crate::paths::probe::{EXPORTED_BYTES, ProbeKey};
use hutong_common::identity::KeyPair;
use hutong_common::relay_join::{JOIN_BYTES, Join, JoinKey};
use hutong_common::wrap::frames::{Role, Secret};
use quinn::Connection;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// Nothing on loopback takes this long.
const PATIENCE: Duration = Duration::from_secs(20);
const SESSION: RelaySession = RelaySession([5; 16]);
const LINK: LinkId = LinkId::Dialled(1);

/// One client's socket, without a core.
struct Side {
    mux: Mux,
    endpoint: Endpoint,
    key: KeyPair,
    at: Option<SocketAddr>,
    inputs: Inputs,
    work: mpsc::Receiver<Work>,
    leave: Arc<Notify>,
}

impl Side {
    fn new(number: u8, has_udp: bool) -> Self {
        let socket = has_udp.then(|| endpoint::bind(Some([127, 0, 0, 1].into()), 0).unwrap());
        let at = socket.as_ref().map(|socket| socket.local_addr().unwrap());
        let mux = Mux::new(socket, Knocks::default()).unwrap();
        let (sender, work) = mpsc::channel(4096);
        let inputs = Inputs::new(sender);
        tokio::spawn(mux.clone().tend(inputs.clone()));
        let endpoint = Endpoint::new(&mux).unwrap();
        let key = KeyPair::from_seed([number; 32]);
        endpoint.listen(Some(&key)).unwrap();
        Self {
            mux,
            endpoint,
            key,
            at,
            inputs,
            work,
            leave: Arc::default(),
        }
    }

    fn join(&self, relay: SocketAddr, role: Role) {
        let leg = Leg {
            mux: self.mux.clone(),
            inputs: self.inputs.clone(),
            bind: None,
            wrap: Arc::new(Des),
            leave: Arc::clone(&self.leave),
        };
        tokio::spawn(leg.run(Box::new(RelayJoin {
            session: SESSION,
            role,
            secret: Secret::new(SESSION, [8; 32]),
            key: key_of(role),
            host: relay.to_string(),
        })));
    }

    /// The next thing that the core would be told.
    async fn told(&mut self) -> Input {
        match tokio::time::timeout(PATIENCE, self.work.recv()).await {
            Ok(Some(Work::Input(input))) => input,
            other => panic!("{other:?}"),
        }
    }

    async fn is_up(&mut self) {
        let told = self.told().await;
        assert!(matches!(
            told,
            Input::Relay(RelayInput::Up { session: SESSION })
        ));
    }

    async fn is_down(&mut self) {
        while !matches!(self.told().await, Input::Relay(RelayInput::Down { .. })) {}
    }

    async fn goes_by(&mut self, path: PathNow) {
        let goes = |input: &Input| matches!(input, Input::Link(LinkInput::Path { now, .. }) if *now == path);
        while !goes(&self.told().await) {}
    }

    /// The ways of a connection are known from now on.
    fn adds(&self, connection: &Connection, accepted: bool) {
        let key = |of_listener: bool| ProbeKey::new(&[1 + u8::from(of_listener); EXPORTED_BYTES]);
        let (ours, theirs) = (key(accepted), key(!accepted));
        let keys = ProbeKeys { ours, theirs };
        self.mux.add(LINK, connection.remote_address(), keys);
    }
}

fn key_of(role: Role) -> JoinKey {
    JoinKey::new(&[3; 32], SESSION, role)
}

/// What the relay does to the bytes that it copies from the opener; counts them.
type Spoil = Arc<dyn Fn(usize, &mut [u8]) + Send + Sync>;

/// A rendezvous that lets both ends in and copies.
async fn relay(spoil: Spoil) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut ends: [Option<TcpStream>; 2] = [None, None];
        while ends.iter().any(Option::is_none) {
            let (mut end, _) = listener.accept().await.unwrap();
            let mut join = [0; JOIN_BYTES];
            end.read_exact(&mut join).await.unwrap();
            let join = Join::decode(&join).unwrap();
            let key = key_of(join.role);
            assert!(key.admits(&join));
            end.write_all(&key.joined()).await.unwrap();
            ends[join.role as usize] = Some(end);
        }
        let [opener, invited] = ends.map(|end| end.unwrap().into_split());
        tokio::join!(
            copy(opener.0, invited.1, Some(spoil)),
            copy(invited.0, opener.1, None),
        );
    });
    at
}

async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, spoil: Option<Spoil>) {
    let (mut buffer, mut at) = (vec![0; 64 * 1024], 0);
    while let Ok(count) = from.read(&mut buffer).await
        && count > 0
    {
        if let Some(spoil) = &spoil {
            spoil(at, &mut buffer[..count]);
        }
        at += count;
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

fn honest() -> Spoil {
    Arc::new(|_, _| {})
}

/// Two with a session between them, which both know to be open.
async fn joined(has_udp: bool, spoil: Spoil) -> [Side; 2] {
    let mut sides = [Side::new(1, has_udp), Side::new(2, has_udp)];
    let at = relay(spoil).await;
    for (side, role) in sides.iter().zip([Role::Opener, Role::Invited]) {
        side.join(at, role);
    }
    for side in &mut sides {
        side.is_up().await;
    }
    sides
}

async fn connect(from: &Side, to: &Side, over: PeerAddr) -> [Connection; 2] {
    let address = from.mux.virtual_of(over);
    let dialled = from
        .endpoint
        .dial(&from.key, to.key.public(), address)
        .unwrap();
    let accepted = async {
        to.endpoint
            .accept()
            .await
            .unwrap()
            .accept()
            .unwrap()
            .await
            .unwrap()
    };
    let both = async { tokio::join!(async { dialled.await.unwrap() }, accepted) };
    let (dialled, accepted) = tokio::time::timeout(PATIENCE, both).await.unwrap();
    [dialled, accepted]
}

/// So many bytes arrive whole over a stream of their own.
async fn carries(from: &Connection, to: &Connection, bytes: usize) {
    let body: Vec<u8> = (0..bytes).map(|at| (at * 31 / 7) as u8).collect();
    let send = async {
        let (mut send, _) = from.open_bi().await.unwrap();
        send.write_all(&body).await.unwrap();
        send.finish().unwrap();
        send.stopped().await.ok();
    };
    let receive = async {
        let (_, mut recv) = to.accept_bi().await.unwrap();
        recv.read_to_end(bytes).await.unwrap()
    };
    let both = async { tokio::join!(send, receive) };
    let ((), received) = tokio::time::timeout(PATIENCE, both).await.unwrap();
    assert!(received == body, "{} of {bytes} bytes", received.len());
}

#[tokio::test]
async fn a_connection_runs_over_a_relay_with_no_udp_at_all() {
    let [mut left, mut right] = joined(false, honest()).await;
    let [dialled, accepted] = connect(&left, &right, PeerAddr::Relay(SESSION)).await;
    carries(&dialled, &accepted, 300_000).await;
    carries(&accepted, &dialled, 300_000).await;
    left.leave.notify_one();
    left.is_down().await;
    right.is_down().await;
}

/// Begun by relay, a connection moves to a direct address that answers, and stays when the relay is gone.
#[tokio::test]
async fn a_connection_moves_from_the_relay_to_a_direct_address() {
    let [mut left, mut right] = joined(true, honest()).await;
    let [dialled, accepted] = connect(&left, &right, PeerAddr::Relay(SESSION)).await;
    left.adds(&dialled, false);
    right.adds(&accepted, true);
    left.goes_by(PathNow::Relay).await;
    left.mux.try_candidates(LINK, &[right.at.unwrap()]);
    right.mux.try_candidates(LINK, &[left.at.unwrap()]);
    left.goes_by(PathNow::Direct).await;
    right.goes_by(PathNow::Direct).await;
    left.leave.notify_one();
    right.is_down().await;
    carries(&dialled, &accepted, 300_000).await;
}

/// Every byte that the relay changes ends the session before anything of its frame is believed, and what was under way arrives by
/// another way.
#[tokio::test]
async fn a_changed_byte_ends_the_session_and_costs_nothing_but_that() {
    for which in [200, 1_000, 5_003, 20_001] {
        let spoil = move |at: usize, bytes: &mut [u8]| {
            if let Some(byte) = which_byte(which, at).and_then(|at| bytes.get_mut(at)) {
                *byte ^= 0x10;
            }
        };
        let [left, mut right] = joined(true, Arc::new(spoil)).await;
        let direct = PeerAddr::Direct(right.at.unwrap());
        let [dialled, accepted] = connect(&left, &right, direct).await;
        left.adds(&dialled, false);
        right.adds(&accepted, true);
        left.mux.attach(LINK, SESSION);
        right.mux.attach(LINK, SESSION);
        // What the relay is given beside the direct way: enough for the byte to be reached.
        let packets = vec![0x40; 1_200];
        for _ in 0..40 {
            let mut state = left.mux.0.state();
            state.legs.send(SESSION, &packets, None);
        }
        right.is_down().await;
        carries(&dialled, &accepted, 100_000).await;
    }
}

fn which_byte(which: usize, at: usize) -> Option<usize> {
    which.checked_sub(at)
}

/// A relay that repeats what it was given, or sends one end's bytes back to it.
#[tokio::test]
async fn what_is_repeated_or_turned_round_ends_the_session() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let count = Arc::new(AtomicUsize::new(0));
    let (kept, times) = (Arc::clone(&seen), Arc::clone(&count));
    let repeat = move |_: usize, bytes: &mut [u8]| {
        let mut kept = kept.lock().unwrap();
        if times.fetch_add(1, Ordering::Relaxed) == 0 {
            kept.extend_from_slice(bytes);
        } else if kept.len() <= bytes.len() {
            bytes[..kept.len()].copy_from_slice(&kept);
        }
    };
    let [mut left, mut right] = joined(false, Arc::new(repeat)).await;
    right.is_down().await;
    left.is_down().await;
}

#[tokio::test]
async fn a_relay_that_does_not_let_us_in_is_over_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut end, _) = listener.accept().await.unwrap();
        let mut join = [0; JOIN_BYTES];
        end.read_exact(&mut join).await.unwrap();
        end.write_all(&hutong_common::relay_join::UNAVAILABLE)
            .await
            .unwrap();
    });
    let mut side = Side::new(1, false);
    side.join(at, Role::Opener);
    side.is_down().await;
}

#[test]
fn a_full_queue_drops_and_a_whole_batch_goes_in_one_frame() {
    let mut legs = Legs::default();
    legs.open(SESSION);
    let batch = vec![7; 10 * 1_452];
    legs.send(SESSION, &batch, Some(1_452));
    let taken = legs.take(SESSION);
    assert_eq!(taken.len(), 1);
    assert_eq!(queue::split(&taken[0]), Some((batch.as_slice(), 1_452)));
    for _ in 0..1_000 {
        legs.send(SESSION, &batch, Some(1_452));
    }
    let mut bytes = 0;
    while let taken = legs.take(SESSION)
        && !taken.is_empty()
    {
        bytes += taken.iter().map(Vec::len).sum::<usize>();
    }
    assert!(bytes < hutong_common::limits::RELAY_QUEUE_BYTES_MAX + 2 * batch.len());
    assert!(queue::split(&[0, 0, 1]).is_none() && queue::split(&[0]).is_none());
}

/// A transfer by relay spent a third of its time on the tags of frames with one packet each.
#[test]
fn packets_that_wait_share_a_frame_and_a_shorter_one_is_its_last() {
    let mut legs = Legs::default();
    legs.open(SESSION);
    for byte in 0..3 {
        legs.send(SESSION, &[byte; 1_452], None);
    }
    legs.send(SESSION, &[3; 1_452 + 7], Some(1_452));
    legs.send(SESSION, &[4; 1_452], None);
    legs.send(SESSION, &[5; 9], None);
    let taken = legs.take(SESSION);
    let frames: Vec<_> = taken.iter().filter_map(|one| queue::split(one)).collect();
    let sizes: Vec<_> = frames
        .iter()
        .map(|(all, size)| (all.len(), *size))
        .collect();
    assert_eq!(sizes, [(4 * 1_452 + 7, 1_452), (1_452, 1_452), (9, 9)]);
    for _ in 0..100 {
        legs.send(SESSION, &[7; 1_452], None);
    }
    let taken = legs.take(SESSION);
    let most = hutong_common::wrap::frames::PAYLOAD_BYTES_MAX;
    assert!(taken.len() > 1 && taken.iter().all(|one| one.len() <= most));
}
