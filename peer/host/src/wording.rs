//! Failures as JSON for programs: `{"code","text",…}` with the fields of the code, the text in the asker's language.
//!
//! Called by the exchange for answers and by `commands` for what fails before an engine runs.

use crate::request::Misread;
use crate::time;
use hutong_common::limits::{PICTURE_BYTES_MAX, PICTURE_PIXELS_MAX, PICTURE_SIDE_PX_MAX};
use hutong_common::refusal::Refusal;
use hutong_common::text::client::Client;
use hutong_common::text::{Lang, bytes, failure::Failure as Said, friends, refusal};
use hutong_engine::api::Failure;
use serde_json::{Map, Value, json};
use std::path::Path;

/// The fields of an object.
pub type Fields = Map<String, Value>;

/// The `error` object of a failed command.
pub fn failure(failure: &Failure, lang: Lang) -> Fields {
    let mut fields = match failure {
        Failure::Refused(refusal) => refusal_fields(refusal),
        Failure::NoAccount { login } | Failure::NoContact { login } => {
            object(json!({ "login": login }))
        }
        Failure::CannotAdd { login, why, .. } => object(json!({ "login": login, "why": why })),
        Failure::Malformed { detail } | Failure::Storage { detail } => {
            object(json!({ "detail": detail }))
        }
        Failure::ServerNotTrusted {
            fingerprint,
            address,
        } => object(json!({ "fingerprint": fingerprint, "address": address })),
        Failure::NoSuchCode { code } => object(json!({ "typed": code })),
        Failure::ServerKeyChanged { fingerprint } => object(json!({ "fingerprint": fingerprint })),
        Failure::NoSuchFile { path }
        | Failure::PictureUnreadable { path }
        | Failure::PictureTooLarge { path } => object(json!({ "path": path.to_string_lossy() })),
        Failure::NoSpace { folder, missing } => {
            object(json!({ "folder": folder.to_string_lossy(), "missing": missing }))
        }
        Failure::NotWritable { folder } => object(json!({ "folder": folder.to_string_lossy() })),
        Failure::NotSignedIn
        | Failure::AlreadySignedIn
        | Failure::HomeLocked
        | Failure::NoServer
        | Failure::SeveralServers
        | Failure::Unreachable
        | Failure::NoSuchMessage
        | Failure::OnlyTeachers
        | Failure::ThisDevice
        | Failure::NoSuchDevice
        | Failure::PausedByOther
        | Failure::TimedOut => Fields::new(),
    };
    fields.insert("code".to_owned(), failure.code().into());
    fields.insert("text".to_owned(), explain(failure, lang).into());
    fields
}

/// The `error` object of a line that is no request.
pub fn misread(misread: &Misread, lang: Lang) -> Fields {
    let (code, said, (field, value)) = match misread {
        Misread::UnknownVerb { verb } => (
            "unknown_verb",
            Said::UnknownVerb { verb }.say(lang),
            ("verb", verb.as_str()),
        ),
        Misread::MissingArgument { name } => (
            "missing_argument",
            Said::MissingArgument { name }.say(lang),
            ("name", *name),
        ),
        Misread::Malformed { detail } => (
            "malformed",
            Said::Malformed { detail }.say(lang),
            ("detail", detail.as_str()),
        ),
    };
    object(json!({ "code": code, "text": said, field: value }))
}

fn refusal_fields(refusal: &Refusal) -> Fields {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other refusals are their name alone"
    )]
    let fields = match refusal {
        Refusal::TooFast { retry_ms }
        | Refusal::Busy { retry_ms }
        | Refusal::QuotaFull { retry_ms } => {
            json!({ "retry_ms": retry_ms })
        }
        Refusal::NameInvalid { rule } => json!({ "rule": rule.to_string() }),
        Refusal::PasswordTooWeak { rule } => json!({ "rule": rule.to_string() }),
        Refusal::Muted { until_ms } => json!({ "until_ms": until_ms }),
        Refusal::Internal { incident } => json!({ "incident": incident }),
        _ => json!({}),
    };
    object(fields)
}

/// What a failure means to a person.
pub fn explain(failure: &Failure, lang: Lang) -> String {
    let said = match failure {
        Failure::Refused(refusal) => return refusal::explain(refusal, lang, &time::local),
        Failure::NoAccount { login } => return Said::NoAccount { login }.say(lang),
        Failure::NoContact { login } => return Said::NoContact { login }.say(lang),
        Failure::CannotAdd { login, why, .. } => {
            let why = friends::why_not(why, lang).unwrap_or_else(|| (*why).to_owned());
            return Client::CannotAdd { login, why: &why }.say(lang);
        }
        Failure::Malformed { detail } => return Said::Malformed { detail }.say(lang),
        Failure::NotSignedIn => Said::NotSignedIn,
        Failure::AlreadySignedIn => Said::AlreadySignedIn,
        Failure::HomeLocked => Said::HomeLocked,
        Failure::NoServer => Said::NoServer,
        Failure::SeveralServers => Said::SeveralServers,
        Failure::ServerNotTrusted {
            fingerprint,
            address,
        } => {
            return Said::ServerNotTrusted {
                address,
                fingerprint,
            }
            .say(lang);
        }
        Failure::ServerKeyChanged {
            fingerprint: Some(fingerprint),
        } => {
            return Said::ServerKeyChangedTo { fingerprint }.say(lang);
        }
        Failure::ServerKeyChanged { fingerprint: None } => Said::ServerKeyChanged,
        Failure::Unreachable => Said::Unreachable,
        Failure::NoSuchFile { path } => return no_such_file(path, lang),
        Failure::PictureUnreadable { path } => return picture_unreadable(path, lang),
        Failure::PictureTooLarge { path } => return picture_too_large(path, lang),
        Failure::NoSuchMessage => Said::NoSuchMessage,
        Failure::OnlyTeachers => Said::OnlyTeachers,
        Failure::ThisDevice => Said::ThisDevice,
        Failure::NoSuchDevice => Said::NoSuchDevice,
        Failure::NoSuchCode { code } => return Said::NoSuchCode { code }.say(lang),
        Failure::NoSpace { folder, missing } => {
            return Said::NoSpace {
                missing: &bytes(*missing),
                folder: &folder.display(),
            }
            .say(lang);
        }
        Failure::NotWritable { folder } => {
            return Said::NotWritable {
                folder: &folder.display(),
            }
            .say(lang);
        }
        Failure::PausedByOther => Said::PausedByOther,
        Failure::TimedOut => Said::TimedOut,
        Failure::Storage { detail } => return Said::Storage { detail }.say(lang),
    };
    said.say(lang)
}

fn no_such_file(path: &Path, lang: Lang) -> String {
    let path = &path.display();
    Said::NoSuchFile { path }.say(lang)
}

fn picture_unreadable(path: &Path, lang: Lang) -> String {
    let path = &path.display();
    Said::PictureUnreadable { path }.say(lang)
}

fn picture_too_large(path: &Path, lang: Lang) -> String {
    Said::PictureTooLarge {
        path: &path.display(),
        size: &bytes(PICTURE_BYTES_MAX as u64),
        side: &PICTURE_SIDE_PX_MAX,
        pixels: &(PICTURE_PIXELS_MAX / 1_000_000),
    }
    .say(lang)
}

fn object(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Fields::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::name::{NameRule, PasswordRule};

    #[test]
    fn errors_carry_their_code_their_fields_and_words() {
        let no_account = || Failure::NoAccount {
            login: "bob".to_owned(),
        };
        for (given, code, field, value) in [
            (
                Failure::Refused(NameRule::EdgeCharacter.into()),
                "name_invalid",
                "rule",
                json!("edge_character"),
            ),
            (
                Failure::Refused(PasswordRule::TooShort.into()),
                "password_too_weak",
                "rule",
                json!("too_short"),
            ),
            (
                Failure::Refused(Refusal::TooFast { retry_ms: 9 }),
                "too_fast",
                "retry_ms",
                json!(9),
            ),
            (
                Failure::Refused(Refusal::Internal { incident: 4 }),
                "internal",
                "incident",
                json!(4),
            ),
            (no_account(), "not_found", "login", json!("bob")),
            (
                Failure::ServerNotTrusted {
                    fingerprint: "abcd".to_owned(),
                    address: "h:1".to_owned(),
                },
                "server_not_trusted",
                "fingerprint",
                json!("abcd"),
            ),
        ] {
            for lang in [Lang::En, Lang::Zh] {
                let fields = failure(&given, lang);
                assert_eq!(fields["code"], code);
                assert_eq!(fields[field], value, "{code}");
                assert!(
                    fields["text"].as_str().is_some_and(|text| !text.is_empty()),
                    "{code}"
                );
            }
        }
        assert_eq!(
            failure(&no_account(), Lang::En)["text"],
            "No account \"bob\"."
        );
    }

    /// Somebody who exists, but is no contact, was said to have no account.
    #[test]
    fn whoever_is_no_contact_is_not_said_to_have_no_account() {
        let no_contact = Failure::NoContact {
            login: "bob".to_owned(),
        };
        assert_eq!(failure(&no_contact, Lang::En)["code"], "not_found");
        assert_eq!(
            failure(&no_contact, Lang::Zh)["text"],
            "“bob”不是您的联系人。"
        );
    }

    #[test]
    fn misread_lines_name_what_is_wrong() {
        let missing = misread(&Misread::MissingArgument { name: "text" }, Lang::Zh);
        assert_eq!(
            (&missing["code"], &missing["name"]),
            (&json!("missing_argument"), &json!("text"))
        );
        let unknown = misread(
            &Misread::UnknownVerb {
                verb: "x".to_owned(),
            },
            Lang::En,
        );
        assert_eq!(unknown["code"], "unknown_verb");
    }
}
