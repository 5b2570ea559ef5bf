//! Groups for a person: a table of all, one with its members, and a line for everything that happens to one.

use super::replies::heads;
use super::row::Row;
use super::{announcements, classroom, said};
use hutong_common::text::Lang;
use hutong_common::text::client::Client;
use hutong_common::text::groups::{GroupText, Rules};
use hutong_common::text::table::table;

/// Whether a verb is about groups: what is done with them, in front of a class, and what is announced.
pub(super) fn has(verb: &str) -> bool {
    let others = ["attendance", "hand", "hands", "proof", "confirm"];
    verb.starts_with("group") || verb.starts_with("announce") || others.contains(&verb)
}

/// The reply to such a verb.
pub(super) fn reply(verb: &str, reply: Row<'_>, lang: Lang) -> String {
    match verb {
        "group_code" | "attendance" | "hand" | "hands" => classroom::shown(verb, reply, lang),
        verb if verb.starts_with("group") => shown(verb, reply, lang),
        verb => announcements::shown(verb, reply, lang),
    }
}

/// The reply to a verb about groups.
fn shown(verb: &str, reply: Row<'_>, lang: Lang) -> String {
    match verb {
        "groups" => all(reply, lang),
        "group_create" | "group_join" | "group_show" => one(reply, lang),
        "group_find" => found(reply, lang),
        "group_invite" | "group_apply" => {
            let request: &dyn std::fmt::Display = &reply.text("request");
            GroupText::Asked { request }.say(lang)
        }
        "group_leave" => GroupText::Left.say(lang),
        "group_dissolve" => GroupText::Dissolved.say(lang),
        _ => GroupText::Changed.say(lang),
    }
}

fn all(reply: Row<'_>, lang: Lang) -> String {
    let heads = [
        GroupText::HeadGroup.say(lang),
        GroupText::HeadName.say(lang),
        Client::HeadKind.say(lang),
        GroupText::HeadMembers.say(lang),
        GroupText::HeadRole.say(lang),
    ];
    let rows = reply.list("groups").map(|group| {
        vec![
            group.text("group"),
            group.text("name"),
            word(group.raw("kind"), lang),
            group.text("members"),
            word(group.raw("role"), lang),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return GroupText::None.say(lang);
    }
    table(&heads, &rows)
}

fn one(reply: Row<'_>, lang: Lang) -> String {
    let (group, name, floor) = (
        reply.text("group"),
        reply.text("name"),
        word(reply.raw("floor"), lang),
    );
    let head = GroupText::Head {
        name: &name,
        group: &group,
        floor: &floor,
    }
    .say(lang);
    let notice = reply.text("notice");
    let heads = heads([Client::HeadLogin, Client::HeadName], lang);
    let heads = [
        heads,
        vec![GroupText::HeadRole.say(lang), Client::HeadState.say(lang)],
    ]
    .concat();
    let rows = reply.list("members").map(|member| {
        let online = if member.flag("online") {
            Client::Online
        } else {
            Client::Offline
        };
        let state = match member.number("muted_until_ms") {
            0 => online.say(lang),
            _ => {
                let until: &dyn std::fmt::Display = &member.time("muted_until_ms");
                GroupText::MutedUntil { until }.say(lang)
            }
        };
        vec![
            member.text("login"),
            ranked(member.named("name"), member.raw("server_role"), lang),
            word(member.raw("role"), lang),
            state,
        ]
    });
    let rows: Vec<_> = rows.collect();
    let mut lines = vec![head];
    lines.extend((!notice.is_empty()).then_some(notice));
    lines.extend(rules(reply, lang));
    lines.push(table(&heads, &rows));
    lines.join("\n")
}

/// The rules of a class.
fn rules(reply: Row<'_>, lang: Lang) -> Vec<String> {
    let Some(policy) = reply.object("policy") else {
        return Vec::new();
    };
    let quiet = policy.text("quiet");
    let rules = Rules {
        mode: policy.raw("mode"),
        private_chat: policy.raw("private_chat"),
        create_groups: policy.flag("create_groups"),
        send_files: policy.flag("send_files"),
        file_bytes_max: policy.number("file_bytes_max"),
        recall_ms: policy.number("recall_ms"),
        quiet: Some(quiet.as_str()),
    };
    rules.say(lang)
}

fn found(reply: Row<'_>, lang: Lang) -> String {
    let (group, name, members) = (
        reply.text("group"),
        reply.text("name"),
        reply.text("members"),
    );
    let card = GroupText::Found {
        name: &name,
        group: &group,
        members: &members,
    }
    .say(lang);
    let request: &dyn std::fmt::Display = &reply.text("request");
    let more = match reply.raw("standing") {
        "member" => GroupText::YouAreIn.say(lang),
        "invited" => GroupText::YouAreInvited { request }.say(lang),
        "applied" => GroupText::YouApplied.say(lang),
        _ => {
            let group: &dyn std::fmt::Display = &group;
            GroupText::YouMayApply { group }.say(lang)
        }
    };
    format!("{card}\n{more}")
}

/// The lines of an event.
pub(super) fn happened(event: Row<'_>, lang: Lang) -> Option<String> {
    let name = event.text("name");
    let lines = event.list("changes").map(|change| {
        let (who, by) = (change.text("who"), change.text("by"));
        let text = match change.raw("what") {
            "entered" => GroupText::Entered.say(lang),
            "left" => GroupText::Left.say(lang),
            "joined" => GroupText::Joined { who: &who }.say(lang),
            "gone" => GroupText::Gone { who: &who }.say(lang),
            "role" => GroupText::RoleChanged { who: &who }.say(lang),
            "muted" => GroupText::Muted { who: &who }.say(lang),
            "unmuted" => GroupText::Unmuted { who: &who }.say(lang),
            "renamed" => GroupText::Renamed.say(lang),
            "notice" => GroupText::NoticeChanged.say(lang),
            "picture" => GroupText::PictureChanged.say(lang),
            "floor" => GroupText::FloorChanged.say(lang),
            "policy" => GroupText::PolicyChanged.say(lang),
            what => what.to_owned(),
        };
        let text = if by.is_empty() || by == who {
            text
        } else {
            GroupText::By {
                what: &text,
                by: &by,
            }
            .say(lang)
        };
        GroupText::Line {
            name: &name,
            what: &text,
        }
        .say(lang)
    });
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// An invitation or application, and how to answer it.
pub(super) fn asks(event: Row<'_>, lang: Lang) -> String {
    let (from, request, text, name) = (
        event.text("from"),
        event.text("request"),
        event.text("text"),
        event.text("group_name"),
    );
    let (from, request, text, name): (
        &dyn std::fmt::Display,
        &dyn std::fmt::Display,
        &dyn std::fmt::Display,
        &dyn std::fmt::Display,
    ) = (&from, &request, &text, &name);
    if event.raw("kind") == "group_invite" {
        GroupText::Invites {
            from,
            request,
            text,
            name,
        }
        .say(lang)
    } else {
        GroupText::Applies {
            from,
            request,
            text,
            name,
        }
        .say(lang)
    }
}

/// A name of the contract in words.
pub(super) fn word(name: &str, lang: Lang) -> String {
    let text = match name {
        "group" => GroupText::KindGroup,
        "class" => GroupText::KindClass,
        "owner" => GroupText::RoleOwner,
        "admin" => GroupText::RoleAdmin,
        "member" => GroupText::RoleMember,
        "free" => GroupText::FloorFree,
        "questions" => GroupText::FloorQuestions,
        "admins" => GroupText::FloorAdmins,
        "silent" => GroupText::FloorSilent,
        _ => return said(name, lang),
    };
    text.say(lang)
}

/// A name, with what its bearer is at the rendezvous.
pub(super) fn ranked(name: String, role: &str, lang: Lang) -> String {
    let rank = match role {
        "teacher" => GroupText::RankTeacher,
        "admin" => GroupText::RankAdmin,
        _ => return name,
    };
    let rank = &rank.say(lang);
    GroupText::Ranked { name: &name, rank }.say(lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_group_is_shown_with_its_members_in_both_languages() {
        let reply = json!({"group": 100_001, "name": "算法课", "kind": "group", "floor": "questions",
            "notice": "周一考试", "members": [
            {"login": "alice", "name": "爱丽丝", "role": "owner", "server_role": "teacher", "online": true},
            {"login": "bob", "name": "Bob", "role": "member", "online": false, "muted_until_ms": 1_790_000_000_000_u64},
        ]});
        let english = shown("group_show", Row(&reply), Lang::En);
        assert!(english.starts_with("算法课 (100001)"), "{english}");
        assert!(
            english.contains("owner") && english.contains("muted until 2026-"),
            "{english}"
        );
        let chinese = shown("group_show", Row(&reply), Lang::Zh);
        assert!(
            chinese.contains("爱丽丝 · 老师  群主") && chinese.contains("禁言至"),
            "{chinese}"
        );
    }

    #[test]
    fn the_rules_of_a_class_are_shown_and_a_group_has_none() {
        let mut reply = json!({"group": 100_001, "name": "三班", "kind": "class", "floor": "free",
            "members": [], "policy": {"mode": "exam", "private_chat": "on", "create_groups": true,
            "send_files": false, "file_bytes_max": 1, "recall_ms": 0, "quiet": null}});
        let said = shown("group_show", Row(&reply), Lang::Zh);
        assert!(
            said.contains("考试中") && said.contains("成员不能发送"),
            "{said}"
        );
        reply["policy"] = json!(null);
        let said = shown("group_show", Row(&reply), Lang::En);
        assert!(!said.contains("Quiet hours"), "{said}");
    }

    #[test]
    fn who_did_what_to_whom_is_one_line() {
        let event = json!({"event": "group", "name": "算法课", "changes": [
            {"what": "joined", "who": "carol", "by": "alice"},
            {"what": "gone", "who": "bob", "by": "bob"},
        ]});
        let lines = happened(Row(&event), Lang::En);
        assert_eq!(
            lines.as_deref(),
            Some("[算法课] carol came in (by alice)\n[算法课] bob is out")
        );
        let nothing = json!({"event": "group", "changes": []});
        assert_eq!(happened(Row(&nothing), Lang::Zh), None);
    }
}
