//! What follows a sign-in: the rendezvous' word is checked and kept, and everything that waited goes on.

use super::{Core, Line};
use crate::api::Done;
use crate::api::done::{SignedIn, kind_name};
use crate::api::event::{Event, Ready, ServerState, WarningCode};
use crate::core::Context;
use crate::core::asks::Asked;
use crate::core::io::{KeySeed, LinkOutput, Output};
use crate::core::timers::Timer;
use crate::store::StoreError;
use crate::store::home::{ACCOUNT, AccountRow, NETWORK, NetworkRow, SERVER};
use hutong_common::limits::PING_INTERVAL_MS;
use hutong_common::rpc::Request;
use hutong_common::rpc::accounts::Welcome;
use hutong_common::signed::{Card, Membership, Revocations, Signed};
use std::net::IpAddr;

impl Core {
    /// Takes a welcome in; false when it does not hold, and nothing is changed.
    pub(super) fn welcome(
        &mut self,
        welcome: Welcome,
        cx: &mut Context<'_>,
    ) -> Result<bool, StoreError> {
        if !self.welcome_holds(&welcome) {
            tracing::warn!("the welcome of the rendezvous does not hold");
            return Ok(false);
        }
        if self.session.clock.set(welcome.now_ms, cx.now, cx.tx)? {
            cx.warn(WarningCode::ClockOff, "this computer's clock is wrong");
        }
        let is_new = self.keep_account(&welcome, cx)?;
        self.look_for_locked_mail(cx)?;
        let network = NetworkRow {
            revocations: self.newest_revocations(&welcome.revocations),
            discovery_key: welcome.discovery_key,
            discovery_key_before: welcome.discovery_key_before,
        };
        cx.tx.set_single(NETWORK, &network)?;
        self.session.network = Some(network.into());
        self.links_forget_tags();
        if let Line::Up(attempt, exporters, local) = self.session.line {
            self.session.line = Line::Online(attempt, exporters, local);
        }
        self.session.failures = 0;
        if is_new {
            let done = self.signed_in();
            if let Some(keys) = self.session.keys() {
                let identity = Some(KeySeed(*keys.seed()));
                cx.out.push(Output::Link(LinkOutput::Identity(identity)));
            }
            if let Some(done) = done {
                self.finish_entry(Done::SignedIn(done), cx)?;
            }
            self.ready(cx);
        }
        self.watch_seat(cx);
        self.announce(cx);
        self.tell_server(ServerState::Online, cx);
        self.after_welcome(cx)?;
        Ok(true)
    }

    fn after_welcome(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        self.timers
            .set(Timer::Ping, cx.now.mono_ms + PING_INTERVAL_MS);
        self.begin_catch_up();
        self.list_groups(cx);
        self.list_contacts(cx);
        self.ask(Asked::Requests(None), Request::FriendRequests, cx);
        self.report_candidates(cx);
        self.relay_again(cx)?;
        self.acknowledge_shown(cx)?;
        self.acknowledge_confirmed(cx)?;
        self.repeat_away(cx)?;
        self.ask_parked(cx);
        self.doctors_go_on(cx);
        Ok(())
    }

    fn welcome_holds(&self, welcome: &Welcome) -> bool {
        let (Some(server), Some(device)) = (self.session.server_id(), &self.session.device) else {
            return false;
        };
        let key = server.public_key();
        let Ok(membership) = welcome.membership.verify::<Membership>(&key) else {
            return false;
        };
        let Ok(card) = welcome.card.verify::<Card>(&membership.account_pk) else {
            return false;
        };
        let Ok(revocations) = welcome.revocations.verify::<Revocations>(&key) else {
            return false;
        };
        let mine = hutong_common::identity::KeyPair::from_seed(device.seed).public();
        membership.server_id == server
            && revocations.server_id == server
            && card.server_id == server
            && membership.account_id == welcome.account
            && membership.login == welcome.login
            && welcome.login == device.login
            && card.account_id == welcome.account
            && card.live_device(&mine, welcome.now_ms).is_some()
    }

    /// Whether a welcome that nobody typed a password for is to the account of this home, under the key that it has: only
    /// a rendezvous that lies would say otherwise.
    pub(super) fn is_to_us(&mut self, welcome: &Welcome, cx: &mut Context<'_>) -> bool {
        let Some(row) = &self.session.account else {
            return true;
        };
        let keys = [&row.card, &welcome.card].map(|card| {
            let card = card.peek_unverified::<Card>().ok()?;
            Some((card.account_pk, card.account_gen))
        });
        let is_key_ours = keys[0] == keys[1];
        let is_ours = row.account == welcome.account;
        if is_ours && !is_key_ours && !std::mem::replace(&mut self.session.warned_of_key, true) {
            cx.warn(WarningCode::KeyChanged, row.login.as_str());
        }
        is_ours && is_key_ours
    }

    /// The list of a welcome, unless we hold a newer one of that rendezvous.
    fn newest_revocations(&self, told: &Signed) -> Signed {
        let version = |list: &Signed| {
            let list = list.peek_unverified::<Revocations>().ok()?;
            Some((list.server_id, list.version))
        };
        let known = self.session.network.as_ref().map(|row| &row.revocations);
        let newer = known.filter(|known| {
            let (known, told) = (version(known), version(told));
            known.map(|(by, _)| by) == told.map(|(by, _)| by) && known > told
        });
        if newer.is_some() {
            tracing::warn!("the rendezvous tells an older list of revocations");
        }
        newer.unwrap_or(told).clone()
    }

    /// Says whether somebody signed in who was not signed in before.
    fn keep_account(
        &mut self,
        welcome: &Welcome,
        cx: &mut Context<'_>,
    ) -> Result<bool, StoreError> {
        let was_signed_in = self.session.me().is_some();
        let is_another =
            self.session.account.as_ref().is_some_and(|row| {
                row.account != welcome.account || self.is_of_another_server(row)
            });
        let device = self.session.device.clone();
        if is_another {
            self.forget_other(cx)?;
        }
        let known = self.session.account.as_ref().filter(|_| !is_another);
        let card = known.map_or(&welcome.card, |known| {
            newest_card(&known.card, &welcome.card)
        });
        let row = AccountRow {
            account: welcome.account,
            login: welcome.login.clone(),
            profile: welcome.profile.clone(),
            membership: welcome.membership.clone(),
            card: card.clone(),
        };
        cx.tx.set_single(ACCOUNT, &row)?;
        self.session.account = Some(row.into());
        if !was_signed_in && let Some(mut device) = device {
            device.enrolled = true;
            self.session.save_device(Some(device), cx.tx)?;
            self.restart_numbers(cx)?;
        }
        if let Some(server) = &mut self.session.server
            && *server.name != *welcome.server_name
        {
            server.name = welcome.server_name.to_string();
            cx.tx.set_single(SERVER, server)?;
        }
        Ok(!was_signed_in)
    }

    fn is_of_another_server(&self, row: &AccountRow) -> bool {
        let membership = row.membership.peek_unverified::<Membership>();
        membership.map_or(true, |known| {
            Some(known.server_id) != self.session.server_id()
        })
    }

    /// Who is signed in, as commands are answered.
    pub(super) fn signed_in(&self) -> Option<SignedIn> {
        let me = self.session.me()?;
        let device = self.session.my_entry()?;
        Some(SignedIn {
            account: me.account,
            login: me.login.to_string(),
            device: device.id(),
            kind: kind_name(device.kind),
            until_ms: device.until_ms,
        })
    }

    /// Tells where this engine is, once UDP is bound.
    pub(super) fn ready(&self, cx: &mut Context<'_>) {
        if !self.session.is_ready {
            return;
        }
        let signed_in = self.signed_in();
        cx.event(Event::Ready(Ready {
            account: signed_in.as_ref().map(|who| who.account),
            login: signed_in.as_ref().map(|who| who.login.clone()),
            device: signed_in.as_ref().map(|who| who.device),
            udp_port: self.session.udp_port,
            home: self.config.home.clone(),
        }));
    }

    pub(in crate::core) fn on_addresses(
        &mut self,
        udp_port: Option<u16>,
        interfaces: Vec<IpAddr>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let is_first = !self.session.is_ready;
        self.session.udp_port = udp_port;
        let before = std::mem::replace(&mut self.session.interfaces, interfaces);
        self.session.is_ready = true;
        if is_first {
            self.ready(cx);
        } else {
            self.moved(&before, cx)?;
        }
        if self.session.is_online() {
            self.report_candidates(cx);
        }
        Ok(())
    }

    /// The membership was made anew while we stayed.
    pub(super) fn membership_renewed(
        &mut self,
        membership: Signed,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let (Some(server), Some(row)) = (self.session.server_id(), &mut self.session.account)
        else {
            return Ok(());
        };
        match membership.verify::<Membership>(&server.public_key()) {
            Ok(renewed) if renewed.server_id == server && renews(&row.membership, &renewed) => {
                row.change(|row| row.membership = membership);
                cx.tx.set_single(ACCOUNT, &**row)
            }
            Ok(_) | Err(_) => {
                tracing::warn!("a pushed membership does not hold");
                Ok(())
            }
        }
    }

    /// A list of revocations, from the rendezvous or a peer; only a newer one counts.
    pub(in crate::core) fn take_revocations(
        &mut self,
        revocations: Signed,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let known = self.revocations_version();
        let (Some(server), Some(known_row)) = (self.session.server_id(), &self.session.network)
        else {
            return Ok(());
        };
        match revocations.verify::<Revocations>(&server.public_key()) {
            Ok(list) if list.server_id == server && list.version > known => {
                let row = NetworkRow {
                    revocations,
                    ..(**known_row).clone()
                };
                cx.tx.set_single(NETWORK, &row)?;
                self.session.network = Some(row.into());
                if self.am_revoked() {
                    let text = "this device was removed from the account";
                    return self.dismissed(WarningCode::SignedOut, text, cx);
                }
                self.spread_revocations(cx);
                self.drop_void_links(cx)
            }
            // Peers pass on what they have, which is often what we know.
            Ok(list) if list.server_id == server => Ok(()),
            Ok(_) | Err(_) => {
                tracing::warn!("a list of revocations does not hold");
                Ok(())
            }
        }
    }

    /// Whether the list names this device.
    fn am_revoked(&self) -> bool {
        let (Some(me), Some(list)) = (self.session.my_account(), self.revocations()) else {
            return false;
        };
        let device = self.session.my_device();
        list.entries
            .iter()
            .filter(|entry| entry.account_id == me)
            .any(|entry| entry.gone.iter().any(|gone| Some(*gone) == device))
    }

    /// Who is no longer believed.
    pub(in crate::core) fn revocations(&self) -> Option<&Revocations> {
        self.session.network.as_ref()?.revocations()
    }

    pub(in crate::core) fn revocations_version(&self) -> u64 {
        self.revocations().map_or(0, |list| list.version)
    }
}

/// Whether a membership is the same account's under the same key, and later.
fn renews(known: &Signed, renewed: &Membership) -> bool {
    known.peek_unverified::<Membership>().is_ok_and(|known| {
        (known.account_id, known.account_pk, known.account_gen)
            == (renewed.account_id, renewed.account_pk, renewed.account_gen)
            && known.serial < renewed.serial
    })
}

/// The newer one of two cards of one account key. One that is told later under the same number as another is not
/// believed: the account signs each number once.
fn newest_card<'a>(known: &'a Signed, told: &'a Signed) -> &'a Signed {
    let of = |card: &Signed| card.peek_unverified::<Card>().ok();
    let (Some(known_card), Some(told_card)) = (of(known), of(told)) else {
        return told;
    };
    let is_same_key = known_card.account_pk == told_card.account_pk;
    let is_newer = told_card.version > known_card.version || known.body() == told.body();
    if is_same_key && !is_newer {
        tracing::warn!("the rendezvous tells an older or another card of ours");
        known
    } else {
        told
    }
}
