//! What the rendezvous decides: one request in, one [`Outcome`] out. Called by the TCP shell and by simulations.
//!
//! Pure: time and randomness are arguments, the store is a transaction of the caller. A request is two parts: *check*
//! reads and may refuse, *apply* writes and can fail only with a [`StoreError`], which voids the whole batch. Pushes
//! and session changes of an outcome take effect only after its commit. Each domain has a file of its own.

pub mod accounts;
pub mod audit;
mod avatars;
mod away;
pub mod bulletins;
mod caller;
mod cards;
mod checks;
mod contacts;
mod devices;
mod friends;
mod groups;
mod invites;
mod limiter;
mod mail;
#[cfg(test)]
mod matrix;
mod outcome;
mod pace;
mod passwords;
mod people;
mod presence;
mod receipts;
mod registration;
pub mod relay;
mod resets;
mod revocations;
#[cfg(test)]
mod scene;
pub mod status;
mod upkeep;
mod welcome;

pub use caller::{Caller, ConnectionInfo, SignedIn};
pub use outcome::{Addressed, Outcome};

use crate::policy::Policy;
use crate::sessions::Presence;
use crate::store::{StoreError, Tx};
use hutong_common::entropy::Entropy;
use hutong_common::id::ServerId;
use hutong_common::identity::KeyPair;
use hutong_common::opaque::OpaqueServer;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Request;
use limiter::Limiter;
use outcome::{Answer, Stop, conclude, promised};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// What a service is made of.
#[derive(Debug)]
pub struct ServiceConfig {
    /// The server's key: its public half is the [`ServerId`].
    pub key: KeyPair,
    /// The secret under all password records.
    pub opaque: OpaqueServer,
    /// The decisions of whoever runs it.
    pub policy: Policy,
    /// Who is connected.
    pub presence: Arc<dyn Presence>,
}

/// What a request is handled with.
pub struct Context<'a> {
    /// The transaction of the batch; a reading one will do where [`Service::is_read_only`] says so.
    pub tx: &'a mut Tx,
    /// Unix time in milliseconds.
    pub now_ms: u64,
    /// Bytes that nobody can guess.
    pub entropy: &'a mut dyn Entropy,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("tx", &self.tx)
            .field("now_ms", &self.now_ms)
            .finish_non_exhaustive()
    }
}

/// The rendezvous without its sockets.
#[derive(Debug)]
pub struct Service {
    key: KeyPair,
    opaque: OpaqueServer,
    policy: Policy,
    presence: Arc<dyn Presence>,
    limiter: Mutex<Limiter>,
    /// The highest account number set aside for a registration under way.
    reserved: AtomicU64,
    is_space_low: AtomicBool,
    audit_key: [u8; 32],
    audit: Mutex<audit::Waiting>,
    hands: Mutex<groups::hands::RaisedHands>,
    arrivals: Mutex<groups::arrivals::Arrivals>,
    grants: Mutex<relay::Grants>,
    /// Bytes that went through relayed sessions.
    relayed: AtomicU64,
    /// When it was opened, Unix milliseconds.
    since_ms: u64,
    checks: Mutex<checks::Checks>,
}

impl Service {
    /// Lays out what a new database lacks; commit the transaction before serving.
    ///
    /// # Errors
    /// When the store fails.
    pub fn open(config: ServiceConfig, cx: &mut Context<'_>) -> Result<Self, StoreError> {
        let service = Self {
            audit_key: audit::audit_key(config.key.seed()),
            audit: Mutex::default(),
            hands: Mutex::default(),
            arrivals: Mutex::default(),
            grants: Mutex::default(),
            relayed: AtomicU64::new(0),
            since_ms: cx.now_ms,
            checks: Mutex::default(),
            key: config.key,
            opaque: config.opaque,
            policy: config.policy,
            presence: config.presence,
            limiter: Mutex::default(),
            reserved: AtomicU64::new(0),
            is_space_low: AtomicBool::new(false),
        };
        service.prepare(cx)?;
        Ok(service)
    }

    /// Whose public key clients pin.
    pub const fn server_id(&self) -> ServerId {
        ServerId(self.key.public().0)
    }

    /// What a connection that has just finished its handshake is to the service.
    pub fn connect(&self, info: ConnectionInfo) -> Caller {
        Caller::new(info)
    }

    /// While space is low, no mail and no registration is taken.
    pub fn set_space_low(&self, is_low: bool) {
        self.is_space_low.store(is_low, Ordering::Relaxed);
    }

    /// Whether a request can be handled in a transaction that only reads.
    pub fn is_read_only(request: &Request) -> bool {
        match request {
            Request::Ping
            | Request::RegisterStart(_)
            | Request::ResetStart(_)
            | Request::SignInStart(_)
            | Request::SignInFinish(_)
            | Request::PasswordStart(_)
            | Request::Find(_)
            | Request::Whois(_)
            | Request::CanAdd(_)
            | Request::FriendRequests
            | Request::Contacts { .. }
            | Request::Contact(_)
            | Request::ReportCandidates(_)
            | Request::Introduce(_)
            | Request::Mail(_)
            | Request::Devices
            | Request::SetAway(_)
            | Request::Details(_)
            | Request::Avatar(_)
            | Request::Groups
            | Request::Sheet(_)
            | Request::FindGroup(_)
            | Request::GroupRequests
            | Request::GroupPicture(_)
            | Request::Post(_)
            | Request::Attendance(_)
            | Request::Hand(_)
            | Request::Hands(_)
            | Request::ContactsOf(_)
            | Request::RelayOpen(_)
            | Request::Check(_) => true,
            Request::Receipts(ask) => ask.after == 0,
            Request::RegisterFinish(_)
            | Request::Enrol(_)
            | Request::Resume { .. }
            | Request::SignOut
            | Request::PasswordFinish(_)
            | Request::SetProfile(_)
            | Request::RequestFriend(_)
            | Request::AnswerFriend(_)
            | Request::RemoveFriend(_)
            | Request::Block(_)
            | Request::Unblock(_)
            | Request::SendMail(_)
            | Request::AckMail(_)
            | Request::RemoveDevice(_)
            | Request::SetAvatar(_)
            | Request::CreateGroup(_)
            | Request::ChangeGroup(_)
            | Request::LeaveGroup(_)
            | Request::DissolveGroup(_)
            | Request::InviteToGroup(_)
            | Request::ApplyToGroup(_)
            | Request::AnswerGroup(_)
            | Request::SendGroupMail(_)
            | Request::GroupCode(_)
            | Request::JoinByCode(_) => false,
        }
    }

    /// Handles one request of one connection; its requests come here one after the other.
    ///
    /// # Errors
    /// When the store fails: the batch is void. What `caller` holds may then be ahead of the store, so the connections
    /// of the batch are to be closed after they were answered `busy`.
    pub fn handle(
        &self,
        caller: &mut Caller,
        request: Request,
        cx: &mut Context<'_>,
    ) -> Result<Outcome, StoreError> {
        cx.tx.begin_request();
        if let Err(refusal) = caller.admit(&request, cx.now_ms) {
            return Ok(Outcome {
                close: caller.is_spent(cx.now_ms),
                ..Outcome::refused(refusal)
            });
        }
        if let Err(barred) = Self::check_callers_bar(caller, cx.tx) {
            return Ok(conclude(Err(barred), cx.tx)?.closing());
        }
        let answer = self
            .check_pace(caller, &request, cx.now_ms)
            .and_then(|()| self.answer(caller, request, cx));
        conclude(answer, cx.tx)
    }

    fn answer(&self, caller: &mut Caller, request: Request, cx: &mut Context<'_>) -> Answer {
        match request {
            Request::Ping => Ok(Outcome::done()),
            Request::RegisterStart(start) => self.register_start(caller, &start, cx),
            Request::ResetStart(start) => self.reset_start(caller, &start, cx),
            Request::RegisterFinish(finish) => self.register_finish(caller, *finish, cx),
            Request::SignInStart(start) => self.sign_in_start(caller, start, cx),
            Request::SignInFinish(finish) => self.sign_in_finish(caller, &finish, cx),
            Request::Enrol(enrol) => self.enrol(caller, enrol, cx),
            Request::Resume { n } => self.resume(caller, n, cx),
            Request::SignOut => self.sign_out(caller.signed_in()?, cx),
            Request::PasswordStart(start) => self.password_start(caller, &start, cx),
            Request::PasswordFinish(finish) => self.password_finish(caller, &finish, cx),
            Request::SetProfile(profile) => self.set_profile(caller.signed_in()?, profile, cx),
            Request::Find(login) => self.find(caller.signed_in()?, &login, cx),
            Request::Whois(account) => self.whois(caller.signed_in()?, account, cx),
            Request::CanAdd(login) => self.can_add(caller.signed_in()?, &login, cx),
            Request::RequestFriend(ask) => self.request_friend(caller.signed_in()?, ask, cx),
            Request::FriendRequests => self.friend_requests(caller.signed_in()?, cx),
            Request::AnswerFriend(answer) => self.answer_friend(caller.signed_in()?, answer, cx),
            Request::RemoveFriend(account) => self.remove_friend(caller.signed_in()?, account, cx),
            Request::Block(account) => self.block(caller.signed_in()?, account, cx),
            Request::Unblock(account) => self.unblock(caller.signed_in()?, account, cx),
            Request::Contacts { after } => self.contacts(caller.signed_in()?, after, cx),
            Request::Contact(account) => self.contact(caller.signed_in()?, account, cx),
            Request::ReportCandidates(list) => Self::report_candidates(caller, list),
            Request::Introduce(account) => self.introduce(caller, account, cx),
            Request::SendMail(envelope) => self.send_mail(caller.signed_in()?, &envelope, cx),
            Request::Mail(ask) => Self::mail(caller.signed_in()?, ask, cx),
            Request::AckMail(acks) => self.ack_mail(caller.signed_in()?, acks, cx),
            Request::Receipts(ask) => self.receipts(caller.signed_in()?, ask, cx),
            Request::Devices => Self::devices(caller.signed_in()?, cx),
            Request::RemoveDevice(remove) => self.remove_own_device(caller, *remove, cx),
            Request::SetAway(away) => self.set_away(caller, away, cx),
            Request::Details(of) => self.details(caller.signed_in()?, of, cx),
            Request::SetAvatar(avatar) => self.set_avatar(caller.signed_in()?, avatar, cx),
            Request::Avatar(account) => self.avatar(caller.signed_in()?, account, cx),
            Request::CreateGroup(create) => self.create_group(caller.signed_in()?, create, cx),
            Request::Groups => Self::groups(caller.signed_in()?, cx),
            Request::Sheet(group) => Self::sheet(caller.signed_in()?, group, cx),
            Request::FindGroup(group) => self.find_group(caller.signed_in()?, group, cx),
            Request::ChangeGroup(change) => self.change_group(caller.signed_in()?, *change, cx),
            Request::LeaveGroup(group) => self.leave_group(caller.signed_in()?, group, cx),
            Request::DissolveGroup(group) => self.dissolve_group(caller.signed_in()?, group, cx),
            Request::InviteToGroup(ask) => Self::invite_to_group(caller.signed_in()?, ask, cx),
            Request::ApplyToGroup(apply) => Self::apply_to_group(caller.signed_in()?, apply, cx),
            Request::GroupRequests => Self::group_requests(caller.signed_in()?, cx),
            Request::AnswerGroup(answer) => self.answer_group(caller.signed_in()?, answer, cx),
            Request::GroupPicture(group) => Self::group_picture(caller.signed_in()?, group, cx),
            Request::SendGroupMail(mail) => self.send_group_mail(caller.signed_in()?, &mail, cx),
            Request::Post(ask) => Self::post(caller.signed_in()?, ask, cx),
            Request::GroupCode(ask) => Self::group_code(caller.signed_in()?, ask, cx),
            Request::JoinByCode(code) => self.join_by_code(caller.signed_in()?, code, cx),
            Request::Attendance(group) => self.attendance(caller.signed_in()?, group, cx),
            Request::Hand(ask) => self.hand(caller.signed_in()?, ask, cx),
            Request::Hands(group) => self.list_hands(caller.signed_in()?, group, cx),
            Request::ContactsOf(accounts) => self.contacts_of(caller.signed_in()?, &accounts, cx),
            Request::RelayOpen(ask) => self.relay_open(caller, ask, cx),
            Request::Check(ask) => self.check(caller, ask, cx),
        }
    }

    fn takes_new_data(&self) -> Result<(), Refusal> {
        if self.is_space_low.load(Ordering::Relaxed) {
            Err(Refusal::ServerFull)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::scene::{Client, Scene, letter, profile};
    use super::*;
    use crate::store::Store;
    use crate::store::counters::Counter;
    use hutong_common::id::{AccountId, MailRow, RequestId};
    use hutong_common::rpc::accounts::AvatarBytes;
    use hutong_common::rpc::friends::Answer;
    use hutong_common::rpc::mail::{MailAcks, MailPageAsk, ReceiptPageAsk};
    use hutong_common::rpc::presence::Candidates;

    /// Requests that name an account, as somebody sends them who knows its number and login.
    fn about(other: &Client) -> Vec<Request> {
        vec![
            Request::Whois(other.account),
            Request::RemoveFriend(other.account),
            Request::Unblock(other.account),
            Request::Contact(other.account),
            Request::Details(Some(other.account)),
            Request::Avatar(other.account),
            Request::Introduce(other.account),
            Request::AnswerFriend(Answer {
                request: RequestId(1),
                accept: true,
            }),
        ]
    }

    #[test]
    fn to_a_stranger_an_account_and_none_are_the_same() {
        let (mut scene, lin, mut mei) = Scene::with_friends();
        let mut bo = scene.register("bo");
        let mut nobody = scene.twin(&lin);
        nobody.account = AccountId(77_777);
        for (there, not_there) in about(&lin).into_iter().zip(about(&nobody)) {
            let name = format!("{there:?}");
            let answers = [scene.ask(&mut bo, there), scene.ask(&mut bo, not_there)];
            assert_eq!(answers, [const { Err(Refusal::NotFound) }; 2], "{name}");
        }
        assert!(scene.ask(&mut mei, Request::Contact(lin.account)).is_ok());
    }

    #[test]
    fn without_a_session_nothing_is_told_of_anybody() {
        let (mut scene, lin, mei) = Scene::with_friends();
        let mut requests = about(&lin);
        requests.extend([
            Request::SignOut,
            Request::SetProfile(profile("x")),
            Request::Find(lin.login.clone()),
            Request::CanAdd(lin.login.clone()),
            Request::FriendRequests,
            Request::Block(lin.account),
            Request::Contacts {
                after: AccountId(0),
            },
            Request::ReportCandidates(Candidates::default()),
            letter(1, &[&lin]),
            Request::Mail(MailPageAsk { after: MailRow(0) }),
            Request::AckMail(MailAcks::default()),
            Request::Receipts(ReceiptPageAsk { after: 0 }),
            Request::Devices,
            Request::SetAway(true),
            Request::Details(None),
            Request::SetAvatar(AvatarBytes::default()),
        ]);
        let mut anonymous = scene.twin(&mei);
        for request in requests {
            let name = format!("{request:?}");
            scene.reconnect(&mut anonymous);
            let answer = scene.ask(&mut anonymous, request);
            assert_eq!(answer, Err(Refusal::NotSignedIn), "{name}");
        }
    }

    #[test]
    fn a_refusal_before_any_write_is_an_outcome() {
        let store = Store::in_memory().unwrap();
        let mut tx = store.write().unwrap();
        tx.next(Counter::Request, 0).unwrap();
        tx.begin_request();
        let outcome = conclude(Err(Refusal::NotFound.into()), &tx).unwrap();
        assert_eq!(outcome.reply, Err(Refusal::NotFound));
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "NotFound after a write")]
    fn a_refusal_after_a_write_is_a_fault_of_this_program() {
        let store = Store::in_memory().unwrap();
        let mut tx = store.write().unwrap();
        tx.begin_request();
        tx.next(Counter::Request, 0).unwrap();
        let _ = conclude(Err(Refusal::NotFound.into()), &tx);
    }
}
