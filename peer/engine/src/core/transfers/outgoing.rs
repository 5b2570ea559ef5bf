//! Files that we offer: read once, named in a message, and served only to the account that the message went to.

use super::{Core, Serving};
use crate::api::{Done, Failure};
use crate::core::Context;
use crate::core::io::{CommandId, FileOutput, Hashed, LinkId, Output, StreamId};
use crate::store::StoreError;
use crate::store::files::{FileProgress, FileRow, SourceRow};
use hutong_common::bounded::Text;
use hutong_common::direct::FileGet;
use hutong_common::id::FileId;
use hutong_common::identity;
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
        let Some(account) = self.transfers.hashing.remove(&command) else {
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
        if self.roster.get(account).is_none() {
            cx.answer(command, Err(Refusal::NotContacts.into()));
            return Ok(());
        }
        let posted = match self.write(account, Content::File(offer), cx)? {
            Ok(posted) => posted,
            Err(failure) => {
                cx.answer(command, Err(failure));
                return Ok(());
            }
        };
        let file = identity::file_id(posted.place.device, posted.message);
        let row = FileRow {
            account,
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
            folder: None,
            saved_as: None,
            owes_decline: false,
            at_ms: posted.since_ms,
        };
        cx.tx.put_file(file, &row)?;
        let message = posted.message;
        cx.answer(command, Ok(Done::FileSent { message, file }));
        self.tell_file(file, cx)?;
        self.post(posted, cx)
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
        let row = cx.tx.file(file)?.filter(|row| {
            Some(row.account) == asker
                && row.root == get.root
                && !matches!(row.progress, FileProgress::Failed | FileProgress::Declined)
        });
        let Some((row, source)) =
            row.and_then(|row| row.source.clone().map(|source| (row, source)))
        else {
            // The same answer to everybody who may not have it, and for what does not exist.
            let why = Refusal::NotFound;
            cx.out
                .push(Output::File(FileOutput::Refuse { stream, why }));
            return Ok(());
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
        self.transfers
            .serving
            .insert(stream, Serving { file, sent: 0 });
        if row.progress == FileProgress::Verified {
            return Ok(());
        }
        self.set_progress(file, (row, FileProgress::Running), None, cx)
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
        serving.sent = sent;
        let file = serving.file;
        let Some(row) = cx.tx.file(file)? else {
            return Ok(());
        };
        let is_running = row.progress == FileProgress::Running;
        let Some(end) = end else {
            return if is_running {
                self.tell_file(file, cx)
            } else {
                Ok(())
            };
        };
        self.transfers.serving.remove(&stream);
        if is_running {
            self.serve_ended(file, row, end, cx)
        } else {
            Ok(())
        }
    }

    fn serve_ended(
        &mut self,
        file: FileId,
        row: FileRow,
        end: Result<(), Refusal>,
        cx: &mut Context<'_>,
    ) -> Result<(), StoreError> {
        match end {
            Ok(()) => self.set_progress(file, (row, FileProgress::Verified), None, cx),
            Err(why @ (Refusal::FileChanged | Refusal::NotFound | Refusal::FileDamaged)) => {
                self.set_progress(file, (row, FileProgress::Failed), Some(why.code()), cx)
            }
            // The other side comes back for the rest when it can.
            Err(_) => self.set_progress(file, (row, FileProgress::Waiting), None, cx),
        }
    }
}
