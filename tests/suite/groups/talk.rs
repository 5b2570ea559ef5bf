//! What is said in groups: it comes to everybody once and in one order, and only from whom the sheet lets speak.

use super::{carol_comes, edit, group_of_two, members, show};
use hutong_common::id::{GroupId, MsgId};
use hutong_common::refusal::Refusal;
use hutong_engine::api::command::{GroupCommand, GroupEdit};
use hutong_engine::api::done::HistoryRow;
use hutong_engine::api::event::{DeliveryState, FileState};
use hutong_engine::api::group::FloorName;
use hutong_engine::api::{Command, Done, Failure, Path};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::agreement;
use hutong_tests::harness::world::World;

fn say(who: &Actor, group: GroupId, text: &str) -> Result<MsgId, Failure> {
    let (to, text) = (format!("g:{group}"), text.to_owned());
    let done = who.ask(Command::Send { to, text })?;
    let Done::Sent { message, .. } = done else {
        panic!("{done:?}");
    };
    Ok(message)
}

/// What was said in a group, as somebody has it.
fn history(who: &Actor, group: GroupId) -> Vec<HistoryRow> {
    agreement::history(who, &format!("g:{group}"))
}

fn said(who: &Actor, group: GroupId) -> Vec<String> {
    let rows = history(who, group).into_iter();
    rows.filter_map(|row| row.message.text).collect()
}

/// How far a message of somebody's is for each other member.
fn states(who: &Actor, group: GroupId, message: MsgId) -> Vec<(String, DeliveryState)> {
    let mut rows = history(who, group).into_iter();
    let row = rows.find(|row| row.message.id == message);
    let states = row.map(|row| row.states).unwrap_or_default();
    states.into_iter().collect()
}

/// Alice owns a group with Bob and Carol, who do not know each other.
fn group_of_three(world: &World) -> (Actor, Actor, Actor, GroupId) {
    let (alice, bob, group) = group_of_two(world);
    let carol = carol_comes(world, &alice, group);
    for who in [&alice, &bob, &carol] {
        let is_named = || {
            let members = members(who, group);
            members.len() == 3 && members.iter().any(|(login, _)| login == "carol")
        };
        world.expect("all are named", is_named, 10_000);
    }
    (alice, bob, carol, group)
}

#[test]
fn what_is_said_in_a_group_comes_to_all_its_members_once_and_in_one_order() {
    let world = World::new(20);
    let (alice, bob, carol, group) = group_of_three(&world);
    let all = [&alice, &bob, &carol];
    for round in 0..3 {
        for who in all {
            say(who, group, &format!("{} 说 {round}", who.name())).expect("it is taken");
        }
    }
    let have_all = || all.iter().all(|who| said(who, group).len() == 9);
    world.expect("all have all", have_all, 10_000);
    assert_eq!(said(&alice, group), said(&bob, group));
    assert_eq!(said(&alice, group), said(&carol, group));
    let unread = |who: &Actor| match who.ask(Command::Unread) {
        Ok(Done::Unread { conversations, .. }) => {
            let rows = conversations.into_iter();
            rows.map(|row| (row.conversation, row.unread))
                .collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(unread(&carol), [(format!("g:{group}"), 6)]);
}

#[test]
fn the_writer_knows_who_has_a_message_and_who_has_looked_at_it() {
    let world = World::new(21);
    let (alice, bob, carol, group) = group_of_three(&world);
    carol.kill();
    let message = say(&alice, group, "谁在？").expect("it is taken");
    let told = |bob: DeliveryState, carol: DeliveryState| {
        vec![("bob".to_owned(), bob), ("carol".to_owned(), carol)]
    };
    let is_so = |bob, carol| states(&alice, group, message) == told(bob, carol);
    let is_there = || is_so(DeliveryState::Delivered, DeliveryState::LeftAtServer);
    world.expect("bob has it, carol will", is_there, 10_000);
    let with = format!("g:{group}");
    let read = Command::Read { with, upto: None };
    bob.ask(read.clone()).expect("he looks");
    let is_read = || is_so(DeliveryState::Shown, DeliveryState::LeftAtServer);
    world.expect("he has read it", is_read, 10_000);
    assert_eq!(
        history(&alice, group)[0].state,
        Some(DeliveryState::LeftAtServer),
        "for all, it is as far as for the last"
    );
    carol.restart();
    let is_there = || is_so(DeliveryState::Shown, DeliveryState::Delivered);
    world.expect("carol has it", is_there, 30_000);
    carol.ask(read).expect("she looks");
    let is_read = || is_so(DeliveryState::Shown, DeliveryState::Shown);
    world.expect("all have read it", is_read, 10_000);
    assert_eq!(history(&alice, group)[0].state, Some(DeliveryState::Shown));
}

#[test]
fn who_may_not_speak_is_told_so_and_nobody_hears_it() {
    let world = World::new(22);
    let (alice, bob, carol, group) = group_of_three(&world);
    let login = "bob".to_owned();
    let minutes = 10;
    edit(
        &alice,
        GroupEdit::GroupMute {
            group,
            login,
            minutes,
        },
    )
    .expect("he is muted");
    let is_muted = || {
        let members = show(&bob, group).map(|shown| shown.members);
        let mut members = members.unwrap_or_default().into_iter();
        members.any(|member| member.login == "bob" && member.muted_until_ms.is_some())
    };
    world.expect("bob knows", is_muted, 5_000);
    let refused = say(&bob, group, "嘘");
    assert!(matches!(
        refused,
        Err(Failure::Refused(Refusal::Muted { .. }))
    ));
    let floor = FloorName::Questions;
    edit(&alice, GroupEdit::GroupFloor { group, floor }).expect("questions only");
    let is_known = |who: &Actor| show(who, group).is_some_and(|shown| shown.floor == floor);
    world.expect("carol knows", || is_known(&carol), 5_000);
    world.expect("bob knows", || is_known(&bob), 5_000);
    say(&carol, group, "老师，一个问题").expect("it is taken");
    world.expect("it is heard", || said(&alice, group).len() == 1, 10_000);
    world.run_for(5_000);
    assert_eq!(said(&bob, group), Vec::<String>::new(), "not by members");
    say(&alice, group, "好问题").expect("admins are heard");
    world.expect("bob hears", || said(&bob, group).len() == 1, 10_000);
}

#[test]
fn who_comes_later_does_not_hear_what_was_said_and_who_is_gone_hears_no_more() {
    let world = World::new(23);
    let (alice, bob, group) = group_of_two(&world);
    say(&alice, group, "之前").expect("it is taken");
    world.expect("bob has it", || said(&bob, group).len() == 1, 10_000);
    let carol = carol_comes(&world, &alice, group);
    let knows_her = || members(&alice, group).len() == 3;
    world.expect("alice knows her", knows_her, 5_000);
    say(&alice, group, "之后").expect("it is taken");
    world.expect("carol has it", || said(&carol, group) == ["之后"], 15_000);
    let login = "carol".to_owned();
    edit(&alice, GroupEdit::GroupKick { group, login }).expect("she is out");
    say(&alice, group, "没有她").expect("it is taken");
    world.expect("bob has it", || said(&bob, group).len() == 3, 10_000);
    world.expect("carol knows", || show(&carol, group).is_none(), 10_000);
    assert_eq!(said(&carol, group), ["之后"], "what she had stays hers");
    assert_eq!(say(&carol, group, "我呢"), Err(Refusal::NotMember.into()));
}

#[test]
fn admins_can_name_all_and_members_those_whom_they_mean() {
    let world = World::new(24);
    let (alice, bob, carol, group) = group_of_three(&world);
    say(&alice, group, "@all 明天考试").expect("it is taken");
    world.expect("carol has it", || said(&carol, group).len() == 1, 10_000);
    say(&carol, group, "@所有人 @bob 你好").expect("it is taken");
    let all = [&alice, &bob, &carol];
    let have_all = || all.iter().all(|who| said(who, group).len() == 2);
    world.expect("all have all", have_all, 10_000);
    let named = |who: &Actor| {
        let rows = history(who, group).into_iter();
        rows.map(|row| row.message.mentions_me).collect::<Vec<_>>()
    };
    assert_eq!(named(&bob), [true, true]);
    assert_eq!(named(&alice), [false, false], "a member does not name all");
    assert_eq!(named(&carol), [true, false]);
}

#[test]
fn a_group_goes_on_when_the_rendezvous_is_down() {
    let world = World::new(25);
    let (alice, bob, group) = group_of_two(&world);
    alice.send(&bob, "你好");
    let linked = || alice.presence(&bob).map(|(_, path)| path) == Some(Path::Direct);
    world.expect("they are linked", linked, 10_000);
    world.kill_server();
    world.run_for(1_000);
    let message = say(&alice, group, "没有服务器").expect("it is taken");
    world.expect("bob has it", || said(&bob, group).len() == 1, 10_000);
    let bobs = ("bob".to_owned(), DeliveryState::Delivered);
    let is_known = || states(&alice, group, message) == [bobs.clone()];
    world.expect("alice knows", is_known, 10_000);
}

#[test]
fn a_file_for_a_group_is_fetched_by_each_member_who_wants_it() {
    let world = World::new(26);
    let (alice, bob, carol, group) = group_of_three(&world);
    let (_, file) = alice.offer(&format!("g:{group}"), "作业.pdf", 300_000);
    for who in [&bob, &carol] {
        let is_offered = || who.file(file).map(|file| file.state) == Some(FileState::Offered);
        world.expect("it is offered", is_offered, 10_000);
        who.accept_file(file).expect("it is wanted");
        let is_there = || who.file(file).map(|file| file.state) == Some(FileState::Verified);
        world.expect("it is there", is_there, 60_000);
    }
    let had_by = || {
        let files = alice.ask(Command::Files { direction: None });
        let Ok(Done::Files { files }) = files else {
            panic!("a list of files");
        };
        files[0].had_by.clone()
    };
    world.expect(
        "alice knows who has it",
        || had_by() == ["bob", "carol"],
        10_000,
    );
}

#[test]
fn what_one_writes_in_a_group_is_on_ones_other_computer_too() {
    let world = World::new(27);
    let (alice, bob, group) = group_of_two(&world);
    let second = world.actor("alice at home");
    second.login("alice");
    world.expect(
        "it knows the group",
        || show(&second, group).is_some(),
        20_000,
    );
    let message = say(&alice, group, "两台电脑").expect("it is taken");
    for who in [&second, &bob] {
        world.expect("it is there", || said(who, group) == ["两台电脑"], 20_000);
    }
    let bobs = [("bob".to_owned(), DeliveryState::Delivered)];
    let is_known = || states(&alice, group, message) == bobs;
    world.expect("alice knows that bob has it", is_known, 20_000);
    let there = states(&second, group, message);
    let bobs = [("bob".to_owned(), DeliveryState::LeftAtServer)];
    assert_eq!(
        there, bobs,
        "of what went directly, only the writer has a receipt"
    );
    say(&second, group, "从家里").expect("it is taken");
    let both = ["两台电脑", "从家里"];
    for who in [&alice, &bob] {
        world.expect("that is there, too", || said(who, group) == both, 20_000);
    }
}

/// Bob said something in the group and left it before Carol came back. She knew him from there alone, and his words were thrown
/// away as those of a stranger.
#[test]
fn what_somebody_said_before_he_left_comes_to_those_who_were_away() {
    let world = World::new(77);
    let (_alice, bob, carol, group) = group_of_three(&world);
    carol.kill();
    world.run_for(2_000);
    let message = say(&bob, group, "大家再见").expect("he may speak");
    let is_left = || {
        let states = states(&bob, group, message);
        states.contains(&("carol".to_owned(), DeliveryState::LeftAtServer))
    };
    world.expect("it waits for her", is_left, 10_000);
    super::ask(&bob, GroupCommand::GroupLeave { group }).expect("he leaves");
    world.run_for(5_000);
    carol.restart();
    world.expect("she has it", || said(&carol, group) == ["大家再见"], 20_000);
    let row = history(&carol, group).pop().expect("it is there");
    assert_eq!(row.message.from, "bob");
    assert_eq!(members(&carol, group).len(), 2);
}
