//! What the person who runs a rendezvous has decided: made from the configuration, read by the service.

use hutong_common::bounded::Text;
use hutong_common::limits::{
    ANONYMOUS_CONNECTIONS_PER_IP_CAMPUS_MAX, ANONYMOUS_CONNECTIONS_PER_IP_MAX,
    GUESSES_PER_IP_A_MINUTE_CAMPUS_MAX, GUESSES_PER_IP_A_MINUTE_MAX,
    GUESSES_PER_LOGIN_AND_IP_A_MINUTE_CAMPUS_MAX, GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX,
    GUESSES_PER_LOGIN_AND_IP_AN_HOUR_CAMPUS_MAX, GUESSES_PER_LOGIN_AND_IP_AN_HOUR_MAX,
    MAIL_BYTES_PER_RECIPIENT_MAX, REGISTRATIONS_A_DAY_CAMPUS_MAX, REGISTRATIONS_A_DAY_MAX,
    REGISTRATIONS_PER_IP_AN_HOUR_CAMPUS_MAX, REGISTRATIONS_PER_IP_AN_HOUR_MAX, RELAY_RATE_CAMPUS,
    RELAY_TOTAL_RATE, SERVER_NAME_BYTES_MAX,
};
use hutong_common::name::DisplayName;
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

/// What a place allows to strangers, and whether its people are slowed down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceLimits {
    /// Connections from one address that have not signed in.
    pub anonymous_connections_per_ip: usize,
    /// Wrong guesses for one login from one address in a minute.
    pub guesses_per_login_and_ip_a_minute: u64,
    /// Wrong guesses for one login from one address in an hour.
    pub guesses_per_login_and_ip_an_hour: u64,
    /// Wrong guesses from one address in a minute.
    pub guesses_per_ip_a_minute: u64,
    /// Registrations from one address in an hour.
    pub registrations_per_ip_an_hour: u64,
    /// Registrations in a day.
    pub registrations_a_day: u64,
    /// Whether one account can be too fast.
    pub slows_accounts: bool,
    /// Bytes a second of one relayed session, 0 for no limit.
    pub relay_rate: u64,
    /// Bytes a second of all relayed sessions, 0 for no limit.
    pub relay_total_rate: u64,
}

impl Profile {
    /// What this kind of place allows.
    pub const fn limits(self) -> PlaceLimits {
        let classroom = PlaceLimits {
            anonymous_connections_per_ip: ANONYMOUS_CONNECTIONS_PER_IP_MAX,
            guesses_per_login_and_ip_a_minute: GUESSES_PER_LOGIN_AND_IP_A_MINUTE_MAX,
            guesses_per_login_and_ip_an_hour: GUESSES_PER_LOGIN_AND_IP_AN_HOUR_MAX,
            guesses_per_ip_a_minute: GUESSES_PER_IP_A_MINUTE_MAX,
            registrations_per_ip_an_hour: REGISTRATIONS_PER_IP_AN_HOUR_MAX,
            registrations_a_day: REGISTRATIONS_A_DAY_MAX,
            slows_accounts: true,
            relay_rate: 0,
            relay_total_rate: RELAY_TOTAL_RATE,
        };
        match self {
            Self::Classroom => classroom,
            Self::Campus => PlaceLimits {
                anonymous_connections_per_ip: ANONYMOUS_CONNECTIONS_PER_IP_CAMPUS_MAX,
                guesses_per_login_and_ip_a_minute: GUESSES_PER_LOGIN_AND_IP_A_MINUTE_CAMPUS_MAX,
                guesses_per_login_and_ip_an_hour: GUESSES_PER_LOGIN_AND_IP_AN_HOUR_CAMPUS_MAX,
                guesses_per_ip_a_minute: GUESSES_PER_IP_A_MINUTE_CAMPUS_MAX,
                registrations_per_ip_an_hour: REGISTRATIONS_PER_IP_AN_HOUR_CAMPUS_MAX,
                registrations_a_day: REGISTRATIONS_A_DAY_CAMPUS_MAX,
                relay_rate: RELAY_RATE_CAMPUS,
                ..classroom
            },
            Self::Lab => PlaceLimits {
                registrations_a_day: u64::MAX,
                slows_accounts: false,
                relay_total_rate: 0,
                ..classroom
            },
        }
    }
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
    /// What the class is called into which every new account comes; none where people meet only as they choose.
    pub everybody: Option<DisplayName>,
    /// Bytes of mail that may wait for one account.
    pub mail_bytes_per_recipient: u64,
    /// Whether those who reach each other in no other way may meet here.
    pub relay: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            server_name: Text::new("hutong").unwrap_or_default(),
            registration: Registration::default(),
            profile: Profile::default(),
            search: true,
            everybody: None,
            mail_bytes_per_recipient: MAIL_BYTES_PER_RECIPIENT_MAX,
            relay: true,
        }
    }
}
