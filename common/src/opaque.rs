//! Signing in with a password that never leaves the client: OPAQUE (RFC 9807) with ristretto255 and triple-DH.
//!
//! The engine runs the two client halves, the rendezvous [`OpaqueServer`]. A run is bound to the login, the server's
//! key and the TLS connection; its export key opens the vault. Key stretching happens on the client alone, so a server
//! serves clients of either [`Stretch`]. Nobody logs or stores what a password was turned into here.

use crate::entropy::Entropy;
use crate::id::ServerId;
use crate::labels;
use crate::limits::{ARGON2_LANES, ARGON2_MEMORY_KIB, ARGON2_PASSES};
use crate::md5::md5_hex;
use opaque_ke::argon2::{Algorithm, Argon2, Params, Version};
use opaque_ke::errors::{InternalError, ProtocolError};
use opaque_ke::generic_array::{ArrayLength, GenericArray};
use opaque_ke::ksf::Ksf;
use opaque_ke::{
    CipherSuite, ClientLogin, ClientLoginFinishParameters, ClientRegistration,
    ClientRegistrationFinishParameters, CredentialFinalization, CredentialRequest,
    CredentialResponse, Identifiers, RegistrationRequest, RegistrationResponse, RegistrationUpload,
    Ristretto255, ServerLogin, ServerLoginParameters, ServerRegistration, ServerSetup, TripleDh,
};
use std::fmt;
use zeroize::Zeroizing;

/// Bytes of a server's set-up, `opaque.key`.
pub const SETUP_BYTES: usize = 128;
/// Bytes of the record that a server keeps per account.
pub const RECORD_BYTES: usize = 192;
/// Bytes of the key that only the right password yields, the same at registration and at every sign-in.
pub const EXPORT_KEY_BYTES: usize = 64;
/// Bytes of the TLS exporter ([`labels::EXPORTER_OPAQUE`]) that binds a sign-in to its connection.
pub const EXPORTER_BYTES: usize = 32;

const REGISTRATION_REQUEST_BYTES: usize = 32;
const REGISTRATION_REPLY_BYTES: usize = 64;
const SIGN_IN_REQUEST_BYTES: usize = 96;
const SIGN_IN_REPLY_BYTES: usize = 320;
const SIGN_IN_PROOF_BYTES: usize = 64;

/// The key that opens the vault.
pub type ExportKey = Zeroizing<[u8; EXPORT_KEY_BYTES]>;

/// Why a run came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpaqueError {
    /// A message is not one of the protocol.
    #[error("malformed OPAQUE message")]
    Malformed,
    /// Wrong login or password, or the other side is not on the same connection: nobody can tell which.
    #[error("wrong login or password")]
    Refused,
    /// The client could not stretch the password, for want of memory.
    #[error("the password could not be stretched")]
    Stretch,
}

impl From<ProtocolError> for OpaqueError {
    fn from(error: ProtocolError) -> Self {
        match error {
            ProtocolError::InvalidLoginError => Self::Refused,
            ProtocolError::LibraryError(InternalError::KsfError) => Self::Stretch,
            ProtocolError::LibraryError(_)
            | ProtocolError::SerializationError
            | ProtocolError::SizeError { .. }
            | ProtocolError::ReflectedValueError => Self::Malformed,
            ProtocolError::Custom(never) => match never {},
        }
    }
}

/// How a client makes guessing a password expensive for whoever steals a server's disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stretch {
    /// Argon2id, version 0x13, with the costs of `limits.rs`: what every shipped client does.
    #[default]
    Argon2id,
    /// Not at all: for simulations, where 60 ms per sign-in would be most of the time.
    Identity,
}

impl Ksf for Stretch {
    fn hash<L: ArrayLength<u8>>(
        &self,
        input: GenericArray<u8, L>,
    ) -> Result<GenericArray<u8, L>, InternalError> {
        match self {
            Self::Argon2id => Params::new(ARGON2_MEMORY_KIB, ARGON2_PASSES, ARGON2_LANES, None)
                .map_err(|_| InternalError::KsfError)
                .and_then(|costs| {
                    Argon2::new(Algorithm::Argon2id, Version::V0x13, costs).hash(input)
                }),
            Self::Identity => Ok(input),
        }
    }
}

struct Suite;

impl CipherSuite for Suite {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, sha2_010::Sha512>;
    type Ksf = Stretch;
}

/// What goes into OPAQUE for a password: its MD5 as the original program sent it, then the password itself, so that
/// nothing is lost to MD5.
pub fn password_input(password: &str) -> Zeroizing<Vec<u8>> {
    let digest = Zeroizing::new(md5_hex(password.as_bytes()));
    Zeroizing::new([digest.as_bytes(), &[0], password.as_bytes()].concat())
}

/// What goes into OPAQUE for an account whose password is known only as the MD5 in an old database.
pub fn password_input_imported(md5_hex: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(md5_hex.to_ascii_lowercase().into_bytes())
}

/// Who signs in where; both sides must mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parties<'a> {
    /// The canonical (lower-case) login.
    pub login: &'a str,
    /// The rendezvous.
    pub server: ServerId,
}

impl Parties<'_> {
    const fn identifiers(&self) -> Identifiers<'_> {
        Identifiers {
            client: Some(self.login.as_bytes()),
            server: Some(&self.server.0),
        }
    }
}

fn context(exporter: &[u8; EXPORTER_BYTES]) -> Vec<u8> {
    [labels::OPAQUE.as_bytes(), exporter].concat()
}

/// The crate reads some messages from the front of longer bytes: here a message has one length.
fn sized<const BYTES: usize>(message: &[u8]) -> Result<&[u8; BYTES], OpaqueError> {
    message.try_into().map_err(|_| OpaqueError::Malformed)
}

/// A client in the middle of registering a password.
pub struct RegistrationClient {
    state: ClientRegistration<Suite>,
    input: Zeroizing<Vec<u8>>,
    stretch: Stretch,
}

impl RegistrationClient {
    /// Begins; the bytes go to [`OpaqueServer::register_start`].
    pub fn start(
        password_input: &[u8],
        stretch: Stretch,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, Vec<u8>), OpaqueError> {
        let started = ClientRegistration::start(&mut entropy.rng_06(), password_input)?;
        let input = Zeroizing::new(password_input.to_vec());
        Ok((
            Self {
                state: started.state,
                input,
                stretch,
            },
            started.message.serialize().to_vec(),
        ))
    }

    /// Ends; the bytes go to [`OpaqueServer::register_finish`], the key locks the vault.
    pub fn finish(
        self,
        reply: &[u8],
        parties: Parties<'_>,
        entropy: &mut dyn Entropy,
    ) -> Result<(Vec<u8>, ExportKey), OpaqueError> {
        let reply = RegistrationResponse::deserialize(sized::<REGISTRATION_REPLY_BYTES>(reply)?)?;
        let parameters =
            ClientRegistrationFinishParameters::new(parties.identifiers(), Some(&self.stretch));
        let finished = self
            .state
            .finish(&mut entropy.rng_06(), &self.input, reply, parameters)?;
        Ok((
            finished.message.serialize().to_vec(),
            Zeroizing::new(finished.export_key.into()),
        ))
    }
}

impl fmt::Debug for RegistrationClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistrationClient")
            .field("stretch", &self.stretch)
            .finish_non_exhaustive()
    }
}

/// A client in the middle of signing in.
pub struct SignInClient {
    state: ClientLogin<Suite>,
    input: Zeroizing<Vec<u8>>,
    stretch: Stretch,
}

impl SignInClient {
    /// Begins; the bytes go to [`OpaqueServer::sign_in_start`].
    pub fn start(
        password_input: &[u8],
        stretch: Stretch,
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, Vec<u8>), OpaqueError> {
        let started = ClientLogin::start(&mut entropy.rng_06(), password_input)?;
        let input = Zeroizing::new(password_input.to_vec());
        Ok((
            Self {
                state: started.state,
                input,
                stretch,
            },
            started.message.serialize().to_vec(),
        ))
    }

    /// Ends; the bytes go to [`OpaqueServer::sign_in_finish`], the key opens the vault.
    pub fn finish(
        self,
        reply: &[u8],
        parties: Parties<'_>,
        exporter: &[u8; EXPORTER_BYTES],
        entropy: &mut dyn Entropy,
    ) -> Result<(Vec<u8>, ExportKey), OpaqueError> {
        let reply = CredentialResponse::deserialize(sized::<SIGN_IN_REPLY_BYTES>(reply)?)?;
        let context = context(exporter);
        let parameters = ClientLoginFinishParameters::new(
            Some(&context),
            parties.identifiers(),
            Some(&self.stretch),
        );
        let finished = self
            .state
            .finish(&mut entropy.rng_06(), &self.input, reply, parameters)?;
        Ok((
            finished.message.serialize().to_vec(),
            Zeroizing::new(finished.export_key.into()),
        ))
    }
}

impl fmt::Debug for SignInClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInClient")
            .field("stretch", &self.stretch)
            .finish_non_exhaustive()
    }
}

/// The server's side: one secret for all accounts, without which the records are worth nothing to a guesser.
pub struct OpaqueServer(ServerSetup<Suite>);

impl OpaqueServer {
    /// A new server's set-up.
    pub fn new(entropy: &mut dyn Entropy) -> Self {
        Self(ServerSetup::new(&mut entropy.rng_06()))
    }

    /// The set-up that [`to_bytes`](Self::to_bytes) wrote.
    pub fn from_bytes(bytes: &[u8; SETUP_BYTES]) -> Result<Self, OpaqueError> {
        Ok(Self(ServerSetup::deserialize(bytes)?))
    }

    /// The set-up as kept in `opaque.key`.
    pub fn to_bytes(&self) -> Zeroizing<[u8; SETUP_BYTES]> {
        Zeroizing::new(self.0.serialize().into())
    }

    /// Answers a registration; nothing is remembered.
    pub fn register_start(&self, login: &str, message: &[u8]) -> Result<Vec<u8>, OpaqueError> {
        let request =
            RegistrationRequest::deserialize(sized::<REGISTRATION_REQUEST_BYTES>(message)?)?;
        let started = ServerRegistration::start(&self.0, request, login.as_bytes())?;
        Ok(started.message.serialize().to_vec())
    }

    /// The record to keep for the account.
    pub fn register_finish(&self, upload: &[u8]) -> Result<[u8; RECORD_BYTES], OpaqueError> {
        let upload = RegistrationUpload::<Suite>::deserialize(sized::<RECORD_BYTES>(upload)?)?;
        sized(&ServerRegistration::finish(upload).serialize()).copied()
    }

    /// Answers a sign-in. Without a record the answer looks the same and no proof will pass.
    pub fn sign_in_start(
        &self,
        parties: Parties<'_>,
        record: Option<&[u8; RECORD_BYTES]>,
        attempt: SignInAttempt<'_>,
        entropy: &mut dyn Entropy,
    ) -> Result<(SignInState, Vec<u8>), OpaqueError> {
        let request =
            CredentialRequest::deserialize(sized::<SIGN_IN_REQUEST_BYTES>(attempt.message)?)?;
        let record = record
            .map(|record| ServerRegistration::deserialize(record))
            .transpose()?;
        let context = context(attempt.exporter);
        let parameters = ServerLoginParameters {
            context: Some(&context),
            identifiers: parties.identifiers(),
        };
        let login = parties.login.as_bytes();
        let started = ServerLogin::start(
            &mut entropy.rng_06(),
            &self.0,
            record,
            request,
            login,
            parameters,
        )?;
        Ok((
            SignInState(started.state),
            started.message.serialize().to_vec(),
        ))
    }

    /// Whether the client knew the password and stands on the same connection.
    pub fn sign_in_finish(&self, state: SignInState, proof: &[u8]) -> Result<(), OpaqueError> {
        let proof = CredentialFinalization::deserialize(sized::<SIGN_IN_PROOF_BYTES>(proof)?)?;
        // The proof expected was fixed at the start, with the parties and the connection in it.
        state.0.finish(proof, ServerLoginParameters::default())?;
        Ok(())
    }
}

impl fmt::Debug for OpaqueServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpaqueServer")
    }
}

/// What came from a client, and over which connection.
#[derive(Clone, Copy, Debug)]
pub struct SignInAttempt<'a> {
    /// What [`SignInClient::start`] sent.
    pub message: &'a [u8],
    /// The exporter of the connection.
    pub exporter: &'a [u8; EXPORTER_BYTES],
}

/// What a server remembers between its two halves of a sign-in; good for one proof.
pub struct SignInState(ServerLogin<Suite>);

impl fmt::Debug for SignInState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInState")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    const LIN: Parties<'static> = Parties {
        login: "lin",
        server: ServerId([1; 32]),
    };
    const EXPORTER: [u8; EXPORTER_BYTES] = [2; EXPORTER_BYTES];

    struct World {
        entropy: SeededEntropy,
        server: OpaqueServer,
        record: [u8; RECORD_BYTES],
        export_key: ExportKey,
    }

    fn register(
        server: &OpaqueServer,
        stretch: Stretch,
        entropy: &mut SeededEntropy,
    ) -> ([u8; RECORD_BYTES], ExportKey) {
        let (client, request) =
            RegistrationClient::start(&password_input("correct horse"), stretch, entropy).unwrap();
        let reply = server.register_start("lin", &request).unwrap();
        let (upload, export_key) = client.finish(&reply, LIN, entropy).unwrap();
        (server.register_finish(&upload).unwrap(), export_key)
    }

    fn world(stretch: Stretch) -> World {
        let mut entropy = SeededEntropy::from_number(1);
        let server = OpaqueServer::new(&mut entropy);
        let (record, export_key) = register(&server, stretch, &mut entropy);
        World {
            entropy,
            server,
            record,
            export_key,
        }
    }

    /// One sign-in, each side with its own idea of who, where and over what.
    struct Run<'a> {
        input: Zeroizing<Vec<u8>>,
        client: (Parties<'a>, [u8; EXPORTER_BYTES]),
        server: (Parties<'a>, [u8; EXPORTER_BYTES]),
        stretch: Stretch,
        known: bool,
    }

    impl Default for Run<'_> {
        fn default() -> Self {
            let input = password_input("correct horse");
            Self {
                input,
                client: (LIN, EXPORTER),
                server: (LIN, EXPORTER),
                stretch: Stretch::Identity,
                known: true,
            }
        }
    }

    fn sign_in(world: &mut World, run: Run<'_>) -> Result<ExportKey, OpaqueError> {
        let (client, message) = SignInClient::start(&run.input, run.stretch, &mut world.entropy)?;
        let attempt = SignInAttempt {
            message: &message,
            exporter: &run.server.1,
        };
        let record = run.known.then_some(&world.record);
        let (state, reply) =
            world
                .server
                .sign_in_start(run.server.0, record, attempt, &mut world.entropy)?;
        let (proof, key) =
            client.finish(&reply, run.client.0, &run.client.1, &mut world.entropy)?;
        world.server.sign_in_finish(state, &proof).map(|()| key)
    }

    #[test]
    fn the_right_password_gives_the_same_export_key_every_time() {
        let mut world = world(Stretch::Identity);
        for _ in 0..2 {
            let key = sign_in(&mut world, Run::default()).unwrap();
            assert_eq!(key, world.export_key);
        }
    }

    #[test]
    fn a_server_serves_clients_that_stretch_and_clients_that_do_not() {
        let mut world = world(Stretch::Argon2id);
        let stretched = Run {
            stretch: Stretch::Argon2id,
            ..Run::default()
        };
        assert_eq!(sign_in(&mut world, stretched), Ok(world.export_key.clone()));
        assert_eq!(
            sign_in(&mut world, Run::default()),
            Err(OpaqueError::Refused)
        );
    }

    #[test]
    fn a_wrong_password_account_server_or_connection_is_refused() {
        let mut world = world(Stretch::Identity);
        let other_server = Parties {
            server: ServerId([9; 32]),
            ..LIN
        };
        let other_login = Parties {
            login: "wang",
            ..LIN
        };
        let cases = [
            Run {
                input: password_input("correct horsf"),
                ..Run::default()
            },
            Run {
                input: password_input_imported(&md5_hex(b"correct horse")),
                ..Run::default()
            },
            Run {
                known: false,
                ..Run::default()
            },
            Run {
                client: (LIN, [3; EXPORTER_BYTES]),
                ..Run::default()
            },
            Run {
                client: (other_server, EXPORTER),
                ..Run::default()
            },
            Run {
                client: (other_login, EXPORTER),
                ..Run::default()
            },
            Run {
                server: (other_login, EXPORTER),
                ..Run::default()
            },
        ];
        for (case, run) in cases.into_iter().enumerate() {
            assert_eq!(
                sign_in(&mut world, run),
                Err(OpaqueError::Refused),
                "case {case}"
            );
        }
    }

    #[test]
    fn messages_have_one_length_and_no_byte_of_them_can_be_changed() {
        let mut world = world(Stretch::Identity);
        let (_, message) = SignInClient::start(
            &password_input("correct horse"),
            Stretch::Identity,
            &mut world.entropy,
        )
        .unwrap();
        assert_eq!(message.len(), SIGN_IN_REQUEST_BYTES);
        for wrong in [
            &message[1..],
            &[&message[..], &[0]].concat(),
            &[],
            &[0xff; SIGN_IN_REQUEST_BYTES],
        ] {
            let attempt = SignInAttempt {
                message: wrong,
                exporter: &EXPORTER,
            };
            let refused =
                world
                    .server
                    .sign_in_start(LIN, Some(&world.record), attempt, &mut world.entropy);
            assert_eq!(refused.map(|_| ()), Err(OpaqueError::Malformed));
        }
        for at in 0..SIGN_IN_REPLY_BYTES {
            let (client, message) = SignInClient::start(
                &password_input("correct horse"),
                Stretch::Identity,
                &mut world.entropy,
            )
            .unwrap();
            let attempt = SignInAttempt {
                message: &message,
                exporter: &EXPORTER,
            };
            let (_, mut reply) = world
                .server
                .sign_in_start(LIN, Some(&world.record), attempt, &mut world.entropy)
                .unwrap();
            assert_eq!(reply.len(), SIGN_IN_REPLY_BYTES);
            reply[at] ^= 1;
            assert!(
                client
                    .finish(&reply, LIN, &EXPORTER, &mut world.entropy)
                    .is_err(),
                "byte {at}"
            );
        }
    }

    #[test]
    fn no_byte_of_the_proof_can_be_changed() {
        let mut world = world(Stretch::Identity);
        for at in 0..SIGN_IN_PROOF_BYTES {
            let (client, message) = SignInClient::start(
                &password_input("correct horse"),
                Stretch::Identity,
                &mut world.entropy,
            )
            .unwrap();
            let attempt = SignInAttempt {
                message: &message,
                exporter: &EXPORTER,
            };
            let (state, reply) = world
                .server
                .sign_in_start(LIN, Some(&world.record), attempt, &mut world.entropy)
                .unwrap();
            let (mut proof, _) = client
                .finish(&reply, LIN, &EXPORTER, &mut world.entropy)
                .unwrap();
            proof[at] ^= 1;
            assert_eq!(
                world.server.sign_in_finish(state, &proof),
                Err(OpaqueError::Refused),
                "byte {at}"
            );
        }
    }

    #[test]
    fn a_reflected_registration_is_refused() {
        let mut world = world(Stretch::Identity);
        let (client, request) =
            RegistrationClient::start(b"password", Stretch::Identity, &mut world.entropy).unwrap();
        let mut reply = world.server.register_start("lin", &request).unwrap();
        reply[..32].copy_from_slice(&request);
        assert_eq!(
            client.finish(&reply, LIN, &mut world.entropy).map(|_| ()),
            Err(OpaqueError::Malformed)
        );
    }

    #[test]
    fn the_set_up_survives_its_file() {
        let mut world = world(Stretch::Identity);
        let bytes = world.server.to_bytes();
        world.server = OpaqueServer::from_bytes(&bytes).unwrap();
        assert_eq!(world.server.to_bytes(), bytes);
        assert!(sign_in(&mut world, Run::default()).is_ok());
        assert!(OpaqueServer::from_bytes(&[0xff; SETUP_BYTES]).is_err());
    }

    #[test]
    fn the_same_randomness_gives_the_same_records() {
        let (one, two) = (world(Stretch::Identity), world(Stretch::Identity));
        assert_eq!((one.record, one.export_key), (two.record, two.export_key));
    }

    #[test]
    fn a_password_goes_in_behind_its_md5() {
        assert_eq!(
            &password_input("abc")[..],
            b"900150983cd24fb0d6963f7d28e17f72\0abc"
        );
        assert_eq!(
            &password_input_imported("900150983CD24FB0D6963F7D28E17F72")[..],
            b"900150983cd24fb0d6963f7d28e17f72"
        );
    }
}
