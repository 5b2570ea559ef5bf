//! Messages of a fixed size over one QUIC stream, each answered; with journals, each is durable on both sides first.
//!
//! What waits is taken together, so that one sync serves many, as in the programs that are measured.

use super::quic::{accept, dial, listen};
use super::{Said, Way, await_go, runtime, say};
use crate::bench::figures::Percentiles;
use crate::driver::Stopwatch;
use hutong_common::id::ServerId;
use quinn::{RecvStream, SendStream};
use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;

/// A short text with its signature takes about as much.
const MESSAGE_BYTES: usize = 256;
/// A signed receipt takes about as much.
const ANSWER_BYTES: usize = 160;

/// Where everything is written before it counts.
struct Journal(Option<File>);

impl Journal {
    fn open(path: Option<&Path>) -> std::io::Result<Self> {
        path.map(File::create).transpose().map(Self)
    }

    fn keep(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match &mut self.0 {
            Some(file) => file.write_all(bytes).and_then(|()| file.sync_data()),
            None => Ok(()),
        }
    }
}

/// Reads whole records of a fixed size, as many as are there.
struct Records {
    recv: RecvStream,
    bytes: usize,
    rest: Vec<u8>,
}

impl Records {
    const fn of(recv: RecvStream, bytes: usize) -> Self {
        Self {
            recv,
            bytes,
            rest: Vec::new(),
        }
    }

    /// The next ones; none at the end.
    async fn next(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        while self.rest.len() < self.bytes {
            let mut more = [0; 64 * 1024];
            match self.recv.read(&mut more).await? {
                Some(count) => self
                    .rest
                    .extend_from_slice(more.get(..count).unwrap_or_default()),
                None => return Ok(None),
            }
        }
        let whole = self.rest.len() / self.bytes * self.bytes;
        let rest = self.rest.split_off(whole);
        Ok(Some(std::mem::replace(&mut self.rest, rest)))
    }
}

pub(super) fn answer(journal: Option<&Path>) -> anyhow::Result<()> {
    let mut journal = Journal::open(journal)?;
    runtime()?.block_on(async {
        let (endpoint, key) = listen(Way::Quic)?;
        say(&Said::listening(endpoint.local_addr()?, Some(key)))?;
        let connection = accept(&endpoint).await?;
        let (mut send, recv) = connection.accept_bi().await?;
        let mut messages = Records::of(recv, MESSAGE_BYTES);
        while let Some(taken) = messages.next().await? {
            journal.keep(&taken)?;
            let answers = vec![1; taken.len() / MESSAGE_BYTES * ANSWER_BYTES];
            send.write_all(&answers).await?;
        }
        send.finish()?;
        connection.closed().await;
        Ok(())
    })
}

pub(super) fn ask(
    to: (SocketAddr, ServerId),
    (count, in_flight): (usize, usize),
    journal: Option<&Path>,
) -> anyhow::Result<()> {
    let mut journal = Journal::open(journal)?;
    runtime()?.block_on(async {
        let (_endpoint, connection) = dial(Way::Quic, to).await?;
        let (mut send, recv) = connection.open_bi().await?;
        let mut answers = Records::of(recv, ANSWER_BYTES);
        say(&Said::default())?;
        await_go()?;
        let watch = Stopwatch::start();
        let (mut sent, mut waiting, mut trips_us) = (0, VecDeque::new(), Vec::new());
        while trips_us.len() < count {
            let room = (in_flight - waiting.len()).min(count - sent);
            if room > 0 {
                waiting.extend(std::iter::repeat_n(Stopwatch::start(), room));
                sent += room;
                say_messages(&mut send, &mut journal, room).await?;
            }
            let Some(taken) = answers.next().await? else {
                break;
            };
            let answered = waiting.drain(..taken.len() / ANSWER_BYTES);
            trips_us.extend(answered.map(|since| since.elapsed().as_secs_f64() * 1e6));
        }
        let seconds = watch.elapsed().as_secs_f64();
        connection.close(0_u32.into(), b"");
        say(&Said {
            done: Some(sent as u64),
            trips_us: Some(Percentiles::of(&trips_us)),
            seconds: Some(seconds),
            ..Said::default()
        })
    })
}

async fn say_messages(
    send: &mut SendStream,
    journal: &mut Journal,
    count: usize,
) -> anyhow::Result<()> {
    let messages = vec![2; count * MESSAGE_BYTES];
    journal.keep(&messages)?;
    Ok(send.write_all(&messages).await?)
}
