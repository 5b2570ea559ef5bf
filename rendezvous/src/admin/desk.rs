//! Where commands are carried out, whether the rendezvous runs or not: one question, one transaction, one answer.
//!
//! Called by `server.rs` within its writer thread, and by `commands.rs` on a database that nobody else has open. What
//! others notice is returned and waits for the commit.

use super::{AccountAct, Answer, Ask, Refused};
use crate::database::Unavailable;
use crate::invites::{Inviting, NotInvited};
use crate::service::accounts::{Effects, NotDone};
use crate::service::audit::AuditAct;
use crate::service::{Context, Service};
use hutong_common::name::Login;
use std::sync::Arc;

/// What commands are carried out with.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub(crate) service: Arc<Service>,
    pub(crate) inviting: Inviting,
}

impl Desk {
    /// One of that rendezvous.
    pub(crate) const fn new(service: Arc<Service>, inviting: Inviting) -> Self {
        Self { service, inviting }
    }

    /// Does what is asked.
    pub(crate) fn answer(
        &self,
        asked: Ask,
        cx: &mut Context<'_>,
    ) -> Result<(Answer, Effects), Unavailable> {
        let quiet = |answer| (answer, Effects::default());
        let answered = match asked {
            Ask::Invite(wanted) => match self.inviting.invite(&wanted, cx) {
                Ok(link) => {
                    let detail = format!("{} × {} d", wanted.uses, wanted.days);
                    self.service.note(AuditAct::Invited, &detail, cx)?;
                    Ok(quiet(Answer::Invite(link.to_string())))
                }
                Err(NotInvited::Link(fault)) => Err(Refused::Link(fault.to_string())),
                Err(NotInvited::Unavailable(fault)) => return Err(fault),
            },
            Ask::ListAccounts { after, part } => {
                let page = self.service.list_accounts(after, &part, cx)?;
                Ok(quiet(Answer::Accounts(page)))
            }
            Ask::ShowAccount { login } => {
                let details = self.service.show_account(&login, cx);
                refusing(details.map(|details| quiet(Answer::Details(Box::new(details)))))?
            }
            Ask::ResetCode { login } => {
                let made = self.service.make_reset_code(&login, cx);
                refusing(made.map(|code| quiet(Answer::ResetCode(code))))?
            }
            Ask::Audit { after, since_ms } => {
                let page = self.service.list_audit(after, since_ms, cx.tx)?;
                Ok(quiet(Answer::Audit(page)))
            }
            Ask::ProveAudit => {
                let proof = self.service.prove_audit(cx.tx)?;
                Ok(quiet(Answer::Proof(proof)))
            }
            Ask::Announce { group, announced } => {
                let said = self.service.announce(group, announced, cx);
                refusing(said.map(|(facts, effects)| (Answer::Announcement(facts), effects)))?
            }
            Ask::AnnounceAgain { number } => {
                let said = self.service.announce_again(number, cx);
                refusing(said.map(|(facts, effects)| (Answer::Announcement(facts), effects)))?
            }
            Ask::Announcements => {
                let all = self.service.list_bulletins(cx)?;
                Ok(quiet(Answer::Announcements(all)))
            }
            Ask::ShowAnnouncement { number } => {
                let facts = self.service.show_bulletin(number, cx);
                refusing(facts.map(|facts| quiet(Answer::Announcement(facts))))?
            }
            Ask::Readers { number, after } => {
                let page = self.service.list_readers(number, after, cx)?;
                Ok(quiet(Answer::Readers(page)))
            }
            Ask::Status => Ok(quiet(Answer::Status(self.service.status()))),
            Ask::Account { login, act } => refusing(self.act(&login, act, cx))?,
        };
        Ok(answered.unwrap_or_else(|refused| quiet(Answer::Refused(refused))))
    }

    fn act(
        &self,
        login: &Login,
        act: AccountAct,
        cx: &mut Context<'_>,
    ) -> Result<(Answer, Effects), NotDone> {
        let service = &self.service;
        let (facts, changed, effects) = match act {
            AccountAct::Rename(name) => service.rename_account(login, name, cx),
            AccountAct::Lock => service.lock_account(login, cx),
            AccountAct::Unlock => service.unlock_account(login, cx),
            AccountAct::Role(role) => service.set_role(login, role.into(), cx),
            AccountAct::Delete => service.delete_account(login, cx),
            AccountAct::RemoveDevice(device) => service.remove_device(login, &device, cx),
        }?;
        Ok((Answer::Account { facts, changed }, effects))
    }
}

/// A fault of the store voids the transaction; everything else is an answer.
fn refusing<T>(done: Result<T, NotDone>) -> Result<Result<T, Refused>, Unavailable> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(NotDone::NoAccount) => Ok(Err(Refused::NoAccount)),
        Err(NotDone::NoDevice) => Ok(Err(Refused::NoDevice)),
        Err(NotDone::SeveralDevices) => Ok(Err(Refused::SeveralDevices)),
        Err(NotDone::NoGroup) => Ok(Err(Refused::NoGroup)),
        Err(NotDone::NoBulletin) => Ok(Err(Refused::NoAnnouncement)),
        Err(NotDone::Nobody) => Ok(Err(Refused::Nobody)),
        Err(NotDone::SpaceLow) => Ok(Err(Refused::NotStored)),
        Err(NotDone::Store(fault)) => Err(fault.into()),
    }
}
