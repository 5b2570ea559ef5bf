//! The contacts of an account, with what a peer needs to check them without the rendezvous; and one's own profile.

use super::friends::contacts_of;
use super::people::Standing;
use super::{Answer, Context, Outcome, Service, SignedIn, promised};
use crate::store::StoreError;
use hutong_common::bounded::List;
use hutong_common::id::AccountId;
use hutong_common::limits::CONTACT_PAGE_MAX;
use hutong_common::refusal::Refusal;
use hutong_common::role_words::are_reserved;
use hutong_common::rpc::Reply;
use hutong_common::rpc::accounts::Profile;
use hutong_common::rpc::friends::{Contact, ContactPage};
use hutong_common::signed::Role;
use std::ops::Bound;

impl Service {
    pub(super) fn contacts(&self, own: SignedIn, after: AccountId, cx: &mut Context<'_>) -> Answer {
        let all = contacts_of(own.account, cx.tx)?;
        let mut left = all.range((Bound::Excluded(after), Bound::Unbounded));
        let mut page = Vec::new();
        for account in left.by_ref().take(CONTACT_PAGE_MAX) {
            let standing = Standing::of(cx.tx, own.account, *account)?;
            page.push(self.describe(*account, &standing, cx)?);
        }
        let more = left.next().is_some();
        let blocked = if after == AccountId(0) {
            cx.tx.blocked_by(own.account)?
        } else {
            Vec::new()
        };
        Ok(Outcome::of(Reply::Contacts(ContactPage {
            contacts: List::truncated(page),
            blocked: List::truncated(blocked),
            more,
        })))
    }

    pub(super) fn contact(
        &self,
        own: SignedIn,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Answer {
        let standing = Standing::of(cx.tx, own.account, account)?;
        if !standing.is_known() {
            return Err(Refusal::NotFound.into());
        }
        let contact = self.describe(account, &standing, cx)?;
        Ok(Outcome::of(Reply::Contact(Box::new(contact))))
    }

    pub(super) fn contacts_of(
        &self,
        own: SignedIn,
        accounts: &[AccountId],
        cx: &mut Context<'_>,
    ) -> Answer {
        let mut contacts = Vec::new();
        for account in accounts {
            let standing = Standing::of(cx.tx, own.account, *account)?;
            if standing.is_known() {
                contacts.push(self.describe(*account, &standing, cx)?);
            }
        }
        Ok(Outcome::of(Reply::Contacts(ContactPage {
            contacts: List::truncated(contacts),
            blocked: List::default(),
            more: false,
        })))
    }

    fn describe(
        &self,
        account: AccountId,
        standing: &Standing,
        cx: &Context<'_>,
    ) -> Result<Contact, StoreError> {
        let row = promised(cx.tx.account(account)?, "accounts")?;
        Ok(Contact {
            account,
            relation: standing.relation(),
            profile: row.profile(),
            login: row.login,
            membership: promised(cx.tx.membership(account)?, "memberships")?.membership,
            card: promised(cx.tx.card(account)?, "cards")?.card,
            since_ms: standing.friend.map_or(0, |friend| friend.since_ms),
            online: self.presence.is_online(account),
        })
    }

    pub(super) fn set_profile(
        &self,
        own: SignedIn,
        profile: Profile,
        cx: &mut Context<'_>,
    ) -> Answer {
        let row = promised(cx.tx.account(own.account)?, "accounts")?;
        let is_new = row.name != profile.name;
        if is_new && row.role() == Role::Member && are_reserved(&row.login, &profile.name) {
            return Err(Refusal::NameReserved.into());
        }

        cx.tx.set_account(own.account, &row.with_profile(profile))?;
        let pushes = self.contact_changed(own.account, cx.tx)?;
        Ok(Outcome::done().pushing(pushes))
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, profile};
    use super::*;
    use hutong_common::rpc::Request;

    /// A pupil called himself after the teacher in front of the class.
    #[test]
    fn only_teachers_may_be_called_so() {
        let mut scene = Scene::new();
        let mut lin = scene.register("lin");
        let named = Request::SetProfile(profile("林老师"));
        let refused = scene.ask(&mut lin, named.clone());
        assert_eq!(refused, Err(Refusal::NameReserved));
        let pupil = scene.try_register("王老师", (hutong_common::signed::DeviceKind::Own, None));
        assert_eq!(pupil.err(), Some(Refusal::NameReserved));
        scene.set_role(&lin.login, Role::Teacher);
        assert_eq!(scene.ask(&mut lin, named), Ok(Reply::Done));
        // Who is a teacher no more keeps the name until it is changed.
        scene.set_role(&lin.login, Role::Member);
        let mut same = profile("林老师");
        same.signature = hutong_common::bounded::Text::new("hello").unwrap();
        let kept = scene.ask(&mut lin, Request::SetProfile(same));
        assert_eq!(kept, Ok(Reply::Done));
    }
}
