//! Files offered to us: accepted, fetched from the device that offers them, and fetched on when a link was lost.
//!
//! A file is accepted once its target folder is there and has room for it; until then nothing is noted.

use super::speed::Speed;
use super::{Core, Fetching};
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::io::{CommandId, Fetch, FetchEnd, FileOutput, LinkId, Output, Prepared, Target};
use crate::core::timers::Timer;
use crate::files::name::clean_name;
use crate::store::StoreError;
use crate::store::files::{FileProgress, FileRow, Held, Trouble};
use hutong_common::bounded::List;
use hutong_common::direct::FileGet;
use hutong_common::id::{AccountId, FileId};
use hutong_common::identity;
use hutong_common::limits::{DOWNLOADS_MAX, FILE_ROOM_RETRY_MS, PAUSE_MS_MAX, REDIAL_DELAY_MS_MIN};
use hutong_common::message::{Inner, Offer};
use hutong_common::refusal::Refusal;
use std::path::PathBuf;

/// A download whose target folder is being looked at.
#[derive(Debug)]
pub(super) struct Preparing {
    /// The command that accepts it; none when a download that lacked room looks for it again.
    pub(super) command: Option<CommandId>,
    /// That folder.
    pub(super) folder: PathBuf,
}

impl Core {
    /// A message offers a file; it is told with that message.
    pub(in crate::core) fn offered(
        &mut self,
        inner: &Inner,
        offer: &Offer,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let row = FileRow {
            chat: inner.sender_account.into(),
            device: inner.sender_device,
            message: inner.msg_id,
            name: clean_name(&offer.name),
            size: offer.size.bytes(),
            root: offer.root,
            source: None,
            progress: FileProgress::Offered,
            done: 0,
            held: Held::default(),
            trouble: None,
            folder: None,
            saved_as: None,
            owes_end: false,
            at_ms: self.now_ms(cx),
        };
        let file = identity::file_id(inner.sender_device, inner.msg_id);
        cx.tx.put_file(file, &row)
    }

    /// `accept_file`.
    pub(in crate::core) fn accept_file(
        &mut self,
        (command, file): (CommandId, FileId),
        to: Option<PathBuf>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let folder = to.unwrap_or_else(|| self.config.downloads.clone());
        let row = match Self::incoming_file(file, cx)? {
            Ok(row) => row,
            Err(failure) => {
                cx.answer(command, Err(failure));
                return Ok(());
            }
        };
        let refused = if !row.can_be_accepted() || self.transfers.preparing.contains_key(&file) {
            Some(Refusal::AlreadyDone.into())
        } else if folder.is_absolute() {
            None
        } else {
            Some(Failure::Malformed {
                detail: "the folder is not an absolute path".to_owned(),
            })
        };
        if let Some(failure) = refused {
            cx.answer(command, Err(failure));
            return Ok(());
        }
        let target = Target {
            folder: folder.clone(),
            ..self.target(file, &row)
        };
        let preparing = Preparing {
            command: Some(command),
            folder,
        };
        self.prepare(target, preparing, cx);
        Ok(())
    }

    /// Where a file goes.
    pub(super) fn target(&self, file: FileId, row: &FileRow) -> Target {
        let folder = row.folder.as_ref();
        Target {
            file,
            root: row.root,
            size: row.size,
            folder: folder.map_or_else(|| self.config.downloads.clone(), PathBuf::from),
            name: row.name.clone(),
        }
    }

    /// The target folder was looked at.
    pub(in crate::core) fn prepared(
        &mut self,
        file: FileId,
        result: Result<Prepared, FetchEnd>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(Preparing { command, folder }) = self.transfers.preparing.remove(&file) else {
            return Ok(());
        };
        let Some(mut row) = cx.tx.file(file)? else {
            return Ok(());
        };
        if !row.can_be_accepted() {
            // Something else happened to it meanwhile.
            if let Some(command) = command {
                cx.answer(command, Err(Refusal::AlreadyDone.into()));
            }
            if matches!(row.progress, FileProgress::Failed | FileProgress::Declined) {
                let forget = true;
                cx.out
                    .push(Output::File(FileOutput::StopFetch { file, forget }));
            }
            return Ok(());
        }
        let prepared = match result {
            Ok(prepared) => prepared,
            Err(end) => return self.unprepared(file, (row, end), (command, folder), cx),
        };
        if let Some(command) = command {
            cx.answer(command, Ok(Done::FileAnswered { file }));
        }
        row.folder = Some(folder.to_string_lossy().into_owned());
        match prepared {
            Prepared::Here(path) => {
                self.halt(file, &mut row, true, cx);
                self.complete(file, row, &path, cx)
            }
            Prepared::Begun { done } => {
                (row.done, row.progress) = (done, FileProgress::Waiting);
                self.release(file, row, cx)
            }
        }
    }

    /// There is no room, or no way to write there.
    fn unprepared(
        &mut self,
        file: FileId,
        (row, end): (FileRow, FetchEnd),
        (command, folder): (Option<CommandId>, PathBuf),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match (command, end) {
            (Some(command), FetchEnd::NoSpace { missing }) => {
                cx.answer(command, Err(Failure::NoSpace { folder, missing }));
            }
            (Some(command), _) => cx.answer(command, Err(Failure::NotWritable { folder })),
            (None, FetchEnd::NoSpace { .. }) => {
                self.timers
                    .set(Timer::Fetch(file), cx.now.mono_ms + FILE_ROOM_RETRY_MS);
            }
            (None, _) => {
                let progress = (row, FileProgress::Failed);
                self.set_progress(file, progress, Some(Trouble::NotWritable), cx)?;
            }
        }
        Ok(())
    }

    /// Starts what waits, as far as there are links and room.
    pub(super) fn start_waiting(
        &mut self,
        only: Option<AccountId>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let waiting: Vec<(FileId, AccountId)> = self
            .transfers
            .waiting
            .iter()
            .filter(|(_, account)| only.is_none_or(|only| only == **account))
            .map(|(file, account)| (*file, *account))
            .collect();
        for (file, account) in waiting {
            if self.transfers.running.len() >= DOWNLOADS_MAX {
                return Ok(());
            }
            if !self.timers.is_set(Timer::Fetch(file)) {
                self.start_fetch(file, account, cx)?;
            }
        }
        Ok(())
    }

    fn start_fetch(
        &mut self,
        file: FileId,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(row) = cx.tx.file(file)? else {
            self.transfers.waiting.remove(&file);
            return Ok(());
        };
        let Some(link) = self.link_to_device(account, row.device) else {
            return self.want_link(account, cx);
        };
        let target = self.target(file, &row);
        let fetch = Fetch {
            link,
            get: FileGet {
                sender_device: row.device,
                msg_id: row.message,
                root: row.root,
                ranges: List::default(),
            },
            target,
        };
        let done = self
            .transfers
            .running(file)
            .map_or(row.done, |(done, _)| done);
        let fetching = Fetching {
            link,
            done,
            speed: Speed::begin(done, cx.now.mono_ms),
        };
        self.transfers.waiting.remove(&file);
        self.transfers.running.insert(file, fetching);
        self.set_progress(file, (row, FileProgress::Running), None, cx)?;
        cx.out
            .push(Output::File(FileOutput::Fetch(Box::new(fetch))));
        Ok(())
    }

    /// Downloads from the device at the other end of a new link change over to it, when it is the one to use: the link
    /// that they run on may be dead already, which shows only after a while.
    pub(super) fn move_fetches(
        &mut self,
        account: AccountId,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let elsewhere: Vec<FileId> = self
            .transfers
            .running
            .iter()
            .filter(|(_, fetching)| fetching.link != link)
            .map(|(file, _)| *file)
            .collect();
        for file in elsewhere {
            if let Some(row) = cx.tx.file(file)?
                && row.chat == account.into()
                && self.link_to_device(account, row.device) == Some(link)
            {
                self.start_fetch(file, account, cx)?;
            }
        }
        Ok(())
    }

    pub(in crate::core) fn fetch_progressed(
        &mut self,
        file: FileId,
        done: u64,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(fetching) = self.transfers.running.get_mut(&file) else {
            return Ok(());
        };
        fetching.done = done;
        fetching.speed.see(fetching.done, cx.now.mono_ms);
        self.tell_file(file, cx)
    }

    pub(in crate::core) fn fetched(
        &mut self,
        file: FileId,
        result: Result<PathBuf, FetchEnd>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(fetching) = self.transfers.running.remove(&file) else {
            return Ok(());
        };
        let Some(mut row) = cx.tx.file(file)? else {
            return Ok(());
        };
        row.done = fetching.done;
        let trouble = match result {
            Ok(path) => return self.complete(file, row, &path, cx),
            Err(FetchEnd::Interrupted) => return self.fetch_again(file, row, 0, cx),
            Err(FetchEnd::Refused(Refusal::Busy { retry_ms } | Refusal::TooFast { retry_ms })) => {
                return self.fetch_again(file, row, retry_ms, cx);
            }
            Err(FetchEnd::NoSpace { .. }) => {
                let lacks_room = Trouble::Refused(Refusal::NoSpace);
                row.progress = FileProgress::Waiting;
                return self.hold(file, row, Some(lacks_room), cx);
            }
            Err(FetchEnd::Refused(why)) => {
                let forget = true;
                cx.out
                    .push(Output::File(FileOutput::StopFetch { file, forget }));
                row.done = 0;
                Trouble::Refused(why)
            }
            Err(FetchEnd::Damaged) => Trouble::Refused(Refusal::FileDamaged),
            Err(FetchEnd::Unwritable) => Trouble::NotWritable,
        };
        self.set_progress(file, (row, FileProgress::Failed), Some(trouble), cx)?;
        self.start_waiting(None, cx)
    }

    /// What is verified stays; the rest is fetched after a pause, or when there is a link again.
    fn fetch_again(
        &mut self,
        file: FileId,
        row: FileRow,
        pause_ms: u64,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(account) = row.chat.person() else {
            return Ok(());
        };
        self.transfers.waiting.insert(file, account);
        let delay_ms = pause_ms.clamp(REDIAL_DELAY_MS_MIN, PAUSE_MS_MAX);
        self.timers
            .set(Timer::Fetch(file), cx.now.mono_ms + delay_ms);
        self.set_progress(file, (row, FileProgress::Waiting), None, cx)?;
        self.want_link(account, cx)
    }

    /// Nothing runs after a start; tells of what did before.
    pub(in crate::core) fn open_transfers(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        for (file, row) in cx.tx.files()? {
            if row.progress == FileProgress::Running {
                self.set_progress(file, (row, FileProgress::Waiting), None, cx)?;
            } else if row.lacks_room() {
                self.timers
                    .set(Timer::Fetch(file), cx.now.mono_ms + FILE_ROOM_RETRY_MS);
            }
        }
        Ok(())
    }
}
