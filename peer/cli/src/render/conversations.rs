//! Conversations as people read them: messages, how to see more of them, what is unread and what is only noted.

use super::replies::reason;
use super::row::Row;
use super::said;
use hutong_common::harmless;
use hutong_common::message::LAN_ADDRESS;
use hutong_common::text::announcements::AnnouncementText;
use hutong_common::text::client::Client;
use hutong_common::text::{Lang, bytes};
use hutong_host::wording::Fields;
use serde_json::Value;

/// The reply to one of the verbs about conversations.
pub(super) fn shown(verb: &str, request: &Fields, reply: Row<'_>, lang: Lang) -> String {
    match verb {
        "chats" => chats(reply, lang),
        "unread" => unread(reply, lang),
        "draft" => draft(request, reply, lang),
        "drafts" => drafts(reply, lang),
        _ => history(reply, lang),
    }
}

/// `小波 (bob)  2026-11-22 14:03  3 unread`, below it what was said last, and what is noted.
fn chats(reply: Row<'_>, lang: Lang) -> String {
    let lines: Vec<String> = reply.list("chats").map(|row| chat(row, lang)).collect();
    if lines.is_empty() {
        return Client::NoChats.say(lang);
    }
    lines.join("\n")
}

fn chat(row: Row<'_>, lang: Lang) -> String {
    let is_lan = row.raw("with") == LAN_ADDRESS;
    let with = row.text("with");
    let name = if is_lan {
        AnnouncementText::Lan.say(lang)
    } else {
        row.text("name")
    };
    let shown = match row.text("remark").as_str() {
        "" if name == with => with,
        "" => format!("{name} ({with})"),
        remark => format!("{remark} ({with})"),
    };
    let mut head = vec![shown];
    if row.number("last_ms") > 0 {
        head.push(row.time("last_ms"));
    }
    let count = row.number("unread");
    head.extend((count > 0).then(|| Client::ChatUnread { count: &count }.say(lang)));
    let count = row.number("mentions");
    head.extend((count > 0).then(|| Client::ChatMentions { count: &count }.say(lang)));
    if row.raw("relation") == "none" && !is_lan {
        head.push(Client::ChatWasFriend.say(lang));
    }
    let mut lines = vec![head.join("  ")];
    if let Some(last) = row.object("last") {
        lines.push(format!("    {}: {}", last.writer(lang), gist(last, lang)));
    }
    if !row.raw("draft").is_empty() {
        let text = first_line(row.raw("draft"));
        lines.push(format!(
            "    {}",
            Client::ChatDraft { text: &text }.say(lang)
        ));
    }
    lines.join("\n")
}

/// What a message says, on one line.
fn gist(row: Row<'_>, lang: Lang) -> String {
    match row.raw("kind") {
        "text" | "announcement" => first_line(row.raw("text")),
        _ => content(row, lang),
    }
}

fn first_line(text: &str) -> String {
    let mut lines = text.trim().lines();
    let first = harmless::one_line(lines.next().unwrap_or_default());
    match lines.next() {
        Some(_) => format!("{first} …"),
        None => first,
    }
}

fn unread(reply: Row<'_>, lang: Lang) -> String {
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

fn history(reply: Row<'_>, lang: Lang) -> String {
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
    let command = harmless::one_line(&command);
    Some(if is_forward {
        Client::NewerMessages { command: &command }.say(lang)
    } else {
        Client::OlderMessages { command: &command }.say(lang)
    })
}

/// What was noted, or what is.
fn draft(request: &Fields, reply: Row<'_>, lang: Lang) -> String {
    match request.get("text").and_then(Value::as_str) {
        Some("") => Client::DraftCleared.say(lang),
        Some(_) => Client::DraftNoted.say(lang),
        None => match reply.raw("text") {
            "" => Client::NoDraft.say(lang),
            text => harmless::indented(text, ""),
        },
    }
}

fn drafts(reply: Row<'_>, lang: Lang) -> String {
    let lines: Vec<String> = reply
        .list("drafts")
        .map(|row| {
            Client::DraftFor {
                who: &row.named("conversation"),
                when: &row.time("at_ms"),
                text: &harmless::indented(row.raw("text"), "    "),
            }
            .say(lang)
        })
        .collect();
    if lines.is_empty() {
        return Client::NoDrafts.say(lang);
    }
    lines.join("\n")
}

/// What a message says, further lines of the words indented.
fn content(row: Row<'_>, lang: Lang) -> String {
    match row.raw("kind") {
        "text" | "announcement" => harmless::indented(row.raw("text"), "    "),
        "file" => Client::FileMessage {
            name: &row.text("file_name"),
            size: &bytes(row.number("file_size")),
        }
        .say(lang),
        _ => Client::NeedsNewer.say(lang),
    }
}

/// `2026-11-22 14:03  alice: words  ✓✓ delivered`.
pub(super) fn message(row: Row<'_>, lang: Lang) -> String {
    written(row, &row.writer(lang), lang)
}

/// The same of somebody who watches, who must be told to whom an own message went.
pub(super) fn told(row: Row<'_>, lang: Lang) -> String {
    if row.raw("from") == row.raw("conversation") {
        return message(row, lang);
    }
    let both = format!("{} → {}", row.text("from"), row.text("conversation"));
    written(row, &both, lang)
}

fn written(row: Row<'_>, who: &str, lang: Lang) -> String {
    let words = content(row, lang);
    let state = match row.raw("state") {
        "" => String::new(),
        "failed" => format!("  {}", failed(row, lang)),
        state => format!("  {}", said(state, lang)),
    };
    format!("{}  {who}: {words}{state}", row.time("sent_ms"))
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
    fn conversations_are_listed_with_what_was_said_last_and_what_is_noted() {
        let reply = json!({"chats": [
            {"with": "bob", "name": "Bob", "remark": "小波", "relation": "friend", "unread": 3, "mentions": 1, "draft": "later\nmore",
             "last_ms": 1_790_000_000_000_u64, "last": {"kind": "text", "from": "bob", "text": "一\u{1b}\n二", "state": null}},
            {"with": "carol", "name": "carol", "remark": null, "relation": "none", "unread": 0, "mentions": 0, "draft": null,
             "last_ms": 1_790_000_000_000_u64, "last": {"kind": "file", "from": "alice", "file_name": "a.pdf", "file_size": 3}},
            {"with": "dan", "name": "Dan", "remark": null, "relation": "friend", "unread": 0, "mentions": 0, "draft": null,
             "last_ms": null, "last": null},
            {"with": "g:lan", "name": "LAN", "remark": null, "relation": "none", "unread": 0, "mentions": 0, "draft": null,
             "last_ms": null, "last": null},
        ]});
        let when = Row(&json!({"at": 1_790_000_000_000_u64})).time("at");
        assert_eq!(
            chats(Row(&reply), Lang::En),
            format!(
                "小波 (bob)  {when}  3 unread  mentions you: 1\n    bob: 一␛ …\n    [draft] later …\n\
                 carol  {when}  no friend any more\n    alice: [file] a.pdf (3 B)\n\
                 Dan (dan)\n\
                 Announcements to everybody (g:lan)"
            )
        );
        let chinese = chats(Row(&reply), Lang::Zh);
        assert!(
            chinese.contains("3 条未读  提到您：1 条")
                && chinese.contains("[草稿] later …")
                && chinese.contains("全体公告 (g:lan)"),
            "{chinese}"
        );
        let nobody = json!({"chats": []});
        assert!(chats(Row(&nobody), Lang::Zh).contains("还没有会话"));
    }

    #[test]
    fn whoever_watches_is_told_to_whom_an_own_message_went() {
        let own = json!({"kind": "text", "from": "alice", "conversation": "bob", "text": "hi", "sent_ms": 0});
        assert!(told(Row(&own), Lang::En).ends_with("alice → bob: hi"));
        let theirs = json!({"kind": "text", "from": "bob", "conversation": "bob", "text": "hi", "sent_ms": 0});
        assert!(told(Row(&theirs), Lang::En).ends_with("  bob: hi"));
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
