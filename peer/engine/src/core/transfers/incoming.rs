//! Files offered to us: accepted, fetched from the device that offers them, and fetched on when a link was lost.

use super::{Core, Fetching};
use crate::api::event::Event;
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::io::{CommandId, Fetch, FetchEnd, FileOutput, LinkId, Output, Target};
use crate::core::timers::Timer;
use crate::files::name::clean_name;
use crate::store::StoreError;
use crate::store::files::{FileProgress, FileRow};
use hutong_common::bounded::List;
use hutong_common::direct::FileGet;
use hutong_common::id::{AccountId, FileId};
use hutong_common::identity;
use hutong_common::limits::{DOWNLOADS_MAX, PAUSE_MS_MAX, REDIAL_DELAY_MS_MIN};
use hutong_common::message::{Inner, Offer};
use hutong_common::refusal::Refusal;
use std::path::PathBuf;

impl Core {
    /// A message offers a file; it is told with that message.
    pub(in crate::core) fn offered(
        &mut self,
        inner: &Inner,
        offer: &Offer,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let row = FileRow {
            account: inner.sender_account,
            device: inner.sender_device,
            message: inner.msg_id,
            name: clean_name(&offer.name),
            size: offer.size.bytes(),
            root: offer.root,
            source: None,
            progress: FileProgress::Offered,
            folder: None,
            saved_as: None,
            owes_decline: false,
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
        let mut row = match Self::incoming_file(file, cx)? {
            Ok(row) => row,
            Err(failure) => {
                cx.answer(command, Err(failure));
                return Ok(());
            }
        };
        let refused = match row.progress {
            FileProgress::Offered | FileProgress::Failed if folder.is_absolute() => None,
            FileProgress::Offered | FileProgress::Failed => Some(Failure::Malformed {
                detail: "the folder is not an absolute path".to_owned(),
            }),
            FileProgress::Waiting
            | FileProgress::Running
            | FileProgress::Verified
            | FileProgress::Declined => Some(Refusal::AlreadyDone.into()),
        };
        if let Some(failure) = refused {
            cx.answer(command, Err(failure));
            return Ok(());
        }
        row.folder = Some(folder.to_string_lossy().into_owned());
        let account = row.account;
        cx.answer(command, Ok(Done::FileAnswered { file }));
        self.set_progress(file, (row, FileProgress::Waiting), None, cx)?;
        self.transfers.waiting.insert(file, account);
        self.start_waiting(Some(account), cx)
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
        let folder = row.folder.as_ref();
        let target = Target {
            file,
            root: row.root,
            size: row.size,
            folder: folder.map_or_else(|| self.config.downloads.clone(), PathBuf::from),
            name: row.name.clone(),
        };
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
        self.transfers.waiting.remove(&file);
        self.transfers
            .running
            .insert(file, Fetching { link, done: 0 });
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
                && row.account == account
                && self.link_to_device(account, row.device) == Some(link)
            {
                self.transfers.running.remove(&file);
                self.start_fetch(file, account, cx)?;
            }
        }
        Ok(())
    }

    /// Ends a download that runs or waits, and forgets what it wrote.
    pub(super) fn stop_fetch(&mut self, file: FileId, cx: &mut Context<'_>) {
        self.timers.cancel(Timer::Fetch(file));
        let was_running = self.transfers.running.remove(&file).is_some();
        let was_waiting = self.transfers.waiting.remove(&file).is_some();
        if was_running || was_waiting {
            let forget = true;
            cx.out
                .push(Output::File(FileOutput::StopFetch { file, forget }));
        }
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
        fetching.done = done.max(fetching.done);
        self.tell_file(file, cx)
    }

    pub(in crate::core) fn fetched(
        &mut self,
        file: FileId,
        result: Result<PathBuf, FetchEnd>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.transfers.running.remove(&file).is_none() {
            return Ok(());
        }
        let Some(mut row) = cx.tx.file(file)? else {
            return Ok(());
        };
        let code = match result {
            Ok(path) => {
                row.saved_as = Some(path.to_string_lossy().into_owned());
                self.set_progress(file, (row, FileProgress::Verified), None, cx)?;
                return self.start_waiting(None, cx);
            }
            Err(FetchEnd::Interrupted) => return self.fetch_again(file, row, 0, cx),
            Err(FetchEnd::Refused(Refusal::Busy { retry_ms } | Refusal::TooFast { retry_ms })) => {
                return self.fetch_again(file, row, retry_ms, cx);
            }
            Err(FetchEnd::Refused(why)) => {
                let forget = true;
                cx.out
                    .push(Output::File(FileOutput::StopFetch { file, forget }));
                why.code()
            }
            Err(FetchEnd::Damaged) => Refusal::FileDamaged.code(),
            Err(FetchEnd::NoSpace { .. }) => Refusal::NoSpace.code(),
            Err(FetchEnd::Unwritable) => Refusal::NotAllowed.code(),
        };
        self.set_progress(file, (row, FileProgress::Failed), Some(code), cx)?;
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
        let account = row.account;
        self.transfers.waiting.insert(file, account);
        let delay_ms = pause_ms.clamp(REDIAL_DELAY_MS_MIN, PAUSE_MS_MAX);
        self.timers
            .set(Timer::Fetch(file), cx.now.mono_ms + delay_ms);
        self.set_progress(file, (row, FileProgress::Waiting), None, cx)?;
        self.want_link(account, cx)
    }

    /// Tells of every download that goes on after a start.
    pub(in crate::core) fn open_transfers(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let waiting: Vec<FileId> = self.transfers.waiting.keys().copied().collect();
        for file in waiting {
            if let Some(mut row) = cx.tx.file(file)?
                && row.progress == FileProgress::Running
            {
                row.progress = FileProgress::Waiting;
                cx.tx.put_file(file, &row)?;
                let told = self.file_as_told(file, &row, None);
                cx.event(Event::File(told));
            }
        }
        Ok(())
    }
}
