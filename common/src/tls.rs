//! TLS configurations of the control connection and of direct links: raw public keys (RFC 7250) on both sides.
//!
//! Called by the shells of engine and rendezvous, over TCP and, through quinn, over QUIC. TLS 1.3 only; no resumption
//! of any kind, because it would skip the check of the key. A connection is used only after [`require_alpn`]: over
//! TCP, rustls accepts a peer that names no protocol. Nothing here reads a clock or opens a socket.

use crate::entropy::Entropy;
use crate::id::PublicKey;
use crate::identity::{KeyPair, is_weak};
use crate::labels;
use crate::opaque::EXPORTER_BYTES;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{AlwaysResolvesClientRawPublicKeys, Resumption};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{
    CertificateDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer, UnixTime,
};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{AlwaysResolvesServerRawPublicKeys, NoServerSessionStorage};
use rustls::sign::CertifiedKey;
use rustls::version::TLS13;
use rustls::{
    CertificateError, ClientConfig, ConnectionCommon, DigitallySignedStruct, DistinguishedName,
    Error, PeerIncompatible, ServerConfig, SignatureScheme,
};
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Protocol name of the control connection.
pub const ALPN_CONTROL: &[u8] = b"hutong/1";
/// Protocol name of a direct link.
pub const ALPN_PEER: &[u8] = b"hutong-peer/1";
/// The server name in every ClientHello, so that it tells an onlooker nothing.
pub const SERVER_NAME: &str = "hutong.invalid";

/// The X.509 `SubjectPublicKeyInfo` of an Ed25519 key, up to the key itself (RFC 8410).
const SPKI_PREFIX: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
/// The PKCS#8 form of an Ed25519 seed, up to the seed itself (RFC 8410).
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Why a finished handshake is still no connection of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    /// The peer showed no acceptable Ed25519 key.
    #[error("the peer shows no acceptable key")]
    PeerKey,
    /// The peer does not speak the protocol expected here.
    #[error("the peer speaks another protocol")]
    Protocol,
    /// The connection cannot export keying material, because its handshake is not finished.
    #[error("the connection exports no key")]
    Exporter,
}

/// [`SERVER_NAME`] as rustls wants it.
pub fn server_name() -> ServerName<'static> {
    ServerName::try_from(SERVER_NAME).unwrap_or_else(|_| unreachable!("the constant is a DNS name"))
}

/// A client that talks to the holder of `pin` and to nobody else.
pub fn client_config(key: &KeyPair, pin: PublicKey, alpn: &[u8]) -> Arc<ClientConfig> {
    client(key, Accepted::Only(pin), alpn)
}

/// A client that talks to whoever answers, under a key made for this one time: for first contact only, to show the
/// server's fingerprint to a person. Nothing secret may go over such a connection.
pub fn client_config_unpinned(alpn: &[u8], entropy: &mut dyn Entropy) -> Arc<ClientConfig> {
    client(&KeyPair::generate(entropy), Accepted::Any, alpn)
}

/// A server that talks to every client with an Ed25519 key; who that is, the layers above decide by [`peer_key`].
pub fn server_config(key: &KeyPair, alpn: &[u8]) -> Arc<ServerConfig> {
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[&TLS13])
        .unwrap_or_else(|_| unreachable!("ring offers TLS 1.3"))
        .with_client_cert_verifier(Arc::new(RawKeyVerifier {
            accepted: Accepted::Any,
            provider,
        }))
        .with_cert_resolver(Arc::new(AlwaysResolvesServerRawPublicKeys::new(certified(
            key,
        ))));
    config.alpn_protocols = vec![alpn.to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Arc::new(config)
}

fn client(key: &KeyPair, accepted: Accepted, alpn: &[u8]) -> Arc<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[&TLS13])
        .unwrap_or_else(|_| unreachable!("ring offers TLS 1.3"))
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(RawKeyVerifier { accepted, provider }))
        .with_client_cert_resolver(Arc::new(AlwaysResolvesClientRawPublicKeys::new(certified(
            key,
        ))));
    config.alpn_protocols = vec![alpn.to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_early_data = false;
    Arc::new(config)
}

fn certified(key: &KeyPair) -> Arc<CertifiedKey> {
    let pkcs8 = Zeroizing::new([&PKCS8_PREFIX[..], key.seed()].concat());
    let signing = ring::sign::any_eddsa_type(&PrivatePkcs8KeyDer::from(pkcs8.as_slice()))
        .unwrap_or_else(|_| unreachable!("every 32 bytes are an Ed25519 seed"));
    let shown = CertificateDer::from([&SPKI_PREFIX[..], &key.public().0].concat());
    Arc::new(CertifiedKey::new(vec![shown], signing))
}

/// The key that the peer proved to hold, from what a finished handshake kept (rustls `peer_certificates`, or quinn's
/// `peer_identity` downcast to `Vec<CertificateDer>`).
pub fn peer_key(shown: Option<&[CertificateDer<'_>]>) -> Result<PublicKey, TlsError> {
    match shown {
        Some([only]) => raw_key(only).ok_or(TlsError::PeerKey),
        Some(_) | None => Err(TlsError::PeerKey),
    }
}

fn raw_key(shown: &CertificateDer<'_>) -> Option<PublicKey> {
    let key = PublicKey(shown.strip_prefix(&SPKI_PREFIX)?.try_into().ok()?);
    if is_weak(&key) { None } else { Some(key) }
}

/// Whether the handshake agreed on the protocol `expected`.
pub fn require_alpn(negotiated: Option<&[u8]>, expected: &[u8]) -> Result<(), TlsError> {
    if negotiated == Some(expected) {
        Ok(())
    } else {
        Err(TlsError::Protocol)
    }
}

/// What both ends of one connection know, and nobody else: it binds to this connection what it goes into.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Exporters {
    /// For OPAQUE runs.
    pub opaque: [u8; EXPORTER_BYTES],
    /// For tickets of relayed sessions.
    pub relay: [u8; EXPORTER_BYTES],
}

impl Exporters {
    /// What a connection exports once its handshake is finished.
    ///
    /// # Errors
    /// [`TlsError::Exporter`] before that.
    pub fn of<Side>(connection: &ConnectionCommon<Side>) -> Result<Self, TlsError> {
        let exported = |label: &str| {
            connection
                .export_keying_material([0; EXPORTER_BYTES], label.as_bytes(), None)
                .map_err(|_| TlsError::Exporter)
        };
        Ok(Self {
            opaque: exported(labels::EXPORTER_OPAQUE)?,
            relay: exported(labels::EXPORTER_RELAY)?,
        })
    }
}

impl fmt::Debug for Exporters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporters").finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug)]
enum Accepted {
    Only(PublicKey),
    Any,
}

#[derive(Debug)]
struct RawKeyVerifier {
    accepted: Accepted,
    provider: Arc<CryptoProvider>,
}

impl RawKeyVerifier {
    fn check_key(
        &self,
        shown: &CertificateDer<'_>,
        more: &[CertificateDer<'_>],
    ) -> Result<(), Error> {
        let key = raw_key(shown).filter(|_| more.is_empty());
        let key = key.ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))?;
        match self.accepted {
            Accepted::Only(pin) if pin != key => Err(Error::InvalidCertificate(
                CertificateError::ApplicationVerificationFailure,
            )),
            Accepted::Only(_) | Accepted::Any => Ok(()),
        }
    }

    fn check_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let key = SubjectPublicKeyInfoDer::from(shown.as_ref());
        verify_tls13_signature_with_raw_key(
            message,
            &key,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }
}

const TLS12_REFUSED: Error = Error::PeerIncompatible(PeerIncompatible::Tls12NotOffered);

impl ServerCertVerifier for RawKeyVerifier {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        more: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check_key(shown, more)
            .map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _shown: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(TLS12_REFUSED)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check_signature(message, shown, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

impl ClientCertVerifier for RawKeyVerifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        shown: &CertificateDer<'_>,
        more: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.check_key(shown, more)
            .map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _shown: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(TLS12_REFUSED)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check_signature(message, shown, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use rustls::{AlertDescription, CipherSuite, ClientConnection, ServerConnection};
    use std::ops::DerefMut;

    fn server_key() -> KeyPair {
        KeyPair::from_seed([1; 32])
    }

    fn device_key() -> KeyPair {
        KeyPair::from_seed([2; 32])
    }

    fn carry<A, B>(
        from: &mut impl DerefMut<Target = ConnectionCommon<A>>,
        to: &mut impl DerefMut<Target = ConnectionCommon<B>>,
    ) -> Result<(), Error> {
        let mut bytes = Vec::new();
        while from.wants_write() {
            from.write_tls(&mut bytes).unwrap();
        }
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            to.read_tls(&mut rest).unwrap();
            to.process_new_packets()?;
        }
        Ok(())
    }

    /// A handshake, carried by hand; the error is that of the side that refused.
    fn handshake(
        client: Arc<ClientConfig>,
        server: Arc<ServerConfig>,
    ) -> Result<(ClientConnection, ServerConnection), Error> {
        let mut client = ClientConnection::new(client, server_name())?;
        let mut server = ServerConnection::new(server)?;
        for _ in 0..4 {
            carry(&mut client, &mut server)?;
            carry(&mut server, &mut client)?;
        }
        assert!(!client.is_handshaking() && !server.is_handshaking());
        Ok((client, server))
    }

    fn pinned() -> Arc<ClientConfig> {
        client_config(&device_key(), server_key().public(), ALPN_CONTROL)
    }

    fn served() -> Arc<ServerConfig> {
        server_config(&server_key(), ALPN_CONTROL)
    }

    #[test]
    fn both_sides_learn_the_key_of_the_other_and_export_the_same() {
        let (client, server) = handshake(pinned(), served()).unwrap();
        assert_eq!(
            peer_key(client.peer_certificates()),
            Ok(server_key().public())
        );
        assert_eq!(
            peer_key(server.peer_certificates()),
            Ok(device_key().public())
        );
        assert_eq!(require_alpn(client.alpn_protocol(), ALPN_CONTROL), Ok(()));
        assert_eq!(require_alpn(server.alpn_protocol(), ALPN_CONTROL), Ok(()));
        assert_eq!(server.server_name(), Some(SERVER_NAME));
        let exporters = Exporters::of(&client).unwrap();
        assert_eq!(Exporters::of(&server), Ok(exporters));
        assert_ne!(exporters.opaque, exporters.relay);
        let (another, _) = handshake(pinned(), served()).unwrap();
        let others = Exporters::of(&another).unwrap();
        assert!(
            others.opaque != exporters.opaque && others.relay != exporters.relay,
            "an exporter belongs to one connection"
        );
    }

    #[test]
    fn nothing_is_exported_before_the_handshake_is_finished() {
        let client = ClientConnection::new(pinned(), server_name()).unwrap();
        assert_eq!(Exporters::of(&client), Err(TlsError::Exporter));
    }

    #[test]
    fn a_server_with_another_key_is_refused() {
        let wrong = client_config(
            &device_key(),
            KeyPair::from_seed([9; 32]).public(),
            ALPN_CONTROL,
        );
        let refused = handshake(wrong, served()).unwrap_err();
        assert_eq!(
            refused,
            Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)
        );
    }

    #[test]
    fn first_contact_accepts_any_server_under_a_throw_away_key() {
        let mut entropy = SeededEntropy::from_number(1);
        let mut keys = Vec::new();
        for _ in 0..2 {
            let (client, server) =
                handshake(client_config_unpinned(ALPN_CONTROL, &mut entropy), served()).unwrap();
            assert_eq!(
                peer_key(client.peer_certificates()),
                Ok(server_key().public())
            );
            keys.push(peer_key(server.peer_certificates()).unwrap());
        }
        assert_ne!(keys[0], keys[1]);
    }

    #[test]
    fn a_client_without_a_key_is_refused() {
        let provider = Arc::new(ring::default_provider());
        let verifier = RawKeyVerifier {
            accepted: Accepted::Any,
            provider: Arc::clone(&provider),
        };
        let keyless = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        assert!(handshake(Arc::new(keyless), served()).is_err());
    }

    #[test]
    fn a_client_under_a_key_that_anybody_holds_is_refused() {
        let mut weak = ClientConfig::clone(&pinned());
        let shown = CertificateDer::from([&SPKI_PREFIX[..], &[0; 32]].concat());
        let signing = Arc::clone(&certified(&device_key()).key);
        let certified = Arc::new(CertifiedKey::new(vec![shown], signing));
        weak.client_auth_cert_resolver =
            Arc::new(AlwaysResolvesClientRawPublicKeys::new(certified));
        let refused = handshake(Arc::new(weak), served()).unwrap_err();
        assert_eq!(
            refused,
            Error::InvalidCertificate(CertificateError::BadEncoding)
        );
    }

    #[test]
    fn a_client_that_shows_a_key_it_does_not_hold_is_refused() {
        let mut thief = ClientConfig::clone(&pinned());
        let shown = CertificateDer::from([&SPKI_PREFIX[..], &device_key().public().0].concat());
        let signing = Arc::clone(&certified(&KeyPair::from_seed([7; 32])).key);
        let stolen = Arc::new(CertifiedKey::new(vec![shown], signing));
        thief.client_auth_cert_resolver = Arc::new(AlwaysResolvesClientRawPublicKeys::new(stolen));
        let refused = handshake(Arc::new(thief), served()).unwrap_err();
        assert_eq!(
            refused,
            Error::InvalidCertificate(CertificateError::BadSignature)
        );
    }

    #[test]
    fn another_protocol_is_refused_by_the_handshake_and_none_at_all_after_it() {
        let peer = client_config(&device_key(), server_key().public(), ALPN_PEER);
        assert_eq!(
            handshake(peer, served()).unwrap_err(),
            Error::NoApplicationProtocol
        );
        let mut silent = ClientConfig::clone(&pinned());
        silent.alpn_protocols.clear();
        let (client, server) = handshake(Arc::new(silent), served()).unwrap();
        assert_eq!(
            require_alpn(client.alpn_protocol(), ALPN_CONTROL),
            Err(TlsError::Protocol)
        );
        assert_eq!(
            require_alpn(server.alpn_protocol(), ALPN_CONTROL),
            Err(TlsError::Protocol)
        );
    }

    #[test]
    fn a_changed_byte_of_the_handshake_ends_it() {
        let mut client = ClientConnection::new(pinned(), server_name()).unwrap();
        let mut server = ServerConnection::new(served()).unwrap();
        carry(&mut client, &mut server).unwrap();
        let mut flight = Vec::new();
        server.write_tls(&mut flight).unwrap();
        *flight.last_mut().unwrap() ^= 1;
        client.read_tls(&mut &flight[..]).unwrap();
        assert!(client.process_new_packets().is_err());
        assert!(carry(&mut client, &mut server).is_err_and(|error| {
            matches!(
                error,
                Error::AlertReceived(AlertDescription::BadRecordMac) | Error::DecryptError
            )
        }));
    }

    #[test]
    fn quic_finds_the_suite_of_its_initial_packets() {
        for provider in [
            pinned().crypto_provider().clone(),
            served().crypto_provider().clone(),
        ] {
            let initial = provider
                .cipher_suites
                .iter()
                .find(|one| one.suite() == CipherSuite::TLS13_AES_128_GCM_SHA256);
            assert!(
                initial
                    .and_then(|one| one.tls13())
                    .is_some_and(|one| one.quic_suite().is_some())
            );
        }
        assert_eq!(served().max_early_data_size, 0);
    }

    #[test]
    fn only_one_well_formed_key_is_a_peer_key() {
        let good = CertificateDer::from([&SPKI_PREFIX[..], &device_key().public().0].concat());
        assert_eq!(
            peer_key(Some(std::slice::from_ref(&good))),
            Ok(device_key().public())
        );
        let short = CertificateDer::from(good[..43].to_vec());
        let long = CertificateDer::from([&good[..], &[0]].concat());
        let mut other = good.to_vec();
        other[8] ^= 1;
        let weak = CertificateDer::from([&SPKI_PREFIX[..], &[0; 32]].concat());
        for wrong in [
            vec![],
            vec![good.clone(), good],
            vec![short],
            vec![long],
            vec![other.into()],
            vec![weak],
        ] {
            assert_eq!(peer_key(Some(&wrong)), Err(TlsError::PeerKey), "{wrong:?}");
        }
        assert_eq!(peer_key(None), Err(TlsError::PeerKey));
    }
}
