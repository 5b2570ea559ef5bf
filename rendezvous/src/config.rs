//! The settings of a rendezvous: every one has a default, a key in the settings file, and a line in
//! `rendezvous.example.toml`.
//!
//! Read once at start. Unknown keys and values that no setting can have are refused with their line, never skipped:
//! a mistyped key must not leave a door open. What the command line says goes before the file.

use crate::args::{Args, Serve};
use crate::failure::Failure;
use crate::platform;
use crate::policy::{Policy, Profile, Registration};
use hutong_common::bounded::Text;
use hutong_common::id::ServerId;
use hutong_common::identity::Fingerprint;
use hutong_common::invite::{check_host, check_name};
use hutong_common::limits::{CONTROL_PORT, INVITE_HOSTS_MAX, RELAY_RATE_MIN};
use hutong_common::name::DisplayName;
use serde::{Deserialize, Deserializer, Serialize, de};
use std::fs;
use std::net::{Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// What the class of everybody is called where nothing has a name.
const EVERYBODY: &str = "全体 Everybody";

/// The settings in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What the rendezvous is called; made from its key when there is none.
    #[serde(deserialize_with = "name")]
    pub name: Option<String>,
    /// Folder of keys and database; the platform's when there is none.
    pub data: Option<PathBuf>,
    /// Where clients connect. The address `[::]` takes both families.
    pub listen: SocketAddr,
    /// Where `/healthz` and `/readyz` are served.
    pub http: Option<SocketAddr>,
    /// Whether the rendezvous is announced on the local network.
    pub mdns: bool,
    /// Who may register.
    pub registration: Registration,
    /// What kind of place the limits are made for.
    pub profile: Profile,
    /// Whether people can be found by their exact login.
    pub search: bool,
    /// Whether there is a class into which every account comes.
    pub everybody: bool,
    /// What that class is called when it is made; like the rendezvous when there is none.
    pub everybody_name: Option<DisplayName>,
    /// Where others reach it, for invite links; its own addresses when there are none.
    #[serde(deserialize_with = "hosts")]
    pub hosts: Vec<String>,
    /// Whether those who reach each other in no other way may meet here.
    pub relay: bool,
    /// Bytes a second of one relayed session, 0 for no limit; as the profile says when not set.
    #[serde(deserialize_with = "rate")]
    pub relay_rate: Option<u64>,
    /// The same of all together.
    #[serde(deserialize_with = "rate")]
    pub relay_total_rate: Option<u64>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            name: None,
            data: None,
            listen: SocketAddr::from((Ipv6Addr::UNSPECIFIED, CONTROL_PORT)),
            http: None,
            mdns: true,
            registration: Registration::default(),
            profile: Profile::default(),
            search: true,
            everybody: true,
            everybody_name: None,
            hosts: Vec::new(),
            relay: true,
            relay_rate: None,
            relay_total_rate: None,
        }
    }
}

fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let rate = u64::deserialize(deserializer)?;
    if (1..RELAY_RATE_MIN).contains(&rate) {
        return Err(de::Error::custom(format_args!(
            "less than {RELAY_RATE_MIN} bytes a second; 0 for no limit"
        )));
    }
    Ok(Some(rate))
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let name = String::deserialize(deserializer)?;
    check_name(&name).map_err(de::Error::custom)?;
    Ok(Some(name))
}

fn hosts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let hosts = Vec::<String>::deserialize(deserializer)?;
    if hosts.len() > INVITE_HOSTS_MAX {
        return Err(de::Error::custom(format_args!(
            "more than {INVITE_HOSTS_MAX} hosts"
        )));
    }
    hosts
        .iter()
        .try_for_each(|host| check_host(host))
        .map_err(de::Error::custom)?;
    Ok(hosts)
}

impl Config {
    /// The settings that the command line and its file give.
    pub fn load(args: &Args) -> Result<Self, Failure> {
        let mut config = match &args.config {
            Some(path) => {
                let text = fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
                Self::parse(&text, path)?
            }
            None => Self::default(),
        };
        config.data = args.data.clone().or(config.data);
        Ok(config)
    }

    /// The settings in `text`, which was read from `path`.
    ///
    /// # Errors
    /// [`Failure::Setting`] with the line that cannot be used.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Failure> {
        toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let before = text.get(..at).unwrap_or(text);
            Failure::Setting {
                path: path.to_owned(),
                line: before.matches('\n').count() + 1,
                fault: error.message().replace('\n', "; "),
            }
        })
    }

    /// The same with what was said to `serve`.
    #[must_use]
    pub fn with(self, serve: &Serve) -> Self {
        Self {
            listen: serve.listen.unwrap_or(self.listen),
            http: serve.http.or(self.http),
            mdns: self.mdns && !serve.no_mdns,
            everybody: self.everybody && !serve.no_everybody,
            ..self
        }
    }

    /// The folder of keys and database.
    pub fn data_folder(&self) -> Result<PathBuf, Failure> {
        self.data
            .clone()
            .or_else(platform::default_data_folder)
            .ok_or(Failure::NoDataFolder)
    }

    /// What the rendezvous is called. Without a name of its own it must still not be mistaken for another one.
    pub fn name_for(&self, server: ServerId) -> String {
        let letters = || {
            Fingerprint::of(server)
                .to_string()
                .chars()
                .take(4)
                .collect::<String>()
        };
        self.name
            .clone()
            .unwrap_or_else(|| format!("Hutong {}", letters()))
    }

    /// What the class of everybody is called: as set, else like the rendezvous where that has a name which fits.
    fn class_name(&self) -> DisplayName {
        let own = || {
            self.name
                .as_deref()
                .and_then(|name| DisplayName::new(name).ok())
        };
        let named = self.everybody_name.clone().or_else(own);
        let plain = || DisplayName::new(EVERYBODY).unwrap_or_else(|_| unreachable!("a name"));
        named.unwrap_or_else(plain)
    }

    /// What the service is to decide by.
    pub fn policy(&self, server: ServerId) -> Policy {
        Policy {
            // A name in the settings has been checked against the same bound.
            server_name: Text::new(self.name_for(server)).unwrap_or_default(),
            registration: self.registration,
            profile: self.profile,
            search: self.search,
            everybody: self.everybody.then(|| self.class_name()),
            relay: self.relay,
            ..Policy::default()
        }
    }

    /// Bytes a second of one relayed session and of all: as set, or as the profile says.
    pub fn relay_rates(&self) -> (u64, u64) {
        let limits = self.profile.limits();
        let session = self.relay_rate.unwrap_or(limits.relay_rate);
        let total = self.relay_total_rate.unwrap_or(limits.relay_total_rate);
        (session, total)
    }

    /// Where others reach it: as set, or as `found`.
    pub fn hosts_or(&self, found: impl FnOnce() -> Vec<String>) -> Vec<String> {
        if self.hosts.is_empty() {
            found()
        } else {
            self.hosts.clone()
        }
    }

    /// The settings as a file would say them.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_else(|_| unreachable!("settings are plain values"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../rendezvous.example.toml");

    fn parse(text: &str) -> Result<Config, Failure> {
        Config::parse(text, Path::new("r.toml"))
    }

    /// The example with every commented setting switched on.
    fn example_in_full() -> String {
        let lines = EXAMPLE.lines().map(|line| match line.strip_prefix("#") {
            Some(setting) if !setting.starts_with(' ') => setting,
            Some(_) | None => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_example_says_the_defaults() {
        assert_eq!(parse(EXAMPLE).unwrap(), Config::default());
        assert_eq!(parse("").unwrap(), Config::default());
    }

    #[test]
    fn the_example_explains_every_setting() {
        let full = parse(&example_in_full()).unwrap();
        let (
            Config {
                name,
                data,
                http,
                everybody_name,
                hosts,
                relay_rate,
                relay_total_rate,
                ..
            },
            default,
        ) = (full.clone(), Config::default());
        assert!(name.is_some() && data.is_some() && http.is_some() && !hosts.is_empty());
        assert!(everybody_name.is_some());
        assert!(relay_rate.is_some() && relay_total_rate.is_some());
        let explained: toml::Table = example_in_full().parse().unwrap();
        let known: toml::Table = full.to_toml().parse().unwrap();
        assert!(known.keys().eq(explained.keys()));
        assert_eq!(
            Config {
                name: None,
                data: None,
                http: None,
                everybody_name: None,
                hosts: vec![],
                relay_rate: None,
                relay_total_rate: None,
                ..full
            },
            default
        );
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let refused = parse("mdns = false\nlisten_on = \"127.0.0.1:1\"\n").unwrap_err();
        let Failure::Setting { line, fault, .. } = &refused else {
            panic!("{refused}")
        };
        assert_eq!(*line, 2);
        assert!(fault.contains("listen_on"), "{fault}");
        assert!(refused.to_string().starts_with("r.toml:2: "), "{refused}");
        assert_eq!(refused.to_string().lines().count(), 1);
    }

    #[test]
    fn a_value_that_no_setting_can_have_is_refused_with_its_line() {
        for text in [
            "\nlisten = \"here\"",
            "\nname = \"a\\u202Eb\"",
            "\nhosts = [\"no port\"]",
            "\nmdns = 1",
            "\nmdns = ",
            "\neverybody_name = \" \"",
            "\nrelay_rate = 1000",
            "\nrelay_total_rate = -1",
        ] {
            let refused = parse(text).unwrap_err();
            assert!(
                matches!(refused, Failure::Setting { line: 2, .. }),
                "{text}: {refused}"
            );
        }
    }

    #[test]
    fn the_class_of_everybody_is_called_as_set_or_like_the_rendezvous_and_can_be_switched_off() {
        let server = ServerId([7; 32]);
        let named = |text| {
            let name = parse(text).unwrap().policy(server).everybody;
            name.map(|name| name.to_string())
        };
        assert_eq!(named("").as_deref(), Some("全体 Everybody"));
        assert_eq!(
            named("name = \"七年级三班\"").as_deref(),
            Some("七年级三班")
        );
        let both = "name = \"a\"\neverybody_name = \"全校\"";
        assert_eq!(named(both).as_deref(), Some("全校"));
        let long = format!("name = \"{}\"", "x".repeat(60));
        assert_eq!(named(&long).as_deref(), Some("全体 Everybody"));
        assert_eq!(named("everybody = false"), None);
        let serve = Serve {
            no_everybody: true,
            ..Serve::default()
        };
        assert!(!parse("").unwrap().with(&serve).everybody);
    }

    #[test]
    fn the_command_line_goes_before_the_file() {
        let file = parse("listen = \"127.0.0.1:1\"\nmdns = true").unwrap();
        let serve = Serve {
            listen: "127.0.0.1:2".parse().ok(),
            no_mdns: true,
            ..Serve::default()
        };
        let config = file.with(&serve);
        assert_eq!(config.listen.port(), 2);
        assert!(!config.mdns);
    }
}
