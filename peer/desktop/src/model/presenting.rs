//! Presentation mode: what is private, and therefore not shown while the window is on a projector.
//!
//! Private is what is between two people, and what one keeps for oneself: conversations with a person, requests, files, one's
//! friends, computers and own names for people. Groups, classes and announcements are not.

use super::groups::is_group;
use super::home::{Pane, Tab};
use super::people::Contact;
use super::{AppState, Banner, Dialog, GroupPage, Note};
use crate::input::Intent;
use crate::input::intent::{Go, GroupIntent, PeopleIntent, TalkIntent};
use crate::model::chat::RowAct;
use druid::ArcStr;
use druid::im::Vector;
use hutong_engine::api::Failure;

impl AppState {
    /// Whether the conversation with this one is not to be seen now.
    pub fn hides(&self, with: &str) -> bool {
        self.prefs.is_presenting && !is_group(with)
    }

    /// Somebody as they are shown: without our own name for them while others look on.
    pub(super) fn before_others(&self, contact: Contact) -> Contact {
        let remark = contact.remark.clone().filter(|_| !self.prefs.is_presenting);
        Contact { remark, ..contact }
    }

    /// The warnings that may be seen now.
    pub fn shown_banners(&self) -> Vector<Banner> {
        let is_shown = |banner: &&Banner| banner.who.is_empty() || !self.hides(&banner.who);
        self.banners.iter().filter(is_shown).cloned().collect()
    }
}

impl Intent {
    /// Whether this would show something private.
    pub fn is_private(&self) -> bool {
        match self {
            Self::Go(go) => go.is_private(),
            Self::Talk(talk) => is_private_talk(talk),
            Self::People(people) => is_private_people(people),
            // Whom one may bring in are one's friends.
            Self::Group(group) => matches!(
                group,
                GroupIntent::Page(GroupPage::New | GroupPage::Invite(_))
            ),
            Self::Check(who) => who.is_some(),
            Self::Entry(_)
            | Self::Past(_)
            | Self::Own(_)
            | Self::Class(_)
            | Self::Prefs(_)
            | Self::Reveal
            | Self::Quit => false,
        }
    }
}

/// Somebody's card has our own name for them.
fn is_private_talk(talk: &TalkIntent) -> bool {
    let card_of = |login: &ArcStr| !is_group(login);
    matches!(talk, TalkIntent::Row(RowAct::Person(login)) if card_of(login))
}

fn is_private_people(people: &PeopleIntent) -> bool {
    match people {
        PeopleIntent::Show(_) | PeopleIntent::Safety(_) => true,
        PeopleIntent::Find
        | PeopleIntent::Add
        | PeopleIntent::Ask(_)
        | PeopleIntent::Accept(_)
        | PeopleIntent::Decline(_)
        | PeopleIntent::Remove(_)
        | PeopleIntent::Block(_)
        | PeopleIntent::Unblock(_)
        | PeopleIntent::Remark(_)
        | PeopleIntent::Verify(_)
        | PeopleIntent::AcceptKey(_) => false,
    }
}

impl Go {
    fn is_private(&self) -> bool {
        match self {
            Self::Chat(with) => !is_group(with),
            Self::Tab(tab) => *tab == Tab::Friends,
            Self::Pane(pane) => pane.is_private(),
            Self::Dialog(dialog) => dialog.is_private(),
            Self::PutAway(_)
            | Self::Focus(_)
            | Self::Search
            | Self::Front
            | Self::Spot(_)
            | Self::Point { .. }
            | Self::Pointed
            | Self::Back => false,
        }
    }
}

impl Pane {
    /// Whether it shows something private.
    pub const fn is_private(self) -> bool {
        match self {
            Self::Requests | Self::Files | Self::Devices => true,
            // The past is that of the open conversation.
            Self::Chat | Self::History | Self::Profile | Self::Settings => false,
        }
    }
}

impl Dialog {
    /// Whether it shows something private.
    pub const fn is_private(&self) -> bool {
        match self {
            Self::Person(_)
            | Self::Picture(_)
            | Self::SendFiles(_)
            | Self::Remove(_)
            | Self::RemoveDevice(_)
            | Self::Safety(_)
            | Self::Doctor(_)
            | Self::Unlock
            | Self::Group(GroupPage::New | GroupPage::Invite(_)) => true,
            Self::AddFriend(_)
            | Self::SignOut
            | Self::Class
            | Self::LeaveClass
            | Self::Group(_)
            | Self::Announcement(_)
            | Self::Reveal(_) => false,
        }
    }
}

impl Note {
    /// Whether it names somebody, or something of one's own.
    pub const fn is_private(&self) -> bool {
        matches!(
            self,
            Self::Failed(
                Failure::NoAccount { .. }
                    | Failure::NoContact { .. }
                    | Failure::CannotAdd { .. }
                    | Failure::NoSuchFile { .. }
            )
        )
    }
}
