//! What the person who runs a rendezvous has decided: made from the configuration, read by the service.

use hutong_common::bounded::Text;
use hutong_common::limits::{MAIL_BYTES_PER_RECIPIENT_MAX, SERVER_NAME_BYTES_MAX};
use serde::{Deserialize, Serialize};

/// Who may register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Everybody who reaches the server.
    #[default]
    Open,
    /// Who has an invitation.
    Invite,
}

/// What kind of place the limits are made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// One room, one address per computer.
    #[default]
    Classroom,
    /// Many rooms, many computers behind one address.
    Campus,
    /// Tests and benchmarks: no limit per account.
    Lab,
}

/// The decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Name that clients show.
    pub server_name: Text<SERVER_NAME_BYTES_MAX>,
    /// Who may register.
    pub registration: Registration,
    /// What kind of place it is.
    pub profile: Profile,
    /// Whether people can be found by their exact login.
    pub search: bool,
    /// Bytes of mail that may wait for one account.
    pub mail_bytes_per_recipient: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            server_name: Text::new("hutong").unwrap_or_default(),
            registration: Registration::default(),
            profile: Profile::default(),
            search: true,
            mail_bytes_per_recipient: MAIL_BYTES_PER_RECIPIENT_MAX,
        }
    }
}
