//! A TCP relay and nothing around it: whoever comes is paired with whoever comes next, and tokio copies between both.

use super::{Said, say};
use std::net::Ipv4Addr;
use tokio::io::copy_bidirectional;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// Serves until it is killed. On as many threads as the rendezvous.
pub(super) fn relay() -> anyhow::Result<()> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        say(&Said::listening(listener.local_addr()?, None))?;
        loop {
            let (mut one, _) = listener.accept().await?;
            let (mut other, _) = listener.accept().await?;
            one.set_nodelay(true)?;
            other.set_nodelay(true)?;
            // Whoever breaks off is not missed.
            tokio::spawn(async move { copy_bidirectional(&mut one, &mut other).await.ok() });
        }
    })
}
