//! The audit log: one line for each row, or one JSON object.

use super::{data, json, local};
use crate::commands::accounts::Manner;
use crate::service::audit::{AuditAct, AuditEntry, AuditProof};
use hutong_common::text::Lang;
use hutong_common::text::audit::Audit as Text;

pub(crate) fn entry(entry: &AuditEntry, manner: Manner) {
    if manner.json {
        json(entry);
    } else {
        let said = said(entry, manner.lang);
        data(&format!("{}  {said}", local(entry.at_ms)));
    }
}

fn said(entry: &AuditEntry, lang: Lang) -> String {
    let login = entry.login.as_ref().map(ToString::to_string);
    let (login, detail) = (&login.unwrap_or_default(), &entry.detail);
    let count = &entry.count;
    let text = match entry.act {
        AuditAct::Started => Text::Started,
        AuditAct::Stopped => Text::Stopped,
        AuditAct::ClockAccepted => Text::ClockAccepted { detail },
        AuditAct::ClockJumped => Text::ClockJumped { detail },
        AuditAct::Registered => Text::Registered { login, detail },
        AuditAct::SignInsRefused if entry.login.is_some() => Text::SignInsRefused {
            login,
            detail,
            count,
        },
        AuditAct::SignInsRefused if detail.is_empty() => Text::SignInsRefusedElsewhere { count },
        AuditAct::SignInsRefused => Text::SignInsRefusedFrom { detail, count },
        AuditAct::Renamed => Text::Renamed { login },
        AuditAct::Locked => Text::Locked { login },
        AuditAct::Unlocked => Text::Unlocked { login },
        AuditAct::RoleSet => Text::RoleSet { login, detail },
        AuditAct::Deleted => Text::Deleted { login },
        AuditAct::DeviceRemoved => Text::DeviceRemoved { login, detail },
        AuditAct::ResetCodeMade => Text::ResetCodeMade { login },
        AuditAct::Reset => Text::Reset { login },
        AuditAct::EverybodyFull => Text::EverybodyFull { login, detail },
        AuditAct::Announced => Text::Announced { detail },
        AuditAct::Invited => Text::Invited { detail },
        AuditAct::SpaceLow => Text::SpaceLow,
        AuditAct::SpaceBack => Text::SpaceBack,
        AuditAct::DatabaseFailed => Text::DatabaseFailed { count },
    };
    text.say(lang)
}

pub(crate) fn proof(proof: &AuditProof, manner: Manner) {
    if manner.json {
        json(proof);
    } else if proof.broken.is_none() {
        data(&Text::Whole { rows: &proof.rows }.say(manner.lang));
    }
}
