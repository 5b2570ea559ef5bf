//! Who may announce, and to whom.

use super::AppState;
use super::groups::Group;
use hutong_common::id::GroupId;
use hutong_common::message::LAN;

impl AppState {
    /// Whether we may announce anything: teachers and admins of the rendezvous may.
    pub fn announces(&self) -> bool {
        self.me.as_ref().is_some_and(|me| me.role != "member")
    }

    /// To whom we may announce something: the class of everybody first, then classes and groups of ours by name, and
    /// everybody on the LAN at the end.
    pub fn audiences(&self) -> Vec<GroupId> {
        let ours = self.groups.iter().filter(|(_, group)| group.is_ours);
        let key = |(with, group): (_, &Group)| {
            let name = self.contact(with).shown().to_lowercase();
            (!group.is_everybody(), !group.is_class(), name, group.id)
        };
        let mut ours: Vec<_> = ours.map(key).collect();
        ours.sort();
        let ours = ours.into_iter().map(|(.., group)| group);
        ours.chain([LAN]).collect()
    }
}
