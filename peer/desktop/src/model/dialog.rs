//! What is asked above everything else.

use super::compose::Outgoing;
use super::front::FrontPage;
use super::groups::GroupWish;
use crate::input::Intent;
use crate::widgets::pane::Card;
use druid::{ArcStr, Data, Lens};
use hutong_common::id::{GroupId, MsgId};
use hutong_engine::api::announcement::Announcement;
use hutong_engine::api::done::{Device, Safety};
use std::path::PathBuf;
use std::sync::Arc;

/// Something that is asked inside the window, above everything else.
#[derive(Clone, Debug, PartialEq, Data)]
pub enum Dialog {
    /// To find somebody by login and ask them.
    AddFriend(Search),
    /// Somebody's card.
    Person(ArcStr),
    /// A picture, large.
    #[data(same_fn = "PartialEq::eq")]
    Picture(Arc<PathBuf>),
    /// Whether these files shall really be sent.
    SendFiles(Outgoing),
    /// Whether one really wants to sign out.
    SignOut,
    /// How others join one's class.
    Class,
    /// Whether one's class goes on when the window is closed.
    LeaveClass,
    /// Whether one really wants to end this friendship.
    Remove(ArcStr),
    /// Whether one really wants to remove this computer.
    RemoveDevice(Card<Device>),
    /// What to compare with somebody.
    Safety(Checking),
    /// The check of the way to somebody.
    Doctor(ArcStr),
    /// The password that mail waits for.
    Unlock,
    /// Something about groups.
    Group(GroupPage),
    /// What a teacher or admin announces.
    Announcement(Card<Announcement>),
    /// Whether presentation mode shall end for what one wants.
    Reveal(#[data(same_fn = "PartialEq::eq")] Arc<Intent>),
}

/// Being sure of somebody.
#[derive(Clone, Debug, PartialEq, Data, Lens)]
pub struct Checking {
    /// Login.
    pub with: ArcStr,
    /// The digits and what was said of them, once they are known.
    pub safety: Option<Card<Safety>>,
    /// Why they are not, in the person's words.
    pub word: Option<ArcStr>,
}

impl Dialog {
    /// What is searched for in it, when it is the one for that.
    pub fn search(&self) -> Option<&Search> {
        match self {
            Self::AddFriend(search) => Some(search),
            Self::Person(_)
            | Self::Picture(_)
            | Self::SendFiles(_)
            | Self::SignOut
            | Self::Class
            | Self::LeaveClass
            | Self::Remove(_)
            | Self::RemoveDevice(_)
            | Self::Safety(_)
            | Self::Doctor(_)
            | Self::Unlock
            | Self::Group(_)
            | Self::Announcement(_)
            | Self::Reveal(_) => None,
        }
    }
}

/// Finding somebody.
#[derive(Clone, Debug, Default, PartialEq, Data, Lens)]
pub struct Search {
    /// As typed.
    pub login: String,
    /// As typed.
    pub greeting: String,
    /// Whether one waits.
    pub busy: bool,
    /// Who was found.
    pub found: Option<Found>,
    /// What came of it, in the person's words.
    pub word: Option<ArcStr>,
}

/// Who was found.
#[derive(Clone, Debug, PartialEq, Data, Lens)]
pub struct Found {
    /// Login.
    pub login: ArcStr,
    /// Display name.
    pub name: ArcStr,
    /// Whether a request would be taken.
    pub can_add: bool,
}

/// What is asked about groups.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupPage {
    /// A new one.
    New,
    /// One that is known by its number.
    Join,
    /// Who is in it, and its rules.
    Card(GroupId),
    /// What can be done with a member.
    Member(GroupId, ArcStr),
    /// Another name.
    Rename(GroupId),
    /// Another notice.
    Notice(GroupId),
    /// Whom to bring in.
    Invite(GroupId),
    /// Whether one really wants that.
    Sure(GroupWish),
    /// How far a message got for whom.
    Heard(MsgId),
    /// Something in front of a class.
    Front(GroupId, FrontPage),
    /// An announcement that is being written, to this group or to whom one chooses.
    Announce(Option<GroupId>),
    /// Who knows one.
    Proof(GroupId, MsgId),
}

impl Data for GroupPage {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl GroupPage {
    /// The group that it is about.
    pub fn group(&self) -> Option<GroupId> {
        match self {
            Self::New | Self::Join | Self::Heard(_) => None,
            Self::Announce(group) => *group,
            Self::Card(group)
            | Self::Member(group, _)
            | Self::Rename(group)
            | Self::Notice(group)
            | Self::Invite(group)
            | Self::Front(group, _)
            | Self::Proof(group, _) => Some(*group),
            Self::Sure(wish) => wish.group(),
        }
    }

    /// Where one came from.
    pub fn above(&self) -> Option<Self> {
        match self {
            Self::New | Self::Join | Self::Heard(_) | Self::Card(_) | Self::Proof(..) => None,
            Self::Member(..)
            | Self::Rename(_)
            | Self::Notice(_)
            | Self::Invite(_)
            | Self::Front(..)
            | Self::Announce(_)
            | Self::Sure(_) => self.group().map(Self::Card),
        }
    }
}
