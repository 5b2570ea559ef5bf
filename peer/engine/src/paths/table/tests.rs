//! Addresses and the virtual ones that stand for them.

use super::super::probe::{EXPORTED_BYTES, ProbeKey, ProbeKind};
use super::*;
use hutong_common::limits::PATH_UNANSWERED_BURST_MAX;

const SESSION: RelaySession = RelaySession([7; 16]);

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn key(byte: u8) -> ProbeKey {
    ProbeKey::new(&[byte; EXPORTED_BYTES])
}

fn keys(ours: u8, theirs: u8) -> ProbeKeys {
    let (ours, theirs) = (key(ours), key(theirs));
    ProbeKeys { ours, theirs }
}

fn under(table: &mut Table, from: SocketAddr) -> Vec<Virtual> {
    let mut under = Vec::new();
    table.receive(from, None, 0, &mut under);
    under
}

#[test]
fn an_address_has_one_virtual_one_and_packets_find_their_way_back() {
    let mut table = Table::new([1; 32]);
    let real = address("10.0.0.2:7442");
    let name = table.virtual_of(PeerAddr::Direct(real), 0);
    assert_eq!(Virtual::of(name.address()), Some(name));
    assert_eq!(Virtual::of(real), None);
    assert_eq!(table.address_of(name), Some(PeerAddr::Direct(real)));
    assert_eq!(table.send(name, 0).direct, Some((real, None)));
    assert_eq!(under(&mut table, real), [name]);
    let relayed = table.virtual_of(PeerAddr::Relay(SESSION), 0);
    assert_eq!(table.send(relayed, 0).relay, Some(SESSION));
    let other = Table::new([2; 32]).virtual_of(PeerAddr::Direct(real), 0);
    assert_ne!(name, other, "nobody guesses it");
}

#[test]
fn answers_leave_from_the_address_that_was_asked() {
    let mut table = Table::new([1; 32]);
    let (real, own) = (address("10.0.0.2:7442"), "10.0.0.9".parse().unwrap());
    let mut under = Vec::new();
    table.receive(real, Some(own), 0, &mut under);
    assert_eq!(table.send(under[0], 0).direct, Some((real, Some(own))));
    table.doubt_all(0);
    assert_eq!(table.send(under[0], 0).direct, Some((real, None)));
}

/// Whoever names a victim as his address could have had us flood it.
#[test]
fn who_never_answered_gets_few_packets() {
    let mut table = Table::new([1; 32]);
    let silent = table.virtual_of(PeerAddr::Direct(address("10.9.9.9:5000")), 0);
    let sent = (0..100).filter(|_| table.send(silent, 0).direct.is_some());
    assert_eq!(sent.count() as u32, PATH_UNANSWERED_MAX);
    let mut sent = 0;
    for n in 0..200_u8 {
        let to = PeerAddr::Direct(SocketAddr::from(([10, 8, 0, n], 5000)));
        let name = table.virtual_of(to, 0);
        sent += (0..3)
            .filter(|_| table.send(name, 0).direct.is_some())
            .count();
    }
    assert!(sent as u64 <= PATH_UNANSWERED_BURST_MAX, "{sent} at once");
    let later = table.virtual_of(PeerAddr::Direct(address("10.7.7.7:5000")), 0);
    assert!(table.send(later, 0).direct.is_none());
    assert!(table.send(later, 1_000_000).direct.is_some());
}

#[test]
fn a_crowd_that_answers_is_dialled_without_a_pause() {
    let mut table = Table::new([1; 32]);
    for n in 0..200_u8 {
        let real = SocketAddr::from(([10, 8, 0, n], 5000));
        let name = table.virtual_of(PeerAddr::Direct(real), 0);
        assert!(table.send(name, 0).direct.is_some(), "{n}");
        under(&mut table, real);
    }
}

#[test]
fn packets_from_any_address_of_a_link_come_up_under_its_own() {
    let mut table = Table::new([1; 32]);
    let (first, second) = (address("10.0.0.2:7442"), address("10.0.1.2:7442"));
    let name = under(&mut table, first)[0];
    let link = LinkId::Accepted(1);
    table.add(link, name, keys(1, 2), 0);
    let ping = key(2).probe(ProbeKind::Ping, 1);
    assert!(table.probe(&ping, second, 0).is_some());
    assert_eq!(under(&mut table, second), [name]);
    assert!(table.probe(&ping, address("10.0.2.2:7442"), 0).is_none());
    let stranger = key(9).probe(ProbeKind::Ping, 1);
    assert!(table.probe(&stranger, second, 0).is_none());
    table.attach(link, SESSION);
    let mut relayed = Vec::new();
    table.receive_relayed(SESSION, 0, &mut relayed);
    assert_eq!(relayed, [name]);
    table.remove(link);
    assert_ne!(
        under(&mut table, second),
        [name],
        "nothing is left of the link"
    );
    assert!(
        table
            .probe(&key(2).probe(ProbeKind::Ping, 2), first, 0)
            .is_none()
    );
}

/// Two links of the same pair met on different addresses: packets of one were handed up under the other's, and lost.
#[test]
fn what_two_links_receive_from_comes_up_under_both() {
    let mut table = Table::new([1; 32]);
    let (first, second) = (address("10.0.0.2:7442"), address("10.0.1.2:7442"));
    let names = [first, second].map(|real| under(&mut table, real)[0]);
    table.add(LinkId::Dialled(1), names[0], keys(1, 2), 0);
    table.add(LinkId::Accepted(1), names[1], keys(3, 4), 0);
    let ping = key(2).probe(ProbeKind::Ping, 1);
    assert!(table.probe(&ping, second, 0).is_some());
    let both = under(&mut table, second);
    assert_eq!(both.len(), 2);
    assert!(names.iter().all(|name| both.contains(name)));
}

#[test]
fn the_number_of_addresses_is_bounded_and_links_stay() {
    let mut table = Table::new([1; 32]);
    let real = address("10.0.0.2:7442");
    let name = under(&mut table, real)[0];
    table.add(LinkId::Accepted(1), name, keys(1, 2), 0);
    for n in 0..3_000_u32 {
        let flood = SocketAddr::from((n.to_be_bytes(), 5000));
        table.virtual_of(PeerAddr::Direct(flood), u64::from(n) + 1);
    }
    assert!(table.homes.len() <= PATH_VIRTUAL_MAX);
    assert_eq!(under(&mut table, real), [name]);
}
