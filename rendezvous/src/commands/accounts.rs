//! The commands about accounts and their devices: each asks one question, or one for every page.

use super::desk_line::DeskLine;
use crate::admin::{AccountAct, Answer, Ask};
use crate::args::{AccountCommand, DeviceCommand};
use crate::config::Config;
use crate::failure::{Failure, NotCarriedOut};
use crate::platform;
use crate::render::accounts as render;
use crate::service::accounts::AccountFacts;
use hutong_common::id::AccountId;
use hutong_common::name::Login;
use hutong_common::text::Lang;

/// For whom a command answers: programs read JSON.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) json: bool,
    pub(crate) lang: Lang,
}

pub(super) async fn account(
    config: &Config,
    command: AccountCommand,
    manner: Manner,
) -> Result<(), Failure> {
    let mut line = DeskLine::new(config)?;
    let (login, act) = match command {
        AccountCommand::List { part } => return list(&mut line, part.as_deref(), manner).await,
        AccountCommand::Show { login } => return show(&mut line, login, manner).await,
        AccountCommand::ResetCode { login } => return reset_code(&mut line, login, manner).await,
        AccountCommand::Rename { login, name } => (login, AccountAct::Rename(name)),
        AccountCommand::Lock { login } => (login, AccountAct::Lock),
        AccountCommand::Unlock { login } => (login, AccountAct::Unlock),
        AccountCommand::Role { login, role } => (login, AccountAct::Role(role)),
        AccountCommand::Delete { login, yes } => {
            if !yes && !platform::is_confirmed(|| render::ask_to_delete(&login, manner.lang))? {
                return Ok(());
            }
            (login, AccountAct::Delete)
        }
    };
    change(&mut line, login, act, manner).await
}

pub(super) async fn device(
    config: &Config,
    command: DeviceCommand,
    manner: Manner,
) -> Result<(), Failure> {
    let DeviceCommand::Remove { login, device } = command;
    let act = AccountAct::RemoveDevice(device);
    change(&mut DeskLine::new(config)?, login, act, manner).await
}

async fn change(
    line: &mut DeskLine<'_>,
    login: Login,
    act: AccountAct,
    manner: Manner,
) -> Result<(), Failure> {
    let ask = Ask::Account {
        login,
        act: act.clone(),
    };
    let Answer::Account { facts, changed } = line.ask(ask).await? else {
        return Err(NotCarriedOut::OtherVersion.into());
    };
    render::changed((&facts, changed), &act, manner);
    Ok(())
}

async fn reset_code(line: &mut DeskLine<'_>, login: Login, manner: Manner) -> Result<(), Failure> {
    let ask = Ask::ResetCode {
        login: login.clone(),
    };
    let Answer::ResetCode(code) = line.ask(ask).await? else {
        return Err(NotCarriedOut::OtherVersion.into());
    };
    render::reset_code(&login, &code, manner);
    Ok(())
}

async fn show(line: &mut DeskLine<'_>, login: Login, manner: Manner) -> Result<(), Failure> {
    let Answer::Details(details) = line.ask(Ask::ShowAccount { login }).await? else {
        return Err(NotCarriedOut::OtherVersion.into());
    };
    render::details(&details, manner);
    Ok(())
}

async fn list(line: &mut DeskLine<'_>, part: Option<&str>, manner: Manner) -> Result<(), Failure> {
    let mut accounts: Vec<AccountFacts> = Vec::new();
    let mut after = Some(AccountId(0));
    while let Some(last) = after {
        let ask = Ask::ListAccounts {
            after: last,
            part: part.unwrap_or_default().to_owned(),
        };
        let Answer::Accounts(page) = line.ask(ask).await? else {
            return Err(NotCarriedOut::OtherVersion.into());
        };
        accounts.extend(page.accounts);
        after = page.after.filter(|next| *next > last);
    }
    render::list(&accounts, manner);
    Ok(())
}
