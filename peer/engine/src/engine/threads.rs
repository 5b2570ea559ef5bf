//! The two threads of a running client: how they are put together, and how they end.
//!
//! Called once, by [`Engine::start`](super::Engine::start). Each thread makes its own runtime, because one must not end
//! where others are waited for. The home is free when both have ended.

use super::clock::Clock;
use super::discovery::{Discovery, Scope};
use super::doctor::{Doctor, Knocks};
use super::driver::{Driver, Inputs, Orders};
use super::endpoint::Endpoint;
use super::files::{Files, Pace, Streams, Transfers};
use super::home::{Folders, Home};
use super::links::Links;
use super::mux::Mux;
use super::net::{Deed, Net};
use super::pictures::Pictures;
use super::relays::Relays;
use super::server_link::ServerLink;
use super::wrap::Wrap;
use super::{EngineConfig, StartError};
use hutong_common::limits::STOP_LINKS_MS;
use std::io;
use std::net::{IpAddr, UdpSocket};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

pub(super) fn transfers(
    config: &EngineConfig,
    home: &Folders,
    (inputs, clock): (Inputs, Clock),
) -> Transfers {
    Transfers {
        inputs,
        clock,
        offers: home.offers(),
        parts: home.parts(),
        sending: Pace::new(config.max_rate_bytes),
        receiving: Pace::new(config.max_rate_bytes),
    }
}

/// Starts the network's thread and waits until it can be used.
pub(super) fn start_net(
    transfers: Transfers,
    (config, socket): (&EngineConfig, Option<UdpSocket>),
    deeds: mpsc::Receiver<Deed>,
) -> Result<JoinHandle<()>, StartError> {
    let (mdns, bind, wrap) = (config.mdns, config.bind, Arc::clone(&config.wrap));
    let (said, opened) = std::sync::mpsc::sync_channel(1);
    let run = move || match open_net(transfers, socket, (mdns, bind, wrap)) {
        Ok((runtime, net)) => {
            // Whoever starts the engine waits for this, and for nothing after it.
            said.send(Ok(())).ok();
            runtime.block_on(net.run(deeds));
            // Threads that write files note what they have.
            runtime.shutdown_timeout(Duration::from_millis(STOP_LINKS_MS));
        }
        Err(error) => drop(said.send(Err(error))),
    };
    let thread = std::thread::Builder::new()
        .name("hutong-net".to_owned())
        .spawn(run)
        .map_err(StartError::Threads)?;
    let lost = |_| StartError::Threads(io::ErrorKind::Other.into());
    opened.recv().map_err(lost)??;
    Ok(thread)
}

fn open_net(
    transfers: Transfers,
    socket: Option<UdpSocket>,
    (mdns, bind, wrap): (bool, Option<IpAddr>, Arc<dyn Wrap>),
) -> Result<(Runtime, Net), StartError> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(StartError::Threads)?;
    let inside = runtime.enter();
    let knocks = Knocks::default();
    let mux = Mux::new(socket, knocks.clone()).map_err(StartError::Udp)?;
    let endpoint = Endpoint::new(&mux).map_err(StartError::Udp)?;
    let port = mux.port();
    let inputs = transfers.inputs.clone();
    let streams = Streams::default();
    let net = Net {
        server: ServerLink::new(inputs.clone()),
        links: Links::new(inputs.clone(), streams.clone(), (mux.clone(), endpoint)),
        relays: Relays::new(inputs.clone(), mux.clone(), (bind, wrap)),
        files: Files::new(transfers, streams),
        pictures: Pictures::new(inputs.clone()),
        doctor: Doctor::new(inputs.clone(), knocks),
        discovery: Discovery::start(&inputs, Scope { mdns, port, bind }),
        inputs,
    };
    tokio::spawn(mux.tend(net.inputs.clone()));
    drop(inside);
    Ok((runtime, net))
}

/// Starts the core's thread, which frees the home when both threads have ended.
pub(super) fn start_core(
    driver: Driver,
    orders: Orders,
    (net, home): (JoinHandle<()>, Home),
) -> io::Result<()> {
    let run = move || {
        let waiting = match Builder::new_current_thread().enable_time().build() {
            Ok(runtime) => runtime.block_on(driver.run(orders)),
            Err(error) => {
                tracing::error!(%error, "the core's thread cannot wait for time");
                drop((driver, orders));
                Vec::new()
            }
        };
        if net.join().is_err() {
            tracing::error!("the network's thread failed");
        }
        drop(home);
        drop(waiting);
    };
    std::thread::Builder::new()
        .name("hutong-core".to_owned())
        .spawn(run)
        .map(drop)
}
