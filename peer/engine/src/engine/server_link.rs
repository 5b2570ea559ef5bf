//! The connection to the rendezvous: TCP, TLS with the pinned key, and frames both ways.
//!
//! Called by the network's thread with what the core decided; tells the core what became of it. There is one connection
//! at a time: a newer attempt ends the one before without a word, and so does a disconnection that the core asked for.

use super::driver::Inputs;
use crate::core::io::{Attempt, Input, KeySeed, ServerDown, ServerInput, ServerOutput};
use hutong_common::codec::{self, FRAME_HEADER_BYTES};
use hutong_common::entropy::OsEntropy;
use hutong_common::id::ServerId;
use hutong_common::identity::KeyPair;
use hutong_common::limits::{
    FRAME_BYTES_MAX, FRAME_TIMEOUT_MS, LINK_CLOSE_TIMEOUT_MS, LINK_QUEUE_MAX,
    SERVER_CONNECT_TIMEOUT_MS, SILENCE_MAX_MS,
};
use hutong_common::push::Push;
use hutong_common::rpc::{ClientFrame, ServerFrame};
use hutong_common::tls::{self, ALPN_CONTROL, Exporters};
use rustls::ClientConfig;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The connection that is up or being made.
#[derive(Debug)]
pub(super) struct ServerLink {
    inputs: Inputs,
    current: Option<Current>,
}

#[derive(Debug)]
struct Current {
    attempt: Attempt,
    requests: mpsc::Sender<Vec<u8>>,
    task: JoinHandle<()>,
}

impl ServerLink {
    pub(super) const fn new(inputs: Inputs) -> Self {
        Self {
            inputs,
            current: None,
        }
    }

    pub(super) fn perform(&mut self, output: ServerOutput) {
        match output {
            ServerOutput::Connect {
                attempt,
                hosts,
                pin,
                key_seed,
            } => self.connect(attempt, hosts, pin, &key_seed),
            ServerOutput::Ask {
                attempt,
                id,
                request,
            } => {
                let frame = codec::encode(&ClientFrame {
                    id,
                    request: *request,
                });
                self.ask(attempt, codec::frame(&frame));
            }
            ServerOutput::Disconnect => drop(self.part()),
        }
    }

    fn connect(
        &mut self,
        attempt: Attempt,
        hosts: Vec<String>,
        pin: Option<ServerId>,
        seed: &KeySeed,
    ) {
        if let Some(before) = self.current.take() {
            before.task.abort();
        }
        let config = match pin {
            Some(pin) => {
                let key = KeyPair::from_seed(seed.0);
                tls::client_config(&key, pin.public_key(), ALPN_CONTROL)
            }
            None => tls::client_config_unpinned(ALPN_CONTROL, &mut OsEntropy),
        };
        let (requests, queue) = mpsc::channel(LINK_QUEUE_MAX);
        let inputs = self.inputs.clone();
        let task = tokio::spawn(async move {
            if let Err(why) = run(attempt, hosts, config, queue, &inputs).await {
                let down = ServerInput::Down { attempt, why };
                inputs.send(Input::Server(down)).await;
            }
        });
        self.current = Some(Current {
            attempt,
            requests,
            task,
        });
    }

    fn ask(&mut self, attempt: Attempt, frame: Vec<u8>) {
        let Some(current) = self.current.as_ref().filter(|one| one.attempt == attempt) else {
            return;
        };
        if let Err(mpsc::error::TrySendError::Full(_)) = current.requests.try_send(frame) {
            tracing::warn!(
                "the rendezvous does not take what it is sent; the connection is closed"
            );
            current.task.abort();
            let inputs = self.inputs.clone();
            tokio::spawn(async move {
                let why = ServerDown::Unreachable;
                let down = ServerInput::Down { attempt, why };
                inputs.send(Input::Server(down)).await;
            });
            self.current = None;
        }
    }

    /// Ends the connection after what was asked has been handed over, within a bound.
    fn part(&mut self) -> Option<JoinHandle<()>> {
        let Current { requests, task, .. } = self.current.take()?;
        // The writer sees the end of its queue, writes the rest and closes.
        drop(requests);
        Some(task)
    }

    pub(super) async fn close(&mut self) {
        if let Some(task) = self.part() {
            task.await.ok();
        }
    }
}

/// `Ok` when we ended it ourselves.
async fn run(
    attempt: Attempt,
    hosts: Vec<String>,
    config: Arc<ClientConfig>,
    mut queue: mpsc::Receiver<Vec<u8>>,
    inputs: &Inputs,
) -> Result<(), ServerDown> {
    let (up, stream) = tokio::select! {
        connected = connect_any(attempt, hosts, config) => connected?,
        None = queue.recv() => return Ok(()),
    };
    inputs.send(Input::Server(up)).await;
    let (reader, writer) = tokio::io::split(stream);
    tokio::select! {
        () = write_requests(queue, writer) => Ok(()),
        error = read_frames(attempt, reader, inputs) => {
            tracing::debug!(%error, "the rendezvous is gone");
            Err(ServerDown::Unreachable)
        }
    }
}

type Connected = (ServerInput, TlsStream<TcpStream>);

/// Tries the hosts in order; each gets its share of the time that is left.
async fn connect_any(
    attempt: Attempt,
    hosts: Vec<String>,
    config: Arc<ClientConfig>,
) -> Result<Connected, ServerDown> {
    let mut why = ServerDown::Unreachable;
    let deadline = tokio::time::Instant::now() + Duration::from_millis(SERVER_CONNECT_TIMEOUT_MS);
    let mut left = u32::try_from(hosts.len()).unwrap_or(u32::MAX);
    for host in hosts {
        let share = deadline.duration_since(tokio::time::Instant::now()) / left.max(1);
        left = left.saturating_sub(1);
        match timeout(share, connect(&host, Arc::clone(&config))).await {
            Ok(Ok((server, exporters, stream))) => {
                let local = stream.get_ref().0.local_addr();
                let local = local.map_err(|_| ServerDown::Unreachable)?;
                let up = ServerInput::Up {
                    attempt,
                    server,
                    exporters,
                    local: unmapped(local),
                    host,
                };
                return Ok((up, stream));
            }
            Ok(Err(error)) if is_wrong_key(&error) => {
                let found = timeout(share, find_key(&host)).await.ok().flatten();
                why = ServerDown::WrongKey { found };
            }
            Ok(Err(error)) => tracing::debug!(%error, "the rendezvous does not answer here"),
            Err(_) => tracing::debug!("the rendezvous does not answer here in time"),
        }
    }
    Err(why)
}

async fn connect(
    host: &str,
    config: Arc<ClientConfig>,
) -> io::Result<(ServerId, Exporters, TlsStream<TcpStream>)> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in tokio::net::lookup_host(host).await? {
        match TcpStream::connect(address).await {
            Ok(tcp) => {
                tcp.set_nodelay(true)?;
                let connector = TlsConnector::from(config);
                let stream = connector.connect(tls::server_name(), tcp).await?;
                let (_, session) = stream.get_ref();
                tls::require_alpn(session.alpn_protocol(), ALPN_CONTROL)
                    .map_err(io::Error::other)?;
                let key = tls::peer_key(session.peer_certificates()).map_err(io::Error::other)?;
                let exporters = Exporters::of(session).map_err(io::Error::other)?;
                return Ok((ServerId(key.0), exporters, stream));
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Which key answers there, seen under a key made for this one time.
async fn find_key(host: &str) -> Option<ServerId> {
    let config = tls::client_config_unpinned(ALPN_CONTROL, &mut OsEntropy);
    let (server, _, _) = connect(host, config).await.ok()?;
    Some(server)
}

fn is_wrong_key(error: &io::Error) -> bool {
    let tls = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
}

/// An IPv4 address as itself, when the socket speaks both families.
pub(super) fn unmapped(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// Ends when the queue does, with everything written, or when writing fails, which the reader notices.
async fn write_requests(
    mut queue: mpsc::Receiver<Vec<u8>>,
    mut writer: WriteHalf<TlsStream<TcpStream>>,
) {
    while let Some(frame) = queue.recv().await {
        let written = async {
            writer.write_all(&frame).await?;
            writer.flush().await
        };
        if let Err(error) = written.await {
            tracing::debug!(%error, "the rendezvous cannot be written to");
            return std::future::pending().await;
        }
    }
    timeout(
        Duration::from_millis(LINK_CLOSE_TIMEOUT_MS),
        writer.shutdown(),
    )
    .await
    .ok();
}

/// Ends with the reason for which nothing more can be read.
async fn read_frames(
    attempt: Attempt,
    mut reader: ReadHalf<TlsStream<TcpStream>>,
    inputs: &Inputs,
) -> io::Error {
    loop {
        match read_frame(&mut reader).await {
            Ok(ServerFrame::Reply { id, result }) => {
                let reply = ServerInput::Reply {
                    attempt,
                    id,
                    result,
                };
                inputs.send(Input::Server(reply)).await;
            }
            Ok(ServerFrame::Push(Push::Unknown(kind, _))) => {
                tracing::debug!(kind, "a push of a newer rendezvous is skipped");
            }
            Ok(ServerFrame::Push(push)) => {
                let push = ServerInput::Push { attempt, push };
                inputs.send(Input::Server(push)).await;
            }
            Err(error) => return error,
        }
    }
}

async fn read_frame(reader: &mut ReadHalf<TlsStream<TcpStream>>) -> io::Result<ServerFrame> {
    let mut header = [0; FRAME_HEADER_BYTES];
    timeout(
        Duration::from_millis(SILENCE_MAX_MS),
        reader.read_exact(&mut header),
    )
    .await??;
    let len = codec::frame_len(header, FRAME_BYTES_MAX).map_err(io::Error::other)?;
    let mut body = vec![0; len];
    timeout(
        Duration::from_millis(FRAME_TIMEOUT_MS),
        reader.read_exact(&mut body),
    )
    .await??;
    codec::decode(&body).map_err(io::Error::other)
}
