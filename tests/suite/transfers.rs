//! Files: offered, fetched, proved, interrupted, refused.

use hutong_engine::api::event::FileState;
use hutong_engine::api::{Command, Path};
use hutong_tests::harness::computer::{CrashPoint, Moment};
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
        (told.state, told.code.as_deref()),
        (FileState::Failed, Some("file_changed"))
    );
}
