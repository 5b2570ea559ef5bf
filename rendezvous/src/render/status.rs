//! How the rendezvous is: a few lines, or one JSON object.

use super::{data, json, local};
use crate::commands::accounts::Manner;
use crate::service::status::StatusFacts;
use hutong_common::text::bytes;
use hutong_common::text::rendezvous::Rendezvous as Text;
use serde::Serialize;

#[derive(Serialize)]
struct Line<'a> {
    running: bool,
    #[serde(flatten)]
    facts: Option<&'a StatusFacts>,
}

pub(crate) fn status(
    facts: Option<&StatusFacts>,
    Manner {
        json: is_json,
        lang,
    }: Manner,
) {
    if is_json {
        let running = facts.is_some();
        return json(&Line { running, facts });
    }
    let Some(facts) = facts else {
        return data(&Text::NotRunning.say(lang));
    };
    let relay = &facts.relay;
    let lines = [
        Text::RunsSince {
            time: &local(facts.since_ms),
        },
        Text::Connected {
            devices: &facts.devices,
            accounts: &facts.accounts,
        },
        Text::Relayed {
            running: &relay.running,
            opened: &relay.opened,
            size: &bytes(relay.bytes),
            refused: &relay.refused,
        },
    ];
    for line in lines {
        data(&line.say(lang));
    }
}
