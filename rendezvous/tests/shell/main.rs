//! The built program over real sockets on loopback: what it takes, what it refuses, how it starts and stops.

#![expect(clippy::unwrap_used, reason = "in a test, the panic is the message")]

mod accounts;
mod canaries;
mod client;
mod program;

use client::Client;
use hutong_common::bounded::Text;
use hutong_common::codec;
use hutong_common::id::MailRow;
use hutong_common::limits::{FRAME_ANONYMOUS_BYTES_MAX, SHUTDOWN_RETRY_MS_MAX};
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::{Profile, Sex};
use hutong_common::rpc::friends::RequestFriend;
use hutong_common::rpc::mail::MailPageAsk;
use hutong_common::rpc::{ClientFrame, Reply, Request, ServerFrame};
use hutong_common::tls::ALPN_PEER;
use program::{Program, command, serve_refused};
use std::fs;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

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
async fn a_relay_join_is_answered_unavailable() {
    let program = Program::start();
    let mut stream = TcpStream::connect(program.address("control"))
        .await
        .unwrap();
    stream
        .write_all(&[&b"HTR1"[..], &[9; 49]].concat())
        .await
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_eq!(answer, [&[1][..], &[0; 32]].concat());
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
    let profile = client.register("alice", None).await.profile;
    for id in 0..300 {
        client.send(id, Request::SetProfile(profile.clone())).await;
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

#[test]
fn a_second_rendezvous_on_the_same_folder_is_refused() {
    let program = Program::start();
    let refused = serve_refused(&program.data(), &[]);
    assert!(!refused.status.success());
    assert!(one_sentence(&refused.stderr).contains("in use by another rendezvous"));
    assert!(refused.stdout.is_empty());
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

#[cfg(unix)]
#[tokio::test]
async fn a_stop_tells_clients_when_to_come_back_and_keeps_everything() {
    let program = Program::start();
    let mut client = connect(&program, 1).await;
    client.register("alice", None).await;
    program.terminate();
    let told = timeout(Duration::from_secs(15), client.receive())
        .await
        .unwrap();
    let Some(ServerFrame::Push(Push::ShuttingDown(stop))) = told else {
        panic!("{told:?}")
    };
    assert!((1_000..SHUTDOWN_RETRY_MS_MAX).contains(&stop.retry_ms));
    assert_eq!(client.receive().await, None);
    let (status, folder) = program.ended();
    assert_eq!(status.code(), Some(0));

    let again = Program::start_in(folder, &[]);
    let mut client = connect(&again, 1).await;
    let resumed = client.ask(Request::Resume { n: 1 }).await;
    assert!(matches!(resumed, Ok(Reply::Welcome(_))), "{resumed:?}");
}

/// Clients that go on asking while it stops: what was answered is stored, and nobody holds the end up.
#[cfg(unix)]
#[tokio::test]
async fn a_stop_under_load_loses_nothing_that_was_answered() {
    let program = Program::start();
    let mut clients = Vec::new();
    for number in 1..=8 {
        let mut client = connect(&program, number).await;
        client.register(&format!("user{number}"), None).await;
        clients.push(client);
    }
    let load = clients.into_iter().map(|mut client| {
        tokio::spawn(async move {
            let mut done = 0;
            loop {
                let signature = Text::new(format!("{}", done + 1)).unwrap();
                let profile = Profile {
                    name: "name".to_owned().try_into().unwrap(),
                    sex: Sex::Unsaid,
                    signature,
                };
                match client.try_ask(Request::SetProfile(profile)).await {
                    Some(Ok(Reply::Done)) => done += 1,
                    Some(_) | None => return done,
                }
            }
        })
    });
    let load: Vec<_> = load.collect();
    // Under way for certain: somebody was answered after all of them began.
    let mut watching = connect(&program, 9).await;
    watching.register("user9", None).await;
    program.terminate();
    let (status, folder) = timeout(Duration::from_secs(15), spawn_blocking(|| program.ended()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(status.code(), Some(0));
    let again = Program::start_in(folder, &[]);
    for (number, load) in (1..).zip(load) {
        let done: u64 = load.await.unwrap();
        let mut client = connect(&again, number).await;
        let resumed = client.ask(Request::Resume { n: 1 }).await;
        let Ok(Reply::Welcome(welcome)) = resumed else {
            panic!("{resumed:?}")
        };
        let stored: u64 = welcome.profile.signature.parse().unwrap_or(0);
        // The one that was under way may be stored without its answer.
        assert!((done..=done + 1).contains(&stored), "{stored} of {done}");
    }
}

/// A client that takes nothing holds the end up for a while; a second signal does not wait for it.
#[cfg(unix)]
#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let program = Program::start();
    let (mut alice, mut bob) = (connect(&program, 1).await, connect(&program, 2).await);
    alice.register("alice", None).await;
    let account = bob.register("bob", None).await.account;
    canaries::befriend(&mut alice, &mut bob, "bob").await;
    for number in 0..8 {
        let letter = canaries::letter(account, number, &[number; 150 * 1024]);
        alice.ask(letter).await.unwrap();
    }
    // Pages of a megabyte that nobody reads: more than the way back holds.
    for id in 0..16 {
        let after = MailRow(0);
        bob.send(id, Request::Mail(MailPageAsk { after })).await;
    }
    program.terminate();
    // Once it stops, nobody is let in.
    while TcpStream::connect(program.address("control")).await.is_ok() {}
    program.terminate();
    let ended = timeout(Duration::from_secs(8), spawn_blocking(|| program.ended()));
    let (status, _folder) = ended.await.unwrap().unwrap();
    assert_eq!(status.code(), Some(1), "it says that it was cut short");
}

/// In a folder that was there before, the commands' socket was open to whom the person's umask lets.
#[cfg(target_os = "linux")]
#[test]
fn the_files_of_a_rendezvous_are_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let program = Program::start_in(folder, &[]);
    let mut names = Vec::new();
    for file in fs::read_dir(program.data()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{file:?}");
        names.push(file.file_name().into_string().unwrap());
    }
    names.sort_unstable();
    let expected = ["admin.sock", "opaque.key", "rendezvous.redb", "server.key"];
    assert_eq!(names, expected);
}

#[cfg(unix)]
#[test]
fn keys_and_database_that_others_can_read_are_refused() {
    use std::os::unix::fs::PermissionsExt;
    let program = Program::start();
    program.terminate();
    let (_, folder) = program.ended();
    for name in ["server.key", "opaque.key", "rendezvous.redb"] {
        let path = folder.path().join(name);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let refused = serve_refused(folder.path(), &[]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(one_sentence(&refused.stderr).contains(name));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[test]
fn a_mistake_in_the_settings_is_told_with_its_line() {
    let folder = TempDir::new().unwrap();
    let settings = folder.path().join("settings.toml");
    fs::write(&settings, "mdns = false\nlisten_on = 1\n").unwrap();
    let settings = settings.to_str().unwrap();
    for words in [
        ["check-config", "--config", settings],
        ["serve", "--config", settings],
    ] {
        let refused = command(&words).output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
        assert!(one_sentence(&refused.stderr).contains("settings.toml:2: "));
    }
}

#[test]
fn an_address_in_use_is_told() {
    let program = Program::start();
    let folder = TempDir::new().unwrap();
    let refused = command(&["serve", "--no-mdns", "--listen", program.told("control")])
        .arg("--data")
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(one_sentence(&refused.stderr).contains(program.told("control")));
}
