//! What must hold at every moment of every run, checked as cores speak: a breach panics with the story so far.
//!
//! Exactly once · nothing forged · nobody heard whom no sheet lets speak · states never go back · never `failed` between friends · no event about a message
//! before the answer that names it · every command answered exactly once · nothing logged as an error.

use super::looks::Looks;
use super::model::{Accepted, Model};
use super::simulation::voices::Voices;
use hutong_common::id::{AccountId, MsgId};
use hutong_common::message::SERVER;
use hutong_engine::api::announcement::{Announce, AnnounceCommand};
use hutong_engine::api::command::GroupCommand;
use hutong_engine::api::event::{DeliveryState, Message, MessageKind, WarningCode};
use hutong_engine::api::{Command, Done, Event, Failure};
use hutong_engine::core::io::CommandId;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Lines of the story that are kept.
const STORY_MAX: usize = 400;
/// Characters of one line that are kept: signed objects are long and say little.
const LINE_CHARS_MAX: usize = 220;

/// The judge of a run.
#[derive(Debug, Default)]
pub struct Judge {
    /// What should be true.
    pub model: Model,
    pending: BTreeMap<(usize, CommandId), Command>,
    /// Who may be heard in groups.
    pub voices: Voices,
    /// What was looked at.
    pub(super) looks: Looks,
    /// Whether somebody lies: messages may then come from nowhere, and fail between friends.
    pub is_evil: bool,
    shown: BTreeSet<(usize, AccountId, MsgId)>,
    /// What was shown at seats and is wiped with them: by login.
    wiped: BTreeSet<(String, MsgId)>,
    states: BTreeMap<(usize, MsgId, String), DeliveryState>,
    /// How many deliveries were seen in each state.
    pub reached: BTreeMap<DeliveryState, u64>,
    /// Whether no story is kept: telling what a crowd does takes longer than doing it.
    pub is_quiet: bool,
    story: VecDeque<String>,
}

impl Judge {
    fn tell(&mut self, now_us: u64, line: &str) {
        if self.story.len() == STORY_MAX {
            self.story.pop_front();
        }
        let (ms, us) = (now_us / 1000, now_us % 1000);
        let line: String = line.chars().take(LINE_CHARS_MAX).collect();
        self.story.push_back(format!("{ms:>9}.{us:03} {line}"));
    }

    /// A line of the story that somebody else tells.
    pub fn note(&mut self, now_us: u64, line: &str) {
        self.tell(now_us, line);
    }

    /// What happened lately, oldest first.
    pub fn story(&self) -> impl Iterator<Item = &str> {
        self.story.iter().map(String::as_str)
    }

    /// A program was started.
    pub fn started(&mut self, who: usize, now_us: u64) {
        // Only what is on disk outlives a program: a message under way is queued again.
        for ((owner, _, _), state) in &mut self.states {
            if *owner == who && *state == DeliveryState::InFlight {
                *state = DeliveryState::Queued;
            }
        }
        let line = format!("{} starts", self.model.logins[who]);
        self.tell(now_us, &line);
    }

    /// A disk was set back: what its program told lately is not on it any more.
    pub fn set_back(&mut self, who: usize) {
        self.states.retain(|(owner, _, _), _| *owner != who);
        self.shown.retain(|(owner, _, _)| *owner != who);
    }

    /// A program was killed: nobody will hear its answers.
    pub fn killed(&mut self, who: usize, now_us: u64) {
        let lost: Vec<_> = self
            .pending
            .range((who, CommandId(0))..(who + 1, CommandId(0)))
            .map(|(key, _)| *key)
            .collect();
        for key in lost {
            match self.pending.remove(&key) {
                Some(Command::Send { to, text }) => {
                    self.model.in_doubt.insert((who, to, text));
                }
                Some(Command::Announce(AnnounceCommand::Announce(asked))) => {
                    let to = announced_to(&asked);
                    self.model.in_doubt.insert((who, to, asked.text));
                }
                Some(Command::Read { with, .. }) => self.looks.doubt((who, with)),
                Some(_) | None => {}
            }
        }
        let line = format!("{} is killed", self.model.logins[who]);
        self.tell(now_us, &line);
    }

    /// Nothing of whoever used a computer is left on it: what he comes back to there is new to it.
    pub fn wiped(&mut self, who: usize) {
        let login = self.model.logins[who].clone();
        let (account, first) = (AccountId(0), MsgId([0; 16]));
        let range = (who, account, first)..(who + 1, account, first);
        let gone: Vec<_> = self.shown.range(range).copied().collect();
        for shown in gone {
            self.shown.remove(&shown);
            self.wiped.insert((login.clone(), shown.2));
        }
    }

    /// Whether a message was shown to somebody at a seat that is wiped.
    pub fn was_wiped(&self, login: &str, id: MsgId) -> bool {
        self.wiped.contains(&(login.to_owned(), id))
    }

    /// A command was handed in.
    pub fn issued(&mut self, who: usize, id: CommandId, command: &Command) {
        // What was under way fails before the answer is told, so the friendship ends here.
        if let Command::Remove { login } | Command::Block { login } = command {
            let me = self.model.logins[who].clone();
            self.model.part(&me, login);
        }
        self.pending.insert((who, id), command.clone());
    }

    /// Commands without an answer.
    pub fn unanswered(&self) -> usize {
        self.pending.len()
    }

    /// A command was answered.
    pub fn answered(&mut self, who: usize, id: CommandId, result: &Result<Done, Failure>) {
        let command = self.pending.remove(&(who, id));
        let command = command.unwrap_or_else(|| panic!("{id:?} was answered twice: {result:?}"));
        let Ok(done) = result else {
            return;
        };
        let me = self.model.logins[who].clone();
        match (command, done) {
            (Command::Send { to, text }, Done::Sent { message, .. }) => {
                self.accept(*message, who, (to, text));
            }
            (Command::SendFile { to, path }, Done::FileSent { message, .. }) => {
                let text = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                self.accept(*message, who, (to, text));
            }
            (Command::Announce(AnnounceCommand::Announce(asked)), Done::Sent { message, .. }) => {
                self.accept(*message, who, (announced_to(&asked), asked.text));
            }
            (Command::Announce(AnnounceCommand::Confirm { message }), Done::Plain {}) => {
                self.model.confirmed.insert((me, message));
            }
            (Command::Read { with, upto: None }, Done::Plain {}) => {
                let accepted = self.model.accepted.len();
                self.looks.looked((who, with), accepted);
            }
            (Command::Group(GroupCommand::GroupCreate { .. }), Done::Group(shown)) => {
                self.model.hear_of(shown.group);
            }
            (
                Command::Announce(AnnounceCommand::AnnounceAgain { message: first }),
                Done::Sent { message, .. },
            ) => {
                let first = &self.model.accepted[&first];
                let (to, text) = (first.to.clone(), first.text.clone());
                self.accept(*message, who, (to, text));
            }
            (Command::Register(_) | Command::Login(_), Done::SignedIn(signed_in)) => {
                self.model.accounts.insert(who, signed_in.account);
                self.model.logins[who].clone_from(&signed_in.login);
            }
            (Command::Accept(choice), Done::Plain {}) => {
                if let Some(from) = choice.from {
                    self.model.befriend(&me, &from);
                }
            }
            _ => {}
        }
    }

    fn accept(&mut self, message: MsgId, who: usize, (to, text): (String, String)) {
        let writer = self.model.logins[who].clone();
        let accepted = Accepted {
            from: who,
            writer,
            to,
            text,
            number: self.model.accepted.len(),
        };
        self.model.accept(message, accepted);
    }

    /// A core told something.
    pub fn told(&mut self, who: usize, event: &Event, now_us: u64) {
        let me = self.model.logins[who].clone();
        let line = format!("{me}: {event:?}");
        self.tell(now_us, &line);
        match event {
            Event::Message(message) => self.shown(who, message),
            Event::Delivery(delivery) => {
                let id = delivery.message;
                let in_doubt = self.model.in_doubt.iter().any(|(from, to, _)| {
                    self.model.logins[*from] == me && *to == delivery.conversation
                });
                assert!(
                    self.model.accepted.contains_key(&id) || in_doubt,
                    "{me} told of {id} before it said that it is sent"
                );
                if delivery.state == DeliveryState::Failed {
                    // Whoever leaves a seat is told what goes with it.
                    let leaves = delivery.code == Some(WarningCode::SignedOut.code());
                    let is_said_to_all = delivery.conversation.starts_with("g:");
                    let are_friends = self.model.are_friends(&me, &delivery.to);
                    let may = leaves || self.is_evil || is_said_to_all || !are_friends;
                    assert!(
                        may,
                        "{id} from {me} to their friend {} failed: {:?}",
                        delivery.to, delivery.code
                    );
                }
                let key = (who, id, delivery.to.clone());
                let before = self.states.insert(key, delivery.state);
                assert!(
                    before.is_none_or(|before| before <= delivery.state),
                    "{id} of {me} went back from {before:?} to {:?}",
                    delivery.state
                );
                *self.reached.entry(delivery.state).or_default() += 1;
            }
            Event::Group(group) => self.model.hear_of(group.group),
            Event::Ready(_)
            | Event::Server { .. }
            | Event::Presence(_)
            | Event::Request(_)
            | Event::Requests { .. }
            | Event::Contact { .. }
            | Event::Read { .. }
            | Event::File(_)
            | Event::CaughtUp {}
            | Event::Warning { .. }
            | Event::Announcement(_)
            | Event::Confirmed(_)
            | Event::Hands(_) => {}
        }
    }

    fn shown(&mut self, who: usize, message: &Message) {
        let me = &self.model.logins[who];
        assert!(
            self.shown.insert((who, message.account, message.id)),
            "{me} was shown {} twice",
            message.id
        );
        if message.from != *me {
            let place = (who, message.conversation.clone());
            self.looks.told(place, message.id);
        }
        if self.is_evil {
            return;
        }
        // What another own computer wrote comes as a copy, in the conversation with its recipient.
        let is_in_group = message.conversation.starts_with("g:");
        let to_whom = if message.from == *me || is_in_group {
            &message.conversation
        } else {
            me
        };
        let text = message.text.clone().unwrap_or_default();
        if message.account == SERVER {
            let said = (message.conversation.clone(), text);
            let is_known = self.model.bulletins.contains(&said);
            assert!(is_known, "the rendezvous never announced {message:?}");
            return;
        }
        match self.model.accepted.get(&message.id) {
            Some(accepted) => {
                // What was announced to nobody in particular is for the class of everybody.
                let to = Some(&accepted.to).filter(|to| !to.is_empty() || !is_in_group);
                let (writer, to) = (&accepted.writer, to.unwrap_or(to_whom));
                assert_eq!(
                    (writer, to),
                    (&message.from, to_whom),
                    "{} came to the wrong person",
                    message.id
                );
                if message.kind != MessageKind::File {
                    assert_eq!(accepted.text, text, "{} came with other words", message.id);
                }
            }
            None => {
                let mut doubts = self
                    .model
                    .computers_of(&message.from)
                    .map(|from| (from, to_whom.clone(), text.clone()));
                let doubted = doubts.any(|doubt| self.model.in_doubt.contains(&doubt));
                assert!(doubted, "{me} got what nobody sent: {message:?}");
            }
        }
    }

    /// How far an accepted message is known to be.
    pub fn state(&self, who: usize, id: MsgId, to: &str) -> Option<DeliveryState> {
        self.states.get(&(who, id, to.to_owned())).copied()
    }

    /// Accepted messages between friends that nobody was told to be delivered.
    pub fn undelivered(&self) -> Vec<MsgId> {
        let accepted = self.model.accepted.iter();
        let open = accepted.filter(|(id, accepted)| {
            let from = &accepted.writer;
            let state = self.state(accepted.from, **id, &accepted.to);
            self.model.are_friends(from, &accepted.to)
                && state.is_none_or(|state| state < DeliveryState::Delivered)
        });
        open.map(|(id, _)| *id).collect()
    }
}

/// Where an announcement goes; nowhere in particular when it is for the class of everybody.
fn announced_to(asked: &Announce) -> String {
    let lan = asked.lan.then(|| "g:lan".to_owned());
    asked.to.clone().or(lan).unwrap_or_default()
}
