//! The way of a command to the desk: that of the running rendezvous, or, when none runs, one of our own on its database.

use crate::addresses;
use crate::admin::{self, AccountAct, Answer, Ask, Desk, Refused};
use crate::clock::context;
use crate::config::Config;
use crate::database::{Database, Unavailable};
use crate::failure::{Failure, NotCarriedOut};
use crate::invites::Inviting;
use crate::opened::Opened;
use hutong_common::entropy::OsEntropy;
use std::path::PathBuf;
use std::sync::Arc;

/// Asks one question after the other.
#[derive(Debug)]
pub(super) struct DeskLine<'a> {
    config: &'a Config,
    folder: PathBuf,
    own: Option<(Desk, Arc<Database>)>,
}

impl<'a> DeskLine<'a> {
    /// A way to the rendezvous of the folder that `config` names.
    pub(super) fn new(config: &'a Config) -> Result<Self, Failure> {
        let folder = config.data_folder()?;
        if !Database::exists(&folder) {
            return Err(Failure::NeverStarted { path: folder });
        }
        Ok(Self {
            config,
            folder,
            own: None,
        })
    }

    /// What is answered. A refusal is a failure.
    pub(super) async fn ask(&mut self, ask: Ask) -> Result<Answer, Failure> {
        let answer = match &self.own {
            Some(own) => answer(own, ask.clone())?,
            None => match admin::ask(&self.folder, &ask).await? {
                Some(answer) => answer,
                None => answer(self.own.insert(self.open()?), ask.clone())?,
            },
        };
        if let Answer::Refused(refused) = answer {
            return Err(not_carried_out(refused, &ask).into());
        }
        Ok(answer)
    }

    /// What the running rendezvous answers; none when none runs.
    pub(super) async fn ask_running(&self, ask: Ask) -> Result<Option<Answer>, Failure> {
        Ok(admin::ask(&self.folder, &ask).await?)
    }

    /// The rendezvous does not run, so nobody else writes.
    fn open(&self) -> Result<(Desk, Arc<Database>), Failure> {
        let opened = Opened::open(self.config, &self.folder, false)?;
        let server = opened.service.server_id();
        let desk = Desk {
            service: opened.service,
            inviting: Inviting {
                server,
                name: self.config.name_for(server),
                hosts: self
                    .config
                    .hosts_or(|| addresses::hosts(self.config.listen)),
            },
        };
        Ok((desk, opened.database))
    }
}

fn answer((desk, database): &(Desk, Arc<Database>), ask: Ask) -> Result<Answer, Failure> {
    let (answer, _) = database
        .write(|tx| desk.answer(ask, &mut context(tx, &mut OsEntropy)) as Result<_, Unavailable>)?;
    Ok(answer)
}

fn not_carried_out(refused: Refused, ask: &Ask) -> NotCarriedOut {
    let (login, device) = match ask {
        Ask::ShowAccount { login } | Ask::ResetCode { login } => (login.to_string(), String::new()),
        Ask::Account { login, act } => match act {
            AccountAct::RemoveDevice(device) => (login.to_string(), device.clone()),
            AccountAct::Rename(_)
            | AccountAct::Lock
            | AccountAct::Unlock
            | AccountAct::Role(_)
            | AccountAct::Delete => (login.to_string(), String::new()),
        },
        Ask::Invite(_)
        | Ask::ListAccounts { .. }
        | Ask::Audit { .. }
        | Ask::ProveAudit
        | Ask::Status
        | Ask::Announce { .. }
        | Ask::AnnounceAgain { .. }
        | Ask::Announcements
        | Ask::ShowAnnouncement { .. }
        | Ask::Readers { .. } => (String::new(), String::new()),
    };
    match refused {
        Refused::NoAccount => NotCarriedOut::NoAccount { login },
        Refused::NoDevice => NotCarriedOut::NoDevice { login, device },
        Refused::SeveralDevices => NotCarriedOut::SeveralDevices { login, device },
        Refused::NoGroup => NotCarriedOut::NoGroup,
        Refused::NoAnnouncement => NotCarriedOut::NoAnnouncement,
        Refused::Nobody => NotCarriedOut::Nobody,
        Refused::NotStored => NotCarriedOut::NotStored,
        Refused::Link(fault) => NotCarriedOut::Refused { fault },
    }
}
