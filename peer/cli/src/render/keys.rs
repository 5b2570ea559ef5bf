//! Who holds which key: the computers of the own account, and the digits that two people compare.
//!
//! Called by `replies.rs` for the commands `devices` and `safety`.

use super::replies::heads;
use super::row::Row;
use super::said;
use hutong_common::text::Lang;
use hutong_common::text::client::Client;
use hutong_common::text::table::table;

pub(super) fn safety(reply: Row<'_>, lang: Lang) -> String {
    let login: &dyn std::fmt::Display = &reply.text("login");
    let groups: Vec<String> = reply.text("safety").split(' ').map(str::to_owned).collect();
    let lines: Vec<String> = groups
        .chunks(4)
        .map(|line| format!("    {}", line.join("  ")))
        .collect();
    let number: &dyn std::fmt::Display = &lines.join("\n");
    let state = if reply.flag("key_changed") {
        Client::SafetyKeyChanged { login }
    } else if reply.flag("verified") {
        Client::SafetyVerified { login }
    } else {
        Client::SafetyNotVerified { login }
    };
    let shown = Client::SafetyNumber { login, number }.say(lang);
    format!("{shown}\n\n{}", state.say(lang))
}

pub(super) fn devices(reply: Row<'_>, lang: Lang) -> String {
    let heads = heads(
        [
            Client::HeadDevice,
            Client::HeadLabel,
            Client::HeadKind,
            Client::HeadAdded,
            Client::HeadUntil,
            Client::HeadNote,
        ],
        lang,
    );
    let rows = reply.list("devices").map(|device| {
        let note = if device.flag("gone") {
            Client::ComputerGone.say(lang)
        } else if device.flag("this") {
            Client::ThisComputer.say(lang)
        } else {
            String::new()
        };
        vec![
            device.text("device"),
            device.text("label"),
            said(device.raw("kind"), lang),
            device.time("added_ms"),
            device.time("until_ms"),
            note,
        ]
    });
    table(&heads, &rows.collect::<Vec<_>>())
}
