//! Requests about groups.

use super::Planned;
use crate::args::{
    Floor, GroupCommand, GroupRole, GroupsCommand, Mode, Policy, PrivateChat, Switch, Way,
};
use serde_json::{Value, json};

/// Bytes of what sizes are typed in.
const MIB: u64 = 1 << 20;

pub(in crate::commands) fn plan(GroupsCommand::Group { deed }: GroupsCommand) -> Planned {
    let csv = if let GroupCommand::Attendance { csv, .. } = &deed {
        csv.clone()
    } else {
        None
    };
    Planned {
        csv,
        ..Planned::up_to_date(request(deed))
    }
}

fn request(deed: GroupCommand) -> Value {
    match deed {
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
            json!({ "do": "group_floor", "group": group, "floor": floor_name(floor) })
        }
        GroupCommand::Policy(policy) => rules(policy),
        GroupCommand::Role { group, login, role } => {
            json!({ "do": "group_role", "group": group, "login": login, "role": role_name(role) })
        }
        GroupCommand::HandOver { group, login } => of_one("group_hand_over", group, &login),
        GroupCommand::Mute {
            group,
            login,
            minutes,
        } => json!({ "do": "group_mute", "group": group, "login": login, "minutes": minutes }),
        GroupCommand::Kick { group, login } => of_one("group_kick", group, &login),
        GroupCommand::Join { code } => json!({ "do": "group_join", "code": code.join(" ") }),
        GroupCommand::Code { group, new, off } => {
            json!({ "do": "group_code", "group": group, "new": new, "off": off })
        }
        GroupCommand::Attendance { group, csv: _ } => of("attendance", group),
        GroupCommand::Hand {
            group,
            way,
            login,
            all,
        } => {
            json!({ "do": "hand", "group": group, "up": way == Way::Up, "login": login, "all": all })
        }
        GroupCommand::Hands { group } => of("hands", group),
    }
}

fn of(verb: &str, group: u64) -> Value {
    json!({ "do": verb, "group": group })
}

fn of_one(verb: &str, group: u64, login: &str) -> Value {
    json!({ "do": verb, "group": group, "login": login })
}

fn rules(policy: Policy) -> Value {
    let mode = policy.mode.map(|mode| match mode {
        Mode::Free => "free",
        Mode::Lesson => "lesson",
        Mode::Exam => "exam",
    });
    let private_chat = policy.private_chat.map(|with| match with {
        PrivateChat::On => "on",
        PrivateChat::Admins => "admins",
        PrivateChat::Off => "off",
    });
    let is_on = |switch: Option<Switch>| switch.map(|switch| switch == Switch::On);
    let file_bytes_max = policy.largest_file.map(|size| size.saturating_mul(MIB));
    let recall_ms = policy.recall.map(|seconds| seconds.saturating_mul(1_000));
    json!({
        "do": "group_policy", "group": policy.group, "mode": mode, "private_chat": private_chat,
        "create_groups": is_on(policy.create_groups), "send_files": is_on(policy.send_files),
        "file_bytes_max": file_bytes_max, "recall_ms": recall_ms, "quiet": policy.quiet,
    })
}

const fn floor_name(floor: Floor) -> &'static str {
    match floor {
        Floor::Free => "free",
        Floor::Questions => "questions",
        Floor::Admins => "admins",
        Floor::Silent => "silent",
    }
}

const fn role_name(role: GroupRole) -> &'static str {
    match role {
        GroupRole::Admin => "admin",
        GroupRole::Member => "member",
    }
}
