//! Whole programs on the other side: a client's core that hears a stranger, a friend who lies, or a rendezvous that
//! does, and a rendezvous' service that hears a client.
//!
//! They live in the deterministic world, without its network: the bytes are given to them as if they had come. After
//! some hundred inputs everything is made anew, so that what one input broke does not hide the next.

use crate::harness::actor::Actor;
use crate::harness::computer::Step;
use crate::harness::world::World;
use hutong_common::bounded::Bytes;
use hutong_common::codec;
use hutong_common::direct::{Direct, Hello};
use hutong_common::id::PublicKey;
use hutong_common::identity::KeyPair;
use hutong_common::limits::SIGNED_BYTES_MAX;
use hutong_common::message::Inner;
use hutong_common::rpc::{ClientFrame, ServerFrame};
use hutong_common::signed::{Card, ReceiptBody, Signed, SignedBody};
use hutong_engine::api::Event;
use hutong_engine::core::io::{Attempt, Input, LinkId, LinkInput, LinkOutput, Output, ServerInput};
use hutong_engine::paths::PeerAddr;
use hutong_engine::store::home::ACCOUNT;
use std::cell::RefCell;

/// Inputs until everything is made anew.
const RENEWED_AFTER: u32 = 256;

thread_local! {
    static MEETING: RefCell<Option<Meeting>> = const { RefCell::new(None) };
}

/// Alice hears what is said; Bob is her friend, whose keys the attacker holds when he is to.
struct Meeting {
    world: World,
    alice: Actor,
    bob: Actor,
    said: u32,
}

fn meeting(with: impl FnOnce(&mut Meeting)) {
    MEETING.with_borrow_mut(|kept| {
        if kept
            .as_ref()
            .is_none_or(|meeting| meeting.said >= RENEWED_AFTER)
        {
            // The old one first: a world listens to the log of its thread.
            *kept = None;
            *kept = Some(Meeting::new());
        }
        if let Some(meeting) = kept {
            meeting.said += 1;
            with(meeting);
        }
    });
}

/// A body that need not be one, under a signature that holds.
fn signed_as<T: SignedBody>(body: &[u8], key: &KeyPair) -> Option<Signed> {
    let bounded = Bytes::<SIGNED_BYTES_MAX>::new(body).ok()?;
    let signature = key.sign(T::CONTEXT, body);
    codec::decode(&[codec::encode(&bounded), signature.to_vec()].concat()).ok()
}

impl Meeting {
    fn new() -> Self {
        let world = World::new(7440);
        let (alice, bob) = world.friends("alice", "bob");
        Self {
            world,
            alice,
            bob,
            said: 0,
        }
    }

    /// What Alice's core does about it.
    fn hears(&self, input: Input) -> Vec<Output> {
        let now_us = self.world.now_ms() * 1_000;
        let step = self
            .alice
            .computer(|computer| computer.step(vec![input], now_us));
        match step {
            Step::Done(out) | Step::Killed(out) => out,
        }
    }

    /// The key that Bob shows to peers.
    fn bobs_key(&self) -> KeyPair {
        let key = self.bob.computer(|bob| {
            let key = bob
                .program
                .as_ref()
                .and_then(|program| program.identity.as_ref());
            key.map(|key| KeyPair::from_seed(*key.seed()))
        });
        key.expect("he is signed in")
    }

    fn bobs_hello(&self) -> Hello {
        let account = self.bob.computer(|bob| bob.read(|tx| tx.single(ACCOUNT)));
        let account = account
            .and_then(Result::ok)
            .flatten()
            .expect("he has an account");
        Hello {
            membership: account.membership,
            card: account.card,
            revocations_version: 0,
        }
    }

    /// A link that shows this key.
    fn link(&self, key: PublicKey) -> LinkId {
        let link = LinkId::Accepted(1_000_000 + u64::from(self.said));
        let remote = PeerAddr::Direct(([10, 0, 0, 99], 9_000).into());
        self.hears(Input::Link(LinkInput::Up { link, key, remote }));
        link
    }

    fn frame(&self, link: LinkId, frame: Direct) -> Vec<Output> {
        self.hears(Input::Link(LinkInput::Frame { link, frame }))
    }

    fn hang_up(&self, link: LinkId) {
        self.hears(Input::Link(LinkInput::Down { link }));
    }
}

fn says_hello(out: &[Output]) -> bool {
    let is_hello = |one: &Output| matches!(one, Output::Link(LinkOutput::Send { frame, .. }) if matches!(**frame, Direct::Hello(_)));
    out.iter().any(is_hello)
}

fn tells_message(out: &[Output]) -> bool {
    out.iter()
        .any(|one| matches!(one, Output::Event(Event::Message(_))))
}

/// The first frame of a link whose key is a stranger's or Bob's own, by the length of the bytes: it is answered only
/// to Bob, and only when both proofs in it hold.
pub(super) fn stranger(bytes: &[u8]) {
    let Ok(frame) = codec::decode::<Direct>(bytes) else {
        return;
    };
    meeting(|meeting| {
        let bob = meeting.bobs_key().public();
        let strange = KeyPair::from_seed([77; 32]).public();
        for key in [strange, bob] {
            let link = meeting.link(key);
            let out = meeting.frame(link, frame.clone());
            assert!(!tells_message(&out), "{out:?}");
            if says_hello(&out) {
                let Direct::Hello(hello) = &frame else {
                    panic!("{frame:?} is answered by a Hello");
                };
                let real = meeting.bobs_hello();
                assert_eq!(
                    (key, &hello.membership, &hello.card),
                    (bob, &real.membership, &real.card)
                );
            }
            meeting.hang_up(link);
        }
    });
}

/// What Bob says after his Hello, with his real signature under whatever he likes, or under nothing.
pub(super) fn false_friend(bytes: &[u8]) {
    let Some((mode, rest)) = bytes.split_first() else {
        return;
    };
    meeting(|meeting| {
        let key = meeting.bobs_key();
        let frame = match mode % 4 {
            0 => signed_as::<Inner>(rest, &key).map(Direct::Deliver),
            1 => signed_as::<ReceiptBody>(rest, &key).map(Direct::Stored),
            2 => signed_as::<Card>(rest, &key).map(Direct::Card),
            _ => codec::decode(rest).ok(),
        };
        let link = meeting.link(key.public());
        let out = meeting.frame(link, Direct::Hello(meeting.bobs_hello()));
        assert!(says_hello(&out), "Bob is known: {out:?}");
        if let Some(frame) = frame {
            let proved = matches!(
                &frame,
                Direct::Deliver(signed) if signed.verify::<Inner>(&key.public()).is_ok()
            );
            let out = meeting.frame(link, frame);
            assert!(proved || !tells_message(&out), "{out:?}");
        }
        meeting.hang_up(link);
    });
}

/// What a rendezvous says to a client that is signed in there.
pub(super) fn false_rendezvous(bytes: &[u8]) {
    let Ok(frame) = codec::decode::<ServerFrame>(bytes) else {
        return;
    };
    meeting(|meeting| {
        for attempt in (0..3).map(Attempt) {
            let input = match frame.clone() {
                ServerFrame::Reply { id, result } => ServerInput::Reply {
                    attempt,
                    id,
                    result,
                },
                ServerFrame::Push(push) => ServerInput::Push { attempt, push },
            };
            let out = meeting.hears(Input::Server(input));
            assert!(!tells_message(&out), "{out:?}");
        }
    });
}

/// What a client asks that is signed in.
pub(super) fn false_client(bytes: &[u8]) {
    let Ok(frame) = codec::decode::<ClientFrame>(bytes) else {
        return;
    };
    meeting(|meeting| {
        let control = meeting
            .alice
            .computer(|alice| alice.program.as_ref().and_then(|program| program.control));
        let control = control.expect("she is online");
        let now_us = meeting.world.now_ms() * 1_000;
        let batch = vec![(control, codec::encode(&frame))];
        meeting
            .world
            .server(|server| drop(server.step(batch, now_us)));
    });
}
