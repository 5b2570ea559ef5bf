//! Who comes into a large group: told together, and soon.

use super::super::super::scene::{Client, Scene};
use super::super::*;
use crate::policy::Policy;
use hutong_common::limits::{ARRIVALS_PAUSE_PER_MEMBER_MS, TOLD_AT_ONCE_MAX};
use hutong_common::name::DisplayName;
use hutong_common::rpc::Request;
use hutong_common::rpc::groups::Change;

/// A class with Tan, an admin of the rendezvous, Lin, and so many who are only in the sheet.
fn class(others: usize) -> (Scene, Client, Client, GroupId) {
    let mut scene = Scene::with_policy(Policy {
        everybody: Some(DisplayName::new("全校").unwrap()),
        ..Policy::default()
    });
    let (mut tan, lin) = (scene.register("tan"), scene.register("lin"));
    scene.promote(&tan, Role::Admin);
    let Ok(Reply::Groups(list)) = scene.ask(&mut tan, Request::Groups) else {
        panic!("not the reply to this request");
    };
    let class = list[0].group;
    scene.with(|_, cx| {
        for number in 0..others as u64 {
            let row = member(GroupRole::Member, cx.now_ms);
            let (into, account) = ((class, GroupKind::Class), AccountId(1_000_000 + number));
            cx.tx.set_group_member(into, account, &row).unwrap();
        }
    });
    tan.pushes();
    lin.pushes();
    (scene, tan, lin, class)
}

/// The epochs that somebody was told since the last time.
fn told(who: &Client) -> Vec<u64> {
    let pushes = who.pushes().into_iter();
    let epochs = pushes.filter_map(|push| {
        if let Push::GroupChanged(to) = push {
            Some(to.epoch)
        } else {
            None
        }
    });
    epochs.collect()
}

fn looks(scene: &mut Scene) {
    let pushes = scene.with(|service, cx| service.tell_arrivals(cx).unwrap());
    scene.deliver(pushes);
}

#[test]
fn in_a_small_class_everybody_is_told_of_each() {
    let (mut scene, _, lin, _) = class(10);
    for name in ["mei", "bo"] {
        let newcomer = scene.register(name);
        assert_eq!((told(&lin).len(), told(&newcomer).len()), (1, 1));
    }
    assert!(!scene.service.arrivals_wait());
}

#[test]
fn in_a_large_class_the_next_ones_are_told_together_after_a_pause() {
    let (mut scene, mut tan, lin, class) = class(TOLD_AT_ONCE_MAX);
    let mei = scene.register("mei");
    assert_eq!(
        (told(&lin).len(), told(&mei).len()),
        (1, 1),
        "the first at once"
    );
    let newcomers = ["bo", "carol"].map(|name| scene.register(name));
    assert!(told(&lin).is_empty(), "the next wait");
    for newcomer in &newcomers {
        assert_eq!(told(newcomer).len(), 1, "whoever came in does not");
    }
    assert!(scene.service.arrivals_wait());
    looks(&mut scene);
    assert!(told(&lin).is_empty());
    scene.now_ms += ARRIVALS_PAUSE_PER_MEMBER_MS * (TOLD_AT_ONCE_MAX as u64 + 5);
    looks(&mut scene);
    let newest = scene.sees(&mut tan, class).unwrap().epoch;
    assert_eq!(told(&lin), [newest], "once, and the newest");
    assert!(!scene.service.arrivals_wait());
    scene.register("ning");
    assert!(told(&lin).is_empty());
    mei.pushes();
    // Whoever is removed must not be heard a moment longer: no other change waits.
    scene
        .change(&mut tan, class, Change::Remove(mei.account))
        .unwrap();
    assert_eq!((told(&lin).len(), told(&mei).len()), (1, 1));
    assert!(!scene.service.arrivals_wait());
}

#[test]
fn several_contacts_are_told_in_one_answer_and_strangers_are_left_out() {
    let (mut scene, mut lin, mei) = Scene::with_friends();
    let bo = scene.register("bo");
    let of = List::truncated([mei.account, bo.account, AccountId(7)]);
    let Ok(Reply::Contacts(page)) = scene.ask(&mut lin, Request::ContactsOf(of)) else {
        panic!("not the reply to this request");
    };
    let told: Vec<AccountId> = page.contacts.iter().map(|of| of.account).collect();
    assert_eq!((told, page.more), (vec![mei.account], false));
}
