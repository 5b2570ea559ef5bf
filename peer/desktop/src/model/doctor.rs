//! The check of the network: what is being looked at, and what was found last.

use crate::widgets::pane::Card;
use druid::{ArcStr, Data, Lens};
use hutong_engine::api::doctor::DoctorShown;

/// A check that runs, or its outcome.
#[derive(Clone, Debug, Default, PartialEq, Data, Lens)]
pub struct Doctor {
    /// Login of whom the way to is checked, too; none for the network alone.
    pub who: Option<ArcStr>,
    /// Whether it runs.
    pub busy: bool,
    /// What it found.
    pub found: Option<Card<DoctorShown>>,
}

impl Doctor {
    /// Whether it is about this person, or about nobody.
    pub fn is_about(&self, who: Option<&ArcStr>) -> bool {
        self.who.as_ref() == who && (self.busy || self.found.is_some())
    }
}
