//! Which rendezvous is meant, and whether its key is trusted before anything is said to it.

use super::Session;
use crate::api::Failure;
use crate::api::done::ServerSeen;
use crate::api::event::ServerState;
use hutong_common::id::ServerId;
use hutong_common::identity::Fingerprint;
use hutong_common::invite::Invite;
use hutong_common::limits::DOCTOR_HOSTS_MAX;

/// Where to connect, and whom to expect there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// `HOST:PORT`, best first.
    pub(super) hosts: Vec<String>,
    /// The key, when it is known already.
    pub(super) pin: Option<ServerId>,
    /// What it is called.
    pub(super) name: String,
    /// Whether the person agrees to a key that was never pinned.
    pub(super) consent: bool,
    /// What allows registering there.
    pub(super) token: Option<String>,
}

impl Session {
    /// The rendezvous that was named, else the pinned one, else the preset, else the only one seen.
    pub(super) fn choose(
        &self,
        named: Option<&str>,
        preset: Option<&str>,
        accept_new: bool,
    ) -> Result<Target, Failure> {
        if let Some(named) = named {
            return self.named(named, accept_new);
        }
        if let Some(row) = &self.server {
            return Ok(Target {
                hosts: row.hosts.clone(),
                pin: Some(row.server),
                name: row.name.clone(),
                consent: true,
                token: None,
            });
        }
        if let Some(preset) = preset {
            return self.named(preset, accept_new);
        }
        self.only_one_seen(accept_new)
    }

    /// How the rendezvous is reached, as it was told last.
    pub(in crate::core) const fn state(&self) -> ServerState {
        self.told
    }

    /// Where the rendezvous answered to which we are connected.
    pub(in crate::core) fn host_online(&self) -> Option<String> {
        let row = self.server.as_ref().filter(|_| self.is_online())?;
        row.hosts.first().cloned()
    }

    /// When everybody on the LAN could be heard.
    pub(in crate::core) const fn looks_until_ms(&self) -> u64 {
        self.look.until_ms()
    }

    /// Rendezvous nodes heard by mDNS.
    pub(in crate::core) fn servers_heard(&self) -> usize {
        self.seen.len()
    }

    /// Where a check of the network looks for a rendezvous, and for which: the one that is meant, else all that are seen.
    pub(in crate::core) fn whereabouts(
        &self,
        preset: Option<&str>,
    ) -> (Vec<String>, Option<ServerId>) {
        let Ok(target) = self.choose(None, preset, false) else {
            let seen = self.seen.values().flat_map(|seen| &seen.addresses);
            let hosts = seen.map(ToString::to_string).take(DOCTOR_HOSTS_MAX);
            return (hosts.collect(), None);
        };
        let seen = target.pin.and_then(|pin| self.seen.get(&pin));
        let mut hosts = target.hosts;
        for address in seen.into_iter().flat_map(|seen| &seen.addresses) {
            if !hosts.contains(&address.to_string()) {
                hosts.push(address.to_string());
            }
        }
        hosts.truncate(DOCTOR_HOSTS_MAX);
        (hosts, target.pin)
    }

    fn named(&self, text: &str, accept_new: bool) -> Result<Target, Failure> {
        if text.trim_start().starts_with("hutong:") {
            let invite: Invite = text.parse().map_err(|error| Failure::Malformed {
                detail: format!("{error}"),
            })?;
            return self.invited(&invite);
        }
        if !text.contains(':') {
            return Err(Failure::Malformed {
                detail: "a server is an invite link or HOST:PORT".to_owned(),
            });
        }
        let host = text.trim().to_owned();
        let pinned = self.server.as_ref().filter(|row| row.hosts.contains(&host));
        Ok(Target {
            pin: pinned.map(|row| row.server),
            name: pinned.map_or_else(|| host.clone(), |row| row.name.clone()),
            hosts: vec![host],
            consent: accept_new || pinned.is_some(),
            token: None,
        })
    }

    /// A link is consent, but it never replaces the key of a name or address that is pinned.
    fn invited(&self, invite: &Invite) -> Result<Target, Failure> {
        let server = invite.server();
        if let Some(row) = &self.server
            && row.server != server
            && (row.name == invite.name()
                || row.hosts.iter().any(|host| invite.hosts().contains(host)))
        {
            return Err(Failure::ServerKeyChanged {
                fingerprint: Some(Fingerprint::of(server).to_string()),
            });
        }
        Ok(Target {
            hosts: invite.hosts().to_vec(),
            pin: Some(server),
            name: invite.name().to_owned(),
            consent: true,
            token: invite.token().map(str::to_owned),
        })
    }

    fn only_one_seen(&self, accept_new: bool) -> Result<Target, Failure> {
        let mut seen = self.seen.iter();
        let (Some((&server, only)), None) = (seen.next(), seen.next()) else {
            return Err(if self.seen.is_empty() {
                Failure::NoServer
            } else {
                Failure::SeveralServers
            });
        };
        Ok(Target {
            hosts: only.addresses.iter().map(ToString::to_string).collect(),
            pin: Some(server),
            name: only.name.clone(),
            consent: accept_new,
            token: None,
        })
    }

    /// Every rendezvous seen on this LAN.
    pub(super) fn servers_seen(&self) -> Vec<ServerSeen> {
        let trusted = self.server_id();
        self.seen
            .iter()
            .filter_map(|(&server, seen)| {
                Some(ServerSeen {
                    name: seen.name.clone(),
                    server_id: server.to_string(),
                    fingerprint: Fingerprint::of(server).to_string(),
                    address: *seen.addresses.first()?,
                    trusted: trusted == Some(server),
                })
            })
            .collect()
    }
}

/// What a person has to compare before agreeing.
pub(super) fn not_trusted(server: ServerId, address: &str) -> Failure {
    Failure::ServerNotTrusted {
        fingerprint: Fingerprint::of(server).to_string(),
        address: address.to_owned(),
    }
}
