//! A computer without our program: it holds keys, dials whom it likes, and says what it likes.

use crate::harness::actor::Actor;
use crate::harness::computer::EPOCH_MS;
use crate::harness::pipe::PipeId;
use crate::harness::world::{Shared, run_until};
use hutong_common::bounded::{List, Text};
use hutong_common::direct::{Direct, FileGet, FileName, Hello};
use hutong_common::id::{AccountId, DeviceId, MsgId, Root, ServerId};
use hutong_common::identity::{KeyPair, device_id};
use hutong_common::message::{Content, INNER_VERSION, Inner, To, Words};
use hutong_common::refusal::Refusal;
use hutong_common::signed::Signed;
use hutong_engine::store::home::{ACCOUNT, DEVICE};
use std::rc::Rc;

/// What writes messages.
#[derive(Clone, Debug)]
pub struct Pen {
    /// The rendezvous.
    pub server: ServerId,
    /// The account that it writes for.
    pub account: AccountId,
    /// The key that it signs with.
    pub device: KeyPair,
}

impl Pen {
    /// Id of the device.
    pub fn device_id(&self) -> DeviceId {
        device_id(&self.device.public())
    }

    /// An honest text, not signed yet.
    pub fn inner(&self, to: AccountId, seq: u64, (at_ms, text): (u64, &str)) -> Inner {
        let words = Words {
            body: Text::new(text).expect("a short text"),
            reply_to: None,
            mentions: List::default(),
        };
        Inner {
            version: INNER_VERSION,
            msg_id: MsgId::new(at_ms, [seq as u8; 10]),
            server_id: self.server,
            to: To::Account(to),
            sender_account: self.account,
            sender_device: self.device_id(),
            seq,
            hlc: at_ms << 16,
            sent_ms: at_ms,
            content: Content::Text(words),
        }
    }

    /// Signs it.
    pub fn signs(&self, inner: &Inner) -> Signed {
        Signed::new(inner, &self.device)
    }
}

/// A computer of somebody evil.
#[derive(Debug)]
pub struct Rogue {
    /// What it writes with.
    pub pen: Pen,
    /// The key that it shows in TLS.
    pub tls: KeyPair,
    /// How it introduces itself.
    pub hello: Hello,
    simulation: Shared,
    who: usize,
}

impl Rogue {
    /// A computer on the network of `near`, with these keys.
    pub fn new(near: &Actor, pen: Pen, hello: Hello) -> Self {
        let simulation = Rc::clone(near.simulation());
        let who = {
            let mut simulation = simulation.borrow_mut();
            simulation.judge.model.logins.push("a rogue".to_owned());
            simulation.add_client("a rogue")
        };
        Self {
            tls: pen.device.clone(),
            pen,
            hello,
            simulation,
            who,
        }
    }

    /// A computer onto which somebody's home was copied.
    pub fn thief_of(actor: &Actor) -> Self {
        let (device, account) = actor.computer(|computer| {
            let rows = computer.read(|tx| {
                let device = tx.single(DEVICE).expect("rows can be read");
                (device, tx.single(ACCOUNT).expect("rows can be read"))
            });
            let (device, account) = rows.expect("the program runs");
            (device.expect("a device"), account.expect("an account"))
        });
        let pen = Pen {
            server: device.server,
            account: account.account,
            device: KeyPair::from_seed(device.seed),
        };
        let hello = Hello {
            membership: account.membership,
            card: account.card,
            revocations_version: 0,
        };
        Self::new(actor, pen, hello)
    }

    /// Writes an honest text to somebody, now.
    pub fn writes(&self, to: &Actor, seq: u64, text: &str) -> (MsgId, Signed) {
        let at_ms = EPOCH_MS + self.simulation.borrow().now_ms();
        let to = to.account().expect("an account");
        let inner = self.pen.inner(to, seq, (at_ms, text));
        (inner.msg_id, self.pen.signs(&inner))
    }

    /// Dials somebody; nothing is said yet.
    pub fn dials(&self, victim: &Actor) -> RogueLink {
        let mut simulation = self.simulation.borrow_mut();
        let pipe = simulation.rogue_dials(self.who, victim.number(), &self.tls);
        drop(simulation);
        RogueLink {
            simulation: Rc::clone(&self.simulation),
            pipe,
        }
    }

    /// Dials somebody and introduces itself.
    pub fn greets(&self, victim: &Actor) -> RogueLink {
        let link = self.dials(victim);
        link.says(Direct::Hello(self.hello.clone()));
        link
    }
}

/// A link of a rogue.
#[derive(Debug)]
pub struct RogueLink {
    simulation: Shared,
    pipe: PipeId,
}

impl RogueLink {
    /// Sends a frame.
    pub fn says(&self, frame: Direct) {
        self.simulation.borrow_mut().rogue_says(self.pipe, &frame);
    }

    /// What came back.
    pub fn heard(&self) -> Vec<Direct> {
        let simulation = self.simulation.borrow();
        let heard = simulation.ears.rogues.get(&self.pipe);
        heard.cloned().unwrap_or_default()
    }

    /// Asks for a file on a stream of its own; says how that is refused.
    pub fn asks_for(&self, name: FileName, root: Root) -> Option<Refusal> {
        let get = FileGet {
            sender_device: name.sender_device,
            msg_id: name.msg_id,
            root,
            ranges: List::default(),
        };
        let stream = self.simulation.borrow_mut().rogue_asks(self.pipe, get)?;
        run_until(&self.simulation, || false, 2_000);
        self.simulation.borrow().refused(stream)
    }

    /// Whether the other side still listens.
    pub fn is_open(&self) -> bool {
        self.simulation.borrow().is_pipe_open(self.pipe)
    }
}
