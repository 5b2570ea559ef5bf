//! The check between two computers: both knock at each other from a fresh socket, so that no hole that one's own packets
//! make in a firewall counts, and both count what comes in where links come in.
//!
//! Whoever asked decides; the other side only tells what it saw. It takes part for contacts, and only so often.

use super::{Awaited, DoctorAsk};
use crate::api::doctor::Packets;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::io::{CheckId, DoctorOutput, Echoed, Output};
use crate::core::timers::Timer;
use crate::core::{Context, Core};
use hutong_common::check::CheckToken;
use hutong_common::id::AccountId;
use hutong_common::limits::{CHECK_LISTEN_MS, CHECK_REPORT_MS, CHECKS_HOSTED_MAX};
use hutong_common::push::Push;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::doctor::{CheckAsk, PathCheck, PathChecked};
use hutong_common::rpc::{Reply, Request};
use std::net::SocketAddr;

/// Our side of a check that we asked for.
#[derive(Debug)]
pub(super) struct Between {
    pub(super) account: AccountId,
    asked: Awaited<()>,
    /// Not before this time: the same two were just checked.
    ask_at_ms: u64,
    token: Option<CheckToken>,
    /// Where the other side may be.
    pub(super) candidates: Vec<SocketAddr>,
    pub(super) heard: Awaited<Packets>,
    pub(super) report: Awaited<PathChecked>,
    /// The report comes until then.
    report_by_ms: u64,
}

impl Between {
    pub(super) fn with(account: AccountId) -> Self {
        Self {
            account,
            asked: Awaited::NotAsked,
            ask_at_ms: 0,
            token: None,
            candidates: Vec::new(),
            heard: Awaited::NotAsked,
            report: Awaited::NotAsked,
            report_by_ms: 0,
        }
    }

    /// With whom a check is to be asked for now, if at all.
    pub(super) fn begins(&mut self, mono_ms: u64) -> Option<AccountId> {
        if self.asked.is_asked() || mono_ms < self.ask_at_ms {
            return None;
        }
        self.asked = Awaited::UnderWay;
        Some(self.account)
    }

    /// Until when it has something to wait for, in a check that ends at `end_ms`.
    pub(super) fn waits_ms(&self, end_ms: u64) -> Option<u64> {
        if self.asked.is_under_way() || self.heard.is_under_way() {
            Some(end_ms)
        } else if self.report.is_under_way() {
            Some(self.report_by_ms)
        } else {
            Some(self.ask_at_ms).filter(|_| !self.asked.is_asked())
        }
    }
}

/// A check that somebody else asked for.
#[derive(Debug)]
pub(super) struct Hosted {
    token: CheckToken,
    heard: Awaited<Packets>,
    echo: Awaited<Echoed>,
    until_ms: u64,
}

impl Hosted {
    pub(super) fn echo_is_over(&mut self, echoed: Option<Echoed>) {
        self.echo = Awaited::Over(echoed);
    }

    /// What is told of it, once both parts are known or the time is over.
    fn report(&self, mono_ms: u64) -> Option<PathChecked> {
        let is_over = self.heard.is_over() && self.echo.is_over();
        let heard = self.heard.known().map_or(0, |heard| heard.arrived);
        let udp = self.echo.known().map(|echoed| echoed.small.arrived > 0);
        (is_over || mono_ms >= self.until_ms).then_some(PathChecked {
            token: self.token,
            heard: u8::try_from(heard).unwrap_or(u8::MAX),
            udp,
        })
    }
}

impl Core {
    /// The rendezvous begins a check, or says why not.
    pub(super) fn path_granted(&mut self, check: CheckId, outcome: Outcome, cx: &mut Context<'_>) {
        let Some(between) = self.doctor.open.get_mut(&check) else {
            return;
        };
        let Some(between) = between.between.as_mut() else {
            return;
        };
        between.asked = Awaited::Over(None);
        let granted = match outcome {
            Ok(Reply::PathCheck(Some(granted))) => granted,
            Err(Setback::Refused(Refusal::TooFast { retry_ms })) => {
                between.asked = Awaited::NotAsked;
                between.ask_at_ms = cx.now.mono_ms.saturating_add(retry_ms);
                return;
            }
            // Somebody who is not there, or a rendezvous that is gone or older.
            Ok(_) | Err(_) => return,
        };
        if granted.other.account != between.account {
            return;
        }
        between.token = Some(granted.token);
        between.report = Awaited::UnderWay;
        between.report_by_ms = cx.now.mono_ms + CHECK_REPORT_MS;
        let to = self.checkable(&granted.other.candidates);
        if let Some(between) = self.between(check) {
            between.candidates.clone_from(&to);
            if !to.is_empty() {
                between.heard = Awaited::UnderWay;
                knock(check, (granted.token, to), cx);
            }
        }
    }

    fn between(&mut self, check: CheckId) -> Option<&mut Between> {
        self.doctor.open.get_mut(&check)?.between.as_mut()
    }

    /// What came of the other side's packets.
    pub(super) fn knocks_heard(&mut self, check: CheckId, heard: Packets) {
        if let Some(between) = self.between(check) {
            between.heard = Awaited::Over(Some(heard));
        }
        if let Some(hosted) = self.doctor.hosted.get_mut(&check) {
            hosted.heard = Awaited::Over(Some(heard));
        }
    }

    /// The rendezvous tells of a check.
    pub(in crate::core) fn path_pushed(&mut self, push: &Push, cx: &mut Context<'_>) {
        if let Push::PathCheck(asked) = push {
            self.path_check_pushed(asked, cx);
        } else if let Push::PathChecked(checked) = push {
            self.path_reported(*checked, cx);
        }
    }

    /// What the other side of a check of ours saw.
    fn path_reported(&mut self, checked: PathChecked, cx: &mut Context<'_>) {
        let mut open = self.doctor.open.iter_mut();
        let found = open.find_map(|(check, open)| {
            let between = open.between.as_mut()?;
            (between.token == Some(checked.token)).then_some((*check, between))
        });
        if let Some((check, between)) = found {
            between.report = Awaited::Over(Some(checked));
            self.doctor_goes_on(check, cx);
        }
    }

    /// A contact checks the path to this device.
    fn path_check_pushed(&mut self, asked: &PathCheck, cx: &mut Context<'_>) {
        let is_contact = self.roster.get(asked.other.account).is_some();
        if !is_contact || self.doctor.hosted.len() >= CHECKS_HOSTED_MAX {
            return;
        }
        let check = self.doctor.next();
        let has_udp = self.session.udp_port().is_some();
        let mut hosted = Hosted {
            token: asked.token,
            heard: Awaited::UnderWay,
            echo: Awaited::UnderWay,
            until_ms: cx.now.mono_ms + CHECK_LISTEN_MS + CHECK_LISTEN_MS / 2,
        };
        if has_udp {
            let to = self.checkable(&asked.other.candidates);
            knock(check, (asked.token, to), cx);
            let ask = Asked::Doctor(check, DoctorAsk::Udp);
            self.ask(ask, Request::Check(CheckAsk::Udp), cx);
        } else {
            hosted.heard = Awaited::Over(None);
            // Without a socket nothing comes back.
            hosted.echo = Awaited::Over(Some(Echoed::default()));
        }
        self.doctor.hosted.insert(check, hosted);
        self.doctor_goes_on(check, cx);
    }

    /// Tells what was seen, once it is known.
    pub(super) fn host_goes_on(&mut self, check: CheckId, cx: &mut Context<'_>) {
        let Some(hosted) = self.doctor.hosted.get(&check) else {
            return;
        };
        match hosted.report(cx.now.mono_ms) {
            Some(report) => {
                self.doctor.hosted.remove(&check);
                self.timers.cancel(Timer::Doctor(check));
                let ask = Asked::Doctor(check, DoctorAsk::Report);
                self.ask(ask, Request::Check(CheckAsk::Report(report)), cx);
            }
            None => self.timers.set(Timer::Doctor(check), hosted.until_ms),
        }
    }
}

fn knock(check: CheckId, (token, to): (CheckToken, Vec<SocketAddr>), cx: &mut Context<'_>) {
    let knock = DoctorOutput::Knock { check, token, to };
    cx.out.push(Output::Doctor(knock));
}

#[cfg(test)]
mod tests;
