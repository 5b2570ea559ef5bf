//! The check of the network: it runs once, its outcome is shown where it was wanted, and another one takes its place.

use crate::input::{Input, Intent, Purpose};
use crate::model::Dialog;
use crate::scene::{Scene, checked};
use hutong_common::verdict::Verdict;
use hutong_engine::api::{Command, Done, Failure};

fn doctor(login: Option<&str>) -> Command {
    Command::Doctor {
        login: login.map(str::to_owned),
    }
}

#[test]
fn a_check_of_the_network_runs_once_and_shows_what_it_found() {
    let mut scene = Scene::alice();
    scene.want(Intent::Check(None));
    assert_eq!(scene.asked(), [&doctor(None)]);
    assert!(scene.state.doctor.busy && scene.state.dialog.is_none());
    scene.want(Intent::Check(None));
    assert!(scene.asked().is_empty());
    let found = checked(Verdict::UdpBlocked, None);
    scene.answer(Purpose::Check { who: None }, Done::Doctor(Box::new(found)));
    let shown = scene.state.doctor.found.as_ref();
    assert_eq!(shown.map(|shown| shown.verdict), Some(Verdict::UdpBlocked));
    // Once more, and what was found before is no longer shown.
    scene.want(Intent::Check(None));
    assert!(scene.state.doctor.busy && scene.state.doctor.found.is_none());
}

#[test]
fn a_check_of_the_way_to_somebody_lies_above_and_a_late_answer_is_no_longer_wanted() {
    let mut scene = Scene::alice();
    scene.want(Intent::Check(None));
    let who = Some("bob".into());
    scene.want(Intent::Check(who.clone()));
    assert_eq!(scene.asked(), [&doctor(Some("bob"))]);
    assert_eq!(scene.state.dialog, Some(Dialog::Doctor("bob".into())));
    let late = checked(Verdict::AllWell, None);
    scene.answer(Purpose::Check { who: None }, Done::Doctor(Box::new(late)));
    assert!(scene.state.doctor.busy);
    let purpose = Purpose::Check { who };
    scene.take(Input::Answer(purpose, Err(Failure::NotSignedIn)));
    assert!(!scene.state.doctor.busy && scene.state.toasts.len() == 1);
}
