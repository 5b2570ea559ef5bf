//! Becoming friends and ceasing to be: requests, answers, removal, blocks.

use super::limiter::{Charge, Limit, Rate, Subject};
use super::people::Standing;
use super::presence::to_acquaintances;
use super::{Addressed, Answer, Context, Outcome, Service, SignedIn, Stop, promised};
use crate::sessions::Recipient;
use crate::store::friends::{RequestRow, StateRow};
use crate::store::{StoreError, Tx};
use hutong_common::bounded::Text;
use hutong_common::group::GroupKind;
use hutong_common::id::{AccountId, RequestId};
use hutong_common::limits::{
    CONTACTS_MAX, FRIEND_REQUESTS_AN_HOUR_MAX, FRIEND_REQUESTS_OF_YOUNG_ACCOUNT_MAX, HOUR_MS,
    REQUESTS_OPEN_MAX, YOUNG_ACCOUNT_MS,
};
use hutong_common::push::{ContactChanged, Hint, Presence, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::friends::{
    Answer as FriendAnswer, CanAdd, FriendRequest, FriendRequests, RequestFriend,
};
use std::collections::BTreeSet;

impl Service {
    pub(super) fn request_friend(
        &self,
        own: SignedIn,
        ask: RequestFriend,
        cx: &mut Context<'_>,
    ) -> Answer {
        // A request tells who exists as well as a search does.
        self.count_search(own, cx.now_ms)?;
        let found = self.by_login(own.account, &ask.login, cx.tx)?;
        match (found.standing.can_add(cx.now_ms), &found.standing.asked) {
            (CanAdd::Yes, _) => {}
            // Asked again, perhaps after a crash: the same request.
            (CanAdd::AlreadyRequested, Some((request, _))) => {
                return Ok(Outcome::of(Reply::FriendRequested(*request)));
            }
            (CanAdd::Own | CanAdd::Blocked, _) => return Err(Refusal::NotAllowed.into()),
            (CanAdd::DeclinedLately, _) => return Err(Refusal::Declined.into()),
            (CanAdd::AlreadyFriends | CanAdd::AlreadyRequested | CanAdd::TheyRequested, _) => {
                return Err(Refusal::AlreadyDone.into());
            }
        }
        self.count_request(own.account, cx)?;

        let row = RequestRow {
            from: own.account,
            to: found.account,
            greeting: ask.greeting.into_string(),
            at_ms: cx.now_ms,
            state: StateRow::Pending,
            answered_ms: 0,
        };
        let request = cx.tx.insert_request(&row)?;
        let pushes = requests_changed([own.account, found.account]);
        Ok(Outcome::of(Reply::FriendRequested(request)).pushing(pushes))
    }

    fn count_request(&self, own: AccountId, cx: &Context<'_>) -> Result<(), Stop> {
        let open = cx.tx.requests_of(own)?;
        let open = open
            .iter()
            .filter(|(_, row)| row.from == own && row.state == StateRow::Pending);
        if open.count() >= REQUESTS_OPEN_MAX {
            return Err(Refusal::QuotaFull { retry_ms: HOUR_MS }.into());
        }
        if self.is_lab() {
            return Ok(());
        }
        let account = promised(cx.tx.account(own)?, "accounts")?;
        let subject = Subject::Account(own.0);
        let mut charges = vec![Charge {
            limit: Limit::FriendRequests,
            subject,
            rate: Rate::per(FRIEND_REQUESTS_AN_HOUR_MAX, HOUR_MS),
        }];
        if cx.now_ms.saturating_sub(account.created_ms) < YOUNG_ACCOUNT_MS {
            charges.push(Charge {
                limit: Limit::FriendRequestsYoung,
                subject,
                // The whole youth of an account is one window, and it ends with it.
                rate: Rate::burst(FRIEND_REQUESTS_OF_YOUNG_ACCOUNT_MAX, YOUNG_ACCOUNT_MS),
            });
        }
        Ok(self.charge(&charges, cx.now_ms)?)
    }

    pub(super) fn friend_requests(&self, own: SignedIn, cx: &mut Context<'_>) -> Answer {
        let mut listed = Vec::new();
        for (request, row) in cx.tx.requests_of(own.account)? {
            let incoming = row.to == own.account;
            let other = if incoming { row.from } else { row.to };
            let is_hidden =
                cx.tx.blocks(own.account, other)? || cx.tx.blocks(other, own.account)?;
            if is_hidden {
                continue;
            }
            let account = promised(cx.tx.account(other)?, "accounts")?;
            listed.push(FriendRequest {
                request,
                incoming,
                account: other,
                login: account.login,
                name: account.name,
                greeting: Text::new(row.greeting).unwrap_or_default(),
                at_ms: row.at_ms,
                state: row.state.into(),
            });
        }
        let listed = FriendRequests::truncated(listed);
        Ok(Outcome::of(Reply::FriendRequests(listed)))
    }

    pub(super) fn answer_friend(
        &self,
        own: SignedIn,
        answer: FriendAnswer,
        cx: &mut Context<'_>,
    ) -> Answer {
        let row = self.request_to(own.account, answer.request, cx.tx)?;
        let state = if answer.accept {
            StateRow::Accepted
        } else {
            StateRow::Declined
        };
        if row.state != StateRow::Pending {
            // The same answer again, perhaps after a crash, is no fault.
            return if row.state == state {
                Ok(Outcome::done())
            } else {
                Err(Refusal::AlreadyDone.into())
            };
        }
        if answer.accept {
            for account in [own.account, row.from] {
                if cx.tx.friends(account)?.len() >= CONTACTS_MAX {
                    return Err(Refusal::QuotaFull { retry_ms: HOUR_MS }.into());
                }
            }
        }

        let from = row.from;
        let answered = RequestRow {
            state,
            answered_ms: cx.now_ms,
            ..row
        };
        cx.tx.set_request(answer.request, &answered)?;
        let mut pushes = requests_changed([own.account, from]);
        if answer.accept {
            cx.tx.insert_friends(own.account, from, cx.now_ms)?;
            pushes.extend(both_changed(own.account, from));
        }
        Ok(Outcome::done().pushing(pushes))
    }

    /// A request that was made to this account by somebody with whom it can still have to do.
    fn request_to(&self, own: AccountId, request: RequestId, tx: &Tx) -> Result<RequestRow, Stop> {
        let row = tx
            .request(request)?
            .filter(|row| row.to == own)
            .ok_or(Refusal::NotFound)?;
        if tx.blocks(row.from, own)? || tx.blocks(own, row.from)? {
            return Err(Refusal::NotFound.into());
        }
        Ok(row)
    }

    pub(super) fn remove_friend(
        &self,
        own: SignedIn,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Answer {
        let standing = Standing::of(cx.tx, own.account, account)?;
        // Whoever blocks us is nobody to us, here as everywhere.
        if standing.friend.is_none() || standing.they_block {
            return Err(Refusal::NotFound.into());
        }

        cx.tx.remove_friends(own.account, account)?;
        let pushes = if standing.is_contact() {
            both_changed(own.account, account)
        } else {
            Vec::new()
        };
        Ok(Outcome::done().pushing(pushes))
    }

    /// Any number can be blocked, so that nothing is learned of who exists.
    pub(super) fn block(&self, own: SignedIn, account: AccountId, cx: &mut Context<'_>) -> Answer {
        let standing = Standing::of(cx.tx, own.account, account)?;
        if account == own.account {
            return Err(Refusal::NotAllowed.into());
        }
        if standing.we_block {
            return Ok(Outcome::done());
        }
        if cx.tx.blocked_by(own.account)?.len() >= CONTACTS_MAX {
            return Err(Refusal::QuotaFull { retry_ms: HOUR_MS }.into());
        }

        cx.tx.insert_block(own.account, account, cx.now_ms)?;
        let mut pushes = requests_hidden(&standing, [own.account, account]);
        if standing.is_known() {
            pushes.extend(both_changed(own.account, account));
            pushes.push(gone_for(account, own.account));
            pushes.push(gone_for(own.account, account));
        }
        Ok(Outcome::done().pushing(pushes))
    }

    pub(super) fn unblock(
        &self,
        own: SignedIn,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Answer {
        let standing = Standing::of(cx.tx, own.account, account)?;
        if !standing.we_block {
            return Err(Refusal::NotFound.into());
        }

        cx.tx.remove_block(own.account, account)?;
        let mut pushes = requests_hidden(&standing, [own.account, account]);
        if standing.is_related() && !standing.they_block {
            pushes.extend(both_changed(own.account, account));
        }
        Ok(Outcome::done().pushing(pushes))
    }

    /// Tells the contacts of an account that it is different.
    pub(super) fn contact_changed(
        &self,
        account: AccountId,
        tx: &Tx,
    ) -> Result<Vec<Addressed>, StoreError> {
        let push = Push::ContactChanged(ContactChanged { account });
        to_acquaintances(account, &push, tx)
    }
}

/// Friends and classmates of whom neither blocks the other: with whom an account may talk in private.
pub(super) fn contacts_of(account: AccountId, tx: &Tx) -> Result<BTreeSet<AccountId>, StoreError> {
    met_by(account, &[GroupKind::Class], tx)
}

/// Contacts and all members of common groups: who may see and reach an account.
pub(super) fn acquaintances_of(
    account: AccountId,
    tx: &Tx,
) -> Result<BTreeSet<AccountId>, StoreError> {
    met_by(account, &[GroupKind::Group, GroupKind::Class], tx)
}

fn met_by(
    account: AccountId,
    kinds: &[GroupKind],
    tx: &Tx,
) -> Result<BTreeSet<AccountId>, StoreError> {
    let mut met: BTreeSet<AccountId> = BTreeSet::new();
    met.extend(tx.friends(account)?.into_iter().map(|(other, _)| other));
    for (group, kind) in tx.groups_of(account)? {
        if kinds.contains(&kind) {
            let members = tx.group_members(group)?;
            met.extend(members.into_iter().map(|(other, _)| other));
        }
    }
    met.remove(&account);
    let mut barred = Vec::new();
    for other in &met {
        if tx.blocks(account, *other)? || tx.blocks(*other, account)? {
            barred.push(*other);
        }
    }
    for other in barred {
        met.remove(&other);
    }
    Ok(met)
}

fn requests_changed(accounts: [AccountId; 2]) -> Vec<Addressed> {
    let push = |account| {
        (
            Recipient::Account(account),
            Push::FriendRequestsChanged(Hint {}),
        )
    };
    accounts.map(push).into()
}

/// What a block shows or hides. Without a request between the two there is nothing to tell, and nothing to notice.
fn requests_hidden(standing: &Standing, accounts: [AccountId; 2]) -> Vec<Addressed> {
    if standing.asked.is_some() || standing.was_asked.is_some() {
        requests_changed(accounts)
    } else {
        Vec::new()
    }
}

fn both_changed(one: AccountId, other: AccountId) -> Vec<Addressed> {
    let push = |to, account| {
        (
            Recipient::Account(to),
            Push::ContactChanged(ContactChanged { account }),
        )
    };
    vec![push(one, other), push(other, one)]
}

fn gone_for(to: AccountId, account: AccountId) -> Addressed {
    let online = false;
    (
        Recipient::Account(to),
        Push::Presence(Presence { account, online }),
    )
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Client, Scene, letter, profile};
    use crate::policy::{Policy, Profile};
    use hutong_common::bounded::Text;
    use hutong_common::id::AccountId;
    use hutong_common::limits::{CONTACT_PAGE_MAX, DAY_MS, SEARCHES_A_MINUTE_MAX};
    use hutong_common::name::Login;
    use hutong_common::push::{ContactChanged, Presence, Push};
    use hutong_common::refusal::Refusal;
    use hutong_common::rpc::friends::{CanAdd, ContactPage, Relation, RequestFriend, RequestState};
    use hutong_common::rpc::{Reply, Request};

    fn can_add(scene: &mut Scene, who: &mut Client, whom: &Client) -> Result<CanAdd, Refusal> {
        let Reply::CanAdd(can_add) = scene.ask(who, Request::CanAdd(whom.login.clone()))? else {
            panic!("not the reply to this request");
        };
        Ok(can_add)
    }

    fn relation(scene: &mut Scene, who: &mut Client, whom: &Client) -> Result<Relation, Refusal> {
        let Reply::Person(person) = scene.ask(who, Request::Find(whom.login.clone()))? else {
            panic!("not the reply to this request");
        };
        Ok(person.relation)
    }

    fn contacts(scene: &mut Scene, who: &mut Client, after: AccountId) -> ContactPage {
        let Reply::Contacts(page) = scene.ask(who, Request::Contacts { after }).unwrap() else {
            panic!("not the reply to this request");
        };
        page
    }

    #[test]
    fn a_request_accepted_makes_two_friends_who_are_both_told() {
        let mut scene = Scene::new();
        let (mut lin, mut mei) = (scene.register("lin"), scene.register("mei"));
        let request = scene.request_friend(&mut lin, &mei).unwrap();
        assert_eq!(
            can_add(&mut scene, &mut lin, &mei),
            Ok(CanAdd::AlreadyRequested)
        );
        assert_eq!(
            can_add(&mut scene, &mut mei, &lin),
            Ok(CanAdd::TheyRequested)
        );
        assert!(matches!(mei.pushes()[..], [Push::FriendRequestsChanged(_)]));
        lin.pushes();
        assert_eq!(scene.answer(&mut mei, request, true), Ok(Reply::Done));
        let changed = Push::ContactChanged(ContactChanged {
            account: mei.account,
        });
        assert!(lin.pushes().contains(&changed));
        assert_eq!(relation(&mut scene, &mut lin, &mei), Ok(Relation::Friend));
        assert_eq!(relation(&mut scene, &mut mei, &lin), Ok(Relation::Friend));
        let again = scene.request_friend(&mut lin, &mei);
        assert_eq!(again, Err(Refusal::AlreadyDone));
    }

    #[test]
    fn the_same_request_or_answer_again_changes_nothing() {
        let mut scene = Scene::new();
        let (mut lin, mut mei) = (scene.register("lin"), scene.register("mei"));
        let request = scene.request_friend(&mut lin, &mei).unwrap();
        assert_eq!(scene.request_friend(&mut lin, &mei), Ok(request));
        for _ in 0..2 {
            assert_eq!(scene.answer(&mut mei, request, true), Ok(Reply::Done));
        }
        let other = scene.answer(&mut mei, request, false);
        assert_eq!(other, Err(Refusal::AlreadyDone));
    }

    #[test]
    fn nobody_answers_a_request_that_was_not_made_to_him() {
        let mut scene = Scene::new();
        let (mut lin, mei) = (scene.register("lin"), scene.register("mei"));
        let mut bo = scene.register("bo");
        let request = scene.request_friend(&mut lin, &mei).unwrap();
        for who in [&mut lin, &mut bo] {
            assert_eq!(scene.answer(who, request, true), Err(Refusal::NotFound));
        }
    }

    #[test]
    fn after_a_decline_there_is_silence_for_a_day() {
        let mut scene = Scene::new();
        let (mut lin, mut mei) = (scene.register("lin"), scene.register("mei"));
        let request = scene.request_friend(&mut lin, &mei).unwrap();
        scene.answer(&mut mei, request, false).unwrap();
        assert_eq!(
            can_add(&mut scene, &mut lin, &mei),
            Ok(CanAdd::DeclinedLately)
        );
        let soon = scene.request_friend(&mut lin, &mei);
        assert_eq!(soon, Err(Refusal::Declined));
        scene.now_ms += DAY_MS;
        let second = scene.request_friend(&mut lin, &mei).unwrap();
        let Reply::FriendRequests(list) = scene.ask(&mut lin, Request::FriendRequests).unwrap()
        else {
            panic!("not the reply to this request");
        };
        assert_eq!(list.len(), 1);
        assert_eq!(
            (list[0].request, list[0].state),
            (second, RequestState::Pending)
        );
    }

    #[test]
    fn a_block_hides_the_blocker_as_if_there_were_nobody() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let block = Request::Block(lin.account);
        assert_eq!(scene.ask(&mut mei, block), Ok(Reply::Done));
        let hidden = [
            Request::Find(mei.login.clone()),
            Request::CanAdd(mei.login.clone()),
            Request::Whois(mei.account),
            Request::Contact(mei.account),
            Request::Introduce(mei.account),
            // Once answered `done`, which told a blocked friend from a removed one.
            Request::RemoveFriend(mei.account),
        ];
        for request in hidden {
            assert_eq!(scene.ask(&mut lin, request), Err(Refusal::NotFound));
        }
        let asked = scene.request_friend(&mut lin, &mei);
        assert_eq!(asked, Err(Refusal::NotFound));
        let sent = scene.send(&mut lin, &letter(1, &[&mei])).unwrap();
        assert_eq!(sent, [(mei.account, Some(Refusal::NotContacts))]);
        let pushes = lin.pushes();
        let gone = Presence {
            account: mei.account,
            online: false,
        };
        assert!(pushes.contains(&Push::Presence(gone)));
        scene.disconnect(&mei);
        assert_eq!(lin.pushes(), []);
        assert!(
            contacts(&mut scene, &mut lin, AccountId(0))
                .contacts
                .is_empty()
        );
        let page = contacts(&mut scene, &mut mei, AccountId(0));
        assert_eq!(
            (page.contacts.len(), &page.blocked[..]),
            (0, &[lin.account][..])
        );
    }

    #[test]
    fn a_block_that_is_lifted_leaves_friends() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        scene.ask(&mut mei, Request::Block(lin.account)).unwrap();
        scene.ask(&mut mei, Request::Unblock(lin.account)).unwrap();
        assert!(scene.ask(&mut lin, Request::Contact(mei.account)).is_ok());
        let again = scene.ask(&mut mei, Request::Unblock(lin.account));
        assert_eq!(again, Err(Refusal::NotFound));
    }

    #[test]
    fn blocking_tells_nothing_of_who_exists() {
        let mut scene = Scene::new();
        let (mut lin, mei) = (scene.register("lin"), scene.register("mei"));
        for account in [mei.account, AccountId(99_999)] {
            let blocked = scene.ask(&mut lin, Request::Block(account));
            assert_eq!(blocked, Ok(Reply::Done));
        }
        assert_eq!(mei.pushes(), []);
    }

    #[test]
    fn a_removed_friend_is_a_stranger_to_both() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        scene
            .ask(&mut lin, Request::RemoveFriend(mei.account))
            .unwrap();
        for (who, whom) in [(&mut lin, mei.account), (&mut mei, AccountId(10_001))] {
            let asked = scene.ask(who, Request::Contact(whom));
            assert_eq!(asked, Err(Refusal::NotFound));
            let removed = scene.ask(who, Request::RemoveFriend(whom));
            assert_eq!(removed, Err(Refusal::NotFound));
        }
        assert!(scene.request_friend(&mut lin, &mei).is_ok());
    }

    #[test]
    fn contacts_come_in_pages_each_once_and_in_order() {
        let mut scene = Scene::with_policy(Policy {
            profile: Profile::Lab,
            ..Policy::default()
        });
        let mut lin = scene.register("lin");
        let mut friends = Vec::new();
        for number in 0..CONTACT_PAGE_MAX + 3 {
            let mut friend = scene.register(&format!("friend{number}"));
            scene.befriend(&mut lin, &mut friend);
            friends.push(friend);
        }
        // One in the middle is hidden, so the first page reaches further.
        let block = Request::Block(lin.account);
        scene.ask(&mut friends[10], block).unwrap();
        let first = contacts(&mut scene, &mut lin, AccountId(0));
        assert_eq!((first.contacts.len(), first.more), (CONTACT_PAGE_MAX, true));
        let last = first.contacts[CONTACT_PAGE_MAX - 1].account;
        let second = contacts(&mut scene, &mut lin, last);
        assert_eq!((second.contacts.len(), second.more), (2, false));
        let both = first.contacts.iter().chain(second.contacts.iter());
        let got: Vec<AccountId> = both.map(|contact| contact.account).collect();
        let mut want: Vec<AccountId> = friends.iter().map(|friend| friend.account).collect();
        want.remove(10);
        assert_eq!(got, want);
    }

    #[test]
    fn a_young_account_asks_few_people() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        let others: Vec<Client> = (0..6).map(|n| scene.register(&format!("u{n}"))).collect();
        for other in &others[..5] {
            assert!(scene.request_friend(&mut lin, other).is_ok());
        }
        let sixth = scene.request_friend(&mut lin, &others[5]);
        assert!(matches!(sixth, Err(Refusal::TooFast { .. })));
        scene.now_ms += DAY_MS;
        assert!(scene.request_friend(&mut lin, &others[5]).is_ok());
    }

    /// Friend requests to logins that nobody has cost nothing, so a list of student numbers could be tried at leisure:
    /// once the requests of the hour were used up, `too_fast` meant somebody and `not_found` nobody.
    #[test]
    fn a_friend_request_to_nobody_counts_as_a_search() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        let ask = RequestFriend {
            login: Login::new("nobody").unwrap(),
            greeting: Text::default(),
        };
        for _ in 0..SEARCHES_A_MINUTE_MAX {
            let asked = scene.ask(&mut lin, Request::RequestFriend(ask.clone()));
            assert_eq!(asked, Err(Refusal::NotFound));
        }
        let asked = scene.ask(&mut lin, Request::RequestFriend(ask));
        assert!(matches!(asked, Err(Refusal::TooFast { .. })));
    }

    #[test]
    fn a_stranger_can_be_found_only_by_his_exact_login() {
        let mut scene = Scene::new();
        let (mut lin, mei) = (scene.register("lin"), scene.register("mei"));
        assert_eq!(relation(&mut scene, &mut lin, &mei), Ok(Relation::None));
        let unknown = Login::new("me").unwrap();
        let found = scene.ask(&mut lin, Request::Find(unknown));
        assert_eq!(found, Err(Refusal::NotFound));
        let by_number = scene.ask(&mut lin, Request::Whois(mei.account));
        assert_eq!(by_number, Err(Refusal::NotFound));
        let myself = Request::Whois(lin.account);
        let own = scene.ask(&mut lin, myself);
        assert!(matches!(own, Ok(Reply::Person(me)) if me.relation == Relation::Own));
    }

    #[test]
    fn contacts_are_told_of_a_new_profile() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let renamed = Request::SetProfile(profile("林"));
        assert_eq!(scene.ask(&mut lin, renamed), Ok(Reply::Done));
        let changed = ContactChanged {
            account: lin.account,
        };
        assert_eq!(mei.pushes(), [Push::ContactChanged(changed)]);
        let seen = scene.ask(&mut mei, Request::Contact(lin.account)).unwrap();
        assert!(matches!(seen, Reply::Contact(lin) if lin.profile == profile("林")));
    }
}
