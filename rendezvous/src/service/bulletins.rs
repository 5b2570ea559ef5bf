//! What the rendezvous itself announces, for whoever runs it: signed with its own key, left as mail for everybody whom it is
//! for, and followed until they have read it.
//!
//! Called by `admin/desk.rs`. On clients it is an announcement like those of teachers, only that nobody but the rendezvous can
//! have signed it.

mod proof;

pub use proof::{BulletinFacts, Reader, ReaderPage, ReaderState};

use super::accounts::{Effects, NotDone};
use super::audit::AuditAct;
use super::devices::parsed;
use super::mail::Origin;
use super::{Addressed, Context, Service, promised};
use crate::sessions::Recipient;
use crate::store::bulletins::{BulletinRow, StepRow};
use crate::store::groups::MailGroupRow;
use crate::store::{StoreError, Tx};
use hutong_common::bounded::List;
use hutong_common::entropy::Entropy;
use hutong_common::group::sheet_hash;
use hutong_common::id::{AccountId, GroupId, MsgId};
use hutong_common::identity;
use hutong_common::limits::{ACCOUNT_PAGE_MAX, MAIL_RECIPIENTS_MAX, SHEET_MEMBERS_MAX};
use hutong_common::message::{Announced, Content, GroupAddress, INNER_VERSION, Inner, SERVER, To};
use hutong_common::push::{Hint, Push};
use hutong_common::rpc::mail::Envelope;
use hutong_common::seal::{MailName, SealKey, seal_mail};
use hutong_common::signed::{Card, Signed};

/// For whom an announcement is, and by which sheet.
struct Audience {
    group: Option<GroupId>,
    accounts: Vec<AccountId>,
    to: To,
    stamp: Option<MailGroupRow>,
}

impl Service {
    /// Announces something to all accounts, or to the members of a group.
    ///
    /// # Errors
    /// When there is no such group, nobody to tell, no space, or the store fails.
    pub fn announce(
        &self,
        group: Option<GroupId>,
        announced: Announced,
        cx: &mut Context<'_>,
    ) -> Result<(BulletinFacts, Effects), NotDone> {
        let audience = Audience::of(group, cx.tx)?;
        self.post_bulletin(audience, announced, cx)
    }

    /// Announces the same once more to those who have not confirmed it or, where that was not wanted, not looked at it.
    ///
    /// # Errors
    /// When there is no such announcement or group, nobody is left, there is no space, or the store fails.
    pub fn announce_again(
        &self,
        number: u64,
        cx: &mut Context<'_>,
    ) -> Result<(BulletinFacts, Effects), NotDone> {
        let row = cx.tx.bulletin(number)?.ok_or(NotDone::NoBulletin)?;
        let enough = if row.announced.confirm {
            StepRow::Confirmed
        } else {
            StepRow::Shown
        };
        let mut audience = Audience::of(row.group, cx.tx)?;
        let mut rest = Vec::new();
        for account in audience.accounts {
            let step = cx.tx.bulletin_step(number, account)?;
            if step.is_some_and(|step| step < enough) {
                rest.push(account);
            }
        }
        audience.accounts = rest;
        self.post_bulletin(audience, row.announced, cx)
    }

    fn post_bulletin(
        &self,
        audience: Audience,
        announced: Announced,
        cx: &mut Context<'_>,
    ) -> Result<(BulletinFacts, Effects), NotDone> {
        self.takes_new_data().map_err(|_| NotDone::SpaceLow)?;
        if audience.accounts.is_empty() {
            return Err(NotDone::Nobody);
        }
        let number = cx.tx.next_bulletin()?;
        self.note(AuditAct::Announced, &number.to_string(), cx)?;
        let row = BulletinRow {
            env_id: name_of(number, cx.entropy),
            group: audience.group,
            announced,
            sent_ms: cx.now_ms,
        };
        cx.tx.insert_bulletin(number, &row)?;
        let signed = Signed::new(&self.said(number, &row, audience.to), &self.key);
        let mut pushes: Vec<Addressed> = Vec::new();
        for accounts in audience.accounts.chunks(MAIL_RECIPIENTS_MAX) {
            let envelope = self.seal_bulletin(row.env_id, &signed, accounts, cx)?;
            let body = *blake3::hash(&envelope.body_ct).as_bytes();
            for key in envelope.recipients.iter() {
                let from = Origin {
                    sender: SERVER,
                    acknowledged: Vec::new(),
                    stamp: audience.stamp,
                };
                self.store(from, (&envelope, body, key), cx)?;
                cx.tx
                    .set_bulletin_step(number, key.account, StepRow::Left)?;
                let to = Recipient::Account(key.account);
                pushes.push((to, Push::MailWaiting(Hint {})));
            }
        }
        let facts = self.bulletin_facts(number, row, cx.tx)?;
        let endings = Vec::new();
        Ok((facts, Effects { pushes, endings }))
    }

    /// The message, as if the key of the rendezvous were a device of its account.
    fn said(&self, number: u64, row: &BulletinRow, to: To) -> Inner {
        Inner {
            version: INNER_VERSION,
            msg_id: row.env_id,
            server_id: self.server_id(),
            to,
            sender_account: SERVER,
            sender_device: identity::device_id(&self.key.public()),
            seq: number,
            hlc: row.sent_ms << 16,
            sent_ms: row.sent_ms,
            content: Content::Announcement(row.announced.clone()),
        }
    }

    fn seal_bulletin(
        &self,
        env_id: MsgId,
        signed: &Signed,
        accounts: &[AccountId],
        cx: &mut Context<'_>,
    ) -> Result<Envelope, StoreError> {
        let mut recipients = Vec::with_capacity(accounts.len());
        for account in accounts {
            let card = parsed(&promised(cx.tx.card(*account)?, "cards")?)?;
            let (no, pk) = (card.seal_no, card.seal_pk);
            recipients.push((*account, SealKey { no, pk }));
        }
        let server = self.server_id();
        let card = Card {
            server_id: server,
            account_id: SERVER,
            account_pk: self.key.public(),
            account_gen: 1,
            version: 1,
            // Nobody writes to it.
            seal_no: 0,
            seal_pk: [0; 32],
            devices: List::default(),
            issued_ms: cx.now_ms,
        };
        let card = Signed::new(&card, &self.key);
        let name = MailName { server, env_id };
        // Every card was judged before it was taken, and what is announced is short.
        seal_mail(name, signed, &card, &recipients, cx.entropy)
            .map_err(|_| StoreError::Row { table: "cards" })
    }
}

impl Audience {
    /// All accounts, or the members of a group by its newest sheet.
    fn of(group: Option<GroupId>, tx: &Tx) -> Result<Self, NotDone> {
        let Some(group) = group else {
            return Ok(Self {
                group,
                accounts: all_accounts(tx)?,
                to: To::Everyone,
                stamp: None,
            });
        };
        let epoch = tx.group(group)?.ok_or(NotDone::NoGroup)?.epoch;
        let sheet = sheet_hash(&promised(tx.sheet(group, epoch)?, "sheets")?.sheet);
        let members = tx.group_members(group)?.into_iter();
        Ok(Self {
            group: Some(group),
            accounts: members.map(|(account, _)| account).collect(),
            to: To::Group(GroupAddress {
                group,
                epoch,
                sheet,
            }),
            stamp: Some(MailGroupRow { group, epoch }),
        })
    }
}

fn all_accounts(tx: &Tx) -> Result<Vec<AccountId>, StoreError> {
    let mut accounts = Vec::with_capacity(SHEET_MEMBERS_MAX);
    loop {
        let after = accounts.last().copied().unwrap_or(AccountId(0));
        let page = tx.accounts_after(after, ACCOUNT_PAGE_MAX)?;
        if page.is_empty() {
            return Ok(accounts);
        }
        accounts.extend(page.into_iter().map(|(account, _)| account));
    }
}

/// The name of an announcement's message. Its number is in it, so that an acknowledgement finds it.
fn name_of(number: u64, entropy: &mut dyn Entropy) -> MsgId {
    let mut name = entropy.array::<16>();
    name[8..].copy_from_slice(&number.to_be_bytes());
    MsgId(name)
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Client, Scene};
    use super::*;
    use hutong_common::bounded::Text;
    use hutong_common::limits::BULLETINS_KEPT_MAX;

    fn words(text: &str) -> Announced {
        Announced {
            text: Text::new(text).unwrap(),
            large: false,
            confirm: false,
        }
    }

    fn announce(scene: &mut Scene, text: &str) -> BulletinFacts {
        let said = scene.with(|service, cx| service.announce(None, words(text), cx));
        said.unwrap().0
    }

    #[test]
    fn the_oldest_go_with_all_that_was_known_of_them_and_whoever_is_deleted_reads_nothing() {
        let mut scene = Scene::new();
        let [_lin, bo]: [Client; 2] = ["lin", "bo"].map(|login| scene.register(login));
        let first = announce(&mut scene, "first").number;
        let second = announce(&mut scene, "second").number;
        scene
            .with(|service, cx| service.delete_account(&bo.login, cx))
            .unwrap();
        let shown = |scene: &mut Scene, number| {
            scene.with(|service, cx| service.show_bulletin(number, cx).map(|facts| facts.total))
        };
        assert_eq!(shown(&mut scene, first).unwrap(), 1);
        for _ in 1..BULLETINS_KEPT_MAX {
            announce(&mut scene, "more");
        }
        assert!(matches!(shown(&mut scene, first), Err(NotDone::NoBulletin)));
        let left = scene.with(|_, cx| cx.tx.bulletin_steps(first, AccountId(0), 10));
        assert!(left.unwrap().is_empty());
        assert_eq!(shown(&mut scene, second).unwrap(), 1);
    }
}
