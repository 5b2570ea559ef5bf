//! What one computer was told and has on its disk: the facts that scenarios assert.

use super::super::world::run_until;
use super::Actor;
use hutong_common::id::{FileId, MsgId};
use hutong_engine::api::event::{
    DeliveryState, File, FileState, Message, ServerState, WarningCode,
};
use hutong_engine::api::{Command, Done, Event, Path};
use hutong_engine::store::Tx;

impl Actor {
    /// Waits until something holds.
    pub fn until(&self, holds: impl Fn(&Self) -> bool, within_ms: u64) -> bool {
        run_until(&self.simulation, || holds(self), within_ms)
    }

    /// What some event says, newest first.
    pub fn last_event<T>(&self, find: impl Fn(&Event) -> Option<T>) -> Option<T> {
        self.computer(|computer| computer.events.iter().rev().find_map(&find))
    }

    /// The same among what the program told since it was last started; nothing when it does not run.
    pub fn last_event_of_this_life<T>(&self, find: impl Fn(&Event) -> Option<T>) -> Option<T> {
        self.computer(|computer| {
            let told = computer.events.get(computer.events_of_earlier_lives..)?;
            computer.program.as_ref()?;
            told.iter().rev().find_map(&find)
        })
    }

    /// Whether the rendezvous has signed this computer in.
    pub fn is_online(&self) -> bool {
        let state = self.last_event_of_this_life(|event| {
            if let Event::Server { state } = event {
                Some(*state)
            } else {
                None
            }
        });
        state == Some(ServerState::Online)
    }

    /// Whether somebody's request was shown.
    pub fn has_request_from(&self, other: &Self) -> bool {
        let name = other.name();
        let seen = |event: &Event| matches!(event, Event::Request(request) if request.from == name);
        self.computer(|computer| computer.events.iter().any(seen))
    }

    /// Whether somebody is a contact on this computer's disk.
    pub fn is_friend_of(&self, other: &Self) -> bool {
        let Some(account) = other.account() else {
            return false;
        };
        let contacts = self.computer(|computer| computer.read(Tx::contacts));
        let mut contacts = contacts
            .into_iter()
            .flat_map(|rows| rows.expect("rows can be read"));
        contacts.any(|(contact, _)| contact == account)
    }

    /// What was shown of a message.
    pub fn message(&self, id: MsgId) -> Option<Message> {
        self.last_event(|event| {
            if let Event::Message(message) = event
                && message.id == id
            {
                Some(message.clone())
            } else {
                None
            }
        })
    }

    /// How many messages were shown.
    pub fn messages_shown(&self) -> usize {
        let is_message = |event: &&Event| matches!(event, Event::Message(_));
        self.computer(|computer| computer.events.iter().filter(is_message).count())
    }

    /// How far an own message is known to be.
    pub fn state(&self, id: MsgId) -> Option<DeliveryState> {
        self.last_event(|event| {
            if let Event::Delivery(delivery) = event
                && delivery.message == id
            {
                Some(delivery.state)
            } else {
                None
            }
        })
    }

    /// Whether this computer's disk knows that an own message is delivered.
    pub fn knows_delivered(&self, other: &Self, id: MsgId) -> bool {
        let to = other.account();
        to.is_some_and(|to| self.computer(|computer| computer.knows_delivered(to, id)))
    }

    /// Whether an own message is delivered.
    pub fn is_delivered(&self, id: MsgId) -> bool {
        self.state(id)
            .is_some_and(|state| state >= DeliveryState::Delivered)
    }

    /// What was told last about somebody: whether online, and by which way he is reached.
    pub fn presence(&self, other: &Self) -> Option<(bool, Path)> {
        self.presence_of(&other.name())
    }

    /// The same by login.
    pub fn presence_of(&self, name: &str) -> Option<(bool, Path)> {
        self.last_event_of_this_life(|event| {
            if let Event::Presence(presence) = event
                && presence.user == name
            {
                Some((presence.online, presence.path))
            } else {
                None
            }
        })
    }

    /// What was warned of last.
    pub fn last_warning(&self) -> Option<WarningCode> {
        self.last_event(|event| {
            if let Event::Warning { code, .. } = event {
                Some(*code)
            } else {
                None
            }
        })
    }

    /// Whether all that waited at the rendezvous is here, since the program was last started.
    pub fn caught_up(&self) -> bool {
        let caught_up = |event: &Event| matches!(event, Event::CaughtUp {}).then_some(());
        self.last_event_of_this_life(caught_up).is_some()
    }

    /// Whether this was warned of since the program was last started.
    pub fn was_warned(&self, of: WarningCode) -> bool {
        let warned = |event: &Event| matches!(event, Event::Warning { code, .. } if *code == of);
        self.last_event_of_this_life(|event| warned(event).then_some(()))
            .is_some()
    }

    /// What was told last about a file.
    pub fn file(&self, file: FileId) -> Option<File> {
        self.last_event(|event| {
            if let Event::File(told) = event
                && told.file == file
            {
                Some(told.clone())
            } else {
                None
            }
        })
    }

    /// A file as `files` lists it.
    #[track_caller]
    pub fn listed(&self, file: FileId) -> File {
        let Ok(Done::Files { files }) = self.ask(Command::Files { direction: None }) else {
            panic!("files are not listed");
        };
        let found = files.into_iter().find(|listed| listed.file == file);
        found.expect("it is listed")
    }

    /// Whether a file is complete, proved and in place.
    pub fn has_file(&self, file: FileId) -> bool {
        self.file(file)
            .is_some_and(|file| file.state == FileState::Verified)
    }
}
