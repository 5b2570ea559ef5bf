//! The contacts of an account, with what a peer needs to check them without the rendezvous; and one's own profile.

use super::friends::contacts_of;
use super::people::Standing;
use super::{Answer, Context, Outcome, Service, SignedIn, promised};
use crate::store::StoreError;
use hutong_common::bounded::List;
use hutong_common::id::AccountId;
use hutong_common::limits::CONTACT_PAGE_MAX;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::accounts::Profile;
use hutong_common::rpc::friends::{Contact, ContactPage};
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

        cx.tx.set_account(own.account, &row.with_profile(profile))?;
        let pushes = self.contact_changed(own.account, cx.tx)?;
        Ok(Outcome::done().pushing(pushes))
    }
}
