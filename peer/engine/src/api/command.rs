//! Everything that can be asked of the engine. The agent reads these from JSON: `do` names the variant.

pub use super::announcement::AnnounceCommand;
pub use super::group::{GroupCommand, GroupEdit};
pub use super::position::Position;
pub use super::secret::Secret;
pub use super::{avatar::AvatarChoice, classroom::ClassroomCommand};

use hutong_common::id::{AccountId, BadId, DeviceId, FileId, MsgId, RequestId};
use hutong_common::rpc::accounts::Sex;
use serde::{Deserialize, Deserializer};
use std::path::PathBuf;
use std::str::FromStr;

/// Something to do. Every command is answered once, by [`super::Done`] or [`super::Failure`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// Rendezvous nodes seen on this LAN.
    Servers,
    /// Makes an account and signs in.
    Register(Register),
    /// Signs in with a password.
    Login(Login),
    /// Signs out: what is under way is handed over, this device leaves the account and the home is wiped. A shared seat is
    /// wiped also when the rendezvous cannot be told; what nobody has by then is told to have failed.
    Logout,
    /// Who is signed in here.
    Whoami,
    /// Changes what others see; fields left out stay.
    Profile(Profile),
    /// Changes the password.
    Passwd {
        /// The password until now.
        old: Secret,
        /// The one from now on.
        new: Secret,
    },
    /// An account by its exact login.
    Find {
        /// Login as typed.
        login: String,
    },
    /// An account by its number.
    Whois {
        /// Its number.
        account: AccountId,
    },
    /// Whether a friend request would be taken.
    CanAdd {
        /// Login as typed.
        login: String,
    },
    /// Asks somebody to be a friend.
    Add {
        /// Login as typed.
        login: String,
        /// Words to go with it.
        #[serde(default)]
        greeting: String,
    },
    /// Friend requests, invitations and applications in both directions.
    Requests,
    /// Accepts a request.
    Accept(RequestChoice),
    /// Declines a request.
    Decline(RequestChoice),
    /// Ends a friendship.
    Remove {
        /// Login as typed.
        login: String,
    },
    /// Blocks somebody.
    Block {
        /// Login as typed.
        login: String,
    },
    /// Lifts a block.
    Unblock {
        /// Login as typed.
        login: String,
    },
    /// Those whom we blocked.
    Blocked,
    /// Gives somebody a name of our own, which only this home knows.
    Remark {
        /// Login as typed.
        login: String,
        /// The name; empty takes it back.
        #[serde(default)]
        name: String,
    },
    /// All friends.
    Friends,
    /// Contacts with presence, path and round-trip time.
    Who {
        /// Only this one.
        #[serde(default)]
        login: Option<String>,
    },
    /// Says whether one is away, or shows it.
    Away {
        /// Away or back; left out to ask.
        #[serde(default)]
        on: Option<bool>,
    },
    /// Conversations, newest first, and friends without one.
    Chats,
    /// Unread messages and open requests.
    Unread,
    /// Shows, sets or clears the words that are not sent yet.
    Draft {
        /// With whom.
        with: String,
        /// The words; empty clears them, and left out shows them.
        #[serde(default)]
        text: Option<String>,
    },
    /// All of them.
    Drafts,
    /// Sends a text.
    Send {
        /// To whom.
        to: String,
        /// The words.
        text: String,
    },
    /// Offers a file.
    SendFile {
        /// To whom.
        to: String,
        /// Absolute path.
        path: PathBuf,
    },
    /// Marks a conversation as read.
    Read {
        /// With whom.
        with: String,
        /// Up to this message; all when left out.
        #[serde(default, deserialize_with = "from_text_if_given")]
        upto: Option<MsgId>,
    },
    /// Messages of a conversation, oldest first.
    History(History),
    /// Files offered to us or by us.
    Files {
        /// Only one direction.
        #[serde(default)]
        direction: Option<Direction>,
    },
    /// Fetches an offered file.
    AcceptFile {
        /// Which.
        #[serde(deserialize_with = "from_text")]
        file: FileId,
        /// Into this folder, made when missing; the home's download folder when left out.
        #[serde(default)]
        to: Option<PathBuf>,
    },
    /// Refuses an offered file.
    DeclineFile {
        /// Which.
        #[serde(deserialize_with = "from_text")]
        file: FileId,
    },
    /// Gives a transfer up, from either side.
    CancelFile {
        /// Which.
        #[serde(deserialize_with = "from_text")]
        file: FileId,
    },
    /// The account's devices; or takes one of them out of the account.
    Devices {
        /// This one.
        #[serde(default, deserialize_with = "from_text_if_given")]
        remove: Option<DeviceId>,
        /// The account's password, which a removal needs.
        #[serde(default)]
        password: Option<Secret>,
    },
    /// What to compare with a contact to be sure of each other's keys.
    Safety(Safety),
    /// Fetches the key of mail that this device cannot open, and the mail.
    Unlock {
        /// The account's password.
        password: Secret,
    },
    /// Pauses a transfer, from either side.
    PauseFile {
        /// Which.
        #[serde(deserialize_with = "from_text")]
        file: FileId,
    },
    /// Lets a transfer go on that this side paused.
    ResumeFile {
        /// Which.
        #[serde(deserialize_with = "from_text")]
        file: FileId,
    },
    /// Checks the network.
    Doctor {
        /// The way to this contact too.
        #[serde(default)]
        login: Option<String>,
    },
    /// Something about groups; read as [`GroupCommand`], which has verbs of its own.
    #[serde(skip)]
    Group(GroupCommand),
    /// Something about announcements; read as [`AnnounceCommand`].
    #[serde(skip)]
    Announce(AnnounceCommand),
}

/// Makes an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Register {
    /// Login as typed.
    pub login: String,
    /// Password as typed.
    pub password: Secret,
    /// Display name; the login when left out.
    #[serde(default)]
    pub name: Option<String>,
    /// How to address.
    #[serde(default, deserialize_with = "sex")]
    pub sex: Option<Sex>,
    /// Owner code or one-time code.
    #[serde(default)]
    pub code: Option<String>,
    /// Invite link or `HOST:PORT`; the pinned, preset or only one when left out.
    #[serde(default)]
    pub server: Option<String>,
    /// Trusts a rendezvous that is not pinned.
    #[serde(default)]
    pub accept_new_server: bool,
    /// As a shared seat; as the preset says when left out.
    #[serde(default)]
    pub seat: Option<bool>,
    /// A picture of oneself.
    #[serde(default)]
    pub avatar: Option<AvatarChoice>,
}

/// Signs in with a password.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Login {
    /// Login as typed.
    pub login: String,
    /// Password as typed.
    pub password: Secret,
    /// Invite link or `HOST:PORT`; the pinned, preset or only one when left out.
    #[serde(default)]
    pub server: Option<String>,
    /// Trusts a rendezvous that is not pinned.
    #[serde(default)]
    pub accept_new_server: bool,
    /// As a shared seat, which forgets everything when the session ends; as the preset says when left out.
    #[serde(default)]
    pub seat: Option<bool>,
}

/// Changes what others see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Profile {
    /// Display name.
    #[serde(default)]
    pub name: Option<String>,
    /// How to address.
    #[serde(default, deserialize_with = "sex")]
    pub sex: Option<Sex>,
    /// A line about oneself.
    #[serde(default)]
    pub signature: Option<String>,
    /// A picture of oneself.
    #[serde(default)]
    pub avatar: Option<AvatarChoice>,
}

/// A friend request by its number or by who made it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RequestChoice {
    /// Its number.
    #[serde(default)]
    pub request: Option<RequestId>,
    /// Login of who made it.
    #[serde(default)]
    pub from: Option<String>,
}

/// Whose key, and what the person says of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Safety {
    /// Login as typed.
    pub with: String,
    /// The digits are alike on both sides.
    #[serde(default)]
    pub verify: bool,
    /// The changed key is agreed to, unverified.
    #[serde(default)]
    pub accept: bool,
}

/// Which part of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct History {
    /// With whom.
    pub with: String,
    /// Only messages before this one.
    #[serde(default)]
    pub before: Option<Position>,
    /// Only messages after this one.
    #[serde(default)]
    pub after: Option<Position>,
    /// Only from this login.
    #[serde(default)]
    pub from: Option<String>,
    /// At most so many, 1–1000.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// Which way a file goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To us.
    Incoming,
    /// From us.
    Outgoing,
}

/// People and programs write ids as text.
pub(super) fn from_text<'de, D: Deserializer<'de>, T: FromStr<Err = BadId>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

fn from_text_if_given<'de, D: Deserializer<'de>, T: FromStr<Err = BadId>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let id = text.map(|text| text.parse()).transpose();
    id.map_err(serde::de::Error::custom)
}

fn sex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Sex>, D::Error> {
    Option::<String>::deserialize(deserializer)?
        .map(|text| {
            sex_from_letter(&text).ok_or_else(|| serde::de::Error::custom("sex is m, f or x"))
        })
        .transpose()
}

/// `m`, `f` or `x`, as the agent and the command line write it.
pub fn sex_from_letter(letter: &str) -> Option<Sex> {
    match letter {
        "m" => Some(Sex::Male),
        "f" => Some(Sex::Female),
        "x" => Some(Sex::Other),
        _ => None,
    }
}

/// The letter of [`sex_from_letter`]; none when not said.
pub const fn sex_letter(sex: Sex) -> Option<&'static str> {
    match sex {
        Sex::Male => Some("m"),
        Sex::Female => Some("f"),
        Sex::Other => Some("x"),
        Sex::Unsaid => None,
    }
}
