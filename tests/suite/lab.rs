//! Networks that keep people apart, and those that change: real programs, each on a machine of its own.
//!
//! Whatever the network does, words and files arrive, by relay where nothing else leads there, and directly again once they
//! can. How fast is for `just bench relay` to say; here the bounds are those of a busy machine. Skips, and says why, where
//! network namespaces are not allowed.

mod scene;

use hutong_tests::driver::Wall;
use scene::{ALICE, BOB, Scene};
use std::net::Ipv4Addr;

#[test]
fn without_udp_on_one_side_or_both_everything_goes_by_relay() -> anyhow::Result<()> {
    let Some(mut scene) = Scene::new()? else {
        return Ok(());
    };
    scene.set_wall(BOB, Some(Wall::NoUdp))?;
    scene.befriend("relay")?;
    scene.talk(Some("relay"))?;
    let file = scene.send_file(4)?;
    scene.finish(&file, Some("relay"))?;
    scene.set_wall(ALICE, Some(Wall::NoUdp))?;
    scene.talk(Some("relay"))?;
    let file = scene.send_file(4)?;
    scene.talk(Some("relay"))?;
    scene.finish(&file, Some("relay"))?;
    scene.check_talk()
}

/// Packets that get there and whose answers do not: neither side may take such a way for one.
#[test]
fn a_way_in_one_direction_is_none() -> anyhow::Result<()> {
    let Some(mut scene) = Scene::new()? else {
        return Ok(());
    };
    scene.befriend("direct")?;
    scene.talk(Some("direct"))?;
    for (machine, wall) in [(BOB, Wall::NoUdpIn), (ALICE, Wall::NoUdpIn)] {
        scene.set_wall(machine, Some(wall))?;
        scene.talk(None)?;
        scene.await_path("relay")?;
        scene.talk(Some("relay"))?;
        scene.set_wall(machine, None)?;
        scene.await_path("direct")?;
        scene.talk(Some("direct"))?;
    }
    scene.check_talk()
}

#[test]
fn a_file_half_way_goes_by_whichever_way_there_is() -> anyhow::Result<()> {
    let Some(mut scene) = Scene::new()? else {
        return Ok(());
    };
    scene.befriend("direct")?;
    scene.talk(Some("direct"))?;
    let file = scene.send_file(48)?;
    for wall in [Wall::NoUdp, Wall::NoUdpOut, Wall::NoUdpIn] {
        scene.set_wall(BOB, Some(wall))?;
        scene.more_arrives(&file)?;
        scene.talk(None)?;
        scene.await_path("relay")?;
        scene.talk(Some("relay"))?;
        scene.more_arrives(&file)?;
        scene.set_wall(BOB, None)?;
        scene.await_path("direct")?;
        scene.talk(Some("direct"))?;
    }
    scene.finish(&file, None)?;
    scene.check_talk()
}

/// A classroom's Wi-Fi: everybody reaches the rendezvous and nobody else. Then the rendezvous is started anew, and an address
/// is replaced, while a file is under way.
#[test]
fn isolated_computers_have_the_relay_and_keep_a_file_over_what_happens() -> anyhow::Result<()> {
    let Some(mut scene) = Scene::new()? else {
        return Ok(());
    };
    for machine in [ALICE, BOB] {
        scene.network.set_isolated(machine, true)?;
    }
    scene.befriend("relay")?;
    scene.talk(Some("relay"))?;
    let file = scene.send_file(24)?;
    scene.server.kill()?;
    scene.say()?;
    scene.server.restart()?;
    scene.more_arrives(&file)?;
    scene.talk(None)?;
    scene.replace_address(BOB, 33)?;
    scene.more_arrives(&file)?;
    scene.talk(None)?;
    scene.finish(&file, Some("relay"))?;
    for machine in [ALICE, BOB] {
        scene.network.set_isolated(machine, false)?;
    }
    scene.await_path("direct")?;
    scene.talk(Some("direct"))?;
    scene.check_talk()
}

#[test]
fn a_cable_that_is_pulled_and_an_address_that_is_replaced_cost_nothing() -> anyhow::Result<()> {
    let Some(mut scene) = Scene::new()? else {
        return Ok(());
    };
    scene.befriend("direct")?;
    scene.talk(Some("direct"))?;
    let file = scene.send_file(24)?;
    scene.network.set_plugged(BOB, false)?;
    scene
        .bob
        .event("server", |event| event["state"] != "online")?;
    scene.say()?;
    scene.network.set_plugged(BOB, true)?;
    scene.more_arrives(&file)?;
    scene.talk(None)?;
    scene.replace_address(BOB, 33)?;
    scene.more_arrives(&file)?;
    scene.talk(None)?;
    scene.finish(&file, None)?;
    scene.await_path("direct")?;
    scene.talk(Some("direct"))?;
    scene.check_talk()
}

#[test]
fn of_two_cards_the_other_one_carries_a_file_on() -> anyhow::Result<()> {
    // Where the other card is, each has to know before the cable is pulled.
    let Some(mut scene) = Scene::with_cards()? else {
        return Ok(());
    };
    scene.befriend("direct")?;
    scene.talk(Some("direct"))?;
    let file = scene.send_file(16)?;
    scene.network.set_plugged(BOB, false)?;
    scene.more_arrives(&file)?;
    scene.finish(&file, Some("direct"))?;
    scene.network.set_plugged(BOB, true)?;
    scene.talk(None)?;
    scene.check_talk()
}

impl Scene {
    fn machine(&self, number: u8) -> anyhow::Result<&hutong_tests::driver::Namespace> {
        let machine = self.network.machines().get(usize::from(number) - 1);
        machine.ok_or_else(|| anyhow::anyhow!("no machine {number}"))
    }

    fn set_wall(&self, number: u8, wall: Option<Wall>) -> anyhow::Result<()> {
        self.machine(number)?.set_wall(wall)
    }

    /// A machine has the address of another number from now on.
    fn replace_address(&self, number: u8, by: u8) -> anyhow::Result<()> {
        let address = |last| Ipv4Addr::new(10, 77, 0, last);
        self.machine(number)?
            .replace_address(address(number), address(by))
    }
}
