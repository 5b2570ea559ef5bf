//! A rendezvous and many clients without an engine: what idle ones cost, and how quickly they come in.
//!
//! The clients live in this process, so on a machine with few CPUs they take their share from the server. Passwords are
//! not stretched here; how long the real client takes for that stands beside. For comparison: TLS connections with raw
//! public keys and one byte behind the handshake.

use super::figures::{Measure, Who};
use super::peer::Peer;
use super::{Bench, usage};
use crate::driver::{ControlPort, LightClient, Rendezvous, Stage, Stopwatch};
use anyhow::Context;
use hutong_common::entropy::{Entropy, OsEntropy};
use hutong_common::identity::KeyPair;
use hutong_common::opaque::{OpaqueServer, Parties, RegistrationClient, Stretch, password_input};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

/// Clients that come in side by side.
const SIDE_BY_SIDE: usize = 64;
/// Figures of memory are for so many clients.
const CLIENTS: f64 = 1_000.0;
/// No limits for one account or address.
const PROFILE: &str = "profile = \"lab\"\n";

/// A registered device.
#[derive(Debug)]
struct Device {
    login: String,
    key: KeyPair,
    resumed: u64,
}

/// A rendezvous whose clients have all registered and left.
struct Class {
    stage: Stage,
    server: Rendezvous,
    devices: Vec<Device>,
    runtime: Runtime,
}

impl Class {
    fn gather(bench: &Bench<'_>) -> anyhow::Result<Self> {
        let stage = bench.stage()?;
        let config = stage.path("rendezvous.toml");
        std::fs::write(&config, PROFILE)?;
        let config = config.to_str().context("a folder with a readable name")?;
        let server = stage.rendezvous_with(&["--config", config])?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let port = server.port()?;
        let new = (0..bench.options.clients).map(|number| Device {
            login: format!("client{number}"),
            key: KeyPair::generate(&mut OsEntropy),
            resumed: 0,
        });
        let devices = runtime.block_on(each(new.collect(), async move |device: Device| {
            let mut client = LightClient::connect(port, &device.key).await?;
            client.register(&device.login).await?;
            Ok(device)
        }))?;
        Ok(Self {
            stage,
            server,
            devices,
            runtime,
        })
    }

    /// Everybody signs in again; the connections stay open.
    fn come_back(&mut self) -> anyhow::Result<Vec<LightClient>> {
        let port = self.server.port()?;
        let devices = std::mem::take(&mut self.devices);
        let back = self.runtime.block_on(each(devices, async move |device| {
            come_back(port, device).await
        }))?;
        let (clients, devices) = back.into_iter().unzip();
        self.devices = devices;
        Ok(clients)
    }
}

async fn come_back(port: ControlPort, mut device: Device) -> anyhow::Result<(LightClient, Device)> {
    device.resumed += 1;
    let mut client = LightClient::connect(port, &device.key).await?;
    client.resume(device.resumed).await?;
    Ok((client, device))
}

/// Does something for each, some side by side.
async fn each<T: Send + 'static, U: Send + 'static>(
    all: Vec<T>,
    work: impl AsyncFn(T) -> anyhow::Result<U> + 'static,
) -> anyhow::Result<Vec<U>> {
    let (work, mut done, mut running) = (std::rc::Rc::new(work), Vec::new(), JoinSet::new());
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            for one in all {
                if running.len() >= SIDE_BY_SIDE
                    && let Some(finished) = running.join_next().await
                {
                    done.push(finished??);
                }
                let work = std::rc::Rc::clone(&work);
                running.spawn_local(async move { work(one).await });
            }
            while let Some(finished) = running.join_next().await {
                done.push(finished??);
            }
            Ok(done)
        })
        .await
}

pub(super) fn measure_idle(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let mut class = Class::gather(bench)?;
    let share = CLIENTS / f64::from(bench.options.clients);
    for run in bench.runs() {
        bench.begins(run);
        class.server.restart()?;
        let before = usage::of(class.server.id())?;
        let mut clients = class.come_back()?;
        // A second request of each, so that whatever is kept between two is kept.
        class.runtime.block_on(async {
            for client in &mut clients {
                client.ping().await?;
            }
            Ok::<_, anyhow::Error>(())
        })?;
        let after = usage::of(class.server.id())?;
        drop(clients);
        let memory = (after.memory_mib - before.memory_mib) * share;
        bench.note(Measure::IdleMemory, Who::Hutong, memory);

        let greeter = Peer::start(&class.stage, &[&"greet"])?;
        let before = greeter.usage()?;
        let greeted = class
            .runtime
            .block_on(greet(&greeter, bench.options.clients))?;
        let after = greeter.usage()?;
        drop(greeted);
        let memory = (after.memory_mib - before.memory_mib) * share;
        bench.note(Measure::IdleMemory, Who::BareTls, memory);
    }
    Ok(())
}

pub(super) fn measure_resumes(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let mut class = Class::gather(bench)?;
    let clients = bench.options.clients;
    for run in bench.runs() {
        bench.begins(run);
        let before = usage::of(class.server.id())?;
        let watch = Stopwatch::start();
        let back = class.come_back()?;
        let seconds = watch.elapsed().as_secs_f64();
        let cpu = usage::of(class.server.id())?.cpu - before.cpu;
        drop(back);
        bench.note(Measure::Resumes, Who::Hutong, f64::from(clients) / seconds);
        let micros = cpu.as_secs_f64() * 1e6 / f64::from(clients);
        bench.note(Measure::ResumeCpu, Who::Hutong, micros);
        greetings(bench, &class, (Measure::Resumes, Measure::ResumeCpu))?;
    }
    Ok(())
}

pub(super) fn measure_sign_ins(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let class = Class::gather(bench)?;
    let (clients, port) = (bench.options.clients, class.server.port()?);
    for run in bench.runs() {
        bench.begins(run);
        let logins: Vec<String> = class
            .devices
            .iter()
            .map(|device| device.login.clone())
            .collect();
        let before = usage::of(class.server.id())?;
        let watch = Stopwatch::start();
        let signed_in = class
            .runtime
            .block_on(each(logins, async move |login: String| {
                let key = KeyPair::generate(&mut OsEntropy);
                let mut client = LightClient::connect(port, &key).await?;
                client.sign_in(&login).await?;
                Ok(client)
            }))?;
        let seconds = watch.elapsed().as_secs_f64();
        let cpu = usage::of(class.server.id())?.cpu - before.cpu;
        drop(signed_in);
        bench.note(Measure::SignIns, Who::Hutong, f64::from(clients) / seconds);
        let micros = cpu.as_secs_f64() * 1e6 / f64::from(clients);
        bench.note(Measure::SignInCpu, Who::Hutong, micros);
        greetings(bench, &class, (Measure::SignIns, Measure::SignInCpu))?;
        bench.note(Measure::Stretching, Who::Hutong, stretching_ms()?);
    }
    Ok(())
}

/// The same number of bare handshakes.
fn greetings(
    bench: &mut Bench<'_>,
    class: &Class,
    (rate, cpu): (Measure, Measure),
) -> anyhow::Result<()> {
    let clients = bench.options.clients;
    let greeter = Peer::start(&class.stage, &[&"greet"])?;
    let before = greeter.usage()?;
    let watch = Stopwatch::start();
    let greeted = class.runtime.block_on(greet(&greeter, clients))?;
    let seconds = watch.elapsed().as_secs_f64();
    let used = greeter.usage()?.cpu - before.cpu;
    drop(greeted);
    bench.note(rate, Who::BareTls, f64::from(clients) / seconds);
    let micros = used.as_secs_f64() * 1e6 / f64::from(clients);
    bench.note(cpu, Who::BareTls, micros);
    Ok(())
}

async fn greet(greeter: &Peer, clients: u32) -> anyhow::Result<Vec<LightClient>> {
    let (address, server) = greeter.listens()?;
    let port = ControlPort { address, server };
    each((0..clients).collect(), async move |_: u32| {
        let key = KeyPair::generate(&mut OsEntropy);
        let mut client = LightClient::connect(port, &key).await?;
        client.echo(1).await?;
        Ok(client)
    })
    .await
}

/// How long the real client stretches a password.
fn stretching_ms() -> anyhow::Result<f64> {
    let entropy: &mut dyn Entropy = &mut OsEntropy;
    let server = OpaqueServer::new(entropy);
    let password = password_input("correct horse battery");
    let (client, message) = RegistrationClient::start(&password, Stretch::default(), entropy)?;
    let reply = server.register_start("client", &message)?;
    let parties = Parties {
        login: "client",
        server: hutong_common::id::ServerId([0; 32]),
    };
    let watch = Stopwatch::start();
    client.finish(&reply, parties, entropy)?;
    Ok(watch.elapsed().as_secs_f64() * 1e3)
}
