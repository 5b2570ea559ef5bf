//! Sockets that wait for connections.
//!
//! Called by `server.rs` before it says that it is ready, so that an address in use is told at the start.

use crate::failure::Failure;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;

/// Listens at `address`; `[::]` means every address of both families, on systems with one family too.
pub(crate) fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    let both = address.is_ipv6() && address.ip().is_unspecified();
    let bound = bind(address).or_else(|error| {
        if both && error.kind() != io::ErrorKind::AddrInUse {
            bind(SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port())))
        } else {
            Err(error)
        }
    });
    bound.map_err(|error| Failure::address(address, error))
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    if address.is_ipv6() {
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    // A restart must not wait for connections of the run before. On Windows the option would share the port instead.
    if cfg!(unix) {
        socket.set_reuse_address(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpStream;

    #[tokio::test]
    async fn every_address_means_both_families() {
        let listener = listen("[::]:0".parse().unwrap()).unwrap();
        let port = listener.local_addr().unwrap().port();
        TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn an_address_in_use_is_refused_by_its_name() {
        let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let taken = listener.local_addr().unwrap();
        let refused = listen(taken).unwrap_err();
        assert!(matches!(refused, Failure::AddressInUse { address } if address == taken));
    }
}
