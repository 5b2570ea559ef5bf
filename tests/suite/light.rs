//! The client without an engine, at a real rendezvous: what floods and measurements rest on.

use anyhow::ensure;
use hutong_common::entropy::OsEntropy;
use hutong_common::identity::KeyPair;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Request;
use hutong_tests::driver::{LightClient, Stage};

#[tokio::test]
async fn a_client_by_hand_registers_comes_back_and_proves_its_password() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let server = stage.rendezvous()?;
    let key = KeyPair::generate(&mut OsEntropy);
    let mut first = LightClient::connect(server.port()?, &key).await?;
    let account = first.register("light").await?.account;
    first.ping().await?;
    drop(first);

    let mut back = LightClient::connect(server.port()?, &key).await?;
    ensure!(back.resume(1).await?.account == account);

    let mut copy = LightClient::connect(server.port()?, &key).await?;
    let twice = copy.ask(Request::Resume { n: 1 }).await?;
    ensure!(twice == Err(Refusal::Cloned), "{twice:?}");

    let other = KeyPair::generate(&mut OsEntropy);
    let mut elsewhere = LightClient::connect(server.port()?, &other).await?;
    ensure!(elsewhere.sign_in("light").await?.account == account);
    let mut stranger = LightClient::connect(server.port()?, &other).await?;
    ensure!(stranger.sign_in("nobody").await.is_err());
    Ok(())
}
