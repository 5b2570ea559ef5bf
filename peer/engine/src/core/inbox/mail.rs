//! Own mail: fetched in pages after every sign-in and at every hint, opened, judged like any message, acknowledged.

use super::judge::{Proof, Source};
use super::read::Acknowledged;
use super::{Core, Taken};
use crate::api::Done;
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::catch_up::Part;
use crate::core::io::CommandId;
use crate::store::StoreError;
use hutong_common::bounded::List;
use hutong_common::id::{AccountId, GroupId, MailRow};
use hutong_common::limits::{DAY_MS, MAIL_ACKS_MAX, MAIL_LIFETIME_MS};
use hutong_common::message::SERVER;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::groups::{GroupEpoch, Post, PostPage};
use hutong_common::rpc::mail::{MailAck, MailFate, MailPage, MailPageAsk};
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
    /// What must be asked about before the next mail is judged.
    waits_for: Option<Unknown>,
    /// The rendezvous is of an older version, which knows mail of people only.
    is_old: bool,
    /// Once the page under way is here, all is asked for again.
    from_the_start: bool,
    /// Commands that are done when all mail is here.
    commands: Vec<CommandId>,
}

/// Whom or what the next mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknown {
    /// Its sender.
    Sender(AccountId),
    /// The group that it is for, as the rendezvous knew it then.
    Sheet(GroupEpoch),
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
            is_old: false,
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
        self.inbox.absent.clear();
        self.inbox.receipts_asked = None;
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
        let ask = MailPageAsk {
            after: fetching.after,
        };
        let request = if fetching.is_old {
            Request::Mail(ask)
        } else {
            Request::Post(ask)
        };
        self.ask(Asked::Mail, request, cx);
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
            Ok(Reply::Post(page)) => page,
            Ok(Reply::Mail(page)) => of_people(page),
            Err(Setback::Refused(Refusal::Version)) => {
                if let Some(fetching) = &mut self.inbox.fetching {
                    fetching.is_old = true;
                }
                self.fetch_mail(cx);
                return Ok(());
            }
            Ok(_) => return self.catch_up_refused(Setback::Nonsense, cx),
            Err(setback) => return self.catch_up_refused(setback, cx),
        };
        let mut more = page.more;
        let mut acks = Vec::new();
        for post in page.mail.into_vec() {
            let mailed = &post.mailed;
            let (row, sender, env_id) = (mailed.row, mailed.sender, mailed.env_id);
            if let Some(unknown) = self.unknown_of(&post) {
                self.ask_first(unknown, cx);
                more = false;
                break;
            }
            if let Verdict::Fate(fate) = self.take_mail(post, cx)? {
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

    fn unknown_of(&self, post: &Post) -> Option<Unknown> {
        let sender = post.mailed.sender;
        let is_known = self.roster.get(sender).is_some()
            || self.session.my_account() == Some(sender)
            || sender == SERVER
            || self.inbox.strangers.contains(&sender);
        if !is_known {
            return Some(Unknown::Sender(sender));
        }
        let stamp = post.group?;
        let known = self.groups.get(stamp.group).map(|sheet| sheet.epoch);
        let is_known = known >= Some(stamp.epoch) || self.inbox.absent.contains(&stamp.group);
        (!is_known).then_some(Unknown::Sheet(stamp))
    }

    /// Mail of somebody whom we do not know yet: perhaps the friendship is a moment old. Or for a group of which the
    /// rendezvous knew more when it was left than we do.
    fn ask_first(&mut self, unknown: Unknown, cx: &mut Context<'_>) {
        if let Some(fetching) = &mut self.inbox.fetching {
            fetching.waits_for = Some(unknown);
        }
        match unknown {
            Unknown::Sender(sender) => self.fetch_contact(sender, cx),
            Unknown::Sheet(stamp) => self.fetch_sheet(stamp.group, cx),
        }
    }

    /// The rendezvous said what it knows of a group.
    pub(in crate::core) fn mail_group_known(&mut self, group: GroupId, cx: &mut Context<'_>) {
        let Some(fetching) = &mut self.inbox.fetching else {
            return;
        };
        let Some(Unknown::Sheet(stamp)) = fetching.waits_for else {
            return;
        };
        if stamp.group != group {
            return;
        }
        fetching.waits_for = None;
        let known = self.groups.get(group).map(|sheet| sheet.epoch);
        if known < Some(stamp.epoch) {
            self.inbox.absent.insert(group);
        }
        self.fetch_mail(cx);
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
        if fetching.waits_for == Some(Unknown::Sender(sender)) {
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
            && fetching.waits_for == Some(Unknown::Sender(sender))
        {
            fetching.waits_for = None;
            self.all_mail_is_here(cx)?;
        }
        if self.inbox.receipt_in_doubt.take().is_some() {
            self.caught_up_with(Part::Receipts, cx);
        }
        Ok(())
    }

    fn take_mail(&mut self, post: Post, cx: &mut Context<'_>) -> Result<Verdict, StoreError> {
        let Post { mailed, group } = post;
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
        let pinned = self.pinned(mailed.sender, cx)?;
        let came = (mailed.deposited_ms, group);
        let source = self.mail_source(came, (&card, pinned.as_ref()), cx);
        let judged = source.and_then(|source| {
            let inner = self.judge_message(mailed.sender, &signed, source, cx)?;
            Ok((inner, source))
        });
        let (inner, source) = match judged {
            Ok((inner, source)) if inner.msg_id == mailed.env_id => (inner, source),
            judged => {
                let why = judged.err().unwrap_or(Refusal::Malformed);
                tracing::warn!(account = %mailed.sender, %why, "mail is not taken");
                return Ok(why.into());
            }
        };
        self.notice_other_sheet(&inner, cx);
        Ok(match self.take_in(signed, inner, source, cx)? {
            Taken::Stored(receipt) => Verdict::Fate(MailFate::Stored(receipt)),
            Taken::Forged => Refusal::Conflict.into(),
        })
    }

    /// Mail is judged by the time at which it was left, as far as that can be: none lies there for longer than its
    /// lifetime, whatever the rendezvous says, and none comes from the future.
    fn mail_source<'a>(
        &self,
        (deposited_ms, group): (u64, Option<GroupEpoch>),
        (card, pinned): (&'a Signed, Option<&'a Proof>),
        cx: &Context<'_>,
    ) -> Result<Source<'a>, Refusal> {
        let now_ms = self.now_ms(cx);
        let oldest_ms = now_ms.saturating_sub(MAIL_LIFETIME_MS + DAY_MS);
        if deposited_ms < oldest_ms {
            return Err(Refusal::Expired);
        }
        let at_ms = deposited_ms.min(now_ms);
        Ok(Source::Mail {
            at_ms,
            card,
            group,
            pinned,
        })
    }

    pub(in crate::core) fn acknowledge(&mut self, mut acks: Vec<MailAck>, cx: &mut Context<'_>) {
        while !acks.is_empty() {
            let rest = acks.split_off(acks.len().min(MAIL_ACKS_MAX));
            let acked = Acknowledged::of(&acks);
            let request = Request::AckMail(List::truncated(acks));
            self.ask(Asked::AckMail(acked), request, cx);
            acks = rest;
        }
    }
}

/// Mail of a rendezvous that knows no groups.
fn of_people(page: MailPage) -> PostPage {
    let mail = page.mail.into_vec().into_iter();
    let posts = mail.map(|mailed| Post {
        mailed,
        group: None,
    });
    PostPage {
        mail: List::truncated(posts),
        more: page.more,
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
