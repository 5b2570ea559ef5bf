//! Files: offered, fetched, proved, interrupted, refused.

use hutong_common::id::FileId;
use hutong_engine::api::event::FileState;
use hutong_engine::api::{Command, Failure, Path};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::computer::{CrashPoint, Moment, READ_ONLY};
use hutong_tests::harness::world::World;

const MIB: u64 = 1024 * 1024;

#[test]
fn an_offered_file_is_fetched_proved_and_in_place() {
    let world = World::new(1);
    let (alice, bob) = world.friends("alice", "bob");
    let (_, file) = alice.send_file(&bob, "毕业 晚会.mp4", 48 * MIB);
    world.expect("the offer is shown", || bob.file(file).is_some(), 10_000);
    assert_eq!(
        bob.file(file).map(|file| file.state),
        Some(FileState::Offered)
    );
    bob.accept_file(file).unwrap();
    world.expect("it is proved", || bob.has_file(file), 20_000);
    let told = bob.file(file).unwrap();
    assert_eq!(
        (told.path, told.done, told.name.as_str()),
        (Path::Direct, 48 * MIB, "毕业 晚会.mp4")
    );
    let saved = told.saved_as.expect("it has a place");
    assert_eq!(
        bob.content(&saved),
        alice.content("/files/毕业 晚会.mp4".as_ref())
    );
    assert!(bob.content(&saved).is_some());
    world.expect("the sender knows", || alice.has_file(file), 10_000);
}

#[test]
fn a_file_broken_off_half_way_goes_on_where_it_was() {
    let world = World::new(2);
    world.network(|network| network.file_bytes_per_s = 4 * MIB);
    let (alice, bob) = world.friends("alice", "bob");
    let (_, file) = alice.send_file(&bob, "film.mp4", 100 * MIB);
    world.expect("the offer is shown", || bob.file(file).is_some(), 10_000);
    bob.accept_file(file).unwrap();
    let half = || bob.file(file).is_some_and(|file| file.done > 40 * MIB);
    world.expect("half is there", half, 60_000);
    bob.unplug(true);
    world.run_for(90_000);
    bob.unplug(false);
    world.expect("it is proved", || bob.has_file(file), 120_000);
}

#[test]
fn a_file_survives_the_death_of_either_side() {
    for seed in 0..4 {
        let world = World::new(seed);
        world.network(|network| network.file_bytes_per_s = 4 * MIB);
        let (alice, bob) = world.friends("alice", "bob");
        let (_, file) = alice.send_file(&bob, "film.mp4", 40 * MIB);
        world.expect("the offer is shown", || bob.file(file).is_some(), 10_000);
        bob.accept_file(file).unwrap();
        if seed % 2 == 0 {
            bob.kill_at(Moment::FileProgress, CrashPoint::AfterCommit);
        } else {
            world.run_for(3_000);
            alice.kill();
        }
        world.expect("somebody dies", || !alice.runs() || !bob.runs(), 20_000);
        world.run_for(5_000);
        world.heal();
        world.expect("it is proved", || bob.has_file(file), 180_000);
    }
}

#[test]
fn a_declined_file_is_not_fetched() {
    let world = World::new(3);
    let (alice, bob) = world.friends("alice", "bob");
    let (_, file) = alice.send_file(&bob, "ad.exe", MIB);
    world.expect("the offer is shown", || bob.file(file).is_some(), 10_000);
    bob.ask(Command::DeclineFile { file }).unwrap();
    world.run_for(10_000);
    assert_eq!(
        bob.file(file).map(|file| file.state),
        Some(FileState::Declined)
    );
    assert!(!bob.has_file(file));
}

#[test]
fn a_file_that_does_not_exist_cannot_be_offered() {
    let world = World::new(4);
    let (alice, bob) = world.friends("alice", "bob");
    let path = "/files/nothing".into();
    let failure = alice
        .ask(Command::SendFile {
            to: bob.name(),
            path,
        })
        .unwrap_err();
    assert_eq!(failure.code(), "no_such_file");
}

#[test]
fn a_file_is_served_only_to_whom_it_was_offered() {
    let world = World::new(5);
    let (alice, bob) = world.friends("alice", "bob");
    let carol = world.member("carol");
    hutong_tests::harness::world::befriend(&alice, &carol);
    let (message, file) = alice.send_file(&bob, "secret.pdf", MIB);
    world.expect("bob sees the offer", || bob.file(file).is_some(), 10_000);
    let linked = || carol.presence(&alice) == Some((true, Path::Direct));
    world.expect("carol has a link", linked, 5_000);
    let said = world.steal_file(&carol, &alice, message);
    assert_eq!(said, Some("not_found"));
    bob.accept_file(file).unwrap();
    world.expect("bob gets it", || bob.has_file(file), 20_000);
}

#[test]
fn a_changed_file_is_not_served_under_its_old_name() {
    let world = World::new(6);
    let (alice, bob) = world.friends("alice", "bob");
    let (_, file) = alice.send_file(&bob, "notes.txt", MIB);
    world.expect("the offer is shown", || bob.file(file).is_some(), 10_000);
    alice.rewrite("/files/notes.txt", 2 * MIB);
    bob.accept_file(file).unwrap();
    world.run_for(30_000);
    let told = bob.file(file).unwrap();
    assert_eq!(
        (told.state, told.code),
        (FileState::Failed, Some("file_changed"))
    );
}

/// A file that is under way between two friends, about one of ten seconds of it done.
fn under_way(world: &World) -> (Actor, Actor, FileId) {
    world.network(|network| network.file_bytes_per_s = 4 * MIB);
    let (alice, bob) = world.friends("alice", "bob");
    let (_, file) = alice.send_file(&bob, "film.mp4", 40 * MIB);
    world.expect("the offer is shown", || bob.file(file).is_some(), 10_000);
    bob.accept_file(file).expect("it is offered");
    let some = || bob.file(file).is_some_and(|file| file.done > 3 * MIB);
    world.expect("some of it is there", some, 20_000);
    (alice, bob, file)
}

fn state(of: &Actor, file: FileId) -> (FileState, Vec<String>) {
    let told = of.file(file).expect("it was told of");
    (told.state, told.paused_by)
}

fn paused_by(names: &[&str]) -> (FileState, Vec<String>) {
    let names = names.iter().map(ToString::to_string).collect();
    (FileState::Paused, names)
}

fn pause(by: &Actor, file: FileId) {
    let paused = by.ask(Command::PauseFile { file });
    paused.expect("it is under way");
}

fn resume(by: &Actor, file: FileId) -> Result<(), &'static str> {
    let answer = by.ask(Command::ResumeFile { file });
    answer.map(|_| ()).map_err(|failure| failure.code())
}

#[test]
fn either_side_pauses_and_only_who_paused_goes_on() {
    for pauser_is_sender in [false, true] {
        let world = World::new(20);
        let (alice, bob, file) = under_way(&world);
        let (pauser, other) = if pauser_is_sender {
            (&alice, &bob)
        } else {
            (&bob, &alice)
        };
        pause(pauser, file);
        let names = [pauser.name()];
        let both = || {
            [pauser, other].map(|one| state(one, file)) == [(); 2].map(|()| paused_by(&[&names[0]]))
        };
        world.expect("both see who paused", both, 5_000);
        let done = bob.file(file).unwrap().done;
        world.run_for(120_000);
        assert_eq!(bob.file(file).unwrap().done, done, "nothing comes");
        assert_eq!(resume(other, file), Err("paused_by_other"));
        resume(pauser, file).unwrap();
        world.expect("it is proved", || bob.has_file(file), 60_000);
        world.expect("the sender knows", || alice.has_file(file), 5_000);
        assert_eq!(resume(pauser, file), Err("already_done"));
    }
}

#[test]
fn a_file_that_both_paused_goes_on_when_both_let_it() {
    let world = World::new(21);
    let (alice, bob, file) = under_way(&world);
    pause(&alice, file);
    world.run_for(1_000);
    pause(&bob, file);
    world.run_for(1_000);
    for side in [&alice, &bob] {
        let (state, mut names) = state(side, file);
        names.sort();
        assert_eq!((state, names), paused_by(&["alice", "bob"]));
    }
    resume(&alice, file).unwrap();
    world.run_for(60_000);
    assert_eq!(
        [&alice, &bob].map(|side| state(side, file)),
        [(); 2].map(|()| paused_by(&["bob"]))
    );
    resume(&bob, file).unwrap();
    world.expect("it is proved", || bob.has_file(file), 60_000);
}

#[test]
fn a_pause_holds_over_broken_links_and_restarts_of_either_side() {
    for (seed, who) in [(22, "alice"), (23, "bob")] {
        let world = World::new(seed);
        let (alice, bob, file) = under_way(&world);
        let (pauser, other) = if who == "alice" {
            (&alice, &bob)
        } else {
            (&bob, &alice)
        };
        other.unplug(true);
        pause(pauser, file);
        world.run_for(90_000);
        other.unplug(false);
        world.expect(
            "the other hears of it",
            || state(other, file) == paused_by(&[who]),
            120_000,
        );
        for dies in [pauser, other] {
            dies.kill();
            world.run_for(3_000);
            dies.restart();
            world.run_for(60_000);
            assert!(!bob.has_file(file));
            assert_eq!(dies.listed(file).paused_by, [who]);
        }
        other.kill();
        world.run_for(3_000);
        resume(pauser, file).unwrap();
        other.restart();
        world.expect("it is proved", || bob.has_file(file), 180_000);
    }
}

#[test]
fn a_file_called_off_by_either_side_ends_for_both_and_leaves_nothing() {
    for (seed, paused, sender_cancels) in [(24, false, false), (25, false, true), (26, true, true)]
    {
        let world = World::new(seed);
        let (alice, bob, file) = under_way(&world);
        if paused {
            pause(&bob, file);
            world.run_for(1_000);
        }
        let by = if sender_cancels { &alice } else { &bob };
        by.ask(Command::CancelFile { file }).unwrap();
        world.run_for(5_000);
        let ends = [&alice, &bob].map(|side| state(side, file).0);
        let expected = if sender_cancels {
            [FileState::Failed, FileState::Failed]
        } else {
            [FileState::Declined, FileState::Failed]
        };
        assert_eq!(ends, expected);
        assert!(
            bob.computer(|computer| computer.parts.is_empty()),
            "a part is left"
        );
        world.run_for(60_000);
        assert!(!bob.has_file(file) && !alice.has_file(file));
        assert_eq!(bob.accept_file(file).unwrap_err().code(), "already_done");
    }
}

#[test]
fn a_file_without_room_is_refused_with_what_is_missing_and_taken_when_there_is_some() {
    let world = World::new(27);
    let (alice, bob) = world.friends("alice", "bob");
    bob.computer(|computer| computer.free_bytes = MIB);
    let (_, file) = alice.send_file(&bob, "film.mp4", 3 * MIB);
    world.expect("the offer is shown", || bob.file(file).is_some(), 10_000);
    let failure = bob.accept_file(file).unwrap_err();
    let expected = Failure::NoSpace {
        folder: "/people/bob/downloads".into(),
        missing: 2 * MIB,
    };
    assert_eq!(failure, expected);
    let to = Some(READ_ONLY.into());
    let refused = bob.ask(Command::AcceptFile { file, to }).unwrap_err();
    assert_eq!(refused.code(), "not_writable");
    bob.computer(|computer| computer.free_bytes = 3 * MIB);
    bob.accept_file(file).unwrap();
    world.expect("it is proved", || bob.has_file(file), 20_000);
}

#[test]
fn a_file_that_lies_there_already_is_verified_at_both_ends_without_a_second_copy() {
    let world = World::new(28);
    let (alice, bob) = world.friends("alice", "bob");
    let mut saved = Vec::new();
    for _ in 0..2 {
        let (_, file) = alice.send_file(&bob, "notes.txt", MIB);
        world.expect("the offer is shown", || bob.file(file).is_some(), 10_000);
        bob.accept_file(file).unwrap();
        world.expect("it is proved", || bob.has_file(file), 20_000);
        world.expect("the sender knows", || alice.has_file(file), 20_000);
        saved.push(bob.file(file).unwrap().saved_as);
    }
    assert_eq!(saved[0], saved[1]);
}

/// A program that was killed and came back dialled at once, but the other side went on with the dead link for ten seconds
/// at a time, when that was the one that both prefer.
#[test]
fn a_file_goes_on_soon_after_either_side_was_killed() {
    for (seed, sender_dies) in [(30, true), (31, true), (32, true), (30, false), (31, false)] {
        let world = World::new(seed);
        let (alice, bob, file) = under_way(&world);
        let dies = if sender_dies { &alice } else { &bob };
        dies.kill();
        world.run_for(1_000);
        let before = bob.computer(|computer| computer.parts.get(&file).copied());
        dies.restart();
        world.run_for(8_000);
        let after = bob.computer(|computer| computer.parts.get(&file).copied());
        let went_on = after > before || bob.has_file(file);
        assert!(went_on, "seed {seed}: {before:?} → {after:?}");
    }
}
