//! The check of the network, step by step: what is asked of this computer, of the rendezvous and of the other side, and
//! when enough is known.
//!
//! Nothing here judges: the facts go to [`crate::doctor::verdict`]. A check ends by itself, with what is known by then.

mod facts;

use super::asks::{Asked, Outcome};
use super::io::{CheckId, CommandId, DoctorInput, DoctorOutput, Looked, Output};
use super::timers::Timer;
use super::{Context, Core};
use crate::api::doctor::DoctorShown;
use crate::api::{Done, Failure};
use crate::doctor::verdict::verdicts;
use hutong_common::id::AccountId;
use hutong_common::limits::{DOCTOR_CHECKS_MAX, DOCTOR_MS_MAX, DOCTOR_SIGN_IN_MS, DOCTOR_TWICE_MS};
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Request;
use std::collections::BTreeMap;

/// Checks under way, and what was noticed between them.
#[derive(Debug, Default)]
pub(super) struct Doctor {
    last: u64,
    open: BTreeMap<CheckId, Check>,
    /// When another computer under this device's key was seen last.
    twice_ms: Option<u64>,
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
    const fn is_under_way(&self) -> bool {
        matches!(self, Self::UnderWay)
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
    /// Whom it is about.
    who: Option<AccountId>,
    hosts: Vec<String>,
    looked: Option<Looked>,
    /// How long the rendezvous takes to answer.
    ping: Awaited<u64>,
}

/// What of a check is asked of the rendezvous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DoctorAsk {
    /// Anything, at this time.
    Ping(u64),
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
        self.doctor.last += 1;
        let check = CheckId(self.doctor.last);
        cx.out.push(Output::Doctor(DoctorOutput::Look {
            check,
            hosts: hosts.clone(),
            pin,
            knock: !self.session.is_online(),
        }));
        let opened = Check {
            command,
            since_ms: cx.now.mono_ms,
            who,
            hosts,
            looked: None,
            ping: Awaited::NotAsked,
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
        match input {
            DoctorInput::Looked { check, looked } => {
                if let Some(open) = self.doctor.open.get_mut(&check) {
                    open.looked = Some(looked);
                }
                self.doctor_goes_on(check, cx);
            }
        }
    }

    /// An answer of the rendezvous, or none.
    pub(super) fn doctor_told(
        &mut self,
        (check, asked): (CheckId, DoctorAsk),
        outcome: &Outcome,
        cx: &mut Context<'_>,
    ) {
        if let Some(open) = self.doctor.open.get_mut(&check) {
            match asked {
                DoctorAsk::Ping(since_ms) => {
                    let took_ms = cx.now.mono_ms.saturating_sub(since_ms);
                    open.ping = Awaited::Over(outcome.is_ok().then_some(took_ms));
                }
            }
        }
        self.doctor_goes_on(check, cx);
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
        self.doctor_asks(check, cx);
        match self.doctor_waits_ms(check, cx) {
            Some(at_ms) if at_ms > cx.now.mono_ms => self.timers.set(Timer::Doctor(check), at_ms),
            Some(_) => self.doctor_concludes(check, cx),
            None => {}
        }
    }

    fn doctor_asks(&mut self, check: CheckId, cx: &mut Context<'_>) {
        let Some(open) = self.doctor.open.get_mut(&check) else {
            return;
        };
        if !self.session.is_online() || !matches!(open.ping, Awaited::NotAsked) {
            return;
        }
        open.ping = Awaited::UnderWay;
        let ping = DoctorAsk::Ping(cx.now.mono_ms);
        self.ask(Asked::Doctor(check, ping), Request::Ping, cx);
    }

    /// Until when there is something to wait for; a time that has passed when there is nothing. None for no such check.
    fn doctor_waits_ms(&self, check: CheckId, cx: &Context<'_>) -> Option<u64> {
        let open = self.doctor.open.get(&check)?;
        let end_ms = open.since_ms + DOCTOR_MS_MAX;
        if open.looked.is_none() || open.ping.is_under_way() {
            return Some(end_ms);
        }
        let sign_in_ms = open.since_ms + DOCTOR_SIGN_IN_MS;
        let waits_for_sign_in = self.session.is_on_the_way();
        let is_quiet = self.config.mdns && self.heard_by_multicast(cx) == (0, 0);
        let waits = [
            waits_for_sign_in.then_some(sign_in_ms),
            is_quiet.then_some(self.session.looks_until_ms()),
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
