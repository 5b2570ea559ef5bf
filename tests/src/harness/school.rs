//! A whole school comes into one class: one after the other registers, and it is counted until everybody knows everybody.
//!
//! Their computers have no UDP, so that all there is goes by way of the rendezvous.

use super::actor::Actor;
use super::server::Traffic;
use super::world::World;
use hutong_engine::api::command::GroupCommand;
use hutong_engine::api::{Command, Done};

/// From one who registers to the next, in virtual milliseconds: 50 a second.
const PACE_MS: u64 = 20;
/// How often it is looked whether all are there, in virtual milliseconds.
const STEP_MS: u64 = 250;
/// Within which time of the world all must know all.
const WITHIN_MS: u64 = 600_000;

/// What it cost.
#[derive(Clone, Debug)]
pub struct School {
    /// Until all were registered, in milliseconds of the world.
    pub registered_ms: u64,
    /// Until everybody had everybody in the class with his name, in milliseconds of the world.
    pub known_ms: u64,
    /// What went over the wires until then.
    pub traffic: Traffic,
}

/// Whether somebody sees so many classmates, all by name.
fn knows_all(who: &Actor, members: usize) -> bool {
    let Ok(Done::Groups { groups }) = who.ask(Command::Group(GroupCommand::Groups)) else {
        return false;
    };
    let Some(row) = groups.first().filter(|row| row.members == members) else {
        return false;
    };
    let group = row.group;
    let shown = who.ask(Command::Group(GroupCommand::GroupShow { group }));
    let Ok(Done::Group(shown)) = shown else {
        return false;
    };
    // Whoever is not known yet has his number in the place of a login.
    shown
        .members
        .iter()
        .all(|member| member.login.starts_with("pupil"))
}

/// Lets so many people register.
///
/// # Panics
/// When they do not all know each other in time.
pub fn gather(members: usize) -> School {
    let world = World::with_everybody(7, "全校");
    world.is_quiet();
    world.server(|server| server.traffic = Some(Traffic::default()));
    let actors: Vec<Actor> = (0..members)
        .map(|number| world.actor_without_udp(&format!("pupil{number:04}")))
        .collect();
    let begun_ms = world.now_ms();
    let register = |actor: &Actor| {
        world.run_for(PACE_MS);
        actor.begin_registering()
    };
    let asked: Vec<_> = actors.iter().map(register).collect();
    let step = |what: &str, holds: &dyn Fn() -> bool| {
        while !holds() {
            let spent_ms = world.now_ms() - begun_ms;
            assert!(spent_ms < WITHIN_MS, "within {WITHIN_MS} ms: {what}");
            world.run_for(STEP_MS);
        }
        world.now_ms() - begun_ms
    };
    let all_are_in = || {
        let mut both = actors.iter().zip(&asked);
        both.all(|(actor, id)| actor.answer(*id).is_some())
    };
    let registered_ms = step("all are registered", &all_are_in);
    let all_know_all = || actors.iter().all(|actor| knows_all(actor, members));
    let known_ms = step("all know all", &all_know_all);
    let traffic = world.server(|server| server.traffic.take().unwrap_or_default());
    School {
        registered_ms,
        known_ms,
        traffic,
    }
}
