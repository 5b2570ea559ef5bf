//! Looks at this computer and its network for [`super`], which judges what is seen.

use super::{Announced, Finding, Seen};
use crate::addresses;
use crate::clock;
use crate::database::Database;
use hutong_common::id::ServerId;
use hutong_common::limits::{MDNS_ADDRESSES_MAX, VISITORS_WAIT_MS};
use hutong_common::mdns::TXT_SERVER;
use mdns_sd::{Receiver, ResolvedService, ScopedIp, ServiceEvent};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::sleep;

/// What is found at once about a rendezvous that listens at `bound`.
pub(crate) fn at_start(bound: SocketAddr, database: &Database) -> Vec<Finding> {
    let seen = Seen {
        listens_everywhere: bound.ip().is_unspecified(),
        addresses: addresses::of_this_computer()
            .into_iter()
            .filter(|ip| addresses::is_reachable(*ip))
            .collect(),
        free_bytes: database.free_bytes(),
        now_ms: clock::now_ms(),
    };
    seen.findings()
}

/// What is looked at while it serves.
pub(crate) struct Surroundings {
    pub(crate) server: ServerId,
    pub(crate) bound: SocketAddr,
    /// Whether somebody has come from another computer.
    pub(crate) visited: Arc<AtomicBool>,
    /// What is announced on the local network, when that can be heard.
    pub(crate) announced: Option<Receiver<ServiceEvent>>,
}

/// Looks for as long as it is polled, and says each thing once.
pub(crate) async fn watch(surroundings: Surroundings, found: impl Fn(&Finding)) {
    let Surroundings {
        server,
        bound,
        visited,
        announced,
    } = surroundings;
    let nobody_came = async {
        sleep(Duration::from_millis(VISITORS_WAIT_MS)).await;
        if !bound.ip().is_loopback() && !visited.load(Ordering::Relaxed) {
            let port = bound.port();
            found(&Finding::NobodyCame { port });
        }
    };
    let another_node = async {
        if let Some(at) = another_node((server, bound.port()), announced).await {
            found(&Finding::AnotherNode { at });
        }
    };
    tokio::join!(nobody_came, another_node);
}

/// Where another rendezvous with the same key is, once one is announced.
async fn another_node(
    (own, port): (ServerId, u16),
    announced: Option<Receiver<ServiceEvent>>,
) -> Option<SocketAddr> {
    let announced = announced?;
    // Addresses that were ours may still be in records when they are no longer.
    let mut ours: BTreeSet<IpAddr> = BTreeSet::new();
    ours.extend(addresses::of_this_computer());
    while let Ok(event) = announced.recv_async().await {
        if let ServiceEvent::ServiceResolved(service) = event {
            ours.extend(addresses::of_this_computer());
            let another = read(&service).another(own, port, &ours);
            if another.is_some() {
                return another;
            }
        }
    }
    None
}

fn read(service: &ResolvedService) -> Announced {
    let server = service.get_property_val_str(TXT_SERVER);
    let addresses = service.get_addresses().iter().map(ScopedIp::to_ip_addr);
    Announced {
        server: server.and_then(|text| text.parse().ok()),
        port: service.get_port(),
        addresses: addresses.take(MDNS_ADDRESSES_MAX).collect(),
    }
}
