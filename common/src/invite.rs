//! Invite links: everything a new client needs to find a rendezvous and to be sure that it is the right one.
//!
//! `hutong://join?h=<host:port>[&h=…]&s=<server id>[&t=<token>]&n=<name>`. Made by the rendezvous, read by the clients
//! from whatever a person pasted. A link pins a server's key for first contact; it never replaces a pin. Parameters of
//! later versions are skipped, those known here appear once (hosts up to eight times) and are checked.

use crate::id::ServerId;
use crate::identity::is_weak;
use crate::limits::{
    CODE_BYTES_MAX, HOST_BYTES_MAX, INVITE_BYTES_MAX, INVITE_HOSTS_MAX, SERVER_NAME_BYTES_MAX,
};
use crate::name::is_deceptive;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::fmt;
use std::str::FromStr;

const PREFIX: &str = "hutong://join?";
/// What may stand unescaped in a value; a chat program must not cut a link short at anything else.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':');

/// Why a text is no invite link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// It does not begin as one, or is longer than any.
    #[error("not an invite link")]
    NotAnInvite,
    /// A parameter is escaped wrongly.
    #[error("damaged parameter `{0}`")]
    Damaged(char),
    /// A parameter is missing.
    #[error("parameter `{0}` is missing")]
    Missing(char),
    /// A parameter appears more often than it may.
    #[error("parameter `{0}` appears too often")]
    Repeated(char),
    /// A host is not `host:port`.
    #[error("not a host and port")]
    Host,
    /// The server id is none, or a key under which anybody can sign.
    #[error("not a server id")]
    Server,
    /// The token is empty, too long, or holds something that no token holds.
    #[error("not an invite token")]
    Token,
    /// The name is empty, too long, or not fit to show.
    #[error("not a server name")]
    Name,
}

/// A parsed link. Its parts have been checked, and stay so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    hosts: Vec<String>,
    server: ServerId,
    token: Option<String>,
    name: String,
}

impl Invite {
    /// An invitation to `server`, called `name`, reachable at one of `hosts` (`host:port`, best first).
    pub fn new(
        hosts: Vec<String>,
        server: ServerId,
        token: Option<String>,
        name: String,
    ) -> Result<Self, InviteError> {
        if hosts.is_empty() {
            return Err(InviteError::Missing('h'));
        }
        if hosts.len() > INVITE_HOSTS_MAX {
            return Err(InviteError::Repeated('h'));
        }
        hosts.iter().try_for_each(|host| check_host(host))?;
        if is_weak(&server.public_key()) {
            return Err(InviteError::Server);
        }
        if !token.as_deref().is_none_or(is_token) {
            return Err(InviteError::Token);
        }
        check_name(&name)?;
        Ok(Self {
            hosts,
            server,
            token,
            name,
        })
    }

    /// Where to dial, `host:port`, best first; never empty.
    pub fn hosts(&self) -> &[String] {
        &self.hosts
    }

    /// Whom to expect there.
    pub const fn server(&self) -> ServerId {
        self.server
    }

    /// What allows registering, where that needs an invitation.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// What the rendezvous calls itself.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Whether a rendezvous may be called so.
///
/// # Errors
/// [`InviteError::Name`] when it may not.
pub fn check_name(name: &str) -> Result<(), InviteError> {
    if name.trim().is_empty()
        || name.len() > SERVER_NAME_BYTES_MAX
        || name.chars().any(is_deceptive)
    {
        return Err(InviteError::Name);
    }
    Ok(())
}

/// Whether a link may say so where to dial: `name:port`, `1.2.3.4:port` or `[v6]:port`.
///
/// # Errors
/// [`InviteError::Host`] when it may not.
pub fn check_host(host: &str) -> Result<(), InviteError> {
    if is_host_and_port(host) {
        Ok(())
    } else {
        Err(InviteError::Host)
    }
}

fn is_host_and_port(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else {
        return false;
    };
    let port_fits = port.bytes().all(|byte| byte.is_ascii_digit())
        && port.parse::<u16>().is_ok_and(|port| port != 0);
    let bracketed = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    let host_fits = match bracketed {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.len() <= HOST_BYTES_MAX && host.bytes().all(is_name),
    };
    port_fits && host_fits
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= CODE_BYTES_MAX
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Display for Invite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        for host in &self.hosts {
            write!(f, "h={}&", utf8_percent_encode(host, ESCAPED))?;
        }
        write!(f, "s={}", self.server)?;
        if let Some(token) = &self.token {
            write!(f, "&t={}", utf8_percent_encode(token, ESCAPED))?;
        }
        write!(f, "&n={}", utf8_percent_encode(&self.name, ESCAPED))
    }
}

impl FromStr for Invite {
    type Err = InviteError;

    fn from_str(text: &str) -> Result<Self, InviteError> {
        let text = text.trim();
        let (prefix, parameters) = text
            .split_at_checked(PREFIX.len())
            .ok_or(InviteError::NotAnInvite)?;
        if text.len() > INVITE_BYTES_MAX || !prefix.eq_ignore_ascii_case(PREFIX) {
            return Err(InviteError::NotAnInvite);
        }
        let mut hosts = Vec::new();
        let (mut server, mut token, mut name) = (None, None, None);
        for parameter in parameters.split('&') {
            match parameter.split_once('=') {
                Some(("h", value)) => hosts.push(unescaped('h', value)?),
                Some(("s", value)) => set_once(&mut server, 's', value)?,
                Some(("t", value)) => set_once(&mut token, 't', value)?,
                Some(("n", value)) => set_once(&mut name, 'n', value)?,
                // A parameter of a later version.
                Some(_) | None => {}
            }
        }
        let server = server
            .ok_or(InviteError::Missing('s'))?
            .parse()
            .map_err(|_| InviteError::Server)?;
        let token = token.filter(|token| !token.is_empty());
        Self::new(hosts, server, token, name.ok_or(InviteError::Missing('n'))?)
    }
}

fn unescaped(parameter: char, value: &str) -> Result<String, InviteError> {
    let decoded = percent_decode_str(value)
        .decode_utf8()
        .map_err(|_| InviteError::Damaged(parameter))?;
    Ok(decoded.into_owned())
}

fn set_once(slot: &mut Option<String>, parameter: char, value: &str) -> Result<(), InviteError> {
    match slot.replace(unescaped(parameter, value)?) {
        Some(_) => Err(InviteError::Repeated(parameter)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::KeyPair;

    fn server() -> ServerId {
        ServerId(KeyPair::from_seed([1; 32]).public().0)
    }

    fn invite(hosts: &[&str], token: Option<&str>, name: &str) -> Result<Invite, InviteError> {
        let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        Invite::new(hosts, server(), token.map(str::to_owned), name.to_owned())
    }

    #[test]
    fn a_link_reads_back_as_it_was_made() {
        let cases = [
            invite(&["192.168.1.9:7440"], None, "Lab 3"),
            invite(
                &["rv.school.cn:7440", "[fe80::1]:7440", "127.0.0.1:1"],
                Some("abc-DEF_1+/&=%"),
                "胡同 & 朋友 100%",
            ),
            invite(&["a:65535"; 8], Some("t"), "n"),
        ];
        for invite in cases {
            let invite = invite.unwrap();
            let link = invite.to_string();
            assert!(
                link.is_ascii() && !link.contains(char::is_whitespace),
                "{link}"
            );
            assert_eq!(link.parse(), Ok(invite), "{link}");
        }
    }

    #[test]
    fn the_written_form_is_the_documented_one() {
        let link = invite(&["10.0.0.1:7440", "[::1]:7440"], Some("k7"), "Lab 3")
            .unwrap()
            .to_string();
        let server = server();
        assert_eq!(
            link,
            format!("hutong://join?h=10.0.0.1:7440&h=%5B::1%5D:7440&s={server}&t=k7&n=Lab%203")
        );
    }

    #[test]
    fn later_parameters_order_case_and_edges_do_not_matter() {
        let server = server();
        let expected = invite(&["a:1"], None, "Lab").unwrap();
        for link in [
            format!("hutong://join?n=Lab&s={server}&h=a:1"),
            format!("  HUTONG://JOIN?h=a:1&s={server}&n=Lab\n"),
            format!("hutong://join?h=a:1&zz=%FF&flag&&s={server}&t=&n=Lab&h2=b"),
            format!(
                "hutong://join?h=a:1&s={}&n=Lab",
                server.to_string().to_uppercase()
            ),
        ] {
            assert_eq!(link.parse().as_ref(), Ok(&expected), "{link}");
        }
    }

    #[test]
    fn every_fault_has_its_name() {
        let s = server().to_string();
        let hosts = "h=a:1&".repeat(9);
        let weak = ServerId([0; 32]);
        let cases = [
            (String::new(), InviteError::NotAnInvite),
            ("https://join?h=a:1".to_owned(), InviteError::NotAnInvite),
            ("hutong://joi胡".to_owned(), InviteError::NotAnInvite),
            (
                format!(
                    "hutong://join?h=a:1&s={s}&n=x&z={}",
                    "z".repeat(INVITE_BYTES_MAX)
                ),
                InviteError::NotAnInvite,
            ),
            (
                format!("hutong://join?s={s}&n=x"),
                InviteError::Missing('h'),
            ),
            (
                "hutong://join?h=a:1&n=x".to_owned(),
                InviteError::Missing('s'),
            ),
            (
                format!("hutong://join?h=a:1&s={s}"),
                InviteError::Missing('n'),
            ),
            (
                format!("hutong://join?{hosts}s={s}&n=x"),
                InviteError::Repeated('h'),
            ),
            (
                format!("hutong://join?h=a:1&s={s}&s={s}&n=x"),
                InviteError::Repeated('s'),
            ),
            (
                format!("hutong://join?h=a:1&s={s}&n=x&n=y"),
                InviteError::Repeated('n'),
            ),
            (
                format!("hutong://join?h=a:1&s={s}&n=%FF"),
                InviteError::Damaged('n'),
            ),
            (
                format!("hutong://join?h=a:1&s={}&n=x", &s[1..]),
                InviteError::Server,
            ),
            (
                format!("hutong://join?h=a:1&s={weak}&n=x"),
                InviteError::Server,
            ),
        ];
        for (link, fault) in cases {
            assert_eq!(link.parse::<Invite>(), Err(fault), "{link}");
        }
    }

    #[test]
    fn only_hosts_with_ports_are_hosts() {
        for host in [
            "",
            "a",
            "a:",
            ":1",
            "a:0",
            "a:65536",
            "a:+1",
            "a b:1",
            "fe80::1:7440",
            "[::1]",
            "[x]:1",
            "a/b:1",
        ] {
            assert_eq!(
                invite(&[host], None, "x"),
                Err(InviteError::Host),
                "{host:?}"
            );
        }
    }

    #[test]
    fn tokens_and_names_are_fit_to_show() {
        for token in ["", "a b", "é", &"t".repeat(CODE_BYTES_MAX + 1)] {
            assert_eq!(
                invite(&["a:1"], Some(token), "x"),
                Err(InviteError::Token),
                "{token:?}"
            );
        }
        for name in [
            "",
            "  ",
            "a\u{202e}b",
            "a\nb",
            "a\u{200b}b",
            &"n".repeat(SERVER_NAME_BYTES_MAX + 1),
        ] {
            assert_eq!(
                invite(&["a:1"], None, name),
                Err(InviteError::Name),
                "{name:?}"
            );
        }
    }
}
