//! Files offered by us and to us: who may fetch which, what runs, and what waits for a link.
//!
//! Offers to us are in [`incoming`], offers of ours in [`outgoing`]; [`holds`] pauses either, [`ends`] is how they end. A
//! file is complete only when the shell says that it lies under its final name.

mod ends;
mod holds;
pub(super) mod incoming;
pub(super) mod outgoing;
mod speed;

use super::io::{CommandId, FileOutput, LinkId, Output, StreamId};
use super::timers::Timer;
use super::{Context, Core};
use crate::api::command::Direction;
use crate::api::event::{Event, File, FileState};
use crate::api::{Done, Failure, Path};
use crate::files::name::is_executable;
use crate::store::chat::Chat;
use crate::store::files::{FileProgress, FileRow, Trouble};
use crate::store::{StoreError, Tx};
use hutong_common::direct::FileName;
use hutong_common::id::{AccountId, DeviceId, FileId};
use hutong_common::refusal::Refusal;
use incoming::Preparing;
use speed::Speed;
use std::collections::{BTreeMap, BTreeSet};

/// What is in memory only.
#[derive(Debug, Default)]
pub(super) struct Transfers {
    /// Files being read, for the command that offers each, with whom it is for.
    hashing: BTreeMap<CommandId, Chat>,
    /// Downloads whose target folder is being looked at.
    preparing: BTreeMap<FileId, Preparing>,
    /// Downloads that run.
    running: BTreeMap<FileId, Fetching>,
    /// Accepted downloads that do not run, with whose device offers them.
    waiting: BTreeMap<FileId, AccountId>,
    /// Streams on which we send.
    serving: BTreeMap<StreamId, Serving>,
    /// Bytes that went over streams that have ended.
    sent: BTreeMap<FileId, u64>,
    /// Files that are over, of which the other side must still hear.
    ends_owed: BTreeSet<(AccountId, FileId)>,
    /// Files that we paused once: at each new link the other side hears how that stands.
    holds_told: BTreeSet<(Chat, FileId)>,
}

/// A download that runs.
#[derive(Clone, Copy, Debug)]
struct Fetching {
    link: LinkId,
    /// Verified bytes so far.
    done: u64,
    speed: Speed,
}

/// A file that is being sent.
#[derive(Clone, Copy, Debug)]
struct Serving {
    file: FileId,
    /// To which device.
    device: Option<DeviceId>,
    /// Whether it was told to stop, and will soon have ended.
    is_stopped: bool,
    /// Bytes that the other side did not ask for, because it has them.
    before: u64,
    /// Bytes that it has, or that are on their way to it.
    done: u64,
    speed: Speed,
}

impl Transfers {
    pub(super) fn open(tx: &mut Tx) -> Result<Self, StoreError> {
        let mut transfers = Self::default();
        for (file, row) in tx.files()? {
            let is_wanted = matches!(row.progress, FileProgress::Waiting | FileProgress::Running);
            if row.held.was_here && !row.is_over() {
                transfers.holds_told.insert((row.chat, file));
            }
            let Some(account) = row.chat.person() else {
                continue;
            };
            if is_wanted && !row.is_outgoing() && !row.held.is_held() {
                transfers.waiting.insert(file, account);
            }
            if row.owes_end {
                transfers.ends_owed.insert((account, file));
            }
        }
        Ok(transfers)
    }

    /// A file is being read for a command.
    pub(super) fn hashing(&mut self, command: CommandId, chat: Chat) {
        self.hashing.insert(command, chat);
    }

    /// Whether a download waits for this account.
    pub(super) fn wants_link(&self, account: AccountId) -> bool {
        self.waiting.values().any(|waiting| *waiting == account)
    }

    /// Bytes so far and bytes per second, of what runs.
    fn running(&self, file: FileId) -> Option<(u64, Option<u64>)> {
        let sent = || {
            let serving = self.serving.values();
            serving
                .filter(|one| one.file == file && !one.is_stopped)
                .map(|one| (one.done, one.speed.per_second()))
                .max_by_key(|(done, _)| *done)
        };
        let fetched = self.running.get(&file);
        fetched
            .map(|one| (one.done, one.speed.per_second()))
            .or_else(sent)
    }

    /// Bytes that went over all streams since the start.
    fn sent(&self, file: FileId) -> u64 {
        let serving = self.serving.values().filter(|one| one.file == file);
        let now: u64 = serving.map(|one| one.done - one.before).sum();
        now + self.sent.get(&file).copied().unwrap_or(0)
    }
}

fn state_of(row: &FileRow) -> FileState {
    match row.progress {
        FileProgress::Offered | FileProgress::Waiting | FileProgress::Running
            if row.is_paused() =>
        {
            FileState::Paused
        }
        FileProgress::Offered => FileState::Offered,
        FileProgress::Waiting => FileState::Waiting,
        FileProgress::Running => FileState::Running,
        FileProgress::Verified => FileState::Verified,
        FileProgress::Failed => FileState::Failed,
        FileProgress::Declined => FileState::Declined,
    }
}

const fn name_of(row: &FileRow) -> FileName {
    FileName {
        sender_device: row.device,
        msg_id: row.message,
    }
}

impl Core {
    fn file_as_told(
        &self,
        file: FileId,
        row: &FileRow,
        cx: &mut Context<'_>,
    ) -> Result<File, StoreError> {
        let me = self
            .session
            .my_account()
            .map_or_else(String::new, |me| self.login_of(me));
        let other = self.chat_name(row.chat);
        let holders = [(row.held.here, &me), (row.held.there, &other)];
        let paused_by = holders
            .into_iter()
            .filter(|(holds, _)| *holds && row.is_paused())
            .map(|(_, login)| login.clone())
            .collect();
        let (direction, from, to) = if row.is_outgoing() {
            (Direction::Outgoing, me, other)
        } else {
            (Direction::Incoming, other, me)
        };
        let path = row.chat.person().and_then(|of| self.path_to(of));
        let path = path.map_or(Path::None, |(path, _)| path);
        let (done, rate) = match row.progress {
            FileProgress::Verified => (row.size, None),
            FileProgress::Offered
            | FileProgress::Waiting
            | FileProgress::Running
            | FileProgress::Failed
            | FileProgress::Declined => self.transfers.running(file).unwrap_or((row.done, None)),
        };
        let had_by = match row.chat {
            Chat::Person(_) => Vec::new(),
            Chat::Group(_) => cx.tx.file_had_by(file)?,
        };
        Ok(File {
            file,
            message: row.message,
            from,
            to,
            direction,
            name: row.name.clone(),
            size: row.size,
            state: state_of(row),
            done,
            rate,
            sent: row.is_outgoing().then(|| self.transfers.sent(file)),
            path,
            paused_by,
            executable: is_executable(&row.name),
            saved_as: row.saved_as.as_ref().map(Into::into),
            source: row.source.as_ref().map(|source| (&source.path).into()),
            code: row.trouble.map(Trouble::code),
            remark: row.chat.person().and_then(|of| self.roster.remark_of(of)),
            had_by: had_by.into_iter().map(|of| self.login_of(of)).collect(),
        })
    }

    /// Tells of a file as it is stored.
    pub(super) fn tell_file(&self, file: FileId, cx: &mut Context<'_>) -> Result<(), StoreError> {
        if let Some(row) = cx.tx.file(file)? {
            let told = self.file_as_told(file, &row, cx)?;
            cx.event(Event::File(told));
        }
        Ok(())
    }

    /// Stores a file as it is now, and tells of it.
    fn put_file(
        &self,
        file: FileId,
        row: &FileRow,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        cx.tx.put_file(file, row)?;
        let told = self.file_as_told(file, row, cx)?;
        cx.event(Event::File(told));
        Ok(())
    }

    /// Notes and tells how far a file is.
    fn set_progress(
        &self,
        file: FileId,
        (mut row, progress): (FileRow, FileProgress),
        trouble: Option<Trouble>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        (row.progress, row.trouble) = (progress, trouble);
        self.put_file(file, &row, cx)
    }

    /// Stops whatever runs of a file, in either direction; what is verified stays unless it shall be forgotten.
    fn halt(&mut self, file: FileId, row: &mut FileRow, forget: bool, cx: &mut Context<'_>) {
        if let Some((done, _)) = self.transfers.running(file) {
            row.done = done;
        }
        self.timers.cancel(Timer::Fetch(file));
        self.transfers.waiting.remove(&file);
        let was_running = self.transfers.running.remove(&file).is_some();
        if was_running || (forget && !row.is_outgoing()) {
            cx.out
                .push(Output::File(FileOutput::StopFetch { file, forget }));
        }
        self.stop_serving(file, |_| true, cx);
        if row.progress == FileProgress::Running {
            row.progress = FileProgress::Waiting;
        }
    }

    /// Stops sending a file to these devices.
    fn stop_serving(
        &mut self,
        file: FileId,
        to: impl Fn(Option<DeviceId>) -> bool,
        cx: &mut Context<'_>,
    ) {
        for (stream, serving) in &mut self.transfers.serving {
            if serving.file == file && !serving.is_stopped && to(serving.device) {
                serving.is_stopped = true;
                let stream = *stream;
                cx.out.push(Output::File(FileOutput::StopServe { stream }));
            }
        }
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
            let file = self.file_as_told(file, &row, cx)?;
            if only.is_none_or(|only| only == file.direction) {
                files.push(file);
            }
        }
        cx.answer(command, Ok(Done::Files { files }));
        Ok(())
    }

    /// A link came: what waited for it goes on.
    pub(super) fn files_have_link(
        &mut self,
        account: AccountId,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.tell_ends(account, cx)?;
        self.tell_holds(account, link, cx)?;
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

    /// The file that a frame of `account` is about.
    fn named_file(
        &self,
        account: AccountId,
        name: FileName,
        cx: &mut Context<'_>,
    ) -> Result<Option<(FileId, FileRow)>, StoreError> {
        let file = hutong_common::identity::file_id(name.sender_device, name.msg_id);
        let row = cx
            .tx
            .file(file)?
            .filter(|row| self.is_among(row.chat, account));
        Ok(row.map(|row| (file, row)))
    }

    /// Whether an account is the other side of a conversation, or one of them.
    fn is_among(&self, chat: Chat, account: AccountId) -> bool {
        match chat {
            Chat::Person(other) => other == account,
            Chat::Group(group) => {
                let sheet = self.groups.get(group);
                sheet.is_some_and(|sheet| sheet.member(account).is_some())
            }
        }
    }

    /// Links to everybody with whom we have a file in common.
    fn links_for(&self, row: &FileRow) -> Vec<LinkId> {
        match row.chat {
            Chat::Person(other) => self.links_to(other),
            Chat::Group(group) => {
                let sheet = self.groups.get(group);
                let members = sheet.into_iter().flat_map(|sheet| sheet.members.iter());
                members
                    .flat_map(|member| self.links_to(member.account))
                    .collect()
            }
        }
    }

    pub(super) fn on_fetch_timer(
        &mut self,
        file: FileId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.timers.cancel(Timer::Fetch(file));
        match cx.tx.file(file)? {
            Some(row) if row.lacks_room() => {
                self.look_for_room(file, &row, None, cx);
                Ok(())
            }
            Some(_) | None => self.start_waiting(None, cx),
        }
    }
}

#[cfg(test)]
mod tests;
