//! What people do about groups, in one call each.

use super::super::super::scene::{Client, Scene, letter};
use super::super::*;
use hutong_common::id::{MailRow, RequestId};
use hutong_common::name::DisplayName;
use hutong_common::rpc::Request;
use hutong_common::rpc::friends::Answer;
use hutong_common::rpc::groups::{Apply, Change, ChangeGroup, GroupMail, GroupRequest, Post};
use hutong_common::rpc::mail::MailPageAsk;

pub(super) fn create(kind: GroupKind, token: u8, members: &[&Client]) -> Request {
    Request::CreateGroup(CreateGroup {
        token: [token; 16],
        kind,
        name: DisplayName::new("算法课").unwrap(),
        members: List::truncated(members.iter().map(|member| member.account)),
    })
}

impl Scene {
    pub(super) fn sheet_of(&self, reply: Result<Reply, Refusal>) -> Result<Sheet, Refusal> {
        let Reply::Sheet(signed) = reply? else {
            panic!("not the reply to this request");
        };
        let sheet: Sheet = signed
            .verify(&self.service.server_id().public_key())
            .unwrap();
        assert!(sheet.is_sound());
        Ok(sheet)
    }

    pub(super) fn makes(&mut self, who: &mut Client, kind: GroupKind, with: &[&Client]) -> Sheet {
        let reply = self.ask(who, create(kind, 1, with));
        self.sheet_of(reply).unwrap()
    }

    pub(super) fn change(
        &mut self,
        who: &mut Client,
        group: GroupId,
        change: Change,
    ) -> Result<Sheet, Refusal> {
        let change = Box::new(ChangeGroup { group, change });
        let reply = self.ask(who, Request::ChangeGroup(change));
        self.sheet_of(reply)
    }

    pub(super) fn sees(&mut self, who: &mut Client, group: GroupId) -> Result<Sheet, Refusal> {
        let reply = self.ask(who, Request::Sheet(group));
        self.sheet_of(reply)
    }

    pub(super) fn group_asks(&mut self, who: &mut Client) -> Vec<GroupRequest> {
        let Ok(Reply::GroupRequests(list)) = self.ask(who, Request::GroupRequests) else {
            panic!("not the reply to this request");
        };
        list.into_vec()
    }

    pub(super) fn answer_group_as(
        &mut self,
        who: &mut Client,
        request: RequestId,
        accept: bool,
    ) -> Result<Reply, Refusal> {
        self.ask(who, Request::AnswerGroup(Answer { request, accept }))
    }

    pub(super) fn apply_as(
        &mut self,
        who: &mut Client,
        group: GroupId,
    ) -> Result<RequestId, Refusal> {
        let greeting = Text::new("让我进来").unwrap();
        let apply = Request::ApplyToGroup(Apply { group, greeting });
        let Reply::GroupRequested(request) = self.ask(who, apply)? else {
            panic!("not the reply to this request");
        };
        Ok(request)
    }

    pub(super) fn post_of(&mut self, who: &mut Client) -> Vec<Post> {
        let ask = MailPageAsk { after: MailRow(0) };
        let Ok(Reply::Post(page)) = self.ask(who, Request::Post(ask)) else {
            panic!("not the reply to this request");
        };
        page.mail.into_vec()
    }

    pub(super) fn says(
        &mut self,
        who: &mut Client,
        group: GroupId,
        (number, to): (u8, &[&Client]),
    ) -> Result<Vec<Option<Refusal>>, Refusal> {
        let Request::SendMail(envelope) = letter(number, to) else {
            panic!("a letter is mail");
        };
        let envelope = *envelope;
        let mail = Box::new(GroupMail { group, envelope });
        let Reply::MailStored(stored) = self.ask(who, Request::SendGroupMail(mail))? else {
            panic!("not the reply to this request");
        };
        Ok(stored
            .recipients
            .iter()
            .map(|(_, refusal)| *refusal)
            .collect())
    }

    pub(super) fn promote(&mut self, who: &Client, role: Role) {
        let login = who.login.clone();
        let done = self.with(|service, cx| service.set_role(&login, role, cx).map(drop));
        done.unwrap();
    }

    /// Lin, who owns a group with Mei, and Bo, who is a stranger to both.
    pub(super) fn with_group() -> (Self, [Client; 3], GroupId) {
        let (mut scene, mut lin, mut mei) = Self::with_friends();
        let group = scene.makes(&mut lin, GroupKind::Group, &[&mei]).group;
        let asked = scene.group_asks(&mut mei)[0].request;
        scene.answer_group_as(&mut mei, asked, true).unwrap();
        let bo = scene.register("bo");
        for client in [&lin, &mei, &bo] {
            client.pushes();
        }
        (scene, [lin, mei, bo], group)
    }
}
