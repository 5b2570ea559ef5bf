//! Groups through the service: who may do what, who is told, and whose mail is taken.

mod acts;
mod arrivals;
mod classroom;
mod everybody;
mod voice;

use super::super::scene::{Client, Scene};
use super::*;
use acts::create;
use hutong_common::id::RequestId;
use hutong_common::limits::{DECLINED_SILENCE_MS, GROUP_REQUEST_KEPT_MS, SHEETS_KEPT_MAX};
use hutong_common::name::DisplayName;
use hutong_common::push::Hint;
use hutong_common::rpc::Request;
use hutong_common::rpc::groups::{Change, GroupRequestKind, Invite};

fn roles(sheet: &Sheet) -> Vec<(AccountId, GroupRole)> {
    let members = sheet.members.iter();
    members
        .map(|member| (member.account, member.role))
        .collect()
}

#[test]
fn a_new_group_has_its_owner_and_invites_the_others() {
    let (mut scene, mut lin, mut mei) = Scene::with_friends();
    let sheet = scene.makes(&mut lin, GroupKind::Group, &[&mei]);
    assert_eq!(sheet.group, GroupId(100_001));
    assert_eq!(roles(&sheet), [(lin.account, GroupRole::Owner)]);
    assert!(mei.pushes().contains(&Push::GroupRequestsChanged(Hint {})));
    let [asked] = &scene.group_asks(&mut mei)[..] else {
        panic!("one invitation");
    };
    let seen = (asked.kind, asked.incoming, asked.account);
    assert_eq!(seen, (GroupRequestKind::Invitation, true, lin.account));
    scene
        .answer_group_as(&mut mei, asked.request, true)
        .unwrap();
    let told = |push: &Push| matches!(push, Push::GroupChanged(to) if to.group == sheet.group);
    assert!(lin.pushes().iter().any(told) && mei.pushes().iter().any(told));
    let newest = scene.sees(&mut mei, sheet.group).unwrap();
    let both = [
        (lin.account, GroupRole::Owner),
        (mei.account, GroupRole::Member),
    ];
    assert_eq!(roles(&newest), both);
    assert_eq!(
        (newest.previous, newest.by),
        (sheet.epoch, Some(mei.account))
    );
}

/// The answer to the making of a group can be lost; asked again, it must not be made twice.
#[test]
fn a_group_that_is_asked_for_again_is_the_same() {
    let (mut scene, mut lin, mei) = Scene::with_friends();
    let first = scene.makes(&mut lin, GroupKind::Group, &[&mei]);
    let again = scene.makes(&mut lin, GroupKind::Group, &[&mei]);
    assert_eq!(first, again);
    let other = scene.ask(&mut lin, create(GroupKind::Group, 2, &[]));
    assert_ne!(scene.sheet_of(other).unwrap().group, first.group);
}

#[test]
fn strangers_are_not_invited_and_students_make_no_classes() {
    let (mut scene, [mut lin, _, mut bo], group) = Scene::with_group();
    let with_bo = scene.ask(&mut lin, create(GroupKind::Group, 7, &[&bo]));
    assert_eq!(with_bo, Err(Refusal::NotFound));
    let class = scene.ask(&mut lin, create(GroupKind::Class, 8, &[]));
    assert_eq!(class, Err(Refusal::NotAllowed));
    let greeting = Text::default();
    let account = bo.account;
    let invite = Invite {
        group,
        account,
        greeting,
    };
    let asked = scene.ask(&mut lin, Request::InviteToGroup(invite.clone()));
    assert_eq!(asked, Err(Refusal::NotFound));
    let asked = scene.ask(&mut bo, Request::InviteToGroup(invite));
    assert_eq!(asked, Err(Refusal::NotMember));
}

#[test]
fn who_applies_comes_in_when_an_admin_approves() {
    let (mut scene, [mut lin, mut mei, mut bo], group) = Scene::with_group();
    let found = scene.ask(&mut bo, Request::FindGroup(group));
    let Ok(Reply::GroupCard(card)) = found else {
        panic!("found by its number");
    };
    assert_eq!((card.members, card.standing), (2, Standing::None));
    let request = scene.apply_as(&mut bo, group).unwrap();
    assert_eq!(scene.apply_as(&mut bo, group), Ok(request));
    assert!(
        scene
            .group_asks(&mut mei)
            .iter()
            .all(|asked| asked.request != request)
    );
    let answered = scene.answer_group_as(&mut mei, request, true);
    assert_eq!(answered, Err(Refusal::NotFound));
    let answered = scene.answer_group_as(&mut bo, request, true);
    assert_eq!(answered, Err(Refusal::NotFound));
    let seen = scene.group_asks(&mut lin);
    let seen = seen.iter().find(|asked| asked.request == request).unwrap();
    assert_eq!(
        (seen.kind, seen.incoming),
        (GroupRequestKind::Application, true)
    );
    scene.answer_group_as(&mut lin, request, true).unwrap();
    assert_eq!(scene.sees(&mut bo, group).unwrap().members.len(), 3);
    assert_eq!(
        scene.answer_group_as(&mut lin, request, true),
        Ok(Reply::Done)
    );
    let late = scene.answer_group_as(&mut lin, request, false);
    assert_eq!(late, Err(Refusal::AlreadyDone));
}

#[test]
fn after_a_refusal_there_is_a_day_of_silence() {
    let (mut scene, [mut lin, _, mut bo], group) = Scene::with_group();
    let request = scene.apply_as(&mut bo, group).unwrap();
    scene.answer_group_as(&mut lin, request, false).unwrap();
    assert_eq!(scene.apply_as(&mut bo, group), Err(Refusal::Declined));
    scene.now_ms += DECLINED_SILENCE_MS;
    assert!(scene.apply_as(&mut bo, group).is_ok());
}

#[test]
fn what_was_answered_is_listed_for_a_month_and_what_waits_until_it_is_answered() {
    let (mut scene, [mut lin, _, mut bo], group) = Scene::with_group();
    let mut carol = scene.register("carol");
    let declined = scene.apply_as(&mut bo, group).unwrap();
    let pending = scene.apply_as(&mut carol, group).unwrap();
    scene.answer_group_as(&mut lin, declined, false).unwrap();
    let listed = |scene: &mut Scene, who: &mut Client| -> Vec<RequestId> {
        let asks = scene.group_asks(who).into_iter();
        asks.map(|asked| asked.request).collect()
    };
    let sweep = |scene: &mut Scene, after_ms| {
        scene.now_ms += after_ms;
        let pushes = scene.with(|service, cx| service.tick(cx).unwrap());
        scene.deliver(pushes);
    };
    sweep(&mut scene, GROUP_REQUEST_KEPT_MS - 1);
    assert_eq!(listed(&mut scene, &mut bo), [declined]);
    let again = scene.apply_as(&mut bo, group).unwrap();
    sweep(&mut scene, 1);
    assert_eq!(listed(&mut scene, &mut bo), [again], "it waits");
    assert_eq!(listed(&mut scene, &mut carol), [pending]);
    scene.answer_group_as(&mut lin, again, true).unwrap();
    sweep(&mut scene, GROUP_REQUEST_KEPT_MS);
    assert_eq!(listed(&mut scene, &mut bo), []);
    assert_eq!(listed(&mut scene, &mut carol), [pending]);
    assert!(scene.sees(&mut bo, group).is_ok(), "he is in all the same");
}

#[test]
fn members_change_nothing_and_admins_only_what_is_theirs() {
    let (mut scene, [mut lin, mut mei, mut bo], group) = Scene::with_group();
    let name = DisplayName::new("新名").unwrap();
    let changes = |of: AccountId| {
        vec![
            Change::Rename(name.clone()),
            Change::Notice(Text::new("周一考试").unwrap()),
            Change::Floor(Floor::Admins),
            Change::Mute {
                account: of,
                for_ms: 1_000,
            },
            Change::Remove(of),
        ]
    };
    for change in changes(lin.account) {
        assert_eq!(
            scene.change(&mut mei, group, change.clone()),
            Err(Refusal::NotAllowed)
        );
        assert_eq!(
            scene.change(&mut bo, group, change),
            Err(Refusal::NotMember)
        );
    }
    let admin = Change::Role {
        account: mei.account,
        role: GroupRole::Admin,
    };
    assert!(scene.change(&mut lin, group, admin.clone()).is_ok());
    assert_eq!(
        scene.change(&mut mei, group, admin),
        Err(Refusal::NotAllowed)
    );
    let request = scene.apply_as(&mut bo, group).unwrap();
    scene.answer_group_as(&mut mei, request, true).unwrap();
    for change in [Change::Remove(lin.account), Change::HandOver(mei.account)] {
        assert_eq!(
            scene.change(&mut mei, group, change),
            Err(Refusal::NotAllowed)
        );
    }
    for change in changes(bo.account) {
        assert!(scene.change(&mut mei, group, change).is_ok());
    }
    let newest = scene.sees(&mut lin, group).unwrap();
    assert_eq!(
        (newest.name.as_str(), newest.floor),
        ("新名", Floor::Admins)
    );
    assert_eq!(scene.sees(&mut bo, group), Err(Refusal::NotMember));
}

#[test]
fn an_owner_hands_over_before_leaving_and_the_end_of_a_group_is_told() {
    let (mut scene, [mut lin, mut mei, _], group) = Scene::with_group();
    let leave = Request::LeaveGroup(group);
    assert_eq!(scene.ask(&mut lin, leave.clone()), Err(Refusal::NotAllowed));
    scene
        .change(&mut lin, group, Change::HandOver(mei.account))
        .unwrap();
    let sheet = scene.sees(&mut mei, group).unwrap();
    assert_eq!(sheet.owner(), Some(mei.account));
    assert!(sheet.is_admin(lin.account));
    assert_eq!(scene.ask(&mut lin, leave), Ok(Reply::Done));
    lin.pushes();
    mei.pushes();
    let dissolve = Request::DissolveGroup(group);
    assert_eq!(
        scene.ask(&mut lin, dissolve.clone()),
        Err(Refusal::NotMember)
    );
    assert_eq!(scene.ask(&mut mei, dissolve), Ok(Reply::Done));
    assert!(matches!(mei.pushes()[..], [Push::GroupChanged(_)]));
    assert_eq!(scene.sees(&mut mei, group), Err(Refusal::NotFound));
}

#[test]
fn epochs_only_grow_and_old_sheets_go() {
    let (mut scene, [mut lin, ..], group) = Scene::with_group();
    let mut last = scene.sees(&mut lin, group).unwrap().epoch;
    let first = last;
    for number in 0..SHEETS_KEPT_MAX {
        let name = DisplayName::new(&format!("n{number}")).unwrap();
        scene.now_ms += 10_000;
        let sheet = scene.change(&mut lin, group, Change::Rename(name)).unwrap();
        assert!(sheet.epoch > last && sheet.previous == last);
        last = sheet.epoch;
    }
    let kept =
        scene.with(|_, cx| [first, last].map(|epoch| cx.tx.sheet(group, epoch).unwrap().is_some()));
    assert_eq!(kept, [false, true]);
    let same = DisplayName::new(&format!("n{}", SHEETS_KEPT_MAX - 1)).unwrap();
    let again = scene.change(&mut lin, group, Change::Rename(same)).unwrap();
    assert_eq!(again.epoch, last);
}

#[test]
fn a_group_outlives_its_owner_and_ends_with_its_last_member() {
    let (mut scene, [lin, mut mei, _], group) = Scene::with_group();
    let login = lin.login;
    scene
        .with(|service, cx| service.delete_account(&login, cx).map(drop))
        .unwrap();
    let sheet = scene.sees(&mut mei, group).unwrap();
    assert_eq!(roles(&sheet), [(mei.account, GroupRole::Owner)]);
    assert_eq!(sheet.by, None);
    let login = mei.login.clone();
    scene
        .with(|service, cx| service.delete_account(&login, cx).map(drop))
        .unwrap();
    let left = scene.with(|_, cx| cx.tx.group(group).unwrap());
    assert!(left.is_none());
}

#[test]
fn a_young_account_owns_few_groups() {
    let mut scene = Scene::new();
    let mut lin = scene.register("lin");
    for token in 1..=2 {
        assert!(
            scene
                .ask(&mut lin, create(GroupKind::Group, token, &[]))
                .is_ok()
        );
    }
    let third = create(GroupKind::Group, 3, &[]);
    assert_eq!(scene.ask(&mut lin, third.clone()), Err(FULL));
    scene.now_ms += YOUNG_ACCOUNT_MS;
    assert!(scene.ask(&mut lin, third).is_ok());
}

#[test]
fn a_picture_is_for_members() {
    let (mut scene, [mut lin, mut mei, mut bo], group) = Scene::with_group();
    let none = scene.ask(&mut mei, Request::GroupPicture(group));
    assert_eq!(none, Err(Refusal::NotFound));
    let bytes = Bytes::new(vec![7; 99]).unwrap();
    let sheet = scene
        .change(&mut lin, group, Change::Picture(bytes.clone()))
        .unwrap();
    assert_eq!(sheet.picture, Some(*blake3::hash(&bytes).as_bytes()));
    let seen = scene.ask(&mut mei, Request::GroupPicture(group));
    assert_eq!(seen, Ok(Reply::Avatar(bytes)));
    let stranger = scene.ask(&mut bo, Request::GroupPicture(group));
    assert_eq!(stranger, Err(Refusal::NotMember));
    let sheet = scene
        .change(&mut lin, group, Change::Picture(Bytes::default()))
        .unwrap();
    assert_eq!(sheet.picture, None);
}
