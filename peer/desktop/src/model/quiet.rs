//! The hours in which the rules of a class let nobody be disturbed, on this computer's own clock.

use super::AppState;
use super::groups::{Group, is_group};
use crate::moment;
use druid::ArcStr;

impl AppState {
    /// Whether it is quiet in a class of ours now.
    pub fn is_quiet_in(&self, group: &Group) -> bool {
        let policy = group.sheet.as_ref().and_then(|sheet| sheet.policy.as_ref());
        let minute = moment::minute_of_day(self.now_ms, &self.zone);
        let is_quiet = policy.zip(minute);
        group.is_ours && is_quiet.is_some_and(|(policy, minute)| policy.is_quiet(minute))
    }

    /// Whether nobody is to be disturbed by this conversation now: it is quiet in the class, or in one that both are in.
    pub fn is_quiet(&self, with: &str) -> bool {
        if is_group(with) {
            let group = self.groups.get(&ArcStr::from(with));
            return group.is_some_and(|group| self.is_quiet_in(group));
        }
        let mut groups = self.groups.values();
        groups.any(|group| group.member(with).is_some() && self.is_quiet_in(group))
    }
}
