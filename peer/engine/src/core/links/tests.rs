//! Links, driven by hand: who is listened to, who is answered, and which of two is kept.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the one variant that it is about"
)]

use crate::core::fixture::{Bench, Person, frames, is_closed};
use crate::core::io::{Attempt, ServerInput};
use crate::core::io::{Input, LinkId, LinkInput, LinkOutput, Output};
use crate::paths::PeerAddr;
use hutong_common::bounded::List;
use hutong_common::direct::Direct;
use hutong_common::id::PublicKey;
use hutong_common::identity;
use hutong_common::push::Push;
use hutong_common::rpc::presence::Introduction;

const LINK: LinkId = LinkId::Accepted(7);

fn up(bench: &mut Bench, link: LinkId, key: PublicKey) -> Vec<Output> {
    let remote = PeerAddr::Direct("127.0.0.1:9000".parse().unwrap());
    bench.give(Input::Link(LinkInput::Up { link, key, remote }))
}

#[test]
fn the_listener_says_nothing_before_the_hello_was_checked() {
    let mut bench = Bench::online(true);
    let key = bench.friend.device.public();
    assert!(frames(&up(&mut bench, LINK, key)).is_empty());
    let hello = Direct::Hello(bench.friend.hello());
    assert!(matches!(
        frames(&bench.frame(LINK, hello))[..],
        [Direct::Hello(_), Direct::Candidates(_)]
    ));
}

/// For a minute after one's cable was pulled, nothing arrived, though another way was there: a link no longer goes with an address,
/// so its ways have to be looked for at once.
#[test]
fn another_address_of_ours_puts_all_ways_in_doubt_and_is_told() {
    let mut bench = Bench::online(true);
    let addresses = |bench: &mut Bench, ip: [u8; 4]| {
        bench.give(Input::Addresses {
            udp_port: Some(7442),
            interfaces: vec![[127, 0, 0, 1].into(), ip.into()],
        })
    };
    addresses(&mut bench, [10, 7, 0, 2]);
    let key = bench.friend.device.public();
    up(&mut bench, LINK, key);
    let hello = Direct::Hello(bench.friend.hello());
    bench.frame(LINK, hello);
    let doubted = |out: &[Output]| {
        let doubts = |one: &Output| matches!(one, Output::Link(LinkOutput::DoubtPaths));
        out.iter().any(doubts)
    };
    let told = |out: &[Output]| {
        let frames = frames(out).into_iter();
        frames
            .filter_map(|frame| match frame {
                Direct::Candidates(candidates) => Some(candidates.to_vec()),
                _ => None,
            })
            .next_back()
    };
    let out = addresses(&mut bench, [10, 7, 0, 2]);
    assert!(!doubted(&out) && told(&out).is_none(), "the same as before");
    let out = addresses(&mut bench, [10, 8, 0, 2]);
    assert!(doubted(&out) && !is_closed(&out, LINK));
    let here = "10.8.0.2:7442".parse().unwrap();
    assert!(told(&out).unwrap().contains(&here));
}

#[test]
fn strangers_thieves_of_hellos_and_babblers_are_closed_without_a_word() {
    let mut bench = Bench::online(true);
    let stranger = Person::new(3, "zhao");
    let friend_key = bench.friend.device.public();
    let (_, message) = bench.friend.writes(bench.me.account, 1, "too early");
    let cases = [
        (stranger.device.public(), Direct::Hello(stranger.hello())),
        (
            stranger.device.public(),
            Direct::Hello(bench.friend.hello()),
        ),
        (friend_key, Direct::Deliver(message)),
    ];
    for (key, frame) in cases {
        up(&mut bench, LINK, key);
        let out = bench.frame(LINK, frame);
        assert!(frames(&out).is_empty() && is_closed(&out, LINK));
    }
}

#[test]
fn a_link_without_a_hello_is_closed_after_two_seconds() {
    let mut bench = Bench::online(true);
    let key = bench.friend.device.public();
    up(&mut bench, LINK, key);
    assert!(!is_closed(&bench.wait(1_900), LINK));
    assert!(is_closed(&bench.wait(200), LINK));
}

#[test]
fn an_older_card_and_another_card_of_the_same_version_change_nothing() {
    let mut bench = Bench::online(true);
    let key = bench.friend.device.public();
    bench.friend.card.issued_ms += 1;
    up(&mut bench, LINK, key);
    let twin = Direct::Hello(bench.friend.hello());
    assert!(is_closed(&bench.frame(LINK, twin), LINK));
    bench.friend.card.version -= 1;
    up(&mut bench, LINK, key);
    let older = Direct::Hello(bench.friend.hello());
    assert!(
        !is_closed(&bench.frame(LINK, older), LINK),
        "our newer card still lists the device"
    );
}

#[test]
fn when_both_sides_dial_at_once_one_link_is_left() {
    // Both sides used to close their own dial when the other's succeeded, and no link was left.
    let mut bench = Bench::online(true);
    let device = identity::device_id(&bench.friend.device.public());
    let account = bench.friend.account;
    let candidates = List::new(vec!["127.0.0.1:9000".parse().unwrap()]).unwrap();
    let push = Push::Introduction(Introduction {
        account,
        device,
        candidates,
    });
    let attempt = Attempt(1);
    let out = bench.give(Input::Server(ServerInput::Push { attempt, push }));
    let dialled = out.iter().find_map(|one| match one {
        Output::Link(LinkOutput::Dial { link, .. }) => Some(*link),
        _ => None,
    });
    let dialled = dialled.unwrap();
    let (accepted, out) = bench.friend_dials(1);
    assert!(!is_closed(&out, dialled) && !is_closed(&out, accepted));
    let key = bench.friend.device.public();
    assert!(matches!(
        frames(&up(&mut bench, dialled, key))[..],
        [Direct::Hello(_)]
    ));
    bench.frame(dialled, Direct::Hello(bench.friend.hello()));
    let out = bench.wait(21_000);
    assert_ne!(is_closed(&out, dialled), is_closed(&out, accepted));
    assert!(bench.core.has_link(account));
}

/// A computer with two addresses is dialled at both, and each side kept another of the two links: ten seconds later
/// both were closed, and what was under way went by mail.
#[test]
fn of_two_links_that_one_side_dialled_only_one_side_chooses() {
    let mut bench = Bench::online(true);
    let friend = identity::device_id(&bench.friend.device.public());
    let we_choose = identity::device_id(&bench.me.device.public()) < friend;
    let (first, _) = bench.friend_dials(1);
    let (second, out) = bench.friend_dials(2);
    assert!(!is_closed(&out, first) && !is_closed(&out, second));
    let out = bench.wait(11_000);
    let closed = [first, second].map(|link| is_closed(&out, link));
    let count = closed.iter().filter(|closed| **closed).count();
    assert_eq!(count, usize::from(we_choose));
    if !we_choose {
        bench.give(Input::Link(LinkInput::Down { link: second }));
        let out = bench.wait(30_000);
        assert!(!is_closed(&out, first), "the one that the other side kept");
    }
    assert!(bench.core.has_link(bench.friend.account));
}
