//! Files on their way: the simulation plays the disks and the streams, the cores decide who may have what.

use super::super::computer::READ_ONLY;
use super::super::content::Content;
use super::super::pipe::{Kind, PipeId};
use super::{Happening, Simulation};
use hutong_common::bounded::List;
use hutong_common::direct::FileGet;
use hutong_common::id::{MsgId, Root};
use hutong_common::identity::device_id;
use hutong_common::limits::{FILE_STALL_TIMEOUT_MS, PROGRESS_INTERVAL_MS};
use hutong_common::refusal::Refusal;
use hutong_engine::api::Failure;
use hutong_engine::core::io::{
    Fetch, FetchEnd, FileInput, FileOutput, Input, LinkId, Prepared, StreamId, Target,
};
use hutong_engine::files::{GROUP_BYTES, groups};
use std::path::PathBuf;

/// Reading a gigabyte takes a second.
const HASH_BYTES_PER_US: u64 = 1_000;

/// One file stream.
#[derive(Debug)]
pub(super) struct Stream {
    pipe: PipeId,
    provider: (usize, u64),
    receiver: (usize, u64),
    fetch: Fetch,
    content: Option<Content>,
    stalled_since_us: Option<u64>,
    sent: u64,
}

impl Simulation {
    pub(super) fn perform_file(&mut self, who: usize, output: FileOutput) {
        match output {
            FileOutput::Hash { command, path } => {
                let hashed = self.files.hashed(who, &path);
                let delay_us = hashed
                    .as_ref()
                    .map_or(0, |file| file.size / HASH_BYTES_PER_US);
                let result = hashed.ok_or(Failure::NoSuchFile { path });
                let input = Input::File(FileInput::Hashed { command, result });
                self.input_later(who, delay_us, input);
            }
            FileOutput::Serve {
                stream,
                source,
                get,
            } => {
                let content = self.files.at(who, &source.path);
                let content = content.filter(|content| content.root == get.root);
                if content.is_none() {
                    self.refuse(stream, Refusal::FileChanged);
                    let sent = 0;
                    let end = Some(Err(Refusal::FileChanged));
                    self.input(who, Input::File(FileInput::Served { stream, sent, end }));
                } else if let Some(running) = self.streams.get_mut(&stream.0) {
                    running.content = content;
                    self.plan_transfer(stream.0);
                }
            }
            FileOutput::Refuse { stream, why } => self.refuse(stream, why),
            FileOutput::StopServe { stream } => {
                self.end_of_receiver(stream.0, Err(FetchEnd::Interrupted));
                self.end_of_provider(stream.0, None);
            }
            FileOutput::Prepare(target) => self.prepare(who, *target),
            FileOutput::Fetch(fetch) => self.fetch(who, *fetch),
            FileOutput::StopFetch { file, forget } => {
                let program = self.clients[who].program.as_mut();
                if let Some(stream) = program.and_then(|program| program.fetching.remove(&file)) {
                    self.end_of_provider(stream, None);
                }
                if forget {
                    self.clients[who].parts.remove(&file);
                }
            }
        }
    }

    /// A folder has room for whatever fits on the computer, unless it cannot be written.
    fn prepare(&mut self, who: usize, target: Target) {
        let wanted = target.folder.join(&target.name);
        let computer = &self.clients[who];
        let done = computer.parts.get(&target.file).copied().unwrap_or(0);
        let missing = (target.size - done).saturating_sub(computer.free_bytes);
        let is_here = self
            .files
            .at(who, &wanted)
            .is_some_and(|lies| lies.root == target.root);
        let result = if target.folder.starts_with(READ_ONLY) {
            Err(FetchEnd::Unwritable)
        } else if is_here {
            Ok(Prepared::Here(wanted))
        } else if missing > 0 {
            Err(FetchEnd::NoSpace { missing })
        } else {
            Ok(Prepared::Begun { done })
        };
        let file = target.file;
        self.input(who, Input::File(FileInput::Prepared { file, result }));
    }

    fn fetch(&mut self, who: usize, mut fetch: Fetch) {
        let done = self.clients[who].parts.get(&fetch.target.file);
        let first = done.map_or(0, |done| done / GROUP_BYTES);
        let groups = groups::count(fetch.target.size);
        fetch.get.ranges = List::truncated([(first.min(groups - 1), groups)]);
        let Some((pipe, provider, link)) = self.provider(who, fetch.link) else {
            let result = Err(FetchEnd::Interrupted);
            let file = fetch.target.file;
            self.input(who, Input::File(FileInput::Fetched { file, result }));
            return;
        };
        // A download changes over from the stream that it had.
        let program = self.clients[who].program.as_mut();
        if let Some(before) =
            program.and_then(|program| program.fetching.remove(&fetch.target.file))
        {
            self.end_of_provider(before, None);
        }
        let (number, get) = (self.number(), fetch.get.clone());
        if let Some(program) = &mut self.clients[who].program {
            program.fetching.insert(fetch.target.file, number);
        }
        self.streams.insert(
            number,
            Stream {
                pipe,
                provider: (provider, self.clients[provider].life),
                receiver: (who, self.clients[who].life),
                fetch,
                content: None,
                stalled_since_us: None,
                sent: 0,
            },
        );
        let stream = StreamId(number);
        let delay_us = self.network.latency_us();
        self.input_later(
            provider,
            delay_us,
            Input::File(FileInput::Asked { stream, link, get }),
        );
        self.plan_transfer(number);
    }

    /// Opens a file stream that no core asked for: `thief` names a message of `owner` that went to somebody else.
    pub fn steal(&mut self, thief: usize, owner: usize, message: MsgId) -> Option<StreamId> {
        let there = self.clients[owner].place;
        let links = self.clients[thief].program.as_ref()?.links.iter();
        let (link, pipe) = links
            .filter(|(_, pipe)| {
                self.pipes
                    .get(pipe)
                    .is_some_and(|pipe| pipe.side_of(there).is_some())
            })
            .map(|(link, pipe)| (*link, *pipe))
            .next()?;
        let (_, _, link) = self.provider(thief, link)?;
        let Kind::Link { keys, .. } = self.pipes.get(&pipe)?.kind else {
            return None;
        };
        let side = self.pipes.get(&pipe)?.side_of(there)?;
        let get = FileGet {
            sender_device: device_id(&keys[side]),
            msg_id: message,
            root: Root([0; 32]),
            ranges: Default::default(),
        };
        let stream = StreamId(self.number());
        self.input(owner, Input::File(FileInput::Asked { stream, link, get }));
        Some(stream)
    }

    /// How a file stream was refused.
    pub fn refused(&self, stream: StreamId) -> Option<Refusal> {
        self.refusals.get(&stream.0).copied()
    }

    fn provider(&self, who: usize, link: LinkId) -> Option<(PipeId, usize, LinkId)> {
        let pipe = *self.clients[who].program.as_ref()?.links.get(&link)?;
        let there = self.clients.iter().position(|other| {
            other.place != self.clients[who].place
                && other
                    .program
                    .as_ref()
                    .is_some_and(|program| program.links.values().any(|p| *p == pipe))
        })?;
        let links = &self.clients[there].program.as_ref()?.links;
        let (link, _) = links.iter().find(|(_, p)| **p == pipe)?;
        Some((pipe, there, *link))
    }

    fn plan_transfer(&mut self, stream: u64) {
        let delay_us = PROGRESS_INTERVAL_MS * 1000;
        self.schedule.after(delay_us, Happening::Transfer(stream));
    }

    fn refuse(&mut self, stream: StreamId, why: Refusal) {
        self.refusals.insert(stream.0, why);
        self.end_of_receiver(stream.0, Err(FetchEnd::Refused(why)));
        self.streams.remove(&stream.0);
    }

    fn end_of_receiver(&mut self, stream: u64, result: Result<PathBuf, FetchEnd>) {
        let Some(running) = self.streams.get(&stream) else {
            return;
        };
        let ((who, life), file) = (running.receiver, running.fetch.target.file);
        if self.lives(who, life) {
            if let Some(program) = &mut self.clients[who].program {
                program.fetching.remove(&file);
            }
            self.input(who, Input::File(FileInput::Fetched { file, result }));
        }
    }

    fn end_of_provider(&mut self, stream: u64, end: Option<Result<(), Refusal>>) {
        let Some(running) = self.streams.remove(&stream) else {
            return;
        };
        let (who, life) = running.provider;
        if self.lives(who, life) {
            let end = end.or(Some(Err(Refusal::Busy { retry_ms: 0 })));
            let served = FileInput::Served {
                stream: StreamId(stream),
                sent: running.sent,
                end,
            };
            self.input(who, Input::File(served));
        }
    }

    /// A tenth of a second of one stream.
    pub(super) fn transfer(&mut self, stream: u64) {
        let now_us = self.schedule.now_us();
        let step = self.network.file_bytes_per_s * PROGRESS_INTERVAL_MS / 1000;
        let Some(running) = self.streams.get_mut(&stream) else {
            return;
        };
        let stuck = self
            .pipes
            .get(&running.pipe)
            .map(|pipe| pipe.stuck_since_us.is_some());
        let since_us = match stuck {
            Some(false) if running.content.is_some() => None,
            _ => Some(running.stalled_since_us.unwrap_or(now_us)),
        };
        running.stalled_since_us = since_us;
        let pipe = running.pipe;
        let (receiver, content, file) =
            (running.receiver, running.content, running.fetch.target.file);
        let stalled_us = since_us.map_or(0, |since_us| now_us - since_us);
        if stuck.is_none()
            || stalled_us > FILE_STALL_TIMEOUT_MS * 1000
            || !self.lives(receiver.0, receiver.1)
        {
            self.end_of_receiver(stream, Err(FetchEnd::Interrupted));
            self.end_of_provider(stream, None);
            return;
        }
        // Bytes one way, acknowledgements the other; QUIC asks again where nothing comes.
        self.note_traffic(pipe);
        let Some(content) = content.filter(|_| since_us.is_none()) else {
            self.plan_transfer(stream);
            return;
        };
        self.move_bytes(stream, content, step);
        let done = self.clients[receiver.0]
            .parts
            .get(&file)
            .copied()
            .unwrap_or(0);
        self.input(receiver.0, Input::File(FileInput::Progress { file, done }));
        if done < content.size {
            self.plan_transfer(stream);
        } else {
            self.finish(stream, content);
        }
    }

    fn move_bytes(&mut self, stream: u64, content: Content, step: u64) {
        let Some(running) = self.streams.get_mut(&stream) else {
            return;
        };
        let parts = &mut self.clients[running.receiver.0].parts;
        let done = parts.entry(running.fetch.target.file).or_insert(0);
        let moved = step.min(content.size - *done);
        *done += moved;
        running.sent += moved;
        let (who, sent) = (running.provider.0, running.sent);
        let stream = StreamId(stream);
        self.input(
            who,
            Input::File(FileInput::Served {
                stream,
                sent,
                end: None,
            }),
        );
    }

    fn finish(&mut self, stream: u64, content: Content) {
        let Some(running) = self.streams.get(&stream) else {
            return;
        };
        let (who, fetch) = (running.receiver.0, running.fetch.clone());
        self.clients[who].parts.remove(&fetch.target.file);
        let is_right = content.root == fetch.get.root && content.size == fetch.target.size;
        let result = if is_right {
            Ok(self
                .files
                .place(who, (&fetch.target.folder, &fetch.target.name), content))
        } else {
            Err(FetchEnd::Damaged)
        };
        self.end_of_receiver(stream, result);
        self.end_of_provider(stream, Some(Ok(())));
    }
}
