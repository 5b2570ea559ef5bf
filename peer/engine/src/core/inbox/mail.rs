//! Own mail: fetched in pages after every sign-in and at every hint, opened, judged like any message, acknowledged.

use super::judge::Source;
use super::{Core, Taken};
use crate::api::Done;
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::catch_up::Part;
use crate::core::io::{CommandId, LinkId};
use crate::store::StoreError;
use hutong_common::bounded::List;
use hutong_common::direct::{Direct, Shown};
use hutong_common::id::{AccountId, MailRow, MsgId};
use hutong_common::limits::{DAY_MS, MAIL_ACKS_MAX, MAIL_LIFETIME_MS};
use hutong_common::message::Inner;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::mail::{MailAck, MailFate, MailPageAsk, Mailed};
use hutong_common::rpc::{Reply, Request};
use hutong_common::seal::{MailName, SealError, open_mail};
use hutong_common::signed::Signed;

/// How far the mail of this connection was fetched.
#[derive(Debug)]
pub(super) struct Fetching {
    after: MailRow,
    is_asked: bool,
    /// A hint came while a page was under way.
    again: bool,
    /// The sender of the next mail, who must be asked about first.
    waits_for: Option<AccountId>,
    /// Once the page under way is here, all is asked for again.
    from_the_start: bool,
    /// Commands that are done when all mail is here.
    commands: Vec<CommandId>,
}

/// What to tell the rendezvous about a mail.
enum Verdict {
    /// This.
    Fate(MailFate),
    /// Nothing: it is sealed to a key that the password brings, and waits there.
    Locked,
}

impl From<Refusal> for Verdict {
    fn from(why: Refusal) -> Self {
        Self::Fate(MailFate::Unusable(why))
    }
}

impl Core {
    /// The contacts are known: mail can be judged.
    pub(in crate::core) fn start_mail(&mut self, cx: &mut Context<'_>) {
        self.inbox.fetching = Some(Fetching {
            after: MailRow(0),
            is_asked: false,
            again: false,
            waits_for: None,
            from_the_start: false,
            commands: Vec::new(),
        });
        self.fetch_mail(cx);
    }

    /// The connection is gone; the next one begins anew.
    pub(in crate::core) fn stop_mail(&mut self, cx: &mut Context<'_>) {
        self.answer_mail_commands(cx);
        self.inbox.fetching = None;
        self.inbox.strangers.clear();
        self.inbox.receipt_in_doubt = None;
    }

    pub(in crate::core) fn fetch_mail(&mut self, cx: &mut Context<'_>) {
        let Some(fetching) = &mut self.inbox.fetching else {
            return;
        };
        if fetching.is_asked || fetching.waits_for.is_some() {
            fetching.again = true;
            return;
        }
        fetching.is_asked = true;
        fetching.again = false;
        let after = fetching.after;
        self.ask(Asked::Mail, Request::Mail(MailPageAsk { after }), cx);
    }

    /// Asks for all mail again, because more of it can be opened now; answers a command when that is done.
    pub(in crate::core) fn fetch_mail_again(
        &mut self,
        command: Option<CommandId>,
        cx: &mut Context<'_>,
    ) {
        let Some(fetching) = &mut self.inbox.fetching else {
            // It is asked for when the contacts are known.
            if let Some(command) = command {
                cx.answer(command, Ok(Done::Plain {}));
            }
            return;
        };
        fetching.commands.extend(command);
        if fetching.is_asked {
            fetching.from_the_start = true;
        } else {
            fetching.after = MailRow(0);
            self.fetch_mail(cx);
        }
    }

    /// All that can be opened is here: what became of it can be asked, also of what other own devices wrote.
    fn all_mail_is_here(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        self.answer_mail_commands(cx);
        if self.misses(Part::Mail) {
            self.fetch_receipts(cx)?;
        }
        self.caught_up_with(Part::Mail, cx);
        Ok(())
    }

    fn answer_mail_commands(&mut self, cx: &mut Context<'_>) {
        if let Some(fetching) = &mut self.inbox.fetching {
            for command in std::mem::take(&mut fetching.commands) {
                cx.answer(command, Ok(Done::Plain {}));
            }
        }
    }

    pub(in crate::core) fn mail_fetched(
        &mut self,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Some(fetching) = &mut self.inbox.fetching {
            fetching.is_asked = false;
        }
        let page = match outcome {
            Ok(Reply::Mail(page)) => page,
            Ok(_) => return self.catch_up_refused(Setback::Nonsense, cx),
            Err(setback) => return self.catch_up_refused(setback, cx),
        };
        let mut more = page.more;
        let mut acks = Vec::new();
        for mailed in page.mail.into_vec() {
            let (row, sender, env_id) = (mailed.row, mailed.sender, mailed.env_id);
            let is_known = self.roster.get(sender).is_some()
                || self.session.my_account() == Some(sender)
                || self.inbox.strangers.contains(&sender);
            if !is_known {
                self.ask_about_sender(sender, cx);
                more = false;
                break;
            }
            if let Verdict::Fate(fate) = self.take_mail(mailed, cx)? {
                acks.push(MailAck {
                    sender,
                    env_id,
                    fate,
                });
            }
            if let Some(fetching) = &mut self.inbox.fetching {
                fetching.after = row;
            }
        }
        self.acknowledge(acks, cx);
        let Some(fetching) = &mut self.inbox.fetching else {
            return Ok(());
        };
        if std::mem::take(&mut fetching.from_the_start) {
            fetching.after = MailRow(0);
            fetching.again = true;
        }
        if more || fetching.again {
            self.fetch_mail(cx);
        } else if fetching.waits_for.is_none() {
            self.all_mail_is_here(cx)?;
        }
        Ok(())
    }

    /// Mail of somebody whom we do not know yet: perhaps the friendship is a moment old.
    fn ask_about_sender(&mut self, sender: AccountId, cx: &mut Context<'_>) {
        if let Some(fetching) = &mut self.inbox.fetching {
            fetching.waits_for = Some(sender);
        }
        self.fetch_contact(sender, cx);
    }

    /// The rendezvous said whether a sender is a contact.
    pub(in crate::core) fn mail_sender_known(
        &mut self,
        sender: AccountId,
        is_contact: bool,
        cx: &mut Context<'_>,
    ) {
        let Some(fetching) = &mut self.inbox.fetching else {
            return;
        };
        if fetching.waits_for == Some(sender) {
            fetching.waits_for = None;
            if !is_contact || self.roster.get(sender).is_none() {
                self.inbox.strangers.insert(sender);
            }
            self.fetch_mail(cx);
        }
    }

    /// The rendezvous did not say it: the mail stays there, and the next hint or sign-in asks again.
    pub(in crate::core) fn mail_sender_unknown(
        &mut self,
        sender: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Some(fetching) = &mut self.inbox.fetching
            && fetching.waits_for == Some(sender)
        {
            fetching.waits_for = None;
            self.all_mail_is_here(cx)?;
        }
        if self.inbox.receipt_in_doubt.take().is_some() {
            self.caught_up_with(Part::Receipts, cx);
        }
        Ok(())
    }

    fn take_mail(&mut self, mailed: Mailed, cx: &mut Context<'_>) -> Result<Verdict, StoreError> {
        let (Some(me), Some(server)) = (self.session.my_account(), self.session.server_id()) else {
            return Ok(Refusal::NotSignedIn.into());
        };
        let name = MailName {
            server,
            env_id: mailed.env_id,
        };
        let opened = open_mail(name, me, &mailed.body_ct, &mailed.key, self.session.seals());
        let (signed, card) = match opened {
            Ok(opened) => opened,
            Err(SealError::UnknownSealKey(no)) if self.session.is_seal_newer(no) => {
                return Ok(Verdict::Locked);
            }
            Err(error) => {
                tracing::warn!(%error, "mail does not open");
                return Ok(why_unusable(error).into());
            }
        };
        self.take_card(mailed.sender, &card, cx)?;
        let judged = self.judge_mail(mailed.sender, (&signed, &card), mailed.deposited_ms, cx);
        let inner = match judged {
            Ok(inner) if inner.msg_id == mailed.env_id => inner,
            judged => {
                let why = judged.err().unwrap_or(Refusal::Malformed);
                tracing::warn!(account = %mailed.sender, %why, "mail is not taken");
                return Ok(why.into());
            }
        };
        let at_ms = mailed.deposited_ms.min(self.now_ms(cx));
        let source = Source::Mail { at_ms, card: &card };
        Ok(match self.take_in(signed, inner, source, cx)? {
            Taken::Stored(receipt) => Verdict::Fate(MailFate::Stored(receipt)),
            Taken::Forged => Refusal::Conflict.into(),
        })
    }

    /// Mail is judged by the time at which it was left, as far as that can be: none lies there for longer than its
    /// lifetime, whatever the rendezvous says, and none comes from the future.
    fn judge_mail(
        &self,
        sender: AccountId,
        (signed, card): (&Signed, &Signed),
        deposited_ms: u64,
        cx: &Context<'_>,
    ) -> Result<Inner, Refusal> {
        let now_ms = self.now_ms(cx);
        let oldest_ms = now_ms.saturating_sub(MAIL_LIFETIME_MS + DAY_MS);
        if deposited_ms < oldest_ms {
            return Err(Refusal::Expired);
        }
        let at_ms = deposited_ms.min(now_ms);
        self.judge_message(sender, signed, Source::Mail { at_ms, card }, cx)
    }

    fn acknowledge(&mut self, mut acks: Vec<MailAck>, cx: &mut Context<'_>) {
        while !acks.is_empty() {
            let rest = acks.split_off(acks.len().min(MAIL_ACKS_MAX));
            let shown = acks
                .iter()
                .filter(|ack| ack.fate == MailFate::Shown)
                .map(|ack| (ack.sender, ack.env_id))
                .collect();
            let request = Request::AckMail(List::truncated(acks));
            self.ask(Asked::AckMail(shown), request, cx);
            acks = rest;
        }
    }

    /// Tells the rendezvous which mail was looked at, as far as it was not told.
    pub(in crate::core) fn acknowledge_shown(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if !self.session.is_online() {
            return Ok(());
        }
        let acks = cx
            .tx
            .shown_owed()?
            .into_iter()
            .map(|(sender, env_id)| MailAck {
                sender,
                env_id,
                fate: MailFate::Shown,
            })
            .collect();
        self.acknowledge(acks, cx);
        Ok(())
    }

    pub(in crate::core) fn mail_acknowledged(
        shown: &[(AccountId, MsgId)],
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if outcome.is_ok() {
            for (sender, mail) in shown {
                cx.tx.remove_shown_owed(*sender, *mail)?;
            }
        }
        Ok(())
    }

    /// Tells a peer what was looked at while there was no link.
    pub(in crate::core) fn tell_shown_owed(
        &mut self,
        account: AccountId,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let mut conversation = cx.tx.conversation(account)?;
        if let Some(upto) = conversation.shown_owed.take() {
            crate::core::links::send(link, Direct::Shown(Shown { upto }), cx);
            cx.tx.put_conversation(account, &conversation)?;
        }
        Ok(())
    }
}

const fn why_unusable(error: SealError) -> Refusal {
    match error {
        SealError::UnknownSealKey(_) => Refusal::Expired,
        SealError::OtherAccount => Refusal::NotFound,
        SealError::TooLarge => Refusal::TooLarge,
        SealError::RecipientKey(_) | SealError::Broken | SealError::Malformed => Refusal::Malformed,
    }
}
