//! Accounts and devices as tables and sentences, or as JSON.

use super::{data, json, local, sentence};
use crate::admin::AccountAct;
use crate::commands::accounts::Manner;
use crate::service::accounts::{
    AccountDetails, AccountFacts, DeviceFacts, DeviceState, KindName, RoleName, StateName,
};
use hutong_common::name::{Login, is_deceptive};
use hutong_common::text::accounts::Accounts as Text;
use hutong_common::text::table::table;
use hutong_common::text::{Lang, bytes};
use serde::Serialize;

pub(crate) fn list(accounts: &[AccountFacts], manner: Manner) {
    #[derive(Serialize)]
    struct Listed<'a> {
        accounts: &'a [AccountFacts],
    }
    if manner.json {
        json(&Listed { accounts });
        return;
    }
    let lang = manner.lang;
    let head = [
        Text::Account,
        Text::Login,
        Text::Name,
        Text::Role,
        Text::State,
        Text::Devices,
        Text::LastSeen,
    ];
    let rows: Vec<Vec<String>> = accounts.iter().map(|facts| row(facts, lang)).collect();
    data(&table(&head.map(|text| text.say(lang)), &rows));
}

fn row(facts: &AccountFacts, lang: Lang) -> Vec<String> {
    vec![
        facts.account.to_string(),
        facts.login.to_string(),
        facts.name.to_string(),
        role(facts.role).say(lang),
        state(facts.state).say(lang),
        facts.devices.to_string(),
        last_seen(facts, lang),
    ]
}

pub(crate) fn details(details: &AccountDetails, manner: Manner) {
    if manner.json {
        json(details);
        return;
    }
    let (facts, lang) = (&details.facts, manner.lang);
    let state = match details.locked_ms {
        Some(since_ms) => Text::LockedSince {
            time: &local(since_ms),
        },
        None => state(facts.state),
    };
    let mail = Text::MailWaiting {
        messages: &details.mail.messages,
        size: &bytes(details.mail.bytes),
    };
    let lines = [
        (Text::Account, facts.account.to_string()),
        (Text::Login, facts.login.to_string()),
        (Text::Name, facts.name.to_string()),
        (Text::Role, role(facts.role).say(lang)),
        (Text::State, state.say(lang)),
        (Text::Created, local(facts.created_ms)),
        (Text::LastSeen, last_seen(facts, lang)),
        (Text::Friends, details.friends.to_string()),
        (Text::Mail, mail.say(lang)),
    ];
    let lines = lines.map(|(name, value)| vec![name.say(lang), value]);
    data(table(&[String::new(), String::new()], &lines).trim_start());
    if details.device_list.is_empty() {
        return;
    }
    let head = [
        Text::Device,
        Text::Label,
        Text::Kind,
        Text::State,
        Text::Added,
        Text::Until,
    ];
    let devices = details.device_list.iter().map(|facts| device(facts, lang));
    let devices: Vec<Vec<String>> = devices.collect();
    data("");
    data(&table(&head.map(|text| text.say(lang)), &devices));
}

fn device(facts: &DeviceFacts, lang: Lang) -> Vec<String> {
    let kind = match facts.kind {
        KindName::Own => Text::Own,
        KindName::Seat => Text::Seat,
    };
    let state = match facts.state {
        DeviceState::Live => Text::Live,
        DeviceState::Expired => Text::Expired,
        DeviceState::Removed => Text::Removed,
    };
    // A label is whatever its person's program says.
    let label = facts.label.chars().filter(|c| !is_deceptive(*c)).collect();
    vec![
        facts.device.clone(),
        label,
        kind.say(lang),
        state.say(lang),
        local(facts.added_ms),
        local(facts.until_ms),
    ]
}

/// What a change came to: the account as it is now to programs, one sentence to people.
pub(crate) fn changed((facts, changed): (&AccountFacts, bool), act: &AccountAct, manner: Manner) {
    if manner.json {
        json(facts);
        return;
    }
    let login: &Login = &facts.login;
    let role = role(facts.role).say(manner.lang);
    let said = match act {
        _ if !changed => Text::Unchanged { login },
        AccountAct::Rename(_) => Text::Renamed {
            login,
            name: &facts.name,
        },
        AccountAct::Lock => Text::HasLocked { login },
        AccountAct::Unlock => Text::HasUnlocked { login },
        AccountAct::Role(_) => Text::HasRole { login, role: &role },
        AccountAct::Delete => Text::HasDeleted { login },
        AccountAct::RemoveDevice(_) => Text::HasRemoved { login },
    };
    sentence(&said.say(manner.lang));
}

/// The code on standard output, what to do with it beside.
pub(crate) fn reset_code(login: &Login, code: &str, manner: Manner) {
    #[derive(Serialize)]
    struct Made<'a> {
        login: &'a Login,
        code: &'a str,
    }
    if manner.json {
        json(&Made { login, code });
        return;
    }
    data(code);
    sentence(&Text::ResetCode { login, code: &code }.say(manner.lang));
}

/// Asks whether an account is really to be deleted.
pub(crate) fn ask_to_delete(login: &Login, lang: Lang) {
    sentence(&Text::AskToDelete { login }.say(lang));
}

const fn role(role: RoleName) -> Text<'static> {
    match role {
        RoleName::Member => Text::Member,
        RoleName::Teacher => Text::Teacher,
        RoleName::Admin => Text::Admin,
    }
}

const fn state(state: StateName) -> Text<'static> {
    match state {
        StateName::Active => Text::Active,
        StateName::Locked => Text::Locked,
        StateName::Deleted => Text::Deleted,
    }
}

fn last_seen(facts: &AccountFacts, lang: Lang) -> String {
    match facts.last_seen_ms {
        _ if facts.online => Text::Online.say(lang),
        Some(at_ms) => local(at_ms),
        None => Text::NeverSeen.say(lang),
    }
}
