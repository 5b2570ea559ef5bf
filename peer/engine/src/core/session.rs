//! The connection to the rendezvous: who we are there, whether it stands, and when it is tried again.
//!
//! The connection itself is in `line`, first contact and passwords in [`entry`], [`exchange`] and [`enrol`], the choice of a rendezvous in [`choice`], what follows
//! a sign-in in [`welcome`], what an account changes about itself in [`own`], its devices in [`devices`], and how a session
//! ends in [`leave`].

mod choice;
pub(super) mod devices;
mod enrol;
mod entry;
mod exchange;
mod kept;
mod leave;
mod line;
mod look;
mod own;
mod welcome;

use super::asks::{Asked, Outcome, Setback};
use super::catch_up::Part;
use super::clock::Clock;
use super::io::{Attempt, CommandId, KeySeed, LinkOutput, Output, ServerInput};
use super::{Context, Core};
use crate::api::event::{ServerState, WarningCode};
use crate::store::StoreError;
use crate::store::home::{
    ACCOUNT, AccountRow, DEVICE, DeviceRow, LOCKED, LockedRow, NETWORK, SERVER, ServerRow,
};
use entry::Entry;
use hutong_common::id::{AccountId, DeviceId, ServerId};
use hutong_common::identity::{self, KeyPair};
use hutong_common::limits::{REPLACED_DELAY_MS, SHUTDOWN_RETRY_MS_MAX};
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::{Reply, Request};
use hutong_common::tls::Exporters;
use kept::{Network, Own, keys_of};
use look::Look;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

/// The connection.
#[derive(Clone, Debug)]
enum Line {
    /// None, and none wanted.
    Off,
    /// None; tried again after a pause.
    Pause,
    /// Under way.
    Connecting(Attempt),
    /// Established, with what it exports and our own address on it.
    Up(Attempt, Exporters, SocketAddr),
    /// Established and signed in.
    Online(Attempt, Exporters, SocketAddr),
}

/// A rendezvous seen by mDNS.
#[derive(Clone, Debug)]
struct Seen {
    name: String,
    addresses: Vec<SocketAddr>,
}

/// Our side of the connection to the rendezvous.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) clock: Clock,
    server: Option<ServerRow>,
    device: Option<DeviceRow>,
    account: Option<Own>,
    pub(super) network: Option<Network>,
    keys: Option<KeyPair>,
    line: Line,
    told: ServerState,
    attempts: u64,
    failures: u32,
    /// What kept the rendezvous away the last time.
    pub(super) setback: Setback,
    /// Whether a person was told that the rendezvous shows another key of this very account.
    warned_of_key: bool,
    entry: Option<Entry>,
    stretches: u64,
    seen: BTreeMap<ServerId, Seen>,
    look: Look,
    udp_port: Option<u16>,
    interfaces: Vec<IpAddr>,
    is_ready: bool,
    /// Since when mail waits that this device cannot open.
    locked: Option<LockedRow>,
    /// The seal key of which it was told in this run.
    told_locked: Option<u32>,
    /// Who waits for being signed out.
    leaving: Vec<CommandId>,
    /// Whether the rendezvous was asked to sign this device out.
    is_signing_out: bool,
}

impl Session {
    pub(super) fn open(cx: &mut Context<'_>) -> Result<Self, StoreError> {
        let device = cx.tx.single(DEVICE)?;
        Ok(Self {
            clock: Clock::open(cx.now, cx.tx)?,
            server: cx.tx.single(SERVER)?,
            keys: keys_of(device.as_ref()),
            device,
            account: cx.tx.single(ACCOUNT)?.map(Own::from),
            network: cx.tx.single(NETWORK)?.map(Network::from),
            line: Line::Off,
            told: ServerState::Offline,
            attempts: 0,
            failures: 0,
            setback: Setback::Lost,
            warned_of_key: false,
            entry: None,
            stretches: 0,
            seen: BTreeMap::new(),
            look: Look::from(cx.now.mono_ms),
            udp_port: None,
            interfaces: Vec::new(),
            is_ready: false,
            locked: cx.tx.single(LOCKED)?,
            told_locked: None,
            leaving: Vec::new(),
            is_signing_out: false,
        })
    }

    #[cfg(test)]
    pub(super) const fn attempts_made(&self) -> u64 {
        self.attempts
    }

    /// The account, when this home is signed in.
    pub(super) fn me(&self) -> Option<&AccountRow> {
        self.keys.as_ref().and(self.account.as_deref())
    }

    /// Number of the account that is signed in.
    pub(super) fn my_account(&self) -> Option<AccountId> {
        self.me().map(|me| me.account)
    }

    /// The device key, when this home is signed in.
    pub(super) fn keys(&self) -> Option<&KeyPair> {
        self.me().and(self.keys.as_ref())
    }

    /// This device, when this home is signed in.
    pub(super) fn my_device(&self) -> Option<DeviceId> {
        self.keys().map(|keys| identity::device_id(&keys.public()))
    }

    /// The pinned rendezvous.
    pub(super) fn server_id(&self) -> Option<ServerId> {
        self.server.as_ref().map(|row| row.server)
    }

    /// What opens our mail.
    pub(super) fn seals(&self) -> &[hutong_common::vault::SealSeed] {
        self.device.as_ref().map_or(&[], |row| &row.seals)
    }

    /// Whether a seal key is newer than all that are here: the password brings it.
    pub(super) fn is_seal_newer(&self, no: u32) -> bool {
        self.seals().iter().all(|seal| seal.no < no)
    }

    /// UDP port, when there is one.
    pub(super) const fn udp_port(&self) -> Option<u16> {
        self.udp_port
    }

    pub(super) const fn is_online(&self) -> bool {
        matches!(self.line, Line::Online(..))
    }

    /// Whether a sign-in is under way.
    pub(super) fn is_on_the_way(&self) -> bool {
        self.entry.is_none() && matches!(self.line, Line::Connecting(_) | Line::Up(..))
    }

    pub(super) const fn attempt_up(&self) -> Option<Attempt> {
        match self.line {
            Line::Up(attempt, ..) | Line::Online(attempt, ..) => Some(attempt),
            Line::Off | Line::Pause | Line::Connecting(_) => None,
        }
    }

    const fn attempt(&self) -> Option<Attempt> {
        match self.line {
            Line::Connecting(attempt) => Some(attempt),
            Line::Up(..) | Line::Online(..) | Line::Off | Line::Pause => self.attempt_up(),
        }
    }

    const fn exporters(&self) -> Option<Exporters> {
        match self.line {
            Line::Up(_, exporters, _) | Line::Online(_, exporters, _) => Some(exporters),
            Line::Off | Line::Pause | Line::Connecting(_) => None,
        }
    }

    /// Our own address on the connection to the rendezvous.
    pub(super) const fn local_address(&self) -> Option<SocketAddr> {
        match self.line {
            Line::Up(_, _, local) | Line::Online(_, _, local) => Some(local),
            Line::Off | Line::Pause | Line::Connecting(_) => None,
        }
    }

    /// Addresses of this computer's interfaces.
    pub(super) fn interfaces(&self) -> &[IpAddr] {
        &self.interfaces
    }
}

impl Core {
    /// Takes up the work of a home that is signed in.
    pub(super) fn open_session(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let identity = self.session.keys().map(|keys| KeySeed(*keys.seed()));
        cx.out.push(Output::Link(LinkOutput::Identity(identity)));
        if self.config.plain_keys {
            cx.warn(WarningCode::PlainKeys, "keys lie unprotected in the home");
        }
        if self.session.me().is_some() {
            self.remind_of_changed_keys(cx);
            self.announce(cx);
            self.connect_home(cx)?;
        }
        Ok(())
    }

    pub(super) fn on_server(
        &mut self,
        input: ServerInput,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let (ServerInput::Up { attempt, .. }
        | ServerInput::Reply { attempt, .. }
        | ServerInput::Push { attempt, .. }
        | ServerInput::Down { attempt, .. }) = &input;
        if self.session.attempt() != Some(*attempt) {
            return Ok(());
        }
        match input {
            ServerInput::Up {
                attempt,
                server,
                exporters,
                local,
                host,
            } => {
                self.session.line = Line::Up(attempt, exporters, local);
                self.server_up(server, &host, cx)
            }
            ServerInput::Reply { id, result, .. } => self.on_reply(id, result, cx),
            ServerInput::Push { push, .. } => self.on_push(push, cx),
            ServerInput::Down { why, .. } => self.server_down(why, cx),
        }
    }

    fn server_up(
        &mut self,
        server: ServerId,
        host: &str,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.session.entry.is_some() {
            return self.entry_connected(server, host, cx);
        }
        if matches!(self.session.setback, Setback::WrongKey { .. }) {
            self.session.setback = Setback::Lost;
        }
        self.remember_host(host, cx)?;
        self.ask_resume(Asked::Resume, cx)
    }

    /// The counter is on disk before it leaves: outputs follow the commit.
    fn ask_resume(&mut self, asked: Asked, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let Some(device) = &mut self.session.device else {
            return Ok(());
        };
        device.resumes += 1;
        let n = device.resumes;
        cx.tx.set_single(DEVICE, device)?;
        self.ask(asked, Request::Resume { n }, cx);
        Ok(())
    }

    pub(super) fn resumed(
        &mut self,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match outcome {
            Ok(Reply::Welcome(welcome)) => {
                if self.is_to_us(&welcome, cx) && self.welcome(*welcome, cx)? {
                    self.session.setback = Setback::Lost;
                    return Ok(());
                }
                tracing::warn!("the rendezvous does not welcome this account");
                self.hang_up(0, cx)
            }
            Err(Setback::Refused(Refusal::Cloned)) => {
                self.seen_twice(cx);
                let text = "the resume counter went back";
                self.dismissed(WarningCode::IdentityCloned, text, cx)
            }
            Err(Setback::Refused(Refusal::NotSignedIn | Refusal::NotFound | Refusal::Expired)) => {
                self.dismissed(
                    WarningCode::SignedOut,
                    "this device's time at the rendezvous is over",
                    cx,
                )
            }
            Err(setback @ Setback::Refused(Refusal::LockedNeedsCode)) => {
                // Tried again and again: whoever locked the account may unlock it.
                if std::mem::replace(&mut self.session.setback, setback) != setback {
                    cx.warn(
                        WarningCode::AccountLocked,
                        "the account is locked at the rendezvous",
                    );
                }
                self.hang_up(0, cx)
            }
            Err(Setback::Lost | Setback::WrongKey { .. }) => Ok(()),
            Err(Setback::Refused(Refusal::Busy { retry_ms } | Refusal::TooFast { retry_ms })) => {
                self.hang_up(retry_ms, cx)
            }
            Ok(_) | Err(Setback::Refused(_) | Setback::Nonsense) => self.hang_up(0, cx),
        }
    }

    fn on_push(&mut self, push: Push, cx: &mut Context<'_>) -> Result<(), StoreError> {
        if !self.session.is_online() {
            return Ok(());
        }
        match push {
            Push::Presence(presence) => self.presence_pushed(presence.account, presence.online, cx),
            Push::MailWaiting(_) => {
                self.fetch_mail(cx);
                Ok(())
            }
            // They are asked for after the mail anyway, or once it is known who signed the one in doubt.
            Push::ReceiptsWaiting(_)
                if self.misses(Part::Mail) || self.inbox.receipt_in_doubt.is_some() =>
            {
                Ok(())
            }
            Push::ReceiptsWaiting(_) => self.fetch_receipts(cx),
            Push::FriendRequestsChanged(_) => {
                self.ask(Asked::Requests(None), Request::FriendRequests, cx);
                Ok(())
            }
            Push::ContactChanged(changed) => {
                self.contact_changed(changed.account, cx);
                Ok(())
            }
            Push::Away(away) => {
                self.away_told(away.account, away.away, cx);
                Ok(())
            }
            Push::Introduction(introduction) => self.dial_introduced(&introduction, cx),
            Push::Membership(membership) => self.membership_renewed(membership, cx),
            Push::Revocations(revocations) => self.take_revocations(revocations, cx),
            Push::Replaced(_) => {
                self.seen_twice(cx);
                let text = "another connection uses this device's key";
                cx.warn(WarningCode::IdentityCloned, text);
                self.hang_up(REPLACED_DELAY_MS, cx)
            }
            Push::OwnCard(card) => self.own_card_changed(&card, cx),
            Push::Cloned(_) => {
                self.seen_twice(cx);
                let text = "another copy of this home tried to sign in";
                cx.warn(WarningCode::IdentityCloned, text);
                Ok(())
            }
            Push::ShuttingDown(down) => self.hang_up(down.retry_ms.min(SHUTDOWN_RETRY_MS_MAX), cx),
            Push::PathCheck(_) | Push::PathChecked(_) => {
                self.path_pushed(&push, cx);
                Ok(())
            }
            Push::HandsChanged(changed) => self.hands_pushed(changed.group, cx),
            Push::RelayInvited(invited) => self.relay_invited(invited, cx),
            Push::GroupChanged(_) | Push::GroupRequestsChanged(_) => self.group_pushed(&push, cx),
            Push::Unknown(kind, _) => {
                tracing::debug!(kind, "a push of a newer rendezvous");
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
