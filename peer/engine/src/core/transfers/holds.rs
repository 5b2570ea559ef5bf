//! Pausing, from either side: a file runs only while neither side holds it, and only who paused it lets it go on.
//!
//! A pause is stored, so it outlives restarts, and told again at every new link, so it outlives a broken one. A download
//! for which the disk has no room pauses itself, and goes on by itself when there is room.

use super::{Core, FileRow, name_of};
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::io::{CommandId, FileOutput, LinkId, Output, Target};
use crate::core::links::send;
use crate::core::timers::Timer;
use crate::store::StoreError;
use crate::store::chat::Chat;
use crate::store::files::{FileProgress, Trouble};
use hutong_common::direct::{Direct, FileName};
use hutong_common::id::{AccountId, FileId};
use hutong_common::limits::FILE_ROOM_RETRY_MS;
use hutong_common::refusal::Refusal;

use super::incoming::Preparing;

impl Core {
    /// `pause_file`.
    pub(in crate::core) fn pause_file(
        &mut self,
        (command, file): (CommandId, FileId),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let row = cx.tx.file(file)?;
        let row = row.ok_or(Refusal::NotFound).and_then(|row| {
            if row.is_over() || row.held.here {
                Err(Refusal::AlreadyDone)
            } else if row.progress == FileProgress::Offered && !row.is_outgoing() {
                // Nothing of it was accepted yet.
                Err(Refusal::NotAllowed)
            } else {
                Ok(row)
            }
        });
        match row {
            Ok(row) => {
                cx.answer(command, Ok(Done::FileAnswered { file }));
                self.hold(file, row, None, cx)
            }
            Err(why) => {
                cx.answer(command, Err(why.into()));
                Ok(())
            }
        }
    }

    /// Pauses a file on this side.
    pub(super) fn hold(
        &mut self,
        file: FileId,
        mut row: FileRow,
        trouble: Option<Trouble>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.halt(file, &mut row, false, cx);
        (row.held.here, row.held.was_here, row.trouble) = (true, true, trouble);
        self.transfers.holds_told.insert((row.chat, file));
        if row.lacks_room() {
            self.timers
                .set(Timer::Fetch(file), cx.now.mono_ms + FILE_ROOM_RETRY_MS);
        }
        self.put_file(file, &row, cx)?;
        self.tell_hold(&row, &self.links_for(&row), cx);
        self.start_waiting(None, cx)
    }

    /// `resume_file`.
    pub(in crate::core) fn resume_file(
        &mut self,
        (command, file): (CommandId, FileId),
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let row = cx.tx.file(file)?;
        let row = row.ok_or(Failure::from(Refusal::NotFound)).and_then(|row| {
            if row.is_over() || !row.held.is_held() {
                Err(Refusal::AlreadyDone.into())
            } else if !row.held.here {
                Err(Failure::PausedByOther)
            } else {
                Ok(row)
            }
        });
        match row {
            Ok(row) if row.lacks_room() => {
                self.look_for_room(file, &row, Some(command), cx);
                Ok(())
            }
            Ok(row) => {
                cx.answer(command, Ok(Done::FileAnswered { file }));
                self.release(file, row, cx)
            }
            Err(failure) => {
                cx.answer(command, Err(failure));
                Ok(())
            }
        }
    }

    /// This side no longer holds a file.
    pub(super) fn release(
        &mut self,
        file: FileId,
        mut row: FileRow,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.timers.cancel(Timer::Fetch(file));
        (row.held.here, row.trouble) = (false, None);
        if row.held.was_here {
            self.tell_hold(&row, &self.links_for(&row), cx);
        }
        self.go_on(file, &row, cx)
    }

    /// Stores what was released, and fetches it unless the other side holds it.
    fn go_on(
        &mut self,
        file: FileId,
        row: &FileRow,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        self.put_file(file, row, cx)?;
        let is_wanted = row.progress == FileProgress::Waiting && !row.is_outgoing();
        if !is_wanted || row.held.is_held() {
            return Ok(());
        }
        let Some(account) = row.chat.person() else {
            return Ok(());
        };
        self.transfers.waiting.insert(file, account);
        self.start_waiting(Some(account), cx)
    }

    /// The other side paused a file.
    pub(in crate::core) fn file_paused(
        &mut self,
        account: AccountId,
        name: FileName,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let found = self.named_file(account, name, cx)?;
        // What one member pauses of an offer to a group goes on for the others.
        let is_paused =
            |row: &FileRow| !row.is_over() && !row.held.there && row.chat.person().is_some();
        let Some((file, mut row)) = found.filter(|(_, row)| is_paused(row)) else {
            return Ok(());
        };
        self.halt(file, &mut row, false, cx);
        row.held.there = true;
        self.put_file(file, &row, cx)?;
        self.start_waiting(None, cx)
    }

    /// The other side no longer holds a file.
    pub(in crate::core) fn file_resumed(
        &mut self,
        account: AccountId,
        name: FileName,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let found = self.named_file(account, name, cx)?;
        let Some((file, mut row)) = found.filter(|(_, row)| !row.is_over() && row.held.there)
        else {
            return Ok(());
        };
        row.held.there = false;
        self.go_on(file, &row, cx)
    }

    /// Tells over these links whether we hold a file.
    pub(super) fn tell_hold(&self, row: &FileRow, links: &[LinkId], cx: &mut Context<'_>) {
        let name = name_of(row);
        for link in links {
            let frame = if row.held.here {
                Direct::FilePaused(name)
            } else {
                Direct::FileResumed(name)
            };
            send(*link, frame, cx);
        }
    }

    /// Tells over a new link how it stands with the files that we once paused.
    pub(super) fn tell_holds(
        &mut self,
        account: AccountId,
        link: LinkId,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let told = self.transfers.holds_told.iter();
        let told: Vec<(Chat, FileId)> = told
            .filter(|(chat, _)| self.is_among(*chat, account))
            .copied()
            .collect();
        for (chat, file) in told {
            match cx.tx.file(file)? {
                Some(row) if !row.is_over() => self.tell_hold(&row, &[link], cx),
                Some(_) | None => {
                    self.transfers.holds_told.remove(&(chat, file));
                }
            }
        }
        Ok(())
    }

    /// Looks whether there is room now for a download that lacks it.
    pub(super) fn look_for_room(
        &mut self,
        file: FileId,
        row: &FileRow,
        command: Option<CommandId>,
        cx: &mut Context<'_>,
    ) {
        let target = self.target(file, row);
        let preparing = Preparing {
            command,
            folder: target.folder.clone(),
        };
        self.prepare(target, preparing, cx);
    }

    pub(super) fn prepare(&mut self, target: Target, preparing: Preparing, cx: &mut Context<'_>) {
        self.transfers.preparing.insert(target.file, preparing);
        cx.out
            .push(Output::File(FileOutput::Prepare(Box::new(target))));
    }
}
