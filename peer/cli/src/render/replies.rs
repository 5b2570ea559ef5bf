//! Replies as calm sentences and tables, one function for each shape of reply.

use super::row::Row;
use super::{conversations, doctor, groups, keys, said, yes_or_no};
use hutong_common::harmless;
use hutong_common::text::client::Client;
use hutong_common::text::table::table;
use hutong_common::text::{self, Lang, bytes, refusal};
use hutong_host::wording::Fields;
use serde_json::Value;

/// The reply to `request` for a person; empty when there is nothing to say.
pub(super) fn shown(request: &Fields, reply: Row<'_>, lang: Lang) -> String {
    let asked = |name: &str| {
        harmless::one_line(
            request
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default(),
        )
    };
    let login = asked("login");
    match asked("do").as_str() {
        "servers" => servers(reply, lang),
        "register" => {
            let (login, account) = (&reply.text("login"), &reply.text("account"));
            let said = Client::Registered { login, account }.say(lang);
            with_seat(said, reply, lang)
        }
        "login" => {
            let (login, account) = (&reply.text("login"), &reply.text("account"));
            let said = Client::SignedIn { login, account }.say(lang);
            with_seat(said, reply, lang)
        }
        "logout" => Client::SignedOut.say(lang),
        "whoami" => whoami(reply, lang),
        "profile" => Client::ProfileChanged.say(lang),
        "devices" if request.contains_key("remove") => Client::DeviceRemoved.say(lang),
        "devices" => keys::devices(reply, lang),
        "safety" => keys::safety(reply, lang),
        "unlock" => Client::Unlocked.say(lang),
        "passwd" => Client::PasswordChanged.say(lang),
        "find" | "whois" => person(reply, lang),
        "can_add" => can_add(reply, &login, lang),
        "add" => Client::RequestSent {
            login: &login,
            request: &reply.text("request"),
        }
        .say(lang),
        "requests" => requests(reply, lang),
        "accept" => Client::RequestAccepted.say(lang),
        "decline" => Client::RequestDeclined.say(lang),
        "remove" => Client::FriendRemoved { login: &login }.say(lang),
        "block" => Client::Blocked { login: &login }.say(lang),
        "unblock" => Client::Unblocked { login: &login }.say(lang),
        "blocked" => blocked(reply, lang),
        "friends" => friends(reply, lang),
        "who" => who(reply, lang),
        "doctor" => doctor::shown(reply, lang),
        "away" => away(reply, lang),
        verb @ ("chats" | "unread" | "draft" | "drafts" | "history") => {
            conversations::shown(verb, request, reply, lang)
        }
        verb if groups::has(verb) => groups::reply(verb, reply, lang),
        "remark" => remark(&login, &asked("name"), lang),
        // Scripts take these ids from standard output.
        "send" => reply.text("message"),
        "send_file" => reply.text("file"),
        "read" => Client::MarkedRead.say(lang),
        "files" => files(reply, lang),
        verb => file_deed(verb).map_or_else(String::new, |done| done.say(lang)),
    }
}

fn file_deed(verb: &str) -> Option<Client<'static>> {
    match verb {
        "decline_file" => Some(Client::FileDeclined),
        "pause_file" => Some(Client::FilePauseBegan),
        "resume_file" => Some(Client::FilePauseEnded),
        "cancel_file" => Some(Client::FileCancelled),
        _ => None,
    }
}

/// What a person should know beside the reply.
pub(super) fn note(request: &Fields, reply: Row<'_>, lang: Lang) -> Option<String> {
    let to = request.get("to").and_then(Value::as_str)?;
    let login: &dyn std::fmt::Display = &harmless::one_line(to);
    match reply.raw("waits") {
        "key_changed" => Some(Client::WaitsForKey { login }.say(lang)),
        _ => None,
    }
}

pub(super) fn heads<const N: usize>(heads: [Client<'_>; N], lang: Lang) -> Vec<String> {
    heads.map(|head| head.say(lang)).to_vec()
}

/// A table of a list, or the sentence that there is nothing.
fn listed(rows: Vec<Vec<String>>, heads: &[String], nothing: Client<'_>, lang: Lang) -> String {
    if rows.is_empty() {
        nothing.say(lang)
    } else {
        table(heads, &rows)
    }
}

fn servers(reply: Row<'_>, lang: Lang) -> String {
    let heads = heads(
        [
            Client::HeadName,
            Client::HeadAddress,
            Client::HeadFingerprint,
            Client::HeadTrusted,
        ],
        lang,
    );
    let rows = reply.list("servers").map(|server| {
        vec![
            server.text("name"),
            server.text("address"),
            server.text("fingerprint"),
            yes_or_no(server.flag("trusted"), lang),
        ]
    });
    listed(rows.collect(), &heads, Client::NoServers, lang)
}

/// At a shared seat one has to know when it ends, and what is left of it.
fn with_seat(said: String, reply: Row<'_>, lang: Lang) -> String {
    if reply.raw("kind") != "seat" {
        return said;
    }
    let until = &reply.time("until_ms");
    format!("{said}\n{}", Client::AtASeat { until }.say(lang))
}

fn whoami(reply: Row<'_>, lang: Lang) -> String {
    let server = format!("{} ({})", reply.text("server"), reply.text("server_id"));
    let rows = [
        (Client::HeadLogin, reply.text("login")),
        (Client::HeadAccount, reply.text("account")),
        (Client::HeadName, reply.text("name")),
        (Client::HeadSex, sex(reply, lang)),
        (Client::HeadSignature, reply.text("signature")),
        (Client::HeadAvatar, reply.text("avatar")),
        (Client::HeadDevice, reply.text("device")),
        (Client::HeadKind, said(reply.raw("kind"), lang)),
        (Client::HeadUntil, reply.time("until_ms")),
        (Client::HeadServer, server),
    ];
    sheet(rows, lang)
}

fn sex(reply: Row<'_>, lang: Lang) -> String {
    match reply.raw("sex") {
        "" => String::new(),
        letter => said(letter, lang),
    }
}

fn person(reply: Row<'_>, lang: Lang) -> String {
    let rows = [
        (Client::HeadLogin, reply.text("login")),
        (Client::HeadAccount, reply.text("account")),
        (Client::HeadName, reply.named("name")),
        (Client::HeadRelation, said(reply.raw("relation"), lang)),
        (Client::HeadSex, sex(reply, lang)),
        (Client::HeadSignature, reply.text("signature")),
        (Client::HeadAvatar, reply.text("avatar")),
    ];
    sheet(rows, lang)
}

/// Names and values below each other; values that are not known are left out.
fn sheet<const N: usize>(rows: [(Client<'_>, String); N], lang: Lang) -> String {
    let mut known = rows
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(head, value)| vec![head.say(lang), value]);
    let Some(first) = known.next() else {
        return String::new();
    };
    table(&first, &known.collect::<Vec<_>>())
}

fn can_add(reply: Row<'_>, login: &str, lang: Lang) -> String {
    if reply.flag("can_add") {
        return Client::CanAdd { login: &login }.say(lang);
    }
    Client::CannotAdd {
        login: &login,
        why: &why_not(reply.raw("why"), lang),
    }
    .say(lang)
}

/// What is against it; a reason of a newer program is shown as it is.
fn why_not(why: &str, lang: Lang) -> String {
    text::friends::why_not(why, lang).unwrap_or_else(|| reason(why, lang))
}

fn away(reply: Row<'_>, lang: Lang) -> String {
    let state = if reply.flag("away") {
        Client::YouAreAway
    } else {
        Client::YouAreHere
    };
    state.say(lang)
}

fn remark(login: &str, name: &str, lang: Lang) -> String {
    match name.trim() {
        "" => Client::RemarkTaken { login: &login }.say(lang),
        name => Client::RemarkSet {
            login: &login,
            name: &name,
        }
        .say(lang),
    }
}

/// A bare code of a failure in words where the words need no more than the code.
pub(super) fn reason(code: &str, lang: Lang) -> String {
    if code == "key_changed" {
        return Client::WrittenForOldKey.say(lang);
    }
    match code {
        "not_writable" => return Client::FolderNotWritable.say(lang),
        "cancelled" => return Client::CancelledHere.say(lang),
        _ => {}
    }
    match refusal::explain_code(code, lang) {
        Some(words) => words,
        None if code == "signed_out" => Client::SignedOutUnsent.say(lang),
        None => harmless::one_line(code),
    }
}

fn requests(reply: Row<'_>, lang: Lang) -> String {
    let heads = heads(
        [
            Client::HeadRequest,
            Client::HeadAbout,
            Client::HeadFrom,
            Client::HeadTo,
            Client::HeadState,
            Client::HeadWhen,
            Client::HeadGreeting,
        ],
        lang,
    );
    let rows = reply.list("requests").map(|request| {
        vec![
            request.text("request"),
            match request.text("group_name").as_str() {
                "" => Client::AboutFriend.say(lang),
                group => format!("{group} ({})", request.text("group")),
            },
            request.text("from"),
            request.text("to"),
            said(request.raw("state"), lang),
            request.time("at_ms"),
            request.text("text"),
        ]
    });
    listed(rows.collect(), &heads, Client::NoRequests, lang)
}

fn friends(reply: Row<'_>, lang: Lang) -> String {
    let heads = heads(
        [
            Client::HeadLogin,
            Client::HeadName,
            Client::HeadAccount,
            Client::HeadSince,
        ],
        lang,
    );
    let rows = reply.list("friends").map(|friend| {
        vec![
            friend.text("login"),
            friend.named("name"),
            friend.text("account"),
            friend.time("since_ms"),
        ]
    });
    listed(rows.collect(), &heads, Client::NoFriends, lang)
}

fn blocked(reply: Row<'_>, lang: Lang) -> String {
    let heads = heads(
        [Client::HeadLogin, Client::HeadName, Client::HeadAccount],
        lang,
    );
    let rows = reply
        .list("blocked")
        .map(|row| vec![row.text("login"), row.text("remark"), row.text("account")]);
    listed(rows.collect(), &heads, Client::NoneBlocked, lang)
}

fn who(reply: Row<'_>, lang: Lang) -> String {
    let heads = heads(
        [
            Client::HeadLogin,
            Client::HeadName,
            Client::HeadState,
            Client::HeadPath,
            Client::HeadRoundTrip,
        ],
        lang,
    );
    let rows = reply.list("people").map(|person| {
        let state = match (person.flag("online"), person.flag("away")) {
            (true, true) => Client::Away,
            (true, false) => Client::Online,
            (false, _) => Client::Offline,
        };
        vec![
            person.text("login"),
            groups::ranked(person.named("name"), person.raw("role"), lang),
            state.say(lang),
            person.way(lang),
            person.round_trip(),
        ]
    });
    listed(rows.collect(), &heads, Client::NoFriends, lang)
}

/// A file's name, with a sign where opening it may run it.
pub(super) fn marked_name(file: Row<'_>) -> String {
    let name = file.text("name");
    if file.flag("executable") {
        format!("⚠ {name}")
    } else {
        name
    }
}

fn files(reply: Row<'_>, lang: Lang) -> String {
    let heads = heads(
        [
            Client::HeadFile,
            Client::HeadFrom,
            Client::HeadTo,
            Client::HeadState,
            Client::HeadProgress,
            Client::HeadRate,
            Client::HeadSize,
            Client::HeadFileName,
        ],
        lang,
    );
    let rows = reply.list("files").map(|file| {
        let (from, to) = both_ends(file);
        vec![
            file.text("file"),
            from,
            to,
            file_state(file, lang),
            format!("{} %", super::progress::percent(file)),
            super::progress::rate(file),
            bytes(file.number("size")),
            marked_name(file),
        ]
    });
    listed(rows.collect(), &heads, Client::NoFiles, lang)
}

/// Who offers a file and to whom, the other side by our own name for it.
pub(super) fn both_ends(file: Row<'_>) -> (String, String) {
    if file.raw("direction") == "outgoing" {
        (file.text("from"), file.named("to"))
    } else {
        (file.named("from"), file.text("to"))
    }
}

/// How far a file is, and why it is no further.
pub(super) fn file_state(file: Row<'_>, lang: Lang) -> String {
    let state = said(file.raw("state"), lang);
    let why = match (file.raw("state"), file.raw("code")) {
        ("paused", "") => file.words("paused_by").join(", "),
        (_, "") => return state,
        (_, code) => reason(code, lang),
    };
    Client::StateBecause {
        state: &state,
        why: &why,
    }
    .say(lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lines(verb: &str, reply: &Value, lang: Lang) -> String {
        let request = Fields::from_iter([
            ("do".to_owned(), json!(verb)),
            ("login".to_owned(), json!("bob")),
        ]);
        shown(&request, Row(reply), lang)
    }

    #[test]
    fn friends_are_a_table_in_both_languages() {
        let reply = json!({"friends": [
            {"login": "alice", "account": 10001, "name": "爱丽丝", "since_ms": 1_790_000_000_000_u64},
            {"login": "王小明", "account": 10002, "name": "B\u{1b}[31m", "since_ms": 0},
        ]});
        let english = lines("friends", &reply, Lang::En);
        assert!(
            english.starts_with("LOGIN   NAME    ACCOUNT  SINCE\nalice   爱丽丝  10001    2026-"),
            "{english}"
        );
        assert!(!english.contains('\u{1b}'));
        assert!(lines("friends", &reply, Lang::Zh).starts_with("登录名  昵称"));
        assert_eq!(
            lines("friends", &json!({"friends": []}), Lang::Zh),
            Client::NoFriends.say(Lang::Zh)
        );
    }

    #[test]
    fn presence_shows_path_and_round_trip() {
        let reply = json!({"people": [{"login": "bob", "name": "Bob", "online": true, "path": "direct", "rtt_us": 412}]});
        assert!(lines("who", &reply, Lang::En).ends_with("bob    Bob   online  direct  0.4 ms"));
        assert!(lines("who", &reply, Lang::Zh).ends_with("在线  直连  0.4 ms"));
        let reply = json!({"people": [{"login": "bob", "name": "Bob", "online": true, "path": "relay", "why": "no_answer", "rtt_us": 1700}]});
        assert!(lines("who", &reply, Lang::En).ends_with("relay: no direct answer  1.7 ms"));
        assert!(lines("who", &reply, Lang::Zh).ends_with("中继: 直连无应答  1.7 ms"));
    }

    #[test]
    fn ids_for_scripts_stand_alone() {
        assert_eq!(lines("send", &json!({"message": "0192"}), Lang::Zh), "0192");
        assert_eq!(
            lines(
                "send_file",
                &json!({"message": "0192", "file": "ab"}),
                Lang::En
            ),
            "ab"
        );
    }

    #[test]
    fn why_somebody_cannot_be_asked_is_said_in_words() {
        let reply = json!({"can_add": false, "why": "blocked"});
        assert_eq!(
            lines("can_add", &reply, Lang::En),
            "bob cannot be asked: you blocked them. Use \"hutong unblock\" first."
        );
        // A person read "不能向 bob 发送好友申请：already_friends".
        for why in ["self", "already_friends", "already_requested"] {
            let reply = json!({"can_add": false, "why": why});
            assert!(!lines("can_add", &reply, Lang::Zh).contains(why), "{why}");
        }
        let newer = json!({"can_add": false, "why": "new_reason"});
        assert!(lines("can_add", &newer, Lang::Zh).contains("new_reason"));
    }
}
