//! The check of the network, step by step: what is asked of this computer, of the rendezvous and of the other side, and
//! when enough is known.
//!
//! Nothing here judges: the facts go to [`crate::doctor::verdict`]. A check ends by itself, with what is known by then.
//! What is between two computers, for checks of our own and of others, is in [`between`].

mod between;
mod facts;

use super::asks::{Asked, Outcome};
use super::io::{CheckId, CommandId, DoctorInput, DoctorOutput, Echoed, Looked, Output};
use super::timers::Timer;
use super::{Context, Core};
use crate::api::doctor::DoctorShown;
use crate::api::{Done, Failure};
use crate::doctor::verdict::verdicts;
use between::{Between, Hosted};
use hutong_common::id::{AccountId, ServerId};
use hutong_common::limits::{
    DOCTOR_CHECKS_MAX, DOCTOR_MS_MAX, DOCTOR_PING_MS, DOCTOR_SIGN_IN_MS, DOCTOR_TWICE_MS,
};
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::doctor::{CheckAsk, UdpCheck};
use hutong_common::rpc::{Reply, Request};
use std::collections::BTreeMap;

/// Checks under way, and what was noticed between them.
#[derive(Debug, Default)]
pub(super) struct Doctor {
    last: u64,
    open: BTreeMap<CheckId, Check>,
    /// Checks of others in which this device takes part.
    hosted: BTreeMap<CheckId, Hosted>,
    /// When another computer under this device's key was seen last.
    twice_ms: Option<u64>,
}

impl Doctor {
    /// Nothing is told any more for somebody who is gone.
    pub(super) fn forget(&mut self) {
        self.hosted.clear();
    }

    const fn next(&mut self) -> CheckId {
        self.last += 1;
        CheckId(self.last)
    }
}

/// Something that is asked once.
#[derive(Debug, Default)]
enum Awaited<T> {
    #[default]
    NotAsked,
    UnderWay,
    /// Answered, or given up.
    Over(Option<T>),
}

impl<T> Awaited<T> {
    const fn is_asked(&self) -> bool {
        !matches!(self, Self::NotAsked)
    }

    const fn is_under_way(&self) -> bool {
        matches!(self, Self::UnderWay)
    }

    const fn is_over(&self) -> bool {
        matches!(self, Self::Over(_))
    }

    const fn known(&self) -> Option<&T> {
        match self {
            Self::Over(known) => known.as_ref(),
            Self::NotAsked | Self::UnderWay => None,
        }
    }
}

/// One check.
#[derive(Debug)]
struct Check {
    command: CommandId,
    since_ms: u64,
    hosts: Vec<String>,
    pin: Option<ServerId>,
    looked: Option<Looked>,
    /// How long the rendezvous takes to answer.
    ping: Awaited<u64>,
    /// When it should have answered.
    ping_by_ms: u64,
    /// Whether it did not.
    is_silent: bool,
    /// UDP to the rendezvous.
    echo: Awaited<Echoed>,
    /// Whether the rendezvous says that it announces itself.
    announced: Option<bool>,
    /// The way to whom it is about.
    between: Option<Between>,
}

/// What of a check is asked of the rendezvous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DoctorAsk {
    /// Anything, at this time.
    Ping(u64),
    /// How UDP to it can be tried.
    Udp,
    /// A check with the other side.
    Path,
    /// To pass on what was seen here.
    Report,
}

impl Core {
    pub(super) fn doctor(&mut self, command: CommandId, who: Option<&str>, cx: &mut Context<'_>) {
        if let Err(failure) = self.open_check(command, who, cx) {
            cx.answer(command, Err(failure));
        }
    }

    fn open_check(
        &mut self,
        command: CommandId,
        who: Option<&str>,
        cx: &mut Context<'_>,
    ) -> Result<(), Failure> {
        let who = who.map(|typed| self.contact_typed(typed)).transpose()?;
        if self.doctor.open.len() >= DOCTOR_CHECKS_MAX {
            let retry_ms = DOCTOR_MS_MAX;
            return Err(Refusal::Busy { retry_ms }.into());
        }
        let (hosts, pin) = self.session.whereabouts(self.config.preset.as_deref());
        let check = self.doctor.next();
        cx.out.push(Output::Doctor(DoctorOutput::Look {
            check,
            hosts: hosts.clone(),
            pin,
            knock: !self.session.is_online(),
        }));
        let opened = Check {
            command,
            since_ms: cx.now.mono_ms,
            hosts,
            pin,
            looked: None,
            ping: Awaited::NotAsked,
            ping_by_ms: 0,
            is_silent: false,
            echo: Awaited::NotAsked,
            announced: None,
            between: who.map(Between::with),
        };
        self.doctor.open.insert(check, opened);
        self.doctor_goes_on(check, cx);
        Ok(())
    }

    fn contact_typed(&self, typed: &str) -> Result<AccountId, Failure> {
        if self.session.me().is_none() {
            return Err(Failure::NotSignedIn);
        }
        let unknown = || Failure::NoContact {
            login: typed.to_owned(),
        };
        let login = Login::new(typed).map_err(|_| unknown())?;
        let account = self.roster.by_login(login.as_str());
        account.ok_or_else(unknown)
    }

    pub(super) fn on_doctor(&mut self, input: DoctorInput, cx: &mut Context<'_>) {
        let check = match input {
            DoctorInput::Looked { check, looked } => {
                if let Some(open) = self.doctor.open.get_mut(&check) {
                    open.looked = Some(looked);
                }
                check
            }
            DoctorInput::Echoed { check, echoed } => {
                self.echo_is_over(check, Some(echoed));
                check
            }
            DoctorInput::Heard { check, heard } => {
                self.knocks_heard(check, heard);
                check
            }
        };
        self.doctor_goes_on(check, cx);
    }

    fn echo_is_over(&mut self, check: CheckId, echoed: Option<Echoed>) {
        if let Some(open) = self.doctor.open.get_mut(&check) {
            open.echo = Awaited::Over(echoed);
        }
        if let Some(hosted) = self.doctor.hosted.get_mut(&check) {
            hosted.echo_is_over(echoed);
        }
    }

    /// An answer of the rendezvous, or none.
    pub(super) fn doctor_told(
        &mut self,
        (check, asked): (CheckId, DoctorAsk),
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) {
        match asked {
            DoctorAsk::Ping(since_ms) => {
                if let Some(open) = self.doctor.open.get_mut(&check) {
                    let took_ms = cx.now.mono_ms.saturating_sub(since_ms);
                    open.ping = Awaited::Over(outcome.is_ok().then_some(took_ms));
                    open.is_silent = false;
                }
            }
            DoctorAsk::Udp => match outcome {
                Ok(Reply::UdpCheck(udp)) => self.try_udp(check, udp, cx),
                // A rendezvous that is gone or older.
                Ok(_) | Err(_) => self.echo_is_over(check, None),
            },
            DoctorAsk::Path => self.path_granted(check, outcome, cx),
            DoctorAsk::Report => {}
        }
        self.doctor_goes_on(check, cx);
    }

    fn try_udp(&mut self, check: CheckId, udp: UdpCheck, cx: &mut Context<'_>) {
        let open = self.doctor.open.get_mut(&check);
        let burst = open.is_some();
        if let Some(open) = open {
            open.announced = Some(udp.announced);
        }
        match (udp.port, self.session.host_online()) {
            (Some(port), Some(host)) => cx.out.push(Output::Doctor(DoctorOutput::Echo {
                check,
                host,
                port,
                token: udp.token,
                burst,
            })),
            (None, _) | (_, None) => self.echo_is_over(check, None),
        }
    }

    /// The rendezvous is there from now on: what waits for it is asked.
    pub(super) fn doctors_go_on(&mut self, cx: &mut Context<'_>) {
        let open: Vec<CheckId> = self.doctor.open.keys().copied().collect();
        for check in open {
            self.doctor_goes_on(check, cx);
        }
    }

    /// Another computer under this device's key was seen.
    pub(super) const fn seen_twice(&mut self, cx: &Context<'_>) {
        self.doctor.twice_ms = Some(cx.now.mono_ms);
    }

    fn was_seen_twice(&self, cx: &Context<'_>) -> bool {
        let seen_ms = self.doctor.twice_ms;
        seen_ms.is_some_and(|seen_ms| cx.now.mono_ms < seen_ms + DOCTOR_TWICE_MS)
    }

    /// Asks what can be asked now, and concludes once there is nothing more to wait for.
    pub(super) fn doctor_goes_on(&mut self, check: CheckId, cx: &mut Context<'_>) {
        self.host_goes_on(check, cx);
        self.doctor_asks(check, cx);
        self.doctor_doubts(check, cx);
        match self.doctor_waits_ms(check, cx) {
            Some(at_ms) if at_ms > cx.now.mono_ms => self.timers.set(Timer::Doctor(check), at_ms),
            Some(_) => self.doctor_concludes(check, cx),
            None => {}
        }
    }

    fn doctor_asks(&mut self, check: CheckId, cx: &mut Context<'_>) {
        let has_udp = self.session.udp_port().is_some();
        let Some(open) = self.doctor.open.get_mut(&check) else {
            return;
        };
        if !self.session.is_online() {
            return;
        }
        let mut asks = Vec::new();
        if !open.ping.is_asked() {
            open.ping = Awaited::UnderWay;
            open.ping_by_ms = cx.now.mono_ms + DOCTOR_PING_MS;
            asks.push((DoctorAsk::Ping(cx.now.mono_ms), Request::Ping));
        }
        if !open.echo.is_asked() && has_udp {
            open.echo = Awaited::UnderWay;
            asks.push((DoctorAsk::Udp, Request::Check(CheckAsk::Udp)));
        }
        let between = open.between.as_mut().filter(|_| has_udp);
        if let Some(account) = between.and_then(|between| between.begins(cx.now.mono_ms)) {
            asks.push((DoctorAsk::Path, Request::Check(CheckAsk::Path(account))));
        }
        for (ask, request) in asks {
            self.ask(Asked::Doctor(check, ask), request, cx);
        }
    }

    /// A connection that brings no answer says nothing: it is knocked at anew.
    fn doctor_doubts(&mut self, check: CheckId, cx: &mut Context<'_>) {
        let open = self.doctor.open.get_mut(&check);
        let overdue = open.filter(|open| {
            !open.is_silent && open.ping.is_under_way() && cx.now.mono_ms >= open.ping_by_ms
        });
        if let Some(open) = overdue {
            open.is_silent = true;
            open.looked = None;
            cx.out.push(Output::Doctor(DoctorOutput::Look {
                check,
                hosts: open.hosts.clone(),
                pin: open.pin,
                knock: true,
            }));
        }
    }

    /// Until when there is something to wait for; a time that has passed when there is nothing. None for no such check.
    fn doctor_waits_ms(&self, check: CheckId, cx: &Context<'_>) -> Option<u64> {
        let open = self.doctor.open.get(&check)?;
        let end_ms = open.since_ms + DOCTOR_MS_MAX;
        if open.looked.is_none() && !open.ping.is_under_way() {
            return Some(end_ms);
        }
        if open.is_silent {
            return Some(if open.looked.is_none() { end_ms } else { 0 });
        }
        if open.ping.is_under_way() {
            return Some(open.ping_by_ms.min(end_ms));
        }
        if open.echo.is_under_way() {
            return Some(end_ms);
        }
        let sign_in_ms = open.since_ms + DOCTOR_SIGN_IN_MS;
        let is_quiet = self.config.mdns && self.heard_by_multicast(cx) == (0, 0);
        let between = open.between.as_ref();
        let waits = [
            self.session.is_on_the_way().then_some(sign_in_ms),
            is_quiet.then_some(self.session.looks_until_ms()),
            between.and_then(|between| between.waits_ms(end_ms)),
        ];
        let latest_ms = waits.into_iter().flatten().max();
        Some(latest_ms.unwrap_or(0).min(end_ms))
    }

    fn doctor_concludes(&mut self, check: CheckId, cx: &mut Context<'_>) {
        let Some(done) = self.doctor.open.remove(&check) else {
            return;
        };
        self.timers.cancel(Timer::Doctor(check));
        let facts = self.facts(&done, cx);
        let mut found = verdicts(&facts).into_iter();
        // There is always one.
        let Some(verdict) = found.next() else { return };
        let shown = DoctorShown {
            verdict,
            also: found.collect(),
            facts,
        };
        cx.answer(done.command, Ok(Done::Doctor(Box::new(shown))));
    }
}

#[cfg(test)]
mod tests;
