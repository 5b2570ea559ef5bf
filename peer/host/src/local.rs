//! The local socket of a running engine: other commands on the same home talk to it in the agent's lines.
//!
//! Only whoever holds the home listens here. The socket lies where only the owner of the home can reach it.

use crate::conversation::{Manner, converse};
use crate::platform;
use hutong_common::limits::{AGENT_LINE_BYTES_MAX, LOCAL_ANSWER_MS, LOCAL_CLIENTS_MAX};
use hutong_engine::engine::Engine;
use interprocess::local_socket::tokio::{Listener, Stream};
use interprocess::local_socket::traits::tokio::{Listener as _, Stream as _};
use serde_json::Value;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Lets other commands on this home talk to this engine, until it is dropped; without a socket they are told that the home is
/// locked.
pub async fn open_to_others(home: &Path, engine: &Engine, manner: Manner) {
    match listen(home) {
        Ok(listener) => serve(listener, engine, manner).await,
        Err(error) => {
            tracing::warn!(%error, "other commands cannot reach this home");
            std::future::pending().await
        }
    }
}

/// Begins to listen for other commands on this home.
fn listen(home: &Path) -> io::Result<Listener> {
    platform::listener_options(platform::socket_name(home)?).create_tokio()
}

/// Talks with everybody who comes, until it is dropped.
async fn serve(listener: Listener, engine: &Engine, manner: Manner) {
    let seats = Arc::new(Semaphore::new(LOCAL_CLIENTS_MAX));
    let mut talks = JoinSet::new();
    loop {
        let Ok(seat) = Arc::clone(&seats).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok(stream) => {
                let Ok(ear) = engine.listen().await else {
                    return;
                };
                let manner = manner.clone();
                talks.spawn(async move {
                    let (input, output) = tokio::io::split(stream);
                    if let Err(error) = converse(ear, input, output, manner).await {
                        tracing::debug!(%error, "a local program left");
                    }
                    drop(seat);
                });
            }
            Err(error) => tracing::warn!(%error, "a local program could not be let in"),
        }
        while talks.try_join_next().is_some() {}
    }
}

/// Reaches the engine that runs on this home, when there is one.
///
/// # Errors
/// When nobody listens there.
pub async fn connect(home: &Path) -> io::Result<Stream> {
    Stream::connect(platform::socket_name(home)?).await
}

/// Asks the window that has this home to come to the front. Says whether there is one.
pub async fn show(home: &Path) -> bool {
    let asked = async {
        let (input, mut output) = tokio::io::split(connect(home).await?);
        output.write_all(b"{\"do\":\"show\"}\n").await?;
        let mut line = String::new();
        let input = input.take(AGENT_LINE_BYTES_MAX as u64);
        BufReader::new(input).read_line(&mut line).await?;
        let reply: Value = serde_json::from_str(&line)?;
        Ok::<_, io::Error>(reply.get("ok") == Some(&Value::Bool(true)))
    };
    let answer = tokio::time::timeout(Duration::from_millis(LOCAL_ANSWER_MS), asked).await;
    matches!(answer, Ok(Ok(true)))
}
