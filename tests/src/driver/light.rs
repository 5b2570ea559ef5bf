//! A client without an engine, a home and a thread: one TLS connection that speaks the control protocol by hand.
//!
//! For floods and measurements, which want more clients than a machine has room for real ones. It keeps nothing: who
//! wants to come back under the same device keeps its key and counts the resumes. Passwords are not stretched. Pushes
//! are skipped.

use super::deadline::wall_clock_ms;
use anyhow::{Context, bail};
use hutong_common::codec;
use hutong_common::entropy::OsEntropy;
use hutong_common::id::{PublicKey, ServerId};
use hutong_common::identity::KeyPair;
use hutong_common::limits::FRAME_BYTES_MAX;
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::{SignedIn, Welcome};
use hutong_common::rpc::{ClientFrame, Reply, Request, ServerFrame};
use hutong_common::tls::{ALPN_CONTROL, Exporters, client_config, server_name};
use hutong_fixtures::newcomer::{Enrolling, Newcomer};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The password of everybody who comes in by hand.
const PASSWORD: &str = "correct horse battery";

/// A rendezvous, as a client must know it.
#[derive(Clone, Copy, Debug)]
pub struct ControlPort {
    /// Where it listens.
    pub address: SocketAddr,
    /// The only key that is accepted there.
    pub server: ServerId,
}

/// One connection.
#[derive(Debug)]
pub struct LightClient {
    stream: TlsStream<TcpStream>,
    server: ServerId,
    device: PublicKey,
    last_id: u32,
}

impl LightClient {
    /// Connects as the device that holds `key`.
    ///
    /// # Errors
    /// When the rendezvous turns it away.
    pub async fn connect(to: ControlPort, key: &KeyPair) -> anyhow::Result<Self> {
        Self::over(TcpStream::connect(to.address).await?, to, key).await
    }

    /// The same over a socket that is connected already.
    ///
    /// # Errors
    /// When the rendezvous turns it away.
    pub async fn over(socket: TcpStream, to: ControlPort, key: &KeyPair) -> anyhow::Result<Self> {
        socket.set_nodelay(true)?;
        let config = client_config(key, to.server.public_key(), ALPN_CONTROL);
        let connecting = TlsConnector::from(config).connect(server_name(), socket);
        Ok(Self {
            stream: connecting.await?,
            server: to.server,
            device: key.public(),
            last_id: 0,
        })
    }

    /// Asks without waiting; the answer carries the number that is returned.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn tell(&mut self, request: Request) -> anyhow::Result<u32> {
        self.last_id += 1;
        let id = self.last_id;
        let payload = codec::encode(&ClientFrame { id, request });
        self.send_bytes(&codec::frame(&payload)).await?;
        Ok(id)
    }

    /// Sends bytes that need not be a frame.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send_bytes(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.stream.write_all(bytes).await?;
        Ok(self.stream.flush().await?)
    }

    /// Sends one byte and waits for one: for a server that does nothing else.
    ///
    /// # Errors
    /// When none comes.
    pub async fn echo(&mut self, byte: u8) -> anyhow::Result<u8> {
        self.send_bytes(&[byte]).await?;
        Ok(self.stream.read_u8().await?)
    }

    /// The stream itself, for whoever does not speak in frames.
    pub const fn socket(&mut self) -> &mut TlsStream<TcpStream> {
        &mut self.stream
    }

    /// The next frame, or none when the rendezvous has ended the connection.
    ///
    /// # Errors
    /// When what comes is no frame.
    pub async fn receive(&mut self) -> anyhow::Result<Option<ServerFrame>> {
        let mut header = [0; codec::FRAME_HEADER_BYTES];
        if self.stream.read_exact(&mut header).await.is_err() {
            return Ok(None);
        }
        let mut payload = vec![0; codec::frame_len(header, FRAME_BYTES_MAX)?];
        self.stream.read_exact(&mut payload).await?;
        Ok(Some(codec::decode(&payload)?))
    }

    /// Asks, and returns the answer, whatever it says.
    ///
    /// # Errors
    /// When none comes.
    pub async fn ask(&mut self, request: Request) -> anyhow::Result<Result<Reply, Refusal>> {
        let asked = self.tell(request).await?;
        loop {
            match self.receive().await?.context("the connection was ended")? {
                ServerFrame::Reply { id, result } if id == asked => return Ok(result),
                ServerFrame::Reply { .. } | ServerFrame::Push(_) => {}
            }
        }
    }

    /// Asks for what must succeed.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn done(&mut self, request: Request) -> anyhow::Result<Reply> {
        match self.ask(request).await? {
            Ok(reply) => Ok(reply),
            Err(refusal) => bail!("refused: {refusal:?}"),
        }
    }

    /// Registers with this device as the first, and is signed in afterwards.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn register(&mut self, login: &str) -> anyhow::Result<Box<Welcome>> {
        let (registering, start) = self.newcomer(login)?.register(&mut OsEntropy)?;
        let Reply::RegisterStarted(started) = self.done(Request::RegisterStart(start)).await?
        else {
            bail!("not the answer to this request");
        };
        let device = (self.device, wall_clock_ms());
        let registration = registering.finish(&started, device, &mut OsEntropy)?;
        let finish = Request::RegisterFinish(Box::new(registration.finish));
        welcome(self.done(finish).await?)
    }

    /// Signs in as a device that is known already; `n` is higher than at any time before.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn resume(&mut self, n: u64) -> anyhow::Result<Box<Welcome>> {
        welcome(self.done(Request::Resume { n }).await?)
    }

    /// Proves the password of an account; this device is not added to it yet.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn prove(&mut self, login: &str) -> anyhow::Result<(Enrolling, Box<SignedIn>)> {
        let (signing_in, start) = self.newcomer(login)?.sign_in(&mut OsEntropy)?;
        let Reply::SignInStarted(started) = self.done(Request::SignInStart(start)).await? else {
            bail!("not the answer to this request");
        };
        let exporter = Exporters::of(self.stream.get_ref().1)?.opaque;
        let (enrolling, finish) = signing_in.finish(&started, &exporter, &mut OsEntropy)?;
        let Reply::SignedIn(signed_in) = self.done(Request::SignInFinish(finish)).await? else {
            bail!("not the answer to this request");
        };
        Ok((enrolling, signed_in))
    }

    /// Signs in with the password, as a further device of the account: a shared seat.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn sign_in(&mut self, login: &str) -> anyhow::Result<Box<Welcome>> {
        let (enrolling, signed_in) = self.prove(login).await?;
        let enrol = enrolling.enrol(&signed_in, self.device)?;
        welcome(self.done(Request::Enrol(enrol)).await?)
    }

    /// Says that it is still there.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn ping(&mut self) -> anyhow::Result<()> {
        self.done(Request::Ping).await.map(drop)
    }

    fn newcomer(&self, login: &str) -> anyhow::Result<Newcomer> {
        Ok(Newcomer {
            server: self.server,
            login: Login::new(login).ok().context("a login")?,
            password: PASSWORD.to_owned(),
        })
    }
}

fn welcome(reply: Reply) -> anyhow::Result<Box<Welcome>> {
    let Reply::Welcome(welcome) = reply else {
        bail!("not the answer to this request");
    };
    Ok(welcome)
}
