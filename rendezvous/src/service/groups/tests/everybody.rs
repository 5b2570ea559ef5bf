//! The class in which everybody is: who comes into it, who does not, and what roles are there.

use super::super::super::scene::{Client, Scene};
use super::super::*;
use super::roles;
use crate::policy::Policy;
use crate::service::audit::AuditAct;
use hutong_common::id::RequestId;
use hutong_common::name::DisplayName;
use hutong_common::rpc::Request;

fn policy(is_on: bool) -> Policy {
    Policy {
        everybody: is_on.then(|| DisplayName::new("全校").unwrap()),
        ..Policy::default()
    }
}

fn classes(scene: &mut Scene, who: &mut Client) -> Vec<GroupId> {
    let Ok(Reply::Groups(list)) = scene.ask(who, Request::Groups) else {
        panic!("not the reply to this request");
    };
    list.iter().map(|of| of.group).collect()
}

#[test]
fn every_new_account_comes_into_the_class_and_is_a_contact_of_all() {
    let mut scene = Scene::with_policy(policy(true));
    let mut lin = scene.register("lin");
    lin.pushes();
    let mut mei = scene.register("mei");
    let [class] = classes(&mut scene, &mut mei)[..] else {
        panic!("one class");
    };
    let told = |push: &Push| matches!(push, Push::GroupChanged(to) if to.group == class);
    assert!(lin.pushes().iter().any(told));
    let sheet = scene.sees(&mut lin, class).unwrap();
    let both = [lin.account, mei.account].map(|account| (account, GroupRole::Member));
    assert_eq!(roles(&sheet), both);
    let seen = (sheet.kind, sheet.name.as_str(), sheet.owner(), sheet.by);
    assert_eq!(seen, (GroupKind::Class, "全校", None, Some(mei.account)));
    let contact = scene.ask(&mut lin, Request::Contact(mei.account));
    assert!(matches!(contact, Ok(Reply::Contact(_))), "{contact:?}");
}

#[test]
fn where_it_is_switched_off_there_is_no_class_and_switched_on_it_has_all_who_are_there() {
    let mut scene = Scene::with_policy(policy(false));
    let (mut lin, tan) = (scene.register("lin"), scene.register("tan"));
    scene.set_role(&tan.login, Role::Teacher);
    assert_eq!(classes(&mut scene, &mut lin), []);
    let mut scene = scene.restart_with(policy(true));
    scene.resume(&mut lin).unwrap();
    let [class] = classes(&mut scene, &mut lin)[..] else {
        panic!("one class");
    };
    let sheet = scene.sees(&mut lin, class).unwrap();
    let want = [
        (lin.account, GroupRole::Member),
        (tan.account, GroupRole::Admin),
    ];
    assert_eq!(roles(&sheet), want);
    // It is made once, and stays when it is switched off: then nobody comes in by himself.
    let mut scene = scene.restart_with(policy(true));
    scene.resume(&mut lin).unwrap();
    assert_eq!(classes(&mut scene, &mut lin), [class]);
    let mut scene = scene.restart_with(policy(false));
    let mut bo = scene.register("bo");
    assert_eq!(classes(&mut scene, &mut bo), []);
    scene.resume(&mut lin).unwrap();
    assert_eq!(classes(&mut scene, &mut lin), [class]);
}

#[test]
fn the_settings_end_it_and_nobody_else_and_it_outlives_the_last_account() {
    let mut scene = Scene::with_policy(policy(true));
    let mut tan = scene.register("tan");
    scene.set_role(&tan.login, Role::Admin);
    let class = classes(&mut scene, &mut tan)[0];
    let refused = scene.ask(&mut tan, Request::DissolveGroup(class));
    assert_eq!(refused, Err(Refusal::NotAllowed));
    scene.with(|service, cx| service.delete_account(&tan.login, cx).map(drop).unwrap());
    let mut lin = scene.register("lin");
    assert_eq!(classes(&mut scene, &mut lin), [class]);
    assert_eq!(scene.sees(&mut lin, class).unwrap().members.len(), 1);
    let mut scene = scene.restart_with(policy(false));
    scene.set_role(&lin.login, Role::Admin);
    scene.resume(&mut lin).unwrap();
    assert_eq!(
        scene.ask(&mut lin, Request::DissolveGroup(class)),
        Ok(Reply::Done)
    );
    let mut scene = scene.restart_with(policy(true));
    scene.resume(&mut lin).unwrap();
    assert_ne!(classes(&mut scene, &mut lin), [class], "a new one");
}

/// A role that was given later did not reach the classes that its account was in.
#[test]
fn a_role_reaches_the_classes_of_its_account() {
    let mut scene = Scene::with_policy(policy(true));
    let (mut lin, mut mei) = (scene.register("lin"), scene.register("mei"));
    let class = classes(&mut scene, &mut lin)[0];
    let group = scene.makes(&mut lin, GroupKind::Group, &[&mei]).group;
    let [asked] = &scene.group_asks(&mut mei)[..] else {
        panic!("one invitation");
    };
    let request: RequestId = asked.request;
    scene.answer_group_as(&mut mei, request, true).unwrap();
    for (given, want) in [
        (Role::Teacher, GroupRole::Admin),
        (Role::Admin, GroupRole::Admin),
        (Role::Member, GroupRole::Member),
    ] {
        lin.pushes();
        let before = scene.sees(&mut lin, class).unwrap();
        scene.set_role(&mei.login, given);
        let sheet = scene.sees(&mut lin, class).unwrap();
        assert_eq!(sheet.member(mei.account).unwrap().role, want);
        let is_told = lin
            .pushes()
            .iter()
            .any(|push| matches!(push, Push::GroupChanged(_)));
        assert_eq!(is_told, sheet != before, "{given:?}");
        let group = scene.sees(&mut lin, group).unwrap();
        assert_eq!(group.member(mei.account).unwrap().role, GroupRole::Member);
    }
}

#[test]
fn a_full_class_takes_nobody_in_and_the_log_says_who_stays_out() {
    let mut scene = Scene::with_policy(policy(true));
    let mut lin = scene.register("lin");
    let class = classes(&mut scene, &mut lin)[0];
    scene.with(|_, cx| {
        for number in 0..SHEET_MEMBERS_MAX as u64 - 1 {
            let account = AccountId(1_000_000 + number);
            let row = member(GroupRole::Member, cx.now_ms);
            let into = (class, GroupKind::Class);
            cx.tx.set_group_member(into, account, &row).unwrap();
        }
    });
    let mut mei = scene.register("mei");
    assert_eq!(classes(&mut scene, &mut mei), []);
    let noted = scene.with(|service, cx| service.list_audit(0, 0, cx.tx).unwrap());
    let last = noted.entries.last().unwrap();
    assert_eq!(
        (last.act, last.account),
        (AuditAct::EverybodyFull, Some(mei.account))
    );
}
