//! Groups in the world: made, joined, changed and left, told once to everybody in them, and kept over restarts.

mod talk;

use hutong_common::id::{GroupId, RequestId};
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::signed::Role;
use hutong_engine::api::command::{GroupCommand, GroupEdit, RequestChoice};
use hutong_engine::api::done::Relation;
use hutong_engine::api::event::RequestKind;
use hutong_engine::api::group::{FloorName, GroupDeed, GroupShown, RoleName};
use hutong_engine::api::{Command, Done, Event, Failure};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::World;

fn ask(who: &Actor, asked: GroupCommand) -> Result<Done, Failure> {
    who.ask(Command::Group(asked))
}

fn edit(who: &Actor, edit: GroupEdit) -> Result<Done, Failure> {
    ask(who, GroupCommand::Change(edit))
}

fn create(who: &Actor, members: &[&Actor], class: bool) -> GroupShown {
    let asked = GroupCommand::GroupCreate {
        name: "算法课".to_owned(),
        members: members.iter().map(|member| member.name()).collect(),
        class,
    };
    match ask(who, asked) {
        Ok(Done::Group(shown)) => shown,
        other => panic!("{other:?}"),
    }
}

fn show(who: &Actor, group: GroupId) -> Option<GroupShown> {
    match ask(who, GroupCommand::GroupShow { group }) {
        Ok(Done::Group(shown)) => Some(shown),
        Ok(_) | Err(_) => None,
    }
}

/// Logins and roles as somebody sees them.
fn members(who: &Actor, group: GroupId) -> Vec<(String, RoleName)> {
    let shown = show(who, group).map(|shown| shown.members);
    let members = shown.unwrap_or_default().into_iter();
    members.map(|member| (member.login, member.role)).collect()
}

fn names(members: &[(&str, RoleName)]) -> Vec<(String, RoleName)> {
    let members = members.iter();
    members
        .map(|(login, role)| ((*login).to_owned(), *role))
        .collect()
}

/// A request about a group that was told to somebody in this life.
fn asked(who: &Actor) -> Option<(RequestId, RequestKind)> {
    who.last_event_of_this_life(|event| {
        if let Event::Request(request) = event
            && request.group.is_some()
        {
            Some((request.request, request.kind))
        } else {
            None
        }
    })
}

fn accept(who: &Actor, request: RequestId) -> Result<Done, Failure> {
    who.ask(Command::Accept(RequestChoice {
        request: Some(request),
        from: None,
    }))
}

/// Everything that was told about a group: what, to whom, by whom.
fn told(who: &Actor) -> Vec<(GroupDeed, Option<String>, Option<String>)> {
    who.computer(|computer| {
        let events = computer.events.iter();
        let changes = events.filter_map(|event| {
            if let Event::Group(group) = event {
                Some(group.changes.clone())
            } else {
                None
            }
        });
        let changes = changes.flatten();
        changes
            .map(|change| (change.what, change.who, change.by))
            .collect()
    })
}

/// Alice owns a group with Bob.
fn group_of_two(world: &World) -> (Actor, Actor, GroupId) {
    let (alice, bob) = world.friends("alice", "bob");
    let group = create(&alice, &[&bob], false).group;
    world.expect("bob is asked", || asked(&bob).is_some(), 5_000);
    let (request, kind) = asked(&bob).expect("asked");
    assert_eq!(kind, RequestKind::GroupInvite);
    accept(&bob, request).expect("he comes");
    let both = names(&[("alice", RoleName::Owner), ("bob", RoleName::Member)]);
    let is_known = || members(&alice, group) == both && members(&bob, group) == both;
    world.expect("both know it", is_known, 5_000);
    (alice, bob, group)
}

/// Carol, a friend of nobody, applies and is let in.
fn carol_comes(world: &World, admin: &Actor, group: GroupId) -> Actor {
    let carol = world.member("carol");
    let greeting = "让我进来".to_owned();
    let apply = GroupCommand::GroupApply { group, greeting };
    let Ok(Done::Added { request }) = ask(&carol, apply) else {
        panic!("she applies");
    };
    let is_told = || asked(admin) == Some((request, RequestKind::GroupApply));
    world.expect("the admin is told", is_told, 5_000);
    accept(admin, request).expect("she is let in");
    world.expect("she knows", || show(&carol, group).is_some(), 5_000);
    carol
}

#[test]
fn who_is_invited_comes_in_and_all_see_the_same_group_also_after_a_restart() {
    let world = World::new(1);
    let (alice, bob, group) = group_of_two(&world);
    world.run_for(2_000);
    assert_eq!(
        told(&alice),
        [
            (GroupDeed::Entered, None, Some("alice".to_owned())),
            (
                GroupDeed::Joined,
                Some("bob".to_owned()),
                Some("bob".to_owned())
            ),
        ]
    );
    assert_eq!(told(&bob)[0].0, GroupDeed::Entered);
    bob.kill();
    bob.restart();
    assert_eq!(members(&bob, group).len(), 2, "kept without the rendezvous");
    world.expect("he is there again", || bob.caught_up(), 20_000);
    assert_eq!(told(&bob).len(), 1, "what was told is not told again");
    let Ok(Done::Groups { groups }) = ask(&bob, GroupCommand::Groups) else {
        panic!("a list of groups");
    };
    assert_eq!(
        (groups.len(), groups[0].name.as_str(), groups[0].role),
        (1, "算法课", RoleName::Member)
    );
}

#[test]
fn strangers_in_one_group_have_names_and_may_not_write_to_each_other_alone() {
    let world = World::new(2);
    let (alice, bob, group) = group_of_two(&world);
    let carol = carol_comes(&world, &alice, group);
    let all = names(&[
        ("alice", RoleName::Owner),
        ("bob", RoleName::Member),
        ("carol", RoleName::Member),
    ]);
    for who in [&alice, &bob, &carol] {
        world.expect("all are named", || members(who, group) == all, 10_000);
    }
    let who = Command::Who {
        login: Some("carol".to_owned()),
    };
    let Ok(Done::Who { people }) = bob.ask(who) else {
        panic!("she is known");
    };
    assert_eq!(people[0].relation, Relation::Member);
    let refused = bob.try_send(&carol, "psst");
    assert_eq!(refused, Err(Refusal::NotContacts.into()));
}

#[test]
fn who_is_removed_is_told_and_forgets_the_others() {
    let world = World::new(3);
    let (alice, bob, group) = group_of_two(&world);
    let carol = carol_comes(&world, &alice, group);
    let carols = ("carol".to_owned(), RoleName::Member);
    for who in [&alice, &bob] {
        let is_named = || members(who, group).contains(&carols);
        world.expect("she is named", is_named, 10_000);
    }
    let login = "carol".to_owned();
    edit(&alice, GroupEdit::GroupKick { group, login }).expect("she is out");
    world.expect("she is told", || show(&carol, group).is_none(), 5_000);
    let last = told(&carol).pop().map(|(what, ..)| what);
    assert_eq!(last, Some(GroupDeed::Left));
    let gone = (
        GroupDeed::Gone,
        Some("carol".to_owned()),
        Some("alice".to_owned()),
    );
    world.expect("bob is told", || told(&bob).last() == Some(&gone), 5_000);
    let login = Some("carol".to_owned());
    let is_unknown = || {
        bob.ask(Command::Who {
            login: login.clone(),
        })
        .is_err()
    };
    world.expect("she is nothing to bob", is_unknown, 5_000);
    let again = ask(&carol, GroupCommand::GroupLeave { group });
    assert_eq!(again, Err(Refusal::NotMember.into()));
}

#[test]
fn what_was_missed_is_told_once_on_return() {
    let world = World::new(4);
    let (alice, bob, group) = group_of_two(&world);
    bob.kill();
    let name = "新名".to_owned();
    edit(&alice, GroupEdit::GroupRename { group, name }).expect("renamed");
    let notice = "周一考试".to_owned();
    edit(&alice, GroupEdit::GroupNotice { group, notice }).expect("noted");
    let floor = FloorName::Admins;
    edit(&alice, GroupEdit::GroupFloor { group, floor }).expect("given");
    bob.restart();
    world.expect("he is there again", || bob.caught_up(), 20_000);
    let missed = [
        (GroupDeed::Renamed, None, None),
        (GroupDeed::Notice, None, None),
        (GroupDeed::Floor, None, None),
    ];
    assert_eq!(told(&bob)[1..], missed);
    let shown = show(&bob, group).expect("his group");
    assert_eq!(
        (shown.name.as_str(), shown.notice.as_str(), shown.floor),
        ("新名", "周一考试", FloorName::Admins)
    );
}

#[test]
fn friends_who_part_stay_members_and_nothing_more() {
    let world = World::new(5);
    let (alice, bob, group) = group_of_two(&world);
    let login = "bob".to_owned();
    alice.ask(Command::Remove { login }).expect("no friends");
    let refused = || bob.try_send(&alice, "hi") == Err(Refusal::NotContacts.into());
    world.expect("nothing is sent", refused, 10_000);
    let both = names(&[("alice", RoleName::Owner), ("bob", RoleName::Member)]);
    for who in [&alice, &bob] {
        world.expect("still members", || members(who, group) == both, 10_000);
    }
    bob.kill();
    bob.restart();
    world.expect("he is there again", || bob.caught_up(), 20_000);
    assert_eq!(members(&bob, group), both);
}

#[test]
fn classmates_are_contacts_without_being_asked() {
    let world = World::new(6);
    let tan = world.member("tan");
    let login = Login::new("tan").expect("a login");
    world.administer(|service, cx| service.set_role(&login, Role::Teacher, cx));
    let class = create(&tan, &[], true).group;
    let students = ["lin", "mei"].map(|name| world.member(name));
    for student in &students {
        let greeting = String::new();
        let apply = GroupCommand::GroupApply {
            group: class,
            greeting,
        };
        let Ok(Done::Added { request }) = ask(student, apply) else {
            panic!("he applies");
        };
        let is_told = || asked(&tan).map(|(request, _)| request) == Some(request);
        world.expect("the teacher is told", is_told, 5_000);
        accept(&tan, request).expect("he is let in");
    }
    let [lin, mei] = &students;
    for who in [&tan, lin, mei] {
        world.expect("all are in", || members(who, class).len() == 3, 10_000);
    }
    let id = lin.send(mei, "同学你好");
    world.expect("it arrives", || lin.is_delivered(id), 10_000);
    assert_eq!(mei.texts(lin), ["同学你好"]);
}

#[test]
fn an_owner_cannot_leave_before_handing_over_and_a_dissolved_group_is_gone_for_all() {
    let world = World::new(7);
    let (alice, bob, group) = group_of_two(&world);
    let left = ask(&alice, GroupCommand::GroupLeave { group });
    assert_eq!(left, Err(Refusal::NotAllowed.into()));
    let login = "bob".to_owned();
    let handed = edit(&alice, GroupEdit::GroupHandOver { group, login });
    assert!(handed.is_ok(), "{handed:?}");
    let owns = || members(&bob, group).contains(&("bob".to_owned(), RoleName::Owner));
    world.expect("he is the owner", owns, 5_000);
    ask(&bob, GroupCommand::GroupDissolve { group }).expect("it ends");
    for who in [&alice, &bob] {
        world.expect("it is gone", || show(who, group).is_none(), 5_000);
    }
    let found = ask(&alice, GroupCommand::GroupFind { group });
    assert_eq!(found, Err(Refusal::NotFound.into()));
}
