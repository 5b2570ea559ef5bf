//! A client that speaks the protocol by hand, and as wrongly as a test wants.
//!
//! Used by the tests beside it. Registers with the real OPAQUE messages, without stretching the password.

use hutong_common::bounded::Text;
use hutong_common::codec;
use hutong_common::entropy::SeededEntropy;
use hutong_common::id::{PublicKey, ServerId};
use hutong_common::identity::KeyPair;
use hutong_common::limits::FRAME_BYTES_MAX;
use hutong_common::name::Login;
use hutong_common::refusal::Refusal;
use hutong_common::rpc::accounts::Welcome;
use hutong_common::rpc::{ClientFrame, Reply, Request, ServerFrame};
use hutong_common::tls::{ALPN_CONTROL, Exporters, client_config, server_name};
use hutong_fixtures::newcomer::Newcomer;
use rustls::ClientConfig;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// One connection under a key of its own.
pub(crate) struct Client {
    pub(crate) stream: TlsStream<TcpStream>,
    pub(crate) device: PublicKey,
    server: ServerId,
    entropy: SeededEntropy,
    /// What must never be seen anywhere else: seeds, and what passwords are turned into.
    pub(crate) secrets: Vec<Vec<u8>>,
}

/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct horse battery";

impl Client {
    /// Connects under the key that belongs to `number`, naming these protocols.
    pub(crate) async fn connect(
        address: SocketAddr,
        server: ServerId,
        (number, protocols): (u8, &[&[u8]]),
    ) -> io::Result<Self> {
        let key = KeyPair::from_seed([number; 32]);
        let config = client_config(&key, server.public_key(), ALPN_CONTROL);
        let mut config = ClientConfig::clone(&config);
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        let connector = TlsConnector::from(Arc::new(config));
        let socket = TcpStream::connect(address).await?;
        let stream = connector.connect(server_name(), socket).await?;
        let entropy = SeededEntropy::from_number(u64::from(number));
        Ok(Self {
            stream,
            device: key.public(),
            server,
            entropy,
            secrets: vec![vec![number; 32]],
        })
    }

    /// Connects as clients do.
    pub(crate) async fn new(address: SocketAddr, server: &str, number: u8) -> Self {
        let server = server.parse().unwrap();
        Self::connect(address, server, (number, &[ALPN_CONTROL]))
            .await
            .unwrap()
    }

    /// What this connection exports.
    pub(crate) fn exporters(&self) -> Exporters {
        Exporters::of(self.stream.get_ref().1).unwrap()
    }

    pub(crate) async fn send(&mut self, id: u32, request: Request) {
        self.send_bytes(&codec::encode(&ClientFrame { id, request }))
            .await;
    }

    pub(crate) async fn send_bytes(&mut self, payload: &[u8]) {
        self.stream.write_all(&codec::frame(payload)).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    /// The next frame, or none when the server has ended the connection.
    pub(crate) async fn receive(&mut self) -> Option<ServerFrame> {
        let mut header = [0; codec::FRAME_HEADER_BYTES];
        self.stream.read_exact(&mut header).await.ok()?;
        let mut payload = vec![0; codec::frame_len(header, FRAME_BYTES_MAX).unwrap()];
        self.stream.read_exact(&mut payload).await.unwrap();
        Some(codec::decode(&payload).unwrap())
    }

    /// The next answer; pushes are skipped.
    pub(crate) async fn answer(&mut self) -> (u32, Result<Reply, Refusal>) {
        loop {
            match self.receive().await.expect("the connection lives") {
                ServerFrame::Reply { id, result } => return (id, result),
                ServerFrame::Push(_) => {}
            }
        }
    }

    /// The same on a connection that may have ended.
    pub(crate) async fn try_ask(&mut self, request: Request) -> Option<Result<Reply, Refusal>> {
        let frame = codec::frame(&codec::encode(&ClientFrame { id: 7, request }));
        self.stream.write_all(&frame).await.ok()?;
        self.stream.flush().await.ok()?;
        loop {
            if let ServerFrame::Reply { result, .. } = self.receive().await? {
                return Some(result);
            }
        }
    }

    pub(crate) async fn ask(&mut self, request: Request) -> Result<Reply, Refusal> {
        self.send(7, request).await;
        let (id, result) = self.answer().await;
        assert_eq!(id, 7);
        result
    }

    /// Registers, and is signed in afterwards.
    pub(crate) async fn register(&mut self, login: &str, code: Option<&str>) -> Box<Welcome> {
        let registered = self.try_to_register(login, code).await;
        let Ok(Reply::Welcome(welcome)) = registered else {
            panic!("{registered:?}")
        };
        welcome
    }

    pub(crate) async fn try_to_register(
        &mut self,
        login: &str,
        code: Option<&str>,
    ) -> Result<Reply, Refusal> {
        let newcomer = Newcomer {
            server: self.server,
            login: Login::new(login).unwrap(),
            password: PASSWORD.to_owned(),
        };
        let (registering, start) = newcomer.register(&mut self.entropy).unwrap();
        let Reply::RegisterStarted(started) = self.ask(Request::RegisterStart(start)).await? else {
            panic!("not started");
        };
        let device = (self.device, now_ms());
        let registration = registering.finish(&started, device, &mut self.entropy);
        let registration = registration.unwrap();
        let vault = &registration.vault;
        self.secrets.extend([
            vault.account_seed().key_pair().seed().to_vec(),
            vault.current_seal().seed.to_vec(),
            registration.export_key.to_vec(),
        ]);
        let mut finish = registration.finish;
        finish.code = code.map(|code| Text::new(code).unwrap());
        self.ask(Request::RegisterFinish(Box::new(finish))).await
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server under test looks at the same clock"
)]
fn now_ms() -> u64 {
    let since_1970 = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    u64::try_from(since_1970.as_millis()).unwrap()
}
