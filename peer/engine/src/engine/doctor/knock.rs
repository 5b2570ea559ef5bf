//! Knocking at an address: whether the rendezvous answers there, somebody else, or nobody.
//!
//! A fresh connection under a key made for this one time, closed as soon as it is known who answers.

use crate::api::doctor::TcpAnswer;
use hutong_common::entropy::OsEntropy;
use hutong_common::id::ServerId;
use hutong_common::limits::{DOCTOR_ANSWER_MS, DOCTOR_CONNECT_MS, DOCTOR_REJECTION_MS};
use hutong_common::tls::{self, ALPN_CONTROL};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;

/// How every answer of a web server begins.
const WEB: &[u8] = b"HTTP/";
/// What a web server is asked.
const WEB_QUESTION: &[u8] = b"GET / HTTP/1.0\r\n\r\n";

/// Addresses of a host, if its name is known.
pub(super) async fn resolve(host: &str) -> Vec<SocketAddr> {
    let found = timeout(Duration::from_millis(DOCTOR_ANSWER_MS), lookup_host(host)).await;
    found
        .ok()
        .and_then(Result::ok)
        .map_or_else(Vec::new, Iterator::collect)
}

/// Who answers at `host`, and at which address.
pub(super) async fn knock(host: &str, pin: Option<ServerId>) -> (Option<SocketAddr>, TcpAnswer) {
    let Some(address) = resolve(host).await.first().copied() else {
        return (None, TcpAnswer::NoName);
    };
    let answer = match connect(address).await {
        Ok(stream) => greet(stream, pin).await,
        Err(answer) => return (Some(address), answer),
    };
    let is_rendezvous = matches!(answer, TcpAnswer::Right | TcpAnswer::WrongKey);
    if !is_rendezvous && is_web_page(address).await {
        return (Some(address), TcpAnswer::WebPage);
    }
    (Some(address), answer)
}

async fn connect(address: SocketAddr) -> Result<TcpStream, TcpAnswer> {
    let since = Instant::now();
    let limit = Duration::from_millis(DOCTOR_CONNECT_MS);
    match timeout(limit, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(not_connected(&error, since.elapsed())),
        Err(_) => Err(TcpAnswer::TimedOut),
    }
}

fn not_connected(error: &io::Error, after: Duration) -> TcpAnswer {
    let is = |kinds: &[ErrorKind]| kinds.contains(&error.kind());
    // Who is looked for on the network is missed after seconds; a firewall says the same at once.
    let is_at_once = after < Duration::from_millis(DOCTOR_REJECTION_MS);
    if is(&[ErrorKind::ConnectionRefused]) || is_at_once && is(&[ErrorKind::HostUnreachable]) {
        TcpAnswer::Refused
    } else if is(&[ErrorKind::HostUnreachable, ErrorKind::NetworkUnreachable]) {
        TcpAnswer::NoRoute
    } else {
        TcpAnswer::TimedOut
    }
}

/// Whose key is shown there.
async fn greet(stream: TcpStream, pin: Option<ServerId>) -> TcpAnswer {
    let config = tls::client_config_unpinned(ALPN_CONTROL, &mut OsEntropy);
    let greeting = TlsConnector::from(config).connect(tls::server_name(), stream);
    let stream = match timeout(Duration::from_millis(DOCTOR_ANSWER_MS), greeting).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return not_greeted(&error),
        Err(_) => return TcpAnswer::TimedOut,
    };
    let (_, session) = stream.get_ref();
    let key = tls::require_alpn(session.alpn_protocol(), ALPN_CONTROL)
        .and_then(|()| tls::peer_key(session.peer_certificates()));
    match (key, pin) {
        (Err(_), _) => TcpAnswer::NotTls,
        (Ok(key), Some(pin)) if ServerId(key.0) != pin => TcpAnswer::WrongKey,
        (Ok(_), _) => TcpAnswer::Right,
    }
}

fn not_greeted(error: &io::Error) -> TcpAnswer {
    let hung_up = [
        ErrorKind::UnexpectedEof,
        ErrorKind::ConnectionReset,
        ErrorKind::BrokenPipe,
    ];
    if hung_up.contains(&error.kind()) {
        TcpAnswer::Closed
    } else {
        TcpAnswer::NotTls
    }
}

/// Whether somebody there speaks HTTP: the page on which one signs in to a network answers for everybody.
async fn is_web_page(address: SocketAddr) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(WEB_QUESTION).await?;
        let mut head = [0; WEB.len()];
        stream.read_exact(&mut head).await?;
        io::Result::Ok(head == WEB)
    };
    let asked = timeout(Duration::from_millis(DOCTOR_ANSWER_MS), ask).await;
    matches!(asked, Ok(Ok(true)))
}
