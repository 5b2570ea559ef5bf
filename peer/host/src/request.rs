//! One line of JSON becomes one thing to do, or an exact reason why not. Called by the exchange for every client.
//!
//! Which verbs exist and what they cannot do without stands in `VERBS`; everything else about an argument is decided by
//! the engine's [`Command`] itself. A field that is `null` counts as left out. Nothing here performs anything.

use hutong_common::text::Lang;
use hutong_engine::api::Command;
use hutong_engine::api::command::{
    AnnounceCommand, ClassroomCommand, GroupCommand, GroupEdit, Profile, Register,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;

/// Verbs of the engine with the arguments that they need.
const VERBS: &[(&str, &[&str])] = &[
    ("servers", &[]),
    ("register", &["login", "password"]),
    ("login", &["login", "password"]),
    ("logout", &[]),
    ("whoami", &[]),
    ("profile", &[]),
    ("passwd", &["old", "new"]),
    ("find", &["login"]),
    ("whois", &["account"]),
    ("can_add", &["login"]),
    ("add", &["login"]),
    ("requests", &[]),
    ("accept", &[]),
    ("decline", &[]),
    ("remove", &["login"]),
    ("block", &["login"]),
    ("unblock", &["login"]),
    ("blocked", &[]),
    ("remark", &["login"]),
    ("friends", &[]),
    ("who", &[]),
    ("away", &[]),
    ("chats", &[]),
    ("unread", &[]),
    ("draft", &["with"]),
    ("drafts", &[]),
    ("send", &["to", "text"]),
    ("send_file", &["to", "path"]),
    ("read", &["with"]),
    ("history", &["with"]),
    ("files", &[]),
    ("accept_file", &["file"]),
    ("decline_file", &["file"]),
    ("cancel_file", &["file"]),
    ("devices", &[]),
    ("unlock", &["password"]),
    ("pause_file", &["file"]),
    ("resume_file", &["file"]),
    ("safety", &["with"]),
    ("doctor", &[]),
];

/// Verbs about groups with the arguments that they need.
const GROUP_VERBS: &[(&str, &[&str])] = &[
    ("groups", &[]),
    ("group_create", &["name"]),
    ("group_show", &["group"]),
    ("group_find", &["group"]),
    ("group_invite", &["group", "login"]),
    ("group_apply", &["group"]),
    ("group_leave", &["group"]),
    ("group_dissolve", &["group"]),
];

/// Verbs that change a group, with the arguments that they need.
const GROUP_EDITS: &[(&str, &[&str])] = &[
    ("group_add", &["group", "members"]),
    ("group_rename", &["group", "name"]),
    ("group_notice", &["group"]),
    ("group_floor", &["group", "floor"]),
    ("group_policy", &["group"]),
    ("group_role", &["group", "login", "role"]),
    ("group_hand_over", &["group", "login"]),
    ("group_mute", &["group", "login", "minutes"]),
    ("group_kick", &["group", "login"]),
];

/// Verbs in front of a class, with the arguments that they need.
const CLASSROOM_VERBS: &[(&str, &[&str])] = &[
    ("group_code", &["group"]),
    ("group_join", &["code"]),
    ("attendance", &["group"]),
    ("hand", &["group", "up"]),
    ("hands", &["group"]),
];

/// Verbs about announcements, with the arguments that they need.
const ANNOUNCE_VERBS: &[(&str, &[&str])] = &[
    ("announce", &["text"]),
    ("announce_again", &["message"]),
    ("proof", &["message"]),
    ("confirm", &["message"]),
    ("announcements", &[]),
];

/// Something to do for a client.
#[derive(Debug, PartialEq)]
pub struct Request {
    /// The client's own name for it, given back as `re`.
    pub id: Value,
    /// The language of an error's text, when the client wants another than the agent's.
    pub lang: Option<Lang>,
    /// What.
    pub act: Act,
}

/// What a line asks for.
#[derive(Debug, PartialEq)]
pub enum Act {
    /// A command of the engine.
    Run(Command),
    /// Hear events from now on.
    Watch,
    /// The window that has this home comes to the front.
    Show,
    /// No more lines.
    Quit,
}

/// Why a line is no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misread {
    /// Nothing that could be done.
    UnknownVerb {
        /// What it says.
        verb: String,
    },
    /// Something is left out that the verb needs.
    MissingArgument {
        /// Its name.
        name: &'static str,
    },
    /// No line of the contract.
    Malformed {
        /// What is wrong.
        detail: String,
    },
}

/// Reads one line. A line that cannot be understood is answered to the id it carries, when it carries one.
///
/// # Errors
/// That id, and why.
pub fn read(line: &[u8]) -> Result<Request, (Value, Misread)> {
    let fields = match serde_json::from_slice(line) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return Err((Value::Null, malformed("not a JSON object"))),
        Err(error) => return Err((Value::Null, malformed(error))),
    };
    let mut fields = fields;
    let id = fields.remove("id").unwrap_or(Value::Null);
    fields.retain(|_, value| !value.is_null());
    match act(fields) {
        Ok((lang, act)) => Ok(Request { id, lang, act }),
        Err(misread) => Err((id, misread)),
    }
}

fn act(mut fields: Map<String, Value>) -> Result<(Option<Lang>, Act), Misread> {
    let lang = match fields.remove("lang") {
        Some(value) => {
            let lang = value.as_str().and_then(Lang::from_name);
            Some(lang.ok_or_else(|| malformed("lang is zh or en"))?)
        }
        None => None,
    };
    let verb = match fields.get("do") {
        Some(Value::String(verb)) => verb.clone(),
        Some(_) => return Err(malformed("do is a text")),
        None => return Err(Misread::MissingArgument { name: "do" }),
    };
    let act = match verb.as_str() {
        "quit" => Act::Quit,
        "watch" => Act::Watch,
        "show" => Act::Show,
        _ => Act::Run(command(&verb, fields)?),
    };
    Ok((lang, act))
}

fn command(verb: &str, mut fields: Map<String, Value>) -> Result<Command, Misread> {
    let of_verb = |verbs: &'static [(&str, &'static [&str])]| {
        let mut verbs = verbs.iter();
        verbs
            .find(|(known, _)| *known == verb)
            .map(|(_, needed)| *needed)
    };
    let (of_groups, of_edits) = (of_verb(GROUP_VERBS), of_verb(GROUP_EDITS));
    let of_classrooms = of_verb(CLASSROOM_VERBS);
    let of_announcements = of_verb(ANNOUNCE_VERBS);
    let of_all_groups = of_groups
        .or(of_edits)
        .or(of_classrooms)
        .or(of_announcements);
    let Some(needed) = of_verb(VERBS).or(of_all_groups) else {
        return Err(Misread::UnknownVerb {
            verb: verb.to_owned(),
        });
    };
    if let Some(name) = needed.iter().find(|name| !fields.contains_key(**name)) {
        return Err(Misread::MissingArgument { name });
    }
    if of_groups.is_some() {
        let command = GroupCommand::deserialize(Value::Object(fields));
        return command.map(Command::Group).map_err(malformed);
    }
    if of_edits.is_some() {
        let edit = GroupEdit::deserialize(Value::Object(fields)).map_err(malformed)?;
        return Ok(Command::Group(GroupCommand::Change(edit)));
    }
    if of_classrooms.is_some() {
        let asked = ClassroomCommand::deserialize(Value::Object(fields)).map_err(malformed)?;
        return Ok(Command::Group(GroupCommand::Classroom(asked)));
    }
    if of_announcements.is_some() {
        let asked = AnnounceCommand::deserialize(Value::Object(fields));
        return asked.map(Command::Announce).map_err(malformed);
    }
    if matches!(verb, "accept" | "decline")
        && !fields.contains_key("request")
        && !fields.contains_key("from")
    {
        return Err(Misread::MissingArgument { name: "request" });
    }
    if verb == "devices" && fields.contains_key("remove") && !fields.contains_key("password") {
        return Err(Misread::MissingArgument { name: "password" });
    }
    if verb == "files" {
        direction_from_flags(&mut fields)?;
    }
    let command = Command::deserialize(Value::Object(fields)).map_err(malformed)?;
    match path_of(&command) {
        Some(path) if !path.is_absolute() => Err(malformed("the path must be absolute")),
        _ => Ok(command),
    }
}

/// `incoming` and `outgoing` are flags on the command line, so they are here as well.
fn direction_from_flags(fields: &mut Map<String, Value>) -> Result<(), Misread> {
    for flag in ["incoming", "outgoing"] {
        match fields.remove(flag) {
            Some(Value::Bool(true)) => {
                if fields.insert("direction".to_owned(), flag.into()).is_some() {
                    return Err(malformed("only one direction"));
                }
            }
            Some(Value::Bool(false)) | None => {}
            Some(_) => return Err(malformed(format!("{flag} is true or false"))),
        }
    }
    Ok(())
}

fn path_of(command: &Command) -> Option<&Path> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other commands name no path"
    )]
    match command {
        Command::SendFile { path, .. } => Some(path),
        Command::AcceptFile { to, .. } => to.as_deref(),
        Command::Register(Register { avatar, .. }) | Command::Profile(Profile { avatar, .. }) => {
            avatar.as_ref()?.path()
        }
        _ => None,
    }
}

fn malformed(detail: impl ToString) -> Misread {
    Misread::Malformed {
        detail: detail.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn misread(line: &str) -> (Value, Misread) {
        match read(line.as_bytes()) {
            Ok(request) => panic!("{line} was read as {request:?}"),
            Err(misread) => misread,
        }
    }

    /// A value that fits wherever the verb needs one of this name.
    fn sample(name: &str) -> Value {
        match name {
            "account" => json!(10_001),
            "file" => json!("00".repeat(16)),
            "group" => json!(100_001),
            "minutes" => json!(5),
            "up" => json!(true),
            "members" => json!(["bob"]),
            "floor" => json!("free"),
            "role" => json!("admin"),
            "path" if cfg!(windows) => json!("C:\\a"),
            "path" => json!("/a"),
            _ => json!("bob"),
        }
    }

    #[test]
    fn every_verb_is_a_command_and_asks_for_exactly_what_it_cannot_do_without() {
        for (verb, needed) in VERBS
            .iter()
            .chain(GROUP_VERBS)
            .chain(GROUP_EDITS)
            .chain(CLASSROOM_VERBS)
        {
            let mut fields = Map::from_iter([
                ("do".to_owned(), json!(verb)),
                ("id".to_owned(), json!([verb])),
            ]);
            for name in *needed {
                let (id, found) = misread(&Value::Object(fields.clone()).to_string());
                assert_eq!(id, json!([verb]));
                assert_eq!(found, Misread::MissingArgument { name }, "{verb}");
                fields.insert((*name).to_owned(), sample(name));
            }
            if matches!(*verb, "accept" | "decline") {
                let found = misread(&Value::Object(fields.clone()).to_string()).1;
                assert_eq!(found, Misread::MissingArgument { name: "request" });
                fields.insert("request".to_owned(), json!(7));
            }
            let line = Value::Object(fields).to_string();
            assert!(
                matches!(
                    read(line.as_bytes()),
                    Ok(Request {
                        act: Act::Run(_),
                        ..
                    })
                ),
                "{line}"
            );
        }
    }

    #[test]
    fn ids_are_written_as_text() {
        let id = "01920000-0000-7000-8000-000000000000";
        for line in [
            json!({"do": "read", "with": "bob", "upto": id}),
            json!({"do": "history", "with": "bob", "before": id, "after": 5}),
            json!({"do": "cancel_file", "file": "0f".repeat(16)}),
            json!({"do": "devices", "remove": "0f".repeat(16), "password": "p"}),
        ] {
            assert!(read(line.to_string().as_bytes()).is_ok(), "{line}");
        }
    }

    #[test]
    fn whatever_json_value_names_a_request_comes_back() {
        for id in [
            json!(1),
            json!("a"),
            json!(null),
            json!({"a": [1.5]}),
            json!(true),
        ] {
            let line = json!({"id": id, "do": "quit"}).to_string();
            assert_eq!(
                read(line.as_bytes()),
                Ok(Request {
                    id,
                    lang: None,
                    act: Act::Quit
                })
            );
        }
    }

    #[test]
    fn lines_that_are_no_requests_say_why() {
        let deep = "[".repeat(10_000);
        for line in ["", "{", "nonsense", "7", "[]", "\"do\"", deep.as_str()] {
            let (id, found) = misread(line);
            assert!(
                id.is_null() && matches!(found, Misread::Malformed { .. }),
                "{line}"
            );
        }
        assert!(read(b"\xff\xfe").is_err());
        for line in [
            r#"{"id":1,"do":7}"#,
            r#"{"id":1,"do":"send","to":7,"text":"x"}"#,
            r#"{"id":1,"do":"send_file","to":"bob","path":"a/b"}"#,
            r#"{"id":1,"do":"accept_file","file":"zz"}"#,
            r#"{"id":1,"do":"accept_file","file":"00000000000000000000000000000000","to":"relative"}"#,
            r#"{"id":1,"do":"read","with":"bob","upto":"zz"}"#,
            r#"{"id":1,"do":"history","with":"bob","limit":-1}"#,
            r#"{"id":1,"do":"files","incoming":1}"#,
            r#"{"id":1,"do":"files","incoming":true,"outgoing":true}"#,
            r#"{"id":1,"do":"register","login":"a","password":"b","sex":"q"}"#,
            r#"{"id":1,"do":"who","lang":"fr"}"#,
            r#"{"id":1,"do":"group_show","group":"x"}"#,
            r#"{"id":1,"do":"hand","group":100001,"up":"yes"}"#,
            r#"{"id":1,"do":"group_floor","group":100001,"floor":"loud"}"#,
        ] {
            let (id, found) = misread(line);
            assert!(
                id == json!(1) && matches!(found, Misread::Malformed { .. }),
                "{line}: {found:?}"
            );
        }
        assert_eq!(
            misread(r#"{"id":1,"do":"devices","remove":"00000000000000000000000000000000"}"#).1,
            Misread::MissingArgument { name: "password" }
        );
        assert_eq!(
            misread(r#"{"id":1}"#).1,
            Misread::MissingArgument { name: "do" }
        );
        assert_eq!(
            misread(r#"{"id":1,"do":"send","to":"bob","text":null}"#).1,
            Misread::MissingArgument { name: "text" }
        );
        for verb in ["dance", "group_dance", "can-add", ""] {
            let line = json!({"id": 1, "do": verb}).to_string();
            assert_eq!(
                misread(&line).1,
                Misread::UnknownVerb {
                    verb: verb.to_owned()
                }
            );
        }
    }
}
