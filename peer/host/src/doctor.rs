//! A check of the network in words: the verdict, what to do, and the facts as names with values.
//!
//! Every face shows these. What the system or others named is made harmless here.

use crate::wording::Fields;
use hutong_common::harmless;
use hutong_common::limits::DOCTOR_CLOCK_MS;
use hutong_common::text::Lang;
use hutong_common::text::client::Client;
use hutong_common::text::doctor::DoctorText;
use hutong_engine::api::Path;
use hutong_engine::api::doctor::{
    DoctorShown, Facts, Interface, InterfaceKind, Packets, PeerFacts, ServerFacts, TcpAnswer,
};
use hutong_engine::api::event::ServerState;
use std::fmt::Display;

/// A fact: its name and what is so.
pub type Fact = (String, String);

/// The verdict, and what to do about it; `who` is what the person asked about is called.
pub fn verdict(shown: &DoctorShown, who: &str, lang: Lang) -> (String, String) {
    (
        shown.verdict.words(who, lang),
        shown.verdict.advice(who, lang),
    )
}

/// What else was found, a sentence each.
pub fn also(shown: &DoctorShown, who: &str, lang: Lang) -> Vec<String> {
    let also = shown.also.iter();
    also.map(|verdict| verdict.words(who, lang)).collect()
}

/// What programs are told beside the codes.
pub(crate) fn words(shown: &DoctorShown, lang: Lang) -> Fields {
    let (text, advice) = verdict(shown, &login(shown), lang);
    Fields::from_iter([
        ("text".to_owned(), text.into()),
        ("advice".to_owned(), advice.into()),
    ])
}

/// The login of the person asked about; empty where it is about nobody.
pub fn login(shown: &DoctorShown) -> String {
    let peer = shown.facts.peer.as_ref();
    peer.map_or_else(String::new, |peer| harmless::one_line(&peer.login))
}

/// The facts, in the order in which a person would look for a cause.
pub fn facts(shown: &DoctorShown, lang: Lang) -> Vec<Fact> {
    let facts = &shown.facts;
    let adapters = facts.interfaces.iter();
    let mut rows: Vec<Fact> = adapters
        .map(|one| (DoctorText::FactInterface.say(lang), adapter(one, lang)))
        .collect();
    let mut row = |name: DoctorText<'_>, value: String| rows.push((name.say(lang), value));
    row(DoctorText::FactServer, server(&facts.server, lang));
    if let Some(answer) = facts.server.tcp {
        row(DoctorText::FactServerAnswer, tcp(answer).say(lang));
    }
    if let Some(ahead_ms) = facts.server.clock_ahead_ms {
        row(DoctorText::FactClock, clock(ahead_ms, lang));
    }
    row(DoctorText::FactUdp, udp(facts.udp.port, lang));
    if let Some((small, large)) = facts.udp.small.zip(facts.udp.large) {
        row(DoctorText::FactUdpServer, echoes(small, large, lang));
    }
    row(DoctorText::FactMulticast, multicast(facts, lang));
    if let Some(one) = &facts.peer {
        row(DoctorText::FactPeer, peer(one, lang));
        if let Some(here) = one.here {
            row(DoctorText::FactPeerUdp, between(here, one.there, lang));
        }
    }
    rows
}

fn adapter(one: &Interface, lang: Lang) -> String {
    let kind = match one.kind {
        InterfaceKind::Real => DoctorText::KindReal,
        InterfaceKind::Vpn => DoctorText::KindVpn,
        InterfaceKind::Virtual => DoctorText::KindVirtual,
        InterfaceKind::Loopback => DoctorText::KindLoopback,
    }
    .say(lang);
    let addresses: Vec<String> = one.addresses.iter().map(ToString::to_string).collect();
    let name = harmless::one_line(&one.name);
    let interface = &format!("{name} ({kind}) {}", addresses.join(" "));
    if one.to_server {
        DoctorText::ToServer { interface }.say(lang)
    } else {
        interface.clone()
    }
}

fn server(server: &ServerFacts, lang: Lang) -> String {
    let Some(address) = &server.address else {
        return DoctorText::ServerUnknown.say(lang);
    };
    let address: &dyn Display = &harmless::one_line(address);
    let is_online = server.state == Some(ServerState::Online);
    match server.rtt_ms.filter(|_| is_online) {
        Some(ms) => DoctorText::ServerOnline { address, ms: &ms }.say(lang),
        None => DoctorText::ServerAway { address }.say(lang),
    }
}

const fn tcp(answer: TcpAnswer) -> DoctorText<'static> {
    match answer {
        TcpAnswer::Right => DoctorText::AnswerRight,
        TcpAnswer::WrongKey => DoctorText::AnswerWrongKey,
        TcpAnswer::WebPage => DoctorText::AnswerWebPage,
        TcpAnswer::NotTls => DoctorText::AnswerNotTls,
        TcpAnswer::Closed => DoctorText::AnswerClosed,
        TcpAnswer::Refused => DoctorText::AnswerRefused,
        TcpAnswer::NoRoute => DoctorText::AnswerNoRoute,
        TcpAnswer::TimedOut => DoctorText::AnswerTimedOut,
        TcpAnswer::NoName => DoctorText::AnswerNoName,
    }
}

fn clock(ahead_ms: i64, lang: Lang) -> String {
    let off_ms = ahead_ms.unsigned_abs();
    if off_ms > DOCTOR_CLOCK_MS {
        let seconds = &(off_ms / 1_000);
        DoctorText::ClockBy { seconds }.say(lang)
    } else {
        DoctorText::ClockRight.say(lang)
    }
}

fn udp(port: Option<u16>, lang: Lang) -> String {
    match port {
        Some(port) => DoctorText::UdpPort { port: &port }.say(lang),
        None => DoctorText::UdpIsOff.say(lang),
    }
}

fn echoes(small: Packets, large: Packets, lang: Lang) -> String {
    DoctorText::UdpEchoes {
        small: &small.arrived,
        sent: &small.sent,
        large: &large.arrived,
        burst: &large.sent,
    }
    .say(lang)
}

fn multicast(facts: &Facts, lang: Lang) -> String {
    if !facts.multicast.on {
        return DoctorText::MulticastIsOff.say(lang);
    }
    let (clients, servers) = (&facts.multicast.clients, &facts.multicast.servers);
    DoctorText::MulticastHeard { clients, servers }.say(lang)
}

fn peer(peer: &PeerFacts, lang: Lang) -> String {
    let who: &dyn Display = &harmless::one_line(&peer.login);
    if !peer.online {
        return DoctorText::PeerAway { who }.say(lang);
    }
    let path = match peer.path {
        Path::Direct => Client::PathDirect,
        Path::Relay => Client::PathRelay,
        Path::Mail => Client::PathMail,
        Path::None => Client::PathNone,
    };
    let path = &path.say(lang);
    DoctorText::PeerOnline { who, path }.say(lang)
}

fn between(here: Packets, there: Option<Packets>, lang: Lang) -> String {
    let (arrived, sent) = (&here.arrived, &here.sent);
    let Some(there) = there else {
        return DoctorText::PeerPacketsHere {
            here: arrived,
            sent,
        }
        .say(lang);
    };
    DoctorText::PeerPackets {
        here: arrived,
        there: &there.arrived,
        sent,
    }
    .say(lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::verdict::Verdict;
    use hutong_engine::api::doctor::{MulticastFacts, UdpFacts};

    fn shown() -> DoctorShown {
        let packets = |arrived, sent| Some(Packets { sent, arrived });
        DoctorShown {
            verdict: Verdict::InboundFirewallThere,
            also: vec![Verdict::ClockOff],
            facts: Facts {
                interfaces: vec![Interface {
                    name: "eth0\u{1b}[31m".to_owned(),
                    kind: InterfaceKind::Real,
                    addresses: vec!["10.0.0.1".parse().unwrap()],
                    to_server: true,
                }],
                server: ServerFacts {
                    state: Some(ServerState::Online),
                    address: Some("10.0.0.9:7440".to_owned()),
                    tcp: Some(TcpAnswer::Right),
                    rtt_ms: Some(2),
                    clock_ahead_ms: Some(-400_000),
                    ..ServerFacts::default()
                },
                udp: UdpFacts {
                    port: Some(7442),
                    small: packets(5, 5),
                    large: packets(19, 20),
                    rtt_us: None,
                },
                multicast: MulticastFacts::default(),
                peer: Some(PeerFacts {
                    login: "bob".to_owned(),
                    online: true,
                    path: Path::Mail,
                    here: packets(5, 5),
                    there: packets(0, 5),
                    ..PeerFacts::default()
                }),
            },
        }
    }

    #[test]
    fn a_check_is_told_in_both_languages_and_reads_back() {
        let shown = shown();
        for lang in [Lang::En, Lang::Zh] {
            let (said, advice) = verdict(&shown, &login(&shown), lang);
            assert!(
                said.contains("bob") && advice.contains("bob"),
                "{said} {advice}"
            );
            assert_eq!(also(&shown, "bob", lang).len(), 1);
            let rows = facts(&shown, lang);
            assert_eq!(rows.len(), 9, "{rows:?}");
            assert!(rows[0].1.contains("10.0.0.1") && !rows[0].1.contains('\u{1b}'));
        }
        let text = serde_json::to_string(&shown).unwrap();
        assert_eq!(serde_json::from_str::<DoctorShown>(&text).unwrap(), shown);
    }

    /// The engine that answers may be that of a newer program.
    #[test]
    fn facts_that_are_left_out_are_not_known() {
        let told: DoctorShown = serde_json::from_str(r#"{"verdict":"all_well"}"#).unwrap();
        assert_eq!(told.facts, Facts::default());
        assert!(!facts(&told, Lang::En).is_empty());
    }
}
