//! What an admin's commands do to people in the middle of their day.

use super::super::scene::{Client, PASSWORD, Scene, letter};
use super::{AccountFacts, DeviceState, Managed, NotDone, RoleName, StateName};
use crate::sessions::Presence;
use hutong_common::id::AccountId;
use hutong_common::identity::device_id;
use hutong_common::limits::{ACCOUNT_PAGE_MAX, DAY_MS, LAST_SEEN_STEP_MS, LOGIN_KEPT_MS};
use hutong_common::name::{DisplayName, Login};
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::{DeviceKind, Membership, Revocations, Role, Signed};

const OWN: DeviceKind = DeviceKind::Own;

impl Scene {
    /// Carries a command out, as the desk does.
    fn command(
        &mut self,
        command: impl FnOnce(&super::Service, &mut super::Context<'_>) -> Result<Managed, NotDone>,
    ) -> (AccountFacts, bool) {
        let (facts, changed, effects) = self.with(command).unwrap();
        self.sessions.spread(&effects.pushes, &effects.endings);
        (facts, changed)
    }

    fn lock(&mut self, login: &Login) -> (AccountFacts, bool) {
        self.command(|service, cx| service.lock_account(login, cx))
    }

    fn unlock(&mut self, login: &Login) -> (AccountFacts, bool) {
        self.command(|service, cx| service.unlock_account(login, cx))
    }

    fn delete(&mut self, login: &Login) -> (AccountFacts, bool) {
        self.command(|service, cx| service.delete_account(login, cx))
    }

    fn role(&mut self, login: &Login, role: Role) -> (AccountFacts, bool) {
        self.command(|service, cx| service.set_role(login, role, cx))
    }

    fn membership(&self, signed: &Signed) -> Membership {
        signed
            .verify(&self.service.server_id().public_key())
            .unwrap()
    }
}

/// The newest list that this client was sent.
fn revocations(who: &Client) -> Revocations {
    let newest = who.pushes().into_iter().rev().find_map(|push| {
        let Push::Revocations(list) = push else {
            return None;
        };
        list.peek_unverified().ok()
    });
    newest.unwrap()
}

/// The smallest serial of an account that is believed, by that list.
fn min_serial(who: &Client, account: AccountId) -> u64 {
    let list = revocations(who);
    let entry = list.entries.iter().find(|e| e.account_id == account);
    entry.unwrap().min_serial
}

fn changed_contact(pushes: &[Push], account: AccountId) -> bool {
    pushes
        .iter()
        .any(|push| matches!(push, Push::ContactChanged(changed) if changed.account == account))
}

#[test]
fn a_locked_account_is_put_out_and_kept_out_until_it_is_unlocked() {
    let (mut scene, mut lin, mut mei) = Scene::with_friends();
    let login = lin.login.clone();
    let serial_before = {
        let contact = scene.ask(&mut mei, Request::Contact(lin.account)).unwrap();
        let Reply::Contact(contact) = contact else {
            panic!("{contact:?}")
        };
        scene.membership(&contact.membership).serial
    };
    let (facts, changed) = scene.lock(&login);
    assert!(changed && facts.state == StateName::Locked && !facts.online);
    assert!(lin.is_closed() && !scene.sessions.is_online(lin.account));
    assert!(min_serial(&mei, lin.account) > serial_before);
    assert_eq!(scene.lock(&login), (facts, false), "once is enough");
    scene.disconnect(&lin);
    assert!(
        matches!(mei.pushes()[..], [Push::Presence(gone)] if gone.account == lin.account && !gone.online)
    );

    // What was under way, a known device, the right password: all of it is refused, and says why.
    const LOCKED: Refusal = Refusal::LockedNeedsCode;
    assert_eq!(scene.ask(&mut lin, Request::Ping), Err(LOCKED));
    assert_eq!(scene.resume(&mut lin), Err(LOCKED));
    let mut scene = scene.restart();
    assert_eq!(scene.resume(&mut lin), Err(LOCKED));
    scene.reconnect(&mut lin);
    let right = scene.prove_password(&mut lin, PASSWORD).map(drop);
    assert_eq!(right, Err(LOCKED));
    scene.reconnect(&mut lin);
    let wrong = scene.prove_password(&mut lin, "wrong one").map(drop);
    assert_eq!(wrong, Err(Refusal::WrongLoginOrPassword));
    // Its mail waits.
    scene.resume(&mut mei).unwrap();
    let left = scene.send(&mut mei, &letter(1, &[&lin])).unwrap();
    assert_eq!(left, [(lin.account, None)]);

    let (facts, changed) = scene.unlock(&login);
    assert!(changed && facts.state == StateName::Active);
    assert!(!scene.unlock(&login).1);
    let welcome = scene.resume(&mut lin).unwrap();
    let serial = scene.membership(&welcome.membership).serial;
    let revocations: Revocations = welcome.revocations.peek_unverified().unwrap();
    assert!(
        revocations.entries[0].min_serial <= serial,
        "the new one is believed"
    );
    assert_eq!(scene.mail(&mut lin).len(), 1);
}

/// A password that was proved before the lock would have enrolled another device after it.
#[test]
fn a_lock_also_stops_whoever_has_just_typed_the_password() {
    let mut scene = Scene::new();
    let lin = scene.register("lin");
    let mut second = scene.new_device("lin");
    scene.lock(&lin.login);
    let enrol = scene.enrolment(&second, OWN);
    assert_eq!(scene.ask(&mut second, enrol), Err(Refusal::LockedNeedsCode));
}

/// The step that renews memberships made a new one for an account that had just been locked.
#[test]
fn time_alone_gives_a_locked_account_nothing_back() {
    let mut scene = Scene::new();
    let lin = scene.register("lin");
    scene
        .with(|service, cx| service.lock_account(&lin.login, cx).map(drop))
        .unwrap();
    scene.days_pass(13);
    assert!(scene.sessions.is_online(lin.account), "not yet told");
    scene.with(|service, cx| service.tick(cx)).unwrap();
    assert!(
        lin.pushes()
            .iter()
            .all(|push| !matches!(push, Push::Membership(_)))
    );
}

#[test]
fn a_deleted_account_is_gone_for_everybody_and_its_number_is_never_used_again() {
    let (mut scene, mut lin, mut mei) = Scene::with_friends();
    let mut bo = scene.register("bo");
    scene.request_friend(&mut bo, &lin).unwrap();
    scene.send(&mut mei, &letter(1, &[&lin])).unwrap();
    scene.send(&mut lin, &letter(2, &[&mei])).unwrap();
    let mut half_way = scene.new_device("lin");
    bo.pushes();
    mei.pushes();

    let (facts, changed) = scene.delete(&lin.login);
    assert!(changed && facts.state == StateName::Deleted && facts.account == lin.account);
    let told = mei.pushes();
    assert!(changed_contact(&told, lin.account));
    assert!(lin.is_closed());
    assert!(
        bo.pushes()
            .iter()
            .any(|push| matches!(push, Push::FriendRequestsChanged(_)))
    );
    // In the same batch as the end of its sessions, time passes and its devices still ask.
    scene.with(|service, cx| service.tick(cx)).unwrap();
    assert_eq!(
        scene.ask(&mut lin, Request::FriendRequests),
        Err(Refusal::NotSignedIn)
    );
    let enrol = scene.enrolment(&half_way, OWN);
    assert_eq!(scene.ask(&mut half_way, enrol), Err(Refusal::NotSignedIn));
    let mut scene = scene.restart();
    assert_eq!(scene.resume(&mut lin), Err(Refusal::NotSignedIn));
    scene.reconnect(&mut lin);
    let right = scene.prove_password(&mut lin, PASSWORD).map(drop);
    assert_eq!(right, Err(Refusal::WrongLoginOrPassword));
    for client in [&mut mei, &mut bo] {
        scene.resume(client).unwrap();
    }
    let gone = [
        scene.ask(&mut mei, Request::Contact(lin.account)),
        scene.ask(&mut bo, Request::Find(lin.login.clone())),
    ];
    assert_eq!(gone, [const { Err(Refusal::NotFound) }; 2]);
    let Ok(Reply::FriendRequests(open)) = scene.ask(&mut bo, Request::FriendRequests) else {
        panic!("not the reply to this request");
    };
    assert!(open.is_empty());
    let left = scene.send(&mut mei, &letter(3, &[&lin])).unwrap();
    assert_eq!(left, [(lin.account, Some(Refusal::NotContacts))]);
    assert_eq!(scene.mail(&mut mei).len(), 1, "what it sent still arrives");
    let tx = scene.store.read().unwrap();
    assert!(
        tx.mail_after(lin.account, hutong_common::id::MailRow(0), 9)
            .unwrap()
            .is_empty()
    );
    drop(tx);

    let taken = scene.try_register("lin", (OWN, None)).map(drop);
    assert_eq!(taken, Err(Refusal::NameTaken));
    scene.days_pass(LOGIN_KEPT_MS / DAY_MS + 1);
    scene.with(|service, cx| service.tick(cx)).unwrap();
    let (again, _) = scene.try_register("lin", (OWN, None)).unwrap();
    assert!(again.account > bo.account);
}

#[test]
fn a_role_is_told_at_once_and_lesser_rights_void_the_older_membership() {
    let (mut scene, lin, mei) = Scene::with_friends();
    let serial_of = |scene: &Scene, pushes: &[Push], role| {
        let told = pushes.iter().find_map(|push| {
            let Push::Membership(membership) = push else {
                return None;
            };
            Some(scene.membership(membership))
        });
        let told = told.unwrap();
        assert_eq!(told.role, role);
        told.serial
    };
    let (facts, _) = scene.role(&lin.login, Role::Teacher);
    assert_eq!(facts.role, RoleName::Teacher);
    let first = serial_of(&scene, &lin.pushes(), Role::Teacher);
    let told = mei.pushes();
    assert!(changed_contact(&told, lin.account));
    assert!(!told.iter().any(|push| matches!(push, Push::Revocations(_))));

    scene.role(&lin.login, Role::Member);
    let second = serial_of(&scene, &lin.pushes(), Role::Member);
    assert!(second > first);
    assert_eq!(min_serial(&mei, lin.account), second);
    assert!(!scene.role(&lin.login, Role::Member).1);
}

#[test]
fn the_first_admin_by_command_uses_the_owner_code_up() {
    let mut scene = Scene::new();
    let lin = scene.register("lin");
    scene.role(&lin.login, Role::Admin);
    let code = scene.with(|_, cx| super::Service::owner_code(cx.tx));
    assert_eq!(code.unwrap(), None);
}

#[test]
fn a_new_name_reaches_the_contacts() {
    let (mut scene, lin, mut mei) = Scene::with_friends();
    let name = DisplayName::new("林老师").unwrap();
    let rename = |scene: &mut Scene| {
        let name = name.clone();
        scene.command(|service, cx| service.rename_account(&lin.login, name, cx))
    };
    assert!(rename(&mut scene).1);
    assert!(changed_contact(&mei.pushes(), lin.account));
    let Ok(Reply::Contact(contact)) = scene.ask(&mut mei, Request::Contact(lin.account)) else {
        panic!("not the reply to this request");
    };
    assert_eq!(
        (contact.profile.name, contact.login),
        (name.clone(), lin.login.clone())
    );
    assert!(!rename(&mut scene).1);
}

#[test]
fn a_device_is_removed_by_how_its_id_begins() {
    let (mut scene, lin, mei) = Scene::with_friends();
    let mut laptop = scene.sign_in("lin", OWN).unwrap();
    let id = device_id(&laptop.key.public());
    let remove = |scene: &mut Scene, start: &str| {
        let done = scene.with(|service, cx| service.remove_device(&lin.login, start, cx));
        done.map(|(facts, _, effects)| {
            scene.sessions.spread(&effects.pushes, &effects.endings);
            facts.devices
        })
    };
    assert!(matches!(
        remove(&mut scene, ""),
        Err(NotDone::SeveralDevices)
    ));
    assert!(matches!(remove(&mut scene, "no"), Err(NotDone::NoDevice)));
    assert_eq!(remove(&mut scene, &id.to_string()[..12]).unwrap(), 1);
    assert!(laptop.is_closed() && !lin.is_closed());
    assert!(scene.sessions.is_online(lin.account));
    assert_eq!(revocations(&mei).entries[0].gone[0], id);
    assert_eq!(scene.resume(&mut laptop), Err(Refusal::NotSignedIn));
    let gone = remove(&mut scene, &id.to_string());
    assert!(matches!(gone, Err(NotDone::NoDevice)));
}

#[test]
fn an_account_is_shown_with_all_that_is_known_of_it() {
    let (mut scene, lin, mut mei) = Scene::with_friends();
    scene.send(&mut mei, &letter(1, &[&lin])).unwrap();
    scene.now_ms += LAST_SEEN_STEP_MS;
    scene.with(|service, cx| service.tick(cx)).unwrap();
    let shown = scene
        .with(|service, cx| service.show_account(&lin.login, cx))
        .unwrap();
    assert_eq!(
        (shown.friends, shown.mail.messages, shown.mail.bytes),
        (1, 1, 300)
    );
    assert_eq!(shown.facts.last_seen_ms, Some(scene.now_ms));
    assert!(shown.facts.online && shown.facts.devices == 1);
    let [device] = &shown.device_list[..] else {
        panic!("{shown:?}")
    };
    assert_eq!(
        (device.label.as_str(), device.state),
        ("PC", DeviceState::Live)
    );
    let nobody = Login::new("nobody").unwrap();
    let missing = scene.with(|service, cx| service.show_account(&nobody, cx).map(drop));
    assert!(matches!(missing, Err(NotDone::NoAccount)));
}

#[test]
fn a_list_comes_in_pages_and_can_be_searched() {
    let mut scene = Scene::new();
    for number in 0..=ACCOUNT_PAGE_MAX {
        scene.register(&format!("lin{number}"));
    }
    let page = |scene: &mut Scene, after, part: &str| {
        scene
            .with(|service, cx| service.list_accounts(after, part, cx))
            .unwrap()
    };
    let first = page(&mut scene, AccountId(0), "");
    assert_eq!(first.accounts.len(), ACCOUNT_PAGE_MAX);
    let second = page(&mut scene, first.after.unwrap(), "");
    assert_eq!((second.accounts.len(), second.after), (1, None));
    let found = page(&mut scene, AccountId(0), "IN77");
    assert_eq!(found.accounts[0].login.as_str(), "lin77");
    assert_eq!(found.accounts.len(), 1);
}
