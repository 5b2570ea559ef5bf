//! A teacher who announces without end, and members of a class who say what its rules forbid: over links only other clients
//! can judge it.

use super::groups::answer;
use hutong_common::bounded::Text;
use hutong_common::id::{GroupId, MsgId, Root};
use hutong_common::limits::{ANNOUNCEMENTS_AN_HOUR_MAX, HOUR_MS, LAN_ANNOUNCEMENT_LIFETIME_MS};
use hutong_common::message::{Announced, Content, Inner, Offer, To};
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::signed::Role;
use hutong_engine::api::Command;
use hutong_engine::api::command::{GroupCommand, GroupEdit};
use hutong_engine::api::policy::{PolicyEdit, PrivateChatName};
use hutong_engine::api::{Done, Event};
use hutong_tests::harness::actor::Actor;
use hutong_tests::harness::evil::rogue::{Rogue, RogueLink};
use hutong_tests::harness::evil::trial::{Row, Trial};
use hutong_tests::harness::world::befriend;

cases! {
    more_announcements_to_the_lan_in_an_hour_than_anybody_hears,
    an_old_announcement_to_the_lan_is_brought_again,
    private_words_to_a_classmate_where_that_is_forbidden,
    a_file_to_a_classmate_where_that_is_forbidden,
}

fn becomes_teacher(trial: &Trial, who: &Actor) {
    let login = Login::new(&who.name()).unwrap();
    trial
        .world
        .administer(|service, cx| service.set_role(&login, Role::Teacher, cx));
    let is_teacher =
        || matches!(who.ask(Command::Whoami), Ok(Done::Whoami(me)) if me.role == "teacher");
    trial.world.expect("a teacher", is_teacher, 10_000);
}

/// Alice is a teacher whose home was stolen; the thief has a link to Bob.
fn stolen_teacher(seed: u64) -> (Trial, Actor, Rogue, RogueLink) {
    let (mut trial, alice, bob) = Trial::of_friends(seed);
    becomes_teacher(&trial, &alice);
    let thief = Rogue::thief_of(&alice);
    alice.kill();
    let link = thief.greets(&bob);
    trial.world.run_for(2_000);
    trial.begins(&[&bob]);
    (trial, bob, thief, link)
}

/// An announcement to the LAN of so many milliseconds ago.
fn announces(trial: &Trial, thief: &Rogue, (number, ago_ms): (u64, u64)) -> Inner {
    let at_ms = trial.world.unix_ms() - ago_ms;
    let mut inner = thief.pen.inner(thief.pen.account, number, (at_ms, ""));
    inner.to = To::Everyone;
    inner.content = Content::Announcement(Announced {
        text: Text::new(format!("通知 {number}")).unwrap(),
        large: true,
        confirm: false,
    });
    inner
}

fn heard(who: &Actor) -> Vec<MsgId> {
    who.computer(|computer| {
        let events = computer.events.iter();
        let heard = events.filter_map(|event| {
            if let Event::Announcement(announcement) = event {
                Some(announcement.id)
            } else {
                None
            }
        });
        heard.collect()
    })
}

fn more_announcements_to_the_lan_in_an_hour_than_anybody_hears() -> Row {
    let (mut trial, bob, thief, link) = stolen_teacher(80);
    let most = ANNOUNCEMENTS_AN_HOUR_MAX as u64;
    let mut wanted = Vec::new();
    for number in 1..=most {
        let inner = announces(&trial, &thief, (number, 0));
        wanted.push(inner.msg_id);
        let signed = thief.pen.signs(&inner);
        assert_eq!(answer(&trial, &link, signed.clone()), None);
        assert_eq!(answer(&trial, &link, signed), None, "a copy counts once");
    }
    for number in most + 1..most + 3 {
        let inner = announces(&trial, &thief, (number, 0));
        let refused = answer(&trial, &link, thief.pen.signs(&inner));
        let is_too_fast = matches!(refused, Some(Refusal::TooFast { .. }));
        assert!(is_too_fast, "{refused:?}");
    }
    assert_eq!(heard(&bob), wanted);
    trial.noticed_by(&bob, "a message is not taken");
    trial.world.run_for(HOUR_MS);
    let link = thief.greets(&bob);
    trial.world.run_for(2_000);
    let inner = announces(&trial, &thief, (most + 3, 0));
    assert_eq!(answer(&trial, &link, thief.pen.signs(&inner)), None);
    trial.world.run_for(10_000);
    wanted.push(inner.msg_id);
    assert_eq!(heard(&bob), wanted, "an hour later one is heard again");
    trial.told(&format!("bob: {most} announcements in an hour"));
    trial.ends()
}

fn an_old_announcement_to_the_lan_is_brought_again() -> Row {
    let (mut trial, bob, thief, link) = stolen_teacher(81);
    let expired = announces(&trial, &thief, (1, LAN_ANNOUNCEMENT_LIFETIME_MS + 1));
    let refused = answer(&trial, &link, thief.pen.signs(&expired));
    assert_eq!(refused, Some(Refusal::Expired));
    trial.noticed_by(&bob, "a message is not taken");
    trial.told_nothing(&bob);
    let recent = announces(&trial, &thief, (1, LAN_ANNOUNCEMENT_LIFETIME_MS - 5_000));
    assert_eq!(answer(&trial, &link, thief.pen.signs(&recent)), None);
    assert_eq!(
        heard(&bob),
        [recent.msg_id],
        "one that is not over is heard"
    );
    trial.ends()
}

/// Alice teaches a class of Bob and Carol, who are nothing else to each other. Bob's computer is in the hands of somebody
/// evil, who has links to both.
struct Class {
    trial: Trial,
    alice: Actor,
    carol: Actor,
    group: GroupId,
    thief: Rogue,
    to_alice: RogueLink,
    to_carol: RogueLink,
}

impl Class {
    fn begin(seed: u64) -> Self {
        let (trial, alice, bob) = Trial::of_friends(seed);
        let carol = trial.world.member("carol");
        befriend(&alice, &carol);
        becomes_teacher(&trial, &alice);
        let create = GroupCommand::GroupCreate {
            name: "三年二班".to_owned(),
            members: vec![bob.name(), carol.name()],
            class: true,
        };
        let Ok(Done::Group(shown)) = alice.ask(Command::Group(create)) else {
            panic!("a class is made");
        };
        trial.world.run_for(5_000);
        let thief = Rogue::thief_of(&bob);
        bob.kill();
        let (to_alice, to_carol) = (thief.greets(&alice), thief.greets(&carol));
        trial.world.run_for(2_000);
        Self {
            trial,
            alice,
            carol,
            group: shown.group,
            thief,
            to_alice,
            to_carol,
        }
    }

    fn rules(&self, change: impl FnOnce(&mut PolicyEdit)) {
        let mut edit = PolicyEdit::of(self.group);
        change(&mut edit);
        let change = GroupCommand::Change(GroupEdit::GroupPolicy(edit));
        self.alice.ask(Command::Group(change)).unwrap();
        self.trial.world.run_for(3_000);
    }

    /// What the teacher and the classmate answer to the same message.
    fn answers(&self, number: u64, content: &Content) -> [Option<Refusal>; 2] {
        let both = [(&self.alice, &self.to_alice), (&self.carol, &self.to_carol)];
        both.map(|(to, link)| {
            let (_, honest) = self.thief.writes(to, number, "psst");
            let mut inner: Inner = honest.peek_unverified().unwrap();
            inner.content = content.clone();
            answer(&self.trial, link, self.thief.pen.signs(&inner))
        })
    }

    fn words(&self) -> Content {
        let (_, honest) = self.thief.writes(&self.carol, 1, "psst");
        honest.peek_unverified::<Inner>().unwrap().content
    }
}

fn private_words_to_a_classmate_where_that_is_forbidden() -> Row {
    let mut class = Class::begin(82);
    let words = class.words();
    assert_eq!(class.answers(1, &words), [None, None]);
    class.rules(|edit| edit.private_chat = Some(PrivateChatName::Admins));
    class.trial.begins(&[&class.carol]);
    let refused = Some(Refusal::NotAllowed);
    assert_eq!(class.answers(2, &words), [None, refused]);
    class.rules(|edit| edit.private_chat = Some(PrivateChatName::Off));
    assert_eq!(class.answers(3, &words), [refused, refused]);
    let Class {
        mut trial, carol, ..
    } = class;
    trial.noticed_by(&carol, "a message is not taken");
    trial.told_nothing(&carol);
    trial.ends()
}

fn a_file_to_a_classmate_where_that_is_forbidden() -> Row {
    let mut class = Class::begin(83);
    let file = Content::File(Offer {
        name: Text::new("game.exe").unwrap(),
        size: (1 << 20).try_into().unwrap(),
        root: Root([7; 32]),
    });
    assert_eq!(class.answers(1, &file), [None, None]);
    class.rules(|edit| edit.file_bytes_max = Some((1 << 20) - 1));
    class.trial.begins(&[&class.carol]);
    let refused = Some(Refusal::NotAllowed);
    assert_eq!(class.answers(2, &file), [refused, refused]);
    class.rules(|edit| {
        edit.file_bytes_max = Some(1 << 20);
        edit.send_files = Some(false);
    });
    assert_eq!(class.answers(2, &file), [refused, refused]);
    assert_eq!(class.answers(2, &class.words()), [None, None], "words are");
    let Class {
        mut trial, carol, ..
    } = class;
    let offers = carol.computer(|computer| {
        let is_offer = |event: &&Event| matches!(event, Event::File(_));
        computer.events.iter().filter(is_offer).count()
    });
    assert_eq!(offers, 1, "the one that was allowed");
    trial.noticed_by(&carol, "a message is not taken");
    trial.told("carol: the words that followed, never the file");
    trial.ends()
}
