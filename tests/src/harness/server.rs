//! The rendezvous' computer: its disk and keys survive, the real service and its sessions do not.
//!
//! The simulation hands it frames and takes frames back. One batch is one transaction; answers and pushes leave after
//! its commit, as in the real writer thread.

mod arrivals;
mod postbox;
mod relays;
mod traffic;

pub use traffic::{Sum, Traffic};

use super::computer::{CrashPoint, EPOCH_MS};
use super::pipe::PipeId;
use hutong_common::codec;
use hutong_common::entropy::SeededEntropy;
use hutong_common::id::{PublicKey, ServerId};
use hutong_common::identity::KeyPair;
use hutong_common::name::Login;
use hutong_common::opaque::OpaqueServer;
use hutong_common::rpc::{ClientFrame, Request, ServerFrame};
use hutong_common::tls::Exporters;
use hutong_engine::store::disk::Disk;
use hutong_rendezvous::policy::Policy;
use hutong_rendezvous::service::accounts::{Effects, NotDone};
use hutong_rendezvous::service::{
    Addressed, Caller, ConnectionInfo, Context, Outcome, Service, ServiceConfig,
};
use hutong_rendezvous::sessions::{ConnectionId, Mailbox, Recipient, Sessions};
use hutong_rendezvous::store::Store;
use postbox::Postbox;
use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Where every rendezvous listens.
const CONTROL_PORT: u16 = 7440;

/// What the rendezvous must be handling for its trap to spring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// Mail is left.
    SendMail,
    /// Mail is acknowledged.
    AckMail,
    /// A registration is finished.
    RegisterFinish,
    /// Anything at all.
    Anything,
}

impl Handling {
    const fn is_now(self, request: &Request) -> bool {
        match self {
            Self::SendMail => matches!(request, Request::SendMail(_)),
            Self::AckMail => matches!(request, Request::AckMail(_)),
            Self::RegisterFinish => matches!(request, Request::RegisterFinish(_)),
            Self::Anything => true,
        }
    }
}

#[derive(Debug)]
struct Connection {
    caller: Caller,
    postbox: Arc<Postbox>,
}

#[derive(Debug)]
struct Running {
    service: Service,
    sessions: Arc<Sessions>,
    store: Store,
    connections: BTreeMap<PipeId, Connection>,
}

/// What the rendezvous says, and where.
#[derive(Debug)]
pub enum Said {
    /// A frame on a connection.
    Frame(PipeId, Vec<u8>),
    /// The connection ends after what was said.
    Close(PipeId),
}

/// What came of a batch.
#[derive(Debug)]
pub enum Served {
    /// To be sent, in order.
    Done(Vec<Said>),
    /// The trap sprang; what is said had left already.
    Killed(Vec<Said>),
}

/// A rendezvous' computer.
#[derive(Debug)]
pub struct Server {
    key: KeyPair,
    opaque: [u8; hutong_common::opaque::SETUP_BYTES],
    disk: Disk,
    entropy: SeededEntropy,
    policy: Policy,
    running: Option<Running>,
    /// Counts its programs.
    pub life: u64,
    /// How wrong its clock is.
    pub clock_offset_ms: i64,
    /// A kill that waits for its moment.
    pub trap: Option<(Handling, CrashPoint)>,
    /// What was asked and said, where somebody counts.
    pub traffic: Option<Traffic>,
    /// Frames that wait for the next batch.
    pub inbox: VecDeque<(PipeId, Vec<u8>)>,
    /// Whether the next batch is planned.
    pub step_planned: bool,
    /// Whether the next look at who came into large groups is planned.
    pub arrivals_planned: bool,
}

/// What an admin's command came to, whether anything is different, and what others notice.
pub type Carried<T> = (T, bool, Effects);

impl Server {
    /// A computer on which a rendezvous was never started.
    pub fn new(seed: u64, policy: Policy) -> Self {
        let mut entropy = SeededEntropy::from_number(seed);
        Self {
            key: KeyPair::generate(&mut entropy),
            opaque: *OpaqueServer::new(&mut entropy).to_bytes(),
            disk: Disk::default(),
            entropy,
            policy,
            running: None,
            life: 0,
            clock_offset_ms: 0,
            trap: None,
            traffic: None,
            inbox: VecDeque::new(),
            step_planned: false,
            arrivals_planned: false,
        }
    }

    /// Its key.
    pub const fn id(&self) -> ServerId {
        ServerId(self.key.public().0)
    }

    /// The key with which it signs: only a rendezvous that lies needs it outside.
    pub const fn key(&self) -> &KeyPair {
        &self.key
    }

    /// Whether it runs.
    pub const fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// What goes back for a UDP packet, if anything.
    pub fn echo(&self, packet: &[u8], from: IpAddr, now_us: u64) -> Option<Vec<u8>> {
        let running = self.running.as_ref()?;
        running.service.echo(packet, from, self.now_ms(now_us))
    }

    fn now_ms(&self, now_us: u64) -> u64 {
        (EPOCH_MS + now_us / 1000).saturating_add_signed(self.clock_offset_ms)
    }

    /// Starts the program on what the disk holds.
    pub fn start(&mut self, now_us: u64) {
        let store = Store::with_backend(self.disk.clone()).expect("a synced disk opens");
        let sessions = Arc::<Sessions>::default();
        let config = ServiceConfig {
            key: KeyPair::from_seed(*self.key.seed()),
            opaque: OpaqueServer::from_bytes(&self.opaque).expect("its own bytes"),
            policy: self.policy.clone(),
            presence: Arc::<Sessions>::clone(&sessions),
        };
        let now_ms = self.now_ms(now_us);
        let mut tx = store.write().expect("a new database can be written");
        let mut cx = Context {
            tx: &mut tx,
            now_ms,
            entropy: &mut self.entropy,
        };
        let service = Service::open(config, &mut cx).expect("a service opens");
        service.set_check_port(Some(CONTROL_PORT), true);
        let made = service.make_everybody(&mut cx);
        made.expect("a class is made where it is wanted");
        tx.commit().expect("a disk in memory is never full");
        self.life += 1;
        self.running = Some(Running {
            service,
            sessions,
            store,
            connections: BTreeMap::new(),
        });
    }

    /// Kills the program: what was not synced is lost.
    pub fn kill(&mut self) {
        self.disk = self.disk.after_power_failure();
        self.running = None;
        self.trap = None;
        self.inbox.clear();
        self.step_planned = false;
        self.arrivals_planned = false;
    }

    /// A client's handshake is done.
    pub fn connected(
        &mut self,
        pipe: PipeId,
        key: PublicKey,
        (exporters, remote): (Exporters, SocketAddr),
    ) {
        let Some(running) = &mut self.running else {
            return;
        };
        let info = ConnectionInfo {
            key,
            exporters,
            remote,
        };
        let connection = Connection {
            caller: running.service.connect(info),
            postbox: Arc::default(),
        };
        running.connections.insert(pipe, connection);
    }

    /// A connection ended: its session goes, and contacts are told.
    pub fn disconnected(&mut self, pipe: PipeId, now_us: u64) -> Vec<Said> {
        let now_ms = self.now_ms(now_us);
        let Some(running) = &mut self.running else {
            return Vec::new();
        };
        let Some(Connection { caller, .. }) = running.connections.remove(&pipe) else {
            return Vec::new();
        };
        if let Some(own) = caller.session() {
            let device = (own.account, own.device);
            let ended = (ConnectionId(pipe), now_ms);
            running.sessions.unregister(device, ended);
        }
        let tx = running
            .store
            .read()
            .expect("a disk in memory does not fail");
        let pushes = running.service.disconnected(&caller, &tx);
        running.push(pushes.expect("a disk in memory does not fail"), &[])
    }

    /// The code with which somebody who forgot the password registers anew.
    pub fn reset_code(&mut self, login: &Login, now_us: u64) -> String {
        let now_ms = self.now_ms(now_us);
        let running = self.running.as_ref().expect("it runs");
        let mut tx = running
            .store
            .write()
            .expect("a disk in memory does not fail");
        let mut cx = Context {
            tx: &mut tx,
            now_ms,
            entropy: &mut self.entropy,
        };
        let code = running.service.make_reset_code(login, &mut cx);
        tx.commit().expect("a disk in memory is never full");
        code.expect("the account exists")
    }

    /// What the real program does every few seconds.
    pub fn tick(&mut self, now_us: u64) -> Vec<Said> {
        let now_ms = self.now_ms(now_us);
        let Some(running) = &mut self.running else {
            return Vec::new();
        };
        let mut tx = running.store.write().expect("the writer is alone");
        let mut cx = Context {
            tx: &mut tx,
            now_ms,
            entropy: &mut self.entropy,
        };
        let pushes = running.service.tick(&mut cx);
        let pushes = pushes.expect("a disk in memory does not fail");
        tx.commit().expect("a disk in memory is never full");
        running.push(pushes, &[])
    }

    /// Carries an admin's command out, as the desk of the real program does.
    pub fn administer<T>(
        &mut self,
        command: impl FnOnce(&Service, &mut Context<'_>) -> Result<Carried<T>, NotDone>,
        now_us: u64,
    ) -> (T, Vec<Said>) {
        let now_ms = self.now_ms(now_us);
        let running = self.running.as_mut().expect("the rendezvous runs");
        let mut tx = running.store.write().expect("the writer is alone");
        let mut cx = Context {
            tx: &mut tx,
            now_ms,
            entropy: &mut self.entropy,
        };
        let (done, changed, effects) = command(&running.service, &mut cx).expect("it can be done");
        assert!(changed, "a command for nothing");
        tx.commit().expect("a disk in memory is never full");
        (done, running.push(effects.pushes, &effects.endings))
    }

    /// Handles one batch of frames.
    pub fn step(&mut self, batch: Vec<(PipeId, Vec<u8>)>, now_us: u64) -> Served {
        let now_ms = self.now_ms(now_us);
        let Some(running) = &mut self.running else {
            return Served::Done(Vec::new());
        };
        let (mut springs, mut outcomes) = (None, Vec::new());
        let mut tx = running.store.write().expect("the writer is alone");
        for (pipe, frame) in batch {
            let Some(connection) = running.connections.get_mut(&pipe) else {
                continue;
            };
            let (id, request) = ClientFrame::decode(&frame).expect("cores write whole frames");
            let request = request.expect("cores write requests of this version");
            if let Some(traffic) = &mut self.traffic {
                traffic.asks(&request, frame.len());
            }
            if let Some((_, point)) = self.trap.filter(|(when, _)| when.is_now(&request)) {
                springs = Some(point);
            }
            let mut cx = Context {
                tx: &mut tx,
                now_ms,
                entropy: &mut self.entropy,
            };
            let handled = running
                .service
                .handle(&mut connection.caller, request, &mut cx);
            outcomes.push((pipe, id, handled.expect("a disk in memory does not fail")));
        }
        if springs == Some(CrashPoint::BeforeCommit) {
            self.disk = self.disk.after_power_failure();
            drop(tx);
            return Served::Killed(Vec::new());
        }
        tx.commit().expect("a disk in memory is never full");
        if springs == Some(CrashPoint::AfterCommit) {
            return Served::Killed(Vec::new());
        }
        let mut said = Vec::new();
        for (pipe, id, outcome) in outcomes {
            running.perform(pipe, id, outcome, &mut said);
        }
        match springs {
            Some(_) => Served::Killed(said),
            None => Served::Done(said),
        }
    }
}

impl Running {
    fn perform(&mut self, pipe: PipeId, id: u32, outcome: Outcome, said: &mut Vec<Said>) {
        if let Some(connection) = self.connections.get(&pipe) {
            if let Some(change) = outcome.session {
                let mailbox: Arc<dyn Mailbox> = Arc::<Postbox>::clone(&connection.postbox);
                self.sessions.apply(change, ConnectionId(pipe), &mailbox);
            }
            let frame = ServerFrame::Reply {
                id,
                result: outcome.reply,
            };
            said.push(Said::Frame(pipe, codec::encode(&frame)));
            if outcome.close {
                connection.postbox.close();
            }
        }
        said.extend(self.push(outcome.pushes, &outcome.endings));
    }

    fn push(&mut self, pushes: Vec<Addressed>, endings: &[Recipient]) -> Vec<Said> {
        let mut said = Vec::new();
        self.sessions.spread(&pushes, endings);
        for (pipe, connection) in &self.connections {
            let waiting = connection.postbox.take();
            for push in waiting.pushes {
                said.push(Said::Frame(*pipe, codec::encode(&ServerFrame::Push(push))));
            }
            if waiting.close {
                said.push(Said::Close(*pipe));
            }
        }
        said
    }
}
