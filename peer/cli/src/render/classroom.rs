//! In front of a class, for a person: its code, who is there, and raised hands.

use super::groups::word;
use super::replies::heads;
use super::row::Row;
use hutong_common::text::Lang;
use hutong_common::text::client::Client;
use hutong_common::text::groups::GroupText;
use hutong_common::text::table::{self, table};
use serde_json::Value;

/// The reply to a verb in front of a class.
pub(super) fn shown(verb: &str, reply: Row<'_>, lang: Lang) -> String {
    match verb {
        "group_code" => code(reply, lang),
        "attendance" => attendance(reply, lang),
        "hands" => hands(reply, lang),
        _ => GroupText::Changed.say(lang),
    }
}

fn code(reply: Row<'_>, lang: Lang) -> String {
    let (name, code) = (&reply.text("name"), reply.text("code"));
    if code.is_empty() {
        return GroupText::NoCode { name }.say(lang);
    }
    let code = &code;
    GroupText::Code { name, code }.say(lang)
}

fn attendance(reply: Row<'_>, lang: Lang) -> String {
    let (name, present, missing) = (
        &reply.text("name"),
        &reply.text("present"),
        &reply.text("missing"),
    );
    let head = GroupText::Attendance {
        name,
        present,
        missing,
    };
    let rows: Vec<_> = rows(reply, lang).collect();
    format!("{}\n{}", head.say(lang), table(&columns(lang), &rows))
}

fn columns(lang: Lang) -> Vec<String> {
    let who = heads([Client::HeadLogin, Client::HeadName], lang);
    let more = [
        GroupText::HeadRole,
        GroupText::HeadThere,
        GroupText::HeadSince,
        GroupText::HeadSeat,
    ];
    who.into_iter()
        .chain(more.map(|head| head.say(lang)))
        .collect()
}

fn rows(reply: Row<'_>, lang: Lang) -> impl Iterator<Item = Vec<String>> {
    reply.list("members").map(move |member| {
        let (is_there, since) = match member.number("since_ms") {
            0 => (GroupText::Missing, String::new()),
            _ => (GroupText::There, member.time("since_ms")),
        };
        vec![
            member.text("login"),
            member.named("name"),
            word(member.raw("role"), lang),
            is_there.say(lang),
            since,
            member.text("seat"),
        ]
    })
}

/// Who is there as a table for spreadsheets.
pub(crate) fn csv(reply: &Value, lang: Lang) -> String {
    let rows: Vec<_> = rows(Row(reply), lang).collect();
    table::csv(&columns(lang), &rows)
}

/// Raised hands, as a reply and as an event.
pub(super) fn hands(told: Row<'_>, lang: Lang) -> String {
    let name = &told.text("name");
    let lines: Vec<String> = told
        .list("hands")
        .zip(1..)
        .map(|(hand, place): (Row<'_>, u32)| {
            let (who, login, at) = (&hand.text("name"), &hand.text("login"), &hand.time("at_ms"));
            let place = &place;
            let line = GroupText::Hand {
                place,
                who,
                login,
                at,
            };
            line.say(lang)
        })
        .collect();
    if lines.is_empty() {
        return GroupText::NoHands { name }.say(lang);
    }
    let head = GroupText::Hands { name }.say(lang);
    format!("{head}\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn attended() -> Value {
        json!({"group": 100_001, "name": "七年级三班", "present": 1, "missing": 2, "members": [
            {"login": "lin", "name": "林小艾", "role": "member", "present": true,
             "since_ms": 1_790_000_000_000_u64, "seat": "B-07", "seat_kind": "seat"},
            {"login": "mei", "name": "=HYPERLINK(\"http://x\",\"y\")", "role": "member", "present": false},
            {"login": "bo", "name": "@SUM, \"Bo\"", "remark": "-2+3", "role": "admin", "present": false},
        ]})
    }

    #[test]
    fn who_is_there_is_a_table_in_both_languages() {
        let reply = attended();
        let english = shown("attendance", Row(&reply), Lang::En);
        assert!(
            english.starts_with("七年级三班: 1 there, 2 missing\n"),
            "{english}"
        );
        assert!(
            english.contains("林小艾") && english.contains("B-07"),
            "{english}"
        );
        let chinese = shown("attendance", Row(&reply), Lang::Zh);
        assert!(chinese.contains("到 1 人，缺 2 人"), "{chinese}");
    }

    #[test]
    fn a_spreadsheet_reads_names_and_never_runs_them() {
        let table = csv(&attended(), Lang::Zh);
        assert!(
            table.starts_with('\u{feff}') && table.ends_with("\r\n"),
            "{table}"
        );
        let lines: Vec<&str> = table.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(
            lines[1].starts_with("lin,林小艾,成员,到,2026-"),
            "{}",
            lines[1]
        );
        assert!(lines[1].ends_with(",B-07"), "{}", lines[1]);
        let formula = "mei,\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",成员,缺,,";
        assert_eq!(lines[2], formula);
        assert_eq!(lines[3], "bo,\"'-2+3 (@SUM, \"\"Bo\"\")\",管理员,缺,,");
    }

    #[test]
    fn hands_stand_in_a_row_and_a_code_is_shown() {
        let told = json!({"event": "hands", "group": 100_001, "name": "算法课", "hands": [
            {"login": "lin", "name": "林", "at_ms": 1_790_000_000_000_u64},
            {"login": "mei", "name": "梅", "at_ms": 1_790_000_001_000_u64},
        ]});
        let said = hands(Row(&told), Lang::En);
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), 3, "{said}");
        assert!(lines[2].starts_with("2. 梅 (mei)"), "{said}");
        let none = json!({"name": "算法课", "hands": []});
        assert!(hands(Row(&none), Lang::Zh).contains("没有人举手"));
        let code = json!({"group": 100_001, "name": "算法课", "code": "7K3Q-9WPA"});
        assert!(shown("group_code", Row(&code), Lang::Zh).contains("7K3Q-9WPA"));
        let off = json!({"group": 100_001, "name": "算法课", "code": null});
        assert!(shown("group_code", Row(&off), Lang::En).contains("no code"));
    }
}
