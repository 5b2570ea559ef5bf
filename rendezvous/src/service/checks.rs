//! Checks of the network: which packets are sent back, and between whom a check is under way.
//!
//! All of it is in memory, bounded, and forgotten soon. A packet is sent back only to the address from which its token was
//! asked for, never larger than it came and only so often, so that nobody can be hurt with it. Two devices check the way
//! between them only as contacts.

use super::people::Standing;
use super::{Answer, Caller, Context, Outcome, Service, SignedIn};
use crate::sessions::Recipient;
use hutong_common::check::{CheckKind, CheckPacket, CheckToken};
use hutong_common::entropy::Entropy;
use hutong_common::id::{AccountId, DeviceId};
use hutong_common::limits::{
    CHECK_PACKETS_MAX, CHECK_TOKEN_MS, CHECK_TOKENS_MAX, CHECK_TOKENS_PER_ACCOUNT_MAX,
    PATH_CHECK_INTERVAL_MS, PATH_CHECKS_MAX,
};
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::doctor::{CheckAsk, PathCheck, PathChecked, UdpCheck};
use hutong_common::rpc::presence::{Candidates, Introduction};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{MutexGuard, PoisonError};

/// A token for packets that are sent back.
#[derive(Debug)]
struct Granted {
    account: AccountId,
    ip: IpAddr,
    left: u32,
    until_ms: u64,
}

/// A device, and whose it is.
type Side = (AccountId, DeviceId);

/// A check between two devices.
#[derive(Debug)]
struct Between {
    asker: Side,
    other: Side,
    since_ms: u64,
    is_reported: bool,
}

/// All checks under way.
#[derive(Debug, Default)]
pub(super) struct Checks {
    port: Option<u16>,
    announced: bool,
    granted: BTreeMap<CheckToken, Granted>,
    between: BTreeMap<CheckToken, Between>,
}

impl Checks {
    fn forget_old(&mut self, now_ms: u64) {
        self.granted.retain(|_, granted| granted.until_ms > now_ms);
        self.between
            .retain(|_, check| check.since_ms + CHECK_TOKEN_MS > now_ms);
    }

    /// Whether somebody may ask for packets now.
    fn has_room(&self, account: AccountId) -> bool {
        let own = self.granted.values().filter(|one| one.account == account);
        self.granted.len() < CHECK_TOKENS_MAX && own.count() < CHECK_TOKENS_PER_ACCOUNT_MAX
    }

    /// How long these two wait for their next check.
    fn pause_ms(&self, pair: [AccountId; 2], now_ms: u64) -> Option<u64> {
        let of_pair = self
            .between
            .values()
            .filter(|check| pair.contains(&check.asker.0) && pair.contains(&check.other.0));
        let latest_ms = of_pair.map(|check| check.since_ms).max()?;
        let pause_ms = (latest_ms + PATH_CHECK_INTERVAL_MS).saturating_sub(now_ms);
        (pause_ms > 0).then_some(pause_ms)
    }

    /// What goes back to `from`, if anything.
    fn echo(&mut self, packet: &[u8], from: IpAddr, now_ms: u64) -> Option<Vec<u8>> {
        let asked = CheckPacket::decode(packet).filter(|asked| asked.kind == CheckKind::Echo)?;
        let granted = self.granted.get_mut(&asked.token)?;
        if granted.ip != from.to_canonical() || granted.until_ms <= now_ms {
            return None;
        }
        granted.left = granted.left.checked_sub(1)?;
        let kind = CheckKind::Echoed;
        Some(CheckPacket { kind, ..asked }.encode(packet.len()))
    }
}

impl Service {
    fn checks(&self) -> MutexGuard<'_, Checks> {
        self.checks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// At which UDP port packets are sent back, if at any, and whether clients can hear this rendezvous by mDNS.
    pub fn set_check_port(&self, port: Option<u16>, announced: bool) {
        let mut checks = self.checks();
        checks.port = port;
        checks.announced = announced;
    }

    /// What goes back for a packet that came in from this address, if anything.
    pub fn echo(&self, packet: &[u8], from: IpAddr, now_ms: u64) -> Option<Vec<u8>> {
        self.checks().echo(packet, from, now_ms)
    }

    pub(super) fn check(&self, caller: &Caller, ask: CheckAsk, cx: &mut Context<'_>) -> Answer {
        let own = caller.signed_in()?;
        match ask {
            CheckAsk::Udp => Ok(self.check_udp((caller, own), cx)?),
            CheckAsk::Path(account) => self.check_path((caller, own), account, cx),
            CheckAsk::Report(checked) => Ok(self.path_checked(own, checked, cx.now_ms)?),
        }
    }

    fn check_udp(
        &self,
        (caller, own): (&Caller, SignedIn),
        cx: &mut Context<'_>,
    ) -> Result<Outcome, Refusal> {
        let mut checks = self.checks();
        checks.forget_old(cx.now_ms);
        if !checks.has_room(own.account) {
            let retry_ms = CHECK_TOKEN_MS;
            return Err(Refusal::TooFast { retry_ms });
        }
        let (token, port) = (new_token(cx.entropy), checks.port);
        let granted = Granted {
            account: own.account,
            ip: caller.address(),
            left: CHECK_PACKETS_MAX,
            until_ms: cx.now_ms + CHECK_TOKEN_MS,
        };
        if port.is_some() {
            checks.granted.insert(token, granted);
        }
        Ok(Outcome::of(Reply::UdpCheck(UdpCheck {
            token,
            port,
            announced: checks.announced,
        })))
    }

    fn check_path(
        &self,
        (caller, own): (&Caller, SignedIn),
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Answer {
        if !Standing::of(cx.tx, own.account, account)?.is_known() {
            return Err(Refusal::NotFound.into());
        }
        let Some((device, candidates)) = self.checked_device(account) else {
            return Ok(Outcome::of(Reply::PathCheck(None)));
        };
        let mut checks = self.checks();
        checks.forget_old(cx.now_ms);
        if let Some(retry_ms) = checks.pause_ms([own.account, account], cx.now_ms) {
            return Err(Refusal::TooFast { retry_ms }.into());
        }
        if checks.between.len() >= PATH_CHECKS_MAX {
            let retry_ms = PATH_CHECK_INTERVAL_MS;
            return Err(Refusal::Busy { retry_ms }.into());
        }
        let token = new_token(cx.entropy);
        let between = Between {
            asker: (own.account, own.device),
            other: (account, device),
            since_ms: cx.now_ms,
            is_reported: false,
        };
        checks.between.insert(token, between);
        let theirs = PathCheck {
            token,
            other: Introduction {
                account: own.account,
                device: own.device,
                candidates: caller.candidates.clone(),
            },
        };
        let ours = PathCheck {
            token,
            other: Introduction {
                account,
                device,
                candidates,
            },
        };
        let push = (Recipient::Device(account, device), Push::PathCheck(theirs));
        Ok(Outcome::of(Reply::PathCheck(Some(Box::new(ours)))).pushing(vec![push]))
    }

    /// The device that a check is made with: one that has UDP, where there is one.
    fn checked_device(&self, account: AccountId) -> Option<(DeviceId, Candidates)> {
        let devices = self.presence.candidates(account).into_iter();
        devices.max_by_key(|(_, candidates)| !candidates.is_empty())
    }

    /// Passes on what the device that was asked has seen, once.
    fn path_checked(
        &self,
        own: SignedIn,
        checked: PathChecked,
        now_ms: u64,
    ) -> Result<Outcome, Refusal> {
        let mut checks = self.checks();
        checks.forget_old(now_ms);
        let between = checks.between.get_mut(&checked.token);
        let theirs =
            between.filter(|check| check.other == (own.account, own.device) && !check.is_reported);
        let between = theirs.ok_or(Refusal::NotFound)?;
        between.is_reported = true;
        let (account, device) = between.asker;
        let push = (
            Recipient::Device(account, device),
            Push::PathChecked(checked),
        );
        Ok(Outcome::done().pushing(vec![push]))
    }
}

fn new_token(entropy: &mut dyn Entropy) -> CheckToken {
    CheckToken(entropy.array())
}

#[cfg(test)]
mod tests;
