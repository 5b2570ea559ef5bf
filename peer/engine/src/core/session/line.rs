//! Making, losing and pausing the connection to the rendezvous. There is one at most; a new one ends the one before.

use super::{Core, Line, Session};
use crate::api::event::{Event, ServerState, WarningCode};
use crate::core::Context;
use crate::core::asks::{Asked, Setback};
use crate::core::io::{Attempt, KeySeed, Output, ServerDown, ServerOutput};
use crate::core::timers::Timer;
use crate::store::StoreError;
use crate::store::home::SERVER;
use hutong_common::id::ServerId;
use hutong_common::limits::{
    INVITE_HOSTS_MAX, PAUSE_MS_MAX, PING_INTERVAL_MS, RECONNECT_DELAY_MS_MAX,
    RECONNECT_DELAY_MS_MIN, RETRY_JITTER_PERCENT,
};
use hutong_common::rpc::Request;
use std::net::{IpAddr, SocketAddr};

impl Session {
    /// What tickets of relayed sessions are bound to.
    pub(in crate::core) fn relay_exporter(&self) -> Option<[u8; 32]> {
        self.exporters().map(|exporters| exporters.relay)
    }

    /// Where the rendezvous answered last, `HOST:PORT`.
    pub(in crate::core) fn host(&self) -> Option<String> {
        self.server.as_ref()?.hosts.first().cloned()
    }
}

impl Core {
    /// Connects with the device key of this home.
    pub(in crate::core) fn connect_home(&mut self, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let (Some(server), Some(keys)) = (&self.session.server, self.session.keys()) else {
            return Ok(());
        };
        let (pin, mut hosts) = (server.server, server.hosts.clone());
        let seed = KeySeed(*keys.seed());
        for address in self
            .session
            .seen
            .get(&pin)
            .iter()
            .flat_map(|seen| &seen.addresses)
        {
            if !hosts.contains(&address.to_string()) {
                hosts.push(address.to_string());
            }
        }
        self.connect(hosts, Some(pin), seed, cx)
    }

    /// Leaves the connection that is, and tries another.
    pub(super) fn connect(
        &mut self,
        hosts: Vec<String>,
        pin: Option<ServerId>,
        key_seed: KeySeed,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.session.attempts += 1;
        let attempt = Attempt(self.session.attempts);
        self.session.line = Line::Connecting(attempt);
        self.timers.cancel(Timer::Reconnect);
        self.timers.cancel(Timer::Ping);
        self.lose_asks(cx)?;
        cx.out.push(Output::Server(ServerOutput::Connect {
            attempt,
            hosts,
            pin,
            key_seed,
        }));
        Ok(())
    }

    /// The host that answered is tried first next time.
    pub(super) fn remember_host(
        &mut self,
        host: &str,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(row) = &mut self.session.server else {
            return Ok(());
        };
        if row.hosts.first().is_some_and(|first| first == host) {
            return Ok(());
        }
        row.hosts.retain(|known| known != host);
        row.hosts.insert(0, host.to_owned());
        row.hosts.truncate(INVITE_HOSTS_MAX);
        cx.tx.set_single(SERVER, row)
    }

    /// Closes the connection and tries again after the usual pause, but not before `pause_ms`.
    pub(in crate::core) fn hang_up(
        &mut self,
        pause_ms: u64,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.disconnect(Line::Pause, cx)?;
        self.schedule_reconnect(pause_ms, cx);
        Ok(())
    }

    pub(super) fn disconnect(
        &mut self,
        line: Line,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.session.attempt().is_some() {
            cx.out.push(Output::Server(ServerOutput::Disconnect));
        }
        self.line_lost(line, cx)
    }

    pub(super) fn line_lost(&mut self, line: Line, cx: &mut Context<'_>) -> Result<(), StoreError> {
        let state = match line {
            Line::Pause => ServerState::Backoff,
            Line::Off | Line::Connecting(_) | Line::Up(..) | Line::Online(..) => {
                ServerState::Offline
            }
        };
        self.session.line = line;
        self.timers.cancel(Timer::Ping);
        self.tell_server(state, cx);
        self.lose_asks(cx)?;
        self.server_lost(cx)
    }

    pub(super) fn tell_server(&mut self, state: ServerState, cx: &mut Context<'_>) {
        if self.session.told != state {
            self.session.told = state;
            cx.event(Event::Server { state });
        }
    }

    fn schedule_reconnect(&mut self, pause_ms: u64, cx: &mut Context<'_>) {
        let doubled = RECONNECT_DELAY_MS_MIN << self.session.failures.min(16);
        self.session.failures += 1;
        let delay_ms = cx.jittered(doubled.min(RECONNECT_DELAY_MS_MAX), RETRY_JITTER_PERCENT);
        let at_ms = cx.now.mono_ms + delay_ms.max(pause_ms.min(PAUSE_MS_MAX));
        self.timers.set(Timer::Reconnect, at_ms);
    }

    pub(super) fn server_down(
        &mut self,
        why: ServerDown,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.session.entry.is_some() {
            return self.entry_lost(why, cx);
        }
        let setback = Setback::from(why);
        let is_news = std::mem::replace(&mut self.session.setback, setback) != setback;
        if is_news && setback != Setback::Lost {
            cx.warn(
                WarningCode::ServerKeyChanged,
                "another key at the address of the pinned rendezvous",
            );
        }
        self.line_lost(Line::Pause, cx)?;
        self.schedule_reconnect(0, cx);
        Ok(())
    }

    /// This computer has other addresses than `before`: ways of links are looked for anew, a connection from an address that is
    /// gone is gone too, and where there is a new one the rendezvous may be reached at once.
    pub(super) fn moved(
        &mut self,
        before: &[IpAddr],
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let own = before.iter().copied().filter(|own| !own.is_loopback());
        let gone: Vec<IpAddr> = own
            .filter(|own| !self.session.interfaces.contains(own))
            .collect();
        if before != self.session.interfaces {
            self.paths_moved(cx);
        }
        let now = &self.session.interfaces;
        let is_lost = |own: SocketAddr| gone.contains(&own.ip());
        if self.session.local_address().is_some_and(is_lost) {
            cx.out.push(Output::Server(ServerOutput::Disconnect));
            return self.server_down(ServerDown::Unreachable, cx);
        }
        if matches!(self.session.line, Line::Pause) && now.iter().any(|one| !before.contains(one)) {
            self.session.failures = 0;
            self.timers
                .set_earlier(Timer::Reconnect, cx.now.mono_ms + RECONNECT_DELAY_MS_MIN);
        }
        Ok(())
    }

    /// Keeps the connection.
    pub(in crate::core) fn ping(&mut self, cx: &mut Context<'_>) {
        self.ask(Asked::Ping, Request::Ping, cx);
        self.timers
            .set(Timer::Ping, cx.now.mono_ms + PING_INTERVAL_MS);
    }

    /// A reply did not come: the connection is as good as gone.
    pub(in crate::core) fn reply_overdue(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        cx.out.push(Output::Server(ServerOutput::Disconnect));
        self.server_down(ServerDown::Unreachable, cx)
    }
}
