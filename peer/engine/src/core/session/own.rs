//! What a person asks about the own account: who is signed in, the profile, and which rendezvous there are.

use super::{Core, Line, Seen};
use crate::api::command::{Profile as ProfileCommand, sex_letter};
use crate::api::done::{Whoami, role_name};
use crate::api::event::ContactChange;
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::asks::{Asked, Outcome};
use crate::core::io::CommandId;
use crate::store::StoreError;
use crate::store::home::{ACCOUNT, AWAY};
use hutong_common::bounded::Text;
use hutong_common::id::ServerId;
use hutong_common::limits::{MDNS_ADDRESSES_MAX, MDNS_PEERS_MAX};
use hutong_common::name::DisplayName;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::Profile;
use hutong_common::rpc::{Reply, Request};
use std::net::SocketAddr;

impl Core {
    /// `whoami`.
    pub(in crate::core) fn whoami(
        &self,
        command: CommandId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let away = cx.tx.single(AWAY)?.unwrap_or_default();
        let whoami = self.own_facts(away).ok_or(Failure::NotSignedIn);
        cx.answer(command, whoami.map(Done::Whoami));
        Ok(())
    }

    fn own_facts(&self, away: bool) -> Option<Whoami> {
        let (signed_in, me) = (self.signed_in()?, self.session.me()?);
        let server = self.session.server.as_ref()?;
        Some(Whoami {
            away,
            signed_in,
            name: me.profile.name.to_string(),
            sex: sex_letter(me.profile.sex),
            signature: me.profile.signature.to_string(),
            avatar: self.avatar_of(me.account),
            server_id: server.server.to_string(),
            server: server.name.clone(),
            role: role_name(self.own_proof(me.account)?.0.role),
        })
    }

    pub(in crate::core) fn servers(&self) -> Done {
        Done::Servers {
            servers: self.session.servers_seen(),
        }
    }

    /// A rendezvous announces itself. Ours is tried at once when it is at a new address and we wait for it.
    pub(in crate::core) fn rendezvous_found(
        &mut self,
        server: ServerId,
        (name, mut addresses): (String, Vec<SocketAddr>),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        addresses.truncate(MDNS_ADDRESSES_MAX);
        let seen = &mut self.session.seen;
        let before = seen.get(&server);
        if before.is_none() && seen.len() >= MDNS_PEERS_MAX {
            return Ok(());
        }
        let is_known = |address| before.is_some_and(|before| before.addresses.contains(address));
        let is_new = !addresses.iter().all(is_known);
        seen.insert(server, Seen { name, addresses });
        let is_ours = self.session.server_id() == Some(server);
        if is_new && is_ours && matches!(self.session.line, Line::Pause) {
            return self.connect_home(cx);
        }
        Ok(())
    }

    pub(in crate::core) fn set_profile_fields(
        &mut self,
        command: CommandId,
        asked: &ProfileCommand,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match self.changed_profile(asked) {
            Ok(profile) => {
                let asked = Asked::SetProfile(command, profile.clone());
                self.ask_signed_in(asked, Request::SetProfile(profile), cx)
            }
            Err(failure) => {
                cx.answer(command, Err(failure));
                Ok(())
            }
        }
    }

    /// The profile with these fields changed.
    pub(in crate::core) fn changed_profile(
        &self,
        asked: &ProfileCommand,
    ) -> Result<Profile, Failure> {
        let me = self.session.me().ok_or(Failure::NotSignedIn)?;
        let mut profile = me.profile.clone();
        if let Some(name) = &asked.name {
            profile.name = DisplayName::new(name).map_err(Refusal::from)?;
        }
        if let Some(sex) = asked.sex {
            profile.sex = sex;
        }
        if let Some(signature) = &asked.signature {
            profile.signature = Text::new(signature.as_str()).map_err(|_| Refusal::TooLarge)?;
        }
        Ok(profile)
    }

    pub(in crate::core) fn profile_set(
        &mut self,
        command: CommandId,
        profile: Profile,
        outcome: Outcome,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Ok(Reply::Done) = outcome
            && let Some(row) = &mut self.session.account
        {
            row.change(|row| row.profile = profile);
            let account = row.account;
            cx.tx.set_single(ACCOUNT, &**row)?;
            self.tell_contact(account, ContactChange::Changed, cx);
        }
        Self::done(command, outcome, cx);
        Ok(())
    }

    /// `away`: said to the rendezvous now and after every sign-in, until it is taken back.
    pub(in crate::core) fn set_away(
        &mut self,
        command: CommandId,
        on: Option<bool>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if let Some(on) = on {
            cx.tx.set_single(AWAY, &on)?;
            if self.session.is_online() {
                self.ask(Asked::SetAway, Request::SetAway(on), cx);
            }
        }
        let away = cx.tx.single(AWAY)?.unwrap_or_default();
        cx.answer(command, Ok(Done::Away { away }));
        Ok(())
    }

    /// A new connection knows nothing of it.
    pub(super) fn repeat_away(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        if cx.tx.single(AWAY)?.unwrap_or_default() {
            self.ask(Asked::SetAway, Request::SetAway(true), cx);
        }
        Ok(())
    }
}
