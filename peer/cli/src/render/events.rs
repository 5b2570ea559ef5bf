//! Events as single lines, for somebody who watches.

use super::conversations::{failed, told};
use super::replies::{both_ends, file_state};
use super::row::Row;
use super::said;
use super::{announcements, classroom, groups};
use hutong_common::text::client::Client;
use hutong_common::text::{Lang, bytes};

/// The event for a person; `None` when it says nothing worth a line.
pub(super) fn shown(event: Row<'_>, lang: Lang) -> Option<String> {
    let line = match event.raw("event") {
        "ready" => match event.text("login").as_str() {
            "" => Client::WatchingSignedOut.say(lang),
            login => Client::Watching { login: &login }.say(lang),
        },
        "server" => match event.raw("state") {
            "online" => Client::ServerOnline.say(lang),
            "backoff" => Client::ServerBackoff.say(lang),
            _ => Client::ServerOffline.say(lang),
        },
        // The file event that comes with it says how to take it.
        "message" if event.raw("kind") == "file" => return None,
        // The event that comes with it says how to confirm it.
        "message" if event.raw("kind") == "announcement" => return None,
        "message" => told(event, lang),
        "announcement" => announcements::announced(event, lang),
        "confirmed" => announcements::confirmed(event, lang),
        "contact" => return contact(event, lang),
        "delivery" => return delivery(event, lang),
        "presence" => {
            let user = event.named("user");
            if event.flag("away") {
                Client::IsAway { user: &user }.say(lang)
            } else if event.flag("online") {
                Client::CameOnline {
                    user: &user,
                    path: &said(event.raw("path"), lang),
                }
                .say(lang)
            } else {
                Client::WentOffline { user: &user }.say(lang)
            }
        }
        "group" => return groups::happened(event, lang),
        "hands" => classroom::hands(event, lang),
        "request" if event.raw("kind") != "friend" && !event.raw("kind").is_empty() => {
            groups::asks(event, lang)
        }
        "request" => {
            let (from, request, text) = (
                event.text("from"),
                event.text("request"),
                event.text("text"),
            );
            Client::AsksToBeFriends {
                from: &from,
                request: &request,
                text: &text,
            }
            .say(lang)
        }
        "file" => file(event, lang),
        "warning" => Client::WarningLine {
            text: &warning(event, lang),
        }
        .say(lang),
        _ => return None,
    };
    Some(line)
}

fn contact(event: Row<'_>, lang: Lang) -> Option<String> {
    let user: &dyn std::fmt::Display = &event.text("user");
    match event.raw("change") {
        "added" => Some(Client::ContactAdded { user }.say(lang)),
        "removed" => Some(Client::ContactRemoved { user }.say(lang)),
        _ => None,
    }
}

fn delivery(event: Row<'_>, lang: Lang) -> Option<String> {
    // Of what is said in a group, one line for all its members.
    if event.raw("to") != event.raw("conversation") {
        return None;
    }
    let state = match event.raw("state") {
        "queued" | "in_flight" => return None,
        "failed" => failed(event, lang),
        state => said(state, lang),
    };
    let (to, path) = (event.named("to"), said(event.raw("path"), lang));
    Some(
        Client::DeliveryTo {
            to: &to,
            state: &state,
            path: &path,
        }
        .say(lang),
    )
}

fn file(event: Row<'_>, lang: Lang) -> String {
    let name = event.text("name");
    let saved_as = event.text("saved_as");
    let (from, to) = both_ends(event);
    match event.raw("state") {
        "offered" if event.raw("direction") == "outgoing" => Client::FileOfferedTo {
            to: &to,
            name: &name,
            size: &bytes(event.number("size")),
        }
        .say(lang),
        "offered" => {
            let (size, file) = (bytes(event.number("size")), event.text("file"));
            let offer = Client::FileOffer {
                from: &from,
                name: &name,
                size: &size,
                file: &file,
            }
            .say(lang);
            if event.flag("executable") {
                format!("{offer}\n{}", Client::FileIsProgram.say(lang))
            } else {
                offer
            }
        }
        "verified" if saved_as.is_empty() => Client::FileHandedOver { name: &name }.say(lang),
        "verified" => Client::FileSaved { path: &saved_as }.say(lang),
        _ => Client::FileIs {
            name: &name,
            state: &file_state(event, lang),
        }
        .say(lang),
    }
}

fn warning(event: Row<'_>, lang: Lang) -> String {
    let known = match event.raw("code") {
        "clock_off" => Client::WarnClockOff,
        "identity_cloned" => Client::WarnIdentityCloned,
        "key_changed" => {
            let who = event.text("who");
            return Client::WarnKeyChanged { who: &who }.say(lang);
        }
        "plain_keys" => Client::WarnPlainKeys,
        "signed_out" => Client::WarnSignedOut,
        "events_missed" => Client::WarnEventsMissed,
        "server_key_changed" => Client::WarnServerKeyChanged,
        "device_copied" => Client::WarnDeviceCopied,
        "mail_locked" => {
            let since = event.time("since_ms");
            return Client::WarnMailLocked { since: &since }.say(lang);
        }
        "sheet_differs" => {
            let who = event.text("who");
            return Client::WarnSheetDiffers { who: &who }.say(lang);
        }
        "storage" => Client::WarnStorage,
        "avatar_not_set" => Client::WarnAvatarNotSet,
        "account_locked" => Client::WarnAccountLocked,
        _ => return event.text("text"),
    };
    known.say(lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_are_told_in_both_languages() {
        for (event, en, zh) in [
            (
                json!({"event": "server", "state": "online"}),
                "Connected to the rendezvous.",
                "已连接服务器。",
            ),
            (
                json!({"event": "presence", "user": "bob", "online": false, "path": "mail"}),
                "bob is offline.",
                "bob 下线了。",
            ),
            (
                json!({"event": "delivery", "to": "bob", "conversation": "bob", "state": "delivered", "path": "direct"}),
                "to bob: ✓✓ delivered (direct)",
                "发给 bob：✓✓ 已送达（直连）",
            ),
            // The sender was told how to take his own file.
            (
                json!({"event": "file", "state": "offered", "direction": "outgoing", "from": "alice", "to": "bob", "name": "n.pdf", "size": 3, "file": "f"}),
                "n.pdf (3 B) was offered to bob.",
                "已向 bob 发出文件 n.pdf（3 B），等待对方接收。",
            ),
            (
                json!({"event": "file", "state": "failed", "name": "a\u{1b}b", "code": "no_space"}),
                "a␛b: failed: The disk is full.",
                "a␛b：失败：磁盘空间不足。",
            ),
            (
                json!({"event": "file", "state": "paused", "name": "a", "code": null, "paused_by": ["bob"]}),
                "a: paused: bob",
                "a：已暂停：bob",
            ),
            (
                json!({"event": "file", "state": "offered", "from": "bob", "name": "发票.pdf.exe", "size": 3, "file": "f", "executable": true}),
                "bob offers 发票.pdf.exe (3 B). Take it with: hutong accept-file f\nCareful: opening this file may run it as a program.",
                "bob 发来文件 发票.pdf.exe（3 B）。接收：hutong accept-file f\n请注意：打开这个文件可能会运行其中的程序。",
            ),
            (
                json!({"event": "warning", "code": "future", "text": "mind the gap"}),
                "warning: mind the gap",
                "警告：mind the gap",
            ),
        ] {
            assert_eq!(shown(Row(&event), Lang::En).as_deref(), Some(en));
            assert_eq!(shown(Row(&event), Lang::Zh).as_deref(), Some(zh));
        }
    }

    #[test]
    fn who_comes_into_the_contacts_or_leaves_them_is_told_and_what_shows_elsewhere_is_not() {
        for (change, en, zh) in [
            (
                "added",
                "bob is in your contacts now.",
                "bob 已成为您的联系人。",
            ),
            (
                "removed",
                "bob is no longer in your contacts.",
                "bob 已不在您的联系人中。",
            ),
        ] {
            let event = json!({"event": "contact", "user": "bob", "change": change});
            assert_eq!(shown(Row(&event), Lang::En).as_deref(), Some(en));
            assert_eq!(shown(Row(&event), Lang::Zh).as_deref(), Some(zh));
        }
        for silent in [
            json!({"event": "group"}),
            json!({"event": "contact", "user": "bob", "change": "changed"}),
            json!({"event": "requests", "open": 1}),
            json!({"event": "read", "conversation": "bob", "unread": 0}),
        ] {
            assert_eq!(shown(Row(&silent), Lang::En), None);
        }
    }
}
