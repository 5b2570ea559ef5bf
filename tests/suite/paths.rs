//! By which way things go where the network does not let everybody reach everybody, and what happens when that changes half way.

use hutong_common::id::FileId;
use hutong_engine::api::{Command, Done, Path, PathWhy};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::{World, befriend};

const MIB: u64 = 1024 * 1024;

fn goes_by(from: &Actor, to: &Actor, path: Path) -> bool {
    from.presence(to) == Some((true, path)) && to.presence(from) == Some((true, path))
}

fn why(of: &Actor, other: &Actor) -> Option<PathWhy> {
    let login = Some(other.name());
    let Ok(Done::Who { people }) = of.ask(Command::Who { login }) else {
        panic!("a friend is known");
    };
    people.first().and_then(|person| person.why)
}

fn arrives_by(world: &World, from: &Actor, to: &Actor, path: Path) {
    let id = from.send(to, "走哪条路?");
    world.expect("it is delivered", || from.is_delivered(id), 5_000);
    assert_eq!(to.message(id).map(|message| message.path), Some(path));
}

/// A file of 80 MiB under way from the first to the second.
fn under_way(world: &World, from: &Actor, to: &Actor) -> FileId {
    world.network(|network| network.file_bytes_per_s = 4 * MIB);
    let (_, file) = from.send_file(to, "film.mp4", 80 * MIB);
    world.expect("the offer is shown", || to.file(file).is_some(), 20_000);
    to.accept_file(file).expect("it is offered");
    let begun = || to.file(file).is_some_and(|file| file.done > 10 * MIB);
    world.expect("it has begun", begun, 60_000);
    file
}

fn done(of: &Actor, file: FileId) -> u64 {
    of.file(file).map_or(0, |file| file.done)
}

#[test]
fn without_udp_everything_goes_by_relay() {
    let world = World::new(1);
    let (alice, bob) = (world.member("alice"), world.actor_without_udp("bob"));
    bob.register();
    befriend(&alice, &bob);
    world.expect(
        "there is a way",
        || goes_by(&alice, &bob, Path::Relay),
        10_000,
    );
    assert_eq!(why(&alice, &bob), Some(PathWhy::UdpOffThere));
    assert_eq!(why(&bob, &alice), Some(PathWhy::UdpOffHere));
    arrives_by(&world, &alice, &bob, Path::Relay);
    arrives_by(&world, &bob, &alice, Path::Relay);
    let (_, file) = alice.send_file(&bob, "film.mp4", 8 * MIB);
    world.expect("the offer is shown", || bob.file(file).is_some(), 10_000);
    bob.accept_file(file).unwrap();
    world.expect("it is proved", || bob.has_file(file), 20_000);
    assert_eq!(bob.file(file).map(|file| file.path), Some(Path::Relay));
}

#[test]
fn neither_has_udp() {
    let world = World::new(2);
    let (alice, bob) = (
        world.actor_without_udp("alice"),
        world.actor_without_udp("bob"),
    );
    alice.register();
    bob.register();
    befriend(&alice, &bob);
    world.expect(
        "there is a way",
        || goes_by(&alice, &bob, Path::Relay),
        10_000,
    );
    arrives_by(&world, &alice, &bob, Path::Relay);
}

/// The Wi-Fi lets computers reach the rendezvous and not each other, and one day it does.
#[test]
fn two_who_cannot_reach_each_other_talk_by_relay_and_directly_once_they_can() {
    for seed in 0..5 {
        let world = World::new(seed);
        let (alice, bob) = (world.member("alice"), world.member("bob"));
        world.network(|network| network.cut(alice.place(), bob.place(), true));
        befriend(&alice, &bob);
        world.expect(
            "there is a way",
            || goes_by(&alice, &bob, Path::Relay),
            10_000,
        );
        assert_eq!(why(&alice, &bob), Some(PathWhy::NoAnswer));
        arrives_by(&world, &alice, &bob, Path::Relay);
        world.network(|network| network.cut(alice.place(), bob.place(), false));
        world.expect(
            "the wall is gone",
            || goes_by(&alice, &bob, Path::Direct),
            40_000,
        );
        assert_eq!(why(&alice, &bob), None);
        arrives_by(&world, &alice, &bob, Path::Direct);
    }
}

#[test]
fn a_file_half_way_goes_on_when_its_way_is_closed_and_opened_again() {
    for seed in 0..5 {
        let world = World::new(seed);
        let (alice, bob) = world.friends("alice", "bob");
        let file = under_way(&world, &alice, &bob);
        for _ in 0..3 {
            bob.block_udp(true);
            world.run_for(600);
            let before = done(&bob, file);
            world.expect("bytes flow again", || done(&bob, file) > before, 1_000);
            let relayed = || goes_by(&alice, &bob, Path::Relay);
            world.expect("by relay", relayed, 2_000);
            arrives_by(&world, &alice, &bob, Path::Relay);
            bob.block_udp(false);
            let direct = || goes_by(&alice, &bob, Path::Direct);
            world.expect("directly again", direct, 10_000);
        }
        world.expect("it is proved", || bob.has_file(file), 120_000);
        world.compare(&alice, &bob);
    }
}

#[test]
fn a_relayed_file_goes_on_after_the_rendezvous_was_started_anew() {
    let world = World::new(7);
    let (alice, bob) = (world.member("alice"), world.member("bob"));
    world.network(|network| network.cut(alice.place(), bob.place(), true));
    befriend(&alice, &bob);
    let file = under_way(&world, &alice, &bob);
    world.kill_server();
    world.run_for(5_000);
    world.restart_server();
    let before = done(&bob, file);
    world.expect("bytes flow again", || done(&bob, file) > before, 60_000);
    world.expect("it is proved", || bob.has_file(file), 120_000);
}

#[test]
fn a_cable_that_is_pulled_and_put_back_costs_no_message() {
    let world = World::new(8);
    let (alice, bob) = world.friends("alice", "bob");
    world.expect(
        "there is a way",
        || goes_by(&alice, &bob, Path::Direct),
        10_000,
    );
    bob.unplug(true);
    let id = alice.send(&bob, "are you there?");
    world.run_for(20_000);
    bob.unplug(false);
    world.expect("it is delivered", || alice.is_delivered(id), 60_000);
    world.expect("directly", || goes_by(&alice, &bob, Path::Direct), 60_000);
    arrives_by(&world, &alice, &bob, Path::Direct);
    world.compare(&alice, &bob);
}

#[test]
fn nothing_is_relayed_to_somebody_who_was_blocked() {
    let world = World::new(9);
    let (alice, bob) = (world.member("alice"), world.member("bob"));
    world.network(|network| network.cut(alice.place(), bob.place(), true));
    befriend(&alice, &bob);
    world.expect(
        "there is a way",
        || goes_by(&alice, &bob, Path::Relay),
        10_000,
    );
    let login = alice.name();
    bob.ask(Command::Block { login }).unwrap();
    world.run_for(2_000);
    let shown = bob.messages_shown();
    let text = "you cannot stop me".to_owned();
    drop(alice.ask(Command::Send {
        to: bob.name(),
        text,
    }));
    world.run_for(60_000);
    assert_eq!(bob.messages_shown(), shown);
}

/// A whole class that is kept apart would have had the rendezvous relay between any two of it, for nobody.
#[test]
fn classmates_are_relayed_only_once_they_talk_in_private() {
    let world = World::with_everybody(10, "三班");
    world.network(|network| network.multicast = true);
    let (alice, bob) = (world.member("alice"), world.member("bob"));
    world.network(|network| network.cut(alice.place(), bob.place(), true));
    alice.kill();
    alice.restart();
    world.run_for(20_000);
    assert_eq!(alice.presence(&bob), Some((true, Path::Mail)));
    let id = alice.send(&bob, "借我一支笔");
    world.expect("it is delivered", || alice.is_delivered(id), 10_000);
    world.expect(
        "there is a way",
        || goes_by(&alice, &bob, Path::Relay),
        20_000,
    );
}
