//! People as others see them, and what one notes about them: names of one's own, drafts, and why somebody cannot be
//! asked.

use hutong_engine::api::command::{History, Position};
use hutong_engine::api::done::{Draft, HistoryRow};
use hutong_engine::api::event::DeliveryState;
use hutong_engine::api::{Command, Done, Event, Failure};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::World;

fn remark(by: &Actor, of: &Actor, name: &str) -> Result<Done, Failure> {
    by.ask(Command::Remark {
        login: of.name(),
        name: name.to_owned(),
    })
}

fn remark_in_friends(by: &Actor) -> Option<String> {
    match by.ask(Command::Friends) {
        Ok(Done::Friends { friends }) => friends[0].remark.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_name_of_ones_own_stays_at_home_and_is_shown_wherever_names_are() {
    let world = World::new(1);
    let (alice, bob) = world.friends("alice", "bob");
    remark(&alice, &bob, " 小波 ").unwrap();
    assert_eq!(remark_in_friends(&alice).as_deref(), Some("小波"));
    assert_eq!(remark_in_friends(&bob), None);
    let id = bob.send(&alice, "hi");
    world.expect("it is shown", || alice.message(id).is_some(), 5_000);
    let shown = alice.message(id).unwrap();
    assert_eq!(
        (shown.from.as_str(), shown.remark.as_deref()),
        ("bob", Some("小波"))
    );
    alice.kill();
    alice.restart();
    assert_eq!(
        alice.history(&bob)[0].message.remark.as_deref(),
        Some("小波")
    );
    match alice.ask(Command::Who { login: None }) {
        Ok(Done::Who { people }) => assert_eq!(people[0].remark.as_deref(), Some("小波")),
        other => panic!("{other:?}"),
    }
    remark(&alice, &bob, "").unwrap();
    assert_eq!(remark_in_friends(&alice), None);
}

#[test]
fn a_name_of_ones_own_obeys_the_rules_of_names_and_is_for_people_one_knows() {
    let world = World::new(2);
    let (alice, bob) = world.friends("alice", "bob");
    let bad = remark(&alice, &bob, "a\u{202e}b").unwrap_err();
    assert_eq!(bad.code(), "name_invalid");
    let carol = world.member("carol");
    assert_eq!(remark(&alice, &carol, "C").unwrap_err().code(), "not_found");
    assert_eq!(remark_in_friends(&alice), None);
}

fn draft(by: &Actor, with: &Actor, text: Option<&str>) -> Draft {
    let (with, text) = (with.name(), text.map(str::to_owned));
    match by.ask(Command::Draft { with, text }) {
        Ok(Done::Draft(draft)) => draft,
        other => panic!("{other:?}"),
    }
}

fn drafts(by: &Actor) -> Vec<(String, Option<String>)> {
    match by.ask(Command::Drafts) {
        Ok(Done::Drafts { drafts }) => drafts
            .into_iter()
            .map(|draft| (draft.conversation, draft.text))
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_draft_survives_a_kill_and_ends_when_its_words_are_sent() {
    let world = World::new(3);
    let (alice, bob) = world.friends("alice", "bob");
    assert_eq!(draft(&alice, &bob, None).text, None);
    draft(&alice, &bob, Some("first try"));
    let noted = draft(&alice, &bob, Some("not yet"));
    assert!(noted.at_ms.is_some());
    alice.kill();
    alice.restart();
    assert_eq!(draft(&alice, &bob, None), noted);
    alice.send(&bob, "something else");
    assert_eq!(
        drafts(&alice),
        [("bob".to_owned(), Some("not yet".to_owned()))]
    );
    alice.send(&bob, "not yet");
    assert_eq!(drafts(&alice), []);
    draft(&alice, &bob, Some("again"));
    assert_eq!(draft(&alice, &bob, Some("")).text, None);
    assert_eq!(drafts(&alice), []);
}

#[test]
fn a_draft_is_no_longer_than_a_message_and_for_people_one_knows() {
    let world = World::new(4);
    let (alice, bob) = world.friends("alice", "bob");
    let try_draft = |with: &str, text: String| {
        let (with, text) = (with.to_owned(), Some(text));
        alice.ask(Command::Draft { with, text }).unwrap_err().code()
    };
    assert_eq!(try_draft("bob", "x".repeat(16 * 1024 + 1)), "too_large");
    assert_eq!(try_draft("nobody", "x".to_owned()), "not_found");
    assert_eq!(drafts(&alice), []);
    assert_eq!(drafts(&bob), []);
}

fn why(refused: Result<Done, Failure>) -> (&'static str, &'static str) {
    match refused {
        Err(Failure::CannotAdd { why, refusal, .. }) => (refusal.code(), why),
        other => panic!("{other:?}"),
    }
}

#[test]
fn whoever_cannot_be_asked_to_be_a_friend_one_is_told_why() {
    let world = World::new(5);
    let (alice, bob) = world.friends("alice", "bob");
    let (carol, dora) = (world.member("carol"), world.member("dora"));
    assert_eq!(why(alice.add(&alice)), ("not_allowed", "self"));
    assert_eq!(why(alice.add(&bob)), ("already_done", "already_friends"));
    let login = carol.name();
    alice.ask(Command::Block { login }).unwrap();
    assert_eq!(why(alice.add(&carol)), ("not_allowed", "blocked"));
    dora.add(&alice).unwrap();
    assert_eq!(why(alice.add(&dora)), ("already_done", "they_requested"));
    world.expect("it came", || alice.has_request_from(&dora), 3_000);
    alice.decline(&dora).unwrap();
    assert_eq!(why(dora.add(&alice)), ("declined", "declined_lately"));
    let asked = alice.ask(Command::CanAdd {
        login: carol.name(),
    });
    assert!(matches!(
        asked,
        Ok(Done::CanAdd {
            can_add: false,
            why: Some("blocked")
        })
    ));
}

fn page(of: &Actor, with: &Actor, change: impl FnOnce(&mut History)) -> (Vec<String>, bool) {
    let mut asked = History {
        with: with.name(),
        before: None,
        after: None,
        from: None,
        limit: None,
    };
    change(&mut asked);
    match of.ask(Command::History(asked)) {
        Ok(Done::History { messages, more }) => {
            let texts = messages.into_iter().filter_map(|row| row.message.text);
            (texts.collect(), more)
        }
        other => panic!("{other:?}"),
    }
}

fn numbers(wanted: impl IntoIterator<Item = usize>) -> Vec<String> {
    wanted.into_iter().map(|n| n.to_string()).collect()
}

#[test]
fn a_conversation_is_read_in_pages_by_message_by_time_and_by_writer() {
    let world = World::new(6);
    let (alice, bob) = world.friends("alice", "bob");
    let mut rows: Vec<HistoryRow> = Vec::new();
    for n in 0..10 {
        let (from, to) = if n % 2 == 0 {
            (&alice, &bob)
        } else {
            (&bob, &alice)
        };
        let id = from.send(to, &n.to_string());
        world.expect("it is delivered", || from.is_delivered(id), 10_000);
        world.run_for(60_000);
        rows = alice.history(&bob);
    }
    let id = |n: usize| Position::Message(rows[n].message.id);
    let at = |n: usize| Position::Time(rows[n].message.sent_ms);
    let read = |change: &dyn Fn(&mut History)| page(&alice, &bob, change);
    assert_eq!(read(&|asked| asked.limit = Some(3)), (numbers(7..10), true));
    let older = read(&|asked| (asked.before, asked.limit) = (Some(id(7)), Some(7)));
    assert_eq!(older, (numbers(0..7), false));
    let newer = read(&|asked| (asked.after, asked.limit) = (Some(id(1)), Some(3)));
    assert_eq!(newer, (numbers(2..5), true));
    let between = read(&|asked| (asked.after, asked.before) = (Some(at(3)), Some(at(6))));
    assert_eq!(between, (numbers(3..6), false));
    let own = read(&|asked| asked.from = Some("Alice".to_owned()));
    assert_eq!(own, (numbers([0, 2, 4, 6, 8]), false));
    let theirs = read(&|asked| (asked.from, asked.limit) = (Some("bob".to_owned()), Some(2)));
    assert_eq!(theirs, (numbers([7, 9]), true));
}

#[test]
fn a_message_that_failed_says_later_why() {
    let world = World::new(7);
    let (alice, bob) = world.friends("alice", "bob");
    alice.unplug(true);
    let login = alice.name();
    bob.ask(Command::Remove { login }).unwrap();
    let id = alice.send(&bob, "too late");
    alice.unplug(false);
    let failed = || alice.state(id) == Some(DeliveryState::Failed);
    world.expect("it fails", failed, 120_000);
    alice.kill();
    alice.restart();
    let rows = alice.history(&bob);
    assert_eq!(rows[0].state, Some(DeliveryState::Failed));
    assert_eq!(rows[0].code.as_deref(), Some("not_contacts"));
}

fn say_away(by: &Actor, on: Option<bool>) -> bool {
    match by.ask(Command::Away { on }) {
        Ok(Done::Away { away }) => away,
        other => panic!("{other:?}"),
    }
}

fn sees_away(who: &Actor, whom: &str) -> (bool, bool) {
    let login = Some(whom.to_owned());
    match who.ask(Command::Who { login }) {
        Ok(Done::Who { people }) => (people[0].online, people[0].away),
        other => panic!("{other:?}"),
    }
}

/// What the last event told of somebody: online, away.
fn told_away(who: &Actor, of: &str) -> Option<(bool, bool)> {
    who.last_event_of_this_life(|event| {
        if let Event::Presence(told) = event
            && told.user == of
        {
            Some((told.online, told.away))
        } else {
            None
        }
    })
}

#[test]
fn who_is_away_is_shown_to_friends_until_he_is_back() {
    let world = World::new(8);
    let (alice, bob) = world.friends("alice", "bob");
    assert!(!say_away(&bob, None));
    assert!(say_away(&bob, Some(true)));
    let away = |is: bool| {
        let alice = alice.clone();
        move || told_away(&alice, "bob") == Some((true, is))
    };
    world.expect("it is told", away(true), 3_000);
    assert_eq!(sees_away(&alice, "bob"), (true, true));
    // A client that starts later is told as well.
    alice.kill();
    alice.restart();
    world.expect("it is told again", away(true), 10_000);
    assert!(!say_away(&bob, Some(false)));
    world.expect("he is back", away(false), 3_000);
    assert_eq!(sees_away(&bob, "alice"), (true, false));
}

#[test]
fn who_is_away_stays_so_through_a_lost_connection_a_kill_and_a_restarted_rendezvous() {
    let world = World::new(9);
    let (alice, bob) = world.friends("alice", "bob");
    say_away(&bob, Some(true));
    let away = || told_away(&alice, "bob") == Some((true, true));
    world.expect("it is told", away, 3_000);
    bob.drop_control();
    world.run_for(10_000);
    world.expect("still", away, 60_000);
    bob.kill();
    world.run_for(90_000);
    bob.restart();
    world.expect("after a kill", away, 60_000);
    world.kill_server();
    world.run_for(5_000);
    world.restart_server();
    world.expect("after the server's", away, 120_000);
    assert!(say_away(&bob, None));
}

#[test]
fn two_computers_are_away_only_together() {
    let world = World::new(10);
    let (alice, bob) = world.friends("alice", "bob");
    let laptop = world.actor("laptop");
    laptop.login_with("bob", "correct horse battery").unwrap();
    world.expect("it is there", || laptop.is_online(), 5_000);
    say_away(&bob, Some(true));
    world.run_for(5_000);
    assert_eq!(sees_away(&alice, "bob"), (true, false));
    laptop.kill();
    let away = || sees_away(&alice, "bob") == (true, true);
    world.expect("only the one that is away is left", away, 90_000);
}

fn unread(of: &Actor) -> (u64, Vec<(String, u64)>, u64) {
    match of.ask(Command::Unread) {
        Ok(Done::Unread {
            total,
            conversations,
            requests,
        }) => {
            let rows = conversations.into_iter();
            let rows = rows.map(|row| (row.conversation, row.unread));
            (total, rows.collect(), requests)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_unread_is_counted_through_a_restart_and_up_to_what_was_read() {
    let world = World::new(11);
    let (alice, bob) = world.friends("alice", "bob");
    let carol = world.member("carol");
    carol.add(&bob).unwrap();
    let ids: Vec<_> = (0..4).map(|n| alice.send(&bob, &n.to_string())).collect();
    let all = || ids.iter().all(|id| alice.is_delivered(*id));
    world.expect("all arrives", all, 10_000);
    world.expect("and the request", || bob.has_request_from(&carol), 10_000);
    let counted = |count: u64| (count, vec![("alice".to_owned(), count)], 1);
    assert_eq!(unread(&bob), counted(4));
    bob.kill();
    bob.restart();
    world.expect("he is there", || bob.is_online(), 10_000);
    world.run_for(3_000);
    assert_eq!(unread(&bob), counted(4));
    let read = |upto| {
        let with = alice.name();
        bob.ask(Command::Read { with, upto })
    };
    read(Some(ids[1])).unwrap();
    assert_eq!(unread(&bob), counted(2));
    read(Some(ids[0])).unwrap();
    assert_eq!(unread(&bob), counted(2));
    read(None).unwrap();
    assert_eq!(unread(&bob), (0, Vec::new(), 1));
    bob.accept(&carol).unwrap();
    let none = || unread(&bob) == (0, Vec::new(), 0);
    world.expect("the request is answered", none, 10_000);
    let other = carol.send(&bob, "hi");
    world.expect("it arrives", || carol.is_delivered(other), 10_000);
    assert_eq!(read(Some(other)).unwrap_err().code(), "no_such_message");
}
