//! Knocking at what may stand at the address of a rendezvous.

use super::*;
use crate::api::doctor::Packets;
use crate::api::doctor::TcpAnswer;
use crate::engine::endpoint;
use crate::engine::mux::Mux;
use hutong_common::check::{CheckKind, CheckPacket, CheckToken};
use hutong_common::identity::KeyPair;
use hutong_common::limits::{CHECK_LARGE_BYTES, CHECK_SMALL_PACKETS};
use hutong_common::tls::{ALPN_CONTROL, server_config};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What answers at `host`, for somebody who wants this key.
async fn answer(host: SocketAddr, pin: Option<ServerId>) -> TcpAnswer {
    let looked = look(vec![host.to_string()], pin, true).await;
    assert_eq!(looked.server, Some(host));
    assert_eq!(looked.way, Some(host.ip()));
    looked.tcp.unwrap()
}

/// Treats every connection in this way, for as long as the test runs.
async fn standing<F: Future<Output = ()> + Send>(
    treat: impl Fn(TcpStream) -> F + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            treat(stream).await;
        }
    });
    address
}

#[tokio::test]
async fn a_rendezvous_is_told_from_another_one_by_its_key() {
    let key = KeyPair::from_seed([7; 32]);
    let right = ServerId(key.public().0);
    let acceptor = TlsAcceptor::from(server_config(&key, ALPN_CONTROL));
    let host = standing(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            acceptor.accept(stream).await.ok();
        }
    })
    .await;
    assert_eq!(answer(host, Some(right)).await, TcpAnswer::Right);
    assert_eq!(answer(host, None).await, TcpAnswer::Right);
    let other = ServerId([9; 32]);
    assert_eq!(answer(host, Some(other)).await, TcpAnswer::WrongKey);
}

#[tokio::test]
async fn a_web_page_that_answers_for_everybody_is_seen_as_one() {
    let host = standing(|mut stream| async move {
        let mut asked = [0; 5];
        if stream.read_exact(&mut asked).await.is_ok() {
            let page = b"HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n";
            stream.write_all(page).await.ok();
        }
    })
    .await;
    assert_eq!(answer(host, None).await, TcpAnswer::WebPage);
}

#[tokio::test]
async fn who_hangs_up_talks_nonsense_or_is_not_there_is_told_apart() {
    let hangs_up = standing(|stream| async move { drop(stream) }).await;
    assert_eq!(answer(hangs_up, None).await, TcpAnswer::Closed);
    let nonsense = standing(|mut stream| async move {
        let mut asked = [0; 5];
        stream.read_exact(&mut asked).await.ok();
        stream.write_all(&[0x55; 64]).await.ok();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.ok();
    })
    .await;
    assert_eq!(answer(nonsense, None).await, TcpAnswer::NotTls);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(answer(nobody, None).await, TcpAnswer::Refused);
    let nowhere = look(vec!["no.such.name.invalid:7440".to_owned()], None, true).await;
    assert_eq!(nowhere.tcp, Some(TcpAnswer::NoName));
}

#[tokio::test]
async fn of_several_addresses_the_best_answer_counts() {
    let key = KeyPair::from_seed([7; 32]);
    let acceptor = TlsAcceptor::from(server_config(&key, ALPN_CONTROL));
    let right = standing(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            acceptor.accept(stream).await.ok();
        }
    })
    .await;
    let hangs_up = standing(|stream| async move { drop(stream) }).await;
    let hosts = vec![hangs_up.to_string(), right.to_string()];
    let looked = look(hosts, Some(ServerId(key.public().0)), true).await;
    assert_eq!(
        (looked.tcp, looked.server),
        (Some(TcpAnswer::Right), Some(right))
    );
    // This computer has at least the adapter on which all of this happened.
    assert!(looked.adapters.iter().any(|one| one.ip.is_loopback()));
}

/// A rendezvous that sends back what `goes_back` lets through, by the number of the packet.
async fn echoing(goes_back: fn(u8) -> bool) -> SocketAddr {
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; CHECK_LARGE_BYTES];
        while let Ok((len, from)) = socket.recv_from(&mut buffer).await {
            let asked = CheckPacket::decode(&buffer[..len]).unwrap();
            let kind = CheckKind::Echoed;
            if goes_back(asked.number) {
                let answer = CheckPacket { kind, ..asked }.encode(len);
                socket.send_to(&answer, from).await.unwrap();
            }
        }
    });
    address
}

#[tokio::test]
async fn packets_that_come_back_are_counted_apart_by_size() {
    let token = CheckToken([3; 16]);
    let arrived = |packets: Packets| packets.arrived;
    for (goes_back, burst, small, large) in [
        ((|_| true) as fn(u8) -> bool, true, 5, Some(20)),
        (|_| true, false, 5, None),
        (|number| number < CHECK_SMALL_PACKETS, true, 5, Some(0)),
        (|_| false, true, 0, None),
    ] {
        let at = echoing(goes_back).await;
        // The host is where the control connection went, the port that of UDP.
        let echoed = echo::echo("127.0.0.1:1", at.port(), token, burst).await;
        assert_eq!(echoed.small.arrived, small);
        assert_eq!(echoed.large.map(arrived), large);
        assert_eq!(echoed.rtt_us.is_some(), small > 0);
    }
}

/// Two computers check the way between them.
#[tokio::test]
async fn each_side_counts_what_comes_in_where_links_come_in() {
    let token = CheckToken([5; 16]);
    let mut sides = Vec::new();
    for _ in 0..2 {
        let socket = endpoint::bind(Some([127, 0, 0, 1].into()), 0).unwrap();
        let (address, knocks) = (socket.local_addr().unwrap(), Knocks::default());
        let mux = Mux::new(Some(socket), knocks.clone()).unwrap();
        let endpoint = endpoint::Endpoint::new(&mux).unwrap();
        sides.push((address, knocks, endpoint));
    }
    let [(here, one, _kept), (there, other, _also)] = sides.as_slice() else {
        panic!("there are two");
    };
    let (heard_here, heard_there) = tokio::join!(
        one.knock(token, vec![*there]),
        // Nothing goes the other way, as through a firewall there.
        other.knock(token, Vec::new()),
    );
    assert_eq!(
        (heard_here.arrived, heard_there.arrived),
        (0, heard_there.sent)
    );
    assert_ne!(here, there);
}
