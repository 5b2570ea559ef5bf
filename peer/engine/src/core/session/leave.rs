//! How a session ends: by signing out, with the program or the hours of a shared seat, or because the account says so.
//!
//! Then nothing of the person stays. The rows go in one transaction that also notes that the files have to be made anew
//! ([`SCRUB`]), so a crash before that was done is made up for at the next start. At a shared seat that includes what was
//! fetched into the home's own folder; on one's own computer such files are the person's to keep.

use super::{Core, Line, Session};
use crate::api::Done;
use crate::api::event::{Delivery, DeliveryState, Event, WarningCode};
use crate::core::Context;
use crate::core::asks::{Asked, Outcome, Setback};
use crate::core::io::{CommandId, LinkOutput, Output};
use crate::core::outbox::progress::path_of;
use crate::core::timers::Timer;
use crate::store::StoreError;
use crate::store::home::{SCRUB, SEAT, ScrubRow, SeatRow};
use crate::store::messages::Way;
use hutong_common::limits::LEAVE_STEP_MS;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Request;
use hutong_common::signed::{Card, CardDevice, DeviceKind};

impl Session {
    /// What the account says of this device, when this home is signed in.
    pub(in crate::core) fn my_entry(&self) -> Option<CardDevice> {
        let card: Card = self.me()?.card.peek_unverified().ok()?;
        let mine = self.my_device()?;
        card.devices
            .into_vec()
            .into_iter()
            .find(|device| device.id() == mine)
    }

    /// Whether this home is signed in as a shared seat.
    pub(in crate::core) fn is_seat(&self) -> bool {
        self.my_entry()
            .is_some_and(|device| device.kind == DeviceKind::Seat)
    }
}

impl Core {
    /// `logout`: what is under way is handed over first, within a bound.
    pub(in crate::core) fn logout(
        &mut self,
        command: CommandId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.session.leaving.push(command);
        if self.session.leaving.len() > 1 {
            return Ok(());
        }
        if self.session.is_online() && self.outbox.is_owed(self.needs_copies(cx)) {
            self.timers
                .set(Timer::Leave, cx.now.mono_ms + LEAVE_STEP_MS);
            return Ok(());
        }
        self.sign_out(cx)
    }

    /// Something was handed over: perhaps it was the last that a leaving person waits for.
    pub(in crate::core) fn handed_over(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let waits = !self.session.leaving.is_empty() && !self.session.is_signing_out;
        if waits && !self.outbox.is_owed(self.needs_copies(cx)) {
            return self.sign_out(cx);
        }
        Ok(())
    }

    fn sign_out(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        self.session.is_signing_out = true;
        self.timers
            .set(Timer::Leave, cx.now.mono_ms + LEAVE_STEP_MS);
        self.ask_signed_in(Asked::SignOut, Request::SignOut, cx)
    }

    /// What leaving waits for does not come.
    pub(in crate::core) fn leave_overdue(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.session.leaving.is_empty() {
            Ok(())
        } else if !self.session.is_signing_out {
            self.sign_out(cx)
        } else if self.session.is_seat() {
            self.end_session(cx)
        } else {
            // The connection answers, or its end does.
            Ok(())
        }
    }

    pub(in crate::core) fn signed_out(
        &mut self,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.session.leaving.is_empty() {
            return Ok(());
        }
        match outcome {
            Ok(_) | Err(Setback::Refused(Refusal::NotSignedIn | Refusal::NotFound)) => {
                self.end_session(cx)
            }
            // The next person sits down whether or not the rendezvous answers. A key that is gone harms nobody.
            Err(_) if self.session.is_seat() => self.end_session(cx),
            Err(setback) => {
                self.session.is_signing_out = false;
                self.timers.cancel(Timer::Leave);
                for command in std::mem::take(&mut self.session.leaving) {
                    cx.answer(command, Err(setback.into()));
                }
                Ok(())
            }
        }
    }

    /// Nothing of the person stays on this computer, and everybody hears that nobody is signed in.
    pub(super) fn end_session(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        self.wipe(cx)?;
        self.ready(cx);
        Ok(())
    }

    /// An entry at a shared seat came to nothing: whose it was is forgotten.
    pub(super) fn forget_entry(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        if self.session.account.is_none() {
            return self.wipe(cx);
        }
        // The rows of somebody whose computer this was are kept until another person is signed in.
        cx.tx.remove_single(SEAT)?;
        self.session.save_device(None, cx.tx)
    }

    /// This device's key counts no longer: the person has to type the password again. Messages stay, except at a seat.
    pub(super) fn dismissed(
        &mut self,
        code: WarningCode,
        text: &str,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.session.is_seat() {
            cx.warn(code, text);
            return self.end_session(cx);
        }
        self.session.save_device(None, cx.tx)?;
        cx.out.push(Output::Link(LinkOutput::Identity(None)));
        cx.out.push(Output::Announce(None));
        self.forget_links();
        self.disconnect(Line::Off, cx)?;
        cx.warn(code, text);
        self.ready(cx);
        Ok(())
    }

    fn wipe(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let downloads = cx.tx.single(SEAT)?.is_some() || self.session.is_seat();
        self.give_up_undelivered(cx);
        cx.tx.wipe_person()?;
        self.session.save_device(None, cx.tx)?;
        self.session.account = None;
        self.session.network = None;
        self.session.locked = None;
        self.session.told_locked = None;
        self.session.is_signing_out = false;
        self.timers.cancel(Timer::Leave);
        self.timers.cancel(Timer::Seat);
        cx.out.push(Output::Link(LinkOutput::Identity(None)));
        cx.out.push(Output::Announce(None));
        self.forget_person();
        let leaving = std::mem::take(&mut self.session.leaving);
        self.disconnect(Line::Off, cx)?;
        self.scrub(ScrubRow { downloads }, cx)?;
        for command in leaving {
            cx.answer(command, Ok(Done::Plain {}));
        }
        Ok(())
    }

    /// Somebody else signs in where the rows of another person were kept.
    pub(super) fn forget_other(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let seat = cx.tx.single(SEAT)?;
        cx.tx.wipe_person()?;
        if let Some(seat) = seat {
            cx.tx.set_single(SEAT, &seat)?;
        }
        self.forget_person();
        self.scrub(ScrubRow { downloads: false }, cx)
    }

    fn scrub(&self, what: ScrubRow, cx: &mut Context<'_>) -> Result<(), StoreError> {
        cx.tx.set_single(SCRUB, &what)?;
        cx.out.push(Output::Scrub(what));
        Ok(())
    }

    /// Whoever wrote it is told what nobody will ever get.
    fn give_up_undelivered(&self, cx: &mut Context<'_>) {
        for row in self.outbox.kept_here() {
            cx.event(Event::Delivery(Delivery {
                message: row.message,
                to: self.login_of(row.account),
                conversation: self.chat_name(row.chat),
                remark: self.roster.remark_of(row.account),
                state: DeliveryState::Failed,
                path: path_of(Way::None),
                code: Some(WarningCode::SignedOut.code()),
            }));
        }
    }

    /// Notes, before anything of a person is kept, whether this is a shared seat.
    pub(super) fn mark_seat(
        &mut self,
        kind: DeviceKind,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match kind {
            DeviceKind::Own => cx.tx.remove_single(SEAT),
            DeviceKind::Seat => {
                let held = self.config.holds_session;
                cx.tx.set_single(SEAT, &SeatRow { held })
            }
        }
    }

    /// A shared seat whose session ended while nobody ran here, or with a program that was killed, is wiped.
    pub(in crate::core) fn open_seat(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let Some(seat) = cx.tx.single(SEAT)? else {
            return Ok(());
        };
        let until_ms = self.session.my_entry().map(|device| device.until_ms);
        let is_over = until_ms.is_none_or(|until_ms| until_ms <= self.now_ms(cx));
        let was_killed = seat.held && !self.config.resumes_session;
        if is_over || was_killed {
            if until_ms.is_none() {
                return self.forget_entry(cx);
            }
            let text = "the session at this seat is over";
            cx.warn(WarningCode::SignedOut, text);
            return self.wipe(cx);
        }
        if self.config.holds_session {
            cx.tx.set_single(SEAT, &SeatRow { held: true })?;
        }
        self.watch_seat(cx);
        Ok(())
    }

    /// Sets the end of a shared seat, whose hours are those of the rendezvous.
    pub(super) fn watch_seat(&mut self, cx: &Context<'_>) {
        let entry = self.session.my_entry();
        if let Some(device) = entry.filter(|device| device.kind == DeviceKind::Seat) {
            let left_ms = device.until_ms.saturating_sub(self.now_ms(cx));
            self.timers.set(Timer::Seat, cx.now.mono_ms + left_ms);
        }
    }

    pub(in crate::core) fn seat_overdue(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let until_ms = self.session.my_entry().map(|device| device.until_ms);
        if until_ms.is_some_and(|until_ms| until_ms > self.now_ms(cx)) {
            self.watch_seat(cx);
            return Ok(());
        }
        cx.warn(WarningCode::SignedOut, "the time of this seat is over");
        self.end_session(cx)
    }
}
