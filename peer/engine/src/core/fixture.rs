//! A home that is signed in, with one contact, and a hand that turns its clock and feeds it inputs one by one.
//!
//! Used by the tests of the core's children. The rendezvous is the hand too: nothing answers by itself.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the one variant that it is about"
)]

use super::io::{
    Attempt, CommandId, Input, LinkId, LinkInput, LinkOutput, Now, Output, ServerInput,
    ServerOutput,
};
use super::{Context, Core, CoreConfig};
use crate::api::{Command, Done, Event, Failure};
use crate::paths::PeerAddr;
use crate::store::Store;
use crate::store::contacts::ContactRow;
use crate::store::disk::Disk;
use crate::store::home::{
    ACCOUNT, AccountRow, DEVICE, DeviceRow, NETWORK, NetworkRow, SERVER, ServerRow,
};
use hutong_common::bounded::{List, Text};
use hutong_common::direct::{Direct, Hello};
use hutong_common::entropy::SeededEntropy;
use hutong_common::id::{AccountId, MsgId, ServerId};
use hutong_common::identity::{self, KeyPair};
use hutong_common::limits::DAY_MS;
use hutong_common::message::{Content, INNER_VERSION, Inner, To, Words};
use hutong_common::name::Login;
use hutong_common::opaque::Stretch;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::{Profile, Sex, Welcome};
use hutong_common::rpc::friends::{Contact, ContactPage, Relation};
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::{Card, CardDevice, DeviceKind, Membership, Revocations, Role, Signed};
use hutong_common::vault::SealSeed;
use std::collections::BTreeMap;

pub(super) const START_MS: u64 = 1_790_000_000_000;

pub(super) fn server_key() -> KeyPair {
    KeyPair::from_seed([200; 32])
}

pub(super) fn server_id() -> ServerId {
    ServerId(server_key().public().0)
}

/// An account with one device, made from a number.
pub(super) struct Person {
    pub(super) account: AccountId,
    pub(super) login: Login,
    pub(super) account_key: KeyPair,
    pub(super) device: KeyPair,
    pub(super) seal: SealSeed,
    pub(super) card: Card,
}

impl Person {
    pub(super) fn new(number: u8, login: &str) -> Self {
        let account = AccountId(10_000 + u64::from(number));
        let account_key = KeyPair::from_seed([number; 32]);
        let device = KeyPair::from_seed([100 + number; 32]);
        let seal = SealSeed {
            no: 1,
            seed: [50 + number; 32],
        };
        let entry = CardDevice {
            device_pk: device.public(),
            label: Text::default(),
            kind: DeviceKind::Own,
            added_ms: START_MS,
            until_ms: START_MS + 300 * DAY_MS,
        };
        let card = Card {
            server_id: server_id(),
            account_id: account,
            account_pk: account_key.public(),
            account_gen: 1,
            version: 10,
            seal_no: seal.no,
            seal_pk: seal.public(),
            devices: List::new(vec![entry]).unwrap(),
            issued_ms: START_MS,
        };
        Self {
            account,
            login: Login::new(login).unwrap(),
            account_key,
            device,
            seal,
            card,
        }
    }

    pub(super) fn signed_card(&self) -> Signed {
        Signed::new(&self.card, &self.account_key)
    }

    pub(super) fn membership(&self) -> Signed {
        let membership = Membership {
            server_id: server_id(),
            account_id: self.account,
            login: self.login.clone(),
            account_pk: self.account_key.public(),
            account_gen: self.card.account_gen,
            role: Role::Member,
            serial: 1,
            not_before_ms: START_MS,
            not_after_ms: START_MS + 14 * DAY_MS,
        };
        Signed::new(&membership, &server_key())
    }

    pub(super) fn profile(&self) -> Profile {
        Profile {
            name: self.login.clone().into(),
            sex: Sex::Unsaid,
            signature: Text::default(),
        }
    }

    pub(super) fn hello(&self) -> Hello {
        Hello {
            membership: self.membership(),
            card: self.signed_card(),
            revocations_version: 1,
        }
    }

    pub(super) fn contact(&self, online: bool) -> Contact {
        Contact {
            account: self.account,
            login: self.login.clone(),
            relation: Relation::Friend,
            profile: self.profile(),
            membership: self.membership(),
            card: self.signed_card(),
            since_ms: START_MS,
            online,
        }
    }

    /// The `seq`-th message of this person to somebody.
    pub(super) fn writes(&self, to: AccountId, seq: u64, text: &str) -> (MsgId, Signed) {
        let body = Text::new(text).unwrap();
        let words = Words {
            body,
            reply_to: None,
            mentions: List::default(),
        };
        self.says(to, seq, Content::Text(words))
    }

    pub(super) fn says(&self, to: AccountId, seq: u64, content: Content) -> (MsgId, Signed) {
        self.sign(to, (seq, seq), content)
    }

    /// A message of any number.
    pub(super) fn numbered(&self, to: AccountId, seq: u64, text: &str) -> (MsgId, Signed) {
        let body = Text::new(text).unwrap();
        let (reply_to, mentions) = (None, List::default());
        self.sign(
            to,
            (seq, 99),
            Content::Text(Words {
                body,
                reply_to,
                mentions,
            }),
        )
    }

    fn sign(&self, to: AccountId, (seq, at): (u64, u64), content: Content) -> (MsgId, Signed) {
        let msg_id = MsgId::new(START_MS + at, [at as u8; 10]);
        let inner = Inner {
            version: INNER_VERSION,
            msg_id,
            server_id: server_id(),
            to: To::Account(to),
            sender_account: self.account,
            sender_device: identity::device_id(&self.device.public()),
            seq,
            hlc: (START_MS + at) << 16,
            sent_ms: START_MS + at,
            content,
        };
        (msg_id, Signed::new(&inner, &self.device))
    }
}

fn revocations() -> Signed {
    let list = Revocations {
        server_id: server_id(),
        version: 1,
        issued_ms: START_MS,
        entries: List::default(),
    };
    Signed::new(&list, &server_key())
}

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
            since_ms: START_MS,
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
            home: "/home".into(),
            downloads: "/home/downloads".into(),
            preset: None,
            device_label: "lab 7".to_owned(),
            stretch: Stretch::Identity,
            static_peers: Vec::new(),
            plain_keys: false,
        };
        let now = Now {
            wall_ms: START_MS + mono_ms,
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
            exporter: [3; 32],
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
            now_ms: START_MS + self.mono_ms,
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
            wall_ms: START_MS + self.mono_ms,
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

pub(super) fn asks(out: &[Output]) -> Vec<(u32, &Request)> {
    out.iter()
        .filter_map(|one| match one {
            Output::Server(ServerOutput::Ask { id, request, .. }) => Some((*id, &**request)),
            _ => None,
        })
        .collect()
}

/// Id of the first request of a kind.
pub(super) fn asked(out: &[Output], which: impl Fn(&Request) -> bool) -> Option<u32> {
    asks(out)
        .iter()
        .find(|(_, request)| which(request))
        .map(|(id, _)| *id)
}

pub(super) fn answer(out: &[Output]) -> Option<&Result<Done, Failure>> {
    out.iter().find_map(|one| match one {
        Output::Answer(_, answer) => Some(answer),
        _ => None,
    })
}

pub(super) fn failure(out: &[Output]) -> Option<&'static str> {
    answer(out)?.as_ref().err().map(Failure::code)
}

pub(super) fn events(out: &[Output]) -> Vec<&Event> {
    out.iter()
        .filter_map(|one| match one {
            Output::Event(event) => Some(event),
            _ => None,
        })
        .collect()
}

pub(super) fn frames(out: &[Output]) -> Vec<&Direct> {
    out.iter()
        .filter_map(|one| match one {
            Output::Link(LinkOutput::Send { frame, .. }) => Some(&**frame),
            _ => None,
        })
        .collect()
}

/// The texts of messages told, in order.
pub(super) fn texts(out: &[Output]) -> Vec<String> {
    events(out)
        .into_iter()
        .filter_map(|event| match event {
            Event::Message(message) => message.text.clone(),
            _ => None,
        })
        .collect()
}

/// Whether a link was closed.
pub(super) fn is_closed(out: &[Output], link: LinkId) -> bool {
    out.iter().any(
        |one| matches!(one, Output::Link(LinkOutput::Close { link: closed }) if *closed == link),
    )
}
