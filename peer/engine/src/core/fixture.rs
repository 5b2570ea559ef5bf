//! A home that is signed in, with one contact, and a hand that turns its clock and feeds it inputs one by one.
//!
//! Used by the tests of the core's children. The rendezvous is the hand too: nothing answers by itself.

mod outputs;
mod person;

pub(super) use outputs::{answer, asked, asks, events, failure, frames, is_closed, texts};
pub(super) use person::{Person, START, server_id, server_key};

use super::io::{Attempt, CommandId, Input, LinkId, LinkInput, Now, Output, ServerInput};
use super::{Context, Core, CoreConfig};
use crate::api::Command;
use crate::paths::PeerAddr;
use crate::store::Store;
use crate::store::contacts::ContactRow;
use crate::store::disk::Disk;
use crate::store::home::{
    ACCOUNT, AccountRow, DEVICE, DeviceRow, NETWORK, NetworkRow, SERVER, ServerRow,
};
use hutong_common::bounded::{List, Text};
use hutong_common::direct::Direct;
use hutong_common::entropy::SeededEntropy;
use hutong_common::opaque::Stretch;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::Welcome;
use hutong_common::rpc::friends::{ContactPage, Relation};
use hutong_common::rpc::{Reply, Request};
use hutong_common::tls::Exporters;
use person::revocations;
use std::collections::BTreeMap;

/// What its connections export.
pub(super) const EXPORTERS: Exporters = Exporters {
    opaque: [3; 32],
    relay: [4; 32],
};

/// The home of `lin`, whose contact is `wang`.
pub(super) struct Bench {
    pub(super) core: Core,
    pub(super) store: Store,
    disk: Disk,
    entropy: SeededEntropy,
    pub(super) mono_ms: u64,
    commands: u64,
    pub(super) me: Person,
    pub(super) friend: Person,
}

impl Bench {
    /// Opened and not connected.
    pub(super) fn signed_in() -> (Self, Vec<Output>) {
        let (me, friend) = (Person::new(1, "lin"), Person::new(2, "wang"));
        let disk = Disk::default();
        let store = Store::on(&disk).unwrap();
        let mut tx = store.begin();
        let host = "127.0.0.1:7440".to_owned();
        tx.set_single(
            SERVER,
            &ServerRow {
                server: server_id(),
                name: "Lab".to_owned(),
                hosts: vec![host],
            },
        )
        .unwrap();
        let device = DeviceRow {
            seed: *me.device.seed(),
            login: me.login.clone(),
            server: server_id(),
            resumes: 4,
            enrolled: true,
            seals: vec![me.seal.clone()],
        };
        tx.set_single(DEVICE, &device).unwrap();
        let account = AccountRow {
            account: me.account,
            login: me.login.clone(),
            profile: me.profile(),
            membership: me.membership(),
            card: me.signed_card(),
        };
        tx.set_single(ACCOUNT, &account).unwrap();
        let network = NetworkRow {
            revocations: revocations(),
            discovery_key: [1; 32],
            discovery_key_before: [2; 32],
        };
        tx.set_single(NETWORK, &network).unwrap();
        let row = ContactRow {
            login: friend.login.clone(),
            relation: Relation::Friend,
            profile: friend.profile(),
            membership: friend.membership(),
            card: friend.signed_card(),
            since_ms: START,
            answered_at: BTreeMap::new(),
        };
        tx.put_contact(friend.account, &row).unwrap();
        tx.commit().unwrap();
        Self::open(disk, (me, friend), 0)
    }

    /// A home in which nobody ever signed in.
    pub(super) fn empty() -> Self {
        Self::open(
            Disk::default(),
            (Person::new(1, "lin"), Person::new(2, "wang")),
            0,
        )
        .0
    }

    fn open(disk: Disk, (me, friend): (Person, Person), mono_ms: u64) -> (Self, Vec<Output>) {
        let store = Store::on(&disk).unwrap();
        let mut entropy = SeededEntropy::from_number(mono_ms + 7);
        let (mut tx, mut out) = (store.begin(), Vec::new());
        let config = CoreConfig {
            home: "/h".into(),
            downloads: "/h/downloads".into(),
            preset: None,
            device_label: "lab 7".to_owned(),
            stretch: Stretch::Identity,
            static_peers: Vec::new(),
            plain_keys: false,
            mdns: false,
            seat: false,
            holds_session: false,
            resumes_session: false,
        };
        let now = Now {
            wall_ms: START + mono_ms,
            mono_ms,
        };
        let mut cx = Context {
            now,
            entropy: &mut entropy,
            tx: &mut tx,
            out: &mut out,
        };
        let core = Core::open(config, &mut cx).unwrap();
        tx.commit().unwrap();
        (
            Self {
                core,
                store,
                disk,
                entropy,
                mono_ms,
                commands: 0,
                me,
                friend,
            },
            out,
        )
    }

    /// Signed in at the rendezvous, which knows the contact; UDP is bound. Everything said until then is dropped.
    pub(super) fn online(friend_online: bool) -> Self {
        let (mut bench, _) = Self::signed_in();
        bench.give(Input::Addresses {
            udp_port: Some(7442),
            interfaces: Vec::new(),
        });
        bench.connect(friend_online);
        bench
    }

    /// The connection stands, and the rendezvous answers up to the contacts.
    pub(super) fn connect(&mut self, friend_online: bool) -> Vec<Output> {
        let attempt = Attempt(self.core.session.attempts_made());
        let local = "127.0.0.1:5000".parse().unwrap();
        let host = "127.0.0.1:7440".to_owned();
        let mut out = self.give(Input::Server(ServerInput::Up {
            attempt,
            server: server_id(),
            exporters: EXPORTERS,
            local,
            host,
        }));
        let resume = asks(&out).first().map(|(id, _)| *id).unwrap();
        out.extend(self.reply(resume, Ok(Reply::Welcome(Box::new(self.welcome())))));
        let list = asked(&out, |request| matches!(request, Request::Contacts { .. })).unwrap();
        let page = ContactPage {
            contacts: List::new(vec![self.friend.contact(friend_online)]).unwrap(),
            blocked: List::default(),
            more: false,
        };
        out.extend(self.reply(list, Ok(Reply::Contacts(page))));
        out
    }

    pub(super) fn welcome(&self) -> Welcome {
        Welcome {
            account: self.me.account,
            login: self.me.login.clone(),
            profile: self.me.profile(),
            server_name: Text::new("Lab").unwrap(),
            now_ms: START + self.mono_ms,
            membership: self.me.membership(),
            card: self.me.signed_card(),
            revocations: revocations(),
            discovery_key: [1; 32],
            discovery_key_before: [2; 32],
        }
    }

    /// The power fails and comes back: only what was committed is there.
    pub(super) fn crash(self) -> (Self, Vec<Output>) {
        let disk = self.disk.after_power_failure();
        Self::open(disk, (self.me, self.friend), self.mono_ms)
    }

    pub(super) fn give(&mut self, input: Input) -> Vec<Output> {
        let (mut tx, mut out) = (self.store.begin(), Vec::new());
        let now = Now {
            wall_ms: START + self.mono_ms,
            mono_ms: self.mono_ms,
        };
        let mut cx = Context {
            now,
            entropy: &mut self.entropy,
            tx: &mut tx,
            out: &mut out,
        };
        self.core.handle(input, &mut cx).unwrap();
        tx.commit().unwrap();
        out
    }

    pub(super) fn command(&mut self, command: Command) -> Vec<Output> {
        self.commands += 1;
        self.give(Input::Command(CommandId(self.commands), command))
    }

    pub(super) fn reply(&mut self, id: u32, result: Result<Reply, Refusal>) -> Vec<Output> {
        let attempt = Attempt(self.core.session.attempts_made());
        self.give(Input::Server(ServerInput::Reply {
            attempt,
            id,
            result,
        }))
    }

    /// Turns the clock, stopping at every deadline on the way.
    pub(super) fn wait(&mut self, ms: u64) -> Vec<Output> {
        let end_ms = self.mono_ms + ms;
        let mut out = Vec::new();
        for _ in 0..1_000 {
            match self.core.deadline_ms() {
                Some(due_ms) if due_ms <= end_ms => {
                    self.mono_ms = self.mono_ms.max(due_ms);
                    out.extend(self.give(Input::Deadline));
                }
                Some(_) | None => break,
            }
        }
        self.mono_ms = end_ms;
        out
    }

    /// The friend dials us and says Hello.
    pub(super) fn friend_dials(&mut self, number: u64) -> (LinkId, Vec<Output>) {
        let link = LinkId::Accepted(number);
        let key = self.friend.device.public();
        let remote = PeerAddr::Direct("127.0.0.1:9000".parse().unwrap());
        let mut out = self.give(Input::Link(LinkInput::Up { link, key, remote }));
        let hello = Direct::Hello(self.friend.hello());
        out.extend(self.frame(link, hello));
        (link, out)
    }

    pub(super) fn frame(&mut self, link: LinkId, frame: Direct) -> Vec<Output> {
        self.give(Input::Link(LinkInput::Frame { link, frame }))
    }
}
