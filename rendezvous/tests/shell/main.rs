//! The built program over real sockets on loopback: what it takes, what it refuses, how it starts and stops.

#![expect(clippy::unwrap_used, reason = "in a test, the panic is the message")]

mod accounts;
mod canaries;
mod client;
mod program;
mod relay;
mod starts;
#[cfg(unix)]
mod stops;
#[cfg(target_os = "linux")]
mod tiny_disk;

use client::Client;
use hutong_common::bounded::Text;
use hutong_common::codec;
use hutong_common::limits::FRAME_ANONYMOUS_BYTES_MAX;
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::friends::RequestFriend;
use hutong_common::rpc::mail::MailAcks;
use hutong_common::rpc::{ClientFrame, Reply, Request, ServerFrame};
use hutong_common::tls::ALPN_PEER;
use program::{Program, command};
use std::fs;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn connect(program: &Program, number: u8) -> Client {
    Client::new(
        program.address("control"),
        program.told("server_id"),
        number,
    )
    .await
}

fn one_sentence(stderr: &[u8]) -> String {
    let text = String::from_utf8(stderr.to_vec()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

async fn page(program: &Program, path: &str) -> String {
    let mut stream = TcpStream::connect(program.address("http")).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn the_ready_line_tells_programs_how_to_join() {
    let program = Program::start();
    let mut fields = program.fields();
    fields.sort_unstable();
    let expected = [
        "control",
        "fingerprint",
        "http",
        "invite",
        "owner_code",
        "pid",
        "ready",
        "server_id",
    ];
    assert_eq!(fields, expected);
    let invite: hutong_common::invite::Invite = program.told("invite").parse().unwrap();
    assert_eq!(invite.hosts(), [program.told("control")]);
    assert_eq!(invite.server().to_string(), program.told("server_id"));
    assert!(page(&program, "/healthz").await.starts_with("HTTP/1.1 200"));
    assert!(page(&program, "/readyz").await.starts_with("HTTP/1.1 200"));
    let mut client = connect(&program, 1).await;
    assert_eq!(client.ask(Request::Ping).await, Ok(Reply::Done));
}

#[tokio::test]
async fn another_protocol_gets_no_further_than_the_handshake() {
    let program = Program::start();
    let server = program.told("server_id").parse().unwrap();
    for protocols in [&[ALPN_PEER][..], &[]] {
        let connected = Client::connect(program.address("control"), server, (1, protocols)).await;
        // The client's handshake may be over before it learns that the server's is not.
        if let Ok(mut client) = connected {
            let ping = codec::frame(&codec::encode(&ClientFrame {
                id: 1,
                request: Request::Ping,
            }));
            let _ = client.stream.write_all(&ping).await;
            assert_eq!(client.receive().await, None);
        }
    }
}

#[tokio::test]
async fn a_stranger_may_not_send_a_large_frame_and_a_member_may() {
    let program = Program::start();
    let len = u32::try_from(FRAME_ANONYMOUS_BYTES_MAX + 1).unwrap();
    let mut stranger = connect(&program, 1).await;
    stranger.stream.write_all(&len.to_be_bytes()).await.unwrap();
    assert_eq!(stranger.receive().await, None);

    let mut member = connect(&program, 2).await;
    member.register("alice", None).await;
    // Nothing that a program of today asks for, so it is refused for that and not for its size.
    let unknown = [
        codec::encode(&5u32),
        vec![0xff; FRAME_ANONYMOUS_BYTES_MAX + 1],
    ]
    .concat();
    member.send_bytes(&unknown).await;
    assert_eq!(member.answer().await, (5, Err(Refusal::Version)));
}

#[tokio::test]
async fn a_frame_may_come_byte_by_byte() {
    let program = Program::start();
    let mut client = connect(&program, 1).await;
    for byte in codec::frame(&codec::encode(&ClientFrame {
        id: 3,
        request: Request::Ping,
    })) {
        client.stream.write_all(&[byte]).await.unwrap();
        client.stream.flush().await.unwrap();
    }
    assert_eq!(client.answer().await, (3, Ok(Reply::Done)));
}

#[tokio::test]
async fn a_stranger_who_asks_and_asks_is_sent_away() {
    let program = Program::start();
    let mut client = connect(&program, 1).await;
    let mut answered = 0;
    for _ in 0..20 {
        client.send(1, Request::Ping).await;
        if client.receive().await.is_none() {
            break;
        }
        answered += 1;
    }
    assert!((8..=9).contains(&answered), "{answered}");
}

#[tokio::test]
async fn pipelined_requests_take_effect_and_are_answered_in_the_order_sent() {
    let program = Program::start();
    let mut bob = connect(&program, 1).await;
    let bob_account = bob.register("bob", None).await.account;
    let mut alice = connect(&program, 2).await;
    alice.register("alice", None).await;
    let request = RequestFriend {
        login: "bob".to_owned().try_into().unwrap(),
        greeting: Text::default(),
    };
    let sent = [
        Request::Block(bob_account),
        Request::CanAdd("bob".to_owned().try_into().unwrap()),
        Request::Unblock(bob_account),
        Request::RequestFriend(request),
        Request::FriendRequests,
        Request::Ping,
    ];
    for (id, request) in (10..).zip(sent) {
        alice.send(id, request).await;
    }
    let mut replies = Vec::new();
    for id in 10..16 {
        let (answered, result) = alice.answer().await;
        assert_eq!(answered, id);
        replies.push(result);
    }
    let Ok(Reply::FriendRequests(open)) = &replies[4] else {
        panic!("{replies:?}")
    };
    assert_eq!(open.len(), 1, "the reader sees what was written before it");
    assert_eq!(replies[5], Ok(Reply::Done));
}

#[tokio::test]
async fn hundreds_of_pipelined_requests_are_all_answered() {
    let program = Program::start();
    let mut client = connect(&program, 1).await;
    client.register("alice", None).await;
    for id in 0..300 {
        let acks = Request::AckMail(MailAcks::default());
        client.send(id, acks).await;
    }
    for id in 0..300 {
        assert_eq!(client.answer().await, (id, Ok(Reply::Done)));
    }
}

#[tokio::test]
async fn of_two_connections_of_a_device_the_newer_wins() {
    let program = Program::start();
    let mut older = connect(&program, 1).await;
    older.register("alice", None).await;
    let mut newer = connect(&program, 1).await;
    let resumed = newer.ask(Request::Resume { n: 1 }).await;
    assert!(matches!(resumed, Ok(Reply::Welcome(_))), "{resumed:?}");
    let told = older.receive().await;
    assert!(
        matches!(told, Some(ServerFrame::Push(Push::Replaced(_)))),
        "{told:?}"
    );
    assert_eq!(older.receive().await, None);
    assert_eq!(newer.ask(Request::Ping).await, Ok(Reply::Done));
}

#[tokio::test]
async fn the_owner_code_is_told_until_somebody_has_used_it() {
    let program = Program::start();
    let code = program.told("owner_code").to_owned();
    connect(&program, 1)
        .await
        .register("alice", Some(&code))
        .await;
    let mut late = connect(&program, 2).await;
    assert_eq!(
        late.try_to_register("bob", Some(&code)).await,
        Err(Refusal::InviteNeeded)
    );
}

#[tokio::test]
async fn an_invitation_lets_in_as_many_as_it_says() {
    let folder = TempDir::new().unwrap();
    let settings = folder.path().join("settings.toml");
    fs::write(&settings, "registration = \"invite\"\nname = \"Class 2\"\n").unwrap();
    let program = Program::start_in(folder, &["--config", settings.to_str().unwrap()]);
    let mut stranger = connect(&program, 1).await;
    assert_eq!(
        stranger.try_to_register("eve", None).await,
        Err(Refusal::InviteNeeded)
    );

    let data = program.data();
    let made = command(&["invite", "--uses", "1", "--host", "a.example:1"])
        .arg("--data")
        .arg(&data)
        .output();
    let made = made.unwrap();
    assert!(made.status.success(), "{made:?}");
    let link = String::from_utf8(made.stdout).unwrap();
    let invite: hutong_common::invite::Invite = link.parse().unwrap();
    assert_eq!(
        (invite.hosts(), invite.name()),
        (&["a.example:1".to_owned()][..], "Class 2")
    );
    connect(&program, 2)
        .await
        .register("alice", invite.token())
        .await;
    let mut second = connect(&program, 3).await;
    assert_eq!(
        second.try_to_register("bob", invite.token()).await,
        Err(Refusal::InviteNeeded)
    );
}
