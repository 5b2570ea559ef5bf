//! One program talks with the engine: requests come in as lines, replies and events go out as lines.
//!
//! The same for standard input and output, for a local socket, and for a command of this very process. Replies and
//! events leave in the order in which the engine tells them, so a reply that creates an id comes before any event with
//! it; what is told together is written together. Nothing is decided here.

use crate::doctor;
use crate::lines::{Heard, Lines};
use crate::request::{Act, Misread, Request, read};
use crate::wording::{self, Fields};
use hutong_common::id::MsgId;
use hutong_common::limits::{AGENT_COMMANDS_MAX, AGENT_LINE_BYTES_MAX, AGENT_WRITE_BYTES};
use hutong_common::text::Lang;
use hutong_engine::api::{Command, Done, Event, Failure};
use hutong_engine::engine::Told;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::Sender;

/// One listener of an engine: it asks and hears.
pub trait Listener: Send {
    /// Asks something; the answer comes under the same tag.
    fn ask(&mut self, tag: u64, command: Command) -> impl Future<Output = ()> + Send;
    /// The next answer or event; `None` when the engine has ended. May be dropped while it waits.
    fn next(&mut self) -> impl Future<Output = Option<Told>> + Send;
}

/// How to talk.
#[derive(Clone, Debug)]
pub struct Manner {
    /// In which language failures are told to whoever does not ask for another.
    pub lang: Lang,
    /// Whether events are told from the beginning.
    pub is_watching: bool,
    /// What a window hears that shall come to the front; none where there is no window.
    pub window: Option<Sender<()>>,
}

impl Manner {
    /// Events are told once they are asked for.
    pub const fn quiet(lang: Lang) -> Self {
        Self {
            lang,
            is_watching: false,
            window: None,
        }
    }

    /// Events are told from the beginning.
    pub const fn watching(lang: Lang) -> Self {
        Self {
            lang,
            is_watching: true,
            window: None,
        }
    }
}

struct Conversation<L, W> {
    listener: L,
    output: W,
    /// Lines that are not written yet.
    unwritten: Vec<u8>,
    manner: Manner,
    /// Tag → the program's own id and language.
    waiting: BTreeMap<u64, (Value, Lang)>,
    last_tag: u64,
    /// The message that the program sent last: its reply was all that it needs to hear of it.
    last_sent: Option<MsgId>,
    /// Whoever watches from the beginning hears that the engine is ready before anything else.
    is_greeted: bool,
}

/// Talks until the program has said `quit` or closed its side and everything asked is answered, until it no longer
/// reads, or until the engine ends.
///
/// # Errors
/// When the program cannot be read or written to any more.
pub async fn converse<L, R, W>(listener: L, input: R, output: W, manner: Manner) -> io::Result<()>
where
    L: Listener,
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut lines = Lines::new(input, AGENT_LINE_BYTES_MAX);
    let mut talk = Conversation {
        listener,
        output,
        unwritten: Vec::new(),
        is_greeted: !manner.is_watching,
        manner,
        waiting: BTreeMap::new(),
        last_tag: 0,
        last_sent: None,
    };
    let mut is_open = true;
    while is_open || !talk.waiting.is_empty() {
        if talk.take_what_is_told().await? {
            return Ok(());
        }
        let may_ask = is_open && talk.is_greeted && talk.waiting.len() < AGENT_COMMANDS_MAX;
        tokio::select! {
            told = talk.listener.next() => match told {
                Some(told) => talk.tell(told),
                None => return Ok(()),
            },
            heard = lines.next(), if may_ask => match heard? {
                Some(heard) => is_open = talk.hear(heard).await?,
                None => is_open = false,
            },
        }
    }
    talk.write_out().await
}

impl<L: Listener, W: AsyncWrite + Unpin> Conversation<L, W> {
    /// Writes all that the engine has told by now. Says whether the engine has ended.
    async fn take_what_is_told(&mut self) -> io::Result<bool> {
        let mut is_over = false;
        while !is_over && self.unwritten.len() < AGENT_WRITE_BYTES {
            let told = tokio::select! {
                biased;
                told = self.listener.next() => told,
                () = std::future::ready(()) => break,
            };
            match told {
                Some(told) => self.tell(told),
                None => is_over = true,
            }
        }
        self.write_out().await?;
        Ok(is_over)
    }

    async fn write_out(&mut self) -> io::Result<()> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        self.output.write_all(&self.unwritten).await?;
        self.unwritten.clear();
        self.output.flush().await
    }

    /// Takes one line; false after the last one.
    async fn hear(&mut self, heard: Heard) -> io::Result<bool> {
        let lang = self.manner.lang;
        let read = match heard {
            Heard::Line(line) => read(&line),
            Heard::TooLong => {
                let detail = format!("a line has at most {AGENT_LINE_BYTES_MAX} bytes");
                Err((Value::Null, Misread::Malformed { detail }))
            }
        };
        match read {
            Ok(Request {
                id,
                lang: own,
                act: Act::Run(command),
            }) => {
                self.last_tag += 1;
                self.waiting
                    .insert(self.last_tag, (id, own.unwrap_or(lang)));
                self.listener.ask(self.last_tag, command).await;
            }
            Ok(Request {
                id,
                act: Act::Watch,
                ..
            }) => {
                self.manner.is_watching = true;
                self.reply(id, Ok(Fields::new()));
            }
            Ok(Request {
                id, act: Act::Show, ..
            }) => {
                let outcome = match &self.manner.window {
                    // One that has not come yet is on its way for whoever asked before.
                    Some(window) => {
                        let _ = window.try_send(());
                        Ok(Fields::new())
                    }
                    None => {
                        let verb = "show".to_owned();
                        Err(wording::misread(&Misread::UnknownVerb { verb }, lang))
                    }
                };
                self.reply(id, outcome);
            }
            Ok(Request {
                id, act: Act::Quit, ..
            }) => {
                self.reply(id, Ok(Fields::new()));
                return Ok(false);
            }
            Err((id, misread)) => {
                self.reply(id, Err(wording::misread(&misread, lang)));
            }
        }
        Ok(true)
    }

    fn tell(&mut self, told: Told) {
        match told {
            Told::Answer { tag, result } => {
                let Some((id, lang)) = self.waiting.remove(&tag) else {
                    return;
                };
                if let Ok(Done::Sent { message, .. } | Done::FileSent { message, .. }) = &result {
                    self.last_sent = Some(*message);
                }
                let outcome = result
                    .and_then(|done| answer(&done, lang))
                    .map_err(|failure| wording::failure(&failure, lang));
                self.reply(id, outcome);
            }
            Told::Event(Event::Message(message)) if self.last_sent == Some(message.id) => {}
            Told::Event(event) if self.manner.is_watching => {
                self.is_greeted = true;
                match fields(&event) {
                    Ok(fields) => self.write(fields),
                    Err(failure) => {
                        tracing::error!(%failure, "an event cannot be written as JSON");
                    }
                }
            }
            Told::Event(_) => {}
        }
    }

    fn reply(&mut self, id: Value, outcome: Result<Fields, Fields>) {
        let is_ok = outcome.is_ok();
        let mut fields = outcome.unwrap_or_else(|error| {
            Fields::from_iter([("error".to_owned(), Value::Object(error))])
        });
        fields.insert("re".to_owned(), id);
        fields.insert("ok".to_owned(), is_ok.into());
        self.write(fields);
    }

    fn write(&mut self, fields: Fields) {
        let line = Value::Object(fields).to_string();
        self.unwritten.extend_from_slice(line.as_bytes());
        self.unwritten.push(b'\n');
    }
}

/// An answer as an object; what a check found also in words.
fn answer(done: &Done, lang: Lang) -> Result<Fields, Failure> {
    let mut answer = fields(done)?;
    if let Done::Doctor(shown) = done {
        answer.extend(doctor::words(shown, lang));
    }
    Ok(answer)
}

/// Anything the engine tells is an object; what is not JSON (a path that is no Unicode) is a storage failure.
fn fields(told: &impl Serialize) -> Result<Fields, Failure> {
    match serde_json::to_value(told) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(other) => Err(Failure::Storage {
            detail: format!("not an object: {other}"),
        }),
        Err(error) => Err(Failure::Storage {
            detail: error.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests;
