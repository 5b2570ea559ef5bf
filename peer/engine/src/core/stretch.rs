//! The one slow computation: stretching a password (Argon2id, 64 MiB) at the end of an OPAQUE exchange.
//!
//! The core describes it, the shell runs it on a thread of its own, the simulated world runs it at once.

use hutong_common::entropy::SeededEntropy;
use hutong_common::id::ServerId;
use hutong_common::name::Login;
use hutong_common::opaque::{ExportKey, OpaqueError, Parties, RegistrationClient, SignInClient};

/// Names a stretching until it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StretchId(pub u64);

/// A stretching to be run.
#[derive(Debug)]
pub struct StretchJob {
    /// Its name.
    pub id: StretchId,
    /// Who signs in or registers.
    pub login: Login,
    /// With which rendezvous.
    pub server: ServerId,
    /// The answer of the rendezvous to the first half.
    pub reply: Vec<u8>,
    /// Randomness for the exchange.
    pub seed: [u8; 32],
    /// What is finished.
    pub exchange: Exchange,
}

/// Which exchange is finished.
#[derive(Debug)]
pub enum Exchange {
    /// A registration or password change.
    Registration(Box<RegistrationClient>),
    /// A sign-in, bound to the TLS exporter of its connection.
    SignIn(Box<SignInClient>, [u8; 32]),
}

/// A stretching that was run: what to send to the rendezvous, and the key of the vault.
pub struct Stretched {
    /// Its name.
    pub id: StretchId,
    /// What came of it; a wrong password shows here in a sign-in.
    pub result: Result<(Vec<u8>, ExportKey), OpaqueError>,
}

impl std::fmt::Debug for Stretched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stretched")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl StretchJob {
    /// Runs it; takes a good part of a second with the shipped parameters.
    pub fn run(self) -> Stretched {
        let entropy = &mut SeededEntropy::from_seed(self.seed);
        let parties = Parties {
            login: self.login.as_str(),
            server: self.server,
        };
        let result = match self.exchange {
            Exchange::Registration(client) => client.finish(&self.reply, parties, entropy),
            Exchange::SignIn(client, exporter) => {
                client.finish(&self.reply, parties, &exporter, entropy)
            }
        };
        Stretched {
            id: self.id,
            result,
        }
    }
}
