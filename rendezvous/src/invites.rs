//! Making invitations: a token in the database, and the link that carries it to people.
//!
//! Called by `server.rs` for the running rendezvous and by `commands.rs` beside a stopped one, each within a
//! transaction of its own; the link is shown after its commit.

use crate::admin::InviteWanted;
use crate::database::Unavailable;
use crate::service::{Context, Service};
use hutong_common::id::ServerId;
use hutong_common::invite::{Invite, InviteError};
use hutong_common::limits::DAY_MS;

/// What every link of a rendezvous says.
#[derive(Clone, Debug)]
pub(crate) struct Inviting {
    pub(crate) server: ServerId,
    pub(crate) name: String,
    /// Where it is reached, best first.
    pub(crate) hosts: Vec<String>,
}

/// Why there is no invitation.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotInvited {
    #[error(transparent)]
    Link(#[from] InviteError),
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl Inviting {
    /// The link without a token: it tells where and who, and lets nobody in who needs one.
    pub(crate) fn plain(&self) -> Result<Invite, InviteError> {
        self.link(&self.hosts, None)
    }

    /// An invitation as it is wanted, good once `cx` is committed.
    pub(crate) fn invite(
        &self,
        wanted: &InviteWanted,
        cx: &mut Context<'_>,
    ) -> Result<Invite, NotInvited> {
        let lifetime_ms = u64::from(wanted.days) * DAY_MS;
        let token = Service::make_invite(wanted.uses, lifetime_ms, cx);
        let token = token.map_err(Unavailable::Store)?;
        let hosts = if wanted.hosts.is_empty() {
            &self.hosts
        } else {
            &wanted.hosts
        };
        Ok(self.link(hosts, Some(token))?)
    }

    fn link(&self, hosts: &[String], token: Option<String>) -> Result<Invite, InviteError> {
        Invite::new(hosts.to_vec(), self.server, token, self.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use hutong_common::entropy::SeededEntropy;
    use hutong_common::identity::KeyPair;

    fn inviting() -> Inviting {
        Inviting {
            server: ServerId(KeyPair::from_seed([1; 32]).public().0),
            name: "三年二班".to_owned(),
            hosts: vec!["192.0.2.1:7440".to_owned()],
        }
    }

    fn invite(hosts: &[&str]) -> Result<Invite, NotInvited> {
        let hosts = hosts.iter().map(|&host| host.to_owned()).collect();
        let wanted = InviteWanted {
            uses: 40,
            days: 2,
            hosts,
        };
        let store = Store::in_memory().unwrap();
        let (tx, entropy) = (
            &mut store.write().unwrap(),
            &mut SeededEntropy::from_number(1),
        );
        inviting().invite(
            &wanted,
            &mut Context {
                tx,
                now_ms: 1_000,
                entropy,
            },
        )
    }

    #[test]
    fn a_link_says_where_and_who_and_carries_a_token() {
        let read: Invite = invite(&[]).unwrap().to_string().parse().unwrap();
        assert_eq!(read.hosts(), ["192.0.2.1:7440"]);
        assert_eq!(read.server(), inviting().server);
        assert!(read.token().is_some());
        assert_eq!(inviting().plain().unwrap().token(), None);
    }

    #[test]
    fn hosts_that_somebody_names_go_before_our_own_idea() {
        assert_eq!(invite(&["a.example:1"]).unwrap().hosts(), ["a.example:1"]);
        assert!(matches!(
            invite(&["no port"]),
            Err(NotInvited::Link(InviteError::Host))
        ));
    }
}
