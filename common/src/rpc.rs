//! Client ↔ rendezvous: every request, its reply, and the frames that carry them.
//!
//! The variants of [`Request`] are the table of contents of the rendezvous: they are only added at the end. Each domain
//! keeps its structs in a file of its own. A struct on the wire never changes; a new field is a new variant.

pub mod accounts;
pub mod classroom;
pub mod doctor;
pub mod friends;
pub mod groups;
pub mod mail;
pub mod presence;
pub mod relay;

use crate::bounded::List;
use crate::codec::{self, CodecError};
use crate::limits::CONTACT_PAGE_MAX;
use crate::push::Push;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

use accounts::{
    AvatarBytes, Enrol, PasswordFinish, PasswordStart, Profile, RegisterFinish, RegisterStart,
    RemoveDevice, ResetStart, SignInFinish, SignInStart,
};
use accounts::{
    DeviceList, PasswordStarted, RegisterStarted, ResetStarted, SignInStarted, SignedIn, Welcome,
};
use classroom::{Attendance, CodeAsk, GroupCode, HandAsk, Hands};
use doctor::{CheckAsk, PathCheck, UdpCheck};
use friends::{
    Answer, CanAdd, Contact, ContactPage, Details, FriendRequests, Person, RequestFriend,
};
use groups::{
    Apply, ChangeGroup, CreateGroup, GroupCard, GroupEpochs, GroupMail, GroupRequests, Invite,
    PostPage,
};
use mail::{Envelope, MailAcks, MailPage, MailPageAsk, MailStored, ReceiptPage, ReceiptPageAsk};
use presence::{Candidates, Introduction};
use relay::{RelayAsk, RelayTicket};

use crate::id::{AccountId, GroupId, RequestId};
use crate::join_code::JoinCode;
use crate::name::Login;
use crate::signed::Signed;

/// What a client asks of the rendezvous. Who asks is known from the TLS key, never from a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Keeps the connection; → [`Reply::Done`].
    Ping,
    /// First half of a registration; → [`Reply::RegisterStarted`].
    RegisterStart(RegisterStart),
    /// Second half of a registration; → [`Reply::Welcome`].
    RegisterFinish(Box<RegisterFinish>),
    /// First half of a sign-in with a password; → [`Reply::SignInStarted`].
    SignInStart(SignInStart),
    /// Second half of a sign-in; → [`Reply::SignedIn`]; the device is not enrolled yet.
    SignInFinish(SignInFinish),
    /// Adds this connection's key to the account's card; → [`Reply::Welcome`].
    Enrol(Enrol),
    /// Signs a known device in. The number grows with every use and is saved before it is used; → [`Reply::Welcome`].
    Resume {
        /// Counter of this device.
        n: u64,
    },
    /// Removes this device from the account; → [`Reply::Done`].
    SignOut,
    /// First half of a password change; needs a fresh proof of the old one; → [`Reply::PasswordStarted`].
    PasswordStart(PasswordStart),
    /// Second half of a password change; → [`Reply::Done`].
    PasswordFinish(PasswordFinish),
    /// Replaces the profile; → [`Reply::Done`].
    SetProfile(Profile),
    /// An account by its exact login; → [`Reply::Person`].
    Find(Login),
    /// An account by number, if it is the own one or a contact; → [`Reply::Person`].
    Whois(AccountId),
    /// Whether a friend request to this login would be taken; → [`Reply::CanAdd`].
    CanAdd(Login),
    /// Asks somebody to be a friend; → [`Reply::FriendRequested`].
    RequestFriend(RequestFriend),
    /// Requests in both directions, newest first; → [`Reply::FriendRequests`].
    FriendRequests,
    /// Accepts or declines a request to oneself; → [`Reply::Done`].
    AnswerFriend(Answer),
    /// Ends a friendship; → [`Reply::Done`].
    RemoveFriend(AccountId),
    /// Blocks an account: it can no longer find, ask, see or reach; → [`Reply::Done`].
    Block(AccountId),
    /// Lifts a block; → [`Reply::Done`].
    Unblock(AccountId),
    /// Contacts with an account number above the given one, in order; → [`Reply::Contacts`].
    Contacts {
        /// Last account of the page before, or 0.
        after: AccountId,
    },
    /// One contact, as it is now; → [`Reply::Contact`], `not_found` when it is none (any more).
    Contact(AccountId),
    /// Where this device can be reached; replaces what was reported before; → [`Reply::Done`].
    ReportCandidates(Candidates),
    /// Where the online devices of a contact can be reached; they are told of us too; → [`Reply::Introductions`].
    Introduce(AccountId),
    /// Leaves sealed mail; → [`Reply::MailStored`].
    SendMail(Box<Envelope>),
    /// Own mail of people, without that of groups; → [`Reply::Mail`].
    Mail(MailPageAsk),
    /// What became of own mail; → [`Reply::Done`].
    AckMail(MailAcks),
    /// What became of mail that one sent; → [`Reply::Receipts`].
    Receipts(ReceiptPageAsk),
    /// The devices of the own account; → [`Reply::Devices`].
    Devices,
    /// Removes another device of the own account; needs a fresh proof of the password; → [`Reply::Done`].
    RemoveDevice(Box<RemoveDevice>),
    /// Says whether the person at this device is away; → [`Reply::Done`].
    SetAway(bool),
    /// More about one contact or oneself, or about all of whom there is something to say; → [`Reply::Details`].
    Details(Option<AccountId>),
    /// Replaces the own picture; empty takes it away; → [`Reply::Done`].
    SetAvatar(AvatarBytes),
    /// The picture of a contact or the own one; → [`Reply::Avatar`], `not_found` when there is none.
    Avatar(AccountId),
    /// First half of registering anew under one's own login, with a one-time code; → [`Reply::ResetStarted`], then
    /// [`Request::RegisterFinish`].
    ResetStart(ResetStart),
    /// Makes a group or class; → [`Reply::Sheet`].
    CreateGroup(CreateGroup),
    /// The groups of the own account; → [`Reply::Groups`].
    Groups,
    /// The newest sheet of a group of the own account; → [`Reply::Sheet`].
    Sheet(GroupId),
    /// A group by its number; → [`Reply::GroupCard`].
    FindGroup(GroupId),
    /// Changes a group; → [`Reply::Sheet`], the new one.
    ChangeGroup(Box<ChangeGroup>),
    /// Goes out of a group; its owner hands it over first; → [`Reply::Done`].
    LeaveGroup(GroupId),
    /// Ends a group; → [`Reply::Done`].
    DissolveGroup(GroupId),
    /// Asks a contact to come into a group; → [`Reply::GroupRequested`].
    InviteToGroup(Invite),
    /// Asks to come into a group; → [`Reply::GroupRequested`].
    ApplyToGroup(Apply),
    /// Invitations and applications that concern the own account, newest first; → [`Reply::GroupRequests`].
    GroupRequests,
    /// Accepts or declines an invitation to oneself, or an application to a group of which one is an admin;
    /// → [`Reply::Done`].
    AnswerGroup(Answer),
    /// The picture of a group of the own account; → [`Reply::Avatar`], `not_found` when there is none.
    GroupPicture(GroupId),
    /// Leaves sealed mail for members of a group; → [`Reply::MailStored`].
    SendGroupMail(Box<GroupMail>),
    /// Own mail of people and groups; → [`Reply::Post`].
    Post(MailPageAsk),
    /// Shows, makes or ends the code of a group; → [`Reply::GroupCode`].
    GroupCode(CodeAsk),
    /// Comes into the group that has this code; → [`Reply::Sheet`], `not_found` when none has.
    JoinByCode(JoinCode),
    /// Who of a group is there; by its admins; → [`Reply::Attendance`].
    Attendance(GroupId),
    /// Raises or lowers hands in a group; → [`Reply::Done`].
    Hand(HandAsk),
    /// The hands that are raised in a group; → [`Reply::Hands`].
    Hands(GroupId),
    /// Several contacts, as they are now; → [`Reply::Contacts`] with those of them that are some, and nobody else.
    ContactsOf(List<AccountId, CONTACT_PAGE_MAX>),
    /// A relayed session with a device of a contact; that device is invited; → [`Reply::RelayTicket`].
    RelayOpen(RelayAsk),
    /// Something for a check of the network; → as [`CheckAsk`] says.
    Check(CheckAsk),
}

/// What the rendezvous answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// It is done, durably.
    Done,
    /// → [`Request::RegisterStart`].
    RegisterStarted(RegisterStarted),
    /// Signed in, with everything a device needs to begin.
    Welcome(Box<Welcome>),
    /// → [`Request::SignInStart`].
    SignInStarted(SignInStarted),
    /// The password is right; here is the vault.
    SignedIn(Box<SignedIn>),
    /// → [`Request::PasswordStart`].
    PasswordStarted(PasswordStarted),
    /// → [`Request::Find`], [`Request::Whois`].
    Person(Person),
    /// → [`Request::CanAdd`].
    CanAdd(CanAdd),
    /// → [`Request::RequestFriend`].
    FriendRequested(RequestId),
    /// → [`Request::FriendRequests`].
    FriendRequests(FriendRequests),
    /// → [`Request::Contacts`], [`Request::ContactsOf`].
    Contacts(ContactPage),
    /// → [`Request::Contact`].
    Contact(Box<Contact>),
    /// → [`Request::Introduce`]: one per online device, empty for somebody offline.
    Introductions(List<Introduction, { crate::limits::DEVICES_MAX }>),
    /// → [`Request::SendMail`].
    MailStored(MailStored),
    /// → [`Request::Mail`].
    Mail(MailPage),
    /// → [`Request::Receipts`].
    Receipts(ReceiptPage),
    /// → [`Request::Devices`].
    Devices(Box<DeviceList>),
    /// → [`Request::Details`].
    Details(Details),
    /// → [`Request::Avatar`].
    Avatar(AvatarBytes),
    /// → [`Request::ResetStart`].
    ResetStarted(Box<ResetStarted>),
    /// A group's newest sheet, signed by the rendezvous.
    Sheet(Box<Signed>),
    /// → [`Request::Groups`].
    Groups(GroupEpochs),
    /// → [`Request::FindGroup`].
    GroupCard(GroupCard),
    /// → [`Request::InviteToGroup`], [`Request::ApplyToGroup`].
    GroupRequested(RequestId),
    /// → [`Request::GroupRequests`].
    GroupRequests(GroupRequests),
    /// → [`Request::Post`].
    Post(PostPage),
    /// → [`Request::GroupCode`].
    GroupCode(GroupCode),
    /// → [`Request::Attendance`].
    Attendance(Attendance),
    /// → [`Request::Hands`].
    Hands(Hands),
    /// → [`Request::RelayOpen`].
    RelayTicket(RelayTicket),
    /// → [`CheckAsk::Udp`].
    UdpCheck(UdpCheck),
    /// → [`CheckAsk::Path`]; none for somebody offline.
    PathCheck(Option<Box<PathCheck>>),
}

/// A request as it lies in a frame: `id ‖ request`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFrame {
    /// Chosen by the client, repeated in the answer.
    pub id: u32,
    /// What is asked.
    pub request: Request,
}

impl ClientFrame {
    /// Reads a frame. A request of a newer program keeps its id, so that it can be answered `version`.
    ///
    /// # Errors
    /// [`CodecError`] when not even the id can be read.
    pub fn decode(bytes: &[u8]) -> Result<(u32, Result<Request, CodecError>), CodecError> {
        let (id, rest) = codec::decode_prefix::<u32>(bytes)?;
        Ok((id, codec::decode(rest)))
    }
}

/// What the rendezvous sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerFrame {
    /// The answer to a request.
    Reply {
        /// Id of the request.
        id: u32,
        /// Its outcome.
        result: Result<Reply, Refusal>,
    },
    /// A hint about stored truth.
    Push(Push),
}
