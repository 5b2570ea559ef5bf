//! The roster, driven by hand: requests told once, contacts that come and go, and keys that change.

use crate::api::command::RequestChoice;
use crate::api::event::{Event, WarningCode};
use crate::api::{Command, Done};
use crate::core::fixture::{Bench, Person, answer, asked, asks, events, server_id, server_key};
use crate::core::io::{Attempt, Input, Output, ServerInput};
use hutong_common::bounded::{List, Text};
use hutong_common::group::{ClassPolicy, Floor, GroupKind, GroupRole, Sheet, SheetMember};
use hutong_common::id::{AccountId, GroupId, RequestId};
use hutong_common::identity::KeyPair;
use hutong_common::limits::CONTACT_PAGE_MAX;
use hutong_common::push::{ContactChanged, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::friends::{ContactPage, FriendRequest, RequestState};
use hutong_common::rpc::groups::GroupEpoch;
use hutong_common::rpc::{Reply, Request};
use hutong_common::signed::Signed;

fn push(bench: &mut Bench, push: Push) -> Vec<Output> {
    let attempt = Attempt(1);
    bench.give(Input::Server(ServerInput::Push { attempt, push }))
}

fn requests() -> Reply {
    let zhao = Person::new(3, "zhao");
    let request = FriendRequest {
        request: RequestId(7),
        incoming: true,
        account: zhao.account,
        login: zhao.login.clone(),
        name: zhao.login.into(),
        greeting: Text::new("hi").unwrap(),
        at_ms: 1,
        state: RequestState::Pending,
    };
    Reply::FriendRequests(List::new(vec![request]).unwrap())
}

#[test]
fn a_friend_request_is_told_exactly_once_also_after_a_crash() {
    let told = |out: &[Output]| {
        let is_request = |event: &&&Event| matches!(event, Event::Request(_));
        events(out).iter().filter(is_request).count()
    };
    let mut bench = Bench::online(false);
    let out = bench.command(Command::Requests);
    assert_eq!(told(&bench.reply(asks(&out)[0].0, Ok(requests()))), 1);
    let (mut bench, _) = bench.crash();
    let out = bench.connect(false);
    let list = asked(&out, |request| matches!(request, Request::FriendRequests)).unwrap();
    assert_eq!(told(&bench.reply(list, Ok(requests()))), 0);
}

/// A program accepted a request, read the answer, and was told `not_found` when it wrote to the new friend at once: the
/// answer came before the contact was stored.
#[test]
fn who_was_accepted_is_a_contact_when_the_command_is_answered() {
    let by_number = RequestChoice {
        request: Some(RequestId(7)),
        from: None,
    };
    let by_login = RequestChoice {
        request: None,
        from: Some("zhao".to_owned()),
    };
    for choice in [by_number, by_login] {
        let mut bench = Bench::online(false);
        let out = bench.command(Command::Accept(choice));
        let out = bench.reply(asks(&out)[0].0, Ok(requests()));
        let accept = asked(&out, |request| matches!(request, Request::AnswerFriend(_)));
        let out = bench.reply(accept.unwrap(), Ok(Reply::Done));
        assert_eq!(answer(&out), None);
        let zhao = Person::new(3, "zhao");
        let contact = Reply::Contact(Box::new(zhao.contact(false)));
        let out = bench.reply(asks(&out)[0].0, Ok(contact));
        assert_eq!(answer(&out), Some(&Ok(Done::Plain {})));
        let (to, text) = ("zhao".to_owned(), "hello".to_owned());
        let out = bench.command(Command::Send { to, text });
        assert!(matches!(answer(&out), Some(Ok(Done::Sent { .. }))));
    }
}

#[test]
fn who_is_blocked_no_longer_is_a_contact_again_when_the_command_is_answered() {
    let mut bench = Bench::online(false);
    let login = || "wang".to_owned();
    let out = bench.command(Command::Block { login: login() });
    bench.reply(asks(&out)[0].0, Ok(Reply::Done));
    let out = bench.command(Command::Unblock { login: login() });
    let out = bench.reply(asks(&out)[0].0, Ok(Reply::Done));
    assert_eq!(answer(&out), None);
    let contact = Reply::Contact(Box::new(bench.friend.contact(false)));
    let out = bench.reply(asks(&out)[0].0, Ok(contact));
    assert_eq!(answer(&out), Some(&Ok(Done::Plain {})));
    let out = bench.command(Command::Who {
        login: Some(login()),
    });
    assert!(matches!(answer(&out), Some(Ok(_))));
}

#[test]
fn somebody_who_is_no_contact_any_more_gets_nothing_more() {
    let mut bench = Bench::online(false);
    let (to, text) = ("wang".to_owned(), "one".to_owned());
    bench.command(Command::Send { to, text });
    let account = bench.friend.account;
    let out = push(&mut bench, Push::ContactChanged(ContactChanged { account }));
    let out = bench.reply(asks(&out)[0].0, Err(Refusal::NotFound));
    let failed = |event: &&Event| matches!(event, Event::Delivery(delivery) if delivery.code == Some("not_contacts"));
    assert_eq!(events(&out).into_iter().filter(failed).count(), 1);
    let out = bench.command(Command::Friends);
    assert_eq!(
        answer(&out),
        Some(&Ok(Done::Friends {
            friends: Vec::new()
        }))
    );
}

#[test]
fn another_account_key_is_believed_only_with_a_higher_generation_and_told() {
    let mut bench = Bench::online(false);
    let account = bench.friend.account;
    bench.friend.account_key = KeyPair::from_seed([77; 32]);
    bench.friend.card.account_pk = bench.friend.account_key.public();
    let changed = |out: &[Output]| {
        events(out).iter().any(|event| {
            matches!(
                event,
                Event::Warning {
                    code: WarningCode::KeyChanged,
                    ..
                }
            )
        })
    };
    for (generation, is_believed) in [(1, false), (2, true), (2, false)] {
        bench.friend.card.account_gen = generation;
        let out = push(&mut bench, Push::ContactChanged(ContactChanged { account }));
        let contact = Box::new(bench.friend.contact(false));
        let out = bench.reply(asks(&out)[0].0, Ok(Reply::Contact(contact)));
        assert_eq!(changed(&out), is_believed, "{generation}");
    }
}

#[test]
fn nothing_written_to_the_old_key_is_sent_to_the_new_one() {
    let mut bench = Bench::online(false);
    let account = bench.friend.account;
    let (to, text) = ("wang".to_owned(), "for the old key".to_owned());
    bench.command(Command::Send { to, text });
    bench.friend.account_key = KeyPair::from_seed([77; 32]);
    bench.friend.card.account_pk = bench.friend.account_key.public();
    bench.friend.card.account_gen = 2;
    let out = push(&mut bench, Push::ContactChanged(ContactChanged { account }));
    let contact = Box::new(bench.friend.contact(false));
    let out = bench.reply(asks(&out)[0].0, Ok(Reply::Contact(contact)));
    let failed = |event: &&Event| matches!(event, Event::Delivery(delivery) if delivery.code == Some("key_changed"));
    assert_eq!(events(&out).into_iter().filter(failed).count(), 1);
    assert!(!bench.core.outbox.has_undelivered(account));
}

/// All contacts were asked about again after each page of newcomers: sixteen times for a class of a thousand.
#[test]
fn a_large_class_is_asked_about_in_pages_and_its_details_once() {
    let mut bench = Bench::online(false);
    let member = |account: u64| SheetMember {
        account: AccountId(account),
        role: GroupRole::Member,
        joined_ms: 1,
        muted_until_ms: 0,
    };
    let newcomers = 2 * CONTACT_PAGE_MAX as u64 + 2;
    let strangers = (20_000..20_000 + newcomers).map(member);
    let members = [member(bench.me.account.0)].into_iter().chain(strangers);
    let group = GroupId(100_001);
    let sheet = Sheet {
        server_id: server_id(),
        group,
        kind: GroupKind::Class,
        epoch: 2,
        previous: 1,
        by: None,
        name: bench.friend.login.clone().into(),
        notice: Text::default(),
        picture: None,
        floor: Floor::Free,
        policy: Some(ClassPolicy::default()),
        members: List::new(members.collect()).unwrap(),
    };
    let out = push(
        &mut bench,
        Push::GroupChanged(GroupEpoch { group, epoch: 2 }),
    );
    let sheet = Box::new(Signed::new(&sheet, &server_key()));
    let out = bench.reply(asks(&out)[0].0, Ok(Reply::Sheet(sheet)));
    let pages: Vec<u32> = asks(&out)
        .into_iter()
        .filter(|(_, request)| matches!(request, Request::ContactsOf(_)))
        .map(|(id, _)| id)
        .collect();
    assert_eq!(pages.len(), 3);
    let asked_after = pages.into_iter().map(|id| {
        let nobody = Reply::Contacts(ContactPage {
            contacts: List::default(),
            blocked: List::default(),
            more: false,
        });
        let out = bench.reply(id, Ok(nobody));
        asked(&out, |request| matches!(request, Request::Details(None))).is_some()
    });
    assert_eq!(asked_after.collect::<Vec<_>>(), [false, false, true]);
}
