//! Texts that somebody else chose: names of files and people, links, settings, lines of JSON.

use hutong_common::codec;
use hutong_common::invite::Invite;
use hutong_common::limits::{FILE_NAME_BYTES_MAX, FILE_NAME_CHARS_MAX};
use hutong_common::name::{DisplayName, Login, is_deceptive};
use hutong_engine::api::Command;
use hutong_engine::files::name::clean_name;
use hutong_rendezvous::config::Config;
use serde::Deserialize;
use serde_json::Value;
use std::path::{Component, Path};

/// A file's name writes into its folder and nowhere else, and cleaning it again changes nothing.
pub(super) fn file_name(bytes: &[u8]) {
    let clean = clean_name(&String::from_utf8_lossy(bytes));
    assert_eq!(clean_name(&clean), clean);
    assert!(!clean.is_empty() && clean.len() <= FILE_NAME_BYTES_MAX);
    assert!(clean.chars().count() <= FILE_NAME_CHARS_MAX);
    let forbidden = |c: char| is_deceptive(c) || "/\\:<>\"|?*".contains(c);
    assert!(!clean.contains(forbidden), "{clean:?}");
    assert!(
        !clean.starts_with(['.', ' ']) && !clean.ends_with(['.', ' ']),
        "{clean:?}"
    );
    let mut parts = Path::new(&clean).components();
    assert_eq!(parts.next(), Some(Component::Normal(clean.as_ref())));
    assert_eq!(parts.next(), None);
}

/// A name has one spelling, which everybody reads.
pub(super) fn person_name(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    if let Ok(login) = Login::new(&typed) {
        assert_eq!(Login::new(login.as_str()).as_ref(), Ok(&login));
        assert_eq!(
            codec::decode::<Login>(&codec::encode(&login)).as_ref(),
            Ok(&login)
        );
        assert!(!login.as_str().contains(is_deceptive));
        let shown = DisplayName::from(login);
        assert_eq!(DisplayName::new(shown.as_str()), Ok(shown));
    }
    if let Ok(name) = DisplayName::new(&typed) {
        assert_eq!(DisplayName::new(name.as_str()).as_ref(), Ok(&name));
        assert_eq!(
            codec::decode::<DisplayName>(&codec::encode(&name)).as_ref(),
            Ok(&name)
        );
        assert!(!name.as_str().contains(is_deceptive));
    }
}

/// A link says what it was made of, in letters that survive a chat.
pub(super) fn invite_link(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(invite) = text.parse::<Invite>() {
        let link = invite.to_string();
        assert!(link.bytes().all(|byte| byte.is_ascii_graphic()), "{link}");
        assert_eq!(link.parse(), Ok(invite));
    }
}

/// The settings of a rendezvous: refused with a line of the file, or written again as they were.
pub(super) fn settings(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let path = Path::new("rendezvous.toml");
    match Config::parse(&text, path) {
        Ok(config) => {
            let again = Config::parse(&config.to_toml(), path);
            assert!(again.is_ok_and(|again| again == config));
        }
        Err(refused) => assert_eq!(refused.to_string().lines().count(), 1, "{refused}"),
    }
}

/// One line of JSON to an agent.
pub(super) fn agent_command(bytes: &[u8]) {
    let Ok(line) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    if let Ok(command) = Command::deserialize(&line) {
        assert_eq!(Command::deserialize(&line).ok(), Some(command));
    }
}
