//! Who is online, told to contacts, and where devices can be reached, told to those who are about to dial.

use super::friends::acquaintances_of;
use super::people::Standing;
use super::{Addressed, Answer, Caller, Context, Outcome, Service};
use crate::sessions::{Recipient, SessionChange};
use crate::store::{StoreError, Tx};
use hutong_common::bounded::List;
use hutong_common::id::AccountId;
use hutong_common::limits::CANDIDATE_PORT_MIN;
use hutong_common::push::{Presence, Push};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::Reply;
use hutong_common::rpc::presence::{Candidates, Introduction};
use std::net::{IpAddr, SocketAddr};

impl Service {
    /// What contacts are to be told when a connection has ended. Ask after its session was removed.
    ///
    /// # Errors
    /// When the store fails.
    pub fn disconnected(&self, caller: &Caller, tx: &Tx) -> Result<Vec<Addressed>, StoreError> {
        match caller.session() {
            Some(own) if !self.presence.is_online(own.account) => {
                self.presence_changed(own.account, false, tx)
            }
            Some(own) => self.away_after_farewell(own.account, caller.away, tx),
            None => Ok(Vec::new()),
        }
    }

    pub(super) fn presence_changed(
        &self,
        account: AccountId,
        online: bool,
        tx: &Tx,
    ) -> Result<Vec<Addressed>, StoreError> {
        to_acquaintances(account, &Push::Presence(Presence { account, online }), tx)
    }

    pub(super) fn report_candidates(caller: &mut Caller, reported: Candidates) -> Answer {
        let own = caller.signed_in()?;
        let candidates = acceptable(&reported, caller.address());
        caller.candidates = candidates.clone();
        Ok(Outcome {
            session: Some(SessionChange::Reach {
                account: own.account,
                device: own.device,
                candidates,
            }),
            ..Outcome::done()
        })
    }

    pub(super) fn introduce(
        &self,
        caller: &Caller,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Answer {
        let own = caller.signed_in()?;
        if !Standing::of(cx.tx, own.account, account)?.is_known() {
            return Err(Refusal::NotFound.into());
        }
        let devices = self.presence.candidates(account).into_iter();
        let introductions = devices.map(|(device, candidates)| Introduction {
            account,
            device,
            candidates,
        });
        // Whoever can be reached nowhere is told of, too: there is the relay.
        let us = Introduction {
            account: own.account,
            device: own.device,
            candidates: caller.candidates.clone(),
        };
        let pushes = vec![(Recipient::Account(account), Push::Introduction(us))];
        let reply = Reply::Introductions(List::truncated(introductions));
        Ok(Outcome::of(reply).pushing(pushes))
    }
}

/// The same push for everybody who may see an account.
pub(super) fn to_acquaintances(
    account: AccountId,
    push: &Push,
    tx: &Tx,
) -> Result<Vec<Addressed>, StoreError> {
    let known = acquaintances_of(account, tx)?;
    Ok(known
        .into_iter()
        .map(|other| (Recipient::Account(other), push.clone()))
        .collect())
}

/// The reported addresses that nobody can be hurt with, behind the one that the rendezvous sees: that one is true.
fn acceptable(reported: &[SocketAddr], seen: IpAddr) -> Candidates {
    let usable_ports = reported
        .iter()
        .filter(|address| address.port() >= CANDIDATE_PORT_MIN);
    let behind_seen = usable_ports
        .clone()
        .map(|address| SocketAddr::new(seen, address.port()));
    let claimed = usable_ports
        .map(|address| SocketAddr::new(address.ip().to_canonical(), address.port()))
        .filter(|address| address.ip() == seen || is_local(address.ip()));
    let mut kept: Vec<SocketAddr> = Vec::new();
    for address in behind_seen.chain(claimed) {
        if !kept.contains(&address) {
            kept.push(address);
        }
    }
    Candidates::truncated(kept)
}

/// Private, link-local or unique local: such an address leads nowhere outside the network of the one who dials.
fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => (ip.is_private() || ip.is_link_local()) && !ip.is_broadcast(),
        IpAddr::V6(ip) => ip.is_unicast_link_local() || ip.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use super::*;
    use hutong_common::push::Hint;
    use hutong_common::rpc::Request;
    use hutong_common::signed::DeviceKind;

    fn kept(reported: &[&str], seen: &str) -> Vec<String> {
        let reported: Vec<SocketAddr> = reported.iter().map(|a| a.parse().unwrap()).collect();
        acceptable(&reported, seen.parse().unwrap())
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn only_local_addresses_and_the_one_seen_are_passed_on() {
        let reported = [
            "192.168.1.5:7442",
            "8.8.8.8:7442",
            "127.0.0.1:7442",
            "255.255.255.255:7442",
            "224.0.0.251:7442",
            "[fe80::1]:7442",
            "[2001:db8::1]:7442",
            "0.0.0.0:7442",
            "10.0.0.1:53",
        ];
        let want = ["192.168.1.9:7442", "192.168.1.5:7442", "[fe80::1]:7442"];
        assert_eq!(kept(&reported, "192.168.1.9"), want);
    }

    #[test]
    fn loopback_is_passed_on_only_to_a_connection_over_loopback() {
        assert_eq!(
            kept(&["127.0.0.1:7442", "10.0.0.1:7442"], "127.0.0.1"),
            ["127.0.0.1:7442", "10.0.0.1:7442"]
        );
        assert_eq!(kept(&["127.0.0.1:7442"], "10.0.0.2"), ["10.0.0.2:7442"]);
    }

    #[test]
    fn the_number_of_candidates_is_bounded() {
        let many: Vec<String> = (1..=8).map(|n| format!("10.0.0.{n}:7442")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(kept(&many, "10.0.1.1").len(), 8);
    }

    #[test]
    fn contacts_hear_when_the_first_device_comes_and_the_last_one_goes() {
        let (mut scene, lin, mei) = Scene::with_friends();
        let second = scene.sign_in("lin", DeviceKind::Own).unwrap();
        let told = |online| {
            vec![Push::Presence(Presence {
                account: lin.account,
                online,
            })]
        };
        mei.pushes();
        scene.disconnect(&lin);
        assert_eq!(mei.pushes(), []);
        scene.disconnect(&second);
        assert_eq!(mei.pushes(), told(false));
        let mut second = second;
        scene.resume(&mut second).unwrap();
        assert_eq!(mei.pushes(), told(true));
    }

    #[test]
    fn a_second_connection_of_a_device_replaces_the_first() {
        let (mut scene, lin, mei) = Scene::with_friends();
        let mut again = scene.twin(&lin);
        scene.resume(&mut again).unwrap();
        assert_eq!(lin.pushes(), [Push::Replaced(Hint {})]);
        assert!(lin.is_closed());
        scene.disconnect(&lin);
        assert_eq!(mei.pushes(), []);
        scene.disconnect(&again);
        assert_eq!(mei.pushes().len(), 1);
    }

    #[test]
    fn contacts_are_introduced_to_each_other_and_strangers_are_not() {
        let (mut scene, mut lin, mut mei) = Scene::with_friends();
        let mut bo = scene.register("bo");
        for (who, port) in [(&mut lin, 7001), (&mut mei, 7002), (&mut bo, 7003)] {
            let here = SocketAddr::from(([127, 0, 0, 1], port));
            let report = Request::ReportCandidates(Candidates::new(vec![here]).unwrap());
            assert_eq!(scene.ask(who, report), Ok(Reply::Done));
        }
        let of = |client: &super::super::scene::Client, port| Introduction {
            account: client.account,
            device: client.caller.device(),
            candidates: Candidates::new(vec![SocketAddr::from(([127, 0, 0, 1], port))]).unwrap(),
        };
        let got = scene.ask(&mut lin, Request::Introduce(mei.account));
        let want = List::new(vec![of(&mei, 7002)]).unwrap();
        assert_eq!(got, Ok(Reply::Introductions(want)));
        assert_eq!(mei.pushes(), [Push::Introduction(of(&lin, 7001))]);
        let stranger = scene.ask(&mut bo, Request::Introduce(mei.account));
        assert_eq!(stranger, Err(Refusal::NotFound));
        assert_eq!(mei.pushes(), []);
        scene.disconnect(&mei);
        let away = scene.ask(&mut lin, Request::Introduce(mei.account));
        assert_eq!(away, Ok(Reply::Introductions(List::default())));
    }

    /// A device without UDP was in no list and told of to nobody, so that nobody knew whom to ask for a relay with.
    #[test]
    fn who_can_be_reached_nowhere_is_introduced_all_the_same() {
        let (mut scene, mut lin, mei) = Scene::with_friends();
        let nowhere = |client: &super::super::scene::Client| Introduction {
            account: client.account,
            device: client.caller.device(),
            candidates: Candidates::default(),
        };
        mei.pushes();
        let got = scene.ask(&mut lin, Request::Introduce(mei.account));
        let want = List::new(vec![nowhere(&mei)]).unwrap();
        assert_eq!(got, Ok(Reply::Introductions(want)));
        assert_eq!(mei.pushes(), [Push::Introduction(nowhere(&lin))]);
    }
}
