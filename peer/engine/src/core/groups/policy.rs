//! The rules of classes, as honest clients keep them for what goes over links: the rendezvous never sees that, and of what it
//! does see it cannot tell a file from words.

use super::Core;
use hutong_common::group::{ClassPolicy, Sheet};
use hutong_common::id::{AccountId, GroupId};
use hutong_common::message::Content;
use hutong_common::refusal::Refusal;

impl Core {
    /// Whether every class that two people have in common lets one say this to the other in private.
    ///
    /// # Errors
    /// `not_allowed`.
    pub(in crate::core) fn rules_let_say(
        &self,
        (sender, other): (AccountId, AccountId),
        content: &Content,
    ) -> Result<(), Refusal> {
        let forbids = |sheet: &Sheet| {
            let is_common = sheet.member(sender).is_some() && sheet.member(other).is_some();
            let has_admin = sheet.is_admin(sender) || sheet.is_admin(other);
            let lets = |policy: ClassPolicy| {
                policy.lets_talk(has_admin) && lets_send(policy, sheet.is_admin(sender), content)
            };
            is_common && !sheet.policy.is_none_or(lets)
        };
        let is_forbidden = self.groups.iter().any(forbids);
        (!is_forbidden).then_some(()).ok_or(Refusal::NotAllowed)
    }

    /// Whether a class lets one of its members say this to all.
    ///
    /// # Errors
    /// `not_allowed`.
    pub(in crate::core) fn rules_let_say_in(
        &self,
        group: GroupId,
        sender: AccountId,
        content: &Content,
    ) -> Result<(), Refusal> {
        let lets = |sheet: &Sheet| {
            let is_admin = sheet.is_admin(sender);
            sheet
                .policy
                .is_none_or(|policy| lets_send(policy, is_admin, content))
        };
        let is_allowed = self.groups.get(group).is_none_or(lets);
        is_allowed.then_some(()).ok_or(Refusal::NotAllowed)
    }
}

/// Whether a member may send this where it is a file; admins may send any.
fn lets_send(policy: ClassPolicy, is_admin: bool, content: &Content) -> bool {
    match content {
        Content::File(offer) => {
            is_admin || (policy.send_files && offer.size.bytes() <= policy.file_bytes_max)
        }
        Content::Text(_) | Content::Announcement(_) | Content::Unknown(..) => true,
    }
}
