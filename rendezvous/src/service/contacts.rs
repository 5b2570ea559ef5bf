//! The contacts of an account, with what a peer needs to check them without the rendezvous; and one's own profile.

use super::people::Standing;
use super::{Answer, Context, Outcome, Service, SignedIn, promised};
use crate::store::StoreError;
use hutong_common::bounded::List;
use hutong_common::id::AccountId;
use hutong_common::limits::CONTACT_PAGE_MAX;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::accounts::Profile;
use hutong_common::rpc::friends::{Contact, ContactPage, Relation};

impl Service {
    pub(super) fn contacts(&self, own: SignedIn, after: AccountId, cx: &mut Context<'_>) -> Answer {
        let mut page = Vec::new();
        let mut last = after;
        let more = loop {
            let friends = cx
                .tx
                .friends_after(own.account, last, CONTACT_PAGE_MAX + 1)?;
            let is_end = friends.len() <= CONTACT_PAGE_MAX;
            let mut is_full = false;
            for (account, _) in friends {
                let standing = Standing::of(cx.tx, own.account, account)?;
                if !standing.is_contact() {
                    last = account;
                    continue;
                }
                if page.len() == CONTACT_PAGE_MAX {
                    is_full = true;
                    break;
                }
                page.push(self.describe(account, &standing, cx)?);
                last = account;
            }
            if is_full || is_end {
                break is_full;
            }
        };
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
        if !standing.is_contact() {
            return Err(Refusal::NotFound.into());
        }
        let contact = self.describe(account, &standing, cx)?;
        Ok(Outcome::of(Reply::Contact(Box::new(contact))))
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
            relation: Relation::Friend,
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
