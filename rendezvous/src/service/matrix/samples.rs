//! The rows: each request as an attacker would make it who knows everything but what he may not know.

use super::super::Context;
use super::super::scene::{PASSWORD, acks, letter, profile};
use super::stage::Stage;
use hutong_common::bounded::{Bytes, List, Text};
use hutong_common::check::CheckToken;
use hutong_common::entropy::Entropy;
use hutong_common::group::{Floor, GroupKind, Sheet};
use hutong_common::id::{AccountId, GroupId, MailRow, MsgId, RequestId};
use hutong_common::name::{DisplayName, Login};
use hutong_common::opaque::{RegistrationClient, SignInClient, Stretch, password_input};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::{
    PasswordFinish, PasswordStart, RegisterStart, RemoveDevice, ResetStart, SignInFinish,
    SignInStart,
};
use hutong_common::rpc::classroom::{CodeAsk, CodeDeed, HandAsk, HandDeed};
use hutong_common::rpc::doctor::{CheckAsk, PathChecked};
use hutong_common::rpc::friends::{Answer, RequestFriend};
use hutong_common::rpc::groups::{Apply, Change, ChangeGroup, CreateGroup, GroupMail, Invite};
use hutong_common::rpc::mail::{MailFate, MailPageAsk, Mailed, ReceiptPageAsk, SealedKey};
use hutong_common::rpc::presence::Candidates;
use hutong_common::rpc::relay::RelayAsk;
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::{DeviceKind, Signed};

/// A row.
pub(super) struct Sample {
    /// What is special about it; rows of one request differ in it.
    pub(super) label: &'static str,
    /// Makes the request.
    pub(super) make: fn(&mut Stage) -> Request,
    /// Whether only somebody with a secret of the target can make it: then it may tell the target from nobody.
    pub(super) is_secret: bool,
}

const fn sample(label: &'static str, make: fn(&mut Stage) -> Request) -> Sample {
    Sample {
        label,
        make,
        is_secret: false,
    }
}

const fn secret(label: &'static str, make: fn(&mut Stage) -> Request) -> Sample {
    Sample {
        label,
        make,
        is_secret: true,
    }
}

/// Every request, at least once.
pub(super) const SAMPLES: &[Sample] = &[
    sample("", |_| Request::Ping),
    sample("", |stage| register_start(stage, "fresh")),
    sample("of a login that is taken", |stage| {
        let login = stage.target.login.to_string();
        register_start(stage, &login)
    }),
    sample("with a wrong code", |stage| {
        Request::ResetStart(ResetStart {
            login: stage.target.login.clone(),
            opaque: Bytes::default(),
            code: Text::default(),
        })
    }),
    sample("without a start", register_finish),
    sample("of their login", sign_in_start),
    sample("with a wrong password", |stage| {
        sign_in_finish(stage, "battery staple")
    }),
    secret("with their password", |stage| {
        sign_in_finish(stage, PASSWORD)
    }),
    sample("without a password", enrol),
    sample("", |_| Request::Resume { n: 9 }),
    sample("on a new connection", |stage| {
        let (scene, caller) = stage.caller();
        scene.reconnect(caller);
        Request::Resume { n: 9 }
    }),
    sample("", |_| Request::SignOut),
    sample("without a password", password_start),
    sample("after the own password", |stage| {
        prove_own(stage);
        password_start(stage)
    }),
    sample("without a password", password_finish),
    sample("", |_| Request::SetProfile(profile("changed"))),
    sample("", |stage| Request::Find(stage.target.login.clone())),
    sample("", |stage| Request::Whois(stage.target.account)),
    sample("", |stage| Request::CanAdd(stage.target.login.clone())),
    sample("", |stage| {
        Request::RequestFriend(RequestFriend {
            login: stage.target.login.clone(),
            greeting: Text::default(),
        })
    }),
    sample("", |_| Request::FriendRequests),
    sample("that was made to them", answer_friend),
    sample("", |stage| Request::RemoveFriend(stage.target.account)),
    sample("", |stage| Request::Block(stage.target.account)),
    sample("", |stage| Request::Unblock(stage.target.account)),
    sample("", |_| Request::Contacts {
        after: AccountId(0),
    }),
    sample("", |stage| Request::Contact(stage.target.account)),
    sample("", |_| Request::ReportCandidates(Candidates::default())),
    sample("", |stage| Request::Introduce(stage.target.account)),
    sample("", |stage| letter(1, &[&stage.target])),
    sample("of one's own", |_| {
        Request::Mail(MailPageAsk { after: MailRow(0) })
    }),
    sample("of one's own", ack_mail),
    sample("of one's own", |_| {
        Request::Receipts(ReceiptPageAsk { after: 0 })
    }),
    sample("of one's own", |_| Request::Devices),
    sample("of theirs, without a password", remove_theirs),
    sample("of theirs, after the own password", |stage| {
        prove_own(stage);
        remove_theirs(stage)
    }),
    sample("of one's own, after the own password", remove_own),
    sample("", |_| Request::SetAway(true)),
    sample("of all", |_| Request::Details(None)),
    sample("of one", |stage| {
        Request::Details(Some(stage.target.account))
    }),
    sample("", |_| Request::SetAvatar(Bytes::new(vec![1; 9]).unwrap())),
    sample("", avatar),
    sample("", |_| create_group()),
    sample("of one's own", |_| Request::Groups),
    sample("of theirs", |stage| Request::Sheet(their_group(stage))),
    sample("of theirs", |stage| Request::FindGroup(their_group(stage))),
    sample("of theirs", |stage| {
        let change = Change::Floor(Floor::Silent);
        let group = their_group(stage);
        Request::ChangeGroup(Box::new(ChangeGroup { group, change }))
    }),
    sample("of theirs", |stage| Request::LeaveGroup(their_group(stage))),
    sample("of theirs", |stage| {
        Request::DissolveGroup(their_group(stage))
    }),
    sample("of theirs, one who is nobody", |stage| {
        Request::InviteToGroup(Invite {
            group: their_group(stage),
            account: AccountId(77_777),
            greeting: Text::default(),
        })
    }),
    sample("to theirs", |stage| {
        Request::ApplyToGroup(Apply {
            group: their_group(stage),
            greeting: Text::default(),
        })
    }),
    sample("of one's own", |_| Request::GroupRequests),
    sample("to theirs", answer_group),
    sample("of theirs", |stage| {
        Request::GroupPicture(their_group(stage))
    }),
    sample("to themselves in their group", |stage| {
        let group = their_group(stage);
        let Request::SendMail(envelope) = letter(1, &[&stage.target]) else {
            panic!("a letter is mail");
        };
        let envelope = *envelope;
        Request::SendGroupMail(Box::new(GroupMail { group, envelope }))
    }),
    sample("of one's own", |_| {
        Request::Post(MailPageAsk { after: MailRow(0) })
    }),
    sample("of theirs", |stage| {
        let (group, deed) = (their_group(stage), CodeDeed::New);
        Request::GroupCode(CodeAsk { group, deed })
    }),
    secret("of theirs", |stage| {
        let (group, deed) = (their_group(stage), CodeDeed::New);
        let ask = Request::GroupCode(CodeAsk { group, deed });
        let Ok(Reply::GroupCode(Some(code))) = stage.scene.ask(&mut stage.target, ask) else {
            panic!("a code is made");
        };
        Request::JoinByCode(code)
    }),
    sample("of theirs", |stage| Request::Attendance(their_group(stage))),
    sample("in theirs", |stage| {
        let (group, deed) = (their_group(stage), HandDeed::Raise);
        Request::Hand(HandAsk { group, deed })
    }),
    sample("in theirs", |stage| Request::Hands(their_group(stage))),
    sample("", |stage| {
        Request::ContactsOf(List::truncated([stage.target.account]))
    }),
    sample("", |stage| {
        Request::RelayOpen(RelayAsk {
            account: stage.target.account,
            device: stage.target.caller.device(),
        })
    }),
    sample("of one's own", |_| Request::Check(CheckAsk::Udp)),
    sample("", |stage| {
        Request::Check(CheckAsk::Path(stage.target.account))
    }),
    sample("of nobody's check", |_| {
        Request::Check(CheckAsk::Report(PathChecked {
            token: CheckToken([1; 16]),
            heard: 5,
            udp: Some(true),
        }))
    }),
];

pub(super) fn create_group() -> Request {
    Request::CreateGroup(CreateGroup {
        token: [1; 16],
        kind: GroupKind::Group,
        name: DisplayName::new("g").unwrap(),
        members: List::default(),
    })
}

/// A group of which the target is the only member.
fn their_group(stage: &mut Stage) -> GroupId {
    let made = stage.scene.ask(&mut stage.target, create_group());
    let Ok(Reply::Sheet(sheet)) = made else {
        panic!("a group is made");
    };
    sheet.peek_unverified::<Sheet>().unwrap().group
}

/// Somebody else applies to a group of the target.
fn answer_group(stage: &mut Stage) -> Request {
    let mut bo = stage.scene.register("bo");
    let group = their_group(stage);
    let greeting = Text::default();
    let apply = Request::ApplyToGroup(Apply { group, greeting });
    let Ok(Reply::GroupRequested(request)) = stage.scene.ask(&mut bo, apply) else {
        panic!("he applies");
    };
    let accept = true;
    Request::AnswerGroup(Answer { request, accept })
}

fn registration(stage: &mut Stage) -> Vec<u8> {
    let entropy: &mut dyn Entropy = &mut stage.scene.entropy;
    let input = password_input(PASSWORD);
    let (_, message) = RegistrationClient::start(&input, Stretch::Identity, entropy).unwrap();
    message
}

fn register_start(stage: &mut Stage, login: &str) -> Request {
    Request::RegisterStart(RegisterStart {
        login: Login::new(login).unwrap(),
        opaque: Bytes::new(registration(stage)).unwrap(),
    })
}

/// The second half of somebody else's registration.
fn register_finish(stage: &mut Stage) -> Request {
    let how = (DeviceKind::Own, None);
    stage.scene.begin_registration("fresh", how).unwrap().1
}

fn sign_in_start(stage: &mut Stage) -> Request {
    let entropy: &mut dyn Entropy = &mut stage.scene.entropy;
    let input = password_input(PASSWORD);
    let (_, message) = SignInClient::start(&input, Stretch::Identity, entropy).unwrap();
    Request::SignInStart(SignInStart {
        login: stage.target.login.clone(),
        opaque: Bytes::new(message).unwrap(),
    })
}

/// The second half of a sign-in to the target's account, after its first half.
fn sign_in_finish(stage: &mut Stage, password: &str) -> Request {
    let login = stage.target.login.clone();
    let (scene, caller) = stage.caller();
    let proof = scene.begin_proof(caller, (&login, password));
    Request::SignInFinish(SignInFinish {
        opaque: Bytes::new(proof.map_or_else(|_| vec![0; 64], |(proof, _)| proof)).unwrap(),
    })
}

/// One more device for the target, signed with the target's account key.
fn enrol(stage: &mut Stage) -> Request {
    let mut thief = stage.scene.twin(&stage.target);
    thief.key = stage.caller().1.key.clone();
    stage.scene.enrolment(&thief, DeviceKind::Own)
}

fn prove_own(stage: &mut Stage) {
    let (scene, caller) = stage.caller();
    // Refused to whoever has no account, or none any more here.
    let _refused_or_not = scene.prove_password(caller, PASSWORD);
}

fn password_start(stage: &mut Stage) -> Request {
    Request::PasswordStart(PasswordStart {
        opaque: Bytes::new(registration(stage)).unwrap(),
    })
}

fn password_finish(stage: &mut Stage) -> Request {
    Request::PasswordFinish(PasswordFinish {
        opaque: Bytes::default(),
        vault: Bytes::default(),
        card_version: stage.target.card.version,
    })
}

/// Somebody else asks the target to be a friend.
fn answer_friend(stage: &mut Stage) -> Request {
    let mut bo = stage.scene.register("bo");
    let asked = stage.scene.request_friend(&mut bo, &stage.target);
    Request::AnswerFriend(Answer {
        request: asked.unwrap_or(RequestId(77)),
        accept: true,
    })
}

fn ack_mail(stage: &mut Stage) -> Request {
    let mail = Mailed {
        row: MailRow(1),
        env_id: MsgId([1; 16]),
        sender: stage.target.account,
        deposited_ms: stage.scene.now_ms,
        body_ct: Bytes::default(),
        key: SealedKey {
            account: stage.target.account,
            seal_no: 1,
            enc: [0; 32],
            key_ct: [0; 32],
            key_tag: [0; 16],
        },
    };
    acks(&mail, MailFate::Unusable(Refusal::Malformed))
}

/// The target has a picture.
fn avatar(stage: &mut Stage) -> Request {
    let account = stage.target.account;
    let set = |cx: &mut Context<'_>| cx.tx.set_avatar(account, vec![1; 9]);
    stage.scene.with(|_, cx| set(cx)).unwrap();
    Request::Avatar(account)
}

/// The target's device, out of a card that the caller signs.
fn remove_theirs(stage: &mut Stage) -> Request {
    let device = stage.target.caller.device();
    let caller = stage.caller().1;
    let signer = caller.vault.account_seed().key_pair();
    Request::RemoveDevice(Box::new(RemoveDevice {
        device,
        card: Signed::new(&caller.card, &signer),
        replaces: caller.card.version,
        vault: Bytes::default(),
    }))
}

/// Another device of the caller's account.
fn remove_own(stage: &mut Stage) -> Request {
    let (scene, caller) = stage.caller();
    if caller.account == AccountId(0) {
        return remove_theirs(stage);
    }
    let second = scene
        .sign_in(caller.login.as_str(), DeviceKind::Own)
        .unwrap();
    prove_own(stage);
    let (scene, caller) = stage.caller();
    scene.removal(caller, second.caller.device())
}
