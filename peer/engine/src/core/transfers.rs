//! Files offered by us and to us: who may fetch which, what runs, and what waits for a link.
//!
//! Offers to us are in [`incoming`], offers of ours in [`outgoing`]. A file is complete only when the shell says that
//! it lies under its final name.

pub(super) mod incoming;
pub(super) mod outgoing;

use super::io::{CommandId, LinkId, StreamId};
use super::links::send;
use super::timers::Timer;
use super::{Context, Core};
use crate::api::command::Direction;
use crate::api::event::{Event, File, FileState};
use crate::api::{Done, Failure, Path};
use crate::store::failures::Failed;
use crate::store::files::{FileProgress, FileRow};
use crate::store::{StoreError, Tx};
use hutong_common::direct::{Direct, FileName};
use hutong_common::id::{AccountId, FileId};
use hutong_common::identity;
use hutong_common::refusal::Refusal;
use std::collections::{BTreeMap, BTreeSet};

/// What is in memory only.
#[derive(Debug, Default)]
pub(super) struct Transfers {
    /// Files being read, for the command that offers each, with whom it is for.
    hashing: BTreeMap<CommandId, AccountId>,
    /// Downloads that run.
    running: BTreeMap<FileId, Fetching>,
    /// Accepted downloads that do not run, with whose device offers them.
    waiting: BTreeMap<FileId, AccountId>,
    /// Streams on which we send.
    serving: BTreeMap<StreamId, Serving>,
    /// Files that the other side must still hear are off.
    declines_owed: BTreeSet<(AccountId, FileId)>,
}

/// A download that runs.
#[derive(Clone, Copy, Debug)]
struct Fetching {
    link: LinkId,
    /// Verified bytes so far.
    done: u64,
}

/// A file that is being sent.
#[derive(Clone, Copy, Debug)]
struct Serving {
    file: FileId,
    sent: u64,
}

impl Transfers {
    pub(super) fn open(tx: &mut Tx) -> Result<Self, StoreError> {
        let mut transfers = Self::default();
        for (file, row) in tx.files()? {
            let is_wanted = matches!(row.progress, FileProgress::Waiting | FileProgress::Running);
            if is_wanted && !row.is_outgoing() {
                transfers.waiting.insert(file, row.account);
            }
            if row.owes_decline {
                transfers.declines_owed.insert((row.account, file));
            }
        }
        Ok(transfers)
    }

    /// A file is being read for a command.
    pub(super) fn hashing(&mut self, command: CommandId, account: AccountId) {
        self.hashing.insert(command, account);
    }

    /// Whether a download waits for this account.
    pub(super) fn wants_link(&self, account: AccountId) -> bool {
        self.waiting.values().any(|waiting| *waiting == account)
    }

    /// Bytes so far, of what runs.
    fn done(&self, file: FileId) -> Option<u64> {
        let sent = || {
            let serving = self.serving.values().filter(|one| one.file == file);
            serving.map(|one| one.sent).max()
        };
        let fetched = self.running.get(&file).map(|one| one.done);
        fetched.or_else(sent)
    }
}

const fn state_of(progress: FileProgress) -> FileState {
    match progress {
        FileProgress::Offered => FileState::Offered,
        FileProgress::Waiting => FileState::Waiting,
        FileProgress::Running => FileState::Running,
        FileProgress::Verified => FileState::Verified,
        FileProgress::Failed => FileState::Failed,
        FileProgress::Declined => FileState::Declined,
    }
}

impl Core {
    fn file_as_told(&self, file: FileId, row: &FileRow, code: Option<String>) -> File {
        let me = self
            .session
            .my_account()
            .map_or_else(String::new, |me| self.login_of(me));
        let other = self.login_of(row.account);
        let (direction, from, to) = if row.is_outgoing() {
            (Direction::Outgoing, me, other)
        } else {
            (Direction::Incoming, other, me)
        };
        let path = if self.has_link(row.account) {
            Path::Direct
        } else {
            Path::None
        };
        let done = match row.progress {
            FileProgress::Verified => row.size,
            FileProgress::Offered
            | FileProgress::Waiting
            | FileProgress::Running
            | FileProgress::Failed
            | FileProgress::Declined => self.transfers.done(file).unwrap_or(0),
        };
        File {
            file,
            message: row.message,
            from,
            to,
            direction,
            name: row.name.clone(),
            size: row.size,
            state: state_of(row.progress),
            done,
            path,
            saved_as: row.saved_as.as_ref().map(Into::into),
            code,
            remark: self.roster.remark_of(row.account),
        }
    }

    /// Tells of a file as it is stored.
    pub(super) fn tell_file(&self, file: FileId, cx: &mut Context<'_>) -> Result<(), StoreError> {
        if let Some(row) = cx.tx.file(file)? {
            let code = cx.tx.failure(Failed::File(file))?;
            let told = self.file_as_told(file, &row, code);
            cx.event(Event::File(told));
        }
        Ok(())
    }

    /// Notes and tells how far a file is.
    fn set_progress(
        &self,
        file: FileId,
        (mut row, progress): (FileRow, FileProgress),
        code: Option<&'static str>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        row.progress = progress;
        cx.tx.put_file(file, &row)?;
        cx.tx.set_failure(Failed::File(file), code)?;
        let told = self.file_as_told(file, &row, code.map(str::to_owned));
        cx.event(Event::File(told));
        Ok(())
    }

    /// `files`.
    pub(super) fn files(
        &self,
        command: CommandId,
        only: Option<Direction>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let mut files = Vec::new();
        for (file, row) in cx.tx.files()? {
            let code = cx.tx.failure(Failed::File(file))?;
            let told = self.file_as_told(file, &row, code);
            if only.is_none_or(|only| only == told.direction) {
                files.push(told);
            }
        }
        cx.answer(command, Ok(Done::Files { files }));
        Ok(())
    }

    /// `decline_file` (false) and `cancel_file` (true): the file is off, and the other side hears of it.
    pub(super) fn call_off(
        &mut self,
        (command, file): (CommandId, FileId),
        is_cancel: bool,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(mut row) = cx.tx.file(file)? else {
            cx.answer(command, Err(Refusal::NotFound.into()));
            return Ok(());
        };
        let progress = match (row.progress, is_cancel) {
            (FileProgress::Verified | FileProgress::Declined, _) => None,
            (FileProgress::Offered, false) if !row.is_outgoing() => Some(FileProgress::Declined),
            (_, false) => None,
            (FileProgress::Failed, true) => None,
            (FileProgress::Offered | FileProgress::Waiting | FileProgress::Running, true) => {
                Some(FileProgress::Failed)
            }
        };
        let Some(progress) = progress else {
            cx.answer(command, Err(Refusal::AlreadyDone.into()));
            return Ok(());
        };
        self.stop_fetch(file, cx);
        row.owes_decline = true;
        let account = row.account;
        cx.answer(command, Ok(Done::FileAnswered { file }));
        let code = is_cancel.then_some(Refusal::Declined.code());
        self.set_progress(file, (row, progress), code, cx)?;
        self.transfers.declines_owed.insert((account, file));
        self.tell_declines(account, cx)
    }

    /// Tells the other side which files are off, as soon as there is a link.
    fn tell_declines(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let links = self.links_to(account);
        if links.is_empty() {
            return Ok(());
        }
        let owed: Vec<FileId> = self
            .transfers
            .declines_owed
            .iter()
            .filter(|(to, _)| *to == account)
            .map(|(_, file)| *file)
            .collect();
        for file in owed {
            self.transfers.declines_owed.remove(&(account, file));
            let Some(mut row) = cx.tx.file(file)? else {
                continue;
            };
            let name = FileName {
                sender_device: row.device,
                msg_id: row.message,
            };
            for link in &links {
                send(*link, Direct::FileDeclined(name), cx);
            }
            row.owes_decline = false;
            cx.tx.put_file(file, &row)?;
        }
        Ok(())
    }

    /// The other side says that a file is off.
    pub(super) fn file_declined(
        &mut self,
        account: AccountId,
        name: FileName,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let file = identity::file_id(name.sender_device, name.msg_id);
        let Some(row) = cx.tx.file(file)?.filter(|row| row.account == account) else {
            return Ok(());
        };
        match row.progress {
            FileProgress::Verified | FileProgress::Failed | FileProgress::Declined => Ok(()),
            FileProgress::Offered | FileProgress::Waiting | FileProgress::Running => {
                self.stop_fetch(file, cx);
                let (progress, code) = if row.is_outgoing() {
                    (FileProgress::Declined, None)
                } else {
                    (FileProgress::Failed, Some(Refusal::Declined.code()))
                };
                self.set_progress(file, (row, progress), code, cx)
            }
        }
    }

    /// A link came: what waited for it goes on.
    pub(super) fn files_have_link(
        &mut self,
        account: AccountId,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.tell_declines(account, cx)?;
        self.move_fetches(account, link, cx)?;
        self.start_waiting(Some(account), cx)
    }

    /// The file of a command, when it exists and is offered to us.
    fn incoming_file(
        file: FileId,
        cx: &mut Context<'_>,
    ) -> Result<Result<FileRow, Failure>, StoreError> {
        Ok(match cx.tx.file(file)? {
            Some(row) if !row.is_outgoing() => Ok(row),
            Some(_) | None => Err(Refusal::NotFound.into()),
        })
    }

    pub(super) fn on_fetch_timer(
        &mut self,
        file: FileId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.timers.cancel(Timer::Fetch(file));
        self.start_waiting(None, cx)
    }
}

#[cfg(test)]
mod tests;
