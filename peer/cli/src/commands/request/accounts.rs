//! Requests about accounts, and the questions for passwords.

use super::{Planned, absolute};
use crate::args::{AccountCommand, SexLetter};
use crate::commands::Stop;
use crate::prompt;
use hutong_common::text::Lang;
use hutong_common::text::client::Client;
use serde_json::json;
use std::path::Path;
use zeroize::Zeroizing;

pub(in crate::commands) fn plan(command: AccountCommand, lang: Lang) -> Result<Planned, Stop> {
    Ok(match command {
        AccountCommand::Servers => Planned::here(json!({ "do": "servers" })),
        AccountCommand::Register {
            login,
            name,
            sex,
            avatar,
            code,
            server,
        } => {
            let avatar = avatar.map(|file| avatar_path(&file, lang)).transpose()?;
            let password = password(server.password_stdin, true, lang)?;
            Planned::here(json!({
                "do": "register", "login": login, "password": password.as_str(), "name": name, "sex": sex.map(letter),
                "avatar": avatar, "code": code, "seat": server.seat, "server": server.server, "accept_new_server": server.accept_new_server,
            }))
        }
        AccountCommand::Login { login, server } => {
            let password = password(server.password_stdin, false, lang)?;
            Planned::here(json!({
                "do": "login", "login": login, "password": password.as_str(), "seat": server.seat,
                "server": server.server, "accept_new_server": server.accept_new_server,
            }))
        }
        AccountCommand::Logout => Planned::up_to_date(json!({ "do": "logout" })),
        AccountCommand::Whoami => Planned::here(json!({ "do": "whoami" })),
        AccountCommand::Profile {
            name,
            sex,
            avatar,
            signature,
        } => {
            let avatar = avatar.map(|file| avatar_path(&file, lang)).transpose()?;
            Planned::up_to_date(json!({
                "do": "profile", "name": name, "sex": sex.map(letter), "avatar": avatar, "signature": signature,
            }))
        }
        AccountCommand::Passwd { password_stdin } => {
            let [old, new] = old_and_new(password_stdin, lang)?;
            Planned::up_to_date(json!({ "do": "passwd", "old": old.as_str(), "new": new.as_str() }))
        }
        AccountCommand::Devices { remove: None, .. } => {
            Planned::up_to_date(json!({ "do": "devices" }))
        }
        AccountCommand::Devices {
            remove: Some(device),
            password_stdin,
        } => {
            let password = password(password_stdin, false, lang)?;
            Planned::up_to_date(
                json!({ "do": "devices", "remove": device, "password": password.as_str() }),
            )
        }
        AccountCommand::Unlock { password_stdin } => {
            let password = password(password_stdin, false, lang)?;
            Planned::up_to_date(json!({ "do": "unlock", "password": password.as_str() }))
        }
    })
}

/// `none` is no file, unless it is written `./none`.
fn avatar_path(file: &Path, lang: Lang) -> Result<String, Stop> {
    if file.as_os_str() == "none" {
        return Ok("none".to_owned());
    }
    absolute(file, lang)
}

const fn letter(sex: SexLetter) -> &'static str {
    match sex {
        SexLetter::M => "m",
        SexLetter::F => "f",
        SexLetter::X => "x",
    }
}

fn password(from_stdin: bool, is_new: bool, lang: Lang) -> Result<Zeroizing<String>, Stop> {
    if from_stdin {
        let [password] = prompt::from_stdin(lang)?;
        return Ok(password);
    }
    let asked = if is_new { prompt::ask_new } else { prompt::ask };
    Ok(asked(Client::AskPassword, lang)?)
}

fn old_and_new(from_stdin: bool, lang: Lang) -> Result<[Zeroizing<String>; 2], Stop> {
    if from_stdin {
        return Ok(prompt::from_stdin(lang)?);
    }
    let old = prompt::ask(Client::AskOldPassword, lang)?;
    Ok([old, prompt::ask_new(Client::AskNewPassword, lang)?])
}
