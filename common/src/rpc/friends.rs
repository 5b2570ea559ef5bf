//! Finding people, asking them to be friends, and the contacts that come of it.

use crate::bounded::{List, Text};
use crate::id::{AccountId, RequestId};
use crate::limits::{CONTACT_PAGE_MAX, CONTACTS_MAX, GREETING_BYTES_MAX, REQUESTS_LISTED_MAX};
use crate::name::{DisplayName, Login};
use crate::rpc::accounts::Profile;
use crate::signed::Signed;
use serde::{Deserialize, Serialize};

/// A greeting; may be empty.
pub type Greeting = Text<GREETING_BYTES_MAX>;

/// What the asker is to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Relation {
    /// Nothing yet.
    None,
    /// A request in one direction is open.
    Requested,
    /// Friends.
    Friend,
    /// Members of one class.
    Classmate,
    /// The same account.
    Own,
    /// Members of one group, and nothing else.
    Member,
}

/// What anybody who knows the exact login may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// Its login.
    pub login: Login,
    /// The name that is shown.
    pub name: DisplayName,
    /// What it is to the asker.
    pub relation: Relation,
    /// Whether a friend request would be taken.
    pub can_add: bool,
}

/// Whether a friend request would be taken, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CanAdd {
    /// It would.
    Yes,
    /// It is the own account.
    Own,
    /// They are friends.
    AlreadyFriends,
    /// A request of the asker is open.
    AlreadyRequested,
    /// The other one asks already: accept that.
    TheyRequested,
    /// They declined less than a day ago.
    DeclinedLately,
    /// The asker blocks them.
    Blocked,
}

impl CanAdd {
    /// The stable name of a reason that programs see; none when nothing is against it.
    pub const fn why_not(self) -> Option<&'static str> {
        match self {
            Self::Yes => None,
            Self::Own => Some("self"),
            Self::AlreadyFriends => Some("already_friends"),
            Self::AlreadyRequested => Some("already_requested"),
            Self::TheyRequested => Some("they_requested"),
            Self::DeclinedLately => Some("declined_lately"),
            Self::Blocked => Some("blocked"),
        }
    }
}

/// Asks somebody to be a friend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFriend {
    /// Whom.
    pub login: Login,
    /// With which words.
    pub greeting: Greeting,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestState {
    /// Waits for an answer.
    Pending,
    /// They are friends.
    Accepted,
    /// It was declined.
    Declined,
}

/// A friend request as either side sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FriendRequest {
    /// Its number.
    pub request: RequestId,
    /// Whether it was made to the asker.
    pub incoming: bool,
    /// The other account.
    pub account: AccountId,
    /// Its login.
    pub login: Login,
    /// Its name.
    pub name: DisplayName,
    /// The greeting.
    pub greeting: Greeting,
    /// When, Unix milliseconds at the rendezvous.
    pub at_ms: u64,
    /// What became of it.
    pub state: RequestState,
}

/// Requests, newest first.
pub type FriendRequests = List<FriendRequest, REQUESTS_LISTED_MAX>;

/// Accepts or declines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Which request.
    pub request: RequestId,
    /// Accepted?
    pub accept: bool,
}

/// Somebody who may be talked to, alone or in a group, with what is needed to check him without the rendezvous.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The account.
    pub account: AccountId,
    /// Its login.
    pub login: Login,
    /// What it is: [`Relation::Friend`], [`Relation::Classmate`] or, where it was asked for, [`Relation::Member`].
    pub relation: Relation,
    /// Its profile.
    pub profile: Profile,
    /// Its membership, signed by the rendezvous.
    pub membership: Signed,
    /// Its newest card, signed by the account.
    pub card: Signed,
    /// Contact since, Unix milliseconds at the rendezvous.
    pub since_ms: u64,
    /// Whether one of its devices is connected now.
    pub online: bool,
}

/// What there is to know about a contact beside [`Contact`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The account.
    pub account: AccountId,
    /// Whether all of its connected devices say that their person is away.
    pub away: bool,
    /// BLAKE3 of its picture, if it has one.
    pub avatar: Option<[u8; 32]>,
}

/// Details in the order of their accounts.
pub type Details = List<Detail, { CONTACTS_MAX + 1 }>;

/// Contacts in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPage {
    /// The contacts.
    pub contacts: List<Contact, CONTACT_PAGE_MAX>,
    /// Accounts that the asker has blocked; only on the first page.
    pub blocked: List<AccountId, CONTACTS_MAX>,
    /// Whether there are more after the last one.
    pub more: bool,
}
