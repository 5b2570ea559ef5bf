//! Who of a class is there, as a table for spreadsheets and as words for a list.

use crate::model::AppState;
use crate::moment;
use hutong_common::harmless;
use hutong_common::text::client::Client;
use hutong_common::text::groups::GroupText;
use hutong_common::text::table::csv;
use hutong_common::text::time::time;
use hutong_engine::api::classroom::{AttendanceShown, AttendeeShown};
use hutong_engine::api::group::RoleName;

/// Letters of a class's name that a file is called by.
const NAME_LETTERS: usize = 40;

/// What a file of it is called, without an ending: the class, the day, and the time.
pub fn file_name(list: &AttendanceShown, state: &AppState) -> String {
    let is_plain = |letter: &char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    let name: String = list
        .name
        .chars()
        .filter(is_plain)
        .take(NAME_LETTERS)
        .collect();
    let at = time(list.at_ms, state.zone.clone())
        .replace(':', "")
        .replace(' ', "-");
    format!("{name}-{at}")
}

/// What somebody is called here: one's own name for them first, unless others look on.
pub fn name(member: &AttendeeShown, state: &AppState) -> String {
    let remark = member.remark.as_deref();
    let remark = remark.filter(|_| !state.prefs.is_presenting);
    let shown = remark.unwrap_or(&member.name);
    harmless::name(shown).into_owned()
}

/// Since when they are there, and where.
pub fn since(member: &AttendeeShown, state: &AppState) -> Option<(String, String)> {
    let since = moment::time_of_day(member.since_ms?, &state.zone);
    let seat = harmless::name(member.seat.as_deref().unwrap_or_default()).into_owned();
    Some((since, seat))
}

/// The table.
pub fn table(list: &AttendanceShown, state: &AppState) -> String {
    let lang = state.prefs.lang;
    let heads = [
        Client::HeadLogin.say(lang),
        Client::HeadName.say(lang),
        GroupText::HeadRole.say(lang),
        GroupText::HeadThere.say(lang),
        GroupText::HeadSince.say(lang),
        GroupText::HeadSeat.say(lang),
    ];
    let rows = list.members.iter().map(|member| {
        let role = match member.role {
            RoleName::Owner => GroupText::RoleOwner,
            RoleName::Admin => GroupText::RoleAdmin,
            RoleName::Member => GroupText::RoleMember,
        };
        let there = if member.present {
            GroupText::There
        } else {
            GroupText::Missing
        };
        let since = member.since_ms.map(|at| time(at, state.zone.clone()));
        vec![
            member.login.clone(),
            name(member, state),
            role.say(lang),
            there.say(lang),
            since.unwrap_or_default(),
            harmless::name(member.seat.as_deref().unwrap_or_default()).into_owned(),
        ]
    });
    csv(&heads, &rows.collect::<Vec<_>>())
}
