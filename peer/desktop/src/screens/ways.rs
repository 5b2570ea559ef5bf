//! By which way somebody is reached, in words.

use crate::model::AppState;
use crate::model::people::Contact;
use crate::say;
use crate::widgets::text;
use druid::widget::{CrossAxisAlignment, Flex};
use druid::{Env, Widget};
use hutong_common::harmless;
use hutong_common::text::client::Client;
use hutong_common::text::desktop::compose::ComposeText;
use hutong_common::text::desktop::settings::SettingsText;
use hutong_engine::api::done::Relation;
use hutong_engine::api::{Path, PathWhy};

/// The way, why it is the one through the server, and the time to the other side and back.
pub(super) fn way(contact: &Contact, env: &Env) -> String {
    let way = match contact.path {
        Path::Direct => say!(env, ComposeText::WayDirect),
        Path::Relay => say!(env, ComposeText::WayRelay),
        Path::Mail => say!(env, ComposeText::WayMail),
        Path::None => say!(env, ComposeText::WayNone),
    };
    let why = contact.why.map(|why| reason(why, env));
    let rtt = contact.rtt_us.map(round_trip);
    let parts = [Some(way), why, rtt].into_iter().flatten();
    parts.collect::<Vec<_>>().join(" · ")
}

/// How many friends are reached directly, and who through the server and why.
pub(super) fn reached() -> impl Widget<AppState> {
    let direct = text::hint(|state: &AppState, env| {
        let friends = || {
            state
                .people
                .values()
                .filter(|contact| contact.relation == Relation::Friend)
        };
        let count = friends()
            .filter(|contact| contact.path == Path::Direct)
            .count();
        say!(
            env,
            SettingsText::NetworkDirect {
                count: &count,
                all: &friends().count()
            }
        )
    });
    Flex::column()
        .cross_axis_alignment(CrossAxisAlignment::Start)
        .with_child(direct)
        .with_child(text::hint(relayed))
}

fn relayed(state: &AppState, env: &Env) -> String {
    let relayed = state.people.values();
    let relayed = relayed.filter(|contact| contact.path == Path::Relay);
    let who: Vec<String> = relayed
        .map(|contact| {
            let name = harmless::name(contact.shown());
            let why = contact.why.map(|why| reason(why, env));
            why.map_or_else(|| name.to_string(), |why| format!("{name} ({why})"))
        })
        .collect();
    if who.is_empty() {
        return String::new();
    }
    let who = who.join(", ");
    say!(env, SettingsText::NetworkRelayed { who: &who })
}

/// Why it goes through the server.
fn reason(why: PathWhy, env: &Env) -> String {
    match why {
        PathWhy::UdpOffHere => say!(env, Client::WhyUdpOffHere),
        PathWhy::UdpOffThere => say!(env, Client::WhyUdpOffThere),
        PathWhy::NoAnswer => say!(env, Client::WhyNoAnswer),
        PathWhy::Silent => say!(env, Client::WhySilent),
    }
}

fn round_trip(us: u64) -> String {
    format!("{}.{} ms", us / 1000, us % 1000 / 100)
}
