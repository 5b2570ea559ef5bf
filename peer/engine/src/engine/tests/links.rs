//! Links between two endpoints.

use super::room::{PATIENCE, Room, linked};
use crate::core::io::{Input, LinkId, LinkInput, LinkOutput};
use hutong_common::direct::{Direct, Shown};
use hutong_common::id::MsgId;
use hutong_common::identity::KeyPair;
use hutong_common::tls::{self, ALPN_PEER};
use quinn::crypto::rustls::QuicClientConfig;
use std::sync::Arc;

/// A frame that carries a number.
pub(super) fn shown(number: u16) -> Direct {
    let mut id = [0; 16];
    id[..2].copy_from_slice(&number.to_be_bytes());
    Direct::Shown(Shown { upto: MsgId(id) })
}

fn send(room: &mut Room, link: LinkId, number: u16) {
    let frame = Box::new(shown(number));
    room.links.perform(LinkOutput::Send { link, frame });
}

#[tokio::test]
async fn frames_go_both_ways_in_order_and_a_closing_link_sends_the_rest() {
    let (mut left, mut right) = (Room::new(1, None), Room::new(2, None));
    let (dialled, accepted) = linked(&mut left, &mut right).await;
    for number in 0..200 {
        send(&mut left, dialled, number);
    }
    send(&mut right, accepted, 999);
    left.links.perform(LinkOutput::Close { link: dialled });
    for number in 0..200 {
        let Input::Link(LinkInput::Frame { frame, .. }) = left.tend_while(right.next()).await
        else {
            panic!("no frame");
        };
        assert_eq!(frame, shown(number));
    }
    let ended = left.tend_while(right.next()).await;
    assert!(matches!(ended, Input::Link(LinkInput::Down { link }) if link == accepted));
    loop {
        let input = right.tend_while(left.next()).await;
        if let Input::Link(LinkInput::Down { link }) = input {
            assert_eq!(link, dialled);
            break;
        }
        assert!(
            matches!(input, Input::Link(LinkInput::Frame { frame, .. }) if frame == shown(999))
        );
    }
}

#[tokio::test]
async fn a_dial_that_finds_another_key_does_not_come_up() {
    let (mut left, mut right) = (Room::new(1, None), Room::new(2, None));
    let other = KeyPair::from_seed([9; 32]).public();
    let dialled = left.dial(1, other, right.address);
    let down = right.tend_while(left.next()).await;
    assert!(matches!(down, Input::Link(LinkInput::Down { link }) if link == dialled));
}

#[tokio::test]
async fn nobody_is_let_in_without_an_identity_and_losing_it_ends_every_link() {
    let (mut left, mut right) = (Room::new(1, None), Room::new(2, None));
    let (dialled, accepted) = linked(&mut left, &mut right).await;
    right.identify(false);
    let down = left.tend_while(right.next()).await;
    assert!(matches!(down, Input::Link(LinkInput::Down { link }) if link == accepted));
    let down = right.tend_while(left.next()).await;
    assert!(matches!(down, Input::Link(LinkInput::Down { link }) if link == dialled));
    let refused = left.dial(2, right.key(), right.address);
    let down = right.tend_while(left.next()).await;
    assert!(matches!(down, Input::Link(LinkInput::Down { link }) if link == refused));
    let nobody = right.dial(3, left.key(), left.address);
    let down = left.tend_while(right.next()).await;
    assert!(matches!(down, Input::Link(LinkInput::Down { link }) if link == nobody));
}

#[tokio::test]
async fn a_stranger_who_says_nothing_or_nonsense_is_left() {
    let mut room = Room::new(1, None);
    let key = KeyPair::from_seed([7; 32]);
    let crypto = tls::client_config(&key, room.key(), ALPN_PEER);
    let crypto = QuicClientConfig::try_from(crypto).unwrap();
    let config = quinn::ClientConfig::new(Arc::new(crypto));
    let stranger = quinn::Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
    for says in [&b""[..], b"\xff\xff\xff\xff", b"\0\0\0\x03abc"] {
        let address = room.address;
        let talk = async {
            let connecting = stranger.connect_with(config.clone(), address, tls::SERVER_NAME);
            let connection = connecting.unwrap().await.unwrap();
            let (mut send, _recv) = connection.open_bi().await.unwrap();
            send.write_all(says).await.unwrap();
            connection.closed().await
        };
        let closed = tokio::time::timeout(PATIENCE, room.tend_while(talk)).await;
        assert!(closed.is_ok(), "{says:?}");
    }
}
