//! Codes with which people come into a group without being asked: made anew and ended at will by its admins.
//!
//! A code is for whoever knows it, but not for one who was removed: he comes back only when an admin says so, who invites him,
//! adds him or lets him in when he applies.

use super::{Edit, FULL, check_joined, check_size, inside, member, newest, requests, role_in};
use crate::service::limiter::{Charge, Limit, Rate, Subject};
use crate::service::{Answer, Context, Outcome, Service, SignedIn, Stop, promised};
use hutong_common::group::GroupRole;
use hutong_common::join_code::JoinCode;
use hutong_common::limits::{
    CODE_DRAWS_MAX, CODES_A_DAY_MAX, CODES_A_MINUTE_MAX, DAY_MS, MINUTE_MS,
};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::classroom::{CodeAsk, CodeDeed};

impl Service {
    pub(in crate::service) fn group_code(
        own: SignedIn,
        CodeAsk { group, deed }: CodeAsk,
        cx: &mut Context<'_>,
    ) -> Answer {
        let (_, me) = inside(own.account, group, cx.tx)?;
        if me.role < GroupRole::Admin {
            return Err(Refusal::NotAllowed.into());
        }
        let code = match deed {
            CodeDeed::Show => cx.tx.code_of(group)?,
            CodeDeed::Off => {
                cx.tx.set_code(group, None)?;
                None
            }
            CodeDeed::New => {
                let code = Some(free_code(cx)?);
                cx.tx.set_code(group, code)?;
                code
            }
        };
        Ok(Outcome::of(Reply::GroupCode(code)))
    }

    pub(in crate::service) fn join_by_code(
        &self,
        own: SignedIn,
        code: JoinCode,
        cx: &mut Context<'_>,
    ) -> Answer {
        self.count_code(own, cx.now_ms)?;
        let group = cx.tx.group_with(code)?.ok_or(Refusal::NotFound)?;
        let row = promised(cx.tx.group(group)?, "groups")?;
        if cx.tx.group_member(group, own.account)?.is_some() {
            // Asked again, perhaps after a crash.
            return Ok(Outcome::of(newest(group, &row, cx.tx)?));
        }
        if cx.tx.is_kept_out(group, own.account)? {
            return Err(Refusal::NotAllowed.into());
        }
        check_size(row.kind, cx.tx.group_members(group)?.len() + 1)?;
        check_joined(own.account, cx.tx)?;

        let mut pushes = requests::settle((group, own.account), cx)?;
        let role = role_in(row.kind, own.account, cx.tx)?;
        let mut edit = Edit::of(row);
        edit.members.push((own.account, member(role, cx.now_ms)));
        let (sheet, told) = self.apply(group, edit, Some(own.account), cx)?;
        pushes.extend(told);
        Ok(Outcome::of(Reply::Sheet(Box::new(sheet))).pushing(pushes))
    }

    fn count_code(&self, own: SignedIn, now_ms: u64) -> Result<(), Refusal> {
        if self.is_lab() {
            return Ok(());
        }
        let tried = |limit, rate| Charge {
            limit,
            subject: Subject::Account(own.account.0),
            rate,
        };
        let charges = [
            tried(
                Limit::CodesAMinute,
                Rate::per(CODES_A_MINUTE_MAX, MINUTE_MS),
            ),
            tried(Limit::CodesADay, Rate::per(CODES_A_DAY_MAX, DAY_MS)),
        ];
        self.charge(&charges, now_ms)
    }
}

/// One that no group has.
fn free_code(cx: &mut Context<'_>) -> Result<JoinCode, Stop> {
    for _ in 0..CODE_DRAWS_MAX {
        let code = JoinCode::draw(cx.entropy);
        if cx.tx.group_with(code)?.is_none() {
            return Ok(code);
        }
    }
    Err(FULL.into())
}
