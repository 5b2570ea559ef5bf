//! Conversations as people read them: messages, how to see more of them, what is unread and what is only noted.

use super::replies::reason;
use super::row::Row;
use super::{safe, said};
use hutong_common::text::client::Client;
use hutong_common::text::{Lang, bytes};
use hutong_host::wording::Fields;
use serde_json::Value;

pub(super) fn unread(reply: Row<'_>, lang: Lang) -> String {
    let unread = reply
        .list("conversations")
        .filter(|row| row.number("unread") > 0);
    let mut lines: Vec<String> = unread
        .map(|row| {
            let (conversation, count) = (row.named("conversation"), row.number("unread"));
            match row.number("mentions") {
                0 => Client::UnreadFrom {
                    conversation: &conversation,
                    count: &count,
                },
                ref mentions => Client::UnreadWithMentions {
                    conversation: &conversation,
                    count: &count,
                    mentions,
                },
            }
            .say(lang)
        })
        .collect();
    if reply.number("requests") > 0 {
        lines.push(
            Client::UnreadRequests {
                count: &reply.number("requests"),
            }
            .say(lang),
        );
    }
    if lines.is_empty() {
        return Client::NothingUnread.say(lang);
    }
    lines.join("\n")
}

pub(super) fn history(reply: Row<'_>, lang: Lang) -> String {
    let lines: Vec<String> = reply
        .list("messages")
        .map(|row| message(row, lang))
        .collect();
    if lines.is_empty() {
        return Client::NoMessages.say(lang);
    }
    lines.join("\n")
}

/// How to go on reading, when there is more: the command that was typed, from where the page ends.
pub(super) fn more(request: &Fields, reply: Row<'_>, lang: Lang) -> Option<String> {
    let asked = |name: &str| request.get(name).and_then(Value::as_str);
    if asked("do") != Some("history") || !reply.flag("more") {
        return None;
    }
    let is_forward = asked("after").is_some();
    let rows: Vec<Row<'_>> = reply.list("messages").collect();
    let edge = if is_forward {
        rows.last()
    } else {
        rows.first()
    }?
    .text("id");
    let mut command = format!("hutong history {}", asked("with")?);
    let options = if is_forward {
        [("after", Some(edge.as_str())), ("before", asked("before"))]
    } else {
        [("before", Some(edge.as_str())), ("after", None)]
    };
    for (name, value) in options.into_iter().chain([("from", asked("from"))]) {
        if let Some(value) = value {
            command = format!("{command} --{name} {value}");
        }
    }
    if let Some(limit) = request.get("limit").and_then(Value::as_u64) {
        command = format!("{command} --limit {limit}");
    }
    let command = safe::one_line(&command);
    Some(if is_forward {
        Client::NewerMessages { command: &command }.say(lang)
    } else {
        Client::OlderMessages { command: &command }.say(lang)
    })
}

/// What was noted, or what is.
pub(super) fn draft(request: &Fields, reply: Row<'_>, lang: Lang) -> String {
    match request.get("text").and_then(Value::as_str) {
        Some("") => Client::DraftCleared.say(lang),
        Some(_) => Client::DraftNoted.say(lang),
        None => match reply.raw("text") {
            "" => Client::NoDraft.say(lang),
            text => safe::words(text, ""),
        },
    }
}

pub(super) fn drafts(reply: Row<'_>, lang: Lang) -> String {
    let lines: Vec<String> = reply
        .list("drafts")
        .map(|row| {
            Client::DraftFor {
                who: &row.named("conversation"),
                when: &row.time("at_ms"),
                text: &safe::words(row.raw("text"), "    "),
            }
            .say(lang)
        })
        .collect();
    if lines.is_empty() {
        return Client::NoDrafts.say(lang);
    }
    lines.join("\n")
}

/// `2026-11-22 14:03  alice  words  ✓✓ delivered`, further lines of the words indented.
pub(super) fn message(row: Row<'_>, lang: Lang) -> String {
    let words = match row.raw("kind") {
        "text" => safe::words(row.raw("text"), "    "),
        "file" => Client::FileMessage {
            name: &row.text("file_name"),
            size: &bytes(row.number("file_size")),
        }
        .say(lang),
        _ => Client::NeedsNewer.say(lang),
    };
    let state = match row.raw("state") {
        "" => String::new(),
        "failed" => format!("  {}", failed(row, lang)),
        state => format!("  {}", said(state, lang)),
    };
    format!(
        "{}  {}: {words}{state}",
        row.time("sent_ms"),
        row.named("from")
    )
}

/// That a message failed, and why where it is known.
pub(super) fn failed(row: Row<'_>, lang: Lang) -> String {
    let state = Client::DeliveryFailed.say(lang);
    match row.raw("code") {
        "" => state,
        code => format!("{state}: {}", reason(code, lang)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn history_shows_words_harmless_and_what_became_of_them() {
        let reply = json!({"more": false, "messages": [
            {"kind": "text", "from": "bob", "text": "一\n二\u{1b}]0;x\u{7}", "sent_ms": 1_790_000_000_000_u64, "state": null},
            {"kind": "text", "from": "alice", "text": "ok", "sent_ms": 1_790_000_000_000_u64, "state": "delivered"},
            {"kind": "file", "from": "bob", "text": null, "file_name": "a\u{1b}b.pdf", "file_size": 3, "sent_ms": 1_790_000_000_000_u64, "state": null},
            {"kind": "unknown", "from": "alice", "text": null, "sent_ms": 1_790_000_000_000_u64, "state": "failed", "code": "not_contacts"},
        ]});
        let shown = history(Row(&reply), Lang::En);
        assert!(shown.contains("bob: 一\n    二␛]0;x␇\n"), "{shown}");
        assert!(shown.contains("alice: ok  ✓✓ delivered\n"), "{shown}");
        assert!(shown.contains("bob: [file] a␛b.pdf (3 B)\n"), "{shown}");
        assert!(
            shown.ends_with("alice: [needs a newer version]  ✗ failed: You are not friends. Send a friend request first."),
            "{shown}"
        );
    }

    #[test]
    fn the_way_to_more_messages_is_the_command_that_was_typed() {
        let asked = |fields: Value| fields.as_object().cloned().unwrap();
        let reply = json!({"more": true, "messages": [{"id": "one"}, {"id": "two"}]});
        for (fields, shown) in [
            (
                json!({"do": "history", "with": "bob", "from": "bob", "limit": 2}),
                "There are older messages: hutong history bob --before one --from bob --limit 2",
            ),
            (
                json!({"do": "history", "with": "bob", "after": "7", "before": "9"}),
                "There are newer messages: hutong history bob --after two --before 9",
            ),
        ] {
            let more = more(&asked(fields), Row(&reply), Lang::En);
            assert_eq!(more.as_deref(), Some(shown));
        }
        let all = json!({"more": false, "messages": []});
        let fields = asked(json!({"do": "history", "with": "bob"}));
        assert_eq!(more(&fields, Row(&all), Lang::En), None);
    }

    #[test]
    fn names_of_ones_own_stand_before_those_of_others() {
        let reply = json!({"conversations": [
            {"conversation": "bob", "remark": "小波", "unread": 3, "mentions": 1},
            {"conversation": "carol", "remark": null, "unread": 1, "mentions": 0},
        ]});
        assert_eq!(
            unread(Row(&reply), Lang::En),
            "小波 (bob): 3 unread, 1 of them mention you\ncarol: 1 unread"
        );
        let reply = json!({"drafts": [{"conversation": "bob", "remark": "小波", "text": "a\nb", "at_ms": 0}]});
        assert!(drafts(Row(&reply), Lang::Zh).starts_with("给 小波 (bob)  1970-01-01"));
    }
}
