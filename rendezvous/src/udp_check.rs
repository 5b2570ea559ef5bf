//! UDP packets of checks, sent back to whoever may ask for them. Bound by `server.rs` at the port of the control
//! connection; which packet goes back is decided by the service.
//!
//! A port that cannot be had costs the check and not the rendezvous.

use crate::clock;
use crate::service::Service;
use hutong_common::limits::{ACCEPT_PAUSE_MS, CHECK_LARGE_BYTES};
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::sleep;
use tracing::{debug, warn};

/// The socket, at the address of the control port; none where it cannot be had. The service is told which of both.
pub(crate) fn bind(control: SocketAddr, announced: bool, service: &Service) -> Option<UdpSocket> {
    let bound = try_bind(control)
        .inspect_err(|error| warn!(%error, "clients cannot check UDP to this rendezvous"))
        .ok();
    service.set_check_port(bound.as_ref().map(|_| control.port()), announced);
    bound
}

fn try_bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::DGRAM,
        Some(Protocol::UDP),
    )?;
    if address.is_ipv6() {
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    UdpSocket::from_std(socket.into())
}

/// Sends packets back for ever.
pub(crate) async fn serve(socket: UdpSocket, service: Arc<Service>) {
    let mut packet = [0; CHECK_LARGE_BYTES];
    loop {
        match socket.recv_from(&mut packet).await {
            Ok((len, from)) => {
                let answer = packet
                    .get(..len)
                    .and_then(|packet| service.echo(packet, from.ip(), clock::now_ms()));
                if let Some(answer) = answer
                    && let Err(error) = socket.try_send_to(&answer, from)
                {
                    debug!(%error, "a packet of a check cannot be sent back");
                }
            }
            Err(error) => {
                debug!(%error, "packets of checks cannot be read");
                sleep(Duration::from_millis(ACCEPT_PAUSE_MS)).await;
            }
        }
    }
}
