//! Members who are none any more, pupils who announce, and two sheets of one epoch.

use hutong_common::bounded::{List, Text};
use hutong_common::direct::Direct;
use hutong_common::group::{GroupRole, Sheet, SheetMember, sheet_hash};
use hutong_common::id::{AccountId, GroupId};
use hutong_common::message::{Announced, Content, GroupAddress, Inner, SERVER, To};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::{Reply, ServerFrame};
use hutong_common::signed::Signed;
use hutong_engine::api::Command;
use hutong_engine::api::command::{GroupCommand, GroupEdit};
use hutong_engine::api::event::WarningCode;
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::computer::EPOCH_MS;
use hutong_tests::harness::evil::rogue::{Rogue, RogueLink};
use hutong_tests::harness::evil::trial::{Row, Trial};

cases! {
    kicked_member_claims_old_epoch,
    kicked_member_claims_the_newest_epoch,
    two_sheets_one_epoch,
    two_sheets_one_epoch_by_mail,
    announcement_by_student,
    announcement_to_everybody_by_student,
    words_to_everybody,
    announcement_as_the_server,
}

/// How somebody addresses a group by the sheet that he holds.
fn address(who: &Actor, group: GroupId) -> GroupAddress {
    let sheets = who.computer(|computer| computer.read(|tx| tx.groups().unwrap()).unwrap());
    let (_, signed) = sheets.into_iter().find(|(of, _)| *of == group).unwrap();
    let sheet: Sheet = signed.peek_unverified().unwrap();
    GroupAddress {
        group,
        epoch: sheet.epoch,
        sheet: sheet_hash(&signed),
    }
}

/// What a receiver answers to a message.
pub(super) fn answer(trial: &Trial, link: &RogueLink, message: Signed) -> Option<Refusal> {
    let before = link.heard().len();
    link.says(Direct::Deliver(message));
    trial.world.run_for(2_000);
    let heard = link.heard().split_off(before);
    heard.into_iter().find_map(|frame| {
        if let Direct::Refused(refused) = frame {
            Some(refused.why)
        } else {
            None
        }
    })
}

/// Bob was removed from the group and is still a friend of Alice: his link stands, and his messages name a sheet.
fn kicked(seed: u64, claim: impl Fn(&Actor, GroupId, GroupAddress) -> GroupAddress) -> Row {
    let (mut trial, alice, bob, group) = Trial::of_group(seed);
    let before = address(&bob, group);
    let thief = Rogue::thief_of(&bob);
    let link = thief.greets(&alice);
    let login = "bob".to_owned();
    let kick = GroupCommand::Change(GroupEdit::GroupKick { group, login });
    alice.ask(Command::Group(kick)).unwrap();
    trial.world.run_for(3_000);
    trial.begins(&[&alice]);
    let (_, honest) = thief.writes(&alice, 1, "still here");
    let mut inner: Inner = honest.peek_unverified().unwrap();
    inner.to = To::Group(claim(&alice, group, before));
    let refused = answer(&trial, &link, thief.pen.signs(&inner));
    assert_eq!(refused, Some(Refusal::NotMember));
    trial.noticed_by(&alice, "a message is not taken");
    trial.told_nothing(&alice);
    trial.ends()
}

fn kicked_member_claims_old_epoch() -> Row {
    kicked(60, |_, _, before| before)
}

fn kicked_member_claims_the_newest_epoch() -> Row {
    kicked(61, |alice, group, _| address(alice, group))
}

/// The rendezvous shows Bob another member than it shows Alice, in a sheet of the same number that it signed all the same.
fn two_sheets(seed: u64) -> (Trial, Actor, Actor, GroupId) {
    let (mut trial, alice, bob, group) = Trial::of_group(seed);
    let key = trial.server_key();
    trial.lie_to(&bob, move |frame| {
        if let ServerFrame::Reply {
            result: Ok(Reply::Sheet(signed)),
            ..
        } = frame
        {
            let mut sheet: Sheet = signed.peek_unverified().unwrap();
            let mut members = sheet.members.into_vec();
            members.push(SheetMember {
                account: AccountId(99_999),
                role: GroupRole::Admin,
                joined_ms: EPOCH_MS,
                muted_until_ms: 0,
            });
            sheet.members = List::truncated(members);
            **signed = Signed::new(&sheet, &key);
        }
    });
    let name = "新名".to_owned();
    let rename = GroupCommand::Change(GroupEdit::GroupRename { group, name });
    alice.ask(Command::Group(rename)).unwrap();
    trial.world.run_for(5_000);
    let (ours, his) = (address(&alice, group), address(&bob, group));
    assert_eq!(ours.epoch, his.epoch);
    assert_ne!(ours.sheet, his.sheet);
    trial.begins(&[&bob]);
    (trial, alice, bob, group)
}

fn says_in(alice: &Actor, group: GroupId) {
    let (to, text) = (format!("g:{group}"), "大家好".to_owned());
    alice.ask(Command::Send { to, text }).unwrap();
}

fn two_sheets_one_epoch() -> Row {
    let (mut trial, alice, bob, group) = two_sheets(62);
    says_in(&alice, group);
    trial.world.run_for(5_000);
    trial.warned(&bob, WarningCode::SheetDiffers);
    trial.ends()
}

fn two_sheets_one_epoch_by_mail() -> Row {
    let (mut trial, alice, bob, group) = two_sheets(63);
    alice.block_udp(true);
    trial.world.run_for(90_000);
    says_in(&alice, group);
    trial.world.run_for(10_000);
    trial.warned(&bob, WarningCode::SheetDiffers);
    trial.ends()
}

/// A pupil's own program refuses to announce. This one signs an announcement all the same.
fn announced(seed: u64, change: impl Fn(&mut Inner)) -> Row {
    let (mut trial, alice, bob) = Trial::of_friends(seed);
    let thief = Rogue::thief_of(&alice);
    let link = thief.greets(&bob);
    trial.world.run_for(2_000);
    trial.begins(&[&bob]);
    let (_, honest) = thief.writes(&bob, 1, "放假了");
    let mut inner: Inner = honest.peek_unverified().unwrap();
    change(&mut inner);
    let refused = answer(&trial, &link, thief.pen.signs(&inner));
    assert_eq!(refused, Some(Refusal::NotAllowed));
    trial.noticed_by(&bob, "a message is not taken");
    trial.told_nothing(&bob);
    trial.ends()
}

fn content() -> Content {
    Content::Announcement(Announced {
        text: Text::new("放假了").unwrap(),
        large: true,
        confirm: false,
    })
}

fn announcement_by_student() -> Row {
    announced(64, |inner| inner.content = content())
}

fn announcement_to_everybody_by_student() -> Row {
    announced(65, |inner| {
        inner.to = To::Everyone;
        inner.content = content();
    })
}

fn words_to_everybody() -> Row {
    announced(66, |inner| inner.to = To::Everyone)
}

/// Only the key of the rendezvous speaks for it, and only it brings that.
fn announcement_as_the_server() -> Row {
    announced(67, |inner| {
        inner.sender_account = SERVER;
        inner.to = To::Everyone;
        inner.content = content();
    })
}
