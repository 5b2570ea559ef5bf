//! Who is on the other end of a link: both sides say Hello, the dialler first, and each checks the other before it
//! believes or says anything else.

use super::{Core, send};
use crate::core::Context;
use crate::core::io::LinkId;
use crate::core::timers::Timer;
use crate::paths::PeerAddr;
use crate::store::StoreError;
use hutong_common::direct::{Direct, Hello};
use hutong_common::id::AccountId;
use hutong_common::refusal::Refusal;
use hutong_common::signed::Card;

impl Core {
    pub(super) fn say_hello(&self, link: LinkId, cx: &mut Context<'_>) {
        if let Some(me) = self.session.me() {
            let hello = Hello {
                membership: me.membership.clone(),
                card: me.card.clone(),
                revocations_version: self.revocations_version(),
            };
            send(link, Direct::Hello(hello), cx);
        }
    }

    pub(super) fn on_hello(
        &mut self,
        link: LinkId,
        hello: &Hello,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let account = match self.judge_hello(link, hello, cx)? {
            Ok(account) => account,
            Err(why) => return self.refuse_link(link, why, cx),
        };
        self.timers.cancel(Timer::Hello(link));
        let Some(known) = self.links.links.get_mut(&link) else {
            return Ok(());
        };
        known.peer = Some(account);
        let early = std::mem::take(&mut known.early);
        let (device, remote) = (known.device(), known.remote);
        let was_dialled = known.dialled.is_some();
        if !was_dialled {
            self.say_hello(link, cx);
        } else if let PeerAddr::Direct(remote) = remote {
            self.remember_answer(account, device, remote, cx)?;
        }
        if hello.revocations_version < self.revocations_version() {
            self.other_knows(link, hello.revocations_version, cx);
        }
        self.links.live.entry(account).or_default().insert(link);
        self.dial_succeeded((account, device), was_dialled, cx);
        self.begin_paths(link, (account, device), cx);
        self.retire_spare(account, device, cx);
        self.tell_presence(account, cx);
        self.links_lapse(cx)?;
        self.link_is_live(account, link, cx)?;
        for (stream, get) in early {
            self.file_asked((stream, link), get, cx)?;
        }
        Ok(())
    }

    /// What waited for this link goes on.
    fn link_is_live(
        &mut self,
        account: AccountId,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.tell_shown_owed(account, link, cx)?;
        self.tell_confirmations_owed(account, link, cx)?;
        self.pump(account, cx)?;
        self.files_have_link(account, link, cx)
    }

    /// Key in the card, card by the account, membership by our rendezvous, the key that we know, not revoked, our
    /// contact: in this order, and nothing is said before all of it holds.
    fn judge_hello(
        &mut self,
        link: LinkId,
        hello: &Hello,
        cx: &mut Context<'_>,
    ) -> Result<Result<AccountId, Refusal>, StoreError> {
        let Some(known) = self.links.links.get(&link) else {
            return Ok(Err(Refusal::NotFound));
        };
        let (key, dialled) = (known.key, known.dialled);
        let now_ms = self.now_ms(cx);
        let Ok(claimed) = hello.card.peek_unverified::<Card>() else {
            return Ok(Err(Refusal::Malformed));
        };
        if claimed.live_device(&key, now_ms).is_none() {
            return Ok(Err(Refusal::NotAllowed));
        }
        let (membership, card) = match self.judge_proof(&hello.membership, &hello.card, cx) {
            Ok(judged) => judged,
            Err(why) => return Ok(Err(why)),
        };
        let account = membership.account_id;
        if dialled.is_some_and(|dialled| dialled != account) {
            return Ok(Err(Refusal::NotAllowed));
        }
        if self.is_revoked(&membership, &card, Some(&key)) {
            return Ok(Err(Refusal::Expired));
        }
        if self.roster.get(account).is_none() {
            return Ok(Err(Refusal::NotContacts));
        }
        if let Err(why) = self.take_proof(&hello.membership, &hello.card, cx)? {
            return Ok(Err(why));
        }
        // The card that we hold may be newer than the one shown, and know the device no longer.
        let still_there = self
            .roster
            .get(account)
            .is_some_and(|contact| contact.card.live_device(&key, now_ms).is_some());
        Ok(if still_there {
            Ok(account)
        } else {
            Err(Refusal::NotAllowed)
        })
    }
}
