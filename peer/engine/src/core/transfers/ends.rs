//! How a file ends: complete, declined, or called off by either side, each told to the other as soon as there is a link.

use super::{Core, FileRow, name_of};
use crate::api::Done;
use crate::core::Context;
use crate::core::io::CommandId;
use crate::core::links::send;
use crate::store::StoreError;
use crate::store::files::{FileProgress, Trouble};
use hutong_common::direct::{Direct, FileName};
use hutong_common::id::{AccountId, FileId};
use hutong_common::refusal::Refusal;
use std::path::Path;

impl Core {
    /// `decline_file` (false) and `cancel_file` (true): the file is off, and the other side hears of it.
    pub(in crate::core) fn call_off(
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
        self.halt(file, &mut row, true, cx);
        cx.answer(command, Ok(Done::FileAnswered { file }));
        let trouble = is_cancel.then_some(Trouble::Cancelled);
        self.end(file, (row, progress), trouble, cx)
    }

    /// Stores an end that the other side must hear of.
    fn end(
        &mut self,
        file: FileId,
        (mut row, progress): (FileRow, FileProgress),
        trouble: Option<Trouble>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(account) = row.chat.person() else {
            // Whoever has no link now is told when he asks for it.
            for link in self.links_for(&row) {
                send(link, Direct::FileDeclined(name_of(&row)), cx);
            }
            return self.set_progress(file, (row, progress), trouble, cx);
        };
        row.owes_end = true;
        self.transfers.ends_owed.insert((account, file));
        self.set_progress(file, (row, progress), trouble, cx)?;
        self.tell_ends(account, cx)
    }

    /// A download lies complete under its final name.
    pub(super) fn complete(
        &mut self,
        file: FileId,
        mut row: FileRow,
        path: &Path,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        row.saved_as = Some(path.to_string_lossy().into_owned());
        self.end(file, (row, FileProgress::Verified), None, cx)?;
        self.start_waiting(None, cx)
    }

    /// Tells the other side which files are over, as soon as there is a link.
    pub(super) fn tell_ends(
        &mut self,
        account: AccountId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let links = self.links_to(account);
        if links.is_empty() {
            return Ok(());
        }
        let owed = self.transfers.ends_owed.iter();
        let owed: Vec<FileId> = owed
            .filter(|(to, _)| *to == account)
            .map(|(_, file)| *file)
            .collect();
        for file in owed {
            self.transfers.ends_owed.remove(&(account, file));
            let Some(mut row) = cx.tx.file(file)? else {
                continue;
            };
            for link in &links {
                let frame = match row.progress {
                    FileProgress::Verified => Direct::FileVerified(name_of(&row)),
                    FileProgress::Offered
                    | FileProgress::Waiting
                    | FileProgress::Running
                    | FileProgress::Failed
                    | FileProgress::Declined => Direct::FileDeclined(name_of(&row)),
                };
                send(*link, frame, cx);
            }
            row.owes_end = false;
            cx.tx.put_file(file, &row)?;
        }
        Ok(())
    }

    /// The other side says that a file is off.
    pub(in crate::core) fn file_declined(
        &mut self,
        account: AccountId,
        name: FileName,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let found = self.named_file(account, name, cx)?;
        let Some((file, mut row)) = found.filter(|(_, row)| !row.is_over()) else {
            return Ok(());
        };
        if row.chat.group().is_some() {
            // One member does not want it.
            return Ok(());
        }
        self.halt(file, &mut row, true, cx);
        let (progress, trouble) = if row.is_outgoing() {
            (FileProgress::Declined, None)
        } else {
            let declined = Trouble::Refused(Refusal::Declined);
            (FileProgress::Failed, Some(declined))
        };
        self.set_progress(file, (row, progress), trouble, cx)?;
        self.start_waiting(None, cx)
    }

    /// The other side says that it has a file of ours, every byte verified.
    pub(in crate::core) fn file_verified(
        &mut self,
        account: AccountId,
        name: FileName,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let found = self.named_file(account, name, cx)?;
        let Some((file, row)) = found.filter(|(_, row)| row.is_outgoing() && !row.is_over()) else {
            return Ok(());
        };
        if row.chat.group().is_some() {
            cx.tx.put_file_had(file, account)?;
            return self.put_file(file, &row, cx);
        }
        self.stop_serving(file, |_| true, cx);
        self.set_progress(file, (row, FileProgress::Verified), None, cx)
    }
}
