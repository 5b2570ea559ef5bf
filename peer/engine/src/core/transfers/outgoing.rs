//! Files that we offer: read once, named in a message, and served only to the account that the message went to.

use super::speed::Speed;
use super::{Core, Serving};
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::io::{CommandId, FileOutput, Hashed, LinkId, Output, StreamId};
use crate::files::groups::{self, Groups};
use crate::store::StoreError;
use crate::store::files::{FileProgress, FileRow, Held, SourceRow, Trouble};
use hutong_common::bounded::Text;
use hutong_common::direct::FileGet;
use hutong_common::id::{AccountId, FileId};
use hutong_common::identity;
use hutong_common::limits::FILE_HELD_RETRY_MS;
use hutong_common::message::{Content, FileSize, Offer};
use hutong_common::refusal::Refusal;

impl Core {
    /// The file of a `send_file` was read.
    pub(in crate::core) fn hashed(
        &mut self,
        command: CommandId,
        result: Result<Hashed, Failure>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(chat) = self.transfers.hashing.remove(&command) else {
            return Ok(());
        };
        let offered = result.and_then(|hashed| {
            let size = FileSize::try_from(hashed.size).map_err(|_| Refusal::TooLarge)?;
            let name = Text::new(hashed.name.as_str()).map_err(|_| Refusal::TooLarge)?;
            let root = hashed.root;
            Ok((hashed, Offer { name, size, root }))
        });
        let (hashed, offer) = match offered {
            Ok(offered) => offered,
            Err(failure) => {
                cx.answer(command, Err(failure));
                return Ok(());
            }
        };
        if chat
            .person()
            .is_some_and(|of| self.roster.get(of).is_none())
        {
            cx.answer(command, Err(Refusal::NotContacts.into()));
            return Ok(());
        }
        let posted = match self.write(chat, Content::File(offer), cx)? {
            Ok(posted) => posted,
            Err(failure) => {
                cx.answer(command, Err(failure));
                return Ok(());
            }
        };
        let file = identity::file_id(posted.place.device, posted.message);
        let row = FileRow {
            chat,
            device: posted.place.device,
            message: posted.message,
            name: hashed.name,
            size: hashed.size,
            root: hashed.root,
            source: Some(SourceRow {
                path: hashed.path.to_string_lossy().into_owned(),
                modified_ms: hashed.modified_ms,
            }),
            progress: FileProgress::Offered,
            done: 0,
            held: Held::default(),
            trouble: None,
            folder: None,
            saved_as: None,
            owes_end: false,
            at_ms: posted.at_ms,
        };
        cx.tx.put_file(file, &row)?;
        let message = posted.message;
        cx.answer(command, Ok(Done::FileSent { message, file }));
        self.tell_message(chat, posted.place, cx)?;
        self.post(&posted, cx)
    }

    /// A peer asks for a file.
    pub(in crate::core) fn file_asked(
        &mut self,
        (stream, link): (StreamId, LinkId),
        get: FileGet,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        if self.keep_early(link, stream, &get) {
            return Ok(());
        }
        let file = identity::file_id(get.sender_device, get.msg_id);
        let asker = self.peer_of(link);
        let mut row = cx.tx.file(file)?.filter(|row| {
            row.root == get.root
                && !matches!(row.progress, FileProgress::Failed | FileProgress::Declined)
        });
        if let Some(offered) = &row
            && !self.was_offered_to(asker, offered, cx)?
        {
            row = None;
        }
        let Some((mut row, source)) =
            row.and_then(|row| row.source.clone().map(|source| (row, source)))
        else {
            // The same answer to everybody who may not have it, and for what does not exist.
            Self::refuse(stream, Refusal::NotFound, cx);
            return Ok(());
        };
        if row.held.here {
            // It has not heard that this is paused, or a frame of ours was lost.
            self.tell_hold(&row, &[link], cx);
            let retry_ms = FILE_HELD_RETRY_MS;
            Self::refuse(stream, Refusal::Busy { retry_ms }, cx);
            return Ok(());
        }
        // Whoever asks does not hold it any more.
        row.held.there = false;
        let asked = Groups::new(&get.ranges, groups::count(row.size));
        let asked = asked.filter(|asked| !asked.ranges().is_empty());
        let before = asked.map_or(0, |asked| row.size - asked.bytes(row.size));
        // Whoever asks again has given up what it asked for before.
        let device = self.device_of(link);
        self.stop_serving(file, |to| to == device, cx);
        let serving = Serving {
            file,
            device,
            is_stopped: false,
            before,
            done: before,
            speed: Speed::begin(before, cx.now.mono_ms),
        };
        let source = Hashed {
            path: source.path.into(),
            name: row.name.clone(),
            size: row.size,
            root: row.root,
            modified_ms: source.modified_ms,
        };
        cx.out.push(Output::File(FileOutput::Serve {
            stream,
            source,
            get,
        }));
        self.transfers.serving.insert(stream, serving);
        if row.progress == FileProgress::Verified {
            return Ok(());
        }
        self.set_progress(file, (row, FileProgress::Running), None, cx)
    }

    /// Whether an offer of ours went to an account under the key that it has now; in a group, to one who is still a member.
    fn was_offered_to(
        &self,
        asker: Option<AccountId>,
        row: &FileRow,
        cx: &mut Context<'_>,
    ) -> Result<bool, StoreError> {
        let Some(asker) = asker.filter(|asker| self.is_among(row.chat, *asker)) else {
            return Ok(false);
        };
        if row.at_ms < self.trust.key_since_ms(asker) {
            return Ok(false);
        }
        let went_there = Self::own_message_to(asker, row.message, cx)?;
        Ok(row.chat.person().is_some() || went_there.is_some())
    }

    fn refuse(stream: StreamId, why: Refusal, cx: &mut Context<'_>) {
        cx.out
            .push(Output::File(FileOutput::Refuse { stream, why }));
    }

    pub(in crate::core) fn served(
        &mut self,
        stream: StreamId,
        sent: u64,
        end: Option<Result<(), Refusal>>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let Some(serving) = self.transfers.serving.get_mut(&stream) else {
            return Ok(());
        };
        serving.done = serving.before + sent;
        serving.speed.see(serving.done, cx.now.mono_ms);
        let Serving {
            file,
            done,
            is_stopped,
            ..
        } = *serving;
        let Some(mut row) = cx.tx.file(file)? else {
            return Ok(());
        };
        let is_running = row.progress == FileProgress::Running && !is_stopped;
        let Some(end) = end else {
            return if is_running {
                self.tell_file(file, cx)
            } else {
                Ok(())
            };
        };
        self.transfers.serving.remove(&stream);
        *self.transfers.sent.entry(file).or_default() += sent;
        if is_running {
            row.done = done;
            self.serve_ended(file, row, end, cx)
        } else {
            Ok(())
        }
    }

    fn serve_ended(
        &mut self,
        file: FileId,
        mut row: FileRow,
        end: Result<(), Refusal>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        let is_changed = matches!(
            end,
            Err(Refusal::FileChanged | Refusal::NotFound | Refusal::FileDamaged)
        );
        if row.chat.group().is_some() && !is_changed {
            // The others of the group may still want it, or be at it.
            let mut serving = self.transfers.serving.values();
            if !serving.any(|one| one.file == file && !one.is_stopped) {
                row.progress = FileProgress::Offered;
            }
            return self.put_file(file, &row, cx);
        }
        match end {
            // All of it was read there; that it is verified, and under its name, the other side says.
            Ok(()) => self.put_file(file, &row, cx),
            Err(why @ (Refusal::FileChanged | Refusal::NotFound | Refusal::FileDamaged)) => {
                let trouble = Some(Trouble::Refused(why));
                self.set_progress(file, (row, FileProgress::Failed), trouble, cx)
            }
            // The other side comes back for the rest when it can.
            Err(_) => self.set_progress(file, (row, FileProgress::Waiting), None, cx),
        }
    }
}
