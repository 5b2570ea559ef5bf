//! Networks of this machine's own: namespaces, and a bridge between them.
//!
//! Needs the right to make them (root) and `ip`; without either, [`Network::unavailable`] says why, and tests skip. All
//! names carry the number of this process, and everything is removed when its handle is dropped.

use super::wall::Wall;
use anyhow::{Context, ensure};
use std::io::Write;
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

static MADE: AtomicU32 = AtomicU32::new(0);

fn ip(arguments: &[&str]) -> anyhow::Result<()> {
    let output = Command::new("ip").args(arguments).output();
    let output = output.context("run `ip` (package iproute2)")?;
    ensure!(
        output.status.success(),
        "ip {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}

/// A network namespace with a loopback of its own.
#[derive(Debug)]
pub struct Namespace {
    name: String,
}

impl Namespace {
    /// Makes one.
    ///
    /// # Errors
    /// When this is not allowed here.
    pub fn new() -> anyhow::Result<Self> {
        let number = MADE.fetch_add(1, Ordering::SeqCst);
        let name = format!("hutong-{}-{number}", std::process::id());
        ip(&["netns", "add", &name])?;
        let namespace = Self { name };
        ip(&["-n", &namespace.name, "link", "set", "lo", "up"])?;
        Ok(namespace)
    }

    /// Gives it one more address on the network's bridge.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub fn add_address(&self, address: Ipv4Addr) -> anyhow::Result<()> {
        let address = format!("{address}/24");
        ip(&["-n", &self.name, "addr", "add", &address, "dev", "eth0"])
    }

    /// Why there can be no packet filter here, or nothing.
    pub fn filter_unavailable() -> Option<String> {
        let tried = Self::new().and_then(|machine| machine.filter(""));
        tried.err().map(|error| format!("{error:#}"))
    }

    /// Lets the system's packet filter drop what these rules say; they are those of a table of `nft`, and take the place of
    /// those before.
    ///
    /// # Errors
    /// When `nft` does not take them.
    pub fn filter(&self, rules: &str) -> anyhow::Result<()> {
        let table = format!(
            "table inet hutong\ndelete table inet hutong\ntable inet hutong {{ {rules}\n}}"
        );
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name, "nft", "-f", "-"]);
        let mut nft = command
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut input = nft.stdin.take().context("nft reads")?;
        input.write_all(table.as_bytes())?;
        drop(input);
        let output = nft.wait_with_output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "nft (package nftables): {}",
            said.trim()
        );
        Ok(())
    }

    /// Builds a wall, instead of the rules that are in force; none takes it away.
    ///
    /// # Errors
    /// When `nft` does not do it.
    pub fn set_wall(&self, wall: Option<Wall>) -> anyhow::Result<()> {
        self.filter(&wall.map(Wall::rules).unwrap_or_default())
    }

    /// Its address on the network's bridge is another one from now on.
    ///
    /// # Errors
    /// When it had not the one, or cannot have the other.
    pub fn replace_address(&self, old: Ipv4Addr, new: Ipv4Addr) -> anyhow::Result<()> {
        let old = format!("{old}/24");
        ip(&["-n", &self.name, "addr", "del", &old, "dev", "eth0"])?;
        self.add_address(new)?;
        let way = ["route", "replace", "default", "dev", "eth0"];
        ip(&[&["-n", &self.name], &way[..]].concat())
    }

    /// Adds an adapter of this name with an address, which leads nowhere, and leads packets for `to` there.
    ///
    /// # Errors
    /// When the adapter cannot be made.
    pub fn add_dead_end(&self, name: &str, address: &str, to: Ipv4Addr) -> anyhow::Result<()> {
        let own = &["-n", &self.name][..];
        let far = format!("{name}-far");
        let to = format!("{to}/32");
        for step in [
            &["link", "add", name, "type", "veth", "peer", "name", &far][..],
            &["addr", "add", address, "dev", name],
            &["link", "set", name, "up"],
            &["link", "set", &far, "up"],
            &["route", "add", &to, "dev", name],
        ] {
            ip(&[own, step].concat())?;
        }
        Ok(())
    }

    /// Forgets who was met on the network before.
    ///
    /// # Errors
    /// When this is not allowed here.
    pub fn forget_neighbours(&self) -> anyhow::Result<()> {
        ip(&["-n", &self.name, "neigh", "flush", "dev", "eth0"])
    }

    /// Moves this thread into it, for good: its sockets are opened there from now on.
    ///
    /// # Errors
    /// When this is not allowed here.
    #[cfg(target_os = "linux")]
    pub fn enter(name: &str) -> anyhow::Result<()> {
        use std::os::fd::AsFd;
        let file = std::fs::File::open(format!("/run/netns/{name}"))?;
        let kind = rustix::thread::LinkNameSpaceType::Network;
        rustix::thread::move_into_link_name_space(file.as_fd(), Some(kind))?;
        Ok(())
    }

    /// Only Linux has such a thing.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(target_os = "linux"))]
    pub fn enter(_name: &str) -> anyhow::Result<()> {
        anyhow::bail!("only Linux has namespaces")
    }

    /// Its name, for `ip netns exec`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // Whoever still runs inside keeps it alive; the name goes in any case.
        let _ = ip(&["netns", "delete", &self.name]);
    }
}

/// A bridge, with a namespace at the end of each cable. The bridge has a namespace too: nothing of this machine changes.
#[derive(Debug)]
pub struct Network {
    hub: Namespace,
    machines: Vec<Namespace>,
}

impl Network {
    /// Why there can be no networks here, or nothing.
    pub fn unavailable() -> Option<String> {
        Self::of(1).err().map(|error| format!("{error:#}"))
    }

    /// Why there can be no networks with walls here, or nothing.
    pub fn without_walls() -> Option<String> {
        let walled = Self::of(1).and_then(|network| network.hub.set_wall(Some(Wall::NoUdp)));
        walled.err().map(|error| format!("{error:#}"))
    }

    /// A network of that many machines, 10.77.0.1, 10.77.0.2…
    ///
    /// # Errors
    /// When this is not allowed here.
    pub fn of(machines: u8) -> anyhow::Result<Self> {
        let mut network = Self {
            hub: Namespace::new()?,
            machines: Vec::new(),
        };
        network.lay("br0")?;
        for number in 1..=machines {
            let machine = Namespace::new()?;
            network.plug(&machine, number, 0)?;
            let way = ["route", "add", "default", "dev", "eth0"];
            ip(&[&["-n", &machine.name], &way[..]].concat())?;
            network.machines.push(machine);
        }
        Ok(network)
    }

    /// Gives every machine one more card, with a bridge of their own between them: 10.78.0.1, 10.78.0.2…
    ///
    /// # Errors
    /// When this is not allowed here.
    pub fn add_cards(&self) -> anyhow::Result<()> {
        self.lay("br1")?;
        for (number, machine) in (1..).zip(&self.machines) {
            self.plug(machine, number, 1)?;
        }
        Ok(())
    }

    fn lay(&self, bridge: &str) -> anyhow::Result<()> {
        let hub = ["-n", &self.hub.name, "link"];
        // Multicast must reach everybody: without a querier, snooping would cut it off after some minutes.
        let kind = ["type", "bridge", "mcast_snooping", "0"];
        ip(&[&hub[..], &["add", bridge], &kind].concat())?;
        ip(&[&hub[..], &["set", bridge, "up"]].concat())
    }

    fn plug(&self, machine: &Namespace, number: u8, card: u8) -> anyhow::Result<()> {
        let (hub, name) = (self.hub.name.as_str(), machine.name.as_str());
        let (cable, bridge) = (cable(number, card), format!("br{card}"));
        let (end, net) = (format!("eth{card}"), 77 + card);
        let address = format!("10.{net}.0.{number}/24");
        let ends = [
            "netns", hub, "type", "veth", "peer", "name", &end, "netns", name,
        ];
        ip(&[&["link", "add", &cable], &ends[..]].concat())?;
        ip(&["-n", hub, "link", "set", &cable, "master", &bridge, "up"])?;
        ip(&["-n", name, "addr", "add", &address, "dev", &end])?;
        ip(&["-n", name, "link", "set", &end, "up"])
    }

    /// Pulls the first cable of the machine of this number, or puts it in again.
    ///
    /// # Errors
    /// When there is no such machine.
    pub fn set_plugged(&self, number: u8, is_plugged: bool) -> anyhow::Result<()> {
        let state = if is_plugged { "up" } else { "down" };
        let cable = cable(number, 0);
        ip(&["-n", &self.hub.name, "link", "set", &cable, state])
    }

    /// Keeps the machine of this number from all others that are kept apart, as a Wi-Fi does with its clients; or no more.
    ///
    /// # Errors
    /// When there is no such machine.
    pub fn set_isolated(&self, number: u8, is_isolated: bool) -> anyhow::Result<()> {
        let state = if is_isolated { "on" } else { "off" };
        let cable = cable(number, 0);
        let port = ["link", "set", "dev", &cable, "type", "bridge_slave"];
        ip(&[&["-n", &self.hub.name], &port[..], &["isolated", state]].concat())
    }

    /// The machines, in order.
    pub fn machines(&self) -> &[Namespace] {
        &self.machines
    }
}

/// The end of a cable at the hub.
fn cable(number: u8, card: u8) -> String {
    format!("cable{number}-{card}")
}
