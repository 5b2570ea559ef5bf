//! The check of the network: while it runs, in the settings, and above everything for the way to somebody.

use super::{paint, tour};
use crate::input::intent::Go;
use crate::input::{Intent, Purpose};
use crate::model::home::Pane;
use crate::scene::{self, lively};
use druid::Size;
use hutong_common::verdict::Verdict;
use hutong_engine::api::Done;

#[test]
fn the_check_of_the_network_and_of_the_way_to_somebody() {
    let mut scene = lively();
    scene.want(Intent::Go(Go::Pane(Pane::Settings)));
    scene.want(Intent::Check(None));
    tour(
        "doctor-runs",
        &scene.state,
        ("Checking the network", "正在检查网络"),
    );
    let found = scene::checked(Verdict::UdpBlocked, None);
    scene.answer(Purpose::Check { who: None }, Done::Doctor(Box::new(found)));
    tour("doctor", &scene.state, ("drops UDP", "拦截 UDP"));
    paint(
        "doctor-whole",
        scene.state.clone(),
        Size::new(1000.0, 1300.0),
    );
    let who: Option<druid::ArcStr> = Some("bob".into());
    scene.want(Intent::Check(who.clone()));
    let found = scene::checked(Verdict::ClientIsolation, Some("bob"));
    scene.answer(Purpose::Check { who }, Done::Doctor(Box::new(found)));
    tour(
        "dialog-doctor",
        &scene.state,
        ("keeps you and 王小明 apart", "把您和 王小明 隔离开"),
    );
}
