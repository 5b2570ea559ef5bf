//! What people do once they are in: becoming friends, and leaving mail.

use super::{Client, Scene};
use hutong_common::bounded::{Bytes, List, Text};
use hutong_common::id::{AccountId, MailRow, MsgId, RequestId};
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::friends::{Answer, RequestFriend};
use hutong_common::rpc::mail::{
    Envelope, MailAck, MailAcks, MailFate, MailPageAsk, Mailed, SealedKey,
};
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::{ReceiptBody, Role, Signed};

impl Scene {
    pub(in super::super) fn request_friend(
        &mut self,
        from: &mut Client,
        to: &Client,
    ) -> Result<RequestId, Refusal> {
        let ask = RequestFriend {
            login: to.login.clone(),
            greeting: Text::new("hi").unwrap(),
        };
        let Reply::FriendRequested(request) = self.ask(from, Request::RequestFriend(ask))? else {
            panic!("not the reply to this request");
        };
        Ok(request)
    }

    pub(in super::super) fn answer(
        &mut self,
        who: &mut Client,
        request: RequestId,
        accept: bool,
    ) -> Result<Reply, Refusal> {
        self.ask(who, Request::AnswerFriend(Answer { request, accept }))
    }

    pub(in super::super) fn befriend(&mut self, one: &mut Client, other: &mut Client) {
        let request = self.request_friend(one, other).unwrap();
        self.answer(other, request, true).unwrap();
        one.pushes();
        other.pushes();
    }

    /// An admin at the console gives somebody a role.
    pub(in super::super) fn set_role(&mut self, login: &Login, role: Role) {
        let set = self.with(|service, cx| service.set_role(login, role, cx).unwrap());
        let (_, _, effects) = set;
        self.deliver(effects.pushes);
    }

    /// Lin and Mei, friends.
    pub(in super::super) fn with_friends() -> (Self, Client, Client) {
        let mut scene = Self::new();
        let (mut lin, mut mei) = (scene.register("lin"), scene.register("mei"));
        scene.befriend(&mut lin, &mut mei);
        (scene, lin, mei)
    }

    pub(in super::super) fn send(
        &mut self,
        from: &mut Client,
        letter: &Request,
    ) -> Result<Vec<(AccountId, Option<Refusal>)>, Refusal> {
        let Reply::MailStored(stored) = self.ask(from, letter.clone())? else {
            panic!("not the reply to this request");
        };
        Ok(stored.recipients.into_vec())
    }

    pub(in super::super) fn mail(&mut self, who: &mut Client) -> Vec<Mailed> {
        let ask = MailPageAsk { after: MailRow(0) };
        let Reply::Mail(page) = self.ask(who, Request::Mail(ask)).unwrap() else {
            panic!("not the reply to this request");
        };
        page.mail.into_vec()
    }

    /// The request with which a device says that it has stored this mail.
    pub(in super::super) fn stored(&self, who: &Client, mail: &Mailed) -> Request {
        let receipt = ReceiptBody {
            server_id: self.service.server_id(),
            sender_device: who.caller.device(),
            msg_id: mail.env_id,
            stored_ms: self.now_ms,
        };
        let fate = MailFate::Stored(Signed::new(&receipt, &who.key));
        acks(mail, fate)
    }
}

pub(in super::super) fn acks(mail: &Mailed, fate: MailFate) -> Request {
    let ack = MailAck {
        sender: mail.sender,
        env_id: mail.env_id,
        fate,
    };
    Request::AckMail(MailAcks::new(vec![ack]).unwrap())
}

/// Mail that nobody can open: the rendezvous does not look.
pub(in super::super) fn letter(number: u8, to: &[&Client]) -> Request {
    letter_of(number, to, vec![number; 300])
}

pub(in super::super) fn letter_of(number: u8, to: &[&Client], body: Vec<u8>) -> Request {
    let key = |client: &&Client| SealedKey {
        account: client.account,
        seal_no: 1,
        enc: [number; 32],
        key_ct: [1; 32],
        key_tag: [2; 16],
    };
    Request::SendMail(Box::new(Envelope {
        env_id: MsgId([number; 16]),
        body_ct: Bytes::new(body).unwrap(),
        recipients: List::new(to.iter().map(key).collect()).unwrap(),
    }))
}
