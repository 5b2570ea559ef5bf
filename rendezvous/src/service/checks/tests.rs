//! What is sent back, to whom and how often, and who is asked to take part in a check.

use super::super::scene::{Client, Scene};
use super::*;
use hutong_common::check::PACKET_BYTES;
use hutong_common::limits::HOUR_MS;
use hutong_common::rpc::Request;

const PORT: u16 = 7440;

fn udp_check(scene: &mut Scene, who: &mut Client) -> UdpCheck {
    match scene.ask(who, Request::Check(CheckAsk::Udp)) {
        Ok(Reply::UdpCheck(check)) => check,
        other => panic!("{other:?}"),
    }
}

fn packet(token: CheckToken, kind: CheckKind) -> Vec<u8> {
    let number = 3;
    CheckPacket {
        kind,
        token,
        number,
    }
    .encode(200)
}

fn here() -> IpAddr {
    "127.0.0.1".parse().unwrap()
}

fn path_check(scene: &mut Scene, who: &mut Client, other: &Client) -> Result<Reply, Refusal> {
    scene.ask(who, Request::Check(CheckAsk::Path(other.account)))
}

fn report(scene: &mut Scene, who: &mut Client, port: u16) {
    let address = (here(), port).into();
    let report = Request::ReportCandidates(Candidates::new(vec![address]).unwrap());
    scene.ask(who, report).unwrap();
}

#[test]
fn a_packet_goes_back_as_long_as_it_came_and_only_to_who_asked_for_the_token() {
    let (mut scene, mut lin, _) = Scene::with_friends();
    scene.service.set_check_port(Some(PORT), true);
    let check = udp_check(&mut scene, &mut lin);
    assert_eq!((check.port, check.announced), (Some(PORT), true));
    let (service, now_ms) = (&scene.service, scene.now_ms);
    let asked = packet(check.token, CheckKind::Echo);
    let back = service.echo(&asked, here(), now_ms);
    assert_eq!(back, Some(packet(check.token, CheckKind::Echoed)));

    let elsewhere = "127.0.0.2".parse().unwrap();
    assert_eq!(service.echo(&asked, elsewhere, now_ms), None);
    let strange = packet(CheckToken([9; 16]), CheckKind::Echo);
    assert_eq!(service.echo(&strange, here(), now_ms), None);
    for kind in [CheckKind::Echoed, CheckKind::Knock] {
        assert_eq!(
            service.echo(&packet(check.token, kind), here(), now_ms),
            None
        );
    }
    assert_eq!(
        service.echo(&asked[..PACKET_BYTES - 1], here(), now_ms),
        None
    );
    let left = (0..=CHECK_PACKETS_MAX).filter(|_| service.echo(&asked, here(), now_ms).is_some());
    assert_eq!(left.count(), CHECK_PACKETS_MAX as usize - 1);

    let fresh = udp_check(&mut scene, &mut lin);
    let late_ms = scene.now_ms + CHECK_TOKEN_MS;
    let asked = packet(fresh.token, CheckKind::Echo);
    assert_eq!(scene.service.echo(&asked, here(), late_ms), None);
}

#[test]
fn a_rendezvous_without_the_port_says_so_and_tokens_of_one_account_are_few() {
    let (mut scene, mut lin, mut mei) = Scene::with_friends();
    assert_eq!(udp_check(&mut scene, &mut lin).port, None);
    scene.service.set_check_port(Some(PORT), false);
    for _ in 0..CHECK_TOKENS_PER_ACCOUNT_MAX {
        udp_check(&mut scene, &mut lin);
    }
    let refused = scene.ask(&mut lin, Request::Check(CheckAsk::Udp));
    assert!(matches!(refused, Err(Refusal::TooFast { .. })));
    udp_check(&mut scene, &mut mei);
    scene.now_ms += CHECK_TOKEN_MS;
    udp_check(&mut scene, &mut lin);
}

#[test]
fn both_sides_of_a_check_are_told_of_each_other_and_the_report_comes_back_once() {
    let (mut scene, mut lin, mut mei) = Scene::with_friends();
    report(&mut scene, &mut lin, 7001);
    report(&mut scene, &mut mei, 7002);
    let Ok(Reply::PathCheck(Some(ours))) = path_check(&mut scene, &mut lin, &mei) else {
        panic!("a check begins");
    };
    assert_eq!(ours.other.candidates[0].port(), 7002);
    let pushes = mei.pushes();
    let [Push::PathCheck(theirs)] = pushes.as_slice() else {
        panic!("{pushes:?}");
    };
    assert_eq!(theirs.token, ours.token);
    assert_eq!(
        (theirs.other.account, theirs.other.candidates[0].port()),
        (lin.account, 7001)
    );

    let seen = PathChecked {
        token: ours.token,
        heard: 4,
        udp: Some(true),
    };
    // Only the device that was asked reports, and its first word counts.
    let own = scene.ask(&mut lin, Request::Check(CheckAsk::Report(seen)));
    assert_eq!(own, Err(Refusal::NotFound));
    assert_eq!(
        scene.ask(&mut mei, Request::Check(CheckAsk::Report(seen))),
        Ok(Reply::Done)
    );
    assert_eq!(lin.pushes(), [Push::PathChecked(seen)]);
    let again = scene.ask(&mut mei, Request::Check(CheckAsk::Report(seen)));
    assert_eq!(again, Err(Refusal::NotFound));
}

#[test]
fn the_same_two_are_checked_in_turn_strangers_never_and_the_absent_not_at_all() {
    let (mut scene, mut lin, mut mei) = Scene::with_friends();
    let mut bo = scene.register("bo");
    scene.now_ms += HOUR_MS;
    assert_eq!(
        path_check(&mut scene, &mut bo, &mei),
        Err(Refusal::NotFound)
    );
    // Somebody without UDP takes part as well: that is what the check is to find.
    let Ok(Reply::PathCheck(Some(check))) = path_check(&mut scene, &mut lin, &mei) else {
        panic!("a check begins");
    };
    assert!(check.other.candidates.is_empty());
    scene.now_ms += 2_000;
    let retry_ms = PATH_CHECK_INTERVAL_MS - 2_000;
    let soon = Err(Refusal::TooFast { retry_ms });
    assert_eq!(path_check(&mut scene, &mut mei, &lin), soon);
    scene.now_ms += retry_ms;
    assert!(path_check(&mut scene, &mut mei, &lin).is_ok());
    scene.disconnect(&mei);
    scene.now_ms += PATH_CHECK_INTERVAL_MS;
    assert_eq!(
        path_check(&mut scene, &mut lin, &mei),
        Ok(Reply::PathCheck(None))
    );
}
