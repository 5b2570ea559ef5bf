//! Catching up: what waits at the rendezvous is asked for after every sign-in, and it is told once when all is taken in.
//!
//! The roster, the inbox and the outbox say when their part is done; a lost connection begins anew with the next one.

use super::asks::Setback;
use super::{Context, Core};
use crate::api::event::Event;
use crate::store::StoreError;
use hutong_common::refusal::Refusal;
use std::collections::BTreeSet;

/// A part of what waits at the rendezvous. Mail and details are asked for when the contacts are known, receipts after mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Friend requests.
    Requests,
    /// Mail.
    Mail,
    /// What became of our own mail.
    Receipts,
    /// What else there is to know about contacts.
    Details,
    /// Our groups.
    Groups,
    /// Invitations and applications.
    GroupRequests,
}

/// What was not taken in yet since the sign-in.
#[derive(Debug, Default)]
pub(super) struct CatchUp(BTreeSet<Part>);

impl Core {
    pub(super) fn begin_catch_up(&mut self) {
        self.pictures.are_told = false;
        self.catch_up = CatchUp(
            [
                Part::Requests,
                Part::Mail,
                Part::Receipts,
                Part::Details,
                Part::Groups,
                Part::GroupRequests,
            ]
            .into(),
        );
    }

    pub(super) fn stop_catch_up(&mut self) {
        self.catch_up = CatchUp::default();
    }

    /// Whether a part is not here yet.
    pub(super) fn misses(&self, part: Part) -> bool {
        self.catch_up.0.contains(&part)
    }

    /// All of a part is here.
    pub(super) fn caught_up_with(&mut self, part: Part, cx: &mut Context<'_>) {
        let CatchUp(missing) = &mut self.catch_up;
        if missing.remove(&part) && missing.is_empty() {
            cx.event(Event::CaughtUp {});
        }
    }

    /// The rendezvous did not hand a part over. When it is only busy, the next sign-in asks again, after the pause that
    /// it wants; a lost connection is tried again anyway.
    pub(super) fn catch_up_refused(
        &mut self,
        setback: Setback,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match setback {
            Setback::Refused(Refusal::Busy { retry_ms } | Refusal::TooFast { retry_ms }) => {
                self.hang_up(retry_ms, cx)
            }
            Setback::Lost | Setback::WrongKey { .. } => Ok(()),
            Setback::Refused(_) | Setback::Nonsense => {
                tracing::warn!(?setback, "the rendezvous does not say what waits for us");
                Ok(())
            }
        }
    }
}
