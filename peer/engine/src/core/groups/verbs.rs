//! What a person does about groups: looked up here, decided by the rendezvous.

use super::{Core, GroupAsk};
use crate::api::done::role_name;
use crate::api::group::{
    GroupCommand, GroupEdit, GroupFound, GroupMember, GroupRow, GroupShown, RoleName, kind_name,
};
use crate::api::policy::PolicyEdit;
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::io::CommandId;
use crate::store::StoreError;
use hutong_common::bounded::{List, Text};
use hutong_common::group::{GroupKind, GroupRole};
use hutong_common::id::{AccountId, GroupId};
use hutong_common::limits::MINUTE_MS;
use hutong_common::name::{DisplayName, Login};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::groups::{Apply, Change, ChangeGroup, CreateGroup, Invite, Standing};
use hutong_common::rpc::{Reply, Request};

impl Core {
    pub(in crate::core) fn group_command(
        &mut self,
        command: CommandId,
        asked: GroupCommand,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let question = match asked {
            GroupCommand::Groups => {
                cx.answer(command, Ok(self.group_rows()));
                return Ok(());
            }
            GroupCommand::GroupShow { group } => {
                let shown = self.shown_group(group, cx).map(Done::Group);
                cx.answer(command, shown.ok_or(Refusal::NotMember.into()));
                return Ok(());
            }
            GroupCommand::GroupCreate {
                name,
                members,
                class,
            } => {
                let created = self.creation(&name, (&members, class), cx);
                created.map(|request| (GroupAsk::Made(command, None), request))
            }
            GroupCommand::GroupFind { group } => {
                Ok((GroupAsk::Found(command), Request::FindGroup(group)))
            }
            GroupCommand::GroupInvite {
                group,
                login,
                greeting,
            } => {
                let invited = self.invitation(group, (&login, greeting));
                invited.map(|request| (GroupAsk::Requested(command), request))
            }
            GroupCommand::GroupApply { group, greeting } => bounded(greeting).map(|greeting| {
                let apply = Apply { group, greeting };
                (GroupAsk::Requested(command), Request::ApplyToGroup(apply))
            }),
            GroupCommand::GroupLeave { group } => {
                Ok((GroupAsk::Over(command, group), Request::LeaveGroup(group)))
            }
            GroupCommand::GroupDissolve { group } => Ok((
                GroupAsk::Over(command, group),
                Request::DissolveGroup(group),
            )),
            GroupCommand::Classroom(asked) => self.classroom_question(command, asked),
            GroupCommand::Change(edit) => self.change_of(edit).map(|(group, change)| {
                let change = Box::new(ChangeGroup { group, change });
                (
                    GroupAsk::Made(command, Some(group)),
                    Request::ChangeGroup(change),
                )
            }),
        };
        match question {
            Ok((asked, request)) => self.ask_signed_in(Asked::Group(asked), request, cx),
            Err(failure) => {
                cx.answer(command, Err(failure));
                Ok(())
            }
        }
    }

    fn creation(
        &self,
        name: &str,
        (members, class): (&[String], bool),
        cx: &mut Context<'_>,
    ) -> Result<Request, Failure> {
        let kind = if class {
            GroupKind::Class
        } else {
            GroupKind::Group
        };
        Ok(Request::CreateGroup(CreateGroup {
            token: cx.entropy.array(),
            kind,
            name: group_name(name)?,
            members: self.accounts_of(members)?,
        }))
    }

    fn invitation(
        &self,
        group: GroupId,
        (login, greeting): (&str, String),
    ) -> Result<Request, Failure> {
        Ok(Request::InviteToGroup(Invite {
            group,
            account: self.account_named(login)?,
            greeting: bounded(greeting)?,
        }))
    }

    fn change_of(&self, edit: GroupEdit) -> Result<(GroupId, Change), Failure> {
        Ok(match edit {
            GroupEdit::GroupAdd { group, members } => {
                (group, Change::Add(self.accounts_of(&members)?))
            }
            GroupEdit::GroupRename { group, name } => (group, Change::Rename(group_name(&name)?)),
            GroupEdit::GroupNotice { group, notice } => (group, Change::Notice(bounded(notice)?)),
            GroupEdit::GroupFloor { group, floor } => (group, Change::Floor(floor.into())),
            GroupEdit::GroupPolicy(edit) => (edit.group, self.policy_of(&edit)?),
            GroupEdit::GroupRole { group, login, role } => {
                let (account, role) = (self.member_named(group, &login)?, role.into());
                (group, Change::Role { account, role })
            }
            GroupEdit::GroupHandOver { group, login } => {
                (group, Change::HandOver(self.member_named(group, &login)?))
            }
            GroupEdit::GroupMute {
                group,
                login,
                minutes,
            } => {
                let account = self.member_named(group, &login)?;
                let for_ms = minutes.saturating_mul(MINUTE_MS);
                (group, Change::Mute { account, for_ms })
            }
            GroupEdit::GroupKick { group, login } => {
                (group, Change::Remove(self.member_named(group, &login)?))
            }
        })
    }

    /// The rules that a class had, with what is to be different.
    fn policy_of(&self, edit: &PolicyEdit) -> Result<Change, Failure> {
        let sheet = self.groups.get(edit.group).ok_or(Refusal::NotMember)?;
        let policy = sheet.policy.ok_or("a group that is no class has no rules");
        let changed = policy.and_then(|policy| edit.apply(policy));
        let changed = changed.map_err(|detail| Failure::Malformed {
            detail: detail.to_owned(),
        })?;
        Ok(Change::Policy(changed))
    }

    /// Somebody whom we know by login.
    fn account_named(&self, typed: &str) -> Result<AccountId, Failure> {
        let known = Login::new(typed).ok();
        let known = known.and_then(|login| self.roster.by_login(login.as_str()));
        known.ok_or_else(|| Failure::NoContact {
            login: typed.to_owned(),
        })
    }

    fn accounts_of<const MAX: usize>(
        &self,
        logins: &[String],
    ) -> Result<List<AccountId, MAX>, Failure> {
        let accounts = logins.iter().map(|login| self.account_named(login));
        let accounts: Vec<AccountId> = accounts.collect::<Result<_, _>>()?;
        List::new(accounts).map_err(|_| Refusal::TooLarge.into())
    }

    /// A member of a group by login, also one of whom we know nothing more than the number.
    pub(super) fn member_named(&self, group: GroupId, typed: &str) -> Result<AccountId, Failure> {
        let sheet = self.groups.get(group).ok_or(Refusal::NotMember)?;
        let login = Login::new(typed).map_or_else(|_| typed.to_owned(), |login| login.to_string());
        let mut members = sheet.members.iter().map(|member| member.account);
        let found = members.find(|account| self.login_of(*account) == login);
        found.ok_or_else(|| Failure::NoContact {
            login: typed.to_owned(),
        })
    }

    fn group_rows(&self) -> Done {
        let groups = self.groups.iter().map(|sheet| GroupRow {
            group: sheet.group,
            kind: kind_name(sheet.kind),
            name: sheet.name.to_string(),
            members: sheet.members.len(),
            role: self.role_in(sheet.group),
            epoch: sheet.epoch,
            policy: sheet.policy.map(Into::into),
        });
        Done::Groups {
            groups: groups.collect(),
        }
    }

    /// What we may do in a group.
    fn role_in(&self, group: GroupId) -> RoleName {
        let sheet = self.groups.get(group);
        let me = self.session.my_account();
        let member = sheet.and_then(|sheet| sheet.member(me?));
        member
            .map_or(GroupRole::Member, |member| member.role)
            .into()
    }

    pub(super) fn shown_group(&self, group: GroupId, cx: &Context<'_>) -> Option<GroupShown> {
        let sheet = self.groups.get(group)?;
        let now_ms = self.now_ms(cx);
        let members = sheet.members.iter().map(|member| {
            let account = member.account;
            GroupMember {
                login: self.login_of(account),
                account,
                name: self.shown_name(account),
                remark: self.roster.remark_of(account),
                role: member.role.into(),
                server_role: role_name(self.role_of(account)),
                online: self.session.my_account() == Some(account) || self.presence_of(account).0,
                joined_ms: member.joined_ms,
                muted_until_ms: Some(member.muted_until_ms).filter(|until| *until > now_ms),
            }
        });
        Some(GroupShown {
            group,
            kind: kind_name(sheet.kind),
            name: sheet.name.to_string(),
            notice: sheet.notice.to_string(),
            floor: sheet.floor.into(),
            role: self.role_in(group),
            epoch: sheet.epoch,
            policy: sheet.policy.map(Into::into),
            members: members.collect(),
        })
    }

    pub(super) fn group_found(command: CommandId, outcome: Outcome, cx: &mut Context<'_>) {
        let answer = match outcome {
            Ok(Reply::GroupCard(card)) => {
                let (standing, request) = match card.standing {
                    Standing::None => ("none", None),
                    Standing::Invited(request) => ("invited", Some(request)),
                    Standing::Applied(request) => ("applied", Some(request)),
                    Standing::Member => ("member", None),
                };
                Ok(Done::GroupFound(GroupFound {
                    group: card.group,
                    kind: kind_name(card.kind),
                    name: card.name.to_string(),
                    members: card.members,
                    standing,
                    request,
                }))
            }
            Ok(_) => Err(Setback::Nonsense.into()),
            Err(setback) => Err(setback.into()),
        };
        cx.answer(command, answer);
    }

    pub(super) fn group_requested(command: CommandId, outcome: Outcome, cx: &mut Context<'_>) {
        let answer = match outcome {
            Ok(Reply::GroupRequested(request)) => Ok(Done::Added { request }),
            Ok(_) => Err(Setback::Nonsense.into()),
            Err(setback) => Err(setback.into()),
        };
        cx.answer(command, answer);
    }

    /// A group that we left or ended.
    pub(super) fn group_over(
        &mut self,
        (command, group): (CommandId, GroupId),
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Ok(Reply::Done) = outcome {
            self.drop_group(group, cx)?;
        }
        Self::done(command, outcome, cx);
        Ok(())
    }
}

fn group_name(typed: &str) -> Result<DisplayName, Failure> {
    DisplayName::new(typed).map_err(|rule| Refusal::NameInvalid { rule }.into())
}

fn bounded<const MAX: usize>(text: String) -> Result<Text<MAX>, Failure> {
    Text::new(text).map_err(|_| Refusal::TooLarge.into())
}
