//! A check of the network as the engine tells it.

use hutong_common::verdict::Verdict;
use hutong_engine::api::Path;
use hutong_engine::api::doctor::{
    DoctorShown, Facts, Interface, InterfaceKind, MulticastFacts, Packets, PeerFacts, ServerFacts,
    TcpAnswer, UdpFacts,
};
use hutong_engine::api::event::ServerState;

/// This verdict on a usual network, about somebody or nobody.
pub(crate) fn checked(verdict: Verdict, login: Option<&str>) -> DoctorShown {
    let adapter = |name: &str, kind, to_server, address: &str| Interface {
        name: name.to_owned(),
        kind,
        addresses: vec![address.parse().unwrap()],
        to_server,
    };
    let packets = |arrived, sent| Some(Packets { sent, arrived });
    DoctorShown {
        verdict,
        also: vec![Verdict::ClockOff],
        facts: Facts {
            interfaces: vec![
                adapter("WLAN", InterfaceKind::Real, true, "192.168.1.23"),
                adapter("docker0", InterfaceKind::Virtual, false, "172.17.0.1"),
            ],
            server: ServerFacts {
                state: Some(ServerState::Online),
                address: Some("192.168.1.20:7440".to_owned()),
                tcp: Some(TcpAnswer::Right),
                rtt_ms: Some(2),
                clock_ahead_ms: Some(-421_000),
                same_subnet: Some(true),
                ..ServerFacts::default()
            },
            udp: UdpFacts {
                port: Some(7442),
                small: packets(5, 5),
                large: packets(19, 20),
                rtt_us: Some(900),
            },
            multicast: MulticastFacts {
                on: true,
                clients: 11,
                servers: 1,
                announced: Some(true),
            },
            peer: login.map(|login| PeerFacts {
                login: login.to_owned(),
                online: true,
                path: Path::Mail,
                here: packets(0, 5),
                there: packets(0, 5),
                udp_there: Some(true),
                ..PeerFacts::default()
            }),
        },
    }
}
