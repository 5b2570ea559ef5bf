//! Starting and stopping on a home.

use crate::api::{Command, Failure};
use crate::engine::{Engine, EngineConfig, StartError, Stopped, Udp};
use hutong_common::refusal::Refusal;
use tempfile::TempDir;

fn config(folder: &TempDir) -> EngineConfig {
    EngineConfig {
        bind: Some(std::net::Ipv4Addr::LOCALHOST.into()),
        mdns: false,
        ..EngineConfig::new(folder.path().join("家"))
    }
}

#[tokio::test]
async fn a_home_runs_one_engine_at_a_time_and_is_free_after_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, _events) = Engine::start(config(&folder)).unwrap();
    let refused = Engine::start(config(&folder)).unwrap_err();
    assert!(matches!(refused, StartError::HomeLocked), "{refused}");
    engine.stop().await;
    let (again, _events) = Engine::start(config(&folder)).unwrap();
    again.stop().await;
}

#[tokio::test]
async fn a_stopped_engine_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, mut events) = Engine::start(config(&folder)).unwrap();
    let asker = events.asker();
    engine.stop().await;
    engine.stop().await;
    while events.next().await.is_some() {}
    assert_eq!(asker.ask(1, Command::Whoami).await, Err(Stopped));
    assert_eq!(engine.listen().await.unwrap_err(), Stopped);
    let failure = engine.run(Command::Whoami).await.unwrap_err();
    assert_eq!(failure, Failure::Refused(Refusal::ShuttingDown));
}

#[tokio::test]
async fn an_engine_that_nobody_holds_ends_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    drop(Engine::start(config(&folder)).unwrap());
    let free = async {
        // The threads end on their own; nothing tells when.
        while let Err(StartError::HomeLocked) = Engine::start(config(&folder)) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), free)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_taken_port_is_said_and_leaves_the_home_free() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let refused = Engine::start(EngineConfig {
        udp: Udp::Port(port),
        ..config(&folder)
    });
    assert!(matches!(refused, Err(StartError::Udp(_))));
    let (engine, _events) = Engine::start(config(&folder)).unwrap();
    engine.stop().await;
}
