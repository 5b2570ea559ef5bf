//! Why the engine was asked: an answer alone does not say.

use crate::model::groups::GroupWish;
use druid::ArcStr;
use hutong_common::id::{FileId, RequestId};

/// Why the engine was asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// To find servers.
    Servers,
    /// To sign in or to register.
    Enter,
    /// To know oneself.
    Me,
    /// To know one's friends.
    Friends,
    /// To know who is there.
    Who,
    /// To know the conversations.
    Chats,
    /// To know the requests.
    Requests,
    /// To know whom one blocked.
    Blocked,
    /// To know the files.
    Files,
    /// To know one's groups.
    Groups,
    /// To know who is in one of them.
    Group,
    /// To know whose hands are raised.
    Hands,
    /// To know what was announced, or who knows it.
    Announcements,
    /// To show a conversation.
    History {
        /// With whom.
        with: ArcStr,
        /// Beyond what is shown.
        older: bool,
    },
    /// To show messages of the past.
    Past {
        /// With whom.
        with: ArcStr,
    },
    /// To send these words.
    Send {
        /// To whom.
        with: ArcStr,
        /// Given back to the box when that fails.
        text: ArcStr,
    },
    /// To send a file.
    SendFile {
        /// To whom.
        with: ArcStr,
    },
    /// To do something with a file.
    File(FileId),
    /// To find somebody.
    Find,
    /// To learn whether somebody can be asked.
    CanAdd,
    /// The same, to learn whether we blocked them.
    IsBlocked {
        /// Login.
        login: ArcStr,
    },
    /// To block somebody, or to lift that.
    Block {
        /// Login.
        login: ArcStr,
        /// Which of the two.
        on: bool,
    },
    /// To ask somebody.
    Add,
    /// To answer a request.
    AnswerRequest(RequestId),
    /// To change what we are to each other, or what one calls somebody.
    Relation,
    /// To be sure of somebody, with the word on it.
    Safety {
        /// Of whom.
        with: ArcStr,
    },
    /// To check the network.
    Check {
        /// And the way to them.
        who: Option<ArcStr>,
    },
    /// To read mail that waits for the password.
    Unlock,
    /// To change what others see.
    Profile,
    /// To change the password.
    Password,
    /// To know one's computers.
    Devices,
    /// To remove one.
    RemoveDevice,
    /// To have this done about a group.
    Wish(GroupWish),
    /// To sign out.
    SignOut,
    /// Nothing that anybody waits for: marks, drafts.
    Quietly,
}

impl Purpose {
    /// Whether this changes nothing: asked twice at once, one answer is enough.
    pub(crate) const fn only_asks(&self) -> bool {
        match self {
            Self::Servers
            | Self::Me
            | Self::Friends
            | Self::Who
            | Self::Chats
            | Self::Requests
            | Self::Blocked
            | Self::Files
            | Self::Groups
            | Self::Group
            | Self::Hands
            | Self::Announcements
            | Self::Devices => true,
            Self::Enter
            | Self::History { .. }
            | Self::Send { .. }
            | Self::SendFile { .. }
            | Self::File(_)
            | Self::Find
            | Self::CanAdd
            | Self::IsBlocked { .. }
            | Self::Past { .. }
            | Self::Block { .. }
            | Self::Add
            | Self::AnswerRequest(_)
            | Self::Relation
            | Self::Safety { .. }
            | Self::Check { .. }
            | Self::Unlock
            | Self::Profile
            | Self::Password
            | Self::RemoveDevice
            | Self::Wish(_)
            | Self::SignOut
            | Self::Quietly => false,
        }
    }
}
