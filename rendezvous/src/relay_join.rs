//! The other thing that may come in at the control port: somebody who wants to join a relay session.
//!
//! `HTR1 ‖ session[16] ‖ role:u8 ‖ mac[32]` is read whole, bounded and in time, and answered `status:u8 ‖ mac[32]`. This
//! server grants no sessions, so every join is for an unknown one: there is no key between the two sides, the answer's
//! MAC is 32 zero bytes, and no client takes it for more than "not here". Called by `control.rs`.

use hutong_common::relay_join::{JOIN_BYTES, MAGIC, UNAVAILABLE};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// What follows the magic.
const REST_BYTES: usize = JOIN_BYTES - MAGIC.len();

/// Reads a join and refuses it; what is no join, or is not whole `within` this time, gets no answer.
///
/// # Errors
/// When the stream breaks, ends early or takes too long.
pub async fn refuse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    within: Duration,
) -> io::Result<()> {
    let answered = async {
        let mut magic = [0; MAGIC.len()];
        stream.read_exact(&mut magic).await?;
        if magic != MAGIC {
            return Ok(());
        }
        stream.read_exact(&mut [0; REST_BYTES]).await?;
        stream.write_all(&UNAVAILABLE).await?;
        stream.shutdown().await
    };
    timeout(within, answered).await?
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer_to(bytes: &[u8]) -> Vec<u8> {
        let (mut client, server) = tokio::io::duplex(256);
        client.write_all(bytes).await.unwrap();
        client.shutdown().await.unwrap();
        let _ = refuse(server, Duration::MAX).await;
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn a_join_is_answered_unavailable_under_no_key() {
        let join = [&MAGIC[..], &[7; REST_BYTES]].concat();
        assert_eq!(answer_to(&join).await, UNAVAILABLE);
    }

    #[tokio::test]
    async fn what_is_no_join_gets_no_answer() {
        let short = [&MAGIC[..], &[7; REST_BYTES - 1]].concat();
        let other = [&b"HTTP"[..], &[7; REST_BYTES]].concat();
        for bytes in [&short, &other] {
            assert_eq!(answer_to(bytes).await, b"");
        }
    }

    #[tokio::test]
    async fn a_join_that_never_ends_is_given_up() {
        let (mut client, server) = tokio::io::duplex(256);
        client.write_all(&MAGIC).await.unwrap();
        let error = refuse(server, Duration::ZERO).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
