//! People at a rendezvous, for the tests of its service: real keys, OPAQUE and cards, a clock turned by hand, and the
//! shell's part (transactions, sessions, delivery) in its shortest form.

mod acts;
mod entering;

pub(super) use acts::{acks, letter, letter_of};
pub(super) use entering::profile;

use super::{Addressed, Caller, ConnectionInfo, Context, Outcome, Service, ServiceConfig};
use crate::policy::Policy;
use crate::sessions::{ConnectionId, Mailbox, Sessions};
use crate::store::Store;
use crate::store::disk::Disk;
use hutong_common::entropy::SeededEntropy;
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::identity::KeyPair;
use hutong_common::limits::DAY_MS;
use hutong_common::name::Login;
use hutong_common::opaque::{ExportKey, OpaqueServer};
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::Welcome;
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::Card;
use hutong_common::tls::Exporters;
use hutong_common::vault::Vault;
use std::sync::{Arc, Mutex};

pub(super) const START: u64 = 1_790_000_000_000;
pub(super) const PASSWORD: &str = "correct horse";

/// What was pushed to one connection.
#[derive(Debug, Default)]
struct Inbox {
    pushes: Mutex<Vec<Push>>,
    is_closed: Mutex<bool>,
}

impl Mailbox for Inbox {
    fn offer(&self, push: &Push) -> bool {
        self.pushes.lock().unwrap().push(push.clone());
        true
    }
    fn close(&self) {
        *self.is_closed.lock().unwrap() = true;
    }
}

/// One connection of one person, with what the person knows.
pub(super) struct Client {
    pub(super) key: KeyPair,
    pub(super) caller: Caller,
    pub(super) login: Login,
    pub(super) account: AccountId,
    pub(super) vault: Vault,
    pub(super) card: Card,
    /// Devices of the card that have signed out.
    gone: Vec<DeviceId>,
    /// What the vault is sealed under, once the password was typed.
    export: Option<ExportKey>,
    connection: ConnectionId,
    inbox: Arc<Inbox>,
    resumed: u64,
}

impl Client {
    /// What was pushed since the last time.
    pub(super) fn pushes(&self) -> Vec<Push> {
        std::mem::take(&mut *self.inbox.pushes.lock().unwrap())
    }

    pub(super) fn is_closed(&self) -> bool {
        *self.inbox.is_closed.lock().unwrap()
    }
}

pub(super) struct Scene {
    pub(super) service: Service,
    pub(super) store: Store,
    pub(super) sessions: Arc<Sessions>,
    pub(super) now_ms: u64,
    pub(super) entropy: SeededEntropy,
    disk: Disk,
    remote: &'static str,
    connections: u64,
    handshakes: u64,
}

fn service(policy: Policy, store: &Store, now_ms: u64) -> (Service, Arc<Sessions>) {
    let sessions = Arc::new(Sessions::default());
    let mut entropy = SeededEntropy::from_number(7);
    let config = ServiceConfig {
        key: KeyPair::generate(&mut entropy),
        opaque: OpaqueServer::new(&mut entropy),
        policy,
        presence: Arc::clone(&sessions) as _,
    };
    let mut tx = store.write().unwrap();
    let cx = &mut Context {
        tx: &mut tx,
        now_ms,
        entropy: &mut entropy,
    };
    let service = Service::open(config, cx).unwrap();
    service.make_everybody(cx).unwrap();
    tx.commit().unwrap();
    (service, sessions)
}

impl Scene {
    pub(super) fn new() -> Self {
        Self::with_policy(Policy::default())
    }

    pub(super) fn with_policy(policy: Policy) -> Self {
        let disk = Disk::default();
        let store = Store::with_backend(disk.clone()).unwrap();
        let (service, sessions) = service(policy, &store, START);
        Self {
            service,
            store,
            sessions,
            now_ms: START,
            entropy: SeededEntropy::from_number(1),
            disk,
            remote: "127.0.0.1:40000",
            connections: 0,
            handshakes: 0,
        }
    }

    /// From now on, everybody connects from there.
    pub(super) const fn connect_from(&mut self, remote: &'static str) {
        self.remote = remote;
    }

    /// The server stops and starts again on what it has committed; every connection is gone.
    pub(super) fn restart(self) -> Self {
        let policy = self.service.policy.clone();
        self.restart_with(policy)
    }

    /// The same with other settings.
    pub(super) fn restart_with(self, policy: Policy) -> Self {
        let Self { store, .. } = self;
        drop(store);
        let store = Store::with_backend(self.disk.clone()).unwrap();
        let (service, sessions) = service(policy, &store, self.now_ms);
        Self {
            service,
            store,
            sessions,
            ..self
        }
    }

    pub(super) fn with<T>(&mut self, f: impl FnOnce(&Service, &mut Context<'_>) -> T) -> T {
        let mut tx = self.store.write().unwrap();
        let cx = &mut Context {
            tx: &mut tx,
            now_ms: self.now_ms,
            entropy: &mut self.entropy,
        };
        let result = f(&self.service, cx);
        tx.commit().unwrap();
        result
    }

    pub(super) fn connect(&mut self, key: &KeyPair) -> Caller {
        self.handshakes += 1;
        self.service.connect(ConnectionInfo {
            key: key.public(),
            exporters: Exporters {
                opaque: [9; 32],
                relay: blake3::hash(&self.handshakes.to_be_bytes()).into(),
            },
            remote: self.remote.parse().unwrap(),
        })
    }

    pub(super) fn deliver(&self, pushes: Vec<Addressed>) {
        for (recipient, push) in pushes {
            self.sessions.deliver(recipient, &push);
        }
    }

    /// Handles a request without committing it: the server dies before it could.
    pub(super) fn ask_and_die(&mut self, client: &mut Client, request: Request) -> Outcome {
        let mut tx = self.store.write().unwrap();
        let cx = &mut Context {
            tx: &mut tx,
            now_ms: self.now_ms,
            entropy: &mut self.entropy,
        };
        self.service
            .handle(&mut client.caller, request, cx)
            .unwrap()
    }

    pub(super) fn handle(&mut self, caller: &mut Caller, request: Request) -> Outcome {
        let mut tx = if Service::is_read_only(&request) {
            self.store.read().unwrap()
        } else {
            self.store.write().unwrap()
        };
        let cx = &mut Context {
            tx: &mut tx,
            now_ms: self.now_ms,
            entropy: &mut self.entropy,
        };
        let outcome = self.service.handle(caller, request, cx).unwrap();
        tx.commit().unwrap();
        outcome
    }

    pub(super) fn ask(&mut self, client: &mut Client, request: Request) -> Result<Reply, Refusal> {
        let outcome = self.handle(&mut client.caller, request);
        if let Some(change) = outcome.session {
            let mailbox: Arc<dyn Mailbox> = Arc::clone(&client.inbox) as _;
            self.sessions.apply(change, client.connection, &mailbox);
        }
        self.sessions.spread(&outcome.pushes, &outcome.endings);
        if outcome.close {
            client.inbox.close();
        }
        outcome.reply
    }

    pub(super) fn disconnect(&mut self, client: &Client) {
        if let Some(own) = client.caller.session() {
            self.sessions
                .unregister((own.account, own.device), (client.connection, self.now_ms));
        }
        let tx = self.store.read().unwrap();
        let pushes = self.service.disconnected(&client.caller, &tx).unwrap();
        self.deliver(pushes);
    }

    /// A new connection with the same key, not yet resumed.
    pub(super) fn reconnect(&mut self, client: &mut Client) {
        client.caller = self.connect(&client.key);
        self.connections += 1;
        client.connection = ConnectionId(self.connections);
        client.inbox = Arc::default();
    }

    /// Another connection of the same home.
    pub(super) fn twin(&mut self, client: &Client) -> Client {
        let mut twin = Client {
            key: client.key.clone(),
            caller: self.connect(&client.key),
            login: client.login.clone(),
            vault: client.vault.clone(),
            card: client.card.clone(),
            gone: client.gone.clone(),
            export: client.export.clone(),
            inbox: Arc::default(),
            ..*client
        };
        self.reconnect(&mut twin);
        twin
    }

    pub(super) fn resume(&mut self, client: &mut Client) -> Result<Box<Welcome>, Refusal> {
        self.reconnect(client);
        client.resumed += 1;
        let n = client.resumed;
        welcome(self.ask(client, Request::Resume { n }))
    }

    pub(super) fn days_pass(&mut self, days: u64) {
        self.now_ms += days * DAY_MS;
    }
}

pub(super) fn welcome(reply: Result<Reply, Refusal>) -> Result<Box<Welcome>, Refusal> {
    let Reply::Welcome(welcome) = reply? else {
        panic!("not the reply to this request");
    };
    Ok(welcome)
}
