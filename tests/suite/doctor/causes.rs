//! Each cause that a network can have, in one of its own: three machines on a bridge, real programs, and the doctor's word.
//!
//! Skips, and says why, where network namespaces are not allowed.

use super::doctor;
use hutong_tests::driver::{Agent, Namespace, Network, Programs, Rendezvous, Stage};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc;

const NODE: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 1);
const CONTROL: &str = "10.77.0.1:7440";

/// What the packet filter of a personal computer does: in comes what was asked for, also before the filter was there, and
/// multicast.
const FIREWALL: &str = "chain in { type filter hook input priority 0; iif lo accept; \
    ct state established,related accept; tcp sport 7440 accept; udp dport 5353 accept; drop; }";
/// All UDP but the announcements of this network is dropped.
const NO_UDP: &str =
    "chain out { type filter hook output priority 0; meta l4proto udp udp dport != 5353 drop; }";
/// Large datagrams pass only now and then.
const FEW_UDP: &str = "chain out { type filter hook output priority 0; \
    udp length > 1000 limit rate over 2/second burst 2 packets drop; }";
const NO_MULTICAST: &str = "chain in { type filter hook input priority 0; udp dport 5353 drop; }";
const NO_CONTROL: &str = "chain in { type filter hook input priority 0; tcp dport 7440 drop; }";

/// A rendezvous and two friends, each on a machine of their own.
struct Class {
    server: Option<Rendezvous>,
    alice: Agent,
    bob: Agent,
    stage: Stage,
    network: Network,
}

impl Class {
    /// None where this cannot be had; `before` happens before anybody comes.
    #[expect(clippy::print_stdout, reason = "a test that is left out says so")]
    fn with(before: impl FnOnce(&Network) -> anyhow::Result<()>) -> anyhow::Result<Option<Self>> {
        if let Some(reason) = Network::unavailable().or_else(Namespace::filter_unavailable) {
            println!("skipped, no network namespaces here: {reason}");
            return Ok(None);
        }
        let network = Network::of(3)?;
        before(&network)?;
        let programs = Programs::built()?;
        let stage = Stage::of(programs.clone())?;
        let [node, one, other] = network.machines() else {
            anyhow::bail!("three machines were asked for")
        };
        let within = |machine: &Namespace| programs.within(machine.name());
        let data = stage.path("rendezvous");
        let server = Rendezvous::start(&within(node), &data, "0.0.0.0:7440", &[])?;
        let come = |name: &str, machine: &Namespace| -> anyhow::Result<Agent> {
            let mut agent = Agent::start(&within(machine), &stage.path(name), &[])?;
            agent.done(json!({
                "do": "register", "login": name, "password": Stage::password(),
                "server": server.invite()?,
            }))?;
            Ok(agent)
        };
        let (mut alice, mut bob) = (come("alice", one)?, come("bob", other)?);
        Stage::befriend(&mut alice, &mut bob)?;
        Ok(Some(Self {
            server: Some(server),
            alice,
            bob,
            stage,
            network,
        }))
    }

    fn machine(&self, number: usize) -> &Namespace {
        &self.network.machines()[number]
    }

    /// What Alice is told, which is to be this.
    fn finds(&mut self, about: Option<&str>, expected: &str) -> anyhow::Result<Value> {
        let told = doctor(&mut self.alice, about)?;
        assert_eq!(told["verdict"], expected, "{told}");
        Ok(told)
    }
}

/// A network that works, to begin with.
fn class() -> anyhow::Result<Option<Class>> {
    Class::with(|_| Ok(()))
}

#[test]
fn a_network_that_works_is_found_well_in_every_part() -> anyhow::Result<()> {
    let Some(mut class) = class()? else {
        return Ok(());
    };
    Stage::await_direct(&mut class.alice, &mut class.bob)?;
    let told = class.finds(Some("bob"), "all_well")?;
    let facts = &told["facts"];
    assert_eq!(
        facts["udp"]["small"],
        json!({"sent": 5, "arrived": 5}),
        "{facts}"
    );
    assert_eq!(facts["server"]["same_subnet"], true, "{facts}");
    for side in ["here", "there"] {
        // The other side may begin to listen after the first one.
        let arrived = facts["peer"][side]["arrived"].as_u64();
        assert!(arrived >= Some(3), "{facts}");
    }
    assert!(facts["multicast"]["clients"].as_u64() >= Some(1), "{facts}");
    Ok(())
}

#[test]
fn a_rendezvous_behind_a_firewall_is_unreachable_also_while_the_connection_seems_to_stand()
-> anyhow::Result<()> {
    let Some(mut class) = class()? else {
        return Ok(());
    };
    class.machine(0).filter(NO_CONTROL)?;
    let told = class.finds(None, "server_unreachable")?;
    assert_eq!(told["facts"]["server"]["silent"], true, "{told}");
    class.alice.kill()?;
    class.alice.restart()?;
    let told = class.finds(None, "server_unreachable")?;
    assert_eq!(told["facts"]["server"]["tcp"], "timed_out", "{told}");
    Ok(())
}

#[test]
fn a_page_that_answers_in_place_of_the_rendezvous_is_a_portal() -> anyhow::Result<()> {
    let Some(mut class) = class()? else {
        return Ok(());
    };
    if let Some(mut server) = class.server.take() {
        server.kill()?;
    }
    let (name, (said, bound)) = (class.machine(0).name().to_owned(), mpsc::channel());
    std::thread::spawn(move || {
        let bind = || -> anyhow::Result<TcpListener> {
            Namespace::enter(&name)?;
            Ok(TcpListener::bind(CONTROL)?)
        };
        let portal = bind();
        let is_bound = said.send(portal.as_ref().map(drop).map_err(ToString::to_string));
        let (Ok(portal), Ok(())) = (portal, is_bound) else {
            return;
        };
        for mut client in portal.incoming().map_while(Result::ok) {
            let mut asked = [0; 5];
            if client.read_exact(&mut asked).is_ok() {
                let _ = client.write_all(b"HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n");
            }
        }
    });
    bound.recv()?.map_err(anyhow::Error::msg)?;
    class.finds(None, "captive_portal")?;
    Ok(())
}

#[test]
fn a_node_that_is_kept_apart_is_told_from_one_that_is_gone() -> anyhow::Result<()> {
    let Some(mut class) = class()? else {
        return Ok(());
    };
    // The node and Alice are on the Wi-Fi, Bob has a cable.
    class.network.set_isolated(1, true)?;
    class.network.set_isolated(2, true)?;
    class.machine(1).forget_neighbours()?;
    class.alice.kill()?;
    class.alice.restart()?;
    class.alice.event("presence", |event| {
        event["user"] == "bob" && event["online"] == true
    })?;
    class.finds(None, "node_behind_isolation")?;
    Ok(())
}

#[test]
fn a_vpn_that_takes_the_way_to_the_rendezvous_comes_first() -> anyhow::Result<()> {
    let Some(mut class) = class()? else {
        return Ok(());
    };
    class
        .machine(1)
        .add_dead_end("tun0", "10.99.0.2/24", NODE)?;
    let told = class.finds(None, "vpn_preferred")?;
    assert_eq!(told["also"][0], "server_unreachable", "{told}");
    Ok(())
}

#[test]
fn udp_that_is_dropped_here_or_there_or_in_part_is_found() -> anyhow::Result<()> {
    let Some(mut class) = class()? else {
        return Ok(());
    };
    class.machine(1).filter(FEW_UDP)?;
    class.finds(None, "udp_throttled")?;
    class.machine(1).filter(NO_UDP)?;
    class.finds(None, "udp_blocked")?;
    Ok(())
}

#[test]
fn who_is_kept_apart_hears_that_it_is_the_network() -> anyhow::Result<()> {
    let apart = |network: &Network| {
        network.set_isolated(2, true)?;
        network.set_isolated(3, true)
    };
    let Some(mut class) = Class::with(apart)? else {
        return Ok(());
    };
    class.finds(Some("bob"), "client_isolation")?;
    Ok(())
}

#[test]
fn a_firewall_is_found_on_the_side_on_which_it_stands() -> anyhow::Result<()> {
    let Some(mut class) = class()? else {
        return Ok(());
    };
    class.machine(1).filter(FIREWALL)?;
    class.finds(Some("bob"), "inbound_firewall_here")?;
    class.machine(1).filter("")?;
    class.machine(2).filter(FIREWALL)?;
    class.finds(Some("bob"), "inbound_firewall_there")?;
    class.bob.kill()?;
    let asks = json!({"do": "doctor", "login": "bob"});
    let is_gone = |told: &Value| told["verdict"] == "peer_offline";
    class.alice.until(&asks, is_gone)?;
    Ok(())
}

#[test]
fn a_network_without_multicast_is_told_from_one_without_anybody() -> anyhow::Result<()> {
    let filtered = |network: &Network| network.machines()[1].filter(NO_MULTICAST);
    let Some(mut class) = Class::with(filtered)? else {
        return Ok(());
    };
    class.finds(None, "multicast_filtered")?;
    Ok(())
}

#[test]
fn a_clock_that_is_wrong_and_a_disk_that_was_copied_are_found() -> anyhow::Result<()> {
    let Some(mut class) = class()? else {
        return Ok(());
    };
    class.alice.kill()?;
    class.alice.restart_with(&["--clock-offset", "-900"])?;
    class
        .alice
        .event("server", |event| event["state"] == "online")?;
    class.finds(None, "clock_off")?;

    class.alice.kill()?;
    class.alice.restart()?;
    class
        .alice
        .event("server", |event| event["state"] == "online")?;
    let copy = class.stage.path("copy");
    let copied = std::process::Command::new("cp")
        .arg("-r")
        .arg(class.stage.path("alice"))
        .arg(&copy)
        .status()?;
    assert!(copied.success());
    let programs = class.stage.programs().within(class.machine(2).name());
    let _twin = Agent::start(&programs, &copy, &[])?;
    class
        .alice
        .event("warning", |event| event["code"] == "identity_cloned")?;
    class.finds(None, "same_identity_twice")?;
    Ok(())
}
