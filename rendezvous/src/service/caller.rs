//! What the service knows of one connection: who it proved to be, and what is half way.
//!
//! Nothing in here is stored. It may run ahead of a commit, so it ends with its connection when a commit fails.

use super::limiter::Charge;
use hutong_common::id::{AccountId, DeviceId, PublicKey};
use hutong_common::identity;
use hutong_common::limits::{ANONYMOUS_REQUESTS_MAX, MINUTE_MS, PASSWORD_PROOF_LIFETIME_MS};
use hutong_common::name::Login;
use hutong_common::opaque::SignInState;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Request;
use hutong_common::rpc::presence::Candidates;
use hutong_common::tls::Exporters;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// What a finished TLS handshake says.
#[derive(Clone)]
pub struct ConnectionInfo {
    /// The key that the client holds.
    pub key: PublicKey,
    /// What binds a sign-in, and tickets of relayed sessions, to this connection.
    pub exporters: Exporters,
    /// Where it comes from.
    pub remote: SocketAddr,
}

impl fmt::Debug for ConnectionInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionInfo")
            .field("key", &self.key)
            .field("remote", &self.remote)
            .finish_non_exhaustive()
    }
}

/// The account and device of a connection that has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// The device.
    pub device: DeviceId,
    /// When the device's entry in the card ends, Unix milliseconds.
    pub until_ms: u64,
}

/// A registration between its halves.
#[derive(Debug)]
pub(super) struct Registering {
    pub(super) login: Login,
    pub(super) account: AccountId,
    /// Whether the account exists and its password is forgotten.
    pub(super) is_reset: bool,
}

/// A sign-in between its halves.
#[derive(Debug)]
pub(super) struct SigningIn {
    /// `None` for a login that does not exist: no proof will pass.
    pub(super) account: Option<AccountId>,
    pub(super) state: SignInState,
    /// Given back when the password was right.
    pub(super) charges: Vec<Charge>,
    /// What the password is proved against.
    pub(super) record: RecordHash,
}

/// BLAKE3 of an OPAQUE record: which password was proved.
pub(super) type RecordHash = [u8; 32];

#[derive(Clone, Copy, Debug)]
struct PasswordProof {
    account: AccountId,
    record: RecordHash,
    at_ms: u64,
}

/// One connection.
#[derive(Debug)]
pub struct Caller {
    info: ConnectionInfo,
    device: DeviceId,
    signed_in: Option<SignedIn>,
    proof: Option<PasswordProof>,
    anonymous_requests: u32,
    pub(super) registering: Option<Registering>,
    pub(super) signing_in: Option<SigningIn>,
    pub(super) candidates: Candidates,
    /// Whether the person at this device says to be away.
    pub(super) away: bool,
}

impl Caller {
    pub(super) fn new(info: ConnectionInfo) -> Self {
        Self {
            device: identity::device_id(&info.key),
            info,
            signed_in: None,
            proof: None,
            anonymous_requests: 0,
            registering: None,
            signing_in: None,
            candidates: Candidates::default(),
            away: false,
        }
    }

    /// Who it is, once it has signed in.
    pub const fn session(&self) -> Option<SignedIn> {
        self.signed_in
    }

    /// The device that its key belongs to, signed in or not.
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// The account that its session or a password says it is.
    pub(super) fn shown_account(&self) -> Option<AccountId> {
        let session = self.signed_in.map(|own| own.account);
        session.or(self.proof.map(|proof| proof.account))
    }

    pub(super) const fn key(&self) -> PublicKey {
        self.info.key
    }

    pub(super) const fn exporters(&self) -> Exporters {
        self.info.exporters
    }

    pub(super) const fn address(&self) -> IpAddr {
        self.info.remote.ip().to_canonical()
    }

    pub(super) fn signed_in(&self) -> Result<SignedIn, Refusal> {
        self.signed_in.ok_or(Refusal::NotSignedIn)
    }

    pub(super) fn sign_in(&mut self, account: AccountId, until_ms: u64) -> SignedIn {
        let signed_in = SignedIn {
            account,
            device: self.device,
            until_ms,
        };
        self.signed_in = Some(signed_in);
        self.registering = None;
        signed_in
    }

    pub(super) fn prove_password(&mut self, account: AccountId, record: RecordHash, now_ms: u64) {
        self.proof = Some(PasswordProof {
            account,
            record,
            at_ms: now_ms,
        });
    }

    /// The account whose password was proved on this connection a short while ago, and against what. On the connection of
    /// a session only its own account counts: the password of another one proves nothing about it.
    pub(super) fn proved(&self, now_ms: u64) -> Result<(AccountId, RecordHash), Refusal> {
        let is_own = |account| self.signed_in.is_none_or(|own| own.account == account);
        self.proof
            .filter(|proof| now_ms.saturating_sub(proof.at_ms) <= PASSWORD_PROOF_LIFETIME_MS)
            .filter(|proof| is_own(proof.account))
            .map(|proof| (proof.account, proof.record))
            .ok_or(Refusal::PasswordNeeded)
    }

    /// Whether this connection may make this request at all.
    pub(super) fn admit(&mut self, request: &Request, now_ms: u64) -> Result<(), Refusal> {
        let begins = matches!(
            request,
            Request::RegisterStart(_)
                | Request::ResetStart(_)
                | Request::RegisterFinish(_)
                | Request::Enrol(_)
                | Request::Resume { .. }
        );
        match self.signed_in {
            Some(_) if begins => Err(Refusal::AlreadyDone),
            Some(session) if session.until_ms <= now_ms => Err(Refusal::Expired),
            Some(_) => Ok(()),
            None => {
                self.anonymous_requests = self.anonymous_requests.saturating_add(1);
                if self.has_asked_enough() {
                    return Err(Refusal::TooFast {
                        retry_ms: MINUTE_MS,
                    });
                }
                Ok(())
            }
        }
    }

    const fn has_asked_enough(&self) -> bool {
        self.anonymous_requests > ANONYMOUS_REQUESTS_MAX
    }

    /// Whether nothing more can come of this connection.
    pub(super) fn is_spent(&self, now_ms: u64) -> bool {
        match self.signed_in {
            Some(session) => session.until_ms <= now_ms,
            None => self.has_asked_enough(),
        }
    }
}
