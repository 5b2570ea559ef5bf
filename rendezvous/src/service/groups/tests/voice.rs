//! Whose mail is taken, in a group and between its members.

use super::super::super::scene::{Client, Scene, letter};
use super::super::*;
use super::acts::create;
use hutong_common::group::{ClassMode, PrivateChat};
use hutong_common::limits::DAY_MS;
use hutong_common::rpc::Request;
use hutong_common::rpc::friends::Relation;
use hutong_common::rpc::groups::Change;
use hutong_common::rpc::relay::RelayAsk;

#[test]
fn mail_is_judged_by_the_newest_sheet() {
    let (mut scene, [mut lin, mut mei, mut bo], group) = Scene::with_group();
    let said = scene.says(&mut lin, group, (1, &[&mei, &bo]));
    assert_eq!(said, Ok(vec![None, Some(Refusal::NotMember)]));
    let post = scene.post_of(&mut mei);
    let epoch = scene.sees(&mut mei, group).unwrap().epoch;
    assert_eq!(post[0].group, Some(GroupEpoch { group, epoch }));
    assert!(scene.mail(&mut mei).is_empty());
    let said = scene.says(&mut bo, group, (2, &[&mei]));
    assert_eq!(said, Err(Refusal::NotMember));
    scene
        .change(
            &mut lin,
            group,
            Change::Mute {
                account: mei.account,
                for_ms: 5_000,
            },
        )
        .unwrap();
    let until_ms = scene.now_ms + 5_000;
    let said = scene.says(&mut mei, group, (3, &[&lin]));
    assert_eq!(said, Err(Refusal::Muted { until_ms }));
    scene.now_ms = until_ms;
    assert_eq!(scene.says(&mut mei, group, (3, &[&lin])), Ok(vec![None]));
    scene
        .change(&mut lin, group, Change::Floor(Floor::Admins))
        .unwrap();
    let said = scene.says(&mut mei, group, (4, &[&lin]));
    assert_eq!(said, Err(Refusal::NotAllowed));
    scene
        .change(&mut lin, group, Change::Floor(Floor::Questions))
        .unwrap();
    let request = scene.apply_as(&mut bo, group).unwrap();
    scene.answer_group_as(&mut lin, request, true).unwrap();
    let said = scene.says(&mut mei, group, (5, &[&lin, &bo]));
    assert_eq!(said, Ok(vec![None, Some(Refusal::NotMember)]));
    scene
        .change(&mut lin, group, Change::Remove(mei.account))
        .unwrap();
    let said = scene.says(&mut mei, group, (6, &[&lin]));
    assert_eq!(said, Err(Refusal::NotMember));
}

#[test]
fn in_a_group_too_nothing_passes_between_who_blocks() {
    let (mut scene, [mut lin, mut mei, _], group) = Scene::with_group();
    scene.ask(&mut mei, Request::Block(lin.account)).unwrap();
    let said = scene.says(&mut lin, group, (1, &[&mei]));
    assert_eq!(said, Ok(vec![Some(Refusal::NotMember)]));
    for about in [
        Request::Contact(mei.account),
        Request::Introduce(mei.account),
    ] {
        assert_eq!(scene.ask(&mut lin, about), Err(Refusal::NotFound));
    }
    lin.pushes();
    scene.disconnect(&mei);
    assert_eq!(lin.pushes(), []);
}

#[test]
fn classmates_are_contacts_and_members_of_a_group_only_meet() {
    let mut scene = Scene::new();
    let (mut tan, mut lin, mei) = (
        scene.register("tan"),
        scene.register("lin"),
        scene.register("mei"),
    );
    scene.promote(&tan, Role::Teacher);
    let group = scene.makes(&mut tan, GroupKind::Group, &[&lin, &mei]).group;
    let relation = |scene: &mut Scene, lin: &mut Client, mei: &Client| match scene
        .ask(lin, Request::Contact(mei.account))
    {
        Ok(Reply::Contact(contact)) => Ok(contact.relation),
        Ok(_) => panic!("not the reply to this request"),
        Err(refusal) => Err(refusal),
    };
    assert_eq!(relation(&mut scene, &mut lin, &mei), Ok(Relation::Member));
    let alone = scene.send(&mut lin, &letter(1, &[&mei])).unwrap();
    assert_eq!(alone, [(mei.account, Some(Refusal::NotContacts))]);
    let reply = scene.ask(&mut tan, create(GroupKind::Class, 2, &[&lin, &mei]));
    let class = scene.sheet_of(reply).unwrap();
    assert_eq!(
        relation(&mut scene, &mut lin, &mei),
        Ok(Relation::Classmate)
    );
    let alone = scene.send(&mut lin, &letter(2, &[&mei])).unwrap();
    assert_eq!(alone, [(mei.account, None)]);
    mei.pushes();
    scene.disconnect(&lin);
    assert_eq!(mei.pushes().len(), 1);
    let mut lin = scene.twin(&lin);
    scene.resume(&mut lin).unwrap();
    for (mode, chat, student, teacher) in [
        (ClassMode::Lesson, PrivateChat::On, false, true),
        (ClassMode::Free, PrivateChat::AdminsOnly, false, true),
        (ClassMode::Free, PrivateChat::Off, false, false),
    ] {
        let policy = ClassPolicy {
            mode,
            private_chat: chat,
            ..ClassPolicy::default()
        };
        scene
            .change(&mut tan, class.group, Change::Policy(policy))
            .unwrap();
        let number = 10 + u8::try_from(scene.now_ms % 100).unwrap();
        scene.now_ms += DAY_MS;
        let said = scene
            .send(&mut lin, &letter(number, &[&mei, &tan]))
            .unwrap();
        let taken: Vec<bool> = said.iter().map(|(_, refusal)| refusal.is_none()).collect();
        assert_eq!(taken, [student, teacher], "{mode:?} {chat:?}");
        scene.now_ms += 1;
    }
    assert_eq!(scene.sees(&mut lin, group).unwrap().members.len(), 3);
}

/// A word in a class of two hundred cost as much as two hundred letters, and the next one had to wait ten seconds.
#[test]
fn a_large_class_is_spoken_to_like_a_small_one_up_to_a_bound_of_its_own() {
    let (mut scene, [mut lin, mei, _], group) = Scene::with_group();
    let everybody: Vec<Client> = (0..199)
        .map(|number| {
            let mut stranger = scene.twin(&mei);
            stranger.account = AccountId(50_000 + number);
            stranger
        })
        .collect();
    let to: Vec<&Client> = everybody.iter().chain([&mei]).collect();
    for number in 1..=25 {
        assert!(scene.says(&mut lin, group, (number, &to)).is_ok());
    }
    let soon = scene.says(&mut lin, group, (26, &to));
    assert!(matches!(soon, Err(Refusal::TooFast { .. })), "{soon:?}");
}

#[test]
fn on_its_first_day_an_account_has_relayed_sessions_with_contacts_only() {
    let mut scene = Scene::new();
    let (mut tan, mut lin, mei) = (
        scene.register("tan"),
        scene.register("lin"),
        scene.register("mei"),
    );
    scene.promote(&tan, Role::Teacher);
    scene.makes(&mut tan, GroupKind::Group, &[&lin, &mei]);
    let ask = Request::RelayOpen(RelayAsk {
        account: mei.account,
        device: mei.caller.device(),
    });
    let refused = scene.ask(&mut lin, ask.clone());
    assert_eq!(refused, Err(Refusal::NotContacts));
    scene.now_ms += YOUNG_ACCOUNT_MS;
    let granted = scene.ask(&mut lin, ask);
    assert!(matches!(granted, Ok(Reply::RelayTicket(_))), "{granted:?}");
}
