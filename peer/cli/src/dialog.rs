//! How a command talks to the engine of its home: the one that runs already, through its local socket, or its own.
//!
//! Both speak the agent's lines, so a command is the same beside an agent and alone. Used by `commands`.

use hutong_common::limits::{AGENT_LINE_BYTES_MAX, EVENT_QUEUE_MAX, REPLY_LINE_BYTES_MAX};
use hutong_common::text::Lang;
use hutong_engine::engine::{Engine, EventStream};
use hutong_host::conversation::{Manner, converse};
use hutong_host::farewell;
use hutong_host::lines::{Heard, Lines};
use hutong_host::wording::Fields;
use interprocess::local_socket::tokio::Stream;
use serde_json::Value;
use std::collections::VecDeque;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::task::JoinHandle;

/// An engine of this process, and the task that talks with it.
struct Own {
    engine: Engine,
    talk: JoinHandle<()>,
}

/// How an engine of this process found the rendezvous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rendezvous {
    There,
    Away,
    /// Another key answers at its address.
    WrongKey,
}

/// One side of a talk with an engine.
pub(crate) struct Dialog {
    lines: Lines<Box<dyn AsyncRead + Send + Unpin>>,
    output: Box<dyn AsyncWrite + Send + Unpin>,
    lang: Lang,
    own: Option<Own>,
    last_id: u64,
    /// Events that came while a reply was waited for, oldest first.
    events: VecDeque<Value>,
}

impl Dialog {
    /// Talks to the engine that runs on this home.
    pub(crate) fn beside(stream: Stream, lang: Lang) -> Self {
        let (input, output) = tokio::io::split(stream);
        Self::over(Box::new(input), Box::new(output), lang, None)
    }

    /// Talks to an engine of this process, which stops with the dialog. Its events are heard from the first.
    pub(crate) fn own((engine, ear): (Engine, EventStream), lang: Lang) -> Self {
        let (ours, theirs) = tokio::io::duplex(AGENT_LINE_BYTES_MAX);
        let (input, output) = tokio::io::split(theirs);
        let talk = tokio::spawn(async move {
            let manner = Manner::watching(lang);
            if let Err(error) = converse(ear, input, output, manner).await {
                tracing::debug!(%error, "the command left");
            }
        });
        let (input, output) = tokio::io::split(ours);
        Self::over(
            Box::new(input),
            Box::new(output),
            lang,
            Some(Own { engine, talk }),
        )
    }

    fn over(
        input: Box<dyn AsyncRead + Send + Unpin>,
        output: Box<dyn AsyncWrite + Send + Unpin>,
        lang: Lang,
        own: Option<Own>,
    ) -> Self {
        let lines = Lines::new(input, REPLY_LINE_BYTES_MAX);
        Self {
            lines,
            output,
            lang,
            own,
            last_id: 0,
            events: VecDeque::new(),
        }
    }

    /// Whether the engine is of this process, and ends with it.
    pub(crate) const fn is_own(&self) -> bool {
        self.own.is_some()
    }

    /// Asks, and waits for the reply: its fields, or those of its error.
    pub(crate) async fn ask(&mut self, request: &Fields) -> io::Result<Result<Value, Fields>> {
        self.last_id += 1;
        let id = Value::from(self.last_id);
        let mut request = request.clone();
        request.insert("id".to_owned(), id.clone());
        request.insert("lang".to_owned(), self.lang.name().into());
        let line = format!("{}\n", Value::Object(request));
        self.output.write_all(line.as_bytes()).await?;
        self.output.flush().await?;
        loop {
            let mut told = self.hear().await?;
            if told.get("event").is_some() {
                if self.events.len() == EVENT_QUEUE_MAX {
                    self.events.pop_front();
                }
                self.events.push_back(told);
            } else if told.get("re") == Some(&id) {
                return Ok(match told.get_mut("error").map(Value::take) {
                    Some(Value::Object(error)) => Err(error),
                    Some(_) | None => Ok(told),
                });
            }
        }
    }

    /// Hears events from now on; an engine of this process tells them anyway.
    pub(crate) async fn watch(&mut self) -> io::Result<Result<Value, Fields>> {
        self.ask(&Fields::from_iter([("do".to_owned(), "watch".into())]))
            .await
    }

    /// The next event; an end of the engine is an error.
    pub(crate) async fn event(&mut self) -> io::Result<Value> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            let told = self.hear().await?;
            if told.get("event").is_some() {
                return Ok(told);
            }
        }
    }

    /// Brings an engine of this process up to date with the rendezvous, as far as that takes no longer than `limit`; one
    /// that runs already is taken as it is. Says what is known of the rendezvous.
    pub(crate) async fn settle(&mut self, limit: Duration) -> io::Result<Rendezvous> {
        if !self.is_own() {
            return Ok(Rendezvous::There);
        }
        let mut rendezvous = Rendezvous::Away;
        let caught_up = tokio::time::timeout(limit, self.caught_up(&mut rendezvous));
        caught_up.await.unwrap_or(Ok(()))?;
        Ok(rendezvous)
    }

    /// Waits until what waited at the rendezvous is here, or it cannot be reached, or nobody is signed in.
    async fn caught_up(&mut self, rendezvous: &mut Rendezvous) -> io::Result<()> {
        loop {
            let event = self.event().await?;
            let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
            match text("event") {
                "caught_up" => return Ok(()),
                "ready" if event.get("account").is_none_or(Value::is_null) => return Ok(()),
                "warning" if text("code") == "server_key_changed" => {
                    *rendezvous = Rendezvous::WrongKey;
                    return Ok(());
                }
                "server" if text("state") == "backoff" => {
                    *rendezvous = Rendezvous::Away;
                    return Ok(());
                }
                "server" if text("state") == "online" => *rendezvous = Rendezvous::There,
                "server" => *rendezvous = Rendezvous::Away,
                _ => {}
            }
        }
    }

    async fn hear(&mut self) -> io::Result<Value> {
        match self.lines.next().await? {
            Some(Heard::Line(line)) => Ok(serde_json::from_slice(&line)?),
            Some(Heard::TooLong) => Err(io::ErrorKind::InvalidData.into()),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Ends the talk, and an engine of this process with it, which hands over what waits in its outbox.
    pub(crate) async fn close(self) {
        drop((self.lines, self.output));
        if let Some(Own { engine, talk }) = self.own {
            farewell(&engine).await;
            if let Err(error) = talk.await {
                tracing::error!(%error, "the talk with the engine failed");
            }
        }
    }
}
