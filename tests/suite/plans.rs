//! Two hundred random plans, and every plan that ever failed.

use hutong_tests::harness::plan::Plan;
use hutong_tests::harness::play::{play, play_seeds};

#[test]
fn random_plans_0_to_49_break_nothing() {
    play_seeds(0..50).unwrap();
}

#[test]
fn random_plans_50_to_99_break_nothing() {
    play_seeds(50..100).unwrap();
}

#[test]
fn random_plans_100_to_149_break_nothing() {
    play_seeds(100..150).unwrap();
}

#[test]
fn random_plans_150_to_199_break_nothing() {
    play_seeds(150..200).unwrap();
}

#[test]
#[ignore = "for long runs: HUTONG_SEEDS=200..2000"]
fn random_plans_of_the_seeds_asked_for_break_nothing() {
    let asked = std::env::var("HUTONG_SEEDS").expect("HUTONG_SEEDS=FROM..TO");
    let (from, to) = asked.split_once("..").expect("FROM..TO");
    play_seeds(from.parse().unwrap()..to.parse().unwrap()).unwrap();
}

#[test]
fn plans_that_once_failed_break_nothing() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/plans");
    let mut plans: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    plans.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    plans.sort();
    assert!(!plans.is_empty(), "the folder of plans moved");
    for path in plans {
        let plan: Plan = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        play(&plan);
    }
}

#[test]
fn a_seed_gives_the_same_run_every_time() {
    let story = || {
        let world = hutong_tests::harness::world::World::new(77);
        let (alice, bob) = world.friends("alice", "bob");
        alice.send(&bob, "again");
        world.run_for(10_000);
        world.story()
    };
    assert_eq!(story(), story());
}
