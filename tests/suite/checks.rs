//! Checks of the network in the world: two clients, the real service between them, and a network with faults.

use hutong_common::verdict::Verdict;
use hutong_engine::api::doctor::DoctorShown;
use hutong_engine::api::{Command, Done};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::{World, befriend};

/// Whoever asks has an answer by then.
const WITHIN_MS: u64 = 10_000;

fn doctor(world: &World, who: &Actor, about: Option<&Actor>) -> DoctorShown {
    let login = about.map(Actor::name);
    let (since_ms, id) = (world.now_ms(), who.issue(Command::Doctor { login }));
    assert!(world.run_until(|| who.answer(id).is_some(), WITHIN_MS));
    let took_ms = world.now_ms() - since_ms;
    assert!(took_ms < WITHIN_MS, "{took_ms}");
    match who.answer(id) {
        Some(Ok(Done::Doctor(shown))) => *shown,
        other => panic!("{other:?}"),
    }
}

/// Two friends on a network with this fault from the first day on.
fn friends_with(fault: impl FnOnce(&World, &Actor, &Actor)) -> (World, Actor, Actor) {
    let world = World::new(1);
    world.network(|network| network.multicast = true);
    let (alice, bob) = (world.member("alice"), world.member("bob"));
    fault(&world, &alice, &bob);
    befriend(&alice, &bob);
    world.run_for(5_000);
    (world, alice, bob)
}

#[test]
fn a_network_that_works_is_found_well_from_both_sides() {
    let (world, alice, bob) = friends_with(|_, _, _| {});
    for (who, about) in [(&alice, &bob), (&bob, &alice)] {
        let shown = doctor(&world, who, Some(about));
        assert_eq!(
            (shown.verdict, shown.also.len()),
            (Verdict::AllWell, 0),
            "{shown:?}"
        );
        let peer = shown.facts.peer.unwrap();
        let (here, there) = (peer.here.unwrap(), peer.there.unwrap());
        assert_eq!((here.arrived, there.arrived), (here.sent, there.sent));
        // The same two are not checked again at once, so the second one waits for its turn.
    }
}

#[test]
fn who_is_kept_apart_hears_why_and_the_other_side_agrees() {
    let (world, alice, bob) = friends_with(|world, alice, bob| {
        let (here, there) = (alice.place(), bob.place());
        world.network(|network| network.cut(here, there, true));
    });
    for (who, about) in [(&alice, &bob), (&bob, &alice)] {
        let shown = doctor(&world, who, Some(about));
        assert_eq!(shown.verdict, Verdict::ClientIsolation, "{shown:?}");
    }
}

#[test]
fn udp_that_is_blocked_on_one_side_is_found_from_both() {
    let (world, alice, bob) = friends_with(|_, _, bob| bob.block_udp(true));
    let shown = doctor(&world, &bob, None);
    assert_eq!(shown.verdict, Verdict::UdpBlocked, "{shown:?}");
    let shown = doctor(&world, &alice, Some(&bob));
    assert_eq!(shown.verdict, Verdict::UdpBlockedThere, "{shown:?}");
}

#[test]
fn a_computer_without_udp_and_one_that_is_off_are_told_apart() {
    let world = World::new(1);
    world.network(|network| network.multicast = true);
    let (alice, bob) = (world.member("alice"), world.actor_without_udp("bob"));
    bob.register();
    befriend(&alice, &bob);
    world.run_for(2_000);
    assert_eq!(doctor(&world, &bob, None).verdict, Verdict::UdpOff);
    let shown = doctor(&world, &alice, Some(&bob));
    assert_eq!(shown.verdict, Verdict::UdpBlockedThere, "{shown:?}");
    bob.kill();
    world.run_for(5_000);
    assert_eq!(
        doctor(&world, &alice, Some(&bob)).verdict,
        Verdict::PeerOffline
    );
}

#[test]
fn multicast_that_is_filtered_a_clock_that_is_wrong_and_a_rendezvous_that_is_gone_are_found() {
    let world = World::new(1);
    let alice = world.member("alice");
    let shown = doctor(&world, &alice, None);
    assert_eq!(shown.verdict, Verdict::MulticastFiltered, "{shown:?}");

    let (world, alice, _bob) = friends_with(|_, _, _| {});
    alice.set_clock(-600_000);
    assert_eq!(doctor(&world, &alice, None).verdict, Verdict::ClockOff);
    alice.set_clock(0);
    world.unplug_server(true);
    world.run_for(120_000);
    let shown = doctor(&world, &alice, None);
    assert_eq!(shown.verdict, Verdict::ServerUnreachable, "{shown:?}");
}
