//! The connection to a rendezvous, against a small one that only speaks TLS and frames.

use super::room::PATIENCE;
use crate::core::io::{Attempt, Input, KeySeed, ServerDown, ServerInput, ServerOutput};
use crate::engine::driver::{Inputs, Work};
use crate::engine::server_link::ServerLink;
use hutong_common::codec::{self, frame};
use hutong_common::id::ServerId;
use hutong_common::identity::KeyPair;
use hutong_common::push::{Hint, Push};
use hutong_common::rpc::{ClientFrame, Reply, Request, ServerFrame};
use hutong_common::tls::{self, ALPN_CONTROL, Exporters};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

struct Client {
    link: ServerLink,
    work: mpsc::Receiver<Work>,
}

impl Client {
    fn new() -> Self {
        let (sender, work) = mpsc::channel(64);
        Self {
            link: ServerLink::new(Inputs::new(sender)),
            work,
        }
    }

    fn connect(&mut self, attempt: u64, hosts: &[&str], pin: Option<ServerId>) {
        self.link.perform(ServerOutput::Connect {
            attempt: Attempt(attempt),
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            pin,
            key_seed: KeySeed([5; 32]),
        });
    }

    async fn next(&mut self) -> ServerInput {
        let work = tokio::time::timeout(PATIENCE, self.work.recv()).await;
        match work.expect("in time") {
            Some(Work::Input(Input::Server(input))) => input,
            other => panic!("{other:?}"),
        }
    }
}

fn server_key() -> KeyPair {
    KeyPair::from_seed([8; 32])
}

fn server_id() -> ServerId {
    ServerId(server_key().public().0)
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

async fn accept(listener: &TcpListener) -> std::io::Result<TlsStream<TcpStream>> {
    let (tcp, _) = listener.accept().await?;
    let acceptor = TlsAcceptor::from(tls::server_config(&server_key(), ALPN_CONTROL));
    acceptor.accept(tcp).await
}

async fn read_request(stream: &mut TlsStream<TcpStream>) -> ClientFrame {
    let mut header = [0; 4];
    stream.read_exact(&mut header).await.unwrap();
    let mut body = vec![0; u32::from_be_bytes(header) as usize];
    stream.read_exact(&mut body).await.unwrap();
    codec::decode(&body).unwrap()
}

/// A push of a newer rendezvous, one that is known, and the answer to a request.
async fn say_everything(stream: &mut TlsStream<TcpStream>, id: u32) {
    for said in [
        ServerFrame::Push(Push::Unknown(999, vec![1, 2])),
        ServerFrame::Push(Push::MailWaiting(Hint {})),
        ServerFrame::Reply {
            id,
            result: Ok(Reply::Done),
        },
    ] {
        stream
            .write_all(&frame(&codec::encode(&said)))
            .await
            .unwrap();
    }
    stream.flush().await.unwrap();
}

fn ask(attempt: u64, id: u32) -> ServerOutput {
    ServerOutput::Ask {
        attempt: Attempt(attempt),
        id,
        request: Box::new(Request::Ping),
    }
}

#[tokio::test]
async fn requests_are_answered_and_pushes_of_newer_servers_are_skipped() {
    let (listener, address) = listener().await;
    let nobody = "127.0.0.1:1";
    let host = address.to_string();
    let mut client = Client::new();
    client.connect(1, &[nobody, &host], Some(server_id()));
    let mut stream = accept(&listener).await.unwrap();
    let ServerInput::Up {
        server,
        exporters,
        local,
        host: answered,
        ..
    } = client.next().await
    else {
        panic!("not up");
    };
    assert_eq!((server, answered), (server_id(), host));
    assert_eq!(Exporters::of(stream.get_ref().1), Ok(exporters));
    assert_eq!(Some(local), stream.get_ref().0.peer_addr().ok());
    client.link.perform(ask(7, 1));
    client.link.perform(ask(1, 2));
    assert_eq!(
        read_request(&mut stream).await.id,
        2,
        "another attempt's request is not sent"
    );
    say_everything(&mut stream, 2).await;
    assert!(matches!(
        client.next().await,
        ServerInput::Push {
            push: Push::MailWaiting(_),
            ..
        }
    ));
    assert!(matches!(
        client.next().await,
        ServerInput::Reply {
            id: 2,
            result: Ok(Reply::Done),
            ..
        }
    ));
    drop(stream);
    let down = client.next().await;
    assert!(matches!(
        down,
        ServerInput::Down {
            attempt: Attempt(1),
            why: ServerDown::Unreachable
        }
    ));
}

#[tokio::test]
async fn another_key_is_refused_and_named() {
    let (listener, address) = listener().await;
    let mut client = Client::new();
    let pin = ServerId(KeyPair::from_seed([9; 32]).public().0);
    client.connect(1, &[&address.to_string()], Some(pin));
    assert!(
        accept(&listener).await.is_err(),
        "nothing is said to another key"
    );
    accept(&listener).await.unwrap();
    let ServerInput::Down { why, .. } = client.next().await else {
        panic!("not down");
    };
    assert_eq!(
        why,
        ServerDown::WrongKey {
            found: Some(server_id())
        }
    );
}

#[tokio::test]
async fn first_contact_learns_the_key_under_one_that_is_thrown_away() {
    let (listener, address) = listener().await;
    let mut client = Client::new();
    client.connect(1, &[&address.to_string()], None);
    let stream = accept(&listener).await.unwrap();
    let shown = tls::peer_key(stream.get_ref().1.peer_certificates()).unwrap();
    assert_ne!(shown, KeyPair::from_seed([5; 32]).public());
    assert!(matches!(client.next().await, ServerInput::Up { server, .. } if server == server_id()));
}

#[tokio::test]
async fn nobody_at_all_is_unreachable() {
    let mut client = Client::new();
    client.connect(
        3,
        &["127.0.0.1:1", "no-such-host.invalid:7440", "nonsense"],
        Some(server_id()),
    );
    let down = client.next().await;
    assert!(matches!(
        down,
        ServerInput::Down {
            attempt: Attempt(3),
            why: ServerDown::Unreachable
        }
    ));
}

#[tokio::test]
async fn a_newer_attempt_replaces_the_older_and_a_disconnection_sends_the_rest() {
    let (listener, address) = listener().await;
    let host = address.to_string();
    let mut client = Client::new();
    client.connect(1, &[&host], Some(server_id()));
    let mut first = accept(&listener).await.unwrap();
    assert!(matches!(client.next().await, ServerInput::Up { .. }));
    client.connect(2, &[&host], Some(server_id()));
    let mut second = accept(&listener).await.unwrap();
    assert!(matches!(
        client.next().await,
        ServerInput::Up {
            attempt: Attempt(2),
            ..
        }
    ));
    assert!(first.read_u8().await.is_err());
    for id in 0..50 {
        client.link.perform(ask(2, id));
    }
    client.link.perform(ServerOutput::Disconnect);
    for id in 0..50 {
        assert_eq!(read_request(&mut second).await.id, id);
    }
    assert_eq!(second.read(&mut [0]).await.unwrap(), 0, "closed politely");
}

#[tokio::test]
async fn a_frame_beyond_the_bound_ends_the_connection() {
    let (listener, address) = listener().await;
    let mut client = Client::new();
    client.connect(1, &[&address.to_string()], Some(server_id()));
    let mut stream = accept(&listener).await.unwrap();
    assert!(matches!(client.next().await, ServerInput::Up { .. }));
    stream.write_all(&[0xff; 4]).await.unwrap();
    stream.flush().await.unwrap();
    assert!(matches!(client.next().await, ServerInput::Down { .. }));
}
