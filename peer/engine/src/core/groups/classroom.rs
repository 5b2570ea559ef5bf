//! In front of a class: codes, attendance and raised hands. Asked of the rendezvous each time; nothing of it is kept here.

use super::{Core, GroupAsk};
use crate::api::classroom::{
    AttendanceShown, AttendeeShown, ClassroomCommand, CodeShown, HandShown, HandsShown,
};
use crate::api::done::kind_name;
use crate::api::event::Event;
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::io::CommandId;
use crate::store::StoreError;
use hutong_common::group::GroupRole;
use hutong_common::id::GroupId;
use hutong_common::join_code::JoinCode;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::classroom::{
    Attendance, Attendee, CodeAsk, CodeDeed, GroupCode, HandAsk, HandDeed, Hands,
};
use hutong_common::rpc::{Reply, Request};

/// What an answer in front of a class is for.
#[derive(Debug)]
pub(in crate::core) enum ClassroomAsk {
    /// `group_code`.
    Code(CommandId, GroupId),
    /// `group_join`, with what was typed.
    Joined(CommandId, String),
    /// `attendance`.
    Attendance(CommandId, GroupId),
    /// `hand`.
    Hand(CommandId),
    /// `hands`; without a command, to tell of them.
    Hands(Option<CommandId>, GroupId),
}

impl Core {
    /// The question that a command asks.
    pub(super) fn classroom_question(
        &self,
        command: CommandId,
        asked: ClassroomCommand,
    ) -> Result<(GroupAsk, Request), Failure> {
        let (asked, request) = match asked {
            ClassroomCommand::GroupCode { group, new, off } => {
                let deed = match (new, off) {
                    (false, false) => CodeDeed::Show,
                    (true, false) => CodeDeed::New,
                    (false, true) => CodeDeed::Off,
                    (true, true) => return Err(contradiction("new and off")),
                };
                let ask = CodeAsk { group, deed };
                (ClassroomAsk::Code(command, group), Request::GroupCode(ask))
            }
            ClassroomCommand::GroupJoin { code: typed } => {
                let Ok(code) = typed.parse::<JoinCode>() else {
                    return Err(Failure::NoSuchCode { code: typed });
                };
                let asked = ClassroomAsk::Joined(command, typed);
                (asked, Request::JoinByCode(code))
            }
            ClassroomCommand::Attendance { group } => (
                ClassroomAsk::Attendance(command, group),
                Request::Attendance(group),
            ),
            ClassroomCommand::Hand {
                group,
                up,
                login,
                all,
            } => {
                let deed = match (up, login, all) {
                    (true, None, false) => HandDeed::Raise,
                    (false, None, false) => HandDeed::Lower,
                    (false, Some(login), false) => {
                        HandDeed::LowerOf(self.member_named(group, &login)?)
                    }
                    (false, None, true) => HandDeed::LowerAll,
                    (true, Some(_), _) | (true, _, true) => {
                        return Err(contradiction("up is for one's own hand"));
                    }
                    (false, Some(_), true) => return Err(contradiction("login and all")),
                };
                let ask = HandAsk { group, deed };
                (ClassroomAsk::Hand(command), Request::Hand(ask))
            }
            ClassroomCommand::Hands { group } => (
                ClassroomAsk::Hands(Some(command), group),
                Request::Hands(group),
            ),
        };
        Ok((GroupAsk::Classroom(asked), request))
    }

    /// Asks for the hands of a group, to tell of them.
    pub(in crate::core) fn hands_pushed(
        &mut self,
        group: GroupId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let asked = GroupAsk::Classroom(ClassroomAsk::Hands(None, group));
        self.ask(Asked::Group(asked), Request::Hands(group), cx);
        Ok(())
    }

    pub(super) fn classroom_answered(
        &mut self,
        asked: ClassroomAsk,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match asked {
            ClassroomAsk::Code(command, group) => {
                let answer = match outcome {
                    Ok(Reply::GroupCode(code)) => Ok(self.code_shown(group, code)),
                    Ok(_) => Err(Setback::Nonsense.into()),
                    Err(setback) => Err(setback.into()),
                };
                cx.answer(command, answer);
            }
            ClassroomAsk::Joined(command, code) => {
                if let Err(Setback::Refused(Refusal::NotFound)) = outcome {
                    cx.answer(command, Err(Failure::NoSuchCode { code }));
                } else {
                    return self.sheet_made((command, None), outcome, cx);
                }
            }
            ClassroomAsk::Attendance(command, group) => {
                let answer = match outcome {
                    Ok(Reply::Attendance(list)) => Ok(self.attendance_shown(group, &list, cx)),
                    Ok(_) => Err(Setback::Nonsense.into()),
                    Err(setback) => Err(setback.into()),
                };
                cx.answer(command, answer);
            }
            ClassroomAsk::Hand(command) => Self::done(command, outcome, cx),
            ClassroomAsk::Hands(command, group) => self.hands_listed((command, group), outcome, cx),
        }
        Ok(())
    }

    fn group_name_of(&self, group: GroupId) -> String {
        let sheet = self.groups.get(group);
        sheet.map_or_else(|| group.to_string(), |sheet| sheet.name.to_string())
    }

    fn code_shown(&self, group: GroupId, code: GroupCode) -> Done {
        Done::GroupCode(CodeShown {
            group,
            name: self.group_name_of(group),
            code: code.map(|code| code.to_string()),
        })
    }

    fn attendance_shown(&self, group: GroupId, list: &Attendance, cx: &Context<'_>) -> Done {
        let members: Vec<AttendeeShown> = list
            .iter()
            .map(|attendee| self.attendee_shown(group, attendee))
            .collect();
        let present = members.iter().filter(|member| member.present).count();
        Done::Attendance(AttendanceShown {
            group,
            name: self.group_name_of(group),
            at_ms: self.now_ms(cx),
            present,
            missing: members.len() - present,
            members,
        })
    }

    fn attendee_shown(
        &self,
        group: GroupId,
        Attendee { account, seat }: &Attendee,
    ) -> AttendeeShown {
        let sheet = self.groups.get(group);
        let member = sheet.and_then(|sheet| sheet.member(*account));
        let role = member.map_or(GroupRole::Member, |member| member.role);
        AttendeeShown {
            login: self.login_of(*account),
            account: *account,
            name: self.shown_name(*account),
            remark: self.roster.remark_of(*account),
            role: role.into(),
            present: seat.is_some(),
            since_ms: seat.as_ref().map(|seat| seat.since_ms),
            seat: seat.as_ref().map(|seat| seat.label.to_string()),
            seat_kind: seat.as_ref().map(|seat| kind_name(seat.kind)),
        }
    }

    fn hands_listed(
        &self,
        (command, group): (Option<CommandId>, GroupId),
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) {
        let shown = match outcome {
            Ok(Reply::Hands(hands)) => Ok(self.hands_shown(group, &hands)),
            Ok(_) => Err(Setback::Nonsense),
            Err(setback) => Err(setback),
        };
        match (command, shown) {
            (Some(command), shown) => {
                cx.answer(command, shown.map(Done::Hands).map_err(Failure::from));
            }
            (None, Ok(shown)) => cx.event(Event::Hands(shown)),
            (None, Err(setback)) => tracing::debug!(?setback, %group, "hands are not told"),
        }
    }

    fn hands_shown(&self, group: GroupId, hands: &Hands) -> HandsShown {
        let hands = hands.iter().map(|hand| HandShown {
            login: self.login_of(hand.account),
            name: self.shown_name(hand.account),
            at_ms: hand.at_ms,
        });
        HandsShown {
            group,
            name: self.group_name_of(group),
            hands: hands.collect(),
        }
    }
}

fn contradiction(detail: &str) -> Failure {
    Failure::Malformed {
        detail: detail.to_owned(),
    }
}
