//! Classrooms in the world and with the real programs: everybody in one class.

use hutong_common::name::Login;
use hutong_common::signed::Role;
use hutong_engine::api::command::GroupCommand;
use hutong_engine::api::group::{GroupShown, RoleName};
use hutong_engine::api::{Command, Done};
use hutong_tests::driver::{Rendezvous, Stage};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::World;
use serde_json::json;

/// The one class that somebody is in.
fn class(who: &Actor) -> Option<GroupShown> {
    let Ok(Done::Groups { groups }) = who.ask(Command::Group(GroupCommand::Groups)) else {
        return None;
    };
    let [row] = &groups[..] else { return None };
    let group = row.group;
    match who.ask(Command::Group(GroupCommand::GroupShow { group })) {
        Ok(Done::Group(shown)) => Some(shown),
        Ok(_) | Err(_) => None,
    }
}

/// Logins and roles of the class that somebody is in.
fn members(who: &Actor) -> Vec<(String, RoleName)> {
    let members = class(who).map(|shown| shown.members).unwrap_or_default();
    let members = members.into_iter();
    members.map(|member| (member.login, member.role)).collect()
}

#[test]
fn on_the_first_day_everybody_sees_everybody_and_a_new_teacher_is_known_as_one() {
    let world = World::with_everybody(1, "七年级三班");
    let [lin, mei, tan] = ["lin", "mei", "tan"].map(|name| world.member(name));
    let of = |role| {
        let names = ["lin", "mei"].map(|name| (name.to_owned(), RoleName::Member));
        [&names[..], &[("tan".to_owned(), role)]].concat()
    };
    for who in [&lin, &mei, &tan] {
        let all_are_known = || members(who) == of(RoleName::Member);
        world.expect("all are classmates", all_are_known, 10_000);
    }
    assert_eq!(
        class(&lin).map(|shown| shown.name).as_deref(),
        Some("七年级三班")
    );
    let id = lin.send(&mei, "同学你好");
    world.expect("it arrives", || lin.is_delivered(id), 10_000);
    let login = Login::new("tan").expect("a login");
    world.administer(|service, cx| service.set_role(&login, Role::Teacher, cx));
    for who in [&lin, &tan] {
        let is_known = || members(who) == of(RoleName::Admin);
        world.expect("the teacher is an admin", is_known, 10_000);
    }
    let login = Login::new("mei").expect("a login");
    world.administer(|service, cx| service.delete_account(&login, cx));
    let is_gone = || members(&lin).len() == 2;
    world.expect("who is deleted is out", is_gone, 10_000);
}

#[test]
fn a_rendezvous_as_everybody_starts_it_puts_all_into_one_class() -> anyhow::Result<()> {
    let stage = Stage::empty()?;
    let data = stage.path("rendezvous");
    let serve = |options: &[&str]| {
        let options = [&["--no-mdns"], options].concat();
        Rendezvous::as_it_is(stage.programs(), &data, "127.0.0.1:0", &options)
    };
    let mut server = serve(&["--no-everybody"])?;
    let mut lin = stage.registered("lin", &server)?;
    let groups = json!({"do": "groups"});
    assert_eq!(lin.done(groups.clone())?["groups"], json!([]));
    server.kill()?;
    let listen = server.control()?.to_owned();
    drop(server);
    let options = ["--no-mdns"];
    let server = Rendezvous::as_it_is(stage.programs(), &data, &listen, &options)?;
    let mut mei = stage.registered("mei", &server)?;
    for agent in [&mut lin, &mut mei] {
        let told = agent.until(&groups, |told| told["groups"][0]["members"] == 2)?;
        assert_eq!(told["groups"][0]["kind"], "class");
        assert_eq!(told["groups"][0]["name"], "全体 Everybody");
    }
    mei.done(json!({"do": "send", "to": "lin", "text": "你好"}))?;
    lin.event("message", |message| message["text"] == "你好")?;
    Ok(())
}
