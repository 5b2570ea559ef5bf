//! Says on the local network where this rendezvous is, by mDNS.
//!
//! A hint of where to dial and nothing more: clients believe a server's key, never a record. Started by `server.rs`;
//! a network without multicast costs the announcement, not the server.

use hutong_common::id::ServerId;
use hutong_common::limits::MDNS_GOODBYE_MS;
use hutong_common::mdns::{RENDEZVOUS_SERVICE, TXT_NAME, TXT_SERVER, TXT_VERSION, VERSION};
use mdns_sd::{Receiver, ServiceDaemon, ServiceEvent, ServiceInfo};
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::timeout;
use tracing::warn;

/// Letters of the server's id that tell two instances on one network apart.
const INSTANCE_CHARS: usize = 12;

/// What is told of a rendezvous.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Announced<'a> {
    pub(crate) server: ServerId,
    pub(crate) name: &'a str,
    pub(crate) port: u16,
    /// The only address to tell, or none to tell those of all interfaces as they come and go.
    pub(crate) address: Option<IpAddr>,
}

/// An announcement of a running rendezvous.
pub(crate) struct Announcement {
    daemon: ServiceDaemon,
    name: String,
}

impl Announcement {
    /// Announces, or logs why that is not possible here.
    pub(crate) fn start(announced: Announced<'_>) -> Option<Self> {
        match announce(announced) {
            Ok(announcement) => Some(announcement),
            Err(error) => {
                warn!(%error, "not announced on the local network");
                None
            }
        }
    }

    /// What others announce of this kind, and this program itself.
    pub(crate) fn hear(&self) -> Option<Receiver<ServiceEvent>> {
        let heard = self.daemon.browse(RENDEZVOUS_SERVICE);
        heard
            .inspect_err(|error| warn!(%error, "other rendezvous are not heard"))
            .ok()
    }

    /// Says goodbye, so that clients do not dial what is gone; a network that is gone too is not waited for.
    pub(crate) async fn take_back(self) {
        let said = async {
            self.daemon
                .unregister(&self.name)
                .ok()?
                .recv_async()
                .await
                .ok()
        };
        if !matches!(
            timeout(Duration::from_millis(MDNS_GOODBYE_MS), said).await,
            Ok(Some(_))
        ) {
            warn!("the announcement was not taken back");
        }
        if let Err(error) = self.daemon.shutdown() {
            warn!(%error, "the announcements' daemon does not stop");
        }
    }
}

fn announce(announced: Announced<'_>) -> mdns_sd::Result<Announcement> {
    let info = service_info(announced)?;
    let name = info.get_fullname().to_owned();
    let daemon = ServiceDaemon::new()?;
    daemon.register(info)?;
    Ok(Announcement { daemon, name })
}

fn service_info(announced: Announced<'_>) -> mdns_sd::Result<ServiceInfo> {
    let server = announced.server.to_string();
    let instance = &server[..INSTANCE_CHARS];
    let host = format!("hutong-{instance}.local.");
    let properties = [
        (TXT_VERSION, VERSION),
        (TXT_SERVER, server.as_str()),
        (TXT_NAME, announced.name),
    ];
    let addresses: Vec<IpAddr> = announced.address.into_iter().collect();
    let info = ServiceInfo::new(
        RENDEZVOUS_SERVICE,
        instance,
        &host,
        &addresses[..],
        announced.port,
        &properties[..],
    )?;
    Ok(if announced.address.is_none() {
        info.enable_addr_auto()
    } else {
        info
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_holds_id_and_name_and_no_more() {
        let announced = Announced {
            server: ServerId([7; 32]),
            name: "三年二班",
            port: 7440,
            address: None,
        };
        let info = service_info(announced).unwrap();
        assert_eq!(info.get_port(), 7440);
        assert_eq!(
            info.get_property_val_str(TXT_SERVER),
            Some(&*ServerId([7; 32]).to_string())
        );
        assert_eq!(info.get_property_val_str(TXT_NAME), Some("三年二班"));
        assert_eq!(info.get_property_val_str(TXT_VERSION), Some(VERSION));
        assert_eq!(info.get_properties().len(), 3);
    }
}
