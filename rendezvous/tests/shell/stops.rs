//! How the program stops: what it says, what it keeps, and that nobody holds it up for long.

use crate::program::Program;
use crate::{canaries, connect};
use hutong_common::bounded::Text;
use hutong_common::id::MailRow;
use hutong_common::limits::SHUTDOWN_RETRY_MS_MAX;
use hutong_common::push::Push;
use hutong_common::rpc::accounts::{Profile, Sex};
use hutong_common::rpc::mail::MailPageAsk;
use hutong_common::rpc::{Reply, Request, ServerFrame};
use std::fs;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

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
#[tokio::test]
async fn a_stop_under_load_loses_nothing_that_was_answered() {
    let folder = TempDir::new().unwrap();
    let settings = folder.path().join("settings.toml");
    // Where nobody is slowed down.
    fs::write(&settings, "profile = \"lab\"\n").unwrap();
    let program = Program::start_in(folder, &["--config", settings.to_str().unwrap()]);
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
