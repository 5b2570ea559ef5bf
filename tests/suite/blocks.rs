//! Blocking: nothing passes between the two, in either direction and on any way, and lifting it restores what was.

use hutong_engine::api::event::DeliveryState;
use hutong_engine::api::{Command, Done, Path};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::World;

fn block(by: &Actor, whom: &Actor) {
    let login = whom.name();
    by.ask(Command::Block { login }).expect("it is blocked");
}

fn unblock(by: &Actor, whom: &Actor) {
    let login = whom.name();
    by.ask(Command::Unblock { login }).expect("it is unblocked");
}

fn code(result: Result<Done, hutong_engine::api::Failure>) -> &'static str {
    result.expect_err("a refusal").code()
}

/// Two friends with a link between them.
fn linked(world: &World) -> (Actor, Actor) {
    let (alice, bob) = world.friends("alice", "bob");
    let direct = || {
        alice.presence(&bob) == Some((true, Path::Direct))
            && bob.presence(&alice) == Some((true, Path::Direct))
    };
    world.expect("the link stands", direct, 10_000);
    (alice, bob)
}

fn people(of: &Actor) -> (usize, usize) {
    let friends = match of.ask(Command::Friends) {
        Ok(Done::Friends { friends }) => friends.len(),
        other => panic!("{other:?}"),
    };
    match of.ask(Command::Who { login: None }) {
        Ok(Done::Who { people }) => (friends, people.len()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn neither_who_blocks_nor_who_is_blocked_sees_or_reaches_the_other() {
    let world = World::new(1);
    let (alice, bob) = linked(&world);
    let (_, offered) = alice.send_file(&bob, "before.bin", 1_000);
    world.expect("it is offered", || bob.file(offered).is_some(), 10_000);
    block(&bob, &alice);
    world.run_for(5_000);
    for (one, other) in [(&alice, &bob), (&bob, &alice)] {
        assert_eq!(people(one), (0, 0), "{one:?}");
        assert!(
            !one.presence(other).is_some_and(|(online, _)| online),
            "{one:?}"
        );
        let (to, text) = (other.name(), "hello?".to_owned());
        let sent = one.ask(Command::Send { to, text });
        assert!(
            ["not_found", "not_contacts"].contains(&code(sent)),
            "{one:?}"
        );
    }
    // Whom one blocks one still finds; whoever blocks is nobody.
    let login = || "bob".to_owned();
    assert_eq!(
        code(alice.ask(Command::Find { login: login() })),
        "not_found"
    );
    assert_eq!(
        code(alice.ask(Command::CanAdd { login: login() })),
        "not_found"
    );
    assert_eq!(code(alice.add(&bob)), "not_found");
    let account = bob.account().unwrap();
    assert_eq!(code(alice.ask(Command::Whois { account })), "not_found");
    let login = alice.name();
    match bob.ask(Command::Find { login }) {
        Ok(Done::Person(person)) => assert!(!person.can_add),
        other => panic!("{other:?}"),
    }
    // A file that was offered before is not handed over any more.
    bob.accept_file(offered).ok();
    world.run_for(60_000);
    assert!(!bob.has_file(offered));
    assert_eq!(bob.messages_shown(), 1);
}

#[test]
fn what_is_under_way_to_who_blocks_fails_and_what_came_before_stays() {
    let world = World::new(2);
    let (alice, bob) = linked(&world);
    let before = alice.send(&bob, "before");
    world.expect("it is delivered", || alice.is_delivered(before), 10_000);
    alice.unplug(true);
    let late = alice.send(&bob, "too late");
    block(&bob, &alice);
    alice.unplug(false);
    let failed = || alice.state(late) == Some(DeliveryState::Failed);
    world.expect("it fails", failed, 120_000);
    assert_eq!(bob.texts(&alice), ["before"]);
    assert_eq!(alice.texts(&bob), ["before", "too late"]);
}

#[test]
fn a_block_holds_without_the_rendezvous() {
    let world = World::new(3);
    world.network(|network| network.multicast = true);
    let (alice, bob) = linked(&world);
    alice.unplug(true);
    block(&bob, &alice);
    world.kill_server();
    // Alice has not heard of it: she dials, and is not let in.
    alice.unplug(false);
    let id = alice.send(&bob, "let me in");
    world.run_for(120_000);
    assert!(!alice.is_delivered(id));
    assert_eq!(bob.messages_shown(), 0);
    let path = alice.presence(&bob).map(|(_, path)| path);
    assert_ne!(path, Some(Path::Direct));
}

#[test]
fn lifting_a_block_makes_friends_contacts_again() {
    let world = World::new(4);
    let (alice, bob) = linked(&world);
    block(&bob, &alice);
    world.run_for(5_000);
    unblock(&bob, &alice);
    let both = || alice.is_friend_of(&bob) && bob.is_friend_of(&alice);
    world.expect("they are friends again", both, 10_000);
    for (one, other) in [(&alice, &bob), (&bob, &alice)] {
        let id = one.send(other, "here again");
        world.expect("it is delivered", || one.is_delivered(id), 20_000);
        let seen = || one.presence(other).is_some_and(|(online, _)| online);
        world.expect("they see each other", seen, 20_000);
    }
}

/// Whoever is blocked cannot find the other, so two who blocked each other could not lift their blocks by login.
#[test]
fn two_who_block_each_other_can_both_lift_it() {
    let world = World::new(5);
    let (alice, bob) = world.friends("alice", "bob");
    block(&bob, &alice);
    world.run_for(3_000);
    block(&alice, &bob);
    unblock(&bob, &alice);
    world.run_for(3_000);
    assert_eq!(people(&bob), (0, 0));
    unblock(&alice, &bob);
    let both = || alice.is_friend_of(&bob) && bob.is_friend_of(&alice);
    world.expect("they are friends again", both, 10_000);
}

#[test]
fn a_stranger_can_be_blocked_and_unblocked_and_his_request_is_hidden_meanwhile() {
    let world = World::new(6);
    let (alice, bob) = (world.member("alice"), world.member("bob"));
    alice.add(&bob).unwrap();
    world.expect("it came", || bob.has_request_from(&alice), 3_000);
    let requests = || match bob.ask(Command::Requests) {
        Ok(Done::Requests { requests }) => requests.len(),
        other => panic!("{other:?}"),
    };
    block(&bob, &alice);
    assert_eq!(requests(), 0);
    bob.kill();
    bob.restart();
    world.expect("he is there", || bob.is_online(), 10_000);
    unblock(&bob, &alice);
    assert_eq!(requests(), 1);
    bob.accept(&alice).unwrap();
    let both = || alice.is_friend_of(&bob) && bob.is_friend_of(&alice);
    world.expect("they are friends", both, 10_000);
}

fn blocked(by: &Actor) -> Vec<String> {
    match by.ask(Command::Blocked) {
        Ok(Done::Blocked { blocked }) => blocked.into_iter().map(|row| row.login).collect(),
        other => panic!("{other:?}"),
    }
}

/// The list was on no screen, and a computer that came later knew blocked accounts by their numbers only.
#[test]
fn whom_one_blocked_is_listed_by_login_on_every_own_computer() {
    let world = World::new(6);
    let (alice, bob) = linked(&world);
    let carol = world.member("carol");
    assert!(blocked(&alice).is_empty());
    block(&alice, &carol);
    block(&alice, &bob);
    assert_eq!(blocked(&alice), ["bob", "carol"]);
    let laptop = world.actor("laptop");
    laptop.login_with("alice", "correct horse battery").unwrap();
    let knows = || blocked(&laptop) == ["bob", "carol"];
    world.expect("it learns their logins", knows, 10_000);
    unblock(&laptop, &carol);
    assert_eq!(blocked(&laptop), ["bob"]);
}
