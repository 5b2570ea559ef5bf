//! What an account is to us and what we know of it: `find` and `whois`.
//!
//! The rendezvous tells who it is; how contacts describe themselves is known here.

use super::Core;
use super::friends::relation;
use crate::api::Done;
use crate::api::command::sex_letter;
use crate::api::done::Person;
use crate::core::Context;
use crate::core::asks::{Outcome, Setback};
use crate::core::io::CommandId;
use hutong_common::id::AccountId;
use hutong_common::rpc::Reply;
use hutong_common::rpc::accounts::Profile;
use hutong_common::signed::Role;

impl Core {
    /// What somebody is at the rendezvous, as far as we know.
    pub(in crate::core) fn role_of(&self, account: AccountId) -> Role {
        let own = self.own_proof(account).map(|(membership, _)| membership);
        let known = || self.roster.get(account).map(|known| &known.membership);
        own.or_else(known)
            .map_or(Role::Member, |membership| membership.role)
    }

    pub(in crate::core) fn person_found(
        &self,
        command: CommandId,
        login: Option<&str>,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) {
        let answer = match (outcome, login) {
            (Ok(Reply::Person(person)), _) => Ok(Done::Person(Person {
                account: person.account,
                login: person.login.to_string(),
                name: person.name.to_string(),
                remark: self.roster.remark_of(person.account),
                relation: relation(person.relation),
                can_add: person.can_add,
                sex: self
                    .profile_of(person.account)
                    .and_then(|of| sex_letter(of.sex)),
                signature: self
                    .profile_of(person.account)
                    .map(|of| of.signature.to_string())
                    .filter(|said| !said.is_empty()),
                avatar: self.avatar_of(person.account),
            })),
            (Ok(_), _) => Err(Setback::Nonsense.into()),
            (Err(setback), Some(login)) => Err(setback.about(login)),
            (Err(setback), None) => Err(setback.into()),
        };
        cx.answer(command, answer);
    }

    /// What we know of a contact, or of ourselves.
    pub(in crate::core) fn profile_of(&self, account: AccountId) -> Option<&Profile> {
        let me = self.session.me().filter(|me| me.account == account);
        let contact = self.roster.get(account).map(|contact| &contact.row.profile);
        me.map(|me| &me.profile).or(contact)
    }

    /// Display name of somebody, or what else names him.
    pub(in crate::core) fn shown_name(&self, account: AccountId) -> String {
        let profile = self.profile_of(account);
        profile.map_or_else(|| self.login_of(account), |of| of.name.to_string())
    }
}
