//! Requests about groups.

use super::Planned;
use crate::args::{Floor, GroupCommand, GroupRole, GroupsCommand};
use serde_json::{Value, json};

pub(in crate::commands) fn plan(GroupsCommand::Group { deed }: GroupsCommand) -> Planned {
    Planned::up_to_date(match deed {
        GroupCommand::List => json!({ "do": "groups" }),
        GroupCommand::Show { group } => of("group_show", group),
        GroupCommand::Find { group } => of("group_find", group),
        GroupCommand::Leave { group } => of("group_leave", group),
        GroupCommand::Dissolve { group } => of("group_dissolve", group),
        GroupCommand::Create {
            name,
            members,
            class,
        } => json!({ "do": "group_create", "name": name, "members": members, "class": class }),
        GroupCommand::Apply { group, greeting } => {
            json!({ "do": "group_apply", "group": group, "greeting": greeting })
        }
        GroupCommand::Invite {
            group,
            login,
            greeting,
        } => {
            json!({ "do": "group_invite", "group": group, "login": login, "greeting": greeting })
        }
        GroupCommand::Add { group, members } => {
            json!({ "do": "group_add", "group": group, "members": members })
        }
        GroupCommand::Rename { group, name } => {
            json!({ "do": "group_rename", "group": group, "name": name })
        }
        GroupCommand::Notice { group, notice } => {
            json!({ "do": "group_notice", "group": group, "notice": notice })
        }
        GroupCommand::Floor { group, floor } => {
            let floor = match floor {
                Floor::Free => "free",
                Floor::Questions => "questions",
                Floor::Admins => "admins",
                Floor::Silent => "silent",
            };
            json!({ "do": "group_floor", "group": group, "floor": floor })
        }
        GroupCommand::Role { group, login, role } => {
            let role = match role {
                GroupRole::Admin => "admin",
                GroupRole::Member => "member",
            };
            json!({ "do": "group_role", "group": group, "login": login, "role": role })
        }
        GroupCommand::HandOver { group, login } => {
            json!({ "do": "group_hand_over", "group": group, "login": login })
        }
        GroupCommand::Mute {
            group,
            login,
            minutes,
        } => json!({ "do": "group_mute", "group": group, "login": login, "minutes": minutes }),
        GroupCommand::Kick { group, login } => {
            json!({ "do": "group_kick", "group": group, "login": login })
        }
    })
}

fn of(verb: &str, group: u64) -> Value {
    json!({ "do": verb, "group": group })
}
