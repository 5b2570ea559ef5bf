//! Announcements: they come to all whom they are for, only from whom the rendezvous lets, and their proof says who knows
//! them.

mod bulletins;

use hutong_common::id::MsgId;
use hutong_common::limits::{
    ANNOUNCEMENT_PATIENCE_MS, ANNOUNCEMENTS_AN_HOUR_MAX, HOUR_MS, LAN_ANNOUNCEMENT_LIFETIME_MS,
};
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::signed::Role;
use hutong_engine::api::announcement::{
    Announce, AnnounceCommand, Announcement, AnnouncementDone, ProofPerson, ProofShown,
};
use hutong_engine::api::{Command, Done, Event, Failure};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::world::World;

fn ask(who: &Actor, asked: AnnounceCommand) -> Result<Done, Failure> {
    who.ask(Command::Announce(asked))
}

fn sent(done: Result<Done, Failure>) -> MsgId {
    match done {
        Ok(Done::Sent { message, .. }) => message,
        other => panic!("{other:?}"),
    }
}

fn announce(who: &Actor, text: &str, how: impl FnOnce(&mut Announce)) -> MsgId {
    let mut asked = Announce {
        text: text.to_owned(),
        ..Announce::default()
    };
    how(&mut asked);
    sent(ask(who, AnnounceCommand::Announce(asked)))
}

fn proof(who: &Actor, message: MsgId) -> ProofShown {
    match ask(who, AnnounceCommand::Proof { message }) {
        Ok(Done::Announcement(AnnouncementDone::Proof(proof))) => *proof,
        other => panic!("{other:?}"),
    }
}

/// Confirmed, looked at, delivered, under way, offline and out of reach.
fn counts(proof: &ProofShown) -> [usize; 6] {
    let lists = [
        &proof.confirmed,
        &proof.shown,
        &proof.delivered,
        &proof.waiting,
        &proof.offline,
        &proof.unreachable,
    ];
    assert_eq!(
        lists.iter().map(|list| list.len()).sum::<usize>(),
        proof.total
    );
    lists.map(Vec::len)
}

fn logins(people: &[ProofPerson]) -> Vec<&str> {
    people.iter().map(|person| person.login.as_str()).collect()
}

/// Announcements as somebody was told of them.
fn heard(who: &Actor) -> Vec<Announcement> {
    match ask(who, AnnounceCommand::Announcements) {
        Ok(Done::Announcement(AnnouncementDone::Listed { announcements })) => {
            let rows = announcements.into_iter();
            rows.map(|row| row.announcement).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn has(who: &Actor, message: MsgId) -> bool {
    heard(who)
        .iter()
        .any(|announcement| announcement.id == message)
}

fn look(who: &Actor, conversation: &str) {
    let with = conversation.to_owned();
    who.ask(Command::Read { with, upto: None })
        .expect("it is there");
}

fn becomes(world: &World, login: &str, role: Role) {
    let login = Login::new(login).expect("a login");
    world.administer(|service, cx| service.set_role(&login, role, cx));
}

/// A teacher and so many pupils, who all know each other.
fn class_of(world: &World, pupils: usize) -> (Actor, Vec<Actor>) {
    let tan = world.member("tan");
    becomes(world, "tan", Role::Teacher);
    let pupils: Vec<Actor> = (0..pupils)
        .map(|number| world.member(&format!("pupil{number:02}")))
        .collect();
    let knows_all = |who: &Actor| match who.ask(Command::Who { login: None }) {
        Ok(Done::Who { people }) => people.len() == pupils.len(),
        other => panic!("{other:?}"),
    };
    let all_know_all = || knows_all(&tan) && pupils.iter().all(knows_all);
    world.expect("all know all", all_know_all, 60_000);
    let is_teacher =
        || matches!(tan.ask(Command::Whoami), Ok(Done::Whoami(me)) if me.role == "teacher");
    world.expect("tan is a teacher", is_teacher, 10_000);
    (tan, pupils)
}

fn confirmed(who: &Actor, message: MsgId) {
    ask(who, AnnounceCommand::Confirm { message }).expect("it can be confirmed");
}

/// Sixty pupils, of whom three are not there and one is there without being reached: his cable is out, and the rendezvous has
/// not noticed yet.
#[test]
fn the_proof_of_an_announcement_to_sixty_is_exact() {
    let world = World::with_everybody(30, "全校");
    world.is_quiet();
    let (tan, pupils) = class_of(&world, 60);
    for away in &pupils[..3] {
        away.kill();
    }
    world.run_for(2_000);
    pupils[3].unplug(true);
    let message = announce(&tan, "明天上午停课", |asked| asked.confirm = true);
    let told = |wanted: [usize; 6]| move |proof: &ProofShown| counts(proof) == wanted;
    let comes_to = |what, wanted, within_ms| {
        let is_so = told(wanted);
        world.expect(what, || is_so(&proof(&tan, message)), within_ms);
    };
    comes_to("56 have it", [0, 0, 56, 1, 3, 0], 5_000);
    world.run_for(ANNOUNCEMENT_PATIENCE_MS);
    let open = proof(&tan, message);
    assert_eq!(counts(&open), [0, 0, 56, 0, 3, 1]);
    assert_eq!(logins(&open.offline), ["pupil00", "pupil01", "pupil02"]);
    assert_eq!(logins(&open.unreachable), ["pupil03"]);

    look(&pupils[4], &open.conversation);
    confirmed(&pupils[5], message);
    comes_to("one has looked, one confirmed", [1, 1, 54, 0, 3, 1], 5_000);
    // The rendezvous notices that nothing is heard of a computer, and then it is one that is away.
    comes_to("who is silent is offline", [1, 1, 54, 0, 4, 0], 90_000);
    for back in &pupils[..3] {
        back.restart();
    }
    pupils[3].unplug(false);
    comes_to("all have it", [1, 1, 58, 0, 0, 0], 120_000);
    for pupil in &pupils {
        confirmed(pupil, message);
    }
    comes_to("all confirmed", [60, 0, 0, 0, 0, 0], 20_000);
    let again = ask(&tan, AnnounceCommand::AnnounceAgain { message });
    assert_eq!(again, Err(Failure::Refused(Refusal::AlreadyDone)));
}

#[test]
fn an_announcement_is_made_once_more_to_those_only_who_have_not_confirmed_it() {
    let world = World::with_everybody(31, "全校");
    let (tan, pupils) = class_of(&world, 3);
    let message = announce(&tan, "请带课本", |asked| asked.confirm = true);
    world.expect(
        "all have it",
        || pupils.iter().all(|who| has(who, message)),
        5_000,
    );
    confirmed(&pupils[0], message);
    world.expect(
        "one confirmed",
        || proof(&tan, message).confirmed.len() == 1,
        5_000,
    );
    let again = sent(ask(&tan, AnnounceCommand::AnnounceAgain { message }));
    let rest_has = || pupils[1..].iter().all(|who| has(who, again));
    world.expect("the rest hear it again", rest_has, 10_000);
    world.run_for(10_000);
    assert!(!has(&pupils[0], again));
    assert_eq!(proof(&tan, again).total, 2);
    // What is said next is not held up for whoever was not meant.
    let next = announce(&tan, "谢谢", |_| {});
    world.expect(
        "all hear the next",
        || pupils.iter().all(|who| has(who, next)),
        10_000,
    );
}

/// Who announces is away when it is confirmed; and the rendezvous when somebody else does.
#[test]
fn a_confirmation_arrives_whichever_side_is_away() {
    let world = World::with_everybody(32, "全校");
    let (tan, pupils) = class_of(&world, 2);
    let message = announce(&tan, "请确认", |asked| asked.confirm = true);
    world.expect(
        "all have it",
        || pupils.iter().all(|who| has(who, message)),
        5_000,
    );
    tan.kill();
    world.run_for(1_000);
    confirmed(&pupils[0], message);
    world.run_for(1_000);
    pupils[0].kill();
    world.run_for(1_000);
    tan.restart();
    let is_known = || logins(&proof(&tan, message).confirmed) == ["pupil00"];
    world.expect("it waited at the rendezvous", is_known, 30_000);
    pupils[1].send(&tan, "老师好");
    world.run_for(5_000);
    world.kill_server();
    world.run_for(1_000);
    confirmed(&pupils[1], message);
    let is_known = || proof(&tan, message).confirmed.len() == 2;
    world.expect("it came over the link", is_known, 10_000);
    let told = tan.last_event(|event| {
        if let Event::Confirmed(confirmed) = event {
            Some(confirmed.who.clone())
        } else {
            None
        }
    });
    assert_eq!(told.as_deref(), Some("pupil01"));
}

#[test]
fn only_teachers_and_admins_announce_and_not_all_day_long() {
    let world = World::with_everybody(33, "全校");
    let (tan, pupils) = class_of(&world, 1);
    let asked = |lan| {
        AnnounceCommand::Announce(Announce {
            text: "放假了".to_owned(),
            lan,
            ..Announce::default()
        })
    };
    for lan in [false, true] {
        let refused = ask(&pupils[0], asked(lan));
        assert_eq!(refused, Err(Failure::OnlyTeachers));
    }
    let (to, text) = ("g:lan".to_owned(), "hi".to_owned());
    let refused = tan.ask(Command::Send { to, text });
    assert_eq!(
        refused,
        Err(Failure::Refused(Refusal::NotAllowed)),
        "nothing but announcements"
    );
    for number in 0..ANNOUNCEMENTS_AN_HOUR_MAX {
        announce(&tan, &format!("通知 {number}"), |_| {});
        world.run_for(1_000);
    }
    match ask(&tan, asked(false)) {
        Err(Failure::Refused(Refusal::TooFast { retry_ms })) => {
            assert!(retry_ms <= HOUR_MS);
            world.run_for(retry_ms);
        }
        other => panic!("{other:?}"),
    }
    announce(&tan, "再一个", |_| {});
}

/// Nobody holds links to everybody. Here the teacher's computer does not reach one of the pupils at all, who hears it from
/// another one, without the rendezvous; and the teacher learns of it.
#[test]
fn without_the_rendezvous_everybody_on_the_lan_hears_an_announcement() {
    let world = World::with_everybody(34, "全校");
    world.network(|network| network.multicast = true);
    let (tan, pupils) = class_of(&world, 5);
    let (tans, lost) = (tan.place(), pupils[4].place());
    world.kill_server();
    world.network(|network| network.cut(tans, lost, true));
    pupils[3].send(&pupils[4], "你在吗");
    world.run_for(30_000);
    let message = announce(&tan, "消防演习，请离开教室", |asked| {
        asked.lan = true;
        asked.large = true;
        asked.confirm = true;
    });
    let all_hear = || pupils.iter().all(|who| has(who, message));
    world.expect("all hear it", all_hear, 10_000);
    for pupil in &pupils {
        let heard = heard(pupil).pop().expect("it was heard");
        assert_eq!(
            (heard.conversation.as_str(), heard.how.large),
            ("g:lan", true)
        );
    }
    let all_have_it = || counts(&proof(&tan, message)) == [0, 0, 5, 0, 0, 0];
    world.expect("the teacher knows", all_have_it, 10_000);
    confirmed(&pupils[0], message);
    let is_confirmed = || counts(&proof(&tan, message)) == [1, 0, 4, 0, 0, 0];
    world.expect("and who confirmed", is_confirmed, 10_000);
    // It is for those who are there: whoever comes hours later does not hear of it.
    world.restart_server();
    world.network(|network| network.cut(tans, lost, false));
    let late = world.member("late");
    world.run_for(2 * LAN_ANNOUNCEMENT_LIFETIME_MS);
    assert!(!has(&late, message));
    tan.ask(Command::Logout).expect("nothing is owed");
}
